"""Wires between vectors, and what they pass: operators, gates, junctions.

A vector is a box with a line for each unit: its number, and a bar as long as
it. All bars of a figure have one unit of length, so that what a gate lets
through can be compared with the gate. An operator stands in a circle on its
wire. A figure joins the operator with the vector that it yields to one node,
so that wires end at both.
"""

import math
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

from ...model.lstm import GATES
from ...proof import digits
from ...proof.bindings import Along, Flow, Kind, Length, Node, Scale
from ...proof.reference import Number, Vector
from ...scene import metrics
from ...scene.marks import Anchor, Box, Group, Mark, Path, Text
from ...scene.terms import GATE_NAMES, TERMS
from ...scene.theme import Paint, tint
from .. import words
from ..fold import Excerpt, Gap, excerpt, few
from ..panels import Point, circle, round_arrow
from . import gauges

RADIUS = 11.0
"""The radius of an operator."""
GATE = 42.0
"""The height of the box of a gate."""
HEAVY, THIN = 3.0, 1.5
"""The wire of the cell state, and any other."""
HEAD = 12.0
"""The shortest piece of a wire that has a head."""
BETWEEN = 3.5
"""From a number to the bar below it; to the next number it is more."""


class VectorLook(NamedTuple):
    """How vectors of a figure look.

    Attributes:
        width: Of a box.
        size: The font size of its numbers.
        line: From one unit to the next.
        bar: The height of a bar; 0 for none.
        longest: How far a bar below its number reaches at most, from its
            zero; 0 for as far as the box. Boxes of several widths share one.
    """

    width: float
    size: float
    line: float
    bar: float
    longest: float = 0.0

    @property
    def room(self) -> int:
        """How many characters fit in a box."""
        return int((self.width - 4) / self.character)

    @property
    def half(self) -> float:
        """How far a bar reaches at most, from its zero."""
        return self.longest or self.width / 2 - 5

    @property
    def character(self) -> float:
        """The width of a digit."""
        return metrics.width("0", self.size, mono=True)

    def height(self, count: int, shown: Excerpt | None = None) -> float:
        """The height of a vector of that length, or of what is shown of it."""
        return len((shown or excerpt(count)).lines) * self.line + 8


def look(count: int, *, close: bool) -> VectorLook:
    """The look of vectors of some length; `close` is that of narrow forms.

    Bars of a few units stand below their numbers. In longer columns one would
    not see which is whose, and there are none.
    """
    few = len(excerpt(count).lines) <= 4
    if close:
        return VectorLook(48, words.SMALL, 23 if few else 16, 4 * few)
    if few:
        return VectorLook(64, words.NUMBER, 27, 5)
    return VectorLook(64, words.SMALL, 16, 0)


class Bars(NamedTuple):
    """What the bars of a vector show.

    Attributes:
        paint: Of what is filled.
        reach: The largest magnitude that there is room for.
        of: What the vector is a part of, for a dashed outline: a gate lets
            that much of it through.
        around: The paint of the outline.
        start: Where outline and bar begin, if not at 0; `of` and `ends` are
            then where they end.
        ends: Where the bar ends, if that is not what is printed.
        gate: Whether there is 1 in all, as there is for a gate.
    """

    paint: Paint
    reach: float
    of: Sequence[Number] = ()
    around: Paint = "muted"
    start: Sequence[Number] = ()
    ends: Sequence[Number] = ()
    gate: bool = False


def reach(*vectors: Sequence[Number]) -> float:
    """The largest magnitude in what is shown of some vectors, 1 for none.

    >>> reach([Number(-0.5, "c[0]"), Number(np.inf, "c[1]")])
    0.5
    """
    every = [
        abs(float(number.value)) for values in vectors for number in excerpt(len(values)).of(values)
    ]
    return max(filter(np.isfinite, every), default=0) or 1.0


