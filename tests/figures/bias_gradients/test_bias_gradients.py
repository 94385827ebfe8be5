"""Compare the gradients of `bias-gradients` with those of torch."""

import numpy as np
import pytest
import torch

import lstm_figs as lf
from tests.proof import numbers, prove, read


def columns(svg):
    """The numbers of each column, by row."""
    values_by_column = {}
    for number in numbers(read(svg)):
        name, _, row = number.get("id").partition("--")[2].rpartition("-")
        value = float(number.get("data-value"))
        values_by_column.setdefault(name, {})[int(row)] = value
    return values_by_column


def svg_of(trace, **more):
    figure = lf.draw("bias-gradients", trace, **more)
    return figure.render("svg", "light").decode()


@pytest.mark.parametrize("kind", [torch.nn.LSTM, torch.nn.LSTMCell])
def test_both_gradients_are_torchs_and_equal(kind):
    torch.manual_seed(2)
    module = kind(3, 4)
    x = torch.randn(5, 2, 3) if kind is torch.nn.LSTM else torch.randn(2, 3)
    module(x)[0].sum().backward()
    suffix = "_l0" if kind is torch.nn.LSTM else ""
    by_ih, by_hh = (getattr(module, f"bias_{part}{suffix}").grad for part in ("ih", "hh"))
    torch.testing.assert_close(by_ih, by_hh)
    values_by_column = columns(svg_of(lf.trace(module, x)))
    assert values_by_column["grad-ih"] == values_by_column["grad-hh"]
    rows, values = zip(*values_by_column["grad-ih"].items(), strict=True)
    np.testing.assert_allclose(values, by_ih[list(rows)], atol=1e-6)
    # The rows are those of the unit with the largest gradient.
    assert rows == tuple(range(by_ih.abs().argmax() % 4, 16, 4))


def test_plain_sgd_moves_the_sum_as_drawn():
    torch.manual_seed(2)
    lstm, x = torch.nn.LSTM(3, 4), torch.randn(5, 1, 3)
    trace = lf.trace(lstm, x)
    before = (lstm.bias_ih_l0 + lstm.bias_hh_l0).detach()
    optimizer = torch.optim.SGD(lstm.parameters(), lr=1)
    lstm(x)[0].sum().backward()
    optimizer.step()
    moved = (lstm.bias_ih_l0 + lstm.bias_hh_l0).detach() - before
    values_by_column = columns(svg_of(trace))
    rows, moves = zip(*values_by_column["move"].items(), strict=True)
    np.testing.assert_allclose(moves, moved[list(rows)], atol=1e-6)
    gradients = np.array([*values_by_column["grad-ih"].values()])
    np.testing.assert_allclose(moves, -2 * gradients, atol=1e-6)


@pytest.mark.parametrize("layer", [0, 1])
@pytest.mark.parametrize("reverse", [False, True])
def test_every_layer_and_direction_has_equal_gradients(layer, reverse):
    lstm = torch.nn.LSTM(3, 2, num_layers=2, bidirectional=True)
    lstm(torch.randn(4, 1, 3))[0].sum().backward()
    suffix = f"_l{layer}_reverse" if reverse else f"_l{layer}"
    torch.testing.assert_close(
        getattr(lstm, f"bias_ih{suffix}").grad, getattr(lstm, f"bias_hh{suffix}").grad
    )
    trace = lf.trace(lstm, torch.randn(4, 1, 3))
    assert prove(svg_of(trace, layer=layer, reverse=reverse)) == 3 * 4


@pytest.mark.parametrize("kind", [torch.nn.LSTM, torch.nn.LSTMCell])
def test_a_module_without_biases_shows_what_zeros_would_receive(kind):
    module = kind(3, 2, bias=False)
    x = torch.randn(5, 1, 3) if kind is torch.nn.LSTM else torch.randn(1, 3)
    trace = lf.trace(module, x)
    assert prove(svg_of(trace)) == 3 * 4
    notes = map(str, lf.draw("bias-gradients", trace).scene.heading.notes)
    assert any(note.startswith("The module has no biases;") for note in notes)
