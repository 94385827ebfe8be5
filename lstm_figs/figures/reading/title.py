"""The title of the figure: what the units do, or what a change of them did."""

import numpy as np

from ...layout.motifs import telling
from ...layout.motifs.population import Choice
from ...model.tensors import Array
from ...proof.bindings import Sentence, sentence
from .plan import Plan
from .reader import FOLLOWING, FOLLOWS, TELLING, Reader

COUNTED = 0.5
"""From which change of c on a bracket is counted."""
WRONG = "((answers[:, 0] > 0.5) != torch.stack([inside, depth == 0], 1)).sum()"
"""The expression of how many answers are wrong."""


def title(plan: Plan, choice: Choice | None) -> Sentence:
    """What the units that are drawn do.

    Args:
        plan: How the figure is laid out.
        choice: Those that stand for all, if some do.
    """
    if choice and choice.are_told:
        return telling.title(plan.subject)
    effect = _effect(plan)
    if effect:
        return effect
    reader, chosen = plan.reader, list(plan.units)
    if reader and reader.counting is not None:
        counts = reader.counting, FOLLOWING.format(chosen, FOLLOWS)
        if reader.telling is not None:
            return sentence(
                "Unit {} counts brackets, unit {} is on in quotes",
                counts,
                (reader.telling, TELLING.format(chosen)),
            )
        if len(chosen) == 1:
            return sentence("Unit {} counts brackets", counts)
    count = len(chosen)
    if not plan.with_gates:
        if count == 1:
            return sentence(
                "What unit {} remembers", (chosen[0], str(chosen[0]))
            )
        return sentence("What {} units remember", (count, str(count)))
    if count == 1:
        (unit,) = chosen
        return sentence(
            "What unit {} keeps, writes and shows", (unit, str(unit))
        )
    return sentence("What {} units keep, write and show", (count, str(count)))


def _effect(plan: Plan) -> Sentence | None:
    """What a change of a trained network did, where the truth is known."""
    reader, origin = plan.reader, plan.subject.trace.origin
    if not (reader and reader.told and origin.edited):
        return None
    counted = _counted(plan)
    if counted or not plan.with_gates:
        return counted
    wrong, every = _wrong(reader), reader.answers.size
    if not wrong:
        return sentence(
            "After this change, every answer is still right",
            claim=f"{WRONG} == 0",
        )
    are = "are" if wrong > 1 else "is"
    return sentence(
        f"After this change, {{}} of {{}} answers {are} wrong",
        (wrong, WRONG),
        (every, "answers.numel()"),
    )


def _wrong(reader: Reader) -> int:
    """How many answers are wrong."""
    if not reader.told:
        return 0
    closed = [not depth for depth in reader.told.depth]
    true = np.array([reader.told.inside, closed]).T
    return int(((reader.answers > 0.5) != true).sum())


def _counted(plan: Plan) -> Sentence | None:
    """That one weight, now 0, kept brackets in quotes from being counted."""
    subject, reader, ghost = plan.subject, plan.reader, plan.ghost
    weight = _cut(plan)
    if not (weight and ghost and reader and reader.told):
        return None
    inside = reader.told.inside
    quoted = [t for t, ch in enumerate(plan.read) if inside[t] and ch in "()"]
    if not quoted:
        return None
    signs = [1 if plan.read[t] == "(" else -1 for t in quoted]
    for unit in plan.units:
        c = subject.series("c", unit).values
        was = ghost.c[:, unit]
        if not (
            (_moved(c, quoted) * signs >= COUNTED).all()
            and (abs(_moved(was, quoted)) < COUNTED).all()
        ):
            continue
        before = [t - 1 for t in quoted]
        now, trained = (
            f"{name}[{quoted}, 0, {unit}] - {name}[{before}, 0, {unit}]"
            for name in ("c", "c_trained")
        )
        return sentence(
            "Without one weight, brackets in quotes are counted",
            claim=(
                f"bool({weight} == 0 and "
                f"(({now}) * torch.tensor({signs}) > {COUNTED}).all() and "
                f"(({trained}).abs() < {COUNTED}).all())"
            ),
        )
    return None


def _moved(c: Array, steps: list[int]) -> Array:
    """By how much c changes at steps, none of which is the first."""
    return np.array([c[t] - c[t - 1] for t in steps])


def _cut(plan: Plan) -> str:
    """The weight that was set to 0 as the only change; empty if none was."""
    subject = plan.subject
    now = subject.weights.parameters()
    changed = [
        (base, tuple(map(int, at)))
        for base, given in (
            (base, subject.trace.origin.before.get(str(subject.ref(base))))
            for base in now
        )
        if given is not None
        for at in np.argwhere(given != now[base])
    ]
    if len(changed) != 1:
        return ""
    ((base, at),) = changed
    return str(subject.ref(base)[at]) if now[base][at] == 0 else ""
