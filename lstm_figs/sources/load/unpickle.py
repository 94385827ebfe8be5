"""Read descriptions of tensors from a pickle, without running anything.

torch's own reader with `weights_only=True` still calls some functions for a
pickle, such as `bytearray(4 << 30)`, and makes every tensor. Here a pickle
yields descriptions of tensors, and inert placeholders for everything else that
torch allows.
"""

import math
import pickle
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import IO, Any, NamedTuple

import numpy as np

from ...errors import InputError
from ...model.arguments import MAX_NUMBERS
from ...model.tensors import Array
from ...names import printable, quoted_name
from .checkpoint import widened
from .pickle_machine import Inert, Machine, expect_type, filled_dict

_STORAGES = {
    "Half": "float16",
    "BFloat16": "bfloat16",
    "Float": "float32",
    "Double": "float64",
    "Char": "int8",
    "Byte": "uint8",
    "Short": "int16",
    "Int": "int32",
    "Long": "int64",
    "Bool": "bool",
    "ComplexFloat": "complex64",
    "ComplexDouble": "complex128",
    "QInt8": "qint8",
    "QUInt8": "quint8",
    "QInt32": "qint32",
    "QUInt4x2": "quint4x2",
    "QUInt2x4": "quint2x4",
    "Untyped": "",
}
"""The storage classes of torch, each with its dtype."""

_CODES = {
    **{"float16": "f2", "bfloat16": "u2", "float32": "f4", "float64": "f8"},
    **{"int8": "i1", "int16": "i2", "int32": "i4", "int64": "i8"},
    **{"uint8": "u1", "uint16": "u2", "uint32": "u4", "uint64": "u8"},
    **{"bool": "?", "complex64": "c8", "complex128": "c16"},
    **{"qint8": "i1", "quint8": "u1", "qint32": "i4"},
    **{"quint4x2": "u1", "quint2x4": "u1", "": "u1"},
}
"""NumPy's names for the dtypes of torch that can be read."""

_DTYPE = re.compile(
    r"b?float\w+|u?int\d+|bool|complex\d+|bits\w+|qu?int\w+|per_(tensor|channel)_\w+"
)
"""The name of a dtype of torch."""
_INERT = re.compile(
    r"builtins\.(set|bytearray|complex)|_codecs\.encode|torch\.device"
    r"|torch\.nn\.parameter\.Parameter|torch\.(cuda\.)?(sparse\.)?\w*Tensor"
    r"|torch\.storage\.TypedStorage"
)
"""Other names that torch allows with `weights_only=True`."""

SMALL = 1 << 20
"""A tensor of at most this many numbers may be larger than its storage."""

MAX_AXES = 64
"""The most axes of a tensor, as in NumPy."""

MAX_COPIED = 1_000_000
"""The most entries that a pickle may copy from dicts to dicts."""


class Refused(pickle.UnpicklingError):
    """A pickle has something that does not belong into a file of tensors."""


@dataclass(frozen=True)
class Storage:
    """A storage of numbers in the file.

    Attributes:
        dtype: Their dtype; empty for untyped bytes, whose tensors say the dtype.
        key: The name of the storage in the file.
        start: The index of its first number there.
        size: The number of its numbers.
    """

    dtype: str
    key: str
    start: int
    size: int

    @property
    def itemsize(self) -> int:
        """The bytes per number."""
        return np.dtype(_CODES[self.dtype]).itemsize


Fetch = Callable[[Storage, int, int], Array]
"""A function that reads a number of bytes of a storage, from a first byte on."""


class Described:
    """A tensor as a pickle describes it.

    Attributes:
        shape: Its shape.
        dtype: Its dtype, as torch names it.
        kind: `sparse`, `meta` or `nested` if it is not dense.
    """

    def __init__(self, shape: Any, dtype: Any, kind: str = ""):
        _check_whole(shape)
        self.shape: tuple[int, ...] = tuple(shape)
        self.dtype = str(dtype) if isinstance(dtype, str) else "unknown"
        self.kind = kind

    def read(self, fetch: Fetch, order: str) -> Array:
        """Read its numbers; NumPy lacks bfloat16, so that becomes float32.

        Args:
            fetch: Reads the bytes.
            order: The byte order, `<` or `>`.

        Raises:
            ValueError: If it is not dense; `Strided` can be read.
        """
        raise ValueError(f"it is a {self.kind} tensor")


