"""The texts around a figure: title, provenance, lead, foot."""

from typing import NamedTuple

from ..layout import words
from ..layout.margins import margin, wrap
from ..scene.marks import Box, Group, Mark, Path, Text
from ..scene.scenes import Head


class Frame(NamedTuple):
    """The marks around a body, and the position of the body."""

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
    right = side + column
    before, top = ((), float(side)) if head.is_hidden else _heading(head, side, column)
    y = top + height + 16
    after: list[Mark] = []
    if head.notes or head.source.text:
        after.append(Path((("M", (side, y)), ("L", (right, y))), stroke="rule"))
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
    total = y + side - 4
    paper = Box(0, 0, column + 2 * side, total, fill="paper")
    return Frame(
        width=paper.width,
        height=total,
        dx=side,
        dy=top,
        before=(paper, *before),
        after=tuple(after),
    )


def _heading(head: Head, side: float, column: float) -> tuple[tuple[Mark, ...], float]:
    """The texts above a body, and the top of the body."""
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
