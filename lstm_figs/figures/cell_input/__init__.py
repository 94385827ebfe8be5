"""The figure `cell-input`."""

from ...layout.excerpts import dots_notes
from ...layout.margins import inner_width
from ...layout.provenance import provenance, source, step_items
from ...model.layer_run import LayerRun
from ...proof.bindings import Sentence, sentence
from ...scene.scenes import Diagram, Head
from . import addend_bars, products

NARROWEST_WIDE = 480
"""A narrower figure has the narrow form."""


def cell_input(
    subject: LayerRun, width: float, *, step: int = 2, unit: int | None = None
) -> Diagram:
    """The sums before the gates, and what each of them is made of.

    Args:
        subject: What is drawn.
        width: The width that the figure may use.
        step: The time step, counted from 1; the first if there is no other.
        unit: The unit whose products are written out up to its gates, counted
            from 0; by default the sums of all units are drawn.
    """
    t, narrow = subject.step_index(step), width < NARROWEST_WIDE
    unit_details: list[tuple[str, object, str]] = []
    if unit is None:
        body = addend_bars.body(subject, t, inner_width(width), narrow=narrow)
        title, lead = _heading_of_all(subject, has_bars=body.has_bars)
    else:
        subject.check("unit", unit, subject.weights.hidden_size)
        body = products.body(subject, t, unit, inner_width(width), narrow=narrow)
        title, lead = _heading_of_unit(unit, narrow=narrow)
        unit_details.append(("unit {}", unit, str(unit)))
    notes = [*body.notes, *(dots_notes(body.marks) if unit is None else ())]
    if subject.weights.bias_ih is None:
        claim = f"not {subject.module_variable}.bias"
        notes.append(sentence("The module has no bias.", claim=claim))
    return Diagram(
        Head(
            title,
            lead,
            provenance(subject, *step_items(subject, step), *unit_details),
            tuple(notes),
            source(subject),
        ),
        ". ".join(body.sentences) + ".",
        inner_width(width),
        body.height,
        tuple(body.marks),
        width,
    )


def _heading_of_all(subject: LayerRun, *, has_bars: bool) -> tuple[Sentence, Sentence]:
    more = "" if subject.weights.bias_ih is None else ", then both biases"
    lead = (
        "Each row is one sum. Its bars are what is added, one after the other: "
        f"first what x says, then what h_prev says{more}. The last is the sum "
        "z."
    )
    return (
        sentence("Every gate reads all of x and h_prev"),
        sentence(lead if has_bars else "Each row is one sum, which ends in z."),
    )


def _heading_of_unit(unit: int, *, narrow: bool) -> tuple[Sentence, Sentence]:
    return (
        sentence("Four sums, four gates: every product of unit {}", (unit, str(unit))),
        sentence(
            "The same x and h_prev meet four rows of weights. "
            + (
                "Each column of products and biases adds up to z."
                if narrow
                else "Below each weight is its product with the value at the "
                "top; a row of products and biases adds up to z."
            )
        ),
    )
