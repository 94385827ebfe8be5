from lstm_figs.porting import TARGETS
from tests.binding.clauses import GATES

TENSOR_AXES = {
    "keras['kernel']": ("input", "row"),
    "keras['recurrent_kernel']": ("column", "row"),
    "keras['bias']": ("row",),
    **{f"flax['i{gate}/kernel']": ("input", "unit") for gate in GATES},
    **{f"flax['h{gate}/kernel']": ("column", "unit") for gate in GATES},
    **{f"flax['h{gate}/bias']": ("unit",) for gate in GATES},
    **{
        f"{library}['{name}']": ("way", *axes)
        for library in ("onnx", "openvino")
        for name, axes in (("W", ("row", "input")), ("R", ("row", "column")), ("B", ("row",)))
    },
}
"""`way` is the axis of directions in libraries that have one."""

OPTIONS = tuple(f"porting to={name}" for name in list(TARGETS)[1:])

VARIANTS = tuple(
    f"--input-size 3 --hidden-size 2 --bidirectional --reverse --to {name}"
    for name in ("onnx", "openvino")
)

_ROWS = (
    "{{list('{0}').index(gate) * m.hidden_size}} to "
    "{{(list('{0}').index(gate) + 1) * m.hidden_size - 1}}"
)
_ROWS_OF_GATE = f"gate {{'gate}}, rows {_ROWS.format('ifgo')}: in "
_BECOMES = "{0}{{'at('from-{0}')}} becomes {1}{{'at('to-{0}')}}: {{number('to-{0}')}}"
_SUM = (
    "bias_ih{{'at('from-bias_ih')}} + bias_hh{{'at('from-bias_hh')}} becomes "
    "{0}{{'at('to-bias')}}: {{number('from-bias_ih')}} + "
    "{{number('from-bias_hh')}} = {{number('to-bias')}}"
)

DESCRIPTION_CLAUSES = (
    f"{_ROWS_OF_GATE}Keras columns {_ROWS.format('ifgo')} of kernel",
    f"{_ROWS_OF_GATE}ONNX rows {_ROWS.format('iofg')} of W",
    f"{_ROWS_OF_GATE}OpenVINO rows {_ROWS.format('figo')} of W",
    _ROWS_OF_GATE + "Flax all of {''i' + gate + '/kernel'}",
    # Sums come before single biases, and longer names come first.
    *(_SUM.format(library_name) for library_name in ("bias", "B", "hf/bias")),
    *(
        _BECOMES.format(name, library_name)
        for name, library_names in (
            ("weight_ih", ("kernel", "W", "if/kernel")),
            ("weight_hh", ("recurrent_kernel", "R", "hf/kernel")),
            ("bias_ih", ("B",)),
            ("bias_hh", ("B",)),
        )
        for library_name in library_names
    ),
)
