"""The fields of a `PackedSequence` as lines of small cells."""

from collections.abc import Sequence

from ...layout import words
from ...layout.blocks import Block, below, beside
from ...layout.fold import WHOLE, Gap, excerpt
from ...proof import digits
from ...proof.bindings import Sentence, sentence
from ...proof.reference import Number
from ...scene.marks import Box, Mark
from ...scene.metrics import width
from ...scene.theme import Paint
from .packing import Packing

TONES = (("ink:6", "ink"), ("ink:85", "paper"), ("ink:35", "ink"), ("ink:18", "ink"))
"""What the cells of a sequence are filled with, and what is set in on them;
those of every fourth are alike."""

CHARACTER = width("0", words.SMALL, mono=True)


def tones(sequence: int) -> tuple[Paint, Paint]:
    """The paint of a sequence, and that of its number."""
    return TONES[sequence % len(TONES)]


def updates_of(count: Number) -> Sentence:
    """How often a cell is run, in words."""
    updates = int(count.value)
    return sentence(f"{{}} cell update{'s' * (updates != 1)}", (updates, f"{count.expr}.item()"))


def told_apart(shown: Packing) -> bool:
    """Whether sequences are so few that their tones tell them apart."""
    return shown.count <= WHOLE


def fields(shown: Packing, names: Sequence[str], space: float, left: float = 0) -> Block:
    """Fields below each other, or beside each other if they fit.

    Args:
        shown: What is packed.
        names: Which fields.
        space: The width that they may take.
        left: Where the cells of all of them begin, below each other; 0 where
            that is not asked.
    """
    if left:
        return below([_line(shown, name, left) for name in names], 8)
    left = 140.0 if space > 400 else 0.0
    lines = [_line(shown, name, left) for name in names]
    across = beside(lines)
    return across if across.width <= space else below(lines, 6)


def _line(shown: Packing, name: str, left: float) -> Block:
    """A field with its numbers; of many, an excerpt."""
    values = values_of(shown, name)
    kept = excerpt(len(values))
    chosen = kept.of(values)
    places = digits.decimals(n.value for n in chosen)
    wide = max(28.0, _longest(chosen, places) * CHARACTER + 8)
    top = 0.0 if left else 20.0
    x, y = left, top + 11
    marks: list[Mark] = [
        words.label(
            0,
            y if left else 9,
            name,
            {"tensor": name if name == "lengths" else f"packed.{name}"},
            [f"{name}-*"],
            "row" if left else "block",
            style=words.CODE,
            fill="ink",
        )
    ]
    for line in kept.lines:
        if isinstance(line, Gap):
            marks.append(words.operator(x + 14, y, "…"))
            x += 30
            continue
        fill, ink, stroke = "panel", "ink", "rule"
        if name == "sorted_indices" and told_apart(shown):
            fill, ink = tones(int(values[line].value))
            stroke = "muted"
        marks += [
            Box(x, top, wide, 22, radius=3, fill=fill, stroke=stroke),
            words.number(
                x + wide / 2,
                y,
                values[line],
                size=words.SMALL,
                places=places,
                room=6,
                fill=ink,
                id=f"{name}-{line}",
                term="x",
            ),
        ]
        x += wide + 2
    named = 0 if left else width(name, words.LABEL, mono=True)
    return Block(max(x, named), top + 22, tuple(marks))


def values_of(shown: Packing, name: str) -> Sequence[Number]:
    """The numbers of a field."""
    if name == "data":
        return [shown.data(j) for j in range(shown.data_shape[0])]
    return shown.field(name)


def _longest(values: Sequence[Number], places: int) -> int:
    return max(len(words.printed(n, places, 6)) for n in values)