def vector(
    at: Point,
    values: Sequence[Number],
    style: VectorLook,
    bars: Bars | None = None,
    *,
    id: str,
    term: str,
    paint: Paint,
    least: int = 0,
    above: float = 0.0,
    shown: Excerpt | None = None,
) -> list[Mark]:
    """A vector in a box with a line for each unit; of a long one an excerpt.

    Args:
        at: The middle of its numbers.
        values: Its numbers.
        style: How it looks.
        bars: What its bars show; None for numbers alone.
        id: Ids of numbers are this and their index.
        term: Its terms.
        paint: Of the outline.
        least: The least digits after the point.
        above: How much of the box is above the numbers, for words.
        shown: What is shown of it.
    """
    x, y = at
    shown = shown or excerpt(len(values))
    height = style.height(len(values), shown)
    marks: list[Mark] = [
        Box(
            x - style.width / 2,
            y - height / 2 - above,
            style.width,
            height + above,
            radius=6,
            fill="paper",
            stroke=paint,
            term=term,
        )
    ]
    texts = printed(shown.of(values), style, least)
    top = y - height / 2 + 3
    bars = bars if style.bar else None
    lift = (style.bar + BETWEEN) / 2 if bars else 0
    for k, line in enumerate(shown.lines):
        middle = top + (k + 0.5) * style.line
        if isinstance(line, Gap):
            marks.append(words.operator(x, middle - 3, "…"))
            continue
        marks.append(texts.number(x, middle - lift, values[line], id=f"{id}-{line}", term=term))
        if bars:
            below = middle + style.size * 0.36 - lift + BETWEEN
            marks += bar(values[line], bars, line, (x, below), style, f"{id}-{line}-bar")
    return marks


class Aligned(NamedTuple):
    """Numbers below each other, whose points are on one line.

    Attributes:
        style: How they look.
        places: Digits after the point that they have as a group.
        before: The most characters up to the point.
        after: The most after it, with the point.
    """

    style: VectorLook
    places: int
    before: int
    after: int

    @property
    def width(self) -> float:
        """The width of the column."""
        return (self.before + self.after) * self.style.character

    def right(self, value: Number) -> float:
        """Where a number ends, from the middle of the column."""
        _, after = _halves(value, self.places, self.style)
        spare = (self.after - after) * self.style.character
        return self.width / 2 - min(spare, self._room(value))

    def number(
        self, x: float, y: float, value: Number, *, id: str, term: str, bold: bool = False
    ) -> Text:
        """One of them; `x` is the middle of the column."""
        return words.number(
            x + self.right(value),
            y,
            value,
            size=self.style.size,
            places=self.places,
            room=self.style.room,
            anchor="end",
            bold=bold,
            id=id,
            term=term,
        )

    def _room(self, value: Number) -> float:
        """How far a number may stand from the right, to be within it."""
        length = sum(_halves(value, self.places, self.style))
        return self.width - length * self.style.character


def printed(values: Sequence[Number], style: VectorLook, least: int = 0) -> Aligned:
    """How a column of numbers is printed; it is no wider than its box.

    Args:
        values: The numbers.
        style: How they look.
        least: The least digits after the point.
    """
    places = max(least, digits.decimals(value.value for value in values))
    halves = [_halves(value, places, style) for value in values]
    before, after = (max(side) for side in zip(*halves, strict=True))
    longest = max(map(sum, halves))
    before = min(before, max(longest, style.room) - after)
    return Aligned(style, places, before, after)


def _halves(value: Number, places: int, style: VectorLook) -> tuple[int, int]:
    """The characters of a number before its point, and from there on."""
    return words.parts(words.printed(value, places, style.room))


