"""Numbers that differ in one index are in the order of that index.

Elements of a vector go down or to the right, and dots replace those left out.
Readers assume this order, so no binding states it. Marks of one layer are not
on the line of another layer.
"""

import math
import re
from collections import defaultdict
from collections.abc import Iterator
from functools import lru_cache
from itertools import pairwise

from tests.binding import specs
from tests.binding.axes import expression_keys, is_flipped
from tests.binding.drawing import Box, Drawing, Mark, joined
from tests.binding.labels import number_range
from tests.binding.overlaps import points_along

APART = 2.0
"""Numbers farther apart than this are not on one line."""

ELSEWHERE = {"layer", "direction"}
"""Keys with an order of their own: layers go up."""

NEAR = 6.0
"""Largest distance between dots and the line of the numbers they replace."""

_INDEX = re.compile(r"(?<=[\[ ])\d+(?=[\],])")


def faults(drawing: Drawing) -> list[str]:
    """Numbers that come before a number with a lower index."""
    problems = []
    dots = [text for text in drawing.texts if text.is_ellipsis]
    for stem, line, over_time in number_lines(drawing):
        line.sort(key=lambda entry: entry[0])
        for (low, first), (high, second) in pairwise(line):
            across = second.box.x - first.box.x
            down = second.middle - first.middle
            # Right-aligned numbers with different digits still count as one column.
            below = overlap_across(first.box, second.box)
            # The height of a number over time depends on its value.
            if below and down < -APART and not over_time:
                problems.append(f"{second} is above {first}, in {stem}")
            if abs(down) <= APART and across < -APART:
                problems.append(f"{second} is left of {first}, in {stem}")
            if high == low + 1 and any(_is_between(first, dot, second) for dot in dots):
                problems.append(f"'…' is between {first} and {second}")
    return [*problems, *gaps(drawing, dots), *layer_faults(drawing)]


def gaps(drawing: Drawing, dots: list[Mark]) -> Iterator[str]:
    """Arrows that skip elements without dots, or that have dots although none is skipped."""
    for arrow in drawing.marks:
        if arrow.get("data-flow") not in ("order", "makes"):
            continue
        ends = [drawing.by_name[arrow.get(f"data-{k}")] for k in ("from", "to")]
        if not all(end.expression for end in ends):
            continue
        first, second = (expression_keys(drawing, end.expression) for end in ends)
        if first.get("tensor") != second.get("tensor"):
            continue
        past = any(
            is_gap_between(first.get(key, set()), second.get(key, set()))
            for key in ("step", "layer")
        )
        on = any(
            math.dist((dot.box.x, dot.middle), point) < NEAR
            for dot in dots
            for point in points_along(arrow)
        )
        if on != past:
            yield (f"the arrow from {ends[0]} to {ends[1]} has {'dots' if on else 'no dots'} on it")


def is_gap_between(ones: set[object], others: set[object]) -> bool:
    """Whether there is something between two steps or two layers."""
    if len(ones) != 1 or len(others) != 1:
        return False
    first, second = (int(str(*each)) for each in (ones, others))
    return abs(first - second) > 1


def layer_faults(drawing: Drawing) -> Iterator[str]:
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
            and len(of := expression_keys(drawing, mark.expression).get("layer", ())) == 1
            and not {int(str(layer)) for layer in of} & layers
        )


def overlap_across(first: Box, second: Box) -> bool:
    """Whether one box is below another: at least half of its width overlaps."""
    shared = min(first.right, second.right) - max(first.left, second.left)
    widths = first.right - first.left, second.right - second.left
    return shared >= min(widths) / 2


def _is_between(first: Mark, dot: Mark, second: Mark) -> bool:
    """Whether a text is on the line between two numbers."""
    xs = [mark.box.x for mark in (first, dot, second)]
    ys = [mark.middle for mark in (first, dot, second)]
    in_row = max(ys) - min(ys) <= NEAR and xs == sorted(xs)
    in_column = max(xs) - min(xs) <= NEAR and ys == sorted(ys)
    return in_row or in_column


@lru_cache(maxsize=2)
def number_lines(drawing: Drawing) -> list[tuple[str, list[tuple[int, Mark]], bool]]:
    """Numbers that differ in a single index, and whether that index is a step."""
    lines: dict[tuple[str, str], list[tuple[int, Mark]]] = defaultdict(list)
    flipped, requested = is_flipped(drawing), _requested_units(drawing)
    for mark in drawing.numbers:
        stem = re.sub(r"-\d+", "", mark.name)
        for index in _INDEX.finditer(mark.expression):
            start, stop = index.span()
            rest = f"{mark.expression[:start]}…{mark.expression[stop:]}"
            if ":" in rest:
                # A number of the whole sequence is repeated in each of its bands.
                rest += (re.findall(r"-\d+", mark.name) or [""])[0]
            lines[stem, rest].append((int(index[0]), mark))
    result = []
    for (_, rest), line in lines.items():
        keys = [expression_keys(drawing, mark.expression) for _, mark in line]
        vary = {
            key
            for mark_keys in keys
            for key in mark_keys
            if any(other.get(key) != mark_keys[key] for other in keys)
        }
        if "unit" in vary and len(requested) > 1:
            line = [(requested.index(u), m) for u, m in line if u in requested]
        # In the reverse direction, the last step is first.
        turned = flipped and "step" in vary
        if not (vary & ELSEWHERE or turned or ".sort()" in rest):
            result.append((rest, line, "step" in vary))
    return result


def _requested_units(drawing: Drawing) -> list[int]:
    """The units in the requested order, if the figure accepts any order.

    The figure's test folder says whether it does.
    """
    if not specs.constant(drawing.figure, "KEEPS_REQUESTED_ORDER", False):
        return []
    names = [
        (text.middle, text.box.x, int(match[1]))
        for text in drawing.texts
        if (match := re.fullmatch(r"unit (\d+)", text.text))
    ]
    return list(dict.fromkeys(unit for _, _, unit in sorted(names)))
