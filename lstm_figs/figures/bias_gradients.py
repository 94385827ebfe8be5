"""The figure `bias-gradients`: both biases receive the same gradient, so their sum moves twice."""

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

TOP, ROW_HEIGHT, BAR_HEIGHT = 26.0, 20.0, 14.0
"""The heights of the headings, of a row and of a bar."""
HEADING_MIDDLE, HEADING_LINE = 12.0, 15.0
"""The middle of the last line of a heading, and the distance between two lines."""
COLUMN_WIDTH, COLUMN_GAP = 96.0, 28.0
"""The width of a column of gradients, and the gap between two, for the sign between them."""
NARROW_COLUMN_WIDTH, NARROW_COLUMN_GAP = 62.0, 18.0
"""The same in a narrow figure."""
BARS_GAP = 12.0
"""The gap at both sides of the bars if they are beside numbers."""
ZERO_OVERHANG = 3.0
"""How far the line at zero reaches beyond a bar."""
NOTE_GAP = 2.0
"""From the longest bar down to the words on its halves."""
CLOSE_TO_LARGEST = 0.99999
"""A gradient is as large as the largest one if it is at least this share of it; the
difference is rounding."""
NARROWEST_WIDE = 560
"""Narrower figures have their bars below the numbers."""
WIDE_GAP, NARROW_GAP = 22.0, 40.0
"""The gaps between two rows, in which there is a bar if the figure is narrow."""
DOWN = 18.0
"""From the middle of a row down to the middle of its bar, or to the words on it."""
LINE_MIDDLE = words.line_height(words.SMALL) / 2
"""From the top of a line of small text to its middle."""
MIN_HALF_WIDTH = 2.5
"""A bar has two visible halves only if each is at least this long."""
PLACES, MAX_CHARS = 5, 8
"""Digits after the point of a gradient, and characters. The sum has one digit less, so
that rounding does not make it look wrong: 0.04253 twice is not 0.08505, but 0.0851."""
ROUNDED = 2e-5
"""The rounding error of a gradient, as a share of its scale."""
MIN_SCALE = 1e3
"""The least end of the bars' scale, in multiples of the smallest normal float."""
TWICE = 2
"""The sum of both biases moves by this many gradients."""
NARROW_NAMES = {
    "bias_ih.grad": ("bias_ih", ".grad"),
    "bias_hh.grad": ("bias_hh", ".grad"),
    "their sum moves by": ("their sum", "moves by"),
}
"""The heading of a column -> its two lines in a narrow figure."""


class Column(NamedTuple):
    """A column with one number for each row.

    Attributes:
        name: The heading.
        tensor: The tensor that the heading is bound to.
        id: The prefix of the ids of its numbers.
        term: Its term.
        numbers: One for each row of the parameter.
    """

    name: str
    tensor: str
    id: str
    term: str
    numbers: Sequence[Number]


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
        height=table.rows.bottom + (DOWN + BAR_HEIGHT if table.narrow else BAR_HEIGHT),
        marks=tuple(table.marks()),
        figure_width=width,
    )


def _unit(gradients: Sequence[Number]) -> int:
    """The unit with the largest gradient; the first of several.

    Gradients that differ by rounding alone count as equal.
    """
    sizes = np.abs(np.nan_to_num([float(gradient.value) for gradient in gradients]))
    # Row k of each gate belongs to unit k.
    unit_sizes = sizes.reshape(len(GATES), -1).max(0)
    return int((unit_sizes >= unit_sizes.max() * CLOSE_TO_LARGEST).argmax())


