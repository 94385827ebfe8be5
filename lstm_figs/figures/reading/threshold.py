"""The value at which h of a unit would change an answer of the network."""

import math

import numpy as np

from ...layout import styles, words
from ...layout.motifs import over_time
from ...layout.motifs.over_time import Steps
from ...model.reference import Ref, Vector
from ...proof.bindings import Says, Scale
from ...scene.marks import Mark
from .plan import Plan, ticks
from .reader import Reader

OVERHANG = 2.0
"""How far beyond the ends of its scale the threshold may reach."""
MIN_LINE_GAP = 13.0
"""The least distance between two lines of words."""
NAME = "threshold"
"""The name of the threshold in the preamble."""


def answer_of(plan: Plan) -> int:
    """Return the index of the answer that depends most on the first unit."""
    readout = plan.subject.trace.origin.readout
    assert readout is not None
    weights_of_unit = readout.weight[:, plan.units[0]]
    return int(np.argmax(abs(weights_of_unit)))


def setup(plan: Plan) -> str:
    """Return the Python code that computes the threshold."""
    k, unit = answer_of(plan), plan.units[0]
    return (
        f"# Where h of unit {unit} would have to be for the answer to change, "
        "all else as it is.\n"
        f"{NAME} = output[:, :, {unit}] - "
        f"readout(output)[:, :, {k}] / readout.weight[{k}, {unit}]"
    )


def over_steps(plan: Plan, reader: Reader, steps: Steps) -> Vector:
    """Return the threshold over the steps of a band."""
    readout = plan.subject.trace.origin.readout
    assert readout is not None
    k, unit = answer_of(plan), plan.units[0]
    h = plan.subject.series("h", unit).values
    values = h - reader.sums[:, k] / readout.weight[k, unit]
    return Vector(values[steps.as_slice], Ref(NAME), first=steps.first, after=(0,))


def line(plan: Plan, reader: Reader, steps: Steps, scale: Scale) -> list[Mark]:
    """Draw the threshold as a dotted line, named after the answer on one side of it.

    Return nothing if the name does not fit, or if the threshold leaves the scale.

    Args:
        plan: The layout of the figure.
        reader: The answers of the network.
        steps: The steps of the band.
        scale: The vertical scale of the first unit.
    """
    readout = plan.subject.trace.origin.readout
    assert readout is not None
    k, unit = answer_of(plan), plan.units[0]
    weight = readout.weight[k, unit]
    level_series = over_steps(plan, reader, steps)
    # A negative weight makes the answer yes where h is below the threshold.
    side, sign, relation = ("below", "↓", "<") if weight < 0 else ("above", "↑", ">")
    # There is room for the last word of the answer.
    name = reader.outputs[k].split()[-1]
    level = _clear_height(scale(float(level_series.values[0])), plan, scale)
    heights = [scale(float(value)) for value in level_series.values]
    is_in_plot = all(scale.stop - OVERHANG <= y <= scale.start + OVERHANG for y in heights)
    if level is None or not is_in_plot:
        return []
    claim = f"bool(readout.weight[{k}, {unit}] {relation} 0)"
    marks = over_time.step_line(
        steps,
        scale,
        level_series,
        "muted",
        width=styles.LINE.plain.weight,
        dash=styles.GUIDE.dash,
        id=f"threshold-{steps.first}",
    )
    return [
        *marks,
        words.label(
            0,
            level,
            f"{name} {sign}" if plan.is_narrow else f"{name} {side}",
            names={"tensor": NAME},
            of=marks,
            along="band",
            style=words.FINE,
            says=Says(((name, f"outputs[{k}].split()[-1]"),), claim),
        ),
    ]


def _clear_height(y: float, plan: Plan, scale: Scale) -> float | None:
    """Return a height near `y` at which words do not touch the tick labels.

    Return None if there is none; for example, on a very long axis the threshold
    is too close to zero.
    """
    levels = [scale(v) for v in ticks(scale.low, scale.high, plan.pixels)]
    near = [level for level in levels if abs(y - level) < MIN_LINE_GAP]
    if near:
        y = near[0] + (MIN_LINE_GAP if y > near[0] else -MIN_LINE_GAP)
    is_free = all(abs(y - level) >= MIN_LINE_GAP for level in levels)
    return y if is_free and math.isfinite(y) else None
