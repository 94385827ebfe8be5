"""The figure `forget-bias`."""

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from ..layout import styles, words
from ..layout.motifs import charts
from ..layout.provenance import origin, provenance
from ..layout.room import inner
from ..proof.bindings import Place, Scale, sentence
from ..proof.digits import text
from ..proof.reference import Number
from ..proof.subject import SUMMED, Subject
from ..scene.marks import Box, Mark, Path, Text
from ..scene.scenes import Diagram, Head
from ..scene.theme import Paint

BIASES = (0, 1, 2, 5)
"""The sums of both biases that are compared."""
FIRST, LAST, EACH = -1, 8, 8
"""The axis is from 2 to the first power of steps to 2 to the last, with so many
places between two powers."""
TICKS = (1, 2, 5, 10, 20, 50, 100, 200)
LONG = 0.99
"""Above this mean of f a half-life is too uncertain to be printed."""
HEAD, PLOT = 76.0, 200.0
"""The heights of what stands above the plane, and of the plane."""
POINT = 7.0


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
    def left(self) -> list[float]:
        """What is left at each place of the axis."""
        f = float(self.forget.value)
        return [f ** float(steps) for steps in _places()]


def forget_bias(subject: Subject, room: float) -> Diagram:
    """How long a cell state lasts for forget biases 0, 1, 2 and 5."""
    curves = [*map(_of_bias, BIASES), _own(subject)]
    plot = charts.Plot(
        Scale(0, (LAST - FIRST) * EACH, 64, inner(room) - 4),
        Scale(0, 1, HEAD + PLOT, HEAD),
    )
    steps = plot.across._replace(low=2.0**FIRST, high=2.0**LAST, log=True)
    below, _ = words.paragraph(
        (plot.left + plot.right) / 2, plot.bottom + 22,
        sentence("steps in which nothing is added"), 260,
        size=words.SMALL, anchor="middle",
    )  # fmt: skip
    marks: list[Mark] = [
        *charts.grid(plot._replace(across=steps), TICKS, (0, 0.5, 1)),
        below,
    ]
    for one in curves:
        if np.isfinite(one.left).all():
            marks.append(
                charts.curve(
                    plot, one.left, f'left["{one.key}"]', one.paint,
                    width=styles.CURVE.plain.weight,
                    dash=styles.OTHER if one.key == "own" else "",
                    id=f"left-{one.key}", term="f",
                )
            )  # fmt: skip
    marks += _columns(curves, plot, steps)
    return Diagram(
        _head(subject, curves),
        " ".join(map(_told, curves)),
        inner(room),
        plot.bottom + 40,
        tuple(marks),
        room,
        _SETUP.format(
            part=_part(subject), biases=BIASES, first=FIRST, last=LAST,
            count=(LAST - FIRST) * EACH + 1,
        ),
    )  # fmt: skip


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


def _columns(
    curves: Sequence[Curve], plot: charts.Plot, steps: Scale
) -> list[Mark]:
    """Above each curve its numbers, and a line down to where a half is left."""
    of = [_meets(one, plot, steps) for one in curves]
    least = min(72.0, (plot.right - plot.left) / len(curves))
    middles = charts.apart(
        [x for x, _ in of], least, plot.left + least / 2 - 4,
        plot.right - least / 2 + 4,
    )  # fmt: skip
    marks: list[Mark] = []
    ids: dict[str, list[str]] = {"forget": [], "half": []}
    for one, x, meets in zip(curves, middles, of, strict=True):
        found = _column(one, x)
        drawn = bool(np.isfinite(one.left).all())
        shown = [number.id for number in found.values()]
        for name, number in found.items():
            ids[name].append(number.id)
        shown += [f"left-{one.key}"] * drawn
        label = words.label(
            x, 49, one.name, {"run": one.key}, shown, "column",
            style=words.FINE_STRONG,
            fill="ink" if one.key == "own" else "gate-f", anchor="middle",
            id=f"name-{one.key}", term="f",
        )  # fmt: skip
        marks += [label, *found.values()]
        if drawn:
            marks += _marked(one, plot, steps, x, meets)
    for name, word, y in (("forget", "f", 28.0), ("half", "half-life", 10.0)):
        marks.append(
            words.label(
                0,
                y,
                word,
                {"tensor": name},
                ids[name],
                "row",
                style=words.FINE,
            )
        )
    return marks


def _column(one: Curve, x: float) -> dict[str, Text]:
    """The gate and the half-life."""
    numbers = [("forget", one.forget, 28.0, 3)]
    if one.half is not None:
        numbers.append(("half", one.half, 10.0, 1))
    return {
        name: words.number(
            x, y, number, places=places, room=7, size=words.SMALL,
            id=f"{name}-{one.key}", term="f",
        )
        for name, number, y, places in numbers
    }  # fmt: skip


def _meets(one: Curve, plot: charts.Plot, steps: Scale) -> tuple[float, float]:
    """Where a curve has a half, or its end where that is not drawn."""
    half = float(one.half.value) if one.half else math.nan
    if steps.low <= half <= steps.high:
        return steps(half), plot.down(0.5)
    f = float(one.forget.value)
    last = bool(f > 0.5)
    end = one.left[-1 if last else 0]
    level = plot.held(end) if np.isfinite(end) else plot.bottom
    return (plot.right if last else plot.left), level


def _marked(
    one: Curve,
    plot: charts.Plot,
    steps: Scale,
    x: float,
    meets: tuple[float, float],
) -> list[Mark]:
    """The line from a column to its curve, and a point where a half is left."""
    at, level = meets
    marks: list[Mark] = [
        charts.drop((x, 59), meets, f"name-{one.key}", f"left-{one.key}")
    ]
    if one.half is None or level != plot.down(0.5):
        return marks
    down = (("M", (at, level)), ("L", (at, plot.bottom)))
    return [
        *marks,
        Path(
            down, stroke="muted", stroke_width=styles.GUIDE.weight,
            dash=styles.GUIDE.dash,
        ),
        Box(
            at - POINT / 2, level - POINT / 2, POINT, POINT, radius=POINT / 2,
            fill=one.paint, id=f"point-{one.key}", term="f",
            bound=(Place(f'half["{one.key}"], 0.5', steps, plot.down),),
        ),
    ]  # fmt: skip


def _head(subject: Subject, curves: Sequence[Curve]) -> Head:
    *_, strongest, own = curves
    longest = strongest.half
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
