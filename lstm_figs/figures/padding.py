"""The figure `padding`: h and h_n of a run over padding, and of the same run packed."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np

from ..layout import styles, words
from ..layout.blocks import Block, block_column, block_row, verdict_block
from ..layout.excerpts import Excerpt, short_excerpt
from ..layout.margins import inner_width
from ..layout.number_lists import largest_magnitude, number_list
from ..layout.provenance import count_item, provenance, source
from ..model.layer_run import LayerRun
from ..model.lstm import run as run_lstm
from ..model.reference import Number, Ref, Vector
from ..model.tensors import Array
from ..proof import digits
from ..proof.bindings import Flow, Length, Node, Scale, Sentence, sentence, sentence_of
from ..proof.digits import count_phrase
from ..proof.runs.batches import BuiltModule, both_directions, inputs, state_note
from ..scene.marks import Box, Group, Mark, Path, Text, shift
from ..scene.metrics import width as width_of
from ..scene.scenes import Diagram, Head

MAX_STEPS = 7
"""The most steps, padding included."""
MIN_WIDE_WIDTH, GAP = 640.0, 36.0
"""Figures at least this wide have both directions side by side, with this gap."""
MAX_DIRECTION_WIDTH = (inner_width(720) - GAP) / 2
"""The largest width of a direction; it keeps narrow forms from printing more numbers."""
MAX_STEP_WIDTH, MIN_PADDING_WIDTH, MAX_STATE_WIDTH = 47.0, 22.0, 70.0
"""The largest width of a step, the least width of a padding step, and the largest width of h_n."""
MIN_MARGIN, STATE_GAP = 5.0, 8.0
"""The least space beside the bars of a step, and the gap before h_n."""
MAX_BAR_PITCH = 14.0
"""The largest distance from one bar of a step to the next."""
HEADING_HEIGHT, BARS_TOP = 53.0, 36.0
"""The heights of the heading of a direction, and in a lane of its name and the line to h_n."""
BARS_HEIGHT, LINE_HEIGHT, FOOTER_HEIGHT = 52.0, 17.0, 38.0
"""The heights of the bars, of a line of numbers, and of the verdicts below."""
SHADE_PADDING = 6.0
"""How far the shade of padding extends above the bars, and below bars and numbers."""
ABSOLUTE_TOLERANCE, RELATIVE_TOLERANCE = 0.006, 0.025
"""The largest rounding error of a printed number, absolute and relative."""
IS_PADDING = "step > len(sequence)"
"""The condition for a step to be padding."""


def padding(subject: LayerRun, width: float, *, padding: int = 3) -> Diagram:
    """What a run over padding does to the hidden state.

    Args:
        subject: The run, layer and direction to draw.
        width: The width that the figure may use.
        padding: How many steps of padding follow the sequence, 1 to 6.
    """
    subject.check("padding", padding, MAX_STEPS - 1, 1)
    return _Padding(subject, width, padding).diagram()


class Run(NamedTuple):
    """One direction of a run, with or without packing.

    Attributes:
        direction: `forward` or `reverse`.
        kind: `padded` or `packed`.
        columns: The hidden state of each step, and the final state that the module
            returns.
        is_right: Whether the final state is right.
        are_steps_right: Whether h is right at the steps of the sequence.
    """

    direction: str
    kind: str
    columns: list[Vector]
    is_right: bool
    are_steps_right: bool

    @property
    def code(self) -> str:
        """The call, as Python code."""
        return f"lstm({self.kind})"

    def id(self, t: int) -> str:
        """The id of a step, or of h_n after the last."""
        name = "h_n" if t == len(self.columns) - 1 else t
        return f"{self.direction}-{self.kind}-{name}"

    def description(self) -> str:
        """The run for the alternative text."""
        *h, h_n = map(number_list, self.columns)
        steps = "; ".join(f"step {t + 1} h {numbers}" for t, numbers in enumerate(h))
        verdict = "right" if self.is_right else "wrong"
        return f"{self.direction.capitalize()}, {self.code}: {steps}; h_n {h_n}, {verdict}."


@dataclass(frozen=True)
class _Padding:
    """Both directions of a module that reads a sequence with padding.

    Attributes:
        subject: The run, layer and direction to draw.
        width: The width of the figure.
        padding: The number of steps of zeros that follow the sequence.
    """

    subject: LayerRun
    width: float
    padding: int

    @property
    def length(self) -> int:
        """The number of steps of the sequence."""
        return min(len(self.subject.steps), MAX_STEPS - self.padding)

    @cached_property
    def both(self) -> BuiltModule:
        """A bidirectional module."""
        return both_directions(self.subject)

    @cached_property
    def runs(self) -> list[Run]:
        """The forward runs and the reverse runs, each with padding and packed."""
        sequence = inputs(self.subject)[: self.length, :1]
        zeros = np.zeros((self.padding, *sequence.shape[1:]), sequence.dtype)
        padded = run_lstm(self.both.stack, np.concatenate([sequence, zeros]))
        packed = run_lstm(self.both.stack, sequence)
        runs = []
        for index, direction in enumerate(("forward", "reverse")):
            right_h = _of_direction(packed.output[:, 0], index)
            for kind, trace in (("padded", padded), ("packed", packed)):
                scale = max(step.scale for step in trace.part(index))
                h = _of_direction(trace.output[:, 0], index)
                size = h.shape[1]
                # A packed run does not read the padding; torch returns zeros there.
                unread = np.zeros((self.length + self.padding - len(h), size), sequence.dtype)
                columns = [
                    Vector(column, Ref(f"{kind}_output")[t, 0], scale, index * size)
                    for t, column in enumerate([*h, *unread])
                ]
                columns.append(Vector(trace.h_n[index, 0], Ref(f"{kind}_h_n")[index, 0], scale))
                is_right = _same(trace.h_n[index], packed.h_n[index])
                are_steps_right = _same(h[: self.length], right_h)
                runs.append(Run(direction, kind, columns, is_right, are_steps_right))
        return runs

    def diagram(self) -> Diagram:
        space, is_wide = inner_width(self.width), self.width >= MIN_WIDE_WIDTH
        direction_width = (space - GAP) / 2 if is_wide else min(space, MAX_DIRECTION_WIDTH)
        blocks = [
            _Lanes(runs, self.length, direction_width).block()
            for runs in (self.runs[:2], self.runs[2:])
        ]
        body = block_row(blocks, GAP) if is_wide else block_column(blocks, 26)
        return Diagram(
            heading=self.head(),
            description=self.description(),
            width=space,
            height=body.height,
            marks=body.marks,
            figure_width=self.width,
            setup=self.setup(),
        )

    def head(self) -> Head:
        lead = sentence(
            "Forward, h_n is read after the padding. In reverse the padding "
            "is read first, so the sequence starts from the state that it "
            "leaves. Packed, both are right."
        )
        if self.is_reverse_right:
            lead = sentence(
                "Forward, h_n is read after the padding; packed, after the last step of the "
                "sequence."
            )
        return Head(
            sentence("Padding is read like any other step"),
            lead,
            provenance(
                self.subject,
                count_item("step", self.length, "len(sequence)"),
                ("{} of padding", self.padding, "len(zeros)"),
                built=("both", self.both.signature),
            ),
            tuple(self.notes()),
            source(self.subject),
        )

    @property
    def is_reverse_right(self) -> bool:
        """Whether the reverse direction is right at the steps of the sequence."""
        reverse_padded = self.runs[2]
        return reverse_padded.are_steps_right

    def notes(self) -> list[Sentence]:
        """What is special about these runs, and what is left out."""
        notes = []
        if self.subject.weights.bias_ih is None and self.is_reverse_right:
            notes.append(
                sentence(
                    "Without biases zeros leave a state of zeros as it is, so the "
                    "reverse direction is right here.",
                    claim="not both.bias",
                )
            )
        remarks = self.both.note, state_note(self.subject)
        notes += [sentence_of(remark) for remark in remarks if remark]
        if len(self.subject.steps) > self.length:
            notes.append(
                sentence("The sequence is cut after step {}.", (self.length, "len(sequence)"))
            )
        units = short_excerpt(len(self.runs[0].columns[-1]))
        if units.is_folded:
            notes.append(
                sentence(
                    "{} of {} units are drawn.",
                    (len(units.indices), str(len(units.indices))),
                    (units.count, "padded_h_n.shape[-1]"),
                )
            )
        return notes

    def description(self) -> str:
        return (
            f"A sequence of {count_phrase(self.length, 'step')} and "
            f"{count_phrase(self.padding, 'step')} of padding. "
            + " ".join(run.description() for run in self.runs)
        )

    def setup(self) -> str:
        """The Python code that the expressions of the runs need."""
        return f"{self.both.setup}\n" + _SETUP.format(
            length=self.length,
            padding=self.padding,
            inputs=len(self.subject.weights.weight_ih[0]),
            total=self.length + self.padding,
        )


@dataclass(frozen=True)
class _Lanes:
    """Both runs of one direction, with a column for each step and one for h_n.

    Attributes:
        runs: The run over padding, and the packed run.
        length: The number of steps before the padding.
        space: The width of the direction.
    """

    runs: Sequence[Run]
    length: int
    space: float

    @property
    def direction(self) -> str:
        """The direction: `forward` or `reverse`."""
        return self.runs[0].direction

    @property
    def steps(self) -> int:
        """The number of steps, padding included."""
        return len(self.runs[0].columns) - 1

    @cached_property
    def units(self) -> Excerpt:
        """The units to draw."""
        return short_excerpt(len(self.runs[0].columns[-1]))

    def visible(self, run: Run, t: int) -> list[Number]:
        """The values to draw of a step, or of h_n."""
        return self.units.of(run.columns[t])

    def is_padding(self, t: int) -> bool:
        """Whether a step is padding."""
        return self.length <= t < self.steps

    @cached_property
    def widths(self) -> list[float]:
        """The width of each step, and of h_n.

        Padding is narrow, so that the numbers of other steps fit.
        """
        padding_count = self.steps - self.length
        available = self.space - STATE_GAP - padding_count * MIN_PADDING_WIDTH
        step_width = min(MAX_STEP_WIDTH, available / (self.length + 1))
        state_width = max(step_width, min(MAX_STATE_WIDTH, available - self.length * step_width))
        spare = available - self.length * step_width - state_width
        padding_width = min(step_width, MIN_PADDING_WIDTH + spare / padding_count)
        return [step_width] * self.length + [padding_width] * padding_count + [state_width]

    def x(self, t: int) -> float:
        """The left edge of a step; h_n comes after the last step."""
        left = sum(self.widths[:t])
        return left + STATE_GAP if t == self.steps else left

    def middle(self, t: int) -> float:
        """The middle of a step, or of h_n."""
        return self.x(t) + self.widths[t] / 2

    def half_width(self, t: int) -> float:
        """Half the width of the bars of a step."""
        count = len(self.units.indices)
        return min(MAX_BAR_PITCH * count, self.widths[t] - 2 * MIN_MARGIN) / 2

    @property
    def lines_height(self) -> float:
        """The height of the numbers of a step."""
        return LINE_HEIGHT * len(self.units.indices)

    @property
    def lane_height(self) -> float:
        """The height of a lane."""
        return BARS_TOP + BARS_HEIGHT + 6 + self.lines_height + FOOTER_HEIGHT

    @cached_property
    def scale(self) -> Scale:
        """The scale of all bars, up to the largest finite magnitude."""
        limit = largest_magnitude(
            number
            for run in self.runs
            for t in range(self.steps + 1)
            for number in self.visible(run, t)
        )
        return Scale(-limit, limit, BARS_TOP + BARS_HEIGHT, BARS_TOP)

    def block(self) -> Block:
        """The whole direction: its headings, and a lane for each run."""
        marks = [*self.shade(), *self.headings()]
        for k, run in enumerate(self.runs):
            top = HEADING_HEIGHT + k * self.lane_height
            marks += [shift(mark, 0, top) for mark in self.lane(run)]
        packed = self.runs[-1]
        # Where all is right, no verdict is below the numbers.
        spare = FOOTER_HEIGHT - 8 if packed.is_right and packed.are_steps_right else 4
        return Block(self.space, HEADING_HEIGHT + 2 * self.lane_height - spare, tuple(marks))

    def shade(self) -> list[Mark]:
        """The shade of each run's padding, and its name.

        The shade ends below the bars if the padding has no numbers. In the
        first lane it includes the step numbers, unless it would cover the name
        of the lane.
        """
        x, steps_top = self.x(self.length), HEADING_HEIGHT - 20
        padding_width = sum(self.widths[self.length : self.steps])
        marks: list[Mark] = []
        for k, run in enumerate(self.runs):
            bars_top = HEADING_HEIGHT + k * self.lane_height + BARS_TOP
            top, bottom = bars_top - SHADE_PADDING, bars_top + BARS_HEIGHT + SHADE_PADDING
            if any(self.numbers(run, t) for t in range(self.length, self.steps)):
                bottom += self.lines_height + SHADE_PADDING
            if k == 0 and width_of(run.code, words.LABEL) + 6 < x:
                top = steps_top
            marks.append(Box(x, top, padding_width, bottom - top, radius=6, fill="panel"))
        name, _ = words.paragraph(
            x + padding_width / 2,
            steps_top - words.LINE_HEIGHT,
            sentence("padding"),
            90,
            size=words.SMALL,
            anchor="middle",
        )
        return [*marks, name]

    def headings(self) -> list[Mark]:
        """The name of the direction, the step numbers, and h_n."""
        y = HEADING_HEIGHT - 10
        return [
            words.label(
                0,
                9,
                self.direction,
                names={"direction": self.direction},
                of=[f"{self.direction}-{run.kind}-*" for run in self.runs],
                along="block",
                style=words.STRONG,
            ),
            *(
                words.label(
                    self.middle(t),
                    y,
                    str(t + 1),
                    names={"step": t + 1},
                    of=[run.id(t) for run in self.runs],
                    along="column",
                    style=words.FINE,
                    anchor="middle",
                )
                for t in range(self.steps)
            ),
            words.label(
                self.middle(self.steps),
                y,
                "h_n",
                names={"tensor": "h_n"},
                of=[run.id(self.steps) for run in self.runs],
                along="column",
                anchor="middle",
                style=words.STRONG,
                term="h_n",
            ),
        ]

    def lane(self, run: Run) -> list[Mark]:
        """One run: its name, bars, numbers and verdicts."""
        name, _ = words.paragraph(0, 0, sentence(run.code), 110, fill="ink")
        base, last = BARS_TOP + BARS_HEIGHT / 2, self.steps - 1
        axis = Path(
            (
                ("M", (self.middle(0) - self.half_width(0) - MIN_MARGIN, base)),
                ("L", (self.middle(last) + self.half_width(last) + MIN_MARGIN, base)),
            ),
            stroke="rule",
        )
        columns = [self.column(run, t) for t in range(self.steps + 1)]
        return [name, axis, *columns, self.read_arrow(run), *self.verdicts(run)]

    def column(self, run: Run, t: int) -> Mark:
        """The units of one step, or of h_n."""
        background = Box(self.x(t) + 1, BARS_TOP, self.widths[t] - 2, BARS_HEIGHT)
        marks = background, *self.bars(run, t), *self.numbers(run, t)
        return Group(marks, id=run.id(t), bound=(Node(run.columns[t].part),))

    def bars(self, run: Run, t: int) -> list[Mark]:
        """A bar for each unit of a step, or of h_n."""
        is_padding, visible = self.is_padding(t), self.visible(run, t)
        is_right = run.is_right if t == self.steps else run.are_steps_right or is_padding
        fill = "h:65" if is_padding else "h"
        pitch = 2 * self.half_width(t) / len(visible)
        gap = min(2.0, pitch / 3)
        scale, x = self.scale, self.middle(t) - pitch * len(visible) / 2
        marks: list[Mark] = []
        for unit, number in zip(self.units.indices, visible, strict=True):
            value = 0.0 if np.isnan(number.value) else float(number.value)
            # An infinite value has a bar of full length.
            end = scale(min(max(value, scale.low), scale.high))
            bar = Box(
                x + gap / 2,
                min(end, scale(0)),
                pitch - gap,
                abs(end - scale(0)),
                fill=fill if is_right else None,
                stroke=None if is_right else "neg",
                stroke_width=styles.CELL.strong.weight,
                id=f"{run.id(t)}-{unit}-bar",
                bound=(Length(number.expr, "height", scale),),
            )
            marks.append(styles.muted(bar, IS_PADDING if is_padding else ""))
            x += pitch
        return marks

    def numbers(self, run: Run, t: int) -> list[Text]:
        """The printed values of a step, or of h_n; none if they do not fit."""
        is_padding, visible = self.is_padding(t), self.visible(run, t)
        are_zeros = all(number.value == 0 for number in visible)
        places = 0 if are_zeros else digits.decimals(number.value for number in visible)
        # Padding is printed with as many digits as other steps, or not at all.
        space = max(self.widths[t], self.widths[0]) - 3
        max_chars = min(6, int(space / width_of("0", words.SMALL, mono=True)))
        decimals = words.NumberAlignment.of(visible, max_chars, places)
        printed: list[Text] = []
        for line, (unit, number) in enumerate(zip(self.units.indices, visible, strict=True)):
            text = decimals.number(
                self.middle(t),
                BARS_TOP + BARS_HEIGHT + 12 + LINE_HEIGHT * line,
                number,
                size=words.SMALL,
                max_chars=max_chars,
                fill="muted" if is_padding else "ink",
                id=f"{run.id(t)}-{unit}",
                term="h_n" if t == self.steps else "h",
            )
            printed.append(styles.muted(text, IS_PADDING if is_padding else ""))
        fit = max(text.width for text in printed) <= self.widths[t] - 2
        return printed if fit and all(map(_is_near, printed, visible)) else []

    def read_arrow(self, run: Run) -> Mark:
        """A line to h_n from the step at which it is read."""
        last = self.length - 1 if run.kind == "packed" else self.steps - 1
        t = 0 if self.direction == "reverse" else last
        start, stop, line_y = self.middle(t), self.middle(self.steps), BARS_TOP - 10
        return Path(
            (
                ("M", (start, BARS_TOP - 1)),
                ("L", (start, line_y)),
                ("L", (stop, line_y)),
                ("L", (stop, BARS_TOP - 1)),
            ),
            stroke="ink" if run.is_right else "neg",
            stroke_width=styles.CELL.strong.weight,
            bound=(Flow("copies", run.id(t), run.id(self.steps)),),
        )

    def verdicts(self, run: Run) -> list[Mark]:
        """What is wrong: h at the steps of the sequence, h_n, or both."""
        index = 1 if self.direction == "reverse" else 0
        y = BARS_TOP + BARS_HEIGHT + 8 + self.lines_height
        half = f"chunk(2, dim=2)[{index}]"
        steps_claim = f"same({run.kind}_output[:{self.length}].{half}, both(sequence)[0].{half})"
        state_claim = f"same({run.kind}_h_n[{index}], both(sequence)[1][0][{index}])"
        marks: list[Mark] = []
        for is_right, claim, start, width in (
            (run.are_steps_right, steps_claim, 0.0, self.x(self.length)),
            (run.is_right, state_claim, self.x(self.steps), self.widths[-1]),
        ):
            if is_right:
                continue
            verdict = verdict_block("wrong", f"not {claim}", right=False)
            centred = start + width / 2 - verdict.width / 2
            left = max(0, min(centred, self.space - verdict.width))
            marks.append(_bracket(start, width, y))
            marks += [shift(mark, left, y + 6) for mark in verdict.marks]
        return marks


def _bracket(x: float, width: float, y: float) -> Mark:
    """A horizontal bracket."""
    return Path(
        (
            ("M", (x + 4, y)),
            ("L", (x + 4, y + 4)),
            ("L", (x + width - 4, y + 4)),
            ("L", (x + width - 4, y)),
        ),
        stroke="muted",
    )


def _is_near(printed: Text, number: Number) -> bool:
    """Whether a printed number cannot be mistaken for a different one.

    With too few characters, 0.81 would be printed as 1, and −0.06 as −0.1.
    Exponents always have enough digits.
    """
    value = float(number.value)
    if "e" in printed.content or not np.isfinite(value):
        return True
    printed_value = float(printed.content.replace(digits.MINUS, "-"))
    return abs(printed_value - value) <= max(ABSOLUTE_TOLERANCE, RELATIVE_TOLERANCE * abs(value))


def _same(actual: Array, expected: Array) -> bool:
    """Whether values are equal up to rounding, like `same` in the preamble."""
    largest = abs(np.nan_to_num(expected, nan=0, posinf=0, neginf=0)).max()
    return np.allclose(actual, expected, rtol=1e-5, atol=1e-6 * float(largest), equal_nan=True)


def _of_direction(output: Array, index: int) -> Array:
    """The features of one direction."""
    return np.split(output, 2, axis=1)[index]


_SETUP = """\

sequence = x[:{length}, :1]
zeros = sequence.new_zeros({padding}, 1, {inputs})
padded = torch.cat([sequence, zeros])
padded_output, (padded_h_n, _) = both(padded)
packed = torch.nn.utils.rnn.pack_padded_sequence(padded, [{length}])
packed_output, (packed_h_n, _) = both(packed)
packed_output, _ = torch.nn.utils.rnn.pad_packed_sequence(
    packed_output, total_length={total}
)


def same(found, true):  # but for rounding
    size = true.nan_to_num(0, 0, 0).abs().max().item()
    return torch.allclose(found, true, 1e-5, 1e-6 * size, equal_nan=True)"""
"""Python that reads the padded sequence with and without packing."""
