"""The figure `data-flow`."""

from typing import NamedTuple

from ..layout import words
from ..layout.cells import spoken
from ..layout.fold import few, left_out
from ..layout.motifs import gauges, wires
from ..layout.motifs.wires import Bars
from ..layout.panels import Point
from ..layout.provenance import provenance, source, step_of
from ..layout.room import inner
from ..proof.bindings import Node, sentence
from ..proof.reference import Vector
from ..proof.subject import Subject
from ..scene.marks import Box, Group, Mark
from ..scene.scenes import Diagram, Head
from ..scene.terms import GATE_NAMES, TERMS

ORDER = ("f", "i", "g", "o")
"""From left to right, so that no wire crosses another."""
PRODUCTS = {"kept": ("f", "c_prev"), "written": ("i", "g"), "shown": ("o", "tanh_c")}
LINE, APART, ROW = 17.0, 24.0, 45.0
"""The height of a line of words above numbers, between rows, and of inputs
whose numbers stand beside each other."""
BAR, BESIDE, ACROSS = 26.0, 6.0, 670.0
"""The height of what has the sums, from an input to its parameter, and the
most that all of these take."""
CODE = {
    **{gate: f"{GATE_NAMES[gate].function}(z_{gate})" for gate in ORDER},
    "c": "f·c_prev + i·g",
    "tanh_c": "tanh(c)",
    "shown": "o * tanh_c",
    "h": "o * tanh_c",
}
"""How a tensor is computed."""
SAID = {"kept": "f·c_prev", "written": "i·g", "shown": "o·tanh c"}
"""Its name, where that is not what it is called in the code."""


class Columns(NamedTuple):
    """Where things stand across, their middles.

    Attributes:
        gates: Of each gate.
        c_prev: Of the state that goes in.
        c: Of the state that comes out.
        inputs: Of x, weight_ih, h_prev and weight_hh, where numbers stand
            below each other.
        parameter: The width of the box of a parameter.
        box: The least width of any other, and what it has beside its words.
    """

    gates: dict[str, float]
    c_prev: float
    c: float
    inputs: tuple[float, float, float, float]
    parameter: float
    box: tuple[float, float]

    @property
    def written(self) -> float:
        """Of the product of i and g."""
        return (self.gates["i"] + self.gates["g"]) / 2


NARROWEST_WIDE = 720
"""Below this width what is read stands closer, its parameters below it."""
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


def data_flow(subject: Subject, room: float, *, step: int = 2) -> Diagram:
    """The graph of one step, its nodes named as in the code.

    Args:
        subject: What is drawn.
        room: The width that the figure may use.
        step: The time step, counted from 1.
    """
    graph = _Graph(subject, subject.at(step), close=room < NARROWEST_WIDE)
    marks = graph.marks()
    return Diagram(_head(graph), _description(graph), inner(room), graph.height, tuple(marks), room)


