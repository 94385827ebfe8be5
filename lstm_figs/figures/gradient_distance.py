"""The figure `gradient-distance`: how the gradient fades with distance, in an RNN and in LSTMs."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

import numpy as np

from ..errors import BeyondLimit
from ..layout import styles, words
from ..layout.margins import inner_width
from ..layout.motifs import charts, over_time
from ..layout.provenance import count_item, provenance, source
from ..model.layer_run import LayerRun
from ..model.reference import Number, Ref, Vector
from ..model.tensors import Array
from ..options import Value
from ..proof.bindings import Scale, Sentence, sentence
from ..proof.digits import count_phrase, text
from ..proof.runs.variants import LARGE, repeated
from ..scene.marks import Mark
from ..scene.scenes import Diagram, Head
from ..scene.theme import Paint

MAX_STEPS, DEFAULT_STEPS = 200, 60
"""The most steps, and the number of steps by default."""
DESCRIBED_DISTANCE = 10
"""The description gives the norms at this distance and at both ends."""
TICKS_WIDTH, PLOT_HEIGHT, NAME_HEIGHT = 50.0, 250.0, 19.0
"""The width of tick labels, the height of the plot and of a curve's name."""
ROUNDED = 1e-3
"""The largest share of a norm that may be a rounding error."""
NUMBER_WIDTH = 60.0
"""The width of a number beside a name."""


DASHES = {"1": "1.5 3", "2": "7 3"}
"""Forget bias -> the dashes of its curve, because the hues are alike."""


class Curve(NamedTuple):
    """The gradient at each step, from the last one back.

    Attributes:
        run: `RNN`, or the number that is added to the forget bias.
        name: The label of the curve.
        paint: The paint of the line.
        values: The norm of the gradient at each distance.
    """

    run: str
    name: str
    paint: Paint
    values: list[Number]

    @property
    def numbers(self) -> list[float]:
        """The norms as floats."""
        return [float(n.value) for n in self.values]

    def visible_distances(self, plot: charts.Plot) -> list[int]:
        """The distances at which it can be drawn."""
        return [
            distance
            for distance, norm in enumerate(self.numbers)
            if charts.is_drawable(plot.y_scale, norm)
        ]


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
        subject: What is drawn.
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
    assert subject.record is not None
    is_wide = width >= 480
    values = subject.record.values
    curves = _curves(values["norms"], values["scales"], is_wide=is_wide)
    plot, ticks = _plot(curves, width)
    _check(curves, values["exact"], plot)
    distance_ticks = over_time.ticks(0, max(1, count - 1), 7 if is_wide else 4)
    below, _ = words.paragraph(
        (plot.left + plot.right) / 2,
        plot.bottom + 22,
        sentence("steps before the last"),
        plot.right - plot.left + 60,
        size=words.SMALL,
        anchor="middle",
    )
    marks = [
        *charts.grid(plot, distance_ticks, ticks),
        below,
        *(_line(curve, plot) for curve in curves if curve.visible_distances(plot)),
        *_names(curves, plot),
    ]
    return Diagram(
        _head(subject, curves),
        _description(curves),
        inner_width(width),
        plot.bottom + 40,
        tuple(marks),
        width,
    )


def _check(curves: Sequence[Curve], exact: Mapping[str, Array], plot: charts.Plot) -> None:
    """Check that the norms are more than rounding errors, and can be drawn.

    Raises:
        BeyondLimit: If they are not.
    """
    if any(_is_rounding(curve, exact[curve.run]) for curve in curves[1:]):
        raise BeyondLimit(
            "got cell states so large that their gradients are rounding alone, "
            "expected some of which tanh is less than 1; choose fewer --steps "
            "or smaller weights"
        )
    if not any(curve.visible_distances(plot) for curve in curves):
        raise BeyondLimit(
            "got no gradient above zero that is a number, expected one for "
            "gradient-distance; choose other weights or another input"
        )


def _line(curve: Curve, plot: charts.Plot) -> Mark:
    look = styles.CURVE.strong if curve.run in ("RNN", "0") else styles.CURVE.plain
    return charts.curve(
        plot,
        curve.numbers,
        f'norms["{curve.run}"].flip(0)',
        curve.paint,
        width=look.weight,
        dash=DASHES.get(curve.run, ""),
        id=f"norms-{curve.run}",
        term="x",
    )


