"""Gates and states of few units: a lane for each."""

from collections.abc import Sequence
from typing import NamedTuple

from ...layout import over_time, words
from ...layout.over_time import Steps
from ...proof.bindings import Scale, Sentence, sentence
from ...proof.digits import DECIMALS, text
from ...proof.subject import Number, Subject
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
        plot: A line.
        apart: The space between two results.
    """

    gate: float
    signed: float
    plot: float
    apart: float


BARE = Heights(14, 20, 36, 12)
ALONE = Heights(26, 40, 60, 12)
HIGH = Heights(16, 24, 34, 10)
MIDDLE = Heights(12, 18, 28, 7)
LOW = Heights(11, 16, 22, 7)
ROOMY = 2
"""The most units whose lanes are high."""


def gutter(room: float) -> float:
    """The width left of the steps."""
    return 112 if room >= 480 else 48


def aside(room: float) -> float:
    """The width right of the steps, for the edge of a frame."""
    return 2


def draw(subject: Subject, steps: Steps) -> tuple[list[Mark], float]:
    """All lanes, and where they end."""
    high = _heights(subject, steps)
    printed = high != BARE
    of = [f"{name}-{{t}}-*" for name in "ifgo"]
    marks: list[Mark] = []
    tokens = subject.trace.tokens
    y = 8.0
    if tokens and over_time.widest(tokens, words.NUMBER) < steps.width:
        read = [tokens[label - 1] for label in steps.labels]
        marks += over_time.tokens(steps, y, read, of, size=words.NUMBER)
        y += 18
    marks += over_time.named(steps, y, of)
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
    return [*marks, plane, *lanes], y - high.apart


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
    return [
        words.number(
            steps.middle(t), top + STRIP / 2, value, size=words.SMALL, room=5,
            id=f"{name}-{t}-{unit}", term=name,
        )
        for t, value in zip(steps.ts, values, strict=True)
    ]  # fmt: skip


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
            steps, y, height, values, paint,
            id=own, term=gate, low=-1 if signed else 0,
            expr=f"{gate}[{steps.part}, 0, {unit}]",
        )  # fmt: skip
        of = list({steps.column_id(own, t): t for t in steps.ts})
        middle = y + height / 2
        y += height
        if printed:
            numbers = _numbers(steps, y, values, gate, unit)
            marks += numbers
            of = [m.id for m in marks if m.id in of] + [n.id for n in numbers]
            y += STRIP
        marks.append(_unit(steps, middle, unit, of, wide))
        y += CLOSE
    y -= CLOSE
    every = [m.id for m in marks if m.id]
    return [*marks, *letters(steps, (top + y) / 2, gate, every)], y


def _unit(
    steps: Steps, y: float, unit: int, of: Sequence[str], wide: bool
) -> Text:
    return words.label(
        steps.left - 8, y, f"unit {unit}" if wide else str(unit),
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
    tensor = "output" if name == "h" else "c"
    numbers = {
        unit: [subject.vector(name, t)[unit] for t in steps.ts]
        for unit in range(size)
    }
    low, high = over_time.reach(
        [float(n.value) for values in numbers.values() for n in values]
    )
    marks: list[Mark] = []
    y += CLOSE
    for unit, values in numbers.items():
        scale = Scale(low, high, y + heights.plot, y)
        marks += _lines(steps, scale)
        marks += over_time.line(
            steps, scale, [float(n.value) for n in values],
            f"{tensor}[{steps.part}, 0, {unit}]", "ink" if name == "c" else "h",
            width=2.5 if name == "c" else 1.5, id=f"{name}-{unit}", term=name,
        )  # fmt: skip
        of, middle = [f"{name}-{unit}"], y + heights.plot / 2
        y += heights.plot
        if printed:
            row = _numbers(steps, y, values, name, unit)
            marks += row
            of += [n.id for n in row]
            y += STRIP
        marks.append(_unit(steps, middle, unit, of, wide))
        y += CLOSE
    # In a narrow form the range stands between the names of two units.
    below = 13 if size % 2 and not wide else 4
    middle = (top + y - STRIP * printed) / 2 + below
    every = [m.id for m in marks if m.id]
    marks += letters(steps, middle - 15, name, every)
    said, _ = words.paragraph(
        0, middle - words.LINE * words.SMALL / words.NOTE / 2,
        _range(f"{tensor}[{steps.part}, 0]", low, high),
        steps.left, size=words.SMALL,
    )  # fmt: skip
    framed = returned.frames(subject, steps, name, top, y)
    return [*marks, said, *framed], y + 18 * bool(framed)


def _lines(steps: Steps, scale: Scale) -> list[Mark]:
    """Lines at the lowest and the highest value of a lane, and at zero."""
    return [
        Path(
            (("M", (steps.left, scale(at))), ("L", (steps.right, scale(at)))),
            stroke="rule" if at else "muted", stroke_width=0.75,
        )
        for at in (scale.low, scale.high, 0)
    ]  # fmt: skip


def _range(expr: str, low: int, high: int) -> Sentence:
    """From where to where the lanes of a state go, as `reach` finds it."""
    finite = f"{expr}.double().nan_to_num(0, 0, 0)"
    return sentence(
        "{} to {}",
        (
            over_time.said(low),
            f"min(-1., ({finite} + 1e-3).min().floor().item())",
        ),
        (
            over_time.said(high),
            f"max(1., ({finite} - 1e-3).max().ceil().item())",
        ),
    )
