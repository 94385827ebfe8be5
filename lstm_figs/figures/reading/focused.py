"""One row of steps in a focus: the text, its answers, and below them the units.

From `CLOSES` units of width on, each part has the same place in every focus.
"""

import math
from collections.abc import Callable

from ...layout import words
from ...layout.motifs import over_time
from ...layout.motifs.over_time import Steps
from ...layout.room import inner
from ...layout.styles import LINE
from ...proof.bindings import Says, Scale
from ...scene.marks import Mark
from . import along, lanes, threshold
from . import brake as brakes
from .above import BARE, BELOW, WEIGHT, name, tokens
from .answers import answers, shades
from .brake import Brake
from .focus import Look, look, seen
from .moves import SHUT
from .places import Told
from .plan import Plan
from .plot import plot

CLOSES = 640.0
"""Below this width what a focus leaves out takes no room."""
ANSWERS, AFTER = 24.0, 14.0
"""From the top of the text to the answers, and from these to the first unit."""
BESIDE = 4.0
"""From the end of a line to its name."""
NAMED = 14.0
"""The height of the words below a gate that is shut."""
NEAR = 16.0
"""The least that is between the names of two lines."""

Draw = Callable[[float], tuple[list[Mark], float]]


class _Column:
    """Parts below each other, as a focus has them.

    Attributes:
        plan: How the figure is laid out.
        marks: What is drawn.
        y: Where the next part begins.
        bottom: Where the last one that is drawn ends.
    """

    def __init__(self, plan: Plan, y: float):
        self.plan = plan
        self.marks: list[Mark] = []
        self.y = self.bottom = y

    def add(self, part: str, draw: Draw, after: float = 0) -> None:
        """Draw a part at `y`, or leave room for it, or where that is dear none.

        Args:
            part: As the table of focuses has it.
            draw: From the top of a part to what is drawn, and its bottom.
            after: What is between it and the next.
        """
        own = look(self.plan.focus, part)
        if own == "absent" and self.plan.room < CLOSES:
            return
        marks, bottom = draw(self.y)
        self.y = bottom + after
        if own != "absent":
            self.marks += seen(marks, own)
            self.bottom = bottom


def band(plan: Plan, steps: Steps, y: float, told: Told) -> tuple[list[Mark], float]:
    """A row of steps, and its bottom."""
    column = _Column(plan, y)
    if plan.named:
        column.y += plan.rise
        column.marks += tokens(plan, steps, column.y + 9)
        column.y += ANSWERS
    reader = plan.reader
    if reader:
        column.add("answers", lambda at: answers(plan, reader, steps, at), AFTER)
    under = 0.0
    for place, unit in zip(("first", "second"), plan.present, strict=False):
        under = _unit(column, steps, unit, place, told, under)
    marks, bottom = column.marks, column.bottom
    if reader:
        marks = [*shades(reader, steps, y - 4, bottom), *marks]
    return marks, bottom


