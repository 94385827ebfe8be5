"""Lines that lead nowhere: of planes, between rows, at zeros, on wires."""

import math
from collections import defaultdict
from collections.abc import Iterator
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from lstm_figs.figures import SHEETS
from tests.binding.boxes import is_ground
from tests.binding.drawing import Box, Drawing, Mark, Point, joined
from tests.binding.frames import frames
from tests.binding.leaves import (
    EDGE,
    LEAN,
    NEAR,
    PAPER,
    RIGHT,
    RULE,
    SAME,
    SHORT,
    STUB,
    WRONG,
    Kind,
    Line,
    after,
    are_near,
    foot,
    group_of,
    is_near,
    is_sign,
    leaves,
    line_of,
    loose,
    name,
    reach,
    said,
    tag,
)
from tests.binding.lengths import HALF, Scale, flat, grid, scales
from tests.proving import SPECIAL, Element

HEADED = 24.0
"""How far below its line a heading may be."""

THROUGH = 0.4
"""How much a ribbon covers at most of what is below it."""

BESIDE = 8.0
"""How far a line in a node may end from what it joins."""


@lru_cache(maxsize=2)
def levels(drawing: Drawing) -> list[tuple[Mark, Box, Scale | None, Scale | None]]:
    """What is drawn on scales: where these reach, across and down."""
    found = []
    for mark in drawing.drawn:
        draws = mark.get("data-draws")
        if draws in ("fill", "stroke-width"):
            continue
        one = scales(mark)
        across = one[0] if draws in ("width", "x y") else None
        down = one[-1] if draws != "width" else None
        found.append((mark, reach(drawing, mark), across, down))
    return found


@lru_cache(maxsize=2)
def ticks(drawing: Drawing) -> list[tuple[Mark, float]]:
    """Texts on axes, and their values."""
    return [
        (text, float(text.text.replace("−", "-")))
        for text in drawing.texts
        if text.get("class") == "lf-tick"
    ]


def is_stub(drawing: Drawing, mark: Mark) -> bool:
    line = line_of(mark)
    return bool(line and not line.is_across and line.high - line.low <= STUB)


def stub(drawing: Drawing, mark: Mark) -> Iterator[str]:
    """A tick of an axis leads from the end of its scale to its number."""
    left, top, _, bottom = mark.box
    known = [
        value
        for tick, value in ticks(drawing)
        if is_near(tick.box.x, left) and 0 < tick.middle - bottom < NEAR
    ]
    if not known:
        yield "there is no number below it"
        return
    plane = [one for one, area, _, _ in levels(drawing) if is_near(area.bottom, top)]
    if not plane:
        yield "it begins at the end of no scale"
    # Points have the numbers of an axis, curves alone have one for each step.
    points = [one for one in plane if one.get("data-draws") == "x y"]
    for one in points or plane:
        across = scales(one)[0]
        if not any(is_near(across.beyond(value), left) for value in known):
            yield f"{one} has another number there"


def is_zero(drawing: Drawing, mark: Mark) -> bool:
    line, bar = line_of(mark), after(drawing, mark)
    return bool(
        line
        and not line.is_across
        and line.high - line.low <= SHORT
        and bar
        and bar.get("data-draws") == "width"
    )


def zero(drawing: Drawing, mark: Mark) -> Iterator[str]:
    """The line at the zero of a bar crosses it there."""
    bar, (left, top, _, bottom) = after(drawing, mark), mark.box
    assert bar is not None
    (scale,) = scales(bar)
    if not is_near(scale.beyond(0), left, 2 * SAME):
        yield f"{bar} has its zero at {scale.beyond(0):g}"
    over, under = bar.box.top - top, bottom - bar.box.bottom
    if not (0 <= over <= 3 and 0 <= under <= 3):
        yield f"it does not cross {bar}"


def is_guide(drawing: Drawing, mark: Mark) -> bool:
    return line_of(mark) is not None and mark.has("stroke-dasharray")


