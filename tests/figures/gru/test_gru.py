"""Compare the step of `gru` with `nn.GRUCell`."""

import numpy as np
import pytest
import torch

import lstm_figs as lf
from lstm_figs.model.layer_run import LayerRun
from lstm_figs.proof.preamble.gru import gru_step


def module(input_size, hidden_size, **more):
    torch.manual_seed(0)
    return torch.nn.LSTM(input_size, hidden_size, **more).double()


@pytest.mark.parametrize("bias", [True, False])
@pytest.mark.parametrize(("input_size", "hidden_size"), [(1, 1), (3, 2), (1, 8), (8, 8)])
def test_a_step_is_that_of_a_gru_with_the_rows_of_i_f_and_g(input_size, hidden_size, bias):
    lstm = module(input_size, hidden_size, bias=bias)
    x = torch.randn(4, 2, input_size).double()
    subject = LayerRun(lf.trace(lstm, x))
    gru = torch.nn.GRUCell(input_size, hidden_size, bias=bias).double()
    gru.load_state_dict(
        {
            name.removesuffix("_l0"): rows[: 3 * hidden_size]
            for name, rows in lstm.state_dict().items()
        }
    )
    for t, step in enumerate(subject.steps):
        after = gru(x[t, :1], torch.from_numpy(step.h_prev[:1]))[0]
        actual = [float(gru_step(subject, t, unit).h.value) for unit in range(hidden_size)]
        np.testing.assert_allclose(actual, after.detach(), atol=1e-12)
