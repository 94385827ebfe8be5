"""The figure `bias-gradients`."""

from typing import NamedTuple

import numpy as np

from .. import digits
from ..cells import Grid, bands, cells, largest, spoken
from ..lstm import GATES
from ..marks import Mark, Path, Text, shift
from ..proof import SUMMED, Number, Subject
from ..scene import Diagram, Heading
from ..shapes import code
from ..terms import GATE_NAMES
from ..through_time import through_time

HEAD = 36.0
"""The height of the label of a group."""


class Column(NamedTuple):
    """One number a row, and the words above it."""

    name: str
    under: str
    id: str
    term: str
    numbers: list[Number]


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
    left, apart = (38.0, 14.0) if narrow else (62.0, 40.0)
    top = HEAD + (46 if narrow else 32)
    marks: list[Mark] = bands(grid, size, left, top, close=narrow)
    x = left
    for label, columns in groups:
        width = len(columns) * (grid.width + grid.gap) - grid.gap
        marks += _head(label, x, width)
        for column in columns:
            marks += _column(column, grid, size, x, top)
            x += grid.width + grid.gap
        x += apart
    rows = range(4 * size)
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
                "Blue is positive, red is negative; each group has its own "
                "scale.",
            ),
            subject.source,
        ),
        f"{len(rows)} rows in the order input, forget, cell, output. {said}",
        x - apart - grid.gap,
        top + grid.y(4 * size - 1, size) + grid.height,
        tuple(marks),
        room,
    )


def _groups(subject: Subject) -> list[tuple[str, list[Column]]]:
    """The biases, their gradients, and what a step of SGD makes of them."""
    steps = subject.steps[:SUMMED]
    value, scale = through_time(
        subject.weights, steps, np.ones(len(steps)), np.zeros(len(steps))
    )
    by_z, errors = value.z.sum((0, 1)), scale.z.sum((0, 1))
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
            [subject.parameter(name, row) for row in range(len(by_z))],
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


def _column(
    column: Column, grid: Grid, size: int, x: float, top: float
) -> list[Mark]:
    """The cells of a column under its name."""
    made = cells(
        [[number] for number in column.numbers],
        grid,
        top=largest(column.numbers),
        id=column.id,
        term=lambda row: f"{column.term} {GATES[row // size]}",
        places=digits.decimals(n.value for n in column.numbers),
        rows_per_band=size,
    )
    middle = x + grid.width / 2
    names = [column.name]
    if code(0, 0, column.name).width > grid.width:
        stem, part = column.name.split("_")
        names = [stem, f"_{part}"]
    under = top - 10
    return [
        *(
            code(middle, under - 14 * (len(names) - k), name)
            for k, name in enumerate(names)
        ),
        code(middle, under, column.under, fill="muted"),
        *(shift(mark, x, top) for mark in made.marks),
    ]
