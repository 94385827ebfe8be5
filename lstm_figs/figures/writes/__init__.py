"""The figure `writes`: c, split into what each step wrote."""

from collections.abc import Sequence

import numpy as np

from ...layout import WIDE, words
from ...layout.margins import inner_width
from ...layout.motifs import label_rows, over_time
from ...model.layer_run import LayerRun
from ...proof.preamble.units import LIFE
from ...scene.marks import Mark, Text
from ...scene.scenes import Diagram
from . import cells, side_plots, texts, time_axes, total
from .memory import Memory, memory_of, setup

MAX_COLUMN_WIDTH = 40.0
"""The largest width of a column."""
MIN_ROW_HEIGHT, MAX_ROW_HEIGHT = 13.0, 24.0
"""The least and the largest height of a row."""
NAME_HEIGHT, LETTERS_HEIGHT, NAME_MIDDLE = 22.0, 16.0, 11.0
"""The heights of a unit's name and of the column labels, and the middle of the name."""
COLUMN_GAP, ROW_GAP = 26.0, 30.0
"""The gaps between units side by side, and between units above each other."""
SPARE_SHARE = 0.02
"""How far the scale of c extends beyond its values, as a share of the scale."""
MIN_THREE_TICKS_WIDTH = 80.0
"""A plot of c at least this wide has three ticks."""
SIDE_GAP, NARROW_GAP = 8.0, 6.0
"""The gaps between cells and f, and between f and c, and those in a narrow form."""
MAX_UNITS_PER_ROW = 2
"""The most units side by side."""
C_WIDTHS = {1: 96.0, 2: 40.0}
"""The width of the plot of c, by the number of units side by side."""
NAME_GAP, SCALE_GAP = 6.0, 12.0
"""The gaps beside the name of a row, and above the colour scale."""
MAX_TICKS, TICK_GAP = 6, 8.0
"""The most ticks of c, and the least gap between two labels."""
MAX_TOTAL_WIDTH, TOTAL_GAP, TOTAL_MARGIN = 280.0, 28.0, 18.0
"""The largest width of a total, its gap at the left, and its gap at the top."""
TOTAL_INSET = 6.0
"""The gap between a total in the upper right of the cells and their edges."""


def writes(
    subject: LayerRun, width: float, *, units: tuple[int, ...] = (), step: int | None = None
) -> Diagram:
    """What each step wrote into c of a unit, and what is left of it.

    Args:
        subject: The run, layer and direction to draw.
        width: The width that the figure may use.
        units: The units that are drawn, at most eight; by default both of two,
            else one that keeps and one that reacts, or in a short sequence
            the one whose c goes farthest from zero.
        step: The step whose row is written out, by default that of the
            largest magnitude of c.
    """
    memory = memory_of(subject, units, step)
    marks, height = _maps(memory, width)
    # Without a cell that is not zero, no colour needs a scale.
    if memory.largest_cell:
        cell_ids = [f"map-{unit}" for unit in memory.units]
        marks += cells.colour_scale(memory, height + SCALE_GAP, cell_ids)
        height += SCALE_GAP + cells.SCALE_HEIGHT
    return Diagram(
        heading=texts.head(memory),
        description=texts.description(memory),
        width=inner_width(width),
        height=height,
        marks=tuple(marks),
        figure_width=width,
        setup="\n".join(
            over_time.tokens_setup(subject.trace) + label_rows.setup(subject) + _setup(memory)
        ),
    )


def _setup(memory: Memory) -> list[str]:
    """Return the Python code for the cells, the choice of units, and the title."""
    if memory.representatives:
        return [*memory.representatives.setup, "", *setup(memory)]
    lasting = ["", LIFE] if texts.has_life(memory) else []
    return [*setup(memory), *lasting]


