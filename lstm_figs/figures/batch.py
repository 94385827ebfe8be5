"""The figure `batch`."""

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

import numpy as np

from .. import cells, digits
from ..cells import LINE, Grid, counted, largest, spoken
from ..frame import inner
from ..gradients import sum_gradients
from ..lstm import GATES, Array
from ..marks import Box, Mark, Path, Text, shift
from ..proof import SUMMED, Number, Subject
from ..scene import Diagram, Heading
from ..shapes import Panel, code, flow
from ..terms import TERMS

Matrix = list[list[Number]]

ROWS = 8
"""The most sequences whose rows are printed."""
HEAD = 42.0
"""The height of a name and a shape above a matrix."""
INDEX, BANDS = 30.0, 38.0
"""What stands left of rows: the index of a sequence; a gate and an index."""


class Gradient(NamedTuple):
    """The gradient by weight_ih, and how one of its numbers comes about.

    Attributes:
        matrix: All of it.
        row: With `col`, the place of its largest number.
        shares: What the sequences that are printed add to that number.
    """

    matrix: Matrix
    row: int
    col: int
    shares: list[Number]


def batch(subject: Subject, room: float) -> Diagram:
    """What has a row for each sequence of a batch, and what all share.

    Args:
        subject: What is drawn.
        room: The width that the figure may use.
    """
    count, space = len(subject.steps[0].x), inner(room)
    states = {name: _rows(subject, name) for name in ("x", "h", "c")}
    weights = [
        [
            subject.parameter("weight_ih", row, col)
            for col in range(subject.weights.input_size)
        ]
        for row in range(4 * subject.weights.hidden_size)
    ]
    gradient = _gradient(subject)
    x, h, c = (_state(name, rows, count) for name, rows in states.items())
    grow = flow([x, flow([h, c], space, gap=32)], space, gap=32)
    stay = _shared(subject, space, weights, gradient)
    body = flow(
        [
            grow._replace(label="one row for each sequence"),
            stay._replace(label="the same shape for any batch"),
        ],
        0,
    )
    return Diagram(
        Heading(
            "A batch adds rows, not weights",
            f"{subject.module}, {counted(count, 'sequence')}, step 1: x, h "
            "and c grow, the weights and their gradient do not",
            _notes(count),
            subject.trace.origin.label,
        ),
        _said(count, states, weights, gradient),
        body.width,
        body.height,
        body.marks,
        room,
    )


def _notes(count: int) -> tuple[str, ...]:
    notes = [
        "Outlined: the weight with the largest gradient.",
        "Blue is positive, red is negative; each matrix has its own scale.",
    ]
    if count == 1:
        notes.append("One sequence is a batch of one row.")
    if count > ROWS:
        notes.append(f"Rows and addends are printed for {ROWS} sequences.")
    return tuple(notes)


def _said(
    count: int, states: dict[str, Matrix], weights: Matrix, gradient: Gradient
) -> str:
    total = gradient.matrix[gradient.row][gradient.col]
    rows = (
        f"Sequence {n}: "
        + "; ".join(f"{name} {spoken(m[n])}" for name, m in states.items())
        for n in range(len(gradient.shares))
    )
    shared = (
        f"Row {k} of weight_ih: {spoken(row)}; its gradient: "
        f"{spoken(gradient.matrix[k])}"
        for k, row in enumerate(weights)
    )
    return ". ".join(
        [
            f"{counted(count, 'sequence')} at step 1",
            *rows,
            *shared,
            f"The gradient in row {gradient.row}, column {gradient.col}, "
            f"{spoken([total])}, is the sum over the sequences of "
            f"{spoken(gradient.shares)}.",
        ]
    )


def _rows(subject: Subject, name: str) -> Matrix:
    """The vector of each sequence at step 1."""
    count, columns = getattr(subject.steps[0], name).shape
    return [
        [subject.result(name, 0, n, k) for k in range(columns)]
        for n in range(min(count, ROWS))
    ]


def _gradient(subject: Subject) -> Gradient:
    steps = subject.steps[:SUMMED]
    found = sum_gradients(subject.weights, steps)["weight_ih"]
    value, addends = found.value.sum(axis=0), found.addends.sum(axis=0)
    sizes = np.where(np.isfinite(value), abs(value), -1)
    row, col = divmod(int(sizes.argmax()), value.shape[1])
    least = max(step.scale for step in steps)

    def proven(name: str, value: Array, addends: Array) -> list[Number]:
        return [
            Number(one, name.format(k), float(max(least, scale)))
            for k, (one, scale) in enumerate(zip(value, addends, strict=True))
        ]

    matrix = [
        proven(f"grad_ih[{k}, {{}}]", *both)
        for k, both in enumerate(zip(value, addends, strict=True))
    ]
    shares = proven(
        f"grad_ih_each[{{}}][{row}, {col}]",
        found.value[:ROWS, row, col],
        found.addends[:ROWS, row, col],
    )
    return Gradient(matrix, row, col, shares)


