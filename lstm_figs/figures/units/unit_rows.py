"""One row per unit, for layers with few units; columns would leave the page empty."""

from collections.abc import Callable
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

MAX_UNITS = 8
"""Layers with at most this many units have rows instead of columns."""
HEADING_HEIGHT, ROW_PITCH, BAR_HEIGHT = 48.0, 48.0, 14.0
"""The height of the head, the distance between rows, and the height of a bar."""
BAR_OFFSET = 13.0
"""The distance from the middle of a number to the top of its bar."""
COLUMN_SHARES = (1.0, 1.15, 1.15, 1.15, 2.7)
"""The relative widths of the columns: lifetime, three gates, and c."""


def has_unit_rows(population: Population) -> bool:
    """Return whether the figure has rows instead of columns."""
    return population.count <= MAX_UNITS


class Column(NamedTuple):
    """A column of bars, with the numbers above them.

    Attributes:
        left: The left edge.
        right: The right edge.
    """

    left: float
    right: float

    def scale(self, low: float, high: float) -> Scale:
        """Return the scale from `low` at the left to `high` at the right."""
        return Scale(low, high, self.left, self.right)


class Rows(NamedTuple):
    """The rows, ordered by the number of the unit.

    Attributes:
        population: The units.
        top: The top edge of the heads.
    """

    population: Population
    top: float

    @property
    def units(self) -> list[int]:
        """The unit of each row."""
        return sorted(self.population.order)

    def level(self, unit: int) -> float:
        """Return the middle of the numbers of a unit."""
        return self.top + HEADING_HEIGHT + self.units.index(unit) * ROW_PITCH

    def order_index(self, unit: int) -> int:
        """Return the index of a unit in vectors that are ordered by lifetime."""
        return self.population.order.index(unit)

    @property
    def bottom(self) -> float:
        """The bottom of the last bar."""
        return self.level(self.units[-1]) + BAR_OFFSET + BAR_HEIGHT

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
        """Print a number for each unit, below a head."""
        values = {unit: number_of(unit) for unit in self.units}
        places = 0 if id == "life" else digits.DECIMALS
        decimals = words.Decimals.of(values.values(), 6, places)
        caption, names, paint = head
        half = max(decimals.width(words.SMALL), words.width(caption, words.SMALL)) / 2
        x = column.right - half if at_end else column.left + half
        numbers = [
            decimals.number(
                x,
                self.level(unit),
                value,
                size=words.SMALL,
                max_chars=6,
                id=f"{id}-{unit}",
                term=term,
            )
            for unit, value in values.items()
        ]
        name = words.label(
            x,
            self.top + 24,
            caption,
            names,
            numbers,
            anchor="middle",
            style=words.FINE,
            fill=paint,
            term=term,
        )
        return [name, *numbers]

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
        """Draw a bar below a number of a unit."""
        left, right = sorted(scale(end) for end in ends)
        return Box(
            left,
            self.level(unit) + BAR_OFFSET,
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
    layout = Rows(population, top)
    x, gap = (44.0, 9.0) if space < 480 else (72.0, 28.0)
    share_width = (space - x - gap * (len(COLUMN_SHARES) - 1)) / sum(COLUMN_SHARES)
    columns = []
    for share in COLUMN_SHARES:
        columns.append(Column(x, x + share * share_width))
        x += share * share_width + gap
    life, *gates, c = columns
    marks = _lives(layout, life)
    for gate, column in zip(GATES, gates, strict=True):
        marks += _gate(layout, gate, column)
    marks += _ranges(layout, c)
    marks = [*_names(layout, marks), *marks]
    for heading, column in (("steps", life), ("share of steps open", gates[0])):
        label, _ = words.paragraph(column.left, top, sentence(heading), 140, size=words.SMALL)
        marks.append(label)
    return marks, layout.bottom


def _names(layout: Rows, marks: list[Mark]) -> list[Mark]:
    """Name the unit of each row, left of its numbers, which are among the marks."""
    numbers = [mark for mark in marks if isinstance(mark, Text) and mark.number]
    return [
        words.label(
            0,
            layout.level(unit),
            f"unit {unit}",
            {"unit": unit},
            numbers[k :: len(layout.units)],
            style=words.FINE_STRONG,
        )
        for k, unit in enumerate(layout.units)
    ]


def _lives(layout: Rows, column: Column) -> list[Mark]:
    """Draw how long a write lasts; grey if it outlasts the sequence."""
    population = layout.population
    marks = layout.numbers(
        column, population.lifetime, ("lasts", {"tensor": "life"}, "ink"), "life", "life"
    )
    if np.isinf(population.ordered_lifetimes).all():
        return marks
    lives = {unit: float(population.lifetimes[unit]) for unit in layout.units}
    followed = population.steps - 1
    ends = {u: min(life, followed) for u, life in lives.items()}
    scale = column.scale(0, max(ends.values()))
    for unit, end in ends.items():
        outlasts = np.isinf(lives[unit])
        name = "outlasts" if outlasts else "lasts"
        marks.append(
            layout.bar(
                unit,
                scale,
                (0, end),
                f"{name}[{layout.order_index(unit)}]",
                "muted:55" if outlasts else "ink",
                f"life-{unit}-bar",
                "life",
            )
        )
    return marks


def _gate(layout: Rows, name: str, column: Column) -> list[Mark]:
    """Draw the shares of steps at which a gate is open, between, and shut."""
    paint, values = f"gate-{name}", layout.population.of(name)

    def share(unit: int) -> Number:
        expression = f"({name} > {OPEN_ABOVE})[:, 0, {unit}].double().mean()"
        return Number((values[:, unit] > OPEN_ABOVE).mean(), expression)

    marks = layout.numbers(
        column,
        share,
        (f"{name} {over_time.VERBS[name]}", {"gate": name}, paint),
        f"share-{name}",
        name,
    )
    scale = column.scale(0, 1)
    for unit in layout.units:
        open_share = float(share(unit).value)
        ajar_share = float((values[:, unit] >= SHUT_BELOW).mean())
        id, place = f"share-{name}-{unit}", layout.order_index(unit)
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
    return marks


def _ranges(layout: Rows, column: Column) -> list[Mark]:
    """Draw the range of c of each unit, and its ends as numbers."""
    c = layout.population.of("c").astype(np.float64)
    error = max(step.scale for step in layout.population.subject.steps)

    def end(statistic: str, unit: int) -> Number:
        value = getattr(c[:, unit], statistic)()
        return Number(value, f"c[:, 0, {unit}].{statistic}()", error)

    marks: list[Mark] = []
    for statistic in ("min", "max"):
        marks += layout.numbers(
            column,
            partial(end, statistic),
            (f"c {statistic}", {"tensor": "c", "statistic": statistic}, "ink"),
            f"c-{statistic}",
            "c",
            at_end=statistic == "max",
        )
    low, high = (float(reduction(c[:, layout.units])) for reduction in (np.min, np.max))
    low, high = min(0.0, low), max(0.0, high)
    scale = column.scale(low, high if high > low else low + 1)
    return [*marks, *_range_bars(layout, scale, c)]


def _range_bars(layout: Rows, scale: Scale, c: Array) -> list[Mark]:
    """Draw the parts of each range above and below zero, and a line at zero.

    If there is only one step, draw c from zero.

    Args:
        layout: The rows.
        scale: The horizontal scale.
        c: The cell state, shape `(steps, units)`.
    """
    is_range = layout.population.steps > 1
    zero: list[tuple[str, tuple[float, float]]] = []
    bars: list[Mark] = []
    for unit in layout.units:
        lowest, highest = float(c[:, unit].min()), float(c[:, unit].max())
        low_of, high_of = (f"c_{side}[{layout.order_index(unit)}]" for side in ("low", "high"))
        ends = (lowest, low_of), (highest, high_of)
        for name, paint, clip, (near, near_of), (far, far_of) in (
            ("above", "pos", "min", *ends),
            ("below", "neg", "max", *ends[::-1]),
        ):
            clipped = max if paint == "pos" else min
            if not clipped(0, far):
                continue
            edges = f"({near_of}.clamp({clip}=0), {far_of}.clamp({clip}=0))"
            start = clipped(0, near)
            if not is_range:
                start, edges = 0.0, high_of
            bars.append(
                layout.bar(unit, scale, (start, far), edges, paint, f"c-{unit}-{name}", "c")
            )
        if lowest < 0 or highest > 0:
            top, x = layout.level(unit) + BAR_OFFSET, scale(0)
            zero += [("M", (x, top - 3)), ("L", (x, top + BAR_HEIGHT + 3))]
    if not bars:
        return []
    return [*bars, Path(tuple(zero), stroke="muted", stroke_width=styles.LINE.back.weight)]