class Strided(Described):
    """A dense tensor, which is a view of a storage."""

    def __init__(
        self,
        storage: Any,
        offset: Any,
        shape: Any,
        strides: Any,
        dtype: Any = None,
        negative: bool = False,
    ):
        if not isinstance(storage, Storage):
            raise pickle.UnpicklingError("a tensor is not made of a storage")
        super().__init__(shape, dtype or storage.dtype)
        _check_whole([offset])
        _check_whole(strides)
        self.storage, self.offset, self.negative = storage, offset, negative
        self.strides = tuple(strides)
        self.last = offset + sum(
            (size - 1) * stride for size, stride in zip(self.shape, self.strides, strict=True)
        )
        code = _CODES.get(self.dtype)
        size = storage.size
        if code is not None:
            size = size * storage.itemsize // np.dtype(code).itemsize
        if 0 not in self.shape and self.last >= size:
            raise pickle.UnpicklingError("a tensor reaches beyond its storage")

    def read(self, fetch: Fetch, order: str) -> Array:
        """Read its numbers, without expanding them far beyond the storage."""
        code = np.dtype(order + _CODES[self.dtype])
        if 0 in self.shape:
            return np.empty(self.shape, code)
        if math.prod(self.shape) > max(self.storage.size, SMALL):
            raise ValueError("it has more numbers than its storage")
        extent = self.last - self.offset + 1
        if extent > MAX_NUMBERS:
            raise ValueError(
                f"it is spread over {extent:,} numbers, expected at most {MAX_NUMBERS:,}"
            )
        flat = fetch(self.storage, self.offset * code.itemsize, extent * code.itemsize).view(code)
        if self.dtype == "bfloat16":
            flat = widened(flat)
        array = np.lib.stride_tricks.as_strided(
            flat, self.shape, [stride * flat.itemsize for stride in self.strides]
        )
        return -array if self.negative else array


def _check_whole(numbers: Any) -> None:
    """Raise an error unless all are whole numbers."""
    if (
        not isinstance(numbers, list | tuple)
        or len(numbers) > MAX_AXES
        or any(type(number) is not int or number < 0 for number in numbers)
    ):
        raise pickle.UnpicklingError("a tensor is not made of a storage")


def _is_negative(metadata: Any) -> bool:
    """Whether a tensor has the bit by which its numbers are negated."""
    return isinstance(metadata, dict) and bool(metadata.get("neg"))


def _rebuild_v2(
    storage: Any,
    offset: Any,
    shape: Any,
    strides: Any,
    _requires_grad: Any = None,
    _hooks: Any = None,
    metadata: Any = None,
) -> Strided:
    """In place of torch's function of that name, which a pickle calls."""
    return Strided(storage, offset, shape, strides, None, _is_negative(metadata))


def _rebuild_v3(
    storage: Any,
    offset: Any,
    shape: Any,
    strides: Any,
    _requires_grad: Any,
    _hooks: Any,
    dtype: Any,
    metadata: Any = None,
) -> Strided:
    """In place of torch's function of that name, which a pickle calls."""
    return Strided(storage, offset, shape, strides, dtype, _is_negative(metadata))


def _parameter(data: Any, *_: Any) -> Any:
    """In place of torch's functions that wrap a tensor."""
    return data


def _sparse(layout: Any, data: Any) -> Described:
    """In place of torch's function for sparse tensors."""
    if layout == "torch.sparse_coo":
        _indices, values, shape, *_ = data
    else:
        _compressed_indices, _plain_indices, values, shape, *_ = data
    return Described(shape, values.dtype, kind="sparse")


def _meta(dtype: Any, shape: Any, *_: Any) -> Described:
    """In place of torch's function for tensors without numbers."""
    return Described(shape, dtype, kind="meta")


def _describe_nested(buffer: Any, *_: Any) -> Described:
    """In place of torch's function for nested tensors."""
    return Described(buffer.shape, buffer.dtype, kind="nested")


def _wrapper(_class: Any, dtype: Any, shape: Any, *_: Any) -> Described:
    """In place of torch's function for subclasses of tensors."""
    return Described(shape, dtype, kind="wrapped")


_REBUILD: dict[str, Callable[..., Any]] = {
    "_rebuild_tensor": _rebuild_v2,
    "_rebuild_tensor_v2": _rebuild_v2,
    "_rebuild_tensor_v3": _rebuild_v3,
    "_rebuild_qtensor": lambda storage, offset, shape, strides, *_: _rebuild_v2(
        storage, offset, shape, strides
    ),
    "_rebuild_parameter": _parameter,
    "_rebuild_parameter_with_state": _parameter,
    "_rebuild_device_tensor_from_cpu_tensor": _parameter,
    "_rebuild_sparse_tensor": _sparse,
    "_rebuild_meta_tensor_no_storage": _meta,
    "_rebuild_nested_tensor": _describe_nested,
    "_rebuild_wrapper_subclass": _wrapper,
}
"""Functions of `torch._utils` that make tensors, with their substitutes."""


def _rebuild_subclass(rebuild: Any, _type: Any, arguments: Any, _state: Any) -> Any:
    """A tensor of a subclass, or one with attributes."""
    if rebuild not in _REBUILD.values():
        raise pickle.UnpicklingError("a tensor is not made of a storage")
    return rebuild(*arguments)


