"""Small plots of σ and tanh with one point marked."""

import math

import numpy as np

from ...model.reference import Number
from ...proof.bindings import Course, Place, Scale
from ...scene.marks import Box, Mark, Path
from ...scene.theme import Paint

WIDTH, HEIGHT, MAX_SUM = 26.0, 18.0, 5.0
"""The size of a curve in pixels; it is drawn from −MAX_SUM to MAX_SUM."""
POINT_DIAMETER = 6.0
"""The diameter of a point on a curve."""
SAMPLES = 25
"""The number of corners of a curve."""


def activation_curve(
    x: float,
    y: float,
    z: Number,
    gate: Number,
    paint: Paint,
    *,
    tanh: bool,
    id: str,
    term: str,
    width: float = WIDTH,
) -> list[Mark]:
    """An activation curve with a point on it; sums beyond the ends are clamped.

    Args:
        x: The left edge.
        y: The vertical middle.
        z: The pre-activation.
        gate: The activation: the function's value at `z`.
        paint: The paint of the point.
        tanh: Whether to draw tanh instead of σ.
        id: The id of the point.
        term: The terms of the point.
        width: The width of the curve.
    """
    across = Scale(-MAX_SUM, MAX_SUM, x, x + width)
    low = -1.0 if tanh else 0.0
    down = Scale(low, 1, y + HEIGHT / 2, y - HEIGHT / 2)
    curve = _curve(across, down, tanh=tanh)
    if not (np.isfinite(z.value) and np.isfinite(gate.value)):
        return [curve]
    at = across(max(-MAX_SUM, min(MAX_SUM, float(z.value))))
    level = down(float(gate.value))
    point = Box(
        at - POINT_DIAMETER / 2,
        level - POINT_DIAMETER / 2,
        POINT_DIAMETER,
        POINT_DIAMETER,
        radius=POINT_DIAMETER / 2,
        fill=paint,
        id=id,
        term=term,
        bound=(Place(f"torch.stack([{z.expr}, {gate.expr}])", across, down),),
    )
    return [curve, point]


def _curve(across: Scale, down: Scale, *, tanh: bool) -> Path:
    """The curve of σ or tanh over its range."""
    function = math.tanh if tanh else _sigmoid
    torch_function = "tanh" if tanh else "sigmoid"
    sums = np.linspace(across.low, across.high, SAMPLES).tolist()
    first, *others = ((across(z), down(function(z))) for z in sums)
    expr = f"torch.linspace({across.low:g}, {across.high:g}, {SAMPLES}).{torch_function}()"
    samples = Scale(0, SAMPLES - 1, across.start, across.stop)
    return Path(
        (("M", first), *(("L", point) for point in others)),
        stroke="muted",
        stroke_width=1,
        compact=True,
        bound=(Course(expr, draws="path", steps=samples, scale=down),),
    )


def _sigmoid(z: float) -> float:
    return 1 / (1 + math.exp(-z))
