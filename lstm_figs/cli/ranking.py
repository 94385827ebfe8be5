"""`lstm-figs units`: what each unit does, and which tells a label apart."""

import argparse
import json
import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from ..command.parsing import Commands, add_source, source_of
from ..errors import no_gates
from ..names import plain
from .noticing import tell_input
from .streams import complain, say
from .tables import table

if TYPE_CHECKING:
    from ..layout.motifs.telling import Held
    from ..model.tensors import Trace
    from ..proof.subject import Subject

COLUMNS = (
    "unit",
    "lasts",
    "i open",
    "shut",
    "f open",
    "shut",
    "o open",
    "shut",
    "c min",
    "max",
    "h min",
    "max",
    "r(c, step)",
)
RANKS = (
    "label",
    "true",
    "unit",
    "AUC",
    "second half",
    "chance 95 %",
    "token alone",
    "untrained",
    "",
)


def add(commands: Commands, _: Sequence[str]) -> None:
    """Add the command to a parser."""
    parser = commands.add_parser("units", help="print what each unit does over a sequence")
    add_source(parser)
    parser.add_argument("--json", action="store_true", help="as JSON")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> None:
    """Print a line for each unit, longest memory first, or for each label.

    Raises:
        LstmFigsError: If the source or the labels cannot be used.
    """
    from ..proof.subject import Subject

    source = source_of(arguments)
    trace = source.trace()
    if trace.origin.plain is not None:
        raise no_gates("units")
    tell_input(source, trace)
    subject = Subject(trace, source.layer or 0, source.direction)
    labels = subject.trace.labels
    held = _held(subject) if labels else ()
    rows = _rows(subject)
    if arguments.json:
        told = {
            name: _told(subject, one, true) for one, (name, true) in zip(held, labels, strict=True)
        }
        for row in rows:
            row["labels"] = {name: each[row["unit"]] for name, each in told.items()}
        say(json.dumps(rows, indent=2))
        for line in _which(trace):
            complain(line)
        return
    lines = table([COLUMNS, *map(_cells, rows)], COLUMNS)
    if labels:
        lines = _ranked(subject, held)
    say("\n".join([*lines, *_which(trace)]))


def _which(trace: "Trace") -> list[str]:
    """Which sequence of a batch was read."""
    count = trace.x.shape[1]
    if count == 1:
        return []
    return [
        f"This is sequence 1 of {count} alone; --sample K, from 0 to {count - 1}, reads another."
    ]


def _rows(subject: "Subject") -> list[dict[str, Any]]:
    """Of each unit what `--json` prints, longest memory first."""
    import numpy as np

    from ..model import units

    tensors = {
        name: np.array([getattr(step, name)[0] for step in subject.steps]) for name in "ifoch"
    }
    life = units.lives(tensors["f"])
    with np.errstate(invalid="ignore"):
        steady = units.correlations(tensors["c"].astype(np.float64), np.arange(len(subject.steps)))
    # Elements of a projected h are of no unit.
    is_own = tensors["h"].shape[1] == len(life)
    return [
        {
            "unit": unit,
            "life": None if math.isinf(life[unit]) else int(life[unit]),
            "open": {name: float((tensors[name][:, unit] > units.OPEN).mean()) for name in "ifo"},
            "shut": {name: float((tensors[name][:, unit] < units.SHUT).mean()) for name in "ifo"},
            "c": _span(tensors["c"][:, unit]),
            "h": _span(tensors["h"][:, unit]) if is_own else None,
            "step_r": _number(steady[unit]),
        }
        for unit in units.longest_first(tensors["f"], life).tolist()
    ]


def _span(series: Any) -> list[float | str]:
    return [_number(series.min()), _number(series.max())]


def _number(value: Any) -> float | str:
    """A number as JSON has it; what is none is a text, as in `trace`."""
    return float(value) if math.isfinite(value) else str(float(value))


def _cells(row: dict[str, Any]) -> list[str]:
    """What a line says of a unit."""
    ends = row["c"] + (row["h"] or ["", ""])
    return [
        str(row["unit"]),
        "all" if row["life"] is None else str(row["life"]),
        *(f"{row[said][g]:.2f}" for g in "ifo" for said in ("open", "shut")),
        *(f"{one:.3g}" if isinstance(one, float) else one for one in (*ends, row["step_r"])),
    ]


def _held(subject: "Subject") -> "Sequence[Held]":
    """What is found of each label.

    Raises:
        UsageError: If no unit can be held against one.
    """
    import numpy as np

    from ..errors import UsageError
    from ..layout.motifs import telling

    if subject.weights.proj_size:
        raise UsageError(
            f"got --labels for proj_size={subject.weights.proj_size}, expected "
            "a module whose h has an element for each unit; leave --labels out"
        )
    if not np.isfinite(telling.states(subject)).all():
        raise UsageError(
            "got --labels for units that are NaN or infinite at some step, "
            "expected numbers; draw gates-over-time, which shows where that "
            "begins"
        )
    return telling.held(subject)


def _told(subject: "Subject", one: "Held", true: Sequence[bool]) -> list[dict[str, Any] | None]:
    """Of each unit how well it tells a label, and what tells it as well."""
    import numpy as np

    from ..layout.motifs import telling
    from ..model import apart

    size, best = subject.weights.hidden_size, one.best
    if best is None:
        return [None] * size
    own = np.array(telling.in_order(subject, true))
    aucs = apart.folded(apart.areas(telling.states(subject), own))
    return [
        {
            "auc": float(auc),
            "chance": best.chance,
            "token": best.token,
            "untrained": best.untrained,
            "second_half": best.second_half if unit == best.unit else None,
        }
        for unit, auc in enumerate(aucs.reshape(2, size).max(0))
    ]


def _ranked(subject: "Subject", held: "Sequence[Held]") -> list[str]:
    """A line for each label, and how to read it."""
    from ..model import apart

    rows, few, steps = [], [], len(subject.steps)
    for one, (name, _) in zip(held, subject.trace.labels, strict=True):
        best = one.best
        if best is None:
            few.append(
                f"{plain(name)}: true at {one.true} of {steps} steps; no unit "
                f"is ranked below {apart.FEWEST_STEPS} steps, or where fewer "
                f"than {apart.FEWEST} are true or are not"
            )
            continue
        numbers = (best.auc, best.second_half, best.chance, best.token)
        rows.append(
            [
                plain(name),
                f"{one.true}/{steps}",
                f"{best.unit} {best.state}",
                *("–" if n is None else f"{n:.2f}" for n in numbers),
                f"{best.untrained:.2f}",
                f"{best.verdict} (p = {best.p:.2g})",
            ]
        )
    if not rows:
        return few
    return [
        *table([RANKS, *rows], RANKS[1:-1]),
        *few,
        f"AUC of the best of {subject.weights.hidden_size} units, by c or by "
        "h. Second half: the best of the first half. Chance: the best for the "
        f"same labels moved by 1 to {steps - 1} steps; p is the share of these "
        f"that are told as well. Untrained: the best of {apart.UNTRAINED} "
        "modules of this form before training.",
    ]
