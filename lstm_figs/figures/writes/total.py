"""The total of one row: its largest cells, the rest, and their sum c."""

import math
from collections.abc import Sequence
from typing import NamedTuple

from ...layout import styles, words
from ...layout.motifs import over_time
from ...model.reference import Number, Ref
from ...proof.bindings import Length, Says, Scale
from ...scene.marks import Box, Mark, Path, Text
from . import cells
from .memory import Memory

MAX_ADDENDS = 4
"""The most cells with a line of their own, as long as each exceeds the rest together."""
MAX_ALL_ADDENDS = 24
"""The most such cells of all units together where the rest would exceed one of them."""
MIN_SHARE = 0.1
"""A cell gets its own line from this share of the largest cell on."""
HEADING_HEIGHT, LINE_HEIGHT, BAR_HEIGHT = 22.0, 16.0, 9.0
"""The heights of the heading, of a line and of its bar."""


class Addend(NamedTuple):
    """One line of a total.

    Attributes:
        columns: The columns that it sums; empty for the line of c.
        number: The sum.
        ends: The values at which its bar begins and ends.
        of: The expression of these values.
    """

    columns: tuple[int, ...]
    number: Number
    ends: tuple[float, float]
    of: str

    @property
    def is_finite(self) -> bool:
        """Whether it has a bar."""
        return all(map(math.isfinite, self.ends))


class Total(NamedTuple):
    """A row that is written out as a sum.

    Attributes:
        memory: The rows and columns of all units.
        unit_index: The index of the unit in `memory.units`.
        row: The index of the row.
        addends: The lines of single cells, in order.
        others: The line of all other cells, if there are any.
        sum: The line of c.
    """

    memory: Memory
    unit_index: int
    row: int
    addends: tuple[Addend, ...]
    others: Addend | None
    sum: Addend

    @property
    def lines(self) -> tuple[Addend, ...]:
        """All lines, from top to bottom."""
        rest = (self.others,) if self.others else ()
        return (*self.addends, *rest, self.sum)

    @property
    def height(self) -> float:
        """The height of the total."""
        return HEADING_HEIGHT + LINE_HEIGHT * len(self.lines)

    @property
    def width(self) -> float:
        """The least width, with the shortest bars."""
        numbers = _decimals(self).width(words.SMALL)
        return _names_width(self) + numbers + 2 * NAME_GAP + MIN_BARS_WIDTH


