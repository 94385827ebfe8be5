"""The figure `data-flow`: the graph of one step, its nodes named as in the code."""

from functools import cached_property
from typing import NamedTuple

from ..layout import words
from ..layout.excerpts import left_out_notes, short_excerpt
from ..layout.margins import inner_width
from ..layout.motifs import vectors, wires
from ..layout.motifs.step_vectors import PRODUCT_LABELS, StepVectors
from ..layout.provenance import provenance, source, step_items
from ..layout.shapes import Point
from ..model.layer_run import LayerRun
from ..model.lstm import GATES
from ..proof.bindings import Node, Sentence, sentence
from ..scene.marks import Bounds, Box, Group, Mark
from ..scene.scenes import Diagram, Head
from ..scene.terms import GATE_NAMES, TERMS
from ..scene.theme import tint

ORDER = ("f", "i", "g", "o")
"""The gates from left to right, in an order in which no wires below them cross."""
LINE_HEIGHT, ROW_GAP, INPUT_HEIGHT = 17.0, 24.0, 45.0
"""The height of a line of text, of the gap between rows, and of an input whose
numbers are in a row."""
PARAMETER_HEIGHT = 2 * LINE_HEIGHT + 8
"""The height of the box of a parameter: its name, its shape, and its padding."""
SUM_HEIGHT, SUM_NAME_WIDTH = 34.0, 26.0
"""The height of sums in a row, and the width of their name before them."""
TURNS = (14.0, 24.0)
"""The distances below the sums where the wires of i and of the other gates turn:
those of i and f cross."""
INPUT_GAP, MAX_INPUTS_WIDTH = 6.0, 670.0
"""The gap between an input and its parameter, and the largest width of both inputs
and parameters."""
ADDEND_OFFSET, FACTOR_OFFSET = 12.0, 10.0
"""How far left and right of its middle a sum or a product is entered by its two wires."""
CODE = {
    **{gate: f"{GATE_NAMES[gate].function}(z_{gate})" for gate in ORDER},
    "c": "f·c_prev + i·g",
    "tanh_c": "tanh(c)",
    "shown": "o * tanh_c",
    "h": "o * tanh_c",
}
"""Name of a tensor -> the code that computes it."""


class Columns(NamedTuple):
    """Horizontal positions of the middles of boxes, and widths.

    Attributes:
        gates: Each gate.
        sums: The sums of each gate, in PyTorch's order.
        sum_width: The width of the box of a gate's sums.
        c_prev: The old cell state.
        c: The new cell state.
        inputs: x, weight_ih, h_prev and weight_hh in a narrow figure.
        parameter: The width of the box of a parameter.
        box: The least width of any other box, and its padding.
    """

    gates: dict[str, float]
    sums: dict[str, float]
    sum_width: float
    c_prev: float
    c: float
    inputs: tuple[float, ...]
    parameter: float
    box: tuple[float, float]

    def stretched(self, factor: float) -> "Columns":
        """The columns of a figure that is wider by a factor."""
        width, padding = self.box
        return Columns(
            gates={gate: factor * x for gate, x in self.gates.items()},
            sums={gate: factor * x for gate, x in self.sums.items()},
            sum_width=factor * self.sum_width,
            c_prev=factor * self.c_prev,
            c=factor * self.c,
            inputs=tuple(factor * x for x in self.inputs),
            parameter=self.parameter,
            box=(factor * width, padding),
        )

    @property
    def written(self) -> float:
        """The product of i and g."""
        return (self.gates["i"] + self.gates["g"]) / 2

    @property
    def ends(self) -> tuple[float, float]:
        """The left and the right edge of the sums."""
        half = self.sum_width / 2
        return self.sums["i"] - half, self.sums["o"] + half


