"""The rows of weights, and the vectors that they multiply."""

from collections.abc import Sequence
from itertools import accumulate
from typing import NamedTuple

import numpy as np

from ...layout import words
from ...layout.motifs import weight_rows
from ...layout.shapes import arrow
from ...model.layer_run import LayerRun
from ...model.lstm import GATES
from ...model.reference import Number
from ...proof import digits
from ...proof.bindings import Flow, Node, sentence
from ...scene.marks import Box, Group, Mark, Text
from ...scene.terms import TERMS
from . import maps
from .gate_columns import CELL_GAP, Columns
from .pieces import Piece, gate_pieces

VECTOR_TOP = 17.0
"""The top edge of a vector."""
VECTOR_HEIGHT, TURNED_HEIGHT = 24.0, 48.0
"""The height of a vector, and its height if its numbers are rotated."""
MIN_UPRIGHT_WIDTH = 40.0
"""Columns narrower than this have rotated numbers above them."""
ARROW_LENGTH, ARROW_GAP = 25.0, 3.0
"""The distance from a vector down to the rows, and the gaps at both ends of the arrows."""
NAME_RISE, SUMMARY_DROP = 10.0, 3.0
"""The middle of a vector's name above it, and the top of the words in it."""
NAME_DROP, LOW_NAME_DROP = 11.0, 25.0
"""The middle of a block's name below the rows, and that of a name on the second line."""
MIN_NAME_WIDTH = 26.0
"""The least width of a column of biases with its name beside that of the other."""
MAX_CHARS = 5
"""The most characters of an element."""
AXIS_OF = {"x": "input", "h_prev": "column"}
"""The name of a vector's index in `words.label`."""


