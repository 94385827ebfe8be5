"""How a sequence is laid out: its bands, how wide a step is, how high 1 is."""

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from ...layout import words
from ...layout.motifs import over_time, telling
from ...layout.motifs.over_time import Steps
from ...layout.motifs.read import LONGEST, SLANTED, TALLEST, UPRIGHT
from ...layout.room import inner, margin
from ...model.tensors import Array
from ...proof.subject import Subject
from .brake import Brake
from .focus import Focus, look
from .ghost import Ghost
from .moves import NARROWEST, Move, moves_of
from .reader import Reader

NARROW = 480.0
"""Below this width a figure has the narrow form."""
MOST_UNITS = 4
"""Of more units only what is forgotten has arrows, so that a file is small."""
MOST = 2
"""The most bands that are drawn: in the narrow form they fill two screens."""
LEAST, WIDEST = 11.0, 150.0
"""The width of a step that has a letter, and of any step."""
BAREST = 1.5
"""The width of a step that has none."""
AIR = 6.2
"""The space beside a word."""
HALF = 0.4
"""How far a tick may lie beyond a plot, in pixels."""
FLATTEST = 0.5
"""What changes less than this is drawn as if it changed so much."""


class Sizes(NamedTuple):
    """Of what a form has.

    Attributes:
        plot: The height of the unit that changes most.
        least: The least height of a plot.
        lane: The height of a gate that is open.
        between: From one unit to the next.
    """

    plot: float
    least: float
    lane: float
    between: float


WIDE_SIZES = Sizes(132, 50, 14, 24)
NARROW_SIZES = Sizes(80, 30, 11, 18)


class Plan(NamedTuple):
    """Where everything is that is drawn.

    Attributes:
        subject: What is drawn.
        room: The width of the figure.
        units: The units, from above.
        reader: What the network answers, if it does.
        ghost: The c of the network as it was trained, if that is drawn.
        with_gates: Whether gates and answers are drawn.
        left: The width left of the steps.
        bands: The steps that are drawn, in rows.
        every: All bands that there would be.
        pixels: The height of 1, the same for all units.
        named: Whether steps have tokens.
        turn: Degrees by which tokens are turned.
        token: How long a token may be.
        moves: Of each unit, those that have arrows.
        thin: Whether arrows are.
        label: What is true at the steps that are shaded, by its place.
        focus: What of it all is drawn.
        given: What shuts a gate in the network as it was given, if the focus
            has to know.
        spans: The lowest and the highest value of the plot of each unit.
    """

    subject: Subject
    room: float
    units: tuple[int, ...]
    reader: Reader | None
    ghost: Ghost | None
    with_gates: bool
    left: float
    bands: tuple[Steps, ...]
    every: tuple[Steps, ...]
    pixels: float
    named: bool
    turn: int
    token: float
    moves: dict[int, tuple[Move, ...]]
    thin: bool
    label: int | None
    focus: Focus
    given: Brake | None
    spans: list[tuple[float, float]]

    @property
    def present(self) -> tuple[int, ...]:
        """The units that its focus draws."""
        if self.focus == "all":
            return self.units
        places = zip(("first", "second"), self.units, strict=False)
        return tuple(unit for place, unit in places if look(self.focus, f"{place} c") != "absent")

    @property
    def narrow(self) -> bool:
        """Whether it is the narrow form."""
        return self.room < NARROW

    @property
    def sizes(self) -> Sizes:
        """The heights of its form."""
        return NARROW_SIZES if self.narrow else WIDE_SIZES

    @property
    def read(self) -> list[str]:
        """The tokens in the order of processing."""
        return read(self.subject)

    def band(self, t: int) -> Steps | None:
        """The band that a step is drawn in, if it is."""
        return next((band for band in self.bands if t in band.ts), None)

    @property
    def shown(self) -> list[int]:
        """The steps that are drawn."""
        return [t for band in self.bands for t in band.ts]

    @property
    def rise(self) -> float:
        """How much higher turned tokens reach than flat ones."""
        long = min(self.token, over_time.longest(self.read))
        return long * math.sin(math.radians(self.turn))

    @property
    def strong(self) -> set[int]:
        """The steps whose tokens are bold: those with an arrow.

        Where most have one, only what is forgotten counts.
        """
        moves = [move for each in self.moves.values() for move in each]
        return {m.t for m in moves if m.kind == "forget" or not self.thin}

    def counts(self, unit: int) -> bool:
        """Whether a unit's c follows how many brackets are open."""
        return self.reader is not None and self.reader.counting == unit

    def has_arrow(self, move: Move | None) -> bool:
        """Whether an arrow of this form is that of a move, or none is asked."""
        return move is None or any(one.id == move.id for one in self.moves[move.unit])

    def arrows(self, steps: Steps, unit: int) -> list[Move]:
        """The moves of a unit that have arrows in a band."""
        return [move for move in self.moves[unit] if move.t in steps.ts]


