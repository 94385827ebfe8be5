"""Tensors beside those of a library that has them transposed."""

from collections.abc import Sequence
from itertools import product

from ...layout.cells import Grid
from ...layout.fold import few
from ...layout.heading import inner
from ...layout.panels import Panel, arrow, code, stack
from ...scene.marks import Mark, Path, shift
from .bands import (
    ABOVE,
    BAND,
    Banded,
    Bands,
    across,
    cell,
    flat,
    flat_width,
    length,
    places_of,
    upright,
    upright_width,
)
from .sides import Sides

LINK = 48.0
"""What lies between a matrix and its transpose."""


def transposed(sides: Sides, room: float) -> Panel:
    """Matrices that are transposed, and the biases that are added."""
    matrices = list(zip(sides.left[:2], sides.right[:2], strict=True))
    for per_line in (4, 2, 1):
        for space, width in sizes(room):
            grid = grid_of(width)
            turn = max(
                upright_width([one], sides.ours, grid) for one, _ in matrices
            )
            if all(
                turn + LINK + flat_width(other, sides.theirs, grid, per_line)
                <= space
                for _, other in matrices
            ):
                made = [
                    _turned(
                        upright([one], sides.ours, grid),
                        flat(other, sides.theirs, grid, per_line),
                        turn,
                    )
                    for one, other in matrices
                ]
                return _with_biases(sides, made, width, space)
    panels = []
    for one, other in matrices:
        panels += [
            upright([one], sides.ours, grid_of(35)),
            _widest(other, sides.theirs, room - 24)._replace(label=".T"),
        ]
    return _with_biases(sides, [below(panels)], 35, room - 24)


def _widest(one: Banded, bands: Bands, space: float) -> Panel:
    grid = grid_of(35)
    for per_line in (4, 2, 1):
        if flat_width(one, bands, grid, per_line) <= space:
            break
    return flat(one, bands, grid, per_line)


def _turned(left: Panel, right: Panel, turn: float) -> Panel:
    """A matrix, and what it is when its rows are columns."""
    height = max(left.height, right.height)
    y, x = height / 2, turn + 8
    marks = [
        *(shift(mark, 0, y - left.height / 2) for mark in left.marks),
        code(x + 17, y - 9, ".T"),
        arrow((x, y), (x + LINK - 18, y), paint="ink"),
        *(shift(mark, turn + LINK, y - right.height / 2)
          for mark in right.marks),
    ]  # fmt: skip
    return Panel(turn + LINK + right.width, height, tuple(marks))


def _with_biases(
    sides: Sides, panels: list[Panel], width: float, space: float
) -> Panel:
    """The matrices, and below them the biases with their sum."""
    if len(sides.right) > 2:
        own = sides.right[2].name.partition(" ")[0]
        long = [one.name.replace(" ", "_") for one in sides.left[2:]]
        grid = grid_of(width)
        ways = [*product(([*long, own], ["ih", "hh", "sum"]), (4, 2, 1))]
        fitting = (
            way
            for way in ways
            if _sums_width(sides.theirs, way[0], grid, way[1]) <= space
        )
        names, per_line = next(fitting, ways[-1])
        panels = [*panels, _sums(sides, names, grid, per_line)]
    return stack(panels, max(panel.width for panel in panels), gap=34)


def _sums_width(
    bands: Bands, names: Sequence[str], grid: Grid, per_line: int
) -> float:
    """What `_sums` takes across."""
    wide = length(few(bands.units), grid.width, grid.gap)
    return _aside(names) + per_line * (wide + BAND) - BAND


def _aside(names: Sequence[str]) -> float:
    """What the names of rows take."""
    return 10 + max(code(0, 0, name).width for name in names)


def _sums(
    sides: Sides, names: Sequence[str], grid: Grid, per_line: int
) -> Panel:
    """Both biases above their sum, unit by unit."""
    bands, rows = sides.theirs, [*sides.left[2:], sides.right[2]]
    units = few(bands.units)
    wide = length(units, grid.width, grid.gap)
    left = _aside(names)
    places = [one.places(bands.units) for one in rows]
    marks: list[Mark] = []
    pitch = grid.height + grid.gap
    tall = ABOVE + 3 * pitch + 8
    for k, gate in enumerate(bands.order):
        line, place = divmod(k, per_line)
        x, y = left + place * (wide + BAND), line * (tall + 16)
        marks.append(across(bands, k, grid, x, y))
        for n, one in enumerate(rows):
            under = y + ABOVE + n * pitch + (8 if n == 2 else 0)
            if not place:
                marks.append(
                    code(left - 8, under + grid.height / 2 + 4, names[n],
                         "end", bold=n == 2)
                )  # fmt: skip
            for unit, at in places_of(units, grid.width, grid.gap).items():
                marks += cell(
                    one.value(gate, unit, 0), grid, x + at, under,
                    top=bands.top, places=places[n],
                    id=f"{one.id}-{gate}-{unit}", term=f"{one.term} {gate}",
                )  # fmt: skip
        under = y + ABOVE + 2 * pitch + 3
        marks.append(
            Path(d=(("M", (x, under)), ("L", (x + wide, under))),
                 stroke="muted")
        )  # fmt: skip
    return Panel(
        _sums_width(bands, names, grid, per_line),
        4 // per_line * (tall + 16) - 16,
        tuple(marks),
    )


def sizes(room: float) -> list[tuple[float, float]]:
    """What may be taken across, and the width of a cell."""
    return [(inner(room), 46), (inner(room), 40), (room - 24, 35)]


def grid_of(width: float) -> Grid:
    """Cells of a width; narrow ones stand close."""
    return Grid(width, 24, 2 if width > 35 else 1)


def below(panels: Sequence[Panel]) -> Panel:
    """Pairs of panels, the second of each below the first."""
    marks: list[Mark] = []
    y, width = 0.0, max(panel.width for panel in panels)
    for k, panel in enumerate(panels):
        if k % 2:
            x = width / 2
            marks.append(arrow((x, y), (x, y + 26), paint="ink"))
            if panel.label:
                marks.append(code(x + 12, y + 17, panel.label, "start"))
            y += 34
        aside = (width - panel.width) / 2
        marks += [shift(mark, aside, y) for mark in panel.marks]
        y += panel.height + (10 if k % 2 == 0 else 30)
    return Panel(width, y - 30, tuple(marks))
