"""Compare the Jacobians of `independence` with autograd."""

import numpy as np
import pytest
import torch
from torch.autograd.functional import jacobian

from lstm_figs import draw, trace
from tests.proof import numbers, read, svg_of


def matrices(figure):
    """Both matrices as drawn: h by h_prev, and c by c_prev."""
    root = read(svg_of(figure))
    entries = {"h": {}, "c": {}}
    for number in numbers(root):
        state, *_, row, col = number.get("id").partition("--")[2].replace("_prev", "").split("-")
        value = float(number.get("data-value"))
        entries[state][int(row), int(col)] = value, number.text
    return entries


def fill_matrix(entries):
    """The matrix of entries with their places."""
    size = max(row for row, _ in entries) + 1
    matrix = np.empty((size, size))
    for place, (value, _) in entries.items():
        matrix[place] = value
    return matrix


@pytest.mark.parametrize("kind", [torch.nn.LSTM, torch.nn.LSTMCell])
@pytest.mark.parametrize("size", [1, 4])
def test_the_matrices_are_autograds(kind, size):
    torch.manual_seed(size)
    module, x = kind(3, size), torch.randn(1, 2, 3)
    state = (torch.randn(1, 2, size), torch.randn(1, 2, size))
    if kind is torch.nn.LSTMCell:
        x, state = x[0], (state[0][0], state[1][0])

    def step(h, c):
        after = module(x, (h, c))
        return after if kind is torch.nn.LSTMCell else after[1]

    first = (0, 0) if kind is torch.nn.LSTM else (0,)
    (h_by_h, _), (_, c_by_c) = jacobian(step, state)
    drawn_matrices = matrices(draw("independence", trace(module, x, state)))
    for name, theirs in (("h", h_by_h), ("c", c_by_c)):
        expected = theirs[first][(slice(None), *first)]
        np.testing.assert_allclose(fill_matrix(drawn_matrices[name]), expected, atol=1e-6)


def test_at_a_state_of_zeros_the_derivative_is_dense_and_the_values_are_not():
    torch.manual_seed(0)
    cell, x = torch.nn.LSTMCell(3, 4), torch.randn(1, 3)
    zero = torch.zeros(1, 4)
    drawn_matrices = matrices(draw("independence", trace(cell, x), step=1))
    expected = jacobian(lambda h: cell(x, (h, zero))[0], zero)[0, :, 0]
    assert expected.count_nonzero() == 16
    np.testing.assert_allclose(fill_matrix(drawn_matrices["h"]), expected, atol=1e-6)
    # At a state of zeros the value does not depend on the other units, but its
    # derivative does.
    before = cell(x, (zero, zero))
    with torch.no_grad():
        cell.weight_hh.mul_(torch.eye(4).repeat(4, 1))
    assert torch.equal(cell(x, (zero, zero))[0], before[0])
