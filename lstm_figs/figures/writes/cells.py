"""The cells of a unit as a heat map: a row per moment, a column per write."""

import math
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np

from ...layout import styles, words
from ...layout.motifs import heat
from ...proof.bindings import Heat, Sample, Says, sentence
from ...scene.marks import Box, Group, Mark, Path, Text
from ...scene.theme import DARKEST, Paint
from .memory import MAX_ERASED, Memory

FUTURE_PAINT = "muted:10"
"""The colour of cells whose write is still to come."""
HAIRLINE_WIDTH, MAX_GAP_SHARE = 0.75, 1 / 8
"""The width of the gap between two columns, and its largest share of a column."""
OVERLAP = 0.4
"""How far a cell extends under the next one, so that no seam shows."""
LABEL_GAP = 4.0
"""The gap between cells and words."""
LABEL_SHIFT = 0.1
"""How far left of its column a label begins that is wider than it."""
MAX_LABEL_OVERHANG = 2.0
"""How far the label of a column may extend beyond the cells."""


class Grid(NamedTuple):
    """The grid of the cells of a unit.

    Attributes:
        memory: The rows and columns of all units.
        unit_index: The index of the unit in `memory.units`.
        left: The left edge.
        top: The top edge.
        column_width: The width of a column.
        row_height: The height of a row.
    """

    memory: Memory
    unit_index: int
    left: float
    top: float
    column_width: float
    row_height: float

    @property
    def unit(self) -> int:
        """The number of the unit."""
        return self.memory.units[self.unit_index]

    @property
    def id(self) -> str:
        """The id of the cells."""
        return f"map-{self.unit}"

    @property
    def rows(self) -> int:
        """The number of rows."""
        return len(self.memory.columns)

    @property
    def right(self) -> float:
        """The right edge of the last column."""
        return self.x(self.rows + 1)

    @property
    def bottom(self) -> float:
        """The bottom edge of the last row."""
        return self.y(self.rows)

    def x(self, column: int) -> float:
        """Return the left edge of a column."""
        return self.left + (column - self.memory.first_column) * self.column_width

    def written_right(self, row: int) -> float:
        """Return the right edge of what is written up to a row.

        Column 0 is the initial state, so the write of row `k` is column `k + 1`.
        """
        return self.x(row + 2)

    def y(self, row: float) -> float:
        """Return the top edge of a row."""
        return self.top + row * self.row_height

    def middle(self, row: int) -> float:
        """Return the middle of a row."""
        return self.y(row + 0.5)


def paint(value: float, limit: float) -> Paint:
    """Return the colour of a cell; empty for a value that is too small for a colour.

    Args:
        value: The value; what is not finite is black.
        limit: The magnitude with the strongest colour.
    """
    if not math.isfinite(value):
        return "ink"
    share = round(min(1.0, abs(value) / limit) * DARKEST)
    return f"{'pos' if value > 0 else 'neg'}:{share}" if share else ""


def cells(grid: Grid) -> list[Mark]:
    """Draw what is left of each write; cells whose write is still to come are grey."""
    memory = grid.memory
    stairs = [
        ("L", point)
        for row in range(grid.rows - 1)
        for edge in [grid.written_right(row)]
        for point in ((edge, grid.y(row)), (edge, grid.y(row + 1)))
    ]
    future = Path(
        (
            ("M", (grid.written_right(0), grid.top)),
            *stairs,
            ("L", (grid.right, grid.y(grid.rows - 1))),
            ("L", (grid.right, grid.top)),
            ("Z",),
        ),
        fill=FUTURE_PAINT,
        id=f"future-{grid.unit}",
    )
    # Cells of one colour are one path of thick vertical lines, which keeps the file small.
    segments: dict[Paint, list[tuple[str, tuple[float, float]]]] = {}
    for column in range(memory.first_column, grid.rows + 1):
        x = grid.x(column) + grid.column_width / 2
        for colour, first, last in _runs(grid, column):
            low = grid.y(last) + OVERLAP if last < grid.rows else grid.y(last)
            segments.setdefault(colour, []).extend((("M", (x, grid.y(first))), ("L", (x, low))))
    if not segments:
        # If another unit sets the scale, all values may be too small for a colour.
        x = grid.left + grid.column_width / 2
        segments["paper"] = [("M", (x, grid.top)), ("L", (x, grid.bottom))]
    column_gap = min(HAIRLINE_WIDTH, MAX_GAP_SHARE * grid.column_width)
    paths = [
        Path(tuple(d), stroke=colour, stroke_width=grid.column_width - column_gap)
        for colour, d in sorted(segments.items())
    ]
    visible_columns = "1:" if memory.first_column else ":"
    heat = Heat(
        f"cells[:, {visible_columns}, {grid.unit}]",
        memory.limit,
        (grid.left, grid.top, grid.right, grid.bottom),
    )
    # With a single row, nothing is still to come.
    marks: list[Mark] = [future] if grid.rows > 1 else []
    marks.append(Group(tuple(paths), id=grid.id, term="i g", bound=(heat,)))
    return marks


