"""Deliberate faults of `keep-write-show`, which its tests must find."""

from dataclasses import replace

from lstm_figs.figures.keep_write_show import gates, panels, table, texts
from lstm_figs.layout import words
from lstm_figs.layout.motifs import curves, gauges, weight_rows
from lstm_figs.proof.bindings import Flow, sentence
from lstm_figs.scene.marks import shift
from tests.binding.breaking import (
    RECORDED,
    Fault,
    labelled,
    reordered_bands,
    reversed_cells,
    row_and_name_one_more,
    row_one_place_off,
    row_text_one_more,
    wrapped,
)


def passes_one_less(draw_gauge, gauge, y, scale, **more):
    """Draw what the gate holds back instead of what it passes."""
    passed = gauge.start + gauge.available - gauge.passed
    return draw_gauge(gauge._replace(passed=passed), y, scale, **more)


def passes_one_less_proven(draw_gauge, gauge, y, scale, **more):
    """The same for the kept part, in the proof too."""
    if gauge.id.startswith("keep"):
        gauge = gauge._replace(
            passed=gauge.available - gauge.passed,
            passed_expr=f"{gauge.available_expr} - {gauge.passed_expr}",
        )
    return draw_gauge(gauge, y, scale, **more)


def gauge_hues_exchanged(draw_gauge, gauge, y, scale, **more):
    paint = {"gate-f": "gate-o", "gate-o": "gate-f"}.get(gauge.paint, gauge.paint)
    return draw_gauge(gauge._replace(paint=paint), y, scale, **more)


def write_begins_at_zero(draw_gauge, gauge, y, scale, **more):
    if gauge.id.startswith("write"):
        by = gauge.start
        gauge = gauge._replace(start=0.0, available=gauge.available - by, passed=gauge.passed - by)
    return draw_gauge(gauge, y, scale, **more)


def point_of_another(curve, x, y, z, gate, paint, **more):
    """The point of a pre-activation that is larger by 1."""
    return curve(x, y, replace(z, value=z.value + 1), gate, paint, **more)


def point_of_the_other_function(curve, x, y, z, gate, paint, *, tanh, **more):
    return curve(x, y, z, gate, paint, tanh=not tanh, **more)


def on_to_the_step_after_next(goes_on, plan):
    """Name the step after next, but keep the claim about the next."""
    statement, t = goes_on(plan), plan.t
    later = sentence(statement.text.replace(f"step {t + 2}", "step {}"), (t + 3, str(t + 3)))
    return later._replace(says=later.says._replace(claim=statement.says.claim))


def states_of_another_step(same, subject, t, name):
    return same(subject, t, name).replace(f"[{t}", f"[{t - 1}")


def axis_of_its_own(draw_panel, panel):
    """One unit has a shorter scale."""
    shorter = panel.scale._replace(high=panel.scale.high + panel.unit)
    return draw_panel(panel._replace(scale=shorter))


OTHER_GATE = {"i": "f", "f": "i", "g": "o", "o": "g"}


def to_another_use(ribbon, t, gate, unit, start, panel):
    """Draw and bind a ribbon to the words of another gate."""
    own_ribbon = ribbon(t, gate, unit, start, panel)
    other = ribbon(t, OTHER_GATE[gate], unit, start, panel)
    return own_ribbon._replace(
        marks=[
            *other.marks[:1],
            thread_from(other.marks[1]._replace(stroke=own_ribbon.marks[1].stroke), gate, t, unit),
        ]
    )


def thread_from(thread, gate, t, unit):
    (flow,) = thread.bound
    return thread._replace(bound=(flow._replace(tail=f"{gate}-{t}-{unit}-cell"),))


def drawn_to_another_use(ribbon, t, gate, unit, start, panel):
    """Bind a ribbon as it should be, but draw it to another gate."""
    own_ribbon = ribbon(t, gate, unit, start, panel)
    other = ribbon(t, OTHER_GATE[gate], unit, start, panel)
    return own_ribbon._replace(
        marks=[
            mark._replace(d=there.d)
            for mark, there in zip(own_ribbon.marks, other.marks, strict=True)
        ]
    )


def from_another_row(ribbon, t, gate, unit, start, panel):
    x, y = start
    return ribbon(t, gate, unit, (x, y + 34), panel)


