"""What a network with a read-out answers, and what is true of what it reads."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from ...model.layer_run import Subject
from ...model.lstm import sigmoid
from ...model.reference import Ref, Vector
from ...model.tensors import Array
from ...proof.preamble.truth import BRACKETS, OUTPUTS, Truth, truth

MIN_CORRELATION = 0.95
"""From which correlation on a unit's c is said to follow the depth."""

COUNTING_EXPRESSION = """\
[k for k in {} if torch.corrcoef(torch.stack(\
[c[:, 0, k], depth.float()]))[0, 1] > {}][0]"""
QUOTE_EXPRESSION = "[k for k in {} if ((c[:, 0, k] > 0.5) == inside).all()][0]"
"""The expressions of the units that do so, among those that are drawn."""


class Reader(NamedTuple):
    """What the network says after each step, and what is true.

    Attributes:
        answers: Shape (seq_len, outputs).
        sums: What each is a sigmoid of, of the same shape.
        outputs: What each of them says.
        truth: What is true after each step, where that is known.
        trained: Whether it was trained to say what is true.
        counting_unit: The drawn unit whose c follows the depth, if one does.
        quote_unit: The drawn unit whose c is large inside quotes and nowhere
            else, if one is so.
    """

    answers: Array
    sums: Array
    outputs: tuple[str, ...]
    truth: Truth | None
    trained: bool
    counting_unit: int | None
    quote_unit: int | None

    def answer_series(self, k: int, steps: slice) -> Vector:
        """One of the answers over steps."""
        of, first = Ref("answers"), steps.start
        return Vector(self.answers[steps, k], of, first=first, after=(0, k))

    def depth(self, steps: slice) -> Vector:
        """How many brackets are open over steps, where that is known."""
        depth = np.array(self.truth.depth[steps] if self.truth else ())
        return Vector(depth, Ref("depth"), first=steps.start)


def reader_of(subject: Subject, chosen: tuple[int, ...]) -> Reader | None:
    """What the network answers, if it has a read-out, else None."""
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
        counting_units = (u for u in chosen if _follows(c[:, u], ground_truth.depth))
        quote_units = (u for u in chosen if _is_on_in_quotes(c[:, u], ground_truth.inside))
        counting_unit, quote_unit = next(counting_units, None), next(quote_units, None)
    return Reader(
        sigmoid(z),
        z,
        readout.outputs,
        ground_truth,
        bool(ground_truth and readout.trained) and not origin.edited,
        counting_unit,
        quote_unit,
    )


def _follows(c: Array, depth: Sequence[int]) -> bool:
    if len(c) < 4 or not np.ptp(c) or not np.ptp(depth):
        return False
    return float(np.corrcoef(c, np.array(depth, c.dtype))[0, 1]) > MIN_CORRELATION


def _is_on_in_quotes(c: Array, inside: Sequence[bool]) -> bool:
    return any(inside) and bool(((c > 0.5) == np.array(inside)).all())