def _runs(grid: Grid, column: int) -> Iterator[tuple[Paint, int, int]]:
    """Yield runs of rows with one colour: the colour, the first row, and the end (exclusive)."""
    memory = grid.memory
    # A column begins at the row of its own write; the initial state is there from the first.
    first = max(column - 1, 0)
    values = memory.remaining[:, column, grid.unit_index].tolist()
    limit = memory.limit
    paints = [paint(value, limit) for value in values]
    for row in range(first, grid.rows):
        if row + 1 == grid.rows or paints[row + 1] != paints[row]:
            if paints[row]:
                yield paints[row], first, row + 1
            first = row + 1


def frame(grid: Grid) -> Mark:
    """Frame the row that is written out."""
    row = grid.memory.written_out_rows[grid.unit_index]
    return Box(
        grid.left - 1,
        grid.y(row) - 0.5,
        grid.written_right(row) - grid.left + 1,
        grid.row_height + 1,
        stroke="ink",
        stroke_width=styles.LINE.plain.weight,
        id=f"row-{grid.unit}",
        bound=(Says(claim=sum_claim(grid.memory, row, grid.unit)),),
    )


def sum_claim(memory: Memory, row: int, unit: int) -> str:
    """Return the claim that the cells of a row add up to c, or that c is not finite."""
    parts = f"cells[{row}, :, {unit}]"
    c = f"c[{memory.columns[row].last}, 0, {unit}]"
    return f"bool(({parts}.sum() - {c}).abs() <= 1e-5 * {parts}.abs().sum()) or not {c}.isfinite()"


def step_labels(grid: Grid) -> list[Mark]:
    """Label each column with its step, above the cell where it begins."""
    memory = grid.memory
    marks: list[Mark] = []
    for row in range(grid.rows):
        label = step_label(memory, row, grid.id)
        x = grid.x(row + 1) + _label_offset(grid, label)
        if x + label.width <= grid.right + MAX_LABEL_OVERHANG:
            marks.append(label._replace(x=x, y=label.y + grid.middle(row - 1)))
    return marks


def step_label(memory: Memory, row: int, id: str = "") -> Text:
    """Return the label of the column that begins at a row."""
    column = memory.columns[row]
    names = {"write": memory.written(row + 1)}
    return words.label(
        0,
        0,
        column.label,
        names=names,
        of=[id],
        along="row" if row else "column",
        style=style(memory),
        says=column.says,
    )


def style(memory: Memory) -> words.Style:
    """Return the text style of step labels; tokens use a monospaced font."""
    has_tokens = bool(memory.subject.trace.tokens)
    return words.FINE_CODE if has_tokens else words.FINE


def start_label(grid: Grid) -> list[Mark]:
    """Label the first column as the state before the sequence."""
    if grid.memory.first_column:
        return []
    return [
        words.label(
            grid.x(0) + grid.column_width / 2,
            grid.bottom + LABEL_DROP,
            "before",
            names={"write": 0},
            of=[grid.id],
            along="column",
            style=words.FINE,
            anchor="middle",
        )
    ]