def to_another_unit(ribbon, t, gate, unit, start, panel):
    return ribbon(t, gate, 1 - unit, start, panel)


def without_ribbon(ribbon, t, gate, unit, start, panel):
    piece = ribbon(t, gate, unit, start, panel)
    return piece._replace(marks=[]) if gate == "f" else piece


def bound_otherwise(**ends):
    """A return with the right line, but with a different end in its binding."""

    def rebound_returns(leads_on, panel, bus):
        def moved(mark):
            flow = next((b for b in mark.bound if isinstance(b, Flow)), None)
            if flow is None or not flow.tail.startswith(ends["of"]):
                return mark
            ids = {
                key: id.format(t=panel.t, unit=panel.unit, other=1 - panel.unit)
                for key, id in ends.items()
                if key != "of"
            }
            return mark._replace(bound=(flow._replace(**ids),))

        return [
            piece._replace(marks=[moved(mark) for mark in piece.marks])
            for piece in leads_on(panel, bus)
        ]

    return rebound_returns


def returns_changed(change):
    """Change the returns of c and h, but not the words."""

    def changed_returns(leads_on, panel, bus):
        return [
            piece._replace(
                marks=[
                    change(mark) if any(isinstance(b, Flow) for b in mark.bound) else mark
                    for mark in piece.marks
                ]
            )
            for piece in leads_on(panel, bus)
        ]

    return changed_returns


def without_head(mark):
    return mark._replace(marks=mark.marks[:1])


def head_first(mark):
    """Put the arrow head at the start of its line."""
    line, head = mark.marks
    (x, y), (tip_x, tip_y) = line.d[0][1], head.d[0][1]
    return mark._replace(marks=(line, shift(head, x - tip_x, y - tip_y)))


def begun_below(mark):
    line, head = mark.marks
    return mark._replace(marks=(shift(line, 0, 60), head))


def without_return(leads_on, panel, bus):
    return leads_on(panel, bus) if panel.unit else []


def to_the_next_column(meets, x, bottom, tail, head):
    parts = head.split("-")
    if parts[2] == "0":
        head = "-".join([*parts[:2], "1", *parts[3:]])
    return meets(x, bottom, tail, head)


def a_vector_for_another(meets, x, bottom, tail, head):
    swap = {"weight_ih-0-0-cell": "weight_hh-0-0-cell"}
    return meets(x, bottom, tail, swap.get(head, head))


def link_the_other_way(link, start, stop, tail, head, **turn):
    return link(stop, start, head, tail, **turn)


