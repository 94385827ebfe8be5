"""Tables with a column for each unit and a row for each quantity."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

from ...model.reference import Number, Vector
from ...proof import digits
from ...proof.bindings import sentence
from ...scene.marks import Box, Mark
from ...scene.theme import Paint
from .. import words
from ..excerpts import Excerpt, Gap
from . import vectors
from .vectors import Bars, VectorLook

STATISTICS = ("min", "mean", "max")
"""The statistics that summarize a long vector: method names of NumPy and torch."""
HEIGHT_WITH_BARS = 34.0
"""The height of a row of numbers with bars."""
HEAD_PADDING = 3.0
"""The least space at each side of the name of a column."""


class UnitColumns(NamedTuple):
    """The positions of the columns.

    Attributes:
        visible: The units that have a column.
        left: The left edge of the first column.
        look: The look of the numbers; its width is the width of a column.
        has_statistics: Whether columns of statistics over all units follow.
        number_columns: The number format of each unit or statistic.
    """

    visible: Excerpt
    left: float
    look: VectorLook
    has_statistics: bool = False
    number_columns: Mapping[int | str, vectors.NumberColumn] = {}

    def formatted_for(self, *rows: Vector) -> "UnitColumns":
        """These columns with number formats that align the decimal points of the rows."""
        numbers_by_key: dict[int | str, list[Number]] = {
            unit: [row[unit] for row in rows] for unit in self.visible.indices
        }
        if self.has_statistics:
            numbers_by_key |= {name: [statistics(row)[name] for row in rows] for name in STATISTICS}
        decimals = digits.decimals(
            number.value for numbers in numbers_by_key.values() for number in numbers
        )
        return self._replace(
            number_columns={
                key: vectors.number_column(numbers, self.look, decimals)
                for key, numbers in numbers_by_key.items()
            }
        )

    def x(self, k: int) -> float:
        """The horizontal middle of column `k`."""
        return self.left + (k + 0.5) * self.look.width

    @property
    def total(self) -> int:
        """The number of columns, including statistics."""
        count = len(STATISTICS) if self.has_statistics else 0
        return len(self.visible.lines) + count

    @property
    def right(self) -> float:
        """The right edge of the columns of units."""
        return self.left + len(self.visible.lines) * self.look.width

    @property
    def middle(self) -> float:
        """The middle of the columns of units."""
        return (self.left + self.right) / 2

    def panels(self, height: float) -> list[Mark]:
        """A panel behind each unit's column."""
        return [
            Box(
                self.x(k) - self.look.width / 2 + 2,
                0,
                self.look.width - 4,
                height,
                radius=8,
                fill="panel",
            )
            for k, unit in enumerate(self.visible.lines)
            if not isinstance(unit, Gap)
        ]

    def heads(self, y: float, ids: Sequence[str]) -> list[Mark]:
        """The column headings.

        Args:
            y: The vertical middle of the letters.
            ids: The ids of the marks in a column, with `{}` for the unit or
                statistic.
        """
        units = [unit for unit in self.visible.lines if not isinstance(unit, Gap)]
        max_width = self.look.width - 2 * HEAD_PADDING
        # Without space left of the columns, each has the word, however narrow it is.
        has_room = not self.left or all(
            words.width(f"unit {unit}", words.SMALL) <= max_width for unit in units
        )
        marks: list[Mark] = [
            words.label(
                self.x(k),
                y,
                f"unit {unit}" if has_room else str(unit),
                names={"unit": unit},
                of=[id.format(unit) for id in ids],
                along="column",
                anchor="middle",
                style=words.FINE,
            )
            for k, unit in enumerate(self.visible.lines)
            if not isinstance(unit, Gap)
        ]
        if not has_room:
            word, _ = words.paragraph(
                self.left - 8,
                y - words.line_height(words.SMALL) / 2,
                sentence("unit"),
                self.left,
                size=words.SMALL,
                anchor="end",
            )
            marks.append(word)
        for k, name in enumerate(STATISTICS if self.has_statistics else ()):
            marks.append(
                words.label(
                    self.x(len(self.visible.lines) + k),
                    y,
                    name,
                    names={"statistic": name},
                    of=[id.format(name) for id in ids],
                    along="column",
                    anchor="middle",
                    style=words.FINE,
                )
            )
        return marks

    def row(
        self,
        y: float,
        values: Vector,
        bars: Bars | None = None,
        *,
        id: str,
        term: str,
        paint: Paint | None = None,
    ) -> list[Mark]:
        """A row: one quantity for every unit.

        Args:
            y: The vertical middle of the numbers.
            values: The values of all units.
            bars: What the bars below the numbers show; None for numbers alone.
            id: The prefix of ids, followed by the unit.
            term: The terms of the numbers.
            paint: The paint of the box around the numbers; None for no box.
        """
        marks: list[Mark] = []
        if bars:
            marks += vectors.vector_row(
                (self.middle, y + 5),
                values,
                self.look,
                bars,
                visible=self.visible,
                columns=self.number_columns,
                id=id,
                term=term,
                paint=paint,
            )
        several = statistics(values) if self.has_statistics else {}
        for k, line in enumerate(() if bars else self.visible.lines):
            if isinstance(line, Gap):
                marks.append(words.operator(self.x(k), y - 2, "…"))
            else:
                marks.append(self._number(k, y, values[line], id, term, line))
        for k, (name, value) in enumerate(several.items()):
            at = len(self.visible.lines) + k
            marks.append(self._number(at, y, value, id, term, name))
        return marks

    def _number(self, k: int, y: float, value: Number, id: str, term: str, key: int | str) -> Mark:
        return self.number_columns[key].number(self.x(k), y, value, id=f"{id}-{key}", term=term)


def statistics(values: Vector) -> dict[str, Number]:
    """The minimum, mean and maximum of a whole vector.

    >>> from lstm_figs.model.reference import Ref
    >>> summary = statistics(Vector(np.array([0.0, 1.0]), Ref("f")[1, 0]))
    >>> [(number.value.item(), number.expr) for number in summary.values()]
    [(0.0, 'f[1, 0].min()'), (0.5, 'f[1, 0].mean()'), (1.0, 'f[1, 0].max()')]
    """
    with np.errstate(all="ignore"):
        return {
            name: Number(
                getattr(values.values, name)(), values.of.method_call(name), values[0].scale
            )
            for name in STATISTICS
        }
