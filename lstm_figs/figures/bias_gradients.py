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
from ..proof.bindings import Length, Scale, sentence
from ..proof.digits import text
from ..scene.marks import Box, Mark, Path
from ..scene.scenes import Diagram, Head
from ..scene.terms import GATE_NAMES
from ..scene.theme import Paint

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
    """

    name: str
    tensor: str
    id: str
    term: str
    numbers: Sequence[Number]


def bias_gradients(subject: LayerRun, width: float) -> Diagram:
    """Both biases receive the same gradient, so their sum moves twice."""
    size, narrow = subject.weights.hidden_size, width < 480
    columns = _columns(subject)
    unit = _unit(columns[0].numbers)
    rows = Rows((unit,), size, TOP, ROW_HEIGHT, BELOW, narrow)
    row_indices = [rows.row(*pair) for pair in rows.gate_unit_pairs]
    ids = [f"{column.id}-{{row}}" for column in columns]
    marks: list[Mark] = gutter_marks(rows, ids)
    x = rows.left + (2 if narrow else 10)
    gap = 18.0 if narrow else 44.0
    # The bar of the sum is as long as both gradients, so a gradient gets a quarter.
    length = (inner_width(width) - x - 2 * gap) / (2 + TWICE)
    for k, column in enumerate(columns):
        bar_width = length * (TWICE if column.id == "move" else 1)
        bars, bar_ids = _bars(columns, k, rows, x, x + bar_width)
        marks += _numbers(column, rows, x + bar_width / 2, narrow) + bars
        marks += _name(column, bar_ids, x + bar_width / 2, narrow)
        if not k:
            marks += _equals_signs(rows, x + bar_width + gap / 2)
        x += bar_width + gap
    description = " ".join(
        f"Row {row}, gate {GATES[row // size]} "
        f"({GATE_NAMES[GATES[row // size]].name}): "
        + "; ".join(f"{c.name} {text(c.numbers[row].value, PLACES)}" for c in columns)
        + "."
        for row in row_indices
    )
    return Diagram(
        _head(subject, unit),
        description,
        inner_width(width),
        rows.bottom + BELOW,
        tuple(marks),
        width,
    )


def _unit(gradients: Sequence[Number]) -> int:
    """The unit with the largest gradient; the first of several.

    Gradients that differ by rounding alone count as equal.
    """
    sizes = np.abs(np.nan_to_num([float(gradient.value) for gradient in gradients]))
    unit_sizes = sizes.reshape(len(GATES), -1).max(0)
    return int((unit_sizes >= unit_sizes.max() * 0.99999).argmax())


def _head(subject: LayerRun, unit: int) -> Head:
    has_bias = subject.weights.bias_ih is not None
    notes = [
        sentence(
            "The gradient is that of {}.sum(), and the step is one of plain "
            "SGD whose learning rate is one: it goes against the gradient. Of "
            "the last bars, the outer half is what the second bias adds. Each "
            "row has a scale of its own.",
            (subject.summed_output, f"{subject.summed_output!r} * bool(grad_bias_ih.dim())"),
        )
    ]
    if not has_bias:
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
                (unit, f"{first}.argmax().item()"),
                (subject.weights.hidden_size, "c.shape[-1]"),
                claim=largest_claim(sizes, [unit]),
            )
        )
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
        tuple(notes),
        origin(subject),
    )


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
    return [*gradients, Column("their sum moves by", "move", "move", "bias", moves)]


def _equals_signs(rows: Rows, x: float) -> list[Mark]:
    """The equals sign between both gradients in each row."""
    return [words.operator(x, rows.y(*pair), "=", fill="ink") for pair in rows.gate_unit_pairs]


def _numbers(column: Column, rows: Rows, x: float, narrow: bool) -> list[Mark]:
    """The numbers of a column, centred at `x`."""
    size = words.SMALL if narrow else words.NUMBER
    numbers = [column.numbers[rows.row(*pair)] for pair in rows.gate_unit_pairs]
    point = words.Decimals.of(numbers, MAX_CHARS, PLACES)
    return [
        point.number(
            x,
            rows.y(*pair),
            number,
            size=size,
            max_chars=MAX_CHARS,
            id=f"{column.id}-{rows.row(*pair)}",
            term=f"{column.term} {pair[0]}",
        )
        for pair, number in zip(rows.gate_unit_pairs, numbers, strict=True)
    ]


def _bars(
    columns: Sequence[Column], k: int, rows: Rows, left: float, right: float
) -> tuple[list[Mark], list[str]]:
    """The bars of a column and their ids; the bar of the sum has two halves."""
    column, gradients = columns[k], columns[0]
    row_indices = [rows.row(*pair) for pair in rows.gate_unit_pairs]
    # Without a known rounding error, the length of a bar cannot be checked.
    finite_rows = {
        row
        for row in row_indices
        if np.isfinite(column.numbers[row].value) and np.isfinite(gradients.numbers[row].scale)
    }
    is_move = column.id == "move"
    half = BAR_HEIGHT / 2 + 2
    zero = [
        (command, ((left + right) / 2, rows.y(*pair) + DOWN + side))
        for pair, row in zip(rows.gate_unit_pairs, row_indices, strict=True)
        if row in finite_rows
        for command, side in (("M", -half), ("L", half))
    ]
    marks: list[Mark] = [Path(tuple(zero), stroke="muted")] if zero else []
    bar_ids = []
    for pair, row in zip(rows.gate_unit_pairs, row_indices, strict=True):
        total, gradient = column.numbers[row], gradients.numbers[row]
        if row not in finite_rows:
            continue
        # The rounding error is part of the scale, because a tiny gradient that
        # autograd rounds differently would give bars that do not match.
        end = abs(float(gradient.value)) + ROUNDED * gradient.scale or 1.0
        end *= TWICE if is_move else 1
        scale = Scale(-end, end, left, right)
        value = float(total.value)
        paint: Paint = "pos" if value > 0 else "neg"
        parts = [(0.0, "bar", total.expr)]
        half_way = -float(gradient.value)
        if is_move and abs(scale(value) - scale(half_way)) > MIN_HALF_WIDTH:
            expression = f"(-{gradient.expr}, {total.expr})"
            parts.append((half_way, "second", expression))
        for start, name, expr in parts:
            low, high = sorted((scale(start), scale(value)))
            is_second = name == "second"
            id = f"{column.id}-{row}-{name}"
            marks.append(
                Box(
                    low,
                    rows.y(*pair) + DOWN - BAR_HEIGHT / 2,
                    high - low,
                    BAR_HEIGHT,
                    id=id,
                    fill=paint,
                    stroke="paper" if is_second else None,
                    term=f"{column.term} {pair[0]}",
                    bound=(Length(expr, "width", scale),),
                )
            )
            bar_ids.append(id)
    return marks, bar_ids


def _lines(column: Column, narrow: bool) -> list[str]:
    """The lines of a heading: one, or two in a narrow figure."""
    if narrow:
        return list(re.split(r" (?=moves)|(?=\.)", column.name))
    return [column.name]


def _name(column: Column, bars: Sequence[str], x: float, narrow: bool) -> list[Mark]:
    """The heading of a column."""
    lines = _lines(column, narrow)
    return [
        words.label(
            x,
            12 - 15 * (len(lines) - 1 - k),
            line,
            {"tensor": column.tensor},
            [f"{column.id}-*", *bars],
            "block",
            style=words.FINE_STRONG if narrow else words.STRONG,
            anchor="middle",
            term=column.term,
        )
        for k, line in enumerate(lines)
    ]
