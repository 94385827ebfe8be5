"""The figure `gradient-distance`: how the gradient fades with distance."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

import numpy as np

from ..errors import BeyondLimit
from ..layout import styles, words
from ..layout.margins import inner_width
from ..layout.motifs import charts, over_time
from ..layout.provenance import count_item, provenance, source
from ..layout.shapes import Point
from ..model.layer_run import LayerRun
from ..model.reference import Number, Ref, Vector
from ..model.tensors import Array
from ..options import Value
from ..proof.bindings import Scale, Sentence, sentence
from ..proof.digits import count_phrase, text
from ..proof.runs.variants import LARGE, repeated
from ..scene.marks import Anchor, Mark, Path, Text
from ..scene.scenes import Diagram, Head
from ..scene.theme import Paint

MAX_STEPS, DEFAULT_STEPS = 200, 60
"""The most steps, and the number of steps by default."""
DESCRIBED_DISTANCE = 10
"""The description gives the norms at this distance and at both ends."""
TICKS_WIDTH, PLOT_HEIGHT, NAME_HEIGHT = 50.0, 250.0, 19.0
"""The width of tick labels, the height of the plot and of a curve's name."""
MAX_ROUNDING = 1e-3
"""The largest share of a norm that may be a rounding error."""
NUMBER_WIDTH, NUMBER_GAP = 60.0, 6.0
"""The width of a number right of a name, and the gap between a curve's leader and its name."""
MAX_STRETCH = 1.5
"""The axis covers the RNN if that makes it at most this many times as long as the axis of
the LSTMs; otherwise the curve of the RNN leaves the chart at the bottom."""
NAME_ABOVE = 17.0
"""How far the name is above the number of a curve that leaves the chart."""
DASHES = {"1": "1.5 3", "2": "7 3"}
"""Forget bias -> the dashes of its curve, because the hues are alike."""


class Curve(NamedTuple):
    """The gradient at each step, from the last one back.

    Attributes:
        run: `RNN`, `new` for a new LSTM, or the number that is added to the
            forget bias.
        name: The label of the curve.
        paint: The paint of the line.
        numbers: The norm of the gradient at each distance, with its expression.
    """

    run: str
    name: str
    paint: Paint
    numbers: list[Number]

    @property
    def norms(self) -> list[float]:
        """The norms as floats."""
        return [float(number.value) for number in self.numbers]

    def visible_distances(self, plot: charts.Plot) -> list[int]:
        """The distances at which it can be drawn."""
        return [
            distance
            for distance, norm in enumerate(self.norms)
            if charts.is_drawable(plot.y_scale, norm)
        ]

    def floor_crossing(self, plot: charts.Plot) -> float | None:
        """The distance at which its line ends at the bottom, if it does."""
        return charts.floor_crossing(plot, self.norms)

    def last_point(self, plot: charts.Plot) -> Point:
        """The end of its line; on the axis if nothing is drawn."""
        crossing = self.floor_crossing(plot)
        if crossing is not None:
            return plot.x_scale(crossing), plot.bottom
        distances = self.visible_distances(plot)
        if not distances:
            return 0, plot.bottom
        last = distances[-1]
        return plot.x_scale(last), plot.clamped_y(self.norms[last])


def variant(subject: LayerRun, options: Mapping[str, Value]) -> LayerRun:
    """The subject with its input repeated to the chosen number of steps."""
    steps = options["steps"]
    assert isinstance(steps, int)
    subject.check("steps", steps, MAX_STEPS + 1)
    if not steps and subject.weights.hidden_size <= LARGE:
        steps = DEFAULT_STEPS
    return replace(subject, trace=repeated(subject.trace, steps))


