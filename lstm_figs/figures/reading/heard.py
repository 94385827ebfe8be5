"""What the figure says to who hears it, told from the numbers."""

import numpy as np

from ...names import visible
from ...proof.digits import counted, text
from ...proof.subject import Subject
from . import lanes
from .brake import Brake
from .focus import look
from .ghost import Ghost
from .moves import kept, shares, written
from .notes import DEPTH, I_G, I_WRITE, REMAINS
from .places import Told
from .plan import Plan

MOST = 8
"""The most steps that are told of a unit; of so few all numbers are told."""


def description(plan: Plan, told: Told) -> str:
    """What is kept and written where most of it is, and what shuts a gate.

    Every number that the figure prints is told.

    Args:
        plan: How the wide form is laid out.
        told: What it tells.
    """
    subject, tokens = plan.subject, plan.read
    heard = ""
    if subject.trace.origin.text:
        heard = f": {''.join(tokens)}"
    elif tokens:
        heard = f": {' '.join(map(visible, tokens))}"
    parts = [f"{counted(len(subject.steps), 'step')}{heard}."]
    if plan.focus != "all":
        return " ".join([*parts, *_focused(plan, told)])
    for unit in sorted(plan.units):
        notes = [
            one.note for (_, of), placed in told.placed.items() for one in placed if of == unit
        ]
        steps = sorted({*_largest(subject, unit), *(note.t for note in notes)})
        said = "; ".join(_moved(subject, unit, t, tokens) for t in steps)
        parts.append(f"Unit {unit}: {said or 'nothing finite is written'}.")
        if len(subject.steps) <= MOST:
            # Of a step that is told, f is told with what it keeps.
            parts += [
                _gates(subject, t, unit, "igo" if t in steps else "figo")
                for t in range(len(subject.steps))
            ]
        else:
            parts += [
                f"At step {note.step} i is {text(note.value.value)}."
                for note in notes
                if note.symbol == I_WRITE
            ]
        if plan.with_gates and not told.printed:
            parts += _still(subject, unit)
        if plan.ghost and unit in plan.ghost.units:
            parts.append(_trained(subject, plan.ghost, unit))
    if told.brake:
        parts.append(_braked(subject, told.brake))
    return " ".join(parts)


def _focused(plan: Plan, told: Told) -> list[str]:
    """What is told where something is in focus: its notes, and the weight."""
    subject, parts = plan.subject, list[str]()
    notes = sorted(
        (one.note.t, unit, one.note) for (_, unit), placed in told.placed.items() for one in placed
    )
    for t, unit, note in notes:
        step, value = subject.label(t), text(note.value.value)
        if note.symbol == REMAINS:
            parts.append(
                f"Unit {unit}: at step {step} {value} of the gradient remains, back along c."
            )
        elif note.symbol == I_G:
            said = _moved(subject, unit, t, plan.read)
            parts.append(f"Unit {unit}: {said}.")
        elif note.symbol == DEPTH:
            parts.append(f"At step {step} {value} brackets are open.")
        else:
            parts.append(f"At step {step} {note.symbol[0]} of unit {unit} is {value}.")
    if look(plan.focus, "weight") == "full":
        if told.brake:
            parts.append(_braked(subject, told.brake))
        elif plan.given:
            weight = subject.parameter("weight_hh", plan.given.shut, plan.given.by)
            gate = plan.given.gate(subject)
            parts.append(
                f"The weight by which unit {plan.given.by} shut the input gate "
                f"of unit {plan.given.shut} is {text(weight.value, 1)}: at "
                f"step {subject.label(plan.given.told)} i is "
                f"{text(gate.value)}."
            )
    return parts


def _trained(subject: Subject, ghost: Ghost, unit: int) -> str:
    """Where c is farthest from what it was."""
    t = ghost.farthest(subject, unit)
    was, now = ghost.c[t, unit], subject.series("c", unit)[t].value
    return f"As trained, c of step {subject.label(t)} would be {text(was)} instead of {text(now)}."


def _still(subject: Subject, unit: int) -> list[str]:
    """The ranges of gates that hardly move."""
    found = []
    for gate in lanes.ORDER:
        values = subject.series(gate, unit)
        if lanes.is_still(values):
            least, most = (text(one) for one in (values.values.min(), values.values.max()))
            ends = least if least == most else f"{least} to {most}"
            found.append(f"Throughout {gate} is {ends}.")
    return found


def _largest(subject: Subject, unit: int) -> list[int]:
    """The steps that move c most, in their order."""
    wrote = abs(written(subject, unit).values.astype(np.float64))
    before = subject.series("c_prev", unit).values.astype(np.float64)
    with np.errstate(all="ignore"):
        lost = abs(before - kept(subject, unit).values)
        sizes = np.maximum(wrote, lost)
    finite = np.flatnonzero(np.isfinite(sizes))
    sizes, wrote = shares(sizes), shares(wrote)
    order = sorted(finite.tolist(), key=lambda t: (-sizes[t], t))
    # The largest write is told as well, where more is forgotten.
    return sorted({*order[:MOST], *[int(np.argmax(wrote))][: len(order)]})


def _moved(subject: Subject, unit: int, t: int, tokens: list[str]) -> str:
    """A step: what was kept of c, and what was written to it."""
    f, before, c = (text(subject.series(name, unit)[t].value) for name in ("f", "c_prev", "c"))
    ig = text(written(subject, unit)[t].value)
    token = f" ({visible(tokens[t])})" if tokens else ""
    return f"step {subject.label(t)}{token} keeps {f} of {before} and writes {ig}, c becomes {c}"


def _gates(subject: Subject, t: int, unit: int, gates: str) -> str:
    """Gates of one step."""
    said = ", ".join(f"{gate} is {text(subject.series(gate, unit)[t].value)}" for gate in gates)
    return f"At step {subject.label(t)} {said}."


def _braked(subject: Subject, brake: Brake) -> str:
    weight = subject.parameter("weight_hh", brake.shut, brake.by)
    gate, without = brake.gate(subject), brake.unbraked(subject)
    return (
        f"The weight by which unit {brake.by} shuts the input gate of unit "
        f"{brake.shut} is {text(weight.value, 1)}: at step "
        f"{subject.label(brake.told)} i is {text(gate.value)}, and without it "
        f"would be {text(without.value)}."
    )
