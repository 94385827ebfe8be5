"""Lengths, positions, shades and curves must match their values.

Ticks and step labels on the same axes are checked too.
"""

import math
import re
from functools import cache, lru_cache
from typing import NamedTuple

import numpy as np

from tests.binding import specs
from tests.binding.axes import expression_keys, is_quantity, stack_parts, steps_along, values_of
from tests.binding.clauses import GATES
from tests.binding.drawing import SLACK, Box, Mark, lines, number_range
from tests.proof import PRINTED, SVG, TOLERANCE

THICKNESS_SLACK = 0.02
"""Tolerance for the thickness of a line."""

STEP_SLACK = 0.6
"""Tolerance between the middle of a step's label and the step."""

LINE_SLACK = 0.6
"""Tolerance between the middle of a cell and the line that paints it."""

POSITIVE, NEGATIVE, PAPER = (0x2A, 0x4A, 0xB6), (0xA8, 0x22, 0x3A), (255,) * 3
"""The RGB of blue, red and paper."""

PANEL = (0xF6, 0xF7, 0xF9)
"""Fill for 0, so that its cell is visible, and for NaN."""

STRONGEST_SHARE = 0.55
"""The share of its hue that the largest value has."""

CHANNEL_SLACK = 2
"""Tolerance for a colour channel, because shares are whole per cent."""

GATE_HUES = {
    "i": (0x00, 0x72, 0xB2),
    "f": (0xB4, 0x52, 0x0A),
    "g": (0x00, 0x79, 0x5C),
    "o": (0x8A, 0x3B, 0x85),
}
"""Gate -> red, green and blue of its colour in the light theme."""


BENDS = {"log": math.log10, "asinh": math.asinh}
"""Nonlinear scales: values with equal spacing after this function."""


class Scale(NamedTuple):
    """A scale from `low` at `start` to `high` at `stop`."""

    low: float
    high: float
    start: float
    stop: float
    bend: str = ""

    @property
    def log(self):
        """Whether equal distances are equal ratios."""
        return self.bend == "log"

    def at(self, value):
        """The position of a value, clipped to the ends."""
        low, high = sorted((self.low, self.high))
        return self.beyond(min(max(value, low), high))

    def beyond(self, value):
        """The unclipped position of a value; NaN for 0 on a log scale.

        >>> Scale(1, 100, 0, 8, "log").beyond(10)
        4.0
        >>> Scale(-9, 9, 0, 8, "asinh").beyond(0)
        4.0
        """
        low, high = self.low, self.high
        if self.log and value <= 0:
            return math.nan
        if self.bend:
            bend = BENDS[self.bend]
            low, high, value = map(bend, (low, high, value))
        share = (value - low) / (high - low)
        return self.start + share * (self.stop - self.start)


@lru_cache(maxsize=2**12)
def scales(mark):
    """The scales of a mark: one, or two for positions across and down."""
    # Each scale is four numbers, after the name of its bend if it has one.
    result, bend = [], ""
    words = mark.get("data-map").split()
    while words:
        if words[0] in BENDS:
            bend, words = words[0], words[1:]
            continue
        four, words = [float(word) for word in words[:4]], words[4:]
        result.append(Scale(*four, bend))
        bend = ""
    return tuple(result)


@lru_cache(maxsize=2**12)
def vertical_extent(mark):
    """The box of a mark, extended to its whole scale if it has a vertical one."""
    box = mark.box
    if mark.draws in ("height", "path", "area"):
        # The vertical scale is the last in data-map, and ends with its two positions.
        scale_ends = [float(word) for word in mark.get("data-map").split()[-2:]]
        return Box(box.left, min(box.top, *scale_ends), box.right, max(box.bottom, *scale_ends))
    return box


