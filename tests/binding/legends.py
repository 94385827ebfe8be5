"""Legends: samples look like their targets, and scales have the map's colours.

A sample has `data-for` with the ids of its targets. Sentences about dashes are
checked against the dashed marks. Sentences about a part of many values, such as
the middle half, are checked against the ranks at the ends of the bars.
"""

import math
import re
from itertools import pairwise

import numpy as np

from tests.binding.drawing import SLACK
from tests.binding.kinds import kinds_of
from tests.binding.lengths import (
    DARKEST,
    GATE_HUES,
    INK,
    PANEL,
    PAPER,
    are_shares,
    channels,
    gates_of,
    grid,
    is_different,
    mixed,
    shade,
    strongest,
)
from tests.binding.sentences import sentences

LOOK = ("fill", "stroke", "stroke-width", "stroke-dasharray")
"""Attributes that a sample shares with its targets."""

SMALL, WIDE, HIGH = 3.0, 24.0, 14.0
"""Smallest and largest width of a sample, and its largest height."""

LEVEL, SIDE_GAP = 3.0, 14.0
"""Largest vertical and horizontal gap between a sample and its word."""

BELOW = 20.0
"""Largest gap between a scale and the number below its end."""

DASHED = re.compile(r"dashed\b.*\bfilled", re.IGNORECASE)
"""Matches a sentence about dashed outlines and filled parts."""


SPANS = {"the middle half": (25, 75), "all but a hundredth at each end": (1, 99)}
"""Words for a part of the values -> the percentages between which it lies."""

_RANKED = re.compile(r"\[(.+)\.sort\(\)\.values\[(\d+)\], .+\[(\d+)\]\]")
"""Matches two percentiles of one tensor: the tensor, and both ranks."""


def faults(drawing):
    for mark in drawing.marks:
        if mark.has("data-for") and not mark.has("data-names"):
            check = scale_faults if mark.tag == "g" else sample_faults
            yield from check(drawing, mark)
    yield from unbound_samples(drawing)
    if any(DASHED.search(sentence.text) for sentence in sentences(drawing)):
        yield from gate_outline_faults(drawing)
    yield from span_faults(drawing)


