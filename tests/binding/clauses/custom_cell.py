"""What the description of `custom-cell` says."""

CLAUSES = (
    "unit {unit}",
    "the peephole weights of i, f and o are {*peephole[:, unit]}",
    "step {step}",
    "h of the module {output[t, 0, unit]}",
    "your own cell {own_h[t, unit]}",
    "with peepholes {seeing_h[t, unit]}",
    "they move h by {(seeing_h - own_h)[t, unit]}",
)
