"""The figure `directions`."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import pairwise
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
    excerpt_notes,
    first_and_last_excerpt,
    flow_arrow,
    leading_and_last_excerpt,
)
from ..layout.number_lists import number_list
from ..layout.provenance import count_item, provenance, source
from ..model.layer_run import LayerRun
from ..model.reference import Ref, Vector
from ..options import Value
from ..proof.bindings import Flow, Node, sentence
from ..proof.digits import count_phrase
from ..proof.runs.variants import beginning, two_directions
from ..scene.marks import Box, Mark
from ..scene.scenes import Diagram, Head

MAX_STEPS = 8
"""The wide form draws at most this many steps."""
PADDING, EDGE_PADDING, ARROW_LENGTH, INPUT_HEIGHT = 14.0, 10.0, 22.0, 24.0
"""The padding around the states and at the edges of their frame, the length of
an arrow to them, and the height of x."""

CLASSIFIER_INPUT = "torch.cat([h_n[-2], h_n[-1]], dim=1)"
"""The two states that have read the whole sequence, one from each side."""


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


def variant(subject: LayerRun, options: Mapping[str, Value]) -> LayerRun:
    """The module over its first steps, with a second direction if it has none."""
    return replace(subject, trace=two_directions(beginning(subject.trace)))


def directions(subject: LayerRun, width: float) -> Diagram:
    """Both directions over time, and where h_n is taken from."""
    space, count = inner_width(width), len(subject.trace.x)
    both_directions = _direction(subject, 0), _direction(subject, 1)
    is_wide = space > 400
    steps = leading_and_last_excerpt(count, MAX_STEPS) if is_wide else first_and_last_excerpt(count)
    chip = Chip() if count <= 4 else Chip(52, 12, 17)
    drawing = _Drawing(
        subject, both_directions, steps, chip if is_wide else NARROW_LOOK.chip, space
    )
    body = block_column(
        [Block(space, drawing.height, tuple(drawing.marks())), _classifier_input(space)], 24
    )
    states_text = " ".join(
        f"{direction.name.capitalize()}: "
        + "; ".join(
            f"step {t + 1} {number_list(values)}" for t, values in enumerate(direction.values)
        )
        + "."
        for direction in both_directions
    )
    last_text = " ".join(
        f"After step {direction.last + 1} {direction.name}: h_n[{direction.row}] is "
        f"{number_list(direction.state)}."
        for direction in both_directions
    )
    return Diagram(
        _head(subject, steps),
        f"{count_phrase(count, 'step')}. {states_text} {last_text}",
        space,
        body.height,
        body.marks,
        width,
    )


def _head(subject: LayerRun, steps: Excerpt) -> Head:
    trace, size = subject.trace, subject.weights.size
    notes = []
    if trace.num_layers > 1:
        notes.append(
            sentence(
                "This is layer {}, which reads both directions of the layer below it.",
                (trace.num_layers - 1, "lstm.num_layers - 1"),
            )
        )
    notes += excerpt_notes(steps, size)
    return Head(
        sentence("Two directions, opposite ends"),
        sentence(
            "Each direction has its own weights; the names of the second's end "
            "in _reverse. At each step output holds both, forward first."
        ),
        provenance(subject, count_item("step", steps.count, "len(x)")),
        tuple(notes),
        source(subject),
    )


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


def _direction(subject: LayerRun, side: int) -> Direction:
    """A direction of the top layer; side 0 is forward, side 1 reverse."""
    trace, size = subject.trace, subject.weights.size
    index = len(trace.weights) - 2 + side
    run = sorted(trace.part(index), key=lambda step: step.t)
    last = trace.part(index)[-1]
    values = [
        Vector(step.h[0], Ref("output")[t, 0], step.scale, side * size)
        for t, step in enumerate(run)
    ]
    state = Vector(last.h[0], Ref("h_n")[index, 0], last.scale)
    name = trace.weights[index].direction
    return Direction(name, index, last.t, values, state)


@dataclass(frozen=True)
class _Drawing:
    """Forward states above reverse states, with the parts of h_n at the ends.

    Attributes:
        subject: The run of the layer.
        directions: Forward and reverse.
        steps: The steps that are shown.
        chip: The look of a state.
        space: The width of the drawing.
    """

    subject: LayerRun
    directions: tuple[Direction, Direction]
    steps: Excerpt
    chip: Chip
    space: float

    @property
    def is_wide(self) -> bool:
        return self.space > 400

    @property
    def state_height(self) -> float:
        """The height of a state."""
        return self.chip.height(len(self.directions[0].state))

    @property
    def top(self) -> float:
        """The top of the frame of output."""
        return 20 + INPUT_HEIGHT + ARROW_LENGTH

    @property
    def side_width(self) -> float:
        """The width at each side of the frame, for a state and an arrow to it."""
        return self.chip.width + (30 if self.is_wide else 12)

    @property
    def height(self) -> float:
        """The height of the drawing."""
        return self.top + 2 * self.state_height + 3 * PADDING + ARROW_LENGTH + INPUT_HEIGHT

    def y(self, side: int) -> float:
        """The top of the states of a direction."""
        return self.top + PADDING + side * (self.state_height + PADDING)

    def lefts(self) -> dict[int, float]:
        """The left of each step that is shown."""
        width = self.chip.width
        skipped = 18.0 if self.steps.is_folded else 0.0
        count = len(self.steps.indices)
        across = self.space - 2 * self.side_width - 2 * EDGE_PADDING - skipped
        pitch = min((across - width) / max(1, count - 1), width + 80)
        x = self.side_width + EDGE_PADDING
        places = {}
        for line in self.steps.lines:
            if isinstance(line, Gap):
                x += skipped
            else:
                places[line] = x
                x += pitch
        return places

    def marks(self) -> list[Mark]:
        """All marks."""
        lefts = self.lefts()
        right = max(lefts.values()) + self.chip.width + EDGE_PADDING
        marks: list[Mark] = [
            Box(
                self.side_width,
                self.top,
                right - self.side_width,
                2 * self.state_height + 3 * PADDING,
                radius=12,
                fill="panel",
                stroke="ink",
                stroke_width=styles.BOX.strong.weight,
                term="output",
            ),
            self._label(
                "output", {"tensor": "output"}, self.y(0) + 3, ["forward-*", "reverse-*"], bold=True
            ),
        ]
        for side, direction in enumerate(self.directions):
            marks.append(self._name(direction, side, right))
            marks += self._row(direction, side)
            marks += self._last_state(direction, side, right)
        for t, x in lefts.items():
            marks += self._inputs(t, x + self.chip.width / 2)
        return marks

    def _label(
        self,
        content: str,
        names: dict[str, object],
        y: float,
        of: list[str],
        right: float = 0,
        *,
        bold: bool = False,
    ) -> Mark:
        """A name left of the frame, or right of it if `right` is its right edge."""
        x, ends_at_x = right + (12 if self.is_wide else 6), False
        if not right:
            x, ends_at_x = (self.side_width - 12, True) if self.is_wide else (0, False)
        return words.label(
            x,
            y,
            content,
            names,
            of,
            "band",
            style=words.Style(words.LABEL if self.is_wide else words.SMALL, bold=bold),
            fill="ink",
            anchor="end" if ends_at_x else "start",
        )

    def _name(self, direction: Direction, side: int, right: float) -> Mark:
        """The name of a direction, at the end where it begins."""
        y = self.y(side) + self.state_height / 2 + (0 if side else 4)
        names: dict[str, object] = {"direction": direction.name}
        return self._label(direction.name, names, y, [f"{direction.name}-*"], right if side else 0)

    def _row(self, direction: Direction, side: int) -> list[Mark]:
        """The states of a direction, with arrows from step to step."""
        lefts, y = self.lefts(), self.y(side)
        middle, width = y + self.state_height / 2, self.chip.width
        start, end = (-2, width + 2) if side else (width + 2, -2)
        marks: list[Mark] = []
        order = reversed(lefts) if side else lefts
        for before, after in pairwise(order):
            points = ((lefts[before] + start, middle), (lefts[after] + end, middle))
            marks.append(
                flow_arrow(
                    *points,
                    tail=f"{direction.name}-{before}",
                    head=f"{direction.name}-{after}",
                    paint="h",
                    width=styles.LINE.strong.weight,
                    term="h_prev",
                )
            )
            if abs(after - before) > 1:
                x = (points[0][0] + points[1][0]) / 2
                marks += [
                    Box(x - 8, middle - 9, 16, 18, fill="panel"),
                    words.operator(x, middle, "…"),
                ]
        for t, x in lefts.items():
            marks.append(
                self.chip.draw(
                    x,
                    y,
                    direction.values[t],
                    direction.values[t].part,
                    id=f"{direction.name}-{t}",
                    term="output",
                    strong=LAST_STEP_CLAIM if t == direction.last else "",
                )
            )
        return marks

    def _last_state(self, direction: Direction, side: int, right: float) -> list[Mark]:
        """The last state of a direction, outside the frame, with its name in h_n."""
        y, width = self.y(side), self.chip.width
        x = 0.0 if side else right + self.side_width - width
        left = self.lefts()[direction.last]
        ends = (left - 1, width + 1) if side else (left + width + 1, x - 1)
        middle = y + self.state_height / 2
        below = y + self.state_height + 12
        return [
            flow_arrow(
                (ends[0], middle),
                (ends[1], middle),
                tail=f"{direction.name}-{direction.last}",
                head=f"h_n-{direction.row}",
                paint="h",
                width=styles.LINE.strong.weight,
                term="h_n",
            )._replace(
                bound=(
                    Flow("copies", f"{direction.name}-{direction.last}", f"h_n-{direction.row}"),
                )
            ),
            self.chip.draw(
                x,
                y,
                direction.state,
                direction.state.of,
                id=f"h_n-{direction.row}",
                term="h_n",
                strong='tensor == "h_n"',
            ),
            self._end_label(direction, side, x + width / 2),
            words.label(
                x + width / 2,
                below if side else y - 11,
                f"h_n[{direction.row}]",
                {"tensor": "h_n", "row": direction.row},
                [f"h_n-{direction.row}"],
                "column",
                style=words.STRONG if self.is_wide else words.FINE_STRONG,
                anchor="middle",
                term="h_n",
            ),
        ]

    def _end_label(self, direction: Direction, side: int, x: float) -> Mark:
        """The step at which a direction ends, beside its state in h_n."""
        step = (direction.last + 1, "1" if side else "len(x)")
        label = sentence("ends at step {}", step)
        width = words.width("ends at", words.SMALL) + 4
        height = words.LINE * words.SMALL / words.NOTE
        top_below = self.y(1) + self.state_height + 23
        top_above = self.y(0) - 21 - 2 * height
        return words.paragraph(
            x,
            top_below if side else top_above,
            label,
            width,
            size=words.SMALL,
            anchor="middle",
            fill="ink",
        )[0]

    def _inputs(self, t: int, x: float) -> list[Mark]:
        """The input of both directions at a step, and the number of the step."""
        below = self.subject.trace.num_layers - 2
        read = Ref("x") if below < 0 else Ref("outputs").item(below)
        tensor, term = ("x", "x") if below < 0 else ("outputs", "h")
        bottom = self.height - INPUT_HEIGHT
        marks: list[Mark] = [
            words.label(
                x,
                9,
                f"step {t + 1}",
                {"step": t + 1},
                [f"forward-{t}", f"reverse-{t}"],
                "column",
                style=words.FINE,
                anchor="middle",
            )
        ]
        for side, y in enumerate((20.0, bottom)):
            name = self.directions[side].name
            start, end = (y + INPUT_HEIGHT + 1, self.y(0) - 1)
            if side:
                start, end = y - 1, self.y(1) + self.state_height + 1
            id = f"read-{t}-{name}"
            marks += [
                Box(
                    x - 15,
                    y,
                    30,
                    INPUT_HEIGHT,
                    radius=INPUT_HEIGHT / 2,
                    fill="paper",
                    stroke="rule",
                    id=id,
                    bound=(Node(read[t, 0]),),
                ),
                words.label(
                    x,
                    y + INPUT_HEIGHT / 2,
                    term,
                    {"tensor": tensor},
                    [id],
                    "column",
                    anchor="middle",
                    style=words.FINE,
                    term=term,
                ),
                flow_arrow((x, start), (x, end), tail=id, head=f"{name}-{t}", term=term),
            ]
        return marks
