"""The figure `cell`: the LSTM cell of the textbooks, with the real value on every wire."""

from typing import NamedTuple

from ..layout import styles
from ..layout.excerpts import excerpt, left_out_notes
from ..layout.margins import inner_width
from ..layout.motifs import gauges, wires
from ..layout.motifs.wires import Bars, VectorLook
from ..layout.number_lists import number_list
from ..layout.panels import Point
from ..layout.provenance import provenance, source, step_items
from ..model.layer_run import LayerRun
from ..model.reference import Vector
from ..proof.bindings import sentence
from ..scene.marks import Box, Group, Mark, Path
from ..scene.scenes import Diagram, Head
from ..scene.terms import GATE_NAMES, TERMS

ORDER = ("f", "i", "g", "o")
"""From left to right, as in the usual picture of the cell."""

PRODUCTS = {"kept": ("f", "c_prev"), "written": ("i", "g"), "shown": ("o", "tanh_c")}
"""Name of a product -> the gate, and the vector that it is multiplied by."""


class Columns(NamedTuple):
    """Horizontal positions; those of vectors are their middles.

    Attributes:
        gates: Each gate.
        keep: The product of f and c_prev.
        out: tanh c, and its product with o.
        after: The new states, in a narrow figure at `out`; the old ones begin at 0.
        inside: The left and the right edge of the cell.
        gate: The width of the box of a gate.
        entry: The junction of x and h_prev.
    """

    gates: dict[str, float]
    keep: float
    out: float
    after: float
    inside: tuple[float, float]
    gate: float
    entry: float

    @property
    def plus(self) -> float:
        """The sum, halfway between i and g."""
        return (self.gates["i"] + self.gates["g"]) / 2

    @property
    def middle(self) -> float:
        """The middle of the cell."""
        return sum(self.inside) / 2


NARROWEST_WIDE = 720
"""In a narrower figure, the states are inside the cell, not at its sides."""
WIDE = Columns(
    dict(zip(ORDER, (140.0, 250.0, 350.0, 450.0), strict=True)), 216, 530, 640, (84, 588), 92, 106
)
NARROW = Columns(
    dict(zip(ORDER, (72.0, 142.0, 192.0, 242.0), strict=True)), 119, 304, 304, (-6, 334), 46, 58
)


class Levels(NamedTuple):
    """Vertical positions of the middles, from the cell state down."""

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


def levels(state_height: float, output_height: float, *, narrow: bool) -> Levels:
    """The levels for a given height of vectors, and of h, which may be projected.

    In a wide figure the cell ends just below the wire of h.
    """
    c = 26 + state_height / 2
    min_gap = wires.OPERATOR_RADIUS + 14
    added = c + (max(min_gap, state_height / 2 + 6) if narrow else min_gap) + state_height / 2
    times = added + state_height / 2 + 10 + wires.OPERATOR_RADIUS
    gates = times + 20 + state_height / 2
    squash = c + wires.OPERATOR_RADIUS + (state_height / 2 + 13 if narrow else 23)
    squashed = (squash + gates) / 2
    if narrow:
        squashed = squash + wires.OPERATOR_RADIUS + 13 + state_height / 2
        gates = max(gates, squashed + state_height / 2 + 13 + wires.OPERATOR_RADIUS)
    functions = gates + state_height / 2 + 11 + wires.OPERATOR_RADIUS
    boxes = functions + wires.OPERATOR_RADIUS + wires.GATE_HEIGHT / 2
    h = boxes + wires.GATE_HEIGHT / 2 + max(30, output_height / 2 + (20 if narrow else -40))
    bottom = h + (output_height / 2 + 10 if narrow else 22)
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
        max(bottom, h + output_height / 2) + 40,
    )


