"""The boxes, lines and texts of a drawing."""

from functools import lru_cache
from typing import NamedTuple

import numpy as np

from tests.binding.drawing import Box, Mark
from tests.binding.lengths import scales

GROUP_BOUND = ("data-draws", "data-flow", "data-for")
"""Attributes that bind everything in a group."""

TAGS = ("rect", "path", "text")
"""Elements that have a shape or a text of their own."""


class Leaves(NamedTuple):
    """Boxes, lines and texts, as arrays.

    Attributes:
        marks: The marks, in reading order.
        boxes: Their boxes, of texts those of the letters; of shape (count, 4).
    """

    marks: list[Mark]
    boxes: np.ndarray

    def centred_in(self, box):
        """Which marks have their middle in a box."""
        left, top, right, bottom = self.boxes.T
        x, y = (left + right) / 2, (top + bottom) / 2
        return (box.left <= x) & (x <= box.right) & (box.top <= y) & (y <= box.bottom)

    def selected(self, mask):
        return [self.marks[k] for k in np.flatnonzero(mask)]


@lru_cache(maxsize=2)
def leaves(drawing):
    """All boxes, lines and texts, without groups."""
    marks = [mark for mark in drawing.marks if mark.tag in TAGS]
    boxes = np.array([mark.letters for mark in marks])
    return Leaves(marks, boxes)


def is_arrow(mark):
    """Whether a mark is an arrow, a leader or part of one."""
    return not mark.is_text and (
        mark.has("data-flow")
        or mark.has("opacity")
        or any(e.get("data-flow") for e in mark.ancestors)
    )


def scale_extent(drawing, mark):
    """The box of a mark drawn by a value, extended to its whole scale."""
    box, draws = mark.box, mark.draws
    if draws in ("fill", "stroke-width"):
        return box
    match draws, scales(mark):
        case ("height", [scale]) | ("path", [_, scale]):
            top, bottom = sorted((scale.start, scale.stop))
            return box._replace(top=top, bottom=bottom)
        case "width", [scale]:
            left, right = sorted((scale.start, scale.stop))
            return box._replace(left=left, right=right)
        case "x y", [across, down]:
            left, right = sorted((across.start, across.stop))
            top, bottom = sorted((down.start, down.stop))
            return Box(left, top, right, bottom)
        case ("area" | "area down") as kind, [steps, scale]:
            count = len(drawing.value(mark.of)[0])
            first, last = sorted(map(steps.beyond, (-0.5, count - 0.5)))
            low, high = sorted((scale.start, scale.stop))
            is_down = kind == "area down"
            return Box(low, first, high, last) if is_down else Box(first, low, last, high)
    return box


class Line(NamedTuple):
    """A horizontal or vertical line: its position across itself, and its two ends along it."""

    is_across: bool
    level: float
    low: float
    high: float


def line_of(mark):
    """A path as a straight line, ignoring gaps; None if it is not straight."""
    if mark.tag != "path" or mark.has("fill"):
        return None
    left, top, right, bottom = mark.box
    if any(len(chain) != 2 for chain in mark.chains):
        return None
    if top == bottom and left < right:
        return Line(True, top, left, right)
    if left == right and top < bottom:
        return Line(False, left, top, bottom)
    return None


@lru_cache(maxsize=2)
def footer_line(drawing):
    """The line above the footer, as wide as the body."""
    top_of_words = 0.0
    for mark in reversed(leaves(drawing).marks):
        if not mark.is_text:
            is_above = line_of(mark) and mark.box.bottom < top_of_words
            return mark if is_above and mark.ancestors == (drawing.root,) else None
        if mark.has("data-value") or mark.has("data-names"):
            return None
        top_of_words = mark.box.top
    return None
