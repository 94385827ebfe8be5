"""The bands of one library: a box for each gate, below the name of their tensor."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from ...layout import styles, words
from ...proof.bindings import Node
from ...scene.marks import Anchor, Box, Group, Mark
from ...scene.terms import TERMS
from .sides import TRACED_GATE, Band, Side, Tensor

HEADING_HEIGHT, BAND_GAP = 42.0, 5.0
"""The height of the headings above bands, and the gap between two bands."""
ROW_HEIGHT, TRACED_HEIGHT, STACKED_HEIGHT = 30.0, 48.0, 68.0
"""The heights of a band, of the traced weight's band, and of that band with two lines."""
COLUMN_HEIGHT = 92.0
"""The height of a band of columns."""


@dataclass(frozen=True)
class Bands:
    """The bands of one library.

    Attributes:
        id: `from` or `to`, the prefix of ids.
        side: The tensors of the library.
        boxes: Gate -> the box of its band.
        by_gate: Whether each band is a matrix of its own.
    """

    id: str
    side: Side
    boxes: Mapping[str, Box]
    by_gate: bool = False

    @classmethod
    def of_rows(
        cls, id: str, side: Side, x: float, y: float, width: float, traced_height: float
    ) -> "Bands":
        """Bands one below the other; the one with the traced weight is higher."""
        boxes = {}
        for band in side.bands:
            height = traced_height if band.gate == TRACED_GATE else ROW_HEIGHT
            boxes[band.gate] = Box(x, y, width, height)
            y += height + BAND_GAP
        return cls(id, side, boxes)

    @property
    def bottom(self) -> float:
        """The bottom of the lowest band."""
        return max(box.y + box.height for box in self.boxes.values())

    @cached_property
    def ranges(self) -> dict[str, tuple[str, str]]:
        """The range of each band: as printed, and as labels name it.

        A range is the first and the last row, or only the first if both do not fit
        in every band.
        """
        first = {band.gate: (str(band.first),) * 2 for band in self.side.bands}
        full_ranges = {
            band.gate: (f"{band.first}–{band.last}", f"{band.first}..{band.last}")
            for band in self.side.bands
            if band.first < band.last
        }
        fits = all(
            words.width(printed, words.SMALL) <= self.label_width(gate)
            for gate, (printed, _) in full_ranges.items()
        )
        return {**first, **full_ranges} if fits else first

    def label_width(self, gate: str) -> float:
        """The space for the range of a band."""
        box = self.boxes[gate]
        return box.width - (4 if box.height == COLUMN_HEIGHT else 26)

    def marks(self) -> list[Mark]:
        """All bands, and the names of their tensors."""
        if self.by_gate:
            width = min(box.width for box in self.boxes.values())
            marks: list[Mark] = []
            for band in self.side.bands:
                id, box = f"{self.id}-{band.gate}-whole", self.boxes[band.gate]
                group = Group(tuple(self.band(band)), id=id, bound=(Node(band.matrix.of),))
                marks += [group, *_heading(band.matrix, group, box, words.FINE, width)]
            return marks
        boxes = [self.boxes[band.gate] for band in self.side.bands]
        right = max(box.x + box.width for box in boxes)
        full_box = boxes[0]._replace(width=right - boxes[0].x)
        inside = [mark for band in self.side.bands for mark in self.band(band)]
        tensor = self.side.traced.tensor
        group = Group(tuple(inside), id=self.id, bound=(Node(tensor.of),))
        return [group, *_heading(tensor, group, full_box, words.STRONG, full_box.width)]

    def band(self, band: Band) -> list[Mark]:
        """A band with its letter, its range, and the traced weight if it has it."""
        box, (printed, span) = self.boxes[band.gate], self.ranges[band.gate]
        is_traced, is_column = band.gate == TRACED_GATE, box.height == COLUMN_HEIGHT
        level, middle = box.y + 15, box.x + box.width / 2
        lower = level + 18 if is_column else level
        look = styles.BAND.strong if is_traced else styles.BAND.plain
        chip = styles.emphasized(
            box._replace(
                radius=4,
                fill=f"{TERMS[band.gate].role}:{look.tint}",
                id=f"{self.id}-{band.gate}",
                term=band.gate,
                bound=(Node(band.of),),
            ),
            f'gate == "{TRACED_GATE}"' if is_traced else "",
        )
        marks: list[Mark] = [
            chip,
            words.label(
                middle if is_column else box.x + 13,
                level,
                band.letter,
                names={"gate": band.gate},
                of=[chip],
                along="row",
                style=words.GATE,
                anchor="middle",
                term=band.gate,
            ),
            words.label(
                middle if is_column else box.x + 24,
                lower,
                printed,
                names={band.key: span},
                of=[chip],
                along="row",
                style=words.FINE,
                fill="ink",
                anchor="middle" if is_column else "start",
            ),
        ]
        return [*marks, *self.traced_weight(box, lower + 20)] if is_traced else marks

    def traced_weight(self, box: Box, y: float) -> list[Mark]:
        """The index of the traced weight, and the weight beside or below it."""
        traced, is_below = self.side.traced, box.height in (STACKED_HEIGHT, COLUMN_HEIGHT)
        anchor: Anchor = "middle" if is_below else "start"
        x = box.x + (box.width / 2 if is_below else 9)
        index_width = words.width(traced.index_text, words.SMALL)
        number = words.number(
            x if is_below else x + index_width + 10,
            y + 18 if is_below else y,
            traced.number,
            max_chars=6,
            anchor=anchor,
            bold=True,
            id=traced.id,
            term=traced.term,
        )
        index = words.label(
            x,
            y,
            traced.index_text,
            names=traced.names,
            of=[number],
            style=words.FINE,
            fill="ink",
            anchor=anchor,
        )
        return [index, number]


def _heading(
    tensor: Tensor, marks: Group, box: Box, style: words.Style, width: float
) -> list[Mark]:
    """The name of a tensor above its marks, and its shape if it fits in a width."""
    middle = box.x + box.width / 2
    fits = words.width(tensor.name, style.size, bold=style.bold) <= box.width + 6
    name = words.label(
        middle,
        box.y - 31,
        tensor.name if fits else tensor.short,
        names={"tensor": tensor.short},
        of=[marks],
        style=style,
        anchor="middle",
        fill="ink",
    )
    shape = words.label(
        middle,
        box.y - 13,
        str(tensor.shape),
        names={"shape": ",".join(map(str, tensor.shape))},
        of=[marks],
        style=words.FINE,
        anchor="middle",
    )
    return [name, shape] if shape.width <= width - 2 else [name]
