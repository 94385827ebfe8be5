"""The figure `cell`."""

from collections.abc import Sequence
from typing import NamedTuple

from ..layout.cells import spoken
from ..layout.nodes import BOX, RADIUS, RowLabels, gate_box, operator
from ..layout.panels import arrow, circle, round_arrow
from ..layout.vectors import chip, chip_height, size_notes
from ..model.lstm import GATES
from ..proof.subject import Number, Subject
from ..scene.marks import Box, Group, Mark, Text
from ..scene.scenes import Diagram, Heading
from ..scene.terms import GATE_NAMES, TERMS

ORDER = ("f", "i", "g", "o")
"""From left to right, as the picture is usually drawn."""


class _Places(NamedTuple):
    """Where columns and rows of the picture lie, and how wide things are."""

    columns: dict[str, float]
    plus: float
    out: float
    left: float
    right: float
    width: float
    chip: float
    box: float
    state: float
    c: float
    added: float
    times: float
    gates: float
    boxes: float
    h: float
    x: float


def cell(subject: Subject, room: float, *, step: int = 2) -> Diagram:
    """The LSTM cell of the textbooks, with the real value on every wire.

    Args:
        subject: What is drawn.
        room: The width that the figure may use.
        step: The time step, counted from 1; the first if there is no other.
    """
    t = subject.at(step)
    weights = subject.weights
    # A short vector is written out, and can be higher than a long one.
    state = max(map(chip_height, (weights.hidden_size, weights.size)))
    places = _places(room, state)
    make = _Maker(subject, t, places)
    top = places.c - places.state / 2 - 12
    marks = [
        Box(
            x=places.left, y=top, height=places.h + 22 - top,
            width=places.right - places.left,
            radius=14, fill="panel", stroke="rule",
        ),
        *make.cell_state(),
        *make.gates(),
        *make.output(),
        *make.input(),
    ]  # fmt: skip
    inputs = make.vector("x")
    height = places.h + max(
        places.x - places.h + 4 + chip_height(len(inputs)),
        places.state / 2 + 24,
    )
    said = "; ".join(
        f"{GATE_NAMES[gate].name} gate {gate} = {spoken(make.vector(gate))}"
        for gate in GATES
    )
    return Diagram(
        Heading(
            "The LSTM cell, with its numbers",
            f"{subject.module}, step {step}: the cell state runs along the "
            "top, the gates below decide what happens to it",
            (
                "× and + work element by element.",
                "Beside each gate are its rows of weight_ih and weight_hh.",
                *("weight_hr projects o * tanh(c) to h.",)
                * (subject.weights.proj_size > 0),
                *size_notes(subject),
            ),
            subject.source,
        ),
        f"x = {spoken(inputs)}, h before = {spoken(make.vector('h_prev'))} "
        f"and c before = {spoken(make.vector('c_prev'))} go in. {said}. "
        f"f times c is {spoken(make.vector('f * c_prev'))}, i times g is "
        f"{spoken(make.vector('i * g'))}, their sum is the new c = "
        f"{spoken(make.vector('c'))}. Its tanh, "
        f"{spoken(make.vector('tanh_c'))}, times o"
        f"{', projected,' * (subject.weights.proj_size > 0)} is the new h = "
        f"{spoken(make.vector('h'))}.",
        places.width,
        height,
        tuple(marks),
        room,
    )


def _places(room: float, state: float) -> _Places:
    """Columns by the width there is, rows by the height of a state."""
    columns, out, left, right, width, chip_width, box = (
        ((62.0, 116.0, 170.0, 224.0), 270, 33, 303, 336, 44, 44)
        if room < 640
        else ((138.0, 238.0, 338.0, 438.0), 546, 70, 602, 672, 50, 78)
    )
    c = 22 + state / 2
    # Where there is little room, a state stands below its neighbours.
    below = state / 2 * (room < 640)
    added = c + max(RADIUS + 14, below + 8) + state / 2
    times = added + state / 2 + 12 + RADIUS
    gates = times + RADIUS + 16 + state / 2
    boxes = gates + state / 2 + 14
    h = boxes + BOX + max(40, below + 6)
    return _Places(
        dict(zip(ORDER, columns, strict=True)),
        (columns[1] + columns[2]) / 2,
        *(out, left, right, width, chip_width, box, state),
        *(c, added, times, gates, boxes, h),
        h + max(48, below + 14),
    )


