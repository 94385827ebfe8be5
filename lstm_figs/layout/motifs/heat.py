"""Heat maps: one cell for each element of a matrix, or for each block of elements.

If each element has a cell, its hue shows the sign, or the gate. If a cell is a
block, its darkness shows the root mean square of the block. The signs of
neighbouring weights would look like noise and hide which rows and columns are
large.
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
"""The share of blocks whose colour is not clipped."""
ROWS_AT_ONCE, NUMBERS_AT_ONCE = 64, 2**16
"""How many rows, or numbers, are processed at a time to save memory."""
MIN_GAPPED_SIZE = 6
"""The minimum width and height of cells with gaps between them."""

RMS = """\
def rms(weight, rows, columns):
    \"\"\"The root mean square of each block of so many rows and columns.\"\"\"
    squares = weight.double().square()
    return torch.stack([
        torch.stack([b.mean().sqrt() for b in line.split(columns, dim=1)])
        for line in squares.split(rows)
    ])"""
"""The Python function used in expressions for blocks, see `Diagram.setup`."""


class CellAxis(NamedTuple):
    """How an axis is divided into cells.

    Attributes:
        size: The number of elements.
        block_size: The elements per cell; the last cell may have fewer.
    """

    size: int
    block_size: int

    @property
    def cell_count(self) -> int:
        """The number of cells."""
        return _rounded_up(self.size, self.block_size)


def _rounded_up(number: int, divisor: int) -> int:
    """The quotient, rounded up."""
    return -(-number // divisor)


def axis_in_cells(size: int, max_cells: int) -> CellAxis:
    """Divide an axis into at most `max_cells` cells, equal in size if that costs few of them.

    Blocks of equal size may be up to half as large again as blocks that fill all cells.

    >>> axis_in_cells(16, 16), axis_in_cells(256, 24)
    (CellAxis(size=16, block_size=1), CellAxis(size=256, block_size=16))
    """
    min_block_size = _rounded_up(size, max_cells)
    block_sizes = range(min_block_size, min_block_size * 3 // 2 + 1)
    block_size = next((b for b in block_sizes if size % b == 0), min_block_size)
    # Without a divisor, keep the number of cells and make them as equal as possible.
    return CellAxis(size, _rounded_up(size, _rounded_up(size, block_size)))


class Cells(NamedTuple):
    """Bands of rows divided into cells, with their colour scale.

    Attributes:
        bands: The cell values of each band.
        exprs: The expression of each band.
        hues: The paint of each band, used if cells are blocks.
        rows: How the rows of a band are divided.
        columns: How the columns are divided.
        scale_end: The value with the strongest colour: the largest element, or
            for blocks the 99th percentile; None if all are 0.
        clipped_count: The number of cells beyond `scale_end`.
        elements: The counts of NaN, ∞ and −∞ among the elements.
        is_signed: Whether the hue shows an element's sign instead of its band.
    """

    bands: tuple[Array, ...]
    exprs: tuple[str, ...]
    hues: tuple[Paint, ...]
    rows: CellAxis
    columns: CellAxis
    scale_end: Number | None
    clipped_count: int
    elements: tuple[int, int, int]
    is_signed: bool = True

    @property
    def is_folded(self) -> bool:
        """Whether cells are blocks of several elements."""
        return self.rows.block_size * self.columns.block_size > 1

    @property
    def are_alike(self) -> bool:
        """Whether blocks differ no more than by chance.

        The root mean square of n weights varies by 0.45/√n of its mean if they
        are uniform, and by 0.71/√n if they are normal.
        """
        values = np.concatenate([band.ravel() for band in self.bands])
        weights = self.rows.block_size * self.columns.block_size
        few = len(values) < 2 * len(self.bands)
        if weights == 1 or few or not np.isfinite(values).all():
            return False
        spread = values.std(ddof=1)
        return bool(0 < spread <= values.mean() * weights**-0.5)

    def averaged_by_band(self, matrix: Matrix) -> "Cells":
        """These cells with each band's own root mean square in all its cells.

        Args:
            matrix: The matrix of these cells, with the same number of bands.
        """
        array, ref = matrix.values, matrix.of
        size, columns = len(array) // len(self.bands), array.shape[1]
        bands, exprs = [], []
        for k, band in enumerate(self.bands):
            first, last = k * size, (k + 1) * size
            bands.append(np.full(band.shape, rms(array[first:last], size, columns)))
            elements = ref[first:last]
            level = f"{elements}.double().square().mean().sqrt().expand_as({elements})"
            exprs.append(f"rms({level}, {self.rows.block_size}, {self.columns.block_size})")
        scale = float(np.nanmax(matrix.scale, initial=0))
        all_of = f"torch.cat([{', '.join(exprs)}])"
        end, _ = _percentile(np.concatenate(bands), all_of, scale)
        return self._replace(bands=tuple(bands), exprs=tuple(exprs), scale_end=end, clipped_count=0)

    @property
    def is_hued(self) -> bool:
        """Whether cells have the hue of their band, so that no value is negative."""
        return self.is_folded or not self.is_signed

    @property
    def limit(self) -> float:
        """The magnitude at the end of the scale; 1 if all values are 0."""
        return (abs(float(self.scale_end.value)) if self.scale_end else 0.0) or 1.0


def cells(
    matrix: Matrix, hues: Sequence[Paint], rows: CellAxis, columns: CellAxis, *, signed: bool = True
) -> Cells:
    """Reduce a matrix to cells and find their colour scale.

    Args:
        matrix: The matrix, whose rows form one band per hue.
        hues: The paint of each band, used if cells are blocks.
        rows: How the rows of a band are divided.
        columns: How the columns are divided.
        signed: Whether elements may be negative.
    """
    array, ref = matrix.values, matrix.of
    size = len(array) // len(hues)
    spans = [(k * size, (k + 1) * size) for k in range(len(hues))]
    is_single = len(hues) == 1
    exprs = [str(ref if is_single else ref[a:b]) for a, b in spans]
    bands = [array[a:b] for a, b in spans]
    elements = nonfinite_counts(array)
    folded = rows.block_size * columns.block_size > 1
    if folded:
        exprs = [f"rms({e}, {rows.block_size}, {columns.block_size})" for e in exprs]
        bands = [rms(band, rows.block_size, columns.block_size) for band in bands]
    all_of = exprs[0] if is_single else f"torch.cat([{', '.join(exprs)}])"
    scale = float(np.nanmax(matrix.scale, initial=0))
    if folded:
        end, beyond = _percentile(np.concatenate(bands), all_of, scale)
    else:
        end, beyond = matrix.largest(), 0
    return Cells(
        bands=tuple(bands),
        exprs=tuple(exprs),
        hues=tuple(hues),
        rows=rows,
        columns=columns,
        scale_end=end,
        clipped_count=beyond,
        elements=elements,
        is_signed=signed,
    )


@np.errstate(invalid="ignore", over="ignore")
def rms(array: Array, rows: int, columns: int) -> Array:
    """The root mean square of each block, computed a few rows at a time to save memory.

    >>> rms(np.array([[3.0, 4.0], [0.0, 0.0]]), 1, 2).ravel().round(4).tolist()
    [3.5355, 0.0]
    """
    starts = np.arange(0, array.shape[1], columns)
    widths = np.diff([*starts, array.shape[1]])
    lines = []
    for first in range(0, len(array), rows):
        part = array[first : first + rows]
        sums: Any = 0
        for k in range(0, len(part), ROWS_AT_ONCE):
            squares = np.square(part[k : k + ROWS_AT_ONCE], dtype=np.float64).sum(axis=0)
            sums = sums + squares
        lines.append(np.add.reduceat(sums, starts) / (widths * len(part)))
    result: Array = np.sqrt(np.stack(lines))
    return result


def nonfinite_counts(array: Array) -> tuple[int, int, int]:
    """The counts of NaN, ∞ and −∞, computed some rows at a time to save memory."""
    counts = np.zeros(3, np.int64)
    columns = array.size // len(array)
    rows_at_once = max(1, NUMBERS_AT_ONCE // columns)
    for first in range(0, len(array), rows_at_once):
        part = array[first : first + rows_at_once]
        if not np.isfinite(part).all():
            tests = (np.isnan(part), part == np.inf, part == -np.inf)
            counts += [int(np.count_nonzero(test)) for test in tests]
    return int(counts[0]), int(counts[1]), int(counts[2])


def _percentile(values: Array, expr: str, scale: float) -> tuple[Number | None, int]:
    """The percentile that ends the scale, and the number of blocks beyond it."""
    finite = np.sort(values[np.isfinite(values)])
    if not finite.size or not finite[-1]:
        return None, 0
    k = math.ceil(UNCLIPPED_SHARE * finite.size)
    # If the percentile is 0, the largest value ends the scale.
    k = k if finite[k - 1] else finite.size
    end = finite[k - 1]
    ranked = f"{expr}.flatten().kthvalue({k}).values"
    return Number(end, ranked, scale), int(np.count_nonzero(values > above_rounding(end)))


def above_rounding(end: float) -> float:
    """A bound for values that lie beyond `end`, and do not only round differently.

    The end of a scale is one of the values, and PyTorch may add its squares in another order.
    """
    return end * (1 + 1e-9)


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
    """The heat map of one band.

    Args:
        cells: The cells.
        band: The index of the band.
        x: The left edge.
        y: The top edge.
        cell_width: The width of a cell, including the gap at its right.
        cell_height: The height of a cell, including the gap below.
        id: The id of the group.
        term: The terms of the group.
    """
    rows, columns = cells.bands[band].shape
    gap = 0 if cells.is_folded or min(cell_width, cell_height) < MIN_GAPPED_SIZE else 1
    height = cell_height - gap
    commands_by_paint: dict[Paint, list[tuple[str, tuple[float, float]]]] = {}
    for row, line in enumerate(cells.bands[band].tolist()):
        middle = y + row * cell_height + height / 2
        paints = [_paint(value, cells.limit, cells.hues[band], cells.is_hued) for value in line]
        # Neighbours of the same colour are one line if there is no gap between them.
        first = 0
        for column, paint in enumerate(paints):
            is_last_of_line = paints[column + 1 : column + 2] != [paint]
            if gap or is_last_of_line:
                right = x + (column + 1) * cell_width - gap
                commands_by_paint.setdefault(paint, []).extend(
                    (("M", (x + first * cell_width, middle)), ("L", (right, middle)))
                )
                first = column + 1
    # A cell is a line as thick as the cell is high.
    paths = [
        Path(tuple(commands), stroke=paint, stroke_width=height, crisp=not gap)
        for paint, commands in sorted(commands_by_paint.items())
    ]
    edges = (x, y, x + columns * cell_width, y + rows * cell_height)
    bound = Heat(
        cells.exprs[band], cells.limit, edges, cells.rows.block_size, cells.columns.block_size
    )
    return Group(tuple(paths), id=id, term=term, bound=(bound,))


def _paint(value: float, end: float, hue: Paint, is_hued: bool) -> Paint:
    """The colour of a cell: the strength for its size, the hue for its sign or its band."""
    if not math.isfinite(value):
        return "ink"
    if is_hued:
        share = round(min(1.0, value / end) * DARKEST)
        return f"{hue}:{share}" if share else "panel"
    share = round(min(1.0, abs(value) / end) * STRONGEST)
    return f"{'pos' if value > 0 else 'neg'}:{share}" if share else "panel"


BAR_HEIGHT, BAR_COLOURS = 8, 24
"""The height of a colour bar, and the number of colours that it shows."""


def colour_ramp(cells: Cells, x: float, y: float, width: float, of: Sequence[str]) -> Group:
    """A colour scale from 0, or from its negative end.

    Args:
        cells: The cells that use the scale.
        x: The left edge.
        y: The top edge.
        width: In pixels.
        of: The ids of the heat maps that use the scale.
    """
    is_hued = cells.is_hued
    shares = np.linspace(0 if is_hued else -1, 1, BAR_COLOURS)
    hue = cells.hues[0] if len(cells.hues) == 1 else "ink"
    step = width / BAR_COLOURS
    boxes = []
    for k, share in enumerate(shares.tolist()):
        # Boxes overlap a little, so that no seam is visible between them.
        box_width = step if k == BAR_COLOURS - 1 else step + 0.3
        paint = _paint(share, 1, hue, is_hued)
        boxes.append(Box(x + k * step, y, box_width, BAR_HEIGHT, fill=paint))
    return Group(tuple(boxes), bound=(Sample(tuple(of)),))


def scale_ends(end: Number, id: str) -> list[tuple[Number, str]]:
    """Both ends of a scale that is symmetric about 0, in ascending order.

    Args:
        end: The element of largest magnitude.
        id: The id of that element; the other end appends `-opposite`.
    """
    ends = [(end, id), (-end, f"{id}-opposite")]
    return ends if float(end.value) < 0 else ends[::-1]


MAX_OVERHANG = 10.0
"""How far a number may reach beyond the left end of its scale."""
STACKED_LINE_HEIGHT = 10.0
"""The distance between the ends of a short scale if they are stacked."""


def _ends(end: Number, x: float, y: float, width: float, *, id: str, term: str) -> list[Text]:
    """The numbers below both ends of a scale, with the same number of digits.

    Below a short scale the first number overhangs at the left, or the two are
    stacked.
    """
    digit = metrics.width("0", words.SMALL, mono=True)
    max_chars = max(4, int((width - 24) / 2 / digit))
    (low_number, low_id), (high_number, high_id) = scale_ends(end, id)
    # The low end has one more character for its minus sign.
    low = words.number(
        x, y, low_number, size=words.SMALL, max_chars=max_chars + 1, id=low_id, term=term
    )
    high = words.number(
        x, y, high_number, size=words.SMALL, max_chars=max_chars, id=high_id, term=term
    )
    overhang = max(0.0, low.width + high.width + digit - width)
    if overhang > MAX_OVERHANG:
        # Stack the numbers.
        overhang, high = 0.0, high._replace(y=high.y + STACKED_LINE_HEIGHT)
    low = low._replace(x=x - overhang, anchor="start")
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
    """A colour scale with the numbers of its ends below it.

    Args:
        cells: The cells that use the scale.
        x: The left edge.
        y: The top edge.
        width: In pixels.
        id: The id of the element of largest magnitude; the opposite end appends
            `-opposite`.
        term: The terms; the first is a tensor.
        symbol: The symbol of the tensor that the numbers belong to.
        of: The ids of the heat maps that use the scale.
    """
    if cells.scale_end is None:
        return []
    tensor = term.split()[0]
    level, names = y + BAR_HEIGHT + 10, {"tensor": tensor}
    marks: list[Mark] = [colour_ramp(cells, x, y, width, of)]
    if cells.is_hued:
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
        content = f"{symbol} ≤" if cells.is_folded else symbol
        return [
            *marks,
            words.label(x, level, content, names=names, of=[number], style=words.FINE),
            number,
        ]
    low, high = ends = _ends(cells.scale_end, x, level, width, id=id, term=term)
    between = high.left - (low.left + low.width)
    middle = (low.left + low.width + high.left) / 2
    if Text(0, 0, symbol, words.SMALL).width + 12 > between:
        # Below the numbers, because there is no space between them.
        middle, level = x + width / 2, level + 13
    name = words.label(
        middle, level, symbol, names=names, of=ends, style=words.FINE, anchor="middle"
    )
    return [*marks, *ends, name]
