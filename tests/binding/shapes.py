"""Every box and line that stands for no value is one of a few kinds.

As `kinds` for texts, this is a closed list: a shape that is none of them is a
fault, and each kind has a rule of its own, which is held to what lies beside or
in it.
"""

from tests.binding import frames, loose_boxes, loose_lines
from tests.binding.drawing import Drawing, Mark
from tests.binding.shape_index import Kind, shape_name, unbound_shapes

KINDS = (*loose_boxes.KINDS, *frames.KINDS, *loose_lines.KINDS)

OPEN = {"cell-input": {"a frame"}, "reading": {""}}
"""Figures of which some shapes are not bound: of what kinds, or of none."""


def faults(drawing: Drawing) -> list[str]:
    """Shapes of no kind, and such as break the rule of their kind."""
    problems = []
    for mark in unbound_shapes(drawing):
        kind = kind_of(drawing, mark)
        if (kind.name if kind else "") in OPEN.get(drawing.figure, ()):
            continue
        if kind is None:
            problems.append(f"{shape_name(mark)} is nothing that a shape may be")
        else:
            problems += [
                f"{shape_name(mark)} is {kind.name}, and {fault}"
                for fault in kind.check(drawing, mark)
            ]
    return problems


def kind_of(drawing: Drawing, mark: Mark) -> Kind | None:
    """What a shape is."""
    return next((k for k in KINDS if k.matches(drawing, mark)), None)
