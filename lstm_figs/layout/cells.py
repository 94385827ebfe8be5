"""Numbers, alone and in matrices, and how they are said."""

import math
from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

import numpy as np

from ..model.lstm import GATES
from ..proof import digits
from ..proof.subject import Number
from ..scene import metrics
from ..scene.marks import Box, Group, Mark, Text
from ..scene.terms import TERMS
from ..scene.theme import STRONGEST, Paint
from .fold import Gap, excerpt
from .panels import Panel

NUMBER = 11.0
"""The font size of numbers; the smallest that a page shows."""
CHARACTER = metrics.width("0", NUMBER, mono=True)
"""The width of one digit at that size."""
LINE = 15.0
"""From one line of numbers to the next."""


def number(
    x: float,
    y: float,
    value: Number,
    *,
    places: int,
    room: int = 99,
    id: str,
    term: str,
    fill: Paint = "ink",
    aligned: bool = True,
) -> Text:
    """A number whose point stands where its neighbours' do.

    Args:
        x: The middle of a number with one digit before the point.
        y: The baseline.
        value: The number with its proof.
        places: Digits after the point that the group has.
        room: The most characters that there is room for.
        id: The id of the text.
        term: Its terms.
        fill: Its paint.
        aligned: Whether its point stands where its neighbours' do; else the
            number is centred, as one with an exponent always is.
    """
    printed = digits.text(value.value, places, room)
    aligned = aligned and "e" not in printed
    usual = 1 + (places + 1 if places else 0)
    right = x + (usual + (1 if places else 0)) / 2 * CHARACTER
    _, point, after = printed.partition(".")
    if point and len(after) > places:
        extra = (len(after) - places) * CHARACTER
        right += min(extra, max(0.0, (room - usual - 1) / 2 * CHARACTER))
    half = max(room, len(printed)) / 2 * CHARACTER
    right = min(max(right, x - half + len(printed) * CHARACTER), x + half)
    return Text(
        x=round(right, 2) if aligned else x,
        y=y,
        content=printed,
        size=NUMBER,
        anchor="end" if aligned else "middle",
        mono=True,
        fill=fill,
        number=value,
        id=id,
        term=term,
    )


def heat(value: float, top: float) -> Paint:
    """The paint of a weight: its share of the largest in 5 per cent steps."""
    if not np.isfinite(value) or value == 0:
        return "panel"
    share = (
        STRONGEST
        if abs(value) >= top
        else math.ceil(abs(value) / top * STRONGEST / 5) * 5
    )
    return f"{'pos' if value > 0 else 'neg'}:{share}"


def largest(values: Iterable[Number]) -> float:
    """The largest finite magnitude, 1 where all are zero."""
    finite = (abs(float(v.value)) for v in values if np.isfinite(v.value))
    return max(finite, default=0) or 1


class Grid(NamedTuple):
    """Sizes of the cells of a matrix."""

    width: float
    height: float = 24
    gap: float = 2
    band: float = 0

    def x(self, col: int) -> float:
        """The left of a column."""
        return col * (self.width + self.gap)

    def y(self, row: int, rows_per_band: int = 1) -> float:
        """The top of a row; bands stand apart."""
        return row * (self.height + self.gap) + row // rows_per_band * self.band

    @property
    def room(self) -> int:
        """How many characters fit into a cell."""
        return int((self.width + 0.2) / CHARACTER)


def fitted(values: Iterable[Number], columns: int, height: float = 24) -> Grid:
    """Cells as wide as their numbers need where there are many columns."""
    if columns <= 5:
        return Grid(52, height)
    longest = max(len(digits.text(v.value, room=5)) for v in values)
    return Grid(35 if longest <= 5 else 40, height, 1)


