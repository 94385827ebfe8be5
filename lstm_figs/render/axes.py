"""Axes as marks: a grid, two spines, and what is plotted in them."""

import math
from collections.abc import Callable, Iterable, Iterator, Sequence

from ..layout.panels import Point, marker
from ..scene.marks import Group, Mark, Path, Text
from ..scene.scenes import Axes, Band, Series

TICK = 11.0
"""The font size of tick labels."""

STUB = 3.0
"""How far a line of the grid stands out at the left."""


def plot(axes: Axes) -> Group:
    """Everything in a pair of axes but its labels, in their coordinates."""
    place = _places(axes)
    bottom, left = axes.ylim[0], axes.xlim[0]
    ends = [(left, axes.ylim[1]), (left, bottom), (axes.xlim[1], bottom)]
    grid = [
        _lines([(axes.x - STUB, y), (axes.x + axes.width, y)], 0.5)
        for y in (place(left, value)[1] for value in axes.yticks)
    ]
    spines = _lines([place(x, y) for x, y in ends], 0.8)
    drawn = (
        _band(one, place, axes.compact)
        if isinstance(one, Band)
        else _series(one, place, axes.compact)
        for one in sorted(axes.series, key=lambda one: type(one) is Series)
    )
    return Group(id=axes.id, marks=(*grid, spines, *drawn))


def tick_labels(axes: Axes) -> Iterator[Text]:
    """What the marks at the left of axes are called."""
    place = _places(axes)
    labels = axes.labels or [f"{v:g}".replace("-", "−") for v in axes.yticks]
    for value, label in zip(axes.yticks, labels, strict=True):
        yield Text(
            x=axes.x - 6.5,
            y=place(axes.xlim[0], value)[1] + 4,
            content=label,
            size=TICK,
            fill="muted",
            anchor="end",
            kind="tick",
        )


def _places(axes: Axes) -> Callable[[float, float], Point]:
    """Where a pair of values stands."""
    (left, right), (low, high) = axes.xlim, axes.ylim

    def place(x: float, y: float) -> Point:
        return (
            axes.x + axes.width * (x - left) / (right - left),
            axes.y + axes.height * (high - y) / (high - low),
        )

    return place


def _lines(points: Sequence[Point], width: float) -> Path:
    first, *rest = points
    return Path(
        d=(("M", first), *(("L", point) for point in rest)),
        stroke="rule",
        stroke_width=width,
    )


def _series(
    series: Series, place: Callable[[float, float], Point], compact: bool
) -> Group:
    """A line, broken where a value is not finite, and its markers."""
    marks: list[Mark] = []
    runs = _runs(zip(series.xs, series.ys, strict=True))
    if series.line and any(len(run) > 1 for run in runs):
        marks.append(
            Path(
                d=tuple(
                    ("L" if n else "M", place(*values))
                    for run in runs
                    for n, values in enumerate(run)
                ),
                stroke=series.paint,
                stroke_width=series.width,
                compact=compact,
            )
        )
    if series.marker:
        marks += [
            marker(*place(*values), series.marker, series.paint)
            for run in runs
            for values in run
        ]
    return Group(id=series.id, term=series.term, marks=tuple(marks))


def _band(
    band: Band, place: Callable[[float, float], Point], compact: bool
) -> Group:
    """A polygon for each run of finite places."""
    every = zip(band.xs, band.lows, band.highs, strict=True)
    polygons = (
        [(x, low) for x, low, _ in run]
        + [(x, high) for x, _, high in run[::-1]]
        for run in _runs(every)
    )
    return Group(
        id=band.id,
        term=band.term,
        marks=tuple(
            Path(
                d=(
                    *(
                        ("L" if n else "M", place(*values))
                        for n, values in enumerate(polygon)
                    ),
                    ("Z",),
                ),
                fill=band.paint,
                compact=compact,
            )
            for polygon in polygons
        ),
    )


def _runs(every: Iterable[tuple[float, ...]]) -> list[list[tuple[float, ...]]]:
    """Neighbours that are finite, together.

    >>> _runs([(0, 1), (1, 1), (2, math.nan), (3, 1)])
    [[(0, 1), (1, 1)], [(3, 1)]]
    """
    runs: list[list[tuple[float, ...]]] = []
    together = False
    for values in every:
        finite = all(map(math.isfinite, values))
        if finite and together:
            runs[-1].append(values)
        elif finite:
            runs.append([values])
        together = finite
    return runs
