"""Gradients that go back through many steps, in NumPy.

The equations are those of `gradients.backward`, followed from the last step
to the first.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from .gradients import Slopes, backward, slopes
from .lstm import Array, Step, Weights


class Passed(NamedTuple):
    """What reaches each step, or how far rounding may move it.

    Attributes:
        z: The gradient by z, shape `(seq_len, batch, 4*hidden_size)`.
        x: By the input, `(seq_len, batch, input_size)`.
        h_prev: By the hidden state that comes in, `(seq_len, batch,
            hidden_size)`.
        c_prev: By the cell state that comes in, of the same shape.
    """

    z: Array
    x: Array
    h_prev: Array
    c_prev: Array


class Flow(NamedTuple):
    """Gradients, and of the same shapes what their errors grow with."""

    value: Passed
    scale: Passed


@np.errstate(all="ignore")
def through_time(
    weights: Weights, steps: Sequence[Step], of_h: Array, of_c: Array
) -> Flow:
    """Go back from the last step to the first.

    Args:
        weights: The parameters.
        steps: Consecutive steps of one layer and direction.
        of_h: The gradient of h that each step receives from outside, which
            all its units share; shape `(seq_len,)`.
        of_c: The same of c.
    """
    value = _back(weights, [slopes(s) for s in steps], of_h, of_c)
    largest = max(1.0, *(step.scale for step in steps))
    positive = Weights(
        *(abs(a).astype(np.float64) for a in weights.parameters().values())
    )
    absolute = [
        Slopes(*(abs(a).astype(np.float64) for a in slopes(s))) for s in steps
    ]
    addends = _back(positive, absolute, abs(of_h), abs(of_c))
    return Flow(value, Passed(*(array * largest for array in addends)))


def _back(
    weights: Weights, slope: Sequence[Slopes], of_h: Array, of_c: Array
) -> Passed:
    dh = dc = np.zeros_like(slope[0].c_prev)
    found = []
    for one, by_h, by_c in reversed(list(zip(slope, of_h, of_c, strict=True))):
        dz, dh, dc = backward(
            one,
            weights.weight_hh,
            dh + dh.dtype.type(by_h),
            dc + dc.dtype.type(by_c),
        )
        found.append((dz, dz @ weights.weight_ih, dh, dc))
    return Passed(*(np.stack(a[::-1]) for a in zip(*found, strict=True)))
