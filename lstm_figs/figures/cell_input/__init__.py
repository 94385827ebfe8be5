"""The figure `cell-input`: the sums before the gates, and what each of them is made of."""

from ...model.layer_run import LayerRun
from ...scene.scenes import Diagram
from .addend_bars import all_units
from .products import one_unit


def cell_input(
    subject: LayerRun, width: float, *, step: int = 2, unit: int | None = None
) -> Diagram:
    """The sums before the gates, and what each of them is made of.

    Args:
        subject: The layer run to draw.
        width: The width that the figure may use.
        step: The time step, counted from 1; the first if there is no other.
        unit: The unit whose products are written out up to its gates, counted
            from 0; by default the sums of all units are drawn.
    """
    if unit is None:
        return all_units(subject, width, step).diagram()
    subject.check("unit", unit, subject.weights.hidden_size)
    return one_unit(subject, width, step, unit).diagram()
