"""A band: one row of steps with its tokens, units, answers and step numbers."""

import numpy as np

from ...layout import styles, words
from ...layout.margins import inner_width
from ...layout.motifs import label_rows, over_time
from ...layout.motifs.over_time import Steps
from ...proof.bindings import Node, Says, sentence
from ...scene.marks import Mark, Path, bounds, shift
from . import focus_bands, inhibitions, lanes
from .answers import answers, shades
from .headings import GATES_GAP, NAME_HEIGHT, TOKENS_HEIGHT, TOKENS_MIDDLE, WEIGHT_GAP, name, tokens
from .moves import shares, written
from .note_places import FormNotes
from .plan import Plan
from .plot import plot

NUMBERS_HEIGHT, STEPS_HEIGHT = 22.0, 20.0
"""The heights of a row of printed values, and of the row of step numbers."""
PART_HEADING_HEIGHT, ANSWERS_GAP, SHADE_OVERHANG = 30.0, 14.0, 4.0
"""The height of the heading of a later part, the gap above the answers, and how far
shades begin above the tokens."""
AXIS_GAP = 8.0
"""The gap between two axes, so that their outermost tick labels do not touch."""
BAND_GAP, LABELS_GAP = 24.0, 20.0
"""The gaps between two bands, and between gates and labels."""
LINE_GAP = 6.0
"""The gap between words and the dotted line of an inhibition."""
LARGEST_SHARE = 0.9999
"""Writes of at least this share count as largest, because `moves.shares` rounds."""


def bands(plan: Plan, notes: FormNotes) -> tuple[list[Mark], float]:
    """Draw all visible bands; return their marks and their bottom."""
    marks: list[Mark] = []
    y = 0.0
    for steps in plan.bands:
        if steps.first:
            marks += _part_heading(plan, steps, y)
            y += PART_HEADING_HEIGHT
        if plan.focus == "all":
            band_marks, y = Band(plan, steps, notes).draw(y)
        else:
            band_marks, y = focus_bands.band(plan, steps, y, notes)
        marks += band_marks
        y += BAND_GAP
    return marks, y - BAND_GAP


def _part_heading(plan: Plan, steps: Steps, y: float) -> list[Mark]:
    """Draw the rule and the heading above a later part of the sequence."""
    count, width = len(plan.subject.steps), inner_width(plan.width)
    # Each step number, as an expression that depends on the length of the sequence.
    ends = ((label, f"len(x) - {count - label}") for label in (steps.labels[0], steps.labels[-1]))
    heading, _ = words.paragraph(
        0, y + 8, sentence("steps {} to {}", *ends), width, size=words.SMALL
    )
    rule = (("M", (0.0, y)), ("L", (width, y)))
    part = Node(f"x[{steps.as_slice.start}:{steps.as_slice.stop}]")
    return [
        Path(
            rule,
            stroke="ink",
            stroke_width=styles.CELL.strong.weight,
            id=f"part-{steps.first}",
            bound=(part,),
        ),
        heading,
    ]


