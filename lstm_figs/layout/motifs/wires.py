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
from ...model.reference import Number, Vector
from ...proof import digits
from ...proof.bindings import Along, Flow, Kind, Length, Node, Scale
from ...scene import metrics
from ...scene.marks import Anchor, Box, Group, Mark, Path, Text
from ...scene.terms import GATE_NAMES, TERMS
from ...scene.theme import Paint, tint
from .. import words
from ..excerpts import Excerpt, Gap, excerpt, short_excerpt
from ..panels import Point, circle, round_arrow
from . import gauges

OPERATOR_RADIUS = 11.0
"""The radius of an operator."""
GATE_HEIGHT = 42.0
"""The height of the box of a gate."""
CELL_WIRE_WIDTH, WIRE_WIDTH = 3.0, 1.5
"""The wire of the cell state, and any other."""
MIN_HEAD_LENGTH = 12.0
"""The shortest piece of a wire that has a head."""
BAR_GAP = 3.5
"""From a number to the bar below it; to the next number it is more."""


class VectorLook(NamedTuple):
    """How vectors of a figure look.

    Attributes:
        width: Of a box.
        size: The font size of its numbers.
        line_height: From one unit to the next.
        bar_height: The height of a bar; 0 for none.
        max_bar_length: How far a bar below its number reaches at most, from its
            zero; 0 for as far as the box. Boxes of several widths share one.
    """

    width: float
    size: float
    line_height: float
    bar_height: float
    max_bar_length: float = 0.0

    @property
    def max_chars(self) -> int:
        """How many characters fit in a box."""
        return int((self.width - 4) / self.digit_width)

    @property
    def half_length(self) -> float:
        """How far a bar reaches at most, from its zero."""
        return self.max_bar_length or self.width / 2 - 5

    @property
    def digit_width(self) -> float:
        """The width of a digit."""
        return metrics.width("0", self.size, mono=True)

    def height(self, count: int, visible: Excerpt | None = None) -> float:
        """The height of a vector of that length, or of what is shown of it."""
        return len((visible or excerpt(count)).lines) * self.line_height + 8


def vector_look(count: int, *, close: bool) -> VectorLook:
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
        max_magnitude: The largest magnitude that there is room for.
        of: What the vector is a part of, for a dashed outline: a gate lets
            that much of it through.
        outline: The paint of the outline.
        start: Where outline and bar begin, if not at 0; `of` and `ends` are
            then where they end.
        ends: Where the bar ends, if that is not what is printed.
        is_gate: Whether there is 1 in all, as there is for a gate.
    """

    paint: Paint
    max_magnitude: float
    of: Sequence[Number] = ()
    outline: Paint = "muted"
    start: Sequence[Number] = ()
    ends: Sequence[Number] = ()
    is_gate: bool = False


def largest_visible(*vectors: Sequence[Number]) -> float:
    """The largest magnitude in what is shown of some vectors, 1 for none.

    >>> largest_visible([Number(-0.5, "c[0]"), Number(np.inf, "c[1]")])
    0.5
    """
    magnitudes = [
        abs(float(number.value)) for values in vectors for number in excerpt(len(values)).of(values)
    ]
    return max(filter(np.isfinite, magnitudes), default=0) or 1.0


def vector_box(
    at: Point,
    values: Sequence[Number],
    style: VectorLook,
    bars: Bars | None = None,
    *,
    id: str,
    term: str,
    paint: Paint,
    min_decimals: int = 0,
    above: float = 0.0,
    visible: Excerpt | None = None,
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
        min_decimals: The least digits after the point.
        above: How much of the box is above the numbers, for words.
        visible: What is shown of it.
    """
    x, y = at
    visible = visible or excerpt(len(values))
    height = style.height(len(values), visible)
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
    texts = number_column(visible.of(values), style, min_decimals)
    top = y - height / 2 + 3
    bars = bars if style.bar_height else None
    lift = (style.bar_height + BAR_GAP) / 2 if bars else 0
    for k, line in enumerate(visible.lines):
        middle = top + (k + 0.5) * style.line_height
        if isinstance(line, Gap):
            marks.append(words.operator(x, middle - 3, "…"))
            continue
        marks.append(texts.number(x, middle - lift, values[line], id=f"{id}-{line}", term=term))
        if bars:
            below = middle + style.size * 0.36 - lift + BAR_GAP
            marks += bar(values[line], bars, line, (x, below), style, f"{id}-{line}-bar")
    return marks


