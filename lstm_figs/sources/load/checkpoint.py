"""What is known of a weights file before its tensors are read."""

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np

from ...errors import InputError, LstmFigsError
from ...model.form import MAX_NUMBERS
from ...model.tensors import Array
from ...names import first_line, quoted_name

FLOATS = ("float16", "bfloat16", "float32", "float64")
"""The types that weights may have, as torch names them."""

NUMBERS = re.compile(r"b?float\d+|u?int\d+|bool")
"""The types of which an element takes a few bytes."""


class Location(NamedTuple):
    """The mapping of a file that a tensor is in.

    Attributes:
        prefix: What the names of its tensors have here, but not in it.
        setup: Python that makes it, as `state`: `state =
            torch.load(…)["encoder"]`.
        is_optimizer: Whether it is the state of an optimizer, which may have
            the names and the shapes of parameters.
    """

    prefix: str
    setup: str
    is_optimizer: bool = False


@dataclass(frozen=True)
class Stored:
    """A tensor in a file, which is read when it is asked for.

    Attributes:
        shape: Its shape.
        dtype: Its type, as torch names it.
        read: Gives the array; bfloat16, which NumPy lacks, as float32.
        location: Where it is in the file; None where a reader has no safe way to
            load the file.
        kind: What it is, if it has no numbers in rows: `sparse`, `meta`,
            `nested` or `wrapped`.
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
        form: What kind of file it is, for people.
        tensors: Its tensors by their dotted names.
        tensor: Python that makes a float32 tensor of an entry of `state`.
        torch: For a file of torch's own, the version that is installed, which
            loads it in a proof; else None.
        metadata: What the file says beside tensors, if its format has that.
        refused: Names of recurrent modules whose numbers `torch.nn.LSTM`
            would not compute alike, or cannot be given, and why.
    """

    path: str
    form: str
    tensors: Mapping[str, Stored]
    tensor: str = "{}.float()"
    torch: str | None = None
    metadata: Mapping[str, str] = field(default_factory=dict)
    refused: Mapping[str, LstmFigsError] = field(default_factory=dict)

    def array(self, name: str) -> Array:
        """A tensor as float32.

        Raises:
            InputError: If it cannot be read, is too large, or a number is
                beyond float32.
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
                f"({first_line(error)}), expected a whole file; save it again"
            ) from error
        with np.errstate(over="ignore"):
            narrow = np.asarray(array, np.float32, order="C")
        if array.dtype.itemsize > narrow.dtype.itemsize and not np.array_equal(
            np.isfinite(array), np.isfinite(narrow)
        ):
            raise InputError(
                f"{quoted_name(name)} of {quoted_name(self.path)} has a number that is "
                "beyond float32, expected at most 3.4e38; scale it"
            )
        return narrow


def widened(halves: Array) -> Array:
    """The bits of bfloat16 as float32, which they are the upper half of.

    >>> widened(np.array([0x3F80, 0xC000], np.uint16)).tolist()
    [1.0, -2.0]
    """
    return (halves.astype(np.uint32) << 16).view(np.float32)
