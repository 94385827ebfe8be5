"""The fields of a `PackedSequence` as rows of small cells."""

from collections.abc import Sequence

from ...layout import words
from ...layout.blocks import Block, block_column, block_row
from ...layout.excerpts import Gap, excerpt
from ...model.reference import Number
from ...proof import digits
from ...proof.bindings import Sentence, sentence
from ...scene.marks import Box, Mark
from ...scene.metrics import width
from ...scene.theme import Paint
from .packing import Packing

TONES = (("ink:85", "paper"), ("ink:35", "ink"), ("ink:18", "ink"), ("ink:6", "ink"))
"""The fill of a sequence's cells, and the colour of the number in them, from the longest on."""

CHARACTER = width("0", words.SMALL, mono=True)
"""The width of a character."""
MAX_CHARS = 6
"""The most characters of a number."""
CELL_HEIGHT, MIN_CELL_WIDTH, CELL_GAP, DOTS_WIDTH = 22.0, 28.0, 2.0, 28.0
"""The height of a cell, its least width, the gap between two, and the width of dots."""
NAME_HEIGHT, NAME_MIDDLE = 20.0, 9.0
"""The height of a name above cells, and its middle."""
NAMES_WIDTH, NARROWEST_WIDE = 140.0, 400.0
"""The width of names left of cells; in drawings of less width, names are above."""


def tones(packing: Packing, sequence: int) -> tuple[Paint, Paint]:
    """Return the fill of a sequence's cells, and the colour of its number.

    Up to four sequences are darker the longer they are; beyond that, tones repeat.
    """
    if packing.count <= len(TONES):
        return TONES[packing.order.index(sequence)]
    return TONES[sequence % len(TONES)]


def updates_of(count: Number) -> Sentence:
    """Return the number of cell updates in words."""
    updates = int(count.value)
    noun = "cell update" if updates == 1 else "cell updates"
    return sentence(f"{{}} {noun}", (updates, f"{count.expr}.item()"))


def fields(packing: Packing, names: Sequence[str], space: float, left: float = 0) -> Block:
    """Draw fields side by side if they fit, else one below the other.

    Args:
        packing: The batch.
        names: The names of the fields.
        space: The available width.
        left: Where the cells begin if fields must be one below the other; 0 to
            choose.
    """
    if left:
        return block_column([_line(packing, name, left) for name in names], gap=8)
    left = NAMES_WIDTH if space > NARROWEST_WIDE else 0.0
    lines = [_line(packing, name, left) for name in names]
    across = block_row(lines)
    return across if across.width <= space else block_column(lines, gap=6)


def _line(packing: Packing, name: str, left: float) -> Block:
    """Draw a field; long fields are cut to an excerpt."""
    values = packing.values(name)
    selection = excerpt(len(values))
    visible = selection.of(values)
    decimals = digits.decimals(n.value for n in visible)
    longest = max(len(words.number_text(number, decimals, MAX_CHARS)) for number in visible)
    cell_width = max(MIN_CELL_WIDTH, longest * CHARACTER + 8)
    top = 0.0 if left else NAME_HEIGHT
    x, y = left, top + CELL_HEIGHT / 2
    cells: list[Mark] = []
    for line in selection.lines:
        if isinstance(line, Gap):
            cells.append(words.operator(x + DOTS_WIDTH / 2, y, "…"))
            x += DOTS_WIDTH + CELL_GAP
            continue
        fill, ink, stroke = "panel", "ink", "rule"
        if name == "sorted_indices" and packing.is_small:
            fill, ink = tones(packing, int(values[line].value))
            stroke = "muted"
        cells += [
            Box(x, top, cell_width, CELL_HEIGHT, radius=3, fill=fill, stroke=stroke),
            words.number(
                x + cell_width / 2,
                y,
                values[line],
                size=words.SMALL,
                decimals=decimals,
                max_chars=MAX_CHARS,
                fill=ink,
                id=f"{name}-{line}",
                term="x",
            ),
        ]
        x += cell_width + CELL_GAP
    tensor = name if name == "lengths" else f"packed.{name}"
    label = words.label(
        0,
        y if left else NAME_MIDDLE,
        name,
        names={"tensor": tensor},
        of=cells,
        along="row" if left else "block",
        style=words.CODE,
        fill="ink",
    )
    return Block(x if left else max(x, label.width), top + CELL_HEIGHT, (label, *cells))
