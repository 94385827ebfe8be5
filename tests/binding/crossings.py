"""No line that leads somewhere runs through a number or a sign on its way.

Nor does it run through a box that stands for something, a vector or a plot,
over words or a map, or along another line that leads from and to something
else; and it never turns back.
"""

import math
from collections import defaultdict
from collections.abc import Iterator
from itertools import chain, combinations

import numpy as np

from tests.binding.boxes import is_circle
from tests.binding.drawing import Box, Drawing, Mark, Point, box
from tests.binding.heads import ends, line_of, tips
from tests.binding.kinds import kinds_of
from tests.binding.leaves import held, loose, reach
from tests.binding.lengths import grid
from tests.binding.painting import along, is_filled
from tests.proving import SVG

INSIDE = 2.0
"""How far a line must lie in what it runs through."""

ALONG = 8
"""On how many points two lines may meet, each two units from the next."""

TOGETHER = 1.5
"""How far lines are from each other that run on one line."""

HAIR = 0.1
"""By how much lengths may differ that are written in hundredths."""

BACK = math.radians(100)
"""By how much no line turns at once."""


def faults(drawing: Drawing) -> list[str]:
    """Arrows through what is neither of their ends."""
    arrows = [m for m in drawing.marks if m.has("data-flow") and line_of(m)]
    every = obstacles(drawing)
    if not arrows:
        return []
    if not every:
        return [*over(drawing, arrows), *ways(drawing, arrows)]
    boxes = np.array([mark.letters for mark in every])
    left, top = boxes[:, :2].T + INSIDE
    right, bottom = boxes[:, 2:].T - INSIDE
    found = []
    for arrow in arrows:
        line = np.array(line_of(arrow))
        (low, high), (first, last) = zip(line.min(0), line.max(0), strict=True)
        near = (left < high) & (low < right) & (top < last) & (first < bottom)
        # A sign is where arrows end: none runs through it.
        others = [
            k
            for k in np.flatnonzero(near)
            if is_sign(every[k]) or not is_end(drawing, arrow, every[k])
        ]
        if not others:
            continue
        x, y = np.array(along(arrow)).T[:, :, None]
        met = (left[others] < x) & (x < right[others])
        met &= (top[others] < y) & (y < bottom[others])
        for k, is_met in zip(others, met.any(axis=0), strict=True):
            other = every[k]
            if is_met:
                found.append(
                    f"the arrow {arrow.get('data-flow')} from "
                    f"{arrow.get('data-from')} to {arrow.get('data-to')} runs "
                    f"through {other}"
                )
    return [*found, *over(drawing, arrows), *ways(drawing, arrows)]


def ways(drawing: Drawing, arrows: list[Mark]) -> Iterator[str]:
    """What is wrong with the ways of arrows, whatever stands there."""
    yield from tracks(arrows)
    yield from parting(arrows)
    yield from turning(arrows)
    yield from through(drawing, arrows)


def said(arrow: Mark) -> str:
    """An arrow, by its ends."""
    return f"the arrow from {arrow.get('data-from')} to {arrow.get('data-to')}"


def parting(arrows: list[Mark]) -> Iterator[str]:
    """Wires to one end that run on one line, and part again before it.

    Wires from one end, and wires to one, may be one line there.
    """
    lines = {
        arrow: np.array(along(arrow)).reshape(-1, 2)
        for arrow in arrows
        if arrow.get("data-flow") != "points" and len(line_of(arrow)) > 2
    }
    for end, away in (("from", "to"), ("to", "from")):
        meeting = defaultdict(list)
        for arrow in lines:
            meeting[arrow.get(f"data-{end}")].append(arrow)
        for one, other in chain.from_iterable(combinations(each, 2) for each in meeting.values()):
            if one.get(f"data-{away}") == other.get(f"data-{away}"):
                continue
            both = [lines[one], lines[other]]
            if end == "to":
                both = [points[::-1] for points in both]
            if part(*both) or part(*both[::-1]):
                yield f"{said(one)} and that from {other.get('data-from')} part"


def part(points: np.ndarray, line: np.ndarray) -> bool:
    """Whether a line begins apart from another and is on it for long."""

    def on(some: np.ndarray) -> np.ndarray:
        far = np.hypot(*(some[:, None] - line).T)
        return far.min(axis=0, initial=np.inf) < TOGETHER

    return not on(points[:1]).any() and on(points).sum() > ALONG // 2


def turning(arrows: list[Mark]) -> Iterator[str]:
    """Arrows that go back on their own way, but for what their head hides."""
    for arrow in arrows:
        points = np.array(line_of(arrow))
        for head in tips(arrow):
            tip, back = ends(head)
            far = np.linalg.norm(points - tip, axis=1)
            points = points[far > math.dist(tip, back)]
        ways = np.diff(points, axis=0).reshape(-1, 2)
        ways = ways[np.hypot(*ways.T) > HAIR]
        turns = np.diff(np.arctan2(ways[:, 1], ways[:, 0]))
        turns = abs((turns + math.pi) % math.tau - math.pi)
        if turns.size and turns.max() > BACK:
            yield f"{said(arrow)} turns back"


