"""The figure `keep-write-show`: one step, from weights to what a unit keeps, writes and shows."""

from typing import Literal

from ...layout import words
from ...layout.motifs import label_rows, over_time
from ...layout.motifs.population import unit_choice
from ...layout.unit_choice import MAX_UNITS, selected_units
from ...model.layer_run import LayerRun
from ...scene.marks import Text, bounds
from ...scene.scenes import Diagram
from ...scene.terms import TERMS
from . import gates, panels, texts
from .pieces import USE_OF, Focus, Piece, fade_others
from .plan import Plan, plan_of

GATE_PITCH, FIRST_GATE_Y = 34.0, 40.0
"""The distance between two gates in a panel, and the middle of the first gate."""
HEADINGS_RISE = 20.0
"""The distance from the headings of sums and gates down to their rows."""
INDEX_GAP = 3.0
"""The gap between the index of a row and its sum."""


def keep_write_show(
    subject: LayerRun,
    width: float,
    *,
    step: int = 2,
    units: tuple[int, ...] = (),
    detail: Literal["all", "units"] = "all",
    focus: Focus = "all",
) -> Diagram:
    """All of one step: from the weights to what is kept, written and shown.

    Args:
        subject: The run, layer and direction to draw.
        width: The width that the figure may use.
        step: Which step, counted from 1.
        units: The units that are drawn, by default all of up to 4, else one
            that keeps and one that reacts, or in a short sequence the two
            whose c the step changes most, one unlike the other.
        detail: How much of the step: `units` leaves out the weights, and the
            sums that they make.
        focus: What stands out: all, or what belongs to one of the three, with
            the rest faded.
    """
    t = subject.step_index(step)
    step_values = subject.steps[t]
    change = abs(step_values.c[0] - step_values.c_prev[0])
    # None if units are requested, all are drawn, or there is no basis to choose.
    representatives = unit_choice(subject, units, MAX_UNITS)
    drawn_units = (
        representatives.units
        if representatives
        else selected_units(subject, tuple(sorted(units)), change, MAX_UNITS)
    )
    plan = plan_of(subject, t, drawn_units, width, with_rows=detail == "all")
    pieces, needs_dash_note = _pieces(plan)
    setup: list[str] = []
    if representatives:
        setup = [
            *over_time.tokens_setup(subject.trace),
            *label_rows.setup(subject),
            *representatives.setup,
        ]
    return Diagram(
        heading=texts.head(plan, focus, representatives, needs_dash_note=needs_dash_note),
        description=texts.description(plan),
        width=plan.space,
        height=plan.bottom,
        marks=fade_others(pieces, focus),
        figure_width=width,
        setup="\n".join(setup),
    )


def _pieces(plan: Plan) -> tuple[list[Piece], bool]:
    """Draw the rows, the gates and the panels; also return whether nothing names what is dashed."""
    pieces: list[Piece] = []
    if plan.blocks:
        row_id_patterns: list[str] = []
        if plan.is_side_by_side:
            row_id_patterns = [f"z-{plan.t}-{{gate}}-{{unit}}", f"{{gate}}-{plan.t}-{{unit}}"]
        pieces += plan.table.pieces(row_id_patterns)
    if plan.is_side_by_side:
        pieces += _gates(plan)
    panel_pieces, needs_dash_note = _units(plan)
    pieces += panel_pieces
    if plan.has_next_step and plan.blocks:
        pieces += texts.h_path_words(plan)
    return pieces, needs_dash_note


def _gates(plan: Plan) -> list[Piece]:
    """Draw the sum and the gate of each row, right of the rows."""
    layout, widths = plan.layout, plan.gate_widths
    right = plan.left - plan.ribbon
    pieces = [Piece("", gates.headings(right - widths.total, layout.top - HEADINGS_RISE, widths))]
    corners = {unit: (x, y) for unit, x, y in plan.corners()}
    for gate, unit in layout.gate_unit_pairs:
        y = layout.y(gate, unit)
        pieces += [
            gates.ribbon(plan.t, gate, unit, (right, y), corners[unit], "paper"),
            gates.row(plan.subject, plan.t, gate, unit, right - widths.total, y, widths),
        ]
    return pieces


def _units(plan: Plan) -> tuple[list[Piece], bool]:
    """Draw the panel of each unit; panels contain the gates unless they are beside the rows.

    The longest dashed part with space for its name is named. Also return whether there are
    dashed parts, but none has space.
    """
    subject, t = plan.subject, plan.t
    values = {unit: panels.values(subject, t, unit) for unit in plan.units}
    scale = panels.scale([*values.values()], plan.inset, plan.width)
    panel_of = {
        unit: panels.Panel(
            subject=subject,
            t=t,
            unit=unit,
            value=value,
            width=plan.width,
            scale=scale,
            inset=plan.inset,
        )
        for unit, value in values.items()
    }
    rests = [rest for panel in panel_of.values() for rest in panel.rests()]
    named_rests = [rest for rest in rests if panel_of[rest.unit].has_space(rest)]
    named_rest = max(named_rests, key=lambda rest: abs(rest.length), default=None)
    pieces: list[Piece] = []
    for unit, x, y in plan.corners():
        panel = panel_of[unit]
        ground, *parts = panel.pieces()
        unit_pieces = [ground]
        if not plan.is_side_by_side:
            unit_pieces += _gates_in_panel(plan, unit)
        unit_pieces += parts
        if named_rest and named_rest.unit == unit:
            unit_pieces.append(panel.rest_name(named_rest))
        if plan.has_next_step:
            # Pieces of a panel are relative to its corner.
            h_path = [(path_x - x, path_y - y) for path_x, path_y in plan.h_path(x)]
            unit_pieces += panel.handover(h_path)
        pieces += [piece.moved(x, y) for piece in unit_pieces]
    return pieces, bool(rests) and named_rest is None


def _gates_in_panel(plan: Plan, unit: int) -> list[Piece]:
    """Draw the gates of a unit, one below the other, in its panel."""
    subject, t = plan.subject, plan.t
    widths, pieces = plan.gate_widths, []
    right = plan.inset - plan.ribbon
    for k, gate in enumerate(USE_OF):
        y = FIRST_GATE_Y + k * GATE_PITCH
        gate_piece = gates.row(subject, t, gate, unit, right - widths.total, y, widths)
        numbers = [mark for mark in gate_piece.marks if isinstance(mark, Text)]
        marks = [
            words.label(
                panels.PADDING,
                y,
                gate,
                names={"gate": gate},
                of=numbers,
                style=words.GATE,
                fill=TERMS[gate].role,
                term=gate,
            )
        ]
        if plan.blocks:
            row = plan.layout.row(gate, unit)
            # A wide sum may extend left of its column, so move the row index with it.
            left = min(right - widths.total - 1, bounds(gate_piece.marks).left - INDEX_GAP)
            marks.append(
                words.label(
                    left,
                    y,
                    str(row),
                    names={"row": row},
                    of=numbers,
                    style=words.FINE,
                    anchor="end",
                )
            )
        pieces += [
            Piece(USE_OF[gate], marks),
            gates.ribbon(t, gate, unit, (right, y), (plan.inset, 0), "panel"),
            gate_piece,
        ]
    return pieces
