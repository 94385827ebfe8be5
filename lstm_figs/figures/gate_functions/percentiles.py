"""Elements of a long vector by their rank, and how many pass a limit.

A rank says more of a gate than a mean does, and no order of adding matters.
NaN ranks highest, as it does for torch.
"""

from dataclasses import replace
from typing import NamedTuple

import numpy as np

from ...model.reference import Number, Ref, Vector

PERCENTS = {"p90": 90, "p75": 75, "median": 50, "p25": 25, "p10": 10}
"""The percentiles that are drawn of a distribution."""

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


def ranked(vector: Vector) -> dict[str, Number]:
    """The elements of a vector at `PRINTED`.

    >>> found = ranked(Vector(np.arange(11.0), Ref("f")[0, 0]))
    >>> found["p90"].value.item(), found["p90"].expr
    (9.0, 'f[0, 0].sort().values[9]')
    """
    ordered = replace(vector, values=np.sort(vector.values), of=Ref(f"{vector.of}.sort().values"))
    return {n: ordered[place(len(vector), PERCENTS[n])] for n in PRINTED}


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
LIMITS = {**dict.fromkeys(("i", "f", "o"), SHARE), **dict.fromkeys(("g", "tanh_c"), SIGNED)}
"""By the name of a result; others have no range to be near the end of."""


def passing(vector: Vector, limit: Limit) -> Number:
    """How many elements pass a limit.

    One that is as near to the limit as rounding can move it makes the count
    uncertain by 1.

    >>> f = Vector(np.array([0.5, 0.95]), Ref("f")[0, 0], 1)
    >>> found = passing(f, SHARE[0])
    >>> found.value.item(), found.expr, found.scale
    (1, '(f[0, 0] > 0.9).sum()', 0.0)
    """
    array = vector.values
    passes = array > limit.value if limit.sign == ">" else array < limit.value
    near = abs(array - limit.value) <= CLOSE * np.maximum(1.0, vector.scale)
    return Number(
        np.count_nonzero(passes) + np.int64(0),
        f"({vector.of} {limit.sign} {limit.value:g}).sum()",
        float(np.count_nonzero(near)) / CLOSE,
    )
