"""What differs in one index is in the order of that index.

Elements of a vector go down or to the right, and dots are only where some are left
out. Readers assume this order, so no binding states it. Marks of one layer are not on
the line of another layer.
"""

import math
import re
from collections import defaultdict
from itertools import pairwise

from tests.binding import specs
from tests.binding.arrow_heads import points_along
from tests.binding.axes import expression_keys, values_of
from tests.binding.drawing import joined, number_range

LEVEL = 2.0
"""Numbers farther apart than this are not on one line."""

NEAR = 6.0
"""Largest distance between dots and the line of what they replace."""


def faults(drawing):
    """Numbers before a lower index, dots where nothing is left out, and rows of other layers."""
    dots = [text for text in drawing.texts if text.is_ellipsis]
    yield from disordered_numbers(drawing, dots)
    yield from gaps(drawing, dots)
    yield from layer_faults(drawing)


def disordered_numbers(drawing, dots):
    """Numbers above or left of those with a lower last index, and dots between neighbours."""
    kinds = defaultdict(list)
    for number in drawing.numbers:
        stem, _, index = number.name.rpartition("-")
        keys = expression_keys(drawing, number.expression)
        if index.isdecimal() and {int(index)} in (
            keys.get("unit"),
            keys.get("row"),
            keys.get("input"),
        ):
            kinds[drawing.drawing_figure(number), stem].append((int(index), number))
    requested = requested_units(drawing)
    for line in kinds.values():
        is_requested = {index for index, _ in line} <= {*requested}
        line.sort(key=lambda entry: requested.index(entry[0]) if is_requested else entry[0])
        for (low, first), (high, second) in pairwise(line):
            across, down = second.box.x - first.box.x, second.middle - first.middle
            is_column = first.box.left < second.box.right and second.box.left < first.box.right
            if (is_column and down < -LEVEL) or (abs(down) <= LEVEL and across < -LEVEL):
                yield f"{second} is above or left of {first}"
            if high == low + 1 and any(is_between(first, dot, second) for dot in dots):
                yield f"'…' is between {first} and {second}"


def is_between(first, dot, second):
    """Whether a text is on the line between two numbers."""
    xs, ys = zip(*((mark.box.x, mark.middle) for mark in (first, dot, second)), strict=True)
    return any(
        max(level) - min(level) <= NEAR and [*along] == sorted(along)
        for level, along in ((ys, xs), (xs, ys))
    )


def requested_units(drawing):
    """The units in the order of their names, in a figure that asks for units in an order."""
    if not specs.constant(drawing.figure, "KEEPS_REQUESTED_ORDER", False):
        return []
    names = [
        (text.middle, text.box.x, int(match[1]))
        for text in drawing.texts
        if (match := re.fullmatch(r"unit (\d+)", text.text))
    ]
    return [*dict.fromkeys(unit for *_, unit in sorted(names))]


def gaps(drawing, dots):
    """Arrows that skip elements without dots, or that have dots although none is skipped."""
    for arrow in drawing.arrows:
        if arrow.flow not in ("order", "makes"):
            continue
        ends = drawing.ends(arrow)
        if not all(end.expression for end in ends):
            continue
        first, second = (expression_keys(drawing, end.expression) for end in ends)
        if first.get("tensor") != second.get("tensor"):
            continue
        skips_any = any(
            is_gap_between(first.get(key, set()), second.get(key, set()))
            for key in ("step", "layer")
        )
        has_dots = any(
            math.dist((dot.box.x, dot.middle), point) < NEAR
            for dot in dots
            for point in points_along(arrow)
        )
        if has_dots != skips_any:
            dots_or_none = "dots" if has_dots else "no dots"
            yield f"the arrow from {ends[0]} to {ends[1]} has {dots_or_none} on it"


def is_gap_between(ones, others):
    """Whether there is something between two steps or two layers."""
    if len(ones) != 1 or len(others) != 1:
        return False
    first, second = (int(str(*each)) for each in (ones, others))
    return abs(first - second) > 1


def layer_faults(drawing):
    """Marks that are on the line of a different layer than their own."""
    labels = [
        label for label in drawing.labels if "layer" in label.names and label.along != "column"
    ]
    if not labels:
        return
    others = [mark for mark in (*drawing.nodes, *drawing.numbers) if mark.name]
    for label in labels:
        boxes = [mark.box for mark in drawing.targets_of(label)]
        if not boxes:
            continue
        span, layers = joined(boxes), number_range(label.names["layer"])
        yield from (
            f"{mark} is on the line of {label}"
            for mark in others
            if span.top <= mark.middle <= span.bottom
            and len(of := values_of(drawing, mark, "layer")) == 1
            and not {int(str(layer)) for layer in of} & layers
        )
