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
SAMPLE_WIDTH = 18.0
"""The width of a sample."""


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
    x, y = 0.0, 7.0
    for id_prefix, caption in entries:
        entry_marks = [m for m in filled if m.id.startswith(f"{id_prefix}-")]
        entry_marks = [m for m in entry_marks if not m.id.endswith(("-note", "-value"))]
        if not entry_marks:
            continue
        width = SAMPLE_WIDTH + 6 + words.width(caption.text, words.SMALL)
        if x and x + width > inner_width(plan.width):
            x, y = 0.0, y + LINE_HEIGHT
        legend_marks.append(_sample(entry_marks[0], x, y, tuple(m.id for m in entry_marks)))
        text, _ = words.paragraph(
            x + SAMPLE_WIDTH + 6,
            y - words.line_height(words.SMALL) / 2,
            caption,
            width,
            size=words.SMALL,
        )
        legend_marks.append(text)
        x += width + ENTRY_GAP
    return legend_marks, y + 22 if legend_marks else 0.0


def _sample(mark: Mark, x: float, y: float, of: tuple[str, ...]) -> Mark:
    """Draw a small mark that looks like `mark`."""
    bound = (Sample(of),)
    match mark:
        case Box():
            height = min(mark.height, 12.0)
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
            d = struck_frame(x, y - 6, SAMPLE_WIDTH, 12)
            return mark._replace(d=d, id="", term="", bound=bound)
        case Path(stroke=None):
            d = outline(x + SAMPLE_WIDTH / 2, y + 8, y - 8, HEAD_WIDTH / 2, SHAFT_WIDTH)
            return mark._replace(d=d, id="", term="", bound=bound)
        case Path():
            d = (("M", (x, y)), ("L", (x + SAMPLE_WIDTH, y)))
            return mark._replace(d=d, compact=False, id="", term="", bound=bound)
    raise TypeError(f"got {type(mark)}, expected a box or a path")
