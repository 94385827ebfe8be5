"""Rows of addends and their sums: the inside of a cell, up to its gates."""

from collections.abc import Sequence
from typing import NamedTuple

from ...layout.cells import Grid, bands, number, push
from ...layout.panels import Panel, arrow, code, round_arrow
from ...layout.parameter_blocks import SMALL
from ...layout.vectors import chip, chip_height
from ...model.lstm import GATES
from ...proof import digits
from ...proof.subject import Number, Subject
from ...scene.marks import Box, Group, Mark, Path, Text
from ...scene.terms import TERMS
from ...scene.theme import tint

HEIGHT, APART = 22.0, 12.0
"""The height of a row, and the space between bands."""
OUTLINE = 5.0
"""The space around the sums, which are one tensor."""


class Column(NamedTuple):
    """One addend of every row, or the sum.

    Attributes:
        term: Its term; the sum is `z`, which has a term for each gate.
        names: The code above it, in lines.
        values: One number a row.
        source: The vector whose product it is, `x` or `h_prev`.
    """

    term: str
    names: tuple[str, ...]
    values: Sequence[Number]
    source: str = ""


class Sizes(NamedTuple):
    """Widths: of gate letters, arrows, a cell, a sign, a chip, the chunks."""

    left: float
    arrows: float
    cell: float
    sign: float
    chip: float
    chunks: float


WIDE = Sizes(62, 36, 54, 28, 54, 88)
NARROW = Sizes(38, 13, 34, 14.5, 42, 23)
LONGEST = 15.0
"""What the longest names of rows need more; else the rest has it."""


def addends(subject: Subject, t: int, rows: list[int]) -> list[Column]:
    """What is added up in some rows at step `t`, and the sums."""
    size = subject.weights.hidden_size

    def values(name: str) -> Sequence[Number]:
        return [subject.result(name, t, 0, row) for row in rows]

    biases = [
        Column(name, (name,), [subject.parameter(name, row) for row in rows])
        for name in ("bias_ih", "bias_hh")
        if subject.weights.bias_ih is not None
    ]
    z = [
        subject.result(f"z_{GATES[row // size]}", t, 0, row % size)
        for row in rows
    ]
    return [
        Column("ih", ("weight_ih", "@ x"), values("ih"), "x"),
        Column("hh", ("weight_hh", "@ h_prev"), values("hh"), "h_prev"),
        *biases,
        Column("z", ("z",), z),
    ]


def added(maker: "Maker", columns: list[Column]) -> Panel:
    """Addends and sums of every row, with signs between them."""
    marks = maker.letters()
    x = maker.sizes.left
    for k, column in enumerate(columns):
        if k:
            marks += maker.signs(x, "=" if column.term == "z" else "+")
            x += maker.sizes.sign + (OUTLINE if column.term == "z" else 0)
        if column.source:
            marks += maker.arrows(column.source, x)
            x += maker.sizes.arrows
        marks += maker.column(column, x)
        x += maker.sizes.cell
    marks += maker.chunks(x)
    return Panel(x + maker.sizes.chunks, maker.bottom + OUTLINE, tuple(marks))


def _height(values: Sequence[Number]) -> float:
    return chip_height(len(values) if len(values) <= SMALL else 1)


