"""The figure `gates-over-time`."""

import math
from collections.abc import Sequence

import numpy as np

from ...layout.cells import CHARACTER, LINE, NUMBER, number, spoken
from ...layout.fold import WHOLE, Excerpt, excerpt
from ...layout.heading import inner
from ...layout.panels import MARKERS, Panel, unit_marker
from ...model.tensors import Array
from ...proof.digits import DECIMALS, counted, text
from ...proof.subject import Subject
from ...scene.marks import Box, Mark, Text, shift
from ...scene.scenes import Axes, Chart, Heading, Series
from ...scene.terms import GATE_NAMES, TERMS
from . import lanes

PRINTED = 8
"""The most steps whose numbers are printed."""
MARKED, LONG, POINTS = 30, 200, 6000
"""The most steps that have markers, and exact places; the most points."""
AXIS, PLOT, HEAD = 34.0, 84.0, 26.0
"""The width of tick labels, the height of a plot and of its label."""

RETURNED = {"c": "c_n", "h": "h_n"}
"""What the module calls the last of each state."""

LANES = (
    *((gate, f"{name.name} gate") for gate, name in GATE_NAMES.items()),
    ("c", "cell state"),
    ("h", "hidden state"),
)


def gates_over_time(subject: Subject, room: float) -> Chart:
    """The four gates and both states of every unit over the sequence.

    Args:
        subject: What is drawn.
        room: The width that the figure may use.
    """
    if subject.weights.hidden_size > WHOLE:
        return _many(subject, room)
    least = _least(subject)
    printed = 0 < least <= room - 24
    width, per_row = _columns(room, least if printed else 0)
    body, axes = _arranged(
        [_lane(subject, name, label, width, printed) for name, label in LANES],
        width, per_row,
    )  # fmt: skip
    count, units = len(subject.steps), subject.weights.hidden_size
    notes = ["Each marker is one unit."] if count <= MARKED else []
    if count > PRINTED:
        notes.append(f"Numbers are printed for up to {PRINTED} steps.")
    few = len(_drawn(subject))
    if few < units:
        notes.append(f"The first {few} of {units} units are drawn.")
    notes += _projected(subject)
    last = {name: spoken(subject.vector(name, count - 1)) for name, _ in LANES}
    return Chart(
        Heading(
            "Gates and states over time",
            f"{subject.module} over {counted(count, 'step')}: the module "
            "returns output and (h_n, c_n); the gates it keeps to itself",
            tuple(notes),
            subject.source,
        ),
        f"Six charts over {counted(count, 'step')}, a line for each of "
        f"{counted(units, 'unit')}. "
        + " ".join(_said(subject, name, label) for name, label in LANES)
        + f" h_n is {last['h']}; c_n is {last['c']}.",
        body.width,
        body.height,
        body.marks,
        axes,
        room,
    )


def _many(subject: Subject, room: float) -> Chart:
    """Distributions of the units, and some of them one by one."""
    count, size = len(subject.steps), subject.weights.hidden_size
    found = [
        lanes.Lane(subject, name, label, excerpt(_size(subject, name)))
        for name, label in LANES
    ]
    single = lanes.drawn(found[0])
    least = lanes.least(found)
    printed = least <= room - 24
    width, per_row = _columns(room, least if printed else 0)
    body, axes = _arranged(
        [
            lanes.draw(
                lane, width, _limits(lane.name, lanes.reached(lane)), printed
            )
            for lane in found
        ],
        width, per_row,
    )  # fmt: skip
    notes = [
        f"Dark band: the middle half of all {size} units; light band: all but "
        "the highest and the lowest tenth; coloured line: their median.",
        *["p90: 90 of 100 units are not above it."] * printed,
        f"Thin lines: {Excerpt(size, single).said('unit')}."
        if single
        else "Single units are not drawn over so many steps.",
    ]
    if count > PRINTED:
        notes.append(
            f"Numbers are of the first {PRINTED} steps together, "
            f"{PRINTED * size} values a chart."
        )
    notes += _projected(subject)
    return Chart(
        Heading(
            "Gates and states over time",
            f"{subject.module} over {counted(count, 'step')}: how the gates "
            f"and states of {size} units spread at each step",
            tuple(notes),
            subject.source,
        ),
        f"Six charts over {counted(count, 'step')}, each with the "
        f"distribution over {size} units. "
        + " ".join(lane.said() for lane in found),
        body.width,
        body.height,
        body.marks,
        axes,
        room,
    )


def _columns(room: float, least: float) -> tuple[float, int]:
    """The width of a lane, and how many stand beside each other."""
    space = inner(room)
    per_row = 2 if (space - 32) / 2 >= max(264, least) else 1
    return max(least, (space - 32 * (per_row - 1)) / per_row), per_row


def _arranged(
    charts: Sequence[tuple[Panel, Axes]], width: float, per_row: int
) -> tuple[Panel, tuple[Axes, ...]]:
    """Lanes in rows, from the left."""
    marks: list[Mark] = []
    axes: list[Axes] = []
    y = 0.0
    for first in range(0, len(charts), per_row):
        row = charts[first : first + per_row]
        for k, (lane, chart) in enumerate(row):
            x = k * (width + 32)
            marks += [shift(mark, x, y) for mark in lane.marks]
            axes.append(chart._replace(x=chart.x + x, y=chart.y + y))
        y += max(lane.height for lane, _ in row) + 22
    whole = width * per_row + 32 * (per_row - 1)
    return Panel(whole, y - 22, tuple(marks)), tuple(axes)


