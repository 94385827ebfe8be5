"""Charts: two axes, curves, and labels for the curves.

A leader line joins the end of each curve to its label; there is no legend.
"""

import math
from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

import numpy as np

from ...proof.bindings import Course, Flow, Scale
from ...scene.marks import Mark, Path, Text
from ...scene.theme import Paint
from .. import words
from .over_time import grid_line, tick_text

MIN_LOG_VALUE = 1e-307
"""The lower limit of a log scale; smaller floats are subnormal and lose digits."""
X_AXIS_HEIGHT = 40.0
"""The height of the tick labels and the axis name below a plot."""

LEADER_WIDTH = 14.0
"""The length of the line from the end of a curve to its label."""
MAX_EXACT_CORNERS = 128
"""With more corners than this, the file of a curve has rounded coordinates."""


class Plot(NamedTuple):
    """The scales of a chart's two axes.

    Attributes:
        x_scale: The scale of the horizontal axis.
        y_scale: The scale of the vertical axis.
    """

    x_scale: Scale
    y_scale: Scale

    @property
    def left(self) -> float:
        """The left edge of the plot area."""
        return min(self.x_scale.start, self.x_scale.stop)

    @property
    def right(self) -> float:
        """The right edge of the plot area."""
        return max(self.x_scale.start, self.x_scale.stop)

    @property
    def top(self) -> float:
        """The top edge of the plot area."""
        return min(self.y_scale.start, self.y_scale.stop)

    @property
    def bottom(self) -> float:
        """The bottom edge of the plot area."""
        return max(self.y_scale.start, self.y_scale.stop)

    def clamped_y(self, value: float) -> float:
        """The y coordinate of a value, clamped to the scale."""
        return self.y_scale(min(max(value, self.y_scale.low), self.y_scale.high))


def grid(
    plot: Plot,
    xs: Iterable[float],
    ys: Iterable[float],
    *,
    y_tick_text: Callable[[float], str] = tick_text,
) -> list[Mark]:
    """Horizontal grid lines, and the ticks of both axes.

    Args:
        plot: The axes.
        xs: The ticks of the horizontal axis.
        ys: The ticks of the vertical axis.
        y_tick_text: Formats a tick of the vertical axis.
    """
    marks: list[Mark] = []
    for value in ys:
        marks += grid_line(plot.left, plot.right, plot.y_scale(value), y_tick_text(value), gap=8)
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
    leaves: bool = False,
    id: str,
    term: str = "",
) -> Path:
    """A line through values, interrupted where a value cannot be drawn.

    Args:
        plot: The axes. The k-th value is at x = k, counted from 0. Values
            beyond the vertical scale are clamped to its ends.
        values: The values; at least one can be drawn.
        expr: The expression of all values.
        paint: The paint of the line.
        width: The stroke width.
        dash: The dash pattern.
        leaves: Whether the line ends at the lower end of the vertical scale,
            instead of following it.
        id: The id of the line.
        term: The terms of the line.
    """
    crossing = floor_crossing(plot, values) if leaves else None
    values = values if crossing is None else values[: int(crossing) + 1]
    commands: list[tuple[str, *tuple[tuple[float, float], ...]]] = []
    is_joined = False
    for k, value in enumerate(values):
        if not is_drawable(plot.y_scale, value):
            is_joined = False
            continue
        point = (plot.x_scale(k), plot.clamped_y(float(value)))
        if not is_joined:
            # The zero-length line makes a single point visible.
            commands.append(("M", point))
        commands.append(("L", point))
        is_joined = True
    if crossing is not None:
        commands.append(("L", (plot.x_scale(crossing), plot.bottom)))
    return Path(
        tuple(commands),
        stroke=paint,
        stroke_width=width,
        dash=dash,
        compact=len(commands) > MAX_EXACT_CORNERS,
        id=id,
        term=term,
        bound=(Course(expr, draws="path", steps=plot.x_scale, scale=plot.y_scale),),
    )


