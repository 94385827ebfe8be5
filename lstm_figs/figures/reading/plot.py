"""The cell state of a unit over a band of steps, with its arrows and notes."""

import math
from collections.abc import Sequence
from typing import NamedTuple

from ...layout import styles, words
from ...layout.motifs import over_time
from ...layout.motifs.over_time import Steps
from ...layout.room import inner
from ...proof.bindings import Course, Scale
from ...proof.reference import Vector
from ...scene.marks import Bounds, Mark, Path, shift
from . import notes
from .brake import Brake
from .moves import HEAD, arrow
from .notes import Board, Placed
from .plan import Plan, reach, ticks

TINT = "pos:7"
"""What lies between c and zero."""
CUT = 4.0
"""How far a line of the axis ends from a note."""


Key = tuple[int, int]
"""The first step of a band, and a unit."""


class Told(NamedTuple):
    """The notes that have a place, from the top of the plot where they stand.

    Attributes:
        placed: By band and unit.
        brake: What shuts a gate, with the step that is told.
    """

    placed: dict[Key, list[Placed]]
    brake: Brake | None

    @property
    def ids(self) -> set[str]:
        """What is told."""
        return {one.note.id for each in self.placed.values() for one in each}


def told(plan: Plan, brake: Brake | None, wide: Told | None = None) -> Told:
    """Find a place for each kind of note, the most important kind first.

    Args:
        plan: How the figure is laid out.
        brake: What shuts a gate.
        wide: What the wide form tells, of which a narrow one tells a part.
    """
    boards: dict[Key, Board] = {}
    for unit in plan.units:
        for steps in plan.bands:
            board = boards[steps.first, unit] = _board(plan, steps, unit)
            if brake and brake.by == unit and brake.told in steps.ts:
                c = plan.subject.steps[brake.told - 1].c[0, unit]
                x, y = steps.edge(brake.told), _scale(plan, unit)(float(c))
                board.taken.append(Bounds(x - 5, -99, x + 5, y + 5))
        braked = brake if brake and brake.shut == unit else None
        kinds = [
            notes.shut(plan, unit, braked.steps if braked else ()),
            notes.slipped(plan, unit),
            *notes.moved(plan, unit),
        ]
        for kind in kinds:
            for note in kind:
                steps = plan.band(note.t)
                if steps is None or (wide and note.id not in wide.ids):
                    continue
                c = float(plan.subject.steps[note.t].c[0, unit])
                id = f"c-{steps.first}-{unit}"
                scale, board = _scale(plan, unit), boards[steps.first, unit]
                if board.place(note, steps, scale, c, id):
                    if braked and kind is kinds[0] and note.t in braked.steps:
                        brake = braked._replace(told=note.t)
                    break
    return Told({key: board.placed for key, board in boards.items()}, brake)


def _scale(plan: Plan, unit: int) -> Scale:
    """Where values of a unit are, from the top of its plot."""
    low, high = reach(plan, unit)
    return Scale(low, high, (high - low) * plan.pixels, 0)


def _board(plan: Plan, steps: Steps, unit: int) -> Board:
    """The plot of a unit over a band, without notes."""
    scale, c = _scale(plan, unit), plan.subject.series("c", unit, steps.part)
    zero = scale(0)
    taken = [
        *_risers(plan, steps, scale, unit),
        *_levels(steps, scale, c, 4),
        Bounds(steps.left, zero - 1, steps.right, zero + 1),
    ]
    if plan.counts(unit) and plan.reader:
        taken += _levels(steps, scale, plan.reader.depth(steps.part), 2)
    top, bottom = -notes.OVER, scale.start + notes.OVER
    frame = Bounds(steps.left + 2, top, inner(plan.room), bottom)
    return Board(frame, taken)


