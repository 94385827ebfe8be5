"""What holds `reading` to the truth."""

SCALES = {"path": "unit"}
"""Each unit has a plane of its own."""

AXES = {
    "depth": ("step",),
    "inside": ("step",),
    "answers": ("step", "sample", "row"),
    "readout.weight": ("row", "column"),
    "readout.bias": ("row",),
}

_OPEN = "f is {f[t, 0, unit]}, i is {i[t, 0, unit]}, o is {o[t, 0, unit]}"

VARIANTS = (
    "--set lstm.weight_hh_l0[0,1]=0",
    "--set lstm.weight_hh_l0[0,1]=-4",
    "--text (a) --set x[0,0,1]=1",
)

CLAUSES = (
    "{len(x)} steps: {=''.join(read())}",
    "{len(x)} steps: {=' '.join(map(seen, read()))}",
    "{len(x)} step: {=''.join(read())}",
    "{len(x)} step: {=seen(read()[0])}",
    "{len(x)} steps",
    "{len(x)} step",
    "unit {unit}: nothing finite is written",
    "unit {unit}",
    "at step {step} c is {c[t, 0, unit]}, h is {output[t, 0, unit]}, "
    + _OPEN,
    "at step {step} c is {c[t, 0, unit]}, o·tanh c is "
    "{(o * tanh_c)[t, 0, unit]}, " + _OPEN,
    "step {step} writes {(i * g)[t, 0, unit]}, "
    "c becomes {c[t, 0, unit]}",
    "step {step} ({'seen(tokens[step - 1])}) writes {(i * g)[t, 0, unit]}, "
    "c becomes {c[t, 0, unit]}",
    "the weight by which unit {k} shuts the input gate of unit {unit} is "
    "{p('weight_hh')[unit, k]}",
)  # fmt: skip
