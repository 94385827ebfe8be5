"""The distribution of the biases of each gate, on one axis."""

from typing import NamedTuple

import numpy as np

from ...layout import styles, words
from ...layout.motifs import matrix
from ...layout.motifs.over_time import tick_text, ticks_across
from ...model.layer_run import LayerRun
from ...model.lstm import GATES
from ...model.reference import Number, Ref
from ...proof.bindings import Length, Scale
from ...scene.marks import Box, Mark, Path
from ...scene.terms import TERMS

WIDTH = 168.0
"""The width of the biases beside heat maps."""
LANE_HEIGHT = 26.0
"""The height of a gate's lane below heat maps."""

IDS = ("bias-{gate}", "bias-{gate}-half", "bias-{gate}-middle")
"""The ids in a lane."""


class Percentiles(NamedTuple):
    """Percentiles of the sums of both biases.

    Attributes:
        ends: The ends of the thin bar.
        half: The ends of the thick bar.
        middle: The median.
    """

    ends: tuple[Number, Number]
    half: tuple[Number, Number]
    middle: Number


def percentiles_of(subject: LayerRun, band: int) -> Percentiles:
    """Return the percentiles of one gate; if no sum is finite, all are the sum of all."""
    size = subject.weights.hidden_size
    rows = slice(band * size, (band + 1) * size)
    ref = (subject.ref("bias_ih") + subject.ref("bias_hh"))[rows]
    values = subject.weights.bias[rows]
    finite = np.sort(values[np.isfinite(values)])
    if not finite.size:
        with np.errstate(invalid="ignore"):
            total = Number(values.sum(), f"{ref}.sum()")
        return Percentiles((total, total), (total, total), total)
    if finite.size < size:
        ref = Ref(f"{ref}[{ref}.isfinite()]")

    def at(share: float) -> Number:
        k = int(share * (finite.size - 1))
        return Number(finite[k], Ref(f"{ref}.sort().values")[k])

    return Percentiles((at(0.01), at(0.99)), (at(0.25), at(0.75)), at(0.5))


def right_of_bands(subject: LayerRun, bands: matrix.Bands, x: float) -> list[Mark]:
    """Draw the lanes right of the bands; `x` is their left edge."""
    middles = [bands.y(k) + bands.height / 2 for k in range(4)]
    return [
        *_lanes(subject, x, WIDTH, middles, min(bands.height, 2 * LANE_HEIGHT), 20.0),
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


def below_maps(subject: LayerRun, y: float, space: float) -> tuple[list[Mark], float]:
    """Draw the lanes below the maps, with their letters; return the marks and their bottom."""
    middles = [y + 34 + k * LANE_HEIGHT for k in range(4)]
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
    marks += _lanes(subject, 24, space - 24, middles, LANE_HEIGHT, 12.0)
    return marks, middles[-1] + LANE_HEIGHT / 2 + 18


def _lanes(
    subject: LayerRun,
    x: float,
    width: float,
    middles: list[float],
    lane_height: float,
    bar_height: float,
) -> list[Mark]:
    percentiles = [percentiles_of(subject, k) for k in range(4)]
    values = [float(n.value) for gate_percentiles in percentiles for n in gate_percentiles.ends]
    numbers = 48.0
    low, high = _padded_range(values)
    scale = Scale(low, high, x, x + width - numbers)
    top, bottom = middles[0] - lane_height / 2, middles[-1] + lane_height / 2
    marks: list[Mark] = []
    for value in ticks_across(scale, 4, x - 20, x + width):
        at = scale(value)
        line = (("M", (at, top)), ("L", (at, bottom)))
        paint = "muted" if value == 0 else "rule"
        marks += [
            Path(line, stroke=paint, stroke_width=styles.LINE.back.weight),
            words.tick(at, bottom + 10, tick_text(value), "middle"),
        ]
    for gate, y, gate_percentiles in zip(GATES, middles, percentiles, strict=True):
        marks += _lane(gate, y, gate_percentiles, scale, x + width, bar_height)
    return marks


def _padded_range(values: list[float]) -> tuple[float, float]:
    """Return a range around all values and 0, with a little space."""
    low = min([0.0, *filter(np.isfinite, values)])
    high = max([0.0, *filter(np.isfinite, values)])
    space = 0.06 * (high - low) or 1.0
    return low - space, high + space


def _lane(
    gate: str, y: float, percentiles: Percentiles, scale: Scale, right: float, bar_height: float
) -> list[Mark]:
    """Draw a thin bar, a thick bar, the median as a notch, and its number."""
    paint = TERMS[gate].role
    marks: list[Mark] = []
    if np.isfinite(percentiles.middle.value):
        for id, pair, height in (
            (f"bias-{gate}", percentiles.ends, 2.0),
            (f"bias-{gate}-half", percentiles.half, bar_height),
        ):
            first, last = (scale(float(n.value)) for n in pair)
            marks.append(
                Box(
                    first,
                    y - height / 2,
                    max(last - first, 0),
                    height,
                    fill=paint,
                    id=id,
                    term=f"bias {gate}",
                    bound=(
                        Length(f"torch.stack([{pair[0].expr}, {pair[1].expr}])", "width", scale),
                    ),
                )
            )
        at = scale(float(percentiles.middle.value))
        notch = (("M", (at, y - bar_height / 2)), ("L", (at, y + bar_height / 2)))
        marks.append(Path(notch, stroke="paper", stroke_width=styles.BOX.strong.weight))
    number = words.number(
        right,
        y,
        percentiles.middle,
        size=words.SMALL,
        max_chars=6,
        anchor="end",
        fill=paint,
        id=f"bias-{gate}-middle",
        term=f"bias {gate}",
    )
    return [*marks, number]
