"""Files that appear whole, or not at all."""

import os
import tempfile
from collections.abc import Mapping
from pathlib import Path

from .errors import OutputError


def write_files(contents: Mapping[Path, bytes]) -> None:
    """Write all files, each by replacement, once all are complete on disk.

    Raises:
        OutputError: If one cannot be written; none is replaced then.
    """
    finished: list[tuple[str, Path]] = []
    try:
        for path, data in contents.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            if path.is_dir():
                raise IsADirectoryError(21, "is a folder", str(path))
            handle, name = tempfile.mkstemp(
                prefix=f".{path.name}-", dir=path.parent
            )
            finished.append((name, path))
            with os.fdopen(handle, "wb") as file:
                file.write(data)
            Path(name).chmod(0o666 & ~_umask())
        for name, path in finished:
            os.replace(name, path)  # noqa: PTH105
    except OSError as error:
        raise OutputError(
            f"cannot write {path} ({error.strerror}), expected a place that "
            "can be written to; choose another with --out"
        ) from error
    finally:
        for name, _ in finished:
            Path(name).unlink(missing_ok=True)


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