class Maker:
    """Marks of one step, in rows that run through all columns."""

    def __init__(
        self, subject: Subject, t: int, sizes: Sizes, units: list[int]
    ):
        self.t = t
        self.units = len(units)
        self.named = [
            subject.weights.row(gate, unit) for gate in GATES for unit in units
        ]
        self.close = sizes is NARROW
        more = push(self.named, close=self.close)
        spare = (1 - more / LONGEST) * self.close
        self.sizes = sizes._replace(
            left=sizes.left + more,
            arrows=sizes.arrows + 2 * spare,
            cell=sizes.cell + 2 * spare,
            sign=sizes.sign + spare / 4,
        )
        sizes = self.sizes
        self.rows = range(4 * self.units)
        self.grid = Grid(sizes.cell, HEIGHT, 0, APART)
        self.sources = {n: subject.vector(n, t) for n in ("x", "h_prev")}
        self.head = 18 + max(map(_height, self.sources.values()))
        self.top = self.head + 58
        self.bottom = self.y(self.rows[-1]) + HEIGHT

    def y(self, row: int) -> float:
        """The top of a row."""
        return self.top + self.grid.y(row, self.units)

    def middle(self, band: int) -> float:
        """The middle of a band."""
        return self.y(band * self.units) + HEIGHT * self.units / 2

    def letters(self) -> list[Mark]:
        """What stands left of the rows."""
        return bands(
            self.grid, self.units, self.sizes.left, self.top, close=self.close,
            names=self.named,
        )  # fmt: skip

    def signs(self, left: float, sign: str) -> list[Mark]:
        """The same sign in every row."""
        return [
            Text(
                x=left + self.sizes.sign / 2, y=self.y(row) + HEIGHT / 2 + 4,
                content=sign, fill="muted", anchor="middle",
            )
            for row in self.rows
        ]  # fmt: skip

    def arrows(self, name: str, left: float) -> list[Mark]:
        """A vector above the rows, and its arrows to the four bands."""
        paint = TERMS[name].role
        values = self.sources[name]
        x, end = left + self.sizes.arrows * 0.3, left + self.sizes.arrows - 1
        marks: list[Mark] = [
            arrow((x, self.middle(k)), (end, self.middle(k)), paint=paint,
                  term=f"{name} {gate}")
            for k, gate in enumerate(GATES[:-1])
        ]  # fmt: skip
        last = self.middle(3)
        return [
            *marks,
            round_arrow((x, self.head), (x, last), (end, last), paint=paint,
                        term=f"{name} {GATES[-1]}", radius=6),
            self.vector(x, name),
            code(x, self.head - _height(values) - 7, name, fill=paint,
                 bold=True),
        ]  # fmt: skip

    def vector(self, x: float, name: str) -> Mark:
        """The numbers of a vector, or its shape where they are many."""
        values, paint = self.sources[name], TERMS[name].role
        y = self.head - _height(values) / 2
        if len(values) <= SMALL:
            return chip(
                x, y, values, id=f"{name}-{self.t}", term=name, paint=paint,
                width=self.sizes.chip,
            )  # fmt: skip
        shape = Text(
            x=x, y=y + 4, content=f"({len(values)},)", size=11, mono=True,
            fill=paint, anchor="middle",
        )  # fmt: skip
        box = Box(
            x=x - 26, y=y - 12, width=52, height=24, radius=5, fill="paper",
            stroke=paint,
        )  # fmt: skip
        return Group(marks=(box, shape), term=name)

    def column(self, column: Column, left: float) -> list[Mark]:
        """Numbers on a box for each band; the sum is one tensor."""
        is_sum = column.term == "z"
        marks = self.names(column, left + self.sizes.cell / 2)
        if is_sum:
            marks.append(
                Box(
                    x=left - OUTLINE, y=self.top - OUTLINE,
                    width=self.sizes.cell + 2 * OUTLINE,
                    height=self.bottom - self.top + 2 * OUTLINE, radius=9,
                    stroke="ink", stroke_width=1.5,
                )
            )  # fmt: skip
        places = digits.decimals(value.value for value in column.values)
        for row, value in enumerate(column.values):
            gate = GATES[row // self.units]
            if row % self.units == 0:
                marks.append(
                    Box(
                        x=left, y=self.y(row), width=self.sizes.cell,
                        height=HEIGHT * self.units, radius=5,
                        fill=tint(TERMS[gate].role) if is_sum else "panel",
                    )
                )  # fmt: skip
            marks.append(
                number(
                    left + self.sizes.cell / 2,
                    self.y(row) + HEIGHT / 2 + 4,
                    value,
                    places=places,
                    room=min(6, self.grid.room),
                    id=f"{column.term}-{self.t}-{self.named[row]}",
                    term=f"z_{gate}" if is_sum else f"{column.term} {gate}",
                )
            )
        return marks

    def names(self, column: Column, x: float) -> list[Mark]:
        """The code of a column, or its symbol where there is little room."""
        bold = column.term == "z"
        if self.close and not bold:
            term = TERMS[column.term]
            return [
                Text(
                    x=x, y=self.top - 14, content=term.symbol,
                    anchor="middle", term=column.term,
                )
            ]  # fmt: skip
        first = self.top - 14 - 15 * (len(column.names) - 1)
        return [
            code(x, first + 15 * k, name, bold=bold)
            for k, name in enumerate(column.names)
        ]

    def chunks(self, left: float) -> list[Mark]:
        """What chunk makes of the sums: a name for each band, and a bracket."""
        wide = not self.close
        x = left + 16
        right = left + self.sizes.chunks
        marks: list[Mark] = [
            code(x, self.top - 14, "z.chunk(4)", "start")
            if wide
            else code(right, self.top - 33, "z.chunk(4)", "end")
        ]
        for k, gate in enumerate(GATES):
            paint = TERMS[gate].role
            first = self.y(k * self.units)
            last = first + HEIGHT * self.units
            ends = (("M", (x, first)), ("L", (x + 5, first)),
                    ("L", (x + 5, last)), ("L", (x, last)))  # fmt: skip
            if k:
                cut = first - APART / 2
                marks.append(
                    Path(
                        d=(("M", (left - self.sizes.cell - OUTLINE, cut)),
                           ("L", (right, cut))),
                        stroke="muted", dash="3 3",
                    )
                )  # fmt: skip
            if wide:
                marks.append(Path(d=ends, stroke=paint, stroke_width=1.5))
            marks += [
                Text(
                    x=x + 12 if wide else left + 7,
                    y=self.middle(k) + 4, content=f"z_{{{gate}}}",
                    size=14, bold=True, fill=paint, term=f"z_{gate}",
                ),
            ]  # fmt: skip
        return marks
