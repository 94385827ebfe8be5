"""The moments of the bracket network's training, as a script.

Every build needs them, even one that draws nothing, so this module does not
import NumPy.
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
    *(f"lstm.{kind}_{operand}_l0" for kind in ("weight", "bias") for operand in ("ih", "hh")),
    "readout.weight",
    "readout.bias",
)
"""The tensors of each moment, in the order that the script of the page expects."""

CHARACTERS = "".join(chr(k) for k in range(35, 127) if chr(k) not in "<\\`")
"""The digits of numbers; none of them can end a string or an element."""

END_CHARACTER_COUNT = 44
"""How many of `CHARACTERS`, from the first, end a number; the others are digits before the last."""

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
"""The number of correct answers at each moment, on 1,000 strings of 60 characters
that were not trained on."""


def moments_script() -> str:
    """The script with the moments.

    It has one string with the values of each moment: the batches, the number of
    correct answers, and each weight, rounded to thousandths. For each series
    the string has the first value and the second differences. The last moment
    is left out, because a page has its weights already.
    """
    rows = _rows()
    columns = zip(*rows, strict=True)
    text = "".join(_encode(number) for column in columns for number in _second_differences(column))
    return (
        f"export const written = {json.dumps(text)};\n"
        f"export const [count, last] = [{len(rows)}, {RIGHT_COUNTS[-1]}];\n"
    )


def _rows() -> list[list[int]]:
    """The batches, correct answers and weights of each moment but the last two.

    The last is the network that ships; the one before it is the end of the
    repetition.
    """
    # Importing the package of the file would import NumPy.
    data = files("lstm_figs").joinpath("sources", "networks", FILE).read_bytes()
    # A safetensors file: 8 bytes with the length of the header, the header, the numbers.
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
            values_of_moment = values[k * size : (k + 1) * size]
            row += [round(1000 * value) for value in values_of_moment]
    return rows


def _second_differences(values: Sequence[int]) -> list[int]:
    """The first value, and the differences between successive changes.

    >>> _second_differences((5, 7, 9, 8))
    [5, 2, 0, -3]
    """
    changes = [b - a for a, b in pairwise(values)]
    return [values[0], *changes[:1], *(b - a for a, b in pairwise(changes))]


def _encode(value: int) -> str:
    """An integer as text, of which only the last character is one that ends a number.

    Signed integers alternate, as 0, −1, 1, −2, 2, so that those near zero have
    one character: codes of negative numbers are odd. `numbersOf` in
    `browser/twin/training.js` is the decoder.


    >>> [_encode(one) for one in (0, -1, 1, 21, 22)]
    ['#', '$', '%', 'N', 'P#']
    """
    return "".join(_digits(2 * value if value >= 0 else -2 * value - 1))[::-1]


def _digits(remaining: int) -> Iterator[str]:
    """The characters of a code, from the last to the first."""
    leading_characters = len(CHARACTERS) - END_CHARACTER_COUNT
    yield CHARACTERS[remaining % END_CHARACTER_COUNT]
    remaining //= END_CHARACTER_COUNT
    while remaining:
        yield CHARACTERS[END_CHARACTER_COUNT + (remaining - 1) % leading_characters]
        remaining = (remaining - 1) // leading_characters