def _curves(
    norms: Mapping[str, Array], scales: Mapping[str, Array], *, is_wide: bool
) -> list[Curve]:
    """The RNN, then the LSTMs; more forget bias has a stronger paint."""
    paints = ["ink", "muted", "gate-f:76", "gate-f:88", "gate-f"]
    names = {"RNN": "nn.RNN", "0": "nn.LSTM"}
    added = "forget bias" if is_wide else "bias"
    return [
        Curve(
            run,
            names.get(run, f"{added} +{run}"),
            paint,
            Vector(array, Ref(f'norms["{run}"]'), scales[run])[::-1],
        )
        for (run, array), paint in zip(norms.items(), paints, strict=True)
    ]


def _is_rounding(curve: Curve, exact: Array) -> bool:
    """Whether some norm is far from the one computed without rounding tanh."""
    norms = np.array(curve.numbers[::-1])
    with np.errstate(invalid="ignore"):
        return bool((abs(norms - exact) > ROUNDED * norms).any())


def _plot(curves: Sequence[Curve], width: float) -> tuple[charts.Plot, list[float]]:
    """The plot, with space for names at the right, and the ticks of the norms."""
    scale, ticks = charts.log_scale(v for curve in curves for v in curve.numbers)
    name_width = max(words.width(curve.name, bold=True) for curve in curves)
    right = inner_width(width) - charts.LEADER_WIDTH - 6 - name_width - NUMBER_WIDTH
    last = max(1, len(curves[0].values) - 1)
    across = Scale(0, last, TICKS_WIDTH, right)
    return charts.Plot(across, scale._replace(start=PLOT_HEIGHT + 6, stop=6)), ticks


def _names(curves: Sequence[Curve], plot: charts.Plot) -> list[Mark]:
    """The name and the last number of each curve, with a line from its end."""
    last_distance = len(curves[0].values) - 1
    last_visible = {curve.run: curve.visible_distances(plot)[-1:] for curve in curves}
    ends = {
        curve.run: (plot.x_scale(distance), plot.clamped_y(curve.numbers[distance]))
        for curve in curves
        for distance in last_visible[curve.run]
    }
    levels = [ends.get(curve.run, (0, plot.bottom))[1] for curve in curves]
    places = charts.spaced_positions(levels, NAME_HEIGHT, plot.top, plot.bottom)
    x = plot.right + charts.LEADER_WIDTH + 6
    right = x + max(words.width(curve.name, bold=True) for curve in curves) + NUMBER_WIDTH
    marks: list[Mark] = []
    for curve, y in zip(curves, places, strict=True):
        number, line = f"{curve.run}-{last_distance}", f"norms-{curve.run}"
        ids = [number, line] if curve.run in ends else [number]
        label = words.label(
            x,
            y,
            curve.name,
            {"run": curve.run},
            ids,
            "row",
            style=words.STRONG,
            fill=curve.paint.partition(":")[0],
            id=f"name-{curve.run}",
            term="x",
        )
        marks += [
            label,
            words.number(
                right,
                y,
                curve.values[-1],
                max_chars=int(NUMBER_WIDTH / 8),
                anchor="end",
                size=words.SMALL,
                id=number,
                term="x",
            ),
        ]
        if curve.run in ends:
            marks.append(charts.label_leader(label, ends[curve.run], line))
    return marks


def _head(subject: LayerRun, curves: Sequence[Curve]) -> Head:
    count = len(subject.steps)
    return Head(
        _title(curves),
        sentence(
            "How strongly the last output depends on x of each step before: "
            "the norm of that gradient, on a logarithmic scale."
        ),
        provenance(subject, count_item("step", count, "len(x)")),
        (
            sentence(
                "At the right is what is left {} steps before the last.", (count - 1, "len(x) - 1")
            ),
            sentence(
                "What stands after + is added to the bias of the forget gates. "
                "The RNN has the same sizes and weights of its own, from a "
                "seed."
            ),
        ),
        source(subject),
    )


def _title(curves: Sequence[Curve]) -> Sentence:
    """The title: a finding, if this run shows it, or else the topic."""
    last = {curve.run: curve.numbers[-1] for curve in curves}
    if last["0"] < last["5"]:
        return sentence(
            "A forget bias lets a gradient reach further",
            claim='norms["0"][0].item() < norms["5"][0].item()',
        )
    return sentence("How far back a gradient reaches")


def _description(curves: Sequence[Curve]) -> str:
    """Each curve at three distances."""
    last_distance = len(curves[0].values) - 1
    distances = sorted({0, min(DESCRIBED_DISTANCE, last_distance), last_distance})
    description = "; ".join(
        f"{curve.name} {count_phrase(distance, 'step')} back: {text(curve.values[distance].value)}"
        for curve in curves
        for distance in distances
    )
    return f"{len(curves)} curves over the distance from the last step. {description}."
