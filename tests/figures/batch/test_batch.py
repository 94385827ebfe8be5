"""Compare the rows of `batch` with those of torch, and with sequences alone."""

import numpy as np
import pytest
import torch

from lstm_figs import draw, trace
from lstm_figs.command.request import Request
from lstm_figs.sources import Source
from tests.proof import numbers, read


def values(figure):
    """The value of each number, by id."""
    root = read(figure.render("svg", "light").decode())
    return {n.get("id").partition("--")[2]: float(n.get("data-value")) for n in numbers(root)}


def matrix(figure_values, name):
    """The numbers whose ids are a name and two indices, as a matrix."""
    parts = {id: id.removeprefix(f"{name}-").split("-") for id in figure_values}
    places = {
        (int(p[0]), int(p[1])): figure_values[id]
        for id, p in parts.items()
        if id.startswith(f"{name}-") and len(p) == 2 and p[0].isdigit()
    }
    shape = tuple(n + 1 for n in max(places))
    assert len(places) == shape[0] * shape[1]
    return np.array([places[k] for k in np.ndindex(shape)]).reshape(shape)


@pytest.mark.parametrize("kind", [torch.nn.LSTM, torch.nn.LSTMCell])
@pytest.mark.parametrize("batch_size", [2, 3, 8])
def test_every_sequence_has_a_row_in_what_torch_yields(kind, batch_size):
    torch.manual_seed(batch_size)
    module = kind(3, 4)
    x = torch.randn(5, batch_size, 3)
    if kind is torch.nn.LSTM:
        figure_values = values(draw("batch", trace(module, x)))
        _, (h, c) = module(x[:1])
        h, c = h[0], c[0]
    else:
        figure_values = values(draw("batch", trace(module, x[0])))
        h, c = module(x[0])
    for name, expected in (("x-0", x[0]), ("h-0", h), ("c-0", c)):
        expected = expected.detach().numpy()
        np.testing.assert_allclose(matrix(figure_values, name), expected, atol=1e-6)


def test_a_row_is_what_its_sequence_gives_alone():
    torch.manual_seed(4)
    module, x = torch.nn.LSTM(2, 3), torch.randn(4, 3, 2)
    figure_values = values(draw("batch", trace(module, x)))
    for n in range(3):
        _, (h, c) = module(x[:1, [n]])
        for name, theirs in (("h-0", h), ("c-0", c)):
            expected = theirs[0, 0].detach().numpy()
            own = matrix(figure_values, name)[n]
            np.testing.assert_allclose(own, expected, atol=1e-6)


def test_sequences_that_are_left_out_are_said():
    torch.manual_seed(5)
    figure = draw("batch", trace(torch.nn.LSTM(3, 2), torch.randn(9, 11, 3)))
    assert "11 sequences" in str(figure.scene.heading.provenance)
    notes = map(str, figure.scene.heading.notes)
    assert "Dots stand for what is left out." in notes
    rows = {id.split("-")[2] for id in values(figure) if id.startswith("h-0")}
    assert rows == {"0", "1", "2", "3", "10"}


def test_one_sequence_is_made_a_batch_of_three_and_said_so():
    lstm, x = torch.nn.LSTM(3, 2), torch.randn(5, 1, 3)
    figure = draw("batch", trace(lstm, x))
    three = torch.cat([x.roll(-n, 0) for n in range(3)], dim=1)
    np.testing.assert_allclose(matrix(values(figure), "x-0"), three[0])
    assert "made of one sequence" in figure.scene.heading.source.text


def test_one_sequence_of_a_large_module_stays_one_row_and_is_said_so():
    figure = draw("batch", trace(torch.nn.LSTM(1, 300), torch.randn(2, 1, 1)))
    assert "1 sequence" in str(figure.scene.heading.provenance)
    notes = map(str, figure.scene.heading.notes)
    assert any("one sequence" in note for note in notes)


@pytest.mark.parametrize("sizes", [(3, 2), (8, 8), (40, 256)])
def test_the_wide_form_is_one_line(sizes):
    root = read(Request("batch", Source(*sizes)).draw().render("svg", "light"))
    tops = {n.get("id").partition("--")[2]: float(n.get("y")) for n in numbers(root)}
    assert tops["x-0-0-0"] == tops["c-0-0-0"] == tops["h-0-0-0"]
