"""Axes, drawn by Matplotlib: the same artists for SVG, PNG and PDF."""

import io
import re
from collections.abc import Callable, Iterable
from xml.etree import ElementTree

import matplotlib
import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.figure import Figure

from ..scene import Axes as Spec
from ..scene import Band, Series
from ..theme import Paint, Scheme, colour
from .paint import DPI

TICK = 3.0
"""How far a line of the grid stands out at the left."""

_SVG = "http://www.w3.org/2000/svg"
_G = f"{{{_SVG}}}g"
_XLINK = "http://www.w3.org/1999/xlink"


def chart_paints(charts: Iterable[Spec]) -> set[Paint]:
    """The paints of axes and series."""
    return {"rule", "muted", *(s.paint for a in charts for s in a.series)}


def plot(
    figure: Figure,
    charts: Iterable[Spec],
    scheme: Scheme,
) -> None:
    """Add axes to a Matplotlib figure whose size is ours.

    Args:
        figure: As `paint.canvas` makes it.
        charts: What to draw.
        scheme: Of the colours.
    """
    width, height = (inches * DPI for inches in figure.get_size_inches())
    for spec in charts:
        left, bottom = spec.x, spec.y + spec.height
        axes = figure.add_axes(
            (
                left / width,
                1 - bottom / height,
                spec.width / width,
                spec.height / height,
            ),
            facecolor="none",
            gid=spec.id,
        )
        axes.set(xlim=spec.xlim, ylim=spec.ylim)
        axes.xaxis.set_visible(False)
        axes.yaxis.set_visible(False)
        axes.spines[["top", "right"]].set_visible(False)
        axes.spines[["left", "bottom"]].set_color(colour("rule", scheme))
        _grid(axes, spec, scheme)
        for order, series in enumerate(spec.series):
            if isinstance(series, Band):
                _band(axes, series, scheme, order)
            else:
                _line(axes, series, scheme)


def _grid(axes: Axes, spec: Spec, scheme: Scheme) -> None:
    """A line at each tick, from a little left of the axes on.

    Matplotlib's own ticks take longer than all else in a chart.
    """
    left, right = spec.xlim
    mark = TICK * (right - left) / spec.width
    places = [[(left - mark, y), (right, y)] for y in spec.yticks]
    axes.add_collection(
        LineCollection(
            places,
            colors=colour("rule", scheme),
            linewidths=0.5,
            zorder=0.5,
            clip_on=False,
        ),
        autolim=False,
    )


def _line(axes: Axes, series: Series, scheme: Scheme) -> None:
    axes.plot(
        series.xs,
        series.ys,
        color=colour(series.paint, scheme),
        marker=series.marker,
        markersize=5,
        linewidth=series.width,
        linestyle="-" if series.line else "",
        gid=series.id,
        clip_on=False,
    )


def _band(axes: Axes, band: Band, scheme: Scheme, order: int) -> None:
    """A polygon for each run of finite places, below all lines."""
    edges = np.array([band.xs, band.lows, band.highs])
    finite = np.flatnonzero(np.isfinite(edges).all(axis=0))
    ends = np.flatnonzero(np.diff(finite) > 1) + 1
    for run in np.split(finite, ends) if finite.size else []:
        xs, lows, highs = edges[:, run]
        axes.fill(
            np.concatenate([xs, xs[::-1]]),
            np.concatenate([lows, highs[::-1]]),
            color=colour(band.paint, scheme),
            linewidth=0,
            zorder=1 + order / 100,
            gid=band.id,
            clip_on=False,
        )


def chart_svg(
    charts: tuple[Spec, ...],
    *,
    width: float,
    height: float,
    id: str,
    paint: Callable[[Paint], str],
) -> str:
    """The axes as elements of an SVG of the given size.

    Matplotlib draws in light colours; each is then written as its role. Its
    global style, its background and its clipping are left out.
    """
    figure = Figure(figsize=(width / DPI, height / DPI), dpi=DPI)
    plot(figure, charts, "light")
    buffer = io.BytesIO()
    with matplotlib.rc_context(
        {"svg.fonttype": "none", "svg.hashsalt": id, "svg.id": id}
    ):
        figure.savefig(
            buffer, format="svg", transparent=True, metadata={"Date": None}
        )
    drawn = {spec.id for spec in charts}
    named = drawn | {series.id for spec in charts for series in spec.series}
    compact = {spec.id for spec in charts if spec.compact}
    ElementTree.register_namespace("", _SVG)
    elements = []
    for group in ElementTree.fromstring(buffer.getvalue()).iter(_G):
        if group.get("id") in drawn:
            if group.get("id") in compact:
                _compact(group)
            _clean(group, id, named)
            elements.append(ElementTree.tostring(group, encoding="unicode"))
    text = re.sub(r' xmlns(:\w+)?="[^"]*"', "", "".join(elements))
    text = re.sub(r"\s*\n\s*", " ", text)
    for role in chart_paints(charts):
        text = text.replace(colour(role, "light"), paint(role))
    return text


def _clean(group: ElementTree.Element, id: str, named: set[str]) -> None:
    """Prefix ids, drop clipping and links, make styles attributes."""
    for element in group.iter():
        found = element.attrib.pop("id", "")
        target = element.attrib.pop(f"{{{_XLINK}}}href", "")
        if target:
            element.set("href", f"#{id}--{target[1:]}")
        if found in named or (element.tag == f"{{{_SVG}}}path" and found):
            element.set("id", f"{id}--{found}")
        element.attrib.pop("clip-path", None)
        style = element.attrib.pop("style", "")
        for name, value in re.findall(r"([\w-]+): ([^;]+)", style):
            element.set(name, value)
    # What is used has the paint of its use, which a style can reach.
    for marker in group.iterfind(f".//{{{_SVG}}}defs/*"):
        marker.attrib.pop("stroke", None)
        marker.attrib.pop("stroke-width", None)


def _compact(group: ElementTree.Element) -> None:
    """Round the places of polylines, each relative to the one before."""
    for path in group.iter(f"{{{_SVG}}}path"):
        found = re.findall(r"([A-Za-z])([^A-Za-z]*)", path.get("d", ""))
        if {command for command, _ in found} <= {"M", "L", "z"}:
            path.set("d", _relative(found))


def _relative(commands: Iterable[tuple[str, str]]) -> str:
    """As SVG writes places that are tenths of a pixel.

    >>> _relative([("M", "1.52 2"), ("L", "1.81 1"), ("z", "")])
    'm1.5 2l.3-1z'
    """
    words: list[str] = []
    before = np.zeros(2, int)
    last = ""
    for command, place in commands:
        if command == "z":
            words.append("z")
        else:
            here = np.rint(np.array(place.split(), float) * 10).astype(int)
            x, y = (
                f"{tenths / 10:g}".replace("0.", ".", abs(tenths) < 10)
                for tenths in (here - before).tolist()
            )
            joint = command.lower() if command != last else " "
            if joint == " " and x[0] == "-":
                joint = ""
            words.append(f"{joint}{x}{'' if y[0] == '-' else ' '}{y}")
            before = here
        last = command
    return "".join(words)
