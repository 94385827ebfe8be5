"""The figure `layers`."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from ..layout import styles, words
from ..layout.blocks import Block, Chip, below, said
from ..layout.cells import spoken
from ..layout.fold import WHOLE, dotted
from ..layout.motifs.states import CLOSE, Stack, StackLook, layers_of, outlined, state
from ..layout.provenance import count_of, provenance, source
from ..layout.room import inner
from ..options import Value
from ..proof.bindings import Sentence, sentence
from ..proof.reference import Number
from ..proof.runs.variants import LARGE, beginning, two_layers
from ..proof.subject import Subject
from ..scene.marks import Box, Mark, shift
from ..scene.scenes import Diagram, Head

BETWEEN, NODE, APART, AIR = 76.0, 22.0, 24.0, 8.0
"""From one layer to the next, a node between them, words beside them, and the
least from one of those to the next."""
TALL, LOW = 130.0, Chip(60, 12, 15)
"""From which height on states of a wide form are set more closely."""


def made(subject: Subject, options: Mapping[str, Value]) -> Subject:
    """The module, with a second layer if it lacks one and can have one."""
    trace = subject.trace
    if (
        trace.kind == "LSTMCell"
        or trace.num_layers > 1
        or subject.weights.proj_size
        or subject.weights.hidden_size > LARGE
    ):
        return subject
    return replace(subject, trace=two_layers(beginning(trace)))


def layers(subject: Subject, room: float) -> Diagram:
    """What each layer receives, and where dropout acts."""
    space = inner(room)
    wide = space > 640
    look = StackLook() if wide else CLOSE._replace(apart=26, most=4)
    stack = Stack(
        subject=subject,
        look=look,
        top=32,
        between=BETWEEN,
        edge=4,
        inputs=True,
        rises=styles.LINE.strong.weight,
    )
    if wide and stack.tall > TALL:
        stack = replace(stack, look=look._replace(chip=LOW))
    marks = [*stack.marks(), *outlined(stack), *_nodes(stack)]
    drawn = Block(space, stack.height, tuple(marks))
    if wide:
        left = stack.right + APART
        acting = _acting(space - left)
        middle = stack.tops()[0] - BETWEEN / 2
        off = acting.height / 2 + AIR
        for layer, top in stack.tops().items():
            block = _layer(subject, layer, space - left)
            y = top + (stack.block - block.height) / 2
            # Of flat layers it would touch the words between them.
            if layer == 1:
                y = min(y, middle - off - block.height)
                marks += [shift(mark, left, middle - acting.height / 2) for mark in acting.marks]
            elif not layer and subject.trace.num_layers > 1:
                y = max(y, middle + off)
            marks += [shift(mark, left, y) for mark in block.marks]
        body = drawn._replace(marks=tuple(marks))
    else:
        told = [_layer(subject, layer, space) for layer in stack.tops()]
        if subject.trace.num_layers > 1:
            told.append(_acting(space))
        body = below([drawn, *told], 14)
    return Diagram(
        _head(subject, stack, dotted(body.marks)),
        _said(subject, stack),
        space,
        body.height,
        body.marks,
        room,
    )


def _head(subject: Subject, stack: Stack, dots: Sequence[Sentence]) -> Head:
    count = subject.trace.num_layers
    if subject.trace.kind == "LSTMCell":
        lead = sentence("A cell is a single layer and takes no dropout.")
    elif count == 1:
        lead = sentence(
            "Dropout acts between layers. With only one it does nothing, and torch warns."
        )
    else:
        lead = sentence(
            "{} layers work like {} modules in a chain. In training, dropout "
            "acts on what goes up, never on what goes from step to step.",
            (count, f"{subject.variable}.num_layers"),
            (count, f"{subject.variable}.num_layers"),
        )
    notes, own = [], stack.notes()
    if subject.trace.x.shape[-1] <= WHOLE or any("dots" in one.text for one in own):
        dots = ()
    if count > 1:
        notes.append(
            sentence(
                "The numbers are without dropout, as after .eval(). Nothing is "
                "ever dropped from the last layer."
            )
        )
    return Head(
        sentence("Each layer reads the layer below")
        if count > 1
        else sentence(
            "One layer hands nothing up", claim=f"getattr({subject.variable}, 'num_layers', 1) == 1"
        ),
        lead,
        provenance(subject, count_of("step", stack.steps.count, "len(x)")),
        (*notes, *own, *dots),
        source(subject),
    )


def _nodes(stack: Stack) -> list[Mark]:
    """A node on each arrow on which dropout acts."""
    marks: list[Mark] = []
    for below_it in stack.layers.indices[:-1]:
        y = stack.tops()[below_it] - BETWEEN / 2
        for x in stack.middles().values():
            lines, _ = words.paragraph(
                x, y - 9, sentence("p"), 20, anchor="middle", fill="ink", bold=True
            )
            circle = Box(
                x - NODE / 2,
                y - NODE / 2,
                NODE,
                NODE,
                radius=NODE / 2,
                fill="paper",
                stroke="ink",
                stroke_width=styles.CELL.strong.weight,
                dash=styles.CELL.back.dash,
            )
            marks += [circle, lines]
        if stack.look.left:
            name = said(sentence("dropout"), stack.look.left)
            marks += [shift(mark, 0, y - 9) for mark in name.marks]
    return marks


def _layer(subject: Subject, layer: int, room: float) -> Block:
    """What a layer reads, and how many columns its weights have for that."""
    trace, name = subject.trace, subject.variable
    both = trace.bidirectional
    index = layer * (1 + both)
    parameter = f"weight_ih_l{layer}" if trace.kind == "LSTM" else "weight_ih"
    shape = trace.weights[index].weight_ih.shape
    shaped = sentence(f"{parameter} is {{}}", (shape, f"tuple({name}.{parameter}.shape)"))
    return below([said(_reads(subject, layer), room, fill="ink", bold=True), said(shaped, room)], 0)


def _reads(subject: Subject, layer: int) -> Sentence:
    if subject.trace.kind == "LSTMCell":
        return sentence("The cell reads x")
    number = (layer, str(layer))
    if not layer:
        return sentence("Layer {} reads x", number)
    both = subject.trace.bidirectional
    weight = f"{subject.shown}.weight_ih_l{layer}"
    return sentence(
        f"Layer {{}} reads {'both halves' if both else 'h from'} below",
        number,
        claim=f"{weight}.shape[1] == {1 + both} * h_n.shape[-1]",
    )


def _acting(room: float) -> Block:
    """What dropout does."""
    return said(
        sentence(
            "Each number becomes zero with probability p; otherwise it is "
            "divided by one minus p, so doubled if p is a half."
        ),
        room,
    )


def _dropped(subject: Subject) -> tuple[Number, Number]:
    """The first number that layer 1 receives, and what is made of it."""
    before = state(subject, 0, 0)[0]
    # As torch does, in the tensor's own type.
    after = Number(before.value * 2, f"{before.of} / (1 - 1 / 2)")
    return before, after


def _said(subject: Subject, stack: Stack) -> str:
    read = "; ".join(
        f"step {t + 1} reads {spoken(stack.inputs_of(t))}" for t in stack.steps.indices
    )
    acts = "Dropout acts nowhere."
    if subject.trace.num_layers > 1:
        before, after = _dropped(subject)
        acts = (
            "Between layers dropout acts: with p = 1/2, "
            f"{spoken([before])} becomes 0 or {spoken([after])}."
        )
    return f"{layers_of(subject)}. {read}. {stack.said()} {acts}"
