"""The shapes of tensors as strips of boxes, one for each axis, with its size."""

from collections.abc import Sequence
from typing import NamedTuple

from ...model.reference import Number
from ...proof.bindings import Node
from ...scene.marks import Box, Mark, Text
from ...scene.theme import Paint
from .. import styles, words
from ..blocks import Block

HEAD_HEIGHT = 22.0
"""The height of a name above its strip, if axis names are inside the boxes."""


class Axis(NamedTuple):
    """One axis of a tensor.

    Attributes:
        word: The name of the axis.
        key: What the axis counts: `step`, `sample`, `input`, `unit`, `feature`
            or `part`. A feature is a unit of one direction; a part is one layer
            in one direction.
        size: The length of the axis.
        accent: The hue of its box, if it is emphasized.
        x: The left edge of its box, unless it follows the box before.
    """

    word: str
    key: str
    size: Number
    accent: Paint = ""
    x: float | None = None


class Strip(NamedTuple):
    """The look of a strip.

    Attributes:
        width: The width of a box.
        height: The height of a box.
        gap: The gap between boxes.
        left: The width of the name at the left; 0 if the name is above.
        inside: Whether axis names are inside the boxes, not above them.
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
        """A tensor as a row of boxes, the first axis at the left.

        Args:
            name: The name of the tensor; empty to omit it.
            tensor: The name of the tensor in expressions.
            axes: The axes.
            id: The prefix of ids, followed by the number of the axis.
            term: The terms of the name.
            fill: The paint of the name.
        """
        top = HEAD_HEIGHT if self.left or self.inside else HEAD_HEIGHT + 22
        marks: list[Mark] = []
        numbers: list[Mark] = []
        for k, axis in enumerate(axes):
            x = self.left + k * (self.width + self.gap) if axis.x is None else axis.x
            box, label, number = self._axis(axis, x, top, f"{id}-{k}", term)
            marks += [box, label, number]
            numbers.append(number)
        if name:
            marks.append(
                words.label(
                    0,
                    top + self.height / 2 if self.left else 9.0,
                    name,
                    names={"tensor": tensor},
                    of=numbers,
                    along="row" if self.left else "block",
                    style=words.STRONG,
                    fill=fill,
                    term=term,
                )
            )
        across = len(axes) * (self.width + self.gap) - self.gap
        return Block(self.left + across, top + self.height, tuple(marks))

    def _axis(self, axis: Axis, x: float, y: float, id: str, term: str) -> tuple[Box, Text, Text]:
        """The box of an axis with its top left corner at `x` and `y`, its name and its size."""
        middle, strong = x + self.width / 2, bool(axis.accent)
        label_offset, number_offset = (13, 30) if self.inside else (-9, self.height / 2)
        box = Box(
            x,
            y,
            self.width,
            self.height,
            radius=4,
            fill=f"{axis.accent}:16" if strong else "panel",
            stroke=axis.accent or "rule",
            stroke_width=(styles.CELL.strong if strong else styles.CELL.plain).weight,
            id=f"{id}-box",
            bound=(Node(axis.size.expr),),
        )
        number = words.number(
            middle, y + number_offset, axis.size, bold=True, decimals=0, id=id, term=term
        )
        label = words.label(
            middle,
            y + label_offset,
            axis.word,
            names={"axis": axis.key},
            of=[number],
            style=words.FINE_STRONG if strong and not self.inside else words.FINE,
            fill="ink" if strong else "muted",
            anchor="middle",
        )
        return styles.emphasized(box, f'axis == "{axis.key}"' if strong else ""), label, number
