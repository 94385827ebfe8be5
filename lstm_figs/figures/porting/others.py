"""The same row of all other tensors, on both sides."""

from ...layout import words
from ...layout.blocks import Block
from ...layout.motifs import gauges
from ...proof.bindings import Node
from ...scene.marks import Box, Mark, Path, Text
from ...scene.terms import TERMS
from .bands import AFTER, WIDE
from .sides import BIASES, TRACED, Element, Side

ROW, LINE = 44.0, 19.0
"""From one element to the next, and from its name to its number."""
NUMBER = 54.0
"""The width of a number."""


def others(ours: Side, theirs: Side, space: float, close: bool, turned: bool) -> Block:
    """The other tensors of PyTorch, and what becomes of each.

    Both columns stand below the bands, where these have room for them.
    """
    wide = 146.0 if close else WIDE if turned else 236.0
    point = words.Decimals.of(
        (one.number for side in (ours, theirs) for one in side.others), room=6
    )
    right = WIDE + AFTER if turned and not close else space - wide
    marks: list[Mark] = []
    ends = {one.made_of: one for one in theirs.others}
    for k, one in enumerate(ours.others):
        y = k * ROW
        level = y + LINE + 9
        here = _number(one, wide - NUMBER / 2, level, point)
        marks += [here, *_named(one, 0, y, wide, at_right=True)]
        to = ends.get(one.made_of)
        if to:
            there = _number(to, right + NUMBER / 2, level, point)
            marks += [there, *_named(to, right, y, space - right, at_right=False)]
            # A number may become shorter where another needs an exponent.
            cell = Box(right, level - 9, NUMBER, 18, id=f"{to.id}-cell")
            marks.append(cell._replace(bound=(Node(to.number.expr),)))
            ends_at = (here.left + here.width + 6, level), (right - 6, level)
            marks += gauges.ribbon(*ends_at, TERMS[TRACED].role, one.id, cell.id)
    if BIASES in ends:
        y = (len(ours.others) - 1) * ROW
        level = y + LINE + 9
        marks += [
            words.operator(wide - NUMBER - 8, level, "+", fill="ink"),
            words.operator((wide + right) / 2, level, "=", fill="ink"),
            _number(ends[BIASES], right + NUMBER / 2, level, point),
            *_named(ends[BIASES], right, y, space - right, at_right=False),
        ]
    return Block(space, len(ours.others) * ROW - 8, tuple(marks))


def _number(one: Element, x: float, y: float, point: words.Decimals) -> Text:
    return point.number(x, y, one.number, room=6, id=one.id, term=one.term)


def _named(one: Element, x: float, y: float, width: float, *, at_right: bool) -> list[Mark]:
    """Name and shape of a tensor, and below them the index of the number.

    Args:
        one: The number.
        x: The left.
        y: The top.
        width: What both lines may take.
        at_right: Whether the number is at the right of its index.
    """
    tensor = one.tensor
    fits = words.width(tensor.name) <= width
    name = words.label(
        x,
        y + 9,
        tensor.name if fits else tensor.short,
        {"tensor": tensor.short},
        [one.id],
        "block",
        fill="ink",
    )
    own, after = f"{one.id}-shape", x + name.width + 10
    shape = words.label(
        after,
        y + 9,
        str(tensor.shape),
        {"shape": ",".join(map(str, tensor.shape))},
        [own],
        "row",
        style=words.FINE,
    )
    marks: list[Mark] = [
        name,
        words.label(
            x if at_right else x + NUMBER + 12,
            y + LINE + 9,
            one.written,
            one.names,
            [one.id],
            "row",
            style=words.FINE,
        ),
    ]
    if shape.left + shape.width <= x + width:
        # A shape is of the tensor, not of the element below it.
        at = (after, y + 9)
        of = Path((("M", at), ("L", at)), id=own, bound=(Node(tensor.of),))
        marks += [shape, of]
    return marks
