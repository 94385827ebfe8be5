"""Sums written out as on paper: factors, products, results at the right."""

from collections.abc import Sequence
from itertools import groupby, pairwise
from typing import NamedTuple

from ...layout.cells import CHARACTER, NUMBER, number
from ...layout.heading import inner
from ...layout.panels import Panel, arrow, code, flow
from ...proof import digits
from ...proof.subject import Number
from ...scene.marks import Anchor, Box, Mark, Path, Text, shift
from ...scene.terms import TERMS
from ...scene.theme import Paint

CELL, ROW = 20.0, 22.0
"""The height of a cell, and from one row of cells to the next."""
ABOVE = 16.0
"""From the middle of a cell to the baseline above it."""
APART = 12.0
"""The space between the lines of a block."""


class Cell(NamedTuple):
    """A number on its colour, with so many digits after the point."""

    value: Number
    id: str
    term: str
    fill: Paint | None = None
    places: int = digits.DECIMALS


class Addend(NamedTuple):
    """Two factors and their product in a column, or a number alone.

    Attributes:
        factors: Two cells, or none.
        result: Their product, or the number; None where the product is the
            result of the block.
        label: Stands above it; without it, each factor has its name.
        group: The vector that it belongs to.
        span: How many columns it takes.
        others: How many products it is the sum of, without their factors.
    """

    factors: tuple[Cell, ...]
    result: Cell | None
    label: str = ""
    group: str = ""
    span: int = 1
    others: int = 0


class Block(NamedTuple):
    """A sum and what becomes of it.

    Attributes:
        term: Its letter and colour.
        row: The row of the weights, for a gate.
        groups: Addends that stay together where lines are wrapped.
        results: Cells, and between them the name of a function.
    """

    term: str
    row: int | None
    groups: tuple[list[Addend], ...]
    results: tuple[Cell | str, ...]


class Sizes(NamedTuple):
    """Widths, what is left of the columns first; the most columns.

    Attributes:
        letter: The middle of the letter of a block.
        hang: How far a full line may reach beyond the edge: its last sign
            stands before the next line.
    """

    letter: float
    left: float
    cell: float
    sign: float
    function: float
    most: int
    hang: float = 0

    @property
    def pitch(self) -> float:
        """From one column to the next."""
        return self.cell + self.sign

    @property
    def results(self) -> float:
        """The width of two results."""
        return 2 * self.cell + self.function + self.sign


WIDE = Sizes(18, 104, 40, 13, 46, 8)
NARROW = Sizes(8, 36, 38, 12, 44, 6)
NARROW_FAR = NARROW._replace(letter=16, left=48, hang=12)
"""Where row indices are long."""
FAR = 100
"""A row whose index is long."""


def worksheet(blocks: Sequence[Block], room: float) -> Panel:
    """Blocks one below the other, their results at the right."""
    sheet = _Worksheet(blocks, room)
    return flow(list(map(sheet.block, blocks, sheet.lines)), 0)


