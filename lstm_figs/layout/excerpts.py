"""Excerpts: which elements of a long vector are shown and which are left out.

A figure shows the same elements of all its vectors, so that a reader can follow
one unit across the figure.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TypeVar

from ..proof.bindings import Sentence, sentence
from ..scene.marks import Mark, Text, walk

T = TypeVar("T")

MAX_UNFOLDED = 8
"""A vector of at most this many elements is shown in full."""

VISIBLE_COUNT = 5
"""The number of elements shown of a longer vector."""


@dataclass(frozen=True)
class Gap:
    """A run of consecutive elements that are left out."""

    first: int
    count: int


@dataclass(frozen=True)
class Excerpt:
    """The visible elements of a vector.

    Attributes:
        count: The length of the vector.
        indices: The indices of the visible elements, ascending.
    """

    count: int
    indices: tuple[int, ...]

    @property
    def is_folded(self) -> bool:
        """Whether any element is left out."""
        return self.hidden_count > 0

    @property
    def hidden_count(self) -> int:
        """The number of hidden elements."""
        return self.count - len(self.indices)

    @property
    def lines(self) -> tuple[int | Gap, ...]:
        """The lines of the excerpt: visible indices, and gaps between them.

        >>> excerpt(256).lines
        (0, 1, 2, 3, Gap(first=4, count=251), 255)
        """
        lines: list[int | Gap] = []
        # A gap before the first visible index begins after −1.
        for before, index in pairwise((-1, *self.indices)):
            if index > before + 1:
                lines.append(Gap(before + 1, index - before - 1))
            lines.append(index)
        return tuple(lines)

    def of(self, values: Sequence[T]) -> list[T]:
        """The visible elements of `values`.

        >>> excerpt(9).of("abcdefghi")
        ['a', 'b', 'c', 'd', 'i']
        """
        return [values[index] for index in self.indices]

    @property
    def listing(self) -> str:
        """The visible indices as a phrase.

        >>> excerpt(256, unit=97).listing
        '0, 1, 2, 97 and 255'
        """
        *head, last = map(str, self.indices)
        return f"{', '.join(head)} and {last}" if head else last

    def phrase(self, noun: str) -> str:
        """The visible indices with their noun and the total count.

        >>> excerpt(256, unit=97).phrase("unit")
        'units 0, 1, 2, 97 and 255 of 256'
        """
        nouns = f"{noun}s" if len(self.indices) > 1 else noun
        return f"{nouns} {self.listing} of {self.count}"


def excerpt(
    count: int,
    unit: int | None = None,
    visible_count: int = VISIBLE_COUNT,
    max_unfolded: int = MAX_UNFOLDED,
) -> Excerpt:
    """The first few elements and the last, or all if there are few.

    Args:
        count: The length of the vector.
        unit: An element that is always shown.
        visible_count: How many elements of a long vector are shown, at least 4.
            A single element between two visible ones is shown too, because a
            gap would take as much space.
        max_unfolded: A vector of at most this many elements is shown in full.

    >>> excerpt(3).indices, excerpt(9).indices, excerpt(9, unit=5).indices
    ((0, 1, 2), (0, 1, 2, 3, 8), (0, 1, 2, 5, 8))
    """
    if count <= max_unfolded:
        return Excerpt(count, tuple(range(count)))
    chosen = {*range(visible_count - 1), count - 1}
    if unit is not None and unit not in chosen:
        chosen = {*range(visible_count - 2), unit, count - 1}
    single_gaps = {k + 1 for k in chosen if k + 2 in chosen}
    return Excerpt(count, tuple(sorted(chosen | single_gaps)))


def short_excerpt(count: int) -> Excerpt:
    """A shorter excerpt: four elements of a vector of six or more.

    >>> short_excerpt(5).indices, short_excerpt(8).indices
    ((0, 1, 2, 3, 4), (0, 1, 2, 7))
    """
    return excerpt(count, visible_count=4, max_unfolded=4)


def left_out_notes(*excerpts: tuple[str, Excerpt, str]) -> tuple[Sentence, ...]:
    """A note on which elements are shown; empty if all are.

    Args:
        excerpts: For each excerpt, the noun for an element, the excerpt, and
            the expression of the total count.

    >>> [one.text for one in left_out_notes(("unit", excerpt(9), "c.shape[-1]"))]
    ['Only units 0, 1, 2, 3 and 8 of 9 are shown; dots stand for the others.']
    """
    phrases: list[str] = []
    values: list[tuple[object, str]] = []
    for noun, part, count_expr in excerpts:
        if part.is_folded:
            phrases.append(f"{noun}s {{}} of {{}}")
            values += [(part.listing, str(part.indices)), (part.count, count_expr)]
    if not phrases:
        return ()
    phrase = " and ".join(phrases)
    return (sentence(f"Only {phrase} are shown; dots stand for the others.", *values),)


def dots_notes(marks: Iterable[Mark]) -> tuple[Sentence, ...]:
    """A note that explains dots; empty if there are none."""
    texts = (mark for mark in walk(marks) if isinstance(mark, Text))
    # A token that is itself "…" is bound to its step.
    if not any(text.content == "…" and not text.bound for text in texts):
        return ()
    return (sentence("Dots stand for what is left out."),)