LABEL_DROP = 9.0
"""The distance from the cells down to the middle of the label of the first column."""
CANCELLED = ("blue and red", "cancel")
"""The note on rows that cancel, as lines."""
CANCELLED_SHARE, MIN_SIZE_SHARE = 0.1, 0.25
"""Rows cancel if |c| is less than the first share of the sum of |cells|, and that sum is at
least the second share of the largest one."""
NOTE_LINE, MAX_NOTE_DISTANCE = words.line_height(words.SMALL), 60.0
"""The height of a line of a note, and how far above the rows it may begin."""
NOTE_STEP = 2.0
"""How far the note moves up to try the next place."""
NOTE_SLACK = 4.0
"""What a paragraph is wider than its longest line, so that rounding breaks no line."""
NOT_YET, ERASED = "not written yet", "erased"
"""The notes on grey cells, and on a row that almost nothing is left in."""


def cancelled(memory: Memory, unit_index: int) -> range:
    """Return the longest run of rows whose cells cancel; empty if there is none."""
    magnitudes = abs(memory.remaining[:, :, unit_index]).sum(1)
    sizes = abs(memory.c[:, unit_index])
    cancels = (sizes < CANCELLED_SHARE * magnitudes) & (
        magnitudes >= MIN_SIZE_SHARE * magnitudes.max()
    )
    first, longest = 0, range(0)
    # A last row that does not cancel ends the last run.
    for row, row_cancels in enumerate([*cancels.tolist(), False]):
        if not row_cancels:
            longest = max(longest, range(first, row), key=len)
            first = row + 1
    return longest


