"""Print to standard output and standard error."""

import codecs
import io
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from ..errors import OutputError


def print_text(text: str) -> None:
    """Print lines on standard output.

    Raises:
        OutputError: If it cannot be written to.
    """
    with _writing():
        print(text)


def print_bytes(data: bytes) -> None:
    """Write to standard output, whatever its encoding is.

    Raises:
        OutputError: If it cannot be written to.
    """
    with _writing():
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()


def flush() -> None:
    """Flush standard output.

    Raises:
        OutputError: If it cannot be written.
    """
    with _writing():
        sys.stdout.flush()


def print_error(text: str) -> None:
    """Print a line on standard error, if there is one."""
    # If it is closed or full, there is nowhere to report that.
    if sys.stderr is not None:
        with suppress(OSError):
            print(f"lstm-figs: {text}", file=sys.stderr)


def discard_output() -> None:
    """Discard all further output.

    Otherwise Python would flush at exit, and report the same error again.
    """
    with suppress(OSError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


@contextmanager
def accepting_any_text() -> Iterator[None]:
    """Let standard output accept characters that its encoding lacks.

    Bytes in the name of a file that are not valid text are printed unchanged.

    Raises:
        OutputError: If it is closed.
    """
    if sys.stdout is None:
        raise OutputError(
            "standard output is closed, expected an open one; to print nothing, redirect it to "
            "/dev/null"
        )
    if not isinstance(sys.stdout, io.TextIOWrapper):
        yield
        return
    stdout, before = sys.stdout, sys.stdout.errors
    stdout.reconfigure(errors="lstm_figs")
    try:
        yield
    finally:
        stdout.reconfigure(errors=before)


def _escape(error: UnicodeError) -> tuple[str | bytes, int]:
    """The replacement of characters that the output's encoding lacks."""
    assert isinstance(error, UnicodeEncodeError)
    lacking = error.object[error.start]
    if "\udc80" <= lacking <= "\udcff":
        return lacking.encode("utf-8", "surrogateescape"), error.start + 1
    return lacking.encode("ascii", "backslashreplace"), error.start + 1


codecs.register_error("lstm_figs", _escape)


@contextmanager
def _writing() -> Iterator[None]:
    """Turn an error of the output into one with advice."""
    try:
        yield
    except BrokenPipeError:
        raise
    except OSError as error:
        discard_output()
        raise OutputError(
            f"cannot write to standard output ({error.strerror}), expected a place with free "
            "space; choose another"
        ) from error
