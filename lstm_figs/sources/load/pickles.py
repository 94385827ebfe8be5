"""Read weights from torch's own files: zip archives, or the legacy format.

The legacy format has five pickles in a row: a magic number, the version, the
machine, the tensors, and the keys of their storages. The storages follow in the
order of the keys, each after its number of elements in eight bytes.
"""

import importlib.metadata
import re
from collections.abc import Iterable
from functools import partial
from pathlib import Path
from typing import Any

from ...errors import InputError
from ...model.tensors import Array
from ...names import first_line, quoted_name
from ...proof.literals import text
from .archive import Archive
from .checkpoint import Checkpoint, Location, Stored
from .content import Content, read_exactly
from .parameters import holds_recurrent
from .torch_archive import connect_storages, data_of
from .unpickle import Refused, Storage, Unpickled, refusal, tensors_of, unpickled

ADVICE = "save only tensors: torch.save(module.state_dict(), FILE)"
"""What to do about a file that needs code to load."""
ARRAYS = "if you trust it, load it and save the arrays: numpy.savez(FILE, …)"
"""What to do about a pickle of other objects."""

QUANTIZED = r"quantized|^torch\.ScriptObject$"
"""The names that a pickle of a quantized module asks for; its weights are packed
in an object of TorchScript."""

MAGIC = 0x1950A86A20F9469CFC6C
"""The magic number of the legacy format."""

OPCODES = re.compile(
    r"APPENDS?|BIN(FLOAT|GET|INT[12]?|PERSID|PUT|UNICODE)|BUILD"
    r"|EMPTY_(DICT|LIST|SET|TUPLE)|GLOBAL|LONG1|LONG_BIN(GET|PUT)|MARK"
    r"|NEW(FALSE|OBJ|TRUE)|NONE|PROTO|REDUCE|SETITEMS?|SHORT_BINSTRING|STOP"
    r"|TUPLE[123]?"
)
"""Opcodes that torch.load supports with weights_only=True, which proofs use."""

Keys = tuple[Any, ...]
"""The path of an object in nested dicts."""


def read_zipped(name: str, archive: Archive) -> Checkpoint:
    """The tensors in an archive by `torch.save`.

    Raises:
        InputError: If it has more than tensors, or is damaged.
    """
    _check_suffix(name)
    try:
        member = data_of(archive)
        pickled = unpickled(archive.read(member))
        _check_opcodes(pickled)
        tensors = connect_storages(archive, member, tensors_of(pickled.value))
        return _checkpoint(name, tensors)
    except InputError:
        raise
    except Exception as error:
        raise _unreadable(name, error) from error


def read_legacy(name: str, content: Content) -> Checkpoint:
    """The tensors in a file of the legacy format.

    Raises:
        InputError: If it has more than tensors, or is damaged.
    """
    _check_suffix(name)
    try:
        with content.open() as file:
            if unpickled(file).value != MAGIC:
                raise ValueError("it is a pickle, but not from torch.save")
            for _ in ("version", "machine"):
                unpickled(file)
            pickled = unpickled(file)
            _check_opcodes(pickled)
            keys = unpickled(file).value
            places, place = {}, file.tell()
            for key in keys:
                storage = pickled.storages[str(key)]
                file.seek(place)
                count = int.from_bytes(read_exactly(file, 8).tobytes(), "little")
                if count != storage.size:
                    raise ValueError(f"a storage has {count} numbers, not {storage.size}")
                # The numbers follow their count, which takes 8 bytes.
                places[storage.key] = place + 8
                place += 8 + storage.size * storage.itemsize
        if place > content.size:
            raise EOFError("it ends too early")

        def fetch(storage: Storage, start: int, count: int) -> Array:
            """Some numbers of a storage."""
            with content.open() as file:
                begin = storage.start * storage.itemsize + start
                file.seek(places[storage.key] + begin)
                return read_exactly(file, count)

        return _checkpoint(
            name,
            (
                (
                    keys,
                    Stored(
                        tensor.shape,
                        tensor.dtype,
                        # The legacy format is little-endian on every machine.
                        read=partial(tensor.read, fetch, "<"),
                        kind=tensor.kind,
                    ),
                )
                for keys, tensor in tensors_of(pickled.value)
            ),
        )
    except InputError:
        raise
    except Exception as error:
        raise _unreadable(name, error) from error


