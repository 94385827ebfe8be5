"""The ground truth for a text with brackets and quotes.

The bracket network was trained to predict it. Outside quotes, `(` and `)` open
and close. Inside quotes they are ignored. A `)` without an open bracket is
ignored too.
"""

from typing import NamedTuple

BRACKETS = "brackets"
"""The name of this ground truth in a network file's metadata."""

OUTPUTS = ("inside quotes", "all closed")
"""The outputs of such a network's read-out after every character."""


class Truth(NamedTuple):
    """The ground truth after each character of a text.

    Attributes:
        depth: The number of open brackets.
        inside: Whether a quotation is open.
    """

    depth: tuple[int, ...]
    inside: tuple[bool, ...]


def truth(text: str) -> Truth:
    """Compute the ground truth of a text.

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
"""Python that defines `depth` and `inside` of `text`, as tensors."""
