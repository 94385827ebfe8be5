"""A table of vectors, one row a unit, with signs between its columns."""

from typing import NamedTuple

from ...layout.cells import CHARACTER, NUMBER, number
from ...layout.fold import Excerpt, Gap
from ...layout.panels import Panel, arrow, code
from ...layout.vectors import STATISTICS, dots
from ...proof import digits
from ...proof.digits import counted
from ...proof.subject import Number
from ...scene.marks import Box, Mark, Text
from ...scene.terms import TERMS
from ...scene.theme import wash

ROW, BAND, CELL = 30.0, 26.0, 20.0
"""From one unit to the next; the heights of its band and of its cells."""
NAMES, TOP = 35.0, 45.0
"""Below the code of a part: the names of its columns, its first band."""
STATISTIC = 20.0
"""The height of a row over all units."""
FUNCTIONS = ("σ", "tanh", "→")
"""The signs that are drawn as arrows, the last without a name."""
Line = int | Gap | str
"""A row: a unit, units that are left out, or the name of a statistic."""
Columns = dict[str, dict[Line, Number]]
"""The name of a vector -> the number in each row."""


class Part(NamedTuple):
    """A table with one row a unit.

    Attributes:
        id: Ids contain it.
        label: The code that it does.
        columns: Names and signs in turn; `|` is a space.
        again: The names of columns that stand in the part before, too.
    """

    id: str
    label: str
    columns: str
    again: tuple[str, ...] = ()


class Sizes(NamedTuple):
    """Widths: of the units, a cell, a sign, a function, a space.

    `unit` is the middle of the first, the units.
    """

    unit: float
    left: float
    cell: float
    sign: float
    function: float
    space: float

    def between(self, sign: str) -> float:
        """The width of a sign."""
        if sign in "|→":
            return self.space
        return self.function if sign in FUNCTIONS else self.sign


WIDE = Sizes(23, 50, 48, 30, 30, 30)
NARROW = Sizes(11, 32, 40, 12, 40, 12)
END = 4.0
"""What a band has right of its last column."""


class UnitTable:
    """One part, its columns laid out from the left."""

    def __init__(
        self,
        vectors: Columns,
        shown: Excerpt,
        t: int,
        part: Part,
        sizes: Sizes,
    ):
        self.vectors = vectors
        self.units = shown.indices
        self.t = t
        self.part = part
        self.sizes = sizes
        self.middles: dict[Line, float] = {
            line: TOP + ROW * k + BAND / 2 for k, line in enumerate(shown.lines)
        }
        self.height = TOP + ROW * len(self.middles) - (ROW - BAND)
        for name in STATISTICS * shown.folded:
            self.middles[name] = self.height + STATISTIC / 2 + 4
            self.height += STATISTIC

    def panel(self) -> Panel:
        """Bands, then columns and signs upon them."""
        marks: list[Mark] = []
        x = self.sizes.left
        for k, word in enumerate(self.part.columns.split()):
            if k % 2:
                marks += self.sign(word, x)
                x += self.sizes.between(word)
            else:
                marks += self.column(word, x)
                x += self.sizes.cell
        width = x + END
        return Panel(width, self.height, (*self.bands(width), *marks))

    def bands(self, width: float) -> list[Mark]:
        """The name of the part, and a band for each unit."""
        index = self.sizes.unit
        marks: list[Mark] = [
            Text(
                x=index, y=NAMES, content="unit", size=NUMBER,
                fill="muted", anchor="middle",
            ),
            code(0, 10, self.part.label, "start", bold=True),
        ]  # fmt: skip
        for line, y in self.middles.items():
            if isinstance(line, Gap):
                marks += [
                    *dots(index - 1, y + 4),
                    Text(
                        x=self.sizes.left, y=y + 4, size=NUMBER, fill="muted",
                        content=counted(line.count, "more unit"),
                    ),
                ]  # fmt: skip
                continue
            if isinstance(line, int):
                marks.append(
                    Box(
                        x=0, y=y - BAND / 2, width=width, height=BAND,
                        radius=6, fill="panel",
                    )
                )  # fmt: skip
            name = Text(
                x=index, y=y + 4, content=str(line), size=NUMBER,
                mono=isinstance(line, int), fill="muted", anchor="middle",
            )  # fmt: skip
            marks.append(name._replace(x=max(index, name.width / 2)))
        return marks

    def column(self, name: str, left: float) -> list[Mark]:
        """One vector, an element in each band."""
        other = "shown" if name == "o*tanh_c" else "c"
        term = name if name in TERMS else other
        paint = TERMS[term].role
        x = left + self.sizes.cell / 2
        values = self.vectors[name]
        # Sums stand side by side, so they print in one notation.
        alike = [
            vector
            for other, vector in self.vectors.items()
            if other == name or (name[:2] == other[:2] == "z_")
        ]
        places = digits.decimals(v.value for one in alike for v in one.values())
        id = name.replace("*", "-")
        if name in self.part.again:
            id += "-again"
        head = "tanh(c)" if name == "tanh_c" else name
        marks: list[Mark] = [
            code(x, NAMES, head, fill=paint, bold=name == term)
        ]
        washed = name == term and not name.startswith("z_")
        for line, value in values.items():
            y = self.middles[line]
            if washed and isinstance(line, int):
                marks.append(
                    Box(
                        x=left, y=y - CELL / 2, width=self.sizes.cell,
                        height=CELL, radius=4, fill=wash(paint),
                    )
                )  # fmt: skip
            marks.append(
                number(
                    x, y + 4, value, places=places,
                    room=int(self.sizes.cell / CHARACTER),
                    id=f"{id}-{self.part.id}-{self.t}-{line}",
                    term=term,
                )
            )  # fmt: skip
        return marks

    def sign(self, sign: str, left: float) -> list[Mark]:
        """An operator in each band, or an arrow below its function."""
        width = self.sizes.between(sign)
        x = left + width / 2
        ys = [self.middles[unit] for unit in self.units]
        if sign in FUNCTIONS:
            name = code(x, NAMES, sign, fill="muted")
            half = min(9, width / 2 - 1)
            arrows = (arrow((x - half, y), (x + half, y)) for y in ys)
            return [*([] if sign == "→" else [name]), *arrows]
        return [
            Text(x=x, y=y + 4, content=sign, fill="muted", anchor="middle")
            for y in ys
            if sign != "|"
        ]
