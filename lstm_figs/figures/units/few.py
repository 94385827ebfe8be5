"""Of few units each is a row: a column for each would leave a sheet empty."""

from collections.abc import Callable
from functools import partial
from typing import NamedTuple

import numpy as np

from ...layout import styles, words
from ...layout.motifs import over_time
from ...layout.motifs.population import Population
from ...model.units import OPEN, SHUT
from ...proof import digits
from ...proof.bindings import Length, Scale, sentence
from ...proof.reference import Number
from ...scene.marks import Box, Mark, Path
from ...scene.theme import Paint
from .strips import AJAR, GATES, SHUT_PAINT

MOST = 8
"""Up to how many units each is a row."""
HEAD, ROW, BAR = 48.0, 48.0, 14.0
"""From the top to the first numbers, from one row to the next, and the height
of a bar."""
DOWN = 13.0
"""From the middle of a number to the top of its bar."""
SHARES = (1.0, 1.15, 1.15, 1.15, 2.7)
"""How wide the columns are: of lives, of three gates, and of c."""
NUMBERS = ("life", *(f"share-{gate}" for gate in GATES), "c-min", "c-max")
"""What the ids of numbers begin with."""


def suits(population: Population) -> bool:
    """Whether each unit has a row: columns of so few would fill no sheet."""
    return population.count <= MOST


class Column(NamedTuple):
    """Where a column has its bars, and its numbers above them.

    Attributes:
        left: Where they begin at most.
        right: Where they end at most.
    """

    left: float
    right: float

    def scale(self, low: float, high: float) -> Scale:
        """From one value at the left to another at the right."""
        return Scale(low, high, self.left, self.right)


class Rows(NamedTuple):
    """The units below each other, by their numbers.

    Attributes:
        population: The units.
        top: The top of the heads.
    """

    population: Population
    top: float

    @property
    def units(self) -> list[int]:
        """The unit of each row."""
        return sorted(self.population.order)

    def level(self, unit: int) -> float:
        """The middle of the numbers of a unit."""
        return self.top + HEAD + self.units.index(unit) * ROW

    def place(self, unit: int) -> int:
        """Which element it is of what is in the order of memories."""
        return self.population.order.index(unit)

    @property
    def bottom(self) -> float:
        """Where the last bar ends."""
        return self.level(self.units[-1]) + DOWN + BAR

    def numbers(
        self,
        column: Column,
        of: Callable[[int], Number],
        head: tuple[str, dict[str, object], Paint],
        id: str,
        term: str,
        *,
        at_end: bool = False,
    ) -> list[Mark]:
        """The numbers of all units below each other, and what they are."""
        numbers = {unit: of(unit) for unit in self.units}
        places = 0 if id == "life" else digits.DECIMALS
        decimals = words.Decimals.of(numbers.values(), 6, places)
        said, names, paint = head
        half = max(decimals.width(words.SMALL), words.width(said, words.SMALL)) / 2
        x = column.right - half if at_end else column.left + half
        name = words.label(
            x,
            self.top + 24,
            said,
            names,
            [f"{id}-{u}" for u in numbers],
            "column",
            anchor="middle",
            style=words.FINE,
            fill=paint,
            term=term,
        )
        return [
            name,
            *(
                decimals.number(
                    x,
                    self.level(unit),
                    number,
                    size=words.SMALL,
                    room=6,
                    id=f"{id}-{unit}",
                    term=term,
                )
                for unit, number in numbers.items()
            ),
        ]

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
        """A bar below the numbers of a unit."""
        left, right = sorted(scale(end) for end in ends)
        return Box(
            left,
            self.level(unit) + DOWN,
            right - left,
            BAR,
            fill=paint,
            id=id,
            term=term,
            bound=(Length(of, "width", scale),),
        )


def rows(population: Population, top: float, space: float) -> tuple[list[Mark], float]:
    """A row for each unit, each number over its bar, and where they end.

    Args:
        population: The units.
        top: The top of the heads.
        space: The width of the figure.
    """
    of = Rows(population, top)
    x, apart = (44.0, 9.0) if space < 480 else (72.0, 28.0)
    each = (space - x - apart * (len(SHARES) - 1)) / sum(SHARES)
    columns = []
    for share in SHARES:
        columns.append(Column(x, x + share * each))
        x += share * each + apart
    life, *gates, c = columns
    marks: list[Mark] = [
        words.label(
            0,
            of.level(unit),
            f"unit {unit}",
            {"unit": unit},
            [f"{id}-{unit}" for id in NUMBERS],
            "row",
            style=words.FINE_STRONG,
        )
        for unit in of.units
    ]
    marks += _lives(of, life)
    for gate, column in zip(GATES, gates, strict=True):
        marks += _gate(of, gate, column)
    marks += _ranges(of, c)
    for said, column in (("steps", life), ("share of steps open", gates[0])):
        over, _ = words.paragraph(column.left, top, sentence(said), 140, size=words.SMALL)
        marks.append(over)
    return marks, of.bottom


