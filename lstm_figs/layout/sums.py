"""Weighted sums: inputs as nodes, weights as lines, the rest as one addend."""

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from ..model.tensors import Array
from ..proof import digits
from ..proof.bindings import (
    Flow,
    Kind,
    Length,
    Node,
    Says,
    Scale,
    Sentence,
    Shade,
    sentence,
)
from ..proof.subject import Number, Subject
from ..scene import metrics
from ..scene.marks import Box, Group, Mark, Path
from ..scene.theme import Paint, tint
from . import words
from .cells import largest
from .panels import Point, circle
from .room import inner
from .rows import shade
from .wires import Bars, Look, bar, printed

MOST = 8
"""How many inputs are drawn one by one."""
RADIUS = 24.0
"""Of an input."""
REST = 64.0
"""The width of the node of all others."""
THINNEST, THICKEST = 0.5, 6.0
"""Of a line: that of a weight of 0, and of the largest."""
FAN = 4.0
"""How far the lines of a node begin apart."""
DASH = "5 3"
"""Of what is negative."""


class Inputs(NamedTuple):
    """The inputs of one step that are drawn.

    Attributes:
        t: The step, counted from 0.
        shown: Which are drawn one by one.
        values: Their values.
        left_out: How many are not.
    """

    t: int
    shown: tuple[int, ...]
    values: tuple[Number, ...]
    left_out: int

    @property
    def lines(self) -> int:
        """How many nodes there are, with that of the rest."""
        return len(self.shown) + (self.left_out > 0)

    def term(self, k: int) -> bool:
        """Whether an input adds something: all but 0 do."""
        return float(self.values[k].value) != 0


def inputs(subject: Subject, t: int, rows: Sequence[int]) -> Inputs:
    """All inputs, or those of largest weight in some rows of weight_ih."""
    size = subject.weights.input_size
    shown = list(range(size))
    if size > MOST:
        shown = strongest(abs(subject.weights.weight_ih[list(rows)]).max(0))
    values = tuple(subject.result("x", t, 0, j) for j in shown)
    return Inputs(t, tuple(shown), values, size - len(shown))


def strongest(magnitudes: Array) -> list[int]:
    """The places of the largest magnitudes, in order; NaN counts as largest.

    >>> strongest(np.array([5, 1, 9, 2, 3, 4, 8, 7, 6, np.nan]))
    [0, 2, 4, 5, 6, 7, 8, 9]
    """
    sizes = np.where(np.isnan(magnitudes), np.inf, magnitudes)
    return sorted(np.argsort(-sizes, kind="stable")[:MOST].tolist())


@np.errstate(invalid="ignore", over="ignore")
def rest(subject: Subject, row: int, given: Inputs) -> Number:
    """What all other inputs add to a row of `weight_ih @ x`."""
    products = subject.steps[given.t].x[0] * subject.weights.weight_ih[row]
    products[list(given.shown)] = 0
    return Number(
        products.sum(),
        f"(x[{given.t}, 0] * {parameter(subject)}[{row}])"
        f".index_fill(0, torch.tensor({list(given.shown)}), 0).sum()",
        float(abs(products).sum()),
    )


def parameter(subject: Subject) -> str:
    """The expression of weight_ih."""
    return f"{subject.variable}.{subject.parameter_name('weight_ih')}"


def node(at: Point, feature: int, value: Number) -> Group:
    """One input in a circle: its name and its value."""
    x, y = at
    id = f"x-{feature}"
    name, bold = _name(feature)
    return Group(
        (
            circle(x, y, RADIUS, fill="paper", stroke="ink"),
            words.label(
                x, y - 8, name, {"input": feature}, [id], "column",
                size=words.SMALL, anchor="middle", bold=bold, fill="ink",
                term="x",
            ),
            words.number(
                x, y + 7, value, size=words.SMALL, room=5,
                places=digits.decimals([value.value]), id=id, term="x",
            ),
        ),
        id=f"{id}-node", term="x", bound=(Node(value.expr),),
    )  # fmt: skip


def _name(feature: int) -> tuple[str, bool]:
    """What an input is called as it fits in a circle, and whether bold."""
    room = 2 * math.sqrt((RADIUS - 1) ** 2 - 8**2) - 1
    ways = ((f"x[{feature}]", True), (f"[{feature}]", True))
    for name, bold in ways:
        if words.width(name, words.SMALL, bold=bold) <= room:
            return name, bold
    return f"[{feature}]", False


