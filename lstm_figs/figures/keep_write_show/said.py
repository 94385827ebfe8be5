"""The words of a step: above it, below it, and on the way of h."""

import numpy as np

from ...layout import words
from ...layout.cells import spoken
from ...layout.motifs.population import Choice
from ...layout.provenance import provenance, source
from ...proof.bindings import Sentence, sentence
from ...proof.digits import text
from ...proof.subject import Subject
from ...scene.scenes import Head
from . import table
from .pieces import Focus, Piece
from .plan import Plan
from .unit import same

LEADS = {
    "all": (
        "Weighted inputs make sums; σ makes gates of them, tanh a new value "
        "g, and the gates fill the bars."
    ),
    "keep": "The forget gate f keeps a part of what the unit held.",
    "write": "The input gate i writes a part of the new value g.",
    "show": "The output gate o shows a part of tanh c.",
}


def on_the_way(subject: Subject, t: int, plan: Plan) -> list[Piece]:
    """Where h goes, on its line, if there is room."""
    after = subject.label(t + 1)
    said = sentence(
        "h is h_prev of step {}: it goes to every row",
        (after, str(after)),
        claim=same(subject, t, "h"),
    )
    x, edge = plan.met() + 12, plan.edge
    if words.width(said.text, words.SMALL) > edge - x:
        return []
    lines, _ = words.paragraph(
        edge, table.level(plan.where) - 20, said, edge - x, size=words.SMALL, anchor="end"
    )
    return [Piece("show", [lines])]


def _goes_on(subject: Subject, t: int, plan: Plan) -> Sentence:
    """Where c and h go from here."""
    after = subject.label(t + 1)
    return sentence(
        "c stays in its unit and is its c_prev of step {}; h goes on to "
        "the gates of all units, as h_prev.",
        (after, str(after)),
        claim=f"{same(subject, t, 'h')} and {same(subject, t, 'c')}",
    )


def _colours(subject: Subject, t: int, plan: Plan) -> list[Sentence]:
    """What the colours of weights say, or of the sums of many."""
    if not plan.blocks:
        return []
    met = [b.above for b in plan.blocks if b.above and b.is_weight]
    if not met:
        return [sentence("Blue is positive, red is negative.")]
    is_map = any(b.mapped for b in plan.blocks)
    zeros = [n for n in met if not is_map and not np.all(getattr(subject.steps[t], n)[0])]
    if not zeros:
        return [sentence("Blue weights are positive, red ones negative.")]
    return [
        sentence(
            "Blue weights are positive, red ones negative; pale ones meet a zero and add nothing.",
            claim=" or ".join(f"not {n}[{t}, 0].all()" for n in zeros),
        )
    ]


def head(
    subject: Subject, t: int, plan: Plan, focus: Focus, choice: Choice | None, *, goes_on: bool
) -> Head:
    """The words above the step and below it."""
    size, label = subject.weights.hidden_size, subject.label(t)
    notes = [
        sentence(
            "Dashed is what there is, filled what the gate lets through; a "
            "write begins where the keep ended."
        )
    ]
    if goes_on:
        notes.append(_goes_on(subject, t, plan))
    notes += _colours(subject, t, plan)
    if any(b.mapped for b in plan.blocks):
        *some, last = map(str, plan.units)
        named = f"{', '.join(some)} and {last}" if some else last
        notes.append(
            sentence(
                "The rows of units {}, of {}, are outlined."
                if some
                else "The rows of unit {}, of {}, are outlined.",
                (named, str(plan.units if some else plan.units[0])),
                (size, "c.shape[-1]"),
            )
        )
    elif len(plan.units) < size:
        notes.append(
            sentence(
                "{} of {} units are drawn.",
                (len(plan.units), str(len(plan.units))),
                (size, "c.shape[-1]"),
            )
        )
    if choice:
        notes.append(choice.said)
    if subject.weights.proj_size:
        notes.append(
            sentence(
                "What the units show is projected to h by weight_hr.",
                claim=f"{subject.variable}.proj_size > 0",
            )
        )
    lead = LEADS[focus]
    if focus == "all" and not plan.blocks:
        lead = "A gate says how much of its bar is filled."
    return Head(
        sentence("An LSTM keeps, writes and shows"),
        sentence(lead),
        provenance(subject, ("step {}", label, str(label))),
        tuple(notes),
        source(subject),
    )


def description(subject: Subject, t: int, plan: Plan) -> str:
    """The step, told unit by unit, then row by row."""
    told = [f"Step {subject.label(t)}."]
    for unit in plan.units:
        value = {
            name: text(subject.vector(name, t)[unit].value)
            for name in ("c_prev", "i", "f", "g", "o", "c", "tanh_c")
        }
        shown = text(subject.product("o", "tanh_c", t)[unit].value)
        told.append(
            f"Unit {unit} keeps {value['f']} of {value['c_prev']} and writes "
            f"{value['i']} of {value['g']}, so c becomes {value['c']}; it "
            f"shows {value['o']} of {value['tanh_c']}, which is {shown}."
        )
    told += [
        f"{block.above} is {spoken(subject.vector(block.above, t))}."
        for block in plan.blocks
        if block.above and block.is_weight
    ]
    for gate, unit in plan.where.each if plan.blocks else ():
        row = ", ".join(
            f"{block.name} " + spoken(block.value[gate, unit, k] for k in range(block.length))
            for block in plan.blocks
        )
        z = text(subject.vector(f"z_{gate}", t)[unit].value)
        told.append(
            f"Gate {gate} of unit {unit}, row {plan.where.row(gate, unit)}: {row}; the sum is {z}."
        )
    return " ".join(told)
