"""The figure `four-weights`: every input goes to the four gates of one unit."""

import math
from collections.abc import Sequence
from functools import cached_property
from typing import NamedTuple

import numpy as np

from ..layout import styles, words
from ..layout.margins import inner_width
from ..layout.motifs import sums
from ..layout.motifs.vectors import Bars, number_bar, number_column
from ..layout.motifs.weight_rows import shade
from ..layout.number_lists import largest_magnitude, number_list
from ..layout.provenance import provenance, source, step_items
from ..layout.shapes import Point, circle
from ..layout.unit_choice import largest_claim
from ..model.layer_run import LayerRun
from ..model.lstm import GATES
from ..model.reference import Number
from ..proof import digits
from ..proof.bindings import Along, Node, Sentence, Shade, sentence
from ..scene import metrics
from ..scene.marks import Anchor, Box, Group, Mark
from ..scene.scenes import Diagram, Head
from ..scene.terms import TERMS
from ..scene.theme import Paint, tint

MAX_INPUTS = 6
"""At most this many inputs have lines of their own."""
MAX_INPUTS_LOOSE = 4
"""Up to this many inputs, nodes are further apart."""
NARROWEST_HORIZONTAL = 660
"""In less width than this, the picture goes from top to bottom."""
GATE_PITCH, CELL_HEIGHT = 56.0, 32.0
"""From one gate to the next, and the height of the cell of a weight."""
HEADS_HEIGHT, TALL_HEADS_HEIGHT = 18.0, 34.0
"""The height of the headings above the first gate; tall with two lines, for sums over
inputs that are left out."""
MIN_GUTTER = 66.0
"""The least width left of the columns in the vertical form."""
REST_CHARS = 7
"""The most characters of the sum over all other inputs."""


def four_weights(subject: LayerRun, width: float, *, unit: int = 0, step: int = 1) -> Diagram:
    """Every input goes to the four gates of one unit.

    Args:
        subject: The layer run to draw.
        width: The width that the figure may use.
        unit: The unit whose gates are shown, counted from 0.
        step: The time step whose input is shown, counted from 1.
    """
    sizes = subject.weights
    subject.check("unit", unit, sizes.hidden_size)
    t = subject.step_index(step)
    rows = {gate: sizes.row(gate, unit) for gate in GATES}
    inputs = sums.strongest_inputs(subject, t, list(rows.values()), MAX_INPUTS)
    gate_sums = [
        _Sum(
            row,
            gate,
            subject.result("ih", t, 0, row),
            tuple(subject.parameter("weight_ih", row, j) for j in inputs.visible),
            sums.rest_sum(subject, row, inputs) if inputs.hidden_count else None,
        )
        for gate, row in rows.items()
    ]
    picture = _Picture(subject, inputs, gate_sums, inner_width(width))
    marks, height = picture.marks()
    return Diagram(
        heading=_head(subject, picture, unit),
        description=_description(subject, inputs, gate_sums, unit),
        width=inner_width(width),
        height=height,
        marks=tuple(marks),
        figure_width=width,
    )


class _Sum(NamedTuple):
    """One row of weight_ih, and its product with the inputs.

    Attributes:
        row: The index of the row.
        gate: Its gate.
        value: The sum over all inputs.
        weights: The weights of the inputs that are drawn.
        rest: The sum over all other inputs, if there are any.
    """

    row: int
    gate: str
    value: Number
    weights: tuple[Number, ...]
    rest: Number | None

    @property
    def id(self) -> str:
        """The id of the sum."""
        return f"ih-{self.gate}"

    @property
    def ids(self) -> list[str]:
        """The ids of all its numbers."""
        rest = [f"{self.id}-more"] if self.rest else []
        return [f"weight_ih-{self.row}-*", *rest, self.id]

    @property
    def paint(self) -> Paint:
        """The paint of its lines and its node."""
        return f"gate-{self.gate}"


