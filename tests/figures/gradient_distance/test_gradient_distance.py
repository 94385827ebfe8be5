"""Compare the gradients of `gradient-distance` with autograd."""

from dataclasses import replace

import numpy as np
import pytest
import torch

import lstm_figs as lf
from lstm_figs.capture.distance import record
from lstm_figs.model.layer_run import LayerRun
from lstm_figs.scene.marks import Path, walk
from tests.figures import run_preamble


def norms(trace):
    return record(LayerRun(trace), {}).values["norms"]


@pytest.mark.parametrize("untrained", [True, False], ids=["untrained", "given"])
@pytest.mark.parametrize("arguments", [{}, {"bias": False}, {"proj_size": 3}])
def test_the_equations_yield_what_autograd_does_however_small(arguments, untrained):
    torch.manual_seed(2)
    module = torch.nn.LSTM(3, 8, **arguments)
    hx = torch.randn(1, 1, module.proj_size or 8), torch.randn(1, 1, 8)
    trace = lf.trace(module, torch.randn(60, 1, 3), hx)
    trace = replace(trace, origin=trace.origin._replace(untrained=untrained))
    actual = norms(trace)
    names = run_preamble(lf.draw("gradient-distance", trace))
    assert [*actual] == [*names["norms"]]
    for key, expected in names["norms"].items():
        np.testing.assert_allclose(actual[key], expected, rtol=1e-9)
    assert 0 < actual["RNN" if untrained else "new"][0] < 1e-12


def test_only_new_weights_are_compared_with_an_rnn_and_more_bias():
    for network, title, runs in (
        ("example", "A forget bias lets a gradient reach further", 5),
        ("brackets", "A gradient reaches further than in a new LSTM", 2),
    ):
        figure = lf.draw("gradient-distance", network=network)
        assert figure.scene.heading.title.text == title
        lines = [mark for mark in walk(figure.scene.marks) if mark.id.startswith("norms-")]
        assert len(lines) == runs


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
    lines = {mark.id: mark.d for mark in walk(figure.scene.marks) if isinstance(mark, Path)}
    # The new LSTM has a point for each of four steps.
    assert len(lines["norms-new"]) > 3
    assert "norms-0" not in lines
    assert figure.render("svg", "light")
