"""Faults of `keep-write-show`."""

from dataclasses import replace

from lstm_figs.figures import keep_write_show as step_module
from lstm_figs.layout import words
from lstm_figs.layout.motifs import curves, gauges, rows
from lstm_figs.proof.bindings import sentence
from tests.binding.breaking import (
    Fault,
    cells_at_other_places,
    labelled,
    other_bands,
    row_is_one_more,
    row_says_one_more,
    row_stands_one_off,
    wrapped,
)


def passes_one_less(gauge, one, y, scale):
    """What the gate keeps back."""
    return gauge(
        one._replace(passed=one.start + one.there - one.passed), y, scale
    )


def passes_one_less_said(gauge, one, y, scale):
    """The same, and proven, of what is kept."""
    if one.id.startswith("keep"):
        one = one._replace(
            passed=one.there - one.passed,
            passed_of=f"{one.there_of} - {one.passed_of}",
        )
    return gauge(one, y, scale)


def gauge_hues_exchanged(gauge, one, y, scale):
    paint = {"gate-f": "gate-o", "gate-o": "gate-f"}.get(one.paint, one.paint)
    return gauge(one._replace(paint=paint), y, scale)


def write_begins_at_zero(gauge, one, y, scale):
    if one.id.startswith("write"):
        by = one.start
        one = one._replace(
            start=0.0, there=one.there - by, passed=one.passed - by
        )
    return gauge(one, y, scale)


def point_of_another(curve, x, y, z, gate, paint, **more):
    """The point of a sum that is larger by 1."""
    return curve(x, y, replace(z, value=z.value + 1), gate, paint, **more)


def point_of_the_other_function(curve, x, y, z, gate, paint, *, tanh, **more):
    return curve(x, y, z, gate, paint, tanh=not tanh, **more)


def on_to_the_step_after_next(on, subject, t):
    """It says one step more, and claims what is true of the next."""
    said = on(subject, t)
    later = sentence(said.text.replace(str(t + 2), "{}"), (t + 3, str(t + 3)))
    return later._replace(says=later.says._replace(claim=said.says.claim))


def states_of_another_step(on, subject, t):
    said = on(subject, t)
    claim = said.says.claim.replace(f"[{t}", f"[{t - 1}")
    return said._replace(says=said.says._replace(claim=claim))


def link_the_other_way(link, start, stop, tail, head, **turn):
    return link(stop, start, head, tail, **turn)


FAULTS = {
    "a row's text off by one": Fault(
        ["keep-write-show"], labelled(row_says_one_more), "says \\["
    ),
    "a row's text and names off by one": Fault(
        ["keep-write-show"], labelled(row_is_one_more), "has row="
    ),
    "a row off by one with what it names": Fault(
        ["keep-write-show"],
        wrapped(words, "label", row_stands_one_off),
        "not on the line of",
    ),
    "rows in another order of gates": Fault(
        ["keep-write-show"],
        wrapped(rows.Rows, "row", other_bands),
        "has gate=[fg]",
    ),
    "rows of two units exchanged": Fault(
        ["keep-write-show"],
        wrapped(rows, "cells", cells_at_other_places),
        "not on the line",
    ),
    "a gauge as full as 1 - f": Fault(
        ["keep-write-show"],
        wrapped(gauges, "gauge", passes_one_less),
        "reaches from",
    ),
    "a gauge as full as 1 - f, and proven": Fault(
        ["keep-write-show"],
        wrapped(gauges, "gauge", passes_one_less_said),
        "no quantity",
    ),
    "the hues of two gauges exchanged": Fault(
        ["keep-write-show"],
        wrapped(gauges, "gauge", gauge_hues_exchanged),
        "has the hue",
    ),
    "a write that begins at 0": Fault(
        ["keep-write-show"],
        wrapped(gauges, "gauge", write_begins_at_zero),
        "reaches from",
    ),
    "a point at another sum": Fault(
        ["keep-write-show"],
        wrapped(curves, "curve", point_of_another),
        "is at .*, and",
    ),
    "a point on the other function": Fault(
        ["keep-write-show"],
        wrapped(curves, "curve", point_of_the_other_function),
        "on the curve",
    ),
    "states that go on to the step after next": Fault(
        ["keep-write-show"],
        wrapped(step_module, "_on", on_to_the_step_after_next),
        "which is nothing that it shows",
    ),
    "states of another step that go on": Fault(
        ["keep-write-show"],
        wrapped(step_module, "_on", states_of_another_step),
        "which is False",
    ),
    "a link the other way": Fault(
        ["keep-write-show"],
        wrapped(gauges, "link", link_the_other_way),
        "does not follow",
    ),
}


HEARD = {
    "keep-write-show": {
        "another number": ("keeps 0.37", "keeps 0.38"),
        "two gates exchanged": ("writes 0.29 of 0.82", "writes 0.82 of 0.29"),
        "another row": ("row 5:", "row 6:"),
        "another gate": ("Gate f of unit 1", "Gate g of unit 1"),
        "another word": ("keeps", "loses"),
        "a number less": ("x is 0, 1, 0", "x is 0, 1"),
    },
}
