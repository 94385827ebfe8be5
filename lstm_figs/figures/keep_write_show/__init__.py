"""The figure `keep-write-show`."""

from typing import Literal

from ...layout import words
from ...layout.choice import MOST, units_of
from ...layout.motifs import over_time, truths
from ...layout.motifs.population import choice as choice_of
from ...proof.subject import Subject
from ...scene.marks import bounds
from ...scene.scenes import Diagram
from ...scene.terms import TERMS
from . import gates, said, table
from . import unit as panels
from .pieces import OF, Focus, Piece, focused
from .plan import Plan, planned

PITCH, FIRST = 34.0, 44.0
"""From one gate of a unit to the next, and where the first stands."""


def keep_write_show(
    subject: Subject,
    room: float,
    *,
    step: int = 2,
    units: tuple[int, ...] = (),
    detail: Literal["all", "units"] = "all",
    focus: Focus = "all",
) -> Diagram:
    """All of one step: from the weights to what is kept, written and shown.

    Args:
        subject: What is drawn.
        room: The width that the figure may use.
        step: Which step, counted from 1.
        units: The units that are drawn, by default all of up to 4, else one
            that keeps and one that reacts, or in a short sequence the two
            whose c the step changes most, one unlike the other.
        detail: How much of the step: `units` leaves out the weights, and the
            sums that they make.
        focus: What stands out: all, or what belongs to one of the three, with
            the rest faded.
    """
    t = subject.at(step)
    now = subject.steps[t]
    change = abs(now.c[0] - now.c_prev[0])
    choice = choice_of(subject, units, MOST)
    chosen = choice.units if choice else units_of(subject, tuple(sorted(units)), change, MOST)
    plan = planned(subject, t, chosen, room, rowed=detail == "all")
    goes_on = t + 1 < len(subject.steps)
    pieces: list[Piece] = []
    if plan.blocks:
        made = [f"z-{t}-{{gate}}-{{unit}}", f"{{gate}}-{t}-{{unit}}"]
        pieces += table.drawn(subject, t, plan.where, plan.blocks, made * plan.beside)
    if plan.beside:
        pieces += _gates(subject, t, plan)
    pieces += _units(subject, t, plan, goes_on=goes_on)
    if goes_on and plan.blocks:
        pieces += said.on_the_way(subject, t, plan)
    return Diagram(
        said.head(subject, t, plan, focus, choice, goes_on=goes_on),
        said.description(subject, t, plan),
        plan.space,
        plan.bottom,
        focused(pieces, focus),
        room,
        "\n".join(over_time.tokens_setup(subject.trace) + truths.setup(subject) + choice.setup)
        if choice
        else "",
    )


def _gates(subject: Subject, t: int, plan: Plan) -> list[Piece]:
    """Right of each row its sum and its gate."""
    where, ends = plan.where, plan.ends
    right = plan.left - plan.ribbon
    pieces = [Piece("", gates.heads(right - ends.width, where.top - 20, ends))]
    corners = {unit: (x, y) for unit, x, y in plan.corners()}
    for gate, unit in where.each:
        y = where.y(gate, unit)
        pieces += [
            gates.ribbon(t, gate, unit, (right, y), corners[unit]),
            gates.row(subject, t, gate, unit, right - ends.width, y, ends),
        ]
    return pieces


def _units(subject: Subject, t: int, plan: Plan, *, goes_on: bool) -> list[Piece]:
    """The units, with their gates where these do not stand beside rows."""
    values = {unit: panels.values(subject, t, unit) for unit in plan.units}
    scale = panels.scale([*values.values()], plan.inset, plan.width)
    pieces: list[Piece] = []
    for unit, x, y in plan.corners():
        panel = panels.Panel(subject, t, unit, values[unit], plan.width, scale, plan.inset)
        ground, *parts = panel.drawn()
        own = [ground]
        if not plan.beside:
            own += _own(subject, t, unit, plan)
        own += parts
        if goes_on:
            own += panel.leads_on([(a - x, b - y) for a, b in plan.bus(x)])
        pieces += [piece.moved(x, y) for piece in own]
    return pieces


def _own(subject: Subject, t: int, unit: int, plan: Plan) -> list[Piece]:
    """The gates of one unit, below each other in its panel."""
    ends, pieces = plan.ends, []
    right = plan.inset - plan.ribbon
    for k, gate in enumerate(OF):
        y = FIRST + k * PITCH
        made = gates.row(subject, t, gate, unit, right - ends.width, y, ends)
        z = [f"z-{t}-{gate}-{unit}"] * bool(ends.sum)
        names = [*z, f"{gate}-{t}-{unit}"]
        marks = [
            words.label(
                panels.SIDE,
                y,
                gate,
                {"gate": gate},
                names,
                "row",
                style=words.GATE,
                fill=TERMS[gate].role,
                term=gate,
            )
        ]
        if plan.blocks:
            row = plan.where.row(gate, unit)
            # The sum of a row may be longer than it has room.
            left = min(right - ends.width - 1, bounds(made.marks).left - 3)
            marks.append(
                words.label(
                    left, y, str(row), {"row": row}, names, "row", style=words.FINE, anchor="end"
                )
            )
        pieces += [
            Piece(OF[gate], marks),
            gates.ribbon(t, gate, unit, (right, y), (plan.inset, 0)),
            made,
        ]
    return pieces
