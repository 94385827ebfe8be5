FAINT_FACTOR = 2
"""Weights of an input of zero are half as opaque."""

DESCRIPTION_CLAUSES = (
    "step {step}, unit {unit}",
    "x is {*x[t, 0]}",
    "gate {'gate}, row {row}",
    "the weights are {*p('weight_ih')[row]}",
    "the others add {number('ih-' + gate + '-more')}",
    "the sum is {ih[t, 0, 'ifgo'.index(gate) * (ih.shape[-1] // 4) + unit]}",
)
