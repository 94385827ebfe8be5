"""What is compared is drawn on one scale.

Bars, columns, curves, thicknesses and shades of one figure have one length, or
one strength, for each 1.0. What only goes from 0 to 1 has one of its own.
"""

import math
from collections.abc import Iterator
from typing import NamedTuple

from tests.binding import homes
from tests.binding.axes import spoken
from tests.binding.drawing import Drawing, Mark
from tests.binding.lengths import Scale, grid, scales

CLOSE = 0.06
"""By which share scales may differ: a box of a gate is a little narrower."""

SCALES: dict[str, dict[str, str | tuple[str, ...]]] = homes.of_each("SCALES")
"""Figure -> of what is drawn so, the key whose values have a scale each, or the
tensors that have."""

FAINT: dict[str, float] = homes.of_each("FAINT")
"""Figure -> how much weaker the shades are of what meets a zero."""


UNEQUAL: dict[str, set[str]] = homes.of_each("UNEQUAL")
"""Figure -> what is drawn on a scale of its own everywhere."""


class Measure(NamedTuple):
    """How long 1.0 is, or how strong.

    Attributes:
        kind: What is drawn so; all of one kind are compared.
        each: In units of the figure, or as a magnitude.
    """

    kind: tuple[object, ...]
    each: float


def faults(drawing: Drawing) -> list[str]:
    """What is drawn on another scale than what it is compared with."""
    firsts: dict[tuple[object, ...], tuple[Mark, float]] = {}
    faint = FAINT.get(drawing.figure, 1.0)
    found = []
    for mark in drawing.drawn:
        for kind, each in measures(drawing, mark):
            first, wanted = firsts.setdefault(kind, (mark, each))
            ways = (1.0, faint, 1 / faint) if kind[0] == "fill" else (1.0,)
            if not any(
                math.isclose(each, wanted * way, rel_tol=CLOSE) for way in ways
            ):
                found.append(
                    f"{mark} has {each:g} for 1.0, and {first} {wanted:g}"
                )
    return [*found, *areas(drawing)]


def areas(drawing: Drawing) -> Iterator[str]:
    """Areas that are not as large as the counts that they stand for."""
    found = [
        (mark, (box.right - box.left) * (box.bottom - box.top) / count)
        for mark in drawing.drawn
        if mark.expression.endswith(".numel()")
        and (count := drawing.value(mark.expression))
        and (box := mark.box)
    ]
    for mark, each in found:
        first, wanted = found[0]
        if not math.isclose(each, wanted, rel_tol=CLOSE):
            yield f"{mark} has {each:g} for each number, {first} {wanted:g}"


def measures(drawing: Drawing, mark: Mark) -> Iterator[Measure]:
    """How a mark is drawn: one measure, or two of what has places."""
    draws = mark.get("data-draws")
    cells = grid(mark)
    draws = "heat" if cells else draws
    if draws in UNEQUAL.get(drawing.figure, ()):
        return
    own = apart(drawing, mark, SCALES.get(drawing.figure, {}).get(draws, ()))
    back = mark.has("data-back")
    if cells:
        yield Measure((draws, cells.rows, cells.columns, own), cells.end)
    elif draws == "fill":
        yield Measure((draws, own), float(mark.get("data-map")))
    else:
        for place, scale in enumerate(scales(mark)):
            if draws in ("path", "area") and not place:
                continue
            is_share = (scale.low, scale.high) == (0, 1)
            kind = (draws, place, is_share, scale.log, back, own)
            yield Measure(kind, length(scale))


def apart(
    drawing: Drawing, mark: Mark, what: str | tuple[str, ...]
) -> frozenset[object]:
    """What a mark has that makes its scale its own."""
    keys = spoken(drawing, mark.expression)
    if isinstance(what, str):
        return frozenset(keys.get(what, ()))
    return frozenset(keys.get("tensor", set()) & {*what})


def length(scale: Scale) -> float:
    """The length of 1.0, or of a factor of ten on a log scale."""
    more = 10 * scale.low if scale.log else scale.low + 1
    return scale.beyond(more) - scale.start
