"""What is true of a text with brackets and quotes, for figures and readers.

It is what the bracket network was trained to say. Outside quotes `(` and `)`
open and close; inside quotes they count for nothing. A `)` that closes nothing
counts for nothing either.
"""

from typing import NamedTuple

BRACKETS = "brackets"
"""What the metadata of a network's file calls this truth."""

OUTPUTS = ("inside quotes", "all closed")
"""What the read-out of such a network answers after every character."""


class Truth(NamedTuple):
    """What is true after each character of a text.

    Attributes:
        depth: How many brackets are open.
        inside: Whether a quotation is open.
    """

    depth: tuple[int, ...]
    inside: tuple[bool, ...]


def truth(text: str) -> Truth:
    """Follow the brackets and quotes of a text.

    >>> truth('(a")")')
    Truth(depth=(1, 1, 1, 1, 1, 0), inside=(False, False, True, True, False, \
False))
    """
    depths, insides = [], []
    depth, inside = 0, False
    for character in text:
        if character == '"':
            inside = not inside
        elif not inside:
            depth = max(0, depth + (character == "(") - (character == ")"))
        depths.append(depth)
        insides.append(inside)
    return Truth(tuple(depths), tuple(insides))


TRUTH_SETUP = """\
# How many brackets are open, and whether quotes are, after each character.
depth, inside, opened, quoted = [], [], 0, False
for ch in text:
    quoted ^= ch == '"'
    if not quoted:
        opened = max(0, opened + (ch == "(") - (ch == ")"))
    depth.append(opened)
    inside.append(quoted)
depth, inside = torch.tensor(depth), torch.tensor(inside)"""
"""Python that makes `depth` and `inside` of `text`, as tensors."""
