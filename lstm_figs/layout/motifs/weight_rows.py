"""Rows of weights in PyTorch's order, with gate bands and row indices."""

from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple

import numpy as np

from ...model.lstm import GATES
from ...model.reference import Number
from ...proof.bindings import Shade
from ...scene.marks import Box, Mark, Text
from ...scene.terms import TERMS
from ...scene.theme import STRONGEST, Paint
from .. import styles, words

FAINT_FACTOR = 3.5
"""How much weaker the colours of a faint column are."""

DIGIT_WIDTH = 7.23
"""The width of a digit at `words.SMALL`, rounded up."""
MIN_CELL_WIDTH = 30.0
"""The minimum width of a cell with a number."""


class Rows(NamedTuple):
    """The positions of the rows of some units, grouped by gate.

    Attributes:
        units: The units whose rows are shown.
        hidden_size: The number of units of the layer; each gate's rows begin at
            a multiple of it.
        top: The top of the first row.
        height: The height of a row, including the gap below.
        gap: The gap between two bands.
        is_narrow: Whether the gutter at the left is narrow.
    """

    units: tuple[int, ...]
    hidden_size: int
    top: float = 0
    height: float = 30
    gap: float = 8
    is_narrow: bool = False

    @property
    def left(self) -> float:
        """The width of the gutter: letter, bar and row index."""
        last = words.width(str(self.row("o", self.units[-1])), words.SMALL)
        return (18 if self.is_narrow else 21) + last + 5

    def y(self, gate: str, unit: int) -> float:
        """The vertical middle of a row."""
        band = GATES.index(gate)
        row = band * len(self.units) + self.units.index(unit)
        return self.top + (row + 0.5) * self.height + band * self.gap

    def row(self, gate: str, unit: int) -> int:
        """The index of the row in the module's weights."""
        return GATES.index(gate) * self.hidden_size + unit

    @property
    def bottom(self) -> float:
        """The bottom of the last row."""
        count = 4 * len(self.units)
        return self.top + count * self.height + 3 * self.gap

    @property
    def gate_unit_pairs(self) -> list[tuple[str, int]]:
        """The gate and unit of each row, from the top."""
        return [(gate, unit) for gate in GATES for unit in self.units]


def gutter_marks(
    rows: Rows, of: Sequence[str], *, index_lift: float = 0, other_ids: Sequence[str] = ()
) -> list[Mark]:
    """The letter and bar of each band, and the index of each row.

    Args:
        rows: The rows.
        of: The ids of the marks in a row, with `{row}`, `{gate}` and `{unit}`.
        index_lift: How far the row index is above the middle of the row.
        other_ids: The ids of marks below the row index, in the same form.
    """
    marks: list[Mark] = []
    for gate in GATES:
        first, last = (rows.y(gate, u) for u in (rows.units[0], rows.units[-1]))
        ids = [
            id.format(row=rows.row(gate, u), gate=gate, unit=u)
            for id in (*of, *other_ids)
            for u in rows.units
        ]
        half_row = rows.height / 2 - 2
        x = 13 if rows.is_narrow else 14
        marks += [
            gate_letter(gate, (first + last) / 2, ids),
            gate_bar(gate, x, first - half_row, last - first + 2 * half_row),
        ]
        for unit in rows.units:
            row = rows.row(gate, unit)
            marks.append(
                words.label(
                    rows.left - 5,
                    rows.y(gate, unit) - index_lift,
                    str(row),
                    names={"row": row},
                    of=[i.format(row=row, gate=gate, unit=unit) for i in of],
                    along="row",
                    style=words.FINE,
                    anchor="end",
                )
            )
    return marks


def gate_letter(gate: str, y: float, of: Sequence[str]) -> Text:
    """The letter of a gate, left of its band; `y` is the middle of the band."""
    return words.label(
        6,
        y,
        gate,
        names={"gate": gate},
        of=of,
        along="band",
        style=words.GATE,
        fill=TERMS[gate].role,
        anchor="middle",
        term=gate,
    )


def gate_bar(gate: str, x: float, top: float, height: float) -> Box:
    """The bar left of a gate's band, as high as the band."""
    return Box(x, top, 3, height, radius=1.5, fill=TERMS[gate].role, term=gate)


def cell_width(values: Sequence[Number], min_width: float = 0, max_chars: int = 5) -> float:
    """The cell width in which all values fit, with aligned decimal points."""
    alignment = words.NumberAlignment.of(values, max_chars)
    longest = min(alignment.before + alignment.after, max_chars)
    return max(MIN_CELL_WIDTH, min_width, longest * DIGIT_WIDTH + 4.5)


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
        x: The left edge of the first column.
        width: The width of a column, including the gap at its right.
        columns: The number of columns.
        values: The numbers by gate, unit and column.
        end: The magnitude with the strongest colour.
        id: The prefix of ids, followed by the row and the column.
        term: The terms, in addition to the gate.
        numbers: Whether to print the numbers.
        size: The font size.
        max_chars: The most characters of a number.
        faint: The columns to draw faintly, because their operand is zero.
        where: An expression that is true for the faint columns, see
            `styles.muted`.
    """
    marks: list[Mark] = []
    alignment = words.NumberAlignment.of(values.values(), max_chars)
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
                printed = alignment.number(
                    left + width / 2 - 1,
                    y,
                    number,
                    size=size,
                    max_chars=max_chars,
                    id=name,
                    term=f"{term} {gate}",
                    fill="muted" if column in faint else "ink",
                )
                marks.append(styles.muted(printed, where) if column in faint else printed)
    return marks


def shade(value: float, end: float) -> Paint:
    """A paint whose hue is the sign and whose strength is the magnitude."""
    if not np.isfinite(value) or value == 0:
        return "panel"
    share = round(min(1.0, abs(value) / end) * STRONGEST)
    return f"{'pos' if value > 0 else 'neg'}:{share}" if share else "paper"
