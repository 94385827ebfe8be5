"""Compare the calls of the PNG and PDF renderers with an SVG.

Both are rendered from the same marks by different code. So each call of the
renderer is recorded and compared with an element of the SVG: its order,
position, colours, lines and text.
"""

import math
from collections.abc import Sequence
from contextlib import contextmanager
from functools import cache
from itertools import chain
from pathlib import Path
from typing import NamedTuple

import matplotlib
import numpy as np
import pytest
from matplotlib.backends.backend_agg import RendererAgg
from matplotlib.backends.backend_pdf import RendererPdf
from matplotlib.colors import to_hex
from matplotlib.font_manager import FontProperties
from matplotlib.path import Path as Outline
from matplotlib.textpath import TextPath

from lstm_figs.render.svg import MONO, SERIF, SERIF_FILE
from lstm_figs.scene import metrics
from tests.binding.drawing import Point, lines
from tests.proof import SVG

TOLERANCE = 0.06
"""The largest distance between a renderer's point and that of the SVG. The SVG
rounds long lines to tenths, and everything else to hundredths.
"""

COMMANDS = {Outline.MOVETO: "M", Outline.LINETO: "L", Outline.CURVE4: "C", Outline.CLOSEPOLY: "Z"}
"""Matplotlib's path code -> the SVG command; figures have no quadratic curves, Q."""


class Look(NamedTuple):
    """The paint of a mark; without a stroke, width and dash are empty."""

    fill: str = "none"
    stroke: str = "none"
    width: float = 0
    dash: tuple[float, ...] = ()
    opacity: float = 1
    smooth: bool = True
    corners: str = "miter"


class WrittenText(NamedTuple):
    """A text that a renderer writes, its font size, its font and its rotation."""

    words: str
    size: float
    font: str
    turn: float


class Call(NamedTuple):
    """One call of a renderer: an outline with Matplotlib's path codes, or a text's origin."""

    look: Look
    points: np.ndarray
    codes: Sequence[int] = ()
    text: WrittenText | None = None

    @property
    def lines(self):
        """An outline as chains of points, in the form that `lines` reads from an SVG."""
        words = []
        for numbers, code in Outline(self.points, self.codes).iter_segments(simplify=False):
            words.append(COMMANDS.get(code, "Q"))
            if code != Outline.CLOSEPOLY:
                words += (f"{number:.3f} " for number in numbers)
        return lines("".join(words))


@contextmanager
def recorded_calls():
    """Record what Matplotlib draws in the meantime, in units of the sheet."""
    calls = []

    def record(renderer):
        """Let a class of renderers record each call before it draws."""
        paint, write = renderer.draw_path, renderer.draw_text

        def draw_path(self, gc, path, transform, face=None):
            points = _on_sheet(self, transform.transform(path.vertices))
            calls.append(Call(_look(gc, face), points, path.codes))
            return paint(self, gc, path, transform, face)

        def draw_text(self, gc, x, y, words, font, angle, *more):
            text = WrittenText(words, font.get_size(), Path(font.get_file()).stem, angle)
            points = _on_sheet(self, np.array([(x, y)]))
            look = Look(fill=to_hex(gc.get_rgb()), opacity=gc.get_alpha())
            calls.append(Call(look, points, text=text))
            return write(self, gc, x, y, words, font, angle, *more)

        patch.setattr(renderer, "draw_path", draw_path)
        patch.setattr(renderer, "draw_text", draw_text)

    with pytest.MonkeyPatch.context() as patch:
        record(RendererAgg)
        record(RendererPdf)
        yield calls


def _on_sheet(renderer, points):
    """Convert points of a renderer, whose y axis goes up, to units of the sheet."""
    scale = renderer.dpi / 72 if isinstance(renderer, RendererAgg) else 1
    return (np.array([0, renderer.height]) + points * (1, -1)) / scale


def _look(gc, face):
    """The fill and stroke with which a renderer is called."""
    look = Look(smooth=bool(gc.get_antialiased()))
    if face is not None:
        look = look._replace(fill=to_hex(face), opacity=round(face[3], 2))
    if not gc.get_linewidth():
        return look
    *_, opacity = gc.get_rgb()
    _, dash = gc.get_dashes()
    assert face is None or face[3] == opacity
    return look._replace(
        stroke=to_hex(gc.get_rgb()),
        width=round(gc.get_linewidth(), 2),
        dash=tuple(dash or ()),
        opacity=round(opacity, 2),
        corners=gc.get_joinstyle(),
    )


def faults(calls, root):
    """Differences between the calls of a renderer and an SVG in the same colours."""
    elements = drawn_elements(root)
    if len(calls) != len(elements):
        return [f"{len(calls)} marks are painted of {len(elements)}"]
    return [
        f"mark {k}, {_name(element)}: {fault}"
        for k, (call, (element, share)) in enumerate(zip(calls, elements, strict=True))
        if (fault := _fault(call, element, share))
    ]


def drawn_elements(root):
    return [
        (piece, share)
        for element, share in _visible_elements(root)
        for piece in (_runs(element) if element.tag == f"{SVG}text" else [element])
    ]


