"""One unit: its four rows of weights, every product, the sums and the gates."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
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
from .parts import VECTOR_HEIGHT, Body

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
    def columns(self) -> int:
        """The number of columns; one for all elements that are left out."""
        return len(self.visible.indices) + self.visible.is_folded

    def label(self, k: int) -> tuple[str, dict[str, object]]:
        """The text of the label of an element, and its key."""
        return (f"x[{k}]", {"input": k}) if self.name == "ih" else (f"h[{k}]", {"unit": k})

    @property
    def decimals(self) -> words.Decimals:
        """How to align the visible elements of the vector."""
        numbers = [self.values[k] for k in self.visible.indices]
        return words.Decimals.of(numbers, 6, decimals(n.value for n in numbers))


def body(subject: LayerRun, t: int, unit: int, space: float, *, narrow: bool) -> Body:
    """The products of one unit, its four sums and its gates."""
    form = _Columns if narrow else _Rows
    return form(subject, t, unit, space).body()


class _Form(ABC):
    """The parts that both forms share: which products are shown, and the words.

    Attributes:
        gate_rows: Gate -> its row of the weights.
        parts: The products with x and with h_prev.
        has_bias: Whether biases are added to the products.
        z: Gate -> its sum.
        opened: Gate -> its value.
        space: The width of the drawing.
    """

    def __init__(self, subject: LayerRun, t: int, unit: int, space: float):
        self.subject, self.t, self.unit, self.space = subject, t, unit, space
        self.gate_rows = {gate: subject.weights.row(gate, unit) for gate in GATES}
        self.has_bias = subject.weights.bias_ih is not None
        self.parts = [self.part("ih", "x"), self.part("hh", "h_prev")]
        self.z = {gate: subject.vector(f"z_{gate}", t)[unit] for gate in GATES}
        self.opened = {gate: subject.vector(gate, t)[unit] for gate in GATES}

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

    @abstractmethod
    def marks(self) -> tuple[list[Mark], float]:
        """All marks, and their bottom."""

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

    def body(self) -> Body:
        marks, height = self.marks()
        sentences = [f"Step {self.subject.step_number(self.t)}, unit {self.unit}"]
        sentences += map(self.sentence, GATES)
        return Body(marks, height, sentences, self.notes())

    def sentence(self, gate: str) -> str:
        """The sum of a gate in words."""
        row = self.gate_rows[gate]
        added = []
        for part in self.parts:
            numbers = products(self.subject, self.t, row, part)
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
        return sentence("{} more", (part.visible.left_out, count))

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


def products(subject: LayerRun, t: int, row: int, part: Part) -> list[Number]:
    """The visible products of a row, then the sum of the others if there are any."""
    weights = subject.row(f"weight_{part.name}", row)
    numbers = [weights[k] * part.values[k] for k in part.visible.indices]
    if part.visible.is_folded:
        visible = list(part.visible.indices)
        with np.errstate(all="ignore"):
            others = np.delete(weights.values * part.values.values, visible).sum()
        numbers.append(
            Number(
                others,
                f"({weights.of * part.values.of}).index_fill(0, torch.tensor({visible}), 0).sum()",
                subject.steps[t].scale,
            )
        )
    return numbers


class _Rows(_Form):
    """The wide form: a row of products for each gate, which ends in its value.

    Attributes:
        rows: The heights of the rows.
        column_width: The width of a product or a bias.
        colour_end: The magnitude with the strongest colour.
    """

    def __init__(self, subject: LayerRun, t: int, unit: int, space: float):
        super().__init__(subject, t, unit, space)
        self.rows = weight_rows.Rows(
            (unit,), subject.weights.hidden_size, top=ROWS_TOP, height=ROW_HEIGHT, gap=6
        )
        count = sum(part.columns for part in self.parts) + (2 if self.has_bias else 0)
        self.column_width = min(66.0, (space - self.rows.left - ENDS_WIDTH - 16) / count)
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

    def notes(self) -> list[Sentence]:
        return [sentence("Blue weights are positive, red ones negative."), *super().notes()]

    def marks(self) -> tuple[list[Mark], float]:
        marks = self.gutter()
        x = self.rows.left
        for part in self.parts:
            marks += self.vector(part, x)
            for gate in GATES:
                marks += self.products(part, gate, x)
            x += part.columns * self.column_width + 8
        if self.has_bias:
            marks += self.biases(x)
            x += 2 * self.column_width
        marks += self.row_ends(min(x + 8, self.space - ENDS_WIDTH))
        return marks, self.rows.bottom

    def gutter(self) -> list[Mark]:
        """The letter, the bar and the row of each gate, left of its products."""
        marks: list[Mark] = []
        for gate in GATES:
            y, row = self.y(gate), self.rows.row(gate, self.unit)
            paint = TERMS[gate].role
            ids = [
                f"weight_ih-{row}-*",
                f"weight_hh-{row}-*",
                f"ih-{gate}-*",
                f"hh-{gate}-*",
                self.id(f"z_{gate}"),
                self.id(gate),
            ]
            marks += [
                words.label(
                    6,
                    y,
                    gate,
                    {"gate": gate},
                    ids,
                    "band",
                    style=words.GATE,
                    fill=paint,
                    anchor="middle",
                    term=gate,
                ),
                Box(
                    14, y - ROW_HEIGHT / 2 + 2, 3, ROW_HEIGHT - 4, radius=1.5, fill=paint, term=gate
                ),
                words.label(
                    self.rows.left - 5,
                    y,
                    str(row),
                    {"row": row},
                    ids,
                    "band",
                    style=words.FINE,
                    anchor="end",
                ),
            ]
        return marks

    def vector(self, part: Part, x: float) -> list[Mark]:
        """The vector of a part, above its products."""
        name, vector, width = part.name, part.vector, self.column_width
        span = len(part.visible.indices) * width - 2
        middle_y, role = VECTOR_TOP + VECTOR_HEIGHT / 2, TERMS[vector].role
        marks: list[Mark] = [
            words.label(
                x + span / 2,
                8,
                vector,
                {"tensor": vector},
                [f"{vector}-{self.t}-*"],
                "column",
                anchor="middle",
                style=words.STRONG,
                fill=role,
                term=vector,
            )
        ]
        for column, k in enumerate(part.visible.indices):
            middle = x + (column + 0.5) * width - 1
            id, (label, key) = f"{vector}-{self.t}-{k}", part.label(k)
            marks += [
                words.label(
                    middle,
                    25,
                    label,
                    key,
                    [id, f"weight_{name}-*-{k}", f"{name}-*-{k}"],
                    "column",
                    style=words.FINE_CODE,
                    anchor="middle",
                ),
                Box(
                    x + column * width,
                    VECTOR_TOP,
                    width - 2,
                    VECTOR_HEIGHT,
                    radius=4,
                    stroke=role,
                    term=vector,
                ),
                part.decimals.number(
                    middle,
                    middle_y,
                    part.values[k],
                    size=words.SMALL,
                    max_chars=6,
                    id=id,
                    term=vector,
                ),
            ]
        if part.visible.is_folded:
            more, _ = words.paragraph(
                x + (part.columns - 0.5) * width - 1,
                middle_y - words.LINE,
                self.left_out(part),
                width - 14,
                size=words.SMALL,
                anchor="middle",
            )
            marks.append(more)
        return marks

    def products(self, part: Part, gate: str, x: float) -> list[Mark]:
        """The weights of a row on coloured cells, and each product below."""
        name, row, y = part.name, self.rows.row(gate, self.unit), self.y(gate)
        weights = [self.subject.parameter(f"weight_{name}", row, k) for k in part.visible.indices]
        numbers = products(self.subject, self.t, row, part)
        weight_point, point = words.Decimals.of(weights, 5), words.Decimals.of(numbers, 5)
        marks: list[Mark] = []
        for column, (k, weight) in enumerate(zip(part.visible.indices, weights, strict=True)):
            left = x + column * self.column_width
            id, term = f"weight_{name}-{row}-{k}", f"weight_{name} {gate}"
            marks += [
                self.cell(left, y - ROW_HEIGHT / 2 + 2, weight, id, term),
                weight_point.number(
                    left + self.column_width / 2 - 1,
                    y - ROW_HEIGHT / 2 + 13,
                    weight,
                    size=words.SMALL,
                    max_chars=5,
                    id=id,
                    term=term,
                ),
            ]
        names: list[int | str] = [*part.visible.indices]
        if part.visible.is_folded:
            names.append("others")
        marks += [
            point.number(
                x + (column + 0.5) * self.column_width - 1,
                y + 10,
                product,
                size=words.SMALL,
                max_chars=5,
                id=f"{name}-{gate}-{k}",
                term=f"{name} {gate}",
            )
            for column, (k, product) in enumerate(zip(names, numbers, strict=True))
        ]
        return marks

    def cell(self, left: float, top: float, weight: Number, id: str, term: str) -> Box:
        """The coloured cell of a weight or a bias."""
        return Box(
            left,
            top,
            self.column_width - 2,
            CELL_HEIGHT,
            radius=3,
            fill=weight_rows.shade(float(weight.value), self.colour_end),
            id=f"{id}-cell",
            term=term,
            bound=(Shade(weight.expr, self.colour_end),),
        )

    def biases(self, x: float) -> list[Mark]:
        """Two columns of biases, at the height of the products they are added to."""
        marks: list[Mark] = []
        for k, name in enumerate(("bias_ih", "bias_hh")):
            left = x + k * self.column_width
            middle = left + self.column_width / 2 - 1
            ids = {gate: f"{name}-{self.rows.row(gate, self.unit)}" for gate in GATES}
            values = {
                gate: self.subject.parameter(name, self.rows.row(gate, self.unit)) for gate in GATES
            }
            point = words.Decimals.of(values.values(), 5)
            marks.append(
                words.label(
                    middle,
                    VECTOR_TOP + VECTOR_HEIGHT / 2,
                    TERMS[name].symbol,
                    {"tensor": name},
                    [f"{name}-*"],
                    "column",
                    anchor="middle",
                    style=words.STRONG,
                    term=name,
                )
            )
            for gate, value in values.items():
                y, id, term = self.y(gate), ids[gate], f"{name} {gate}"
                marks += [
                    self.cell(left, y + ROW_HEIGHT / 2 - 26, value, id, term),
                    point.number(
                        middle, y + 10, value, size=words.SMALL, max_chars=5, id=id, term=term
                    ),
                ]
        return marks

    def row_ends(self, x: float) -> list[Mark]:
        """The sum of each row, its activation curve, and its gate."""
        gate_left = x + SUM_WIDTH + CURVE_WIDTH
        marks: list[Mark] = []
        for heading, place in (("z", x + SUM_WIDTH / 2 + 4), ("gate", gate_left + GATE_WIDTH / 2)):
            lines, _ = words.paragraph(
                place,
                self.rows.top - 20 - words.LINE / 2,
                sentence(heading),
                80,
                size=words.LABEL,
                anchor="middle",
            )
            marks.append(lines)
        point = words.Decimals.of(self.z.values(), 6)
        for gate, z in self.z.items():
            y = self.y(gate) + 10
            box = Box(
                gate_left + 2,
                y - 13,
                GATE_WIDTH - 2,
                26,
                radius=4,
                fill=tint(TERMS[gate].role),
                term=gate,
            )
            marks += [
                words.operator(x + 8, y, "="),
                point.number(
                    x + SUM_WIDTH / 2 + 8,
                    y,
                    z,
                    size=words.LABEL,
                    max_chars=6,
                    id=self.id(f"z_{gate}"),
                    term=f"z_{gate}",
                ),
                *self.activation(gate, x + SUM_WIDTH + 6, y),
                box,
                words.number(
                    gate_left + GATE_WIDTH / 2 + 1,
                    y,
                    self.opened[gate],
                    size=words.NUMBER,
                    max_chars=5,
                    bold=True,
                    id=self.id(gate),
                    term=gate,
                ),
            ]
        return marks


class _Columns(_Form):
    """The narrow form: a column of products for each gate, added up downwards.

    Attributes:
        middles: Gate -> the middle of its column.
    """

    def __init__(self, subject: LayerRun, t: int, unit: int, space: float):
        super().__init__(subject, t, unit, space)
        width = (space - 84) / 4
        self.middles = {gate: 92.0 + (k + 0.5) * width for k, gate in enumerate(GATES)}

    def marks(self) -> tuple[list[Mark], float]:
        marks: list[Mark] = []
        y = HEADINGS_HEIGHT
        for part in self.parts:
            part_marks, y = self.products(part, y)
            marks += part_marks
            y += 6
        if self.has_bias:
            for name in ("bias_ih", "bias_hh"):
                marks += self.biases(name, y)
                y += LINE_PITCH
        results = self.results(y + 10)
        # The line above the sums is as wide as the numbers.
        texts = [mark for mark in (*marks, *results) if isinstance(mark, Text)]
        line = (("M", (0, y - 8)), ("L", (bounds(texts).right, y - 8)))
        return [*marks, Path(line, stroke="ink"), *results, *self.headings()], y + 74

    def products(self, part: Part, y: float) -> tuple[list[Mark], float]:
        """A line for each visible element of a vector, and their bottom."""
        numbers = {
            gate: products(self.subject, self.t, row, part) for gate, row in self.gate_rows.items()
        }
        marks: list[Mark] = []
        for line in range(part.columns):
            k = (*part.visible.indices, "others")[line]
            ids = {gate: f"{part.name}-{gate}-{k}" for gate in GATES}
            if isinstance(k, int):
                id, (label, key) = f"{part.vector}-{self.t}-{k}", part.label(k)
                marks += [
                    words.label(
                        0, y, label, key, [id, *ids.values()], "row", style=words.FINE_CODE
                    ),
                    part.decimals.number(
                        66,
                        y,
                        part.values[k],
                        size=words.SMALL,
                        max_chars=6,
                        id=id,
                        term=part.vector,
                    ),
                ]
            else:
                more, _ = words.paragraph(
                    0,
                    y - words.LINE * words.SMALL / words.NOTE / 2,
                    self.left_out(part),
                    80,
                    size=words.SMALL,
                )
                marks.append(more)
            addends = {gate: gate_numbers[line] for gate, gate_numbers in numbers.items()}
            marks += self.line(addends, y, ids, part.name)
            y += LINE_PITCH
        return marks, y

    def biases(self, name: str, y: float) -> list[Mark]:
        """A line with the bias of each gate."""
        numbers = {gate: self.subject.parameter(name, row) for gate, row in self.gate_rows.items()}
        ids = {gate: f"{name}-{row}" for gate, row in self.gate_rows.items()}
        label = words.label(
            0,
            y,
            TERMS[name].symbol,
            {"tensor": name},
            [*ids.values()],
            "row",
            style=words.FINE,
            term=name,
        )
        return [label, *self.line(numbers, y, ids, name)]

    def line(
        self, numbers: Mapping[str, Number], y: float, ids: Mapping[str, str], term: str
    ) -> list[Mark]:
        """A line with one addend for each gate."""
        point = words.Decimals.of(numbers.values(), 5)
        return [
            point.number(
                self.middles[gate],
                y,
                number,
                size=words.SMALL,
                max_chars=5,
                id=ids[gate],
                term=f"{term} {gate}",
            )
            for gate, number in numbers.items()
        ]

    def headings(self) -> list[Mark]:
        """The heading of each column: a gate, and its row of the weights."""
        marks: list[Mark] = []
        for gate, row in self.gate_rows.items():
            ids = [f"ih-{gate}-*", f"hh-{gate}-*", self.id(f"z_{gate}"), self.id(gate)]
            marks += [
                words.label(
                    self.middles[gate],
                    8,
                    gate,
                    {"gate": gate},
                    ids,
                    "column",
                    style=words.GATE,
                    fill=TERMS[gate].role,
                    anchor="middle",
                    term=gate,
                ),
                words.label(
                    self.middles[gate],
                    25,
                    f"row {row}",
                    {"row": row},
                    ids,
                    "column",
                    style=words.FINE,
                    anchor="middle",
                ),
            ]
        return marks

    def results(self, y: float) -> list[Mark]:
        """The sums, their activation curves, and the gates."""
        point = words.Decimals.of(self.z.values(), 5)
        marks: list[Mark] = []
        for heading, level in (("z", y), ("gate", y + 48)):
            lines, _ = words.paragraph(
                0, level - words.LINE / 2, sentence(heading), 60, size=words.LABEL
            )
            marks.append(lines)
        for gate, middle in self.middles.items():
            fill = tint(TERMS[gate].role)
            marks += [
                point.number(
                    middle,
                    y,
                    self.z[gate],
                    size=words.SMALL,
                    max_chars=5,
                    bold=True,
                    id=self.id(f"z_{gate}"),
                    term=f"z_{gate}",
                ),
                *self.activation(gate, middle - curves.WIDTH / 2, y + 22),
                Box(middle - 24, y + 36, 48, 24, radius=4, fill=fill, term=gate),
                words.number(
                    middle,
                    y + 48,
                    self.opened[gate],
                    size=words.SMALL,
                    max_chars=5,
                    bold=True,
                    id=self.id(gate),
                    term=gate,
                ),
            ]
        return marks
