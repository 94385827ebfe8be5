"""The command line: a module for each command."""

import gc
import os
import signal
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from . import streams

# All else is imported when the command runs, where signals are provided for.


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command line; 0 is done, 2 is input that cannot be used.

    Args:
        argv: Its words; by default those of the process, which then ends.
    """
    # A command is short: looking for cycles costs it more than they hold.
    thresholds = gc.get_threshold()
    gc.set_threshold(100_000, 50, 50)
    if argv is None:
        # No window is opened, so what opens windows need not work.
        os.environ.pop("MPLBACKEND", None)
        # More threads would wait for memory, and turn in circles while they do.
        os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    try:
        with _handling_signals(_raise if argv is not None else _exit):
            return _run(sys.argv[1:] if argv is None else argv)
    except KeyboardInterrupt as interrupt:
        number = interrupt.args[0] if interrupt.args else signal.SIGINT
        return _interrupted(number)
    finally:
        gc.set_threshold(*thresholds)
        if argv is None:
            # At the end Python would look for them in all of torch, too.
            gc.freeze()


def _run(words: Sequence[str]) -> int:
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
        streams.discard_output()  # The reader of our output is gone, and content.
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
            "the memory of this machine does not suffice, expected room for "
            "the tensors and the figure; choose smaller sizes, fewer steps or "
            "fewer sequences"
        )
        return 2
    return 0


@contextmanager
def _handling_signals(handler: Any) -> Iterator[None]:
    """Clean up when the process is told to end."""
    try:
        before = {
            number: signal.signal(number, handler)
            for number in (signal.SIGINT, signal.SIGTERM)
            if signal.getsignal(number) != signal.SIG_IGN
        }
    except ValueError:
        yield  # Threads but the main one get no signals, and may not ask.
        return
    try:
        yield
    finally:
        for number, old in before.items():
            # All is done: a process that is told to end now does so quietly.
            quiet = handler is _exit or old is None
            signal.signal(number, signal.SIG_DFL if quiet else old)


def _raise(number: int, _: object) -> None:
    raise KeyboardInterrupt(number)


def _exit(number: int, _: object) -> None:
    """End the process, at once where no file has been begun.

    Not every library lets an exception through that comes while it is
    imported, or while it calls back from C.
    """
    files: Any = sys.modules.get("lstm_figs.files")
    if getattr(files, "writing", False):
        _raise(number, None)
    os._exit(_interrupted(number))


def _interrupted(number: int) -> int:
    streams.print_error("interrupted; no file was left half written")
    return 128 + number
