"""Gauges: a dashed outline for the available amount, filled as far as a gate passes it."""

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from ...proof.bindings import Flow, FlowKind, Length, Scale
from ...scene.marks import Box, Mark, Path
from ...scene.theme import Paint
from .. import styles

GAUGE_HEIGHT = 16.0
"""The height of a gauge."""


def legend(gates: str) -> str:
    """How to read vectors with bars, whose gates are shares of one."""
    return (
        f"A dashed outline is all there is (one, for {gates}), the filled part what is let through."
    )


class Gauge(NamedTuple):
    """How much of a quantity a gate passes.

    Attributes:
        start: The value where both begin: 0, or the end of the previous gauge.
        available: The end of the outline.
        passed: The end of the filled part.
        available_expr: The expression of `start` and `available`, or of
            `available` alone if both begin at 0.
        passed_expr: The same for `passed`.
        outline: The paint of the outline, which shows the gated quantity.
        paint: The paint of the filled part, which is the gate's.
        id: The id of the filled part; the outline's is `id` with `-there`.
        term: The terms of both.
    """

    start: float
    available: float
    passed: float
    available_expr: str
    passed_expr: str
    outline: Paint
    paint: Paint
    id: str
    term: str


def gauge_marks(
    gauge: Gauge, y: float, scale: Scale, *, height: float = GAUGE_HEIGHT
) -> list[Mark]:
    """A gauge with its top at `y`; empty if a number is not finite."""
    if not np.isfinite([gauge.start, gauge.available, gauge.passed]).all():
        return []
    return [
        Box(
            *_span(scale, gauge.start, gauge.available, y, height),
            dash=styles.CELL.muted.dash,
            stroke=gauge.outline,
            id=f"{gauge.id}-there",
            term=gauge.term,
            bound=(Length(gauge.available_expr, "width", scale),),
        ),
        Box(
            *_span(scale, gauge.start, gauge.passed, y, height),
            fill=gauge.paint,
            stroke=gauge.paint,
            id=gauge.id,
            term=gauge.term,
            bound=(Length(gauge.passed_expr, "width", scale),),
        ),
    ]


def _span(
    scale: Scale, first: float, second: float, y: float, height: float
) -> tuple[float, float, float, float]:
    """A rectangle from one value to another: left, top, width and height."""
    left, right = sorted((scale(first), scale(second)))
    return left, y, right - left, height


def whole_range(values: Sequence[float]) -> tuple[int, int]:
    """A range of whole numbers that covers the values, −1 and 1.

    >>> whole_range([0.2, 2.1])
    (-1, 3)
    """
    finite = [v for v in values if np.isfinite(v)]
    # A value that exceeds a whole number only by rounding errors does not widen the range.
    low = math.floor(min([-1, *finite]) + 1e-5)
    high = math.ceil(max([1, *finite]) - 1e-5)
    return low, high


def link(
    start: tuple[float, float],
    stop: tuple[float, float],
    tail: str,
    head: str,
    *,
    by: tuple[float, float] | None = None,
    gap: tuple[float, float] | None = None,
) -> Path:
    """A dotted line from the end of one gauge to the next.

    Args:
        start: The first point.
        stop: The last point.
        tail: The id of the gauge where the line starts.
        head: The id of the mark where it ends.
        by: A corner, to avoid text.
        gap: The y range of text that interrupts a vertical line.
    """
    between = [("L", by or start)]
    if gap:
        between = [("L", (start[0], gap[0])), ("M", (start[0], gap[1]))]
    return Path(
        (("M", start), *between, ("L", stop)),
        stroke="ink",
        dash="1.5 2",
        bound=(Flow("order", tail, head),),
    )


def ribbon(
    start: tuple[float, float],
    stop: tuple[float, float],
    paint: Paint,
    tail: str,
    head: str,
    *,
    flow: FlowKind = "copies",
    ground: Paint | None = None,
) -> list[Mark]:
    """A wide curve from a gate to the place where it is applied.

    Args:
        start: The first point; the curve leaves to the right.
        stop: The last point; the curve arrives from the left.
        paint: The paint of the gate.
        tail: The id of the gate's number.
        head: The id of the same number at the other end, or of its label.
        flow: The relation between both ends.
        ground: The paint below it; it then passes over other ribbons.
    """
    (x, y), (x_to, y_to) = start, stop
    turn = (x + x_to) / 2
    look = styles.RIBBON.plain
    curve = (("M", (x, y)), ("C", (turn, y), (turn, y_to), (x_to, y_to)))
    band = Path(curve, stroke=paint, stroke_width=look.weight, opacity=look.opacity)
    if ground:
        band = band._replace(stroke=ground, opacity=1)
    return [
        band,
        Path(
            curve,
            stroke=paint,
            stroke_width=styles.THREAD.plain.weight,
            bound=(Flow(flow, tail, head),),
        ),
    ]
