"""The moments of the training of the bracket network, as a page has them."""

import json
from collections.abc import Iterator

import numpy as np

from ..sources.networks import Network, moments

CHARACTERS = "".join(chr(k) for k in range(35, 127) if chr(k) not in "<\\`")
"""What numbers are written in; none of them ends a text or an element."""

ENDS = 44
"""How many of them end a number."""


RIGHT = (
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
    0, 0, 0, 0, 0, 0, 0, 2, 2, 20, 24, 63, 92, 136,
    204, 340, 434, 428, 573, 596, 766, 720, 780, 838, 727, 803, 889, 922,
    894, 873, 932, 963, 958, 973, 950, 988, 987, 993, 964, 993, 937, 992,
    997, 999,
)  # fmt: skip
"""On how many of 1,000 fresh strings of 60 characters each moment is right."""


def written() -> str:
    """The script that has the moments.

    It has one text, of what changes from moment to moment: the batches, how
    many strings are right, and each weight in thousandths, to which all are
    rounded. Of each of them the first value is written, and then by how much
    each change differs from the one before. The last moment is left out,
    because its weights are in a page already.
    """
    *kept, _ = moments()
    rows = [
        [one.after, right, *_thousandths(one)]
        for one, right in zip(kept, RIGHT, strict=False)
    ]
    changes = np.diff(rows, axis=0)
    told = np.vstack([rows[:1], changes[:1], np.diff(changes, axis=0)])
    text = "".join(_number(one) for one in told.T.ravel().tolist())
    return (
        f"export const written = {json.dumps(text)};\n"
        f"export const [count, last] = [{len(kept)}, {RIGHT[-1]}];\n"
    )


def _thousandths(network: Network) -> list[int]:
    """All numbers of a network, in the order of `live.known`."""
    parameters = [
        *network.weights.parameters().values(),
        *network.readout.parameters().values(),
    ]
    return [
        round(1000 * one)
        for array in parameters
        for one in array.ravel().tolist()
    ]


def _number(value: int) -> str:
    """A whole number, the last character of which ends it.

    >>> [_number(one) for one in (0, -1, 1, 21, 22)]
    ['#', '$', '%', 'N', 'P#']
    """
    return "".join(_digits(2 * value if value >= 0 else -2 * value - 1))[::-1]


def _digits(left: int) -> Iterator[str]:
    more = len(CHARACTERS) - ENDS
    yield CHARACTERS[left % ENDS]
    left //= ENDS
    while left:
        yield CHARACTERS[ENDS + (left - 1) % more]
        left = (left - 1) // more
