"""σ and tanh in a plane, with the points of some units on the curve."""

from collections.abc import Callable, Collection, Iterable, Mapping
from typing import NamedTuple

import numpy as np

from ...layout import styles, words
from ...layout.motifs import charts, over_time
from ...model.lstm import sigmoid
from ...model.reference import Number, Ref
from ...model.tensors import Array
from ...proof.bindings import Flow, Length, Node, Place, Scale
from ...scene.marks import Box, Mark, Path
from ...scene.terms import TERMS
from ...scene.theme import Paint

NAMES_WIDTH, HEADING_HEIGHT = 46.0, 30.0
"""The width of names, and the height of the heading above a plane."""
MIN_END, MAX_END = 4, 20
"""The axis reaches so far at least, and at most."""
SAMPLES = 161
POINT_SIZE, LANE_HEIGHT = 7.0, 24.0
"""The width of a point with its outline, and the height of a lane."""
TICK_HEIGHT, DIGIT_HEIGHT = 8.0, 12.0
"""The height of a tick, and of the digits over it."""
TICK_GAP, DIGIT_GAP = 10.0, 6.0
"""How far apart ticks with digits are, and digits from what passes them."""
MAX_LANES = 3
"""The lanes that both planes have room for."""


class Squash(NamedTuple):
    """A function, and the results of a step that it takes and gives."""

    name: str
    function: Callable[[Array], Array]
    torch: str
    low: int
    pairs: tuple[tuple[str, str], ...]


SQUASHES = (
    Squash("σ", sigmoid, "sigmoid", 0, (("z_i", "i"), ("z_f", "f"), ("z_o", "o"))),
    Squash("tanh", np.tanh, "tanh", -1, (("z_g", "g"), ("c", "tanh_c"))),
)
ARGUMENTS = tuple(name for squash in SQUASHES for name, _ in squash.pairs)
"""What goes into the functions."""


