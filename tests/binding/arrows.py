"""Arrows connect each value to what is computed from it, and none is missing."""

import ast
import math
import re
from collections import defaultdict
from itertools import product
from typing import get_args

import numpy as np

from lstm_figs.proof.bindings import FlowKind
from tests.binding import backward, calls, specs, state_paths
from tests.binding.arrow_heads import heads_of, line_of
from tests.binding.axes import (
    PRODUCTS,
    UnknownNameError,
    expression_keys,
    is_quantity,
    meaning_of,
    stack_parts,
    steps_along,
    values_of,
    without_indices,
)
from tests.binding.drawing import SLACK, joined, lines, number_range
from tests.binding.graph import SHOWN, ancestors_until, sizes_of
from tests.binding.labels import part_of
from tests.binding.lengths import flat, grid, scales
from tests.proof import SVG

KINDS = get_args(FlowKind)
"""Values of data-flow: what an arrow states, see `FlowKind`."""

PEEPHOLE_STATES = {"i": "c_prev", "f": "c_prev", "o": "c"}
"""The state that each gate with a peephole reads.

`test_graph` verifies this against the equations.
"""

_CHECKS = {
    "back": backward.faults,
    "meets": state_paths.product_faults,
    "returns": state_paths.return_faults,
    "visits": state_paths.visit_faults,
}
"""Kind of arrow -> the check of its two ends."""

LEADER_SLACK = 2.0
"""Largest distance between the end of a leader and the point that it leads to."""

NEAR = 12.0
"""Largest gap between the end of an arrow and the mark that it connects."""

SPACE = 14.0
"""Widest space between words of one phrase."""


def missing_ends(drawing):
    """Arrows that begin or end at a mark that is not there."""
    return [
        f"{arrow} has the {key} {arrow.get(key)!r}, which is no mark"
        for arrow in drawing.marks
        for key in ("data-from", "data-to")
        if arrow.has(key) and arrow.get(key) not in drawing.by_name
    ]


def faults(drawing):
    arrows = drawing.arrows
    problems = [
        f"{_arrow_name(arrow)} {fault}" for arrow in arrows for fault in _faults(drawing, arrow)
    ]
    if not problems:
        for check in (
            *(computation_faults, call_faults, backward.missing),
            *(state_paths.missing, missing_between_layers),
        ):
            problems += check(drawing, arrows)
    return problems


def missing_between_layers(drawing, arrows):
    """Missing arrows between layers, where parallel arrows exist.

    Two arrows are parallel if their ends differ only in numbers, by the same
    amounts. Arrows from step to step are exempt, because a direction may run either way.
    """
    nodes = {_place(mark.name): mark for mark in drawing.nodes if mark.name}
    tails_by_offset = defaultdict[tuple[str, tuple[int, ...]], set[tuple[int, ...]]](set)
    for arrow in arrows:
        tail_stem, tail_place = _place(arrow.get("data-from"))
        head_stem, head_place = _place(arrow.get("data-to"))
        if arrow.flow == "order" and tail_stem == head_stem:
            tails_by_offset[tail_stem, _offset(tail_place, head_place)].add(tail_place)
    for (stem, offset), tails in tails_by_offset.items():
        for (tail_stem, place), tail in nodes.items():
            if tail_stem != stem or place in tails:
                continue
            head = nodes.get((stem, tuple(map(sum, zip(place, offset, strict=True)))))
            if head is None:
                continue
            steps = [values_of(drawing, node, "step") for node in (tail, head)]
            if steps[0] and steps[0] == steps[1]:
                yield f"no arrow leads from {tail} to {head}, as from others"


def _place(name):
    """A node's name with # for each number, and those numbers.

    >>> _place("layer-0-12")
    ('layer-#-#', (0, 12))
    """
    numbers = tuple(map(int, re.findall(r"(?<=-)\d+", name)))
    return re.sub(r"(?<=-)\d+", "#", name), numbers


def _offset(tail, head):
    """By how much each number of a head differs from the one of its tail."""
    return tuple(b - a for a, b in zip(tail, head, strict=True))


def _arrow_name(arrow):
    return f"the arrow {arrow.flow} from {arrow.get('data-from')} to {arrow.get('data-to')}"


