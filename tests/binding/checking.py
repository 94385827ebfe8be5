"""All that is checked of a figure beside its numbers."""

from collections.abc import Iterable, Iterator

from tests.binding import (
    amounts,
    arrows,
    beside,
    calls,
    choices,
    claims,
    crossings,
    descriptions,
    feet,
    heads,
    honest,
    kinds,
    labels,
    legends,
    lengths,
    looks,
    meant,
    measures,
    orders,
    painting,
    sentences,
    shapes,
    signs,
    texts,
    whose,
)
from tests.binding.drawing import Drawing

CHECKS = {
    "kinds": kinds.faults,
    "labels": labels.faults,
    "lengths": lengths.faults,
    "measures": measures.faults,
    "beside": beside.faults,
    "honest": honest.faults,
    "shapes": shapes.faults,
    "arrows": arrows.faults,
    "heads": heads.faults,
    "crossings": crossings.faults,
    "orders": orders.faults,
    "painting": painting.faults,
    "texts": texts.faults,
    "looks": looks.faults,
    "legends": legends.faults,
    "signs": signs.faults,
    "calls": calls.faults,
    "sentences": sentences.faults,
    "choices": choices.faults,
    "amounts": amounts.faults,
    "claims": claims.faults,
    "whose": whose.faults,
    "meant": meant.faults,
    "feet": feet.faults,
    "descriptions": descriptions.faults,
}


def faults(
    drawing: Drawing, templates: Iterable[str] | None = None
) -> list[str]:
    """Everything that is wrong with what a figure says.

    Args:
        drawing: The figure.
        templates: The sentences that it may use; those of the file by default.
    """
    return list(each_fault(drawing, templates))


def each_fault(
    drawing: Drawing, templates: Iterable[str] | None = None
) -> Iterator[str]:
    """The same one by one, so that who finds what he looks for can stop."""
    for kind, check in CHECKS.items():
        if kind == "sentences" and templates is not None:
            yield from sentences.faults(drawing, templates)
        else:
            yield from check(drawing)
