"""Faults of `batch`."""

from lstm_figs.figures import batch
from tests.binding.breaking import Fault, wrapped


def through_to_the_next(through, *corners, of):
    """An arrow that ends, and is said to end, one row further down."""
    x, y = corners[-1]
    drawn = through(*corners[:-1], (x, y + batch.ROW), of=of)
    (flow,) = drawn.bound
    return drawn._replace(bound=(flow._replace(head=f"made-{of + 1}"),))


FAULTS = {
    "an arrow to the row of another sequence": Fault(
        ["batch"],
        wrapped(batch, "_through", through_to_the_next),
        "joins what does not follow",
    ),
}
