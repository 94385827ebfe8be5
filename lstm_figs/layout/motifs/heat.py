"""Matrices as colours: each element, or the magnitude of a block of them.

While each element has a cell, its hue is its sign, or that of a gate. Where a
cell is a block, it is as dark as the root mean square of the block: signs of
neighbours would look like noise, and hide which rows and columns are large.
"""

import math
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from ...model.reference import Matrix, Number
from ...model.tensors import Array
from ...proof.bindings import Heat, Sample
from ...scene import metrics
from ...scene.marks import Box, Group, Mark, Path, Text
from ...scene.theme import DARKEST, STRONGEST, Paint
from .. import words

UNCLIPPED_SHARE = 0.99
"""The share of cells whose colour is not clipped, where cells are blocks."""

RMS = """\
def rms(weight, rows, columns):
    \"\"\"The root mean square of each block of so many rows and columns.\"\"\"
    squares = weight.double().square()
    return torch.stack([
        torch.stack([b.mean().sqrt() for b in line.split(columns, dim=1)])
        for line in squares.split(rows)
    ])"""
"""Python that expressions of blocks need, see `Diagram.setup`."""


class Cut(NamedTuple):
    """An axis in cells.

    Attributes:
        size: How many elements it has.
        block: How many of them are a cell; the last may have fewer.
    """

    size: int
    block: int

    @property
    def cells(self) -> int:
        """How many cells there are."""
        return -(-self.size // self.block)


def axis_in_cells(size: int, max_cells: int) -> Cut:
    """An axis in at most `max_cells` cells, of equal size if that costs few of them.

    >>> axis_in_cells(16, 16), axis_in_cells(256, 24), axis_in_cells(40, 24)
    (Cut(size=16, block=1), Cut(size=256, block=16), Cut(size=40, block=2))
    """
    least = -(-size // max_cells)
    blocks = range(least, least * 3 // 2 + 1)
    block = next((b for b in blocks if size % b == 0), least)
    # As many cells, as equal as they can be.
    return Cut(size, -(-size // -(-size // block)))


class Cells(NamedTuple):
    """Bands of rows in cells, and the scale of their colours.

    Attributes:
        bands: The values of each band.
        exprs: The Python that yields each of them.
        hues: The paint of each where cells are blocks.
        rows: The rows of a band in cells.
        columns: The columns in cells.
        scale_end: What has the strongest colour: the largest element, or where
            cells are blocks the 99th percentile; None where all are 0.
        clipped_count: How many cells are beyond it.
        elements: How many of the elements are NaN, ∞ and −∞.
        is_signed: Whether a hue is the sign of an element; else that of its band.
    """

    bands: tuple[Array, ...]
    exprs: tuple[str, ...]
    hues: tuple[Paint, ...]
    rows: Cut
    columns: Cut
    scale_end: Number | None
    clipped_count: int
    elements: tuple[int, int, int]
    is_signed: bool = True

    @property
    def is_folded(self) -> bool:
        """Whether cells are blocks."""
        return self.rows.block * self.columns.block > 1

    @property
    def are_alike(self) -> bool:
        """Whether blocks differ no more than by chance.

        Of n weights that are spread evenly, the root mean square varies by
        0.45 parts in the root of n, and by 0.71 where they are normal.
        """
        values = np.concatenate([band.ravel() for band in self.bands])
        weights = self.rows.block * self.columns.block
        few = len(values) < 2 * len(self.bands)
        if weights == 1 or few or not np.isfinite(values).all():
            return False
        spread = values.std(ddof=1)
        return bool(0 < spread <= values.mean() * weights**-0.5)

    def averaged_by_band(self, matrix: Matrix) -> "Cells":
        """The same with one value for all cells of a band.

        Args:
            matrix: What the cells are of, in as many bands.
        """
        array, of = matrix.values, matrix.of
        size, wide = len(array) // len(self.bands), array.shape[1]
        bands, exprs = [], []
        for k, band in enumerate(self.bands):
            first, last = k * size, (k + 1) * size
            bands.append(np.full(band.shape, rms(array[first:last], size, wide)))
            own = of[first:last]
            level = f"{own}.double().square().mean().sqrt().expand_as({own})"
            exprs.append(f"rms({level}, {self.rows.block}, {self.columns.block})")
        scale = float(np.nanmax(matrix.scale, initial=0))
        all_of = f"torch.cat([{', '.join(exprs)}])"
        end, _ = _percentile(np.concatenate(bands), all_of, scale)
        return self._replace(bands=tuple(bands), exprs=tuple(exprs), scale_end=end, clipped_count=0)

    @property
    def is_hued(self) -> bool:
        """Whether cells have the hue of their band, and none is negative."""
        return self.is_folded or not self.is_signed

    @property
    def limit(self) -> float:
        """The end of the scale, 1 where there is none or it is 0."""
        return (abs(float(self.scale_end.value)) if self.scale_end else 0.0) or 1.0


def cells(
    matrix: Matrix, hues: Sequence[Paint], rows: Cut, columns: Cut, *, signed: bool = True
) -> Cells:
    """Reduce a matrix to cells and find the scale of their colours.

    Args:
        matrix: As many bands of rows as there are hues.
        hues: The paint of each band where cells are blocks.
        rows: How a band's rows are cut.
        columns: How columns are cut.
        signed: Whether elements have a sign; else none is negative.
    """
    array, of = matrix.values, matrix.of
    size = len(array) // len(hues)
    spans = [(k * size, (k + 1) * size) for k in range(len(hues))]
    is_single = len(hues) == 1
    exprs = [str(of if is_single else of[a:b]) for a, b in spans]
    bands = [array[a:b] for a, b in spans]
    elements = nonfinite_counts(array)
    folded = rows.block * columns.block > 1
    if folded:
        exprs = [f"rms({e}, {rows.block}, {columns.block})" for e in exprs]
        bands = [rms(band, rows.block, columns.block) for band in bands]
    all_of = exprs[0] if is_single else f"torch.cat([{', '.join(exprs)}])"
    scale = float(np.nanmax(matrix.scale, initial=0))
    end, beyond = (
        _percentile(np.concatenate(bands), all_of, scale) if folded else (matrix.largest(), 0)
    )
    return Cells(
        tuple(bands), tuple(exprs), tuple(hues), rows, columns, end, beyond, elements, signed
    )


@np.errstate(invalid="ignore", over="ignore")
def rms(array: Array, rows: int, columns: int) -> Array:
    """The root mean square of each block, a few rows at a time.

    >>> rms(np.array([[3.0, 4.0], [0.0, 0.0]]), 1, 2).ravel().round(4).tolist()
    [3.5355, 0.0]
    """
    starts = np.arange(0, array.shape[1], columns)
    widths = np.diff([*starts, array.shape[1]])
    lines = []
    for first in range(0, len(array), rows):
        part = array[first : first + rows]
        sums: Any = 0
        for k in range(0, len(part), 64):
            squares = np.square(part[k : k + 64], dtype=np.float64).sum(axis=0)
            sums = sums + squares
        lines.append(np.add.reduceat(sums, starts) / (widths * len(part)))
    result: Array = np.sqrt(np.stack(lines))
    return result


def nonfinite_counts(array: Array) -> tuple[int, int, int]:
    """How many elements are NaN, ∞ and −∞, some rows at a time."""
    counts = np.zeros(3, np.int64)
    step = max(1, 2**16 // (array.size // len(array)))
    for first in range(0, len(array), step):
        part = array[first : first + step]
        if not np.isfinite(part).all():
            tests = (np.isnan(part), part == np.inf, part == -np.inf)
            counts += [int(np.count_nonzero(test)) for test in tests]
    return int(counts[0]), int(counts[1]), int(counts[2])


def _percentile(values: Array, expr: str, scale: float) -> tuple[Number | None, int]:
    """What most blocks keep to, and how many are beyond it."""
    finite = np.sort(values[np.isfinite(values)])
    if not finite.size or not finite[-1]:
        return None, 0
    k = math.ceil(UNCLIPPED_SHARE * finite.size)
    k = k if finite[k - 1] else finite.size
    end = finite[k - 1]
    ranked = f"{expr}.flatten().kthvalue({k}).values"
    return Number(end, ranked, scale), int(np.count_nonzero(values > end))


def heat_map(
    cells: Cells,
    band: int,
    x: float,
    y: float,
    cell_width: float,
    cell_height: float,
    *,
    id: str,
    term: str,
) -> Group:
    """One band as cells.

    Args:
        cells: The cells.
        band: Which band.
        x: Their left.
        y: Their top.
        cell_width: The width of a cell, with the space beside it.
        cell_height: The height of a cell, with the space below it.
        id: The id of the group.
        term: Its terms.
    """
    values = cells.bands[band]
    count, across = values.shape
    gap = 0 if cells.is_folded or min(cell_width, cell_height) < 6 else 1
    commands_by_paint: dict[Paint, list[tuple[str, tuple[float, float]]]] = {}
    for row, line in enumerate(values.tolist()):
        middle = y + row * cell_height + (cell_height - gap) / 2
        paints = [_paint(value, cells.limit, cells.hues[band], cells.is_hued) for value in line]
        first = 0
        for column, own in enumerate(paints):
            if gap or paints[column + 1 : column + 2] != [own]:
                right = x + (column + 1) * cell_width - gap
                commands_by_paint.setdefault(own, []).extend(
                    (("M", (x + first * cell_width, middle)), ("L", (right, middle)))
                )
                first = column + 1
    paths = [
        Path(tuple(d), stroke=own, stroke_width=cell_height - gap, crisp=not gap)
        for own, d in sorted(commands_by_paint.items())
    ]
    bound = Heat(
        cells.exprs[band],
        cells.limit,
        (x, y, x + across * cell_width, y + count * cell_height),
        cells.rows.block,
        cells.columns.block,
    )
    return Group(tuple(paths), id=id, term=term, bound=(bound,))


def _paint(value: float, end: float, hue: Paint, hued: bool) -> Paint:
    if not math.isfinite(value):
        return "ink"
    if hued:
        share = round(min(1.0, value / end) * DARKEST)
        return f"{hue}:{share}" if share else "panel"
    share = round(min(1.0, abs(value) / end) * STRONGEST)
    return f"{'pos' if value > 0 else 'neg'}:{share}" if share else "panel"


BAR_HEIGHT = 8
"""The height of a colour bar."""


def colour_ramp(cells: Cells, x: float, y: float, width: float, of: Sequence[str]) -> Group:
    """The colours of a scale, from 0 or from the negative end.

    Args:
        cells: The cells whose scale it is.
        x: Its left.
        y: Its top.
        width: Its width.
        of: The ids of the maps whose colours these are.
    """
    count, hued = 24, cells.is_hued
    shares = np.linspace(0 if hued else -1, 1, count)
    hue = cells.hues[0] if len(cells.hues) == 1 else "ink"
    step = width / count
    boxes = [
        Box(
            x + k * step,
            y,
            step + 0.3 * (k < count - 1),
            BAR_HEIGHT,
            fill=_paint(share, 1, hue, hued),
        )
        for k, share in enumerate(shares.tolist())
    ]
    return Group(tuple(boxes), bound=(Sample(tuple(of)),))


def scale_ends(end: Number, id: str) -> list[tuple[Number, str]]:
    """Both ends of a scale that is as long on either side of 0.

    Args:
        end: The largest element, of either sign.
        id: Its id; the other end has `-opposite` after it.
    """
    ends = [(end, id), (-end, f"{id}-opposite")]
    return ends if float(end.value) < 0 else ends[::-1]


MAX_OVERHANG = 10.0
"""How far a number may begin before its scale."""


def _ends(end: Number, x: float, y: float, width: float, *, id: str, term: str) -> list[Text]:
    """The numbers below both ends of a scale, with as many digits.

    Below a short scale the first begins before it, or they are below each
    other.
    """
    digit = metrics.width("0", words.SMALL, mono=True)
    max_chars = max(4, int((width - 24) / 2 / digit))
    low, high = (
        words.number(
            x, y, number, size=words.SMALL, max_chars=max_chars + (k == 0), id=own, term=term
        )
        for k, (number, own) in enumerate(scale_ends(end, id))
    )
    over = max(0.0, low.width + high.width + digit - width)
    if over > MAX_OVERHANG:
        over, high = 0.0, high._replace(y=high.y + MAX_OVERHANG)
    low = low._replace(x=x - over, anchor="start")
    return [low, high._replace(x=x + width, anchor="end")]


def colour_bar(
    cells: Cells,
    x: float,
    y: float,
    width: float,
    *,
    id: str,
    term: str,
    symbol: str,
    of: Sequence[str],
) -> list[Mark]:
    """The colours of a scale, with the numbers at its ends below it.

    Args:
        cells: The cells whose scale it is.
        x: Its left.
        y: Its top.
        width: Its width.
        id: The id of the number of the largest element; what is as far beyond
            0 has `-opposite` after it.
        term: Its terms, the first of which is a tensor.
        symbol: What names the tensor that the number is of.
        of: The ids of the maps whose colours these are.
    """
    if cells.scale_end is None:
        return []
    marks: list[Mark] = [colour_ramp(cells, x, y, width, of)]
    level, named = y + BAR_HEIGHT + 10, {"tensor": term.split()[0]}
    if cells.is_hued:
        name = words.label(
            x,
            level,
            f"{symbol} ≤" if cells.is_folded else symbol,
            named,
            [id],
            "row",
            style=words.FINE,
        )
        number = words.number(
            x + width,
            level,
            cells.scale_end,
            size=words.SMALL,
            max_chars=max(5, int(width / 2 / 7.3)),
            anchor="end",
            id=id,
            term=term,
        )
        return [*marks, name, number]
    ends = _ends(cells.scale_end, x, level, width, id=id, term=term)
    ids = [text.id for text in ends]
    first, last = ends[0].left + ends[0].width, ends[1].left
    name = words.label(
        (first + last) / 2, level, symbol, named, ids, "row", style=words.FINE, anchor="middle"
    )
    if name.width + 12 > last - first:
        name = words.label(
            x + width / 2,
            level + 13,
            symbol,
            named,
            ids,
            "column",
            style=words.FINE,
            anchor="middle",
        )
    return [*marks, *ends, name]
