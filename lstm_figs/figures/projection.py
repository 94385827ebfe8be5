"""The figure `projection`: how weight_hr turns o·tanh c into h."""

from collections.abc import Mapping
from dataclasses import replace
from functools import cached_property
from itertools import accumulate

import numpy as np

from ..errors import BeyondLimit
from ..layout import styles, words
from ..layout.excerpts import Excerpt, Gap, excerpt, left_out_notes
from ..layout.margins import inner_width
from ..layout.motifs import gauges, weight_rows, wires
from ..layout.motifs.unit_columns import Columns
from ..layout.motifs.wires import Bars, VectorLook
from ..layout.number_lists import largest_magnitude, number_list
from ..layout.provenance import provenance, source, step_items
from ..model.layer_run import LayerRun
from ..model.reference import Number, Vector
from ..options import Value
from ..proof.bindings import Length, Scale, Shade, sentence
from ..proof.runs.variants import projected
from ..scene.marks import Box, Mark, Path, Text
from ..scene.scenes import Diagram, Head
from ..scene.terms import TERMS

GUTTER_WIDTH, RESULT_WIDTH, CODE_WIDTH = 84.0, 74.0, 176.0
"""The widths left of the columns, of the result "= h", and of the code, in a wide form."""
MAX_COLUMN_WIDTH = 168.0
"""The greatest width of a column."""
MAX_CODED_COLUMNS = 4
"""The most columns that leave space for code."""
ROW_HEIGHT, BAR_HEIGHT, SUM_HEIGHT = 30.0, 7.0, 9.0
"""The heights of a row of weight_hr, of the bar of a product, and of that of h."""
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
        if requested not in (0, weights.proj_size):
            raise BeyondLimit(
                f"got --project {requested} for {subject.module}, expected its "
                f"own proj_size {weights.proj_size}; leave --project out",
                "project",
            )
        return subject
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
    marks, height = table.marks()
    return Diagram(
        heading=_head(table),
        description=_description(table),
        width=inner_width(width),
        height=height,
        marks=tuple(marks),
        figure_width=width,
    )


