"""Each sign is at the operation that it names: × at a product, + at a sum.

A sign in a circle on a wire names the operation that computes the circle's
value. Between numbers, it computes the last number from the others. Above a
curve, it names the function. A dot marks where two wires join.
"""

import ast
import math
from collections import defaultdict
from itertools import combinations, pairwise
from typing import NamedTuple

import torch

from tests.binding.arrow_heads import MAX_GAP, heads_of, line_of, points_on_line
from tests.binding.arrows import elements, indices
from tests.binding.axes import PRODUCTS, meaning_of, without_indices
from tests.binding.drawing import Mark
from tests.binding.graph import SHOWN, ancestors_until, quantities, sizes_of
from tests.binding.kinds import kinds_of
from tests.binding.lengths import flat

SIGNS = {torch.mul: "×", torch.add: "+", torch.sigmoid: "σ", torch.tanh: "tanh"}
"""Operation -> its sign."""

SUMS = {"ih", "hh", *(f"z_{gate}" for gate in "ifgo")}
"""Sums of many addends, which also have the sign +."""

FUNCTIONS = {"σ": "sigmoid", "tanh": "tanh"}
"""Sign of a function -> its name in torch."""

LEVEL = 2.0
"""Tolerance between the middles of marks in one row."""

TOLERANCE = 0.1
"""Tolerance for lengths written with two decimals."""

JOIN = 6.0
"""Largest distance between the rounded corner of a wire and the joint."""

REACH = 3 * JOIN
"""Distance from a dot at which its wires are clearly apart."""

ROUNDED = 1e-6
"""Float32 rounding error, relative to the largest addend."""


class Item(NamedTuple):
    """A number, a sign, or a circled sign, which counts as a number.

    Attributes:
        mark: The text.
        sign: The sign; empty for an item with a value.
        of: The expression of the value.
        scale: The sum of the absolute addends behind the value.
    """

    mark: Mark
    sign: str
    of: str = ""
    scale: float = 1.0


def faults(drawing):
    circles = {}
    signs = [t for t in drawing.texts if kinds_of(t) == ["operator"]]
    # Three dots mark an omission.
    signs = [sign for sign in signs if sign.text != "…"]
    for sign in signs:
        circle = circle_of(drawing, sign)
        if circle and (node := node_of(drawing, sign, circle)):
            circles[sign] = node
            yield from in_circle(drawing, sign, circle, node)
    for sign in signs:
        if sign.text in FUNCTIONS and sign not in circles:
            yield from above_a_curve(drawing, sign)
    bare = [sign for sign in signs if sign.text not in FUNCTIONS]
    rows = [row_of(drawing, sign, circles) for sign in bare]
    # Several signs may be in one row, which is checked once.
    for items in {items for row in rows for items in connected_items(row)}:
        if any(item.sign for item in items):
            yield from in_row(drawing, items)
    yield from factor_faults(drawing)
    yield from dot_faults(drawing)


def circle_of(drawing, sign):
    """The circle around an operator sign."""
    return next(
        (
            mark
            for mark in drawing.marks
            if mark.tag == "rect"
            and is_round(mark, mark.box.height)
            and abs(mark.box.x - sign.box.x) <= LEVEL
            and abs(mark.box.y - sign.middle) <= LEVEL
        ),
        None,
    )


def is_round(mark, side):
    """Whether the ends of a box are half circles, for a side of this length."""
    return math.isclose(2 * float(mark.get("rx", "0")), side, abs_tol=TOLERANCE)


def node_of(drawing, sign, circle):
    """The mark of a circle's value, or the vector that it belongs to."""
    if circle.has("data-of"):
        return circle
    group = group_of(sign)
    return next((n for n in drawing.nodes if n.element is group), None)


def group_of(mark):
    """The innermost bound group around a mark."""
    return next((e for e in reversed(mark.ancestors) if e.get("data-of")), None)


def quantity_of(drawing, expression):
    """The quantity that an expression names, and its name."""
    by_name, bare = quantities(sizes_of(drawing)), without_indices(expression)
    # A product may be named with its factors in either order.
    turned = " * ".join(reversed(bare.split(" * ")))
    name = min({bare, turned} & PRODUCTS, default=bare)
    node_quantities = {without_indices(node.expression) for node in drawing.nodes}
    if name == "output" and SHOWN not in node_quantities:
        # o * tanh(c) is h, or is projected to h.
        name = SHOWN
    return name, by_name.get(name)


