"""Three bands of rows, one for each unit, by how long a write lasts there."""

import math
from collections.abc import Collection, Sequence
from typing import NamedTuple

import numpy as np

from ...layout.motifs.over_time import Steps
from ...layout.motifs.population import Population
from ...model.reference import Number, Ref
from ...model.tensors import Array
from ...model.units import MAX_SHORT_LIFETIME, MIN_LONG_LIFETIME, similarity_order
from ...proof.bindings import Heat
from ...scene.marks import Group, Path
from ...scene.theme import DARKEST, Paint

MAX_CELLS = 16_000
"""The most cells that a file has room for."""
HEIGHTS = ((2, 24.0), (16, 18.0), (40, 8.0), (100, 5.0), (300, 2.0))
"""Up to how many rows each has this height; of more it is one pixel."""
SHARES = ("i", "f", "o")
"""What is never negative, and has the hue of its gate."""

TENSORS = {
    "c_share": "c_share[:, {}].T",
    "c": "c[:, 0, {}].T",
    "h": "output[:, 0, {}].T",
    "ig": "(i * g)[:, 0, {}].T",
    **{gate: f"{gate}[:, 0, {{}}].T" for gate in "ifgo"},
}
"""The expression of a band of units, by what their colours are of."""

C_SHARE = """\
# Each c as a share of the largest of its unit.
c_share = c[:, 0].detach()
c_share = c_share / c_share.abs().amax(0).clamp(min=1e-30)"""
"""Python that makes it."""


class Band(NamedTuple):
    """Units in which a write lasts alike.

    Attributes:
        name: What the preamble calls them.
        duration: How long it lasts.
        claim: Which units these are, of all.
        units: Those that have a row, in the order of rows.
        size: The number of units of the band, with or without a row.
    """

    name: str
    duration: str
    claim: str
    units: tuple[int, ...]
    size: int

    @property
    def id(self) -> str:
        """The id of its rows."""
        return f"map-{self.name}"


def bands(population: Population, steps: int, always: Collection[int] = ()) -> tuple[Band, ...]:
    """The bands that have units, from those in which a write lasts longest.

    Args:
        population: The units.
        steps: How many steps are drawn at most. Of too many units every
            second, or third, has a row: neighbours are alike.
        always: The units that have a row all the same.
    """
    c, life = population.of("c"), population.lifetimes
    cells = len(population.order) * min(steps, population.steps)
    stride = -(-cells // MAX_CELLS)
    parts = []
    for name, duration, claim, own in (
        ("long", "ten steps or more", f"life >= {MIN_LONG_LIFETIME}", life >= MIN_LONG_LIFETIME),
        (
            "medium",
            "three to nine steps",
            f"(life > {MAX_SHORT_LIFETIME}) & (life < {MIN_LONG_LIFETIME})",
            (life > MAX_SHORT_LIFETIME) & (life < MIN_LONG_LIFETIME),
        ),
        ("short", "one or two steps", f"life <= {MAX_SHORT_LIFETIME}", life <= MAX_SHORT_LIFETIME),
    ):
        units = np.array([unit for unit in population.finite_units if own[unit]], int)
        if len(units):
            order = units[similarity_order(c[:, units])].tolist()
            visible = tuple(
                unit for k, unit in enumerate(order) if k % stride == 0 or unit in always
            )
            parts.append(Band(name, duration, claim, visible, len(units)))
    return tuple(parts)


def row_height(rows: int) -> float:
    """The height of a row."""
    return next((height for max_rows, height in HEIGHTS if rows <= max_rows), 1.0)


class Map(NamedTuple):
    """The values of all rows, and the scale of their colours.

    Attributes:
        population: The units.
        of: What is shown of them.
        is_own: Whether each row has a scale of its own.
        steps: Where steps stand.
        row_height: The height of a row.
        values: Of all steps and units; shape (steps, units).
        end: The number that has the strongest colour, None where all are 0.
    """

    population: Population
    of: str
    is_own: bool
    steps: Steps
    row_height: float
    values: Array
    end: Number | None

    @property
    def hue(self) -> Paint:
        """The hue of a gate; empty for that of a sign."""
        return f"gate-{self.of}" if self.of in SHARES else ""

    def paint(self, value: float) -> Paint:
        """The colour of a cell."""
        limit = abs(float(self.end.value)) if self.end else 1.0
        share = round(min(1.0, abs(value) / limit) * DARKEST)
        hue = self.hue or ("pos" if value > 0 else "neg")
        return f"{hue}:{share}" if share else "panel"

    def rows(self, band: Band, top: float) -> Group:
        """The cells of a band."""
        steps = self.steps
        segments: dict[Paint, list[tuple[str, tuple[float, float]]]] = {}
        for row, unit in enumerate(band.units):
            y = top + (row + 0.5) * self.row_height
            paints = [self.paint(v) for v in self.values[steps.part, unit]]
            first = 0
            for k, own in enumerate(paints):
                if paints[k + 1 : k + 2] != [own]:
                    ends = (steps.left + first * steps.width, steps.left + (k + 1) * steps.width)
                    segments.setdefault(own, []).extend((("M", (ends[0], y)), ("L", (ends[1], y))))
                    first = k + 1
        paths = tuple(
            Path(tuple(d), stroke=own, stroke_width=self.row_height, crisp=True)
            for own, d in sorted(segments.items())
        )
        bottom = top + len(band.units) * self.row_height
        limit = abs(float(self.end.value)) if self.end else 1.0
        heat = Heat(self.expr(band.name), limit, (steps.left, top, steps.right, bottom))
        return Group(paths, id=band.id, term=self.term, bound=(heat,))

    def expr(self, units: str) -> str:
        """The expression of the values of some units."""
        part = self.steps.part
        steps = ":" if len(self.steps.labels) == len(self.values) else (f"{part.start}:{part.stop}")
        return TENSORS[self.tensor].format(units).replace("[:", f"[{steps}", 1)

    @property
    def tensor(self) -> str:
        """What its colours are of."""
        return "c_share" if self.is_own else self.of

    @property
    def term(self) -> str:
        """The terms of its cells."""
        return {"ig": "i g"}.get(self.of, self.of)


def mapped(
    population: Population, of: str, units: Sequence[int], *, is_own: bool
) -> tuple[Array, Number | None]:
    """The values of all units, and the largest of those that have a row.

    Args:
        population: The units.
        of: What is shown of them.
        units: Those that have a row.
        is_own: Whether values are shares of the largest of their own unit.
    """
    if of == "ig":
        values = population.of("i") * population.of("g")
    else:
        values = population.of(of)
    if is_own:
        sizes = abs(values).max(0)
        values = values / np.maximum(sizes, np.float32(1e-30))
    visible_values = values[:, list(units)].astype(np.float64)
    # Of two that are as large the positive one is named.
    sizes = np.where(visible_values > 0, visible_values * (1 + 1e-9), -visible_values)
    at = np.unravel_index(sizes.argmax(), visible_values.shape)
    step, unit = int(at[0]), int(units[int(at[1])])
    value = values[step, unit]
    if not value or not math.isfinite(value):
        return values, None
    if is_own:
        return values, Number(value, Ref("c_share")[step, unit])
    tensor = {"h": Ref("output"), "ig": Ref("i") * Ref("g")}.get(of, Ref(of))
    return values, Number(value, tensor[step, 0, unit])
