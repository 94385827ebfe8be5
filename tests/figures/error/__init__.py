TENSOR_AXES = {
    **dict.fromkeys(("h_0_wrong", "c_0_wrong"), ("part", "sample", "unit")),
    **dict.fromkeys(("x_wrong", "x_right"), ("step", "sample", "input")),
    **dict.fromkeys(("h_wrong", "h_right"), ("part", "sample", "unit")),
    **dict.fromkeys(("c_first", "c_wrong"), ("part", "sample", "unit")),
    "targets": ("sample", "step"),
    "logits": ("sample", "step", "class"),
    "right": ("sample",),
}

VARIANTS = tuple(
    f"--message {name}"
    for name in (
        *("input-size", "empty-sequence", "dtype", "cell-h-alone"),
        *("cell-sequence", "cell-input-size", "unsorted-lengths"),
        "lengths-count",
    )
)


def _tensor(label, expression, *axes):
    """A clause with a tensor and the sizes of its axes."""
    sizes = (f"{axis} {{{expression}.shape[{k}]}}" for k, axis in enumerate(axes))
    return f"{label} with {', '.join(sizes)}"


_MISMATCH = "torch.zeros(0, 0, 0)"
"""In a clause for the other kind of module: no figure prints sizes of 0, so that the
clause matches no description."""

_X = ("seq_len", "batch", "input_size")
_DTYPE = ", dtype {=str(%s.dtype).removeprefix('torch.')}"
_DEVICE = ", device {=%s.device.type}"

SIDES = {"expected": "right", "got": "wrong"}

DESCRIPTION_CLAUSES = (
    "RuntimeError",
    "TypeError",
    "ValueError",
    "{=' '.join(message.split()).rstrip('.')}",
    _tensor("given x", "x", *_X),
    _tensor("expected x", "x", *_X),
    _tensor("got x", "(x_wrong if 'x_wrong' in globals() else x)", *_X),
    *(
        _tensor(label, name, *_X) + more % name
        for label, name in (("expected x", "x"), ("got x", "x_wrong"))
        for more in (_DTYPE, _DEVICE)
    ),
    *(
        _tensor(
            label,
            f"({name} if bool(lstm.proj_size) is {is_projected} else {_MISMATCH})",
            *("layers·directions", "batch", size),
        )
        for label, name in (("given h_0", "h_0"), ("expected h_0", "h_0"), ("got h_0", "h_0_wrong"))
        for size, is_projected in (("hidden_size", False), ("proj_size", True))
    ),
    *(
        _tensor(label, name, "layers·directions", "batch", "hidden_size")
        for label, name in (("expected c_0", "c_0"), ("got c_0", "c_0_wrong"))
    ),
    _tensor(
        "given weight_ih",
        "(lstm.weight_ih_l0 if 'lstm' in globals() else cell.weight_ih)",
        "4·hidden_size",
        "input_size",
    ),
    _tensor("expected (h,", "h", "batch", "hidden_size"),
    _tensor("expected c)", "c_first", "batch", "hidden_size"),
    _tensor("got h", "h", "batch", "hidden_size"),
    _tensor("expected x[t]", "x[0]", "batch", "input_size"),
    _tensor("expected x", "x[0]", "batch", "input_size"),
    _tensor("got x", "x_wrong", "batch", "input_size"),
    "expected lengths with sequence 0 {right[0]}, sequence 1 {right[1]}",
    "got lengths with sequence 0 {lengths[0]}, sequence 1 {lengths[1]}",
    "expected lengths with batch {len(right)}",
    "got lengths with batch {len(lengths)}",
    *("sequence 1", "longer", "one too many", "a tensor, not a tuple"),
    "batch and hidden_size",
    *("batch", "hidden_size", "input_size", "seq_len", "dtype", "device"),
    "not the batch of x",
    "not hidden_size",
    "not input_size",
    "no step",
    "not as weights",
)