def floor_crossing(plot: Plot, values: Sequence[float]) -> float | None:
    """Where a line falls below its vertical scale for good, between two of its values.

    >>> plot = Plot(Scale(0, 3, 0, 30), Scale(1, 100, 20, 0, log=True))
    >>> floor_crossing(plot, [10, 0.1, 0.01]), floor_crossing(plot, [10, 2, 5])
    (0.5, None)
    """
    is_below = [value < plot.y_scale.low for value in values]
    # The first value after the last one that is not below the scale.
    first_below = len(values) - is_below[::-1].index(False) if False in is_below else 0
    if not 0 < first_below < len(values):
        return None
    before, after = (
        plot.y_scale(max(value, MIN_LOG_VALUE))
        for value in values[first_below - 1 : first_below + 1]
    )
    return first_below - 1 + (plot.bottom - before) / (after - before)


def is_drawable(scale: Scale, value: float) -> bool:
    """Whether a value can be drawn on a scale.

    >>> is_drawable(Scale(0, 1, 0, 9), 0), is_drawable(Scale(1, 2, 0, 9, log=True), 0)
    (True, False)
    """
    return bool(np.isfinite(value)) and not (scale.log and value <= 0)


def label_leader(label: Text, end: tuple[float, float], to: str) -> Path:
    """A hairline from the end of a curve to its label, which has an id."""
    y = label.y - words.middle_to_baseline(label.size)
    x = label.left - 3 if label.left > end[0] else label.left + label.width + 3
    return leader_line((x, y), end, label.id, to)


def leader_line(start: tuple[float, float], end: tuple[float, float], label: str, to: str) -> Path:
    """A hairline from a label to a point on what it names.

    Args:
        start: The end beside the label.
        end: The end on the named mark.
        label: The id of the label.
        to: The id of the named mark.
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
    """Positions at least `min_gap` apart, as close as possible to the wanted ones.

    Args:
        wanted_positions: The ideal positions, in any order.
        min_gap: The minimum distance between two positions.
        low: The lowest position.
        high: The highest position; exceeded if there are too many.

    >>> spaced_positions([10, 0, 11], 4, 0, 100)
    [8.5, 0.0, 12.5]
    """
    order = np.argsort(wanted_positions, kind="stable")
    # The mean position of each block, and how many positions it has.
    blocks: list[list[float]] = []
    for rank, k in enumerate(order):
        # Subtract the gaps before each position. Then pool adjacent violators, as in
        # isotonic regression: within a block all are equal.
        blocks.append([wanted_positions[k] - rank * min_gap, 1])
        while len(blocks) > 1 and blocks[-2][0] > blocks[-1][0]:
            (mean, count), (next_mean, next_count) = blocks[-2:]
            pooled_count = count + next_count
            pooled_mean = (mean * count + next_mean * next_count) / pooled_count
            blocks[-2:] = [[pooled_mean, pooled_count]]
    highest = max(low, high - (len(wanted_positions) - 1) * min_gap)
    level = [min(max(place, low), highest) for place, count in blocks for _ in range(int(count))]
    positions = [0.0] * len(wanted_positions)
    for rank, k in enumerate(order):
        positions[k] = float(level[rank] + rank * min_gap)
    return positions


def log_scale(values: Iterable[float], max_ticks: int = 6) -> tuple[Scale, list[float]]:
    """A log scale between powers of ten, and the powers to use as ticks.

    The scale spans 0 to 1 pixels; replace `start` and `stop` to place it.

    Args:
        values: The values that it covers; those that are not positive are
            skipped.
        max_ticks: The most ticks.

    >>> log_scale([2e-7, 0.3])[1]
    [1.0, 0.01, 0.0001, 1e-06]
    """
    logs = [math.log10(max(v, MIN_LOG_VALUE)) for v in values if 0 < v < math.inf]
    low = math.floor(min(logs, default=0))
    high = max(math.ceil(max(logs, default=0)), low + 1)
    powers_per_tick = math.ceil((high - low) / max_ticks)
    powers = range(high, low - 1, -powers_per_tick)
    scale = Scale(float(f"1e{low}"), float(f"1e{high}"), start=1, stop=0, log=True)
    return scale, [float(f"1e{power}") for power in powers]
