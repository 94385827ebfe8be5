"""Inputs and gates as nodes and blocks, weights as the lines between."""

from typing import NamedTuple

from ..model.lstm import GATES
from ..scene import metrics
from ..scene.marks import Box, Group, Mark, Text
from ..scene.terms import GATE_NAMES, TERMS
from ..scene.theme import tint
from .cells import NUMBER
from .panels import Panel, circle, code


def gate_node(x: float, y: float, gate: str, radius: float = 16) -> Group:
    """A gate's letter in a circle of its colour."""
    paint = TERMS[gate].role
    return Group(
        marks=(
            circle(x, y, radius, fill=tint(paint), stroke=paint),
            Text(
                x=x, y=y + 5, content=gate, size=14, bold=True, fill=paint,
                anchor="middle",
            ),
        ),
        term=gate,
    )  # fmt: skip


BOX = 40.0
"""The height of the box of a gate."""


class RowLabels(NamedTuple):
    """How the rows of gates are labelled where gates stand side by side.

    Attributes:
        hidden_size: Rows of a gate.
        wide: Whether there is room for a word.
        pitch: From one gate to the next.
    """

    hidden_size: int
    wide: bool
    pitch: float

    def lines(self, gate: str) -> list[str]:
        """The first and the last row, in two lines where one is too long.

        >>> RowLabels(256, True, 100).lines("f")
        ['rows 256–511']
        >>> RowLabels(256, False, 58).lines("f")
        ['256–', '511']
        """
        longest = metrics.width("".join(self._parts(GATES[-1])), NUMBER)
        first, last = self._parts(gate)
        if longest <= self.pitch - 12:
            return [first + last]
        return [first, last] if self.wide else [f"{first}–", last[1:]]

    def _parts(self, gate: str) -> tuple[str, str]:
        first = GATES.index(gate) * self.hidden_size
        many = self.hidden_size > 1
        word = ("rows " if many else "row ") if self.wide else ""
        last = f"–{first + self.hidden_size - 1}" if many else ""
        return f"{word}{first}", last


def gate_box(
    x: float, top: float, width: float, gate: str, rows: RowLabels
) -> list[Mark]:
    """A gate as a box with its letter, its function and its rows below."""
    paint = TERMS[gate].role
    name, function = GATE_NAMES[gate]
    left, wide = x - width / 2, rows.wide
    marks: list[Mark] = [
        Box(
            x=left, y=top, width=width, height=BOX, radius=7,
            fill=tint(paint), stroke=paint, stroke_width=1.5, term=gate,
        ),
        Text(
            x=left + 17 if wide else x, y=top + BOX / 2 + (5 if wide else -3),
            content=gate, size=15, bold=True, fill=paint, anchor="middle",
        ),
        Text(
            x=left + 50 if wide else x, y=top + BOX / 2 + (-3 if wide else 13),
            content=function, size=12.5, bold=True, anchor="middle",
        ),
    ]  # fmt: skip
    marks += [
        Text(
            x=x + 6, y=top + BOX + 17 + 14 * k, content=line, size=NUMBER,
            fill="muted",
        )
        for k, line in enumerate(rows.lines(gate))
    ]  # fmt: skip
    if wide:
        marks.append(
            Text(
                x=left + 50, y=top + BOX / 2 + 12, content=name, size=11,
                fill="muted", anchor="middle",
            )
        )  # fmt: skip
    return marks


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


RADIUS = 11.0
"""The radius of an operator."""


def operator(x: float, y: float, sign: str) -> Group:
    """A sign in a circle: an operation, element by element."""
    return Group(
        marks=(
            circle(x, y, RADIUS, fill="paper", stroke="ink"),
            Text(
                x=x, y=y + 5, content=sign, size=14, bold=True,
                anchor="middle",
            ),
        )
    )  # fmt: skip
