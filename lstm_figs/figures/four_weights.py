"""The figure `four-weights`."""

import math
from collections.abc import Sequence
from functools import cached_property
from typing import NamedTuple

import numpy as np

from ..layout import styles, words
from ..layout.cells import largest, spoken
from ..layout.choice import largest as largest_of
from ..layout.motifs import sums
from ..layout.motifs.rows import shade
from ..layout.motifs.wires import Bars, bar, printed
from ..layout.panels import Point, circle
from ..layout.provenance import provenance, source, step_of
from ..layout.room import inner
from ..model.lstm import GATES
from ..proof import digits
from ..proof.bindings import Along, Node, Sentence, Shade, sentence
from ..proof.reference import Number
from ..proof.subject import Subject
from ..scene import metrics
from ..scene.marks import Anchor, Box, Group, Mark
from ..scene.scenes import Diagram, Head
from ..scene.terms import TERMS
from ..scene.theme import Paint, tint

MOST = 6
"""How many inputs have lines of their own."""
FEW = 4
"""How many stand less close."""
ROW, CELL = 56.0, 32.0
"""From one gate to the next, and the height of a weight."""
GUTTER = 66.0
"""The least width of what stands left of columns."""
REST = 7
"""The most characters of what all other inputs add."""


def four_weights(subject: Subject, room: float, *, unit: int = 0, step: int = 1) -> Diagram:
    """Every input goes to the four gates of one unit.

    Args:
        subject: What is drawn.
        room: The width that the figure may use.
        unit: The unit whose gates are shown, counted from 0.
        step: The time step whose input is shown, counted from 1.
    """
    sizes = subject.weights
    subject.check("unit", unit, sizes.hidden_size)
    t = subject.at(step)
    rows = {gate: sizes.row(gate, unit) for gate in GATES}
    given = sums.inputs(subject, t, list(rows.values()), MOST)
    made = [
        _Sum(
            row,
            gate,
            subject.result("ih", t, 0, row),
            tuple(subject.parameter("weight_ih", row, j) for j in given.shown),
            sums.rest(subject, row, given) if given.left_out else None,
        )
        for gate, row in rows.items()
    ]
    picture = _Picture(subject, given, made, inner(room))
    marks, height = picture.marks()
    return Diagram(
        _head(subject, picture, unit),
        _description(subject, given, made, unit),
        inner(room),
        height,
        tuple(marks),
        room,
    )


class _Sum(NamedTuple):
    """One row of weights, and what it makes of the inputs.

    Attributes:
        row: Which row of weight_ih.
        gate: Its gate.
        value: The sum.
        weights: Of the inputs that are drawn.
        more: What all other inputs add, if there are any.
    """

    row: int
    gate: str
    value: Number
    weights: tuple[Number, ...]
    more: Number | None

    @property
    def id(self) -> str:
        """The id of the sum."""
        return f"ih-{self.gate}"

    @property
    def ids(self) -> list[str]:
        """The ids of all its numbers."""
        rest = [f"{self.id}-more"] if self.more else []
        return [f"weight_ih-{self.row}-*", *rest, self.id]

    @property
    def paint(self) -> Paint:
        """Of its lines and its node."""
        return f"gate-{self.gate}"


