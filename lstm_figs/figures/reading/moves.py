"""The moves of c at a step: it forgets a part, then something is written.

Each riser of c consists of these two: from c_prev to f·c_prev, and from there
to c.
"""

from typing import Literal, NamedTuple

import numpy as np

from ...layout.motifs.over_time import Steps
from ...model.layer_run import LayerRun
from ...model.reference import Vector
from ...model.tensors import Array
from ...proof.bindings import Length, Scale
from ...scene.marks import Path

SHUT, OPEN = 0.1, 0.9
"""A gate at or below the first limit is shut; one at or above the second is open."""
ROUNDING = "1e-6"
"""How far a claim lets a value exceed a limit, because torch may round it differently."""
MIN_OFFER = 0.5
"""From this |g| on, a shut input gate keeps something out."""
MIN_SHARE = 0.5
"""A move gets an arrow from this share of the unit's largest write on."""
MIN_LENGTH = 8.0
"""The least length of an arrow."""
MIN_STEP_WIDTH = 6.0
"""Steps narrower than this have no arrows."""
ARROW_OFFSET = 3.5
"""The distance of each of two arrows from the edge of their step."""
SHAFT_WIDTH, HEAD_WIDTH, HEAD_LENGTH = 3.0, 9.0, 7.0
"""The width of a shaft, and the width and length of a head."""
HEAD_OVERLAP = HEAD_WIDTH / 2 - ARROW_OFFSET
"""How far each of two neighbouring heads reaches over the edge between them."""
THIN_SHAFT_WIDTH = 1.75
"""The width of a shaft if most steps have arrows."""

MoveKind = Literal["write", "forget"]
"""Whether a step adds i·g to c, or scales c by f."""
PAINTS = {"write": "gate-i", "forget": "gate-f"}
"""The colour of each kind of move."""


class Move(NamedTuple):
    """What a step writes to c or forgets from it.

    Attributes:
        kind: "write" or "forget".
        t: The step, counted from 0 in the order of processing.
        unit: The index of the unit.
        start: The value before the move.
        stop: The value after the move.
        paired: Whether the step has arrows for both kinds.
    """

    kind: MoveKind
    t: int
    unit: int
    start: float
    stop: float
    paired: bool

    @property
    def size(self) -> float:
        """The change of c."""
        return self.stop - self.start

    @property
    def id(self) -> str:
        """The id of the arrow."""
        return f"{self.kind}-{self.t}-{self.unit}"

    @property
    def paint(self) -> str:
        """The colour of the gate that controls the move."""
        return PAINTS[self.kind]

    def x(self, steps: Steps) -> float:
        """Return the x of the arrow, which is at the riser of the step.

        The first step of a band has no riser, so its arrows are right of the
        edge, in the first half of the step.
        """
        edge, half = steps.edge(self.t), steps.width / 2
        forgets = self.kind == "forget"
        if self.t > steps.first:
            offset = min(ARROW_OFFSET, half / 2) if self.paired else 0.0
            return edge - offset if forgets else edge + offset
        if not self.paired:
            return edge + min(HEAD_WIDTH / 2, half)
        first_offset = min(HEAD_WIDTH / 2, half / 2)
        second_offset = min(first_offset + 2 * ARROW_OFFSET, half)
        return edge + (first_offset if forgets else second_offset)

    def head_half_width(self, steps: Steps, is_thin: bool) -> float:
        """Return how far the head reaches to either side.

        In narrow steps, two heads must remain visible, and the heads at the
        first step must stay right of its edge.
        """
        limit = steps.width / 4 if self.paired else steps.width / 2
        if self.t > steps.first:
            # A single arrow has no neighbour, so only its own size limits it.
            limit = limit + HEAD_OVERLAP if self.paired else HEAD_WIDTH
        half = HEAD_WIDTH / 2 - 1 if is_thin else HEAD_WIDTH / 2
        return min(half, limit)


def written(subject: LayerRun, unit: int) -> Vector:
    """Return i·g, the value written at each step."""
    return subject.series("i", unit) * subject.series("g", unit)


