"""The figure `gate-functions`."""

import math
from collections.abc import Callable
from dataclasses import replace
from typing import NamedTuple

import numpy as np

from .. import digits
from ..cells import LINE, NUMBER, counted, number, spoken
from ..frame import inner
from ..lstm import Array, sigmoid
from ..marks import Mark, Path, Text, shift
from ..nodes import spread
from ..proof import Subject
from ..scene import Axes, Chart, Heading, Series
from ..shapes import MARKERS, Panel, code, marker, unit_marker
from ..terms import TERMS
from ..vectors import column_height

AXIS, INSET = 34.0, 14.0
"""What tick labels take left and right of a plot."""
HEAD, PLOT = 28.0, 140.0
"""The height of a plot's label, and of a plot."""
LANE, LANES = 17.0, 3
"""The height of a lane of markers, and how many there is room for."""
LEAST, BENT = 4, 8
"""The axis reaches so far at least; beyond the second, curves look flat."""


class Squash(NamedTuple):
    """A function, and the results of a step that it takes and gives."""

    name: str
    function: Callable[[Array], Array]
    code: str
    low: int
    pairs: tuple[tuple[str, str], ...]


SQUASHES = (
    Squash(
        "σ", sigmoid, "torch.sigmoid", 0,
        (("z_i", "i"), ("z_f", "f"), ("z_o", "o")),
    ),
    Squash("tanh", np.tanh, "torch.tanh", -1, (("z_g", "g"), ("c", "tanh_c"))),
)  # fmt: skip


def gate_functions(subject: Subject, room: float, *, step: int = 1) -> Chart:
    """The curves of σ and tanh, with the points that one step takes on them.

    Args:
        subject: What is drawn.
        room: The width that the figure may use.
        step: The time step, counted from 1.
    """
    t = subject.check("step", step, len(subject.steps), 1) - 1
    space = inner(room)
    beside = space >= 560
    width = (space - 32) / 2 if beside else space
    marks: list[Mark] = []
    axes: list[Axes] = []
    x = y = 0.0
    for squash in SQUASHES:
        panel, chart = _panel(subject, t, squash, width)
        marks += [shift(mark, x, y) for mark in panel.marks]
        axes.append(replace(chart, x=chart.x + x, y=chart.y + y))
        height = y + panel.height
        x, y = (width + 32, 0.0) if beside else (0.0, height + 30)
    return Chart(
        Heading(
            "σ gives a share, tanh a signed value",
            f"{subject.module}, step {step}: what the cell puts into its two "
            "functions, and what comes out",
            (
                "Each marker is one unit.",
                "The lanes below a curve show what goes in.",
            ),
            subject.source,
        ),
        "The curves of σ, from 0 to 1, and tanh, from −1 to 1, with a point "
        f"for each of {counted(subject.weights.hidden_size, 'unit')} at step "
        f"{step}. " + " ".join(_said(subject, t, s) for s in SQUASHES),
        space,
        height,
        tuple(marks),
        tuple(axes),
        room,
    )


def _said(subject: Subject, t: int, squash: Squash) -> str:
    pairs = (
        f"{name} {spoken(subject.vector(name, t))} becomes "
        f"{result} {spoken(subject.vector(result, t))}"
        for name, result in squash.pairs
    )
    return f"By {squash.name}, {'; '.join(pairs)}."


