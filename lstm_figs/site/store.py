"""Files of the cache. It only saves time, so no problem with it is an error.

A damaged file counts as missing. A file has a line with the digest and the
length of its head, the head, and a tail that is read on demand. The digest does
not cover the tail, so the head has digests of its contents.
"""

import hashlib
import os
import re
import time
from contextlib import suppress
from functools import cache
from pathlib import Path

from ..errors import OutputError
from ..files import write_files

UNUSED_DAYS = 30
"""Days until a file that no build reads is removed."""

_FILE_NAME = re.compile(r"[0-9a-f]{64}\.lstm-figs")
"""The names of files that may be removed; others are not ours."""


def folder() -> Path | None:
    """The folder of the cache, None if there is no home folder."""
    configured = os.environ.get("LSTM_FIGS_CACHE")
    if configured:
        return Path(configured)
    cache_home = os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")  # noqa: PTH111
    # Without a home, the path still begins with ~ and would be made in the current folder.
    return Path(cache_home) / "lstm-figs" if os.path.isabs(cache_home) else None  # noqa: PTH117


def name(text: str) -> str:
    """The name of the file for a key."""
    return f"{hashlib.sha256(text.encode()).hexdigest()}.lstm-figs"


def exists(name: str) -> bool:
    """Whether there is such a file, even a damaged one."""
    cache_folder = folder()
    with suppress(OSError):
        return cache_folder is not None and (cache_folder / name).is_file()
    return False


def read(name: str) -> bytes | None:
    """The head of a file, None if it is missing or damaged."""
    contents = _read(name)
    return contents and contents[0]


def read_tail(name: str) -> bytes | None:
    """The unchecked tail of a file, None if the head is missing or damaged."""
    contents = _read(name, tail=True)
    return contents and contents[1]


def write(name: str, head: bytes, tail: bytes = b"") -> None:
    """Write a file, if possible."""
    cache_folder = folder()
    if cache_folder is None:
        return
    data = b"%s %d\n%s%s" % (_digest(name, head), len(head), head, tail)
    path = cache_folder / name
    with suppress(OutputError, OSError):
        if path.is_symlink() or not path.is_file():
            # Otherwise the target of a link, or a pipe, would be written.
            path.unlink(missing_ok=True)
        write_files({path: data})
        _prune(cache_folder)


def _read(name: str, tail: bool = False) -> tuple[bytes, bytes] | None:
    """The head of a file in the cache and, if asked for, its tail; None if missing or damaged."""
    cache_folder = folder()
    if cache_folder is None:
        return None
    try:
        path = cache_folder / name
        if not path.is_file():  # Reading a pipe would block.
            return None
        with path.open("rb") as file:
            digest, _, length = file.readline(100).partition(b" ")
            head = file.read(int(length))
            rest = file.read() if tail else b""
    except (OSError, ValueError, OverflowError, MemoryError):
        return None
    if digest != _digest(name, head):
        return None
    with suppress(OSError):  # The file of a different user.
        os.utime(path)
    return head, rest


def _digest(name: str, head: bytes) -> bytes:
    """The digest of a name and a head, so that files cannot be exchanged."""
    return hashlib.sha256(name.encode() + head).hexdigest().encode()


@cache
def _prune(cache_folder: Path) -> None:
    """Remove unused files, once a process."""
    oldest = time.time() - UNUSED_DAYS * 24 * 3600
    for entry in os.scandir(cache_folder):
        if _FILE_NAME.fullmatch(entry.name) and entry.stat().st_mtime < oldest:
            Path(entry.path).unlink(missing_ok=True)
