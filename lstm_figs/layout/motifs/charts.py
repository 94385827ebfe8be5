"""Charts: a plane with two axes, curves, and what curves are called.

A curve is named beside its end, where a line leads to it; there is no legend.
"""

import math
from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

import numpy as np

from ...proof.bindings import Course, Flow, Scale
from ...scene.marks import Mark, Path, Text
from ...scene.theme import Paint
from .. import words
from .over_time import tick_text

MIN_LOG_VALUE = 1e-307
"""The least end of a log scale; what is less has fewer digits."""
LEADER_WIDTH = 14.0
"""The width of the line from the end of a curve to its name."""


class Plot(NamedTuple):
    """Where values are, across and down.

    Attributes:
        x_scale: Of what is along the axis below.
        y_scale: Of the values.
    """

    x_scale: Scale
    y_scale: Scale

    @property
    def left(self) -> float:
        """Where the plane begins."""
        return min(self.x_scale.start, self.x_scale.stop)

    @property
    def right(self) -> float:
        """Where it ends."""
        return max(self.x_scale.start, self.x_scale.stop)

    @property
    def top(self) -> float:
        """Its upper edge."""
        return min(self.y_scale.start, self.y_scale.stop)

    @property
    def bottom(self) -> float:
        """Its lower edge."""
        return max(self.y_scale.start, self.y_scale.stop)

    def clamped_y(self, value: float) -> float:
        """Where a value is, or the end of the scale that it lies beyond."""
        return self.y_scale(min(max(value, self.y_scale.low), self.y_scale.high))


def grid(
    plot: Plot,
    xs: Iterable[float],
    ys: Iterable[float],
    *,
    y_tick_text: Callable[[float], str] = tick_text,
) -> list[Mark]:
    """Hairlines across at round values, and the ticks of both axes.

    Args:
        plot: The plane.
        xs: What the axis below names.
        ys: What the axis at the left names.
        y_tick_text: How a value at the left is written.
    """
    marks: list[Mark] = []
    for value in ys:
        y = plot.y_scale(value)
        across = (("M", (plot.left, y)), ("L", (plot.right, y)))
        marks.append(Path(across, stroke="rule", stroke_width=0.75))
        marks.append(words.tick(plot.left - 8, y, y_tick_text(value)))
    for value in xs:
        x = plot.x_scale(value)
        stub = (("M", (x, plot.bottom)), ("L", (x, plot.bottom + 4)))
        marks.append(Path(stub, stroke="rule", stroke_width=0.75))
        marks.append(words.tick(x, plot.bottom + 13, tick_text(value), "middle"))
    return marks


def curve(
    plot: Plot,
    values: Sequence[float],
    expr: str,
    paint: Paint,
    *,
    width: float = 2,
    dash: str = "",
    id: str,
    term: str = "",
) -> Path:
    """A line through values, broken where one cannot be drawn.

    Args:
        plot: The plane; the first value is at 0 across, the next at 1. What
            lies beyond an end of the scale down is drawn at that end.
        values: What is drawn; one of them has a place at least.
        expr: The expression of all of them.
        paint: Of the line.
        width: Of the line.
        dash: Of the line.
        id: Of the line.
        term: Of the line.
    """
    pieces: list[tuple[str, *tuple[tuple[float, float], ...]]] = []
    joined = False
    for k, value in enumerate(values):
        if not is_drawable(plot.y_scale, value):
            joined = False
            continue
        point = (plot.x_scale(k), plot.clamped_y(float(value)))
        if not joined:
            # A point that is alone is seen as well.
            pieces.append(("M", point))
        pieces.append(("L", point))
        joined = True
    return Path(
        tuple(pieces),
        stroke=paint,
        stroke_width=width,
        dash=dash,
        compact=len(pieces) > 128,
        id=id,
        term=term,
        bound=(Course(expr, "path", plot.x_scale, plot.y_scale),),
    )


def is_drawable(scale: Scale, value: float) -> bool:
    """Whether a value has a place.

    >>> is_drawable(Scale(0, 1, 0, 9), 0), is_drawable(Scale(1, 2, 0, 9, log=True), 0)
    (True, False)
    """
    return bool(np.isfinite(value)) and not (scale.log and value <= 0)


def label_leader(label: Text, end: tuple[float, float], to: str) -> Path:
    """A hairline from the end of a curve to its name, which has an id."""
    y = label.y - words.middle(label.size)
    x = label.left - 3 if label.left > end[0] else label.left + label.width + 3
    return leader_line((x, y), end, label.id, to)


def leader_line(start: tuple[float, float], end: tuple[float, float], label: str, to: str) -> Path:
    """A hairline from where a name is to a place on what it names.

    Args:
        start: Beside the name.
        end: On what it names.
        label: The id of the name.
        to: The id of what it names.
    """
    return Path(
        (("M", start), ("L", end)),
        stroke="muted",
        stroke_width=0.75,
        bound=(Flow("points", label, to),),
    )


def spaced_positions(
    wanted_positions: Sequence[float], min_gap: float, low: float, high: float
) -> list[float]:
    """Places in the same order, at least so far apart, as near as they can be.

    Args:
        wanted_positions: Where they would be, in any order.
        min_gap: How far apart they are.
        low: The least place.
        high: The largest place; beyond it if there are too many.

    >>> spaced_positions([10, 0, 11], 4, 0, 100)
    [8.5, 0.0, 12.5]
    """
    order = np.argsort(wanted_positions, kind="stable")
    blocks: list[list[float]] = []
    for rank, k in enumerate(order):
        # Less what is due to those before, all in a block are equal.
        blocks.append([wanted_positions[k] - rank * min_gap, 1])
        while len(blocks) > 1 and blocks[-2][0] > blocks[-1][0]:
            (a, m), (b, n) = blocks[-2:]
            blocks[-2:] = [[(a * m + b * n) / (m + n), m + n]]
    highest = max(low, high - (len(wanted_positions) - 1) * min_gap)
    level = [min(max(place, low), highest) for place, count in blocks for _ in range(int(count))]
    positions = [0.0] * len(wanted_positions)
    for rank, k in enumerate(order):
        positions[k] = float(level[rank] + rank * min_gap)
    return positions


def log_scale(values: Iterable[float], max_ticks: int = 6) -> tuple[Scale, list[float]]:
    """A log scale from a power of ten to one, and the powers that are ticks.

    The scale is from 0 to 1 in pixels; `_replace` gives it a place.

    Args:
        values: What it has to hold; those that are not positive it cannot.
        max_ticks: The most ticks.

    >>> log_scale([2e-7, 0.3])[1]
    [1.0, 0.01, 0.0001, 1e-06]
    """
    logs = [math.log10(max(v, MIN_LOG_VALUE)) for v in values if 0 < v < math.inf]
    low = math.floor(min(logs, default=0))
    high = max(math.ceil(max(logs, default=0)), low + 1)
    each = -(-(high - low) // max_ticks)
    powers = range(high, low - 1, -each)
    scale = Scale(float(f"1e{low}"), float(f"1e{high}"), 1, 0, log=True)
    return scale, [float(f"1e{power}") for power in powers]
