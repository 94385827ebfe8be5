"""`lstm-figs units`: print what each unit does over a sequence."""

import argparse
import json
import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from ..command.parsing import Commands, add_source, source_of
from ..names import printable
from .input_warnings import layer_of, run_notes
from .streams import print_error, print_text
from .tables import table

if TYPE_CHECKING:
    from ..layout.motifs.ranked_labels import RankedLabel
    from ..model.layer_run import LayerRun

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
"""The columns of the table of units."""
LABEL_COLUMNS = (
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
"""The columns of the table of labels."""


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
    source = source_of(arguments)
    subject = layer_of(source, "units")
    trace = subject.trace
    labels = subject.trace.labels
    results = label_results(subject) if labels else ()
    rows = _rows(subject)
    if arguments.json:
        scores = {
            name: _unit_scores(subject, result, true)
            for result, (name, true) in zip(results, labels, strict=True)
        }
        for row in rows:
            row["labels"] = {
                name: label_scores[row["unit"]] for name, label_scores in scores.items()
            }
        print_text(json.dumps(rows, indent=2))
        for line in run_notes(source, trace):
            print_error(line)
        return
    lines = table([COLUMNS, *map(_cells, rows)], COLUMNS)
    if labels:
        lines = _label_table(subject, results)
    print_text("\n".join([*lines, *run_notes(source, trace)]))


def _rows(subject: "LayerRun") -> list[dict[str, Any]]:
    """The values for `--json` of each unit, longest memory first."""
    import numpy as np

    from ..model import units

    tensors = {
        name: np.array([getattr(step, name)[0] for step in subject.steps]) for name in "ifoch"
    }
    life = units.lifetimes(tensors["f"])
    step_indices = np.arange(len(subject.steps))
    with np.errstate(invalid="ignore"):
        step_correlations = units.correlations(tensors["c"].astype(np.float64), step_indices)
    # The elements of a projected h belong to no unit.
    is_own = tensors["h"].shape[1] == len(life)
    return [
        {
            "unit": unit,
            "life": None if math.isinf(life[unit]) else int(life[unit]),
            "open": {
                name: float((tensors[name][:, unit] > units.OPEN_ABOVE).mean()) for name in "ifo"
            },
            "shut": {
                name: float((tensors[name][:, unit] < units.SHUT_BELOW).mean()) for name in "ifo"
            },
            "c": _range(tensors["c"][:, unit]),
            "h": _range(tensors["h"][:, unit]) if is_own else None,
            "step_r": _number(step_correlations[unit]),
        }
        for unit in units.longest_first(tensors["f"], life).tolist()
    ]


def _range(series: Any) -> list[float | str]:
    """The smallest and the largest value."""
    return [_number(series.min()), _number(series.max())]


def _number(value: Any) -> float | str:
    """A number for JSON; NaN and infinities are strings, as in `trace`."""
    return float(value) if math.isfinite(value) else str(float(value))


def _cells(row: dict[str, Any]) -> list[str]:
    """The cells of a unit's line."""
    no_range = ["", ""]
    ranges = row["c"] + (row["h"] or no_range)
    return [
        str(row["unit"]),
        "all" if row["life"] is None else str(row["life"]),
        *(f"{row[state][g]:.2f}" for g in "ifo" for state in ("open", "shut")),
        *(
            f"{value:.3g}" if isinstance(value, float) else value
            for value in (*ranges, row["step_r"])
        ),
    ]


def label_results(subject: "LayerRun") -> "Sequence[RankedLabel]":
    """The ranking of units for each label.

    Raises:
        UsageError: If no unit can be compared with a label.
    """
    import numpy as np

    from ..errors import UsageError
    from ..layout.motifs import ranked_labels
    from ..layout.motifs.population import bad_input

    if subject.weights.proj_size:
        raise UsageError(
            f"got --labels for proj_size={subject.weights.proj_size}, expected "
            "a module whose h has an element for each unit; leave --labels out"
        )
    if not np.isfinite(ranked_labels.states_by_step(subject)).all():
        if place := bad_input(subject):
            raise UsageError(
                f"got --labels for an input with {place}, expected numbers; correct it, "
                "or draw gates-over-time, which shows what follows"
            )
        raise UsageError(
            "got --labels for units that are NaN or infinite at some step, expected numbers; "
            "draw gates-over-time, which shows where they begin"
        )
    return ranked_labels.ranked_labels(subject)


def _unit_scores(
    subject: "LayerRun", result: "RankedLabel", label_values: Sequence[bool]
) -> list[dict[str, Any] | None]:
    """How well each unit separates a label, and what separates it equally well."""
    import numpy as np

    from ..layout.motifs import ranked_labels
    from ..model import label_ranking

    size, best = subject.weights.hidden_size, result.best
    if best is None:
        return [None] * size
    true = np.array(subject.in_processing_order(label_values))
    aucs = label_ranking.two_sided_auc(
        label_ranking.areas(ranked_labels.states_by_step(subject), true)
    )
    # The columns are c of each unit, then h of each unit.
    best_of_states = aucs.reshape(2, size).max(0)
    return [
        {
            "auc": float(auc),
            "chance": best.chance,
            "token": best.token,
            "untrained": best.untrained,
            "second_half": best.second_half if unit == best.unit else None,
        }
        for unit, auc in enumerate(best_of_states)
    ]


def too_few() -> str:
    """Why units are not ranked for a label, and what to do about it."""
    from ..model.label_ranking import MIN_LABEL_STEPS, MIN_STEPS

    return (
        f"units are ranked for {MIN_STEPS} steps or more, of which at least {MIN_LABEL_STEPS} "
        f"are true and {MIN_LABEL_STEPS} are not; pass a longer input, such as several sequences "
        "one after the other"
    )


def _label_table(subject: "LayerRun", results: "Sequence[RankedLabel]") -> list[str]:
    """A table with a line for each label, and an explanation."""
    from ..model import label_ranking

    rows, unranked, steps = [], [], len(subject.steps)
    for result, (name, _) in zip(results, subject.trace.labels, strict=True):
        best = result.best
        if best is None:
            unranked.append(
                f"{printable(name)}: true at {result.true_steps} of {steps} steps; {too_few()}"
            )
            continue
        numbers = (best.auc, best.second_half, best.chance, best.token)
        rows.append(
            [
                printable(name),
                f"{result.true_steps}/{steps}",
                f"{best.unit} {best.state}",
                *("–" if n is None else f"{n:.2f}" for n in numbers),
                f"{best.untrained:.2f}",
                f"{best.verdict} (p = {best.p:.2g})",
            ]
        )
    if not rows:
        return unranked
    return [
        *table([LABEL_COLUMNS, *rows], LABEL_COLUMNS[1:-1]),
        *unranked,
        f"AUC of the best of {subject.weights.hidden_size} units, by c or by h. Second half: "
        "the best unit of the first half, tested on the second. Chance: the best unit for the "
        "same labels, shifted so far that they correlate with themselves by at most "
        f"{label_ranking.MAX_LIKENESS}; p is the share of shifts with at "
        f"least this AUC. Untrained: the best unit of {label_ranking.UNTRAINED_COUNT} "
        "untrained modules of this form; if it does as well, random weights are enough to "
        "predict the label.",
    ]
