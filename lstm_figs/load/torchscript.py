"""Weights in a TorchScript archive, without running what it brings.

`torch.jit.load` can run code of the archive. Here its `data.pkl` is read by
an unpickler that knows nothing but tensors and inert objects.
"""

import io
import math
import pickle
import pickletools
from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any
from zipfile import ZipFile

import numpy as np

from ..errors import InputError
from ..names import plain, shown
from ..tensors import Array
from .checkpoint import Checkpoint, Stored
from .safetensors import widened

_DTYPES = {
    "Half": ("float16", "f2"),
    "BFloat16": ("bfloat16", "u2"),
    "Float": ("float32", "f4"),
    "Double": ("float64", "f8"),
    "Char": ("int8", "i1"),
    "Byte": ("uint8", "u1"),
    "Short": ("int16", "i2"),
    "Int": ("int32", "i4"),
    "Long": ("int64", "i8"),
    "Bool": ("bool", "?"),
}
"""The storages of torch: the type of their numbers, for torch and NumPy."""


class _Object:
    """Stands for an object of a class that the archive brings; does nothing."""

    def __init__(self, *_: Any):
        self.state: Any = None

    def __setstate__(self, state: Any) -> None:
        self.state = state


@dataclass(frozen=True)
class _Storage:
    """Where numbers lie: `data/KEY` in the archive."""

    dtype: str
    code: str
    key: str
    size: int


class _Tensor:
    """The arguments of torch's function that rebuilds a tensor."""

    def __init__(
        self, storage: Any, offset: Any, shape: Any, strides: Any, *_: Any
    ):
        numbers = (offset, *shape, *strides)
        if not isinstance(storage, _Storage) or any(
            type(number) is not int or number < 0 for number in numbers
        ):
            raise pickle.UnpicklingError("a tensor is not made of a storage")
        last = offset + sum(
            (size - 1) * stride
            for size, stride in zip(shape, strides, strict=True)
        )
        if 0 not in shape and last >= storage.size:
            raise pickle.UnpicklingError("a tensor is beyond its storage")
        self.storage, self.offset = storage, offset
        self.shape, self.strides = tuple(shape), tuple(strides)

    def __setstate__(self, _: Any) -> None:
        raise pickle.UnpicklingError("a tensor has a state")


class _Unpickler(pickle.Unpickler):
    def find_class(self, module: str, name: str) -> Any:
        kind = name.removesuffix("Storage")
        if module == "torch" and kind in _DTYPES and kind != name:
            return kind
        if (module, name) == ("torch._utils", "_rebuild_tensor_v2"):
            return _Tensor
        if (module, name) == ("collections", "OrderedDict"):
            return OrderedDict
        if f"{module}.".startswith(("__torch__.", "torch.jit._pickle.")):
            return _Object
        raise _Refused(f"{module}.{name}")

    def persistent_load(self, pid: Any) -> _Storage:
        _, kind, key, _, size = pid
        return _Storage(*_DTYPES[kind], str(key), int(size))


class _Refused(pickle.UnpicklingError):
    """The archive asks for what it has no business with."""


def read_torchscript(name: str, archive: ZipFile) -> Checkpoint:
    """The tensors of an archive, by the names of a state dict.

    Raises:
        InputError: If the archive asks for more than a module has.
    """
    (member,) = (m for m in archive.namelist() if is_data(m))
    root = member.removesuffix("data.pkl")
    data = archive.read(member)
    # A damaged pickle can ask for a table that fills the memory.
    for opcode, argument, _ in pickletools.genops(data):
        if "PUT" in opcode.name and (argument or 0) > len(data):
            raise pickle.UnpicklingError("its table is larger than itself")
    try:
        module = _Unpickler(io.BytesIO(data)).load()
    except _Refused as error:
        raise InputError(
            f"{shown(name)} is a TorchScript archive that asks for "
            f"{plain(str(error))}, expected tensors and modules alone; it was "
            "not loaded, because what a pickle asks for can run any code, so "
            "save the module's state_dict() with torch.save instead"
        ) from error
    order = "<"
    if f"{root}byteorder" in archive.namelist():
        order = {b"big": ">"}.get(archive.read(f"{root}byteorder"), "<")
    tensors = {
        key: Stored(
            tensor.shape,
            tensor.storage.dtype,
            partial(_read, name, root, order, tensor),
        )
        for key, tensor in _walk(module)
    }
    return Checkpoint(name, "TorchScript", tensors, {})


def is_data(member: str) -> bool:
    """Whether a member of an archive is the pickle of its data."""
    return member.count("/") == 1 and member.endswith("/data.pkl")


def _walk(module: Any) -> Iterator[tuple[str, _Tensor]]:
    seen: set[int] = set()
    waiting: list[tuple[str, Any]] = [("", module)]
    while waiting:
        name, value = waiting.pop()
        if isinstance(value, _Tensor):
            yield name, value
        elif (
            isinstance(value, _Object)
            and isinstance(value.state, dict)
            and id(value) not in seen
        ):
            seen.add(id(value))
            prefix = f"{name}." if name else ""
            waiting += [
                (f"{prefix}{key}", item)
                for key, item in reversed(value.state.items())
            ]


def _read(name: str, root: str, order: str, tensor: _Tensor) -> Array:
    storage = tensor.storage
    # A stride of 0 would make much of few numbers.
    if math.prod(tensor.shape) > storage.size:
        raise ValueError("it has more numbers than its storage")
    with ZipFile(name) as archive:
        data = archive.read(f"{root}data/{storage.key}")
    flat = np.frombuffer(data, order + storage.code)
    if len(flat) != storage.size:
        raise ValueError(
            f"its storage has {len(flat)} numbers, not {storage.size}"
        )
    if storage.dtype == "bfloat16":
        flat = widened(flat)
    return np.lib.stride_tricks.as_strided(
        flat[tensor.offset :],
        tensor.shape,
        [stride * flat.itemsize for stride in tensor.strides],
        writeable=False,
    ).copy()
