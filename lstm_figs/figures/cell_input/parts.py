"""Parts that both forms of the figure share."""

from typing import NamedTuple

from ...layout import words
from ...layout.excerpts import Gap, excerpt, short_excerpt
from ...model.layer_run import LayerRun
from ...model.reference import Ref
from ...proof.bindings import Node, Sentence
from ...proof.digits import decimals
from ...scene.marks import Box, Mark
from ...scene.terms import TERMS


class Body(NamedTuple):
    """A drawing, with the sentences of its description and its notes."""

    marks: list[Mark]
    height: float
    sentences: list[str]
    notes: list[Sentence]
    has_bars: bool = False


VECTOR_HEIGHT = 22.0
"""The height of a vector."""
MAX_ELEMENTS = 8
"""A longer vector is printed as an excerpt."""


def vector(subject: LayerRun, name: str, t: int, x: float, y: float, space: float) -> list[Mark]:
    """A vector as a row of numbers in a frame, with its name at the left.

    Args:
        subject: The run of the layer.
        name: `x` or `h_prev`.
        t: The step.
        x: The left of the frame.
        y: The top of the frame.
        space: The largest width of the frame; a wider vector is an excerpt.
    """
    values, role = subject.vector(name, t), TERMS[name].role
    places = decimals(n.value for n in values[:40])
    point = words.Decimals.of(values[:40], 5, places)
    column_width = max(30.0, point.width(words.SMALL) + 8)
    count = len(values)
    max_columns = int((space - 4) / column_width)
    is_complete = count <= min(max_columns, MAX_ELEMENTS)
    lines = (excerpt(count, max_unfolded=count) if is_complete else short_excerpt(count)).lines
    frame = Box(
        x,
        y,
        column_width * len(lines) + 4,
        VECTOR_HEIGHT,
        radius=4,
        stroke=role,
        id=f"{name}-{t}",
        term=name,
        bound=(Node(Ref(name)[t, 0]),),
    )
    middle = y + VECTOR_HEIGHT / 2
    marks: list[Mark] = [
        frame,
        words.label(
            x - 6,
            middle,
            name,
            {"tensor": name},
            [f"{name}-{t}-*"],
            "row",
            style=words.STRONG,
            fill=role,
            anchor="end",
            term=name,
        ),
    ]
    for k, line in enumerate(lines):
        at = x + 2 + (k + 0.5) * column_width
        if isinstance(line, Gap):
            marks.append(words.operator(at, middle, "…"))
        else:
            marks.append(
                point.number(
                    at,
                    middle,
                    values[line],
                    size=words.SMALL,
                    max_chars=5,
                    id=f"{name}-{t}-{line}",
                    term=name,
                )
            )
    return marks
