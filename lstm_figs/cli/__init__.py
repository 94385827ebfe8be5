"""The command line: list, draw, trace, inspect."""

import argparse
import gc
import os
import sys
from collections.abc import Sequence

from ..errors import LstmFigsError
from ..request import Parser
from ..version import VERSION
from . import drawing, inspecting, listing, tracing

COMMANDS = (listing, drawing, tracing, inspecting)
"""Each adds its parser, and runs what was parsed."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command line; 0 is done, 2 is input that cannot be used."""
    # A command is short: looking for cycles costs it more than they hold.
    thresholds = gc.get_threshold()
    gc.set_threshold(100_000, 50, 50)
    try:
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
    except KeyboardInterrupt:
        print("lstm-figs: interrupted, nothing was written", file=sys.stderr)
        return 130
    return 0


def _parse(words: Sequence[str]) -> argparse.Namespace:
    """Parse with the parser of the command, which knows its options."""
    parser, commands = _parsers()
    if words and words[0] in commands:
        return commands[words[0]].read(words[1:])
    return parser.parse_args(words or ["--help"])


def _parsers() -> tuple[Parser, dict[str, Parser]]:
    parser = Parser(
        prog="lstm-figs",
        description="Figures of PyTorch's LSTM, drawn from real tensors, in "
        "which every number can be proven.",
    )
    parser.add_argument("--version", action="version", version=VERSION)
    commands = parser.add_subparsers(metavar="COMMAND", required=True)
    for command in COMMANDS:
        command.add(commands)
    return parser, commands.choices
