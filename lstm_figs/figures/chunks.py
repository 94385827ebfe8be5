"""The figure `chunks`."""

from typing import NamedTuple

import numpy as np

from .. import digits
from ..cells import CHARACTER, Grid, counted, heat, largest, number, spoken
from ..frame import inner
from ..gradient_setup import split
from ..lstm import Array
from ..marks import Box, Group, Mark, Path, Text, shift
from ..proof import SUMMED, Number, Subject
from ..scene import Diagram, Heading
from ..shapes import Panel, arrow, code
from ..through_time import Flow, through_time

LEAST, MOST, JOINT = 44.0, 84.0, 40.0
"""The least and the most of a step, and what lies between two chunks."""
TOP, CELL, STATE = 26.0, 50.0, 15.0
"""Where cells begin, their height, and how far c and h are from its middle."""
ROW = 30.0
"""The height of a row of gradients."""


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
    ways = [
        _way(subject, "handed", "handed on as it is", 0),
        _way(subject, "detached", "handed on with .detach()", first),
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
            "that the output of the second chunk sends back",
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
        f"step {count}" if count - first == 1 else f"steps {first + 1} to {count}"
    )
    if not first:
        return f"{second} after a given state"
    return f"{'step' if first == 1 else 'steps 1 to'} {first}, then {second}"


def _way(subject: Subject, id: str, label: str, cut: int) -> Way:
    """Go back from the second chunk, to the first state or to the cut."""
    steps = subject.steps[:SUMMED]
    first = split(len(steps))
    seeds = np.array([float(t >= first) for t in range(len(steps))])
    flow = through_time(subject.weights, steps, seeds, np.zeros(len(steps)))
    stopped = id == "detached"
    found = [_norm(_states(flow), f"torch.cat({id}[1:], dim=2)[0, 0]", stopped)]
    for t in range(len(steps)):
        both = flow.value.x[t, 0], flow.scale.x[t, 0]
        found.append(_norm(both, f"{id}[0][{t}, 0]", stopped and t < cut))
    return Way(id, label, found)


def _states(flow: Flow) -> tuple[Array, Array]:
    """The gradient by h_0 and c_0, and how far rounding may move it."""
    value, scale = (
        np.concatenate([part.h_prev[0, 0], part.c_prev[0, 0]]) for part in flow
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
    height = TOP + CELL + 22 + len(ways) * (ROW + 26)
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
                mark
                for n, way in enumerate(ways)
                for mark in _gradients(way, places, column, n, top, first)
            ),
        ]
        marks += [shift(mark, 0, line * (height + 14)) for mark in made]
    width = longest * column + JOINT * (lines == 1)
    return Panel(width, len(rows) * (height + 14) - 24, tuple(marks))
