import numpy as np
import pytest
import torch

from lstm_figs import draw, trace
from lstm_figs.command.request import Request
from lstm_figs.scene.marks import Text, walk
from lstm_figs.sources import Source
from tests.proving import numbers, read


def values(figure):
    """The value of each number, by its id."""
    root = read(figure.render("svg", "light").decode())
    return {
        n.get("id").partition("--")[2]: float(n.get("data-value"))
        for n in numbers(root)
    }


def said(figure):
    return [m.content for m in walk(figure.scene.marks) if isinstance(m, Text)]


def matrix(found, name):
    """The numbers whose ids are a name and two indices."""
    parts = {id: id.removeprefix(f"{name}-").split("-") for id in found}
    places = {
        (int(p[0]), int(p[1])): found[id]
        for id, p in parts.items()
        if id.startswith(f"{name}-") and len(p) == 2 and p[0].isdigit()
    }
    shape = tuple(n + 1 for n in max(places))
    assert len(places) == shape[0] * shape[1]
    return np.array([places[k] for k in np.ndindex(shape)]).reshape(shape)


@pytest.mark.parametrize("batch_size", [2, 3, 8])
def test_states_have_a_row_for_each_sequence_and_weights_do_not(batch_size):
    torch.manual_seed(batch_size)
    module, x = torch.nn.LSTM(3, 4), torch.randn(5, batch_size, 3)
    found = values(draw("batch", trace(module, x)))
    _, (h, c) = module(x[:1])
    for name, theirs in (
        ("x-0", x[0]),
        ("h-0", h[0]),
        ("c-0", c[0]),
        ("weight_ih", module.weight_ih_l0),
    ):
        theirs = theirs.detach().numpy()
        np.testing.assert_allclose(matrix(found, name), theirs, atol=1e-6)


@pytest.mark.parametrize("kind", [torch.nn.LSTM, torch.nn.LSTMCell])
@pytest.mark.parametrize("batch_size", [2, 3])
def test_the_gradient_is_what_backward_leaves_in_the_weight(kind, batch_size):
    torch.manual_seed(3)
    module = kind(3, 2)
    shape = (batch_size, 3) if kind is torch.nn.LSTMCell else (6, batch_size, 3)
    x = torch.randn(shape)
    found = values(draw("batch", trace(module, x)))
    module(x)[0].sum().backward()
    weight = next(module.parameters())
    np.testing.assert_allclose(
        matrix(found, "weight_ih-grad"), weight.grad, atol=1e-5
    )


@pytest.mark.parametrize("batch_size", [2, 3, 8])
def test_the_addends_of_the_sequences_add_up_to_the_largest_gradient(
    batch_size,
):
    found = values(Request("batch", Source(batch_size=batch_size)).draw())
    gradient = matrix(found, "weight_ih-grad")
    row, col = np.unravel_index(abs(gradient).argmax(), gradient.shape)
    shares = [
        found[f"weight_ih-share-{n}-{row}-{col}"] for n in range(batch_size)
    ]
    total = found[f"weight_ih-sum-{row}-{col}"]
    assert total == gradient[row, col]
    assert sum(shares) == pytest.approx(total, abs=1e-6)


def test_an_addend_is_the_gradient_of_its_sequence_alone():
    torch.manual_seed(4)
    module, x = torch.nn.LSTM(2, 3), torch.randn(4, 3, 2)
    found = values(draw("batch", trace(module, x)))
    for n in range(3):
        (id,) = (k for k in found if k.startswith(f"weight_ih-share-{n}-"))
        row, col = map(int, id.split("-")[-2:])
        module.zero_grad()
        module(x[:, [n]])[0].sum().backward()
        expected = module.weight_ih_l0.grad[row, col].item()
        assert found[id] == pytest.approx(expected, abs=1e-5)


def test_sequences_and_steps_that_are_left_out_are_said():
    torch.manual_seed(5)
    figure = draw("batch", trace(torch.nn.LSTM(3, 2), torch.randn(9, 11, 3)))
    assert "… 3 more" in said(figure)
    assert "of output[:8].sum()" in said(figure)
    assert any("8 sequences" in note for note in figure.scene.heading.notes)
    assert matrix(values(figure), "h-0").shape == (8, 2)


def test_one_sequence_is_made_a_batch_of_three_and_said_so():
    one, x = torch.nn.LSTM(3, 2), torch.randn(5, 1, 3)
    figure = draw("batch", trace(one, x))
    three = torch.cat([x.roll(-n, 0) for n in range(3)], dim=1)
    np.testing.assert_allclose(matrix(values(figure), "x-0"), three[0])
    assert "made of one sequence" in figure.scene.heading.source
    assert "of output.sum()" in said(figure)


def test_one_sequence_of_a_large_module_stays_one_row_and_is_said_so():
    figure = draw("batch", trace(torch.nn.LSTM(1, 300), torch.randn(2, 1, 1)))
    assert "1 sequence" in figure.scene.heading.subtitle
    assert any("one row" in note for note in figure.scene.heading.notes)


def test_a_large_weight_is_a_block_a_gate_and_its_gradient_is_printed():
    figure = Request("batch", Source(8, 8)).draw()
    found = values(figure)
    assert [k for k in found if k.startswith("weight_ih-0")] == []
    assert matrix(found, "weight_ih-grad").shape == (32, 8)
    for rows in ("0–7", "8–15", "16–23", "24–31"):
        assert f"rows {rows}" in said(figure)
