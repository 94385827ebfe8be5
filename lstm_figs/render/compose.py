"""A scene with its heading and foot, everything at its final place."""

from typing import NamedTuple

from ..marks import Mark, shift
from ..parts.frame import frame
from ..scene import Chart, Graph, Scene


class Sheet(NamedTuple):
    """What is drawn: marks, the first of which is the paper."""

    width: float
    height: float
    marks: tuple[Mark, ...]


def compose(scene: Scene) -> Sheet:
    """Put the heading above and the foot below a scene.

    Raises:
        MissingTool: If a graph is to be laid out and Graphviz is missing.
    """
    if isinstance(scene, Graph):
        from .layout import lay_out

        scene = lay_out(scene)
    around = frame(scene.heading, scene.width, scene.height, scene.room)
    marks = scene.marks
    if isinstance(scene, Chart):
        from .axes import plot, tick_labels

        plots = [plot(one) for one in scene.axes]
        labels = [label for one in scene.axes for label in tick_labels(one)]
        marks = (*plots, *labels, *marks)
    body = (shift(mark, around.dx, around.dy) for mark in marks)
    return Sheet(
        around.width, around.height, (*around.before, *body, *around.after)
    )
