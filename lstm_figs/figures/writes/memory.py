"""The decomposition of c into what each step wrote and what is left of it.

A row is a moment, a column is what one or several steps wrote, and the cells of
a row add up to c. In long sequences, a column pools neighbouring steps: the
words of a text, its lines, or equal shares.
"""

import math
from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from ...layout.motifs import over_time
from ...layout.motifs.population import Choice, unit_choice
from ...layout.unit_choice import selected_units
from ...model.layer_run import LayerRun
from ...model.reference import Number, Ref
from ...model.tensors import Array
from ...model.writes import split
from ...names import visible_token
from ...proof.bindings import Says
from ...proof.literals import text
from ...scene import metrics

MAX_STEPS = 40
"""Longer sequences are pooled to at most this many rows and columns."""
MAX_UNITS = 2
"""The most units to draw unless some are requested."""
WORD_ENDS, LINE_ENDS = " \t\n␣⇥⏎↓", "\n⏎↓"
"""The characters that end a word and a line, as they are or as visible signs."""
MAX_ERASED = 0.1
"""A step erases if it keeps less than this share."""
MAX_LABEL_LENGTH = 12
"""The most characters of a word or line in a row label."""


class Column(NamedTuple):
    """One or several consecutive steps.

    Attributes:
        first: The first step, counted from 0 in the order of processing.
        last: The last step; the column has cells from the row after this step
            on.
        label: The label: a token, a word, the time of the last step, or step numbers.
        says: The expression of the label; None for step numbers.
    """

    first: int
    last: int
    label: str
    says: Says | None


class Memory(NamedTuple):
    """The rows, the columns, and the cells of each unit.

    Attributes:
        subject: The run, layer and direction to draw.
        units: The drawn units.
        columns: The columns; there is one row after the last step of each.
        remaining: The cells, shape `(rows, 1 + columns, units)`. The first
            column is the initial state.
        retained: The share that is kept from one row to the next, shape `(rows,
            units)`.
        c: The cell state, shape `(rows, units)`.
        written_out_rows: The row of each unit that is written out as a total.
        has_requested_units: Whether the user chose the units.
        representatives: The few units that represent all; None if units are requested, all are
            drawn, or there is no basis to choose.
        has_requested_row: Whether the user chose the row.
    """

    subject: LayerRun
    units: tuple[int, ...]
    columns: tuple[Column, ...]
    remaining: Array
    retained: Array
    c: Array
    written_out_rows: tuple[int, ...]
    has_requested_units: bool
    representatives: Choice | None
    has_requested_row: bool

    @property
    def is_pooled(self) -> bool:
        """Whether a column pools several steps."""
        return len(self.columns) < len(self.subject.steps)

    @property
    def clocked_columns(self) -> int:
        """How many columns have an axis of time: all, or all but a last one that is shorter.

        0 if the duration of a step is unknown, or if other columns differ in length.
        """
        clock = self.subject.trace.clock
        if not (clock and clock.step_seconds):
            return 0
        first_length, *others = (column.last - column.first + 1 for column in self.columns)
        equal = [length == first_length for length in others]
        if not all(equal[:-1]) or (others and others[-1] > first_length):
            return 0
        return len(self.columns) if all(equal) else len(self.columns) - 1

    @property
    def has_times(self) -> bool:
        """Whether steps are named by their times: by an axis, or by those of the input."""
        clock = self.subject.trace.clock
        return bool(self.clocked_columns or (clock and clock.times))

    @property
    def is_finite(self) -> bool:
        """Whether all cells are finite."""
        return bool(np.isfinite(self.remaining).all())

    @property
    def first_column(self) -> int:
        """The first visible column: 0 if the initial state is not zero, else 1."""
        return 0 if self.subject.steps[0].c_prev[0, self.units].any() else 1

    @property
    def largest_cell(self) -> Number | None:
        """The largest cell; None if all are zero."""
        sizes = np.where(np.isfinite(self.remaining), abs(self.remaining), 0)
        row, column, unit_index = np.unravel_index(np.argmax(sizes), sizes.shape)
        if not sizes[row, column, unit_index]:
            return None
        return self.cell(int(row), int(column), int(unit_index))

    @property
    def limit(self) -> float:
        """The magnitude with the strongest colour; any will do if all cells are zero."""
        return abs(float(self.largest_cell.value)) if self.largest_cell else 1.0

    def scale(self, row: int) -> float:
        """Return the scale of rounding errors in a row, summed over all steps before."""
        last = self.columns[row].last
        return sum(step.scale for step in self.subject.steps[: last + 1])

    def cell(self, row: int, column: int, unit_index: int) -> Number:
        """Return what is left of a column in a row."""
        ref = Ref("cells")[row, column, self.units[unit_index]]
        return Number(self.remaining[row, column, unit_index], ref, self.scale(row))

    def sum(self, row: int, unit_index: int) -> Number:
        """Return c after a row, which is the sum of its cells."""
        ref = Ref("c")[self.columns[row].last, 0, self.units[unit_index]]
        return Number(self.c[row, unit_index], ref, self.scale(row))

    def step(self, row: int) -> int:
        """Return the number of the step before a row."""
        return self.subject.step_number(self.columns[row].last)

    def written(self, column: int) -> str:
        """Return the steps of a column as labels name them; "0" is the initial state."""
        if not column:
            return "0"
        steps = self.columns[column - 1]
        # In the reverse direction, the first step has the larger number.
        low, high = sorted(map(self.subject.step_number, (steps.first, steps.last)))
        return str(low) if low == high else f"{low}..{high}"