def span_faults(drawing):
    """Bars that cover a different part of the values than a sentence says."""
    words_by_ends = {
        ends: words
        for words, ends in SPANS.items()
        if any(words in sentence.text for sentence in sentences(drawing))
    }
    if not words_by_ends:
        return
    found_ends = set()
    for mark in drawing.data_marks:
        if not (match := _RANKED.search(mark.expression)):
            continue
        last = len(drawing.value(match[1])) - 1
        places = tuple(map(int, match.groups()[1:]))
        matching_ends = {
            ends for ends in words_by_ends if places == tuple(end * last // 100 for end in ends)
        }
        found_ends |= matching_ends
        if not matching_ends:
            yield f"{mark} is from {places[0]} to {places[1]} of {last}"
    for ends in (words_by_ends.keys() - found_ends) if found_ends else ():
        yield f"no bar has {words_by_ends[ends]}"


def unbound_samples(drawing):
    """Swatches and lines before a word that are bound to nothing."""
    words = [t for t in drawing.texts if kinds_of(t) in (["label"], ["sentence"])]
    for mark in drawing.marks:
        is_box = mark.tag == "rect"
        is_line = mark.tag == "path" and len(mark.chains) == 1 and len(mark.chains[0]) == 2
        if not (is_box or is_line) or mark.name:
            continue
        bindings = {key for key in mark.element.attrib if key.startswith("data-")}
        left, top, right, bottom = mark.box
        is_small = SMALL < right - left <= WIDE and bottom - top <= HIGH
        # The line of an arrow, or a cell of a heat map.
        is_part = any(e.get("data-flow") or e.get("data-draws") for e in mark.ancestors)
        if bindings - {"data-term"} or not is_small or is_part:
            continue
        if any(
            abs(word.middle - mark.box.y) <= LEVEL and 0 <= word.box.left - right <= SIDE_GAP
            for word in words
        ):
            yield f"a sample at {left:g}, {top:g} has no data-for"


def sample_faults(drawing, mark):
    """Samples that look different from one of their targets."""
    for named in drawing.targets_of(mark):
        # The target may be a group that contains the line.
        line = next(
            (e for e in named.element.iter() if e.get("fill") or e.get("stroke")), named.element
        )
        for key in LOOK:
            look, expected = mark.get(key), line.get(key, "")
            if look != expected:
                yield f"the sample of {named} has the {key} {look!r}, but the mark has {expected!r}"


def scale_faults(drawing, mark):
    """Colour scales that differ from the colours of their heat map."""
    named = drawing.targets_of(mark)
    maps = [target for target in named if target.draws == "fill"]
    boxes = [box for box in drawing.marks if mark.element in box.ancestors]
    if not maps or not boxes:
        yield f"a scale of {mark.get('data-for')} has no map or no boxes"
        return
    cells = [grid(heat_map) for heat_map in maps]
    # Root mean squares of blocks and values of i, f and o are never negative.
    is_unsigned = any(cell and (cell.rows, cell.columns) != (1, 1) for cell in cells) or are_shares(
        drawing, maps[0]
    )
    gates = {*"".join("".join(gates_of(drawing, m.expression)) for m in maps)}
    hue = GATE_HUES[min(gates)] if len(gates) == 1 else INK
    low = 0 if is_unsigned else -1
    for box, value in zip(boxes, np.linspace(low, 1, len(boxes)).tolist(), strict=True):
        actual = channels(box.get("fill"))
        expected = (
            mixed(hue, DARKEST * value) if is_unsigned else shade(value, 1, strongest(drawing))
        )
        # A tint this faint cannot be told from paper.
        is_faint = actual in (PANEL, PAPER) and abs(value) < 1 / 50
        if not is_faint and is_different(actual, expected):
            yield (f"the scale of {mark.get('data-for')} has {actual} at {value:g}, not {expected}")
            return
    if heat_map := nearer_map(drawing, mark, maps):
        yield f"the scale of {mark.get('data-for')} is nearer to {heat_map}"
    for box, following in pairwise(boxes):
        if not box.box.left < following.box.left <= box.box.right + SLACK:
            yield f"the scale of {mark.get('data-for')} has a gap"
    yield from end_faults(drawing, mark, is_unsigned)


def nearer_map(drawing, mark, maps):
    """A map that is nearer to the scale than the maps that it belongs to."""
    gaps = {
        heat_map: gap_between(mark.box, cells.frame)
        for heat_map in drawing.data_marks
        if (cells := grid(heat_map))
    }
    own_gap = min((gap for heat_map, gap in gaps.items() if heat_map in maps), default=0.0)
    nearer = (
        heat_map for heat_map, gap in gaps.items() if heat_map not in maps and gap < own_gap - SLACK
    )
    return next(nearer, None)


def gap_between(first, second):
    return math.hypot(
        max(first.left - second.right, second.left - first.right, 0),
        max(first.top - second.bottom, second.top - first.bottom, 0),
    )


def end_faults(drawing, mark, is_unsigned):
    """Scale ends without the right number.

    A scale that starts at 0 has one number. A scale that shares an axis has
    ticks.
    """
    box = mark.box
    # For each number at an end: whether it is on the left, and its magnitude.
    end_numbers = []
    for number in drawing.numbers:
        if "scale" not in number.name or not is_at_an_end(number, box):
            continue
        value = number.value
        is_left = number.box.x - box.left < box.right - number.box.x
        if is_left != (value < 0 and not is_unsigned):
            yield f"{number} is at the other end of its scale"
        end_numbers.append((is_left, abs(value)))
    magnitudes = {magnitude for _, magnitude in end_numbers}
    has_one_at_each_end = sorted(is_left for is_left, _ in end_numbers) == [False, True]
    is_symmetric = has_one_at_each_end and len(magnitudes) == 1
    if end_numbers and not is_unsigned and not is_symmetric:
        yield f"the scale of {mark.get('data-for')} ends with {sorted(end_numbers)}"


def is_at_an_end(number, box):
    """Whether a number is beside a box, or below one of its ends."""
    if abs(number.middle - (box.top + box.bottom) / 2) <= LEVEL:
        return 0 < gap_between(number.box, box) <= SIDE_GAP
    is_below = 0 < number.middle - box.bottom <= BELOW
    return is_below and box.left - SIDE_GAP <= number.box.x <= box.right + SLACK


def gate_outline_faults(drawing):
    """Gates whose outline is not dashed and empty, or whose value is not filled."""
    for mark in drawing.marks:
        # The outline around a gated value has its id, with this suffix.
        if mark.name.endswith("-there"):
            filled = drawing.by_name[mark.name.removesuffix("-there")]
            yield from outline_faults(mark, filled)
    for box, filled in pairwise(drawing.marks):
        # A gate passes a share of 1, so its outline is the whole scale.
        is_bar = not box.name and filled.name.endswith("-bar") and box.tag == filled.tag == "rect"
        if is_bar and all(box.get(side) == filled.get(side) for side in ("y", "height")):
            yield from outline_faults(box, filled)


def outline_faults(outline, filled):
    """Check that one mark is a dashed outline and the other is filled."""
    if not outline.has("stroke-dasharray") or outline.has("fill"):
        yield f"{filled} has no dashed outline around it"
    if filled.has("stroke-dasharray") or not filled.has("fill"):
        yield f"{filled} is not filled"
