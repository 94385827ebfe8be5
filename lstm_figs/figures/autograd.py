"""The figure `autograd`."""

import re
from collections.abc import Sequence
from dataclasses import replace

from ..layout.cells import CHARACTER, LINE, gap, number, spoken
from ..layout.fold import Gap, excerpt, notes
from ..model.autograd import Operation, Recorded
from ..model.lstm import GATES
from ..proof import digits
from ..proof.digits import counted
from ..proof.subject import Number, Subject
from ..scene.marks import Box, Mark, Text
from ..scene.scenes import Edge, Graph, Heading, Node
from ..scene.terms import TERMS
from ..scene.theme import Paint, tint

RANKS = {
    **dict.fromkeys(("kept", "added"), "products"),
    **dict.fromkeys(GATES, "gates"),
    **dict.fromkeys(("ih", "hh"), "linear"),
    **dict.fromkeys(("weight_ih", "bias_ih", "bias_hh", "weight_hh"), "leaves"),
}
"""Nodes that stand in one row."""

CLOSE_RANKS = {
    **RANKS,
    **dict.fromkeys(("own", "h"), "first"),
    **dict.fromkeys(("c_prev", "i", "f", "g"), "gates"),
    "o": "products",
    **dict.fromkeys(("weight_ih.T", "h_prev", "weight_hh.T"), "inputs"),
}
"""The same where four gates beside c_prev are too wide."""

ORDERS = (
    ("the-output", "the-h", "the-c"),
    GATES,
    ("weight_ih", "bias_ih", "bias_hh", "weight_hh"),
)
"""Rows whose order is PyTorch's own."""

CLOSE_ORDERS = (
    ("the-output", "the-h", "the-c"),
    ("own", "h"),
    ("kept", "added", "o"),
    ("i", "f", "c_prev", "g"),
    ("weight_ih.T", "h_prev", "weight_hh.T"),
    ("weight_ih", "bias_ih", "bias_hh", "weight_hh"),
)

CODE = {
    "h": "o * tanh_c",
    "c": "kept + added",
    "kept": "f * c_prev",
    "added": "i * g",
    "z": "ih + hh",
    "ih": "linear(x, …)",
    "hh": "linear(h_prev, …)",
    "tanh_c": "tanh(c)",
    **{gate: f"σ(z_{gate})" for gate in GATES},
    "g": "tanh(z_g)",
}
"""The operation that a node belongs to, where its name does not say it."""


def autograd(subject: Subject, room: float, *, step: int = 2) -> Graph:
    """What autograd records in one step, and where gradients then go.

    Args:
        subject: What is drawn.
        room: The width that the figure may use.
        step: The time step, counted from 1; the first if there is no other.
    """
    t = subject.check("step", step, len(subject.steps), 1) - 1
    assert subject.record is not None
    recorded: Recorded = subject.record.values["recorded"]
    narrow = room < 480
    nodes = [
        _result("output", "h", narrow),
        _own(subject, recorded, narrow),
        *(_result(name, name, narrow) for name in ("h", "c")),
    ]
    edges = [
        Edge("the-output", "own", "h", "output"),
        *(Edge(f"the-{name}", name, name, name) for name in ("h", "c")),
    ]
    for operation in recorded.step:
        saved = _saved(subject, operation, t)
        nodes.append(_node(operation, saved, narrow))
        edges += [
            Edge(operation.id, after, *_paint(operation.id, after, result))
            for after, result in operation.next
        ]
    present = {node.id for node in nodes}
    leaves = sum(not operation.next for operation in recorded.step)
    return Graph(
        Heading(
            "What autograd records in one step",
            f"{subject.module}, step {step}, its equations written out: "
            f"{counted(len(recorded.step) - leaves, 'operation')} and "
            f"{leaves} leaves",
            (
                "An arrow is an entry of next_functions: the way that a "
                "gradient takes.",
                "Numbers are what a node keeps for backward.",
                "Below output is what the module itself records.",
                *notes(("unit", excerpt(subject.weights.hidden_size))),
            ),
            subject.source,
        ),
        _said(subject, recorded, t),
        tuple(nodes),
        tuple(edges),
        room,
        (5, 22) if narrow else (18, 24),
        tuple(
            tuple(id for id in order if id in present)
            for order in (CLOSE_ORDERS if narrow else ORDERS)
        ),
    )


def _run(subject: Subject, recorded: Recorded) -> tuple[str, str]:
    """What the module's own run records, and of what run that is."""
    count = sum(count for _, count in recorded.module)
    kind = subject.module.partition("(")[0]
    if subject.trace.kind == "LSTM":
        kind += f", {counted(len(subject.steps), 'step')}"
    only = recorded.module[0][0] if count == 1 else ""
    return only or counted(count, "operation"), kind


def _own(subject: Subject, recorded: Recorded, narrow: bool) -> Node:
    """The same as a node."""
    name, kind = _run(subject, recorded)
    return _boxed("own", _words(name, narrow), kind, "h", narrow)


