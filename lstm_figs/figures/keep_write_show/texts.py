"""The texts of the figure: title, lead, notes, the words beside h, and alternative text."""

import numpy as np

from ...layout import words
from ...layout.motifs.population import Choice
from ...layout.number_lists import number_list
from ...layout.provenance import provenance, source
from ...model.origin import Statement, joined_statements
from ...proof.bindings import Sentence, sentence, sentence_of
from ...proof.digits import text
from ...scene.scenes import Head
from . import titles
from .panels import handover_claim
from .pieces import Focus, Piece
from .plan import Plan

DASH_NOTE = "Dashed parts are not let through."
"""The meaning of the gauges, if the drawing does not name it."""
PATH_GAP, PATH_RISE = 12.0, 20.0
"""The gap between the head of the arrow of h and its words, and their top above the line."""
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
    left, right = plan.h_arrival() + PATH_GAP, plan.bus_x
    if words.width(statement.text, words.SMALL) > right - left:
        return []
    top = plan.table.level - PATH_RISE
    lines, _ = words.paragraph(right, top, statement, right - left, size=words.SMALL, anchor="end")
    return [Piece("show", [lines])]


def _colours(plan: Plan) -> Statement | None:
    """Return what the colours of weights or products mean."""
    if not plan.blocks:
        return None
    vectors = [block.vector for block in plan.blocks if block.meets_vector]
    if not vectors:
        # Products and biases.
        return Statement("Blue is positive, red is negative.")
    step = plan.subject.steps[plan.t]
    with_zeros = [name for name in vectors if not np.all(getattr(step, name)[0])]
    if plan.table.is_map or not with_zeros:
        return Statement("Blue weights are positive, red ones negative.")
    return Statement(
        "Blue weights are positive, red negative; pale ones meet a zero.",
        claim=" or ".join(f"not {name}[{plan.t}, 0].all()" for name in with_zeros),
    )


def _drawn_units(plan: Plan) -> Statement | None:
    """Return which units are drawn, if not all are."""
    units, size = plan.units, plan.subject.weights.hidden_size
    size_value = (size, "c.shape[-1]")
    if not plan.table.is_map:
        if len(units) == size:
            return None
        count_value = (len(units), str(len(units)))
        return Statement("{} of {} units are drawn.", (count_value, size_value))
    if len(units) == 1:
        unit_value = (units[0], str(units[0]))
        return Statement("The rows of unit {}, of {}, are outlined.", (unit_value, size_value))
    *others, last = map(str, units)
    units_value = (f"{', '.join(others)} and {last}", str(units))
    return Statement("The rows of units {}, of {}, are outlined.", (units_value, size_value))


def _reading_notes(plan: Plan, *, needs_dash_note: bool) -> list[Sentence]:
    """Return how to read the drawing, in one note."""
    dash_note = Statement(DASH_NOTE) if needs_dash_note else None
    statements = [dash_note, _colours(plan), _drawn_units(plan)]
    note = joined_statements(statement for statement in statements if statement)
    return [sentence_of(note)] if note.template else []


def head(
    plan: Plan, focus: Focus, representatives: Choice | None, *, needs_dash_note: bool
) -> Head:
    """Return the texts above and below the drawing.

    Args:
        plan: The layout.
        focus: What stands out; a focus has no note on what is dashed.
        representatives: The few units that represent all; None if units are requested, all are
            drawn, or there is no basis to choose.
        needs_dash_note: Whether nothing in the drawing names what is dashed.
    """
    subject, label = plan.subject, plan.subject.step_number(plan.t)
    notes = _reading_notes(plan, needs_dash_note=needs_dash_note and focus == "all")
    if representatives:
        notes.append(representatives.note)
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
        titles.title(subject, plan.t, plan.units, focus),
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
        retained, addition, h = (
            text(subject.product(gate, operand, t)[unit].value)
            for gate, operand in (("f", "c_prev"), ("i", "g"), ("o", "tanh_c"))
        )
        sentences.append(
            f"Unit {unit} keeps {value['f']} of {value['c_prev']}, which is {retained}, and "
            f"writes {value['i']} of {value['g']}, which is {addition}, so c becomes "
            f"{value['c']}; it shows {value['o']} of {value['tanh_c']}, which is {h}."
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
