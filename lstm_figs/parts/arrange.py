"""Plots beside each other and in rows."""

from collections.abc import Sequence

from ..marks import Mark, shift
from ..scene import Axes
from .frame import inner
from .shapes import Panel


def columns(room: float, least: float) -> tuple[float, int]:
    """The width of a lane, and how many stand beside each other."""
    space = inner(room)
    per_row = 2 if (space - 32) / 2 >= max(264, least) else 1
    return max(least, (space - 32 * (per_row - 1)) / per_row), per_row


def arranged(
    lanes: Sequence[tuple[Panel, Axes]], width: float, per_row: int
) -> tuple[Panel, tuple[Axes, ...]]:
    """Lanes in rows, from the left."""
    marks: list[Mark] = []
    axes: list[Axes] = []
    y = 0.0
    for first in range(0, len(lanes), per_row):
        row = lanes[first : first + per_row]
        for k, (lane, chart) in enumerate(row):
            x = k * (width + 32)
            marks += [shift(mark, x, y) for mark in lane.marks]
            axes.append(chart._replace(x=chart.x + x, y=chart.y + y))
        y += max(lane.height for lane, _ in row) + 22
    whole = width * per_row + 32 * (per_row - 1)
    return Panel(whole, y - 22, tuple(marks)), tuple(axes)
