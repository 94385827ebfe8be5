"""The rows of weights, and the vectors that they multiply."""

from collections.abc import Sequence

import numpy as np

from ...layout import words
from ...layout.motifs import weight_rows
from ...layout.panels import arrow
from ...model.layer_run import LayerRun
from ...model.reference import Number
from ...proof.bindings import Flow, Node, sentence
from ...proof.digits import decimals
from ...scene.marks import Box, Group, Mark
from ...scene.terms import TERMS
from . import maps
from .gate_columns import Columns
from .pieces import Piece, gate_pieces

VECTOR_TOP = 17.0
"""The top edge of a vector."""
VECTOR_HEIGHT, TURNED_HEIGHT = 24.0, 48.0
"""The height of a vector, and its height if its numbers are rotated."""
MIN_UPRIGHT_WIDTH = 40.0
"""Columns narrower than this have rotated numbers above them."""
ARROW_LENGTH = 25.0
"""The length of the arrows from a vector to the rows."""
AXIS_OF = {"x": "input", "h_prev": "column"}
"""The name of a vector's index in `words.label`."""


def top(blocks: list[Columns]) -> float:
    """Return the top edge of the rows, below the vectors."""
    is_turned = any(has_turned_numbers(b) for b in blocks)
    return VECTOR_TOP + (TURNED_HEIGHT if is_turned else VECTOR_HEIGHT) + ARROW_LENGTH


def has_turned_numbers(block: Columns) -> bool:
    """Return whether the numbers above a block are rotated, because its columns are narrow."""
    return not block.is_printed and block.width < MIN_UPRIGHT_WIDTH


def level(layout: weight_rows.Rows) -> float:
    """Return the middle of the vectors."""
    return (VECTOR_TOP + layout.top - ARROW_LENGTH) / 2


def left(layout: weight_rows.Rows, blocks: list[Columns]) -> float:
    """Return the left edge of the first block."""
    return maps.GUTTER_WIDTH if any(b.is_map for b in blocks) else layout.left


def block_pieces(
    subject: LayerRun, t: int, layout: weight_rows.Rows, blocks: list[Columns], row_ids: list[str]
) -> list[Piece]:
    """Draw the rows, and the vectors above them.

    Args:
        subject: The run, layer and direction to draw.
        t: The step, counted from 0.
        layout: The rows.
        blocks: The blocks of columns.
        row_ids: Ids of the other marks in a row, as for
            `weight_rows.gutter_marks`.
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
        # In a heat map, names of narrow blocks would overlap, so every other one is
        # lower.
        is_tight = is_map and len(blocks) > 3 and block.length == 1
        is_low = k == 3 or (k == 1 and is_tight)
        name = block.label if block.is_printed else TERMS[block.name].symbol
        below = layout.bottom + (25 if is_low and not block.is_printed else 11)
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
    row_pieces = (
        maps.map_pieces(subject, layout, blocks, row_ids)
        if is_map
        else gate_pieces(row_marks, bands)
    )
    return [Piece("", others), *row_pieces]


def _zero_columns(vector: Sequence[Number]) -> list[int]:
    """Return the indices at which a vector is zero, where weights have no effect."""
    return [k for k, number in enumerate(vector) if number.value == 0]


def _name(x: float, block: Columns, t: int) -> Mark:
    """Name the vector above its block."""
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
    """Draw a vector above its block, each element above its column."""
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
                x=middle + words.middle_to_baseline(words.SMALL), y=level(layout), turn=90
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
        if block.is_printed:
            first += "-cell"
        if block.is_map:
            first = f"{block.name}-i"
        marks.append(_arrow_to_rows(middle, layout.top, f"{id}-cell", first))
    expr = f"{block.vector}[{t}, 0]"
    return [
        _name(x, block, t),
        Group(tuple(elements), id=f"{block.vector}-{t}", bound=(Node(expr),)),
        *marks,
    ]


def _vector_summary(
    x: float, layout: weight_rows.Rows, block: Columns, subject: LayerRun, t: int
) -> list[Mark]:
    """Draw the length of a vector above a block that shows only products."""
    ref = subject.vector(block.vector, t).of
    middle, width = x + block.middle, block.width - 2
    size = len(subject.vector(block.vector, t))
    count, _ = words.paragraph(
        middle,
        VECTOR_TOP + 3,
        sentence("{} numbers", (f"{size:,}", f'f"{{len({ref}):,}}"')),
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
        Group((around, count), id=f"{block.vector}-{t}", bound=(Node(ref),)),
        _arrow_to_rows(
            middle,
            layout.top,
            f"{block.vector}-{t}",
            f"{block.name}-{layout.row(*layout.gate_unit_pairs[0])}-0-cell",
        ),
    ]


def _arrow_to_rows(x: float, bottom: float, tail: str, head: str) -> Group:
    """Draw an arrow from a vector down to the rows."""
    line = arrow((x, bottom - ARROW_LENGTH + 3), (x, bottom - 3))
    return line._replace(bound=(Flow("meets", tail, head),))