def through(drawing: Drawing, arrows: list[Mark]) -> Iterator[str]:
    """Arrows through the box of a vector or a plot, or a leader over words."""
    every = [
        (node, box(first))
        for node in drawing.nodes
        if node.element.tag == f"{SVG}g"
        for first in node.element[:1]
        if first.tag == f"{SVG}rect"
    ]
    plots = [
        (curve, reach(drawing, curve))
        for curve in drawing.drawn
        if curve.get("data-draws") == "path"
    ]
    texts = [(text, text.letters) for text in drawing.texts]
    for arrow in arrows:
        both = [drawing.by_name[arrow.get(f"data-{k}")] for k in ("from", "to")]
        is_leader = arrow.get("data-flow") == "points"
        some = texts if is_leader else [*every, *plots]
        for k in np.flatnonzero(are_met(along(arrow), [b for _, b in some])):
            mark, (left, top, right, bottom) = some[k]
            # What ends on a curve that is flat there ends on the edge of it.
            area = Box(left - HAIR, top - HAIR, right + HAIR, bottom + HAIR)
            if is_leader or not (
                is_end(drawing, arrow, mark)
                or any(area.holds(end.box.x, end.middle) for end in both)
            ):
                yield f"{said(arrow)} runs through {mark}"


def are_met(points: list[Point], boxes: list[Box]) -> np.ndarray:
    """Which boxes some points are in, not only at their edge."""
    x, y = np.array(points).reshape(-1, 2).T[:, :, None]
    left, top, right, bottom = np.array(boxes).reshape(-1, 4).T
    inside = (left + INSIDE < x) & (x < right - INSIDE)
    inside &= (top + INSIDE < y) & (y < bottom - INSIDE)
    met: np.ndarray = inside.any(axis=0)
    return met


def over(drawing: Drawing, arrows: list[Mark]) -> Iterator[str]:
    """Arrows over words and maps, unless something is painted on them there."""
    every = [
        (mark, mark.letters)
        for mark in drawing.texts
        if not mark.has("data-value")
        and not mark.has("transform")
        and kinds_of(mark) != ["operator"]
    ]
    every += [(one, cells.frame) for one in drawing.drawn if (cells := grid(one))]
    boxes = np.array([box for _, box in every])
    left, top = boxes[:, :2].T + INSIDE
    right, bottom = boxes[:, 2:].T - INSIDE
    for arrow in arrows:
        if arrow.get("data-flow") == "points":
            continue
        line = np.array(line_of(arrow))
        (low, high), (first, last) = zip(line.min(0), line.max(0), strict=True)
        near = (left < high) & (low < right) & (top < last) & (first < bottom)
        points = along(arrow) if near.any() else []
        for k in np.flatnonzero(near):
            inner = Box(left[k], top[k], right[k], bottom[k])
            met = [point for point in points if inner.holds(*point)]
            mark = every[k][0]
            if met and not is_own(drawing, arrow, mark) and is_seen(drawing, arrow, met):
                yield (
                    f"the arrow {arrow.get('data-flow')} from "
                    f"{arrow.get('data-from')} to {arrow.get('data-to')} runs "
                    f"over {mark}"
                )


def is_own(drawing: Drawing, arrow: Mark, mark: Mark) -> bool:
    """Whether a mark is an end of an arrow, lies in one or is its name."""
    ends = [drawing.by_name[arrow.get(f"data-{k}")] for k in ("from", "to")]
    return is_end(drawing, arrow, mark) or any(end in drawing.named(mark) for end in ends)


def is_seen(drawing: Drawing, arrow: Mark, points: list[Point]) -> bool:
    """Whether nothing is painted on some point of an arrow after it."""
    later = drawing.marks[drawing.marks.index(arrow) + 1 :]
    boxes = [mark.box for mark in later if is_filled(mark)]
    x, y = np.array(points).T[:, :, None]
    left, top, right, bottom = np.array(boxes).reshape(-1, 4).T
    hidden = (left <= x) & (x <= right) & (top <= y) & (y <= bottom)
    return not hidden.any(axis=1).all()


def tracks(arrows: list[Mark]) -> Iterator[str]:
    """Lines with corners that run along each other, and join nothing alike.

    What goes into one sum may run on one line.
    """
    lines = {
        arrow: {(round(x), round(y)) for x, y in along(arrow)}
        for arrow in arrows
        if arrow.get("data-flow") not in ("makes", "points") and len(line_of(arrow)) > 2
    }
    for one, other in combinations(lines, 2):
        ends = [{arrow.get(f"data-{k}") for k in ("from", "to")} for arrow in (one, other)]
        if not ends[0] & ends[1] and len(lines[one] & lines[other]) > ALONG:
            yield (
                f"the arrows from {one.get('data-from')} and from "
                f"{other.get('data-from')} run on one line"
            )


def obstacles(drawing: Drawing) -> list[Mark]:
    """Numbers, signs, circles around signs, and boxes of what is computed."""
    return [
        *drawing.numbers,
        *(node for node in drawing.nodes if node.element.tag == f"{SVG}rect" and node.has("fill")),
        *filter(is_sign, drawing.texts),
        *(
            mark
            for mark in loose(drawing)
            if is_circle(drawing, mark) and any(map(is_sign, held(drawing, mark)))
        ),
    ]


def is_sign(mark: Mark) -> bool:
    """Whether a mark is a sign of what is computed."""
    is_operator = mark.is_text and kinds_of(mark) == ["operator"]
    return is_operator and mark.text != "…"


def is_end(drawing: Drawing, arrow: Mark, other: Mark) -> bool:
    """Whether a mark is an end of an arrow, lies in one, or has one in it."""
    ends = [drawing.by_name[arrow.get(f"data-{k}")] for k in ("from", "to")]
    return any(
        end.element in (other.element, *other.around)
        or other.element in end.around
        or (other.has("data-of") and other.box.holds(end.box.x, end.middle))
        for end in ends
    )
