"""Compare the equations in NumPy with torch."""

import warnings

import numpy as np
import pytest
import torch

from lstm_figs.errors import ShapeError, UsageError
from lstm_figs.model.lstm import GATES, Weights, run, sigmoid, step
from tests.run_cases import RUNS


def module_of(weights, kind=torch.nn.LSTM):
    """A module of torch with these weights."""
    suffix = "_l0" if kind is torch.nn.LSTM else ""
    module = kind(weights.input_size, weights.hidden_size, bias=weights.bias_ih is not None)
    module.load_state_dict(
        {f"{name}{suffix}": torch.from_numpy(array) for name, array in weights.parameters().items()}
    )
    return module.requires_grad_(False)


def close(actual, expected, scale):
    expected = expected.numpy()
    allowed = 1e-6 * np.maximum(max(1, scale), abs(expected))
    assert actual.shape == expected.shape
    return bool(np.all(abs(actual - expected) <= allowed))


@pytest.mark.parametrize("case", RUNS)
def test_a_step_equals_torch_and_so_does_each_gate(case):
    weights, (x, *_), h_prev, c_prev = case.make(weights=20, x=20)
    actual = step(weights, x, h_prev, c_prev)
    cell = module_of(weights, torch.nn.LSTMCell)
    tensors = [torch.from_numpy(a) for a in (x, h_prev, c_prev)]
    h, c = cell(tensors[0], (tensors[1], tensors[2]))
    assert close(actual.h, h, actual.scale)
    assert close(actual.c, c, actual.scale)

    linear = torch.nn.functional.linear
    z = linear(tensors[0], cell.weight_ih, cell.bias_ih) + linear(
        tensors[1], cell.weight_hh, cell.bias_hh
    )
    biases = [b for b in (weights.bias_ih, weights.bias_hh) if b is not None]
    sizes = (
        abs(x) @ abs(weights.weight_ih).T
        + abs(h_prev) @ abs(weights.weight_hh).T
        + sum(map(abs, biases))
    )
    assert sizes.max() <= actual.scale * (1 + 1e-5) + 1e-9
    for gate, z_gate in zip(GATES, z.chunk(4, dim=1), strict=True):
        function = torch.tanh if gate == "g" else torch.sigmoid
        assert close(getattr(actual, f"z_{gate}"), z_gate, actual.scale)
        assert close(getattr(actual, gate), function(z_gate), actual.scale)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_sigmoid_neither_overflows_nor_warns(dtype):
    # The largest have an exponential that is just finite or infinite, or nearly 0.
    some = [0, 1e-45, 1e-38, 1e-8, 0.1, 1, 16, 17, 36, 37, 88, 89, 103, 104]
    some += [709, 710, 745, 746, 3e38, np.inf]
    z = np.array([*some, *np.negative(some)], dtype)
    with warnings.catch_warnings(), np.errstate(over="raise", invalid="raise"):
        warnings.simplefilter("error")
        result = sigmoid(z)
    assert result.dtype == dtype
    np.testing.assert_allclose(result, torch.sigmoid(torch.from_numpy(z)), rtol=0, atol=1e-6)


def test_nan_stays_nan_without_a_warning():
    weights = Weights(np.ones((4, 1)), np.full((4, 1), np.inf))
    zero = np.zeros((1, 1))
    assert np.isnan(sigmoid(np.array([np.nan]))).all()
    assert np.isnan(step(weights, np.ones((1, 1)), zero, zero).h).all()


def zeros(*shape):
    return np.zeros(shape, np.float32)


VALID_WEIGHTS = Weights(zeros(8, 3), zeros(8, 2))
SHAPES = [
    ("weight_ih", lambda: Weights(zeros(6, 3), zeros(8, 2)), (6, 3), (8, 3)),
    ("weight_hh", lambda: Weights(zeros(8, 3), zeros(6, 2)), (6, 2), (8, 2)),
    ("bias_ih", lambda: Weights(zeros(8, 3), zeros(8, 2), zeros(4), zeros(8)), (4,), (8,)),
    ("bias_hh", lambda: Weights(zeros(8, 3), zeros(8, 2), zeros(8), zeros(8, 1)), (8, 1), (8,)),
    ("x", lambda: step(VALID_WEIGHTS, zeros(1, 4), zeros(1, 2), zeros(1, 2)), (1, 4), (1, 3)),
    ("h_prev", lambda: step(VALID_WEIGHTS, zeros(2, 3), zeros(1, 2), zeros(2, 2)), (1, 2), (2, 2)),
    ("c_prev", lambda: step(VALID_WEIGHTS, zeros(2, 3), zeros(2, 2), zeros(2, 3)), (2, 3), (2, 2)),
    ("the input", lambda: run(VALID_WEIGHTS, zeros(4, 3)), (4, 3), "seq_len, batch, 3"),
    ("the input", lambda: run(VALID_WEIGHTS, zeros(0, 1, 3)), (0, 1, 3), "one step"),
    ("the input", lambda: run(VALID_WEIGHTS, zeros(4, 0, 3)), (4, 0, 3), "one step"),
]
"""Tensor, a call that gets a wrong shape of it, this shape, and the right one."""


@pytest.mark.parametrize(("name", "build", "got", "expected"), SHAPES)
def test_a_wrong_shape_is_named_with_the_right_one(name, build, got, expected):
    with pytest.raises(ShapeError) as raised:
        build()
    message = str(raised.value)
    assert message.startswith(f"{name} has shape {got}, expected ")
    assert str(expected) in message
    assert "\n" not in message


@pytest.mark.parametrize("got", [None, 5, [[1.0]], np.zeros((4, 1, 3), int), torch.zeros(4, 1, 3)])
def test_what_is_no_array_of_floats_is_refused(got):
    for build in (
        lambda: run(VALID_WEIGHTS, got),
        lambda: step(VALID_WEIGHTS, got, zeros(1, 2), zeros(1, 2)),
        lambda: Weights(got, zeros(8, 2)),
    ):
        with pytest.raises(UsageError, match="expected a NumPy array of float"):
            build()
    with pytest.raises(UsageError, match="as weights, expected Weights"):
        run(got if isinstance(got, list) else [got], zeros(4, 1, 3))


@pytest.mark.parametrize(
    ("arrays", "message"),
    [
        ([zeros(8, 0), zeros(8, 2)], "sizes of at least 1"),
        (
            [zeros(8, 3), zeros(8, 2), zeros(8)],
            "one of bias_ih and bias_hh, expected both or neither; pass zeros",
        ),
        ([zeros(8, 3), zeros(8)], "weight_hh of shape"),
        ([zeros(8, 3), zeros(8, 8, 8)], "weight_hh of shape"),
    ],
)
def test_weights_that_make_no_layer_are_refused(arrays, message):
    with pytest.raises(ShapeError, match=message):
        Weights(*arrays)
