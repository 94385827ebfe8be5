"""What every figure has around it: title, sub-line, foot."""

from collections.abc import Sequence
from typing import NamedTuple

from ..scene import metrics
from ..scene.marks import Box, Mark, Path, Text
from ..scene.scenes import Heading

TITLE, SUBTITLE, FOOT = 17.0, 12.5, 11.0
"""Font sizes."""


class Frame(NamedTuple):
    """The marks around a body, and where the body goes."""

    width: float
    height: float
    dx: float
    dy: float
    before: tuple[Mark, ...]
    after: tuple[Mark, ...]


def margin(room: float) -> float:
    """The space at the left and right of a figure of that width."""
    return 24 if room >= 480 else 16


def inner(room: float) -> float:
    """The width that a figure of that width leaves for its body."""
    return room - 2 * margin(room)


def frame(
    heading: Heading, body_width: float, body_height: float, room: float
) -> Frame:
    """Put a heading above and a foot below a body.

    Args:
        heading: The words.
        body_width: The width of the body.
        body_height: The height of the body.
        room: The width that the figure was composed for; it becomes wider
            only when its body is.
    """
    side = max(12.0, min(margin(room), (room - body_width) / 2))
    wanted = max(
        body_width,
        metrics.width(heading.title, TITLE, bold=True),
        metrics.width(heading.subtitle, SUBTITLE),
        min(400, inner(room)),
    )
    column = max(body_width, min(wanted, room - 2 * side))
    width = column + 2 * side

    y = margin(room) - 4.0
    before: list[Mark] = []
    for line in wrap(heading.title, TITLE, column, bold=True):
        y += 20
        before.append(Text(x=side, y=y, content=line, size=TITLE, bold=True))
    y += 3
    for line in wrap(heading.subtitle, SUBTITLE, column):
        y += 17
        before.append(
            Text(x=side, y=y, content=line, size=SUBTITLE, fill="muted")
        )
    top = y + 24
    y = top + body_height + 22
    after: list[Mark] = [
        Path(d=(("M", (side, y)), ("L", (width - side, y))), stroke="rule")
    ]
    y += 5
    words = " ".join([*heading.notes, heading.source])
    for line in wrap(words, FOOT, column):
        y += 16
        after.append(
            Text(
                x=side, y=y, content=line, size=FOOT, fill="muted", kind="foot"
            )
        )
    height = y + margin(room) - 4
    paper = Box(x=0, y=0, width=width, height=height, fill="paper")
    return Frame(
        width,
        height,
        side + (column - body_width) / 2,
        top,
        (paper, *before),
        tuple(after),
    )


def wrap(
    text: str, size: float, room: float, *, bold: bool = False
) -> list[str]:
    """Break a text into lines that fit.

    The last line is at least a third of the room, if that takes no line more:
    a word alone in its line is easily overlooked.

    >>> wrap("one two three", 12, 60)
    ['one two', 'three']
    >>> wrap("one two three four five", 12, 120)
    ['one two three', 'four five']
    """
    words = text.split(" ")
    widths = [metrics.width(word, size, bold=bold) for word in words]
    space = metrics.width(" ", size, bold=bold)
    lines = _broken(widths, space, room)
    within = room
    while len(lines) > 1 and _length(widths, space, lines[-1]) < room / 3:
        within -= size
        narrower = _broken(widths, space, within)
        if len(narrower) > len(lines):
            break
        lines = narrower
    return [" ".join(words[start:stop]) for start, stop in lines]


def _length(
    widths: Sequence[float], space: float, line: tuple[int, int]
) -> float:
    start, stop = line
    return sum(widths[start:stop]) + space * (stop - start - 1)


def _broken(
    widths: Sequence[float], space: float, room: float
) -> list[tuple[int, int]]:
    """Where each line begins and ends, with as many words as fit."""
    lines, start, length = [], 0, widths[0]
    for k, width in enumerate(widths[1:], 1):
        if length + space + width > room:
            lines.append((start, k))
            start, length = k, width
        else:
            length += space + width
    return [*lines, (start, len(widths))]
