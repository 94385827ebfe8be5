"""Small builders that figures share: one dialect for all of them."""

import math
from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

import numpy as np

from . import digits, metrics
from .lstm import GATES
from .proof import Number
from .scene import Anchor, Box, Group, Mark, Path, Text, shift
from .terms import GATE_NAMES, TERMS
from .theme import STRONGEST, Paint

Point = tuple[float, float]

NUMBER = 11.0
"""The font size of numbers; the smallest that a page shows."""
CHARACTER = metrics.width("0", NUMBER, mono=True)
"""The width of one digit at that size."""
LINE = 15.0
"""From one line of numbers to the next."""


class Panel(NamedTuple):
    """A part of a figure, with its own origin at the top left."""

    width: float
    height: float
    marks: tuple[Mark, ...]
    label: str = ""


LABEL = 28.0
"""The height of a panel's label."""


def flow(panels: Sequence[Panel], room: float, gap: float = 40) -> Panel:
    """Panels side by side where they fit, else one below the other.

    Each has its label above it; side by side they are centred on a line.
    """
    labelled = LABEL if any(panel.label for panel in panels) else 0.0
    total = sum(p.width for p in panels) + gap * (len(panels) - 1)
    beside = total <= room
    width = total if beside else max(p.width for p in panels)
    height = max(p.height for p in panels)
    marks: list[Mark] = []
    x = y = 0.0
    for panel in panels:
        left = x if beside else (width - panel.width) / 2
        top = y + labelled
        if panel.label:
            marks.append(
                Text(
                    x=left + panel.width / 2, y=y + 10, content=panel.label,
                    bold=True, fill="muted", anchor="middle",
                )
            )  # fmt: skip
        down = (height - panel.height) / 2 if beside else 0
        marks += [shift(m, left, top + down) for m in panel.marks]
        if beside:
            x += panel.width + gap
        else:
            y = top + panel.height + 28
    return Panel(width, labelled + height if beside else y - 28, tuple(marks))


def code(
    x: float, y: float, text: str, anchor: Anchor = "middle", **more: str
) -> Text:
    """A name or an expression as it stands in code."""
    return Text(
        x=x, y=y, content=text, size=11.5, mono=True, anchor=anchor, **more
    )


def number(
    x: float,
    y: float,
    value: Number,
    *,
    places: int,
    room: int = 99,
    id: str,
    term: str,
    fill: Paint = "ink",
    aligned: bool = True,
) -> Text:
    """A number whose point stands where its neighbours' do.

    Args:
        x: The middle of a number with one digit before the point.
        y: The baseline.
        value: The number with its proof.
        places: Digits after the point that the group has.
        room: The most characters that there is room for.
        id: The id of the text.
        term: Its terms.
        fill: Its paint.
        aligned: Whether its point stands where its neighbours' do; else the
            number is centred.
    """
    printed = digits.text(value.value, places, room)
    usual = 1 + (places + 1 if places else 0)
    right = x + (usual + (1 if places else 0)) / 2 * CHARACTER
    _, point, after = printed.partition(".")
    if point and "e" not in printed and len(after) > places:
        extra = (len(after) - places) * CHARACTER
        right += min(extra, max(0.0, (room - usual - 1) / 2 * CHARACTER))
    return Text(
        x=round(right, 2) if aligned else x,
        y=y,
        content=printed,
        size=NUMBER,
        anchor="end" if aligned else "middle",
        mono=True,
        fill=fill,
        number=value,
        id=id,
        term=term,
    )


def column(
    x: float,
    top: float,
    values: Sequence[Number],
    *,
    id: str,
    term: str,
    fill: Paint = "ink",
    room: int = 6,
) -> Group:
    """Numbers one below the other; the first baseline is `top + 11`."""
    places = digits.decimals(v.value for v in values)
    return Group(
        marks=tuple(
            number(
                x, top + 11 + LINE * k, value,
                places=places, room=room, id=f"{id}-{k}", term=term, fill=fill,
            )
            for k, value in enumerate(values)
        ),
        term=term,
    )  # fmt: skip


def column_height(count: int) -> float:
    """The height of a `column` of so many numbers."""
    return LINE * count + 1


