"""The figure `data-flow`."""

from collections.abc import Sequence

from ..layout.cells import CHARACTER, LINE, number, spoken
from ..layout.fold import Gap, excerpt
from ..layout.vectors import gap, size_notes
from ..model.lstm import GATES
from ..proof import digits
from ..proof.digits import counted
from ..proof.subject import Number, Subject
from ..scene.marks import Box, Mark, Text
from ..scene.scenes import Edge, Graph, Heading, Node
from ..scene.terms import GATE_NAMES, TERMS
from ..scene.theme import tint


def data_flow(subject: Subject, room: float, *, step: int = 2) -> Graph:
    """The graph of one step, its nodes named as in the code.

    Args:
        subject: What is drawn.
        room: The width that the figure may use.
        step: The time step, counted from 1; the first if there is no other.
    """
    t = subject.at(step)
    units = counted(subject.weights.hidden_size, "unit")
    narrow = room < 480
    make = _Maker(subject, t, narrow)
    biased = subject.weights.bias_ih is not None
    nodes = [
        make.tensor("x", "x", make.values("x"), rank="in"),
        make.tensor("h_prev", "h_prev", make.values("h_prev"), "h", "in"),
        make.tensor(
            "c_prev", "c_prev", make.values("c_prev"), "c",
            "in" if narrow else "gates",
        ),
        make.shaped("ih", "x @ weight_ih.T"),
        make.shaped("hh", "h_prev @ weight_hh.T"),
        make.shaped("z", "ih + hh" + " + bias_ih + bias_hh" * biased),
    ]  # fmt: skip
    edges = [
        Edge("x", "ih"),
        Edge("h_prev", "hh", "h"),
        Edge("ih", "z"),
        Edge("hh", "z"),
    ]
    if not narrow:
        for name, product in (("weight_ih", "ih"), ("weight_hh", "hh")):
            nodes.append(make.shaped(name, name, "in"))
            edges.append(Edge(name, product))
    for k, gate in enumerate(GATES):
        paint = TERMS[gate].role
        name, function = GATE_NAMES[gate]
        nodes += [
            make.tensor(
                f"z_{gate}", f"chunk {k}" if narrow else f"z.chunk(4)[{k}]",
                make.values(f"z_{gate}"), paint, rank="z",
            ),
            make.tensor(
                gate, f"{function}(z_{gate})", make.values(gate), paint,
                rank="gates",
            ),
        ]  # fmt: skip
        edges += [
            Edge("z", f"z_{gate}", paint, gate),
            Edge(f"z_{gate}", gate, paint, gate),
        ]
    nodes += [
        make.product("f", "c_prev"),
        make.product("i", "g"),
        make.tensor("c", "f * c_prev + i * g", make.values("c"), "c"),
        make.tensor("tanh_c", "tanh(c)", make.values("tanh_c"), "c"),
        *make.hidden(),
    ]
    shown = "o-tanh_c" if subject.weights.proj_size else "h"
    edges += [
        Edge("f", "f-c_prev", "gate-f", "f"),
        Edge("c_prev", "f-c_prev", "c", "c_prev"),
        Edge("i", "i-g", "gate-i", "i"),
        Edge("g", "i-g", "gate-g", "g"),
        Edge("f-c_prev", "c", "c"),
        Edge("i-g", "c", "c"),
        Edge("c", "tanh_c", "c", "c"),
        Edge("tanh_c", shown, "c", "tanh_c"),
        Edge("o", shown, "gate-o", "o"),
        *[Edge(shown, "h", "h", "h")] * (shown != "h"),
    ]
    return Graph(
        Heading(
            "One step as a graph",
            f"{subject.module}, step {step}: what is computed from what, "
            "named as in the code",
            (
                "An arrow goes from a tensor to what is computed from it.",
                f"States and gates have {units}, in reading order.",
                *(f"h has {counted(subject.weights.size, 'element')}.",)
                * (subject.weights.proj_size > 0),
                *size_notes(subject),
            ),
            subject.source,
        ),
        f"From x = {spoken(make.values('x'))}, h_prev = "
        f"{spoken(make.values('h_prev'))} and c_prev = "
        f"{spoken(make.values('c_prev'))} come the gates: "
        + "; ".join(f"{gate} = {spoken(make.values(gate))}" for gate in GATES)
        + f"; then c = {spoken(make.values('c'))} and "
        f"h = {spoken(make.values('h'))}.",
        tuple(nodes),
        tuple(edges),
        room,
        (6, 22) if narrow else (18, 24),
        (tuple(f"z_{gate}" for gate in GATES), GATES),
    )


WIDEST = 210.0
"""The width of z where gates stand in one row."""


