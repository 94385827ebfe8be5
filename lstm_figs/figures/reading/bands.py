"""A band: one row of steps with its tokens, units, answers and step numbers."""

import numpy as np

from ...layout import styles, words
from ...layout.margins import inner_width
from ...layout.motifs import label_lanes, over_time
from ...layout.motifs.over_time import Steps
from ...proof.bindings import Node, Says, sentence
from ...scene.marks import Mark, Path, bounds, shift
from . import focus_bands, inhibitions, lanes
from .answers import answers, shades
from .headings import GATES_GAP, NAME_HEIGHT, TOKENS_HEIGHT, WEIGHT_GAP, name, tokens
from .inhibitions import Inhibition
from .moves import shares, written
from .note_places import FormNotes
from .plan import Plan
from .plot import plot

NUMBERS_HEIGHT, STEPS_HEIGHT = 22.0, 20.0
"""The heights of a row of printed values, and of the row of step numbers."""
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
            y += 30
        draw = _band if plan.focus == "all" else focus_bands.band
        band_marks, y = draw(plan, steps, y, notes)
        marks += band_marks
        y += BAND_GAP
    return marks, y - BAND_GAP


def _part_heading(plan: Plan, steps: Steps, y: float) -> list[Mark]:
    """Draw the rule and the heading above a later part of the sequence."""
    count, width = len(plan.subject.steps), inner_width(plan.width)
    ends = ((label, f"len(x) - {count - label}") for label in (steps.labels[0], steps.labels[-1]))
    heading, _ = words.paragraph(
        0, y + 8, sentence("steps {} to {}", *ends), width, size=words.SMALL
    )
    rule = (("M", (0.0, y)), ("L", (width, y)))
    part = Node(f"x[{steps.part.start}:{steps.part.stop}]")
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


def _band(plan: Plan, steps: Steps, y: float, notes: FormNotes) -> tuple[list[Mark], float]:
    inhibition = notes.inhibition
    if inhibition and inhibition.t not in steps.ts:
        inhibition = None
    marks: list[Mark] = []
    top, shut_bottom = y, 0.0
    for unit in plan.units:
        part_marks, y = _above(plan, steps, y, unit)
        marks += part_marks
        if unit in notes.unnumbered_units and steps is plan.bands[0]:
            marks += _clear_of_line(_largest(plan, steps, y, unit), plan, inhibition, unit)
            y += 22
        placed = notes.placed[steps.first, unit]
        parts, scale = plot(plan, steps, y, unit, placed)
        marks += [mark for _, part in parts for mark in part]
        if inhibition and inhibition.source == unit:
            c = float(plan.subject.steps[inhibition.t - 1].c[0, unit])
            marks += inhibitions.line(inhibition, steps, scale, c, shut_bottom)
        y = scale.start + GATES_GAP
        if not plan.with_gates:
            if unit != plan.units[-1] and not plan.is_narrow:
                y += AXIS_GAP
            continue
        part_marks, y, shut_bottom = _gates(plan, steps, y, unit, notes, inhibition)
        marks += part_marks
        if unit != plan.units[-1]:
            y += plan.sizes.unit_gap
    if plan.reader and plan.with_gates:
        part_marks, y = answers(plan, plan.reader, steps, y + 14)
        marks += part_marks
    if plan.subject.trace.labels:
        rows = label_lanes.label_rows(plan.subject, steps, y + LABELS_GAP)
        marks += rows.marks
        y += LABELS_GAP + rows.height - label_lanes.ROW_GAP
    c_ids = [f"c-{steps.first}-{unit}" for unit in plan.units]
    marks += over_time.step_labels(steps, y + 12, c_ids)
    y += STEPS_HEIGHT
    if plan.reader:
        marks = [*shades(plan.reader, steps, top - 4, y), *marks]
    if plan.label is not None:
        planes = label_lanes.label_shades(plan.subject, plan.label, steps, top - 4, y)
        marks = [*planes, *marks]
    return marks, y


