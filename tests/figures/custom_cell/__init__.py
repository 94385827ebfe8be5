TENSOR_AXES = {
    "own_h": ("step", "unit"),
    "seeing_h": ("step", "unit"),
    "peephole": ("seer", "unit"),
}
SYMBOLS = {
    "output": ("h of the module",),
    "seeing_h": ("h with peepholes",),
    "moved": ("they move h by",),
}

VARIANTS = ("--input-size 1 --hidden-size 1 --set lstm.bias_ih_l0[0]=-99",)
"""Its c stays 0."""

DESCRIPTION_CLAUSES = (
    "unit {unit}",
    "the peephole weights of i, f and o are {*peephole[:, unit]}",
    "step {step}",
    "h of the module {output[t, 0, unit]}",
    "h with peepholes {seeing_h[t, unit]}",
    "they move h by {(seeing_h - own_h)[t, unit]}",
)
