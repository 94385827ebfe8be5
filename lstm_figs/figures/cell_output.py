"""The figure `cell-output`."""

from typing import NamedTuple

from .. import digits
from ..cells import CHARACTER, NUMBER, counted, number, spoken
from ..fold import Excerpt, Gap, excerpt, notes
from ..lstm import GATES
from ..marks import Box, Mark, Text, shift
from ..proof import Number, Subject
from ..scene import Diagram, Heading
from ..shapes import Panel, arrow, code
from ..terms import GATE_NAMES, TERMS
from ..theme import wash
from ..vectors import dots

ROW, BAND, CELL = 30.0, 26.0, 20.0
"""From one unit to the next; the heights of its band and of its cells."""
NAMES, TOP = 35.0, 45.0
"""Below the code of a part: the names of its columns, its first band."""
APART = 26.0
"""The space between parts."""
FUNCTIONS = ("σ", "tanh", "→")
"""The signs that are drawn as arrows, the last without a name."""


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


PARTS = (
    Part(
        "gates",
        "i, f, g, o = σ(z_i), σ(z_f), tanh(z_g), σ(z_o)",
        "z_i σ i | z_f σ f | z_g tanh g | z_o σ o",
    ),
    Part(
        "c",
        "c = f * c_prev + i * g",
        "f × c_prev + i × g = f*c_prev + i*g = c",
    ),
    Part("h", "h = o * tanh(c)", "c → tanh_c × o = h", ("c",)),
)
CLOSE_PARTS = (
    Part("gates", "i, f = σ(z_i), σ(z_f)", "z_i σ i | z_f σ f"),
    Part("gates", "g, o = tanh(z_g), σ(z_o)", "z_g tanh g | z_o σ o"),
    Part("c", "f * c_prev, i * g", "f × c_prev = f*c_prev | i × g = i*g"),
    Part(
        "h",
        "c = f * c_prev + i * g, h = o * tanh(c)",
        "f*c_prev + i*g = c → tanh_c × o = h",
        ("f*c_prev", "i*g"),
    ),
)
"""The parts where there is little room."""


class Sizes(NamedTuple):
    """Widths: of the units, a cell, a sign, a function, a space."""

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


WIDE = Sizes(50, 48, 30, 30, 30)
NARROW = Sizes(38, 40, 13, 40, 16)


def cell_output(subject: Subject, room: float, *, step: int = 1) -> Diagram:
    """From the sums before the gates to c and h, one row a unit.

    Args:
        subject: What is drawn.
        room: The width that the figure may use.
        step: The time step, counted from 1.
    """
    t = subject.check("step", step, len(subject.steps), 1) - 1
    parts, sizes = (PARTS, WIDE) if room >= 480 else (CLOSE_PARTS, NARROW)
    units = excerpt(subject.weights.hidden_size)
    vectors = {
        name: units.of(_values(subject, name, t))
        for part in parts
        for name in part.columns.split()[::2]
    }
    marks: list[Mark] = []
    width = y = 0.0
    for part in parts:
        table = _Table(vectors, units, t, part, sizes).panel()
        marks += [shift(mark, 0, y) for mark in table.marks]
        width = max(width, table.width)
        y += table.height + APART
    return Diagram(
        Heading(
            "From here, each unit stands alone",
            f"{subject.module}, step {step}: from the sums z to c and h, "
            "element by element, one row a unit",
            (
                "No number leaves its row; units meet only in "
                "weight_hh @ h_prev.",
                *notes(("unit", units)),
            ),
            subject.source,
        ),
        " ".join(
            _said(unit, {name: v[k] for name, v in vectors.items()})
            for k, unit in enumerate(units.indices)
        ),
        width,
        y - APART,
        tuple(marks),
        room,
    )


def _values(subject: Subject, name: str, t: int) -> list[Number]:
    """A vector of the step, or a product of two of them."""
    if "*" in name:
        first, second = name.split("*")
        return subject.product(first, second, t)
    return subject.vector(name, t)


def _said(unit: int, values: dict[str, Number]) -> str:
    """All of a unit in words."""

    def say(name: str) -> str:
        return spoken([values[name]])

    gates = ", ".join(
        f"{gate} = {GATE_NAMES[gate].function}({say(f'z_{gate}')}) = "
        f"{say(gate)}"
        for gate in GATES
    )
    return (
        f"Unit {unit}: {gates}; c = {say('f')} × {say('c_prev')} + "
        f"{say('i')} × {say('g')} = {say('f*c_prev')} + {say('i*g')} = "
        f"{say('c')}; h = {say('o')} × tanh(c) = {say('o')} × "
        f"{say('tanh_c')} = {say('h')}."
    )


class _Table:
    """One part, its columns laid out from the left."""

    def __init__(
        self,
        vectors: dict[str, list[Number]],
        shown: Excerpt,
        t: int,
        part: Part,
        sizes: Sizes,
    ):
        self.vectors = vectors
        self.shown = shown
        self.t = t
        self.part = part
        self.sizes = sizes

    def middle(self, line: int | Gap) -> float:
        """The middle of a row."""
        return TOP + ROW * self.shown.lines.index(line) + BAND / 2

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
        width = x + 6
        return Panel(
            width,
            TOP + ROW * len(self.shown.lines) - (ROW - BAND),
            (*self.bands(width), *marks),
        )

    def bands(self, width: float) -> list[Mark]:
        """The name of the part, and a band for each unit."""
        index = self.sizes.left / 2 - 2
        marks: list[Mark] = [
            Text(
                x=index, y=NAMES, content="unit", size=NUMBER,
                fill="muted", anchor="middle",
            ),
            code(0, 10, self.part.label, "start", bold=True),
        ]  # fmt: skip
        for unit in self.shown.lines:
            if isinstance(unit, Gap):
                y = self.middle(unit) + 4
                marks += [
                    *dots(index - 1, y),
                    Text(
                        x=self.sizes.left, y=y, size=NUMBER, fill="muted",
                        content=counted(unit.count, "more unit"),
                    ),
                ]  # fmt: skip
                continue
            marks += [
                Box(
                    x=0, y=self.middle(unit) - BAND / 2, width=width,
                    height=BAND, radius=6, fill="panel",
                ),
                Text(
                    x=index, y=self.middle(unit) + 4, content=str(unit),
                    size=NUMBER, mono=True, fill="muted", anchor="middle",
                ),
            ]  # fmt: skip
        return marks

    def column(self, name: str, left: float) -> list[Mark]:
        """One vector, an element in each band."""
        term = name if name in TERMS else "c"
        paint = TERMS[term].role
        x = left + self.sizes.cell / 2
        values = self.vectors[name]
        places = digits.decimals(value.value for value in values)
        id = name.replace("*", "-")
        if name in self.part.again:
            id += "-again"
        head = "tanh(c)" if name == "tanh_c" else name
        marks: list[Mark] = [
            code(x, NAMES, head, fill=paint, bold=name == term)
        ]
        for unit, value in zip(self.shown.indices, values, strict=True):
            y = self.middle(unit)
            if name == term and not name.startswith("z_"):
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
                    id=f"{id}-{self.part.id}-{self.t}-{unit}",
                    term=term,
                )
            )  # fmt: skip
        return marks

    def sign(self, sign: str, left: float) -> list[Mark]:
        """An operator in each band, or an arrow below its function."""
        width = self.sizes.between(sign)
        x = left + width / 2
        ys = [self.middle(unit) for unit in self.shown.indices]
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