def faults(drawing):
    for mark in drawing.data_marks:
        if grid(mark):
            yield from (f"{mark} {fault}" for fault in heat_map(drawing, mark))
            continue
        if not is_quantity(mark.of):
            yield f"{mark} is drawn by {mark.of}, which is no quantity of an LSTM"
        try:
            value = drawing.value(mark.of)
            kind = mark.draws
            if kind == "fill":
                wrong = fill(mark, value, strongest(drawing))
            elif kind in ("width", "height"):
                wrong = span(mark, value, rounding_tolerance(drawing, mark))
            else:
                wrong = list(_KINDS[kind](mark, value))
        except KeyError:
            wrong = [f"draws {mark.draws!r}"]
        except Exception as error:  # The expression is test data and may raise anything.
            wrong = [f"cannot be held against {mark.of}: {error!r}"]
        yield from (f"{mark} {fault}" for fault in wrong)
    for check in (
        step_faults,
        tick_faults,
        point_faults,
        cover_faults,
        hue_faults,
        sign_faults,
        term_faults,
        tone_faults,
        id_faults,
    ):
        yield from check(drawing)


def flat(value):
    """All numbers in nested lists, in order."""
    if isinstance(value, list | tuple):
        return [number for item in value for number in flat(item)]
    return [float(value)]


def rounding_tolerance(drawing, mark):
    """Tolerance for the value of a mark, from the rounding of its number.

    If large addends cancel, a small result depends on the order of computation.
    """
    expressions = stack_parts(mark.expression)
    scales = (
        float(number.get("data-scale", "0"))
        for number in drawing.numbers
        if number.expression in expressions
    )
    return TOLERANCE * max(scales, default=0.0)


def span(mark, value, within):
    """Check a box whose width or height is the value, up to a tolerance."""
    left, top, right, bottom = mark.box
    first, last = (left, right) if mark.draws == "width" else (top, bottom)
    (scale,) = scales(mark)
    ends = flat(value)
    if len(ends) == 1:
        ends = [0.0, *ends]
    expected = sorted(scale.at(end) for end in ends)
    if any(map(math.isnan, ends)):
        return [f"is drawn for {ends}"] if last - first > SLACK else []
    # The ends for values that are smaller or larger by the tolerance.
    nearest = [sorted(scale.at(end + step) for end in ends) for step in (-within, within)]
    distances = [
        max(min(pair) - at, at - max(pair))
        for at, *pair in zip((first, last), *nearest, strict=True)
    ]
    if max(distances) > SLACK:
        return [
            f"reaches from {first:g} to {last:g}, but {mark.of} = "
            f"{ends} is from {expected[0]:g} to {expected[1]:g}"
        ]
    return []


def thickness(mark, value):
    """Check a line whose thickness is the magnitude, dashed if negative."""
    (scale,), (number,) = scales(mark), flat(value)
    actual, expected = float(mark.get("stroke-width")), scale.at(abs(number))
    if not abs(actual - expected) <= THICKNESS_SLACK:
        yield f"is {actual:g} thick, but {number} needs {expected:g}"
    if mark.has("stroke-dasharray") != (number < 0):
        yield f"has the dashes of the opposite sign for {number}"


def place(mark, value):
    """Check a mark centred at two values; values off the scale are at its end."""
    actual = (mark.box.x, mark.box.y)
    for scale, number, at in zip(scales(mark), flat(value), actual, strict=True):
        expected = {scale.at(number), scale.beyond(number)}
        if not min(abs(at - position) for position in expected) <= SLACK:
            yield f"is at {at:g}, but {number} of {mark.of} is at {min(expected):g}"


class Grid(NamedTuple):
    """The cells of a heat map.

    Attributes:
        end: The magnitude of the strongest colour.
        frame: The box around all cells.
        rows: Rows of the tensor in one cell.
        columns: Columns of the tensor in one cell.
    """

    end: float
    frame: Box
    rows: int
    columns: int

    def cell(self, row, column, shape):
        """The box of a cell in a tensor of this shape."""
        height, width = self.frame.height / shape[0], self.frame.width / shape[1]
        left, top = self.frame.left + column * width, self.frame.top + row * height
        return Box(left, top, left + width, top + height)


@lru_cache(maxsize=2**12)
def grid(mark):
    """The cells of a mark, if it is a heat map."""
    if mark.draws != "fill":
        return None
    numbers = [float(word) for word in mark.get("data-map").split()]
    if len(numbers) != 7:
        # A single cell has only the end of its scale.
        return None
    end, left, top, right, bottom, rows, columns = numbers
    return Grid(end, Box(left, top, right, bottom), int(rows), int(columns))


BLOCK = re.compile(r"rms\(.*, (\d+), (\d+)\)")
"""Matches a heat map of root mean squares: the rows and columns of a block."""

