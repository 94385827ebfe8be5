"""All that is checked of a figure beside its numbers."""

import re
from collections.abc import Iterable

from tests.binding import (
    accents,
    amounts,
    arrow_heads,
    arrows,
    bar_numbers,
    calls,
    choices,
    claims,
    crossings,
    descriptions,
    footers,
    kinds,
    labels,
    law_scope,
    legends,
    lengths,
    look_words,
    measures,
    orders,
    overlaps,
    scale_ends,
    sentences,
    shapes,
    signs,
    specs,
    texts,
    wording,
)
from tests.binding.drawing import Drawing

CHECKS = {
    "kinds": kinds.faults,
    "labels": labels.faults,
    "lengths": lengths.faults,
    "measures": measures.faults,
    "beside": bar_numbers.faults,
    "honest": scale_ends.faults,
    "shapes": shapes.faults,
    "arrows": arrows.faults,
    "heads": arrow_heads.faults,
    "crossings": crossings.faults,
    "orders": orders.faults,
    "painting": overlaps.faults,
    "texts": texts.faults,
    "looks": accents.faults,
    "legends": legends.faults,
    "signs": signs.faults,
    "calls": calls.faults,
    "sentences": sentences.faults,
    "wording": wording.faults,
    "choices": choices.faults,
    "amounts": amounts.faults,
    "claims": claims.faults,
    "whose": law_scope.faults,
    "meant": look_words.faults,
    "feet": footers.faults,
    "descriptions": descriptions.faults,
}


def faults(
    drawing: Drawing, templates: Iterable[str] | None = None, *, is_listed: bool = True
) -> list[str]:
    """Everything that is wrong with what a figure says.

    Args:
        drawing: The figure.
        templates: The sentences that it may use; those of the file by default.
        is_listed: Whether its words have to have been read.
    """
    if "?" in specs.constant(drawing.figure, "ACTING_GATES", {}).values():
        # All that has a gate would be wrong, and of this one cause.
        folder = specs.relative_path(drawing.figure)
        return [
            f"ACTING_GATES in {folder}/__init__.py have a ? in the place of a gate; say "
            "which acts on that tensor, or take its line out"
        ]
    problems: list[str] = []
    for kind, check in CHECKS.items():
        if kind == "sentences" and templates is not None:
            problems += sentences.faults(drawing, templates)
        elif kind == "wording":
            problems += wording.faults(drawing, is_listed=is_listed)
        else:
            problems += check(drawing)
    return problems


_FINDERS: dict[str, str] = {}
"""Of each pattern, the check that found such a fault last."""


def has_fault(drawing: Drawing, pattern: str) -> bool:
    """Whether something is wrong of which a pattern is said.

    What found the same fault in another figure is asked first, then all.
    """
    last = _FINDERS.get(pattern)
    for kind in sorted(CHECKS, key=lambda kind: kind != last):
        if any(re.search(pattern, problem) for problem in CHECKS[kind](drawing)):
            _FINDERS[pattern] = kind
            return True
    return False
