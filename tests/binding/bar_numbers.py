"""Each bar is beside its own number, and each result is at the end of its bar.

A bar belongs to the number whose id its own id begins with. That number must be
the nearest of its kind in the column, or all bars of the kind must be equally
far from their numbers. A result outside of a column is below the end of its
bar.
"""

import re
from collections import defaultdict
from collections.abc import Iterator

from tests.binding.drawing import Drawing, Mark, joined
from tests.binding.lengths import scales
from tests.binding.shape_index import HALF
from tests.proof import SVG

TOLERANCE = 3.0
"""Tolerance for the distance between bars of one kind and their numbers."""


BELOW, SIDE_GAP = 24.0, 24.0
"""Largest vertical gap from a bar to its result, and largest horizontal gap."""

FAR = 40.0
"""Largest gap from a number to the bar below it."""

DIGIT_TOLERANCE = 14.0
"""Tolerance for centring a number in its column, whose digits are not symmetric."""

SPACE = 12.0
"""Largest gap between a name and its number, which may include a sign."""


def faults(drawing: Drawing) -> Iterator[str]:
    """Bars beside other numbers, and results away from their bars."""
    yield from mispaired_bars(drawing)
    yield from misplaced_results(drawing)
    yield from misaligned_zeros(drawing)


def misplaced_results(drawing: Drawing) -> Iterator[str]:
    """Results that are not below the end of their bar.

    A result may be shifted sideways if the space there is taken, and may have a
    name before it.
    """
    bars = [
        bar for bar in drawing.data_marks if bar.get("data-draws") == "width" and bar.has("fill")
    ]
    for number in drawing.numbers:
        box = number.letters
        if number.has("text-anchor"):
            # An anchored number belongs to a column.
            continue
        names = [
            label.letters
            for label in drawing.labels
            if abs(label.middle - number.middle) < TOLERANCE
            and 0 <= box.left - label.box.right <= SPACE
        ]
        left, _, right, _ = joined([box, *names])
        for bar in bars:
            ends_there = bar.expression == number.expression or (
                bar.expression.endswith(f", {number.expression}])")
            )
            if not ends_there or not 0 < box.top - bar.box.bottom < BELOW:
                continue
            end = scales(bar)[0].at(float(number.get("data-value")))
            if not left - SIDE_GAP <= end <= right + SIDE_GAP:
                yield f"{number} is below {bar}, but far from its end"


def mispaired_bars(drawing: Drawing) -> Iterator[str]:
    """Bars that are nearer to another number than to their own."""
    kinds: dict[tuple[str, str], list[tuple[Mark, Mark]]] = defaultdict(list)
    for bar in drawing.data_marks:
        own_number = drawing.by_name.get(bar.name.rpartition("-")[0])
        is_bar = bar.get("data-draws") == "width"
        if is_bar and bar.element.tag == f"{SVG}rect" and own_number in drawing.numbers:
            stem = re.sub(r"-\d+", "", bar.name)
            kinds[drawing.drawing_figure(bar), stem].append((bar, own_number))
    for pairs in kinds.values():
        distances = [number.middle - bar.box.y for bar, number in pairs]
        if max(distances) - min(distances) <= TOLERANCE:
            continue
        for (bar, own_number), distance in zip(pairs, distances, strict=True):
            nearest = min(
                (number for _, number in pairs if is_over(number, bar)),
                key=lambda number: abs(number.middle - bar.box.y),
                default=own_number,
            )
            if abs(nearest.middle - bar.box.y) < abs(distance) - HALF:
                yield f"{bar} is nearer to {nearest} than to {own_number}"


def misaligned_zeros(drawing: Drawing) -> Iterator[str]:
    """Bars below a number whose zero is not below the number's middle.

    This applies to scales with zero in the middle. The reference may also be
    the middle of the column, where decimal points are aligned. No other number
    of the kind may be nearer to the bar.
    """
    kinds = defaultdict(list)
    for bar in drawing.data_marks:
        number = drawing.by_name.get(bar.name.removesuffix("-bar"))
        if bar.get("data-draws") != "width" or number not in drawing.numbers:
            continue
        (scale,) = scales(bar)
        zero = scale.beyond(0)
        column = [other for other in drawing.numbers if is_over(other, number)]
        middles = number.letters.x, joined([other.letters for other in column]).x
        offset = min((zero - middle for middle in middles), key=abs)
        below = 0 < bar.box.top - number.middle < FAR
        is_own = below and scale.low == -scale.high
        if is_own and is_over(number, bar):
            kinds[re.sub(r"-\d+", "", bar.name)].append((bar, number))
            if abs(offset) > DIGIT_TOLERANCE:
                yield f"{bar} has its zero {offset:g} beside the middle of {number}"
    for pairs in kinds.values():
        yield from (
            f"{bar} is nearer to {other} than to {number}"
            for bar, number in pairs
            for _, other in pairs
            if is_over(other, bar) and vertical_gap(other, bar) < vertical_gap(number, bar)
        )


def vertical_gap(number: Mark, bar: Mark) -> float:
    """The vertical gap between a number and a bar."""
    letters, box = number.letters, bar.box
    return round(max(box.top - letters.bottom, letters.top - box.bottom))


def is_over(number: Mark, bar: Mark) -> bool:
    """Whether a number and a bar share a column."""
    letters, other = number.letters, bar.box
    return letters.left <= other.right and other.left <= letters.right
