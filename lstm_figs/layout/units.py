"""A column for each unit, and a row for each quantity."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from ..proof.subject import Number
from ..scene.marks import Mark
from ..scene.theme import Paint
from . import wires, words
from .fold import Excerpt, Gap
from .wires import Bars, Look

STATISTICS = ("min", "mean", "max")
"""What sums up a long vector: methods of NumPy and of torch."""
BOXED, BARE = 38.0, 24.0
"""The height of a row with bars, and of one of numbers alone."""


class Columns(NamedTuple):
    """Where the columns of units stand.

    Attributes:
        shown: Which units have one.
        left: The left of the first.
        style: How numbers look; its width is that of a column.
        summed: Whether columns follow of what sums up all units.
    """

    shown: Excerpt
    left: float
    style: Look
    summed: bool = False

    def x(self, k: int) -> float:
        """The middle of a column."""
        return self.left + (k + 0.5) * self.style.width

    @property
    def total(self) -> int:
        """How many columns there are, those of sums among them."""
        return len(self.shown.lines) + len(STATISTICS) * self.summed

    @property
    def right(self) -> float:
        """The right of the columns of units."""
        return self.left + len(self.shown.lines) * self.style.width

    def heads(self, y: float, ids: Sequence[str]) -> list[Mark]:
        """What each column is called.

        Args:
            y: The middle of the letters.
            ids: Of what stands in a column, with `{}` for the unit or the
                statistic.
        """
        marks: list[Mark] = [
            words.label(
                self.x(k), y, f"unit {unit}", {"unit": unit},
                [id.format(unit) for id in ids], "column", anchor="middle",
                size=words.SMALL,
            )
            for k, unit in enumerate(self.shown.lines)
            if not isinstance(unit, Gap)
        ]  # fmt: skip
        for k, name in enumerate(STATISTICS if self.summed else ()):
            marks.append(
                words.label(
                    self.x(len(self.shown.lines) + k), y, name,
                    {"statistic": name}, [id.format(name) for id in ids],
                    "column", anchor="middle", size=words.SMALL,
                )
            )  # fmt: skip
        return marks

    def row(
        self,
        y: float,
        values: Sequence[Number],
        bars: Bars | None = None,
        *,
        id: str,
        term: str,
        paint: Paint,
        least: int = 0,
    ) -> list[Mark]:
        """A quantity of every unit; `y` is the middle of its numbers.

        Args:
            y: The middle of the numbers.
            values: The numbers of all units.
            bars: What bars below them show; None for numbers alone.
            id: Ids are this and the unit.
            term: Their terms.
            paint: Of the box around them.
            least: The least digits after the point.
        """
        marks: list[Mark] = []
        if bars:
            middle = (self.left + self.right) / 2
            marks += wires.row(
                (middle, y + 5), values, self.style, bars, shown=self.shown,
                id=id, term=term, paint=paint,
            )  # fmt: skip
        texts = wires.printed(self.shown.of(values), self.style, least)
        several = statistics(values) if self.summed else {}
        for k, line in enumerate(() if bars else self.shown.lines):
            if isinstance(line, Gap):
                marks.append(words.operator(self.x(k), y - 2, "…"))
            else:
                marks.append(self._number(k, y, values[line], texts, id, term,
                                          line))  # fmt: skip
        for k, (name, value) in enumerate(several.items()):
            marks.append(
                self._number(len(self.shown.lines) + k, y, value, texts, id,
                             term, name)
            )  # fmt: skip
        return marks

    def _number(
        self,
        k: int,
        y: float,
        value: Number,
        texts: wires.Printed,
        id: str,
        term: str,
        line: int | str,
    ) -> Mark:
        return words.number(
            self.x(k), y, value, size=self.style.size, places=texts.places,
            room=self.style.room, id=f"{id}-{line}", term=term,
        )  # fmt: skip


def statistics(values: Sequence[Number]) -> dict[str, Number]:
    """The least element of a whole vector, the mean and the largest.

    >>> found = statistics(
    ...     [Number(0.0, "f[1, 0, 0]"), Number(1.0, "f[1, 0, 1]")]
    ... )
    >>> [(number.value.item(), number.expr) for number in found.values()]
    [(0.0, 'f[1, 0].min()'), (0.5, 'f[1, 0].mean()'), (1.0, 'f[1, 0].max()')]
    """
    array = np.array([value.value for value in values])
    with np.errstate(all="ignore"):
        return {
            name: Number(
                getattr(array, name)(), f"{wires.whole(values)}.{name}()",
                values[0].scale,
            )
            for name in STATISTICS
        }  # fmt: skip
