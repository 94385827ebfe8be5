"""What the tests know about `projection`, see `tests.binding.specs`."""

SEPARATE_SCALES = {"width": ("weight_hr", "output")}
"""The products that add up to h are often much smaller than c."""

DESCRIPTION_CLAUSES = (
    "step {step}",
    "c is {*c[t, 0]}",
    "tanh c is {*tanh_c[t, 0]}",
    "o is {*o[t, 0]}",
    "o·tanh c is {*(o * tanh_c)[t, 0]}",
    "row {row} of weight_hr is {*p('weight_hr')[row]}",
    "h is {*output[t, 0]}",
)
"""Expressions for numbers `{…}` and lists `{*…}`."""
