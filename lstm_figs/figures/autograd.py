"""The figure `autograd`."""

import re
from dataclasses import replace

from ..layout import styles, words
from ..layout.cells import spoken
from ..layout.fold import excerpt, left_out
from ..layout.motifs import wires
from ..layout.provenance import provenance, source
from ..model.autograd import Operation, Recorded
from ..model.lstm import GATES
from ..proof.bindings import Flow, Node, Says, Sentence, sentence
from ..proof.reference import Ref, Vector
from ..proof.subject import Subject
from ..scene.marks import Box, Group, Mark, shift
from ..scene.scenes import Graph, GraphEdge, GraphNode, Head
from ..scene.terms import TERMS
from ..scene.theme import Paint, tint

ROWS = (
    ("the-c", "the-h"),
    ("kept", "added", "o"),
    ("f", "i", "g"),
    ("c_prev", "z.chunk(4)"),
    ("ih", "hh"),
    ("weight_ih.T", "bias_ih", "bias_hh", "weight_hh.T"),
    ("weight_ih", "h_prev", "weight_hh"),
)
"""Nodes that stand beside each other, so that no arrows cross."""

CODE = {
    "c": "{kept} + {added}",
    "kept": "{f} * {c_prev}",
    "added": "{i} * {g}",
    "z": "{ih} + {hh}",
    "ih": "linear({x}, {weight_ih}, {bias_ih})",
    "hh": "linear({h_prev}, {weight_hh}, {bias_hh})",
    "tanh_c": "tanh({c})",
    "i": "σ({z_i})",
    "f": "σ({z_f})",
    "g": "tanh({z_g})",
    "o": "σ({z_o})",
}
"""How a step computes the tensor of a node."""

PYTHON = {
    "linear(": "torch.nn.functional.linear(",
    "tanh(": "torch.tanh(",
    "σ(": "torch.sigmoid(",
}
"""What functions are called in Python."""

LINE = 17.0
"""The height of a line of words in a box."""


def autograd(subject: Subject, room: float, *, step: int = 2) -> Graph:
    """What autograd records in one step, and where gradients then go.

    Args:
        subject: What is drawn.
        room: The width that the figure may use.
        step: The time step, counted from 1; the first if there is no other.
    """
    assert subject.record is not None
    recorded: Recorded = subject.record.values["recorded"]
    look = _Look(subject, subject.at(step), recorded, close=room < 640)
    nodes = [
        *map(look.result, ("h", "c")),
        *map(look.node, recorded.step),
    ]
    edges = [
        *(_edge(f"the-{name}", name, name, name) for name in ("h", "c")),
        *(
            _edge(one.id, after, *_paint(after, result))
            for one in recorded.step
            for after, result in one.next
        ),
    ]
    present = {node.id for node in nodes}
    return Graph(
        _head(subject, recorded, step, look.own()),
        look.description(),
        tuple(nodes),
        tuple(edges),
        room,
        (4, 22) if look.close else (18, 24),
        tuple(tuple(id for id in row if id in present) for row in ROWS),
    )


def _head(
    subject: Subject, recorded: Recorded, step: int, own: Sentence
) -> Head:
    leaves = sum(not one.next for one in recorded.step)
    every = f"list({subject.shown}.parameters())"
    return Head(
        sentence(
            "One gradient of h reaches every parameter",
            claim="all(gradient is not None for gradient in "
            f'torch.autograd.grad(recorded["h"], {every}, '
            'torch.ones_like(recorded["h"]), retain_graph=True, '
            "allow_unused=True))",
        ),
        sentence(
            "While a step computes, autograd records {} operations; backward "
            "follows the arrows, from h and c to {} leaves.",
            (
                len(recorded.step) - leaves,
                'sum(len(n.next_functions) > 0 for n in nodes(recorded["h"]))',
            ),
            (
                leaves,
                'sum(n.next_functions == () for n in nodes(recorded["h"]))',
            ),
        ),
        provenance(subject, ("step {}", step, str(step))),
        (
            sentence(
                "An arrow is an entry of next_functions, a box with sharp "
                "corners a leaf. A node with numbers keeps them for backward."
            ),
            own,
            *left_out(
                (
                    "unit",
                    excerpt(subject.weights.hidden_size),
                    'recorded["c"].shape[-1]',
                )
            ),
        ),
        source(subject),
    )


