"""The curves of σ and tanh, with points on them."""

import math
from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

import numpy as np

from ...layout.cells import NUMBER
from ...layout.panels import MARKERS, code
from ...model.lstm import sigmoid
from ...model.tensors import Array
from ...proof.subject import Number
from ...scene.marks import Mark, Text
from ...scene.scenes import Axes, Series
from ...scene.terms import TERMS

INSET = 14.0
"""What tick labels take right of a plot."""
HEAD, PLOT = 28.0, 140.0
"""The height of a plot's label, and of a plot."""
LEAST, BENT = 4, 8
"""The axis reaches so far at least; beyond the second, curves look flat."""


class Squash(NamedTuple):
    """A function, and the results of a step that it takes and gives."""

    name: str
    function: Callable[[Array], Array]
    code: str
    low: int
    pairs: tuple[tuple[str, str], ...]


SQUASHES = (
    Squash(
        "σ", sigmoid, "torch.sigmoid", 0,
        (("z_i", "i"), ("z_f", "f"), ("z_o", "o")),
    ),
    Squash("tanh", np.tanh, "torch.tanh", -1, (("z_g", "g"), ("c", "tanh_c"))),
)  # fmt: skip

ARGUMENTS = tuple(name for squash in SQUASHES for name, _ in squash.pairs)
"""What goes into the functions."""


def reach(sizes: Sequence[float]) -> float:
    """How far both axes reach: a whole number with one digit other than 0."""
    most = max(LEAST, math.ceil(max(sizes, default=0)))
    unit = 10 ** (len(str(most)) - 1)
    return float(-(-most // unit) * unit)


def axes(
    squash: Squash,
    width: float,
    left: float,
    reach: float,
    shown: Iterable[Series],
) -> Axes:
    """A plot of a function, with points.

    Args:
        squash: The function.
        width: Of the plot with what stands left and right of it.
        left: What stands left.
        reach: How far the axis reaches.
        shown: The points.
    """
    return Axes(
        id=f"{squash.code.partition('.')[2]}-axes",
        x=left,
        y=HEAD,
        width=width - left - INSET,
        height=PLOT,
        xlim=(-reach, reach),
        ylim=(squash.low, 1),
        yticks=(squash.low, (squash.low + 1) / 2, 1),
        series=(curve(squash, reach), *shown),
    )


def names(squash: Squash, width: float, left: float) -> list[Mark]:
    """What a function is called, above its plot."""
    return [
        Text(x=left, y=13, content=squash.name, size=14, bold=True),
        code(width - INSET, 13, squash.code, "end", fill="muted"),
    ]


def curve(squash: Squash, reach: float) -> Series:
    """The function itself."""
    bent = min(reach, BENT)
    xs = np.array([-reach, *np.linspace(-bent, bent, 121), reach])
    return Series(
        id=f"{squash.code.partition('.')[2]}-curve",
        xs=tuple(xs.tolist()),
        ys=tuple(squash.function(xs).tolist()),
        paint="muted",
        marker="",
    )


def points(
    units: Sequence[int],
    arguments: Sequence[Number],
    results: Sequence[Number],
    name: str,
) -> list[Series]:
    """A point on the curve for each unit; NaN and ∞ have no place there."""
    return [
        Series(
            id=f"{name}-unit-{k}",
            xs=(float(argument.value),),
            ys=(float(value.value),),
            paint=TERMS[name].role,
            marker=mark,
            term=name,
            line=False,
        )
        for k, argument, value, mark in zip(
            units, arguments, results, MARKERS, strict=False
        )
        if math.isfinite(argument.value)
    ]


def ticks(chart: Axes, y: float) -> list[Mark]:
    """Numbers below the axis: its ends, its middle, halves if whole."""
    reach = chart.xlim[1]
    shares = (-1, -0.5, 0, 0.5, 1) if reach % 2 == 0 else (-1, 0, 1)
    return [
        Text(
            x=chart.x + chart.width * (share + 1) / 2,
            y=y,
            content=f"{reach * share:g}".replace("-", "−"),
            size=NUMBER,
            fill="muted",
            anchor="middle",
            kind="tick",
        )
        for share in shares
    ]