def memory_of(subject: LayerRun, requested_units: tuple[int, ...], step: int | None) -> Memory:
    """Split c of some units into what each step wrote.

    Args:
        subject: The run, layer and direction to draw.
        requested_units: The units; empty to choose them, see `units_of`.
        step: The step after which the row is written out; None for the row with
            the largest |c| of each unit.
    """
    units, representatives = units_of(subject, requested_units)
    last = None if step is None else subject.step_index(step)
    columns = _columns(subject, last)
    ends = [column.last for column in columns]
    steps, unit_list = subject.steps, list(units)
    c = np.array([step.c[0, unit_list] for step in steps])
    f = np.array([step.f[0, unit_list] for step in steps], np.float64)
    with np.errstate(all="ignore"):
        new = [np.multiply(step.i, step.g)[0, unit_list] for step in steps]
        retained = np.array([f[column.first : column.last + 1].prod(0) for column in columns])
    # The largest finite |c|; others are less than any magnitude.
    sizes = np.nan_to_num(abs(c[ends]), nan=-1, posinf=-1)
    rows = sizes.argmax(0) if last is None else [ends.index(last)] * len(units)
    return Memory(
        subject=subject,
        units=units,
        columns=columns,
        remaining=split(f, np.array([steps[0].c_prev[0, unit_list], *new]), ends),
        retained=retained,
        c=c[ends],
        written_out_rows=tuple(map(int, rows)),
        has_requested_units=bool(requested_units),
        representatives=representatives,
        has_requested_row=last is not None,
    )


def units_of(
    subject: LayerRun, requested: tuple[int, ...]
) -> tuple[tuple[int, ...], Choice | None]:
    """Return the units to draw, and the representatives if they are these, else None.

    Raises:
        BeyondLimit: If there is no such unit, or there are too many.
    """
    representatives = unit_choice(subject, requested, MAX_UNITS)
    if representatives:
        return representatives.units, representatives
    c = np.array([step.c[0] for step in subject.steps])
    farthest = np.nan_to_num(abs(c), nan=np.inf).max(0)
    units = selected_units(subject, requested, farthest, MAX_UNITS)
    if requested or subject.weights.hidden_size <= MAX_UNITS:
        return units, None
    # One unit of many gets the whole width.
    return (int(farthest.argmax()),), None


def _columns(subject: LayerRun, last: int | None) -> tuple[Column, ...]:
    """Return the columns: single steps, or pooled ones.

    Args:
        subject: The run, layer and direction to draw.
        last: A step that must be the last of a column, if any.
    """
    count, tokens = len(subject.steps), subject.trace.tokens
    read_tokens = [tokens[subject.step_number(t) - 1] for t in range(count)] if tokens else []
    are_letters = bool(read_tokens) and over_time.are_letters(read_tokens)
    ends = list(range(count))
    if count > MAX_STEPS:
        ends = _last_steps(count, read_tokens if are_letters else [])
        if last is not None and last not in ends:
            ends = sorted([*ends, last])
    spans = [(before + 1, end) for before, end in pairwise([-1, *ends])]
    return tuple(
        Column(first, end, *_label(subject, k, first, end, read_tokens))
        for k, (first, end) in enumerate(spans)
    )


