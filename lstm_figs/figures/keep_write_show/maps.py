"""Heat maps of all rows, for layers with more units than are drawn."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

from ...layout import styles, words
from ...layout.motifs import heat, matrix, weight_rows
from ...model.layer_run import LayerRun
from ...model.lstm import GATES
from ...proof.bindings import Flow, Node
from ...scene.marks import Box, Mark, Path, Text
from ...scene.terms import TERMS
from .gate_columns import Columns, width
from .pieces import USE_OF, Piece

GUTTER_WIDTH = 23.0
"""The width left of the rows, for the letters and bars of the gates."""
INDEX_WIDTH = 40.0
"""The width right of the rows, for curves from outlined rows to their indices."""
MIN_CELL_WIDTH, MAX_CELL_WIDTH = 13.0, 16.0
"""The least and the largest width of a cell."""
MIN_CELL_HEIGHT, MAX_ROWS = 4.0, 80
"""The least height of a cell, and the most rows."""
NAME_GAP = 8.0
"""The gap between the names of two vectors."""
OUTLINE_GAP = 2.0
"""The gap between an outline and its cells."""
SCALE_WIDTH = 110.0
"""The width of the colour scale."""
SCALE_HEIGHT, SCALE_DROP = 28.0, 14.0
"""The height of the colour scale, and its extra offset below names on two lines."""
INDEX_MARGIN, INDEX_GAP = 6.0, 3.0
"""The space right of the index of a row, and the gap between it and its curve."""
CELL_GAP = 1.0
"""The gap between the heat maps of two gates, and right of a cell."""


def fitted(blocks: list[Columns], available_width: float) -> list[Columns]:
    """Return the blocks as heat maps that fit the available width; empty if they cannot fit."""
    count = sum(b.length for b in blocks)
    gap = sum(b.gap for b in blocks)
    cell_width = min(MAX_CELL_WIDTH, (available_width - gap - GUTTER_WIDTH - INDEX_WIDTH) / count)
    if cell_width < MIN_CELL_WIDTH:
        return []
    mapped = [b._replace(width=cell_width, is_printed=False, is_map=True) for b in blocks]
    for k, (block, next_block) in enumerate(pairwise(mapped)):
        if block.vector and next_block.vector:
            # The names of short vectors are wider than their cells.
            letters = len(block.vector + next_block.vector)
            name_distance = letters * weight_rows.DIGIT_WIDTH / 2 + NAME_GAP
            middles = block.length * cell_width - block.middle + next_block.middle
            gap = max(block.gap, name_distance - middles)
            mapped[k] = block._replace(gap=gap)
    return mapped


def height_below(blocks: list[Columns]) -> float:
    """Return the height that names and colour scale take below heat maps; 0 for other blocks."""
    if not any(block.is_map for block in blocks):
        return 0.0
    # With both biases, every other name is on a second line.
    return SCALE_HEIGHT + SCALE_DROP if len(blocks) > 3 else SCALE_HEIGHT


@dataclass(frozen=True, eq=False)
class Maps:
    """Heat maps of the rows of all units, with the rows of the drawn units outlined.

    Attributes:
        subject: The run, layer and direction to draw.
        layout: The rows of the drawn units; their sums are at these heights.
        blocks: The blocks of columns.
        row_id_patterns: The ids of the marks beside a row, with {row}, {gate} and
            {unit}, such as `z-3-{gate}-{unit}`.
    """

    subject: LayerRun
    layout: weight_rows.Rows
    blocks: list[Columns]
    row_id_patterns: Sequence[str]

    @property
    def right(self) -> float:
        """The right edge of the maps."""
        return GUTTER_WIDTH + width(self.blocks) - self.blocks[-1].gap

    @cached_property
    def tensors(self) -> dict[str, matrix.Tensor]:
        """The tensor of each block, by its name."""
        tensors = {tensor.id: tensor for tensor in matrix.parameters(self.subject)}
        return {block.name: tensors[block.name] for block in self.blocks}

    @cached_property
    def largest_tensor(self) -> matrix.Tensor:
        """The tensor with the element of the largest magnitude."""
        return max(self.tensors.values(), key=lambda tensor: abs(float(tensor.largest().value)))

    def cells(self, tensor: matrix.Tensor) -> heat.Cells:
        """Return the cells of a tensor, one for each element."""
        return heat.cells(
            tensor.matrix,
            [TERMS[g].role for g in GATES],
            heat.CellAxis(self.subject.weights.hidden_size, 1),
            heat.CellAxis(tensor.columns, 1),
        )

    def pieces(self) -> list[Piece]:
        """Draw the maps of each gate, and the colour scale below them."""
        ids = [f"{b.name}-{{gate}}" for b in self.blocks]
        # Each gate has a bar and a letter; the indices of rows have curves of their own.
        letters_and_bars = [
            mark
            for mark in weight_rows.gutter_marks(self.layout, [*ids, *self.row_id_patterns])
            if not isinstance(mark, Text) or mark.content in GATES
        ]
        return [
            *(
                Piece(USE_OF[gate], [*letters_and_bars[2 * k : 2 * k + 2], *self._band(gate)])
                for k, gate in enumerate(GATES)
            ),
            Piece("", self._scale()),
        ]

    def _band(self, gate: str) -> list[Mark]:
        """Draw the rows of a gate in all blocks."""
        layout, units = self.layout, self.layout.units
        top = layout.y(gate, units[0]) - layout.height / 2 + CELL_GAP
        bottom = layout.y(gate, units[-1]) + layout.height / 2 - CELL_GAP
        cell_height = (bottom - top) / self.subject.weights.hidden_size
        marks: list[Mark] = []
        x = GUTTER_WIDTH
        largest = self.largest_tensor.largest()
        for block in self.blocks:
            marks.append(
                heat.heat_map(
                    self.cells(self.tensors[block.name])._replace(scale_end=largest),
                    GATES.index(gate),
                    x,
                    top,
                    block.width,
                    cell_height,
                    id=f"{block.name}-{gate}",
                    term=f"{block.name} {gate}",
                )
            )
            x += block.length * block.width + block.gap
        for unit in units:
            marks += self._row_outline(gate, unit, top + unit * cell_height, cell_height)
        return marks

    def _row_outline(self, gate: str, unit: int, top: float, height: float) -> list[Mark]:
        """Outline a row, and draw a curve from it to its index."""
        row, y, level = self.layout.row(gate, unit), top + height / 2, self.layout.y(gate, unit)
        label = words.label(
            self.right + INDEX_WIDTH - INDEX_MARGIN,
            level,
            str(row),
            names={"row": row},
            of=[
                f"row-{row}",
                *(i.format(row=row, gate=gate, unit=unit) for i in self.row_id_patterns),
            ],
            along="row",
            style=words.FINE,
            anchor="end",
            id=f"index-{row}",
        )
        start, stop = self.right + OUTLINE_GAP, label.left - INDEX_GAP
        turn = (start + stop) / 2
        return [
            Box(
                GUTTER_WIDTH - OUTLINE_GAP,
                top,
                self.right - GUTTER_WIDTH + 2 * OUTLINE_GAP - CELL_GAP,
                height,
                stroke="ink",
                id=f"row-{row}",
                term=gate,
                bound=(Node(self.subject.ref("weight_ih")[row]),),
            ),
            Path(
                (("M", (start, y)), ("C", (turn, y), (turn, level), (stop, level))),
                stroke="muted",
                stroke_width=styles.LINE.muted.weight,
                bound=(Flow("points", f"row-{row}", f"index-{row}"),),
            ),
            label,
        ]

    def _scale(self) -> list[Mark]:
        """Draw the colour scale; it ends at the largest element of all blocks."""
        tensor = self.largest_tensor
        return heat.colour_bar(
            self.cells(tensor),
            GUTTER_WIDTH,
            self.layout.bottom + height_below(self.blocks) - 2,
            SCALE_WIDTH,
            id=f"scale-{tensor.id}",
            term=tensor.id,
            symbol=tensor.symbol,
            of=[f"{b.name}-{gate}" for b in self.blocks for gate in GATES],
        )