def in_circle(drawing, sign, circle, node):
    """Circled signs of the wrong operation, or without the wires of its operands."""
    name, quantity = quantity_of(drawing, node.expression)
    expected = "+" if name in SUMS else SIGNS.get(quantity.operation) if quantity else None
    if sign.text != expected:
        yield f"{node} is made by {expected}, not by {sign.text}"
    centre = circle.box.x, circle.box.y
    reach = circle.box.width / 2 + MAX_GAP
    arrows = [a for a in drawing.marks if a.get("data-to") == node.name]
    name = f"the {sign.text} of {node}"
    if expected in FUNCTIONS:
        ends = [*map(end_of, arrows), *points_on_line(line_of(node))]
        if all(math.dist(centre, end) > reach for end in ends):
            yield f"{name} is on no wire"
        return
    for arrow in arrows:
        if math.dist(centre, end_of(arrow)) > reach:
            yield f"the wire from {arrow.get('data-from')} does not lead to {name}"


def end_of(arrow):
    """The tip of an arrow; the last point of a line without a head."""
    return heads_of(arrow)[0][0] if heads_of(arrow) else line_of(arrow)[-1]


def above_a_curve(drawing, sign):
    """Signs above a curve that name a different function."""
    below = [
        mark
        for mark in drawing.data_marks
        if mark.draws == "path"
        and mark.box.top >= sign.middle
        and mark.box.left <= sign.box.right
        and sign.box.left <= mark.box.right
    ]
    if not below:
        yield f"{sign} is at no operation and above no curve"
        return
    curve = min(below, key=lambda mark: mark.box.top)
    call = ast.parse(curve.of, mode="eval").body
    function = call.func if isinstance(call, ast.Call) else None
    name = function.attr if isinstance(function, ast.Attribute) else ""
    if name != FUNCTIONS[sign.text]:
        yield f"{sign} is above {curve.of}"


def row_of(drawing, sign, circles):
    """The items in the row of a sign, from left to right.

    If the row is a bound group, all items must be in that group.
    """
    group = group_of(sign)
    items = []
    for mark in drawing.texts:
        is_level = abs(mark.middle - sign.middle) <= LEVEL or group is not None
        if not is_level or group_of(mark) is not group:
            continue
        if mark in circles:
            items.append(Item(mark, "", circles[mark].expression))
        elif mark.has("data-value"):
            items.append(Item(mark, "", mark.expression, mark.scale))
        elif kinds_of(mark) == ["operator"] and mark.text != "…":
            items.append(Item(mark, mark.text))
    return sorted(items, key=lambda item: item.mark.box.x)


def connected_items(row):
    """Split a row where two numbers have no sign between them."""
    start = 0
    for k, (item, following) in enumerate(pairwise(row), 1):
        if not item.sign and not following.sign:
            yield tuple(row[start:k])
            start = k
    yield tuple(row[start:])


def in_row(drawing, items):
    """Rows of numbers and signs that are not true equations."""
    signs = [item for item in items if item.sign]
    text = " ".join(item.mark.text for item in items)
    if items[-1].sign:
        yield f"{text!r} ends with a sign"
    elif not any(sign.sign == "=" for sign in signs):
        # Without a result, each sign is before its operand: take pairs of both from the end.
        for sign, operand in zip(items[-2::-2], items[::-2], strict=False):
            if sign.sign not in signs_of_uses(drawing, operand.of):
                yield f"{operand.mark} is not an operand of {sign.sign}"
    elif items[0].sign == "=":
        label = max(
            (
                label
                for label in drawing.labels
                if abs(label.middle - items[0].mark.middle) <= LEVEL
                and label.box.right <= items[0].mark.box.left
            ),
            key=lambda label: label.box.right,
            default=None,
        )
        if label is None or items[1].mark not in drawing.targets_of(label):
            yield f"{text!r} has nothing on its left that it is equal to"
    else:
        yield from equation_faults(drawing, items, text)


def signs_of_uses(drawing, expression):
    """The signs of the operations that use a quantity."""
    name = without_indices(expression)
    all_quantities = quantities(sizes_of(drawing)).values()
    operations = [quantity.operation for quantity in all_quantities if name in quantity.parents]
    return {SIGNS[operation] for operation in operations if operation in SIGNS}


