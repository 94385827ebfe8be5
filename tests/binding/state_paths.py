"""Paths of a state through the sequences, and how far back a gradient reaches.

To find what depends on a value, the checks replace it with NaN and see where
NaN appears in the results.
"""

import math
from functools import lru_cache

import torch

from tests.binding import specs
from tests.binding.axes import expression_keys, meaning_of
from tests.binding.drawing import SLACK, lines
from tests.binding.lengths import flat, grid
from tests.proof import SVG, code_of

VISITED_STATES: dict[str, dict[str, str]] = specs.constants("VISITED_STATES")
"""Figure -> panel -> how the panel computes its outputs from `batch`."""

RETURN_KEYS = "step", "sample", "unit", "layer", "direction"
"""What both ends of a return arrow have in common.

Such an arrow leads from c back to c_prev in the drawing of one step, so both
have the same step; it means the c_prev of the step after.
"""

UNIT_OUTPUTS = {"output", "h"}, {"h"}, {"o", "tanh_c"}
"""Tensors of a mark that a unit passes to the next step; the last is a product."""


def visit_faults(drawing, tail, head):
    """Arrows between elements that the state does not visit in direct succession."""
    side = head.name.partition("-")[0]
    code = VISITED_STATES.get(drawing.figure, {}).get(side)
    if code is None or not tail.name.startswith(f"{side}-"):
        return ["joins what no state visits"]
    after = visited_after(drawing, side, code)
    if after is None or head.name in direct_successors(after, tail.name):
        return []
    return ["joins what the state does not visit one after the other"]


def missing(drawing, arrows):
    """Moves of a state without an arrow, if the figure shows such moves."""
    yield from _missing_returns(drawing, arrows)
    drawn_pairs = {(a.get("data-from"), a.get("data-to")) for a in arrows if a.flow == "visits"}
    if not drawn_pairs:
        return
    for side, code in VISITED_STATES[drawing.figure].items():
        after = visited_after(drawing, side, code) or {}
        for tail in after:
            for head in sorted(direct_successors(after, tail)):
                if (tail, head) not in drawn_pairs:
                    yield f"no arrow shows that the state visits {head}"


def return_faults(drawing, tail, head):
    """Return arrows whose head does not read what the tail computed.

    c returns to its own unit, h to all units. With a projection, h is first
    computed from the outputs of all units.
    """
    state, read = ({**expression_keys(drawing, m.expression)} for m in (tail, head))
    tensors = [keys.pop("tensor", set()) for keys in (state, read)]
    if tensors == [{"c"}, {"c_prev"}]:
        name, size = "c", 1
    elif tensors[1] == {"h_prev"} and tensors[0] in UNIT_OUTPUTS:
        name, size = "h", drawing.value("h_prev.shape[-1]")
        # With a projection, all units contribute to each element of h.
        state["unit"] = read["unit"]
        if ("tanh_c" in tensors[0]) != bool(projection_size(drawing)):
            yield "is not what the next step reads"
    else:
        yield "joins no state with its value at the step before"
        return
    targets = flat(drawing.value(head.expression))
    if len(targets) != size:
        yield f"leads to {len(targets)} of {size} units"
    if any(state.get(key) != read.get(key) for key in RETURN_KEYS):
        yield "joins different steps or units"
    names = drawing.namespace
    before = names[f"{name}_prev"]
    results = names["output" if name == "h" else name]
    (t,) = meaning_of(drawing, head.expression).views[0].indices["step"]
    if t + 1 >= len(results) or not torch.allclose(before[t + 1], results[t], equal_nan=True):
        yield "is not what the next step reads"


def projection_size(drawing):
    """The size of a projected h; 0 without a projection."""
    return int(getattr(drawing.namespace[drawing.module_variable], "proj_size", 0))


