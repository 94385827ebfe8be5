"""Each bar is beside its own number or its length, and each result below the end of its bar."""

from collections import defaultdict

from tests.binding.drawing import joined, without_numbers
from tests.binding.lengths import scales

LEVEL = 3.0
"""Tolerance between the middles of a name and its number, in pixels."""

MAX_OFFSET, FAR = 14.0, 24.0
"""Largest distances of a number from the zero of its bar, and from the end of its bar."""


def faults(drawing):
    yield from bars_aside(drawing)
    yield from results_aside(drawing)
    yield from lengths_aside(drawing)


def lengths_aside(drawing):
    """Numbers right of a gauge, in its colour, that are not the length of its filled part."""
    # The outline of a gauge has the id of its filled part, with -there.
    gauges = [bar for bar in drawing.data_marks if f"{bar.name}-there" in drawing.by_name]
    for number in drawing.numbers:
        before = [
            bar
            for bar in gauges
            if bar.get("fill") == number.get("fill")
            and abs(bar.box.y - number.middle) < LEVEL
            and bar.box.right <= number.letters.left
        ]
        if bar := max(before, key=lambda bar: bar.box.right, default=None):
            (scale,) = scales(bar)
            length = abs(scale.at(number.value) - scale.at(0))
            if abs(length - bar.box.right + bar.box.left) > 1:
                yield f"{number} is beside {bar}, but is not its length"


def bars_aside(drawing):
    """Bars nearer to the number of another, or with their zero beside their own."""
    kinds = defaultdict(list)
    for bar in drawing.data_marks:
        number = drawing.by_name.get(bar.name.removesuffix("-bar"))
        if bar.draws != "width" or number not in drawing.numbers:
            continue
        (scale,) = scales(bar)
        # Only a bar with a symmetric scale has its zero in the middle.
        if scale.low == -scale.high and is_over(number, bar):
            kinds[drawing.drawing_figure(bar), without_numbers(bar.name)].append((bar, number))
    for pairs in kinds.values():
        for bar, number in pairs:
            yield from (
                f"{bar} is nearer to {second_number} than to {number}"
                for _, second_number in pairs
                if is_over(second_number, bar) and gap(second_number, bar) < gap(number, bar)
            )
            column = [below.letters for below in drawing.numbers if is_over(below, number)]
            middles = number.letters.x, joined(column).x
            if min(abs(scales(bar)[0].beyond(0) - x) for x in middles) > MAX_OFFSET:
                yield f"{bar} has its zero beside the middle of {number}"


def is_over(number, mark):
    """Whether a number and a different mark share a column."""
    letters, box = number.letters, mark.box
    return letters.left <= box.right and box.left <= letters.right


def gap(number, bar):
    return round(max(bar.box.top - number.letters.bottom, number.letters.top - bar.box.bottom))


def results_aside(drawing):
    """Results below a bar, without a column, that are far from the end of the bar."""
    for number in drawing.numbers:
        before = [
            label.letters
            for label in drawing.labels
            if abs(label.middle - number.middle) < LEVEL
            and 0 <= number.letters.left - label.box.right < MAX_OFFSET
        ]
        area = joined([number.letters, *before])
        # A number with an anchor is aligned in a column.
        for bar in () if number.has("text-anchor") else drawing.data_marks:
            # A bar ends at its only value, or at the last of a stack.
            ends_there = bar.expression in (
                number.expression,
                f"torch.stack([{number.expression}])",
            )
            ends_there |= bar.expression.endswith(f", {number.expression}])")
            is_below = 0 < area.top - bar.box.bottom < FAR and bar.draws == "width"
            if ends_there and is_below and bar.has("fill"):
                end = scales(bar)[0].at(number.value)
                if not area.left - FAR <= end <= area.right + FAR:
                    yield f"{number} is below {bar}, but far from its end"
