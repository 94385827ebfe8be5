"""Files that appear whole, or not at all."""

import os
from collections.abc import Mapping
from pathlib import Path

from .errors import OutputError


def write_files(contents: Mapping[Path, bytes]) -> None:
    """Write all files, each by replacement, once all are complete on disk.

    Raises:
        OutputError: If one cannot be written; none is replaced then.
    """
    drafts: list[tuple[Path, Path]] = []
    try:
        for path, data in contents.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            if path.is_dir():
                raise IsADirectoryError(21, "is a folder", str(path))
            draft = path.with_name(f".{path.name}.{os.getpid()}")
            drafts.append((draft, path))
            draft.write_bytes(data)
        for draft, path in drafts:
            draft.replace(path)
    except OSError as error:
        raise OutputError(
            f"cannot write {str(path)!r} ({error.strerror}), expected a place "
            "that can be written to; choose another with --out"
        ) from error
    finally:
        for draft, _ in drafts:
            draft.unlink(missing_ok=True)