def _maps(memory: Memory, width: float) -> tuple[list[Mark], float]:
    """Draw the heat map of each unit, two side by side if the form is wide enough."""
    count = len(memory.units)
    is_wide = width >= WIDE
    units_per_row = min(count, MAX_UNITS_PER_ROW) if is_wide else 1
    gutter = _gutter(memory)
    gaps_width = COLUMN_GAP * (units_per_row - 1)
    panel_width = (inner_width(width) - gutter - gaps_width) / units_per_row
    # A narrow form has the plots of two units side by side.
    c_width = C_WIDTHS[units_per_row if is_wide else MAX_UNITS_PER_ROW]
    keep_width = side_plots.KEEP_WIDTH
    if not is_wide:
        # The heading "kept" is wider than "f".
        keep_width = side_plots.NARROW_KEEP_WIDTH * (2 if memory.is_pooled else 1)
    gap = SIDE_GAP if is_wide else NARROW_GAP
    plots_width = gap + keep_width + gap + c_width
    visible_columns = len(memory.columns) + 1 - memory.first_column
    column_width = min(MAX_COLUMN_WIDTH, (panel_width - plots_width) / visible_columns)
    row_height = min(MAX_ROW_HEIGHT, max(MIN_ROW_HEIGHT, column_width))
    # Many units in a narrow form would make a large file.
    has_steps = is_wide or count <= MAX_UNITS_PER_ROW
    top = NAME_HEIGHT + LETTERS_HEIGHT if has_steps else NAME_HEIGHT
    marks: list[Mark] = []
    totals = total.totals(memory)
    grids: list[cells.Grid] = []
    places: list[total.Place] = []
    y = bottom = 0.0
    for unit_index in range(count):
        place_in_row = unit_index % units_per_row
        is_first_in_row = place_in_row == 0
        if unit_index and is_first_in_row:
            y = bottom + ROW_GAP
        left = gutter + place_in_row * (panel_width + COLUMN_GAP)
        grid = cells.Grid(
            memory=memory,
            unit_index=unit_index,
            left=left,
            top=y + top,
            column_width=column_width,
            row_height=row_height,
        )
        # A single column is narrower than the name above it.
        name_right = grid.left + words.width(f"unit {grid.unit}", bold=True)
        keep_left = max(grid.right, name_right) + gap
        c_left = keep_left + keep_width + gap
        low, high, ticks = _c_range(memory, c_width)
        plots = side_plots.SidePlots(
            grid=grid,
            keep_left=keep_left,
            keep_width=keep_width,
            c_left=c_left,
            c_right=c_left + c_width,
            low=low,
            high=high,
            ticks=ticks,
        )
        if is_first_in_row:
            same_row = memory.units[unit_index : unit_index + units_per_row]
            marks += _rows(grid, [f"map-{unit}" for unit in same_row])
        marks += _map(grid, plots, y, has_steps=has_steps)
        place, unit_bottom = _total_place(
            grid,
            totals[unit_index],
            plots_right=plots.c_right,
            panel_right=left + panel_width,
            panel_left=left if is_wide else 0.0,
        )
        bottom = max(bottom, unit_bottom)
        grids.append(grid)
        places.append(place)
    places = total.same_scale(totals, places)
    for row_total, place in zip(totals, places, strict=True):
        marks += total.written_out(row_total, place)
    return [*marks, *_notes(grids, totals, places)], bottom


def _notes(
    grids: Sequence[cells.Grid], totals: Sequence[total.Total], places: Sequence[total.Place]
) -> list[Mark]:
    """Draw the notes in the cells, each of them once.

    One says what cancels, where most rows do; one what grey is, in the first unit; and one
    what is erased, in the first unit with space for it.

    Args:
        grids: The cells of each unit.
        totals: The total of each unit.
        places: The places of the totals, which may be in the cells as well.
    """
    marks: list[Mark] = []
    erased_note: list[Mark] = []
    longest = max(grids, key=lambda grid: len(cells.cancelled(grid.memory, grid.unit_index)))
    for grid, row_total, place in zip(grids, totals, places, strict=True):
        is_inside = place.x < grid.right and place.y < grid.bottom
        notes_top = place.y + row_total.height if is_inside else grid.top
        notes_bottom = grid.bottom
        if grid is longest:
            note, notes_bottom = cells.cancelled_note(grid, notes_top)
            marks += note
        if grid.unit_index == 0:
            marks += cells.future_note(grid, notes_top, notes_bottom)
        if not erased_note:
            rows = side_plots.erasing_rows(grid.memory, grid.unit_index)
            erased_note = cells.erased_note(grid, rows)
    return marks + erased_note


def _gutter(memory: Memory) -> float:
    """Return the width of the row names, or of the numbers of an axis of time."""
    if memory.clocked_columns:
        # The highest rows have the finest numbers, which are the widest.
        return time_axes.gutter_width(memory, MAX_ROW_HEIGHT)
    are_tokens = bool(memory.subject.trace.tokens)
    names = [_row_name(memory, row) for row in range(len(memory.columns))]
    widths = [Text(0, 0, name, words.SMALL, mono=are_tokens).width for name in names]
    return max(widths) + NAME_GAP


def _row_name(memory: Memory, row: int) -> str:
    """Return the tokens of a row, or its step."""
    column = memory.columns[row]
    return column.label if column.says else str(memory.step(row))