DARKEST = 0.85
"""The share of its hue that the largest block has."""


def heat_map(drawing, mark):
    """Check the colours of a heat map and the numbers on its scale."""
    cells = grid(mark)
    value = drawing.value(mark.of)
    if cells is None or not isinstance(value[0], list):
        return ["is not a matrix"]
    block_match = BLOCK.fullmatch(mark.of)
    block = (int(block_match[1]), int(block_match[2])) if block_match else (1, 1)
    if block != (cells.rows, cells.columns):
        return [f"has cells of {cells.rows} × {cells.columns}, not {block}"]
    shape = len(value), len(value[0])
    is_unsigned = block != (1, 1) or are_shares(drawing, mark)
    gates = gates_of(drawing, mark.of)
    hue = GATE_HUES[min(gates)] if len(gates) == 1 else INK
    painted = _painted_lines(mark)
    for row, line in enumerate(value):
        for column, number in enumerate(line):
            cell = cells.cell(row, column, shape)
            actual = _colour_at(painted, cell.x, cell.y)
            if is_unsigned:
                expected = mixed(hue, DARKEST * min(number / cells.end, 1))
            else:
                expected = shade(number, cells.end, strongest(drawing))
            if not math.isfinite(number):
                expected = INK
            if number == 0:
                expected = PANEL
            # The tint of a small value cannot be told from paper.
            is_faint = actual in (PANEL, PAPER) and abs(number) < cells.end / 100
            if not is_faint and is_different(actual, expected):
                return [
                    f"has {actual} at {row}, {column} for {number} of {cells.end}, not {expected}"
                ]
    printed = [abs(n.value) for n in drawing.numbers if "scale" in n.name]
    # A scale that is the same for all tensors is on an axis; see `tick_faults`.
    printed += [
        tick.printed
        for tick in drawing.ticks
        if cells.frame.top <= tick.middle <= cells.frame.bottom
    ]
    finite = [abs(n) for n in flat(value) if math.isfinite(n) and n]
    if finite and not any(math.isclose(n, cells.end, rel_tol=1e-5) for n in printed):
        return [f"has a scale to {cells.end}, but no number says so"]
    return []


def are_shares(drawing, mark):
    """Whether all elements are of gates that are never negative."""
    return values_of(drawing, mark, "tensor") <= {*"ifo"}


INK = (0x1F, 0x24, 0x30)
"""The RGB of text."""


def mixed(hue, share):
    """A share of a hue over the paper."""
    if math.isnan(share):
        return INK
    return tuple(
        round(over * share + under * (1 - share)) for over, under in zip(hue, PAPER, strict=True)
    )


def is_different(actual, expected):
    """Whether two colours differ visibly."""
    return actual is None or any(
        abs(a - b) > CHANNEL_SLACK for a, b in zip(actual, expected, strict=True)
    )


def _painted_lines(mark):
    """(is_down, position across) -> start, stop and colour of each line of a heat map."""
    painted = {}
    for path in mark.element.iter(f"{SVG}path"):
        colour = channels(path.get("stroke", ""))
        for chain in lines(path.get("d", "")):
            (x, y), (right, bottom) = chain[0], chain[-1]
            is_down = x == right
            ends = (y, bottom) if is_down else (x, right)
            key = is_down, round(x if is_down else y, 1)
            painted.setdefault(key, []).append((*ends, colour))
    return painted


def _colour_at(painted, x, y):
    """The colour of a cell; unpainted cells have the colour of paper."""
    for (is_down, level), strokes in painted.items():
        along, across = (y, x) if is_down else (x, y)
        if abs(level - across) > LINE_SLACK:
            continue
        for first, last, colour in strokes:
            if first <= along <= last:
                return colour
    return PAPER


def fill(mark, value, max_share):
    """Check a box whose colour is the value."""
    (number,) = flat(value)
    end = float(mark.get("data-map"))
    expected = shade(number, end, max_share)
    # Without a fill, the paper shows.
    actual = channels(mark.get("fill") or "#ffffff")
    if actual == PANEL and (number == 0 or not math.isfinite(number)):
        return []
    if is_different(actual, expected):
        return [f"has the fill {actual} for {number} of {end}, not {expected}"]
    return []