def plan(
    subject: Subject,
    room: float,
    units: tuple[int, ...],
    reader: Reader | None,
    ghost: Ghost | None,
    with_gates: bool,
    label: int | None,
    focus: Focus,
    given: Brake | None,
    covered: Array | None,
) -> Plan:
    """Lay out a sequence.

    Args:
        subject: What is drawn.
        room: The width of the figure.
        units: The units, from above.
        reader: What the network answers, if it does.
        ghost: The c of the network as it was trained, if that is drawn.
        with_gates: Whether gates and answers are drawn.
        label: What is true at the steps that are shaded, by its place.
        focus: What of it all is drawn.
        given: What shuts a gate in the network as it was given.
        covered: Another c of every step that plots have room for.
    """
    sizes = NARROW_SIZES if room < NARROW else WIDE_SIZES
    spans = [_span(_values(subject, unit, reader, ghost, covered)) for unit in units]
    if focus != "all" and reader and reader.told:
        # A count that a change has spoiled is still held against the truth.
        low, high = spans[0]
        spans[0] = low, max(high, *reader.told.depth)
    span = max(FLATTEST, *(high - low for low, high in spans))
    pixels = min(sizes.plot / span, 2 * sizes.plot)
    left = _gutter(subject, room, units, reader, with_gates, pixels, spans)
    moves = {unit: moves_of(subject, unit, pixels) for unit in units}
    every, turn, token = _broken(subject, room, left)
    if every[0].width < NARROWEST:
        moves = dict.fromkeys(units, ())
    elif len(units) > MOST_UNITS:
        moves = {
            unit: tuple(move._replace(paired=False) for move in own if move.kind == "forget")
            for unit, own in moves.items()
        }
    bands = _shown(subject, units, every)
    drawn = [move for unit in units for move in moves[unit]]
    thin = 2 * len({move.t for move in drawn}) > len(subject.steps)
    return Plan(
        subject,
        room,
        units,
        reader,
        ghost,
        with_gates,
        left,
        bands,
        tuple(every),
        pixels,
        bool(subject.trace.tokens),
        turn,
        token,
        moves,
        thin,
        label,
        focus,
        given,
        spans,
    )


def read(subject: Subject) -> list[str]:
    """The tokens in the order of processing; none if steps have none."""
    tokens = subject.trace.tokens
    if not tokens:
        return []
    return [tokens[subject.label(t) - 1] for t in range(len(subject.steps))]


def _values(
    subject: Subject, unit: int, reader: Reader | None, ghost: Ghost | None, covered: Array | None
) -> list[float]:
    """What the plot of a unit has to hold."""
    every = [float(step.c[0, unit]) for step in subject.steps]
    every.append(float(subject.steps[0].c_prev[0, unit]))
    if reader and reader.told and reader.counting == unit:
        every += reader.told.depth
    if ghost and unit in ghost.units:
        every += ghost.c[:, unit].tolist()
    if covered is not None:
        every += covered[:, unit].tolist()
    return every


def _span(values: Sequence[float]) -> tuple[float, float]:
    finite = [0.0, *(v for v in values if math.isfinite(v))]
    return min(finite), max(finite)


def reach(plan: Plan, unit: int) -> tuple[float, float]:
    """The lowest and the highest value that the plot of a unit has room for."""
    low, high = plan.spans[plan.units.index(unit)]
    missing = plan.sizes.least / plan.pixels - (high - low)
    more = max(0.0, missing) / 2
    return low - more, high + more


def ticks(low: float, high: float, pixels: float) -> list[float]:
    """Round values from `low` to `high`, 0 among them, that stand apart.

    >>> ticks(-0.1, 3, 40), ticks(-0.2, 0.1, 264)
    ([0.0, 1.0, 2.0, 3.0], [-0.2, -0.1, 0.0, 0.1])
    """
    power = math.floor(math.log10(22 / pixels))
    step, exponent = next(
        (nice * 10.0**e, e)
        for e in (power, power + 1)
        for nice in (1, 2, 5)
        if nice * 10.0**e * pixels >= 22 and (nice * 10.0**e >= 1 or high - low < 1.5)
    )
    # What is nearly reached is seen to be reached.
    near = HALF / pixels / step
    first, last = math.ceil(low / step - near), math.floor(high / step + near)
    return [round(k * step, max(0, -exponent)) for k in range(first, last + 1)]


