"""All checks of a figure except those of its numbers."""

import re

from tests.binding import (
    accents,
    alike,
    amounts,
    arrows,
    bar_numbers,
    calls,
    claims,
    covers,
    descriptions,
    footers,
    ink,
    kinds,
    labels,
    legends,
    lengths,
    look_words,
    orders,
    scale_ends,
    sentences,
    signs,
    specs,
    wording,
)

CHECKS = {
    "kinds": kinds.faults,
    "labels": labels.faults,
    "lengths": lengths.faults,
    "scale_ends": scale_ends.faults,
    "arrows": arrows.faults,
    "ink": ink.faults,
    "covers": covers.faults,
    "alike": alike.faults,
    "bar_numbers": bar_numbers.faults,
    "orders": orders.faults,
    "accents": accents.faults,
    "legends": legends.faults,
    "signs": signs.faults,
    "calls": calls.faults,
    "sentences": sentences.faults,
    "wording": wording.faults,
    "amounts": amounts.faults,
    "claims": claims.faults,
    "look_words": look_words.faults,
    "footers": footers.faults,
    "descriptions": descriptions.faults,
}


def faults(drawing, *, is_listed=True):
    """Run all checks on a figure.

    Args:
        is_listed: Whether every sentence must be in the recorded list.
    """
    if "?" in specs.constant(drawing.figure, "ACTING_GATES", {}).values():
        # Every mark with a gate would fail, so report the one cause only.
        folder = specs.relative_path(drawing.figure)
        return [
            f"ACTING_GATES in {folder}/__init__.py have a ? in the place of a gate; say "
            "which acts on that tensor, or take its line out"
        ]
    if missing := arrows.missing_ends(drawing):
        # Other checks follow arrows to their ends.
        return missing
    problems = []
    for kind, check in CHECKS.items():
        if kind == "wording":
            problems += wording.faults(drawing, is_listed=is_listed)
        else:
            problems += check(drawing)
    return problems


_FINDERS: dict[str, str] = {}
"""Pattern -> the check that last reported a matching fault."""


def has_fault(drawing, pattern):
    """Whether a check reports a fault that matches the pattern.

    The check that found it in a previous figure runs first.
    """
    last = _FINDERS.get(pattern)
    for kind in sorted(CHECKS, key=lambda kind: kind != last):
        if any(re.search(pattern, problem) for problem in CHECKS[kind](drawing)):
            _FINDERS[pattern] = kind
            return True
    return False
