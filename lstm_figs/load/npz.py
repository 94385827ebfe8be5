"""Weights in an `.npz` file, without torch."""

from functools import partial
from zipfile import ZipFile

import numpy as np
from numpy.lib import format

from ..literals import text
from ..tensors import Array
from .checkpoint import Checkpoint, Stored


def read_npz(name: str, archive: ZipFile) -> Checkpoint:
    """The arrays of a file, of which only the headers are read yet."""
    headers = {
        (1, 0): format.read_array_header_1_0,
        (2, 0): format.read_array_header_2_0,
    }
    tensors = {}
    for member in archive.namelist():
        if not member.endswith(".npy"):
            continue
        key = member.removesuffix(".npy")
        with archive.open(member) as file:
            version = format.read_magic(file)
            if version not in headers:
                # Only arrays of records have names beyond Latin 1.
                continue
            shape, _, dtype = headers[version](file)
        tensors[key] = Stored(shape, dtype.name, partial(_read, name, key))
    setup = f"import numpy\nstate = numpy.load({text(name)})"
    return Checkpoint(
        name,
        "npz",
        tensors,
        {"": setup},
        # Also where the bytes are in another order than this machine's.
        tensor='torch.from_numpy({}.astype("float32"))',
    )


def _read(name: str, key: str) -> Array:
    with np.load(name, allow_pickle=False) as arrays:
        array: Array = arrays[key]
    return array
