"""The legend: one sample per kind of mark, with its caption."""

from collections.abc import Iterable
from typing import NamedTuple

from ...layout import words
from ...layout.margins import inner_width
from ...proof.bindings import Sample, Sentence
from ...scene.marks import Box, Mark, Path, walk
from .answers import struck_frame
from .moves import HEAD_WIDTH, SHAFT_WIDTH, outline
from .plan import Plan

LINE_HEIGHT, ENTRY_GAP = 20.0, 16.0
"""The height of a line, and the gap between two entries."""
SAMPLE_WIDTH, SAMPLE_GAP = 18.0, 6.0
"""The width of a sample, and the gap between it and its caption."""
FIRST_MIDDLE, LEGEND_GAP = 7.0, 22.0
"""The middle of the first line, and the distance from the last middle to the drawing."""
MAX_BOX_HEIGHT, HALF_ARROW = 12.0, 8.0
"""The greatest height of a sampled box, and half the length of a sampled arrow."""


class Entry(NamedTuple):
    """A kind of mark that the legend can explain.

    Attributes:
        id_prefix: The id prefix of these marks.
        caption: What these marks mean.
    """

    id_prefix: str
    caption: Sentence


def legend(plan: Plan, entries: Iterable[Entry], marks: Iterable[Mark]) -> tuple[list[Mark], float]:
    """Draw the entries whose marks are drawn; return the legend and its height.

    Args:
        plan: The layout of the figure.
        entries: The entries to choose from.
        marks: The marks of the figure.

    Returns:
        The marks of the legend, and its height.
    """
    filled = [mark for mark in walk(marks) if mark.id and hasattr(mark, "fill")]
    legend_marks: list[Mark] = []
    x, y = 0.0, FIRST_MIDDLE
    for id_prefix, caption in entries:
        entry_marks = [mark for mark in filled if mark.id.startswith(f"{id_prefix}-")]
        # The words and the number of a note have the id of their arrow with a suffix.
        entry_marks = [mark for mark in entry_marks if not mark.id.endswith(("-note", "-value"))]
        if not entry_marks:
            continue
        width = SAMPLE_WIDTH + SAMPLE_GAP + words.width(caption.text, words.SMALL)
        if x and x + width > inner_width(plan.width):
            x, y = 0.0, y + LINE_HEIGHT
        ids = tuple(mark.id for mark in entry_marks)
        legend_marks.append(_sample(entry_marks[0], x, y, ids))
        text, _ = words.paragraph(
            x + SAMPLE_WIDTH + SAMPLE_GAP,
            y - words.line_height(words.SMALL) / 2,
            caption,
            width,
            size=words.SMALL,
        )
        legend_marks.append(text)
        x += width + ENTRY_GAP
    return legend_marks, y + LEGEND_GAP if legend_marks else 0.0


def _sample(mark: Mark, x: float, y: float, of: tuple[str, ...]) -> Mark:
    """Draw a small mark that looks like `mark`, and explains the marks `of`."""
    bound = (Sample(of),)
    match mark:
        case Box():
            height = min(mark.height, MAX_BOX_HEIGHT)
            return mark._replace(
                x=x,
                y=y - height / 2,
                width=SAMPLE_WIDTH,
                height=height,
                id="",
                term="",
                bound=bound,
            )
        case Path() if mark.id.startswith("wrong-"):
            d = struck_frame(x, y - MAX_BOX_HEIGHT / 2, SAMPLE_WIDTH, MAX_BOX_HEIGHT)
            return mark._replace(d=d, id="", term="", bound=bound)
        case Path(stroke=None):
            # Of all these marks, only arrows are filled paths.
            middle = x + SAMPLE_WIDTH / 2
            d = outline(middle, y + HALF_ARROW, y - HALF_ARROW, HEAD_WIDTH / 2, SHAFT_WIDTH)
            return mark._replace(d=d, id="", term="", bound=bound)
        case Path():
            d = (("M", (x, y)), ("L", (x + SAMPLE_WIDTH, y)))
            return mark._replace(d=d, compact=False, id="", term="", bound=bound)
    raise TypeError(f"got {type(mark)}, expected a box or a path")