def guide(drawing: Drawing, mark: Mark) -> Iterator[str]:
    """A dotted line leads from a point to its place on an axis."""
    line = line_of(mark)
    assert line is not None
    for point, area, across, down in levels(drawing):
        if across is None or down is None:
            continue
        x, y = point.box.x, point.box.y
        ends = [x, area.top, x, y], [x, y, x, area.bottom]
        if any(are_near([*mark.box], [*each]) for each in ends):
            return
    yield "it leads from no point to its axis"


def is_level(drawing: Drawing, mark: Mark) -> bool:
    line = line_of(mark)
    return bool(line and (beside(drawing, mark) or grounds(drawing, line)))


def grounds(drawing: Drawing, line: Line) -> list[Mark]:
    """The grounds of columns that a line crosses."""
    if not line.is_across:
        return []
    return [
        one
        for one in loose(drawing)
        if is_ground(drawing, one)
        and one.box.top < line.level < one.box.bottom
        and line.low <= one.box.x <= line.high
    ]


def beside(drawing: Drawing, mark: Mark) -> list[tuple[Mark, Scale]]:
    """What is drawn on a scale that a line crosses, and that scale."""
    line = line_of(mark)
    assert line is not None
    found = []
    for one, area, across, down in levels(drawing):
        scale = down if line.is_across else across
        if scale is None:
            continue
        low, high = (area.top, area.bottom) if line.is_across else (area.left, area.right)
        middle = area.x if line.is_across else area.y
        if low - HALF <= line.level <= high + HALF and line.low <= middle <= line.high:
            found.append((one, scale))
    return found


def level(drawing: Drawing, mark: Mark) -> Iterator[str]:
    """A line through a plane is at a number of its axis, or at zero."""
    line = line_of(mark)
    assert line is not None
    known = {
        value
        for tick, value in ticks(drawing)
        if is_near(tick.middle if line.is_across else tick.box.x, line.level)
        and is_at_end(tick, line)
    } or {0.0}
    lows, highs = [], []
    for one, scale in beside(drawing, mark):
        if not any(is_near(scale.beyond(v), line.level) for v in known):
            yield f"{one} has no number of its axis there"
            return
        if one.get("data-draws") == "x y":
            area = Box(one.box.x, one.box.y, one.box.x, one.box.y)
        else:
            area = one.box
        lows.append(area.left if line.is_across else area.top)
        highs.append(area.right if line.is_across else area.bottom)
    for one in grounds(drawing, line):
        if not lows and not is_near(one.box.y, line.level):
            yield f"{said(one)} has its middle elsewhere"
            return
        lows.append(one.box.left)
        highs.append(one.box.right)
    if any(has_gaps(drawing, one) for one, _ in beside(drawing, mark)):
        return
    # Where a value is no number nothing is drawn.
    if any(number.text in ("NaN", "∞", "−∞") for number in drawing.numbers):
        return
    # One point is as long as nothing.
    if min(lows) == max(highs):
        return
    before, behind = min(lows) - line.low, line.high - max(highs)
    if is_at_wall(drawing, line) and min(before, behind) >= -HALF:
        return
    if not is_near(before, behind, LEAN) or min(before, behind) < -HALF:
        yield (f"it begins {before:g} before what is on it, and ends {behind:g} behind")


def is_at_end(tick: Mark, line: Line) -> bool:
    """Whether the number of an axis stands where a line begins or ends."""
    if line.is_across:
        return 0 <= line.low - tick.box.right <= NEAR
    far = min(abs(tick.middle - line.low), abs(tick.middle - line.high))
    return far <= NEAR


def has_gaps(drawing: Drawing, mark: Mark) -> bool:
    """Whether some of the values of a curve are no numbers."""
    if mark.get("data-draws") not in ("path", "area"):
        return False
    return not np.isfinite(flat(drawing.value(mark.get("data-of")))).all()


def is_at_wall(drawing: Drawing, line: Line) -> bool:
    """Whether a line ends beside one that crosses its way."""
    return any(
        other.is_across != line.is_across
        and other.low <= line.level <= other.high
        and min(abs(other.level - line.low), abs(other.level - line.high)) <= 8
        for mark in loose(drawing)
        if mark.get("stroke") == WRONG and (other := line_of(mark))
    )


