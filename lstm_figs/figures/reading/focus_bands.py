"""A band in a focus: one row of steps with tokens, answers and units.

If the figure is at least `MIN_FIXED_WIDTH` wide, a part has the same position
in every focus.
"""

import math
from collections.abc import Callable

from ...layout import words
from ...layout.margins import inner_width
from ...layout.motifs import over_time
from ...layout.motifs.over_time import Steps
from ...layout.styles import LINE
from ...proof.bindings import Says, Scale
from ...scene.marks import Mark
from . import gradient, inhibitions, lanes, threshold
from .answers import answers, shades
from .focus import Look, look, with_look
from .headings import GATES_GAP, NAME_HEIGHT, WEIGHT_GAP, name, tokens
from .inhibitions import Inhibition
from .moves import SHUT
from .note_places import FormNotes
from .plan import Plan
from .plot import plot

MIN_FIXED_WIDTH = 640.0
"""In figures narrower than this, absent parts take no space."""
ANSWERS_TOP, ANSWERS_GAP = 24.0, 14.0
"""The gaps from the top of the tokens to the answers, and from there to the first unit."""
LABEL_GAP = 4.0
"""The gap between the end of a line and its name."""
NAMES_HEIGHT = 14.0
"""The height of the words below a shut gate."""
MIN_NAME_GAP = 16.0
"""The least distance between the names of two lines."""

Draw = Callable[[float], tuple[list[Mark], float]]


class _Column:
    """Stacks parts from top to bottom, drawn as the focus requires.

    Attributes:
        plan: The layout of the figure.
        marks: The marks so far.
        y: Where the next part begins.
        bottom: Where the last visible part ends.
    """

    def __init__(self, plan: Plan, y: float):
        self.plan = plan
        self.marks: list[Mark] = []
        self.y = self.bottom = y

    def add(self, part: str, draw: Draw, gap: float = 0) -> None:
        """Draw a part at `y`.

        An absent part keeps its space, except in figures narrower than
        `MIN_FIXED_WIDTH`.

        Args:
            part: The name of the part in `focus.TABLE`.
            draw: Takes the top of the part; returns its marks and its bottom.
            gap: The gap below the part.
        """
        part_look = look(self.plan.focus, part)
        if part_look == "absent" and self.plan.width < MIN_FIXED_WIDTH:
            return
        marks, bottom = draw(self.y)
        self.y = bottom + gap
        if part_look != "absent":
            self.marks += with_look(marks, part_look)
            self.bottom = bottom


def band(plan: Plan, steps: Steps, y: float, notes: FormNotes) -> tuple[list[Mark], float]:
    """Draw a band; return its marks and its bottom."""
    column = _Column(plan, y)
    if plan.has_tokens:
        column.y += plan.token_rise
        column.marks += tokens(plan, steps, column.y + 9)
        column.y += ANSWERS_TOP
    reader = plan.reader
    if reader:
        column.add("answers", lambda at: answers(plan, reader, steps, at), ANSWERS_GAP)
    shut_bottom = 0.0
    for place, unit in zip(("first", "second"), plan.visible_units, strict=False):
        shut_bottom = _unit(column, steps, unit, place, notes, shut_bottom)
    marks, bottom = column.marks, column.bottom
    if reader:
        marks = [*shades(reader, steps, y - 4, bottom), *marks]
    return marks, bottom


