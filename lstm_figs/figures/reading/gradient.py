"""The share of a gradient that remains on its way back along c."""

import numpy as np

from ...layout import words
from ...layout.motifs import over_time
from ...layout.motifs.over_time import Steps
from ...model.layer_run import LayerRun
from ...model.reference import Ref, Vector
from ...scene.marks import Mark
from .plan import Plan

BOTTOM_GAP = 2.0
"""The gap below the columns."""
NAME = "along_c"
"""The name of these shares in the preamble."""
SETUP = f"""\
# The derivative of the last c by that of each step, along c alone: the product
# of the forget gates in between.
{NAME} = torch.cat([f[1:], torch.ones_like(f[:1])])
{NAME} = {NAME}.flip(0).cumprod(0).flip(0)"""
"""Python that computes the gradient."""


def remaining_shares(subject: LayerRun, unit: int) -> Vector:
    """Return the share that remains at each step; 1 at the last."""
    f = subject.series("f", unit).values
    later_gates = np.append(f[1:], np.ones(1, f.dtype))
    shares = later_gates[::-1].cumprod(dtype=f.dtype)[::-1]
    return Vector(shares, Ref(NAME), after=(0, unit))


def row(plan: Plan, steps: Steps, y: float, unit: int) -> tuple[list[Mark], float]:
    """Draw the remaining shares as columns; return the marks and their bottom."""
    shares = remaining_shares(plan.subject, unit)
    band_shares = Vector(
        shares.values[steps.as_slice], shares.of, first=steps.first, after=(0, unit)
    )
    height = plan.sizes.lane_height
    id = f"along-{{t}}-{unit}"
    marks = over_time.columns(steps, y, height, band_shares, "gate-f", id=id, term="f")
    label = words.label(
        0,
        y + height / 2,
        "remains",
        names={"tensor": NAME, "unit": unit},
        of=[steps.column_id(id, steps.first)],
        along="band",
        style=words.FINE,
        fill="gate-f",
    )
    return [*marks, label], y + height + BOTTOM_GAP
