"""Tensors as strips: a box for each axis, with its size."""

from collections.abc import Sequence
from typing import NamedTuple

from ...model.reference import Number
from ...proof.bindings import Node
from ...scene.marks import Box, Mark
from ...scene.theme import Paint
from .. import styles, words
from ..blocks import Block

HEAD_HEIGHT = 22.0
"""The height of a name above its strip, where words stand in the boxes."""


class Axis(NamedTuple):
    """One axis of a tensor.

    Attributes:
        word: What it is called.
        key: What it counts: `step`, `sample`, `input`, `unit`, `feature` or
            `part`, a feature being a unit of one of the directions, a part a
            layer in one of them.
        size: How long it is.
        accent: The hue of its box, if it stands out.
        x: The left of its box, where that does not follow from its place.
    """

    word: str
    key: str
    size: Number
    accent: Paint = ""
    x: float | None = None


class Strip(NamedTuple):
    """How tensors are drawn.

    Attributes:
        width: Of a box.
        height: Of a box.
        gap: Between boxes.
        left: Of the name at the left; 0 where it stands above.
        inside: Whether the words of axes stand in the boxes.
    """

    width: float = 60
    height: float = 32
    gap: float = 3
    left: float = 0
    inside: bool = False

    def draw(
        self,
        name: str,
        tensor: str,
        axes: Sequence[Axis],
        *,
        id: str,
        term: str = "",
        fill: Paint = "ink",
    ) -> Block:
        """A tensor as its axes, the first one at the left.

        Args:
            name: What it is called; empty where that is said already.
            tensor: What its expressions call it.
            axes: Its axes.
            id: Ids are this with the number of the axis.
            term: Of its name.
            fill: The paint of its name.
        """
        top = HEAD_HEIGHT if self.left or self.inside else HEAD_HEIGHT + 22
        word, size = (13, 30) if self.inside else (-9, self.height / 2)
        marks: list[Mark] = []
        for k, axis in enumerate(axes):
            x = self.left + k * (self.width + self.gap)
            x = x if axis.x is None else axis.x
            middle = x + self.width / 2
            strong = bool(axis.accent)
            look = styles.CELL.strong if strong else styles.CELL.plain
            box = Box(
                x,
                top,
                self.width,
                self.height,
                radius=4,
                fill=f"{axis.accent}:16" if strong else "panel",
                stroke=axis.accent or "rule",
                stroke_width=look.weight,
                id=f"{id}-{k}-box",
                bound=(Node(axis.size.expr),),
            )
            marks += [
                styles.strong(box, f'axis == "{axis.key}"' if strong else ""),
                words.label(
                    middle,
                    top + word,
                    axis.word,
                    {"axis": axis.key},
                    [f"{id}-{k}"],
                    "column",
                    style=words.FINE_STRONG if strong and (not self.inside) else words.FINE,
                    fill="ink" if strong else "muted",
                    anchor="middle",
                ),
                words.number(
                    middle, top + size, axis.size, bold=True, places=0, id=f"{id}-{k}", term=term
                ),
            ]
        middle = top + self.height / 2 if self.left else 9.0
        if name:
            marks.append(
                words.label(
                    0,
                    middle,
                    name,
                    {"tensor": tensor},
                    [f"{id}-*"],
                    "row" if self.left else "block",
                    style=words.STRONG,
                    fill=fill,
                    term=term,
                )
            )
        across = len(axes) * (self.width + self.gap) - self.gap
        return Block(self.left + across, top + self.height, tuple(marks))
