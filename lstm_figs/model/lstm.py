"""The equations of `torch.nn.LSTM`, in NumPy, with every result kept.

    z = weight_ih @ x + bias_ih + weight_hh @ h_prev + bias_hh
    z_i, z_f, z_g, z_o = z in four equal parts
    i, f, g, o = σ(z_i), σ(z_f), tanh(z_g), σ(z_o)
    c = f * c_prev + i * g
    h = o * tanh(c)

With a projection, h is `weight_hr @ (o * tanh(c))`. The names and the order of
the rows (i, f, g, o) are PyTorch's. The first axis of every array is the batch,
so products are written as `x @ weight_ih.T`.

Source: the documentation of `torch.nn.LSTM`; Hochreiter and Schmidhuber
(1997); forget gate, Gers, Schmidhuber and Cummins (2000); projection, Sak,
Senior and Beaufays (2014).
"""

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from operator import index as as_integer

import numpy as np

from ..errors import ShapeError, UsageError, quoted
from .arguments import check_run
from .overflow import check_sums
from .products import times
from .tensors import GATES, Array, Direction, Step, Trace, Weights, check_arrays

__all__ = ["GATES", "Array", "Direction", "Step", "Trace", "Weights", "run", "sigmoid", "step"]


def sigmoid(z: Array) -> Array:
    """The logistic function σ, computed without overflow.

    >>> sigmoid(np.array([-1000.0, 0.0, 1000.0])).tolist()
    [0.0, 0.5, 1.0]
    """
    # A NaN in z would warn of an invalid value.
    with np.errstate(invalid="ignore"):
        return np.asarray(np.exp(-np.logaddexp(0, -z)), dtype=z.dtype)


def step(weights: Weights, x: Array, h_prev: Array, c_prev: Array, t: int = 0) -> Step:
    """Advance by one time step, as `torch.nn.LSTMCell` does.

    Args:
        weights: The parameters.
        x: Input, shape `(batch, input_size)`.
        h_prev: Previous hidden state, shape `(batch, hidden_size)`, or
            `(batch, proj_size)` with a projection.
        c_prev: Previous cell state, shape `(batch, hidden_size)`.
        t: The index of this step, counted from 0.

    Returns:
        All tensors of the step.

    Raises:
        ShapeError: If a shape does not fit `weights`.
        UsageError: If one is not a NumPy array of float32 or float64, `weights`
            is not a `Weights`, or the result of an overflowing sum depends on
            the order of addition.

    >>> weights = Weights(np.ones((4, 1)), np.zeros((4, 1)))
    >>> zero = np.zeros((1, 1))
    >>> step(weights, np.ones((1, 1)), zero, zero).h.round(4).tolist()
    [[0.3696]]
    """
    _check_weights((weights,))
    check_arrays(x=x, h_prev=h_prev, c_prev=c_prev)
    _check_shapes(weights, x, h_prev, c_prev)
    (done,) = _add_scales(weights, [_advance(weights, x, h_prev, c_prev, t)])
    return done


# Infinity and NaN are results here, as in torch, so nothing warns of them.
@np.errstate(over="ignore", invalid="ignore")
def _advance(weights: Weights, x: Array, h_prev: Array, c_prev: Array, t: int) -> Step:
    """A step without `scale`."""
    ih = x @ weights.weight_ih.T
    hh = h_prev @ weights.weight_hh.T
    z_i, z_f, z_g, z_o = np.split(ih + hh + weights.bias, 4, axis=1)
    i, f, g, o = sigmoid(z_i), sigmoid(z_f), np.tanh(z_g), sigmoid(z_o)
    c = f * c_prev + i * g
    tanh_c = np.tanh(c)
    h = o * tanh_c
    if weights.weight_hr is not None:
        h = h @ weights.weight_hr.T
    return Step(
        t=t,
        layer=weights.layer,
        direction=weights.direction,
        x=x,
        h_prev=h_prev,
        c_prev=c_prev,
        ih=ih,
        hh=hh,
        z_i=z_i,
        z_f=z_f,
        z_g=z_g,
        z_o=z_o,
        i=i,
        f=f,
        g=g,
        o=o,
        c=c,
        tanh_c=tanh_c,
        h=h,
        scale=0.0,
    )


