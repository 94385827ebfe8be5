VARIANTS = (
    "--input-size 65 --hidden-size 65 --set lstm.weight_ih_l0[0,0]=9 "
    "--set lstm.weight_hh_l0[0,0]=9",
    "--input-size 65 --hidden-size 65 --set lstm.weight_ih_l0[0,0]=9",
    "--input-size 1 --hidden-size 17 --proj-size 1 --no-bias",
    "--input-size 3 --hidden-size 65 --set lstm.weight_hh_l0[0,0]=9",
)
"""Blocks that differ by more than chance, also in one map only, and blocks next to a few cells."""

SEPARATE_SCALES = {"fill": ("weight_hr",), "heat": "tensor"}
"""Tensors without bands have their own scale, and so have maps of blocks."""

UNDESCRIBED = {
    f"{tensor}-{gate}-largest": "the end of a distribution"
    for tensor in ("weight_ih", "weight_hh", "bias")
    for gate in "ifgo"
}

_BAND = "['ifgo'.index(gate)]"
_SIZE = "{{p('{0}').chunk(4)" + _BAND + ".double().square().mean().sqrt()}}"
_ROW = "gate {'gate}, row {row}: weight_ih {*p('weight_ih')[row]}; weight_hh {*p('weight_hh')[row]}"
_RMS = (
    "gate {'gate}, root mean square: weight_ih "
    + _SIZE.format("weight_ih")
    + ", weight_hh "
    + _SIZE.format("weight_hh")
)

DESCRIPTION_CLAUSES = (
    "the rows are in the order input, forget, cell, output",
    _ROW + "; bias_ih {p('bias_ih')[row]}; bias_hh {p('bias_hh')[row]}; "
    "bias sum {p('bias_ih')[row] + p('bias_hh')[row]}",
    _ROW,
    _RMS + ", median of the biases "
    "{(lambda v: v[v.isfinite()].median() if v.isfinite().any() else v.sum())"
    "((p('bias_ih') + p('bias_hh')).chunk(4)" + _BAND + ")}",
    _RMS,
    "{sum(q.isnan().sum() for q in parameters())} NaN, "
    "{sum((q == math.inf).sum() for q in parameters())} ∞, "
    "{sum((q == -math.inf).sum() for q in parameters())} −∞",
    "the colours of weight_ih end at {number('scale-weight_ih')}",
    "the colours of weight_hh end at {number('scale-weight_hh')}",
    "the colours of weight_hr end at {number('scale-weight_hr')}",
    "the colours of weight_ih and what shares its scale end at {number('scale-weight_ih')}",
    "the colours of weight_hh and what shares its scale end at {number('scale-weight_hh')}",
    "weight_hr, row {row}: {*p('weight_hr')[row]}",
)
