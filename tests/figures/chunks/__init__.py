TENSOR_AXES = {
    "handed[0]": ("step", "sample", "input"),
    "detached[0]": ("step", "sample", "input"),
    "handed[1:]": ("argument", "part", "sample", "unit"),
    "detached[1:]": ("argument", "part", "sample", "unit"),
}
SYMBOLS = {
    "h_0,c_0": ("h_0, c_0",),
    "handed": ("passed as it is",),
    "detached": ("detached first",),
}

_OF = "(handed if run == 'handed' else detached)"

DESCRIPTION_CLAUSES = (
    "the second chunk begins at step {step}",
    "when the state is {'run} on",
    "when the state is {'run}",
    f"the first state {{torch.cat({_OF}[1:], dim=2)[0, 0].double().norm()}}",
    f"step {{step}} {{{_OF}[0][t, 0].double().norm()}}",
)
