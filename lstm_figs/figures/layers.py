"""The figure `layers`: what each layer receives, and where dropout acts."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from ..layout import styles, words
from ..layout.blocks import (
    SIGN_RADIUS,
    Block,
    Chip,
    block_column,
    block_row,
    text_block,
    verdict_sign,
)
from ..layout.excerpts import MAX_UNFOLDED, dots_notes
from ..layout.margins import inner_width
from ..layout.motifs.layer_stack import (
    NARROW_LOOK,
    Stack,
    StackLook,
    hidden_state,
    layers_phrase,
    output_outline,
)
from ..layout.number_lists import number_list
from ..layout.provenance import count_item, provenance, source
from ..model.layer_run import LayerRun
from ..model.reference import Number
from ..options import Value
from ..proof.bindings import Sample, Sentence, sentence
from ..proof.runs.variants import LARGE, beginning, two_layers
from ..scene.marks import Box, Mark, shift
from ..scene.scenes import Diagram, Head

MIN_WORDS_BESIDE, MIN_WIDE_STACK = 640.0, 480.0
"""The least width of a drawing with words beside the layers, and of one with wide layers."""
LAYER_GAP, WORDS_GAP, MIN_GAP = 76.0, 24.0, 8.0
"""The gap between layers, the gap before words, and between words."""
STACK_TOP, OUTLINE_DISTANCE = 32.0, 4.0
"""The top of the layers, below the name of output; and from them to the outline around
output."""
MAX_NODE_UNITS, UNIT_PITCH, NODE_HEIGHT = 4, 14.0, 22.0
"""The most units of a node of dropout, their distance, and the height of the node."""
DOT_SIZE = 7.0
"""The size of the dot of a number that is not dropped."""
MAX_HEIGHT, LOW_CHIP = 130.0, Chip(font_size=12, line_height=15)
"""In wide forms, a state whose column of numbers is higher than this has smaller numbers."""


def variant(subject: LayerRun, options: Mapping[str, Value]) -> LayerRun:
    """The module, with a second layer if it has only one and can have two."""
    trace = subject.trace
    if (
        trace.kind == "LSTMCell"
        or trace.num_layers > 1
        or subject.weights.proj_size
        or subject.weights.hidden_size > LARGE
    ):
        return subject
    return replace(subject, trace=two_layers(beginning(trace)))


def layers(subject: LayerRun, width: float) -> Diagram:
    """What each layer receives, and where dropout acts."""
    space = inner_width(width)
    stack = _stack(subject, is_wide=space > MIN_WIDE_STACK)
    marks = [*stack.marks(), *output_outline(stack), *_dropout_nodes(stack)]
    if space > MIN_WORDS_BESIDE:
        body = Block(space, stack.height, (*marks, *_words_beside(stack, space)))
    else:
        blocks = [Block(space, stack.height, tuple(marks))]
        blocks += [_layer(subject, layer, space) for layer in stack.tops()]
        if subject.trace.num_layers > 1:
            blocks.append(_dropout_words(stack, space))
        body = block_column(blocks, gap=14)
    return Diagram(
        heading=_head(subject, stack, dots_notes(body.marks)),
        description=_description(subject, stack),
        width=space,
        height=body.height,
        marks=body.marks,
        figure_width=width,
    )


def _stack(subject: LayerRun, *, is_wide: bool) -> Stack:
    """The layers, with lower states if they would be too high beside words."""
    look = StackLook() if is_wide else NARROW_LOOK._replace(gap=26, max_steps=4)
    stack = Stack(
        subject=subject,
        look=look,
        top=STACK_TOP,
        layer_gap=LAYER_GAP,
        outline_distance=OUTLINE_DISTANCE,
        has_input_values=True,
        arrow_width=styles.LINE.strong.weight,
    )
    if is_wide and stack.state_height > MAX_HEIGHT:
        return replace(stack, look=look._replace(chip=LOW_CHIP))
    return stack


def _words_beside(stack: Stack, space: float) -> list[Mark]:
    """The words on each layer beside it, and those on dropout beside its arrows."""
    left = stack.right + WORDS_GAP
    marks: list[Mark] = []
    dropout_words = _dropout_words(stack, space - left)
    # The middle of the lowest arrows with dropout, and what the words on it take up.
    middle = stack.tops()[0] - LAYER_GAP / 2
    distance = dropout_words.height / 2 + MIN_GAP
    for layer, top in stack.tops().items():
        block = _layer(stack.subject, layer, space - left)
        y = top + (stack.layer_height - block.height) / 2
        # If layers are low, the words on layers would touch those on dropout.
        if layer == 1:
            y = min(y, middle - distance - block.height)
            marks += [
                shift(mark, left, middle - dropout_words.height / 2) for mark in dropout_words.marks
            ]
        elif not layer and stack.subject.trace.num_layers > 1:
            y = max(y, middle + distance)
        marks += [shift(mark, left, y) for mark in block.marks]
    return marks


def _head(subject: LayerRun, stack: Stack, dots: Sequence[Sentence]) -> Head:
    count = subject.trace.num_layers
    title = sentence("Each layer reads the layer below")
    if count == 1:
        single = f"getattr({subject.variable}, 'num_layers', 1) == 1"
        title = sentence("One layer hands nothing up", claim=single)
    notes = stack.notes()
    if subject.trace.x.shape[-1] > MAX_UNFOLDED and not any("dots" in n.text for n in notes):
        notes = [*notes, *dots]
    return Head(
        title,
        _lead(subject),
        provenance(subject, count_item("step", stack.steps.count, "len(x)")),
        tuple(notes),
        source(subject),
    )


def _lead(subject: LayerRun) -> Sentence:
    if subject.trace.kind == "LSTMCell":
        return sentence("A cell is a single layer and takes no dropout.")
    if subject.trace.num_layers == 1:
        return sentence(
            "Dropout acts between layers. With only one it does nothing, and torch warns."
        )
    return sentence(
        "In training, dropout acts on what goes up, not from step to step; these numbers are "
        "without it."
    )


def _dropout_nodes(stack: Stack) -> list[Mark]:
    """A node on each arrow where dropout acts, with a sign for each of the first units.

    A cross is a number that is dropped. Which ones are is an example.
    """
    marks: list[Mark] = []
    count = min(stack.state_size, MAX_NODE_UNITS)
    width = max(NODE_HEIGHT, count * UNIT_PITCH + 8)
    # Nothing is dropped from the last layer.
    for layer in stack.layers.indices[:-1]:
        y = stack.tops()[layer] - LAYER_GAP / 2
        for t, x in stack.middles().items():
            marks.append(
                Box(
                    x - width / 2,
                    y - NODE_HEIGHT / 2,
                    width,
                    NODE_HEIGHT,
                    radius=NODE_HEIGHT / 2,
                    fill="paper",
                    stroke="ink",
                    stroke_width=styles.CELL.strong.weight,
                    dash=styles.CELL.muted.dash,
                )
            )
            for unit in range(count):
                sign_x = x + (unit - (count - 1) / 2) * UNIT_PITCH
                id = _sign_id(layer, t, unit)
                if _is_dropped(layer, t, unit):
                    marks.append(verdict_sign(sign_x, y, right=False)._replace(id=id))
                else:
                    marks.append(_dot(sign_x, y)._replace(id=id))
        if stack.look.left:
            name = text_block(sentence("dropout"), stack.look.left)
            marks += [shift(mark, 0, y - name.height / 2) for mark in name.marks]
    return marks


def _is_dropped(layer: int, t: int, unit: int) -> bool:
    """Whether a number is dropped: half of them are, without a pattern that the eye finds."""
    return (5 * t + 3 * unit + layer) % 4 < 2


def _sign_id(layer: int, t: int, unit: int) -> str:
    """The id of the sign of a number that may be dropped."""
    return f"{'dropped' if _is_dropped(layer, t, unit) else 'divided'}-{layer}-{t}-{unit}"


def _dot(x: float, y: float) -> Box:
    """A number that is not dropped."""
    half = DOT_SIZE / 2
    return Box(x - half, y - half, DOT_SIZE, DOT_SIZE, radius=half, fill="ink")


def _layer(subject: LayerRun, layer: int, width: float) -> Block:
    """The words on what a layer reads, and on the shape of its weights."""
    trace, name = subject.trace, subject.variable
    is_bidirectional = trace.bidirectional
    index = layer * (1 + is_bidirectional)
    parameter = f"weight_ih_l{layer}" if trace.kind == "LSTM" else "weight_ih"
    shape = trace.weights[index].weight_ih.shape
    shaped = sentence(f"{parameter} is {{}}", (shape, f"tuple({name}.{parameter}.shape)"))
    return block_column(
        [
            text_block(_reads(subject, layer), width, fill="ink", bold=True),
            text_block(shaped, width),
        ],
        0,
    )


def _reads(subject: LayerRun, layer: int) -> Sentence:
    """The sentence on what a layer reads."""
    if subject.trace.kind == "LSTMCell":
        return sentence("The cell reads x")
    number = (layer, str(layer))
    if not layer:
        return sentence("Layer {} reads x", number)
    is_bidirectional = subject.trace.bidirectional
    weight = f"{subject.module_variable}.weight_ih_l{layer}"
    return sentence(
        f"Layer {{}} reads {'both halves' if is_bidirectional else 'h from'} below",
        number,
        claim=f"{weight}.shape[1] == {1 + is_bidirectional} * h_n.shape[-1]",
    )


def _dropout_words(stack: Stack, width: float) -> Block:
    """What dropout does with a number, for each sign that is drawn."""
    middle, sign_width = words.LINE_HEIGHT / 2, 2 * SIGN_RADIUS
    ids = [
        _sign_id(layer, t, unit)
        for layer in stack.layers.indices[:-1]
        for t in stack.steps.indices
        for unit in range(min(stack.state_size, MAX_NODE_UNITS))
    ]
    dropped = tuple(id for id in ids if id.startswith("dropped"))
    divided = tuple(id for id in ids if id.startswith("divided"))
    cross, dot = verdict_sign(SIGN_RADIUS, middle, right=False), _dot(SIGN_RADIUS, middle)
    legend: list[tuple[Mark, str]] = [
        (cross._replace(bound=(Sample(dropped),)), "becomes zero, with probability p"),
        (dot._replace(bound=(Sample(divided),)), "is divided by one minus p"),
    ]
    if not divided:
        legend = legend[:1]
    elif not dropped:
        legend = legend[1:]
    rows = [
        block_row(
            [
                Block(sign_width, words.LINE_HEIGHT, (sign,)),
                text_block(sentence(meaning), width - sign_width - MIN_GAP),
            ],
            MIN_GAP,
        )
        for sign, meaning in legend
    ]
    return block_column(rows, gap=0)


def _dropped_number(subject: LayerRun) -> tuple[Number, Number]:
    """The first number that layer 1 receives, and the same number after dropout."""
    before = hidden_state(subject, 0, 0)[0]
    # Like torch, compute in the type of the tensor.
    after = Number(before.value * 2, f"{before.of} / (1 - 1 / 2)")
    return before, after


def _description(subject: LayerRun, stack: Stack) -> str:
    read = "; ".join(
        f"step {t + 1} reads {number_list(stack.inputs_of(t))}" for t in stack.steps.indices
    )
    dropout = "Dropout acts nowhere."
    if subject.trace.num_layers > 1:
        before, after = _dropped_number(subject)
        dropout = (
            "Between layers dropout acts: with p = 1/2, "
            f"{number_list([before])} becomes 0 or {number_list([after])}."
        )
    return f"{layers_phrase(subject)}. {read}. {stack.description()} {dropout}"
