"""The figure `forget-bias`."""

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from ..layout import styles, words
from ..layout.motifs import charts
from ..layout.provenance import origin, provenance
from ..layout.room import inner
from ..proof.bindings import Course, Place, Scale, sentence
from ..proof.digits import text
from ..proof.reference import Number
from ..proof.subject import SUMMED, Subject
from ..scene.marks import Box, Mark, Path
from ..scene.scenes import Diagram, Head
from ..scene.theme import Paint

BIASES = (0, 1, 2, 5)
"""The sums of both biases that are compared."""
TITLED = f'run == "{BIASES[-1]}"'
"""What is true of the bias that the title tells of."""
FIRST, LAST, EACH = -1, 8, 8
"""The axis is from 2 to the first power of steps to 2 to the last, with so many
places between two powers."""
TICKS = (1, 2, 5, 10, 20, 50, 100, 200)
LONG = 0.99
"""Above this mean of f a half-life is too uncertain to be printed."""
FEWER = (1, 10, 100)
TOP = 46.0
"""The height of what stands above the first row: heads, and a note."""
LANE, PITCH = 38.0, 52.0
"""The height of a row, and from one to the next."""
POINT = 8.0


class Curve(NamedTuple):
    """What is left of c when nothing is added to it.

    Attributes:
        key: The bias, or `own` for the mean of a run.
        paint: Of the line.
        forget: The forget gate, the same at every step.
        half: The steps after which a half is left, if that is known.
    """

    key: str
    paint: Paint
    forget: Number
    half: Number | None

    @property
    def name(self) -> str:
        """What it is called."""
        return "this run" if self.key == "own" else f"bias {self.key}"

    @property
    def is_drawn(self) -> bool:
        """Whether all of it has a place."""
        return bool(np.isfinite(self.left).all())

    @property
    def left(self) -> list[float]:
        """What is left at each place of the axis."""
        f = float(self.forget.value)
        return [f ** float(steps) for steps in _places()]


def forget_bias(subject: Subject, room: float) -> Diagram:
    """How long a cell state lasts for forget biases 0, 1, 2 and 5."""
    sheet = _Rows(inner(room))
    curves = sorted(
        [*map(_of_bias, BIASES), _own(subject)],
        key=lambda one: (sheet.at_half(one) is not None, -float(one.forget.value)),
    )
    marks = sheet.axis([one.is_drawn for one in curves])
    for k, one in enumerate(curves):
        marks += sheet.row(k, one)
    marks += sheet.note(curves[0])
    return Diagram(
        _head(subject, curves),
        " ".join(map(_told, curves)),
        inner(room),
        sheet.bottom(len(curves)) + 40,
        (*sheet.heads(curves), *marks),
        room,
        _SETUP.format(
            part=_part(subject),
            biases=BIASES,
            first=FIRST,
            last=LAST,
            count=(LAST - FIRST) * EACH + 1,
        ),
    )


def _places() -> Sequence[np.float64]:
    return list(2 ** np.linspace(FIRST, LAST, (LAST - FIRST) * EACH + 1))


def _of_bias(bias: int) -> Curve:
    share = BIASES.index(bias) / (len(BIASES) - 1)
    f = np.float64(1 / (1 + math.exp(-bias)))
    half = Number(math.log(0.5) / np.log(f), f'half["{bias}"]')
    paint = f"gate-f:{round(76 + 24 * share)}" if share < 1 else "gate-f"
    return Curve(str(bias), paint, Number(f, f'forget["{bias}"]'), half)


def _own(subject: Subject) -> Curve:
    """The mean of the forget gates of this run."""
    steps = subject.steps[:SUMMED]
    f = np.concatenate([s.f.ravel() for s in steps]).astype(np.float64).mean()
    scale = max(1.0, *(step.scale for step in steps))
    half = None
    if 0 < f <= LONG:
        # By z, and by the rounding of f in float32.
        reach = math.log(2) / np.log(f) ** 2 * ((1 - f) * scale + 0.1)
        half = Number(math.log(0.5) / np.log(f), 'half["own"]', float(reach))
    return Curve("own", "ink", Number(f, 'forget["own"]', scale), half)