class _Picture:
    """Inputs, lines to the gates, and a table of weights that ends in sums.

    The wide form goes from left to right, with a row of the table for each gate.
    The narrow form goes from top to bottom, with a column for each gate.
    """

    def __init__(
        self, subject: LayerRun, inputs: sums.Inputs, gate_sums: Sequence[_Sum], space: float
    ):
        self.subject, self.inputs, self.sums = subject, inputs, gate_sums
        self.space, self.is_vertical = space, space < NARROWEST_HORIZONTAL
        weights = [weight for gate_sum in gate_sums for weight in gate_sum.weights]
        self.max_weight = largest_magnitude(weights)
        self.decimals = digits.decimals(weight.value for weight in weights)
        self.rest_name_width = words.width(sums.more_inputs(inputs).text, words.SMALL)
        if self.is_vertical:
            self._place_downwards()
        else:
            self._place_to_right()

    def _place_to_right(self) -> None:
        """Set all positions of the horizontal form."""
        inputs = self.inputs
        pitch = sums.NODE_PITCH if inputs.node_count > MAX_INPUTS_LOOSE else sums.NODE_PITCH + 6
        height = max(len(self.sums) * GATE_PITCH, inputs.node_count * pitch)
        above = self.heads_height
        self.nodes = [above + y for y in sums.centred_positions(inputs.node_count, pitch, height)]
        gate_pitch = min(height / len(self.sums), GATE_PITCH + 22)
        self.gates = [above + y for y in sums.centred_positions(len(self.sums), gate_pitch, height)]
        self.gate_at = 192.0
        left, count = self.gate_at + sums.SUM_RADIUS + 44, len(inputs.visible)
        rest_width = max(52, self.rest_name_width + 12) if inputs.hidden_count else 0
        self.look = sums.SUM_LOOK._replace(width=64)
        sums_width = self.look.width + 14 + rest_width
        self.width = min(112.0, (self.space - 8 - left - sums_width) / count)
        self.cells = [left + (k + 0.5) * self.width for k in range(count)]
        right = left + count * self.width
        self.rest_at = right + 4 + rest_width / 2
        self.sum_at = right + sums_width - self.look.width / 2 - 4
        self.height = above + height + 14

    def _place_downwards(self) -> None:
        """Set all positions of the vertical form."""
        inputs, count = self.inputs, len(self.inputs.visible)
        self.gutter = max(MIN_GUTTER, self.rest_name_width + 16)
        self.width = (self.space - self.gutter - 8) / len(self.sums)
        self.gates = [self.gutter + (s + 0.5) * self.width for s in range(len(self.sums))]
        # A few inputs are above the gates; many take the width of the gutter too.
        left = MIN_GUTTER if inputs.node_count <= MAX_INPUTS_LOOSE else 0
        span = self.space - left
        pitch = min(self.width, span / inputs.node_count)
        self.nodes = [left + x for x in sums.centred_positions(inputs.node_count, pitch, span)]
        self.gate_at = 2 * sums.INPUT_RADIUS + 96 + sums.SUM_RADIUS
        top = self.gate_at + sums.SUM_RADIUS + 24
        self.cells = [top + (k + 0.5) * CELL_HEIGHT for k in range(count)]
        self.rest_at = self.cells[-1] + CELL_HEIGHT + 22
        self.sum_at = self.rest_at + (CELL_HEIGHT if inputs.hidden_count else 0)
        self.look = sums.SUM_LOOK._replace(width=56)
        self.height = self.sum_at + (30 if inputs.hidden_count else 22)

    @property
    def heads_height(self) -> float:
        """The height of the headings above the first gate, in the horizontal form."""
        return TALL_HEADS_HEIGHT if self.inputs.hidden_count else HEADS_HEIGHT

    def at(self, along: float, s: int) -> Point:
        """A position in the row or column of gate `s`, at a distance along it."""
        across = self.gates[s]
        return (across, along) if self.is_vertical else (along, across)

    def marks(self) -> tuple[list[Mark], float]:
        """All marks, and the height of the picture."""
        return [*self.frame(), *self.graph(), *self.lines_label(), *self.table()], self.height

    def lines_label(self) -> list[Mark]:
        """What the lines show, above them or left of them, if there is space."""
        # In the horizontal form, a fourth node would touch the label above the first.
        most_inputs = MAX_INPUTS_LOOSE if self.is_vertical else MAX_INPUTS_LOOSE - 1
        if self.strongest is None or self.inputs.node_count > most_inputs:
            return []
        top = 0.0
        if self.is_vertical:
            top = (2 * sums.INPUT_RADIUS + self.gate_at - sums.SUM_RADIUS - 10) / 2
            top -= words.line_height(words.SMALL)
        width = MIN_GUTTER if self.is_vertical else self.gate_at - sums.SUM_RADIUS - 12
        label = sentence("coloured: as thick as its weight")
        lines, _ = words.paragraph(0, top, label, width, size=words.SMALL)
        return [lines]

    def frame(self) -> list[Mark]:
        """A panel behind the gates and the table."""
        if self.is_vertical:
            top = self.gate_at - sums.SUM_RADIUS - 10
            box = Box(0, top, self.space, self.height - top, radius=12)
        else:
            left = self.gate_at - sums.SUM_RADIUS - 12
            top = self.gates[0] - GATE_PITCH / 2 - self.heads_height
            bottom = self.gates[-1] + GATE_PITCH / 2 + 14
            box = Box(left, top, self.space - left, bottom - top, radius=12)
        return [box._replace(fill="panel", stroke="rule")]

    def graph(self) -> list[Mark]:
        """Inputs and gates, with a line from each input to each gate."""
        inputs = self.inputs
        # Coloured lines are drawn last, above the others.
        lines = sorted(
            (k == self.strongest, s, k)
            for s in range(len(self.sums))
            for k in range(len(inputs.visible))
        )
        marks = [self.line(s, k) for _, s, k in lines]
        if inputs.hidden_count:
            for s in range(len(self.sums)):
                marks.append(sums.rest_line(*self.ends(s, len(inputs.visible))))
            marks += sums.rest_node(self.start(-1), inputs)
        for k, (j, value) in enumerate(zip(inputs.visible, inputs.values, strict=True)):
            marks.append(
                Group(
                    tuple(sums.input_node(self.start(k), j, value)),
                    id=f"x-{j}-node",
                    term="x",
                    bound=(Node(value.expr),),
                )
            )
        for s in range(len(self.sums)):
            marks += self.gate(s)
        return marks

    def start(self, k: int) -> Point:
        """The middle of the node of input `k`."""
        place = self.nodes[k]
        return (place, sums.INPUT_RADIUS) if self.is_vertical else (sums.INPUT_RADIUS, place)

    @cached_property
    @np.errstate(all="ignore")
    def strongest(self) -> int | None:
        """The input that adds most to all sums; None if every input is zero."""
        inputs = self.inputs
        if not any(map(inputs.is_nonzero, range(len(inputs.visible)))):
            return None
        weights = [[weight.value for weight in gate_sum.weights] for gate_sum in self.sums]
        contributions = abs(np.array(weights) * [x.value for x in inputs.values])
        (strongest,) = sums.strongest(contributions.sum(0), 1)
        return strongest

    @property
    def contributions(self) -> str:
        """The expression for how much each input adds, in magnitude."""
        rows, indices = [gate_sum.row for gate_sum in self.sums], list(self.inputs.visible)
        weights = f"{self.subject.ref('weight_ih')}[{rows}][:, {indices}]"
        return f"(x[{self.inputs.t}, 0, {indices}] * {weights}).abs().sum(0)"

    @property
    def strongest_input(self) -> str:
        """The expression for the index of the strongest input."""
        indices = list(self.inputs.visible)
        return f"{indices}[{self.contributions}.nan_to_num(torch.inf).argmax()]"

    def ends(self, s: int, k: int) -> tuple[Point, Point]:
        """The ends of the line from input `k` to gate `s`."""
        # Lines end on the circles, spread so that no two touch there.
        input_offset = sums.fan_offset(s, len(self.sums)) * 1.5
        gate_offset = sums.fan_offset(k, self.inputs.node_count) * 0.8
        along_start = sums.INPUT_RADIUS + math.sqrt(sums.INPUT_RADIUS**2 - input_offset**2)
        along_stop = self.gate_at - math.sqrt(sums.SUM_RADIUS**2 - gate_offset**2)
        across_start, across_stop = self.nodes[k] + input_offset, self.gates[s] + gate_offset
        if self.is_vertical:
            return (across_start, along_start), (across_stop, along_stop)
        return (along_start, across_start), (along_stop, across_stop)

    def line(self, s: int, k: int) -> Mark:
        """The line from input `k` to gate `s`."""
        gate_sum = self.sums[s]
        paint = gate_sum.paint if k == self.strongest else sums.IDLE_PAINT
        return sums.weight_line(
            *self.ends(s, k),
            gate_sum.weights[k],
            self.max_weight,
            paint,
            sums.flow(self.inputs, k, f"{gate_sum.id}-sum"),
            f"weight_ih-{gate_sum.row}-{self.inputs.visible[k]}-drawn",
            self.idle,
        )

    @property
    def idle(self) -> str:
        """The condition that selects the lines without colour."""
        if self.strongest is None:
            return sums.idle_claim(self.inputs.t)
        return f"input != {self.strongest_input}"

    def gate(self, s: int) -> list[Mark]:
        """The node of gate `s`, and the index of its row of weights."""
        gate_sum, (x, y) = self.sums[s], self.at(self.gate_at, s)
        index = (x, y + sums.SUM_RADIUS + 12) if self.is_vertical else (x + sums.SUM_RADIUS + 36, y)
        along: Along = "column" if self.is_vertical else "row"
        return [
            circle(
                x,
                y,
                sums.SUM_RADIUS,
                fill=tint(gate_sum.paint),
                stroke=gate_sum.paint,
                id=f"{gate_sum.id}-sum",
                term=gate_sum.gate,
            )._replace(bound=(Node(gate_sum.value.expr),)),
            words.label(
                x,
                y,
                gate_sum.gate,
                names={"gate": gate_sum.gate},
                of=gate_sum.ids,
                along=along,
                style=words.SUM,
                fill=gate_sum.paint,
                anchor="middle",
                term=gate_sum.gate,
            ),
            words.label(
                *index,
                str(gate_sum.row),
                names={"row": gate_sum.row},
                of=gate_sum.ids,
                along=along,
                style=words.FINE,
                anchor="middle" if self.is_vertical else "end",
            ),
        ]

    def table(self) -> list[Mark]:
        """The weights, and the sums over all inputs."""
        marks: list[Mark] = []
        for k in range(len(self.cells)):
            weights = self.weights(k)
            marks += [self.input(k, weights), *weights]
        name = self.subject.parameter_name("weight_ih")
        x = (self.cells[0] + self.cells[-1]) / 2
        y = self.gates[-1] + CELL_HEIGHT / 2 + 12
        if self.is_vertical:
            x = (self.gates[0] + self.gates[-1]) / 2
            y = self.cells[-1] + CELL_HEIGHT / 2 + 10
        marks.append(
            words.label(
                x,
                y,
                f"{name}.T" if self.is_vertical else name,
                names={"tensor": "weight_ih"},
                of=[f"weight_ih-{gate_sum.row}-*-cell" for gate_sum in self.sums],
                along="column",
                style=words.FINE_CODE,
                anchor="middle",
                term="weight_ih",
            )
        )
        return [*marks, *self.results(), *self.heads()]

    @property
    def heads_y(self) -> float:
        """The height of the column headings in the horizontal form."""
        return self.gates[0] - CELL_HEIGHT / 2 - 10

    def input(self, k: int, weights: Sequence[Mark]) -> Mark:
        """The name of input `k`, beside its row or above its column of weights."""
        j = self.inputs.visible[k]
        at = (self.cells[k], self.heads_y)
        if self.is_vertical:
            at = (self.gutter - 8, self.cells[k])
        return words.label(
            *at,
            f"x[{j}]",
            names={"input": j},
            of=weights,
            style=words.FINE_STRONG if k == self.strongest else words.FINE,
            anchor="end" if self.is_vertical else "middle",
            term="x",
        )

    def weights(self, k: int) -> list[Mark]:
        """The weights of input `k`, on cells in the colours of their signs."""
        indices = range(len(self.sums))
        return [mark for s in indices for mark in (self.cell(s, k), self.weight(s, k))]

    def cell(self, s: int, k: int) -> Mark:
        """The cell of the weight from input `k` to gate `s`."""
        (x, y), gate_sum = self.at(self.cells[k], s), self.sums[s]
        weight = gate_sum.weights[k]
        # On a scale that ends at twice the weight, colours are half as strong.
        end = self.max_weight if self.inputs.is_nonzero(k) else 2 * self.max_weight
        cell = Box(
            x - self.width / 2 + 1,
            y - CELL_HEIGHT / 2 + 1,
            self.width - 2,
            CELL_HEIGHT - 2,
            radius=3,
            id=f"weight_ih-{gate_sum.row}-{self.inputs.visible[k]}-cell",
            fill=shade(float(weight.value), end),
            term=f"weight_ih {gate_sum.gate}",
            bound=(Shade(weight.expr, end),),
        )
        if k != self.strongest:
            return cell
        cell = cell._replace(stroke="ink", stroke_width=styles.CELL.strong.weight)
        return styles.emphasized(cell, f"input == {self.strongest_input}")

    def weight(self, s: int, k: int) -> Mark:
        """The weight from input `k` to gate `s`."""
        gate_sum = self.sums[s]
        size = words.NUMBER if self.width >= 56 else words.SMALL
        max_chars = int((self.width - 5) / metrics.width("0", size, mono=True))
        column: Sequence[Number] = gate_sum.weights
        if not self.is_vertical:
            column = [other.weights[k] for other in self.sums]
        return words.NumberAlignment.of(column, max_chars, self.decimals).number(
            *self.at(self.cells[k], s),
            gate_sum.weights[k],
            size=size,
            max_chars=max_chars,
            id=f"weight_ih-{gate_sum.row}-{self.inputs.visible[k]}",
            term=f"weight_ih {gate_sum.gate}",
        )

    def results(self) -> list[Mark]:
        """The sums over all other inputs, and the sums with their bars."""
        scale_max = largest_magnitude([gate_sum.value for gate_sum in self.sums])
        marks: list[Mark] = []
        for s, gate_sum in enumerate(self.sums):
            # Decimal points are aligned in a column, not in a row.
            aligned_sums = [gate_sum] if self.is_vertical else self.sums
            if gate_sum.rest:
                marks.append(self.rest(s, gate_sum.rest, aligned_sums))
            column = number_column(
                [other.value for other in aligned_sums], self.look, self.decimals
            )
            (x, y), bars = self.at(self.sum_at, s), Bars(gate_sum.paint, scale_max)
            marks += [
                words.number(
                    x + column.right(gate_sum.value),
                    y,
                    gate_sum.value,
                    decimals=column.decimals,
                    max_chars=self.look.max_chars,
                    anchor="end",
                    bold=True,
                    id=gate_sum.id,
                    term=f"ih {gate_sum.gate}",
                ),
                *number_bar(gate_sum.value, bars, 0, (x, y + 9), self.look, f"{gate_sum.id}-bar"),
            ]
        return marks

    def rest(self, s: int, rest: Number, aligned_sums: Sequence[_Sum]) -> Mark:
        """The sum over all other inputs of gate `s`."""
        rests = (other.rest or other.value for other in aligned_sums)
        return words.NumberAlignment.of(rests, REST_CHARS).number(
            *self.at(self.rest_at, s),
            rest,
            size=words.SMALL,
            max_chars=REST_CHARS,
            id=f"{self.sums[s].id}-more",
            term=f"ih {self.sums[s].gate}",
        )

    def heads(self) -> list[Mark]:
        """The headings of the sums, with the number of their inputs."""
        has_rest = self.inputs.hidden_count > 0
        anchor: Anchor = "end" if self.is_vertical else "middle"
        if self.is_vertical:
            x = self.gutter - 8
            name_at = x, self.sum_at
            count_places = (x, self.rest_at), (x, self.sum_at + 17)
        else:
            name_at = self.sum_at, self.heads_y - (18 if has_rest else 0)
            count_places = (self.rest_at, self.heads_y), (self.sum_at, self.heads_y)
        marks: list[Mark] = [
            words.label(
                *name_at,
                TERMS["ih"].symbol,
                names={"tensor": "ih"},
                of=[gate_sum.id for gate_sum in self.sums],
                along="row" if self.is_vertical else "column",
                anchor=anchor,
                style=words.STRONG,
                fill="muted",
                term="ih",
            )
        ]
        if not has_rest:
            return marks
        count = len(self.inputs.visible) + self.inputs.hidden_count
        all_inputs = sentence("all {}", (count, "x.shape[-1]"))
        counts = sums.more_inputs(self.inputs), all_inputs
        for input_count, (x, y) in zip(counts, count_places, strict=True):
            top = y - words.line_height(words.SMALL) / 2
            lines, _ = words.paragraph(x, top, input_count, 90, size=words.SMALL, anchor=anchor)
            marks.append(lines)
        return marks


