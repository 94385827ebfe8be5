"""Compare gradients over many steps with autograd."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from lstm_figs.capture import weights_of
from lstm_figs.model.gradients.through_time import through_time, z_gradients
from lstm_figs.model.lstm import run
from tests.live_modules import Live
from tests.run_cases import RUNS
from tests.test_lstm import module_of
from tests.trained_modules import trained


def check_close(all_actual, all_expected):
    """Compare gradients, each with its scale, with those of autograd."""
    for (value, allowed), expected in zip(all_actual, all_expected, strict=True):
        assert (abs(value - expected.numpy()) <= 1e-6 * np.maximum(1, allowed)).all()


@pytest.mark.parametrize("case", RUNS)
def test_what_reaches_each_step_is_autograds(case):
    weights, x, *first = case.make(weights=2, x=2)
    trace = run(weights, x, *(state[None] for state in first))
    of_h, of_c = np.random.RandomState(case.seed).uniform(-1, 1, (2, len(x)))
    flow = through_time(weights, trace.steps, of_h, of_c)

    cell = module_of(weights, torch.nn.LSTMCell)
    inputs = torch.from_numpy(x).requires_grad_()
    state = [torch.from_numpy(s).clone().requires_grad_() for s in first]
    states, loss = [state], torch.zeros(())
    for t, x_t in enumerate(inputs):
        states.append(cell(x_t, tuple(states[-1])))
        h, c = states[-1]
        loss = loss + h.sum() * float(of_h[t]) + c.sum() * float(of_c[t])
    h_0, c_0 = states[0]
    leaves = (inputs, h_0, c_0, *(c for _, c in states[1:]))
    all_expected = torch.autograd.grad(loss, leaves, materialize_grads=True)
    all_actual = [
        flow.x,
        *([part[0] for part in both] for both in (flow.h_prev, flow.c_prev)),
        *zip(*flow.c, strict=True),
    ]
    check_close(all_actual, all_expected)


PROJECTED = Live(hidden_size=6, proj_size=2, seq_len=8, batch_size=2, has_state=True)


@pytest.mark.parametrize("factor", [1, 4, 20])
@pytest.mark.parametrize(
    "case",
    [
        PROJECTED,
        replace(PROJECTED, proj_size=1, bias=False, batch_size=1),
        replace(PROJECTED, proj_size=5, seq_len=1, input_size=1),
    ],
)
def test_what_reaches_each_step_through_a_projection_is_autograds(case, factor):
    module, x, (h_0, c_0) = case.make().values()
    with torch.no_grad():
        for parameter in module.parameters():
            parameter.mul_(2 * factor)
    for tensor in (x, h_0, c_0):
        tensor.requires_grad_()
    weights = weights_of(module)[0]
    trace = run(weights, *(t.detach().numpy() for t in (x, h_0, c_0)))
    flow = through_time(weights, trace.steps, np.ones(len(x)), np.zeros(len(x)))
    all_expected = torch.autograd.grad(module(x, (h_0, c_0))[0].sum(), (x, h_0, c_0))
    ends = (flow.h_prev, flow.c_prev)
    all_actual = [flow.x, *([part[:1] for part in both] for both in ends)]
    check_close(all_actual, all_expected)


@pytest.mark.parametrize("is_trained", [False, True])
@pytest.mark.parametrize(("sizes", "count"), [((3, 2), 20), ((8, 8), 20), ((16, 64), 4)])
def test_rounding_moves_gradients_of_strong_weights_within_their_scale(is_trained, sizes, count):
    for seed in range(count):
        torch.manual_seed(seed)
        module = trained(*sizes, seed) if is_trained else torch.nn.LSTM(*sizes)
        with torch.no_grad():
            for parameter in module.parameters():
                parameter.mul_(1 if is_trained else 30)
        (weights,) = weights_of(module)
        x = np.random.RandomState(seed).normal(size=(8, 3, sizes[0])).astype(np.float32)
        value, scale = z_gradients(weights, run(weights, x).steps)
        value, scale = value.sum((0, 1)), np.sqrt(np.square(scale).sum((0, 1)))
        output, _ = module(torch.from_numpy(x))
        (theirs,) = torch.autograd.grad(output.sum(), [module.bias_ih_l0])
        allowed = 1e-6 * np.maximum(np.maximum(1, abs(value)), scale)
        assert np.all(abs(value - theirs.numpy()) <= allowed)
        assert np.median(scale) < 1e4