def chip(
    x: float,
    y: float,
    values: Sequence[Number],
    *,
    id: str,
    term: str,
    paint: Paint,
    width: float = 52,
) -> Group:
    """A vector in a rounded box, centred at x, y."""
    height = column_height(len(values)) + 8
    top = y - height / 2
    return Group(
        marks=(
            Box(
                x=x - width / 2, y=top, width=width, height=height, radius=5,
                fill="paper", stroke=paint,
            ),
            column(x, top + 4, values, id=id, term=term,
                   room=int((width - 4) / CHARACTER)),
        ),
        term=term,
    )  # fmt: skip


def chip_height(count: int) -> float:
    """The height of a `chip` of so many numbers."""
    return column_height(count) + 8


def arrow(
    *points: Point,
    paint: Paint = "muted",
    curve: bool = False,
    head: bool = True,
    term: str = "",
) -> Group:
    """A line with a head at its last point.

    Args:
        *points: Corners; with `curve`, a start and groups of three control
            points.
        paint: Of line and head.
        curve: Whether the points are those of cubic curves.
        head: Whether there is a head.
        term: Its terms.
    """
    end, marks = _head(points[-2], points[-1], paint) if head else (points[-1], ())
    points = (*points[:-1], end)
    d: list[tuple[str, *tuple[Point, ...]]] = [("M", points[0])]
    if curve:
        d += [("C", *points[k : k + 3]) for k in range(1, len(points), 3)]
    else:
        d += [("L", point) for point in points[1:]]
    line = Path(d=tuple(d), stroke=paint, stroke_width=1.5)
    return Group(marks=(line, *marks), term=term)


def round_arrow(
    *corners: Point, paint: Paint, term: str = "", radius: float = 8
) -> Group:
    """An arrow along horizontal and vertical lines, its corners rounded."""
    end, marks = _head(corners[-2], corners[-1], paint)
    d: list[tuple[str, *tuple[Point, ...]]] = [("M", corners[0])]
    for before, corner, after in zip(
        corners, corners[1:-1], corners[2:], strict=False
    ):
        start, stop = (_towards(corner, p, radius) for p in (before, after))
        d += [
            ("L", start),
            (
                "C",
                _towards(corner, before, radius * 0.45),
                _towards(corner, after, radius * 0.45),
                stop,
            ),
        ]
    d.append(("L", end))
    line = Path(d=tuple(d), stroke=paint, stroke_width=1.5)
    return Group(marks=(line, *marks), term=term)


def _towards(start: Point, end: Point, distance: float) -> Point:
    share = distance / math.dist(start, end)
    return (
        start[0] + (end[0] - start[0]) * share,
        start[1] + (end[1] - start[1]) * share,
    )


def _head(
    before: Point, tip: Point, paint: Paint
) -> tuple[Point, tuple[Mark, ...]]:
    """Where the line of an arrow ends, and the head beyond it."""
    angle = math.atan2(tip[1] - before[1], tip[0] - before[0])

    def behind(distance: float, aside: float = 0) -> Point:
        return (
            tip[0] - distance * math.cos(angle) - aside * math.sin(angle),
            tip[1] - distance * math.sin(angle) + aside * math.cos(angle),
        )

    head = Path(
        d=(
            ("M", tip),
            ("L", behind(8, 3.6)),
            ("L", behind(8, -3.6)),
            ("Z",),
        ),
        fill=paint,
    )
    return behind(7), (head,)


def circle(
    x: float,
    y: float,
    radius: float,
    *,
    fill: Paint,
    stroke: Paint,
    id: str = "",
    term: str = "",
) -> Box:
    """A circle is a box with round corners."""
    return Box(
        x=x - radius, y=y - radius, width=2 * radius, height=2 * radius,
        radius=radius, fill=fill, stroke=stroke, stroke_width=1.5,
        id=id, term=term,
    )  # fmt: skip


