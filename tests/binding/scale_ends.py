"""Lengths, thicknesses and shades can be compared by eye.

A bar starts at zero and is longer, to the right or upwards, for larger values.
All marks of a kind have one scale, which no value exceeds; only axes are
logarithmic. A line without a value is thin. A gate's scale is from 0 to 1, and
the gated part of an outline is the gate's share of it. A number has enough digits
to tell it from its neighbours.
"""

import math
import re
from collections import defaultdict
from functools import lru_cache
from itertools import pairwise

from tests.binding import specs
from tests.binding.axes import expression_keys, values_of, without_indices
from tests.binding.drawing import SLACK
from tests.binding.lengths import Scale, flat, grid, hues, scales
from tests.binding.shape_index import GROUP_BOUND, leaves, line_of, scale_extent

CLOSE = 0.06
"""Relative tolerance between scales; the box of a gate is slightly narrower."""

MIN_LENGTH = 1e-9
"""Absolute tolerance for the length of 1.0, for bars next to huge values."""

SEPARATE_SCALES: dict[str, dict[str, str | tuple[str, ...]]] = specs.constants("SEPARATE_SCALES")
"""Figure -> kind of mark -> the key whose values each have a scale.

In place of a key, it can list the tensors that each have a scale.
"""

FAINT_FACTOR: dict[str, float] = specs.constants("FAINT_FACTOR")
"""Figure -> the factor by which shades are weaker when multiplied with zero."""

BOUND = ("data-of", "data-draws", "data-flow", "data-call", "data-for")
"""Attributes of lines that other checks cover."""

PAPER, GROUND = "#ffffff", "#e8e9eb"
"""The colours of the paper, and of the part of a column that is not filled."""

THIN = 1.0
"""Largest thickness of a line without a value."""

MAX_OVERFLOW = 1 + 1e-5
"""Largest factor by which a value may exceed the end of its scale."""

SHARES = {*"ifo"}
"""Gates whose values are shares: 1 is full, 0 is empty."""

BEYOND = 0.02
"""Largest share of blocks that may exceed the end of their colour scale.

Their scale ends at a percentile, so that a few large blocks do not make all others pale.
"""

MIN_FILL = 0.3
"""The largest value must take at least this share of its scale."""

GRU_GATES = {"i": "gru_write", "f": "z"}
"""Gate hue -> the tensor in a GRU that has this hue and acts as a gate."""

ROUNDED = 1e-5
"""Tolerance for the gated part, relative to the outline."""

FINE, COARSE = 0.005, 0.025
"""Tolerance for rounding: absolute, and relative to the largest of the kind."""


def faults(drawing):
    """Marks that look larger, smaller or otherwise different from their value."""
    for mark in drawing.data_marks:
        if not grid(mark):
            yield from (f"{mark} {problem}" for problem in mark_faults(drawing, mark))
    for check in (
        misread_numbers,
        mismatched_bars,
        clipped_maps,
        oversized_scales,
        gate_shares,
        uneven_scales,
        lines_off_scale,
        short_grounds,
    ):
        yield from check(drawing)


_PLACE = re.compile(r"\[(\d+, 0, \d+)\]")
"""Matches the step and unit of an element."""


def gate_shares(drawing):
    """Gated parts that are not the gate's share of the outline around them."""
    for mark in drawing.data_marks:
        filled = drawing.by_name.get(mark.name.removesuffix("-there"))
        if filled is None or filled is mark:
            continue
        expressions = mark.expression, filled.expression
        places = {place for of in expressions for place in _PLACE.findall(of)}
        if len(places) != 1 or len(hues(filled)) != 1:
            yield (
                f"{filled} must have one gate and one element, got {sorted(hues(filled))} "
                f"and {expressions}"
            )
            continue
        (place,), (gate,) = places, hues(filled)
        if "gru" in filled.name:
            gate = GRU_GATES[gate]
        share = float(drawing.value(f"{gate}[{place}]"))
        (begin, outline_end), (start, end) = (
            [0.0, *flat(drawing.value(of))][-2:] for of in expressions
        )
        if begin != start:
            yield f"{filled} begins at {start:g}, but its outline at {begin:g}"
        difference = abs(end - start - share * (outline_end - start))
        if difference > ROUNDED * max(1.0, abs(outline_end), abs(start)):
            yield f"{filled} is not the share {share:g} of {mark} that {gate} lets through"


def oversized_scales(drawing):
    """Scales that end far beyond all values drawn on them.

    Exceptions are scales from −1 to 1, as gates and states have, scales with
    numbers, and lives, which have a track as long as the run.
    """
    kinds = defaultdict(list)
    for mark in drawing.data_marks:
        draws = mark.draws
        if draws not in ("fill", "x y") and mark.get("data-term") != "life":
            *_, scale = scales(mark)
            kinds[draws, scale.low, scale.high] += flat([drawing.value(mark.expression)])
    if drawing.ticks:
        return
    for (draws, low, high), values in kinds.items():
        end = max(abs(low), abs(high))
        largest = max(filter(math.isfinite, map(abs, values)), default=0)
        if largest and end > 1 and largest < MIN_FILL * end:
            yield f"the scale of {draws} ends at {end:g}, but its largest value is {largest:g}"


