"""Compare derivatives with autograd."""

import numpy as np
import pytest
import torch
from torch.autograd.functional import jacobian

import lstm_figs
from lstm_figs.model.gradients.derivatives import dc_dc_prev, dh_dh_prev
from lstm_figs.model.layer_run import LayerRun
from lstm_figs.model.lstm import run
from lstm_figs.proof.preamble.write import preamble
from tests.run_cases import RUNS
from tests.test_lstm import module_of


def close(actual, expected):
    """Whether derivatives equal torch's up to rounding; checks their `scale` as well."""
    expected = np.asarray(expected)
    assert actual.value.shape == actual.scale.shape == expected.shape
    assert (actual.scale * (1 + 1e-6) >= abs(actual.value)).all()
    difference = abs(actual.value - expected)
    return bool(np.all(difference <= 1e-5 * np.maximum(1, actual.scale)))


@pytest.mark.parametrize("case", RUNS)
def test_both_jacobians_of_a_step_are_autograds(case):
    weights, x, h_0, c_0 = case.make(weights=3, x=2)
    *_, step = run(weights, x, h_0[None], c_0[None]).steps
    cell = module_of(weights, torch.nn.LSTMCell)
    all_expected = []
    for n in range(len(step.x)):
        x, h, c = (torch.from_numpy(a[n]) for a in (step.x, step.h_prev, step.c_prev))
        (dh_dh, _), (_, dc_dc) = jacobian(lambda h, c, x=x: cell(x, (h, c)), (h, c))
        all_expected.append((dh_dh, dc_dc))
    all_actual = dh_dh_prev(weights, step), dc_dc_prev(weights, step)
    for actual, expected in zip(all_actual, zip(*all_expected, strict=True), strict=True):
        assert close(actual, torch.stack(expected))


NAMES = ["dh_dh_prev", "dc_dc_prev", "grad_bias_ih"]
"""Variables of preambles; the first two are computed together."""


@pytest.mark.parametrize("kind", [torch.nn.LSTM, torch.nn.LSTMCell])
def test_a_preamble_names_derivatives_only_when_they_are_asked_for(kind):
    x = torch.ones(4, 2, 3) if kind is torch.nn.LSTM else torch.ones(2, 3)
    trace = lstm_figs.trace(kind(3, 2), x)
    for requested in NAMES:
        names = {}
        exec(preamble(LayerRun(trace), [f"{requested}[0]"]), names)
        assert requested in names
        assert ("dh_dh_prev" in names) == ("prev" in requested)
        assert ("grad_bias_ih" in names) == ("grad" in requested)
    names = {}
    exec(preamble(LayerRun(trace), ["output[0]", "i[0]"]), names)
    assert not names.keys() & set(NAMES)
