"""Products with a changed weight, of which no whole copy is made.

A large weight in float64, or squared, would take as much memory again, or
twice as much.
"""

from collections.abc import Callable, Iterator

import numpy as np

from .tensors import Array

NUMBERS = 2**17
"""Numbers of a weight that are changed together: in a processor's cache."""

Change = Callable[[Array], Array]
"""What is done with each number of a weight before it is multiplied with."""


def times(vectors: Array, weight: Array, change: Change) -> Array:
    """`vectors @ change(weight).T`."""
    return np.concatenate([vectors @ block.T for _, block in _blocks(weight, change)], axis=1)


def back(vectors: Array, weight: Array, change: Change) -> Array:
    """`vectors @ change(weight)`."""
    total: Array | None = None
    for rows, block in _blocks(weight, change):
        product = vectors[:, rows] @ block
        total = product if total is None else total + product
    assert total is not None
    return total


def doubled(weight: Array) -> Array:
    """It in float64."""
    return weight.astype(np.float64)


def _blocks(weight: Array, change: Change) -> Iterator[tuple[slice, Array]]:
    count = max(1, NUMBERS // weight.shape[1])
    for start in range(0, len(weight), count):
        rows = slice(start, start + count)
        yield rows, change(weight[rows])