def cells(
    values: Sequence[Sequence[Number]],
    grid: Grid,
    *,
    top: float,
    id: str,
    term: str | Callable[[int], str],
    places: int,
    rows_per_band: int = 1,
    coloured: bool = True,
    rows: Sequence[int | str] = (),
) -> Panel:
    """A matrix of numbers on cells coloured by their value.

    Args:
        values: Rows of numbers.
        grid: The sizes of cells.
        top: The magnitude that has the strongest colour.
        id: Ids are this, the row and the column.
        term: Terms, or a function from the row to them.
        places: Digits after the point.
        rows_per_band: How many rows stand together.
        coloured: Whether colour shows the value.
        rows: What rows are called in ids; their places by default.
    """
    marks: list[Mark] = []
    for row, line in enumerate(values):
        terms = term if isinstance(term, str) else term(row)
        for col, value in enumerate(line):
            x, y = grid.x(col), grid.y(row, rows_per_band)
            marks += [
                Box(
                    x=x, y=y, width=grid.width, height=grid.height, radius=3,
                    fill=heat(value.value, top) if coloured else "panel",
                ),
                number(
                    x + grid.width / 2, y + grid.height / 2 + 4, value,
                    places=places, room=grid.room,
                    id=f"{id}-{rows[row] if rows else row}-{col}", term=terms,
                ),
            ]  # fmt: skip
    count = len(values)
    return Panel(
        grid.x(len(values[0])) - grid.gap,
        grid.y(count - 1, rows_per_band) + grid.height,
        tuple(marks),
    )


def bands(
    grid: Grid,
    hidden_size: int,
    x: float,
    y: float,
    *,
    close: bool = False,
    names: Sequence[int] = (),
) -> list[Mark]:
    """The letter, bar and row indices left of the four bands of a matrix.

    Args:
        grid: The sizes of cells.
        hidden_size: Rows in a band.
        x: The left of the matrix.
        y: The top of the matrix.
        close: Whether there is little room, 38 pixels instead of 62.
        names: What rows are called; their places by default.
    """
    letter, bar, index = (x - 33, x - 25, x - 4) if close else (
        x - 48, x - 35, x - 10
    )  # fmt: skip
    letter, bar = (place - push(names, close=close) for place in (letter, bar))
    marks: list[Mark] = []
    for k, gate in enumerate(GATES):
        paint = TERMS[gate].role
        first = k * hidden_size
        top = y + grid.y(first, hidden_size)
        height = hidden_size * (grid.height + grid.gap) - grid.gap
        inside: list[Mark] = [
            Text(
                x=letter, y=top + height / 2 + 5, content=gate, size=14,
                bold=True, fill=paint, anchor="middle",
            ),
            Box(x=bar, y=top, width=3, height=height, radius=1.5, fill=paint),
        ]  # fmt: skip
        inside += [
            Text(
                x=index,
                y=y + grid.y(row, hidden_size) + grid.height / 2 + 4,
                content=str(names[row] if names else row), size=NUMBER,
                mono=True, fill="muted", anchor="end",
            )
            for row in range(first, first + hidden_size)
        ]  # fmt: skip
        marks.append(Group(marks=tuple(inside), term=gate))
    return marks


def push(names: Sequence[int], *, close: bool) -> float:
    """What `bands` needs more than usual, left of rows with long names."""
    room = 18.0 if close else 21.0
    return max(0, len(str(max(names, default=0))) * CHARACTER - room)


def spoken(values: Iterable[Number]) -> str:
    """Numbers as a list in a description; of a long one, an excerpt.

    >>> spoken([Number(0.5, "a"), Number(-1.25, "b")])
    '0.50, −1.25'
    >>> spoken([Number(float(k), "a") for k in range(256)])
    '0, 1, 2, 3, 251 more, 255'
    """
    listed = values if isinstance(values, Sequence) else list(values)
    shown = excerpt(len(listed))
    places = digits.decimals(v.value for v in shown.of(listed))
    return ", ".join(
        f"{line.count} more"
        if isinstance(line, Gap)
        else digits.text(listed[line].value, places)
        for line in shown.lines
    )
