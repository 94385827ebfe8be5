"""The layout of a sequence: its bands, the width of a step, the height of 1."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np

from ...layout import words
from ...layout.margins import inner_width, margin
from ...layout.motifs import over_time
from ...layout.motifs.over_time import Steps
from ...layout.motifs.token_rows import (
    MAX_SLANTED_LENGTH,
    MAX_UPRIGHT_LENGTH,
    MIN_SLANTED_WIDTH,
    MIN_UPRIGHT_WIDTH,
)
from ...model.layer_run import LayerRun
from ...model.tensors import Array
from ...proof.preamble.truth import Truth
from .focus import Focus, look
from .inhibitions import Inhibition
from .moves import MIN_STEP_WIDTH, Move, moves_of
from .reader import Reader
from .trained_runs import TrainedRun

MIN_WIDE_WIDTH = 480.0
"""Figures narrower than this use the narrow form."""
MAX_UNITS_WITH_WRITES = 4
"""With more units than this, only forgetting has arrows, which keeps the file small."""
MAX_BANDS = 2
"""The most bands to draw; in the narrow form, they fill two screens."""
MIN_LETTER_WIDTH, MAX_STEP_WIDTH = 11.0, 150.0
"""The least width of a step with a letter, and the largest width of any step."""
MIN_BARE_STEP_WIDTH = 1.5
"""The least width of a step without a token."""
WORD_GAP = 6.2
"""The space beside a word."""
TICK_TOLERANCE = 0.4
"""How far a tick may lie outside a plot, in pixels."""
MIN_SPAN = 0.5
"""The height of the plots is that of this range of c, even if c changes less."""
MIN_TICK_GAP = 22.0
"""The least distance between two tick labels."""
MAX_FRACTION_SPAN = 1.5
"""A larger range of c has ticks at whole numbers alone."""
TICK_LABEL_GAP, NAME_GAP = 14.0, 8.0
"""The space beside tick labels, and beside the name of a unit or an answer."""
GATE_NAMES_WIDTH, MAX_LEFT = 56.0, 112.0
"""The width of the names of gates, and the greatest width left of the steps."""


class Sizes(NamedTuple):
    """The sizes of a form.

    Attributes:
        plot_height: The height of the plot of the unit that changes most.
        min_plot_height: The least height of a plot.
        lane_height: The height of the column of a fully open gate.
        unit_gap: The gap between two units.
    """

    plot_height: float
    min_plot_height: float
    lane_height: float
    unit_gap: float


WIDE_SIZES = Sizes(132, 50, 14, 24)
"""The sizes of the wide form."""
NARROW_SIZES = Sizes(112, 30, 11, 18)
"""The sizes of the narrow form."""


class Wrapping(NamedTuple):
    """A sequence broken into bands.

    Attributes:
        bands: All bands.
        turn: The rotation of tokens, in degrees.
        token_length: The greatest length of a token.
    """

    bands: list[Steps]
    turn: int
    token_length: float


@dataclass(frozen=True, eq=False)
class Plan:
    """What one form of the figure shows, and where.

    Attributes:
        subject: The run, layer and direction to draw.
        width: The width of the figure.
        units: The units, from top to bottom.
        reader: The answers of the network, if it has a read-out.
        trained_run: The run of the network as it was trained, if that is drawn,
            too.
        with_gates: Whether gates and answers are drawn.
        label: The index of the label whose steps are shaded, if any.
        unit_labels: The indices of the labels that the units are drawn for.
        focus: The focus.
        original_inhibition: The inhibition in the original network, if the
            focus needs it.
        c_without_weight: c of every step without the weight of that inhibition,
            which must also fit in the plots.
    """

    subject: LayerRun
    width: float
    units: tuple[int, ...]
    reader: Reader | None
    trained_run: TrainedRun | None = None
    with_gates: bool = True
    label: int | None = None
    unit_labels: tuple[int, ...] = ()
    focus: Focus = "all"
    original_inhibition: Inhibition | None = None
    c_without_weight: Array | None = None

    @property
    def visible_units(self) -> tuple[int, ...]:
        """The units that the focus draws."""
        if self.focus == "all":
            return self.units
        places = zip(("first", "second"), self.units, strict=False)
        return tuple(unit for place, unit in places if look(self.focus, f"{place} c") != "absent")

    @cached_property
    def tokens(self) -> list[str]:
        """The tokens in the order of processing; empty if there are none."""
        tokens = self.subject.trace.tokens
        if not tokens:
            return []
        return [tokens[self.subject.step_number(t) - 1] for t in range(len(self.subject.steps))]

    @property
    def has_tokens(self) -> bool:
        """Whether steps have tokens."""
        return bool(self.tokens)

    @property
    def truth(self) -> Truth | None:
        """The right answers after each step (depth, and whether inside quotes), if known."""
        return self.reader.truth if self.reader else None

    def counts(self, unit: int) -> bool:
        """Return whether c of a unit follows the number of open brackets."""
        return self.reader is not None and self.reader.counting_unit == unit

    @property
    def is_narrow(self) -> bool:
        """Whether the figure uses the narrow form."""
        return self.width < MIN_WIDE_WIDTH

    @property
    def sizes(self) -> Sizes:
        """The sizes of the form."""
        return NARROW_SIZES if self.is_narrow else WIDE_SIZES

    @cached_property
    def spans(self) -> list[tuple[float, float]]:
        """The lowest and the highest value in the plot of each unit."""
        spans = [_span(self._values(unit)) for unit in self.units]
        if self.focus != "all" and self.truth:
            # The right count stays in the plot even if an edit spoils the unit's count.
            low, high = spans[0]
            spans[0] = low, max(high, *self.truth.depth)
        return spans

    def _values(self, unit: int) -> list[float]:
        """Return all values that the plot of a unit must include."""
        trained_run = self.trained_run
        values = [float(step.c[0, unit]) for step in self.subject.steps]
        values.append(float(self.subject.steps[0].c_prev[0, unit]))
        if self.truth and self.counts(unit):
            values += self.truth.depth
        if trained_run and unit in trained_run.units:
            values += trained_run.c[:, unit].tolist()
        if self.c_without_weight is not None:
            values += self.c_without_weight[:, unit].tolist()
        return values

    @cached_property
    def pixels(self) -> float:
        """The height of one unit of c, the same in all plots."""
        span = max(MIN_SPAN, *(high - low for low, high in self.spans))
        return self.sizes.plot_height / span

    def value_range(self, unit: int) -> tuple[float, float]:
        """Return the lowest and the highest value of the plot of a unit."""
        low, high = self.spans[self.units.index(unit)]
        missing = self.sizes.min_plot_height / self.pixels - (high - low)
        margin_value = max(0.0, missing) / 2
        return low - margin_value, high + margin_value

    @cached_property
    def left(self) -> float:
        """The width left of the steps, which holds row names and tick labels."""
        tick_values = [t for span in self.spans for t in ticks(*span, self.pixels)]
        tick_width = max(words.width(over_time.tick_text(t), words.SMALL) for t in tick_values)
        unit_widths = [words.width(f"unit {unit}", bold=True) for unit in self.units]
        # The name of the first unit (in the narrow form, of each unit) is above its ticks;
        # other names are beside theirs.
        above = len(self.units) if self.is_narrow else 1
        widths = [
            TICK_LABEL_GAP + tick_width,
            *(NAME_GAP + width for width in unit_widths[:above]),
            *(TICK_LABEL_GAP + 4 + tick_width + width for width in unit_widths[above:]),
        ]
        if self.with_gates:
            widths.append(GATE_NAMES_WIDTH)
        if self.reader and self.with_gates and not self.is_narrow:
            outputs = self.reader.outputs
            widths.append(NAME_GAP + max(words.width(output, words.SMALL) for output in outputs))
        return min(max(widths), MAX_LEFT)

    @cached_property
    def wrapping(self) -> Wrapping:
        """The sequence in as few bands as the tokens allow.

        Letters are never rotated. Words are horizontal, slanted or vertical.
        """
        tokens, space = self.tokens, inner_width(self.width) - self.left
        count = len(self.subject.steps)
        if not tokens:
            count = min(count, int(space / MIN_BARE_STEP_WIDTH))
            return Wrapping(self._rows(1, count, space), 0, MAX_STEP_WIDTH)
        if over_time.are_letters(tokens):
            min_width = max(MIN_LETTER_WIDTH, over_time.needed_token_width(tokens, words.SMALL))
            rows = math.ceil(count / max(1, int(space / min_width)))
            return Wrapping(self._rows(rows, count, space), 0, MAX_STEP_WIDTH)
        # Words. Fewer rows are better than horizontal words, so try to turn them first.
        longest = over_time.max_token_width(tokens)
        slanted, upright = min(longest, MAX_SLANTED_LENGTH), min(longest, MAX_UPRIGHT_LENGTH)
        # A slanted token of the last step extends to the right, up to the margin.
        beyond = max(0.0, slanted * math.cos(math.pi / 4) - margin(self.width) + 2)
        for rows in range(1, count + 1):
            steps_per_row = math.ceil(count / rows)
            if longest + WORD_GAP <= min(MAX_STEP_WIDTH, space / steps_per_row):
                turn, token_length, row_width = 0, MAX_STEP_WIDTH, space
            elif (space - beyond) / steps_per_row >= MIN_SLANTED_WIDTH:
                turn, token_length, row_width = 45, slanted, space - beyond
            elif space / steps_per_row >= MIN_UPRIGHT_WIDTH:
                turn, token_length, row_width = 90, upright, space
            else:
                continue
            bands = self._rows(rows, count, row_width)
            # A token exactly this long must not be cut because of rounding.
            rounding = 0.1
            return Wrapping(bands, turn, token_length + over_time.TOKEN_MARGIN + rounding)
        raise AssertionError("a row of one step has room for an upright word")

    @property
    def all_bands(self) -> list[Steps]:
        """All bands that the sequence would fill."""
        return self.wrapping.bands

    def _rows(self, rows: int, count: int, space: float) -> list[Steps]:
        """Break the first `count` steps into bands of equal length; the last may be shorter."""
        steps_per_row = math.ceil(count / rows)
        width = min(MAX_STEP_WIDTH, space / steps_per_row)
        labels = tuple(self.subject.step_number(t) for t in range(count))
        return [
            Steps(
                first,
                labels[first : first + steps_per_row],
                self.left,
                width,
                is_crowded=True,
                clock=self.subject.trace.clock,
            )
            for first in range(0, count, steps_per_row)
        ]

    @cached_property
    def bands(self) -> tuple[Steps, ...]:
        """The bands that are drawn, in order.

        These are the bands in which the units' labels begin and end most often.
        For units without labels, they are the bands in which c moves most.
        """
        moved = [self._moved(band) for band in self.all_bands]
        # Where nothing moves, all shares are 0.
        largest = max(filter(math.isfinite, moved), default=0.0) or 1.0
        # Round, so that rounding differences between machines cannot change the choice.
        shares = [round(move / largest, 5) if math.isfinite(move) else math.inf for move in moved]
        order = sorted(range(len(shares)), key=lambda k: (-shares[k], k))
        return tuple(self.all_bands[k] for k in sorted(order[:MAX_BANDS]))

    def _moved(self, band: Steps) -> float:
        """Return how often the units' labels change in a band, or how far c moves."""
        subject = self.subject
        labels = [subject.trace.labels[k][1] for k in self.unit_labels]
        if labels:
            labelled = np.array([subject.in_processing_order(label) for label in labels], int)
            return float(abs(np.diff(labelled[:, band.as_slice])).sum())
        return sum(
            float(abs(step.c[0, unit] - step.c_prev[0, unit]))
            for step in subject.steps[band.as_slice]
            for unit in self.units
        )

    def band(self, t: int) -> Steps | None:
        """Return the band of a step; None if the step is not drawn."""
        return next((band for band in self.bands if t in band.ts), None)

    @property
    def visible_steps(self) -> list[int]:
        """The steps that are drawn."""
        return [t for band in self.bands for t in band.ts]

    @property
    def token_rise(self) -> float:
        """How much higher rotated tokens reach than horizontal ones."""
        long = min(self.wrapping.token_length, over_time.max_token_width(self.tokens))
        return long * math.sin(math.radians(self.wrapping.turn))

    @cached_property
    def moves(self) -> dict[int, tuple[Move, ...]]:
        """The moves of each unit that have arrows, in whichever band."""
        if self.all_bands[0].width < MIN_STEP_WIDTH:
            return dict.fromkeys(self.units, ())
        moves = {unit: moves_of(self.subject, unit, self.pixels) for unit in self.units}
        if len(self.units) <= MAX_UNITS_WITH_WRITES:
            return moves
        return {
            unit: tuple(move._replace(paired=False) for move in unit_moves if move.kind == "forget")
            for unit, unit_moves in moves.items()
        }

    @cached_property
    def has_thin_arrows(self) -> bool:
        """Whether arrows are thin, because most steps have one."""
        steps = {move.t for unit_moves in self.moves.values() for move in unit_moves}
        return len(steps) > len(self.subject.steps) / 2

    @cached_property
    def bold_steps(self) -> set[int]:
        """The steps with bold tokens: those with an arrow.

        If most steps have an arrow, only those that forget are bold.
        """
        moves = [move for unit_moves in self.moves.values() for move in unit_moves]
        return {m.t for m in moves if m.kind == "forget" or not self.has_thin_arrows}

    def has_arrow(self, move: Move | None) -> bool:
        """Return whether a move has an arrow in this form; True if `move` is None."""
        return move is None or any(other.id == move.id for other in self.moves[move.unit])

    def arrows(self, steps: Steps, unit: int) -> list[Move]:
        """Return the moves of a unit that have arrows in a band."""
        return [move for move in self.moves[unit] if move.t in steps.ts]


def _span(values: Sequence[float]) -> tuple[float, float]:
    """The lowest and the highest finite value, and 0."""
    finite = [0.0, *(v for v in values if math.isfinite(v))]
    return min(finite), max(finite)


def ticks(low: float, high: float, pixels: float) -> list[float]:
    """Return round values from `low` to `high`, 0 among them, far enough apart for labels.

    >>> ticks(-0.1, 3, 40), ticks(-0.2, 0.1, 264)
    ([0.0, 1.0, 2.0, 3.0], [-0.2, -0.1, 0.0, 0.1])
    """
    power = math.floor(math.log10(MIN_TICK_GAP / pixels))
    candidates = (
        (nice * 10.0**exponent, exponent) for exponent in (power, power + 1) for nice in (1, 2, 5)
    )
    step, exponent = next(
        (step, exponent)
        for step, exponent in candidates
        if step * pixels >= MIN_TICK_GAP and (step >= 1 or high - low < MAX_FRACTION_SPAN)
    )
    # Include a tick that `low` or `high` nearly reaches.
    near = TICK_TOLERANCE / pixels / step
    first, last = math.ceil(low / step - near), math.floor(high / step + near)
    return [round(k * step, max(0, -exponent)) for k in range(first, last + 1)]