def _part(subject: Subject) -> str:
    """The forget gates whose mean is meant."""
    return "f" if len(subject.steps) <= SUMMED else f"f[:{SUMMED}]"


_SETUP = """\
# What is left of c after some steps in which nothing is added to it, for
# biases of the forget gate, and for the mean of the forget gates in this run.
steps = 2 ** torch.linspace({first}, {last}, {count}, dtype=torch.float64)
forget = {{
    str(bias): torch.tensor(bias, dtype=torch.float64).sigmoid()
    for bias in {biases}
}}
forget["own"] = {part}.double().mean()
left = {{key: f ** steps for key, f in forget.items()}}
a_half = torch.tensor(0.5, dtype=torch.float64)
half = {{key: a_half.log() / f.log() for key, f in forget.items()}}"""


class _Rows:
    """A row for each curve: its name, its gate, the curve and its half-life.

    Args:
        room: The width of a row.
    """

    def __init__(self, room: float):
        close = room < 480
        self.style = words.FINE_STRONG if close else words.STRONG
        self.size = words.SMALL if close else words.NUMBER
        self.ticks = FEWER if close else TICKS
        self.forget = 82.0 if close else 98.0
        self.left = self.forget + (32 if close else 46)
        self.half = room - 28
        right = room - (62 if close else 84)
        self.across = Scale(0, (LAST - FIRST) * EACH, self.left, right)
        self.steps = Scale(2.0**FIRST, 2.0**LAST, self.left, right, log=True)

    def plot(self, k: int) -> charts.Plot:
        """The plane of a row."""
        top = TOP + k * PITCH
        return charts.Plot(self.across, Scale(0, 1, top + LANE, top))

    def bottom(self, count: int) -> float:
        """Where the last of so many rows ends."""
        return self.plot(count - 1).bottom

    def axis(self, drawn: Sequence[bool]) -> list[Mark]:
        """The axis below all rows, and the one beside the first curve."""
        last, first = self.plot(len(drawn) - 1), self.plot(drawn.index(True))
        said, _ = words.paragraph(
            (last.left + last.right) / 2,
            last.bottom + 22,
            sentence("steps in which nothing is added (log scale)"),
            300,
            size=words.SMALL,
            anchor="middle",
        )
        below = last._replace(across=self.steps)
        return [*charts.grid(below, self.ticks, ()), *charts.grid(first, (), (0, 1)), said]

    def heads(self, curves: Sequence[Curve]) -> list[Mark]:
        """What the columns of numbers are."""
        known = [one.key for one in curves if one.half is not None]
        return [
            words.label(
                x,
                10,
                word,
                {"tensor": name},
                [f"{name}-{key}" for key in keys],
                "column",
                anchor="middle",
                style=words.FINE,
            )
            for name, word, x, keys in (
                ("forget", "f keep", self.forget, [c.key for c in curves]),
                ("half", "half-life", self.half, known),
            )
        ]

    def row(self, k: int, one: Curve) -> list[Mark]:
        """A curve with its name at the left and its numbers on its line."""
        plot = self.plot(k)
        middle = plot.down(0.5)
        numbers = [("forget", one.forget, self.forget, 3, 1)]
        if one.half is not None:
            numbers.append(("half", one.half, self.half, 1, 3))
        shown = [f"{name}-{one.key}" for name, *_ in numbers]
        marks: list[Mark] = []
        if one.is_drawn:
            marks += self.drawn(plot, one)
        return [
            *marks,
            words.label(
                0,
                middle,
                one.name,
                {"run": one.key},
                [*shown, *[f"left-{one.key}"] * one.is_drawn],
                "band",
                style=self.style,
                fill="ink" if one.key == "own" else "gate-f",
                id=f"name-{one.key}",
                term="f",
            ),
            *(
                words.Decimals(before, 1 + places, places).number(
                    x, middle, number, size=self.size, room=7, id=f"{name}-{one.key}", term="f"
                )
                for name, number, x, places, before in numbers
            ),
        ]

    def note(self, one: Curve) -> list[Mark]:
        """What the point of the first row is, where that has one."""
        at = self.at_half(one)
        if at is None:
            return []
        said = sentence("half is left")
        width = words.width(said.text, words.SMALL, bold=True)
        x = min(at, self.across.stop - width / 2)
        lines, _ = words.paragraph(
            x,
            TOP - 19,
            said,
            2 * width,
            size=words.SMALL,
            anchor="middle",
            fill=one.paint,
            bold=True,
        )
        level = self.plot(0).down(0.5)
        return [
            lines,
            Path(
                (("M", (at, TOP)), ("L", (at, level))),
                stroke="muted",
                stroke_width=styles.GUIDE.weight,
                dash=styles.GUIDE.dash,
            ),
        ]

    def at_half(self, one: Curve) -> float | None:
        """Where a half is left; None beyond the axis."""
        half = float(one.half.value) if one.half else math.nan
        is_within = self.steps.low <= half <= self.steps.high
        return self.steps(half) if is_within else None

    def drawn(self, plot: charts.Plot, one: Curve) -> list[Mark]:
        """What is left as an area, its edge, and where a half is left."""
        expr = f'left["{one.key}"]'
        values = one.left
        ends = (plot.right, plot.bottom), (plot.left, plot.bottom)
        edge = [(plot.across(k), plot.held(v)) for k, v in enumerate(values)]
        own = one.key == "own"
        area = Path(
            (("M", edge[0]), *(("L", point) for point in (*edge[1:], *ends)), ("Z",)),
            fill="ink:10" if own else f"gate-f:{_tint(one)}",
            id=f"area-{one.key}",
            term="f",
            bound=(
                Course(
                    f"torch.stack([torch.zeros({len(values)}), {expr}])",
                    "area",
                    plot.across,
                    plot.down,
                ),
            ),
        )
        area = styles.back(area, 'run == "own"' if own else "")
        marks: list[Mark] = [
            styles.strong(area, TITLED if _is_titled(one) else ""),
            charts.curve(
                plot,
                values,
                expr,
                one.paint,
                width=styles.CURVE.plain.weight,
                dash=styles.OTHER if own else "",
                id=f"left-{one.key}",
                term="f",
            ),
        ]
        at, level = self.at_half(one), plot.down(0.5)
        if at is not None:
            marks.append(
                Box(
                    at - POINT / 2,
                    level - POINT / 2,
                    POINT,
                    POINT,
                    radius=POINT / 2,
                    fill=one.paint,
                    id=f"point-{one.key}",
                    term="f",
                    bound=(Place(f'half["{one.key}"], 0.5', self.steps, plot.down),),
                )
            )
        return marks


