"""Faults of words: misplaced or missing ones."""

from lstm_figs.figures.dispatch import call_table
from lstm_figs.figures.packed.grids import _Grids
from lstm_figs.layout import excerpts
from lstm_figs.sources import Source
from tests.binding.breaking import (
    Change,
    Fault,
    labelled,
    patched_sentences,
    wrapped,
    wrapped_everywhere,
)

ROWS = {
    "join the results": "the first state of a layer",
    "the first state of a layer": "join the results",
}


def rows_exchanged(sentence, template, *values, **more):
    """Exchange the rows of two operators."""
    return sentence(ROWS.get(template, template), *values, **more)


def counts_exchanged(heading, self, x, y, title, updates):
    """Exchange the numbers of cell runs with and without packing."""
    other = next(u for u in self.packing.updates if u.expr != updates.expr)
    return heading(self, x, y, title, other)


def always_true(sentence, template, *values, claim=""):
    return sentence(template, *values, claim=claim.replace("> 0", ">= 0"))


def element_of_c(content, names):
    """Label an element of h as one of c."""
    if content.startswith("h["):
        return content.replace("h", "c"), names


def longer_name(content, names):
    """Use a longer name that contains the right one."""
    if content == "h":
        return "h_prev", names


MANY = Source(8, 9)

FAULTS = {
    "two operators, each with the words of the other": Fault(
        ("dispatch",),
        wrapped(call_table, "sentence", rows_exchanged),
        "is not in templates.txt",
        widths=(720,),
    ),
    "two counts, each at the other's title": Fault(
        ("packed",), wrapped(_Grids, "_heading", counts_exchanged), "is not in templates.txt"
    ),
    "units that are left out without a word": Fault(
        ("cell", "data-flow", "unrolled"),
        wrapped_everywhere(excerpts, "left_out_notes", lambda right, *parts: ()),
        "along unit, and no sentence says so",
        widths=(720, 360),
        source=MANY,
    ),
    "a claim that is true of every LSTM": Fault(
        ("projection",), patched_sentences(always_true), "true whatever the tensors are"
    ),
    "an element of h called one of c": Fault(
        ("cell-input unit=0",), labelled(element_of_c), "calls elements of", widths=(720,)
    ),
    "a name that is a part of another": Fault(
        ("unrolled", "batch"), labelled(longer_name), "which its data-names do not explain"
    ),
}

CHANGES = {
    "a description without c": Change("unrolled", r"; c is [^;]*;", ";", "leaves out c-", count=0),
    "peepholes without dashes": Change(
        "custom-cell", r' stroke-dasharray="[^"]*"', "", "'Dashed lines are peepholes'", count=0
    ),
}
