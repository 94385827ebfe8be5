"""The figure `projection`."""

from collections.abc import Mapping
from dataclasses import replace

from ..errors import BeyondLimit
from ..layout import words
from ..layout.cells import largest, spoken
from ..layout.fold import Excerpt, Gap, excerpt, left_out
from ..layout.motifs import gauges, rows, wires
from ..layout.motifs.units import Columns
from ..layout.motifs.wires import Bars, VectorLook
from ..layout.provenance import provenance, source, step_of
from ..layout.room import inner
from ..options import Value
from ..proof.bindings import Shade, sentence
from ..proof.reference import Vector
from ..proof.runs.variants import projected
from ..proof.subject import Subject
from ..scene.marks import Box, Mark
from ..scene.scenes import Diagram, Head
from ..scene.terms import TERMS

GUTTER, RESULT, CODE = 84.0, 74.0, 176.0
"""Left of the columns of a wide form, and right of them: = h, and how each
row is computed."""
WIDEST = 168.0
"""The most that a column takes."""
FEW = 4
"""The most columns that leave room for code."""
CELL = 30.0
"""The height of a row of weight_hr, with the space below it."""
NAMES = {"c": "c", "tanh_c": "tanh c", "o": "o", "shown": "o·tanh c"}
"""What is computed before the projection, one number per unit."""
COMPUTED = {
    "tanh_c": "tanh(c)",
    "o": "σ(z_o)",
    "shown": "o * tanh(c)",
    "h": "weight_hr @ (o * tanh(c))",
}
"""How; c is made of what the step before left."""


