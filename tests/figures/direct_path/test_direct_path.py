"""Compare the gradients of `direct-path` with autograd."""

import numpy as np
import pytest
import torch

import lstm_figs as lf
from tests.proof import numbers, read, svg_of


def drawing_of(trace):
    """The gradients on all paths as drawn: a row for each state, a column for each unit."""
    svg = svg_of(lf.draw("direct-path", trace))
    by_state = {}
    for number in numbers(read(svg)):
        route, state, unit = number.get("id").removeprefix("direct-path--").split("-")
        if route == "total":
            by_state.setdefault(int(state), {})[int(unit)] = float(number.get("data-value"))
    return np.array([[row[unit] for unit in sorted(row)] for _, row in sorted(by_state.items())])


@pytest.mark.parametrize("proj_size", [0, 2])
@pytest.mark.parametrize("seq_len", [1, 4, 8])
def test_all_paths_are_the_gradient_of_the_last_c_by_each_c(seq_len, proj_size):
    torch.manual_seed(seq_len)
    lstm = torch.nn.LSTM(3, 4, proj_size=proj_size)
    x, h = torch.randn(seq_len, 1, 3), torch.randn(1, proj_size or 4)
    c = torch.randn(1, 4, requires_grad=True)
    trace = lf.trace(lstm, x, (h[None], c[None]))
    cells = [c]
    for x_t in x:
        z = x_t @ lstm.weight_ih_l0.T + h @ lstm.weight_hh_l0.T
        i, f, g, o = (z + lstm.bias_ih_l0 + lstm.bias_hh_l0).chunk(4, dim=1)
        c = f.sigmoid() * c + i.sigmoid() * g.tanh()
        h = o.sigmoid() * c.tanh()
        h = h @ lstm.weight_hr_l0.T if proj_size else h
        cells.append(c)
    expected = torch.cat(torch.autograd.grad(c.sum(), cells[:-1]))
    np.testing.assert_allclose(drawing_of(trace), expected, atol=1e-6)
