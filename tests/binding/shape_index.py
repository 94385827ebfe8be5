"""The boxes, lines and texts of a drawing, and those that are bound to nothing."""

from collections.abc import Callable, Iterator
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from tests.binding.drawing import Box, Drawing, Mark
from tests.binding.lengths import HALF, scales
from tests.proof import SVG, Element

BOUND = ("data-of", "data-draws", "data-flow", "data-call", "data-for")
"""Attributes that bind a shape, so that another check covers it."""

GROUP_BOUND = ("data-draws", "data-flow", "data-for")
"""Attributes that bind everything in a group."""

PAPER, PANEL, RULE = "#ffffff", "#f6f7f9", "#ccd1d9"

RIGHT, WRONG = "#2a4ab6", "#a8223a"
"""Colours of a tick and of a cross."""

EDGE = 1.0
"""How far the content of a frame may extend beyond its edge."""

DIGIT_TOLERANCE = 9.0
"""Tolerance for the margins around numbers, whose digits are not symmetric."""

TOLERANCE = 0.1
"""Tolerance for lengths written with two decimals."""

STUB, BAND, SHORT = 5.0, 4.0, 24.0
"""Largest length of an axis tick, width of a band's bar, and length of a zero line."""

NEAR = 24.0
"""Largest distance between a tick or bracket and its word."""

TAGS = {f"{SVG}{tag}": tag for tag in ("rect", "path", "text")}


class Leaves(NamedTuple):
    """Boxes, lines and texts, as arrays.

    Attributes:
        marks: The marks, in reading order.
        boxes: Their boxes, of texts those of the letters; of shape (count, 4).
        are_arrows: Whether each is an arrow, a leader or part of one.
    """

    marks: list[Mark]
    boxes: np.ndarray
    are_arrows: np.ndarray

    def centred_in(self, box: Box) -> np.ndarray:
        """Which marks have their middle in a box."""
        left, top, right, bottom = self.boxes.T
        x, y = (left + right) / 2, (top + bottom) / 2
        return (box.left <= x) & (x <= box.right) & (box.top <= y) & (y <= box.bottom)

    def within(self, box: Box, tolerance: float = EDGE) -> np.ndarray:
        """Which marks are inside a box."""
        left, top, right, bottom = self.boxes.T
        return (
            (box.left - tolerance <= left)
            & (right <= box.right + tolerance)
            & (box.top - tolerance <= top)
            & (bottom <= box.bottom + tolerance)
        )

    def enclosing(self, box: Box, tolerance: float = EDGE) -> np.ndarray:
        """Which marks contain a box."""
        left, top, right, bottom = self.boxes.T
        return (
            (left - tolerance <= box.left)
            & (box.right <= right + tolerance)
            & (top - tolerance <= box.top)
            & (box.bottom <= bottom + tolerance)
        )

    def overlapping(self, box: Box, tolerance: float = EDGE) -> np.ndarray:
        """Which marks overlap a box."""
        left, top, right, bottom = self.boxes.T
        return (
            (left < box.right - tolerance)
            & (box.left + tolerance < right)
            & (top < box.bottom - tolerance)
            & (box.top + tolerance < bottom)
        )

    def all_but(self, mark: Mark) -> np.ndarray:
        """A mask of all marks except one."""
        mask = np.ones(len(self.marks), bool)
        mask[self.marks.index(mark)] = False
        return mask

    def selected(self, mask: np.ndarray) -> list[Mark]:
        """The marks selected by a mask."""
        return [self.marks[k] for k in np.flatnonzero(mask)]


@lru_cache(maxsize=2)
def leaves(drawing: Drawing) -> Leaves:
    """All boxes, lines and texts, without groups."""
    marks = [mark for mark in drawing.marks if mark.element.tag in TAGS]
    boxes = np.array([mark.letters for mark in marks])
    return Leaves(marks, boxes, np.array([is_arrow(mark) for mark in marks]))


def tag(mark: Mark) -> str:
    return TAGS.get(mark.element.tag, "g")


def is_arrow(mark: Mark) -> bool:
    """Whether a mark is an arrow, a leader or part of one."""
    return not mark.is_text and (
        mark.has("data-flow")
        or mark.has("opacity")
        or any(e.get("data-flow") for e in mark.ancestors)
    )


def is_bound(mark: Mark) -> bool:
    """Whether another check covers a shape."""
    return any(map(mark.has, BOUND)) or any(
        e.get(key) for e in mark.ancestors for key in GROUP_BOUND
    )


@lru_cache(maxsize=2)
def unbound_shapes(drawing: Drawing) -> list[Mark]:
    """The shapes that are bound to no value."""
    return [mark for mark in leaves(drawing).marks if not mark.is_text and not is_bound(mark)]