def is_rest(drawing: Drawing, mark: Mark) -> bool:
    return (
        tag(mark) == "path"
        and mark.get("stroke-dasharray") == "1.5 3"
        and [len(chain) for chain in mark.chains] == [2]
    )


def rest(drawing: Drawing, mark: Mark) -> Iterator[str]:
    """The line of what is not drawn one by one leads on from its node."""
    start, stop = mark.chains[0]
    tails = [m.box for m in loose(drawing) if m.has("rx")]
    heads = [m.box for m in drawing.nodes if m.has("rx")]
    for boxes, (x, y) in ((tails, start), (heads, stop)):
        if not any(is_on(box, (float(x), float(y))) for box in boxes):
            yield f"it leads from or to nothing at {x:g}, {y:g}"


def is_funnel(drawing: Drawing, mark: Mark) -> bool:
    return tag(mark) == "path" and mark.get("data-term") == "weight_hr"


def funnel(drawing: Drawing, mark: Mark) -> Iterator[str]:
    """What narrows a vector stands on its wire, and is narrower behind."""
    x, y = mark.box.x, mark.box.y
    pieces = [
        (start, stop)
        for one in leaves(drawing).marks
        if tag(one) == "path" and one is not mark and not one.has("fill")
        for chain in one.chains
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
        and (number := after(drawing, mark))
        and number.has("data-value")
    )


def notch(drawing: Drawing, mark: Mark) -> Iterator[str]:
    """A notch in a bar is at the number that follows, on the bar's scale."""
    number, (left, top, _, bottom) = after(drawing, mark), mark.box
    assert number is not None
    bars = [
        one
        for one in drawing.drawn
        if one.get("data-draws") == "width"
        and are_near([one.box.top, one.box.bottom], [top, bottom])
        and one.box.left - HALF <= left <= one.box.right + HALF
    ]
    value = float(number.get("data-value"))
    if not bars or not is_near(scales(bars[0])[0].at(value), left):
        yield f"{number} is elsewhere"


def is_bracket(drawing: Drawing, mark: Mark) -> bool:
    if tag(mark) != "path" or mark.has("fill") or len(mark.chains) != 1:
        return False
    chain = mark.chains[0]
    if len(chain) != 4:
        return False
    (a, b), (c, d), (e, f), (g, h) = chain
    return a == c and d == f and e == g and b == h


def bracket(drawing: Drawing, mark: Mark) -> Iterator[str]:
    """A bracket spans what is above it from its first to its last."""
    left, top, right, _ = mark.box
    bound = [m.box for m in (*drawing.nodes, *drawing.drawn) if m.box.bottom <= top + HALF]
    nearest = max((b.bottom for b in bound if b.left <= right and left <= b.right), default=0)
    row = [b for b in bound if nearest - b.bottom <= 2.5 * NEAR]
    if not any(
        is_near(left - one.left, other.right - right) and 0 <= left - one.left <= 5
        for one in row
        for other in row
    ):
        yield "nothing above it begins and ends there"
    below = [
        t
        for t in drawing.numbers
        if 0 < t.middle - mark.box.bottom < NEAR and left <= t.box.x <= right
    ]
    yield from (
        f"{one} is not below its middle"
        for one in below
        if not is_near(one.box.x, mark.box.x, EDGE)
    )


def is_ribbon(drawing: Drawing, mark: Mark) -> bool:
    return tag(mark) == "path" and mark.has("opacity")


def ribbon(drawing: Drawing, mark: Mark) -> Iterator[str]:
    """A ribbon lies below the line that says what it joins."""
    thread = after(drawing, mark)
    if thread is None or not thread.has("data-flow"):
        yield "there is no line on it"
    elif thread.get("d") != mark.get("d"):
        yield "the line on it goes another way"
    elif thread.get("stroke") != mark.get("stroke"):
        yield "the line on it has another hue"
    if float(mark.get("opacity")) > THROUGH:
        yield "it hides what is below it"


