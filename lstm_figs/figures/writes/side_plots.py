"""The plots beside the cells: the share kept at each row, and c."""

import math
from typing import NamedTuple

import numpy as np

from ...layout import styles, words
from ...layout.motifs import over_time
from ...model.reference import Number, Ref
from ...model.units import MIN_SHARE_LEFT
from ...proof.bindings import Course, Says, Scale
from ...scene.marks import Box, Mark, Path, Text
from .cells import Grid
from .memory import MAX_ERASED, Memory

KEEP_WIDTH, NARROW_KEEP_WIDTH = 40.0, 16.0
"""The width of a bar for f = 1, and that in a narrow form, which has no numbers."""
KEEP_PAINT = "gate-f:75"
"""The colour of these bars."""
TICK_GAP = 3.0
"""The gap between a tick and the bars."""
NUMBER_OVERHANG = 4.0
"""How far a number may extend beyond the bars."""
BAR_GAP = 2.0
"""The vertical gap between two bars."""
MAX_NUMBERS = 5
"""The most values of f to print for a unit."""
MAX_CHARS = 6
"""The most characters of such a value."""
AXIS_DROP = 9.0
"""The distance from the cells down to the middle of the tick labels of c."""


class SidePlots(NamedTuple):
    """The position and the scale of both plots.

    Attributes:
        grid: The cells.
        keep_left: The left edge of the bars of f.
        keep_width: The width of a bar for f = 1.
        c_left: The left edge of the plot of c.
        c_right: The right edge of the plot of c.
        low: The value of c at the left edge.
        high: The value of c at the right edge.
        ticks: Round values between them.
    """

    grid: Grid
    keep_left: float
    keep_width: float
    c_left: float
    c_right: float
    low: float
    high: float
    ticks: tuple[float, ...]

    @property
    def rows(self) -> Scale:
        """The vertical scale, from the index of a row to its middle."""
        return Scale(0, 1, self.grid.middle(0), self.grid.middle(1))


def keep_bars(side: SidePlots, level: float) -> list[Mark]:
    """Draw the share kept at each row; `level` is the middle of the heading."""
    grid = side.grid
    memory, unit = grid.memory, grid.unit
    height = grid.bottom - grid.top
    bars = _bars(side)
    ticks: list[Mark] = []
    for row in low_rows(memory, grid.unit_index):
        x, top, bottom = side.keep_left - TICK_GAP, grid.y(row), grid.y(row + 1)
        tick = (("M", (x, top + BAR_GAP / 2)), ("L", (x, bottom - BAR_GAP / 2)))
        weight = styles.LINE.strong.weight
        claim = f"bool({_keep_value(grid, row).expr} < {MIN_SHARE_LEFT})"
        ticks.append(Path(tick, stroke="gate-f", stroke_width=weight, bound=(Says(claim=claim),)))
    numbers = [
        _keep_number(side, row)
        for row in lowest_rows(memory, grid.unit_index)
        if side.keep_width == KEEP_WIDTH
    ]
    caption, names = ("kept", {"tensor": "kept"}) if memory.is_pooled else ("f keep", {"gate": "f"})
    if side.keep_width < KEEP_WIDTH and not memory.is_pooled:
        # There is no room for its verb.
        caption = "f"
    heading = words.label(
        side.keep_left,
        level,
        caption,
        names={**names, "unit": unit},
        of=[bars, *numbers],
        along="block",
        style=words.FINE,
        fill="gate-f",
        term="f",
    )
    ground = Box(side.keep_left, grid.top, side.keep_width, height, fill=over_time.EMPTY_PAINT)
    return [ground, bars, *ticks, *numbers, heading]


def _bars(side: SidePlots) -> Path:
    """Draw a bar for the share kept at each row."""
    grid = side.grid
    memory, unit = grid.memory, grid.unit
    scale = Scale(0, 1, side.keep_left, side.keep_left + side.keep_width)
    ref = Ref("kept")[:, unit] if memory.is_pooled else Ref("f")[:, 0, unit]
    pieces: list[tuple[str, *tuple[tuple[float, float], ...]]] = []
    for row, value in enumerate(memory.retained[:, grid.unit_index].tolist()):
        if not math.isfinite(value):
            continue
        top, bottom = grid.y(row) + BAR_GAP / 2, grid.y(row + 1) - BAR_GAP / 2
        pieces += [
            ("M", (scale(0), top)),
            ("L", (scale(value), top)),
            ("L", (scale(value), bottom)),
            ("L", (scale(0), bottom)),
            ("Z",),
        ]
    edges = f"torch.stack([torch.zeros({grid.rows}), {ref}])"
    return Path(
        # A path of no length, if no value is finite.
        tuple(pieces) or (("M", (scale(0), grid.top)),),
        fill=KEEP_PAINT,
        compact=True,
        id=f"{'kept' if memory.is_pooled else 'f'}-{unit}",
        term="f",
        bound=(Course(edges, "area down", side.rows, scale),),
    )


