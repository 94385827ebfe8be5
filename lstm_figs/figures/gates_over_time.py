"""The figure `gates-over-time`: the four gates and both states of every unit over the sequence."""

import math
from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from ..layout import WIDE, styles, words
from ..layout.margins import inner_width
from ..layout.motifs import heat, label_rows, over_time
from ..layout.motifs.over_time import Steps
from ..layout.motifs.token_rows import tokens_by_step
from ..layout.number_lists import number_list
from ..layout.provenance import count_item, provenance, source
from ..model.layer_run import LayerRun
from ..model.reference import Matrix, Number
from ..proof.bindings import Length, Node, Says, Scale, Sentence, joined, sentence
from ..proof.digits import DECIMALS, count_phrase, text
from ..scene.marks import Box, Mark, Path, Text
from ..scene.scenes import Diagram, Head
from ..scene.terms import TERMS

GATES = ("i", "f", "g", "o")
STATES = {"c": "c_n", "h": "h_n"}
"""Each state, and the name of its last step in PyTorch."""
RESULTS = (*GATES, *STATES)
"""From top to bottom."""
DESCRIBED_STEPS = 8
"""The description gives the numbers of at most this many steps."""
WIDE_GUTTER_WIDTH = 480
"""Figures of at least this width have the wide gutter."""
MIN_GUTTER_WIDTH, MIN_NARROW_GUTTER_WIDTH = 112.0, 48.0
"""The least widths of both gutters beside lanes."""
STRIPS_GUTTER_WIDTH, STRIPS_NARROW_GUTTER_WIDTH = 104.0, 46.0
"""The widths of both gutters beside strips."""
VERB_X = 17.0
"""The left of what a gate does, right of its letter."""
MIN_STEP_WIDTH, MAX_STEP_WIDTH = 1.5, 140.0
"""The least and the largest width of a step."""
MIN_FRAMED_STEP_WIDTH = 3.5
"""A frame around one step needs this width."""
PANEL_PADDING, OUTPUT_PADDING = 5.0, 4.0
"""Around the results that the module keeps inside, and between the frames of
`h_n` and `output`."""

MIN_EXTREME, MIN_EXTREME_SHARE = 0.4, 0.5
"""A gate is open or shut if it is this far from one half; of a network in which gates
open and shut, more than this share of gates is."""
MAX_LANE_UNITS, MAX_LANE_COLUMNS = 4, 200
"""With more units, or more columns in a gate, the figure draws strips."""
FRAME_NAME_HEIGHT, STEPS_HEIGHT = 22.0, 16.0
"""The height of the name below a frame, and from the middle of step numbers to the results."""
MAX_PRINTED_STEPS = 8
"""Values are printed below the lanes for at most this many steps."""
MAX_HIGH_UNITS = 2
"""Lanes are high for at most this many units."""
NUMBER_CHAR_WIDTH, NUMBER_MARGIN, NUMBERS_HEIGHT = 7.25, 8.0, 13.0
"""The width of a printed digit, the space beside a number in its step, and the height of a
row of printed values."""
LANE_GAP, LINE_GAP = 3.0, 8.0
"""Between two lanes of columns, and between two lanes of lines."""
LINE_HEIGHT, PRINTED_LINE_HEIGHT, LOW_LINE_HEIGHT = 56, 40, 34
"""The mean height of a line: without printed values, with them, and with more than
`MAX_HIGH_UNITS` units."""
MIN_TICK_DISTANCE = 14.0
"""The least distance of two ticks."""
MAX_LINE_SHARE = 1.5
"""The largest height of a line, as a share of the mean."""
MIN_LINE_HEIGHT, MIN_NAMED_HEIGHT = 14.0, 34.0
"""The least height of a line; the second if the letter of its state is above its unit."""
GATE_TINT = 76
"""The tint of a gate's columns in per cent: their contrast with the panel has to
be at least 3."""
NAME_GAP, TICK_GAP = PANEL_PADDING + 6, PANEL_PADDING + 5
"""From a unit's name and from a tick to the first step; a frame fits between."""

