"""What moves a cell state: a part is forgotten, then something is written.

A riser of c is exactly these two, from c_prev to f·c_prev, and from there to c.
"""

from typing import Literal, NamedTuple

import numpy as np

from ...layout.motifs.over_time import Steps
from ...model.layer_run import Subject
from ...model.reference import Vector
from ...model.tensors import Array
from ...proof.bindings import Length, Scale
from ...scene.marks import Path

SHUT, OPEN = 0.1, 0.9
"""A gate that is open by no more is shut, and one by so much is open."""
MIN_OFFER = 0.5
"""From which g on something was to be written."""
MIN_SHARE = 0.5
"""Of a unit's largest write: from there on a move has an arrow."""
MIN_LENGTH = 8.0
"""An arrow has this length at least."""
MIN_STEP_WIDTH = 6.0
"""Steps that are narrower have no room for arrows."""
ARROW_OFFSET = 3.5
"""How far two arrows at one step are from its edge."""
SHAFT_WIDTH, HEAD_WIDTH, HEAD_LENGTH = 3.0, 9.0, 7.0
"""The widths of a shaft and of a head, and how long a head is."""
HEAD_OVERLAP = HEAD_WIDTH / 2 - ARROW_OFFSET
"""How far the heads of two arrows reach over each other, on either side."""
THIN_SHAFT_WIDTH = 1.75
"""The width of a shaft where most steps have arrows."""

Kind = Literal["write", "forget"]
PAINTS = {"write": "gate-i", "forget": "gate-f"}


class Move(NamedTuple):
    """What is written at a step, or forgotten.

    Attributes:
        kind: Which of the two.
        t: The step, counted from 0 in the order of processing.
        unit: Of which unit.
        start: The value that it begins at.
        stop: The value that it ends at.
        paired: Whether both are drawn at this step.
    """

    kind: Kind
    t: int
    unit: int
    start: float
    stop: float
    paired: bool

    @property
    def size(self) -> float:
        """By how much c changes."""
        return self.stop - self.start

    @property
    def id(self) -> str:
        """Of its arrow."""
        return f"{self.kind}-{self.t}-{self.unit}"

    @property
    def paint(self) -> str:
        """The hue of the gate that lets it through."""
        return PAINTS[self.kind]

    def x(self, steps: Steps) -> float:
        """Where its arrow stands: at the riser of its step.

        Before the first of the steps is no riser: its arrows stand right of
        the edge, in the first half of the step.
        """
        edge, half = steps.edge(self.t), steps.width / 2
        forgets = self.kind == "forget"
        if self.t > steps.first:
            offset = min(ARROW_OFFSET, half / 2) * self.paired
            return edge - offset if forgets else edge + offset
        if not self.paired:
            return edge + min(HEAD_WIDTH / 2, half)
        left = min(HEAD_WIDTH / 2, half / 2)
        return edge + (left if forgets else min(left + 2 * ARROW_OFFSET, half))

    def head_half_width(self, steps: Steps, is_thin: bool) -> float:
        """How far its head reaches left and right.

        Heads of two have to be seen in narrow steps, too, and those at the
        first of the steps stand right of its edge.
        """
        limit = steps.width / 4 if self.paired else steps.width / 2
        if self.t > steps.first:
            limit = limit + HEAD_OVERLAP if self.paired else HEAD_WIDTH
        return min(HEAD_WIDTH / 2 - is_thin, limit)


def written(subject: Subject, unit: int) -> Vector:
    """What is written at each step."""
    return subject.series("i", unit) * subject.series("g", unit)


def retained(subject: Subject, unit: int) -> Vector:
    """What is kept at each step."""
    return subject.series("f", unit) * subject.series("c_prev", unit)


def shares(sizes: Array) -> Array:
    """Sizes as shares of the largest; −1 for what is no finite number.

    What differs by rounding alone, as it does from processor to processor, has
    the same share: of steps that are alike a figure then tells the first.
    """
    finite = np.isfinite(sizes)
    largest = max(sizes[finite], default=0.0) or 1.0
    relative: Array = np.where(finite, np.round(sizes / largest, 4), -1)
    return relative


def moves_of(subject: Subject, unit: int, pixels: float) -> tuple[Move, ...]:
    """The moves of a unit that have arrows, in their order.

    Args:
        subject: What is drawn.
        unit: The unit.
        pixels: The length of 1.
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
        return ()
    with np.errstate(all="ignore"):
        writes = _large(wrote, after - between, min_size, pixels)
        forgets = _large(abs(between - before), between - before, min_size, pixels)
    moves: list[Move] = []
    for t in range(len(wrote)):
        are_both = bool(writes[t] and forgets[t])
        if forgets[t]:
            start, stop = float(before[t]), float(between[t])
            moves.append(Move("forget", t, unit, start, stop, are_both))
        if writes[t]:
            start, stop = float(between[t]), float(after[t])
            moves.append(Move("write", t, unit, start, stop, are_both))
    return tuple(moves)


def _large(sizes: Array, lengths: Array, min_size: float, pixels: float) -> Array:
    large: Array = (
        (sizes >= min_size) & (abs(lengths) * pixels >= MIN_LENGTH) & np.isfinite(lengths)
    )
    return large


def arrow(move: Move, subject: Subject, steps: Steps, scale: Scale, is_thin: bool) -> Path:
    """An arrow from the value that a move begins at to that where it ends."""
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
    """The outline of an arrow along a vertical line."""
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