class _Picture:
    """Inputs, lines to the gates, and a table of weights that ends in sums.

    All lead to the right: a gate begins a row of the table. Where that is too
    wide, all lead down, and a gate begins a column.
    """

    def __init__(self, subject: Subject, given: sums.Inputs, made: Sequence[_Sum], space: float):
        self.subject, self.given, self.sums = subject, given, made
        self.space, self.down = space, space < 660
        every = [w for one in made for w in one.weights]
        self.top = largest(every)
        self.places = digits.decimals(w.value for w in every)
        self.said_more = words.width(sums.more(given).text, words.SMALL)
        (self._down if self.down else self._across)()

    def _across(self) -> None:
        """Where everything stands, if it leads to the right."""
        given, folded = self.given, self.given.left_out > 0
        pitch = sums.NODE if given.lines > FEW else sums.NODE + 6
        height = max(len(self.sums) * ROW, given.lines * pitch)
        above = 34.0 if folded else 18.0
        self.nodes = [above + y for y in sums.spread(given.lines, pitch, height)]
        row = min(height / len(self.sums), ROW + 22)
        self.gates = [above + y for y in sums.spread(len(self.sums), row, height)]
        self.gate_at = 192.0
        left, count = self.gate_at + sums.SUM + 44, len(given.shown)
        more = max(52, self.said_more + 12) * folded
        self.look = sums.SUMS._replace(width=64)
        ends = self.look.width + 14 + more
        self.width = min(112.0, (self.space - 8 - left - ends) / count)
        self.cells = [left + (k + 0.5) * self.width for k in range(count)]
        right = left + count * self.width
        self.rest = right + 4 + more / 2
        self.sum = right + ends - self.look.width / 2 - 4
        self.height = above + height + 14

    def _down(self) -> None:
        """Where everything stands, if it leads down."""
        given, count = self.given, len(self.given.shown)
        self.gutter = max(GUTTER, self.said_more + 16)
        self.width = (self.space - self.gutter - 8) / len(self.sums)
        self.gates = [self.gutter + (s + 0.5) * self.width for s in range(len(self.sums))]
        span = self.space - GUTTER * (given.lines <= FEW)
        pitch = min(self.width, span / given.lines)
        self.nodes = [self.space - span + x for x in sums.spread(given.lines, pitch, span)]
        self.gate_at = 2 * sums.RADIUS + 96 + sums.SUM
        top = self.gate_at + sums.SUM + 24
        self.cells = [top + (k + 0.5) * CELL for k in range(count)]
        self.rest = self.cells[-1] + CELL + 22
        self.sum = self.rest + CELL * (given.left_out > 0)
        self.look = sums.SUMS._replace(width=56)
        self.height = self.sum + 22 + 8 * (given.left_out > 0)

    def at(self, along: float, s: int) -> Point:
        """The place of what is of one gate."""
        across = self.gates[s]
        return (across, along) if self.down else (along, across)

    def marks(self) -> tuple[list[Mark], float]:
        """Everything, and its height."""
        return [*self.frame(), *self.graph(), *self.table()], self.height

    def frame(self) -> list[Mark]:
        """A plane behind the gates and what is theirs."""
        if self.down:
            top = self.gate_at - sums.SUM - 10
            box = Box(0, top, self.space, self.height - top, radius=12)
        else:
            left = self.gate_at - sums.SUM - 12
            top = self.gates[0] - ROW / 2 - 18 - 16 * (self.given.left_out > 0)
            bottom = self.gates[-1] + ROW / 2 + 14
            box = Box(left, top, self.space - left, bottom - top, radius=12)
        return [box._replace(fill="panel", stroke="rule")]

    def graph(self) -> list[Mark]:
        """Inputs and gates, and a line from each to each."""
        given = self.given
        # Lines that are coloured lie above those that are not.
        drawn = sorted(
            (k == self.most, s, k) for s in range(len(self.sums)) for k in range(len(given.shown))
        )
        marks = [self.line(s, k) for _, s, k in drawn]
        if given.left_out:
            for s in range(len(self.sums)):
                marks.append(sums.rest_line(*self.ends(s, len(given.shown))))
            marks += sums.rest_node(self.start(-1), given)
        for k, (j, value) in enumerate(zip(given.shown, given.values, strict=True)):
            marks.append(
                Group(
                    tuple(sums.node(self.start(k), j, value)),
                    id=f"x-{j}-node",
                    term="x",
                    bound=(Node(value.expr),),
                )
            )
        for s in range(len(self.sums)):
            marks += self.gate(s)
        return marks

    def start(self, k: int) -> Point:
        """The middle of an input."""
        place = self.nodes[k]
        return (place, sums.RADIUS) if self.down else (sums.RADIUS, place)

    @cached_property
    @np.errstate(all="ignore")
    def most(self) -> int | None:
        """Which of the inputs adds most to all sums, if one adds anything."""
        given = self.given
        if not any(map(given.term, range(len(given.shown)))):
            return None
        weights = [[w.value for w in one.weights] for one in self.sums]
        added = abs(np.array(weights) * [x.value for x in given.values])
        return sums.strongest(added.sum(0), 1)[0]

    @property
    def added(self) -> str:
        """The expression of what each of the inputs adds, without its sign."""
        rows, shown = [one.row for one in self.sums], list(self.given.shown)
        weights = f"{self.subject.ref('weight_ih')}[{rows}][:, {shown}]"
        return f"(x[{self.given.t}, 0, {shown}] * {weights}).abs().sum(0)"

    @property
    def adds_most(self) -> str:
        """The expression of the one that the figure is about."""
        shown = list(self.given.shown)
        return f"{shown}[{self.added}.nan_to_num(torch.inf).argmax()]"

    def ends(self, s: int, k: int) -> tuple[Point, Point]:
        """Where a line leaves an input and reaches a gate."""
        aside = sums.fan(s, len(self.sums)) * 1.5
        reach = sums.fan(k, self.given.lines) * 0.8
        along = sums.RADIUS + math.sqrt(sums.RADIUS**2 - aside**2)
        stop = self.gate_at - math.sqrt(sums.SUM**2 - reach**2)
        start, across = self.nodes[k] + aside, self.gates[s] + reach
        if self.down:
            return (start, along), (across, stop)
        return (along, start), (stop, across)

    def line(self, s: int, k: int) -> Mark:
        """From one input to one gate."""
        one = self.sums[s]
        paint = one.paint if k == self.most else sums.IDLE
        return sums.line(
            *self.ends(s, k),
            one.weights[k],
            self.top,
            paint,
            sums.flow(self.given, k, f"{one.id}-sum"),
            f"weight_ih-{one.row}-{self.given.shown[k]}-drawn",
            self.idle,
        )

    @property
    def idle(self) -> str:
        """What is true of the lines that are not coloured."""
        if self.most is None:
            return sums.idle(self.given.t)
        return f"input != {self.adds_most}"

    def gate(self, s: int) -> list[Mark]:
        """A gate's node, and the index of the row of weights beside it."""
        one, (x, y) = self.sums[s], self.at(self.gate_at, s)
        index = (x, y + sums.SUM + 12) if self.down else (x + sums.SUM + 36, y)
        along: Along = "column" if self.down else "row"
        return [
            circle(
                x,
                y,
                sums.SUM,
                fill=tint(one.paint),
                stroke=one.paint,
                id=f"{one.id}-sum",
                term=one.gate,
            )._replace(bound=(Node(one.value.expr),)),
            words.label(
                x,
                y,
                one.gate,
                {"gate": one.gate},
                one.ids,
                along,
                style=words.SUM,
                fill=one.paint,
                anchor="middle",
                term=one.gate,
            ),
            words.label(
                *index,
                str(one.row),
                {"row": one.row},
                one.ids,
                along,
                style=words.FINE,
                anchor="middle" if self.down else "end",
            ),
        ]

    def table(self) -> list[Mark]:
        """The weights, and what all inputs add."""
        marks: list[Mark] = []
        for k in range(len(self.cells)):
            marks += [self.input(k), *self.weights(k)]
        name = self.subject.parameter_name("weight_ih")
        middle = (self.cells[0] + self.cells[-1]) / 2
        low = self.gates[-1] + CELL / 2 + 12
        if self.down:
            middle = (self.gates[0] + self.gates[-1]) / 2
            low = self.cells[-1] + CELL / 2 + 10
        marks.append(
            words.label(
                middle,
                low,
                f"{name}.T" if self.down else name,
                {"tensor": "weight_ih"},
                [f"weight_ih-{one.row}-*-cell" for one in self.sums],
                "column",
                style=words.FINE_CODE,
                anchor="middle",
                term="weight_ih",
            )
        )
        return [*marks, *self.results(), *self.heads()]

    @property
    def head(self) -> float:
        """The middle of what is said above the columns of rows."""
        return self.gates[0] - CELL / 2 - 10

    def input(self, k: int) -> Mark:
        """What is multiplied with a row or column of weights."""
        j = self.given.shown[k]
        at = (self.gutter - 8, self.cells[k]) if self.down else (self.cells[k], self.head)
        return words.label(
            *at,
            f"x[{j}]",
            {"input": j},
            [f"weight_ih-{one.row}-{j}{part}" for one in self.sums for part in ("", "-cell")],
            "row" if self.down else "column",
            style=words.FINE_STRONG if k == self.most else words.FINE,
            anchor="end" if self.down else "middle",
            term="x",
        )

    def weights(self, k: int) -> list[Mark]:
        """The weights of an input, on the colours of their signs."""
        size = words.NUMBER if self.width >= 56 else words.SMALL
        room = int((self.width - 5) / metrics.width("0", size, mono=True))
        # Cells of an input of zero are half as strong.
        end = self.top if self.given.term(k) else 2 * self.top
        marks: list[Mark] = []
        for s, one in enumerate(self.sums):
            (x, y), weight = self.at(self.cells[k], s), one.weights[k]
            id = f"weight_ih-{one.row}-{self.given.shown[k]}"
            column = one.weights if self.down else [each.weights[k] for each in self.sums]
            cell = Box(
                x - self.width / 2 + 1,
                y - CELL / 2 + 1,
                self.width - 2,
                CELL - 2,
                radius=3,
                id=f"{id}-cell",
                fill=shade(float(weight.value), end),
                term=f"weight_ih {one.gate}",
                bound=(Shade(weight.expr, end),),
            )
            if k == self.most:
                look = styles.CELL.strong
                cell = styles.strong(
                    cell._replace(stroke="ink", stroke_width=look.weight),
                    f"input == {self.adds_most}",
                )
            marks += [
                cell,
                words.Decimals.of(column, room, self.places).number(
                    x, y, weight, size=size, room=room, id=id, term=f"weight_ih {one.gate}"
                ),
            ]
        return marks

    def results(self) -> list[Mark]:
        """What all other inputs add, and the sums, each with a bar."""
        reach = largest([one.value for one in self.sums])
        marks: list[Mark] = []
        for s, one in enumerate(self.sums):
            # Points stand below each other, and not beside each other.
            alike = [one] if self.down else self.sums
            texts = printed([o.value for o in alike], self.look, self.places)
            rests = words.Decimals.of((o.more or o.value for o in alike), REST)
            if one.more:
                marks.append(
                    rests.number(
                        *self.at(self.rest, s),
                        one.more,
                        size=words.SMALL,
                        room=REST,
                        id=f"{one.id}-more",
                        term=f"ih {one.gate}",
                    )
                )
            x, y = self.at(self.sum, s)
            marks += [
                words.number(
                    x + texts.right(one.value),
                    y,
                    one.value,
                    places=texts.places,
                    room=self.look.room,
                    anchor="end",
                    bold=True,
                    id=one.id,
                    term=f"ih {one.gate}",
                ),
                *bar(one.value, Bars(one.paint, reach), 0, (x, y + 9), self.look, f"{one.id}-bar"),
            ]
        return marks

    def heads(self) -> list[Mark]:
        """What the sums are called, and of how many inputs they are."""
        folded = self.given.left_out > 0
        anchor: Anchor = "end" if self.down else "middle"
        if self.down:
            x = self.gutter - 8
            at = x, self.sum
            places = (x, self.rest), (x, self.sum + 17)
        else:
            at = self.sum, self.head - 18 * folded
            places = (self.rest, self.head), (self.sum, self.head)
        marks: list[Mark] = [
            words.label(
                *at,
                TERMS["ih"].symbol,
                {"tensor": "ih"},
                [one.id for one in self.sums],
                "row" if self.down else "column",
                anchor=anchor,
                style=words.STRONG,
                fill="muted",
                term="ih",
            )
        ]
        count = len(self.given.shown) + self.given.left_out
        every = sentence("all {}", (count, "x.shape[-1]"))
        for said, (x, y) in zip(
            (sums.more(self.given), every) if folded else (), places, strict=False
        ):
            top = y - words.LINE * words.SMALL / words.NOTE / 2
            marks.append(words.paragraph(x, top, said, 90, size=words.SMALL, anchor=anchor)[0])
        return marks