MAX_SHARE_OF_MEDIAN, MIN_CLIPPED_UNITS = 2.0, 4
"""The colours of a state end below the units whose largest value is this much larger than
that of the median unit, if there are at least this many units. Otherwise few large units
would make all others pale."""
MAX_ROWS, MIN_ROWS, MAX_CELLS = 12, 6, 1800
"""The rows of a strip, and the most cells."""
STRIP_HEIGHT, MAX_ROW_HEIGHT = 72, 14
"""The height of a heat map of all units, and the largest height of a row in it."""
COLOUR_BAR_GAP, COLOUR_BAR_WIDTH, BARS_WIDTH = 16.0, 76.0, 92.0
"""The gap before a colour scale, its width, and the width of both."""
SIGMOID_GATES = ("i", "f", "o")
"""Gates between 0 and 1, drawn in their own hue; the rest has a hue per sign."""


class LaneHeights(NamedTuple):
    """Heights in the form with lanes.

    Attributes:
        gate: A lane from 0 to 1.
        signed: A lane from −1 to 1.
        gap: The space between two results.
    """

    gate: float
    signed: float
    gap: float


UNPRINTED = LaneHeights(14, 20, 12)
"""The heights without printed numbers."""
ONE_UNIT = LaneHeights(26, 40, 12)
"""The heights if a single unit is drawn."""
FEW_UNITS_WIDE = LaneHeights(16, 24, 10)
"""The heights of few units in the wide form."""
FEW_UNITS_NARROW = LaneHeights(12, 18, 7)
"""The heights of few units in the narrow form."""
MORE_UNITS = LaneHeights(11, 16, 7)
"""The heights of more units."""


def gates_over_time(subject: LayerRun, width: float) -> Diagram:
    """The four gates and both states of every unit over the sequence."""
    form = _Lanes if _has_lanes(subject, width) else _Strips
    return form(subject, width).diagram()


def _has_lanes(subject: LayerRun, width: float) -> bool:
    """Whether each unit has a lane of its own."""
    size, count = subject.weights.hidden_size, len(subject.steps)
    if count <= MAX_PRINTED_STEPS and width < WIDE:
        # Narrow lanes with printed values become too tall with more units.
        return size <= MAX_HIGH_UNITS
    return size <= MAX_LANE_UNITS and size * count <= MAX_LANE_COLUMNS