class _Worksheet:
    """Where the columns of all blocks lie."""

    def __init__(self, blocks: Sequence[Block], room: float):
        self.wide = room >= 480
        self.far = any(block.row and block.row >= FAR for block in blocks)
        self.sizes = WIDE if self.wide else NARROW_FAR if self.far else NARROW
        self.space = inner(room) if self.wide else room - 24
        self.lines = [self.wrapped(block) for block in blocks]
        self.width = max(
            self.end(line)
            + (self.sizes.results if line is lines[-1] else -self.sizes.hang)
            for lines in self.lines
            for line in lines
        )

    def end(self, line: Sequence[Addend]) -> float:
        """Where a line ends, with a sign behind its last cell."""
        columns = sum(addend.span for addend in line[:-1]) + bool(line)
        return self.sizes.left + columns * self.sizes.pitch

    def wrapped(self, block: Block) -> list[list[Addend]]:
        """The lines of a block; behind the last one the results have room."""
        lines: list[list[Addend]] = [[]]
        full = self.sizes.left + self.sizes.most * self.sizes.pitch
        for group in block.groups:
            parts = -(-len(group) // self.sizes.most)
            cuts = [len(group) * k // parts for k in range(parts + 1)]
            for first, last in pairwise(cuts):
                chunk = group[first:last]
                behind = (
                    -self.sizes.hang if chunk[0].factors else self.sizes.results
                )
                longer = self.end([*lines[-1], *chunk])
                if longer <= min(full, self.space - behind):
                    lines[-1] = lines[-1] + chunk
                else:
                    lines.append(chunk)
        if self.end(lines[-1]) + self.sizes.results > self.space:
            lines.append([])
        return lines

    def block(self, block: Block, lines: list[list[Addend]]) -> Panel:
        """Its letter and bar, its lines and its results."""
        marks: list[Mark] = []
        bottom = -APART
        for k, line in enumerate(lines):
            top = bottom + APART
            made, middle = self.line(line, signed=k > 0)
            marks += [shift(mark, 0, top) for mark in made]
            bottom = top + middle + CELL / 2
        marks += self.results(block, bottom - CELL / 2)
        return Panel(self.width, bottom, (*self.letter(block, bottom), *marks))

    def letter(self, block: Block, height: float) -> list[Mark]:
        """What stands at the left of a block."""
        paint = TERMS[block.term].role
        words = [] if block.row is None else [str(block.row)]
        if words and self.wide:
            words = ["row", *words] if self.far else [f"row {block.row}"]
        x, y = self.sizes.letter, height / 2 + 6 - 8 * len(words)
        marks: list[Mark] = [
            Text(
                x=x, y=y, content=block.term, size=16, bold=True, fill=paint,
                anchor="middle", term=block.term,
            ),
            Box(
                x=2 * x + 2, y=0, width=3, height=height, radius=1.5,
                fill=paint,
            ),
        ]  # fmt: skip
        marks += [
            Text(
                x=x, y=y + 16 + 14 * k, content=word, size=NUMBER,
                fill="muted", anchor="middle",
            )
            for k, word in enumerate(words)
        ]  # fmt: skip
        return marks

    def line(
        self, line: list[Addend], *, signed: bool
    ) -> tuple[list[Mark], float]:
        """Addends side by side, and the middle of their last row."""
        factors = [addend for addend in line if addend.factors]
        head = (34 if factors[0].group else 0) if factors else 18
        upper = head + CELL / 2
        lower = last = upper + (ROW if factors else 0)
        if any(addend.result for addend in factors):
            last = lower + ROW + 5
        marks = self.labels(factors, (upper, lower, last))
        x = self.sizes.left + self.sizes.cell / 2
        for group, members in groupby(line, lambda addend: addend.group):
            addends = list(members)
            if group:
                marks += self.header(group, x, len(addends))
            for addend in addends:
                marks += self.factors(addend, x, (upper, lower))
                if signed:
                    marks.append(self.sign(x, last, "+"))
                if addend.others:
                    marks += _others(addend.others, x, (upper, lower))
                elif addend.result and not addend.factors:
                    marks.append(_symbol(x, last - ABOVE, addend.result))
                if addend.result:
                    marks += self.cell(addend.result, x, last)
                signed = True
                x += addend.span * self.sizes.pitch
        return marks, last

    def factors(
        self, addend: Addend, x: float, rows: tuple[float, float]
    ) -> list[Mark]:
        """Two factors, one below the other, and a rule."""
        marks: list[Mark] = []
        half = self.sizes.cell / 2
        for cell, y in zip(addend.factors, rows, strict=False):
            marks += self.cell(cell, x, y)
            if not addend.label:
                marks.append(_symbol(x + half + 6, y + 4, cell, "start"))
        if addend.factors and addend.label:
            marks.append(code(x, rows[0] - ABOVE, addend.label, fill="muted"))
        if addend.factors and addend.result:
            marks.append(_rule(x - half, x + half, rows[1] + CELL / 2 + 3))
        return marks

    def header(self, group: str, x: float, count: int) -> list[Mark]:
        """The name of a vector above its columns, the first one at x."""
        half, end = self.sizes.cell / 2, x + (count - 1) * self.sizes.pitch
        role = TERMS[group].role
        return [
            code((x + end) / 2, 9, group, fill=role, bold=True),
            _rule(x - half, end + half, 14, "rule"),
        ]

    def labels(
        self, factors: list[Addend], rows: tuple[float, float, float]
    ) -> list[Mark]:
        """What the rows of a line are."""
        if not factors:
            return []
        x = self.sizes.left + self.sizes.cell / 2
        marks: list[Mark] = [self.sign(x, rows[1], "×")]
        if self.wide and factors[0].group:
            words = ("weight", "value", "product")
            marks += [
                Text(
                    x=self.sizes.left - 14, y=y + 4, content=word,
                    size=NUMBER, fill="muted", anchor="end",
                )
                for word, y in zip(words, rows, strict=True)
            ]  # fmt: skip
        return marks

    def sign(self, x: float, y: float, sign: str) -> Text:
        """A sign before the cell at x."""
        return Text(
            x=x - self.sizes.pitch / 2, y=y + 4, content=sign, fill="muted",
            anchor="middle",
        )  # fmt: skip

    def cell(self, cell: Cell, x: float, y: float) -> list[Mark]:
        """A number, on its colour if it has one."""
        width = self.sizes.cell
        text = number(
            x, y + 4, cell.value, places=cell.places,
            room=int(width / CHARACTER), id=cell.id, term=cell.term,
        )  # fmt: skip
        if cell.fill is None:
            return [text]
        box = Box(
            x=x - width / 2, y=y - CELL / 2, width=width, height=CELL,
            radius=4, fill=cell.fill,
        )  # fmt: skip
        return [box, text]

    def results(self, block: Block, y: float) -> list[Mark]:
        """The results at the right, an arrow for the function between."""
        half = self.sizes.cell / 2
        x = self.width - half
        if len(block.results) > 1:
            x -= self.sizes.cell + self.sizes.function
        marks: list[Mark] = [self.sign(x, y, "=")]
        for result in block.results:
            if isinstance(result, Cell):
                marks.append(_symbol(x, y - ABOVE, result))
                marks += self.cell(result, x, y)
                x += self.sizes.cell
            else:
                wide = self.sizes.function
                middle, reach = x - half + wide / 2, wide / 2 - 4
                marks.append(code(middle, y - ABOVE, result, fill="muted"))
                marks.append(arrow((middle - reach, y), (middle + reach, y)))
                x += wide
        return marks


def _symbol(x: float, y: float, cell: Cell, anchor: Anchor = "middle") -> Text:
    """What a cell is called."""
    name = cell.term.split()[0]
    return Text(
        x=x, y=y, content=TERMS[name].symbol, bold=True, anchor=anchor,
        fill=TERMS[name].role, term=cell.term,
    )  # fmt: skip


def _others(count: int, x: float, rows: tuple[float, float]) -> list[Text]:
    """What stands in place of factors that are left out."""
    words = (str(count), "others" if count > 1 else "other")
    return [
        Text(
            x=x, y=y + 4, content=word, size=NUMBER, fill="muted",
            anchor="middle",
        )
        for word, y in zip(words, rows, strict=True)
    ]  # fmt: skip


def _rule(left: float, right: float, y: float, paint: Paint = "muted") -> Path:
    return Path(d=(("M", (left, y)), ("L", (right, y))), stroke=paint)
