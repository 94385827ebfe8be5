"""Which units a figure draws when there are too many to draw all."""

from collections.abc import Iterable

import numpy as np

from ..errors import BeyondLimit
from ..model.layer_run import LayerRun
from ..model.tensors import Array
from ..model.units import dissimilar_units

MAX_UNITS, MAX_REQUESTED_UNITS = 4, 8
"""The most units drawn by default, and the most that `--units` may name."""


def largest_claim(magnitudes: str, visible: Iterable[int]) -> str:
    """An expression: no hidden element is larger than a visible one.

    Args:
        magnitudes: The expression of a vector of non-negative values. NaN
            counts as the largest value.
        visible: The indices of the visible elements; a proper subset.

    >>> claim = largest_claim("torch.tensor([2, 9, 8])", (1, 2))
    >>> import torch
    >>> bool(eval(claim)), bool(eval(claim.replace("[1, 2]", "[0, 1]")))
    (True, False)
    """
    # The factor allows for rounding errors.
    return (
        "(lambda every, own: every[own].min() >= every.index_fill(0, "
        "torch.tensor(own), 0).max() * 0.99999)"
        f"(({magnitudes}).nan_to_num(torch.inf, torch.inf), {list(visible)})"
    )


def selected_units(
    subject: LayerRun, requested: tuple[int, ...], change: Array, max_unfolded: int
) -> tuple[int, ...]:
    """The units to draw, in the order of `--units`.

    Args:
        subject: The layer run to draw.
        requested: The value of `--units`; empty to choose automatically.
        change: How much each unit changes. Two units are chosen by it, see
            `most_changing`.
        max_unfolded: With at most this many units, draw all of them.

    Raises:
        BeyondLimit: If a unit does not exist or is repeated, or if there are
            too many units.
    """
    size = subject.weights.hidden_size
    for unit in requested:
        subject.check("units", unit, size)
    if len(requested) > MAX_REQUESTED_UNITS or len(set(requested)) < len(requested):
        raise BeyondLimit(
            f"got --units {','.join(map(str, requested))}, expected at most "
            f"{MAX_REQUESTED_UNITS}, each once; leave some out",
            option="units",
        )
    if requested:
        return requested
    if size <= max_unfolded:
        return tuple(range(size))
    return tuple(sorted(most_changing(subject, change)))


def most_changing(subject: LayerRun, change: Array) -> tuple[int, int]:
    """The unit that changes most, and the one that changes most among those unlike it.

    Two units with correlated c would show the same picture twice.
    """
    sizes = np.nan_to_num(change)
    first = int(sizes.argmax())
    is_dissimilar = dissimilar_units(np.array([step.c[0] for step in subject.steps]), first)
    return first, int(np.where(is_dissimilar, sizes, -1).argmax())