class _Form(ABC):
    """The parts that both forms share: steps, frames and words.

    Attributes:
        right_margin: The width right of the steps.
        gap: The height between two results.
        gutter: The width left of the steps.
        notes: Notes about how the results are drawn.
    """

    right_margin: float
    gap: float

    def __init__(self, subject: LayerRun, width: float):
        self.subject, self.width = subject, width
        self.is_cell = subject.trace.kind == "LSTMCell"
        self.steps = self.steps_within(width)
        self.is_wide = self.steps.left > over_time.MAX_NARROW_GUTTER
        self.left_out = len(subject.steps) - len(self.steps.labels)
        # nn.LSTMCell returns the state of one step, so it has no sequence to frame.
        self.is_framed = not self.left_out and not self.is_cell
        self.notes: list[Sentence] = []

    @abstractmethod
    def gutter(self, width: float) -> float:
        """The width left of the steps, in a figure of this width."""

    @abstractmethod
    def heading(self) -> tuple[list[Mark], float]:
        """The labels, tokens and numbers of the steps, and the top of the results."""

    @abstractmethod
    def result(self, name: str, y: float) -> tuple[list[Mark], float]:
        """A gate or a state with its top at `y`, and its bottom."""

    def steps_within(self, width: float) -> Steps:
        """As many steps as fit a figure of this width, from the first on."""
        left = self.gutter(width)
        space = inner_width(width) - left - self.right_margin
        count = min(len(self.subject.steps), int(space / MIN_STEP_WIDTH))
        labels = tuple(self.subject.step_number(t) for t in range(count))
        width = min(MAX_STEP_WIDTH, space / count)
        return Steps(0, labels, left, width, clock=self.subject.trace.clock)

    def stays_inside(self, name: str) -> bool:
        """Whether the module does not return a result, except its last step."""
        return name in GATES or (name == "c" and not self.is_cell)

    def diagram(self) -> Diagram:
        marks, height = self.marks()
        if self.left_out:
            self.notes.append(over_time.left_out_note(self.subject, self.left_out))
        setup = [
            *over_time.tokens_setup(self.subject.trace, marks),
            *label_rows.setup(self.subject),
        ]
        return Diagram(
            heading=self.head(),
            description=self.description(),
            width=inner_width(self.width),
            height=height,
            marks=tuple(marks),
            figure_width=self.width,
            setup="\n".join(setup),
        )

    def marks(self) -> tuple[list[Mark], float]:
        """All marks, and the height of the figure."""
        marks, y = self.heading()
        top = bottom = y
        results: list[Mark] = []
        for name in RESULTS:
            result, y = self.result(name, y)
            results += result
            if self.stays_inside(name):
                bottom = y
                if name in STATES:
                    y += 2 * PANEL_PADDING
            y += self.gap
        return [*marks, self.panel(top, bottom), *results], y - self.gap

    def top_rows(self, ids: Sequence[str], overhang: float) -> tuple[list[Mark], float]:
        """Labels, tokens and step numbers, and the middle of the latter.

        Args:
            ids: The ids of the marks of a step, with `{t}` for the step.
            overhang: How far a slanted token may reach beyond the last step.
        """
        labels = label_rows.label_rows(self.subject, self.steps, 0)
        tokens = tokens_by_step(self.subject, self.steps, labels.height, ids, overhang=overhang)
        self.notes += tokens.notes
        y = labels.height + tokens.height + 8
        return [
            *labels.marks,
            *tokens.marks,
            *over_time.step_labels(self.steps, y, ids, above=True),
        ], y

    def result_name(self, name: str, y: float, of: Sequence[Mark]) -> list[Mark]:
        """The letter of a result and, if it is wide enough, what its gate does."""
        is_gate = name in GATES
        names: dict[str, object] = {"gate" if is_gate else "tensor": name}
        paint = TERMS[name].role
        marks: list[Mark] = [
            words.label(
                0,
                y,
                name,
                names=names,
                of=of,
                along="band",
                style=words.GATE,
                fill=paint,
                term=name,
            )
        ]
        if is_gate and self.is_wide:
            verb = over_time.VERBS[name]
            marks.append(
                words.label(
                    VERB_X, y, verb, names=names, of=of, along="band", style=words.FINE, fill=paint
                )
            )
        return marks

    def unit_name(self, right: float, y: float, unit: int, of: Sequence[Mark]) -> Text:
        """The name of a unit beside its lane."""
        return words.label(
            right,
            y,
            f"unit {unit}" if self.is_wide else str(unit),
            names={"unit": unit},
            of=of,
            along="band",
            style=words.FINE,
            anchor="end",
        )

    def panel(self, top: float, bottom: float) -> Box:
        """The grey panel behind the results that stay inside the module."""
        return Box(
            self.steps.left - PANEL_PADDING,
            top - PANEL_PADDING,
            self.steps.right - self.steps.left + 2 * PANEL_PADDING,
            bottom - top + 2 * PANEL_PADDING,
            radius=4,
            fill="panel",
        )

    def frames(self, state: str, top: float, bottom: float) -> list[Mark]:
        """Frames around the steps of a state that the module returns."""
        if not self.is_framed:
            return []
        last = len(self.subject.steps) - 1
        last_name, sequence = STATES[state], "output" if state == "h" else "c"
        marks: list[Mark] = []
        if self.steps.width >= MIN_FRAMED_STEP_WIDTH:
            claim = f"torch.allclose({last_name}[0], {sequence}[-1], atol=1e-6, equal_nan=True)"
            bound = (Node(f"{last_name}[0, 0]"), Says(claim=claim))
            marks += self.frame(last, last_name, bound, top, bottom, is_outer=False)
        if state == "h" and last:
            bound = (Node("output[:, 0]"), Says(claim="len(output) == len(x)"))
            marks += self.frame(
                0, "output", bound, top - OUTPUT_PADDING, bottom + OUTPUT_PADDING, is_outer=True
            )
        return marks

    def frame(
        self,
        first: int,
        tensor: str,
        bound: tuple[Node, Says],
        top: float,
        bottom: float,
        *,
        is_outer: bool,
    ) -> list[Mark]:
        """A frame from a step to the last one, and the name of its tensor below."""
        padding = PANEL_PADDING if is_outer else PANEL_PADDING - OUTPUT_PADDING
        left, right = self.steps.edge(first) - padding, self.steps.right + padding
        paint = TERMS[tensor].role
        box = Box(
            left,
            top,
            right - left,
            bottom - top,
            radius=4,
            stroke=paint,
            stroke_width=(styles.BOX.plain if is_outer else styles.BOX.strong).weight,
            id=tensor,
            term=tensor,
            bound=bound,
        )
        name = words.label(
            (left + right) / 2,
            # Names of both frames are at one height, below the outer one.
            bottom + 9 + (0 if is_outer else OUTPUT_PADDING),
            tensor,
            names={"tensor": tensor},
            of=[box],
            style=words.FINE_STRONG_CODE,
            fill=paint,
            anchor="middle",
            term=tensor,
        )
        return [box, name]

    def head(self) -> Head:
        count, projection = len(self.subject.steps), self.subject.weights.proj_size
        notes = list(self.notes)
        if projection:
            noun = "element" if projection == 1 else "elements"
            notes.append(
                sentence(f"h is projected to {{}} {noun}.", (projection, "output.shape[-1]"))
            )
        return Head(
            self.title(),
            self.lead(),
            provenance(self.subject, count_item("step", count, "len(x)")),
            tuple(notes),
            source(self.subject),
        )

    def title(self) -> Sentence:
        """What the gates do, and what comes out."""
        gates = np.array([[step.i[0], step.f[0], step.o[0]] for step in self.subject.steps])
        is_extreme = abs(gates - 0.5) > MIN_EXTREME
        states = "every h and every c" if self.is_cell else "every h and the last c"
        expression = f"abs(torch.stack([i, f, o])[:, :, 0] - 0.5) > {MIN_EXTREME}"
        if np.isfinite(gates).all() and not is_extreme.any():
            return sentence(
                "No gate opens or shuts, as before training",
                claim=f"not ({expression} + 1e-6).any()",
            )
        if is_extreme.mean() > MIN_EXTREME_SHARE:
            return sentence(
                f"Gates open and shut; {states} come out",
                claim=f"({expression} - 1e-6).double().mean() > {MIN_EXTREME_SHARE} - 1e-6",
            )
        return sentence(f"{states[0].upper()}{states[1:]} come out")

    def lead(self) -> Sentence:
        """How many of the computed numbers are returned."""
        weights, count = self.subject.weights, len(self.subject.steps)
        h, c = count * weights.size, count * weights.hidden_size
        h_count = "output[:, 0].numel()"
        returned_c, c_tensor = (
            (c, "c[:, 0]") if self.is_cell else (weights.hidden_size, "c_n[0, 0]")
        )
        counts = (
            (f"{h + returned_c:,}", f"{h_count} + {c_tensor}.numel()"),
            (f"{5 * c + h:,}", f"5 * c[:, 0].numel() + {h_count}"),
        )
        if self.is_framed and self.steps.width >= MIN_FRAMED_STEP_WIDTH:
            template = "{} of {} numbers are returned: those in frames. The rest stays inside."
        elif self.is_cell:
            template = "The cell returns {} of {} numbers; the gates it keeps to itself."
        else:
            template = "The module returns {} of {} numbers; the gates it keeps to itself."
        return sentence(template, *counts)

    def description(self) -> str:
        """Every result of the first steps, and the states that the module returns."""
        subject, last = self.subject, len(self.subject.steps) - 1
        sentences = [f"Six results over {count_phrase(last + 1, 'step')}."]
        for t in range(min(last + 1, DESCRIBED_STEPS)):
            values = ", ".join(
                f"{name} is {number_list(subject.vector(name, t))}" for name in RESULTS
            )
            sentences.append(f"At step {subject.step_number(t)} {values}.")
        h_n, c_n = (number_list(subject.vector(name, last)) for name in ("h", "c"))
        return f"{' '.join(sentences)} h_n is {h_n}; c_n is {c_n}."