def _faults(drawing, arrow):
    """The faults of one arrow, by what it states."""
    flow = arrow.flow
    if flow not in KINDS:
        return [f"has the unknown data-flow {flow!r}"]
    if any(arrow.get(key) not in drawing.by_name for key in ("data-from", "data-to")):
        return ["has an end with an unknown id"]
    tail, head = drawing.ends(arrow)
    if flow == "reaches":
        return state_paths.reach_faults(drawing, arrow, tail, head)
    problems = [
        f"ends {distance:.0f} from {mark}"
        for mark, distance in zip((tail, head), _distances(drawing, arrow, tail, head), strict=True)
        if distance > NEAR
    ]
    if flow == "points":
        label, named = (tail, head) if tail.has("data-names") else (head, tail)
        if named not in drawing.targets_of(label):
            problems.append("points to a mark that the label does not name")
        return [*problems, *_leader_faults(drawing, arrow, label, named)]
    for mark in (tail, head):
        is_call = mark.has("data-call") and flow in ("in", "out")
        if not mark.expression and not is_call:
            problems.append(f"has the end {mark}, which has no expression")
    if flow == "sees" and not problems:
        # A peephole
        gates = values_of(drawing, head, "gate")
        states = {PEEPHOLE_STATES.get(str(gate)) for gate in gates}
        if not head.has("data-value") or states != {without_indices(tail.expression)}:
            problems.append(f"shows the gates {sorted(map(str, gates))} with the wrong state")
    if flow == "order" and not problems:
        try:
            follows = calls.follows(drawing, tail.expression, head.expression) or _follows(
                drawing, tail.expression, head.expression
            )
        except UnknownNameError as error:
            problems.append(f"has an end with an unknown name: {error}")
        else:
            if not follows:
                problems.append("joins two values, but the second is not computed from the first")
            problems += _step_faults(drawing, tail, head)
    if flow in _CHECKS and not problems:
        problems += _CHECKS[flow](drawing, tail, head)
    if flow == "copies" and not problems:
        values = [drawing.value(mark.expression) for mark in (tail, head)]
        # NaN differs from itself, so compare the printed values.
        if repr(values[0]) != repr(values[1]):
            problems.append(f"copies {values[0]} to {values[1]}")
    return problems


def _leader_faults(drawing, arrow, label, curve):
    """Faults of a leader, a line from a label to a curve or a map.

    It must end at the end of the curve, at a point on it, or at the step that
    its label names. If the label has a number, it must end at that value. On a
    map it must end at the row that the label names.
    """
    x, y = line_of(arrow)[-1]
    if grid(curve):
        row = part_of(drawing, label, curve).box
        if row.top - SLACK <= y <= row.bottom + SLACK:
            return []
        return [f"ends at {y:g}, but the row that its label names is at {row.y:g}"]
    if curve.draws != "path":
        return []
    across, down = scales(curve)
    tensor = values_of(drawing, curve, "tensor")
    named = [
        number.value
        for number in drawing.targets_of(label)
        if number.has("data-value") and values_of(drawing, number, "tensor") == tensor
    ]
    # Zero has no position on a log scale, so the leader goes to the end of the curve.
    levels = [down.at(value) for value in named if value or not down.log]
    if levels and all(abs(level - y) > LEADER_SLACK for level in levels):
        return [f"ends at {y:g}, but its number is at {levels}"]
    ends = [tuple(chain[k]) for chain in curve.chains for k in (0, -1)]
    # A dash has its middle as well.
    ends += [tuple(chain.mean(0)) for chain in curve.chains if len(chain) == 2]
    ends += [(mark.box.x, mark.box.y) for mark in drawing.data_marks if mark.draws == "x y"]
    if any(math.dist((x, y), end) <= LEADER_SLACK for end in ends):
        return []
    order = steps_along(drawing, curve.expression)
    named_steps = label.names.get("step")
    if any(
        abs(across.beyond(order.index(step)) - x) <= LEADER_SLACK
        for step in (number_range(named_steps) if named_steps else ())
        if step in order
    ):
        return []
    return ["points neither to the end of the curve nor to a point that its label names"]


def _step_faults(drawing, tail, head):
    """Faults of an arrow whose ends are at different steps.

    A value read at a step, or passed between layers, belongs to that step. A
    later step also depends on it, but only through the state.
    """
    before, after = (
        expression_keys(drawing, stack_parts(mark.expression)[-1]) for mark in (tail, head)
    )
    is_from_outside = before.get("tensor") == {"x"} or (
        before.get("layer", set()) != after.get("layer", set())
    )
    steps = [keys.get("step", set()) for keys in (before, after)]
    if is_from_outside and all(len(each) == 1 for each in steps) and steps[0] != steps[1]:
        return [f"leads from step {min(steps[0])} to step {min(steps[1])}"]
    return []