def strongest(drawing):
    """The share of its hue that the largest value of a figure has."""
    share = specs.constant(drawing.figure, "STRONGEST_SHARE", STRONGEST_SHARE)
    return share


def shade(value, end, max_share=STRONGEST_SHARE):
    """The colour of a value on white."""
    share = max_share * min(abs(value) / end if end else 0.0, 1.0)
    if math.isnan(share):
        return PANEL
    return mixed(POSITIVE if value >= 0 else NEGATIVE, share)


@cache
def channels(colour):
    """Red, green and blue of a hexadecimal colour."""
    if not re.fullmatch(r"#[0-9a-f]{6}", colour):
        return None
    return tuple(int(colour[k : k + 2], 16) for k in (1, 3, 5))


def path(mark, value):
    """Check a line that goes through one value at each step, or ends below its scale."""
    steps, scale = scales(mark)
    problems = []
    has_ended = False
    for k, number in enumerate(flat(value)):
        x = steps.beyond(k)
        heights = _heights_at(mark, x)
        if not math.isfinite(number) or (scale.log and number <= 0):
            if heights:
                problems.append(f"is drawn at {k}, where there is {number}")
            continue
        expected = scale.at(number)
        if not heights and number < scale.low:
            has_ended = True
            continue
        if has_ended and heights:
            problems.append(f"is drawn at {k} again, after it ended below its scale")
        if not heights or max(abs(y - expected) for y in heights) > SLACK:
            problems.append(f"is at {heights}, not at {expected:g}, at index {k}")
    return problems or stray_points(mark, steps, flat(value), scale)


def stray_points(mark, steps, values, scale):
    """Points between two steps whose values are not between theirs."""
    places = np.array([scale.at(number) for number in values])
    points = np.concatenate(mark.chains)
    share = (points[:, 0] - steps.start) / (steps.stop - steps.start)
    at = steps.low + share * (steps.high - steps.low)
    last = len(places) - 1
    before, after = (
        places[np.clip(rounding(at), 0, last).astype(int)] for rounding in (np.floor, np.ceil)
    )
    lows = np.fmin(before, after) - SLACK
    highs = np.fmax(before, after) + SLACK
    beyond = (points[:, 1] < lows) | (points[:, 1] > highs)
    # One point is enough to show the fault.
    return [f"goes to {y:g} at {x:g}, beside both steps" for x, y in points[beyond].tolist()][:1]


def area(mark, value):
    """Check an area between two values at each step."""
    steps, scale = scales(mark)
    if not isinstance(value, list | tuple) or len(value) != 2:
        yield f"has {mark.of}, not two edges"
        return
    for k, edges in enumerate(zip(*map(flat, value), strict=True)):
        expected = sorted(scale.at(edge) for edge in edges)
        heights = sorted(_heights_at(mark, steps.beyond(k)))
        if not all(map(math.isfinite, edges)):
            if heights:
                yield f"is drawn at {k}, where there is no number"
            continue
        if not heights and expected[1] - expected[0] < SLACK:
            continue
        actual = (heights[0], heights[-1]) if heights else (math.nan, math.nan)
        distances = [abs(a - b) for a, b in zip(actual, expected, strict=True)]
        if not max(distances) <= SLACK:
            yield f"spans {actual}, not {expected}, at index {k}"


def transposed(mark):
    """A vertical curve with its axes swapped."""
    left, top, right, bottom = mark.box
    curve = mark.with_box(Box(top, left, bottom, right))
    # `chains` is a cached property; this sets its value.
    curve.__dict__["chains"] = [chain[:, ::-1] for chain in mark.chains]
    return curve


def _heights_at(mark, x):
    """The heights of a path at a step; its ends have two decimals."""
    heights = mark.crossings(x)
    if heights:
        return heights
    ends = (mark.box.left, mark.box.right)
    near = [end for end in ends if abs(end - x) <= SLACK]
    return mark.crossings(near[0]) if near else []


_KINDS = {
    "stroke-width": thickness,
    "x y": place,
    "path": path,
    "area": area,
    "path down": lambda mark, value: path(transposed(mark), value),
    "area down": lambda mark, value: area(transposed(mark), value),
}
"""Value of `data-draws` -> the function that compares the mark with its value."""


