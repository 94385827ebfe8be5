"""The figure `perceptron`: a weighted sum of the inputs."""

import math
from collections.abc import Mapping
from dataclasses import replace

from ..layout import styles, words
from ..layout.margins import inner_width
from ..layout.motifs import sums
from ..layout.motifs.weight_rows import shade
from ..layout.number_lists import largest_magnitude, number_list
from ..layout.provenance import provenance, source, step_items
from ..layout.shapes import circle
from ..model.layer_run import LayerRun
from ..model.reference import Number
from ..options import Value
from ..proof.bindings import Node, Says, Shade, sentence
from ..proof.digits import text
from ..proof.runs.variants import without_zeros
from ..scene.marks import Box, Group, Mark, Text, bounds
from ..scene.scenes import Diagram, Head
from ..scene.theme import Paint

ROW = 0
"""The row of weight_ih that serves as the weight of a linear layer."""
MAX_INPUTS, MAX_INPUTS_LOOSE = 9, 4
"""The most inputs with a row of their own, and with much space between rows."""
NARROWEST_WIDE = 640
"""Drawings narrower than this have the sum below its node."""
HEADING_HEIGHT = 40.0
"""The height above the first row."""
CELL_HEIGHT = 32.0
"""The height of a weight and of a product."""
RESULT_WIDTH = 136.0
"""The width right of the node of the sum, for the sum, in a wide drawing."""


def variant(subject: LayerRun, options: Mapping[str, Value]) -> LayerRun:
    """The run as it is; the example, whose sums have one addend, with a different input."""
    return replace(subject, trace=without_zeros(subject.trace))


def perceptron(subject: LayerRun, width: float, *, step: int = 1) -> Diagram:
    """A weighted sum of the inputs: a product for each, and their sum.

    Args:
        subject: The run, layer and direction to draw; row 0 of its `weight_ih` is the weight.
        width: The width that the figure may use.
        step: The time step whose input is shown, counted from 1.
    """
    t = subject.step_index(step)
    inputs = sums.strongest_inputs(subject, t, [ROW], MAX_INPUTS)
    weights, x = subject.weights.weight_ih[ROW], subject.steps[t].x[0]
    y = Number(
        subject.steps[t].ih[0, ROW],
        subject.ref("ih")[t, 0, ROW],
        # The rounding error of a sum is a share of the sum of its absolute addends.
        sum(abs(float(weight) * float(x_j)) for weight, x_j in zip(weights, x, strict=True)),
    )
    marks, height = _Picture(subject, inputs, y, inner_width(width)).marks()
    return Diagram(
        heading=_head(subject, inputs),
        description=_description(subject, inputs, y),
        width=inner_width(width),
        height=height,
        marks=tuple(marks),
        figure_width=width,
    )