def axis_end(sizes: Iterable[float]) -> int:
    """How far both axes reach: a whole number, even where it is large.

    >>> axis_end([0.3]), axis_end([4.2]), axis_end([900])
    (4, 6, 20)
    """
    end = min(MAX_END, max(MIN_END, *sizes, 0))
    return -(-int(np.ceil(end)) // 2) * 2


def axes(squash: Squash, width: float, axis_end: int, *, height: float) -> charts.Plot:
    """Where arguments and results are, in a panel of that width."""
    return charts.Plot(
        Scale(-axis_end, axis_end, NAMES_WIDTH, width - 12),
        Scale(squash.low, 1, HEADING_HEIGHT + height, HEADING_HEIGHT),
    )


def curve(squash: Squash, plot: charts.Plot) -> list[Mark]:
    """The function, its name, and both axes but for the ticks below."""
    end = int(plot.x_scale.high)
    values = squash.function(np.linspace(-end, end, SAMPLES))
    samples = plot._replace(x_scale=Scale(0, SAMPLES - 1, plot.left, plot.right))
    name = words.operator(plot.left, 8, squash.name, fill="ink")
    return [
        name._replace(size=words.LETTER, bold=True, anchor="start"),
        *charts.grid(plot, (), (squash.low, (squash.low + 1) / 2, 1)),
        charts.curve(
            samples,
            values.tolist(),
            f"torch.linspace({-end}, {end}, {SAMPLES}, dtype=torch.float64).{squash.torch}()",
            "muted",
            width=styles.CURVE.back.weight,
            id=f"{squash.torch}-curve",
        ),
    ]


def ticks(plot: charts.Plot, y: float) -> list[Mark]:
    """Arguments below all lanes; `y` is their middle."""
    end = plot.x_scale.high
    return [
        words.tick(plot.x_scale(value), y, over_time.tick_text(value), "middle")
        for value in (-end, -end / 2, 0, end / 2, end)
    ]


Pairs = Mapping[int, tuple[Number, Number]]
"""Argument and result of each unit."""


def places(plot: charts.Plot, values: Pairs) -> dict[int, float]:
    """Where the argument of each unit is, but for those that are not finite."""
    return {
        unit: _clamped(plot, float(z.value))
        for unit, (z, _) in values.items()
        if np.isfinite(z.value)
    }


def outer(places: Mapping[int, float]) -> dict[int, float]:
    """The units whose argument is the smallest and the largest."""
    ordered = sorted(places, key=places.__getitem__)
    return {unit: places[unit] for unit in (*ordered[:1], *ordered[-1:])}


def lane(
    plot: charts.Plot,
    name: str,
    result: str,
    values: Pairs,
    y: float,
    t: int,
    passing: Collection[float] = (),
) -> list[Mark]:
    """A tick where the argument of each unit is, and lines up to two results.

    Args:
        plot: The plane above.
        name: The argument.
        result: What the function makes of it.
        values: Argument and result of each unit that has a point.
        y: The middle of the lane.
        t: The step.
        passing: Where lines to the lanes below go through this one.
    """
    paint, base = TERMS[result].role, y + LANE_HEIGHT / 2 - 4
    top = base - TICK_HEIGHT
    line = (("M", (plot.left, base)), ("L", (plot.right, base)))
    positions = places(plot, values)
    has_digits = _digits_fit(positions.values(), passing)
    marks: list[Mark] = [
        Path(
            line,
            stroke="rule",
            stroke_width=styles.LINE.back.weight,
            id=f"{name}-lane",
            bound=(Node(Ref(name)[t, 0]),),
        ),
        words.label(
            plot.left - 8,
            base,
            TERMS[name].symbol,
            {"tensor": name},
            [f"{name}-lane"],
            "row",
            anchor="end",
            style=words.STRONG,
            fill=TERMS[name].role,
            term=name,
        ),
    ]
    for unit, x in outer(positions).items():
        level = plot.clamped_y(float(values[unit][1].value))
        ends = f"{name}-{t}-{unit}-tick", f"{result}-{t}-{unit}-point"
        start = (x, top - DIGIT_HEIGHT if has_digits else top)
        marks.append(drop(start, (x, level), paint, *ends))
    for unit, x in positions.items():
        z, output = values[unit]
        two_ends = f"torch.stack([{z.expr}, {z.expr}])"
        tick = Path(
            (("M", (x, top)), ("L", (x, base))),
            stroke=paint,
            stroke_width=styles.CELL.strong.weight,
            id=f"{name}-{t}-{unit}-tick",
            term=name,
            bound=(Length(two_ends, "width", plot.x_scale),),
        )
        id = f"{result}-{t}-{unit}-point"
        marks += [tick, point(plot, z, output, paint, id=id, term=result)]
        if has_digits:
            marks.append(
                words.label(
                    x,
                    top - 6,
                    str(unit),
                    {"unit": unit},
                    [tick.id],
                    "column",
                    style=words.FINE_STRONG,
                    fill=paint,
                    anchor="middle",
                    term=result,
                )
            )
    return marks


def _digits_fit(xs: Iterable[float], passing: Collection[float]) -> bool:
    """Whether a digit over each tick touches no other, and no line."""
    ordered = sorted(xs)
    return all(np.diff(ordered) >= TICK_GAP) and all(
        abs(x - other) >= DIGIT_GAP for x in ordered for other in passing
    )


def drop(
    start: tuple[float, float], end: tuple[float, float], paint: Paint, argument: str, result: str
) -> Path:
    """A line straight up from an argument to its result."""
    return Path(
        (("M", start), ("L", end)),
        stroke=paint,
        stroke_width=styles.LINE.back.weight,
        bound=(Flow("order", argument, result),),
    )


def point(plot: charts.Plot, z: Number, output: Number, paint: Paint, *, id: str, term: str) -> Box:
    """A point on the curve; beyond the axis it is at its end."""
    x, y = _clamped(plot, float(z.value)), plot.clamped_y(float(output.value))
    of = f"torch.stack([{z.expr}, {output.expr}])"
    return Box(
        x - POINT_SIZE / 2,
        y - POINT_SIZE / 2,
        POINT_SIZE,
        POINT_SIZE,
        radius=POINT_SIZE / 2,
        fill=paint,
        stroke="paper",
        id=id,
        term=term,
        bound=(Place(of, plot.x_scale, plot.y_scale),),
    )


def _clamped(plot: charts.Plot, value: float) -> float:
    """Where an argument is, or the end of the axis that it lies beyond."""
    return plot.x_scale(min(max(value, plot.x_scale.low), plot.x_scale.high))