def gradient_distance(subject: LayerRun, width: float, *, steps: int = 0) -> Diagram:
    """How the gradient fades with distance, in an RNN and in LSTMs.

    Args:
        subject: The layer run to draw.
        width: The width that the figure may use.
        steps: How many steps at least, for which a shorter input is repeated;
            0 for 60, or those of the input with more than 256 units.
    """
    count = len(subject.steps)
    if count > MAX_STEPS:
        raise BeyondLimit(
            f"got {count} steps, expected at most {MAX_STEPS} for "
            "gradient-distance; give it a shorter input"
        )
    if count < 2:
        raise BeyondLimit(
            "got 1 step, expected at least 2 for gradient-distance, which "
            "looks back from the last; choose more --steps"
        )
    chart = _Chart(subject, width)
    chart.check()
    return Diagram(
        heading=chart.head(),
        description=chart.description(),
        width=inner_width(width),
        height=chart.plot.bottom + charts.X_AXIS_HEIGHT,
        marks=tuple(chart.marks()),
        figure_width=width,
    )


def _curves(values: Mapping[str, Mapping[str, Array]], *, is_wide: bool) -> list[Curve]:
    """The RNN or a new LSTM, then the LSTM; more forget bias has a stronger paint."""
    bias = "forget bias" if is_wide else "bias"
    paints = {"RNN": "ink", "new": "muted", "0": "muted", "1": "gate-f:76", "2": "gate-f:88"}
    names = {"RNN": "nn.RNN", "0": "nn.LSTM"}
    if "new" in values["norms"]:
        paints["0"] = "ink"
        names = {"new": "new LSTM", "0": "this LSTM"}
    return [
        Curve(
            run=run,
            name=names.get(run, f"{bias} +{run}"),
            paint=paints.get(run, "gate-f"),
            numbers=Vector(norms, Ref(f'norms["{run}"]'), values["scales"][run])[::-1],
        )
        for run, norms in values["norms"].items()
    ]