def _rows(grid: cells.Grid, ids: list[str]) -> list[Mark]:
    """Print the name of each row, its token or its step number, or an axis of time."""
    memory = grid.memory
    if memory.clocked_columns:
        return time_axes.left_axis(grid, NAME_GAP)
    return [
        words.label(
            grid.left - NAME_GAP,
            grid.middle(row),
            _row_name(memory, row),
            names={"step": memory.step(row)},
            of=ids,
            along="row",
            style=cells.style(memory),
            anchor="end",
            says=column.says,
        )
        for row, column in enumerate(memory.columns)
    ]


def _map(grid: cells.Grid, plots: side_plots.SidePlots, y: float, *, has_steps: bool) -> list[Mark]:
    """Draw one unit: its name, its cells, and the plots beside them.

    Args:
        grid: The cells.
        plots: The plots beside them.
        y: The top edge.
        has_steps: Whether columns have labels.
    """
    cell_marks = cells.cells(grid)
    return [
        words.label(
            grid.left,
            y + NAME_MIDDLE,
            f"unit {grid.unit}",
            names={"unit": grid.unit},
            of=cell_marks,
            along="block",
            style=words.STRONG,
        ),
        *cell_marks,
        *(_column_labels(grid) if has_steps else []),
        *cells.start_label(grid),
        cells.frame(grid),
        *side_plots.keep_bars(plots, grid.top - NAME_MIDDLE),
        *side_plots.c_line(plots, grid.top - NAME_MIDDLE),
    ]


def _column_labels(grid: cells.Grid) -> list[Mark]:
    """Label the columns with their steps, or with an axis of time."""
    if grid.memory.clocked_columns:
        return time_axes.upper_axis(grid)
    return cells.step_labels(grid)


def _total_place(
    grid: cells.Grid,
    row_total: total.Total,
    *,
    plots_right: float,
    panel_right: float,
    panel_left: float,
) -> tuple[total.Place, float]:
    """Return where to print a total, and the bottom of the unit.

    The total goes into the empty upper right of the cells, else to the right of
    everything, else below.

    Args:
        grid: The cells.
        row_total: The total.
        plots_right: The right edge of the plots beside the cells.
        panel_right: The right edge of the space of the unit.
        panel_left: The left edge of the space below the cells.
    """
    top, bottom = grid.top + TOTAL_INSET, grid.bottom + TOTAL_MARGIN
    rows = [
        row for row in range(grid.rows) if grid.y(row) < top + row_total.height + cells.LABEL_GAP
    ]
    occupied = cells.LABEL_GAP + max(cells.label_right(grid, grid.middle(row)) for row in rows)
    right = grid.right - TOTAL_INSET
    if right - occupied >= row_total.width and len(rows) < grid.rows:
        width = min(MAX_TOTAL_WIDTH, right - occupied)
        return total.Place(right - width, top, width), bottom
    space_beside = panel_right - plots_right - TOTAL_GAP
    if space_beside >= row_total.width:
        width = min(MAX_TOTAL_WIDTH, space_beside)
        place = total.Place(plots_right + TOTAL_GAP, grid.top - NAME_HEIGHT, width)
        return place, max(bottom, place.y + row_total.height)
    width = min(MAX_TOTAL_WIDTH, panel_right - panel_left)
    place = total.Place(panel_left, bottom + TOTAL_INSET, width)
    return place, place.y + row_total.height


def _c_range(memory: Memory, width: float) -> tuple[float, float, tuple[float, ...]]:
    """Return the ends of the scale of c, which all units share, and its ticks.

    Args:
        memory: The rows and columns of all units.
        width: The width of the plot of c.
    """
    finite = memory.c[np.isfinite(memory.c)]
    low = min(0.0, float(finite.min(initial=0)))
    high = max(0.0, float(finite.max(initial=0)))
    if low == high:
        # c is 0 throughout, so any scale will do.
        low, high = -1.0, 1.0
    # Extend the scale a little, so that a round value that is nearly reached has a
    # tick.
    spare = SPARE_SHARE * (high - low)
    if low < 0:
        low -= spare
    if high > 0:
        high += spare
    ticks = over_time.ticks(low, high, MAX_TICKS)
    pixels = width / (high - low)
    # The ends whose labels are clear of that of 0.
    ends = [
        tick
        for tick in (ticks[-1], ticks[0])
        if abs(tick) * pixels >= words.width(over_time.tick_text(tick), words.SMALL) + TICK_GAP
    ]
    if len(ends) == 2 and width < MIN_THREE_TICKS_WIDTH:
        ends = ends[:1]
    return low, high, (0.0, *ends)
