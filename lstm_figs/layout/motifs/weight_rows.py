"""Rows of weights in PyTorch's order, with bands of gates and row indices."""

from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple

import numpy as np

from ...model.lstm import GATES
from ...model.reference import Number
from ...proof.bindings import Shade
from ...scene.marks import Box, Mark
from ...scene.terms import TERMS
from ...scene.theme import STRONGEST, Paint
from .. import styles, words

FAINT_FACTOR = 3.5
"""How much weaker the colours of a column are that does not count."""

DIGIT_WIDTH = 7.23
"""The width of a digit at `words.SMALL`."""


class Rows(NamedTuple):
    """Where the rows of some units stand, gate by gate.

    Attributes:
        units: The units that have rows.
        hidden_size: The number of units; the rows of each gate begin at a
            multiple of it.
        top: The top of the first row.
        height: Of a row, with the space below it.
        gap: What is between bands.
        close: Whether the gutter left of the rows is narrow.
    """

    units: tuple[int, ...]
    hidden_size: int
    top: float = 0
    height: float = 30
    gap: float = 8
    close: bool = False

    @property
    def left(self) -> float:
        """The width of the gutter: letter, bar and row index."""
        last = words.width(str(self.row("o", self.units[-1])), words.SMALL)
        return (18 if self.close else 21) + last + 5

    def y(self, gate: str, unit: int) -> float:
        """The middle of a row."""
        band = GATES.index(gate)
        row = band * len(self.units) + self.units.index(unit)
        return self.top + (row + 0.5) * self.height + band * self.gap

    def row(self, gate: str, unit: int) -> int:
        """Which row of the module's weights it is."""
        return GATES.index(gate) * self.hidden_size + unit

    @property
    def bottom(self) -> float:
        """The bottom of the last row."""
        count = 4 * len(self.units)
        return self.top + count * self.height + 3 * self.gap

    @property
    def gate_unit_pairs(self) -> list[tuple[str, int]]:
        """Gate and unit of every row, from the top."""
        return [(gate, unit) for gate in GATES for unit in self.units]


def gutter_marks(
    rows: Rows, of: Sequence[str], *, up: float = 0, also: Sequence[str] = ()
) -> list[Mark]:
    """The letters and bars of the bands, and the index of each row.

    Args:
        rows: The rows.
        of: Ids of the marks in a row, with `{row}`, `{gate}` and `{unit}`.
        up: How far the index of a row stands above its middle.
        also: Ids of what is below the line of the index, in the same form.
    """
    marks: list[Mark] = []
    for gate in GATES:
        paint = TERMS[gate].role
        first, last = (rows.y(gate, u) for u in (rows.units[0], rows.units[-1]))
        ids = [
            id.format(row=rows.row(gate, u), gate=gate, unit=u)
            for id in (*of, *also)
            for u in rows.units
        ]
        half = rows.height / 2 - 2
        marks += [
            words.label(
                6,
                (first + last) / 2,
                gate,
                {"gate": gate},
                ids,
                "band",
                style=words.GATE,
                fill=paint,
                anchor="middle",
                term=gate,
            ),
            Box(
                13 if rows.close else 14,
                first - half,
                3,
                last - first + 2 * half,
                radius=1.5,
                fill=paint,
                term=gate,
            ),
        ]
        for unit in rows.units:
            row = rows.row(gate, unit)
            marks.append(
                words.label(
                    rows.left - 5,
                    rows.y(gate, unit) - up,
                    str(row),
                    {"row": row},
                    [i.format(row=row, gate=gate, unit=unit) for i in of],
                    "row",
                    style=words.FINE,
                    anchor="end",
                )
            )
    return marks


def cell_width(values: Sequence[Number], min_width: float = 0, max_chars: int = 5) -> float:
    """How wide cells are in which all of these fit, their points aligned."""
    point = words.Decimals.of(values, max_chars)
    longest = min(point.before + point.after, max_chars)
    return max(30.0, min_width, longest * DIGIT_WIDTH + 4.5)


def cells(
    rows: Rows,
    x: float,
    width: float,
    columns: int,
    values: Mapping[tuple[str, int, int], Number],
    *,
    end: float,
    id: str,
    term: str,
    numbers: bool = True,
    size: float = words.SMALL,
    max_chars: int = 5,
    faint: Collection[int] = (),
    where: str = "",
) -> list[Mark]:
    """Cells with numbers, shaded by value.

    Args:
        rows: The rows.
        x: The left of the first column.
        width: Of a column, with the space right of it.
        columns: How many.
        values: Numbers by gate, unit and column.
        end: The magnitude that has the strongest colour.
        id: Ids are this with the row and the column.
        term: Their terms, beside the gate.
        numbers: Whether they are printed.
        size: Their font size.
        max_chars: The most characters of one.
        faint: Columns that do not count: they are pale.
        where: An expression that is true of these columns, see `styles.back`.
    """
    marks: list[Mark] = []
    point = words.Decimals.of(values.values(), max_chars)
    for gate, unit in rows.gate_unit_pairs:
        y = rows.y(gate, unit)
        for column in range(columns):
            number = values[gate, unit, column]
            name = f"{id}-{rows.row(gate, unit)}-{column}"
            left = x + column * width
            strongest = end * (FAINT_FACTOR if column in faint else 1)
            marks.append(
                Box(
                    left,
                    y - rows.height / 2 + 1,
                    width - 2,
                    rows.height - 2,
                    radius=min(3, width / 6),
                    term=f"{term} {gate}",
                    fill=shade(float(number.value), strongest),
                    id=f"{name}-cell" if numbers else name,
                    bound=(Shade(number.expr, strongest),),
                )
            )
            if numbers:
                printed = point.number(
                    left + width / 2 - 1,
                    y,
                    number,
                    size=size,
                    max_chars=max_chars,
                    id=name,
                    term=f"{term} {gate}",
                    fill="muted" if column in faint else "ink",
                )
                marks.append(styles.back(printed, where) if column in faint else printed)
    return marks


def shade(value: float, end: float) -> Paint:
    """A hue for the sign, as strong as the value is large."""
    if not np.isfinite(value) or value == 0:
        return "panel"
    share = round(min(1.0, abs(value) / end) * STRONGEST)
    return f"{'pos' if value > 0 else 'neg'}:{share}" if share else "paper"
