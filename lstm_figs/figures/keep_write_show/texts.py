"""The texts of the figure: title, lead, notes, the words beside h, and alternative text."""

import numpy as np

from ...layout import words
from ...layout.motifs.population import Choice
from ...layout.number_lists import number_list
from ...layout.provenance import provenance, source
from ...model.layer_run import LayerRun
from ...proof.bindings import Sentence, sentence
from ...proof.digits import text
from ...scene.scenes import Head
from . import table
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


def h_path_words(subject: LayerRun, t: int, plan: Plan) -> list[Piece]:
    """Print where h goes beside its line, if the words fit."""
    next_label = subject.step_number(t + 1)
    statement = sentence(
        "h is h_prev of step {}: it goes to every row",
        (next_label, str(next_label)),
        claim=handover_claim(subject, t, "h"),
    )
    x, edge = plan.h_arrival() + 12, plan.bus_x
    if words.width(statement.text, words.SMALL) > edge - x:
        return []
    lines, _ = words.paragraph(
        edge, table.level(plan.layout) - 20, statement, edge - x, size=words.SMALL, anchor="end"
    )
    return [Piece("show", [lines])]


def _next_step(subject: LayerRun, t: int, plan: Plan) -> Sentence:
    """Return the note on where c and h go."""
    next_label = subject.step_number(t + 1)
    return sentence(
        "c stays in its unit and is its c_prev of step {}; h goes on to "
        "the gates of all units, as h_prev.",
        (next_label, str(next_label)),
        claim=f"{handover_claim(subject, t, 'h')} and {handover_claim(subject, t, 'c')}",
    )


def _colours(subject: LayerRun, t: int, plan: Plan) -> list[Sentence]:
    """Return the note on the colours of weights or products."""
    if not plan.blocks:
        return []
    vectors = [b.vector for b in plan.blocks if b.vector and b.is_weight]
    if not vectors:
        return [sentence("Blue is positive, red is negative.")]
    is_map = any(b.is_map for b in plan.blocks)
    zeros = [n for n in vectors if not is_map and not np.all(getattr(subject.steps[t], n)[0])]
    if not zeros:
        return [sentence("Blue weights are positive, red ones negative.")]
    return [
        sentence(
            "Blue weights are positive, red ones negative; pale ones meet a zero and add nothing.",
            claim=" or ".join(f"not {n}[{t}, 0].all()" for n in zeros),
        )
    ]


def head(
    subject: LayerRun,
    t: int,
    plan: Plan,
    focus: Focus,
    choice: Choice | None,
    *,
    has_next_step: bool,
) -> Head:
    """Return the texts above and below the drawing."""
    size, label = subject.weights.hidden_size, subject.step_number(t)
    notes = [
        sentence(
            "Dashed is what there is, filled what the gate lets through; a "
            "write begins where the keep ended."
        )
    ]
    if has_next_step:
        notes.append(_next_step(subject, t, plan))
    notes += _colours(subject, t, plan)
    if any(b.is_map for b in plan.blocks):
        *some, last = map(str, plan.units)
        unit_names = f"{', '.join(some)} and {last}" if some else last
        notes.append(
            sentence(
                "The rows of units {}, of {}, are outlined."
                if some
                else "The rows of unit {}, of {}, are outlined.",
                (unit_names, str(plan.units if some else plan.units[0])),
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


def description(subject: LayerRun, t: int, plan: Plan) -> str:
    """Return the alternative text: the step unit by unit, then row by row."""
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
        if block.vector and block.is_weight
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