def _last_steps(count: int, letters: Sequence[str]) -> list[int]:
    """Return the last steps of words, of lines, or of equal shares."""
    ends = list(range(count))
    for signs in (WORD_ENDS, LINE_ENDS) if letters else ():
        breaks = {t for t in range(count) if letters[t] in signs}
        if breaks and len(breaks) < len(ends):
            ends = sorted({*breaks, count - 1})
        if len(ends) <= MAX_STEPS:
            return ends
    # There are too many words and lines, or none: join as many of them as needed.
    pooled = math.ceil(len(ends) / MAX_STEPS)
    return sorted({*ends[pooled - 1 :: pooled], ends[-1]})


def _label(
    subject: LayerRun, k: int, first: int, last: int, read_tokens: Sequence[str]
) -> tuple[str, Says | None]:
    """Return the label of a column, and its expression."""
    labels = sorted(map(subject.step_number, (first, last)))
    clock = subject.trace.clock
    if clock and clock.times:
        step = subject.step_number(last)
        time = clock.times[step - 1]
        return time, Says(((time, f"times[{step - 1}]"),))
    if not read_tokens:
        label = str(labels[0]) if first == last else f"{labels[0]}–{labels[1]}"
        return label, None
    is_pooled = len(subject.steps) > MAX_STEPS
    token, expr = read_tokens[first], f"tokens[{labels[0] - 1}]"
    if is_pooled:
        are_letters = over_time.are_letters(read_tokens)
        token, expr = joined(read_tokens[first : last + 1], are_letters), f"words[{k}]"
    if metrics.column_count(token) > MAX_LABEL_LENGTH:
        token, expr = metrics.elided(token, expr, MAX_LABEL_LENGTH - 1)
    # Spaces between words stay; a token with a space is drawn with a sign for it.
    parts = token.split(" ") if is_pooled and token.strip() else [token]
    printed = " ".join(map(visible_token, parts))
    return printed, Says(((printed, expr),))


def joined(read_tokens: Sequence[str], are_letters: bool) -> str:
    """Join the tokens of a column into one word, without the white space around it.

    >>> joined("we ", True), joined(["not", "a"], False), joined(" ", True)
    ('we', 'not a', ' ')
    """
    word = ("" if are_letters else " ").join(read_tokens)
    return " ".join(word.split()) or word


def setup(memory: Memory) -> list[str]:
    """Return the Python code that computes the cells."""
    subject, columns = memory.subject, memory.columns
    ends = str([column.last + 1 for column in columns])
    if not memory.is_pooled:
        ends = f"[*range(1, {len(columns) + 1})]"
    lines = [_LEFT.format(ends)]
    if memory.is_pooled:
        lines.append(_RETAINED)
        if subject.trace.tokens:
            tokens_expr = "tokens[::-1]" if subject.direction == "reverse" else "tokens"
            are_letters = over_time.are_letters(subject.trace.tokens)
            lines.append(_WORDS.format(text("" if are_letters else " "), tokens_expr))
    return lines


_LEFT = """\
# What c was at the start and what each step wrote into it; every later step
# multiplies it by its f. In `cells` is what there is of it after the steps that
# are `ends`: a row for each, and a column for what was written since the last.
ends = {}
written = torch.cat([c_prev[:1, 0], (i * g)[:, 0]]).detach().double()
cells = written.new_zeros(len(ends), len(ends) + 1, written.shape[1])
for t in range(len(f)):
    written[: t + 1] *= f[t, 0].detach()
    if t + 1 in ends:
        row = ends.index(t + 1)
        cells[row, 0] = written[0]
        for k in range(row + 1):
            start = ends[k - 1] if k else 0
            cells[row, k + 1] = written[start + 1 : ends[k] + 1].sum(0)"""
"""Python that computes what is left of each write."""

_RETAINED = """\
# What is left from one of these rows to the next.
kept = torch.stack([
    f[start:end, 0].detach().double().prod(0)
    for start, end in zip([0, *ends], ends)
])"""
"""Python that computes which share is left from row to row."""

_WORDS = """\
# What was read since the last of these steps.
words = [{}.join(({})[start:end]) for start, end in zip([0, *ends], ends)]
words = [" ".join(word.split()) or word for word in words]"""
"""Python that joins the tokens between two rows."""