class _Picture:
    """A row for each input with its weight and product, and a line to the sum.

    Attributes:
        inputs: The inputs that have a row, with their values.
        y: The sum.
        weights, products: The numbers of each row.
        rest: The sum over the inputs that are left out, if there are any.
        max_product: The product that has the strongest colour and the thickest line.
        height: The height of all rows.
        rows: The middle of each row; the last is that of `rest`.
        sum_offset: From the node of the sum to the sum below it, in a narrow drawing.
        weight_x, product_x, sum_x: The middles of weights, products and the node of the sum.
        rows_right: The right edge of the rows.
        cell_width: The width of the cells of weights and products.
        size, max_chars: The font size and the most characters of their numbers.
    """

    def __init__(self, subject: LayerRun, inputs: sums.Inputs, y: Number, space: float):
        self.subject, self.inputs, self.y = subject, inputs, y
        self.weights = [subject.parameter("weight_ih", ROW, j) for j in inputs.visible]
        self.products = [
            value * weight for weight, value in zip(self.weights, inputs.values, strict=True)
        ]
        self.rest = sums.rest_sum(subject, ROW, inputs) if inputs.hidden_count else None
        self.max_product = largest_magnitude(self.products)
        has_many_rows = inputs.node_count > MAX_INPUTS_LOOSE
        pitch = sums.NODE_PITCH if has_many_rows else sums.NODE_PITCH + 6
        self.height = inputs.node_count * pitch
        self.rows = [
            HEADING_HEIGHT + y
            for y in sums.centred_positions(inputs.node_count, pitch, self.height)
        ]
        self.is_narrow = space < NARROWEST_WIDE
        # Many rows have steep lines, which would cross a sum right below its node.
        self.sum_offset = 12 if has_many_rows else 0
        if self.is_narrow:
            self.weight_x, self.product_x, self.rows_right = 104.0, 178.0, 214.0
            self.sum_x = space - 22 - self.sum_offset
            self.cell_width, self.size, self.max_chars = 54.0, words.SMALL, 6
        else:
            self.weight_x, self.product_x, self.rows_right = 150.0, 290.0, 346.0
            self.sum_x = space - RESULT_WIDTH
            self.cell_width, self.size, self.max_chars = 76.0, words.NUMBER, 7

    def marks(self) -> tuple[list[Mark], float]:
        """Draw the figure; return the marks and their bottom."""
        weights = self.numbers(self.weights, self.weight_x, "weight-{}-line")
        products = self.numbers(self.products, self.product_x, "product-{}")
        marks: list[Mark] = self.lines()
        for k in range(len(weights)):
            marks.append(self.row(k, weights[k], products[k]))
        if self.rest:
            products.append(
                words.number(
                    self.product_x,
                    self.rows[-1],
                    self.rest,
                    size=self.size,
                    max_chars=self.max_chars,
                    id="y-more",
                    term="y",
                )
            )
            marks += [
                self.capsule(self.rows[-1]),
                *sums.rest_node((sums.INPUT_RADIUS, self.rows[-1]), self.inputs),
                products[-1],
            ]
        result = self.result()
        # With few inputs, the sum below its node is the lowest mark.
        bottom = max(HEADING_HEIGHT + self.height, bounds(result).bottom + 8)
        return [*marks, *self.names(weights, products), *self.lines_label(), *result], bottom

    def lines_label(self) -> list[Mark]:
        """What the lines show, above their beginning, if there are any but for zeros."""
        if not any(map(self.inputs.is_nonzero, range(len(self.products)))):
            return []
        halves = ("as thick as", "what it adds")
        if not self.is_narrow:
            halves = ("a line is as thick as what it adds,", "red and dashed if that is negative")
        lines, _ = words.paragraph(
            self.rows_right,
            8 - words.line_height(words.SMALL) / 2,
            sentence(" ".join(halves)),
            max(words.width(half, words.SMALL) for half in halves) + 1,
            size=words.SMALL,
        )
        return [lines]

    def numbers(self, of: list[Number], x: float, id: str) -> list[Text]:
        """Draw a column of numbers, one in each row; `{}` in their id is for the input."""
        decimals = words.NumberAlignment.of(of, self.max_chars)
        printed = []
        for k, (j, number) in enumerate(zip(self.inputs.visible, of, strict=True)):
            is_nonzero = self.inputs.is_nonzero(k)
            mark = decimals.number(
                x,
                self.rows[k],
                number,
                size=self.size,
                max_chars=self.max_chars,
                id=id.format(j),
                fill="ink" if is_nonzero else "muted",
                term="weight_ih" if of is self.weights else "y",
            )
            printed.append(styles.muted(mark, "" if is_nonzero else sums.idle_claim(self.inputs.t)))
        return printed

    def capsule(self, y: float) -> Box:
        """Draw the background of a row."""
        return Box(
            0,
            y - sums.INPUT_RADIUS,
            self.rows_right,
            2 * sums.INPUT_RADIUS,
            radius=sums.INPUT_RADIUS,
            fill="panel",
        )

    def cell(self, x: float, y: float, term: str) -> Box:
        """The box of a number with its middle at `x` and `y`."""
        return Box(
            x - self.cell_width / 2,
            y - CELL_HEIGHT / 2,
            self.cell_width,
            CELL_HEIGHT,
            radius=3,
            term=term,
        )

    def row(self, k: int, weight: Text, product: Text) -> Mark:
        """Draw one input, its weight, and their product."""
        y, j, added = self.rows[k], self.inputs.visible[k], self.products[k]
        paint: Paint = "ink" if self.inputs.is_nonzero(k) else sums.IDLE_PAINT
        value = self.inputs.values[k]
        weight_left = self.weight_x - self.cell_width / 2
        marks = (
            self.capsule(y),
            *sums.input_node((sums.INPUT_RADIUS, y), j, value, paint),
            words.operator((2 * sums.INPUT_RADIUS + weight_left) / 2, y, "×"),
            self.cell(self.weight_x, y, "weight_ih")._replace(fill="paper", stroke="rule"),
            weight,
            words.operator((self.weight_x + self.product_x) / 2, y, "="),
            self.cell(self.product_x, y, "y")._replace(
                fill=shade(float(added.value), self.max_product),
                id=f"product-{j}-cell",
                bound=(Shade(added.expr, self.max_product),),
            ),
            product,
        )
        return Group(marks, id=f"x-{j}-node", term="x", bound=(Node(value.expr),))

    def lines(self) -> list[Mark]:
        """Draw lines from the products to the sum."""
        marks: list[Mark] = []
        middle = HEADING_HEIGHT + self.height / 2
        for k, y in enumerate(self.rows):
            # Lines end on the circle of the sum, spread so that no two touch there.
            offset = sums.fan_offset(k, self.inputs.node_count) * 0.8
            stop = self.sum_x - math.sqrt(sums.SUM_RADIUS**2 - offset**2), middle + offset
            # The row covers the beginning of its line.
            start = self.rows_right - sums.INPUT_RADIUS / 4, y
            is_rest = k == len(self.products)
            if is_rest:
                marks.append(sums.rest_line(start, stop))
                continue
            added = self.products[k]
            paint: Paint = "neg" if added.value < 0 else "pos"
            marks.append(
                sums.weight_line(
                    start,
                    stop,
                    added,
                    self.max_product,
                    paint if self.inputs.is_nonzero(k) else sums.IDLE_PAINT,
                    sums.flow(self.inputs, k, "y-sum"),
                    f"weight-{self.inputs.visible[k]}-line-drawn",
                    sums.idle_claim(self.inputs.t),
                )
            )
        return marks

    def names(self, weights: list[Text], products: list[Text]) -> list[Mark]:
        """Draw the headings of the weights and of the products."""
        name = self.subject.parameter_name("weight_ih")
        return [
            words.label(
                self.weight_x,
                8,
                name,
                names={"tensor": "weight_ih"},
                of=weights,
                style=words.FINE_CODE,
                anchor="middle",
                term="weight_ih",
            ),
            words.label(
                self.weight_x,
                25,
                f"row {ROW}",
                names={"row": ROW},
                of=weights,
                style=words.FINE,
                anchor="middle",
            ),
            words.label(
                self.product_x,
                25,
                "adds",
                names={"tensor": "x*weight_ih"},
                of=products,
                style=words.FINE,
                anchor="middle",
            ),
        ]

    def result(self) -> list[Mark]:
        """Draw the sum, beside its node or below it."""
        middle = HEADING_HEIGHT + self.height / 2
        node = circle(
            self.sum_x, middle, sums.SUM_RADIUS, fill="panel", stroke="ink", id="y-sum"
        )._replace(bound=(Node(self.y.expr),))
        plus = words.operator(self.sum_x, middle, "+", fill="ink")
        if self.is_narrow:
            x, y = self.sum_x + self.sum_offset, middle + 52
            return [node, plus, *self.named_sum(x, y, name_y=middle + 34)]
        x = self.sum_x + RESULT_WIDTH - self.cell_width / 2
        name, number = self.named_sum(x, middle, name_y=middle - 32)
        node_right, box_left = self.sum_x + sums.SUM_RADIUS, x - self.cell_width / 2
        equals = words.operator((node_right + box_left) / 2, middle, "=")
        box = self.cell(x, middle, "y")._replace(
            fill="paper", stroke="ink", stroke_width=styles.CELL.strong.weight
        )
        return [node, plus, name, equals, box, number]

    def named_sum(self, x: float, y: float, *, name_y: float) -> tuple[Text, Text]:
        """Draw the name of the sum, and the sum."""
        number = words.number(x, y, self.y, max_chars=5, bold=True, id="y", term="y")
        name = words.label(
            x,
            name_y,
            "y",
            names={"tensor": "ih", "row": ROW},
            of=[number],
            anchor="middle",
            style=words.STRONG,
            says=Says(),
            term="y",
        )
        return name, number


def _head(subject: LayerRun, inputs: sums.Inputs) -> Head:
    step = subject.step_number(inputs.t)
    return Head(
        sentence("A perceptron is a weighted sum"),
        sentence(
            "{} computes y = x @ W.T. Here its weight W is the first row of weight_ih.",
            (
                f"nn.Linear({subject.weights.input_size}, 1, bias=False)",
                'f"nn.Linear({x.shape[-1]}, 1, bias=False)"',
            ),
        ),
        provenance(subject, *step_items(subject, step)),
        (*sums.zero_notes(inputs), *sums.choice_notes(subject, inputs, [ROW])),
        source(subject),
    )


def _description(subject: LayerRun, inputs: sums.Inputs, y: Number) -> str:
    x, weights = subject.vector("x", inputs.t), subject.row("weight_ih", ROW)
    products = [weight * value for weight, value in zip(weights, x, strict=True)]
    return (
        f"Step {subject.step_number(inputs.t)}. Each input is multiplied by a "
        "weight, and the products are added up. "
        f"x is {number_list(x)}. The weights are {number_list(weights)}; the products "
        f"are {number_list(products)}; the sum is {text(y.value)}."
    )
