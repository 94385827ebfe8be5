"""The figure `unrolled`: the cell as a loop, and its calls over time."""

from collections.abc import Sequence
from typing import NamedTuple

from ..layout import styles, words
from ..layout.excerpts import excerpt, left_out_notes
from ..layout.margins import inner_width
from ..layout.motifs import wires
from ..layout.number_lists import number_list
from ..layout.panels import circle
from ..layout.provenance import count_item, provenance, source
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
        loop: The width of the cell as a loop.
        apart: The gap between the loop and the calls.
    """

    box: float
    gap: float
    loop: float
    apart: float


MAX_EXTRA_GAP = 4.0
"""The most that a gap grows to fill the width."""

WIDE_SIZES, NARROW_SIZES = Sizes(46, 6, 104, 20), Sizes(36, 4, 88, 4)


def unrolled(subject: LayerRun, width: float) -> Diagram:
    """The cell as a function of its state, and its calls over time.

    Args:
        subject: The run, layer and direction to draw.
        width: The width that the figure may use.
    """
    is_narrow = width < 640
    drawing = _Calls(subject, NARROW_SIZES if is_narrow else WIDE_SIZES, is_narrow=is_narrow)
    loop, height = drawing.loop()
    calls, below = drawing.rows(inner_width(width) - drawing.sizes.loop - drawing.sizes.apart)
    left = drawing.sizes.loop + drawing.sizes.apart
    return Diagram(
        _head(subject, len(drawing.steps)),
        _description(subject, drawing.steps),
        inner_width(width),
        max(height, below),
        (*loop, *(shift(mark, left, 0) for mark in calls)),
        width,
    )


class _Calls:
    """The loop, and the calls in rows that continue like lines of text."""

    def __init__(self, subject: LayerRun, sizes: Sizes, *, is_narrow: bool):
        self.subject, self.sizes, self.is_narrow = subject, sizes, is_narrow
        max_steps = MAX_STEPS_NARROW if is_narrow else MAX_STEPS
        self.steps = range(min(max_steps, len(subject.steps)))
        weights = subject.weights
        lengths = weights.hidden_size, weights.size
        style = wires.vector_look(max(lengths), narrow=is_narrow)
        self.style = style._replace(
            width=style.width if is_narrow else style.width - 4,
            bar_height=0,
            line_height=style.size + 5,
        )
        self.state = max(map(self.style.height, lengths))
        self.input = self.style.height(weights.input_size)
        self.c = max((90 if is_narrow else 74) + self.state / 2, 84)
        self.h = self.c + self.state + 16
        self.top = self.c - self.state / 2
        self.bottom = self.h + self.state / 2
        self.height = self.bottom + 30 + self.input

    def loop(self) -> tuple[list[Mark], float]:
        """Draw the cell as a loop, whose results are its next arguments."""
        width = self.sizes.loop
        x, half = width / 2, self.sizes.box / 2
        top, bottom = self.c - 20, self.h + 20
        marks: list[Mark] = [
            _caption(0, "as a loop", width),
            Box(
                x - half,
                top,
                2 * half,
                bottom - top,
                radius=8,
                fill=tint("h"),
                id="cell",
                bound=(Node("output[:, 0]"),),
            ),
        ]
        for name, before, y, distance, route_y in (
            ("c", "c_prev", self.c, 18.0, top - 12),
            ("h", "h_prev", self.h, x - half - 2, top - 28),
        ):
            right, left = x + half, x - half
            returned = self.subject.ref(name)[:-1, 0]
            taken = self.subject.ref(before)[1:, 0]
            marks += [
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
                    width=_width(name),
                    term=name,
                ),
                _port(right, y, returned, f"{name}-out", name),
                _port(left, y, taken, f"{name}-in", name),
                wires.vector_name((x, y), name, name, f"{name}-out", "row"),
            ]
        label = wires.vector_name((x, bottom + 42), "x", "x", "x-each")
        marks += [
            Group((label,), id="x-each", bound=(Node("x[:, 0]"),)),
            wires.wire(
                (x, bottom + 34), (x, bottom), tail="x-each", head="cell", flow="order", term="x"
            ),
        ]
        return marks, bottom + 50

    def rows(self, space: float) -> tuple[list[Mark], float]:
        """Draw the calls; return the marks and the bottom of the last row."""
        pitch = self.sizes.box + 2 * self.sizes.gap + self.style.width
        max_per_line = max(1, int((space - self.style.width + 1) // pitch))
        lines = -(-len(self.steps) // max_per_line)
        per_line = -(-len(self.steps) // lines)
        # Widen the gaps, so that the last state ends at the right edge.
        spare = (space - self.style.width) / per_line - pitch
        wider = min(spare / 2, MAX_EXTRA_GAP)
        self.sizes = self.sizes._replace(gap=self.sizes.gap + wider)
        pitch += 2 * wider
        caption = _caption(0, "written out", space)
        marks: list[Mark] = [caption]
        down = self.height - self.top + 50
        for line in range(lines):
            chosen = self.steps[line * per_line : (line + 1) * per_line]
            marks += [
                shift(mark, 0, line * down)
                for mark in self.row(chosen, pitch, is_continued=line > 0)
            ]
        return marks, (lines - 1) * down + self.height

    def row(self, steps: Sequence[int], pitch: float, *, is_continued: bool) -> list[Mark]:
        """Draw some consecutive calls."""
        first, half = steps[0], self.style.width / 2
        subject = self.subject
        states: dict[str, Vector] = {
            name: subject.vector(name, first - 1)
            if is_continued
            else subject.vector(f"{name}_prev", first)
            for name in ("c", "h")
        }
        suffix = "prev-again" if is_continued else "prev"
        ids = {name: f"{name}_{suffix}-{first}" for name in states}
        names = {name: name if is_continued else f"{name}_prev" for name in states}
        marks = self.state_marks(half, states, ids, names)
        for k, t in enumerate(steps):
            left = 2 * half + k * pitch + self.sizes.gap
            x = left + self.sizes.box / 2
            results: dict[str, Vector] = {name: subject.vector(name, t) for name in states}
            result_ids = {name: f"{name}-{t}" for name in states}
            inputs = subject.vector("x", t)
            call = self.call(inputs, states)
            box = Box(
                left,
                self.top - 6,
                self.sizes.box,
                self.bottom - self.top + 12,
                radius=8,
                fill=tint("h"),
                id=f"cell-{t}",
                bound=(Call(call),),
            )
            marks.append(box)
            for name, y in (("c", self.c), ("h", self.h)):
                right = left + self.sizes.box + self.sizes.gap
                # Two wires overlap in the middle of the cell, the first below the
                # second, so that the state seems to pass through without a seam.
                marks += [
                    wires.inner_wire(
                        (left - self.sizes.gap, y),
                        (x + 1, y),
                        paint=name,
                        width=_width(name),
                        tip=False,
                    )._replace(bound=(Flow("in", ids[name], box.id),)),
                    wires.inner_wire((x, y), (right, y), paint=name, width=_width(name))._replace(
                        bound=(Flow("out", box.id, result_ids[name]),)
                    ),
                ]
            top = self.height - self.input
            marks += [
                wires.wire(
                    (x, top), (x, self.bottom + 6), tail=f"x-{t}", head=box.id, flow="in", term="x"
                ),
                self.node(x, top + self.style.height(len(inputs)) / 2, inputs, f"x-{t}", "x"),
                words.label(
                    x,
                    self.top - 16,
                    self.step(subject.step_number(t)),
                    {"step": subject.step_number(t)},
                    [f"x-{t}"],
                    "column",
                    anchor="middle",
                    style=words.FINE,
                ),
                *self.state_marks(
                    right + half, results, result_ids, {name: name for name in states}
                ),
            ]
            if t == self.handover_step:
                marks += self.handover_note(right + half)
            states, ids = results, result_ids
        label_right = 2 * half + self.sizes.gap + (self.sizes.box - 2 * half) / 2
        marks.append(
            wires.vector_name(
                (label_right - 6, self.height - self.input + 14),
                "x",
                "x",
                f"x-{first}-*",
                "band",
                anchor="end",
            )
        )
        return marks

    def step(self, label: int) -> str:
        """Return the name of a call; only its number if "step" does not fit."""
        named = f"step {label}"
        width = self.sizes.box + 2 * self.sizes.gap + 2
        if words.width(named, words.SMALL) <= width:
            return named
        return str(label)

    def state_marks(
        self, x: float, states: dict[str, Vector], ids: dict[str, str], names: dict[str, str]
    ) -> list[Mark]:
        """Draw a pair of states: c above, h below, each with its name."""
        marks: list[Mark] = []
        for name, y, name_y in (("c", self.c, self.top - 16), ("h", self.h, self.bottom + 14)):
            marks += [
                self.node(x, y, states[name], ids[name], name),
                wires.vector_name((x, name_y), names[name], names[name], f"{ids[name]}-*"),
            ]
        return marks

    def node(self, x: float, y: float, values: Vector, id: str, name: str) -> Group:
        """Draw a vector, as an argument or a result of a call."""
        box, *numbers = wires.vector_box(
            (x, y), values, self.style, id=id, term=name, paint="muted" if name == "x" else name
        )
        assert isinstance(box, Box)
        if id in (f"c-{self.handover_step}", f"h-{self.handover_step}"):
            where = f"step == {self.subject.step_number(self.handover_step)}"
            box = styles.strong(box._replace(stroke_width=styles.BOX.strong.weight), where)
        return Group((box, *numbers), id=id, term=name, bound=(Node(self.sliced(values)),))

    @property
    def handover_step(self) -> int:
        """The step whose state has a note on where it goes; −1 for none."""
        return 0 if len(self.steps) > 1 else -1

    def handover_note(self, x: float) -> list[Mark]:
        """Draw the note above that state."""
        if self.handover_step < 0:
            return []
        returning, taking = (self.subject.step_number(t) for t in (0, 1))
        statement = sentence(
            "step {} returns it, step {} takes it",
            (returning, str(returning)),
            (taking, str(taking)),
        )
        lines = 2 if self.is_narrow else 1
        width = words.width(statement.text, words.SMALL) / lines + 12
        height = words.LINE * words.SMALL / words.NOTE
        top = self.top - 31 - lines * height
        return [
            words.paragraph(
                x, top, statement, width, size=words.SMALL, anchor="middle", fill="ink"
            )[0]
        ]

    def sliced(self, values: Vector) -> Ref:
        """Return the expression of a vector with the shape that the module takes."""
        tensor, (t, _) = Ref(values.of.tensor), values.of.index
        if self.subject.trace.kind == "LSTMCell":
            return tensor[t, :1]
        return tensor[t : t + 1, :1]

    def call(self, inputs: Vector, states: dict[str, Vector]) -> str:
        """Return the code of a call; its results are h and c."""
        x, h, c = map(self.sliced, (inputs, states["h"], states["c"]))
        expression = f"{self.subject.module_variable}({x}, ({h}, {c}))"
        return expression if self.subject.trace.kind == "LSTMCell" else f"{expression}[1]"


def _width(name: str) -> float:
    return 4.0 if name == "c" else wires.WIRE_WIDTH


def _port(x: float, y: float, of: Ref, id: str, paint: str) -> Box:
    """Draw where a result leaves the cell, or where an argument enters it."""
    return circle(x, y, 1.5, fill=paint, stroke=paint)._replace(id=id, bound=(Node(of),))


def _caption(x: float, text: str, width: float) -> Group:
    """Draw the heading of a part of the figure."""
    return words.paragraph(x, 0, sentence(text), width, bold=True)[0]


def _head(subject: LayerRun, count: int) -> Head:
    sizes = subject.weights
    notes = [_where(subject)]
    left_out_count = len(subject.steps) - count
    if left_out_count:
        template = "{} more step is" if left_out_count == 1 else "{} more steps are"
        notes.append(sentence(f"{template} left out.", (left_out_count, f"len(x) - {count}")))
    notes += left_out_notes(
        ("input", excerpt(sizes.input_size), "x.shape[-1]"),
        ("unit", excerpt(sizes.hidden_size), "c.shape[-1]"),
    )
    return Head(
        sentence("Each step hands its state to the next"),
        sentence(
            "The cell keeps nothing between calls: h and c go in as arguments, "
            "and what it returns goes into the next call."
        ),
        provenance(subject, count_item("step", len(subject.steps), "len(x)")),
        tuple(notes),
        source(subject),
    )


def _where(subject: LayerRun) -> Sentence:
    """Return the note on what becomes of each h, and of the last state."""
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
