"""What the description of `error` says."""


def _tensor(said: str, expression: str, *axes: str) -> str:
    """A tensor with the sizes of its axes."""
    sizes = (
        f"{axis} {{{expression}.shape[{k}]}}" for k, axis in enumerate(axes)
    )
    return f"{said} with {', '.join(sizes)}"


_X = ("seq_len", "batch", "input_size")
_DTYPE = ", dtype {=str(%s.dtype).removeprefix('torch.')}"
_DEVICE = ", device {=%s.device.type}"

CLAUSES = (
    "RuntimeError",
    "ValueError",
    "{=' '.join(message.split()).rstrip('.')}",
    _tensor("given x", "x", *_X),
    _tensor("expected x", "x", *_X),
    _tensor("got x", "x_wrong", *_X),
    *(
        _tensor(said, name, *_X) + more % name
        for said, name in (("expected x", "x"), ("got x", "x_wrong"))
        for more in (_DTYPE, _DEVICE)
    ),
    *(
        _tensor(said, name, "D·num_layers", "batch", size)
        for said, name in (
            ("given h_0", "h_0"),
            ("expected h_0", "h_0"),
            ("got h_0", "h_0_wrong"),
            ("expected c_0", "c_0"),
            ("got c_0", "c_0_wrong"),
        )
        for size in ("hidden_size", "proj_size")
    ),
    _tensor(
        "given weight_ih", "lstm.weight_ih_l0", "4·hidden_size", "input_size"
    ),
    *("batch", "hidden_size", "input_size", "seq_len", "dtype", "device"),
    "not the batch of x",
    "not hidden_size",
    "not input_size",
    "no step",
    "not as weights",
)