class _Graph:
    """The tensors of one step in rows, joined by what is computed."""

    def __init__(self, subject: Subject, t: int, *, close: bool):
        self.subject, self.t, self.close = subject, t, close
        self.at = NARROW if close else WIDE
        sizes = subject.weights
        self.projected = sizes.proj_size > 0
        style = wires.look(max(sizes.hidden_size, sizes.size), close=close)
        least = min(map(self.width, ("c_prev", "f", "c")))
        self.style = style._replace(longest=least / 2 - 5)
        self.plain = style._replace(bar=0, line=style.size + 4)
        self.tight = self.plain._replace(width=50.0, size=words.SMALL)
        drawn = ("c_prev", "kept", "written", "c", "g", "h_prev", "h")
        self.reach = max(1.0, wires.reach(*map(self.values, drawn)))
        state = self.height_of("c")
        inputs = max(map(self.height_of, ("x", "h_prev")))
        self.rows: dict[str, float] = {}
        y = 0.0
        for name, above, height in (
            ("inputs", _above(1) * close, inputs if close else ROW),
            ("sum", -10, BAR),
            ("gates", _above(2), state),
            ("acts", _above(1), state),
            ("c", _above(2), state),
            *([("h", _above(2 - close), self.height_of("h"))] if self.projected else []),
        ):
            y += above
            self.rows[name] = y + height / 2
            y += height + APART
        self.height = y - APART
        self.state = state

    def height_of(self, name: str) -> float:
        """The height of a vector."""
        count = len(self.values(name))
        style = self.plain if name == "x" else self.style
        return style.height(count, few(count))

    def values(self, name: str) -> Vector:
        """A vector of the step, or a product of two of them."""
        if name in PRODUCTS:
            return self.subject.product(*PRODUCTS[name], self.t)
        return self.subject.vector(name, self.t)

    def id(self, name: str) -> str:
        """The id of a tensor."""
        return f"{'-'.join(PRODUCTS.get(name, (name,)))}-{self.t}"

    def bars(self, name: str) -> Bars | None:
        """What the bars of a vector show."""
        if name == "x":
            return None
        if name in ("i", "f", "o"):
            return Bars(f"gate-{name}", self.reach, gate=True)
        product = "shown" if name == "h" and not self.projected else name
        if product in PRODUCTS:
            gate, of = PRODUCTS[product]
            around = "gate-g" if of == "g" else "muted"
            return Bars(f"gate-{gate}", self.reach, self.values(of), around)
        paint = "gate-g" if name == "g" else TERMS[name].role
        return Bars(paint, self.reach)

    def code(self, name: str) -> str:
        """How a tensor is computed, where its box says it."""
        if name == "h" and self.projected:
            return "" if self.close else "@ weight_hr.T"
        return CODE.get(name, "")

    def width(self, name: str) -> float:
        """The width of its box."""
        least, beside = self.at.box
        if self.close and name == "c_prev":
            least = 0.0
        said = words.width(SAID.get(name, name), bold=True)
        code = words.width(self.code(name), words.SMALL)
        return max(least, said + beside, code + beside)

    def tensor(self, name: str, at: Point) -> Group:
        """A vector in a box with its name, and with how it is computed."""
        values, bars = self.values(name), self.bars(name)
        style = self.style if bars else self.plain
        style = style._replace(width=self.width(name))
        code = self.code(name)
        above = _above(1 + bool(code))
        term = "c" if name in ("kept", "written") else name
        box = wires.vector(
            at,
            values,
            style,
            bars,
            id=self.id(name),
            term=term,
            paint="muted" if name == "x" else TERMS[term].role,
            above=above,
            shown=few(len(values)),
        )
        x, top = at[0], at[1] - self.height_of(name) / 2 - above
        tensor = "*".join(PRODUCTS.get(name, (name,)))
        box.append(
            wires.name((x, top + 4 + LINE / 2), SAID.get(name, name), tensor, f"{self.id(name)}-*")
        )
        if code:
            text, _ = words.paragraph(
                x, top + 4 + LINE, sentence(code), style.width, size=words.SMALL, anchor="middle"
            )
            box.append(text)
        return wires.node(box, values, self.id(name))

    def parameter(self, name: str, x: float, top: float) -> list[Mark]:
        """A parameter: its name and its shape."""
        width, of = self.at.parameter, self.subject.ref(name)
        shape = self.subject.weights.parameters()[name].shape
        id = self.id(name)
        box = Box(
            x - width / 2,
            top,
            width,
            2 * LINE + 8,
            radius=6,
            fill="panel",
            stroke="rule",
            term=name,
        )
        return [
            Group((box,), id=id, bound=(Node(of),)),
            words.label(
                x,
                top + 4 + LINE / 2,
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
                top + 4 + 1.5 * LINE,
                str(shape),
                {"shape": "x".join(map(str, shape))},
                [id],
                "column",
                style=words.FINE,
                anchor="middle",
            ),
        ]

    def across(self, name: str) -> float:
        """The width of an input whose numbers stand beside each other."""
        values = self.values(name)
        width = wires.row_width(values, self.tight, few(len(values)))
        return max(width, words.width(name, bold=True) + 16)

    def abreast(self, name: str, x: float) -> Group:
        """An input whose numbers stand beside each other, from `x` on."""
        values, y = self.values(name), self.rows["inputs"]
        shown = few(len(values))
        marks = [
            *wires.row(
                (x + self.across(name) / 2, y + ROW / 2 - 14),
                values,
                self.tight,
                shown=shown,
                id=self.id(name),
                term=name,
                paint="muted" if name == "x" else TERMS[name].role,
            ),
            wires.name(
                (x + 8, y - ROW / 2 + 7), name, name, f"{self.id(name)}-*", "block", anchor="start"
            ),
        ]
        return wires.node(marks, values, self.id(name))

    def wire(self, tail: str, head: str, *corners: Point, paint: str = "muted") -> Group:
        """What is computed from what."""
        return wires.wire(*corners, tail=self.id(tail), head=self.id(head), paint=paint)

    def marks(self) -> list[Mark]:
        """Everything, wires below what they join."""
        return [*self.sums(), *self.gates(), *self.states()]

    def sums(self) -> list[Mark]:
        """The inputs and parameters, and the four sums that they make."""
        marks: list[Mark] = []
        ends: list[tuple[str, Point]] = []
        y, x, spare = self.rows["inputs"], 0.0, 0.0
        if not self.close:
            taken = sum(map(self.across, ("x", "h_prev")))
            taken += 2 * (BESIDE + self.at.parameter)
            spare = min(40.0, ACROSS - taken)
        for k, (vector, weight) in enumerate((("x", "weight_ih"), ("h_prev", "weight_hh"))):
            if self.close:
                a, b = self.at.inputs[2 * k : 2 * k + 2]
                top = y - _above(1) / 2 - LINE - 4
                low = y + self.height_of(vector) / 2
                marks.append(self.tensor(vector, (a, y)))
            else:
                marks.append(self.abreast(vector, x))
                a = x + self.across(vector) / 2
                b = x + self.across(vector) + BESIDE + self.at.parameter / 2
                top, low = y + ROW / 2 - 2 * LINE - 8, y + ROW / 2
                x = b + self.at.parameter / 2 + spare
            marks += self.parameter(weight, b, top)
            ends += [(vector, (a, low)), (weight, (b, top + 2 * LINE + 8))]
        under = [
            self.wire(
                tail,
                gate,
                at,
                (at[0], self.rows["sum"]),
                (x, self.rows["sum"]),
                (x, self.rows["gates"] - self.state / 2 - _above(2)),
            )
            for tail, at in ends
            for gate, x in self.at.gates.items()
        ]
        return [*under, *marks, *self.bar()]

    def bar(self) -> list[Mark]:
        """The four sums at once, which are then parted."""
        half = self.at.box[0] / 2
        left = 0.0
        right = self.at.gates["o"] + half
        y = self.rows["sum"]
        weight = self.subject.ref("weight_ih")
        biased = self.subject.weights.bias_ih is not None
        ih, hh = (" + bias_ih", " + bias_hh") if biased else ("", "")
        # A law, which needs no value, and what parts it.
        told = [sentence("z.chunk({})", (4, f"{weight}.shape[0] // c.shape[-1]"))]
        if not self.close:
            made = f"z = x @ weight_ih.T{ih} + h_prev @ weight_hh.T{hh}"
            told.insert(0, sentence(made))
        wide = [words.width(one.text, words.SMALL) for one in told]
        x = (left + right - sum(wide) - 28 * (len(told) - 1)) / 2
        texts: list[Mark] = []
        for one, own in zip(told, wide, strict=True):
            text, _ = words.paragraph(x, y - 9, one, own + 1, size=words.SMALL, fill="ink")
            texts.append(text)
            x += own + 28
        bar = Box(left, y - BAR / 2, right - left, BAR, radius=BAR / 2, fill="paper", stroke="ink")
        return [bar, *texts]

    def gates(self) -> list[Mark]:
        """What functions make of the sums."""
        return [self.tensor(gate, (x, self.rows["gates"])) for gate, x in self.at.gates.items()]

    def states(self) -> list[Mark]:
        """From the gates and c_prev to c and h."""
        at, y = self.at, self.rows
        half = self.state / 2
        low = y["gates"] + half
        over = y["acts"] - half - _above(1)
        turn = y["acts"] + half + APART / 2
        top = y["c"] - half - _above(2)
        f, written, out = at.gates["f"], at.written, at.gates["o"]
        last = "shown" if self.projected else "h"
        after = at.c + self.width("c") / 2
        before = out - self.width(last) / 2
        squashed, aside = (after + before) / 2, self.width("tanh_c") / 2
        # Straight down, where the box is below.
        bend = [] if f == at.c - 12 else [(f, turn), (at.c - 12, turn)]
        marks: list[Mark] = [
            self.wire("f", "kept", (f, low), (f, over), paint="gate-f"),
            self.wire(
                "c_prev",
                "kept",
                (at.c_prev + self.width("c_prev") / 2, y["acts"]),
                (f - self.width("kept") / 2, y["acts"]),
                paint="c",
            ),
            self.wire("kept", "c", (f, y["acts"] + half), *bend, (at.c - 12, top), paint="c"),
            self.wire(
                "written",
                "c",
                (written, y["acts"] + half),
                (written, turn),
                (at.c + 12, turn),
                (at.c + 12, top),
                paint="c",
            ),
            self.wire("c", "tanh_c", (after, y["c"]), (squashed - aside, y["c"]), paint="c"),
            self.wire("tanh_c", last, (squashed + aside, y["c"]), (before, y["c"]), paint="c"),
            self.wire("o", last, (out, low), (out, top), paint="gate-o"),
        ]
        for gate, side in (("i", -10), ("g", 10)):
            x = at.gates[gate]
            level = low + APART / 2
            marks.append(
                self.wire(
                    gate,
                    "written",
                    (x, low),
                    (x, level),
                    (written + side, level),
                    (written + side, over),
                    paint=f"gate-{gate}",
                )
            )
        marks += [
            self.tensor("c_prev", (at.c_prev, y["acts"])),
            self.tensor("kept", (f, y["acts"])),
            self.tensor("written", (written, y["acts"])),
            self.tensor("c", (at.c, y["c"])),
            self.tensor("tanh_c", (squashed, y["c"])),
            self.tensor(last, (out, y["c"])),
        ]
        if self.projected:
            marks += [
                self.wire(
                    "shown", "h", (out, y["c"] + half), (out, y["c"] + half + APART), paint="h"
                ),
                self.tensor("h", (out, y["h"])),
            ]
        return marks


