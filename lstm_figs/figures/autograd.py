"""The figure `autograd`: what autograd records in one step, and where gradients go."""

import re
from dataclasses import replace
from typing import NamedTuple

from ..layout import styles, words
from ..layout.excerpts import Excerpt, left_out_notes
from ..layout.motifs import vectors, wires
from ..layout.motifs.vectors import VectorLook
from ..layout.number_lists import number_list
from ..layout.provenance import provenance, source, step_items
from ..layout.shapes import Point
from ..model.autograd import Operation, Recorded
from ..model.layer_run import LayerRun
from ..model.lstm import GATES
from ..model.reference import Ref, Vector
from ..proof.bindings import Flow, Node, Says, Sentence, sentence
from ..scene.marks import Anchor, Box, Group, Mark, shift
from ..scene.scenes import Graph, GraphEdge, GraphNode, Head
from ..scene.terms import TERMS
from ..scene.theme import Paint, tint

ROWS = (
    # The results; their nodes are `c` and `h`.
    ("the-c", "the-h"),
    ("kept", "added", "o"),
    ("f", "i", "g"),
    ("c_prev", "z.chunk(4)"),
    ("ih", "hh"),
    ("weight_ih.T", "bias_ih", "bias_hh", "weight_hh.T"),
    ("weight_ih", "h_prev", "weight_hh"),
)
"""The nodes of each row, in an order in which no arrows cross."""

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
"""Node -> the code that computes its tensor, with tensors in braces."""

PYTHON = {"linear(": "torch.nn.functional.linear(", "tanh(": "torch.tanh(", "σ(": "torch.sigmoid("}
"""Start of a call, as drawn -> as Python that runs."""

LINE_HEIGHT = 17.0
"""The height of a line of text in a box."""
WIDE_GAP, MIDDLE_GAP, NARROW_GAP, ROW_GAP = 40.0, 18.0, 4.0, 15.0
"""The gap between the boxes of a row in a figure as wide as a page, in a narrower one,
and on a phone; and the gap between rows."""
RESULT_HEIGHT = 28.0
"""The height of the box of a result, and of values in a row."""
LEAF_PAINT: Paint = "ink:16"
"""The paint of leaves, to which gradients go."""
MAX_VISIBLE, MAX_IN_ROW = 4, 2
"""A longer vector is shown as an excerpt; a longer excerpt, as a column."""


def autograd(subject: LayerRun, width: float, *, step: int = 2) -> Graph:
    """What autograd records in one step, and where gradients then go.

    Args:
        subject: The layer run to draw.
        width: The width that the figure may use.
        step: The time step, counted from 1; the first if there is no other.
    """
    assert subject.record is not None
    recorded: Recorded = subject.record.values["recorded"]
    node_boxes = _NodeBoxes(subject, subject.step_index(step), recorded, narrow=width < 640)
    nodes = [*map(node_boxes.result, ("h", "c")), *map(node_boxes.node, recorded.step)]
    lit = shortest_ways(recorded)
    edges = [
        *(_edge(f"the-{name}", name, name, name, is_lit=name == "h") for name in ("h", "c")),
        *(
            _edge(operation.id, after, *_paint(after, result), is_lit=(operation.id, after) in lit)
            for operation in recorded.step
            for after, result in operation.next
        ),
    ]
    ids = {node.id for node in nodes}
    gap = NARROW_GAP if node_boxes.narrow else WIDE_GAP if width >= 720 else MIDDLE_GAP
    return Graph(
        heading=_head(
            subject, recorded, step, node_boxes.module_note("Numbers are saved tensors. ")
        ),
        description=node_boxes.description(),
        nodes=tuple(nodes),
        edges=tuple(edges),
        figure_width=width,
        gap=(gap, ROW_GAP),
        orders=tuple(tuple(id for id in row if id in ids) for row in ROWS),
    )


def _head(subject: LayerRun, recorded: Recorded, step: int, module_note: Sentence) -> Head:
    leaves = sum(not operation.next for operation in recorded.step)
    parameters = f"list({subject.module_variable}.parameters())"
    return Head(
        sentence(
            "One gradient of h reaches every parameter",
            claim="all(gradient is not None for gradient in "
            f'torch.autograd.grad(recorded["h"], {parameters}, '
            'torch.ones_like(recorded["h"]), retain_graph=True, '
            "allow_unused=True))",
        ),
        sentence(
            "One step records {} operations. Thick arrows are the shortest way "
            "from h to each parameter.",
            (
                len(recorded.step) - leaves,
                'sum(len(n.next_functions) > 0 for n in nodes(recorded["h"]))',
            ),
        ),
        provenance(subject, *step_items(subject, step)),
        (
            module_note,
            *left_out_notes(
                ("unit", _visible(subject.weights.hidden_size), 'recorded["c"].shape[-1]')
            ),
        ),
        source(subject),
    )


