"""Read weights from an `.npz` file, without torch."""

import math
import zipfile
from functools import partial

from numpy.lib import format

from ...model.tensors import Array
from ...proof.literals import text
from .archive import Archive
from .checkpoint import Checkpoint, Location, Stored

_HEADERS = {(1, 0): format.read_array_header_1_0, (2, 0): format.read_array_header_2_0}
"""Readers of headers by version. Version 3 is only for arrays of records."""


def read_npz(name: str, archive: Archive) -> Checkpoint:
    """The arrays of a file, with only their headers read."""
    location = Location(
        prefix="",
        setup=f"import numpy\nwith numpy.load({text(name)}) as arrays:\n    state = dict(arrays)",
    )
    tensors = {}
    with archive.content.open() as file, zipfile.ZipFile(file) as opened:
        for member, info in archive.members.items():
            if not member.endswith(".npy"):
                continue
            with opened.open(member) as array:
                version = format.read_magic(array)
                if version not in _HEADERS:
                    continue
                shape, _, dtype = _HEADERS[version](array)
                size = math.prod(shape) * dtype.itemsize
                if not dtype.hasobject and array.tell() + size != info.file_size:
                    raise ValueError(
                        f"{member} claims the shape {shape}, which does not fit its "
                        f"{info.file_size:,} bytes"
                    )
            key = member.removesuffix(".npy")
            tensors[key] = Stored(
                shape, dtype.name, read=partial(_read, archive, member), location=location
            )
    return Checkpoint(
        name,
        "npz",
        tensors,
        # astype also converts the byte order.
        tensor='torch.from_numpy({}.astype("float32"))',
    )


def _read(archive: Archive, member: str) -> Array:
    """The array of one member."""
    with (
        archive.content.open() as file,
        zipfile.ZipFile(file) as opened,
        opened.open(member) as array,
    ):
        numbers: Array = format.read_array(array, allow_pickle=False)
    return numbers