class _Maker:
    """Nodes of one step, each a name, its code and its numbers or shape."""

    def __init__(self, subject: Subject, t: int, narrow: bool):
        self.subject = subject
        self.t = t
        self.columns = 1 if narrow else 2
        self.least, self.space = (66.0, 6.0) if narrow else (104.0, 14.0)
        self.room = int((self.least - 4) / CHARACTER)

    def values(self, name: str) -> Sequence[Number]:
        """A vector of the step."""
        return self.subject.vector(name, self.t)

    def product(self, first: str, second: str, paint: str = "c") -> Node:
        """A node without a name, the product of two vectors."""
        values = self.subject.product(first, second, self.t)
        id, code = f"{first}-{second}", f"{first} * {second}"
        return self.tensor(id, code, values, paint, name="")

    def hidden(self) -> list[Node]:
        """The hidden state, and what is projected to it."""
        if not self.subject.weights.proj_size:
            return [self.tensor("h", "o * tanh_c", self.values("h"), "h")]
        return [
            self.product("o", "tanh_c", "h"),
            self.tensor("h", "… @ weight_hr.T", self.values("h"), "h"),
        ]

    def tensor(
        self,
        id: str,
        code: str,
        values: Sequence[Number],
        paint: str = "ink",
        rank: str = "",
        name: str | None = None,
    ) -> Node:
        """A node that shows its numbers."""
        lines = self._lines(id if name is None else name, code, paint)
        # The row of inputs has room for three beside each other.
        three = id == "x" and len(values) == 3 and self.columns == 2
        columns = 3 if three else min(len(values), self.columns)
        width = max(self._width(lines), 44 * columns + 12)
        shown = excerpt(len(values))
        # Sums stand side by side, so they print in one notation.
        sums = [f"z_{gate}" for gate in GATES]
        alike = [*map(self.values, sums)] if id in sums else [values]
        places = digits.decimals(
            v.value for one in alike for v in shown.of(one)
        )
        first = _LINE * len(lines) + 17
        marks: list[Mark] = []
        for k, line in enumerate(shown.lines):
            x = width / 2 + (k % columns - (columns - 1) / 2) * 44
            y = first + k // columns * LINE
            if isinstance(line, Gap):
                marks += gap(x, y, line.count)
                continue
            marks.append(
                number(
                    x - (CHARACTER / 2 if places else 0),
                    y,
                    values[line],
                    places=places,
                    room=int(44 / CHARACTER) if columns > 1 else self.room,
                    id=f"{id}-{self.t}-{line}",
                    term=id if id in TERMS else paint,
                )
            )
        height = first + (-(-len(shown.lines) // columns) - 1) * LINE + 9
        return _node(id, width, height, lines, marks, paint, rank)

    def shaped(self, id: str, code: str, rank: str = "") -> Node:
        """A node that shows its shape: it has too many numbers."""
        parameters = self.subject.weights.parameters()
        shape = parameters.get(id, self.subject.steps[self.t].ih).shape
        lines = self._lines(id, code, "ink")
        # Gates stand in a row below z, which is to be as wide without biases.
        least = WIDEST if id == "z" and self.columns == 1 else 0
        width = max(self._width(lines), least)
        y = _LINE * len(lines) + 17
        text = Text(
            x=width / 2, y=y, content=str(shape), size=11, mono=True,
            fill="muted", anchor="middle",
        )  # fmt: skip
        return _node(id, width, y + 9, lines, [text], "muted", rank)

    def _lines(self, name: str, code: str, paint: str) -> list[Text]:
        """The name, and the code where it says more."""
        lines = [
            Text(
                x=0, y=0, content=name, size=12, mono=True, bold=True,
                fill=paint, anchor="middle",
            ),
            Text(
                x=0, y=0, content=code, size=11, mono=True, fill="muted",
                anchor="middle",
            ),
        ]  # fmt: skip
        return [
            line for line in lines[: 1 if name == code else 2] if line.content
        ]

    def _width(self, lines: list[Text]) -> float:
        return max(self.least, *(line.width + self.space for line in lines))


_LINE = 15.0
"""From one line of a node to the next."""


def _node(
    id: str,
    width: float,
    height: float,
    lines: list[Text],
    marks: Sequence[Mark],
    paint: str,
    rank: str,
) -> Node:
    box = Box(
        x=0, y=0, width=width, height=height, radius=6,
        fill=tint(paint) if id in GATES else "panel", stroke=paint,
        term=id if id in TERMS else "",
    )  # fmt: skip
    placed = [
        line._replace(x=width / 2, y=17 + _LINE * k)
        for k, line in enumerate(lines)
    ]
    return Node(id, width, height, (box, *placed, *marks), rank)
