"""The biases of each gate on one axis: a bar of the middle half."""

from typing import NamedTuple

import numpy as np

from ...layout import styles, words
from ...layout.motifs import matrix
from ...layout.motifs.over_time import said, ticks_across
from ...model.lstm import GATES
from ...proof.bindings import Length, Scale
from ...proof.reference import Number, Ref
from ...proof.subject import Subject
from ...scene.marks import Box, Mark, Path
from ...scene.terms import TERMS

WIDTH = 168.0
"""What they take beside maps."""
LANE = 26.0
"""The height of a gate's lane below maps."""

IDS = ("bias-{gate}", "bias-{gate}-half", "bias-{gate}-middle")
"""The ids of a lane."""


class Ranked(NamedTuple):
    """Sums of both biases in their order: some of them, by their share.

    Attributes:
        ends: Of the thin bar.
        half: The ends of the thick bar.
        middle: The median.
    """

    ends: tuple[Number, Number]
    half: tuple[Number, Number]
    middle: Number


def ranked(subject: Subject, band: int) -> Ranked:
    """What is drawn of one gate; where no sum is finite, what all add up to."""
    size = subject.weights.hidden_size
    rows = slice(band * size, (band + 1) * size)
    of = (subject.ref("bias_ih") + subject.ref("bias_hh"))[rows]
    values = subject.weights.bias[rows]
    finite = np.sort(values[np.isfinite(values)])
    if not finite.size:
        with np.errstate(invalid="ignore"):
            total = Number(values.sum(), f"{of}.sum()")
        return Ranked((total, total), (total, total), total)
    if finite.size < size:
        of = Ref(f"{of}[{of}.isfinite()]")

    def at(share: float) -> Number:
        k = int(share * (finite.size - 1))
        return Number(finite[k], Ref(f"{of}.sort().values")[k])

    return Ranked((at(0.01), at(0.99)), (at(0.25), at(0.75)), at(0.5))


def beside(subject: Subject, bands: matrix.Bands, x: float) -> list[Mark]:
    """Lanes on the lines of bands; `x` is their left."""
    middles = [bands.y(k) + bands.height / 2 for k in range(4)]
    return [
        *_lanes(subject, x, WIDTH, middles, min(bands.height, 2 * LANE), 20.0),
        words.label(
            x + WIDTH / 2,
            bands.top - 40 + 8,
            "biases",
            {"tensor": "bias"},
            ["bias-*", "bias-*-*"],
            "block",
            anchor="middle",
            style=words.STRONG,
            term="bias",
        ),
    ]


def below(subject: Subject, y: float, space: float) -> tuple[list[Mark], float]:
    """Lanes below maps, with their letters, and their bottom."""
    middles = [y + 34 + k * LANE for k in range(4)]
    marks: list[Mark] = [
        words.label(
            0,
            y + 8,
            "biases",
            {"tensor": "bias"},
            ["bias-*", "bias-*-*"],
            "block",
            style=words.STRONG,
            term="bias",
        )
    ]
    for middle, gate in zip(middles, GATES, strict=True):
        marks.append(
            words.label(
                6,
                middle,
                gate,
                {"gate": gate},
                [id.format(gate=gate) for id in IDS],
                "band",
                style=words.GATE,
                fill=TERMS[gate].role,
                anchor="middle",
                term=gate,
            )
        )
    marks += _lanes(subject, 24, space - 24, middles, LANE, 12.0)
    return marks, middles[-1] + LANE / 2 + 18


def _lanes(
    subject: Subject, x: float, width: float, middles: list[float], high: float, thick: float
) -> list[Mark]:
    found = [ranked(subject, k) for k in range(4)]
    shown = [float(n.value) for one in found for n in one.ends]
    numbers = 48.0
    low, most = _reach(shown)
    scale = Scale(low, most, x, x + width - numbers)
    top, bottom = middles[0] - high / 2, middles[-1] + high / 2
    marks: list[Mark] = []
    for value in ticks_across(scale, 4, x - 20, x + width):
        at = scale(value)
        line = (("M", (at, top)), ("L", (at, bottom)))
        paint = "muted" if value == 0 else "rule"
        marks += [
            Path(line, stroke=paint, stroke_width=styles.LINE.back.weight),
            words.tick(at, bottom + 10, said(value), "middle"),
        ]
    for gate, y, one in zip(GATES, middles, found, strict=True):
        marks += _lane(gate, y, one, scale, x + width, thick)
    return marks


def _reach(values: list[float]) -> tuple[float, float]:
    """Around all values and 0, with a little space."""
    low = min([0.0, *filter(np.isfinite, values)])
    high = max([0.0, *filter(np.isfinite, values)])
    space = 0.06 * (high - low) or 1.0
    return low - space, high + space


def _lane(gate: str, y: float, one: Ranked, scale: Scale, right: float, thick: float) -> list[Mark]:
    """A thin bar, a thick one, and the median as a notch and in a number."""
    paint = TERMS[gate].role
    marks: list[Mark] = []
    if np.isfinite(one.middle.value):
        for id, pair, high in (
            (f"bias-{gate}", one.ends, 2.0),
            (f"bias-{gate}-half", one.half, thick),
        ):
            first, last = (scale(float(n.value)) for n in pair)
            marks.append(
                Box(
                    first,
                    y - high / 2,
                    max(last - first, 0),
                    high,
                    fill=paint,
                    id=id,
                    term=f"bias {gate}",
                    bound=(
                        Length(f"torch.stack([{pair[0].expr}, {pair[1].expr}])", "width", scale),
                    ),
                )
            )
        at = scale(float(one.middle.value))
        notch = (("M", (at, y - thick / 2)), ("L", (at, y + thick / 2)))
        marks.append(Path(notch, stroke="paper", stroke_width=styles.BOX.strong.weight))
    number = words.number(
        right,
        y,
        one.middle,
        size=words.SMALL,
        room=6,
        anchor="end",
        fill=paint,
        id=f"bias-{gate}-middle",
        term=f"bias {gate}",
    )
    return [*marks, number]
