"""Compare the gradients of `gradient-distance` with autograd."""

import numpy as np
import pytest
import torch

import lstm_figs as lf
from lstm_figs.capture.distance import record
from lstm_figs.model.layer_run import LayerRun
from lstm_figs.scene.marks import Path, walk
from tests.figures import run_preamble

MODULE_ARGUMENTS = [{}, {"bias": False}, {"proj_size": 3}]


def norms(trace):
    return record(LayerRun(trace), {}).values["norms"]


@pytest.mark.parametrize("arguments", MODULE_ARGUMENTS)
def test_the_equations_yield_what_autograd_does_however_small(arguments):
    torch.manual_seed(2)
    module = torch.nn.LSTM(3, 8, **arguments)
    hx = torch.randn(1, 1, module.proj_size or 8), torch.randn(1, 1, 8)
    trace = lf.trace(module, torch.randn(60, 1, 3), hx)
    actual = norms(trace)
    names = run_preamble(lf.draw("gradient-distance", trace))
    assert [*actual] == [*names["norms"]]
    for key, expected in names["norms"].items():
        np.testing.assert_allclose(actual[key], expected, rtol=1e-9)
    assert 0 < actual["RNN"][0] < 1e-12


@pytest.mark.parametrize("name", ["autograd", "gradient-distance"])
def test_the_random_state_of_torch_is_left_alone(name):
    torch.manual_seed(3)
    before = torch.random.get_rng_state()
    lf.draw(name)
    assert torch.equal(before, torch.random.get_rng_state())


def test_a_gradient_of_zero_leaves_the_chart_empty():
    lstm = torch.nn.LSTM(3, 2)
    with torch.no_grad():
        for parameter in lstm.parameters():
            parameter.zero_()
    figure = lf.draw("gradient-distance", lf.trace(lstm, torch.ones(4, 1, 3)))
    lines = {m.id: m.d for m in walk(figure.scene.marks) if isinstance(m, Path)}
    assert len(lines["norms-RNN"]) > 60
    assert "norms-0" not in lines
    assert figure.render("svg", "light")