class _Lanes(_Form):
    """A lane for each unit: gates as columns, states as lines.

    Attributes:
        tick_steps: The round number whose multiples the ticks of each state are.
        ranges: The ends of the axis of each unit, for each state.
        heights: The heights of all lanes.
        is_printed: Whether each value is printed below its lane.
    """

    right_margin = 6.0  # The edge of a frame.

    def __init__(self, subject: LayerRun, width: float):
        self.tick_steps = {name: _tick_step(subject, name) for name in STATES}
        self.ranges = {
            name: [_with_ticks(*ends, step) for ends in _unit_ranges(subject, name)]
            for name, step in self.tick_steps.items()
        }
        super().__init__(subject, width)
        self.notes.append(
            sentence(
                "Bars run from zero to one, for g from minus one to one. "
                "Units share one scale for c, and one for h."
            )
        )
        self.is_printed = self.do_numbers_fit()
        self.heights = self.lane_heights()
        self.gap = self.heights.gap

    def gutter(self, width: float) -> float:
        is_wide = width >= WIDE_GUTTER_WIDTH
        names = words.width("unit 0", words.SMALL) + 20 if is_wide else 14
        min_width = MIN_GUTTER_WIDTH if is_wide else MIN_NARROW_GUTTER_WIDTH
        return max(min_width, math.ceil(names + self.tick_width))

    @property
    def tick_width(self) -> float:
        """The width of the ticks of both states, and of the gaps beside them."""
        ticks = (
            over_time.tick_text(tick)
            for name, ranges in self.ranges.items()
            for ends in ranges
            for tick in _ticks(*ends, self.tick_steps[name])
        )
        return TICK_GAP + 4 + max(words.width(tick, words.SMALL) for tick in ticks)

    def do_numbers_fit(self) -> bool:
        """Whether every value fits the column of its step."""
        if self.left_out or len(self.subject.steps) > MAX_PRINTED_STEPS:
            return False
        longest = max(
            len(text(number.value, DECIMALS, 5))
            for name in RESULTS
            for t in self.steps.ts
            for number in self.subject.vector(name, t)
        )
        return longest * NUMBER_CHAR_WIDTH + NUMBER_MARGIN <= self.steps.width

    def lane_heights(self) -> LaneHeights:
        """The heights of lanes, by how many units are drawn."""
        if not self.is_printed:
            return UNPRINTED
        size = self.subject.weights.hidden_size
        if size == 1:
            return ONE_UNIT
        if size > MAX_HIGH_UNITS:
            return MORE_UNITS
        return FEW_UNITS_WIDE if self.is_wide else FEW_UNITS_NARROW

    def heading(self) -> tuple[list[Mark], float]:
        ids = [f"{gate}-{{t}}-*" for gate in GATES]
        marks, y = self.top_rows(ids, inner_width(self.width) - self.steps.right)
        return marks, y + STEPS_HEIGHT

    def result(self, name: str, y: float) -> tuple[list[Mark], float]:
        """The lane of a gate or a state."""
        return self.gate(name, y) if name in GATES else self.state(name, y)

    def gate(self, gate: str, y: float) -> tuple[list[Mark], float]:
        """A lane of columns for each unit, and the bottom of the last."""
        top, is_signed = y, gate not in SIGMOID_GATES
        height = self.heights.signed if is_signed else self.heights.gate
        marks: list[Mark] = []
        for unit in range(self.subject.weights.hidden_size):
            values = self.subject.series(gate, unit, self.steps.as_slice)
            lane: list[Mark] = over_time.columns(
                self.steps,
                y,
                height,
                values,
                f"gate-{gate}:{GATE_TINT}",
                id=f"{gate}-{{t}}-{unit}" + ("-column" if self.is_printed else ""),
                term=gate,
                low=-1 if is_signed else 0,
            )
            middle = y + height / 2
            y += height
            if self.is_printed:
                lane += self.numbers(y, values, gate, unit)
                y += NUMBERS_HEIGHT
            marks += [*lane, self.unit_name(self.steps.left - NAME_GAP, middle, unit, lane)]
            y += LANE_GAP
        bottom = y - LANE_GAP
        marks += self.result_name(gate, (top + bottom) / 2, marks)
        return marks, bottom

    def state(self, name: str, y: float) -> tuple[list[Mark], float]:
        """A line for each unit with the frames around them, and their bottom."""
        weights, top = self.subject.weights, y
        size = weights.size if name == "h" else weights.hidden_size
        height = PRINTED_LINE_HEIGHT if self.is_printed else LINE_HEIGHT
        if size > MAX_HIGH_UNITS:
            height = LOW_LINE_HEIGHT
        scales = self.scales(name, height)
        gap = LINE_GAP if self.is_printed else 2 * LINE_GAP
        names_right = self.steps.left - (NAME_GAP if self.is_printed else self.tick_width)
        marks: list[Mark] = []
        y += 2 * LANE_GAP
        for unit in range(size):
            lane_height = scales[unit].start  # Scales end at 0, the top of a lane.
            scale = scales[unit].moved(y)
            line, *last = self.lines(name, unit, scale)
            marks += [*self.axis(name, unit, scale), line, *last]
            named, middle = [line], y + lane_height / 2
            y += lane_height
            if self.is_printed:
                y += LANE_GAP  # A line may touch the bottom of its lane.
                values = self.subject.series(name, unit, self.steps.as_slice)
                numbers = self.numbers(y, values, name, unit)
                marks += numbers
                named += numbers
                y += NUMBERS_HEIGHT
            marks.append(self.unit_name(names_right, middle, unit, named))
            y += gap
        y += 2 * LANE_GAP - gap
        # A narrow gutter has no space beside the names of units, only above them.
        name_y = (top + y) / 2 if self.is_wide else top + 2 * LANE_GAP
        marks += self.result_name(name, name_y, marks)
        frames = self.frames(name, top, y)
        return [*marks, *frames], y + (FRAME_NAME_HEIGHT if frames else 0)

    def scales(self, name: str, height: float) -> list[Scale]:
        """A scale for each unit, from its least to its largest value, with the same unit of length.

        Args:
            name: The state.
            height: The mean height of a lane, or less if one is much higher than others.
        """
        ranges = self.ranges[name]
        spans = [high - low for low, high in ranges]
        mean = sum(spans) / len(spans)
        # A state that is 0 everywhere has no span.
        longest = max(*spans, mean * MAX_LINE_SHARE) or 2.0
        length_of_one = MAX_LINE_SHARE * height / longest
        min_height = MIN_LINE_HEIGHT if self.is_printed or self.is_wide else MIN_NAMED_HEIGHT
        scales = []
        for low, high in ranges:
            spare = max(0.0, min_height / length_of_one - (high - low)) / 2
            low, high = low - spare, high + spare
            scales.append(Scale(low, high, (high - low) * length_of_one, 0))
        return scales

    def lines(self, name: str, unit: int, scale: Scale) -> list[Mark]:
        """The line of a state: muted inside the module, strong where returned."""
        parts = [(self.steps, f"{name}-{unit}", not self.stays_inside(name))]
        if self.stays_inside(name) and not self.left_out:
            steps, last = self.steps, len(self.steps.labels) - 1
            last_step = Steps(last, steps.labels[-1:], steps.edge(last), steps.width)
            parts.append((last_step, f"c_n-{unit}", True))
        marks: list[Mark] = []
        for steps, id, is_returned in parts:
            look = styles.CURVE.strong if is_returned else styles.CURVE.plain
            marks += over_time.step_line(
                steps,
                scale,
                self.subject.series(name, unit, steps.as_slice),
                "ink" if is_returned else "muted",
                width=look.weight,
                id=id,
                term=name,
            )
        return marks

    def numbers(self, top: float, values: Sequence[Number], name: str, unit: int) -> list[Text]:
        """The value of each step, printed below the lane."""
        max_chars = max(5, int((self.steps.width - NUMBER_MARGIN) / NUMBER_CHAR_WIDTH))
        return [
            words.number(
                self.steps.middle(t),
                top + NUMBERS_HEIGHT / 2,
                value,
                size=words.SMALL,
                max_chars=max_chars,
                id=f"{name}-{t}-{unit}",
                term=name,
            )
            for t, value in zip(self.steps.ts, values, strict=True)
        ]

    def axis(self, name: str, unit: int, scale: Scale) -> list[Mark]:
        """A line at zero, and ticks if values are not printed."""
        steps, zero = self.steps, scale(0)
        line = (("M", (steps.left, zero)), ("L", (steps.right, zero)))
        marks: list[Mark] = [Path(line, stroke="rule", stroke_width=styles.LINE.muted.weight)]
        if self.is_printed:
            return marks
        ends = [
            tick
            for tick in _ticks(*self.ranges[name][unit], self.tick_steps[name])
            if not tick or abs(scale(tick) - zero) >= MIN_TICK_DISTANCE
        ]
        return marks + [
            words.tick(steps.left - TICK_GAP, scale(tick), over_time.tick_text(tick))
            for tick in ends
        ]