def step_positions(drawing, *draws):
    """Step -> position, for each mark that draws one of these; without any, for each curve."""
    return [steps for _, steps in _curves(drawing, draws or ("path", "area"))]


def _curves(drawing, draws):
    """Each curve that draws one of these kinds, with its step positions."""
    for mark in drawing.data_marks:
        if mark.draws in draws:
            order = steps_along(drawing, mark.of)
            steps = scales(mark)[0]
            yield mark, {s: steps.beyond(k) for k, s in enumerate(order)}


def step_faults(drawing):
    """Marks of one step that are not at the position of that step on curves."""
    yield from [
        f"{mark} has no steps in {mark.of}"
        for mark in drawing.data_marks
        if mark.draws in ("path", "area")
        and not steps_along(drawing, mark.of)
        and len(expression_keys(drawing, mark.of).get("step", ())) > 1
    ]
    curves = {
        (drawing.drawing_figure(mark), tuple(steps.items()))
        for mark, steps in _curves(drawing, ("path", "area"))
    }
    for mark, step in _at_one_step(drawing):
        for figure, places_by_step in curves:
            if figure != drawing.drawing_figure(mark):
                continue
            curve = dict(places_by_step)
            x = curve.get(step, mark.box.x)
            if is_move(mark):
                # The mark is left-aligned with its step.
                step_width = min(map(abs, np.diff([*curve.values()])), default=x)
                x = min(max(mark.box.x, x - step_width), x)
            if abs(mark.box.x - x) > STEP_SLACK:
                yield f"{mark} of step {step} is at {mark.box.x:g}, but the curves have it at {x:g}"


def is_move(mark):
    """Whether a mark shows a change from one value to another, as an arrow does."""
    return mark.draws == "height" and len(stack_parts(mark.of)) > 1


def point_faults(drawing):
    """Points that are off the function curve behind them.

    If a plane has several curves, a point belongs to the curve of its run.
    """
    curves = [
        mark
        for mark in drawing.data_marks
        if mark.draws == "path" and not steps_along(drawing, mark.of)
    ]
    points = [m for m in drawing.data_marks if m.draws == "x y"]
    return [
        f"{point} is not on the curve of {curve.of}"
        for point in points
        for curve in curves
        if vertical_extent(curve).contains(point.box.x, point.box.y)
        and _runs(drawing, curve) == _runs(drawing, point)
        and not any(abs(y - point.box.y) <= STEP_SLACK for y in _heights_at(curve, point.box.x))
    ]


def _runs(drawing, mark):
    """The runs that a mark belongs to; empty if there is a single run."""
    return expression_keys(drawing, mark.expression).get("run", set())


SCALE_ENDS = ("scale", "scale-opposite")
"""Id suffixes of the numbers at the ends of a colour scale."""


def _at_one_step(drawing):
    """Marks in the column of a single step, with that step."""
    for label in drawing.labels:
        if label.along == "column" and "step" in label.names:
            for step in number_range(label.names["step"]):
                yield label, step
    columns = [m for m in drawing.data_marks if m.draws == "height"]
    labelled_names = names_with_step_label(drawing)
    for mark in (*columns, *drawing.numbers):
        # The end of a colour scale belongs to a step but is drawn beside the map.
        if mark.name in labelled_names or mark.name.endswith(SCALE_ENDS):
            continue
        steps = values_of(drawing, mark, "step")
        if len(steps) == 1:
            yield mark, int(str(*steps))


def names_with_step_label(drawing):
    """Names of numbers whose step is given by a label beside them."""
    return {
        mark.name
        for label in drawing.labels
        if "step" in label.names and label.along in ("row", "block")
        for mark in drawing.targets_of(label)
        if mark.has("data-value")
    }


