"""The four kinds of marks in a figure.

Coordinates are absolute pixels, with y downwards. A mark has an id (without the
figure's prefix), terms with spaces between, a paint, bindings, and its expression if it is a
number.
"""

import math
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Any, Literal, NamedTuple

from ..model.reference import Number
from ..proof.bindings import Binding
from . import metrics
from .theme import Paint

Anchor = Literal["start", "middle", "end"]
"""The part of a text that is at its `x`, as in SVG's `text-anchor`."""

SUBSCRIPT_DEPTH = 0.2
"""The depth of a subscript below the baseline, in units of the font size."""
ASCENT, DESCENT = 0.8, 0.25
"""How far letters reach above and below the baseline, in units of the font size."""


class Box(NamedTuple):
    """A rectangle."""

    x: float
    y: float
    width: float
    height: float
    radius: float = 0
    fill: Paint | None = None
    stroke: Paint | None = None
    stroke_width: float = 1
    dash: str = ""
    id: str = ""
    term: str = ""
    bound: tuple[Binding, ...] = ()


class Path(NamedTuple):
    """Lines and curves.

    Attributes:
        d: The SVG commands M, L, C and Z, each with its absolute points, as in
            `(("M", (0, 0)), ("L", (9, 9)))`. There are no others; an arc is made
            of C.
        crisp: Whether to disable antialiasing, so that horizontal lines that
            tile an area have no seams.
        compact: Whether the SVG rounds coordinates to a tenth of a pixel, for
            lines with many points.
    """

    d: tuple[tuple[str, *tuple[tuple[float, float], ...]], ...]
    fill: Paint | None = None
    stroke: Paint | None = None
    stroke_width: float = 1.25
    opacity: float = 1
    dash: str = ""
    crisp: bool = False
    compact: bool = False
    id: str = ""
    term: str = ""
    bound: tuple[Binding, ...] = ()


class Run(NamedTuple):
    """A piece of a text: normal or a subscript."""

    text: str
    sub: bool = False


class Text(NamedTuple):
    """A line of text.

    Attributes:
        y: The baseline.
        content: The text; `_{…}` is a subscript.
        number: The number with its expression, if the text is a number from a
            tensor.
        serif: Whether it has the font of headlines, which lacks most signs.
        turn: The counterclockwise rotation around its anchor, in degrees.
        kind: `tick` for an axis label, `foot` for text at the foot of the
            figure.
    """

    x: float
    y: float
    content: str
    size: float = 12
    anchor: Anchor = "start"
    fill: Paint = "ink"
    bold: bool = False
    mono: bool = False
    serif: bool = False
    number: Number | None = None
    turn: int = 0
    kind: Literal["", "tick", "foot"] = ""
    id: str = ""
    term: str = ""
    bound: tuple[Binding, ...] = ()

    @property
    def runs(self) -> tuple[Run, ...]:
        """The content, split at subscripts."""
        return _runs(self.content)

    def run_size(self, run: Run) -> float:
        """The font size of a run; at least 9 pixels for a subscript."""
        return max(9, self.size * 0.7) if run.sub else self.size

    def run_bold(self, run: Run) -> bool:
        """Whether a run is bold; a subscript never is."""
        return self.bold and not run.sub

    @property
    def width(self) -> float:
        """The width in DejaVu Sans."""
        if self.serif:
            return metrics.width(self.content, self.size, serif=True)
        return _width(self.content, self.size, self.bold, self.mono)

    @property
    def left(self) -> float:
        """Where the text begins."""
        share = {"start": 0.0, "middle": 0.5, "end": 1.0}[self.anchor]
        return self.x - share * self.width


@lru_cache(maxsize=4096)
def _runs(content: str) -> tuple[Run, ...]:
    """The content, split at subscripts."""
    first, *rest = content.split("_{")
    runs = [Run(first)]
    for piece in rest:
        inside, _, after = piece.partition("}")
        runs += [Run(inside, sub=True), Run(after)]
    return tuple(run for run in runs if run.text)


