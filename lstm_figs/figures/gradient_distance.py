"""The figure `gradient-distance`."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from ..errors import BeyondLimit
from ..layout.cells import CHARACTER, LINE, number, spoken
from ..layout.heading import inner
from ..layout.panels import MARKERS, marker
from ..model.lstm import Array
from ..options import Value
from ..proof import digits
from ..proof.digits import counted
from ..proof.runs.variants import LARGE, repeated
from ..proof.subject import Number, Subject
from ..scene.marks import Mark, Path, Text
from ..scene.scenes import Axes, Chart, Heading, Series
from ..scene.theme import Paint

LONGEST, FAR = 200, 60
"""The most steps that are drawn, and how many show what fades."""
AXIS, PLOT, GAP = 48.0, 240.0, 46.0
"""The width of tick labels, the height of the plot, the space below it."""
NAME, COLUMN = 166.0, 84.0
"""The widths of the table's columns."""
TICKS = 6
"""The most lines of the grid."""


class Curve(NamedTuple):
    """The gradient that reaches each step, from the last one back."""

    key: str
    name: str
    paint: Paint
    values: list[Number]


def made(subject: Subject, options: Mapping[str, Value]) -> Subject:
    """The module over as many steps as are asked for, or more."""
    steps = options["steps"]
    assert isinstance(steps, int)
    subject.check("steps", steps, LONGEST + 1)
    if not steps and subject.weights.hidden_size <= LARGE:
        steps = FAR
    return replace(subject, trace=repeated(subject.trace, steps))


def gradient_distance(
    subject: Subject, room: float, *, steps: int = 0
) -> Chart:
    """How the gradient fades with distance, in an RNN and in LSTMs.

    Args:
        subject: What is drawn.
        room: The width that the figure may use.
        steps: How many steps at least, for which a shorter input is repeated;
            0 for 60, or those of the input with more than 256 units.
    """
    count = len(subject.steps)
    if count > LONGEST:
        raise BeyondLimit(
            f"got {count} steps, expected at most {LONGEST} for "
            "gradient-distance; give it a shorter input"
        )
    assert subject.record is not None
    curves = _curves(**subject.record.values)
    space = inner(room)
    shown = sorted({0, min(10, count - 1), count - 1})
    bottom, table = _table(curves, shown, space)
    said = " ".join(
        f"{curve.name}: "
        + "; ".join(
            f"{back} back {spoken([curve.values[back]])}" for back in shown
        )
        + "."
        for curve in curves
    )
    return Chart(
        Heading(
            "How far a gradient reaches",
            f"{subject.module} over {counted(count, 'step')}: the gradient of "
            "output[-1].sum() by x of each step before",
            (
                "The norm, on a logarithmic scale, in float64.",
                "The number after + is added to the bias of the forget gates.",
                "nn.RNN has the same sizes; it is from seed 0.",
            ),
            subject.source,
        ),
        f"Five curves over the distance from the last step. {said}",
        space,
        bottom,
        (*_labels(count, space), *table),
        (_axes(curves, space),),
        room,
    )


def _curves(
    norms: Mapping[str, Array], scales: Mapping[str, Array]
) -> list[Curve]:
    """The plain RNN, then the LSTMs, the more forget bias the stronger."""
    paints = ["ink", "muted", "gate-f:75", "gate-f:88", "gate-f"]
    curves = []
    for (key, array), paint in zip(norms.items(), paints, strict=True):
        if key == "RNN":
            name = "nn.RNN"
        else:
            name = "LSTM as it is" if key == "0" else f"LSTM, forget + {key}"
        values = [
            Number(array[t], f'norms["{key}"][{t}]', float(scales[key][t]))
            for t in reversed(range(len(array)))
        ]
        curves.append(Curve(key, name, paint, values))
    return curves


def _axes(curves: Sequence[Curve], space: float) -> Axes:
    """The curves; their height is the exponent."""
    count = len(curves[0].values)
    logs = [[_exponent(n.value) for n in curve.values] for curve in curves]
    finite = [y for ys in logs for y in ys if math.isfinite(y)]
    low = math.floor(min(finite, default=0))
    high = max(math.ceil(max(finite, default=0)), low + 1)
    each = -(-(high - low) // TICKS)
    ticks = range(high, low - 1, -each)
    every = max(1, count // TICKS)
    series = []
    for k, (curve, ys) in enumerate(zip(curves, logs, strict=True)):
        series += [
            Series(
                id=f"{id}-{curve.key}",
                xs=tuple(-float(back) for back in chosen),
                ys=tuple(ys[back] for back in chosen),
                paint=curve.paint,
                marker=mark,
                line=not mark,
            )
            for id, mark, chosen in (
                ("line", "", range(count)),
                ("points", MARKERS[k], range(0, count, every)),
            )
        ]
    return Axes(
        id="axes",
        x=AXIS,
        y=10,
        width=space - AXIS - 10,
        height=PLOT,
        xlim=(min(-1.0, 1.0 - count), 0),
        ylim=(low, high),
        yticks=tuple(map(float, ticks)),
        series=tuple(series),
        labels=tuple(
            f"1e{exponent}".replace("-", digits.MINUS) if exponent else "1"
            for exponent in ticks
        ),
    )


def _exponent(value: float) -> float:
    """The logarithm, and nothing that can be drawn where there is none."""
    return math.log10(value) if 0 < value < math.inf else math.nan


def _labels(count: int, space: float) -> list[Mark]:
    """The distances below the axis."""
    width, last = space - AXIS - 10, max(1, count - 1)
    every = max(1, -(-last // TICKS))
    y = 10 + PLOT + 18
    shown = range(0, count, every)
    marks: list[Mark] = [
        Text(
            x=AXIS + width * (1 - back / last), y=y, content=str(back),
            size=11, fill="muted", anchor="middle", kind="tick",
        )
        for back in shown
    ]  # fmt: skip
    return [
        *marks,
        Text(
            x=AXIS + width / 2, y=y + 17,
            content="steps before the last", size=11, fill="muted",
            anchor="middle",
        ),
    ]  # fmt: skip


def _table(
    curves: Sequence[Curve], shown: Sequence[int], space: float
) -> tuple[float, list[Mark]]:
    """The legend, with numbers at some distances; and where it ends."""
    column = min(COLUMN, (space - NAME) / len(shown))
    left = (space - NAME - column * len(shown)) / 2
    y = 10 + PLOT + GAP + 18
    marks: list[Mark] = [
        Text(
            x=left + NAME + (k + 0.5) * column, y=y, content=f"{back} back",
            size=11, bold=True, fill="muted", anchor="middle",
        )
        for k, back in enumerate(shown)
    ]  # fmt: skip
    right = left + NAME + column * len(shown)
    y += 8
    marks.append(Path(d=(("M", (left, y)), ("L", (right, y))), stroke="rule"))
    for row, curve in enumerate(curves):
        y += LINE + 5
        line = Path(
            d=(("M", (left, y - 4)), ("L", (left + 26, y - 4))),
            stroke=curve.paint, stroke_width=1.5,
        )  # fmt: skip
        marks += [
            line,
            marker(left + 13, y - 4, MARKERS[row], curve.paint),
            Text(x=left + 34, y=y, content=curve.name),
        ]
        marks += [
            number(
                left + NAME + (k + 0.5) * column, y, curve.values[back],
                places=digits.DECIMALS, room=int(column / CHARACTER) - 1,
                id=f"{curve.key}-{back}", term="x", aligned=False,
            )
            for k, back in enumerate(shown)
        ]  # fmt: skip
    return y + 8, marks
