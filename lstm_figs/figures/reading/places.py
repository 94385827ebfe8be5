"""Where notes have room: each stands at the first such place, or nowhere."""

import math
from collections.abc import Iterator, Sequence
from itertools import pairwise, product
from typing import NamedTuple

from ...layout import words
from ...layout.motifs.over_time import Steps
from ...layout.room import inner
from ...proof.bindings import Flow, Scale
from ...proof.reference import Vector
from ...scene.marks import Bounds, Mark, Path, Text
from . import threshold
from .brake import Brake
from .lanes import are_printed
from .moves import HEAD, Move
from .notes import (
    NAMES,
    SAYS_SIGNED,
    TERMS,
    Note,
    counted,
    deepest,
    keeps,
    moved,
    remaining,
    shown,
    shut,
    slipped,
)
from .plan import Plan, reach

LEADERS = (14.0, 24.0, 40.0)
"""How long the line from a note to its arrow is."""
DROPS = (12.0, 24.0, 38.0)
"""The same where it is upright."""
SHARES = (0.5, 0.75, 0.25, 0.9, 0.1)
"""Where along an arrow it is met."""
CENTRES = (0.5, 0.88, 0.06, 0.7, 0.3)
"""Where along a note an upright line leaves it."""
CLEAR = 3.0
"""How far a note is from what it must not touch."""
HIGH, LOW, LINE = 8.0, 8.0, 16.0
"""From the middle of a line to its top, to its bottom, and to the next."""
OVER = 10.0
"""How far notes may reach over a plot."""
EQUALS = 20.0
"""The room of an equals sign."""
HAIR = 1.2
ALIKE = 0.15
"""By how much sizes may differ of notes that matter alike."""

Point = tuple[float, float]
Key = tuple[int, int]
"""The first step of a band, and a unit."""


class Placed(NamedTuple):
    """A note that has a place.

    Attributes:
        note: The note.
        box: What it covers, from the top of its plot.
        start: Where its line leaves it.
        stop: Where that ends.
        ends: Whether its words end at the right of the box.
        of: The id of what the line leads to.
    """

    note: Note
    box: Bounds
    start: Point
    stop: Point
    ends: bool
    of: str

    @property
    def line(self) -> Bounds:
        """What its line covers, but for where that ends."""
        (x, y), (to, down) = self.start, self.stop
        if x == to:
            down += 6 if down < y else -6
        else:
            to += 3 if to < x else -3
        left, right = sorted((x, to))
        top, bottom = sorted((y, down))
        return Bounds(left - 1, top - 1, right + 1, bottom + 1)

    def marks(self) -> list[Mark]:
        """Its words, and the line from them."""
        note, box = self.note, self.box
        y, value = box.top + HIGH, f"{note.id}-value"
        wide = words.width(note.said, bold=True)
        x = box.right if self.ends else box.left
        said = words.label(
            box.right - _second(note) - EQUALS if self.ends and note.flat else x,
            y,
            note.said,
            {"step": note.step},
            [self.of, value],
            "block",
            style=words.STRONG,
            fill=note.fill,
            says=note.says,
            id=note.id,
            anchor="end" if self.ends else "start",
        )
        if note.flat:
            below, x = y, said.left + wide + EQUALS / 2
        else:
            below = y + LINE
            x = box.right - _second(note) if self.ends else box.left
        equals = x + words.width(note.symbol, words.SMALL) + EQUALS / 2
        leader = Path(
            (("M", self.start), ("L", self.stop)),
            stroke=note.paint,
            stroke_width=HAIR,
            bound=(Flow("points", note.id, self.of),),
        )
        return [
            said,
            words.label(
                x, below, note.symbol, NAMES[note.symbol], [value], "row", style=words.FINE
            ),
            words.operator(equals, below, "="),
            _number(note, equals + EQUALS / 2, below),
            *self._remark(below + LINE),
            leader,
        ]

    def _remark(self, y: float) -> list[Mark]:
        """Its last line, if it has one."""
        note, box = self.note, self.box
        if not note.remark:
            return []
        return [
            words.label(
                box.right if self.ends else box.left,
                y,
                note.remark,
                NAMES[note.symbol],
                [f"{note.id}-value"],
                "block",
                style=words.FINE,
                says=SAYS_SIGNED,
                id=f"remark-{note.id}",
                anchor="end" if self.ends else "start",
            )
        ]


