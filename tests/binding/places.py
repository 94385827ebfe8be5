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

from tests.binding.arrow_heads import heads_of, line_of
from tests.binding.drawing import Drawing, Mark, Point, joined
from tests.binding.sentences import HEAD, sentences
from tests.binding.shape_index import footer_line, leaves, scale_extent
from tests.proof import SVG

MAX_ENDS = 3
"""Of how many ends of lines of one kind the places are told."""

MIN_END_DISTANCE = 1.0
"""How far from its ends a line crosses another, where the two do not meet."""


def places(drawing: Drawing) -> Counter[str]:
    """Words, names and crossings, as `parts.txt` has them."""
    counts = words(drawing) + names(drawing) + arrows(drawing)
    if count := crossings(drawing):
        counts["crossings of lines"] = count
    return counts


def words(drawing: Drawing) -> Counter[str]:
    """Sentences in a figure, seen from what they are beside or above."""
    rule = footer_line(drawing)
    end = (rule or leaves(drawing).marks[0]).box.bottom
    counts: Counter[str] = Counter()
    for sentence in sentences(drawing):
        if sentence.is_label or sentence.is_footer or sentence.place in ("", *HEAD):
            continue
        assert sentence.mark is not None
        (x, y), *_, last = lines(sentence.mark)
        near = drawing.by_name.get(sentence.place)
        if near is not None:
            box = scale_extent(drawing, near)
            at = f"{x - box.left:.0f}, {y - box.top:.0f}"
            to = f"{last[0] - box.left:.0f}, {last[1] - box.top:.0f}"
            to = f" to {to}" * (to != at)
            counts[f"words ({sentence.template}) at {at}{to} of {sentence.where}"] += 1
        elif y < end:
            counts[f"words ({sentence.template}) from {x:.0f}, below all"] += 1
    return counts


def lines(mark: Mark) -> list[Point]:
    """Where the lines of a sentence are anchored, from its box where none is.

    One line is the first and the last.
    """
    texts = [e for e in mark.element.iter() if e.tag == f"{SVG}text"]
    points = [(float(e.get("x", "0")), float(e.get("y", "0"))) for e in texts]
    points = points or [(mark.box.left, mark.box.bottom)]
    return [points[0], *points]


def names(drawing: Drawing) -> Counter[str]:
    """Names beside bands and at blocks, seen from all that they name."""
    counts: Counter[str] = Counter()
    for label in drawing.labels:
        named = [scale_extent(drawing, mark) for mark in drawing.targets_of(label)]
        if label.along not in ("band", "block") or not named:
            continue
        box, x = joined(named), float(label.get("x"))
        text = "…" if label.has("data-says") else label.text
        counts[
            f"name ({re.sub(r'[0-9]+', '#', text)}, {label.along}) at "
            f"{x - box.left:.0f}, {label.middle - box.top:.0f} of "
            f"{box.right - box.left:.0f} × {box.bottom - box.top:.0f}"
        ] += 1
    return counts


def arrows(drawing: Drawing) -> Counter[str]:
    """Where lines end, seen from the middle of a box or of a vector."""
    ends_by_kind: dict[str, list[str]] = defaultdict(list)
    for mark in drawing.marks:
        head = drawing.by_name.get(mark.get("data-to"))
        line = line_of(mark) if mark.has("data-flow") else []
        if not line or head is None or head.has("data-draws") or head.is_text:
            continue
        (x, y), box = [*(tip[0] for tip in heads_of(mark)), line[-1]][0], head.box
        kind = " ".join(mark.get(f"data-{key}") for key in ("flow", "from", "to"))
        ends_by_kind[re.sub(r"\d+", "#", kind)].append(f"{x - box.x:.0f}, {y - box.y:.0f}")
    return Counter(
        {
            f"end of {kind} at {'; '.join(sorted({*ends})[:MAX_ENDS])}": len(ends)
            for kind, ends in ends_by_kind.items()
        }
    )


def crossings(drawing: Drawing) -> int:
    """How often two lines that lead somewhere cross, and do not meet."""
    lines = [
        np.array(line)
        for mark in drawing.marks
        if mark.has("data-flow") and len(line := line_of(mark)) > 1
    ]
    return sum(crossing_count(first, second) for first, second in combinations(lines, 2))


def crossing_count(first: np.ndarray, second: np.ndarray) -> int:
    """How often one line crosses another, away from the ends of both.

    >>> line = np.array([(0.0, 0.0), (9.0, 9.0)])
    >>> crossing_count(line, np.array([(0.0, 9.0), (9.0, 0.0)])), crossing_count(line, line + 9)
    (1, 0)
    """
    if (first.min(0) > second.max(0)).any() or (second.min(0) > first.max(0)).any():
        return 0
    start, direction = first[:-1, None], np.diff(first, axis=0)[:, None]
    begin, go = second[None, :-1], np.diff(second, axis=0)[None]
    area = _area(direction, go)
    # Lines along each other do not cross.
    size = np.where(area == 0, np.inf, area)
    along = _area(begin - start, go) / size
    across = _area(begin - start, direction) / size
    is_crossing = (along >= 0) & (along < 1) & (across >= 0) & (across < 1)
    points = (start + along[..., None] * direction)[is_crossing & (area != 0)]
    ends = np.array([line[k] for line in (first, second) for k in (0, -1)])
    distances = np.hypot(*(points[:, None] - ends).T)
    return int((distances.min(axis=0, initial=np.inf) > MIN_END_DISTANCE).sum())


def _area(first: np.ndarray, second: np.ndarray) -> np.ndarray:
    """Twice the area between two ways."""
    area: np.ndarray = first[..., 0] * second[..., 1] - first[..., 1] * second[..., 0]
    return area