def bar(value: Number, bars: Bars, index: int, at: Point, style: VectorLook, id: str) -> list[Mark]:
    """The bar of one number; none where it is not finite.

    Args:
        value: The number.
        bars: What bars show.
        index: Which of the vector it is.
        at: Where zero is, and the top of the bar.
        style: How the vector looks.
        id: Of the bar.
    """
    x, top = at
    scale = Scale(-bars.reach, bars.reach, x - style.half, x + style.half)
    if bars.gate:
        scale = Scale(0, 1, x, x + style.half / bars.reach)
    there = bars.of[index] if bars.of else None
    number = float(value.value)
    if not np.isfinite(number):
        return []
    zero = Path(
        (("M", (x, top - 1)), ("L", (x, top + style.bar + 1.5))), stroke="muted", stroke_width=0.75
    )
    if there is not None:
        one = gauges.Gauge(
            0, float(there.value), number, there.expr, value.expr, bars.around, bars.paint, id, ""
        )
        if bars.start:
            start, end = bars.start[index], bars.ends[index]
            one = one._replace(
                start=float(start.value),
                passed=float(end.value),
                there_of=f"torch.stack([{start.expr}, {there.expr}])",
                passed_of=f"torch.stack([{start.expr}, {end.expr}])",
            )
        return [zero, *gauges.gauge(one, top, scale, height=style.bar)]
    left, right = sorted((scale(0), scale(number)))
    filled = Box(
        left,
        top,
        right - left,
        style.bar,
        fill=bars.paint,
        stroke=bars.paint if number else None,
        id=id,
        bound=(Length(value.expr, "width", scale),),
    )
    if not bars.gate:
        return [zero, filled] if number else [filled]
    around = Box(x, top, scale(1) - x, style.bar, stroke=bars.paint, dash="2.5 2")
    return [around, filled]


def row(
    at: Point,
    values: Sequence[Number],
    style: VectorLook,
    bars: Bars | None = None,
    *,
    shown: Excerpt | None = None,
    columns: Mapping[int | str, Aligned] | None = None,
    id: str,
    term: str,
    paint: Paint | None,
) -> list[Mark]:
    """A vector in a box, its numbers beside each other.

    Args:
        at: The middle of the box.
        values: Its numbers.
        style: How it looks.
        bars: What its bars show; None for numbers alone, which stand closer.
        shown: What is shown of it.
        columns: The numbers that each stands among, where rows stand below
            each other; by itself, each is centred.
        id: Ids of numbers are this and their index.
        term: Its terms.
        paint: Of the outline; None for no box.
    """
    x, y = at
    shown = shown or excerpt(len(values))
    texts = printed(shown.of(values), style)
    pitch = style.width if bars else _pitch(values, style, shown)
    width = pitch * len(shown.lines) + 6 * (bars is None)
    height = 38 if bars else 28
    box = Box(
        x - width / 2,
        y - height / 2,
        width,
        height,
        radius=6,
        fill="paper",
        stroke=paint,
        term=term,
    )
    marks: list[Mark] = [box] if paint else []
    lift = 5 if bars else 0
    for k, line in enumerate(shown.lines):
        middle = x + (k - (len(shown.lines) - 1) / 2) * pitch
        if isinstance(line, Gap):
            marks.append(words.operator(middle, y - 2, "…"))
            continue
        value = values[line]
        column = columns[line] if columns else printed([value], style, texts.places)
        marks.append(column.number(middle, y - lift, value, id=f"{id}-{line}", term=term))
        if bars:
            marks += bar(value, bars, line, (middle, y + 6), style, f"{id}-{line}-bar")
    return marks


def row_width(values: Sequence[Number], style: VectorLook, shown: Excerpt | None = None) -> float:
    """The width of a `row` of these numbers, or of what is shown of them."""
    shown = shown or excerpt(len(values))
    return _pitch(values, style, shown) * len(shown.lines) + 6


def row_fit(values: Sequence[Number], style: VectorLook, room: float) -> tuple[VectorLook, Excerpt]:
    """A look and an excerpt in which a `row` is no wider than the room."""
    count = len(values)
    for shown in (excerpt(count), few(count)):
        wide = max(0.0, row_width(values, style, shown) - room)
        fitting = style._replace(width=style.width - wide / len(shown.lines))
        if row_width(values, fitting, shown) <= room:
            break
    return fitting, shown


def _pitch(values: Sequence[Number], style: VectorLook, shown: Excerpt) -> float:
    width = printed(shown.of(values), style).width
    return max(28.0, min(width + 14, style.width - 7), width + 3)


def node(marks: Sequence[Mark], values: Vector, id: str, term: str = "") -> Group:
    """Marks that stand for a whole vector, so that wires can end there."""
    return Group(tuple(marks), id=id, term=term, bound=(Node(values.of),))


