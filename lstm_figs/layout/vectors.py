"""Vectors as columns of numbers; of a long one, an excerpt."""

from collections.abc import Sequence

from ..proof import digits
from ..proof.subject import Number, Subject
from ..scene.marks import Box, Group, Mark, Text
from ..scene.theme import Paint
from .cells import CHARACTER, LINE, NUMBER, number
from .fold import Gap, excerpt, notes


def column(
    x: float,
    top: float,
    values: Sequence[Number],
    *,
    id: str,
    term: str,
    fill: Paint = "ink",
    room: int = 6,
) -> Group:
    """Numbers one below the other; the first baseline is `top + 11`.

    Of a long vector an excerpt is shown, with how many are left out.
    """
    shown = excerpt(len(values))
    places = digits.decimals(v.value for v in shown.of(values))
    marks: list[Mark] = []
    for k, line in enumerate(shown.lines):
        y = top + 11 + LINE * k
        if isinstance(line, Gap):
            marks += gap(x, y, line.count)
        else:
            marks.append(
                number(
                    x, y, values[line], places=places, room=room,
                    id=f"{id}-{line}", term=term, fill=fill,
                )
            )  # fmt: skip
    return Group(marks=tuple(marks), term=term)


def gap(x: float, y: float, count: int) -> list[Mark]:
    """Dots, and how many elements they stand for, centred at x."""
    text = Text(
        x=0, y=y, content=str(count), size=NUMBER, fill="muted",
        anchor="end",
    )  # fmt: skip
    half = (text.width + 8) / 2
    return [*dots(x - half, y), text._replace(x=x + half)]


def dots(x: float, y: float) -> list[Mark]:
    """Three dots above each other, as high as a digit on that baseline."""
    return [
        Box(
            x=x, y=y - 9 + 4 * k, width=2, height=2, radius=1, fill="muted"
        )
        for k in range(3)
    ]  # fmt: skip


def column_height(count: int) -> float:
    """The height of a `column` of a vector of that length."""
    return LINE * len(excerpt(count).lines) + 1


def chip(
    x: float,
    y: float,
    values: Sequence[Number],
    *,
    id: str,
    term: str,
    paint: Paint,
    width: float = 52,
) -> Group:
    """A vector in a rounded box, centred at x, y."""
    height = column_height(len(values)) + 8
    top = y - height / 2
    return Group(
        marks=(
            Box(
                x=x - width / 2, y=top, width=width, height=height, radius=5,
                fill="paper", stroke=paint,
            ),
            column(x, top + 4, values, id=id, term=term,
                   room=int((width - 4) / CHARACTER)),
        ),
        term=term,
    )  # fmt: skip


def chip_height(count: int) -> float:
    """The height of a `chip` of a vector of that length."""
    return column_height(count) + 8


def size_notes(subject: Subject) -> tuple[str, ...]:
    """Which elements of the input and of the state a figure shows."""
    sizes = subject.weights
    return notes(
        ("input", excerpt(sizes.input_size)),
        ("unit", excerpt(sizes.hidden_size)),
    )
