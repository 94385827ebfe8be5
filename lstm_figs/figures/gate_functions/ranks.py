"""Elements of a long vector by their rank, and how many pass a limit.

A rank says more of a gate than a mean does, and no order of adding matters.
NaN ranks highest, as it does for torch.
"""

from typing import NamedTuple

import numpy as np

from ...model.tensors import Array
from ...proof.reference import Number

PERCENTS = {"p90": 90, "p75": 75, "median": 50, "p25": 25, "p10": 10}
"""What is drawn of a distribution: so many in a hundred are not above it."""

PRINTED = ("p90", "median", "p10")
"""What is printed of a distribution."""

CLOSE = 1e-6
"""An element may be off by this times its scale."""


def place(count: int, percent: int) -> int:
    """Where an element of that rank is in order; the lower of two.

    >>> place(256, 50), place(9, 90), place(1, 75)
    (127, 7, 0)
    """
    return (count - 1) * percent // 100


def ranked(array: Array, expr: str, scale: float) -> dict[str, Number]:
    """The elements of a vector at `PRINTED`.

    Args:
        array: One axis.
        expr: The Python that yields it.
        scale: Of its elements.

    >>> found = ranked(np.arange(11.0), "f[0, 0]", 1)
    >>> found["p90"].value.item(), found["p90"].expr
    (9.0, 'f[0, 0].sort().values[9]')
    """
    ordered = np.sort(array)
    places = {n: place(len(array), PERCENTS[n]) for n in PRINTED}
    return {
        name: Number(ordered[k], f"{expr}.sort().values[{k}]", scale)
        for name, k in places.items()
    }


class Limit(NamedTuple):
    """What an element passes when it is near the end of its range."""

    sign: str
    value: float

    @property
    def label(self) -> str:
        """As it is printed, such as `< −0.9`."""
        return f"{self.sign} {self.value:g}".replace("-", "−")


SHARE = (Limit(">", 0.9), Limit("<", 0.1))
"""For σ: open, and shut."""
SIGNED = (Limit(">", 0.9), Limit("<", -0.9))
"""For tanh."""
LIMITS = {
    **dict.fromkeys(("i", "f", "o"), SHARE),
    **dict.fromkeys(("g", "tanh_c"), SIGNED),
}
"""By the name of a result; others have no range to be near the end of."""


def passing(array: Array, expr: str, limit: Limit, scale: float) -> Number:
    """How many elements pass a limit.

    Args:
        array: Any shape.
        expr: The Python that yields it.
        limit: What is counted.
        scale: Of its elements. One that is as near to the limit as rounding
            can move it makes the count uncertain by 1.

    >>> found = passing(np.array([0.5, 0.95]), "f[0, 0]", SHARE[0], 1)
    >>> found.value.item(), found.expr, found.scale
    (1, '(f[0, 0] > 0.9).sum()', 0.0)
    """
    passes = array > limit.value if limit.sign == ">" else array < limit.value
    near = abs(array - limit.value) <= CLOSE * max(1.0, scale)
    return Number(
        np.count_nonzero(passes) + np.int64(0),
        f"({expr} {limit.sign} {limit.value:g}).sum()",
        float(np.count_nonzero(near)) / CLOSE,
    )