def retained(subject: LayerRun, unit: int) -> Vector:
    """Return f·c_prev, the value kept at each step."""
    return subject.series("f", unit) * subject.series("c_prev", unit)


def shares(sizes: Array) -> Array:
    """Return sizes as shares of the largest; −1 for values that are not finite.

    Shares are rounded so that rounding differences between processors do not
    decide which of several equal steps comes first.
    """
    finite = np.isfinite(sizes)
    # Where all sizes are 0, their shares are 0 as well.
    largest = max(sizes[finite], default=0.0) or 1.0
    relative: Array = np.where(finite, np.round(sizes / largest, 4), -1)
    return relative


def moves_of(subject: LayerRun, unit: int, pixels: float) -> tuple[Move, ...]:
    """Return the moves of a unit that get arrows, in order.

    Args:
        subject: The run, layer and direction to draw.
        unit: The index of the unit.
        pixels: The height of one unit of c.
    """
    before, between, after = (
        vector.values.astype(np.float64)
        for vector in (
            subject.series("c_prev", unit),
            retained(subject, unit),
            subject.series("c", unit),
        )
    )
    wrote = abs(written(subject, unit).values.astype(np.float64))
    finite = wrote[np.isfinite(wrote)]
    min_size = MIN_SHARE * max(finite, default=0.0)
    if not min_size:
        # Nothing is written, so nothing can be large in comparison.
        return ()
    with np.errstate(all="ignore"):
        writes = _are_large(wrote, after - between, min_size, pixels)
        forgets = _are_large(abs(between - before), between - before, min_size, pixels)
    moves: list[Move] = []
    for t in range(len(wrote)):
        are_both = bool(writes[t] and forgets[t])
        if forgets[t]:
            start, stop = float(before[t]), float(between[t])
            moves.append(
                Move(kind="forget", t=t, unit=unit, start=start, stop=stop, paired=are_both)
            )
        if writes[t]:
            start, stop = float(between[t]), float(after[t])
            moves.append(
                Move(kind="write", t=t, unit=unit, start=start, stop=stop, paired=are_both)
            )
    return tuple(moves)


def _are_large(sizes: Array, lengths: Array, min_size: float, pixels: float) -> Array:
    """Return which moves are large enough for arrows.

    Args:
        sizes: What is written or forgotten at each step.
        lengths: The changes of c that it makes, with their signs.
        min_size: The least size.
        pixels: The height of one unit of c.
    """
    large: Array = (
        (sizes >= min_size) & (abs(lengths) * pixels >= MIN_LENGTH) & np.isfinite(lengths)
    )
    return large


def arrow(move: Move, subject: LayerRun, steps: Steps, scale: Scale, is_thin: bool) -> Path:
    """Draw the arrow of a move."""
    t, unit = move.t, move.unit
    between = retained(subject, unit)[t].expr
    ends = (
        (subject.series("c_prev", unit)[t].expr, between)
        if move.kind == "forget"
        else (between, subject.series("c", unit)[t].expr)
    )
    x = move.x(steps)
    half_width, shaft = (
        move.head_half_width(steps, is_thin),
        THIN_SHAFT_WIDTH if is_thin else SHAFT_WIDTH,
    )
    d = outline(x, scale(move.start), scale(move.stop), half_width, shaft)
    return Path(
        d,
        fill=move.paint,
        compact=True,
        id=move.id,
        term="f" if move.kind == "forget" else "i g",
        bound=(Length(", ".join(ends), "height", scale),),
    )


def outline(
    x: float, start: float, stop: float, half_width: float, shaft: float
) -> tuple[tuple[str, *tuple[tuple[float, float], ...]], ...]:
    """Return the outline of an arrow along a vertical line."""
    half = min(shaft, half_width) / 2
    point = min(HEAD_LENGTH, abs(stop - start))
    neck = stop - point if stop > start else stop + point
    return (
        ("M", (x - half, start)),
        ("L", (x - half, neck)),
        ("L", (x - half_width, neck)),
        ("L", (x, stop)),
        ("L", (x + half_width, neck)),
        ("L", (x + half, neck)),
        ("L", (x + half, start)),
        ("Z",),
    )
