"""The run of the network as it was trained, before any edit."""

from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np

from ...model.layer_run import LayerRun
from ...model.lstm import run
from ...model.reference import Ref, Vector
from ...model.tensors import Array, signature
from ...proof.literals import literal
from .moves import shares
from .reader import Reader

MIN_DIFFERENCE = 0.01
"""c of a unit differs if it differs by at least this much at some step."""
NAME = "c_trained"
"""The name of its c in the preamble."""


class TrainedRun(NamedTuple):
    """The same sequence, read by the network as it was trained.

    Attributes:
        c: c of every step, shape `(seq_len, hidden_size)`.
        units: The units whose c differs.
        subject: The run.
        setup: Python code that computes `c`.
    """

    c: Array
    units: frozenset[int]
    subject: LayerRun
    setup: str

    def over(self, unit: int, steps: slice) -> Vector:
        """Return c of a unit over steps."""
        ref, first = Ref(NAME), steps.start or 0
        return Vector(self.c[steps, unit], ref, first=first, after=(0, unit))

    def farthest(self, subject: LayerRun, unit: int) -> int:
        """Return the first step at which c of a unit differs most."""
        distances = abs(subject.series("c", unit).values - self.c[:, unit])
        return int(np.argmax(shares(distances)))


def trained_run_of(subject: LayerRun, reader: Reader | None) -> TrainedRun | None:
    """Return the run as trained; None if the network is not trained, edited and different.

    Args:
        subject: The run to draw.
        reader: The answers of the network, if it has a read-out.
    """
    origin, weights = subject.trace.origin, subject.weights
    readout = origin.readout
    if not (reader and reader.truth and readout and readout.trained):
        return None
    # Below a second layer are other weights, which the rerun would lack.
    if not origin.original_parameters or len(subject.trace.weights) > 1:
        return None
    original: dict[str, Any] = {
        base: origin.original_parameters[str(subject.ref(base))] for base in weights.parameters()
    }
    trace = subject.trace
    before = run((replace(weights, **original),), trace.x, trace.h_0, trace.c_0)
    c = np.array([step.c[0] for step in before.steps])
    now = np.array([step.c[0] for step in subject.steps])
    with np.errstate(invalid="ignore"):
        same = np.max(abs(now - c), axis=0) < MIN_DIFFERENCE
    units = frozenset(np.flatnonzero(~same).tolist())
    if not units:
        return None
    return TrainedRun(c, units, LayerRun(before), _setup(subject, original))


def _setup(subject: LayerRun, original: dict[str, Array]) -> str:
    """Return the Python code that runs the network with its original weights."""
    assigned = [
        f"    trained.{subject.parameter_name(base)}{list(map(int, at))} = "
        f"{literal(old[tuple(at)])}"
        for base, old in original.items()
        for at in np.argwhere(old != subject.weights.parameters()[base])
    ]
    variable = subject.variable
    return "\n".join(
        [
            "# The c of the network as it was trained, which reads the same.",
            f"trained = torch.nn.{signature(subject.trace.weights, 'LSTM')}",
            f"trained.load_state_dict({variable}.state_dict())",
            "with torch.no_grad():",
            *assigned,
            f"{NAME} = torch.stack(",
            "    [trained(x[: t + 1], (h_0, c_0))[1][1][0] for t in range(len(x))]",
            ")",
        ]
    )
