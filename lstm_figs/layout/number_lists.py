"""The largest magnitude of some numbers, and numbers as a list in a description."""

from collections.abc import Iterable, Sequence

import numpy as np

from ..model.reference import Number
from ..proof import digits
from .excerpts import Gap, excerpt


def largest_magnitude(values: Iterable[Number]) -> float:
    """The largest finite magnitude; 1 if all are zero."""
    finite = (abs(float(v.value)) for v in values if np.isfinite(v.value))
    return max(finite, default=0) or 1


def number_list(values: Iterable[Number]) -> str:
    """A comma-separated list of numbers; a long list is abbreviated.

    >>> number_list([Number(0.5, "a"), Number(-1.25, "b")])
    '0.50, −1.25'
    >>> number_list([Number(float(k), "a") for k in range(256)])
    '0, 1, 2, 3, 251 more, 255'
    """
    listed = values if isinstance(values, Sequence) else list(values)
    visible = excerpt(len(listed))
    decimals = digits.decimals(v.value for v in visible.of(listed))
    return ", ".join(
        f"{line.count} more" if isinstance(line, Gap) else digits.text(listed[line].value, decimals)
        for line in visible.lines
    )
