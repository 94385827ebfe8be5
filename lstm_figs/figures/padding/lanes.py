"""One direction: the run over padding, and below it the packed one."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from ...layout import styles, words
from ...layout.blocks import Block, verdict
from ...layout.cells import largest
from ...layout.fold import Excerpt, few
from ...proof import digits
from ...proof.bindings import Flow, Length, Node, Scale, sentence
from ...proof.reference import Number, Vector
from ...scene.marks import Box, Group, Mark, Path, Text, shift, walk
from ...scene.metrics import width
from .runs import Run

EDGE = 5.0
"""What is left of a step beside its bars at least."""
BARS, LINE, FOOT = 52.0, 17.0, 38.0
"""The height of bars, of a line of numbers, and of what is said below them."""
CLOSE, GHOST, STATE = 47.0, 22.0, 70.0
"""The most that a step takes, the least that one of padding takes, and the most
that h_n takes."""
FINE, COARSE = 0.006, 0.025
"""How far what is printed may be from a number, and by which share of it."""
GHOSTLY = "step > len(sequence)"
"""What is true of a step of padding."""
OVER = 16.0
"""What a line to h_n takes above the bars."""
HEAD, NAMED, GAP = 53.0, 20.0, 8.0
"""The height of the name of the direction and of the steps, and of the name of
a lane; what is left of h_n."""


@dataclass(frozen=True)
class Lanes:
    """Both runs of one direction, a column for each step and one for h_n.

    Attributes:
        way: `forward` or `reverse`.
        runs: As it is, and packed.
        length: The steps before the padding.
        space: The width of all.
    """

    way: str
    runs: Sequence[Run]
    length: int
    space: float

    @property
    def steps(self) -> int:
        """How many steps there are, with padding."""
        return len(self.runs[0].h)

    @cached_property
    def widths(self) -> list[float]:
        """The width of each step, and of h_n.

        Padding leaves its room to what has numbers.
        """
        across = self.space - GAP
        padded = self.steps - self.length
        across -= padded * GHOST
        own = min(CLOSE, across / (self.length + 1))
        state = max(own, min(STATE, across - self.length * own))
        spare = across - self.length * own - state
        ghost = min(own, GHOST + spare / padded)
        return [own] * self.length + [ghost] * padded + [state]

    def x(self, t: int) -> float:
        """The left of a step; that of h_n comes after the last."""
        return sum(self.widths[:t]) + GAP * (t == self.steps)

    def middle(self, t: int) -> float:
        """The middle of a step, or of h_n."""
        return self.x(t) + self.widths[t] / 2

    @cached_property
    def units(self) -> Excerpt:
        """The units that are drawn."""
        return few(len(self.runs[0].h_n))

    @property
    def lane(self) -> float:
        """The height of a lane."""
        lines = LINE * len(self.units.indices)
        return NAMED + OVER + BARS + 6 + lines + FOOT

    def block(self) -> Block:
        """All of it."""
        height = HEAD + 2 * self.lane - 4
        lanes = [self._lane(one) for one in self.runs]
        marks = [*self._shade(lanes), *self._heads()]
        for k, drawn in enumerate(lanes):
            top = HEAD + k * self.lane
            marks += [shift(mark, 0, top) for mark in drawn]
        return Block(self.space, height, tuple(marks))

    def _shade(self, lanes: Sequence[Sequence[Mark]]) -> list[Mark]:
        """A plane behind the padding of each run, and what it is.

        It ends below the bars where the padding has no numbers, and has the
        steps above the first lane where it leaves its name alone.
        """
        x, y = self.x(self.length), HEAD - 20
        wide = sum(self.widths[self.length : self.steps])
        named = width(self.runs[0].code, words.LABEL) + 6
        first = y if named < x else HEAD + NAMED + OVER - 6
        starts = first, HEAD + self.lane + NAMED + OVER - 6
        bars = NAMED + OVER + BARS + 6
        lines = 6 + LINE * len(self.units.indices)
        ends = [
            HEAD + k * self.lane + bars + lines * self._has_numbers(lane)
            for k, lane in enumerate(lanes)
        ]
        planes = [
            Box(x, start, wide, end - start, radius=6, fill="panel")
            for start, end in zip(starts, ends, strict=True)
        ]
        name, _ = words.paragraph(
            x + wide / 2, y - 18, sentence("padding"), 90, size=words.SMALL, anchor="middle"
        )
        return [*planes, name]

    def _has_numbers(self, lane: Sequence[Mark]) -> bool:
        """Whether the padding of a lane is printed."""
        ghosts = {f"{one.key}-{t}" for one in self.runs for t in range(self.length, self.steps)}
        return any(
            isinstance(mark, Text) and mark.id.rpartition("-")[0] in ghosts for mark in walk(lane)
        )

    def _heads(self) -> list[Mark]:
        """The direction, the numbers of the steps, and h_n."""
        y, keys = HEAD - 10, [one.key for one in self.runs]
        marks: list[Mark] = [
            words.label(
                0,
                9,
                self.way,
                {"direction": self.way},
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

    def _lane(self, one: Run) -> list[Mark]:
        """One run: bars, their numbers, and what is right."""
        top = NAMED + OVER
        line, _ = words.paragraph(0, 0, sentence(one.code), 110, fill="ink")
        marks: list[Mark] = [line]
        base, last = top + BARS / 2, self.steps - 1
        marks.append(
            Path(
                (
                    ("M", (self.middle(0) - self._half(0) - EDGE, base)),
                    ("L", (self.middle(last) + self._half(last) + EDGE, base)),
                ),
                stroke="rule",
            )
        )
        for t, values in enumerate([*one.h, one.h_n]):
            marks.append(self._column(one, t, values, top))
        marks += self._read(one, top)
        return marks + self._verdicts(one, top)

    @cached_property
    def reach(self) -> float:
        """The largest finite magnitude."""
        return largest(
            column[k]
            for one in self.runs
            for column in [*one.h, one.h_n]
            for k in self.units.indices
        )

    def _half(self, t: int) -> float:
        """Half of what the bars of a step take."""
        count = len(self.units.indices)
        return min(14.0 * count, self.widths[t] - 2 * EDGE) / 2

    def _column(self, one: Run, t: int, values: Vector, top: float) -> Mark:
        """The units of one step, or of h_n."""
        name = f"{one.key}-{'h_n' if t == self.steps else t}"
        kept = [values[k] for k in self.units.indices]
        ghost = self.length <= t < self.steps
        wrong = not (one.right if t == self.steps else one.valid or ghost)
        scale = Scale(-self.reach, self.reach, top + BARS, top)
        own = self.widths[t]
        each = 2 * self._half(t) / len(kept)
        apart = min(2.0, each / 3)
        x = self.middle(t) - each * len(kept) / 2
        marks: list[Mark] = [Box(self.x(t) + 1, top, own - 2, BARS)]
        zeros = all(n.value == 0 for n in kept)
        places = 0 if zeros else digits.decimals(n.value for n in kept)
        # Padding is printed with as many digits as the steps, or not at all.
        space = max(own, self.widths[0]) - 3
        room = int(space / width("0", words.SMALL, mono=True))
        point = words.Decimals.of(kept, min(6, room), places)
        for k, value in zip(self.units.indices, kept, strict=True):
            number = float(value.value)
            held = 0.0 if np.isnan(number) else number
            end = scale(min(max(held, -self.reach), self.reach))
            bar = Box(
                x + apart / 2,
                min(end, scale(0)),
                each - apart,
                abs(end - scale(0)),
                fill=None if wrong else "h:65" if ghost else "h",
                stroke="neg" if wrong else None,
                stroke_width=styles.CELL.strong.weight,
                id=f"{name}-{k}-bar",
                bound=(Length(value.expr, "height", scale),),
            )
            marks.append(styles.back(bar, GHOSTLY if ghost else ""))
            x += each
        numbers = []
        for line, (k, value) in enumerate(zip(self.units.indices, kept, strict=True)):
            printed = point.number(
                self.middle(t),
                top + BARS + 12 + LINE * line,
                value,
                size=words.SMALL,
                room=min(6, room),
                fill="muted" if ghost else "ink",
                id=f"{name}-{k}",
                term="h_n" if t == self.steps else "h",
            )
            numbers.append(styles.back(printed, GHOSTLY if ghost else ""))
        fits = max(printed.width for printed in numbers) <= own - 2
        if fits and all(map(_is_near, numbers, kept)):
            marks += numbers
        return Group(tuple(marks), id=name, bound=(Node(values.part),))

    def _read(self, one: Run, top: float) -> list[Mark]:
        """From the step that h_n is read at to h_n."""
        packed = one.key.endswith("packed")
        last = self.length - 1 if packed else self.steps - 1
        t = 0 if self.way == "reverse" else last
        start, stop = self.middle(t), self.middle(self.steps)
        over = top - 10
        path = (
            ("M", (start, top - 1)),
            ("L", (start, over)),
            ("L", (stop, over)),
            ("L", (stop, top - 1)),
        )
        flow = Flow("copies", f"{one.key}-{t}", f"{one.key}-h_n")
        return [
            Path(
                path,
                stroke="ink" if one.right else "neg",
                stroke_width=styles.CELL.strong.weight,
                bound=(flow,),
            )
        ]

    def _verdicts(self, one: Run, top: float) -> list[Mark]:
        """Whether h is right at the steps of the sequence, and h_n."""
        index = 1 if self.way == "reverse" else 0
        kind = one.code.removeprefix("lstm(").removesuffix(")")
        y = top + BARS + 8 + LINE * len(self.units.indices)
        half = f"chunk(2, dim=2)[{index}]"
        steps = f"same({kind}_output[:{self.length}].{half}, both(sequence)[0].{half})"
        state = f"same({kind}_h_n[{index}], both(sequence)[1][0][{index}])"
        across = self.x(self.length)
        middle, ends = across / 2, self.middle(self.steps)
        marks: list[Mark] = [
            _bracket(0.0, across, y),
            _bracket(self.x(self.steps), self.widths[-1], y),
        ]
        for x, claim, right in ((middle, steps, one.valid), (ends, state, one.right)):
            made = verdict(
                "right" if right else "wrong", claim if right else f"not {claim}", right=right
            )
            left = min(x - made.width / 2, self.space - made.width)
            marks += [shift(mark, max(0, left), y + 6) for mark in made.marks]
        return marks


def _bracket(x: float, wide: float, y: float) -> Mark:
    return Path(
        (
            ("M", (x + 4, y)),
            ("L", (x + 4, y + 4)),
            ("L", (x + wide - 4, y + 4)),
            ("L", (x + wide - 4, y)),
        ),
        stroke="muted",
    )


def _is_near(printed: Text, number: Number) -> bool:
    """Whether what is printed of a number is not read as another.

    In too few characters 0.81 would be 1, and −0.06 would be −0.1. An exponent
    has as many digits as any other has.
    """
    value = float(number.value)
    if "e" in printed.content or not np.isfinite(value):
        return True
    shown = float(printed.content.replace(digits.MINUS, "-"))
    return abs(shown - value) <= max(FINE, COARSE * abs(value))
