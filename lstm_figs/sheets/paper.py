"""Paper: its sizes, and words that are large on it."""

from collections.abc import Iterable

from ..layout import words
from ..proof.bindings import Sentence
from ..scene.marks import Group, Mark, shift
from ..scene.scenes import Diagram, Paper

MILLIMETRES = {"A3": (297.0, 420.0), "A4": (210.0, 297.0)}
"""The width and the height of paper that stands upright."""

MILLIMETRES_PER_INCH, PIXELS_PER_INCH = 25.4, 96
"""Millimetres and pixels of an inch."""

HEADING_SIZE = 17.0
"""The size of what stands above a part of a sheet."""


def paper(name: str, width: float) -> Paper:
    """Paper of a size, which is so many units wide.

    >>> paper("A4", 720).unit > 1, round(paper("A3", 840).height)
    (True, 1188)
    """
    across, down = MILLIMETRES[name]
    unit = across / MILLIMETRES_PER_INCH * PIXELS_PER_INCH / width
    return Paper(name, width, width * down / across, unit)


def placed(name: str, body: Diagram, x: float, y: float) -> Mark:
    """What a figure draws, without its heading, at a place of a sheet.

    Args:
        name: Of the figure; the part has its id by it.
        body: The figure.
        x: Its left.
        y: Its top.
    """
    return Group(tuple(shift(mark, x, y) for mark in body.marks), id=f"part-{name}")


def setups(bodies: Iterable[Diagram]) -> str:
    """The Python that several figures need, each line of it once."""
    return "\n".join(dict.fromkeys(body.setup for body in bodies if body.setup))


def heading_and_bottom(x: float, y: float, sentence: Sentence, width: float) -> tuple[Mark, float]:
    """What a part of a sheet shows, and its bottom."""
    return words.paragraph(x, y, sentence, width, size=HEADING_SIZE, fill="ink", bold=True)