@lru_cache(maxsize=2)
def members(drawing: Drawing) -> dict[Element | None, list[Mark]]:
    """What lies in each group."""
    found: dict[Element | None, list[Mark]] = defaultdict(list)
    for mark in leaves(drawing).marks:
        for group in mark.around:
            found[group].append(mark)
    return found


def is_inner(drawing: Drawing, mark: Mark) -> bool:
    return (
        tag(mark) == "path" and group_of(mark) is not None and mark.around[-1] is not group_of(mark)
    )


def inner(drawing: Drawing, mark: Mark) -> Iterator[str]:
    """A line inside of a node joins two of its boxes; its head ends there."""
    every, group = members(drawing), group_of(mark)
    boxes = [one.box for one in every[group] if tag(one) != "path"]
    paths = every[mark.around[-1]]
    ends = [p.chains[0] for p in paths]
    start = ends[0][0]
    # The first point of a head is its tip.
    stop = ends[-1][0] if len(paths) == 2 else ends[0][-1]
    if len(paths) > 2 or not all(
        any(is_on(box, (float(x), float(y))) for box in boxes) for x, y in (start, stop)
    ):
        yield "it does not join two boxes of its node"


def is_on(box: Box, point: Point) -> bool:
    """Whether a point is in a box or beside it."""
    x, y = point
    return (
        box.left - BESIDE <= x <= box.right + BESIDE
        and box.top - BESIDE <= y <= box.bottom + BESIDE
    )


def sign(drawing: Drawing, mark: Mark) -> Iterator[str]:
    """A tick has the hue of what is right, a cross that of what is wrong."""
    wanted = RIGHT if len(mark.chains) == 1 else WRONG
    if mark.get("stroke") != wanted:
        yield "it has the hue of the other"
    words = {text.text for text in drawing.texts if text.around[-1] is mark.around[-1]}
    if group_of(mark) is None and not words:
        yield from marked(drawing, mark)
    if words & {"right", "wrong"} != ({"right"} if wanted == RIGHT else {"wrong"}) & words:
        yield f"it stands before {sorted(words)}"


def marked(drawing: Drawing, mark: Mark) -> Iterator[str]:
    """A cross stands over what is red, a tick over what is not."""
    below = [
        one
        for one in frames(drawing)
        if 0 < one.box.top - mark.box.bottom < NEAR
        and one.box.left - NEAR <= mark.box.x <= one.box.right
        and group_of(one) is not None
    ]
    for one in below:
        if (one.get("stroke") == WRONG) != (mark.get("stroke") == WRONG):
            yield f"{said(one)} below it is marked otherwise"


def is_cut(drawing: Drawing, mark: Mark) -> bool:
    return line_of(mark) is not None and mark.get("stroke") == PAPER


@lru_cache(maxsize=2)
def cuts(drawing: Drawing) -> list[tuple[Mark, Line]]:
    """The marks that part something, as lines."""
    return [
        (mark, line) for mark in loose(drawing) if is_cut(drawing, mark) and (line := line_of(mark))
    ]


def cut(drawing: Drawing, mark: Mark) -> Iterator[str]:
    """Lines part an area into as many equal cells as it stands for."""
    area = next(
        (
            one
            for one in drawing.drawn
            if one.expression.endswith(".numel()") and one.box.holds(mark.box.x, mark.box.y)
        ),
        None,
    )
    if area is None:
        yield "it parts nothing"
        return
    across, down = (
        sorted(
            line.level
            for other, line in cuts(drawing)
            if line.is_across is way and area.box.holds(other.box.x, other.box.y)
        )
        for way in (False, True)
    )
    box, count = area.box, drawing.value(area.expression)
    if (len(across) + 1) * (len(down) + 1) != count:
        yield f"{area} has {len(across)} and {len(down)} of them for {count}"
    for low, every, high in ((box.left, across, box.right), (box.top, down, box.bottom)):
        each = np.diff([low, *every, high])
        if each.max() - each.min() > 2 * SAME:
            yield f"the cells of {area} are not equal"


def is_thread(drawing: Drawing, mark: Mark) -> bool:
    line, row = line_of(mark), after(drawing, mark)
    return bool(
        line
        and line.is_across
        and row
        and row.has("data-of")
        and not row.has("data-draws")
        and row.box.top < line.level < row.box.bottom
    )


