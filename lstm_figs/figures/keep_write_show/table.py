"""The weights in their rows, and the vectors that meet them."""

from collections.abc import Sequence

import numpy as np

from ...layout import words
from ...layout.motifs import weight_rows
from ...layout.panels import arrow
from ...model.layer_run import Subject
from ...model.reference import Number
from ...proof.bindings import Flow, Node, sentence
from ...proof.digits import decimals
from ...scene.marks import Box, Group, Mark
from ...scene.terms import TERMS
from . import maps
from .gate_columns import Columns
from .pieces import Piece, gate_pieces

VECTOR_TOP = 17.0
"""The top of a vector."""
VECTOR_HEIGHT, TURNED_HEIGHT = 24.0, 48.0
"""The height of one, and of one whose numbers are turned."""
MIN_UPRIGHT_WIDTH = 40.0
"""From this width on numbers stand upright."""
ARROW_LENGTH = 25.0
"""From a vector to the rows."""
AXIS_OF = {"x": "input", "h_prev": "column"}
"""What an element of a vector is called where weights meet it."""


def top(blocks: list[Columns]) -> float:
    """The top of the rows, below the vectors."""
    is_turned = any(has_turned_numbers(b) for b in blocks)
    return VECTOR_TOP + (TURNED_HEIGHT if is_turned else VECTOR_HEIGHT) + ARROW_LENGTH


def has_turned_numbers(block: Columns) -> bool:
    """Whether numbers over its columns are turned, as these are narrow."""
    return not block.is_printed and block.width < MIN_UPRIGHT_WIDTH


def level(layout: weight_rows.Rows) -> float:
    """The middle of the vectors."""
    return (VECTOR_TOP + layout.top - ARROW_LENGTH) / 2


def left(layout: weight_rows.Rows, blocks: list[Columns]) -> float:
    """Where the first block begins."""
    return maps.GUTTER_WIDTH if any(b.is_map for b in blocks) else layout.left


