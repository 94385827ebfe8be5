"""Gates and states of few units: a lane for each."""

from collections.abc import Sequence
from typing import NamedTuple

from ...layout import over_time, words
from ...layout.over_time import Steps
from ...proof.bindings import Scale
from ...proof.digits import DECIMALS, text
from ...proof.subject import Number, Subject
from ...scene.marks import Mark, Path, Text
from ...scene.terms import TERMS
from . import returned

PRINTED = 8
"""The most steps whose numbers are printed."""
CHARACTER = 7.25
"""The width of a digit of a number."""
CLOSE = 3.0
"""Between the lanes of one result."""


class Heights(NamedTuple):
    """How high what is drawn is.

    Attributes:
        gate: A lane from 0 to 1.
        signed: A lane from −1 to 1, with a number in one of its halves.
        plot: A line.
        apart: The space between two results.
    """

    gate: float
    signed: float
    plot: float
    apart: float


BARE = Heights(14, 20, 36, 12)
HIGH = Heights(22, 32, 40, 13)
LOW = Heights(19, 29, 30, 8)
ROOMY = 2
"""The most units whose lanes are high."""


def gutter(room: float) -> float:
    """The width left of the steps."""
    return 112 if room >= 480 else 34


def aside(room: float) -> float:
    """The width right of the steps, for ticks."""
    return 24


def draw(subject: Subject, steps: Steps) -> tuple[list[Mark], float]:
    """All lanes, and where they end."""
    wide = steps.left > over_time.CLOSE
    printed = _are_printed(subject, steps)
    roomy = wide and subject.weights.hidden_size <= ROOMY
    high = (HIGH if roomy else LOW) if printed else BARE
    of = [f"{name}-{{t}}-*" for name in "ifgo"]
    marks: list[Mark] = []
    tokens = subject.trace.tokens
    y = 8.0
    if tokens and over_time.widest(tokens, words.NUMBER) < steps.width:
        read = [tokens[label - 1] for label in steps.labels]
        marks += over_time.tokens(steps, y, read, of, size=words.NUMBER)
        y += 18
    marks += over_time.named(steps, y, of)
    y += 14
    for gate in "ifgo":
        lane, y = _gate(subject, steps, gate, y, printed, high)
        marks += lane
        y += high.apart
    for name in returned.STATES:
        lane, y = _state(subject, steps, name, y, printed, high)
        marks += lane
        y += high.apart
    return marks, y - high.apart


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
    steps: Steps,
    y: float,
    values: Sequence[Number],
    name: str,
    unit: int,
    aside: float = 0,
) -> list[Text]:
    """Every value in a number.

    Args:
        steps: The steps.
        y: The middle of their digits.
        values: One for each of the steps.
        name: The result.
        unit: The unit.
        aside: How far below a positive value stands, and above a negative.
    """
    return [
        words.number(
            steps.middle(t), y + aside * _side(value), value,
            size=words.SMALL, room=5,
            id=f"{name}-{t}-{unit}", term=name,
        )
        for t, value in zip(steps.ts, values, strict=True)
    ]  # fmt: skip


def _side(value: Number) -> int:
    """1 for what is positive, −1 for what is negative, else 0."""
    return int(value.value > 0) - int(value.value < 0)


