"""The tensors of a message: a row for each tensor, a column for each axis."""

from collections.abc import Mapping
from dataclasses import dataclass

from ...layout import styles, words
from ...layout.blocks import SIGN_RADIUS, Block, verdict_sign
from ...layout.shapes import Point, arrow
from ...model.reference import Number
from ...proof.bindings import Flow, Sentence
from ...scene.marks import Box, Mark, Text
from .message import BLANK, Row

AxisSizes = list[tuple[str, Number | str | None]]
"""The axes of a tensor, each with its size: a number, a word, `BLANK`, or None if it is missing."""

MAX_TILE_WIDTH, GAP, TILE_HEIGHT = 160.0, 6.0, 36.0
"""The largest width of a tile, the gap beside it, and its height."""
AXIS_NAME_HEIGHT = 20.0
"""The height of the name of an axis, above its tile."""
ROW_NAME_HEIGHT, REMARK_HEIGHT, ROW_GAP = 26.0, 24.0, 18.0
"""The heights of the name of a row, if it is above the tiles, and of a remark below them; the
space between rows."""
HALF_LINE = words.LINE_HEIGHT / 2
"""The distance of the top of a line of text from its middle."""
SIGN_GAP, STATUS_GAP = 7.0, 12.0
"""The gaps right of the sign of a row, and between its status and the name of its tensor."""
AXIS_NAME_RISE, REMARK_DROP = 10.0, 4.0
"""The middle of the name of an axis above its tile, and the top of a remark below it."""
WRAP_SLACK = 2.0
"""What a remark may be wider than its words, so that rounding breaks no line."""
TILE_RADIUS, TINT_PERCENT = 5.0, 14
"""The radius of the corners of a tile, and how strong the colour of a marked one is."""
ARROW_GAP = 1.0
"""The gaps at both ends of an arrow."""
NAMES_WIDTH, MIN_TILE_WIDTH = 140.0, 84.0
"""The width of the column of row names, which is used only if tiles have this minimum width."""
PAINTS = {"given": "rule", "expected": "pos", "got": "neg"}
"""Status of a row -> the paint of its marked tiles."""
AXIS_KEYS = {
    "seq_len": "step",
    "batch": "sample",
    "input_size": "input",
    "hidden_size": "unit",
    "size": "unit",
    "parts": "part",
    "4·hidden_size": "row",
    "features": "feature",
    "classes": "class",
    "one": "more",
}
"""Axis -> the key of its label."""


