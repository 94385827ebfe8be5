"""The figure `direct-path`."""

import math
from typing import NamedTuple

import numpy as np

from ..layout.cells import CHARACTER, LINE, number, spoken
from ..layout.fold import Excerpt, Gap, excerpt, notes
from ..layout.heading import inner
from ..layout.panels import Panel, Point, arrow, circle, code
from ..layout.vectors import gap
from ..model.gradients.rounding import CERTAIN, spreads
from ..model.gradients.through_time import through_time
from ..model.lstm import Array
from ..proof import digits
from ..proof.subject import SUMMED, Number, Subject
from ..scene.marks import Mark, Text, shift
from ..scene.scenes import Diagram, Heading
from ..scene.theme import Paint, tint

LEFT, LEAST, MOST = 34.0, 42.0, 92.0
"""The width of the indices of units; the least and the most of a state."""
CELL, HIDDEN, ROWS, RADIUS = 18.0, 76.0, 112.0, 14.0
"""Where c, h and the numbers stand; the radius of a state."""
HEAD, APART = 20.0, 10.0
"""The height of a label above rows, and the space below them."""

Rows = dict[int, dict[int, Number]]
"""For each unit that is shown, numbers by the state that they belong to."""


class Table(NamedTuple):
    """Rows of numbers with a label."""

    id: str
    label: str
    term: str
    paint: Paint
    rows: Rows


def direct_path(subject: Subject, room: float) -> Diagram:
    """The gradient of the last c along c alone, and through h as well.

    Args:
        subject: What is drawn.
        room: The width that the figure may use.
    """
    last = min(len(subject.steps), SUMMED)
    shown = excerpt(subject.weights.hidden_size)
    tables = _tables(subject, last)
    body = _chain(tables, shown, last, inner(room))
    left_out = len(subject.steps) - last
    said = " ".join(
        f"Unit {k}: "
        + "; ".join(f"{t.label} {spoken(t.rows[k].values())}" for t in tables)
        + "."
        for k in shown.indices
    )
    return Diagram(
        Heading(
            "A gradient goes straight along c, and around through h",
            f"{subject.module}: how c after step {last} changes with each c "
            "before it",
            (
                "Direct: the gates are held, so it is the product of f over "
                "the steps that follow.",
                f"All paths: the gradient of c_{{{last}}}.sum(), which also "
                "goes through h and the gates of every unit; to the next h "
                "it goes through o.",
                *notes(("unit", shown)),
                *[f"Later steps, to {last + left_out}, are left out."]
                * bool(left_out),
            ),
            subject.source,
        ),
        f"States c_0 to c_{last}, joined by f and, through h, by all gates. "
        f"{said}",
        body.width,
        body.height,
        body.marks,
        room,
    )


def _tables(subject: Subject, last: int) -> list[Table]:
    """f, its products, and the gradient along all paths."""
    steps = subject.steps[:last]
    ends = np.zeros(last)
    ends[-1] = 1
    flow = through_time(subject.weights, steps, np.zeros(last), ends)
    value, scale = flow.c_prev
    products, errors = _products(subject, last)
    units = excerpt(subject.weights.hidden_size).indices
    kept: Rows = {k: {} for k in units}
    direct: Rows = {k: {} for k in units}
    total: Rows = {k: {} for k in units}
    for t in range(last):
        for k in units:
            kept[k][t + 1] = subject.result("f", t, 0, k)
            direct[k][t] = Number(
                products[t, k],
                f"f[{t}:{last}, 0, {k}].prod()",
                float(errors[t, k]),
            )
            total[k][t] = Number(
                value[t, 0, k],
                f"total[{t}, 0, {k}]",
                float(scale[t, 0, k]),
            )
    return [
        Table("f", "f of each step", "f", "gate-f", kept),
        Table("direct", "direct path", "c", "c", direct),
        Table("total", "all paths", "c c_prev", "ink", total),
    ]


@np.errstate(all="ignore")
def _products(subject: Subject, last: int) -> tuple[Array, Array]:
    """The products of f from each step on, and how far rounding moves them."""
    steps = subject.steps[:last]
    f = np.stack([step.f[0] for step in steps])
    products = f[::-1].cumprod(0)[::-1]
    varied = [s.f[0] for s in spreads(subject.weights, steps)]
    shares = (np.array(varied) / np.square(f))[::-1].cumsum(0)[::-1]
    return products, CERTAIN * products * np.sqrt(shares)


