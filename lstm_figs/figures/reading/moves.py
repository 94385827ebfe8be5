"""What moves a cell state: a part is forgotten, then something is written.

A riser of c is exactly these two, from c_prev to f·c_prev, and from there to c.
"""

from typing import Literal, NamedTuple

import numpy as np

from ...layout.motifs.over_time import Steps
from ...model.tensors import Array
from ...proof.bindings import Length, Scale
from ...proof.reference import Vector
from ...proof.subject import Subject
from ...scene.marks import Path

SHUT, OPEN = 0.1, 0.9
"""A gate that is open by no more is shut, and one by so much is open."""
OFFERED = 0.5
"""From which g on something was to be written."""
SHARE = 0.5
"""Of a unit's largest write: from there on a move has an arrow."""
SHORTEST = 8.0
"""An arrow has this length at least."""
NARROWEST = 6.0
"""Steps that are narrower have no room for arrows."""
ASIDE = 3.5
"""How far two arrows at one step are from its edge."""
SHAFT, HEAD, POINT = 3.0, 9.0, 7.0
"""The widths of a shaft and of a head, and how long a head is."""
OVER = HEAD / 2 - ASIDE
"""How far the heads of two arrows reach over each other, on either side."""
THIN = 1.75
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
            apart = min(ASIDE, half / 2) * self.paired
            return edge - apart if forgets else edge + apart
        if not self.paired:
            return edge + min(HEAD / 2, half)
        left = min(HEAD / 2, half / 2)
        return edge + (left if forgets else min(left + 2 * ASIDE, half))

    def reach(self, steps: Steps, thin: bool) -> float:
        """How far its head reaches left and right.

        Heads of two have to be seen in narrow steps, too, and those at the
        first of the steps stand right of its edge.
        """
        room = steps.width / 4 if self.paired else steps.width / 2
        if self.t > steps.first:
            room = room + OVER if self.paired else HEAD
        return min(HEAD / 2 - thin, room)


def written(subject: Subject, unit: int) -> Vector:
    """What is written at each step."""
    return subject.series("i", unit) * subject.series("g", unit)


def kept(subject: Subject, unit: int) -> Vector:
    """What is kept at each step."""
    return subject.series("f", unit) * subject.series("c_prev", unit)


def shares(sizes: Array) -> Array:
    """Sizes as shares of the largest; −1 for what is no finite number.

    What differs by rounding alone, as it does from processor to processor, has
    the same share: of steps that are alike a figure then tells the first.
    """
    finite = np.isfinite(sizes)
    most = max(sizes[finite], default=0.0) or 1.0
    found: Array = np.where(finite, np.round(sizes / most, 4), -1)
    return found


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
            kept(subject, unit),
            subject.series("c", unit),
        )
    )
    wrote = abs(written(subject, unit).values.astype(np.float64))
    finite = wrote[np.isfinite(wrote)]
    least = SHARE * max(finite, default=0.0)
    if not least:
        return ()
    with np.errstate(all="ignore"):
        writes = _large(wrote, after - between, least, pixels)
        forgets = _large(abs(between - before), between - before, least, pixels)
    found: list[Move] = []
    for t in range(len(wrote)):
        both = bool(writes[t] and forgets[t])
        if forgets[t]:
            start, stop = float(before[t]), float(between[t])
            found.append(Move("forget", t, unit, start, stop, both))
        if writes[t]:
            start, stop = float(between[t]), float(after[t])
            found.append(Move("write", t, unit, start, stop, both))
    return tuple(found)


def _large(sizes: Array, lengths: Array, least: float, pixels: float) -> Array:
    large: Array = (sizes >= least) & (abs(lengths) * pixels >= SHORTEST) & np.isfinite(lengths)
    return large


def arrow(move: Move, subject: Subject, steps: Steps, scale: Scale, thin: bool) -> Path:
    """An arrow from the value that a move begins at to that where it ends."""
    t, unit = move.t, move.unit
    between = kept(subject, unit)[t].expr
    ends = (
        (subject.series("c_prev", unit)[t].expr, between)
        if move.kind == "forget"
        else (between, subject.series("c", unit)[t].expr)
    )
    x = move.x(steps)
    reach, shaft = move.reach(steps, thin), THIN if thin else SHAFT
    d = outline(x, scale(move.start), scale(move.stop), reach, shaft)
    return Path(
        d,
        fill=move.paint,
        compact=True,
        id=move.id,
        term="f" if move.kind == "forget" else "i g",
        bound=(Length(", ".join(ends), "height", scale),),
    )


def outline(
    x: float, start: float, stop: float, reach: float, shaft: float
) -> tuple[tuple[str, *tuple[tuple[float, float], ...]], ...]:
    """The outline of an arrow along a vertical line."""
    half = min(shaft, reach) / 2
    point = min(POINT, abs(stop - start))
    neck = stop - point if stop > start else stop + point
    return (
        ("M", (x - half, start)),
        ("L", (x - half, neck)),
        ("L", (x - reach, neck)),
        ("L", (x, stop)),
        ("L", (x + reach, neck)),
        ("L", (x + half, neck)),
        ("L", (x + half, start)),
        ("Z",),
    )