class _Table:
    """A column for each unit, with its c, what it shows, and its column of weight_hr."""

    def __init__(self, subject: LayerRun, t: int, width: float):
        self.subject, self.t = subject, t
        self.is_narrow = width < 560
        weights = subject.weights
        self.is_projected = weights.proj_size > 0
        self.units = self.visible(weights.hidden_size)
        self.rows = self.visible(weights.size)
        style = wires.vector_look(1, narrow=self.is_narrow)
        count = len(self.units.lines)
        self.has_code = not self.is_narrow and count <= MAX_CODED_COLUMNS
        side_width = 68.0 if self.is_narrow else GUTTER_WIDTH + RESULT_WIDTH
        if self.has_code:
            side_width += CODE_WIDTH
        pitch = min(MAX_COLUMN_WIDTH, (inner_width(width) - side_width) / count)
        self.style: VectorLook = style._replace(width=pitch)
        left = 0.0 if self.is_narrow else GUTTER_WIDTH
        self.matrix = {
            k: subject.row("weight_hr", k) for k in self.rows.indices if self.is_projected
        }
        self.max_weight = largest_magnitude(
            number for row in self.matrix.values() for number in self.units.of(row)
        )
        self.columns = Columns(self.units, left, self.style).of(
            *map(self.values, CAPTIONS), *self.matrix.values()
        )
        self.right = self.columns.right
        self.limit = max(
            1.0, wires.largest_visible(*(self.values(name) for name in ("c", "tanh_c")))
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
                y += 18
            marks += self.vector(name, caption, y)
            y += 44
        if not self.is_projected:
            return marks, y - 6
        products, y = self.product(y + (24 if self.is_narrow else 8))
        return marks + products, y

    @cached_property
    def partial_sums(self) -> dict[int, list[float]]:
        """The sums after each product of each row; empty if some are left out."""
        is_large = self.rows.is_folded or len(self.units.lines) > MAX_CODED_COLUMNS
        # In a narrow figure, bars of several rows would come between the rows.
        if self.units.is_folded or is_large or (self.is_narrow and len(self.rows.lines) > 1):
            return {}
        sums = {
            row: [*accumulate(float((weight * s).value) for weight, s in self.products(row))]
            for row in self.matrix
        }
        return sums if np.isfinite([*sums.values()]).all() and np.any([*sums.values()]) else {}

    def products(self, row: int) -> list[tuple[Number, Number]]:
        """The factors of each product of a row."""
        shown = self.values("shown")
        return [(self.matrix[row][k], shown[k]) for k in self.units.indices]

    @property
    def bars_height(self) -> float:
        """The height of the bars of a row; 0 if there are none."""
        if not self.partial_sums:
            return 0.0
        return len(self.units.lines) * (BAR_HEIGHT + 1) + SUM_HEIGHT

    def bars(self, row: int, left: float, right: float, top: float) -> list[Mark]:
        """The bars of a row: each product begins where the one before ended, then h."""
        values = [0.0, *(value for sums in self.partial_sums.values() for value in sums)]
        scale = Scale(min(values), max(values), left, right)
        exprs = [f"{weight.expr} * {shown.expr}" for weight, shown in self.products(row)]
        zero = scale(0)
        bottom = top + self.bars_height
        marks: list[Mark] = [
            Path(
                (("M", (zero, top - 3)), ("L", (zero, bottom + 3))),
                stroke="muted",
                stroke_width=styles.LINE.back.weight,
            )
        ]
        before, y = 0.0, top
        for k, after in enumerate(self.partial_sums[row]):
            start, stop = sorted((scale(before), scale(after)))
            expr = " + ".join(exprs[: k + 1])
            if k:
                expr = f"torch.stack([{' + '.join(exprs[:k])}, {expr}])"
            marks.append(
                Box(
                    start,
                    y,
                    stop - start,
                    BAR_HEIGHT,
                    fill="pos" if after >= before else "neg",
                    id=f"product-{row}-{self.units.indices[k]}-bar",
                    term="weight_hr h",
                    bound=(Length(expr, "width", scale),),
                )
            )
            before, y = after, y + BAR_HEIGHT + 1
        h = self.subject.vector("h", self.t)[row]
        start, stop = sorted((zero, scale(float(h.value))))
        total = Box(
            start,
            y,
            stop - start,
            SUM_HEIGHT,
            fill="h",
            id=f"h-projected-{self.t}-{row}-bar",
            term="h",
            bound=(Length(h.expr, "width", scale),),
        )
        return [*marks, total]

    def vector(self, name: str, caption: str, y: float) -> list[Mark]:
        """A row of numbers with their bars; its box begins at `y`."""
        term = "h" if name == "shown" else name
        values = self.values(name)
        bars = {
            "c": Bars("c", self.limit),
            "tanh_c": Bars("c", self.limit),
            "o": Bars("gate-o", self.limit, is_gate=True),
            "shown": Bars("gate-o", self.limit, self.values("tanh_c")),
        }[name]
        marks = self.columns.row(
            y + 14, values, bars, id=f"{name}-{self.t}", term=term, paint=TERMS[term].role
        )
        tensor = "o*tanh_c" if name == "shown" else name
        at = (4, y - 9) if self.is_narrow else (GUTTER_WIDTH - 10, y + 14)
        label = wires.vector_name(
            at,
            caption,
            tensor,
            f"{name}-{self.t}-*",
            "block" if self.is_narrow else "row",
            anchor="start" if self.is_narrow else "end",
        )
        return [label, *marks, *self.code(name, self.right + 12, y + 14)]

    def code(self, name: str, x: float, y: float) -> list[Mark]:
        """The code of a row; `y` is the middle of its letters."""
        if not self.has_code or name not in CODE_OF:
            return []
        label, _ = words.paragraph(x, y - 9, sentence(CODE_OF[name]), CODE_WIDTH, size=words.SMALL)
        return [label]

    def product(self, top: float) -> tuple[list[Mark], float]:
        """The rows of weight_hr and h, and their bottom."""
        h = self.subject.vector("h", self.t)
        texts = wires.number_column(self.rows.of(h), wires.vector_look(1, narrow=self.is_narrow))
        result = self.right + RESULT_WIDTH / 2 + 6
        if self.is_narrow:
            result = self.right + 18 + max(24, texts.width / 2)
        marks: list[Mark] = []
        pitch = max(ROW_HEIGHT, self.bars_height + 8)
        if self.is_narrow and self.partial_sums:
            pitch = ROW_HEIGHT + self.bars_height + 16
        y, gap = top + ROW_HEIGHT / 2, 0.0
        for line in self.rows.lines:
            if isinstance(line, Gap):
                marks.append(words.operator(self.columns.x(0), y - 3, "…"))
                gap = y
            else:
                id = f"h-projected-{self.t}-{line}"
                marks += [
                    *self.matrix_row(line, y),
                    words.operator(self.right + 6, y, "="),
                    texts.number(result, y, h[line], id=id, term="h", bold=True),
                ]
                if self.partial_sums and self.is_narrow:
                    marks += self.bars(line, 4, self.right - 4, y + ROW_HEIGHT / 2 + 6)
                elif self.partial_sums:
                    left = self.right + RESULT_WIDTH + 12
                    marks += self.bars(line, left, left + CODE_WIDTH - 14, y - self.bars_height / 2)
            y += pitch
        y -= pitch - ROW_HEIGHT
        if self.is_narrow and self.partial_sums:
            y += self.bars_height + 8
        # Where rows are left out, there is space for the name of the matrix.
        middle = gap or (top + y - ROW_HEIGHT / 2) / 2
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
        name = wires.vector_name((result, top - 10), "h", "h", f"h-projected-{self.t}-*")
        return [*marks, label, name], y - ROW_HEIGHT / 2 + 4

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
            cell = Box(
                x - self.style.width / 2 + 1,
                y - ROW_HEIGHT / 2 + 1,
                self.style.width - 2,
                ROW_HEIGHT - 2,
                radius=3,
                fill=weight_rows.shade(float(weight.value), self.max_weight),
                id=f"{id}-cell",
                term="weight_hr",
                bound=(Shade(weight.expr, self.max_weight),),
            )
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


def _head(table: _Table) -> Head:
    subject, sizes = table.subject, table.subject.weights
    label = subject.step_number(table.t)
    notes = [sentence(gauges.legend("o"))]
    module = subject.module_variable
    if table.is_projected:
        notes.append(
            sentence(
                "Products add up to h, on a scale of their own. Blue is positive, red negative."
                if table.partial_sums
                else "Each number of h is one row of weight_hr times o·tanh c, "
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
    sentences.append(f"h is {number_list(table.values('h'))}")
    return f"Step {subject.step_number(table.t)}: {'; '.join(sentences)}."
