"""Three bands of rows, one row per unit, grouped by how long a write lasts."""

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
"""The most cells that keep the file small enough."""
HEIGHTS = ((2, 24.0), (16, 18.0), (40, 8.0), (100, 5.0), (300, 2.0))
"""Numbers of rows, and the height of a row up to each; with more, it is one pixel."""
SHARES = ("i", "f", "o")
"""Gates that are never negative, and use the colour of the gate."""

TENSORS = {
    "c_share": "c_share[:, {}].T",
    "c": "c[:, 0, {}].T",
    "h": "output[:, 0, {}].T",
    "ig": "(i * g)[:, 0, {}].T",
    **{gate: f"{gate}[:, 0, {{}}].T" for gate in "ifgo"},
}
"""The expressions of the values of a band, for each kind of value."""

C_SHARE = """\
# Each c as a share of the largest of its unit.
c_share = c[:, 0].detach()
c_share = c_share / c_share.abs().amax(0).clamp(min=1e-30)"""
"""The Python code that computes `c_share`."""


class Band(NamedTuple):
    """Units with similar lifetimes.

    Attributes:
        name: The name of its list of units in the preamble.
        duration: How long a write lasts, in words.
        claim: An expression that is true for these units.
        units: The units that have a row, from top to bottom.
        size: The number of units in the band, with or without a row.
    """

    name: str
    duration: str
    claim: str
    units: tuple[int, ...]
    size: int

    @property
    def id(self) -> str:
        """The id of the rows."""
        return f"map-{self.name}"


def bands(population: Population, steps: int, always: Collection[int] = ()) -> tuple[Band, ...]:
    """Return the bands that have units, the longest lifetime first.

    Args:
        population: The units.
        steps: The most steps to draw. With too many cells, only every second
            (third, …) unit has a row; its neighbours are similar.
        always: Units that have a row in any case.
    """
    c, life = population.of("c"), population.lifetimes
    cells = len(population.order) * min(steps, population.steps)
    stride = -(-cells // MAX_CELLS)
    parts = []
    for name, duration, claim, is_member in (
        ("long", "ten steps or more", f"life >= {MIN_LONG_LIFETIME}", life >= MIN_LONG_LIFETIME),
        (
            "medium",
            "three to nine steps",
            f"(life > {MAX_SHORT_LIFETIME}) & (life < {MIN_LONG_LIFETIME})",
            (life > MAX_SHORT_LIFETIME) & (life < MIN_LONG_LIFETIME),
        ),
        ("short", "one or two steps", f"life <= {MAX_SHORT_LIFETIME}", life <= MAX_SHORT_LIFETIME),
    ):
        units = np.array([unit for unit in population.finite_units if is_member[unit]], int)
        if len(units):
            order = units[similarity_order(c[:, units])].tolist()
            visible = tuple(
                unit for k, unit in enumerate(order) if k % stride == 0 or unit in always
            )
            parts.append(Band(name, duration, claim, visible, len(units)))
    return tuple(parts)


def row_height(rows: int) -> float:
    """Return the height of a row."""
    return next((height for max_rows, height in HEIGHTS if rows <= max_rows), 1.0)


class Map(NamedTuple):
    """The values of all rows, and their colour scale.

    Attributes:
        population: The units.
        of: The kind of value: c, h, ig, or a gate.
        is_own: Whether each row has its own colour scale.
        steps: The drawn steps.
        row_height: The height of a row.
        values: The values, shape `(steps, units)`.
        end: The value with the strongest colour; None if all are 0.
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
        """The colour of a gate; empty if colours show the sign."""
        return f"gate-{self.of}" if self.of in SHARES else ""

    def paint(self, value: float) -> Paint:
        """Return the colour of a cell."""
        limit = abs(float(self.end.value)) if self.end else 1.0
        share = round(min(1.0, abs(value) / limit) * DARKEST)
        hue = self.hue or ("pos" if value > 0 else "neg")
        return f"{hue}:{share}" if share else "panel"

    def rows(self, band: Band, top: float) -> Group:
        """Draw the cells of a band."""
        steps = self.steps
        segments: dict[Paint, list[tuple[str, tuple[float, float]]]] = {}
        for row, unit in enumerate(band.units):
            y = top + (row + 0.5) * self.row_height
            paints = [self.paint(v) for v in self.values[steps.part, unit]]
            first = 0
            for k, paint in enumerate(paints):
                if paints[k + 1 : k + 2] != [paint]:
                    ends = (steps.left + first * steps.width, steps.left + (k + 1) * steps.width)
                    segments.setdefault(paint, []).extend(
                        (("M", (ends[0], y)), ("L", (ends[1], y)))
                    )
                    first = k + 1
        paths = tuple(
            Path(tuple(d), stroke=paint, stroke_width=self.row_height, crisp=True)
            for paint, d in sorted(segments.items())
        )
        bottom = top + len(band.units) * self.row_height
        limit = abs(float(self.end.value)) if self.end else 1.0
        heat = Heat(self.expr(band.name), limit, (steps.left, top, steps.right, bottom))
        return Group(paths, id=band.id, term=self.term, bound=(heat,))

    def expr(self, units: str) -> str:
        """Return the expression of the values of some units."""
        part = self.steps.part
        steps = ":" if len(self.steps.labels) == len(self.values) else (f"{part.start}:{part.stop}")
        return TENSORS[self.tensor].format(units).replace("[:", f"[{steps}", 1)

    @property
    def tensor(self) -> str:
        """The kind of value that colours show, a key of `TENSORS`."""
        return "c_share" if self.is_own else self.of

    @property
    def term(self) -> str:
        """The terms of the cells."""
        return {"ig": "i g"}.get(self.of, self.of)


def mapped(
    population: Population, of: str, units: Sequence[int], *, is_own: bool
) -> tuple[Array, Number | None]:
    """Return the values of all units, and the largest among units with a row.

    Args:
        population: The units.
        of: The kind of value: c, h, ig, or a gate.
        units: The units that have a row.
        is_own: Whether to divide each value by the largest of its unit.
    """
    if of == "ig":
        values = population.of("i") * population.of("g")
    else:
        values = population.of(of)
    if is_own:
        sizes = abs(values).max(0)
        values = values / np.maximum(sizes, np.float32(1e-30))
    visible_values = values[:, list(units)].astype(np.float64)
    # If two values have the same magnitude, prefer the positive one.
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
