"""One row of steps: what is read, its units, what is answered."""

import numpy as np

from ...layout import styles, words
from ...layout.motifs import over_time, truths
from ...layout.motifs.over_time import Steps
from ...layout.room import inner
from ...proof.bindings import Node, Says, sentence
from ...scene.marks import Mark, Path, bounds, shift
from . import brake as brakes
from . import focused, lanes
from .above import BARE, BELOW, TOKENS, WEIGHT, name, tokens
from .answers import answers, shades
from .brake import Brake
from .moves import shares, written
from .places import Told
from .plan import Plan
from .plot import plot

NUMBERS, STEPS = 22.0, 20.0
"""The heights of a row of numbers, and of steps."""
TICKS = 8.0
"""What keeps the lowest value of an axis from the highest of the next."""
APART, LABELS = 24.0, 20.0
"""Between bands, and from gates to labels."""
CLEAR = 6.0
"""Between words and the line of a brake."""
ALIKE = 0.9999
"""Which share of the largest write is as large, see `moves.shares`."""


def bands(plan: Plan, told: Told) -> tuple[list[Mark], float]:
    """All bands that are drawn, and their bottom."""
    marks: list[Mark] = []
    y = 0.0
    for steps in plan.bands:
        if steps.first:
            marks += _begin(plan, steps, y)
            y += 30
        draw = _band if plan.focus == "all" else focused.band
        drawn, y = draw(plan, steps, y, told)
        marks += drawn
        y += APART
    return marks, y - APART


def _begin(plan: Plan, steps: Steps, y: float) -> list[Mark]:
    """What says that another part of the sequence begins."""
    count, room = len(plan.subject.steps), inner(plan.room)
    ends = ((label, f"len(x) - {count - label}") for label in (steps.labels[0], steps.labels[-1]))
    said, _ = words.paragraph(0, y + 8, sentence("steps {} to {}", *ends), room, size=words.SMALL)
    rule = (("M", (0.0, y)), ("L", (room, y)))
    part = Node(f"x[{steps.part.start}:{steps.part.stop}]")
    return [
        Path(
            rule,
            stroke="ink",
            stroke_width=styles.CELL.strong.weight,
            id=f"part-{steps.first}",
            bound=(part,),
        ),
        said,
    ]


def _band(plan: Plan, steps: Steps, y: float, told: Told) -> tuple[list[Mark], float]:
    brake = told.brake
    if brake and brake.told not in steps.ts:
        brake = None
    marks: list[Mark] = []
    top, under = y, 0.0
    for unit in plan.units:
        first = unit == plan.units[0]
        if first or plan.narrow:
            if plan.named:
                y += plan.rise
                marks += tokens(plan, steps, y + 9)
            marks.append(name(steps, unit, y + 9))
            y += TOKENS if plan.named or plan.narrow else BARE
        else:
            marks.append(name(steps, unit, y + 2))
        if unit in told.bare and steps is plan.bands[0]:
            marks += _clear(_largest(plan, steps, y, unit), plan, brake, unit)
            y += 22
        placed = told.placed[steps.first, unit]
        parts, scale = plot(plan, steps, y, unit, placed)
        marks += [mark for _, part in parts for mark in part]
        if brake and brake.by == unit:
            c = float(plan.subject.steps[brake.told - 1].c[0, unit])
            marks += brakes.line(brake, steps, scale, c, under)
        y = scale.start + BELOW
        if not plan.with_gates:
            y += TICKS * (unit != plan.units[-1] and not plan.narrow)
            continue
        drawn, y, under = _gates(plan, steps, y, unit, told, brake)
        marks += drawn
        if unit != plan.units[-1]:
            y += plan.sizes.between
    if plan.reader and plan.with_gates:
        drawn, y = answers(plan, plan.reader, steps, y + 14)
        marks += drawn
    if plan.subject.trace.labels:
        rows = truths.rows(plan.subject, steps, y + LABELS)
        marks += rows.marks
        y += LABELS + rows.height - truths.APART
    of = [f"c-{steps.first}-{unit}" for unit in plan.units]
    marks += over_time.named(steps, y + 12, of)
    y += STEPS
    if plan.reader:
        marks = [*shades(plan.reader, steps, top - 4, y), *marks]
    if plan.label is not None:
        planes = truths.shades(plan.subject, plan.label, steps, top - 4, y)
        marks = [*planes, *marks]
    return marks, y


