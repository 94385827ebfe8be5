"""The parts that each focus draws in full, draws pale, or leaves out."""

from collections.abc import Iterable
from typing import Literal

from ...errors import BeyondLimit
from ...scene.marks import Group, Mark, Text

Focus = Literal["all", "task", "keep", "write", "show", "steer", "weight", "gradient"]
"""What a figure emphasizes: the task, one use of a gate, how the second unit steers
the first (`steer`) with a single `weight`, or the `gradient`."""
Look = Literal["full", "pale", "absent"]
"""How a focus draws a part."""

TABLE = """
               task   keep   write  show   steer  weight gradient
answers        full   pale   pale   full   full   full   pale
truth          full   pale   pale   pale   pale   pale   pale
first c        pale   full   pale   pale   pale   full   full
first arrows   -      -      full   -      -      -      -
first f        -      full   pale   pale   pale   pale   full
first g        -      -      full   pale   pale   full   pale
first i        -      -      full   pale   full   full   pale
first o        -      -      -      full   -      pale   pale
first h        -      -      -      full   -      -      -
first along    -      -      -      -      -      -      full
bars           -      -      -      -      full   full   -
weight         -      -      -      -      -      full   -
second c       -      -      -      -      full   full   -
second arrows  -      -      -      -      full   -      -
second f       -      -      -      -      full   pale   -
second g       -      -      -      -      pale   pale   -
second i       -      -      -      -      full   pale   -
"""
"""How each focus draws each part; `-` means absent.

"first" and "second" are the upper and the lower unit. Tokens and axes are drawn
in full in every focus. `note_places` chooses the notes of a focus.
"""

OPACITY = 0.2
"""The opacity of a pale mark."""
PALE = "muted:70"
"""The colour of pale words; unlike `OPACITY`, it keeps them readable."""

_PART_WIDTH = 14
"""The width of the first column of `TABLE`, whose names have spaces in them."""
_FOCUSES, *_ROWS = TABLE.strip().splitlines()
_LOOKS: dict[tuple[str, str], Look] = {
    (focus, row[:_PART_WIDTH].strip()): "absent" if look == "-" else look  # type: ignore[misc]
    for row in _ROWS
    for focus, look in zip(_FOCUSES.split(), row[_PART_WIDTH:].split(), strict=True)
}


def look(focus: Focus, part: str) -> Look:
    """Return how a focus draws a part.

    >>> look("keep", "first f"), look("keep", "answers"), look("keep", "bars")
    ('full', 'pale', 'absent')
    """
    return _LOOKS.get((focus, part), "absent")


def with_look(marks: Iterable[Mark], appearance: Look) -> list[Mark]:
    """Return the marks in full, pale, or not at all."""
    marks = list(marks)
    if appearance == "full":
        return marks
    if appearance == "absent" or not marks:
        return []
    texts = [mark._replace(fill=PALE) for mark in marks if isinstance(mark, Text)]
    others = tuple(mark for mark in marks if not isinstance(mark, Text))
    return [*([Group(others, opacity=OPACITY)] if others else []), *texts]


def check_focus(focus: Focus, *, narrowing_option: str, units: int, has_truth: bool) -> None:
    """Raise an error if the focus has nothing to show.

    Args:
        focus: The focus asked for.
        narrowing_option: Another option given that leaves parts out; empty if
            none.
        units: How many units are drawn.
        has_truth: Whether the right answers are known.

    Raises:
        BeyondLimit: If the focus cannot be drawn.
    """
    if focus == "all":
        return
    if narrowing_option:
        raise BeyondLimit(
            f"got --focus {focus} with --{narrowing_option}, expected one of them, "
            "since a focus chooses what is drawn; leave one out",
            narrowing_option,
        )
    if focus == "task" and not has_truth:
        raise BeyondLimit(
            "got --focus task for a network whose right answers are not "
            "known, expected --network brackets or a file like it; choose "
            "another focus",
            "focus",
        )
    if focus == "steer" and units < 2:
        raise BeyondLimit(
            f"got --focus steer with {units} unit, expected two, of which one "
            "steers the other; choose another focus",
            "focus",
        )
