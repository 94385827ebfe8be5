"""Hidden states of stacked layers over time: layers upwards, steps to the right."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

from ...model.layer_run import LayerRun
from ...model.reference import Ref, Vector
from ...proof.bindings import Flow, Node, Sentence, sentence
from ...proof.digits import count_phrase
from ...scene.marks import Box, Mark
from ...scene.theme import Paint
from .. import words
from ..blocks import Chip
from ..excerpts import Excerpt, Gap, excerpt
from ..number_lists import number_list
from ..shapes import Point, arrow

INPUT_ARROW_HEIGHT, FOLDED_LAYERS_HEIGHT = 26.0, 34.0
"""The height of an arrow into the first layer, and of the layers left out."""
SKIPPED_STEPS_WIDTH = 18.0
"""The width of the steps that are left out."""
NODE_WIDTH, NODE_HEIGHT = 30.0, 24.0
"""The size of an input without numbers."""
STEP_NUMBER_HEIGHT = 22.0
"""The height of the step numbers at the bottom."""


class StackLook(NamedTuple):
    """The sizes in one form of a figure.

    Attributes:
        left: The width of the names at the left; 0 if they are above.
        chip: The look of states.
        gap: The gap between two states.
        padding: The padding between the edge of a layer and its states.
        max_steps: The most steps that are drawn.
    """

    left: float = 78
    chip: Chip = Chip()
    gap: float = 38
    padding: float = 10
    max_steps: int = 4


NARROW_LOOK = StackLook(
    left=0, chip=Chip(width=50, font_size=12, line_height=16), gap=9, max_steps=3
)
"""The look of the narrow form."""

LAST_STEP_CLAIM = 'step == {"forward": len(x), "reverse": 1}[direction]'
"""An expression that is true for the final state of each direction."""


def leading_and_last_excerpt(count: int, max_visible: int = 4) -> Excerpt:
    """The first two elements and the last, or all if there are few.

    >>> leading_and_last_excerpt(4).indices, leading_and_last_excerpt(9).indices
    ((0, 1, 2, 3), (0, 1, 8))
    >>> leading_and_last_excerpt(4, 3).indices
    (0, 1, 3)
    """
    if count <= max_visible:
        return Excerpt(count, tuple(range(count)))
    return Excerpt(count, (0, 1, count - 1))


def first_and_last_excerpt(count: int) -> Excerpt:
    """The first element and the last.

    >>> [first_and_last_excerpt(count).indices for count in (1, 2, 9)]
    [(0,), (0, 1), (0, 8)]
    """
    return Excerpt(count, tuple(sorted({0, count - 1})))


def excerpt_notes(steps: Excerpt, size: int) -> list[Sentence]:
    """Notes on which steps and units are shown; empty if all are.

    Args:
        steps: The visible steps.
        size: The length of a state.
    """
    notes = []
    if steps.is_folded:
        *first, last = (t + 1 for t in steps.indices)
        listed = ", ".join("{}" for _ in first)
        notes.append(
            sentence(
                f"Only steps {listed} and {{}} are drawn.",
                *((step, str(step)) for step in first),
                (last, "len(x)"),
            )
        )
    units = excerpt(size)
    if units.is_folded:
        notes.append(
            sentence(
                "{} of {} units are drawn; dots stand for the others.",
                (len(units.indices), str(len(units.indices))),
                (size, "h_n.shape[-1]"),
            )
        )
    return notes


def hidden_state(subject: LayerRun, index: int, t: int) -> Vector:
    """The h of one layer and direction at one step, for the first sequence.

    Args:
        subject: The layer run to draw.
        index: The index of the layer and direction, in the order of `h_n`.
        t: The step, counted from 0.
    """
    trace, weights = subject.trace, subject.trace.weights[index]
    step = trace.steps[index * len(trace.x) + t]
    # `output` has the forward direction first.
    first_column = step.h.shape[1] if weights.direction == "reverse" else 0
    return Vector(step.h[0], layer_output(subject, index, t), step.scale, first_column)


def layer_output(subject: LayerRun, index: int, t: int) -> Ref:
    """The output of a layer at a step, in all its directions."""
    layer = subject.trace.weights[index].layer
    is_top = layer == subject.trace.num_layers - 1
    output = Ref("output") if is_top else Ref("outputs").list_item(layer)
    return output[t, 0]


def direction_suffix(subject: LayerRun, index: int) -> str:
    """The direction of a row as a suffix; empty for a unidirectional module."""
    if not subject.trace.bidirectional:
        return ""
    return f" {subject.trace.weights[index].direction}"


def flow_arrow(
    *points: Point, tail: str, head: str, paint: Paint = "muted", width: float = 1.5, term: str = ""
) -> Mark:
    """An arrow between two results, in the order of computation."""
    group = arrow(*points, paint=paint, width=width, term=term)
    return group._replace(bound=(Flow("order", tail, head),))


def arrows_along_row(
    lefts: Mapping[int, float],
    y: float,
    chip_width: float,
    id: str,
    *,
    is_reverse: bool,
    width: float = 1.5,
    term: str,
) -> list[Mark]:
    """Arrows between the states of a row, with dots where steps are left out.

    Args:
        lefts: Step -> the left of its state.
        y: The middle of the row.
        chip_width: The width of a state.
        id: The prefix of the ids of states, followed by the step.
        is_reverse: Whether the arrows lead from the last step to the first.
        width: The stroke width.
        term: The terms of the arrows.
    """
    start, end = (-2, chip_width + 2) if is_reverse else (chip_width + 2, -2)
    marks: list[Mark] = []
    for before, after in pairwise([*lefts][::-1] if is_reverse else lefts):
        x, end_x = lefts[before] + start, lefts[after] + end
        ends = {"tail": f"{id}-{before}", "head": f"{id}-{after}"}
        marks.append(flow_arrow((x, y), (end_x, y), **ends, paint="h", width=width, term=term))
        if abs(after - before) > 1:
            middle = (x + end_x) / 2
            marks.append(Box(middle - 8, y - 9, 16, 18, fill="panel"))
            marks.append(words.operator(middle, y, "…"))
    return marks


@dataclass(frozen=True, kw_only=True)
class Stack:
    """The geometry of the stack, and the marks that figures share.

    Attributes:
        subject: The layer run to draw.
        look: The sizes.
        top: The space above the last layer.
        layer_gap: The gap between two layers.
        direction_gap: The gap between two directions of a layer.
        outline_distance: The distance of an outline from the last layer; 0 for
            none.
        has_input_values: Whether to print the numbers of the input.
        adjacent_size: The length of the vector drawn beside each state.
        arrow_width: The stroke width of arrows between layers.
    """

    subject: LayerRun
    look: StackLook
    top: float
    layer_gap: float
    direction_gap: float = 0
    outline_distance: float = 0
    has_input_values: bool = False
    adjacent_size: int = 0
    arrow_width: float = 1.5

    @property
    def steps(self) -> Excerpt:
        """The visible steps."""
        return leading_and_last_excerpt(len(self.subject.trace.x), self.look.max_steps)

    @property
    def layers(self) -> Excerpt:
        """The visible layers."""
        return leading_and_last_excerpt(self.subject.trace.num_layers)

    @property
    def directions(self) -> int:
        """The number of directions."""
        return 1 + self.subject.trace.bidirectional

    @property
    def state_size(self) -> int:
        """The length of a state."""
        return len(self.subject.trace.steps[0].h[0])

    @property
    def state_height(self) -> float:
        """The height of a state."""
        return self.look.chip.height(self.state_size)

    @property
    def name_height(self) -> float:
        """The height of the name above a row, if it is not beside the row."""
        return 0 if self.look.left else 19.0

    @property
    def layer_height(self) -> float:
        """The height of a layer."""
        return self.directions * self.direction_pitch - self.direction_gap + self.look.padding

    @property
    def direction_pitch(self) -> float:
        """The distance from one direction to the next."""
        row_height = max(self.state_height, self.look.chip.height(self.adjacent_size))
        return self.name_height + row_height + self.look.padding + self.direction_gap

    def lefts(self) -> dict[int, float]:
        """The left edge of the states at each visible step."""
        places, x = {}, self.look.left + self.look.padding
        for line in self.steps.lines:
            if isinstance(line, Gap):
                x += SKIPPED_STEPS_WIDTH
            else:
                places[line] = x
                x += self.look.chip.width + self.look.gap
        return places

    def middles(self) -> dict[int, float]:
        """The horizontal middle of the states at each visible step."""
        half = self.look.chip.width / 2
        return {t: x + half for t, x in self.lefts().items()}

    @property
    def right(self) -> float:
        """The right edge of the layers: of their states, or of the names above."""
        right = max(self.lefts().values()) + self.look.chip.width
        if self.look.left:
            return right + self.look.padding
        named = (words.width(self._row_name(i), words.SMALL) for i in self.row_indices())
        return max(right, self.look.padding + max(named)) + self.look.padding

    def tops(self) -> dict[int, float]:
        """The top of each visible layer, from the last layer down."""
        places, y = {}, self.top
        for line in self.layers.lines[::-1]:
            if isinstance(line, Gap):
                y += FOLDED_LAYERS_HEIGHT + self.layer_gap
            else:
                places[line] = y
                y += self.layer_height + self.layer_gap
        return places

    def y(self, index: int) -> float:
        """The top of the states of a row."""
        layer, direction_index = divmod(index, self.directions)
        return (
            self.tops()[layer]
            + self.look.padding
            + self.name_height
            + direction_index * self.direction_pitch
        )

    def middle(self, index: int) -> float:
        """The vertical middle of the states of a row."""
        return self.y(index) + self.state_height / 2

    @property
    def bottom(self) -> float:
        """The bottom of the first layer."""
        return self.tops()[0] + self.layer_height

    @property
    def height(self) -> float:
        """The total height."""
        size = self.subject.trace.weights[0].input_size
        input_height = self.look.chip.height(size) if self.has_input_values else NODE_HEIGHT
        return self.bottom + INPUT_ARROW_HEIGHT + input_height + STEP_NUMBER_HEIGHT

    def row_indices(self) -> Iterator[int]:
        """The index of each visible row, in the order of `h_n`."""
        for layer in self.layers.indices:
            for direction_index in range(self.directions):
                yield layer * self.directions + direction_index

    def last_step(self, index: int) -> int:
        """The step, counted from 0, at which a row ends."""
        return 0 if self._direction(index) == "reverse" else self.steps.count - 1

    def _direction(self, index: int) -> str:
        """The direction of a row."""
        return self.subject.trace.weights[index].direction

    @property
    def last_step_claim(self) -> str:
        """An expression that is true for the final state of each direction."""
        if self.directions == 2:
            return LAST_STEP_CLAIM
        last = self.last_step(0)
        return f"step == {'len(x)' if last else last + 1}"

    def marks(self, strong: bool = False) -> list[Mark]:
        """The layers with their states, and the input below them.

        Args:
            strong: Whether to emphasize the final state of each direction.
        """
        marks: list[Mark] = []
        for layer, top in self.tops().items():
            marks.append(
                Box(
                    self.look.left,
                    top,
                    self.right - self.look.left,
                    self.layer_height,
                    radius=10,
                    fill="panel",
                )
            )
            for direction_index in range(self.directions):
                index = layer * self.directions + direction_index
                states = self._states(index, strong)
                marks += [*self._named(index, states), *self._arrows(index), *states]
            marks += self._nodes(layer)
        marks += self._upward_arrows()
        if self.layers.is_folded:
            marks += self._left_out()
        return [*marks, *self._input(), *self._named_steps()]

    def _nodes(self, layer: int) -> list[Mark]:
        """Nodes for the output of a layer at each step: the states of its directions."""
        first, y = layer * self.directions, self.tops()[layer]
        return [
            Box(
                x,
                y,
                self.look.chip.width,
                self.layer_height,
                id=f"layer-{layer}-{t}",
                bound=(Node(layer_output(self.subject, first, t)),),
            )
            for t, x in self.lefts().items()
        ]

    def _row_name(self, index: int) -> str:
        """The name above a row, used if there is no space beside it."""
        layer = index // self.directions
        suffix = f", {self._direction(index)}" if self.directions == 2 else ""
        return f"layer {layer}{suffix}"

    def _named(self, index: int, states: list[Mark]) -> list[Mark]:
        """The labels of a direction and, before the first, of its layer."""
        layer, direction_index = divmod(index, self.directions)
        y, name = self.middle(index), f"layer {layer}"
        names: dict[str, object] = {"layer": layer}
        own_names = (
            {**names, "direction": self._direction(index)} if self.directions == 2 else names
        )
        if not self.look.left:
            return [
                words.label(
                    self.look.padding,
                    self.y(index) - 10,
                    self._row_name(index),
                    names=own_names,
                    of=states,
                    along="block",
                    style=words.FINE,
                )
            ]
        if self.directions == 1:
            return [
                words.label(0, y, name, names=names, of=states, along="band", style=words.STRONG)
            ]
        own_label = words.label(
            0, y, self._direction(index), names=own_names, of=states, along="band"
        )
        if direction_index > 0:
            return [own_label]
        ids = [f"h-{index + k}-*" for k in range(self.directions)]
        top = min(self.tops()[layer] + 16, y - 18)
        return [
            words.label(0, top, name, names=names, of=ids, along="block", style=words.STRONG),
            own_label,
        ]

    def _arrows(self, index: int) -> list[Mark]:
        """Arrows from step to step in a row."""
        return arrows_along_row(
            self.lefts(),
            self.middle(index),
            self.look.chip.width,
            f"h-{index}",
            is_reverse=self._direction(index) == "reverse",
            term="h",
        )

    def _states(self, index: int, strong: bool) -> list[Mark]:
        """The states of a row."""
        marks: list[Mark] = []
        for t, x in self.lefts().items():
            values = hidden_state(self.subject, index, t)
            marks.append(
                self.look.chip.draw(
                    x,
                    self.y(index),
                    values,
                    values.part,
                    id=f"h-{index}-{t}",
                    term="h",
                    emphasis_claim=self.last_step_claim
                    if strong and t == self.last_step(index)
                    else "",
                )
            )
        return marks

    def _upward_arrows(self) -> list[Mark]:
        """Arrows from each layer to the one above."""
        tops, count = self.tops(), self.subject.trace.num_layers
        marks: list[Mark] = []
        for t, x in self.middles().items():
            start, tail = self.bottom + INPUT_ARROW_HEIGHT - 1, f"x-{t}"
            for layer in self.layers.indices:
                edge = self.outline_distance if layer == count - 1 else 1
                end = tops[layer] + self.layer_height + edge
                marks.append(
                    flow_arrow(
                        (x, start),
                        (x, end),
                        tail=tail,
                        head=f"layer-{layer}-{t}",
                        paint="muted",
                        width=self.arrow_width,
                        term="h" if layer else "x",
                    )
                )
                start, tail = tops[layer] - 1, f"layer-{layer}-{t}"
        return marks

    def _left_out(self) -> list[Mark]:
        """A note on how many layers are hidden."""
        # The layers that are hidden are between the last visible one and the one before.
        first, count = self.layers.indices[-2], self.layers.hidden_count
        y = self.tops()[first] - self.layer_gap / 2 - FOLDED_LAYERS_HEIGHT / 2
        note = sentence(
            "… {} more layers",
            (count, f"{self.subject.variable}.num_layers - {len(self.layers.indices)}"),
        )
        left = self.look.left + self.look.padding
        lines, _ = words.paragraph(left + 4, y - 9, note, 200)
        ground_width = words.width(note.text) + 8
        return [Box(left, y - 10, ground_width, 20, fill="paper"), lines]

    def inputs_of(self, t: int) -> Vector:
        """The input at one step, for the first sequence."""
        return Vector(self.subject.trace.x[t, 0], Ref("x")[t, 0])

    def _input(self) -> list[Mark]:
        """The input at each visible step."""
        y = self.bottom + INPUT_ARROW_HEIGHT
        if not self.has_input_values:
            return [mark for t, x in self.middles().items() for mark in self._input_node(t, x, y)]
        chips: list[Mark] = []
        for t, x in self.lefts().items():
            values = self.inputs_of(t)
            chips.append(self.look.chip.draw(x, y, values, values.of, id=f"x-{t}", term="x"))
        if not self.look.left:
            return chips
        middle = y + self.look.chip.height(self.subject.trace.weights[0].input_size) / 2
        name = words.label(
            0,
            middle,
            "x",
            names={"tensor": "x"},
            of=chips,
            along="band",
            style=words.STRONG,
            term="x",
        )
        return [*chips, name]

    def _input_node(self, t: int, x: float, y: float) -> list[Mark]:
        """The input at one step without its numbers."""
        node = Box(
            x - NODE_WIDTH / 2,
            y,
            NODE_WIDTH,
            NODE_HEIGHT,
            radius=NODE_HEIGHT / 2,
            fill="paper",
            stroke="rule",
            id=f"x-{t}",
            bound=(Node(self.inputs_of(t).of),),
        )
        name = words.label(
            x,
            y + NODE_HEIGHT / 2,
            "x",
            names={"tensor": "x"},
            of=[node],
            along="column",
            anchor="middle",
            style=words.STRONG,
            term="x",
        )
        return [node, name]

    def _named_steps(self) -> list[Mark]:
        """The step numbers at the bottom."""
        y = self.height - 9
        marks: list[Mark] = [
            words.label(
                x,
                y,
                f"step {t + 1}",
                names={"step": t + 1},
                of=[f"h-*-{t}", f"x-{t}"],
                along="column",
                style=words.FINE,
                anchor="middle",
            )
            for t, x in self.middles().items()
        ]
        return marks

    def notes(self) -> list[Sentence]:
        """Notes on which steps and units are shown; empty if all are."""
        return excerpt_notes(self.steps, self.state_size)

    def description(self) -> str:
        """The visible states as text."""
        lines = []
        for index in self.row_indices():
            layer = index // self.directions
            states = "; ".join(
                f"step {t + 1} {number_list(hidden_state(self.subject, index, t))}"
                for t in self.steps.indices
            )
            lines.append(f"Layer {layer}{direction_suffix(self.subject, index)}: {states}.")
        return " ".join(lines)


def layers_phrase(subject: LayerRun) -> str:
    """The number of layers and directions as a phrase."""
    directions = " in two directions" if subject.trace.bidirectional else ""
    return f"{count_phrase(subject.trace.num_layers, 'layer')}{directions}"


def output_outline(stack: Stack) -> list[Mark]:
    """An outline around `output`, with its name above it."""
    top, edge = min(stack.tops().values()), stack.outline_distance
    left = max(1.0, stack.look.left - edge)
    last_layer = stack.subject.trace.num_layers - 1
    ids = [f"h-{last_layer * stack.directions + k}-*" for k in range(stack.directions)]
    return [
        Box(
            left,
            top - edge,
            stack.right + edge - left,
            stack.layer_height + 2 * edge,
            radius=14,
            stroke="ink",
            stroke_width=2,
            term="output",
        ),
        words.label(
            left + 6,
            top - 18,
            "output",
            names={"tensor": "output"},
            of=ids,
            along="block",
            style=words.STRONG,
            term="output",
        ),
    ]
