"""Read the bytes of a file, and notice if it changes meanwhile.

Nothing is mapped into memory. If a different process truncated a mapped file,
this process would crash.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

import numpy as np

from ...errors import InputError
from ...model.tensors import Array
from ...names import quoted_name

CHUNK = 1 << 24
"""The bytes that are read at a time."""

MAX_HEADER = 100_000_000
"""The most bytes of the header of a `.safetensors` file, according to the format."""


@dataclass(frozen=True)
class Content:
    """A file that may be opened several times, always with the same content.

    Attributes:
        name: The file, as it was typed.
        size: Its size in bytes.

    Raises:
        OSError: If its size and times cannot be read.
    """

    name: str
    size: int = field(init=False)
    _stamp: tuple[int, ...] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        stamp = _stamp(Path(self.name).stat())
        object.__setattr__(self, "_stamp", stamp)
        object.__setattr__(self, "size", stamp[0])

    @contextmanager
    def open(self) -> Iterator[IO[bytes]]:
        """Open the file for reading.

        Raises:
            InputError: If it has changed since, before or during the reading,
                which also explains any other error.
        """
        with Path(self.name).open("rb") as file:
            self._check_unchanged(file)
            try:
                yield file
            except Exception:
                self._check_unchanged(file)
                raise
            self._check_unchanged(file)

    def _check_unchanged(self, file: IO[bytes]) -> None:
        """Raise an error if the file has changed since it was first opened."""
        if _stamp(os.fstat(file.fileno())) != self._stamp:
            raise InputError(
                f"{quoted_name(self.name)} changed while it was read, expected a file that "
                "does not change; wait until it is written, and run this again"
            )


def content_of(name: str, expected: str) -> Content:
    """The content of a file.

    Args:
        name: The file, as it was typed, relative to the current folder.
        expected: The expected formats, for error messages.

    Raises:
        InputError: If there is no such file.
    """
    path = Path(name)
    try:
        if path.is_dir():
            raise InputError(f"{quoted_name(name)} is a folder, {expected}; name a file in it")
        if not path.is_file():
            raise InputError(
                f"{quoted_name(name)} is not a file, {expected}; check the path, "
                "relative to the current folder"
            )
        return Content(name)
    except OSError as error:
        raise unreadable(name, error, expected) from error


def unreadable(name: str, error: OSError, expected: str) -> InputError:
    """The error for a file that the operating system cannot read."""
    return InputError(
        f"{quoted_name(name)} cannot be read ({error.strerror}), {expected}; check the path "
        "and its permissions"
    )


def _stamp(stat: os.stat_result) -> tuple[int, ...]:
    """What tells a file from a changed one."""
    return stat.st_size, stat.st_mtime_ns, stat.st_ino, stat.st_dev


def read_exactly(file: IO[bytes], count: int) -> Array:
    """Read an exact number of bytes.

    Raises:
        EOFError: If there are fewer.

    >>> import io
    >>> read_exactly(io.BytesIO(b"abc"), 2).tolist()
    [97, 98]
    """
    data = np.empty(count, np.uint8)
    view = data.data
    while view:
        read = file.readinto(view[:CHUNK])  # type: ignore[attr-defined]
        if not read:
            raise EOFError("it ends too early")
        view = view[read:]
    return data
