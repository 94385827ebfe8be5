"""The figure `directions`: both directions over time, and where h_n is taken from."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import NamedTuple

from ..layout import styles, words
from ..layout.blocks import (
    Block,
    Chip,
    block_column,
    block_row,
    code_block,
    proven_code,
    text_block,
    verdict_block,
)
from ..layout.excerpts import Excerpt, Gap
from ..layout.margins import inner_width
from ..layout.motifs.layer_stack import (
    LAST_STEP_CLAIM,
    NARROW_LOOK,
    arrows_along_row,
    excerpt_notes,
    first_and_last_excerpt,
    flow_arrow,
    leading_and_last_excerpt,
)
from ..layout.number_lists import number_list
from ..layout.provenance import count_item, provenance, source
from ..layout.shapes import arrow
from ..model.layer_run import LayerRun
from ..model.reference import Ref, Vector
from ..options import Value
from ..proof.bindings import Flow, Node, sentence
from ..proof.digits import count_phrase
from ..proof.runs.variants import beginning, two_directions
from ..scene.marks import Anchor, Box, Mark
from ..scene.scenes import Diagram, Head

MAX_STEPS, MAX_STEPS_MIDDLE = 8, 4
"""The most steps in a form as wide as a page, and in one between that and a phone's."""
NARROWEST_WIDE, NARROWEST_MIDDLE = 520, 400
"""Drawings wider than this have room for `MAX_STEPS`, or at least for names at the sides."""
PADDING, EDGE_PADDING, ARROW_LENGTH, INPUT_HEIGHT = 14.0, 10.0, 22.0, 24.0
"""The padding around the states and at the edges of their frame, the length of
an arrow to them, and the height of x."""
INPUTS_TOP = 20.0
"""The top of the upper x, below the numbers of the steps."""

CLASSIFIER_INPUT = "torch.cat([h_n[-2], h_n[-1]], dim=1)"
"""The code for the two states that have read the whole sequence, one from each side."""


class Direction(NamedTuple):
    """One direction of the last layer.

    Attributes:
        name: `forward` or `reverse`.
        row: Its row of `h_n`.
        last: The step at which it ends, counted from 0.
        values: h at every step, in the order of the sequence.
        state: The values of that row.
    """

    name: str
    row: int
    last: int
    values: list[Vector]
    state: Vector

    @property
    def is_reverse(self) -> bool:
        """Whether it reads the sequence from the end."""
        return self.name == "reverse"


def variant(subject: LayerRun, options: Mapping[str, Value]) -> LayerRun:
    """The module over its first steps, with a second direction if it has none."""
    return replace(subject, trace=two_directions(beginning(subject.trace)))


def directions(subject: LayerRun, width: float) -> Diagram:
    """Both directions over time, and where h_n is taken from."""
    return _Directions(subject, width).diagram()


