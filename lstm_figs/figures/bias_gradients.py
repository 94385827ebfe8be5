"""The figure `bias-gradients`."""

import re
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from ..layout import words
from ..layout.provenance import provenance, source
from ..layout.room import inner
from ..layout.rows import Rows, gutter
from ..model.gradients.through_time import z_gradients
from ..model.lstm import GATES
from ..proof.bindings import Length, Scale, sentence
from ..proof.digits import text
from ..proof.subject import SUMMED, Number, Subject
from ..scene.marks import Box, Mark, Path
from ..scene.scenes import Diagram, Head
from ..scene.terms import GATE_NAMES

TOP, BAR = 30.0, 10.0
"""What stands above the rows, and the height of a bar."""
PLACES = 3
"""Digits after the point: with two, a sum is often not twice what is added."""
TWICE = 2
"""How far the sum moves, in gradients."""


class Column(NamedTuple):
    """One number a row, and a bar as long as it.

    Attributes:
        name: What it is called.
        tensor: What its label names.
        id: What ids of its numbers begin with.
        term: Its term.
        numbers: One for each row.
        times: How many gradients its largest bar may be.
    """

    name: str
    tensor: str
    id: str
    term: str
    numbers: Sequence[Number]
    times: int = 1


class _Look(NamedTuple):
    """How the numbers of a column look.

    Attributes:
        close: Whether there is little room.
        size: Their font size.
        room: The most characters of one.
        point: Where their points stand.
    """

    close: bool
    size: float
    room: int
    point: words.Point

    @classmethod
    def of(cls, column: Column, rows: Rows, close: bool) -> "_Look":
        """The look of the numbers that are shown."""
        size, room = (words.SMALL, 6) if close else (words.NUMBER, 7)
        shown = [column.numbers[rows.row(*one)] for one in rows.each]
        return cls(close, size, room, words.Point.of(shown, room, PLACES))

    @property
    def width(self) -> float:
        """The width of the numbers."""
        return self.point.width(self.size)

    @property
    def left(self) -> float:
        """Where bars begin."""
        return self.width + (5 if self.close else 12)


def bias_gradients(subject: Subject, room: float) -> Diagram:
    """Both biases receive the same gradient, so their sum moves twice."""
    size, close = subject.weights.hidden_size, room < 480
    columns = _columns(subject)
    unit = _unit(columns[0].numbers)
    rows = Rows((unit,), size, TOP, 28, 4, close)
    every = [rows.row(*one) for one in rows.each]
    reach = _reach([columns[0].numbers[row] for row in every])
    marks: list[Mark] = gutter(rows, [f"{one.id}-{{row}}" for one in columns])
    apart = 18.0 if close else 30.0
    x = rows.left + (4 if close else 12)
    looks = [_Look.of(column, rows, close) for column in columns]
    taken = x + sum(one.left for one in looks) + 2 * apart
    half = (inner(room) - taken) / sum(2 * one.times for one in columns)
    for k, (column, look) in enumerate(zip(columns, looks, strict=True)):
        if k == 1:
            marks += _equal(rows, x - apart / 2)
        drawn, x = _column(column, look, rows, x, half * column.times, reach)
        marks += drawn
        x += apart
    told = " ".join(
        f"Row {row}, gate {GATES[row // size]} "
        f"({GATE_NAMES[GATES[row // size]].name}): "
        + "; ".join(
            f"{c.name} {text(c.numbers[row].value, PLACES)}" for c in columns
        )
        + "."
        for row in every
    )  # fmt: skip
    return Diagram(
        _head(subject, unit), told, inner(room), rows.bottom, tuple(marks),
        room,
    )  # fmt: skip


