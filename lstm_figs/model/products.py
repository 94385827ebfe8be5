"""Matrix products with a transformed weight, computed in blocks to save memory.

A copy of a large weight in float64, or squared, would take as much memory
again, or twice as much.
"""

from collections.abc import Callable, Iterator

import numpy as np

from .tensors import Array

BLOCK_NUMBERS = 2**17
"""The number of weights transformed at a time, to fit in the processor's cache."""

Change = Callable[[Array], Array]
"""The transformation of a weight before the product."""


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
    """The weight in float64."""
    return weight.astype(np.float64)


def _blocks(weight: Array, change: Change) -> Iterator[tuple[slice, Array]]:
    """Blocks of rows, so that the product does not need much memory at once."""
    count = max(1, BLOCK_NUMBERS // weight.shape[1])
    for start in range(0, len(weight), count):
        rows = slice(start, start + count)
        yield rows, change(weight[rows])
