"""The figure `cell`."""

from typing import NamedTuple

from ..layout import styles
from ..layout.cells import spoken
from ..layout.fold import excerpt, left_out
from ..layout.motifs import gauges, wires
from ..layout.motifs.wires import Bars, VectorLook
from ..layout.panels import Point
from ..layout.provenance import provenance, source, step_of
from ..layout.room import inner
from ..proof.bindings import sentence
from ..proof.reference import Vector
from ..proof.subject import Subject
from ..scene.marks import Box, Group, Mark, Path
from ..scene.scenes import Diagram, Head
from ..scene.terms import GATE_NAMES, TERMS

ORDER = ("f", "i", "g", "o")
"""From left to right, as the picture is usually drawn."""

PRODUCTS = {"kept": ("f", "c_prev"), "written": ("i", "g"), "shown": ("o", "tanh_c")}
"""What each gate is multiplied by, and what the product is called."""


class Columns(NamedTuple):
    """Where things stand across, their middles.

    Attributes:
        gates: Of each gate.
        kept: Of the product of f and c_prev.
        out: Of what o acts on; narrow, of the states that come out as well.
        after: Of the states that come out; those that go in begin at 0.
        inside: The left and the right of the cell.
        gate: The width of the box of a gate.
        entry: Where x joins h_prev.
    """

    gates: dict[str, float]
    kept: float
    out: float
    after: float
    inside: tuple[float, float]
    gate: float
    entry: float

    @property
    def plus(self) -> float:
        """Of the sum: between the gates that make what is added."""
        return (self.gates["i"] + self.gates["g"]) / 2

    @property
    def middle(self) -> float:
        """Of everything."""
        return sum(self.inside) / 2


NARROWEST_WIDE = 720
"""Below this width states stand outside of the cell, above and below it."""
WIDE = Columns(
    dict(zip(ORDER, (140.0, 250.0, 350.0, 450.0), strict=True)), 216, 530, 640, (84, 588), 92, 106
)
NARROW = Columns(
    dict(zip(ORDER, (72.0, 142.0, 192.0, 242.0), strict=True)), 119, 304, 304, (-6, 334), 46, 58
)


class Levels(NamedTuple):
    """Where things stand down, their middles, from the cell state on."""

    c: float
    squash: float
    squashed: float
    added: float
    times: float
    gates: float
    functions: float
    boxes: float
    h: float
    bottom: float
    x: float


def levels(state: float, shown: float, *, close: bool) -> Levels:
    """The levels for vectors of some height, and for an h of another.

    Where states stand outside of the cell, it ends just below their wire.
    """
    c = 26 + state / 2
    apart = wires.RADIUS + 14
    added = c + (max(apart, state / 2 + 6) if close else apart) + state / 2
    times = added + state / 2 + 10 + wires.RADIUS
    gates = times + 20 + state / 2
    squash = c + wires.RADIUS + (state / 2 + 13 if close else 23)
    squashed = (squash + gates) / 2
    if close:
        squashed = squash + wires.RADIUS + 13 + state / 2
        gates = max(gates, squashed + state / 2 + 13 + wires.RADIUS)
    functions = gates + state / 2 + 11 + wires.RADIUS
    boxes = functions + wires.RADIUS + wires.GATE / 2
    h = boxes + wires.GATE / 2 + max(30, shown / 2 - 40 + 60 * close)
    bottom = h + (shown / 2 + 10 if close else 22)
    return Levels(
        c,
        squash,
        squashed,
        added,
        times,
        gates,
        functions,
        boxes,
        h,
        bottom,
        max(bottom, h + shown / 2) + 40,
    )


def cell(subject: Subject, room: float, *, step: int = 2) -> Diagram:
    """The LSTM cell of the textbooks, with the real value on every wire.

    Args:
        subject: What is drawn.
        room: The width that the figure may use.
        step: The time step, counted from 1.
    """
    t = subject.at(step)
    sizes = (subject.weights.hidden_size, subject.weights.size)
    close = room < NARROWEST_WIDE
    style = wires.look(max(sizes), close=close)
    down = levels(*map(style.height, sizes), close=close)
    made = _Cell(subject, t, NARROW if close else WIDE, down, style)
    return Diagram(
        _head(made), _description(made), inner(room), down.x + 16, tuple(made.marks()), room
    )