def low_rows(memory: Memory, unit_index: int) -> list[int]:
    """Return the rows at which less than half is kept, see `MIN_SHARE_LEFT`."""
    values = memory.retained[:, unit_index]
    return [row for row, value in enumerate(values) if value < MIN_SHARE_LEFT]


def _rows_by_loss(memory: Memory, unit_index: int) -> list[int]:
    """Return the rows of `low_rows` at which something is lost, the largest loss first."""
    # What a row loses is a share of what there was before it.
    magnitudes = abs(memory.remaining[:, :, unit_index]).sum(1)
    start = memory.subject.steps[0].c_prev[0, memory.units[unit_index]]
    magnitudes_before = np.array([abs(float(start)), *magnitudes[:-1]])
    losses = (1 - memory.retained[:, unit_index]) * magnitudes_before
    rows = [row for row in low_rows(memory, unit_index) if losses[row] > 0]
    return sorted(rows, key=lambda row: -losses[row])


def lowest_rows(memory: Memory, unit_index: int) -> list[int]:
    """Return, in ascending order, the few rows that lose most; their numbers are printed."""
    return sorted(_rows_by_loss(memory, unit_index)[:MAX_NUMBERS])


def erasing_rows(memory: Memory, unit_index: int) -> list[int]:
    """Return the rows at which almost everything is lost, the largest loss first."""
    retained = memory.retained[:, unit_index]
    return [row for row in _rows_by_loss(memory, unit_index) if retained[row] < MAX_ERASED]


def _keep_value(grid: Grid, row: int) -> Number:
    """Return the share kept at a row."""
    memory, unit = grid.memory, grid.unit
    if not memory.is_pooled:
        return memory.subject.result("f", row, 0, unit)
    value = memory.retained[row, grid.unit_index]
    return Number(value, Ref("kept")[row, unit], memory.scale(row))


def _keep_number(side: SidePlots, row: int) -> Text:
    """Print the share kept at a row, right of its short bar."""
    return words.number(
        side.keep_left + side.keep_width + NUMBER_OVERHANG,
        side.grid.middle(row),
        _keep_value(side.grid, row),
        size=words.SMALL,
        max_chars=MAX_CHARS,
        anchor="end",
        id=f"f-{row}-{side.grid.unit}",
        term="f",
    )


def c_line(side: SidePlots, level: float) -> list[Mark]:
    """Draw c after each row; `level` is the middle of the heading."""
    grid = side.grid
    scale = Scale(side.low, side.high, side.c_left, side.c_right)
    grid_lines = [
        Path(
            (("M", (scale(tick), grid.top)), ("L", (scale(tick), grid.bottom))),
            stroke="rule",
            stroke_width=styles.LINE.muted.weight,
        )
        for tick in side.ticks
    ]
    ticks = [
        words.tick(scale(tick), grid.bottom + AXIS_DROP, over_time.tick_text(tick), "middle")
        for tick in side.ticks
    ]
    line = _c_path(side, scale)
    heading = words.label(
        side.c_left,
        level,
        "c",
        names={"tensor": "c", "unit": grid.unit},
        of=[line],
        along="block",
        style=words.FINE_STRONG,
        fill="c",
        term="c",
    )
    return [*grid_lines, line, *ticks, heading]


def _c_path(side: SidePlots, scale: Scale) -> Path:
    """Draw the line of c, interrupted where it is not finite."""
    grid = side.grid
    memory = grid.memory
    pieces: list[tuple[str, *tuple[tuple[float, float], ...]]] = []
    # Whether the line goes on from the row above.
    is_joined = False
    for row, value in enumerate(memory.c[:, grid.unit_index].tolist()):
        if not math.isfinite(value):
            is_joined = False
            continue
        x = scale(value)
        pieces.append(("L" if is_joined else "M", (x, grid.y(row))))
        pieces.append(("L", (x, grid.y(row + 1))))
        is_joined = True
    steps = [column.last for column in memory.columns] if memory.is_pooled else ":"
    return Path(
        # A path of no length, if no value is finite.
        tuple(pieces) or (("M", (scale(0), grid.top)),),
        stroke="c",
        stroke_width=styles.CURVE.strong.weight,
        id=f"c-{grid.unit}",
        term="c",
        bound=(Course(f"c[{steps}, 0, {grid.unit}]", "path down", side.rows, scale),),
    )
