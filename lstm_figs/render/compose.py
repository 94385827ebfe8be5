"""A scene with its heading and foot, everything at its final place."""

from dataclasses import replace
from typing import NamedTuple

from ..frame import frame
from ..marks import Mark, shift
from ..scene import Axes, Chart, Graph, Scene


class Sheet(NamedTuple):
    """What is drawn: marks, the first of which is the paper, and axes."""

    width: float
    height: float
    marks: tuple[Mark, ...]
    axes: tuple[Axes, ...]


def compose(scene: Scene) -> Sheet:
    """Put the heading above and the foot below a scene.

    Raises:
        MissingTool: If a graph is to be laid out and Graphviz is missing.
    """
    if isinstance(scene, Graph):
        from .layout import lay_out

        scene = lay_out(scene)
    around = frame(scene.heading, scene.width, scene.height, scene.room)
    body = (shift(mark, around.dx, around.dy) for mark in scene.marks)
    axes = scene.axes if isinstance(scene, Chart) else ()
    return Sheet(
        around.width,
        around.height,
        (*around.before, *body, *around.after),
        tuple(
            replace(one, x=one.x + around.dx, y=one.y + around.dy)
            for one in axes
        ),
    )