def cell(subject: LayerRun, width: float, *, step: int = 2) -> Diagram:
    """The LSTM cell of the textbooks, with the real value on every wire.

    Args:
        subject: What is drawn.
        width: The width that the figure may use.
        step: The time step, counted from 1.
    """
    t = subject.step_index(step)
    sizes = (subject.weights.hidden_size, subject.weights.size)
    narrow = width < NARROWEST_WIDE
    style = wires.vector_look(max(sizes), narrow=narrow)
    cell_levels = levels(*map(style.height, sizes), narrow=narrow)
    drawing = _Cell(subject, t, NARROW if narrow else WIDE, cell_levels, style)
    return Diagram(
        _head(drawing),
        _description(drawing),
        inner_width(width),
        cell_levels.x + 16,
        tuple(drawing.marks()),
        width,
    )


class _Cell:
    """The cell: its vectors, and the wires and operators between them."""

    def __init__(
        self, subject: LayerRun, t: int, columns: Columns, levels: Levels, style: VectorLook
    ):
        self.subject, self.t = subject, t
        self.columns, self.levels, self.style = columns, levels, style
        self.half_width = style.width / 2
        self.is_projected = subject.weights.proj_size > 0
        vector_names = ("c_prev", "c", "kept", "written", "g", "h_prev", "h")
        self.scale_max = max(1.0, wires.largest_visible(*map(self.values, vector_names)))
        self.x_row = wires.row_fit(self.values("x"), style, 2 * columns.middle)

    def values(self, name: str) -> Vector:
        """A vector of the step, or a product of two of them."""
        if name in PRODUCTS:
            return self.subject.product(*PRODUCTS[name], self.t)
        return self.subject.vector(name, self.t)

    def id(self, name: str) -> str:
        """The id of a vector or a product."""
        return f"{'-'.join(PRODUCTS.get(name, (name,)))}-{self.t}"

    def node(self, at: Point, name: str, bars: Bars, *more: Mark, term: str = "") -> Group:
        """A vector in its box, grouped with the operator that computes it."""
        term = term or name
        gate = name in ORDER
        style = self.style._replace(
            width=self.half_width * 2 - 2 * gate, max_bar_length=self.half_width - 6
        )
        box = wires.vector_box(
            at, self.values(name), style, bars, id=self.id(name), term=term, paint=TERMS[term].role
        )
        return wires.node((*more, *box), self.values(name), self.id(name))

    def plain_bars(self, paint: str) -> Bars:
        """Bars as long as the values."""
        return Bars(paint, self.scale_max)

    def product_bars(self, name: str, rest_paint: str = "muted") -> Bars:
        """Bars that are filled as far as a gate lets values through."""
        gate, operand = PRODUCTS[name]
        return Bars(TERMS[gate].role, self.scale_max, self.values(operand), rest_paint)

    def name_above(self, x: float, y: float, name: str, text: str) -> Mark:
        """The name of a vector above it."""
        top = y - self.style.height(len(self.values(name))) / 2
        tensor = "*".join(PRODUCTS.get(name, (name,)))
        return wires.vector_name((x, top - 11), text, tensor, f"{self.id(name)}-*")

    def wire(self, tail: str, head: str, *corners: Point, paint: str = "muted") -> Group:
        """A wire from a vector to one computed from it; heavy along c."""
        on_line = len(corners) == 2 and corners[0][1] == corners[1][1]
        return wires.wire(
            *corners,
            tail=self.id(tail),
            head=self.id(head),
            paint=paint,
            width=wires.CELL_WIRE_WIDTH if paint == "c" and on_line else wires.WIRE_WIDTH,
        )

    def marks(self) -> list[Mark]:
        """All marks; each wire is behind the boxes that it joins."""
        left, right = self.columns.inside
        frame = Box(
            left, 0, right - left, self.levels.bottom, radius=14, fill="panel", stroke="rule"
        )
        return [frame, *self.inputs(), *self.gates(), *self.cell_state(), *self.output()]

    def inputs(self) -> list[Mark]:
        """Both inputs, x and h_prev, with wires to every gate."""
        columns, levels = self.columns, self.levels
        values = self.values("x")
        style, visible = self.x_row
        width = wires.row_width(values, style, visible)
        left = max(0, min(columns.entry - 26, 2 * columns.middle - width))
        bottom = levels.boxes + wires.GATE_HEIGHT / 2
        marks: list[Mark] = []
        for gate, x in columns.gates.items():
            bus = ((x, levels.h), (x, bottom))
            marks += [
                self.wire("h_prev", gate, (2 * self.half_width, levels.h), *bus),
                self.wire(
                    "x", gate, (columns.entry, levels.x - 14), (columns.entry, levels.h), *bus
                ),
            ]
        return [
            *marks,
            wires.junction(columns.entry, levels.h),
            self.node((self.half_width, levels.h), "h_prev", self.plain_bars("h")),
            self.name_above(self.half_width, levels.h, "h_prev", "h_prev"),
            wires.node(
                wires.vector_row(
                    (left + width / 2, levels.x),
                    values,
                    style,
                    visible=visible,
                    id=self.id("x"),
                    term="x",
                    paint="ink",
                ),
                values,
                self.id("x"),
            ),
            wires.vector_name((left + 8, levels.x - 24), "x", "x", f"{self.id('x')}-*", "block"),
        ]

    def gates(self) -> list[Mark]:
        """Each gate: the box of its weights, its function and its values."""
        levels = self.levels
        state = self.style.height(len(self.values("f"))) / 2
        marks: list[Mark] = []
        for gate, x in self.columns.gates.items():
            bars = Bars(TERMS[gate].role, self.scale_max, is_gate=gate != "g")
            marks.append(
                self.node(
                    (x, levels.gates),
                    gate,
                    bars,
                    wires.inner_wire(
                        (x, levels.boxes), (x, levels.gates + state), paint=TERMS[gate].role
                    ),
                    *wires.operator_marks(x, levels.functions, GATE_NAMES[gate].function),
                    *wires.gate_box(
                        (x, levels.boxes), self.columns.gate, gate, self.values(gate), self.id(gate)
                    ),
                )
            )
        return marks

    def cell_state(self) -> list[Mark]:
        """The cell state runs along the top; f and i·g change it."""
        columns, levels, half_width = self.columns, self.levels, self.half_width
        f, i, g = (columns.gates[gate] for gate in "fig")
        top = levels.gates - self.style.height(len(self.values("f"))) / 2
        state = self.style.height(len(self.values("c"))) / 2
        radius = wires.OPERATOR_RADIUS
        return [
            self.wire(
                "c_prev", "kept", (2 * half_width, levels.c), (f - radius, levels.c), paint="c"
            ),
            self.wire("f", "kept", (f, top), (f, levels.c + radius), paint="gate-f"),
            self.wire(
                "kept",
                "c",
                (columns.keep + half_width, levels.c),
                (columns.plus - radius, levels.c),
                paint="c",
            ),
            self.wire(
                "i",
                "written",
                (i, top),
                (i, levels.times),
                (columns.plus - radius, levels.times),
                paint="gate-i",
            ),
            self.wire(
                "g",
                "written",
                (g, top),
                (g, levels.times),
                (columns.plus + radius, levels.times),
                paint="gate-g",
            ),
            self.wire(
                "written",
                "c",
                (columns.plus, levels.added - state),
                (columns.plus, levels.c + radius),
                paint="c",
            ),
            self.node((half_width, levels.c), "c_prev", self.plain_bars("c")),
            self.name_above(half_width, levels.c, "c_prev", "c_prev"),
            self.node(
                (columns.keep, levels.c),
                "kept",
                self.product_bars("kept"),
                wires.inner_wire(
                    (f, levels.c),
                    (columns.keep - half_width, levels.c),
                    paint="c",
                    width=wires.CELL_WIRE_WIDTH,
                ),
                *wires.operator_marks(f, levels.c, "×"),
                term="c",
            ),
            self.name_above(columns.keep, levels.c, "kept", "f·c_prev"),
            self.node(
                (columns.plus, levels.added),
                "written",
                self.product_bars("written", "gate-g"),
                wires.inner_wire(
                    (columns.plus, levels.times), (columns.plus, levels.added + state), paint="c"
                ),
                *wires.operator_marks(columns.plus, levels.times, "×"),
                term="c",
            ),
            wires.vector_name(
                (columns.plus + half_width + 6, levels.added),
                "i·g",
                "i*g",
                f"{self.id('written')}-*",
                "band",
                anchor="start",
            ),
            self.node(
                (columns.after, levels.c),
                "c",
                self.plain_bars("c"),
                wires.inner_wire(
                    (columns.plus, levels.c),
                    (columns.after - half_width, levels.c),
                    paint="c",
                    width=wires.CELL_WIRE_WIDTH,
                ),
                *wires.operator_marks(columns.plus, levels.c, "+"),
            ),
            self.name_above(columns.after, levels.c, "c", "c"),
        ]

    def output(self) -> list[Mark]:
        """The output: tanh c, and its product with o, which becomes h."""
        columns, levels, half_width = self.columns, self.levels, self.half_width
        squash, middle = levels.squash, levels.squashed
        radius = wires.OPERATOR_RADIUS
        bars = self.plain_bars("h") if self.is_projected else self.product_bars("shown")
        through = self.funnel() if self.is_projected else []
        c, h = (self.style.height(len(self.values(n))) / 2 for n in "ch")
        start, ends = levels.c, [(columns.out, levels.h), (columns.after - half_width, levels.h)]
        name = self.name_above(columns.after, levels.h, "h", "h")
        if columns.out == columns.after:
            start, ends = levels.c + c, [(columns.out, levels.h - h)]
            name = wires.vector_name(
                (columns.after - half_width - 6, levels.h),
                "h",
                "h",
                f"{self.id('h')}-*",
                "band",
                anchor="end",
            )
        return [
            self.wire(
                "c", "tanh_c", (columns.out, start), (columns.out, squash - radius), paint="c"
            ),
            self.wire(
                "tanh_c",
                "h",
                (columns.out, middle + c),
                (columns.out, levels.gates - radius),
                paint="c",
            ),
            self.wire(
                "o",
                "h",
                (columns.gates["o"] + half_width, levels.gates),
                (columns.out - radius, levels.gates),
                paint="gate-o",
            ),
            self.node(
                (columns.out, middle),
                "tanh_c",
                self.plain_bars("c"),
                wires.inner_wire((columns.out, squash), (columns.out, middle - c), paint="c"),
                *wires.operator_marks(columns.out, squash, "tanh"),
            ),
            wires.vector_name(
                (columns.out - half_width - 6, middle),
                "tanh c",
                "tanh_c",
                f"{self.id('tanh_c')}-*",
                "band",
                anchor="end",
            ),
            self.node(
                (columns.after, levels.h),
                "h",
                bars,
                wires.inner_wire((columns.out, levels.gates), *ends, paint="h"),
                *wires.operator_marks(columns.out, levels.gates, "×"),
                *through,
            ),
            name,
        ]

    def funnel(self) -> list[Mark]:
        """The sign for weight_hr, which projects o·tanh c to a shorter h."""
        x, y = self.columns.out, self.levels.boxes
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