def wire(
    *corners: Point,
    tail: str,
    head: str,
    paint: Paint = "muted",
    flow: Kind = "makes",
    width: float = THIN,
    term: str = "",
) -> Group:
    """A wire from one node to another, with round corners.

    Args:
        corners: Where it leaves, turns and arrives.
        tail: The id of the node that it leaves.
        head: The id of the node that it reaches.
        paint: Its paint.
        flow: What it says of them.
        width: Its width.
        term: Its terms.
    """
    drawn = line(*corners, paint=paint, width=width, term=term)
    return drawn._replace(bound=(Flow(flow, tail, head),))


def line(
    *corners: Point, paint: Paint = "muted", width: float = THIN, term: str = "", tip: bool = True
) -> Group:
    """A wire inside of a node; it has a head where there is room for one."""
    return round_arrow(
        *corners, paint=paint, term=term, width=width, head=tip and math.dist(*corners[-2:]) >= HEAD
    )


def half(sign: str) -> float:
    """Half of the width of an operator."""
    return RADIUS if sign in ("×", "+", "σ") else words.width(sign) / 2 + 6


def operator(x: float, y: float, sign: str) -> list[Mark]:
    """An operation, element by element: its sign in a circle."""
    aside = half(sign)
    around = Box(
        x - aside,
        y - RADIUS,
        2 * aside,
        2 * RADIUS,
        radius=RADIUS,
        fill="paper",
        stroke="ink",
        stroke_width=1.5,
    )
    return [around, words.operator(x, y, sign, fill="ink")]


def gate(at: Point, width: float, letter: str, values: Sequence[Number], id: str) -> list[Mark]:
    """The box of a gate: its letter and name, and which rows are its own.

    Args:
        at: The middle of the box.
        width: Its width.
        letter: The gate.
        values: What it is, of which its rows make the sums.
        id: The id of that vector; ids of its numbers begin with it.
    """
    x, y = at
    paint = TERMS[letter].role
    first = GATES.index(letter) * len(values)
    last = first + len(values) - 1
    ways = _ranges(first, last)
    # All four are named alike: as the widest, those of the last gate, fit.
    widest = _ranges(3 * len(values), 4 * len(values) - 1)
    rows = next(
        (
            way
            for way, most in zip(ways, widest, strict=True)
            if Text(0, 0, most, words.SMALL).width <= width - 8 * ("_" not in most)
        ),
        ways[-1],
    )
    named = f"{first}..{last}" if "–" in rows else first
    of = f"{id}-0" if "…" in rows else id
    name = f"{letter} {GATE_NAMES[letter].name}" if width > 70 else letter
    return [
        Box(
            x - width / 2,
            y - GATE / 2,
            width,
            GATE,
            radius=7,
            fill=tint(paint),
            stroke=paint,
            stroke_width=1.5,
            term=letter,
        ),
        words.label(
            x,
            y - 9,
            name,
            {"gate": letter},
            [f"{id}-*"],
            "column",
            anchor="middle",
            style=words.STRONG,
            fill=paint,
            term=letter,
        ),
        words.label(
            x,
            y + 10,
            rows,
            {"row": named},
            [of],
            "column",
            style=words.FINE,
            anchor="middle",
            term=letter,
        ),
    ]


def _ranges(first: int, last: int) -> list[str]:
    """How rows are named, the longest way first."""
    if first == last:
        return [f"row {first}", f"{first}"]
    # As small as what is set below a line, where that is the only way.
    return [f"rows {first}–{last}", f"{first}–{last}", f"_{{{first}–{last}}}", f"{first}…"]


def junction(x: float, y: float) -> Box:
    """Where one wire joins another that goes on with both."""
    return circle(x, y, 3.5, fill="ink", stroke="ink")


def name(
    at: Point,
    text: str,
    tensor: str,
    of: str,
    along: Along = "column",
    *,
    anchor: Anchor = "middle",
) -> Text:
    """The name of a vector, as code has it; above its numbers by default."""
    role = TERMS[tensor].role if tensor in TERMS else "ink"
    return words.label(
        *at,
        text,
        {"tensor": tensor},
        [of],
        along,
        anchor=anchor,
        style=words.STRONG,
        fill=role,
        term=tensor if tensor in TERMS else "",
    )
