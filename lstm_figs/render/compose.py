"""A scene with its heading and foot, everything at its final place."""

from typing import NamedTuple

from ..scene.marks import Mark, shift
from ..scene.scenes import Chart, Graph, Head, Scene


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
        from .graphviz import lay_out

        scene = lay_out(scene)
    size = scene.width, scene.height, scene.room
    # Most draws have one of these frames.
    if isinstance(scene.heading, Head):
        from ..layout.frame import frame as bound_frame

        around = bound_frame(scene.heading, *size)
    else:
        from ..layout.heading import frame

        around = frame(scene.heading, *size)
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