NARROWEST = 360
"""The width of the narrow form; its columns are stretched in figures between both."""
NARROWEST_WIDE = 720
"""In a narrower figure, gates are closer and inputs are columns of numbers."""
WIDE = Columns(
    gates=dict(zip(ORDER, (190.0, 310.0, 430.0, 590.0), strict=True)),
    sums=dict(zip(GATES, (110.0, 270.0, 430.0, 590.0), strict=True)),
    sum_width=154,
    c_prev=55,
    c=280,
    inputs=(0, 0, 0, 0),
    parameter=86,
    box=(92, 12),
)
"""The columns of the wide form."""
NARROW = Columns(
    gates=dict(zip(ORDER, (97.5, 163.0, 229.0, 294.5), strict=True)),
    sums=dict(zip(GATES, (43.0, 127.0, 211.0, 295.0), strict=True)),
    sum_width=66,
    c_prev=26.5,
    c=109.5,
    inputs=(32, 110, 210, 288),
    parameter=80,
    box=(62, 6),
)
"""The columns of the narrow form."""


def data_flow(subject: LayerRun, width: float, *, step: int = 2) -> Diagram:
    """The graph of one step, its nodes named as in the code.

    Args:
        subject: The layer run to draw.
        width: The width that the figure may use.
        step: The time step, counted from 1.
    """
    graph = _Graph(subject, subject.step_index(step), width)
    return Diagram(
        heading=graph.head(),
        description=graph.description(),
        width=inner_width(width),
        height=graph.height,
        marks=tuple(graph.marks()),
        figure_width=width,
    )


