"""A batch to show, and a module of two directions, from what is at hand."""

from dataclasses import replace
from typing import NamedTuple

import numpy as np

from ..proof import Subject
from ..tensors import Array, Direction, Weights, signature


class Batch(NamedTuple):
    """Several sequences.

    Attributes:
        x: Shape `(seq_len, batch, input_size)`.
        setup: Python that makes `batch` of `x`.
        note: What a figure says of it; empty if it is the input itself.
    """

    x: Array
    setup: str
    note: str


def batch_of(x: Array, count: int, steps: int) -> Batch:
    """The first sequences of an input.

    A batch is made of an input with one sequence: each begins a step later
    than the one before, and what is left out stands at its end.

    Args:
        x: The input, shape `(seq_len, batch, features)`.
        count: How many sequences; not more than there are, if there are
            several.
        steps: How many steps of each.
    """
    total, given = x.shape[:2]
    cut = f"[:{steps}]" if steps < total else ""
    if given == 1 and count > 1:
        rolled = [np.roll(x, -n, axis=0) for n in range(count)]
        return Batch(
            np.concatenate(rolled, axis=1)[:steps],
            "# A batch of one sequence: each begins a step later.\n"
            f"batch = torch.cat([x.roll(-n, 0) for n in range({count})], dim=1)"
            + cut,
            "The batch is made of one sequence: each begins a step later, and "
            "goes on with the first steps at its end.",
        )
    first = f"[:{steps}, :{count}]" if count < given else cut
    note = f"Shown are {count} of {given} sequences." if count < given else ""
    return Batch(x[:steps, :count], f"batch = x{first}", note)


class Built(NamedTuple):
    """A module of one layer, built from the layer that is shown.

    Attributes:
        stack: An entry for each direction.
        setup: Python that makes it.
        note: What a figure says of it; empty if the module is like that.
    """

    stack: tuple[Weights, ...]
    setup: str
    note: str = ""

    @property
    def signature(self) -> str:
        """The module as it is built."""
        return f"nn.{signature(self.stack, 'LSTM')}"


def one_way(subject: Subject) -> Built:
    """The layer and direction that is shown, named `one`."""
    weights = subject.weights
    stack = (replace(weights, layer=0, direction="forward"),)
    return Built(stack, _build(subject, "one", stack, [weights]))


def both_ways(subject: Subject) -> Built:
    """The layer that is shown and its other direction, named `both`.

    Where there is no other direction, its weights are the same.
    """
    trace, one = subject.trace, subject.weights
    other = one
    if trace.bidirectional:
        opposite: Direction = (
            "forward" if subject.direction == "reverse" else "reverse"
        )
        other = trace.weights[trace.index(one.layer, opposite)]
    stack = (
        replace(one, layer=0, direction="forward"),
        replace(other, layer=0, direction="reverse"),
    )
    note = "The module has one direction; the other has the same weights here."
    return Built(
        stack,
        _build(subject, "both", stack, [one, other]),
        "" if trace.bidirectional else note,
    )


def _build(
    subject: Subject,
    name: str,
    stack: tuple[Weights, ...],
    taken: list[Weights],
) -> str:
    """Python that makes a module and gives it the parameters of another."""
    cell = subject.trace.kind == "LSTMCell"
    names = "".join(f'"{name}", ' for name in taken[0].parameters())
    ends = "".join(
        f'("{new.suffix}", "{"" if cell else old.suffix}"), '
        for new, old in zip(stack, taken, strict=True)
    )
    return (
        f"{name} = torch.nn.{signature(stack, 'LSTM')}\n"
        f"{name}.load_state_dict({{\n"
        f"    name + new: getattr({subject.variable}, name + old)\n"
        f"    for name in ({names.rstrip()})\n"
        f"    for new, old in ({ends.rstrip()})\n"
        "})"
    )


def inputs(subject: Subject) -> Array:
    """What the shown layer receives, `(seq_len, batch, input_size)`."""
    return np.stack([step.x for step in subject.steps])


def state_note(subject: Subject) -> str:
    """What a figure says of runs that start from zeros, if that is news."""
    first = subject.steps[0]
    given = bool(first.h_prev.any() or first.c_prev.any())
    return "Runs start from zeros here, not from the given state." * given
