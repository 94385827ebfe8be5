from tests.binding.clauses import NINE_UNITS

SEPARATE_SCALES = {"area": ("c",)}
"""The cell state has an axis; all gates share one length."""

TENSOR_AXES = {
    "depth": ("step",),
    "inside": ("step",),
    "answers": ("step", "sample", "row"),
    "i_without": ("step", "sample"),
    "c_trained": ("step", "sample", "unit"),
    "along_c": ("step", "sample", "unit"),
    "hidden": ("step", "sample", "unit"),
    "threshold": ("step", "sample"),
    "readout.weight": ("row", "column"),
    "readout.bias": ("row",),
}

ACTING_GATES = {"along_c": "f"}
"""Tensor -> the gate whose hue its marks have."""

SYMBOLS = {
    "i_without": ("without it",),
    "along_c": ("remains",),
    "depth": ("open brackets", "open"),
    "hidden": ("h",),
    "threshold": ("closed below", "closed ↓"),
}

VARIANTS = (
    "--set lstm.weight_hh_l0[0,1]=0",
    "--set lstm.weight_hh_l0[0,1]=-4",
    "--text (a) --set x[0,0,1]=1",
    "--text (a) --set lstm.weight_hh_l0[0,1]=-9",
    "--text ((abc)) --units 0 --only c",
    "--units 1,0",
    "--input-size 3 --hidden-size 4 --seq-len 32 --units 0,1,2,3 --only c",
    "--focus task",
    "--focus keep",
    "--focus write",
    "--focus show",
    "--focus steer",
    "--focus weight",
    "--set lstm.weight_hh_l0[0,1]=0 --focus weight",
    "--focus gradient",
    "--network plain --focus task",
    "--text ))(",
    "--text a",
    NINE_UNITS,
    "--text '(a\"(a' --focus weight",
    "--text 'a(aaa\"a' --focus steer --set c_0[0,0,1]=0.4 --set lstm.weight_hh_l0[0,1]=-20",
    "--text (a --focus keep",
    "--text ((a))a(a --focus keep",
    "--text ((a --focus gradient",
    "--text () --focus show",
    "--text (a --network plain --focus task",
    "--text () --set readout.bias[0]=4",
    "--set lstm.bias_ih_l0[0]=nan",
    "--input-size 3 --hidden-size 1 --only c",
    f"--text {'(' * 105}",
    "--input-size 3 --hidden-size 2 --focus weight --set lstm.weight_hh_l0[0,1]=-40 "
    "--set lstm.bias_ih_l0[0]=9 --set lstm.bias_ih_l0[4]=9 --set lstm.bias_ih_l0[5]=9",
)

UNDRAWN = (
    "A plain RNN: {} of {} answers is wrong",
    "{} above",
    "{} ↑",
    "{} of {} parts of the sequence are drawn, in which the labels that are told begin and end "
    "most often.",
)
"""Only a different network draws these."""

DESCRIPTION_CLAUSES = (
    "{len(x)} steps: {=''.join(read())}",
    "{len(x)} steps: {=' '.join(map(seen, read()))}",
    "{len(x)} step: {=''.join(read())}",
    "{len(x)} step: {=seen(read()[0])}",
    "{len(x)} step‹s|›",
    "unit {unit}: nothing finite is written",
    "unit {unit}",
    "step {step} keeps {f[t, 0, unit]} of {c_prev[t, 0, unit]} and writes "
    "{(i * g)[t, 0, unit]}, c becomes {c[t, 0, unit]}",
    "step {step} ({'seen(tokens[step - 1])}) keeps {f[t, 0, unit]} of "
    "{c_prev[t, 0, unit]} and writes {(i * g)[t, 0, unit]}, c becomes "
    "{c[t, 0, unit]}",
    "throughout {'gate} is {result(gate)[:, 0, unit].min()} to {result(gate)[:, 0, unit].max()}",
    "throughout {'gate} is {result(gate)[:, 0, unit].min()}",
    "at step {step} i is {i[t, 0, unit]}, g is {g[t, 0, unit]}, o is {o[t, 0, unit]}",
    "at step {step} f is {f[t, 0, unit]}, i is {i[t, 0, unit]}, g is "
    "{g[t, 0, unit]}, o is {o[t, 0, unit]}",
    "as trained, c of step {step} would be {c_trained[t, 0, unit]} instead of {c[t, 0, unit]}",
    "the weight by which unit {k} shuts the input gate of unit {unit} is {p('weight_hh')[unit, k]}",
    "at step {step} i is {i[t, 0, unit]}, and without it would be {i_without[t, 0]}",
    "at step {step} {along_c[t, 0, unit]} of the gradient remains, back along c",
    "at step {step} {depth[t]} brackets are open",
    "at step {step} h is {hidden[t, 0, unit]}",
    "at step {step} h of unit {unit} is {output[t, 0, unit]}",
    "at step {step} {'gate} of unit {unit} is {result(gate)[t, 0, unit]}",
    "the weight by which unit {k} shut the input gate of unit {unit} is {p('weight_hh')[unit, k]}",
    # The shortest comes last, because others start with it.
    "at step {step} i is {i[t, 0, unit]}",
)

KEEPS_REQUESTED_ORDER = True
