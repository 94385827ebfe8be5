"""The figure `forget-bias`."""

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from ..layout.cells import CHARACTER, LINE, number, spoken
from ..layout.heading import inner
from ..layout.panels import MARKERS, marker
from ..proof import digits
from ..proof.subject import SUMMED, Number, Subject
from ..scene.marks import Mark, Path, Text
from ..scene.scenes import Axes, Chart, Heading, Series
from ..scene.theme import Paint

BIASES = (0, 1, 2, 5)
"""The sums of both biases that are compared."""
LAST, EVERY = 30, 5
"""The last step of the plot, and how far markers are apart."""
AFTER = (10, 100)
"""The steps after which a number says what is left."""
LONG = 0.99
"""Above this mean of f a half-life is too uncertain to be printed."""
AXIS, PLOT, GAP = 38.0, 220.0, 52.0
"""The width of tick labels, the height of the plot, the space below it."""
NAME, COLUMN = 112.0, 92.0
"""The widths of the table's columns."""


class Curve(NamedTuple):
    """What is left of c when nothing is added to it.

    Attributes:
        forget: The forget gate, the same at every step.
        left: What is left after each of `AFTER`.
        half: The steps after which a half is left, or why there is none.
    """

    key: str
    name: str
    paint: Paint
    forget: Number
    left: list[Number]
    half: Number | str

    @property
    def numbers(self) -> list[Number | str]:
        """What the table says of it."""
        return [self.forget, *self.left, self.half]


def forget_bias(subject: Subject, room: float) -> Chart:
    """How long a cell state lasts for forget biases 0, 1, 2 and 5.

    Args:
        subject: What is drawn.
        room: The width that the figure may use.
    """
    paints = ("muted", "gate-f:75", "gate-f:88", "gate-f")
    curves = [
        _curve(
            f"bias-{bias}",
            f"bias {bias}",
            paint,
            np.float64(1 / (1 + math.exp(-bias))),
            f"torch.tensor({bias}.0, dtype=torch.float64).sigmoid()",
            0,
        )
        for bias, paint in zip(BIASES, paints, strict=True)
    ]
    curves.append(_own(subject))
    space = inner(room)
    bottom, table = _table(curves, space)
    heads = ("f", *(f"left after {steps}" for steps in AFTER), "half-life")
    said = " ".join(
        f"{curve.name}: "
        + "; ".join(
            f"{head} {spoken([n]) if isinstance(n, Number) else n}"
            for head, n in zip(heads, curve.numbers, strict=True)
        )
        + "."
        for curve in curves
    )
    steps = min(len(subject.steps), SUMMED)
    run = f"{steps} steps" if steps > 1 else "1 step"
    return Chart(
        Heading(
            "A larger forget bias keeps a state for longer",
            f"{subject.module}: the share of c that is left, if the forget "
            "gate stays as it is and nothing is added",
            (
                "The bias is that of bias_ih and bias_hh together, so that f "
                "= σ(bias) before x and h add to it.",
                f"This run: the mean of f over {run}, of every sequence and "
                "unit.",
                "f**10 is left after 10 steps, a half after the half-life.",
            ),
            subject.origin,
        ),
        f"{len(curves)} curves over {LAST} steps. {said}",
        space,
        bottom,
        (*_labels(space), *table),
        (_axes(curves, space),),
        room,
    )


def _own(subject: Subject) -> Curve:
    """The mean of the forget gates of this run."""
    steps = subject.steps[:SUMMED]
    gates = np.concatenate([step.f.ravel() for step in steps])
    part = "f" if len(subject.steps) <= SUMMED else f"f[:{SUMMED}]"
    return _curve(
        "own",
        "this run",
        "ink",
        gates.astype(np.float64).mean(),
        f"{part}.double().mean()",
        max(1.0, *(step.scale for step in steps)),
    )


