"""The fields of a `PackedSequence` as lines of small cells."""

from collections.abc import Sequence

from ...layout import words
from ...layout.blocks import Block, below
from ...layout.fold import WHOLE, Gap, excerpt
from ...proof import digits
from ...proof.bindings import Sentence, sentence
from ...proof.subject import Number
from ...scene.marks import Box, Mark
from ...scene.metrics import width
from .packing import Packing

TONES = ("ink:6", "ink:15", "ink:25", "ink:35")
"""What the cells of a sequence are filled with, those of every fourth alike."""

CHARACTER = width("0", words.SMALL, mono=True)


def tone(sequence: int) -> str:
    """The paint of a sequence."""
    return TONES[sequence % len(TONES)]


def updates_of(count: Number) -> Sentence:
    """How often a cell is run, in words."""
    updates = int(count.value)
    return sentence(
        f"{{}} cell update{'s' * (updates != 1)}",
        (updates, f"{count.expr}.item()"),
    )


def told_apart(shown: Packing) -> bool:
    """Whether sequences are so few that their tones tell them apart."""
    return shown.count <= WHOLE


def fields(shown: Packing, names: Sequence[str], space: float) -> Block:
    """Fields below each other, each a line with its name."""
    left = 140.0 if space > 400 else 0.0
    return below([_line(shown, name, left) for name in names], 6)


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
            mono=True,
            fill="ink",
        )
    ]
    for line in kept.lines:
        if isinstance(line, Gap):
            marks.append(words.operator(x + 14, y, "…"))
            x += 30
            continue
        whose = values[line].value if name == "sorted_indices" else line
        is_sequence = name.endswith("sorted_indices") and told_apart(shown)
        marks += [
            Box(
                x,
                top,
                wide,
                22,
                radius=3,
                fill=tone(int(whose)) if is_sequence else "panel",
            ),
            words.number(
                x + wide / 2,
                y,
                values[line],
                size=words.SMALL,
                places=places,
                room=6,
                id=f"{name}-{line}",
                term="x",
            ),
        ]
        x += wide + 2
    return Block(x, top + 22, tuple(marks))


def values_of(shown: Packing, name: str) -> list[Number]:
    """The numbers of a field."""
    if name == "data":
        return [shown.data(j) for j in range(shown.data_shape[0])]
    return shown.field(name)


def _longest(values: Sequence[Number], places: int) -> int:
    return max(len(digits.text(n.value, places, 6)) for n in values)
