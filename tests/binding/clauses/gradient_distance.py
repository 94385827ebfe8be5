"""What the description of `gradient-distance` says."""

_RUNS = (
    ("nn.RNN", "RNN"),
    ("nn.LSTM", "0"),
    ("forget bias +1", "1"),
    ("bias +1", "1"),
    ("+2", "2"),
    ("+5", "5"),
)

CLAUSES = (
    "{len(norms)} curves over the distance from the last step",
    *(
        f"{name} {{back}} {steps} back: {{norms['{run}'][-1 - back]}}"
        for name, run in _RUNS
        for steps in ("step", "steps")
    ),
)