def thread(drawing: Drawing, mark: Mark) -> Iterator[str]:
    """A line through the middle of a row is as long as the row."""
    row = after(drawing, mark)
    assert row is not None
    wanted = [row.box.left, row.box.y, row.box.right, row.box.y]
    if not are_near([*mark.box], wanted):
        yield f"it is not the middle of {row}"


def is_heading(drawing: Drawing, mark: Mark) -> bool:
    """Whether a line stands above the heading of a part of a sheet."""
    line = line_of(mark)
    if drawing.figure not in SHEETS or not line or not line.is_across:
        return False
    every = drawing.marks
    following = every[every.index(mark) + 1 :]
    text = next((one for one in following if one.is_text), None)
    return bool(
        text
        and text.has("font-weight")
        and is_near(text.box.left, line.low)
        and line.level < text.box.top < line.level + HEADED
    )


def heading(drawing: Drawing, mark: Mark) -> Iterator[str]:
    """It is as wide as its part, which ends where the next one begins."""
    every, line = leaves(drawing), line_of(mark)
    assert line is not None
    left, top, right, bottom = every.boxes.T
    rules = [
        other
        for one in drawing.marks
        if one is not mark and is_heading(drawing, one)
        for other in [line_of(one)]
        if other and other.level > line.level
        if other.low < line.high and line.low < other.high
    ]
    end = min((other.level for other in rules), default=math.inf)
    part = (top > line.level) & (bottom < end) & (left < line.high) & (line.low < right)
    beyond = part & ((left < line.low - EDGE) | (right > line.high + EDGE))
    yield from (f"{name(one)} is wider than its part" for one in every.of(beyond))
    if not part.any() or left[part].min() > line.low + EDGE:
        yield "its part does not begin where it does"


class Map(NamedTuple):
    """Cells in which a row is a moment, a column what was written at one.

    Attributes:
        frame: The box around them.
        rows: How many moments there are.
        before: How many columns are of a state before the first.
    """

    frame: Box
    rows: int
    before: int

    def place(self, x: float, y: float) -> tuple[float, float]:
        """How many moments are left of a point, and how many above it."""
        left, top, right, bottom = self.frame
        count = self.rows + self.before
        return (
            (x - left) / (right - left) * count - self.before,
            (y - top) / (bottom - top) * self.rows,
        )


def map_of(drawing: Drawing, mark: Mark) -> Map | None:
    """The map of colours that a path is drawn on."""
    if tag(mark) != "path":
        return None
    for one in drawing.drawn:
        cells = grid(one)
        if cells and are_near([*joined([cells.frame, mark.box])], [*cells.frame]):
            value = drawing.value(one.get("data-of"))
            rows, columns = len(value), len(value[0])
            if columns - rows in (0, 1):
                return Map(cells.frame, rows, columns - rows)
    return None


def is_ruling(drawing: Drawing, mark: Mark) -> bool:
    return (
        mark.has("stroke")
        and map_of(drawing, mark) is not None
        and all(len(c) == 2 and c[0][0] == c[1][0] for c in mark.chains)
    )


def ruling(drawing: Drawing, mark: Mark) -> Iterator[str]:
    """Lines in a map of what was written part two steps, from the first row
    in which the step before them is written, to the end."""
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
"""By which part of a cell a corner may be elsewhere."""


def is_future(drawing: Drawing, mark: Mark) -> bool:
    return mark.has("fill") and not mark.has("stroke") and map_of(drawing, mark) is not None


def future(drawing: Drawing, mark: Mark) -> Iterator[str]:
    """What is not written yet are the cells right of the diagonal."""
    cells = map_of(drawing, mark)
    assert cells is not None
    wanted = {(cells.rows, 0)}
    for row in range(cells.rows - 1):
        wanted |= {(row + 1, row), (row + 1, row + 1)}
    wanted |= {(cells.rows, cells.rows - 1)}
    places = {cells.place(x, y) for c in mark.chains for x, y in c}
    yield from (
        f"it has a corner {across:.3g} cells to the right, {down:.3g} down"
        for across, down in sorted(places)
        if not any(is_near(across, k, PART) and is_near(down, row, PART) for k, row in wanted)
    )
    if len(places) != len(wanted):
        yield f"it has {len(places)} of {len(wanted)} corners"


