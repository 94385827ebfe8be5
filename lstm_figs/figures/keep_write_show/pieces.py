"""Marks by what they are for, so that all but one of these can step back."""

from collections.abc import Iterable, Sequence
from typing import Literal, NamedTuple

from ...model.lstm import GATES
from ...scene.marks import Box, Group, Mark, Text, shift

Use = Literal["keep", "write", "show"]
Focus = Literal["all", "keep", "write", "show"]

USE_OF: dict[str, Use] = {"i": "write", "f": "keep", "g": "write", "o": "show"}
"""What each gate is for."""

FADED_OPACITY = 0.2
"""How much of what steps back is left."""


class Piece(NamedTuple):
    """Marks that are for one of the three uses, or for all.

    Attributes:
        use: What they are for; empty for all.
        marks: The marks.
    """

    use: Use | Literal[""]
    marks: Sequence[Mark]

    def moved(self, dx: float, dy: float) -> "Piece":
        """The same at another place."""
        return self._replace(marks=[shift(m, dx, dy) for m in self.marks])


def gate_pieces(marks: Iterable[Mark], bands: dict[str, float]) -> list[Piece]:
    """Marks in rows, by the gate in whose band they stand.

    Args:
        marks: Texts and boxes.
        bands: The bottom of each gate's band.
    """
    marks_of: dict[str, list[Mark]] = {gate: [] for gate in GATES}
    for mark in marks:
        assert isinstance(mark, Text | Box)
        gate = next(g for g in GATES if mark.y < bands[g])
        marks_of[gate].append(mark)
    return [Piece(USE_OF[gate], own) for gate, own in marks_of.items()]


def focused(pieces: Iterable[Piece], focus: Focus) -> tuple[Mark, ...]:
    """All marks; those for something else than the focus are faded."""
    all_marks: list[Mark] = []
    for use, marks in pieces:
        if focus == "all" or use in ("", focus):
            all_marks += marks
        elif marks:
            all_marks.append(Group(tuple(marks), opacity=FADED_OPACITY))
    return tuple(all_marks)
