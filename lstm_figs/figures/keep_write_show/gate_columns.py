"""The columns of the rows: all weights, or one column per product W·x and W·h."""

from typing import NamedTuple

from ...layout import words
from ...layout.motifs import weight_rows
from ...model.layer_run import LayerRun
from ...model.reference import Number
from ...scene.terms import TERMS

MAX_CHARS, MAX_CHARS_NARROW = 6, 5
"""The most characters of a number in a cell, in the wide and in a narrow form."""
BLOCK_GAP, NARROW_BLOCK_GAP = 6.0, 4.0
"""The gaps right of a block of weights, in the wide and in a narrow form."""
CELL_GAP = 2.0
"""The gap between two cells, which is a part of their columns."""
COUNT_PADDING = 8.0
"""The space beside the length of a vector."""
MAX_EXTRA_WIDTH = 40.0
"""The most width that a cell gains when there is space to spare."""
MIN_VECTOR_COLUMN_WIDTH = MAX_CHARS_NARROW * weight_rows.DIGIT_WIDTH + 4.5
"""The least width of a column with an element of a vector above it."""
MIN_PRODUCT_WIDTH = 62.0
"""The least width of a product column."""


class Columns(NamedTuple):
    """One block of columns: a parameter, or a product.

    Attributes:
        name: The tensor; ids of cells begin with it.
        label: The name below the block.
        length: The number of columns.
        width: The width of a column.
        numbers: The numbers, by gate, unit and column.
        vector: The vector that the weights multiply; empty for a bias.
        gap: The gap right of the block.
        is_printed: Whether the cells are wide enough for numbers.
        max_chars: The most characters of a number.
        is_map: Whether the block is a heat map of the rows of all units.
    """

    name: str
    label: str
    length: int
    width: float
    numbers: dict[tuple[str, int, int], Number]
    vector: str = ""
    gap: float = 8
    is_printed: bool = True
    max_chars: int = MAX_CHARS
    is_map: bool = False

    @property
    def middle(self) -> float:
        """The middle of its cells, relative to its left edge."""
        return (self.length * self.width - CELL_GAP) / 2

    @property
    def is_weight(self) -> bool:
        """Whether the block shows a parameter as stored."""
        return self.name.startswith(("weight", "bias_"))

    @property
    def meets_vector(self) -> bool:
        """Whether each column is multiplied by an element of a vector."""
        return self.is_weight and bool(self.vector)


def width(blocks: list[Columns]) -> float:
    """Return the width of adjacent blocks."""
    return sum(b.length * b.width + b.gap for b in blocks)


def weights(subject: LayerRun, layout: weight_rows.Rows) -> list[Columns]:
    """Return blocks with every weight of the rows."""
    parameters = subject.weights.parameters()
    gap, max_chars = BLOCK_GAP, MAX_CHARS
    if layout.is_narrow:
        gap, max_chars = NARROW_BLOCK_GAP, MAX_CHARS_NARROW
    blocks = []
    for name, vector in (("weight_ih", "x"), ("weight_hh", "h_prev")):
        count = parameters[name].shape[1]
        numbers = {
            (gate, unit, k): subject.parameter(name, layout.row(gate, unit), k)
            for gate, unit in layout.gate_unit_pairs
            for k in range(count)
        }
        name_width = len(name) * weight_rows.DIGIT_WIDTH + CELL_GAP
        min_width = max(name_width / count, MIN_VECTOR_COLUMN_WIDTH)
        column_width = weight_rows.cell_width([*numbers.values()], min_width, max_chars)
        blocks.append(
            Columns(
                name=name,
                label=name,
                length=count,
                width=column_width,
                numbers=numbers,
                vector=vector,
                gap=gap,
                max_chars=max_chars,
            )
        )
    for name, symbol in (("bias_ih", "b_{ih}"), ("bias_hh", "b_{hh}")):
        if name in parameters:
            numbers = {
                (gate, unit, 0): subject.parameter(name, layout.row(gate, unit))
                for gate, unit in layout.gate_unit_pairs
            }
            column_width = weight_rows.cell_width([*numbers.values()], max_chars=max_chars)
            # Both biases are one block.
            own_gap = gap if name == "bias_hh" else 0.0
            blocks.append(
                Columns(name, symbol, 1, column_width, numbers, gap=own_gap, max_chars=max_chars)
            )
    return blocks


def products(subject: LayerRun, t: int, layout: weight_rows.Rows) -> list[Columns]:
    """Return blocks with W·x, W·h and the bias of each row."""
    blocks = []
    for name, vector in (("ih", "x"), ("hh", "h_prev")):
        values = subject.vector(name, t)
        numbers = {
            (gate, unit, 0): values[layout.row(gate, unit)] for gate, unit in layout.gate_unit_pairs
        }
        count = f"{len(subject.vector(vector, t)):,} numbers"
        min_width = max(MIN_PRODUCT_WIDTH, words.width(count, words.SMALL) + COUNT_PADDING)
        blocks.append(_product(name, TERMS[name].symbol, numbers, min_width, vector))
    if subject.weights.bias_ih is not None:
        numbers = {
            (gate, unit, 0): subject.bias(layout.row(gate, unit))
            for gate, unit in layout.gate_unit_pairs
        }
        blocks.append(_product("bias", "biases", numbers, MIN_PRODUCT_WIDTH))
    return blocks


def _product(
    name: str,
    label: str,
    numbers: dict[tuple[str, int, int], Number],
    min_width: float,
    vector: str = "",
) -> Columns:
    """Return a block with one column, at least `min_width` wide."""
    column_width = weight_rows.cell_width([*numbers.values()], min_width, MAX_CHARS)
    return Columns(
        name=name, label=label, length=1, width=column_width, numbers=numbers, vector=vector
    )


def without_numbers(blocks: list[Columns], available_width: float) -> list[Columns]:
    """Return the blocks without numbers, narrowed to the available width."""
    count = sum(b.length for b in blocks)
    spare = available_width - sum(b.gap for b in blocks)
    return [b._replace(width=min(b.width, spare / count), is_printed=False) for b in blocks]


def widened(blocks: list[Columns], spare: float) -> list[Columns]:
    """Return the blocks with wider cells, if there is space to spare."""
    count = sum(b.length for b in blocks)
    extra_width = min(MAX_EXTRA_WIDTH, max(0.0, spare) / count)
    return [b._replace(width=b.width + extra_width) for b in blocks]
