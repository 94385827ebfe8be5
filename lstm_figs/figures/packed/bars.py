"""Sequences as bars, for batches that are too large to print."""

from dataclasses import dataclass

from ...layout import styles, words
from ...layout.blocks import Block, block_column, block_row, framed_block, text_block
from ...model.reference import Ref
from ...proof.bindings import Length, Scale, sentence
from ...scene.marks import Box, Mark
from .fields import fields, tones, updates_of
from .packing import Packing

BARS_HEIGHT = 160.0
"""The height of all bars together."""


def bars(packing: Packing, space: float) -> Block:
    """Draw the sequences unsorted and sorted by length, with the fields below."""
    is_wide = space > 400
    width = (space - 32) / 2 if is_wide else space
    orders = [_Bars(packing, width, is_sorted).block() for is_sorted in (False, True)]
    pad = 14.0 if is_wide else 10.0
    names = ("data", "batch_sizes", "sorted_indices", "unsorted_indices")
    inside = fields(packing, names, space - 2 * pad)
    return block_column(
        [
            block_row(orders, 32) if is_wide else block_column(orders, 20),
            framed_block(inside, pad, fill=None, stroke="rule", width=space),
        ],
        20,
    )


@dataclass(frozen=True)
class _Bars:
    """The sequences as bars, unsorted or sorted by length.

    Attributes:
        packing: The batch.
        width: The width of the longest bar and of the numbers at its left.
        is_sorted: Whether the sequences are sorted by length.
    """

    packing: Packing
    width: float
    is_sorted: bool

    @property
    def left(self) -> float:
        """The left of the bars."""
        return 16.0 if self.packing.is_small else 0.0

    def block(self) -> Block:
        name, count = ("sorted by length" if self.is_sorted else "padded"), self.packing.count
        padded, packed = self.packing.updates
        title = text_block(sentence(name), self.width, fill="ink", bold=True)
        marks: list[Mark] = []
        if not self.is_sorted:
            dash, width = styles.CELL.muted.dash, self.width - self.left
            background = Box(
                self.left, 0, width, BARS_HEIGHT, fill="panel", stroke="rule", dash=dash
            )
            marks.append(background)
        for place in range(count):
            marks += self.bar(place)
        updates, _ = words.paragraph(
            0, BARS_HEIGHT + 4, updates_of(packed if self.is_sorted else padded), self.width
        )
        return block_column([title, Block(self.width, BARS_HEIGHT + 22, (*marks, updates))], 6)

    def bar(self, place: int) -> list[Mark]:
        """A sequence as long as it has steps, with its number if there are few."""
        packing, are_few = self.packing, self.packing.is_small
        sequence, index, id = place, str(place), f"padded-{place}"
        if self.is_sorted:
            sequence, id = packing.order[place], f"sorted-{place}"
            index = str(Ref("packed.sorted_indices")[place])
        pitch, scale = BARS_HEIGHT / packing.count, Scale(0, packing.steps, self.left, self.width)
        bar = Box(
            self.left,
            place * pitch,
            scale(packing.lengths[sequence]) - self.left,
            pitch * 0.85,
            fill=tones(packing, sequence)[0] if are_few else "ink:35",
            stroke="muted" if are_few else None,
            id=id,
            bound=(Length(f"lengths[{index}]", "width", scale),),
        )
        if not are_few:
            return [bar]
        y, names = (place + 0.425) * pitch, {"sample": sequence}
        return [words.label(0, y, str(sequence), names=names, of=[bar], style=words.FINE), bar]