def _unit_ranges(subject: LayerRun, name: str) -> list[tuple[float, float]]:
    """The least and the largest value of each unit over all steps, or 0."""
    values = np.array([getattr(step, name)[0] for step in subject.steps], np.float64)
    finite = np.where(np.isfinite(values), values, 0)
    lows, highs = np.minimum(finite.min(0), 0), np.maximum(finite.max(0), 0)
    return [*zip(lows.tolist(), highs.tolist(), strict=True)]


def _tick_step(subject: LayerRun, name: str) -> float:
    """The round number whose multiples the ticks of a state are."""
    ranges = _unit_ranges(subject, name)
    return round_step(max(high - low for low, high in ranges))


def round_step(span: float) -> float:
    """A round number that is at most 0.6 of a span.

    >>> [round_step(span) for span in (0.84, 2.16, 9, 0)]
    [0.5, 1.0, 5.0, 1.0]
    """
    if not span:
        return 1.0
    power = math.floor(math.log10(0.6 * span))
    step = 5 if 0.6 * span >= 5 * 10.0**power else 1
    return round(step * 10.0**power, max(0, -power))


def _with_ticks(low: float, high: float, step: float) -> tuple[float, float]:
    """A range with its ticks in it."""
    ticks = _ticks(low, high, step)
    return min(low, ticks[0]), max(high, ticks[-1])


