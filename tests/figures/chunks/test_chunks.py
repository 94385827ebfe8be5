"""Check with autograd where `chunks` cuts the gradient."""

import numpy as np
import pytest
import torch

import lstm_figs as lf
from lstm_figs.sources import Source
from tests.proof import numbers, read


def drawn_norms(trace):
    """Both rows of norms; the initial state comes first."""
    svg = lf.draw("chunks", trace).render("svg", "light").decode()
    rows = {"handed": [], "detached": []}
    for number in numbers(read(svg)):
        name, k = number.get("id").partition("--")[2].split("-")
        rows[name].append((int(k), float(number.get("data-value"))))
    return {name: [v for _, v in sorted(row)] for name, row in rows.items()}


@pytest.mark.parametrize("seq_len", [2, 5, 8])
def test_the_gradient_is_cut_where_the_state_is_detached(seq_len):
    torch.manual_seed(seq_len)
    lstm, x = torch.nn.LSTM(3, 4), torch.randn(seq_len, 1, 3)
    rows, first = drawn_norms(lf.trace(lstm, x)), seq_len // 2
    for name in rows:
        inputs = x.clone().requires_grad_()
        _, state = lstm(inputs[:first])
        if name == "detached":
            state = tuple(part.detach() for part in state)
        lstm(inputs[first:], state)[0].sum().backward()
        norms = inputs.grad[:, 0].norm(dim=1)
        np.testing.assert_allclose(rows[name][1:], norms, atol=1e-6)
    assert rows["detached"][: first + 1] == [0.0] * (first + 1)
    assert all(rows["handed"])
    assert rows["handed"][first + 1 :] == rows["detached"][first + 1 :]


def test_with_one_step_the_given_state_is_what_detach_cuts_off():
    rows = drawn_norms(Source(3, 2, seq_len=1).trace())
    assert rows["detached"][0] == 0
    assert rows["handed"][0] > 0
    assert rows["handed"][1] == rows["detached"][1]


def test_a_learned_first_state_receives_what_the_figure_says():
    torch.manual_seed(4)
    lstm, x = torch.nn.LSTM(3, 4), torch.randn(4, 1, 3)
    first = [torch.randn(1, 1, 4).requires_grad_() for _ in range(2)]
    _, after = lstm(x[:2], tuple(first))
    lstm(x[2:], after)[0].sum().backward()
    norm = torch.cat([part.grad for part in first], dim=2).norm()
    hx = tuple(part.detach() for part in first)
    np.testing.assert_allclose(
        drawn_norms(lf.trace(lstm, x, hx))["handed"][0], norm.item(), atol=1e-6
    )


def test_no_state_is_zeros_bit_for_bit():
    lstm, x = torch.nn.LSTM(3, 4), torch.randn(4, 2, 3)
    zeros = torch.zeros(1, 2, 4), torch.zeros(1, 2, 4)
    assert torch.equal(lstm(x)[0], lstm(x, zeros)[0])