class _Maker:
    """The parts of the picture, from the cell state to the input."""

    def __init__(self, subject: Subject, t: int, places: _Places):
        self.subject = subject
        self.t = t
        self.before, self.after = subject.before(t), subject.label(t)
        self.at = places

    def vector(self, name: str) -> Sequence[Number]:
        """A vector of the step, or a product of two of them."""
        if " " in name:
            first, second = name.split(" * ")
            return self.subject.product(first, second, self.t)
        return self.subject.vector(name, self.t)

    def chip(self, name: str, x: float, y: float) -> Group:
        """A vector on its wire."""
        term = "c" if " " in name else name
        return chip(
            x, y, self.vector(name),
            id=f"{name.replace(' * ', '-')}-{self.t}", term=term,
            paint=TERMS[term].role if term != "x" else "muted",
            width=self.at.chip,
        )  # fmt: skip

    def label(self, x: float, y: float, name: str, t: int) -> Text:
        """The name of a state above its chip, outside of the cell."""
        at = self.at
        if x < at.left < x + at.chip / 2:
            x = at.left / 2
        elif x - at.chip / 2 < at.right < x:
            x = (at.right + at.width) / 2
        return Text(
            x=x, y=y, content=f"{name}_{{{t}}}", size=14, bold=True,
            fill=TERMS[name].role, anchor="middle", term=name,
        )  # fmt: skip

    def wire(self, *corners: tuple[float, float], term: str) -> Group:
        """A wire in the colour of what it carries."""
        paint = TERMS[term].role
        if len(corners) == 2:
            return arrow(*corners, paint=paint, term=term)
        return round_arrow(*corners, paint=paint, term=term)

    def cell_state(self) -> list[Mark]:
        """The cell state runs along the top; f and i * g change it."""
        at, c = self.at, self.at.c
        f, kept = at.columns["f"], (at.columns["f"] + at.plus) / 2
        start, end = at.chip / 2, at.width - at.chip / 2
        top = c - at.state / 2 - 8
        return [
            self.wire((at.chip, c), (f - RADIUS, c), term="c_prev"),
            arrow(
                (f + RADIUS, c), (kept, c), paint="c", head=False, term="c"
            ),
            self.wire((kept, c), (at.plus - RADIUS, c), term="c"),
            self.wire((at.plus + RADIUS, c), (end - at.chip / 2, c), term="c"),
            self.wire(
                (at.plus, at.times - RADIUS), (at.plus, c + RADIUS), term="c"
            ),
            operator(f, c, "×"),
            operator(at.plus, c, "+"),
            operator(at.plus, at.times, "×"),
            self.chip("f * c_prev", kept, c),
            self.chip("i * g", at.plus, at.added),
            self.label(start, top, "c", self.before),
            self.chip("c_prev", start, c),
            self.label(end, top, "c", self.after),
            self.chip("c", end, c),
        ]  # fmt: skip

    def gates(self) -> list[Mark]:
        """Each gate, where its rows lie, and the wire that its values take."""
        at, sizes = self.at, self.subject.weights
        rows = RowLabels(
            sizes.hidden_size, at.box > 60, at.columns["i"] - at.columns["f"]
        )
        ends = {
            "f": ((at.columns["f"], at.c + RADIUS),),
            "i": (
                (at.columns["i"], at.times), (at.plus - RADIUS, at.times),
            ),
            "g": (
                (at.columns["g"], at.times), (at.plus + RADIUS, at.times),
            ),
            "o": ((at.out - RADIUS, at.gates),),
        }  # fmt: skip
        marks: list[Mark] = []
        for gate in ORDER:
            x = at.columns[gate]
            start = (x, at.gates)
            marks += [
                arrow(
                    (x, at.boxes), start, paint=TERMS[gate].role, head=False,
                    term=gate,
                ),
                self.wire(start, *ends[gate], term=gate),
                self.chip(gate, x, at.gates),
                arrow((x, at.h), (x, at.boxes + BOX), paint="h", term="h_prev"),
                *gate_box(x, at.boxes, at.box, gate, rows),
            ]  # fmt: skip
        return marks

    def output(self) -> list[Mark]:
        """The new cell state, squashed, times o."""
        at = self.at
        tanh = at.c + 26
        middle = (tanh + 24 + at.gates - RADIUS) / 2
        end = at.width - at.chip / 2
        return [
            *self.projection(),
            self.wire((at.out, at.c), (at.out, tanh), term="c"),
            self.wire(
                (at.out, tanh + 24), (at.out, at.gates - RADIUS), term="c"
            ),
            Box(
                x=at.out - 19, y=tanh, width=38, height=24, radius=6,
                fill="paper", stroke="ink", stroke_width=1.5, term="tanh_c",
            ),
            Text(
                x=at.out, y=tanh + 16.5, content="tanh", size=12, bold=True,
                anchor="middle",
            ),
            self.chip("tanh_c", at.out, middle),
            operator(at.out, at.gates, "×"),
            self.wire(
                (at.out, self.bottom), (at.out, at.h),
                (end - at.chip / 2, at.h), term="h",
            ),
            self.label(end, at.h - at.state / 2 - 8, "h", self.after),
            self.chip("h", end, at.h),
        ]  # fmt: skip

    @property
    def bottom(self) -> float:
        """Where the wire of h begins."""
        if self.subject.weights.proj_size:
            return self.at.boxes + BOX
        return self.at.gates + RADIUS

    def projection(self) -> list[Mark]:
        """What narrows h, if it is projected."""
        if not self.subject.weights.proj_size:
            return []
        at = self.at
        start = at.out, at.gates + RADIUS
        return [
            self.wire(start, (at.out, at.boxes), term="shown"),
            Box(
                x=at.out - 19, y=at.boxes, width=38, height=BOX, radius=7,
                fill="paper", stroke="ink", stroke_width=1.5,
                term="weight_hr",
            ),
            Text(
                x=at.out, y=at.boxes + BOX / 2 + 5, content="W_{hr}", size=14,
                bold=True, anchor="middle", term="weight_hr",
            ),
        ]  # fmt: skip

    def input(self) -> list[Mark]:
        """Both h and x enter; the gates read both."""
        at = self.at
        start, x, top = at.chip / 2, at.left + 22, at.x
        middle = top + chip_height(len(self.vector("x"))) / 2
        return [
            arrow(
                (at.chip, at.h), (at.columns["o"], at.h), paint="h",
                head=False, term="h_prev",
            ),
            arrow((x, top), (x, at.h), paint="ink", term="x"),
            circle(x, at.h, 3.5, fill="ink", stroke="ink"),
            self.label(start, at.h - at.state / 2 - 8, "h", self.before),
            self.chip("h_prev", start, at.h),
            self.chip("x", x, middle),
            Text(
                x=x + at.chip / 2 + 10, y=middle + 5,
                content=f"x_{{{self.after}}}", size=14, bold=True, term="x",
            ),
        ]  # fmt: skip