class Content(NamedTuple):
    """The text and the values in the box of a node.

    Attributes:
        id: The node.
        of: The expression of the node.
        paint: Its paint.
        name: Its class, or the name of a leaf.
        code: The line of code that made it; None for a leaf.
        values: The result that it saves for backward, if it does.
    """

    id: str
    of: str
    paint: Paint
    name: Sentence
    code: Sentence | None = None
    values: Vector | None = None

    @property
    def is_leaf(self) -> bool:
        """Whether the node is a leaf, which has sharp corners."""
        return self.code is None


class _NodeBoxes:
    """The nodes of one step, each in a box that fits its content."""

    def __init__(self, subject: LayerRun, t: int, recorded: Recorded, *, narrow: bool):
        self.subject, self.t, self.recorded = subject, t, recorded
        self.narrow = narrow
        self.font_size = words.SMALL if narrow else words.LABEL
        self.visible = _visible(subject.weights.hidden_size)
        self.vector_look = VectorLook(width=64, font_size=words.SMALL, line_height=16, bar_height=0)

    def result(self, name: str) -> GraphNode:
        """One of the results, h or c."""
        width = 66.0 if self.narrow else 104.0
        id = f"result-{name}"
        box = Box(
            0,
            0,
            width,
            RESULT_HEIGHT,
            radius=RESULT_HEIGHT / 2,
            fill="paper",
            stroke=_role(name),
            stroke_width=styles.CELL.strong.weight,
            term=name,
        )
        label = vectors.vector_name((width / 2, RESULT_HEIGHT / 2), text=name, tensor=name, of=id)
        tensor_node = Node(_recorded_tensor(name))
        group = Group((box, label), id=id, bound=(tensor_node,))
        return GraphNode(f"the-{name}", width, RESULT_HEIGHT, (group,), rank="results")

    def module_note(self, before: str = "") -> Sentence:
        """How many operations autograd records when the module itself runs, after other words."""
        kind, steps = self.subject.trace.kind, len(self.subject.steps)
        result = "h_n" if kind == "LSTMCell" else "output"
        noun = "step" if steps == 1 else "steps"
        step_count = (steps, "len(x)")
        count = sum(count for _, count in self.recorded.module)
        if count == 1:
            return sentence(
                f"{before}nn.{kind} itself records one node for {{}} {noun}: {{}}.",
                step_count,
                (self.recorded.module[0][0], _name_expression(f"{result}.grad_fn")),
            )
        expression = f"sum(len(n.next_functions) > 0 for n in nodes({result}))"
        return sentence(
            f"{before}nn.{kind} itself records {{}} operations for {{}} {noun}.",
            (count, expression),
            step_count,
        )

    def node(self, operation: Operation) -> GraphNode:
        """A node: its class, its tensor, and the result that it saves."""
        id, code = operation.id, self.code(operation)
        paint = "c" if id in ("kept", "added") else _role(id)
        is_leaf = not operation.next
        if is_leaf:
            return self.boxed_node(Content(id=id, of=operation.expr, paint=paint, name=code))
        name, values = _class_name(operation), self.saved(operation)
        return self.boxed_node(
            Content(id=id, of=operation.expr, paint=paint, name=name, code=code, values=values)
        )

    def code(self, operation: Operation) -> Sentence:
        """The line of code that made a node, or the name of its leaf."""
        id = operation.id
        is_projected = self.subject.weights.proj_size > 0
        if not operation.next:
            return sentence(id, claim=f"{operation.expr}.variable is {_recorded_tensor(id)}")
        if id.endswith(".T"):
            leaf = f"{operation.expr}.next_functions[0][0].variable"
            return sentence(id, claim=f"{leaf} is {_recorded_tensor(id.removesuffix('.T'))}")
        if id == "z.chunk(4)":
            gates = ", ".join(_recorded_tensor(f"z_{gate}") for gate in GATES)
            return sentence(
                "z.chunk({})",
                (4, f"{_recorded_tensor('z')}.shape[1] // {_recorded_tensor('c')}.shape[1]"),
                claim=f"torch.allclose(torch.cat([{gates}], dim=1), {_recorded_tensor('z')}, "
                "equal_nan=True)",
            )
        # Only the nodes of o·tanh c are left: `shown`, or `h` without a projection.
        code = CODE.get(id, "{o} * {tanh_c}")
        if id == "h" and is_projected:
            code = "linear({shown}, {weight_hr})"
        label = re.sub("[{}]", "", code)
        if label.startswith("linear"):
            first_argument, _, _ = label.partition(",")
            label = f"{first_argument}, …)"
        python = re.sub(r"{(\w+)}", lambda name: _recorded_tensor(name[1]), code)
        for function, call in PYTHON.items():
            python = python.replace(function, call)
        return sentence(
            f"{id} = {label}",
            claim=f"torch.allclose({_recorded_tensor(id)}, {python}, equal_nan=True)",
        )

    def saved(self, operation: Operation) -> Vector | None:
        """The result that a node saves for backward, from our own run."""
        if operation.id not in operation.keeps:
            return None
        return replace(
            self.subject.vector(operation.id, self.t), of=Ref(f"{operation.expr}._saved_result")[0]
        )

    def boxed_node(self, content: Content) -> GraphNode:
        """The box of a node: its name, its code and its saved values.

        The code is right of the name, or below it in a narrow figure.
        """
        id, paint, values = content.id, content.paint, content.values
        marks, width, bottom = self.name_and_code(content)
        if values:
            vector, height = self.saved_vector(id, values, paint, (width / 2, bottom - 4))
            marks.append(vector)
            bottom += height + 1
        is_leaf = content.is_leaf
        fill: Paint = tint(paint) if values else LEAF_PAINT if is_leaf else "panel"
        box = Box(
            0,
            0,
            width,
            bottom,
            radius=0 if is_leaf else 6,
            fill=fill,
            stroke=paint,
            term=id if id in TERMS else "",
        )
        frame = styles.muted(box, "not it.next_functions" if is_leaf else "")
        frame = styles.emphasized(frame, 'hasattr(it, "_saved_result")' if values else "")
        group: Mark = Group((frame, *marks), id=_id(id), bound=(Node(content.of),))
        # In a narrow figure an arrow passes left of these nodes.
        left_margin = 8 if id in ("tanh_c", "f") and self.narrow else 0
        group = shift(group, left_margin, 0)
        # Graphviz puts nodes of one rank into one row.
        rank = next((row[0] for row in ROWS if id in row), "")
        return GraphNode(id, width + left_margin, bottom, (group,), rank)

    def name_and_code(self, content: Content) -> tuple[list[Mark], float, float]:
        """The name and the code of a node, with the width and height they need."""
        code = content.code
        padding, gap = (12.0, 0.0) if self.narrow else (20.0, 8.0)
        name_width = words.width(content.name.text, self.font_size, bold=True)
        code_width = words.width(code.text, words.SMALL) if code else 0.0
        is_code_at_right = code is not None and not self.narrow
        content_width = (
            name_width + gap + code_width if is_code_at_right else max(name_width, code_width)
        )
        width = max(62.0, content_width + padding)
        left = (width - content_width) / 2
        name, bottom = words.paragraph(
            left if is_code_at_right else width / 2,
            5,
            content.name,
            name_width + 1,
            size=self.font_size,
            anchor="start" if is_code_at_right else "middle",
            fill=content.paint,
            bold=True,
        )
        if not code:
            return [name], width, bottom + 5
        at = (left + name_width + gap, 5.0) if is_code_at_right else (width / 2, bottom)
        text, code_bottom = self.code_mark(content, code, at)
        return [name, text], width, max(bottom, code_bottom) + 5

    def code_mark(self, content: Content, code: Sentence, at: Point) -> tuple[Mark, float]:
        """The code of a node with its top at a point, and its bottom.

        The code of a saved result is the label of its values.
        """
        x, top = at
        anchor: Anchor = "middle" if self.narrow else "start"
        if not content.values:
            code_width = words.width(code.text, words.SMALL)
            return words.paragraph(x, top, code, code_width + 1, size=words.SMALL, anchor=anchor)
        label = words.label(
            x,
            top + LINE_HEIGHT / 2,
            code.text,
            names={"tensor": content.id},
            of=[f"saved-{content.id}"],
            along="column" if self.narrow else "block",
            style=words.FINE,
            anchor=anchor,
            says=Says(claim=code.says.claim),
            term=content.id,
        )
        return label, top + LINE_HEIGHT

    def saved_vector(self, id: str, values: Vector, paint: Paint, top: Point) -> tuple[Mark, float]:
        """The saved values of a node below the middle of their top, and their height."""
        is_row = len(self.visible.lines) <= MAX_IN_ROW and not self.narrow
        height = 28.0 if is_row else self.vector_look.height(len(values), self.visible)
        draw_vector = vectors.vector_row if is_row else vectors.vector_box
        vector = draw_vector(
            (top[0], top[1] + height / 2),
            values,
            self.vector_look,
            visible=self.visible,
            id=id,
            term=id,
            paint=paint,
        )
        return wires.node(vector, values, f"saved-{id}"), height

    def description(self) -> str:
        """Every node, the result it saves, and the nodes that follow."""
        sentences = []
        for operation in self.recorded.step:
            saved = self.saved(operation)
            keeps = f" keeps {number_list(saved)}" if saved else ""
            after = " and ".join(id for id, _ in operation.next)
            leads = f" leads to {after}" if after else " is where it ends"
            conjunction = " and" if keeps else ""
            sentences.append(f"{operation.name} of {operation.id}{keeps}{conjunction}{leads}")
        return (
            f"A graph from h and c back to the leaves. {'; '.join(sentences)}. {self.module_note()}"
        )


