"""A bar stands with the number that it is drawn by, and a result at its end.

A bar whose id begins with that of a number is the bar of that number. Of all
numbers of its kind in its column that one is nearest to it, or each bar of the
kind is as far from its own. What a bar ends at stands below its end, where it
stands in no column.
"""

import re
from collections import defaultdict
from collections.abc import Iterator

from tests.binding.drawing import Drawing, Mark, joined
from tests.binding.leaves import HALF
from tests.binding.lengths import scales
from tests.proving import SVG

SAME = 3.0
"""By how much bars of one kind may differ in how far their numbers are."""


BELOW, ASIDE = 24.0, 24.0
"""How far below a bar its result is at most, and how far beside its end."""

FAR = 40.0
"""How far below its number a bar is at most that is no part of a stack."""

LEAN = 14.0
"""How far a number may be from the middle of its column, as digits lean."""

SPACE = 12.0
"""What is at most between a name and its number, which may have a sign."""


def faults(drawing: Drawing) -> Iterator[str]:
    """Bars with the numbers of others, and results elsewhere."""
    yield from nearest(drawing)
    yield from results(drawing)
    yield from askew(drawing)


def results(drawing: Drawing) -> Iterator[str]:
    """Results that do not stand below the end of their bar.

    There may be no room, and a name before them.
    """
    bars = [bar for bar in drawing.drawn if bar.get("data-draws") == "width" and bar.has("fill")]
    for number in drawing.numbers:
        box = number.letters
        if number.has("text-anchor"):
            # It stands in a column.
            continue
        names = [
            label.letters
            for label in drawing.labels
            if abs(label.middle - number.middle) < SAME and 0 <= box.left - label.box.right <= SPACE
        ]
        left, _, right, _ = joined([box, *names])
        for bar in bars:
            ends_there = bar.expression == number.expression or (
                bar.expression.endswith(f", {number.expression}])")
            )
            if not ends_there or not 0 < box.top - bar.box.bottom < BELOW:
                continue
            end = scales(bar)[0].at(float(number.get("data-value")))
            if not left - ASIDE <= end <= right + ASIDE:
                yield f"{number} stands below {bar}, and far from its end"


def nearest(drawing: Drawing) -> Iterator[str]:
    """Bars that stand with the numbers of others."""
    kinds: dict[tuple[str, str], list[tuple[Mark, Mark]]] = defaultdict(list)
    for bar in drawing.drawn:
        own = drawing.by_name.get(bar.name.rpartition("-")[0])
        is_bar = bar.get("data-draws") == "width"
        if is_bar and bar.element.tag == f"{SVG}rect" and own in drawing.numbers:
            stem = re.sub(r"-\d+", "", bar.name)
            kinds[drawing.drawer(bar), stem].append((bar, own))
    for pairs in kinds.values():
        far = [number.middle - bar.box.y for bar, number in pairs]
        if max(far) - min(far) <= SAME:
            continue
        for (bar, own), each in zip(pairs, far, strict=True):
            nearest = min(
                (one for _, one in pairs if is_over(one, bar)),
                key=lambda one: abs(one.middle - bar.box.y),
                default=own,
            )
            if abs(nearest.middle - bar.box.y) < abs(each) - HALF:
                yield f"{bar} is nearer to {nearest} than to {own}"


def askew(drawing: Drawing) -> Iterator[str]:
    """Bars below a number, whose zero does not stand below its middle.

    So it is where a scale has its zero in the middle, or it stands below the
    middle of all numbers of that column, where points are below each other;
    and no other number of its kind is nearer to such a bar.
    """
    kinds = defaultdict(list)
    for bar in drawing.drawn:
        number = drawing.by_name.get(bar.name.removesuffix("-bar"))
        if bar.get("data-draws") != "width" or number not in drawing.numbers:
            continue
        (scale,) = scales(bar)
        zero = scale.beyond(0)
        column = [one for one in drawing.numbers if is_over(one, number)]
        middles = number.letters.x, joined([one.letters for one in column]).x
        away = min((zero - middle for middle in middles), key=abs)
        below = 0 < bar.box.top - number.middle < FAR
        is_own = below and scale.low == -scale.high
        if is_own and is_over(number, bar):
            kinds[re.sub(r"-\d+", "", bar.name)].append((bar, number))
            if abs(away) > LEAN:
                yield f"{bar} begins {away:g} beside the middle of {number}"
    for pairs in kinds.values():
        yield from (
            f"{bar} is nearer to {other} than to {number}"
            for bar, number in pairs
            for _, other in pairs
            if is_over(other, bar) and between(other, bar) < between(number, bar)
        )


def between(number: Mark, bar: Mark) -> float:
    """How far a number is above or below a bar."""
    letters, box = number.letters, bar.box
    return round(max(box.top - letters.bottom, letters.top - box.bottom))


def is_over(number: Mark, bar: Mark) -> bool:
    """Whether a number and a bar share a column."""
    one, other = number.letters, bar.box
    return one.left <= other.right and other.left <= one.right
