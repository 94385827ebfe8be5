"""The figure `autograd`."""

import re
from dataclasses import replace

from ..layout import styles, words
from ..layout.cells import spoken
from ..layout.fold import Excerpt, left_out
from ..layout.motifs import wires
from ..layout.motifs.wires import VectorLook
from ..layout.provenance import provenance, source, step_of
from ..model.autograd import Operation, Recorded
from ..model.lstm import GATES
from ..proof.bindings import Flow, Node, Says, Sentence, sentence
from ..proof.reference import Ref, Vector
from ..proof.subject import Subject
from ..scene.marks import Anchor, Box, Group, Mark, shift
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

PYTHON = {"linear(": "torch.nn.functional.linear(", "tanh(": "torch.tanh(", "σ(": "torch.sigmoid("}
"""What functions are called in Python."""

LINE = 17.0
"""The height of a line of words in a box."""
WHOLE, ABREAST = 4, 2
"""The most numbers of a vector that are all shown, and that stand abreast."""


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
    nodes = [*map(look.result, ("h", "c")), *map(look.node, recorded.step)]
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
        (4, 15) if look.close else (18, 15),
        tuple(tuple(id for id in row if id in present) for row in ROWS),
    )


def _head(subject: Subject, recorded: Recorded, step: int, own: Sentence) -> Head:
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
            (leaves, 'sum(n.next_functions == () for n in nodes(recorded["h"]))'),
        ),
        provenance(subject, *step_of(subject, step)),
        (
            sentence(
                "An arrow is an entry of next_functions, a box with sharp "
                "corners a leaf (AccumulateGrad); all other names end in "
                "Backward0. A node with numbers keeps them for backward."
            ),
            own,
            *left_out(("unit", _shown(subject.weights.hidden_size), 'recorded["c"].shape[-1]')),
        ),
        source(subject),
    )


class _Look:
    """The nodes of one step, each in a box of the size that it needs."""

    def __init__(self, subject: Subject, t: int, recorded: Recorded, *, close: bool):
        self.subject, self.t, self.recorded = subject, t, recorded
        self.close = close
        self.size = words.SMALL if close else words.LABEL
        self.shown = _shown(subject.weights.hidden_size)
        self.vectors = VectorLook(64, words.SMALL, 16, 0)

    def result(self, name: str) -> GraphNode:
        """A result, whose `grad_fn` is the first node."""
        width = 66.0 if self.close else 104.0
        id = f"result-{name}"
        box = Box(
            0,
            0,
            width,
            28,
            radius=14,
            fill="paper",
            stroke=_role(name),
            stroke_width=1.5,
            term=name,
        )
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
                over,
                (self.recorded.module[0][0], _said(f"{result}.grad_fn")),
            )
        every = f"sum(len(n.next_functions) > 0 for n in nodes({result}))"
        return sentence(
            f"nn.{kind} itself records {{}} operations for {{}} {noun}.", (count, every), over
        )

    def node(self, one: Operation) -> GraphNode:
        """The class of a node, the tensor it belongs to, and what it keeps."""
        paint = "c" if one.id in ("kept", "added") else _role(one.id)
        code = self.code(one)
        if not one.next:
            return self.boxed(one.id, code, None, one.expr, paint)
        return self.boxed(one.id, _named(one), code, one.expr, paint, values=self.saved(one))

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
                claim=f"torch.allclose(torch.cat([{gates}], dim=1), {_held('z')}, equal_nan=True)",
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
            f"{id} = {said}", claim=f"torch.allclose({_held(id)}, {python}, equal_nan=True)"
        )

    def saved(self, one: Operation) -> Vector | None:
        """The result that a node has kept, as our own run has it."""
        if one.id not in one.keeps:
            return None
        return replace(self.subject.vector(one.id, self.t), of=Ref(f"{one.expr}._saved_result")[0])

    def boxed(
        self,
        id: str,
        name: Sentence,
        code: Sentence | None,
        of: str,
        paint: Paint,
        *,
        values: Vector | None = None,
    ) -> GraphNode:
        """A node: its class and, where there is room beside it, its code.

        A leaf has a name alone, and sharp corners.
        """
        leaf = code is None
        pad, apart = (12.0, 0.0) if self.close else (20.0, 8.0)
        wide = words.width(name.text, self.size, bold=True)
        said = words.width(code.text, words.SMALL) if code else 0.0
        beside = code is not None and not self.close
        room = wide + apart + said if beside else max(wide, said)
        width = max(62.0, room + pad)
        left = (width - room) / 2
        anchor: Anchor = "start" if beside else "middle"
        line, y = words.paragraph(
            left if beside else width / 2,
            5,
            name,
            wide + 1,
            size=self.size,
            anchor=anchor,
            fill=paint,
            bold=True,
        )
        marks: list[Mark] = [line]
        x = left + wide + apart if beside else width / 2
        top = 5.0 if beside else y
        if code and values:
            marks.append(
                words.label(
                    x,
                    top + LINE / 2,
                    code.text,
                    {"tensor": id},
                    [f"saved-{id}"],
                    "block" if beside else "column",
                    style=words.FINE,
                    anchor=anchor,
                    says=Says(claim=code.says.claim),
                    term=id,
                )
            )
            y = max(y, top + LINE)
        elif code:
            text, end = words.paragraph(x, top, code, said + 1, size=words.SMALL, anchor=anchor)
            marks.append(text)
            y = max(y, end)
        bottom = y + 5
        if values:
            abreast = len(self.shown.lines) <= ABREAST and not self.close
            height = self.vectors.height(len(values), self.shown)
            if abreast:
                height = 28.0
            at = width / 2, y + 1 + height / 2
            boxed = wires.row if abreast else wires.vector
            vector = boxed(at, values, self.vectors, shown=self.shown, id=id, term=id, paint=paint)
            marks.append(wires.node(vector, values, f"saved-{id}"))
            bottom = y + height + 6
        box = Box(
            0,
            0,
            width,
            bottom,
            radius=0 if leaf else 6,
            fill=tint(paint) if values else "paper" if leaf else "panel",
            stroke=paint,
            term=id if id in TERMS else "",
        )
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
        return f"A graph from h and c back to the leaves. {'; '.join(sentences)}. {self.own()}"


def _shown(count: int) -> Excerpt:
    """What a node shows of the vector that it keeps.

    >>> _shown(8).indices
    (0, 1, 7)
    """
    every = tuple(range(count))
    return Excerpt(count, every if count <= WHOLE else (0, 1, count - 1))


def _named(one: Operation) -> Sentence:
    """The class of a node, without the ending that all have."""
    ending = "Backward0"
    said = f"{_said(one.expr)}[:-{len(ending)}]"
    return sentence("{}", (one.name.removesuffix(ending), said))


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
