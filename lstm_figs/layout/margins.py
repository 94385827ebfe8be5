"""The margins of a figure, and line breaking."""

from collections.abc import Sequence

from ..scene import metrics


def margin(width: float) -> float:
    """The margin on each side of a figure of this width; smaller on a phone."""
    return 24 if width >= 480 else 16


def inner_width(width: float) -> float:
    """The width between the margins."""
    return width - 2 * margin(width)


def wrap(
    text: str, size: float, max_width: float, *, bold: bool = False, serif: bool = False
) -> list[str]:
    """Break a text into lines that fit.

    The last line fills at least a third of the width if that adds no line,
    because a single word on a line is easily overlooked.

    >>> wrap("one two three", 12, 60)
    ['one two', 'three']
    >>> wrap("one two three four five", 12, 120)
    ['one two three', 'four five']
    >>> wrap("immeasurable I", 12, 90)
    ['immeasurable', 'I']
    """
    words = text.split(" ")
    widths = [metrics.width(word, size, bold=bold, serif=serif) for word in words]
    space = metrics.width(" ", size, bold=bold, serif=serif)
    lines = _broken(widths, space, max_width)
    # Narrower lines move words to the last one.
    narrower_width = max_width
    while len(lines) > 1 and _length(widths, space, lines[-1]) < max_width / 3:
        narrower_width -= size
        if narrower_width < max(widths):
            break  # The longest word would not fit.
        narrower = _broken(widths, space, narrower_width)
        if len(narrower) > len(lines):
            break
        lines = narrower
    return [" ".join(words[start:stop]) for start, stop in lines]


def _length(widths: Sequence[float], space: float, line: tuple[int, int]) -> float:
    """The length of a line: a range of words."""
    start, stop = line
    return sum(widths[start:stop]) + space * (stop - start - 1)


def _broken(widths: Sequence[float], space: float, max_width: float) -> list[tuple[int, int]]:
    """The word range of each line, filled greedily."""
    lines, start, length = [], 0, widths[0]
    for k, width in enumerate(widths[1:], 1):
        if length + space + width > max_width:
            lines.append((start, k))
            start, length = k, width
        else:
            length += space + width
    return [*lines, (start, len(widths))]
