"""How the state of each unit depends on the state of each before."""

from collections.abc import Sequence

import numpy as np

from .. import digits
from ..gradients.derivatives import Derivative
from ..marks import Box, Mark, Text, shift
from ..proof import Number, Subject
from ..tensors import Array
from ..terms import TERMS
from .cells import Grid, heat, number, spoken
from .fold import excerpt
from .heatmap import labelled
from .shapes import Panel, code
from .summaries import summary
from .tiles import Matrix, cut, tile

Rows = list[list[Number]]

SIDE = 56
"""What labels of rows take."""


def dependence(
    subject: Subject, found: Derivative, t: int, state: str, label: str
) -> tuple[Panel, str]:
    """The numbers of some units above the map of all, and a description."""
    array, count = found.value, len(found.value)
    before, terms = f"{state}_prev", f"{state} {state}_prev"
    expr = f"blocks({t}, {count})[{0 if state == 'h' else 1}]"
    step_scale = subject.steps[t].scale
    scale = float(max(np.nanmax(found.scale, initial=0), step_scale))
    units = excerpt(count).indices
    matrix = [
        [
            Number(
                array[row, col],
                f"{expr}[{row}, {col}]",
                float(max(found.scale[row, col], step_scale)),
            )
            for col in units
        ]
        for row in units
    ]
    grid = Grid(44, 28)
    side = grid.x(len(units)) - grid.gap
    symbol = f"∂{state}/∂{TERMS[before].symbol}"
    left = SIDE
    marks: list[Mark] = [
        Text(x=left, y=10, content=label, bold=True, fill="muted"),
        Text(
            x=left, y=36, content=symbol, size=15, bold=True,
            fill=TERMS[state].role, term=terms,
        ),
    ]  # fmt: skip
    top = 72.0
    for k, unit in enumerate(units):
        middle = (grid.width / 2, grid.height / 2 + 4)
        marks += [
            code(left + grid.x(k) + middle[0], top - 8, f"[{unit}]",
                 fill="muted"),
            code(left - 8, top + grid.y(k) + middle[1], f"{state}[{unit}]",
                 "end", fill="muted"),
        ]  # fmt: skip
    tiles_axis = cut(count, 256, 64)
    tiles = tile(Matrix(array, expr, (terms,), scale), tiles_axis, tiles_axis)
    end = float(tiles.end.value) if tiles.end else 1.0
    marks += [
        shift(mark, left, top)
        for mark in cells(matrix, grid, t, state, units, end)
    ]
    y = top + side * 28 / 44 + 30
    picture = labelled(
        tiles, f"{state} by {before}", id=f"{state}-{before}", width=256
    )
    marks += [shift(mark, left, y) for mark in picture.marks]
    y += picture.height + 22
    lines, words = _lines(array, expr, state, scale, left, y, t)
    return (
        Panel(
            left + max(picture.width, side, 256),
            lines.height,
            (
                *marks,
                *lines.marks,
            ),
        ),
        f"{symbol}: {words}; {tiles.spoken()}.",
    )


def _lines(
    array: Array,
    expr: str,
    state: str,
    scale: float,
    left: float,
    y: float,
    t: int,
) -> tuple[Panel, str]:
    """Counts and ranks below a map: of all elements, or of the diagonal."""
    diagonal = state == "c"
    of, said = (
        (np.diagonal(array), f"{expr}.diagonal()")
        if diagonal
        else (array, expr)
    )
    count = int(np.count_nonzero(array))
    found = summary(np.ascontiguousarray(of), said, scale)
    names = ("least", "median size", "most")
    marks: list[Mark] = [
        Text(
            x=left, y=y, content=f"not zero: {count} of {array.size}",
            fill="muted",
        ),
        Text(
            x=left, y=y + 18, size=11, fill="muted",
            content="of the diagonal, f:" if diagonal else "of all:",
        ),
    ]  # fmt: skip
    for k, (name, value) in enumerate(zip(names, found, strict=True)):
        line = y + 18 + 16 * k
        marks += [
            Text(x=left + 124, y=line, content=name, size=11, fill="muted"),
            number(
                left + 224, line, value, places=digits.DECIMALS, room=8,
                id=f"{state}-{state}_prev-{t}-summary-{k}",
                term=f"{state} {state}_prev",
            ),
        ]  # fmt: skip
    words = f"{count} of {array.size} are not zero, " + ", ".join(
        f"{n} {spoken([v])}" for n, v in zip(names, found, strict=True)
    )
    return Panel(0, y + 56, tuple(marks)), words


def cells(
    matrix: Rows,
    grid: Grid,
    t: int,
    state: str,
    units: Sequence[int],
    top: float,
) -> list[Mark]:
    """The numbers on their colours; exact zeros are quiet."""
    places = digits.decimals(n.value for row in matrix for n in row)
    marks: list[Mark] = []
    for row, numbers in enumerate(matrix):
        for col, value in enumerate(numbers):
            x, y = grid.x(col), grid.y(row)
            zero = value.value == 0
            kept = " f" if state == "c" and row == col else ""
            marks += [
                Box(
                    x=x, y=y, width=grid.width, height=grid.height, radius=3,
                    fill=heat(value.value, top),
                ),
                number(
                    x + grid.width / 2, y + grid.height / 2 + 4, value,
                    places=0 if zero else places, room=grid.room,
                    id=f"{state}-{state}_prev-{t}-{units[row]}-{units[col]}",
                    term=f"{state} {state}_prev{kept}",
                    fill="muted" if zero else "ink", aligned=not zero,
                ),
            ]  # fmt: skip
    return marks
