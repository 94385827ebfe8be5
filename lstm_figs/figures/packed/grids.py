"""Sequences as rows of cells: padded, sorted by length, and packed column by column."""

from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

from ...layout import styles, words
from ...layout.blocks import Block
from ...layout.shapes import Point, arrow
from ...model.reference import Number
from ...proof.bindings import Along, Flow, Node, Sentence, sentence
from ...scene import metrics
from ...scene.marks import Box, Group, Mark, Path, shift
from .fields import fields, tones, updates_of
from .packing import DATA, PADDED, SORTED, Packing

GUTTER_WIDTH, STEPS_HEIGHT, HEADING_LINE = 36.0, 44.0, 17.0
"""The width left of the padded batch, the height of the title and step numbers above rows,
and the height of a second line of the title."""
STEP_NUMBERS_OFFSET = 10.0
"""From the rows up to the middle of the step numbers."""
ARROWS_WIDTH, NARROW_ARROWS_WIDTH, STEP_GAP = 56.0, 44.0, 16.0
"""The width of the arrows between rows, usually and if the drawing is compact, and the gap
between two steps of data."""
MIN_STEP_GAP, MAX_STEP_GAP = 8.0, 40.0
"""The least and the largest gap between two steps of data in one line."""
PADDED_WIDTH, SORTED_WIDTH, COMPACT_WIDTH = 164.0, 240.0, 110.0
"""The widths of the words above the padded and the sorted rows, and above either if the
drawing is compact."""
CELL, NARROW_CELL, CELL_GAP = 28.0, 24.0, 2.0
"""The size of a cell, usually and in a narrow figure, and the gap between two."""
NARROWEST_WIDE = 400.0
"""In a drawing of less width, cells are smaller and titles are above their counts."""
FRAME_GAP, COMPACT_FRAME_GAP = 26.0, 34.0
"""The gap between rows and what is below them; and for bent arrows."""
PADDING, NARROW_PADDING = 14.0, 10.0
"""The space inside the frame."""
DATA_TOP, DATA_TOP_BELOW_STEPS = 30.0, 48.0
"""From the top of the frame to the first cells: usually, and below names of steps."""
SIZE_OFFSET, NAMED_SIZE_OFFSET = 20.0, 40.0
"""From cells of data down to the middle of batch sizes: usually, and past their name."""
FIELDS_GAP = 24.0
"""From batch sizes down to the fields of indices."""
BRACKET_HEIGHT, BRACKET_INSET = 4.0, 2.0
"""The height of a bracket below cells, which is also its distance from them, and how much
shorter it is at both ends."""
END_GAP = 3.0
"""Between the end of an arrow and a cell."""
STEP_WORD_WIDTH = 44.0
"""Columns at least this far apart have the word "step" before each number."""
ARROW_GAP = 8.0
"""The gap between an arrow and the word beside it."""


def grids(packing: Packing, space: float) -> Block:
    """Draw the padded batch, its rows sorted by length, and the packed data.

    If data fits in one line, each column is above its part of data.
    """
    padding = PADDING if space > NARROWEST_WIDE else NARROW_PADDING
    return _Grids(packing, space - padding, padding).block()


