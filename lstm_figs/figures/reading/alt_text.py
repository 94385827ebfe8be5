"""The alternative text of the figure, written from its numbers."""

import numpy as np

from ...model.layer_run import LayerRun
from ...names import visible_token
from ...proof.digits import count_phrase, text
from . import lanes
from .focus import look
from .inhibitions import Inhibition
from .moves import retained, shares, written
from .note_places import FormNotes
from .notes import DEPTH, I_G, I_WRITE, REMAINS
from .plan import Plan
from .trained_runs import TrainedRun

MAX_STEPS = 8
"""The most moves described per unit; sequences this short are described completely."""


def description(plan: Plan, notes: FormNotes) -> str:
    """Describe the largest moves of each unit, and the weight that shuts a gate.

    The text contains every number that the figure prints.

    Args:
        plan: The layout of the wide form.
        notes: The notes of the wide form.
    """
    subject, tokens = plan.subject, plan.tokens
    read_text = ""
    if subject.trace.origin.text:
        read_text = f": {''.join(tokens)}"
    elif tokens:
        read_text = f": {' '.join(map(visible_token, tokens))}"
    parts = [f"{count_phrase(len(subject.steps), 'step')}{read_text}."]
    if plan.focus != "all":
        return " ".join([*parts, *_focused_sentences(plan, notes)])
    for unit in sorted(plan.units):
        parts += _unit_sentences(plan, notes, unit)
    if notes.inhibition:
        parts.append(_inhibition_sentence(subject, notes.inhibition))
    return " ".join(parts)


def _unit_sentences(plan: Plan, notes: FormNotes, unit: int) -> list[str]:
    """Describe the largest moves of a unit, its gates, and c as trained."""
    subject = plan.subject
    unit_notes = [
        placed_note.note
        for (_, noted_unit), placed in notes.placed.items()
        for placed_note in placed
        if noted_unit == unit
    ]
    steps = sorted({*_largest_moves(subject, unit), *(note.t for note in unit_notes)})
    moves_text = "; ".join(_move_words(subject, unit, t, plan.tokens) for t in steps)
    parts = [f"Unit {unit}: {moves_text or 'nothing finite is written'}."]
    if len(subject.steps) <= MAX_STEPS:
        # `_move_words` already gives f at the steps that it describes.
        parts += [
            _gates_sentence(subject, t, unit, "igo" if t in steps else "figo")
            for t in range(len(subject.steps))
        ]
    else:
        parts += [
            f"At step {note.step} i is {text(note.value.value)}."
            for note in unit_notes
            if note.symbol == I_WRITE
        ]
    if plan.with_gates and not notes.printed:
        parts += _still_sentences(subject, unit)
    if plan.trained_run and unit in plan.trained_run.units:
        parts.append(_trained_sentence(subject, plan.trained_run, unit))
    return parts


def _focused_sentences(plan: Plan, notes: FormNotes) -> list[str]:
    """Describe a focus: its notes, and the weight that shuts a gate."""
    subject, parts = plan.subject, list[str]()
    ordered_notes = sorted(
        (placed_note.note.t, unit, placed_note.note)
        for (_, unit), placed in notes.placed.items()
        for placed_note in placed
    )
    for t, unit, note in ordered_notes:
        step, value = subject.step_number(t), text(note.value.value)
        if note.symbol == REMAINS:
            parts.append(
                f"Unit {unit}: at step {step} {value} of the gradient remains, back along c."
            )
        elif note.symbol == I_G:
            move_text = _move_words(subject, unit, t, plan.tokens)
            parts.append(f"Unit {unit}: {move_text}.")
        elif note.symbol == DEPTH:
            parts.append(f"At step {step} {value} brackets are open.")
        else:
            # The symbol is "h", or begins with the letter of its gate.
            parts.append(f"At step {step} {note.symbol[0]} of unit {unit} is {value}.")
    if look(plan.focus, "weight") == "full":
        if notes.inhibition:
            parts.append(_inhibition_sentence(subject, notes.inhibition))
        elif plan.original_inhibition:
            parts.append(_original_inhibition_sentence(subject, plan.original_inhibition))
    return parts


