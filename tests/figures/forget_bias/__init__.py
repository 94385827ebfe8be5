TENSOR_AXES = {"left": ("after",), "forget": (), "half": ()}
"""The axis of `left` is the number of steps after the state."""

ACTING_GATES = {"left": "f", "forget": "f", "half": "f"}
"""Tensor -> the gate whose hue its marks have."""
SYMBOLS = {"forget": ("f", "f keep"), "half": ("half-life",)}

_HALF = "; a half is left after {half[KEY]} steps"
_BIAS = "bias {run}: f is {forget[str(run)]}"
_OWN = "this run: f is {forget['own']}"

DESCRIPTION_CLAUSES = (
    _BIAS + _HALF.replace("KEY", "str(run)"),
    _OWN + _HALF.replace("KEY", "'own'"),
    _OWN,
)
