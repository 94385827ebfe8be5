"""Faults of `batch`."""

from lstm_figs.figures import batch
from tests.binding.breaking import Fault, wrapped


def through_to_the_next(through, *corners, of):
    """An arrow that ends, and is said to end, one row further down."""
    x, y = corners[-1]
    drawn = through(*corners[:-1], (x, y + batch.ROW), of=of)
    (flow,) = drawn.bound
    return drawn._replace(bound=(flow._replace(head=f"made-{of + 1}"),))


def over_the_weights(joined, tables, *rest):
    """Arrows that are painted after the weights that they go through."""
    made = joined(tables, *rest)
    count = len(batch._rows(tables[0]))
    return made._replace(marks=made.marks[count:] + made.marks[:count])


FAULTS = {
    "an arrow to the row of another sequence": Fault(
        ["batch"], wrapped(batch, "_through", through_to_the_next), "joins what does not follow"
    ),
    "arrows over the weights": Fault(
        ["batch"], wrapped(batch, "_joined", over_the_weights), "runs over weight_ih", widths=(720,)
    ),
}
