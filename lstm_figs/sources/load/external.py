"""Read the external tensors of an ONNX model, which are in files beside it.

The library `onnx` does not read them: its releases before 1.21 follow links to
any file, and every release reads all tensors at once.
"""

import math
import os
import stat
from pathlib import Path, PurePosixPath
from typing import Any, NamedTuple

import numpy as np

from ...errors import InputError
from ...model.tensors import Array
from ...names import quoted_name
from .checkpoint import widened
from .content import Content, read_exactly

TYPES = {
    "FLOAT": "<f4",
    "DOUBLE": "<f8",
    "FLOAT16": "<f2",
    "BFLOAT16": "<u2",
    "INT8": "<i1",
    "INT16": "<i2",
    "INT32": "<i4",
    "INT64": "<i8",
    "UINT8": "<u1",
    "UINT16": "<u2",
    "UINT32": "<u4",
    "UINT64": "<u8",
    "BOOL": "?",
}
"""The dtypes with whole bytes, by their names in ONNX and NumPy."""

MAX_PATH = 4096
"""The most characters of a path, on Linux."""

MAX_DIGITS = 18
"""The most digits of an offset or a length, which always fit in 64 bits."""


class Place(NamedTuple):
    """The place of an external tensor.

    Attributes:
        tensor: The name of the tensor.
        folder: The folder of the model.
        location: The path of the file in the model.
        offset: The offset of its first byte, as text.
        length: The number of bytes, as text; empty for the rest of the file.
    """

    tensor: str
    folder: Path
    location: str
    offset: str
    length: str

    def error(self, got: str, advice: str) -> InputError:
        """The error for a place that is invalid."""
        return InputError(
            f"{quoted_name(self.tensor)} is in {quoted_name(self.location)}, {got}; {advice}"
        )


def is_external(tensor: Any) -> bool:
    """Whether a tensor is in a file beside the model."""
    return bool(tensor.data_location == tensor.EXTERNAL)


def read_external(tensor: Any, folder: Path) -> Array:
    """Read an external tensor, and nothing else of its file.

    Args:
        tensor: The tensor as an object of the library.
        folder: The folder of the model.

    Raises:
        InputError: If the file is missing, is outside the folder or is a link,
            or if the offset or length does not fit.
    """
    fields = {entry.key: entry.value for entry in tensor.external_data}
    place = Place(
        tensor.name, folder, *(fields.get(key, "") for key in ("location", "offset", "length"))
    )
    kind = tensor.DataType.Name(tensor.data_type)
    if kind not in TYPES:
        raise place.error(
            f"as numbers of type {kind}, expected one of {', '.join(TYPES)}", "convert it"
        )
    dtype = np.dtype(TYPES[kind])
    content = _content(place)
    size = math.prod(tensor.dims) * dtype.itemsize
    begin = _begin(place, size, content.size)
    with content.open() as file:
        file.seek(begin)
        flat = read_exactly(file, size).view(dtype)
    numbers = widened(flat) if kind == "BFLOAT16" else flat
    return numbers.reshape(tuple(tensor.dims))


def _content(place: Place) -> Content:
    """The file, which has to be in the folder of the model or below it.

    Symbolic and hard links are errors, because they could lead anywhere.
    """
    is_long = len(place.location) > MAX_PATH
    names = () if is_long else PurePosixPath(place.location).parts
    if not names or {"/", "//", ".."} & {*names} or "\0" in place.location:
        raise place.error(
            "expected the path of a file in the folder of the model",
            "move it there, and save the model again",
        )
    path = place.folder
    for name in names:
        path = path / name
        try:
            status = path.lstat()
        except OSError as error:
            raise place.error(
                f"which cannot be read ({error.strerror}), expected a file "
                "in the folder of the model",
                "fetch it as well",
            ) from error
        if stat.S_ISLNK(status.st_mode):
            raise place.error(
                "which is a link, expected a file in the folder of the model",
                "copy the model and its data to a new folder with cp -L",
            )
    if not stat.S_ISREG(status.st_mode):
        raise place.error(
            "which is not a file, expected one in the folder of the model",
            "check how the model was saved",
        )
    if status.st_nlink > 1:
        raise place.error(
            "which has a second name (a hard link), expected a file that is only in the "
            "folder of the model",
            "copy the model and its data to a new folder",
        )
    return Content(os.fspath(path))


def _begin(place: Place, size: int, file_size: int) -> int:
    """The offset of the first byte, checked against the shape and the file.

    Args:
        place: The place of the tensor.
        size: The number of bytes that the shape requires.
        file_size: The size of the file in bytes.
    """
    begin = _number(place, place.offset or "0")
    length = _number(place, place.length) if place.length else file_size - begin
    if length != size or begin + length > file_size:
        raise place.error(
            f"at bytes {begin:,} to {begin + length:,} of {file_size:,}, expected "
            f"{size:,} bytes for its shape",
            "fetch both files again",
        )
    return begin


def _number(place: Place, digits: str) -> int:
    """A number of bytes, after checking its digits."""
    if not digits.isascii() or not digits.isdigit() or len(digits) > MAX_DIGITS:
        raise place.error(
            f"at {quoted_name(digits)}, expected a number of bytes", "save the model again"
        )
    return int(digits)
