import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch.autograd.functional import jacobian

import lstm_figs
from lstm_figs.gradients import dc_dc_prev, dh_dh_prev, sum_gradients
from lstm_figs.lstm import Weights, run
from lstm_figs.preamble import preamble
from lstm_figs.proof import Subject
from lstm_figs.sources import EXAMPLE
from tests import strategies
from tests.test_lstm import module_of, states


def close(ours, theirs):
    theirs = np.asarray(theirs)
    assert ours.value.shape == ours.addends.shape == theirs.shape
    difference = abs(ours.value - theirs)
    return bool(np.all(difference <= 1e-5 * np.maximum(1, ours.addends)))


def run_of(data, weights, seq_len=3):
    batch_size = data.draw(strategies.batch_sizes)
    shape = (seq_len, batch_size, weights.input_size)
    x = data.draw(strategies.arrays(*shape, largest=2))
    h_0, c_0 = states(data, weights, batch_size)
    return run(weights, x, h_0[None], c_0[None])


@settings(max_examples=40)
@given(strategies.weights(largest=3), st.data())
def test_both_jacobians_of_a_step_are_autograds(weights, data):
    step = run_of(data, weights).steps[-1]
    cell = module_of(weights, torch.nn.LSTMCell)
    h_by_h, c_by_c = dh_dh_prev(weights, step), dc_dc_prev(weights, step)
    theirs = []
    for n in range(len(step.x)):
        x, h, c = (
            torch.from_numpy(a[n]) for a in (step.x, step.h_prev, step.c_prev)
        )
        rows = jacobian(lambda h, c, x=x: cell(x, (h, c)), (h, c))
        theirs.append((rows[0][0], rows[1][1]))
    ours = (h_by_h, c_by_c)
    for one, pair in zip(ours, zip(*theirs, strict=True), strict=True):
        assert close(one, torch.stack(pair))


@settings(max_examples=40)
@given(strategies.weights(largest=3), strategies.seq_lens, st.data())
def test_gradients_of_the_summed_output_are_autograds(weights, seq_len, data):
    trace = run_of(data, weights, seq_len)
    ours = sum_gradients(weights, trace.steps)
    module = module_of(weights).requires_grad_(True)
    first = trace.steps[0]
    state = [torch.from_numpy(a)[None] for a in (first.h_prev, first.c_prev)]
    output, _ = module(torch.from_numpy(trace.x), tuple(state))
    tensors = list(module.parameters())
    each = [
        torch.autograd.grad(output[:, n].sum(), tensors, retain_graph=True)
        for n in range(output.shape[1])
    ]
    whole = torch.autograd.grad(output.sum(), tensors)
    assert list(ours) == list(weights.parameters())
    for k, one in enumerate(ours.values()):
        assert close(one, torch.stack([grads[k] for grads in each]))
        summed = type(one)(one.value.sum(0), one.addends.sum(0))
        assert close(summed, whole[k])


@settings(max_examples=40)
@given(strategies.weights(largest=3), st.data())
def test_c_by_c_prev_is_exactly_diagonal_and_equals_f(weights, data):
    for step in run_of(data, weights).steps:
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
    weights = Weights(
        EXAMPLE.weight_ih, apart.reshape(8, 2), EXAMPLE.bias_ih, EXAMPLE.bias_hh
    )
    value = dh_dh_prev(weights, example_steps()[1]).value[0]
    assert value.diagonal().all()
    assert np.count_nonzero(value) == 2


def test_both_biases_have_one_gradient():
    ours = sum_gradients(EXAMPLE, example_steps())
    np.testing.assert_array_equal(ours["bias_ih"].value, ours["bias_hh"].value)


def test_the_addends_are_never_less_than_the_derivative():
    for step in example_steps():
        found = dh_dh_prev(EXAMPLE, step)
        assert (found.addends * (1 + 1e-6) >= abs(found.value)).all()


NAMES = ["dh_dh_prev", "dc_dc_prev", "grad_ih", "grad_ih_each"]


@pytest.mark.parametrize("kind", [torch.nn.LSTM, torch.nn.LSTMCell])
def test_a_preamble_names_derivatives_only_when_they_are_asked_for(kind):
    x = torch.ones(4, 2, 3) if kind is torch.nn.LSTM else torch.ones(2, 3)
    trace = lstm_figs.trace(kind(3, 2), x)
    for asked in NAMES:
        names = {}
        exec(preamble(Subject(trace), [f"{asked}[0]"]), names)
        assert asked in names
        assert ("dh_dh_prev" in names) == ("prev" in asked)
        assert ("grad_ih" in names) == ("grad" in asked)
    names = {}
    exec(preamble(Subject(trace), ["output[0]", "i[0]"]), names)
    assert not names.keys() & set(NAMES)
