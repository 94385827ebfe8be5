"""`lstm-figs inspect`: name every LSTM in a weights file."""

import argparse
import dataclasses
import json
import math
import shlex
from collections.abc import Sequence
from typing import TYPE_CHECKING

from ..command.parsing import KINDS, Commands
from .streams import print_text
from .tables import table

if TYPE_CHECKING:
    from ..model.tensors import Array
    from ..sources.load import Checkpoint, StoredLstm

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
"""The columns of the table that `inspect` prints; fields of `StoredLstm`."""

STATISTICS = ("tensor", "shape", "min", "max", "mean", "largest at", "")
"""The columns for each tensor; the last is for remarks."""

MANY_UNITS = 8
"""From this number of units on, the advice is to look at all units first."""

MAX_COMMAND = 500
"""The most characters of a command that is printed; names in a file may be long."""

MIN_NUMBERS = 100
"""The fewest numbers that can be recognised as untrained."""

NUMBER_COLUMNS = (
    "input_size",
    "hidden_size",
    "num_layers",
    "proj_size",
    "parameters",
    "min",
    "max",
    "mean",
)
"""Columns of numbers, which are aligned at the right."""


def add(commands: Commands, _: Sequence[str]) -> None:
    """Add the command to a parser."""
    parser = commands.add_parser("inspect", help="name every LSTM in a weights file")
    place = parser.exclusive_group()
    place.add_argument("file", nargs="?", metavar="FILE", help=KINDS)
    place.add_argument(
        "--run",
        dest="program",
        metavar="FILE.py:FUNCTION",
        help="a function that returns a model and a tuple of its arguments; the file is run",
    )
    parser.add_argument("--json", action="store_true", help="as JSON")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> None:
    """Print the sizes of every LSTM, and statistics of its tensors.

    Raises:
        LstmFigsError: If the file cannot be read, or every LSTM in it is
            broken.
    """
    from ..sources.load import read_weights
    from ..sources.program import read_program, result_of

    if arguments.program is None:
        source = ["--weights", arguments.file]
        _inspect(read_weights(arguments.file), source, as_json=arguments.json)
        return
    with result_of(read_program(arguments.program), survey=True) as checkpoint:
        # Messages name what was typed, not a temporary file.
        named = dataclasses.replace(checkpoint, path=arguments.program)
        _inspect(named, ["--run", arguments.program], as_json=arguments.json)


def _inspect(checkpoint: "Checkpoint", source: Sequence[str], *, as_json: bool) -> None:
    """Print what a file has.

    Args:
        checkpoint: The content of the file.
        source: The options that name it on a command line.
        as_json: Whether to print JSON.

    Raises:
        LstmFigsError: If every LSTM in it is broken.
    """
    from ..sources.load import advice_for_others, describe, survey

    contents = survey(checkpoint)
    if contents.broken and not contents.lstms:
        raise next(iter(contents.broken.values()))
    rows = [dataclasses.asdict(lstm) for lstm in contents.lstms]
    if as_json:
        print_text(json.dumps(rows, indent=2))
        return
    lines = ["; ".join(filter(None, (describe(checkpoint, contents), advice_for_others(contents))))]
    if rows:
        lines = table([COLUMNS, *map(_cells, rows)], NUMBER_COLUMNS)
    drawable = []
    for lstm in contents.lstms:
        problem = _problem(checkpoint, lstm)
        lines += ["", *(problem or _tensors(checkpoint, lstm))]
        drawable += [] if problem else [lstm]
    if drawable:
        several = len(contents.lstms) > 1
        lines += ["", _drawing_advice(source, checkpoint, drawable, several)]
    lines += [f"broken: {error}" for error in contents.broken.values()]
    print_text("\n".join(lines))


def _drawing_advice(
    source: Sequence[str], checkpoint: "Checkpoint", lstms: Sequence["StoredLstm"], several: bool
) -> str:
    """The command that draws a suitable figure of the largest module.

    Args:
        source: The options that name the file.
        checkpoint: Its content.
        lstms: The modules that can be drawn.
        several: Whether the file has several, so that one has to be named.
    """
    from ..names import printable

    largest = max(lstms, key=lambda lstm: lstm.parameters)
    small_figures = ("reading", "writes", "keep-write-show", "gates-over-time")
    large_figures = ("units", "unit-map", "reading", "writes")
    words = ["draw", *(large_figures if largest.hidden_size >= MANY_UNITS else small_figures)]
    words += source
    if several:
        words += ["--module", largest.module]
    command = printable(shlex.join(["lstm-figs", *words]), MAX_COMMAND)
    if "--run" in source:
        return f"worth drawing: {command}{_other_layers(largest)}"
    # Other inputs, such as sound, have no names that help.
    tokens = " --tokens tokens.json" * _has_embedding(checkpoint, largest.input_size)
    return (
        f"worth drawing: {command} --input x.npy{tokens}, where x.npy holds the LSTM's "
        f"input, of shape (steps, {largest.input_size}), or let --run FILE.py:FUNCTION make "
        f"model and input{_other_layers(largest)}"
    )