def cover_faults(drawing):
    """Planes and outlines that do not cover the steps that they claim.

    These marks have a claim but no words: a plane behind some steps, or an
    outline around one. Marks that have a value themselves frame nothing.
    """
    across = [*step_positions(drawing), *map_steps(drawing)]
    down = step_positions(drawing, "path down", "area down")
    for mark in drawing.marks:
        claim = mark.get("data-claim")
        if not claim or mark.text:
            continue
        keys = expression_keys(drawing, claim)
        claimed_steps = keys.get("step", set())
        left, top, right, bottom = mark.box
        # For each curve with the claimed steps: its steps within the mark.
        covers = [
            {step for step, place in curve.items() if low <= place <= high}
            for curves, low, high in ((across, left, right), (down, top, bottom))
            for curve in curves
            if claimed_steps <= curve.keys()
        ]
        if not claimed_steps or not covers:
            yield f"{mark} covers no steps of a curve"
            continue
        if claimed_steps not in covers:
            yield f"{mark} covers the steps {sorted(covers[0])}, but claims {claim}"
        if mark.has("data-of"):
            yield from [
                f"{mark} frames {other}"
                for other in (*drawing.data_marks, *drawing.numbers)
                if mark.box.left - SLACK <= other.box.right
                and other.box.left <= mark.box.right + SLACK
                and mark.box.top <= other.middle <= mark.box.bottom
                and not expression_keys(drawing, other.expression)["tensor"] <= keys["tensor"]
            ]


def map_steps(drawing):
    """Step -> position, for each heat map over the steps."""
    step_places = []
    for mark in drawing.data_marks:
        cells, order = grid(mark), steps_along(drawing, mark.of)
        # If another axis is horizontal, steps are vertical.
        if cells and order and "write" not in expression_keys(drawing, mark.expression):
            width = cells.frame.width / len(order)
            step_places.append(
                {step: cells.frame.left + (k + 0.5) * width for k, step in enumerate(order)}
            )
    return step_places


def tick_faults(drawing):
    """Ticks that are not where a nearby scale has their value."""
    # The scales across and down.
    axes = {"x": [], "y": []}
    for mark in drawing.data_marks:
        if mark.draws in _AXES:
            for axis, scale in zip(_AXES[mark.draws], scales(mark), strict=False):
                axes[axis].append(scale)
    for tick in drawing.ticks:
        if not PRINTED.fullmatch(tick.text):
            yield f"{tick} is no number"
            continue
        value = tick.printed
        if not (
            any(_is_at(scale, value, tick.box.x) for scale in axes["x"])
            or any(_is_at(scale, value, tick.middle) for scale in axes["y"])
        ):
            yield f"{tick} is where no scale has its value"
    yield from uneven_ticks(drawing)


def uneven_ticks(drawing):
    """Axes whose numbers are not equally spaced.

    With three numbers, two may be the ends and the third zero. On a nonlinear
    scale round numbers are not equally spaced.
    """
    if any(
        scale.bend for mark in drawing.data_marks if mark.draws != "fill" for scale in scales(mark)
    ):
        return
    axes = {}
    for tick in drawing.ticks:
        is_down = tick.get("text-anchor") == "end"
        at = tick.middle if is_down else tick.box.x
        line = round(tick.box.right if is_down else tick.middle)
        axes.setdefault((is_down, line), []).append((at, tick))
    for (is_down, _), axis in axes.items():
        run = []
        # The entry without a tick ends the last axis.
        for at, tick in [*sorted(axis, key=lambda entry: entry[0]), (0, None)]:
            value = tick.printed if tick else math.inf
            value = -value if is_down else value
            # Values that start over belong to a new axis on the same line.
            if not tick or (run and value <= run[-1][1]):
                if len(run) >= FEWEST:
                    distances, differences = np.diff(run, axis=0).T
                    units = distances / differences
                    # The next axis may happen to continue the values of this one, but on a
                    # different scale: 1.0 is then longer or shorter by more than 2 %.
                    is_one_axis = np.ptp(units) <= 0.02 * units.max()
                    if is_one_axis and np.ptp(distances) > 2 * SLACK:
                        yield f"numbers of an axis are {distances.round()} apart"
                run = []
            run.append((at, value))


_AXES = {
    **{"width": "x", "height": "y", "x y": "xy", "path": "xy", "area": "xy"},
    **{"path down": "yx", "area down": "yx"},
}
"""What a mark draws -> the axes of its scales, across and down."""

FEWEST = 4
"""Axes with fewer numbers than this are not checked for equal spacing."""


def _is_at(scale, value, at):
    """Whether a mark is at the position of its value, within the scale."""
    first, last = sorted((scale.start, scale.stop))
    inside = first - SLACK <= at <= last + SLACK
    return inside and abs(scale.beyond(value) - at) <= SLACK