def gate_node(x: float, y: float, gate: str, radius: float = 16) -> Group:
    """A gate's letter in a circle of its colour."""
    paint = TERMS[gate].role
    return Group(
        marks=(
            circle(x, y, radius, fill=f"{paint}:14", stroke=paint),
            Text(
                x=x, y=y + 5, content=gate, size=14, bold=True, fill=paint,
                anchor="middle",
            ),
        ),
        term=gate,
    )  # fmt: skip


def heat(value: float, top: float) -> Paint:
    """The paint of a weight: its share of the largest in 5 per cent steps."""
    if not np.isfinite(value) or value == 0:
        return "panel"
    share = math.ceil(abs(value) / top * STRONGEST / 5) * 5
    return f"{'pos' if value > 0 else 'neg'}:{min(share, STRONGEST)}"


def largest(values: Iterable[Number]) -> float:
    """The largest finite magnitude, 1 where all are zero."""
    finite = (abs(float(v.value)) for v in values if np.isfinite(v.value))
    return max(finite, default=0) or 1


class Grid(NamedTuple):
    """Sizes of the cells of a matrix."""

    width: float
    height: float = 24
    gap: float = 2
    band: float = 0

    def x(self, col: int) -> float:
        """The left of a column."""
        return col * (self.width + self.gap)

    def y(self, row: int, rows_per_band: int = 1) -> float:
        """The top of a row; bands stand apart."""
        return row * (self.height + self.gap) + row // rows_per_band * self.band

    @property
    def room(self) -> int:
        """How many characters fit into a cell."""
        return int((self.width + 0.2) / CHARACTER)


def cells(
    values: Sequence[Sequence[Number]],
    grid: Grid,
    *,
    top: float,
    id: str,
    term: str | Callable[[int], str],
    places: int,
    rows_per_band: int = 1,
    coloured: bool = True,
    first_row: int = 0,
) -> Panel:
    """A matrix of numbers on cells coloured by their value.

    Args:
        values: Rows of numbers.
        grid: The sizes of cells.
        top: The magnitude that has the strongest colour.
        id: Ids are this, the row and the column.
        term: Terms, or a function from the row to them.
        places: Digits after the point.
        rows_per_band: How many rows stand together.
        coloured: Whether colour shows the value.
        first_row: What the first row is called in ids.
    """
    marks: list[Mark] = []
    for row, line in enumerate(values):
        terms = term if isinstance(term, str) else term(row)
        for col, value in enumerate(line):
            x, y = grid.x(col), grid.y(row, rows_per_band)
            marks += [
                Box(
                    x=x, y=y, width=grid.width, height=grid.height, radius=3,
                    fill=heat(value.value, top) if coloured else "panel",
                ),
                number(
                    x + grid.width / 2, y + grid.height / 2 + 4, value,
                    places=places, room=grid.room,
                    id=f"{id}-{first_row + row}-{col}", term=terms,
                ),
            ]  # fmt: skip
    rows, cols = len(values), len(values[0])
    return Panel(
        grid.x(cols) - grid.gap,
        grid.y(rows - 1, rows_per_band) + grid.height,
        tuple(marks),
    )


def bands(
    grid: Grid, hidden_size: int, x: float, y: float, *, close: bool = False
) -> list[Mark]:
    """The letter, bar and row indices left of the four bands of a matrix.

    Args:
        grid: The sizes of cells.
        hidden_size: Rows in a band.
        x: The left of the matrix.
        y: The top of the matrix.
        close: Whether there is little room, 38 pixels instead of 62.
    """
    letter, bar, index = (x - 33, x - 25, x - 4) if close else (
        x - 48, x - 35, x - 10
    )  # fmt: skip
    marks: list[Mark] = []
    for k, gate in enumerate(GATES):
        paint = TERMS[gate].role
        first = k * hidden_size
        top = y + grid.y(first, hidden_size)
        height = hidden_size * (grid.height + grid.gap) - grid.gap
        inside: list[Mark] = [
            Text(
                x=letter, y=top + height / 2 + 5, content=gate, size=14,
                bold=True, fill=paint, anchor="middle",
            ),
            Box(x=bar, y=top, width=3, height=height, radius=1.5, fill=paint),
        ]  # fmt: skip
        inside += [
            Text(
                x=index,
                y=y + grid.y(row, hidden_size) + grid.height / 2 + 4,
                content=str(row), size=NUMBER, mono=True, fill="muted",
                anchor="end",
            )
            for row in range(first, first + hidden_size)
        ]  # fmt: skip
        marks.append(Group(marks=tuple(inside), term=gate))
    return marks


