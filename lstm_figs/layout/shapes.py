"""Small marks that figures share: arrows and circles."""

import math

from ..scene.marks import Box, Group, Mark, Path
from ..scene.theme import Paint

Point = tuple[float, float]
"""An x and a y."""
MIN_HALF_BASE, LENGTH_PER_HALF_BASE = 3.6, 8 / 3.6
"""Half the width of an arrowhead at its base; its length relative to that."""
CORNER_SHARE = 0.45
"""The distance of the control points of a quarter circle from the corner, relative to
the radius."""


def arrow(
    *points: Point,
    paint: Paint = "muted",
    curve: bool = False,
    head: bool = True,
    term: str = "",
    width: float = 1.5,
) -> Group:
    """A line with an arrowhead at its last point.

    Args:
        *points: The corners. With `curve`, a start point followed by groups of
            three Bézier control points.
        paint: The paint of the line and its head.
        curve: Whether the points describe cubic Bézier curves.
        head: Whether to draw an arrowhead.
        term: The terms of the mark.
        width: The stroke width.
    """
    line_end, head_marks = _head(points[-2], points[-1], paint) if head else (points[-1], ())
    points = (*points[:-1], line_end)
    commands: list[tuple[str, *tuple[Point, ...]]] = [("M", points[0])]
    if curve:
        commands += [("C", *points[k : k + 3]) for k in range(1, len(points), 3)]
    else:
        commands += [("L", point) for point in points[1:]]
    line = Path(tuple(commands), stroke=paint, stroke_width=width)
    return Group((line, *head_marks), term=term)


def round_arrow(
    *corners: Point,
    paint: Paint,
    term: str = "",
    radius: float = 8,
    width: float = 1.5,
    head: bool = True,
) -> Group:
    """A line of horizontal and vertical segments with rounded corners.

    Args:
        *corners: The start, the corners and the end.
        paint: The paint of the line and its head.
        term: The terms of the mark.
        radius: The corner radius; smaller where a segment is too short for it.
        width: The stroke width.
        head: Whether to draw an arrowhead.
    """
    line_end, head_marks = (
        _head(corners[-2], corners[-1], paint, width) if head else (corners[-1], ())
    )
    commands: list[tuple[str, *tuple[Point, ...]]] = [("M", corners[0])]
    points = (*corners[:-1], line_end)
    for before, corner, after in zip(points, points[1:-1], points[2:], strict=False):
        # Two corners share the segment between them, so that the line never turns back.
        available = [
            math.dist(corner, p) / (1 if p in (corners[0], line_end) else 2)
            for p in (before, after)
        ]
        own_radius = min(radius, *available)
        start, stop = (_towards(corner, p, own_radius) for p in (before, after))
        control_radius = own_radius * CORNER_SHARE
        first, second = (_towards(corner, p, control_radius) for p in (before, after))
        commands += [("L", start), ("C", first, second, stop)]
    commands.append(("L", line_end))
    line = Path(tuple(commands), stroke=paint, stroke_width=width)
    return Group((line, *head_marks), term=term)


def _towards(start: Point, end: Point, distance: float) -> Point:
    """The point at a distance from `start`, on the way to `end`."""
    # If both are the same point, any share yields it.
    share = distance / (math.dist(start, end) or 1)
    return (start[0] + (end[0] - start[0]) * share, start[1] + (end[1] - start[1]) * share)


def _head(
    before: Point, tip: Point, paint: Paint, width: float = 0
) -> tuple[Point, tuple[Mark, ...]]:
    """The point where an arrow's line ends, and its head, which is wider than the line."""
    half_base = max(MIN_HALF_BASE, width + 0.5)
    length = half_base * LENGTH_PER_HALF_BASE
    angle = math.atan2(tip[1] - before[1], tip[0] - before[0])

    def behind(distance: float, offset: float = 0) -> Point:
        """The point at a distance behind the tip, and beside the line."""
        return (
            tip[0] - distance * math.cos(angle) - offset * math.sin(angle),
            tip[1] - distance * math.sin(angle) + offset * math.cos(angle),
        )

    head = Path(
        (("M", tip), ("L", behind(length, half_base)), ("L", behind(length, -half_base)), ("Z",)),
        fill=paint,
    )
    # The line reaches into the head, so that no gap is visible between them.
    return behind(length - 1), (head,)


def circle(
    x: float, y: float, radius: float, *, fill: Paint, stroke: Paint, id: str = "", term: str = ""
) -> Box:
    """A circle: a box with fully rounded corners."""
    return Box(
        x=x - radius,
        y=y - radius,
        width=2 * radius,
        height=2 * radius,
        radius=radius,
        fill=fill,
        stroke=stroke,
        stroke_width=1.5,
        id=id,
        term=term,
    )