def _unit(
    column: _Column, steps: Steps, unit: int, place: str, notes: FormNotes, shut_bottom: float
) -> float:
    """Draw the plot of a unit, its gates, and the inhibition of its input gate.

    Args:
        column: The column to add the parts to.
        steps: The steps of the band.
        unit: The unit.
        place: "first" or "second", as in `focus.TABLE`.
        notes: The notes of this form.
        shut_bottom: The bottom of the bars under the gate that this unit shuts.

    Returns:
        `shut_bottom` for the next unit.
    """
    plan, inhibition = column.plan, notes.inhibition or column.plan.original_inhibition
    focus, c_look = plan.focus, look(plan.focus, f"{place} c")
    band_inhibition = inhibition if inhibition and inhibition.t in steps.ts else None
    column.marks += with_look([name(steps, unit, column.y + 2)], c_look)
    column.y += NAME_HEIGHT
    parts, scale = plot(plan, steps, column.y, unit, notes.placed[steps.first, unit])
    looks: dict[str, Look] = {
        "c": c_look,
        "trained": c_look,
        "truth": look(focus, "truth"),
        "arrows": look(focus, f"{place} arrows"),
    }
    for part, marks in parts:
        column.marks += with_look(marks, looks.get(part, "full"))
    column.marks += _lines(plan, steps, unit, place, scale)
    if band_inhibition and band_inhibition.source == unit and look(focus, "weight") != "absent":
        c = float(plan.subject.steps[band_inhibition.t - 1].c[0, unit])
        column.marks += (
            inhibitions.line(band_inhibition, steps, scale, c, shut_bottom)
            if notes.inhibition
            else inhibitions.cut_line(band_inhibition, plan.subject, steps, scale, c, shut_bottom)
        )
    column.bottom = scale.start
    column.y = scale.start + GATES_GAP
    for gate in lanes.ORDER:
        column.add(f"{place} {gate}", _row(plan, steps, gate, unit), lanes.ROW_GAP)
        if gate == "i" and inhibition and inhibition.target == unit:
            shut_bottom = column.y - lanes.ROW_GAP + 1 + inhibitions.BAR_HEIGHT
            column.marks += _bars(
                plan, steps, notes.inhibition, shut_bottom - inhibitions.BAR_HEIGHT
            )
            if focus == "steer" and plan.width < MIN_FIXED_WIDTH:
                column.y += NAMES_HEIGHT
    if look(focus, f"{place} along") != "absent":
        column.add(f"{place} along", lambda at: gradient.row(plan, steps, at, unit))
    if band_inhibition and band_inhibition.target == unit:
        width = inner_width(plan.width)
        column.add(
            "weight",
            lambda at: inhibitions.words_of(
                band_inhibition,
                plan.subject,
                steps,
                at + WEIGHT_GAP - lanes.ROW_GAP,
                width,
                token=plan.tokens[band_inhibition.t] if plan.has_tokens else "",
                shuts=notes.inhibition is not None,
            ),
            ANSWERS_GAP,
        )
    column.y += plan.sizes.unit_gap
    return shut_bottom


def _row(plan: Plan, steps: Steps, gate: str, unit: int) -> Draw:
    def draw(y: float) -> tuple[list[Mark], float]:
        marks, height = lanes.columns(plan, steps, y, gate, unit)
        return marks, y + height

    return draw


def _bars(plan: Plan, steps: Steps, inhibition: Inhibition | None, y: float) -> list[Mark]:
    """Draw the bars under a shut input gate, and name them where no weight is shown."""
    bars = look(plan.focus, "bars")
    if not inhibition or bars == "absent":
        return []
    marks = inhibitions.bars(inhibition, steps, y)
    if look(plan.focus, "weight") == "absent":
        for first, last in inhibition.runs(steps):
            part = f"i[{first}:{last + 1}, 0, {inhibition.target}]"
            marks.append(
                words.label(
                    steps.edge(first),
                    y + 6 + words.SMALL / 2,
                    "shut",
                    {"gate": "i", "unit": inhibition.target},
                    [f"brake-{first}"],
                    "block",
                    style=words.FINE_STRONG,
                    says=Says(claim=f"bool(({part} < {SHUT} + 1e-6).all())"),
                )
            )
    return marks


def _lines(plan: Plan, steps: Steps, unit: int, place: str, scale: Scale) -> list[Mark]:
    """Draw the lines that only a focus has, and name each line at its end."""
    focus, marks = plan.focus, list[Mark]()
    c = plan.subject.series("c", unit, steps.part)
    level = scale(float(c.values[-1]))
    if look(focus, f"{place} h") == "full":
        h = plan.subject.series("h", unit, steps.part)
        id = f"h-{steps.first}-{unit}"
        if plan.reader:
            marks += threshold.line(plan, plan.reader, steps, scale)
        marks += over_time.step_line(
            steps, scale, h, "gate-o", width=LINE.strong.weight, id=id, term="h"
        )
        at = scale(float(h.values[-1]))
        if abs(at - level) < MIN_NAME_GAP:
            at = level + (MIN_NAME_GAP if at >= level else -MIN_NAME_GAP)
        if math.isfinite(at):
            marks.append(_end(steps, at, "h", unit, id, "gate-o"))
    named = _end(steps, level, "c", unit, f"c-{steps.first}-{unit}", "ink")
    if math.isfinite(level):
        marks += with_look([named], look(focus, f"{place} c"))
    if focus == "task":
        marks.append(
            words.label(
                0,
                scale(0.5),
                "open" if plan.is_narrow else "open brackets",
                {"tensor": "depth"},
                [f"depth-{steps.first}"],
                "band",
                style=words.FINE,
            )
        )
    return marks


def _end(steps: Steps, y: float, symbol: str, unit: int, id: str, fill: str) -> Mark:
    """Name a line at its right end."""
    return words.label(
        steps.right + LABEL_GAP,
        y,
        symbol,
        {"tensor": symbol, "unit": unit},
        [id],
        "band",
        style=words.STRONG,
        fill=fill,
        term=symbol,
    )
