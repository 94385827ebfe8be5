"""Boxes, lines and texts of a drawing, and which of them stand for nothing."""

from collections.abc import Callable, Iterator
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from tests.binding.drawing import Box, Drawing, Mark
from tests.binding.lengths import HALF, scales
from tests.proof import SVG, Element

BOUND = ("data-of", "data-draws", "data-flow", "data-call", "data-for")
"""What says of a shape that another check holds it."""

GROUP_BOUND = ("data-draws", "data-flow", "data-for")
"""What says so of all that is in a group."""

PAPER, PANEL, RULE = "#ffffff", "#f6f7f9", "#ccd1d9"

RIGHT, WRONG = "#2a4ab6", "#a8223a"
"""Of a tick and of a cross."""

EDGE = 1.0
"""By how much what lies in a frame may reach over its edge."""

DIGIT_TOLERANCE = 9.0
"""How far apart the margins at two sides may be, as digits lean."""

TOLERANCE = 0.1
"""By how much lengths differ that are written in hundredths and are equal."""

STUB, BAND, SHORT = 5.0, 4.0, 24.0
"""How long a tick of an axis is at most, how wide the bar of a band, and how
long the line at the zero of a bar."""

NEAR = 24.0
"""How far a word may be from the tick or the bracket that it belongs to."""

TAGS = {f"{SVG}{tag}": tag for tag in ("rect", "path", "text")}


class Leaves(NamedTuple):
    """Boxes, lines and texts, as arrays.

    Attributes:
        marks: Each of them, in reading order.
        boxes: The box of each, of a text that of its letters; of shape
            (count, 4).
        are_arrows: Which are lines that lead somewhere, or parts of such.
    """

    marks: list[Mark]
    boxes: np.ndarray
    are_arrows: np.ndarray

    def centred_in(self, box: Box) -> np.ndarray:
        """Which have their middle in a box."""
        left, top, right, bottom = self.boxes.T
        x, y = (left + right) / 2, (top + bottom) / 2
        return (box.left <= x) & (x <= box.right) & (box.top <= y) & (y <= box.bottom)

    def within(self, box: Box, edge: float = EDGE) -> np.ndarray:
        """Which lie in a box."""
        left, top, right, bottom = self.boxes.T
        return (
            (box.left - edge <= left)
            & (right <= box.right + edge)
            & (box.top - edge <= top)
            & (bottom <= box.bottom + edge)
        )

    def enclosing(self, box: Box, edge: float = EDGE) -> np.ndarray:
        """In which a box lies."""
        left, top, right, bottom = self.boxes.T
        return (
            (left - edge <= box.left)
            & (box.right <= right + edge)
            & (top - edge <= box.top)
            & (box.bottom <= bottom + edge)
        )

    def overlapping(self, box: Box, edge: float = EDGE) -> np.ndarray:
        """Which have a part in a box."""
        left, top, right, bottom = self.boxes.T
        return (
            (left < box.right - edge)
            & (box.left + edge < right)
            & (top < box.bottom - edge)
            & (box.top + edge < bottom)
        )

    def all_but(self, mark: Mark) -> np.ndarray:
        """All but one."""
        mask = np.ones(len(self.marks), bool)
        mask[self.marks.index(mark)] = False
        return mask

    def selected(self, mask: np.ndarray) -> list[Mark]:
        """Some of them."""
        return [self.marks[k] for k in np.flatnonzero(mask)]


@lru_cache(maxsize=2)
def leaves(drawing: Drawing) -> Leaves:
    """All that is drawn, without groups."""
    marks = [mark for mark in drawing.marks if mark.element.tag in TAGS]
    boxes = np.array([mark.letters for mark in marks])
    return Leaves(marks, boxes, np.array([is_arrow(mark) for mark in marks]))


def tag(mark: Mark) -> str:
    return TAGS.get(mark.element.tag, "g")


def is_arrow(mark: Mark) -> bool:
    """Whether a mark leads somewhere, or is a part of what does."""
    return not mark.is_text and (
        mark.has("data-flow")
        or mark.has("opacity")
        or any(e.get("data-flow") for e in mark.ancestors)
    )


def is_bound(mark: Mark) -> bool:
    """Whether another check holds a shape."""
    return any(map(mark.has, BOUND)) or any(
        e.get(key) for e in mark.ancestors for key in GROUP_BOUND
    )


@lru_cache(maxsize=2)
def unbound_shapes(drawing: Drawing) -> list[Mark]:
    """The shapes that stand for no value."""
    return [mark for mark in leaves(drawing).marks if not mark.is_text and not is_bound(mark)]


def shape_name(mark: Mark) -> str:
    """A shape, by its place."""
    left, top, right, bottom = mark.box
    kind = {"rect": "box", "path": "line"}[tag(mark)]
    return f"the {kind} from {left:g}, {top:g} to {right:g}, {bottom:g}"


def mark_name(mark: Mark) -> str:
    """A mark as a message says it."""
    return str(mark) if mark.is_text or mark.name else shape_name(mark)


class Kind(NamedTuple):
    """What a shape may be.

    Attributes:
        name: As a message says it.
        matches: Whether a shape looks as one.
        check: What is wrong with one that does.
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
    """What is drawn right after each mark."""
    marks = leaves(drawing).marks
    return {mark.element: other for mark, other in pairwise(marks)}


def next_mark(drawing: Drawing, mark: Mark) -> Mark | None:
    return next_marks(drawing).get(mark.element)


def group_of(mark: Mark) -> Element | None:
    """The innermost group around a mark that stands for something."""
    return next((e for e in reversed(mark.ancestors) if e.get("data-of")), None)


def contents(drawing: Drawing, mark: Mark) -> list[Mark]:
    """What has its middle in a box, but for lines that lead somewhere."""
    all_leaves = leaves(drawing)
    return [
        leaf
        for leaf in all_leaves.selected(all_leaves.centred_in(mark.box) & ~all_leaves.are_arrows)
        if leaf is not mark and leaf is not all_leaves.marks[0]
    ]


def scale_extent(drawing: Drawing, mark: Mark) -> Box:
    """The box of what is drawn by a value, were it all that has a place."""
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
    """Whether a box is as narrow as the edge of another."""
    left, top, right, bottom = mark.box
    return tag(mark) == "rect" and not is_bound(mark) and right - left <= BAND < bottom - top


class Line(NamedTuple):
    """A line across or down."""

    is_across: bool
    level: float
    low: float
    high: float


def line_of(mark: Mark) -> Line | None:
    """A path as a straight line, if it is one; gaps in it do not count."""
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
    """The line above the foot, which is as wide as the body."""
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
