"""Paper sizes, and headings on sheets."""

from collections.abc import Iterable

from ..layout import words
from ..proof.bindings import Sentence
from ..scene.marks import Group, Mark, shift
from ..scene.scenes import Diagram, Paper

MILLIMETRES = {"A3": (297.0, 420.0), "A4": (210.0, 297.0)}
"""The width and height of paper in portrait orientation."""

MILLIMETRES_PER_INCH, PIXELS_PER_INCH = 25.4, 96
"""Millimetres and pixels per inch."""

HEADING_SIZE = 17.0
"""The font size of the heading of a part."""


def paper(name: str, width: float) -> Paper:
    """Paper of a named size, `width` units wide.

    >>> paper("A4", 720).unit > 1, round(paper("A3", 840).height)
    (True, 1188)
    """
    width_in_mm, height_in_mm = MILLIMETRES[name]
    pixels_per_unit = width_in_mm / MILLIMETRES_PER_INCH * PIXELS_PER_INCH / width
    return Paper(name, width, width * height_in_mm / width_in_mm, pixels_per_unit)


def placed(name: str, body: Diagram, x: float, y: float) -> Mark:
    """The body of a figure, placed on a sheet.

    Args:
        name: The name of the figure, used as the id of the part.
        body: The figure.
        x: The left edge.
        y: The top edge.
    """
    return Group(tuple(shift(mark, x, y) for mark in body.marks), id=f"part-{name}")


def setups(bodies: Iterable[Diagram]) -> str:
    """The setups of several figures, without repeated lines."""
    return "\n".join(dict.fromkeys(body.setup for body in bodies if body.setup))


def heading_and_bottom(x: float, y: float, sentence: Sentence, width: float) -> tuple[Mark, float]:
    """The heading of a part, and its bottom."""
    return words.paragraph(x, y, sentence, width, size=HEADING_SIZE, fill="ink", bold=True)