def hues(mark):
    """The gates whose hue a mark has."""
    paints = (channels(mark.get(key)) for key in ("fill", "stroke"))
    return {hue for p in paints if (hue := _TINTS.get(p, "")) in {*GATES}}


def hue_faults(drawing):
    """Marks with the hue of a gate that have no value of that gate."""
    for mark in drawing.marks:
        used = hues(mark)
        if not used:
            continue
        # The line and the head of an arrow are inside a group.
        arrow = next((e for e in mark.ancestors if e.get("data-flow")), None)
        arrow = mark.element if arrow is None else arrow
        ends = (arrow.get("data-from"), arrow.get("data-to"))
        tail, head = map(drawing.by_name.get, ends)
        expressions = [m.expression for m in (mark, tail, head) if m and m.expression]
        if arrow.get("data-flow") == "back":
            # Autograd operations have the hue of the gate that they compute, and an arrow has
            # that of one of its ends.
            # A mark without ancestors is enough for its hue.
            boxes = [Mark(e, (), "") for end in (tail, head) if end for e in end.element.iter()]
            if not used <= set().union(*map(hues, boxes)):
                yield f"{mark} has the hue of {sorted(used)}, but leads from {ends[0]} to {ends[1]}"
            continue
        if expressions:
            gates = set().union(*(gates_of(drawing, e) for e in expressions))
            # An arrow from a gate has the hue of that gate, whatever it leads to.
            own = values_of(drawing, tail, "gate") if tail and tail.expression else ()
            gates = {*map(str, own)} or gates
        elif "gate" in mark.names:
            gates = set(mark.names["gate"].split(","))
        else:
            # If the mark has no gate itself, use the innermost group with a value.
            around = [e for e in mark.ancestors if e.get("data-of")]
            gates = gates_of(drawing, around[-1].get("data-of", "")) if around else used
            gates = gates or used
        if not used <= gates:
            yield (
                f"{mark} has the hue of {sorted(used)}, but a value of "
                f"{sorted(gates)}; if the gate acts on it, say so in ACTING_GATES of "
                f"{specs.relative_path(drawing.figure)}/__init__.py"
            )


ACTING_GATES: dict[str, str] = specs.merged_with_shared(
    "ACTING_GATES", {"c_prev": "f", "tanh_c": "o", "output": "o", "c": "ifg"}
)
"""Quantity -> the gates that act on it, or that computed it."""


def gates_of(drawing, expression):
    """The gates whose hue the value of an expression may have."""
    result = set()
    for part in stack_parts(expression):
        keys = expression_keys(drawing, part)
        gates = set(map(str, keys.get("gate", set())))
        acting = {ACTING_GATES.get(str(t), "") for t in keys.get("tensor", set())}
        result |= gates or {*"".join(acting)}
    return result


def term_faults(drawing):
    """Marks with the term of a gate that have no value of that gate."""
    for mark in drawing.marks:
        term = mark.get("data-term")
        fault = f"{mark} has the term {term!r}, but a different value"
        if term in STATES and mark.expression:
            tensors = values_of(drawing, mark, "tensor")
            if tensors and tensors <= (_H | _C) - STATES[term]:
                yield fault
        terms = {*term.split()} & {*GATES}
        gates = {*mark.names.get("gate", "").split(",")} - {""}
        if terms and mark.expression:
            gates = gates_of(drawing, mark.expression)
        # The outline of g has the term of the product that fills it.
        if terms and gates and not terms & gates:
            yield fault


_H = {"h", "h_prev", "h_0", "h_n", "output", "outputs", "own_h", "seeing_h"}
"""Tensors that are a hidden state."""
_C = {"c", "c_prev", "c_0", "c_n", "tanh_c", "total"}
"""Tensors that are a cell state, or made of one."""
STATES = {
    **dict.fromkeys(("h", "h_prev", "h_n", "output"), _H),
    **dict.fromkeys(("c", "c_prev", "c_n", "tanh_c"), _C),
}
"""Terms of states -> the tensors that the mark may show."""


RANKS = {"p90": 90, "p75": 75, "median": 50, "p25": 25, "p10": 10}
"""Rank -> the percentage of elements that are not above it."""

