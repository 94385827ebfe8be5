"""The gates of a unit as rows of columns; a column is as full as its gate is open.

A gate that hardly moves is a single line with its range printed.
"""

from collections.abc import Sequence
from typing import Literal, NamedTuple

import numpy as np

from ...layout import words
from ...layout.motifs import over_time
from ...layout.motifs.over_time import Steps
from ...model.reference import Number, Vector
from ...proof.bindings import Node, Says, sentence
from ...scene.marks import Mark, Path, Text
from .plan import Plan

Numbers = Literal["ends", "every", "none"]
ORDER = "fgio"
"""The gates in the order in which they act: keep, propose, write, show."""

MAX_STILL_RANGE = 0.1
"""A gate whose range is at most this hardly moves."""
ROW_GAP, LINE_WIDTH = 6.0, 4.0
"""The gap between rows, and the thickness of the line of a gate that hardly moves."""
NUMBERS_HEIGHT = 15.0
"""The height of a row of printed values."""
HUE_PERCENT = 72
"""The colour strength of a column, in percent; arrows must stand out against it."""
MAX_PRINTED_STEPS, MIN_PRINTED_WIDTH = 8, 37.5
"""Print every value of at most this many steps, if each step is at least this wide."""
MIN_STILL_STEPS = 4
"""Sequences shorter than this show columns even for gates that hardly move."""


class Rows(NamedTuple):
    """The gate rows of a unit.

    Attributes:
        marks: The marks.
        bottom: Where the rows end.
        below: Where each gate's row ends.
    """

    marks: list[Mark]
    bottom: float
    below: dict[str, float]


def is_still(values: Vector) -> bool:
    """Return whether a gate hardly moves over the whole sequence."""
    finite = np.isfinite(values.values).all()
    moved = np.ptp(values.values.astype(np.float64))
    return len(values) >= MIN_STILL_STEPS and bool(finite and moved <= MAX_STILL_RANGE)


def rows(
    plan: Plan, steps: Steps, y: float, unit: int, numbers: Numbers, clear_x: float | None
) -> Rows:
    """Draw the gate rows of a unit.

    Args:
        plan: The layout of the figure.
        steps: The steps of the band.
        y: The top edge.
        unit: The unit.
        numbers: Which values to print: the range of gates that hardly move,
            every value, or none.
        clear_x: Where a line crosses the rows, so that no range may be there.
    """
    marks: list[Mark] = []
    below = {}
    for gate in ORDER:
        values = plan.subject.series(gate, unit)
        if is_still(values) and numbers == "ends":
            row_marks, height = _line(plan, steps, y, gate, unit, clear_x)
        else:
            row_marks, height = columns(plan, steps, y, gate, unit, numbers == "every")
        marks += row_marks
        y += height + ROW_GAP
        below[gate] = y - ROW_GAP
    return Rows(marks, y - ROW_GAP, below)


def columns(
    plan: Plan, steps: Steps, y: float, gate: str, unit: int, printed: bool = False
) -> tuple[list[Mark], float]:
    """Draw a gate as one column per step; return the marks and the height.

    Args:
        plan: The layout of the figure.
        steps: The steps of the band.
        y: The top edge.
        gate: The letter of the gate.
        unit: The unit.
        printed: Whether each value is printed below its column.
    """
    signed = gate == "g"
    height = plan.sizes.lane_height
    if signed:
        height *= 2
    id = f"{gate}-{{t}}-{unit}"
    values = plan.subject.series(gate, unit, steps.part)
    marks = over_time.columns(
        steps,
        y,
        height,
        values,
        f"gate-{gate}:{HUE_PERCENT}",
        id=id,
        term=gate,
        low=-1 if signed else 0,
    )
    middle = y + height / 2
    numbers: list[Text] = []
    if printed:
        numbers = numbers_of(steps, y + height + NUMBERS_HEIGHT / 2, values, id, gate)
        height += NUMBERS_HEIGHT
    names = _gate_name(middle, gate, unit, [steps.column_id(id, steps.first), *numbers])
    return [*marks, *numbers, *names], height


