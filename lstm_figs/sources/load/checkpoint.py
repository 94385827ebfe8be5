"""A weights file, with the tensors not read yet."""

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np

from ...errors import InputError, LstmFigsError
from ...model.arguments import MAX_NUMBERS
from ...model.tensors import Array
from ...names import first_line, quoted_name

FLOATS = ("float16", "bfloat16", "float32", "float64")
"""The dtypes that weights may have, as torch names them."""

NUMBERS = re.compile(r"b?float\d+|u?int\d+|bool")
"""The dtypes of numbers."""


class Location(NamedTuple):
    """The dict in a file that contains a tensor.

    Attributes:
        prefix: The prefix of its tensors' names that the dict itself lacks.
        setup: Python that loads the file in a proof and assigns the dict to
            `state`: `state = torch.load(…)["encoder"]`.
        is_optimizer: Whether it is the state of an optimizer, which may have
            the same names and shapes as the parameters.
    """

    prefix: str
    setup: str
    is_optimizer: bool = False


@dataclass(frozen=True)
class Stored:
    """A tensor in a file that is read on demand.

    Attributes:
        shape: Its shape.
        dtype: Its dtype, as torch names it.
        read: Reads the array. NumPy lacks bfloat16, so that becomes float32.
        location: The dict that contains it; None if users have no safe way to
            load the file.
        kind: `sparse`, `meta`, `nested` or `wrapped` if it is not dense.
    """

    shape: tuple[int, ...]
    dtype: str
    read: Callable[[], Array]
    location: Location | None = None
    kind: str = ""


@dataclass(frozen=True)
class Checkpoint:
    """A weights file.

    Attributes:
        path: The file, as it was typed.
        format: The name of its file format, for messages.
        tensors: Its tensors by their dotted names.
        tensor: Python that converts an entry of `state` to a float32 tensor.
        torch: For a file of torch's own, the installed version, which loads it
            in a proof; otherwise None.
        metadata: The metadata of the file, if its format has that.
        refused: Recurrent modules that `torch.nn.LSTM` cannot reproduce, by
            name, each with the error.
        why_not_loaded: Why its tensors have no `Location`, as a comment of the
            preamble; empty if they have one.
    """

    path: str
    format: str
    tensors: Mapping[str, Stored]
    tensor: str = "{}.float()"
    torch: str | None = None
    metadata: Mapping[str, str] = field(default_factory=dict)
    refused: Mapping[str, LstmFigsError] = field(default_factory=dict)
    why_not_loaded: str = ""

    def array(self, name: str) -> Array:
        """A tensor as float32.

        Raises:
            InputError: If it cannot be read, is too large, or has a number
                outside the range of float32.
        """
        stored = self.tensors[name]
        count = math.prod(stored.shape)
        if count > MAX_NUMBERS:
            raise InputError(
                f"{quoted_name(name)} of {quoted_name(self.path)} has {count:,} numbers, "
                f"expected at most {MAX_NUMBERS:,}; choose a smaller module"
            )
        if not NUMBERS.fullmatch(stored.dtype):
            raise InputError(
                f"{quoted_name(name)} of {quoted_name(self.path)} has dtype "
                f"{stored.dtype}, expected numbers; convert it"
            )
        try:
            array = stored.read()
        except InputError:
            raise
        except Exception as error:
            raise InputError(
                f"{quoted_name(name)} of {quoted_name(self.path)} cannot be read "
                f"({first_line(error)}), expected a complete file; save it again"
            ) from error
        with np.errstate(over="ignore"):
            narrow = np.asarray(array, np.float32, order="C")
        # Only a wider type has finite numbers beyond float32, which become infinite.
        if array.dtype.itemsize > narrow.dtype.itemsize and not np.array_equal(
            np.isfinite(array), np.isfinite(narrow)
        ):
            raise InputError(
                f"{quoted_name(name)} of {quoted_name(self.path)} has a number that is "
                "beyond float32, expected at most 3.4e38; scale it"
            )
        return narrow


def widened(halves: Array) -> Array:
    """Convert bfloat16 to float32; its bits are the upper half.

    >>> widened(np.array([0x3F80, 0xC000], np.uint16)).tolist()
    [1.0, -2.0]
    """
    return (halves.astype(np.uint32) << 16).view(np.float32)