@dataclass(frozen=True)
class Rows:
    """The rows of a message, and their places.

    Attributes:
        rows: Each tensor with the sizes of its axes.
        names: Axis -> its label, for axes whose label is not their name.
        space: The width of the drawing.
    """

    rows: list[tuple[Row, AxisSizes]]
    names: Mapping[str, str]
    space: float

    @property
    def columns(self) -> int:
        """The number of columns: the largest number of axes."""
        return max(len(row.axes) for row, _ in self.rows)

    @property
    def left(self) -> float:
        """The left of the tiles; 0 if the names of rows are above them."""
        total_width = NAMES_WIDTH + self.columns * (MIN_TILE_WIDTH + GAP) - GAP
        return NAMES_WIDTH if total_width <= self.space else 0.0

    @property
    def tile_width(self) -> float:
        """The width of a tile."""
        across = self.space - self.left + GAP
        return min(MAX_TILE_WIDTH, across / self.columns - GAP)

    @property
    def right(self) -> float:
        """The right edge of a full row of tiles."""
        return self.left + self.columns * (self.tile_width + GAP) - GAP

    def block(self) -> Block:
        """Draw all rows."""
        marks: list[Mark] = []
        # The row above, with the place of each tile.
        row_above: tuple[Row, dict[str, Point]] | None = None
        y = 0.0
        for row_index, (row, sizes) in enumerate(self.rows):
            y += 0 if self.left else ROW_NAME_HEIGHT
            places = {
                axis: (self.left + k * (self.tile_width + GAP), y + AXIS_NAME_HEIGHT)
                for k, axis in enumerate(row.axes)
            }
            marks += self._name(row, y)
            # Names of rows, or a remark, are where the arrow would be.
            if row_above and self.left and not row.remark:
                marks += self._copy_arrow(*row_above, row, places, row_index)
            marks += self._tiles(row, sizes, row_index, places)
            row_above = row, places
            y += AXIS_NAME_HEIGHT + TILE_HEIGHT
            if row.remark:
                marks.append(self._remark(row, places, y))
                y += REMARK_HEIGHT
            y += ROW_GAP
        return Block(self.space, y - ROW_GAP, tuple(marks))

    def _name(self, row: Row, y: float) -> list[Mark]:
        """Print the status of a row and the name of its tensor.

        They are two lines beside the tiles, or one line above them.
        """
        has_sign = row.status != "given"
        middle = y + AXIS_NAME_HEIGHT + TILE_HEIGHT / 2 if self.left else y - HALF_LINE
        level = middle - HALF_LINE if self.left else middle
        start = 2 * SIGN_RADIUS + SIGN_GAP if has_sign else 0.0
        marks: list[Mark] = []
        if has_sign:
            marks.append(verdict_sign(SIGN_RADIUS, level, right=row.status == "expected"))
        status, _ = words.paragraph(
            start, level - HALF_LINE, Sentence(row.status), NAMES_WIDTH, fill="ink", bold=True
        )
        name_x, name_middle = 0.0, middle + HALF_LINE
        if not self.left:
            name_x = start + words.width(row.status, bold=True) + STATUS_GAP
            name_middle = middle
        name = Text(
            name_x,
            name_middle + words.middle_to_baseline(words.LABEL),
            row.name,
            words.LABEL,
            fill="muted",
            mono=True,
            bound=(Sentence(row.name).says,),
        )
        return [*marks, status, name]

    def _tiles(
        self, row: Row, sizes: AxisSizes, row_index: int, places: Mapping[str, Point]
    ) -> list[Mark]:
        """Draw the tiles of a row, with the names and sizes of its axes."""
        marks: list[Mark] = []
        for k, (axis, size) in enumerate(sizes):
            if size == BLANK:
                continue
            x, y = places[axis]
            name_y = y - AXIS_NAME_RISE
            middle, is_marked = x + self.tile_width / 2, axis in row.marked_axes
            id = f"{row.status}-{row_index}-{k}"
            tile = self._tile(row, axis, size, x, y)
            if isinstance(size, Number):
                printed = words.number(
                    middle,
                    y + TILE_HEIGHT / 2,
                    size,
                    size=words.LETTER,
                    decimals=0,
                    bold=is_marked,
                    id=id,
                    term=row.term,
                )
                name = self._axis(row, axis, middle, name_y, printed)
                marks += [name, tile, styles.emphasized(printed, self._condition(row, axis))]
                continue
            marks += [self._bare_axis(row, axis, middle, name_y), tile]
            if size is not None:
                word, _ = words.paragraph(
                    middle,
                    y + TILE_HEIGHT / 2 - HALF_LINE,
                    Sentence(size),
                    self.tile_width,
                    anchor="middle",
                    fill="ink",
                    bold=is_marked,
                )
                marks.append(word)
        return marks

    def _bare_axis(self, row: Row, axis: str, x: float, y: float) -> Mark:
        """Print the name of an axis whose size is not a number."""
        is_marked = axis in row.marked_axes
        paragraph, _ = words.paragraph(
            x,
            y - HALF_LINE,
            Sentence(self.names.get(axis, axis)),
            2 * self.tile_width,
            size=words.SMALL,
            anchor="middle",
            fill="ink" if is_marked else "muted",
            bold=is_marked,
        )
        return paragraph

    def _axis(self, row: Row, axis: str, x: float, y: float, printed: Text) -> Mark:
        """Print the name of an axis, as a label of its size."""
        is_marked = axis in row.marked_axes
        names: dict[str, object] = {"axis": AXIS_KEYS.get(axis, axis)}
        if axis.startswith("sequence "):
            names = {"sample": axis.removeprefix("sequence ")}
        return words.label(
            x,
            y,
            self.names.get(axis, axis),
            names=names,
            of=[printed],
            style=words.FINE_STRONG if is_marked else words.FINE,
            fill="ink" if is_marked else "muted",
            anchor="middle",
        )

    def _condition(self, row: Row, axis: str) -> str:
        """Return the condition that selects the marked axes of a row; empty for others."""
        if axis not in row.marked_axes:
            return ""
        if axis.startswith("sequence "):
            samples = [int(marked.removeprefix("sequence ")) for marked in row.marked_axes]
            return f"sample in {samples}"
        return f"axis in {[AXIS_KEYS.get(marked, marked) for marked in row.marked_axes]}"

    def _tile(self, row: Row, axis: str, size: Number | str | None, x: float, y: float) -> Mark:
        """Draw the tile of an axis, marked if the message is about it.

        A missing axis has a dashed outline.
        """
        is_marked = axis in row.marked_axes
        paint = PAINTS[row.status] if is_marked else "rule"
        fill = "panel"
        if is_marked and row.status != "given":
            fill = f"{paint}:{TINT_PERCENT}"
        look = styles.BOX.strong if is_marked else styles.BOX.plain
        tile = Box(
            x,
            y,
            self.tile_width + (GAP if row.is_joined else 0),
            TILE_HEIGHT,
            radius=0 if row.is_joined else TILE_RADIUS,
            fill=None if size is None else fill,
            # The paint of given tiles is too pale for a marked one.
            stroke="muted" if paint == "rule" and is_marked else paint,
            stroke_width=look.weight,
            dash=styles.BOX.muted.dash if size is None else "",
        )
        # A condition is an expression, which only a number has as well.
        return styles.emphasized(
            tile, self._condition(row, axis) if isinstance(size, Number) else ""
        )

    def _copy_arrow(
        self,
        row_above: Row,
        from_places: Mapping[str, Point],
        row: Row,
        places: Mapping[str, Point],
        row_index: int,
    ) -> list[Mark]:
        """Draw an arrow from the size of a given axis to the expected size."""
        if row_above.status != "given" or not (row_above.marked_axes and row.marked_axes):
            return []
        left, top = from_places[row_above.marked_axes[0]]
        end_left, end_top = places[row.marked_axes[0]]
        x, end_x = left + self.tile_width / 2, end_left + self.tile_width / 2
        y, end_y = top + TILE_HEIGHT + ARROW_GAP, end_top - AXIS_NAME_HEIGHT - ARROW_GAP
        bend = (end_y - y) / 2
        line = arrow(
            (x, y), (x, y + bend), (end_x, end_y - bend), (end_x, end_y), paint="pos", curve=True
        )
        tail, head = (
            f"{tensor.status}-{k}-{[*tensor.axes].index(tensor.marked_axes[0])}"
            for k, tensor in ((row_index - 1, row_above), (row_index, row))
        )
        return [line._replace(bound=(Flow("copies", tail, head),))]

    def _remark(self, row: Row, places: Mapping[str, Point], y: float) -> Mark:
        """Print the remark below the marked axes, inside the row."""
        lefts = [places[axis][0] for axis in row.marked_axes]
        middle = (min(lefts) + max(lefts) + self.tile_width) / 2
        word_width = words.width(row.remark, bold=True)
        left = max(self.left, min(middle - word_width / 2, self.right - word_width))
        paragraph, _ = words.paragraph(
            left,
            y + REMARK_DROP,
            Sentence(row.remark),
            word_width + WRAP_SLACK,
            fill="neg" if row.status == "got" else "ink",
            bold=True,
        )
        return paragraph
