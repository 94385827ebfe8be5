"""The line of an arrow, points on it, and its heads."""

import math
from functools import lru_cache
from itertools import pairwise

from tests.binding.drawing import lines
from tests.proof import SVG

MAX_GAP = 2.0
"""Largest gap between a head and the end of its line."""

MAX_ANGLE = math.radians(20)
"""Largest angle between a head and the last piece of its line."""

POINT_DISTANCE = 2.0
"""Distance between the sample points on a line."""


@lru_cache(maxsize=2**12)
def line_of(arrow):
    """The corners of an arrow's line."""
    paths = [e for e in arrow.element.iter(f"{SVG}path") if e.get("stroke")]
    return lines(paths[0].get("d", ""))[0] if paths else []


@lru_cache(maxsize=2**12)
def points_along(line):
    """Sample points on the line of an arrow, or on another line."""
    chains = [line_of(line)] if line.has("data-flow") else line.chains
    return [point for chain in chains for point in points_on_line([(x, y) for x, y in chain])]


def points_on_line(line):
    """Points at equal distances along a line."""
    points = []
    for (x, y), (right, down) in pairwise(line):
        count = math.ceil(math.dist((x, y), (right, down)) / POINT_DISTANCE)
        points += [
            (x + (right - x) * share, y + (down - y) * share)
            for share in ((k + 0.5) / count for k in range(count))
        ]
    return points


def heads_of(arrow):
    """The heads of an arrow, each as points that start at the tip."""
    return [
        lines(e.get("d", ""))[0] for e in arrow.element.iter(f"{SVG}path") if not e.get("stroke")
    ]


def ends(head):
    """The tip of a head and the middle of its base."""
    # The last point closes the head, and repeats the tip.
    tip, *base = head[:-1]
    x, y = (sum(axis) / len(base) for axis in zip(*base, strict=True))
    return tip, (x, y)


def is_aligned(line, head):
    """Whether a head is at the end of a line and continues its direction."""
    tip, back = ends(head)
    # A line can be shorter than its head.
    before = next(p for p in reversed(line) if math.dist(p, line[-1]) > 1e-6)
    turned = angle(before, tip) - angle(back, tip)
    return (
        math.dist(back, line[-1]) <= MAX_GAP and abs(math.remainder(turned, math.tau)) <= MAX_ANGLE
    )


def angle(start, end):
    return math.atan2(end[1] - start[1], end[0] - start[0])
