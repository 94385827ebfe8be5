"""Lines that connect nothing, such as axes and separators; each kind has a rule."""

import math
from collections import defaultdict
from collections.abc import Iterator
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from lstm_figs.figures import SHEETS
from tests.binding.drawing import Box, Drawing, Mark, Point, joined
from tests.binding.frames import frames
from tests.binding.lengths import HALF, Scale, flat, grid, scales
from tests.binding.loose_boxes import is_column_background
from tests.binding.shape_index import (
    DIGIT_TOLERANCE,
    EDGE,
    NEAR,
    PAPER,
    RIGHT,
    RULE,
    SHORT,
    STUB,
    TOLERANCE,
    WRONG,
    Kind,
    Line,
    are_near,
    footer_line,
    group_of,
    is_near,
    is_sign,
    leaves,
    line_of,
    mark_name,
    next_mark,
    scale_extent,
    shape_name,
    tag,
    unbound_shapes,
)
from tests.proof import SPECIAL, Element

MAX_HEADING_GAP = 24.0
"""Largest gap between a rule and the heading below it."""

MAX_OPACITY = 0.4
"""Largest opacity of a ribbon, which must not hide what is below it."""

GAP = 8.0
"""Largest gap between the end of a line in a node and the box that it joins."""


@lru_cache(maxsize=2)
def levels(drawing: Drawing) -> list[tuple[Mark, Box, Scale | None, Scale | None]]:
    """Marks drawn on scales: each with its extent and its scales across and down."""
    result = []
    for mark in drawing.data_marks:
        draws = mark.get("data-draws")
        if draws in ("fill", "stroke-width"):
            continue
        mark_scales = scales(mark)
        across = mark_scales[0] if draws in ("width", "x y") else None
        down = mark_scales[-1] if draws != "width" else None
        result.append((mark, scale_extent(drawing, mark), across, down))
    return result


@lru_cache(maxsize=2)
def ticks(drawing: Drawing) -> list[tuple[Mark, float]]:
    """The texts of axes, with their values."""
    return [
        (text, float(text.text.replace("−", "-")))
        for text in drawing.texts
        if text.get("class") == "lf-tick"
    ]


def is_stub(drawing: Drawing, mark: Mark) -> bool:
    line = line_of(mark)
    return bool(line and not line.is_across and line.high - line.low <= STUB)


def stub(drawing: Drawing, mark: Mark) -> Iterator[str]:
    """The tick of an axis goes from the end of its scale to its number."""
    left, top, _, bottom = mark.box
    tick_values = [
        value
        for tick, value in ticks(drawing)
        if is_near(tick.box.x, left) and 0 < tick.middle - bottom < NEAR
    ]
    if not tick_values:
        yield "there is no number below it"
        return
    plane = [data_mark for data_mark, area, _, _ in levels(drawing) if is_near(area.bottom, top)]
    if not plane:
        yield "no scale ends where it begins"
    # In a scatter plot the axis has the numbers; curves have one for each step.
    points = [data_mark for data_mark in plane if data_mark.get("data-draws") == "x y"]
    for data_mark in points or plane:
        across = scales(data_mark)[0]
        if not any(is_near(across.beyond(value), left) for value in tick_values):
            yield f"{data_mark} has a different value there"


def is_zero(drawing: Drawing, mark: Mark) -> bool:
    line, bar = line_of(mark), next_mark(drawing, mark)
    return bool(
        line
        and not line.is_across
        and line.high - line.low <= SHORT
        and bar
        and bar.get("data-draws") == "width"
    )


def zero(drawing: Drawing, mark: Mark) -> Iterator[str]:
    """The line at the zero of a bar crosses the bar there."""
    bar, (left, top, _, bottom) = next_mark(drawing, mark), mark.box
    assert bar is not None
    (scale,) = scales(bar)
    if not is_near(scale.beyond(0), left, 2 * TOLERANCE):
        yield f"{bar} has its zero at {scale.beyond(0):g}"
    over, under = bar.box.top - top, bottom - bar.box.bottom
    if not (0 <= over <= 3 and 0 <= under <= 3):
        yield f"it does not cross {bar}"