class NumberColumn(NamedTuple):
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
        return (self.before + self.after) * self.style.digit_width

    def right(self, value: Number) -> float:
        """Where a number ends, from the middle of the column."""
        _, after = _halves(value, self.places, self.style)
        spare = (self.after - after) * self.style.digit_width
        return self.width / 2 - min(spare, self._free_width(value))

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
            max_chars=self.style.max_chars,
            anchor="end",
            bold=bold,
            id=id,
            term=term,
        )

    def _free_width(self, value: Number) -> float:
        """How far a number may stand from the right, to be within it."""
        length = sum(_halves(value, self.places, self.style))
        return self.width - length * self.style.digit_width


def number_column(
    values: Sequence[Number], style: VectorLook, min_decimals: int = 0
) -> NumberColumn:
    """How a column of numbers is printed; it is no wider than its box.

    Args:
        values: The numbers.
        style: How they look.
        min_decimals: The least digits after the point.
    """
    places = max(min_decimals, digits.decimals(value.value for value in values))
    halves = [_halves(value, places, style) for value in values]
    before, after = (max(side) for side in zip(*halves, strict=True))
    longest = max(map(sum, halves))
    before = min(before, max(longest, style.max_chars) - after)
    return NumberColumn(style, places, before, after)


def _halves(value: Number, places: int, style: VectorLook) -> tuple[int, int]:
    """The characters of a number before its point, and from there on."""
    return words.characters_around_point(words.number_text(value, places, style.max_chars))


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
    scale = Scale(
        -bars.max_magnitude, bars.max_magnitude, x - style.half_length, x + style.half_length
    )
    if bars.is_gate:
        scale = Scale(0, 1, x, x + style.half_length / bars.max_magnitude)
    available = bars.of[index] if bars.of else None
    number = float(value.value)
    if not np.isfinite(number):
        return []
    zero = Path(
        (("M", (x, top - 1)), ("L", (x, top + style.bar_height + 1.5))),
        stroke="muted",
        stroke_width=0.75,
    )
    if available is not None:
        gauge = gauges.Gauge(
            0,
            float(available.value),
            number,
            available.expr,
            value.expr,
            bars.outline,
            bars.paint,
            id,
            "",
        )
        if bars.start:
            start, end = bars.start[index], bars.ends[index]
            gauge = gauge._replace(
                start=float(start.value),
                passed=float(end.value),
                available_expr=f"torch.stack([{start.expr}, {available.expr}])",
                passed_expr=f"torch.stack([{start.expr}, {end.expr}])",
            )
        return [zero, *gauges.gauge_marks(gauge, top, scale, height=style.bar_height)]
    left, right = sorted((scale(0), scale(number)))
    filled = Box(
        left,
        top,
        right - left,
        style.bar_height,
        fill=bars.paint,
        stroke=bars.paint if number else None,
        id=id,
        bound=(Length(value.expr, "width", scale),),
    )
    if not bars.is_gate:
        return [zero, filled] if number else [filled]
    around = Box(x, top, scale(1) - x, style.bar_height, stroke=bars.paint, dash="2.5 2")
    return [around, filled]


