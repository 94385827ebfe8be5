"""The social preview card of a page: a sentence, and a part of a figure."""

from ..layout import words
from ..layout.margins import wrap
from ..render.compose import Sheet, thumbnail
from ..scene.marks import Box, Mark, Text, bounds, shift
from ..scene.scenes import Scene
from ..scene.terms import TERMS

WIDTH, HEIGHT, UNIT = 600.0, 315.0, 2.0
"""The size in units, and the pixels per unit. Sites show 1200 x 630 pixels
uncropped."""

SIDE_MARGIN = 24.0
"""The margin left and right of the figure."""
PICTURE_WIDTH = 376.0
"""The width of the picture: that of a figure on a phone."""
TITLE_WIDTH = WIDTH - PICTURE_WIDTH - 1.5 * SIDE_MARGIN
"""The width of the sentence."""
MAX_TITLE_SIZE, MIN_TITLE_SIZE = 25.0, 13.0
"""The range of font sizes of the sentence; the largest that fits is used."""
LINE_SPACING = 1.28
"""The distance between two lines of a title, in units of the font size."""
LOGO_SIZE = 20.0
"""The font size of the logo."""
SITE = "lstm-figs"
"""The name of the site, beside the logo."""


def card(scene: Scene, title: str) -> Sheet:
    """The card of a figure in its narrow form.

    Its marks have no ids or bindings, because it is only a picture of a figure.

    Args:
        scene: The figure.
        title: The sentence.
    """
    left = WIDTH - PICTURE_WIDTH
    _paper, *picture = thumbnail(scene, HEIGHT / PICTURE_WIDTH).marks
    extent = bounds(picture)
    spare = HEIGHT - 2 * SIDE_MARGIN - (extent.bottom - extent.top)
    # A picture that is too high begins at the margin, and is cut at the bottom.
    down = SIDE_MARGIN - extent.top + max(0.0, spare / 2)
    across = left + max(0.0, (PICTURE_WIDTH - extent.left - extent.right) / 2)
    return Sheet(
        WIDTH,
        HEIGHT,
        (
            Box(0, 0, WIDTH, HEIGHT, fill="paper"),
            *(shift(mark, across, down) for mark in picture),
            # Cover the marks that reach beyond the picture.
            Box(0, 0, left, HEIGHT, fill="panel"),
            *_title_marks(title),
            *_logo_marks(),
        ),
        unit=UNIT,
    )


def _title_marks(title: str) -> list[Mark]:
    """The sentence, in the largest font size that fits."""
    size = MAX_TITLE_SIZE
    while size > MIN_TITLE_SIZE:
        lines = wrap(title, size, TITLE_WIDTH, bold=True)
        # A single word may be wider than the lines.
        width = max(words.width(line, size, bold=True) for line in lines)
        height = len(lines) * LINE_SPACING * size
        if width <= TITLE_WIDTH and height <= HEIGHT - 3 * SIDE_MARGIN - LOGO_SIZE:
            break
        size -= 1
    return [
        Text(SIDE_MARGIN, SIDE_MARGIN + size + k * LINE_SPACING * size, line, size, bold=True)
        for k, line in enumerate(wrap(title, size, TITLE_WIDTH, bold=True))
    ]


def _logo_marks() -> list[Mark]:
    """The logo: the gates' letters, and the name of the site."""
    x, y = SIDE_MARGIN, HEIGHT - SIDE_MARGIN
    letters: list[Mark] = []
    for gate in "ifgo":
        letter = Text(x, y, gate, LOGO_SIZE, fill=TERMS[gate].role, bold=True)
        letters.append(letter)
        x += letter.width + 3
    return [*letters, Text(x + 8, y, SITE, words.LABEL, fill="muted")]