class _Cell:
    """The parts of the picture."""

    def __init__(self, subject: Subject, t: int, at: Columns, down: Levels, style: VectorLook):
        self.subject, self.t = subject, t
        self.at, self.down, self.style = at, down, style
        self.half = style.width / 2
        self.projected = subject.weights.proj_size > 0
        drawn = ("c_prev", "c", "kept", "written", "g", "h_prev", "h")
        self.reach = max(1.0, wires.reach(*map(self.values, drawn)))
        self.read = wires.row_fit(self.values("x"), style, 2 * at.middle)

    def values(self, name: str) -> Vector:
        """A vector of the step, or a product of two of them."""
        if name in PRODUCTS:
            return self.subject.product(*PRODUCTS[name], self.t)
        return self.subject.vector(name, self.t)

    def id(self, name: str) -> str:
        """The id of a vector."""
        return f"{'-'.join(PRODUCTS.get(name, (name,)))}-{self.t}"

    def node(self, at: Point, name: str, bars: Bars, *more: Mark, term: str = "") -> Group:
        """A vector in its box, with the marks that yield it."""
        term = term or name
        gate = name in ORDER
        style = self.style._replace(width=self.half * 2 - 2 * gate, longest=self.half - 6)
        box = wires.vector(
            at, self.values(name), style, bars, id=self.id(name), term=term, paint=TERMS[term].role
        )
        return wires.node((*more, *box), self.values(name), self.id(name))

    def plain(self, paint: str) -> Bars:
        """Bars of all there is."""
        return Bars(paint, self.reach)

    def part(self, name: str, around: str = "muted") -> Bars:
        """Bars of what a gate lets through."""
        gate, of = PRODUCTS[name]
        return Bars(TERMS[gate].role, self.reach, self.values(of), around)

    def above(self, x: float, y: float, name: str, text: str) -> Mark:
        """The name of a vector above it."""
        top = y - self.style.height(len(self.values(name))) / 2
        tensor = "*".join(PRODUCTS.get(name, (name,)))
        return wires.name((x, top - 11), text, tensor, f"{self.id(name)}-*")

    def wire(self, tail: str, head: str, *corners: Point, paint: str = "muted") -> Group:
        """What is computed from what; the wire of c is heavy."""
        on_line = len(corners) == 2 and corners[0][1] == corners[1][1]
        return wires.wire(
            *corners,
            tail=self.id(tail),
            head=self.id(head),
            paint=paint,
            width=wires.HEAVY if paint == "c" and on_line else wires.THIN,
        )

    def marks(self) -> list[Mark]:
        """Everything, wires below what they join."""
        left, right = self.at.inside
        frame = Box(left, 0, right - left, self.down.bottom, radius=14, fill="panel", stroke="rule")
        return [frame, *self.inputs(), *self.gates(), *self.cell_state(), *self.output()]

    def inputs(self) -> list[Mark]:
        """Both x and h_prev, which every gate reads."""
        at, down = self.at, self.down
        values = self.values("x")
        style, shown = self.read
        width = wires.row_width(values, style, shown)
        left = max(0, min(at.entry - 26, 2 * at.middle - width))
        bottom = down.boxes + wires.GATE / 2
        marks: list[Mark] = []
        for gate, x in at.gates.items():
            bus = ((x, down.h), (x, bottom))
            marks += [
                self.wire("h_prev", gate, (2 * self.half, down.h), *bus),
                self.wire("x", gate, (at.entry, down.x - 14), (at.entry, down.h), *bus),
            ]
        return [
            *marks,
            wires.junction(at.entry, down.h),
            self.node((self.half, down.h), "h_prev", self.plain("h")),
            self.above(self.half, down.h, "h_prev", "h_prev"),
            wires.node(
                wires.row(
                    (left + width / 2, down.x),
                    values,
                    style,
                    shown=shown,
                    id=self.id("x"),
                    term="x",
                    paint="ink",
                ),
                values,
                self.id("x"),
            ),
            wires.name((left + 8, down.x - 24), "x", "x", f"{self.id('x')}-*", "block"),
        ]

    def gates(self) -> list[Mark]:
        """Each gate: its rows make sums, and a function makes it of them."""
        down = self.down
        state = self.style.height(len(self.values("f"))) / 2
        marks: list[Mark] = []
        for gate, x in self.at.gates.items():
            bars = Bars(TERMS[gate].role, self.reach, gate=gate != "g")
            marks.append(
                self.node(
                    (x, down.gates),
                    gate,
                    bars,
                    wires.line((x, down.boxes), (x, down.gates + state), paint=TERMS[gate].role),
                    *wires.operator(x, down.functions, GATE_NAMES[gate].function),
                    *wires.gate(
                        (x, down.boxes), self.at.gate, gate, self.values(gate), self.id(gate)
                    ),
                )
            )
        return marks

    def cell_state(self) -> list[Mark]:
        """The cell state runs along the top; f and i·g change it."""
        at, down, half = self.at, self.down, self.half
        f, i, g = (at.gates[gate] for gate in "fig")
        top = down.gates - self.style.height(len(self.values("f"))) / 2
        state = self.style.height(len(self.values("c"))) / 2
        radius = wires.RADIUS
        return [
            self.wire("c_prev", "kept", (2 * half, down.c), (f - radius, down.c), paint="c"),
            self.wire("f", "kept", (f, top), (f, down.c + radius), paint="gate-f"),
            self.wire("kept", "c", (at.kept + half, down.c), (at.plus - radius, down.c), paint="c"),
            self.wire(
                "i",
                "written",
                (i, top),
                (i, down.times),
                (at.plus - radius, down.times),
                paint="gate-i",
            ),
            self.wire(
                "g",
                "written",
                (g, top),
                (g, down.times),
                (at.plus + radius, down.times),
                paint="gate-g",
            ),
            self.wire(
                "written", "c", (at.plus, down.added - state), (at.plus, down.c + radius), paint="c"
            ),
            self.node((half, down.c), "c_prev", self.plain("c")),
            self.above(half, down.c, "c_prev", "c_prev"),
            self.node(
                (at.kept, down.c),
                "kept",
                self.part("kept"),
                wires.line((f, down.c), (at.kept - half, down.c), paint="c", width=wires.HEAVY),
                *wires.operator(f, down.c, "×"),
                term="c",
            ),
            self.above(at.kept, down.c, "kept", "f·c_prev"),
            self.node(
                (at.plus, down.added),
                "written",
                self.part("written", "gate-g"),
                wires.line((at.plus, down.times), (at.plus, down.added + state), paint="c"),
                *wires.operator(at.plus, down.times, "×"),
                term="c",
            ),
            wires.name(
                (at.plus + half + 6, down.added),
                "i·g",
                "i*g",
                f"{self.id('written')}-*",
                "band",
                anchor="start",
            ),
            self.node(
                (at.after, down.c),
                "c",
                self.plain("c"),
                wires.line(
                    (at.plus, down.c), (at.after - half, down.c), paint="c", width=wires.HEAVY
                ),
                *wires.operator(at.plus, down.c, "+"),
            ),
            self.above(at.after, down.c, "c", "c"),
        ]

    def output(self) -> list[Mark]:
        """The new cell state, squashed, times o."""
        at, down, half = self.at, self.down, self.half
        squash, middle = down.squash, down.squashed
        radius = wires.RADIUS
        bars = self.plain("h") if self.projected else self.part("shown")
        through = self.funnel() if self.projected else []
        c, h = (self.style.height(len(self.values(n))) / 2 for n in "ch")
        start, ends = down.c, [(at.out, down.h), (at.after - half, down.h)]
        name = self.above(at.after, down.h, "h", "h")
        if at.out == at.after:
            start, ends = down.c + c, [(at.out, down.h - h)]
            name = wires.name(
                (at.after - half - 6, down.h), "h", "h", f"{self.id('h')}-*", "band", anchor="end"
            )
        return [
            self.wire("c", "tanh_c", (at.out, start), (at.out, squash - radius), paint="c"),
            self.wire(
                "tanh_c", "h", (at.out, middle + c), (at.out, down.gates - radius), paint="c"
            ),
            self.wire(
                "o",
                "h",
                (at.gates["o"] + half, down.gates),
                (at.out - radius, down.gates),
                paint="gate-o",
            ),
            self.node(
                (at.out, middle),
                "tanh_c",
                self.plain("c"),
                wires.line((at.out, squash), (at.out, middle - c), paint="c"),
                *wires.operator(at.out, squash, "tanh"),
            ),
            wires.name(
                (at.out - half - 6, middle),
                "tanh c",
                "tanh_c",
                f"{self.id('tanh_c')}-*",
                "band",
                anchor="end",
            ),
            self.node(
                (at.after, down.h),
                "h",
                bars,
                wires.line((at.out, down.gates), *ends, paint="h"),
                *wires.operator(at.out, down.gates, "×"),
                *through,
            ),
            name,
        ]

    def funnel(self) -> list[Mark]:
        """What narrows o·tanh c, where it is projected."""
        x, y = self.at.out, self.down.boxes
        return [
            Path(
                (
                    ("M", (x - 14, y - 12)),
                    ("L", (x + 14, y - 12)),
                    ("L", (x + 6, y + 12)),
                    ("L", (x - 6, y + 12)),
                    ("Z",),
                ),
                fill="paper",
                stroke="ink",
                term="weight_hr",
                stroke_width=styles.CELL.strong.weight,
            )
        ]


