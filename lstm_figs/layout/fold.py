"""Which elements of a long vector are shown, and which are left out.

A figure shows the same elements of all its vectors, so that a reader can
follow one unit from place to place.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TypeVar

from ..proof.bindings import Sentence, sentence
from ..scene.marks import Mark, Text, walk

T = TypeVar("T")

WHOLE = 8
"""The most elements that are all shown."""

SHOWN = 5
"""How many elements of a longer vector are shown."""


@dataclass(frozen=True)
class Gap:
    """Elements that are left out together."""

    first: int
    count: int


@dataclass(frozen=True)
class Excerpt:
    """The elements of a vector that are shown.

    Attributes:
        count: The length of the vector.
        indices: What is shown, in order.
    """

    count: int
    indices: tuple[int, ...]

    @property
    def folded(self) -> bool:
        """Whether something is left out."""
        return self.left_out > 0

    @property
    def left_out(self) -> int:
        """How many elements are not shown."""
        return self.count - len(self.indices)

    @property
    def lines(self) -> tuple[int | Gap, ...]:
        """What stands below each other: indices, and gaps between them.

        >>> excerpt(256).lines
        (0, 1, 2, 3, Gap(first=4, count=251), 255)
        """
        lines: list[int | Gap] = []
        for before, index in pairwise((-1, *self.indices)):
            if index > before + 1:
                lines.append(Gap(before + 1, index - before - 1))
            lines.append(index)
        return tuple(lines)

    def of(self, values: Sequence[T]) -> list[T]:
        """The elements that are shown.

        >>> excerpt(9).of("abcdefghi")
        ['a', 'b', 'c', 'd', 'i']
        """
        return [values[index] for index in self.indices]

    @property
    def listed(self) -> str:
        """What is shown, in words.

        >>> excerpt(256, unit=97).listed
        '0, 1, 2, 97 and 255'
        """
        *head, last = map(str, self.indices)
        return f"{', '.join(head)} and {last}" if head else last

    def said(self, noun: str) -> str:
        """What is shown, and of how many.

        >>> excerpt(256, unit=97).said("unit")
        'units 0, 1, 2, 97 and 255 of 256'
        """
        plural = noun + "s" * (len(self.indices) > 1)
        return f"{plural} {self.listed} of {self.count}"


def excerpt(count: int, unit: int | None = None, shown: int = SHOWN, whole: int = WHOLE) -> Excerpt:
    """The first few elements and the last, or all where they can be read.

    Args:
        count: The length of the vector.
        unit: An element that is shown in any case.
        shown: How many are shown where not all of them are, 4 or more. One
            that is alone between two of them is shown as well: to leave it
            out takes as much room.
        whole: The most elements that are all shown.

    >>> excerpt(3).indices, excerpt(9).indices, excerpt(9, unit=5).indices
    ((0, 1, 2), (0, 1, 2, 3, 8), (0, 1, 2, 5, 8))
    """
    if count <= whole:
        return Excerpt(count, tuple(range(count)))
    chosen = {*range(shown - 1), count - 1}
    if unit is not None and unit not in chosen:
        chosen = {*range(shown - 2), unit, count - 1}
    single = {k + 1 for k in chosen if k + 2 in chosen}
    return Excerpt(count, tuple(sorted(chosen | single)))


def few(count: int) -> Excerpt:
    """The first elements and the last, four, or all where they are five.

    >>> few(5).indices, few(8).indices
    ((0, 1, 2, 3, 4), (0, 1, 2, 7))
    """
    return excerpt(count, shown=4, whole=4)


def left_out(*excerpts: tuple[str, Excerpt, str]) -> tuple[Sentence, ...]:
    """Which elements a figure shows; nothing if all.

    Args:
        excerpts: What an element is called, the excerpt, and the expression
            of how many there are.

    >>> [one.text for one in left_out(("unit", excerpt(9), "c.shape[-1]"))]
    ['Only units 0, 1, 2, 3 and 8 of 9 are shown; dots stand for the others.']
    """
    folded = [one for one in excerpts if one[1].folded]
    if not folded:
        return ()
    said = " and ".join(f"{noun}s {{}} of {{}}" for noun, _, _ in folded)
    values = [
        pair
        for _, part, count in folded
        for pair in ((part.listed, str(part.indices)), (part.count, count))
    ]
    return (sentence(f"Only {said} are shown; dots stand for the others.", *values),)


def dotted(marks: Iterable[Mark]) -> tuple[Sentence, ...]:
    """What dots stand for; nothing where there are none."""
    every = (mark for mark in walk(marks) if isinstance(mark, Text))
    # A token of dots has a step that it names.
    if not any(text.content == "…" and not text.bound for text in every):
        return ()
    return (sentence("Dots stand for what is left out."),)
