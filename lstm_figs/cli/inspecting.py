"""`lstm-figs inspect`: every LSTM in a weights file."""

import argparse
import dataclasses
import json
from collections.abc import Sequence

from ..command.parsing import Commands
from .streams import say

COLUMNS = (
    "module", "kind", "input_size", "hidden_size", "num_layers",
    "bidirectional", "proj_size", "bias", "dtype", "parameters",
)  # fmt: skip


def add(commands: Commands, _: Sequence[str]) -> None:
    """Add the command to a parser."""
    parser = commands.add_parser(
        "inspect", help="name every LSTM in a weights file"
    )
    parser.add_argument(
        "file", metavar="FILE",
        help=".safetensors, .npz, or .pt, .pth, .ckpt, .bin of torch",
    )  # fmt: skip
    parser.add_argument("--json", action="store_true", help="as JSON")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> None:
    """Print the form of every LSTM.

    Raises:
        LstmFigsError: If the file cannot be read, or all that looks like an
            LSTM in it is broken.
    """
    from ..sources.load import describe, read_weights, survey

    checkpoint = read_weights(arguments.file)
    held = survey(checkpoint)
    if held.broken and not held.found:
        raise next(iter(held.broken.values()))
    rows = [dataclasses.asdict(found) for found in held.found]
    if arguments.json:
        say(json.dumps(rows, indent=2))
        return
    lines = _table(rows) if rows else [describe(checkpoint, held)]
    lines += [f"broken: {error}" for error in held.broken.values()]
    say("\n".join(lines))


def _table(rows: list[dict[str, object]]) -> list[str]:
    """Aligned columns: numbers at the right, words at the left."""
    from ..names import plain

    cells = [
        list(COLUMNS),
        *([plain(str(row[key])) or '""' for key in COLUMNS] for row in rows),
    ]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    rights = [type(rows[0][key]) is int for key in COLUMNS]
    return [
        "  ".join(
            cell.rjust(width) if right else cell.ljust(width)
            for cell, width, right in zip(line, widths, rights, strict=True)
        ).rstrip()
        for line in cells
    ]