def rest_node(at: Point, given: Inputs) -> list[Mark]:
    """All inputs that are not drawn."""
    x, y = at
    text, _ = words.paragraph(
        x, y - 9, more(given), REST, anchor="middle", size=words.SMALL
    )
    around = Box(
        x - REST / 2, y - 15, REST, 30, radius=15, fill="paper", stroke="ink",
        stroke_width=1.5, dash=DASH, term="x",
    )  # fmt: skip
    return [around, text]


def more(given: Inputs) -> Sentence:
    """How many inputs are not drawn one by one."""
    return sentence(
        "{} more", (given.left_out, f"x.shape[-1] - {len(given.shown)}")
    )


def rest_line(start: Point, stop: Point, paint: Paint = "rule") -> Path:
    """A line of no weight of its own, for what is a sum."""
    return Path((("M", start), ("L", stop)), stroke=paint, dash="1.5 3")


def line(
    start: Point,
    stop: Point,
    weight: Number,
    top: float,
    paint: Paint,
    flow: Flow,
    id: str,
) -> Path:
    """A line as thick as a weight is large; dashed where it is negative.

    Args:
        start: Where it begins.
        stop: Where it ends.
        weight: The weight.
        top: The magnitude that has the thickest line.
        paint: Its paint.
        flow: What it joins.
        id: Its id.
    """
    size = float(weight.value)
    scale = Scale(0, top, THINNEST, THICKEST)
    finite = bool(np.isfinite(size))
    drawn = (Length(weight.expr, "stroke-width", scale),) if finite else ()
    return Path(
        (("M", start), ("L", stop)), stroke=paint,
        stroke_width=scale(min(top, abs(size))) if finite else THINNEST,
        dash=DASH if size < 0 else "", id=id, bound=(*drawn, flow),
    )  # fmt: skip


def flow(given: Inputs, k: int, head: str) -> Flow:
    """What the line of an input says; where some are left out, only order."""
    kind: Kind = "order" if given.left_out else "makes"
    return Flow(kind, f"x-{given.shown[k]}-node", head)


def spread(count: int, gap: float, height: float) -> list[float]:
    """Places for so many things, `gap` apart, in the middle of a height.

    >>> spread(3, 10, 40)
    [10.0, 20.0, 30.0]
    """
    first = (height - gap * (count - 1)) / 2
    return [first + gap * k for k in range(count)]


def fan(k: int, count: int) -> float:
    """How far one of several lines begins from the middle of a node.

    >>> [fan(k, 3) for k in range(3)]
    [-4.0, 0.0, 4.0]
    """
    return (k - (count - 1) / 2) * FAN


def zeros(given: Inputs) -> list[Sentence]:
    """A note on inputs that add nothing, where there are some."""
    if all(map(given.term, range(len(given.shown)))):
        return []
    return [
        sentence(
            "Lines of an input of zero are grey: it adds nothing.",
            claim=f"not x[{given.t}, 0].all()",
        )
    ]


def chosen(given: Inputs) -> list[Sentence]:
    """A note on which inputs are drawn, where not all are."""
    if not given.left_out:
        return []
    shown = str(len(given.shown))
    one = given.left_out == 1
    return [
        sentence(
            "The {} inputs of largest |weight| are drawn; the other {} "
            f"input{'' if one else 's'} {'is' if one else 'are'} one addend.",
            (shown, f"x.shape[-1] - {given.left_out}"),
            (given.left_out, f"x.shape[-1] - {shown}"),
        )
    ]


class Sum(NamedTuple):
    """One row of weights, and what it makes of the inputs.

    Attributes:
        row: Which row of weight_ih.
        gate: Its gate; empty for a sum without one.
        value: The sum.
        weights: Of the inputs that are drawn.
        more: What all other inputs add, if there are any.
        id: The id of the sum.
        weight: The id of a weight, with `{}` for the input.
        quantity: The expression of the sum by its name, where its number has
            another.
    """

    row: int
    gate: str
    value: Number
    weights: tuple[Number, ...]
    more: Number | None
    id: str
    weight: str
    quantity: str = ""

    @property
    def of(self) -> str:
        """The expression of the sum, as one quantity."""
        return self.quantity or self.value.expr

    @property
    def paint(self) -> Paint:
        """Of its lines and its node."""
        return f"gate-{self.gate}" if self.gate else "ink"

    @property
    def node(self) -> str:
        """The id of its node."""
        return f"{self.id}-sum"

    @property
    def weight_ids(self) -> str:
        """The ids of its weights."""
        return self.weight.format("*")

    @property
    def cell_ids(self) -> str:
        """The ids of what its weights stand on."""
        return f"{self.weight_ids}-cell"


