"""The strips: rows of columns, with one or several units per column."""

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from ...layout import styles, words
from ...layout.motifs import over_time
from ...layout.motifs.population import Population
from ...model.tensors import Array
from ...model.units import OPEN_ABOVE, SHUT_BELOW
from ...proof.bindings import Course, Scale, sentence
from ...scene.marks import Box, Mark, Path
from ...scene.theme import Paint

GATES = "fio"
"""The gates that open and shut, in the order in which they act on c."""
AJAR_PERCENT = 26
"""The colour strength of a gate that is neither open nor shut, in percent."""
MIN_NUMBERED_WIDTH = 22.0
"""Columns at least this wide have the number of their unit below."""
MAX_COLUMN_WIDTH = 48.0
"""The width that a column has at most."""
MIN_GAP_WIDTH = 2.0
"""Columns at least this wide have gaps between them."""
MAX_GAP, GAP_SHARE = 2.0, 0.14
"""The largest gap between two columns, and a gap as a share of the width of a column."""
AXIS_PERCENTILE, MANY_UNITS = 99, 16
"""With more units than `MANY_UNITS`, the axis of c ends at this percentile of |c|."""
AXIS_START, MIN_AXIS_END = 0.7, 2.0
"""The lower end of the lifetime axis; below 1, so that one step is visible. And its least
upper end."""
DASH_HEIGHT = 4.0
"""The height of a dash that shows how long a write lasts."""
MIN_TICK_GAP = 13.0
"""The least distance between two ticks."""
TICK_POWERS = 6
"""The most powers of ten that ticks are taken from."""
RANGE_WORD, RANGE_WORD_TOP = "min, max", 7.0
"""The word below the name of c, and from the middle of the name down to its top."""
LASTS_HEIGHT, GATE_HEIGHT, RANGE_HEIGHT = 112.0, 62.0, 124.0
"""The heights of the rows: lifetimes, one gate, and c."""
ROW_GAP = 16.0
"""The gap between two rows."""
LASTS_NAME_MIDDLE = 20.0
"""From the top of the row of lifetimes to the middle of its name."""
TICK_GAP = 6.0
"""The gap between a tick and the columns."""
SHUT_PAINT = over_time.EMPTY_PAINT
"""The colour of the share of steps at which a gate is shut."""

Point = tuple[float, float]


