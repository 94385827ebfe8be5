"""Deliberate faults of `gru`, which its tests must find."""

from lstm_figs.figures import gru
from tests.binding.breaking import Fault, labelled, wrapped

FORMS = ("gru",)


def resets_the_sum_of_z(flow, kind, tail, head):
    """The wire of r starts at the gate next to it."""
    return flow(kind, tail.replace("-r-", "-z-"), head)


def bands_exchanged(content, names):
    """Swap the letters of r and z, and what they name."""
    other = {"r reset": "z keep", "z keep": "r reset"}
    if content in other:
        return other[content], {**names, "tensor": other[content][0]}


def names_a_gate_of_an_lstm(content, names):
    """Name the write of a GRU i."""
    if content == "1−z":
        return "i", names


def resets_the_input(reset, half, right, y):
    """Apply r to the terms of x."""
    return reset(half, half.places.x, y)


FAULTS = {
    "r from another gate": Fault(FORMS, wrapped(gru, "Flow", resets_the_sum_of_z), "copies"),
    "bands of a GRU exchanged": Fault(FORMS, labelled(bands_exchanged), "has tensor="),
    "a GRU that writes by i": Fault(FORMS, labelled(names_a_gate_of_an_lstm), "says"),
    "r times what comes from x": Fault(
        FORMS, wrapped(gru._GruHalf, "reset", resets_the_input), "but is not a factor of it"
    ),
}

DESCRIPTION_FAULTS = {
    "gru": {
        "another part": ("writes 0.63 of n", "writes 0.37 of n"),
        "another band": ("GRU, r of row 0", "GRU, r of row 1"),
        "another state": ("h is 0.53", "h is 0.54"),
    }
}
