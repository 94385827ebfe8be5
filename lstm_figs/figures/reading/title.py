"""The title of the figure: what the units do, or what a change of them did."""

import numpy as np

from ...layout.motifs import telling
from ...layout.motifs.population import Choice
from ...model.tensors import Array
from ...proof.bindings import Sentence, sentence
from . import along
from .brake import Brake
from .moves import SHUT, written
from .plan import Plan
from .reader import FOLLOWING, FOLLOWS, TELLING, Reader

COUNTED = 0.5
"""By so much c changes where a bracket is counted, or is where a unit is on."""
KEPT, WRITTEN = 0.8, 0.9
"""From where on a gate stays open, and what adds one."""
WRONG = "((answers[:, 0] > 0.5) != torch.stack([inside, depth == 0], 1)).sum()"
"""The expression of how many answers are wrong."""


def title(plan: Plan, choice: Choice | None, brake: Brake | None) -> Sentence:
    """What the units that are drawn do.

    Args:
        plan: How the figure is laid out.
        choice: Those that stand for all, if some do.
        brake: What shuts a gate.
    """
    if plan.focus != "all":
        return _focused(plan, brake) or _plain(plan)
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
    return _plain(plan)


def _plain(plan: Plan) -> Sentence:
    """What can be said of any units."""
    chosen = list(plan.present)
    count = len(chosen)
    if not plan.with_gates:
        if count == 1:
            return sentence("What unit {} remembers", (chosen[0], str(chosen[0])))
        return sentence("What {} units remember", (count, str(count)))
    if count == 1:
        (unit,) = chosen
        return sentence("What unit {} keeps, writes and shows", (unit, str(unit)))
    return sentence("What {} units keep, write and show", (count, str(count)))


def _effect(plan: Plan) -> Sentence | None:
    """What a change of a trained network did, where the truth is known."""
    reader, origin = plan.reader, plan.subject.trace.origin
    if not (reader and reader.told and origin.edited):
        return None
    counted = _counted(plan)
    if counted or not plan.with_gates:
        return counted
    wrong, every = wrong_answers(reader), reader.answers.size
    if not wrong:
        return sentence("After this change, every answer is still right", claim=f"{WRONG} == 0")
    are = "are" if wrong > 1 else "is"
    return sentence(
        f"After this change, {{}} of {{}} answers {are} wrong",
        (wrong, WRONG),
        (every, "answers.numel()"),
    )


def _focused(plan: Plan, brake: Brake | None) -> Sentence | None:
    """What a focus shows, where that is so."""
    match plan.focus:
        case "task":
            return sentence("Two things to remember: open brackets and open quotes")
        case "keep":
            return _kept(plan)
        case "write":
            return _written(plan)
        case "show":
            return _shown(plan)
        case "steer" if brake:
            return _steered(brake, plan)
        case "weight":
            return _kept_out(plan, brake) if brake else _effect(plan)
        case "gradient":
            return _left(plan)
    return None


def _kept(plan: Plan) -> Sentence | None:
    f = plan.subject.series("f", plan.units[0])
    if not (f.values >= KEPT).all():
        return None
    what = "the count" if plan.counts(plan.units[0]) else "c"
    return sentence(
        f"The forget gate stays open, so {what} stays",
        claim=f"bool(({f.part} > {KEPT} - 1e-6).all())",
    )


def _written(plan: Plan) -> Sentence | None:
    reader, unit = plan.reader, plan.units[0]
    if not (reader and reader.told and plan.counts(unit) and plan.moves[unit]):
        return None
    inside, depth = reader.told.inside, (0, *reader.told.depth)
    brackets = [t for t in range(len(inside)) if depth[t] != depth[t + 1]]
    sizes = abs(written(plan.subject, unit).values[brackets])
    if not brackets or not (sizes >= WRITTEN).all():
        return None
    return sentence(
        "A bracket adds one to c, or takes one away",
        claim=(f"bool(((i * g)[{brackets}, 0, {unit}].abs() > {WRITTEN} - 1e-6).all())"),
    )


def _shown(plan: Plan) -> Sentence | None:
    c = plan.subject.series("c", plan.units[0])
    if not abs(c.values).max() > 1:
        return None
    return sentence(
        "c goes beyond one; h, which is shown, never does", claim=f"bool({c.part}.abs().max() > 1)"
    )


def _steered(brake: Brake, plan: Plan) -> Sentence:
    units = (brake.by, str(brake.by)), (brake.shut, str(brake.shut))
    steps = list(brake.steps)
    shut = f"(i[{steps}, 0, {brake.shut}] < {SHUT} + 1e-6).all()"
    before = plan.subject.series("c_prev", brake.by)
    if not (before.values[steps] > COUNTED).all():
        return sentence("Unit {} shuts the input gate of unit {}", *units, claim=f"bool({shut})")
    return sentence(
        "Unit {} shuts unit {}'s input gate, one step later",
        *units,
        claim=(f"bool({shut} and ({before.of}[{steps}, 0, {brake.by}] > {COUNTED}).all())"),
    )


def _kept_out(plan: Plan, brake: Brake) -> Sentence:
    weight = plan.subject.parameter("weight_hh", brake.shut, brake.by)
    quoted = [t for t in _quoted(plan) if t in brake.steps]
    claim = f"{weight.expr} < 0"
    if plan.counts(brake.shut) and quoted and quoted == _quoted(plan):
        gates = f"i[{quoted}, 0, {brake.shut}]"
        return sentence(
            "One weight keeps brackets in quotes from being counted",
            claim=f"bool({claim} and ({gates} < {SHUT} + 1e-6).all())",
        )
    return sentence(
        "One weight shuts the input gate of unit {}",
        (brake.shut, str(brake.shut)),
        claim=f"bool({claim})",
    )


def _left(plan: Plan) -> Sentence:
    unit = plan.units[0]
    first = next((move.t for move in plan.moves[unit]), 0)
    left = along.left(plan.subject, unit)[first]
    if not float(left.value) > COUNTED:
        return sentence("What is left of a gradient on its way back along c")
    return sentence(
        "What the forget gate keeps, the gradient keeps", claim=f"bool({left.expr} > {COUNTED})"
    )


def _quoted(plan: Plan) -> list[int]:
    """The steps of brackets inside quotes."""
    told = plan.reader.told if plan.reader else None
    if not told:
        return []
    return [t for t, ch in enumerate(plan.read) if told.inside[t] and ch in "()"]


def wrong_answers(reader: Reader) -> int:
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
            (base, subject.trace.origin.before.get(str(subject.ref(base)))) for base in now
        )
        if given is not None
        for at in np.argwhere(given != now[base])
    ]
    if len(changed) != 1:
        return ""
    ((base, at),) = changed
    return str(subject.ref(base)[at]) if now[base][at] == 0 else ""