def _head(subject: LayerRun, picture: _Picture, unit: int) -> Head:
    inputs = picture.inputs
    label = subject.step_number(inputs.t)
    return Head(
        sentence("Four weights for each input"),
        sentence(
            "Unit {} is four perceptrons that read every input, one for each "
            "gate, each with a row of weight_ih.",
            (unit, str(unit)),
        ),
        provenance(subject, *step_items(subject, label)),
        (
            _reading_note(picture),
            *sums.choice_notes(subject, inputs, [gate_sum.row for gate_sum in picture.sums]),
        ),
        source(subject),
    )


def _reading_note(picture: _Picture) -> Sentence:
    """How to read the lines and cells."""
    inputs, strongest = picture.inputs, picture.strongest
    template, values, claims = "", [], []
    if strongest is not None and len(inputs.visible) > 1:
        template = "x[{}] adds most, so its lines are coloured. "
        values.append((inputs.visible[strongest], picture.strongest_input))
        claims.append(largest_claim(picture.contributions, [strongest]))
    template += "Dashed or red is negative"
    if not all(map(inputs.is_nonzero, range(len(inputs.visible)))):
        template += "; pale is an input of zero"
        claims.append(f"not x[{inputs.t}, 0].all()")
    return sentence(f"{template}.", *values, claim=" and ".join(claims))


def _description(subject: LayerRun, inputs: sums.Inputs, gate_sums: list[_Sum], unit: int) -> str:
    sentences = [
        f"Step {subject.step_number(inputs.t)}, unit {unit}",
        f"x is {number_list(subject.vector('x', inputs.t))}",
    ]
    for gate_sum in gate_sums:
        weights = number_list(subject.row("weight_ih", gate_sum.row))
        others = gate_sum.rest and f"the others add {digits.text(gate_sum.rest.value)}; "
        sentences.append(
            f"Gate {gate_sum.gate}, row {gate_sum.row}: the weights are {weights}; "
            f"{others or ''}the sum is {digits.text(gate_sum.value.value)}"
        )
    return ". ".join(sentences) + "."
