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
from .moves import ROUNDING
from .plan import Plan

Numbers = Literal["ends", "every", "none"]
"""The values that are printed: the lowest and the highest of a gate that hardly moves,
every value, or none because notes print them."""
ORDER = "fgio"
"""The gates in the order in which they act: keep, propose, write, show."""

MAX_STILL_RANGE = 0.1
"""A gate whose range is at most this hardly moves."""
ROW_GAP, LINE_WIDTH = 6.0, 4.0
"""The gap between rows, and the thickness of the line of a gate that hardly moves."""
NUMBERS_HEIGHT = 15.0
"""The height of a row of printed values."""
RANGE_GAP, WORD_GAP = 6.0, 5.0
"""The gap between a line and its range, and between the words of a range."""
VERB_X = 14.0
"""Where the verb of a gate begins, right of its letter."""
MIN_CHARACTER_WIDTH = 7.5
"""The width of a character of a printed value, with a little space."""
CLEAR_GAP = 8.0
"""The gap between a range and a vertical line that crosses the rows."""
LINE_PERCENT = 45
"""The colour strength of the line of a gate that hardly moves, in percent."""
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
        unit: The index of the unit.
        numbers: Which values to print: the range of gates that hardly move,
            every value, or none.
        clear_x: Where a line crosses the rows, so that no range may be there.
    """
    marks: list[Mark] = []
    below = {}
    for gate in ORDER:
        lane = Lane(plan, steps, gate, unit)
        if is_still(lane.all_values) and numbers == "ends":
            row_marks, height = lane.line(y, clear_x)
        else:
            row_marks, height = lane.columns(y, printed=numbers == "every")
        marks += row_marks
        y += height + ROW_GAP
        below[gate] = y - ROW_GAP
    return Rows(marks, y - ROW_GAP, below)


class Lane(NamedTuple):
    """A gate of a unit over a band.

    Attributes:
        plan: The layout of the figure.
        steps: The steps of the band.
        gate: The letter of the gate.
        unit: The index of the unit.
    """

    plan: Plan
    steps: Steps
    gate: str
    unit: int

    @property
    def all_values(self) -> Vector:
        """The gate over the whole sequence."""
        return self.plan.subject.series(self.gate, self.unit)

    @property
    def values(self) -> Vector:
        """The gate over the band."""
        return self.plan.subject.series(self.gate, self.unit, self.steps.as_slice)

    def columns(self, y: float, *, printed: bool = False) -> tuple[list[Mark], float]:
        """Draw the gate as one column per step; return the marks and the height.

        Args:
            y: The top edge.
            printed: Whether each value is printed below its column.
        """
        steps, gate, id = self.steps, self.gate, f"{self.gate}-{{t}}-{self.unit}"
        # g lies between -1 and 1, so its columns go up and down.
        is_signed = gate == "g"
        height = self.plan.sizes.lane_height
        if is_signed:
            height *= 2
        marks = over_time.columns(
            steps,
            y,
            height,
            self.values,
            f"gate-{gate}:{HUE_PERCENT}",
            id=id,
            term=gate,
            low=-1 if is_signed else 0,
        )
        middle = y + height / 2
        numbers: list[Text] = []
        if printed:
            numbers = numbers_of(steps, y + height + NUMBERS_HEIGHT / 2, self.values, id, gate)
            height += NUMBERS_HEIGHT
        names = self._names(middle, [steps.column_id(id, steps.first), *numbers])
        return [*marks, *numbers, *names], height

    def line(self, y: float, clear_x: float | None) -> tuple[list[Mark], float]:
        """Draw a gate that hardly moves as a line with its range; return marks and height.

        Args:
            y: The top edge.
            clear_x: Where a line crosses the lane, so that no range may be there.
        """
        steps, gate, level = self.steps, self.gate, y + NUMBERS_HEIGHT / 2
        numbers = self._ends(level)
        to_width = words.width("to", words.SMALL) + 2 * WORD_GAP
        numbers_width = sum(number.width for number in numbers)
        width = numbers_width + to_width * (len(numbers) - 1) + 2 * RANGE_GAP
        left = self._range_left(width, clear_x)
        pieces = (
            ("M", (steps.left, level)),
            ("L", (left, level)),
            ("M", (left + width, level)),
            ("L", (steps.right, level)),
        )
        part = self.values.part
        claim = f"bool({part}.max() - {part}.min() < {MAX_STILL_RANGE} + {ROUNDING})"
        line = Path(
            pieces,
            stroke=f"gate-{gate}:{LINE_PERCENT}",
            stroke_width=LINE_WIDTH,
            id=f"{gate}-{steps.first}-{self.unit}-line",
            term=gate,
            bound=(Node(part), Says(claim=claim)),
        )
        text = _range(numbers, left + RANGE_GAP, level, to_width)
        return [line, *text, *self._names(level, text)], NUMBERS_HEIGHT

    def _ends(self, y: float) -> list[Text]:
        """Print the least and the largest value, or one of them if they look the same."""
        vector, id = self.all_values, f"{self.gate}-{self.steps.first}-{self.unit}"
        values, scale = vector.values.tolist(), float(np.max(vector.scale))
        least, most = (
            words.number(
                0,
                y,
                Number(vector.values[k], f"{vector.part}.{statistic}()", scale),
                size=words.SMALL,
                anchor="start",
                fill="muted",
                id=f"{id}-{name}",
                term=self.gate,
            )
            for k, statistic, name in (
                (int(np.argmin(values)), "min", "least"),
                (int(np.argmax(values)), "max", "most"),
            )
        )
        return [least] if least.content == most.content else [least, most]

    def _range_left(self, width: float, clear_x: float | None) -> float:
        """Return the left edge of the range, near the right end of the line."""
        steps = self.steps
        # The last two steps keep their line, so that it visibly goes on.
        left = max(steps.right - 2 * steps.width - width, steps.left)
        if clear_x is None or not left - RANGE_GAP < clear_x < left + width + RANGE_GAP:
            return left
        left = clear_x - width - CLEAR_GAP
        return left if left >= steps.left else clear_x + CLEAR_GAP

    def _names(self, y: float, of: Sequence[str | Mark]) -> list[Mark]:
        """Name the gate by its letter and its verb."""
        gate, paint = self.gate, f"gate-{self.gate}"
        names: dict[str, object] = {"gate": gate, "unit": self.unit}
        verb = over_time.VERBS[gate]
        return [
            words.label(
                0,
                y,
                gate,
                names=names,
                of=of,
                along="band",
                style=words.STRONG,
                fill=paint,
                term=gate,
            ),
            words.label(
                VERB_X, y, verb, names=names, of=of, along="band", style=words.FINE, fill=paint
            ),
        ]


def _range(numbers: Sequence[Text], x: float, y: float, to_width: float) -> list[Mark]:
    """Place one or two numbers from the left, with "to" between two."""
    marks: list[Mark] = []
    for k, number in enumerate(numbers):
        if k:
            word, _ = words.paragraph(
                x + WORD_GAP,
                y - words.line_height(words.SMALL) / 2,
                sentence("to"),
                to_width,
                size=words.SMALL,
            )
            marks.append(word)
            x += to_width
        marks.append(number._replace(x=x))
        x += number.width
    return marks


def numbers_of(steps: Steps, y: float, values: Vector, id: str, term: str) -> list[Text]:
    """Print every value below the column of its step."""
    fill = f"gate-{term}" if term in ORDER else "ink"
    return [
        words.number(
            steps.middle(t),
            y,
            value,
            size=words.SMALL,
            max_chars=int(steps.width / MIN_CHARACTER_WIDTH),
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
            _fit(steps, plan.subject.series(name, unit, steps.as_slice))
            for unit in plan.units
            for name in "cifgo"
        )
    )


def _fit(steps: Steps, values: Vector) -> bool:
    """Return whether printed values fit side by side."""
    row = numbers_of(steps, 0, values, "c-{t}", "c")
    return max(number.width for number in row) + 2 <= steps.width