def _visible_elements(element, share=1):
    """Rectangles, paths and texts, each with the opacity of its groups."""
    if element.tag in {f"{SVG}{t}" for t in ("rect", "path", "text")}:
        yield element, share
        return
    share *= float(element.get("opacity", "1"))
    for child in element:
        yield from _visible_elements(child, share)


class Run(NamedTuple):
    """A run of text in an SVG, which may be rotated around a point."""

    x: float
    y: float
    words: str
    size: float
    font: str
    fill: str
    turn: float = 0
    around: Point = (0, 0)

    def turned(self, points):
        angle = math.radians(self.turn)
        cos, sin = math.cos(angle), math.sin(angle)
        turn = np.array([(cos, -sin), (sin, cos)])
        return (points - self.around) @ turn + self.around


def _name(element):
    if isinstance(element, Run):
        return repr(element.words)
    return element.get("id") or element.tag.removeprefix(SVG)


def _runs(text):
    """The runs of a text, each starting where the one before it ends."""
    family = text.get("font-family")
    mono, serif = family == MONO, family == SERIF
    x, y, runs = 0.0, float(text.get("y", "")), []
    for element in text.iter():
        y += float(element.get("dy", "0"))
        pieces = [(element, element.text)]
        if element is not text:
            pieces.append((text, element.tail))
        for styled, words in pieces:
            if words:
                size = float(styled.get("font-size") or text.get("font-size", ""))
                bold = (styled.get("font-weight") or text.get("font-weight")) == "700"
                font = f"DejaVuSans{'Mono' * mono}{'-Bold' * bold}"
                font = SERIF_FILE.stem if serif else font
                runs.append(Run(x, y, words, size, font, text.get("fill", "")))
                x += metrics.width(words, size, bold=bold, mono=mono, serif=serif)
    share = {"start": 0, "middle": 0.5, "end": 1}
    around = float(text.get("x", "")), float(text.get("y", ""))
    left = around[0] - share[text.get("text-anchor", "start")] * x
    turn = text.get("transform", "rotate(0 ").removeprefix("rotate(")
    degrees = -float(turn.split()[0])
    return [run._replace(x=left + run.x, turn=degrees, around=around) for run in runs]


def _fault(call, element, share):
    """The fault of a call, or an empty string if it matches the SVG."""
    if isinstance(element, Run):
        expected = Look(fill=element.fill, opacity=share)
        is_there = _is_written(call, element)
    else:
        expected = _look_of(element)
        expected = expected._replace(opacity=round(expected.opacity * share, 2))
        is_there = (
            _is_box(call, element) if element.tag == f"{SVG}rect" else _is_line(call, element)
        )
    if call.look != expected:
        return f"it has {call.look}, not {expected}"
    return "" if is_there else "it is another, or elsewhere"


def _look_of(element):
    """The fill and stroke of an SVG element."""
    stroke = element.get("stroke", "none")
    dash = element.get("stroke-dasharray", "").split()
    return Look(
        fill=element.get("fill", "none"),
        stroke=stroke,
        width=0 if stroke == "none" else float(element.get("stroke-width", "1")),
        dash=tuple(map(float, dash)),
        opacity=float(element.get("opacity", "1")),
        smooth=element.get("shape-rendering") != "crispEdges",
    )


def _is_written(call, run):
    """Whether a call draws a run of text."""
    if text := call.text:
        if (text.words, text.font, text.turn) != (run.words, run.font, run.turn):
            return False
        expected = run.turned(np.array([(run.x, run.y)]))
        return abs(text.size - run.size) <= 0.01 and _is_near(call.points, expected)
    outline = _letters(run.words, run.font)
    return _is_near(call.points, run.turned(outline * run.size + (run.x, run.y)))


@cache
def _letters(words, font):
    """The outline of a text in font size one, relative to its origin."""
    folder = Path(matplotlib.get_data_path(), "fonts", "ttf")
    file = SERIF_FILE if font == SERIF_FILE.stem else folder / f"{font}.ttf"
    properties = FontProperties(fname=file)
    return TextPath((0, 0), words, size=100, prop=properties).vertices * (0.01, -0.01)


def _is_line(call, path):
    actual, expected = call.lines, lines(path.get("d", ""))
    return [*map(len, actual)] == [*map(len, expected)] and _is_near(
        np.array([*chain(*actual)]), np.array([*chain(*expected)])
    )


def _is_box(call, rect):
    """Whether an outline is a rectangle with rounded corners."""
    x, y, width, height, radius = (
        float(rect.get(key, "0")) for key in ("x", "y", "width", "height", "rx")
    )
    outline = np.array([*chain(*call.lines)])
    if outline.shape[1:] != (2,):
        # No point is drawn.
        return False
    corners = np.array([outline.min(axis=0), outline.max(axis=0)])
    half = np.array([width, height]) / 2
    inner = half - min(radius, *half)
    # The distance of each point from the rectangle inset by the corner radius.
    beyond = abs(outline - (x, y) - half) - inner
    apart = np.hypot(*np.maximum(beyond, 0).T)
    return _is_near(corners, np.array([(x, y), (x + width, y + height)])) and (
        _is_near(apart, np.full(len(apart), min(radius, *half)))
    )


def _is_near(points, expected):
    return points.shape == expected.shape and bool((abs(points - expected) <= TOLERANCE).all())
