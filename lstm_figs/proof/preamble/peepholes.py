"""A custom cell with peepholes: the equations in float64, with gates that also see c.

    i = σ(z_i + p_i * c_prev)
    f = σ(z_f + p_f * c_prev)
    c = f * c_prev + i * tanh(z_g)
    o = σ(z_o + p_o * c)
    h = o * tanh(c)

With a projection, h is multiplied by `weight_hr`. If every p is zero, this is
the cell of `torch.nn.LSTM`, which has no peepholes.

Source: peepholes, Gers and Schmidhuber (2000).
"""

from collections.abc import Mapping, Sequence

import numpy as np

from ...model.layer_run import MAX_SUMMED_STEPS, LayerRun
from ...model.lstm import Array, Step, Weights, sigmoid
from ...model.products import doubled, times

PEEPHOLES = (0.5, 1.0, -0.5)
"""The values of p_i, p_f and p_o in figures, the same for every unit."""


@np.errstate(all="ignore")
def run_own(weights: Weights, steps: Sequence[Step], *peepholes: Sequence[float]) -> Array:
    """Run cells over the inputs of steps, from the state before the first.

    Args:
        weights: The parameters.
        steps: The steps, in the order of processing.
        peepholes: p_i, p_f and p_o of each cell, the same for all units.

    Returns:
        The h after each step for the first sequence; float64, shape
        `(len(peepholes), len(steps), hidden_size)`, or proj_size instead of
        hidden_size.
    """
    p_i, p_f, p_o = np.array(peepholes, np.float64).T[:, :, None]
    bias = weights.bias.astype(np.float64)
    h, c = (
        np.repeat(state[:1].astype(np.float64), len(peepholes), axis=0)
        for state in (steps[0].h_prev, steps[0].c_prev)
    )
    states = []
    for step in steps:
        x = step.x[:1].astype(np.float64)
        z = times(x, weights.weight_ih, doubled) + bias
        z = z + times(h, weights.weight_hh, doubled)
        z_i, z_f, z_g, z_o = np.split(z, 4, axis=1)
        i, f = sigmoid(z_i + p_i * c), sigmoid(z_f + p_f * c)
        c = f * c + i * np.tanh(z_g)
        h = sigmoid(z_o + p_o * c) * np.tanh(c)
        if weights.weight_hr is not None:
            h = times(h, weights.weight_hr, doubled)
        states.append(h)
    return np.stack(states, axis=1)


def lines(subject: LayerRun, tensors: Mapping[str, str]) -> list[str]:
    """Python that defines `write.PEEPHOLES`.

    Args:
        subject: The layer run of the figure.
        tensors: The expression of each parameter.
    """
    bias = (
        " + ({bias_ih} + {bias_hh}).double()".format(**tensors)
        if subject.weights.bias_ih is not None
        else ""
    )
    projected = (
        "\n        h = {weight_hr}.double() @ h".format(**tensors)
        if subject.weights.proj_size
        else ""
    )
    return [
        "",
        _CELL.format(
            bias=bias,
            projected=projected,
            count=min(MAX_SUMMED_STEPS, len(subject.steps)),
            size=subject.weights.hidden_size,
            peepholes=list(PEEPHOLES),
            **{name: tensors[name] for name in ("weight_ih", "weight_hh")},
        ),
    ]


_CELL = """\
# The equations, in float64, with gates that also see c.
def own_cell(peephole):
    p_i, p_f, p_o = peephole
    h, c, every_h = h_0[0, 0].double(), c_0[0, 0].double(), []
    for x_t in x[:{count}, 0].double():
        z = {weight_ih}.double() @ x_t + {weight_hh}.double() @ h{bias}
        z_i, z_f, z_g, z_o = z.chunk(4)
        i, f = (z_i + p_i * c).sigmoid(), (z_f + p_f * c).sigmoid()
        c = f * c + i * z_g.tanh()
        h = (z_o + p_o * c).sigmoid() * c.tanh(){projected}
        every_h.append(h)
    return torch.stack(every_h)


peephole = torch.tensor({peepholes}, dtype=torch.float64)
peephole = peephole[:, None].expand(3, {size})
own_h, seeing_h = own_cell(torch.zeros_like(peephole)), own_cell(peephole)"""
"""Python that computes h without and with peepholes, which let gates see c."""
