"""The command line: a module for each command."""

import gc
import os
import signal
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from . import streams

# Everything else is imported in `main`, after signal handlers are installed.


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command line.

    Args:
        argv: Its arguments; by default those of the process, which then ends.

    Returns:
        The exit code: 0 for success, 2 for an error in the input.
    """
    # A command is short, so garbage collection costs more than it frees.
    thresholds = gc.get_threshold()
    gc.set_threshold(100_000, 50, 50)
    if argv is None:
        # Nothing opens a window, so a broken GUI backend must not matter.
        os.environ.pop("MPLBACKEND", None)
        # More threads would only wait for memory, in busy loops.
        os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    try:
        with _handling_signals(_raise if argv is not None else _exit):
            return _run(sys.argv[1:] if argv is None else argv)
    except KeyboardInterrupt as interrupt:
        number = interrupt.args[0] if interrupt.args else signal.SIGINT
        return _report_interruption(number)
    finally:
        gc.set_threshold(*thresholds)
        if argv is None:
            # Otherwise Python would collect garbage in all of torch at exit.
            gc.freeze()


def _run(words: Sequence[str]) -> int:
    """Run one command, and return its exit status."""
    from ..errors import LstmFigsError
    from ..names import quoted_name

    try:
        with streams.accepting_any_text():
            try:
                from .commands import run

                run(words)
            finally:
                streams.flush()
    except BrokenPipeError:
        streams.discard_output()  # The reader of the pipe has all that it wants.
    except (LstmFigsError, OSError) as error:
        message = str(error)
        if isinstance(error, OSError):
            what = quoted_name(str(error.filename)) if error.filename else "a file"
            message = (
                f"cannot use {what} ({error.strerror or error}), expected one "
                "that can be opened; choose another"
            )
        streams.print_error(message)
        return 2
    except MemoryError:
        streams.print_error(
            "this machine has too little memory, expected enough for the tensors and the "
            "figure; choose smaller sizes, fewer steps or fewer sequences"
        )
        return 2
    return 0


@contextmanager
def _handling_signals(handler: Any) -> Iterator[None]:
    """Clean up when a signal ends the process."""
    try:
        before = {
            number: signal.signal(number, handler)
            for number in (signal.SIGINT, signal.SIGTERM)
            if signal.getsignal(number) != signal.SIG_IGN
        }
    except ValueError:
        yield  # Only the main thread may set signal handlers.
        return
    try:
        yield
    finally:
        for number, old in before.items():
            # The work is done, so a signal from now on ends the process silently.
            quiet = handler is _exit or old is None
            signal.signal(number, signal.SIG_DFL if quiet else old)


def _raise(number: int, _: object) -> None:
    raise KeyboardInterrupt(number)


def _exit(number: int, _: object) -> None:
    """End the process, at once if no drafts of files exist.

    Some libraries swallow an exception that is raised while they are imported,
    or in a callback from C.
    """
    files: Any = sys.modules.get("lstm_figs.files")
    if getattr(files, "writing", False):
        _raise(number, None)
    os._exit(_report_interruption(number))


def _report_interruption(number: int) -> int:
    streams.print_error("interrupted; no file was left half written")
    return 128 + number
