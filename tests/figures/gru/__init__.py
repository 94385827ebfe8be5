from tests import sources
from tests.binding.clauses import GATES, RESULT

DEPENDENCIES = {("gru_kept", "gru_h")}

TENSOR_AXES = {
    "gru_ih": ("step", "sample", "row"),
    "gru_hh": ("step", "sample", "row"),
    "r": RESULT,
    "z": RESULT,
    "n": RESULT,
    "gru_h": RESULT,
    "gru_sum": ("step", "sample", "row"),
    "gru_write": RESULT,
    "gru_kept": RESULT,
    "gru_edge": RESULT,
}

ACTING_GATES = {
    "z": "f",
    "gru_kept": "f",
    "gru_write": "i",
    "n": "g",
    "gru_edge": "g",
    "gru_h": "i",
}
"""The gate of an LSTM that acts alike; no gate acts like r."""

SYMBOLS = {
    "r": ("r", "reset", "× r"),
    "z": ("z", "keep"),
    "n": ("n", "new"),
    "gru_write": ("write", "1−z"),
    "gru_ih": ("from x",),
    "gru_hh": ("from h",),
    "gru_h": ("h",),
}

REFUSED = tuple(name for name in sources.SOURCES if "project" in name)
"""`nn.GRU` has no projection."""

_FROM = "row {{row}}: {{{}}} from x and {{{}}} from h, the sum is {{{}}}, "
_LSTM = [f"{name}[t, 0, row] + (p('bias_{name}')[row] if m.bias else 0)" for name in ("ih", "hh")]
_GRU = ["gru_ih[t, 0, row]", "gru_hh[t, 0, row]"]
DESCRIPTION_CLAUSES = (
    "step {step}, unit {unit}",
    *(
        f"LSTM, {gate} of {_FROM.format(*_LSTM, f'z_{gate}[t, 0, unit]')}"
        f"{gate} is {{{gate}[t, 0, unit]}}"
        for gate in GATES
    ),
    *(
        f"GRU, {band} of {_FROM.format(*_GRU, 'gru_sum[t, 0, row]')}"
        f"{band} is {{{band}[t, 0, unit]}}"
        for band in "rzn"
    ),
    "the LSTM keeps {f[t, 0, unit]} of c_prev, {c_prev[t, 0, unit]}, and "
    "writes {i[t, 0, unit]} of g, {g[t, 0, unit]}: c is {c[t, 0, unit]}",
    "it shows {o[t, 0, unit]} of tanh c, {tanh_c[t, 0, unit]}: h is {output[t, 0, unit]}",
    "the GRU keeps {z[t, 0, unit]} of h_prev, {h_prev[t, 0, unit]}, and "
    "writes {gru_write[t, 0, unit]} of n, {n[t, 0, unit]}: h is "
    "{gru_h[t, 0, unit]}",
)
