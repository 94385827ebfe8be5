"""The figure `forget-bias`: how long a cell state lasts for forget biases 0, 1, 2 and 5."""

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from ..layout import styles, words
from ..layout.margins import inner_width
from ..layout.motifs import charts
from ..layout.provenance import origin, provenance
from ..model.layer_run import MAX_SUMMED_STEPS, LayerRun
from ..model.reference import Number
from ..proof.bindings import Course, Place, Scale, sentence
from ..proof.digits import text
from ..scene.marks import Box, Mark, Path
from ..scene.scenes import Diagram, Head
from ..scene.theme import Paint

BIASES = (0, 1, 2, 5)
"""The forget biases that are compared: sums of bias_ih and bias_hh."""
FIRST_POWER, LAST_POWER, SAMPLES_PER_POWER = -1, 8, 8
"""The axis goes from 2 ** FIRST_POWER to 2 ** LAST_POWER steps, with this many
points from one power to the next."""
SAMPLES = (LAST_POWER - FIRST_POWER) * SAMPLES_PER_POWER + 1
"""The number of points of a curve."""
TICKS = (1, 2, 5, 10, 20, 50, 100, 200)
"""The steps that have ticks."""
MAX_MEAN = 0.99
"""Above this mean of f, a half-life is too uncertain to be printed."""
TICKS_NARROW = (1, 10, 100)
"""The steps that have ticks in the narrow form."""
ROWS_TOP, NOTE_HEIGHT = 46.0, 19.0
"""The height of the column headings with the note above the first row, and of the note
alone."""
HEADING_MIDDLE, AXIS_NAME_OFFSET = 10.0, 22.0
"""The middle of the column headings, and from the last row down to the name of the axis."""
MAX_CHARS = 7
"""The most characters of a number."""
ROW_HEIGHT, ROW_PITCH = 38.0, 52.0
"""The height of a row, and from one to the next."""
NARROWEST_WIDE = 480.0
"""A drawing of less width has the narrow form."""
FORGET_DECIMALS, HALF_LIFE_DECIMALS = words.NumberAlignment(1, 4, 3), words.NumberAlignment(3, 2, 1)
"""How the numbers of both columns align, such as 0.993 and 102.6."""
MIN_STRENGTH = 76
"""The strength of the palest line in per cent; paler ones have too little contrast."""
POINT_SIZE = 8.0
"""The size of a point on a curve."""


class Curve(NamedTuple):
    """The share of c that is left if nothing is added to it.

    Attributes:
        key: The bias, or `own` for the mean of the run.
        paint: The paint of the line.
        forget: The forget gate, the same at every step.
        half_life: The number of steps after which half is left, if it is known.
    """

    key: str
    paint: Paint
    forget: Number
    half_life: Number | None

    @property
    def name(self) -> str:
        """The label of its row."""
        return "this run" if self.key == "own" else f"bias {self.key}"

    @property
    def expr(self) -> str:
        """The expression of `left`."""
        return f'left["{self.key}"]'

    @property
    def is_drawn(self) -> bool:
        """Whether all its values are finite."""
        return bool(np.isfinite(self.left).all())

    @property
    def left(self) -> list[float]:
        """The share that is left at each point of the axis."""
        f = float(self.forget.value)
        return [f**steps for steps in _sampled_steps()]


def forget_bias(subject: LayerRun, width: float) -> Diagram:
    """How long a cell state lasts for forget biases 0, 1, 2 and 5."""
    rows = _Rows(subject, inner_width(width))
    return Diagram(
        heading=rows.head(),
        description=rows.description(),
        width=inner_width(width),
        height=rows.plot(len(rows.curves) - 1).bottom + charts.X_AXIS_HEIGHT,
        marks=tuple(rows.marks()),
        figure_width=width,
        setup=_SETUP.format(
            part=_part(subject), biases=BIASES, first=FIRST_POWER, last=LAST_POWER, count=SAMPLES
        ),
    )


def _sampled_steps() -> list[float]:
    """The numbers of steps at the points of the axis."""
    powers = np.linspace(FIRST_POWER, LAST_POWER, SAMPLES)
    steps: list[float] = (2**powers).tolist()
    return steps


def _of_bias(bias: int) -> Curve:
    """The curve for a bias of the forget gate."""
    share = BIASES.index(bias) / (len(BIASES) - 1)
    f = np.float64(1 / (1 + math.exp(-bias)))
    half = Number(math.log(0.5) / np.log(f), f'half["{bias}"]')
    # The larger the bias, the stronger its line, in per cent of the hue. Without a
    # number, a paint is the full hue.
    strength = round(MIN_STRENGTH + (100 - MIN_STRENGTH) * share)
    paint = f"gate-f:{strength}" if strength < 100 else "gate-f"
    return Curve(str(bias), paint, Number(f, f'forget["{bias}"]'), half)