def _unit(column: _Column, steps: Steps, unit: int, place: str, told: Told, under: float) -> float:
    """The plot of a unit, its gates, and what another does to one of them.

    Args:
        column: Where it is drawn.
        steps: The steps.
        unit: The unit.
        place: Whether it is the first or the second.
        told: What is told.
        under: The bottom of what is under the gate that this unit shuts.

    Returns:
        The same for the next unit.
    """
    plan, brake = column.plan, told.brake or column.plan.given
    focus, own = plan.focus, look(plan.focus, f"{place} c")
    here = brake if brake and brake.told in steps.ts else None
    column.marks += seen([name(steps, unit, column.y + 2)], own)
    column.y += BARE
    parts, scale = plot(plan, steps, column.y, unit, told.placed[steps.first, unit])
    looks: dict[str, Look] = {
        "c": own,
        "trained": own,
        "truth": look(focus, "truth"),
        "arrows": look(focus, f"{place} arrows"),
    }
    for part, marks in parts:
        column.marks += seen(marks, looks.get(part, "full"))
    column.marks += _lines(plan, steps, unit, place, scale)
    if here and here.by == unit and look(focus, "weight") != "absent":
        c = float(plan.subject.steps[here.told - 1].c[0, unit])
        column.marks += (
            brakes.line(here, steps, scale, c, under)
            if told.brake
            else brakes.cut_line(here, plan.subject, steps, scale, c, under)
        )
    column.bottom = scale.start
    column.y = scale.start + BELOW
    for gate in lanes.ORDER:
        column.add(f"{place} {gate}", _row(plan, steps, gate, unit), lanes.APART)
        if gate == "i" and brake and brake.shut == unit:
            under = column.y - lanes.APART + 1 + brakes.BAR
            column.marks += _bars(plan, steps, told.brake, under - brakes.BAR)
            if focus == "steer" and plan.room < CLOSES:
                column.y += NAMED
    if look(focus, f"{place} along") != "absent":
        column.add(f"{place} along", lambda at: along.row(plan, steps, at, unit))
    if here and here.shut == unit:
        room = inner(plan.room)
        column.add(
            "weight",
            lambda at: brakes.words_of(
                here,
                plan.subject,
                steps,
                at + WEIGHT - lanes.APART,
                room,
                token=plan.read[here.told] if plan.named else "",
                shuts=told.brake is not None,
            ),
            AFTER,
        )
    column.y += plan.sizes.between
    return under


def _row(plan: Plan, steps: Steps, gate: str, unit: int) -> Draw:
    def draw(y: float) -> tuple[list[Mark], float]:
        marks, height = lanes.columns(plan, steps, y, gate, unit)
        return marks, y + height

    return draw


def _bars(plan: Plan, steps: Steps, brake: Brake | None, y: float) -> list[Mark]:
    """What is under a gate that another unit shuts, with who it is."""
    bars = look(plan.focus, "bars")
    if not brake or bars == "absent":
        return []
    marks = brakes.bars(brake, steps, y)
    if look(plan.focus, "weight") == "absent":
        for first, last in brake.runs(steps):
            part = f"i[{first}:{last + 1}, 0, {brake.shut}]"
            marks.append(
                words.label(
                    steps.edge(first),
                    y + 6 + words.SMALL / 2,
                    "shut",
                    {"gate": "i", "unit": brake.shut},
                    [f"brake-{first}"],
                    "block",
                    style=words.FINE_STRONG,
                    says=Says(claim=f"bool(({part} < {SHUT} + 1e-6).all())"),
                )
            )
    return marks


def _lines(plan: Plan, steps: Steps, unit: int, place: str, scale: Scale) -> list[Mark]:
    """The names of the lines at their ends, and what else a focus has."""
    focus, marks = plan.focus, list[Mark]()
    c = plan.subject.series("c", unit, steps.part)
    level = scale(float(c.values[-1]))
    if look(focus, f"{place} h") == "full":
        h = plan.subject.series("h", unit, steps.part)
        id = f"h-{steps.first}-{unit}"
        if plan.reader:
            marks += threshold.line(plan, plan.reader, steps, scale)
        marks += over_time.line(
            steps, scale, h, "gate-o", width=LINE.strong.weight, id=id, term="h"
        )
        at = scale(float(h.values[-1]))
        if abs(at - level) < NEAR:
            at = level + (NEAR if at >= level else -NEAR)
        if math.isfinite(at):
            marks.append(_end(steps, at, "h", unit, id, "gate-o"))
    named = _end(steps, level, "c", unit, f"c-{steps.first}-{unit}", "ink")
    if math.isfinite(level):
        marks += seen([named], look(focus, f"{place} c"))
    if focus == "task":
        marks.append(
            words.label(
                0,
                scale(0.5),
                "open" if plan.narrow else "open brackets",
                {"tensor": "depth"},
                [f"depth-{steps.first}"],
                "band",
                style=words.FINE,
            )
        )
    return marks


def _end(steps: Steps, y: float, symbol: str, unit: int, id: str, fill: str) -> Mark:
    """The name of a line, at its end."""
    return words.label(
        steps.right + BESIDE,
        y,
        symbol,
        {"tensor": symbol, "unit": unit},
        [id],
        "band",
        style=words.STRONG,
        fill=fill,
        term=symbol,
    )
