"""Each arrow that needs a head has one, and the head points the right way."""

import math
from collections.abc import Iterator
from functools import lru_cache
from itertools import pairwise, product

from tests.binding import specs
from tests.binding.arrows import distance
from tests.binding.drawing import Drawing, Mark, Point, lines
from tests.proof import SVG

POINTED = (
    *("makes", "in", "out", "copies", "back", "order", "sees"),
    *("visits", "reaches", "returns", "meets"),
)
"""The flows whose arrows have a direction; leaders have none."""

HEADLESS_FLOWS: dict[str, set[str]] = specs.constants("HEADLESS_FLOWS")
"""Figure -> its flows that are drawn without heads.

These are lines whose thickness is a contribution, and lines between places that
are alike or already in reading order.
"""

TOLERANCE = 0.1
"""Tolerance for lengths written with two decimals."""

MAX_GAP = 2.0
"""Largest gap between a head and the end of its line."""

HEAD_LENGTHS, HEAD_WIDTHS = (7.0, 8.0), (7.0, 8.0)
"""Smallest and largest length and width of a head, so that it is visible."""

CORNER = 3.0
"""Lines must end at least this far from the corner of a box."""

POINT_DISTANCE = 2.0
"""Distance between the sample points on a line."""

MAX_ANGLE = math.radians(20)
"""Largest angle between a head and the last piece of its line."""


def faults(drawing: Drawing) -> list[str]:
    """Heads that are missing, superfluous, misaligned or of an unusual size."""
    arrows = [mark for mark in drawing.marks if mark.has("data-flow")]
    leaving = {
        (arrow.get("data-from"), round(line[0][1]))
        for arrow in arrows
        if arrow.get("data-flow") == "out" and (line := line_of(arrow))
    }
    problems = []
    for arrow in arrows:
        flow, line, heads = arrow.get("data-flow"), line_of(arrow), heads_of(arrow)
        if not line:
            continue
        # An arrow that passes through the box of a call has its head where it comes out.
        end = arrow.get("data-to"), round(line[-1][1])
        through = flow == "in" and end in leaving
        plain = flow in HEADLESS_FLOWS.get(drawing.drawing_figure(arrow), ()) or through
        expected = flow in POINTED and not plain
        problems += corner_faults(drawing, arrow, line)
        arrow_name = f"the arrow {flow} from {arrow.get('data-from')} to {arrow.get('data-to')}"
        # A leader may have a head but needs none.
        if len(heads) != expected and (flow, len(heads)) != ("points", 1):
            problems.append(f"{arrow_name} has {len(heads)} heads, expected {int(expected)}")
        problems += [
            f"{arrow_name} has a head that points the wrong way"
            for head in heads
            if not is_aligned(line, head) or not approaches(drawing, arrow, head)
        ]
        problems += [
            f"{arrow_name} has a head of an unusual size"
            for head in heads
            # The head of a leader is as large as its text, so its size is not checked.
            if flow != "points" and not has_usual_size(head)
        ]
    return problems


def corner_faults(drawing: Drawing, arrow: Mark, line: list[Point]) -> Iterator[str]:
    """Lines that end at the corner of a box, where the side is ambiguous.

    Bars are exempt: a line from a bar starts where its value ends.
    """
    for key, point in (("from", line[0]), ("to", line[-1])):
        node = drawing.by_name.get(arrow.get(f"data-{key}"))
        if node is None or node.element.tag != f"{SVG}rect" or node.has("data-draws"):
            continue
        left, top, right, bottom = node.box
        sides = right - left, bottom - top
        if min(sides) > 4 * CORNER and any(
            max(abs(a - b) for a, b in zip(point, corner, strict=True)) < CORNER
            for corner in product((left, right), (top, bottom))
        ):
            yield f"a line ends at a corner of {node}"


@lru_cache(maxsize=2**12)
def line_of(arrow: Mark) -> list[Point]:
    """The line of an arrow, as points."""
    paths = [e for e in arrow.element.iter(f"{SVG}path") if e.get("stroke")]
    return lines(paths[0].get("d", ""))[0] if paths else []


@lru_cache(maxsize=2**12)
def points_along(line: Mark) -> list[Point]:
    """Sample points on the line of an arrow, or on another line."""
    chains = [line_of(line)] if line.has("data-flow") else line.chains
    return [point for chain in chains for point in points_on_line([(x, y) for x, y in chain])]


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


def heads_of(arrow: Mark) -> list[list[Point]]:
    """The heads of an arrow, each as points that start at the tip."""
    return [
        lines(e.get("d", ""))[0] for e in arrow.element.iter(f"{SVG}path") if not e.get("stroke")
    ]


def ends(head: list[Point]) -> tuple[Point, Point]:
    """The tip of a head and the middle of its base."""
    tip, *base = head[:-1]
    x, y = (sum(axis) / len(base) for axis in zip(*base, strict=True))
    return tip, (x, y)


def has_usual_size(head: list[Point]) -> bool:
    """Whether the length and width of a head are within the limits."""
    tip, back = ends(head)
    sides = math.dist(tip, back), math.dist(head[1], head[-2])
    return all(
        low - TOLERANCE <= side <= high + TOLERANCE
        for side, (low, high) in zip(sides, (HEAD_LENGTHS, HEAD_WIDTHS), strict=True)
    )


def approaches(drawing: Drawing, arrow: Mark, head: list[Point]) -> bool:
    """Whether the tip of a head is at least as near to the target as its base.

    A line can be too short for its own points to give a direction.
    """
    if arrow.get("data-flow") == "reaches":
        # This arrow ends beside the first element reached; `state_paths.reach_faults` checks
        # it.
        return True
    mark = drawing.by_name[arrow.get("data-to")]
    tip, back = (distance(drawing, mark, point) for point in ends(head))
    return tip <= back


def is_aligned(line: list[Point], head: list[Point]) -> bool:
    """Whether a head is at the end of a line and continues its direction."""
    tip, back = ends(head)
    # A line can be shorter than its head.
    before = next(p for p in reversed(line) if math.dist(p, line[-1]) > 1e-6)
    turned = angle(before, tip) - angle(back, tip)
    return (
        math.dist(back, line[-1]) <= MAX_GAP and abs(math.remainder(turned, math.tau)) <= MAX_ANGLE
    )


def angle(start: Point, end: Point) -> float:
    """The direction from one point to another."""
    return math.atan2(end[1] - start[1], end[0] - start[0])
