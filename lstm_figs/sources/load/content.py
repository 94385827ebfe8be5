"""The bytes of a file, which is to stay as it is while it is read.

Nothing is mapped into memory: a mapped file that another process cuts off
ends this one without a word.
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
"""Bytes that are read at once; an unpacked member is held twice."""


@dataclass(frozen=True)
class Content:
    """A file that is opened several times, each time with the same bytes.

    Attributes:
        name: The file, as it was typed.
        size: Its number of bytes.

    Raises:
        OSError: If it cannot be looked at.
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
        """Open it for reading.

        Raises:
            InputError: If it is not what it was, before or afterwards; then
                that is why it could not be read, too.
        """
        with Path(self.name).open("rb") as file:
            self._hold(file)
            try:
                yield file
            except Exception:
                self._hold(file)
                raise
            self._hold(file)

    def _hold(self, file: IO[bytes]) -> None:
        if _stamp(os.fstat(file.fileno())) != self._stamp:
            raise InputError(
                f"{quoted_name(self.name)} changed while it was read, expected a "
                "file that stays as it is; wait until it is written, then run "
                "this again"
            )


def content_of(name: str, expected: str) -> Content:
    """A file that can be opened.

    Args:
        name: The file, as it was typed, relative to the current folder.
        expected: What kind of file it should be, for the error.

    Raises:
        InputError: If there is none.
    """
    path = Path(name)
    try:
        if path.is_dir():
            raise InputError(f"{quoted_name(name)} is a folder, {expected}; name one in it")
        if not path.is_file():
            raise InputError(
                f"{quoted_name(name)} is not a file, {expected}; check the path, "
                "relative to the current folder"
            )
        return Content(name)
    except OSError as error:
        raise unreadable(name, error, expected) from error


def unreadable(name: str, error: OSError, expected: str) -> InputError:
    """The error for a file that the system does not let us read."""
    return InputError(
        f"{quoted_name(name)} cannot be read ({error.strerror}), {expected}; check "
        "the path and who may read it"
    )


def _stamp(stat: os.stat_result) -> tuple[int, ...]:
    return stat.st_size, stat.st_mtime_ns, stat.st_ino, stat.st_dev


def read_exactly(file: IO[bytes], count: int) -> Array:
    """Exactly that many bytes, which the caller knows to be there.

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
