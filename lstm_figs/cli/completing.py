"""`lstm-figs completion`: print the script with which a shell completes command lines."""

import argparse
import shlex
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from ..command.parsing import Commands
from .streams import print_text

SHELLS = ("bash", "zsh", "fish")
"""The shells that `lstm-figs completion` supports."""


class Flag(NamedTuple):
    """An option of a command.

    Attributes:
        words: Its spellings, such as `-o` and `--out`.
        takes_value: Whether a value follows.
        choices: The allowed values; empty for any, such as a file.
        help: Its description.
    """

    words: tuple[str, ...]
    takes_value: bool
    choices: tuple[str, ...]
    help: str


class Command(NamedTuple):
    """A command, its flags, and the names of its arguments."""

    name: str
    flags: tuple[Flag, ...]
    names: tuple[str, ...]


def add(commands: Commands, _: Sequence[str]) -> None:
    """Add the command to a parser."""
    parser = commands.add_parser(
        "completion", help="print the script with which a shell completes command lines"
    )
    parser.add_argument(
        "shell",
        choices=SHELLS,
        metavar="SHELL",
        help='bash or zsh: eval "$(lstm-figs completion bash)" in .bashrc or '
        ".zshrc; fish: lstm-figs completion fish > "
        "~/.config/fish/completions/lstm-figs.fish",
    )
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> None:
    """Print the script."""
    commands = tuple(_commands())
    lines = _fish(commands) if arguments.shell == "fish" else _bash(commands)
    if arguments.shell == "zsh":
        print_text("autoload -Uz compinit bashcompinit && compinit && bashcompinit")
    print_text("\n".join(lines))


def _commands() -> Iterator[Command]:
    """All commands with their options."""
    from ..figures import CATALOG, SHEETS
    from .commands import parsers

    figures = (*CATALOG, *SHEETS)
    for name, parser in parsers(figures).items():
        flags = tuple(
            Flag(
                tuple(option.option_strings),
                option.nargs != 0,
                tuple(map(str, option.choices or ())),
                # Shells show one line, so the first clause is enough.
                (option.help or "").partition(";")[0],
            )
            for option in parser.options
            if option.option_strings
        )
        places = [argument for argument in parser.options if not argument.option_strings]
        names = [*(c for argument in places for c in argument.choices or ())]
        if any(argument.dest == "names" for argument in places):
            names += [*figures, "all"]
        yield Command(name, flags, tuple(names))


def _bash(commands: Sequence[Command]) -> Iterator[str]:
    """A shell function that completes words, or files if no word fits."""
    yield "_lstm_figs() {"
    yield '  local cur=${COMP_WORDS[COMP_CWORD]} words=""'
    yield "  local prev=${COMP_WORDS[COMP_CWORD-1]} command=${COMP_WORDS[1]}"
    yield '  if [ "$COMP_CWORD" -eq 1 ]; then'
    yield f'    words="{" ".join(command.name for command in commands)} --help --version"'
    yield '  else case "$command $prev" in'
    for command in commands:
        for flag in command.flags:
            if flag.takes_value:
                patterns = "|".join(f'"{command.name} {word}"' for word in flag.words)
                yield f'    {patterns}) words="{" ".join(flag.choices)}" ;;'
    yield '    *) case "$command" in'
    for command in commands:
        completions = [*command.names, *(word for flag in command.flags for word in flag.words)]
        yield f'      {command.name}) words="{" ".join(completions)}" ;;'
    yield "    esac ;;"
    yield "  esac; fi"
    yield '  COMPREPLY=($(compgen -W "$words" -- "$cur"))'
    yield "}"
    yield "complete -o default -F _lstm_figs lstm-figs"


def _fish(commands: Sequence[Command]) -> Iterator[str]:
    """The completion script for fish."""
    start = "complete -c lstm-figs"
    for command in commands:
        yield f"{start} -n __fish_use_subcommand -f -a {command.name}"
    for command in commands:
        after_command = f"{start} -n '__fish_seen_subcommand_from {command.name}'"
        if command.names:
            yield f"{after_command} -f -a '{' '.join(command.names)}'"
        for flag in command.flags:
            words = " ".join(
                f"-l {word[2:]}" if word.startswith("--") else f"-s {word[1:]}"
                for word in flag.words
            )
            values = ""
            if flag.takes_value:
                values = " -r"
            if flag.choices:
                values = f" -x -a '{' '.join(flag.choices)}'"
            yield f"{after_command} {words}{values} -d {shlex.quote(flag.help)}"
