"""The figure `cell`: the LSTM cell of the textbooks, with the real value on every wire."""

from collections.abc import Iterator, Sequence
from typing import Literal, NamedTuple

import numpy as np

from ..layout import styles, words
from ..layout.excerpts import excerpt, left_out_notes
from ..layout.margins import inner_width, wrap
from ..layout.motifs import vectors, wires
from ..layout.motifs.step_vectors import PRODUCT_LABELS, StepVectors
from ..layout.provenance import provenance, source, step_items
from ..layout.shapes import Point
from ..model.layer_run import LayerRun
from ..proof.bindings import Sentence, sentence
from ..scene.marks import Box, Group, Mark, Path
from ..scene.scenes import Diagram, Head
from ..scene.terms import GATE_NAMES, TERMS

ORDER = ("f", "i", "g", "o")
"""The gates from left to right, as in the usual picture of the cell."""

SIGNS = {"kept": "×", "written": "×", "c": "+", "tanh_c": "tanh", "h": "×"}
"""Name of a vector -> the operator that computes it."""

Focus = Literal["all", "gates", "keep", "write", "show"]
"""What stands out: all, what the gates read, or what they do; the rest is faded."""

FOCUS_OF_GATE: dict[str, Focus] = {"f": "keep", "i": "write", "g": "write", "o": "show"}
"""Gate -> the focus in which it acts."""

ROAD_WIDTH = 5.0
"""The stroke width of the wire along the cell state."""

Side = tuple[int, int]
"""A direction from the middle of a shape to its edge: right, and down."""
LEFT, RIGHT, TOP, BOTTOM = (-1, 0), (1, 0), (0, -1), (0, 1)
"""The sides of a mark, as directions in which a wire leaves it."""


class Columns(NamedTuple):
    """Horizontal positions; those of vectors are their middles.

    Attributes:
        gates: Each gate.
        keep: The product of f and c_prev.
        out: tanh c, and its product with o.
        after: The new states, in a narrow figure at `out`; the old ones begin at 0.
        inside: The left and the right edge of the cell.
        gate_width: The width of the box of a gate.
        entry: The junction of x and h_prev.
    """

    gates: dict[str, float]
    keep: float
    out: float
    after: float
    inside: tuple[float, float]
    gate_width: float
    entry: float

    def stretched(self, factor: float) -> "Columns":
        """The columns of a figure that is wider by a factor."""
        left, right = self.inside
        return Columns(
            gates={gate: factor * x for gate, x in self.gates.items()},
            keep=factor * self.keep,
            out=factor * self.out,
            after=factor * self.after,
            inside=(left, factor * (right + left) - left),
            gate_width=min(factor * self.gate_width, WIDE.gate_width),
            entry=factor * self.entry,
        )

    @property
    def plus(self) -> float:
        """The sum, halfway between i and g."""
        return (self.gates["i"] + self.gates["g"]) / 2

    @property
    def middle(self) -> float:
        """The middle of the cell."""
        return sum(self.inside) / 2


HEADINGS: dict[Focus, tuple[str, str]] = {
    "all": (
        "c runs through, and gates act on it",
        "f keeps part of c_prev, i lets in part of g, and o shows part of tanh c.",
    ),
    "gates": (
        "All four gates read x and h_prev",
        "σ makes a number between zero and one of each sum; tanh, between minus one and one.",
    ),
    "keep": ("f keeps part of c_prev", "Each number of c_prev is multiplied by its unit's f."),
    "write": ("i lets in part of g", "Their product is added to the kept part: that is the new c."),
    "show": ("o shows part of tanh c", "h is the output, and the next step reads it as h_prev."),
}
"""The title and the lead for each focus."""
GATES_READ = sentence(
    "Each gate has rows of its own in weight_ih, for x, and in weight_hh, for h_prev."
)
"""What the gates read, beside x."""
BARS = sentence("dashed: c_prev filled: kept")
"""What dashed outlines and filled bars are, below f·c_prev."""
GATE_BARS = sentence("of {}", (1, "torch.ones_like(f).max()"))
"""What the dashed outlines of a gate are, beside the first bar of f."""
WRITE_BARS, SHOW_BARS = sentence("of g"), sentence("of tanh c")
"""What the dashed outlines of i·g and of h are, beside their last bar and below it."""
BARS_NOTE = sentence("Dashed is all there is, at a gate one; filled is the part that passes.")
"""The same at the foot, where there is no room below f·c_prev."""

GAP_BESIDE_X = 14.0
"""The gap between x and `GATES_READ`."""
MIN_ROOM_BESIDE_X = 170
"""The minimum width of `GATES_READ` beside x; in less room it is a note at the foot."""
NAME_HEIGHT = 26.0
"""The height of the names above the cell state."""