class Columns(NamedTuple):
    """The columns and their units.

    Attributes:
        population: The units.
        units_per_column: How many units share a column.
        left: The left edge of the first column.
        width: The width of a column.
    """

    population: Population
    units_per_column: int
    left: float
    width: float

    @classmethod
    def of(cls, population: Population, left: float, right: float) -> "Columns":
        """Return columns from `left` to `right`, at least one pixel wide."""
        count = len(population.order)
        units_per_column = math.ceil(count / (right - left))
        width = (right - left) / math.ceil(count / units_per_column)
        return cls(population, units_per_column, left, min(width, MAX_COLUMN_WIDTH))

    @property
    def units(self) -> tuple[tuple[int, ...], ...]:
        """The units of each column."""
        order = self.population.order
        return tuple(
            order[k : k + self.units_per_column]
            for k in range(0, len(order), self.units_per_column)
        )

    @property
    def right(self) -> float:
        """The right edge of the last column."""
        return self.left + len(self.units) * self.width

    @property
    def gap(self) -> float:
        """The gap between two columns; narrow ones have none."""
        return min(MAX_GAP, GAP_SHARE * self.width) if self.width >= MIN_GAP_WIDTH else 0.0

    @property
    def are_numbered(self) -> bool:
        """Whether each column has the number of its unit below."""
        return self.units_per_column == 1 and self.width >= MIN_NUMBERED_WIDTH

    @property
    def scale(self) -> Scale:
        """The horizontal scale, from the index of a column to its middle."""
        first = self.left + self.width / 2
        return Scale(0, 1, first, first + self.width)

    @property
    def have_ranges(self) -> bool:
        """Whether a column has more than one value of c."""
        return self.population.step_count > 1 or self.units_per_column > 1

    def middle(self, unit: int) -> float:
        """Return the middle of the column of a unit."""
        return self.scale(self.population.order.index(unit) // self.units_per_column)

    def reduced(self, values: Array, statistic: str = "mean") -> Array:
        """Return one value per column, computed from the values of its units.

        Args:
            values: One value for each unit of the layer.
            statistic: The NumPy method that computes it.
        """
        parts = [values[list(column_units)].astype(np.float64) for column_units in self.units]
        return np.array([getattr(part, statistic)() for part in parts])

    def area(
        self,
        scale: Scale,
        low: Array,
        high: Array,
        of: tuple[str, str],
        paint: Paint,
        *,
        id: str,
        term: str,
    ) -> Path:
        """Draw the area between two values in each column.

        Args:
            scale: The vertical scale; values outside it are clipped.
            low: The lower edge in each column.
            high: The upper edge in each column; a column with an infinite edge
                is left out.
            of: The expressions of both edges.
            paint: The colour of the area.
            id: The id of the area.
            term: The terms of the area.
        """
        pieces: list[tuple[str, *tuple[Point, ...]]] = []
        # Columns without a gap between them share one outline.
        adjacent: list[tuple[float, float, float, float]] = []
        for k, edges_of_column in enumerate(zip(low, high, strict=True)):
            is_drawn = math.isfinite(edges_of_column[1])
            left = self.left + k * self.width + self.gap / 2
            right = left + self.width - self.gap
            if adjacent and (self.gap or not is_drawn):
                pieces += _outline(adjacent)
                adjacent = []
            if is_drawn:
                lower, upper = (
                    scale(min(max(edge, scale.low), scale.high)) for edge in edges_of_column
                )
                adjacent.append((left, right, lower, upper))
        pieces += _outline(adjacent) if adjacent else []
        edges = f"torch.stack([{of[0]}, {of[1]}])"
        return Path(
            tuple(pieces),
            fill=paint,
            compact=True,
            id=id,
            term=term,
            bound=(Course(edges, "area", self.scale, scale),),
        )

    def dashes(self, scale: Scale, values: Array, paint: Paint, *, id: str, term: str) -> Path:
        """Draw a dash at the value of each column; none where it is infinite.

        On a log axis, which has no zero, a bar would say that one step is much
        longer than nothing.

        Args:
            scale: The vertical scale; values above it are drawn at its end.
            values: The value of each column.
            paint: The colour of the dashes.
            id: The id of the dashes, which is the expression of the values.
            term: The terms of the dashes.
        """
        pieces: list[tuple[str, *tuple[Point, ...]]] = []
        for k, value in enumerate(values.tolist()):
            if math.isfinite(value):
                left, y = self.left + k * self.width + self.gap / 2, scale(min(value, scale.high))
                pieces += [("M", (left, y)), ("L", (left + self.width - self.gap, y))]
        return Path(
            tuple(pieces),
            stroke=paint,
            stroke_width=DASH_HEIGHT,
            compact=True,
            id=id,
            term=term,
            bound=(Course(id, "path", self.scale, scale),),
        )


def _outline(
    columns: Sequence[tuple[float, float, float, float]],
) -> list[tuple[str, *tuple[Point, ...]]]:
    """Return the outline of adjacent columns, given as (left, right, lower, upper)."""
    upper_points = [
        corner for left, right, _, upper in columns for corner in ((left, upper), (right, upper))
    ]
    lower_points = [
        corner for left, right, lower, _ in columns for corner in ((left, lower), (right, lower))
    ]
    # From left to right along the top, and back along the bottom.
    first, *others = _straight(upper_points) + _straight(lower_points)[::-1]
    return [("M", first), *(("L", point) for point in others), ("Z",)]


def _straight(points: list[Point]) -> list[Point]:
    """Drop points between two neighbours of the same height."""
    return [
        point
        for k, point in enumerate(points)
        if k in (0, len(points) - 1) or not points[k - 1][1] == point[1] == points[k + 1][1]
    ]


class Row(NamedTuple):
    """A row of columns.

    Attributes:
        marks: The marks of the row.
        areas: Its areas or dashes, which are among the marks.
        tops: The top of each column, with the mark that ends there.
    """

    marks: list[Mark]
    areas: list[Path]
    tops: list[tuple[float, Path]]


def lasting(columns: Columns, top: float) -> Row | None:
    """Draw how long a write lasts in each unit; None if no unit is seen to forget."""
    values = columns.reduced(columns.population.lifetimes, "min")
    finite = values[np.isfinite(values)]
    if not finite.size:
        return None
    longest = float(finite.max())
    if finite.size < values.size:
        # Writes that outlast the sequence must be higher than all others.
        longest *= 2
    highest = max(MIN_AXIS_END, longest)
    scale = Scale(AXIS_START, highest, top + LASTS_HEIGHT, top, log=True)
    # A write at the first step can be followed for the others.
    followed = columns.population.step_count - 1
    ends = {"lasts": (values, "ink")}
    if finite.size < values.size:
        ends["outlasts"] = np.where(np.isinf(values), followed, np.inf), "muted:55"
    dashes = [
        columns.dashes(scale, end, paint, id=name, term="life")
        for name, (end, paint) in ends.items()
    ]
    tops = [
        (scale(min(value, followed, highest)), dashes[-1] if math.isinf(value) else dashes[0])
        for value in values.tolist()
    ]
    marks = [
        *_grid(columns, scale, _ticks(scale, round_digits=(1, 2, 5))),
        *dashes,
        *_row_name(
            top + LASTS_NAME_MIDDLE,
            "lasts",
            {"tensor": "lasts"},
            dashes[:1],
            "ink",
            "life",
            "steps",
        ),
    ]
    return Row(marks, dashes, tops)


def gate(columns: Columns, name: str, top: float) -> Row:
    """Draw the shares of steps at which a gate is open, between, and shut."""
    population, paint = columns.population, f"gate-{name}"
    values = population.results(name)
    open_shares = columns.reduced((values > OPEN_ABOVE).mean(0))
    # ajar: open or between; drawn where it is not open.
    ajar_shares = columns.reduced((values >= SHUT_BELOW).mean(0))
    scale = Scale(0, 1, top + GATE_HEIGHT, top)
    width = columns.right - columns.left
    ground = Box(columns.left, top, width, GATE_HEIGHT, fill=SHUT_PAINT, id=f"{name}-shut")
    open_name, ajar_name = f"{name}_open", f"{name}_ajar"
    ajar = columns.area(
        scale,
        open_shares,
        ajar_shares,
        (open_name, ajar_name),
        f"{paint}:{AJAR_PERCENT}",
        id=f"{name}-ajar",
        term=name,
    )
    opened = columns.area(
        scale,
        np.zeros(len(open_shares)),
        open_shares,
        (f"torch.zeros_like({open_name})", open_name),
        paint,
        id=f"{name}-open",
        term=name,
    )
    areas, caption = [opened, ajar], f"{name} {over_time.VERBS[name]}"
    marks: list[Mark] = [
        ground,
        ajar,
        opened,
        *(words.tick(columns.left - TICK_GAP, scale(end), str(end)) for end in (0, 1)),
        *_row_name(top + GATE_HEIGHT / 2, caption, {"gate": name}, areas, paint, name),
    ]
    return Row(marks, areas, [(scale(share), ajar) for share in ajar_shares.tolist()])


class Span(NamedTuple):
    """The axis of c.

    Attributes:
        low: The lower end.
        high: The upper end.
        beyond: The number of units that extend beyond an end.
        limit: The |c| beyond which units are clipped; None if none is.
    """

    low: float
    high: float
    beyond: int
    limit: float | None


def span(population: Population) -> Span:
    """Return the axis of c, which includes all units, or nearly all if there are many."""
    c = population.results("c")[:, list(population.order)].astype(np.float64)
    sizes = abs(c).max(0)
    low, high = min(0.0, float(c.min())), max(0.0, float(c.max()))
    if low == high:
        return Span(-1, 1, beyond=0, limit=None)
    if len(sizes) <= MANY_UNITS:
        return Span(low, high, beyond=0, limit=None)
    ranked = np.sort(sizes)
    limit = float(ranked[math.ceil(AXIS_PERCENTILE / 100 * len(ranked)) - 1])
    beyond = int((sizes > limit).sum())
    if not beyond or not limit:
        return Span(low, high, beyond=0, limit=None)
    return Span(max(low, -limit), min(high, limit), beyond, limit)


def ranges(columns: Columns, top: float, height: float) -> Row:
    """Draw the range of c of each unit.

    If c has only one value, draw it from zero.

    Args:
        columns: The columns.
        top: The top edge.
        height: The height of the axis.
    """
    ends = span(columns.population)
    scale = Scale(ends.low, ends.high, top + height, top, asinh=True)
    c = columns.population.results("c")
    low, high = columns.reduced(c.min(0), "min"), columns.reduced(c.max(0), "max")
    areas = _range_areas(columns, scale, low, high)
    # A long tick label would touch the word below the name of the row.
    word_middle = RANGE_WORD_TOP + words.line_height(words.SMALL) / 2
    max_tick_width = columns.left - TICK_GAP - 4 - words.width(RANGE_WORD, words.SMALL)
    ticks = [
        value
        for value in _ticks(scale, round_digits=(1, 3))
        if words.width(over_time.tick_text(value), words.SMALL) <= max_tick_width
        or abs(scale(value) - scale(0) - word_middle) > MIN_TICK_GAP
    ]
    names: dict[str, object] = {"tensor": "c_low,c_high"}
    below = RANGE_WORD if columns.have_ranges else ""
    marks = [
        *_grid(columns, scale, ticks),
        *areas,
        *_row_name(scale(0), "c", names, areas, "ink", "c", below),
    ]
    return Row(marks, areas, [(scale(v), areas[0]) for v in high.tolist()])


def _range_areas(columns: Columns, scale: Scale, low: Array, high: Array) -> list[Path]:
    """Draw the parts of the ranges above and below zero."""
    areas: list[Path] = []
    # Draw each bar from the end that is nearer to zero.
    near, far = (low, "c_low"), (high, "c_high")
    for id, paint, clip, clip_code, edges in (
        ("c-above", "pos", np.maximum, "clamp(min=0)", (near, far)),
        ("c-below", "neg", np.minimum, "clamp(max=0)", (far, near)),
    ):
        (first, of_first), (last, of_last) = edges
        begins, begin = clip(first, 0), f"{of_first}.{clip_code}"
        if not columns.have_ranges:
            begins, begin = np.zeros(len(last)), f"torch.zeros_like({of_first})"
        areas.append(
            columns.area(
                scale,
                begins,
                clip(last, 0),
                (begin, f"{of_last}.{clip_code}"),
                paint,
                id=id,
                term="c",
            )
        )
    return areas


def _row_name(
    y: float,
    caption: str,
    names: dict[str, object],
    of: Sequence[Mark],
    paint: Paint,
    term: str,
    below: str = "",
) -> list[Mark]:
    """Name a row at its left, with an optional word below."""
    marks: list[Mark] = [
        words.label(
            0,
            y,
            caption,
            names=names,
            of=of,
            along="band",
            style=words.STRONG,
            fill=paint,
            term=term,
        )
    ]
    if below:
        word, _ = words.paragraph(0, y + RANGE_WORD_TOP, sentence(below), 60, size=words.SMALL)
        marks.append(word)
    return marks


def _grid(columns: Columns, scale: Scale, ticks: list[float]) -> list[Mark]:
    """Draw lines at round values, with tick labels."""
    marks: list[Mark] = []
    for value in ticks:
        y = scale(value)
        line = (("M", (columns.left, y)), ("L", (columns.right, y)))
        marks.append(Path(line, stroke="rule", stroke_width=styles.LINE.muted.weight))
        marks.append(words.tick(columns.left - TICK_GAP, y, over_time.tick_text(value)))
    return marks


def _ticks(scale: Scale, round_digits: tuple[int, ...]) -> list[float]:
    """Return round values on a scale in rising order, as many as fit.

    Large values are preferred, and 0 is always among them if the scale has it.

    Args:
        scale: The scale.
        round_digits: The digits that round values begin with, from the smallest.
    """
    largest_end = max(abs(scale.low), abs(scale.high))
    power = math.floor(math.log10(largest_end)) + 1
    sizes = [
        round(digit * 10.0**exponent, 9)
        for exponent in range(power, power - TICK_POWERS, -1)
        for digit in reversed(round_digits)
    ]
    values = [] if scale.log else [0.0]
    for value in (signed for size in sizes for signed in (size, -size)):
        inside = scale.low <= value <= scale.high
        # Lifetimes are whole numbers of steps.
        if not inside or (scale.log and value < 1):
            continue
        if all(abs(scale(value) - scale(other)) >= MIN_TICK_GAP for other in values):
            values.append(value)
    return sorted(values)
