"""Gates and states of few units: a lane for each."""

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from ...layout import styles, words
from ...layout.margins import inner_width
from ...layout.motifs import label_lanes, over_time
from ...layout.motifs.over_time import Steps
from ...layout.motifs.token_rows import tokens_by_step
from ...model.layer_run import Subject
from ...model.reference import Number
from ...proof.bindings import Scale, Sentence
from ...proof.digits import DECIMALS, text
from ...scene.marks import Mark, Path, Text
from . import return_frames
from .row_labels import letters

MAX_PRINTED_STEPS = 8
"""The most steps whose numbers are printed."""
CHARACTER_WIDTH = 7.25
"""The width of a digit of a number."""
NUMBERS_HEIGHT = 13.0
"""Below each lane, for numbers, where they are printed."""
LANE_GAP = 3.0
"""Between the lanes of one result."""


class Heights(NamedTuple):
    """How high what is drawn is.

    Attributes:
        gate: A lane from 0 to 1.
        signed: A lane from −1 to 1.
        gap: The space between two results.
    """

    gate: float
    signed: float
    gap: float


BARE = Heights(14, 20, 12)
ALONE = Heights(26, 40, 12)
HIGH = Heights(16, 24, 10)
MIDDLE = Heights(12, 18, 7)
LOW = Heights(11, 16, 7)
MAX_HIGH_UNITS = 2
"""The most units whose lanes are high."""
LINE_HEIGHT, PRINTED_LINE_HEIGHT, LOW_LINE_HEIGHT = 56, 40, 34
"""The height of a line, of one whose numbers are printed, and of one of more
units."""
LINE_GAP = 8.0
"""Between the numbers of a line and the next; without numbers it is twice."""
GATE_TINT = 76
"""Per cent of its hue that a gate has, which stays inside; on the panel its
contrast is 3 at least."""
RIGHT_MARGIN = 6.0
"""The width right of the steps, for the edge of a frame."""
NAME_GAP = return_frames.PADDING + 6
"""From the name of a unit to the steps."""
TICK_GAP = return_frames.PADDING + 5
"""From a tick to the steps; a frame is between them."""


def gutter(subject: Subject, width: float) -> float:
    """The width left of the steps: names, and the ticks of a state."""
    is_wide = width >= 480
    names = words.width("unit 0", words.SMALL) + 20 if is_wide else 14
    return max(112 if is_wide else 48, math.ceil(names + _ticks(subject)))


def _ticks(subject: Subject) -> float:
    """The width of the ticks of both states, and of what is beside them."""
    return (
        TICK_GAP
        + 4
        + max(
            words.width(over_time.tick_text(end), words.SMALL)
            for name in return_frames.STATES
            for end in _range(subject, name)
        )
    )


def _range(subject: Subject, name: str) -> tuple[float, float]:
    """Round values around a state over all steps."""
    values = np.array([getattr(s, name)[0] for s in subject.steps], np.float64)
    finite = [0.0, *values[np.isfinite(values)].tolist()]
    return fitted(min(finite), max(finite))


def fitted(low: float, high: float) -> tuple[float, float]:
    """Round values around two, of which one may be 0.

    >>> fitted(-0.45, 0.39), fitted(-1.51, 0.65), fitted(0, 0)
    ((-0.5, 0.5), (-2.0, 1.0), (-1.0, 1.0))
    """
    if low == high:
        return -1.0, 1.0
    max_step = 0.6 * (high - low)
    power = math.floor(math.log10(max_step))
    step = (5 if max_step >= 5 * 10.0**power else 1) * 10.0**power
    places = max(0, -power)
    return (
        round(math.floor(low / step) * step, places) + 0.0,
        round(math.ceil(high / step) * step, places) + 0.0,
    )


def draw(subject: Subject, steps: Steps, width: float) -> tuple[list[Mark], float, list[Sentence]]:
    """All lanes, where they end, and what is to be said of them."""
    heights = _heights(subject, steps)
    printed = heights != BARE
    of = [f"{name}-{{t}}-*" for name in "ifgo"]
    label_rows = label_lanes.label_rows(subject, steps, 0)
    read = tokens_by_step(
        subject, steps, label_rows.height, of, overhang=inner_width(width) - steps.right
    )
    y = label_rows.height + read.height + 8
    marks = [*label_rows.marks, *read.marks, *over_time.step_labels(steps, y, of)]
    y += 16
    top, lanes = y, []
    for gate in "ifgo":
        lane, bottom = _gate(subject, steps, gate, y, printed, heights)
        lanes += lane
        y = bottom + heights.gap
    for name in return_frames.STATES:
        lane, y = _state(subject, steps, name, y, printed, heights)
        lanes += lane
        if return_frames.is_inside(subject, name):
            bottom = y
            y += 2 * return_frames.PADDING
        y += heights.gap
    plane = return_frames.plane(steps, top, bottom)
    return [*marks, plane, *lanes], y - heights.gap, read.notes


def _heights(subject: Subject, steps: Steps) -> Heights:
    """How high lanes are; `BARE` where numbers are not printed."""
    if not _are_printed(subject, steps):
        return BARE
    size = subject.weights.hidden_size
    if size == 1:
        return ALONE
    if size > MAX_HIGH_UNITS:
        return LOW
    return HIGH if steps.left > over_time.MAX_NARROW_GUTTER else MIDDLE


def _are_printed(subject: Subject, steps: Steps) -> bool:
    """Whether each number has room in the column of its step."""
    if len(subject.steps) > MAX_PRINTED_STEPS or len(steps.labels) < len(subject.steps):
        return False
    longest = max(
        len(text(number.value, DECIMALS, 5))
        for name in ("i", "f", "g", "o", "c", "h")
        for t in steps.ts
        for number in subject.vector(name, t)
    )
    return longest * CHARACTER_WIDTH + 8 <= steps.width


