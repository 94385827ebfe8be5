"""Derivatives of the equations in `lstm.py`: backpropagation in NumPy.

For one step, with `dh` and `dc` the gradients of its results h and c:

    dc = dc + dh * o * (1 - tanh_c**2)
    dz_i = dc * g * i * (1 - i)
    dz_f = dc * c_prev * f * (1 - f)
    dz_g = dc * i * (1 - g**2)
    dz_o = dh * tanh_c * o * (1 - o)
    dh_prev = dz @ weight_hh
    dc_prev = dc * f

With a projection, `dh` is first multiplied by `weight_hr`.

Everything is linear in `dh` and `dc`. So the function that computes a gradient
also computes the sum of its absolute addends, if the factors are absolute
values.

Source: the chain rule; backpropagation through time, Werbos (1990).
"""

from typing import NamedTuple

import numpy as np

from ..lstm import Array, Step, Weights


class Slopes(NamedTuple):
    """The local derivatives of a step; each has shape (batch, hidden_size).

    Attributes:
        z_i: ∂c/∂z_i; likewise z_f and z_g.
        z_o: ∂h/∂z_o.
        c: ∂h/∂c.
        c_prev: ∂c/∂c_prev with h_prev constant, which is f.
    """

    z_i: Array
    z_f: Array
    z_g: Array
    z_o: Array
    c: Array
    c_prev: Array


class Derivative(NamedTuple):
    """Derivatives, and the scale of their rounding errors, of the same shape.

    Attributes:
        value: The derivatives.
        scale: For one step, the sum of the absolute addends of each. Through
            time, the standard error by rounding, see `rounding.py`.
    """

    value: Array
    scale: Array


def slopes(step: Step) -> Slopes:
    """The local derivatives of a step."""
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
    slope: Slopes, weight_hh: Array, dh: Array | None, dc: Array, weight_hr: Array | None = None
) -> tuple[Array, Array, Array]:
    """Backpropagate through one step.

    Args:
        slope: The local derivatives of the step.
        weight_hh: Shape `(4*hidden_size, size)`, where `size` is
            hidden_size, or proj_size with a projection.
        dh: The gradient of h, shape `(batch, size)`. None if no gradient
            reaches h, which differs from zeros if a slope is NaN.
        dc: The gradient of c, shape `(batch, hidden_size)`.
        weight_hr: The projection, shape `(size, hidden_size)`.

    Returns:
        The gradients of z, shape `(batch, 4*hidden_size)`, of h_prev, `(batch,
        size)`, and of c_prev, `(batch, hidden_size)`.
    """
    dz_o = np.zeros_like(dc)
    if dh is not None:
        if weight_hr is not None:
            dh = dh @ weight_hr
        dc, dz_o = dc + dh * slope.c, dh * slope.z_o
    dz = np.concatenate([dc * slope.z_i, dc * slope.z_f, dc * slope.z_g, dz_o], axis=1)
    return dz, dz @ weight_hh, dc * slope.c_prev


def dh_dh_prev(weights: Weights, step: Step) -> Derivative:
    """The Jacobian ∂h/∂h_prev, with c_prev constant.

    Returns:
        Shape `(batch, size, size)`: the element of h, then of h_prev. `size` is
        hidden_size, or proj_size with a projection.
    """
    return _jacobian(weights, step, "h")


def dc_dc_prev(weights: Weights, step: Step) -> Derivative:
    """The Jacobian ∂c/∂c_prev, with h_prev constant: diag(f).

    Returns:
        Shape `(batch, hidden_size, hidden_size)`: the unit of c, then of
        c_prev.
    """
    return _jacobian(weights, step, "c")


# Infinity and NaN are results here, as in torch, so nothing warns of them.
@np.errstate(over="ignore", invalid="ignore")
def blocks(weights: Weights, step: Step, count: int) -> tuple[Derivative, Derivative]:
    """The first rows and columns of both Jacobians, for the first sequence.

    Returns:
        Two Jacobians of shape `(count, count)`: ∂h/∂h_prev and ∂c/∂c_prev.
    """
    # The gradient of one unit is 1 for itself; h may have fewer elements than `count`.
    of_h, of_c = (
        np.eye(count, array.shape[1], dtype=array.dtype)[: array.shape[1]]
        for array in (step.h, step.c)
    )
    no_c = np.zeros((len(of_h), of_c.shape[1]), of_c.dtype)
    columns, by_hr = weights.weight_hh[:, :count], weights.weight_hr
    first_sequence = Slopes(*(array[:1] for array in slopes(step)))
    results = []
    for slope, weight_hh, weight_hr in (
        (first_sequence, columns, by_hr),
        # The scale of rounding errors comes from the same products of magnitudes.
        (_absolute(first_sequence), abs(columns).astype(np.float64), _magnitudes(by_hr)),
    ):
        # Each row of the batch is the gradient of one unit.
        _, dh_prev, _ = backward(slope, weight_hh, of_h, no_c, weight_hr)
        _, _, dc_prev = backward(slope, weight_hh, None, of_c, weight_hr)
        results.append((dh_prev, dc_prev[:, :count]))
    (h, c), (h_scale, c_scale) = results
    return Derivative(h, h_scale), Derivative(c, c_scale)


@np.errstate(over="ignore", invalid="ignore")
def _jacobian(weights: Weights, step: Step, state: str) -> Derivative:
    """The Jacobian row by row, as autograd does: one gradient per unit."""

    def rows(slope: Slopes, by_h: Array, by_hr: Array | None) -> Array:
        gradients = []
        size = getattr(step, state).shape[1]
        for unit in np.eye(size, dtype=step.h.dtype):
            one_hot = np.broadcast_to(unit, getattr(step, state).shape)
            # A gradient of h starts without one of c, and the other way round.
            dh, dc = (one_hot, np.zeros_like(step.c)) if state == "h" else (None, one_hot)
            _, dh_prev, dc_prev = backward(slope, by_h, dh, dc, by_hr)
            gradients.append(dh_prev if state == "h" else dc_prev)
        return np.stack(gradients, axis=1)

    slope, by_h, by_hr = slopes(step), weights.weight_hh, weights.weight_hr
    return Derivative(
        rows(slope, by_h, by_hr), rows(_absolute(slope), abs(by_h), _magnitudes(by_hr))
    )


def _magnitudes(array: Array | None) -> Array | None:
    """Absolute values in float64, so that their sums do not overflow."""
    return None if array is None else abs(array).astype(np.float64)


def _absolute(slope: Slopes) -> Slopes:
    """Absolute slopes in float64."""
    return Slopes(*(abs(array).astype(np.float64) for array in slope))