def run(
    weights: Weights | Sequence[Weights],
    x: Array,
    h_0: Array | None = None,
    c_0: Array | None = None,
    batch_sizes: Sequence[int] | None = None,
) -> Trace:
    """Run over a sequence, as `torch.nn.LSTM` does.

    Args:
        weights: The parameters of one layer and direction, or of all of them
            in PyTorch's order.
        x: Input, shape `(seq_len, batch, input_size)`, or the data of a
            packed sequence, `(sum of batch_sizes, input_size)`.
        h_0: Initial hidden state, shape `(num_layers*directions, batch, size)`
            with the size of h; zeros by default.
        c_0: Initial cell state, `(num_layers*directions, batch, hidden_size)`;
            zeros by default.
        batch_sizes: For a packed sequence, the number of sequences at each
            step.

    Raises:
        ShapeError: If a shape does not fit `weights`, or `x` has no steps.
        UsageError: If the run would not fit in memory, the result of an
            overflowing sum depends on the order of addition, or an argument is
            not a NumPy array of float32 or float64.
    """
    states = {"h_0": h_0, "c_0": c_0}
    check_arrays(x=x, **{k: s for k, s in states.items() if s is not None})
    stack = tuple(weights) if isinstance(weights, Sequence) else (weights,)
    _check_weights(stack)
    directions = _check_stack(stack)
    if batch_sizes is not None:
        batch_sizes = _checked_batch_sizes(batch_sizes)
    received = _inputs_by_step(x, batch_sizes, stack[0].input_size)
    check_run(
        [(layer_weights.input_size, layer_weights.hidden_size) for layer_weights in stack],
        sum(map(len, received)),
    )
    batch = len(received[0])
    h_0 = _initial_state("h_0", h_0, (len(stack), batch, stack[0].size), x)
    c_0 = _initial_state("c_0", c_0, (len(stack), batch, stack[0].hidden_size), x)
    steps: list[Step] = []
    outputs: list[list[Array]] = []
    h_n, c_n = np.empty_like(h_0), np.empty_like(c_0)
    for index, layer_weights in enumerate(stack):
        done, h_n[index], c_n[index] = _run_part(layer_weights, received, h_0[index], c_0[index])
        steps += done
        outputs.append([step.h for step in done])
        if len(outputs) == directions:
            # The next layer reads the outputs of both directions.
            received = [np.concatenate(parts, axis=1) for parts in zip(*outputs, strict=True)]
            outputs = []
    return Trace(
        weights=stack,
        x=x,
        steps=tuple(steps),
        output=np.stack(received) if batch_sizes is None else np.concatenate(received),
        h_n=h_n,
        c_n=c_n,
        h_0=h_0,
        c_0=c_0,
        batch_sizes=batch_sizes,
    )


def _check_weights(stack: tuple[object, ...]) -> None:
    """Raise an error if an entry is not a `Weights`."""
    for entry in stack:
        if not isinstance(entry, Weights):
            raise UsageError(
                f"got {type(entry).__name__} as weights, expected Weights, or "
                "one for each layer and direction; make it with lf.Weights"
            )


def _checked_batch_sizes(batch_sizes: Sequence[int]) -> tuple[int, ...]:
    """The batch sizes of a packed sequence, checked.

    Raises:
        UsageError: If one is not an integer, is less than 1, or is larger than
            the one before.
    """
    try:
        sizes = tuple(map(as_integer, batch_sizes))
    except TypeError:
        sizes = ()
    if not sizes or sizes[-1] < 1 or any(a < b for a, b in pairwise(sizes)):
        raise UsageError(
            f"got the batch sizes {quoted(batch_sizes)}, expected whole "
            "numbers from 1 that never grow, one for each step; pack the "
            "sequences with the longest first"
        )
    return sizes


def _initial_state(name: str, state: Array | None, shape: tuple[int, ...], x: Array) -> Array:
    """An initial state, zeros by default.

    Raises:
        ShapeError: If it has a different shape.
    """
    if state is None:
        return np.zeros(shape, x.dtype)
    if state.shape != shape:
        raise ShapeError(
            f"{name} has shape {state.shape}, expected {shape}, of which the "
            "first counts layers and directions; reshape it"
        )
    return state


def _inputs_by_step(x: Array, batch_sizes: tuple[int, ...] | None, input_size: int) -> list[Array]:
    """The input of each step."""
    if batch_sizes is None:
        if x.ndim != 3 or x.shape[2] != input_size or 0 in x.shape:
            raise ShapeError(
                f"the input has shape {x.shape}, expected (seq_len, batch, "
                f"{input_size}) with at least one step of one sequence; "
                "reshape it"
            )
        return list(x)
    if x.shape != (sum(batch_sizes), input_size):
        raise ShapeError(
            f"the packed input has shape {x.shape}, expected "
            f"{(sum(batch_sizes), input_size)} for the batch sizes "
            f"{list(batch_sizes)}; pack it again"
        )
    return np.split(x, np.cumsum(batch_sizes)[:-1])


