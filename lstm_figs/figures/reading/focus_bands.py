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
from .headings import GATES_GAP, NAME_HEIGHT, TOKENS_MIDDLE, WEIGHT_GAP, name, tokens
from .inhibitions import Inhibition
from .moves import ROUNDING, SHUT
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
"""A function that draws a part from a top edge, and returns its marks and their bottom."""


class _Column:
    """Stacks parts from top to bottom, drawn as the focus requires.

    Attributes:
        plan: The layout of the figure.
        steps: The steps of the band.
        notes: The notes of this form.
        inhibition: The inhibition, in this network or in the original one.
        marks: The marks so far.
        y: Where the next part begins.
        bottom: Where the last visible part ends.
        shut_bottom: The bottom of the bars under the gate that the next unit
            shuts.
    """

    def __init__(self, plan: Plan, steps: Steps, y: float, notes: FormNotes):
        self.plan, self.steps, self.notes = plan, steps, notes
        self.inhibition = notes.inhibition or plan.original_inhibition
        self.marks: list[Mark] = []
        self.y = self.bottom = y
        self.shut_bottom = 0.0

    @property
    def band_inhibition(self) -> Inhibition | None:
        """The inhibition to explain, if its step is in this band."""
        inhibition = self.inhibition
        return inhibition if inhibition and inhibition.t in self.steps.ts else None

    def look(self, part: str) -> Look:
        """Return how the focus draws a part."""
        return look(self.plan.focus, part)

    def add(self, part: str, draw: Draw, gap: float = 0) -> None:
        """Draw a part at `y`.

        An absent part keeps its space, except in figures narrower than
        `MIN_FIXED_WIDTH`.

        Args:
            part: The name of the part in `focus.TABLE`.
            draw: Takes the top of the part; returns its marks and its bottom.
            gap: The gap below the part.
        """
        part_look = self.look(part)
        if part_look == "absent" and self.plan.width < MIN_FIXED_WIDTH:
            return
        marks, bottom = draw(self.y)
        self.y = bottom + gap
        if part_look != "absent":
            self.marks += with_look(marks, part_look)
            self.bottom = bottom

    def add_unit(self, unit: int, place: str) -> None:
        """Draw the plot of a unit, its gates, and the inhibition of its input gate.

        Args:
            unit: The index of the unit.
            place: "first" or "second", as in `focus.TABLE`.
        """
        plan, steps = self.plan, self.steps
        self._add_plot(unit, place)
        for gate in lanes.ORDER:
            self.add(f"{place} {gate}", self._row(gate, unit), lanes.ROW_GAP)
            if gate == "i":
                self._add_bars(unit)
        if self.look(f"{place} along") != "absent":
            self.add(f"{place} along", lambda top: gradient.row(plan, steps, top, unit))
        if self.band_inhibition and self.band_inhibition.target == unit:
            self._add_weight(self.band_inhibition)
        self.y += plan.sizes.unit_gap

    def _add_plot(self, unit: int, place: str) -> None:
        """Draw the name and the plot of a unit, with the line of an inhibition."""
        plan, steps, c_look = self.plan, self.steps, self.look(f"{place} c")
        self.marks += with_look([name(steps, unit, self.y + 2)], c_look)
        self.y += NAME_HEIGHT
        parts, scale = plot(plan, steps, self.y, unit, self.notes.placed[steps.first, unit])
        looks: dict[str, Look] = {
            "c": c_look,
            "trained": c_look,
            "truth": self.look("truth"),
            "arrows": self.look(f"{place} arrows"),
        }
        # The table says nothing of the axis and the notes, which every focus has in full.
        for part, marks in parts:
            self.marks += with_look(marks, looks.get(part, "full"))
        self._add_lines(unit, place, scale)
        inhibition = self.band_inhibition
        if inhibition and inhibition.source == unit and self.look("weight") != "absent":
            c, bottom = float(plan.subject.steps[inhibition.t].c_prev[0, unit]), self.shut_bottom
            self.marks += (
                inhibitions.line(inhibition, steps, scale, c, bottom)
                if self.notes.inhibition
                else inhibitions.cut_line(inhibition, plan.subject, steps, scale, c, bottom)
            )
        self.bottom = scale.start
        self.y = scale.start + GATES_GAP

    def _row(self, gate: str, unit: int) -> Draw:
        """Return the function that draws a gate."""

        def draw(y: float) -> tuple[list[Mark], float]:
            marks, height = lanes.Lane(self.plan, self.steps, gate, unit).columns(y)
            return marks, y + height

        return draw

    def _add_bars(self, unit: int) -> None:
        """Draw the bars under a shut input gate, and name them where no weight is shown."""
        if not self.inhibition or self.inhibition.target != unit:
            return
        top = self.y - lanes.ROW_GAP + 1
        self.shut_bottom = top + inhibitions.BAR_HEIGHT
        if self.notes.inhibition and self.look("bars") != "absent":
            bars = inhibitions.bars(self.notes.inhibition, self.steps, top)
            self.marks += bars
            if self.look("weight") == "absent":
                self.marks += self._bar_names(self.notes.inhibition, bars)
        if self.plan.focus == "steer" and self.plan.width < MIN_FIXED_WIDTH:
            self.y += NAMES_HEIGHT

    def _bar_names(self, inhibition: Inhibition, bars: list[Mark]) -> list[Mark]:
        """Name the bars under a shut input gate."""
        marks: list[Mark] = []
        for (first, last), bar in zip(inhibition.runs(self.steps), bars, strict=True):
            part = f"i[{first}:{last + 1}, 0, {inhibition.target}]"
            marks.append(
                words.label(
                    self.steps.edge(first),
                    self.shut_bottom - inhibitions.BAR_HEIGHT + 6 + words.SMALL / 2,
                    "shut",
                    names={"gate": "i", "unit": inhibition.target},
                    of=[bar],
                    along="block",
                    style=words.FINE_STRONG,
                    says=Says(claim=f"bool(({part} < {SHUT} + {ROUNDING}).all())"),
                )
            )
        return marks

    def _add_weight(self, inhibition: Inhibition) -> None:
        """Print the weight of an inhibition, and the gate with and without it."""
        plan = self.plan
        self.add(
            "weight",
            lambda top: inhibitions.words_of(
                inhibition,
                plan.subject,
                self.steps,
                top + WEIGHT_GAP - lanes.ROW_GAP,
                inner_width(plan.width),
                token=plan.tokens[inhibition.t] if plan.has_tokens else "",
                shuts=self.notes.inhibition is not None,
            ),
            ANSWERS_GAP,
        )

    def _add_lines(self, unit: int, place: str, scale: Scale) -> None:
        """Draw the lines that only a focus has, and name each line at its end."""
        plan, steps = self.plan, self.steps
        c = plan.subject.series("c", unit, steps.as_slice)
        level = scale(float(c.values[-1]))
        if self.look(f"{place} h") == "full":
            self._add_h(unit, scale, level)
        if math.isfinite(level):
            c_name = _end(steps, level, "c", unit, f"c-{steps.first}-{unit}", "ink")
            self.marks += with_look([c_name], self.look(f"{place} c"))
        if plan.focus == "task":
            self.marks.append(
                words.label(
                    0,
                    # Between the tick labels 0 and 1.
                    scale(0.5),
                    "open" if plan.is_narrow else "open brackets",
                    names={"tensor": "depth"},
                    of=[f"depth-{steps.first}"],
                    along="band",
                    style=words.FINE,
                )
            )

    def _add_h(self, unit: int, scale: Scale, c_level: float) -> None:
        """Draw the line of h, its name clear of that of c, and the threshold of an answer."""
        plan, steps, id = self.plan, self.steps, f"h-{self.steps.first}-{unit}"
        h = plan.subject.series("h", unit, steps.as_slice)
        if plan.reader:
            self.marks += threshold.line(plan, plan.reader, steps, scale)
        self.marks += over_time.step_line(
            steps, scale, h, "gate-o", width=LINE.strong.weight, id=id, term="h"
        )
        level = scale(float(h.values[-1]))
        if abs(level - c_level) < MIN_NAME_GAP:
            level = c_level + (MIN_NAME_GAP if level >= c_level else -MIN_NAME_GAP)
        if math.isfinite(level):
            self.marks.append(_end(steps, level, "h", unit, id, "gate-o"))


def band(plan: Plan, steps: Steps, y: float, notes: FormNotes) -> tuple[list[Mark], float]:
    """Draw a band; return its marks and its bottom."""
    column = _Column(plan, steps, y, notes)
    if plan.has_tokens:
        column.y += plan.token_rise
        column.marks += tokens(plan, steps, column.y + TOKENS_MIDDLE)
        column.y += ANSWERS_TOP
    reader = plan.reader
    if reader:
        column.add("answers", lambda top: answers(plan, reader, steps, top), ANSWERS_GAP)
    for place, unit in zip(("first", "second"), plan.visible_units, strict=False):
        column.add_unit(unit, place)
    marks, bottom = column.marks, column.bottom
    if reader:
        marks = [*shades(reader, steps, y - 4, bottom), *marks]
    return marks, bottom


def _end(steps: Steps, y: float, symbol: str, unit: int, id: str, fill: str) -> Mark:
    """Name a line at its right end."""
    return words.label(
        steps.right + LABEL_GAP,
        y,
        symbol,
        names={"tensor": symbol, "unit": unit},
        of=[id],
        along="band",
        style=words.STRONG,
        fill=fill,
        term=symbol,
    )
