"""Deliberate faults of `batch`, which its tests must find."""

from lstm_figs.figures import batch
from tests.binding.breaking import Fault, wrapped


def through_to_the_next(through, *corners, of):
    """Draw and bind an arrow that ends one row further down."""
    x, y = corners[-1]
    arrow = through(*corners[:-1], (x, y + batch.ROW_HEIGHT), of=of)
    (flow,) = arrow.bound
    return arrow._replace(bound=(flow._replace(head=f"made-{of + 1}"),))


def over_the_weights(joined, tables, *rest):
    """Draw the arrows over the weights that they pass through."""
    arrows = joined(tables, *rest)
    count = len(batch._rows(tables[0]))
    return arrows._replace(marks=arrows.marks[count:] + arrows.marks[:count])


FAULTS = {
    "an arrow to the row of another sequence": Fault(
        ["batch"], wrapped(batch, "_row_arrow", through_to_the_next), "is not computed from"
    ),
    "arrows over the weights": Fault(
        ["batch"],
        wrapped(batch, "_joined", over_the_weights),
        "runs through weight_ih",
        widths=(720,),
    ),
}