def _said(subject: Subject, recorded: Recorded, t: int) -> str:
    """Every node, with what it keeps and where it leads."""
    sentences = []
    for operation in recorded.step:
        saved = _saved(subject, operation, t)
        shown = excerpt(len(saved)).of(saved)
        keeps = f" keeps {spoken(shown)}" if saved else ""
        after = " and ".join(id for id, _ in operation.next)
        leads = f" leads to {after}" if after else " is where it ends"
        joint = " and" if keeps else ""
        sentences.append(
            f"{operation.name} of {operation.id}{keeps}{joint}{leads}"
        )
    name, kind = _run(subject, recorded)
    return (
        f"A graph from h and c back to the leaves. {'; '.join(sentences)}. "
        f"What {kind}, records itself: {name}."
    )


def _saved(subject: Subject, operation: Operation, t: int) -> Sequence[Number]:
    """The result that a node has kept, as our own run has it."""
    if operation.id not in operation.keeps:
        return []
    return replace(
        subject.vector(operation.id, t),
        expr=f'recorded["{operation.id}"].grad_fn._saved_result[0, {{}}]',
    )


def _paint(tail: str, head: str, result: int) -> tuple[Paint, str]:
    """The paint and the term of an edge, those of the tensor it is about."""
    if head == "z.chunk(4)":
        head = GATES[result]
    for id in (head, {"kept": "c", "added": "c"}.get(head, "")):
        if id in TERMS and TERMS[id].role != "ink":
            return TERMS[id].role, id
    return "muted", ""


def _result(name: str, paint: Paint, narrow: bool) -> Node:
    """A result, whose `grad_fn` is the first node."""
    width = 66.0 if narrow else 104.0
    label = Text(
        x=width / 2, y=18, content=name, size=13, bold=True, mono=True,
        fill=paint, anchor="middle",
    )  # fmt: skip
    box = Box(
        x=0, y=0, width=width, height=27, radius=13.5, fill="paper",
        stroke=paint, stroke_width=1.5, term=name,
    )  # fmt: skip
    return Node(f"the-{name}", width, 27, (box, label), "results")


def _node(operation: Operation, saved: Sequence[Number], narrow: bool) -> Node:
    """The class of a node, the tensor it belongs to, and what it keeps."""
    id, leaf = operation.id, not operation.next
    paint = "c" if id in ("kept", "added") else _role(id)
    return _boxed(
        id,
        _words(operation.name, narrow),
        id if leaf or narrow else CODE.get(id, id),
        paint,
        narrow,
        saved,
        leaf,
    )


def _role(id: str) -> Paint:
    return TERMS[id].role if id in TERMS else "ink"


def _words(name: str, narrow: bool) -> list[str]:
    """The name of a class, in two lines where there is little room."""
    if not narrow:
        return [name]
    return re.sub("(Backward|Grad)", r" \1", name).split()


def _boxed(
    id: str,
    words: Sequence[str],
    code: str,
    paint: Paint,
    narrow: bool,
    saved: Sequence[Number] = (),
    leaf: bool = False,
) -> Node:
    """Words, a line of code and numbers in a box; a leaf has corners."""
    size = 11 if narrow else 11.5
    lines = [
        *(Text(x=0, y=0, content=word, size=size, bold=True, fill=paint)
          for word in words),
        Text(x=0, y=0, content=code, size=11, fill="muted"),
    ]  # fmt: skip
    lines = [line._replace(mono=True, anchor="middle") for line in lines]
    columns = min(len(saved), 1 if narrow else 2)
    width = max(
        60.0 if narrow else 104.0,
        44 * columns + 12,
        *(line.width + (4 if narrow else 14) for line in lines),
    )
    shown = excerpt(len(saved))
    places = digits.decimals(value.value for value in shown.of(saved))
    first = LINE * len(lines) + 17
    bottom = first - 6
    numbers: list[Mark] = []
    for k, line in enumerate(shown.lines):
        x = width / 2 + (k % columns - (columns - 1) / 2) * 44
        y = first + k // columns * LINE
        bottom = y + 9
        if isinstance(line, Gap):
            numbers += gap(x, y, line.count)
            continue
        numbers.append(
            number(
                x - (CHARACTER / 2 if places else 0),
                y,
                saved[line],
                places=places,
                room=int((44 if columns > 1 else width - 4) / CHARACTER),
                id=f"{id}-{line}",
                term=id,
            )
        )
    box = Box(
        x=0, y=0, width=width, height=bottom, radius=0 if leaf else 6,
        fill=tint(paint) if id in GATES else "paper" if leaf else "panel",
        stroke=paint, term=id if id in TERMS else "",
    )  # fmt: skip
    placed = [
        line._replace(x=width / 2, y=17 + LINE * k)
        for k, line in enumerate(lines)
    ]
    rank = (CLOSE_RANKS if narrow else RANKS).get(id, "")
    return Node(id, width, bottom, (box, *placed, *numbers), rank)
