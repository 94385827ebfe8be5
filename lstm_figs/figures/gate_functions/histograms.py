"""The arguments and results of σ and tanh for many units."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ...layout.cells import LINE, NUMBER, number, spoken
from ...layout.fold import Excerpt, excerpt
from ...layout.panels import MARKERS, Panel, Point, marker
from ...layout.ranks import LIMITS, passing, ranked
from ...model.tensors import Array
from ...proof import digits
from ...proof.subject import Number, Subject
from ...scene.marks import Mark, Path, Text
from ...scene.scenes import Axes
from ...scene.terms import TERMS
from ...scene.theme import tint

BINS, HIGH = 56, 26.0
"""How many bins a histogram has, and how high it is."""
WITHIN = 95
"""So many in a hundred arguments the axis reaches at least."""


@dataclass(frozen=True, eq=False)
class Many:
    """The results of one step for the first sequence, of many units."""

    subject: Subject
    t: int

    @property
    def units(self) -> Excerpt:
        """Which units are drawn one by one."""
        return excerpt(self.subject.weights.hidden_size)

    def values(self, name: str) -> Array:
        """A result of all units."""
        found: Array = getattr(self.subject.steps[self.t], name)[0]
        return found

    def one(self, name: str, unit: int) -> Number:
        """A result of one unit."""
        return self.subject.result(name, self.t, 0, unit)

    def statistics(self, name: str) -> dict[str, Number]:
        """Ranks of a result, and how many are near the ends of its range."""
        scale = self.subject.steps[self.t].scale
        expr, array = f"{name}[{self.t}, 0]", self.values(name)
        return ranked(array, expr, scale) | {
            limit.label: passing(array, expr, limit, scale)
            for limit in LIMITS.get(name, ())
        }

    def said(self, name: str) -> str:
        """For a description."""
        return (
            ", ".join(
                f"{label} {spoken([value])}"
                for label, value in self.statistics(name).items()
            )
            + f", {self.units.said('unit')}: "
            + spoken(self.one(name, k) for k in self.units.indices)
        )

    def reached(self, names: Sequence[str]) -> list[float]:
        """Magnitudes that an axis for some results reaches."""
        found: list[float] = []
        for name in names:
            values = self.values(name)
            sizes = np.sort(abs(values[np.isfinite(values)]))
            found += sizes[: -(-len(sizes) * WITHIN // 100)][-1:].tolist()
        return found

    def beyond(self, names: Sequence[str], reach: float) -> int:
        """How many finite elements an axis does not reach."""
        arrays = (self.values(name) for name in names)
        return sum(
            int(np.count_nonzero(np.isfinite(a) & (abs(a) > reach)))
            for a in arrays
        )


def histogram(many: Many, name: str, chart: Axes, y: float) -> list[Mark]:
    """How many units have which argument."""
    values, reach = many.values(name), chart.xlim[1]
    counts, _ = np.histogram(values[np.isfinite(values)], BINS, (-reach, reach))
    heights = counts / max(1, counts.max()) * (HIGH - 3)
    edges = chart.x + np.linspace(0, chart.width, BINS + 1)
    term, base = TERMS[name], y + HIGH
    corners: list[Point] = [(chart.x, base)]
    for left, right, high in zip(edges, edges[1:], heights, strict=False):
        corners += [(float(left), base - high), (float(right), base - high)]
    corners.append((chart.x + chart.width, base))
    first, *rest = corners
    marks: list[Mark] = [
        Text(
            x=chart.x - 8, y=base - 4, content=term.symbol, size=12,
            bold=True, fill=term.role, anchor="end", term=name,
        ),
        Path(
            d=(("M", first), *(("L", corner) for corner in rest)),
            fill=tint(term.role), stroke=term.role, stroke_width=1, term=name,
        ),
    ]  # fmt: skip
    return marks


def table(
    many: Many, pairs: Sequence[tuple[str, str]], left: float, width: float
) -> Panel:
    """Ranks of arguments and results, counts of results, single units."""
    part = (width - left) / len(pairs)
    stats = {name: many.statistics(name) for pair in pairs for name in pair}
    names = list(stats[pairs[0][1]])
    marks: list[Mark] = []
    y = 32.0
    rows: list[tuple[str, float]] = []
    for k, name in enumerate(names):
        y += 5 if k == 3 else 0
        rows.append((name, y))
        marks.append(
            Text(
                x=left - 8, y=y, content=name, size=NUMBER, fill="muted",
                anchor="end", kind="tick",
            )
        )  # fmt: skip
        y += LINE
    rule = y - LINE + 6
    marks.append(
        Path(d=(("M", (0, rule)), ("L", (width, rule))), stroke="rule")
    )
    y += 6
    lines = [y + LINE * n for n in range(len(many.units.indices))]
    for n, line in enumerate(lines):
        marks += [
            Text(
                x=left - 24, y=line, content=str(many.units.indices[n]),
                size=NUMBER, mono=True, fill="muted", anchor="end",
            ),
            marker(left - 15, line - 4, MARKERS[n], "muted"),
        ]  # fmt: skip
    for n, pair in enumerate(pairs):
        middle = left + part * (n + 0.5)
        for name, x in zip(pair, (middle - 21, middle + 24), strict=True):
            term = TERMS[name]
            marks.append(
                Text(
                    x=x, y=13, content=term.symbol, bold=True,
                    fill=term.role, anchor="middle", term=name,
                )
            )  # fmt: skip
            for k, (label, line) in enumerate(rows):
                if label in stats[name]:
                    exact = k >= 3
                    marks.append(
                        number(
                            x - 3, line, stats[name][label], room=6,
                            places=0 if exact else digits.DECIMALS,
                            id=f"{name}-{many.t}-rank-{k}", term=name,
                            aligned=not exact,
                        )
                    )  # fmt: skip
            marks += [
                number(
                    x - 3, line, many.one(name, k), places=digits.DECIMALS,
                    room=6, id=f"{name}-{many.t}-{k}", term=name,
                )
                for k, line in zip(many.units.indices, lines, strict=True)
            ]  # fmt: skip
    return Panel(width, lines[-1] + 5, tuple(marks))
