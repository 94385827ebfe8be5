"""Compare the cell of `custom-cell` with the module, with and without peepholes."""

import numpy as np
import pytest
import torch

import lstm_figs as lf
from lstm_figs.proof.preamble.peepholes import PEEPHOLES, run_own


@pytest.mark.parametrize("bias", [True, False])
@pytest.mark.parametrize(("input_size", "hidden_size"), [(1, 1), (3, 2), (1, 8), (8, 1), (8, 8)])
def test_without_peepholes_it_is_the_module(input_size, hidden_size, bias):
    lstm = torch.nn.LSTM(input_size, hidden_size, bias=bias).double()
    x = torch.randn(5, 1, input_size).double()
    trace = lf.trace(lstm, x)
    (own,) = run_own(trace.weights[0], trace.steps, (0, 0, 0))
    np.testing.assert_allclose(own, trace.output[:, 0], atol=1e-12)


def test_a_peephole_is_a_bias_that_grows_with_the_cell_state():
    """For one step from a given c, it equals torch's cell with such a bias."""
    torch.manual_seed(0)
    h, c, x = torch.randn(3, 1, 2).double()
    cell = torch.nn.LSTMCell(2, 2).double()
    trace = lf.trace(cell, x, (h, c))
    p_i, p_f, p_o = PEEPHOLES
    actual = run_own(trace.weights[0], trace.steps, PEEPHOLES)[0, 0]
    with torch.no_grad():
        cell.bias_ih[0:2] += p_i * c[0]
        cell.bias_ih[2:4] += p_f * c[0]
        _, after = cell(x, (h, c))
        cell.bias_ih[6:8] += p_o * after[0]
        expected, _ = cell(x, (h, c))
    np.testing.assert_allclose(actual, expected[0].numpy(), atol=1e-12)
