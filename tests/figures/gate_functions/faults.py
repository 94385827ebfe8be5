"""Deliberate faults of `gate-functions`, which its tests must find."""

from dataclasses import replace

from lstm_figs.figures import gate_functions
from lstm_figs.proof.bindings import Node
from tests.binding.breaking import Fault, wrapped


def point_one_on(point, plot, z, result, paint, **more):
    return point(plot, replace(z, value=z.value + 1), result, paint, **more)


def drop_to_another_point(drop_line, start, end, paint, **ids):
    return drop_line(start, (end[0], end[1] + 9), paint, **ids)


def ticks_one_on(places, plot, values):
    return {unit: x + 1 for unit, x in places(plot, values).items()}


def drop_from_another(drop_line, start, end, paint, *, from_id, to_id):
    """A line from the argument of another gate at the same position."""
    other = from_id.replace("z_i", "z_f")
    return drop_line(start, end, paint, from_id=other, to_id=to_id)


def lanes_exchanged(draw, form, lane, passing):
    """Swap the pre-activations of two gates, but not the names of their lanes."""
    name = lane.argument
    other = {"z_i": "z_f", "z_f": "z_i"}.get(name, name)
    return [
        mark._replace(bound=(Node(f"{other}[{form.t}, 0]"),)) if mark.id == f"{name}-lane" else mark
        for mark in draw(form, lane, passing)
    ]


FAULTS = {
    "a point of another sum": Fault(
        ["gate-functions"], wrapped(gate_functions, "point", point_one_on), "is at .*, but"
    ),
    "a unit that leads to the point of another": Fault(
        ["gate-functions"],
        wrapped(gate_functions, "drop_line", drop_to_another_point),
        "ends .* from",
    ),
    "a line up from the sum of another gate": Fault(
        ["gate-functions"],
        wrapped(gate_functions, "drop_line", drop_from_another),
        "ends .* from|is not computed from",
    ),
    "ticks beside their sums": Fault(
        ["gate-functions"], wrapped(gate_functions, "places", ticks_one_on), "reaches from"
    ),
    "two lanes exchanged": Fault(
        ["gate-functions"],
        wrapped(gate_functions._FewUnits, "lane", lanes_exchanged),
        "has tensor=z_",
    ),
}


DESCRIPTION_FAULTS = {
    "gate-functions": {
        "another number": ("is i 0.29", "is i 0.30"),
        "another gate": ("σ of z_i", "σ of z_f"),
        "another function": ("tanh of z_g", "σ of z_g"),
        "another step": ("Step 2.", "Step 3."),
    }
}