def equation_faults(drawing, items, text):
    """Equations whose two sides differ."""
    if items[0].sign:
        # In column addition the first operand is in the row above.
        items = (number_above(drawing, items[1]), *items)
    *before, sign, after = items
    # Every second item is a sign, and the last sign is "=".
    if sign.sign != "=" or not all(bool(item.sign) == k % 2 for k, item in enumerate(items)):
        yield f"{text!r} is no sum or product with its result"
        return
    # The expressions of the factors of each addend.
    terms = [[before[0].of]]
    for operation, operand in zip(before[1::2], before[2::2], strict=True):
        if operation.sign == "×":
            terms[-1].append(operand.of)
        elif operation.sign == "+":
            terms.append([operand.of])
        else:
            yield f"{text!r} has {operation.sign} in it"
            return
    (result,) = flat([drawing.value(after.of)])
    total = sum(math.prod(flat([drawing.value(of) for of in term])) for term in terms)
    tolerance = ROUNDED * max(1.0, abs(result), *(item.scale for item in items))
    if abs(total - result) <= tolerance or not math.isfinite(total - result):
        return
    # A single operand may be one of several addends, or a factor of one.
    if len(before) > 1 or not goes_into(drawing, before[0].of, after.of):
        yield f"{text!r} is wrong: {total:g} = {result:g}"


def factor_faults(drawing):
    """Factors below a number for which the sum of the row is wrong.

    A factor is a number with × in its label.
    """
    for label in drawing.labels:
        if not label.text.startswith("× "):
            continue
        (factor,) = drawing.targets_of(label)
        addend = number_above(drawing, Item(factor, "")).mark
        row = sorted(
            (number for number in drawing.numbers if abs(number.middle - addend.middle) <= LEVEL),
            key=lambda number: number.box.x,
        )
        values = [number.value for number in row]
        place = row.index(addend)
        # The factor multiplies it.
        values[place] *= factor.value
        scale = max(number.scale for number in row)
        tolerance = ROUNDED * max(1.0, scale, *map(abs, values))
        if all(map(math.isfinite, values)) and not any(
            abs(sum(values[first:last]) - values[last]) <= tolerance
            for first in range(place + 1)
            for last in range(place + 1, len(row))
        ):
            yield f"{factor} is below {addend}, but is not a factor of it"


def goes_into(drawing, before, after):
    """Whether the value of one expression is computed from that of a different one."""
    sizes = sizes_of(drawing)
    tails = set().union(
        *(indices(view, view.tensor, sizes) for view in meaning_of(drawing, before).views)
    )
    return tails <= ancestors_until(elements(drawing, after, sizes), tails, sizes)


def number_above(drawing, item):
    """The nearest number above an item."""
    mark = max(
        (
            number
            for number in drawing.numbers
            if number.middle < item.mark.middle - LEVEL
            and number.box.left <= item.mark.box.right
            and item.mark.box.left <= number.box.right
        ),
        key=lambda number: number.middle,
    )
    return Item(mark, "", mark.expression)


def dot_faults(drawing):
    """Dots where no two wires join."""
    wires = defaultdict(list)
    for arrow in drawing.arrows:
        if arrow.flow == "makes":
            wires[arrow.get("data-from")].append(line_of(arrow))
    for mark in drawing.marks:
        if not is_dot(mark):
            continue
        at = mark.box.x, mark.box.y
        nearby_wires = [
            [p for line in lines for p in points_on_line(line) if math.dist(p, at) <= REACH]
            for lines in wires.values()
        ]
        joined_wires = [w for w in nearby_wires if any(math.dist(p, at) <= JOIN for p in w)]
        if not any(
            is_separate(first, second) and is_separate(second, first)
            for first, second in combinations(joined_wires, 2)
        ):
            yield f"a dot at {at[0]:g}, {at[1]:g} where no wires join"


def is_dot(mark):
    """Whether a mark is a small filled circle without a value."""
    return (
        mark.tag == "rect"
        and not mark.has("data-of")
        and mark.get("fill") == mark.get("stroke")
        and is_round(mark, mark.box.width)
    )


def is_separate(wire, second_wire):
    """Whether a wire comes from a different side than a second one."""
    return any(all(math.dist(p, q) > JOIN for q in second_wire) for p in wire)
