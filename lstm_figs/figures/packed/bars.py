"""Sequences as bars, for batches that are too large to print."""

from ...layout import styles, words
from ...layout.blocks import Block, block_column, block_row, framed_block, text_block
from ...model.reference import Ref
from ...proof.bindings import Length, Scale, sentence
from ...scene.marks import Box, Mark
from .fields import are_distinct, fields, tones, updates_of
from .packing import Packing

BARS_HEIGHT = 160.0
"""The height of all bars together."""


def bars(packing: Packing, space: float) -> Block:
    """Draw the sequences unsorted and sorted by length, with the fields below."""
    is_wide = space > 400
    width = (space - 32) / 2 if is_wide else space
    orders = [_ordered(packing, width, ordered=ordered) for ordered in (False, True)]
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


def _ordered(packing: Packing, width: float, *, ordered: bool) -> Block:
    """Draw the sequences as bars, unsorted or sorted by length."""
    name = "sorted by length" if ordered else "padded"
    title = text_block(sentence(name), width, fill="ink", bold=True)
    pitch, are_few = BARS_HEIGHT / packing.count, are_distinct(packing)
    left = 16.0 if are_few else 0.0
    scale = Scale(0, packing.steps, left, width)
    marks: list[Mark] = []
    if not ordered:
        marks.append(
            Box(
                left,
                0,
                width - left,
                BARS_HEIGHT,
                fill="panel",
                stroke="rule",
                dash=styles.CELL.back.dash,
            )
        )
    for place in range(packing.count):
        sequence = packing.order[place] if ordered else place
        index = Ref("packed.sorted_indices")[place] if ordered else place
        id = f"{name.split()[0]}-{place}"
        if are_few:
            marks.append(
                words.label(
                    0,
                    (place + 0.425) * pitch,
                    str(sequence),
                    {"sample": sequence},
                    [id],
                    "row",
                    style=words.FINE,
                )
            )
        marks.append(
            Box(
                left,
                place * pitch,
                scale(packing.lengths[sequence]) - left,
                pitch * 0.85,
                fill=tones(sequence)[0] if are_few else "ink:35",
                stroke="muted" if are_few else None,
                id=id,
                bound=(Length(f"lengths[{index}]", "width", scale),),
            )
        )
    padded, packed = packing.updates
    count = packed if ordered else padded
    updates = words.paragraph(0, BARS_HEIGHT + 4, updates_of(count), width)
    return block_column([title, Block(width, BARS_HEIGHT + 22, (*marks, updates[0]))], 6)
