"""The card that a link to a page shows: a sentence, and a part of a figure."""

from ..layout import words
from ..layout.room import wrap
from ..render.compose import Sheet, thumbnail
from ..scene.marks import Box, Mark, Text, bounds, shift
from ..scene.scenes import Scene
from ..scene.terms import TERMS

WIDTH, HEIGHT, UNIT = 600.0, 315.0, 2.0
"""In units, and the pixels of one: 1200 x 630 are shown whole everywhere."""

SIDE = 24.0
PICTURE = 376.0
"""The width of the picture, which is that of a figure on a phone."""
ROOM = WIDTH - PICTURE - 1.5 * SIDE
"""The width of the sentence."""
LARGEST, SMALLEST = 25.0, 13.0
"""The sizes of the sentence; it is as large as it has room."""
LINE = 1.28
MARK = 20.0
SITE = "lstm-figs"


def card(scene: Scene, title: str) -> Sheet:
    """A card of a figure, in its form for phones.

    Nothing in it has a name or a proof: it is a picture of what has.

    Args:
        scene: The figure.
        title: The sentence.
    """
    left = WIDTH - PICTURE
    seen = thumbnail(scene, HEIGHT / PICTURE).marks[1:]
    around = bounds(seen)
    spare = HEIGHT - 2 * SIDE - (around.bottom - around.top)
    down = SIDE - around.top + max(0.0, spare / 2)
    aside = left + max(0.0, (PICTURE - around.left - around.right) / 2)
    return Sheet(
        WIDTH,
        HEIGHT,
        (
            Box(0, 0, WIDTH, HEIGHT, fill="paper"),
            *(shift(mark, aside, down) for mark in seen),
            # What is drawn beyond the picture is not to be seen.
            Box(0, 0, left, HEIGHT, fill="panel"),
            *_said(title),
            *_mark(),
        ),
        unit=UNIT,
    )


def _said(title: str) -> list[Mark]:
    """The sentence, in as large letters as have room."""
    size = LARGEST
    while size > SMALLEST:
        lines = wrap(title, size, ROOM, bold=True)
        widest = max(words.width(one, size, bold=True) for one in lines)
        high = len(lines) * LINE * size
        if widest <= ROOM and high <= HEIGHT - 3 * SIDE - MARK:
            break
        size -= 1
    return [
        Text(SIDE, SIDE + size + k * LINE * size, line, size, bold=True)
        for k, line in enumerate(wrap(title, size, ROOM, bold=True))
    ]


def _mark() -> list[Mark]:
    """The gates' letters, and the name of the site."""
    x, y = SIDE, HEIGHT - SIDE
    drawn: list[Mark] = []
    for gate in "ifgo":
        letter = Text(x, y, gate, MARK, fill=TERMS[gate].role, bold=True)
        drawn.append(letter)
        x += letter.width + 3
    return [*drawn, Text(x + 8, y, SITE, words.LABEL, fill="muted")]