class _Look:
    """The nodes of one step, each in a box of the size that it needs."""

    def __init__(
        self, subject: Subject, t: int, recorded: Recorded, *, close: bool
    ):
        self.subject, self.t, self.recorded = subject, t, recorded
        self.close = close
        self.size = words.SMALL if close else words.LABEL
        self.vectors = wires.look(subject.weights.hidden_size, close=close)

    def result(self, name: str) -> GraphNode:
        """A result, whose `grad_fn` is the first node."""
        width = 66.0 if self.close else 104.0
        id = f"result-{name}"
        box = Box(
            0, 0, width, 28, radius=14, fill="paper", stroke=_role(name),
            stroke_width=1.5, term=name,
        )  # fmt: skip
        label = wires.name((width / 2, 14), name, name, id)
        of = Node(_held(name))
        group = Group((box, label), id=id, bound=(of,))
        return GraphNode(f"the-{name}", width, 28, (group,), "results")

    def own(self) -> Sentence:
        """What the module's own run records."""
        kind, steps = self.subject.trace.kind, len(self.subject.steps)
        result = "h_n" if kind == "LSTMCell" else "output"
        noun = "step" if steps == 1 else "steps"
        over = (steps, "len(x)")
        count = sum(count for _, count in self.recorded.module)
        if count == 1:
            return sentence(
                f"nn.{kind} itself records one node for {{}} {noun}: {{}}.",
                over, (self.recorded.module[0][0], _said(f"{result}.grad_fn")),
            )  # fmt: skip
        every = f"sum(len(n.next_functions) > 0 for n in nodes({result}))"
        return sentence(
            f"nn.{kind} itself records {{}} operations for {{}} {noun}.",
            (count, every), over,
        )  # fmt: skip

    def node(self, one: Operation) -> GraphNode:
        """The class of a node, the tensor it belongs to, and what it keeps."""
        paint = "c" if one.id in ("kept", "added") else _role(one.id)
        name = self.named(one.name, one.expr)
        return self.boxed(
            one.id, name, self.code(one), one.expr, paint,
            values=self.saved(one), leaf=not one.next,
        )  # fmt: skip

    def named(self, name: str, expr: str) -> Sentence:
        """The name of a class, in two words where there is little room."""
        said = _said(expr)
        if not self.close:
            return sentence("{}", (name, said))
        first, second = re.split("(?=Backward|Grad)", name)
        return sentence(
            "{} {}",
            (first, f"{said}[:-{len(second)}]"),
            (second, f"{said}[-{len(second)}:]"),
        )

    def code(self, one: Operation) -> Sentence:
        """The line of the step that a node belongs to, or its leaf."""
        id = one.id
        projected = self.subject.weights.proj_size > 0
        if not one.next:
            return sentence(id, claim=f"{one.expr}.variable is {_held(id)}")
        if id.endswith(".T"):
            leaf = f"{one.expr}.next_functions[0][0].variable"
            return sentence(id, claim=f"{leaf} is {_held(id[:-2])}")
        if id == "z.chunk(4)":
            gates = ", ".join(_held(f"z_{gate}") for gate in GATES)
            return sentence(
                "z.chunk({})",
                (4, f"{_held('z')}.shape[1] // {_held('c')}.shape[1]"),
                claim=f"torch.allclose(torch.cat([{gates}], dim=1), "
                f"{_held('z')}, equal_nan=True)",
            )
        shown = "{o} * {tanh_c}"
        code = CODE.get(id, shown)
        if id == "h" and projected:
            code = "linear({shown}, {weight_hr})"
        said = re.sub("[{}]", "", code)
        if said.startswith("linear"):
            said = re.sub(", .*", ", …)", said)
        python = re.sub(r"{(\w+)}", lambda found: _held(found[1]), code)
        for function, call in PYTHON.items():
            python = python.replace(function, call)
        return sentence(
            f"{id} = {said}",
            claim=f"torch.allclose({_held(id)}, {python}, equal_nan=True)",
        )

    def saved(self, one: Operation) -> Vector | None:
        """The result that a node has kept, as our own run has it."""
        if one.id not in one.keeps:
            return None
        return replace(
            self.subject.vector(one.id, self.t),
            of=Ref(f"{one.expr}._saved_result")[0],
        )

    def boxed(
        self,
        id: str,
        name: Sentence,
        code: Sentence,
        of: str,
        paint: Paint,
        *,
        values: Vector | None = None,
        leaf: bool = False,
    ) -> GraphNode:
        """Words, a line of code and numbers in a box; a leaf has corners."""
        # The boxes at the foot stand side by side, with no more room than so.
        foot = leaf or id.endswith(".T")
        pad = (4 if foot else 7) if self.close else 14
        parts = name.text.split() if self.close else [name.text]
        bold = not self.close
        room = 1 + max(
            words.width(part, self.size, bold=bold) for part in parts
        )
        column = max(room, words.width(code.text, words.SMALL))
        width = max(62.0 if self.close else 104.0, column + pad)
        middle = width / 2
        lines, y = words.paragraph(
            middle, 7, name, room, size=self.size, anchor="middle",
            fill=paint, bold=bold,
        )  # fmt: skip
        marks: list[Mark] = [lines]
        if values:
            height = self.vectors.height(len(values))
            label = words.label(
                middle, y + LINE / 2, code.text, {"tensor": id},
                [f"saved-{id}"], "column", style=words.FINE, anchor="middle",
                says=Says(claim=code.says.claim), term=id,
            )  # fmt: skip
            vector = wires.vector(
                (middle, y + LINE + 4 + height / 2), values, self.vectors,
                _bars(id), id=id, term=id, paint=paint,
            )  # fmt: skip
            marks += [label, wires.node(vector, values, f"saved-{id}")]
            bottom = y + LINE + height + 12
        else:
            said, y = words.paragraph(
                middle, y, code, width, size=words.SMALL, anchor="middle"
            )
            marks.append(said)
            bottom = y + 7
        box = Box(
            0, 0, width, bottom, radius=0 if leaf else 6,
            fill=tint(paint) if values else "paper" if leaf else "panel",
            stroke=paint, term=id if id in TERMS else "",
        )  # fmt: skip
        around = styles.back(box, "not it.next_functions" if leaf else "")
        keeps = 'hasattr(it, "_saved_result")'
        around = styles.strong(around, keeps if values else "")
        group: Mark = Group((around, *marks), id=_id(id), bound=(Node(of),))
        # An arrow passes them at the left, where there is little room.
        space = 8 if id in ("tanh_c", "f") and self.close else 0
        group = shift(group, space, 0)
        row = next((row[0] for row in ROWS if id in row), "")
        return GraphNode(id, width + space, bottom, (group,), row)

    def description(self) -> str:
        """Every node, with what it keeps and where it leads."""
        sentences = []
        for one in self.recorded.step:
            saved = self.saved(one)
            keeps = f" keeps {spoken(saved)}" if saved else ""
            after = " and ".join(id for id, _ in one.next)
            leads = f" leads to {after}" if after else " is where it ends"
            joint = " and" if keeps else ""
            sentences.append(f"{one.name} of {one.id}{keeps}{joint}{leads}")
        return (
            f"A graph from h and c back to the leaves. {'; '.join(sentences)}. "
            f"{self.own()}"
        )


