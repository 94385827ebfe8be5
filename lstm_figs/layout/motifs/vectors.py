"""Vectors as columns or rows of numbers with bars.

All bars of a figure share one scale, so that a gated value can be compared with its
gate.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

from ...model.reference import Number
from ...proof import digits
from ...proof.bindings import Along, Length, Scale
from ...scene import metrics
from ...scene.marks import Anchor, Box, Mark, Path, Text
from ...scene.terms import TERMS
from ...scene.theme import Paint
from .. import words
from ..excerpts import Excerpt, Gap, excerpt, short_excerpt
from ..number_lists import largest_magnitude
from ..shapes import Point
from . import gauges

BAR_GAP = 3.5
"""The gap between a number and the bar below it; the gap to the next number is
larger."""
COLUMN_PADDING, ROW_PADDING = 4.0, 3.0
"""The padding above and below a column of numbers, and left and right of a row."""
MIN_PITCH = 28.0
"""The minimum distance between two numbers of a row without bars."""


class VectorLook(NamedTuple):
    """The look of the vectors in a figure.

    Attributes:
        width: The width of a box.
        font_size: The font size of the numbers.
        line_height: The distance from one unit to the next.
        bar_height: The height of a bar; 0 for none.
        max_bar_length: The maximum length of a bar from its zero; 0 to use the
            width of the box. Boxes of different widths share one value.
    """

    width: float
    font_size: float
    line_height: float
    bar_height: float
    max_bar_length: float = 0.0

    @property
    def max_chars(self) -> int:
        """How many characters fit in a box, with 2 pixels free at each side."""
        return int((self.width - 4) / self.digit_width)

    @property
    def half_length(self) -> float:
        """The maximum length of a bar, from its zero."""
        return self.max_bar_length or self.width / 2 - 5

    @property
    def digit_width(self) -> float:
        """The width of a digit."""
        return metrics.width("0", self.font_size, mono=True)

    def height(self, count: int, visible: Excerpt | None = None) -> float:
        """The height of a vector of `count` elements, or of its excerpt."""
        return len((visible or excerpt(count)).lines) * self.line_height + 2 * COLUMN_PADDING


def vector_look(count: int, *, narrow: bool) -> VectorLook:
    """The look of vectors of `count` elements, in the wide or in the narrow form.

    Up to four lines have bars below their numbers. In longer columns it would
    be unclear which bar belongs to which number, so there are none.
    """
    has_bars = len(excerpt(count).lines) <= 4
    if narrow and has_bars:
        return VectorLook(width=48, font_size=words.SMALL, line_height=23, bar_height=4)
    if narrow:
        return VectorLook(width=48, font_size=words.SMALL, line_height=16, bar_height=0)
    if has_bars:
        return VectorLook(width=64, font_size=words.NUMBER, line_height=27, bar_height=5)
    return VectorLook(width=64, font_size=words.SMALL, line_height=16, bar_height=0)


class Bars(NamedTuple):
    """What the bars of a vector show.

    Attributes:
        paint: The paint of the bars.
        max_magnitude: The magnitude of the longest bar.
        gated: The gated values, drawn as dashed outlines; each bar is the part
            that the gate passes.
        outline: The paint of the outlines.
        start: The values where outlines and bars begin, if not at 0. Then `gated`
            and `ends` are the values where they end.
        ends: The values where bars end, if they are not the printed ones.
        is_gate: Whether the vector is a gate, with a maximum of 1.
    """

    paint: Paint
    max_magnitude: float
    gated: Sequence[Number] = ()
    outline: Paint = "muted"
    start: Sequence[Number] = ()
    ends: Sequence[Number] = ()
    is_gate: bool = False

    def scale(self, zero: float, look: VectorLook) -> Scale:
        """The axis of a bar, with zero at `zero`."""
        if self.is_gate:
            return Scale(0, 1, zero, zero + look.half_length / self.max_magnitude)
        length, limit = look.half_length, self.max_magnitude
        return Scale(-limit, limit, zero - length, zero + length)

    def gauge(self, value: Number, index: int, id: str) -> gauges.Gauge:
        """The gated value at an index, and the part of it that the gate passes."""
        available, passed = self.gated[index], value
        start, available_expr, passed_expr = 0.0, available.expr, passed.expr
        # A bar that continues the previous one: its length is not the printed value.
        if self.start:
            passed = self.ends[index]
            start = float(self.start[index].value)
            available_expr, passed_expr = (
                f"torch.stack([{self.start[index].expr}, {end.expr}])"
                for end in (available, passed)
            )
        return gauges.Gauge(
            start=start,
            available=float(available.value),
            passed=float(passed.value),
            available_expr=available_expr,
            passed_expr=passed_expr,
            outline=self.outline,
            paint=self.paint,
            id=id,
            term="",
        )


def largest_visible(*vectors: Sequence[Number]) -> float:
    """The largest finite magnitude among visible elements; 1 if there is none.

    >>> largest_visible([Number(-0.5, "c[0]"), Number(np.inf, "c[1]")])
    0.5
    """
    visible = (number for values in vectors for number in excerpt(len(values)).of(values))
    return float(largest_magnitude(visible))


def vector_box(
    at: Point,
    values: Sequence[Number],
    look: VectorLook,
    bars: Bars | None = None,
    *,
    id: str,
    term: str,
    paint: Paint,
    min_decimals: int = 0,
    above: float = 0.0,
    visible: Excerpt | None = None,
) -> list[Mark]:
    """A vector as a column in a box; a long one as an excerpt.

    Args:
        at: The centre of the numbers.
        values: The elements.
        look: The look of the vector.
        bars: What the bars show; None for numbers alone.
        id: The prefix of ids, followed by the index.
        term: The terms.
        paint: The paint of the outline.
        min_decimals: The minimum digits after the decimal point.
        above: The height of the box above the numbers, for a heading.
        visible: The excerpt to show.
    """
    x, y = at
    visible = visible or excerpt(len(values))
    height = look.height(len(values), visible)
    marks: list[Mark] = [
        Box(
            x - look.width / 2,
            y - height / 2 - above,
            look.width,
            height + above,
            radius=6,
            fill="paper",
            stroke=paint,
            term=term,
        )
    ]
    column = number_column(visible.of(values), look, min_decimals)
    # A pixel higher than the padding, where numbers look centred.
    top = y - height / 2 + COLUMN_PADDING - 1
    bars = bars if look.bar_height else None
    lift = (look.bar_height + BAR_GAP) / 2 if bars else 0
    for k, line in enumerate(visible.lines):
        middle = top + (k + 0.5) * look.line_height
        if isinstance(line, Gap):
            marks.append(words.operator(x, middle - 3, "…"))
            continue
        marks.append(column.number(x, middle - lift, values[line], id=f"{id}-{line}", term=term))
        if bars:
            bar_top = middle + words.middle_to_baseline(look.font_size) - lift + BAR_GAP
            marks += number_bar(values[line], bars, line, (x, bar_top), look, f"{id}-{line}-bar")
    return marks


class NumberColumn(NamedTuple):
    """A column of numbers with aligned decimal points.

    Attributes:
        look: The look of the numbers.
        decimals: The digits after the decimal point, the same for all.
        before: The maximum number of characters before the point.
        after: The maximum number of characters from the point on.
    """

    look: VectorLook
    decimals: int
    before: int
    after: int

    @property
    def width(self) -> float:
        """The width of the column."""
        return (self.before + self.after) * self.look.digit_width

    def right(self, value: Number) -> float:
        """The right end of a number, relative to the middle of the column."""
        _, after = _halves(value, self.decimals, self.look)
        missing_digits_width = (self.after - after) * self.look.digit_width
        return self.width / 2 - min(missing_digits_width, self._free_width(value))

    def number(
        self, x: float, y: float, value: Number, *, id: str, term: str, bold: bool = False
    ) -> Text:
        """One number of the column; `x` is the middle of the column."""
        return words.number(
            x + self.right(value),
            y,
            value,
            size=self.look.font_size,
            decimals=self.decimals,
            max_chars=self.look.max_chars,
            anchor="end",
            bold=bold,
            id=id,
            term=term,
        )

    def _free_width(self, value: Number) -> float:
        """How far a number may be shifted from the right edge and still fit."""
        length = sum(_halves(value, self.decimals, self.look))
        return self.width - length * self.look.digit_width


def number_column(
    values: Sequence[Number], look: VectorLook, min_decimals: int = 0
) -> NumberColumn:
    """The format of a column of numbers that is no wider than its box.

    Args:
        values: The numbers.
        look: The look of the numbers.
        min_decimals: The minimum digits after the decimal point.
    """
    decimals = max(min_decimals, digits.decimals(value.value for value in values))
    halves = [_halves(value, decimals, look) for value in values]
    before, after = (max(side) for side in zip(*halves, strict=True))
    # If aligned numbers are wider than the box, some are not aligned, see `_free_width`.
    longest = max(map(sum, halves))
    before = min(before, max(longest, look.max_chars) - after)
    return NumberColumn(look, decimals, before, after)


def _halves(value: Number, decimals: int, look: VectorLook) -> tuple[int, int]:
    """The characters of a number before its decimal point, and from it on."""
    return words.characters_around_point(words.number_text(value, decimals, look.max_chars))


def number_bar(
    value: Number, bars: Bars, index: int, at: Point, look: VectorLook, id: str
) -> list[Mark]:
    """The bar of one number; empty if it is not finite.

    Args:
        value: The number.
        bars: What the bars show.
        index: The index of the number in its vector.
        at: The x of zero, and the top of the bar.
        look: The look of the vector.
        id: The id of the bar.
    """
    (x, top), number = at, float(value.value)
    if not np.isfinite(number):
        return []
    scale = bars.scale(x, look)
    zero = Path(
        (("M", (x, top - 1)), ("L", (x, top + look.bar_height + 1.5))),
        stroke="muted",
        stroke_width=0.75,
    )
    if bars.gated:
        gauge = bars.gauge(value, index, id)
        return [zero, *gauges.gauge_marks(gauge, top, scale, height=look.bar_height)]
    left, right = sorted((scale(0), scale(number)))
    filled = Box(
        left,
        top,
        right - left,
        look.bar_height,
        fill=bars.paint,
        stroke=bars.paint if number else None,
        id=id,
        bound=(Length(value.expr, "width", scale),),
    )
    if not bars.is_gate:
        return [zero, filled] if number else [filled]
    around = Box(x, top, scale(1) - x, look.bar_height, stroke=bars.paint, dash="2.5 2")
    return [around, filled]


def vector_row(
    at: Point,
    values: Sequence[Number],
    look: VectorLook,
    bars: Bars | None = None,
    *,
    visible: Excerpt | None = None,
    columns: Mapping[int | str, NumberColumn] | None = None,
    min_decimals: int = 0,
    id: str,
    term: str,
    paint: Paint | None,
) -> list[Mark]:
    """A vector as a row in a box.

    Args:
        at: The centre of the box.
        values: The elements.
        look: The look of the vector.
        bars: What the bars show; None for numbers alone, which are closer
            together.
        visible: The excerpt to show.
        columns: The column formats to align with, if rows are stacked;
            otherwise each number is centred.
        min_decimals: The minimum digits after the decimal point.
        id: The prefix of ids, followed by the index.
        term: The terms.
        paint: The paint of the outline; None for no box.
    """
    x, y = at
    visible = visible or excerpt(len(values))
    texts = number_column(visible.of(values), look, min_decimals)
    pitch = look.width if bars else _pitch(values, look, visible, min_decimals)
    width = pitch * len(visible.lines) + (0 if bars else 2 * ROW_PADDING)
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
        column = columns[line] if columns else number_column([value], look, texts.decimals)
        marks.append(column.number(middle, y - lift, value, id=f"{id}-{line}", term=term))
        if bars:
            marks += number_bar(value, bars, line, (middle, y + 6), look, f"{id}-{line}-bar")
    return marks


def row_width(
    values: Sequence[Number],
    look: VectorLook,
    visible: Excerpt | None = None,
    min_decimals: int = 0,
) -> float:
    """The width of a `vector_row` of these numbers, or of an excerpt."""
    visible = visible or excerpt(len(values))
    return _pitch(values, look, visible, min_decimals) * len(visible.lines) + 2 * ROW_PADDING


def fit_row(values: Sequence[Number], look: VectorLook, width: float) -> tuple[VectorLook, Excerpt]:
    """A look and an excerpt with which a `vector_row` fits in `width`.

    The elements move closer together first; if that is not enough, fewer are shown.
    """
    count = len(values)
    for visible in (excerpt(count), short_excerpt(count)):
        excess = max(0.0, row_width(values, look, visible) - width)
        fitting = look._replace(width=look.width - excess / len(visible.lines))
        if row_width(values, fitting, visible) <= width:
            break
    return fitting, visible


def _pitch(
    values: Sequence[Number], look: VectorLook, visible: Excerpt, min_decimals: int = 0
) -> float:
    """The distance between two elements of a row: less for short numbers."""
    width = number_column(visible.of(values), look, min_decimals).width
    roomy, tight = width + 14, width + 3
    return max(MIN_PITCH, min(roomy, look.width - 7), tight)


def vector_name(
    at: Point,
    text: str,
    tensor: str,
    of: str,
    along: Along = "column",
    *,
    anchor: Anchor = "middle",
) -> Text:
    """The name of a vector as in code; by default above its numbers."""
    role = TERMS[tensor].role if tensor in TERMS else "ink"
    return words.label(
        *at,
        text,
        names={"tensor": tensor},
        of=[of],
        along=along,
        anchor=anchor,
        style=words.STRONG,
        fill=role,
        term=tensor if tensor in TERMS else "",
    )
