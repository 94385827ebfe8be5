"""The figure `gate-functions`."""

import math

from ...layout.cells import LINE, number, spoken
from ...layout.fold import WHOLE
from ...layout.heading import inner
from ...layout.nodes import spread
from ...layout.panels import MARKERS, Panel, marker, unit_marker
from ...layout.vectors import column_height
from ...proof import digits
from ...proof.digits import counted
from ...proof.subject import Subject
from ...scene.marks import Mark, Path, Text, shift
from ...scene.scenes import Axes, Chart, Heading
from ...scene.terms import TERMS
from . import curves
from .curves import ARGUMENTS, HEAD, PLOT, SQUASHES, Squash
from .histograms import Many, histogram, table

AXIS = 34.0
"""What tick labels take left of a plot."""
LANE, LANES = 17.0, 3
"""The height of a lane of markers, and how many there is room for."""
WIDE, TALL = 58.0, 32.0
"""For many units: what stands left of a plot, and the height of a lane."""


def gate_functions(subject: Subject, room: float, *, step: int = 2) -> Chart:
    """The curves of σ and tanh, with the points that one step takes on them.

    Args:
        subject: What is drawn.
        room: The width that the figure may use.
        step: The time step, counted from 1; the first if there is no other.
    """
    t = subject.at(step)
    space = inner(room)
    beside = space >= 560
    width = (space - 32) / 2 if beside else space
    size = subject.weights.hidden_size
    many = Many(subject, t) if size > WHOLE else None
    marks: list[Mark] = []
    axes: list[Axes] = []
    x = y = 0.0
    for squash in SQUASHES:
        panel, chart = (
            _many_panel(many, squash, width)
            if many
            else _panel(subject, t, squash, width)
        )
        marks += [shift(mark, x, y) for mark in panel.marks]
        axes.append(chart._replace(x=chart.x + x, y=chart.y + y))
        height = y + panel.height
        x, y = (width + 32, 0.0) if beside else (0.0, height + 30)
    return Chart(
        Heading(
            "σ gives a share, tanh a signed value",
            f"{subject.module}, step {step}: what the cell puts into its two "
            "functions, and what comes out",
            _notes(many),
            subject.source,
        ),
        "The curves of σ, from 0 to 1, and tanh, from −1 to 1, with a point "
        f"for each of {many.units.said('unit')} at step {step}, and the "
        "distribution of what goes in. "
        + " ".join(_said_many(many, s) for s in SQUASHES)
        if many
        else "The curves of σ, from 0 to 1, and tanh, from −1 to 1, with a "
        f"point for each of {counted(size, 'unit')} at step "
        f"{step}. " + " ".join(_said(subject, t, s) for s in SQUASHES),
        space,
        height,
        tuple(marks),
        tuple(axes),
        room,
    )


def _notes(many: Many | None) -> tuple[str, ...]:
    if many is None:
        return (
            "Each marker is one unit.",
            "The lanes below a curve show what goes in.",
        )
    beyond = many.beyond(ARGUMENTS, curves.reach(many.reached(ARGUMENTS)))
    notes = [
        f"Markers are {many.units.said('unit')}.",
        "Below a curve: how many units have which argument, each to its own "
        "height.",
        "p90: 90 of 100 units are not above it; > and <: so many units.",
    ]
    if beyond:
        notes.append(f"{counted(beyond, 'argument')} beyond the axis.")
    return tuple(notes)


def _said_many(many: Many, squash: Squash) -> str:
    pairs = (
        f"{name} ({many.said(name)}) becomes {result} ({many.said(result)})"
        for name, result in squash.pairs
    )
    return f"By {squash.name}, {'; '.join(pairs)}."


def _said(subject: Subject, t: int, squash: Squash) -> str:
    pairs = (
        f"{name} {spoken(subject.vector(name, t))} becomes "
        f"{result} {spoken(subject.vector(result, t))}"
        for name, result in squash.pairs
    )
    return f"By {squash.name}, {'; '.join(pairs)}."


def _sizes(subject: Subject, t: int) -> list[float]:
    return [
        abs(float(number.value))
        for name in ARGUMENTS
        for number in subject.vector(name, t)
        if math.isfinite(number.value)
    ]


def _many_panel(many: Many, squash: Squash, width: float) -> tuple[Panel, Axes]:
    """A curve with some points, distributions below it, then the numbers."""
    units, reach = many.units.indices, curves.reach(many.reached(ARGUMENTS))
    points = (
        point
        for name, result in squash.pairs
        for point in curves.points(
            units,
            [many.one(name, k) for k in units],
            [many.one(result, k) for k in units],
            result,
        )
        if abs(point.xs[0]) <= reach
    )
    chart = curves.axes(squash, width, WIDE, reach, points)
    y = HEAD + PLOT + 8
    marks = curves.names(squash, width, WIDE)
    places = spread(len(squash.pairs), TALL, TALL * LANES)
    for (name, _), place in zip(squash.pairs, places, strict=True):
        marks += histogram(many, name, chart, y + place - TALL / 2)
    y += TALL * LANES + 8
    marks += curves.ticks(chart, y)
    below = table(many, squash.pairs, WIDE, width)
    marks += [shift(mark, 0, y + 18) for mark in below.marks]
    return Panel(width, y + 18 + below.height, tuple(marks)), chart


def _panel(
    subject: Subject, t: int, squash: Squash, width: float
) -> tuple[Panel, Axes]:
    """A curve with its points, what goes in below it, then the numbers."""
    points = (
        point
        for name, result in squash.pairs
        for point in curves.points(
            range(subject.weights.hidden_size),
            subject.vector(name, t),
            subject.vector(result, t),
            result,
        )
    )
    chart = curves.axes(
        squash, width, AXIS, curves.reach(_sizes(subject, t)), points
    )
    y = HEAD + PLOT + 6
    marks = [
        *curves.names(squash, width, AXIS),
        *_lanes(subject, t, squash, chart, y),
    ]
    y += LANE * LANES + 20
    marks += curves.ticks(chart, y)
    table = _table(subject, t, squash, width)
    marks += [shift(mark, 0, y + 18) for mark in table.marks]
    return Panel(width, y + 18 + table.height, tuple(marks)), chart


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