@dataclass(frozen=True)
class _Grids:
    """The layout of the figure for batches that are small enough to print.

    Attributes:
        packing: The batch.
        space: The right edge of the cells.
        padding: The space inside the frame.
    """

    packing: Packing
    space: float
    padding: float

    @property
    def is_wide(self) -> bool:
        """Whether cells have their full size."""
        return self.space > NARROWEST_WIDE

    @property
    def cell(self) -> float:
        """The size of a cell."""
        return CELL if self.is_wide else NARROW_CELL

    @property
    def pitch(self) -> float:
        """The distance between two cells."""
        return self.cell + CELL_GAP

    @property
    def row_width(self) -> float:
        """The width of a row of all steps."""
        return self.packing.steps * self.pitch - CELL_GAP

    @cached_property
    def is_aligned(self) -> bool:
        """Whether the sorted rows are right of the padded ones, and in line with data."""
        sorted_left = GUTTER_WIDTH + max(PADDED_WIDTH, self.row_width) + ARROWS_WIDTH
        right = sorted_left + max(self.row_width, PADDED_WIDTH, SORTED_WIDTH)
        return self.is_wide and right <= self.space

    @cached_property
    def is_compact(self) -> bool:
        """Whether the sorted rows are right of the padded ones in a narrow figure.

        Then data begins further left than they do.
        """
        width = max(COMPACT_WIDTH, self.row_width)
        right = GUTTER_WIDTH + width + NARROW_ARROWS_WIDTH + width
        return not self.is_wide and right <= self.space

    @property
    def sorted_left(self) -> float:
        """The left edge of the sorted rows, unless they are in line with data."""
        if self.is_aligned:
            return GUTTER_WIDTH + max(PADDED_WIDTH, self.row_width) + ARROWS_WIDTH
        if self.is_compact:
            return GUTTER_WIDTH + max(COMPACT_WIDTH, self.row_width) + NARROW_ARROWS_WIDTH
        return GUTTER_WIDTH

    @cached_property
    def fits_one_line(self) -> bool:
        """Whether data fits in one line below the sorted rows."""
        sizes = self.packing.batch_sizes
        needed = sum(sizes) * self.pitch + (len(sizes) - 1) * MIN_STEP_GAP
        return self.data_left + needed <= self.space

    @property
    def data_left(self) -> float:
        """The left edge of data."""
        return self.sorted_left if self.is_aligned else self.padding

    @cached_property
    def groups(self) -> list[tuple[float, float, int]]:
        """The left edge, the width and the line (counted from 0) of each step of data."""
        sizes = self.packing.batch_sizes
        first = self.data_left if self.fits_one_line else self.padding
        widths = [size * self.pitch - CELL_GAP for size in sizes]
        gap = STEP_GAP
        if self.fits_one_line and len(sizes) > 1:
            spare = self.space - first - sum(widths)
            gap = min(MAX_STEP_GAP, spare / (len(sizes) - 1))
        groups, x, line = [], first, 0
        for width in widths:
            if x > first and x + width > self.space + 0.1:
                x, line = first, line + 1
            groups.append((x, width, line))
            x += width + gap
        return groups

    @property
    def rows_height(self) -> float:
        """The height of rows, with their title and step numbers."""
        return self.steps_height + self.packing.count * self.pitch - CELL_GAP

    @property
    def steps_height(self) -> float:
        """The height of the title and step numbers above rows."""
        return STEPS_HEIGHT + (HEADING_LINE if self.is_compact else 0)

    @property
    def has_side_names(self) -> bool:
        """Whether the names of fields fit left of data."""
        return self.fits_one_line and self.is_aligned

    @property
    def frame_padding(self) -> float:
        """The space in the frame above the first cells."""
        return DATA_TOP if self.fits_one_line else DATA_TOP_BELOW_STEPS

    def sizes_offset(self, line: int) -> float:
        """Return how far batch sizes are below their cells; names are between in line 0."""
        return SIZE_OFFSET if self.has_side_names or line else NAMED_SIZE_OFFSET

    def line_top(self, line: int) -> float:
        """Return the top edge of a line of data."""
        # Steps have names above the cells if they are not in line with columns.
        gap = 10 if self.fits_one_line else 36
        line_height = self.cell + self.sizes_offset(1) + gap
        # The first line is higher by the names in it.
        extra = self.sizes_offset(0) - self.sizes_offset(line)
        return self.frame_padding + line * line_height + extra

    def block(self) -> Block:
        """Draw the figure."""
        is_beside = self.is_aligned or self.is_compact
        top = 0.0 if is_beside else self.rows_height + FRAME_GAP
        gap = COMPACT_FRAME_GAP if self.is_compact else FRAME_GAP
        frame = top + self.rows_height + gap
        marks: list[Mark] = [
            *self._padded(),
            *self._sorted(top),
            *self._row_arrows(top),
            *self._column_arrows(top, frame),
            *(shift(mark, 0, frame) for mark in self._data()),
        ]
        inside = fields(
            self.packing,
            ("sorted_indices", "unsorted_indices"),
            self.space - self.padding,
            # The cells of these fields begin at the same x as those of data.
            self.data_left - self.padding if self.has_side_names else 0,
        )
        *_, (_, _, last_line) = self.groups
        sizes_middle = self.line_top(last_line) + self.cell + self.sizes_offset(last_line)
        y = frame + sizes_middle + FIELDS_GAP
        marks += [shift(mark, self.padding, y) for mark in inside.marks]
        width, height = self.space + self.padding, y + inside.height + self.padding
        box = Box(0, frame, width, height - frame, radius=10, stroke="rule")
        return Block(width, height, (box, *marks))

    def _cell(self, x: float, y: float, of: Number, sequence: Number, id: str) -> list[Mark]:
        """Draw one step of a sequence, identified by its number and its fill.

        Args:
            x: The left edge.
            y: The top edge.
            of: The value of the sequence at that step.
            sequence: The number of the sequence.
            id: The id of the number.
        """
        fill, ink = tones(self.packing, int(sequence.value))
        return [
            Box(
                x,
                y,
                self.cell,
                self.cell,
                radius=3,
                fill=fill,
                stroke="muted",
                id=f"{id}-cell",
                bound=(Node(of.expr),),
            ),
            words.number(
                x + self.cell / 2,
                y + self.cell / 2,
                sequence,
                decimals=0,
                fill=ink,
                id=id,
                term="x",
            ),
        ]

    def _heading(self, x: float, y: float, title: Sentence, updates: Number) -> list[Mark]:
        """Draw a title, and the number of cell updates."""
        name, _ = words.paragraph(x, y, title, 200, fill="ink", bold=True)
        if self.is_compact:
            count, _ = words.paragraph(x, y + HEADING_LINE, updates_of(updates), 200)
        else:
            count_left = x + words.width(title.text, bold=True) + 10
            count, _ = words.paragraph(count_left, y, updates_of(updates), 200)
        return [name, count]

    def _steps(self, lefts: list[float], y: float, id: str, *, worded_count: int = 0) -> list[Mark]:
        """Draw step numbers; the first `worded_count` have the word "step" before them."""
        return [
            words.label(
                x + self.cell / 2,
                y + self.steps_height - STEP_NUMBERS_OFFSET,
                f"step {t + 1}" if t < worded_count else str(t + 1),
                names={"step": t + 1},
                of=[f"{id}-{t}-*"],
                along="column",
                style=words.FINE,
                anchor="middle",
            )
            for t, x in enumerate(lefts)
        ]

    def _padded(self) -> list[Mark]:
        """Draw the padded batch."""
        packing = self.packing
        lefts = [GUTTER_WIDTH + t * self.pitch for t in range(packing.steps)]
        padded, _ = packing.updates
        marks = self._heading(GUTTER_WIDTH, 0, sentence("padded"), padded)
        marks.append(_step_word(self.steps_height - STEP_NUMBERS_OFFSET))
        marks += self._steps(lefts, 0, "padded")
        for n, length in enumerate(packing.lengths):
            y = self.steps_height + n * self.pitch
            for t, x in enumerate(lefts[:length]):
                sequence, id = packing.number(t, n), f"padded-{t}-{n}"
                marks += self._cell(x, y, packing.padded(t, n), sequence, id)
            marks += self._padding(n, y)
            marks.append(
                Box(
                    GUTTER_WIDTH,
                    y,
                    self.row_width,
                    self.cell,
                    id=f"given-{n}",
                    bound=(Node(PADDED[:length, n]),),
                )
            )
        return marks

    def _padding(self, n: int, y: float) -> list[Mark]:
        """Draw the padding of a sequence, with its name where it is longest."""
        packing = self.packing
        length = packing.lengths[n]
        if length == packing.steps:
            return []
        left = GUTTER_WIDTH + length * self.pitch
        width = GUTTER_WIDTH + self.row_width - left
        dash = styles.CELL.muted.dash
        box = Box(left, y, width, self.cell, radius=3, stroke="muted", dash=dash)
        is_longest = n == packing.lengths.index(min(packing.lengths))
        if not is_longest or words.width("padding", words.SMALL) + 4 > width:
            return [box]
        name, _ = words.paragraph(
            left + width / 2,
            y + (self.cell - words.line_height(words.SMALL)) / 2,
            sentence("padding", claim="not padded[padding].any()"),
            width,
            size=words.SMALL,
            anchor="middle",
        )
        return [box, name]

    def _columns(self) -> list[float]:
        """Return the left edge of each column of the sorted rows."""
        if self.fits_one_line and not self.is_compact:
            return [x + (width - self.cell) / 2 for x, width, _ in self.groups]
        return [self.sorted_left + t * self.pitch for t in range(self.packing.steps)]

    def _sorted(self, top: float) -> list[Mark]:
        """Draw the rows sorted by length."""
        packing, lefts = self.packing, self._columns()
        _, packed = packing.updates
        start = lefts[0]
        marks = self._heading(start, top, sentence("sorted by length"), packed)
        worded_count = 0
        if all(b - a >= STEP_WORD_WIDTH for a, b in pairwise(lefts)):
            worded_count = len(lefts)
        elif start < GUTTER_WIDTH:
            # There is no space for the word left of the numbers.
            worded_count = 1
        elif not (self.is_aligned or self.is_compact):
            marks.append(_step_word(top + self.steps_height - STEP_NUMBERS_OFFSET))
        marks += self._steps(lefts, top, "ordered", worded_count=worded_count)
        for k, n in enumerate(packing.order):
            y = top + self.steps_height + k * self.pitch
            middle, length = y + self.cell / 2, packing.lengths[n]
            last = lefts[length - 1] + self.cell
            marks += [
                Path((("M", (start, middle)), ("L", (last, middle))), stroke="rule"),
                Box(
                    start,
                    y,
                    last - start,
                    self.cell,
                    id=f"taken-{k}",
                    bound=(Node(SORTED[:length, k]),),
                ),
            ]
            for t in range(length):
                marks += self._cell(
                    lefts[t],
                    y,
                    packing.ordered(t, k),
                    packing.ordered_number(t, k),
                    f"ordered-{t}-{k}",
                )
        return marks

    def _row_arrows(self, top: float) -> list[Mark]:
        """Draw arrows from the padded rows to the sorted ones."""
        if not (self.is_aligned or self.is_compact):
            return []
        start = GUTTER_WIDTH + self.row_width + 2 * CELL_GAP
        end = self._columns()[0] - END_GAP
        bend = min(40.0, (end - start) * 0.45)
        marks: list[Mark] = []
        for k, n in enumerate(self.packing.order):
            y, end_y = (
                top + self.steps_height + place * self.pitch + self.cell / 2 for place in (n, k)
            )
            # The last piece is straight, as long as the head of the arrow.
            points = (start + bend, y), (end - bend - 6, end_y), (end, end_y)
            line = arrow((start, y), *points, curve=True)
            flow = Flow("copies", f"given-{n}", f"taken-{k}")
            marks.append(line._replace(bound=(flow,)))
        return marks

    def _column_arrows(self, top: float, frame: float) -> list[Mark]:
        """Draw arrows from each column to its part of data."""
        marks: list[Mark] = []
        first = 0
        for t, (x, width, line) in enumerate(self.groups):
            size = self.packing.batch_sizes[t]
            height, y = size * self.pitch - CELL_GAP, top + self.steps_height
            left = self._columns()[t]
            bottom = frame + self.line_top(line)
            column, part = SORTED[t, :size], DATA[first : first + size]
            marks += [
                Box(left, y, self.cell, height, id=f"column-{t}", bound=(Node(column),)),
                Box(x, bottom, width, self.cell, id=f"group-{t}", bound=(Node(part),)),
            ]
            if self.fits_one_line:
                start = (left + self.cell / 2, y + height + END_GAP)
                end = (x + width / 2, bottom - END_GAP)
                flow = Flow("copies", f"column-{t}", f"group-{t}")
                marks.append(self._column_arrow(start, end)._replace(bound=(flow,)))
            first += size
        return marks

    def _column_arrow(self, start: Point, end: Point) -> Group:
        """Draw an arrow from a column to its part of data; bent if that is not below it."""
        if not self.is_compact:
            return arrow(start, end)
        (x, _), (end_x, end_y) = start, end
        turn = self.rows_height
        bends = (x, turn + (end_y - turn) / 2), (end_x, turn + (end_y - turn) / 3)
        return arrow(start, *bends, end, curve=True)

    def _data(self) -> list[Mark]:
        """Draw data and the batch sizes, with their names."""
        marks = [mark for t in range(len(self.groups)) for mark in self._step_data(t)]
        return marks + (self._side_names() if self.has_side_names else self._top_names())

    def _step_data(self, t: int) -> list[Mark]:
        """Draw a step of data, with the number of the sequence in each cell, and its size."""
        (x, width, line), sizes = self.groups[t], self.packing.batch_sizes
        y = self.line_top(line)
        first = sum(sizes[:t])  # The row of data where the step begins.
        marks: list[Mark] = []
        numbers: list[Mark] = []
        for k in range(sizes[t]):
            value, sequence = self.packing.data(first + k), self.packing.data_number(first + k)
            cell, number = self._cell(x + k * self.pitch, y, value, sequence, f"data-{first + k}")
            marks += [cell, number]
            numbers.append(number)
        size = words.number(
            x + width / 2,
            y + self.cell + self.sizes_offset(line),
            self.packing.field("batch_sizes")[t],
            decimals=0,
            id=f"batch_sizes-{t}",
            term="x",
        )
        marks += [_bracket(x, width, y + self.cell + BRACKET_HEIGHT), size]
        if self.fits_one_line:
            return marks
        step = words.label(
            x + width / 2,
            y - 10,
            f"step {t + 1}",
            names={"step": t + 1},
            of=[*numbers, size],
            style=words.FINE,
            anchor="middle",
        )
        return [step, *marks]

    def _side_names(self) -> list[Mark]:
        """Draw the title of the frame, and the names of data and batch sizes at the left."""
        title = sentence("PackedSequence")
        name, _ = words.paragraph(self.padding, 8, title, 200, fill="ink", bold=True)
        data = self.frame_padding + self.cell / 2
        sizes = data + self.cell / 2 + SIZE_OFFSET
        return [
            name,
            self._name("data", data, ["data-*"], "row"),
            self._name("batch_sizes", sizes, ["batch_sizes-*"], "row"),
        ]

    def _top_names(self) -> list[Mark]:
        """Draw the names of data and batch sizes above their first line."""
        sizes = self.packing.batch_sizes
        count = sum(line == 0 for *_, line in self.groups)
        data = [f"data-{j}" for j in range(sum(sizes[:count]))]
        size_ids = [f"batch_sizes-{t}" for t in range(count)]
        y = self.frame_padding + self.cell + 21
        return [
            self._name("data", 15, data, "block", self._data_name_left()),
            self._name("batch_sizes", y, size_ids, "block"),
        ]

    def _data_name_left(self) -> float:
        """Return the left edge of the name of data, which must not be below an arrow."""
        name_width = metrics.width("data", words.CODE.size, mono=True)
        middles = [x + width / 2 for x, width, _ in self.groups]
        first, second, *_ = *middles, self.space
        if not self.fits_one_line or self.padding + name_width + ARROW_GAP <= first:
            return self.padding
        return first + min(ARROW_GAP, (second - first - name_width) / 2)

    def _name(
        self, name: str, y: float, of: list[str], along: Along, x: float | None = None
    ) -> Mark:
        """Draw the name of a field, by default at the left."""
        return words.label(
            self.padding if x is None else x,
            y,
            name,
            names={"tensor": f"packed.{name}"},
            of=of,
            along=along,
            style=words.CODE,
            fill="ink",
        )


def _step_word(y: float) -> Mark:
    """Draw the word "step" left of the step numbers."""
    label, _ = words.paragraph(
        GUTTER_WIDTH - 6,
        y - words.line_height(words.SMALL) / 2,
        sentence("step"),
        GUTTER_WIDTH,
        size=words.SMALL,
        anchor="end",
    )
    return label


def _bracket(x: float, width: float, y: float) -> Mark:
    """A horizontal bracket."""
    return Path(
        (
            ("M", (x + BRACKET_INSET, y)),
            ("L", (x + BRACKET_INSET, y + BRACKET_HEIGHT)),
            ("L", (x + width - BRACKET_INSET, y + BRACKET_HEIGHT)),
            ("L", (x + width - BRACKET_INSET, y)),
        ),
        stroke="muted",
    )
