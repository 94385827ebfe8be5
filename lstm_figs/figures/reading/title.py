"""The title: what the units do, or what an edit of them changed."""

import numpy as np

from ...layout.motifs import ranked_labels
from ...layout.motifs.population import Choice
from ...model.tensors import Array
from ...proof.bindings import Sentence, sentence
from . import gradient
from .inhibitions import Inhibition
from .moves import ROUNDING, SHUT, written
from .plan import Plan
from .reader import COUNTING_EXPRESSION, MIN_CORRELATION, QUOTE_EXPRESSION, Reader

MIN_COUNT = 0.5
"""A counted bracket changes c by at least this much; a unit above it is on."""
MAX_HALF_OPEN = 0.4
"""A gate at most this far from one half neither opens nor shuts."""
MIN_KEEP, MIN_WRITE = 0.8, 0.9
"""A gate above the first limit stays open; a write above the second adds one."""
WRONG_COUNT = "((answers[:, 0] > 0.5) != torch.stack([inside, depth == 0], 1)).sum()"
"""The expression of the number of wrong answers."""


def title(plan: Plan, representatives: Choice | None, inhibition: Inhibition | None) -> Sentence:
    """Return the title.

    Args:
        plan: The layout of the figure.
        representatives: The few units that represent all; None if units are requested, all are
            drawn, or there is no basis to choose.
        inhibition: The inhibition, if there is one.
    """
    if plan.focus != "all":
        return _focus_title(plan, inhibition) or _plain_title(plan)
    if representatives and representatives.are_for_labels:
        return ranked_labels.title(plan.subject)
    effect = _change_title(plan)
    if effect:
        return effect
    reader, units = plan.reader, list(plan.units)
    if reader and reader.counting_unit is not None:
        counts = reader.counting_unit, COUNTING_EXPRESSION.format(units, MIN_CORRELATION)
        if reader.quote_unit is not None:
            return sentence(
                "Unit {} counts brackets, unit {} is on in quotes",
                counts,
                (reader.quote_unit, QUOTE_EXPRESSION.format(units)),
            )
        if len(units) == 1:
            return sentence("Unit {} counts brackets", counts)
    return _plain_title(plan)


def _plain_title(plan: Plan) -> Sentence:
    """Return the title that is true for any units, or for those of an untrained network."""
    if not plan.reader and plan.with_gates and plan.focus == "all" and _are_half_open(plan):
        return sentence(
            "No gate opens or shuts, as before training",
            claim=(
                "not (abs(torch.stack([i, f, o])[:, :, 0] - 0.5) "
                f"> {MAX_HALF_OPEN} + {ROUNDING}).any()"
            ),
        )
    units = list(plan.visible_units)
    count = len(units)
    if not plan.with_gates:
        if count == 1:
            return sentence("What unit {} remembers", (units[0], str(units[0])))
        return sentence("What {} units remember", (count, str(count)))
    if count == 1:
        (unit,) = units
        return sentence("What unit {} keeps, writes and shows", (unit, str(unit)))
    return sentence("What {} units keep, write and show", (count, str(count)))


def _are_half_open(plan: Plan) -> bool:
    """Return whether no gate of the layer opens or shuts."""
    gates = np.array([[step.i[0], step.f[0], step.o[0]] for step in plan.subject.steps])
    return bool((abs(gates - 0.5) <= MAX_HALF_OPEN).all())


def _change_title(plan: Plan) -> Sentence | None:
    """Return what an edit of a trained network changed, if the right answers are known."""
    reader, origin = plan.reader, plan.subject.trace.origin
    if not (reader and reader.truth and origin.edited):
        return None
    counted = _counting_title(plan)
    if counted or not plan.with_gates:
        return counted
    wrong, total = wrong_answers(reader), reader.answers.size
    if not wrong:
        return sentence(
            "After this change, every answer is still right", claim=f"{WRONG_COUNT} == 0"
        )
    verb = "are" if wrong > 1 else "is"
    return sentence(
        f"After this change, {{}} of {{}} answers {verb} wrong",
        (wrong, WRONG_COUNT),
        (total, "answers.numel()"),
    )


def _focus_title(plan: Plan, inhibition: Inhibition | None) -> Sentence | None:
    """Return the title of a focus, if its claim is true here."""
    match plan.focus:
        case "task":
            return sentence("Two things to remember: open brackets and open quotes")
        case "keep":
            return _keep_title(plan)
        case "write":
            return _write_title(plan)
        case "show":
            return _show_title(plan)
        case "steer" if inhibition:
            return _steer_title(inhibition, plan)
        case "weight":
            return _weight_title(plan, inhibition) if inhibition else _change_title(plan)
        case "gradient":
            return _gradient_title(plan)
    return None


def _keep_title(plan: Plan) -> Sentence | None:
    """The title for focus `keep`; None if the gate does not stay open."""
    f = plan.subject.series("f", plan.units[0])
    if not (f.values >= MIN_KEEP).all():
        return None
    subject_words = "the count" if plan.counts(plan.units[0]) else "c"
    return sentence(
        f"The forget gate stays open, so {subject_words} stays",
        claim=f"bool(({f.part} > {MIN_KEEP} - {ROUNDING}).all())",
    )