def _ticks(low: float, high: float, step: float) -> list[float]:
    """0, and the outermost multiples of a step that are almost within a range.

    >>> _ticks(-1.56, 0.99, 1.0), _ticks(-0.1, 3, 1.0)
    ([-1.0, 0.0, 1.0], [0.0, 3.0])
    """
    ends = {math.ceil(low / step - 0.1), 0, math.floor(high / step + 0.1)}
    return [float(f"{end * step:.6g}") + 0.0 for end in sorted(ends)]


class _Strips(_Form):
    """A strip of cells for each result: a row for each unit, a column a step.

    Rows go from the unit that keeps most to the one that forgets most, the same
    in all strips.

    Attributes:
        wide_steps: The steps of the wide form, which also decide the units and
            colours of the narrow form.
        units: The unit of each row.
    """

    right_margin = BARS_WIDTH
    gap = 14

    def __init__(self, subject: LayerRun, width: float):
        super().__init__(subject, width)
        self.wide_steps = self.steps_within(WIDE)
        f = np.array([step.f[0] for step in subject.steps], np.float64)
        order = np.argsort(-np.nan_to_num(f.mean(axis=0)), kind="stable")
        self.units = [int(order[k]) for k in self.spread(len(order))]

    def gutter(self, width: float) -> float:
        return STRIPS_GUTTER_WIDTH if width >= WIDE_GUTTER_WIDTH else STRIPS_NARROW_GUTTER_WIDTH

    def spread(self, size: int) -> list[int]:
        """As many indices as a strip has rows, evenly spaced over `size`."""
        max_rows = max(MIN_ROWS, MAX_CELLS // len(self.wide_steps.labels))
        count = min(size, MAX_ROWS, max_rows)
        return [int(k) for k in np.linspace(0, size - 1, count).round()]

    def heading(self) -> tuple[list[Mark], float]:
        marks, y = self.top_rows([f"{name}-strip" for name in RESULTS], self.right_margin)
        self.notes += self.row_notes()
        return marks, y + STEPS_HEIGHT + 2  # Strips have an outline.

    def result(self, name: str, y: float) -> tuple[list[Mark], float]:
        """A strip with its names, colour bar and frames, and its bottom."""
        steps, is_gate = self.steps, name in GATES
        has_own_rows = name == "h" and self.subject.weights.proj_size > 0
        units = self.spread(self.subject.weights.size) if has_own_rows else self.units
        cells = self.cells(name, units)
        row_height = min(MAX_ROW_HEIGHT, STRIP_HEIGHT // len(units))
        id, bottom = f"{name}-strip", y + row_height * len(units)
        strip = heat.heat_map(cells, 0, steps.left, y, steps.width, row_height, id=id, term=name)
        # Cells near zero have nearly the colour of the page; an outline bounds them.
        outline = Box(
            steps.left - 0.5,
            y - 0.5,
            steps.right - steps.left + 1,
            bottom - y + 1,
            fill="paper",
            stroke="muted:55",
        )
        marks = [outline, strip, *self.result_name(name, (y + bottom) / 2, [strip])]
        if name == "i" or has_own_rows:
            marks += self.unit_names(strip, y, row_height, units)
        # The scale with its numbers below is as far up as down from the middle.
        corner = (steps.right + COLOUR_BAR_GAP, (y + bottom) / 2 - 14)
        if is_gate:
            marks += self.gate_colour_bar(cells, *corner, name)
        else:
            marks += heat.colour_bar(
                cells,
                *corner,
                COLOUR_BAR_WIDTH,
                id=f"{name}-scale",
                term=name,
                symbol=name,
                of=[id],
            )
            frames = self.frames(name, y - 1, bottom + 1)
            marks += frames
            # Strips are further apart than lanes, so the name needs less.
            bottom += FRAME_NAME_HEIGHT - 6 if frames else 0
        return marks, bottom

    def cells(self, name: str, units: Sequence[int]) -> heat.Cells:
        """The cells of a strip; colours of a gate end at 1, of a state at its largest."""
        values = np.array([getattr(self.subject.steps[t], name)[0] for t in self.steps.ts])
        ref = self.subject.ref(name)[self.steps.as_slice, 0, list(units)]
        clipped = self.clipped_units(name, units)
        unclipped = [unit for unit in units if unit not in clipped]
        return heat.cells(
            Matrix(values[:, list(units)].T, ref.transposed()),
            (TERMS[name].role,),
            heat.CellAxis(len(units), 1),
            heat.CellAxis(len(self.steps.labels), 1),
            signed=name not in SIGMOID_GATES,
        )._replace(scale_end=None if name in GATES else self.largest(name, unclipped))

    def clipped_units(self, name: str, units: Sequence[int]) -> list[int]:
        """The units of a state that go beyond the end of its colours."""
        if name in GATES or len(units) < MIN_CLIPPED_UNITS:
            return []
        values = np.array([getattr(self.subject.steps[t], name)[0] for t in self.wide_steps.ts])
        sizes = np.where(np.isfinite(values), abs(values), 0).max(0)
        median = float(np.median(sizes[list(units)]))
        return [unit for unit in units if median and sizes[unit] > MAX_SHARE_OF_MEDIAN * median]

    def largest(self, name: str, units: Sequence[int]) -> Number | None:
        """The finite element of largest magnitude; None if all are 0."""
        position, maximum = None, 0.0
        for t in self.wide_steps.ts:
            for unit, value in enumerate(getattr(self.subject.steps[t], name)[0]):
                if unit in units and np.isfinite(value) and abs(value) > maximum:
                    position, maximum = (t, unit), float(abs(value))
        return position and self.subject.result(name, position[0], 0, position[1])

    def gate_colour_bar(self, cells: heat.Cells, x: float, y: float, gate: str) -> list[Mark]:
        """The whole range of a gate, whatever values it has here."""
        low = 0 if gate in SIGMOID_GATES else -1
        scale = Scale(low, 1, x, x + COLOUR_BAR_WIDTH)
        bar = Box(
            scale(0),
            y,
            scale(1) - scale(0),
            heat.BAR_HEIGHT,
            id=f"{gate}-scale",
            bound=(Length(f"torch.ones_like({gate}).max()", "width", scale),),
        )
        ticks = [
            words.tick(scale(end), y + heat.BAR_HEIGHT + 10, over_time.tick_text(end), "middle")
            for end in (low, 1)
        ]
        return [heat.colour_ramp(cells, x, y, COLOUR_BAR_WIDTH, [f"{gate}-strip"]), bar, *ticks]

    def unit_names(
        self, strip: Mark, top: float, row_height: float, units: Sequence[int]
    ) -> list[Mark]:
        """The units of the first and last row, or of all rows if they are high."""
        rows = range(len(units)) if row_height >= MAX_ROW_HEIGHT else (0, len(units) - 1)
        return [
            self.unit_name(self.steps.left - 8, top + (k + 0.5) * row_height, units[k], [strip])
            for k in rows
        ]

    def clipping_notes(self) -> list[Sentence]:
        """How many units the colours of a state do not reach, if there are any."""
        notes = []
        for name in STATES:
            is_projected = name == "h" and self.subject.weights.proj_size > 0
            units = self.spread(self.subject.weights.size) if is_projected else self.units
            clipped = self.clipped_units(name, units)
            end = self.largest(name, [unit for unit in units if unit not in clipped])
            if not clipped or end is None:
                continue
            ref = self.subject.ref(name)[self.wide_steps.as_slice, 0, units]
            largest = f"{ref}.nan_to_num(0, 0, 0).abs().amax(0)"
            count = f"int(({largest} > abs({end.expr}) * (1 + 1e-6)).sum())"
            noun = "unit" if len(clipped) == 1 else "units"
            notes.append(
                sentence(f"Beyond the colours of {name}: {{}} {noun}.", (len(clipped), count))
            )
        return notes

    def row_notes(self) -> list[Sentence]:
        """How rows are chosen and ordered, and where colours end."""
        size, count = self.subject.weights.hidden_size, len(self.units)
        notes = []
        if np.isfinite([step.f[0] for step in self.subject.steps]).all():
            claim = f"bool((f[:, 0, {self.units}].double().mean(0).diff() < 1e-5).all())"
            notes.append(sentence("Units that keep most come first.", claim=claim))
        if count < size:
            counts = (count, str(count)), (size, "c.shape[-1]")
            notes.append(sentence("{} of {} units are drawn.", *counts))
        notes += self.clipping_notes()
        return [joined(notes)] if notes else []
