"""Marks grouped by use (keep, write, show), so that a focus can fade the others."""

from collections.abc import Iterable, Sequence
from typing import Literal, NamedTuple

from ...layout import styles
from ...model.lstm import GATES
from ...scene.marks import Box, Mark, Text, shift

Use = Literal["keep", "write", "show"]
"""What gates do: f keeps c_prev, i and g write to c, and o shows tanh c as h."""
Focus = Literal["all", "keep", "write", "show"]
"""The use that is emphasized; the marks of the others are faded."""

USE_OF: dict[str, Use] = {"i": "write", "f": "keep", "g": "write", "o": "show"}
"""The use of each gate."""


class Piece(NamedTuple):
    """Marks that belong to one use of a gate, or to all uses.

    Attributes:
        use: `keep`, `write` or `show`; empty for marks of all uses.
        marks: The marks.
    """

    use: Use | Literal[""]
    marks: Sequence[Mark]

    def moved(self, dx: float, dy: float) -> "Piece":
        """Return a copy moved by `(dx, dy)`."""
        return self._replace(marks=[shift(m, dx, dy) for m in self.marks])


def gate_pieces(marks: Iterable[Mark], bands: dict[str, float]) -> list[Piece]:
    """Group the marks of rows by gate.

    Args:
        marks: Texts and boxes.
        bands: The bottom of the rows of each gate.
    """
    marks_of: dict[str, list[Mark]] = {gate: [] for gate in GATES}
    for mark in marks:
        assert isinstance(mark, Text | Box)
        gate = next(g for g in GATES if mark.y < bands[g])
        marks_of[gate].append(mark)
    return [Piece(USE_OF[gate], gate_marks) for gate, gate_marks in marks_of.items()]


def fade_others(pieces: Iterable[Piece], focus: Focus) -> tuple[Mark, ...]:
    """Return all marks; fade those that belong to a use other than `focus`."""
    all_marks: list[Mark] = []
    for use, marks in pieces:
        if focus == "all" or use in ("", focus):
            all_marks += marks
        elif marks:
            all_marks.append(styles.faded(marks))
    return tuple(all_marks)
