"""Where words and names stand that no rule gives a place, and what crosses.

A number, and a name in a row or above a column, stand where `labels` holds
them. A sentence within a figure, and a name beside a band or at a block, may
stand anywhere near what they tell of: so their places are in `parts.txt`, seen
from there. So are the ends of lines, seen from what they lead to. How often
lines cross is there too: a line that crosses one which it could go beside looks
as if both met.
"""

import re
from collections import Counter, defaultdict
from itertools import combinations

import numpy as np

from tests.binding.drawing import Drawing, Mark, Point, joined
from tests.binding.heads import line_of, tips
from tests.binding.leaves import foot, leaves, reach
from tests.binding.sentences import HEAD, sentences
from tests.proving import SVG

FEW = 3
"""Of how many ends of lines of one kind the places are told."""

HAIR = 1.0
"""How far from its ends a line crosses another, where the two do not meet."""


def places(drawing: Drawing) -> Counter[str]:
    """Words, names and crossings, as `parts.txt` has them."""
    found = words(drawing) + names(drawing) + arrows(drawing)
    if count := crossings(drawing):
        found["crossings of lines"] = count
    return found


def words(drawing: Drawing) -> Counter[str]:
    """Sentences in a figure, seen from what they are beside or above."""
    rule = foot(drawing)
    end = (rule or leaves(drawing).marks[0]).box.bottom
    found: Counter[str] = Counter()
    for one in sentences(drawing):
        if one.label or one.foot or one.place in ("", *HEAD):
            continue
        assert one.mark is not None
        (x, y), *_, last = lines(one.mark)
        near = drawing.by_name.get(one.place)
        if near is not None:
            box = reach(drawing, near)
            at = f"{x - box.left:.0f}, {y - box.top:.0f}"
            to = f"{last[0] - box.left:.0f}, {last[1] - box.top:.0f}"
            to = f" to {to}" * (to != at)
            found[f"words ({one.template}) at {at}{to} of {one.where}"] += 1
        elif y < end:
            found[f"words ({one.template}) from {x:.0f}, below all"] += 1
    return found


def lines(mark: Mark) -> list[Point]:
    """Where the lines of a sentence are anchored, from its box where none is.

    One line is the first and the last.
    """
    texts = [e for e in mark.element.iter() if e.tag == f"{SVG}text"]
    found = [(float(e.get("x", "0")), float(e.get("y", "0"))) for e in texts]
    found = found or [(mark.box.left, mark.box.bottom)]
    return [found[0], *found]


def names(drawing: Drawing) -> Counter[str]:
    """Names beside bands and at blocks, seen from all that they name."""
    found: Counter[str] = Counter()
    for label in drawing.labels:
        named = [reach(drawing, mark) for mark in drawing.named(label)]
        if label.along not in ("band", "block") or not named:
            continue
        box, x = joined(named), float(label.get("x"))
        said = "…" if label.has("data-says") else label.text
        found[
            f"name ({re.sub(r'[0-9]+', '#', said)}, {label.along}) at "
            f"{x - box.left:.0f}, {label.middle - box.top:.0f} of "
            f"{box.right - box.left:.0f} × {box.bottom - box.top:.0f}"
        ] += 1
    return found


def arrows(drawing: Drawing) -> Counter[str]:
    """Where lines end, seen from the middle of a box or of a vector."""
    every: dict[str, list[str]] = defaultdict(list)
    for mark in drawing.marks:
        head = drawing.by_name.get(mark.get("data-to"))
        line = line_of(mark) if mark.has("data-flow") else []
        if not line or head is None or head.has("data-draws") or head.is_text:
            continue
        (x, y), box = [*(tip[0] for tip in tips(mark)), line[-1]][0], head.box
        kind = " ".join(mark.get(f"data-{key}") for key in ("flow", "from", "to"))
        every[re.sub(r"\d+", "#", kind)].append(f"{x - box.x:.0f}, {y - box.y:.0f}")
    return Counter(
        {
            f"end of {kind} at {'; '.join(sorted({*ends})[:FEW])}": len(ends)
            for kind, ends in every.items()
        }
    )


def crossings(drawing: Drawing) -> int:
    """How often two lines that lead somewhere cross, and do not meet."""
    lines = [
        np.array(line)
        for mark in drawing.marks
        if mark.has("data-flow") and len(line := line_of(mark)) > 1
    ]
    return sum(cross(one, other) for one, other in combinations(lines, 2))


def cross(one: np.ndarray, other: np.ndarray) -> int:
    """How often one line crosses another, away from the ends of both.

    >>> line = np.array([(0.0, 0.0), (9.0, 9.0)])
    >>> cross(line, np.array([(0.0, 9.0), (9.0, 0.0)])), cross(line, line + 9)
    (1, 0)
    """
    if (one.min(0) > other.max(0)).any() or (other.min(0) > one.max(0)).any():
        return 0
    start, way = one[:-1, None], np.diff(one, axis=0)[:, None]
    begin, go = other[None, :-1], np.diff(other, axis=0)[None]
    area = _area(way, go)
    # Lines along each other do not cross.
    size = np.where(area == 0, np.inf, area)
    along = _area(begin - start, go) / size
    across = _area(begin - start, way) / size
    met = (along >= 0) & (along < 1) & (across >= 0) & (across < 1)
    points = (start + along[..., None] * way)[met & (area != 0)]
    ends = np.array([line[k] for line in (one, other) for k in (0, -1)])
    far = np.hypot(*(points[:, None] - ends).T)
    return int((far.min(axis=0, initial=np.inf) > HAIR).sum())


def _area(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    """Twice the area between two ways."""
    area: np.ndarray = one[..., 0] * other[..., 1] - one[..., 1] * other[..., 0]
    return area
