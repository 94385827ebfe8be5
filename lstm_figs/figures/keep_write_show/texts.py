"""The texts of the figure: title, lead, notes, the words beside h, and alternative text."""

import numpy as np

from ...layout import words
from ...layout.motifs.population import Choice
from ...layout.number_lists import number_list
from ...layout.provenance import provenance, source
from ...proof.bindings import Sentence, sentence
from ...proof.digits import text
from ...scene.scenes import Head
from .panels import handover_claim
from .pieces import Focus, Piece
from .plan import Plan

LEADS = {
    "all": (
        "Weighted inputs make sums; σ makes gates of them, tanh a new value "
        "g, and the gates fill the bars."
    ),
    "keep": "The forget gate f keeps a part of what the unit held.",
    "write": "The input gate i writes a part of the new value g.",
    "show": "The output gate o shows a part of tanh c.",
}
"""The lead for each focus."""


def h_path_words(plan: Plan) -> list[Piece]:
    """Print where h goes beside its line, if the words fit."""
    next_label = plan.subject.step_number(plan.t + 1)
    statement = sentence(
        "h is h_prev of step {}: it goes to every row",
        (next_label, str(next_label)),
        claim=handover_claim(plan.subject, plan.t, "h"),
    )
    x, edge = plan.h_arrival() + 12, plan.bus_x
    if words.width(statement.text, words.SMALL) > edge - x:
        return []
    lines, _ = words.paragraph(
        edge, plan.table.level - 20, statement, edge - x, size=words.SMALL, anchor="end"
    )
    return [Piece("show", [lines])]


def _next_step(plan: Plan) -> Sentence:
    """Return the note on where c and h go."""
    subject, t = plan.subject, plan.t
    next_label = subject.step_number(t + 1)
    return sentence(
        "c stays in its unit and is its c_prev of step {}; h goes on to "
        "the gates of all units, as h_prev.",
        (next_label, str(next_label)),
        claim=f"{handover_claim(subject, t, 'h')} and {handover_claim(subject, t, 'c')}",
    )


def _colours(plan: Plan) -> list[Sentence]:
    """Return the note on the colours of weights or products."""
    if not plan.blocks:
        return []
    vectors = [b.vector for b in plan.blocks if b.meets_vector]
    if not vectors:
        return [sentence("Blue is positive, red is negative.")]
    step = plan.subject.steps[plan.t]
    zeros = [name for name in vectors if not np.all(getattr(step, name)[0])]
    if plan.table.is_map or not zeros:
        return [sentence("Blue weights are positive, red ones negative.")]
    return [
        sentence(
            "Blue weights are positive, red ones negative; pale ones meet a zero and add nothing.",
            claim=" or ".join(f"not {name}[{plan.t}, 0].all()" for name in zeros),
        )
    ]


def _units_notes(plan: Plan) -> list[Sentence]:
    """Return the note on which units are drawn, if not all are."""
    units, size = plan.units, plan.subject.weights.hidden_size
    size_value = (size, "c.shape[-1]")
    if not plan.table.is_map:
        count_value = (len(units), str(len(units)))
        if len(units) == size:
            return []
        return [sentence("{} of {} units are drawn.", count_value, size_value)]
    if len(units) == 1:
        unit_value = (units[0], str(units[0]))
        return [sentence("The rows of unit {}, of {}, are outlined.", unit_value, size_value)]
    *some, last = map(str, units)
    units_value = (f"{', '.join(some)} and {last}", str(units))
    return [sentence("The rows of units {}, of {}, are outlined.", units_value, size_value)]


def head(plan: Plan, focus: Focus, choice: Choice | None) -> Head:
    """Return the texts above and below the drawing."""
    subject, label = plan.subject, plan.subject.step_number(plan.t)
    notes = [
        sentence(
            "Dashed is what there is, filled what the gate lets through; a "
            "write begins where the keep ended."
        )
    ]
    if plan.has_next_step:
        notes.append(_next_step(plan))
    notes += [*_colours(plan), *_units_notes(plan)]
    if choice:
        notes.append(choice.note)
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


def description(plan: Plan) -> str:
    """Return the alternative text: the step unit by unit, then row by row."""
    subject, t = plan.subject, plan.t
    sentences = [f"Step {subject.step_number(t)}."]
    for unit in plan.units:
        value = {
            name: text(subject.vector(name, t)[unit].value)
            for name in ("c_prev", "i", "f", "g", "o", "c", "tanh_c")
        }
        h = text(subject.product("o", "tanh_c", t)[unit].value)
        sentences.append(
            f"Unit {unit} keeps {value['f']} of {value['c_prev']} and writes "
            f"{value['i']} of {value['g']}, so c becomes {value['c']}; it "
            f"shows {value['o']} of {value['tanh_c']}, which is {h}."
        )
    sentences += [
        f"{block.vector} is {number_list(subject.vector(block.vector, t))}."
        for block in plan.blocks
        if block.meets_vector
    ]
    for gate, unit in plan.layout.gate_unit_pairs if plan.blocks else ():
        row = ", ".join(
            f"{block.name} "
            + number_list(block.numbers[gate, unit, k] for k in range(block.length))
            for block in plan.blocks
        )
        z = text(subject.vector(f"z_{gate}", t)[unit].value)
        sentences.append(
            f"Gate {gate} of unit {unit}, row {plan.layout.row(gate, unit)}: {row}; the sum is {z}."
        )
    return " ".join(sentences)
