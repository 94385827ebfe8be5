"""The weights in their rows, and the vectors that meet them."""

from collections.abc import Sequence

import numpy as np

from ...layout import words
from ...layout.motifs import rows
from ...layout.panels import arrow
from ...proof.bindings import Flow, Node, sentence
from ...proof.digits import decimals
from ...proof.reference import Number
from ...proof.subject import Subject
from ...scene.marks import Box, Group, Mark
from ...scene.terms import TERMS
from . import maps
from .blocks import Columns
from .pieces import Piece, of_gates

VECTOR = 17.0
"""The top of a vector."""
HIGH, TALL = 24.0, 48.0
"""The height of one, and of one whose numbers are turned."""
UPRIGHT = 40.0
"""From this width on numbers stand upright."""
ARROW = 25.0
"""From a vector to the rows."""
COLUMN = {"x": "input", "h_prev": "column"}
"""What an element of a vector is called where weights meet it."""


def top(blocks: list[Columns]) -> float:
    """The top of the rows, below the vectors."""
    is_turned = any(turned(b) for b in blocks)
    return VECTOR + (TALL if is_turned else HIGH) + ARROW


def turned(block: Columns) -> bool:
    """Whether numbers over its columns are turned, as these are narrow."""
    return not block.printed and block.width < UPRIGHT


def level(where: rows.Rows) -> float:
    """The middle of the vectors."""
    return (VECTOR + where.top - ARROW) / 2


def left(where: rows.Rows, blocks: list[Columns]) -> float:
    """Where the first block begins."""
    return maps.GUTTER if any(b.mapped for b in blocks) else where.left


def drawn(
    subject: Subject, t: int, where: rows.Rows, blocks: list[Columns], made: list[str]
) -> list[Piece]:
    """The blocks in their rows, with what they meet above them.

    Args:
        subject: What is drawn.
        t: The step, counted from 0.
        where: The rows.
        blocks: The columns.
        made: Ids of the marks beside them in their row, as for `rows.gutter`.
    """
    ids = [*(f"{b.name}-{{row}}-*" for b in blocks), *made]
    last = where.units[-1]
    half = (where.height + where.apart) / 2
    bands = {gate: where.y(gate, last) + half for gate in "ifgo"}
    is_map = any(b.mapped for b in blocks)
    banded = [] if is_map else rows.gutter(where, ids)
    finite = [abs(float(n.value)) for b in blocks for n in b.value.values() if np.isfinite(n.value)]
    end = max(finite, default=0) or 1
    others: list[Mark] = []
    x = left(where, blocks)
    for k, block in enumerate(blocks):
        vector = subject.vector(block.above, t) if block.above else []
        is_met = block.is_weight and bool(vector)
        if not is_map:
            banded += rows.cells(
                where,
                x,
                block.width,
                block.length,
                block.value,
                end=end,
                id=block.name,
                term=block.name,
                numbers=block.printed,
                room=block.room,
                faint=_met_by_zero(vector) if is_met else (),
                where=f"{block.above}[{t}, 0, {COLUMN[block.above]}] == 0" if is_met else "",
            )
        # A map has no space right of its last column.
        # Names of narrow columns are short, and lower where two would meet.
        is_tight = is_map and len(blocks) > 3 and block.length == 1
        is_low = k == 3 or (k == 1 and is_tight)
        name = block.label if block.printed else TERMS[block.name].symbol
        below = where.bottom + 11 + 14 * (is_low and not block.printed)
        others.append(
            words.label(
                x + block.middle + block.mapped,
                below,
                name,
                {"tensor": block.name},
                [f"{block.name}-*" if is_map else f"{block.name}-*-*"],
                "column",
                style=words.FINE_CODE if name.startswith("weight") else words.FINE,
                anchor="middle",
                term=block.name,
            )
        )
        if is_met:
            others += _above(x, where, block, vector, t)
        elif vector:
            others += _whole(x, where, block, subject, t)
        x += block.length * block.width + block.apart
    own = maps.drawn(subject, where, blocks, made) if is_map else of_gates(banded, bands)
    return [Piece("", others), *own]


def _met_by_zero(vector: Sequence[Number]) -> list[int]:
    """The columns to which a vector brings nothing."""
    return [k for k, number in enumerate(vector) if number.value == 0]


def _name(x: float, block: Columns, t: int) -> Mark:
    """The name of the vector that meets a block, above it."""
    return words.label(
        x + block.middle,
        VECTOR - 10,
        block.above,
        {"tensor": block.above},
        [f"{block.above}-{t}"],
        "column",
        anchor="middle",
        style=words.STRONG_CODE,
        fill=TERMS[block.above].role,
        term=block.above,
    )


def _above(
    x: float, where: rows.Rows, block: Columns, vector: Sequence[Number], t: int
) -> list[Mark]:
    """The vector that meets a block, each element over its column."""
    role = TERMS[block.above].role
    marks: list[Mark] = []
    elements: list[Mark] = []
    places = decimals(n.value for n in vector)
    high = 2 * (level(where) - VECTOR)
    for k, number in enumerate(vector):
        left, id = x + k * block.width, f"{block.above}-{t}-{k}"
        middle = left + block.width / 2 - 1
        printed = words.number(
            middle,
            level(where),
            number,
            size=words.SMALL,
            places=places,
            room=5,
            id=id,
            term=block.above,
        )
        if turned(block):
            printed = printed._replace(
                x=middle + words.middle(words.SMALL), y=level(where), turn=90
            )
        around = Box(
            left,
            VECTOR,
            block.width - 2,
            high,
            radius=3,
            stroke=role,
            id=f"{id}-cell",
            term=block.above,
            bound=(Node(number.expr),),
        )
        elements += [around, printed]
        first = f"{block.name}-{where.row(*where.each[0])}-{k}"
        first = first + "-cell" * block.printed
        if block.mapped:
            first = f"{block.name}-i"
        marks.append(_meets(middle, where.top, f"{id}-cell", first))
    of = f"{block.above}[{t}, 0]"
    return [
        _name(x, block, t),
        Group(tuple(elements), id=f"{block.above}-{t}", bound=(Node(of),)),
        *marks,
    ]


def _whole(x: float, where: rows.Rows, block: Columns, subject: Subject, t: int) -> list[Mark]:
    """A vector of which only what the weights make of it is shown."""
    of = subject.vector(block.above, t).of
    middle, width = x + block.middle, block.width - 2
    size = len(subject.vector(block.above, t))
    count, _ = words.paragraph(
        middle,
        VECTOR + 3,
        sentence("{} numbers", (f"{size:,}", f'f"{{len({of}):,}}"')),
        width,
        size=words.SMALL,
        anchor="middle",
        fill="ink",
    )
    around = Box(x, VECTOR, width, HIGH, radius=3, stroke=TERMS[block.above].role, term=block.above)
    return [
        _name(x, block, t),
        Group((around, count), id=f"{block.above}-{t}", bound=(Node(of),)),
        _meets(
            middle,
            where.top,
            f"{block.above}-{t}",
            f"{block.name}-{where.row(*where.each[0])}-0-cell",
        ),
    ]


def _meets(x: float, bottom: float, tail: str, head: str) -> Group:
    """An arrow down to what a vector meets."""
    line = arrow((x, bottom - ARROW + 3), (x, bottom - 3))
    return line._replace(bound=(Flow("meets", tail, head),))