@dataclass(frozen=True)
class _Directions:
    """Forward states above reverse states, with the parts of h_n at the ends.

    Attributes:
        subject: The run of the layer.
        width: The width of the figure.
    """

    subject: LayerRun
    width: float

    @cached_property
    def directions(self) -> tuple[Direction, Direction]:
        """Both directions of the last layer."""
        return self.direction(0), self.direction(1)

    def direction(self, side: int) -> Direction:
        """A direction of the last layer; side 0 is forward, side 1 reverse."""
        trace, size = self.subject.trace, self.subject.weights.size
        index = len(trace.weights) - 2 + side
        steps_as_read = trace.part(index)
        last = steps_as_read[-1]
        values = [
            Vector(step.h[0], Ref("output")[step.t, 0], step.scale, side * size)
            for step in sorted(steps_as_read, key=lambda step: step.t)
        ]
        state = Vector(last.h[0], Ref("h_n")[index, 0], last.scale)
        return Direction(trace.weights[index].direction, index, last.t, values, state)

    @cached_property
    def steps(self) -> Excerpt:
        """The steps that are shown."""
        count = len(self.subject.trace.x)
        if self.is_wide:
            max_steps = MAX_STEPS if self.space > NARROWEST_WIDE else MAX_STEPS_MIDDLE
            return leading_and_last_excerpt(count, max_steps)
        return first_and_last_excerpt(count)

    @property
    def space(self) -> float:
        """The width of the drawing."""
        return inner_width(self.width)

    @property
    def is_wide(self) -> bool:
        """Whether names are at the sides of the frame, wider than on a phone."""
        return self.space > NARROWEST_MIDDLE

    @property
    def chip(self) -> Chip:
        """The look of a state."""
        if not self.is_wide:
            return NARROW_LOOK.chip
        if self.steps.count <= MAX_STEPS_MIDDLE and self.space > NARROWEST_WIDE:
            return Chip()
        return Chip(width=52, font_size=12, line_height=17)

    @property
    def state_height(self) -> float:
        """The height of a state."""
        return self.chip.height(len(self.directions[0].state))

    @property
    def top(self) -> float:
        """The top of the frame of output."""
        return INPUTS_TOP + INPUT_HEIGHT + ARROW_LENGTH

    @property
    def side_width(self) -> float:
        """The width at each side of the frame, for a state and an arrow to it."""
        return self.chip.width + (30 if self.is_wide else 16)

    @property
    def height(self) -> float:
        """The height of the states and both inputs."""
        return self.top + 2 * self.state_height + 3 * PADDING + ARROW_LENGTH + INPUT_HEIGHT

    def y(self, direction: Direction) -> float:
        """The top of the states of a direction."""
        first = self.top + PADDING
        return first + self.state_height + PADDING if direction.is_reverse else first

    @cached_property
    def lefts(self) -> dict[int, float]:
        """Step that is shown -> its left edge."""
        width = self.chip.width
        gap_width = 18.0 if self.steps.is_folded else 0.0
        count = len(self.steps.indices)
        across = self.space - 2 * self.side_width - 2 * EDGE_PADDING - gap_width
        pitch = min((across - width) / max(1, count - 1), width + 80)
        x = self.side_width + EDGE_PADDING
        lefts = {}
        for line in self.steps.lines:
            if isinstance(line, Gap):
                x += gap_width
            else:
                lefts[line] = x
                x += pitch
        return lefts

    @property
    def right(self) -> float:
        """The right edge of the frame of output."""
        return max(self.lefts.values()) + self.chip.width + EDGE_PADDING

    def diagram(self) -> Diagram:
        drawing = Block(self.space, self.height, tuple(self.marks()))
        body = block_column([drawing, _classifier_input(self.space)], 24)
        return Diagram(
            heading=self.head(),
            description=self.description(),
            width=self.space,
            height=body.height,
            marks=body.marks,
            figure_width=self.width,
        )

    def marks(self) -> list[Mark]:
        """The states, and the inputs above and below them."""
        marks: list[Mark] = [
            Box(
                self.side_width,
                self.top,
                self.right - self.side_width,
                2 * self.state_height + 3 * PADDING,
                radius=12,
                fill="panel",
                stroke="ink",
                stroke_width=styles.BOX.strong.weight,
                term="output",
            ),
            self.label(
                "output",
                {"tensor": "output"},
                self.y(self.directions[0]) + 3,
                ["forward-*", "reverse-*"],
                bold=True,
            ),
        ]
        for direction in self.directions:
            marks += [*self.row(direction), *self.last_state(direction)]
        for t in self.lefts:
            marks += self.step(t)
        return marks

    def label(
        self,
        content: str,
        names: dict[str, object],
        y: float,
        of: Sequence[str | Mark],
        *,
        is_right: bool = False,
        bold: bool = False,
    ) -> Mark:
        """A name left of the frame, or right of it."""
        anchor: Anchor = "start"
        if is_right:
            x = self.right + (12 if self.is_wide else 9)
        elif self.is_wide:
            x, anchor = self.side_width - 12, "end"
        else:
            x = 0
        style = words.Style(words.LABEL if self.is_wide else words.SMALL, "ink", bold)
        return words.label(
            x, y, content, names=names, of=of, along="band", style=style, anchor=anchor
        )

    @cached_property
    def chips(self) -> dict[str, dict[int, Mark]]:
        """Direction and step -> its state."""
        return {
            direction.name: {
                t: self.chip.draw(
                    x,
                    self.y(direction),
                    direction.values[t],
                    direction.values[t].part,
                    id=f"{direction.name}-{t}",
                    term="output",
                    emphasis_claim=LAST_STEP_CLAIM if t == direction.last else "",
                )
                for t, x in self.lefts.items()
            }
            for direction in self.directions
        }

    def row(self, direction: Direction) -> list[Mark]:
        """The name of a direction, and its states with arrows from step to step."""
        middle = self.y(direction) + self.state_height / 2
        states = [*self.chips[direction.name].values()]
        # The name is at the end where the direction begins.
        name = self.label(
            direction.name,
            {"direction": direction.name},
            middle if direction.is_reverse else middle + 4,
            states,
            is_right=direction.is_reverse,
        )
        arrows = arrows_along_row(
            self.lefts,
            middle,
            self.chip.width,
            direction.name,
            is_reverse=direction.is_reverse,
            width=styles.LINE.strong.weight,
            term="h_prev",
        )
        weights = [self.weights_label(middle + 8)] if direction.is_reverse else []
        return [name, *weights, *arrows, *states]

    def weights_label(self, top: float) -> Mark:
        """What the names of the second direction's weights end in, below its name."""
        anchor: Anchor = "start" if self.is_wide else "end"
        lines, _ = words.paragraph(
            self.right + 12 if self.is_wide else self.space,
            top,
            sentence("weight_… _reverse"),
            words.width("weight_…", words.SMALL) + 4,
            size=words.SMALL,
            anchor=anchor,
        )
        return lines

    def last_state(self, direction: Direction) -> list[Mark]:
        """The last state of a direction, outside the frame, with its name in h_n."""
        y, width, id = self.y(direction), self.chip.width, f"h_n-{direction.row}"
        left, middle = self.lefts[direction.last], y + self.state_height / 2
        if direction.is_reverse:
            x, name_y = 0.0, y + self.state_height + 12
            ends = left - 1, width + 1
        else:
            x, name_y = self.right + self.side_width - width, y - 11
            ends = left + width + 1, x - 1
        start, stop = ends
        copied = arrow(
            (start, middle), (stop, middle), paint="h", width=styles.LINE.strong.weight, term="h_n"
        )
        state = self.chip.draw(
            x,
            y,
            direction.state,
            direction.state.of,
            id=id,
            term="h_n",
            emphasis_claim='tensor == "h_n"',
        )
        name = words.label(
            x + width / 2,
            name_y,
            f"h_n[{direction.row}]",
            names={"tensor": "h_n", "row": direction.row},
            of=[state],
            style=words.STRONG if self.is_wide else words.FINE_STRONG,
            anchor="middle",
            term="h_n",
        )
        flow = Flow("copies", f"{direction.name}-{direction.last}", id)
        return [
            copied._replace(bound=(flow,)),
            state,
            self.end_label(direction, x + width / 2),
            name,
        ]

    def end_label(self, direction: Direction, x: float) -> Mark:
        """The step at which a direction ends, beside its state in h_n."""
        step = (direction.last + 1, "1" if direction.is_reverse else "len(x)")
        height = words.line_height(words.SMALL)
        y = self.y(direction)
        lines, _ = words.paragraph(
            x,
            y + self.state_height + 23 if direction.is_reverse else y - 21 - 2 * height,
            sentence("ends at step {}", step),
            words.width("ends at", words.SMALL) + 4,
            size=words.SMALL,
            anchor="middle",
            fill="ink",
        )
        return lines

    def step(self, t: int) -> list[Mark]:
        """The number of a step, and its inputs above and below the states."""
        x = self.lefts[t] + self.chip.width / 2
        number = words.label(
            x,
            9,
            f"step {t + 1}",
            names={"step": t + 1},
            of=[chips[t] for chips in self.chips.values()],
            style=words.FINE,
            anchor="middle",
        )
        marks: list[Mark] = [number]
        for direction in self.directions:
            marks += self.input(direction, t, x)
        return marks

    def input(self, direction: Direction, t: int, x: float) -> list[Mark]:
        """The input of a direction at a step, with an arrow to its state."""
        if self.subject.trace.num_layers == 1:
            inputs, tensor, term = Ref("x"), "x", "x"
        else:
            layer_below = self.subject.trace.num_layers - 2
            inputs, tensor, term = Ref("outputs").list_item(layer_below), "outputs", "h"
        y, name, half_width = INPUTS_TOP, direction.name, 15.0
        start, end = y + INPUT_HEIGHT + 1, self.y(direction) - 1
        if direction.is_reverse:
            y = self.height - INPUT_HEIGHT
            start, end = y - 1, self.y(direction) + self.state_height + 1
        id = f"read-{t}-{name}"
        node = Box(
            x - half_width,
            y,
            2 * half_width,
            INPUT_HEIGHT,
            radius=INPUT_HEIGHT / 2,
            fill="paper",
            stroke="rule",
            id=id,
            bound=(Node(inputs[t, 0]),),
        )
        label = words.label(
            x,
            y + INPUT_HEIGHT / 2,
            term,
            names={"tensor": tensor},
            of=[node],
            along="column",
            anchor="middle",
            style=words.FINE,
            term=term,
        )
        return [
            node,
            label,
            flow_arrow((x, start), (x, end), tail=id, head=f"{name}-{t}", term=term),
        ]

    def head(self) -> Head:
        trace, subject = self.subject.trace, self.subject
        notes = []
        if trace.num_layers > 1:
            notes.append(
                sentence(
                    "This is layer {}, which reads both directions of the layer below it.",
                    (trace.num_layers - 1, "lstm.num_layers - 1"),
                )
            )
        notes += excerpt_notes(self.steps, subject.weights.size)
        return Head(
            sentence("Two directions, opposite ends"),
            sentence(
                "Each direction has its own weights. At each step output holds both, forward first."
            ),
            provenance(subject, count_item("step", self.steps.count, "len(x)")),
            tuple(notes),
            source(subject),
        )

    def description(self) -> str:
        """Every state, and the last one of each direction."""
        sentences = [f"{count_phrase(self.steps.count, 'step')}."]
        for direction in self.directions:
            states = "; ".join(
                f"step {t + 1} {number_list(values)}" for t, values in enumerate(direction.values)
            )
            sentences.append(f"{direction.name.capitalize()}: {states}.")
        sentences += [
            f"After step {direction.last + 1} {direction.name}: h_n[{direction.row}] is "
            f"{number_list(direction.state)}."
            for direction in self.directions
        ]
        return " ".join(sentences)


def _classifier_input(space: float) -> Block:
    """The line of code whose result a classifier should read."""
    halves = "[output[-1, :, :h_n.shape[-1]], output[0, :, h_n.shape[-1]:]]"
    claim = f"torch.allclose({CLASSIFIER_INPUT}, torch.cat({halves}, dim=1), equal_nan=True)"
    heading = verdict_block("for a classifier", claim, right=True)
    line = code_block(proven_code(CLASSIFIER_INPUT, claim), space)
    why = text_block(sentence("Both halves have read every step."), space)
    if heading.width + line.width + why.width + 36 <= space:
        return block_row([heading, line, why], 18)
    return block_column([heading, line, why], 4)
