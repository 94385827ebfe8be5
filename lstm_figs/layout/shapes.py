"""Small marks that figures share: code, arrows, circles."""

import math

from ..scene.marks import Anchor, Box, Group, Mark, Path, Text
from ..scene.theme import Paint

Point = tuple[float, float]


def code_text(
    x: float,
    y: float,
    text: str,
    anchor: Anchor = "middle",
    *,
    fill: Paint = "ink",
    bold: bool = False,
) -> Text:
    """A name or an expression in monospace."""
    return Text(x=x, y=y, content=text, size=11.5, mono=True, anchor=anchor, fill=fill, bold=bold)


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
    end, marks = _head(points[-2], points[-1], paint) if head else (points[-1], ())
    points = (*points[:-1], end)
    d: list[tuple[str, *tuple[Point, ...]]] = [("M", points[0])]
    if curve:
        d += [("C", *points[k : k + 3]) for k in range(1, len(points), 3)]
    else:
        d += [("L", point) for point in points[1:]]
    line = Path(d=tuple(d), stroke=paint, stroke_width=width)
    return Group(marks=(line, *marks), term=term)


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
    end, marks = _head(corners[-2], corners[-1], paint, width) if head else (corners[-1], ())
    d: list[tuple[str, *tuple[Point, ...]]] = [("M", corners[0])]
    points = (*corners[:-1], end)
    for before, corner, after in zip(points, points[1:-1], points[2:], strict=False):
        # Two corners share the segment between them, so that the line never turns back.
        near = [
            math.dist(corner, p) / (1 if p in (corners[0], end) else 2) for p in (before, after)
        ]
        own = min(radius, *near)
        start, stop = (_towards(corner, p, own) for p in (before, after))
        d += [
            ("L", start),
            ("C", _towards(corner, before, own * 0.45), _towards(corner, after, own * 0.45), stop),
        ]
    d.append(("L", end))
    line = Path(d=tuple(d), stroke=paint, stroke_width=width)
    return Group(marks=(line, *marks), term=term)


def _towards(start: Point, end: Point, distance: float) -> Point:
    """The point at a distance from `start`, on the way to `end`."""
    share = distance / (math.dist(start, end) or 1)
    return (start[0] + (end[0] - start[0]) * share, start[1] + (end[1] - start[1]) * share)


def _head(
    before: Point, tip: Point, paint: Paint, width: float = 0
) -> tuple[Point, tuple[Mark, ...]]:
    """The point where an arrow's line ends, and its head, which is wider than the line."""
    half_base = max(3.6, width + 0.5)
    length = half_base * 8 / 3.6
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