def _gate(
    subject: Subject,
    steps: Steps,
    gate: str,
    y: float,
    printed: bool,
    high: Heights,
) -> tuple[list[Mark], float]:
    """One gate: a lane of columns for each unit."""
    paint, top = f"gate-{gate}", y
    wide = steps.left > over_time.CLOSE
    marks: list[Mark] = []
    signed = gate == "g"
    height = high.signed if signed else high.gate
    for unit in range(subject.weights.hidden_size):
        values = [subject.vector(gate, t)[unit] for t in steps.ts]
        own = f"{gate}-{{t}}-{unit}" + "-column" * printed
        marks += over_time.columns(
            steps, y, height, values, f"{paint}:40" if printed else paint,
            id=own, term=gate, low=-1 if signed else 0,
            expr=f"{gate}[{steps.part}, 0, {unit}]", crossed=not printed,
        )  # fmt: skip
        of = list({steps.column_id(own, t): t for t in steps.ts})
        if printed:
            aside = height / 4 if signed else 0.0
            numbers = _numbers(steps, y + height / 2, values, gate, unit, aside)
            marks += numbers
            of = [m.id for m in marks if m.id in of] + [n.id for n in numbers]
        marks.append(_unit(steps, y + height / 2, unit, of, wide))
        y += height + CLOSE
    y -= CLOSE
    every = [m.id for m in marks if m.id]
    names: dict[str, object] = {"gate": gate}
    marks.append(
        words.label(
            0, (top + y) / 2, gate, names, every, "band", size=15, fill=paint,
            bold=True, term=gate,
        )
    )  # fmt: skip
    if wide:
        marks.append(
            words.label(
                17, (top + y) / 2, over_time.VERBS[gate], names, every, "band",
                size=words.SMALL, fill=paint,
            )
        )  # fmt: skip
    return marks, y


def _unit(
    steps: Steps, y: float, unit: int, of: Sequence[str], wide: bool
) -> Text:
    return words.label(
        steps.left - 6, y, f"unit {unit}" if wide else str(unit),
        {"unit": unit}, of, "band", size=words.SMALL, anchor="end",
    )  # fmt: skip


def _state(
    subject: Subject,
    steps: Steps,
    name: str,
    y: float,
    printed: bool,
    heights: Heights,
) -> tuple[list[Mark], float]:
    """One state: a line for each unit, and frames around what is returned."""
    wide, top = steps.left > over_time.CLOSE, y
    size = subject.weights.size if name == "h" else subject.weights.hidden_size
    paint = TERMS[name].role
    tensor = "output" if name == "h" else "c"
    numbers = {
        unit: [subject.vector(name, t)[unit] for t in steps.ts]
        for unit in range(size)
    }
    every = [float(n.value) for values in numbers.values() for n in values]
    low, high = over_time.reach(every)
    marks: list[Mark] = []
    y += 4
    for unit, values in numbers.items():
        scale = Scale(low, high, y + heights.plot, y)
        marks += _axis(steps, scale, unit == 0)
        marks += over_time.line(
            steps, scale, [float(n.value) for n in values],
            f"{tensor}[{steps.part}, 0, {unit}]", "ink" if name == "c" else "h",
            width=2.5 if name == "c" else 1.5, id=f"{name}-{unit}", term=name,
        )  # fmt: skip
        of, middle = [f"{name}-{unit}"], y + heights.plot / 2
        y += heights.plot
        if printed:
            row = _numbers(steps, y + 11, values, name, unit)
            marks += row
            of += [n.id for n in row]
            y += 20
        marks.append(_unit(steps, middle, unit, of, wide))
        y += 2 * CLOSE
    y -= CLOSE
    marks.append(
        words.label(
            0, (top + y) / 2, name, {"tensor": name},
            [m.id for m in marks if m.id], "band", size=15, fill=paint,
            bold=True, term=name,
        )
    )  # fmt: skip
    framed = returned.frames(subject, steps, name, top, y)
    return [*marks, *framed], y + 18 * bool(framed)


def _axis(steps: Steps, scale: Scale, named: bool) -> list[Mark]:
    """A line at zero, and the ticks of the first lane."""
    zero = scale(0)
    line = (("M", (steps.left, zero)), ("L", (steps.right, zero)))
    marks: list[Mark] = [Path(line, stroke="rule", stroke_width=0.75)]
    if named:
        ends = (scale.low, scale.high)
        middle = [0.0] * (scale.stop + 13 <= zero <= scale.start - 13)
        for value in (*ends, *middle):
            marks.append(
                words.tick(
                    steps.right + 7,
                    scale(value),
                    over_time.said(value),
                    "start",
                )
            )
    return marks
