"""Numbers, alone and in matrices, and how they are said."""

from collections.abc import Iterable, Sequence

import numpy as np

from ..proof import digits
from ..proof.subject import Number
from ..scene import metrics
from ..scene.marks import Text
from ..scene.theme import Paint
from .fold import Gap, excerpt

NUMBER = 11.0
"""The font size of numbers; the smallest that a page shows."""
CHARACTER = metrics.width("0", NUMBER, mono=True)
"""The width of one digit at that size."""
LINE = 15.0
"""From one line of numbers to the next."""


def number(
    x: float,
    y: float,
    value: Number,
    *,
    places: int,
    room: int = 99,
    id: str,
    term: str,
    fill: Paint = "ink",
    aligned: bool = True,
) -> Text:
    """A number whose point stands where its neighbours' do.

    Args:
        x: The middle of a number with one digit before the point.
        y: The baseline.
        value: The number with its proof.
        places: Digits after the point that the group has.
        room: The most characters that there is room for.
        id: The id of the text.
        term: Its terms.
        fill: Its paint.
        aligned: Whether its point stands where its neighbours' do; else the
            number is centred, as one with an exponent always is.
    """
    printed = digits.text(value.value, places, room)
    aligned = aligned and "e" not in printed
    usual = 1 + (places + 1 if places else 0)
    right = x + (usual + (1 if places else 0)) / 2 * CHARACTER
    _, point, after = printed.partition(".")
    if point and len(after) > places:
        extra = (len(after) - places) * CHARACTER
        right += min(extra, max(0.0, (room - usual - 1) / 2 * CHARACTER))
    half = max(room, len(printed)) / 2 * CHARACTER
    right = min(max(right, x - half + len(printed) * CHARACTER), x + half)
    return Text(
        x=round(right, 2) if aligned else x,
        y=y,
        content=printed,
        size=NUMBER,
        anchor="end" if aligned else "middle",
        mono=True,
        fill=fill,
        number=value,
        id=id,
        term=term,
    )


def largest(values: Iterable[Number]) -> float:
    """The largest finite magnitude, 1 where all are zero."""
    finite = (abs(float(v.value)) for v in values if np.isfinite(v.value))
    return max(finite, default=0) or 1


def spoken(values: Iterable[Number]) -> str:
    """Numbers as a list in a description; of a long one, an excerpt.

    >>> spoken([Number(0.5, "a"), Number(-1.25, "b")])
    '0.50, −1.25'
    >>> spoken([Number(float(k), "a") for k in range(256)])
    '0, 1, 2, 3, 251 more, 255'
    """
    listed = values if isinstance(values, Sequence) else list(values)
    shown = excerpt(len(listed))
    places = digits.decimals(v.value for v in shown.of(listed))
    return ", ".join(
        f"{line.count} more"
        if isinstance(line, Gap)
        else digits.text(listed[line].value, places)
        for line in shown.lines
    )
