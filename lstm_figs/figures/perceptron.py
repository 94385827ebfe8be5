"""The figure `perceptron`."""

from ..layout import styles, words
from ..layout.cells import largest, spoken
from ..layout.motifs import sums
from ..layout.motifs.rows import shade
from ..layout.panels import circle
from ..layout.provenance import provenance, source, step_of
from ..layout.room import inner
from ..proof.bindings import Node, Says, Shade, sentence
from ..proof.digits import text
from ..proof.reference import Number
from ..proof.subject import Subject
from ..scene.marks import Box, Group, Mark, Text, bounds
from ..scene.scenes import Diagram, Head
from ..scene.theme import Paint

ROW = 0
"""The row of weight_ih that serves as the weight of a linear layer."""
MOST = 9
"""How many inputs have a line of their own."""
HEAD = 40.0
"""What stands above the first row."""
CELL = 32.0
"""The height of a weight and of a product."""


def perceptron(subject: Subject, room: float, *, step: int = 1) -> Diagram:
    """A weighted sum of the inputs: a product for each, and their sum.

    Args:
        subject: What is drawn; row 0 of its `weight_ih` is the weight.
        room: The width that the figure may use.
        step: The time step whose input is shown, counted from 1.
    """
    t = subject.at(step)
    given = sums.inputs(subject, t, [ROW], MOST)
    weights, x = subject.weights.weight_ih[ROW], subject.steps[t].x[0]
    y = Number(
        subject.steps[t].ih[0, ROW],
        subject.ref("ih")[t, 0, ROW],
        sum(abs(float(w) * float(v)) for w, v in zip(weights, x, strict=True)),
    )
    marks, height = _Picture(subject, given, y, inner(room)).marks()
    return Diagram(
        _head(subject, given),
        _description(subject, given, y),
        inner(room),
        height,
        tuple(marks),
        room,
    )