def _said(expr: str) -> str:
    """What torch calls a node, without what it is in."""
    return f'{expr}.name().rpartition("::")[2]'


def _held(name: str) -> str:
    """A tensor of the step, as the preamble has it."""
    return f'recorded["{name}"]'


def _id(node: str) -> str:
    """The id of the box of a node, which the preamble's names are part of."""
    return "node-" + re.sub(r"\W+", "-", node).strip("-")


def _role(id: str) -> Paint:
    return TERMS[id].role if id in TERMS else "ink"


def _bars(id: str) -> wires.Bars:
    """What the bars of a result show: of a tanh they reach from −1 to 1."""
    return wires.Bars(_role(id), 1.0 if id in ("g", "tanh_c") else None)


def _edge(tail: str, head: str, paint: Paint, term: str) -> GraphEdge:
    """The way of a gradient, from a result or a node to what comes next."""
    start = f"result-{tail[4:]}" if tail.startswith("the-") else _id(tail)
    flow = Flow("back", start, _id(head))
    return GraphEdge(tail, head, paint, term, (flow,))


def _paint(head: str, result: int) -> tuple[Paint, str]:
    """The paint and the term of an edge, those of the tensor it is about."""
    if head == "z.chunk(4)":
        head = GATES[result]
    for id in (head, {"kept": "c", "added": "c"}.get(head, "")):
        if id in TERMS and TERMS[id].role != "ink":
            return TERMS[id].role, id
    return "muted", ""