def _least(subject: Subject) -> float:
    """The width of a lane in which the longest number has room; 0 for none."""
    count = len(subject.steps)
    if count > PRINTED:
        return 0
    longest = max(
        len(text(number.value, room=5))
        for name, _ in LANES
        for t in range(count)
        for number in subject.vector(name, t)
    )
    return AXIS + count * (longest * CHARACTER + 4.5)


def _drawn(subject: Subject, name: str = "c") -> range:
    """The units that have a line; over very many steps not all."""
    most = POINTS // len(subject.steps)
    return range(min(_size(subject, name), max(1, most)))


def _size(subject: Subject, name: str) -> int:
    """How many elements a result has at each step."""
    weights = subject.weights
    return weights.size if name == "h" else weights.hidden_size


def _projected(subject: Subject) -> list[str]:
    size = subject.weights.proj_size
    return [f"h is projected to {counted(size, 'element')}."] * (size > 0)


def _said(subject: Subject, name: str, label: str) -> str:
    shown = range(min(len(subject.steps), PRINTED))
    steps = "; ".join(
        f"step {subject.label(t)}: {spoken(subject.vector(name, t))}"
        for t in shown
    )
    return f"{label.capitalize()} {name}, {steps}."


def _lane(
    subject: Subject, name: str, label: str, width: float, printed: bool
) -> tuple[Panel, Axes]:
    """A chart of one result, and its numbers in columns below the steps."""
    paint = TERMS[name].role
    steps = [subject.vector(name, t) for t in range(len(subject.steps))]
    units = _drawn(subject, name)
    column = (width - AXIS) / len(steps)
    values = np.array([[n.value for n in step] for step in steps])
    low, high = _limits(name, values)
    marks: list[Mark] = [
        Text(
            x=AXIS, y=12, content=name, size=14, bold=True, fill=paint,
            term=name,
        ),
        Text(x=AXIS + 16, y=12, content=label, fill="muted"),
    ]  # fmt: skip
    chart = Axes(
        id=f"{name}-axes",
        x=AXIS,
        y=HEAD,
        width=width - AXIS,
        height=PLOT,
        xlim=(0, len(steps)),
        ylim=(low, high),
        yticks=(low, (low + high) / 2, high),
        series=tuple(
            Series(
                id=f"{name}-unit-{k}",
                xs=tuple(t + 0.5 for t in range(len(steps))),
                ys=tuple(float(step[k].value) for step in steps),
                paint=paint,
                marker=MARKERS[k % len(MARKERS)]
                if len(steps) <= MARKED
                else "",
                term=name,
            )
            for k in units
        ),
        compact=len(steps) > LONG,
    )
    y = HEAD + PLOT + 18
    ticks = range(len(steps)) if len(steps) <= 12 else (0, len(steps) - 1)
    marks += [
        Text(
            x=AXIS + (t + 0.5) * column, y=y, content=str(subject.label(t)),
            size=NUMBER, fill="muted", anchor="middle", kind="tick",
        )
        for t in ticks
    ]  # fmt: skip
    marks.append(
        Text(
            x=AXIS - 6, y=y, content="step", size=NUMBER, fill="muted",
            anchor="end",
        )
    )  # fmt: skip
    y += 8
    if not printed:
        for k in units:
            x = AXIS + 30 * k
            marks += unit_marker(x + 10, y + 13, k, paint)
        return Panel(width, y + 16, tuple(marks)), chart
    bottom = y + LINE * len(units) + 4
    marks += _outlines(name, len(steps), column, y, bottom)
    for k in units:
        line = y + 11 + LINE * k
        marks += unit_marker(AXIS - 20, line, k, paint)
        for t, step in enumerate(steps):
            marks.append(
                number(
                    AXIS
                    + (t + 0.5) * column
                    - (CHARACTER / 2 if column > 44 else 0),
                    line,
                    step[k],
                    places=DECIMALS,
                    room=min(6, int((column - 4) / CHARACTER)),
                    id=f"{name}-{t}-{k}",
                    term=name,
                )
            )
    under = 20 if name in RETURNED else 0
    return Panel(width, bottom + under, tuple(marks)), chart


def _outlines(
    name: str, steps: int, column: float, top: float, bottom: float
) -> list[Mark]:
    """What the module returns: `output`, and the last h and c."""
    last = AXIS + (steps - 1) * column
    if name not in RETURNED:
        return []
    label, paint = RETURNED[name], TERMS[name].role
    marks: list[Mark] = [
        Box(
            x=last, y=top - 1, width=column,
            height=bottom - top + 1, radius=4, stroke=paint, stroke_width=2,
            term=label,
        ),
        Text(
            x=last + column / 2, y=bottom + 15, content=label, size=11.5,
            mono=True, bold=True, fill=paint, anchor="middle", term=label,
        ),
    ]  # fmt: skip
    if name == "h":
        marks = [
            Box(
                x=AXIS - 1.5, y=top - 4, width=steps * column + 3,
                height=bottom - top + 7, radius=6, stroke="muted",
                term="output",
            ),
            *marks,
        ]  # fmt: skip
        if steps > 1:
            marks.append(
                Text(
                    x=AXIS, y=bottom + 17, content="output", size=11.5,
                    mono=True, bold=True, fill="muted", term="output",
                )
            )  # fmt: skip
    return marks


def _limits(name: str, values: Array) -> tuple[float, float]:
    """0 to 1 for σ, −1 to 1 for tanh, whole numbers around c and h."""
    if name in ("i", "f", "o"):
        return (0.0, 1.0)
    if name == "g":
        return (-1.0, 1.0)
    finite = abs(values[np.isfinite(values)])
    reach = float(max(1, math.ceil(finite.max(initial=0))))
    return (-reach, reach)
