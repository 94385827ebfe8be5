"""One row as a line of text, where cells have no room: each token tinted."""

import math

from ...layout import words
from ...proof.bindings import Shade
from ...scene.marks import Box, Mark
from . import cells
from .memory import Memory

HIGH, LEAD = 18.0, 22.0
"""The height of a cell, and from a line to the next."""
PAD = 2.0
"""Between a token and the edge of its cell."""
DARK = 0.5
"""The share of the strongest colour from which on a token is in paper."""


def line(memory: Memory, place: int, y: float, room: float) -> tuple[list[Mark], float]:
    """The chosen row of a unit, and its bottom.

    Args:
        memory: What it is of.
        place: Which of the units.
        y: Its top.
        room: The width that it may use.
    """
    row, unit = memory.chosen[place], memory.units[place]
    marks: list[Mark] = []
    x = 0.0
    style = cells.style(memory)
    for column in range(memory.first, row + 2):
        one = memory.columns[column - 1] if column else None
        value = float(memory.left[row, column, place])
        id = f"cell-{column}-{unit}"
        dark = abs(value) / memory.limit > DARK or not math.isfinite(value)
        label = words.label(
            x + PAD,
            y + HIGH / 2,
            one.label if one else "before",
            {"write": memory.written(column)},
            [id],
            "row",
            style=style,
            fill="paper" if dark else "ink",
            says=one.says if one else None,
        )
        wide = label.width + 2 * PAD
        if x + wide > room:
            x, y = 0.0, y + LEAD
            label = label._replace(x=PAD, y=label.y + LEAD)
        box = Box(
            x,
            y,
            wide,
            HIGH,
            fill=cells.paint(value, memory.limit) or "paper",
            id=id,
            term="i g",
            bound=(Shade(f"cells[{row}, {column}, {unit}]", memory.limit),),
        )
        marks += [box, label]
        x += wide + (0 if style.mono and len(label.content) == 1 else 4)
    number = words.number(
        0,
        0,
        memory.sum(row, place),
        size=words.SMALL,
        bold=True,
        anchor="start",
        id=f"text-{unit}",
        term="c",
    )
    said = words.width("= c ", words.SMALL, bold=True)
    if x + 6 + said + number.width > room:
        x, y = -6.0, y + LEAD
    middle = y + HIGH / 2
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
        number._replace(x=x + 6 + said, y=middle + words.middle(words.SMALL)),
    ]
    return marks, y + HIGH
