"""Backpropagation through time in NumPy.

It applies `derivatives.backward` from the last step to the first, and
propagates the variances of rounding errors, see `rounding.py`.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from ..lstm import Array, Step, Weights
from ..products import back
from .derivatives import Derivative, Slopes, backward, slopes
from .rounding import CERTAIN, slope_spread, spreads


class Received(NamedTuple):
    """The gradients at each step; every shape begins with `(seq_len, batch)`.

    Attributes:
        z: The gradient with respect to z, of length `4*hidden_size`.
        x: With respect to the input.
        c: With respect to the new cell state, including its effect through h.
        h_prev: With respect to the previous hidden state.
        c_prev: With respect to the previous cell state.
    """

    z: Derivative
    x: Derivative
    c: Derivative
    h_prev: Derivative
    c_prev: Derivative


# Infinity and NaN are results here, as in torch, so nothing warns of them.
@np.errstate(all="ignore")
def through_time(weights: Weights, steps: Sequence[Step], of_h: Array, of_c: Array) -> Received:
    """Backpropagate from the last step to the first.

    Args:
        weights: The parameters.
        steps: Consecutive steps of one layer and direction.
        of_h: The external gradient of h at each step, the same for all units;
            shape `(seq_len,)`.
        of_c: The same for c.
    """
    by_x, by_h = weights.weight_ih, weights.weight_hh
    of_h, of_c = of_h.astype(by_h.dtype), of_c.astype(by_h.dtype)
    dh, dc = np.zeros_like(steps[0].h), np.zeros_like(steps[0].c)
    v_h, v_c = dh, dc  # Their variances, also zero.
    by_hr = weights.weight_hr
    values, variances = [], []
    pairs = zip(steps, spreads(weights, steps), of_h, of_c, strict=True)
    for step, spread, more_h, more_c in reversed(list(pairs)):
        slope, slope_variance = slopes(step), Slopes(*slope_spread(step, spread))
        square = Slopes(*map(np.square, slope))
        dh, dc = more_h + dh, more_c + dc
        if by_hr is not None:
            v_h = back(v_h + np.square(dh), by_hr, np.square)
            dh = dh @ by_hr
        dc_total = dc + dh * slope.c
        v_total = v_c + v_h * square.c + np.square(dh) * slope_variance.c
        v_total = v_total + np.square(dc_total)
        v_z = np.concatenate(
            [
                v_total * square.z_i + np.square(dc_total) * slope_variance.z_i,
                v_total * square.z_f + np.square(dc_total) * slope_variance.z_f,
                v_total * square.z_g + np.square(dc_total) * slope_variance.z_g,
                v_h * square.z_o + np.square(dh) * slope_variance.z_o,
            ],
            axis=1,
        )
        v_c = v_total * square.c_prev + np.square(dc_total) * slope_variance.c_prev
        dz, dh, dc = backward(slope, by_h, dh, dc)
        # First the rounding of dz itself, then that of its products with weights.
        v_z = v_z + np.square(dz)
        v_product = v_z + np.square(dz)
        v_h = back(v_product, by_h, np.square)
        values.append((dz, dz @ by_x, dc_total, dh, dc))
        v_x = back(v_product, by_x, np.square)
        variances.append((v_z, v_x, v_total, v_h, v_c))
    return Received(
        *(
            Derivative(np.stack(value[::-1]), CERTAIN * np.sqrt(variance[::-1]))
            for value, variance in zip(
                zip(*values, strict=True), zip(*variances, strict=True), strict=True
            )
        )
    )


def z_gradients(weights: Weights, steps: Sequence[Step]) -> Derivative:
    """The gradient of `output.sum()` with respect to z at each step.

    Args:
        weights: The parameters.
        steps: All steps of one layer and direction.

    Returns:
        Shape `(seq_len, batch, 4*hidden_size)`.
    """
    count = len(steps)
    return through_time(weights, steps, np.ones(count), np.zeros(count)).z
