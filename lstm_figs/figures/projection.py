"""The figure `projection`: how weight_hr turns o·tanh c into h."""

from collections.abc import Mapping
from dataclasses import replace
from functools import cached_property
from typing import NamedTuple

from ..errors import BeyondLimit
from ..layout import words
from ..layout.excerpts import Excerpt, Gap, excerpt, left_out_notes
from ..layout.margins import inner_width
from ..layout.motifs import gauges, vectors, weight_rows, wires
from ..layout.motifs.unit_columns import UnitColumns
from ..layout.motifs.vectors import Bars, VectorLook
from ..layout.number_lists import largest_magnitude, number_list
from ..layout.provenance import provenance, source, step_items
from ..layout.shapes import Point
from ..model.layer_run import LayerRun
from ..model.reference import Number, Vector
from ..options import Value
from ..proof.bindings import Node, Shade, sentence
from ..proof.runs.variants import projected
from ..scene.marks import Box, Group, Mark, Text
from ..scene.scenes import Diagram, Head
from ..scene.terms import TERMS
from ..scene.theme import Paint

GUTTER_WIDTH, RESULT_WIDTH, CODE_WIDTH = 84.0, 74.0, 176.0
"""The widths left of the columns, of the result "= h", and of the code, in a wide form."""
NARROW_RESULT_WIDTH = 68.0
"""The width of the result "= h" right of the columns in a narrow form."""
MAX_COLUMN_WIDTH = 168.0
"""The greatest width of a column."""
MAX_CODED_COLUMNS = 4
"""The most columns that leave space for code."""
ROW_HEIGHT = 30.0
"""The height of a row of weight_hr."""
MAX_MERGED_UNITS = 4
"""A projection to one number is drawn product by product up to this many units."""
VECTOR_HEIGHT, NUMBERS_OFFSET, NAME_HEIGHT = 44.0, 14.0, 18.0
"""From one vector to the next, from its top to the middle of its numbers, and the height
of its name in a narrow form."""
CAPTIONS = {"c": "c", "tanh_c": "tanh c", "o": "o", "shown": "o·tanh c"}
"""The vectors before the projection, with one number per unit."""
CODE_OF = {"tanh_c": "tanh(c)", "o": "σ(z_o)", "shown": "o * tanh(c)"}
"""The code that computes each vector; c has none, because it depends on earlier steps."""


