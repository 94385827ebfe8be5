"""What holds `forget-bias` to the truth."""

TENSOR_AXES = {"left": ("after",), "forget": (), "half": ()}
"""What is left of a state is so `after` some steps."""

ACTING_GATES = {"left": "f", "forget": "f", "half": "f"}
SYMBOLS = {"forget": ("f", "f keep"), "half": ("half-life",)}

_HALF = "; a half is left after {half[KEY]} steps"
_BIAS = "bias {run}: f is {forget[str(run)]}"
_OWN = "this run: f is {forget['own']}"

DESCRIPTION_CLAUSES = (
    _BIAS + _HALF.replace("KEY", "str(run)"),
    _OWN + _HALF.replace("KEY", "'own'"),
    _OWN,
)
