"""Write files atomically: complete, or not at all."""

import errno
import os
import signal
import stat
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path
from typing import Any

from .errors import LstmFigsError, OutputError
from .names import quoted_name

DRAFT_PREFIX = ".lstm-figs-"
"""The prefix of the names of drafts; 16 hexadecimal digits follow."""

STALE_SECONDS = 3600
"""Seconds after which an unchanged draft is abandoned, so it may be removed."""

writing = False
"""Whether drafts exist that would be left if the process ended now."""


def write_files(contents: Mapping[Path, bytes], ready: Callable[[], None] | None = None) -> None:
    """Write drafts of all files, then replace the files by their drafts.

    If a file is a link, its target is replaced. Devices and pipes are written
    before any file is replaced. A killed process leaves drafts, which a later
    one removes.

    Args:
        contents: The content of each file.
        ready: Called before the first replacement; if it raises, no file is
            replaced.

    Raises:
        OutputError: If a file cannot be written. Then none is replaced, and new
            folders are removed.
    """
    new_folders: list[Path] = []
    drafts: list[tuple[Path, Path]] = []
    done = False
    path = Path()
    global writing
    writing = True
    try:
        streams = []
        for path, data in contents.items():
            if is_stream(path):
                streams.append((path, data))
                continue
            target = Path(os.path.realpath(path)) if path.is_symlink() else path
            _make_folder(target.parent, new_folders)
            _check(target)
            # Short, because the name of the file may have the maximum length, and
            # unique, because a different thread may write the same file.
            draft = target.with_name(f"{DRAFT_PREFIX}{os.urandom(8).hex()}")
            drafts.append((draft, target))
            draft.write_bytes(data)
        for path, data in streams:
            path.write_bytes(data)
        if ready is not None:
            ready()
        with _delay_signals():
            for draft, path in drafts:
                draft.replace(path)
            done = True
        for folder in {draft.parent for draft, _ in drafts}:
            _remove_stale_drafts(folder)
    except LstmFigsError:
        raise
    except (OSError, ValueError) as error:  # ValueError for a NUL in a name.
        reason = error.strerror if isinstance(error, OSError) else error
        raise OutputError(
            f"cannot write {quoted_name(str(path))} ({reason}), expected a writable place with "
            "free space; choose another"
        ) from error
    finally:
        if not done:
            with _delay_signals():
                _remove(drafts, new_folders)
        writing = False


@cache
def _remove_stale_drafts(folder: Path) -> None:
    """Remove drafts of killed processes from a folder, once a process."""
    oldest = time.time() - STALE_SECONDS
    with suppress(OSError):  # A draft may belong to a different user, or be gone.
        for path in folder.glob(f"{DRAFT_PREFIX}{'[0-9a-f]' * 16}"):
            if path.stat().st_mtime < oldest:
                path.unlink()


def is_stream(path: Path) -> bool:
    """Whether a path is a device, a pipe or a socket, which cannot be replaced."""
    return path.exists() and not path.is_file() and not path.is_dir()


def _check(path: Path) -> None:
    """Check that a file can be replaced, before any file is.

    Raises:
        OSError: If it is a folder, a loop of links, or a different user's file
            in a folder with the sticky bit.
    """
    if path.is_dir():
        raise IsADirectoryError(errno.EISDIR, "is a folder")
    if path.is_symlink():
        raise OSError(errno.ELOOP, "is a link to itself")
    # Windows has no such bit, and no function for the user's number.
    if not path.exists() or not hasattr(os, "geteuid"):
        return
    folder, user = path.parent.stat(), os.geteuid()
    owners = {folder.st_uid, path.stat().st_uid}
    if folder.st_mode & stat.S_ISVTX and user and user not in owners:
        raise PermissionError(errno.EPERM, "belongs to somebody else")


def _make_folder(folder: Path, new_folders: list[Path]) -> None:
    """Make a folder and its parents; append the new ones to `new_folders`."""
    missing = []
    for path in (folder, *folder.parents):
        if path.exists():
            break
        missing.append(path)
    for path in reversed(missing):
        path.mkdir(exist_ok=True)
        new_folders.append(path)


def _remove(drafts: list[tuple[Path, Path]], new_folders: list[Path]) -> None:
    """Remove drafts and new folders after an error."""
    for draft, _ in drafts:
        with suppress(OSError):
            draft.unlink()
    for folder in reversed(new_folders):
        # A folder stays if a different process has put a file into it.
        with suppress(OSError):
            folder.rmdir()


@contextmanager
def _delay_signals() -> Iterator[None]:
    """Delay signals that end the process until the block is done."""
    if threading.current_thread() is not threading.main_thread():
        yield  # Signals interrupt only the main thread.
        return
    signals: list[int] = []
    before: dict[int, Any] = {
        number: signal.signal(number, lambda number, _: signals.append(number))
        for number in (signal.SIGINT, signal.SIGTERM)
    }
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler or signal.SIG_DFL)
        for number in signals:
            signal.raise_signal(number)
