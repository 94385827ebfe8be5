"""Layout faults that can occur in any figure."""

import numpy as np

from lstm_figs.proof import digits
from lstm_figs.proof.bindings import Says
from lstm_figs.scene import metrics
from lstm_figs.scene.marks import Group, Text, bounds, corners, walk

MEASURED = set(metrics.CHARACTERS)
"""The characters whose widths the package knows."""
TOLERANCE = 0.5
"""How far texts may overlap or leave the sheet, in pixels."""

SMALLEST, SMALLEST_SUBSCRIPT = 11, 9
"""The smallest font sizes, of a text and of a subscript."""

SMALLEST_ON_PAPER = 12
"""The smallest font size on paper, in pixels: nine points. Only sheets for paper have a `unit`."""


def do_overlap(first, second):
    """Whether two texts overlap, measured along the sides of each."""
    boxes = [np.array(corners(text)) for text in (first, second)]
    for box in boxes:
        # Corners at the ends of a side
        for start, stop in ((0, 1), (1, 2)):
            side = box[stop] - box[start]
            side = side / np.hypot(*side)
            (low, high), (least, most) = (
                (np.min(polygon @ side), np.max(polygon @ side)) for polygon in boxes
            )
            if min(high, most) - max(low, least) <= TOLERANCE:
                return False
    return True


MAX_EMPTY = 120
"""The highest part of a sheet without a mark, in pixels."""


def empty_stretches(sheet):
    """Heights without marks."""
    # The first mark is the paper.
    boxes = [bounds([m]) for m in [*walk(sheet.marks)][1:] if not isinstance(m, Group)]
    end, gaps = 0, []
    for _, top, _, bottom in sorted(boxes, key=lambda box: box[1]):
        if top - end > MAX_EMPTY:
            gaps.append(f"nothing from {end:.0f} to {top:.0f}")
        end = max(end, bottom)
    if sheet.height - end > MAX_EMPTY:
        gaps.append(f"nothing below {end:.0f}")
    return gaps


def faults(sheet, width=None):
    """Marks that leave the sheet, overlap, or are too small or too wide.

    `width` is the one that it was composed for, if it has to fit.
    """
    marks = [m for m in walk(sheet.marks) if isinstance(m, Text)]
    assert marks, "the sheet has no text"
    places = np.array([bounds([m]) for m in marks])
    contents = [m.content for m in marks]
    left, top, right, bottom = places.T
    outside = (
        (left < -TOLERANCE)
        | (top < -TOLERANCE)
        | (right > sheet.width + TOLERANCE)
        | (bottom > sheet.height + TOLERANCE)
    )
    across = np.minimum.outer(right, right) - np.maximum.outer(left, left)
    down = np.minimum.outer(bottom, bottom) - np.maximum.outer(top, top)
    # Each pair once, and no text with itself.
    overlap = np.triu((across > TOLERANCE) & (down > TOLERANCE), 1)
    paper = sheet.marks[0]
    problems = [contents[k] for k in np.flatnonzero(outside)]
    problems += [
        (contents[a], contents[b])
        for a, b in np.argwhere(overlap)
        if do_overlap(marks[a], marks[b])
    ]
    has_powers = any("e−" in m.content for m in marks if m.number is not None)
    for mark in marks:
        text, runs = mark.content, mark.runs
        if any(mark.run_size(r) < (SMALLEST_SUBSCRIPT if r.sub else SMALLEST) for r in runs):
            problems.append(f"{text} is small")
        if sheet.unit and mark.size * sheet.unit < SMALLEST_ON_PAPER:
            problems.append(f"{text} is small on paper")
        if not text:
            problems.append("an empty text")
        if mark.number is None:
            continue
        if has_powers and "e" not in text and digits.is_small(mark.number.value):
            problems.append(f"{text} is in another notation than others")
        if mark.number.value == 0 and text != "0":
            problems.append(f"{text} is zero")
    characters = {c for m in marks for run in m.runs for c in run.text}
    # Tokens and names may contain any character.
    characters -= {
        c
        for m in walk(sheet.marks)
        for binding in m.bound
        if isinstance(binding, Says)
        for value, _ in binding.values
        for c in str(value)
    }
    problems += [f"{c} is not measured" for c in characters - MEASURED]
    if (paper.width, paper.height) != (sheet.width, sheet.height):
        problems.append("the paper is not the sheet")
    left, top, right, bottom = bounds(sheet.marks)
    if min(left, top) < 0 or right > sheet.width or bottom > sheet.height:
        problems.append("a mark leaves the paper")
    if width is not None:
        problems += empty_stretches(sheet)
        problems += [f"{sheet.width} wide"] * (sheet.width > width)
    return problems
