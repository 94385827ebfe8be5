"""Sums beyond the largest number, which depend on the order of adding.

Where the addends of one sign alone add up beyond the largest number of their
type, but not all of them together, one order passes through infinity and
another does not; where those of either sign do, the end is NaN, ∞, −∞ or a
number. Two kernels of torch, or one on two machines, then differ.
"""

from collections.abc import Sequence

import numpy as np

from ..errors import UsageError
from .products import times
from .tensors import Array, Step, Weights

Signed = tuple[Array, Array]
"""The sums of the positive and of the negative addends, without sign, in
units of the largest number."""


def check_sums(weights: Weights, steps: Sequence[Step]) -> None:
    """Refuse steps that no two ways of adding agree on.

    Raises:
        UsageError: If a sum of theirs depends on the order of its addends.
    """
    largest = float(np.finfo(weights.weight_ih.dtype).max)
    ih = _products([step.x for step in steps], weights.weight_ih)
    hh = _products([step.h_prev for step in steps], weights.weight_hh)
    z = ih[0] + hh[0], ih[1] + hh[1]
    for bias in (weights.bias_ih, weights.bias_hh):
        if bias is not None:
            z = z[0] + _above(bias) / largest, z[1] + _above(-bias) / largest
    sums = [ih, hh, z]
    if weights.weight_hr is not None:
        shown = [step.o * step.tanh_c for step in steps]
        sums.append(_products(shown, weights.weight_hr))
    if any(map(_depends, sums)):
        raise UsageError(
            f"got products of both signs that add up beyond {largest:.1e}, "
            "where what torch gives depends on the order in which it adds, "
            f"expected sums that {weights.weight_ih.dtype} can hold; make the "
            "weights, the input or the state smaller"
        )


def _products(vectors: Sequence[Array], weight: Array) -> Signed:
    """Of the products of each vector and each row."""
    rows, largest = np.concatenate(vectors), np.finfo(weight.dtype).max

    def sums(sign: int) -> Array:
        # First the weight is made small, so that no product overflows.
        same = times(
            _above(rows), weight, lambda block: _above(sign * block) / largest
        )
        return same + times(
            _above(-rows), weight, lambda block: _above(-sign * block) / largest
        )

    return sums(1), sums(-1)


def _above(array: Array) -> Array:
    """What is above zero in float64; a NaN, which no order changes, is zero."""
    return np.nan_to_num(np.maximum(array.astype(np.float64), 0))


def _depends(sums: Signed) -> bool:
    """Whether the order of adding decides."""
    large, small = np.maximum(*sums), np.minimum(*sums)
    return bool(np.any((large > 1) & ((small > 1) | (large - small <= 1))))
