VARIANTS = ("--input-size 65 --hidden-size 65 --set lstm.weight_ih_l0[0,0]=9",)
"""Blocks that differ by more than chance, beside blocks that do not."""

SEPARATE_SCALES = {"heat": "tensor"}
"""Each map of blocks has its own scale."""

DESCRIPTION_CLAUSES = (
    "{x.shape[1]} sequence‹s|› at the first step",
    "sequence {sample}: x is {*x[0, sample]}",
    "x is {*x[0, sample]}",
    "c is {*c[0, sample]}",
    "h is {*output[0, sample]}",
    "the colours of weight_ih end at {number('scale-weight_ih')}",
    "the colours of weight_hh end at {number('scale-weight_hh')}",
    "the colours of weight_ih and what shares its scale end at {number('scale-weight_ih')}",
    "the colours of weight_hh and what shares its scale end at {number('scale-weight_hh')}",
)
