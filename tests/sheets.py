"""What can be wrong with a sheet, whatever is drawn on it."""

import numpy as np

from lstm_figs.proof import digits
from lstm_figs.proof.bindings import Says
from lstm_figs.scene import metrics
from lstm_figs.scene.marks import Group, Text, bounds, corners, walk

MEASURED = set(metrics.CHARACTERS)
TOLERANCE = 0.5
SMALLEST, SMALLEST_SUBSCRIPT = 11, 9
ON_PAPER = 12
"""In pixels: nine points."""


def do_meet(first, second):
    """Whether two texts lie upon each other, along the sides of both."""
    boxes = [np.array(corners(text)) for text in (first, second)]
    for box in boxes:
        for start, stop in ((0, 1), (1, 2)):
            side = box[stop] - box[start]
            side = side / np.hypot(*side)
            (low, high), (least, most) = ((np.min(one @ side), np.max(one @ side)) for one in boxes)
            if min(high, most) - max(low, least) <= TOLERANCE:
                return False
    return True


EMPTY = 120
"""In pixels: how high there may be nothing, as between two lines of a grid."""


def empty(sheet):
    """Where there is nothing for long, from the top to the bottom."""
    drawn = [bounds([m]) for m in [*walk(sheet.marks)][1:] if not isinstance(m, Group)]
    end, found = 0, []
    for _, top, _, bottom in sorted(drawn, key=lambda box: box[1]):
        if top - end > EMPTY:
            found.append(f"nothing from {end:.0f} to {top:.0f}")
        end = max(end, bottom)
    if sheet.height - end > EMPTY:
        found.append(f"nothing below {end:.0f}")
    return found


def faults(sheet, width=None):
    """What leaves the sheet, lies upon each other or is too small or wide.

    Args:
        sheet: A composed figure.
        width: What it was composed for, where it has to fit.
    """
    marks = [m for m in walk(sheet.marks) if isinstance(m, Text)]
    places = np.array([bounds([m]) for m in marks])
    said = [m.content for m in marks]
    left, top, right, bottom = places.T
    outside = (
        (left < -TOLERANCE)
        | (top < -TOLERANCE)
        | (right > sheet.width + TOLERANCE)
        | (bottom > sheet.height + TOLERANCE)
    )
    across = np.minimum.outer(right, right) - np.maximum.outer(left, left)
    down = np.minimum.outer(bottom, bottom) - np.maximum.outer(top, top)
    overlap = np.triu((across > TOLERANCE) & (down > TOLERANCE), 1)
    paper = sheet.marks[0]
    found = [said[k] for k in np.flatnonzero(outside)]
    found += [(said[a], said[b]) for a, b in np.argwhere(overlap) if do_meet(marks[a], marks[b])]
    found += [
        f"{m.content} is small"
        for m in marks
        if any(m.run_size(run) < (SMALLEST_SUBSCRIPT if run.sub else SMALLEST) for run in m.runs)
    ]
    found += [
        f"{m.content} is small on paper"
        for m in marks
        if sheet.unit and m.size * sheet.unit < ON_PAPER
    ]
    found += ["an empty text" for m in marks if not m.content]
    numbers = [m for m in marks if m.number is not None]
    if any("e−" in m.content for m in numbers):
        found += [
            f"{m.content} is in another notation than others"
            for m in numbers
            if "e" not in m.content and digits.is_small(m.number.value)
        ]
    found += [f"{m.content} is zero" for m in numbers if m.number.value == 0 and m.content != "0"]
    characters = {c for m in marks for run in m.runs for c in run.text}
    # Tokens and names have characters of their own.
    characters -= {
        c
        for m in walk(sheet.marks)
        for said in m.bound
        if isinstance(said, Says)
        for value, _ in said.values
        for c in str(value)
    }
    found += [f"{c} is not measured" for c in characters - MEASURED]
    if (paper.width, paper.height) != (sheet.width, sheet.height):
        found.append("the paper is not the sheet")
    left, top, right, bottom = bounds(sheet.marks)
    if min(left, top) < 0 or right > sheet.width or bottom > sheet.height:
        found.append("a mark leaves the paper")
    if width is not None:
        found += empty(sheet)
    if width is not None and sheet.width > width:
        found.append(f"{sheet.width} wide")
    return found
