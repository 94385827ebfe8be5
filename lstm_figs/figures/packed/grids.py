"""Sequences as rows of cells: padded, sorted by length, and packed column by column."""

from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

from ...layout import styles, words
from ...layout.blocks import Block
from ...layout.shapes import arrow
from ...model.reference import Number
from ...proof.bindings import Along, Flow, Node, Sentence, sentence
from ...scene import metrics
from ...scene.marks import Box, Mark, Path, shift
from .fields import fields, tones, updates_of
from .packing import DATA, PADDED, SORTED, Packing

GUTTER_WIDTH, STEPS_HEIGHT = 36.0, 44.0
"""The width left of the padded batch, and the height of the title and step numbers above rows."""
ARROWS_WIDTH, STEP_GAP = 56.0, 16.0
"""The width of the arrows between rows, and the gap between two steps of data."""
HEADING_WIDTH = 240.0
"""The width of the words above the sorted rows."""
STEP_WORD_WIDTH = 44.0
"""Columns at least this far apart have the word "step" before each number."""
ARROW_GAP = 8.0
"""The gap between an arrow and the word beside it."""


def grids(packing: Packing, space: float) -> Block:
    """Draw the padded batch, its rows sorted by length, and the packed data.

    If data fits in one line, each column is above its part of data.
    """
    pad = 14.0 if space > 400 else 10.0
    return _Grids(packing, space - pad, pad).block()


