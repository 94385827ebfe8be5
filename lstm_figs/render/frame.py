"""The texts around a figure: title, provenance, lead, foot."""

from typing import NamedTuple

from ..layout import words
from ..layout.margins import margin, wrap
from ..scene.marks import Box, Group, Mark, Path, Text, shift
from ..scene.scenes import Head

WIDE_ASPECT = 16 / 9
"""The width of a slide, relative to its height."""
COLUMN_WIDTH, COLUMN_GAP = 212.0, 28.0
"""The width of the texts at the left of a body, and the gap between both.

With the body of a figure of 720 pixels this makes 960.
"""


class Frame(NamedTuple):
    """The marks around a body, and the position of the body.

    Attributes:
        width: The width of the whole.
        height: The height of the whole.
        dx: How far the body is shifted to the right.
        dy: How far the body is shifted down.
        before: The marks that are painted before the body.
        after: The marks that are painted after it.
    """

    width: float
    height: float
    dx: float
    dy: float
    before: tuple[Mark, ...]
    after: tuple[Mark, ...]


def frame(head: Head, width: float, height: float, figure_width: float) -> Frame:
    """Compose the texts around a body.

    The provenance is right of the title if both fit, otherwise below it. The
    body is aligned with the left edge of the texts.

    Args:
        head: The texts.
        width: The width of the body.
        height: The height of the body.
        figure_width: The width of the figure, at least that of its body.
    """
    side = margin(figure_width)
    column = max(width, figure_width - 2 * side)
    before, top = ((), float(side)) if head.is_hidden else _heading(head, side, column)
    after, y = _foot(head, side, column, top + height + 16)
    # The last line has free space below its letters.
    total = y + side - 4
    paper = Box(0, 0, column + 2 * side, total, fill="paper")
    return Frame(
        width=paper.width, height=total, dx=side, dy=top, before=(paper, *before), after=after
    )


def slide(head: Head, width: float, height: float, figure_width: float) -> Frame:
    """Compose a body and its texts on a page of 16 : 9.

    The texts are above and below the body or in a column at its left, whichever
    page is smaller, because its letters are then larger on a slide.
    """
    frames = [frame(head, width, height, figure_width)]
    if not head.is_hidden and not any(map(_is_too_long, head.title.text.split())):
        frames.append(_side_by_side(head, width, height, figure_width))
    inner = min(frames, key=_slide_height)
    total = _slide_height(inner)
    paper = Box(0, 0, total * WIDE_ASPECT, total, fill="paper")
    dx, dy = (paper.width - inner.width) / 2, (total - inner.height) / 2
    _, *before = (shift(mark, dx, dy) for mark in inner.before)
    return Frame(
        width=paper.width,
        height=total,
        dx=inner.dx + dx,
        dy=inner.dy + dy,
        before=(paper, *before),
        after=tuple(shift(mark, dx, dy) for mark in inner.after),
    )


def _slide_height(inner: Frame) -> float:
    """The height of a page of 16 : 9 that contains a frame."""
    return max(inner.height, inner.width / WIDE_ASPECT)


def _is_too_long(word: str) -> bool:
    """Whether a word of a title is wider than the column of texts."""
    return words.width(word, words.TITLE, bold=True) > COLUMN_WIDTH


def _side_by_side(head: Head, width: float, height: float, figure_width: float) -> Frame:
    """A frame with all texts in a column at the left of the body."""
    side = margin(figure_width)
    before, y = _heading(head, side, COLUMN_WIDTH)
    after, bottom = _foot(head, side, COLUMN_WIDTH, y)
    left = side + COLUMN_WIDTH + COLUMN_GAP
    total = max(bottom, side + height) + side
    paper = Box(0, 0, left + width + side, total, fill="paper")
    return Frame(
        width=paper.width,
        height=total,
        dx=left,
        dy=(total - height) / 2,
        before=(paper, *before),
        after=after,
    )


def _foot(head: Head, side: float, column: float, y: float) -> tuple[tuple[Mark, ...], float]:
    """The notes below a body or a heading, and their bottom."""
    after: list[Mark] = []
    if head.notes or head.source.text:
        after.append(Path((("M", (side, y)), ("L", (side + column, y))), stroke="rule"))
        y += 8
    for note in head.notes:
        lines, y = words.paragraph(side, y, note, column)
        after.append(lines)
    if head.source.text:
        y += 2
        foot: list[Mark] = []
        for words_of_line in wrap(head.source.text, words.SMALL, column):
            y += 16
            foot.append(Text(side, y, words_of_line, words.SMALL, fill="muted", kind="foot"))
        after.append(Group(tuple(foot), bound=(head.source.says,)))
    return tuple(after), y


def _heading(head: Head, side: float, column: float) -> tuple[tuple[Mark, ...], float]:
    """The texts above a body, and the top of the body."""
    # The first line has free space above its letters.
    y = side - 2.0
    size = words.SMALL
    is_one_line = (
        words.width(head.title.text, words.TITLE, bold=True)
        + words.width(head.provenance.text, size)
        <= column - 20
    )
    title, below = words.paragraph(
        side, y, head.title, column, size=words.TITLE, fill="ink", bold=True
    )
    if is_one_line:
        level = y + words.baseline(words.TITLE) - words.baseline(size)
        line, _ = words.paragraph(
            side + column, level, head.provenance, column, size=size, anchor="end"
        )
        y = below
    else:
        line, y = words.paragraph(side, below, head.provenance, column, size=size)
    leads: list[Mark] = []
    if head.lead.text:
        lead, y = words.paragraph(side, y + 2, head.lead, column, size=words.LEAD)
        leads.append(lead)
    return (title, line, *leads), y + 18