def _gutter(
    subject: Subject,
    room: float,
    units: tuple[int, ...],
    reader: Reader | None,
    with_gates: bool,
    pixels: float,
    spans: Sequence[tuple[float, float]],
) -> float:
    """The width left of the steps: what rows are called, and ticks."""
    every = [t for span in spans for t in ticks(*span, pixels)]
    ticked = max(words.width(over_time.said(t), words.SMALL) for t in every)
    named = [14 + ticked]
    # The name of the first unit, or of each, stands above its ticks.
    for unit in units[: len(units) if room < NARROW else 1]:
        named.append(8 + words.width(f"unit {unit}", bold=True))
    for unit in units[len(named) - 1 :]:
        named.append(18 + ticked + words.width(f"unit {unit}", bold=True))
    if with_gates:
        named.append(56.0)
    if reader and with_gates and room >= NARROW:
        outputs = reader.outputs
        named.append(8 + max(words.width(o, words.SMALL) for o in outputs))
    return min(max(named), 112.0)


class _Broken(NamedTuple):
    """A sequence in rows.

    Attributes:
        bands: All of them.
        turn: Degrees by which tokens are turned.
        token: How long a token may be.
    """

    bands: list[Steps]
    turn: int
    token: float


def _broken(subject: Subject, room: float, left: float) -> _Broken:
    """All steps in as few rows as tokens have room in.

    Letters are never turned. Words are flat, or slanted, or upright.
    """
    tokens, space = read(subject), inner(room) - left
    count = len(subject.steps)
    if not tokens:
        count = min(count, int(space / BAREST))
        return _Broken(_rows(subject, 1, count, space, left), 0, WIDEST)
    if over_time.are_letters(tokens):
        least = max(LEAST, over_time.widest(tokens, words.SMALL))
        rows = math.ceil(count / max(1, int(space / least)))
        return _Broken(_rows(subject, rows, count, space, left), 0, WIDEST)
    longest = over_time.longest(tokens)
    slanted, upright = min(longest, LONGEST), min(longest, TALLEST)
    # What is slanted rises beyond the last step, as far as the margin.
    beyond = max(0.0, slanted * math.cos(math.pi / 4) - margin(room) + 2)
    for rows in range(1, count + 1):
        each = math.ceil(count / rows)
        if longest + AIR <= min(WIDEST, space / each):
            turn, token, wide = 0, WIDEST, space
        elif (space - beyond) / each >= SLANTED:
            turn, token, wide = 45, slanted, space - beyond
        elif space / each >= UPRIGHT:
            turn, token, wide = 90, upright, space
        else:
            continue
        bands = _rows(subject, rows, count, wide, left)
        return _Broken(bands, turn, token + over_time.AIR + 0.1)
    raise AssertionError("a row of one step has room for an upright word")


def _rows(subject: Subject, rows: int, count: int, space: float, left: float) -> list[Steps]:
    """All steps in rows of one length, of which the last may be shorter."""
    each = math.ceil(count / rows)
    width = min(WIDEST, space / each)
    labels = [subject.label(t) for t in range(count)]
    return [
        Steps(first, tuple(labels[first : first + each]), left, width, many=True)
        for first in range(0, count, each)
    ]


def told_by(subject: Subject, units: tuple[int, ...]) -> list[int]:
    """The labels that units are drawn for, by their places."""
    drawn = telling.drawn(subject)
    return [one.place for one in drawn if one.unit in units]


def _shown(subject: Subject, units: tuple[int, ...], bands: Sequence[Steps]) -> tuple[Steps, ...]:
    """The bands that are drawn, in their order.

    They are those in which the labels of the units begin and end most often,
    of units without labels those in which c moves most.
    """
    labels = [subject.trace.labels[k][1] for k in told_by(subject, units)]
    if labels:
        own = np.array([telling.in_order(subject, one) for one in labels], int)
        moved = [float(abs(np.diff(own[:, b.part])).sum()) for b in bands]
    else:
        moved = [
            sum(
                float(abs(step.c[0, unit] - step.c_prev[0, unit]))
                for step in subject.steps[band.part]
                for unit in units
            )
            for band in bands
        ]
    most = max(filter(math.isfinite, moved), default=0.0) or 1.0
    # What rounds differently elsewhere is alike, and the earlier one is drawn.
    shares = [round(each / most, 5) if math.isfinite(each) else math.inf for each in moved]
    order = sorted(range(len(bands)), key=lambda k: (-shares[k], k))
    return tuple(bands[k] for k in sorted(order[:MOST]))
