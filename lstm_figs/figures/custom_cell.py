"""The figure `custom-cell`: a cell of your own beside the module, and one with peepholes."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from ..layout import styles, words
from ..layout.margins import inner_width
from ..layout.motifs import vectors, wires
from ..layout.motifs.vectors import Bars
from ..layout.number_lists import number_list
from ..layout.provenance import provenance, source
from ..layout.shapes import Point, circle
from ..model.layer_run import MAX_SUMMED_STEPS, LayerRun
from ..model.lstm import GATES, Array
from ..model.reference import Number, Ref
from ..proof.bindings import Flow, Length, Node, sentence
from ..proof.preamble.peepholes import PEEPHOLES, run_own
from ..scene.marks import Box, Group, Mark, Path
from ..scene.scenes import Diagram, Head
from ..scene.terms import TERMS
from ..scene.theme import tint

STATES_Y, PRODUCT_Y, GATES_Y, WEIGHTS_Y, PEEPHOLES_Y = 24.0, 68.0, 116.0, 145.0, 178.0
"""The heights of c, i·g, the gates, the peephole weights and the peepholes."""
PEEPHOLE_GAP, SIDE_OFFSET = 12.0, 5.0
"""How far the peephole of i is below the one of f, and how far left and right of
the middle of c_prev the two begin."""
RADIUS = 15.0
"""The radius of a gate."""
POSITIONS = {"c_prev": 0.045, "f": 0.23, "i": 0.34, "g": 0.485, "c": 0.565, "o": 0.835, "h": 0.975}
"""Horizontal positions, as shares of the width."""
MIN_X = 26.0
"""The least horizontal position, which leaves space for the name of c_prev."""
HALF_WIDTHS = {"c_prev": 26.0, "c": 10.0, "h": 10.0}
"""Half the widths of the names of states."""
SEEN_STATE = {"i": "c_prev", "f": "c_prev", "o": "c"}
"""Gate -> the state that it sees through its peephole."""
NARROWEST_WIDE, MAX_STEPS_NARROW = 640, 4
"""A narrower figure has row labels above the rows, and at most this many steps."""
LARGE_WEIGHTS_WIDTH = 480.0
"""Drawings wider than this have room for large peephole weights."""
GUTTER = 138.0
"""The width of the row labels in a wide form."""
ROW_HEIGHT, LABEL_HEIGHT = 44.0, 18.0
"""The height of a row, and of its label above it in a narrow form."""


class Line(NamedTuple):
    """A row with a number for each step.

    Attributes:
        label: Its label.
        tensor: Its name in expressions.
        id: The prefix of the ids of its numbers.
        numbers: One for each step.
        start: Where its bars begin, if not at 0.
    """

    label: str
    tensor: str
    id: str
    numbers: list[Number]
    start: Sequence[Number] = ()


MAX_ROUNDING = 1e-12
"""Two h in float64 that differ by less differ by rounding alone."""


def custom_cell(subject: LayerRun, width: float, *, unit: int = 0) -> Diagram:
    """A cell of one's own beside the module, and one with peepholes.

    Args:
        subject: The layer run to draw.
        width: The width that the figure may use.
        unit: The hidden unit, counted from 0.
    """
    subject.check("unit", unit, subject.weights.size)
    space, narrow = inner_width(width), width < NARROWEST_WIDE
    lines = _lines(subject, unit, MAX_STEPS_NARROW if narrow else MAX_SUMMED_STEPS)
    peepholes = {
        gate: Number(np.float64(weight), Ref("peephole")[k, unit])
        for k, (gate, weight) in enumerate(zip("ifo", PEEPHOLES, strict=True))
    }
    table = _Table(subject, lines, space, narrow=narrow)
    return Diagram(
        heading=_head(subject, unit, lines[-1].numbers),
        description=_description(subject, unit, lines, peepholes),
        width=space,
        height=table.bottom,
        marks=(*_Cell(subject, unit, peepholes, space).marks(), *table.marks()),
        figure_width=width,
    )


def _lines(subject: LayerRun, unit: int, max_steps: int) -> list[Line]:
    """The rows of the table: h of the module, h with peepholes, the difference."""
    steps = subject.steps[:max_steps]
    no_peepholes = (0, 0, 0)
    own_h, seeing_h = run_own(subject.weights, steps, no_peepholes, PEEPHOLES)[..., unit]
    scale = max(step.scale for step in steps)

    def numbers(values: Array, of: Ref) -> list[Number]:
        return [Number(value, of[t, unit], scale) for t, value in enumerate(values)]

    with np.errstate(invalid="ignore"):
        moved = seeing_h - own_h
    return [
        Line(
            label="h of the module",
            tensor="output",
            id="module",
            numbers=[subject.result("h", t, 0, unit) for t in range(len(steps))],
        ),
        Line(
            label="h with peepholes",
            tensor="seeing_h",
            id="seeing",
            numbers=numbers(seeing_h, Ref("seeing_h")),
        ),
        Line(
            label="they move h by",
            tensor="moved",
            id="moved",
            numbers=numbers(moved, Ref("seeing_h") - Ref("own_h")),
            start=numbers(own_h, Ref("own_h")),
        ),
    ]


class _Cell:
    """The cell of a unit, from c_prev at the left to h at the right.

    Attributes:
        t: The step whose numbers the marks are bound to: the second, because h and c
            may be zero before the first.
        x: Name of a state or a gate -> its horizontal position.
        plus: The position of the sum, between i and g.
        tanh: The position of tanh, between c and o.
        edges: Id of a node at the height of c -> its left and right edges.
    """

    def __init__(self, subject: LayerRun, unit: int, peepholes: dict[str, Number], width: float):
        self.subject, self.unit, self.peepholes = subject, unit, peepholes
        self.t = min(1, len(subject.steps) - 1)
        self.number_size = words.NUMBER if width > LARGE_WEIGHTS_WIDTH else words.SMALL
        self.x = {name: max(MIN_X, share * width) for name, share in POSITIONS.items()}
        self.plus = (self.x["i"] + self.x["g"]) / 2
        radius, half_tanh = wires.OPERATOR_RADIUS, wires.operator_half_width("tanh")
        self.tanh = (self.x["c"] + HALF_WIDTHS["c"] + self.x["o"] - radius) / 2
        # c and h begin with the operator that yields them.
        left = self.x["c_prev"] - HALF_WIDTHS["c_prev"]
        c_prev_end, c_end, h_end = (self.x[name] + half for name, half in HALF_WIDTHS.items())
        self.edges = {
            "c_prev-state": (left, c_prev_end),
            "kept": (self.x["f"] - radius, self.x["f"] + radius),
            "c-state": (self.plus - radius, c_end),
            "tanh": (self.tanh - half_tanh, self.tanh + half_tanh),
            "h-state": (self.x["o"] - radius, h_end),
        }

    def marks(self) -> list[Mark]:
        """All marks; each wire is behind the marks that it joins."""
        f, c_prev, i, g = map(self.subject.ref, ("f", "c_prev", "i", "g"))
        weights = {gate: self.weight(gate) for gate in self.peepholes}
        return [
            *self.gate_wires(),
            *self.state_wires(),
            self.operator((self.x["f"], STATES_Y), "×", f * c_prev, "kept"),
            self.operator((self.plus, PRODUCT_Y), "×", i * g, "written"),
            self.operator((self.tanh, STATES_Y), "tanh", self.subject.ref("tanh_c"), "tanh"),
            self.state("c_prev"),
            self.computed_state("c", self.plus, "+"),
            self.computed_state("h", self.x["o"], "×"),
            *(mark for gate in weights for mark in (self.peephole(gate), weights[gate])),
            *(mark for gate in GATES for mark in self.gate(gate, weights.get(gate))),
        ]

    def node(self, of: Ref) -> Node:
        """The element of a tensor that belongs to the unit at the step shown."""
        return Node(of[self.t, 0, self.unit])

    def gate_wires(self) -> list[Mark]:
        """A wire from each gate to the product that it makes."""
        radius = wires.OPERATOR_RADIUS
        below_states = STATES_Y + radius
        # Gate -> the product that its wire leads to, and the corners of the wire.
        routes: dict[str, tuple[str, tuple[Point, ...]]] = {
            "f": ("kept", ((self.x["f"], below_states),)),
            "i": ("written", ((self.x["i"], PRODUCT_Y), (self.plus - radius, PRODUCT_Y))),
            "g": ("written", ((self.x["g"], PRODUCT_Y), (self.plus + radius, PRODUCT_Y))),
            "o": ("h-state", ((self.x["o"], below_states),)),
        }
        return [
            wires.wire((self.x[gate], GATES_Y - RADIUS), *corners, tail=gate, head=head)
            for gate, (head, corners) in routes.items()
        ]

    def state_wires(self) -> list[Mark]:
        """The wires along the cell state, from c_prev to the product with o."""
        written = wires.wire(
            (self.plus, PRODUCT_Y - wires.OPERATOR_RADIUS),
            (self.plus, STATES_Y + wires.OPERATOR_RADIUS),
            tail="written",
            head="c-state",
        )
        return [
            self.state_wire("c_prev-state", "kept", wires.CELL_WIRE_WIDTH),
            self.state_wire("kept", "c-state", wires.CELL_WIRE_WIDTH),
            written,
            self.state_wire("c-state", "tanh"),
            self.state_wire("tanh", "h-state"),
        ]

    def state_wire(self, tail: str, head: str, width: float = wires.WIRE_WIDTH) -> Mark:
        """A wire between two nodes at the height of c."""
        (_, start), (end, _) = self.edges[tail], self.edges[head]
        return wires.wire((start, STATES_Y), (end, STATES_Y), tail=tail, head=head, width=width)

    def operator(self, at: Point, sign: str, of: Ref, id: str) -> Group:
        """An operator with its result."""
        return Group(tuple(wires.operator_marks(*at, sign)), id=id, bound=(self.node(of),))

    def state(self, name: str, *computing: Mark) -> Group:
        """The name of a state, with the marks that compute it."""
        id = f"{name}-state"
        label = vectors.vector_name(
            (self.x[name], STATES_Y), text=name, tensor=name, of=id, along="row"
        )
        return Group((*computing, label), id=id, bound=(self.node(self.subject.ref(name)),))

    def computed_state(self, name: str, operator_x: float, sign: str) -> Group:
        """A state, with the operator that yields it and a wire between them."""
        wire = wires.inner_wire(
            (operator_x, STATES_Y),
            (self.x[name] - HALF_WIDTHS[name], STATES_Y),
            paint="muted",
            width=wires.CELL_WIRE_WIDTH if name == "c" else wires.WIRE_WIDTH,
        )
        return self.state(name, wire, *wires.operator_marks(operator_x, STATES_Y, sign))

    def peephole(self, gate: str) -> Mark:
        """The line from a state to the weight of a gate that sees it."""
        # The peephole of i passes below the one of f.
        level = PEEPHOLES_Y + (PEEPHOLE_GAP if gate == "i" else 0)
        # Both see c_prev, so they begin at its left and at its right.
        offset = {"i": -SIDE_OFFSET, "f": SIDE_OFFSET, "o": 0.0}[gate]
        state, paint = SEEN_STATE[gate], f"gate-{gate}"
        start_x, x, tip = self.x[state] + offset, self.x[gate], WEIGHTS_Y + 10
        line = Path(
            (
                ("M", (start_x, STATES_Y + 12)),
                ("L", (start_x, level)),
                ("L", (x, level)),
                ("L", (x, tip + 7)),
            ),
            stroke=paint,
            stroke_width=styles.LINE.strong.weight,
            dash=styles.OTHER_DASH,
        )
        head = Path(
            (("M", (x, tip)), ("L", (x - 3.6, tip + 8)), ("L", (x + 3.6, tip + 8)), ("Z",)),
            fill=paint,
        )
        return Group((line, head), bound=(Flow("sees", f"{state}-state", f"peephole-{gate}"),))

    def weight(self, gate: str) -> Mark:
        """The weight of the peephole of a gate."""
        weight = self.peepholes[gate]
        return words.number(
            self.x[gate],
            WEIGHTS_Y,
            weight,
            bold=True,
            size=self.number_size,
            id=f"peephole-{gate}",
            term=f"{gate} {SEEN_STATE[gate]}",
        )._replace(bound=(Node(weight.expr),))

    def gate(self, gate: str, weight: Mark | None) -> list[Mark]:
        """The circle of a gate with its letter, which also names the weight of its peephole."""
        node = circle(
            self.x[gate],
            GATES_Y,
            RADIUS,
            fill=tint(f"gate-{gate}"),
            stroke=f"gate-{gate}",
            id=gate,
            term=gate,
        )._replace(bound=(self.node(self.subject.ref(gate)),))
        letter = words.label(
            self.x[gate],
            GATES_Y,
            gate,
            names={"gate": gate},
            of=[node, weight] if weight else [node],
            along="column",
            style=words.SUM,
            fill=TERMS[gate].role,
            anchor="middle",
            term=gate,
        )
        return [node, letter]


class _Table:
    """A row for each cell, a column for each step.

    Attributes:
        left: The left edge of the first column.
        pitch: The width of a column.
        row_gap: The height above a row, for its label in a narrow figure.
        bottom: The bottom of the last row.
    """

    top = PEEPHOLES_Y + 46

    def __init__(self, subject: LayerRun, lines: list[Line], width: float, *, narrow: bool):
        self.subject, self.lines, self.narrow = subject, lines, narrow
        self.left = 0.0 if narrow else GUTTER
        self.count = len(lines[0].numbers)
        self.pitch = min(136.0, (width - self.left) / self.count)
        self.row_gap = LABEL_HEIGHT if narrow else 0
        self.bottom = self.top + 10 + len(lines) * (ROW_HEIGHT + self.row_gap)

    def marks(self) -> list[Mark]:
        """The headings of the columns, and the rows with their labels."""
        look = vectors.vector_look(1, narrow=self.narrow or self.pitch < 56)
        look = look._replace(width=self.pitch)
        scale_max = vectors.largest_visible(*(line.numbers for line in self.lines))
        columns: dict[int | str, vectors.NumberColumn] = {
            t: vectors.number_column([line.numbers[t] for line in self.lines], look)
            for t in range(self.count)
        }
        marks: list[Mark] = [self.step(t) for t in range(self.count)]
        y = self.top + 16
        for line in self.lines:
            y += self.row_gap
            is_difference = line.id == "moved"
            paint = "ink" if is_difference else "h"
            row = vectors.vector_row(
                (self.left + self.count * self.pitch / 2, y + 19),
                line.numbers,
                look,
                Bars(paint, scale_max),
                columns=columns,
                id=line.id,
                term="h",
                paint=paint if is_difference else None,
            )
            marks += [self.with_start(line, mark) for mark in row] if line.start else row
            marks.append(self.name(line, y))
            y += ROW_HEIGHT
        return marks

    def with_start(self, line: Line, mark: Mark) -> Mark:
        """A bar of the difference, from the end of the bar in the first row to that in the second.

        Other marks are as they are.
        """
        if not (isinstance(mark, Box) and mark.id.endswith("-bar")):
            return mark
        _, step, _ = mark.id.split("-")
        _, with_peepholes, _ = self.lines
        start, stop = line.start[int(step)], with_peepholes.numbers[int(step)]
        (length,) = mark.bound
        assert isinstance(length, Length)
        left, right = sorted(length.scale(float(number.value)) for number in (start, stop))
        ends = f"torch.stack([{start.expr}, {stop.expr}])"
        return mark._replace(x=left, width=right - left, bound=(length._replace(of=ends),))

    def step(self, t: int) -> Mark:
        """The heading of a column."""
        label = self.subject.step_number(t)
        return words.label(
            self.left + (t + 0.5) * self.pitch,
            self.top,
            f"step {label}" if self.pitch > 52 else str(label),
            names={"step": label},
            of=[f"{line.id}-{t}" for line in self.lines],
            along="column",
            style=words.FINE,
            anchor="middle",
        )

    def name(self, line: Line, y: float) -> Mark:
        """The label of a row: left of it, or above it in a narrow figure."""
        x, label_y = (4, y - LABEL_HEIGHT / 2) if self.narrow else (self.left - 10, y + 14)
        return words.label(
            x,
            label_y,
            line.label,
            names={"tensor": line.tensor},
            of=[f"{line.id}-*"],
            along="block" if self.narrow else "row",
            anchor="start" if self.narrow else "end",
            style=words.STRONG,
        )


def _head(subject: LayerRun, unit: int, moved: Sequence[Number]) -> Head:
    step_count = len(moved)
    is_same = all(abs(float(number.value)) <= MAX_ROUNDING for number in moved)
    are_zero = f"(seeing_h - own_h)[:{step_count}, {unit}].abs() <= {MAX_ROUNDING}"
    notes = [
        sentence(
            "Dashed lines are peepholes, with the same weight for all units. nn.LSTM has none."
        )
    ]
    later_steps = len(subject.steps) - step_count
    if later_steps:
        template = "{} later step is" if later_steps == 1 else "{} later steps are"
        notes.append(sentence(f"{template} left out.", (later_steps, f"len(x) - {step_count}")))
    return Head(
        sentence("Peepholes let gates see the cell state"),
        sentence(
            "In a cell of your own, f and i can see c_prev, and o the new c: "
            f"h is then {'the same here' if is_same else 'different'}.",
            claim=f"{'' if is_same else 'not '}bool(({are_zero}).all())",
        ),
        provenance(subject, ("unit {}", unit, str(unit))),
        tuple(notes),
        source(subject),
    )


def _description(
    subject: LayerRun, unit: int, lines: Sequence[Line], peepholes: dict[str, Number]
) -> str:
    sentences = [
        f"Unit {unit}",
        f"The peephole weights of i, f and o are {number_list(list(peepholes.values()))}",
    ]
    for t in range(len(lines[0].numbers)):
        line_texts = "; ".join(f"{line.label} {number_list([line.numbers[t]])}" for line in lines)
        sentences.append(f"Step {subject.step_number(t)}: {line_texts}")
    return ". ".join(sentences) + "."
