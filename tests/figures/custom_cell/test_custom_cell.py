"""Compare the peepholes of `custom-cell` with biases of the module."""

import numpy as np
import torch

import lstm_figs as lf
from lstm_figs.proof.preamble.peepholes import PEEPHOLES, run_own


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