def _gates(
    plan: Plan, steps: Steps, y: float, unit: int, told: Told, here: Brake | None
) -> tuple[list[Mark], float, float]:
    """The gates of a unit, and what another unit does to one.

    Args:
        plan: How the figure is laid out.
        steps: The steps.
        y: The top.
        unit: The unit.
        told: What is told.
        here: What shuts a gate, if the step that is told is in this band.

    Returns:
        What is drawn, its bottom, and the bottom of what is under the gate
        that is shut.
    """
    marks: list[Mark] = []
    printed = told.printed and lanes.are_printed(plan, steps)
    if printed:
        marks += _values(plan, steps, y, unit)
        y += NUMBERS
    is_here = here is not None and here.shut == unit
    clear = steps.edge(here.told) if here and is_here else None
    numbers: lanes.Numbers = "every" if printed else "none" if told.printed else "ends"
    rows = lanes.rows(plan, steps, y, unit, numbers, clear)
    marks += rows.marks
    under, bottom = rows.below["i"] + 1, rows.bottom
    if told.brake and told.brake.shut == unit:
        marks += brakes.bars(told.brake, steps, under)
    if here and is_here:
        said, bottom = brakes.words_of(here, plan.subject, steps, bottom + WEIGHT, inner(plan.room))
        marks += said
    return marks, bottom, under + brakes.BAR


def _largest(plan: Plan, steps: Steps, y: float, unit: int) -> list[Mark]:
    """The largest write of a unit, where nothing is told of it.

    Where no write is a number, no c is one either, and that is told.
    """
    every, c = written(plan.subject, unit), plan.subject.series("c", unit)
    sizes = abs(every.values.astype(np.float64))
    t = int(np.argmax(shares(sizes)))
    if np.isfinite(sizes).any():
        id, number, tensor, term = f"largest-{unit}", every[t], "i*g", "i"
        said = "added to c at most: i·g"
        claim = f"bool(abs({number.expr}) >= {every.part}.abs().nan_to_num(0, 0).max() * {ALIKE})"
    else:
        id, number, tensor, term = f"lost-{unit}", c[t], "c", "c"
        said = "not a number at any step: c"
        claim = f"bool({c.part}.isnan().all())"
    x, step = steps.left + 2, plan.subject.label(t)
    most = words.label(
        x,
        y,
        said,
        {"tensor": tensor, "unit": unit},
        [id],
        "row",
        style=words.FINE,
        says=Says(claim=claim),
    )
    x += most.width + 10
    value = words.number(
        x + 10, y, number, size=words.SMALL, anchor="start", fill="muted", id=id, term=term
    )
    at = words.label(
        x + 16 + value.width, y, f"step {step}", {"step": step}, [id], "row", style=words.FINE
    )
    return [most, words.operator(x, y, "="), value, at]


def _clear(row: list[Mark], plan: Plan, brake: Brake | None, unit: int) -> list[Mark]:
    """A row of words left or right of the line of a brake, if it has room."""
    if not brake or brake.by != unit:
        return row
    x = plan.bands[0].edge(brake.told)
    left, _, right, _ = bounds(row)
    if not left - CLEAR < x < right + CLEAR:
        return row
    start = brakes.beside(x, right - left, inner(plan.room), CLEAR)
    if start is None:
        return []
    return [shift(mark, start - left, 0) for mark in row]


def _values(plan: Plan, steps: Steps, y: float, unit: int) -> list[Mark]:
    """The cell state in numbers."""
    values = plan.subject.series("c", unit, steps.part)
    row = lanes.numbers_of(steps, y + 6, values, f"c-{{t}}-{unit}", "c")
    name = words.label(
        steps.left - 7,
        y + 6,
        "c",
        {"tensor": "c", "unit": unit},
        [number.id for number in row],
        "row",
        style=words.FINE,
        fill="ink",
        anchor="end",
    )
    return [*row, name]
