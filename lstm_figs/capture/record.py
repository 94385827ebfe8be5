"""Further results of torch for figures: a function for each of `RECORDED`."""

from collections.abc import Callable, Mapping

from ..model.layer_run import LayerRun, Record
from ..options import Value
from . import autograd, dispatch, distance

Recorder = Callable[[LayerRun, Mapping[str, Value]], Record]
"""A function that runs torch for one figure, given the layer run and the figure's options."""

RECORDERS: dict[str, Recorder] = {
    "autograd": autograd.record,
    "gradient-distance": distance.record,
    "dispatch": dispatch.record,
}
"""Figure name -> the function that creates its record."""


def of(name: str, subject: LayerRun, options: Mapping[str, Value]) -> Record:
    """Create the record that a figure needs with these options."""
    return RECORDERS[name](subject, options)
