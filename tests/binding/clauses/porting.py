"""What the description of `porting` says."""

_ROWS = (
    "{{list('{0}').index(gate) * m.hidden_size}} to "
    "{{(list('{0}').index(gate) + 1) * m.hidden_size - 1}}"
)
_OURS = f"gate {{'gate}}, rows {_ROWS.format('ifgo')}: in "
_BECOMES = (
    "{0}{{'at('from-{0}')}} becomes {1}{{'at('to-{0}')}}: {{number('to-{0}')}}"
)
_SUM = (
    "bias_ih{{'at('from-bias_ih')}} + bias_hh{{'at('from-bias_hh')}} becomes "
    "{0}{{'at('to-bias')}}: {{number('from-bias_ih')}} + "
    "{{number('from-bias_hh')}} = {{number('to-bias')}}"
)

CLAUSES = (
    f"{_OURS}Keras columns {_ROWS.format('ifgo')} of kernel",
    f"{_OURS}ONNX rows {_ROWS.format('iofg')} of W",
    f"{_OURS}OpenVINO rows {_ROWS.format('figo')} of W",
    _OURS + "Flax all of {''i' + gate + '/kernel'}",
    # Before those of one of them, and the longer name first.
    *(_SUM.format(theirs) for theirs in ("bias", "B", "hf/bias")),
    *(
        _BECOMES.format(ours, theirs)
        for ours, each in (
            ("weight_ih", ("kernel", "W", "if/kernel")),
            ("weight_hh", ("recurrent_kernel", "R", "hf/kernel")),
            ("bias_ih", ("B",)),
            ("bias_hh", ("B",)),
        )
        for theirs in each
    ),
)