@lru_cache(maxsize=4096)
def _width(content: str, size: float, bold: bool, mono: bool) -> float:
    """Cached, because a figure measures the same texts many times."""
    text = Text(0, 0, content, size, bold=bold, mono=mono)
    return sum(
        metrics.width(run.text, text.run_size(run), bold=text.run_bold(run), mono=mono)
        for run in text.runs
    )


class Group(NamedTuple):
    """Marks that belong together.

    Attributes:
        opacity: The opacity of the group.
    """

    marks: tuple["Mark", ...]
    id: str = ""
    term: str = ""
    bound: tuple[Binding, ...] = ()
    opacity: float = 1


Mark = Box | Path | Text | Group
"""A mark of a figure."""


class Bounds(NamedTuple):
    """A bounding box."""

    left: float
    top: float
    right: float
    bottom: float


def walk(marks: Iterable[Mark]) -> Iterator[Mark]:
    """All marks in reading order, each group before its members."""
    for mark in marks:
        yield mark
        if isinstance(mark, Group):
            yield from walk(mark.marks)


def visible_marks(marks: Iterable[Mark], share: float = 1) -> Iterator[tuple[Mark, float]]:
    """All marks as in `walk`, each with the combined opacity of its groups."""
    for mark in marks:
        yield mark, share
        if isinstance(mark, Group):
            yield from visible_marks(mark.marks, share * mark.opacity)


def shift(mark: Mark, dx: float, dy: float) -> Mark:
    """The mark, shifted."""
    bound = mark.bound and tuple([binding.moved(dx, dy) for binding in mark.bound])
    # `_replace` would dominate the time of drawing. The last field is `bound`.
    match mark:
        case Group(marks, id, term, _, opacity):
            inside = tuple([shift(child, dx, dy) for child in marks])
            return Group(inside, id, term, bound, opacity)
        case Path():
            shifted: Any = tuple(
                [(command, *[(x + dx, y + dy) for x, y in points]) for command, *points in mark.d]
            )
            return Path(shifted, *mark[1:-1], bound)
        case Text():
            return Text(mark.x + dx, mark.y + dy, *mark[2:-1], bound)
        case Box():
            return Box(mark.x + dx, mark.y + dy, *mark[2:-1], bound)


def bounds(marks: Iterable[Mark]) -> Bounds:
    """The bounding box of marks, with text measured in DejaVu Sans."""
    boxes = [_bounds(m) for m in walk(marks) if not isinstance(m, Group)]
    lefts, tops, rights, bottoms = zip(*boxes, strict=True)
    return Bounds(min(lefts), min(tops), max(rights), max(bottoms))


def corners(text: Text) -> list[tuple[float, float]]:
    """The corners of a text's bounding box, which may be rotated."""
    left, right = text.left, text.left + text.width
    top, bottom = text.y - ASCENT * text.size, text.y + DESCENT * text.size
    box = [(left, top), (right, top), (right, bottom), (left, bottom)]
    if not text.turn:
        return box
    cos, sin = (f(math.radians(text.turn)) for f in (math.cos, math.sin))
    return [
        (
            text.x + (x - text.x) * cos + (y - text.y) * sin,
            text.y - (x - text.x) * sin + (y - text.y) * cos,
        )
        for x, y in box
    ]


def _bounds(mark: Box | Path | Text) -> Bounds:
    """The box around a mark; for a curve, around its control points."""
    match mark:
        case Box():
            return Bounds(mark.x, mark.y, mark.x + mark.width, mark.y + mark.height)
        case Text(turn=0):
            left, size = mark.left, mark.size
            top, bottom = mark.y - ASCENT * size, mark.y + DESCENT * size
            return Bounds(left, top, left + mark.width, bottom)
        case Text():
            xs, ys = zip(*corners(mark), strict=True)
            return Bounds(min(xs), min(ys), max(xs), max(ys))
        case Path():
            points = [point for _, *points in mark.d for point in points]
            xs, ys = zip(*points, strict=True)
            return Bounds(min(xs), min(ys), max(xs), max(ys))
