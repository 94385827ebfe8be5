"""The figure `chunks`."""

from typing import NamedTuple

import numpy as np

from ..layout.cells import CHARACTER, heat, largest, number, spoken
from ..layout.heading import inner
from ..layout.panels import Panel, arrow, code
from ..model.gradients.through_time import Flow, through_time
from ..model.lstm import Array
from ..proof import digits
from ..proof.preamble.gradients import split
from ..proof.subject import SUMMED, Number, Subject
from ..scene.marks import Box, Mark, Path, Text, shift
from ..scene.scenes import Diagram, Heading

LEAST, MOST, JOINT = 44.0, 84.0, 40.0
"""The least and the most of a step, and what lies between two chunks."""
TOP, CELL, STATE, INPUT = 28.0, 52.0, 12.0, 40.0
"""Where cells begin, their height, how far c and h are from the middle, and
the height of the inputs."""
WAY = 76.0
"""The height of the gradients of one way."""


class Way(NamedTuple):
    """One way to hand on the state, and the gradient that goes back.

    Attributes:
        reached: The norm that reaches the first state, then each step.
    """

    id: str
    label: str
    reached: list[Number]


def chunks(subject: Subject, room: float) -> Diagram:
    """A sequence in two chunks, and where detach cuts the gradient.

    Args:
        subject: What is drawn.
        room: The width that the figure may use.
    """
    steps = subject.steps[:SUMMED]
    first = split(len(steps))
    seeds = np.array([float(t >= first) for t in range(len(steps))])
    flow = through_time(subject.weights, steps, seeds, np.zeros(len(steps)))
    ways = [
        _way(flow, "handed", "handed on as it is", 0),
        _way(flow, "detached", "handed on with .detach()", first),
    ]
    body = _body(ways, first, inner(room))
    left_out = len(subject.steps) - len(steps)
    names = ["the first state", *(f"step {t + 1}" for t in range(len(steps)))]
    said = " ".join(
        f"State {way.label}: "
        + "; ".join(
            f"{name} {spoken([value])}"
            for name, value in zip(names, way.reached, strict=True)
        )
        + "."
        for way in ways
    )
    return Diagram(
        Heading(
            "Where detach cuts",
            f"{subject.module}, {_parts(first, len(steps))}: the gradient "
            "that the second output sends back",
            (
                "The norm of the gradient of the second output.sum(), by x of "
                "each step, and by h_{0} and c_{0} together.",
                "The outputs are the same in both ways.",
                *[f"Later steps, to {len(subject.steps)}, are left out."]
                * bool(left_out),
            ),
            subject.source,
        ),
        f"Two chunks: {_parts(first, len(steps))}. {said}",
        body.width,
        body.height,
        body.marks,
        room,
    )


def _parts(first: int, count: int) -> str:
    """Which steps are in which chunk."""
    second = (
        f"step {count}"
        if count - first == 1
        else f"steps {first + 1} to {count}"
    )
    if not first:
        return f"{second} after a given state"
    return f"{'step' if first == 1 else 'steps 1 to'} {first}, then {second}"


def _way(flow: Flow, id: str, label: str, cut: int) -> Way:
    """What goes back from the second chunk, to the first state or the cut."""
    stopped = id == "detached"
    found = [_norm(_states(flow), f"torch.cat({id}[1:], dim=2)[0, 0]", stopped)]
    for t in range(len(flow.x.value)):
        both = flow.x.value[t, 0], flow.x.scale[t, 0]
        found.append(_norm(both, f"{id}[0][{t}, 0]", stopped and t < cut))
    return Way(id, label, found)


def _states(flow: Flow) -> tuple[Array, Array]:
    """The gradient by h_0 and c_0, and how far rounding may move it."""
    by_h, by_c = flow.h_prev, flow.c_prev
    value, scale = (
        np.concatenate([h[0, 0], c[0, 0]])
        for h, c in zip(by_h, by_c, strict=True)
    )
    return value, scale


def _norm(both: tuple[Array, Array], of: str, stopped: bool) -> Number:
    """In float64, so that squares do not overflow."""
    value, scale = (
        0.0 if stopped else float(np.linalg.norm(a.astype(np.float64)))
        for a in both
    )
    return Number(np.float64(value), f"{of}.double().norm()", scale)