def _tint(one: Curve) -> int:
    """How strong the area of a bias is: that of the title is the strongest."""
    return 44 if _is_titled(one) else 20


def _is_titled(one: Curve) -> bool:
    """Whether a curve is the one that the title tells of."""
    return one.key == str(BIASES[-1])


def _head(subject: Subject, curves: Sequence[Curve]) -> Head:
    known = {one.key: one for one in curves}
    own, longest = known["own"], known[str(BIASES[-1])].half
    assert longest is not None
    steps = min(len(subject.steps), SUMMED)
    notes = [
        sentence(
            "A forget gate with nothing but a bias b is σ(b), and after t "
            "steps σ(b) to the power of t is left. The half-life is the t that "
            "leaves one half."
        ),
        sentence(
            f"This run: the mean of f over {{}} step{'s' * (steps > 1)} and "
            "over all sequences and units.",
            (steps, f"len({_part(subject)})"),
        ),
    ]
    if own.half is None:
        notes.append(
            sentence(
                "The half-life of this run cannot be given.",
                claim=f'not bool(0 < forget["own"] < {LONG} - 1e-6)',
            )
        )
    return Head(
        sentence(
            "At forget bias {}, half is left after {} steps",
            (BIASES[-1], f"[*forget][{len(BIASES) - 1}]"),
            (round(float(longest.value)), f"round({longest.expr}.item())"),
        ),
        sentence("How much of c is left if the forget gate stays as it is."),
        provenance(subject),
        tuple(notes),
        origin(subject),
    )


def _told(one: Curve) -> str:
    """The numbers of a curve."""
    told = f"{one.name.capitalize()}: f is {text(one.forget.value, 3)}"
    if one.half is None:
        return f"{told}."
    return f"{told}; a half is left after {text(one.half.value)} steps."
