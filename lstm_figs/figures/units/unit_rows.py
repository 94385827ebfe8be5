"""One row per unit, for layers with few units; columns would leave the page empty."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import NamedTuple

import numpy as np

from ...layout import styles, words
from ...layout.motifs import over_time
from ...layout.motifs.population import Population
from ...model.reference import Number
from ...model.tensors import Array
from ...model.units import OPEN_ABOVE, SHUT_BELOW
from ...proof import digits
from ...proof.bindings import Length, Scale, sentence
from ...scene.marks import Box, Mark, Path, Text
from ...scene.theme import Paint
from .strips import AJAR_PERCENT, GATES, SHUT_PAINT

MAX_UNITS, MAX_ROOMY_UNITS = 16, 8
"""Layers with at most this many units have rows instead of columns, and up to the second
number of units they have numbers above their bars."""
TOP_GAP = 6.0
"""The gap above the rows."""
HEADING_HEIGHT, ROW_PITCH, BAR_HEIGHT = 48.0, 48.0, 14.0
"""The height of the head, the distance between rows, and the height of a bar."""
COMPACT_PITCH = 24.0
"""The distance between rows whose numbers are beside their bars."""
BAR_OFFSET = 13.0
"""The distance from the middle of a number to the top of its bar."""
NUMBER_GAP = 6.0
"""The gap between a bar and a number beside it."""
RUN_HEIGHT = 1.5
"""The height of the line that is as long as the run."""
END_SPACE = 44.0
"""The space for the head of the numbers, left of the length of the run."""
HEAD_MIDDLE = 24.0
"""From the top of the heads to the middle of the second of their two lines."""
NAMES_WIDTH, NAMES_WIDTH_NARROW = 72.0, 44.0
"""The width of the names of units, left of the columns."""
COMPACT_NAMES_WIDTH, COMPACT_NAMES_WIDTH_NARROW = 44.0, 30.0
"""The same in compact rows, where a name is only the number of a unit."""
COLUMN_GAP, COLUMN_GAP_NARROW = 28.0, 9.0
"""The gap between two columns."""
COMPACT_COLUMN_GAP, COMPACT_COLUMN_GAP_NARROW = 24.0, 12.0
"""The same in compact rows."""
ZERO_OVERHANG = 3.0
"""How far the line at zero reaches beyond a bar of c."""
MAX_CHARS = 6
"""The most characters of a number."""
LINE_MIDDLE = words.line_height(words.SMALL) / 2
"""From the top of a line of small text to its middle."""
COLUMN_SHARES = (1.15, 1.15, 1.15, 1.15, 2.7)
"""The relative widths of the columns: lifetime, three gates, and c."""
COMPACT_SHARES = (1.15, 1.15, 1.15, 1.15, 1.5)
"""The same for compact rows, where numbers have a width of their own."""
MIN_WIDE = 480
"""Narrower figures have smaller gaps, and compact rows only one number."""


def has_unit_rows(population: Population) -> bool:
    """Return whether the figure has rows instead of columns."""
    return population.unit_count <= MAX_UNITS


def are_compact(population: Population) -> bool:
    """Return whether a row is one line, with its numbers beside its bars."""
    return MAX_ROOMY_UNITS < population.unit_count <= MAX_UNITS


class Column(NamedTuple):
    """A column of bars, with the numbers above or beside them.

    Attributes:
        left: The left edge of the bars.
        right: The right edge of the bars.
    """

    left: float
    right: float

    def scale(self, low: float, high: float) -> Scale:
        """Return the scale from `low` at the left to `high` at the right."""
        return Scale(low, high, self.left, self.right)


class Rows(NamedTuple):
    """The rows, by the number of the unit, or if they are compact the longest memory first.

    Attributes:
        population: The units.
        top: The top edge of the heads.
        is_wide: Whether there is space for all numbers.
    """

    population: Population
    top: float
    is_wide: bool

    @property
    def is_compact(self) -> bool:
        """Whether a row is one line."""
        return are_compact(self.population)

    @property
    def units(self) -> list[int]:
        """The unit of each row."""
        order = self.population.order
        return list(order) if self.is_compact else sorted(order)

    def level(self, unit: int) -> float:
        """Return the middle of the numbers of a unit."""
        pitch = COMPACT_PITCH if self.is_compact else ROW_PITCH
        return self.top + HEADING_HEIGHT + self.units.index(unit) * pitch

    def bar_top(self, unit: int) -> float:
        """Return the top of the bars of a unit."""
        return self.level(unit) + (-BAR_HEIGHT / 2 if self.is_compact else BAR_OFFSET)

    def order_index(self, unit: int) -> int:
        """Return the index of a unit in vectors that are ordered by lifetime."""
        return self.population.order.index(unit)

    def row_id(self, unit: int) -> int:
        """Return what ids call a unit: its number, or the index of its row."""
        return self.order_index(unit) if self.is_compact else unit

    @property
    def bottom(self) -> float:
        """The bottom of the last bar."""
        return self.bar_top(self.units[-1]) + BAR_HEIGHT

    def decimals(self, number_of: Callable[[int], Number], id: str) -> words.NumberAlignment:
        """Return how the numbers of a column align."""
        places = 0 if id == "life" else digits.DECIMALS
        return words.NumberAlignment.of(map(number_of, self.units), MAX_CHARS, places)

    def number_width(self, number_of: Callable[[int], Number], caption: str, id: str) -> float:
        """Return the width of numbers beside bars, with their head and the gap."""
        width = self.decimals(number_of, id).width(words.SMALL)
        return max(width, words.width(caption, words.SMALL)) + NUMBER_GAP

    def numbers(
        self,
        column: Column,
        number_of: Callable[[int], Number],
        head: tuple[str, dict[str, object], Paint],
        id: str,
        term: str,
        *,
        at_end: bool = False,
    ) -> list[Mark]:
        """Print a number for each unit, below a head.

        Args:
            column: The column of their bars.
            number_of: The number of a unit.
            head: The text of the head, what it names, and its paint.
            id: The id of the numbers, without the unit.
            term: Their terms.
            at_end: Whether they are at the right end of the bars.
        """
        decimals = self.decimals(number_of, id)
        caption, names, paint = head
        half = max(decimals.width(words.SMALL), words.width(caption, words.SMALL)) / 2
        if self.is_compact:
            # Numbers are beside their bars, otherwise above them.
            x = column.right + NUMBER_GAP + half if at_end else column.left - NUMBER_GAP - half
        else:
            x = column.right - half if at_end else column.left + half
        numbers = [
            decimals.number(
                x,
                self.level(unit),
                number_of(unit),
                size=words.SMALL,
                max_chars=MAX_CHARS,
                id=f"{id}-{self.row_id(unit)}",
                term=term,
            )
            for unit in self.units
        ]
        return [self.head(x, caption, names, numbers, paint, term), *numbers]

    def head(
        self,
        x: float,
        caption: str,
        names: dict[str, object],
        of: Sequence[Mark],
        paint: Paint,
        term: str,
    ) -> Mark:
        """Name a column, with the middle of the text at `x`."""
        return words.label(
            x,
            self.top + HEAD_MIDDLE,
            caption,
            names=names,
            of=of,
            along="column",
            anchor="middle",
            style=words.FINE,
            fill=paint,
            term=term,
        )

    def bar(
        self,
        unit: int,
        scale: Scale,
        ends: tuple[float, float],
        of: str,
        paint: Paint,
        id: str,
        term: str,
    ) -> Box:
        """Draw a bar of a unit; `of` is the expression of its length."""
        left, right = sorted(scale(end) for end in ends)
        return Box(
            left,
            self.bar_top(unit),
            right - left,
            BAR_HEIGHT,
            fill=paint,
            id=id,
            term=term,
            bound=(Length(of, "width", scale),),
        )


def rows(population: Population, top: float, space: float) -> tuple[list[Mark], float]:
    """Draw all rows; return the marks and their bottom.

    Args:
        population: The units.
        top: The top edge of the heads.
        space: The width of the figure.
    """
    layout = Rows(population, top, space >= MIN_WIDE)
    life, *gates, c = _columns(layout, space)
    marks = _lives(layout, life)
    for gate, column in zip(GATES, gates, strict=True):
        marks += _gate(layout, gate, column)
    marks += _ranges(layout, c)
    marks = [*_names(layout, marks), *marks]
    return [*marks, *_headings(layout, life, gates, c)], layout.bottom


def _headings(layout: Rows, life: Column, gates: list[Column], c: Column) -> list[Mark]:
    """Print what the columns are, above their heads."""
    first_gate, *_ = gates
    if layout.is_compact:
        # Numbers are left of the bars, or c has none.
        before_life, before_c, _ = _number_widths(layout)
        c_left = c.left - before_c
        if not layout.is_wide:
            c_left = (c.left + c.right - words.width("cell state", words.SMALL)) / 2
        headings = [(life.left - before_life, "a write lasts"), (c_left, "cell state")]
    else:
        headings = [
            (life.left, "a write lasts" if layout.is_wide else "lasts"),
            (c.left, "cell state"),
            (first_gate.left, "share of steps open"),
        ]
    return [
        words.paragraph(x, layout.top, sentence(heading), 140, size=words.SMALL)[0]
        for x, heading in headings
    ]


def _columns(layout: Rows, space: float) -> list[Column]:
    """Return the columns; in compact rows, with space for the numbers beside them."""
    no_numbers = (0.0, 0.0)
    if layout.is_compact:
        shares = COMPACT_SHARES
        x = COMPACT_NAMES_WIDTH if layout.is_wide else COMPACT_NAMES_WIDTH_NARROW
        gap = COMPACT_COLUMN_GAP if layout.is_wide else COMPACT_COLUMN_GAP_NARROW
        life, low, high = _number_widths(layout)
        # The widths of numbers left and right of the bars of each column.
        number_widths = [(life, 0.0), *[no_numbers] * len(GATES), (low, high)]
    else:
        shares = COLUMN_SHARES
        x = NAMES_WIDTH if layout.is_wide else NAMES_WIDTH_NARROW
        gap = COLUMN_GAP if layout.is_wide else COLUMN_GAP_NARROW
        number_widths = [no_numbers] * len(shares)
    taken = x + gap * (len(shares) - 1) + sum(map(sum, number_widths))
    share_width = (space - taken) / sum(shares)
    columns = []
    for share, (before, after) in zip(shares, number_widths, strict=True):
        columns.append(Column(x + before, x + before + share * share_width))
        x += before + share * share_width + after + gap
    return columns


def _number_widths(layout: Rows) -> tuple[float, float, float]:
    """Return the widths of the numbers beside compact bars: lifetimes, and both ends of c."""
    life = layout.number_width(layout.population.lifetime, "steps", "life")
    if not layout.is_wide:
        return life, 0.0, 0.0
    low, high = (partial(_end, layout, statistic) for statistic in ("min", "max"))
    return (life, layout.number_width(low, "c min", "c"), layout.number_width(high, "c max", "c"))


def _names(layout: Rows, marks: list[Mark]) -> list[Mark]:
    """Name the unit of each row, left of its numbers, which are among the marks."""
    numbers = [mark for mark in marks if isinstance(mark, Text) and mark.number]
    names: list[Mark] = [
        words.label(
            0,
            layout.level(unit),
            str(unit) if layout.is_compact else f"unit {unit}",
            names={"unit": unit},
            # The numbers are listed column by column.
            of=numbers[k :: len(layout.units)],
            style=words.FINE_STRONG,
        )
        for k, unit in enumerate(layout.units)
    ]
    if layout.is_compact:
        y = layout.top + HEAD_MIDDLE - LINE_MIDDLE
        heading, _ = words.paragraph(0, y, sentence("unit"), 60, size=words.SMALL)
        names.append(heading)
    return names


def _lives(layout: Rows, column: Column) -> list[Mark]:
    """Draw how long a write lasts, on a line as long as the run; grey if it outlasts it."""
    population = layout.population
    marks = layout.numbers(
        column, population.lifetime, ("steps", {"tensor": "life"}, "ink"), "life", "life"
    )
    if np.isinf(population.ordered_lifetimes).all():
        return marks
    lives = {unit: float(population.lifetimes[unit]) for unit in layout.units}
    # A write at the first step can be followed for the others.
    followed = population.step_count - 1
    scale = column.scale(0, followed)
    end = sentence("of {}", (followed, "len(x) - 1"))
    width = words.width(end.text, words.SMALL)
    if layout.is_compact or column.right - column.left > width + END_SPACE:
        y = layout.top + HEAD_MIDDLE - LINE_MIDDLE
        marks.append(
            words.paragraph(column.right - 1, y, end, width + 4, size=words.SMALL, anchor="end")[0]
        )
    for unit, life in lives.items():
        outlasts, id = np.isinf(life), f"life-{layout.row_id(unit)}"
        name = "outlasts" if outlasts else "lasts"
        run = layout.bar(unit, scale, (0, followed), "", "rule", f"{id}-run", "")
        marks += [
            run._replace(y=run.y + (BAR_HEIGHT - RUN_HEIGHT) / 2, height=RUN_HEIGHT, bound=()),
            layout.bar(
                unit,
                scale,
                (0, min(life, followed)),
                f"{name}[{layout.order_index(unit)}]",
                "muted:55" if outlasts else "ink",
                f"{id}-bar",
                "life",
            ),
        ]
    return marks


def _gate(layout: Rows, name: str, column: Column) -> list[Mark]:
    """Draw the shares of steps at which a gate is open, between, and shut."""
    paint, values = f"gate-{name}", layout.population.results(name)

    def share(unit: int) -> Number:
        expression = f"({name} > {OPEN_ABOVE})[:, 0, {unit}].double().mean()"
        return Number((values[:, unit] > OPEN_ABOVE).mean(), expression)

    caption, names = f"{name} {over_time.VERBS[name]}", dict[str, object](gate=name)
    marks: list[Mark] = []
    if not layout.is_compact:
        marks = layout.numbers(column, share, (caption, names, paint), f"share-{name}", name)
    scale = column.scale(0, 1)
    for unit in layout.units:
        open_share = float(share(unit).value)
        ajar_share = float((values[:, unit] >= SHUT_BELOW).mean())
        id, place = f"share-{name}-{layout.row_id(unit)}", layout.order_index(unit)
        ends = f"({name}_open[{place}], {name}_ajar[{place}])"
        background = layout.bar(unit, scale, (0, 1), "", SHUT_PAINT, f"{id}-shut", "")
        marks += [
            background._replace(bound=()),
            layout.bar(
                unit,
                scale,
                (open_share, ajar_share),
                ends,
                f"{paint}:{AJAR_PERCENT}",
                f"{id}-ajar",
                name,
            )._replace(stroke=paint),
            layout.bar(
                unit, scale, (0, open_share), f"{name}_open[{place}]", paint, f"{id}-open", name
            ),
        ]
    if layout.is_compact:
        middle = (column.left + column.right) / 2
        marks.append(layout.head(middle, caption, names, marks, paint, name))
    return marks


def _end(layout: Rows, statistic: str, unit: int) -> Number:
    """Return the least or the largest value of c of a unit; `statistic` is min or max."""
    series = layout.population.results("c")[:, unit].astype(np.float64)
    error = max(step.scale for step in layout.population.subject.steps)
    return Number(getattr(series, statistic)(), f"c[:, 0, {unit}].{statistic}()", error)


def _ranges(layout: Rows, column: Column) -> list[Mark]:
    """Draw the range of c of each unit, and its ends as numbers if there is space."""
    c = layout.population.results("c").astype(np.float64)
    marks: list[Mark] = []
    has_numbers = layout.is_wide or not layout.is_compact
    for statistic in ("min", "max") if has_numbers else ():
        marks += layout.numbers(
            column,
            partial(_end, layout, statistic),
            (f"c {statistic}", {"tensor": "c", "statistic": statistic}, "ink"),
            f"c-{statistic}",
            "c",
            at_end=statistic == "max",
        )
    states = c[:, layout.units]
    low, high = min(0.0, float(states.min())), max(0.0, float(states.max()))
    # If c is 0 everywhere, any scale will do.
    scale = column.scale(low, high if high > low else low + 1)
    bars = _range_bars(layout, scale, c)
    if bars and not has_numbers:
        is_range = layout.population.step_count > 1
        names: dict[str, object] = {"tensor": "c_low,c_high" if is_range else "c_high"}
        middle = (column.left + column.right) / 2
        *ranges, _zero_line = bars
        marks.append(layout.head(middle, "c", names, ranges, "ink", "c"))
    return [*marks, *bars]


def _range_bars(layout: Rows, scale: Scale, c: Array) -> list[Mark]:
    """Draw the parts of each range above and below zero, and last a line at zero.

    If there is only one step, draw c from zero.

    Args:
        layout: The rows.
        scale: The horizontal scale.
        c: The cell state, shape `(steps, units)`.
    """
    is_range = layout.population.step_count > 1
    zero: list[tuple[str, tuple[float, float]]] = []
    bars: list[Mark] = []
    for unit in layout.units:
        lowest, highest = float(c[:, unit].min()), float(c[:, unit].max())
        low_of, high_of = (f"c_{side}[{layout.order_index(unit)}]" for side in ("low", "high"))
        ends = (lowest, low_of), (highest, high_of)
        # A bar goes from the end that is nearer to zero, or from zero, to the other end.
        for name, paint, clip, clamp, (near, near_of), (far, far_of) in (
            ("above", "pos", max, "clamp(min=0)", *ends),
            ("below", "neg", min, "clamp(max=0)", *ends[::-1]),
        ):
            if not clip(0, far):
                continue
            edges = f"({near_of}.{clamp}, {far_of}.{clamp})"
            start = clip(0, near)
            if not is_range:
                start, edges = 0.0, high_of
            id = f"c-{layout.row_id(unit)}-{name}"
            bars.append(layout.bar(unit, scale, (start, far), edges, paint, id, "c"))
        if lowest < 0 or highest > 0:
            top, x = layout.bar_top(unit), scale(0)
            zero += [("M", (x, top - ZERO_OVERHANG)), ("L", (x, top + BAR_HEIGHT + ZERO_OVERHANG))]
    if not bars:
        return []
    return [*bars, Path(tuple(zero), stroke="muted", stroke_width=styles.LINE.muted.weight)]
