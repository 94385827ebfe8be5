"""A line runs through no ink that it does not belong to.

It may run through its ends and their names. Two lines share a track only from a common
end, and a line ends at a side of a box, not at its corner.
"""

import math
from itertools import combinations, product

import numpy as np

from tests.binding.arrow_heads import line_of, points_along
from tests.binding.covers import DEEP, inside, is_filled, mark_name, size
from tests.binding.drawing import Box, box
from tests.binding.kinds import kinds_of
from tests.binding.lengths import grid
from tests.binding.shape_index import is_arrow, scale_extent
from tests.proof import SVG

SAME_TRACK = 0.75 * DEEP
"""Lines closer together than this run on one track."""

TRACK = 8
"""How many samples two lines may share where they cross or meet."""

CORNER = 3.0
"""How far from the corner of a box a line must end."""

HEAD = 8.0
"""The length of the head of an arrow."""

MIN_COSINE = math.cos(math.radians(100))
"""The cosine of the largest turn of a line between two points."""


def faults(drawing):
    yield from lines_through(drawing)
    yield from lost_lines(drawing)
    yield from shared_tracks(drawing)


def lines_through(drawing):
    """Lines through what they do not belong to, unless something painted over them hides them."""
    texts = [(text, text.letters) for text in drawing.texts if not text.has("transform")]
    blocks = [*texts, *boxes(drawing), *plots(drawing)]
    orders = {mark.element: k for k, mark in enumerate(drawing.marks)}
    covers = [mark for mark in drawing.marks if is_filled(mark) and mark.tag == "rect"]
    for line in filter(is_line, drawing.marks):
        points = np.array(points_along(line)).reshape(-1, 2)
        is_met = inside(points, [area for _, area in blocks])
        for k in np.flatnonzero(is_met.any(axis=0)):
            mark, area = blocks[k]
            later = [c.box for c in covers if orders[c.element] > orders[line.element]]
            is_hidden = inside(points[is_met[:, k]], later, 0).any(axis=1).all()
            # Boxes and signs hide what is in them, and nothing may run there.
            is_hidden &= mark not in drawing.nodes and kinds_of(mark) != ["operator"]
            if not is_hidden and not may_cross(drawing, line, mark, area):
                yield f"{mark_name(line)} runs through {mark}"


def boxes(drawing):
    """The painted boxes of nodes."""
    for node in drawing.nodes:
        first = node.element if node.tag == "rect" else next(iter(node.element), node.element)
        if first.tag == f"{SVG}rect" and first.get("fill", "none") != "none":
            yield node, box(first)


def plots(drawing):
    """Curves with all of their scale, and maps."""
    for mark in drawing.data_marks:
        if cells := grid(mark):
            yield mark, cells.frame
        elif mark.draws == "path":
            yield mark, scale_extent(drawing, mark)


def may_cross(drawing, line, mark, area):
    """Whether a line may run through a mark, as an arrow through its ends and their names."""
    is_joining = line.has("data-flow") and line.flow != "points"
    if not is_joining and not mark.is_text:
        return True
    if mark.is_text and kinds_of(mark) == ["operator"]:
        # Arrows end at signs.
        return not line.has("data-flow") or mark.text == "…"
    # Positions are rounded, so a middle may be just outside.
    wide = Box(area.left - 0.1, area.top - 0.1, area.right + 0.1, area.bottom + 0.1)
    return is_joining and any(
        end.element in (mark.element, *mark.ancestors)
        or mark.element in end.ancestors
        or end in drawing.targets_of(mark)
        or (not mark.is_text and wide.contains(end.box.x, end.middle))
        for end in drawing.ends(line)
    )


def lost_lines(drawing):
    """Lines that end at a corner of a box or turn back, and heads of no arrow."""
    for mark in drawing.marks:
        is_triangle = mark.tag == "path" and is_filled(mark) and not mark.has("stroke")
        owners = [e for e in mark.ancestors if e.get("data-of") or e.get("data-flow")]
        if is_triangle and [len(chain) for chain in mark.chains] == [4] and not owners:
            yield f"the head at {mark.box.x:g}, {mark.box.y:g} belongs to no arrow"
        if not mark.has("data-flow") or not line_of(mark):
            continue
        line = np.array(line_of(mark))
        for node, point in zip(drawing.ends(mark), (line[0], line[-1]), strict=True):
            # The line of a bar begins where its value ends.
            is_box = node.tag == "rect" and min(size(node.box)) > 4 * CORNER
            left, top, right, bottom = node.box
            corners = [*product((left, right), (top, bottom))]
            if is_box and not node.has("data-draws") and abs(corners - point).max(1).min() < CORNER:
                yield f"{mark_name(mark)} ends at a corner of {node}"
        # Graphviz lets a curve turn below its head.
        steps = np.diff(line[np.hypot(*(line - line[-1]).T) > HEAD], axis=0)
        # Very short pieces have no certain direction.
        steps = steps[np.hypot(*steps.T) > 0.1]
        turns = np.diff(np.arctan2(steps[:, 1], steps[:, 0]))
        if np.cos(turns).min(initial=1) < MIN_COSINE and mark.flow != "points":
            yield f"{mark_name(mark)} turns back"


def shared_tracks(drawing):
    """Arrows that run along another one without a common end, or apart from it."""
    arrows = [m for m in drawing.arrows if m.flow != "points"]
    lines = {m: np.array(points_along(m)) for m in arrows if len(line_of(m)) > 2}
    for arrow, other in combinations(lines, 2):
        starts_alike, ends_alike = (
            arrow.get(key) == other.get(key) for key in ("data-from", "data-to")
        )
        # Addends may lead to all of their sums in one bundle.
        is_bundle = arrow.flow == other.flow == "makes"
        is_apart = (lines[arrow].min(0) > lines[other].max(0) + DEEP).any()
        if is_apart or (is_bundle and not (starts_alike or ends_alike)):
            continue
        # Whether each point of one is near each point of the other.
        near = np.hypot(*(lines[arrow][:, None] - lines[other]).T).T < SAME_TRACK
        is_along = min(near.any(0).sum(), near.any(1).sum()) > TRACK
        meets = (starts_alike and near[0, 0]) or (ends_alike and near[-1, -1])
        if is_along and not meets:
            yield f"{mark_name(arrow)} and {mark_name(other)} run on one line"


def is_line(mark):
    """Whether a mark is an arrow, or a line that is no part of one or of a map."""
    if mark.has("data-flow"):
        return bool(line_of(mark))
    if mark.tag != "path" or mark.has("fill") or is_arrow(mark):
        return False
    keys = ("data-for", "data-names")
    return not any(e.get("data-draws") == "fill" or any(map(e.get, keys)) for e in mark.ancestors)