FAULTS = {
    "a row's text off by one": Fault(["keep-write-show"], labelled(row_text_one_more), "says \\["),
    "a row's text and names off by one": Fault(
        ["keep-write-show"], labelled(row_and_name_one_more), "has row="
    ),
    "a row off by one with what it names": Fault(
        ["keep-write-show"], wrapped(words, "label", row_one_place_off), "not on the line of"
    ),
    "rows in another order of gates": Fault(
        ["keep-write-show"], wrapped(weight_rows.Rows, "row", reordered_bands), "has gate=[fg]"
    ),
    "rows of two units exchanged": Fault(
        ["keep-write-show"], wrapped(weight_rows, "cells", reversed_cells), "not on the line"
    ),
    "a gauge as full as 1 - f": Fault(
        ["keep-write-show"], wrapped(gauges, "gauge_marks", passes_one_less), "reaches from"
    ),
    "a gauge as full as 1 - f, and proven": Fault(
        ["keep-write-show"], wrapped(gauges, "gauge_marks", passes_one_less_proven), "no quantity"
    ),
    "the hues of two gauges exchanged": Fault(
        ["keep-write-show"], wrapped(gauges, "gauge_marks", gauge_hues_exchanged), "has the hue"
    ),
    "a write that begins at 0": Fault(
        ["keep-write-show"], wrapped(gauges, "gauge_marks", write_begins_at_zero), "reaches from"
    ),
    "a point at another sum": Fault(
        ["keep-write-show"], wrapped(curves, "activation_curve", point_of_another), "is at .*, but"
    ),
    "a point on the other function": Fault(
        ["keep-write-show"],
        wrapped(curves, "activation_curve", point_of_the_other_function),
        "on the curve",
    ),
    "states that go on to the step after next": Fault(
        ["keep-write-show"],
        wrapped(texts, "_next_step", on_to_the_step_after_next),
        "which the figure does not show",
    ),
    "states of another step that go on": Fault(
        ["keep-write-show"],
        wrapped(texts, "handover_claim", states_of_another_step),
        "which is False",
    ),
    "a unit with a scale of its own": Fault(
        ["keep-write-show"], wrapped(panels.Panel, "pieces", axis_of_its_own), "draws 1.0 as"
    ),
    "a ribbon that says it leads to another use": Fault(
        ["keep-write-show"],
        wrapped(gates, "ribbon", to_another_use),
        "points to a mark that the label does not name",
    ),
    "a ribbon that is drawn to another use": Fault(
        ["keep-write-show"],
        wrapped(gates, "ribbon", drawn_to_another_use),
        "the arrow points .* ends",
    ),
    "a ribbon from another row": Fault(
        ["keep-write-show"], wrapped(gates, "ribbon", from_another_row), "the arrow points .* ends"
    ),
    "a ribbon to another unit": Fault(
        ["keep-write-show"], wrapped(gates, "ribbon", to_another_unit), "the arrow points .* ends"
    ),
    "no ribbon from a gate": Fault(
        ["keep-write-show"], wrapped(gates, "ribbon", without_ribbon), "is not on the line of f-"
    ),
    "c that returns to the other unit": Fault(
        ["keep-write-show"],
        wrapped(panels.Panel, "handover", bound_otherwise(of="c", head="of-c_prev-{t}-{other}")),
        "joins different steps or units|ends",
    ),
    "c that returns to tanh c": Fault(
        ["keep-write-show"],
        wrapped(panels.Panel, "handover", bound_otherwise(of="c", head="of-tanh_c-{t}-{unit}")),
        "joins no state|ends",
    ),
    "a return of c that begins at h": Fault(
        ["keep-write-show"],
        wrapped(panels.Panel, "handover", bound_otherwise(of="c", tail="h-{t}-{unit}")),
        "ends|joins no state",
    ),
    "h that returns to one element": Fault(
        ["keep-write-show"],
        wrapped(panels.Panel, "handover", bound_otherwise(of="h", head="h_prev-{t}-1")),
        "leads to 1 of 2|ends",
    ),
    "h that returns to x": Fault(
        ["keep-write-show"],
        wrapped(panels.Panel, "handover", bound_otherwise(of="h", head="x-{t}")),
        "ends|joins no state",
    ),
    "returns without heads": Fault(
        ["keep-write-show"],
        wrapped(panels.Panel, "handover", returns_changed(without_head)),
        RECORDED,
    ),
    "returns with their heads where they begin": Fault(
        ["keep-write-show"],
        wrapped(panels.Panel, "handover", returns_changed(head_first)),
        RECORDED,
    ),
    "returns that begin elsewhere": Fault(
        ["keep-write-show"],
        wrapped(panels.Panel, "handover", returns_changed(begun_below)),
        "the arrow returns .* ends",
    ),
    "a unit without returns": Fault(
        ["keep-write-show"],
        wrapped(panels.Panel, "handover", without_return),
        "no arrow shows where c-",
    ),
    "a vector that meets the next column": Fault(
        ["keep-write-show"],
        wrapped(table, "_arrow_to_rows", to_the_next_column),
        "leads to the wrong column|ends",
    ),
    "a vector that meets the weights of another": Fault(
        ["keep-write-show"],
        wrapped(table, "_arrow_to_rows", a_vector_for_another),
        "leads to weights that do not multiply|ends",
    ),
    "a link the other way": Fault(
        ["keep-write-show"], wrapped(gauges, "link", link_the_other_way), "is not computed from"
    ),
}


DESCRIPTION_FAULTS = {
    "keep-write-show": {
        "another number": ("keeps 0.37", "keeps 0.38"),
        "two gates exchanged": ("writes 0.29 of 0.82", "writes 0.82 of 0.29"),
        "another row": ("row 5:", "row 6:"),
        "another gate": ("Gate f of unit 1", "Gate g of unit 1"),
        "another word": ("keeps", "loses"),
        "a number less": ("x is 0, 1, 0", "x is 0, 1"),
    }
}