NARROWEST = 360
"""The width of the narrow form; its columns are stretched in figures between both."""
NARROWEST_WIDE = 720
"""In a narrower figure, the states are inside the cell, not at its sides."""
WIDE = Columns(
    gates=dict(zip(ORDER, (140.0, 250.0, 350.0, 450.0), strict=True)),
    keep=216,
    out=530,
    after=640,
    inside=(84, 588),
    gate_width=92,
    entry=106,
)
"""The columns of the wide form."""
NARROW = Columns(
    gates=dict(zip(ORDER, (72.0, 142.0, 192.0, 242.0), strict=True)),
    keep=119,
    out=304,
    after=304,
    inside=(-6, 334),
    gate_width=46,
    entry=58,
)
"""The columns of the narrow form."""


class Levels(NamedTuple):
    """Vertical positions of the middles, from the cell state down.

    Attributes:
        c: The cell state, before and after the step.
        squash: The operator tanh.
        squashed: Its result, tanh c.
        added: The product i·g.
        times: The operator that multiplies i by g.
        gates: The values of the gates.
        functions: The functions of the gates.
        boxes: The weights of the gates.
        h: The output, and h_prev.
        bottom: The bottom edge of the cell.
        x: The input.
    """

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

    @classmethod
    def of(cls, state_height: float, output_height: float, *, narrow: bool) -> "Levels":
        """The levels for a given height of vectors, and of h, which may be projected.

        In a wide figure the cell ends just below the wire of h.
        """
        radius, half_state, half_output = wires.OPERATOR_RADIUS, state_height / 2, output_height / 2
        c = NAME_HEIGHT + half_state
        below_c = radius + 14
        if narrow:
            # In a narrow figure the vector c is above i·g; else only its wire is.
            below_c = max(below_c, half_state + 6)
        added = c + below_c + half_state
        times = added + half_state + 10 + radius
        gates = times + 20 + half_state
        squash = c + radius + (half_state + 13 if narrow else 23)
        squashed = (squash + gates) / 2
        if narrow:
            squashed = squash + radius + 13 + half_state
            gates = max(gates, squashed + half_state + 13 + radius)
        functions = gates + half_state + 11 + radius
        boxes = functions + radius + wires.GATE_HEIGHT / 2
        # In a wide figure h is right of the cell, so it may be as high as the boxes.
        h = boxes + wires.GATE_HEIGHT / 2 + max(30, half_output + (20 if narrow else -40))
        bottom = h + (half_output + 10 if narrow else 22)
        return cls(
            c=c,
            squash=squash,
            squashed=squashed,
            added=added,
            times=times,
            gates=gates,
            functions=functions,
            boxes=boxes,
            h=h,
            bottom=bottom,
            x=max(bottom, h + half_output) + 40,
        )


class Part(NamedTuple):
    """Marks that stand out together.

    Attributes:
        focuses: The focuses in which they stand out, beside `all`.
        marks: The marks.
    """

    focuses: set[Focus]
    marks: Sequence[Mark]


def cell(subject: LayerRun, width: float, *, step: int = 2, focus: Focus = "all") -> Diagram:
    """The LSTM cell of the textbooks, with the real value on every wire.

    Args:
        subject: The layer run to draw.
        width: The width that the figure may use.
        step: The time step, counted from 1.
        focus: What stands out: all, what the gates read, or what they keep,
            write or show, with the rest faded.
    """
    drawing = _Cell(subject, subject.step_index(step), width)
    return Diagram(
        heading=drawing.head(focus),
        description=drawing.description(),
        width=inner_width(width),
        height=drawing.levels.x + 16,
        marks=tuple(_faded(drawing.parts(), focus)),
        figure_width=width,
    )


def _faded(parts: Iterator[Part], focus: Focus) -> Iterator[Mark]:
    """The marks of all parts; those outside the focus are faded."""
    for focuses, marks in parts:
        if focus == "all" or focus in focuses:
            yield from marks
        else:
            yield styles.faded(marks)


