"""Ways that a state goes, and how far back a gradient does.

Where a number is made NaN, all that is computed from it is NaN as well: so it
is seen which states come after which.
"""

import math
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

import torch

from tests.binding import homes
from tests.binding.drawing import Drawing, Mark, lines
from tests.binding.lengths import HALF, flat
from tests.proving import SVG, code_of

VISITS: dict[str, dict[str, str]] = homes.of_each("VISITS")
"""Of a figure, what each of its sides makes of `batch`, of the same axes."""


def visiting(drawing: Drawing, tail: Mark, head: Mark) -> list[str]:
    """Whether a state goes from one element straight to another."""
    side = head.name.partition("-")[0]
    run = VISITS.get(drawing.figure, {}).get(side)
    if run is None or not tail.name.startswith(f"{side}-"):
        return ["joins what no state visits"]
    after = visited(drawing, side, run)
    if after is None or head.name in straight(after, tail.name):
        return []
    return ["joins what the state does not visit one after the other"]


def missing(drawing: Drawing, arrows: list[Mark]) -> Iterator[str]:
    """Ways of a state that no arrow shows, where some do."""
    drawn = {
        (a.get("data-from"), a.get("data-to"))
        for a in arrows
        if a.get("data-flow") == "visits"
    }
    if not drawn:
        return
    for side, run in VISITS[drawing.figure].items():
        after = visited(drawing, side, run) or {}
        for tail in after:
            for head in sorted(straight(after, tail)):
                if (tail, head) not in drawn:
                    yield f"no arrow shows that the state visits {head}"


def straight(after: dict[str, set[str]], tail: str) -> set[str]:
    """What comes after something with nothing between."""
    later = after[tail]
    return {
        head
        for head in later
        if not any(head in after[one] for one in later - {head})
    }


@lru_cache(maxsize=8)
def visited(
    drawing: Drawing, side: str, run: str
) -> dict[str, set[str]] | None:
    """Of each element of a batch those that the state visits after it.

    None where NaN is everywhere, and nothing can be seen.
    """
    nodes = [
        node
        for node in drawing.nodes
        if node.name.startswith(f"{side}-")
        and node.expression.startswith("batch[")
    ]
    names: dict[str, Any] = {**drawing.namespace}
    batch = names["batch"]
    made = eval(code_of(run), names)
    if made.isnan().any():
        return None
    found = {}
    for node in nodes:
        names["batch"] = batch.clone()
        eval(code_of(node.expression), names).fill_(math.nan)
        names["made"] = eval(code_of(run), names)
        found[node.name] = {
            other.name
            for other in nodes
            if other is not node and is_nan(other, names)
        }
    return found


def is_nan(node: Mark, names: dict[str, Any]) -> bool:
    """Whether what is made at the place of an element is no number."""
    place = node.expression.replace("batch[", "made[", 1)
    found: torch.Tensor = eval(code_of(place), names)
    return bool(found.isnan().any())


def reaching(
    drawing: Drawing, arrow: Mark, tail: Mark, head: Mark
) -> list[str]:
    """Whether a gradient goes back as far as an arrow, and no farther.

    It leads from the last bar of a row to the first that there is a gradient
    at; those before it are 0.
    """
    first = tail.name.partition("-")[0]
    row = [
        mark
        for mark in drawing.drawn
        if mark.get("data-draws") == "height"
        and mark.name.partition("-")[0] == first
        and mark.name.endswith("-bar")
    ]
    row.sort(key=lambda mark: mark.box.left)
    if head not in row or tail is not row[-1]:
        return ["does not begin at the last of its row"]
    paths = list(arrow.element.iter(f"{SVG}path"))
    start = lines(paths[0].get("d", ""))[0][0]
    tip = lines(paths[-1].get("d", ""))[0][0]
    before = row[: row.index(head)]
    edge = before[-1].box.right if before else head.box.left - 2 * HALF
    found = []
    if abs(start[0] - tail.box.right) > HALF:
        found.append(f"does not begin at {tail}")
    if not edge < tip[0] <= head.box.left + HALF:
        found.append(f"does not end at {head}")
    found += [
        f"ends after {mark}, which is {value}"
        for mark in before
        for value in flat(drawing.value(mark.expression))
        if value
    ]
    return found
