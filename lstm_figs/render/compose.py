"""Combine a scene with its heading and foot, at final positions."""

from typing import NamedTuple

from ..scene.marks import Box, Group, Mark, Text, bounds, shift, walk
from ..scene.scenes import Diagram, Graph, Scene
from .frame import frame, slide


class Sheet(NamedTuple):
    """Marks at final positions; the first is the paper.

    Attributes:
        width: The total width.
        height: The total height.
        marks: The marks, in painting order.
        top: The top of the scene, below the heading.
        unit: The pixels per unit, at 96 pixels per inch; None unless it has a
            paper size.
    """

    width: float
    height: float
    marks: tuple[Mark, ...]
    top: float = 0
    unit: float | None = None


def compose(scene: Scene, *, is_slide: bool = False) -> Sheet:
    """Add the heading above and the foot below a scene.

    Args:
        scene: The scene.
        is_slide: Whether the sheet is 16 : 9, with the texts where they fit.

    Raises:
        MissingTool: If the scene is a graph and Graphviz is missing.
    """
    scene = _place_marks(scene)
    if scene.paper:
        _, width, height, unit = scene.paper
        ground = Box(0, 0, width, height, fill="paper")
        return Sheet(width, height, (ground, *scene.marks), unit=unit)
    compose_texts = slide if is_slide else frame
    around = compose_texts(scene.heading, scene.width, scene.height, scene.figure_width)
    body = (shift(mark, around.dx, around.dy) for mark in scene.marks)
    return Sheet(around.width, around.height, (*around.before, *body, *around.after), around.dy)


def thumbnail(scene: Scene, share: float = 3 / 4) -> Sheet:
    """The upper part of a scene, as a thumbnail.

    It has no title and no foot, and its marks have no ids or bindings.

    Args:
        scene: The figure.
        share: The ratio of height to width.

    Raises:
        MissingTool: If the scene is a graph and Graphviz is missing.
    """
    scene = _place_marks(scene)
    width = scene.width + 2 * _MARGIN
    height = width * share
    visible = [
        shift(_without_bindings(mark), _MARGIN, _MARGIN)
        for mark in walk(scene.marks)
        if not isinstance(mark, Group) and bounds([mark]).top < height
    ]
    paper = Box(0, 0, width, height, fill="paper")
    return Sheet(width, height, (paper, *visible))


_MARGIN = 8
"""The margin of a thumbnail, within which marks are drawn."""


def _place_marks(scene: Scene) -> Diagram:
    """The scene with marks at their positions; a graph is laid out."""
    if isinstance(scene, Graph):
        from .graphviz import lay_out

        scene = lay_out(scene)
    return scene


def _without_bindings(mark: Mark) -> Mark:
    """The mark without id, term, number and bindings."""
    if isinstance(mark, Text):
        mark = mark._replace(number=None)
    return mark._replace(id="", term="", bound=())
