from tests.binding.clauses import NINE_UNITS

UNDESCRIBED = {
    f"scale-{name}": "the end of a scale"
    for name in ("weight_ih", "weight_hh", "bias_ih", "bias_hh")
}

FAINT_FACTOR = 3.5
"""Weights that meet a zero are pale, as in `layout.motifs.weight_rows`."""

_ROW = "; the sum is {result('z_' + gate)[t, 0, unit]}"
_WEIGHTS = "weight_ih {*p('weight_ih')[row]}, weight_hh {*p('weight_hh')[row]}"

VARIANTS = (
    "--network brackets --set readout.bias[0]=0",
    "--network brackets --step 8 --detail units",
    "--focus keep",
    "--focus write",
    "--focus show",
    NINE_UNITS,
    "--network brackets --text a --units 0 --focus write --set lstm.bias_ih_l0[4]=0.8",
    "--input-size 3 --hidden-size 2 --focus show",
)

DESCRIPTION_CLAUSES = (
    "unit {unit} keeps {f[t, 0, unit]} of {c_prev[t, 0, unit]}, which is "
    "{(f * c_prev)[t, 0, unit]}, and writes {i[t, 0, unit]} of {g[t, 0, unit]}, which is "
    "{(i * g)[t, 0, unit]}, so c becomes {c[t, 0, unit]}; it "
    "shows {o[t, 0, unit]} of {tanh_c[t, 0, unit]}, which is "
    "{(o * tanh_c)[t, 0, unit]}",
    "step {step}",
    "x is {*x[t, 0]}",
    "h_prev is {*h_prev[t, 0]}",
    "gate {'gate} of unit {unit}, row {row}: " + _WEIGHTS + ", bias_ih "
    "{p('bias_ih')[row]}, bias_hh {p('bias_hh')[row]}" + _ROW,
    "gate {'gate} of unit {unit}, row {row}: " + _WEIGHTS + _ROW,
    "gate {'gate} of unit {unit}, row {row}: ih {ih[t, 0, row]}, "
    "hh {hh[t, 0, row]}, bias {p('bias_ih')[row] + p('bias_hh')[row]}" + _ROW,
    "gate {'gate} of unit {unit}, row {row}: ih {ih[t, 0, row]}, hh {hh[t, 0, row]}" + _ROW,
)
