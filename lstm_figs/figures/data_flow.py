"""The figure `data-flow`: the graph of one step, its nodes named as in the code."""

from typing import NamedTuple

from ..layout import words
from ..layout.excerpts import left_out_notes, short_excerpt
from ..layout.margins import inner_width
from ..layout.motifs import gauges, wires
from ..layout.motifs.wires import Bars
from ..layout.number_lists import number_list
from ..layout.panels import Point
from ..layout.provenance import provenance, source, step_items
from ..model.layer_run import LayerRun
from ..model.reference import Vector
from ..proof.bindings import Node, sentence
from ..scene.marks import Box, Group, Mark
from ..scene.scenes import Diagram, Head
from ..scene.terms import GATE_NAMES, TERMS

ORDER = ("f", "i", "g", "o")
"""From left to right, in an order in which no wires cross."""
PRODUCTS = {"kept": ("f", "c_prev"), "written": ("i", "g"), "shown": ("o", "tanh_c")}
LINE_HEIGHT, ROW_GAP, INPUT_HEIGHT = 17.0, 24.0, 45.0
"""The height of a line of text, of the gap between rows, and of an input whose
numbers are in a row."""
BAR_HEIGHT, INPUT_GAP, MAX_INPUTS_WIDTH = 26.0, 6.0, 670.0
"""The height of the bar of sums, the gap between an input and its parameter, and
the largest width of both inputs and parameters."""
CODE = {
    **{gate: f"{GATE_NAMES[gate].function}(z_{gate})" for gate in ORDER},
    "c": "f·c_prev + i·g",
    "tanh_c": "tanh(c)",
    "shown": "o * tanh_c",
    "h": "o * tanh_c",
}
"""Name of a tensor -> the code that computes it."""
LABELS = {"kept": "f·c_prev", "written": "i·g", "shown": "o·tanh c"}
"""Name of a tensor -> its label, if that is not its name."""


class Columns(NamedTuple):
    """Horizontal positions of the middles of boxes, and widths.

    Attributes:
        gates: Each gate.
        c_prev: The old cell state.
        c: The new cell state.
        inputs: x, weight_ih, h_prev and weight_hh in a narrow figure.
        parameter: The width of the box of a parameter.
        box: The least width of any other box, and its padding.
    """

    gates: dict[str, float]
    c_prev: float
    c: float
    inputs: tuple[float, float, float, float]
    parameter: float
    box: tuple[float, float]

    @property
    def written(self) -> float:
        """The product of i and g."""
        return (self.gates["i"] + self.gates["g"]) / 2


NARROWEST_WIDE = 720
"""In a narrower figure, gates are closer and inputs are columns of numbers."""
WIDE = Columns(
    dict(zip(ORDER, (200.0, 330.0, 450.0, 600.0), strict=True)), 60, 295, (0, 0, 0, 0), 86, (92, 12)
)
NARROW = Columns(
    dict(zip(ORDER, (97.5, 163.0, 229.0, 294.5), strict=True)),
    26.5,
    109.5,
    (32, 110, 210, 288),
    80,
    (62, 6),
)


def data_flow(subject: LayerRun, width: float, *, step: int = 2) -> Diagram:
    """The graph of one step, its nodes named as in the code.

    Args:
        subject: What is drawn.
        width: The width that the figure may use.
        step: The time step, counted from 1.
    """
    graph = _Graph(subject, subject.step_index(step), narrow=width < NARROWEST_WIDE)
    marks = graph.marks()
    return Diagram(
        _head(graph), _description(graph), inner_width(width), graph.height, tuple(marks), width
    )