def is_between(drawing: Drawing, mark: Mark) -> bool:
    line = line_of(mark)
    return bool(line and mark.get("stroke") in (RULE, WRONG, "#1f2430"))


def between(drawing: Drawing, mark: Mark) -> Iterator[str]:
    """A line between others cuts none of them."""
    every, line = leaves(drawing), line_of(mark)
    assert line is not None
    left, top, right, bottom = every.boxes.T
    cut = every.but(mark) & ~every.around(mark.box) & ~every.are_arrows
    if line.is_across:
        cut &= (top < line.level - EDGE) & (line.level + EDGE < bottom)
        cut &= (left < line.high - EDGE) & (line.low + EDGE < right)
    else:
        cut &= (left < line.level - EDGE) & (line.level + EDGE < right)
        cut &= (top < line.high - EDGE) & (line.low + EDGE < bottom)
    yield from (f"it cuts {name(one)}" for one in every.of(cut) if meets(one, line))
    if mark is foot(drawing):
        yield from footed(drawing, mark)
    elif mark.get("stroke") == WRONG:
        yield from walled(drawing, mark, line)
    elif line.is_across:
        yield from ruled(drawing, mark)


def meets(mark: Mark, line: Line) -> bool:
    """Whether one of the pieces of a path, if it has several, meets a line."""
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


def footed(drawing: Drawing, mark: Mark) -> Iterator[str]:
    """The line above the foot is as wide as the body, and all of it above."""
    wide = leaves(drawing).marks[0].box.right
    if not is_near(mark.box.left, wide - mark.box.right):
        yield "it is not in the middle of the figure"
    yield from (
        f"{name(one)} is below it"
        for one in (*drawing.numbers, *drawing.labels, *drawing.drawn)
        if one.box.bottom > mark.box.top
    )


def walled(drawing: Drawing, mark: Mark, line: Line) -> Iterator[str]:
    """A wall stands in the middle of what is left and right of it."""
    every = leaves(drawing)
    left, top, right, bottom = every.boxes.T
    level = (top < line.high) & (line.low < bottom) & ~every.are_arrows
    before = (right <= line.level) & level
    behind = (left >= line.level) & level
    if not before.any() or not behind.any():
        yield "there is nothing at one side of it"
        return
    low, high = right[before].max(), left[behind].min()
    if not is_near((low + high) / 2, line.level, EDGE):
        yield f"it is not in the middle between {low:g} and {high:g}"


def ruled(drawing: Drawing, mark: Mark) -> Iterator[str]:
    """A line in a table is as wide as the rows above and below it."""
    if any(one.text in SPECIAL.values() for one in drawing.numbers):
        # It is the zero of bars of which there are none.
        return
    every, box = leaves(drawing), mark.box
    left, top, right, bottom = every.boxes.T
    rows = (
        (top >= box.top - 2 * NEAR)
        & (bottom <= box.top + 2 * NEAR)
        & (left >= box.left - EDGE)
        & (right <= box.right + EDGE)
        & every.but(mark)
    )
    low = left[rows].min(initial=math.inf)
    # Of numbers above it the widest may stand further up.
    above = [
        one.box.right
        for one in drawing.numbers
        if one.box.bottom <= box.top and one.box.right <= box.right + EDGE
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
    Kind("a line in a node", is_inner, inner),
    Kind("a tick", is_stub, stub),
    Kind("a line in a map", is_ruling, ruling),
    Kind("what is not written yet", is_future, future),
    Kind("a zero", is_zero, zero),
    Kind("the line of the rest", is_rest, rest),
    Kind("a guide", is_guide, guide),
    Kind("a thread", is_thread, thread),
    Kind("a level", is_level, level),
    Kind("a bracket", is_bracket, bracket),
    Kind("the line of a heading", is_heading, heading),
    Kind("a line between", is_between, between),
)