def _reach(subject: Subject, t: int) -> float:
    """How far both axes reach: a whole number with one digit other than 0."""
    names = (name for squash in SQUASHES for name, _ in squash.pairs)
    sizes = [
        abs(float(number.value))
        for name in names
        for number in subject.vector(name, t)
        if math.isfinite(number.value)
    ]
    most = max(LEAST, math.ceil(max(sizes, default=0)))
    unit = 10 ** (len(str(most)) - 1)
    return float(-(-most // unit) * unit)


def _panel(
    subject: Subject, t: int, squash: Squash, width: float
) -> tuple[Panel, Axes]:
    """A curve with its points, what goes in below it, then the numbers."""
    reach = _reach(subject, t)
    chart = Axes(
        id=f"{squash.code.partition('.')[2]}-axes",
        x=AXIS,
        y=HEAD,
        width=width - AXIS - INSET,
        height=PLOT,
        xlim=(-reach, reach),
        ylim=(squash.low, 1),
        yticks=(squash.low, (squash.low + 1) / 2, 1),
        series=(
            _curve(squash, reach),
            *(
                point
                for name, result in squash.pairs
                for point in _points(subject, t, name, result)
            ),
        ),
    )
    y = HEAD + PLOT + 6
    marks: list[Mark] = [
        Text(x=AXIS, y=13, content=squash.name, size=14, bold=True),
        code(width - INSET, 13, squash.code, "end", fill="muted"),
        *_lanes(subject, t, squash, chart, y),
    ]
    y += LANE * LANES + 20
    marks += _ticks(chart, y)
    table = _table(subject, t, squash, width)
    marks += [shift(mark, 0, y + 18) for mark in table.marks]
    return Panel(width, y + 18 + table.height, tuple(marks)), chart


def _curve(squash: Squash, reach: float) -> Series:
    bent = min(reach, BENT)
    xs = np.array([-reach, *np.linspace(-bent, bent, 121), reach])
    return Series(
        id=f"{squash.code.partition('.')[2]}-curve",
        xs=tuple(xs.tolist()),
        ys=tuple(squash.function(xs).tolist()),
        paint="muted",
        marker="",
    )


def _points(subject: Subject, t: int, name: str, result: str) -> list[Series]:
    """A point on the curve for each unit; NaN and ∞ have no place there."""
    return [
        Series(
            id=f"{result}-unit-{k}",
            xs=(float(argument.value),),
            ys=(float(value.value),),
            paint=TERMS[result].role,
            marker=MARKERS[k],
            term=result,
            line=False,
        )
        for k, (argument, value) in enumerate(
            zip(
                subject.vector(name, t),
                subject.vector(result, t),
                strict=True,
            )
        )
        if math.isfinite(argument.value)
    ]


def _lanes(
    subject: Subject, t: int, squash: Squash, chart: Axes, top: float
) -> list[Mark]:
    """A row of markers for each argument, below the points on the curve."""
    marks: list[Mark] = []
    places = spread(len(squash.pairs), LANE, LANE * LANES)
    for (name, _), place in zip(squash.pairs, places, strict=True):
        term, y = TERMS[name], top + place + LANE / 2
        end = chart.x + chart.width
        marks += [
            Path(
                d=(("M", (chart.x, y)), ("L", (end, y))), stroke="rule",
                stroke_width=0.5,
            ),
            Text(
                x=AXIS - 8, y=y + 4, content=term.symbol, size=12, bold=True,
                fill=term.role, anchor="end", term=name,
            ),
            *(
                marker(
                    chart.x
                    + chart.width
                    * (float(n.value) / chart.xlim[1] + 1) / 2,
                    y, MARKERS[k], term.role,
                )
                for k, n in enumerate(subject.vector(name, t))
                if math.isfinite(n.value)
            ),
        ]  # fmt: skip
    return marks


def _ticks(chart: Axes, y: float) -> list[Mark]:
    """Numbers below the axis: its ends, its middle, halves if whole."""
    reach = chart.xlim[1]
    shares = (-1, -0.5, 0, 0.5, 1) if reach % 2 == 0 else (-1, 0, 1)
    return [
        Text(
            x=chart.x + chart.width * (share + 1) / 2,
            y=y,
            content=f"{reach * share:g}".replace("-", "−"),
            size=NUMBER,
            fill="muted",
            anchor="middle",
            kind="tick",
        )
        for share in shares
    ]


def _table(subject: Subject, t: int, squash: Squash, width: float) -> Panel:
    """Arguments beside results, a row for each unit."""
    rows = range(subject.weights.hidden_size)
    part = (width - AXIS) / len(squash.pairs)
    places = digits.decimals(
        n.value
        for pair in squash.pairs
        for name in pair
        for n in subject.vector(name, t)
    )
    marks: list[Mark] = []
    for k in rows:
        marks += unit_marker(AXIS - 20, 32 + LINE * k, k, "muted")
    for n, pair in enumerate(squash.pairs):
        middle = AXIS + part * (n + 0.5)
        for name, x in zip(pair, (middle - 21, middle + 24), strict=True):
            term = TERMS[name]
            marks.append(
                Text(
                    x=x, y=13, content=term.symbol, bold=True,
                    fill=term.role, anchor="middle", term=name,
                )
            )  # fmt: skip
            marks += [
                number(
                    x - 3, 32 + LINE * k, value, places=places, room=6,
                    id=f"{name}-{t}-{k}", term=name,
                )
                for k, value in enumerate(subject.vector(name, t))
            ]  # fmt: skip
    return Panel(width, 21 + column_height(len(rows)), tuple(marks))