class _Graph:
    """The tensors of one step in rows, joined by wires."""

    def __init__(self, subject: LayerRun, t: int, *, narrow: bool):
        self.subject, self.t, self.narrow = subject, t, narrow
        self.columns = NARROW if narrow else WIDE
        sizes = subject.weights
        self.is_projected = sizes.proj_size > 0
        style = wires.vector_look(max(sizes.hidden_size, sizes.size), narrow=narrow)
        least = min(map(self.width, ("c_prev", "f", "c")))
        self.style = style._replace(max_bar_length=least / 2 - 5)
        self.plain_style = style._replace(bar_height=0, line_height=style.size + 4)
        self.tight_style = self.plain_style._replace(width=50.0, size=words.SMALL)
        vector_names = ("c_prev", "kept", "written", "c", "g", "h_prev", "h")
        self.scale_max = max(1.0, wires.largest_visible(*map(self.values, vector_names)))
        state_height = self.height_of("c")
        inputs = max(map(self.height_of, ("x", "h_prev")))
        self.rows: dict[str, float] = {}
        y = 0.0
        for name, above, height in (
            ("inputs", _heading_height(1), inputs) if narrow else ("inputs", 0, INPUT_HEIGHT),
            ("sum", -10, BAR_HEIGHT),
            ("gates", _heading_height(2), state_height),
            ("acts", _heading_height(1), state_height),
            ("c", _heading_height(2), state_height),
            *(
                [("h", _heading_height(1 if narrow else 2), self.height_of("h"))]
                if self.is_projected
                else []
            ),
        ):
            y += above
            self.rows[name] = y + height / 2
            y += height + ROW_GAP
        self.height = y - ROW_GAP
        self.state_height = state_height

    def height_of(self, name: str) -> float:
        """The height of a vector."""
        count = len(self.values(name))
        style = self.plain_style if name == "x" else self.style
        return style.height(count, short_excerpt(count))

    def values(self, name: str) -> Vector:
        """A vector of the step, or a product of two of them."""
        if name in PRODUCTS:
            return self.subject.product(*PRODUCTS[name], self.t)
        return self.subject.vector(name, self.t)

    def id(self, name: str) -> str:
        """The id of a tensor."""
        return f"{'-'.join(PRODUCTS.get(name, (name,)))}-{self.t}"

    def bars(self, name: str) -> Bars | None:
        """The bars of a vector; None for x."""
        if name == "x":
            return None
        if name in ("i", "f", "o"):
            return Bars(f"gate-{name}", self.scale_max, is_gate=True)
        product = "shown" if name == "h" and not self.is_projected else name
        if product in PRODUCTS:
            gate, operand = PRODUCTS[product]
            rest_paint = "gate-g" if operand == "g" else "muted"
            return Bars(f"gate-{gate}", self.scale_max, self.values(operand), rest_paint)
        paint = "gate-g" if name == "g" else TERMS[name].role
        return Bars(paint, self.scale_max)

    def code(self, name: str) -> str:
        """The code in the box of a tensor, or nothing."""
        if name == "h" and self.is_projected:
            return "" if self.narrow else "@ weight_hr.T"
        return CODE.get(name, "")

    def width(self, name: str) -> float:
        """The width of the box of a tensor."""
        min_width, padding = self.columns.box
        if self.narrow and name == "c_prev":
            min_width = 0.0
        name_width = words.width(LABELS.get(name, name), bold=True)
        code_width = words.width(self.code(name), words.SMALL)
        return max(min_width, name_width + padding, code_width + padding)

    def tensor(self, name: str, at: Point) -> Group:
        """A vector in a box with its name and its code."""
        values, bars = self.values(name), self.bars(name)
        style = self.style if bars else self.plain_style
        style = style._replace(width=self.width(name))
        code = self.code(name)
        above = _heading_height(1 + bool(code))
        term = "c" if name in ("kept", "written") else name
        box = wires.vector_box(
            at,
            values,
            style,
            bars,
            id=self.id(name),
            term=term,
            paint="muted" if name == "x" else TERMS[term].role,
            above=above,
            visible=short_excerpt(len(values)),
        )
        x, top = at[0], at[1] - self.height_of(name) / 2 - above
        tensor = "*".join(PRODUCTS.get(name, (name,)))
        box.append(
            wires.vector_name(
                (x, top + 4 + LINE_HEIGHT / 2), LABELS.get(name, name), tensor, f"{self.id(name)}-*"
            )
        )
        if code:
            text, _ = words.paragraph(
                x,
                top + 4 + LINE_HEIGHT,
                sentence(code),
                style.width,
                size=words.SMALL,
                anchor="middle",
            )
            box.append(text)
        return wires.node(box, values, self.id(name))

    def parameter(self, name: str, x: float, top: float) -> list[Mark]:
        """The box of a parameter: its name and its shape."""
        width, ref = self.columns.parameter, self.subject.ref(name)
        shape = self.subject.weights.parameters()[name].shape
        id = self.id(name)
        box = Box(
            x - width / 2,
            top,
            width,
            2 * LINE_HEIGHT + 8,
            radius=6,
            fill="panel",
            stroke="rule",
            term=name,
        )
        return [
            Group((box,), id=id, bound=(Node(ref),)),
            words.label(
                x,
                top + 4 + LINE_HEIGHT / 2,
                name,
                {"tensor": name},
                [id],
                "column",
                style=words.FINE_STRONG,
                anchor="middle",
                term=name,
            ),
            words.label(
                x,
                top + 4 + 1.5 * LINE_HEIGHT,
                str(shape),
                {"shape": "x".join(map(str, shape))},
                [id],
                "column",
                style=words.FINE,
                anchor="middle",
            ),
        ]

    def input_width(self, name: str) -> float:
        """The width of an input whose numbers are in a row."""
        values = self.values(name)
        width = wires.row_width(values, self.tight_style, short_excerpt(len(values)))
        return max(width, words.width(name, bold=True) + 16)

    def input_row(self, name: str, x: float) -> Group:
        """An input whose numbers are in a row, with its left at `x`."""
        values, y = self.values(name), self.rows["inputs"]
        visible = short_excerpt(len(values))
        marks = [
            *wires.vector_row(
                (x + self.input_width(name) / 2, y + INPUT_HEIGHT / 2 - 14),
                values,
                self.tight_style,
                visible=visible,
                id=self.id(name),
                term=name,
                paint="muted" if name == "x" else TERMS[name].role,
            ),
            wires.vector_name(
                (x + 8, y - INPUT_HEIGHT / 2 + 7),
                name,
                name,
                f"{self.id(name)}-*",
                "block",
                anchor="start",
            ),
        ]
        return wires.node(marks, values, self.id(name))

    def wire(self, tail: str, head: str, *corners: Point, paint: str = "muted") -> Group:
        """A wire from a tensor to one computed from it."""
        return wires.wire(*corners, tail=self.id(tail), head=self.id(head), paint=paint)

    def marks(self) -> list[Mark]:
        """All marks; each wire is behind the boxes that it joins."""
        return [*self.sums(), *self.gates(), *self.states()]

    def sums(self) -> list[Mark]:
        """The inputs and parameters, and the four sums of their products."""
        marks: list[Mark] = []
        ends: list[tuple[str, Point]] = []
        y, x, gap = self.rows["inputs"], 0.0, 0.0
        if not self.narrow:
            used_width = sum(map(self.input_width, ("x", "h_prev")))
            used_width += 2 * (INPUT_GAP + self.columns.parameter)
            gap = min(40.0, MAX_INPUTS_WIDTH - used_width)
        for k, (vector, weight) in enumerate((("x", "weight_ih"), ("h_prev", "weight_hh"))):
            if self.narrow:
                a, b = self.columns.inputs[2 * k : 2 * k + 2]
                top = y - _heading_height(1) / 2 - LINE_HEIGHT - 4
                low = y + self.height_of(vector) / 2
                marks.append(self.tensor(vector, (a, y)))
            else:
                marks.append(self.input_row(vector, x))
                a = x + self.input_width(vector) / 2
                b = x + self.input_width(vector) + INPUT_GAP + self.columns.parameter / 2
                top, low = y + INPUT_HEIGHT / 2 - 2 * LINE_HEIGHT - 8, y + INPUT_HEIGHT / 2
                x = b + self.columns.parameter / 2 + gap
            marks += self.parameter(weight, b, top)
            ends += [(vector, (a, low)), (weight, (b, top + 2 * LINE_HEIGHT + 8))]
        wires_below = [
            self.wire(
                tail,
                gate,
                at,
                (at[0], self.rows["sum"]),
                (x, self.rows["sum"]),
                (x, self.rows["gates"] - self.state_height / 2 - _heading_height(2)),
            )
            for tail, at in ends
            for gate, x in self.columns.gates.items()
        ]
        return [*wires_below, *marks, *self.sum_bar()]

    def sum_bar(self) -> list[Mark]:
        """The bar of z, which is then split into four."""
        half = self.columns.box[0] / 2
        left = 0.0
        right = self.columns.gates["o"] + half
        y = self.rows["sum"]
        weight = self.subject.ref("weight_ih")
        has_bias = self.subject.weights.bias_ih is not None
        ih, hh = (" + bias_ih", " + bias_hh") if has_bias else ("", "")
        # The formula of z holds for all values, so it needs no proof.
        lines = [sentence("z.chunk({})", (4, f"{weight}.shape[0] // c.shape[-1]"))]
        if not self.narrow:
            formula = f"z = x @ weight_ih.T{ih} + h_prev @ weight_hh.T{hh}"
            lines.insert(0, sentence(formula))
        widths = [words.width(line.text, words.SMALL) for line in lines]
        x = (left + right - sum(widths) - 28 * (len(lines) - 1)) / 2
        texts: list[Mark] = []
        for line, line_width in zip(lines, widths, strict=True):
            text, _ = words.paragraph(x, y - 9, line, line_width + 1, size=words.SMALL, fill="ink")
            texts.append(text)
            x += line_width + 28
        bar = Box(
            left,
            y - BAR_HEIGHT / 2,
            right - left,
            BAR_HEIGHT,
            radius=BAR_HEIGHT / 2,
            fill="paper",
            stroke="ink",
        )
        return [bar, *texts]

    def gates(self) -> list[Mark]:
        """The boxes of the four gates."""
        return [
            self.tensor(gate, (x, self.rows["gates"])) for gate, x in self.columns.gates.items()
        ]

    def states(self) -> list[Mark]:
        """The boxes and wires from the gates and c_prev to c and h."""
        columns, y = self.columns, self.rows
        half = self.state_height / 2
        low = y["gates"] + half
        products_top = y["acts"] - half - _heading_height(1)
        turn_y = y["acts"] + half + ROW_GAP / 2
        top = y["c"] - half - _heading_height(2)
        f, written, out = columns.gates["f"], columns.written, columns.gates["o"]
        last = "shown" if self.is_projected else "h"
        after = columns.c + self.width("c") / 2
        before = out - self.width(last) / 2
        squashed, half_tanh = (after + before) / 2, self.width("tanh_c") / 2
        # The wire goes straight down if the box is right below.
        bend = [] if f == columns.c - 12 else [(f, turn_y), (columns.c - 12, turn_y)]
        marks: list[Mark] = [
            self.wire("f", "kept", (f, low), (f, products_top), paint="gate-f"),
            self.wire(
                "c_prev",
                "kept",
                (columns.c_prev + self.width("c_prev") / 2, y["acts"]),
                (f - self.width("kept") / 2, y["acts"]),
                paint="c",
            ),
            self.wire("kept", "c", (f, y["acts"] + half), *bend, (columns.c - 12, top), paint="c"),
            self.wire(
                "written",
                "c",
                (written, y["acts"] + half),
                (written, turn_y),
                (columns.c + 12, turn_y),
                (columns.c + 12, top),
                paint="c",
            ),
            self.wire("c", "tanh_c", (after, y["c"]), (squashed - half_tanh, y["c"]), paint="c"),
            self.wire("tanh_c", last, (squashed + half_tanh, y["c"]), (before, y["c"]), paint="c"),
            self.wire("o", last, (out, low), (out, top), paint="gate-o"),
        ]
        for gate, side in (("i", -10), ("g", 10)):
            x = columns.gates[gate]
            level = low + ROW_GAP / 2
            marks.append(
                self.wire(
                    gate,
                    "written",
                    (x, low),
                    (x, level),
                    (written + side, level),
                    (written + side, products_top),
                    paint=f"gate-{gate}",
                )
            )
        marks += [
            self.tensor("c_prev", (columns.c_prev, y["acts"])),
            self.tensor("kept", (f, y["acts"])),
            self.tensor("written", (written, y["acts"])),
            self.tensor("c", (columns.c, y["c"])),
            self.tensor("tanh_c", (squashed, y["c"])),
            self.tensor(last, (out, y["c"])),
        ]
        if self.is_projected:
            marks += [
                self.wire(
                    "shown", "h", (out, y["c"] + half), (out, y["c"] + half + ROW_GAP), paint="h"
                ),
                self.tensor("h", (out, y["h"])),
            ]
        return marks


