"""Arrows join what is computed from what, and no such arrow is missing."""

import ast
import math
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import product

import numpy as np

from tests.binding import backward, calls, homes, ways
from tests.binding.axes import (
    PRODUCTS,
    UnknownNameError,
    View,
    is_quantity,
    meaning,
    parts,
    sequence,
    skeleton,
    spoken,
)
from tests.binding.drawing import Box, Drawing, Mark, joined, lines
from tests.binding.graph import SHOWN, Element, Sizes, reached, sizes_of
from tests.binding.labels import part_of, values
from tests.binding.lengths import flat, grid, scales
from tests.proving import SVG

KINDS = (
    *("makes", "in", "out", "copies", "back", "order", "points", "sees"),
    *("visits", "reaches", "returns", "meets"),
)

SEEN = {"i": "c_prev", "f": "c_prev", "o": "c"}
"""The state that each gate with a peephole sees; `test_graph` holds it
against the equations."""

NEAR = 12.0
"""How far an arrow may end from the mark that it joins."""

HALF = 0.5
"""By how much places may differ that are written in hundredths."""

SPACE = 14.0
"""The widest space between words that stand together."""


def faults(drawing: Drawing) -> list[str]:
    """What is wrong with the arrows of a figure."""
    arrows = [mark for mark in drawing.marks if mark.has("data-flow")]
    found = []
    for arrow in arrows:
        found += [f"{_said(arrow)} {fault}" for fault in _faults(drawing, arrow)]
    if not found:
        found += made(drawing, arrows) + called(drawing, arrows)
        found += backward.missing(drawing, arrows)
        found += ways.missing(drawing, arrows)
        found += alike(drawing, arrows)
    return found


def alike(drawing: Drawing, arrows: list[Mark]) -> Iterator[str]:
    """Arrows from layer to layer that are missing where others have one.

    Nodes of one kind have one name but for numbers, which are places. From one
    step to the next a direction may go either way.
    """
    nodes = {_place(mark.name): mark for mark in drawing.nodes if mark.name}
    ways: dict[tuple[str, tuple[int, ...]], set[tuple[int, ...]]]
    ways = defaultdict(set)
    for arrow in arrows:
        tail, head = (_place(arrow.get(f"data-{k}")) for k in ("from", "to"))
        if arrow.get("data-flow") == "order" and tail[0] == head[0]:
            ways[tail[0], _apart(tail[1], head[1])].add(tail[1])
    for (stem, away), tails in ways.items():
        for (other, place), tail in nodes.items():
            after = tuple(map(sum, zip(place, away, strict=False)))
            head = nodes.get((stem, after))
            if other != stem or head is None or place in tails:
                continue
            steps = [spoken(drawing, node.expression).get("step") for node in (tail, head)]
            if steps[0] and steps[0] == steps[1]:
                yield f"no arrow leads from {tail} to {head}, as from others"


def _place(name: str) -> tuple[str, tuple[int, ...]]:
    """The name of a node without its numbers, and these.

    >>> _place("layer-0-12")
    ('layer-#-#', (0, 12))
    """
    numbers = tuple(map(int, re.findall(r"(?<=-)\d+", name)))
    return re.sub(r"(?<=-)\d+", "#", name), numbers


def _apart(place: tuple[int, ...], other: tuple[int, ...]) -> tuple[int, ...]:
    """How far one place is from another, each way."""
    return tuple(b - a for a, b in zip(place, other, strict=True))


def _said(arrow: Mark) -> str:
    return (
        f"the arrow {arrow.get('data-flow')} from {arrow.get('data-from')} to "
        f"{arrow.get('data-to')}"
    )