def _write_title(plan: Plan) -> Sentence | None:
    """The title for focus `write`; None if the unit does not count."""
    reader, unit = plan.reader, plan.units[0]
    if not (reader and reader.truth and plan.counts(unit) and plan.moves[unit]):
        return None
    inside, depth = reader.truth.inside, (0, *reader.truth.depth)
    brackets = [t for t in range(len(inside)) if depth[t] != depth[t + 1]]
    sizes = abs(written(plan.subject, unit).values[brackets])
    if not brackets or not (sizes >= MIN_WRITE).all():
        return None
    return sentence(
        "A bracket adds one to c, or takes one away",
        claim=f"bool(((i * g)[{brackets}, 0, {unit}].abs() > {MIN_WRITE} - {ROUNDING}).all())",
    )


def _show_title(plan: Plan) -> Sentence | None:
    """The title for focus `show`; None if c stays between −1 and 1."""
    c = plan.subject.series("c", plan.units[0])
    if not abs(c.values).max() > 1:
        return None
    return sentence(
        "c goes beyond one; h, which is shown, never does", claim=f"bool({c.part}.abs().max() > 1)"
    )


def _steer_title(inhibition: Inhibition, plan: Plan) -> Sentence:
    """The title for focus `steer`."""
    units = (inhibition.source, str(inhibition.source)), (inhibition.target, str(inhibition.target))
    steps = list(inhibition.steps)
    shut = f"(i[{steps}, 0, {inhibition.target}] < {SHUT} + {ROUNDING}).all()"
    before = plan.subject.series("c_prev", inhibition.source)
    if not (before.values[steps] > MIN_COUNT).all():
        return sentence("Unit {} shuts the input gate of unit {}", *units, claim=f"bool({shut})")
    return sentence(
        "Unit {} shuts unit {}'s input gate, one step later",
        *units,
        claim=(
            f"bool({shut} and ({before.of}[{steps}, 0, {inhibition.source}] > {MIN_COUNT}).all())"
        ),
    )


def _weight_title(plan: Plan, inhibition: Inhibition) -> Sentence:
    """The title for focus `weight`."""
    weight = plan.subject.parameter("weight_hh", inhibition.target, inhibition.source)
    brackets = _brackets_in_quotes(plan)
    all_are_shut = brackets and {*brackets} <= {*inhibition.steps}
    claim = f"{weight.expr} < 0"
    if plan.counts(inhibition.target) and all_are_shut:
        gates = f"i[{brackets}, 0, {inhibition.target}]"
        return sentence(
            "One weight keeps brackets in quotes from being counted",
            claim=f"bool({claim} and ({gates} < {SHUT} + {ROUNDING}).all())",
        )
    return sentence(
        "One weight shuts the input gate of unit {}",
        (inhibition.target, str(inhibition.target)),
        claim=f"bool({claim})",
    )


def _gradient_title(plan: Plan) -> Sentence:
    """The title for focus `gradient`."""
    unit = plan.units[0]
    first = next((move.t for move in plan.moves[unit]), 0)
    remaining = gradient.remaining_shares(plan.subject, unit)[first]
    if not float(remaining.value) > MIN_COUNT:
        return sentence("What is left of a gradient on its way back along c")
    return sentence(
        "What the forget gate keeps, the gradient keeps",
        claim=f"bool({remaining.expr} > {MIN_COUNT})",
    )


def _brackets_in_quotes(plan: Plan) -> list[int]:
    """Return the steps of brackets inside quotes."""
    truth = plan.truth
    if not truth:
        return []
    return [t for t, ch in enumerate(plan.tokens) if truth.inside[t] and ch in "()"]


def wrong_answers(reader: Reader) -> int:
    """Return the number of wrong answers."""
    if not reader.truth:
        return 0
    closed = [not depth for depth in reader.truth.depth]
    true = np.array([reader.truth.inside, closed]).T
    return int(((reader.answers > 0.5) != true).sum())


def _counting_title(plan: Plan) -> Sentence | None:
    """Say that brackets in quotes are counted now, because one weight is 0, if so."""
    subject, trained_run = plan.subject, plan.trained_run
    weight, brackets = _cleared_weight(plan), _brackets_in_quotes(plan)
    if not (weight and trained_run and brackets):
        return None
    signs = [1 if plan.tokens[t] == "(" else -1 for t in brackets]
    for unit in plan.units:
        c = subject.series("c", unit).values
        c_trained = trained_run.c[:, unit]
        if not (
            (_changes(c, brackets) * signs >= MIN_COUNT).all()
            and (abs(_changes(c_trained, brackets)) < MIN_COUNT).all()
        ):
            continue
        before = [t - 1 for t in brackets]
        now, trained = (
            f"{name}[{brackets}, 0, {unit}] - {name}[{before}, 0, {unit}]"
            for name in ("c", "c_trained")
        )
        return sentence(
            "Without one weight, brackets in quotes are counted",
            claim=(
                f"bool({weight} == 0 and "
                f"(({now}) * torch.tensor({signs}) > {MIN_COUNT}).all() and "
                f"(({trained}).abs() < {MIN_COUNT}).all())"
            ),
        )
    return None


def _changes(c: Array, steps: list[int]) -> Array:
    """Return by how much c changes at some steps; none may be the first."""
    return np.array([c[t] - c[t - 1] for t in steps])


def _cleared_weight(plan: Plan) -> str:
    """Return the only edited weight if it was set to 0; else an empty string."""
    subject = plan.subject
    now = subject.weights.parameters()
    changed = [
        (base, tuple(map(int, at)))
        for base, original in (
            (base, subject.trace.origin.original_parameters.get(str(subject.ref(base))))
            for base in now
        )
        if original is not None
        for at in np.argwhere(original != now[base])
    ]
    if len(changed) != 1:
        return ""
    ((base, at),) = changed
    return str(subject.ref(base)[at]) if now[base][at] == 0 else ""
