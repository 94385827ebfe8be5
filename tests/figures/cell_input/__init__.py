OPTIONS = ("cell-input unit=0",)

_SUM = "{result('z_' + gate)[t, 0, row % (len(p('weight_ih')) // 4)]}"
_BIASES = "{p('bias_ih')[row]} + {p('bias_hh')[row]}"
_ROW = "gate {'gate}, row {row}: "

_SUM_AND_GATE = "the sum is {result('z_' + gate)[t, 0, unit]}, the gate {result(gate)[t, 0, unit]}"

DESCRIPTION_CLAUSES = (
    "step {step}, unit {unit}",
    "step {step}",
    "x is {*x[t, 0]}",
    "h_prev is {*h_prev[t, 0]}",
    _ROW + "{ih[t, 0, row]} + {hh[t, 0, row]} + " + _BIASES + " = " + _SUM,
    _ROW + "{ih[t, 0, row]} + {hh[t, 0, row]} = " + _SUM,
    "gate {'gate}, row {row}",
    *(
        f"{vector}[{{k}}] {{p('{weight}')[row, k]}} × {{{vector}[t, 0, k]}} = "
        f"{{p('{weight}')[row, k] * {vector}[t, 0, k]}}"
        for vector, weight in (("x", "weight_ih"), ("h_prev", "weight_hh"))
    ),
    "the others of x {number('ih-' + gate + '-others')}",
    "the others of h_prev {number('hh-' + gate + '-others')}",
    "bias_ih {p('bias_ih')[row]}",
    "bias_hh {p('bias_hh')[row]}",
    _SUM_AND_GATE,
)