def _named(
    matrix: Panel,
    left: float,
    name: str,
    shape: tuple[int, int],
    term: str,
    beside: Sequence[Mark],
) -> Panel:
    """A matrix below its name and shape, and what stands left of its rows."""
    title = code(0, 12, name, fill=TERMS[term].role, bold=True)
    half = max(matrix.width, title.width) / 2
    middle = max(half, left + matrix.width / 2)
    start = middle - matrix.width / 2
    return Panel(
        middle + half,
        HEAD + matrix.height,
        (
            replace(title, x=middle, term=term),
            Text(
                x=middle, y=29, content=str(shape), size=11, mono=True,
                fill="muted", anchor="middle",
            ),
            *(shift(m, start - left, HEAD) for m in beside),
            *(shift(m, start, HEAD) for m in matrix.marks),
        ),
    )  # fmt: skip


def _state(name: str, rows: Matrix, count: int) -> Panel:
    """A matrix with a row for each sequence."""
    every = [n for row in rows for n in row]
    columns = len(rows[0])
    grid = cells.fitted(every, columns)
    matrix = cells.cells(
        rows, grid, top=1, id=f"{name}-0", term=name, coloured=False,
        places=digits.decimals(n.value for n in every),
    )  # fmt: skip
    beside: list[Mark] = [
        code(
            INDEX - 6, grid.y(n) + grid.height / 2 + 4, f"[{n}]", "end",
            fill="muted",
        )
        for n in range(len(rows))
    ]  # fmt: skip
    panel = _named(matrix, INDEX, name, (count, columns), name, beside)
    if count == len(rows):
        return panel
    more = code(
        panel.width / 2, panel.height + 17, f"… {count - len(rows)} more",
        fill="muted",
    )  # fmt: skip
    return Panel(panel.width, panel.height + 22, (*panel.marks, more))


def _shared(
    subject: Subject, space: float, weights: Matrix, gradient: Gradient
) -> Panel:
    """The weights, their gradient, and how one number of it comes about."""
    both = [*weights, *gradient.matrix]
    grid = cells.fitted((n for row in both for n in row), len(weights[0]))
    grid = grid._replace(band=8)
    size = subject.weights.hidden_size
    name = subject.parameter_name("weight_ih")
    chosen = Box(
        x=grid.x(gradient.col), y=grid.y(gradient.row, size), radius=3,
        width=grid.width, height=grid.height, stroke="ink", stroke_width=2,
    )  # fmt: skip
    pair = flow(
        [
            _parameter(rows, grid, size, title, id, chosen)
            for rows, title, id in (
                (weights, name, "weight_ih"),
                (gradient.matrix, f"{name}.grad", "weight_ih-grad"),
            )
        ],
        space,
        gap=20,
    )
    return flow([pair, _sum(subject, gradient)], space, gap=34)


def _parameter(
    rows: Matrix, grid: Grid, hidden_size: int, name: str, id: str, chosen: Box
) -> Panel:
    """A matrix in the four bands of its gates, one number outlined."""
    every = [n for row in rows for n in row]
    matrix = cells.cells(
        rows,
        grid,
        top=largest(every),
        id=id,
        term=lambda row: f"weight_ih {GATES[row // hidden_size]}",
        places=digits.decimals(n.value for n in every),
        rows_per_band=hidden_size,
    )
    matrix = matrix._replace(marks=(*matrix.marks, chosen))
    beside = cells.bands(grid, hidden_size, BANDS, 0, close=True)
    shape = (len(rows), len(rows[0]))
    return _named(matrix, BANDS, name, shape, "weight_ih", beside)


def _sum(subject: Subject, gradient: Gradient) -> Panel:
    """One number of the gradient, with the addend of each sequence."""
    matrix, row, col, shares = gradient
    result = "h" if subject.trace.kind == "LSTMCell" else subject.summed
    name = subject.parameter_name("weight_ih")
    term = f"weight_ih {GATES[row // subject.weights.hidden_size]}"
    title = code(0, 12, f"{name}.grad[{row}, {col}]", bold=True)
    width = max(title.width, 150)
    middle = width / 2
    left_out = len(subject.steps[0].x) - len(shares)
    total = matrix[row][col]
    lines = [
        *((f"[{n}]", f"share-{n}", value) for n, value in enumerate(shares)),
        *([(f"… {left_out} more", "", None)] if left_out else []),
        ("sum", "sum", total),
    ]
    places = _places([total, *shares])
    marks: list[Mark] = [
        replace(title, x=middle, term=term),
        code(middle, 29, f"of {result}.sum()", fill="muted"),
    ]
    for k, (label, word, value) in enumerate(lines):
        y = HEAD + 12 + (LINE + 2) * k + (8 if word == "sum" else 0)
        marks.append(code(middle - 62, y, label, "start", fill="muted"))
        if value is not None:
            marks.append(
                cells.number(
                    middle + 24, y, value, places=places, room=9,
                    id=f"weight_ih-{word}-{row}-{col}", term=term,
                )
            )  # fmt: skip
    ends = ((middle - 66, y - 16), (middle + 62, y - 16))
    marks.append(Path(d=(("M", ends[0]), ("L", ends[1])), stroke="muted"))
    return Panel(width, y + 4, tuple(marks))


def _places(values: list[Number]) -> int:
    """So many digits that one can add up: three of the largest number."""
    return min(5, max(2, 2 - math.floor(math.log10(largest(values)))))