def plot(
    plan: Plan, steps: Steps, y: float, unit: int, placed: Sequence[Placed]
) -> tuple[list[Mark], Scale]:
    """c of a unit, what moves it, and notes on that.

    Args:
        plan: How the figure is laid out.
        steps: The steps.
        y: The top.
        unit: The unit.
        placed: Its notes in this band.

    Returns:
        What is drawn, and where values are.
    """
    scale = _scale(plan, unit).moved(y)
    c = plan.subject.series("c", unit, steps.part)
    id = f"c-{steps.first}-{unit}"
    boxes = [
        Bounds(one.box.left, one.box.top + y, one.box.right, one.box.bottom + y)
        for one in placed
    ]
    marks = [
        *_area(steps, scale, c, f"{id}-area"),
        *_axis(plan, steps, scale, boxes),
    ]
    if plan.counts(unit) and plan.reader:
        marks += over_time.line(
            steps, scale, plan.reader.depth(steps.part), "muted",
            width=styles.LINE.plain.weight, dash="3 3",
            id=f"depth-{steps.first}",
        )  # fmt: skip
    marks += over_time.line(
        steps, scale, c, "ink", width=styles.LINE.strong.weight, id=id,
        term="c",
    )  # fmt: skip
    marks += [
        arrow(move, plan.subject, steps, scale, plan.thin)
        for move in plan.arrows(steps, unit)
    ]
    marks += [shift(mark, 0, y) for one in placed for mark in one.marks]
    return marks, scale


def _levels(
    steps: Steps, scale: Scale, values: Vector, half: float
) -> list[Bounds]:
    """Where a line over steps is."""
    return [
        Bounds(steps.edge(t), y - half, steps.edge(t) + steps.width, y + half)
        for t, value in zip(steps.ts, values.values.tolist(), strict=True)
        if math.isfinite(value)
        for y in [scale(value)]
    ]


def _risers(
    plan: Plan, steps: Steps, scale: Scale, unit: int
) -> list[Bounds]:
    """Where c and its arrows go up and down."""
    before, after = (
        plan.subject.series(name, unit, steps.part).values.tolist()
        for name in ("c_prev", "c")
    )
    ends: list[tuple[float, float, float, float]] = [
        (steps.edge(t), 2, a, b)
        for t, a, b in zip(steps.ts, before, after, strict=True)
        if t > steps.first and math.isfinite(a) and math.isfinite(b)
    ]
    ends += [
        (move.x(steps), HEAD / 2 - 2, move.start, move.stop)
        for move in plan.arrows(steps, unit)
    ]
    found = []
    for x, half, a, b in ends:
        top, bottom = sorted((scale(a), scale(b)))
        found.append(Bounds(x - half, top, x + half, bottom))
    return found


def _area(steps: Steps, scale: Scale, c: Vector, id: str) -> list[Mark]:
    """What lies between c and zero."""
    pieces: list[tuple[str, *tuple[tuple[float, float], ...]]] = []
    zero = scale(0)
    run: list[tuple[float, float]] = []
    for t, value in zip(steps.ts, c.values.tolist(), strict=True):
        if not math.isfinite(value):
            pieces += _closed(run, zero)
            run = []
            continue
        y = scale(value)
        run += [(steps.edge(t), y), (steps.edge(t) + steps.width, y)]
    pieces += _closed(run, zero)
    if not pieces:
        return []
    edges = f"torch.stack([torch.zeros({len(c)}), {c.part}])"
    return [
        Path(
            tuple(pieces), fill=TINT, compact=True, id=id,
            bound=(Course(edges, "area", steps.scale, scale),),
        )
    ]  # fmt: skip


def _closed(
    run: list[tuple[float, float]], zero: float
) -> list[tuple[str, *tuple[tuple[float, float], ...]]]:
    if not run:
        return []
    first, *others = [*run, (run[-1][0], zero), (run[0][0], zero)]
    return [("M", first), *(("L", point) for point in others), ("Z",)]


def _axis(
    plan: Plan, steps: Steps, scale: Scale, boxes: Sequence[Bounds]
) -> list[Mark]:
    """Lines at round values, which end before a note, and their names."""
    marks: list[Mark] = []
    for value in ticks(scale.low, scale.high, plan.pixels):
        y = scale(value)
        cuts = sorted(
            (box.left - CUT, box.right + CUT)
            for box in boxes
            if box.top - 1 < y < box.bottom + 1
        )
        pieces: list[tuple[str, *tuple[tuple[float, float], ...]]] = []
        x = steps.left
        for left, right in [*cuts, (steps.right, steps.right)]:
            if left > x:
                pieces += [("M", (x, y)), ("L", (min(left, steps.right), y))]
            x = max(x, right)
        if pieces:
            marks.append(
                Path(
                    tuple(pieces), stroke="muted" if value == 0 else "rule",
                    stroke_width=styles.LINE.back.weight,
                )
            )  # fmt: skip
        marks.append(words.tick(steps.left - 7, y, over_time.said(value)))
    return marks