def _original_inhibition_sentence(subject: LayerRun, inhibition: Inhibition) -> str:
    """Describe a weight that shut a gate before an edit."""
    weight = subject.parameter("weight_hh", inhibition.target, inhibition.source)
    return (
        f"The weight by which unit {inhibition.source} shut the input gate "
        f"of unit {inhibition.target} is {text(weight.value, 1)}: at "
        f"step {subject.step_number(inhibition.t)} i is "
        f"{text(inhibition.gate(subject).value)}."
    )


def _trained_sentence(subject: LayerRun, trained_run: TrainedRun, unit: int) -> str:
    """Describe the step at which c differs most from c as trained."""
    t = trained_run.farthest(subject, unit)
    was, now = trained_run.c[t, unit], subject.series("c", unit)[t].value
    return (
        f"As trained, c of step {subject.step_number(t)} would be {text(was)} instead of "
        f"{text(now)}."
    )


def _still_sentences(subject: LayerRun, unit: int) -> list[str]:
    """Give the ranges of the gates that hardly move."""
    sentences = []
    for gate in lanes.ORDER:
        values = subject.series(gate, unit)
        if lanes.is_still(values):
            least, most = (text(extreme) for extreme in (values.values.min(), values.values.max()))
            range_text = least if least == most else f"{least} to {most}"
            sentences.append(f"Throughout {gate} is {range_text}.")
    return sentences


def _largest_moves(subject: LayerRun, unit: int) -> list[int]:
    """Return the steps that move c most, in order."""
    write_sizes = abs(written(subject, unit).values.astype(np.float64))
    before = subject.series("c_prev", unit).values.astype(np.float64)
    # Infinite values make differences that are not numbers; `finite` leaves them out.
    with np.errstate(all="ignore"):
        lost_sizes = abs(before - retained(subject, unit).values)
        sizes = np.maximum(write_sizes, lost_sizes)
    finite = np.flatnonzero(np.isfinite(sizes))
    sizes, write_sizes = shares(sizes), shares(write_sizes)
    order = sorted(finite.tolist(), key=lambda t: (-sizes[t], t))
    if not order:
        return []
    # Forgetting may take all places, so add the largest write.
    return sorted({*order[:MAX_STEPS], int(np.argmax(write_sizes))})


def _move_words(subject: LayerRun, unit: int, t: int, tokens: list[str]) -> str:
    """Describe one step: how much of c it keeps, and what it writes to c."""
    f, before, c = (text(subject.series(name, unit)[t].value) for name in ("f", "c_prev", "c"))
    ig = text(written(subject, unit)[t].value)
    token = f" ({visible_token(tokens[t])})" if tokens else ""
    return (
        f"step {subject.step_number(t)}{token} keeps {f} of {before} and writes {ig}, c becomes {c}"
    )


def _gates_sentence(subject: LayerRun, t: int, unit: int, gates: str) -> str:
    """Give the values of some gates at one step."""
    values = ", ".join(f"{gate} is {text(subject.series(gate, unit)[t].value)}" for gate in gates)
    return f"At step {subject.step_number(t)} {values}."


def _inhibition_sentence(subject: LayerRun, inhibition: Inhibition) -> str:
    """The weight that shuts the gate, and the gate with and without it."""
    weight = subject.parameter("weight_hh", inhibition.target, inhibition.source)
    gate, without = inhibition.gate(subject), inhibition.number_without(subject)
    return (
        f"The weight by which unit {inhibition.source} shuts the input gate of unit "
        f"{inhibition.target} is {text(weight.value, 1)}: at step "
        f"{subject.step_number(inhibition.t)} i is {text(gate.value)}, and without it "
        f"would be {text(without.value)}."
    )