def _above(lines: int) -> float:
    """How much of a box is above its numbers, for lines of words."""
    return lines * LINE + 4


def _head(graph: _Graph) -> Head:
    subject = graph.subject
    sizes, label = subject.weights, subject.label(graph.t)
    legend = f"{gauges.legend('i, f and o')} " if graph.style.bar else ""
    return Head(
        sentence("Three gates make c, the fourth makes h"),
        sentence(
            "One step as a graph: an arrow leads from each tensor to what is computed from it."
        ),
        provenance(subject, *step_of(subject, label)),
        (
            sentence(f"{legend}@ is a matrix product; everything else works element by element."),
            *left_out(
                ("input", few(sizes.input_size), "x.shape[-1]"),
                ("unit", few(sizes.hidden_size), "c.shape[-1]"),
            ),
        ),
        source(subject),
    )


def _description(graph: _Graph) -> str:
    said = {
        "x": "x",
        "h_prev": "h_prev",
        "c_prev": "c_prev",
        **{gate: f"gate {gate}" for gate in "ifgo"},
        "kept": "f·c_prev",
        "written": "i·g",
        "c": "c",
        "tanh_c": "tanh c",
        **({"shown": "o·tanh c"} if graph.projected else {}),
        "h": "h",
    }
    told = "; ".join(f"{words} is {spoken(graph.values(name))}" for name, words in said.items())
    return f"Step {graph.subject.label(graph.t)}: {told}."
