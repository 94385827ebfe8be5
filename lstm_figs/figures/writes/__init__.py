"""The figure `writes`: a cell state as what was written into it."""

import numpy as np

from ...layout import WIDE, words
from ...layout.motifs import over_time, truths
from ...layout.room import inner
from ...proof.preamble.units import LIFE
from ...proof.subject import Subject
from ...scene.marks import Mark, Text
from ...scene.scenes import Diagram
from . import aside, cells, said, total
from . import line as row
from .memory import Memory, remembered, setup

MOST_NARROW = 24
"""The most columns that have room in a narrow form."""
WIDEST = 40.0
"""The widest column."""
LOWEST, HIGHEST = 13.0, 24.0
"""The height of a row."""
HEAD, LETTERS, LEVEL = 22.0, 18.0, 11.0
"""The height of a unit's name, and of the letters of columns; their middle."""
BETWEEN, APART = 26.0, 30.0
"""From one unit to the next, beside each other and below each other."""
SPARE = 0.02
"""The share of the scale of c that is beyond its ends."""
ROOMY = 80.0
"""From which width on c has three ticks."""
BESIDE = 8.0
"""From cells to f, and from f to c."""
ACROSS = 2
"""The most units beside each other."""
LINES = {1: 96.0, 2: 40.0}
"""The width of c, by how many units stand beside each other."""
MOST_TOTAL, ASIDE, BELOW = 280.0, 28.0, 18.0
"""The widest that a row is written out, and from all else to it."""


def writes(
    subject: Subject, room: float, *, units: tuple[int, ...] = (), step: int | None = None
) -> Diagram:
    """What each step wrote into c of a unit, and what is left of it.

    Args:
        subject: What is drawn.
        room: The width that the figure may use.
        units: The units that are drawn, at most eight; by default both of two,
            else one that keeps and one that reacts, or in a short sequence
            the one whose c goes farthest from zero.
        step: The step whose row is written out, by default that of the
            largest magnitude of c.
    """
    memory = remembered(subject, units, step)
    is_map = room >= WIDE or len(memory.columns) <= MOST_NARROW
    marks, height = _maps(memory, room) if is_map else _lines(memory, inner(room))
    if memory.end:
        kind = "map-{}" if is_map else "cell-*-{}"
        of = [kind.format(unit) for unit in memory.units]
        marks += cells.ramp(memory, height + 12, of)
        height += 12 + cells.BAR
    return Diagram(
        said.head(memory, marks, is_map=is_map),
        said.description(memory),
        inner(room),
        height,
        tuple(marks),
        room,
        "\n".join(over_time.tokens_setup(subject.trace) + truths.setup(subject) + _setup(memory)),
    )


def _setup(memory: Memory) -> list[str]:
    """Python that makes the cells, and what was chosen and said by."""
    if memory.choice:
        return [*memory.choice.setup, "", *setup(memory)]
    lasting = ["", LIFE] if said.has_life(memory) else []
    return [*setup(memory), *lasting]


def _maps(memory: Memory, room: float) -> tuple[list[Mark], float]:
    """The cells of each unit, two beside each other where there is room."""
    count = len(memory.units)
    across = min(count, ACROSS) if room >= WIDE else 1
    gutter = _gutter(memory)
    panel = (inner(room) - gutter - BETWEEN * (across - 1)) / across
    long = LINES[across] if room >= WIDE else LINES[2]
    right = BESIDE + aside.KEEP + BESIDE + long
    columns = len(memory.columns) + 1 - memory.first
    wide = min(WIDEST, (panel - right) / columns)
    high = min(HIGHEST, max(LOWEST, wide))
    letters = _are_letters(memory, wide)
    top = HEAD + LETTERS * letters
    marks: list[Mark] = []
    totals, grids = total.totals(memory), []
    places: list[total.Place] = []
    y = bottom = 0.0
    for place in range(count):
        k = place % across
        if place and not k:
            y = bottom + APART
        left = gutter + k * (panel + BETWEEN)
        grid = cells.Grid(memory, place, left, y + top, wide, high)
        # One column is not as wide as the name above it.
        named = grid.left + words.width(f"unit {grid.unit}", bold=True)
        keep = max(grid.right, named) + BESIDE
        c = keep + aside.KEEP + BESIDE
        span = aside.Aside(grid, keep, c, c + long, *_span(memory, long))
        if k == 0:
            ids = [f"map-{u}" for u in memory.units[place : place + across]]
            marks += _rows(grid, ids)
        marks += _map(grid, span, letters, y)
        start = left if room >= WIDE else 0.0
        at, end = _written(grid, totals[place], span.right, left + panel, start)
        bottom = max(bottom, end)
        grids.append(grid)
        places.append(at)
    for grid, one, at in zip(grids, totals, total.alike(totals, places), strict=True):
        marks += total.written_out(one, at)
        marks += cells.note(grid, (at.x, at.y, at.y + one.height))
    return marks, bottom


