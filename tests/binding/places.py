"""Places of words and names that no other rule fixes, and crossings of lines.

`labels` checks numbers, and names in rows or above columns. A sentence inside a
figure and a name beside a band or block may be anywhere near their targets. So
their offsets from the targets are among the parts of a figure, as are the offsets
of the ends of lines. The number of crossings is a part too, because an avoidable
crossing looks as if the lines met.
"""

import re
from collections import Counter
from itertools import combinations

import numpy as np

from tests.binding.arrow_heads import heads_of, line_of
from tests.binding.drawing import joined
from tests.binding.sentences import HEAD, sentences
from tests.binding.shape_index import footer_line, leaves, scale_extent
from tests.proof import SVG

MIN_END_DISTANCE = 1.0
"""Lines cross if they meet farther than this from their ends."""


def places(drawing):
    """Words, names, ends of lines and crossings, with their counts."""
    counts = words(drawing) + names(drawing) + arrows(drawing)
    if count := crossings(drawing):
        counts["crossings of lines"] = count
    return counts


def words(drawing):
    """Sentences inside a figure, relative to the marks beside or below them."""
    rule = footer_line(drawing)
    # Without a footer, the body ends with the background, which is the first leaf.
    end = (rule or leaves(drawing).marks[0]).box.bottom
    counts = Counter()
    for sentence in sentences(drawing):
        if sentence.is_label or sentence.is_footer or sentence.place in ("", *HEAD):
            continue
        assert sentence.mark is not None
        (x, y), (last_x, last_y) = line_anchors(sentence.mark)
        near = drawing.by_name.get(sentence.place)
        if near is not None:
            box = scale_extent(drawing, near)
            at = f"{x - box.left:.0f}, {y - box.top:.0f}"
            to = f"{last_x - box.left:.0f}, {last_y - box.top:.0f}"
            at = at if to == at else f"{at} to {to}"
            counts[f"words ({sentence.template}) at {at} of {sentence.where}"] += 1
        elif y < end:
            counts[f"words ({sentence.template}) from {x:.0f}, below all"] += 1
    return counts


def line_anchors(mark):
    """The anchors of the first and last line of a sentence; its box if it has none."""
    texts = mark.element.iter(f"{SVG}text")
    points = [(float(e.get("x", "0")), float(e.get("y", "0"))) for e in texts]
    points = points or [(mark.box.left, mark.box.bottom)]
    return points[0], points[-1]


def names(drawing):
    """Names beside bands and at blocks, relative to all marks that they name."""
    counts = Counter()
    for label in drawing.labels:
        named = [scale_extent(drawing, mark) for mark in drawing.targets_of(label)]
        if label.along not in ("band", "block") or not named:
            continue
        box, x = joined(named), float(label.get("x"))
        text = "…" if label.has("data-says") else label.text
        counts[
            f"name ({re.sub(r'[0-9]+', '#', text)}, {label.along}) at "
            f"{x - box.left:.0f}, {label.middle - box.top:.0f} of "
            f"{box.width:.0f} × {box.height:.0f}"
        ] += 1
    return counts


def arrows(drawing):
    """The ends of lines, relative to the middle of a box or vector."""
    counts = Counter()
    for mark in drawing.arrows:
        head, line = drawing.by_name.get(mark.get("data-to")), line_of(mark)
        if not line or head is None or head.has("data-draws") or head.is_text:
            continue
        tips = [head_points[0] for head_points in heads_of(mark)]
        (x, y), box = tips[0] if tips else line[-1], head.box
        kind = " ".join(mark.get(f"data-{key}") for key in ("flow", "from", "to"))
        away = f"{round(x - box.x)}, {round(y - box.y)}"
        counts[f"end of {re.sub(r'[0-9]+', '#', kind)} at {away}"] += 1
    return counts


def crossings(drawing):
    """How often two connecting lines cross without a common end."""
    lines = [np.array(line) for line in map(line_of, drawing.arrows) if len(line) > 1]
    return sum(crossing_count(first, second) for first, second in combinations(lines, 2))


def crossing_count(first, second):
    """How often one line crosses another, away from the ends of both.

    >>> line = np.array([(0.0, 0.0), (9.0, 9.0)])
    >>> crossing_count(line, np.array([(0.0, 9.0), (9.0, 0.0)])), crossing_count(line, line + 9)
    (1, 0)
    """
    if (first.min(0) > second.max(0)).any() or (second.min(0) > first.max(0)).any():
        return 0
    # Each piece of the first line, in rows, with each piece of the second, in columns.
    start, direction = first[:-1, None], np.diff(first, axis=0)[:, None]
    second_start, second_direction = second[None, :-1], np.diff(second, axis=0)[None]
    area = _area(direction, second_direction)
    # Parallel lines do not cross.
    divisor = np.where(area == 0, np.inf, area)
    # The share of each piece that is before the point where both meet.
    along_first = _area(second_start - start, second_direction) / divisor
    along_second = _area(second_start - start, direction) / divisor
    is_crossing = (along_first >= 0) & (along_first < 1) & (along_second >= 0) & (along_second < 1)
    points = (start + along_first[..., None] * direction)[is_crossing & (area != 0)]
    ends = np.array([line[k] for line in (first, second) for k in (0, -1)])
    distances = np.hypot(*(points[:, None] - ends).T)
    return int((distances.min(axis=0, initial=np.inf) > MIN_END_DISTANCE).sum())


def _area(first, second):
    """The cross product of two vectors."""
    return first[..., 0] * second[..., 1] - first[..., 1] * second[..., 0]
