"""Columns of the rows: every weight, or what all of them make of a vector."""

from typing import NamedTuple

from ...layout import words
from ...layout.motifs import rows
from ...proof.reference import Number
from ...proof.subject import Subject
from ...scene.terms import TERMS

ROOM, CLOSE = 6, 5
"""The most characters of a number in a cell, and in a narrow form."""
AIRY = 16.0
"""The most that cells are widened by."""
MET = CLOSE * rows.CHARACTER + 4.5
"""The least width of a column that meets a number of a vector above it."""
NARROW = 62.0
"""The least width of a product."""


class Columns(NamedTuple):
    """The columns of one block of the rows.

    Attributes:
        name: The tensor, with which its ids begin.
        label: What is written below it.
        length: How many columns.
        width: Of one of them.
        value: Numbers by gate, unit and column.
        above: The vector that meets them, if one does.
        apart: The space right of them.
        printed: Whether there is room for numbers.
        room: The most characters of one.
        mapped: Whether it shows the rows of all units, as colours.
    """

    name: str
    label: str
    length: int
    width: float
    value: dict[tuple[str, int, int], Number]
    above: str = ""
    apart: float = 8
    printed: bool = True
    room: int = ROOM
    mapped: bool = False

    @property
    def middle(self) -> float:
        """The middle of its cells, from its left."""
        return (self.length * self.width - 2) / 2

    @property
    def is_weight(self) -> bool:
        """Whether it shows a parameter as it is stored."""
        return self.name.startswith(("weight", "bias_"))


def width(blocks: list[Columns]) -> float:
    """The width of blocks beside each other."""
    return sum(b.length * b.width + b.apart for b in blocks)


def weights(subject: Subject, where: rows.Rows) -> list[Columns]:
    """Every weight of the rows."""
    parameters = subject.weights.parameters()
    apart, room = (4.0, CLOSE) if where.close else (6.0, ROOM)
    found = []
    for name, above in (("weight_ih", "x"), ("weight_hh", "h_prev")):
        count = parameters[name].shape[1]
        value = {
            (gate, unit, k): subject.parameter(name, where.row(gate, unit), k)
            for gate, unit in where.each
            for k in range(count)
        }
        named = len(name) * rows.CHARACTER + 2
        least = max(named / count, MET)
        wide = rows.cell_width([*value.values()], least, room)
        found.append(Columns(name, name, count, wide, value, above, apart, room=room))
    for name, symbol in (("bias_ih", "b_{ih}"), ("bias_hh", "b_{hh}")):
        if name in parameters:
            value = {
                (gate, unit, 0): subject.parameter(name, where.row(gate, unit))
                for gate, unit in where.each
            }
            wide = rows.cell_width([*value.values()], room=room)
            last = apart * (name == "bias_hh")
            found.append(Columns(name, symbol, 1, wide, value, apart=last, room=room))
    return found


def products(subject: Subject, t: int, where: rows.Rows) -> list[Columns]:
    """What the weights of a row make of x and of h, and its bias."""
    found = []
    for name, above in (("ih", "x"), ("hh", "h_prev")):
        values = subject.vector(name, t)
        value = {(gate, unit, 0): values[where.row(gate, unit)] for gate, unit in where.each}
        count = f"{len(subject.vector(above, t)):,} numbers"
        least = max(NARROW, words.width(count, words.SMALL) + 8)
        found.append(_product(name, TERMS[name].symbol, value, least, above))
    if subject.weights.bias_ih is not None:
        value = {(gate, unit, 0): subject.bias(where.row(gate, unit)) for gate, unit in where.each}
        found.append(_product("bias", "biases", value, NARROW))
    return found


def _product(
    name: str, label: str, value: dict[tuple[str, int, int], Number], least: float, above: str = ""
) -> Columns:
    """One column, at least that wide."""
    wide = rows.cell_width([*value.values()], least, ROOM)
    return Columns(name, label, 1, wide, value, above)


def by_colour(blocks: list[Columns], room: float) -> list[Columns]:
    """Columns without numbers, as wide as there is room for."""
    count = sum(b.length for b in blocks)
    spare = room - sum(b.apart for b in blocks)
    return [b._replace(width=min(b.width, spare / count), printed=False) for b in blocks]


def airy(blocks: list[Columns], spare: float) -> list[Columns]:
    """Columns with more room around their numbers, if there is some."""
    count = sum(b.length for b in blocks)
    more = min(AIRY, max(0.0, spare) / count)
    return [b._replace(width=b.width + more) for b in blocks]