def counted(count: int, noun: str) -> str:
    """A count with its noun.

    >>> counted(1, "input"), counted(3, "input")
    ('1 input', '3 inputs')
    """
    return f"{count} {noun}{'' if count == 1 else 's'}"


def spoken(values: Iterable[Number]) -> str:
    """Numbers as a list in a description.

    >>> spoken([Number(0.5, "a"), Number(-1.25, "b")])
    '0.50, −1.25'
    """
    listed = list(values)
    places = digits.decimals(v.value for v in listed)
    return ", ".join(digits.text(v.value, places) for v in listed)


def input_node(
    x: float, y: float, feature: int, value: Number, id: str
) -> Group:
    """One feature of the input, with its value, in a circle of radius 24."""
    return Group(
        marks=(
            circle(x, y, 24, fill="paper", stroke="ink"),
            Text(
                x=x, y=y - 4, content=f"x_{{{feature + 1}}}", size=13,
                bold=True, anchor="middle",
            ),
            number(
                x, y + 13, value, places=digits.decimals([value.value]),
                room=5, id=id, term="x", fill="muted", aligned=False,
            ),
        ),
        term="x",
    )  # fmt: skip


def weight_line(
    start: Point, end: Point, weight: Number, top: float, paint: Paint
) -> Path:
    """A line whose width is the magnitude of a weight."""
    size = abs(float(weight.value))
    share = min(1.0, size / top) if np.isfinite(size) else 0.0
    return Path(
        d=(("M", start), ("L", end)),
        stroke=paint,
        stroke_width=round(0.6 + 3.2 * share, 2),
        opacity=0.8,
    )


def spread(count: int, gap: float, height: float) -> list[float]:
    """Places for so many things, `gap` apart, in the middle of a height.

    >>> spread(3, 10, 40)
    [10.0, 20.0, 30.0]
    """
    first = (height - gap * (count - 1)) / 2
    return [first + gap * k for k in range(count)]


MARKERS = ("o", "s", "^", "D", "v", "P", "X", "*")
"""Matplotlib's markers, in the order of the units."""

_OUTLINES = {
    "s": ((-3, -3), (3, -3), (3, 3), (-3, 3)),
    "^": ((0, -3.6), (3.6, 3), (-3.6, 3)),
    "D": ((0, -4), (4, 0), (0, 4), (-4, 0)),
    "v": ((0, 3.6), (-3.6, -3), (3.6, -3)),
    "P": (
        (-1.3, -3.6), (1.3, -3.6), (1.3, -1.3), (3.6, -1.3), (3.6, 1.3),
        (1.3, 1.3), (1.3, 3.6), (-1.3, 3.6), (-1.3, 1.3), (-3.6, 1.3),
        (-3.6, -1.3), (-1.3, -1.3),
    ),
    "X": (
        (-3.6, -1.8), (-1.8, -3.6), (0, -1.8), (1.8, -3.6), (3.6, -1.8),
        (1.8, 0), (3.6, 1.8), (1.8, 3.6), (0, 1.8), (-1.8, 3.6), (-3.6, 1.8),
        (-1.8, 0),
    ),
    "*": tuple(
        (
            (4 if k % 2 == 0 else 1.7) * math.sin(k * math.pi / 5),
            -(4 if k % 2 == 0 else 1.7) * math.cos(k * math.pi / 5),
        )
        for k in range(10)
    ),
}  # fmt: skip


def marker(x: float, y: float, name: str, paint: Paint) -> Mark:
    """A marker as a chart draws it, for a legend."""
    if name == "o":
        return Box(
            x=x - 3.2, y=y - 3.2, width=6.4, height=6.4, radius=3.2, fill=paint
        )
    first, *rest = ((x + dx, y + dy) for dx, dy in _OUTLINES[name])
    return Path(
        d=(("M", first), *(("L", point) for point in rest), ("Z",)), fill=paint
    )
