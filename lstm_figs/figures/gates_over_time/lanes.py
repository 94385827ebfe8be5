"""Gates and states of few units: a lane for each."""

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from ...layout import styles, words
from ...layout.motifs import over_time, truths
from ...layout.motifs.over_time import Steps
from ...layout.motifs.read import beside
from ...layout.room import inner
from ...proof.bindings import Scale, Sentence
from ...proof.digits import DECIMALS, text
from ...proof.reference import Number
from ...proof.subject import Subject
from ...scene.marks import Mark, Path, Text
from . import returned
from .letters import letters

PRINTED = 8
"""The most steps whose numbers are printed."""
CHARACTER = 7.25
"""The width of a digit of a number."""
STRIP = 13.0
"""Below each lane, for numbers, where they are printed."""
CLOSE = 3.0
"""Between the lanes of one result."""


class Heights(NamedTuple):
    """How high what is drawn is.

    Attributes:
        gate: A lane from 0 to 1.
        signed: A lane from −1 to 1.
        apart: The space between two results.
    """

    gate: float
    signed: float
    apart: float


BARE = Heights(14, 20, 12)
ALONE = Heights(26, 40, 12)
HIGH = Heights(16, 24, 10)
MIDDLE = Heights(12, 18, 7)
LOW = Heights(11, 16, 7)
ROOMY = 2
"""The most units whose lanes are high."""
PLOT, BRIEF, LESS = 56, 40, 34
"""The height of a line, of one whose numbers are printed, and of one of more
units."""
BETWEEN = 8.0
"""Between the numbers of a line and the next; without numbers it is twice."""
LIGHT = 76
"""Per cent of its hue that a gate has, which stays inside; on the panel its
contrast is 3 at least."""
ASIDE = 6.0
"""The width right of the steps, for the edge of a frame."""
NAMED = returned.PAD + 6
"""From the name of a unit to the steps."""
TICK = returned.PAD + 5
"""From a tick to the steps; a frame is between them."""


def gutter(subject: Subject, room: float) -> float:
    """The width left of the steps: names, and the ticks of a state."""
    wide = room >= 480
    names = words.width("unit 0", words.SMALL) + 20 if wide else 14
    return max(112 if wide else 48, math.ceil(names + _ticks(subject)))


def _ticks(subject: Subject) -> float:
    """The width of the ticks of both states, and of what is beside them."""
    return (
        TICK
        + 4
        + max(
            words.width(over_time.said(end), words.SMALL)
            for name in returned.STATES
            for end in _reach(subject, name)
        )
    )


def _reach(subject: Subject, name: str) -> tuple[float, float]:
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
    most = 0.6 * (high - low)
    power = math.floor(math.log10(most))
    step = (5 if most >= 5 * 10.0**power else 1) * 10.0**power
    places = max(0, -power)
    return (
        round(math.floor(low / step) * step, places) + 0.0,
        round(math.ceil(high / step) * step, places) + 0.0,
    )


def draw(subject: Subject, steps: Steps, room: float) -> tuple[list[Mark], float, list[Sentence]]:
    """All lanes, where they end, and what is to be said of them."""
    high = _heights(subject, steps)
    printed = high != BARE
    of = [f"{name}-{{t}}-*" for name in "ifgo"]
    told = truths.rows(subject, steps, 0)
    read = beside(subject, steps, told.height, of, aside=inner(room) - steps.right)
    y = told.height + read.height + 8
    marks = [*told.marks, *read.marks, *over_time.named(steps, y, of)]
    y += 16
    top, lanes = y, []
    for gate in "ifgo":
        lane, bottom = _gate(subject, steps, gate, y, printed, high)
        lanes += lane
        y = bottom + high.apart
    for name in returned.STATES:
        lane, y = _state(subject, steps, name, y, printed, high)
        lanes += lane
        if returned.is_inside(subject, name):
            bottom = y
            y += 2 * returned.PAD
        y += high.apart
    plane = returned.plane(steps, top, bottom)
    return [*marks, plane, *lanes], y - high.apart, read.notes


def _heights(subject: Subject, steps: Steps) -> Heights:
    """How high lanes are; `BARE` where numbers are not printed."""
    if not _are_printed(subject, steps):
        return BARE
    size = subject.weights.hidden_size
    if size == 1:
        return ALONE
    if size > ROOMY:
        return LOW
    return HIGH if steps.left > over_time.CLOSE else MIDDLE