def _lives(of: Rows, column: Column) -> list[Mark]:
    """How long a write lasts; grey where it outlasts the steps."""
    population = of.population
    marks = of.numbers(
        column, population.lasts, ("lasts", {"tensor": "life"}, "ink"), "life", "life"
    )
    if np.isinf(population.lives).all():
        return marks
    lives = {unit: float(population.life[unit]) for unit in of.units}
    followed = population.steps - 1
    ends = {u: min(life, followed) for u, life in lives.items()}
    scale = column.scale(0, max(ends.values()))
    for unit, end in ends.items():
        outlasts = np.isinf(lives[unit])
        name = "outlasts" if outlasts else "lasts"
        marks.append(
            of.bar(
                unit,
                scale,
                (0, end),
                f"{name}[{of.place(unit)}]",
                "muted:55" if outlasts else "ink",
                f"life-{unit}-bar",
                "life",
            )
        )
    return marks


def _gate(of: Rows, name: str, column: Column) -> list[Mark]:
    """At which share of the steps a gate is open, between, and shut."""
    paint, values = f"gate-{name}", of.population.of(name)

    def share(unit: int) -> Number:
        own = f"({name} > {OPEN})[:, 0, {unit}].double().mean()"
        return Number((values[:, unit] > OPEN).mean(), own)

    marks = of.numbers(
        column,
        share,
        (f"{name} {over_time.VERBS[name]}", {"gate": name}, paint),
        f"share-{name}",
        name,
    )
    scale = column.scale(0, 1)
    for unit in of.units:
        is_open = float(share(unit).value)
        is_ajar = float((values[:, unit] >= SHUT).mean())
        id, place = f"share-{name}-{unit}", of.place(unit)
        ends = f"({name}_open[{place}], {name}_ajar[{place}])"
        whole = of.bar(unit, scale, (0, 1), "", SHUT_PAINT, f"{id}-shut", "")
        marks += [
            whole._replace(bound=()),
            of.bar(
                unit, scale, (is_open, is_ajar), ends, f"{paint}:{AJAR}", f"{id}-ajar", name
            )._replace(stroke=paint),
            of.bar(unit, scale, (0, is_open), f"{name}_open[{place}]", paint, f"{id}-open", name),
        ]
    return marks


def _ranges(of: Rows, column: Column) -> list[Mark]:
    """From its least to its largest value, the c of each unit.

    Over one step both are the same, and it is from zero.
    """
    is_range = of.population.steps > 1
    c = of.population.of("c").astype(np.float64)
    error = max(step.scale for step in of.population.subject.steps)

    def end(how: str, unit: int) -> Number:
        value = getattr(c[:, unit], how)()
        return Number(value, f"c[:, 0, {unit}].{how}()", error)

    marks: list[Mark] = []
    for how in ("min", "max"):
        marks += of.numbers(
            column,
            partial(end, how),
            (f"c {how}", {"tensor": "c", "statistic": how}, "ink"),
            f"c-{how}",
            "c",
            at_end=how == "max",
        )
    low, high = (float(one(c[:, of.units])) for one in (np.min, np.max))
    low, high = min(0.0, low), max(0.0, high)
    scale = column.scale(low, high if high > low else low + 1)
    zero, bars = [], []
    for unit in of.units:
        least, most = float(c[:, unit].min()), float(c[:, unit].max())
        low_of, high_of = (f"c_{one}[{of.place(unit)}]" for one in ("low", "high"))
        ends = (least, low_of), (most, high_of)
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
            bars.append(of.bar(unit, scale, (start, far), edges, paint, f"c-{unit}-{name}", "c"))
        if least < 0 or most > 0:
            top, x = of.level(unit) + DOWN, scale(0)
            zero += [("M", (x, top - 3)), ("L", (x, top + BAR + 3))]
    if not bars:
        return marks
    line = Path(tuple(zero), stroke="muted", stroke_width=styles.LINE.back.weight)
    return [*marks, *bars, line]
