"""The figure `bias-gradients`: both biases receive the same gradient, so their sum moves twice."""

import re
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from ..layout import words
from ..layout.margins import inner_width
from ..layout.motifs.weight_rows import Rows, gutter_marks
from ..layout.provenance import origin, provenance
from ..layout.unit_choice import largest_claim
from ..model.gradients.through_time import z_gradients
from ..model.layer_run import MAX_SUMMED_STEPS, LayerRun
from ..model.lstm import GATES
from ..model.reference import Number, Ref, Vector
from ..proof.bindings import Length, Scale, Sentence, sentence
from ..proof.digits import text
from ..scene.marks import Box, Mark, Path
from ..scene.scenes import Diagram, Head
from ..scene.terms import GATE_NAMES

TOP, ROW_HEIGHT, BELOW, BAR_HEIGHT = 26.0, 20.0, 24.0, 11.0
"""The heights of the headings, of a row, of the space below it and of a bar."""
DOWN = 18.0
"""From the middle of a row down to the middle of its bar."""
MIN_HALF_WIDTH = 4.0
"""A bar has two visible halves only if each is at least this long."""
PLACES, MAX_CHARS = 5, 8
"""Digits after the point, and characters. With fewer digits, a rounded sum would
rarely be twice the rounded gradient."""
ROUNDED = 2e-5
"""The rounding error of a gradient, as a share of its scale."""
MIN_SCALE = 1e3
"""The least end of a bar's scale, in multiples of the smallest normal float."""
TWICE = 2
"""The sum of both biases moves by this many gradients."""


class Column(NamedTuple):
    """A column with one number for each row.

    Attributes:
        name: The heading.
        tensor: The tensor that the heading is bound to.
        id: The prefix of the ids of its numbers.
        term: Its term.
        numbers: One for each row of the parameter.
        factor: How many gradients its numbers are.
    """

    name: str
    tensor: str
    id: str
    term: str
    numbers: Sequence[Number]
    factor: int = 1


class Line(NamedTuple):
    """A row of the biases: its index, its gate, and the middle of its numbers."""

    row: int
    gate: str
    y: float


def bias_gradients(subject: LayerRun, width: float) -> Diagram:
    """Both biases receive the same gradient, so their sum moves twice."""
    table = _Table(subject, width)
    return Diagram(
        heading=table.head(),
        description=table.description(),
        width=inner_width(width),
        height=table.rows.bottom + BELOW,
        marks=tuple(table.marks()),
        figure_width=width,
    )


def _unit(gradients: Sequence[Number]) -> int:
    """The unit with the largest gradient; the first of several.

    Gradients that differ by rounding alone count as equal.
    """
    sizes = np.abs(np.nan_to_num([float(gradient.value) for gradient in gradients]))
    unit_sizes = sizes.reshape(len(GATES), -1).max(0)
    return int((unit_sizes >= unit_sizes.max() * 0.99999).argmax())


def _columns(subject: LayerRun) -> list[Column]:
    """The gradient of each bias, and the change of their sum in a step of SGD."""
    steps = subject.steps[:MAX_SUMMED_STEPS]
    value, scale = z_gradients(subject.weights, steps)
    by_z = value.sum((0, 1))
    errors = np.sqrt(np.square(scale).sum((0, 1)))
    # Autograd may or may not flush numbers below the smallest normal float to zero.
    tiny = np.finfo(by_z.dtype).tiny
    errors = np.maximum(errors, MIN_SCALE * tiny / ROUNDED)
    refs = {part: Ref(f"grad_bias_{part}") for part in ("ih", "hh")}
    gradients = [
        Column(
            f"bias_{part}.grad",
            f"grad_bias_{part}",
            f"grad-{part}",
            f"bias_{part}",
            Vector(by_z, ref, errors),
        )
        for part, ref in refs.items()
    ]
    moves = [
        Number(-TWICE * number, f"-{(refs['ih'] + refs['hh'])[row]}", TWICE * float(error))
        for row, (number, error) in enumerate(zip(by_z, errors, strict=True))
    ]
    return [
        *gradients,
        Column(
            name="their sum moves by",
            tensor="move",
            id="move",
            term="bias",
            numbers=moves,
            factor=TWICE,
        ),
    ]


