"""Deliberate faults of `custom-cell`, which its tests must find."""

from lstm_figs.figures import custom_cell
from lstm_figs.layout.motifs import wires
from tests.binding.breaking import EXCHANGED, Fault, labelled, wrapped
from tests.binding.faults.wires import bar_of_one_less

FORMS = ("custom-cell",)


def sees_the_other(flow, kind, tail, head):
    """A peephole from the state that the gate does not see."""
    if kind == "sees":
        tail = {"c-state": "c_prev-state", "c_prev-state": "c-state"}[tail]
    return flow(kind, tail, head)


def peepholes_exchanged(content, names):
    """Swap the letters of two gates, and what they name."""
    if "gate" in names and content in EXCHANGED:
        return EXCHANGED[content], {"gate": EXCHANGED[content]}


FAULTS = {
    "a peephole from another state": Fault(
        FORMS, wrapped(custom_cell, "Flow", sees_the_other), "ends|with the wrong state"
    ),
    "peepholes exchanged": Fault(FORMS, labelled(peepholes_exchanged), "has gate="),
    "bars of 1 - h": Fault(FORMS, wrapped(wires, "bar", bar_of_one_less), "reaches from"),
}


DESCRIPTION_FAULTS = {
    "custom-cell": {
        "another number": ("with peepholes −0.16", "with peepholes −0.17"),
        "another weight": ("are 0.50, 1.00", "are 1.00, 0.50"),
        "another unit": ("Unit 0", "Unit 1"),
    }
}
