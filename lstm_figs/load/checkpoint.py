"""What is known of a weights file before its tensors are read."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from ..errors import InputError
from ..names import first_line, shown
from ..tensors import Array

FLOATS = ("float16", "bfloat16", "float32", "float64")
"""The types that weights may have, as torch names them."""


@dataclass(frozen=True)
class Stored:
    """A tensor in a file, which is read when it is asked for.

    Attributes:
        shape: Its shape.
        dtype: Its type, as torch names it.
        read: Gives the array; bfloat16, which NumPy lacks, as float32.
    """

    shape: tuple[int, ...]
    dtype: str
    read: Callable[[], Array]


@dataclass(frozen=True)
class Checkpoint:
    """A weights file.

    Attributes:
        path: The file, as it was typed.
        form: What kind of file it is, for people.
        tensors: Its tensors by their dotted names.
        setups: Python that makes `state`, a mapping from names to tensors, by
            what is left out of the names in it: `{"encoder.": "state =
            torch.load(…)['encoder']"}`. Empty where a reader has no safe way
            to load the file.
        tensor: Python that makes a float32 tensor of an entry of `state`.
        torch: The version of torch that read it, None without torch.
    """

    path: str
    form: str
    tensors: Mapping[str, Stored]
    setups: Mapping[str, str]
    tensor: str = "{}.float()"
    torch: str | None = None

    def array(self, name: str) -> Array:
        """A tensor as float32.

        Raises:
            InputError: If it cannot be read, or a number is beyond float32.
        """
        try:
            array = self.tensors[name].read()
        except Exception as error:
            raise InputError(
                f"{shown(name)} of {shown(self.path)} cannot be read "
                f"({first_line(error)}), expected a whole file; save it again"
            ) from error
        with np.errstate(over="ignore"):
            narrow = np.ascontiguousarray(array, dtype=np.float32)
        if not np.array_equal(np.isfinite(array), np.isfinite(narrow)):
            raise InputError(
                f"{shown(name)} of {shown(self.path)} has a number that is "
                "beyond float32, expected at most 3.4e38; scale it"
            )
        return narrow
