"""Deliberate faults of `layers`, which its tests must find."""

from lstm_figs.figures import layers
from tests.binding.breaking import Fault, wrapped


def read_by_the_next(reads, subject, layer):
    return reads(subject, layer + 1)


FAULTS = {
    "another layer in a sentence": Fault(
        ["layers"],
        wrapped(layers, "_reads", read_by_the_next),
        "says . for ., which the figure does not show",
    )
}


DESCRIPTION_FAULTS = {
    "layers": {
        "another number": ("step 2 −0.23", "step 2 −0.24"),
        "another input": ("step 2 reads 0, 1", "step 2 reads 1, 0"),
        "another layer": ("Layer 1: step", "Layer 0: step"),
        "another product": ("or −0.24", "or −0.25"),
    }
}
