"""Files that appear whole, or not at all."""

import os
import signal
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from .errors import OutputError


def write_files(contents: Mapping[Path, bytes]) -> None:
    """Write all files, each by replacement, once all are complete on disk.

    Raises:
        OutputError: If one cannot be written; none is replaced then, and no
            folder is left that was not there.
    """
    made: list[Path] = []
    drafts: list[tuple[Path, Path]] = []
    done = False
    try:
        for path, data in contents.items():
            _make_folder(path.parent, made)
            if path.is_dir():
                raise IsADirectoryError(21, "is a folder", str(path))
            draft = path.with_name(f".{path.name}.{os.getpid()}")
            drafts.append((draft, path))
            draft.write_bytes(data)
        with _uninterrupted():
            for draft, path in drafts:
                draft.replace(path)
            done = True
    except OSError as error:
        raise OutputError(
            f"cannot write {str(path)!r} ({error.strerror}), expected a place "
            "that can be written to and has room; choose another"
        ) from error
    finally:
        if not done:
            with _uninterrupted():
                _remove(drafts, made)


def _make_folder(folder: Path, made: list[Path]) -> None:
    """Make a folder and those above it; append those that were missing."""
    missing = []
    for each in (folder, *folder.parents):
        if each.exists():
            break
        missing.append(each)
    for each in reversed(missing):
        each.mkdir(exist_ok=True)
        made.append(each)


def _remove(drafts: list[tuple[Path, Path]], made: list[Path]) -> None:
    for draft, _ in drafts:
        if draft.is_file():
            draft.unlink()
    for folder in reversed(made):
        # Somebody else may have put something there meanwhile.
        if not any(folder.iterdir()):
            folder.rmdir()


@contextmanager
def _uninterrupted() -> Iterator[None]:
    """Hold back signals that end a process, until all is done."""
    if threading.current_thread() is not threading.main_thread():
        yield  # Only the main thread is ever interrupted.
        return
    held: list[int] = []
    before: dict[int, Any] = {
        number: signal.signal(number, lambda number, _: held.append(number))
        for number in (signal.SIGINT, signal.SIGTERM)
    }
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler or signal.SIG_DFL)
        for number in held:
            signal.raise_signal(number)
