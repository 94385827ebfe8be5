"""Weights in a `.safetensors` file, without torch."""

import json
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from safetensors import safe_open

from ..literals import text
from ..tensors import Array
from .checkpoint import Checkpoint, Stored

_DTYPES = {
    "F16": "float16",
    "BF16": "bfloat16",
    "F32": "float32",
    "F64": "float64",
    "I8": "int8",
    "I16": "int16",
    "I32": "int32",
    "I64": "int64",
    "U8": "uint8",
    "BOOL": "bool",
}


def read_safetensors(name: str) -> Checkpoint:
    """The tensors of a file, none of which is read yet."""
    # The library checks the header and that the file is as long as it says.
    file: Any = safe_open(name, "numpy")
    tensors = {}
    for key in file.keys():  # noqa: SIM118 (it is no mapping)
        entry = file.get_slice(key)
        dtype = entry.get_dtype()
        read = partial(_read_bfloat16 if dtype == "BF16" else _read, name, key)
        tensors[key] = Stored(
            tuple(entry.get_shape()), _DTYPES.get(dtype, dtype.lower()), read
        )
    setup = (
        "from safetensors.torch import load_file\n"
        f"state = load_file({text(name)})"
    )
    return Checkpoint(name, "safetensors", tensors, {"": setup})


def _read(name: str, key: str) -> Array:
    file: Any = safe_open(name, "numpy")
    array: Array = file.get_tensor(key)
    return array


def _read_bfloat16(name: str, key: str) -> Array:
    """Widen exactly: bfloat16 is the upper half of float32.

    Source: the format, https://github.com/huggingface/safetensors: the length
    of the header in 8 bytes, the header as JSON, the data.
    """
    with Path(name).open("rb") as file:
        length = int.from_bytes(file.read(8), "little")
        entry = json.loads(file.read(length))[key]
        begin, end = entry["data_offsets"]
        file.seek(8 + length + begin)
        halves = np.frombuffer(file.read(end - begin), "<u2")
    return widened(halves).reshape(entry["shape"])


def widened(halves: Array) -> Array:
    """The bits of bfloat16 as float32.

    >>> widened(np.array([0x3F80, 0xC000], np.uint16)).tolist()
    [1.0, -2.0]
    """
    return (halves.astype(np.uint32) << 16).view(np.float32)
