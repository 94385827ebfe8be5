"""The legend: one sample per kind of mark, with its caption."""

from collections.abc import Sequence

from ...layout import words
from ...proof.bindings import Sample, Sentence, sentence
from ...scene.marks import Box, Mark, Path, walk

LINE_HEIGHT, ENTRY_GAP, SAMPLE_WIDTH = 20.0, 16.0, 18.0
"""The height of a line, the gap between two entries, and the width of a sample."""
SAMPLE_GAP = 6.0
"""The gap between a sample and its caption."""
FIRST_MIDDLE, LEGEND_GAP = 7.0, 22.0
"""The middle of the first line, and the distance from the last middle to the drawing."""
BOX_HEIGHT, COLUMN_HEIGHT = 12.0, 6.0
"""The heights of a sampled shade, and of a sampled row of columns."""
ENTRIES: tuple[tuple[str, Sentence], ...] = (
    ("c", sentence("c of a unit")),
    ("depth", sentence("open brackets, the truth")),
    ("quotes", sentence("in quotes")),
    ("right", sentence("both answers right")),
)
"""The entries: the id prefix of the marks, and the caption."""


def legend(marks: Sequence[Mark], width: float) -> tuple[list[Mark], float]:
    """Draw the entries whose marks are drawn.

    Args:
        marks: The marks of the figure.
        width: The width that a line may use.

    Returns:
        The marks of the legend, and its height.
    """
    samples: list[Mark] = []
    x, y = 0.0, FIRST_MIDDLE
    for id_prefix, caption in ENTRIES:
        entry_marks = [
            mark
            for mark in walk(marks)
            if isinstance(mark, Box | Path) and mark.id.startswith(f"{id_prefix}-")
        ]
        if not entry_marks:
            continue
        entry_width = SAMPLE_WIDTH + SAMPLE_GAP + words.width(caption.text, words.SMALL)
        if x and x + entry_width > width:
            x, y = 0.0, y + LINE_HEIGHT
        samples.append(_sample(entry_marks[0], x, y, tuple(mark.id for mark in entry_marks)))
        text, _ = words.paragraph(
            x + SAMPLE_WIDTH + SAMPLE_GAP,
            y - words.line_height(words.SMALL) / 2,
            caption,
            entry_width,
            size=words.SMALL,
        )
        samples.append(text)
        x += entry_width + ENTRY_GAP
    return samples, y + LEGEND_GAP


def _sample(mark: Box | Path, x: float, y: float, of: tuple[str, ...]) -> Mark:
    """Draw a small mark that looks like `mark`, and explains the marks `of`."""
    bound = (Sample(of),)
    if mark.fill:
        # A path that is filled is a row of columns.
        height = BOX_HEIGHT if isinstance(mark, Box) else COLUMN_HEIGHT
        return Box(x, y - height / 2, SAMPLE_WIDTH, height, fill=mark.fill, bound=bound)
    assert isinstance(mark, Path)
    d = (("M", (x, y)), ("L", (x + SAMPLE_WIDTH, y)))
    return mark._replace(d=d, compact=False, id="", term="", bound=bound)