def _visible(count: int) -> Excerpt:
    """The elements that a node shows of a saved vector.

    >>> _visible(8).indices
    (0, 1, 7)
    """
    all_indices = tuple(range(count))
    return Excerpt(count, all_indices if count <= MAX_VISIBLE else (0, 1, count - 1))


def _class_name(operation: Operation) -> Sentence:
    """The class of a node, without `Backward0`."""
    ending = "Backward0"
    expression = f"{_name_expression(operation.expr)}[:-{len(ending)}]"
    return sentence("{}", (operation.name.removesuffix(ending), expression))


def _name_expression(expr: str) -> str:
    """The expression for the name of a node, without its namespace."""
    return f'{expr}.name().rpartition("::")[2]'


def _recorded_tensor(name: str) -> str:
    """The expression for a tensor of the step, in the preamble."""
    return f'recorded["{name}"]'


def _id(node: str) -> str:
    """The id of the box of a node, from its name in the preamble."""
    return "node-" + re.sub(r"\W+", "-", node).strip("-")


def _role(id: str) -> Paint:
    """The paint of a tensor, or of a node that makes one."""
    return TERMS[id].role if id in TERMS else "ink"


def shortest_ways(recorded: Recorded) -> set[tuple[str, str]]:
    """The arrows, each as tail and head, on the shortest way from h to each parameter."""
    after = {operation.id: [id for id, _ in operation.next] for operation in recorded.step}
    # Search breadth first, so that each node is reached on the shortest way.
    before: dict[str, str] = {}
    queue = ["h"]
    for id in queue:
        new = [head for head in after[id] if head not in before]
        before |= dict.fromkeys(new, id)
        queue += new
    parameters = [id for id in before if id.startswith(("weight", "bias")) and not after[id]]
    arrows = set()
    for head in parameters:
        while head != "h":
            arrows.add((before[head], head))
            head = before[head]
    return arrows


def _edge(tail: str, head: str, paint: Paint, term: str, *, is_lit: bool) -> GraphEdge:
    """The arrow of a gradient, from a result or a node to the next node."""
    is_result = tail.startswith("the-")
    start = f"result-{tail.removeprefix('the-')}" if is_result else _id(tail)
    flow = Flow("back", start, _id(head))
    width = (styles.LINE.strong if is_lit else styles.LINE.muted).weight
    paint = "ink" if is_lit and paint == "muted" else paint
    return GraphEdge(tail, head, paint, term, width, (flow,))


def _paint(head: str, result: int) -> tuple[Paint, str]:
    """The paint and the term of an edge, from the tensor whose gradient it is."""
    if head == "z.chunk(4)":
        head = GATES[result]
    # Both addends of c have its paint.
    term = "c" if head in ("kept", "added") else head
    if term in TERMS and TERMS[term].role != "ink":
        return TERMS[term].role, term
    return "muted", ""