class _Picture:
    """A row for each input, from it to what it adds, and a line to the sum."""

    def __init__(self, subject: Subject, given: sums.Inputs, y: Number, space: float):
        self.subject, self.given, self.y = subject, given, y
        self.weights = [subject.parameter("weight_ih", ROW, j) for j in given.shown]
        self.products = [v * w for w, v in zip(self.weights, given.values, strict=True)]
        self.more = sums.rest(subject, ROW, given) if given.left_out else None
        self.top = largest(self.products)
        pitch = sums.NODE if given.lines > 4 else sums.NODE + 6
        self.height = given.lines * pitch
        self.rows = [HEAD + y for y in sums.spread(given.lines, pitch, self.height)]
        self.close = space < 640
        # Below its node the sum keeps clear of steep lines from the left.
        self.aside = 12 if given.lines > 4 else 0
        # Where weights, products and the sum stand, and where rows end.
        if self.close:
            self.weight, self.product, self.end = 104.0, 178.0, 214.0
            self.sum, self.wide, self.size, self.room = (
                space - 22 - self.aside,
                54.0,
                words.SMALL,
                6,
            )
        else:
            self.weight, self.product, self.end = 140.0, 260.0, 312.0
            self.sum, self.wide, self.size, self.room = (space - 172, 76.0, words.NUMBER, 7)

    def marks(self) -> tuple[list[Mark], float]:
        """Everything, and its height."""
        weights = self.numbers(self.weights, self.weight, "weight-{}-line")
        products = self.numbers(self.products, self.product, "product-{}")
        marks: list[Mark] = self.lines()
        for k in range(len(weights)):
            marks.append(self.row(k, weights[k], products[k]))
        if self.more:
            products.append(
                words.number(
                    self.product,
                    self.rows[-1],
                    self.more,
                    size=self.size,
                    room=self.room,
                    id="y-more",
                    term="y",
                )
            )
            marks += [
                self.capsule(self.rows[-1]),
                *sums.rest_node((sums.RADIUS, self.rows[-1]), self.given),
                products[-1],
            ]
        result = self.result()
        # Of few inputs the sum below its node is the lowest.
        bottom = max(HEAD + self.height, bounds(result).bottom + 8)
        return [*marks, *self.names(weights, products), *result], bottom

    def numbers(self, of: list[Number], x: float, id: str) -> list[Text]:
        """A column of numbers, each in the row of its input."""
        point = words.Decimals.of(of, self.room)
        idle = sums.idle(self.given.t)
        return [
            styles.back(
                point.number(
                    x,
                    y,
                    value,
                    size=self.size,
                    room=self.room,
                    id=id.format(j),
                    fill="ink" if self.given.term(k) else "muted",
                    term="weight_ih" if of is self.weights else "y",
                ),
                "" if self.given.term(k) else idle,
            )
            for k, (y, j, value) in enumerate(zip(self.rows, self.given.shown, of, strict=False))
        ]

    def capsule(self, y: float) -> Box:
        """What holds a row together."""
        return Box(0, y - sums.RADIUS, self.end, 2 * sums.RADIUS, radius=sums.RADIUS, fill="panel")

    def row(self, k: int, weight: Text, product: Text) -> Mark:
        """One input, times its weight, and what that adds."""
        y, j, adds = self.rows[k], self.given.shown[k], self.products[k]
        id = f"x-{j}"
        paint: Paint = "ink" if self.given.term(k) else sums.IDLE
        value = self.given.values[k]
        half = self.wide / 2
        marks = (
            self.capsule(y),
            *sums.node((sums.RADIUS, y), j, value, paint),
            words.operator((2 * sums.RADIUS + self.weight - half) / 2, y, "×"),
            Box(
                self.weight - half,
                y - CELL / 2,
                self.wide,
                CELL,
                radius=3,
                fill="paper",
                stroke="rule",
                term="weight_ih",
            ),
            weight,
            words.operator((self.weight + self.product) / 2, y, "="),
            Box(
                self.product - half,
                y - CELL / 2,
                self.wide,
                CELL,
                radius=3,
                fill=shade(float(adds.value), self.top),
                term="y",
                id=f"product-{j}-cell",
                bound=(Shade(adds.expr, self.top),),
            ),
            product,
        )
        return Group(marks, id=f"{id}-node", term="x", bound=(Node(value.expr),))

    def lines(self) -> list[Mark]:
        """From every product to the sum."""
        marks: list[Mark] = []
        middle = HEAD + self.height / 2
        for k, y in enumerate(self.rows):
            aside = sums.fan(k, self.given.lines) * 0.8
            stop = self.sum - (sums.SUM**2 - aside**2) ** 0.5, middle + aside
            # A row covers where its line begins.
            start = self.end - sums.RADIUS / 4, y
            if k == len(self.products):
                marks.append(sums.rest_line(start, stop))
                continue
            adds = self.products[k]
            paint: Paint = "neg" if adds.value < 0 else "pos"
            marks.append(
                sums.line(
                    start,
                    stop,
                    adds,
                    self.top,
                    paint if self.given.term(k) else sums.IDLE,
                    sums.flow(self.given, k, "y-sum"),
                    f"weight-{self.given.shown[k]}-line-drawn",
                    sums.idle(self.given.t),
                )
            )
        return marks

    def names(self, weights: list[Text], products: list[Text]) -> list[Mark]:
        """The row of weights above them, with their tensor, and products."""
        ids, middle = [t.id for t in weights], self.weight
        name = self.subject.parameter_name("weight_ih")
        return [
            words.label(
                middle,
                8,
                name,
                {"tensor": "weight_ih"},
                ids,
                "column",
                style=words.FINE_CODE,
                anchor="middle",
                term="weight_ih",
            ),
            words.label(
                middle,
                25,
                f"row {ROW}",
                {"row": ROW},
                ids,
                "column",
                style=words.FINE,
                anchor="middle",
            ),
            words.label(
                self.product,
                25,
                "adds",
                {"tensor": "x*weight_ih"},
                [t.id for t in products],
                "column",
                style=words.FINE,
                anchor="middle",
            ),
        ]

    def result(self) -> list[Mark]:
        """The sum: beside its node, or below it."""
        middle = HEAD + self.height / 2
        x, y, label = (
            (self.sum + self.aside, middle + 52, middle + 34)
            if self.close
            else (self.sum + 172 - self.wide / 2, middle, middle - 32)
        )
        left = x - self.wide / 2
        beside: tuple[Mark, ...] = ()
        if not self.close:
            between = (self.sum + sums.SUM + left) / 2
            beside = (
                words.operator(between, y, "="),
                Box(
                    left,
                    y - CELL / 2,
                    self.wide,
                    CELL,
                    radius=3,
                    fill="paper",
                    stroke="ink",
                    stroke_width=styles.CELL.strong.weight,
                    term="y",
                ),
            )
        return [
            circle(self.sum, middle, sums.SUM, fill="panel", stroke="ink", id="y-sum")._replace(
                bound=(Node(self.y.expr),)
            ),
            words.operator(self.sum, middle, "+", fill="ink"),
            words.label(
                x,
                label,
                "y",
                {"tensor": "ih", "row": ROW},
                ["y"],
                "column",
                anchor="middle",
                style=words.STRONG,
                says=Says(),
                term="y",
            ),
            *beside,
            words.number(x, y, self.y, room=5, bold=True, id="y", term="y"),
        ]


def _head(subject: Subject, given: sums.Inputs) -> Head:
    label = subject.label(given.t)
    thick = sentence(
        "A line is as thick as what its input adds is large, blue where that "
        "is positive, red and dashed where it is negative."
    )
    adds = any(map(given.term, range(len(given.shown))))
    return Head(
        sentence("A perceptron is a weighted sum"),
        sentence(
            "{} computes y = x @ W.T. Here its weight W is the first row of weight_ih.",
            (
                f"nn.Linear({subject.weights.input_size}, 1, bias=False)",
                'f"nn.Linear({x.shape[-1]}, 1, bias=False)"',
            ),
        ),
        provenance(subject, *step_of(subject, label)),
        (*([thick] if adds else []), *sums.zeros(given), *sums.chosen(subject, given, [ROW])),
        source(subject),
    )


def _description(subject: Subject, given: sums.Inputs, y: Number) -> str:
    x, weights = subject.vector("x", given.t), subject.row("weight_ih", ROW)
    products = [w * v for w, v in zip(weights, x, strict=True)]
    return (
        f"Step {subject.label(given.t)}. Each input is multiplied by a "
        "weight, and the products are added up. "
        f"x is {spoken(x)}. The weights are {spoken(weights)}; the products "
        f"are {spoken(products)}; the sum is {text(y.value)}."
    )
