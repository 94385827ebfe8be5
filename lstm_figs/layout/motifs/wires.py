"""Data-flow diagrams: wires between vectors, operators, gates and junctions.

An operator is a circle on its wire. A figure groups the operator with the vector that
it yields into one node, so that wires can end at both.
"""

import math
from collections.abc import Sequence

from ...model.lstm import GATES
from ...model.reference import Number, Vector
from ...proof.bindings import Flow, FlowKind, Node
from ...scene.marks import Box, Group, Mark, Text
from ...scene.terms import GATE_NAMES, TERMS
from ...scene.theme import Paint, tint
from .. import words
from ..shapes import Point, circle, round_arrow

OPERATOR_RADIUS = 11.0
"""The radius of an operator."""
GATE_HEIGHT = 42.0
"""The height of a gate's box."""
CELL_WIRE_WIDTH, WIRE_WIDTH = 3.0, 1.5
"""The stroke width of the cell state's wire, and of other wires."""
MIN_HEAD_LENGTH = 12.0
"""The minimum length of the last segment of a wire with an arrowhead."""
MIN_NAMED_GATE_WIDTH = 70.0
"""The minimum width of a gate's box with the name of the gate beside its letter."""


def node(marks: Sequence[Mark], values: Vector, id: str, term: str = "") -> Group:
    """Group marks as a node for a whole vector, so that wires can end there."""
    return Group(tuple(marks), id=id, term=term, bound=(Node(values.of),))


def wire(
    *corners: Point,
    tail: str,
    head: str,
    paint: Paint = "muted",
    flow: FlowKind = "makes",
    width: float = WIRE_WIDTH,
    term: str = "",
) -> Group:
    """A wire between two nodes, with rounded corners.

    Args:
        corners: The start, the corners and the end.
        tail: The id of the first node.
        head: The id of the last node.
        paint: The paint.
        flow: The relation between both nodes.
        width: The stroke width.
        term: The terms.
    """
    group = inner_wire(*corners, paint=paint, width=width, term=term)
    return group._replace(bound=(Flow(flow, tail, head),))


def inner_wire(
    *corners: Point,
    paint: Paint = "muted",
    width: float = WIRE_WIDTH,
    term: str = "",
    tip: bool = True,
) -> Group:
    """A wire inside a node, without a binding; it has an arrowhead if it is long enough."""
    return round_arrow(
        *corners,
        paint=paint,
        term=term,
        width=width,
        head=tip and math.dist(*corners[-2:]) >= MIN_HEAD_LENGTH,
    )


def operator_half_width(sign: str) -> float:
    """Half the width of an operator."""
    return OPERATOR_RADIUS if sign in ("×", "+", "σ") else words.width(sign) / 2 + 6


def operator_marks(x: float, y: float, sign: str) -> list[Mark]:
    """An element-wise operator: its sign in a circle."""
    half_width = operator_half_width(sign)
    around = Box(
        x - half_width,
        y - OPERATOR_RADIUS,
        2 * half_width,
        2 * OPERATOR_RADIUS,
        radius=OPERATOR_RADIUS,
        fill="paper",
        stroke="ink",
        stroke_width=1.5,
    )
    return [around, words.operator(x, y, sign, fill="ink")]


def gate_box(at: Point, width: float, letter: str, values: Sequence[Number], id: str) -> list[Mark]:
    """The box of a gate, with its letter, name and rows.

    Args:
        at: The centre of the box.
        width: The width of the box.
        letter: The gate.
        values: The elements of the gate.
        id: The id of the gate's vector, and the prefix of its numbers' ids.
    """
    x, y = at
    paint = TERMS[letter].role
    first = GATES.index(letter) * len(values)
    last = first + len(values) - 1
    rows = _range_text(first, last, width)
    # A label such as "4…" names only the first row, which is that of the first number.
    named_rows = f"{first}..{last}" if "–" in rows else first
    labelled_id = f"{id}-0" if "…" in rows else id
    is_wide = width > MIN_NAMED_GATE_WIDTH
    name = f"{letter} {GATE_NAMES[letter].name}" if is_wide else letter
    return [
        Box(
            x - width / 2,
            y - GATE_HEIGHT / 2,
            width,
            GATE_HEIGHT,
            radius=7,
            fill=tint(paint),
            stroke=paint,
            stroke_width=1.5,
            term=letter,
        ),
        words.label(
            x,
            y - 9,
            name,
            names={"gate": letter},
            of=[f"{id}-*"],
            along="column",
            anchor="middle",
            style=words.STRONG,
            fill=paint,
            term=letter,
        ),
        words.label(
            x,
            y + 10,
            rows,
            names={"row": named_rows},
            of=[labelled_id],
            along="column",
            style=words.FINE,
            anchor="middle",
            term=letter,
        ),
    ]


def _range_text(first: int, last: int, width: float) -> str:
    """The longest name of the rows of a gate that fits a box, for all gates alike."""
    count = last - first + 1
    # All four gates use the same form, so the last gate's rows must fit.
    widest = _ranges(3 * count, 4 * count - 1)
    texts = _ranges(first, last)
    for text, longest in zip(texts, widest, strict=True):
        # A subscript is the last resort, so it may fill the box.
        padding = 0 if "_" in longest else 8
        if Text(0, 0, longest, words.SMALL).width <= width - padding:
            return text
    return texts[-1]


def _ranges(first: int, last: int) -> list[str]:
    """The ways to name a range of rows, longest first."""
    if first == last:
        return [f"row {first}", f"{first}"]
    # The third is in the font size of subscripts.
    return [f"rows {first}–{last}", f"{first}–{last}", f"_{{{first}–{last}}}", f"{first}…"]


def junction(x: float, y: float) -> Box:
    """A dot where one wire joins another."""
    return circle(x, y, 3.5, fill="ink", stroke="ink")