def is_guide(drawing: Drawing, mark: Mark) -> bool:
    return line_of(mark) is not None and mark.has("stroke-dasharray")


def guide(drawing: Drawing, mark: Mark) -> Iterator[str]:
    """A dotted line goes from a point to its value on an axis."""
    line = line_of(mark)
    assert line is not None
    for point, area, across, down in levels(drawing):
        if across is None or down is None:
            continue
        x, y = point.box.x, point.box.y
        ends = [x, area.top, x, y], [x, y, x, area.bottom]
        if any(are_near([*mark.box], [*each]) for each in ends):
            return
    yield "it does not lead from a point to its axis"


def is_level(drawing: Drawing, mark: Mark) -> bool:
    line = line_of(mark)
    return bool(line and (crossed_scales(drawing, mark) or grounds(drawing, line)))


def grounds(drawing: Drawing, line: Line) -> list[Mark]:
    """The backgrounds of columns that a line crosses."""
    if not line.is_across:
        return []
    return [
        ground
        for ground in unbound_shapes(drawing)
        if is_column_background(drawing, ground)
        and ground.box.top < line.level < ground.box.bottom
        and line.low <= ground.box.x <= line.high
    ]


def crossed_scales(drawing: Drawing, mark: Mark) -> list[tuple[Mark, Scale]]:
    """Marks whose scale a line crosses, with that scale."""
    line = line_of(mark)
    assert line is not None
    result = []
    for data_mark, area, across, down in levels(drawing):
        scale = down if line.is_across else across
        if scale is None:
            continue
        low, high = (area.top, area.bottom) if line.is_across else (area.left, area.right)
        middle = area.x if line.is_across else area.y
        if low - HALF <= line.level <= high + HALF and line.low <= middle <= line.high:
            result.append((data_mark, scale))
    return result


def level(drawing: Drawing, mark: Mark) -> Iterator[str]:
    """A line across a plane is at a number of its axis, or at zero."""
    line = line_of(mark)
    assert line is not None
    level_values = {
        value
        for tick, value in ticks(drawing)
        if is_near(tick.middle if line.is_across else tick.box.x, line.level)
        and is_at_end(tick, line)
    } or {0.0}
    lows, highs = [], []
    for crossed, scale in crossed_scales(drawing, mark):
        if not any(is_near(scale.beyond(v), line.level) for v in level_values):
            yield f"{crossed} has no number of its axis there"
            return
        if crossed.get("data-draws") == "x y":
            area = Box(crossed.box.x, crossed.box.y, crossed.box.x, crossed.box.y)
        else:
            area = crossed.box
        lows.append(area.left if line.is_across else area.top)
        highs.append(area.right if line.is_across else area.bottom)
    for crossed in grounds(drawing, line):
        if not lows and not is_near(crossed.box.y, line.level):
            yield f"it is not in the middle of {shape_name(crossed)}"
            return
        lows.append(crossed.box.left)
        highs.append(crossed.box.right)
    if any(has_gaps(drawing, crossed) for crossed, _ in crossed_scales(drawing, mark)):
        return
    # Nothing is drawn for values that are not finite.
    if any(number.text in ("NaN", "∞", "−∞") for number in drawing.numbers):
        return
    # A single point has no length.
    if min(lows) == max(highs):
        return
    before, after_end = min(lows) - line.low, line.high - max(highs)
    if ends_at_wall(drawing, line) and min(before, after_end) >= -HALF:
        return
    if not is_near(before, after_end, DIGIT_TOLERANCE) or min(before, after_end) < -HALF:
        yield (f"it begins {before:g} before the marks on it, and ends {after_end:g} behind them")


def is_at_end(tick: Mark, line: Line) -> bool:
    """Whether the number of an axis is where a line begins or ends."""
    if line.is_across:
        return 0 <= line.low - tick.box.right <= NEAR
    distance = min(abs(tick.middle - line.low), abs(tick.middle - line.high))
    return distance <= NEAR