def _faults(drawing: Drawing, arrow: Mark) -> list[str]:
    flow = arrow.get("data-flow")
    if flow not in KINDS:
        return ["is of no kind"]
    ends = [drawing.by_name.get(arrow.get(f"data-{k}")) for k in ("from", "to")]
    tail, head = ends
    if tail is None or head is None:
        return ["has an end that is nothing"]
    if flow == "reaches":
        return ways.reaching(drawing, arrow, tail, head)
    found = [
        f"ends {distance:.0f} from {mark}"
        for mark, distance in zip(ends, _distances(drawing, arrow, tail, head), strict=True)
        if distance > NEAR
    ]
    if flow == "points":
        label, named = (tail, head) if tail.has("data-names") else (head, tail)
        if named not in drawing.named(label):
            found.append("points to what the label does not name")
        return [*found, *_elsewhere(drawing, arrow, label, named)]
    for mark in (tail, head):
        is_call = mark.has("data-call") and flow in ("in", "out")
        if not mark.expression and not is_call:
            found.append(f"has the end {mark}, which stands for nothing")
    if flow == "sees" and not found:
        gates = spoken(drawing, head.expression).get("gate", set())
        seen = {SEEN.get(str(gate)) for gate in gates}
        if not head.has("data-value") or seen != {skeleton(tail.expression)}:
            found.append(f"lets {sorted(map(str, gates))} see another state")
    if flow == "order" and not found:
        try:
            follows = calls.follows(drawing, tail.expression, head.expression) or _follows(
                drawing, tail.expression, head.expression
            )
        except UnknownNameError as error:
            found.append(f"has an end that is none: {error}")
        else:
            found += ["joins what does not follow from it"] * (not follows)
            found += _elsewhen(drawing, tail, head)
    if flow == "back" and not found:
        found += backward.faults(drawing, tail, head)
    if flow == "meets" and not found:
        found += ways.meeting(drawing, tail, head)
    if flow == "returns" and not found:
        found += ways.returning(drawing, tail, head)
    if flow == "visits" and not found:
        found += ways.visiting(drawing, tail, head)
    if flow == "copies" and not found:
        values = [drawing.value(mark.expression) for mark in (tail, head)]
        # NaN is not equal to itself, but printed alike.
        if repr(values[0]) != repr(values[1]):
            found.append(f"copies {values[0]} to {values[1]}")
    return found


def _elsewhere(drawing: Drawing, arrow: Mark, label: Mark, curve: Mark) -> list[str]:
    """Whether a line to a curve ends at its end, at a point on it, or at the
    step that its label says; and where the label's number of it is. One to a
    map ends at the row that its label says."""
    paths = [e for e in arrow.element.iter(f"{SVG}path") if e.get("stroke")]
    x, y = lines(paths[0].get("d", ""))[0][-1]
    if grid(curve):
        row = part_of(drawing, label, curve).box
        if row.top - HALF <= y <= row.bottom + HALF:
            return []
        return [f"ends at {y:g}, and the row that it names is at {row.y:g}"]
    if curve.get("data-draws") != "path":
        return []
    *_, down = scales(curve)
    of = spoken(drawing, curve.expression).get("tensor")
    named = [
        float(number.get("data-value"))
        for number in drawing.named(label)
        if number.has("data-value") and spoken(drawing, number.expression).get("tensor") == of
    ]
    # A zero has no place among tens; there the line is to the curve's end.
    levels = [down.at(value) for value in named if value or not down.log]
    if levels and all(abs(level - y) > 2 for level in levels):
        return [f"ends at {y:g}, and its number is at {levels}"]
    ends = [tuple(one[k]) for one in curve.chains for k in (0, -1)]
    ends += [(mark.box.x, mark.box.y) for mark in drawing.drawn if mark.get("data-draws") == "x y"]
    if any(math.dist((x, y), end) <= 2 for end in ends):
        return []
    order = sequence(drawing, curve.expression)
    said = label.names.get("step")
    if any(
        abs(scales(curve)[0].beyond(order.index(step)) - x) <= 2
        for step in (values(said) if said else ())
        if step in order
    ):
        return []
    return ["points to no place on it that is named"]


def _elsewhen(drawing: Drawing, tail: Mark, head: Mark) -> list[str]:
    """Whether what is read, or comes from another layer, is of this step.

    A later step has it as well, by way of the state.
    """
    before, after = (spoken(drawing, parts(mark.expression)[-1]) for mark in (tail, head))
    comes = before.get("tensor") == {"x"} or (
        before.get("layer", set()) != after.get("layer", set())
    )
    steps = [keys.get("step", set()) for keys in (before, after)]
    if comes and all(len(each) == 1 for each in steps) and steps[0] != steps[1]:
        return [f"leads from step {min(steps[0])} to step {min(steps[1])}"]
    return []