def _curve(
    key: str, name: str, paint: Paint, f: np.float64, expr: str, scale: float
) -> Curve:
    """The numbers of a curve; scale is that of what goes into σ."""
    left = [
        Number(f**steps, f"{expr} ** {steps}", steps * scale) for steps in AFTER
    ]
    half: Number | str
    if f > LONG and scale:
        half = "long"
    else:
        log = np.float64(-math.inf) if f == 0 else np.log(f)
        # By z, and by the rounding of f in float32.
        reach = math.log(2) / log**2 * ((1 - f) * scale + 0.1 * bool(scale))
        half = Number(
            math.log(0.5) / log,
            f"torch.tensor(0.5, dtype=torch.float64).log() / ({expr}).log()",
            float(reach),
        )
    return Curve(key, name, paint, Number(f, expr, scale), left, half)


def _axes(curves: Sequence[Curve], space: float) -> Axes:
    """What is left over the steps."""
    series = []
    for mark, curve in zip(MARKERS, curves, strict=False):
        f = float(curve.forget.value)
        for id, shape, chosen in (
            ("line", "", range(LAST + 1)),
            ("points", mark, range(0, LAST + 1, EVERY)),
        ):
            series.append(
                Series(
                    id=f"{id}-{curve.key}",
                    xs=tuple(map(float, chosen)),
                    ys=tuple(f**steps for steps in chosen),
                    paint=curve.paint,
                    marker=shape,
                    line=not shape,
                    term="f",
                )
            )
    return Axes(
        id="axes",
        x=AXIS,
        y=10,
        width=space - AXIS - 10,
        height=PLOT,
        xlim=(0, LAST),
        ylim=(0, 1),
        yticks=(0, 0.25, 0.5, 0.75, 1),
        series=tuple(series),
    )


def _labels(space: float) -> list[Mark]:
    """The steps below the axis."""
    wide, y = space - AXIS - 10, 10 + PLOT + 18
    marks: list[Mark] = [
        Text(
            x=AXIS + wide * steps / LAST, y=y, content=str(steps), size=11,
            fill="muted", anchor="middle", kind="tick",
        )
        for steps in range(0, LAST + 1, EVERY)
    ]  # fmt: skip
    return [
        *marks,
        Text(
            x=AXIS + wide / 2, y=y + 17, content="steps", size=11,
            fill="muted", anchor="middle",
        ),
    ]  # fmt: skip


def _table(curves: Sequence[Curve], space: float) -> tuple[float, list[Mark]]:
    """The legend with its numbers, and where it ends."""
    heads = ("f", *(f"f**{steps}" for steps in AFTER), "half-life")
    column = min(COLUMN, (space - NAME) / len(heads))
    left = (space - NAME - column * len(heads)) / 2
    right = space - left
    y = 10 + PLOT + GAP + 14
    marks: list[Mark] = [
        Text(
            x=left + NAME + (k + 0.5) * column, y=y, content=head, size=11,
            bold=True, anchor="middle",
            fill="gate-f" if head.startswith("f") else "muted",
        )
        for k, head in enumerate(heads)
    ]  # fmt: skip
    y += 8
    marks.append(Path(d=(("M", (left, y)), ("L", (right, y))), stroke="rule"))
    for curve, mark in zip(curves, MARKERS, strict=False):
        y += LINE + 5
        marks += [
            Path(
                d=(("M", (left, y - 4)), ("L", (left + 26, y - 4))),
                stroke=curve.paint, stroke_width=1.5,
            ),
            marker(left + 13, y - 4, mark, curve.paint),
            Text(x=left + 34, y=y, content=curve.name),
        ]  # fmt: skip
        for k, value in enumerate(curve.numbers):
            x = left + NAME + (k + 0.5) * column
            if isinstance(value, str):
                marks.append(
                    Text(
                        x=x, y=y, content=value, size=11, fill="muted",
                        anchor="middle",
                    )
                )  # fmt: skip
                continue
            marks.append(
                number(
                    x, y, value, places=digits.DECIMALS,
                    room=int(column / CHARACTER) - 1,
                    id=f"{curve.key}-{k}", term="f", aligned=False,
                )
            )  # fmt: skip
    return y + 8, marks