class Band:
    """One row of steps with all its parts.

    Attributes:
        plan: The layout of the figure.
        steps: The steps of the band.
        notes: The notes of this form.
        inhibition: The inhibition to explain, if its step is in this band.
        shut_bottom: The bottom of the bars under the gate that the next unit
            shuts.
    """

    def __init__(self, plan: Plan, steps: Steps, notes: FormNotes):
        self.plan, self.steps, self.notes = plan, steps, notes
        self.inhibition = notes.inhibition
        if self.inhibition and self.inhibition.t not in steps.ts:
            self.inhibition = None
        self.shut_bottom = 0.0

    def draw(self, top: float) -> tuple[list[Mark], float]:
        """Draw the band; return its marks and its bottom."""
        plan, steps = self.plan, self.steps
        marks: list[Mark] = []
        y = top
        for unit in plan.units:
            unit_marks, y = self._unit(unit, y)
            marks += unit_marks
        if plan.reader and plan.with_gates:
            answer_marks, y = answers(plan, plan.reader, steps, y + ANSWERS_GAP)
            marks += answer_marks
        if plan.subject.trace.labels:
            rows = label_rows.label_rows(plan.subject, steps, y + LABELS_GAP)
            marks += rows.marks
            y += LABELS_GAP + rows.height - label_rows.ROW_GAP
        c_ids = [f"c-{steps.first}-{unit}" for unit in plan.units]
        marks += over_time.step_labels(steps, y + 12, c_ids)
        y += STEPS_HEIGHT
        if plan.reader:
            marks = [*shades(plan.reader, steps, top - SHADE_OVERHANG, y), *marks]
        if plan.label is not None:
            label_shades = label_rows.label_shades(
                plan.subject, plan.label, steps, top - SHADE_OVERHANG, y
            )
            marks = [*label_shades, *marks]
        return marks, y

    def _unit(self, unit: int, y: float) -> tuple[list[Mark], float]:
        """Draw a unit: its name, its plot and its gates; return marks and bottom."""
        plan, steps, inhibition = self.plan, self.steps, self.inhibition
        is_last = unit == plan.units[-1]
        marks, y = self._above(unit, y)
        if unit in self.notes.unnumbered_units and steps is plan.bands[0]:
            marks += self._clear_of_line(self._largest(unit, y), unit)
            y += NUMBERS_HEIGHT
        parts, scale = plot(plan, steps, y, unit, self.notes.placed[steps.first, unit])
        marks += [mark for _, part in parts for mark in part]
        if inhibition and inhibition.source == unit:
            c = float(plan.subject.steps[inhibition.t].c_prev[0, unit])
            marks += inhibitions.line(inhibition, steps, scale, c, self.shut_bottom)
        y = scale.start + GATES_GAP
        if not plan.with_gates:
            # In the narrow form, tokens separate two axes.
            return marks, y if is_last or plan.is_narrow else y + AXIS_GAP
        gate_marks, y = self._gates(unit, y)
        return [*marks, *gate_marks], y if is_last else y + plan.sizes.unit_gap

    def _above(self, unit: int, y: float) -> tuple[list[Mark], float]:
        """Draw the name of a unit, and the tokens if they are above its plot."""
        plan, steps = self.plan, self.steps
        # The narrow form repeats the tokens above each unit.
        if unit != plan.units[0] and not plan.is_narrow:
            return [name(steps, unit, y + 2)], y
        if not plan.has_tokens:
            height = TOKENS_HEIGHT if plan.is_narrow else NAME_HEIGHT
            return [name(steps, unit, y + TOKENS_MIDDLE)], y + height
        y += plan.token_rise
        middle = y + TOKENS_MIDDLE
        return [*tokens(plan, steps, middle), name(steps, unit, middle)], y + TOKENS_HEIGHT

    def _gates(self, unit: int, y: float) -> tuple[list[Mark], float]:
        """Draw the gates of a unit, and what another unit does to its input gate."""
        plan, steps, notes = self.plan, self.steps, self.notes
        marks: list[Mark] = []
        numbers: lanes.Numbers = "none" if notes.printed else "ends"
        if notes.printed and lanes.are_printed(plan, steps):
            numbers = "every"
            marks += self._values(unit, y)
            y += NUMBERS_HEIGHT
        inhibition = self.inhibition
        if inhibition and inhibition.target != unit:
            inhibition = None
        clear_x = steps.edge(inhibition.t) if inhibition else None
        rows = lanes.rows(plan, steps, y, unit, numbers, clear_x)
        marks += rows.marks
        bars_top = rows.below["i"] + 1
        self.shut_bottom = bars_top + inhibitions.BAR_HEIGHT
        if notes.inhibition and notes.inhibition.target == unit:
            marks += inhibitions.bars(notes.inhibition, steps, bars_top)
        if not inhibition:
            return marks, rows.bottom
        weight_words, bottom = inhibitions.words_of(
            inhibition, plan.subject, steps, rows.bottom + WEIGHT_GAP, inner_width(plan.width)
        )
        return [*marks, *weight_words], bottom

    def _largest(self, unit: int, y: float) -> list[Mark]:
        """Print the largest write of a unit that has no number elsewhere.

        If no write is finite, c is not a number at any step; say so instead.
        """
        subject = self.plan.subject
        writes, c = written(subject, unit), subject.series("c", unit)
        sizes = abs(writes.values.astype(np.float64))
        t = int(np.argmax(shares(sizes)))
        if np.isfinite(sizes).any():
            id, number, tensor, term = f"largest-{unit}", writes[t], "i*g", "i"
            caption = "added to c at most: i·g"
            claim = (
                f"bool(abs({number.expr}) >= {writes.part}.abs().nan_to_num(0, 0).max() * "
                f"{LARGEST_SHARE})"
            )
        else:
            id, number, tensor, term = f"lost-{unit}", c[t], "c", "c"
            caption = "not a number at any step: c"
            claim = f"bool({c.part}.isnan().all())"
        left, step = self.steps.left + 2, subject.step_number(t)
        x = left + words.width(caption, words.SMALL) + 10
        value = words.number(
            x + 10, y, number, size=words.SMALL, anchor="start", fill="muted", id=id, term=term
        )
        names: dict[str, object] = {"tensor": tensor, "unit": unit}
        says = Says(claim=claim)
        text, expr = over_time.step_text(subject, step)
        return [
            words.label(left, y, caption, names=names, of=[value], style=words.FINE, says=says),
            words.operator(x, y, "="),
            value,
            words.label(
                x + 16 + value.width,
                y,
                text,
                names={"step": step},
                of=[value],
                style=words.FINE,
                says=Says(((text, expr),)) if subject.trace.clock else None,
            ),
        ]

    def _clear_of_line(self, row: list[Mark], unit: int) -> list[Mark]:
        """Move a row of words beside the dotted line of an inhibition.

        Return nothing if the words fit on neither side.
        """
        if not self.inhibition or self.inhibition.source != unit:
            return row
        x = self.steps.edge(self.inhibition.t)
        left, _, right, _ = bounds(row)
        if not left - LINE_GAP < x < right + LINE_GAP:
            return row
        start = inhibitions.text_x(x, right - left, inner_width(self.plan.width), LINE_GAP)
        if start is None:
            return []
        return [shift(mark, start - left, 0) for mark in row]

    def _values(self, unit: int, y: float) -> list[Mark]:
        """Print c of each step."""
        values = self.plan.subject.series("c", unit, self.steps.as_slice)
        row = lanes.numbers_of(self.steps, y + 6, values, f"c-{{t}}-{unit}", "c")
        name = words.label(
            self.steps.left - 7,
            y + 6,
            "c",
            names={"tensor": "c", "unit": unit},
            of=row,
            style=words.FINE,
            fill="ink",
            anchor="end",
        )
        return [*row, name]
