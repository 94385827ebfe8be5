"""What is painted later hides nothing that was said before."""

import math
from collections.abc import Iterator
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from tests.binding.drawing import Drawing, Mark, Point
from tests.binding.heads import line_of, tips
from tests.binding.lengths import is_move
from tests.proving import SVG

EDGE = 2.0
"""How far what an arrow leads to may reach over the tip of its head."""

HAIR = 0.1
"""By how much lengths may differ that are written in hundredths."""

SEEN = 0.01
"""Which share of a line must be left to be seen."""

APART = 2.0
"""How far the points are from each other that stand for a line."""


class Said(NamedTuple):
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
    every = [
        one for order, mark in enumerate(drawing.marks) for one in said(mark, order) if one.points
    ]
    if not every:
        return []
    counts = np.array([len(one.points) for one in every])
    owners = np.repeat(np.arange(len(every)), counts)
    x, y = np.concatenate([one.points for one in every]).T
    edges = np.array([one.edge for one in every])[owners]
    painted = np.array([one.order for one in every])
    shares = np.array([one.share for one in every])
    found = []
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
        left = 1 - np.bincount(owners[inside], minlength=len(every)) / counts
        hidden = (left <= shares) & (painted < orders[mark.element])
        for one in (every[k] for k in np.flatnonzero(hidden)):
            # What is drawn by a value may be as long as what lies below.
            of_values = mark.expression and one.mark.has("data-of")
            if one.mark.element not in mark.around and not of_values:
                found.append(f"{mark} hides {name_of(one.mark)}")
    return [*found, *covered(drawing)]


def covered(drawing: Drawing) -> Iterator[str]:
    """Bars that are not seen, or in part, for what is painted there."""
    bars = [
        mark
        for mark in drawing.drawn
        if mark.get("data-draws") in ("width", "height") and is_filled(mark)
    ]
    boxes = np.array([mark.box for mark in bars]).reshape(-1, 4)
    seen = (boxes[:, 2:] - boxes[:, :2]).min(axis=1) > EDGE
    draws = [mark.get("data-draws") for mark in bars]
    for k, bar in enumerate(bars):
        left, top, right, bottom = bar.box
        under = (
            seen
            & (left - HAIR <= boxes[:, 0])
            & (boxes[:, 2] <= right + HAIR)
            & (top - HAIR <= boxes[:, 1])
            & (boxes[:, 3] <= bottom + HAIR)
        )
        yield from (f"{bar} leaves nothing of {bars[j]}" for j in np.flatnonzero(under[:k]))
        yield from (
            f"{bar} lies over a part of {bars[j]}"
            for j in np.flatnonzero(met(boxes[: k + 1], draws[k]) & seen[:k])
            # A move may reach over that of the step before.
            if seen[k] and draws[j] == draws[k] and not is_move(bar)
        )
        # One that is as another below it, and has no edge, is not seen.
        over = (
            seen
            & (boxes[:, 0] <= left + HAIR)
            & (right <= boxes[:, 2] + HAIR)
            & (boxes[:, 1] <= top + HAIR)
            & (bottom <= boxes[:, 3] + HAIR)
        )
        yield from (
            f"{bar} cannot be seen on {bars[j]}"
            for j in np.flatnonzero(over[:k])
            if seen[k]
            and bar.get("fill") == bars[j].get("fill")
            and bar.get("stroke", bar.get("fill")) == bar.get("fill")
        )


def met(boxes: np.ndarray, draws: str) -> np.ndarray:
    """Which bars the last one lies over, of which it covers a part across.

    >>> bars = np.array([(0, 0, 9, 9), (5, 0, 14, 20)])
    >>> met(bars, "height"), met(bars, "width")
    (array([ True]), array([False]))
    """
    every, box = boxes[:-1], boxes[-1]
    low = np.maximum(every[:, :2], box[:2])
    high = np.minimum(every[:, 2:], box[2:])
    over: np.ndarray = (high - low > EDGE).all(1)
    k = ("height", "width").index(draws)
    for one in (every, box[None]):
        # One that is as thick, or thinner, is seen beside the other.
        over &= (one[:, k] < low[:, k] - HAIR) | (high[:, k] + HAIR < one[:, k + 2])
    return over


def is_filled(mark: Mark) -> bool:
    """Whether a mark hides what lies under it."""
    shapes = (f"{SVG}rect", f"{SVG}path")
    return mark.element.tag in shapes and mark.get("fill", "none") != "none"


def name_of(mark: Mark) -> str:
    """What is hidden."""
    if mark.has("data-flow"):
        return f"the arrow {mark.get('data-from')} to {mark.get('data-to')}"
    return str(mark)


def said(mark: Mark, order: int) -> list[Said]:
    """What must be seen of a mark that says something."""
    if mark.is_text:
        return [Said(mark, order, [(mark.box.x, mark.middle)])]
    if mark.has("data-flow"):
        found = [Said(mark, order, along(mark), SEEN)]
        return found + [Said(mark, order, [h[0]], 0, EDGE) for h in tips(mark)]
    if mark.has("data-of") or mark.has("data-call"):
        left, top, right, bottom = mark.box
        return [Said(mark, order, [(left, top), (right, bottom)])]
    return []


@lru_cache(maxsize=2**12)
def along(arrow: Mark) -> list[Point]:
    """Points along the line of an arrow."""
    return between(line_of(arrow))


def between(line: list[Point]) -> list[Point]:
    """Points along a line."""
    found = []
    for (x, y), (right, down) in pairwise(line):
        count = math.ceil(math.dist((x, y), (right, down)) / APART)
        found += [
            (x + (right - x) * share, y + (down - y) * share)
            for share in ((k + 0.5) / count for k in range(count))
        ]
    return found