def vector_row(
    at: Point,
    values: Sequence[Number],
    style: VectorLook,
    bars: Bars | None = None,
    *,
    visible: Excerpt | None = None,
    columns: Mapping[int | str, NumberColumn] | None = None,
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
        visible: What is shown of it.
        columns: The numbers that each stands among, where rows stand below
            each other; by itself, each is centred.
        id: Ids of numbers are this and their index.
        term: Its terms.
        paint: Of the outline; None for no box.
    """
    x, y = at
    visible = visible or excerpt(len(values))
    texts = number_column(visible.of(values), style)
    pitch = style.width if bars else _pitch(values, style, visible)
    width = pitch * len(visible.lines) + 6 * (bars is None)
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
    for k, line in enumerate(visible.lines):
        middle = x + (k - (len(visible.lines) - 1) / 2) * pitch
        if isinstance(line, Gap):
            marks.append(words.operator(middle, y - 2, "…"))
            continue
        value = values[line]
        column = columns[line] if columns else number_column([value], style, texts.places)
        marks.append(column.number(middle, y - lift, value, id=f"{id}-{line}", term=term))
        if bars:
            marks += bar(value, bars, line, (middle, y + 6), style, f"{id}-{line}-bar")
    return marks


def row_width(values: Sequence[Number], style: VectorLook, visible: Excerpt | None = None) -> float:
    """The width of a `vector_row` of these numbers, or of what is shown of them."""
    visible = visible or excerpt(len(values))
    return _pitch(values, style, visible) * len(visible.lines) + 6


def row_fit(
    values: Sequence[Number], style: VectorLook, width: float
) -> tuple[VectorLook, Excerpt]:
    """A look and an excerpt in which a `vector_row` is no wider than the room."""
    count = len(values)
    for visible in (excerpt(count), short_excerpt(count)):
        wide = max(0.0, row_width(values, style, visible) - width)
        fitting = style._replace(width=style.width - wide / len(visible.lines))
        if row_width(values, fitting, visible) <= width:
            break
    return fitting, visible


def _pitch(values: Sequence[Number], style: VectorLook, visible: Excerpt) -> float:
    width = number_column(visible.of(values), style).width
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
    width: float = WIRE_WIDTH,
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
    group = inner_wire(*corners, paint=paint, width=width, term=term)
    return group._replace(bound=(Flow(flow, tail, head),))


def inner_wire(
    *corners: Point,
    paint: Paint = "muted",
    width: float = WIRE_WIDTH,
    term: str = "",
    tip: bool = True,
) -> Group:
    """A wire inside of a node; it has a head where there is room for one."""
    return round_arrow(
        *corners,
        paint=paint,
        term=term,
        width=width,
        head=tip and math.dist(*corners[-2:]) >= MIN_HEAD_LENGTH,
    )


def operator_half_width(sign: str) -> float:
    """Half of the width of an operator."""
    return OPERATOR_RADIUS if sign in ("×", "+", "σ") else words.width(sign) / 2 + 6


def operator_marks(x: float, y: float, sign: str) -> list[Mark]:
    """An operation, element by element: its sign in a circle."""
    half_width = operator_half_width(sign)
    around = Box(
        x - half_width,
        y - OPERATOR_RADIUS,
        2 * half_width,
        2 * OPERATOR_RADIUS,
        radius=OPERATOR_RADIUS,
        fill="paper",
        stroke="ink",
        stroke_width=1.5,
    )
    return [around, words.operator(x, y, sign, fill="ink")]


def gate_box(at: Point, width: float, letter: str, values: Sequence[Number], id: str) -> list[Mark]:
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
    variants = _ranges(first, last)
    # All four are named alike: as the widest, those of the last gate, fit.
    widest = _ranges(3 * len(values), 4 * len(values) - 1)
    rows = next(
        (
            variant
            for variant, most in zip(variants, widest, strict=True)
            if Text(0, 0, most, words.SMALL).width <= width - 8 * ("_" not in most)
        ),
        variants[-1],
    )
    named = f"{first}..{last}" if "–" in rows else first
    of = f"{id}-0" if "…" in rows else id
    name = f"{letter} {GATE_NAMES[letter].name}" if width > 70 else letter
    return [
        Box(
            x - width / 2,
            y - GATE_HEIGHT / 2,
            width,
            GATE_HEIGHT,
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


def vector_name(
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
