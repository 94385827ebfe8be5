"""What is compared is drawn on one scale.

Bars, columns, curves, thicknesses and shades of one figure have one length, or
one strength, for each 1.0. What only goes from 0 to 1 has one of its own, but
for bars: what a gate lets through is compared with the gate.
"""

import math
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from tests.binding import specs
from tests.binding.axes import expression_keys
from tests.binding.drawing import Drawing, Mark
from tests.binding.lengths import Scale, flat, grid, scales

CLOSE = 0.06
"""By which share scales may differ: a box of a gate is a little narrower."""

MIN_LENGTH = 1e-9
"""The length for 1.0 of a bar that has none, beside what is huge."""

SEPARATE_SCALES: dict[str, dict[str, str | tuple[str, ...]]] = specs.constants("SEPARATE_SCALES")
"""Figure -> of what is drawn so, the key whose values have a scale each, or the
tensors that have."""

FAINT_FACTOR: dict[str, float] = specs.constants("FAINT_FACTOR")
"""Figure -> how much weaker the shades are of what meets a zero."""


UNEQUAL: dict[str, set[str]] = specs.constants("UNEQUAL")
"""Figure -> what is drawn on a scale of its own everywhere."""


class Measure(NamedTuple):
    """How long 1.0 is, or how strong.

    Attributes:
        kind: What is drawn so; all of one kind are compared.
        unit_length: In units of the figure, or as a magnitude.
    """

    kind: tuple[object, ...]
    unit_length: float


def faults(drawing: Drawing) -> list[str]:
    """What is drawn on another scale than what it is compared with."""
    firsts: dict[tuple[object, ...], tuple[Mark, float]] = {}
    problems = []
    for mark in drawing.data_marks:
        for kind, each in measures(drawing, mark):
            first, expected = firsts.setdefault(kind, (mark, each))
            if not math.isclose(each, expected, rel_tol=CLOSE, abs_tol=MIN_LENGTH):
                problems.append(f"{mark} has {each:g} for 1.0, and {first} {expected:g}")
    return [*problems, *areas(drawing)]


def areas(drawing: Drawing) -> Iterator[str]:
    """Areas that are not as large as the counts that they stand for."""
    sizes = [
        (mark, (box.right - box.left) * (box.bottom - box.top) / count)
        for mark in drawing.data_marks
        if mark.expression.endswith(".numel()")
        and (count := drawing.value(mark.expression))
        and (box := mark.box)
    ]
    for mark, each in sizes:
        first, expected = sizes[0]
        if not math.isclose(each, expected, rel_tol=CLOSE):
            yield f"{mark} has {each:g} for each number, {first} {expected:g}"


def measures(drawing: Drawing, mark: Mark) -> Iterator[Measure]:
    """How a mark is drawn: one measure, or two of what has places."""
    draws = mark.get("data-draws")
    cells = grid(mark)
    draws = "heat" if cells else draws
    if draws in UNEQUAL.get(drawing.figure, ()):
        return
    own = scale_keys(drawing, mark, SEPARATE_SCALES.get(drawing.figure, {}).get(draws, ()))
    back = mark.has("data-back")
    if cells:
        yield Measure((draws, cells.rows, cells.columns, own), cells.end)
    elif draws == "fill":
        weaker = FAINT_FACTOR.get(drawing.figure, 1) if has_zero_factor(drawing, mark) else 1
        yield Measure((draws, own), float(mark.get("data-map")) / weaker)
    else:
        for place, scale in enumerate(scales(mark)):
            if draws in ("path", "area") and not place:
                continue
            # What has no paint is the end of a scale of colours.
            is_seen = mark.has("fill") or mark.has("stroke")
            is_bar = draws == "width" and is_seen
            is_share = not is_bar and (scale.low, scale.high) == (0, 1)
            kind = (draws, place, is_share, scale.bend, back, own)
            yield Measure(kind, length(scale))


@lru_cache(maxsize=2)
def zeros(drawing: Drawing) -> set[tuple[str, object]]:
    """The inputs and units whose number is drawn and is zero."""
    result = set()
    for mark in (*drawing.numbers, *drawing.data_marks):
        keys = expression_keys(drawing, mark.expression)
        for tensor, key in (("x", "input"), ("h_prev", "unit")):
            if keys.get("tensor") == {tensor} and len(keys[key]) == 1:
                value = flat([drawing.value(mark.expression)])
                result |= {(key, *keys[key])} if value == [0] else set()
    return result


def has_zero_factor(drawing: Drawing, mark: Mark) -> bool:
    """Whether a weight is of an input, or of a unit before it, that is zero."""
    keys = expression_keys(drawing, mark.expression)
    column = keys.get("column", set())
    factors = {("input", index) for index in keys.get("input", set())}
    factors |= {("unit", index) for index in column}
    return "row" in keys and bool(factors) and factors <= zeros(drawing)


def scale_keys(drawing: Drawing, mark: Mark, what: str | tuple[str, ...]) -> frozenset[object]:
    """What a mark has that makes its scale its own."""
    if "labels[" in mark.expression:
        # What is true or false is no share of anything.
        return frozenset({"labels"})
    keys = expression_keys(drawing, mark.expression)
    if isinstance(what, str):
        return frozenset(keys.get(what, ()))
    return frozenset(keys.get("tensor", set()) & {*what})


def length(scale: Scale) -> float:
    """The length of 1.0, or of a factor of ten on a log scale."""
    if not scale.bend:
        return (scale.stop - scale.start) / (scale.high - scale.low)
    more = 10 * scale.low if scale.log else scale.low + 1
    return scale.beyond(more) - scale.start
