"""The figure `batch`."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from ...layout import cells
from ...layout.cells import Grid, largest, spoken
from ...layout.fold import WHOLE, few
from ...layout.heading import inner
from ...layout.nodes import gate_blocks
from ...layout.panels import Panel, code, flow
from ...model.gradients.derivatives import each_gradient
from ...model.gradients.through_time import z_gradients
from ...model.lstm import GATES, Array
from ...options import Value
from ...proof.digits import counted, decimals, text
from ...proof.runs.variants import LARGE, sequences
from ...proof.subject import SUMMED, Number, Subject
from ...scene.marks import Box, Mark, Text, shift
from ...scene.scenes import Diagram, Heading
from ...scene.terms import TERMS
from . import maps
from .maps import HEAD, ROWS, Chosen, addition, strongest

Matrix = Sequence[Sequence[Number]]

LONG = 7
"""The most columns of long numbers that a phone has room for."""
PRINTED = 64
"""The most weights whose numbers are printed."""
MADE = 3
"""How many sequences are made of one."""
INDEX, BANDS = 30.0, 38.0
"""What stands left of rows: the index of a sequence; a gate and an index."""


def made(subject: Subject, options: Mapping[str, Value]) -> Subject:
    """The module with several sequences, if it is not large."""
    if subject.weights.hidden_size > LARGE:
        return subject
    return replace(subject, trace=sequences(subject.trace, MADE))


def batch(subject: Subject, room: float) -> Diagram:
    """What has a row for each sequence of a batch, and what all share.

    Args:
        subject: What is drawn.
        room: The width that the figure may use.
    """
    sizes = subject.weights
    if max(sizes.input_size, sizes.hidden_size) > WHOLE:
        return _many(subject, room)
    count, space = len(subject.steps[0].x), inner(room)
    states = {name: _rows(subject, name) for name in ("x", "h", "c")}
    weights = [
        [subject.parameter("weight_ih", row, k) for k in range(len(line))]
        for row, line in enumerate(sizes.weight_ih)
    ]
    gradient, chosen = _gradient(subject)
    if max(sizes.input_size, sizes.hidden_size) > LONG and any(
        len(text(number.value, room=5)) > 5
        for matrix in (*states.values(), weights, gradient)
        for row in matrix
        for number in row
    ):
        return _many(subject, room)
    x, h, c = (_state(name, rows, count) for name, rows in states.items())
    grow = flow([x, flow([h, c], space, gap=32)], space, gap=32)
    stay = _shared(subject, space, weights, gradient, chosen)
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
            f"{subject.module}, {counted(count, 'sequence')}, first step: x, "
            "h and c grow, the weights and their gradient do not",
            _notes(count, chosen),
            subject.origin,
        ),
        _said(count, states, weights, gradient, chosen),
        body.width,
        body.height,
        body.marks,
        room,
    )


def _many(subject: Subject, room: float) -> Diagram:
    """Heat maps, with the numbers of some sequences and units."""
    count, space, sizes = len(subject.steps[0].x), inner(room), subject.weights
    states = [maps.state(subject, name) for name in ("x", "h", "c")]
    grow = flow([panel for panel, _ in states], space, gap=20)
    stay, chosen, words = maps.shared(subject, space)
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
            f"{subject.module}, {counted(count, 'sequence')}, first step: x, "
            "h and c grow, the weights and their gradient do not",
            (
                *_notes(count, chosen),
                "A cell of several elements shows the one of largest "
                "magnitude.",
                f"Numbers are of {few(sizes.input_size).said('input')} "
                f"and {few(sizes.hidden_size).said('unit')}.",
            ),
            subject.origin,
        ),
        f"{counted(count, 'sequence')} at the first step. "
        + " ".join(said for _, said in states)
        + f" {words} {_added(count, chosen)}",
        body.width,
        body.height,
        body.marks,
        room,
    )


def _notes(count: int, chosen: Chosen) -> tuple[str, ...]:
    lines = [
        "Outlined: the largest gradient of a weight."
        if chosen.finite
        else "No gradient is finite: what is not, in one sequence, reaches "
        "the weights that all share.",
        "Blue is positive, red is negative; each matrix has its own scale.",
    ]
    if count == 1:
        lines.append("One sequence is a batch of one row.")
    if count > ROWS:
        lines.append(f"Rows and addends are printed for {ROWS} sequences.")
    return tuple(lines)


def _added(count: int, chosen: Chosen) -> str:
    shares = spoken(chosen.shares) + " and more" * (count > ROWS)
    return (
        f"The gradient in row {chosen.row}, column {chosen.col}, "
        f"{spoken([chosen.total])}, is the sum of {shares}."
    )


def _said(
    count: int,
    states: dict[str, Matrix],
    weights: Matrix,
    matrix: Matrix,
    chosen: Chosen,
) -> str:
    sequences = (
        f"Sequence {n}: "
        + "; ".join(f"{name} {spoken(m[n])}" for name, m in states.items())
        for n in range(len(chosen.shares))
    )
    shared = (
        f"Row {k} of weight_ih: "
        + (f"{spoken(w)}; " if len(weights) * len(w) <= PRINTED else "")
        + f"gradient {spoken(matrix[k])}"
        for k, w in enumerate(weights)
    )
    first = f"{counted(count, 'sequence')} at the first step"
    return ". ".join([first, *sequences, *shared, _added(count, chosen)])


def _rows(subject: Subject, name: str) -> Matrix:
    """The vector of each sequence at step 1."""
    count = subject.trace.x.shape[1]
    return [subject.vector(name, 0, n) for n in range(min(count, ROWS))]


def _gradient(subject: Subject) -> tuple[Matrix, Chosen]:
    steps = subject.steps[:SUMMED]
    z = z_gradients(subject.weights, steps)
    found = each_gradient(z, np.stack([step.x for step in steps]))
    value = found.value.sum(axis=0)
    scale = np.sqrt(np.square(found.scale).sum(axis=0))
    row, col = strongest(value)
    least = max(step.scale for step in steps)

    def proven(name: str, value: Array, scale: Array) -> list[Number]:
        return [
            Number(one, name.format(k), float(max(least, own)))
            for k, (one, own) in enumerate(zip(value, scale, strict=True))
        ]

    matrix = [
        proven(f"grad_ih[{k}, {{}}]", *both)
        for k, both in enumerate(zip(value, scale, strict=True))
    ]
    share = "grad_ih_each[{}]" if np.isfinite(value[row, col]) else "alone({})"
    shares = proven(
        f"{share}[{row}, {col}]",
        found.value[:ROWS, row, col],
        found.scale[:ROWS, row, col],
    )
    return matrix, Chosen(row, col, matrix[row][col], shares)


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
            title._replace(x=middle, term=term),
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
        places=decimals(n.value for n in every),
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
    subject: Subject,
    space: float,
    weights: Matrix,
    gradient: Matrix,
    chosen: Chosen,
) -> Panel:
    """The weights, their gradient, and how one number of it comes about."""
    rows, columns = len(weights), len(weights[0])
    every = [n for row in [*weights, *gradient] for n in row]
    grid = cells.fitted(every, columns)._replace(band=8)
    name = subject.parameter_name("weight_ih")
    if rows * columns <= PRINTED:
        shown = _parameter(name, weights, grid, "weight_ih", chosen)
    else:
        blocks = gate_blocks(rows // len(GATES))
        shown = _named(blocks, 0, name, (rows, columns), "weight_ih", [])
    slopes = _parameter(
        f"{name}.grad", gradient, grid, "weight_ih-grad", chosen
    )
    pair = flow([shown, slopes], space, gap=20)
    return flow([pair, addition(subject, chosen)], space, gap=34)


def _parameter(
    name: str, rows: Matrix, grid: Grid, id: str, chosen: Chosen
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
        places=decimals(n.value for n in every),
        rows_per_band=size,
    )
    outline = Box(
        x=grid.x(chosen.col), y=grid.y(chosen.row, size), radius=3,
        width=grid.width, height=grid.height, stroke="ink", stroke_width=2,
    )  # fmt: skip
    if chosen.finite:
        matrix = matrix._replace(marks=(*matrix.marks, outline))
    return _named(
        matrix,
        BANDS,
        name,
        (len(rows), len(rows[0])),
        "weight_ih",
        cells.bands(grid, size, BANDS, 0, close=True),
    )