def _above(plan: Plan, steps: Steps, y: float, unit: int) -> tuple[list[Mark], float]:
    """Draw the name of a unit, and the tokens if they are above its plot."""
    if unit != plan.units[0] and not plan.is_narrow:
        return [name(steps, unit, y + 2)], y
    if not plan.has_tokens:
        return [name(steps, unit, y + 9)], y + (TOKENS_HEIGHT if plan.is_narrow else NAME_HEIGHT)
    y += plan.token_rise
    return [*tokens(plan, steps, y + 9), name(steps, unit, y + 9)], y + TOKENS_HEIGHT


def _gates(
    plan: Plan,
    steps: Steps,
    y: float,
    unit: int,
    notes: FormNotes,
    band_inhibition: Inhibition | None,
) -> tuple[list[Mark], float, float]:
    """Draw the gates of a unit, and what another unit does to its input gate.

    Args:
        plan: The layout of the figure.
        steps: The steps of the band.
        y: The top edge.
        unit: The unit.
        notes: The notes of this form.
        band_inhibition: The inhibition to explain, if its step is in this band.

    Returns:
        The marks, their bottom, and the bottom of the bars under the input
        gate.
    """
    marks: list[Mark] = []
    printed = notes.printed and lanes.are_printed(plan, steps)
    if printed:
        marks += _values(plan, steps, y, unit)
        y += NUMBERS_HEIGHT
    is_here = band_inhibition is not None and band_inhibition.target == unit
    clear_x = steps.edge(band_inhibition.t) if band_inhibition and is_here else None
    numbers: lanes.Numbers = "none" if notes.printed else "ends"
    if printed:
        numbers = "every"
    rows = lanes.rows(plan, steps, y, unit, numbers, clear_x)
    marks += rows.marks
    shut_bottom, bottom = rows.below["i"] + 1, rows.bottom
    if notes.inhibition and notes.inhibition.target == unit:
        marks += inhibitions.bars(notes.inhibition, steps, shut_bottom)
    if band_inhibition and is_here:
        weight_words, bottom = inhibitions.words_of(
            band_inhibition, plan.subject, steps, bottom + WEIGHT_GAP, inner_width(plan.width)
        )
        marks += weight_words
    return marks, bottom, shut_bottom + inhibitions.BAR_HEIGHT


def _largest(plan: Plan, steps: Steps, y: float, unit: int) -> list[Mark]:
    """Print the largest write of a unit that has no number elsewhere.

    If no write is finite, c is not a number at any step; say so instead.
    """
    writes, c = written(plan.subject, unit), plan.subject.series("c", unit)
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
    left, step = steps.left + 2, plan.subject.step_number(t)
    x = left + words.width(caption, words.SMALL) + 10
    value = words.number(
        x + 10, y, number, size=words.SMALL, anchor="start", fill="muted", id=id, term=term
    )
    names: dict[str, object] = {"tensor": tensor, "unit": unit}
    says = Says(claim=claim)
    return [
        words.label(left, y, caption, names, [value], style=words.FINE, says=says),
        words.operator(x, y, "="),
        value,
        words.label(
            x + 16 + value.width, y, f"step {step}", {"step": step}, [value], style=words.FINE
        ),
    ]


def _clear_of_line(
    row: list[Mark], plan: Plan, inhibition: Inhibition | None, unit: int
) -> list[Mark]:
    """Move a row of words beside the dotted line of an inhibition.

    Return nothing if the words fit on neither side.
    """
    if not inhibition or inhibition.source != unit:
        return row
    x = plan.bands[0].edge(inhibition.t)
    left, _, right, _ = bounds(row)
    if not left - LINE_GAP < x < right + LINE_GAP:
        return row
    start = inhibitions.text_x(x, right - left, inner_width(plan.width), LINE_GAP)
    if start is None:
        return []
    return [shift(mark, start - left, 0) for mark in row]


def _values(plan: Plan, steps: Steps, y: float, unit: int) -> list[Mark]:
    """Print c of each step."""
    values = plan.subject.series("c", unit, steps.part)
    row = lanes.numbers_of(steps, y + 6, values, f"c-{{t}}-{unit}", "c")
    name = words.label(
        steps.left - 7,
        y + 6,
        "c",
        {"tensor": "c", "unit": unit},
        row,
        style=words.FINE,
        fill="ink",
        anchor="end",
    )
    return [*row, name]
