"""Axes, drawn by Matplotlib: the same artists for SVG, PNG and PDF."""

import io
import re
from collections.abc import Callable, Iterable
from xml.etree import ElementTree

import matplotlib
from matplotlib.figure import Figure

from ..scene import Axes
from ..theme import Paint, Scheme, colour
from .paint import DPI

TICK = 11.0
"""The font size of tick labels."""

_SVG = "http://www.w3.org/2000/svg"
_G = f"{{{_SVG}}}g"
_XLINK = "http://www.w3.org/1999/xlink"


def chart_paints(charts: Iterable[Axes]) -> set[Paint]:
    """The paints of axes and series."""
    return {"rule", "muted", *(s.paint for a in charts for s in a.series)}


def plot(
    figure: Figure,
    charts: Iterable[Axes],
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
        axes.set(xlim=spec.xlim, ylim=spec.ylim, axisbelow=True)
        axes.xaxis.set_visible(False)
        axes.spines[["top", "right"]].set_visible(False)
        axes.spines[["left", "bottom"]].set_color(colour("rule", scheme))
        axes.tick_params(
            axis="y",
            length=3,
            color=colour("rule", scheme),
            grid_color=colour("rule", scheme),
            grid_linewidth=0.5,
            labelcolor=colour("muted", scheme),
            labelsize=TICK,
            labelfontfamily="DejaVu Sans",
        )
        axes.set_yticks(
            spec.yticks,
            spec.labels or [f"{v:g}".replace("-", "−") for v in spec.yticks],
        )
        axes.yaxis.grid(True)
        for series in spec.series:
            axes.plot(
                series.xs,
                series.ys,
                color=colour(series.paint, scheme),
                marker=series.marker,
                markersize=5,
                linewidth=1.5,
                linestyle="-" if series.line else "",
                gid=series.id,
                clip_on=False,
            )


def chart_svg(
    charts: tuple[Axes, ...],
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
    ElementTree.register_namespace("", _SVG)
    elements = []
    for group in ElementTree.fromstring(buffer.getvalue()).iter(_G):
        if group.get("id") in drawn:
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
            if name == "font":
                name, value = "font-size", f"{TICK:g}"
            element.set(name, value)
        if element.tag == f"{{{_SVG}}}text":
            element.set("class", "lf-tick")
    # What is used has the paint of its use, which a style can reach.
    for marker in group.iterfind(f".//{{{_SVG}}}defs/*"):
        marker.attrib.pop("stroke", None)
        marker.attrib.pop("stroke-width", None)
