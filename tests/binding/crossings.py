"""No arrow runs through a number or sign, except at its ends.

Nor may it run through a box with a value, a vector or a plot, over words or a
map, or along an unrelated arrow. It must not double back.
"""

import math
from collections import defaultdict
from collections.abc import Iterator
from itertools import chain, combinations

import numpy as np

from tests.binding.arrow_heads import ends, heads_of, line_of
from tests.binding.drawing import Box, Drawing, Mark, Point, box
from tests.binding.kinds import kinds_of
from tests.binding.lengths import grid
from tests.binding.loose_boxes import is_circle
from tests.binding.overlaps import is_filled, points_along
from tests.binding.shape_index import contents, scale_extent, unbound_shapes
from tests.proof import SVG

INSIDE = 2.0
"""How far inside of a mark a line must be to count as running through it."""

MAX_SHARED_POINTS = 8
"""Largest number of shared points, two units apart, that two lines may have."""

TOGETHER = 1.5
"""Lines closer than this count as one line."""

TOLERANCE = 0.1
"""Tolerance for lengths written with two decimals."""

MAX_TURN = math.radians(100)
"""Largest turn of a line between two points."""


def faults(drawing: Drawing) -> list[str]:
    """Arrows that run through marks other than their ends."""
    arrows = [m for m in drawing.marks if m.has("data-flow") and line_of(m)]
    all_obstacles = obstacles(drawing)
    if not arrows:
        return []
    if not all_obstacles:
        return [*arrows_over_words(drawing, arrows), *route_faults(drawing, arrows)]
    boxes = np.array([mark.letters for mark in all_obstacles])
    left, top = boxes[:, :2].T + INSIDE
    right, bottom = boxes[:, 2:].T - INSIDE
    problems = []
    for arrow in arrows:
        line = np.array(line_of(arrow))
        (low, high), (first, last) = zip(line.min(0), line.max(0), strict=True)
        near = (left < high) & (low < right) & (top < last) & (first < bottom)
        # Arrows end at signs, so no arrow may run through one.
        others = [
            k
            for k in np.flatnonzero(near)
            if is_sign(all_obstacles[k]) or not is_end(drawing, arrow, all_obstacles[k])
        ]
        if not others:
            continue
        x, y = np.array(points_along(arrow)).T[:, :, None]
        is_inside = (left[others] < x) & (x < right[others])
        is_inside &= (top[others] < y) & (y < bottom[others])
        for k, is_met in zip(others, is_inside.any(axis=0), strict=True):
            other = all_obstacles[k]
            if is_met:
                problems.append(
                    f"the arrow {arrow.get('data-flow')} from "
                    f"{arrow.get('data-from')} to {arrow.get('data-to')} runs "
                    f"through {other}"
                )
    return [*problems, *arrows_over_words(drawing, arrows), *route_faults(drawing, arrows)]


def route_faults(drawing: Drawing, arrows: list[Mark]) -> Iterator[str]:
    """Faults of the routes of arrows, apart from the numbers and signs on them."""
    yield from overlapping_arrows(arrows)
    yield from parting_wires(arrows)
    yield from reversing_arrows(arrows)
    yield from arrows_through_boxes(drawing, arrows)


def arrow_name(arrow: Mark) -> str:
    """The name of an arrow in messages: its two ends."""
    return f"the arrow from {arrow.get('data-from')} to {arrow.get('data-to')}"


def parting_wires(arrows: list[Mark]) -> Iterator[str]:
    """Wires with a common end that are apart there but run together elsewhere.

    At their common end they may share a line.
    """
    lines = {
        arrow: np.array(points_along(arrow)).reshape(-1, 2)
        for arrow in arrows
        if arrow.get("data-flow") != "points" and len(line_of(arrow)) > 2
    }
    for end, far_end in (("from", "to"), ("to", "from")):
        meeting = defaultdict(list)
        for arrow in lines:
            meeting[arrow.get(f"data-{end}")].append(arrow)
        for arrow, other in chain.from_iterable(combinations(each, 2) for each in meeting.values()):
            if arrow.get(f"data-{far_end}") == other.get(f"data-{far_end}"):
                continue
            paths = [lines[arrow], lines[other]]
            if end == "to":
                paths = [points[::-1] for points in paths]
            if merges_into(*paths) or merges_into(*paths[::-1]):
                yield (
                    f"{arrow_name(arrow)} shares a line with that from "
                    f"{other.get('data-from')}, then parts"
                )


