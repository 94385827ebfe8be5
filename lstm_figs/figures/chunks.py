"""The figure `chunks`."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from ..layout import styles, words
from ..layout.margins import inner_width
from ..layout.motifs import over_time
from ..layout.motifs.layer_stack import flow_arrow
from ..layout.number_lists import largest_magnitude, number_list
from ..layout.panels import arrow
from ..layout.provenance import count_item, provenance, source
from ..model.gradients.through_time import Received, through_time
from ..model.layer_run import MAX_SUMMED_STEPS, LayerRun
from ..model.lstm import Array
from ..model.reference import Number, Ref
from ..proof import digits
from ..proof.bindings import Flow, Length, Node, Scale, sentence
from ..proof.preamble.gradients import split
from ..scene.marks import Box, Mark, Path, Text
from ..scene.metrics import width as width_of
from ..scene.scenes import Diagram, Head

CELLS_TOP, CELL_HEIGHT = 30.0, 52.0
"""The top of the cells, and their height."""
FRAME_HEIGHT = 94.0
"""The height of the frame of a chunk."""
MAX_BAR_HEIGHT, LANE_HEIGHT = 60.0, 136.0
"""The height of the largest bar, and of a lane with its labels."""
BASELINE = 106.0
"""From the top of a lane to the bottom of its bars."""
FIRST_STATE = "h_0, c_0"
"""The name of the first bar: the gradient with respect to both states."""
CUT_GAP = 7.0
"""The free space on either side of the line at which detach cuts."""
UNCUT = (
    "all(bool(a.isnan().any() | torch.isclose(a, b).all()) for a, b in zip("
    "*([*way[0][:, 0], torch.cat(way[1:], dim=2)[0, 0]] "
    "for way in (handed, detached))))"
)
"""True if detach changes no bar, because each norm was zero or NaN without it."""


class Variant(NamedTuple):
    """One way to pass the state to the second chunk, and its gradient.

    Attributes:
        id: The name of its gradients in expressions.
        label: The heading of its lane.
        norms: The norm of the gradient at the first state, then at each step.
    """

    id: str
    label: str
    norms: list[Number]


def chunks(subject: LayerRun, width: float) -> Diagram:
    """A sequence in two chunks, and where detach cuts the gradient."""
    steps, space = subject.steps[:MAX_SUMMED_STEPS], inner_width(width)
    first = split(len(steps))
    seeds = np.array([float(t >= first) for t in range(len(steps))])
    flow = through_time(subject.weights, steps, seeds, np.zeros(len(steps)))
    variants = [
        _variant(flow, "handed", "handed on as it is", 0),
        _variant(flow, "detached", "detached before it is handed on", first),
    ]
    drawing = _Drawing(subject, variants, first, space)
    names = ["the first state", *(f"step {subject.step_number(t)}" for t in range(len(steps)))]
    description = " ".join(
        f"When the state is {'handed on' if variant.id == 'handed' else variant.id}: "
        + "; ".join(
            f"{name} {number_list([value])}"
            for name, value in zip(names, variant.norms, strict=True)
        )
        + "."
        for variant in variants
    )
    return Diagram(
        _head(subject, first, len(steps), is_cut=drawing.is_cut),
        f"The second chunk begins at step {subject.step_number(first)}. {description}",
        space,
        drawing.height,
        tuple(drawing.marks()),
        width,
    )


def _head(subject: LayerRun, first: int, count: int, *, is_cut: bool) -> Head:
    outline = "; a dashed outline is what there is without detach" if is_cut else ""
    notes = [
        sentence(
            "Bars are norms of the gradient of the second chunk's "
            "output.sum() by x of each step, at the left by h_0 and c_0"
            f"{outline}.",
            claim="" if is_cut else UNCUT,
        ),
        sentence("Either way the module returns the same output and the same state."),
    ]
    if count < len(subject.steps):
        notes.append(over_time.left_out_note(subject, len(subject.steps) - count))
    return Head(
        sentence(
            "detach stops the gradient, not the state",
            claim=f"not any(part.any() for part in (detached[0][:{first}], *detached[1:]))",
        ),
        sentence(
            "A sequence is run in two chunks. The second starts from the state "
            "that the first returns, handed on as it is or detached."
        ),
        provenance(subject, count_item("step", count, f"len(x[:{MAX_SUMMED_STEPS}])")),
        tuple(notes),
        source(subject),
    )


def _variant(flow: Received, id: str, label: str, cut: int) -> Variant:
    """The norms of the second chunk's gradient; 0 before the cut if detached."""
    is_detached = id == "detached"
    states = Ref(f"torch.cat({id}[1:], dim=2)")[0, 0]
    norms = [_norm(_states(flow), states, is_detached)]
    for t in range(len(flow.x.value)):
        value_and_scale = flow.x.value[t, 0], flow.x.scale[t, 0]
        norms.append(_norm(value_and_scale, Ref(id).item(0)[t, 0], is_detached and t < cut))
    return Variant(id, label, norms)


