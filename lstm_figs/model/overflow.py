"""Sums beyond the largest number, which depend on the order of adding.

Where the addends of one sign alone add up beyond the largest number of their
type, but not all of them together, one order passes through infinity and
another does not; where those of either sign do, the end is NaN, ∞, −∞ or a
number. Two kernels of torch, or one on two machines, then differ.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from ..errors import BeyondLimit
from .products import times
from .tensors import Array, Step, Weights


class Sums(NamedTuple):
    """Sums of which only the size is looked at.

    Attributes:
        above: The sum of the positive addends, in units of the largest number.
        below: That of the negative ones, without the sign.
        special: NaN where infinities and NaN among them decide alone.
    """

    above: Array
    below: Array
    special: Array

    def plus(self, other: "Sums") -> "Sums":
        """With the addends of both."""
        return Sums(*(a + b for a, b in zip(self, other, strict=True)))

    def depends_on_order(self) -> bool:
        """Whether the order of adding decides what any of them is."""
        large = np.maximum(self.above, self.below)
        small = np.minimum(self.above, self.below)
        decides = (large > 1) & ((small > 1) | (large - small <= 1))
        return bool(np.any(decides & ~np.isnan(self.special)))


@np.errstate(invalid="ignore")
def check_sums(weights: Weights, steps: Sequence[Step]) -> None:
    """Refuse steps that no two ways of adding agree on.

    Raises:
        BeyondLimit: If a sum of theirs depends on the order of its addends.
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
            "got products of both signs that add up beyond "
            f"{np.finfo(dtype).max:.1e}, where what torch gives depends on "
            f"the order in which it adds, expected sums that {dtype} can "
            "hold; make the weights, the input or the state smaller"
        )


def _products(vectors: Sequence[Array], weight: Array) -> Sums:
    """Of each vector and each row of the weight."""
    rows, largest = np.concatenate(vectors), np.finfo(weight.dtype).max

    def above(sign: int) -> Array:
        # First the weight is made small, so that no product overflows.
        return times(_above(rows), weight, lambda block: _above(sign * block) / largest) + times(
            _above(-rows), weight, lambda block: _above(-sign * block) / largest
        )

    return Sums(above(1), above(-1), times(_special(rows), weight, _special))


def _above(array: Array) -> Array:
    """What is above zero, in float64, and finite."""
    return np.nan_to_num(np.maximum(array.astype(np.float64), 0))


def _special(array: Array) -> Array:
    """Infinities and NaN as they are, and of all else the sign."""
    return np.where(np.isfinite(array), np.sign(array), array)
