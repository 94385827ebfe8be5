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
    matrices = [weights.weight_ih, weights.weight_hh]
    each = [slopes(step) for step in steps]
    value = _back(matrices, each, of_h, of_c)
    addends = _back(
        _absolute(*matrices),
        [Slopes(*_absolute(*slope)) for slope in each],
        abs(of_h),
        abs(of_c),
    )
    largest = max(1.0, *(step.scale for step in steps))
    return Flow(value, Passed(*(array * largest for array in addends)))


def _absolute(*arrays: Array) -> list[Array]:
    return [abs(array).astype(np.float64) for array in arrays]


def _back(
    matrices: Sequence[Array],
    slope: Sequence[Slopes],
    of_h: Array,
    of_c: Array,
) -> Passed:
    weight_ih, weight_hh = matrices
    dh = dc = np.zeros_like(slope[0].c_prev)
    found = []
    for one, by_h, by_c in reversed(list(zip(slope, of_h, of_c, strict=True))):
        dz, dh, dc = backward(
            one,
            weight_hh,
            dh + dh.dtype.type(by_h),
            dc + dc.dtype.type(by_c),
        )
        found.append((dz, dz @ weight_ih, dh, dc))
    return Passed(*(np.stack(a[::-1]) for a in zip(*found, strict=True)))
