"""All that is checked of a figure beside its numbers."""

from collections.abc import Iterable

from tests.binding import (
    arrows,
    calls,
    descriptions,
    kinds,
    labels,
    lengths,
    sentences,
)
from tests.binding.drawing import Drawing

CHECKS = {
    "kinds": kinds.faults,
    "labels": labels.faults,
    "lengths": lengths.faults,
    "arrows": arrows.faults,
    "calls": calls.faults,
    "sentences": sentences.faults,
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
    found = []
    for kind, check in CHECKS.items():
        if kind == "sentences" and templates is not None:
            found += sentences.faults(drawing, templates)
        else:
            found += check(drawing)
    return found