def _number(note: Note, x: float = 0, y: float = 0) -> Text:
    return words.number(
        x,
        y,
        note.value,
        size=words.SMALL,
        anchor="start",
        fill="muted",
        id=f"{note.id}-value",
        term=TERMS[note.symbol],
    )


def _second(note: Note) -> float:
    """The width of the number and of what it is."""
    return words.width(note.symbol, words.SMALL) + EQUALS + _number(note).width


def _size(note: Note) -> tuple[float, float]:
    """The width and the height of its words."""
    first, second = words.width(note.said, bold=True), _second(note)
    if note.flat:
        return first + EQUALS / 2 + second, HIGH + LOW
    third = words.width(note.remark, words.SMALL)
    return max(first, second, third), HIGH + LINE * (1 + bool(note.remark)) + LOW


class Board(NamedTuple):
    """A plot on which notes are placed.

    Attributes:
        steps: The steps.
        scale: Where values are, from the top of the plot.
        c: The values of the line that notes speak of.
        id: Of that line.
        frame: Within which notes stand.
        taken: What neither notes nor their lines may touch.
        crossed: What their lines may cross.
        placed: The notes that have a place.
    """

    steps: Steps
    scale: Scale
    c: Vector
    id: str
    frame: Bounds
    taken: list[Bounds]
    crossed: list[Bounds]
    placed: list[Placed]

    def find(self, note: Note) -> Placed | None:
        """The first place that has room for a note."""
        places = self._beside(note, note.move) if note.move else (self._upright(note))
        return next(filter(self._is_free, places), None)

    def put(self, found: Placed) -> None:
        """Take a place."""
        self.placed.append(found)
        self.taken.extend((found.box, found.line))

    def _is_free(self, found: Placed) -> bool:
        box, line = found.box, found.line
        left, top, right, bottom = box
        near = Bounds(left - CLEAR, top - CLEAR, right + CLEAR, bottom + CLEAR)
        return (
            self.frame.left <= left
            and right <= self.frame.right
            and self.frame.top <= top
            and bottom <= self.frame.bottom
            and not any(_meet(near, other) for other in self.crossed)
            and not any(_meet(near, other) or _meet(line, other) for other in self.taken)
        )

    def _beside(self, note: Note, move: Move) -> Iterator[Placed]:
        """Places right and left of an arrow."""
        x, (wide, high) = move.x(self.steps), _size(note)
        start, stop = self.scale(move.start), self.scale(move.stop)
        for side, share, away in product((1, -1), SHARES, LEADERS):
            y = start + share * (stop - start)
            left = x + away if side > 0 else x - away - wide
            box = Bounds(left, y - HIGH, left + wide, y - HIGH + high)
            ends = (x + (away - 3) * side, y), (x + 3 * side, y)
            yield Placed(note, box, *ends, side < 0, move.id)

    def _upright(self, note: Note) -> Iterator[Placed]:
        """Places above and below the line of c."""
        x, (wide, high) = self.steps.middle(note.t), _size(note)
        y = self.scale(float(self.c.values[note.t - self.steps.first]))
        for away, side, share in product(DROPS, (-1, 1), CENTRES):
            top = y - away - high if side < 0 else y + away
            left = x - share * wide
            box = Bounds(left, top, left + wide, top + high)
            end = box.bottom + 1 if side < 0 else top
            yield Placed(note, box, (x, end), (x, y), share > 0.5, self.id)


