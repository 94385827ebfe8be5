"""`lstm-figs completion`: what a shell completes a command line with."""

import argparse
import shlex
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from ..command.parsing import Commands
from .streams import say

SHELLS = ("bash", "zsh", "fish")


class Flag(NamedTuple):
    """An option of a command.

    Attributes:
        words: How it is written, such as `-o` and `--out`.
        takes: Whether a value follows.
        choices: What that can be; empty for anything, such as a file.
        help: What it is for.
    """

    words: tuple[str, ...]
    takes: bool
    choices: tuple[str, ...]
    help: str


class Command(NamedTuple):
    """A command, its flags, and the names that it takes."""

    name: str
    flags: tuple[Flag, ...]
    names: tuple[str, ...]


def add(commands: Commands, _: Sequence[str]) -> None:
    """Add the command to a parser."""
    parser = commands.add_parser(
        "completion", help="print what a shell completes command lines with"
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
    known = tuple(_commands())
    lines = _fish(known) if arguments.shell == "fish" else _bash(known)
    if arguments.shell == "zsh":
        say("autoload -Uz compinit bashcompinit && compinit && bashcompinit")
    say("\n".join(lines))


def _commands() -> Iterator[Command]:
    from ..figures import CATALOG, SHEETS
    from .commands import parsers

    figures = (*CATALOG, *SHEETS)
    for name, parser in parsers(figures).items():
        flags = tuple(
            Flag(
                tuple(one.option_strings),
                one.nargs != 0,
                tuple(map(str, one.choices or ())),
                (one.help or "").partition(";")[0],
            )
            for one in parser.options
            if one.option_strings
        )
        places = [one for one in parser.options if not one.option_strings]
        names = [*(c for one in places for c in one.choices or ())]
        if any(one.dest == "names" for one in places):
            names += [*figures, "all"]
        yield Command(name, flags, tuple(names))


def _bash(known: Sequence[Command]) -> Iterator[str]:
    """A function that finds the words which fit; without any, files do."""
    yield "_lstm_figs() {"
    yield '  local cur=${COMP_WORDS[COMP_CWORD]} words=""'
    yield "  local prev=${COMP_WORDS[COMP_CWORD-1]} command=${COMP_WORDS[1]}"
    yield '  if [ "$COMP_CWORD" -eq 1 ]; then'
    yield f'    words="{" ".join(one.name for one in known)} --help --version"'
    yield '  else case "$command $prev" in'
    for one in known:
        for flag in one.flags:
            if flag.takes:
                shown = "|".join(f'"{one.name} {word}"' for word in flag.words)
                yield f'    {shown}) words="{" ".join(flag.choices)}" ;;'
    yield '    *) case "$command" in'
    for one in known:
        own = [*one.names, *(word for flag in one.flags for word in flag.words)]
        yield f'      {one.name}) words="{" ".join(own)}" ;;'
    yield "    esac ;;"
    yield "  esac; fi"
    yield '  COMPREPLY=($(compgen -W "$words" -- "$cur"))'
    yield "}"
    yield "complete -o default -F _lstm_figs lstm-figs"


def _fish(known: Sequence[Command]) -> Iterator[str]:
    start = "complete -c lstm-figs"
    for one in known:
        yield f"{start} -n __fish_use_subcommand -f -a {one.name}"
    for one in known:
        own = f"{start} -n '__fish_seen_subcommand_from {one.name}'"
        if one.names:
            yield f"{own} -f -a '{' '.join(one.names)}'"
        for flag in one.flags:
            words = " ".join(
                f"-l {word[2:]}" if word.startswith("--") else f"-s {word[1:]}"
                for word in flag.words
            )
            values = ""
            if flag.takes:
                values = " -r"
            if flag.choices:
                values = f" -x -a '{' '.join(flag.choices)}'"
            yield f"{own} {words}{values} -d {shlex.quote(flag.help)}"