def mismatched_bars(drawing):
    """Bars whose length differs from the number that their id belongs to."""
    for mark in drawing.data_marks:
        number = drawing.by_name.get(mark.name.removesuffix("-bar"))
        if number is mark or number is None or not number.has("data-value"):
            continue
        values = flat([drawing.value(mark.expression)])
        largest = max(1.0, abs(number.value), number.scale)
        if len(values) == 1 and abs(values[0] - number.value) > 1e-5 * largest:
            yield f"{mark} is drawn for {values[0]:g}, but its number is {number}"


CLIPPED = re.compile(r"Beyond the colours of (\w): (\d+) units?\.")
"""The words for rows beyond the end of their colour scale."""


def clipped_maps(drawing):
    """Maps with too many cells beyond the end of their colour scale.

    If each cell is an element, none may exceed it, but those of as many rows as the
    figure says; for blocks a few per cent may.
    """
    # The end of a scale and the elements in a cell -> the values of all maps with both.
    maps = defaultdict(list)
    clipped = dict(CLIPPED.findall(" ".join(drawing.root.itertext())))
    for mark in drawing.data_marks:
        if cells := grid(mark):
            rows = drawing.value(mark.expression)
            count = int(clipped.get(mark.name.partition("-")[0], 0))
            if count:
                rows = sorted(
                    rows, key=lambda row: max(map(abs, filter(math.isfinite, row)), default=0)
                )[:-count]
            maps[cells.end, cells.rows * cells.columns].extend(
                abs(value) for value in flat(rows) if math.isfinite(value)
            )
    for (end, block), values in maps.items():
        beyond = sum(value > end * MAX_OVERFLOW for value in values)
        allowed = BEYOND * len(values) if block > 1 else 0
        if beyond > allowed:
            yield f"{beyond} cells are beyond {end:g}, where colours end"


def misread_numbers(drawing):
    """Numbers rounded so coarsely that they look like a different value."""
    kinds = defaultdict(list)
    for number in drawing.numbers:
        value = number.value
        # A number with an exponent has no space for more digits.
        if math.isfinite(value) and "e" not in number.text:
            tensors = values_of(drawing, number, "tensor")
            kind = number.name.partition("-")[0], *sorted(map(str, tensors))
            kinds[kind].append((abs(value), number))
    for numbers in kinds.values():
        largest = max(value for value, _ in numbers)
        for value, number in numbers:
            printed = abs(number.printed)
            if abs(printed - value) > max(FINE, COARSE * largest) * MAX_OVERFLOW:
                yield f"{number} is rounded too much; its value is {number.get('data-value')}"


def mark_faults(drawing, mark):
    """What is wrong with one mark and its scale."""
    draws = mark.draws
    values = [value for value in flat([drawing.value(mark.expression)]) if math.isfinite(value)]
    if draws == "fill":
        end = map_end(drawing, mark)
        yield from values_outside(values, Scale(-end, end, 0, 1))
        return
    *_, scale = scales(mark)
    if mark.expression.startswith("times["):
        # An axis is no bar: it has any two ends, and may go left or down.
        return
    if draws == "stroke-width":
        if scale.at(0) > THIN:
            yield f"would be {scale.at(0):g} thick for 0"
        yield from values_outside([abs(value) for value in values], scale)
        return
    if draws == "x y":
        return
    # Larger values are farther right or, with a smaller y, farther up.
    direction = (scale.stop - scale.start) * (scale.high - scale.low)
    if (direction < 0) is not (draws in ("height", "path", "area")):
        yield "is shorter for larger values"
    if draws in ("width", "height"):
        if scale.log:
            yield "is a bar on a log scale"
        if len(values) == 1 and not scale.low <= 0 <= scale.high:
            yield f"is a bar that begins at {scale.low:g}"
        # A tick has no length; if it is beyond the axis, it is drawn at its end.
        if len(values) == 1 or len({*values}) > 1:
            yield from values_outside(values, scale)
        is_share = without_indices(mark.expression) in SHARES
        if is_share and (scale.low, scale.high) != (0, 1):
            yield f"has a scale from {scale.low:g} to {scale.high:g}"


def values_outside(values, scale):
    """Values beyond the ends of their scale."""
    for value in values:
        low, high = scale.low * MAX_OVERFLOW, scale.high * MAX_OVERFLOW
        if not low <= value <= high:
            yield f"is {value:g}, but its scale ends at {scale.high:g}"


def uneven_scales(drawing):
    """Marks on a different scale than others of their kind.

    Values from 0 to 1 may have a scale of their own, except bars, because readers
    compare a gated value with the gate.
    """
    firsts = {}
    for mark in drawing.data_marks:
        for kind, length in unit_lengths(drawing, mark):
            first, expected = firsts.setdefault(kind, (mark, length))
            if not math.isclose(length, expected, rel_tol=CLOSE, abs_tol=MIN_LENGTH):
                yield f"{mark} draws 1.0 as {length:g}, but {first} draws it as {expected:g}"


