"""One unit: its four rows of weights, every product, the sums and the gates."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from ...layout import words
from ...layout.excerpts import Excerpt, excerpt
from ...layout.motifs import curves, weight_rows
from ...layout.unit_choice import largest_claim
from ...model.layer_run import LayerRun
from ...model.lstm import GATES
from ...model.reference import Number, Vector
from ...proof.bindings import Sentence, Shade, sentence
from ...proof.digits import decimals, text
from ...scene.marks import Box, Mark, Path, Text, bounds
from ...scene.terms import GATE_NAMES, TERMS
from ...scene.theme import tint
from .base import NARROWEST_WIDE, VECTOR_HEIGHT, CellInput

ROW_HEIGHT, ROWS_TOP, VECTOR_TOP = 50.0, 66.0, 36.0
"""In the wide form: the height of a row with a weight above its product, of the
headings above the rows, and of the headings above the vectors."""
CELL_HEIGHT = 22.0
"""The height of the coloured cell of a weight or a bias."""
LINE_PITCH, HEADINGS_HEIGHT = 24.0, 46.0
"""In the narrow form: from one addend to the next, and the height of the headings."""
SUM_WIDTH, CURVE_WIDTH, GATE_WIDTH = 58.0, 34.0, 50.0
"""The widths of a sum, of its activation curve and of a gate."""
ENDS_WIDTH = SUM_WIDTH + CURVE_WIDTH + GATE_WIDTH
"""The width of what follows the products in a row: sum, curve and gate."""
MAX_CHARS, MAX_PRODUCT_CHARS = 6, 5
"""The most characters of a printed number, and of a weight, a product or a bias."""
ROWS_GAP, VECTORS_GAP, CELL_GAP = 6.0, 8.0, 2.0
"""The gap between two rows, between the products with both vectors, and between two
cells."""
MAX_COLUMN_WIDTH = 66.0
"""The largest width of a product or a bias."""
VECTOR_NAME_MIDDLE, ELEMENT_NAME_MIDDLE = 8.0, 25.0
"""The middles of the name of a vector and of its elements. In the narrow form, of both
lines of the heading of a column."""
WEIGHT_MIDDLE, PRODUCT_OFFSET = 13.0, 10.0
"""From the top of a row to the middle of its weights, and from its middle down to that of
its products, of its sum and of its gate."""
GATE_HEIGHT = 26.0
"""The height of the box of a gate."""
NAMES_WIDTH, NUMBERS_LEFT, ELEMENT_X = 84.0, 92.0, 66.0
"""In the narrow form: the space left of the columns, their left, and the middle of the
elements of vectors."""
LINE_GAP, RESULTS_GAP = 6.0, 10.0
"""In the narrow form: the gap below the products with a vector, and above the sums."""
CURVE_OFFSET, GATE_TOP, GATE_OFFSET, RESULTS_HEIGHT = 22.0, 36.0, 48.0, 64.0
"""In the narrow form: from the middle of a sum down to that of its curve, to the top of the
box of its gate, to the middle of the gate, and to the bottom of the figure."""
GATE_BOX_WIDTH, GATE_BOX_HEIGHT = 48.0, 24.0
"""In the narrow form: the size of the box of a gate."""
MAX_ALL_PRODUCTS, MAX_PRODUCTS = 9, 4
"""Up to this many products of a row are all shown; of more, this many columns for
each vector."""


class Part(NamedTuple):
    """One of the two products of a row, as columns.

    Attributes:
        name: `ih` or `hh`.
        vector: The name of the vector that the weights are multiplied by.
        values: The vector.
        visible: The elements whose products are written out.
    """

    name: str
    vector: str
    values: Vector
    visible: Excerpt

    @property
    def names(self) -> list[int | str]:
        """The columns: the visible elements, then `others` if any are left out."""
        return [*self.visible.indices, *(["others"] if self.visible.is_folded else [])]

    @property
    def columns(self) -> int:
        """The number of columns."""
        return len(self.names)

    def label(self, k: int) -> tuple[str, dict[str, object]]:
        """The text of the label of an element, and its key."""
        return (f"x[{k}]", {"input": k}) if self.name == "ih" else (f"h[{k}]", {"unit": k})

    @property
    def decimals(self) -> words.NumberAlignment:
        """How to align the visible elements of the vector."""
        numbers = [self.values[k] for k in self.visible.indices]
        return words.NumberAlignment.of(numbers, MAX_CHARS, decimals(n.value for n in numbers))


def one_unit(subject: LayerRun, width: float, step: int, unit: int) -> CellInput:
    """The products of one unit, its four sums and its gates."""
    form = _Columns if width < NARROWEST_WIDE else _Rows
    return form(subject, width, step, unit)


class _OneUnit(CellInput):
    """The four sums of one unit: which products are shown, and the words.

    Attributes:
        unit: The unit.
        gate_rows: Gate -> its row of the weights.
        parts: The products with x and with h_prev.
        z: Gate -> its sum.
        opened: Gate -> its value.
    """

    def __init__(self, subject: LayerRun, width: float, step: int, unit: int):
        super().__init__(subject, width, step)
        self.unit = unit
        self.gate_rows = {gate: subject.weights.row(gate, unit) for gate in GATES}
        self.parts = [self.part("ih", "x"), self.part("hh", "h_prev")]
        self.z = {gate: subject.vector(f"z_{gate}", self.t)[unit] for gate in GATES}
        self.opened = {gate: subject.vector(gate, self.t)[unit] for gate in GATES}

    def part(self, name: str, vector: str) -> Part:
        """The products with a vector: all if they fit, else the largest."""
        weights = self.subject.weights
        array, values = weights.parameters()[f"weight_{name}"], self.subject.vector(vector, self.t)
        count = array.shape[1]
        if weights.input_size + weights.size <= MAX_ALL_PRODUCTS or count <= MAX_PRODUCTS:
            return Part(name, vector, values, excerpt(count, max_unfolded=count))
        with np.errstate(all="ignore"):
            sizes = abs(array[list(self.gate_rows.values())] * values.values).max(0)
        order = np.argsort(-np.nan_to_num(sizes, nan=np.inf, posinf=np.inf), kind="stable")
        visible = Excerpt(count, tuple(sorted(order[: MAX_PRODUCTS - 1].tolist())))
        return Part(name, vector, values, visible)

    def row_products(self, part: Part, row: int) -> list[Number]:
        """The visible products of a row, then the sum of the others if there are any."""
        weights = self.subject.row(f"weight_{part.name}", row)
        numbers = [weights[k] * part.values[k] for k in part.visible.indices]
        if part.visible.is_folded:
            visible = list(part.visible.indices)
            with np.errstate(all="ignore"):
                others = np.delete(weights.values * part.values.values, visible).sum()
            product = weights.of * part.values.of
            expr = f"({product}).index_fill(0, torch.tensor({visible}), 0).sum()"
            numbers.append(Number(others, expr, scale=self.subject.steps[self.t].scale))
        return numbers

    def title(self) -> Sentence:
        unit = self.unit, str(self.unit)
        return sentence("Four sums, four gates: every product of unit {}", unit)

    def details(self) -> list[tuple[str, object, str]]:
        return [*super().details(), ("unit {}", self.unit, str(self.unit))]

    def notes(self) -> list[Sentence]:
        folded = [part for part in self.parts if part.visible.is_folded]
        if not folded:
            return []
        claims = (largest_claim(self.largest(part), part.visible.indices) for part in folded)
        return [
            sentence(
                "Written out are the products that are largest for any of "
                "the gates; the others are added up.",
                claim=" and ".join(claims),
            )
        ]

    def sentences(self) -> list[str]:
        step = f"Step {self.subject.step_number(self.t)}, unit {self.unit}"
        return [step, *map(self.sentence, GATES)]

    def sentence(self, gate: str) -> str:
        """The sum of a gate in words."""
        row = self.gate_rows[gate]
        added = []
        for part in self.parts:
            numbers = self.row_products(part, row)
            for k, product in zip(part.visible.indices, numbers, strict=False):
                weight = self.subject.parameter(f"weight_{part.name}", row, k)
                added.append(
                    f"{part.vector}[{k}] {text(weight.value)} × "
                    f"{text(part.values[k].value)} = {text(product.value)}"
                )
            if part.visible.is_folded:
                added.append(f"the others of {part.vector} {text(numbers[-1].value)}")
        if self.has_bias:
            added += [
                f"{name} {text(self.subject.parameter(name, row).value)}"
                for name in ("bias_ih", "bias_hh")
            ]
        z, opened = text(self.z[gate].value), text(self.opened[gate].value)
        return f"Gate {gate}, row {row}: {'; '.join(added)}; the sum is {z}, the gate {opened}"

    def largest(self, part: Part) -> str:
        """The expression for the largest product of each column in the four rows."""
        name = self.subject.parameter_name(f"weight_{part.name}")
        weight = f"{self.subject.variable}.{name}[{list(self.gate_rows.values())}]"
        return f"({weight} * {part.vector}[{self.t}, 0]).abs().amax(0)"

    def left_out(self, part: Part) -> Sentence:
        """How many elements of a vector are left out."""
        count = f"len({part.vector}[{self.t}, 0]) - {len(part.visible.indices)}"
        return sentence("{} more", (part.visible.hidden_count, count))

    def id(self, name: str) -> str:
        """The id of a sum or a gate."""
        return f"{name}-{self.t}-{self.unit}"

    def activation(self, gate: str, x: float, y: float) -> list[Mark]:
        """The function of a gate as a curve, with the point of this step."""
        return curves.activation_curve(
            x,
            y,
            self.z[gate],
            self.opened[gate],
            TERMS[gate].role,
            tanh=GATE_NAMES[gate].function == "tanh",
            id=f"{self.id(gate)}-point",
            term=gate,
        )


class _Rows(_OneUnit):
    """The wide form: a row of products for each gate, which ends in its value.

    Attributes:
        rows: The heights of the rows.
        column_width: The width of a product or a bias.
        colour_end: The magnitude with the strongest colour.
    """

    def __init__(self, subject: LayerRun, width: float, step: int, unit: int):
        super().__init__(subject, width, step, unit)
        self.rows = weight_rows.Rows(
            (unit,), subject.weights.hidden_size, top=ROWS_TOP, height=ROW_HEIGHT, gap=ROWS_GAP
        )
        count = sum(part.columns for part in self.parts) + (2 if self.has_bias else 0)
        gaps = len(self.parts) * VECTORS_GAP
        products_width = self.space - self.rows.left - ENDS_WIDTH - gaps
        self.column_width = min(MAX_COLUMN_WIDTH, products_width / count)
        self.colour_end = self.largest_weight()

    def largest_weight(self) -> float:
        """The largest magnitude in the four rows, which has the strongest colour."""
        maximum = 0.0
        for name, array in self.subject.weights.parameters().items():
            if name != "weight_hr":
                values = array[list(self.gate_rows.values())]
                finite = abs(values[np.isfinite(values)])
                maximum = max(maximum, float(finite.max()) if finite.size else 0.0)
        return maximum or 1.0

    def y(self, gate: str) -> float:
        """The middle of a row."""
        return self.rows.y(gate, self.unit)

    def lead(self) -> Sentence:
        return sentence(
            "The same x and h_prev meet four rows of weights. Below each weight is its "
            "product with the value at the top; a row of products and biases adds up to z."
        )

    def notes(self) -> list[Sentence]:
        return [sentence("Blue weights are positive, red ones negative."), *super().notes()]

    def marks(self) -> tuple[list[Mark], float]:
        marks = self.gutter()
        x = self.rows.left
        for part in self.parts:
            marks += self.vector(part, x)
            for gate in GATES:
                marks += [*self.weights(part, gate, x), *self.products(part, gate, x)]
            x += part.columns * self.column_width + VECTORS_GAP
        if self.has_bias:
            for name in ("bias_ih", "bias_hh"):
                marks += self.biases(name, x)
                x += self.column_width
        marks += self.row_ends(min(x + VECTORS_GAP, self.space - ENDS_WIDTH))
        return marks, self.rows.bottom

    def gutter(self) -> list[Mark]:
        """The letter, the bar and the row of each gate, left of its products."""
        marks: list[Mark] = []
        for gate, row in self.gate_rows.items():
            y = self.y(gate)
            ids = [
                *(f"weight_{name}-{row}-*" for name in ("ih", "hh")),
                *(f"{name}-{gate}-*" for name in ("ih", "hh")),
                *(self.id(name) for name in (f"z_{gate}", gate)),
            ]
            marks += [
                weight_rows.gate_letter(gate, y, ids),
                weight_rows.gate_bar(gate, 14, y - ROW_HEIGHT / 2 + 2, ROW_HEIGHT - 4),
                words.label(
                    self.rows.left - 5,
                    y,
                    str(row),
                    names={"row": row},
                    of=ids,
                    along="band",
                    style=words.FINE,
                    anchor="end",
                ),
            ]
        return marks

    def vector(self, part: Part, x: float) -> list[Mark]:
        """The vector of a part, above its products."""
        width, vector = self.column_width, part.vector
        elements = [
            self.element(part, k, x + column * width)
            for column, k in enumerate(part.visible.indices)
        ]
        name = words.label(
            x + (len(elements) * width - CELL_GAP) / 2,
            VECTOR_NAME_MIDDLE,
            vector,
            names={"tensor": vector},
            of=[number for *_, number in elements],
            anchor="middle",
            style=words.STRONG,
            fill=TERMS[vector].role,
            term=vector,
        )
        marks: list[Mark] = [name, *(mark for element in elements for mark in element)]
        if part.visible.is_folded:
            more, _ = words.paragraph(
                x + (part.columns - 0.5) * width - CELL_GAP / 2,
                VECTOR_TOP + VECTOR_HEIGHT / 2 - words.LINE_HEIGHT,
                self.left_out(part),
                width - 14,
                size=words.SMALL,
                anchor="middle",
            )
            marks.append(more)
        return marks

    def element(self, part: Part, k: int, left: float) -> tuple[Text, Box, Text]:
        """The name, the frame and the number of an element of a vector."""
        vector, id = part.vector, f"{part.vector}-{self.t}-{k}"
        middle = left + (self.column_width - CELL_GAP) / 2
        content, names = part.label(k)
        label = words.label(
            middle,
            ELEMENT_NAME_MIDDLE,
            content,
            names=names,
            of=[id, f"weight_{part.name}-*-{k}", f"{part.name}-*-{k}"],
            along="column",
            style=words.FINE_CODE,
            anchor="middle",
        )
        frame = Box(
            left,
            VECTOR_TOP,
            self.column_width - CELL_GAP,
            VECTOR_HEIGHT,
            radius=4,
            stroke=TERMS[vector].role,
            term=vector,
        )
        number = part.decimals.number(
            middle,
            VECTOR_TOP + VECTOR_HEIGHT / 2,
            part.values[k],
            size=words.SMALL,
            max_chars=MAX_CHARS,
            id=id,
            term=vector,
        )
        return label, frame, number

    def weights(self, part: Part, gate: str, x: float) -> list[Mark]:
        """The weights of a row on coloured cells."""
        name, row, top = f"weight_{part.name}", self.gate_rows[gate], self.y(gate) - ROW_HEIGHT / 2
        weights = [self.subject.parameter(name, row, k) for k in part.visible.indices]
        alignment = words.NumberAlignment.of(weights, MAX_PRODUCT_CHARS)
        term = f"{name} {gate}"
        marks: list[Mark] = []
        for column, (k, weight) in enumerate(zip(part.visible.indices, weights, strict=True)):
            left, id = x + column * self.column_width, f"{name}-{row}-{k}"
            marks += [
                self.cell(left, top + WEIGHT_MIDDLE - CELL_HEIGHT / 2, weight, id, term),
                alignment.number(
                    left + (self.column_width - CELL_GAP) / 2,
                    top + WEIGHT_MIDDLE,
                    weight,
                    size=words.SMALL,
                    max_chars=MAX_PRODUCT_CHARS,
                    id=id,
                    term=term,
                ),
            ]
        return marks

    def products(self, part: Part, gate: str, x: float) -> list[Mark]:
        """The product of each weight of a row, below it."""
        numbers = self.row_products(part, self.gate_rows[gate])
        alignment = words.NumberAlignment.of(numbers, MAX_PRODUCT_CHARS)
        return [
            alignment.number(
                x + (column + 0.5) * self.column_width - CELL_GAP / 2,
                self.y(gate) + PRODUCT_OFFSET,
                product,
                size=words.SMALL,
                max_chars=MAX_PRODUCT_CHARS,
                id=f"{part.name}-{gate}-{k}",
                term=f"{part.name} {gate}",
            )
            for column, (k, product) in enumerate(zip(part.names, numbers, strict=True))
        ]

    def cell(self, left: float, top: float, weight: Number, id: str, term: str) -> Box:
        """The coloured cell of a weight or a bias."""
        return Box(
            left,
            top,
            self.column_width - CELL_GAP,
            CELL_HEIGHT,
            radius=3,
            fill=weight_rows.shade(float(weight.value), self.colour_end),
            id=f"{id}-cell",
            term=term,
            bound=(Shade(weight.expr, self.colour_end),),
        )

    def biases(self, name: str, left: float) -> list[Mark]:
        """A column of biases, at the height of the products they are added to."""
        middle = left + (self.column_width - CELL_GAP) / 2
        values = {gate: self.subject.parameter(name, row) for gate, row in self.gate_rows.items()}
        alignment = words.NumberAlignment.of(values.values(), MAX_PRODUCT_CHARS)
        cells: list[Mark] = []
        numbers: list[Mark] = []
        for gate, value in values.items():
            id, term = f"{name}-{self.gate_rows[gate]}", f"{name} {gate}"
            y = self.y(gate) + PRODUCT_OFFSET
            cells.append(self.cell(left, y - CELL_HEIGHT / 2, value, id, term))
            numbers.append(
                alignment.number(
                    middle,
                    y,
                    value,
                    size=words.SMALL,
                    max_chars=MAX_PRODUCT_CHARS,
                    id=id,
                    term=term,
                )
            )
        heading = words.label(
            middle,
            VECTOR_TOP + VECTOR_HEIGHT / 2,
            TERMS[name].symbol,
            names={"tensor": name},
            of=numbers,
            anchor="middle",
            style=words.STRONG,
            term=name,
        )
        return [heading, *(mark for pair in zip(cells, numbers, strict=True) for mark in pair)]

    def row_ends(self, x: float) -> list[Mark]:
        """The sum of each row, its activation curve, and its gate."""
        gate_left = x + SUM_WIDTH + CURVE_WIDTH
        marks: list[Mark] = []
        for heading, place in (("z", x + SUM_WIDTH / 2 + 4), ("gate", gate_left + GATE_WIDTH / 2)):
            lines, _ = words.paragraph(
                place,
                self.rows.top - 20 - words.LINE_HEIGHT / 2,
                sentence(heading),
                80,
                size=words.LABEL,
                anchor="middle",
            )
            marks.append(lines)
        alignment = words.NumberAlignment.of(self.z.values(), MAX_CHARS)
        for gate, z in self.z.items():
            y = self.y(gate) + PRODUCT_OFFSET
            marks += [
                words.operator(x + 8, y, "="),
                alignment.number(
                    x + SUM_WIDTH / 2 + 8,
                    y,
                    z,
                    size=words.LABEL,
                    max_chars=MAX_CHARS,
                    id=self.id(f"z_{gate}"),
                    term=f"z_{gate}",
                ),
                *self.activation(gate, x + SUM_WIDTH + 6, y),
                *self.gate(gate, gate_left, y),
            ]
        return marks

    def gate(self, gate: str, left: float, y: float) -> list[Mark]:
        """The value of a gate in its box."""
        fill = tint(TERMS[gate].role)
        return [
            Box(
                left + CELL_GAP,
                y - GATE_HEIGHT / 2,
                GATE_WIDTH - CELL_GAP,
                GATE_HEIGHT,
                radius=4,
                fill=fill,
                term=gate,
            ),
            words.number(
                left + (GATE_WIDTH + CELL_GAP) / 2,
                y,
                self.opened[gate],
                size=words.NUMBER,
                max_chars=MAX_PRODUCT_CHARS,
                bold=True,
                id=self.id(gate),
                term=gate,
            ),
        ]


class _Columns(_OneUnit):
    """The narrow form: a column of products for each gate, added up downwards.

    Attributes:
        middles: Gate -> the middle of its column.
    """

    def __init__(self, subject: LayerRun, width: float, step: int, unit: int):
        super().__init__(subject, width, step, unit)
        column_width = (self.space - NAMES_WIDTH) / len(GATES)
        self.middles = {
            gate: NUMBERS_LEFT + (k + 0.5) * column_width for k, gate in enumerate(GATES)
        }

    def lead(self) -> Sentence:
        return sentence(
            "The same x and h_prev meet four rows of weights. Each column of products and "
            "biases adds up to z."
        )

    def marks(self) -> tuple[list[Mark], float]:
        marks: list[Mark] = []
        y = HEADINGS_HEIGHT
        for part in self.parts:
            part_marks, y = self.products(part, y)
            marks += part_marks
            y += LINE_GAP
        if self.has_bias:
            for name in ("bias_ih", "bias_hh"):
                marks += self.biases(name, y)
                y += LINE_PITCH
        results = self.results(y + RESULTS_GAP)
        # The line above the sums is as wide as the numbers, and as far from the last
        # addends as from the sums.
        texts = [mark for mark in (*marks, *results) if isinstance(mark, Text)]
        line_y = y + (RESULTS_GAP - LINE_PITCH - 2) / 2
        line = (("M", (0, line_y)), ("L", (bounds(texts).right, line_y)))
        height = y + RESULTS_GAP + RESULTS_HEIGHT
        return [*marks, Path(line, stroke="ink"), *results, *self.headings()], height

    def products(self, part: Part, y: float) -> tuple[list[Mark], float]:
        """A line for each visible element of a vector, and their bottom."""
        numbers = [self.row_products(part, row) for row in self.gate_rows.values()]
        marks: list[Mark] = []
        for k, *line in zip(part.names, *numbers, strict=True):
            ids = [f"{part.name}-{gate}-{k}" for gate in GATES]
            products = self.line(line, y, ids, part.name)
            marks += [*self.element(part, k, y, products), *products]
            y += LINE_PITCH
        return marks, y

    def element(self, part: Part, k: int | str, y: float, products: Sequence[Mark]) -> list[Mark]:
        """An element of a vector, left of its products; or how many are left out."""
        if isinstance(k, str):
            top = y - words.line_height(words.SMALL) / 2
            more, _ = words.paragraph(0, top, self.left_out(part), 80, size=words.SMALL)
            return [more]
        number = part.decimals.number(
            ELEMENT_X,
            y,
            part.values[k],
            size=words.SMALL,
            max_chars=MAX_CHARS,
            id=f"{part.vector}-{self.t}-{k}",
            term=part.vector,
        )
        text, names = part.label(k)
        label = words.label(0, y, text, names=names, of=[number, *products], style=words.FINE_CODE)
        return [label, number]

    def biases(self, name: str, y: float) -> list[Mark]:
        """A line with the bias of each gate."""
        values = [self.subject.parameter(name, row) for row in self.gate_rows.values()]
        ids = [f"{name}-{row}" for row in self.gate_rows.values()]
        numbers = self.line(values, y, ids, name)
        symbol, names = TERMS[name].symbol, {"tensor": name}
        label = words.label(0, y, symbol, names=names, of=numbers, style=words.FINE, term=name)
        return [label, *numbers]

    def line(
        self, numbers: Sequence[Number], y: float, ids: Sequence[str], term: str
    ) -> list[Mark]:
        """A line with one addend for each gate."""
        alignment = words.NumberAlignment.of(numbers, MAX_PRODUCT_CHARS)
        return [
            alignment.number(
                self.middles[gate],
                y,
                number,
                size=words.SMALL,
                max_chars=MAX_PRODUCT_CHARS,
                id=id,
                term=f"{term} {gate}",
            )
            for gate, number, id in zip(GATES, numbers, ids, strict=True)
        ]

    def headings(self) -> list[Mark]:
        """The heading of each column: a gate, and its row of the weights."""
        marks: list[Mark] = []
        for gate, row in self.gate_rows.items():
            ids = [f"ih-{gate}-*", f"hh-{gate}-*", self.id(f"z_{gate}"), self.id(gate)]
            marks += [
                words.label(
                    self.middles[gate],
                    VECTOR_NAME_MIDDLE,
                    gate,
                    names={"gate": gate},
                    of=ids,
                    along="column",
                    style=words.GATE,
                    fill=TERMS[gate].role,
                    anchor="middle",
                    term=gate,
                ),
                words.label(
                    self.middles[gate],
                    ELEMENT_NAME_MIDDLE,
                    f"row {row}",
                    names={"row": row},
                    of=ids,
                    along="column",
                    style=words.FINE,
                    anchor="middle",
                ),
            ]
        return marks

    def results(self, y: float) -> list[Mark]:
        """The sums, their activation curves, and the gates."""
        alignment = words.NumberAlignment.of(self.z.values(), MAX_PRODUCT_CHARS)
        marks: list[Mark] = []
        for heading, level in (("z", y), ("gate", y + GATE_OFFSET)):
            lines, _ = words.paragraph(
                0, level - words.LINE_HEIGHT / 2, sentence(heading), 60, size=words.LABEL
            )
            marks.append(lines)
        for gate, middle in self.middles.items():
            fill = tint(TERMS[gate].role)
            marks += [
                alignment.number(
                    middle,
                    y,
                    self.z[gate],
                    size=words.SMALL,
                    max_chars=MAX_PRODUCT_CHARS,
                    bold=True,
                    id=self.id(f"z_{gate}"),
                    term=f"z_{gate}",
                ),
                *self.activation(gate, middle - curves.WIDTH / 2, y + CURVE_OFFSET),
                Box(
                    middle - GATE_BOX_WIDTH / 2,
                    y + GATE_TOP,
                    GATE_BOX_WIDTH,
                    GATE_BOX_HEIGHT,
                    radius=4,
                    fill=fill,
                    term=gate,
                ),
                words.number(
                    middle,
                    y + GATE_OFFSET,
                    self.opened[gate],
                    size=words.SMALL,
                    max_chars=MAX_PRODUCT_CHARS,
                    bold=True,
                    id=self.id(gate),
                    term=gate,
                ),
            ]
        return marks