def _columns(subject: LayerRun) -> list[Column]:
    """The gradient of each bias, and the change of their sum in a step of SGD."""
    steps = subject.steps[:MAX_SUMMED_STEPS]
    value, scale = z_gradients(subject.weights, steps)
    # Each step and each sequence adds to the gradient of a bias. Independent rounding
    # errors add up as squares.
    by_row = value.sum((0, 1))
    errors = np.sqrt(np.square(scale).sum((0, 1)))
    # Autograd may or may not flush numbers below the smallest normal float to zero.
    tiny = np.finfo(by_row.dtype).tiny
    errors = np.maximum(errors, MIN_SCALE * tiny / ROUNDED)
    refs = {part: Ref(f"grad_bias_{part}") for part in ("ih", "hh")}
    gradients = [
        Column(
            f"bias_{part}.grad",
            f"grad_bias_{part}",
            f"grad-{part}",
            f"bias_{part}",
            Vector(by_row, ref, errors),
        )
        for part, ref in refs.items()
    ]
    moves = [
        Number(-TWICE * gradient, f"-{(refs['ih'] + refs['hh'])[row]}", TWICE * float(error))
        for row, (gradient, error) in enumerate(zip(by_row, errors, strict=True))
    ]
    return [
        *gradients,
        Column(name="their sum moves by", tensor="move", id="move", term="bias", numbers=moves),
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
        self.subject, self.width, self.narrow = subject, width, width < NARROWEST_WIDE
        self.columns = _columns(subject)
        self.gradients = self.columns[0].numbers
        self.unit = _unit(self.gradients)
        size = subject.weights.hidden_size
        self.rows = rows = Rows(
            units=(self.unit,),
            hidden_size=size,
            top=TOP,
            height=ROW_HEIGHT,
            gap=NARROW_GAP if self.narrow else WIDE_GAP,
            is_narrow=self.narrow,
        )
        self.lines = [
            Line(rows.row(gate, unit), gate, rows.y(gate, unit))
            for gate, unit in rows.gate_unit_pairs
        ]

    def marks(self) -> list[Mark]:
        marks = gutter_marks(self.rows, [f"{column.id}-{{row}}" for column in self.columns])
        first, second, move = self.columns
        space = inner_width(self.width)
        width, gap = COLUMN_WIDTH, COLUMN_GAP
        if self.narrow:
            width, gap = NARROW_COLUMN_WIDTH, NARROW_COLUMN_GAP
        left = self.rows.left + (4 if self.narrow else 10)
        for column, x in ((first, left), (second, left + width + gap)):
            numbers = self.numbers(column, x + width / 2)
            marks += [*numbers, *self.name(column, x + width / 2, numbers)]
        marks += [
            words.operator(left + width + gap / 2, line.y, "=", fill="ink") for line in self.lines
        ]
        half = self.decimals(move).width(self.number_size) / 2
        if self.narrow:
            half = max(half, words.width("moves by", words.SMALL, bold=True) / 2)
        numbers = self.numbers(move, space - half)
        if self.narrow:
            # The bars are below all columns, and the heading is above the numbers.
            bars = self.bars(move, left, space)
            heading = self.name(move, space - half, numbers)
        else:
            bars_left = left + 2 * (width + gap) + BARS_GAP
            bars = self.bars(move, bars_left, space - 2 * half - BARS_GAP)
            heading = self.name(move, (bars_left + space) / 2, [*numbers, *bars])
        row, _ = words.paragraph(
            self.rows.left - 5,
            HEADING_MIDDLE - LINE_MIDDLE,
            sentence("row"),
            40,
            size=words.SMALL,
            anchor="end",
        )
        return [row, *marks, *numbers, *bars, *heading]

    @property
    def number_size(self) -> float:
        """The font size of the numbers."""
        return words.SMALL if self.narrow else words.NUMBER

    def decimals(self, column: Column) -> words.NumberAlignment:
        """How the numbers of a column align."""
        numbers_of_column = [column.numbers[line.row] for line in self.lines]
        return words.NumberAlignment.of(numbers_of_column, MAX_CHARS, self.places(column))

    def places(self, column: Column) -> int:
        """The digits after the point of the numbers of a column."""
        return PLACES - 1 if column.id == "move" else PLACES

    def numbers(self, column: Column, x: float) -> list[Mark]:
        """The numbers of a column, centred at `x`."""
        alignment = self.decimals(column)
        return [
            alignment.number(
                x,
                line.y,
                column.numbers[line.row],
                size=self.number_size,
                max_chars=MAX_CHARS,
                id=f"{column.id}-{line.row}",
                term=f"{column.term} {line.gate}",
            )
            for line in self.lines
        ]

    def bars(self, column: Column, left: float, right: float) -> list[Mark]:
        """A line at zero, the bars of the sum, and what the outer half of one is."""
        # Without a known rounding error, the length of a bar cannot be checked.
        lines = [
            line
            for line in self.lines
            if np.isfinite(column.numbers[line.row].value)
            and np.isfinite(self.gradients[line.row].scale)
        ]
        if not lines:
            return []
        values = {line.row: float(column.numbers[line.row].value) for line in lines}
        # The rounding error is part of the scale, because a tiny gradient that
        # autograd rounds differently would give bars that do not match.
        min_length = max(TWICE * ROUNDED * self.gradients[line.row].scale for line in lines)
        low, high = min(0.0, *values.values()), max(0.0, *values.values())
        if high - low < min_length:
            low, high = -min_length, min_length
        scale = Scale(low, high, left, right)
        down, half = (DOWN if self.narrow else 0.0), BAR_HEIGHT / 2 + ZERO_OVERHANG
        spans = [(line.y + down - half, line.y + down + half) for line in lines]
        if not self.narrow:
            # There are no numbers between the bars, so one line passes all.
            spans = [(min(top for top, _ in spans), max(bottom for _, bottom in spans))]
        zero = [
            command
            for top, bottom in spans
            for command in (("M", (scale(0), top)), ("L", (scale(0), bottom)))
        ]
        boxes = [box for line in lines for box in self.bar(column, line, scale, line.y + down)]
        longest = max(lines, key=lambda line: abs(values[line.row]))
        note = self.half_note(scale, values[longest.row], longest.y + down)
        return [Path(tuple(zero), stroke="muted"), *boxes, *note]

    def bar(self, column: Column, line: Line, scale: Scale, y: float) -> list[Mark]:
        """The bar of a number, in two halves if they can be seen."""
        total, gradient = column.numbers[line.row], self.gradients[line.row]
        value, half_way = float(total.value), -float(gradient.value)
        # The second half is drawn on the whole bar.
        parts = [("bar", 0.0, total.expr)]
        if abs(scale(value) - scale(half_way)) > MIN_HALF_WIDTH:
            parts.append(("second", half_way, f"(-{gradient.expr}, {total.expr})"))
        boxes: list[Mark] = []
        for name, start, expr in parts:
            low, high = sorted((scale(start), scale(value)))
            boxes.append(
                Box(
                    low,
                    y - BAR_HEIGHT / 2,
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

    def half_note(self, scale: Scale, value: float, y: float) -> list[Mark]:
        """Which bias adds which half of the longest bar, below it if the words fit."""
        if abs(scale(value) - scale(0)) < 2 * words.width("by bias_hh", words.SMALL) + 12:
            return []
        marks: list[Mark] = []
        # The middles of the halves are at a quarter and at three quarters of the bar.
        for words_of_half, share in (("by bias_ih", 0.25), ("by bias_hh", 0.75)):
            line, _ = words.paragraph(
                scale(share * value),
                y + BAR_HEIGHT / 2 + NOTE_GAP,
                sentence(words_of_half),
                90,
                size=words.SMALL,
                anchor="middle",
            )
            marks.append(line)
        return marks

    def name(self, column: Column, x: float, of: Sequence[Mark]) -> list[Mark]:
        """The heading of a column: one line, or two in a narrow figure."""
        lines = NARROW_NAMES[column.name] if self.narrow else (column.name,)
        return [
            words.label(
                x,
                HEADING_MIDDLE - HEADING_LINE * (len(lines) - 1 - k),
                line,
                names={"tensor": column.tensor},
                of=of,
                along="column" if self.narrow else "block",
                style=words.FINE_STRONG if self.narrow else words.STRONG,
                anchor="middle",
                term=column.term,
            )
            for k, line in enumerate(lines)
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
                "Both are added to one sum, so a step of SGD moves the sum twice as far as either."
            ),
            provenance(subject),
            tuple(self.notes()),
            origin(subject),
        )

    def notes(self) -> list[Sentence]:
        """What the gradient is of, and which unit is drawn."""
        subject, size = self.subject, self.subject.weights.hidden_size
        template = "Gradients of {}.sum(); learning rate one."
        # The name is no value of a tensor. Its expression is the name itself, times one.
        values: list[tuple[object, str]] = [
            (subject.summed_output, f"{subject.summed_output!r} * bool(grad_bias_ih.dim())")
        ]
        claim = ""
        if size > 1:
            sizes = "grad_bias_ih.nan_to_num().reshape(4, -1).abs().amax(0)"
            first = f"(lambda each: (each >= each.max() * {CLOSE_TO_LARGEST}).int())({sizes})"
            template = "Gradients of {}.sum() in unit {}, the largest; learning rate one."
            values.append((self.unit, f"{first}.argmax().item()"))
            claim = largest_claim(sizes, [self.unit])
        notes = [sentence(template, *values, claim=claim)]
        if subject.weights.bias_ih is None:
            notes.append(
                sentence(
                    "The module has no biases; two that are zero would receive these gradients.",
                    claim=f"not {subject.variable}.bias",
                )
            )
        return notes

    def description(self) -> str:
        """The numbers of each row."""
        return " ".join(
            f"Row {line.row}, gate {line.gate} ({GATE_NAMES[line.gate].name}): "
            + "; ".join(
                f"{c.name} {text(c.numbers[line.row].value, self.places(c))}" for c in self.columns
            )
            + "."
            for line in self.lines
        )
