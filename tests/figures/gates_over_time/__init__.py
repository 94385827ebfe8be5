from tests.binding.clauses import CHARACTERS

UNDESCRIBED = {"c-scale": "the end of a scale", "h-scale": "the end of a scale"}

SEPARATE_SCALES = {"path": ("h",), "heat": ("c", "h")}
"""Each state has its own plane or strip."""

VARIANTS = (CHARACTERS,)

DESCRIPTION_CLAUSES = (
    "six results over {len(x)} step‹s|›",
    "at step {step} i is {*i[t, 0]}, f is {*f[t, 0]}, g is {*g[t, 0]}, "
    "o is {*o[t, 0]}, c is {*c[t, 0]}, h is {*output[t, 0]}",
    "h_n is {*output[-1, 0]}",
    "c_n is {*c[-1, 0]}",
)
