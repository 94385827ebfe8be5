"""All rows as colours, where there are more units than are drawn."""

from itertools import pairwise

from ...layout import styles, words
from ...layout.motifs import heat, matrix, rows
from ...model.lstm import GATES
from ...proof.bindings import Flow, Node
from ...proof.subject import Subject
from ...scene.marks import Box, Mark, Path, Text
from ...scene.terms import TERMS
from .blocks import Columns, width
from .pieces import OF, Piece

GUTTER = 23.0
"""What is left of all rows: the letters and bars of the bands."""
ASIDE = 40.0
"""What is right of them: a curve to the index of each row that is drawn."""
LEAST, MOST = 13.0, 16.0
"""The least and the most width of a cell."""
LOWEST, ROWS = 4.0, 80
"""The least height of a cell, and the most rows."""
BESIDE = 8.0
"""What is between the names of two vectors."""
OVER = 2.0
"""How far an outline is from its cells."""
BAR = 110.0
"""The width of the colours of the scale."""
SCALE, LOWER = 28.0, 14.0
"""Its height, and how much lower it is below names that stand on two lines."""


def fitted(blocks: list[Columns], room: float) -> list[Columns]:
    """Columns of colours that have room; none if they have not."""
    count = sum(b.length for b in blocks)
    apart = sum(b.apart for b in blocks)
    wide = min(MOST, (room - apart - GUTTER - ASIDE) / count)
    if wide < LEAST:
        return []
    found = [b._replace(width=wide, printed=False, mapped=True) for b in blocks]
    for k, (one, other) in enumerate(pairwise(found)):
        if one.above and other.above:
            # Of short vectors the names are longer than the cells.
            letters = len(one.above + other.above)
            named = letters * rows.CHARACTER / 2 + BESIDE
            middles = one.length * wide - one.middle + other.middle
            apart = max(one.apart, named - middles)
            found[k] = one._replace(apart=apart)
    return found


def below(blocks: list[Columns]) -> float:
    """What names and the scale take below the rows, if these are colours."""
    is_map = any(block.mapped for block in blocks)
    return (SCALE + LOWER * (len(blocks) > 3)) * is_map


def drawn(
    subject: Subject, where: rows.Rows, blocks: list[Columns], made: list[str]
) -> list[Piece]:
    """The rows of all units, and which of them those of a drawn one are.

    Args:
        subject: What is drawn.
        where: The rows of the units that are drawn, where their sums are.
        blocks: The columns.
        made: Ids of the marks beside them in their row, as for `rows.gutter`.
    """
    size = subject.weights.hidden_size
    tensors = {tensor.id: tensor for tensor in matrix.parameters(subject)}
    most = max(
        (tensors[b.name].largest() for b in blocks), key=lambda number: abs(float(number.value))
    )
    ids = [f"{b.name}-{{gate}}" for b in blocks]
    letters = [
        mark
        for mark in rows.gutter(where, [*ids, *made])
        if not isinstance(mark, Text) or mark.content in GATES
    ]
    pieces: list[Piece] = []
    right = GUTTER + width(blocks) - blocks[-1].apart
    first, last = where.units[0], where.units[-1]
    for band, gate in enumerate(GATES):
        top = where.y(gate, first) - where.height / 2 + 1
        bottom = where.y(gate, last) + where.height / 2 - 1
        high = (bottom - top) / size
        marks: list[Mark] = letters[2 * band : 2 * band + 2]
        x = GUTTER
        for block in blocks:
            found = heat.cells(
                tensors[block.name].matrix,
                [TERMS[g].role for g in GATES],
                heat.Cut(size, 1),
                heat.Cut(block.length, 1),
            )._replace(end=most)
            marks.append(
                heat.heat(
                    found,
                    band,
                    x,
                    top,
                    block.width,
                    high,
                    id=f"{block.name}-{gate}",
                    term=f"{block.name} {gate}",
                )
            )
            x += block.length * block.width + block.apart
        for unit in where.units:
            marks += _led(subject, where, gate, unit, right, made, (top + unit * high, high))
        pieces.append(Piece(OF[gate], marks))
    pieces.append(Piece("", _scale(subject, blocks, where.bottom)))
    return pieces


def _led(
    subject: Subject,
    where: rows.Rows,
    gate: str,
    unit: int,
    right: float,
    made: list[str],
    cells: tuple[float, float],
) -> list[Mark]:
    """The outline of a row, and a curve from it to the row's index."""
    row, (top, high) = where.row(gate, unit), cells
    y, level = top + high / 2, where.y(gate, unit)
    ids = [i.format(row=row, gate=gate, unit=unit) for i in made]
    label = words.label(
        right + ASIDE - 6,
        level,
        str(row),
        {"row": row},
        [f"row-{row}", *ids],
        "row",
        style=words.FINE,
        anchor="end",
        id=f"index-{row}",
    )
    start, stop = right + OVER, label.left - 3
    turn = (start + stop) / 2
    return [
        Box(
            GUTTER - OVER,
            top,
            right - GUTTER + 2 * OVER - 1,
            high,
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


def _scale(subject: Subject, blocks: list[Columns], bottom: float) -> list[Mark]:
    """The colours of the scale, to the largest of all elements."""
    tensors = {tensor.id: tensor for tensor in matrix.parameters(subject)}
    name = max((b.name for b in blocks), key=lambda name: abs(float(tensors[name].largest().value)))
    tensor = tensors[name]
    found = heat.cells(
        tensor.matrix,
        [TERMS[g].role for g in GATES],
        heat.Cut(subject.weights.hidden_size, 1),
        heat.Cut(tensor.columns, 1),
    )
    return heat.bar(
        found,
        GUTTER,
        bottom + below(blocks) - 2,
        BAR,
        id=f"scale-{name}",
        term=name,
        symbol=tensor.symbol,
        of=[f"{b.name}-{gate}" for b in blocks for gate in GATES],
    )