def _meet(one: Bounds, other: Bounds) -> bool:
    return (
        one.left < other.right
        and other.left < one.right
        and one.top < other.bottom
        and other.top < one.bottom
    )


class Told(NamedTuple):
    """The notes of a form that have a place.

    Attributes:
        placed: By band and unit.
        brake: What shuts a gate, with the step that is told.
        printed: Whether the wide form prints every value.
        bare: The units of which it has a number in no note and in no row.
    """

    placed: dict[Key, list[Placed]]
    brake: Brake | None
    printed: bool
    bare: frozenset[int]


def told(plans: Sequence[Plan], brake: Brake | None) -> list[Told]:
    """Find a place for a note of each kind, the most important kind first.

    Of notes that matter alike, one that has room in the first two forms comes
    first; one that has none in the first is told in no form.

    Args:
        plans: How each form is laid out, the wide one first.
        brake: What shuts a gate.

    Returns:
        What each form tells.
    """
    forms = [_boards(plan) for plan in plans]
    for unit in plans[0].units:
        braked = brake if brake and brake.shut == unit else None
        if brake and brake.by == unit:
            for plan, boards in zip(plans, forms, strict=True):
                _bar(plan, boards, brake)
        for kind in _kinds(plans[0], unit, braked):
            note = _put(kind, unit, plans, forms)
            is_shut = note and note.id.startswith("shut-")
            if braked and note and is_shut and note.t in braked.steps:
                brake = braked._replace(told=note.t)
    noted = {u for (_, u), board in forms[0].items() if board.placed}
    is_all = plans[0].focus == "all"
    printed = is_all and plans[0].with_gates and are_printed(plans[0], plans[0].bands[0])
    bare = {*plans[0].units} - noted if is_all and not printed else ()
    return [
        Told({key: board.placed for key, board in boards.items()}, brake, printed, frozenset(bare))
        for boards in forms
    ]


def _kinds(plan: Plan, unit: int, braked: Brake | None) -> Iterator[list[Note]]:
    """Of each kind of note, what may be told of a unit."""
    if plan.focus != "all":
        yield from _focused(plan, unit, braked)
        return
    if braked or plan.counts(unit):
        yield shut(plan, unit, braked.steps if braked else ())
    yield slipped(plan, unit)
    yield from moved(plan, unit)


def _focused(plan: Plan, unit: int, braked: Brake | None) -> Iterator[list[Note]]:
    """The same where something is in focus."""
    is_first = unit == plan.units[0]
    match plan.focus:
        case "task" if is_first:
            yield deepest(plan, unit)
        case "keep" if is_first:
            yield keeps(plan, unit)
        case "write" if is_first:
            yield slipped(plan, unit)
            yield from moved(plan, unit)[:2]
        case "show" if is_first:
            yield from shown(plan, unit)
        case "steer" if not is_first:
            yield from moved(plan, unit)
        case "weight" if braked:
            yield shut(plan, unit, braked.steps)
        case "weight" if is_first:
            yield counted(plan, unit)
        case "gradient" if is_first:
            yield remaining(plan, unit)


def _put(
    kind: Sequence[Note], unit: int, plans: Sequence[Plan], forms: Sequence[dict[Key, Board]]
) -> Note | None:
    """Put the first note of a kind that has room, if one has."""
    best: list[Placed | None] = []
    for note in kind:
        found = [
            boards[band.first, unit].find(note)
            if (band := plan.band(note.t)) and plan.has_arrow(note.move)
            else None
            for plan, boards in zip(plans, forms, strict=True)
        ]
        if best and best[0] and note.size < best[0].note.size - ALIKE:
            break
        if found[0] and (found[1] or not best):
            best = found
        if found[0] and found[1]:
            break
    for plan, boards, place in zip(plans, forms, best, strict=False):
        if place and (band := plan.band(place.note.t)):
            boards[band.first, unit].put(place)
    return best[0].note if best and best[0] else None


