"""`lstm-figs list`: name every figure."""

import argparse
import json
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from ..command.parsing import Commands
from ..figures import CATALOG, SHEETS
from ..options import figure_options, summary
from .streams import print_text


def add(commands: Commands, _: Sequence[str]) -> None:
    """Add the command to a parser."""
    parser = commands.add_parser("list", help="name every figure")
    parser.add_argument("--json", action="store_true", help="as JSON")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> None:
    """Print every figure of the catalogue, then the sheets."""
    if arguments.json:
        entries = [
            {
                "name": name,
                "summary": summary(figure),
                "options": {
                    o.flag: {"default": o.default, "help": o.help} for o in figure_options(figure)
                },
                "sheet": name in SHEETS,
            }
            for name, figure in [*CATALOG.items(), *SHEETS.items()]
        ]
        print_text(json.dumps(entries, indent=2))
        return
    # Import all before printing the first, so that an error comes alone.
    figures, sheets = [*CATALOG.items()], [*SHEETS.items()]
    _print_list(figures)
    print_text("\nSheets have their own sizes, and all does not include them:")
    _print_list(sheets)


def _print_list(figures: Iterable[tuple[str, Callable[..., Any]]]) -> None:
    for name, figure in figures:
        flags = " ".join(o.flag for o in figure_options(figure))
        print_text(f"{name:16} {summary(figure)} {flags}".rstrip())