def _unit(gradients: Sequence[Number]) -> int:
    """The unit with the largest gradient."""
    sizes = np.abs(np.nan_to_num([float(one.value) for one in gradients]))
    return int(sizes.argmax()) % (len(gradients) // len(GATES))


def _head(subject: Subject, unit: int) -> Head:
    biased = subject.weights.bias_ih is not None
    notes = [
        sentence(
            "The gradient is that of {}.sum(), and the step is one of plain "
            "SGD whose learning rate is one. Bars of all columns have one "
            "scale.",
            (subject.summed, f"{subject.summed!r} * bool(grad_bias_ih.dim())"),
        )
    ]
    if not biased:
        notes.append(
            sentence(
                "The module has no biases; two that are zero would receive "
                "these gradients.",
                claim=f"not {subject.variable}.bias",
            )
        )
    if subject.weights.hidden_size > 1:
        notes.append(
            sentence(
                "Drawn are the rows of unit {} of {}, the one with the largest "
                "gradient.",
                (unit, "grad_bias_ih.abs().argmax().item() % c.shape[-1]"),
                (subject.weights.hidden_size, "c.shape[-1]"),
            )
        )
    return Head(
        sentence(
            "Two biases, one gradient",
            claim="torch.allclose(grad_bias_ih, grad_bias_hh, equal_nan=True)",
        ),
        sentence(
            "Both are added to the same sum, so both learn the same, and what "
            "they add moves twice as far as either."
        ),
        provenance(subject),
        tuple(notes),
        source(subject),
    )


def _columns(subject: Subject) -> list[Column]:
    """The gradient of each bias, and what a step of SGD makes of the sum."""
    steps = subject.steps[:SUMMED]
    value, scale = z_gradients(subject.weights, steps)
    by_z = value.sum((0, 1))
    errors = np.sqrt(np.square(scale).sum((0, 1)))
    rows = list(enumerate(zip(by_z, errors, strict=True)))
    found = [
        Column(
            f"bias_{part}.grad", f"grad_bias_{part}", f"grad-{part}",
            f"bias_{part}",
            [
                Number(number, f"grad_bias_{part}[{row}]", float(error))
                for row, (number, error) in rows
            ],
        )
        for part in ("ih", "hh")
    ]  # fmt: skip
    moves = [
        Number(
            -TWICE * number, f"-(grad_bias_ih + grad_bias_hh)[{row}]",
            TWICE * float(error),
        )
        for row, (number, error) in rows
    ]  # fmt: skip
    return [*found, Column("their sum moves by", "move", "move", "bias", moves,
                           TWICE)]  # fmt: skip


def _reach(numbers: Sequence[Number]) -> float:
    """The largest finite magnitude, 1 where all are 0."""
    sizes = [abs(float(one.value)) for one in numbers]
    return max(filter(np.isfinite, sizes), default=0) or 1.0


def _equal(rows: Rows, x: float) -> list[Mark]:
    """The sign between the two gradients of each row."""
    return [
        words.operator(x, rows.y(*one), "=", fill="ink") for one in rows.each
    ]


def _column(
    column: Column,
    look: _Look,
    rows: Rows,
    x: float,
    half: float,
    reach: float,
) -> tuple[list[Mark], float]:
    """The numbers and bars of a column, and where it ends."""
    left, right = x + look.left, x + look.left + 2 * half
    scale = Scale(-column.times * reach, column.times * reach, left, right)
    marks: list[Mark] = [
        Path(
            (("M", (scale(0), rows.top)), ("L", (scale(0), rows.bottom))),
            stroke="rule",
        )
    ]
    of = [f"{column.id}-*"]
    for one in rows.each:
        number = column.numbers[rows.row(*one)]
        y, id = rows.y(*one), f"{column.id}-{rows.row(*one)}"
        term = f"{column.term} {one[0]}"
        marks.append(
            look.point.number(
                x + look.width / 2, y, number, size=look.size, room=look.room,
                id=id, term=term,
            )
        )  # fmt: skip
        if np.isfinite(number.value):
            marks.append(_bar(number, y, scale, f"{id}-bar", term))
            of = [f"{column.id}-*", f"{column.id}-*-bar"]
    marks += _name(column, of, (x + right) / 2, look.close)
    return marks, right


def _name(
    column: Column, of: Sequence[str], x: float, close: bool
) -> list[Mark]:
    """What stands above a column; in two lines where there is little room."""
    lines = [column.name]
    if close:
        lines = list(re.split(r" (?=moves)|(?=\.)", column.name))
    return [
        words.label(
            x, 12 - 15 * (len(lines) - 1 - k), line,
            {"tensor": column.tensor}, of, "block",
            size=words.SMALL if close else words.LABEL, anchor="middle",
            fill="ink", bold=True, term=column.term,
        )
        for k, line in enumerate(lines)
    ]  # fmt: skip


def _bar(number: Number, y: float, scale: Scale, id: str, term: str) -> Box:
    """A bar from zero to a number."""
    value = float(number.value)
    left, right = sorted((scale(0), scale(value)))
    return Box(
        left, y - BAR / 2, right - left, BAR, id=id, term=term,
        fill="pos" if value > 0 else "neg",
        bound=(Length(number.expr, "width", scale),),
    )  # fmt: skip