def has_gaps(drawing: Drawing, mark: Mark) -> bool:
    """Whether some values of a curve are not finite."""
    if mark.get("data-draws") not in ("path", "area"):
        return False
    return not np.isfinite(flat(drawing.value(mark.get("data-of")))).all()


def ends_at_wall(drawing: Drawing, line: Line) -> bool:
    """Whether a line ends beside a line that crosses its direction."""
    return any(
        other.is_across != line.is_across
        and other.low <= line.level <= other.high
        and min(abs(other.level - line.low), abs(other.level - line.high)) <= 8
        for mark in unbound_shapes(drawing)
        if mark.get("stroke") == WRONG and (other := line_of(mark))
    )


def is_rest(drawing: Drawing, mark: Mark) -> bool:
    return (
        tag(mark) == "path"
        and mark.get("stroke-dasharray") == "1.5 3"
        and [len(chain) for chain in mark.chains] == [2]
    )


def rest(drawing: Drawing, mark: Mark) -> Iterator[str]:
    """The line for elements that are not drawn individually starts at its node."""
    start, stop = mark.chains[0]
    tails = [m.box for m in unbound_shapes(drawing) if m.has("rx")]
    heads = [m.box for m in drawing.nodes if m.has("rx")]
    for boxes, (x, y) in ((tails, start), (heads, stop)):
        if not any(is_on(box, (float(x), float(y))) for box in boxes):
            yield f"it leads from or to nothing at {x:g}, {y:g}"


def is_funnel(drawing: Drawing, mark: Mark) -> bool:
    return tag(mark) == "path" and mark.get("data-term") == "weight_hr"


def funnel(drawing: Drawing, mark: Mark) -> Iterator[str]:
    """A funnel is on the wire of its vector and narrows in the wire's direction."""
    x, y = mark.box.x, mark.box.y
    pieces = [
        (start, stop)
        for leaf in leaves(drawing).marks
        if tag(leaf) == "path" and leaf is not mark and not leaf.has("fill")
        for chain in leaf.chains
        for (left, start), (right, stop) in pairwise(chain)
        if is_near(left, x) and is_near(right, x)
        if min(start, stop) < y < max(start, stop)
    ]
    if not pieces:
        yield "there is no wire through it"
        return
    start, stop = pieces[0]
    (points,) = mark.chains
    above, below = (np.ptp(points[side, 0]) for side in (points[:, 1] < y, points[:, 1] > y))
    if bool(above > below) is not bool(start < stop):
        yield "it becomes wider"


def is_notch(drawing: Drawing, mark: Mark) -> bool:
    line = line_of(mark)
    return bool(
        line
        and not line.is_across
        and mark.get("stroke") == PAPER
        and (number := next_mark(drawing, mark))
        and number.has("data-value")
    )


def notch(drawing: Drawing, mark: Mark) -> Iterator[str]:
    """A notch in a bar is at the value of the next number, on the bar's scale."""
    number, (left, top, _, bottom) = next_mark(drawing, mark), mark.box
    assert number is not None
    bars = [
        bar
        for bar in drawing.data_marks
        if bar.get("data-draws") == "width"
        and are_near([bar.box.top, bar.box.bottom], [top, bottom])
        and bar.box.left - HALF <= left <= bar.box.right + HALF
    ]
    value = float(number.get("data-value"))
    if not bars or not is_near(scales(bars[0])[0].at(value), left):
        yield f"{number} is at a different place"


def is_bracket(drawing: Drawing, mark: Mark) -> bool:
    if tag(mark) != "path" or mark.has("fill") or len(mark.chains) != 1:
        return False
    chain = mark.chains[0]
    if len(chain) != 4:
        return False
    (a, b), (c, d), (e, f), (g, h) = chain
    return a == c and d == f and e == g and b == h


