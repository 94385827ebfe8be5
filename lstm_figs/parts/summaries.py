"""What many numbers have in common, as numbers that are proven."""

from typing import Any, NamedTuple

import numpy as np

from ..lstm import Array
from ..proof import Number

CHUNK = 2**20
"""How many elements are looked at together, so that memory stays small."""


class Summary(NamedTuple):
    """The ends of many numbers, and their usual magnitude.

    Each is an element of the tensor, so no order of adding matters. NaN and
    infinities are left out; without another element each is NaN.
    """

    least: Number
    typical: Number
    most: Number


def summary(array: Array, expr: str, scale: float = 0.0) -> Summary:
    """The least element, the median magnitude and the largest element.

    Args:
        array: Any shape, at least one element.
        expr: The Python that yields it.
        scale: Of its elements, see `Number`.

    >>> from numpy import array
    >>> found = summary(array([3.0, -5.0, 1.0]), "w")
    >>> [(n.value.item(), n.expr) for n in found]
    [(-5.0, 'w.min()'), (3.0, 'w.abs().median()'), (3.0, 'w.max()')]
    """
    least, most = array.min(), array.max()
    if not np.isfinite(least) or not np.isfinite(most):
        finite = array[np.isfinite(array)]
        if not finite.size:
            nan = least.dtype.type(np.nan)
            return Summary(*(Number(nan, f"{expr}.mean() * 0"),) * 3)
        array, expr = finite, f"{expr}[{expr}.isfinite()]"
        least, most = array.min(), array.max()
    # torch takes the lower of two middle elements.
    middle = magnitude(array, (array.size - 1) // 2)
    return Summary(
        Number(least, f"{expr}.min()", scale),
        Number(middle, f"{expr}.abs().median()", scale),
        Number(most, f"{expr}.max()", scale),
    )


def magnitude(array: Array, rank: int) -> Any:
    """The magnitude that so many others are not above, found without a copy.

    The bits of floats that are not negative are in the order of their values,
    so 16 of them after another are looked up in a table of counts.

    Args:
        array: Any shape, finite.
        rank: From 0, for the least, to one less than there are elements.

    >>> magnitude(np.array([3.0, -5.0, 1.0]), 1).item()
    3.0
    """
    flat, width = array.ravel(order="K"), 8 * array.itemsize
    found = 0
    for shift in range(width - 16, -1, -16):
        counts = np.zeros(1 << 16, np.int64)
        for start in range(0, flat.size, CHUNK):
            bits = abs(flat[start : start + CHUNK]).view(f"u{array.itemsize}")
            if shift < width - 16:
                bits = bits[bits >> (shift + 16) == found]
            digits = (bits >> shift) & 0xFFFF
            counts += np.bincount(digits.astype(np.intp), minlength=1 << 16)
        upto = counts.cumsum()
        digit = int(np.searchsorted(upto, rank, side="right"))
        rank -= int(upto[digit - 1]) if digit else 0
        found = found << 16 | digit
    return np.array(found, f"u{array.itemsize}").view(array.dtype)[()]


class Census(NamedTuple):
    """How many elements are beyond a magnitude, or are no finite number."""

    beyond: int
    nan: int
    infinite: int
    minus_infinite: int


def census(array: Array, end: float) -> Census:
    """Count the elements of a matrix, some rows at a time."""
    step = max(1, CHUNK // max(1, array.shape[1]))
    counts = np.zeros(4, np.int64)
    for first in range(0, len(array), step):
        part = array[first : first + step]
        finite = np.isfinite(part)
        counts[0] += np.count_nonzero((abs(part) > end) & finite)
        if not finite.all():
            counts[1] += np.count_nonzero(np.isnan(part))
            counts[2] += np.count_nonzero(part == np.inf)
            counts[3] += np.count_nonzero(part == -np.inf)
    return Census(*map(int, counts))
