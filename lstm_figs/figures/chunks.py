"""The figure `chunks`: a sequence in two chunks, and where detach cuts the gradient."""

from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np

from ..layout import styles, words
from ..layout.margins import inner_width
from ..layout.motifs import over_time
from ..layout.motifs.layer_stack import flow_arrow
from ..layout.number_lists import largest_magnitude, number_list
from ..layout.provenance import count_item, provenance, source
from ..layout.shapes import arrow
from ..model.gradients.through_time import Received, through_time
from ..model.layer_run import MAX_SUMMED_STEPS, LayerRun
from ..model.lstm import Array
from ..model.reference import Number, Ref
from ..proof import digits
from ..proof.bindings import Flow, Length, Node, Scale, Sentence, sentence
from ..proof.preamble.gradients import split
from ..scene.marks import Box, Group, Mark, Path, Text
from ..scene.metrics import width as width_of
from ..scene.scenes import Diagram, Head

CELLS_TOP, CELL_HEIGHT = 30.0, 52.0
"""The top of the cells, and their height."""
FRAME_HEIGHT = 94.0
"""The height of the frame of a chunk."""
STATES = (("c", "c", CELLS_TOP + 15, 2.75), ("h", "output", CELLS_TOP + CELL_HEIGHT - 15, 1.5))
"""Each state, its tensor, and the height and the stroke width of its arrows."""
STATE_HEIGHT, HALF_NAME_WIDTH = 18.0, 15.0
"""The height of a state, and half the width of the name of the first one."""
MAX_BAR_HEIGHT, LANE_HEIGHT = 60.0, 136.0
"""The height of the largest bar, and of a lane with its labels."""
BASELINE, REACH_OFFSET = 106.0, 18.0
"""From the top of a lane to the bottom of its bars, and to the arrow that shows how
far its gradient reaches."""
FIRST_STATE = "h_0, c_0"
"""The name of the first bar: the gradient with respect to both states."""
CUT_GAP = 7.0
"""The free space on either side of the line at which detach cuts."""
HALF_LINE = words.line_height(words.SMALL) / 2
"""Half the height of a line of small text."""
UNCUT = (
    "all(bool(a.isnan().any() | torch.isclose(a, b).all()) for a, b in zip("
    "*([*way[0][:, 0], torch.cat(way[1:], dim=2)[0, 0]] "
    "for way in (handed, detached))))"
)
"""The claim that detach changes no bar, because each norm was zero or NaN without it."""


class Variant(NamedTuple):
    """One way to pass the state to the second chunk, and its gradient.

    Attributes:
        id: `handed` or `detached`, the name of its gradients in expressions.
        label: The heading of its lane.
        norms: The norm of the gradient at the first state, then at each step.
    """

    id: str
    label: str
    norms: list[Number]

    @property
    def is_detached(self) -> bool:
        """Whether the gradient ends at the second chunk."""
        return self.id == "detached"


def chunks(subject: LayerRun, width: float) -> Diagram:
    """A sequence in two chunks, and where detach cuts the gradient."""
    return _Chunks(subject, width).diagram()


