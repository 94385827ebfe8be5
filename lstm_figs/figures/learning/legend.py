"""The legend: one sample per kind of mark, with its caption."""

from collections.abc import Sequence

from ...layout import words
from ...proof.bindings import Sample, Sentence, sentence
from ...scene.marks import Box, Mark, Path, walk

LINE_HEIGHT, ENTRY_GAP, SAMPLE_WIDTH = 20.0, 16.0, 18.0
"""The height of a line, the gap between two entries, and the width of a sample."""


def _entries() -> list[tuple[str, Sentence]]:
    """The entries: the id prefix of the marks, and the caption."""
    return [
        ("c", sentence("c of a unit")),
        ("depth", sentence("open brackets, the truth")),
        ("quotes", sentence("in quotes")),
        ("right", sentence("both answers right")),
    ]


def legend(marks: Sequence[Mark], width: float) -> tuple[list[Mark], float]:
    """The entries whose marks are drawn, and their height.

    Args:
        marks: The marks of the figure.
        width: In pixels.

    Returns:
        The marks of the legend, and its height.
    """
    samples: list[Mark] = []
    x, y = 0.0, 7.0
    for stem, caption in _entries():
        entry_marks = [
            mark
            for mark in walk(marks)
            if isinstance(mark, Box | Path) and mark.id.startswith(f"{stem}-")
        ]
        if not entry_marks:
            continue
        entry_width = SAMPLE_WIDTH + 6 + words.width(caption.text, words.SMALL)
        if x and x + entry_width > width:
            x, y = 0.0, y + LINE_HEIGHT
        samples.append(_sample(entry_marks[0], x, y, tuple(mark.id for mark in entry_marks)))
        text, _ = words.paragraph(
            x + SAMPLE_WIDTH + 6,
            y - words.line_height(words.SMALL) / 2,
            caption,
            entry_width,
            size=words.SMALL,
        )
        samples.append(text)
        x += entry_width + ENTRY_GAP
    return samples, y + 22


def _sample(mark: Box | Path, x: float, y: float, of: tuple[str, ...]) -> Mark:
    """A small mark that looks like `mark`."""
    bound = (Sample(of),)
    if mark.fill:
        height = 12.0 if isinstance(mark, Box) else 6.0
        return Box(x, y - height / 2, SAMPLE_WIDTH, height, fill=mark.fill, bound=bound)
    assert isinstance(mark, Path)
    d = (("M", (x, y)), ("L", (x + SAMPLE_WIDTH, y)))
    return mark._replace(d=d, compact=False, id="", term="", bound=bound)
