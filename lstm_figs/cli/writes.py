"""`lstm-figs writes`: print what each earlier step still contributes to c."""

import argparse
import json
import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from ..command.parsing import (
    MAX_NUMBER,
    Commands,
    add_source,
    source_of,
    whole_number,
    whole_numbers,
)
from ..errors import UsageError
from ..names import visible_token
from .input_warnings import layer_of, run_notes
from .streams import print_error, print_text
from .tables import table

if TYPE_CHECKING:
    from ..model.layer_run import LayerRun

MAX_NUMBERS = 5_000_000
"""The most numbers that `--json` prints, about 100 MB."""


def add(commands: Commands, _: Sequence[str]) -> None:
    """Add the command to a parser."""
    parser = commands.add_parser(
        "writes", help="print what each earlier step still contributes to c"
    )
    add_source(parser)
    parser.add_argument(
        "--units",
        type=whole_numbers(0, MAX_NUMBER),
        metavar="K,…",
        help="the units; by default those in the figure writes, with --json all",
    )
    parser.add_argument(
        "--step",
        type=whole_number(1, MAX_NUMBER),
        metavar="K",
        help="the step after which c is split; by default the last step, with --json every step",
    )
    parser.add_argument("--json", action="store_true", help="as JSON")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> None:
    """Print a line for each step that wrote, or all steps and units as JSON.

    Raises:
        LstmFigsError: If the source, the units or the step cannot be used.
    """
    source = source_of(arguments)
    subject = layer_of(source, "writes")
    trace = subject.trace
    ends = range(len(subject.steps))
    if arguments.step is not None:
        t = subject.step_index(arguments.step)
        ends = range(t, t + 1)
    if arguments.json:
        print_text(json.dumps(_json(subject, arguments.units, ends)))
        for line in run_notes(source, trace):
            print_error(line)
        return
    lines = _lines(subject, arguments.units or (), ends[-1])
    print_text("\n".join([*lines, *run_notes(source, trace)]))


def _lines(subject: "LayerRun", requested: tuple[int, ...], last: int) -> list[str]:
    """A table of c after one step: a row for each step that wrote, and their sum."""
    from ..figures.writes.memory import units_of

    units, _ = units_of(subject, requested)
    writes = subject.trace.writes(subject.layer, subject.direction, units)[last]
    tokens = subject.trace.step_names
    heads = ("step", *(("token",) if tokens else ()), *(f"unit {unit}" for unit in units))
    rows: list[Sequence[str]] = [heads]
    # The initial state is first; later steps have contributed nothing yet.
    for k, contributions in enumerate(writes[: last + 2]):
        number = subject.step_number(k - 1) if k else 0
        token = visible_token(tokens[number - 1]) if tokens and number else ""
        labels = [str(number), *([token] if tokens else [])]
        rows.append([*labels, *(f"{value:z.4f}" for value in contributions)])
    state = subject.steps[last].c[0, list(units)]
    rows.append(["c", *([""] if tokens else []), *(f"{value:z.4f}" for value in state)])
    return [
        *table(rows, {*heads} - {"token"}),
        f"c after step {subject.step_number(last)} is the sum of these; step 0 is the initial "
        "state.",
    ]


def _json(subject: "LayerRun", requested: tuple[int, ...] | None, ends: range) -> dict[str, Any]:
    """All numbers of the requested units and steps."""
    size = subject.weights.hidden_size
    units = requested or tuple(range(size))
    for unit in units:
        subject.check("units", unit, size)
    # After step t: c, the initial state and t + 1 writes, of which c is not counted.
    numbers = sum(t + 2 for t in ends) * len(units)
    if numbers > MAX_NUMBERS:
        raise UsageError(
            f"got {len(subject.steps)} steps and {len(units)} units, whose writes are "
            f"{numbers:,} numbers, expected at most {MAX_NUMBERS:,} as JSON; choose some "
            "with --units, or one step with --step"
        )
    steps = [subject.step_number(t) for t in range(len(subject.steps))]
    writes = subject.trace.writes(subject.layer, subject.direction, units)
    return {
        "layer": subject.layer,
        "direction": subject.direction,
        "steps": steps,
        "tokens": list(subject.trace.step_names),
        "units": [
            {
                "unit": unit,
                "after": [
                    {
                        "step": steps[t],
                        "c": _number(subject.steps[t].c[0, unit]),
                        "initial": _number(writes[t, 0, k]),
                        "writes": [_number(value) for value in writes[t, 1 : t + 2, k].tolist()],
                    }
                    for t in ends
                ],
            }
            for k, unit in enumerate(units)
        ],
    }


def _number(value: Any) -> float | str:
    """A number for JSON; NaN and infinities are strings, as in `trace`."""
    return float(value) if math.isfinite(value) else str(float(value))
