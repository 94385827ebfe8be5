"""How far back gradients reach, in float64, for runs that share weights."""

from collections.abc import Sequence

import numpy as np

from ..lstm import Array, sigmoid
from ..products import back, doubled, times
from ..tensors import Weights


# Infinity and NaN are results here, as in torch, so nothing warns of them.
@np.errstate(all="ignore")
def lstm_gradient_norms(
    weights: Weights, x: Array, h: Array, c: Array, amounts: Sequence[float]
) -> tuple[Array, Array]:
    """The norm of the gradient of `h[-1].sum()` with respect to the x of each step.

    Args:
        weights: The parameters of one layer and direction.
        x: The input, shape `(seq_len, input_size)`.
        h: The initial hidden state, shape `(size,)`.
        c: The initial cell state, shape `(hidden_size,)`.
        amounts: The amounts added to the forget gates' bias, one per run.

    Returns:
        Two arrays of shape `(len(amounts), seq_len)`. The first computes the
        slope of tanh c from its result, as autograd does. That slope is 1 −
        tanh², which loses its digits if c is large. The second computes it from
        c, without that rounding.
    """
    size, by_hr = weights.hidden_size, weights.weight_hr
    count = len(amounts)
    # Each run is computed twice: `count` rows with rounded slopes, then as many with exact ones.
    bias = np.zeros((2 * count, 4 * size))
    bias[:, size : 2 * size] = np.tile(amounts, 2)[:, None]
    if weights.bias_ih is not None and weights.bias_hh is not None:
        bias += weights.bias_ih.astype(float) + weights.bias_hh
    h, c = (np.tile(s.astype(float), (2 * count, 1)) for s in (h, c))
    saved = []
    for ih in _times(x, weights.weight_ih):
        z = ih + bias + _times(h, weights.weight_hh)
        z_i, z_f, z_g, z_o = np.split(z, 4, axis=1)
        i, f, g, o = sigmoid(z_i), sigmoid(z_f), np.tanh(z_g), sigmoid(z_o)
        c_prev, c = c, f * c + i * g
        tanh_c = np.tanh(c)
        h = o * tanh_c
        if by_hr is not None:
            h = _times(h, by_hr)
        slope = 1 - tanh_c * tanh_c  # As autograd computes it.
        slope[count:] = 1 / np.cosh(c[count:]) ** 2
        saved.append((i, f, g, o, c_prev, tanh_c, slope))
    dh, dc, dz = np.ones_like(h), np.zeros_like(c), None
    norms = []
    for i, f, g, o, c_prev, tanh_c, slope in reversed(saved):
        if dz is not None:
            dh = _back(dz, weights.weight_hh)
        if by_hr is not None:
            dh = _back(dh, by_hr)
        dc = dc + dh * o * slope
        dz = np.concatenate(
            [
                dc * g * i * (1 - i),
                dc * c_prev * f * (1 - f),
                dc * i * (1 - g * g),
                dh * tanh_c * o * (1 - o),
            ],
            axis=1,
        )
        norms.append(np.linalg.norm(_back(dz, weights.weight_ih), axis=1))
        dc = dc * f
    by_step = np.stack(norms[::-1], axis=1)
    return by_step[:count], by_step[count:]


@np.errstate(all="ignore")
def rnn_gradient_norms(weight_ih: Array, weight_hh: Array, bias: Array, x: Array) -> Array:
    """The same norm for a plain RNN with tanh, starting from zeros.

    Args:
        weight_ih: Shape `(hidden_size, input_size)`.
        weight_hh: Shape `(hidden_size, hidden_size)`.
        bias: The sum of both biases, shape `(hidden_size,)`.
        x: The input, shape `(seq_len, input_size)`.

    Returns:
        Shape `(seq_len,)`.
    """
    h, saved = np.zeros((1, len(weight_hh))), []
    for ih in _times(x, weight_ih):
        h = np.tanh(ih + bias + _times(h, weight_hh))
        saved.append(h)
    dz, norms = None, []
    for h in reversed(saved):
        dh = np.ones_like(h) if dz is None else _back(dz, weight_hh)
        dz = dh * (1 - h * h)
        norms.append(np.linalg.norm(_back(dz, weight_ih)))
    return np.array(norms[::-1])


def _times(vectors: Array, weight: Array) -> Array:
    """`vectors @ weight.T` in float64."""
    # Skip the product with an initial state of zeros, unless 0 · ∞ would be NaN.
    if not vectors.any() and np.isfinite([weight.min(), weight.max()]).all():
        return np.zeros((len(vectors), len(weight)))
    return times(vectors, weight, doubled)


def _back(vectors: Array, weight: Array) -> Array:
    """`vectors @ weight` in float64."""
    return back(vectors, weight, doubled)
