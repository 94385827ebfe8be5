"""The command line: a module for each command."""

import argparse
import gc
import os
import signal
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from ..errors import LstmFigsError
from ..parsing import Parser, read_lazily
from ..version import VERSION
from . import (
    converting,
    drawing,
    embedding,
    inspecting,
    listing,
    paging,
    shaping,
    tracing,
)

COMMANDS = (
    *(listing, inspecting, drawing, embedding, paging),
    *(tracing, shaping, converting),
)
"""Each adds its parser, and runs what was parsed."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command line; 0 is done, 2 is input that cannot be used."""
    # A command is short: looking for cycles costs it more than they hold.
    thresholds = gc.get_threshold()
    gc.set_threshold(100_000, 50, 50)
    try:
        with _terminable():
            return _run(argv)
    finally:
        gc.set_threshold(*thresholds)


def _run(argv: Sequence[str] | None) -> int:
    try:
        arguments = _parse(sys.argv[1:] if argv is None else argv)
        arguments.run(arguments)
    except LstmFigsError as error:
        print(f"lstm-figs: {error}", file=sys.stderr)
        return 2
    except BrokenPipeError:
        # The reader of our output is gone; nothing is left to be flushed.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except OSError as error:
        print(
            f"lstm-figs: cannot write the output ({error.strerror}), expected "
            "a place with room; choose another",
            file=sys.stderr,
        )
        return 2
    except MemoryError:
        print(
            "lstm-figs: the memory of this machine does not suffice, expected "
            "room for the tensors and the figure; choose smaller sizes, fewer "
            "steps or fewer sequences",
            file=sys.stderr,
        )
        return 2
    except KeyboardInterrupt as interrupt:
        print(
            "lstm-figs: interrupted; no file was left half written",
            file=sys.stderr,
        )
        number = interrupt.args[0] if interrupt.args else signal.SIGINT
        return 128 + int(number)
    return 0


@contextmanager
def _terminable() -> Iterator[None]:
    """Clean up when the process is told to end, as when it is interrupted."""

    def interrupt(number: int, _: object) -> None:
        raise KeyboardInterrupt(number)

    if threading.current_thread() is not threading.main_thread():
        yield  # Another thread gets no signals, and may not ask for them.
        return
    before = signal.signal(signal.SIGTERM, interrupt)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before or signal.SIG_DFL)


def _parse(words: Sequence[str]) -> argparse.Namespace:
    """Parse with the parser of the command, which knows its options."""
    parser, commands = parsers(())
    if words and words[0] in commands:
        return read_lazily(lambda names: parsers(names)[1][words[0]], words[1:])
    return parser.parse_args(words or ["--help"])


def parsers(names: Sequence[str]) -> tuple[Parser, dict[str, Parser]]:
    """The parser of the whole, and that of each command by its name.

    Args:
        names: The figures whose options are known.
    """
    parser = Parser(
        prog="lstm-figs",
        description="Figures of PyTorch's LSTM, drawn from real tensors, in "
        "which every number can be proven.",
    )
    parser.add_argument("--version", action="version", version=VERSION)
    commands = parser.add_subparsers(metavar="COMMAND", required=True)
    for command in COMMANDS:
        command.add(commands, names)
    return parser, commands.choices
