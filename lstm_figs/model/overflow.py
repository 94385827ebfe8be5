"""Overflowing sums whose result depends on the order of addition.

Suppose the addends of one sign overflow, but the whole sum does not. Then one
order of addition passes through infinity and another does not. If the addends
of both signs overflow, the result is NaN, ∞, −∞ or a number. So two kernels of
torch may differ, or one kernel on two machines.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from ..errors import BeyondLimit
from .products import times
from .tensors import Array, Step, Weights


class Sums(NamedTuple):
    """Sums, reduced to what is needed to detect overflow.

    Attributes:
        above: The sum of the positive addends, relative to the largest number
            of the type.
        below: The same for the negative addends, as a magnitude.
        special: NaN if infinities or NaN among the addends make the sum NaN in
            any order.
    """

    above: Array
    below: Array
    special: Array

    def plus(self, other: "Sums") -> "Sums":
        """The sums of both sets of addends together."""
        return Sums(*(a + b for a, b in zip(self, other, strict=True)))

    def depends_on_order(self) -> bool:
        """Whether any result depends on the order of addition."""
        large = np.maximum(self.above, self.below)
        small = np.minimum(self.above, self.below)
        decides = (large > 1) & ((small > 1) | (large - small <= 1))
        return bool(np.any(decides & ~np.isnan(self.special)))


@np.errstate(invalid="ignore")
def check_sums(weights: Weights, steps: Sequence[Step]) -> None:
    """Raise an error if a step has a sum that depends on the order of addition.

    Raises:
        BeyondLimit: If there is such a sum.
    """
    ih = _products([step.x for step in steps], weights.weight_ih)
    hh = _products([step.h_prev for step in steps], weights.weight_hh)
    z = ih.plus(hh)
    for bias in (weights.bias_ih, weights.bias_hh):
        if bias is not None:
            z = z.plus(_products([np.ones((1, 1))], bias[:, None]))
    sums = [ih, hh, z]
    if weights.weight_hr is not None:
        unprojected = [step.o * step.tanh_c for step in steps]
        sums.append(_products(unprojected, weights.weight_hr))
    if any(entry.depends_on_order() for entry in sums):
        dtype = weights.weight_ih.dtype
        raise BeyondLimit(
            f"got products of both signs that add up beyond {np.finfo(dtype).max:.1e}, whose "
            f"result depends on the order in which torch adds, expected sums that {dtype} can "
            "hold; make the weights, the input or the state smaller"
        )


def _products(vectors: Sequence[Array], weight: Array) -> Sums:
    """The sums of the products of each vector with each row of the weight."""
    rows, largest = np.concatenate(vectors), np.finfo(weight.dtype).max

    def sum_of_sign(sign: int) -> Array:
        """The sum of the addends with one sign, relative to the largest float."""
        # Scale the weight down first, so that no product overflows.
        return times(
            _positive(rows), weight, lambda block: _positive(sign * block) / largest
        ) + times(_positive(-rows), weight, lambda block: _positive(-sign * block) / largest)

    return Sums(sum_of_sign(1), sum_of_sign(-1), times(_special(rows), weight, _special))


def _positive(array: Array) -> Array:
    """The positive finite part of an array, in float64; 0 elsewhere."""
    return np.nan_to_num(np.maximum(array.astype(np.float64), 0))


def _special(array: Array) -> Array:
    """Infinities and NaN unchanged, and the sign of all other values."""
    return np.where(np.isfinite(array), np.sign(array), array)
