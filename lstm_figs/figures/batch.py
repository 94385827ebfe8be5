"""The figure `batch`."""

import math
from dataclasses import replace
from typing import NamedTuple

import numpy as np

from .. import cells, digits
from ..cells import LINE, Grid, counted, largest, spoken
from ..frame import inner
from ..gradients import sum_gradients
from ..lstm import GATES, Array
from ..marks import Box, Mark, Path, Text, shift
from ..nodes import gate_blocks
from ..proof import SUMMED, Number, Subject
from ..scene import Diagram, Heading
from ..shapes import Panel, code, flow
from ..terms import TERMS

Matrix = list[list[Number]]

ROWS, PRINTED = 8, 64
"""The most sequences whose rows, and weights whose numbers, are printed."""
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
            subject.origin,
        ),
        _said(count, states, weights, gradient),
        body.width,
        body.height,
        body.marks,
        room,
    )


def _notes(count: int) -> tuple[str, ...]:
    notes = [
        "Outlined: the largest gradient of a weight.",
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
    matrix, row, col, shares = gradient
    sequences = (
        f"Sequence {n}: "
        + "; ".join(f"{name} {spoken(m[n])}" for name, m in states.items())
        for n in range(len(shares))
    )
    shared = (
        f"Row {k} of weight_ih: "
        + (f"{spoken(w)}; " if len(weights) * len(w) <= PRINTED else "")
        + f"gradient {spoken(matrix[k])}"
        for k, w in enumerate(weights)
    )
    return ". ".join(
        [
            f"{counted(count, 'sequence')} at step 1",
            *sequences,
            *shared,
            f"The gradient in row {row}, column {col}, "
            f"{spoken([matrix[row][col]])}, is the sum of {spoken(shares)}"
            + (" and more." if count > ROWS else "."),
        ]
    )


def _rows(subject: Subject, name: str) -> Matrix:
    """The vector of each sequence at step 1."""
    count = subject.trace.x.shape[1]
    return [subject.vector(name, 0, n) for n in range(min(count, ROWS))]


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
    beside: list[Mark],
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
    if count > len(rows):
        more, middle = count - len(rows), INDEX + matrix.width / 2
        beside.append(
            code(middle, matrix.height + 17, f"… {more} more", fill="muted")
        )
        matrix = matrix._replace(height=matrix.height + 22)
    return _named(matrix, INDEX, name, (count, columns), name, beside)


def _shared(
    subject: Subject, space: float, weights: Matrix, gradient: Gradient
) -> Panel:
    """The weights, their gradient, and how one number of it comes about."""
    rows, columns = len(weights), len(weights[0])
    every = [n for row in [*weights, *gradient.matrix] for n in row]
    grid = cells.fitted(every, columns)._replace(band=8)
    name = subject.parameter_name("weight_ih")
    if rows * columns <= PRINTED:
        shown = _parameter(name, weights, grid, "weight_ih", gradient)
    else:
        blocks = gate_blocks(rows // len(GATES))
        shown = _named(blocks, 0, name, (rows, columns), "weight_ih", [])
    slopes = _parameter(
        f"{name}.grad", gradient.matrix, grid, "weight_ih-grad", gradient
    )
    pair = flow([shown, slopes], space, gap=20)
    return flow([pair, _sum(subject, gradient)], space, gap=34)


def _parameter(
    name: str, rows: Matrix, grid: Grid, id: str, gradient: Gradient
) -> Panel:
    """A matrix in the four bands of its gates, one number outlined."""
    every = [n for row in rows for n in row]
    size = len(rows) // len(GATES)
    matrix = cells.cells(
        rows,
        grid,
        top=largest(every),
        id=id,
        term=lambda row: f"weight_ih {GATES[row // size]}",
        places=digits.decimals(n.value for n in every),
        rows_per_band=size,
    )
    chosen = Box(
        x=grid.x(gradient.col), y=grid.y(gradient.row, size), radius=3,
        width=grid.width, height=grid.height, stroke="ink", stroke_width=2,
    )  # fmt: skip
    return _named(
        matrix._replace(marks=(*matrix.marks, chosen)),
        BANDS,
        name,
        (len(rows), len(rows[0])),
        "weight_ih",
        cells.bands(grid, size, BANDS, 0, close=True),
    )


def _sum(subject: Subject, gradient: Gradient) -> Panel:
    """One number of the gradient, with the addend of each sequence."""
    matrix, row, col, shares = gradient
    result = "h" if subject.trace.kind == "LSTMCell" else subject.summed
    term = f"weight_ih {GATES[row // subject.weights.hidden_size]}"
    name = f"{subject.parameter_name('weight_ih')}.grad[{row}, {col}]"
    title = code(0, 12, name, bold=True)
    width = max(title.width, 150)
    middle = width / 2
    left_out = len(subject.steps[0].x) - len(shares)
    lines = [
        *((f"[{n}]", f"share-{n}", value) for n, value in enumerate(shares)),
        *([(f"… {left_out} more", "", None)] if left_out else []),
        ("sum", "sum", matrix[row][col]),
    ]
    # Three digits of the largest number, so that one can add up.
    most = math.log10(largest([matrix[row][col], *shares]))
    places = min(5, max(2, 2 - math.floor(most)))
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
