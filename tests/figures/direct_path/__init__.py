SEPARATE_SCALES = {"height": "unit"}
"""The bars of each unit have their own scale, as the note says."""

TENSOR_AXES = {"total": ("from", "sample", "unit")}
SYMBOLS = {"f.prod": ("along c",), "total": ("all paths",)}

_LAST = "min(len(x), 8)"

DESCRIPTION_CLAUSES = (
    f"{{{_LAST}}} step‹|s›",
    "unit {unit}",
    "at step {step} f is {f[t, 0, unit]}",
    f"from the c before it to the last, directly {{f[t:{_LAST}, 0, unit]"
    ".prod()}, on all paths {total[t, 0, unit]}",
)