def _chain(
    tables: list[Table], units: Excerpt, last: int, space: float
) -> Panel:
    """States from left to right, in as many rows as they need."""
    states = last + 1
    most = int((space - LEFT) // LEAST)
    lines = -(-states // most)
    per_line = -(-states // lines)
    column = min(MOST, (space - LEFT) / per_line)
    height = ROWS + len(tables) * (HEAD + LINE * len(units.lines) + APART)
    marks: list[Mark] = []
    for line in range(lines):
        first = line * per_line
        shown = range(first, min(first + per_line, states))
        places = {t: LEFT + (t - first + 0.5) * column for t in shown}
        top = line * (height + 26)
        made = _states(places, column, last) + _rows(
            tables, units, places, column
        )
        marks += [shift(mark, 0, top) for mark in made]
    return Panel(
        LEFT + per_line * column,
        lines * (height + 26) - 26 - APART,
        tuple(marks),
    )


def _states(places: dict[int, float], column: float, last: int) -> list[Mark]:
    """The states as nodes; the direct path is the thick line.

    What a state depends on with no other state between: c on both states
    before it, h on its own c and, through the output gate, on h before it.
    """
    marks: list[Mark] = []
    for t, x in places.items():
        if t > 0:
            start = x - (column if t - 1 in places else column / 2)
            near = RADIUS if t - 1 in places else 0.0
            y = HIDDEN if near else (CELL + HIDDEN) / 2
            along = (start + near, CELL), (x - RADIUS, CELL)
            marks += [
                arrow(*along, paint="c", width=3, term="f"),
                arrow(*_between((start, y), (x, CELL), near), term="h_prev"),
            ]
        if 0 < t < last:
            down = (x, CELL + RADIUS), (x, HIDDEN - RADIUS)
            along = (start + near, HIDDEN), (x - RADIUS, HIDDEN)
            marks += [arrow(*down, term="h"), arrow(*along, term="o h_prev")]
    for t, x in places.items():
        marks += _state(x, CELL, "c", t)
        if t < last:
            marks += _state(x, HIDDEN, "h", t)
    return marks


def _between(start: Point, end: Point, near: float) -> tuple[Point, Point]:
    """The line between two circles."""
    length = math.dist(start, end)
    dx, dy = (end[0] - start[0]) / length, (end[1] - start[1]) / length
    return (
        (start[0] + dx * near, start[1] + dy * near),
        (end[0] - dx * (RADIUS + 1), end[1] - dy * (RADIUS + 1)),
    )


def _state(x: float, y: float, name: str, t: int) -> list[Mark]:
    return [
        circle(x, y, RADIUS, fill=tint(name), stroke=name, term=name),
        Text(
            x=x, y=y + 4, content=f"{name}_{{{t}}}", bold=True, fill=name,
            anchor="middle", term=name,
        ),
    ]  # fmt: skip


def _rows(
    tables: list[Table],
    units: Excerpt,
    places: dict[int, float],
    column: float,
) -> list[Mark]:
    """The numbers below the states that they belong to."""
    marks: list[Mark] = []
    y = ROWS
    for table in tables:
        marks.append(
            Text(
                x=0, y=y + 11, content=table.label, bold=True,
                fill=table.paint, term=table.term,
            )
        )  # fmt: skip
        y += HEAD
        decimals = digits.decimals(
            n.value for row in table.rows.values() for n in row.values()
        )
        for unit in units.lines:
            if isinstance(unit, Gap):
                marks += gap(LEFT / 2, y + 11, unit.count)
                y += LINE
                continue
            row = table.rows[unit]
            marks.append(code(0, y + 11, f"[{unit}]", "start", fill="muted"))
            marks += [
                number(
                    x, y + 11, row[t], places=decimals,
                    room=min(7, int(column / CHARACTER)),
                    id=f"{table.id}-{t}-{unit}", term=table.term,
                )
                for t, x in places.items()
                if t in row
            ]  # fmt: skip
            y += LINE
        y += APART
    return marks
