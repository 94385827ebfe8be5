import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch.autograd.functional import jacobian

import lstm_figs
from lstm_figs.model.gradients.derivatives import (
    dc_dc_prev,
    dh_dh_prev,
    each_gradient,
    weight_gradient,
)
from lstm_figs.model.gradients.through_time import z_gradients
from lstm_figs.model.lstm import Weights, run
from lstm_figs.proof.preamble.write import preamble
from lstm_figs.proof.subject import Subject
from lstm_figs.sources.example import EXAMPLE
from tests import strategies
from tests.test_lstm import module_of, states


def close(ours, theirs):
    theirs = np.asarray(theirs)
    assert ours.value.shape == ours.scale.shape == theirs.shape
    difference = abs(ours.value - theirs)
    return bool(np.all(difference <= 1e-5 * np.maximum(1, ours.scale)))


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


def by_both_weights(weights, steps):
    """By weight_ih and weight_hh: for each sequence, and for all."""
    z = z_gradients(weights, steps)
    factors = [
        np.stack([getattr(s, n) for s in steps]) for n in ("x", "h_prev")
    ]
    each = [each_gradient(z, factor) for factor in factors]
    return each, [weight_gradient(z, factor) for factor in factors]


def theirs(weights, trace):
    module = module_of(weights).requires_grad_(True)
    first = trace.steps[0]
    state = [torch.from_numpy(a)[None] for a in (first.h_prev, first.c_prev)]
    output, _ = module(torch.from_numpy(trace.x), tuple(state))
    tensors = list(module.parameters())[:2]
    each = [
        torch.autograd.grad(output[:, n].sum(), tensors, retain_graph=True)
        for n in range(output.shape[1])
    ]
    return (
        list(map(torch.stack, zip(*each, strict=True))),
        torch.autograd.grad(output.sum(), tensors),
    )


@settings(max_examples=40)
@given(strategies.weights(largest=3), strategies.seq_lens, st.data())
def test_gradients_of_the_summed_output_are_autograds(weights, seq_len, data):
    trace = run_of(data, weights, seq_len)
    each, whole = by_both_weights(weights, trace.steps)
    their_each, their_whole = theirs(weights, trace)
    for k in range(2):
        assert close(each[k], their_each[k])
        assert close(whole[k], their_whole[k])
        np.testing.assert_allclose(
            each[k].value.sum(0), whole[k].value, rtol=1e-4, atol=1e-4
        )


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


def trained(sizes, seed, spread=0.5, outliers=40):
    """Weights as training leaves them: most are small, a few are not."""
    input_size, hidden_size = sizes
    random = np.random.default_rng(seed)
    shapes = [(4 * hidden_size, n) for n in (input_size, hidden_size)]
    arrays = []
    for shape in (*shapes, *[(4 * hidden_size,)] * 2):
        array = random.normal(0, spread, shape).astype(np.float32)
        places = random.integers(0, array.size, 5)
        array.reshape(-1)[places] = random.choice((-outliers, outliers), 5)
        arrays.append(array)
    return Weights(*arrays)


def thirtyfold(sizes, seed):
    """PyTorch's default initialisation, 30 times as large."""
    torch.manual_seed(seed)
    module = torch.nn.LSTM(*sizes)
    return Weights(*(30 * p.detach().numpy() for p in module.parameters()))


@pytest.mark.parametrize("make", [trained, thirtyfold])
@pytest.mark.parametrize(
    ("sizes", "count"), [((3, 2), 20), ((8, 8), 20), ((16, 64), 4)]
)
def test_rounding_moves_gradients_of_strong_weights_within_their_scale(
    make, sizes, count
):
    for seed in range(count):
        weights = make(sizes, seed)
        random = np.random.default_rng(seed)
        x = random.normal(size=(8, 3, sizes[0])).astype(np.float32)
        trace = run(weights, x)
        ours = by_both_weights(weights, trace.steps)
        for (one, _), (their, _) in zip(
            ours, theirs(weights, trace), strict=True
        ):
            least = np.maximum(1, abs(one.value))
            allowed = 1e-6 * np.maximum(least, one.scale)
            assert np.all(abs(one.value - their.numpy()) <= allowed)
            assert np.median(one.scale) < 1e4


def test_the_addends_are_never_less_than_the_derivative():
    for step in example_steps():
        found = dh_dh_prev(EXAMPLE, step)
        assert (found.scale * (1 + 1e-6) >= abs(found.value)).all()


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
