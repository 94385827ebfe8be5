"""Matrices of any size in as many cells as can be seen.

A cell is one element while there is room for it, else the element of largest
magnitude of a block, so that outliers stay visible.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from .lstm import GATES, Array
from .proof import Number
from .summaries import Census, census

CELLS = 4096
"""The most cells of a matrix."""
LEAST, MOST = 3, 24
"""The least and the most pixels of a cell, either way."""
APART = 8
"""The space between two bands."""
WITHIN = 0.99
"""The share of cells whose colour is not clipped."""


class Cut(NamedTuple):
    """An axis, cut into cells.

    Attributes:
        size: How many elements it has.
        block: How many of them are one cell; the last may have fewer.
        cells: How many cells there are.
        pixels: The size of a cell.
    """

    size: int
    block: int
    cells: int
    pixels: int

    @property
    def length(self) -> int:
        """The pixels of all cells."""
        return self.cells * self.pixels


def cut(size: int, room: float, most: int = CELLS) -> Cut:
    """Cut an axis into at most so many cells that can be seen.

    >>> cut(40, 80), cut(256, 260, most=64)
    (Cut(size=40, block=2, cells=20, pixels=4), \
Cut(size=256, block=4, cells=64, pixels=4))
    """
    cells = max(1, min(size, int(room // LEAST), most))
    least = -(-size // cells)
    even = (b for b in range(least, 2 * least) if size % b == 0)
    block = next(even, least)
    cells = -(-size // block)
    return Cut(size, block, cells, max(1, min(int(room // cells), MOST)))


@dataclass(frozen=True, eq=False)
class Matrix:
    """What a heat map shows.

    Attributes:
        array: Two axes.
        expr: The Python that yields it after the preamble.
        terms: The terms of each band; there are as many bands as terms.
    """

    array: Array
    expr: str
    terms: tuple[str, ...]

    @property
    def band(self) -> int:
        """How many rows a band has."""
        return len(self.array) // len(self.terms)


def gate_terms(term: str) -> tuple[str, ...]:
    """The terms of four bands, such as `weight_ih i`."""
    return tuple(f"{term} {gate}" for gate in GATES)


def fold(
    matrices: Sequence[Matrix], widths: Sequence[float], height: float
) -> tuple[Cut, list[Cut]]:
    """Cut matrices whose rows are aligned.

    Columns come first: which input a weight belongs to says more than which
    unit it belongs to.

    Args:
        matrices: Each has the same bands.
        widths: The room of each.
        height: The room of all rows.

    Returns:
        The cut of a band's rows, and that of the columns of each.
    """
    bands, band = len(matrices[0].terms), matrices[0].band
    space = (height - APART * (bands - 1)) / bands
    few = bands * max(1, min(band, 16, int(space // LEAST)))
    columns = [
        cut(m.array.shape[1], width, CELLS // few)
        for m, width in zip(matrices, widths, strict=True)
    ]
    most = CELLS // (bands * max(c.cells for c in columns))
    return cut(band, space, max(1, most)), columns


@dataclass(frozen=True, eq=False)
class Tiles:
    """A matrix in cells, with the scale of their colours.

    Attributes:
        cells: What each cell shows.
        end: The magnitude of the strongest colour; None where there is no
            finite element but zero.
        census: How many elements are beyond it, or are no finite number.
    """

    matrix: Matrix
    rows: Cut
    cols: Cut
    cells: Array
    end: Number | None
    census: Census

    @property
    def width(self) -> int:
        """The pixels of all columns."""
        return self.cols.length

    @property
    def height(self) -> int:
        """The pixels of all rows."""
        bands = len(self.matrix.terms)
        return bands * (self.rows.length + APART) - APART

    @property
    def folded(self) -> str:
        """What a cell is, such as `16 × 4 a cell`; nothing for one element."""
        if self.rows.block == self.cols.block == 1:
            return ""
        return f"{self.rows.block} × {self.cols.block} a cell"


def tile(matrix: Matrix, rows: Cut, cols: Cut) -> Tiles:
    """Reduce a matrix to cells and find the scale of their colours."""
    cells = _largest(matrix, rows, cols)
    k, end = _end(cells)
    expr = f"{matrix.expr}.abs()"
    if rows.block * cols.block > 1:
        expr = (
            "torch.nn.functional.max_pool2d("
            f"{expr}.unflatten(0, ({len(matrix.terms)}, -1)), "
            f"({rows.block}, {cols.block}), ceil_mode=True)"
        )
    return Tiles(
        matrix,
        rows,
        cols,
        cells,
        Number(end, f"{expr}.flatten().kthvalue({k}).values") if end else None,
        census(matrix.array, float(end)),
    )


@np.errstate(invalid="ignore")
def _largest(matrix: Matrix, rows: Cut, cols: Cut) -> Array:
    """The element of largest magnitude of each block; NaN if there is one."""
    if rows.block == cols.block == 1:
        return matrix.array
    starts = np.arange(0, cols.size, cols.block)
    lines = []
    for band in range(0, len(matrix.array), rows.size):
        for first in range(band, band + rows.size, rows.block):
            last = min(first + rows.block, band + rows.size)
            block = matrix.array[first:last]
            high = np.maximum.reduceat(block.max(axis=0), starts)
            low = np.minimum.reduceat(block.min(axis=0), starts)
            lines.append(np.where(high >= -low, high, low))
    return np.stack(lines)


def _end(cells: Array) -> tuple[int, Array]:
    """A magnitude that 99 in 100 finite cells keep to, and its rank.

    Where that is zero it is the largest one.
    """
    magnitudes = np.sort(abs(cells), axis=None)
    finite = int(np.count_nonzero(np.isfinite(magnitudes)))
    if not finite:
        return 0, magnitudes.dtype.type(0)
    k = math.ceil(WITHIN * finite)
    if not magnitudes[k - 1]:
        k = finite
    return k, magnitudes[k - 1]