def bracket(drawing: Drawing, mark: Mark) -> Iterator[str]:
    """A bracket spans the marks above it from the first to the last."""
    left, top, right, _ = mark.box
    bound = [m.box for m in (*drawing.nodes, *drawing.data_marks) if m.box.bottom <= top + HALF]
    nearest = max((b.bottom for b in bound if b.left <= right and left <= b.right), default=0)
    row = [b for b in bound if nearest - b.bottom <= 2.5 * NEAR]
    if not any(
        is_near(left - box.left, other.right - right) and 0 <= left - box.left <= 5
        for box in row
        for other in row
    ):
        yield "no marks above it begin and end there"
    below = [
        t
        for t in drawing.numbers
        if 0 < t.middle - mark.box.bottom < NEAR and left <= t.box.x <= right
    ]
    yield from (
        f"{number} is not below its middle"
        for number in below
        if not is_near(number.box.x, mark.box.x, EDGE)
    )


def is_ribbon(drawing: Drawing, mark: Mark) -> bool:
    return tag(mark) == "path" and mark.has("opacity")


def ribbon(drawing: Drawing, mark: Mark) -> Iterator[str]:
    """A ribbon is below the line that shows its connection."""
    thread = next_mark(drawing, mark)
    if thread is None or not thread.has("data-flow"):
        yield "there is no line on it"
    elif thread.get("d") != mark.get("d"):
        yield "the line on it takes a different route"
    elif thread.get("stroke") != mark.get("stroke"):
        yield "the line on it has a different hue"
    if float(mark.get("opacity")) > MAX_OPACITY:
        yield "it hides what is below it"


@lru_cache(maxsize=2)
def members(drawing: Drawing) -> dict[Element | None, list[Mark]]:
    """The marks in each group."""
    marks_by_group: dict[Element | None, list[Mark]] = defaultdict(list)
    for mark in leaves(drawing).marks:
        for group in mark.ancestors:
            marks_by_group[group].append(mark)
    return marks_by_group


def is_inner_line(drawing: Drawing, mark: Mark) -> bool:
    return (
        tag(mark) == "path"
        and group_of(mark) is not None
        and mark.ancestors[-1] is not group_of(mark)
    )


def inner_line(drawing: Drawing, mark: Mark) -> Iterator[str]:
    """A line inside a node connects two of its boxes and ends in a head."""
    marks_by_group, group = members(drawing), group_of(mark)
    boxes = [member.box for member in marks_by_group[group] if tag(member) != "path"]
    paths = marks_by_group[mark.ancestors[-1]]
    ends = [p.chains[0] for p in paths]
    start = ends[0][0]
    # The first point of a head is its tip.
    stop = ends[-1][0] if len(paths) == 2 else ends[0][-1]
    if len(paths) > 2 or not all(
        any(is_on(box, (float(x), float(y))) for box in boxes) for x, y in (start, stop)
    ):
        yield "it does not join two boxes of its node"


def is_on(box: Box, point: Point) -> bool:
    """Whether a point is in a box or next to it."""
    x, y = point
    return box.left - GAP <= x <= box.right + GAP and box.top - GAP <= y <= box.bottom + GAP


def sign(drawing: Drawing, mark: Mark) -> Iterator[str]:
    """A tick has the colour for right, a cross the colour for wrong."""
    expected = RIGHT if len(mark.chains) == 1 else WRONG
    if mark.get("stroke") != expected:
        yield "it has the colour of the opposite sign"
    words = {text.text for text in drawing.texts if text.ancestors[-1] is mark.ancestors[-1]}
    if group_of(mark) is None and not words:
        yield from frame_sign_faults(drawing, mark)
    if words & {"right", "wrong"} != ({"right"} if expected == RIGHT else {"wrong"}) & words:
        yield f"it is beside the words {sorted(words)}"


def frame_sign_faults(drawing: Drawing, mark: Mark) -> Iterator[str]:
    """Signs that contradict the frame below: only a cross is over a red frame."""
    below = [
        frame
        for frame in frames(drawing)
        if 0 < frame.box.top - mark.box.bottom < NEAR
        and frame.box.left - NEAR <= mark.box.x <= frame.box.right
        and group_of(frame) is not None
    ]
    for frame in below:
        if (frame.get("stroke") == WRONG) != (mark.get("stroke") == WRONG):
            yield f"{shape_name(frame)} below it is marked as the opposite"


