"""σ and tanh in a plane, with the points of some units on the curve."""

from collections.abc import Callable, Iterable
from typing import NamedTuple

import numpy as np

from ...layout import charts, over_time, words
from ...model.lstm import sigmoid
from ...model.tensors import Array
from ...proof.bindings import Node, Place, Scale
from ...proof.subject import Number
from ...scene.marks import Box, Mark, Path
from ...scene.terms import TERMS
from ...scene.theme import Paint

LEFT, HEAD = 46.0, 30.0
"""The width of names, and the height of what stands above a plane."""
LEAST, MOST = 4, 20
"""The axis reaches so far at least, and at most."""
SAMPLES = 161
POINT, LANE = 8.0, 19.0
"""The width of a point, and the height of a lane."""
LANES = 3
"""The lanes that both planes have room for."""


class Squash(NamedTuple):
    """A function, and the results of a step that it takes and gives."""

    name: str
    function: Callable[[Array], Array]
    torch: str
    low: int
    pairs: tuple[tuple[str, str], ...]


SQUASHES = (
    Squash(
        "σ", sigmoid, "sigmoid", 0, (("z_i", "i"), ("z_f", "f"), ("z_o", "o"))
    ),
    Squash("tanh", np.tanh, "tanh", -1, (("z_g", "g"), ("c", "tanh_c"))),
)
ARGUMENTS = tuple(name for squash in SQUASHES for name, _ in squash.pairs)
"""What goes into the functions."""


def reach(sizes: Iterable[float]) -> int:
    """How far both axes reach: a whole number, even where it is large.

    >>> reach([0.3]), reach([4.2]), reach([900])
    (4, 6, 20)
    """
    most = min(MOST, max(LEAST, *sizes, 0))
    return -(-int(np.ceil(most)) // 2) * 2


def axes(
    squash: Squash, width: float, reach: int, *, high: float
) -> charts.Plot:
    """Where arguments and results are, in a panel of that width."""
    return charts.Plot(
        Scale(-reach, reach, LEFT, width - 12),
        Scale(squash.low, 1, HEAD + high, HEAD),
    )


def curve(squash: Squash, plot: charts.Plot) -> list[Mark]:
    """The function, its name, and both axes but for the ticks below."""
    end = int(plot.across.high)
    values = squash.function(np.linspace(-end, end, SAMPLES))
    samples = plot._replace(across=Scale(0, SAMPLES - 1, plot.left, plot.right))
    name = words.operator(plot.left, 8, squash.name, fill="ink")
    return [
        name._replace(size=15, bold=True, anchor="start"),
        *charts.grid(plot, (), (squash.low, (squash.low + 1) / 2, 1)),
        charts.curve(
            samples, values.tolist(),
            f"torch.linspace({-end}, {end}, {SAMPLES}, dtype=torch.float64)"
            f".{squash.torch}()",
            "muted", width=1.5, id=f"{squash.torch}-curve",
        ),
    ]  # fmt: skip


def ticks(plot: charts.Plot, y: float) -> list[Mark]:
    """Arguments below all lanes; `y` is their middle."""
    end = plot.across.high
    return [
        words.tick(plot.across(value), y, over_time.said(value), "middle")
        for value in (-end, -end / 2, 0, end / 2, end)
    ]


def lane(
    plot: charts.Plot,
    name: str,
    result: str,
    values: dict[int, tuple[Number, Number]],
    y: float,
    t: int,
) -> list[Mark]:
    """The units where their argument is, and a line to their point.

    Args:
        plot: The plane above.
        name: The argument.
        result: What the function makes of it.
        values: Argument and result of each unit that has a point.
        y: The middle of the lane.
        t: The step.
    """
    paint, gate = TERMS[result].role, result in "ifgo"
    line = (("M", (plot.left, y)), ("L", (plot.right, y)))
    marks: list[Mark] = [
        Path(
            line, stroke="rule", stroke_width=0.75, id=f"{name}-lane",
            bound=(Node(f"{name}[{t}, 0]"),),
        ),
        words.label(
            plot.left - 8, y, TERMS[name].symbol, {"tensor": name},
            [f"{name}-lane"], "row", anchor="end", fill=TERMS[name].role,
            bold=True, term=name,
        ),
    ]  # fmt: skip
    shown = {
        unit: pair
        for unit, pair in values.items()
        if np.isfinite(pair[0].value)
    }
    ends = [_held(plot, float(z.value)) for z, _ in shown.values()]
    places = charts.apart(ends, 13, plot.left, plot.right)
    for (unit, (z, made)), end, x in zip(
        shown.items(), ends, places, strict=True
    ):
        level, id = plot.held(float(made.value)), f"{result}-{t}-{unit}-point"
        names: dict[str, object] = {"unit": unit}
        label = words.label(
            x, y, str(unit), {"gate": result, **names} if gate else names,
            [id], "row", size=words.SMALL, anchor="middle", fill=paint,
            bold=True, id=f"{id}-name", term=result,
        )  # fmt: skip
        box = Box(
            x - label.width / 2 - 2, y - 7, label.width + 4, 14, fill="paper"
        )
        marks += [
            charts.drop((x, y - 8), (end, level), label.id, id),
            box,
            label,
            point(plot, z, made, paint, id=id, term=result),
        ]  # fmt: skip
    return marks


def point(
    plot: charts.Plot,
    z: Number,
    made: Number,
    paint: Paint,
    *,
    id: str,
    term: str,
) -> Box:
    """A point on the curve; beyond the axis it is at its end."""
    x, y = _held(plot, float(z.value)), plot.held(float(made.value))
    of = f"torch.stack([{z.expr}, {made.expr}])"
    return Box(
        x - POINT / 2, y - POINT / 2, POINT, POINT, radius=POINT / 2,
        fill=paint, id=id, term=term,
        bound=(Place(of, plot.across, plot.down),),
    )  # fmt: skip


def _held(plot: charts.Plot, value: float) -> float:
    """Where an argument is, or the end of the axis that it lies beyond."""
    return plot.across(min(max(value, plot.across.low), plot.across.high))
