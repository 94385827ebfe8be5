"""What many numbers have in common, as numbers that are proven."""

from typing import Any, NamedTuple

import numpy as np

from ..model.lstm import Array
from ..proof.subject import Number

CHUNK = 2**16
"""How many elements are looked at together: in a processor's cache."""
SAMPLE, APART = 2**16, 2**10
"""About how many elements a sample has; how far from the rank that is looked
for, eight standard deviations, others of the sample are sure to enclose it."""


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

    A sample says between which two it lies; what is below them is counted,
    and only what is between them is sorted. Where a sample misled, all is.

    Args:
        array: Any shape. NaN and infinities are last, as they are for torch.
        rank: From 0, for the least, to one less than there are finite
            elements.

    >>> magnitude(np.array([3.0, -5.0, 1.0]), 1).item()
    3.0
    """
    flat = array.ravel(order="K")
    for low, high in (_around(flat, rank), (0, np.inf)):
        below, between = 0, []
        for start in range(0, flat.size, CHUNK):
            part = abs(flat[start : start + CHUNK])
            below += int(np.count_nonzero(part < low))
            between.append(part[(part >= low) & (part <= high)])
        found, place = np.concatenate(between), rank - below
        if 0 <= place < found.size:
            break
    found.partition(place)
    return found[place]


def _around(flat: Array, rank: int) -> tuple[Any, Any]:
    """Magnitudes between which that of a rank is expected."""
    # Odd, so that a sample has all columns of a matrix.
    step = flat.size // SAMPLE | 1
    sample = np.sort(abs(flat[::step]))
    place, last = rank // step, sample.size - 1
    low, high = max(0, place - APART), min(last, place + APART)
    return sample[low] if low else 0, sample[high] if high < last else np.inf


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
