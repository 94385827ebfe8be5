"""Parameters as blocks of aligned rows."""

from collections.abc import Sequence
from typing import NamedTuple

from ..model.lstm import GATES, Weights
from ..proof import digits
from ..proof.subject import Number, Subject
from ..scene.marks import Mark, Text, shift
from .cells import Grid, bands, cells
from .heading import inner
from .panels import Panel, code, flow

LEFT, CLOSE = 62.0, 38.0
"""What gate letters, bars and row indices take, and what they can do with."""
NARROW, WIDE = 35.0, 52.0
"""The least and the most that a cell takes across."""


SMALL = 8
"""The longest vectors that are printed whole."""
ACROSS, UNITS = 8, 4
"""The most weights of a row, and the most units, where all are printed."""


class Columns(NamedTuple):
    """A tensor in a block: its name, its term and its rows."""

    name: str
    term: str
    rows: list[list[Number]]


def parameter_columns(subject: Subject) -> list[Columns]:
    """Every parameter that has four bands, in PyTorch's order."""
    found = []
    for name, array in subject.weights.parameters().items():
        if name == "weight_hr":
            continue
        rows = [
            subject.row(name, row)
            if array.ndim == 2
            else [subject.parameter(name, row)]
            for row in range(len(array))
        ]
        found.append(Columns(subject.parameter_name(name), name, rows))
    return found


def fit(
    weights: Sequence[Columns],
    biases: Sequence[Columns],
    hidden_size: int,
    room: float,
    top: float,
) -> Panel:
    """All rows in one block; where that is too wide, biases below weights.

    Names can be wider than the columns of a matrix; then each stands alone.

    Args:
        weights: The matrices.
        biases: What has one column each.
        hidden_size: Rows in a band.
        room: The width that the figure may use.
        top: The magnitude that has the strongest colour.
    """
    ways: Sequence[Sequence[Sequence[Columns]]] = (
        [[*weights, *biases]],
        [weights, biases],
        [*([one] for one in weights), biases],
    )
    for way in ways:
        for space, gap, left in (
            (inner(room), 2.0, LEFT),
            (room - 24, 1.0, CLOSE),
        ):
            made = [
                block(
                    part, grid_for(part, space - left, gap), hidden_size, left,
                    top,
                )
                for part in way
                if part
            ]  # fmt: skip
            if all(panel.width <= space for panel in made):
                return flow(made, 0 if len(made) > 1 else space)
    return flow(made, 0)


def can_print(weights: Weights) -> bool:
    """Whether every row has room on a phone; then all numbers are printed.

    That does not depend on the room at hand, so that a narrow figure shows no
    number that the wide one has not.
    """
    across = weights.input_size + weights.size
    return across <= ACROSS and weights.hidden_size <= UNITS


def grid_for(part: Sequence[Columns], space: float, gap: float) -> Grid:
    """Cells as wide as there is room for, within what can be read."""
    columns = sum(len(tensor.rows[0]) for tensor in part)
    width = (space - apart(gap) * (len(part) - 1)) / columns - gap
    return Grid(min(max(width, NARROW), WIDE), 24, gap, 8)


def apart(gap: float) -> float:
    """The space between two tensors."""
    return 7.5 * gap


def block(
    part: Sequence[Columns],
    grid: Grid,
    hidden_size: int,
    left: float,
    top: float,
) -> Panel:
    """Tensors side by side, their rows aligned, in four bands.

    Args:
        part: The tensors.
        grid: The sizes of cells.
        hidden_size: Rows in a band.
        left: `LEFT` or `CLOSE`.
        top: The magnitude that has the strongest colour.
    """
    head = 44.0
    x = left
    marks: list[Mark] = bands(
        grid, hidden_size, left, head, close=left == CLOSE
    )
    for name, term, rows in part:
        terms = [f"{term} {gate}" for gate in GATES]
        matrix = cells(
            rows,
            grid,
            top=top,
            id=term,
            term=lambda row, terms=terms: terms[row // hidden_size],  # type: ignore[misc]
            places=digits.decimals(n.value for row in rows for n in row),
            rows_per_band=hidden_size,
        )
        header = _header(name, rows)
        width = max(matrix.width, *(text.width for text in header))
        aside = (width - matrix.width) / 2
        marks += [text._replace(x=x + width / 2) for text in header]
        marks += [shift(mark, x + aside, head) for mark in matrix.marks]
        x += width + apart(grid.gap)
        height = head + matrix.height
    return Panel(x - apart(grid.gap), height, tuple(marks))


def _header(name: str, rows: list[list[Number]]) -> list[Text]:
    """The name of a tensor and its shape; narrow ones take two lines."""
    count, columns = len(rows), len(rows[0])
    if name == "sum":
        return [code(0, 34, "sum")]
    if name.startswith("bias"):
        stem, _, rest = name.partition("_")
        return [code(0, 19, stem), code(0, 34, rest)]
    return [
        code(0, 16, name),
        Text(
            x=0, y=33, content=f"({count}, {columns})", size=11, mono=True,
            fill="muted", anchor="middle",
        ),
    ]  # fmt: skip