def _check_suffix(name: str) -> None:
    """Raise an error for a suffix by which torch.load would read a different format."""
    if Path(name).suffix == ".safetensors":
        # torch.load goes by that suffix, so the proof could not load the file.
        raise InputError(
            f"{quoted_name(name)} is a file from torch.save, expected the format of its "
            "suffix; rename it to end in .pt"
        )


def _check_opcodes(pickled: Unpickled) -> None:
    """Raise an error if the pickle is not of protocol 2."""
    unknown = [o for o in sorted(pickled.opcodes) if not OPCODES.fullmatch(o)]
    if unknown:
        raise ValueError(f"its pickle is not of protocol 2, as it uses {unknown[0]}")


def _unreadable(name: str, error: Exception) -> InputError:
    """The error for a file that cannot be read."""
    if isinstance(error, Refused):
        if re.search(QUANTIZED, str(error)):
            return InputError(
                f"{quoted_name(name)} is quantized, as it asks for {error}, expected weights of "
                "decimal numbers; save the state_dict() of the model that it was made from"
            )
        advice = ARRAYS if str(error).startswith("numpy") else ADVICE
        return refusal(
            name,
            "a pickle",
            error,
            f"tensors alone; it was not loaded, because a pickle can run any code, so {advice}",
        )
    return InputError(
        f"{quoted_name(name)} cannot be read as a file from torch.save ({first_line(error)}), "
        f"expected a complete one; {ADVICE}"
    )


def _checkpoint(name: str, tensors: Iterable[tuple[Keys, Stored]]) -> Checkpoint:
    """The tensors by dotted names, with their locations.

    If only one dict has recurrent layers, the keys that lead to it are not part
    of the names. So the names in `{"epoch": 3, "model": {…}}` are the model's.

    Raises:
        InputError: If two tensors get the same name.
    """
    groups: dict[Keys, dict[str, Stored]] = {}
    for keys, tensor in tensors:
        *above, last = keys or ("",)
        groups.setdefault(tuple(above), {})[str(last)] = tensor
    recurrent_groups = [
        keys
        for keys, group in groups.items()
        if holds_recurrent(group) and not any(map(_is_optimizer, keys))
    ]
    loaded = f'torch.load({text(name)}, map_location="cpu", weights_only=True)'
    stored_tensors: dict[str, Stored] = {}
    for keys in recurrent_groups or groups:
        location = Location(
            prefix="" if len(recurrent_groups) == 1 else "".join(f"{key}." for key in keys),
            setup=f"state = {loaded}{_path(keys)}",
            is_optimizer=any(map(_is_optimizer, keys)),
        )
        for key, tensor in groups[keys].items():
            full_name = location.prefix + key
            if full_name in stored_tensors:
                raise InputError(
                    f"{quoted_name(name)} has two tensors {quoted_name(full_name)}, because "
                    f"keys of {quoted_name(_path(keys))} join to the same name, expected one; "
                    "rename a key"
                )
            stored_tensors[full_name] = Stored(
                tensor.shape, tensor.dtype, read=tensor.read, location=location, kind=tensor.kind
            )
    return Checkpoint(name, "torch", stored_tensors, torch=_version())


def _version() -> str | None:
    """The installed version of torch without its build label; None without torch."""
    try:
        return importlib.metadata.version("torch").partition("+")[0]
    except importlib.metadata.PackageNotFoundError:
        return None


def _is_optimizer(key: Any) -> bool:
    """Whether a key leads to the state of an optimizer."""
    pattern = (
        r"optim(izers?)?(_states?)?(_dict)?"
        r"|(max_)?exp_(avg|inf)(_sq)?|momentum_buffer"
    )
    return re.fullmatch(pattern, str(key), re.IGNORECASE) is not None


def _path(keys: Keys) -> str:
    """Python subscripts that get a value out of nested dicts."""
    return "".join(f"[{text(key) if isinstance(key, str) else repr(key)}]" for key in keys)
