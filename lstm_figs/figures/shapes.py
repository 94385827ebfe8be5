"""The figure `shapes`: output, h_n and c_n, among layers, steps and directions."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

import numpy as np

from ..layout import styles, words
from ..layout.blocks import Block, block_column, block_row_or_column
from ..layout.excerpts import MAX_UNFOLDED, dots_notes
from ..layout.margins import inner_width
from ..layout.motifs.layer_stack import NARROW_LOOK, Stack, StackLook, layers_phrase, output_outline
from ..layout.motifs.strips import Axis, Strip
from ..layout.number_lists import number_list
from ..layout.provenance import count_item, provenance, source
from ..layout.shapes import round_arrow
from ..model.layer_run import LayerRun
from ..model.reference import Number, Ref, Vector
from ..options import Value
from ..proof.bindings import Flow, Sentence, sentence
from ..proof.digits import count_phrase
from ..proof.runs.variants import two_directions, two_layers
from ..scene.marks import Mark
from ..scene.scenes import Diagram, Head

OUTLINE_GAP = 4.0
"""The gap between a layer and the outline of output."""
NAMES_HEIGHT = 32.0
"""The height of the names above the last layer."""
NARROWEST_WIDE = 540
"""Narrower drawings have narrow states, and the axes of tensors below each other."""
TURN_DISTANCE, TURN_MARGIN = 9.0, 4.0
"""How far left of a returned state an arrow turns down to it, and the least distance
from where it turns to the outline of output."""


class Returned(NamedTuple):
    """A state that the module returns.

    Attributes:
        name: "h_n" or "c_n".
        shape: Its shape.
        rows: The vectors of the first sequence, by the index of the first axis.
    """

    name: str
    shape: tuple[int, ...]
    rows: dict[int, Vector]

    @property
    def is_of_cell(self) -> bool:
        """Whether an nn.LSTMCell returns it, so that it has no axis of layers."""
        return len(self.shape) == 2


def variant(subject: LayerRun, options: Mapping[str, Value]) -> LayerRun:
    """The run as it is; that of the example, with a second layer and a second direction."""
    if not subject.trace.origin.example:
        return subject
    return replace(subject, trace=two_layers(two_directions(subject.trace)))


def shapes(subject: LayerRun, width: float) -> Diagram:
    """Where output, h_n and c_n are among layers, steps and directions."""
    space = inner_width(width)
    stack = Stack(
        subject=subject,
        look=StackLook() if space > NARROWEST_WIDE else NARROW_LOOK,
        top=NAMES_HEIGHT,
        layer_gap=30,
        direction_gap=8,
        outline_distance=OUTLINE_GAP,
        adjacent_size=subject.weights.hidden_size,
    )
    states = [_final_states(subject, stack, name) for name in ("h_n", "c_n")]
    stack_block = _stack_block(stack, states, space)
    strips = block_row_or_column(_strips(subject, states, space), space, 24)
    body = block_column([stack_block, strips], 26)
    return Diagram(
        heading=_head(subject, stack, dots_notes(body.marks)),
        description=_description(subject, stack, states),
        width=space,
        height=body.height,
        marks=body.marks,
        figure_width=width,
    )


def _is_cell(subject: LayerRun) -> bool:
    """Whether the module is an nn.LSTMCell, which has no layers and no output."""
    return subject.trace.kind == "LSTMCell"


def _description(subject: LayerRun, stack: Stack, states: Sequence[Returned]) -> str:
    """The layers, the shapes, and every returned state."""
    sentences = [f"{layers_phrase(subject)}, {count_phrase(len(subject.trace.x), 'step')}."]
    if not _is_cell(subject):
        steps, batch, _ = subject.trace.x.shape
        sentences.append(
            f"output has the shape {(steps, batch, stack.directions * stack.state_size)}."
        )
    sentences.append(stack.description())
    return " ".join([*sentences, *map(_state_description, states)])


def _head(subject: LayerRun, stack: Stack, dots: Sequence[Sentence]) -> Head:
    is_cell = _is_cell(subject)
    notes, stack_notes = [], stack.notes()
    # The note on dots is for units that are left out, unless the stack has it already.
    are_units_left_out = subject.weights.hidden_size > MAX_UNFOLDED
    if not are_units_left_out or any("dots" in note.text for note in stack_notes):
        dots = ()
    if subject.trace.bidirectional:
        notes.append(
            sentence(
                "Reverse reads from the last step, so it ends at step {}; in output its "
                "features come second.",
                (1, "1"),
                claim="torch.allclose(output[0, :, h_n.shape[-1]:], h_n[-1], 0, 0, equal_nan=True)",
            )
        )
    return Head(
        sentence("A cell returns the state of one step")
        if is_cell
        else sentence("Every layer ends in h_n"),
        sentence(
            "Each box is the h of one step. A call returns it together with "
            "c; those of the last call are at the right."
        )
        if is_cell
        else sentence(
            "output has the h of the top layer at every step. h_n and c_n have the last h "
            "and c of every layer."
        ),
        provenance(subject, count_item("step", len(subject.trace.x), "len(x)")),
        (*notes, *stack_notes, *dots),
        source(subject),
    )


def _state_description(state: Returned) -> str:
    """The rows of a state, for the description."""
    rows = "; ".join(
        f"{state.name}[{index}] is {number_list(values)}" for index, values in state.rows.items()
    )
    return f"{state.name} has the shape {state.shape}: {rows}."


def _final_states(subject: LayerRun, stack: Stack, name: str) -> Returned:
    """The last h or c of every visible layer and direction."""
    trace = subject.trace
    _, batch, _ = trace.x.shape
    rows = {}
    for index in stack.row_indices():
        last = trace.part(index)[-1]
        values = last.h[0] if name == "h_n" else last.c[0]
        ref = Ref(name)[0] if _is_cell(subject) else Ref(name)[index, 0]
        rows[index] = Vector(values, ref, last.scale)
    size = len(rows[0])
    shape = (batch, size) if _is_cell(subject) else (len(trace.weights), batch, size)
    return Returned(name, shape, rows)


def _stack_block(stack: Stack, states: list[Returned], space: float) -> Block:
    """Draw the layers, the outline of output, and the returned states."""
    marks = stack.marks(strong=True)
    names_y = min(stack.tops().values()) - 18
    if not _is_cell(stack.subject):
        marks += output_outline(stack)
    width = stack.look.chip.width
    c_n_x = space - width
    h_n_x = c_n_x - min(width + 28, (space - stack.right) / 2 - 4)
    h_n, c_n = states
    marks += [*_column(stack, h_n, h_n_x, names_y), *_column(stack, c_n, c_n_x, names_y)]
    for index in h_n.rows:
        marks.append(_leader(stack, index, h_n_x))
    return Block(space, stack.height, tuple(marks))


def _column(stack: Stack, state: Returned, x: float, y: float) -> list[Mark]:
    """Draw a returned state, each of its rows level with its layer."""
    rows = {index: _row(stack, state, index, x) for index in state.rows}
    middle = x + stack.look.chip.width / 2
    marks: list[Mark] = [
        words.label(
            middle,
            y,
            state.name,
            names={"tensor": state.name},
            of=[*rows.values()],
            anchor="middle",
            style=words.STRONG,
            term=state.name,
        )
    ]
    for index, row in rows.items():
        marks.append(row)
        if not state.is_of_cell:
            marks.append(
                words.label(
                    middle,
                    stack.y(index) - 9,
                    f"[{index}]",
                    names={"tensor": state.name, "row": index},
                    of=[row],
                    style=words.FINE_CODE,
                    anchor="middle",
                    term=state.name,
                )
            )
    return marks


def _row(stack: Stack, state: Returned, index: int, x: float) -> Mark:
    """Draw the state of one layer in one direction."""
    # The first sequence; the states of an nn.LSTMCell have no axis of layers.
    element = "0" if state.is_of_cell else f"{index}, 0"
    return stack.look.chip.draw(
        x,
        stack.y(index),
        state.rows[index],
        f"{state.name}[{element}]",
        id=f"{state.name}-{index}",
        term=state.name,
        emphasis_claim='tensor == "h_n"' if state.name == "h_n" else "",
    )


def _leader(stack: Stack, index: int, x: float) -> Mark:
    """Draw an arrow from the last state of a direction to where it is returned.

    The arrow of a reverse direction starts at the left, so it goes above the
    states.
    """
    t, middle = stack.last_step(index), stack.middle(index)
    left = stack.lefts()[t]
    points = [(left + stack.look.chip.width + 1, middle), (x - 1, middle)]
    if stack.subject.trace.weights[index].direction == "reverse":
        route_y = stack.y(index) - stack.name_height - 9
        # Turn right of the outline of output, or inside it if there is no gap.
        turn_x, outline_right = x - TURN_DISTANCE, stack.right + OUTLINE_GAP
        if turn_x < outline_right + TURN_MARGIN:
            turn_x = stack.right - TURN_MARGIN
        points = [
            (left - 1, middle),
            (left - 5, middle),
            (left - 5, route_y),
            (turn_x, route_y),
            (turn_x, middle),
            (x - 1, middle),
        ]
    arrow = round_arrow(*points, paint="h", term="h_n", radius=4, width=styles.BOX.strong.weight)
    flow = Flow("copies", f"h-{index}-{t}", f"h_n-{index}")
    return arrow._replace(bound=(flow,))


def _strips(subject: LayerRun, states: list[Returned], space: float) -> list[Block]:
    """Draw the axes of each returned tensor."""
    trace = subject.trace
    is_bidirectional = trace.bidirectional
    # h has a size of its own if it is projected; c never has.
    h_size = "proj" if subject.weights.proj_size else "hidden"
    is_wide = space > NARROWEST_WIDE
    strip = Strip() if is_wide else Strip(width=74, left=64)
    word_by_axis = {
        "step": "steps",
        "sample": "batch",
        "part": "D·layers" if is_bidirectional else "layers",
        "feature": f"D·{h_size}",
        "unit": "hidden",
    }
    axes_by_tensor = {
        "output": ("step", "sample", "feature" if is_bidirectional else "unit"),
        "h_n": ("part", "sample", "unit"),
        "c_n": ("part", "sample", "unit"),
    }
    h_n, c_n = states
    directions = 2 if is_bidirectional else 1
    output_shape = (*trace.x.shape[:2], directions * h_n.shape[-1])
    shapes_by_tensor = {"output": output_shape, "h_n": h_n.shape, "c_n": c_n.shape}
    if _is_cell(subject):
        del axes_by_tensor["output"]
    blocks = []
    for name, axes in axes_by_tensor.items():
        shape = shapes_by_tensor[name]
        axis_words = word_by_axis if name == "c_n" else {**word_by_axis, "unit": h_size}
        # The states of an nn.LSTMCell lack the first axis.
        sized_axes = [
            Axis(
                axis_words[axis],
                axis,
                Number(np.int64(size), Ref(f"torch.tensor({name}.shape)")[k]),
            )
            for k, (axis, size) in enumerate(zip(axes[-len(shape) :], shape, strict=True))
        ]
        blocks.append(strip.draw(name, name, sized_axes, id=f"shape-{name}", term=name))
    return blocks if is_wide else [block_column(blocks, 12)]