def _numbers(
    steps: Steps, top: float, values: Sequence[Number], name: str, unit: int
) -> list[Text]:
    """Every value in a number, below the lane that ends at `top`."""
    max_chars = max(5, int((steps.width - 8) / CHARACTER_WIDTH))
    return [
        words.number(
            steps.middle(t),
            top + NUMBERS_HEIGHT / 2,
            value,
            size=words.SMALL,
            max_chars=max_chars,
            id=f"{name}-{t}-{unit}",
            term=name,
        )
        for t, value in zip(steps.ts, values, strict=True)
    ]


def _gate(
    subject: Subject, steps: Steps, gate: str, y: float, printed: bool, heights: Heights
) -> tuple[list[Mark], float]:
    """One gate: a lane of columns for each unit."""
    paint, top = f"gate-{gate}:{GATE_TINT}", y
    is_wide = steps.left > over_time.MAX_NARROW_GUTTER
    marks: list[Mark] = []
    is_signed = gate == "g"
    height = heights.signed if is_signed else heights.gate
    for unit in range(subject.weights.hidden_size):
        values = subject.series(gate, unit, steps.part)
        column_id = f"{gate}-{{t}}-{unit}" + "-column" * printed
        marks += over_time.columns(
            steps, y, height, values, paint, id=column_id, term=gate, low=-1 if is_signed else 0
        )
        of = list({steps.column_id(column_id, t): t for t in steps.ts})
        middle = y + height / 2
        y += height
        if printed:
            numbers = _numbers(steps, y, values, gate, unit)
            marks += numbers
            of = [m.id for m in marks if m.id in of] + [n.id for n in numbers]
            y += NUMBERS_HEIGHT
        marks.append(_unit(steps.left - NAME_GAP, middle, unit, of, is_wide))
        y += LANE_GAP
    y -= LANE_GAP
    mark_ids = [m.id for m in marks if m.id]
    return [*marks, *letters(steps, (top + y) / 2, gate, mark_ids)], y


def _unit(x: float, y: float, unit: int, of: Sequence[str], is_wide: bool) -> Text:
    return words.label(
        x,
        y,
        f"unit {unit}" if is_wide else str(unit),
        {"unit": unit},
        of,
        "band",
        style=words.FINE,
        anchor="end",
    )


def _state(
    subject: Subject, steps: Steps, name: str, y: float, printed: bool, heights: Heights
) -> tuple[list[Mark], float]:
    """One state: a line for each unit, and frames around what is returned."""
    is_wide, top = steps.left > over_time.MAX_NARROW_GUTTER, y
    size = subject.weights.size if name == "h" else subject.weights.hidden_size
    inside = return_frames.is_inside(subject, name)
    low, high = _range(subject, name)
    height = (
        (PRINTED_LINE_HEIGHT if printed else LINE_HEIGHT)
        if size <= MAX_HIGH_UNITS
        else LOW_LINE_HEIGHT
    )
    names_right = steps.left - (NAME_GAP if printed else _ticks(subject))
    between = LINE_GAP if printed else 2 * LINE_GAP
    marks: list[Mark] = []
    y += 2 * LANE_GAP
    for unit in range(size):
        values = subject.series(name, unit, steps.part)
        scale = Scale(low, high, y + height, y)
        marks += _axis(steps, scale, ticks=not printed)
        parts = [(steps, "muted" if inside else "ink", f"{name}-{unit}")]
        if inside and len(steps.labels) == len(subject.steps):
            last = len(values) - 1
            last_step = Steps(last, steps.labels[-1:], steps.edge(last), steps.width)
            parts.append((last_step, "ink", f"c_n-{unit}"))
        for part, paint, id in parts:
            is_muted = paint != "ink"
            look = styles.CURVE.plain if is_muted else styles.CURVE.strong
            marks += over_time.step_line(
                part,
                scale,
                subject.series(name, unit, part.part),
                paint,
                width=look.weight,
                id=id,
                term=name,
            )
        of, middle = [f"{name}-{unit}"], y + height / 2
        y += height
        if printed:
            # A line may end where its lane does.
            y += LANE_GAP
            row = _numbers(steps, y, values, name, unit)
            marks += row
            of += [n.id for n in row]
            y += NUMBERS_HEIGHT
        marks.append(_unit(names_right, middle, unit, of, is_wide))
        y += between
    y += 2 * LANE_GAP - between
    mark_ids = [m.id for m in marks if m.id]
    # In a narrow form it stands above the names of units.
    middle = (top + y) / 2 if is_wide else top + 2 * LANE_GAP
    marks += letters(steps, middle, name, mark_ids)
    framed = return_frames.frames(subject, steps, name, top, y)
    return [*marks, *framed], y + 22 * bool(framed)


def _axis(steps: Steps, scale: Scale, *, ticks: bool) -> list[Mark]:
    """A line at zero and, where no values are printed, the ends of a lane."""
    zero = scale(0)
    line = (("M", (steps.left, zero)), ("L", (steps.right, zero)))
    line_width = styles.LINE.back.weight
    marks: list[Mark] = [Path(line, stroke="rule", stroke_width=line_width)]
    if not ticks:
        return marks
    values = [0.0]
    for end in (scale.low, scale.high):
        if abs(scale(end) - zero) >= words.SMALL:
            values.append(end)
    return marks + [
        words.tick(steps.left - TICK_GAP, scale(value), over_time.tick_text(value))
        for value in values
    ]