def is_cut(drawing: Drawing, mark: Mark) -> bool:
    return line_of(mark) is not None and mark.get("stroke") == PAPER


@lru_cache(maxsize=2)
def cuts(drawing: Drawing) -> list[tuple[Mark, Line]]:
    """The marks that divide an area, as lines."""
    return [
        (mark, line)
        for mark in unbound_shapes(drawing)
        if is_cut(drawing, mark) and (line := line_of(mark))
    ]


def cut(drawing: Drawing, mark: Mark) -> Iterator[str]:
    """Lines divide an area into as many equal cells as its value."""
    area = next(
        (
            data_mark
            for data_mark in drawing.data_marks
            if data_mark.expression.endswith(".numel()")
            and data_mark.box.contains(mark.box.x, mark.box.y)
        ),
        None,
    )
    if area is None:
        yield "it divides no area"
        return
    across, down = (
        sorted(
            line.level
            for other, line in cuts(drawing)
            if line.is_across is is_across and area.box.contains(other.box.x, other.box.y)
        )
        for is_across in (False, True)
    )
    box, count = area.box, drawing.value(area.expression)
    if (len(across) + 1) * (len(down) + 1) != count:
        yield f"{area} has {len(across)} and {len(down)} such lines for {count} cells"
    for low, positions, high in ((box.left, across, box.right), (box.top, down, box.bottom)):
        sizes = np.diff([low, *positions, high])
        if sizes.max() - sizes.min() > 2 * TOLERANCE:
            yield f"the cells of {area} are not equal"


def is_row_line(drawing: Drawing, mark: Mark) -> bool:
    line, row = line_of(mark), next_mark(drawing, mark)
    return bool(
        line
        and line.is_across
        and row
        and row.has("data-of")
        and not row.has("data-draws")
        and row.box.top < line.level < row.box.bottom
    )


def row_line(drawing: Drawing, mark: Mark) -> Iterator[str]:
    """A line through the middle of a row is as long as the row."""
    row = next_mark(drawing, mark)
    assert row is not None
    expected = [row.box.left, row.box.y, row.box.right, row.box.y]
    if not are_near([*mark.box], expected):
        yield f"it is not the middle of {row}"


def is_heading(drawing: Drawing, mark: Mark) -> bool:
    """Whether a line is above the heading of a part of a sheet."""
    line = line_of(mark)
    if drawing.figure not in SHEETS or not line or not line.is_across:
        return False
    all_marks = drawing.marks
    following = all_marks[all_marks.index(mark) + 1 :]
    text = next((candidate for candidate in following if candidate.is_text), None)
    return bool(
        text
        and text.has("font-weight")
        and is_near(text.box.left, line.low)
        and line.level < text.box.top < line.level + MAX_HEADING_GAP
    )


def heading(drawing: Drawing, mark: Mark) -> Iterator[str]:
    """The line is as wide as its part, which ends where the next one begins."""
    all_leaves, line = leaves(drawing), line_of(mark)
    assert line is not None
    left, top, right, bottom = all_leaves.boxes.T
    rules = [
        other
        for rule in drawing.marks
        if rule is not mark and is_heading(drawing, rule)
        for other in [line_of(rule)]
        if other and other.level > line.level
        if other.low < line.high and line.low < other.high
    ]
    end = min((other.level for other in rules), default=math.inf)
    part = (top > line.level) & (bottom < end) & (left < line.high) & (line.low < right)
    beyond = part & ((left < line.low - EDGE) | (right > line.high + EDGE))
    yield from (f"{mark_name(leaf)} is wider than its part" for leaf in all_leaves.selected(beyond))
    if not part.any() or left[part].min() > line.low + EDGE:
        yield "the heading below it does not begin where it does"