def _line(
    plan: Plan, steps: Steps, y: float, gate: str, unit: int, clear_x: float | None
) -> tuple[list[Mark], float]:
    """Draw a gate that hardly moves as a line with its range; return marks and height."""
    all_values = plan.subject.series(gate, unit)
    band_values = plan.subject.series(gate, unit, steps.part)
    level = y + NUMBERS_HEIGHT / 2
    id = f"{gate}-{steps.first}-{unit}"
    text, left, right = _range(plan, steps, level, all_values, id, clear_x)
    pieces = (
        ("M", (steps.left, level)),
        ("L", (left, level)),
        ("M", (right, level)),
        ("L", (steps.right, level)),
    )
    part = band_values.part
    claim = f"bool({part}.max() - {part}.min() < {MAX_STILL_RANGE} + 1e-6)"
    line = Path(
        pieces,
        stroke=f"gate-{gate}:45",
        stroke_width=LINE_WIDTH,
        id=f"{id}-line",
        term=gate,
        bound=(Node(part), Says(claim=claim)),
    )
    return [line, *text, *_gate_name(level, gate, unit, text)], NUMBERS_HEIGHT


def _range(
    plan: Plan, steps: Steps, y: float, all_values: Vector, id: str, clear_x: float | None
) -> tuple[list[Mark], float, float]:
    """Print the least and the largest value; return the marks and where they begin and end."""
    values = all_values.values.tolist()
    scale = float(np.max(all_values.scale))
    ends = [
        Number(all_values.values[k], f"{all_values.part}.{name}()", scale)
        for k, name in ((int(np.argmin(values)), "min"), (int(np.argmax(values)), "max"))
    ]
    numbers = [
        words.number(
            0, y, end, size=words.SMALL, anchor="start", fill="muted", id=f"{id}-{name}", term=id[0]
        )
        for end, name in zip(ends, ("least", "most"), strict=True)
    ]
    if numbers[0].content == numbers[1].content:
        numbers = numbers[:1]
    to = words.width("to", words.SMALL) + 10
    width = sum(n.width for n in numbers) + to * (len(numbers) - 1) + 12
    right = steps.right - 2 * steps.width
    left = max(right - width, steps.left)
    if clear_x is not None and left - 6 < clear_x < left + width + 6:
        left = clear_x - width - 8
        if left < steps.left:
            left = clear_x + 8
    marks: list[Mark] = []
    x = left + 6
    for k, number in enumerate(numbers):
        if k:
            word, _ = words.paragraph(
                x + 5,
                y - words.LINE * words.SMALL / words.NOTE / 2,
                sentence("to"),
                to,
                size=words.SMALL,
            )
            marks.append(word)
            x += to
        marks.append(number._replace(x=x))
        x += number.width
    return marks, left, left + width


def numbers_of(steps: Steps, y: float, values: Vector, id: str, term: str) -> list[Text]:
    """Print every value below the column of its step."""
    fill = f"gate-{term}" if term in ORDER else "ink"
    return [
        words.number(
            steps.middle(t),
            y,
            value,
            size=words.SMALL,
            max_chars=int(steps.width / 7.5),
            fill=fill,
            id=f"{id.format(t=t)}-value",
            term=term,
        )
        for t, value in zip(steps.ts, values, strict=True)
    ]


def are_printed(plan: Plan, steps: Steps) -> bool:
    """Return whether the steps are few and wide enough to print every value."""
    return (
        len(plan.subject.steps) <= MAX_PRINTED_STEPS
        and steps.width >= MIN_PRINTED_WIDTH
        and all(
            _fit(steps, plan.subject.series(name, unit, steps.part))
            for unit in plan.units
            for name in "cifgo"
        )
    )


def _fit(steps: Steps, values: Vector) -> bool:
    """Return whether printed values fit side by side."""
    row = numbers_of(steps, 0, values, "c-{t}", "c")
    return max(number.width for number in row) + 2 <= steps.width


def _gate_name(y: float, gate: str, unit: int, of: Sequence[str | Mark]) -> list[Mark]:
    """Name a gate by its letter and its verb."""
    names: dict[str, object] = {"gate": gate, "unit": unit}
    paint = f"gate-{gate}"
    return [
        words.label(0, y, gate, names, of, "band", style=words.STRONG, fill=paint, term=gate),
        words.label(14, y, over_time.VERBS[gate], names, of, "band", style=words.FINE, fill=paint),
    ]