class _Table:
    """A row for each gate of a unit, with both gradients and the change of their sum.

    Attributes:
        columns: The columns, from left to right.
        gradients: The gradient of either bias, one for each row of the parameter.
        unit: The unit whose rows are drawn.
        rows: The positions of the rows.
        lines: The rows.
    """

    def __init__(self, subject: LayerRun, width: float):
        self.subject, self.width, self.narrow = subject, width, width < 480
        self.columns = _columns(subject)
        self.gradients = self.columns[0].numbers
        self.unit = _unit(self.gradients)
        size = subject.weights.hidden_size
        self.rows = rows = Rows(
            units=(self.unit,),
            hidden_size=size,
            top=TOP,
            height=ROW_HEIGHT,
            gap=BELOW,
            narrow=self.narrow,
        )
        self.lines = [
            Line(rows.row(gate, unit), gate, rows.y(gate, unit))
            for gate, unit in rows.gate_unit_pairs
        ]

    def marks(self) -> list[Mark]:
        marks = gutter_marks(self.rows, [f"{column.id}-{{row}}" for column in self.columns])
        x = self.rows.left + (2 if self.narrow else 10)
        gap = 18.0 if self.narrow else 44.0
        factors = sum(column.factor for column in self.columns)
        # The bar of the sum is as long as both gradients.
        length = (inner_width(self.width) - x - 2 * gap) / factors
        for column in self.columns:
            right = x + length * column.factor
            middle = x + length * column.factor / 2
            numbers = self.numbers(column, middle)
            bars = self.bars(column, x, right)
            marks += [*numbers, *bars, *self.name(column, middle, [*numbers, *bars])]
            if column is self.columns[0]:
                marks += [
                    words.operator(right + gap / 2, line.y, "=", fill="ink") for line in self.lines
                ]
            x = right + gap
        return marks

    def numbers(self, column: Column, x: float) -> list[Mark]:
        """The numbers of a column, centred at `x`."""
        point = words.Decimals.of(
            [column.numbers[line.row] for line in self.lines], MAX_CHARS, PLACES
        )
        return [
            point.number(
                x,
                line.y,
                column.numbers[line.row],
                size=words.SMALL if self.narrow else words.NUMBER,
                max_chars=MAX_CHARS,
                id=f"{column.id}-{line.row}",
                term=f"{column.term} {line.gate}",
            )
            for line in self.lines
        ]

    def bars(self, column: Column, left: float, right: float) -> list[Mark]:
        """A line at zero, and the bars of a column."""
        # Without a known rounding error, the length of a bar cannot be checked.
        lines = [
            line
            for line in self.lines
            if np.isfinite(column.numbers[line.row].value)
            and np.isfinite(self.gradients[line.row].scale)
        ]
        if not lines:
            return []
        half = BAR_HEIGHT / 2 + 2
        zero = [
            (command, ((left + right) / 2, line.y + DOWN + side))
            for line in lines
            for command, side in (("M", -half), ("L", half))
        ]
        boxes = [box for line in lines for box in self.bar(column, line, left, right)]
        return [Path(tuple(zero), stroke="muted"), *boxes]

    def bar(self, column: Column, line: Line, left: float, right: float) -> list[Mark]:
        """The bar of a number; that of the sum has two halves if they can be seen."""
        total, gradient = column.numbers[line.row], self.gradients[line.row]
        # The rounding error is part of the scale, because a tiny gradient that
        # autograd rounds differently would give bars that do not match.
        end = abs(float(gradient.value)) + ROUNDED * gradient.scale or 1.0
        scale = Scale(-end * column.factor, end * column.factor, left, right)
        value, half_way = float(total.value), -float(gradient.value)
        parts = [("bar", 0.0, total.expr)]
        if column.factor == TWICE and abs(scale(value) - scale(half_way)) > MIN_HALF_WIDTH:
            parts.append(("second", half_way, f"(-{gradient.expr}, {total.expr})"))
        boxes: list[Mark] = []
        for name, start, expr in parts:
            low, high = sorted((scale(start), scale(value)))
            boxes.append(
                Box(
                    low,
                    line.y + DOWN - BAR_HEIGHT / 2,
                    high - low,
                    BAR_HEIGHT,
                    id=f"{column.id}-{line.row}-{name}",
                    fill="pos" if value > 0 else "neg",
                    stroke="paper" if name == "second" else None,
                    term=f"{column.term} {line.gate}",
                    bound=(Length(expr, "width", scale),),
                )
            )
        return boxes

    def name(self, column: Column, x: float, of: Sequence[Mark]) -> list[Mark]:
        """The heading of a column: one line, or two in a narrow figure."""
        parts = [column.name]
        if self.narrow:
            parts = re.split(r" (?=moves)|(?=\.)", column.name)
        return [
            words.label(
                x,
                12 - 15 * (len(parts) - 1 - k),
                part,
                {"tensor": column.tensor},
                of,
                "block",
                style=words.FINE_STRONG if self.narrow else words.STRONG,
                anchor="middle",
                term=column.term,
            )
            for k, part in enumerate(parts)
        ]

    def head(self) -> Head:
        subject = self.subject
        return Head(
            sentence(
                "Two biases, one gradient",
                claim=(
                    "torch.allclose(grad_bias_ih, grad_bias_hh, atol=1e-6 * "
                    "grad_bias_ih.nan_to_num().abs().max().item(), equal_nan=True)"
                ),
            ),
            sentence(
                "Both are added to the same sum, so both get the same gradient, "
                "and a step moves that sum twice as far as either."
            ),
            provenance(subject),
            tuple(self.notes()),
            origin(subject),
        )

    def notes(self) -> list[Sentence]:
        """What the gradient is of, and which unit is drawn."""
        subject = self.subject
        notes = [
            sentence(
                "The gradient is that of {}.sum(), and the step is one of plain "
                "SGD whose learning rate is one: it goes against the gradient. Of "
                "the last bars, the outer half is what the second bias adds. Each "
                "row has a scale of its own.",
                (subject.summed_output, f"{subject.summed_output!r} * bool(grad_bias_ih.dim())"),
            )
        ]
        if subject.weights.bias_ih is None:
            notes.append(
                sentence(
                    "The module has no biases; two that are zero would receive these gradients.",
                    claim=f"not {subject.variable}.bias",
                )
            )
        if subject.weights.hidden_size > 1:
            sizes = "grad_bias_ih.nan_to_num().reshape(4, -1).abs().amax(0)"
            first = f"(lambda each: (each >= each.max() * 0.99999).int())({sizes})"
            notes.append(
                sentence(
                    "Drawn are the rows of unit {} of {}, the one with the largest gradient.",
                    (self.unit, f"{first}.argmax().item()"),
                    (subject.weights.hidden_size, "c.shape[-1]"),
                    claim=largest_claim(sizes, [self.unit]),
                )
            )
        return notes

    def description(self) -> str:
        """The numbers of each row."""
        return " ".join(
            f"Row {line.row}, gate {line.gate} ({GATE_NAMES[line.gate].name}): "
            + "; ".join(f"{c.name} {text(c.numbers[line.row].value, PLACES)}" for c in self.columns)
            + "."
            for line in self.lines
        )
