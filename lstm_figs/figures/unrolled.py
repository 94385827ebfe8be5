"""The figure `unrolled`: the cell as a loop, and its calls over time."""

import math
from collections.abc import Sequence
from typing import NamedTuple

from ..layout import styles, words
from ..layout.excerpts import excerpt, left_out_notes
from ..layout.margins import inner_width
from ..layout.motifs import vectors, wires
from ..layout.number_lists import number_list
from ..layout.provenance import count_item, provenance, source
from ..layout.shapes import Point, circle
from ..model.layer_run import LayerRun
from ..model.reference import Ref, Vector
from ..proof.bindings import Call, Flow, Node, Sentence, sentence
from ..scene.marks import Box, Group, Mark, shift
from ..scene.scenes import Diagram, Head
from ..scene.theme import tint

MAX_STEPS, MAX_STEPS_NARROW = 8, 4
"""The most calls to draw, in the wide and in the narrow form."""


class Sizes(NamedTuple):
    """The widths of the parts.

    Attributes:
        box: The width of a cell.
        gap: The gap between a cell and a state.
        max_gap: The most that a gap grows to fill the width.
        loop: The width of the cell as a loop.
        loop_c: From the cell to the outer parts of the wire of c in the loop.
        apart: The gap between the loop and the calls.
    """

    box: float
    gap: float
    max_gap: float
    loop: float
    loop_c: float
    apart: float


WIDE_SIZES = Sizes(box=46, gap=6, max_gap=10, loop=104, loop_c=18, apart=20)
"""The sizes of the wide form."""
NARROW_SIZES = Sizes(box=36, gap=4, max_gap=40, loop=78, loop_c=12, apart=4)
"""The sizes of the narrow form."""
TURN_RIGHT = {"c": 12.0, "h": 6.0}
"""How far right of the last state of a row c and h turn down, on their way to the
next row."""
TURN_BACK = {"c": 20.0, "h": 12.0}
"""How far below a row they turn back."""
TURN_LEFT = {"c": 20.0, "h": 29.0}
"""How far left of the next row they turn down to it."""
LANES_WIDTH = TURN_RIGHT["c"] + 3
"""The width right of a row for both."""
NARROWEST_WIDE = 640
"""Narrower figures have smaller parts and fewer steps."""
STEP_OFFSET, CELL_PADDING, INPUT_GAP = 16.0, 6.0, 30.0
"""How far the names of steps are above the states, how far cells extend above and below
the states, and the gap between the states and x."""
LOOP_PADDING = 20.0
"""How far the cell of the loop extends above c and below h."""


def unrolled(subject: LayerRun, width: float) -> Diagram:
    """The cell as a function of its state, and its calls over time.

    Args:
        subject: The run, layer and direction to draw.
        width: The width that the figure may use.
    """
    drawing = _Calls(subject, width)
    loop, bottom = drawing.loop()
    calls = (shift(mark, drawing.left, 0) for mark in drawing.rows())
    return Diagram(
        heading=_head(subject, len(drawing.steps)),
        description=_description(subject, drawing.steps),
        width=inner_width(width),
        height=max(bottom, drawing.bottom),
        marks=(*loop, *calls),
        figure_width=width,
    )


NOTE_WIDTH = 212.0
"""The width of the note on where a state goes."""


class State(NamedTuple):
    """A state that a call takes or returns.

    Attributes:
        values: Its elements.
        id: Its id.
        name: Its name as it is printed.
    """

    values: Vector
    id: str
    name: str


States = dict[str, State]
"""c and h of one step."""


