"""The equations of `torch.nn.LSTM`, in NumPy, with every result kept.

    z = weight_ih @ x + bias_ih + weight_hh @ h_prev + bias_hh
    z_i, z_f, z_g, z_o = z in four equal parts
    i, f, g, o = σ(z_i), σ(z_f), tanh(z_g), σ(z_o)
    c = f * c_prev + i * g
    h = o * tanh(c)

With a projection h is `weight_hr @ (o * tanh(c))`. Names and the order of the
rows (i, f, g, o) are PyTorch's. Every array has the batch as its first axis,
so the products are written `x @ weight_ih.T`.

Source: the documentation of `torch.nn.LSTM`; Hochreiter and Schmidhuber
(1997); forget gate, Gers, Schmidhuber and Cummins (2000); projection, Sak,
Senior and Beaufays (2014).
"""

from collections.abc import Iterable, Sequence
from itertools import pairwise

import numpy as np

from .errors import ShapeError
from .tensors import GATES, Array, Direction, Step, Trace, Weights

__all__ = [
    "GATES",
    "Array",
    "Direction",
    "Step",
    "Trace",
    "Weights",
    "run",
    "sigmoid",
    "step",
]

BLOCK = 1024
"""Rows whose addends are summed at once, so that memory stays small."""


def sigmoid(z: Array) -> Array:
    """The logistic function σ, which never overflows.

    >>> sigmoid(np.array([-1000.0, 0.0, 1000.0])).tolist()
    [0.0, 0.5, 1.0]
    """
    with np.errstate(invalid="ignore"):
        return np.asarray(np.exp(-np.logaddexp(0, -z)), dtype=z.dtype)


@np.errstate(over="ignore", invalid="ignore")
def step(
    weights: Weights, x: Array, h_prev: Array, c_prev: Array, t: int = 0
) -> Step:
    """Advance by one time step, as `torch.nn.LSTMCell` does.

    Args:
        weights: The parameters.
        x: Input, shape `(batch, input_size)`.
        h_prev: Previous hidden state, shape `(batch, hidden_size)`, or
            `(batch, proj_size)` with a projection.
        c_prev: Previous cell state, shape `(batch, hidden_size)`.
        t: Which step this is, counted from 0.

    Returns:
        All tensors of the step.

    Raises:
        ShapeError: If a shape does not fit `weights`.

    >>> weights = Weights(np.ones((4, 1)), np.zeros((4, 1)))
    >>> zero = np.zeros((1, 1))
    >>> step(weights, np.ones((1, 1)), zero, zero).h.round(4).tolist()
    [[0.3696]]
    """
    _check(weights, x, h_prev, c_prev)
    ih = x @ weights.weight_ih.T
    hh = h_prev @ weights.weight_hh.T
    z_i, z_f, z_g, z_o = np.split(ih + hh + weights.bias, 4, axis=1)
    i, f, g, o = sigmoid(z_i), sigmoid(z_f), np.tanh(z_g), sigmoid(z_o)
    c = f * c_prev + i * g
    tanh_c = np.tanh(c)
    h = o * tanh_c
    addends = [_addends(weights, x, h_prev), abs(f * c_prev) + abs(i * g)]
    if weights.weight_hr is not None:
        addends.append(abs(h) @ abs(weights.weight_hr.T))
        h = h @ weights.weight_hr.T
    scale = max(float(a.max(initial=0)) for a in addends)
    return Step(
        t, weights.layer, weights.direction, x, h_prev, c_prev, ih, hh,
        z_i, z_f, z_g, z_o, i, f, g, o, c, tanh_c, h, scale,
    )  # fmt: skip


