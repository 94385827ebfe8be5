"""Derive a batch, or a bidirectional module, from the given run.

Every figure derives further directions and sequences in the same way, so the
same module has the same numbers in all figures.
"""

from dataclasses import replace
from typing import NamedTuple

import numpy as np

from ...model.layer_run import LayerRun
from ...model.origin import Statement
from ...model.tensors import Array, Direction, Weights, signature


class Batch(NamedTuple):
    """A batch of several sequences.

    Attributes:
        x: Shape `(seq_len, batch, input_size)`.
        setup: Python that defines `batch` from `x`.
        note: A note on how it was derived; None if it is the input itself.
    """

    x: Array
    setup: str
    note: Statement | None


def batch_of(x: Array, count: int, steps: int) -> Batch:
    """The first sequences of an input, or a batch derived from one sequence.

    From an input with one sequence, each derived sequence starts one step later
    than the previous one. The skipped steps are appended at its end.

    Args:
        x: The input, shape `(seq_len, batch, features)`.
        count: The number of sequences; at most the number there is, if there
            are several.
        steps: The number of steps of each.
    """
    total, available = x.shape[:2]
    cut = f"[:{steps}]" if steps < total else ""
    if available == 1 and count > 1:
        rolled = [np.roll(x, -n, axis=0) for n in range(count)]
        return Batch(
            np.concatenate(rolled, axis=1)[:steps],
            "# A batch of one sequence: each begins a step later.\n"
            f"batch = torch.cat([x.roll(-n, 0) for n in range({count})], dim=1)" + cut,
            Statement(
                "The batch is made of one sequence: each copy starts a step later.",
                claim=_LATER if cut else f"{_LATER} and {_LAST}",
            ),
        )
    selection = f"[:{steps}, :{count}]" if count < available else cut
    note = None
    if count < available:
        note = Statement(
            "{} of {} sequences are shown.", ((count, "batch.shape[1]"), (available, "x.shape[1]"))
        )
    return Batch(x[:steps, :count], f"batch = x{selection}", note)


_LATER = "torch.allclose(batch[1:, :-1], batch[:-1, 1:], 0, 0, equal_nan=True)"
"""Checks that each sequence is the previous one, shifted by a step."""

_LAST = "torch.allclose(batch[-1, 1:], batch[0, :-1], 0, 0, equal_nan=True)"
"""Checks that the skipped steps come last."""


def second_direction_note(module: str) -> Statement:
    """A note on a direction that the module does not have.

    Args:
        module: The name in the preamble of the module that has it.
    """
    return Statement(
        "The second direction is made for this figure: it is the first with weight_ih negated.",
        claim=f"all(torch.allclose({module}.get_parameter(name + "
        '"_reverse"), -first if name == "weight_ih_l0" else first, 0, 0, '
        f"equal_nan=True) for name, first in {module}.named_parameters() "
        'if name.endswith("l0"))',
    )


NEGATED = 'state["weight_ih_l0_reverse"] = -state["weight_ih_l0"]\n'
"""Python that negates the second direction's `weight_ih` in a state_dict, see
`negated`."""


def negated(weights: Weights) -> Weights:
    """Derive a second direction for a layer that has one.

    Equal weights would not show that each direction has its own. Only
    `weight_ih` is negated; all other arrays are shared to save memory.
    """
    return replace(weights, direction="reverse", weight_ih=-weights.weight_ih)


class BuiltModule(NamedTuple):
    """A module of one layer, built from the shown layer.

    Attributes:
        stack: The parameters of each direction.
        setup: Python that defines it.
        note: A note on how it was derived; None if the module is like that.
    """

    stack: tuple[Weights, ...]
    setup: str
    note: Statement | None = None

    @property
    def signature(self) -> str:
        """The constructor call."""
        return f"nn.{signature(self.stack, 'LSTM')}"


def one_direction(subject: LayerRun) -> BuiltModule:
    """The shown layer and direction as a module named `one`."""
    weights = subject.weights
    stack = (replace(weights, layer=0, direction="forward"),)
    return BuiltModule(stack, _build(subject, "one", stack, [weights]))


def both_directions(subject: LayerRun) -> BuiltModule:
    """The shown layer in both directions, as a module named `both`.

    A missing direction is derived, see `negated`.
    """
    trace, weights = subject.trace, subject.weights
    first = replace(weights, layer=0, direction="forward")
    if not trace.bidirectional:
        stack = first, negated(first)
        setup = _build(subject, "both", stack, [weights, weights], negate_second=True)
        return BuiltModule(stack, setup, second_direction_note("both"))
    # The shown direction comes first, whichever it is.
    opposite: Direction = "forward" if subject.direction == "reverse" else "reverse"
    opposite_weights = trace.weights[trace.index(weights.layer, opposite)]
    stack = first, replace(opposite_weights, layer=0, direction="reverse")
    return BuiltModule(stack, _build(subject, "both", stack, [weights, opposite_weights]))


def _build(
    subject: LayerRun,
    name: str,
    stack: tuple[Weights, ...],
    taken: list[Weights],
    *,
    negate_second: bool = False,
) -> str:
    """Python that defines a module with parameters of another one.

    Args:
        subject: The run of the other module.
        name: The name of the new module.
        stack: The parameters of the new module.
        taken: For each direction, the parameters of the other module to copy.
        negate_second: Whether the second direction is derived, see `negated`.
    """
    cell = subject.trace.kind == "LSTMCell"
    names = "".join(f'"{name}", ' for name in taken[0].parameters())
    ends = "".join(
        f'("{new.suffix}", "{"" if cell else old.suffix}"), '
        for new, old in zip(stack, taken, strict=True)
    )
    state = (
        "{\n"
        f"    name + new: getattr({subject.variable}, name + old)\n"
        f"    for name in ({names.rstrip()})\n"
        f"    for new, old in ({ends.rstrip()})\n"
        "}"
    )
    built = f"{name} = torch.nn.{signature(stack, 'LSTM')}\n"
    if negate_second:
        return f"state = {state}\n{NEGATED}{built}{name}.load_state_dict(state)"
    return f"{built}{name}.load_state_dict({state})"


def inputs(subject: LayerRun) -> Array:
    """The input of the shown layer, shape `(seq_len, batch, input_size)`."""
    return np.stack([step.x for step in subject.steps])


def state_note(subject: LayerRun) -> Statement | None:
    """A note that runs start from zeros, if the given run does not."""
    first = subject.steps[0]
    if not (first.h_prev.any() or first.c_prev.any()):
        return None
    return Statement(
        "Runs start from zeros here, not from the given state.",
        claim="bool(h_0.any() or c_0.any())",
    )
