"""Every box and line without a value is of a known kind and follows its rule.

As in `kinds` for texts, the list of kinds is closed: a shape of no kind is a
fault. Each kind has a rule about the marks inside or beside the shape.
"""

from tests.binding import frames, loose_boxes, loose_lines
from tests.binding.drawing import Drawing, Mark
from tests.binding.shape_index import Kind, shape_name, unbound_shapes

KINDS = (*loose_boxes.KINDS, *frames.KINDS, *loose_lines.KINDS)

OPEN = {"cell-input": {"a frame"}, "reading": {""}}
"""Figure -> kinds whose rules it may break; "" allows shapes of no kind."""


def faults(drawing: Drawing) -> list[str]:
    """Shapes of no kind, and shapes that break the rule of their kind."""
    problems = []
    for mark in unbound_shapes(drawing):
        kind = kind_of(drawing, mark)
        if (kind.name if kind else "") in OPEN.get(drawing.figure, ()):
            continue
        if kind is None:
            problems.append(f"{shape_name(mark)} has no value and is of no known kind")
        else:
            problems += [
                f"{shape_name(mark)} is {kind.name}, and {fault}"
                for fault in kind.check(drawing, mark)
            ]
    return problems


def kind_of(drawing: Drawing, mark: Mark) -> Kind | None:
    """The kind of a shape."""
    return next((k for k in KINDS if k.matches(drawing, mark)), None)