def merges_into(points: np.ndarray, line: np.ndarray) -> bool:
    """Whether a line starts apart from another and then follows it for long."""

    def on(path: np.ndarray) -> np.ndarray:
        distances = np.hypot(*(path[:, None] - line).T)
        return distances.min(axis=0, initial=np.inf) < TOGETHER

    return not on(points[:1]).any() and on(points).sum() > MAX_SHARED_POINTS // 2


def reversing_arrows(arrows: list[Mark]) -> Iterator[str]:
    """Arrows that double back, except below their heads."""
    for arrow in arrows:
        points = np.array(line_of(arrow))
        for head in heads_of(arrow):
            tip, back = ends(head)
            distances = np.linalg.norm(points - tip, axis=1)
            points = points[distances > math.dist(tip, back)]
        directions = np.diff(points, axis=0).reshape(-1, 2)
        directions = directions[np.hypot(*directions.T) > TOLERANCE]
        turns = np.diff(np.arctan2(directions[:, 1], directions[:, 0]))
        turns = abs((turns + math.pi) % math.tau - math.pi)
        if turns.size and turns.max() > MAX_TURN:
            yield f"{arrow_name(arrow)} turns back"


def arrows_through_boxes(drawing: Drawing, arrows: list[Mark]) -> Iterator[str]:
    """Arrows through the box of a vector or a plot, and leaders over words."""
    vectors = [
        (node, box(first))
        for node in drawing.nodes
        if node.element.tag == f"{SVG}g"
        for first in node.element[:1]
        if first.tag == f"{SVG}rect"
    ]
    plots = [
        (curve, scale_extent(drawing, curve))
        for curve in drawing.data_marks
        if curve.get("data-draws") == "path"
    ]
    texts = [(text, text.letters) for text in drawing.texts]
    for arrow in arrows:
        nodes = [drawing.by_name[arrow.get(f"data-{k}")] for k in ("from", "to")]
        is_leader = arrow.get("data-flow") == "points"
        obstacles = texts if is_leader else [*vectors, *plots]
        for k in np.flatnonzero(are_crossed(points_along(arrow), [b for _, b in obstacles])):
            mark, (left, top, right, bottom) = obstacles[k]
            # An arrow to a flat part of a curve ends on the edge of its box.
            area = Box(left - TOLERANCE, top - TOLERANCE, right + TOLERANCE, bottom + TOLERANCE)
            if is_leader or not (
                is_end(drawing, arrow, mark)
                or any(area.contains(end.box.x, end.middle) for end in nodes)
            ):
                yield f"{arrow_name(arrow)} runs through {mark}"


def are_crossed(points: list[Point], boxes: list[Box]) -> np.ndarray:
    """Which boxes contain some of the points, away from their edges."""
    x, y = np.array(points).reshape(-1, 2).T[:, :, None]
    left, top, right, bottom = np.array(boxes).reshape(-1, 4).T
    inside = (left + INSIDE < x) & (x < right - INSIDE)
    inside &= (top + INSIDE < y) & (y < bottom - INSIDE)
    crossed: np.ndarray = inside.any(axis=0)
    return crossed