def _head(made: _Cell) -> Head:
    subject = made.subject
    legend = f"{gauges.legend('i, f and o')} " if made.style.bar > 0 else ""
    notes = [
        sentence(f"{legend}× and + work element by element."),
        sentence(
            "Every gate reads all of x and of h_prev, with its own rows of weight_ih and weight_hh."
        ),
    ]
    if made.projected:
        notes.append(
            sentence(
                "The funnel is weight_hr, which projects o·tanh c to h.",
                claim=f"{subject.variable}.proj_size > 0",
            )
        )
    notes += left_out(
        ("input", made.read[1], "x.shape[-1]"),
        ("unit", excerpt(subject.weights.hidden_size), "c.shape[-1]"),
    )
    label = subject.label(made.t)
    return Head(
        sentence("c runs through, and gates act on it"),
        sentence("f keeps part of c_prev, i lets in part of g, and o shows part of tanh c."),
        provenance(subject, *step_of(subject, label)),
        tuple(notes),
        source(subject),
    )


def _description(made: _Cell) -> str:
    """The step, in the order in which it is computed."""
    said = {
        "x": "x",
        "h_prev": "h_prev",
        "c_prev": "c_prev",
        **{gate: f"gate {gate}" for gate in ORDER},
        "kept": "f·c_prev",
        "written": "i·g",
        "c": "c",
        "tanh_c": "tanh c",
        "h": "h",
    }
    told = "; ".join(f"{words} is {spoken(made.values(name))}" for name, words in said.items())
    return f"Step {made.subject.label(made.t)}: {told}."