def _has_embedding(checkpoint: "Checkpoint", size: int) -> bool:
    """Whether a file has an embedding with vectors of a size, which reads tokens."""
    return any(
        "emb" in name.lower() and len(stored.shape) == 2 and stored.shape[1] == size
        for name, stored in checkpoint.tensors.items()
    )


def _other_layers(lstm: "StoredLstm") -> str:
    """The options that draw different layers and directions than the default."""
    last = lstm.num_layers - 1
    flags = []
    if last > 0:
        flags.append(f"--layer K, from 1 to {last}" if last > 1 else "--layer 1")
    if lstm.bidirectional:
        flags.append("--reverse")
    if not flags:
        return ""
    direction = " forward" if lstm.bidirectional else ""
    return f"; this draws layer 0{direction}: add {' or '.join(flags)} for others"


def _cells(row: dict[str, object]) -> list[str]:
    from ..names import printable

    return [printable(str(row[key])) or '""' for key in COLUMNS]


def _problem(checkpoint: "Checkpoint", lstm: "StoredLstm") -> list[str]:
    """The reason if a module is too large to be drawn."""
    from ..errors import UsageError
    from ..sources.load import check_size

    try:
        check_size(checkpoint, lstm)
    except UsageError as error:
        return [f"not read: {error}"]
    return []


def _tensors(checkpoint: "Checkpoint", lstm: "StoredLstm") -> list[str]:
    """The table of a module's tensors."""
    rows = [_statistics(checkpoint, parameter.name, lstm.hidden_size) for parameter in lstm.names()]
    return table([STATISTICS, *rows], NUMBER_COLUMNS)


def _statistics(checkpoint: "Checkpoint", name: str, hidden_size: int) -> list[str]:
    """The range and mean of a tensor, and the index of its largest magnitude."""
    import numpy as np

    from ..errors import InputError
    from ..names import printable

    try:
        array = checkpoint.array(name)
    except InputError as error:
        return [printable(name), *[""] * 5, str(error)]
    finite = np.isfinite(array)
    shape = str(array.shape)
    others = [
        f"{count:,} {what}"
        for what, count in (("NaN", np.isnan(array).sum()), ("infinite", np.isinf(array).sum()))
        if count
    ]
    if not finite.any():
        return [printable(name), shape, "", "", "", "", ", ".join(others)]
    magnitudes = np.abs(array)
    magnitudes[~finite] = -1
    at = np.unravel_index(np.argmax(magnitudes), array.shape)
    # Freed early, because a few copies of a large tensor fill the memory.
    del magnitudes
    if finite.all():
        others += _untrained_gates(array, hidden_size)
    numbers = array if finite.all() else array[finite]
    mean = numbers.mean(dtype=np.float64)
    return [
        printable(name),
        shape,
        *(f"{n:.4g}" for n in (numbers.min(), numbers.max(), mean)),
        f"[{', '.join(map(str, at))}]",
        ", ".join(others),
    ]


def _untrained_gates(array: "Array", hidden_size: int) -> list[str]:
    """The gates with the numbers of a module that was never trained.

    Such numbers are uniform between -1/√hidden_size and 1/√hidden_size.
    """
    import numpy as np

    limit = 1 / math.sqrt(hidden_size)
    # The standard deviation of such numbers. A sample of them differs by a few per cent.
    deviation = limit / math.sqrt(3)
    gates = array.reshape(4, -1) if len(array) == 4 * hidden_size else [array]
    untrained_gates = [
        gate
        for gate, rows in zip("ifgo", gates, strict=False)
        if rows.size >= MIN_NUMBERS
        # The largest of 100 or more is near the limit, which float32 may exceed.
        and 0.95 * limit < float(np.abs(rows).max()) <= 1.000001 * limit
        and abs(rows.std(dtype=np.float64) / deviation - 1) < 0.1
    ]
    if not untrained_gates:
        return []
    gates_text = (
        "all" if len(untrained_gates) == len(gates) else f"gate {', '.join(untrained_gates)}"
    )
    return [f"{gates_text} within ±1/√{hidden_size}, as before training"]
