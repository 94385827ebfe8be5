"""Tables of what many numbers have in common, band by band."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from ..model.lstm import GATES, Array
from ..proof import digits
from ..proof.subject import Number
from ..scene.marks import Mark, Path, Text, shift
from ..scene.terms import GATE_NAMES, TERMS
from .cells import LINE, NUMBER, spoken
from .panels import Panel, code
from .summaries import Summary, summary

LEFT, COLUMN, BETWEEN = 26.0, 46.0, 22.0
"""Widths: of the gates, of a column, and between two tensors."""
ROOM = 6
"""The most characters of a number."""
NAMES = ("min", "typical", "max")
"""Of the columns; figures say that typical is the median magnitude."""


class Part(NamedTuple):
    """A tensor in a table.

    Attributes:
        name: What the table calls it.
        term: Its term.
        bands: What is said of the rows of each gate, then of all of them.
    """

    name: str
    term: str
    bands: dict[str, Summary]


def part(name: str, term: str, array: Array, expr: str) -> Part:
    """Summarize a parameter, its four bands and the whole."""
    size = len(array) // 4
    bands = {
        gate: summary(
            array[k * size : (k + 1) * size],
            f"{expr}[{k * size}:{(k + 1) * size}]",
        )
        for k, gate in enumerate(GATES)
    }
    return Part(name, term, {**bands, "all": summary(array, expr)})


def said(found: Part) -> Iterator[str]:
    """A sentence for each band."""
    for gate, values in found.bands.items():
        who = f"{GATE_NAMES[gate].name} gate" if gate != "all" else "all"
        least, typical, most = (spoken([value]) for value in values)
        yield (
            f"{found.name}, {who}: {least} to {most}, median magnitude "
            f"{typical}."
        )


def table(parts: Sequence[Part], room: float) -> Panel:
    """Tables side by side, in as many lines as they need."""
    width = len(NAMES) * COLUMN
    marks: list[Mark] = []
    x = y = right = 0.0
    for found in parts:
        if x and x + BETWEEN + width > room:
            x, y = 0, y + HEIGHT + 18
        if not x:
            marks += _gates(y, found.bands)
            x = LEFT
        else:
            x += BETWEEN
        marks += [shift(mark, x, y) for mark in _columns(found)]
        x += width
        right = max(right, x)
    return Panel(right, y + HEIGHT, tuple(marks))


TOP = 38.0
"""From the top of a table to its first row."""
HEIGHT = TOP + 5 * LINE + 6
"""The height of a table."""


def _y(row: int) -> float:
    """The baseline of a row; the last one stands apart."""
    return TOP + 11 + LINE * row + (5 if row == len(GATES) else 0)


def _gates(y: float, gates: Sequence[str] | dict[str, Summary]) -> list[Mark]:
    return [
        Text(
            x=4, y=y + _y(row), content=gate, bold=True,
            size=13 if gate in TERMS else NUMBER,
            fill=TERMS[gate].role if gate in TERMS else "muted",
            term=gate if gate in TERMS else "",
        )
        for row, gate in enumerate(gates)
    ]  # fmt: skip


def _columns(found: Part) -> list[Mark]:
    width = len(NAMES) * COLUMN
    marks: list[Mark] = [
        code(width / 2, 11, found.name),
        Path(d=(("M", (0, TOP - 5)), ("L", (width, TOP - 5))), stroke="rule"),
    ]
    for k, name in enumerate(NAMES):
        right = (k + 1) * COLUMN - 4
        values = [values[k] for values in found.bands.values()]
        marks.append(
            Text(
                x=right, y=TOP - 10, content=name, size=NUMBER, fill="muted",
                anchor="end",
            )
        )  # fmt: skip
        marks += [
            _number(right, _y(row), value, f"{found.term}-{gate}-{k}",
                    f"{found.term} {gate}" if gate in TERMS else found.term)
            for row, (gate, value) in enumerate(
                zip(found.bands, values, strict=True)
            )
        ]  # fmt: skip
    return marks


def _number(x: float, y: float, value: Number, id: str, term: str) -> Text:
    return Text(
        x=x, y=y, content=digits.text(value.value, room=ROOM), size=NUMBER,
        anchor="end", mono=True, number=value, id=id, term=term,
    )  # fmt: skip
