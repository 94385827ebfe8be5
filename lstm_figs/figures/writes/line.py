"""One row as a line of tinted tokens, for forms that are too narrow for cells."""

import math

from ...layout import words
from ...proof.bindings import Shade
from ...scene.marks import Box, Mark
from . import cells
from .memory import Memory

CELL_HEIGHT, LINE_PITCH = 18.0, 22.0
"""The height of a cell, and the distance between two lines."""
PADDING = 2.0
"""The gap between a token and the edge of its cell."""
DARK_SHARE = 0.5
"""Tokens on a cell with more than this share of the strongest colour are light."""


def line(memory: Memory, unit_index: int, y: float, width: float) -> tuple[list[Mark], float]:
    """Draw the chosen row of a unit; return the marks and their bottom.

    Args:
        memory: The rows and columns of all units.
        unit_index: The index of the unit in `memory.units`.
        y: The top edge.
        width: The width that it may use.
    """
    row, unit = memory.written_out_rows[unit_index], memory.units[unit_index]
    marks: list[Mark] = []
    x = 0.0
    style = cells.style(memory)
    for column in range(memory.first, row + 2):
        written_column = memory.columns[column - 1] if column else None
        value = float(memory.remaining[row, column, unit_index])
        id = f"cell-{column}-{unit}"
        is_dark = abs(value) / memory.limit > DARK_SHARE or not math.isfinite(value)
        label = words.label(
            x + PADDING,
            y + CELL_HEIGHT / 2,
            written_column.label if written_column else "before",
            {"write": memory.written(column)},
            [id],
            "row",
            style=style,
            fill="paper" if is_dark else "ink",
            says=written_column.says if written_column else None,
        )
        cell_width = label.width + 2 * PADDING
        if x + cell_width > width:
            x, y = 0.0, y + LINE_PITCH
            label = label._replace(x=PADDING, y=label.y + LINE_PITCH)
        box = Box(
            x,
            y,
            cell_width,
            CELL_HEIGHT,
            fill=cells.paint(value, memory.limit) or "paper",
            id=id,
            term="i g",
            bound=(Shade(f"cells[{row}, {column}, {unit}]", memory.limit),),
        )
        marks += [box, label]
        x += cell_width + (0 if style.mono and len(label.content) == 1 else 4)
    number = words.number(
        0,
        0,
        memory.sum(row, unit_index),
        size=words.SMALL,
        bold=True,
        anchor="start",
        id=f"text-{unit}",
        term="c",
    )
    prefix_width = words.width("= c ", words.SMALL, bold=True)
    if x + 6 + prefix_width + number.width > width:
        x, y = -6.0, y + LINE_PITCH
    middle = y + CELL_HEIGHT / 2
    marks += [
        words.label(
            x + 6,
            middle,
            "= c",
            {"tensor": "c"},
            [number.id],
            "row",
            style=words.FINE_STRONG,
            term="c",
        ),
        number._replace(x=x + 6 + prefix_width, y=middle + words.middle_to_baseline(words.SMALL)),
    ]
    return marks, y + CELL_HEIGHT
