"""Tensors in four bands, down or across; of many units, an excerpt."""

from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from ...layout.cells import CHARACTER, NUMBER, Grid, heat, number
from ...layout.fold import Excerpt, Gap, few
from ...layout.panels import Panel, code
from ...layout.vectors import dots
from ...proof import digits
from ...proof.subject import Number
from ...scene.marks import Anchor, Box, Group, Mark, Text, shift
from ...scene.terms import TERMS

GAP, BAND, APART = 16.0, 8.0, 8.0
"""What stands for elements that are left out, what is between two bands, and
between two tensors."""
HEAD, ABOVE = 44.0, 38.0
"""The height of the name and the shape of a tensor, and that of the letters
and the indices above columns."""


class Banded(NamedTuple):
    """A tensor with a band for each gate, whichever way it lies.

    Attributes:
        name: What it is called, in one line or two.
        shape: Its shape.
        id: What ids begin with.
        term: Its term.
        columns: How many numbers each unit has in a band.
        value: The number of a gate, a unit and a column.
    """

    name: str
    shape: str
    id: str
    term: str
    columns: int
    value: Callable[[str, int, int], Number]

    def shown(self, units: int) -> Iterator[Number]:
        """The numbers that are shown, gate by gate and unit by unit."""
        for gate in "ifgo":
            for unit in few(units).indices:
                for column in few(self.columns).indices:
                    yield self.value(gate, unit, column)

    def places(self, units: int) -> int:
        """Digits after the point, the same in all bands."""
        return digits.decimals(n.value for n in self.shown(units))


class Bands(NamedTuple):
    """The four bands of a side.

    Attributes:
        units: The units of a band.
        order: The gates, in PyTorch's letters.
        letters: What the side calls them.
        numbered: Whether units are numbered through all bands.
        top: The magnitude of the strongest colour.
    """

    units: int
    order: Sequence[str]
    letters: Sequence[str]
    numbered: bool
    top: float

    @property
    def gutter(self) -> float:
        """What the letters and the indices of rows take."""
        return 34 + CHARACTER * len(str(4 * self.units - 1))

    def called(self, band: int, unit: int) -> str:
        """What the row or the column of a unit is called."""
        return str(band * self.units * self.numbered + unit)


def places_of(shown: Excerpt, size: float, gap: float) -> dict[int, float]:
    """Where the elements that are shown begin."""
    at, places = 0.0, {}
    for line in shown.lines:
        if isinstance(line, Gap):
            at += GAP
        else:
            places[line] = at
            at += size + gap
    return places


def gap_of(shown: Excerpt, size: float, gap: float) -> list[float]:
    """The middles of what is left out."""
    at, middles = 0.0, []
    for line in shown.lines:
        if isinstance(line, Gap):
            middles.append(at + (GAP - gap) / 2)
            at += GAP
        else:
            at += size + gap
    return middles


def length(shown: Excerpt, size: float, gap: float) -> float:
    """What an excerpt takes."""
    gaps = len(shown.lines) - len(shown.indices)
    return len(shown.indices) * (size + gap) + gaps * GAP - gap


def middles(bands: Bands, grid: Grid) -> dict[str, float]:
    """The middle of each band that lies in rows, without what is above."""
    tall = length(few(bands.units), grid.height, grid.gap)
    return {
        gate: HEAD + k * (tall + BAND) + tall / 2
        for k, gate in enumerate(bands.order)
    }


def upright_width(tensors: Sequence[Banded], bands: Bands, grid: Grid) -> float:
    """What `upright` takes across."""
    x = bands.gutter
    for one in tensors:
        x += _taken(one, grid) + APART
    return x - APART


def upright(tensors: Sequence[Banded], bands: Bands, grid: Grid) -> Panel:
    """Tensors side by side, whose bands are rows."""
    units = few(bands.units)
    tall = length(units, grid.height, grid.gap)
    rows = places_of(units, grid.height, grid.gap)
    marks: list[Mark] = []
    for k, gate in enumerate(bands.order):
        top = HEAD + k * (tall + BAND)
        paint = TERMS[gate].role
        inside: list[Mark] = [
            Text(
                x=7, y=top + tall / 2 + 5, content=bands.letters[k], size=14,
                bold=True, fill=paint, anchor="middle",
            ),
            Box(x=17, y=top, width=3, height=tall, radius=1.5, fill=paint),
            *(_index(bands.gutter - 6, top + y + grid.height / 2 + 4,
                     bands.called(k, unit), "end")
              for unit, y in rows.items()),
        ]  # fmt: skip
        for y in gap_of(units, grid.height, grid.gap):
            inside += dots(bands.gutter - 6 - CHARACTER / 2, top + y + 4)
        marks.append(Group(marks=tuple(inside), term=gate))
    x = bands.gutter
    for one in tensors:
        columns = few(one.columns)
        wide = length(columns, grid.width, grid.gap)
        room, places = _taken(one, grid), one.places(bands.units)
        marks += [shift(text, x + room / 2, 0) for text in _head(one)]
        left = x + (room - wide) / 2
        for k, gate in enumerate(bands.order):
            top = HEAD + k * (tall + BAND)
            marks += _cells(
                one, gate, bands, grid, left, top, rows,
                places_of(columns, grid.width, grid.gap), places, down=True,
            )  # fmt: skip
            marks += [
                _index(left + at, top + tall / 2 + 4, "…", "middle")
                for at in gap_of(columns, grid.width, grid.gap)
            ]
        x += room + APART
    return Panel(x - APART, HEAD + 4 * (tall + BAND) - BAND, tuple(marks))


