import numpy as np
import pytest
import torch
from torch.autograd.functional import jacobian

import lstm_figs
from lstm_figs.model.gradients.derivatives import dc_dc_prev, dh_dh_prev
from lstm_figs.model.layer_run import LayerRun
from lstm_figs.model.lstm import Weights, run
from lstm_figs.proof.preamble.write import preamble
from lstm_figs.sources.example import EXAMPLE
from tests.run_cases import RUNS
from tests.test_lstm import module_of

every_run = pytest.mark.parametrize("case", RUNS)


def close(actual, expected):
    expected = np.asarray(expected)
    assert actual.value.shape == actual.scale.shape == expected.shape
    difference = abs(actual.value - expected)
    return bool(np.all(difference <= 1e-5 * np.maximum(1, actual.scale)))


def run_of(case):
    weights, x, h_0, c_0 = case.make(weights=3, x=2)
    return weights, run(weights, x, h_0[None], c_0[None]).steps


@every_run
def test_both_jacobians_of_a_step_are_autograds(case):
    weights, (*_, step) = run_of(case)
    cell = module_of(weights, torch.nn.LSTMCell)
    h_by_h, c_by_c = dh_dh_prev(weights, step), dc_dc_prev(weights, step)
    all_expected = []
    for n in range(len(step.x)):
        x, h, c = (torch.from_numpy(a[n]) for a in (step.x, step.h_prev, step.c_prev))
        rows = jacobian(lambda h, c, x=x: cell(x, (h, c)), (h, c))
        all_expected.append((rows[0][0], rows[1][1]))
    all_actual = (h_by_h, c_by_c)
    for actual, expected in zip(all_actual, zip(*all_expected, strict=True), strict=True):
        assert close(actual, torch.stack(expected))


@every_run
def test_c_by_c_prev_is_exactly_diagonal_and_equals_f(case):
    weights, steps = run_of(case)
    for step in steps:
        value = dc_dc_prev(weights, step).value
        expected = np.stack([np.diag(f) for f in step.f])
        np.testing.assert_array_equal(value, expected)


def example_steps():
    x = np.eye(3, dtype=np.float32)[[0, 1, 2, 0], None]
    return run(EXAMPLE, x).steps


def test_h_by_h_prev_has_no_zero_in_the_example():
    for step in example_steps():
        assert dh_dh_prev(EXAMPLE, step).value.all()


def test_units_without_weights_between_them_are_independent():
    apart = EXAMPLE.weight_hh.reshape(4, 2, 2) * np.eye(2, dtype=np.float32)
    weights = Weights(EXAMPLE.weight_ih, apart.reshape(8, 2), EXAMPLE.bias_ih, EXAMPLE.bias_hh)
    value = dh_dh_prev(weights, example_steps()[1]).value[0]
    assert value.diagonal().all()
    assert np.count_nonzero(value) == 2


def test_the_addends_are_never_less_than_the_derivative():
    for step in example_steps():
        derivative = dh_dh_prev(EXAMPLE, step)
        assert (derivative.scale * (1 + 1e-6) >= abs(derivative.value)).all()


NAMES = ["dh_dh_prev", "dc_dc_prev", "grad_bias_ih"]


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