def _own(subject: LayerRun) -> Curve:
    """The curve for the mean of the forget gates in this run."""
    steps = subject.steps[:MAX_SUMMED_STEPS]
    f = np.concatenate([step.f.ravel() for step in steps]).astype(np.float64).mean()
    scale = max(1.0, *(step.scale for step in steps))
    half = None
    if 0 < f <= MAX_MEAN:
        # How far the half-life moves if f does, for the rounding of z and of f in float32.
        uncertainty = math.log(2) / np.log(f) ** 2 * ((1 - f) * scale + 0.1)
        half = Number(math.log(0.5) / np.log(f), 'half["own"]', float(uncertainty))
    return Curve("own", "ink", Number(f, 'forget["own"]', scale), half)


def _part(subject: LayerRun) -> str:
    """The expression for the forget gates that the mean is over."""
    return "f" if len(subject.steps) <= MAX_SUMMED_STEPS else f"f[:{MAX_SUMMED_STEPS}]"


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
"""Python that computes all curves."""


class _Rows:
    """A row for each curve: its name, its gate, the curve and its half-life.

    Attributes:
        curves: The curves; first those whose half-life is not on the axis, and of
            each kind the one that keeps most.
        across: The scale of the points of a curve.
        steps: The scale of the steps.
    """

    def __init__(self, subject: LayerRun, width: float):
        self.subject, narrow = subject, width < NARROWEST_WIDE
        self.style = words.FINE_STRONG if narrow else words.STRONG
        self.size = words.SMALL if narrow else words.NUMBER
        self.ticks = TICKS_NARROW if narrow else TICKS
        # The middles of both columns of numbers, and between them the ends of the curves.
        self.forget_x, self.half_life_x = (82.0 if narrow else 98.0), width - 28
        left = self.forget_x + (32 if narrow else 46)
        right = width - (62 if narrow else 84)
        self.across = Scale(0, SAMPLES - 1, left, right)
        self.steps = Scale(2.0**FIRST_POWER, 2.0**LAST_POWER, left, right, log=True)
        self.curves = sorted(
            [*map(_of_bias, BIASES), _own(subject)],
            key=lambda curve: (self.at_half(curve) is not None, -float(curve.forget.value)),
        )

    def plot(self, k: int) -> charts.Plot:
        """The plot of row `k`."""
        top = ROWS_TOP + k * ROW_PITCH
        return charts.Plot(self.across, Scale(0, 1, top + ROW_HEIGHT, top))

    def marks(self) -> list[Mark]:
        forget_numbers: list[Mark] = []
        half_lives: list[Mark] = []
        rows: list[Mark] = []
        for k, curve in enumerate(self.curves):
            forget, *half_life = self.numbers(k, curve)
            rows += self.row(k, curve, [forget, *half_life])
            forget_numbers.append(forget)
            half_lives += half_life
        return [
            _heading(self.forget_x, "f keep", "forget", forget_numbers),
            _heading(self.half_life_x, "half-life", "half", half_lives),
            *self.axis(),
            *rows,
            *self.note(self.curves[0]),
        ]

    def axis(self) -> list[Mark]:
        """The axis below all rows, and the one beside the first curve drawn."""
        first_drawn = next(k for k, curve in enumerate(self.curves) if curve.is_drawn)
        first, last = self.plot(first_drawn), self.plot(len(self.curves) - 1)
        paragraph, _ = words.paragraph(
            (last.left + last.right) / 2,
            last.bottom + AXIS_NAME_OFFSET,
            sentence("steps in which nothing is added (log scale)"),
            300,
            size=words.SMALL,
            anchor="middle",
        )
        below = last._replace(x_scale=self.steps)
        return [*charts.grid(below, self.ticks, ()), *charts.grid(first, (), (0, 1)), paragraph]

    def numbers(self, k: int, curve: Curve) -> list[Mark]:
        """The forget gate of a curve, and its half-life if that is known."""
        numbers = [("forget", curve.forget, self.forget_x, FORGET_DECIMALS)]
        if curve.half_life is not None:
            numbers.append(("half", curve.half_life, self.half_life_x, HALF_LIFE_DECIMALS))
        return [
            point.number(
                x,
                self.plot(k).y_scale(0.5),
                number,
                size=self.size,
                max_chars=MAX_CHARS,
                id=f"{name}-{curve.key}",
                term="f",
            )
            for name, number, x, point in numbers
        ]

    def row(self, k: int, curve: Curve, numbers: Sequence[Mark]) -> list[Mark]:
        """A curve with its name and its numbers."""
        plot = self.plot(k)
        lines = [self.line(plot, curve)] if curve.is_drawn else []
        name = words.label(
            0,
            plot.y_scale(0.5),
            curve.name,
            names={"run": curve.key},
            of=[*numbers, *lines],
            along="band",
            style=self.style,
            fill="ink" if curve.key == "own" else "gate-f",
            id=f"name-{curve.key}",
            term="f",
        )
        if not curve.is_drawn:
            return [name, *numbers]
        return [self.area(plot, curve), *lines, *self.point(plot, curve), name, *numbers]

    def note(self, curve: Curve) -> list[Mark]:
        """The note on the point of the first row, if that row has a point."""
        at = self.at_half(curve)
        if at is None:
            return []
        label = sentence("half is left")
        width = words.width(label.text, words.SMALL, bold=True)
        x = min(at, self.across.stop - width / 2)
        lines, _ = words.paragraph(
            x,
            ROWS_TOP - NOTE_HEIGHT,
            label,
            2 * width,
            size=words.SMALL,
            anchor="middle",
            fill=curve.paint,
            bold=True,
        )
        level = self.plot(0).y_scale(0.5)
        return [
            lines,
            Path(
                (("M", (at, ROWS_TOP)), ("L", (at, level))),
                stroke="muted",
                stroke_width=styles.GUIDE.weight,
                dash=styles.GUIDE.dash,
            ),
        ]

    def at_half(self, curve: Curve) -> float | None:
        """The horizontal position at which half is left; None beyond the axis."""
        half = float(curve.half_life.value) if curve.half_life else math.nan
        is_within = self.steps.low <= half <= self.steps.high
        return self.steps(half) if is_within else None

    def area(self, plot: charts.Plot, curve: Curve) -> Path:
        """The area below a curve."""
        ends = (plot.right, plot.bottom), (plot.left, plot.bottom)
        edge = [(plot.x_scale(k), plot.clamped_y(share)) for k, share in enumerate(curve.left)]
        zeros = f"torch.zeros({len(curve.left)})"
        area = Path(
            (("M", edge[0]), *(("L", point) for point in (*edge[1:], *ends)), ("Z",)),
            fill="ink:10" if curve.key == "own" else "gate-f:20",
            id=f"area-{curve.key}",
            term="f",
            bound=(
                Course(f"torch.stack([{zeros}, {curve.expr}])", "area", plot.x_scale, plot.y_scale),
            ),
        )
        return styles.muted(area, 'run == "own"' if curve.key == "own" else "")

    def line(self, plot: charts.Plot, curve: Curve) -> Path:
        is_own = curve.key == "own"
        return charts.curve(
            plot,
            curve.left,
            curve.expr,
            curve.paint,
            width=styles.CURVE.plain.weight,
            dash=styles.OTHER_DASH if is_own else "",
            id=f"left-{curve.key}",
            term="f",
        )

    def point(self, plot: charts.Plot, curve: Curve) -> list[Mark]:
        """The point at which half is left, if it is on the axis."""
        x, y = self.at_half(curve), plot.y_scale(0.5)
        if x is None:
            return []
        return [
            Box(
                x - POINT_SIZE / 2,
                y - POINT_SIZE / 2,
                POINT_SIZE,
                POINT_SIZE,
                radius=POINT_SIZE / 2,
                fill=curve.paint,
                id=f"point-{curve.key}",
                term="f",
                bound=(Place(f'half["{curve.key}"], 0.5', self.steps, plot.y_scale),),
            )
        ]

    def head(self) -> Head:
        subject, curve_of = self.subject, {curve.key: curve for curve in self.curves}
        own, largest_bias = curve_of["own"], BIASES[-1]
        longest = curve_of[str(largest_bias)].half_life
        assert longest is not None
        steps = min(len(subject.steps), MAX_SUMMED_STEPS)
        noun = "step" if steps == 1 else "steps"
        notes = [
            sentence(
                "A bias alone gives f = σ(bias). This run: the mean of f over "
                f"{{}} {noun}, all sequences and units.",
                (steps, f"len({_part(subject)})"),
            )
        ]
        if own.half_life is None:
            notes.append(
                sentence(
                    "The half-life of this run cannot be given.",
                    claim=f'not bool(0 < forget["own"] < {MAX_MEAN} - 1e-6)',
                )
            )
        return Head(
            sentence(
                "At forget bias {}, half is left after {} steps",
                # The keys of `forget` are the biases and `own`.
                (largest_bias, f"[*forget][{len(BIASES) - 1}]"),
                (round(float(longest.value)), f"round({longest.expr}.item())"),
            ),
            sentence("How much of c is left if the forget gate stays as it is."),
            provenance(subject),
            tuple(notes),
            origin(subject),
        )

    def description(self) -> str:
        """A sentence with the numbers of each curve."""
        return " ".join(map(_curve_in_words, self.curves))


def _heading(x: float, text: str, tensor: str, of: Sequence[Mark]) -> Mark:
    """The heading of a column of numbers."""
    return words.label(
        x, HEADING_MIDDLE, text, names={"tensor": tensor}, of=of, anchor="middle", style=words.FINE
    )


def _curve_in_words(curve: Curve) -> str:
    """A sentence with the numbers of a curve."""
    description = f"{curve.name.capitalize()}: f is {text(curve.forget.value, 3)}"
    if curve.half_life is None:
        return f"{description}."
    return f"{description}; a half is left after {text(curve.half_life.value)} steps."
