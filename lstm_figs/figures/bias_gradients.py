"""The figure `bias-gradients`."""

import re
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from ..layout import words
from ..layout.choice import largest
from ..layout.motifs.rows import Rows, gutter
from ..layout.panels import arrow
from ..layout.provenance import origin, provenance
from ..layout.room import inner
from ..model.gradients.through_time import z_gradients
from ..model.lstm import GATES
from ..proof.bindings import Length, Scale, sentence
from ..proof.digits import text
from ..proof.reference import Number, Ref, Vector
from ..proof.subject import SUMMED, Subject
from ..scene.marks import Box, Mark, Path
from ..scene.scenes import Diagram, Head
from ..scene.terms import GATE_NAMES
from ..scene.theme import Paint

TOP, BAR = 30.0, 10.0
"""What stands above the rows, and the height of a bar."""
PLACES, ROOM = 5, 8
"""Digits after the point, and characters: with few, a sum is seldom twice what
is added."""
TWICE = 2
"""How far the sum moves, in gradients."""


class Column(NamedTuple):
    """One number a row.

    Attributes:
        name: What it is called.
        tensor: What its label names.
        id: What ids of its numbers begin with.
        term: Its term.
        numbers: One for each row.
    """

    name: str
    tensor: str
    id: str
    term: str
    numbers: Sequence[Number]


def bias_gradients(subject: Subject, room: float) -> Diagram:
    """Both biases receive the same gradient, so their sum moves twice."""
    size, close = subject.weights.hidden_size, room < 480
    columns = _columns(subject)
    unit = _unit(columns[0].numbers)
    rows = Rows((unit,), size, TOP, 28, 4, close)
    every = [rows.row(*one) for one in rows.each]
    marks: list[Mark] = gutter(rows, [f"{one.id}-{{row}}" for one in columns])
    aparts, x = (
        ((18.0, 26.0, 5.0), rows.left + 4)
        if close
        else ((28.0, 40.0, 16.0), rows.left + 12)
    )
    for column, apart in zip(columns, aparts, strict=True):
        start = x
        drawn, x = _column(column, rows, start, close)
        marks += drawn
        if column is columns[2]:
            left, right = x + apart, inner(room)
            drawn, of = _bars(columns, rows, left, right)
            marks += drawn
            marks += _name(column, of, (start + right) / 2, close)
        else:
            marks += _name(column, [], (start + x) / 2, close)
            marks += _sign(rows, x, apart, column is columns[0])
        x += apart
    told = " ".join(
        f"Row {row}, gate {GATES[row // size]} "
        f"({GATE_NAMES[GATES[row // size]].name}): "
        + "; ".join(
            f"{c.name} {text(c.numbers[row].value, PLACES)}" for c in columns
        )
        + "."
        for row in every
    )
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
            "SGD whose learning rate is one. The outer half of a bar is what "
            "the second bias adds.",
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
                claim=largest(
                    "grad_bias_ih.nan_to_num().reshape(4, -1).abs().amax(0)",
                    [unit],
                ),
            )
        )
    return Head(
        sentence(
            "Two biases, one gradient",
            claim="torch.allclose(grad_bias_ih, grad_bias_hh, equal_nan=True)",
        ),
        sentence(
            "Both are added to the same sum, so both get the same gradient, "
            "and a step moves that sum twice as far as either."
        ),
        provenance(subject),
        tuple(notes),
        origin(subject),
    )


def _columns(subject: Subject) -> list[Column]:
    """The gradient of each bias, and what a step of SGD makes of the sum."""
    steps = subject.steps[:SUMMED]
    value, scale = z_gradients(subject.weights, steps)
    by_z = value.sum((0, 1))
    errors = np.sqrt(np.square(scale).sum((0, 1)))
    of = {part: Ref(f"grad_bias_{part}") for part in ("ih", "hh")}
    found = [
        Column(
            f"bias_{part}.grad", f"grad_bias_{part}", f"grad-{part}",
            f"bias_{part}",
            Vector(by_z, one, errors),
        )
        for part, one in of.items()
    ]  # fmt: skip
    moves = [
        Number(
            -TWICE * number, f"-{(of['ih'] + of['hh'])[row]}",
            TWICE * float(error),
        )
        for row, (number, error) in enumerate(
            zip(by_z, errors, strict=True)
        )
    ]  # fmt: skip
    return [
        *found,
        Column("their sum moves by", "move", "move", "bias", moves),
    ]