class Table(NamedTuple):
    """The rows of weights or products at a step, and the vectors above them.

    Attributes:
        subject: The run, layer and direction to draw.
        t: The step, counted from 0.
        layout: The rows of the drawn units.
        blocks: The blocks of columns; empty if rows are not drawn.
    """

    subject: LayerRun
    t: int
    layout: weight_rows.Rows
    blocks: list[Columns]

    @property
    def is_map(self) -> bool:
        """Whether the blocks are heat maps of the rows of all units."""
        return any(b.is_map for b in self.blocks)

    @property
    def names_fit(self) -> bool:
        """Whether the names below the blocks fit on one line."""
        last = self.blocks[-1]
        return last.is_printed or last.width >= MIN_NAME_WIDTH

    @property
    def top(self) -> float:
        """The top edge of the rows, below the vectors."""
        is_turned = any(_has_turned_numbers(b) for b in self.blocks)
        return VECTOR_TOP + (TURNED_HEIGHT if is_turned else VECTOR_HEIGHT) + ARROW_LENGTH

    @property
    def level(self) -> float:
        """The middle of the vectors."""
        return (VECTOR_TOP + self.layout.top - ARROW_LENGTH) / 2

    @property
    def left(self) -> float:
        """The left edge of the first block."""
        return maps.GUTTER_WIDTH if self.is_map else self.layout.left

    @property
    def lefts(self) -> list[float]:
        """The left edge of each block."""
        widths = (b.length * b.width + b.gap for b in self.blocks[:-1])
        return [*accumulate(widths, initial=self.left)]

    def pieces(self, row_id_patterns: Sequence[str]) -> list[Piece]:
        """Draw the rows, and the vectors above them.

        Args:
            row_id_patterns: The ids of the marks beside a row, with {row}, {gate} and
            {unit}, such as `z-3-{gate}-{unit}`.
        """
        around: list[Mark] = []
        for k, (block, x) in enumerate(zip(self.blocks, self.lefts, strict=True)):
            around += [self._block_name(k, x), *self._vector(block, x)]
        if self.is_map:
            rows = maps.Maps(self.subject, self.layout, self.blocks, row_id_patterns).pieces()
        else:
            half = (self.layout.height + self.layout.gap) / 2
            last = self.layout.units[-1]
            bands = {gate: self.layout.y(gate, last) + half for gate in GATES}
            rows = gate_pieces(self._rows(row_id_patterns), bands)
        return [Piece("", around), *rows]

    def _rows(self, row_id_patterns: Sequence[str]) -> list[Mark]:
        """Draw the cells of all blocks, and the letters and indices left of them."""
        numbers = [number for block in self.blocks for number in block.numbers.values()]
        sizes = [abs(float(number.value)) for number in numbers if np.isfinite(number.value)]
        ids = [*(f"{block.name}-{{row}}-*" for block in self.blocks), *row_id_patterns]
        marks = weight_rows.gutter_marks(self.layout, ids)
        for block, x in zip(self.blocks, self.lefts, strict=True):
            zeros, where = self._zero_columns(block)
            marks += weight_rows.cells(
                self.layout,
                x,
                block.width,
                block.length,
                block.numbers,
                # Where all weights are 0, any end gives the colour of 0.
                end=max(sizes, default=0) or 1,
                id=block.name,
                term=block.name,
                numbers=block.is_printed,
                max_chars=block.max_chars,
                faint=zeros,
                where=where,
            )
        return marks

    def _zero_columns(self, block: Columns) -> tuple[list[int], str]:
        """Return the columns whose weights meet a zero, and the expression that selects them."""
        name = block.vector
        if not block.meets_vector:
            return [], ""
        vector = self.subject.vector(name, self.t)
        zeros = [k for k, number in enumerate(vector) if number.value == 0]
        return zeros, f"{name}[{self.t}, 0, {AXIS_OF[name]}] == 0"

    def _block_name(self, k: int, x: float) -> Mark:
        """Name a block below its columns."""
        block = self.blocks[k]
        # Names of narrow blocks would overlap, so every other one is lower: that of
        # bias_hh, and in a heat map that of weight_hh if it has a single column.
        is_tight = self.is_map and len(self.blocks) > 3 and block.length == 1
        is_low = not self.names_fit and (k == 3 or (k == 1 and is_tight))
        name = block.label if block.is_printed else TERMS[block.name].symbol
        middle = x + block.middle
        return words.label(
            # Cells of a heat map have no gap, so their middle is further right.
            middle + CELL_GAP / 2 if block.is_map else middle,
            self.layout.bottom + (LOW_NAME_DROP if is_low else NAME_DROP),
            name,
            names={"tensor": block.name},
            of=[f"{block.name}-*" if self.is_map else f"{block.name}-*-*"],
            along="column",
            style=words.FINE_CODE if name.startswith("weight") else words.FINE,
            anchor="middle",
            term=block.name,
        )

    def _vector(self, block: Columns, x: float) -> list[Mark]:
        """Draw the vector above a block, with its name and arrows to the rows."""
        if not block.vector:
            return []
        if block.meets_vector:
            vector, arrows = self._elements(block, x)
        else:
            vector, arrows = self._summary(block, x)
        name = words.label(
            x + block.middle,
            VECTOR_TOP - NAME_RISE,
            block.vector,
            names={"tensor": block.vector},
            of=[vector],
            anchor="middle",
            style=words.STRONG_CODE,
            fill=TERMS[block.vector].role,
            term=block.vector,
        )
        return [name, vector, *arrows]

    def _elements(self, block: Columns, x: float) -> tuple[Group, list[Mark]]:
        """Draw each element of a vector above its column, with an arrow down to it."""
        vector = self.subject.vector(block.vector, self.t)
        decimals = digits.decimals(n.value for n in vector)
        elements: list[Mark] = []
        arrows: list[Mark] = []
        for k, number in enumerate(vector):
            cell, printed = self._element(block, k, number, x + k * block.width, decimals)
            elements += [cell, printed]
            middle = x + k * block.width + (block.width - CELL_GAP) / 2
            head = f"{block.name}-i" if block.is_map else self._first_cell(block, k)
            arrows.append(_arrow_to_rows(middle, self.layout.top, cell.id, head))
        bound = (Node(f"{block.vector}[{self.t}, 0]"),)
        return Group(tuple(elements), id=f"{block.vector}-{self.t}", bound=bound), arrows

    def _element(
        self, block: Columns, k: int, number: Number, left: float, decimals: int
    ) -> tuple[Box, Text]:
        """Draw element `k` of a vector; return its box and its number."""
        id, middle = f"{block.vector}-{self.t}-{k}", left + (block.width - CELL_GAP) / 2
        printed = words.number(
            middle,
            self.level,
            number,
            size=words.SMALL,
            decimals=decimals,
            max_chars=MAX_CHARS,
            id=id,
            term=block.vector,
        )
        if _has_turned_numbers(block):
            x = middle + words.middle_to_baseline(words.SMALL)
            printed = printed._replace(x=x, y=self.level, turn=90)
        cell = Box(
            left,
            VECTOR_TOP,
            block.width - CELL_GAP,
            2 * (self.level - VECTOR_TOP),
            radius=3,
            stroke=TERMS[block.vector].role,
            id=f"{id}-cell",
            term=block.vector,
            bound=(Node(number.expr),),
        )
        return cell, printed

    def _summary(self, block: Columns, x: float) -> tuple[Group, list[Mark]]:
        """Draw the length of a vector above a block that shows only products."""
        vector = self.subject.vector(block.vector, self.t)
        middle, width = x + block.middle, block.width - CELL_GAP
        count, _ = words.paragraph(
            middle,
            VECTOR_TOP + SUMMARY_DROP,
            sentence("{} numbers", (f"{len(vector):,}", f'f"{{len({vector.of}):,}}"')),
            width,
            size=words.SMALL,
            anchor="middle",
            fill="ink",
        )
        around = Box(
            x,
            VECTOR_TOP,
            width,
            VECTOR_HEIGHT,
            radius=3,
            stroke=TERMS[block.vector].role,
            term=block.vector,
        )
        id = f"{block.vector}-{self.t}"
        group = Group((around, count), id=id, bound=(Node(vector.of),))
        head = self._first_cell(block, 0)
        return group, [_arrow_to_rows(middle, self.layout.top, id, head)]

    def _first_cell(self, block: Columns, k: int) -> str:
        """Return the id of the topmost cell of a column."""
        id = f"{block.name}-{self.layout.row(*self.layout.gate_unit_pairs[0])}-{k}"
        return f"{id}-cell" if block.is_printed else id


def _has_turned_numbers(block: Columns) -> bool:
    """Return whether the numbers above a block are rotated, because its columns are narrow."""
    return not block.is_printed and block.width < MIN_UPRIGHT_WIDTH


def _arrow_to_rows(x: float, bottom: float, tail: str, head: str) -> Group:
    """Draw an arrow from a vector down to the rows."""
    line = arrow((x, bottom - ARROW_LENGTH + ARROW_GAP), (x, bottom - ARROW_GAP))
    return line._replace(bound=(Flow("meets", tail, head),))