def product_faults(drawing, tail, head):
    """Arrows from a vector to weights that do not multiply it.

    An element goes to the column that multiplies it, a whole vector to its
    product with the weights.
    """
    tail_keys, head_keys = (expression_keys(drawing, m.expression) for m in (tail, head))
    names = [keys.get("tensor", set()) for keys in (tail_keys, head_keys)]
    if names in ([{"x"}, {"ih"}], [{"h_prev"}, {"hh"}]):
        size = drawing.value(f"{tail.expression}.numel()")
        expected = drawing.value(f"{next(iter(names[0]))}.shape[-1]")
        return [] if size == expected else ["leads only a part of the vector"]
    if names not in ([{"x"}, {"weight_ih"}], [{"h_prev"}, {"weight_hh"}]):
        return ["leads to weights that do not multiply the vector"]
    element = tail_keys.get("input", tail_keys.get("unit", set()))
    column = head_keys.get("column", head_keys.get("input"))
    # In a heat map all columns are a single mark.
    is_map = grid(head) is not None
    is_same_column = element <= column if is_map else element == column
    return [] if is_same_column else ["leads to the wrong column"]


def _missing_returns(drawing, arrows):
    """States without a return arrow, if others have one."""
    back = [a for a in arrows if a.flow == "returns"]
    tails = {a.get("data-from") for a in back}
    kinds = {name.partition("-")[0] for name in tails}
    for number in drawing.numbers:
        kind, _, rest = number.name.partition("-")
        if kind in kinds and number.name not in tails and rest:
            yield f"no arrow shows where {number} goes"


def direct_successors(after, tail):
    """Elements visited after this one with none in between."""
    later = after[tail]
    return {head for head in later if not any(head in after[middle] for middle in later - {head})}


@lru_cache(maxsize=8)
def visited_after(drawing, side, code):
    """Element of a batch -> the elements that the state visits after it, by their ids.

    None if the output contains NaN already, so that the method does not work.
    """
    nodes = [
        node
        for node in drawing.nodes
        if node.name.startswith(f"{side}-") and node.expression.startswith("batch[")
    ]
    names = {**drawing.namespace}
    batch = names["batch"]
    output = eval(code_of(code), names)
    if output.isnan().any():
        return None
    followers = {}
    for node in nodes:
        names["batch"] = batch.clone()
        eval(code_of(node.expression), names).fill_(math.nan)
        names["result"] = eval(code_of(code), names)
        followers[node.name] = {
            other.name for other in nodes if other is not node and is_nan(other, names)
        }
    return followers


def is_nan(node, names):
    """Whether the result at an element's place is NaN."""
    place = node.expression.replace("batch[", "result[", 1)
    tensor = eval(code_of(place), names)
    return bool(tensor.isnan().any())


def reach_faults(drawing, arrow, tail, head):
    """Arrows that reach farther back than the gradient, or not far enough.

    The arrow goes from the last bar of a row to the earliest one with a
    gradient; all bars before that are 0.
    """
    first = tail.name.partition("-")[0]
    row = [
        mark
        for mark in drawing.data_marks
        if mark.draws == "height"
        and mark.name.partition("-")[0] == first
        and mark.name.endswith("-bar")
    ]
    row.sort(key=lambda mark: mark.box.left)
    if head not in row or tail is not row[-1]:
        yield "does not begin at the last of its row"
        return
    paths = list(arrow.element.iter(f"{SVG}path"))
    # The line begins at the first point of its path, the head with its tip.
    start_x, _ = lines(paths[0].get("d", ""))[0][0]
    tip_x, _ = lines(paths[-1].get("d", ""))[0][0]
    before = row[: row.index(head)]
    # The tip is right of the last bar without a gradient, or about at the head itself.
    edge = before[-1].box.right if before else head.box.left - 2 * SLACK
    if abs(start_x - tail.box.right) > SLACK:
        yield f"does not begin at {tail}"
    if not edge < tip_x <= head.box.left + SLACK:
        yield f"does not end at {head}"
    yield from [
        f"leaves out {mark}, where the gradient is {value}"
        for mark in before
        for value in flat(drawing.value(mark.expression))
        if value
    ]
