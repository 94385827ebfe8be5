"""Files that appear whole, or not at all."""

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
"""What the names of drafts begin with; 16 hexadecimal digits follow."""

STALE_SECONDS = 3600
"""A draft that has not changed for so many seconds is nobody's."""

writing = False
"""Whether files are begun that would be left if the process ended now."""


def write_files(contents: Mapping[Path, bytes], ready: Callable[[], None] | None = None) -> None:
    """Write all files, each by replacement, once all are complete on disk.

    A link to a file stays, and that file is replaced. A device or a pipe is
    written to, before any file is replaced. A process that is killed leaves
    a draft, which a later one removes.

    Args:
        contents: What each is to hold.
        ready: Is called before the first is replaced; if it raises, none is.

    Raises:
        OutputError: If one cannot be written; none is replaced then, and no
            folder is left that was not there.
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
            # Short, for the name of the file may be as long as names can be;
            # of its own, for another thread may write the same file.
            draft = target.with_name(f"{DRAFT_PREFIX}{os.urandom(8).hex()}")
            drafts.append((draft, target))
            draft.write_bytes(data)
        for path, data in streams:
            path.write_bytes(data)
        if ready is not None:
            ready()
        with _uninterrupted():
            for draft, path in drafts:
                draft.replace(path)
            done = True
        for folder in {draft.parent for draft, _ in drafts}:
            _remove_stale_drafts(folder)
    except LstmFigsError:
        raise
    except (OSError, ValueError) as error:  # A name with NUL is the latter.
        reason = error.strerror if isinstance(error, OSError) else error
        raise OutputError(
            f"cannot write {quoted_name(str(path))} ({reason}), expected a place "
            "that can be written to and has room; choose another"
        ) from error
    finally:
        if not done:
            with _uninterrupted():
                _remove(drafts, new_folders)
        writing = False


@cache
def _remove_stale_drafts(folder: Path) -> None:
    """Remove what a killed process left in a folder, once a process."""
    oldest = time.time() - STALE_SECONDS
    with suppress(OSError):  # It may be somebody else's, or be gone.
        for path in folder.glob(f"{DRAFT_PREFIX}{'[0-9a-f]' * 16}"):
            if path.stat().st_mtime < oldest:
                path.unlink()


def is_stream(path: Path) -> bool:
    """Whether it takes bytes as they come: a device, a pipe, a socket."""
    return path.exists() and not path.is_file() and not path.is_dir()


def _check(path: Path) -> None:
    """Find out before any file is replaced that this one cannot be.

    Raises:
        OSError: If it is a folder, a loop of links, or a file of somebody
            else in a folder where everybody may replace only what they own.
    """
    if path.is_dir():
        raise IsADirectoryError(errno.EISDIR, "is a folder")
    if path.is_symlink():
        raise OSError(errno.ELOOP, "is a link to itself")
    if not path.exists() or not hasattr(os, "geteuid"):
        return
    folder, user = path.parent.stat(), os.geteuid()
    own = {folder.st_uid, path.stat().st_uid}
    if folder.st_mode & stat.S_ISVTX and user and user not in own:
        raise PermissionError(errno.EPERM, "belongs to somebody else")


def _make_folder(folder: Path, new_folders: list[Path]) -> None:
    """Make a folder and those above it; append those that were missing."""
    missing = []
    for path in (folder, *folder.parents):
        if path.exists():
            break
        missing.append(path)
    for path in reversed(missing):
        path.mkdir(exist_ok=True)
        new_folders.append(path)


def _remove(drafts: list[tuple[Path, Path]], new_folders: list[Path]) -> None:
    for draft, _ in drafts:
        with suppress(OSError):
            draft.unlink()
    for folder in reversed(new_folders):
        # It stays if somebody else has put something there meanwhile.
        with suppress(OSError):
            folder.rmdir()


@contextmanager
def _uninterrupted() -> Iterator[None]:
    """Hold back signals that end a process, until all is done."""
    if threading.current_thread() is not threading.main_thread():
        yield  # Only the main thread is ever interrupted.
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
