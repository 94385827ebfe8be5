"""One direction: the run over padding, and below it the packed run."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from ...layout import styles, words
from ...layout.blocks import Block, verdict_block
from ...layout.excerpts import Excerpt, short_excerpt
from ...layout.number_lists import largest_magnitude
from ...model.reference import Number, Vector
from ...proof import digits
from ...proof.bindings import Flow, Length, Node, Scale, sentence
from ...scene.marks import Box, Group, Mark, Path, Text, shift, walk
from ...scene.metrics import width
from .runs import Run

MIN_MARGIN = 5.0
"""The least space beside the bars of a step."""
BARS_HEIGHT, LINE_HEIGHT, FOOTER_HEIGHT = 52.0, 17.0, 38.0
"""The heights of the bars, of a line of numbers, and of the verdicts below."""
MAX_STEP_WIDTH, MIN_PADDING_WIDTH, MAX_STATE_WIDTH = 47.0, 22.0, 70.0
"""The largest width of a step, the least width of a padding step, and the largest width of h_n."""
ABSOLUTE_TOLERANCE, RELATIVE_TOLERANCE = 0.006, 0.025
"""The largest rounding error of a printed number, absolute and relative."""
IS_PADDING = "step > len(sequence)"
"""The condition for a step to be padding."""
ROUTE_HEIGHT = 16.0
"""The space that the line to h_n takes above the bars."""
HEADING_HEIGHT, NAME_HEIGHT, STATE_GAP = 53.0, 20.0, 8.0
"""The heights of the heading of a direction and of the name of a lane; the gap before h_n."""


@dataclass(frozen=True)
class Lanes:
    """Both runs of one direction, with a column for each step and one for h_n.

    Attributes:
        direction: `forward` or `reverse`.
        runs: The run over padding, and the packed run.
        length: The number of steps before the padding.
        space: The width of the direction.
    """

    direction: str
    runs: Sequence[Run]
    length: int
    space: float

    @property
    def steps(self) -> int:
        """The number of steps, padding included."""
        return len(self.runs[0].h)

    @cached_property
    def widths(self) -> list[float]:
        """The width of each step, and of h_n.

        Padding is narrow, so that the numbers of other steps fit.
        """
        across = self.space - STATE_GAP
        padded = self.steps - self.length
        across -= padded * MIN_PADDING_WIDTH
        step_width = min(MAX_STEP_WIDTH, across / (self.length + 1))
        state = max(step_width, min(MAX_STATE_WIDTH, across - self.length * step_width))
        spare = across - self.length * step_width - state
        padding_width = min(step_width, MIN_PADDING_WIDTH + spare / padded)
        return [step_width] * self.length + [padding_width] * padded + [state]

    def x(self, t: int) -> float:
        """Return the left edge of a step; h_n comes after the last step."""
        left = sum(self.widths[:t])
        return left + STATE_GAP if t == self.steps else left

    def middle(self, t: int) -> float:
        """Return the middle of a step, or of h_n."""
        return self.x(t) + self.widths[t] / 2

    @cached_property
    def units(self) -> Excerpt:
        """The units to draw."""
        return short_excerpt(len(self.runs[0].h_n))

    @property
    def lane_height(self) -> float:
        """The height of a lane."""
        lines = LINE_HEIGHT * len(self.units.indices)
        return NAME_HEIGHT + ROUTE_HEIGHT + BARS_HEIGHT + 6 + lines + FOOTER_HEIGHT

    def block(self) -> Block:
        """Draw the direction."""
        height = HEADING_HEIGHT + 2 * self.lane_height - 4
        lanes = [self._lane(run) for run in self.runs]
        marks = [*self._shade(lanes), *self._heads()]
        for k, lane in enumerate(lanes):
            top = HEADING_HEIGHT + k * self.lane_height
            marks += [shift(mark, 0, top) for mark in lane]
        return Block(self.space, height, tuple(marks))

    def _shade(self, lanes: Sequence[Sequence[Mark]]) -> list[Mark]:
        """Shade the padding of each run, and name it.

        The shade ends below the bars if the padding has no numbers. In the
        first lane it includes the step numbers, unless it would cover the name
        of the lane.
        """
        x, y = self.x(self.length), HEADING_HEIGHT - 20
        padding_width = sum(self.widths[self.length : self.steps])
        named = width(self.runs[0].code, words.LABEL) + 6
        first = y if named < x else HEADING_HEIGHT + NAME_HEIGHT + ROUTE_HEIGHT - 6
        starts = first, HEADING_HEIGHT + self.lane_height + NAME_HEIGHT + ROUTE_HEIGHT - 6
        bars = NAME_HEIGHT + ROUTE_HEIGHT + BARS_HEIGHT + 6
        lines = 6 + LINE_HEIGHT * len(self.units.indices)
        ends = [
            HEADING_HEIGHT + k * self.lane_height + bars + lines * self._has_numbers(lane)
            for k, lane in enumerate(lanes)
        ]
        planes = [
            Box(x, start, padding_width, end - start, radius=6, fill="panel")
            for start, end in zip(starts, ends, strict=True)
        ]
        name, _ = words.paragraph(
            x + padding_width / 2,
            y - 18,
            sentence("padding"),
            90,
            size=words.SMALL,
            anchor="middle",
        )
        return [*planes, name]

    def _has_numbers(self, lane: Sequence[Mark]) -> bool:
        """Return whether a lane prints numbers for its padding."""
        padding_ids = {
            f"{run.key}-{t}" for run in self.runs for t in range(self.length, self.steps)
        }
        return any(
            isinstance(mark, Text) and mark.id.rpartition("-")[0] in padding_ids
            for mark in walk(lane)
        )

    def _heads(self) -> list[Mark]:
        """Draw the name of the direction, the step numbers, and h_n."""
        y, keys = HEADING_HEIGHT - 10, [run.key for run in self.runs]
        marks: list[Mark] = [
            words.label(
                0,
                9,
                self.direction,
                {"direction": self.direction},
                [f"{key}-*" for key in keys],
                "block",
                style=words.STRONG,
            )
        ]
        marks += [
            words.label(
                self.middle(t),
                y,
                str(t + 1),
                {"step": t + 1},
                [f"{key}-{t}" for key in keys],
                "column",
                style=words.FINE,
                anchor="middle",
            )
            for t in range(self.steps)
        ]
        marks.append(
            words.label(
                self.middle(self.steps),
                y,
                "h_n",
                {"tensor": "h_n"},
                [f"{key}-h_n" for key in keys],
                "column",
                anchor="middle",
                style=words.STRONG,
                term="h_n",
            )
        )
        return marks

    def _lane(self, run: Run) -> list[Mark]:
        """Draw one run: bars, numbers and verdicts."""
        top = NAME_HEIGHT + ROUTE_HEIGHT
        line, _ = words.paragraph(0, 0, sentence(run.code), 110, fill="ink")
        marks: list[Mark] = [line]
        base, last = top + BARS_HEIGHT / 2, self.steps - 1
        marks.append(
            Path(
                (
                    ("M", (self.middle(0) - self._half_width(0) - MIN_MARGIN, base)),
                    ("L", (self.middle(last) + self._half_width(last) + MIN_MARGIN, base)),
                ),
                stroke="rule",
            )
        )
        for t, values in enumerate([*run.h, run.h_n]):
            marks.append(self._column(run, t, values, top))
        marks += self._read_arrow(run, top)
        return marks + self._verdicts(run, top)

    @cached_property
    def limit(self) -> float:
        """The largest finite magnitude."""
        return largest_magnitude(
            column[k]
            for run in self.runs
            for column in [*run.h, run.h_n]
            for k in self.units.indices
        )

    def _half_width(self, t: int) -> float:
        """Return half the width of the bars of a step."""
        count = len(self.units.indices)
        return min(14.0 * count, self.widths[t] - 2 * MIN_MARGIN) / 2

    def _column(self, run: Run, t: int, values: Vector, top: float) -> Mark:
        """Draw the units of one step, or of h_n."""
        name = f"{run.key}-{'h_n' if t == self.steps else t}"
        visible = [values[k] for k in self.units.indices]
        is_padding = self.length <= t < self.steps
        is_wrong = not (run.is_right if t == self.steps else run.are_steps_right or is_padding)
        scale = Scale(-self.limit, self.limit, top + BARS_HEIGHT, top)
        step_width = self.widths[t]
        bar_pitch = 2 * self._half_width(t) / len(visible)
        gap = min(2.0, bar_pitch / 3)
        x = self.middle(t) - bar_pitch * len(visible) / 2
        marks: list[Mark] = [Box(self.x(t) + 1, top, step_width - 2, BARS_HEIGHT)]
        zeros = all(n.value == 0 for n in visible)
        places = 0 if zeros else digits.decimals(n.value for n in visible)
        # Padding is printed with as many digits as other steps, or not at all.
        space = max(step_width, self.widths[0]) - 3
        max_chars = int(space / width("0", words.SMALL, mono=True))
        point = words.Decimals.of(visible, min(6, max_chars), places)
        fill = "h:65" if is_padding else "h"
        for k, value in zip(self.units.indices, visible, strict=True):
            number = float(value.value)
            finite = 0.0 if np.isnan(number) else number
            end = scale(min(max(finite, -self.limit), self.limit))
            bar = Box(
                x + gap / 2,
                min(end, scale(0)),
                bar_pitch - gap,
                abs(end - scale(0)),
                fill=None if is_wrong else fill,
                stroke="neg" if is_wrong else None,
                stroke_width=styles.CELL.strong.weight,
                id=f"{name}-{k}-bar",
                bound=(Length(value.expr, "height", scale),),
            )
            marks.append(styles.back(bar, IS_PADDING if is_padding else ""))
            x += bar_pitch
        numbers = []
        for line, (k, value) in enumerate(zip(self.units.indices, visible, strict=True)):
            printed = point.number(
                self.middle(t),
                top + BARS_HEIGHT + 12 + LINE_HEIGHT * line,
                value,
                size=words.SMALL,
                max_chars=min(6, max_chars),
                fill="muted" if is_padding else "ink",
                id=f"{name}-{k}",
                term="h_n" if t == self.steps else "h",
            )
            numbers.append(styles.back(printed, IS_PADDING if is_padding else ""))
        fits = max(printed.width for printed in numbers) <= step_width - 2
        if fits and all(map(_is_near, numbers, visible)):
            marks += numbers
        return Group(tuple(marks), id=name, bound=(Node(values.part),))

    def _read_arrow(self, run: Run, top: float) -> list[Mark]:
        """Draw a line to h_n from the step at which it is read."""
        packed = run.key.endswith("packed")
        last = self.length - 1 if packed else self.steps - 1
        t = 0 if self.direction == "reverse" else last
        start, stop = self.middle(t), self.middle(self.steps)
        route_y = top - 10
        path = (
            ("M", (start, top - 1)),
            ("L", (start, route_y)),
            ("L", (stop, route_y)),
            ("L", (stop, top - 1)),
        )
        flow = Flow("copies", f"{run.key}-{t}", f"{run.key}-h_n")
        return [
            Path(
                path,
                stroke="ink" if run.is_right else "neg",
                stroke_width=styles.CELL.strong.weight,
                bound=(flow,),
            )
        ]

    def _verdicts(self, run: Run, top: float) -> list[Mark]:
        """Draw whether h at the steps of the sequence, and h_n, are right."""
        index = 1 if self.direction == "reverse" else 0
        kind = run.code.removeprefix("lstm(").removesuffix(")")
        y = top + BARS_HEIGHT + 8 + LINE_HEIGHT * len(self.units.indices)
        half = f"chunk(2, dim=2)[{index}]"
        steps = f"same({kind}_output[:{self.length}].{half}, both(sequence)[0].{half})"
        state = f"same({kind}_h_n[{index}], both(sequence)[1][0][{index}])"
        across = self.x(self.length)
        middle, ends = across / 2, self.middle(self.steps)
        marks: list[Mark] = [
            _bracket(0.0, across, y),
            _bracket(self.x(self.steps), self.widths[-1], y),
        ]
        for x, claim, right in ((middle, steps, run.are_steps_right), (ends, state, run.is_right)):
            block = verdict_block(
                "right" if right else "wrong", claim if right else f"not {claim}", right=right
            )
            left = min(x - block.width / 2, self.space - block.width)
            marks += [shift(mark, max(0, left), y + 6) for mark in block.marks]
        return marks


def _bracket(x: float, width: float, y: float) -> Mark:
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
    """Return whether a printed number cannot be mistaken for a different one.

    With too few characters, 0.81 would be printed as 1, and −0.06 as −0.1.
    Exponents always have enough digits.
    """
    value = float(number.value)
    if "e" in printed.content or not np.isfinite(value):
        return True
    printed_value = float(printed.content.replace(digits.MINUS, "-"))
    return abs(printed_value - value) <= max(ABSOLUTE_TOLERANCE, RELATIVE_TOLERANCE * abs(value))