def _head(subject: Subject, picture: _Picture, unit: int) -> Head:
    given = picture.given
    label = subject.label(given.t)
    return Head(
        sentence("Four weights for each input"),
        sentence(
            "Unit {} is four perceptrons that read every input, one for each "
            "gate, each with a row of weight_ih.",
            (unit, str(unit)),
        ),
        provenance(subject, *step_of(subject, label)),
        (
            *_most(picture),
            sentence(
                "A line is dashed where its weight is negative. "
                "Cells: blue is positive, red is negative."
            ),
            *sums.chosen(subject, given, [one.row for one in picture.sums]),
        ),
        source(subject),
    )


def _most(picture: _Picture) -> list[Sentence]:
    """What is said of the input whose lines are coloured, if one has such."""
    given, most = picture.given, picture.most
    if most is None:
        return sums.zeros(given, ", its cells pale")
    template, claim = "The four lines of x[{}] are", ""
    if len(given.shown) > 1:
        template = "x[{}] adds most: its four lines are coloured, and"
        claim = largest_of(picture.added, [most])
    return [
        sentence(
            f"{template} as thick as its weights are large.",
            (given.shown[most], picture.adds_most),
            claim=claim,
        ),
        *sums.zeros(given, ", its cells pale"),
    ]


def _description(subject: Subject, given: sums.Inputs, made: list[_Sum], unit: int) -> str:
    told = [
        f"Step {subject.label(given.t)}, unit {unit}",
        f"x is {spoken(subject.vector('x', given.t))}",
    ]
    for one in made:
        weights = spoken(subject.row("weight_ih", one.row))
        others = one.more and f"the others add {digits.text(one.more.value)}; "
        told.append(
            f"Gate {one.gate}, row {one.row}: the weights are {weights}; "
            f"{others or ''}the sum is {digits.text(one.value.value)}"
        )
    return ". ".join(told) + "."