def unit_lengths(drawing, mark):
    """Each scale of a mark: with what it is compared, and the length or strength of 1.0."""
    draws, cells = mark.draws, grid(mark)
    kind = "heat" if cells else draws
    separate = SEPARATE_SCALES.get(drawing.figure, {}).get(kind, ())
    keys = expression_keys(drawing, mark.expression)
    if "labels[" in mark.expression:
        # Booleans have no scale.
        own = frozenset({"labels"})
    elif "times[" in mark.expression:
        own = frozenset({"times"})
    elif isinstance(separate, str):
        own = frozenset(keys.get(separate, ()))
    else:
        own = frozenset(keys.get("tensor", set()) & {*separate})
    if cells:
        yield (kind, cells.rows, cells.columns, own), cells.end
    elif draws == "fill":
        yield (kind, own), map_end(drawing, mark)
    else:
        # A mark without paint is the end of a colour scale.
        is_bar = draws == "width" and (mark.has("fill") or mark.has("stroke"))
        for place, scale in enumerate(scales(mark)):
            is_share = not is_bar and (scale.low, scale.high) == (0, 1)
            if scale.bend:
                unit = 10 * scale.low if scale.log else scale.low + 1
                length = scale.beyond(unit) - scale.start
            else:
                length = (scale.stop - scale.start) / (scale.high - scale.low)
            if place or draws not in ("path", "area"):
                yield (kind, place, is_share, scale.bend, mark.has("data-back"), own), length


def map_end(drawing, mark):
    """The value of the strongest shade; shades are weaker in a column that adds nothing."""
    weaker = FAINT_FACTOR.get(drawing.figure, 1) if has_zero_factor(drawing, mark) else 1
    return float(mark.get("data-map")) / weaker


@lru_cache(maxsize=2)
def zero_factors(drawing):
    """The inputs and units whose number is drawn and is zero."""
    result = set()
    for mark in (*drawing.numbers, *drawing.data_marks):
        keys = expression_keys(drawing, mark.expression)
        for tensor, key in (("x", "input"), ("h_prev", "unit")):
            if keys.get("tensor") == {tensor} and len(keys[key]) == 1:
                value = flat([drawing.value(mark.expression)])
                result |= {(key, *keys[key])} if value == [0] else set()
    return result


def has_zero_factor(drawing, mark):
    """Whether a weight belongs to an input or previous unit that is zero."""
    keys = expression_keys(drawing, mark.expression)
    column = keys.get("column", set())
    factors = {("input", index) for index in keys.get("input", set())}
    factors |= {("unit", index) for index in column}
    return "row" in keys and bool(factors) and factors <= zero_factors(drawing)


def lines_off_scale(drawing):
    """Lines across bars, columns or plots that are neither at zero nor at a number of the axis."""
    for mark in drawing.marks:
        line = line_of(mark)
        bound = [*map(mark.get, BOUND), *(e.get(k) for e in mark.ancestors for k in GROUP_BOUND)]
        # Lines in the colour of the paper divide an area, or are notches in a bar.
        is_divider = mark.get("stroke") == PAPER or mark.has("stroke-dasharray")
        if not line or any(bound) or is_divider:
            continue
        values = {0.0} | {
            tick.printed
            for tick in drawing.ticks
            if abs((tick.middle if line.is_across else tick.box.x) - line.level) <= SLACK
        }
        for other in drawing.data_marks:
            area, scale = scale_extent(drawing, other), scale_along(other, line.is_across)
            if line.is_across:
                low, high, middle = area.top, area.bottom, area.x
            else:
                low, high, middle = area.left, area.right, area.y
            if (
                scale
                and low - SLACK <= line.level <= high + SLACK
                and line.low <= middle <= line.high
                and not any(abs(scale.beyond(v) - line.level) <= SLACK for v in values)
            ):
                yield f"a line at {line.level:g} is at no number of the axis of {other}"


def scale_along(mark, is_across):
    """The scale of a mark that a line crosses, of those across and down."""
    draws = mark.draws
    if draws in ("fill", "stroke-width") or draws == ("width" if is_across else "height"):
        return None
    if not is_across and draws not in ("width", "x y"):
        return None
    return scales(mark)[-1 if is_across else 0]


def short_grounds(drawing):
    """Grounds of columns and dashed outlines of bars that do not span the whole scale."""
    for mark, bar in pairwise(leaves(drawing).marks):
        is_outline = mark.has("stroke-dasharray") and not mark.has("fill")
        is_ground = mark.get("fill") == GROUND and not mark.has("stroke")
        if any(map(mark.has, BOUND)) or mark.tag != "rect" or bar.tag != "rect":
            continue
        draws = bar.draws
        if (is_outline and draws == "width") or (is_ground and draws == "height"):
            extent = scale_extent(drawing, bar)
            if not all(abs(a - b) <= SLACK for a, b in zip(mark.box, extent, strict=True)):
                yield f"what is behind {bar} does not span its scale"
