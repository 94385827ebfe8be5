"""Paths of a state through the sequences, and how far back a gradient reaches.

To find what depends on a value, the checks replace it with NaN and see where
NaN appears in the results.
"""

import math
from functools import lru_cache
from typing import Any

import torch

from tests.binding import specs
from tests.binding.drawing import Drawing, Mark, lines
from tests.binding.lengths import HALF, flat
from tests.proof import SVG, code_of

VISITED_STATES: dict[str, dict[str, str]] = specs.constants("VISITED_STATES")
"""Figure -> panel -> how the panel computes its outputs from `batch`."""


def visit_faults(drawing: Drawing, tail: Mark, head: Mark) -> list[str]:
    """Arrows between elements that the state does not visit in direct succession."""
    side = head.name.partition("-")[0]
    run = VISITED_STATES.get(drawing.figure, {}).get(side)
    if run is None or not tail.name.startswith(f"{side}-"):
        return ["joins what no state visits"]
    after = visited_after(drawing, side, run)
    if after is None or head.name in direct_successors(after, tail.name):
        return []
    return ["joins what the state does not visit one after the other"]


def direct_successors(after: dict[str, set[str]], tail: str) -> set[str]:
    """Elements visited after this one with none in between."""
    later = after[tail]
    return {head for head in later if not any(head in after[middle] for middle in later - {head})}


@lru_cache(maxsize=8)
def visited_after(drawing: Drawing, side: str, run: str) -> dict[str, set[str]] | None:
    """Element of a batch -> the elements that the state visits after it.

    None if the output contains NaN already, so that the method does not work.
    """
    nodes = [
        node
        for node in drawing.nodes
        if node.name.startswith(f"{side}-") and node.expression.startswith("batch[")
    ]
    names: dict[str, Any] = {**drawing.namespace}
    batch = names["batch"]
    output = eval(code_of(run), names)
    if output.isnan().any():
        return None
    followers = {}
    for node in nodes:
        names["batch"] = batch.clone()
        eval(code_of(node.expression), names).fill_(math.nan)
        names["result"] = eval(code_of(run), names)
        followers[node.name] = {
            other.name for other in nodes if other is not node and is_nan(other, names)
        }
    return followers


def is_nan(node: Mark, names: dict[str, Any]) -> bool:
    """Whether the result at an element's place is NaN."""
    place = node.expression.replace("batch[", "result[", 1)
    tensor: torch.Tensor = eval(code_of(place), names)
    return bool(tensor.isnan().any())


def reach_faults(drawing: Drawing, arrow: Mark, tail: Mark, head: Mark) -> list[str]:
    """Arrows that reach farther back than the gradient, or not far enough.

    The arrow goes from the last bar of a row to the earliest one with a
    gradient; all bars before that are 0.
    """
    first = tail.name.partition("-")[0]
    row = [
        mark
        for mark in drawing.data_marks
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
    problems = []
    if abs(start[0] - tail.box.right) > HALF:
        problems.append(f"does not begin at {tail}")
    if not edge < tip[0] <= head.box.left + HALF:
        problems.append(f"does not end at {head}")
    problems += [
        f"leaves out {mark}, where the gradient is {value}"
        for mark in before
        for value in flat(drawing.value(mark.expression))
        if value
    ]
    return problems