def _body(ways: list[Way], first: int, space: float) -> Panel:
    """The cells in rows of equal length, and the gradients below them."""
    states = len(ways[0].reached)
    most = int((space - JOINT) // LEAST)
    lines = -(-states // most)
    # In two rows each chunk has one of its own.
    rows = (
        [range(states)]
        if lines == 1
        else [range(first + 1), range(first + 1, states)]
    )
    longest = max(map(len, rows))
    column = min(MOST, (space - JOINT * (lines == 1)) / longest)
    top = largest(n for way in ways for n in way.reached)
    height = TOP + CELL + INPUT + len(ways) * WAY
    marks: list[Mark] = []
    for line, row in enumerate(rows):
        places = {
            k: (k - row[0] + 0.5) * column
            + (JOINT if lines == 1 and k > first else 0)
            for k in row
        }
        made = [
            *_cells(places, column, first),
            *(
                shift(mark, 0, TOP + CELL + INPUT + n * WAY)
                for n, way in enumerate(ways)
                for mark in _gradients(way, places, column, top, first)
            ),
        ]
        marks += [shift(mark, 0, line * (height + 8)) for mark in made]
    width = longest * column + JOINT * (lines == 1)
    return Panel(width, len(rows) * (height + 8) - 22, tuple(marks))


def _cells(places: dict[int, float], column: float, first: int) -> list[Mark]:
    """The cells of both chunks, joined by c and h; key 0 is the first state."""
    middle, half = TOP + CELL / 2, min(46.0, column - 16) / 2
    marks: list[Mark] = []
    for name, y in (("c", middle - STATE), ("h", middle + STATE)):
        for k, x in places.items():
            if k == 0:
                marks.append(_named(name, 0, x, y + 4))
                continue
            joint = k == first + 1
            before = places.get(k - 1, x - column)
            start = before + (half if k > 1 else 11)
            if k - 1 not in places:
                start = x - column / 2
            marks.append(
                arrow((start, y), (x - half, y), paint=name, term=name)
            )
            if joint and first and k - 1 in places:
                above = -7 if name == "c" else 17
                marks.append(
                    _named(name, first, (start + x - half) / 2 - 3, y + above)
                )
        if max(places) == first:
            x = places[first]
            marks.append(
                arrow((x + half, y), (x + column / 2, y), paint=name, term=name)
            )
    for k, x in places.items():
        if k:
            marks += _cell(x, half, k)
    return [*_titles(places, first), *marks]


def _named(name: str, t: int, x: float, y: float) -> Text:
    return Text(
        x=x, y=y, content=f"{name}_{{{t}}}", bold=True, fill=name,
        anchor="middle", term=name,
    )  # fmt: skip


def _titles(places: dict[int, float], first: int) -> list[Mark]:
    """What the chunks are called, above them."""
    chosen = [
        ("first chunk", [x for k, x in places.items() if 0 < k <= first]),
        ("second chunk", [x for k, x in places.items() if k > first]),
    ]
    return [
        Text(
            x=(xs[0] + xs[-1]) / 2, y=12, content=label, bold=True,
            fill="muted", anchor="middle",
        )
        for label, xs in chosen
        if xs
    ]  # fmt: skip


def _cell(x: float, half: float, step: int) -> list[Mark]:
    """A cell with its input below it."""
    bottom = TOP + CELL
    return [
        Box(
            x=x - half, y=TOP, width=2 * half, height=CELL, radius=7,
            fill="panel", stroke="ink", stroke_width=1.5,
        ),
        code(x, TOP + CELL / 2 + 4, str(step), bold=True),
        arrow((x, bottom + 16), (x, bottom), paint="ink", term="x"),
        Text(
            x=x, y=bottom + 28, content=f"x_{{{step}}}", bold=True,
            anchor="middle", term="x",
        ),
    ]  # fmt: skip


def _gradients(
    way: Way,
    places: dict[int, float],
    column: float,
    top: float,
    first: int,
) -> list[Mark]:
    """The norms below the cells, and the way that the gradient takes."""
    cut = way.id == "detached"
    reached = [k for k in places if k > first or not cut]
    marks: list[Mark] = [
        Text(x=0, y=12, content=way.label, bold=True, fill="muted")
    ]
    ends = (
        places[max(places)] + column / 2 - 4,
        places[min(reached, default=0)] - column / 2 + 4,
    )
    if reached:
        marks.append(arrow((ends[0], 24), (ends[1], 24), paint="ink"))
    if cut:
        x = (
            places[first + 1] - column / 2 - JOINT / 2 * (first in places)
            if first + 1 in places
            else places[first] + column / 2
        )
        marks.append(
            Path(
                d=(("M", (x, 18)), ("L", (x, 60))), stroke="neg",
                stroke_width=3,
            )
        )  # fmt: skip
    wide = column - 4
    decimals = digits.decimals(n.value for n in way.reached)
    for k, x in places.items():
        value = way.reached[k]
        zero = value.value == 0
        marks += [
            Box(
                x=x - wide / 2, y=32, width=wide, height=26, radius=3,
                fill=heat(value.value, top),
            ),
            number(
                x - CHARACTER / 2 * (not zero), 49, value,
                places=0 if zero else decimals, room=int(wide / CHARACTER),
                id=f"{way.id}-{k}",
                term="x" if k else "h_prev c_prev",
                fill="muted" if zero else "ink", aligned=not zero,
            ),
        ]  # fmt: skip
    return marks
