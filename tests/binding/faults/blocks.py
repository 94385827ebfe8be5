"""Faults of whole modules and of axes."""

import re

from lstm_figs.layout import blocks
from lstm_figs.layout.blocks import Chip
from lstm_figs.layout.motifs import layer_stack
from tests.binding.breaking import (
    Fault,
    exchanged,
    labelled_by_key,
    one_more,
    wrapped,
    wrapped_everywhere,
)


def of_the_next(draw, self, x, y, values, of, **more):
    """Bind a vector to the expression of the next one."""
    return draw(self, x, y, values, re.sub(r"\[0, 0", "[1, 0", str(of)), **more)


def flows_back(flowing, *points, tail, head, **more):
    return flowing(*points, tail=head, head=tail, **more)


def flows_back_in_place(flowing, *points, tail, head, **more):
    return flowing(*points[::-1], tail=head, head=tail, **more)


def other_sign(sign, x, y, *, right):
    """Draw a cross for a tick, and a tick for a cross."""
    return sign(x, y, right=not right)


STATES = ("shapes", "directions", "layers")
AXES = ("shapes", "batch-first", "error")

FAULTS = {
    "ticks and crosses exchanged": Fault(
        ("directions", "error", "padding", "wrong-way"),
        wrapped_everywhere(blocks, "verdict_sign", other_sign),
        "is not in templates.txt",
    ),
    "another layer": Fault(
        ("shapes", "layers"), labelled_by_key("layer", one_more("layer")), "has layer="
    ),
    "the other direction": Fault(
        ("shapes", "directions", "padding"),
        labelled_by_key("direction", exchanged("direction", "forward", "reverse")),
        "has direction=",
    ),
    "another row of a state": Fault(
        ("shapes", "directions"), labelled_by_key("row", one_more("row")), "has row="
    ),
    "two axes exchanged": Fault(
        AXES,
        labelled_by_key("axis", lambda text, names: (text, {"axis": "input"})),
        "has axis=input",
    ),
    "an axis in another word": Fault(
        AXES, labelled_by_key("axis", lambda _, names: ("features", names)), "does not say axis"
    ),
    "a vector at another step": Fault(
        STATES, wrapped(Chip, "draw", of_the_next), "has step=|copies"
    ),
    "an arrow that is said the other way": Fault(
        STATES, wrapped_everywhere(layer_stack, "flow_arrow", flows_back), "arrow order .* ends"
    ),
    "an arrow the other way": Fault(
        STATES,
        wrapped_everywhere(layer_stack, "flow_arrow", flows_back_in_place),
        "is not computed from",
    ),
    "a step under another number": Fault(
        ("chunks", "padding"), labelled_by_key("step", one_more("step")), "has step="
    ),
}
