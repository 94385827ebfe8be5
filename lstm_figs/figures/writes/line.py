"""One row as a line of tinted tokens, for forms that are too narrow for cells."""

import math

from ...layout import words
from ...proof.bindings import Shade
from ...scene.marks import Bounds, Box, Mark, Text
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
    row, style = memory.written_out_rows[unit_index], cells.style(memory)
    marks: list[Mark] = []
    x = 0.0
    for column in range(memory.first, row + 2):
        content = _content(memory, column)
        cell_width = Text(0, 0, content, style.size, mono=style.mono).width + 2 * PADDING
        if x + cell_width > width:
            x, y = 0.0, y + LINE_PITCH
        marks += _cell(memory, unit_index, column, Bounds(x, y, x + cell_width, y + CELL_HEIGHT))
        x += cell_width + (0 if style.mono and len(content) == 1 else 4)
    total = words.number(
        0,
        0,
        memory.sum(row, unit_index),
        size=words.SMALL,
        bold=True,
        anchor="start",
        id=f"text-{memory.units[unit_index]}",
        term="c",
    )
    prefix_width = words.width("= c ", words.SMALL, bold=True)
    if x + 6 + prefix_width + total.width > width:
        x, y = -6.0, y + LINE_PITCH
    middle = y + CELL_HEIGHT / 2
    total = total._replace(x=x + 6 + prefix_width, y=middle + words.middle_to_baseline(words.SMALL))
    names: dict[str, object] = {"tensor": "c"}
    name = words.label(x + 6, middle, "= c", names, [total], style=words.FINE_STRONG, term="c")
    return [*marks, name, total], y + CELL_HEIGHT


def _content(memory: Memory, column: int) -> str:
    """Return the text of a cell."""
    return memory.columns[column - 1].label if column else "before"


def _cell(memory: Memory, unit_index: int, column: int, bounds: Bounds) -> list[Mark]:
    """Draw a cell with its token."""
    left, top, right, bottom = bounds
    row, unit = memory.written_out_rows[unit_index], memory.units[unit_index]
    value = float(memory.remaining[row, column, unit_index])
    is_dark = abs(value) / memory.limit > DARK_SHARE or not math.isfinite(value)
    box = Box(
        left,
        top,
        right - left,
        bottom - top,
        fill=cells.paint(value, memory.limit) or "paper",
        id=f"cell-{column}-{unit}",
        term="i g",
        bound=(Shade(f"cells[{row}, {column}, {unit}]", memory.limit),),
    )
    label = words.label(
        left + PADDING,
        top + CELL_HEIGHT / 2,
        _content(memory, column),
        {"write": memory.written(column)},
        [box],
        style=cells.style(memory),
        fill="paper" if is_dark else "ink",
        says=memory.columns[column - 1].says if column else None,
    )
    return [box, label]
