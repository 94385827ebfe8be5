"""Gates as blocks of rows, and places for what stands in a column."""

from ..model.lstm import GATES
from ..scene.marks import Box, Mark, Text
from ..scene.terms import TERMS
from .panels import Panel, code


def gate_blocks(hidden_size: int) -> Panel:
    """A weight matrix without its numbers: a block for the rows of a gate."""
    marks: list[Mark] = []
    for k, gate in enumerate(GATES):
        first, y, paint = k * hidden_size, 38.0 * k, TERMS[gate].role
        marks += [
            Box(
                x=0, y=y, width=112, height=34, radius=3, fill="panel",
                stroke=paint, term=gate,
            ),
            Text(
                x=16, y=y + 22, content=gate, size=14, bold=True, fill=paint,
                anchor="middle", term=gate,
            ),
            code(
                104, y + 21, f"rows {first}–{first + hidden_size - 1}", "end",
                fill="muted",
            ),
        ]  # fmt: skip
    return Panel(112, 38 * len(GATES) - 4, tuple(marks))


def spread(count: int, gap: float, height: float) -> list[float]:
    """Places for so many things, `gap` apart, in the middle of a height.

    >>> spread(3, 10, 40)
    [10.0, 20.0, 30.0]
    """
    first = (height - gap * (count - 1)) / 2
    return [first + gap * k for k in range(count)]