class _Cell(StepVectors):
    """The cell: its vectors, and the wires and operators between them.

    Attributes:
        narrow: Whether the states are inside the cell.
        look: The look of all vectors but x.
        half_width: Half the width of a vector.
        columns: The horizontal positions.
        levels: The vertical positions.
        places: Name of a vector -> the middle of its box.
        operators: Name of a vector -> the middle of the operator that computes it.
        x_row: The look of x, and its elements that fit.
        x_left, x_width: The left edge and the width of x.
        room_beside_x: The width right of x.
    """

    def __init__(self, subject: LayerRun, t: int, width: float):
        super().__init__(subject, t)
        self.narrow = narrow = width < NARROWEST_WIDE
        sizes = (subject.weights.hidden_size, subject.weights.size)
        self.look = look = vectors.vector_look(max(sizes), narrow=narrow)
        self.half_width = look.width / 2
        stretch = inner_width(width) / inner_width(NARROWEST)
        self.columns = columns = NARROW.stretched(stretch) if narrow else WIDE
        self.levels = levels = Levels.of(*map(look.height, sizes), narrow=narrow)
        self.places: dict[str, Point] = {
            "c_prev": (self.half_width, levels.c),
            "kept": (columns.keep, levels.c),
            "written": (columns.plus, levels.added),
            "c": (columns.after, levels.c),
            **{gate: (x, levels.gates) for gate, x in columns.gates.items()},
            "tanh_c": (columns.out, levels.squashed),
            "h_prev": (self.half_width, levels.h),
            "h": (columns.after, levels.h),
        }
        self.operators: dict[str, Point] = {
            "kept": (columns.gates["f"], levels.c),
            "written": (columns.plus, levels.times),
            "c": (columns.plus, levels.c),
            "tanh_c": (columns.out, levels.squash),
            "h": (columns.out, levels.gates),
        }
        cell_width = 2 * columns.middle
        self.x_row = vectors.fit_row(self.values("x"), look, cell_width)
        self.x_width = vectors.row_width(self.values("x"), *self.x_row)
        # x is below the junction where it enters, or further left if it is long.
        self.x_left = max(0, min(columns.entry - 26, cell_width - self.x_width))
        self.room_beside_x = inner_width(width) - (self.x_left + self.x_width + GAP_BESIDE_X)

    @property
    def has_bars(self) -> bool:
        """Whether numbers have bars below them."""
        return self.look.bar_height > 0

    @property
    def has_words_beside_x(self) -> bool:
        """Whether `GATES_READ` is beside x; three lines of it would reach the words below h."""
        if self.room_beside_x < MIN_ROOM_BESIDE_X:
            return False
        has_words_below_h = self.has_bars and not (self.narrow or self.is_projected)
        lines = wrap(GATES_READ.text, words.SMALL, self.room_beside_x)
        return len(lines) < 3 or not has_words_below_h

    def edge(self, name: str, side: Side) -> Point:
        """The middle of an edge of a vector's box."""
        (x, y), (right, down) = self.places[name], side
        height = self.look.height(len(self.values(name)))
        return x + right * self.half_width, y + down * height / 2

    def operator_edge(self, name: str, side: Side) -> Point:
        """The point on the edge of a vector's operator where a wire ends."""
        (x, y), (right, down) = self.operators[name], side
        return x + right * wires.OPERATOR_RADIUS, y + down * wires.OPERATOR_RADIUS

    def node(self, name: str, *computing: Mark) -> Group:
        """A vector in its box, grouped with the marks of the operator that computes it."""
        term = self.term(name)
        # A gate has a narrower box, but bars on the same scale.
        width = self.look.width - 2 if name in ORDER else self.look.width
        look = self.look._replace(width=width, max_bar_length=self.half_width - 6)
        box = vectors.vector_box(
            self.places[name],
            self.values(name),
            look,
            self.bars(name),
            id=self.id(name),
            term=term,
            paint=TERMS[term].role,
        )
        return wires.node((*computing, *box), self.values(name), self.id(name))

    def computed(self, name: str, *corners: Point, paint: str = "c") -> Group:
        """A vector, with its operator and a wire around corners from there to its box."""
        start = self.operators[name]
        width = _wire_width(start, *corners, paint=paint)
        wire = wires.inner_wire(start, *corners, paint=paint, width=width)
        sign = wires.operator_marks(*start, SIGNS[name])
        funnel = self.funnel() if name == "h" and self.is_projected else []
        return self.node(name, wire, *sign, *funnel)

    def name_above(self, name: str) -> Mark:
        """The name of a vector above it."""
        text = PRODUCT_LABELS.get(name, name)
        x, y = self.edge(name, TOP)
        return vectors.vector_name(
            (x, y - 11), text=text, tensor=self.tensor(name), of=f"{self.id(name)}-*"
        )

    def name_at_left(self, name: str, text: str) -> Mark:
        """The name of a vector left of it."""
        x, y = self.edge(name, LEFT)
        return vectors.vector_name(
            (x - 6, y), text=text, tensor=name, of=f"{self.id(name)}-*", along="band", anchor="end"
        )

    def wire(self, tail: str, head: str, *corners: Point, paint: str = "muted") -> Group:
        """A wire from a vector to one computed from it."""
        width = _wire_width(*corners, paint=paint)
        return wires.wire(
            *corners, tail=self.id(tail), head=self.id(head), paint=paint, width=width
        )

    def link(self, tail: str, tail_side: Side, head: str, head_side: Side, *, paint: str) -> Group:
        """A wire from the box of a vector to the operator of another, with at most one corner."""
        (x, y), (end_x, end_y) = self.edge(tail, tail_side), self.operator_edge(head, head_side)
        corner = [(x, end_y)] if x != end_x and y != end_y else []
        return self.wire(tail, head, (x, y), *corner, (end_x, end_y), paint=paint)

    def parts(self) -> Iterator[Part]:
        """All marks; each wire is behind the boxes that it joins."""
        left, right = self.columns.inside
        frame = Box(
            left, 0, right - left, self.levels.bottom, radius=14, fill="panel", stroke="rule"
        )
        yield Part({"gates", "keep", "write", "show"}, [frame])
        yield from self.inputs()
        yield from self.gates()
        yield from self.cell_state()
        yield from self.output()
        yield from self.explanations()

    def inputs(self) -> Iterator[Part]:
        """Both inputs, x and h_prev, with wires to every gate."""
        columns, levels = self.columns, self.levels
        bottom = levels.boxes + wires.GATE_HEIGHT / 2
        for gate, x in columns.gates.items():
            bus = ((x, levels.h), (x, bottom))
            entry = (columns.entry, levels.x - 14), (columns.entry, levels.h)
            yield Part(
                {"gates"},
                [
                    self.wire("h_prev", gate, self.edge("h_prev", RIGHT), *bus),
                    self.wire("x", gate, *entry, *bus),
                ],
            )
        values, (look, visible) = self.values("x"), self.x_row
        x_box = vectors.vector_row(
            (self.x_left + self.x_width / 2, levels.x),
            values,
            look,
            visible=visible,
            id=self.id("x"),
            term="x",
            paint="ink",
        )
        name_at = self.x_left + 8, levels.x - 24
        yield Part(
            {"gates"},
            [
                wires.junction(columns.entry, levels.h),
                self.node("h_prev"),
                self.name_above("h_prev"),
                wires.node(x_box, values, self.id("x")),
                vectors.vector_name(
                    name_at, text="x", tensor="x", of=f"{self.id('x')}-*", along="block"
                ),
            ],
        )

    def gates(self) -> Iterator[Part]:
        """Each gate: the box of its weights, its function and its values."""
        levels = self.levels
        for gate, x in self.columns.gates.items():
            paint, at = TERMS[gate].role, (x, levels.boxes)
            node = self.node(
                gate,
                wires.inner_wire(at, self.edge(gate, BOTTOM), paint=paint),
                *wires.operator_marks(x, levels.functions, GATE_NAMES[gate].function),
                *wires.gate_box(
                    at, self.columns.gate_width, gate, self.values(gate), self.id(gate)
                ),
            )
            yield Part({"gates", FOCUS_OF_GATE[gate]}, [node])

    def cell_state(self) -> Iterator[Part]:
        """The cell state before and after the step, and the two products between."""
        yield Part(
            {"keep"},
            [
                self.link("c_prev", RIGHT, "kept", LEFT, paint="c"),
                self.link("f", TOP, "kept", BOTTOM, paint="gate-f"),
                self.node("c_prev"),
                self.name_above("c_prev"),
            ],
        )
        x, y = self.edge("written", RIGHT)
        name_at = x + 6, y
        name = vectors.vector_name(
            name_at,
            text="i·g",
            tensor="i*g",
            of=f"{self.id('written')}-*",
            along="band",
            anchor="start",
        )
        yield Part(
            {"write"},
            [
                self.link("kept", RIGHT, "c", LEFT, paint="c"),
                self.link("i", TOP, "written", LEFT, paint="gate-i"),
                self.link("g", TOP, "written", RIGHT, paint="gate-g"),
                self.link("written", TOP, "c", BOTTOM, paint="c"),
                self.computed("written", self.edge("written", BOTTOM)),
                name,
            ],
        )
        kept_marks = [self.computed("kept", self.edge("kept", LEFT)), self.name_above("kept")]
        yield Part({"keep", "write"}, kept_marks)
        c = [self.computed("c", self.edge("c", LEFT)), self.name_above("c")]
        yield Part({"write", "show"}, c)

    @property
    def is_output_below(self) -> bool:
        """Whether c, tanh c and h are below each other, as in a narrow figure."""
        return self.columns.out == self.columns.after

    def output(self) -> Iterator[Part]:
        """The output: tanh c, and its product with o, which becomes h."""
        branch = self.columns.out, self.levels.c
        if self.is_output_below:
            start, corners = self.edge("c", BOTTOM), [self.edge("h", TOP)]
            name = self.name_at_left("h", "h")
        else:
            start, corners = branch, [(self.columns.out, self.levels.h), self.edge("h", LEFT)]
            name = self.name_above("h")
        yield Part(
            {"show"},
            [
                self.wire("c", "tanh_c", start, self.operator_edge("tanh_c", TOP), paint="c"),
                self.link("tanh_c", BOTTOM, "h", TOP, paint="c"),
                self.link("o", RIGHT, "h", LEFT, paint="gate-o"),
                self.computed("tanh_c", self.edge("tanh_c", TOP)),
                self.name_at_left("tanh_c", "tanh c"),
                self.computed("h", *corners, paint="h"),
                name,
            ],
        )

    def explanations(self) -> Iterator[Part]:
        """The sentences in the drawing: what bars show, and what each gate reads."""
        if self.has_words_beside_x:
            size, left = words.SMALL, self.x_left + self.x_width + GAP_BESIDE_X
            line_count = len(wrap(GATES_READ.text, size, self.room_beside_x))
            top = self.levels.x - line_count * words.LINE_HEIGHT * size / words.NOTE / 2
            lines, _ = words.paragraph(left, top, GATES_READ, self.room_beside_x, size=size)
            yield Part({"gates"}, [lines])
        if self.has_bars and not self.narrow:
            x, y = self.edge("kept", BOTTOM)
            lines, _ = words.paragraph(x, y + 4, BARS, 100, size=words.SMALL, anchor="middle")
            yield Part({"keep"}, [lines])
            if np.isfinite(self.values("f")[0].value):
                # Beside the bar, which is at the bottom of the first line.
                right, top = self.edge("f", RIGHT)[0], self.edge("f", TOP)[1]
                y = top + self.look.line_height - words.SMALL
                of_one, _ = words.paragraph(right + 5, y, GATE_BARS, 40, size=words.SMALL)
                yield Part({"keep"}, [of_one])
            # Right of the last bar, because a wire is below the box, and below the name.
            (right, middle), (_, bottom) = self.edge("written", RIGHT), self.edge("written", BOTTOM)
            y = max(bottom - words.line_height(words.SMALL) + 1, middle + words.LINE_HEIGHT / 2)
            of_g, _ = words.paragraph(right + 6, y, WRITE_BARS, 40, size=words.SMALL)
            yield Part({"write"}, [of_g])
            if not self.is_projected:
                x, y = self.edge("h", BOTTOM)
                of_tanh_c, _ = words.paragraph(
                    x, y + 4, SHOW_BARS, 80, size=words.SMALL, anchor="middle"
                )
                yield Part({"show"}, [of_tanh_c])

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

    def head(self, focus: Focus) -> Head:
        """The texts above and below the drawing."""
        label = self.subject.step_number(self.t)
        title, lead = HEADINGS[focus]
        return Head(
            sentence(title),
            sentence(lead),
            provenance(self.subject, *step_items(self.subject, label)),
            self.notes() if focus == "all" else (),
            source(self.subject),
        )

    def notes(self) -> tuple[Sentence, ...]:
        """How to read bars without a label, and what is left out."""
        notes = [BARS_NOTE] if self.has_bars and self.narrow else []
        if not self.has_words_beside_x:
            notes.append(GATES_READ)
        if self.is_projected:
            notes.append(
                sentence(
                    "The funnel is weight_hr, which projects o·tanh c to h.",
                    claim=f"{self.subject.variable}.proj_size > 0",
                )
            )
        left_out = left_out_notes(
            ("input", self.x_row[1], "x.shape[-1]"),
            ("unit", excerpt(self.subject.weights.hidden_size), "c.shape[-1]"),
        )
        return (*notes, *left_out)

    def description(self) -> str:
        """The values of the step, in the order of computing."""
        states = ("kept", "written", "c", "tanh_c", "h")
        return self.values_text(("x", "h_prev", "c_prev", *ORDER, *states))


def _wire_width(*corners: Point, paint: str) -> float:
    """The stroke width of a wire; heavy if it runs along the cell state, which is horizontal."""
    is_horizontal = len({y for _, y in corners}) == 1
    return ROAD_WIDTH if paint == "c" and is_horizontal else wires.WIRE_WIDTH
