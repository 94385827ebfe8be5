"""What a figure draws where it does not draw all, and what it says of that."""

from collections.abc import Iterable

import numpy as np

from ..errors import BeyondLimit
from ..model.layer_run import LayerRun
from ..model.tensors import Array
from ..model.units import dissimilar_units

MAX_UNITS, MAX_REQUESTED_UNITS = 4, 8
"""The most units that are all drawn one by one, and the most when asked for."""


def largest_claim(magnitudes: str, visible: Iterable[int]) -> str:
    """The claim that none of a vector is larger than what is shown of it.

    Args:
        magnitudes: The expression of the vector, of which none is negative;
            what is not a number counts as the largest.
        visible: What is shown of it, not all.

    >>> claim = largest_claim("torch.tensor([2, 9, 8])", (1, 2))
    >>> import torch
    >>> bool(eval(claim)), bool(eval(claim.replace("[1, 2]", "[0, 1]")))
    (True, False)
    """
    return (
        "(lambda every, own: every[own].min() >= every.index_fill(0, "
        "torch.tensor(own), 0).max() * 0.99999)"
        f"(({magnitudes}).nan_to_num(torch.inf, torch.inf), {list(visible)})"
    )


def selected_units(
    subject: LayerRun, requested: tuple[int, ...], change: Array, max_unfolded: int
) -> tuple[int, ...]:
    """The units that are drawn, in the order of the asking.

    Args:
        subject: What is drawn.
        requested: What `--units` says; empty for a choice.
        change: How much each unit changes, by which two are chosen, see
            `most_changing`.
        max_unfolded: Up to how many units all are drawn.

    Raises:
        BeyondLimit: If there is no such unit, one is asked for twice, or too
            many are.
    """
    size = subject.weights.hidden_size
    for unit in requested:
        subject.check("units", unit, size)
    if len(requested) > MAX_REQUESTED_UNITS or len(set(requested)) < len(requested):
        raise BeyondLimit(
            f"got --units {','.join(map(str, requested))}, expected at most "
            f"{MAX_REQUESTED_UNITS}, each once; leave some out",
            "units",
        )
    if requested:
        return requested
    if size <= max_unfolded:
        return tuple(range(size))
    return tuple(sorted(most_changing(subject, change)))


def most_changing(subject: LayerRun, change: Array) -> tuple[int, int]:
    """The unit that changes most, and the one that does of those unlike it.

    Two units whose c go up and down together are one picture, drawn twice.
    """
    sizes = np.nan_to_num(change)
    first = int(sizes.argmax())
    others = dissimilar_units(np.array([step.c[0] for step in subject.steps]), first)
    return first, int(np.where(others, sizes, -1).argmax())
