"""What is painted later hides nothing that was said before."""

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
"""How far what an arrow leads to may reach over the tip of its head."""

TOLERANCE = 0.1
"""By how much lengths may differ that are written in hundredths."""

VISIBLE_SHARE = 0.01
"""Which share of a line must be left to be seen."""

POINT_DISTANCE = 2.0
"""How far the points are from each other that stand for a line."""


class VisiblePart(NamedTuple):
    """What must be seen of a mark: more than a share of some points.

    Attributes:
        mark: The mark.
        order: When it is painted.
        points: Where it is.
        share: Which share of them must not be hidden.
        edge: By how much what hides one reaches over it.
    """

    mark: Mark
    order: int
    points: list[Point]
    share: float = 0.0
    edge: float = 0.0


def faults(drawing: Drawing) -> list[str]:
    """Texts, arrows and bound marks that a filled mark lies on."""
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
            # What is drawn by a value may be as long as what lies below.
            of_values = mark.expression and part.mark.has("data-of")
            if part.mark.element not in mark.ancestors and not of_values:
                problems.append(f"{mark} hides {mark_name(part.mark)}")
    return [*problems, *covered_bars(drawing)]


def covered_bars(drawing: Drawing) -> Iterator[str]:
    """Bars that are not seen, or in part, for what is painted there."""
    bars = [
        mark
        for mark in drawing.data_marks
        if mark.get("data-draws") in ("width", "height") and is_filled(mark)
    ]
    boxes = np.array([mark.box for mark in bars]).reshape(-1, 4)
    seen = (boxes[:, 2:] - boxes[:, :2]).min(axis=1) > EDGE
    draws = [mark.get("data-draws") for mark in bars]
    for k, bar in enumerate(bars):
        left, top, right, bottom = bar.box
        under = (
            seen
            & (left - TOLERANCE <= boxes[:, 0])
            & (boxes[:, 2] <= right + TOLERANCE)
            & (top - TOLERANCE <= boxes[:, 1])
            & (boxes[:, 3] <= bottom + TOLERANCE)
        )
        yield from (f"{bar} leaves nothing of {bars[j]}" for j in np.flatnonzero(under[:k]))
        yield from (
            f"{bar} lies over a part of {bars[j]}"
            for j in np.flatnonzero(overlapped_bars(boxes[: k + 1], draws[k]) & seen[:k])
            # A move may reach over that of the step before.
            if seen[k] and draws[j] == draws[k] and not is_move(bar)
        )
        # One that is as another below it, and has no edge, is not seen.
        over = (
            seen
            & (boxes[:, 0] <= left + TOLERANCE)
            & (right <= boxes[:, 2] + TOLERANCE)
            & (boxes[:, 1] <= top + TOLERANCE)
            & (bottom <= boxes[:, 3] + TOLERANCE)
        )
        yield from (
            f"{bar} cannot be seen on {bars[j]}"
            for j in np.flatnonzero(over[:k])
            if seen[k]
            and bar.get("fill") == bars[j].get("fill")
            and bar.get("stroke", bar.get("fill")) == bar.get("fill")
        )


def overlapped_bars(boxes: np.ndarray, draws: str) -> np.ndarray:
    """Which bars the last one lies over, of which it covers a part across.

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
        # One that is as thick, or thinner, is seen beside the other.
        over &= (rectangles[:, k] < low[:, k] - TOLERANCE) | (
            high[:, k] + TOLERANCE < rectangles[:, k + 2]
        )
    return over


def is_filled(mark: Mark) -> bool:
    """Whether a mark hides what lies under it."""
    shapes = (f"{SVG}rect", f"{SVG}path")
    return mark.element.tag in shapes and mark.get("fill", "none") != "none"


def mark_name(mark: Mark) -> str:
    """What is hidden."""
    if mark.has("data-flow"):
        return f"the arrow {mark.get('data-from')} to {mark.get('data-to')}"
    return str(mark)


def visible_parts(mark: Mark, order: int) -> list[VisiblePart]:
    """What must be seen of a mark that says something."""
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
    """Points along the line of an arrow."""
    return points_on_line(line_of(arrow))


def points_on_line(line: list[Point]) -> list[Point]:
    """Points along a line."""
    points = []
    for (x, y), (right, down) in pairwise(line):
        count = math.ceil(math.dist((x, y), (right, down)) / POINT_DISTANCE)
        points += [
            (x + (right - x) * share, y + (down - y) * share)
            for share in ((k + 0.5) / count for k in range(count))
        ]
    return points