def run(
    weights: Weights | Sequence[Weights],
    x: Array,
    h_0: Array | None = None,
    c_0: Array | None = None,
) -> Trace:
    """Run over a sequence, as `torch.nn.LSTM` does.

    Args:
        weights: The parameters of one layer and direction, or of all of them
            in PyTorch's order.
        x: Input, shape `(seq_len, batch, input_size)`.
        h_0: First hidden state, shape `(num_layers*directions, batch, size)`
            with the size of h; zeros by default.
        c_0: First cell state, `(num_layers*directions, batch, hidden_size)`;
            zeros by default.

    Raises:
        ShapeError: If a shape does not fit `weights`, or `x` has no step.
    """
    stack = (weights,) if isinstance(weights, Weights) else tuple(weights)
    directions = _check_stack(stack)
    if x.ndim != 3 or not len(x) or x.shape[2] != stack[0].input_size:
        raise ShapeError(
            f"the input has shape {x.shape}, expected (seq_len, batch, "
            f"{stack[0].input_size}) with at least one step; reshape it"
        )
    steps: list[Step] = []
    last: list[Step] = []
    received, outputs = x, []
    for index, one in enumerate(stack):
        zeros = np.zeros((x.shape[1], one.hidden_size), x.dtype)
        size = one.proj_size or one.hidden_size
        h = zeros[:, :size] if h_0 is None else h_0[index]
        c = zeros if c_0 is None else c_0[index]
        done = list(_sequence(one, received, h, c))
        last.append(done[-1])
        done.sort(key=lambda step: step.t)
        steps += done
        outputs.append(np.stack([step.h for step in done]))
        if len(outputs) == directions:
            received, outputs = np.concatenate(outputs, axis=2), []
    return Trace(
        stack,
        x,
        tuple(steps),
        received,
        np.stack([step.h for step in last]),
        np.stack([step.c for step in last]),
    )


def _sequence(weights: Weights, x: Array, h: Array, c: Array) -> Iterable[Step]:
    """Step by step, from the end in the reverse direction."""
    order = range(len(x))
    for t in order if weights.direction == "forward" else reversed(order):
        done = step(weights, x[t], h, c, t)
        h, c = done.h, done.c
        yield done


def _check(weights: Weights, x: Array, h_prev: Array, c_prev: Array) -> None:
    size = weights.proj_size or weights.hidden_size
    for name, array, shape in (
        ("x", x, (len(x), weights.input_size)),
        ("h_prev", h_prev, (len(x), size)),
        ("c_prev", c_prev, (len(x), weights.hidden_size)),
    ):
        if array.shape != shape:
            raise ShapeError(
                f"{name} has shape {array.shape}, expected {shape} for "
                f"input_size {weights.input_size} and hidden_size "
                f"{weights.hidden_size}; reshape it"
            )


def _check_stack(stack: tuple[Weights, ...]) -> int:
    """Hold layers and directions against each other; how many directions."""
    directions = 1 + any(one.direction == "reverse" for one in stack)
    expected = [
        (index // directions, ("forward", "reverse")[index % directions])
        for index in range(len(stack))
    ]
    got = [(one.layer, one.direction) for one in stack]
    if got != expected or not stack or len(stack) % directions:
        raise ShapeError(
            f"got the layers {got}, expected every layer from 0, forward, "
            "then reverse if there are two directions; sort them"
        )
    for below, one in pairwise(stack):
        size = below.proj_size or below.hidden_size
        inputs = (
            size * directions if one.layer > below.layer else below.input_size
        )
        if (one.input_size, one.hidden_size, one.proj_size) != (
            inputs, below.hidden_size, below.proj_size
        ):  # fmt: skip
            raise ShapeError(
                f"weight_ih{one.suffix} has shape {one.weight_ih.shape}, "
                f"expected {(len(below.weight_ih), inputs)} beside "
                f"weight_ih{below.suffix} of shape {below.weight_ih.shape}; "
                "pass the tensors of one module"
            )
    return directions


def _addends(weights: Weights, x: Array, h_prev: Array) -> Array:
    """The sums of absolute addends behind z, in blocks of rows."""
    found = []
    for start in range(0, len(weights.weight_ih), BLOCK):
        rows = slice(start, start + BLOCK)
        sums = abs(x) @ abs(weights.weight_ih[rows].T)
        sums = sums + abs(h_prev) @ abs(weights.weight_hh[rows].T)
        for bias in (weights.bias_ih, weights.bias_hh):
            if bias is not None:
                sums = sums + abs(bias[rows])
        found.append(sums)
    return np.concatenate(found, axis=1)