def _reach(numbers: Sequence[Number]) -> float:
    """The largest finite magnitude, 1 where all are 0."""
    sizes = [abs(float(one.value)) for one in numbers]
    return max(filter(np.isfinite, sizes), default=0) or 1.0


def _sign(rows: Rows, x: float, apart: float, equal: bool) -> list[Mark]:
    """What is between two columns in each row: both are equal, or are added."""
    if equal:
        return [
            words.operator(x + apart / 2, rows.y(*one), "=", fill="ink")
            for one in rows.each
        ]
    return [
        arrow((x + 4, rows.y(*one)), (x + apart - 6, rows.y(*one)))
        for one in rows.each
    ]


def _column(
    column: Column, rows: Rows, x: float, close: bool
) -> tuple[list[Mark], float]:
    """The numbers of a column, and where it ends."""
    size = words.SMALL if close else words.NUMBER
    shown = [column.numbers[rows.row(*one)] for one in rows.each]
    point = words.Decimals.of(shown, ROOM, PLACES)
    width = point.width(size)
    if column.id != "move":
        look = words.SMALL if close else words.LABEL
        names = _lines(column, close)
        least = (words.width(name, look, bold=True) for name in names)
        width = max(width, *least)
    marks: list[Mark] = [
        point.number(
            x + width / 2, rows.y(*one), number, size=size, room=ROOM,
            id=f"{column.id}-{rows.row(*one)}", term=f"{column.term} {one[0]}",
        )
        for one, number in zip(rows.each, shown, strict=True)
    ]  # fmt: skip
    return marks, x + width


def _bars(
    columns: Sequence[Column], rows: Rows, left: float, right: float
) -> tuple[list[Mark], list[str]]:
    """How far each sum moves, that of the second bias paler; their ids."""
    gradients, _, moves = columns
    every = [rows.row(*one) for one in rows.each]
    end = TWICE * _reach([gradients.numbers[row] for row in every])
    scale = Scale(-end, end, left, right)
    middle = scale(0)
    marks: list[Mark] = [
        Path(
            (("M", (middle, rows.top)), ("L", (middle, rows.bottom))),
            stroke="rule",
        )
    ]
    of = []
    for one, row in zip(rows.each, every, strict=True):
        first, whole = gradients.numbers[row], moves.numbers[row]
        if not np.isfinite(whole.value):
            continue
        value, half = float(whole.value), -float(first.value)
        paint: Paint = "pos" if value > 0 else "neg"
        y, id = rows.y(*one), f"{moves.id}-{row}"
        for begin, fill, name, expr in (
            (0.0, paint, "bar", whole.expr),
            (half, f"{paint}:75", "second", f"(-{first.expr}, {whole.expr})"),
        ):
            low, high = sorted((scale(begin), scale(value)))
            marks.append(
                Box(
                    low, y - BAR / 2, high - low, BAR, id=f"{id}-{name}",
                    fill=fill, term=f"{moves.term} {one[0]}",
                    bound=(Length(expr, "width", scale),),
                )
            )  # fmt: skip
            of.append(f"{id}-{name}")
    return marks, of


def _lines(column: Column, close: bool) -> list[str]:
    """A name in one line, or in two where there is little room."""
    if close:
        return list(re.split(r" (?=moves)|(?=\.)", column.name))
    return [column.name]


def _name(
    column: Column, bars: Sequence[str], x: float, close: bool
) -> list[Mark]:
    """What stands above a column."""
    lines = _lines(column, close)
    return [
        words.label(
            x, 12 - 15 * (len(lines) - 1 - k), line,
            {"tensor": column.tensor}, [f"{column.id}-*", *bars], "block",
            style=words.FINE_STRONG if close else words.STRONG, anchor="middle",
            term=column.term,
        )
        for k, line in enumerate(lines)
    ]  # fmt: skip
