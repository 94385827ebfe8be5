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
NARROWEST_WIDE, ORDERS_GAP, STACKED_GAP = 400.0, 32.0, 20.0
"""In a drawing of at most this width, both orders of the sequences are one below the other;
the gap between them, side by side and stacked."""
PADDING, NARROW_PADDING = 14.0, 10.0
"""The space in the frame around the fields."""
NUMBERS_WIDTH = 16.0
"""The width of the numbers of sequences, left of the bars."""
BAR_SHARE = 0.85
"""The height of a bar, as a share of the distance between two."""
UPDATES_GAP, UPDATES_HEIGHT = 4.0, 22.0
"""From the bars to the number of cell updates, and the height of both."""


def bars(packing: Packing, space: float) -> Block:
    """Draw the sequences unsorted and sorted by length, with the fields below."""
    is_wide = space > NARROWEST_WIDE
    width = (space - ORDERS_GAP) / 2 if is_wide else space
    orders = [_Bars(packing, width, is_sorted).block() for is_sorted in (False, True)]
    padding = PADDING if is_wide else NARROW_PADDING
    names = ("data", "batch_sizes", "sorted_indices", "unsorted_indices")
    inside = fields(packing, names, space - 2 * padding)
    return block_column(
        [
            block_row(orders, ORDERS_GAP) if is_wide else block_column(orders, STACKED_GAP),
            framed_block(inside, padding, fill=None, stroke="rule", width=space),
        ],
        STACKED_GAP,
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
        return NUMBERS_WIDTH if self.packing.is_small else 0.0

    def block(self) -> Block:
        padded, packed = self.packing.updates
        name, updates = "padded", padded
        if self.is_sorted:
            name, updates = "sorted by length", packed
        title = text_block(sentence(name), self.width, fill="ink", bold=True)
        marks: list[Mark] = []
        if not self.is_sorted:
            dash, width = styles.CELL.muted.dash, self.width - self.left
            background = Box(
                self.left, 0, width, BARS_HEIGHT, fill="panel", stroke="rule", dash=dash
            )
            marks.append(background)
        for place in range(self.packing.count):
            marks += self.bar(place)
        top = BARS_HEIGHT + UPDATES_GAP
        count, _ = words.paragraph(0, top, updates_of(updates), self.width)
        height = BARS_HEIGHT + UPDATES_HEIGHT
        return block_column([title, Block(self.width, height, (*marks, count))], gap=6)

    def bar(self, place: int) -> list[Mark]:
        """A sequence as long as it has steps, with its number if there are few."""
        packing, are_few = self.packing, self.packing.is_small
        if self.is_sorted:
            sequence, id = packing.order[place], f"sorted-{place}"
            index = str(Ref("packed.sorted_indices")[place])
        else:
            sequence, index, id = place, str(place), f"padded-{place}"
        pitch, scale = BARS_HEIGHT / packing.count, Scale(0, packing.steps, self.left, self.width)
        bar = Box(
            self.left,
            place * pitch,
            scale(packing.lengths[sequence]) - self.left,
            pitch * BAR_SHARE,
            fill=tones(packing, sequence)[0] if are_few else "ink:35",
            stroke="muted" if are_few else None,
            id=id,
            bound=(Length(f"lengths[{index}]", "width", scale),),
        )
        if not are_few:
            return [bar]
        y, names = (place + BAR_SHARE / 2) * pitch, {"sample": sequence}
        return [words.label(0, y, str(sequence), names=names, of=[bar], style=words.FINE), bar]