def _follows(drawing: Drawing, tail: str, head: str) -> bool:
    """Whether one quantity is computed after another, and from it.

    What is drawn from one value to another ends at the last. What is of no LSTM
    is declared by the home of its figure.
    """
    names = skeleton(parts(tail)[-1]), skeleton(parts(head)[-1])
    if names in homes.of(drawing.figure, "FOLLOWS", ()):
        return parts(tail)[-1].replace(*names) == parts(head)[-1]
    sizes = sizes_of(drawing)
    before, after = (elements(drawing, parts(expression)[-1], sizes) for expression in (tail, head))
    return not before & after and before <= reached(after, before, sizes)


def _distances(drawing: Drawing, arrow: Mark, tail: Mark, head: Mark) -> tuple[float, float]:
    """How far a line begins and ends from what it joins."""
    paths = [e for e in arrow.element.iter(f"{SVG}path") if e.get("stroke")]
    # A line has gaps where words stand.
    chains = lines(paths[0].get("d", "")) if paths else []
    chain = [point for part in chains for point in part]
    if not chain:
        return math.inf, math.inf
    # A note is a label and, on its next line, the number that it names.
    words = [tail]
    if arrow.get("data-flow") == "points" and tail.has("data-names"):
        words += [mark for mark in drawing.named(tail) if mark.is_text]
    # An arrow to a number may end at the word above it.
    over = [
        label
        for label in drawing.labels
        if label.get("data-for") == head.name and head.has("data-value")
    ]
    points = [e for e in arrow.element.iter(f"{SVG}path") if e.get("fill")]
    tip = lines(points[0].get("d", ""))[0][0] if points else chain[-1]
    return (
        min(distance(drawing, one, chain[0]) for one in words),
        min(
            distance(drawing, head, chain[-1]),
            *(distance(drawing, label, tip) for label in over),
            math.inf,
        ),
    )


def distance(drawing: Drawing, mark: Mark, point: tuple[float, float]) -> float:
    """How far a point is from a mark: from a curve itself, not from its box."""
    if mark.get("data-draws") == "path":
        heights = [
            y for x in (point[0] - HALF, point[0], point[0] + HALF) for y in mark.crossings(x)
        ]
        # A line that leads to a curve ends on it, or leads to any.
        far = min((abs(y - point[1]) for y in heights), default=math.inf)
        return 0.0 if far <= 2 * HALF else NEAR + far
    cells = grid(mark)
    away = _away(cells.frame if cells else _line(drawing, mark), point)
    # Points stand so near each other that a line to one ends on it.
    small = mark.get("data-draws") == "x y" and away > 2 * HALF
    return NEAR + away if small else away


def _line(drawing: Drawing, mark: Mark) -> Box:
    """The box of a mark; of a text that of the words that it stands among."""
    box, grows = mark.box, mark.is_text
    while grows:
        beside = [
            text.box
            for text in drawing.texts
            if abs(text.middle - mark.middle) < 1
            and text.box.left - SPACE < box.right
            and box.left < text.box.right + SPACE
        ]
        wider = joined([box, *beside])
        grows, box = wider != box, wider
    return box


def _away(box: Box, point: tuple[float, float]) -> float:
    x, y = point
    return math.hypot(max(box.left - x, 0, x - box.right), max(box.top - y, 0, y - box.bottom))


def elements(drawing: Drawing, expression: str, sizes: Sizes) -> set[Element]:
    """The elements that a node stands for.

    Raises:
        UnknownNameError: If it stands for no quantity of an LSTM.
    """
    if not is_quantity(expression):
        raise UnknownNameError(f"{expression} is no quantity of an LSTM")
    found: set[Element] = set()
    for part in parts(expression):
        views = meaning(drawing, part).views
        bare = skeleton(part)
        turned = " * ".join(reversed(bare.split(" * ")))
        names = {bare, turned} & PRODUCTS
        if names:
            found |= indices(views[0], min(names), sizes)
        elif "*" in bare:
            raise UnknownNameError(f"{part} is no quantity of an LSTM")
        else:
            for view in views:
                found |= indices(view, view.tensor, sizes)
    return found


def indices(view: View, name: str, sizes: Sizes) -> set[Element]:
    """The elements of a tensor that an expression speaks of."""
    first: Element = (name,)
    if sizes.layers * sizes.ways > 1:
        # What the last layer puts out is the output of the module.
        first = ("outputs", sizes.layers - 1) if name == "output" else first
    elif not sizes.projected:
        # They are one quantity, which has two names.
        first = ("output",) if name == SHOWN else first
    return set(product(*([one] for one in first), *view.at.values()))


