"""Sequences as bars, where they are too many or too long for numbers."""

from ...layout import styles, words
from ...layout.blocks import Block, below, beside, framed, said
from ...proof.bindings import Length, Scale, sentence
from ...proof.reference import Ref
from ...scene.marks import Box, Mark
from .fields import fields, told_apart, tones, updates_of
from .packing import Packing

TALL = 160.0
"""The height of all bars."""


def bars(shown: Packing, space: float) -> Block:
    """The sequences as they come and by length, and the fields below them."""
    wide = space > 400
    width = (space - 32) / 2 if wide else space
    both = [_ordered(shown, width, ordered=ordered) for ordered in (False, True)]
    pad = 14.0 if wide else 10.0
    names = ("data", "batch_sizes", "sorted_indices", "unsorted_indices")
    inside = fields(shown, names, space - 2 * pad)
    return below(
        [
            beside(both, 32) if wide else below(both, 20),
            framed(inside, pad, fill=None, stroke="rule", width=space),
        ],
        20,
    )


def _ordered(shown: Packing, width: float, *, ordered: bool) -> Block:
    """The sequences below each other, in one of two orders."""
    name = "sorted by length" if ordered else "padded"
    title = said(sentence(name), width, fill="ink", bold=True)
    pitch, few = TALL / shown.count, told_apart(shown)
    left = 16.0 if few else 0.0
    scale = Scale(0, shown.steps, left, width)
    marks: list[Mark] = []
    if not ordered:
        marks.append(
            Box(
                left, 0, width - left, TALL, fill="panel", stroke="rule", dash=styles.CELL.back.dash
            )
        )
    for place in range(shown.count):
        whose = shown.order[place] if ordered else place
        index = Ref("packed.sorted_indices")[place] if ordered else place
        id = f"{name.split()[0]}-{place}"
        if few:
            marks.append(
                words.label(
                    0,
                    (place + 0.425) * pitch,
                    str(whose),
                    {"sample": whose},
                    [id],
                    "row",
                    style=words.FINE,
                )
            )
        marks.append(
            Box(
                left,
                place * pitch,
                scale(shown.lengths[whose]) - left,
                pitch * 0.85,
                fill=tones(whose)[0] if few else "ink:35",
                stroke="muted" if few else None,
                id=id,
                bound=(Length(f"lengths[{index}]", "width", scale),),
            )
        )
    padded, packed = shown.updates
    count = packed if ordered else padded
    updates = words.paragraph(0, TALL + 4, updates_of(count), width)
    return below([title, Block(width, TALL + 22, (*marks, updates[0]))], 6)
