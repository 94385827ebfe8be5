"""`lstm-figs units`: what each unit does, and which tells a label apart."""

import argparse
import json
import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from ..command.parsing import Commands, add_source, source_of
from ..names import plain
from .streams import say
from .tables import table

if TYPE_CHECKING:
    from ..model.apart import Best
    from ..proof.subject import Subject

COLUMNS = (
    "unit", "lasts", "i open", "shut", "f open", "shut", "o open", "shut",
    "c min", "max", "h min", "max", "r(c, step)",
)  # fmt: skip
RANKS = (
    "label", "true", "unit", "AUC", "second half", "chance 95 %", "token alone",
    "untrained", "",
)  # fmt: skip


def add(commands: Commands, _: Sequence[str]) -> None:
    """Add the command to a parser."""
    parser = commands.add_parser(
        "units", help="print what each unit does over a sequence"
    )
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
    subject = Subject(source.trace(), source.layer or 0, source.direction)
    labels = {name: [*true] for name, true in subject.trace.labels}
    rows = _rows(subject)
    if arguments.json:
        told = {name: _told(subject, true) for name, true in labels.items()}
        for row in rows:
            row["labels"] = {
                name: each[row["unit"]] for name, each in told.items()
            }
        say(json.dumps(rows, indent=2))
    elif labels:
        say("\n".join(_ranked(subject, labels)))
    else:
        say("\n".join(table([COLUMNS, *map(_cells, rows)], COLUMNS)))


def _rows(subject: "Subject") -> list[dict[str, Any]]:
    """Of each unit what `--json` prints, longest memory first."""
    import numpy as np

    from ..model import units

    tensors = {
        name: np.array([getattr(step, name)[0] for step in subject.steps])
        for name in "ifoch"
    }
    life = units.lives(tensors["f"])
    with np.errstate(invalid="ignore"):
        steady = units.correlations(
            tensors["c"].astype(np.float64), np.arange(len(subject.steps))
        )
    # Elements of a projected h are of no unit.
    is_own = tensors["h"].shape[1] == len(life)
    return [
        {
            "unit": unit,
            "life": None if math.isinf(life[unit]) else int(life[unit]),
            "open": {
                name: float((tensors[name][:, unit] > units.OPEN).mean())
                for name in "ifo"
            },
            "shut": {
                name: float((tensors[name][:, unit] < units.SHUT).mean())
                for name in "ifo"
            },
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
        *(
            f"{one:.3g}" if isinstance(one, float) else one
            for one in (*ends, row["step_r"])
        ),
    ]


def _states(subject: "Subject") -> Any:
    """C and h of all units, step by step."""
    import numpy as np

    from ..errors import UsageError

    states = np.array(
        [np.concatenate([s.c[0], s.h[0]]) for s in subject.steps], np.float64
    )
    if subject.weights.proj_size:
        raise UsageError(
            f"got --labels for proj_size={subject.weights.proj_size}, expected "
            "a module whose h has an element for each unit; leave --labels out"
        )
    if not np.isfinite(states).all():
        raise UsageError(
            "got --labels for units that are NaN or infinite at some step, "
            "expected numbers; draw gates-over-time, which shows where that "
            "begins"
        )
    return states


def _in_order(subject: "Subject", each: Sequence[Any]) -> list[Any]:
    """What belongs to steps, in the order in which they are processed."""
    return [each[subject.label(t) - 1] for t in range(len(subject.steps))]


def _best(subject: "Subject", true: list[bool]) -> "Best":
    import numpy as np

    from ..model import apart

    tokens = subject.trace.tokens
    x = np.stack([step.x[0] for step in subject.steps])
    return apart.best(
        _states(subject),
        np.array(_in_order(subject, true)),
        apart.untrained(subject.weights, x),
        _in_order(subject, tokens) if tokens else (),
    )


def _told(subject: "Subject", true: list[bool]) -> list[dict[str, Any] | None]:
    """Of each unit how well it tells a label, and what tells it as well."""
    import numpy as np

    from ..model import apart

    states, own = _states(subject), np.array(_in_order(subject, true))
    size = subject.weights.hidden_size
    if not apart.is_ranked(own):
        return [None] * size
    best = _best(subject, true)
    aucs = apart.folded(apart.areas(states, own)).reshape(2, size).max(0)
    return [
        {
            "auc": float(auc),
            "chance": best.chance,
            "token": best.token,
            "untrained": best.untrained,
            "second_half": best.second_half if unit == best.unit else None,
        }
        for unit, auc in enumerate(aucs)
    ]


def _ranked(subject: "Subject", labels: dict[str, list[bool]]) -> list[str]:
    """A line for each label, and how to read it."""
    import numpy as np

    from ..model import apart

    rows, few, steps = [], [], len(subject.steps)
    for name, true in labels.items():
        if not apart.is_ranked(np.array(true)):
            few.append(
                f"{plain(name)}: true at {sum(true)} of {steps} steps; no unit "
                f"is ranked below {apart.FEWEST_STEPS} steps, or where fewer "
                f"than {apart.FEWEST} are true or are not"
            )
            continue
        best = _best(subject, true)
        numbers = (best.auc, best.second_half, best.chance, best.token)
        rows.append(
            [
                plain(name),
                f"{sum(true)}/{steps}",
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
        "that are told as well. Untrained: the best of a module of this form "
        "before training.",
    ]