def variant(subject: LayerRun, options: Mapping[str, Value]) -> LayerRun:
    """The layer with its own projection, or with one made for it.

    Raises:
        BeyondLimit: If the layer cannot have the requested projection.
    """
    requested, weights = options["project"], subject.weights
    assert isinstance(requested, int)
    if weights.proj_size:
        is_default = requested == 0
        if not is_default and requested != weights.proj_size:
            raise BeyondLimit(
                f"got --project {requested} for {subject.module}, expected its "
                f"own proj_size {weights.proj_size}; leave --project out",
                "project",
            )
        return subject
    # The figure then says that one unit cannot be projected.
    if weights.hidden_size == 1 and not requested:
        return subject
    trace = projected(subject, requested or weights.hidden_size // 2)
    return replace(subject, trace=trace, layer=0, direction="forward")


def projection(subject: LayerRun, width: float, *, step: int = 2, project: int = 0) -> Diagram:
    """How weight_hr narrows h at every step, while c keeps its length.

    Args:
        subject: The run, layer and direction to draw.
        width: The width that the figure may use.
        step: The time step, counted from 1.
        project: The length of h for a module without a projection; 0 for half.
    """
    table = _Table(subject, subject.step_index(step), width)
    marks, height = _Merging(table).marks() if table.is_merging else table.marks()
    return Diagram(
        heading=_head(table),
        description=_description(table),
        width=inner_width(width),
        height=height,
        marks=tuple(marks),
        figure_width=width,
    )


class _Table:
    """A column for each unit, with its c, what it shows, and its column of weight_hr.

    Attributes:
        units: The units that fit.
        rows: The elements of h that fit.
        has_code: Whether there is code right of the columns.
        look: The look of the numbers.
        matrix: Row of weight_hr -> its weights, for each row that fits.
        max_weight: The weight that has the strongest colour.
        columns: The columns of the units.
        right: The right edge of the columns.
        limit: The largest magnitude of a bar, at least 1.
    """

    def __init__(self, subject: LayerRun, t: int, width: float):
        self.subject, self.t, self.width = subject, t, width
        self.is_narrow = width < 560
        weights = subject.weights
        self.is_projected = weights.proj_size > 0
        self.units = self.visible(weights.hidden_size)
        self.rows = self.visible(weights.size)
        look = vectors.vector_look(1, narrow=self.is_narrow)
        count = len(self.units.lines)
        self.has_code = not self.is_narrow and count <= MAX_CODED_COLUMNS
        side_width = NARROW_RESULT_WIDTH if self.is_narrow else GUTTER_WIDTH + RESULT_WIDTH
        if self.has_code:
            side_width += CODE_WIDTH
        pitch = min(MAX_COLUMN_WIDTH, (inner_width(width) - side_width) / count)
        self.look: VectorLook = look._replace(width=pitch)
        left = 0.0 if self.is_narrow else GUTTER_WIDTH
        self.matrix = {
            k: subject.row("weight_hr", k) for k in self.rows.indices if self.is_projected
        }
        self.max_weight = largest_magnitude(
            number for row in self.matrix.values() for number in self.units.of(row)
        )
        self.columns = UnitColumns(self.units, left, self.look).formatted_for(
            *map(self.values, CAPTIONS), *self.matrix.values()
        )
        self.right = self.columns.right
        self.limit = max(
            1.0, vectors.largest_visible(*(self.values(name) for name in ("c", "tanh_c")))
        )

    def visible(self, count: int) -> Excerpt:
        """The elements of a vector that fit."""
        return excerpt(count, max_unfolded=6) if self.is_narrow else excerpt(count)

    def values(self, name: str) -> Vector:
        """A vector of the step."""
        if name == "shown":
            return self.subject.product("o", "tanh_c", self.t)
        return self.subject.vector(name, self.t)

    def marks(self) -> tuple[list[Mark], float]:
        """All marks, and their bottom."""
        ids = [f"{name}-{self.t}-{{}}" for name in CAPTIONS]
        marks = self.columns.heads(10, [*ids, "weight_hr-*-{}"] if self.is_projected else ids)
        y = 26.0
        for name, caption in CAPTIONS.items():
            if self.is_narrow:
                y += NAME_HEIGHT
            marks += self.vector(name, caption, y)
            y += VECTOR_HEIGHT
        if not self.is_projected:
            return marks, y - 6
        products, bottom = self.product(y + (24 if self.is_narrow else 8))
        return marks + products, bottom

    @property
    def is_merging(self) -> bool:
        """Whether few enough products add up to h that each can be drawn."""
        is_small = not self.units.is_folded and len(self.units.lines) <= MAX_MERGED_UNITS
        return len(self.matrix) == 1 and is_small

    def vector(self, name: str, caption: str, top: float) -> list[Mark]:
        """A row of numbers with their bars, its name and its code."""
        y = top + NUMBERS_OFFSET
        term = "h" if name == "shown" else name
        values = self.values(name)
        bars = {
            "c": Bars("c", self.limit),
            "tanh_c": Bars("c", self.limit),
            "o": Bars("gate-o", self.limit, is_gate=True),
            "shown": Bars("gate-o", self.limit, self.values("tanh_c")),
        }[name]
        marks = self.columns.row(
            y, values, bars, id=f"{name}-{self.t}", term=term, paint=TERMS[term].role
        )
        # "shown" is what each unit shows, before weight_hr makes h of it.
        tensor = "o*tanh_c" if name == "shown" else name
        label_at = (4, top - NAME_HEIGHT / 2) if self.is_narrow else (GUTTER_WIDTH - 10, y)
        label = vectors.vector_name(
            label_at,
            text=caption,
            tensor=tensor,
            of=f"{name}-{self.t}-*",
            along="block" if self.is_narrow else "row",
            anchor="start" if self.is_narrow else "end",
        )
        return [label, *marks, *self.code(name, self.right + 12, y)]

    def code(self, name: str, x: float, y: float) -> list[Mark]:
        """The code of a row, if there is space for it; `y` is the middle of its letters."""
        if not self.has_code or name not in CODE_OF:
            return []
        code = sentence(CODE_OF[name])
        lines, _ = words.paragraph(x, y - words.LINE_HEIGHT / 2, code, CODE_WIDTH, size=words.SMALL)
        return [lines]

    def product(self, top: float) -> tuple[list[Mark], float]:
        """The rows of weight_hr and h, and their bottom."""
        h = self.subject.vector("h", self.t)
        column = vectors.number_column(
            self.rows.of(h), vectors.vector_look(1, narrow=self.is_narrow)
        )
        result_x = self.right + RESULT_WIDTH / 2 + 6
        if self.is_narrow:
            result_x = self.right + 18 + max(24, column.width / 2)
        marks: list[Mark] = []
        y, gap_y = top + ROW_HEIGHT / 2, 0.0
        for line in self.rows.lines:
            if isinstance(line, Gap):
                marks.append(words.operator(self.columns.x(0), y - 3, "…"))
                gap_y = y
            else:
                id = f"h-projected-{self.t}-{line}"
                marks += [
                    *self.matrix_row(line, y),
                    words.operator(self.right + 6, y, "="),
                    column.number(result_x, y, h[line], id=id, term="h", bold=True),
                ]
            y += ROW_HEIGHT
        # Where rows are left out, there is space for the name of the matrix.
        middle = gap_y or (top + y - ROW_HEIGHT / 2) / 2
        label = words.label(
            4 if self.is_narrow else GUTTER_WIDTH - 10,
            top - 11 if self.is_narrow else middle,
            "weight_hr",
            names={"tensor": "weight_hr"},
            of=["weight_hr-*-*"],
            along="block" if self.is_narrow else "band",
            anchor="start" if self.is_narrow else "end",
            style=words.STRONG,
            term="weight_hr",
        )
        name = vectors.vector_name(
            (result_x, top - 10), text="h", tensor="h", of=f"h-projected-{self.t}-*"
        )
        return [*marks, label, name], y - ROW_HEIGHT / 2 + 4

    def cell(self, row: int, unit: int, middle: Point, width: float) -> Box:
        """The coloured cell of a weight."""
        weight, (x, y) = self.matrix[row][unit], middle
        return Box(
            x - width / 2,
            y - ROW_HEIGHT / 2 + 1,
            width,
            ROW_HEIGHT - 2,
            radius=3,
            fill=weight_rows.shade(float(weight.value), self.max_weight),
            id=f"weight_hr-{row}-{unit}-cell",
            term="weight_hr",
            bound=(Shade(weight.expr, self.max_weight),),
        )

    def matrix_row(self, row: int, y: float) -> list[Mark]:
        """A row of weight_hr: its name if rows are left out, and its weights on cells."""
        marks: list[Mark] = []
        numbers: list[Text] = []
        for k, unit in enumerate(self.units.lines):
            x = self.columns.x(k)
            if isinstance(unit, Gap):
                marks.append(words.operator(x, y - 3, "…"))
                continue
            weight, id = self.matrix[row][unit], f"weight_hr-{row}-{unit}"
            number = self.columns.number_columns[unit].number(x, y, weight, id=id, term="weight_hr")
            cell = self.cell(row, unit, (x, y), self.look.width - 2)
            marks += [cell, number]
            numbers.append(number)
        if not self.rows.is_folded or self.is_narrow:
            return marks
        name = words.label(
            GUTTER_WIDTH - 10,
            y,
            f"h[{row}]",
            names={"unit": row},
            of=numbers,
            style=words.FINE_CODE,
            anchor="end",
        )
        return [name, *marks]


class Places(NamedTuple):
    """Where the parts of a row of products are, from left to right.

    Attributes:
        c: The middle of c.
        start: The left edge of the row of the product.
        gated: The middle of o·tanh c.
        weight: The middle of the weight.
        product: The middle of the product.
        end: The right edge of the row of the product.
        width: The width of a box.
    """

    c: float
    start: float
    gated: float
    weight: float
    product: float
    end: float
    width: float


WIDE_PLACES = Places(c=112, start=194, gated=240, weight=342, product=432, end=478, width=76)
"""The places of the wide form."""
NARROW_PLACES = Places(c=24, start=63, gated=88, weight=158, product=222, end=250, width=48)
"""The places of the narrow form."""


class _Merging:
    """A row for each unit, with its c and its product, and the one h that they add up to.

    Attributes:
        table: The numbers.
        places: Where the parts of a row are.
        row: The row of weight_hr.
        look: The look of the numbers.
        result_x: The horizontal middle of h.
    """

    def __init__(self, table: _Table):
        self.table = table
        self.places = NARROW_PLACES if table.is_narrow else WIDE_PLACES
        (self.row,) = table.matrix
        look = vectors.vector_look(1, narrow=table.is_narrow)
        self.look = look._replace(width=self.places.width)
        self.result_x = inner_width(table.width) - self.places.width / 2

    @property
    def pitch(self) -> float:
        """The distance from one row to the next."""
        return 62.0 if self.table.is_narrow else 56.0

    def y(self, k: int) -> float:
        """The middle of a row."""
        return (60.0 if self.table.is_narrow else 48.0) + k * self.pitch

    def marks(self) -> tuple[list[Mark], float]:
        """All marks, and their bottom."""
        units = self.table.units.indices
        rows = [mark for k in range(len(units)) for mark in self.row_marks(k)]
        return [*rows, *self.total(), *self.names()], self.y(len(units) - 1) + 24

    @cached_property
    def columns(self) -> dict[str, list[Number]]:
        """Name of a column -> its numbers."""
        table, units = self.table, self.table.units
        c, gated = units.of(table.values("c")), units.of(table.values("shown"))
        weights = units.of(table.matrix[self.row])
        products = [value * weight for value, weight in zip(gated, weights, strict=True)]
        return {"c": c, "shown": gated, "weight": weights, "product": products}

    def number(self, name: str, k: int, id: str, term: str) -> Text:
        """The number of a column in row `k`."""
        numbers = self.columns[name]
        column = vectors.number_column(numbers, self.look)
        x = self.places.gated if name == "shown" else getattr(self.places, name)
        return column.number(x, self.y(k), numbers[k], id=id, term=term)

    def row_marks(self, k: int) -> list[Mark]:
        """The c of a unit, its product, and the wire to h."""
        places, y, t = self.places, self.y(k), self.table.t
        unit = self.table.units.indices[k]
        c = self.box(
            places.c,
            y,
            "c",
            self.number("c", k, f"c-{t}-{unit}", "c"),
            id=f"c-{t}-{unit}-node",
            of=self.columns["c"][k],
        )
        product = self.product(k, unit)
        # The wires end at different heights, up to this far from the middle of h.
        max_offset, middle = 12, (len(self.table.units.indices) - 1) / 2
        offset = max_offset * (k - middle) / max(1, middle)
        return [
            c,
            product,
            wires.wire(
                (places.c + places.width / 2 + 1, y),
                (places.start - 2, y),
                tail=c.id,
                head=product.id,
                term="c",
            ),
            wires.wire(
                (places.end + 1, y),
                (places.end + 10, y),
                (self.result_x - places.width / 2 - 2, self.result_y + offset),
                tail=product.id,
                head=f"{self.result_id}-node",
                paint="h",
                term="h",
            ),
            self.unit_label(unit, y),
        ]

    def product(self, k: int, unit: int) -> Group:
        """The frame of a product, with both factors."""
        places, y, t = self.places, self.y(k), self.table.t
        frame = Box(
            places.start, y - 19, places.end - places.start, 38, radius=6, fill="paper", stroke="h"
        )
        marks = (
            frame,
            self.number("shown", k, f"shown-{t}-{unit}", "h"),
            words.operator((places.gated + places.weight) / 2, y, "×"),
            self.table.cell(self.row, unit, (places.weight, y), places.width - 4),
            self.number("weight", k, f"weight_hr-{self.row}-{unit}", "weight_hr"),
            words.operator((places.weight + places.product) / 2, y, "="),
            self.number("product", k, f"product-{self.row}-{unit}", "h"),
        )
        node = Node(self.columns["shown"][k].of)
        return Group(marks, id=f"shown-{t}-{unit}-node", bound=(node,))

    @property
    def result_id(self) -> str:
        """The id of the number h."""
        return f"h-projected-{self.table.t}-{self.row}"

    @property
    def result_y(self) -> float:
        """The middle of h."""
        return (self.y(0) + self.y(len(self.table.units.indices) - 1)) / 2

    def total(self) -> list[Mark]:
        """The number that the products add up to, and its name."""
        h = self.table.values("h")[self.row]
        x, y = self.result_x, self.result_y
        number = vectors.number_column([h], self.look).number(
            x, y, h, id=self.result_id, term="h", bold=True
        )
        return [
            self.box(x, y, "h", number, height=44, id=f"{self.result_id}-node", of=h),
            vectors.vector_name((x, y - 36), text="h", tensor="h", of=self.result_id),
        ]

    def names(self) -> list[Mark]:
        """The names of the columns."""
        places, t = self.places, self.table.t
        return [
            self.name(places.c, "c", "c", f"c-{t}-*"),
            self.name(places.gated, "o·tanh c", "o*tanh_c", f"shown-{t}-*"),
            self.name(places.weight, "weight_hr", "weight_hr", "weight_hr-*-*"),
            self.name(places.product, "adds", "o*tanh_c*weight_hr", f"product-{self.row}-*"),
        ]

    def name(self, x: float, text: str, tensor: str, of: str) -> Mark:
        """The name of a column."""
        return words.label(
            x,
            10,
            text,
            names={"tensor": tensor},
            of=[of],
            along="column",
            anchor="middle",
            style=words.FINE_STRONG if self.table.is_narrow else words.STRONG,
        )

    def unit_label(self, unit: int, y: float) -> Mark:
        """The name of a unit, left of its row or above its c."""
        narrow = self.table.is_narrow
        return words.label(
            self.places.c if narrow else 0,
            y - 26 if narrow else y,
            f"unit {unit}",
            names={"unit": unit},
            of=[f"c-{self.table.t}-{unit}"],
            along="column" if narrow else "row",
            anchor="middle" if narrow else "start",
            style=words.FINE,
        )

    def box(
        self,
        x: float,
        y: float,
        paint: Paint,
        number: Text,
        height: float = 30,
        *,
        id: str,
        of: Number,
    ) -> Group:
        """A number in a frame."""
        width = self.places.width
        frame = Box(
            x - width / 2, y - height / 2, width, height, radius=6, fill="paper", stroke=paint
        )
        return Group((frame, number), id=id, bound=(Node(of.of),))


def _head(table: _Table) -> Head:
    subject, sizes = table.subject, table.subject.weights
    label = subject.step_number(table.t)
    notes = [] if table.is_merging else [sentence(gauges.legend("o"))]
    module = subject.module_variable
    if table.is_projected:
        if not table.is_merging:
            notes.append(
                sentence(
                    "Each number of h is one row of weight_hr times o·tanh c, "
                    "added up. Blue weights are positive, red ones negative."
                )
            )
        title = sentence("h is projected at every step, c is not", claim=f"{module}.proj_size > 0")
        lead = sentence(
            "c keeps {} numbers. weight_hr turns o·tanh c into an h of length {}, "
            "which the next step reads.",
            (sizes.hidden_size, "c.shape[-1]"),
            (sizes.proj_size, f"{module}.proj_size"),
        )
    else:
        title = sentence("One unit cannot be projected", claim="c.shape[-1] == 1")
        lead = sentence("proj_size has to be smaller than hidden_size.", claim="c.shape[-1] == 1")
    notes += left_out_notes(("unit", table.units, "c.shape[-1]"))
    return Head(
        title, lead, provenance(subject, *step_items(subject, label)), tuple(notes), source(subject)
    )


def _description(table: _Table) -> str:
    subject = table.subject
    sentences = [
        f"{caption} is {number_list(table.values(name))}" for name, caption in CAPTIONS.items()
    ]
    if table.is_projected:
        sentences += [
            f"row {k} of weight_hr is {number_list(subject.row('weight_hr', k))}"
            for k in table.rows.indices
        ]
    if table.is_merging:
        products = _Merging(table).columns["product"]
        sentences.append(f"the products are {number_list(products)}")
    sentences.append(f"h is {number_list(table.values('h'))}")
    return f"Step {subject.step_number(table.t)}: {'; '.join(sentences)}."
