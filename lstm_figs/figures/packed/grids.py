"""Sequences as rows of numbers, sorted, and packed column by column."""

from dataclasses import dataclass
from functools import cached_property

from ...layout import words
from ...layout.blocks import Block
from ...layout.panels import arrow
from ...proof import digits
from ...proof.bindings import Along, Flow, Node, Sentence, sentence
from ...proof.subject import Number
from ...scene.marks import Box, Mark, Path, shift
from .fields import CHARACTER, fields, tone, updates_of
from .packing import Packing

INDEX, STEPS, CELL = 18.0, 44.0, 24.0
"""Left of rows their index, above them a title and the steps, and the height
of a cell."""
ACROSS, APART = 56.0, 16.0
"""What arrows between rows take, and what is between two steps of data."""
DATA = 106.0
"""The height of data with its batch sizes."""


def grids(shown: Packing, space: float) -> Block | None:
    """The padded batch, its rows by length, and what becomes of its columns.

    Where data fits into one line, each column stands over its part of it.

    Returns:
        All of it; None where there is no room for a number of each step.
    """
    pad = 14.0 if space > 400 else 10.0
    found = _Grids(shown, space - pad, pad)
    return found.block() if found.fits else None


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

    @cached_property
    def places(self) -> int:
        """Digits after the point."""
        return digits.decimals(
            self.shown.ordered(t, k).value for t, k in self.shown.places
        )

    @cached_property
    def cell(self) -> float:
        """The width of a cell."""
        longest = max(
            len(digits.text(self.shown.ordered(t, k).value, self.places, 5))
            for t, k in self.shown.places
        )
        return max(26.0 if self.space > 400 else 23.0, longest * CHARACTER + 5)

    @property
    def padded(self) -> float:
        """The width of the padded batch, or of the words above it."""
        return INDEX + max(164.0, self.shown.steps * (self.cell + 2) - 2)

    @cached_property
    def beside(self) -> bool:
        """Whether the sorted rows stand beside the padded ones."""
        sorted_left = self.padded + ACROSS + INDEX
        right = sorted_left + self.padded - INDEX
        return self.space > 400 and right <= self.space

    @property
    def fits(self) -> bool:
        """Whether no row is wider than there is room."""
        pitch = self.cell + 2
        across = INDEX + self.shown.steps * pitch - 2
        data = self.pad + max(self.shown.batch_sizes) * pitch - 2
        return max(across, data) <= self.space + self.pad

    @property
    def sorted_left(self) -> float:
        """The left of the sorted rows, where data does not say it."""
        return self.padded + ACROSS + INDEX if self.beside else INDEX

    @cached_property
    def straight(self) -> bool:
        """Whether data fits into one line below the sorted rows."""
        sizes = self.shown.batch_sizes
        needed = sum(sizes) * (self.cell + 2) + (len(sizes) - 1) * 8
        return max(self.sorted_left, self.pad) + needed <= self.space

    @cached_property
    def groups(self) -> list[tuple[float, float, int]]:
        """The left, the width and the line of each step of data."""
        sizes = self.shown.batch_sizes
        first = max(self.sorted_left, self.pad) if self.straight else self.pad
        widths = [size * (self.cell + 2) - 2 for size in sizes]
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
        return STEPS + self.shown.count * (CELL + 2) - 2

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
        names = ("sorted_indices", "unsorted_indices")
        inside = fields(self.shown, names, self.space - self.pad)
        y = frame + self.head + DATA * (self.groups[-1][2] + 1)
        y += -12 if self.aside else 12
        marks += [shift(mark, self.pad, y) for mark in inside.marks]
        height = y + inside.height + self.pad
        box = Box(
            0,
            frame,
            self.space + self.pad,
            height - frame,
            radius=10,
            stroke="rule",
        )
        return Block(self.space + self.pad, height, (box, *marks))

    @property
    def aside(self) -> bool:
        """Whether there is room for names left of data."""
        return self.groups[0][0] > 120

    @property
    def head(self) -> float:
        """The height of the name of data, where it stands above."""
        return 10.0 if self.aside else 28.0

    def _cells(
        self,
        x: float,
        y: float,
        value: Number,
        id: str,
        whose: int,
        ghost: bool,
    ) -> list[Mark]:
        """A value; of padding, a dashed zero."""
        return [
            Box(
                x,
                y,
                self.cell,
                CELL,
                radius=3,
                fill="paper" if ghost else tone(whose),
                stroke="rule" if ghost else None,
                dash="2 2" if ghost else "",
                id=f"{id}-cell",
                bound=(Node(value.expr),),
            ),
            words.number(
                x + self.cell / 2,
                y + CELL / 2,
                value,
                size=words.SMALL,
                places=0 if ghost else self.places,
                room=5,
                id=id,
                term="x",
                fill="muted" if ghost else "ink",
            ),
        ]

    def _above(
        self, x: float, y: float, title: Sentence, updates: Number
    ) -> list[Mark]:
        """A title, and how often the cell is run."""
        name, _ = words.paragraph(x, y, title, 200, fill="ink", bold=True)
        count = updates_of(updates)
        after = x + words.width(title.text, bold=True) + 10
        run, _ = words.paragraph(after, y, count, 200)
        return [name, run]

    def _steps(self, lefts: list[float], y: float, id: str) -> list[Mark]:
        return [
            words.label(
                x + self.cell / 2,
                y + STEPS - 10,
                str(t + 1),
                {"step": t + 1},
                [f"{id}-{t}-*"],
                "column",
                size=words.SMALL,
                anchor="middle",
            )
            for t, x in enumerate(lefts)
        ]

    def _padded(self) -> list[Mark]:
        """The sequences as they come."""
        shown = self.shown
        lefts = [INDEX + t * (self.cell + 2) for t in range(shown.steps)]
        padded, _ = shown.updates
        marks = self._above(INDEX, 0, sentence("padded"), padded)
        marks += self._steps(lefts, 0, "padded")
        for n, length in enumerate(shown.lengths):
            y = STEPS + n * (CELL + 2)
            marks.append(_index(n, INDEX, y, f"padded-*-{n}"))
            for t, x in enumerate(lefts):
                marks += self._cells(
                    x, y, shown.padded(t, n), f"padded-{t}-{n}", n, t >= length
                )
            marks.append(
                Box(
                    INDEX,
                    y,
                    self.padded - INDEX,
                    CELL,
                    id=f"given-{n}",
                    bound=(Node(f"padded[:{length}, {n}]"),),
                )
            )
        return marks

    def _columns(self) -> list[float]:
        """The left of each column of the sorted rows."""
        if self.straight:
            return [x + (wide - self.cell) / 2 for x, wide, _ in self.groups]
        pitch = self.cell + 2
        return [self.sorted_left + t * pitch for t in range(self.shown.steps)]

    def _sorted(self, top: float) -> list[Mark]:
        """The rows in order of length."""
        shown, lefts = self.shown, self._columns()
        _, packed = shown.updates
        start = lefts[0]
        marks = self._above(start, top, sentence("sorted by length"), packed)
        marks += self._steps(lefts, top, "ordered")
        for k, n in enumerate(shown.order):
            y = top + STEPS + k * (CELL + 2)
            length = shown.lengths[n]
            last = lefts[length - 1] + self.cell
            marks += [
                Path(
                    (("M", (start, y + CELL / 2)), ("L", (last, y + CELL / 2))),
                    stroke="rule",
                ),
                _index(n, start, y, f"ordered-*-{k}"),
                Box(
                    start - INDEX,
                    y,
                    last - start + INDEX,
                    CELL,
                    id=f"taken-{k}",
                    bound=(
                        Node(
                            f"padded[:, packed.sorted_indices][:{length}, {k}]"
                        ),
                    ),
                ),
            ]
            for t in range(length):
                marks += self._cells(
                    lefts[t],
                    y,
                    shown.ordered(t, k),
                    f"ordered-{t}-{k}",
                    n,
                    False,
                )
        return marks

    def _rows(self, top: float) -> list[Mark]:
        """From each row to its place in order of length."""
        if not self.beside:
            return []
        start = INDEX + self.shown.steps * (self.cell + 2) + 3
        end = self._columns()[0] - INDEX - 2
        bend = min(40.0, (end - start) * 0.45)
        marks: list[Mark] = []
        for k, n in enumerate(self.shown.order):
            y, after = (
                top + STEPS + place * (CELL + 2) + CELL / 2 for place in (n, k)
            )
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
            height, y = size * (CELL + 2) - 2, top + STEPS
            left = self._columns()[t]
            bottom = frame + self.head + DATA * line
            column = f"padded[:, packed.sorted_indices][{t}, :{size}]"
            part = f"packed.data[{first}:{first + size}]"
            marks += [
                Box(
                    left,
                    y,
                    self.cell,
                    height,
                    id=f"column-{t}",
                    bound=(Node(column),),
                ),
                Box(
                    x,
                    bottom,
                    wide,
                    24 + CELL,
                    id=f"group-{t}",
                    bound=(Node(part),),
                ),
            ]
            if self.straight:
                middle = x + wide / 2
                ends = (middle, y + height + 3), (middle, bottom - 1)
                flow = Flow("copies", f"column-{t}", f"group-{t}")
                marks.append(arrow(*ends)._replace(bound=(flow,)))
            first += size
        return marks

    def _data(self) -> list[Mark]:
        """The values of data, each with its sequence, and the batch sizes."""
        marks: list[Mark] = []
        sizes, j = self.shown.field("batch_sizes"), 0
        for t, (x, wide, line) in enumerate(self.groups):
            y = self.head + DATA * line
            for k in range(self.shown.batch_sizes[t]):
                left, n = x + k * (self.cell + 2), self.shown.order[k]
                marks += [
                    words.label(
                        left + self.cell / 2,
                        y + 10,
                        str(n),
                        {"sample": n},
                        [f"data-{j}"],
                        "column",
                        size=words.SMALL,
                        anchor="middle",
                    ),
                    *self._cells(
                        left, y + 18, self.shown.data(j), f"data-{j}", n, False
                    ),
                ]
                j += 1
            marks += [
                _bracket(x, wide, y + 18 + CELL + 4),
                words.number(
                    x + wide / 2,
                    y + 18 + CELL + 20,
                    sizes[t],
                    places=0,
                    id=f"batch_sizes-{t}",
                    term="x",
                ),
            ]
        return marks + (self._aside() if self.aside else self._around())

    def _aside(self) -> list[Mark]:
        """The names of data and of its batch sizes, at the left."""
        data = self.head + 18 + CELL / 2
        return [
            self._name(name, y, [f"{name}-*"], "row")
            for name, y in (
                ("data", data),
                ("batch_sizes", data + CELL / 2 + 20),
            )
        ]

    def _around(self) -> list[Mark]:
        """The name of data above it, and of what stands below it."""
        marks: list[Mark] = []
        last, first = self.groups[-1][2], 0
        ids: dict[str, list[str]] = {"data": [], "batch_sizes": []}
        for t, (x, wide, line) in enumerate(self.groups):
            size = self.shown.batch_sizes[t]
            if line == 0:
                ids["data"] += [f"data-{j}" for j in range(first, first + size)]
            if line == last:
                ids["batch_sizes"].append(f"batch_sizes-{t}")
            first += size
            y = self.head + DATA * line + 18 + CELL + 38
            marks.append(
                words.label(
                    x + wide / 2,
                    y,
                    f"step {t + 1}",
                    {"step": t + 1},
                    [f"batch_sizes-{t}"],
                    "column",
                    size=words.SMALL,
                    anchor="middle",
                )
            )
        below_it = self.head + DATA * last + 18 + CELL + 56
        return [
            *marks,
            self._name("data", 15, ids["data"], "block"),
            self._name("batch_sizes", below_it, ids["batch_sizes"], "block"),
        ]

    def _name(self, name: str, y: float, of: list[str], along: Along) -> Mark:
        return words.label(
            self.pad,
            y,
            name,
            {"tensor": f"packed.{name}"},
            of,
            along,
            mono=True,
            fill="ink",
        )


def _index(n: int, x: float, y: float, of: str) -> Mark:
    """The index of a sequence, left of its row."""
    return words.label(
        x - 6,
        y + CELL / 2,
        str(n),
        {"sample": n},
        [of],
        "row",
        size=words.SMALL,
        anchor="end",
    )


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
