"""Heat maps of all rows, for layers with more units than are drawn."""

from itertools import pairwise

from ...layout import styles, words
from ...layout.motifs import heat, matrix, weight_rows
from ...model.layer_run import LayerRun
from ...model.lstm import GATES
from ...proof.bindings import Flow, Node
from ...scene.marks import Box, Mark, Path, Text
from ...scene.terms import TERMS
from .gate_columns import Columns, width
from .pieces import USE_OF, Piece

GUTTER_WIDTH = 23.0
"""The width left of the rows, for the letters and bars of the gates."""
INDEX_WIDTH = 40.0
"""The width right of the rows, for curves from outlined rows to their indices."""
MIN_CELL_WIDTH, MAX_CELL_WIDTH = 13.0, 16.0
"""The least and the largest width of a cell."""
MIN_CELL_HEIGHT, MAX_ROWS = 4.0, 80
"""The least height of a cell, and the most rows."""
NAME_GAP = 8.0
"""The gap between the names of two vectors."""
OUTLINE_GAP = 2.0
"""The gap between an outline and its cells."""
SCALE_WIDTH = 110.0
"""The width of the colour scale."""
SCALE_HEIGHT, SCALE_DROP = 28.0, 14.0
"""The height of the colour scale, and its extra offset below names on two lines."""


def fitted(blocks: list[Columns], available_width: float) -> list[Columns]:
    """Return the blocks as heat maps that fit the available width; empty if they cannot fit."""
    count = sum(b.length for b in blocks)
    gap = sum(b.gap for b in blocks)
    cell_width = min(MAX_CELL_WIDTH, (available_width - gap - GUTTER_WIDTH - INDEX_WIDTH) / count)
    if cell_width < MIN_CELL_WIDTH:
        return []
    mapped = [b._replace(width=cell_width, is_printed=False, is_map=True) for b in blocks]
    for k, (block, next_block) in enumerate(pairwise(mapped)):
        if block.vector and next_block.vector:
            # The names of short vectors are wider than their cells.
            letters = len(block.vector + next_block.vector)
            name_distance = letters * weight_rows.DIGIT_WIDTH / 2 + NAME_GAP
            middles = block.length * cell_width - block.middle + next_block.middle
            gap = max(block.gap, name_distance - middles)
            mapped[k] = block._replace(gap=gap)
    return mapped


def height_below(blocks: list[Columns]) -> float:
    """Return the height that names and colour scale take below heat maps; 0 for other blocks."""
    if not any(block.is_map for block in blocks):
        return 0.0
    return SCALE_HEIGHT + SCALE_DROP if len(blocks) > 3 else SCALE_HEIGHT


def map_pieces(
    subject: LayerRun, layout: weight_rows.Rows, blocks: list[Columns], row_ids: list[str]
) -> list[Piece]:
    """Draw heat maps of the rows of all units, with the rows of the drawn units outlined.

    Args:
        subject: The run, layer and direction to draw.
        layout: The rows of the drawn units; their sums are at these heights.
        blocks: The blocks of columns.
        row_ids: Ids of the other marks in a row, as for
            `weight_rows.gutter_marks`.
    """
    size = subject.weights.hidden_size
    tensors = {tensor.id: tensor for tensor in matrix.parameters(subject)}
    largest = max(
        (tensors[b.name].largest() for b in blocks), key=lambda number: abs(float(number.value))
    )
    ids = [f"{b.name}-{{gate}}" for b in blocks]
    letters = [
        mark
        for mark in weight_rows.gutter_marks(layout, [*ids, *row_ids])
        if not isinstance(mark, Text) or mark.content in GATES
    ]
    pieces: list[Piece] = []
    right = GUTTER_WIDTH + width(blocks) - blocks[-1].gap
    first, last = layout.units[0], layout.units[-1]
    for band, gate in enumerate(GATES):
        top = layout.y(gate, first) - layout.height / 2 + 1
        bottom = layout.y(gate, last) + layout.height / 2 - 1
        cell_height = (bottom - top) / size
        marks: list[Mark] = letters[2 * band : 2 * band + 2]
        x = GUTTER_WIDTH
        for block in blocks:
            cells = heat.cells(
                tensors[block.name].matrix,
                [TERMS[g].role for g in GATES],
                heat.Cut(size, 1),
                heat.Cut(block.length, 1),
            )._replace(scale_end=largest)
            marks.append(
                heat.heat_map(
                    cells,
                    band,
                    x,
                    top,
                    block.width,
                    cell_height,
                    id=f"{block.name}-{gate}",
                    term=f"{block.name} {gate}",
                )
            )
            x += block.length * block.width + block.gap
        for unit in layout.units:
            marks += _row_outline(
                subject, layout, gate, unit, right, row_ids, (top + unit * cell_height, cell_height)
            )
        pieces.append(Piece(USE_OF[gate], marks))
    pieces.append(Piece("", _scale(subject, blocks, layout.bottom)))
    return pieces


def _row_outline(
    subject: LayerRun,
    layout: weight_rows.Rows,
    gate: str,
    unit: int,
    right: float,
    row_ids: list[str],
    cells_of_row: tuple[float, float],
) -> list[Mark]:
    """Outline a row, and draw a curve from it to its index."""
    row, (top, height) = layout.row(gate, unit), cells_of_row
    y, level = top + height / 2, layout.y(gate, unit)
    ids = [i.format(row=row, gate=gate, unit=unit) for i in row_ids]
    label = words.label(
        right + INDEX_WIDTH - 6,
        level,
        str(row),
        {"row": row},
        [f"row-{row}", *ids],
        "row",
        style=words.FINE,
        anchor="end",
        id=f"index-{row}",
    )
    start, stop = right + OUTLINE_GAP, label.left - 3
    turn = (start + stop) / 2
    return [
        Box(
            GUTTER_WIDTH - OUTLINE_GAP,
            top,
            right - GUTTER_WIDTH + 2 * OUTLINE_GAP - 1,
            height,
            stroke="ink",
            id=f"row-{row}",
            term=gate,
            bound=(Node(subject.ref("weight_ih")[row]),),
        ),
        Path(
            (("M", (start, y)), ("C", (turn, y), (turn, level), (stop, level))),
            stroke="muted",
            stroke_width=styles.LINE.back.weight,
            bound=(Flow("points", f"row-{row}", f"index-{row}"),),
        ),
        label,
    ]


def _scale(subject: LayerRun, blocks: list[Columns], bottom: float) -> list[Mark]:
    """Draw the colour scale; it ends at the largest element of all blocks."""
    tensors = {tensor.id: tensor for tensor in matrix.parameters(subject)}
    name = max((b.name for b in blocks), key=lambda name: abs(float(tensors[name].largest().value)))
    tensor = tensors[name]
    cells = heat.cells(
        tensor.matrix,
        [TERMS[g].role for g in GATES],
        heat.Cut(subject.weights.hidden_size, 1),
        heat.Cut(tensor.columns, 1),
    )
    return heat.colour_bar(
        cells,
        GUTTER_WIDTH,
        bottom + height_below(blocks) - 2,
        SCALE_WIDTH,
        id=f"scale-{name}",
        term=name,
        symbol=tensor.symbol,
        of=[f"{b.name}-{gate}" for b in blocks for gate in GATES],
    )
