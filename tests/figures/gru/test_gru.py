"""Compare the step of `gru` with `nn.GRUCell`."""

import numpy as np
import pytest
import torch

import lstm_figs as lf
from lstm_figs.errors import BeyondLimit
from lstm_figs.model.layer_run import LayerRun
from lstm_figs.proof.preamble.gru import mixed
from tests.layout_faults import faults
from tests.proof import prove
from tests.trained_modules import trained_trace


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
        actual = [float(mixed(subject, t, unit).h.value) for unit in range(hidden_size)]
        np.testing.assert_allclose(actual, after.detach(), atol=1e-12)


def test_both_have_the_same_sums_of_the_first_two_bands():
    subject = LayerRun(lf.trace(module(3, 2), torch.randn(3, 1, 3).double()))
    step = mixed(subject, 1, 0)
    for band, gate in {"r": "z_i", "z": "z_f"}.items():
        own = getattr(subject.steps[1], gate)[0, 0]
        assert float(step.sums[band].value) == pytest.approx(float(own))
    assert float(step.sums["n"].value) != pytest.approx(float(subject.steps[1].z_g[0, 0]))


def test_a_projection_is_refused():
    trace = lf.trace(module(3, 4, proj_size=2), torch.randn(3, 1, 3).double())
    with pytest.raises(BeyondLimit, match="without a projection"):
        lf.draw("gru", trace)


@pytest.mark.parametrize("size", [(40, 256), (1, 600)], ids=str)
def test_a_large_module_is_drawn_too(size):
    trace, namespace = trained_trace(*size)
    for width in (720, 360):
        figure = lf.draw("gru", trace, width=width, unit=size[1] - 1)
        assert faults(figure.sheet) == []
    svg = figure.render("svg", "light").decode()
    assert prove(svg, namespace) == len(figure.numbers())