def _heading_height(lines: int) -> float:
    """The height of the lines of text above the numbers of a box."""
    return lines * LINE_HEIGHT + 4


def _head(graph: _Graph) -> Head:
    subject = graph.subject
    sizes, label = subject.weights, subject.step_number(graph.t)
    legend = f"{gauges.legend('i, f and o')} " if graph.style.bar_height else ""
    return Head(
        sentence("Three gates make c, the fourth makes h"),
        sentence(
            "One step as a graph: an arrow leads from each tensor to what is computed from it."
        ),
        provenance(subject, *step_items(subject, label)),
        (
            sentence(f"{legend}@ is a matrix product; everything else works element by element."),
            *left_out_notes(
                ("input", short_excerpt(sizes.input_size), "x.shape[-1]"),
                ("unit", short_excerpt(sizes.hidden_size), "c.shape[-1]"),
            ),
        ),
        source(subject),
    )


def _description(graph: _Graph) -> str:
    labels = {
        "x": "x",
        "h_prev": "h_prev",
        "c_prev": "c_prev",
        **{gate: f"gate {gate}" for gate in "ifgo"},
        "kept": "f·c_prev",
        "written": "i·g",
        "c": "c",
        "tanh_c": "tanh c",
        **({"shown": "o·tanh c"} if graph.is_projected else {}),
        "h": "h",
    }
    description = "; ".join(
        f"{words} is {number_list(graph.values(name))}" for name, words in labels.items()
    )
    return f"Step {graph.subject.step_number(graph.t)}: {description}."