def _taken(one: Banded, grid: Grid) -> float:
    """What a tensor or its name takes across, whichever is wider."""
    wide = length(few(one.columns), grid.width, grid.gap)
    return max(wide, *(text.width for text in _head(one)))


def flat_width(one: Banded, bands: Bands, grid: Grid, per_line: int) -> float:
    """What `flat` takes across; its name may stand out at the right."""
    wide = length(few(bands.units), grid.width, grid.gap)
    inside = per_line * (wide + BAND) - BAND
    over = max(text.width for text in _head(one)) - inside
    return _margin(one) + inside + max(0, over / 2)


def _margin(one: Banded) -> float:
    """What the indices of rows take."""
    return 10 + CHARACTER * len(str(one.columns - 1))


def flat(one: Banded, bands: Bands, grid: Grid, per_line: int) -> Panel:
    """A tensor whose bands are columns, some of them in each line."""
    units, columns = few(bands.units), few(one.columns)
    wide = length(units, grid.width, grid.gap)
    tall = length(columns, grid.height, grid.gap)
    rows = places_of(columns, grid.height, grid.gap)
    left, places = _margin(one), one.places(bands.units)
    pitch = ABOVE + tall + 12
    marks: list[Mark] = []
    for k, gate in enumerate(bands.order):
        line, place = divmod(k, per_line)
        x, y = left + place * (wide + BAND), HEAD + line * pitch
        top = y + ABOVE
        marks.append(across(bands, k, grid, x, y))
        if not place:
            marks += [
                _index(left - 6, top + at + grid.height / 2 + 4, str(row),
                       "end")
                for row, at in rows.items()
            ]  # fmt: skip
            for at in gap_of(columns, grid.height, grid.gap):
                marks += dots(left - 6 - CHARACTER / 2, top + at + 4)
        marks += _cells(
            one, gate, bands, grid, x, top, rows,
            places_of(units, grid.width, grid.gap), places, down=False,
        )  # fmt: skip
    middle = left + (per_line * (wide + BAND) - BAND) / 2
    marks += [shift(text, middle, 0) for text in _head(one)]
    width = flat_width(one, bands, grid, per_line)
    return Panel(width, HEAD + 4 // per_line * pitch - 12, tuple(marks))


def across(bands: Bands, k: int, grid: Grid, x: float, y: float) -> Group:
    """The letter and the bar of a band of columns, and their indices."""
    units = few(bands.units)
    wide = length(units, grid.width, grid.gap)
    paint = TERMS[bands.order[k]].role
    return Group(
        marks=(
            Text(
                x=x + wide / 2, y=y + 10, content=bands.letters[k], size=14,
                bold=True, fill=paint, anchor="middle",
            ),
            Box(x=x, y=y + 16, width=wide, height=3, radius=1.5, fill=paint),
            *(_index(x + at + grid.width / 2, y + 32, bands.called(k, unit),
                     "middle")
              for unit, at in
              places_of(units, grid.width, grid.gap).items()),
            *(_index(x + at, y + 32, "…", "middle")
              for at in gap_of(units, grid.width, grid.gap)),
        ),
        term=bands.order[k],
    )  # fmt: skip


def _index(x: float, y: float, said: str, anchor: Anchor) -> Text:
    return Text(
        x=x, y=y, content=said, size=NUMBER, mono=True, fill="muted",
        anchor=anchor,
    )  # fmt: skip


def _head(one: Banded) -> list[Text]:
    """The name above the shape, each centred at 0."""
    first, _, second = one.name.partition(" ")
    if second:
        return [code(0, 19, first), code(0, 34, second)]
    shape = code(0, 33, one.shape, fill="muted")
    return [code(0, 16, first), shape]


def _cells(
    one: Banded,
    gate: str,
    bands: Bands,
    grid: Grid,
    left: float,
    top: float,
    rows: dict[int, float],
    columns: dict[int, float],
    places: int,
    *,
    down: bool,
) -> list[Mark]:
    """The numbers of a band; `down` is where its units are rows."""
    marks: list[Mark] = []
    for row, y in rows.items():
        for column, x in columns.items():
            unit, j = (row, column) if down else (column, row)
            marks += cell(
                one.value(gate, unit, j), grid, left + x, top + y,
                top=bands.top, places=places,
                id=f"{one.id}-{gate}-{unit}-{j}", term=f"{one.term} {gate}",
            )  # fmt: skip
    return marks


def cell(
    value: Number,
    grid: Grid,
    x: float,
    y: float,
    *,
    top: float,
    places: int,
    id: str,
    term: str,
) -> list[Mark]:
    """A number on its colour."""
    return [
        Box(
            x=x, y=y, width=grid.width, height=grid.height, radius=3,
            fill=heat(value.value, top),
        ),
        number(
            x + grid.width / 2, y + grid.height / 2 + 4, value,
            places=places, room=grid.room, id=id, term=term,
        ),
    ]  # fmt: skip
