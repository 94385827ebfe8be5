"""What else figures need of torch: a function for each of `RECORDED`."""

from collections.abc import Callable, Mapping

from ..model.layer_run import LayerRun, Record
from ..options import Value
from . import autograd, dispatch, distance

Recorder = Callable[[LayerRun, Mapping[str, Value]], Record]

RECORDERS: dict[str, Recorder] = {
    "autograd": autograd.record,
    "gradient-distance": distance.record,
    "dispatch": dispatch.record,
}
"""Name of a figure -> the function that makes its record."""


def of(name: str, subject: LayerRun, options: Mapping[str, Value]) -> Record:
    """The record that a figure with these options needs, made with torch."""
    return RECORDERS[name](subject, options)
