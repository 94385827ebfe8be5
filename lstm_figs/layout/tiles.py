"""Matrices of any size in as many cells as can be seen.

A cell is one element while there is room for it, else the element of largest
magnitude of a block, so that outliers stay visible.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

import numpy as np

from ..model.lstm import GATES, Array
from ..proof.digits import text
from ..proof.subject import Number
from .summaries import Census, census, magnitude

CELLS = 4096
"""The most cells of a matrix."""
LEAST, MOST = 3, 24
"""The least and the most pixels of a cell, either way."""
APART = 8
"""The space between two bands."""
WITHIN = 0.99
"""The share of elements whose colour is not clipped."""


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
    even = (b for b in range(least, least * 3 // 2 + 1) if size % b == 0)
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
        scale: The sum of the absolute addends behind its elements, for
            results; see `Number`.
    """

    array: Array
    expr: str
    terms: tuple[str, ...]
    scale: float = 0

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

    def spoken(self) -> str:
        """The scale and what is beyond it, for a description."""
        found = self.census
        if self.end is None:
            words = ["all are 0"]
        else:
            end = text(self.end.value)
            words = [f"colours end at −{end} and {end}, {found.beyond} beyond"]
        words += [
            f"{count} {name}"
            for count, name in zip(found[1:], ("NaN", "∞", "−∞"), strict=True)
            if count
        ]
        return ", ".join(words)


def tile(matrix: Matrix, rows: Cut, cols: Cut) -> Tiles:
    """Reduce a matrix to cells and find the scale of their colours.

    The scale does not depend on the cells, so a tensor has the same colours
    at every width.
    """
    k, end = _end(matrix.array)
    expr = f"{matrix.expr}.abs().flatten().kthvalue({k}).values"
    return Tiles(
        matrix,
        rows,
        cols,
        _largest(matrix, rows, cols),
        Number(end, expr, matrix.scale) if end else None,
        census(matrix.array, float(end)),
    )


def picked(tiles: Tiles, rows: Sequence[int], pixels: int) -> Tiles:
    """Some rows with their colours and columns, each a band of its own.

    Args:
        tiles: The whole matrix.
        rows: Indices of rows.
        pixels: The height of a row.
    """
    matrix = Matrix(
        tiles.matrix.array[list(rows)],
        f"{tiles.matrix.expr}[{list(rows)}]",
        tuple(tiles.matrix.terms[row // tiles.matrix.band] for row in rows),
    )
    cut_rows = Cut(1, 1, 1, pixels)
    return replace(
        tiles,
        matrix=matrix,
        rows=cut_rows,
        cells=_largest(matrix, cut_rows, tiles.cols),
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


def _end(array: Array) -> tuple[int, Any]:
    """The magnitude that most finite elements keep to, and its rank.

    Where that is zero it is the largest one.
    """
    finite = int(np.count_nonzero(np.isfinite(array)))
    for k in (math.ceil(WITHIN * finite), finite):
        if k and (end := magnitude(array, k - 1)):
            return k, end
    return 0, array.dtype.type(0)