class _Graph(StepVectors):
    """The tensors of one step in rows, joined by wires.

    Attributes:
        sum_decimals: The digits of all sums after the decimal point.
        has_rows_of_sums: Whether the sums of a gate are in a row, not in a column.
        result: The last product, h or, if that is projected, o·tanh c.
        rows: Name of a row -> the middle of its numbers.
        height: The bottom of the last row.
        places: Name of a vector -> the middle of its numbers.
    """

    def __init__(self, subject: LayerRun, t: int, width: float):
        super().__init__(subject, t)
        self.narrow = narrow = width < NARROWEST_WIDE
        stretch = inner_width(width) / inner_width(NARROWEST)
        self.columns = NARROW.stretched(stretch) if narrow else WIDE
        self.result = "shown" if self.is_projected else "h"
        sizes = subject.weights
        look = vectors.vector_look(max(sizes.hidden_size, sizes.size), narrow=narrow)
        narrowest_box = min(map(self.width, ("c_prev", "f", "c")))
        self.look = look._replace(max_bar_length=narrowest_box / 2 - 5)
        self.plain_look = look._replace(bar_height=0, line_height=look.font_size + 4)
        self.tight_look = self.plain_look._replace(width=50.0, font_size=words.SMALL)
        sums = [value for gate in GATES for value in self.values(f"z_{gate}")]
        self.sum_decimals = vectors.number_column(sums, self.plain_look).decimals
        widths = (
            vectors.row_width(self.values(f"z_{gate}"), self.plain_look, None, self.sum_decimals)
            for gate in GATES
        )
        width_of_sums = self.columns.sum_width - SUM_NAME_WIDTH
        self.has_rows_of_sums = not narrow and max(widths) <= width_of_sums
        self.rows, self.height = self.place_rows()
        self.places = self.place_vectors()

    def place_rows(self) -> tuple[dict[str, float], float]:
        """The middle of each row's numbers, and the bottom of the last row."""
        above, inputs_height = 0.0, INPUT_HEIGHT
        if self.narrow:
            above, inputs_height = _heading_height(1), max(map(self.height_of, ("x", "h_prev")))
        state_height = self.height_of("c")
        # Name of a row, the height of names above its numbers, and of its numbers.
        heights = [
            ("inputs", above, inputs_height),
            # The formula is closer to the inputs than other rows are to each other.
            ("formula", -10, self.formula_height),
            ("sums", *self.sum_heights()),
            ("gates", _heading_height(2) + TURNS[1] - ROW_GAP / 2, state_height),
            ("products", _heading_height(1), state_height),
            ("c", _heading_height(2), state_height),
        ]
        if self.is_projected:
            heights.append(("h", self.heading_height("h"), self.height_of("h")))
        rows, y = {}, 0.0
        for name, heading, height in heights:
            y += heading
            rows[name] = y + height / 2
            y += height + ROW_GAP
        return rows, y - ROW_GAP

    @property
    def formula_height(self) -> float:
        """The height of the bar with the formula of z."""
        return (2 if self.narrow else 1) * LINE_HEIGHT + 9

    def sum_heights(self) -> tuple[float, float]:
        """The heights of the names above the sums, and of the sums."""
        if self.has_rows_of_sums:
            return 0, SUM_HEIGHT
        return _heading_height(1), self.height_of("z_i")

    def place_vectors(self) -> dict[str, Point]:
        """The middle of the numbers of each vector, except those of inputs in a row."""
        columns, rows = self.columns, self.rows
        c_right = columns.c + self.width("c") / 2
        result_left = columns.gates["o"] - self.width(self.result) / 2
        places = {
            **{gate: (x, rows["gates"]) for gate, x in columns.gates.items()},
            **{f"z_{gate}": (x, rows["sums"]) for gate, x in columns.sums.items()},
            "c_prev": (columns.c_prev, rows["products"]),
            "kept": (columns.gates["f"], rows["products"]),
            "written": (columns.written, rows["products"]),
            "c": (columns.c, rows["c"]),
            "tanh_c": ((c_right + result_left) / 2, rows["c"]),
            self.result: (columns.gates["o"], rows["c"]),
        }
        if self.is_projected:
            places["h"] = (columns.gates["o"], rows["h"])
        if self.narrow:
            x, _weight_ih, h_prev, _weight_hh = columns.inputs
            places |= {"x": (x, rows["inputs"]), "h_prev": (h_prev, rows["inputs"])}
        return places

    def height_of(self, name: str) -> float:
        """The height of a vector."""
        count = len(self.values(name))
        look = self.plain_look if self.is_plain(name) else self.look
        return look.height(count, short_excerpt(count))

    @staticmethod
    def is_plain(name: str) -> bool:
        """Whether a vector is drawn without bars, as x and the sums are."""
        return name == "x" or name.startswith("z_")

    def code(self, name: str) -> str:
        """The code in the box of a tensor, or nothing."""
        if name == "h" and self.is_projected:
            return "" if self.narrow else "@ weight_hr.T"
        return CODE.get(name, "")

    def width(self, name: str) -> float:
        """The width of the box of a tensor."""
        if name.startswith("z_"):
            return self.columns.sum_width
        min_width, padding = self.columns.box
        if self.narrow and name == "c_prev":
            min_width = 0.0
        name_width = words.width(PRODUCT_LABELS.get(name, name), bold=True)
        code_width = words.width(self.code(name), words.SMALL)
        return max(min_width, name_width + padding, code_width + padding)

    def heading_height(self, name: str) -> float:
        """The height of the name and the code in the box of a tensor."""
        return _heading_height(1 + bool(self.code(name)))

    def bounds(self, name: str) -> Bounds:
        """The box of a vector."""
        (x, y), half_width = self.places[name], self.width(name) / 2
        if name.startswith("z_") and self.has_rows_of_sums:
            half_height, heading = SUM_HEIGHT / 2, 0.0
        else:
            half_height, heading = self.height_of(name) / 2, self.heading_height(name)
        return Bounds(
            left=x - half_width,
            top=y - half_height - heading,
            right=x + half_width,
            bottom=y + half_height,
        )

    def vector(self, name: str) -> Group:
        """A vector in a box with its name and its code."""
        values, term, (x, _) = self.values(name), self.term(name), self.places[name]
        look = self.plain_look if self.is_plain(name) else self.look
        look = look._replace(width=self.width(name))
        box = vectors.vector_box(
            self.places[name],
            values,
            look,
            self.bars(name),
            id=self.id(name),
            term=term,
            paint="muted" if name == "x" else TERMS[term].role,
            min_decimals=self.sum_decimals if name.startswith("z_") else 0,
            above=self.heading_height(name),
            visible=short_excerpt(len(values)),
        )
        y = self.bounds(name).top + 4
        box.append(
            vectors.vector_name(
                (x, y + LINE_HEIGHT / 2),
                text=self.label(name),
                tensor=self.tensor(name),
                of=f"{self.id(name)}-*",
            )
        )
        if code := self.code(name):
            text, _ = words.paragraph(
                x, y + LINE_HEIGHT, sentence(code), look.width, size=words.SMALL, anchor="middle"
            )
            box.append(text)
        return wires.node(box, values, self.id(name))

    @staticmethod
    def label(name: str) -> str:
        """The name of a vector as it is printed."""
        if name.startswith("z_"):
            return f"z_{{{name[2:]}}}"
        return PRODUCT_LABELS.get(name, name)

    def sums_of(self, gate: str) -> Group:
        """The sums of a gate, as a row after their name if there is room."""
        if not self.has_rows_of_sums:
            return self.vector(f"z_{gate}")
        name, values = f"z_{gate}", self.values(f"z_{gate}")
        _, y = self.places[name]
        left, top, right, bottom = self.bounds(name)
        paint = TERMS[gate].role
        box = Box(
            left,
            top,
            right - left,
            bottom - top,
            radius=6,
            fill=tint(paint),
            stroke=paint,
            term=name,
        )
        row = vectors.vector_row(
            ((left + SUM_NAME_WIDTH + right) / 2, y),
            values,
            self.plain_look,
            min_decimals=self.sum_decimals,
            id=self.id(name),
            term=name,
            paint=None,
        )
        label = vectors.vector_name(
            (left + 10, y),
            text=self.label(name),
            tensor=name,
            of=f"{self.id(name)}-*",
            along="row",
            anchor="start",
        )
        return wires.node([box, label, *row], values, self.id(name))

    def parameter(self, name: str, x: float, top: float) -> list[Mark]:
        """The box of a parameter: its name and its shape."""
        width, ref = self.columns.parameter, self.subject.ref(name)
        shape = self.subject.weights.parameters()[name].shape
        box = Box(
            x - width / 2,
            top,
            width,
            PARAMETER_HEIGHT,
            radius=6,
            fill="panel",
            stroke="rule",
            term=name,
        )
        node = Group((box,), id=self.id(name), bound=(Node(ref),))
        return [
            node,
            words.label(
                x,
                top + 4 + LINE_HEIGHT / 2,
                name,
                names={"tensor": name},
                of=[node],
                along="column",
                style=words.FINE_STRONG,
                anchor="middle",
                term=name,
            ),
            words.label(
                x,
                top + 4 + 1.5 * LINE_HEIGHT,
                str(shape),
                names={"shape": "x".join(map(str, shape))},
                of=[node],
                along="column",
                style=words.FINE,
                anchor="middle",
            ),
        ]

    def input_width(self, name: str) -> float:
        """The width of an input whose numbers are in a row."""
        values = self.values(name)
        width = vectors.row_width(values, self.tight_look, short_excerpt(len(values)))
        return max(width, words.width(name, bold=True) + 16)

    def input_row(self, name: str, x: float) -> Group:
        """An input whose numbers are in a row, with its left at `x`."""
        values, y = self.values(name), self.rows["inputs"]
        visible = short_excerpt(len(values))
        marks = [
            *vectors.vector_row(
                (x + self.input_width(name) / 2, y + INPUT_HEIGHT / 2 - 14),
                values,
                self.tight_look,
                visible=visible,
                id=self.id(name),
                term=name,
                paint="muted" if name == "x" else TERMS[name].role,
            ),
            vectors.vector_name(
                (x + 8, y - INPUT_HEIGHT / 2 + 7),
                text=name,
                tensor=name,
                of=f"{self.id(name)}-*",
                along="block",
                anchor="start",
            ),
        ]
        return wires.node(marks, values, self.id(name))

    def wire(self, tail: str, head: str, *corners: Point, paint: str = "muted") -> Group:
        """A wire from a tensor to one computed from it."""
        return wires.wire(*corners, tail=self.id(tail), head=self.id(head), paint=paint)

    def wire_down(
        self, tail: str, head: str, offset: float = 0, *, paint: str, turn: float = ROW_GAP / 2
    ) -> Group:
        """A wire from a vector down to one that ends at an offset from its middle.

        It turns, if it must, at a distance below the vector.
        """
        (x, _), (head_x, _) = self.places[tail], self.places[head]
        y, end = self.bounds(tail).bottom, (head_x + offset, self.bounds(head).top)
        corners = [(x, y + turn), (end[0], y + turn)] if x != end[0] else []
        return self.wire(tail, head, (x, y), *corners, end, paint=paint)

    def wire_right(self, tail: str, head: str) -> Group:
        """A wire from a vector to one right of it."""
        (_, y), right, left = self.places[tail], self.bounds(tail).right, self.bounds(head).left
        return self.wire(tail, head, (right, y), (left, y), paint="c")

    def marks(self) -> list[Mark]:
        """All marks; each wire is behind the boxes that it joins."""
        gates = map(self.vector, self.columns.gates)
        return [*self.sums(), *self.cut_wires(), *gates, *self.state_wires(), *self.states()]

    def cut_wires(self) -> list[Mark]:
        """The wires from the sums to their gates."""
        turn_of_i, turn_of_others = TURNS
        return [
            self.wire_down(
                f"z_{gate}",
                gate,
                paint=TERMS[gate].role,
                turn=turn_of_i if gate == "i" else turn_of_others,
            )
            for gate in GATES
        ]

    def sums(self) -> list[Mark]:
        """The inputs and parameters, the formula of the sums, and the sums of each gate."""
        marks: list[Mark] = []
        ends: list[tuple[str, Point]] = []
        y, left, gap = self.rows["inputs"], 0.0, 0.0
        if not self.narrow:
            used_width = sum(map(self.input_width, ("x", "h_prev")))
            used_width += 2 * (INPUT_GAP + self.columns.parameter)
            gap = min(40.0, MAX_INPUTS_WIDTH - used_width)
            left = min(self.columns.ends[0], MAX_INPUTS_WIDTH - used_width - gap)
        for k, (vector, weight) in enumerate((("x", "weight_ih"), ("h_prev", "weight_hh"))):
            if self.narrow:
                vector_x, weight_x = self.columns.inputs[2 * k : 2 * k + 2]
                weight_top = y - _heading_height(1) / 2 - LINE_HEIGHT - 4
                vector_bottom = self.bounds(vector).bottom
                marks.append(self.vector(vector))
            else:
                marks.append(self.input_row(vector, left))
                vector_x = left + self.input_width(vector) / 2
                weight_left = left + self.input_width(vector) + INPUT_GAP
                weight_x = weight_left + self.columns.parameter / 2
                vector_bottom = y + INPUT_HEIGHT / 2
                weight_top = vector_bottom - PARAMETER_HEIGHT
                left = weight_left + self.columns.parameter + gap
            marks += self.parameter(weight, weight_x, weight_top)
            ends.append((vector, (vector_x, vector_bottom)))
            ends.append((weight, (weight_x, weight_top + PARAMETER_HEIGHT)))
        bar_y = self.rows["formula"]
        # All wires run along the bar with the formula, which covers them there.
        wires_below = [
            self.wire(
                tail,
                f"z_{gate}",
                (tail_x, tail_y),
                (tail_x, bar_y),
                (head_x, bar_y),
                (head_x, self.bounds(f"z_{gate}").top),
            )
            for tail, (tail_x, tail_y) in ends
            for gate, head_x in self.columns.sums.items()
        ]
        return [*wires_below, *marks, *self.formula_bar(), *map(self.sums_of, GATES)]

    @cached_property
    def formula(self) -> Sentence:
        """The formula of z, which holds for all values and needs no proof."""
        has_bias = self.subject.weights.bias_ih is not None
        ih, hh = (" + bias_ih", " + bias_hh") if has_bias else ("", "")
        return sentence(f"z = x @ weight_ih.T{ih} + h_prev @ weight_hh.T{hh}")

    @property
    def formula_width(self) -> float:
        """The width of the lines of the formula: in a narrow figure, of half of it."""
        text = self.formula.text
        if not self.narrow:
            return words.width(text, words.SMALL) + 1
        middle = text.index("h_prev")
        return max(words.width(half, words.SMALL) for half in (text[:middle], text[middle:]))

    def formula_bar(self) -> list[Mark]:
        """The bar with the formula of z, through which all inputs go to all sums."""
        left, right = self.columns.ends
        y, height = self.rows["formula"], self.formula_height
        bar = Box(left, y - height / 2, right - left, height, radius=13, fill="paper", stroke="ink")
        text, _ = words.paragraph(
            (left + right) / 2,
            y - height / 2 + 4.5,
            self.formula,
            self.formula_width,
            size=words.SMALL,
            anchor="middle",
            fill="ink",
        )
        return [bar, text]

    def state_wires(self) -> list[Mark]:
        """The wires from the gates and c_prev to c and to the last product."""
        return [
            self.wire_down("f", "kept", paint="gate-f"),
            self.wire_right("c_prev", "kept"),
            self.wire_down("kept", "c", -ADDEND_OFFSET, paint="c"),
            self.wire_down("written", "c", ADDEND_OFFSET, paint="c"),
            self.wire_right("c", "tanh_c"),
            self.wire_right("tanh_c", self.result),
            self.wire_down("o", self.result, paint="gate-o"),
            self.wire_down("i", "written", -FACTOR_OFFSET, paint="gate-i"),
            self.wire_down("g", "written", FACTOR_OFFSET, paint="gate-g"),
        ]

    def states(self) -> list[Mark]:
        """The boxes of c_prev, both addends, c, tanh c and h."""
        names = ("c_prev", "kept", "written", "c", "tanh_c", self.result)
        marks: list[Mark] = [*map(self.vector, names)]
        if self.is_projected:
            marks += [self.wire_down("shown", "h", paint="h"), self.vector("h")]
        return marks

    def head(self) -> Head:
        subject, sizes = self.subject, self.subject.weights
        label, weight = subject.step_number(self.t), subject.ref("weight_ih")
        notes = [sentence("Dashed is the whole, filled the part that passes.")]
        return Head(
            sentence("z is one vector, cut into four gates"),
            sentence(
                "Two matrix products make its {} numbers, in the order i, f, g, o; z.chunk({}) "
                "cuts it, and the rest is element by element.",
                (4 * sizes.hidden_size, f"{weight}.shape[0]"),
                (4, f"{weight}.shape[0] // c.shape[-1]"),
            ),
            provenance(subject, *step_items(subject, label)),
            (
                *(notes if self.look.bar_height else ()),
                *left_out_notes(
                    ("input", short_excerpt(sizes.input_size), "x.shape[-1]"),
                    ("unit", short_excerpt(sizes.hidden_size), "c.shape[-1]"),
                ),
            ),
            source(subject),
        )

    def description(self) -> str:
        """The values of the step, in the order of computing."""
        results = ("shown", "h") if self.is_projected else ("h",)
        states = ("kept", "written", "c", "tanh_c", *results)
        sums = tuple(f"z_{gate}" for gate in GATES)
        return self.values_text(("x", "h_prev", "c_prev", *sums, *GATES, *states))


def _heading_height(lines: int) -> float:
    """The height of the lines of text above the numbers of a box."""
    return lines * LINE_HEIGHT + 4
