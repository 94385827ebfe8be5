"""The moments of the training of the bracket network, as a script has them.

Every build needs them, also one that draws nothing, so this does not import
NumPy.
"""

import json
import sys
from array import array
from collections.abc import Iterator, Sequence
from importlib.resources import files
from itertools import pairwise

FILE = "brackets-training.safetensors"
"""The file of the moments, see `sources.networks`."""

TENSOR_NAMES = (
    *(f"lstm.{kind}_{of}_l0" for kind in ("weight", "bias") for of in ("ih", "hh")),
    "readout.weight",
    "readout.bias",
)
"""Its tensors, in the order of `live.known`."""

CHARACTERS = "".join(chr(k) for k in range(35, 127) if chr(k) not in "<\\`")
"""What numbers are written in; none of them ends a text or an element."""

END_CHARACTERS = 44
"""How many of them end a number."""


RIGHT_COUNTS = (
    0,
    0,
    0,
    0,
    0,
    0,
    0,
    0,
    0,
    0,
    0,
    0,
    0,
    0,
    0,
    0,
    0,
    0,
    0,
    0,
    0,
    2,
    2,
    20,
    24,
    63,
    92,
    136,
    204,
    340,
    434,
    428,
    573,
    596,
    766,
    720,
    780,
    838,
    727,
    803,
    889,
    922,
    894,
    873,
    932,
    963,
    958,
    973,
    950,
    988,
    987,
    993,
    964,
    993,
    937,
    992,
    997,
    999,
)
"""On how many of 1,000 fresh strings of 60 characters each moment is right."""


def moments_script() -> str:
    """The script that has the moments.

    It has one text, of what changes from moment to moment: the batches, how
    many strings are right, and each weight in thousandths, to which all are
    rounded. Of each of them the first value is written, and then by how much
    each change differs from the one before. The last moment is left out,
    because its weights are in a page already.
    """
    rows = _rows()
    columns = zip(*rows, strict=True)
    text = "".join(_number(number) for column in columns for number in _second_differences(column))
    return (
        f"export const written = {json.dumps(text)};\n"
        f"export const [count, last] = [{len(rows)}, {RIGHT_COUNTS[-1]}];\n"
    )


def _rows() -> list[list[int]]:
    """Of each moment but the last: batches, strings, and all numbers.

    The end of the repetition, which is before the last, is left out as well.
    """
    # To import the package that it is in would import NumPy.
    data = files("lstm_figs").joinpath("sources", "networks", FILE).read_bytes()
    begin = 8 + int.from_bytes(data[:8], "little")
    header = json.loads(data[8:begin])
    batches = header["__metadata__"]["batches"].split(", ")
    rows = [[int(after), right] for after, right in zip(batches[:-2], RIGHT_COUNTS, strict=False)]
    for name in TENSOR_NAMES:
        values = array("f", data[begin:][slice(*header[name]["data_offsets"])])
        if sys.byteorder == "big":
            values.byteswap()
        size = len(values) // len(batches)
        for k, row in enumerate(rows):
            own = values[k * size : (k + 1) * size]
            row += [round(1000 * value) for value in own]
    return rows


def _second_differences(values: Sequence[int]) -> list[int]:
    """The first of some values, and by how much each change differs.

    >>> _second_differences((5, 7, 9, 8))
    [5, 2, 0, -3]
    """
    changes = [b - a for a, b in pairwise(values)]
    return [values[0], *changes[:1], *(b - a for a, b in pairwise(changes))]


def _number(value: int) -> str:
    """A whole number, the last character of which ends it.

    >>> [_number(one) for one in (0, -1, 1, 21, 22)]
    ['#', '$', '%', 'N', 'P#']
    """
    return "".join(_digits(2 * value if value >= 0 else -2 * value - 1))[::-1]


def _digits(remaining: int) -> Iterator[str]:
    leading_characters = len(CHARACTERS) - END_CHARACTERS
    yield CHARACTERS[remaining % END_CHARACTERS]
    remaining //= END_CHARACTERS
    while remaining:
        yield CHARACTERS[END_CHARACTERS + (remaining - 1) % leading_characters]
        remaining = (remaining - 1) // leading_characters
