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
LETTER_X, RANGE_X, WEIGHT_X = 13.0, 24.0, 9.0
"""From the left of a band of rows to the middle of its letter, and to the left of its
range and of the index of the traced weight."""
FIRST_LINE, LINE_PITCH, LAST_LINE_PITCH = 15.0, 18.0, 20.0
"""From the top of a band to the middle of its letter, and from one line to the next; the
last is from the range to the index of the traced weight."""
NAME_HEIGHT, SHAPE_HEIGHT = 31.0, 13.0
"""From the top of the bands up to the middle of a tensor's name, and of its shape."""


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
        first_only = {band.gate: (str(band.first), str(band.first)) for band in self.side.bands}
        full_ranges = {
            band.gate: (f"{band.first}–{band.last}", f"{band.first}..{band.last}")
            for band in self.side.bands
            if band.first < band.last
        }
        fits = all(
            words.width(printed, words.SMALL) <= self.label_width(gate)
            for gate, (printed, _) in full_ranges.items()
        )
        # A band with a single row has no full range.
        return {**first_only, **full_ranges} if fits else first_only

    def label_width(self, gate: str) -> float:
        """The space for the range of a band."""
        box = self.boxes[gate]
        # A range is below the letter in a column, and beside it in a row.
        return box.width - (4 if _is_column(box) else RANGE_X + 2)

    def marks(self) -> list[Mark]:
        """All bands, and the names of their tensors."""
        if self.by_gate:
            # Either all bands have the shape of their tensor above them, or none has.
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
        is_traced, is_column = band.gate == TRACED_GATE, _is_column(box)
        level, middle = box.y + FIRST_LINE, box.x + box.width / 2
        range_level = level + LINE_PITCH if is_column else level
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
                middle if is_column else box.x + LETTER_X,
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
                middle if is_column else box.x + RANGE_X,
                range_level,
                printed,
                names={band.key: span},
                of=[chip],
                along="row",
                style=words.FINE,
                fill="ink",
                anchor="middle" if is_column else "start",
            ),
        ]
        if not is_traced:
            return marks
        return [*marks, *self.traced_weight(box, range_level + LAST_LINE_PITCH)]

    def traced_weight(self, box: Box, y: float) -> list[Mark]:
        """The index of the traced weight, and the weight beside or below it."""
        traced, is_below = self.side.traced, box.height in (STACKED_HEIGHT, COLUMN_HEIGHT)
        anchor: Anchor = "middle" if is_below else "start"
        x = box.x + (box.width / 2 if is_below else WEIGHT_X)
        index_width = words.width(traced.index_text, words.SMALL)
        number = words.number(
            x if is_below else x + index_width + 10,
            y + LINE_PITCH if is_below else y,
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


def _is_column(box: Box) -> bool:
    """Whether a band is a column; no band of rows is as high."""
    return box.height == COLUMN_HEIGHT


def _heading(
    tensor: Tensor, marks: Group, box: Box, style: words.Style, width: float
) -> list[Mark]:
    """The name of a tensor above its marks, and its shape if it fits in a width."""
    middle = box.x + box.width / 2
    # The name may be a little wider than the bands, which are apart.
    fits = words.width(tensor.name, style.size, bold=style.bold) <= box.width + 6
    name = words.label(
        middle,
        box.y - NAME_HEIGHT,
        tensor.name if fits else tensor.short,
        names={"tensor": tensor.short},
        of=[marks],
        style=style,
        anchor="middle",
        fill="ink",
    )
    shape = words.label(
        middle,
        box.y - SHAPE_HEIGHT,
        str(tensor.shape),
        names={"shape": ",".join(map(str, tensor.shape))},
        of=[marks],
        style=words.FINE,
        anchor="middle",
    )
    return [name, shape] if shape.width <= width - 2 else [name]
