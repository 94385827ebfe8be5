"""All commands by name, and their parsers."""

import argparse
from collections.abc import Collection, Sequence
from importlib import import_module
from typing import Any, NamedTuple

from ..command.parsing import Parser, read_lazily
from ..version import VERSION
from .streams import print_text

COMMANDS = {
    "list": "listing",
    "inspect": "inspecting",
    "draw": "drawing",
    "embed": "embedding",
    "page": "paging",
    "trace": "tracing",
    "units": "units",
    "writes": "writes",
    "influence": "influence",
    "shapes": "shaping",
    "convert": "converting",
    "completion": "completing",
}
"""The module of each command, which adds its parser and runs it."""


class _Parser(Parser):
    """A parser that raises an error if its output cannot be written."""

    def _print_message(self, message: str, file: Any = None) -> None:
        print_text(message.removesuffix("\n"))


def run(words: Sequence[str]) -> None:
    """Run a command line.

    Raises:
        LstmFigsError: If it cannot be used.
    """
    arguments = _parse(words)
    arguments.run(arguments)


def _parse(words: Sequence[str]) -> argparse.Namespace:
    """Parse with the parser of the command alone, because that is fast."""
    name = words[0] if words else ""
    if name in COMMANDS:
        return read_lazily(lambda names: _parsers(names, [name]).by_command[name], words[1:])
    return _parsers((), COMMANDS).main.parse_args(words or ["--help"])


def parsers(names: Sequence[str]) -> dict[str, Parser]:
    """The parser of each command.

    Args:
        names: The figures to add options for.
    """
    return _parsers(names, COMMANDS).by_command


class _Parsers(NamedTuple):
    """The main parser, and the parsers of commands by name."""

    main: Parser
    by_command: dict[str, Parser]


def _parsers(names: Sequence[str], command_names: Collection[str]) -> _Parsers:
    """The main parser, and the parsers of the commands that are wanted."""
    parser: Parser = _Parser(
        prog="lstm-figs",
        description="Figures of PyTorch's LSTM, drawn from real tensors, in "
        "which every number can be proven.",
    )
    parser.add_argument("--version", action="version", version=VERSION)
    commands = parser.add_subparsers(metavar="COMMAND", required=True)
    for name in command_names:
        import_module(f".{COMMANDS[name]}", __package__).add(commands, names)
    return _Parsers(parser, commands.choices)
