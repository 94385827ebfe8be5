"""The answers of a network with a read-out, and the right answers."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from ...model.layer_run import LayerRun
from ...model.lstm import sigmoid
from ...model.reference import Ref, Vector
from ...model.tensors import Array
from ...proof.preamble.truth import BRACKETS, OUTPUTS, Truth, truth

MIN_CORRELATION = 0.95
"""From this correlation on, c of a unit counts as following the depth."""
MIN_STEPS = 4
"""With fewer steps, a high correlation says little."""

COUNTING_EXPRESSION = """\
[k for k in {} if torch.corrcoef(torch.stack(\
[c[:, 0, k], depth.float()]))[0, 1] > {}][0]"""
"""The expression of the unit among some whose c follows the number of open brackets."""
QUOTE_EXPRESSION = "[k for k in {} if ((c[:, 0, k] > 0.5) == inside).all()][0]"
"""The expressions of the counting unit and of the quote unit, given the drawn units."""


class Reader(NamedTuple):
    """The answers of the network after each step, and the right answers.

    Attributes:
        answers: The answers, shape `(seq_len, outputs)`.
        sums: The logits, whose sigmoids are the answers, of the same shape.
        outputs: The meaning of each output.
        truth: The right answers after each step, if they are known.
        trained: Whether the network was trained on these answers and not edited
            since.
        counting_unit: The drawn unit whose c follows the depth, if one does.
        quote_unit: The drawn unit whose c is above 0.5 exactly inside quotes,
            if there is one.
    """

    answers: Array
    sums: Array
    outputs: tuple[str, ...]
    truth: Truth | None
    trained: bool
    counting_unit: int | None
    quote_unit: int | None

    def answer_series(self, k: int, steps: slice) -> Vector:
        """Return one of the answers over steps."""
        ref, first = Ref("answers"), steps.start
        return Vector(self.answers[steps, k], ref, first=first, after=(0, k))

    def depth(self, steps: slice) -> Vector:
        """Return the number of open brackets over steps; empty if unknown."""
        depth = np.array(self.truth.depth[steps] if self.truth else ())
        return Vector(depth, Ref("depth"), first=steps.start)


def reader_of(subject: LayerRun, units: tuple[int, ...]) -> Reader | None:
    """Return what the read-out answers; None without one.

    Args:
        subject: The run, layer and direction to draw.
        units: The units to draw, among which those that count are looked for.
    """
    origin = subject.trace.origin
    readout = origin.readout
    if readout is None:
        return None
    has_truth = readout.truth == BRACKETS and readout.outputs == OUTPUTS
    ground_truth = truth(origin.text) if has_truth and origin.text else None
    h = np.array([step.h[0] for step in subject.steps])
    with np.errstate(over="ignore", invalid="ignore"):
        z = h @ readout.weight.T
        z = z if readout.bias is None else z + readout.bias
    c = np.array([step.c[0] for step in subject.steps])
    counting_unit = quote_unit = None
    if ground_truth:
        counting_units = (u for u in units if _follows(c[:, u], ground_truth.depth))
        quote_units = (u for u in units if _is_on_in_quotes(c[:, u], ground_truth.inside))
        counting_unit, quote_unit = next(counting_units, None), next(quote_units, None)
    return Reader(
        answers=sigmoid(z),
        sums=z,
        outputs=readout.outputs,
        truth=ground_truth,
        trained=bool(ground_truth and readout.trained) and not origin.edited,
        counting_unit=counting_unit,
        quote_unit=quote_unit,
    )


def _follows(c: Array, depth: Sequence[int]) -> bool:
    """Whether c of a unit rises and falls with the depth."""
    # What does not change has no correlation.
    if len(c) < MIN_STEPS or not np.ptp(c) or not np.ptp(depth):
        return False
    return float(np.corrcoef(c, np.array(depth, c.dtype))[0, 1]) > MIN_CORRELATION


def _is_on_in_quotes(c: Array, inside: Sequence[bool]) -> bool:
    """Whether c of a unit is above one half exactly in quotes."""
    return any(inside) and bool(((c > 0.5) == np.array(inside)).all())
