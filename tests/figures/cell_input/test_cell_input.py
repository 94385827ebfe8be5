"""Compare the sums of `cell-input` with torch, and check their rows."""

import pytest
import torch

import lstm_figs
from lstm_figs.scene.marks import Group, Path, Text, walk

torch.manual_seed(3)
LSTM = torch.nn.LSTM(3, 2)
X = torch.randn(4, 1, 3)


def draw(module, **options):
    return lstm_figs.draw("cell-input", lstm_figs.trace(module, X), **options)


def values(figure, prefix):
    return torch.tensor([n.number.value for n in figure.numbers() if n.id.startswith(prefix)])


@pytest.mark.parametrize("step", [1, 2, 4])
def test_each_row_is_one_sum(step):
    figure = draw(LSTM, step=step)
    output, _ = LSTM(X)
    h_prev = output[step - 2, 0] if step > 1 else torch.zeros(2)
    ih = LSTM.weight_ih_l0 @ X[step - 1, 0]
    hh = LSTM.weight_hh_l0 @ h_prev
    z = ih + LSTM.bias_ih_l0 + hh + LSTM.bias_hh_l0
    for prefix, expected in (
        ("x-", X[step - 1, 0]),
        ("h_prev-", h_prev),
        ("ih-", ih),
        ("bias_ih-", LSTM.bias_ih_l0),
        ("hh-", hh),
        ("bias_hh-", LSTM.bias_hh_l0),
        ("z-", z),
    ):
        torch.testing.assert_close(values(figure, prefix), expected.detach())


def test_numbers_of_a_row_stand_on_one_line():
    figure = draw(LSTM, step=2)
    for row in range(8):
        lines = {
            n.y
            for n in figure.numbers()
            if n.id.endswith(f"-{row}") and not n.id.startswith(("x-", "h_"))
        }
        assert len(lines) == 1


def test_both_vectors_have_an_arrow_to_every_band():
    arrows = {
        mark.term
        for mark in walk(draw(LSTM).sheet.marks)
        if isinstance(mark, Group) and mark.marks and isinstance(mark.marks[0], Path)
    }
    assert arrows >= {f"{name} {gate}" for name in ("x", "h_prev") for gate in "ifgo"}


def test_chunk_names_the_parts_of_the_sum():
    texts = [m.content for m in walk(draw(LSTM).sheet.marks) if isinstance(m, Text)]
    assert any("z.chunk(4)" in text for text in texts)
    assert {f"z_{{{gate}}}" for gate in "ifgo"} <= set(texts)


def test_without_bias_there_is_no_bias_column():
    figure = draw(torch.nn.LSTM(3, 2, bias=False))
    assert values(figure, "bias").numel() == 0
    assert "bias" not in {m.term for m in walk(figure.sheet.marks)}
    assert "no bias" in " ".join(map(str, figure.scene.heading.notes))


def test_the_description_says_every_row():
    description = lstm_figs.draw("cell-input", step=2).scene.description
    assert "Gate g, row 4: 2.00 + −0.08 + −0.25 + −0.50 = 1.17." in description
