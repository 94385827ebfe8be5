"""The destinations of output: a file, a folder, or standard output."""

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from ..errors import UsageError
from ..files import is_stream, write_files
from ..names import quoted_name
from .streams import discard_output, flush, print_bytes, print_text


@dataclass(frozen=True)
class Destination:
    """A file, a folder, or standard output if both are None.

    Attributes:
        file: The file for the only output.
        folder: The folder for all outputs.
    """

    file: Path | None = None
    folder: Path | None = None


STDOUT = Destination()
"""Standard output, typed as `-`."""


def parse_destination(
    out: str | None, suffixes: tuple[str, ...], *, folders: bool = True
) -> Destination:
    """Parse `--out`.

    Args:
        out: Its value; the default is the current folder.
        suffixes: The suffixes that mean a file, such as `.svg`.
        folders: Whether a folder is allowed.

    Raises:
        UsageError: If it is not a valid destination.
    """
    if out is None:
        return Destination(folder=Path())
    if out in ("-", "/dev/stdout"):
        return STDOUT
    path, file_kind = Path(out), f"a file that ends in {_list_suffixes(suffixes)}"
    expected = f"a folder or {file_kind}" if folders else file_kind
    is_file = path.suffix.lower() in suffixes and not _ends_with_slash(out)
    if not out or "\0" in out:
        raise UsageError(f"got --out {out!r}, expected {expected}; name one")
    if is_file and path.is_dir():
        inside = f"write {out + os.sep!r} to draw into it"
        raise UsageError(
            f"got --out {out!r}, which is a folder, expected {expected}; "
            f"{inside if folders else 'choose another'}"
        )
    if is_file or is_stream(path):
        return Destination(file=path)
    if not folders:
        raise UsageError(f"got --out {out!r}, expected {expected}; name one")
    if path.is_file():
        raise UsageError(
            f"got --out {out!r}, which is a file already, expected {expected}; choose another"
        )
    if len(path.suffix) > 1 and not _ends_with_slash(out) and not path.is_dir():
        raise UsageError(
            f"got --out {out!r}, expected {file_kind}, or a folder; write "
            f"{out + os.sep!r} for a new folder of that name"
        )
    return Destination(folder=path)


def parse_html_destination(out: str) -> Destination:
    """Parse `--out` of a command that writes one HTML file.

    Raises:
        UsageError: If it is not an HTML file or standard output.
    """
    return parse_destination(out, (".html", ".htm"), folders=False)


def write_html(text: str, destination: Destination, input_files: Iterable[str]) -> None:
    """Write a file and print its path, or write to standard output.

    Args:
        text: The HTML.
        destination: The destination.
        input_files: The files that were read for it.
    """
    # Names of files may contain bytes that are not valid text.
    data = text.encode(errors="backslashreplace")
    if destination.file is None:
        print_bytes(data)
        return
    write_and_tell({destination.file: data}, input_files)


def write_and_tell(contents: Mapping[Path, bytes], input_files: Iterable[str]) -> None:
    """Write files and print their paths, or do neither.

    Args:
        contents: The content of each file.
        input_files: The files that were read for them, which must not be replaced.

    Raises:
        OutputError: If a file or standard output cannot be written to.
        UsageError: If a file would replace one that was read.
    """
    for name in input_files:
        for path in contents:
            if _is_same(path, name):
                raise UsageError(
                    f"got the output {quoted_name(str(path))}, which would overwrite the input "
                    f"{quoted_name(name)}, expected a different file; name one with --out"
                )

    def report() -> None:
        try:
            for path in contents:
                print_text(str(path))
            flush()
        except BrokenPipeError:
            discard_output()  # Nobody reads the paths, but the files are still wanted.

    write_files(contents, report)


def _is_same(path: Path, name: str) -> bool:
    """Whether two paths, which may be links, are the same file."""
    try:
        return path.is_file() and path.samefile(name)
    except (OSError, ValueError):  # ValueError for a NUL in a name.
        return False


def _ends_with_slash(out: str) -> bool:
    """Whether a path ends like a folder; only Windows has a second kind of slash."""
    return out.endswith(tuple(filter(None, (os.sep, os.altsep))))


def _list_suffixes(suffixes: tuple[str, ...]) -> str:
    *first, last = suffixes
    return f"{', '.join(first)} or {last}" if first else last
