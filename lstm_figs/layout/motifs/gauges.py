"""Gauges: a dashed outline is what there is, the filled part what passes."""

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from ...proof.bindings import Flow, Kind, Length, Scale
from ...scene.marks import Box, Mark, Path
from ...scene.theme import Paint
from .. import styles

GAUGE_HEIGHT = 16.0
"""The height of a gauge."""


def legend(gates: str) -> str:
    """How vectors with bars are read; gates are a part of one."""
    return (
        f"A dashed outline is all there is (one, for {gates}), the filled part what is let through."
    )


class Gauge(NamedTuple):
    """How much of a quantity a gate lets through.

    Attributes:
        start: Where both begin: 0, or where the gauge before ended.
        available: Where what there is ends.
        passed: Where what passes ends.
        available_expr: The expression of `start` and `available`, or of `available` alone
            where both begin at 0.
        passed_expr: The same of `passed`.
        outline: The paint of the outline: that of what there is.
        paint: Of the filled part: that of the gate.
        id: Of the filled part; the outline's ends in `-there`.
        term: Its terms.
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
    """A gauge; `y` is its top. None where a number is not finite."""
    if not np.isfinite([gauge.start, gauge.available, gauge.passed]).all():
        return []
    return [
        Box(
            *_span(scale, gauge.start, gauge.available, y, height),
            dash=styles.CELL.back.dash,
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
    left, right = sorted((scale(first), scale(second)))
    return left, y, right - left, height


def whole_range(values: Sequence[float]) -> tuple[int, int]:
    """Whole numbers around values, and around −1 and 1.

    >>> whole_range([0.2, 2.1])
    (-1, 3)
    """
    finite = [v for v in values if np.isfinite(v)]
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
        start: Where it leaves.
        stop: Where it arrives.
        tail: The id of the gauge that it leaves.
        head: The id of what it reaches.
        by: Where it turns, round what is written there.
        gap: Where a line down ends above what is written there, and goes on
            below it.
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
    flow: Kind = "copies",
) -> list[Mark]:
    """A curve from a gate to where it is used.

    Args:
        start: Where it leaves, to the right.
        stop: Where it arrives, from the left.
        paint: Of the gate.
        tail: The id of the gate's number.
        head: The id of the same number there, or of what names it.
        flow: What it says of both.
    """
    (x, y), (x_to, y_to) = start, stop
    turn = (x + x_to) / 2
    below = styles.RIBBON.plain
    d = (("M", (x, y)), ("C", (turn, y), (turn, y_to), (x_to, y_to)))
    return [
        Path(d, stroke=paint, stroke_width=below.weight, opacity=below.opacity),
        Path(
            d,
            stroke=paint,
            stroke_width=styles.THREAD.plain.weight,
            bound=(Flow(flow, tail, head),),
        ),
    ]
