"""Inputs and gates as nodes and blocks, weights as the lines between."""

import numpy as np

from . import digits
from .cells import number
from .lstm import GATES
from .marks import Box, Group, Mark, Path, Text
from .proof import Number
from .shapes import Panel, Point, circle, code
from .terms import TERMS
from .theme import Paint, tint


def gate_node(x: float, y: float, gate: str, radius: float = 16) -> Group:
    """A gate's letter in a circle of its colour."""
    paint = TERMS[gate].role
    return Group(
        marks=(
            circle(x, y, radius, fill=tint(paint), stroke=paint),
            Text(
                x=x, y=y + 5, content=gate, size=14, bold=True, fill=paint,
                anchor="middle",
            ),
        ),
        term=gate,
    )  # fmt: skip


def gate_blocks(hidden_size: int) -> Panel:
    """A weight matrix without its numbers: a block for the rows of a gate."""
    marks: list[Mark] = []
    for k, gate in enumerate(GATES):
        first, y, paint = k * hidden_size, 38.0 * k, TERMS[gate].role
        marks += [
            Box(
                x=0, y=y, width=112, height=34, radius=3, fill="panel",
                stroke=paint, term=gate,
            ),
            Text(
                x=16, y=y + 22, content=gate, size=14, bold=True, fill=paint,
                anchor="middle", term=gate,
            ),
            code(
                104, y + 21, f"rows {first}–{first + hidden_size - 1}", "end",
                fill="muted",
            ),
        ]  # fmt: skip
    return Panel(112, 38 * len(GATES) - 4, tuple(marks))


def input_node(
    x: float, y: float, feature: int, value: Number, id: str
) -> Group:
    """One feature of the input, with its value, in a circle of radius 24."""
    return Group(
        marks=(
            circle(x, y, 24, fill="paper", stroke="ink"),
            Text(
                x=x, y=y - 4, content=f"x_{{{feature + 1}}}", size=13,
                bold=True, anchor="middle",
            ),
            number(
                x, y + 13, value, places=digits.decimals([value.value]),
                room=5, id=id, term="x", fill="muted", aligned=False,
            ),
        ),
        term="x",
    )  # fmt: skip


def weight_line(
    start: Point, end: Point, weight: Number, top: float, paint: Paint
) -> Path:
    """A line whose width is the magnitude of a weight."""
    size = abs(float(weight.value))
    share = min(1.0, size / top) if np.isfinite(size) else 0.0
    return Path(
        d=(("M", start), ("L", end)),
        stroke=paint,
        stroke_width=round(0.6 + 3.2 * share, 2),
        opacity=0.8,
    )


def spread(count: int, gap: float, height: float) -> list[float]:
    """Places for so many things, `gap` apart, in the middle of a height.

    >>> spread(3, 10, 40)
    [10.0, 20.0, 30.0]
    """
    first = (height - gap * (count - 1)) / 2
    return [first + gap * k for k in range(count)]


RADIUS = 11.0
"""The radius of an operator."""


def operator(x: float, y: float, sign: str) -> Group:
    """A sign in a circle: an operation, element by element."""
    return Group(
        marks=(
            circle(x, y, RADIUS, fill="paper", stroke="ink"),
            Text(
                x=x, y=y + 5, content=sign, size=14, bold=True,
                anchor="middle",
            ),
        )
    )  # fmt: skip