def _head(drawing: _Cell) -> Head:
    subject = drawing.subject
    legend = f"{gauges.legend('i, f and o')} " if drawing.style.bar_height > 0 else ""
    notes = [
        sentence(f"{legend}× and + work element by element."),
        sentence(
            "Every gate reads all of x and of h_prev, with its own rows of weight_ih and weight_hh."
        ),
    ]
    if drawing.is_projected:
        notes.append(
            sentence(
                "The funnel is weight_hr, which projects o·tanh c to h.",
                claim=f"{subject.variable}.proj_size > 0",
            )
        )
    notes += left_out_notes(
        ("input", drawing.x_row[1], "x.shape[-1]"),
        ("unit", excerpt(subject.weights.hidden_size), "c.shape[-1]"),
    )
    label = subject.step_number(drawing.t)
    return Head(
        sentence("c runs through, and gates act on it"),
        sentence("f keeps part of c_prev, i lets in part of g, and o shows part of tanh c."),
        provenance(subject, *step_items(subject, label)),
        tuple(notes),
        source(subject),
    )


def _description(drawing: _Cell) -> str:
    """The values of the step, in the order of computing."""
    labels = {
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
    description = "; ".join(
        f"{words} is {number_list(drawing.values(name))}" for name, words in labels.items()
    )
    return f"Step {drawing.subject.step_number(drawing.t)}: {description}."
