"""Preamble code for gradients through time, which uses autograd.

Each name that figures use has the Python code that defines it.
"""

from collections.abc import Collection, Mapping
from dataclasses import replace

from ...model.layer_run import MAX_SUMMED_STEPS, LayerRun
from ...model.tensors import signature

CHUNKS = ("handed", "detached")
"""Gradients of the second chunk's output with respect to x, h_0 and c_0, with
the state passed on and detached."""

BIASES = ("grad_bias_ih", "grad_bias_hh")
"""Gradients of `LayerRun.summed_output` with respect to both biases."""


def split(steps: int) -> int:
    """The number of steps of the first of two chunks.

    >>> [split(steps) for steps in (1, 2, 5, 100)]
    [0, 1, 2, 4]
    """
    return min(steps, MAX_SUMMED_STEPS) // 2


def lines(subject: LayerRun, names: Collection[str], tensors: Mapping[str, str]) -> list[str]:
    """Python that defines the requested names of `write.THROUGH_TIME`.

    Args:
        subject: The layer run of the figure.
        names: The requested names, and possibly others.
        tensors: The expression of each parameter.
    """
    biased = subject.weights.bias_ih is not None
    module_variable, count = subject.module_variable, min(len(subject.steps), MAX_SUMMED_STEPS)
    code = []
    if set(BIASES) & set(names) and not biased:
        code += ["", _with_biases(subject)]
        tensors = {n: f"biased.{t.partition('.')[2]}" for n, t in tensors.items()}
        module_variable = "biased"
    cell = subject.trace.kind == "LSTMCell"
    code += ["", _RUN_CELL.format(module=module_variable) if cell else f"run = {module_variable}"]
    if "total" in names:
        h = "o[t - 1] * start.tanh()"
        if subject.weights.proj_size:
            h += f" @ {tensors['weight_hr']}.T"
        code += ["", _TOTAL.format(count=count, h=h)]
    if set(CHUNKS) & set(names):
        first = split(count)
        after = f"run(inputs[:{first}], state)[1]" if first else "state"
        code += ["", _CHUNKS.format(after=after, first=first, count=count)]
    if set(BIASES) & set(names):
        code += ["", _BIASES.format(count=count, **tensors)]
    return code


def _with_biases(subject: LayerRun) -> str:
    """Python that defines the same module with two biases of zero."""
    suffix = "" if subject.trace.kind == "LSTMCell" else "_l0"
    rows = len(subject.weights.weight_ih)
    plain = replace(subject.weights, layer=0, direction="forward")
    built = signature((plain,), subject.trace.kind)
    zeros = ", ".join(f'"{name}{suffix}": torch.zeros({rows})' for name in ("bias_ih", "bias_hh"))
    return (
        "# The module has no biases; this one has two, which are zero.\n"
        f"biased = torch.nn.{built.replace(', bias=False', '')}\n"
        f"biased.load_state_dict({{**{subject.module_variable}.state_dict(), {zeros}}})"
    )


_RUN_CELL = """\
def run(x, state):
    h, c = state[0][0], state[1][0]
    output = []
    for x_t in x:
        h, c = {module}(x_t, (h, c))
        output.append(h)
    return torch.stack(output), (h[None], c[None])"""
"""Python that runs a cell over all steps."""

_TOTAL = """\
# The gradient of the last cell state by each before it, which h shows as well;
# the first h and the first c are given, neither by the other. Of the last h
# nothing is asked, but where it is no number, what comes back is none either.
total = torch.zeros_like(c_prev[:{count}])
for t in range({count}):
    start = c_prev[t : t + 1].detach().requires_grad_()
    shown = {h} if t else h_prev[:1]
    seen, (_, last) = run(x[t:{count}], (shown, start))
    asked = last.sum() + 0 * seen.sum()
    total[t] = torch.autograd.grad(asked, start)[0][0]"""
"""Python that computes `total`, the gradients over all paths."""

_CHUNKS = """\
# Two chunks, and the gradient of the output of the second one.
def two_chunks(hand_on):
    inputs, *state = (
        tensor.clone().requires_grad_() for tensor in (x, h_0, c_0)
    )
    after = tuple(hand_on(tensor) for tensor in {after})
    output, _ = run(inputs[{first}:{count}], after)
    return torch.autograd.grad(
        output.sum(), (inputs, *state), materialize_grads=True
    )


handed = two_chunks(lambda tensor: tensor)
detached = two_chunks(lambda tensor: tensor.detach())"""
"""Python that computes gradients across two chunks, with and without `detach`."""

_BIASES = """\
grad_bias_ih, grad_bias_hh = torch.autograd.grad(
    run(x, (h_0, c_0))[0][:{count}].sum(), ({bias_ih}, {bias_hh})
)"""
"""Python that computes the gradients of both biases."""