def _states(flow: Received) -> tuple[Array, Array]:
    """The gradient with respect to h_0 and c_0, and its rounding error."""
    by_h, by_c = flow.h_prev, flow.c_prev
    value, scale = (np.concatenate([h[0, 0], c[0, 0]]) for h, c in zip(by_h, by_c, strict=True))
    return value, scale


def _norm(value_and_scale: tuple[Array, Array], of: Ref, is_detached: bool) -> Number:
    """The norm of a gradient, in float64 so that squares do not overflow."""
    value, scale = (
        0.0 if is_detached else float(np.linalg.norm(a.astype(np.float64))) for a in value_and_scale
    )
    return Number(np.float64(value), f"{of}.double().norm()", scale)


@dataclass(frozen=True)
class _Drawing:
    """A row of cells, and below it a lane of bars for each variant.

    Attributes:
        subject: The run of the layer.
        variants: The state passed as it is, and detached.
        first: The number of steps in the first chunk.
        space: The width of the drawing.
    """

    subject: LayerRun
    variants: Sequence[Variant]
    first: int
    space: float

    @property
    def is_wide(self) -> bool:
        return self.space > 400

    @property
    def count(self) -> int:
        """The number of steps."""
        return len(self.variants[0].norms) - 1

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

    @property
    def height(self) -> float:
        """The height of the drawing."""
        return self.top(1) + BASELINE + (20 if self.first_name_fits else 34)

    @property
    def first_name_fits(self) -> bool:
        """Whether the name of the first state fits below its bar."""
        return self.column >= width_of(FIRST_STATE, words.SMALL, mono=True)

    def top(self, line: int) -> float:
        """The top of a lane."""
        return FRAME_HEIGHT + 26 + line * LANE_HEIGHT

    def x(self, k: int) -> float:
        """The middle of column `k`: 0 is the first state, 1 the first step."""
        return (k + 0.5) * self.column + (self.chunk_gap if k > self.first else 0)

    @property
    def name_size(self) -> float:
        """The font size of the name of a chunk."""
        return words.LABEL if self.is_wide else words.SMALL

    @property
    def frame_padding(self) -> float:
        """The padding inside a frame."""
        return 13.0 if self.is_wide else 6.0

    @property
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

    def marks(self) -> list[Mark]:
        """All marks."""
        marks = [
            *self._frames(),
            self._cut_line(0, FRAME_HEIGHT),
            *self._states(),
            *(self._step(k) for k in range(1, self.count + 1)),
        ]
        for line, variant in enumerate(self.variants):
            marks += self._lane(variant, self.top(line))
        top = self.top(1)
        return [
            *marks,
            self._axis_label(self.top(0)),
            *self._first_labels(top + BASELINE),
            self._detach_label(top + 18),
            self._cut_line(top + 12, top + BASELINE + CUT_GAP),
        ]

    def _cut_line(self, top: float, bottom: float) -> Mark:
        """The line between the two chunks, at which detach cuts."""
        ends = (self.cut_x, top), (self.cut_x, bottom)
        return Path(
            (("M", ends[0]), ("L", ends[1])), stroke="neg", stroke_width=styles.LINE.strong.weight
        )

    def _detach_label(self, y: float) -> Mark:
        """The label of the line at which detach cuts."""
        label = sentence(
            "detach()",
            claim=f"not any(part.any() for part in (detached[0][:{self.first}], *detached[1:]))",
        )
        size = words.SMALL
        name, _ = words.paragraph(
            self.cut_x - CUT_GAP,
            y - words.LINE * size / words.NOTE / 2,
            label,
            100,
            size=size,
            anchor="end",
            fill="ink",
            bold=True,
        )
        return name

    def _axis_label(self, top: float) -> Mark:
        """What the bars measure, right of the first lane's heading."""
        size = words.SMALL
        label = sentence("norm of the gradient by x")
        min_right = words.width(self.variants[0].label, bold=True) + 12
        right = max(self.x(self.count) + self.half_width, min_right + words.width(label.text, size))
        paragraph, _ = words.paragraph(
            right,
            top - words.LINE * size / words.NOTE / 2,
            label,
            self.space,
            size=size,
            anchor="end",
        )
        return paragraph

    def _frames(self) -> list[Mark]:
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

    def _states(self) -> list[Mark]:
        """Arrows of c and h through the cells, from c_0 and h_0 at the left."""
        marks: list[Mark] = []
        for name, tensor, y, width in (
            ("c", "c", CELLS_TOP + 15, 2.75),
            ("h", "output", CELLS_TOP + CELL_HEIGHT - 15, 1.5),
        ):
            for k in range(self.count + 1):
                x, id = self.x(k), f"{name}-{k}"
                node = Node(Ref(tensor)[k - 1, 0] if k else Ref(f"{name}_0")[0, 0])
                if k == 0:
                    marks.append(
                        words.label(
                            x,
                            y,
                            f"{name}_0",
                            {"tensor": f"{name}_0"},
                            [id],
                            "column",
                            style=words.FINE_CODE,
                            fill="ink",
                            anchor="middle",
                        )
                    )
                box_width = 2 * self.half_width if k else 30.0
                marks.append(Box(x - box_width / 2, y - 9, box_width, 18, id=id, bound=(node,)))
                if k:
                    start = self.x(k - 1) + (self.half_width if k > 1 else 15)
                    line = flow_arrow(
                        (start, y),
                        (x - self.half_width, y),
                        tail=f"{name}-{k - 1}",
                        head=id,
                        paint="c" if name == "c" else "h",
                        width=width,
                        term=name,
                    )
                    marks.append(line)
        cells: list[Mark] = [
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
        return [*cells, *marks]

    def _step(self, k: int) -> Mark:
        """The number of a step, in its cell."""
        step = self.subject.step_number(k - 1)
        return words.label(
            self.x(k),
            CELLS_TOP + CELL_HEIGHT / 2,
            str(step),
            {"step": step},
            self._bar_ids(k),
            "column",
            anchor="middle",
            style=words.STRONG,
        )

    def _bar_ids(self, k: int) -> list[str]:
        """The ids of the bars of a step, or of the first state."""
        outlines = [f"detached-{k}-was"] if self._lost_norm(k) else []
        return [*(f"{variant.id}-{k}-bar" for variant in self.variants), *outlines]

    @property
    def is_cut(self) -> bool:
        """Whether detach makes any bar shorter."""
        return any(map(self._lost_norm, range(len(self.variants[0].norms))))

    def _lost_norm(self, k: int) -> float:
        """The norm that detach removes at a step; 0 if it removes nothing."""
        handed, detached = (float(variant.norms[k].value) for variant in self.variants)
        return 0.0 if detached or np.isnan(handed) else handed

    def _lane(self, variant: Variant, top: float) -> list[Mark]:
        """The norms of one variant as bars, with their numbers above them."""
        maximum = largest_magnitude(n for candidate in self.variants for n in candidate.norms)
        base = top + BASELINE
        scale = Scale(0, maximum, base, base - MAX_BAR_HEIGHT)
        places = digits.decimals(n.value for n in variant.norms)
        max_chars = int((self.column - 2) / width_of("0", words.SMALL, mono=True))
        bars: list[Mark] = []
        numbers: list[Text] = []
        for k, value in enumerate(variant.norms):
            x, number = self.x(k), float(value.value)
            bar_value = 0.0 if np.isnan(number) else min(number, maximum)
            is_zero, height = number == 0, bar_value
            bars.append(self._bar(k, value.expr, scale, bar_value, f"{variant.id}-{k}-bar"))
            if variant.id == "detached" and self._lost_norm(k):
                handed_norm, height = self.variants[0].norms[k], min(self._lost_norm(k), maximum)
                # The outline goes from the detached norm to the one without detach.
                outline = self._bar(
                    k, f"({value.expr}, {handed_norm.expr})", scale, height, f"{variant.id}-{k}-was"
                )
                bars.append(outline._replace(fill=None, stroke="ink", dash=styles.CELL.back.dash))
            printed = words.number(
                x,
                scale(height) - 9,
                value,
                size=words.SMALL,
                places=0 if is_zero else places,
                max_chars=min(6, max_chars),
                fill="muted" if is_zero else "ink",
                id=f"{variant.id}-{k}",
                term="x" if k else "h_prev c_prev",
            )
            printed = styles.back(printed, "it == 0" if is_zero else "")
            if printed.width <= self.column - 2:
                numbers.append(printed)
        name = words.label(
            0,
            top,
            variant.label,
            {"tensor": variant.id},
            [*(bar.id for bar in bars), *(number.id for number in numbers)],
            "block",
            style=words.STRONG,
        )
        ends = [self.x(0) - self.half_width, self.x(self.count) + self.half_width]
        if variant.id == "detached":
            ends[1:1] = self.cut_x - CUT_GAP, self.cut_x + CUT_GAP
        lines = [
            Path((("M", (start, base)), ("L", (stop, base))), stroke="rule")
            for start, stop in zip(ends[::2], ends[1::2], strict=True)
        ]
        return [name, *lines, *bars, *numbers, *self._back(variant, top)]

    def _bar(self, k: int, of: str, scale: Scale, height: float, id: str) -> Box:
        """One norm as a bar."""
        left, top = self.x(k) - self.half_width, scale(height)
        return Box(
            left,
            top,
            2 * self.half_width,
            scale(0) - top,
            fill="ink:60",
            id=id,
            bound=(Length(of, "height", scale),),
        )

    def _first_labels(self, base: float) -> list[Mark]:
        """The name of the first bars, h_0 and c_0, below the lower lane."""
        parts = [FIRST_STATE] if self.first_name_fits else FIRST_STATE.split(", ")
        return [
            words.label(
                self.x(0),
                base + 13 + 14 * line,
                part,
                {"tensor": part.replace(" ", "")},
                self._bar_ids(0),
                "column",
                style=words.FINE_CODE,
                fill="ink",
                anchor="middle",
            )
            for line, part in enumerate(parts)
        ]

    def _back(self, variant: Variant, top: float) -> list[Mark]:
        """An arrow as long as the gradient reaches back."""
        y = top + 18
        start = self.x(self.count) + self.half_width
        is_handed_on = variant.id == "handed"
        stop = self.x(0) - self.half_width if is_handed_on else self.cut_x + CUT_GAP
        width = styles.LINE.plain.weight
        line = arrow((start, y), (stop, y), paint="muted", width=width)
        last = 0 if is_handed_on else self.first + 1
        ends = (f"{variant.id}-{k}-bar" for k in (self.count, last))
        return [line._replace(bound=(Flow("reaches", *ends),))]
