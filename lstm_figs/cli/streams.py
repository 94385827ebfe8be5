"""What a command says: on standard output, and on standard error."""

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
    """Have all written that was said.

    Raises:
        OutputError: If it cannot be written.
    """
    with _writing():
        sys.stdout.flush()


def print_error(text: str) -> None:
    """Print a line on standard error, if there is one."""
    # It may be closed or full, and then there is nobody to be told.
    if sys.stderr is not None:
        with suppress(OSError):
            print(f"lstm-figs: {text}", file=sys.stderr)


def discard_output() -> None:
    """Let nothing more be written to standard output.

    Python would try again at its end, and tell of the same error.
    """
    with suppress(OSError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


@contextmanager
def accepting_any_text() -> Iterator[None]:
    """Let standard output take characters that its encoding lacks.

    Bytes of a file's name that are no text are printed as they are.

    Raises:
        OutputError: If it is closed.
    """
    if sys.stdout is None:
        raise OutputError(
            "standard output is closed, expected a place for what is printed; "
            "to print nothing, redirect it to /dev/null"
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
    assert isinstance(error, UnicodeEncodeError)
    lacking = error.object[error.start]
    if "\udc80" <= lacking <= "\udcff":
        return lacking.encode("utf-8", "surrogateescape"), error.start + 1
    return lacking.encode("ascii", "backslashreplace"), error.start + 1


codecs.register_error("lstm_figs", _escape)


@contextmanager
def _writing() -> Iterator[None]:
    try:
        yield
    except BrokenPipeError:
        raise
    except OSError as error:
        discard_output()
        raise OutputError(
            f"cannot write to standard output ({error.strerror}), expected a "
            "place with room; choose another"
        ) from error