def total(memory: Memory, unit_index: int) -> Total:
    """Return the total of the chosen row of a unit."""
    row, unit = memory.written_out_rows[unit_index], memory.units[unit_index]
    values = memory.remaining[row, :, unit_index]
    # NaN comes first, because it alone decides what the sum is.
    sizes = [math.inf if math.isnan(value) else abs(value) for value in values.tolist()]
    nonzero = [k for k in range(memory.first_column, row + 2) if sizes[k]]
    ranked = sorted(nonzero, key=lambda k: (-round(sizes[k], 6), k))
    min_size = MIN_SHARE * max(sizes)
    count = len([k for k in ranked[:MAX_ADDENDS] if sizes[k] >= min_size])
    # Many units share the space.
    max_count = max(2 * MAX_ADDENDS, MAX_ALL_ADDENDS // len(memory.units))
    while memory.is_finite and count < min(max_count, len(ranked)):
        if abs(values[ranked[count:]].sum()) <= sizes[ranked[count - 1]]:
            break
        count += 1
    own_columns = sorted(ranked[:count])
    rest = [k for k in nonzero if k not in own_columns]
    if len(rest) == 1:
        # A line of its own takes no more space than a line for the rest.
        own_columns, rest = sorted([*own_columns, *rest]), []
    ref = Ref("cells")
    scale = memory.scale(row)
    addends: list[Addend] = []
    # The columns above, and their sum, at which the next bar begins.
    done: list[int] = []
    before = 0.0
    for k in own_columns:
        end = before + float(values[k])
        edges = str(ref[row, k, unit])
        if done:
            edges = _edges_expression(row, done, [*done, k], unit)
        addends.append(Addend((k,), memory.cell(row, k, unit_index), (before, end), edges))
        before, done = end, [*done, k]
    c = memory.sum(row, unit_index)
    others = None
    if rest:
        number = Number(values[rest].sum(), _sum_expression(row, rest, unit), scale)
        edges = _edges_expression(row, done, sorted([*done, *rest]), unit)
        others = Addend(tuple(rest), number, (before, before + float(number.value)), edges)
    c_addend = Addend((), c, (0.0, float(c.value)), c.expr)
    return Total(
        memory=memory,
        unit_index=unit_index,
        row=row,
        addends=tuple(addends),
        others=others,
        sum=c_addend,
    )


def totals(memory: Memory) -> list[Total]:
    """Return the totals of all units."""
    return [total(memory, unit_index) for unit_index in range(len(memory.units))]


def _sum_expression(row: int, columns: Sequence[int], unit: int) -> str:
    """Return the expression of a sum of cells in a row."""
    return f"cells[{row}, {list(columns)}, {unit}].sum()"


def _edges_expression(row: int, before: Sequence[int], after: Sequence[int], unit: int) -> str:
    """Return the expression of where a bar begins and ends: two sums of cells."""
    sums = [_sum_expression(row, columns, unit) for columns in (before, after)]
    return f"torch.stack([{', '.join(sums)}])"


MIN_BARS_WIDTH = 48.0
"""The least width of the bars together."""
NAME_GAP = 7.0
"""The gaps between a line's name and its bar, and between the bar and the number."""
TOKEN_GAP = 6.0
"""The gap between the number of a step and its token."""
HEADING_MIDDLE = 7.0
"""The middle of the heading, from its top."""
MAX_CHARS = 8
"""The most characters of a number."""


class Place(NamedTuple):
    """The position and the scale of a total.

    Attributes:
        x: The left edge.
        y: The top edge.
        width: In pixels.
        bars_width: The width of the bars, from `low` to `high`.
        low: The value at the left edge of the bars.
        high: The value at the right edge of the bars.
    """

    x: float
    y: float
    width: float
    bars_width: float = 0
    low: float = 0
    high: float = 1


def same_scale(totals: Sequence[Total], places: Sequence[Place]) -> list[Place]:
    """Return the places with a shared scale, as long as the narrowest one allows."""
    low, high = _span(totals)
    bars_width = min(
        place.width - row_total.width + MIN_BARS_WIDTH
        for row_total, place in zip(totals, places, strict=True)
    )
    return [place._replace(bars_width=bars_width, low=low, high=high) for place in places]


def _span(totals: Sequence[Total]) -> tuple[float, float]:
    """Return the least and the largest value of all bars."""
    ends = [
        end
        for row_total in totals
        for line in row_total.lines
        for end in line.ends
        if math.isfinite(end)
    ]
    low, high = min([0.0, *ends]), max([0.0, *ends])
    # Where there is no bar, any scale will do.
    return (low, high) if high > low else (-1.0, 1.0)


def _decimals(row_total: Total) -> words.NumberAlignment:
    return words.NumberAlignment.of([line.number for line in row_total.lines], MAX_CHARS)


def _names_width(row_total: Total) -> float:
    """Return the width of the names of the lines."""
    # Steps with tokens have two columns: numbers and tokens. Other names span both.
    number_widths, token_widths = [0.0], [0.0]
    other_widths = [words.width("rest", words.SMALL)]
    for line in row_total.addends:
        (column,) = line.columns
        steps_width = words.width(_steps_text(row_total.memory, column), words.SMALL)
        token_width = _token_width(row_total.memory, column)
        if token_width is None:
            other_widths.append(steps_width)
        else:
            number_widths.append(steps_width)
            token_widths.append(token_width)
    return max(max(number_widths) + max(token_widths), *other_widths)


def _steps_text(memory: Memory, column: int) -> str:
    """Return the steps of a column, or where their time begins, as the name of a line."""
    if not column:
        return "before"
    if memory.has_times:
        text, _ = _time(memory, column)
        return text
    return memory.written(column).replace("..", "–")


def _time(memory: Memory, column: int) -> tuple[str, str]:
    """Return the time of a column, and its expression.

    On an axis, it is where the earliest step of the column begins.
    """
    steps = memory.columns[column - 1]
    if steps.says:
        (time,) = steps.says.values
        return str(time[0]), time[1]
    earliest = min(map(memory.subject.step_number, (steps.first, steps.last)))
    return over_time.time_text(memory.subject, earliest)


def _token_width(memory: Memory, column: int) -> float | None:
    """Return the width of a token after its step; None without a token."""
    if not column or not memory.subject.trace.tokens:
        return None
    label = memory.columns[column - 1].label
    return Text(0, 0, label, words.SMALL, mono=True).width + TOKEN_GAP


def written_out(row_total: Total, place: Place) -> list[Mark]:
    """Draw a total as lines with bars."""
    decimals = _decimals(row_total)
    left = place.x + _names_width(row_total) + NAME_GAP
    scale = Scale(place.low, place.high, left, left + place.bars_width)
    marks: list[Mark] = []
    numbers: list[Mark] = []
    bars: list[Mark] = []
    for k, line in enumerate(row_total.lines):
        top = place.y + HEADING_HEIGHT + k * LINE_HEIGHT
        y = place.y + HEADING_HEIGHT + (k + 0.5) * LINE_HEIGHT
        number = decimals.number(
            place.x + place.width - decimals.width(words.SMALL) / 2,
            y,
            line.number,
            size=words.SMALL,
            bold=line is row_total.sum,
            id=_id(row_total, line),
            term=_term(row_total, line),
        )
        bar = _bar(row_total, line, scale, y)
        if line is row_total.sum:
            rule = (("M", (place.x, top)), ("L", (place.x + place.width, top)))
            marks.append(Path(rule, stroke="rule", stroke_width=styles.LINE.muted.weight))
        marks += [*_line_name(row_total, line, place.x, y, [number, *bar]), *bar, number]
        numbers.append(number)
        bars += bar
    return [*_heading(row_total, place, [*numbers, *bars]), *marks]


def _heading(row_total: Total, place: Place, values: Sequence[Mark]) -> list[Mark]:
    """Name the step after which c is this sum, and its token if it has one."""
    memory, row = row_total.memory, row_total.row
    step, says = memory.step(row), memory.columns[row].says
    names: dict[str, object] = {"step": step, "unit": memory.units[row_total.unit_index]}
    caption, caption_says = f"after step {step}", None
    if memory.has_times:
        caption, expr = over_time.step_text(memory.subject, step)
        caption_says = Says(((caption, expr),))
    marks: list[Mark] = [
        words.label(
            place.x,
            place.y + HEADING_MIDDLE,
            caption,
            names=names,
            of=values,
            along="block",
            style=words.FINE_STRONG,
            says=caption_says,
        )
    ]
    if says and memory.subject.trace.tokens:
        marks.append(
            words.label(
                place.x + words.width(caption + " ", words.SMALL, bold=True),
                place.y + HEADING_MIDDLE,
                memory.columns[row].label,
                names=names,
                of=values,
                along="block",
                style=words.FINE_STRONG_CODE,
                fill="ink",
                says=says,
            )
        )
    return marks


def _id(row_total: Total, line: Addend) -> str:
    """Return the id of a number in the total."""
    unit = row_total.memory.units[row_total.unit_index]
    if line is row_total.sum:
        return f"sum-{unit}"
    if line is row_total.others:
        return f"others-{unit}"
    return f"part-{line.columns[0]}-{unit}"


def _term(row_total: Total, line: Addend) -> str:
    """Return the terms of a number in the total."""
    return "c" if line is row_total.sum else "i g"


def _line_name(
    row_total: Total, line: Addend, x: float, y: float, values: Sequence[Mark]
) -> list[Mark]:
    """Name a line, whose number and bar are `values`."""
    memory = row_total.memory
    if line is row_total.sum:
        c: dict[str, object] = {"tensor": "c"}
        return [words.label(x, y, "= c", names=c, of=values, style=words.FINE_STRONG, term="c")]
    if line is row_total.others:
        return [words.label(x, y, "rest", names={"tensor": "cells"}, of=values, style=words.FINE)]
    (column,) = line.columns
    names = {"write": memory.written(column)}
    steps_text = _steps_text(memory, column)
    if _token_width(memory, column) is None:
        says = Says((_time(memory, column),)) if column and memory.has_times else None
        return [words.label(x, y, steps_text, names=names, of=values, style=words.FINE, says=says)]
    token_widths = [_token_width(memory, addend.columns[0]) or 0 for addend in row_total.addends]
    middle = x + _names_width(row_total) - max(token_widths)
    end = memory.columns[column - 1]
    return [
        words.label(middle, y, steps_text, names=names, of=values, style=words.FINE, anchor="end"),
        words.label(
            middle + TOKEN_GAP,
            y,
            end.label,
            names=names,
            of=values,
            style=words.FINE_CODE,
            fill="ink",
            says=end.says,
        ),
    ]


def _bar(row_total: Total, line: Addend, scale: Scale, y: float) -> list[Mark]:
    """Draw the bar of a line, which begins where the previous one ends."""
    first, last = line.ends
    if not line.is_finite:
        return []
    # In the strongest colour, whatever its length; one too short for a colour is black.
    length = abs(last - first) or 1
    paint = "ink" if line is row_total.sum else cells.paint(last - first, length)
    low, high = sorted((scale(first), scale(last)))
    return [
        Box(
            low,
            y - BAR_HEIGHT / 2,
            high - low,
            BAR_HEIGHT,
            fill=paint or "ink",
            id=f"{_id(row_total, line)}-bar",
            term=_term(row_total, line),
            bound=(Length(line.of, "width", scale),),
        )
    ]