class _Calls:
    """The loop, and the calls in rows that continue like lines of text.

    Attributes:
        steps: The steps whose calls are drawn.
        left: The left edge of the rows.
        space: The width of the rows.
        per_row: The most calls in a row.
        row_count: The number of rows.
        sizes: The widths, with gaps that let the last state end at the right edge.
        pitch: The distance from one call to the next.
    """

    def __init__(self, subject: LayerRun, width: float):
        self.subject = subject
        self.is_narrow = width < NARROWEST_WIDE
        sizes = NARROW_SIZES if self.is_narrow else WIDE_SIZES
        max_steps = MAX_STEPS_NARROW if self.is_narrow else MAX_STEPS
        self.steps = range(min(max_steps, len(subject.steps)))
        weights = subject.weights
        lengths = weights.hidden_size, weights.size
        look = vectors.vector_look(max(lengths), narrow=self.is_narrow)
        self.look = look._replace(
            width=look.width if self.is_narrow else look.width - 4,
            bar_height=0,
            line_height=look.font_size + 5,
        )
        self.left = sizes.loop + sizes.apart
        self.space = inner_width(width) - self.left
        # A row is a state, and for each call a cell and a state, with two gaps.
        min_pitch = sizes.box + 2 * sizes.gap + self.look.width
        is_one_row = len(self.steps) * min_pitch + self.look.width <= self.space + 1
        if not is_one_row:
            self.space -= LANES_WIDTH
        max_per_row = max(1, int((self.space - self.look.width + 1) // min_pitch))
        self.row_count = math.ceil(len(self.steps) / max_per_row)
        self.per_row = math.ceil(len(self.steps) / self.row_count)
        spare = (self.space - self.look.width) / self.per_row - min_pitch
        added_gap = min(spare / 2, sizes.max_gap - sizes.gap)
        self.sizes = sizes._replace(gap=sizes.gap + added_gap)
        self.pitch = min_pitch + 2 * added_gap
        self.place_downwards(max(map(self.look.height, lengths)))

    def place_downwards(self, state_height: float) -> None:
        """Set the vertical positions: of c, h, the cell, and the rows."""
        above_states = 90 if self.note_lines > 1 else 74
        # The wires of the loop need 84 above c.
        self.c = max(above_states + state_height / 2, 84)
        self.h = self.c + state_height + 16
        self.states_top = self.c - state_height / 2
        self.states_bottom = self.h + state_height / 2
        self.input_top = self.states_bottom + INPUT_GAP
        self.row_bottom = self.input_top + self.look.height(self.subject.weights.input_size)
        self.row_pitch = self.row_bottom - self.states_top + 58
        self.bottom = (self.row_count - 1) * self.row_pitch + self.row_bottom

    def loop(self) -> tuple[list[Mark], float]:
        """Draw the cell as a loop, whose results are its next arguments."""
        width, cell_width = self.sizes.loop, self.sizes.box
        x = width / 2
        top, bottom = self.c - LOOP_PADDING, self.h + LOOP_PADDING
        # The wire of h goes around the one of c, close to the edges of the drawing.
        loop_h = (width - cell_width) / 2 - 2
        marks: list[Mark] = [
            _caption(0, "as a loop", width),
            Box(
                x - cell_width / 2,
                top,
                cell_width,
                bottom - top,
                radius=8,
                fill=tint("h"),
                id="cell",
                bound=(Node("output[:, 0]"),),
            ),
        ]
        for name, before, y, distance, route_y in (
            ("c", "c_prev", self.c, self.sizes.loop_c, top - 12),
            ("h", "h_prev", self.h, loop_h, top - 28),
        ):
            marks += self.loop_state(name, before, (x, y), distance, route_y)
        label = vectors.vector_name((x, bottom + 42), text="x", tensor="x", of="x-each")
        marks += [
            Group((label,), id="x-each", bound=(Node("x[:, 0]"),)),
            wires.wire(
                (x, bottom + 34), (x, bottom), tail="x-each", head="cell", flow="order", term="x"
            ),
        ]
        return marks, bottom + 50

    def loop_state(
        self, name: str, before: str, middle: Point, distance: float, route_y: float
    ) -> list[Mark]:
        """Draw a state of the loop, with its wire from the right side to the left.

        Args:
            name: The state, as returned.
            before: The state, as taken.
            middle: The middle of the cell, at the height where it leaves and enters.
            distance: From the cell to the outer parts of the wire.
            route_y: The height at which the wire goes back.
        """
        (x, y), half = middle, self.sizes.box / 2
        right, left = x + half, x - half
        returned, taken = self.subject.ref(name)[:-1, 0], self.subject.ref(before)[1:, 0]
        return [
            wires.wire(
                (right, y),
                (right + distance, y),
                (right + distance, route_y),
                (left - distance, route_y),
                (left - distance, y),
                (left, y),
                tail=f"{name}-out",
                head=f"{name}-in",
                paint=name,
                flow="copies",
                width=_wire_width(name),
                term=name,
            ),
            _port(right, y, returned, f"{name}-out", name),
            _port(left, y, taken, f"{name}-in", name),
            vectors.vector_name((x, y), text=name, tensor=name, of=f"{name}-out", along="row"),
        ]

    def rows(self) -> list[Mark]:
        """Draw the calls below their caption."""
        marks: list[Mark] = [_caption(0, "written out", self.space)]
        for k in range(self.row_count):
            steps = self.steps[k * self.per_row : (k + 1) * self.per_row]
            marks += [
                shift(mark, 0, k * self.row_pitch) for mark in self.row(steps, is_continued=k > 0)
            ]
            if k:
                marks += self.threads(steps[0], k)
        return marks

    def threads(self, first: int, row: int) -> list[Mark]:
        """Draw c and h from the end of a row of calls to the start of the next, below the loop.

        Args:
            first: The first step of the next row.
            row: The index of that row.
        """
        right = self.per_row * self.pitch + self.look.width
        above = (row - 1) * self.row_pitch
        below = above + self.row_pitch
        marks: list[Mark] = []
        for name, y in (("c", self.c), ("h", self.h)):
            # The wire of h is inside the one of c at the right and outside it at the left.
            turn_x, turn_y = right + TURN_RIGHT[name], above + self.row_bottom + TURN_BACK[name]
            enter_x = -TURN_LEFT[name]
            marks.append(
                wires.wire(
                    (right + 1, above + y),
                    (turn_x, above + y),
                    (turn_x, turn_y),
                    (enter_x, turn_y),
                    (enter_x, below + y),
                    (-1, below + y),
                    tail=f"{name}-{first - 1}",
                    head=f"{name}_prev-again-{first}",
                    paint=name,
                    flow="copies",
                    width=_wire_width(name),
                    term=name,
                )
            )
        return marks

    def row(self, steps: Sequence[int], *, is_continued: bool) -> list[Mark]:
        """Draw some consecutive calls."""
        first, half_state = steps[0], self.look.width / 2
        if is_continued:
            # The row begins with what the last call above it returned.
            states = self.states(first - 1, "{}", f"{{}}_prev-again-{first}")
        else:
            states = self.states(first, "{}_prev", f"{{}}_prev-{first}")
        marks = self.state_marks(half_state, states)
        for k, t in enumerate(steps):
            left = self.look.width + k * self.pitch + self.sizes.gap
            results_x = left + self.sizes.box + self.sizes.gap + half_state
            results = self.states(t, "{}", f"{{}}-{t}")
            marks += [
                *self.cell(t, left, states, results),
                *self.input(t, left + self.sizes.box / 2),
                *self.state_marks(results_x, results),
            ]
            if t == self.handover_step:
                marks.append(self.handover_note(results_x))
            states = results
        first_input_left = self.look.width / 2 + self.sizes.gap + self.sizes.box / 2
        marks.append(
            vectors.vector_name(
                (first_input_left - 6, self.input_top + 14),
                text="x",
                tensor="x",
                of=f"x-{first}-*",
                along="band",
                anchor="end",
            )
        )
        return marks

    def states(self, t: int, name: str, id: str) -> States:
        """Return c and h of a step, with `{}` for either in their name and their id."""
        return {
            state: State(
                self.subject.vector(name.format(state), t), id.format(state), name.format(state)
            )
            for state in ("c", "h")
        }

    def cell(self, t: int, left: float, taken: States, results: States) -> list[Mark]:
        """Draw the box of a call, and the states that pass through it."""
        gap, width = self.sizes.gap, self.sizes.box
        box = Box(
            left,
            self.states_top - CELL_PADDING,
            width,
            self.states_bottom - self.states_top + 2 * CELL_PADDING,
            radius=8,
            fill=tint("h"),
            id=f"cell-{t}",
            bound=(Call(self.call(self.subject.vector("x", t), taken)),),
        )
        marks: list[Mark] = [box]
        x = left + width / 2
        for name, y in (("c", self.c), ("h", self.h)):
            # Two wires overlap in the middle of the cell, the first below the
            # second, so that the state seems to pass through without a seam.
            before = wires.inner_wire(
                (left - gap, y), (x + 1, y), paint=name, width=_wire_width(name), tip=False
            )
            after = wires.inner_wire(
                (x, y), (left + width + gap, y), paint=name, width=_wire_width(name)
            )
            marks += [
                before._replace(bound=(Flow("in", taken[name].id, box.id),)),
                after._replace(bound=(Flow("out", box.id, results[name].id),)),
            ]
        return marks

    def input(self, t: int, x: float) -> list[Mark]:
        """Draw the input of a call below its box, and the step above it."""
        values, label = self.subject.vector("x", t), self.subject.step_number(t)
        top = self.input_top
        node = self.node(x, top + self.look.height(len(values)) / 2, values, f"x-{t}", "x")
        return [
            wires.wire(
                (x, top),
                (x, self.states_bottom + CELL_PADDING),
                tail=node.id,
                head=f"cell-{t}",
                flow="in",
                term="x",
            ),
            node,
            words.label(
                x,
                self.states_top - STEP_OFFSET,
                self.step(label),
                names={"step": label},
                of=[node],
                anchor="middle",
                style=words.FINE,
            ),
        ]

    def step(self, label: int) -> str:
        """Return the name of a call; only its number if "step" does not fit."""
        named = f"step {label}"
        width = self.sizes.box + 2 * self.sizes.gap + 2
        if words.width(named, words.SMALL) <= width:
            return named
        return str(label)

    def state_marks(self, x: float, states: States) -> list[Mark]:
        """Draw a pair of states: c above, h below, each with its name."""
        marks: list[Mark] = []
        for name, y, name_y in (
            ("c", self.c, self.states_top - STEP_OFFSET),
            ("h", self.h, self.states_bottom + 14),
        ):
            state = states[name]
            marks += [
                self.node(x, y, state.values, state.id, name),
                vectors.vector_name(
                    (x, name_y), text=state.name, tensor=state.name, of=f"{state.id}-*"
                ),
            ]
        return marks

    def node(self, x: float, y: float, values: Vector, id: str, name: str) -> Group:
        """Draw a vector, as an argument or a result of a call."""
        box, *numbers = vectors.vector_box(
            (x, y), values, self.look, id=id, term=name, paint="muted" if name == "x" else name
        )
        assert isinstance(box, Box)
        step = self.handover_step
        if step is not None and id in (f"c-{step}", f"h-{step}"):
            where = f"step == {self.subject.step_number(step)}"
            box = styles.emphasized(box._replace(stroke_width=styles.BOX.strong.weight), where)
        return Group((box, *numbers), id=id, term=name, bound=(Node(self.sliced(values)),))

    @property
    def handover_step(self) -> int | None:
        """The step whose state has a note on where it goes; None if there is one step."""
        return 0 if len(self.steps) > 1 else None

    @property
    def note_lines(self) -> int:
        """The number of lines of the note above that state."""
        state_x = self.look.width * 1.5 + self.sizes.box + 2 * self.sizes.gap
        return 1 if min(state_x, self.space - state_x) >= NOTE_WIDTH / 2 else 2

    def handover_note(self, x: float) -> Mark:
        """Draw the note above that state."""
        returning, taking = (self.subject.step_number(t) for t in (0, 1))
        statement = sentence(
            "step {} returns it, step {} takes it",
            (returning, str(returning)),
            (taking, str(taking)),
        )
        lines = self.note_lines
        width = words.width(statement.text, words.SMALL) / lines + 12
        height = words.line_height(words.SMALL)
        top = self.states_top - 31 - lines * height
        note, _ = words.paragraph(
            x, top, statement, width, size=words.SMALL, anchor="middle", fill="ink"
        )
        return note

    def sliced(self, values: Vector) -> Ref:
        """Return the expression of a vector with the shape that the module takes."""
        tensor, (t, _) = Ref(values.of.tensor), values.of.index
        if self.subject.trace.kind == "LSTMCell":
            return tensor[t, :1]
        return tensor[t : t + 1, :1]

    def call(self, inputs: Vector, states: States) -> str:
        """Return the code of a call; its results are h and c."""
        x, h, c = map(self.sliced, (inputs, states["h"].values, states["c"].values))
        expression = f"{self.subject.module_variable}({x}, ({h}, {c}))"
        return expression if self.subject.trace.kind == "LSTMCell" else f"{expression}[1]"


def _wire_width(name: str) -> float:
    """The stroke width of the wire of a state; heavy for c."""
    return 4.0 if name == "c" else wires.WIRE_WIDTH


def _port(x: float, y: float, of: Ref, id: str, paint: str) -> Box:
    """Draw where a result leaves the cell, or where an argument enters it."""
    return circle(x, y, 1.5, fill=paint, stroke=paint)._replace(id=id, bound=(Node(of),))


def _caption(x: float, text: str, width: float) -> Group:
    """Draw the heading of a part of the figure."""
    return words.paragraph(x, 0, sentence(text), width, bold=True)[0]


def _head(subject: LayerRun, count: int) -> Head:
    sizes = subject.weights
    notes = [_use_of_states(subject)]
    left_out_count = len(subject.steps) - count
    if left_out_count:
        template = "{} more step is" if left_out_count == 1 else "{} more steps are"
        notes.append(sentence(f"{template} left out.", (left_out_count, f"len(x) - {count}")))
    notes += left_out_notes(
        ("input", excerpt(sizes.input_size), "x.shape[-1]"),
        ("unit", excerpt(sizes.hidden_size), "c.shape[-1]"),
    )
    return Head(
        sentence("Each step passes its state to the next"),
        sentence(
            "The cell keeps nothing between calls: h and c are arguments, and results "
            "go into the next call."
        ),
        provenance(subject, count_item("step", len(subject.steps), "len(x)")),
        tuple(notes),
        source(subject),
    )


def _use_of_states(subject: LayerRun) -> Sentence:
    """Return the note on where each h is used, and where the last state is returned."""
    trace, layer = subject.trace, subject.weights.layer
    claims = [f"lstm.num_layers > {layer + 1}"]
    part = ""
    if trace.bidirectional:
        part = "half of "
        claims.append("lstm.bidirectional")
    if layer + 1 < trace.num_layers:
        text = f"Each h is {part}what the layer above receives."
    else:
        text = f"Each h is {part or 'also '}the output of its step."
        claims[0] = f"lstm.num_layers == {layer + 1}"
    if len(trace.weights) == 1:
        return sentence(f"{text} The last h and c are h_n and c_n.")
    name = subject.parameter_name("weight_ih")
    index = (
        subject.index,
        f'[n for n, _ in lstm.named_parameters() if "weight_ih" in n].index("{name}")',
    )
    return sentence(
        f"{text} The last h and c are h_n[{{}}] and c_n[{{}}].",
        index,
        index,
        claim=" and ".join(claims),
    )


def _description(subject: LayerRun, steps: Sequence[int]) -> str:
    steps_text = " ".join(
        f"Step {subject.step_number(t)}: "
        f"x is {number_list(subject.vector('x', t))}; "
        f"c is {number_list(subject.vector('c', t))}; "
        f"h is {number_list(subject.vector('h', t))}."
        for t in steps
    )
    return (
        f"At the start c is {number_list(subject.vector('c_prev', 0))} and "
        f"h is {number_list(subject.vector('h_prev', 0))}. {steps_text}"
    )
