"""Parameters in aligned rows: as numbers, as colours, or folded.

Rows stand in PyTorch's order, in four bands with the gate's letter and row
indices left of them; above the columns of a tensor stand its name, its shape
and what it meets. While its rows have room a tensor is printed, up to 16 units
and 24 inputs it has a coloured cell for each element, and beyond that one for
each block, see `heat`.
"""

from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from ...model.lstm import GATES
from ...model.tensors import Array
from ...proof.bindings import Node, Sentence, sentence
from ...proof.digits import text
from ...proof.reference import Matrix, Number, Ref
from ...proof.subject import Subject
from ...scene import metrics
from ...scene.marks import Box, Group, Mark, Text
from ...scene.terms import TERMS
from .. import words
from . import heat, rows

HEAD = 58.0
"""What stands above the rows: name, shape and the index of each column."""
TOP, BELOW, BARE = 42.0, 46.0, 19.0
"""What stands above a map, and below it: indices and colours, or no colours."""
ASIDE = 5.0
"""How far the index of a narrow column reaches beyond the map."""
MOST_UNITS, MOST_NUMBERS = 8, 560
"""The most units whose rows are printed."""


class Tensor(NamedTuple):
    """A parameter, or what belongs to it, whose rows are those of its gates.

    Attributes:
        id: What ids begin with, and its term.
        name: As the module has it.
        symbol: As equations have it, where there is little room.
        array: Two axes.
        of: The parameter.
        values: Numbers by gate, unit and column.
        meets: What its columns are multiplied with, `x` or `h`.
        stored: Whether the module has it.
        scale: The sum of the absolute addends behind its elements.
    """

    id: str
    name: str
    symbol: str
    array: Array
    of: Ref
    values: Mapping[tuple[str, int, int], Number]
    meets: str = ""
    stored: bool = True
    scale: float = 0

    @property
    def columns(self) -> int:
        """How many there are."""
        return int(self.array.shape[1])

    @property
    def matrix(self) -> Matrix:
        """Its two axes."""
        of = self.of if self.meets else Ref(f"({self.of})[:, None]")
        return Matrix(self.array, of, self.scale)

    def largest(self) -> Number:
        """The finite element of largest magnitude."""
        sizes = np.where(np.isfinite(self.array), abs(self.array), 0)
        row, column = divmod(int(np.argmax(sizes)), self.columns)
        size = len(self.array) // 4
        return self.values[GATES[row // size], row % size, column]


class Elements(Mapping[tuple[str, int, int], Number]):
    """The numbers of a parameter, made when they are asked for."""

    def __init__(self, subject: Subject, name: str):
        self.subject, self.name = subject, name
        array = subject.weights.parameters()[name]
        self.columns = array.shape[1] if array.ndim == 2 else 1
        self.is_matrix = array.ndim == 2

    def __getitem__(self, place: tuple[str, int, int]) -> Number:
        gate, unit, column = place
        row = self.subject.weights.row(gate, unit)
        index = (row, column) if self.is_matrix else (row,)
        return self.subject.parameter(self.name, *index)

    def __iter__(self) -> Iterable[tuple[str, int, int]]:  # type: ignore[override]
        units = range(self.subject.weights.hidden_size)
        return (
            (gate, unit, column)
            for gate in GATES
            for unit in units
            for column in range(self.columns)
        )

    def __len__(self) -> int:
        return 4 * self.subject.weights.hidden_size * self.columns


def parameters(subject: Subject, *, summed: bool = False) -> list[Tensor]:
    """Every parameter that has four bands, in PyTorch's order.

    Args:
        subject: What is drawn.
        summed: Whether the sum of the biases is the last of them.
    """
    found = []
    for name, array in subject.weights.parameters().items():
        if name == "weight_hr":
            continue
        full = subject.parameter_name(name)
        meets = {"weight_ih": "x", "weight_hh": "h"}.get(name, "")
        found.append(
            Tensor(
                name,
                full,
                TERMS[name].symbol,
                array if meets else array[:, None],
                subject.ref(name),
                Elements(subject, name),
                meets,
            )
        )
    if summed and subject.weights.bias_ih is not None:
        values = {
            (gate, unit, 0): subject.bias(subject.weights.row(gate, unit))
            for gate in GATES
            for unit in range(min(MOST_UNITS, subject.weights.hidden_size))
        }
        both = subject.ref("bias_ih") + subject.ref("bias_hh")
        found.append(
            Tensor(
                "bias",
                "bias sum",
                "biases",
                subject.weights.bias[:, None],
                both,
                values,
                stored=False,
            )
        )
    return found


class Fitted(NamedTuple):
    """How wide columns are that have room for their numbers.

    Attributes:
        size: The font size.
        room: The most characters of a number.
        widths: Of a column of each tensor.
        aparts: The space right of each tensor.
    """

    size: float
    room: int
    widths: tuple[float, ...]
    aparts: tuple[float, ...]

    @property
    def total(self) -> float:
        """The width of columns and spaces, for one column a tensor."""
        return sum(self.widths) + sum(self.aparts)


def fitted(
    tensors: Sequence[Tensor],
    units: Sequence[int],
    space: float,
    *,
    close: bool,
    widest: float = 96,
) -> Fitted | None:
    """The columns of tensors side by side, None where they have no room.

    Args:
        tensors: What is printed.
        units: Whose rows.
        space: What the columns may take.
        close: Whether the figure is narrow.
        widest: The widest that a column is drawn.
    """
    counts = [t.columns for t in tensors]
    if sum(counts) * 26 > space or sum(counts) * 4 * len(units) > MOST_NUMBERS:
        return None
    aparts = tuple(_apart(*pair, close=close) for pair in pairwise(tensors))
    aparts = (*aparts, 0.0)
    for size, room in ((words.NUMBER, 6), (words.SMALL, 6), (words.SMALL, 5)):
        least = [
            max(
                words.Decimals.of(_shown(one, units), room).width(size) + (4.5 if close else 6.5),
                0.0 if one.stored else 58.0,
            )
            for one in tensors
        ]
        needed = sum(w * n for w, n in zip(least, counts, strict=True))
        spare = space - needed - sum(aparts)
        if spare >= 0:
            more = spare / sum(counts)
            widths = (min(max(widest, w), w + more) for w in least)
            return Fitted(size, room, tuple(widths), aparts)
    return None


def _shown(one: Tensor, units: Sequence[int]) -> list[Number]:
    return [
        one.values[gate, unit, k] for gate in GATES for unit in units for k in range(one.columns)
    ]


def _apart(left: Tensor, right: Tensor, *, close: bool) -> float:
    if not right.stored:
        return 24.0
    narrow = not left.meets
    return (1.0 if narrow else 4.0) if close else (12.0 if narrow else 16.0)


def end_of(tensors: Iterable[Tensor]) -> float:
    """The largest finite magnitude, 1 where all are 0."""
    found = 0.0
    for one in tensors:
        finite = abs(one.array[np.isfinite(one.array)])
        found = max(found, float(finite.max())) if finite.size else found
    return found or 1.0


def printed(where: rows.Rows, tensors: Sequence[Tensor], fit: Fitted, end: float) -> list[Mark]:
    """Tensors as numbers on cells that are shaded by their value.

    Args:
        where: The rows; their top has `HEAD` above it.
        tensors: Side by side.
        fit: Their columns, see `fitted`.
        end: The magnitude that has the strongest colour.
    """
    ids = [f"{one.id}-{{row}}-*" for one in tensors]
    marks: list[Mark] = rows.gutter(where, ids)
    names = _names(tensors, fit)
    x = where.left
    for one, width, apart, name in zip(tensors, fit.widths, fit.aparts, names, strict=True):
        made = rows.cells(
            where,
            x,
            width,
            one.columns,
            one.values,
            end=end,
            id=one.id,
            term=one.id,
            size=fit.size,
            room=fit.room,
        )
        if not one.stored:
            made = [_dashed(mark) for mark in made]
        marks.append(Group(tuple(made), id=one.id, bound=(Node(one.of),)))
        middle = x + (one.columns * width - 2) / 2
        marks += head(one, name, middle, where.top - HEAD)
        marks += _meeting(one, x, width, where.top - 10)
        x += one.columns * width + apart
    return marks


def _dashed(mark: Mark) -> Mark:
    """The cell of a number that the module does not store."""
    if not isinstance(mark, Box):
        return mark
    return mark._replace(stroke="muted", stroke_width=0.75, dash="2.5 2")


def _names(tensors: Sequence[Tensor], fit: Fitted) -> list[str]:
    """The names of tensors, in full where there is room for all of them."""
    room = [
        one.columns * width + min(14.0, apart) - 6
        for one, width, apart in zip(tensors, fit.widths, fit.aparts, strict=True)
    ]
    ways = (
        [one.name for one in tensors],
        [one.id if one.stored else one.name for one in tensors],
        [one.id if one.meets else one.symbol for one in tensors],
        [one.symbol for one in tensors],
    )
    return next(
        (
            names
            for names in ways
            if all(
                Text(0, 0, name, words.LABEL, bold=True).width <= space
                for name, space in zip(names, room, strict=True)
            )
        ),
        ways[-1],
    )


def head(one: Tensor, name: str, x: float, y: float, *more: str) -> list[Mark]:
    """The name and the shape of a tensor; `y` is their top.

    Args:
        one: The tensor.
        name: What it is called here.
        x: The middle of its columns.
        y: The top of the name.
        more: Ids of what the name stands over beside the tensor.
    """
    below: Mark
    if one.stored:
        shape = tuple(one.array.shape if one.meets else one.array.shape[:1])
        below = words.label(
            x,
            y + 26,
            str(shape),
            {"shape": ",".join(map(str, shape))},
            [one.id],
            "column",
            style=words.FINE,
            anchor="middle",
        )
    else:
        below, _ = words.paragraph(
            x,
            y + 26 - words.LINE * words.SMALL / words.NOTE / 2,
            sentence("not stored"),
            90,
            size=words.SMALL,
            anchor="middle",
        )
    return [
        words.label(
            x,
            y + 8,
            name,
            {"tensor": one.id},
            [one.id, *more],
            "column",
            anchor="middle",
            style=words.STRONG,
            term=one.id,
        ),
        below,
    ]


def _meeting(one: Tensor, x: float, width: float, y: float) -> list[Mark]:
    """What each column is multiplied with, such as `x[0]`."""
    key = {"x": "input", "h": "unit"}.get(one.meets)
    if key is None or width < 30:
        return []
    return [
        words.label(
            x + (k + 0.5) * width - 1,
            y,
            f"{one.meets}[{k}]",
            {key: k},
            [f"{one.id}-*-{k}"],
            "column",
            style=words.FINE_CODE,
            anchor="middle",
        )
        for k in range(one.columns)
    ]


class Bands(NamedTuple):
    """Four bands of cells.

    Attributes:
        rows: The rows of a band in cells.
        high: The height of a cell.
        top: The top of the first band.
        left: Where cells begin.
        apart: The space between two bands.
    """

    rows: heat.Cut
    high: int
    top: float
    left: float
    apart: float = 12

    @property
    def height(self) -> float:
        """The height of a band."""
        return self.rows.cells * self.high

    @property
    def bottom(self) -> float:
        """The bottom of the last band."""
        return self.top + 4 * self.height + 3 * self.apart

    def y(self, band: int) -> float:
        """The top of a band."""
        return self.top + band * (self.height + self.apart)

    @staticmethod
    def gutter(hidden_size: int) -> float:
        """The width of letters, bars and row indices."""
        last = str(4 * hidden_size - 1)
        return 25 + metrics.width(last, words.SMALL) + 6

    def names(self, ids: Sequence[str], aside: Sequence[str]) -> list[Mark]:
        """Letters, bars, and the first and the last row of each band.

        Args:
            ids: Of maps, with `{gate}`.
            aside: Of what else is of a gate.
        """
        marks: list[Mark] = []
        size = self.rows.size
        for k, gate in enumerate(GATES):
            top, of = self.y(k), [id.format(gate=gate) for id in ids]
            paint, first, last = TERMS[gate].role, k * size, (k + 1) * size - 1
            also = [id.format(gate=gate) for id in aside]
            marks += [
                words.label(
                    6,
                    top + self.height / 2,
                    gate,
                    {"gate": gate},
                    [*of, *also],
                    "band",
                    style=words.GATE,
                    fill=paint,
                    anchor="middle",
                    term=gate,
                ),
                Box(14, top, 3, self.height, radius=1.5, fill=paint, term=gate),
            ]
            half = self.high / 2
            places = [(top + half, first), (top + self.height - half, last)]
            if self.height < 30:
                places = [(top + self.height / 2, first)] * (first == last)
            marks += [
                words.label(
                    self.left - 6,
                    y,
                    str(row),
                    {"row": row},
                    of,
                    "row",
                    style=words.FINE,
                    anchor="end",
                )
                for y, row in places
            ]
        return marks


class Map(NamedTuple):
    """A tensor in cells, and where it stands.

    Attributes:
        tensor: The tensor.
        cells: Its cells.
        left: Where they begin.
        wide: The width of a cell.
        scale_of: The tensor that the end of its scale is of.
        alike: The blocks that are too much alike to be told apart, where all
            of a band have one colour instead.
    """

    tensor: Tensor
    cells: heat.Cells
    left: float
    wide: int
    scale_of: Tensor
    alike: heat.Cells | None = None

    @property
    def width(self) -> float:
        """The width of all cells."""
        return self.cells.columns.cells * self.wide

    @property
    def middle(self) -> float:
        """The middle of all cells."""
        return self.left + self.width / 2


MOST_ROWS, MOST_INPUTS, MOST_COLUMNS = 16, 24, 32
"""The most cells of a band, of an input and of a state, so that both forms of a
figure have the same."""
OVER = 14.0
"""How far an index may reach beyond the last map."""
NARROWEST, NARROW, WIDEST = 84.0, 32.0, 36
"""The least width that the name and the colours of a map need, and the name of
a bias; the widest cell."""


def mapped(tensors: Sequence[Tensor], space: float, left: float, *, apart: float = 24) -> list[Map]:
    """Tensors with four bands as maps side by side.

    Those whose elements all have cells share one scale.

    Args:
        tensors: What is drawn.
        space: What they may take across.
        left: Where the first begins.
        apart: The space between two; vectors stand close.
    """
    gates = [TERMS[gate].role for gate in GATES]
    size = len(tensors[0].array) // 4
    beside = f"{tensors[0].meets}[{tensors[0].columns - 1}]h[0]"
    # Beside the last index of the input stands the first of the state.
    first = max(apart, metrics.width(beside, words.SMALL) / 2 + 3)
    rows_ = heat.cut(size, MOST_ROWS)
    most = {"x": MOST_INPUTS, "h": MOST_COLUMNS}
    found = [
        heat.cells(one.matrix, gates, rows_, heat.cut(one.columns, most.get(one.meets, 1)))
        for one in tensors
    ]
    owner = _owner(tensors, found)
    shared = owner.largest() if owner else None
    found = [o if o.is_folded else o._replace(end=shared) for o in found]
    aparts = [
        10.0 if not (a.meets or b.meets) else first if b.meets else apart
        for a, b in pairwise(tensors)
    ]
    # The last index stands under the last column, and may reach a margin.
    over = 0.0
    if tensors[-1].meets:
        last = f"{tensors[-1].meets}[{tensors[-1].columns - 1}]"
        over = max(0.0, metrics.width(last, words.SMALL) / 2 - OVER)
    wides = _wides(tensors, found, space - sum(aparts) - over)
    maps, x = [], left
    for one, cells, wide, gap in zip(tensors, found, wides, [*aparts, 0], strict=True):
        across = wide * cells.columns.cells
        # A narrow map stands in the middle of what its name needs.
        taken = max(across, NARROWEST if one.meets else NARROW)
        of = one if cells.is_folded else owner or one
        alike = cells if cells.are_alike else None
        if alike:
            cells = cells.levelled(one.matrix)
        place = x + (taken - across) // 2
        maps.append(Map(one, cells, place, wide, of, alike))
        x += taken + gap
    return maps


def _owner(tensors: Sequence[Tensor], found: Sequence[heat.Cells]) -> Tensor | None:
    """The tensor with the largest element of all that share a scale."""
    sizes = {k: cells.limit for k, cells in enumerate(found) if cells.end and not cells.is_folded}
    return tensors[max(sizes, key=lambda k: sizes[k])] if sizes else None


def _wides(tensors: Sequence[Tensor], found: Sequence[heat.Cells], space: float) -> list[int]:
    """The width of a cell of each map: equal ones, if they are not too few."""
    counts = [one.columns.cells for one in found]
    least = [NARROWEST if one.meets else NARROW for one in tensors]
    for wide in range(WIDEST, 2, -1):
        taken = (max(wide * n, minimum) for n, minimum in zip(counts, least, strict=True))
        if sum(taken) <= space:
            break
    return [
        min(WIDEST, max(wide, int(minimum / n))) for n, minimum in zip(counts, least, strict=True)
    ]


def drawn(bands: Bands, maps: Sequence[Map], *, longest: float = 150) -> list[Mark]:
    """Maps with names and shapes above, indices and colours below.

    Args:
        bands: Where the bands are.
        maps: The maps.
        longest: The longest scale of those that share one.
    """
    marks: list[Mark] = []
    shared = next((one for one in maps if not one.cells.is_folded), None)
    for one in maps:
        tensor, id = one.tensor, one.tensor.id
        groups = tuple(
            heat.heat(
                one.cells,
                k,
                one.left,
                bands.y(k),
                one.wide,
                bands.high,
                id=f"{id}-{gate}",
                term=f"{id} {gate}",
            )
            for k, gate in enumerate(GATES)
        )
        name = id if tensor.meets else tensor.symbol
        marks += [
            Group(groups, id=id, bound=(Node(tensor.of),)),
            *head(tensor, name, one.middle, bands.top - TOP),
            *indices(one, bands.bottom + 10, [f"{id}-*"]),
        ]
        if one.cells.is_folded or one is shared:
            end = maps[-1].left + maps[-1].width
            marks += _bar(bands, one, min(one.left + longest, end))
    return marks


def below(maps: Sequence[Map]) -> float:
    """What stands below maps; where all is zero, colours have no scale."""
    return BELOW if any(one.cells.end for one in maps) else BARE


def _bar(bands: Bands, one: Map, right: float) -> list[Mark]:
    """The scale of a map, or of all that share one, as far as `right`."""
    length = max(one.width, NARROWEST)
    if not one.cells.is_folded:
        length = max(NARROWEST, right - one.left)
    x = one.left if one.width >= NARROWEST else one.middle - NARROWEST / 2
    return heat.bar(
        one.cells,
        x,
        bands.bottom + 24,
        length,
        id=f"scale-{one.tensor.id}",
        term=one.scale_of.id,
        symbol=one.scale_of.symbol,
        of=[f"{one.tensor.id}-{gate}" for gate in GATES],
    )


def indices(one: Map, y: float, ids: Sequence[str]) -> list[Mark]:
    """The first and the last index of the columns of a map."""
    key = {"x": "input", "h": "unit"}.get(one.tensor.meets)
    if key is None:
        return []
    last = one.tensor.columns - 1
    shown = sorted({0, last})
    names = [f"{one.tensor.meets}[{k}]" for k in shown]
    wide = [metrics.width(n, words.SMALL, mono=True) for n in names]
    taken = sum(wide) / 2 + 6
    if last and taken > one.width - one.wide:
        shown, names = shown[:1], names[:1]
    marks: list[Mark] = []
    for k, name, long in zip(shown, names, wide, strict=False):
        # A name that is wider than its column keeps off what is beside.
        inward = max(one.wide / 2, long / 2 - ASIDE)
        x = one.left + (inward if k == 0 else one.width - inward)
        marks.append(
            words.label(x, y, name, {key: k}, ids, "column", style=words.FINE_CODE, anchor="middle")
        )
    return marks


def spoken_scales(maps: Sequence[Map]) -> list[str]:
    """Where the colours of maps end, in words."""
    shared = next((one for one in maps if not one.cells.is_folded), None)
    return [
        f"The colours of {one.tensor.id}"
        f"{'' if one.cells.is_folded else ' and what shares its scale'} end "
        f"at {text(one.cells.end.value)}"
        for one in maps
        if one.cells.end and (one.cells.is_folded or one is shared)
    ]


def blocks_said(one: Map) -> tuple[tuple[object, str], ...]:
    """Rows and columns of a block, how many are clipped, how many there are."""
    found, end, of = one.cells, one.cells.limit, one.tensor.of
    across = found.columns.cells
    blocks = f"torch.cat([{', '.join(found.exprs)}])"
    return (
        (found.rows.block, f"-(-len({of}) // {4 * found.rows.cells})"),
        (found.columns.block, f"-(-{of}.shape[1] // {across})"),
        (f"{found.beyond:,}", f"({blocks} > {end!r}).sum().item()"),
        (f"{sum(b.size for b in found.bands):,}", f"{blocks}.numel()"),
    )


def alike_notes(maps: Sequence[Map]) -> list[Sentence]:
    """That some maps have nothing to show but their bands, if it is so.

    Weights that are spread evenly, or normally, make root mean squares of n of
    them whose spread is less than a part in the root of n.
    """
    templates, values, claims = [], [], []
    for one in maps:
        if one.alike is None:
            continue
        found, of = one.alike, one.tensor.of
        high, wide = found.rows.block, found.columns.block
        blocks = f"torch.cat([{', '.join(found.exprs)}])"
        templates.append(f"of {{}} × {{}} weights of {one.tensor.id}")
        values += [
            (high, f"-(-len({of}) // {4 * found.rows.cells})"),
            (wide, f"-(-{of}.shape[1] // {found.columns.cells})"),
        ]
        claims.append(f"{blocks}.std() <= {blocks}.mean() * {high * wide} ** -0.5")
    if not templates:
        return []
    bands = "each band" if len(templates) > 1 else "each of its bands"
    return [
        sentence(
            f"Blocks {' and '.join(templates)} differ no more than by chance: "
            f"{bands} has one colour, as strong as its root mean square.",
            *values,
            claim=f"bool({' and '.join(claims)})",
        )
    ]


def special_notes(subject: Subject) -> list[Sentence]:
    """How many elements are no finite number, each kind in a sentence."""
    arrays = subject.weights.parameters().values()
    counts = np.sum([heat.special(array) for array in arrays], axis=0)
    tests = ("p.isnan()", "p == float('inf')", "p == -float('inf')")
    return [
        sentence(
            f"{name}: {{}}",
            (count, f"sum(({test}).sum().item() for p in {subject.shown}.parameters())"),
        )
        for name, count, test in zip(("NaN", "∞", "−∞"), counts.tolist(), tests, strict=True)
        if count
    ]
