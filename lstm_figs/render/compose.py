"""A scene with its heading and foot, everything at its final place."""

from typing import NamedTuple

from ..marks import Mark, Text, shift
from ..parts.frame import frame
from ..scene import Axes, Chart, Graph, Scene

TICK = 11.0
"""The font size of tick labels."""


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
    axes = scene.axes if isinstance(scene, Chart) else ()
    labels = (text for one in axes for text in tick_labels(one))
    body = (
        shift(mark, around.dx, around.dy) for mark in (*labels, *scene.marks)
    )
    return Sheet(
        around.width,
        around.height,
        (*around.before, *body, *around.after),
        tuple(
            one._replace(x=one.x + around.dx, y=one.y + around.dy)
            for one in axes
        ),
    )


def tick_labels(axes: Axes) -> list[Text]:
    """What the marks at the left of axes are called.

    They are texts of ours: Matplotlib takes longer to write them than to
    draw the rest.
    """
    low, high = axes.ylim
    labels = axes.labels or [f"{v:g}".replace("-", "−") for v in axes.yticks]
    return [
        Text(
            x=axes.x - 6.5,
            y=axes.y + axes.height * (high - value) / (high - low) + 4,
            content=label,
            size=TICK,
            fill="muted",
            anchor="end",
            kind="tick",
        )
        for value, label in zip(axes.yticks, labels, strict=True)
    ]