@dataclass(frozen=True)
class _Chunks:
    """A row of cells, and below it a lane of bars for each variant.

    Attributes:
        subject: The run of the layer.
        width: The width of the figure.
    """

    subject: LayerRun
    width: float

    @cached_property
    def count(self) -> int:
        """The number of steps."""
        return len(self.subject.steps[:MAX_SUMMED_STEPS])

    @property
    def first(self) -> int:
        """The number of steps in the first chunk."""
        return split(self.count)

    @cached_property
    def flow(self) -> Received:
        """The gradient of the outputs of the second chunk."""
        # Each h of the second chunk is an output, so the gradient there starts as 1.
        seeds_of_h = np.array([float(t >= self.first) for t in range(self.count)])
        seeds_of_c = np.zeros(self.count)
        steps = self.subject.steps[: self.count]
        return through_time(self.subject.weights, steps, seeds_of_h, seeds_of_c)

    @cached_property
    def variants(self) -> tuple[Variant, Variant]:
        """The state passed as it is, and detached."""
        handed, detached = self.norms("handed", 0), self.norms("detached", self.first)
        return (
            Variant(id="handed", label="passed as it is", norms=handed),
            Variant(id="detached", label="detached first", norms=detached),
        )

    def norms(self, id: str, cut: int) -> list[Number]:
        """The norms of a gradient; 0 before the cut if it is detached."""
        is_detached, by_x = id == "detached", self.flow.x
        states = Ref(f"torch.cat({id}[1:], dim=2)")[0, 0]
        norms = [_norm(_gradient_by_initial_states(self.flow), states, is_detached)]
        for t in range(self.count):
            value_and_scale = by_x.value[t, 0], by_x.scale[t, 0]
            norms.append(
                _norm(value_and_scale, Ref(id).list_item(0)[t, 0], is_detached and t < cut)
            )
        return norms

    def lost_norm(self, k: int) -> float:
        """The norm that detach removes at a step; 0 if it removes nothing."""
        handed, detached = (float(variant.norms[k].value) for variant in self.variants)
        return 0.0 if detached or np.isnan(handed) else handed

    @property
    def is_cut(self) -> bool:
        """Whether detach makes any bar shorter."""
        return any(map(self.lost_norm, range(self.count + 1)))

    @cached_property
    def maximum(self) -> float:
        """The largest norm."""
        return largest_magnitude(norm for variant in self.variants for norm in variant.norms)

    @property
    def space(self) -> float:
        """The width of the drawing."""
        return inner_width(self.width)

    @property
    def is_wide(self) -> bool:
        return self.space > 400

    @property
    def chunk_gap(self) -> float:
        """The gap between the two chunks."""
        return 34.0 if self.is_wide else 16.0

    @property
    def column(self) -> float:
        """The width of a step."""
        return min(150.0, (self.space - self.chunk_gap) / (self.count + 1))

    @property
    def half_width(self) -> float:
        """Half the width of a cell and of a bar."""
        return min(22.0, self.column / 2 - (6 if self.is_wide else 5))

    def x(self, k: int) -> float:
        """The middle of column `k`: 0 is the first state, 1 the first step."""
        return (k + 0.5) * self.column + (self.chunk_gap if k > self.first else 0)

    @property
    def left(self) -> float:
        """The left of the first bar."""
        return self.x(0) - self.half_width

    @property
    def right(self) -> float:
        """The right of the last bar."""
        return self.x(self.count) + self.half_width

    def top(self, variant: Variant) -> float:
        """The top of a lane."""
        return FRAME_HEIGHT + 26 + (LANE_HEIGHT if variant.is_detached else 0)

    def scale(self, variant: Variant) -> Scale:
        """The scale of the bars of a lane."""
        base = self.top(variant) + BASELINE
        return Scale(0, self.maximum, base, base - MAX_BAR_HEIGHT)

    @property
    def bottom(self) -> float:
        """The bottom of all bars."""
        return self.top(self.variants[1]) + BASELINE

    @property
    def height(self) -> float:
        """The height of the drawing."""
        return self.bottom + (20 if self.first_name_fits else 34)

    @property
    def first_name_fits(self) -> bool:
        """Whether the name of the first state fits below its bar."""
        return self.column >= width_of(FIRST_STATE, words.SMALL, mono=True)

    @property
    def name_size(self) -> float:
        """The font size of the name of a chunk."""
        return words.LABEL if self.is_wide else words.SMALL

    @property
    def frame_padding(self) -> float:
        """The padding inside a frame."""
        return 13.0 if self.is_wide else 6.0

    @cached_property
    def frames(self) -> dict[str, tuple[float, float]]:
        """The left and right of the frame of each chunk that has steps."""
        spans = {}
        for name, first, last in (
            ("first chunk", 1, self.first),
            ("second chunk", self.first + 1, self.count),
        ):
            if first > last:
                continue
            steps = self.x(last) - self.x(first) + 2 * self.half_width
            min_width = words.width(name, self.name_size, bold=True)
            width = max(steps, min_width) + 2 * self.frame_padding
            middle = (self.x(first) + self.x(last)) / 2
            left = min(middle, self.space - width / 2) - width / 2
            spans[name] = left, left + width
        return spans

    @property
    def cut_x(self) -> float:
        """The middle of the gap before the second chunk."""
        _, end = self.frames.get("first chunk", (0, self.x(0) + self.half_width))
        return (end + self.frames["second chunk"][0]) / 2

    def diagram(self) -> Diagram:
        return Diagram(
            heading=self.head(),
            description=self.description(),
            width=self.space,
            height=self.height,
            marks=tuple(self.marks()),
            figure_width=self.width,
        )

    def marks(self) -> list[Mark]:
        """The chunks, and a lane for each variant below them."""
        marks = [*self.chunk_frames(), *self.cells()]
        for name, tensor, y, stroke_width in STATES:
            marks += self.states(name, tensor, y, stroke_width)
        marks += [self.step(k) for k in range(1, self.count + 1)]
        for variant in self.variants:
            marks += self.lane(variant)
        return [
            *marks,
            self.axis_label(),
            *self.first_labels(),
            self.detach_label(),
            self.cut_line(),
        ]

    def cut_line(self) -> Mark:
        """The line in the lower lane between the two chunks, at which detach cuts."""
        _, detached = self.variants
        top, bottom = (self.cut_x, self.top(detached) + 12), (self.cut_x, self.bottom + CUT_GAP)
        return Path(
            (("M", top), ("L", bottom)), stroke="neg", stroke_width=styles.LINE.strong.weight
        )

    def detach_label(self) -> Mark:
        """The label of the line at which detach cuts."""
        _, detached = self.variants
        name, _ = words.paragraph(
            self.cut_x - CUT_GAP,
            self.top(detached) + REACH_OFFSET - HALF_LINE,
            sentence("detach()", claim=self.cut_claim),
            100,
            size=words.SMALL,
            anchor="end",
            fill="ink",
            bold=True,
        )
        return name

    def axis_label(self) -> Mark:
        """What the bars measure, right of the first lane's heading."""
        handed, _ = self.variants
        label = sentence("norm of the gradient by x")
        min_right = words.width(handed.label, bold=True) + 12
        right = max(self.right, min_right + words.width(label.text, words.SMALL))
        y = self.top(handed) - HALF_LINE
        paragraph, _ = words.paragraph(right, y, label, self.space, size=words.SMALL, anchor="end")
        return paragraph

    def chunk_frames(self) -> list[Mark]:
        """A frame around the steps of each chunk, with its name."""
        marks: list[Mark] = []
        for name, (left, right) in self.frames.items():
            paragraph, _ = words.paragraph(
                left + self.frame_padding,
                5,
                sentence(name),
                self.space,
                size=self.name_size,
                fill="ink",
                bold=True,
            )
            frame = Box(left, 0, right - left, FRAME_HEIGHT, radius=8, stroke="muted")
            marks += [frame, paragraph]
        return marks

    def cells(self) -> list[Mark]:
        """The cell of each step."""
        return [
            Box(
                self.x(k) - self.half_width,
                CELLS_TOP,
                2 * self.half_width,
                CELL_HEIGHT,
                radius=7,
                fill="panel",
                stroke="rule",
            )
            for k in range(1, self.count + 1)
        ]

    def states(self, name: str, tensor: str, y: float, stroke_width: float) -> list[Mark]:
        """Arrows of a state through the cells, from its first value at the left.

        The arrows join invisible boxes, to which the state at each step is bound.
        """
        first_name, top = f"{name}_0", y - STATE_HEIGHT / 2
        first = Box(
            self.x(0) - HALF_NAME_WIDTH,
            top,
            2 * HALF_NAME_WIDTH,
            STATE_HEIGHT,
            id=f"{name}-0",
            bound=(Node(Ref(first_name)[0, 0]),),
        )
        label = words.label(
            self.x(0),
            y,
            first_name,
            names={"tensor": first_name},
            of=[first],
            along="column",
            style=words.FINE_CODE,
            fill="ink",
            anchor="middle",
        )
        marks: list[Mark] = [label, first]
        start = self.x(0) + HALF_NAME_WIDTH
        for k in range(1, self.count + 1):
            left, id = self.x(k) - self.half_width, f"{name}-{k}"
            node = Node(Ref(tensor)[k - 1, 0])
            marks += [
                Box(left, top, 2 * self.half_width, STATE_HEIGHT, id=id, bound=(node,)),
                flow_arrow(
                    (start, y),
                    (left, y),
                    tail=f"{name}-{k - 1}",
                    head=id,
                    paint="c" if name == "c" else "h",
                    width=stroke_width,
                    term=name,
                ),
            ]
            start = self.x(k) + self.half_width
        return marks

    def step(self, k: int) -> Mark:
        """The number of a step, in its cell."""
        step = self.subject.step_number(k - 1)
        return words.label(
            self.x(k),
            CELLS_TOP + CELL_HEIGHT / 2,
            str(step),
            names={"step": step},
            of=self.all_bars(k),
            anchor="middle",
            style=words.STRONG,
        )

    def all_bars(self, k: int) -> list[Box]:
        """The bars of a step, or of the first state, in both lanes."""
        return [bar for variant in self.variants for bar in self.bars(variant, k)]

    def bars(self, variant: Variant, k: int) -> list[Box]:
        """A norm as a bar, and an outline up to the norm without detach."""
        norm, id, scale = variant.norms[k], f"{variant.id}-{k}", self.scale(variant)
        value, lost = float(norm.value), self.lost_norm(k)
        top = scale(0.0 if np.isnan(value) else min(value, self.maximum))
        bar = Box(
            self.x(k) - self.half_width,
            top,
            2 * self.half_width,
            scale(0) - top,
            fill="ink:60",
            id=f"{id}-bar",
            bound=(Length(norm.expr, "height", scale),),
        )
        if not (variant.is_detached and lost):
            return [bar]
        top = scale(min(lost, self.maximum))
        # The outline goes from the detached norm to the one without detach.
        handed, _ = self.variants
        ends = f"({norm.expr}, {handed.norms[k].expr})"
        outline = bar._replace(
            y=top,
            height=scale(0) - top,
            fill=None,
            stroke="ink",
            dash=styles.CELL.muted.dash,
            id=f"{id}-was",
            bound=(Length(ends, "height", scale),),
        )
        return [bar, outline]

    def number(self, variant: Variant, k: int, y: float) -> Text:
        """The number of a norm."""
        norm = variant.norms[k]
        is_zero = float(norm.value) == 0
        max_chars = int((self.column - 2) / width_of("0", words.SMALL, mono=True))
        number = words.number(
            self.x(k),
            y,
            norm,
            size=words.SMALL,
            decimals=0 if is_zero else digits.decimals(n.value for n in variant.norms),
            max_chars=min(6, max_chars),
            fill="muted" if is_zero else "ink",
            id=f"{variant.id}-{k}",
            term="x" if k else "h_prev c_prev",
        )
        return styles.muted(number, "it == 0" if is_zero else "")

    def lane(self, variant: Variant) -> list[Mark]:
        """The norms of one variant as bars, with their numbers above them."""
        top = self.top(variant)
        bars: list[Mark] = []
        numbers: list[Mark] = []
        for k in range(self.count + 1):
            column = self.bars(variant, k)
            bars += column
            highest = column[-1]
            number = self.number(variant, k, highest.y - 9)
            if number.width <= self.column - 2:
                numbers.append(number)
        name = words.label(
            0,
            top,
            variant.label,
            names={"tensor": variant.id},
            of=[*bars, *numbers],
            along="block",
            style=words.STRONG,
        )
        ends = [(self.left, self.right)]
        if variant.is_detached:
            ends = [(self.left, self.cut_x - CUT_GAP), (self.cut_x + CUT_GAP, self.right)]
        base = top + BASELINE
        lines = [
            Path((("M", (start, base)), ("L", (stop, base))), stroke="rule") for start, stop in ends
        ]
        return [name, *lines, *bars, *numbers, self.reach(variant, top + REACH_OFFSET)]

    def first_labels(self) -> list[Mark]:
        """The name of the first bars, h_0 and c_0, below the lower lane."""
        parts = [FIRST_STATE] if self.first_name_fits else FIRST_STATE.split(", ")
        return [
            words.label(
                self.x(0),
                self.bottom + 13 + 14 * line,
                part,
                names={"tensor": part.replace(" ", "")},
                of=self.all_bars(0),
                style=words.FINE_CODE,
                fill="ink",
                anchor="middle",
            )
            for line, part in enumerate(parts)
        ]

    def reach(self, variant: Variant, y: float) -> Group:
        """An arrow as long as the gradient reaches back."""
        stop, last = self.left, 0
        if variant.is_detached:
            stop, last = self.cut_x + CUT_GAP, self.first + 1
        line = arrow((self.right, y), (stop, y), paint="muted", width=styles.LINE.plain.weight)
        ends = (f"{variant.id}-{k}-bar" for k in (self.count, last))
        return line._replace(bound=(Flow("reaches", *ends),))

    @property
    def cut_claim(self) -> str:
        """The claim that no gradient gets past detach."""
        return f"not any(part.any() for part in (detached[0][:{self.first}], *detached[1:]))"

    def head(self) -> Head:
        return Head(
            sentence("detach stops the gradient, not the state", claim=self.cut_claim),
            sentence(
                "The second chunk starts from the state of the first. "
                "Either way the output is the same."
            ),
            provenance(
                self.subject, count_item("step", self.count, f"len(x[:{MAX_SUMMED_STEPS}])")
            ),
            tuple(self.notes()),
            source(self.subject),
        )

    def notes(self) -> list[Sentence]:
        outline = "; dashed outlines are without detach" if self.is_cut else ""
        notes = [
            sentence(
                f"Gradients are those of the second chunk's output.sum(){outline}.",
                claim="" if self.is_cut else UNCUT,
            )
        ]
        left_out = len(self.subject.steps) - self.count
        if left_out:
            notes.append(over_time.left_out_note(self.subject, left_out))
        return notes

    def description(self) -> str:
        """Where the second chunk begins, and all norms of both variants."""
        steps = [self.subject.step_number(t) for t in range(self.count)]
        names = ["the first state", *(f"step {step}" for step in steps)]
        sentences = [f"The second chunk begins at step {steps[self.first]}."]
        for variant in self.variants:
            norms = "; ".join(
                f"{name} {number_list([value])}"
                for name, value in zip(names, variant.norms, strict=True)
            )
            way = "detached" if variant.is_detached else "handed on"
            sentences.append(f"When the state is {way}: {norms}.")
        return " ".join(sentences)


def _gradient_by_initial_states(flow: Received) -> tuple[Array, Array]:
    """The gradient with respect to h_0 and c_0, and its rounding error."""
    value, scale = (
        np.concatenate([by_h[0, 0], by_c[0, 0]])
        for by_h, by_c in zip(flow.h_prev, flow.c_prev, strict=True)
    )
    return value, scale


def _norm(value_and_scale: tuple[Array, Array], of: Ref, is_detached: bool) -> Number:
    """The norm of a gradient, in float64 so that squares do not overflow."""
    value, scale = (
        0.0 if is_detached else float(np.linalg.norm(a.astype(np.float64))) for a in value_and_scale
    )
    return Number(np.float64(value), f"{of}.double().norm()", scale)