@dataclass(frozen=True)
class _Grids:
    """The layout of the figure for batches that are small enough to print.

    Attributes:
        packing: The batch.
        space: The right edge of the cells.
        pad: The space inside the frame.
    """

    packing: Packing
    space: float
    pad: float

    @property
    def cell(self) -> float:
        """The size of a cell."""
        return 28.0 if self.space > 400 else 24.0

    @property
    def pitch(self) -> float:
        """The distance between two cells."""
        return self.cell + 2

    @property
    def padded(self) -> float:
        """The width of the padded batch, or of the words above it if these are wider."""
        return GUTTER_WIDTH + max(164.0, self.packing.steps * self.pitch - 2)

    @cached_property
    def is_side_by_side(self) -> bool:
        """Whether the sorted rows are right of the padded ones, not below."""
        right = self.padded + ARROWS_WIDTH + max(self.padded - GUTTER_WIDTH, HEADING_WIDTH)
        return self.space > 400 and right <= self.space

    @property
    def sorted_left(self) -> float:
        """The left edge of the sorted rows, unless they are aligned with data."""
        return self.padded + ARROWS_WIDTH if self.is_side_by_side else GUTTER_WIDTH

    @cached_property
    def fits_one_line(self) -> bool:
        """Whether data fits in one line below the sorted rows."""
        sizes = self.packing.batch_sizes
        needed = sum(sizes) * self.pitch + (len(sizes) - 1) * 8
        return self.data_left + needed <= self.space

    @property
    def data_left(self) -> float:
        """The left edge of data."""
        return self.sorted_left if self.is_side_by_side else self.pad

    @cached_property
    def groups(self) -> list[tuple[float, float, int]]:
        """The left edge, the width and the line of each step of data."""
        sizes = self.packing.batch_sizes
        first = self.data_left if self.fits_one_line else self.pad
        widths = [size * self.pitch - 2 for size in sizes]
        gap = STEP_GAP
        if self.fits_one_line and len(sizes) > 1:
            spare = self.space - first - sum(widths)
            gap = min(40.0, spare / (len(sizes) - 1))
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
        return STEPS_HEIGHT + self.packing.count * self.pitch - 2

    @property
    def has_side_names(self) -> bool:
        """Whether the names of fields fit left of data."""
        return self.fits_one_line and self.is_side_by_side

    @property
    def frame_padding(self) -> float:
        """The space in the frame above the first cells."""
        return 30.0 if self.fits_one_line else 48.0

    def sizes_offset(self, line: int) -> float:
        """Return how far batch sizes are below their cells; names are between in line 0."""
        return 20.0 if self.has_side_names or line else 40.0

    def line_top(self, line: int) -> float:
        """Return the top edge of a line of data."""
        line_height = self.cell + self.sizes_offset(1) + (10 if self.fits_one_line else 36)
        return (
            self.frame_padding + line * line_height + self.sizes_offset(0) - self.sizes_offset(line)
        )

    def block(self) -> Block:
        """Draw the figure."""
        top = 0.0 if self.is_side_by_side else self.rows_height + 26
        frame = top + self.rows_height + 26
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
            self.space - self.pad,
            # The cells of these fields begin at the same x as those of data.
            self.data_left - self.pad if self.has_side_names else 0,
        )
        last = self.groups[-1][2]
        y = frame + self.line_top(last) + self.cell + self.sizes_offset(last) + 24
        marks += [shift(mark, self.pad, y) for mark in inside.marks]
        height = y + inside.height + self.pad
        box = Box(0, frame, self.space + self.pad, height - frame, radius=10, stroke="rule")
        return Block(self.space + self.pad, height, (box, *marks))

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
        count = updates_of(updates)
        run_left = x + words.width(title.text, bold=True) + 10
        run, _ = words.paragraph(run_left, y, count, 200)
        return [name, run]

    def _steps(self, lefts: list[float], y: float, id: str, *, worded_count: int = 0) -> list[Mark]:
        """Draw step numbers; the first `worded_count` have the word "step" before them."""
        return [
            words.label(
                x + self.cell / 2,
                y + STEPS_HEIGHT - 10,
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
        marks.append(_step_word(STEPS_HEIGHT - 10))
        marks += self._steps(lefts, 0, "padded")
        for n, length in enumerate(packing.lengths):
            y = STEPS_HEIGHT + n * self.pitch
            for t, x in enumerate(lefts):
                if t < length:
                    sequence = packing.number(t, n)
                    id = f"padded-{t}-{n}"
                    marks += self._cell(x, y, packing.padded(t, n), sequence, id)
                    continue
                marks.append(
                    Box(
                        x,
                        y,
                        self.cell,
                        self.cell,
                        radius=3,
                        stroke="muted",
                        dash=styles.CELL.muted.dash,
                    )
                )
            marks.append(
                Box(
                    GUTTER_WIDTH,
                    y,
                    packing.steps * self.pitch - 2,
                    self.cell,
                    id=f"given-{n}",
                    bound=(Node(PADDED[:length, n]),),
                )
            )
        return marks

    def _columns(self) -> list[float]:
        """Return the left edge of each column of the sorted rows."""
        if self.fits_one_line:
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
            worded_count = 1
        elif not self.is_side_by_side:
            marks.append(_step_word(top + STEPS_HEIGHT - 10))
        marks += self._steps(lefts, top, "ordered", worded_count=worded_count)
        for k, n in enumerate(packing.order):
            y = top + STEPS_HEIGHT + k * self.pitch
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
        if not self.is_side_by_side:
            return []
        start = GUTTER_WIDTH + self.packing.steps * self.pitch + 2
        end = self._columns()[0] - 3
        bend = min(40.0, (end - start) * 0.45)
        marks: list[Mark] = []
        for k, n in enumerate(self.packing.order):
            y, end_y = (top + STEPS_HEIGHT + place * self.pitch + self.cell / 2 for place in (n, k))
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
            height, y = size * self.pitch - 2, top + STEPS_HEIGHT
            left = self._columns()[t]
            bottom = frame + self.line_top(line)
            column, part = SORTED[t, :size], DATA[first : first + size]
            marks += [
                Box(left, y, self.cell, height, id=f"column-{t}", bound=(Node(column),)),
                Box(x, bottom, width, self.cell, id=f"group-{t}", bound=(Node(part),)),
            ]
            if self.fits_one_line:
                middle = x + width / 2
                ends = (middle, y + height + 3), (middle, bottom - 3)
                flow = Flow("copies", f"column-{t}", f"group-{t}")
                marks.append(arrow(*ends)._replace(bound=(flow,)))
            first += size
        return marks

    def _data(self) -> list[Mark]:
        """Draw data and the batch sizes, with their names."""
        marks = [mark for t in range(len(self.groups)) for mark in self._step_data(t)]
        return marks + (self._side_names() if self.has_side_names else self._top_names())

    def _step_data(self, t: int) -> list[Mark]:
        """Draw a step of data, with the number of the sequence in each cell, and its size."""
        (x, width, line), sizes = self.groups[t], self.packing.batch_sizes
        y, first, marks = self.line_top(line), sum(sizes[:t]), []
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
        marks += [_bracket(x, width, y + self.cell + 4), size]
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
        name, _ = words.paragraph(self.pad, 8, title, 200, fill="ink", bold=True)
        data = self.frame_padding + self.cell / 2
        return [
            name,
            self._name("data", data, ["data-*"], "row"),
            self._name("batch_sizes", data + self.cell / 2 + 20, ["batch_sizes-*"], "row"),
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
        if not self.fits_one_line or self.pad + name_width + ARROW_GAP <= first:
            return self.pad
        return first + min(ARROW_GAP, (second - first - name_width) / 2)

    def _name(
        self, name: str, y: float, of: list[str], along: Along, x: float | None = None
    ) -> Mark:
        return words.label(
            self.pad if x is None else x,
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
            ("M", (x + 2, y)),
            ("L", (x + 2, y + 4)),
            ("L", (x + width - 2, y + 4)),
            ("L", (x + width - 2, y)),
        ),
        stroke="muted",
    )
