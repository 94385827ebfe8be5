TENSOR_AXES = {"norms": ("reached",)}
"""`reached` is a step, counted back from the last one."""

ACTING_GATES = {"norms": "f"}
"""Tensor -> the gate whose hue its marks have."""

REFUSED = ("400 steps", "400 steps backwards")
"""It has at most 200 steps."""

_BIAS = ("forget bias", "bias")
_RUNS = (
    ("nn.RNN", "RNN"),
    ("nn.LSTM", "0"),
    ("this LSTM", "0"),
    ("new LSTM", "new"),
    *((f"{bias} +{more}", more) for bias in _BIAS for more in "125"),
)
"""Name of a curve, and the key of its run in `norms`."""

DESCRIPTION_CLAUSES = (
    "{len(norms)} curves over the distance from the last step",
    *(
        f"{name} {{back}} {steps} back: {{norms['{run}'][-1 - back]}}"
        for name, run in _RUNS
        for steps in ("step", "steps")
    ),
)
