"""`lstm-figs inspect`: every LSTM in a weights file."""

import argparse
import dataclasses
import json
import math
import shlex
from collections.abc import Sequence
from typing import TYPE_CHECKING

from ..command.parsing import KINDS, Commands
from .streams import say
from .tables import table

if TYPE_CHECKING:
    from ..model.tensors import Array
    from ..sources.load import Checkpoint, Found

COLUMNS = (
    "module",
    "kind",
    "input_size",
    "hidden_size",
    "num_layers",
    "bidirectional",
    "proj_size",
    "bias",
    "dtype",
    "parameters",
)

STATISTICS = ("tensor", "shape", "min", "max", "mean", "largest at", "")
"""What is printed of each tensor; the last says what stands out in it."""
MANY = 8
"""From how many units on all of them are worth a look before one is."""
ENOUGH = 100
"""From how many numbers on one can tell that they were not trained."""

NUMBERS = (
    "input_size",
    "hidden_size",
    "num_layers",
    "proj_size",
    "parameters",
    "min",
    "max",
    "mean",
)
"""Columns of numbers, which end together."""


def add(commands: Commands, _: Sequence[str]) -> None:
    """Add the command to a parser."""
    parser = commands.add_parser("inspect", help="name every LSTM in a weights file")
    parser.add_argument("file", metavar="FILE", help=KINDS)
    parser.add_argument("--json", action="store_true", help="as JSON")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> None:
    """Print the form of every LSTM, and what numbers its tensors hold.

    Raises:
        LstmFigsError: If the file cannot be read, or all that looks like an
            LSTM in it is broken.
    """
    from ..sources.load import describe, read_weights, survey, works

    checkpoint = read_weights(arguments.file)
    held = survey(checkpoint)
    if held.broken and not held.found:
        raise next(iter(held.broken.values()))
    rows = [dataclasses.asdict(found) for found in held.found]
    if arguments.json:
        say(json.dumps(rows, indent=2))
        return
    lines = ["; ".join(filter(None, (describe(checkpoint, held), works(held))))]
    if rows:
        lines = table([COLUMNS, *map(_cells, rows)], NUMBERS)
    small = []
    for found in held.found:
        problem = _problem(checkpoint, found)
        lines += ["", *(problem or _tensors(checkpoint, found))]
        small += [] if problem else [found]
    if small:
        several = len(held.found) > 1
        lines += ["", _next(arguments.file, small, several)]
    lines += [f"broken: {error}" for error in held.broken.values()]
    say("\n".join(lines))


def _next(file: str, found: Sequence["Found"], several: bool) -> str:
    """The command that draws what is particular to the largest module.

    Args:
        file: The file, as it was typed.
        found: Its modules that can be drawn.
        several: Whether it has more than one, so that one has to be named.
    """
    from ..names import plain

    own = max(found, key=lambda one: one.parameters)
    few = ("reading", "writes", "keep-write-show", "gates-over-time")
    many = ("units", "unit-map", "reading", "writes")
    words = ["draw", *(many if own.hidden_size >= MANY else few)]
    words += ["--weights", file]
    if several:
        words += ["--module", own.module]
    command = shlex.join(["lstm-figs", *words])
    return (
        f"worth drawing: {plain(command, 500)} --input x.npy --tokens "
        "tokens.json, where x.npy holds what the LSTM reads, of shape (steps, "
        f"{own.input_size})" + _others(own)
    )


def _others(own: "Found") -> str:
    """How the layers and directions are drawn that are not drawn by default."""
    last = own.num_layers - 1
    ways = [f"--layer K, from 1 to {last}"] if last > 1 else ["--layer 1"] * last
    if own.bidirectional:
        ways.append("--reverse")
    if not ways:
        return ""
    direction = " forward" * own.bidirectional
    return f"; this draws layer 0{direction}: add {' or '.join(ways)} for others"


def _cells(row: dict[str, object]) -> list[str]:
    from ..names import plain

    return [plain(str(row[key])) or '""' for key in COLUMNS]


def _problem(checkpoint: "Checkpoint", found: "Found") -> list[str]:
    """Why a module is not read, if it is too large to be drawn."""
    from ..errors import UsageError
    from ..sources.load import check_size

    try:
        check_size(checkpoint, found)
    except UsageError as error:
        return [f"not read: {error}"]
    return []


def _tensors(checkpoint: "Checkpoint", found: "Found") -> list[str]:
    """The table of a module's tensors."""
    rows = [_statistics(checkpoint, p.name, found.hidden_size) for p in found.names()]
    return table([STATISTICS, *rows], NUMBERS)


def _statistics(checkpoint: "Checkpoint", name: str, hidden_size: int) -> list[str]:
    """How large the numbers of a tensor are, and where the largest stands."""
    import numpy as np

    from ..errors import InputError
    from ..names import plain

    try:
        array = checkpoint.array(name)
    except InputError as error:
        return [plain(name), *[""] * 5, str(error)]
    finite = np.isfinite(array)
    shape = str(array.shape)
    others = [
        f"{count:,} {what}"
        for what, count in (("NaN", np.isnan(array).sum()), ("infinite", np.isinf(array).sum()))
        if count
    ]
    if not finite.any():
        return [plain(name), shape, "", "", "", "", ", ".join(others)]
    sizes = np.abs(array)
    sizes[~finite] = -1
    at = np.unravel_index(np.argmax(sizes), array.shape)
    # A large module fills the memory with few copies of it.
    del sizes
    if finite.all():
        others += _untrained(array, hidden_size)
    numbers = array if finite.all() else array[finite]
    mean = numbers.mean(dtype=np.float64)
    return [
        plain(name),
        shape,
        *(f"{n:.4g}" for n in (numbers.min(), numbers.max(), mean)),
        f"[{', '.join(map(str, at))}]",
        ", ".join(others),
    ]


def _untrained(array: "Array", hidden_size: int) -> list[str]:
    """Which gates have the numbers of a module that was never trained.

    Such numbers are spread evenly from -1/√hidden_size to it.
    """
    import numpy as np

    end = 1 / math.sqrt(hidden_size)
    gates = array.reshape(4, -1) if len(array) == 4 * hidden_size else [array]
    own = [
        gate
        for gate, rows in zip("ifgo", gates, strict=False)
        if rows.size >= ENOUGH
        and 0.95 * end < float(np.abs(rows).max()) <= 1.000001 * end
        and abs(rows.std(dtype=np.float64) * math.sqrt(3) / end - 1) < 0.1
    ]
    if not own:
        return []
    which = "all" if len(own) == len(gates) else f"gate {', '.join(own)}"
    return [f"{which} within ±1/√{hidden_size}, as before training"]