GATE = 16.0
"""The radius of a sum."""
ROW = 56.0
"""From one sum to the next."""
NODE = 2 * RADIUS + 6
"""From one input to the next."""
CELL = 32.0
"""The height of a weight."""


class Picture:
    """Inputs as nodes, weights as lines and as numbers, and their sums.

    The rows of weights are level with their sums where they fit; else each
    input has a row, level with its node or below all of them.
    """

    def __init__(
        self,
        subject: Subject,
        given: Inputs,
        sums: Sequence[Sum],
        room: float,
        head: str,
    ):
        self.subject, self.given, self.sums = subject, given, sums
        self.space = inner(room)
        self.close = room < 640
        self.head = head
        every = [w for one in sums for w in one.weights]
        self.top = largest(every)
        self.places = digits.decimals(w.value for w in every)
        count = len(given.shown)
        self.turned = given.left_out > 0 or count > 6
        self.above = 46.0 if len(sums) > 1 or self.turned else 12.0
        pitch = 60.0 if given.lines <= 4 else NODE
        self.height = max(len(sums) * ROW, given.lines * pitch)
        self.x = RADIUS if not given.left_out else REST / 2
        self.out = 150.0 if self.close else 210.0
        self.inputs = [
            self.above + y for y in spread(given.lines, pitch, self.height)
        ]
        self.outputs = [
            self.above + y for y in spread(len(sums), ROW, self.height)
        ]

    def marks(self) -> tuple[list[Mark], float]:
        """Everything, and its height."""
        bottom = self.above + self.height
        marks = [*self.frame(), *self.lines(), *self.nodes()]
        if self.turned:
            table, low = self.columns(bottom)
            return [*marks, *self.results(self.out + 70), *table], max(
                bottom, low
            )
        if self.close:
            table, low = self.rows(self.gutter, bottom + 40)
            return [*marks, *self.results(self.out + 70), *table], low
        left = self.out + GATE + 44
        count = len(self.given.shown)
        width = min(84.0, (self.space - left - 92) / count)
        table, _ = self.rows(left, self.above, width)
        right = left + count * width
        return [*marks, *table, *self.results(right + 8)], bottom + 30

    @property
    def gutter(self) -> float:
        """What stands left of rows that are below: letter and row."""
        return 30 + words.width(str(self.sums[-1].row), words.SMALL)

    def frame(self) -> list[Mark]:
        """A plane behind the sums."""
        first, last = self.outputs[0], self.outputs[-1]
        top, bottom = first - ROW / 2, last + ROW / 2
        left = self.out - GATE - 12
        right = self.out + 154 if self.turned and not self.close else self.space
        over = 4 if self.close or self.turned else 22
        if len(self.sums) == 1:
            return []
        return [
            Box(
                left, top - over, right - left, bottom - top + 2 * over,
                radius=12, fill="panel", stroke="rule",
            )
        ]  # fmt: skip

    def lines(self) -> list[Mark]:
        """From every input to every sum."""
        given, count = self.given, len(self.sums)
        marks: list[Mark] = []
        for s, one in enumerate(self.sums):
            for k, y in enumerate(self.inputs):
                out = self.outputs[s] + fan(k, given.lines) * 0.8
                stop = self.out - math.sqrt(
                    max(GATE**2 - (out - self.outputs[s]) ** 2, 0)
                ), out  # fmt: skip
                aside = fan(s, count)
                if k == len(given.shown):
                    start = self.x + REST / 2, y + aside
                    marks.append(rest_line(start, stop, one.paint))
                    continue
                start = self.x + math.sqrt(RADIUS**2 - aside**2), y + aside
                paint = one.paint if given.term(k) else "rule"
                if not one.gate and given.term(k):
                    paint = "neg" if one.weights[k].value < 0 else "pos"
                marks.append(
                    line(
                        start, stop, one.weights[k], self.top, paint,
                        flow(given, k, one.node),
                        f"{one.weight.format(given.shown[k])}-drawn",
                    )
                )  # fmt: skip
        return marks

    def nodes(self) -> list[Mark]:
        """The inputs and the sums."""
        given = self.given
        marks: list[Mark] = [
            node((self.x, y), j, value)
            for y, j, value in zip(
                self.inputs, given.shown, given.values, strict=False
            )
        ]
        if given.left_out:
            marks += rest_node((self.x, self.inputs[-1]), given)
        for y, one in zip(self.outputs, self.sums, strict=True):
            fill = tint(one.paint) if one.gate else "panel"
            around = circle(
                self.out, y, GATE, fill=fill, stroke=one.paint, id=one.node,
                term=one.gate,
            )._replace(bound=(Node(one.of),))  # fmt: skip
            marks.append(around)
            if not one.gate:
                marks.append(words.operator(self.out, y, "+", fill="ink"))
                continue
            level = not self.turned and not self.close
            ids = [one.id, *([one.weight_ids] if level else [])]
            marks += [
                words.label(
                    self.out, y, one.gate, {"gate": one.gate}, ids, "row",
                    size=words.NUMBER, anchor="middle", fill=one.paint,
                    bold=True, term=one.gate,
                ),
            ]  # fmt: skip
        return marks

    def results(self, x: float) -> list[Mark]:
        """What each row makes of the inputs, with a bar; `x` is its left."""
        texts = printed([one.value for one in self.sums], SUMS, self.places)
        bars = [
            Bars(one.paint if one.gate else "ink", self.reach())
            for one in self.sums
        ]
        middle = x + 8 + SUMS.width / 2
        marks: list[Mark] = []
        for y, one, own in zip(self.outputs, self.sums, bars, strict=True):
            marks += [
                words.operator(x, y, "="),
                words.number(
                    middle + texts.right(one.value), y, one.value,
                    places=texts.places, room=texts.style.room, anchor="end",
                    bold=True, id=one.id,
                    term=f"ih {one.gate}" if one.gate else "y",
                ),
                *bar(one.value._replace(expr=one.of), own, 0,
                     (middle, y + 9), SUMS, f"{one.id}-bar"),
            ]  # fmt: skip
        top = (
            self.outputs[0] - ROW / 2 - (16 if self.close or self.turned else 9)
        )
        ids = [one.id for one in self.sums]
        if self.sums[0].gate:
            label = words.label(
                middle, top, self.head, {"tensor": "ih"}, ids, "column",
                anchor="middle", bold=True, term="ih",
            )  # fmt: skip
        else:
            label = words.label(
                middle, self.outputs[0] - 20, self.head,
                {"row": self.sums[0].row}, ids, "column", anchor="middle",
                fill="ink", bold=True, says=Says(), term="y",
            )  # fmt: skip
        return [*marks, label]

    def reach(self) -> float:
        """The largest magnitude of a sum."""
        return largest([one.value for one in self.sums])

    def rows(
        self, left: float, top: float, width: float | None = None
    ) -> tuple[list[Mark], float]:
        """Rows of weights; level with the sums if a width is said."""
        count = len(self.given.shown)
        level = width is not None
        width = width or min(64.0, (self.space - left) / count)
        size = words.NUMBER if width >= 52 else words.SMALL
        ys = self.outputs
        if not level:
            ys = [top + (k + 0.5) * CELL for k in range(len(self.sums))]
        marks: list[Mark] = []
        for y, one in zip(ys, self.sums, strict=True):
            marks.append(self.row_label(one, left - 8, y, level=level))
            if one.gate and not level:
                marks.append(
                    words.label(
                        left - self.gutter + 6, y, one.gate, {"gate": one.gate},
                        [one.weight_ids], "row", anchor="middle",
                        fill=one.paint, bold=True, term=one.gate,
                    )
                )  # fmt: skip
            for k, weight in enumerate(one.weights):
                middle = left + (k + 0.5) * width
                marks += self.cell(one, k, weight, middle, y, width, size)
        name = self.subject.parameter_name("weight_ih")
        marks += [
            words.label(
                left + (k + 0.5) * width, ys[0] - CELL / 2 - 10, f"x[{j}]",
                {"input": j}, [o.weight.format(j) for o in self.sums],
                "column", size=words.SMALL, anchor="middle", term="x",
            )
            for k, j in enumerate(self.given.shown)
        ]  # fmt: skip
        below = ys[-1] + CELL / 2 + 12
        marks.append(
            words.label(
                left + count * width / 2, below, name, {"tensor": "weight_ih"},
                [o.cell_ids for o in self.sums], "column", anchor="middle",
                size=words.SMALL, mono=True, term="weight_ih",
            )
        )  # fmt: skip
        return marks, below + 8

    def row_label(self, one: Sum, x: float, y: float, *, level: bool) -> Mark:
        """Which row of the parameter it is."""
        ids = [one.weight_ids, *([one.id] if level else [])]
        return words.label(
            x, y, str(one.row), {"row": one.row}, ids, "row",
            size=words.SMALL, anchor="end",
        )  # fmt: skip

    def cell(
        self,
        one: Sum,
        k: int,
        weight: Number,
        x: float,
        y: float,
        width: float,
        size: float,
    ) -> list[Mark]:
        """A weight, on the colour of its sign."""
        id = one.weight.format(self.given.shown[k])
        term = f"weight_ih {one.gate}".strip()
        character = metrics.width("0", size, mono=True)
        return [
            Box(
                x - width / 2 + 1, y - CELL / 2 + 1, width - 2, CELL - 2,
                radius=3, fill=shade(float(weight.value), self.top),
                id=f"{id}-cell", term=term,
                bound=(Shade(weight.expr, self.top),),
            ),
            words.number(
                x, y, weight, size=size, places=self.places,
                room=int((width - 3) / character), id=id, term=term,
            ),
        ]  # fmt: skip

    def columns(self, bottom: float) -> tuple[list[Mark], float]:
        """A row for each input, level with its node or below all of them."""
        given, sums = self.given, self.sums
        width = 56.0 if self.close else 60.0
        if self.close:
            left, pitch, top = 64.0, CELL, bottom + 46
            ys = [top + (k + 0.5) * pitch for k in range(given.lines)]
        else:
            left, ys = 430.0, self.inputs
        marks: list[Mark] = []
        for k, y in enumerate(ys[: len(given.shown)]):
            j = given.shown[k]
            marks.append(
                words.label(
                    left - 8, y, f"x[{j}]", {"input": j},
                    [o.weight.format(j) for o in sums], "row",
                    size=words.SMALL, anchor="end", term="x",
                )
            )  # fmt: skip
            for s, one in enumerate(sums):
                x = left + (s + 0.5) * width
                marks += self.cell(
                    one, k, one.weights[k], x, y, width, words.SMALL
                )
        head = ys[0] - CELL / 2 - 10
        for s, one in enumerate(sums):
            x = left + (s + 0.5) * width
            if one.gate:
                marks.append(
                    words.label(
                        x, head - 16, one.gate, {"gate": one.gate},
                        [one.weight_ids], "column", anchor="middle",
                        fill=one.paint, bold=True, term=one.gate,
                    )
                )  # fmt: skip
            ids = [one.weight_ids, *([f"{one.id}-more"] if one.more else [])]
            marks.append(
                words.label(
                    x, head, str(one.row), {"row": one.row}, ids, "column",
                    size=words.SMALL, anchor="middle",
                )
            )  # fmt: skip
            if one.more:
                marks.append(
                    words.number(
                        x, ys[-1], one.more, size=words.SMALL, room=7,
                        id=f"{one.id}-more", term=f"ih {one.gate}".strip(),
                    )
                )  # fmt: skip
        if given.left_out:
            text, _ = words.paragraph(
                left - 8, ys[-1] - 9, more(given), 90, size=words.SMALL,
                anchor="end",
            )  # fmt: skip
            marks.append(text)
        name = self.subject.parameter_name("weight_ih")
        last = ys[len(given.shown) - 1] + CELL / 2
        below = ys[-1] + CELL / 2 + 12 if given.left_out else last + 12
        marks.append(
            words.label(
                left + len(sums) * width / 2, below, f"{name}.T",
                {"tensor": "weight_ih"}, [o.cell_ids for o in sums],
                "column", size=words.SMALL, anchor="middle", mono=True,
                term="weight_ih",
            )
        )  # fmt: skip
        return marks, below + 8


SUMS = Look(72, words.NUMBER, 25, 5)
"""How sums look."""
