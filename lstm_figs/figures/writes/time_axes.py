"""The axes of time of the cells, where the duration of a step is known.

Both have the same scale: a column is where its write is on the upper axis, and a row
where its steps are on the left one.
"""

from itertools import pairwise

from ...layout import words
from ...layout.motifs import over_time
from ...layout.motifs.over_time import TimeSpan
from ...proof.bindings import Length, sentence
from ...scene.marks import Box, Mark
from .cells import Grid
from .memory import Memory

AXIS_RISE = 9.0
"""The distance from the cells up to the middle of the numbers of the upper axis."""
LINE_GAP, LINE_WIDTH = 2.0, 1.0
"""The gap between the cells and an axis, and its thickness."""
MAX_TIMES, MIN_TIME_GAP = 12, 18.0
"""The most numbers on an axis, and the least distance between two on the left one."""
MAX_LEFT_OVERHANG, MAX_RIGHT_OVERHANG = 12.0, 2.0
"""How far a number of the upper axis may be beyond the cells, where other words follow at
the right."""
UNIT_GAP = 10.0
"""The gap between the sign of the unit and the cells, above which the first number is."""
UNIT_WIDTH = 60.0
"""The width of the sign of the unit, enough for one line."""


def span(memory: Memory) -> TimeSpan:
    """Return the time of the columns that have an axis, see `Memory.clocked_columns`."""
    clock = memory.subject.trace.clock
    assert clock is not None
    return over_time.time_span(_step_numbers(memory), clock.step_seconds)


def _step_numbers(memory: Memory) -> tuple[int, ...]:
    """Return the numbers of the steps of these columns, in the order of processing."""
    count = memory.columns[memory.clocked_columns - 1].last + 1
    return tuple(memory.subject.step_number(t) for t in range(count))


def times(memory: Memory, pixels: float) -> list[float]:
    """Return round times for a left axis of this height, from its top.

    The top is left to the sign of the unit.
    """
    time_span = span(memory)
    scale = time_span.scale(0, pixels)
    values: list[float] = []
    for count in range(MAX_TIMES, 1, -1):
        values = over_time.ticks(time_span.low, time_span.high, count, fractions=True)
        if all(abs(scale(b) - scale(a)) >= MIN_TIME_GAP for a, b in pairwise(values)):
            break
    return [value for value in values if scale(value) >= MIN_TIME_GAP / 2]


def gutter_width(memory: Memory, row_height: float) -> float:
    """Return the width of the numbers of the left axis, or of the sign of the unit, with a gap."""
    values = times(memory, memory.clocked_columns * row_height)
    texts = [span(memory).unit.symbol, *map(over_time.tick_text, values)]
    return UNIT_GAP + max(words.width(text, words.SMALL) for text in texts)


def upper_axis(grid: Grid) -> list[Mark]:
    """Draw the axis above the columns."""
    left, right = grid.x(1), grid.x(1 + grid.memory.clocked_columns)
    time_span = span(grid.memory)
    scale = time_span.scale(left, right)
    limits = left - MAX_LEFT_OVERHANG, right + MAX_RIGHT_OVERHANG
    values = over_time.ticks_across(scale, MAX_TIMES, *limits, fractions=True)
    line = Box(
        left,
        grid.top - LINE_GAP,
        right - left,
        LINE_WIDTH,
        fill="rule",
        bound=(Length(time_span.expr, "width", scale),),
    )
    y = grid.top - AXIS_RISE
    numbers = [
        words.tick(scale(value), y, over_time.tick_text(value), "middle") for value in values
    ]
    return [line, *numbers]


def left_axis(grid: Grid, gap: float) -> list[Mark]:
    """Draw the axis beside the rows, and above its numbers the sign of the unit.

    Args:
        grid: The cells.
        gap: The gap between the numbers and the cells.
    """
    memory = grid.memory
    top, bottom = grid.top, grid.y(memory.clocked_columns)
    time_span = span(memory)
    scale = time_span.scale(top, bottom)
    line = Box(
        grid.left - LINE_GAP,
        top,
        LINE_WIDTH,
        bottom - top,
        fill="rule",
        bound=(Length(time_span.expr, "height", scale),),
    )
    numbers = [
        words.tick(grid.left - gap, scale(value), over_time.tick_text(value))
        for value in times(memory, bottom - top)
    ]
    sign, _ = words.paragraph(
        grid.left - UNIT_GAP,
        top - AXIS_RISE - words.line_height(words.SMALL) / 2,
        sentence(time_span.unit.symbol),
        UNIT_WIDTH,
        size=words.SMALL,
        anchor="end",
    )
    return [sign, line, *numbers]