_RANKED = re.compile(r"([\w.]+(?:\[[^\]]*\])?)\.sort\(\)\.values\[(\d+)\]")
"""Matches an element of a sorted tensor: the tensor, and the rank."""


def id_faults(drawing):
    """Marks whose id says last state, mean or rank, and whose value is not."""
    for mark in drawing.marks:
        if not mark.name or not mark.expression:
            continue
        first, *words = mark.name.split("-")
        if first in ("h_n", "c_n") and "shape" not in mark.expression:
            here, last = (np.array(flat(drawing.value(of))) for of in (mark.expression, first))
            near = np.isclose(here[:, None], last, atol=1e-5, equal_nan=True)
            if not near.any(axis=1).all():
                yield f"{mark} has {mark.expression}, no {first}"
        for word in {*words} & {"min", "mean", "max"}:
            if f".{word}()" not in mark.expression:
                yield f"{mark} has {mark.expression}, no {word}"
        for word in {*words} & RANKS.keys():
            if not all(
                int(place) == (len(drawing.value(of)) - 1) * RANKS[word] // 100
                for of, place in _RANKED.findall(mark.expression)
            ):
                yield f"{mark} has {mark.expression}, no {word}"


def tone_faults(drawing):
    """Sequences with more than one tone, or with the tone of their neighbour.

    There are few tones, so they repeat. The number in a cell must be of the
    same step and sequence as the cell.
    """
    tones = {}
    bars = [m for m in drawing.data_marks if m.expression.startswith("lengths[")]
    if len({bar.get("fill") for bar in bars}) == 1:
        # With many sequences, all bars have the same tone.
        bars = []
    for mark in (*drawing.nodes, *bars):
        fill = mark.get("fill")
        samples = values_of(drawing, mark, "sample")
        if channels(fill) in _TONES and len(samples) == 1:
            tones.setdefault(int(str(*samples)), set()).add(fill)
    yield from [
        f"{number} is in the cell of {cell}"
        for number in drawing.numbers
        if (cell := drawing.by_name.get(f"{number.name}-cell"))
        and cell.expression
        and any(
            values_of(drawing, number, key) != values_of(drawing, cell, key)
            for key in ("step", "sample")
        )
    ]
    yield from [
        f"sequence {sample} has the tones {sorted(fills)}"
        for sample, fills in tones.items()
        if len(fills) > 1
    ]
    yield from [
        f"sequences {sample} and {sample + 1} have the same tone {fills}"
        for sample, fills in tones.items()
        if fills & tones.get(sample + 1, set())
    ]


def sign_faults(drawing):
    """Marks with the hue of a sign whose value has the other sign."""
    for mark in drawing.data_marks:
        # A line whose thickness is its value has its hue in the stroke.
        is_line = mark.draws == "stroke-width"
        hue = _TINTS.get(channels(mark.get("stroke" if is_line else "fill")))
        if hue not in SIGNS or mark.draws in ("fill", "x y"):
            continue
        values = drawing.value(mark.of)
        total = sum(flat(values))
        # With two ends, as in an area, the value is their difference.
        if isinstance(values, list | tuple) and len(values) == 2:
            total = sum(flat(values[1])) - sum(flat(values[0]))
        if total * SIGNS[hue] < 0:
            yield f"{mark} has the hue of {hue} for {total:g}"


def _tints():
    """Every colour that is a tint of exactly one sign's hue."""
    owners = {}
    hues = {**GATE_HUES, "plus": POSITIVE, "minus": NEGATIVE}
    for name, hue in hues.items():
        # A fainter tint may be a tint of grey as well.
        for share in range(8, 101):
            owners.setdefault(mixed(hue, share / 100), set()).add(name)
    return {c: min(names) for c, names in owners.items() if len(names) == 1}


SIGNS = {"plus": 1, "minus": -1}
"""Name of a hue -> the sign that it means."""

_TINTS = _tints()
"""RGB -> the role that it is a tint of."""


def sign_of(paint):
    """The sign whose hue a colour has; 0 for none."""
    return SIGNS.get(_TINTS.get(paint, ""), 0)


_TONES = {mixed(INK, share / 100) for share in range(1, 90)}
"""Tints of the ink colour, without the ink colour itself."""
