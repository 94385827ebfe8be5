"""Both directions of a layer over time: cells, and their outputs between."""

from collections.abc import Sequence
from typing import NamedTuple

from ...layout.panels import Panel, arrow, code
from ...layout.vectors import chip, chip_height
from ...proof.subject import Number
from ...scene.marks import Box, Mark, Text, shift

LEFT, LEAST, MOST, CHIP = 88.0, 60.0, 92.0, 46.0
"""Widths: of the labels, of a step at least and at most, of a state."""
CELL, REACH, APART = 30.0, 26.0, 26.0
"""Heights: of a cell, of an arrow out of it, and between two lines."""


class Way(NamedTuple):
    """One direction of a layer.

    Attributes:
        name: `forward` or `reverse`.
        suffix: That of its parameters, such as `_l0_reverse`.
        values: h of every step, in the order of the sequence.
        onward: 1 where the next step is the later one, else −1.
        taken: How h_n is indexed for its last state.
    """

    name: str
    suffix: str
    values: list[list[Number]]
    onward: int
    taken: str

    @property
    def last(self) -> int:
        """The step, counted from 0, at which it ends."""
        return len(self.values) - 1 if self.onward > 0 else 0


def strips(ways: Sequence[Way], space: float, *, inputs: bool) -> Panel:
    """Forward cells above, reverse cells below, in as many lines as needed.

    Args:
        ways: Forward and reverse.
        space: What they may take across.
        inputs: Whether what enters is x.
    """
    count = len(ways[0].values)
    lines = -(-count // int((space - LEFT) // LEAST))
    per_line = -(-count // lines)
    column = min(MOST, (space - LEFT) / per_line)
    marks: list[Mark] = []
    y = 0.0
    for first in range(0, count, per_line):
        steps = range(first, min(first + per_line, count))
        line = _Line(ways, steps, column, inputs)
        marks += [shift(mark, 0, y) for mark in line.marks()]
        y += line.height + APART
    return Panel(LEFT + per_line * column, y - APART, tuple(marks))


class _Line:
    """Some steps of both directions."""

    def __init__(
        self, ways: Sequence[Way], steps: range, column: float, inputs: bool
    ):
        self.ways, self.steps, self.column = ways, steps, column
        self.inputs = inputs
        self.size = len(ways[0].values[0])
        self.state = chip_height(self.size)
        outside = 36.0 if inputs else 20.0
        chips = outside + CELL + REACH
        self.chips = (chips, chips + self.state + 10)
        below = self.chips[1] + self.state + REACH
        self.cells = (outside, below)
        self.height = below + CELL + outside

    def x(self, t: int) -> float:
        """The middle of a step."""
        return LEFT + (t - self.steps[0] + 0.5) * self.column

    def marks(self) -> list[Mark]:
        """All of it."""
        marks: list[Mark] = []
        for way, cells, chips in zip(
            self.ways, self.cells, self.chips, strict=True
        ):
            marks += self.labels(way, cells, chips)
            for t in self.steps:
                marks += self.cell(way, t, cells)
                marks += self.output(way, t, chips)
            marks += self.wires(way, cells + CELL / 2)
        return marks

    def wires(self, way: Way, y: float) -> list[Mark]:
        """The state goes from cell to cell, and on to the next line."""
        half, on = self.half, way.onward
        steps = self.steps if on > 0 else self.steps[::-1]
        edge = self.column / 2 - 2
        ends = [(self.x(steps[0]) - on * edge, self.x(steps[0]) - on * half)]
        ends += [
            (self.x(t) + on * half, self.x(t + on) - on * half)
            for t in steps[:-1]
        ]
        if steps[-1] != way.last:
            x = self.x(steps[-1])
            ends.append((x + on * half, x + on * edge))
        return [
            arrow((start, y), (end, y), paint="h", term="h_prev")
            for start, end in ends
        ]

    @property
    def half(self) -> float:
        """Half the width of a cell."""
        return min(17.0, self.column / 4)

    def cell(self, way: Way, t: int, top: float) -> list[Mark]:
        """A cell with its step, what enters it and what leaves it."""
        x, half, on = self.x(t), self.half, way.onward
        enters, leaves = (top, top + CELL)[::on]
        marks: list[Mark] = [
            arrow((x, enters - on * 18), (x, enters), paint="ink", term="x"),
            arrow(
                (x, leaves), (x, leaves + on * (REACH - 4)), paint="h",
                term="h",
            ),
            Box(
                x=x - half, y=top, width=2 * half, height=CELL, radius=6,
                fill="panel", stroke="ink", stroke_width=1.5,
            ),
            code(x, top + CELL / 2 + 4, str(t + 1), bold=True),
        ]  # fmt: skip
        if self.inputs:
            marks.append(
                Text(
                    x=x, y=enters - 23 if on > 0 else enters + 31,
                    content=f"x_{{{t + 1}}}", bold=True, anchor="middle",
                    term="x",
                )
            )  # fmt: skip
        if t == way.last:
            taken = code(
                x - 7 * on, leaves + on * REACH / 2 + 3, way.taken,
                "end" if on > 0 else "start", fill="h", bold=True,
            )  # fmt: skip
            marks.append(taken._replace(term="h_n"))
        return marks

    def output(self, way: Way, t: int, top: float) -> list[Mark]:
        """One half of the output of a step; the last state has a frame."""
        x, marks = self.x(t), list[Mark]()
        if t == way.last:
            marks.append(
                Box(
                    x=x - CHIP / 2 - 3, y=top - 3, width=CHIP + 6,
                    height=self.state + 6, radius=7, stroke="h",
                    stroke_width=2, term="h_n",
                )
            )  # fmt: skip
        marks.append(
            chip(
                x, top + self.state / 2, way.values[t],
                id=f"{way.name}-{t}", term="output", paint="muted",
                width=CHIP,
            )
        )  # fmt: skip
        return marks

    def labels(self, way: Way, cells: float, chips: float) -> list[Mark]:
        """What a row of cells and one of outputs is, at the left."""
        half = f":{self.size}" if way.onward > 0 else f"{self.size}:"
        middle = chips + self.state / 2
        output = code(0, middle - 3, "output", "start", fill="h", bold=True)
        return [
            Text(x=0, y=cells + 12, content=way.name, bold=True),
            code(0, cells + 27, f"…{way.suffix}", "start", fill="muted"),
            output._replace(term="output"),
            code(0, middle + 12, f"[…, {half}]", "start", fill="muted"),
        ]
