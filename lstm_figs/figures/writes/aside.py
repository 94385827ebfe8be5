"""Beside the cells: how much is kept at each row, and c."""

import math
from typing import NamedTuple

import numpy as np

from ...layout import styles, words
from ...layout.motifs import over_time
from ...model.units import LEFT
from ...proof.bindings import Course, Says, Scale
from ...proof.reference import Number, Ref
from ...scene.marks import Box, Mark, Path, Text
from .cells import Grid
from .memory import Memory

KEEP = 40.0
"""The width of 1 where f is drawn."""
KEPT = "gate-f:75"
"""What is kept."""
TICK = 3.0
"""From a tick to where f begins."""
OVER = 4.0
"""How far a number may reach beyond it."""
GAP = 2.0
"""What is free between the bars of two rows."""


class Aside(NamedTuple):
    """Where it stands.

    Attributes:
        grid: The cells.
        keep: The left of f.
        line: The left of c.
        right: The right of c.
        low: The value of c at its left.
        high: The value of c at its right.
        ticks: Round values between them.
    """

    grid: Grid
    keep: float
    line: float
    right: float
    low: float
    high: float
    ticks: tuple[float, ...]

    @property
    def rows(self) -> Scale:
        """The middle of each row; the first is at 0."""
        return Scale(0, 1, self.grid.middle(0), self.grid.middle(1))


def kept(aside: Aside, level: float) -> list[Mark]:
    """How much is kept at each row; `level` is the middle of its name."""
    grid = aside.grid
    memory, unit = grid.memory, grid.unit
    scale = Scale(0, 1, aside.keep, aside.keep + KEEP)
    values = memory.kept[:, grid.place]
    of = Ref("kept")[:, unit] if memory.is_pooled else Ref("f")[:, 0, unit]
    pieces: list[tuple[str, *tuple[tuple[float, float], ...]]] = []
    for row, value in enumerate(values.tolist()):
        if not math.isfinite(value):
            continue
        top, bottom = grid.y(row) + GAP / 2, grid.y(row + 1) - GAP / 2
        pieces += [
            ("M", (scale(0), top)),
            ("L", (scale(value), top)),
            ("L", (scale(value), bottom)),
            ("L", (scale(0), bottom)),
            ("Z",),
        ]
    name = "kept" if memory.is_pooled else "f"
    high = grid.bottom - grid.top
    marks: list[Mark] = [
        Box(aside.keep, grid.top, KEEP, high, fill=over_time.EMPTY),
        Path(
            tuple(pieces) or (("M", (scale(0), grid.top)),),
            fill=KEPT,
            compact=True,
            id=f"{name}-{unit}",
            term="f",
            bound=(
                Course(
                    f"torch.stack([torch.zeros({grid.rows}), {of}])", "area down", aside.rows, scale
                ),
            ),
        ),
    ]
    numbers = [_single(aside, row) for row in low(memory, grid.place)]
    for row in ticked(memory, grid.place):
        x, top, bottom = aside.keep - TICK, grid.y(row), grid.y(row + 1)
        tick = (("M", (x, top + GAP / 2)), ("L", (x, bottom - GAP / 2)))
        weight = styles.LINE.strong.weight
        claim = f"bool({_kept(grid, row).expr} < {LEFT})"
        marks.append(Path(tick, stroke="gate-f", stroke_width=weight, bound=(Says(claim=claim),)))
    ids = [f"{name}-{unit}", *(number.id for number in numbers)]
    key = {"tensor": "kept"} if memory.is_pooled else {"gate": "f"}
    names: dict[str, object] = {**key, "unit": unit}
    said = f"{name} keep" if name == "f" else name
    head = words.label(
        aside.keep, level, said, names, ids, "block", style=words.FINE, fill="gate-f", term="f"
    )
    return [*marks, *numbers, head]


MOST_SINGLES = 5
"""The most f of a unit that stand there as numbers."""


def ticked(memory: Memory, place: int) -> list[int]:
    """The rows at which less than half is kept, see `LEFT`."""
    values = memory.kept[:, place]
    return [row for row, value in enumerate(values) if value < LEFT]


def low(memory: Memory, place: int) -> list[int]:
    """Those of them at which most is lost, in their order."""
    piles = abs(memory.left[:, :, place]).sum(1)
    start = memory.subject.steps[0].c_prev[0, memory.units[place]]
    before = np.array([abs(float(start)), *piles[:-1]])
    lost = (1 - memory.kept[:, place]) * before
    rows = [row for row in ticked(memory, place) if lost[row] > 0]
    rows.sort(key=lambda row: -lost[row])
    return sorted(rows[:MOST_SINGLES])


def _kept(grid: Grid, row: int) -> Number:
    """What is kept at a row."""
    memory, unit = grid.memory, grid.unit
    if not memory.is_pooled:
        return memory.subject.result("f", row, 0, unit)
    value = memory.kept[row, grid.place]
    return Number(value, Ref("kept")[row, unit], memory.scale(row))


def _single(aside: Aside, row: int) -> Text:
    """It as a number, in what its bar leaves free."""
    return words.number(
        aside.keep + KEEP + OVER,
        aside.grid.middle(row),
        _kept(aside.grid, row),
        size=words.SMALL,
        room=6,
        anchor="end",
        id=f"f-{row}-{aside.grid.unit}",
        term="f",
    )


def line(aside: Aside, level: float) -> list[Mark]:
    """The cell state after each row, and its zero."""
    grid = aside.grid
    memory, unit = grid.memory, grid.unit
    scale = Scale(aside.low, aside.high, aside.line, aside.right)
    zero = scale(0)
    pieces: list[tuple[str, *tuple[tuple[float, float], ...]]] = []
    joined = False
    for row, value in enumerate(memory.c[:, grid.place].tolist()):
        if not math.isfinite(value):
            joined = False
            continue
        x = scale(value)
        pieces.append(("L" if joined else "M", (x, grid.y(row))))
        pieces.append(("L", (x, grid.y(row + 1))))
        joined = True
    ends = [one.last for one in memory.columns]
    of = f"c[{ends if memory.is_pooled else ':'}, 0, {unit}]"
    marks: list[Mark] = [
        Path(
            (("M", (scale(tick), grid.top)), ("L", (scale(tick), grid.bottom))),
            stroke="rule",
            stroke_width=styles.LINE.back.weight,
        )
        for tick in aside.ticks
    ]
    marks.append(
        Path(
            tuple(pieces) or (("M", (zero, grid.top)),),
            stroke="c",
            stroke_width=styles.CURVE.strong.weight,
            id=f"c-{unit}",
            term="c",
            bound=(Course(of, "path down", aside.rows, scale),),
        )
    )
    marks += [
        words.tick(scale(tick), grid.bottom + 9, over_time.said(tick), "middle")
        for tick in aside.ticks
    ]
    marks.append(
        words.label(
            aside.line,
            level,
            "c",
            {"tensor": "c", "unit": unit},
            [f"c-{unit}"],
            "block",
            style=words.FINE_STRONG,
            fill="c",
            term="c",
        )
    )
    return marks
