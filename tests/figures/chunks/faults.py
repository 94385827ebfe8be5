"""Deliberate faults of `chunks`, which its tests must find."""

from lstm_figs.figures import chunks
from lstm_figs.layout import words
from tests.binding.breaking import Fault, exchanged, labelled_by_key, wrapped


def names_the_second_bar(label, x, y, content, names, of, *rest, **more):
    if names.get("tensor") == "h_0,c_0":
        of = [bar._replace(id=bar.id.replace("-0-bar", "-1-bar")) for bar in of]
    return label(x, y, content, names, of, *rest, **more)


def norm_of_the_next(norm, both, of, stopped):
    """Draw the norm of a different step, but keep the proof."""
    value, scale = both
    return norm((value + 1, scale), of, stopped)


FAULTS = {
    "the ways of a gradient exchanged": Fault(
        ["chunks"],
        labelled_by_key("tensor", exchanged("tensor", "handed", "detached")),
        "has tensor=",
    ),
    "a first state under a step": Fault(
        ["chunks"], wrapped(words, "label", names_the_second_bar), "has tensor="
    ),
    "a bar of another step": Fault(
        ["chunks"], wrapped(chunks, "_norm", norm_of_the_next), "reaches from"
    ),
}


DESCRIPTION_FAULTS = {
    "chunks": {
        "another number": ("step 2 0.12", "step 2 0.13"),
        "another step": ("step 2 0.12", "step 3 0.12"),
        "the other way": ("is detached:", "is handed on:"),
    }
}