def label_right(grid: Grid, y: float) -> float:
    """Return the right edge of what is drawn at a height: cells, and the label of a column."""
    row = min(max(int((y - grid.top) // grid.row_height), 0), grid.rows - 1)
    if row + 1 == grid.rows or grid.memory.clocked_columns:
        return grid.written_right(row)
    # The label of the next column, which begins in the next row.
    label = step_label(grid.memory, row + 1)
    return grid.written_right(row) + _label_offset(grid, label) + label.width


def _label_offset(grid: Grid, label: Text) -> float:
    """Return how far right of the left edge of its column a label begins.

    It is centred, and where it is wider than its column, it begins with it.
    """
    return max((grid.column_width - label.width) / 2, -LABEL_SHIFT)


def _is_free(grid: Grid, right: float, top: float, width: float) -> bool:
    """Return whether a line that ends at `right` fits beside the cells."""
    edges = [label_right(grid, y) for y in (top, top + NOTE_LINE / 2, top + NOTE_LINE)]
    return right - width >= max(edges) + LABEL_GAP / 2


def cancelled_note(grid: Grid, total_bottom: float) -> tuple[list[Mark], float]:
    """Frame the rows that cancel, and say so above the frame.

    Args:
        grid: The cells.
        total_bottom: The bottom of what is above, in the upper right of the cells.

    Returns:
        The marks, and their top; the bottom of the cells if there are none.
    """
    memory, rows = grid.memory, cancelled(grid.memory, grid.unit_index)
    if not rows:
        return [], grid.bottom
    first, last = grid.y(rows[0]), grid.y(rows[-1] + 1)
    right = label_right(grid, last - 1) + LABEL_GAP
    widths = [words.width(line, words.SMALL) for line in CANCELLED]
    low = max(total_bottom + LABEL_GAP, first - MAX_NOTE_DISTANCE)
    top = first - LABEL_GAP - len(widths) * NOTE_LINE
    while top >= low and not all(
        _is_free(grid, grid.right, top + k * NOTE_LINE, width) for k, width in enumerate(widths)
    ):
        top -= NOTE_STEP
    if top < low or right > grid.right:
        return [], grid.bottom
    ends = [column.last for column in memory.columns[rows.start : rows.stop]]
    parts = f"cells[{rows.start}:{rows.stop}, :, {grid.unit}].abs().sum(1)"
    claim = f"bool((c[{ends}, 0, {grid.unit}].abs() < {CANCELLED_SHARE} * {parts}).all())"
    line, bottom = words.paragraph(
        grid.right,
        top,
        sentence(" ".join(CANCELLED), claim=claim),
        max(widths) + NOTE_SLACK,
        size=words.SMALL,
        fill="ink",
        anchor="end",
    )
    frame = (
        ("M", (grid.left, first + 1)),
        ("L", (right, first + 1)),
        ("M", (right, bottom + 2)),
        ("L", (right, last - 1)),
        ("L", (grid.left, last - 1)),
    )
    return [line, Path(frame, stroke="ink", stroke_width=styles.LINE.muted.weight)], top


def future_note(grid: Grid, top: float, bottom: float) -> list[Mark]:
    """Say what grey cells are, below `top` and above `bottom`, if there is space."""
    right, width = grid.right - LABEL_GAP, words.width(NOT_YET, words.SMALL)
    top += 2 * LABEL_GAP
    if top + NOTE_LINE > min(bottom, grid.bottom) or not _is_free(grid, right, top, width):
        return []
    # Above the diagonal of the last written cells; the first column is the initial state.
    claim = f"not cells[:, :, {grid.unit}].triu(2).any()"
    line, _ = words.paragraph(
        right,
        top,
        sentence(NOT_YET, claim=claim),
        width + NOTE_SLACK,
        size=words.SMALL,
        anchor="end",
    )
    return [line]


def erased_note(grid: Grid, rows: Sequence[int]) -> list[Mark]:
    """Say in the first of some rows with enough space that it is erased.

    Args:
        grid: The cells.
        rows: The rows at which almost everything is lost, the most important first.
    """
    memory, left = grid.memory, grid.left + LABEL_GAP / 2
    width = words.width(ERASED, words.SMALL)
    for row in rows:
        # The last cell of a row is what its own step writes.
        values = memory.remaining[row, memory.first_column : row + 1, grid.unit_index].tolist()
        is_white = not any(paint(value, memory.limit) for value in values)
        if row and is_white and left + width + LABEL_GAP / 2 <= grid.x(row + 1):
            sizes = f"cells[{row}, :{row + 1}, {grid.unit}].abs().sum()"
            sizes_before = f"cells[{row - 1}, :, {grid.unit}].abs().sum()"
            line, _ = words.paragraph(
                left,
                grid.middle(row) - NOTE_LINE / 2,
                sentence(ERASED, claim=f"bool({sizes} < {MAX_ERASED} * {sizes_before})"),
                width + NOTE_SLACK,
                size=words.SMALL,
                fill="ink",
            )
            return [line]
    return []


SCALE_WIDTH, SCALE_HEIGHT = 96.0, 8.0
"""The size of the colour scale."""
SCALE_GAP, CAPTION_GAP = 6.0, 8.0
"""The gaps between the scale and its ends, and beside its caption."""
SCALE_STEPS = 25
"""The number of colours of the scale; odd, so that one of them is 0."""


def colour_scale(memory: Memory, y: float, of: Sequence[str]) -> list[Mark]:
    """Draw the colour scale, with its ends.

    Args:
        memory: The rows and columns of all units.
        y: The top edge.
        of: The ids of the marks that use these colours.
    """
    largest = memory.largest_cell
    if largest is None:
        return []
    level = y + SCALE_HEIGHT / 2
    caption = "what is left"
    x = words.width(caption, words.SMALL) + CAPTION_GAP
    low, high = (
        words.number(x, level, number, size=words.SMALL, anchor="start", id=id, term="i g")
        for number, id in heat.scale_ends(largest, "scale")
    )
    name = words.label(
        0, level, caption, names={"tensor": "cells"}, of=[low, high], style=words.FINE
    )
    left = low.x + low.width + SCALE_GAP
    high = high._replace(x=left + SCALE_WIDTH + SCALE_GAP)
    cell_width = SCALE_WIDTH / SCALE_STEPS
    boxes = [
        Box(
            left + k * cell_width,
            y,
            cell_width + OVERLAP if k + 1 < SCALE_STEPS else cell_width,
            SCALE_HEIGHT,
            fill=paint(value, 1) or "paper",
        )
        for k, value in enumerate(np.linspace(-1, 1, SCALE_STEPS).tolist())
    ]
    bar = Group(tuple(boxes), bound=(Sample(tuple(of)),))
    return [name, low, bar, high]
