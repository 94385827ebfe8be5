"""Faults of `shapes`."""

from tests.binding.breaking import Fault, exchanged, named

FAULTS = {
    "two states exchanged": Fault(
        ["shapes"],
        named("tensor", exchanged("tensor", "h_n", "c_n")),
        "has tensor=",
    ),
}


HEARD = {
    "shapes": {
        "another number": ("step 1 −0.12", "step 1 −0.13"),
        "another layer": ("Layer 1 forward", "Layer 0 forward"),
        "the other direction": ("Layer 1 forward", "Layer 1 reverse"),
        "another shape": ("h_n has the shape (4", "h_n has the shape (3"),
        "another row": ("h_n[2] is", "h_n[3] is"),
        "another count": ("2 layers", "3 layers"),
    },
}