def arrows_over_words(drawing: Drawing, arrows: list[Mark]) -> Iterator[str]:
    """Arrows over words and maps, unless a mark is painted over them there."""
    targets = [
        (mark, mark.letters)
        for mark in drawing.texts
        if not mark.has("data-value")
        and not mark.has("transform")
        and kinds_of(mark) != ["operator"]
    ]
    targets += [(mark, cells.frame) for mark in drawing.data_marks if (cells := grid(mark))]
    boxes = np.array([box for _, box in targets])
    left, top = boxes[:, :2].T + INSIDE
    right, bottom = boxes[:, 2:].T - INSIDE
    for arrow in arrows:
        if arrow.get("data-flow") == "points":
            continue
        line = np.array(line_of(arrow))
        (low, high), (first, last) = zip(line.min(0), line.max(0), strict=True)
        near = (left < high) & (low < right) & (top < last) & (first < bottom)
        points = points_along(arrow) if near.any() else []
        for k in np.flatnonzero(near):
            inner = Box(left[k], top[k], right[k], bottom[k])
            covered = [point for point in points if inner.contains(*point)]
            mark = targets[k][0]
            if covered and not is_own(drawing, arrow, mark) and is_visible(drawing, arrow, covered):
                yield (
                    f"the arrow {arrow.get('data-flow')} from "
                    f"{arrow.get('data-from')} to {arrow.get('data-to')} runs "
                    f"over {mark}"
                )


def is_own(drawing: Drawing, arrow: Mark, mark: Mark) -> bool:
    """Whether a mark is an end of an arrow, part of an end, or the arrow's name."""
    ends = [drawing.by_name[arrow.get(f"data-{k}")] for k in ("from", "to")]
    return is_end(drawing, arrow, mark) or any(end in drawing.targets_of(mark) for end in ends)


def is_visible(drawing: Drawing, arrow: Mark, points: list[Point]) -> bool:
    """Whether no later mark covers any of these points of an arrow."""
    later = drawing.marks[drawing.marks.index(arrow) + 1 :]
    boxes = [mark.box for mark in later if is_filled(mark)]
    x, y = np.array(points).T[:, :, None]
    left, top, right, bottom = np.array(boxes).reshape(-1, 4).T
    hidden = (left <= x) & (x <= right) & (top <= y) & (y <= bottom)
    return not hidden.any(axis=1).all()


def overlapping_arrows(arrows: list[Mark]) -> Iterator[str]:
    """Arrows with corners that run along each other without a common end.

    Addends of one sum may share a line.
    """
    lines = {
        arrow: {(round(x), round(y)) for x, y in points_along(arrow)}
        for arrow in arrows
        if arrow.get("data-flow") not in ("makes", "points") and len(line_of(arrow)) > 2
    }
    for first, second in combinations(lines, 2):
        ends = [{arrow.get(f"data-{k}") for k in ("from", "to")} for arrow in (first, second)]
        if not ends[0] & ends[1] and len(lines[first] & lines[second]) > MAX_SHARED_POINTS:
            yield (
                f"the arrows from {first.get('data-from')} and from "
                f"{second.get('data-from')} run on one line"
            )


def obstacles(drawing: Drawing) -> list[Mark]:
    """Numbers, signs, their circles, and boxes with values."""
    return [
        *drawing.numbers,
        *(node for node in drawing.nodes if node.element.tag == f"{SVG}rect" and node.has("fill")),
        *filter(is_sign, drawing.texts),
        *(
            mark
            for mark in unbound_shapes(drawing)
            if is_circle(drawing, mark) and any(map(is_sign, contents(drawing, mark)))
        ),
    ]


def is_sign(mark: Mark) -> bool:
    """Whether a mark is an operator sign."""
    is_operator = mark.is_text and kinds_of(mark) == ["operator"]
    return is_operator and mark.text != "…"


def is_end(drawing: Drawing, arrow: Mark, other: Mark) -> bool:
    """Whether a mark is an end of an arrow, is inside of one, or contains one."""
    ends = [drawing.by_name[arrow.get(f"data-{k}")] for k in ("from", "to")]
    return any(
        end.element in (other.element, *other.ancestors)
        or other.element in end.ancestors
        or (other.has("data-of") and other.box.contains(end.box.x, end.middle))
        for end in ends
    )
