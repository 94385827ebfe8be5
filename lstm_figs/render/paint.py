"""Marks to PNG and PDF, with Matplotlib's patches and its DejaVu Sans."""

import math
from collections.abc import Iterable
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import PathPatch
from matplotlib.path import Path as Outline

from .. import metrics
from ..marks import SUBSCRIPT, Box, Group, Mark, Path, Text, walk
from ..theme import Paint, Scheme, colour

DPI = 72
"""At this resolution a pixel is a point, Matplotlib's unit of line and text."""

_KAPPA = 1 - 4 / 3 * (math.sqrt(2) - 1)
"""How far from a corner the control points of a quarter circle lie."""

_CODES = {
    "M": (Outline.MOVETO,),
    "L": (Outline.LINETO,),
    "C": (Outline.CURVE4,) * 3,
    "Z": (Outline.CLOSEPOLY,),
}


def canvas(width: float, height: float) -> tuple[Figure, Axes]:
    """A Matplotlib figure whose coordinates are our pixels, y down."""
    figure = Figure(figsize=(width / DPI, height / DPI), dpi=DPI)
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set(xlim=(0, width), ylim=(height, 0))
    axes.axis("off")
    return figure, axes


def paint_marks(axes: Axes, marks: Iterable[Mark], scheme: Scheme) -> None:
    """Draw marks in reading order."""
    for order, mark in enumerate(walk(marks)):
        match mark:
            case Box():
                _box(axes, mark, scheme, order)
            case Path():
                _path(axes, mark, scheme, order)
            case Text():
                _text(axes, mark, scheme, order)
            case Group():
                pass


def _style(mark: Box | Path, scheme: Scheme, order: int) -> dict[str, object]:
    def shade(paint: Paint | None) -> str:
        return colour(paint, scheme) if paint else "none"

    dash = [float(n) for n in mark.dash.split()]
    return {
        "facecolor": shade(mark.fill),
        "edgecolor": shade(mark.stroke),
        "linewidth": mark.stroke_width if mark.stroke else 0,
        "linestyle": (0, [d / mark.stroke_width for d in dash])
        if dash
        else "-",
        "zorder": order,
    }


def _box(axes: Axes, box: Box, scheme: Scheme, order: int) -> None:
    r = min(box.radius, box.width / 2, box.height / 2)
    k = r * _KAPPA
    x, y, right, bottom = box.x, box.y, box.x + box.width, box.y + box.height
    corners = (
        ((x + r, y), (right - r, y), (right - k, y), (right, y + k)),
        ((right, y + r), (right, bottom - r), (right, bottom - k)),
        ((right - k, bottom), (right - r, bottom), (x + r, bottom)),
        ((x + k, bottom), (x, bottom - k), (x, bottom - r), (x, y + r)),
        ((x, y + k), (x + k, y), (x + r, y)),
    )
    points = [point for corner in corners for point in corner]
    codes = [
        Outline.MOVETO,
        *(Outline.LINETO, *(Outline.CURVE4,) * 3) * 4,
    ]
    outline = Outline(points, codes, closed=False)
    axes.add_patch(PathPatch(outline, **_style(box, scheme, order)))


def _path(axes: Axes, path: Path, scheme: Scheme, order: int) -> None:
    points: list[tuple[float, float]] = []
    codes: list[Any] = []
    for command, *found in path.d:
        points += found or [(0.0, 0.0)]
        codes += _CODES[command]
    axes.add_patch(
        PathPatch(
            Outline(points, codes),
            alpha=path.opacity,
            capstyle="butt",
            antialiased=not path.crisp,
            snap=False if path.crisp else None,
            **_style(path, scheme, order),
        )
    )


def _text(axes: Axes, text: Text, scheme: Scheme, order: int) -> None:
    x = text.left
    for run in text.runs:
        size = text.run_size(run)
        axes.text(
            x,
            text.y + (SUBSCRIPT * text.size if run.sub else 0),
            run.text.replace("$", r"\$"),
            size=size,
            color=colour(text.fill, scheme),
            weight="bold" if text.bold else "normal",
            family="DejaVu Sans Mono" if text.mono else "DejaVu Sans",
            va="baseline",
            ha="left",
            zorder=order,
        )
        x += metrics.width(run.text, size, bold=text.bold, mono=text.mono)