class Map(NamedTuple):
    """A map with one row for each step and one column for the step of each write.

    Attributes:
        frame: The box around the cells.
        rows: Number of steps.
        before: Number of columns for the initial state.
    """

    frame: Box
    rows: int
    before: int

    def place(self, x: float, y: float) -> tuple[float, float]:
        """The position of a point in cells, from the left and from the top."""
        left, top, right, bottom = self.frame
        count = self.rows + self.before
        return (
            (x - left) / (right - left) * count - self.before,
            (y - top) / (bottom - top) * self.rows,
        )


def map_of(drawing: Drawing, mark: Mark) -> Map | None:
    """The heat map that a path is drawn on."""
    if tag(mark) != "path":
        return None
    for data_mark in drawing.data_marks:
        cells = grid(data_mark)
        if cells and are_near([*joined([cells.frame, mark.box])], [*cells.frame]):
            value = drawing.value(data_mark.get("data-of"))
            rows, columns = len(value), len(value[0])
            if columns - rows in (0, 1):
                return Map(cells.frame, rows, columns - rows)
    return None


def is_column_rule(drawing: Drawing, mark: Mark) -> bool:
    return (
        mark.has("stroke")
        and map_of(drawing, mark) is not None
        and all(len(c) == 2 and c[0][0] == c[1][0] for c in mark.chains)
    )


def column_rule(drawing: Drawing, mark: Mark) -> Iterator[str]:
    """A line between two columns of a map goes from the diagonal to the last row."""
    cells = map_of(drawing, mark)
    assert cells is not None
    for (x, top), (_, bottom) in mark.chains:
        across, down = cells.place(x, top)
        if not is_near(across, down, PART):
            yield f"it begins at {x:g}, {top:g}, off the diagonal"
        if not is_near(across, round(across), PART):
            yield f"it is at {x:g}, in the middle of a column"
        if not is_near(bottom, cells.frame.bottom):
            yield f"it ends at {bottom:g}, before the last row"


PART = 0.05
"""Tolerance for a corner, in cells."""


def is_unwritten(drawing: Drawing, mark: Mark) -> bool:
    return mark.has("fill") and not mark.has("stroke") and map_of(drawing, mark) is not None


def unwritten(drawing: Drawing, mark: Mark) -> Iterator[str]:
    """The area of unwritten cells is exactly the part right of the diagonal."""
    cells = map_of(drawing, mark)
    assert cells is not None
    expected = {(cells.rows, 0)}
    for row in range(cells.rows - 1):
        expected |= {(row + 1, row), (row + 1, row + 1)}
    expected |= {(cells.rows, cells.rows - 1)}
    places = {cells.place(x, y) for c in mark.chains for x, y in c}
    yield from (
        f"it has a corner {across:.3g} cells to the right, {down:.3g} down"
        for across, down in sorted(places)
        if not any(is_near(across, k, PART) and is_near(down, row, PART) for k, row in expected)
    )
    if len(places) != len(expected):
        yield f"it has {len(places)} of {len(expected)} corners"


def is_separator(drawing: Drawing, mark: Mark) -> bool:
    line = line_of(mark)
    return bool(line and mark.get("stroke") in (RULE, WRONG, "#1f2430"))


def separator(drawing: Drawing, mark: Mark) -> Iterator[str]:
    """A line between other marks cuts none of them."""
    all_leaves, line = leaves(drawing), line_of(mark)
    assert line is not None
    left, top, right, bottom = all_leaves.boxes.T
    is_cut = all_leaves.all_but(mark) & ~all_leaves.enclosing(mark.box) & ~all_leaves.are_arrows
    if line.is_across:
        is_cut &= (top < line.level - EDGE) & (line.level + EDGE < bottom)
        is_cut &= (left < line.high - EDGE) & (line.low + EDGE < right)
    else:
        is_cut &= (left < line.level - EDGE) & (line.level + EDGE < right)
        is_cut &= (top < line.high - EDGE) & (line.low + EDGE < bottom)
    yield from (
        f"it cuts {mark_name(leaf)}"
        for leaf in all_leaves.selected(is_cut)
        if is_crossed_by(leaf, line)
    )
    if mark is footer_line(drawing):
        yield from footer_faults(drawing, mark)
    elif mark.get("stroke") == WRONG:
        yield from wall_faults(drawing, mark, line)
    elif line.is_across:
        yield from rule_faults(drawing, mark)


