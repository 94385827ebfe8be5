"""Gates and states of many units over time, as distributions."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from ...layout.cells import CHARACTER, LINE, NUMBER, number, spoken
from ...layout.fold import Excerpt
from ...layout.panels import MARKERS, Panel, marker
from ...layout.ranks import LIMITS, PERCENTS, PRINTED, passing, place, ranked
from ...model.tensors import Array
from ...proof import digits
from ...proof.subject import SUMMED, Number, Subject
from ...scene.marks import Mark, Path, Text
from ...scene.scenes import Axes, Band, Series
from ...scene.terms import TERMS

AXIS, HEAD, PLOT = 58.0, 26.0, 104.0
"""What labels take left of a plot, the height of its name, and its own."""
POINTS, MARKED, LONE = 5000, 30, 2
"""The most points of a lane, the most steps that have markers, and the most
units that are drawn one by one without."""
RESULTS = {"h": "output"}
"""What preambles call a result, where it is not its own name."""


@dataclass(frozen=True, eq=False)
class Lane:
    """One result of every step, for the first sequence.

    Attributes:
        subject: What is drawn.
        name: The result.
        label: What it is called.
        units: Which units are drawn one by one.
    """

    subject: Subject
    name: str
    label: str
    units: Excerpt

    @cached_property
    def values(self) -> Array:
        """Shape `(seq_len, hidden_size)`."""
        return np.stack([getattr(s, self.name)[0] for s in self.subject.steps])

    @property
    def tensor(self) -> str:
        """What preambles call the result of all steps."""
        return RESULTS.get(self.name, self.name)

    @cached_property
    def table(self) -> list[dict[str, Number]]:
        """What is printed of each of the first steps: ranks and counts."""
        rows = []
        for t, step in enumerate(self.subject.steps[:SUMMED]):
            expr, array = f"{self.tensor}[{t}, 0]", self.values[t]
            rows.append(
                ranked(array, expr, step.scale)
                | {
                    limit.label: passing(array, expr, limit, step.scale)
                    for limit in LIMITS.get(self.name, ())
                }
            )
        return rows

    @cached_property
    def whole(self) -> dict[str, Number]:
        """The median and the counts of the first steps together."""
        first = self.values[:SUMMED]
        scale = max(step.scale for step in self.subject.steps[:SUMMED])
        expr = f"{self.tensor}[:{SUMMED}, 0]"
        flat = ranked(first.ravel(), f"{expr}.flatten()", scale)
        return {"median": flat["median"]} | {
            limit.label: passing(first, expr, limit, scale)
            for limit in LIMITS.get(self.name, ())
        }

    def unit(self, t: int, k: int) -> Number:
        """One unit at one step."""
        return self.subject.result(self.name, t, 0, k)

    def said(self) -> str:
        """For a description."""
        steps = (
            f"step {self.subject.label(t)}: "
            + ", ".join(f"{n} {spoken([v])}" for n, v in row.items())
            + f"; {self.units.said('unit')}: "
            + spoken(self.unit(t, k) for k in self.units.indices)
            for t, row in enumerate(self.table)
        )
        return f"{self.label.capitalize()} {self.name}, {'. '.join(steps)}."

    def series(self) -> tuple[Band | Series, ...]:
        """Two bands, the median, and single units as thin lines."""
        count = len(self.values)
        xs = tuple((np.arange(count) + 0.5).tolist())
        ordered = np.sort(self.values, axis=1)
        # The distribution of a single step is as wide as half of it.
        wide = (0.25, 0.75) if count == 1 else xs
        paint = TERMS[self.name].role

        def edge(name: str) -> tuple[float, ...]:
            column = place(ordered.shape[1], PERCENTS[name])
            return tuple(ordered[:, column].tolist()) * (len(wide) // count)

        return (
            *(
                Band(
                    f"{self.name}-{low}-{high}", wide, edge(low), edge(high),
                    f"{paint}:{share}", self.name,
                )
                for low, high, share in (("p10", "p90", 16), ("p25", "p75", 36))
            ),
            *(
                Series(
                    id=f"{self.name}-unit-{k}",
                    xs=xs,
                    ys=tuple(self.values[:, k].tolist()),
                    paint="ink",
                    marker=MARKERS[n] if count <= MARKED else "",
                    term=self.name,
                    width=0.75,
                )
                for n, k in enumerate(drawn(self))
            ),
            Series(
                f"{self.name}-median", wide, edge("median"), paint, "",
                self.name, width=2.25,
            ),
        )  # fmt: skip


def drawn(lane: Lane) -> tuple[int, ...]:
    """The units that are drawn one by one."""
    count, units = len(lane.values), lane.units.indices
    if count <= MARKED:
        return units
    return units[:LONE] if (5 + LONE) * count <= POINTS else ()


def least(lanes: list[Lane]) -> float:
    """The width in which the longest number of a table has room."""
    count = len(lanes[0].values)
    if count > SUMMED:
        return 0
    longest = max(
        len(digits.text(number.value, room=5))
        for lane in lanes
        for t, row in enumerate(lane.table)
        for number in [
            *row.values(),
            *(lane.unit(t, k) for k in lane.units.indices),
        ]
    )
    return AXIS + count * (longest * CHARACTER + 4)


def reached(lane: Lane) -> Array:
    """The values between which a lane is drawn."""
    ordered = np.sort(lane.values, axis=1)
    places = [place(ordered.shape[1], PERCENTS[n]) for n in ("p10", "p90")]
    units = lane.values[:, list(drawn(lane))]
    return np.concatenate([ordered[:, places], units], axis=1)


def draw(
    lane: Lane, width: float, limits: tuple[float, float], printed: bool
) -> tuple[Panel, Axes]:
    """A chart of the distribution, with its numbers below the steps.

    Args:
        lane: What is drawn.
        width: How wide the chart is.
        limits: The ends of its axis.
        printed: Whether the numbers of each step have room.
    """
    paint, count = TERMS[lane.name].role, len(lane.values)
    low, high = limits
    chart = Axes(
        f"{lane.name}-axes", AXIS, HEAD, width - AXIS, PLOT, (0, count),
        (low, high), (low, (low + high) / 2, high), lane.series(),
        compact=True,
    )  # fmt: skip
    column = (width - AXIS) / count
    y = HEAD + PLOT + 18
    shown = range(count) if count <= 12 else (0, count - 1)
    marks: list[Mark] = [
        Text(
            x=AXIS, y=12, content=lane.name, size=14, bold=True, fill=paint,
            term=lane.name,
        ),
        Text(x=AXIS + 16, y=12, content=lane.label, fill="muted"),
        *(
            Text(
                x=AXIS + (t + 0.5) * column, y=y, size=NUMBER,
                content=str(lane.subject.label(t)), fill="muted",
                anchor="middle", kind="tick",
            )
            for t in shown
        ),
        _name(y, "step"),
    ]  # fmt: skip
    if count > SUMMED:
        below, height = _line(lane, width, y + 10)
    elif printed:
        below, height = _table(lane, column, y + 10)
    else:
        below, height = [], y + 6
    return Panel(width, height, (*marks, *below)), chart


def _name(y: float, content: str) -> Text:
    return Text(
        x=AXIS - 8, y=y, content=content, size=NUMBER, fill="muted",
        anchor="end", kind="tick",
    )  # fmt: skip


def _legend(lane: Lane, x: float, y: float, n: int) -> list[Mark]:
    """The index of a unit, which ends at x, and its marker."""
    return [
        Text(
            x=x, y=y, content=str(lane.units.indices[n]), size=NUMBER,
            mono=True, fill="muted", anchor="end",
        ),
        marker(x + 9, y - 4, MARKERS[n], "ink"),
    ]  # fmt: skip


def _table(lane: Lane, column: float, y: float) -> tuple[list[Mark], float]:
    """Ranks, counts and single units, a column for each step."""
    marks: list[Mark] = []

    # With a count, the last digits stand below each other.
    wide = column > 44

    def line(
        values: list[Number], id: str, places: int = digits.DECIMALS
    ) -> None:
        for t, value in enumerate(values):
            marks.append(
                number(
                    AXIS
                    + (t + 0.5) * column
                    + (2 * CHARACTER if wide and not places else 0),
                    y,
                    value,
                    places=places,
                    room=min(6, int(column / CHARACTER)),
                    term=lane.name,
                    id=f"{lane.name}-{t}-{id}",
                    aligned=wide,
                )
            )  # fmt: skip

    y += 11
    for n, name in enumerate(lane.table[0]):
        exact = name not in PRINTED
        if n == len(PRINTED):
            y += 5
        marks.append(_name(y, name))
        line([row[name] for row in lane.table], f"rank-{n}", 0 if exact else 2)
        y += LINE
    y += 5
    for n, k in enumerate(lane.units.indices):
        marks += _legend(lane, AXIS - 24, y, n)
        line([lane.unit(t, k) for t in range(len(lane.table))], str(k))
        y += LINE
    rule = y - LINE * len(lane.units.indices) - LINE + 1
    end = AXIS + column * len(lane.table)
    marks.append(Path(d=(("M", (0, rule)), ("L", (end, rule))), stroke="rule"))
    return marks, y - LINE + 4


def _line(lane: Lane, width: float, y: float) -> tuple[list[Mark], float]:
    """The first steps together, in a line."""
    y += 13
    marks: list[Mark] = [_name(y, f"1 to {SUMMED}")]
    part, end = (width - AXIS) / 3, 0.0
    for n, (name, value) in enumerate(lane.whole.items()):
        label = Text(
            x=max(AXIS + n * part, end + 8), y=y, content=name, size=NUMBER,
            fill="muted", kind="tick",
        )  # fmt: skip
        printed = number(
            0,
            y,
            value,
            places=0 if n else digits.DECIMALS,
            room=6,
            id=f"{lane.name}-whole-{n}",
            term=lane.name,
            aligned=False,
        )
        x = label.x + label.width + 7
        marks += [label, printed._replace(x=x + printed.width / 2)]
        end = x + printed.width
    return marks, y + 6
