"""Encode a text as input, one-hot for each character."""

import unicodedata
from typing import NamedTuple

import numpy as np

from ..errors import UsageError
from ..model.tensors import Array
from ..names import quoted_name
from ..proof.literals import text as quoted

MAX_TEXT = 1000
"""The most characters of a text."""


class Alphabet(NamedTuple):
    """The characters that a network reads, in the order of its inputs.

    Attributes:
        characters: A character for each input.
        other: The one that replaces unknown characters; None if these are an
            error.
    """

    characters: str
    other: int | None = None

    def encode(self, text: str) -> Array:
        """A text as one sequence, of shape `(seq_len, 1, input_size)`.

        Raises:
            UsageError: If the alphabet lacks a character and has no `other`.

        >>> Alphabet("ab").encode("ba").tolist()
        [[[0.0, 1.0]], [[1.0, 0.0]]]
        """
        places = [self.characters.find(character) for character in text]
        if self.other is not None:
            places = [self.other if k < 0 else k for k in places]
        if -1 in places:
            raise UsageError(
                f"got {quoted_name(text[places.index(-1)])} in --text, expected "
                f"characters of the alphabet {quoted_name(self.characters)}; leave "
                "it out"
            )
        x = np.zeros((len(text), 1, len(self.characters)), np.float32)
        x[np.arange(len(text)), 0, places] = 1
        return x

    def setup(self, text: str) -> str:
        """Python that makes the same input, named `x`."""
        place = "alphabet.index(ch)"
        if self.other is not None:
            place += f" if ch in alphabet else {self.other}"
        return (
            f"alphabet = {quoted(self.characters)}\n"
            f"text = {quoted(text)}\n"
            f"places = [{place} for ch in text]\n"
            f"x = torch.eye({len(self.characters)})[places][:, None]"
        )


def _is_printed(character: str) -> bool:
    r"""Whether a character is printed, now or perhaps in a later Unicode.

    Unassigned characters count, because a browser may know more than Python.

    >>> [_is_printed(character) for character in ("a", " ", "\U0001fae8", "\u0378")]
    [True, True, True, True]
    >>> [_is_printed(character) for character in ("\n", "\xa0", "\u200b", "\uffff")]
    [False, False, False, False]
    """
    code = ord(character)
    is_none = 0xFDD0 <= code <= 0xFDEF or code & 0xFFFE == 0xFFFE
    is_new = unicodedata.category(character) == "Cn" and not is_none
    return is_new or character.isprintable()


def check_text(text: str) -> None:
    """Check that a text can label the steps of a figure.

    Raises:
        UsageError: If it is empty or too long, or has a character that cannot
            be printed.
    """
    if not 1 <= len(text) <= MAX_TEXT:
        raise UsageError(
            f"got --text of {len(text)} characters, expected 1 to {MAX_TEXT}; choose another"
        )
    for character in text:
        if not _is_printed(character):
            raise UsageError(
                f"got {character!r} in --text, expected characters that can "
                "be printed; leave it out"
            )