def _run_part(
    weights: Weights, received: list[Array], h: Array, c: Array
) -> tuple[list[Step], Array, Array]:
    """The steps of one layer and direction, and its final state.

    In a packed sequence, a step processes only the first rows of the batch. The
    other rows of the state are unchanged: forward they have ended, in reverse
    they have not begun.
    """
    steps = []
    order = range(len(received))
    for t in order if weights.direction == "forward" else reversed(order):
        x = received[t]
        done = _advance(weights, x, h[: len(x)], c[: len(x)], t)
        h = np.concatenate([done.h, h[len(x) :]])
        c = np.concatenate([done.c, c[len(x) :]])
        steps.append(done)
    if weights.direction == "reverse":
        steps.reverse()
    return _add_scales(weights, steps), h, c


def _check_shapes(weights: Weights, x: Array, h_prev: Array, c_prev: Array) -> None:
    """Check the shapes of a step's inputs against the weights.

    Raises:
        ShapeError: If one does not fit, or the batch is empty.
    """
    batch = len(x) if x.ndim == 2 and len(x) else "batch"
    for name, array, size in (
        ("x", x, weights.input_size),
        ("h_prev", h_prev, weights.size),
        ("c_prev", c_prev, weights.hidden_size),
    ):
        if array.shape != (batch, size):
            raise ShapeError(
                f"{name} has shape {array.shape}, expected ({batch}, {size}) "
                f"for input_size {weights.input_size} and hidden_size "
                f"{weights.hidden_size}; reshape it"
            )


def _check_stack(stack: tuple[Weights, ...]) -> int:
    """Check that layers and directions fit each other; return the number of directions."""
    directions = 1 + any(weights.direction == "reverse" for weights in stack)
    expected = [
        (index // directions, ("forward", "reverse")[index % directions])
        for index in range(len(stack))
    ]
    got = [(weights.layer, weights.direction) for weights in stack]
    if got != expected or not stack or len(stack) % directions:
        raise ShapeError(
            f"got the layers {got}, expected every layer from 0, forward, "
            "then reverse if there are two directions; sort them"
        )
    for below, weights in pairwise(stack):
        size = below.proj_size or below.hidden_size
        inputs = size * directions if weights.layer > below.layer else below.input_size
        if (weights.input_size, weights.hidden_size, weights.proj_size) != (
            inputs,
            below.hidden_size,
            below.proj_size,
        ):
            raise ShapeError(
                f"weight_ih{weights.suffix} has shape {weights.weight_ih.shape}, expected "
                f"{(len(below.weight_ih), inputs)} next to weight_ih{below.suffix} of shape "
                f"{below.weight_ih.shape}; pass the tensors of one module"
            )
    return directions


@np.errstate(over="ignore", invalid="ignore")
def _add_scales(weights: Weights, steps: Sequence[Step]) -> list[Step]:
    """The steps with `scale`; sums over the weights are computed once for all steps."""
    x, h_prev, keep, write, show = (
        abs(np.concatenate(arrays))
        for arrays in zip(
            *(
                (step.x, step.h_prev, step.f * step.c_prev, step.i * step.g, step.o * step.tanh_c)
                for step in steps
            ),
            strict=True,
        )
    )
    sums = times(x, weights.weight_ih, abs)
    sums += times(h_prev, weights.weight_hh, abs)
    for bias in (weights.bias_ih, weights.bias_hh):
        if bias is not None:
            sums += abs(bias)
    addends = [sums, keep + write]
    if weights.weight_hr is not None:
        addends.append(times(show, weights.weight_hr, abs))
    if not all(np.isfinite(each).all() for each in addends):
        check_sums(weights, steps)
    scales = np.max([_largest(each) for each in addends], axis=0)
    ends = np.cumsum([len(step.x) for step in steps])
    return [
        replace(step, scale=float(scales[end - len(step.x) : end].max()))
        for step, end in zip(steps, ends, strict=True)
    ]


def _largest(addends: Array) -> Array:
    """The largest finite addend of each row, or 0; addends are magnitudes."""
    largest: Array = addends.max(1, initial=0, where=np.isfinite(addends))
    return largest
