"""The figure `bias-gradients`."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from ..layout.cells import (
    CHARACTER,
    NUMBER,
    Grid,
    heat,
    largest,
    number,
    spoken,
)
from ..layout.fold import Excerpt, Gap, excerpt, notes
from ..layout.panels import code
from ..layout.vectors import dots
from ..model.gradients.through_time import z_gradients
from ..model.lstm import GATES
from ..proof import digits
from ..proof.subject import SUMMED, Number, Subject
from ..scene.marks import Box, Group, Mark, Path, Text
from ..scene.scenes import Diagram, Heading
from ..scene.terms import GATE_NAMES, TERMS

HEAD = 36.0
"""The height of the label of a group."""


class Column(NamedTuple):
    """One number a row, and the words above it."""

    name: str
    under: str
    id: str
    term: str
    numbers: Sequence[Number]


def bias_gradients(subject: Subject, room: float) -> Diagram:
    """Both biases receive the same gradient, so their sum moves twice.

    Args:
        subject: What is drawn.
        room: The width that the figure may use.
    """
    size, narrow = subject.weights.hidden_size, room < 480
    biased = subject.weights.bias_ih is not None
    groups = _groups(subject)
    grid = Grid(44 if narrow else 72, 24, 2, 8)
    left, apart = (34.0, 14.0) if narrow else (52.0, 40.0)
    # Rows of more than three digits.
    left += CHARACTER * max(0, len(str(4 * size - 1)) - 3)
    top = HEAD + (46 if narrow else 32)
    shown = excerpt(size)
    marks: list[Mark] = _bands(shown, grid, left, top, narrow)
    x = left
    for label, columns in groups:
        width = len(columns) * (grid.width + grid.gap) - grid.gap
        marks += _head(label, x, width)
        for column in columns:
            marks += _column(column, grid, shown, x, top)
            x += grid.width + grid.gap
        x += apart
    rows = [size * k + unit for k in range(4) for unit in shown.indices]
    every = [column for _, columns in groups for column in columns]
    said = " ".join(
        f"Row {row}, {GATE_NAMES[GATES[row // size]].name} gate: "
        + "; ".join(
            f"{c.name} {c.under} {spoken([c.numbers[row]])}" for c in every
        )
        + "."
        for row in rows
    )
    return Diagram(
        Heading(
            "Two biases, one gradient",
            f"{subject.module}: the gradient of {subject.summed}.sum(), and "
            "one step of plain SGD with a learning rate of 1",
            (
                "Both gradients are the sum of ∂/∂z over steps and sequences."
                if biased
                else "The module has no biases; two that are zero would "
                "receive these gradients.",
                "Blue is positive, red is negative; each column has its own "
                "scale.",
                *notes(("unit", shown)),
            ),
            subject.source,
        ),
        f"{4 * size} rows in the order input, forget, cell, output. {said}",
        x - apart - grid.gap,
        top + _bottom(grid, shown),
        tuple(marks),
        room,
    )


def _groups(subject: Subject) -> list[tuple[str, list[Column]]]:
    """The biases, their gradients, and what a step of SGD makes of them."""
    steps = subject.steps[:SUMMED]
    value, scale = z_gradients(subject.weights, steps)
    by_z = value.sum((0, 1))
    errors = np.sqrt(np.square(scale).sum((0, 1)))
    gradients = [
        Column(
            f"bias_{part}",
            ".grad",
            f"grad-{part}",
            f"bias_{part}",
            [
                Number(number, f"grad_bias_{part}[{row}]", float(error))
                for row, (number, error) in enumerate(
                    zip(by_z, errors, strict=True)
                )
            ],
        )
        for part in ("ih", "hh")
    ]
    sums = [
        Number(
            -2 * number,
            f"-(grad_bias_ih + grad_bias_hh)[{row}]",
            2 * float(error),
        )
        for row, (number, error) in enumerate(zip(by_z, errors, strict=True))
    ]
    moves = ("the sum moves by", [Column("bias", "sum", "move", "bias", sums)])
    if subject.weights.bias_ih is None:
        return [("equal gradients", gradients), moves]
    values = [
        Column(
            name,
            "value",
            name,
            name,
            subject.bias_vector(name),
        )
        for name in ("bias_ih", "bias_hh")
    ]
    return [
        ("two biases", values),
        ("equal gradients", gradients),
        moves,
    ]


def _head(label: str, x: float, width: float) -> list[Mark]:
    """A label over a line as wide as its columns."""
    words = label.split(" ")
    middle = len(words) // 2
    lines = (
        [" ".join(words[:middle]), " ".join(words[middle:])]
        if Text(x=0, y=0, content=label, bold=True).width > width
        else [label]
    )
    return [
        *(
            Text(
                x=x + width / 2, y=20 + 14 * (k - len(lines) + 1), content=line,
                bold=True, fill="muted", anchor="middle",
            )
            for k, line in enumerate(lines)
        ),
        Path(d=(("M", (x, 27)), ("L", (x + width, 27))), stroke="rule"),
    ]  # fmt: skip


def _y(grid: Grid, shown: Excerpt, gate: int, line: int) -> float:
    """The top of a line of a band."""
    count = len(shown.lines)
    return grid.y(count * gate + line, count)


def _bottom(grid: Grid, shown: Excerpt) -> float:
    return _y(grid, shown, 3, len(shown.lines) - 1) + grid.height


def _bands(
    shown: Excerpt, grid: Grid, left: float, top: float, narrow: bool
) -> list[Mark]:
    """The letter and bar of each gate, and the rows that are shown."""
    letter, bar, index = (0, 8, left - 4) if narrow else (4, 17, left - 10)
    marks: list[Mark] = []
    for k, gate in enumerate(GATES):
        paint, first = TERMS[gate].role, top + _y(grid, shown, k, 0)
        count = len(shown.lines)
        height = count * (grid.height + grid.gap) - grid.gap
        inside: list[Mark] = [
            Text(
                x=letter, y=first + height / 2 + 5, content=gate, size=14,
                bold=True, fill=paint, anchor="middle",
            ),
            Box(x=bar, y=first, width=3, height=height, radius=1.5, fill=paint),
        ]  # fmt: skip
        for line, unit in enumerate(shown.lines):
            y = top + _y(grid, shown, k, line) + grid.height / 2 + 4
            if isinstance(unit, Gap):
                inside += dots(index - 8, y)
                continue
            row = k * shown.count + unit
            inside.append(
                Text(
                    x=index, y=y, content=str(row), size=NUMBER, mono=True,
                    fill="muted", anchor="end",
                )
            )  # fmt: skip
        marks.append(Group(marks=tuple(inside), term=gate))
    return marks


def _column(
    column: Column, grid: Grid, shown: Excerpt, x: float, top: float
) -> list[Mark]:
    """The cells of a column under its name."""
    middle, under = x + grid.width / 2, top - 10
    names = [column.name]
    if code(0, 0, column.name).width > grid.width:
        stem, part = column.name.split("_")
        names = [stem, f"_{part}"]
    marks: list[Mark] = [
        *(
            code(middle, under - 14 * (len(names) - k), name)
            for k, name in enumerate(names)
        ),
        code(middle, under, column.under, fill="muted"),
    ]
    rows = [
        (gate, line, k * shown.count + unit)
        for k, gate in enumerate(GATES)
        for line, unit in enumerate(shown.lines)
        if not isinstance(unit, Gap)
    ]
    numbers = [column.numbers[row] for _, _, row in rows]
    end, places = largest(numbers), digits.decimals(n.value for n in numbers)
    for (gate, line, row), value in zip(rows, numbers, strict=True):
        y = top + _y(grid, shown, GATES.index(gate), line)
        marks += [
            Box(
                x=x, y=y, width=grid.width, height=grid.height, radius=3,
                fill=heat(value.value, end),
            ),
            number(
                middle, y + grid.height / 2 + 4, value, places=places,
                room=grid.room, id=f"{column.id}-{row}",
                term=f"{column.term} {gate}",
            ),
        ]  # fmt: skip
    return marks
