"""Marks that readers compare are drawn on a common scale.

Within a figure, all bars, columns, curves, thicknesses and shades of one kind
use the same length or strength for 1.0. Marks for values from 0 to 1 may have a
scale of their own, except bars, because readers compare a gated value with the
gate.
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
"""Relative tolerance between scales; the box of a gate is slightly narrower."""

MIN_LENGTH = 1e-9
"""Absolute tolerance for the length of 1.0, for bars next to huge values."""

SEPARATE_SCALES: dict[str, dict[str, str | tuple[str, ...]]] = specs.constants("SEPARATE_SCALES")
"""Figure -> kind of mark -> the key whose values each have a scale.

In place of a key, it can list the tensors that each have a scale.
"""

FAINT_FACTOR: dict[str, float] = specs.constants("FAINT_FACTOR")
"""Figure -> the factor by which shades are weaker when multiplied with zero."""


UNEQUAL: dict[str, set[str]] = specs.constants("UNEQUAL")
"""Figure -> the kinds of marks that always have a scale of their own."""


class Measure(NamedTuple):
    """The length or strength that a mark uses for 1.0.

    Attributes:
        kind: The group of marks that are compared with each other.
        unit_length: In units of the figure, or as a magnitude.
    """

    kind: tuple[object, ...]
    unit_length: float


def faults(drawing: Drawing) -> list[str]:
    """Marks drawn on a different scale than the marks they are compared with."""
    firsts: dict[tuple[object, ...], tuple[Mark, float]] = {}
    problems = []
    for mark in drawing.data_marks:
        for kind, each in measures(drawing, mark):
            first, expected = firsts.setdefault(kind, (mark, each))
            if not math.isclose(each, expected, rel_tol=CLOSE, abs_tol=MIN_LENGTH):
                problems.append(
                    f"{mark} draws 1.0 as {each:g}, but {first} draws it as {expected:g}"
                )
    return [*problems, *areas(drawing)]


def areas(drawing: Drawing) -> Iterator[str]:
    """Areas that are not proportional to their counts."""
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
            yield f"{mark} has an area of {each:g} for each number, but {first} has {expected:g}"


def measures(drawing: Drawing, mark: Mark) -> Iterator[Measure]:
    """The scales of a mark: one, or two for positions."""
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
            # A mark without paint is the end of a colour scale.
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
    """Whether a weight belongs to an input or previous unit that is zero."""
    keys = expression_keys(drawing, mark.expression)
    column = keys.get("column", set())
    factors = {("input", index) for index in keys.get("input", set())}
    factors |= {("unit", index) for index in column}
    return "row" in keys and bool(factors) and factors <= zeros(drawing)


def scale_keys(drawing: Drawing, mark: Mark, what: str | tuple[str, ...]) -> frozenset[object]:
    """The properties of a mark that give it a separate scale."""
    if "labels[" in mark.expression:
        # Booleans have no scale.
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
