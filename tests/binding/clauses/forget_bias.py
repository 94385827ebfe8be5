"""What the description of `forget-bias` says."""

_HALF = "; a half is left after {half[KEY]} steps"
_BIAS = "bias {run}: f is {forget[str(run)]}"
_OWN = "this run: f is {forget['own']}"

CLAUSES = (
    _BIAS + _HALF.replace("KEY", "str(run)"),
    _OWN + _HALF.replace("KEY", "'own'"),
    _OWN,
)
