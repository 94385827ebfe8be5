"""A bar stands with the number that it is drawn by.

A bar whose id begins with that of a number is the bar of that number. Of all
numbers of its kind in its column that one is nearest to it, or each bar of the
kind is as far from its own.
"""

import re
from collections import defaultdict
from collections.abc import Iterator

from tests.binding.drawing import Drawing, Mark
from tests.binding.leaves import HALF, letters
from tests.proving import SVG

SAME = 3.0
"""By how much bars of one kind may differ in how far their numbers are."""


def faults(drawing: Drawing) -> Iterator[str]:
    """Bars that stand with the numbers of others."""
    kinds: dict[tuple[str, str], list[tuple[Mark, Mark]]] = defaultdict(list)
    for bar in drawing.drawn:
        own = drawing.by_name.get(bar.name.rpartition("-")[0])
        is_bar = bar.get("data-draws") == "width"
        if (
            is_bar
            and bar.element.tag == f"{SVG}rect"
            and own in drawing.numbers
        ):
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


def is_over(number: Mark, bar: Mark) -> bool:
    """Whether a number and a bar share a column."""
    one, other = letters(number), bar.box
    return one.left <= other.right and other.left <= one.right
