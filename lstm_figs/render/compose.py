"""A scene with its heading and foot, everything at its final place."""

from typing import NamedTuple

from ..scene.marks import Box, Group, Mark, Text, bounds, shift, walk
from ..scene.scenes import Diagram, Graph, Scene
from .frame import frame


class Sheet(NamedTuple):
    """What is drawn: marks, the first of which is the paper.

    Attributes:
        width: Of all.
        height: Of all.
        marks: In the order of painting.
        top: Where the scene begins, below the heading.
        unit: Pixels for each unit, of which an inch has 96, where it is made
            for paper of a size.
    """

    width: float
    height: float
    marks: tuple[Mark, ...]
    top: float = 0
    unit: float | None = None


def compose(scene: Scene) -> Sheet:
    """Put the heading above and the foot below a scene.

    Raises:
        MissingTool: If a graph is to be laid out and Graphviz is missing.
    """
    scene = _placed(scene)
    if scene.paper:
        _, width, height, unit = scene.paper
        ground = Box(0, 0, width, height, fill="paper")
        return Sheet(width, height, (ground, *scene.marks), unit=unit)
    size = scene.width, scene.height, scene.figure_width
    around = frame(scene.heading, *size)
    body = (shift(mark, around.dx, around.dy) for mark in scene.marks)
    return Sheet(around.width, around.height, (*around.before, *body, *around.after), around.dy)


def thumbnail(scene: Scene, share: float = 3 / 4) -> Sheet:
    """The upper part of a scene, to be shown small: a picture of a figure.

    It is without title and foot, and nothing in it has a name or a proof.

    Args:
        scene: The figure.
        share: Its height, as a part of its width.

    Raises:
        MissingTool: If a graph is to be laid out and Graphviz is missing.
    """
    scene = _placed(scene)
    width = scene.width + 2 * _MARGIN
    height = width * share
    seen = [
        shift(_bare(mark), _MARGIN, _MARGIN)
        for mark in walk(scene.marks)
        if not isinstance(mark, Group) and bounds([mark]).top < height
    ]
    paper = Box(0, 0, width, height, fill="paper")
    return Sheet(width, height, (paper, *seen))


_MARGIN = 8


def _placed(scene: Scene) -> Diagram:
    """A scene whose marks are at their places in it."""
    if isinstance(scene, Graph):
        from .graphviz import lay_out

        scene = lay_out(scene)
    return scene


def _bare(mark: Mark) -> Mark:
    """A mark that is only seen."""
    if isinstance(mark, Text):
        mark = mark._replace(number=None)
    return mark._replace(id="", term="", bound=())
