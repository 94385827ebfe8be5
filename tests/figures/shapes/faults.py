"""Deliberate faults of `shapes`, which its tests must find."""

from lstm_figs.figures import shapes
from lstm_figs.sources import Source
from tests.binding.breaking import Change, Fault, exchanged, labelled_by_key, wrapped


class Turned:
    """A stack with its layers and directions in reverse order."""

    def __init__(self, stack):
        self.stack = stack

    def __getattr__(self, name):
        return getattr(self.stack, name)

    def y(self, index):
        return self.stack.y(max(self.stack.indices()) - index)


def c_n_from_below(column, stack, returned, *place):
    """Put the rows of c_n next to the states of other layers."""
    return column(Turned(stack) if returned.name == "c_n" else stack, returned, *place)


FAULTS = {
    "two states exchanged": Fault(
        ["shapes"], labelled_by_key("tensor", exchanged("tensor", "h_n", "c_n")), "has tensor="
    ),
    "c_n in the other order": Fault(
        ["shapes"], wrapped(shapes, "_column", c_n_from_below), "is on the line of"
    ),
}


CHANGES = {
    "no dots where steps are left out": Change(
        "shapes",
        "<text[^>]*>…</text>",
        "",
        "has no dots on it",
        source=Source(input_size=3, hidden_size=2, seq_len=6),
    )
}


DESCRIPTION_FAULTS = {
    "shapes": {
        "another number": ("step 1 −0.12", "step 1 −0.13"),
        "another layer": ("Layer 1 forward", "Layer 0 forward"),
        "the other direction": ("Layer 1 forward", "Layer 1 reverse"),
        "another shape": ("h_n has the shape (4", "h_n has the shape (3"),
        "another row": ("h_n[2] is", "h_n[3] is"),
        "another count": ("2 layers", "3 layers"),
    }
}
