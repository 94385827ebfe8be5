"""What the description of `chunks` says."""

_OF = "(handed if run == 'handed' else detached)"

CLAUSES = (
    "the second chunk begins at step {step}",
    "when the state is {'run} on",
    "when the state is {'run}",
    f"the first state {{torch.cat({_OF}[1:], dim=2)[0, 0].double().norm()}}",
    f"step {{step}} {{{_OF}[0][t, 0].double().norm()}}",
)