def made(drawing: Drawing, arrows: list[Mark]) -> list[str]:
    """Arrows that are missing, or join what is not computed so."""
    makes = [a for a in arrows if a.get("data-flow") == "makes"]
    if not makes:
        return []
    sizes = sizes_of(drawing)
    found = []
    owned: dict[str, frozenset[Element]] = {}
    for node in drawing.nodes:
        try:
            owned[node.name] = frozenset(elements(drawing, node.expression, sizes))
        except UnknownNameError as error:
            found.append(f"the node {node}: {error}")
    if found:
        return found
    stops = frozenset(element for each in owned.values() for element in each)
    found = [
        f"{_said(a)} joins what is drawn, not nodes"
        for a in makes
        if not {a.get("data-from"), a.get("data-to")} <= owned.keys()
    ]
    if found:
        return found
    drawn: dict[frozenset[Element], set[frozenset[Element]]] = {}
    for a in makes:
        tails = drawn.setdefault(owned[a.get("data-to")], set())
        tails.add(owned[a.get("data-from")])
    names = {each: name for name, each in owned.items()}
    first = first_step(stops)
    for head in set(owned.values()):
        due = set() if given(head, first) else reached(head, stops, sizes)
        tails = drawn.get(head, set())
        for tail in tails:
            if due.isdisjoint(tail):
                found.append(f"{names[head]} is not made of {names[tail]}")
        missing = due.difference(*tails)
        if missing:
            whole = sorted({names[o] for o in names if o & missing})
            found.append(f"no arrow makes {names[head]} of {whole}")
    return found


def first_step(drawn: Iterable[Element]) -> float:
    """The first step of which something is drawn.

    Parameters are of no step: they made a state as well, but not here.
    """
    steps = {(name, t) for name, t, *_ in drawn}
    return min(
        (int(t) for name, t in steps if not str(name).startswith(("weight", "bias"))),
        default=math.inf,
    )


def given(head: frozenset[Element], first: float) -> bool:
    """Whether some elements go into the first step, or one before it."""
    if any(name not in ("h_prev", "c_prev") for name, *_ in head):
        return False
    return first >= min(int(t) for _, t, *_ in head)


def called(drawing: Drawing, arrows: list[Mark]) -> list[str]:
    """Whether arguments and results of each call are those of its arrows."""
    found = []
    for box in drawing.marks:
        if not box.has("data-call"):
            continue
        call = box.get("data-call")
        ins, outs = (
            [
                drawing.by_name[a.get(other)].expression
                for a in arrows
                if a.get("data-flow") == flow and a.get(end) == box.name
            ]
            for flow, end, other in (
                ("in", "data-to", "data-from"),
                ("out", "data-from", "data-to"),
            )
        )
        tree = ast.parse(call, mode="eval").body
        if isinstance(tree, ast.Subscript):
            # Of what it returns a part.
            tree = tree.value
        if not isinstance(tree, ast.Call):
            found.append(f"{call} is no call")
            continue
        wanted = [ast.unparse(a) for a in _flat_nodes(tree.args)]
        if sorted(ins) != sorted(wanted):
            found.append(f"{call} has the arguments {sorted(ins)}")
        results = _opened(drawing.value(call))
        given = [drawing.value(expression) for expression in outs]
        if len(results) != len(given) or not all(
            any(_is_alike(result, one) for one in given) for result in results
        ):
            found.append(f"{call} has the results {sorted(outs)}")
    return found


def _flat_nodes(nodes: list[ast.expr]) -> list[ast.expr]:
    return [
        leaf
        for node in nodes
        for leaf in (_flat_nodes(node.elts) if isinstance(node, ast.Tuple) else [node])
    ]


def _opened(value: object) -> list[object]:
    """What a call returns, tuples opened; a list is a tensor."""
    if isinstance(value, tuple):
        return [leaf for each in value for leaf in _opened(each)]
    return [value]


def _is_alike(first: object, second: object) -> bool:
    """Whether two tensors have the same numbers, as numbers are proven."""
    numbers = [np.array(flat(value)) for value in (first, second)]
    return numbers[0].shape == numbers[1].shape and np.allclose(
        *numbers, rtol=1e-6, atol=1e-6, equal_nan=True
    )
