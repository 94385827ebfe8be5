"""Format tables as plain text."""

from collections.abc import Collection, Sequence


def table(lines: Sequence[Sequence[str]], numbers: Collection[str]) -> list[str]:
    """The lines of a table, with numbers aligned right and words left.

    Args:
        lines: The cells of each line; the first line has the names of columns.
        numbers: The names of the columns with numbers.

    >>> table([["unit", "why"], ["7", "keeps"]], ["unit"])
    ['unit  why', '   7  keeps']
    """
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    rights = [name in numbers for name in lines[0]]
    return [
        "  ".join(
            cell.rjust(width) if right else cell.ljust(width)
            for cell, width, right in zip(line, widths, rights, strict=True)
        ).rstrip()
        for line in lines
    ]