def made(subject: Subject, options: Mapping[str, Value]) -> Subject:
    """The layer with a projection: its own, or one that is made for it.

    Raises:
        BeyondLimit: If it cannot have the projection that is asked for.
    """
    asked, weights = options["project"], subject.weights
    assert isinstance(asked, int)
    if weights.proj_size:
        if asked not in (0, weights.proj_size):
            raise BeyondLimit(
                f"got --project {asked} for {subject.module}, expected its "
                f"own proj_size {weights.proj_size}; leave --project out",
                "project",
            )
        return subject
    if weights.hidden_size == 1 and not asked:
        return subject
    trace = projected(subject, asked or weights.hidden_size // 2)
    return replace(subject, trace=trace, layer=0, direction="forward")


def projection(subject: Subject, room: float, *, step: int = 2, project: int = 0) -> Diagram:
    """How weight_hr narrows h at every step, while c keeps its length.

    Args:
        subject: What is drawn.
        room: The width that the figure may use.
        step: The time step, counted from 1.
        project: The length of h for a module without a projection; 0 for half.
    """
    table = _Table(subject, subject.at(step), room)
    marks, height = table.marks()
    return Diagram(_head(table), _description(table), inner(room), height, tuple(marks), room)


class _Table:
    """A column for each unit: c, what it shows, and its column of weight_hr."""

    def __init__(self, subject: Subject, t: int, room: float):
        self.subject, self.t = subject, t
        self.close = room < 640
        weights = subject.weights
        self.narrowed = weights.proj_size > 0
        self.units = self.shown(weights.hidden_size)
        self.rows = self.shown(weights.size)
        style = wires.look(1, close=self.close)
        count = len(self.units.lines)
        self.coded = not self.close and count <= FEW
        beside = GUTTER + RESULT + CODE * self.coded
        if self.close:
            beside = 68.0
        pitch = min(WIDEST, (inner(room) - beside) / count)
        self.style: VectorLook = style._replace(width=pitch)
        left = 0.0 if self.close else GUTTER
        self.matrix = {k: subject.row("weight_hr", k) for k in self.rows.indices if self.narrowed}
        self.columns = Columns(self.units, left, self.style).of(
            *map(self.values, NAMES), *self.matrix.values()
        )
        self.right = self.columns.right
        self.reach = max(1.0, wires.reach(*(self.values(name) for name in ("c", "tanh_c"))))

    def shown(self, count: int) -> Excerpt:
        """Which elements of vectors there is room for."""
        return excerpt(count, whole=6) if self.close else excerpt(count)

    def values(self, name: str) -> Vector:
        """A vector of the step."""
        if name == "shown":
            return self.subject.product("o", "tanh_c", self.t)
        return self.subject.vector(name, self.t)

    def marks(self) -> tuple[list[Mark], float]:
        """Everything, and its height."""
        ids = [f"{name}-{self.t}-{{}}" for name in NAMES]
        marks = self.columns.heads(10, [*ids, "weight_hr-*-{}"] if self.narrowed else ids)
        y = 26.0
        for name, said in NAMES.items():
            if self.close:
                y += 18
            marks += self.vector(name, said, y)
            y += 44
        if not self.narrowed:
            return marks, y - 6
        products, y = self.product(y + (24 if self.close else 8))
        return marks + products, y

    def vector(self, name: str, said: str, y: float) -> list[Mark]:
        """A row of numbers with their bars; its box begins at `y`."""
        term = "h" if name == "shown" else name
        values = self.values(name)
        bars = {
            "c": Bars("c", self.reach),
            "tanh_c": Bars("c", self.reach),
            "o": Bars("gate-o", self.reach, gate=True),
            "shown": Bars("gate-o", self.reach, self.values("tanh_c")),
        }[name]
        marks = self.columns.row(
            y + 14, values, bars, id=f"{name}-{self.t}", term=term, paint=TERMS[term].role
        )
        tensor = "o*tanh_c" if name == "shown" else name
        at = (4, y - 9) if self.close else (GUTTER - 10, y + 14)
        label = wires.name(
            at,
            said,
            tensor,
            f"{name}-{self.t}-*",
            "block" if self.close else "row",
            anchor="start" if self.close else "end",
        )
        return [label, *marks, *self.code(name, self.right + 12, y + 14)]

    def code(self, name: str, x: float, y: float) -> list[Mark]:
        """How a row is computed; `y` is the middle of its letters."""
        if not self.coded or name not in COMPUTED:
            return []
        said, _ = words.paragraph(x, y - 9, sentence(COMPUTED[name]), CODE, size=words.SMALL)
        return [said]

    def product(self, top: float) -> tuple[list[Mark], float]:
        """The rows of weight_hr, and what each makes of o·tanh c."""
        subject, style = self.subject, self.style
        end = largest(number for row in self.matrix.values() for number in self.units.of(row))
        h = subject.vector("h", self.t)
        texts = wires.printed(self.rows.of(h), wires.look(1, close=self.close))
        result = self.right + RESULT / 2 + 6
        if self.close:
            result = self.right + 18 + max(24, texts.width / 2)
        marks: list[Mark] = []
        y, gap = top + CELL / 2, 0.0
        for line in self.rows.lines:
            if isinstance(line, Gap):
                marks.append(words.operator(self.columns.x(0), y - 3, "…"))
                gap = y
                y += CELL
                continue
            if self.rows.folded and not self.close:
                marks.append(
                    words.label(
                        GUTTER - 10,
                        y,
                        f"h[{line}]",
                        {"unit": line},
                        [f"weight_hr-{line}-*"],
                        "row",
                        style=words.FINE_CODE,
                        anchor="end",
                    )
                )
            for k, unit in enumerate(self.units.lines):
                x = self.columns.x(k)
                if isinstance(unit, Gap):
                    marks.append(words.operator(x, y - 3, "…"))
                    continue
                number = self.matrix[line][unit]
                id = f"weight_hr-{line}-{unit}"
                marks += [
                    Box(
                        x - style.width / 2 + 1,
                        y - CELL / 2 + 1,
                        style.width - 2,
                        CELL - 2,
                        radius=3,
                        fill=rows.shade(float(number.value), end),
                        id=f"{id}-cell",
                        term="weight_hr",
                        bound=(Shade(number.expr, end),),
                    ),
                    self.columns.printed[unit].number(x, y, number, id=id, term="weight_hr"),
                ]
            id = f"h-projected-{self.t}-{line}"
            marks += [
                words.operator(self.right + 6, y, "="),
                texts.number(result, y, h[line], id=id, term="h", bold=True),
            ]
            y += CELL
        # Rows that are left out leave its place to the name of all.
        middle = gap or (top + y - CELL / 2) / 2
        label = words.label(
            4 if self.close else GUTTER - 10,
            top - 11 if self.close else middle,
            "weight_hr",
            {"tensor": "weight_hr"},
            ["weight_hr-*-*"],
            "block" if self.close else "band",
            anchor="start" if self.close else "end",
            style=words.STRONG,
            term="weight_hr",
        )
        over = wires.name((result, top - 10), "h", "h", f"h-projected-{self.t}-*")
        marks += self.code("h", self.right + RESULT + 12, middle)
        return [*marks, label, over], y - CELL / 2 + 4


def _head(table: _Table) -> Head:
    subject, sizes = table.subject, table.subject.weights
    label = subject.label(table.t)
    notes = [sentence(gauges.legend("o"))]
    module = subject.shown
    if table.narrowed:
        notes.append(
            sentence(
                "Each number of h is one row of weight_hr times o·tanh c, "
                "added up. Blue weights are positive, red ones negative."
            )
        )
        title = sentence("h is projected at every step, c is not", claim=f"{module}.proj_size > 0")
        lead = sentence(
            "c has {} numbers, one per unit. weight_hr turns o·tanh c into an "
            "h of length {}: the output, and what the next step reads.",
            (sizes.hidden_size, "c.shape[-1]"),
            (sizes.proj_size, f"{module}.proj_size"),
        )
    else:
        title = sentence("One unit cannot be projected", claim="c.shape[-1] == 1")
        lead = sentence("proj_size has to be smaller than hidden_size.", claim="c.shape[-1] == 1")
    notes += left_out(("unit", table.units, "c.shape[-1]"))
    return Head(
        title, lead, provenance(subject, *step_of(subject, label)), tuple(notes), source(subject)
    )


def _description(table: _Table) -> str:
    subject = table.subject
    told = [f"{said} is {spoken(table.values(name))}" for name, said in NAMES.items()]
    if table.narrowed:
        told += [
            f"row {k} of weight_hr is {spoken(subject.row('weight_hr', k))}"
            for k in table.rows.indices
        ]
    told.append(f"h is {spoken(table.values('h'))}")
    return f"Step {subject.label(table.t)}: {'; '.join(told)}."
