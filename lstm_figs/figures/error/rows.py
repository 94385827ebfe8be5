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
        """All rows."""
        marks: list[Mark] = []
        before: tuple[Row, dict[str, Point]] | None = None
        y = 0.0
        for row_index, (row, sizes) in enumerate(self.rows):
            y += 0 if self.left else ROW_NAME_HEIGHT
            places = {
                axis: (self.left + k * (self.tile_width + GAP), y + AXIS_NAME_HEIGHT)
                for k, axis in enumerate(row.axes)
            }
            marks += self._name(row, y)
            if before and self.left and not row.remark:
                marks += self._copy_arrow(*before, row, places, row_index)
            marks += self._tiles(row, sizes, row_index, places)
            before = row, places
            y += AXIS_NAME_HEIGHT + TILE_HEIGHT
            if row.remark:
                marks.append(self._remark(row, places, y))
                y += REMARK_HEIGHT
            y += ROW_GAP
        return Block(self.space, y - ROW_GAP, tuple(marks))

    def _name(self, row: Row, y: float) -> list[Mark]:
        """The status of a row and the name of its tensor."""
        has_sign = row.status != "given"
        middle = y + AXIS_NAME_HEIGHT + TILE_HEIGHT / 2 if self.left else y - HALF_LINE
        level = middle - HALF_LINE if self.left else middle
        start = 2 * SIGN_RADIUS + 7 if has_sign else 0.0
        marks: list[Mark] = []
        if has_sign:
            marks.append(verdict_sign(SIGN_RADIUS, level, right=row.status == "expected"))
        status, _ = words.paragraph(
            start, level - HALF_LINE, Sentence(row.status), NAMES_WIDTH, fill="ink", bold=True
        )
        after = start + words.width(row.status, bold=True) + 12
        x, at = (0.0, middle + HALF_LINE) if self.left else (after, middle)
        name = Text(
            x,
            at + words.middle_to_baseline(words.LABEL),
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
        """The tiles of a row, with the names and sizes of its axes."""
        marks: list[Mark] = []
        for k, (axis, size) in enumerate(sizes):
            if size == BLANK:
                continue
            x, y = places[axis]
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
                name = self._axis(row, axis, middle, y - 10, printed)
                marks += [name, tile, styles.emphasized(printed, self._condition(row, axis))]
                continue
            marks += [self._bare_axis(row, axis, middle, y - 10), tile]
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
        """The name of an axis whose size is not a number."""
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
        """The name of an axis, as a label of its size."""
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
        """The condition that selects the marked axes of a row."""
        if axis not in row.marked_axes:
            return ""
        if axis.startswith("sequence "):
            samples = [int(mark.removeprefix("sequence ")) for mark in row.marked_axes]
            return f"sample in {samples}"
        return f"axis in {[AXIS_KEYS.get(mark, mark) for mark in row.marked_axes]}"

    def _tile(self, row: Row, axis: str, size: Number | str | None, x: float, y: float) -> Mark:
        """The tile of one axis: its size, marked if the message is about it."""
        is_marked = axis in row.marked_axes
        paint = PAINTS[row.status] if is_marked else "rule"
        fill = "panel"
        if is_marked and row.status != "given":
            fill = f"{paint}:14"
        look = styles.BOX.strong if is_marked else styles.BOX.plain
        tile = Box(
            x,
            y,
            self.tile_width + (GAP if row.is_joined else 0),
            TILE_HEIGHT,
            radius=0 if row.is_joined else 5,
            fill=None if size is None else fill,
            stroke="muted" if paint == "rule" and is_marked else paint,
            stroke_width=look.weight,
            dash=styles.BOX.muted.dash if size is None else "",
        )
        bound = isinstance(size, Number)
        return styles.emphasized(tile, self._condition(row, axis) if bound else "")

    def _copy_arrow(
        self,
        row_above: Row,
        from_places: Mapping[str, Point],
        row: Row,
        places: Mapping[str, Point],
        row_index: int,
    ) -> list[Mark]:
        """An arrow from the size of a given axis to the expected size."""
        if row_above.status != "given" or not (row_above.marked_axes and row.marked_axes):
            return []
        (left, top), (end_left, end_top) = (
            from_places[row_above.marked_axes[0]],
            places[row.marked_axes[0]],
        )
        x, end_x = (edge + self.tile_width / 2 for edge in (left, end_left))
        y, end_y = top + TILE_HEIGHT + 1, end_top - AXIS_NAME_HEIGHT - 1
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
        """The remark below the marked axes, inside the row."""
        lefts = [places[axis][0] for axis in row.marked_axes]
        middle = (min(lefts) + max(lefts) + self.tile_width) / 2
        word_width = words.width(row.remark, bold=True)
        left = max(self.left, min(middle - word_width / 2, self.right - word_width))
        paragraph, _ = words.paragraph(
            left,
            y + 4,
            Sentence(row.remark),
            word_width + 2,
            fill="neg" if row.status == "got" else "ink",
            bold=True,
        )
        return paragraph
