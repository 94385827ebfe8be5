"""No mark hides information that was painted before it."""

import math
from collections.abc import Iterator
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from tests.binding.arrow_heads import heads_of, line_of
from tests.binding.drawing import Drawing, Mark, Point
from tests.binding.lengths import is_move
from tests.proof import SVG

EDGE = 2.0
"""How far the target of an arrow may cover the tip of its head."""

TOLERANCE = 0.1
"""Tolerance for lengths written with two decimals."""

VISIBLE_SHARE = 0.01
"""The share of a line that must stay visible."""

POINT_DISTANCE = 2.0
"""Distance between the sample points on a line."""


class VisiblePart(NamedTuple):
    """A part of a mark that must stay visible, as sample points.

    Attributes:
        mark: The mark.
        order: Its position in painting order.
        points: The sample points.
        share: More than this share of them must stay visible.
        edge: A mark hides them if it extends beyond them by this much.
    """

    mark: Mark
    order: int
    points: list[Point]
    share: float = 0.0
    edge: float = 0.0


def faults(drawing: Drawing) -> list[str]:
    """Texts, arrows and bound marks that a filled mark covers."""
    orders = {mark.element: k for k, mark in enumerate(drawing.marks)}
    parts = [
        part
        for order, mark in enumerate(drawing.marks)
        for part in visible_parts(mark, order)
        if part.points
    ]
    if not parts:
        return []
    counts = np.array([len(part.points) for part in parts])
    owners = np.repeat(np.arange(len(parts)), counts)
    x, y = np.concatenate([part.points for part in parts]).T
    edges = np.array([part.edge for part in parts])[owners]
    painted = np.array([part.order for part in parts])
    shares = np.array([part.share for part in parts])
    problems = []
    for mark in drawing.marks:
        if not is_filled(mark):
            continue
        box = mark.box
        inside = (
            (box.left <= x - edges)
            & (x + edges <= box.right)
            & (box.top <= y - edges)
            & (y + edges <= box.bottom)
        )
        left = 1 - np.bincount(owners[inside], minlength=len(parts)) / counts
        hidden = (left <= shares) & (painted < orders[mark.element])
        for part in (parts[k] for k in np.flatnonzero(hidden)):
            # The length of a mark drawn by a value can reach over what is below it.
            is_by_value = mark.expression and part.mark.has("data-of")
            if part.mark.element not in mark.ancestors and not is_by_value:
                problems.append(f"{mark} hides {mark_name(part.mark)}")
    return [*problems, *covered_bars(drawing)]


def covered_bars(drawing: Drawing) -> Iterator[str]:
    """Bars that are fully or partly hidden."""
    bars = [
        mark
        for mark in drawing.data_marks
        if mark.get("data-draws") in ("width", "height") and is_filled(mark)
    ]
    boxes = np.array([mark.box for mark in bars]).reshape(-1, 4)
    is_visible = (boxes[:, 2:] - boxes[:, :2]).min(axis=1) > EDGE
    draws = [mark.get("data-draws") for mark in bars]
    for k, bar in enumerate(bars):
        left, top, right, bottom = bar.box
        under = (
            is_visible
            & (left - TOLERANCE <= boxes[:, 0])
            & (boxes[:, 2] <= right + TOLERANCE)
            & (top - TOLERANCE <= boxes[:, 1])
            & (boxes[:, 3] <= bottom + TOLERANCE)
        )
        yield from (f"{bar} leaves nothing of {bars[j]}" for j in np.flatnonzero(under[:k]))
        yield from (
            f"{bar} lies over a part of {bars[j]}"
            for j in np.flatnonzero(overlapped_bars(boxes[: k + 1], draws[k]) & is_visible[:k])
            # A change may cover part of that of the step before.
            if is_visible[k] and draws[j] == draws[k] and not is_move(bar)
        )
        # An equal bar without an outline is invisible on top of another.
        over = (
            is_visible
            & (boxes[:, 0] <= left + TOLERANCE)
            & (right <= boxes[:, 2] + TOLERANCE)
            & (boxes[:, 1] <= top + TOLERANCE)
            & (bottom <= boxes[:, 3] + TOLERANCE)
        )
        yield from (
            f"{bar} cannot be seen on {bars[j]}"
            for j in np.flatnonzero(over[:k])
            if is_visible[k]
            and bar.get("fill") == bars[j].get("fill")
            and bar.get("stroke", bar.get("fill")) == bar.get("fill")
        )


def overlapped_bars(boxes: np.ndarray, draws: str) -> np.ndarray:
    """The bars that the last bar overlaps, covering part of their thickness.

    >>> bars = np.array([(0, 0, 9, 9), (5, 0, 14, 20)])
    >>> overlapped_bars(bars, "height"), overlapped_bars(bars, "width")
    (array([ True]), array([False]))
    """
    others, box = boxes[:-1], boxes[-1]
    low = np.maximum(others[:, :2], box[:2])
    high = np.minimum(others[:, 2:], box[2:])
    over: np.ndarray = (high - low > EDGE).all(1)
    k = ("height", "width").index(draws)
    for rectangles in (others, box[None]):
        # A bar is visible behind another one that is not thicker.
        over &= (rectangles[:, k] < low[:, k] - TOLERANCE) | (
            high[:, k] + TOLERANCE < rectangles[:, k + 2]
        )
    return over


def is_filled(mark: Mark) -> bool:
    """Whether a mark hides what is under it."""
    shapes = (f"{SVG}rect", f"{SVG}path")
    return mark.element.tag in shapes and mark.get("fill", "none") != "none"


def mark_name(mark: Mark) -> str:
    """The name of the hidden mark in messages."""
    if mark.has("data-flow"):
        return f"the arrow {mark.get('data-from')} to {mark.get('data-to')}"
    return str(mark)


def visible_parts(mark: Mark, order: int) -> list[VisiblePart]:
    """The parts of a bound mark that must stay visible."""
    if mark.is_text:
        return [VisiblePart(mark, order, [(mark.box.x, mark.middle)])]
    if mark.has("data-flow"):
        parts = [VisiblePart(mark, order, points_along(mark), VISIBLE_SHARE)]
        return parts + [VisiblePart(mark, order, [h[0]], 0, EDGE) for h in heads_of(mark)]
    if mark.has("data-of") or mark.has("data-call"):
        left, top, right, bottom = mark.box
        return [VisiblePart(mark, order, [(left, top), (right, bottom)])]
    return []


@lru_cache(maxsize=2**12)
def points_along(arrow: Mark) -> list[Point]:
    """Sample points on the line of an arrow."""
    return points_on_line(line_of(arrow))


def points_on_line(line: list[Point]) -> list[Point]:
    """Sample points on a line."""
    points = []
    for (x, y), (right, down) in pairwise(line):
        count = math.ceil(math.dist((x, y), (right, down)) / POINT_DISTANCE)
        points += [
            (x + (right - x) * share, y + (down - y) * share)
            for share in ((k + 0.5) / count for k in range(count))
        ]
    return points
