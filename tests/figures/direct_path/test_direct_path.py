"""Compare both gradients of `direct-path` with autograd."""

from itertools import product

import numpy as np
import pytest
import torch

import lstm_figs as lf
from lstm_figs.proof.bindings import Flow
from lstm_figs.scene.marks import walk
from lstm_figs.sources import Source
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


def test_over_one_step_from_states_that_are_given_there_is_no_other_path():
    values = values_of(Source(3, 4, seq_len=1).trace())
    np.testing.assert_array_equal(table(values, "direct"), table(values, "total"))
    values = values_of(Source(3, 4, seq_len=5).trace())
    assert (table(values, "direct") != table(values, "total")).all()


@pytest.mark.parametrize("width", [720, 360])
def test_a_factor_stands_between_its_states_and_a_product_below_its_own(width):
    trace = Source(3, 2, seq_len=8).trace()
    figure = lf.draw("direct-path", trace, width=width)
    marks = {m.id: m for m in walk(figure.scene.marks) if hasattr(m, "id")}
    states = {
        int(id[2:]): mark.x + mark.width / 2 for id, mark in marks.items() if id.startswith("c-")
    }
    assert [*states] == sorted(states) == [*range(min(states), 9)]
    assert (min(states) > 0) == (width == 360)
    for t, unit in product([*states][:-1], range(2)):
        factor, after = marks[f"f-{t + 1}-{unit}"], states[t + 1]
        assert factor.number.expr == f"f[{t}, 0, {unit}]"
        assert states[t] < factor.left < factor.left + factor.width < after
        for way in ("direct", "total"):
            below = marks[f"{way}-{t}-{unit}"]
            expr = {"direct": f"f[{t}:8, 0, {unit}].prod()"}.get(way, f"total[{t}, 0, {unit}]")
            assert (below.x, below.number.expr) == (states[t], expr)


def test_steps_after_the_eighth_are_left_out_and_said():
    figure = lf.draw("direct-path", Source(3, 2, seq_len=10).trace())
    notes = [note.text for note in figure.scene.heading.notes]
    assert "Later steps, to 10, are left out." in notes


def arrows(figure):
    """The states that each arrow leads from and to."""
    flows = (
        binding
        for mark in walk(figure.scene.marks)
        for binding in mark.bound
        if isinstance(binding, Flow)
    )
    return sorted((flow.tail.replace("-", ""), flow.head.replace("-", "")) for flow in flows)


@pytest.mark.parametrize("seq_len", [1, 2, 4, 8])
def test_arrows_are_the_dependencies_of_each_state_on_the_drawn_ones(seq_len):
    torch.manual_seed(seq_len)
    cell, x = torch.nn.LSTMCell(3, 2), torch.randn(seq_len, 1, 3)
    states = {
        f"{name}{t}": torch.randn(1, 2, requires_grad=True)
        for t in range(seq_len + 1)
        for name in "hc"
    }
    dependencies = set()
    for t in range(1, seq_len + 1):
        # Each state is a leaf, so a gradient ends at the neighbouring states.
        z = x[t - 1] @ cell.weight_ih.T + cell.bias_ih + cell.bias_hh
        z = z + states[f"h{t - 1}"] @ cell.weight_hh.T
        i, f, g, o = z.chunk(4, dim=1)
        next_states = {
            f"c{t}": f.sigmoid() * states[f"c{t - 1}"] + i.sigmoid() * g.tanh(),
            f"h{t}": o.sigmoid() * states[f"c{t}"].tanh(),
        }
        for name, value in next_states.items():
            gradients = torch.autograd.grad(
                value.sum(), states.values(), retain_graph=True, allow_unused=True
            )
            for state, gradient in zip(states, gradients, strict=True):
                if gradient is not None and gradient.any():
                    dependencies.add((state, name))
    # The last h is not drawn, because no c depends on it.
    drawn_dependencies = {(a, b) for a, b in dependencies if f"h{seq_len}" not in (a, b)}
    trace = lf.trace(torch.nn.LSTM(3, 2), x)
    assert arrows(lf.draw("direct-path", trace)) == sorted(drawn_dependencies)