def _are_printed(subject: Subject, steps: Steps) -> bool:
    """Whether each number has room in the column of its step."""
    if len(subject.steps) > PRINTED or len(steps.labels) < len(subject.steps):
        return False
    longest = max(
        len(text(number.value, DECIMALS, 5))
        for name in ("i", "f", "g", "o", "c", "h")
        for t in steps.ts
        for number in subject.vector(name, t)
    )
    return longest * CHARACTER + 8 <= steps.width


def _numbers(
    steps: Steps, top: float, values: Sequence[Number], name: str, unit: int
) -> list[Text]:
    """Every value in a number, below the lane that ends at `top`."""
    room = max(5, int((steps.width - 8) / CHARACTER))
    return [
        words.number(
            steps.middle(t),
            top + STRIP / 2,
            value,
            size=words.SMALL,
            room=room,
            id=f"{name}-{t}-{unit}",
            term=name,
        )
        for t, value in zip(steps.ts, values, strict=True)
    ]


def _gate(
    subject: Subject, steps: Steps, gate: str, y: float, printed: bool, high: Heights
) -> tuple[list[Mark], float]:
    """One gate: a lane of columns for each unit."""
    paint, top = f"gate-{gate}:{LIGHT}", y
    wide = steps.left > over_time.CLOSE
    marks: list[Mark] = []
    signed = gate == "g"
    height = high.signed if signed else high.gate
    for unit in range(subject.weights.hidden_size):
        values = subject.series(gate, unit, steps.part)
        own = f"{gate}-{{t}}-{unit}" + "-column" * printed
        marks += over_time.columns(
            steps, y, height, values, paint, id=own, term=gate, low=-1 if signed else 0
        )
        of = list({steps.column_id(own, t): t for t in steps.ts})
        middle = y + height / 2
        y += height
        if printed:
            numbers = _numbers(steps, y, values, gate, unit)
            marks += numbers
            of = [m.id for m in marks if m.id in of] + [n.id for n in numbers]
            y += STRIP
        marks.append(_unit(steps.left - NAMED, middle, unit, of, wide))
        y += CLOSE
    y -= CLOSE
    every = [m.id for m in marks if m.id]
    return [*marks, *letters(steps, (top + y) / 2, gate, every)], y


def _unit(x: float, y: float, unit: int, of: Sequence[str], wide: bool) -> Text:
    return words.label(
        x,
        y,
        f"unit {unit}" if wide else str(unit),
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
    wide, top = steps.left > over_time.CLOSE, y
    size = subject.weights.size if name == "h" else subject.weights.hidden_size
    inside = returned.is_inside(subject, name)
    low, high = _reach(subject, name)
    height = (BRIEF if printed else PLOT) if size <= ROOMY else LESS
    named = steps.left - (NAMED if printed else _ticks(subject))
    between = BETWEEN if printed else 2 * BETWEEN
    marks: list[Mark] = []
    y += 2 * CLOSE
    for unit in range(size):
        values = subject.series(name, unit, steps.part)
        scale = Scale(low, high, y + height, y)
        marks += _axis(steps, scale, ticks=not printed)
        drawn = [(steps, "muted" if inside else "ink", f"{name}-{unit}")]
        if inside and len(steps.labels) == len(subject.steps):
            last = len(values) - 1
            own = Steps(last, steps.labels[-1:], steps.edge(last), steps.width)
            drawn.append((own, "ink", f"c_n-{unit}"))
        for part, paint, id in drawn:
            plain = paint != "ink"
            look = styles.CURVE.plain if plain else styles.CURVE.strong
            marks += over_time.line(
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
            y += CLOSE
            row = _numbers(steps, y, values, name, unit)
            marks += row
            of += [n.id for n in row]
            y += STRIP
        marks.append(_unit(named, middle, unit, of, wide))
        y += between
    y += 2 * CLOSE - between
    every = [m.id for m in marks if m.id]
    # In a narrow form it stands above the names of units.
    middle = (top + y) / 2 if wide else top + 2 * CLOSE
    marks += letters(steps, middle, name, every)
    framed = returned.frames(subject, steps, name, top, y)
    return [*marks, *framed], y + 22 * bool(framed)


def _axis(steps: Steps, scale: Scale, *, ticks: bool) -> list[Mark]:
    """A line at zero and, where no values are printed, the ends of a lane."""
    zero = scale(0)
    line = (("M", (steps.left, zero)), ("L", (steps.right, zero)))
    thin = styles.LINE.back.weight
    marks: list[Mark] = [Path(line, stroke="rule", stroke_width=thin)]
    if not ticks:
        return marks
    shown = [0.0]
    for end in (scale.low, scale.high):
        if abs(scale(end) - zero) >= words.SMALL:
            shown.append(end)
    return marks + [words.tick(steps.left - TICK, scale(one), over_time.said(one)) for one in shown]