def is_crossed_by(mark: Mark, line: Line) -> bool:
    """Whether a piece of a path crosses a line; other marks always count."""
    if tag(mark) != "path" or any(len(chain) != 2 for chain in mark.chains):
        return True
    half = float(mark.get("stroke-width", "1")) / 2
    for (x, y), (to_x, to_y) in mark.chains:
        (left, right), (top, bottom) = sorted((x, to_x)), sorted((y, to_y))
        low, high, before, behind = left - half, right + half, top, bottom
        if not line.is_across:
            low, high, before, behind = top, bottom, left - half, right + half
        if before < line.level < behind and low < line.high - EDGE and line.low + EDGE < high:
            return True
    return False


def footer_faults(drawing: Drawing, mark: Mark) -> Iterator[str]:
    """The line above the footer has the width of the body, which is all above it."""
    total_width = leaves(drawing).marks[0].box.right
    if not is_near(mark.box.left, total_width - mark.box.right):
        yield "it is not in the middle of the figure"
    yield from (
        f"{mark_name(other)} is below it"
        for other in (*drawing.numbers, *drawing.labels, *drawing.data_marks)
        if other.box.bottom > mark.box.top
    )


def wall_faults(drawing: Drawing, mark: Mark, line: Line) -> Iterator[str]:
    """A wall is halfway between the marks left and right of it."""
    all_leaves = leaves(drawing)
    left, top, right, bottom = all_leaves.boxes.T
    level = (top < line.high) & (line.low < bottom) & ~all_leaves.are_arrows
    before = (right <= line.level) & level
    is_after = (left >= line.level) & level
    if not before.any() or not is_after.any():
        yield "there is nothing at one side of it"
        return
    low, high = right[before].max(), left[is_after].min()
    if not is_near((low + high) / 2, line.level, EDGE):
        yield f"it is not in the middle between {low:g} and {high:g}"


def rule_faults(drawing: Drawing, mark: Mark) -> Iterator[str]:
    """A line in a table is as wide as the rows above and below it."""
    if any(number.text in SPECIAL.values() for number in drawing.numbers):
        # Values that are not finite have no bars, and this line is the zero of bars.
        return
    all_leaves, box = leaves(drawing), mark.box
    left, top, right, bottom = all_leaves.boxes.T
    rows = (
        (top >= box.top - 2 * NEAR)
        & (bottom <= box.top + 2 * NEAR)
        & (left >= box.left - EDGE)
        & (right <= box.right + EDGE)
        & all_leaves.all_but(mark)
    )
    low = left[rows].min(initial=math.inf)
    # Further up there may be a wider number.
    above = [
        number.box.right
        for number in drawing.numbers
        if number.box.bottom <= box.top and number.box.right <= box.right + EDGE
    ]
    high = right[rows].max(initial=max(above, default=-math.inf))
    if not (is_near(low, box.left, EDGE) and is_near(high, box.right, EDGE)):
        yield f"the rows beside it are from {low:g} to {high:g}"


KINDS = (
    Kind("a notch", is_notch, notch),
    Kind("a funnel", is_funnel, funnel),
    Kind("what parts an area", is_cut, cut),
    Kind("a ribbon", is_ribbon, ribbon),
    Kind("a sign", is_sign, sign),
    Kind("a line in a node", is_inner_line, inner_line),
    Kind("a tick", is_stub, stub),
    Kind("a line in a map", is_column_rule, column_rule),
    Kind("what is not written yet", is_unwritten, unwritten),
    Kind("a zero", is_zero, zero),
    Kind("the line of the rest", is_rest, rest),
    Kind("a guide", is_guide, guide),
    Kind("a thread", is_row_line, row_line),
    Kind("a level", is_level, level),
    Kind("a bracket", is_bracket, bracket),
    Kind("the line of a heading", is_heading, heading),
    Kind("a line between", is_separator, separator),
)