def _bar(plan: Plan, boards: dict[Key, Board], brake: Brake) -> None:
    """Keep notes from where the line of a brake is."""
    band = plan.band(brake.told)
    if band is None:
        return
    board = boards[band.first, brake.by]
    c = plan.subject.steps[brake.told - 1].c[0, brake.by]
    x, y = band.edge(brake.told), board.scale(float(c))
    board.taken.append(Bounds(x - 5, -99, x + 5, y + 5))


def _boards(plan: Plan) -> dict[Key, Board]:
    """The plots of all bands and units, without notes."""
    return {
        (steps.first, unit): _board(plan, steps, unit)
        for steps in plan.bands
        for unit in plan.units
    }


def scale_of(plan: Plan, unit: int) -> Scale:
    """Where values of a unit are, from the top of its plot."""
    low, high = reach(plan, unit)
    return Scale(low, high, (high - low) * plan.pixels, 0)


def _board(plan: Plan, steps: Steps, unit: int) -> Board:
    """The plot of a unit over a band, without notes."""
    scale, c = scale_of(plan, unit), plan.subject.series("c", unit, steps.part)
    line, id = c, f"c-{steps.first}-{unit}"
    if plan.focus == "task" and plan.reader and plan.counts(unit):
        line, id = plan.reader.depth(steps.part), f"depth-{steps.first}"
    if plan.focus == "show":
        line, id = plan.subject.series("h", unit, steps.part), f"h-{id[2:]}"
    zero = scale(0)
    taken = [*_risers(plan, steps, scale, unit), *_levels(steps, scale, line, 4)]
    crossed = [Bounds(steps.left, zero - 1, steps.right, zero + 1)]
    if plan.focus == "show" and plan.reader:
        least = threshold.over(plan, plan.reader, steps)
        crossed += _levels(steps, scale, least, 2)
    if line is not c:
        crossed += _levels(steps, scale, c, 4)
    if plan.counts(unit) and plan.reader:
        crossed += _levels(steps, scale, plan.reader.depth(steps.part), 2)
    if plan.ghost and unit in plan.ghost.units:
        crossed += _course(steps, scale, plan.ghost.over(unit, steps.part), 3)
    top, bottom = -OVER, scale.start + OVER
    frame = Bounds(steps.left + 2, top, inner(plan.room), bottom)
    return Board(steps, scale, line, id, frame, taken, crossed, [])


def _levels(steps: Steps, scale: Scale, values: Vector, half: float) -> list[Bounds]:
    """Where a line over steps is."""
    return [
        Bounds(steps.edge(t), y - half, steps.edge(t) + steps.width, y + half)
        for t, value in zip(steps.ts, values.values.tolist(), strict=True)
        if math.isfinite(value)
        for y in [scale(value)]
    ]


def _course(steps: Steps, scale: Scale, values: Vector, half: float) -> list[Bounds]:
    """Where a line over steps is, and goes up and down between them."""
    levels = _levels(steps, scale, values, half)
    risers = [
        Bounds(
            after.left - half,
            min(before.top, after.top),
            after.left + half,
            max(before.bottom, after.bottom),
        )
        for before, after in pairwise(levels)
    ]
    return [*levels, *risers]


def _risers(plan: Plan, steps: Steps, scale: Scale, unit: int) -> list[Bounds]:
    """Where c and its arrows go up and down."""
    before, after = (
        plan.subject.series(name, unit, steps.part).values.tolist() for name in ("c_prev", "c")
    )
    ends: list[tuple[float, float, float, float]] = [
        (steps.edge(t), 2, a, b)
        for t, a, b in zip(steps.ts, before, after, strict=True)
        if t > steps.first and math.isfinite(a) and math.isfinite(b)
    ]
    ends += [
        (move.x(steps), HEAD / 2 - 1, move.start, move.stop) for move in plan.arrows(steps, unit)
    ]
    found = []
    for x, half, a, b in ends:
        top, bottom = sorted((scale(a), scale(b)))
        found.append(Bounds(x - half, top, x + half, bottom))
    return found