def block_pieces(
    subject: Subject, t: int, layout: weight_rows.Rows, blocks: list[Columns], row_ids: list[str]
) -> list[Piece]:
    """The blocks in their rows, with what they meet above them.

    Args:
        subject: What is drawn.
        t: The step, counted from 0.
        layout: The rows.
        blocks: The columns.
        row_ids: Ids of the marks beside them in their row, as for `rows.gutter_marks`.
    """
    ids = [*(f"{b.name}-{{row}}-*" for b in blocks), *row_ids]
    last = layout.units[-1]
    half = (layout.height + layout.gap) / 2
    bands = {gate: layout.y(gate, last) + half for gate in "ifgo"}
    is_map = any(b.is_map for b in blocks)
    row_marks = [] if is_map else weight_rows.gutter_marks(layout, ids)
    finite = [
        abs(float(n.value)) for b in blocks for n in b.numbers.values() if np.isfinite(n.value)
    ]
    end = max(finite, default=0) or 1
    others: list[Mark] = []
    x = left(layout, blocks)
    for k, block in enumerate(blocks):
        vector = subject.vector(block.vector, t) if block.vector else []
        is_met = block.is_weight and bool(vector)
        if not is_map:
            row_marks += weight_rows.cells(
                layout,
                x,
                block.width,
                block.length,
                block.numbers,
                end=end,
                id=block.name,
                term=block.name,
                numbers=block.is_printed,
                max_chars=block.max_chars,
                faint=_zero_columns(vector) if is_met else (),
                where=f"{block.vector}[{t}, 0, {AXIS_OF[block.vector]}] == 0" if is_met else "",
            )
        # A map has no space right of its last column.
        # Names of narrow columns are short, and lower where two would meet.
        is_tight = is_map and len(blocks) > 3 and block.length == 1
        is_low = k == 3 or (k == 1 and is_tight)
        name = block.label if block.is_printed else TERMS[block.name].symbol
        below = layout.bottom + 11 + 14 * (is_low and not block.is_printed)
        others.append(
            words.label(
                x + block.middle + block.is_map,
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
            others += _vector_marks(x, layout, block, vector, t)
        elif vector:
            others += _vector_summary(x, layout, block, subject, t)
        x += block.length * block.width + block.gap
    own = (
        maps.map_pieces(subject, layout, blocks, row_ids)
        if is_map
        else gate_pieces(row_marks, bands)
    )
    return [Piece("", others), *own]


def _zero_columns(vector: Sequence[Number]) -> list[int]:
    """The columns to which a vector brings nothing."""
    return [k for k, number in enumerate(vector) if number.value == 0]


def _name(x: float, block: Columns, t: int) -> Mark:
    """The name of the vector that meets a block, above it."""
    return words.label(
        x + block.middle,
        VECTOR_TOP - 10,
        block.vector,
        {"tensor": block.vector},
        [f"{block.vector}-{t}"],
        "column",
        anchor="middle",
        style=words.STRONG_CODE,
        fill=TERMS[block.vector].role,
        term=block.vector,
    )


def _vector_marks(
    x: float, layout: weight_rows.Rows, block: Columns, vector: Sequence[Number], t: int
) -> list[Mark]:
    """The vector that meets a block, each element over its column."""
    role = TERMS[block.vector].role
    marks: list[Mark] = []
    elements: list[Mark] = []
    places = decimals(n.value for n in vector)
    height = 2 * (level(layout) - VECTOR_TOP)
    for k, number in enumerate(vector):
        left, id = x + k * block.width, f"{block.vector}-{t}-{k}"
        middle = left + block.width / 2 - 1
        printed = words.number(
            middle,
            level(layout),
            number,
            size=words.SMALL,
            places=places,
            max_chars=5,
            id=id,
            term=block.vector,
        )
        if has_turned_numbers(block):
            printed = printed._replace(
                x=middle + words.middle(words.SMALL), y=level(layout), turn=90
            )
        around = Box(
            left,
            VECTOR_TOP,
            block.width - 2,
            height,
            radius=3,
            stroke=role,
            id=f"{id}-cell",
            term=block.vector,
            bound=(Node(number.expr),),
        )
        elements += [around, printed]
        first = f"{block.name}-{layout.row(*layout.gate_unit_pairs[0])}-{k}"
        first = first + "-cell" * block.is_printed
        if block.is_map:
            first = f"{block.name}-i"
        marks.append(_arrow_to_rows(middle, layout.top, f"{id}-cell", first))
    of = f"{block.vector}[{t}, 0]"
    return [
        _name(x, block, t),
        Group(tuple(elements), id=f"{block.vector}-{t}", bound=(Node(of),)),
        *marks,
    ]


def _vector_summary(
    x: float, layout: weight_rows.Rows, block: Columns, subject: Subject, t: int
) -> list[Mark]:
    """A vector of which only what the weights make of it is shown."""
    of = subject.vector(block.vector, t).of
    middle, width = x + block.middle, block.width - 2
    size = len(subject.vector(block.vector, t))
    count, _ = words.paragraph(
        middle,
        VECTOR_TOP + 3,
        sentence("{} numbers", (f"{size:,}", f'f"{{len({of}):,}}"')),
        width,
        size=words.SMALL,
        anchor="middle",
        fill="ink",
    )
    around = Box(
        x,
        VECTOR_TOP,
        width,
        VECTOR_HEIGHT,
        radius=3,
        stroke=TERMS[block.vector].role,
        term=block.vector,
    )
    return [
        _name(x, block, t),
        Group((around, count), id=f"{block.vector}-{t}", bound=(Node(of),)),
        _arrow_to_rows(
            middle,
            layout.top,
            f"{block.vector}-{t}",
            f"{block.name}-{layout.row(*layout.gate_unit_pairs[0])}-0-cell",
        ),
    ]


def _arrow_to_rows(x: float, bottom: float, tail: str, head: str) -> Group:
    """An arrow down to what a vector meets."""
    line = arrow((x, bottom - ARROW_LENGTH + 3), (x, bottom - 3))
    return line._replace(bound=(Flow("meets", tail, head),))
