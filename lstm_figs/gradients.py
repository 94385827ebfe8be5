"""Derivatives of the equations in `lstm.py`, backwards, in NumPy.

For one step, with `dh` and `dc` the gradients of its results h and c:

    dc = dc + dh * o * (1 - tanh_c**2)
    dz_i = dc * g * i * (1 - i)
    dz_f = dc * c_prev * f * (1 - f)
    dz_g = dc * i * (1 - g**2)
    dz_o = dh * tanh_c * o * (1 - o)
    dh_prev = dz @ weight_hh
    dc_prev = dc * f

Everything is linear in `dh` and `dc`. So the same function that yields a
gradient, given absolute factors, yields the sum of its absolute addends.

Source: the chain rule; backpropagation through time, Werbos (1990).
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from .lstm import Array, Step, Weights


class Slopes(NamedTuple):
    """What `dc` or `dh` is multiplied by; each has (batch, hidden_size).

    Attributes:
        z_i: ∂c/∂z_i, and so on.
        z_o: ∂h/∂z_o.
        c: ∂h/∂c.
        c_prev: ∂c/∂c_prev with h_prev held, which is f.
    """

    z_i: Array
    z_f: Array
    z_g: Array
    z_o: Array
    c: Array
    c_prev: Array


class Derivative(NamedTuple):
    """Derivatives and, of the same shape, what their errors grow with.

    Attributes:
        value: The derivatives.
        addends: The sum of the absolute addends behind each.
    """

    value: Array
    addends: Array


def slopes(step: Step) -> Slopes:
    """The slope of each equation of a step, where the step was."""
    i, f, g, o = step.i, step.f, step.g, step.o
    return Slopes(
        z_i=step.g * i * (1 - i),
        z_f=step.c_prev * f * (1 - f),
        z_g=i * (1 - g * g),
        z_o=step.tanh_c * o * (1 - o),
        c=o * (1 - step.tanh_c * step.tanh_c),
        c_prev=f,
    )


def backward(
    slope: Slopes, weight_hh: Array, dh: Array, dc: Array
) -> tuple[Array, Array, Array]:
    """One step backwards.

    Args:
        slope: The slopes of the step.
        weight_hh: Shape `(4*hidden_size, hidden_size)`.
        dh: The gradient of h, shape `(batch, hidden_size)`.
        dc: The gradient of c, shape `(batch, hidden_size)`.

    Returns:
        The gradients of z, `(batch, 4*hidden_size)`, of h_prev and of c_prev,
        `(batch, hidden_size)` both.
    """
    dc = dc + dh * slope.c
    dz = np.concatenate(
        [dc * slope.z_i, dc * slope.z_f, dc * slope.z_g, dh * slope.z_o],
        axis=1,
    )
    return dz, dz @ weight_hh, dc * slope.c_prev


def dh_dh_prev(weights: Weights, step: Step) -> Derivative:
    """The Jacobian of h by h_prev, with c_prev held.

    Returns:
        Shape `(batch, hidden_size, hidden_size)`: the unit of h, then the
        unit of h_prev.
    """
    return _jacobian(weights, step, "h")


def dc_dc_prev(weights: Weights, step: Step) -> Derivative:
    """The Jacobian of c by c_prev, with h_prev held; it is diag(f).

    Returns:
        Shape `(batch, hidden_size, hidden_size)`: the unit of c, then the
        unit of c_prev.
    """
    return _jacobian(weights, step, "c")


@np.errstate(over="ignore", invalid="ignore")
def _jacobian(weights: Weights, step: Step, state: str) -> Derivative:
    """Row by row, as autograd does: the gradient of one unit's state."""

    def rows(slope: Slopes, weight_hh: Array) -> Array:
        found = []
        for unit in np.eye(weights.hidden_size, dtype=step.h.dtype):
            one = np.broadcast_to(unit, step.h.shape)
            none = np.zeros_like(one)
            dh, dc = (one, none) if state == "h" else (none, one)
            _, dh_prev, dc_prev = backward(slope, weight_hh, dh, dc)
            found.append(dh_prev if state == "h" else dc_prev)
        return np.stack(found, axis=1)

    slope = slopes(step)
    return Derivative(
        rows(slope, weights.weight_hh),
        rows(_absolute(slope), abs(weights.weight_hh)),
    )


@np.errstate(over="ignore", invalid="ignore")
def sum_gradients(
    weights: Weights, steps: Sequence[Step]
) -> dict[str, Derivative]:
    """The gradient of `output.sum()` by each parameter, for each sequence.

    Their sum over the first axis is the one gradient of the whole batch.

    Args:
        weights: The parameters.
        steps: All steps of one layer and direction.

    Returns:
        By the name of the parameter, shape `(batch, *parameter.shape)`.
    """
    values = _through_time(
        weights.weight_hh, [(slopes(s), s.x, s.h_prev) for s in steps]
    )
    addends = _through_time(
        abs(weights.weight_hh).astype(np.float64),
        [(_absolute(slopes(s)), abs(s.x), abs(s.h_prev)) for s in steps],
    )
    return {
        name: Derivative(values[name], addends[name])
        for name in weights.parameters()
    }


def _absolute(slope: Slopes) -> Slopes:
    return Slopes(*(abs(array).astype(np.float64) for array in slope))


def _through_time(
    weight_hh: Array, steps: Sequence[tuple[Slopes, Array, Array]]
) -> dict[str, Array]:
    """Add up the gradients of all steps, from the last to the first.

    Args:
        weight_hh: Shape `(4*hidden_size, hidden_size)`.
        steps: The slopes, x and h_prev of each.
    """
    _, x, h_prev = steps[0]
    shape = (len(x), len(weight_hh))
    grad_ih = np.zeros((*shape, x.shape[1]), weight_hh.dtype)
    grad_hh = np.zeros((*shape, h_prev.shape[1]), weight_hh.dtype)
    grad_bias = np.zeros(shape, weight_hh.dtype)
    dh = dc = np.zeros_like(h_prev)
    for slope, x, h_prev in reversed(steps):
        dz, dh, dc = backward(slope, weight_hh, 1 + dh, dc)
        grad_ih += dz[:, :, None] * x[:, None, :]
        grad_hh += dz[:, :, None] * h_prev[:, None, :]
        grad_bias += dz
    return {
        "weight_ih": grad_ih,
        "weight_hh": grad_hh,
        "bias_ih": grad_bias,
        "bias_hh": grad_bias,
    }