def _gutter(memory: Memory) -> float:
    """The width of what rows are called."""
    mono = bool(memory.subject.trace.tokens)
    names = [_row_name(memory, row) for row in range(len(memory.columns))]
    widths = [Text(0, 0, name, words.SMALL, mono=mono).width for name in names]
    return max(widths) + 6


def _row_name(memory: Memory, row: int) -> str:
    one = memory.columns[row]
    return one.label if one.says else str(memory.step(row))


def _are_letters(memory: Memory, wide: float) -> bool:
    """Whether each column has its letter above it."""
    labels = [one.label for one in memory.columns]
    return (
        bool(memory.subject.trace.tokens)
        and len(over_time.letters_of(labels)) == len(labels)
        and wide >= over_time.widest(labels, words.SMALL)
    )


def _rows(grid: cells.Grid, ids: list[str]) -> list[Mark]:
    """What each row is after."""
    memory = grid.memory
    return [
        words.label(
            grid.left - 6,
            grid.middle(row),
            _row_name(memory, row),
            {"step": memory.step(row)},
            ids,
            "row",
            style=cells.style(memory),
            anchor="end",
            says=one.says,
        )
        for row, one in enumerate(memory.columns)
    ]


def _map(grid: cells.Grid, beside: aside.Aside, letters: bool, y: float) -> list[Mark]:
    """One unit: its name, its cells, and what is beside them."""
    return [
        words.label(
            grid.left,
            y + LEVEL,
            f"unit {grid.unit}",
            {"unit": grid.unit},
            [grid.id],
            "block",
            style=words.STRONG,
        ),
        *cells.cells(grid),
        *(cells.above(grid) if letters else []),
        *cells.beside(grid),
        *cells.start(grid),
        cells.framed(grid),
        *aside.kept(beside, grid.top - LEVEL),
        *aside.line(beside, grid.top - LEVEL),
    ]


def _written(
    grid: cells.Grid, one: total.Total, right: float, edge: float, start: float
) -> tuple[total.Place, float]:
    """Where a row is written out, and the bottom of all.

    Over what is not written yet, else at the right of all, else below.
    """
    top, bottom = grid.top + 6, grid.bottom + BELOW
    rows = [r for r in range(grid.rows) if grid.y(r) < top + one.height + 4]
    least = max(
        grid.x(row + 2) + 2 * cells.BESIDE + cells.named(grid.memory, row).width for row in rows
    )
    room = grid.right - 6 - least
    if room >= one.width and len(rows) < grid.rows:
        width = min(MOST_TOTAL, room)
        return total.Place(grid.right - 6 - width, top, width), bottom
    if edge - right - ASIDE >= one.width:
        width = min(MOST_TOTAL, edge - right - ASIDE)
        at = total.Place(right + ASIDE, grid.top - HEAD, width)
        return at, max(bottom, at.y + one.height)
    at = total.Place(start, bottom + 6, min(MOST_TOTAL, edge - start))
    return at, at.y + one.height


def _span(memory: Memory, long: float) -> tuple[float, float, tuple[float, ...]]:
    """The scale of c, which all units have in common, and its ticks."""
    finite = memory.c[np.isfinite(memory.c)]
    low = min(0.0, float(finite.min(initial=0)))
    high = max(0.0, float(finite.max(initial=0)))
    if low == high:
        low, high = -1.0, 1.0
    # So that what is nearly a round value has its tick.
    spare = SPARE * (high - low)
    low, high = low - spare * (low < 0), high + spare * (high > 0)
    every = over_time.ticks(low, high, 6)
    scale = long / (high - low)
    ends = [
        tick
        for tick in (every[-1], every[0])
        if abs(tick) * scale >= words.width(over_time.said(tick), words.SMALL) + 8
    ]
    if len(ends) == 2 and long < ROOMY:
        ends = ends[:1]
    return low, high, (0.0, *ends)


def _lines(memory: Memory, room: float) -> tuple[list[Mark], float]:
    """The chosen row of each unit as a line of text."""
    marks: list[Mark] = []
    y = 0.0
    totals = total.totals(memory)
    wide = total.Place(0, 0, min(MOST_TOTAL, room))
    places = total.alike(totals, [wide] * len(totals))
    for place, unit in enumerate(memory.units):
        y += APART * bool(place)
        names: dict[str, object] = {"unit": unit}
        found, bottom = row.line(memory, place, y + HEAD, room)
        of = [mark.id for mark in found if mark.id.startswith("cell")]
        marks.append(words.label(0, y + 7, f"unit {unit}", names, of, "block", style=words.STRONG))
        marks += found
        at = places[place]._replace(y=bottom + 10)
        marks += total.written_out(totals[place], at)
        y = at.y + totals[place].height
    return marks, y