def _follows(drawing, tail, head):
    """Whether an expression, the head, is computed directly from another, the tail.

    An arrow that moves from value to value ends at the last one. For values
    outside of an LSTM, the figure's test folder declares the dependencies.
    """
    names = without_indices(stack_parts(tail)[-1]), without_indices(stack_parts(head)[-1])
    if names in specs.constant(drawing.figure, "DEPENDENCIES", ()):
        return stack_parts(tail)[-1].replace(*names) == stack_parts(head)[-1]
    sizes = sizes_of(drawing)
    before, after = (
        elements(drawing, stack_parts(expression)[-1], sizes) for expression in (tail, head)
    )
    return not before & after and before <= ancestors_until(after, before, sizes)


def _distances(drawing, arrow, tail, head):
    """The gaps between an arrow and the marks at its two ends."""
    paths = [e for e in arrow.element.iter(f"{SVG}path") if e.get("stroke")]
    # A line is interrupted where it crosses text.
    chains = lines(paths[0].get("d", "")) if paths else []
    chain = [point for part in chains for point in part]
    if not chain:
        return math.inf, math.inf
    # A note can be a label with the number that it names on the next line.
    words = [tail]
    if arrow.flow == "points" and tail.has("data-names"):
        words += [mark for mark in drawing.targets_of(tail) if mark.is_text]
    # An arrow to a number may end at the label above it.
    labels_above = [
        label
        for label in drawing.labels
        if label.get("data-for") == head.name and head.has("data-value")
    ]
    arrow_heads = heads_of(arrow)
    tip = arrow_heads[0][0] if arrow_heads else chain[-1]
    gaps_above = [distance(drawing, label, tip) for label in labels_above]
    return (
        min(distance(drawing, word, chain[0]) for word in words),
        min([distance(drawing, head, chain[-1]), *gaps_above]),
    )


def distance(drawing, mark, point):
    """The distance from a point to a mark; for a curve, to the curve itself.

    It is more than `NEAR` where the point must touch the mark but does not.
    """
    if mark.draws == "path":
        heights = [
            y for x in (point[0] - SLACK, point[0], point[0] + SLACK) for y in mark.crossings(x)
        ]
        # A line to a curve must touch it; otherwise it might belong to any curve.
        gap = min((abs(y - point[1]) for y in heights), default=math.inf)
        return 0.0 if gap <= 2 * SLACK else NEAR + gap
    cells = grid(mark)
    gap_to_box = _distance_to_box(cells.frame if cells else _line(drawing, mark), point)
    # Points can be close together, so a line to one must touch it.
    small = mark.draws == "x y" and gap_to_box > 2 * SLACK
    return NEAR + gap_to_box if small else gap_to_box


def _line(drawing, mark):
    """The box of a mark; for a text, the box of the whole phrase on its line."""
    box, grows = mark.box, mark.is_text
    while grows:
        neighbours = [
            text.box
            for text in drawing.texts
            if abs(text.middle - mark.middle) < 1
            and text.box.left - SPACE < box.right
            and box.left < text.box.right + SPACE
        ]
        wider = joined([box, *neighbours])
        # Words beside the wider phrase may belong to it too.
        grows, box = wider != box, wider
    return box


def _distance_to_box(box, point):
    x, y = point
    return math.hypot(max(box.left - x, 0, x - box.right), max(box.top - y, 0, y - box.bottom))


def elements(drawing, expression, sizes):
    """The graph elements that a node stands for.

    Raises:
        UnknownNameError: If it is not a quantity of an LSTM.
    """
    if not is_quantity(expression):
        raise UnknownNameError(f"{expression} is no quantity of an LSTM")
    result = set()
    for part in stack_parts(expression):
        views = meaning_of(drawing, part).views
        bare = without_indices(part)
        turned = " * ".join(reversed(bare.split(" * ")))
        names = {bare, turned} & PRODUCTS
        if names:
            # Both factors are at the same indices.
            result |= indices(views[0], min(names), sizes)
        elif "*" in bare:
            raise UnknownNameError(f"{part} is no quantity of an LSTM")
        else:
            for view in views:
                result |= indices(view, view.tensor, sizes)
    return result