class _Chart:
    """The curves, with their names at the right.

    Attributes:
        curves: The RNN or a new LSTM, then the LSTMs.
        last: The largest distance.
        name_width: The width of the longest name.
        plot: The axes.
        numbers_right: The right edge of the last norms, beside the names.
        leaving_number_y: The height of the last norm of the RNN, whose curve leaves the
            chart at the bottom; 0 if it does not.
        x_ticks: The ticks of the distance.
        y_ticks: The ticks of the norms.
    """

    def __init__(self, subject: LayerRun, width: float):
        assert subject.record is not None
        self.subject, self.values = subject, subject.record.values
        is_wide = width >= 480
        self.curves = _curves(self.values, is_wide=is_wide)
        compared, *lstms = self.curves
        self.last = len(compared.numbers) - 1
        self.name_width = max(words.width(curve.name, bold=True) for curve in self.curves)
        self.x_ticks = over_time.ticks(0, max(1, self.last), 7 if is_wide else 4)
        self.numbers_right = inner_width(width)
        names_left = self.numbers_right - NUMBER_WIDTH - self.name_width
        right = names_left - NUMBER_GAP - charts.LEADER_WIDTH
        self.plot, self.y_ticks = self.axes(right, self.curves)
        self.leaving_number_y = 0.0
        if compared.run == "RNN":
            short_plot, short_ticks = self.axes(right, lstms)
            y = self.free_y(short_plot, short_ticks, compared)
            if _decades(self.plot) > MAX_STRETCH * _decades(short_plot) and y:
                self.leaving_number_y = y
                self.plot, self.y_ticks = short_plot, short_ticks

    def axes(self, right: float, curves: Sequence[Curve]) -> tuple[charts.Plot, list[float]]:
        """Axes that cover some curves, and the ticks of the norms."""
        norms = [norm for curve in curves for norm in curve.norms]
        if len(curves) < len(self.curves):
            # A quarter more decades leave space for the name of the curve that leaves the chart.
            norms += [norm**1.25 for norm in norms if 0 < norm < 1]
        scale, ticks = charts.log_scale(norms)
        x_scale = Scale(0, max(1, self.last), TICKS_WIDTH, right)
        return charts.Plot(x_scale, scale._replace(start=PLOT_HEIGHT + 6, stop=6)), ticks

    def free_y(self, plot: charts.Plot, ticks: Sequence[float], curve: Curve) -> float | None:
        """The height at which the number of a curve that leaves the chart fits, or None.

        Its name is above it. Both are right of the line's end, below the other curves and
        between grid lines.
        """
        if curve.floor_crossing(plot) is None or curve.norms[0] > plot.y_scale.high:
            return None
        x, bottom = curve.last_point(plot)
        right = x + 24 + max(words.width(curve.name, bold=True), NUMBER_WIDTH)
        if right >= plot.right:
            return None
        distance = math.ceil((right - plot.left) / (plot.right - plot.left) * self.last)
        lowest_line = max(
            plot.clamped_y(norm)
            for other in self.curves[1:]
            for norm in other.norms[: distance + 1]
        )
        grid_lines = [plot.y_scale(value) for value in ticks]
        for y in range(int(bottom) - 14, int(lowest_line + NAME_ABOVE) + 8, -1):
            if all(abs(text_y - line) > 8 for text_y in (y, y - NAME_ABOVE) for line in grid_lines):
                return y
        return None

    def check(self) -> None:
        """Check that the norms are more than rounding errors, and can be drawn.

        Raises:
            BeyondLimit: If they are not.
        """
        exact = self.values["exact"]
        if any(_is_rounding(curve, exact[curve.run]) for curve in self.curves[1:]):
            raise BeyondLimit(
                "got cell states so large that their gradients are rounding alone, "
                "expected some of which tanh is less than 1; choose fewer --steps "
                "or smaller weights"
            )
        if not any(curve.visible_distances(self.plot) for curve in self.curves):
            raise BeyondLimit(
                "got no gradient above zero that is a number, expected one for "
                "gradient-distance; choose other weights or another input"
            )

    def marks(self) -> list[Mark]:
        """The grid, the curves, and their names with the last numbers."""
        plot = self.plot
        axis_name, _ = words.paragraph(
            (plot.left + plot.right) / 2,
            plot.bottom + 22,
            sentence("steps before the last"),
            plot.right - plot.left + 60,
            size=words.SMALL,
            anchor="middle",
        )
        lines = {
            curve.run: self.line(curve) for curve in self.curves if curve.visible_distances(plot)
        }
        marks = [*charts.grid(plot, self.x_ticks, self.y_ticks), axis_name, *lines.values()]
        ends = {curve.run: curve.last_point(plot) for curve in self.curves}
        at_right = [curve for curve in self.curves if not self.is_leaving(curve)]
        heights = [y for _, y in (ends[curve.run] for curve in at_right)]
        name_heights = charts.spaced_positions(heights, NAME_HEIGHT, plot.top + 16, plot.bottom)
        heading, _ = words.paragraph(
            self.numbers_right,
            min(name_heights, default=plot.top) - 26,
            sentence("{} steps back", (self.last, "len(x) - 1")),
            self.name_width + NUMBER_WIDTH,
            size=words.SMALL,
            anchor="end",
        )
        marks.append(heading)
        for curve, y in zip(at_right, name_heights, strict=True):
            marks += self.name(curve, y, lines.get(curve.run), ends[curve.run])
        for curve in self.curves:
            if self.is_leaving(curve):
                marks += self.name_beside(curve, lines[curve.run], ends[curve.run])
        return marks

    def is_leaving(self, curve: Curve) -> bool:
        """Whether its line leaves the chart at the bottom, with its name beside it."""
        return bool(self.leaving_number_y) and curve is self.curves[0]

    def line(self, curve: Curve) -> Path:
        """The line of a curve; the forget biases, of which there are several, have thinner ones."""
        look = styles.CURVE.strong if curve.run in ("RNN", "new", "0") else styles.CURVE.plain
        return charts.curve(
            self.plot,
            curve.norms,
            f'norms["{curve.run}"].flip(0)',
            curve.paint,
            width=look.weight,
            dash=DASHES.get(curve.run, ""),
            leaves=True,
            id=f"norms-{curve.run}",
            term="x",
        )

    def name(self, curve: Curve, y: float, line: Path | None, end: Point) -> list[Mark]:
        """The name and the last number of a curve, joined to the end of its line."""
        x = self.plot.right + charts.LEADER_WIDTH + NUMBER_GAP
        number = self.number(curve, self.numbers_right, y, "end")
        label = self.label(curve, x, y, number, line)
        leaders = [charts.label_leader(label, end, line.id)] if line else []
        return [label, number, *leaders]

    def name_beside(self, curve: Curve, line: Path, end: Point) -> list[Mark]:
        """The name and the last number of a curve that leaves the chart, right of its end."""
        end_x, _ = end
        x, y = end_x + 12 + words.width(curve.name, bold=True) / 2, self.leaving_number_y
        number = self.number(curve, x, y, "middle")
        return [self.label(curve, x, y - NAME_ABOVE, number, line, "middle"), number]

    def number(self, curve: Curve, x: float, y: float, anchor: Anchor) -> Text:
        """The norm at the largest distance."""
        return words.number(
            x,
            y,
            curve.numbers[-1],
            max_chars=int(NUMBER_WIDTH / 8),
            anchor=anchor,
            size=words.SMALL,
            id=f"{curve.run}-{self.last}",
            term="x",
        )

    def label(
        self,
        curve: Curve,
        x: float,
        y: float,
        number: Text,
        line: Path | None,
        anchor: Anchor = "start",
    ) -> Text:
        """The name of a curve, left of its number, or in the middle above it."""
        is_left = anchor == "start"
        return words.label(
            x,
            y,
            curve.name,
            names={"run": curve.run},
            of=[number, line] if line and is_left else [number],
            along="row" if is_left else "column",
            style=words.STRONG,
            anchor=anchor,
            fill=curve.paint.partition(":")[0],
            id=f"name-{curve.run}",
            term="x",
        )

    def head(self) -> Head:
        count = len(self.subject.steps)
        is_new = self.subject.trace.origin.untrained
        return Head(
            self.title(),
            sentence("The gradient of the last output by x of each step, on a logarithmic scale."),
            provenance(self.subject, count_item("step", count, "len(x)")),
            (
                sentence(
                    "Forget biases are added to the nn.LSTM. "
                    "The nn.RNN has weights of its own, from a seed."
                )
                if is_new
                else sentence("The new nn.LSTM has the same sizes, and weights from a seed."),
            ),
            source(self.subject),
        )

    def title(self) -> Sentence:
        """The title: a finding, if this run shows it, or else the topic."""
        last = {curve.run: curve.norms[-1] for curve in self.curves}
        if "new" in last and last["new"] < last["0"]:
            return sentence(
                "A gradient reaches further than in a new LSTM",
                claim='norms["new"][0].item() < norms["0"][0].item()',
            )
        if "new" not in last and last["0"] < last["1"] < last["2"] < last["5"]:
            return sentence(
                "A forget bias lets a gradient reach further",
                claim='norms["0"][0].item() < norms["1"][0].item() < norms["2"][0].item() '
                '< norms["5"][0].item()',
            )
        return sentence("How far back a gradient reaches")

    def description(self) -> str:
        """Each curve at three distances."""
        distances = sorted({0, min(DESCRIBED_DISTANCE, self.last), self.last})
        texts = [
            f"{curve.name} {count_phrase(k, 'step')} back: {text(curve.numbers[k].value)}"
            for curve in self.curves
            for k in distances
        ]
        count = len(self.curves)
        return f"{count} curves over the distance from the last step. {'; '.join(texts)}."


def _is_rounding(curve: Curve, exact: Array) -> bool:
    """Whether some norm is far from the one computed without rounding tanh."""
    norms = np.array(curve.norms[::-1])
    with np.errstate(invalid="ignore"):
        return bool((abs(norms - exact) > MAX_ROUNDING * norms).any())


def _decades(plot: charts.Plot) -> float:
    """The powers of ten that the axis of the norms covers."""
    return math.log10(plot.y_scale.high / plot.y_scale.low)