def _shape(numbers: Any = ()) -> tuple[int, ...]:
    """In place of `torch.Size`."""
    _check_whole(numbers)
    return tuple(numbers)


def _layout(name: Any) -> str:
    """In place of torch's function that returns a layout by name."""
    return name if isinstance(name, str) else ""


class Unpickled(NamedTuple):
    """The content of a pickle.

    Attributes:
        value: Nested dicts, lists and tensors.
        storages: Every storage by key.
        opcodes: The names of its instructions.
    """

    value: Any
    storages: dict[str, Storage]
    opcodes: set[str]


def unpickled(data: bytes | IO[bytes], inert: re.Pattern[str] = _INERT) -> Unpickled:
    """Read a pickle without running anything.

    Args:
        data: The pickle, or a file that is read up to the end of the pickle.
        inert: The names that are allowed in addition, without effect.

    Raises:
        Refused: If it has a different name; the message quotes it.
        Exception: If it is damaged.
    """
    known = _KnownNames(inert)
    machine = Machine(known.find, known.storage)
    return Unpickled(machine.run(data), known.storages, machine.opcodes)


class _KnownNames:
    """Substitutes for the classes and functions that a pickle may name."""

    def __init__(self, inert: re.Pattern[str]):
        self._is_inert = inert.fullmatch
        self._copied = 0
        self.storages: dict[str, Storage] = {}

    def find(self, module: str, name: str) -> Any:
        """The substitute for a class or function of a module."""
        module = "builtins" if module == "__builtin__" else module
        known = {
            "collections.OrderedDict": self._dict,
            "collections.Counter": self._dict,
            "torch.Size": _shape,
            "torch.serialization._get_layout": _layout,
            "torch._tensor._rebuild_from_type_v2": _rebuild_subclass,
        }
        full_name = f"{module}.{name}"
        if full_name in known:
            return known[full_name]
        if module == "torch._utils" and name in _REBUILD:
            return _REBUILD[name]
        kind = name.removesuffix("Storage")
        if (
            module in ("torch", "torch.cuda", "torch.storage")
            and kind in _STORAGES
            and kind != name
        ):
            return _STORAGES[kind]
        if module == "torch" and _DTYPE.fullmatch(name):
            return name
        if self._is_inert(full_name):
            return Inert
        raise Refused(full_name)

    def _dict(self, entries: Any = ()) -> dict[Any, Any]:
        """An `OrderedDict`, which Python 2 pickled as a list of pairs."""
        # A few bytes can request copies of a large dict again and again.
        self._copied += len(entries)
        if self._copied > MAX_COPIED:
            raise pickle.UnpicklingError("its dicts are copied without end")
        pairs = entries.items() if isinstance(entries, dict) else entries
        result: dict[Any, Any] = {}
        for key, value in pairs:
            filled_dict(result, [key, value])
        return result

    def storage(
        self, _: Any, dtype: Any, key: Any, _location: Any, size: Any, view: Any = None
    ) -> Storage:
        """A storage, from its persistent id in a pickle."""
        _check_whole([size])
        storage = Storage(expect_type(str, dtype), expect_type(str, key), 0, size)
        self.storages.setdefault(storage.key, storage)
        if view is None:
            return storage
        _, start, size = view
        _check_whole([start, size])
        return Storage(storage.dtype, storage.key, start, size)


def tensors_of(value: Any) -> Iterator[tuple[tuple[Any, ...], Described]]:
    """The tensors in nested dicts and lists, each with the keys that lead to it."""
    waiting: list[tuple[tuple[Any, ...], Any]] = []
    if isinstance(value, Described | dict | list | tuple):
        waiting.append(((), value))
    visited = 0
    while waiting:
        keys, item = waiting.pop()
        if isinstance(item, Described):
            yield keys, item
            continue
        if isinstance(item, dict):
            items = [(k, v) for k, v in item.items() if _is_simple(k)]
        else:
            items = list(enumerate(item))
        # A pickle can make a dict that contains itself, or one with exponential size.
        visited += len(items)
        if len(keys) > MAX_DEPTH or visited > MAX_VISITED:
            raise ValueError("its dicts are nested without end")
        waiting += [
            ((*keys, key), below)
            for key, below in reversed(items)
            if isinstance(below, Described | dict | list | tuple)
        ]


MAX_DEPTH, MAX_VISITED = 32, 1_000_000
"""The deepest nesting of dicts and lists, and the most items in them."""


def _is_simple(key: Any) -> bool:
    """Whether a key can be written as a Python literal."""
    if isinstance(key, tuple):
        return all(type(k) in (str, int) for k in key)
    return isinstance(key, str | int | float | None)


def refusal(name: str, what: str, error: Refused, advice: str) -> InputError:
    """The error for a file with more than tensors in its pickle."""
    return InputError(
        f"{quoted_name(name)} is {what} that asks for {printable(str(error))}, expected {advice}"
    )
