"""Read weights from a `.safetensors` file, without torch.

The format, https://github.com/huggingface/safetensors: the length of the
header in 8 bytes, the header as JSON, the numbers. The library of that name
maps the file into memory, so the header is read and checked here instead.
"""

import json
import math
from functools import partial
from typing import Any

import numpy as np

from ...model.tensors import Array
from ...proof.literals import text
from .checkpoint import Checkpoint, Location, Stored, widened
from .content import MAX_HEADER, Content, read_exactly

_DTYPES = {
    "F16": ("float16", "<f2"),
    "BF16": ("bfloat16", "<u2"),
    "F32": ("float32", "<f4"),
    "F64": ("float64", "<f8"),
    "I8": ("int8", "<i1"),
    "I16": ("int16", "<i2"),
    "I32": ("int32", "<i4"),
    "I64": ("int64", "<i8"),
    "U8": ("uint8", "<u1"),
    "U16": ("uint16", "<u2"),
    "U32": ("uint32", "<u4"),
    "U64": ("uint64", "<u8"),
    "BOOL": ("bool", "?"),
}
"""The dtypes that can be read, by their names in torch and NumPy."""


def read_safetensors(name: str, content: Content) -> Checkpoint:
    """The tensors of a file, with only the header read.

    Raises:
        ValueError: If the header is malformed, or does not fit the file.
    """
    with content.open() as file:
        length = int.from_bytes(file.read(8), "little")
        if length > min(MAX_HEADER, content.size - 8):
            raise ValueError("its header is longer than the file or the limit")
        header = json.loads(read_exactly(file, length).tobytes(), object_pairs_hook=_unique_entries)
    if not isinstance(header, dict):
        raise ValueError("its header is not a JSON object")
    begin = 8 + length
    location = Location(prefix="", setup="\n".join(loading(name, "state = {}")))
    tensors: dict[str, Stored] = {}
    end = 0
    # Sorted by offset, the tensors have to be contiguous. The order in the header
    # may be different.
    entries = [(k, e) for k, e in header.items() if k != "__metadata__"]
    for key, entry in sorted(entries, key=_data_offsets):
        dtype, shape, (first, last) = (entry["dtype"], entry["shape"], entry["data_offsets"])
        if not all(type(n) is int and n >= 0 for n in (*shape, first, last)):
            raise ValueError("its header has sizes that are not whole numbers")
        torch_name, code = _DTYPES.get(dtype, (str(dtype).lower(), ""))
        size = math.prod(shape) * (np.dtype(code).itemsize if code else 0)
        is_contiguous = first == end and last >= first
        has_right_size = not code or last - first == size
        if not (is_contiguous and has_right_size):
            raise ValueError("the offsets in its header do not fit the shapes")
        end = last
        read = partial(_read, content, dtype, shape, begin + first, size)
        tensors[key] = Stored(tuple(shape), torch_name, read=read, location=location)
    if begin + end != content.size:
        raise ValueError(
            f"its header describes {begin + end:,} bytes, but the file has {content.size:,}"
        )
    return Checkpoint(
        name, "safetensors", {key: tensors[key] for key, _ in entries}, metadata=_metadata(header)
    )


def loading(name: str, use: str) -> tuple[str, str]:
    """Python that loads a file as a dict.

    Args:
        name: The file.
        use: Python that uses the dict, with `{}` in its place.
    """
    if name.isprintable():
        return ("from safetensors.torch import load_file", use.format(f"load_file({text(name)})"))
    # load_file does not accept a path that is not UTF-8.
    return (
        "import pathlib\nfrom safetensors.torch import load",
        use.format(f"load(pathlib.Path({text(name)}).read_bytes())"),
    )


def _metadata(header: dict[str, Any]) -> dict[str, str]:
    """The metadata in the header; the format requires strings."""
    metadata = header.get("__metadata__")
    if not isinstance(metadata, dict):
        return {}
    return {k: text for k, text in metadata.items() if isinstance(text, str)}


def _data_offsets(entry: tuple[str, Any]) -> Any:
    """The offsets of an entry of the header, to sort by."""
    return tuple(entry[1]["data_offsets"])


def _unique_entries(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """A JSON object, after checking that its keys are unique."""
    entries = dict(pairs)
    if len(entries) != len(pairs):
        raise ValueError("its header names a tensor twice")
    return entries


def _read(content: Content, dtype: str, shape: list[int], begin: int, count: int) -> Array:
    """The numbers of one tensor."""
    if dtype not in _DTYPES:
        raise ValueError("NumPy has no such type of numbers")
    with content.open() as file:
        file.seek(begin)
        flat = read_exactly(file, count).view(_DTYPES[dtype][1])
    return (widened(flat) if dtype == "BF16" else flat).reshape(shape)