def shape_name(mark: Mark) -> str:
    """The name of a shape in messages, with its position."""
    left, top, right, bottom = mark.box
    kind = {"rect": "box", "path": "line"}[tag(mark)]
    return f"the {kind} from {left:g}, {top:g} to {right:g}, {bottom:g}"


def mark_name(mark: Mark) -> str:
    """The name of a mark in messages."""
    return str(mark) if mark.is_text or mark.name else shape_name(mark)


class Kind(NamedTuple):
    """A kind of shape without a value.

    Attributes:
        name: Its name in messages.
        matches: Whether a shape looks like this kind.
        check: Finds the faults of such a shape.
    """

    name: str
    matches: Callable[[Drawing, Mark], bool]
    check: Callable[[Drawing, Mark], Iterator[str]]


def is_near(first: float, second: float, tolerance: float = HALF) -> bool:
    return abs(first - second) <= tolerance


def are_near(ones: list[float], others: list[float]) -> bool:
    return all(map(is_near, ones, others))


@lru_cache(maxsize=2)
def next_marks(drawing: Drawing) -> dict[Element, Mark]:
    """The mark drawn directly after each mark."""
    marks = leaves(drawing).marks
    return {mark.element: other for mark, other in pairwise(marks)}


def next_mark(drawing: Drawing, mark: Mark) -> Mark | None:
    return next_marks(drawing).get(mark.element)


def group_of(mark: Mark) -> Element | None:
    """The innermost bound group around a mark."""
    return next((e for e in reversed(mark.ancestors) if e.get("data-of")), None)


def contents(drawing: Drawing, mark: Mark) -> list[Mark]:
    """The marks whose middle is in a box, except arrows and leaders."""
    all_leaves = leaves(drawing)
    return [
        leaf
        for leaf in all_leaves.selected(all_leaves.centred_in(mark.box) & ~all_leaves.are_arrows)
        if leaf is not mark and leaf is not all_leaves.marks[0]
    ]


def scale_extent(drawing: Drawing, mark: Mark) -> Box:
    """The box of a mark drawn by a value, extended to its whole scale."""
    box, draws = mark.box, mark.get("data-draws")
    if draws in ("fill", "stroke-width"):
        return box
    match draws, scales(mark):
        case "height", [scale]:
            top, bottom = sorted((scale.start, scale.stop))
            return box._replace(top=top, bottom=bottom)
        case "width", [scale]:
            left, right = sorted((scale.start, scale.stop))
            return box._replace(left=left, right=right)
        case "x y", [across, down]:
            left, right = sorted((across.start, across.stop))
            top, bottom = sorted((down.start, down.stop))
            return Box(left, top, right, bottom)
        case "path", [_, scale]:
            top, bottom = sorted((scale.start, scale.stop))
            return box._replace(top=top, bottom=bottom)
        case "area", [steps, scale]:
            count = len(drawing.value(mark.get("data-of"))[0])
            left, right = sorted(map(steps.beyond, (-0.5, count - 0.5)))
            top, bottom = sorted((scale.start, scale.stop))
            return Box(left, top, right, bottom)
        case "area down", [steps, scale]:
            count = len(drawing.value(mark.get("data-of"))[0])
            top, bottom = sorted(map(steps.beyond, (-0.5, count - 0.5)))
            left, right = sorted((scale.start, scale.stop))
            return Box(left, top, right, bottom)
    return box


def is_invisible(drawing: Drawing, mark: Mark) -> bool:
    return not (mark.has("fill") or mark.has("stroke"))


def is_side(mark: Mark) -> bool:
    """Whether a box is narrow enough to be the edge of another."""
    left, top, right, bottom = mark.box
    return tag(mark) == "rect" and not is_bound(mark) and right - left <= BAND < bottom - top


class Line(NamedTuple):
    """A horizontal or vertical line."""

    is_across: bool
    level: float
    low: float
    high: float


def line_of(mark: Mark) -> Line | None:
    """A path as a straight line, ignoring gaps; None if it is not straight."""
    if tag(mark) != "path" or mark.has("fill"):
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
def footer_line(drawing: Drawing) -> Mark | None:
    """The line above the footer, as wide as the body."""
    for mark in reversed(leaves(drawing).marks):
        if not mark.is_text:
            is_foot = line_of(mark) and mark.ancestors == (drawing.root,)
            return mark if is_foot else None
        if mark.has("data-value") or mark.has("data-names"):
            return None
    return None


def is_sign(drawing: Drawing, mark: Mark) -> bool:
    return tag(mark) == "path" and mark.get("stroke-width") == "2.25"


def is_cross(drawing: Drawing, mark: Mark, box: Box) -> bool:
    """Whether a mark is a cross over a box."""
    return (
        is_sign(drawing, mark)
        and len(mark.chains) == 2
        and 0 < box.top - mark.box.bottom < NEAR
        and box.left - NEAR <= mark.box.x <= box.right
    )
