"""Sequences as rows of cells, sorted, and packed column by column."""

from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

from ...layout import styles, words
from ...layout.blocks import Block
from ...layout.panels import arrow
from ...proof.bindings import Along, Flow, Node, Sentence, sentence
from ...proof.reference import Number
from ...scene import metrics
from ...scene.marks import Box, Mark, Path, shift
from .fields import fields, tones, updates_of
from .packing import DATA, PADDED, SORTED, Packing

GUTTER, STEPS = 36.0, 44.0
"""Left of the padded batch the word for its steps, and above rows a title and
the steps."""
ACROSS, APART = 56.0, 16.0
"""What arrows between rows take, and what is between two steps of data."""
WORDS = 240.0
"""What the words above the sorted rows take."""
WORD = 44.0
"""What a step takes across where it is written out."""
AWAY = 8.0
"""From an arrow to the word beside it."""


def grids(shown: Packing, space: float) -> Block:
    """The padded batch, its rows by length, and what becomes of its columns.

    Where data fits into one line, each column stands over its part of it.
    """
    pad = 14.0 if space > 400 else 10.0
    return _Grids(shown, space - pad, pad).block()


@dataclass(frozen=True)
class _Grids:
    """The padded batch at the left, or above; each column over its data.

    Attributes:
        shown: What is packed.
        space: Where all ends.
        pad: The space within the frame.
    """

    shown: Packing
    space: float
    pad: float

    @property
    def cell(self) -> float:
        """The width and the height of a cell."""
        return 28.0 if self.space > 400 else 24.0

    @property
    def pitch(self) -> float:
        """From one cell to the next."""
        return self.cell + 2

    @property
    def padded(self) -> float:
        """The width of the padded batch, or of the words above it."""
        return GUTTER + max(164.0, self.shown.steps * self.pitch - 2)

    @cached_property
    def beside(self) -> bool:
        """Whether the sorted rows stand beside the padded ones."""
        right = self.padded + ACROSS + max(self.padded - GUTTER, WORDS)
        return self.space > 400 and right <= self.space

    @property
    def sorted_left(self) -> float:
        """The left of the sorted rows, where data does not say it."""
        return self.padded + ACROSS if self.beside else GUTTER

    @cached_property
    def straight(self) -> bool:
        """Whether data fits into one line below the sorted rows."""
        sizes = self.shown.batch_sizes
        needed = sum(sizes) * self.pitch + (len(sizes) - 1) * 8
        return self.first + needed <= self.space

    @property
    def first(self) -> float:
        """The left of data."""
        return self.sorted_left if self.beside else self.pad

    @cached_property
    def groups(self) -> list[tuple[float, float, int]]:
        """The left, the width and the line of each step of data."""
        sizes = self.shown.batch_sizes
        first = self.first if self.straight else self.pad
        widths = [size * self.pitch - 2 for size in sizes]
        apart = APART
        if self.straight and len(sizes) > 1:
            spare = self.space - first - sum(widths)
            apart = min(40.0, spare / (len(sizes) - 1))
        found, x, line = [], first, 0
        for wide in widths:
            if x > first and x + wide > self.space + 0.1:
                x, line = first, line + 1
            found.append((x, wide, line))
            x += wide + apart
        return found

    @property
    def tall(self) -> float:
        """The height of rows."""
        return STEPS + self.shown.count * self.pitch - 2

    @property
    def aside(self) -> bool:
        """Whether there is room for names left of data."""
        return self.straight and self.beside

    @property
    def head(self) -> float:
        """The height of what stands in the frame above the first cells."""
        return 30.0 if self.straight else 48.0

    def counted(self, line: int) -> float:
        """How far batch sizes lie below their cells, first their name."""
        return 20.0 if self.aside or line else 40.0

    def line(self, line: int) -> float:
        """The top of a line of data."""
        tall = self.cell + self.counted(1) + (10 if self.straight else 36)
        return self.head + line * tall + self.counted(0) - self.counted(line)

    def block(self) -> Block:
        """All of it."""
        top = 0.0 if self.beside else self.tall + 26
        frame = top + self.tall + 26
        marks: list[Mark] = [
            *self._padded(),
            *self._sorted(top),
            *self._rows(top),
            *self._dropped(top, frame),
            *(shift(mark, 0, frame) for mark in self._data()),
        ]
        inside = fields(
            self.shown,
            ("sorted_indices", "unsorted_indices"),
            self.space - self.pad,
            # Their cells begin below those of data.
            self.first - self.pad if self.aside else 0,
        )
        last = self.groups[-1][2]
        y = frame + self.line(last) + self.cell + self.counted(last) + 24
        marks += [shift(mark, self.pad, y) for mark in inside.marks]
        height = y + inside.height + self.pad
        box = Box(0, frame, self.space + self.pad, height - frame, radius=10, stroke="rule")
        return Block(self.space + self.pad, height, (box, *marks))

    def _cell(self, x: float, y: float, of: Number, whose: Number, id: str) -> list[Mark]:
        """A step of a sequence, which its number and its tone say.

        Args:
            x: The left.
            y: The top.
            of: What the sequence has at that step.
            whose: The number of the sequence.
            id: Of the number.
        """
        fill, ink = tones(int(whose.value))
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
                x + self.cell / 2, y + self.cell / 2, whose, places=0, fill=ink, id=id, term="x"
            ),
        ]

    def _above(self, x: float, y: float, title: Sentence, updates: Number) -> list[Mark]:
        """A title, and how often the cell is run."""
        name, _ = words.paragraph(x, y, title, 200, fill="ink", bold=True)
        count = updates_of(updates)
        after = x + words.width(title.text, bold=True) + 10
        run, _ = words.paragraph(after, y, count, 200)
        return [name, run]

    def _steps(self, lefts: list[float], y: float, id: str, *, wordy: int = 0) -> list[Mark]:
        """The numbers of steps, so many of them after the word."""
        return [
            words.label(
                x + self.cell / 2,
                y + STEPS - 10,
                f"step {t + 1}" if t < wordy else str(t + 1),
                {"step": t + 1},
                [f"{id}-{t}-*"],
                "column",
                style=words.FINE,
                anchor="middle",
            )
            for t, x in enumerate(lefts)
        ]

    def _padded(self) -> list[Mark]:
        """The sequences as they come."""
        shown = self.shown
        lefts = [GUTTER + t * self.pitch for t in range(shown.steps)]
        padded, _ = shown.updates
        marks = self._above(GUTTER, 0, sentence("padded"), padded)
        marks.append(_word(STEPS - 10))
        marks += self._steps(lefts, 0, "padded")
        for n, length in enumerate(shown.lengths):
            y = STEPS + n * self.pitch
            for t, x in enumerate(lefts):
                if t < length:
                    whose = shown.number(t, n)
                    id = f"padded-{t}-{n}"
                    marks += self._cell(x, y, shown.padded(t, n), whose, id)
                    continue
                marks.append(
                    Box(
                        x,
                        y,
                        self.cell,
                        self.cell,
                        radius=3,
                        stroke="muted",
                        dash=styles.CELL.back.dash,
                    )
                )
            marks.append(
                Box(
                    GUTTER,
                    y,
                    shown.steps * self.pitch - 2,
                    self.cell,
                    id=f"given-{n}",
                    bound=(Node(PADDED[:length, n]),),
                )
            )
        return marks

    def _columns(self) -> list[float]:
        """The left of each column of the sorted rows."""
        if self.straight:
            return [x + (wide - self.cell) / 2 for x, wide, _ in self.groups]
        return [self.sorted_left + t * self.pitch for t in range(self.shown.steps)]

    def _sorted(self, top: float) -> list[Mark]:
        """The rows in order of length."""
        shown, lefts = self.shown, self._columns()
        _, packed = shown.updates
        start = lefts[0]
        marks = self._above(start, top, sentence("sorted by length"), packed)
        wordy = all(b - a >= WORD for a, b in pairwise(lefts))
        close = start < GUTTER
        if not wordy and not self.beside and not close:
            marks.append(_word(top + STEPS - 10))
        marks += self._steps(lefts, top, "ordered", wordy=len(lefts) if wordy else int(close))
        for k, n in enumerate(shown.order):
            y = top + STEPS + k * self.pitch
            middle, length = y + self.cell / 2, shown.lengths[n]
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
                    lefts[t], y, shown.ordered(t, k), shown.ordered_number(t, k), f"ordered-{t}-{k}"
                )
        return marks

    def _rows(self, top: float) -> list[Mark]:
        """From each row to its place in order of length."""
        if not self.beside:
            return []
        start = GUTTER + self.shown.steps * self.pitch + 2
        end = self._columns()[0] - 3
        bend = min(40.0, (end - start) * 0.45)
        marks: list[Mark] = []
        for k, n in enumerate(self.shown.order):
            y, after = (top + STEPS + place * self.pitch + self.cell / 2 for place in (n, k))
            points = (start + bend, y), (end - bend - 6, after), (end, after)
            line = arrow((start, y), *points, curve=True)
            flow = Flow("copies", f"given-{n}", f"taken-{k}")
            marks.append(line._replace(bound=(flow,)))
        return marks

    def _dropped(self, top: float, frame: float) -> list[Mark]:
        """From each column to its part of data."""
        marks: list[Mark] = []
        first = 0
        for t, (x, wide, line) in enumerate(self.groups):
            size = self.shown.batch_sizes[t]
            height, y = size * self.pitch - 2, top + STEPS
            left = self._columns()[t]
            bottom = frame + self.line(line)
            column, part = SORTED[t, :size], DATA[first : first + size]
            marks += [
                Box(left, y, self.cell, height, id=f"column-{t}", bound=(Node(column),)),
                Box(x, bottom, wide, self.cell, id=f"group-{t}", bound=(Node(part),)),
            ]
            if self.straight:
                middle = x + wide / 2
                ends = (middle, y + height + 3), (middle, bottom - 3)
                flow = Flow("copies", f"column-{t}", f"group-{t}")
                marks.append(arrow(*ends)._replace(bound=(flow,)))
            first += size
        return marks

    def _data(self) -> list[Mark]:
        """Whose each row of data is, and the batch sizes."""
        marks: list[Mark] = []
        sizes, j = self.shown.field("batch_sizes"), 0
        for t, (x, wide, line) in enumerate(self.groups):
            y = self.line(line)
            if not self.straight:
                size = self.shown.batch_sizes[t]
                marks.append(
                    words.label(
                        x + wide / 2,
                        y - 10,
                        f"step {t + 1}",
                        {"step": t + 1},
                        [*(f"data-{j + k}" for k in range(size)), f"batch_sizes-{t}"],
                        "column",
                        style=words.FINE,
                        anchor="middle",
                    )
                )
            for k in range(self.shown.batch_sizes[t]):
                marks += self._cell(
                    x + k * self.pitch,
                    y,
                    self.shown.data(j),
                    self.shown.data_number(j),
                    f"data-{j}",
                )
                j += 1
            marks += [
                _bracket(x, wide, y + self.cell + 4),
                words.number(
                    x + wide / 2,
                    y + self.cell + self.counted(line),
                    sizes[t],
                    places=0,
                    id=f"batch_sizes-{t}",
                    term="x",
                ),
            ]
        return marks + (self._aside() if self.aside else self._around())

    def _aside(self) -> list[Mark]:
        """The name of the whole, and left of its first fields theirs."""
        title = sentence("PackedSequence")
        name, _ = words.paragraph(self.pad, 8, title, 200, fill="ink", bold=True)
        data = self.head + self.cell / 2
        return [
            name,
            self._name("data", data, ["data-*"], "row"),
            self._name("batch_sizes", data + self.cell / 2 + 20, ["batch_sizes-*"], "row"),
        ]

    def _around(self) -> list[Mark]:
        """The names of data and of the batch sizes, above their first line."""
        sizes = self.shown.batch_sizes
        count = sum(line == 0 for *_, line in self.groups)
        data = [f"data-{j}" for j in range(sum(sizes[:count]))]
        own = [f"batch_sizes-{t}" for t in range(count)]
        y = self.head + self.cell + 21
        return [
            self._name("data", 15, data, "block", self._clear()),
            self._name("batch_sizes", y, own, "block"),
        ]

    def _clear(self) -> float:
        """Where the name of data stands: beside an arrow, never below one."""
        wide = metrics.width("data", words.CODE.size, mono=True)
        middles = [x + width / 2 for x, width, _ in self.groups]
        first, second, *_ = *middles, self.space
        if not self.straight or self.pad + wide + AWAY <= first:
            return self.pad
        return first + min(AWAY, (second - first - wide) / 2)

    def _name(
        self, name: str, y: float, of: list[str], along: Along, x: float | None = None
    ) -> Mark:
        return words.label(
            self.pad if x is None else x,
            y,
            name,
            {"tensor": f"packed.{name}"},
            of,
            along,
            style=words.CODE,
            fill="ink",
        )


def _word(y: float) -> Mark:
    """What the numbers above rows are of, left of them."""
    said, _ = words.paragraph(
        GUTTER - 6,
        y - words.LINE * words.SMALL / words.NOTE / 2,
        sentence("step"),
        GUTTER,
        size=words.SMALL,
        anchor="end",
    )
    return said


def _bracket(x: float, wide: float, y: float) -> Mark:
    return Path(
        (
            ("M", (x + 2, y)),
            ("L", (x + 2, y + 4)),
            ("L", (x + wide - 2, y + 4)),
            ("L", (x + wide - 2, y)),
        ),
        stroke="muted",
    )