def indices(view, name, sizes):
    """The elements of a tensor that the view selects."""
    first = (name,)
    if sizes.layers * sizes.directions > 1:
        # The output of the last layer is the output of the module.
        first = ("outputs", sizes.layers - 1) if name == "output" else first
    elif not sizes.is_projected:
        # Without a projection, o * tanh(c) and h are one quantity with two names.
        first = ("output",) if name == SHOWN else first
    return set(product(*([entry] for entry in first), *view.indices.values()))


def computation_faults(drawing, arrows):
    """Arrows that are missing, or that join values not computed from each other."""
    makes = [a for a in arrows if a.flow == "makes"]
    if not makes:
        return []
    sizes = sizes_of(drawing)
    problems = []
    elements_by_node = {}
    for node in drawing.nodes:
        try:
            elements_by_node[node.name] = frozenset(elements(drawing, node.expression, sizes))
        except UnknownNameError as error:
            problems.append(f"the node {node}: {error}")
    if problems:
        return problems
    stops = frozenset(element for own in elements_by_node.values() for element in own)
    problems = [
        f"{_arrow_name(a)} joins marks that are drawn by values, not nodes"
        for a in makes
        if not {a.get("data-from"), a.get("data-to")} <= elements_by_node.keys()
    ]
    if problems:
        return problems
    tails_by_head = defaultdict(set)
    for a in makes:
        tails_by_head[elements_by_node[a.get("data-to")]].add(elements_by_node[a.get("data-from")])
    names = {own: name for name, own in elements_by_node.items()}
    first = first_step(stops)
    for head in set(elements_by_node.values()):
        expected = set() if is_initial(head, first) else ancestors_until(head, stops, sizes)
        tails = tails_by_head[head]
        for tail in tails:
            if expected.isdisjoint(tail):
                problems.append(f"{names[head]} is not made of {names[tail]}")
        missing = expected.difference(*tails)
        if missing:
            sources = sorted({name for each, name in names.items() if each & missing})
            problems.append(f"no arrow makes {names[head]} of {sources}")
    return problems


def first_step(elements):
    """The first step that is drawn.

    Parameters have no step. They also contributed to the initial state, but not
    in this figure.
    """
    steps = {(name, t) for name, t, *_ in elements}
    return min(
        (int(t) for name, t in steps if not str(name).startswith(("weight", "bias"))),
        default=math.inf,
    )


def is_initial(head, first):
    """Whether the elements belong to the first step or to the state before it."""
    if any(name not in ("h_prev", "c_prev") for name, *_ in head):
        return False
    return first >= min(int(t) for _, t, *_ in head)


def call_faults(drawing, arrows):
    """Calls whose arguments or results differ from their arrows."""
    for box in drawing.marks:
        if not box.has("data-call"):
            continue
        call = box.get("data-call")
        ins, outs = (
            [
                drawing.by_name[a.get(far_end)].expression
                for a in arrows
                if a.flow == flow and a.get(end) == box.name
            ]
            for flow, end, far_end in (
                ("in", "data-to", "data-from"),
                ("out", "data-from", "data-to"),
            )
        )
        tree = ast.parse(call, mode="eval").body
        if isinstance(tree, ast.Subscript):
            # The figure shows only part of the returned value.
            tree = tree.value
        if not isinstance(tree, ast.Call):
            yield f"{call} is not a call"
            continue
        expected = [ast.unparse(a) for a in _flat_nodes(tree.args)]
        if sorted(ins) != sorted(expected):
            yield f"{call} has the arguments {sorted(ins)}"
        results = _unpack(drawing.value(call))
        outputs = [drawing.value(expression) for expression in outs]
        if len(results) != len(outputs) or not all(
            any(_is_alike(result, output) for output in outputs) for result in results
        ):
            yield f"{call} has the results {sorted(outs)}"


def _flat_nodes(nodes):
    """The nodes, with the elements of tuples such as (h, c) in their place."""
    return [
        leaf
        for node in nodes
        for leaf in (_flat_nodes(node.elts) if isinstance(node, ast.Tuple) else [node])
    ]


def _unpack(value):
    """The returned values as a flat list; tuples are unpacked, a list is one tensor."""
    if isinstance(value, tuple):
        return [leaf for item in value for leaf in _unpack(item)]
    return [value]


def _is_alike(first, second):
    """Whether two tensors are equal up to the tolerance of the proofs."""
    numbers = [np.array(flat(value)) for value in (first, second)]
    return numbers[0].shape == numbers[1].shape and np.allclose(
        *numbers, rtol=1e-6, atol=1e-6, equal_nan=True
    )
