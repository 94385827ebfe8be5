"""Files of the cache, which only speeds up: nothing wrong with it is an error.

A file is whole, or it is as if it were not there. It holds a line with the
digest and the length of its head, the head, and a tail that is read only when
it is needed; whoever reads the tail knows from the head what to expect.
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
"""How long a file is kept that no build asks for."""

_FILE_NAME = re.compile(r"[0-9a-f]{64}\.lstm-figs")
"""Names of files that may be removed."""


def folder() -> Path | None:
    """Where the files are, None where there is no place for them."""
    configured = os.environ.get("LSTM_FIGS_CACHE")
    if configured:
        return Path(configured)
    cache_home = os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")  # noqa: PTH111
    # Without a home the path begins with ~ still, and would be made here.
    return Path(cache_home) / "lstm-figs" if os.path.isabs(cache_home) else None  # noqa: PTH117


def name(text: str) -> str:
    """The name of the file for what a text describes."""
    return f"{hashlib.sha256(text.encode()).hexdigest()}.lstm-figs"


def exists(name: str) -> bool:
    """Whether there is such a file, whole or not."""
    cache_folder = folder()
    with suppress(OSError):
        return cache_folder is not None and (cache_folder / name).is_file()
    return False


def read(name: str) -> bytes | None:
    """The head of a file, None unless it is whole."""
    contents = _read(name)
    return contents and contents[0]


def read_tail(name: str) -> bytes | None:
    """The tail of a file, which may be anything; None without a whole head."""
    contents = _read(name, tail=True)
    return contents and contents[1]


def write(name: str, head: bytes, tail: bytes = b"") -> None:
    """Keep a file, if that can be done."""
    cache_folder = folder()
    if cache_folder is None:
        return
    data = b"%s %d\n%s%s" % (_digest(name, head), len(head), head, tail)
    path = cache_folder / name
    with suppress(OutputError, OSError):
        if path.is_symlink() or not path.is_file():
            # It would be written into, wherever it leads to.
            path.unlink(missing_ok=True)
        write_files({path: data})
        _prune(cache_folder)


def _read(name: str, tail: bool = False) -> tuple[bytes, bytes] | None:
    cache_folder = folder()
    if cache_folder is None:
        return None
    try:
        path = cache_folder / name
        if not path.is_file():  # A pipe would be waited for.
            return None
        with path.open("rb") as file:
            digest, _, length = file.readline(100).partition(b" ")
            head = file.read(int(length))
            rest = file.read() if tail else b""
    except (OSError, ValueError, OverflowError, MemoryError):
        return None
    if digest != _digest(name, head):
        return None
    with suppress(OSError):  # Somebody else's file.
        os.utime(path)
    return head, rest


def _digest(name: str, head: bytes) -> bytes:
    """The digest of a head; one file cannot stand for another."""
    return hashlib.sha256(name.encode() + head).hexdigest().encode()


@cache
def _prune(cache_folder: Path) -> None:
    """Remove what nobody has asked for, once a process."""
    oldest = time.time() - UNUSED_DAYS * 24 * 3600
    for entry in os.scandir(cache_folder):
        if _FILE_NAME.fullmatch(entry.name) and entry.stat().st_mtime < oldest:
            Path(entry.path).unlink(missing_ok=True)
