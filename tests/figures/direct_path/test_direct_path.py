"""Compare both gradients of `direct-path` with autograd."""

import numpy as np
import pytest
import torch

import lstm_figs as lf
from tests.proof import numbers, read


def values_of(trace):
    """Values by table, state and unit."""
    svg = lf.draw("direct-path", trace).render("svg", "light").decode()
    values = {}
    for number in numbers(read(svg)):
        name, t, unit = number.get("id").partition("--")[2].split("-")
        values[name, int(t), int(unit)] = float(number.get("data-value"))
    return values


def table(values, name):
    states = sorted({t for n, t, _ in values if n == name})
    units = sorted({k for _, _, k in values})
    return np.array([[values[name, t, k] for k in units] for t in states])


@pytest.mark.parametrize("seq_len", [1, 4, 8])
def test_the_direct_path_is_the_product_of_f_with_the_gates_held(seq_len):
    torch.manual_seed(seq_len)
    lstm, x = torch.nn.LSTM(3, 4), torch.randn(seq_len, 1, 3)
    trace = lf.trace(lstm, x)
    c_0 = torch.zeros(4, requires_grad=True)
    c = c_0
    for step in trace.steps:
        gates = (torch.from_numpy(a[0]) for a in (step.i, step.f, step.g))
        i, f, g = gates
        c = f * c + i * g
    jacobian = torch.stack([torch.autograd.grad(k, c_0, retain_graph=True)[0] for k in c])
    assert torch.equal(jacobian, torch.diag(jacobian.diagonal()))
    actual = table(values_of(trace), "direct")[0]
    np.testing.assert_allclose(actual, jacobian.diagonal(), atol=1e-7)


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
    actual = table(values_of(trace), "total")
    np.testing.assert_allclose(actual, expected, atol=1e-6)
