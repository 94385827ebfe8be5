"""Where output goes: a file, a folder, or standard output."""

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
    """Where outputs go.

    Attributes:
        file: The one file, if it is one.
        folder: Else the folder; without both it is standard output.
    """

    file: Path | None = None
    folder: Path | None = None


STDOUT = Destination()
"""Standard output, which is written as `-`."""


def parse_destination(
    out: str | None, suffixes: tuple[str, ...], *, folders: bool = True
) -> Destination:
    """What `--out` names.

    Args:
        out: As it was given; by default the current folder.
        suffixes: Those that make it a file, such as `.svg`.
        folders: Whether it can be a folder.

    Raises:
        UsageError: If it can be none of these.
    """
    if out is None:
        return Destination(folder=Path())
    if out in ("-", "/dev/stdout"):
        return STDOUT
    path, file_kind = Path(out), f"a file that ends in {_listed(suffixes)}"
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
    """What `--out` names where it can only be an HTML file.

    Raises:
        UsageError: If it is something else.
    """
    return parse_destination(out, (".html", ".htm"), folders=False)


def write_html(text: str, destination: Destination, input_files: Iterable[str]) -> None:
    """Write a file and print its path, or write to standard output.

    Args:
        text: What to write.
        destination: Where to.
        input_files: The files that were read for it.
    """
    # Bytes of a file's name that are no text cannot be told in HTML.
    data = text.encode(errors="backslashreplace")
    if destination.file is None:
        print_bytes(data)
        return
    write_and_tell({destination.file: data}, input_files)


def write_and_tell(contents: Mapping[Path, bytes], input_files: Iterable[str]) -> None:
    """Write files and print their paths, or do neither.

    Args:
        contents: What each is to hold.
        input_files: The files that were read for them, none of which is replaced.

    Raises:
        OutputError: If a file or standard output cannot be written to.
        UsageError: If a file would replace one that was read.
    """
    for name in input_files:
        for path in contents:
            if _is_same(path, name):
                raise UsageError(
                    f"got --out for {quoted_name(str(path))}, which is the file "
                    f"{quoted_name(name)} that is read, expected a different file; "
                    "name a new one"
                )

    def report() -> None:
        try:
            for path in contents:
                print_text(str(path))
            flush()
        except BrokenPipeError:
            discard_output()  # Nobody reads the paths, but the files are wanted.

    write_files(contents, report)


def _is_same(path: Path, name: str) -> bool:
    """Whether two names, such as those of links, are of one file."""
    try:
        return path.is_file() and path.samefile(name)
    except (OSError, ValueError):  # A name with NUL is the latter.
        return False


def _ends_with_slash(out: str) -> bool:
    return out.endswith(tuple(filter(None, (os.sep, os.altsep))))


def _listed(suffixes: tuple[str, ...]) -> str:
    *first, last = suffixes
    return f"{', '.join(first)} or {last}" if first else last
