"""Nothing covers ink that it does not belong to.

What is painted later hides no text, arrow or value; texts lie on no bar and no
colours; and bars cover no part of each other.
"""

from itertools import combinations

import numpy as np

from tests.binding.arrow_heads import heads_of, line_of, points_along
from tests.binding.lengths import is_move

DEEP = 2.0
"""How deep ink must lie in other ink to count, in pixels."""

ROUNDED = 0.2
"""Tolerance for two lengths written with two decimals."""

EDGE = 1.0
"""By how much a text may lie over the edge of a bar."""

OFF_EDGE = 0.0123
"""Moves sample points off the edges of columns, where a crossing counts twice."""

HIDDEN_SHARE = 0.99
"""Share of the points of a mark that something covers if it hides the mark."""

MAX_OPACITY = 0.4
"""The largest opacity of a ribbon, which must not hide what is below it."""


def faults(drawing):
    yield from texts_on_ink(drawing)
    yield from hidden(drawing)
    yield from covered_bars(drawing)


def texts_on_ink(drawing):
    """Texts on a bar, on colours or over the edge of one, and numbers of axes on areas."""
    bars = [mark for mark in drawing.data_marks if is_bar(mark)]
    # The colours of a scale are a group.
    bars += [m for m in drawing.marks if m.tag == "g" and m.has("data-for")]
    areas = [m for m in drawing.data_marks if m.draws == "area" and is_filled(m)]
    left, top, right, bottom = np.array([mark.box for mark in bars]).reshape(-1, 4).T
    for text in drawing.texts:
        area = text.letters
        overlaps = (left + EDGE < area.right) & (area.left + EDGE < right)
        overlaps &= (top + EDGE < area.bottom) & (area.top + EDGE < bottom)
        under = [bars[k] for k in np.flatnonzero(overlaps)]
        if text in drawing.ticks:
            xs = np.linspace(area.left + DEEP, area.right - DEEP, 5) + OFF_EDGE
            # A point is inside an area if an odd number of its edges are above the point.
            under += [
                a for a in areas if any(sum(y < area.y for y in a.crossings(x)) % 2 for x in xs)
            ]
        yield from (f"{text} overlaps {mark.name or mark.get('data-for')}" for mark in under)


def hidden(drawing):
    """Texts, arrows and bound marks that something painted later covers."""
    covers = [(k, mark) for k, mark in enumerate(drawing.marks) if is_filled(mark)]
    for order, mark in enumerate(drawing.marks):
        is_ribbon = mark.has("opacity") and not mark.has("data-flow")
        if is_ribbon and float(mark.get("opacity")) > MAX_OPACITY:
            yield f"{mark_name(mark)} hides what is below it"
        later = [cover for k, cover in covers if k > order and mark.element not in cover.ancestors]
        for points, edge in visible_parts(mark):
            # Covers with the same border hide the mark as well.
            over = inside(np.array(points), [cover.box for cover in later], edge - 1e-9)
            yield from (
                f"{later[k]} hides {mark_name(mark)}"
                for k in np.flatnonzero(over.mean(axis=0) > HIDDEN_SHARE)
                # A length drawn by a value may reach over what is below it.
                if not (later[k].expression and mark.has("data-of"))
            )


def visible_parts(mark):
    """Points of which one must stay visible, and how far beyond them a cover has to go."""
    if mark.is_text:
        yield [(mark.box.x, mark.middle)], 0
    elif mark.has("data-flow") and line_of(mark):
        yield points_along(mark), 0
        # What an arrow leads to may lie over the tip of its head.
        yield from (([head[0]], DEEP) for head in heads_of(mark))
    elif mark.has("data-of") or mark.has("data-call"):
        left, top, right, bottom = mark.box
        yield [(left, top), (right, bottom)], 0


def covered_bars(drawing):
    """Bars that are hidden, cover the thickness of another, or have its colour on it."""
    bars = [m for m in drawing.data_marks if is_bar(m) and min(size(m.box)) > DEEP]
    for under, over in combinations(bars, 2):
        left, top = map(max, under.box[:2], over.box[:2])
        right, bottom = map(min, under.box[2:], over.box[2:])
        shared = right - left, bottom - top
        if min(shared) <= DEEP:
            continue
        # Whether all of each is in the other: across, down.
        is_covered, is_inside = (
            [a > b - ROUNDED for a, b in zip(shared, size(mark.box), strict=True)]
            for mark in (under, over)
        )
        thickness = ("height", "width").index(under.draws)
        paints = {under.get("fill"), over.get("fill"), over.get("stroke", over.get("fill"))}
        is_alike = under.draws == over.draws
        if all(is_covered):
            yield f"{over} leaves nothing of {under}"
        elif all(is_inside) and len(paints) == 1:
            yield f"{over} cannot be seen on {under}"
        # A change may cover part of that of the step before.
        elif is_alike and not (is_covered[thickness] or is_inside[thickness] or is_move(over)):
            yield f"{over} lies over a part of {under}"


def size(area):
    return area.width, area.height


def inside(points, areas, edge=DEEP):
    """Which points are inside which areas, farther than `edge` from their border."""
    x, y = points.reshape(-1, 2).T[:, :, None]
    left, top, right, bottom = np.array(areas).reshape(-1, 4).T
    result = (left + edge < x) & (x < right - edge)
    return result & (top + edge < y) & (y < bottom - edge)


def is_filled(mark):
    return mark.tag in ("rect", "path") and mark.get("fill", "none") != "none"


def is_bar(mark):
    return mark.draws in ("width", "height") and is_filled(mark)


def mark_name(mark):
    if not mark.has("data-flow"):
        return str(mark)
    return f"the arrow from {mark.get('data-from')} to {mark.get('data-to')}"
