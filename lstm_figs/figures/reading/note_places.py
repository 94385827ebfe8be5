"""Places for notes: each note takes the first free place, or is left out."""

import math
from collections.abc import Iterator, Sequence
from itertools import pairwise, product
from typing import NamedTuple

from ...layout import words
from ...layout.margins import inner_width
from ...layout.motifs.over_time import Steps
from ...model.reference import Vector
from ...proof.bindings import Flow, Scale
from ...scene.marks import Anchor, Bounds, Mark, Path, Text
from . import threshold
from .inhibitions import Inhibition
from .lanes import are_printed
from .moves import HEAD_WIDTH, Move
from .notes import (
    LABEL_NAMES,
    SAYS_SIGNED,
    TERMS,
    Note,
    counted_notes,
    depth_notes,
    keep_notes,
    move_notes,
    remaining_notes,
    show_notes,
    shut_notes,
    slip_notes,
)
from .plan import Plan

LEADER_LENGTHS = (14.0, 24.0, 40.0)
"""The lengths to try for the leader from a note to its arrow."""
DROP_LENGTHS = (12.0, 24.0, 38.0)
"""The lengths to try for a vertical leader."""
ARROW_SHARES = (0.5, 0.75, 0.25, 0.9, 0.1)
"""Where along an arrow a leader may end."""
NOTE_SHARES = (0.5, 0.88, 0.06, 0.7, 0.3)
"""Where along a note a vertical leader may begin."""
CLEARANCE = 3.0
"""The least distance of a note from marks that it must not touch."""
ASCENT, DESCENT, LINE_HEIGHT = 8.0, 8.0, 16.0
"""The distances from the middle of a line to its top, its bottom, and the next line."""
PLOT_OVERHANG = 10.0
"""How far notes may extend beyond a plot."""
EQUALS_WIDTH = 20.0
"""The space that an equals sign takes."""
HAIRLINE_WIDTH = 1.2
"""The thickness of the line from a note to its target."""
SIZE_TOLERANCE = 0.15
"""Notes whose sizes differ by less are equally important."""

RISER_REACH, LEVEL_REACH, THIN_LEVEL_REACH, TRAINED_REACH = 2.0, 4.0, 2.0, 3.0
"""How far notes keep away from the middle of a riser of c, of a level of a thick and of a
thin line, and of the line of c as trained."""
ARROW_GAP, LINE_GAP = 3.0, 6.0
"""The gaps between a leader and an arrow, and between a leader and a line."""
INHIBITION_REACH = 5.0
"""How far notes keep away from the dotted line of an inhibition."""

Point = tuple[float, float]
Key = tuple[int, int]
"""The first step of a band, and a unit."""


class Placed(NamedTuple):
    """A note that has a place.

    Attributes:
        note: The note.
        box: The area of its words, relative to the top of its plot.
        start: Where its leader begins, at the words.
        stop: Where its leader ends.
        is_right_aligned: Whether its words are flush with the right of the box.
        target_id: The id of the mark that the leader points to.
    """

    note: Note
    box: Bounds
    start: Point
    stop: Point
    is_right_aligned: bool
    target_id: str

    @property
    def line(self) -> Bounds:
        """The area of the leader, except for its end at the target."""
        (x, y), (end_x, end_y) = self.start, self.stop
        is_vertical = x == end_x
        if is_vertical:
            end_y += LINE_GAP if end_y < y else -LINE_GAP
        else:
            end_x += ARROW_GAP if end_x < x else -ARROW_GAP
        left, right = sorted((x, end_x))
        top, bottom = sorted((y, end_y))
        return Bounds(left - 1, top - 1, right + 1, bottom + 1)

    @property
    def edge(self) -> float:
        """The side of the box that the words are flush with."""
        return self.box.right if self.is_right_aligned else self.box.left

    @property
    def anchor(self) -> Anchor:
        """Which end of the words is at the edge."""
        return "end" if self.is_right_aligned else "start"

    def marks(self) -> list[Mark]:
        """Return the words and the leader."""
        note, x, y = self.note, self.edge, self.box.top + ASCENT
        # The symbol, the equals sign and the number are below the text, or right of it.
        symbol_x, below = x, y + LINE_HEIGHT
        if self.is_right_aligned:
            symbol_x -= _number_width(note)
        if note.is_one_line:
            below = y
            if self.is_right_aligned:
                x = symbol_x - EQUALS_WIDTH
                symbol_x = x + EQUALS_WIDTH / 2
            else:
                symbol_x += words.width(note.text, bold=True) + EQUALS_WIDTH / 2
        equals = symbol_x + words.width(note.symbol, words.SMALL) + EQUALS_WIDTH / 2
        number = _number(note, equals + EQUALS_WIDTH / 2, below)
        label = words.label(
            x,
            y,
            note.text,
            names={"step": note.step},
            of=[self.target_id, number],
            along="block",
            style=words.STRONG,
            fill=note.fill,
            says=note.says,
            id=note.id,
            anchor=self.anchor,
        )
        names = LABEL_NAMES[note.symbol]
        leader = Path(
            (("M", self.start), ("L", self.stop)),
            stroke=note.paint,
            stroke_width=HAIRLINE_WIDTH,
            bound=(Flow("points", note.id, self.target_id),),
        )
        return [
            label,
            words.label(symbol_x, below, note.symbol, names=names, of=[number], style=words.FINE),
            words.operator(equals, below, "="),
            number,
            *self._remark(below + LINE_HEIGHT, number),
            leader,
        ]

    def _remark(self, y: float, number: Text) -> list[Mark]:
        """Return the last line, if the note has one."""
        note = self.note
        if not note.remark:
            return []
        return [
            words.label(
                self.edge,
                y,
                note.remark,
                names={"step": note.step},
                of=[self.target_id, number],
                along="block",
                style=words.FINE,
                says=SAYS_SIGNED,
                id=f"remark-{note.id}",
                anchor=self.anchor,
            )
        ]


def _number(note: Note, x: float = 0, y: float = 0) -> Text:
    """The printed value of a note."""
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


def _number_width(note: Note) -> float:
    """Return the width of the symbol, the equals sign and the number."""
    return words.width(note.symbol, words.SMALL) + EQUALS_WIDTH + _number(note).width


def _size(note: Note) -> tuple[float, float]:
    """Return the width and the height of the words."""
    text_width, number_width = words.width(note.text, bold=True), _number_width(note)
    if note.is_one_line:
        return text_width + EQUALS_WIDTH / 2 + number_width, ASCENT + DESCENT
    remark_width = words.width(note.remark, words.SMALL)
    line_count = 2 if note.remark else 1
    height = ASCENT + LINE_HEIGHT * line_count + DESCENT
    return max(text_width, number_width, remark_width), height


class Board(NamedTuple):
    """A plot on which notes are placed.

    Attributes:
        steps: The steps of the band.
        scale: The vertical scale, relative to the top of the plot.
        c: The values of the line that the notes describe.
        id: The id of that line.
        frame: The area in which notes may be.
        taken: Areas that neither notes nor leaders may touch.
        crossed: Areas that leaders may cross, but notes may not touch.
        placed: The notes placed so far.
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
        """Return the first free place for a note, if there is one."""
        places = self._side_places(note, note.move) if note.move else self._vertical_places(note)
        return next(filter(self._is_free, places), None)

    def put(self, placed: Placed) -> None:
        """Add a note at its place."""
        self.placed.append(placed)
        self.taken.extend((placed.box, placed.line))

    def _is_free(self, placed: Placed) -> bool:
        """Whether a note at this place covers nothing and stays inside the frame."""
        box, line = placed.box, placed.line
        left, top, right, bottom = box
        near = Bounds(left - CLEARANCE, top - CLEARANCE, right + CLEARANCE, bottom + CLEARANCE)
        return (
            self.frame.left <= left
            and right <= self.frame.right
            and self.frame.top <= top
            and bottom <= self.frame.bottom
            and not any(_overlap(near, other) for other in self.crossed)
            and not any(_overlap(near, other) or _overlap(line, other) for other in self.taken)
        )

    def _side_places(self, note: Note, move: Move) -> Iterator[Placed]:
        """Yield places right and left of an arrow."""
        x, (width, height) = move.x(self.steps), _size(note)
        start, stop = self.scale(move.start), self.scale(move.stop)
        right, left_side = 1, -1
        for side, share, away in product((right, left_side), ARROW_SHARES, LEADER_LENGTHS):
            y = start + share * (stop - start)
            left = x + away if side > 0 else x - away - width
            box = Bounds(left, y - ASCENT, left + width, y - ASCENT + height)
            yield Placed(
                note=note,
                box=box,
                start=(x + (away - ARROW_GAP) * side, y),
                stop=(x + ARROW_GAP * side, y),
                is_right_aligned=side < 0,
                target_id=move.id,
            )

    def _vertical_places(self, note: Note) -> Iterator[Placed]:
        """Yield places above and below the line."""
        x, (width, height) = self.steps.middle(note.t), _size(note)
        y = self.scale(float(self.c.values[note.t - self.steps.first]))
        for away, is_above, share in product(DROP_LENGTHS, (True, False), NOTE_SHARES):
            top = y - away - height if is_above else y + away
            left = x - share * width
            box = Bounds(left, top, left + width, top + height)
            end = box.bottom + 1 if is_above else top
            yield Placed(
                note=note,
                box=box,
                start=(x, end),
                stop=(x, y),
                is_right_aligned=share > 0.5,
                target_id=self.id,
            )


def _overlap(first: Bounds, second: Bounds) -> bool:
    """Whether two rectangles overlap."""
    return (
        first.left < second.right
        and second.left < first.right
        and first.top < second.bottom
        and second.top < first.bottom
    )


class FormNotes(NamedTuple):
    """The notes that have a place in one form.

    Attributes:
        placed: The notes of each band and unit.
        inhibition: The inhibition, with the step to explain.
        printed: Whether the wide form prints every value.
        unnumbered_units: The units without any number in the wide form.
    """

    placed: dict[Key, list[Placed]]
    inhibition: Inhibition | None
    printed: bool
    unnumbered_units: frozenset[int]


def form_notes(plans: Sequence[Plan], inhibition: Inhibition | None) -> list[FormNotes]:
    """Find a place for one note of each kind, the most important kind first.

    Among equally important notes, one that fits in both of the first two forms
    comes first. A note that does not fit in the first form appears in no form.

    Args:
        plans: The layout of each form, the wide one first.
        inhibition: The inhibition, if there is one.

    Returns:
        The notes of each form.
    """
    forms = [_boards(plan) for plan in plans]
    for unit in plans[0].units:
        own_inhibition = inhibition if inhibition and inhibition.target == unit else None
        if inhibition and inhibition.source == unit:
            for plan, boards in zip(plans, forms, strict=True):
                _reserve_line(plan, boards, inhibition)
        for kind in _kinds(plans[0], unit, own_inhibition):
            note = _place_first_fitting(kind, unit, plans, forms)
            is_shut = note and note.id.startswith("shut-")
            if own_inhibition and note and is_shut and note.t in own_inhibition.steps:
                inhibition = own_inhibition._replace(t=note.t)
    noted_units = {unit for (_, unit), board in forms[0].items() if board.placed}
    is_all = plans[0].focus == "all"
    printed = is_all and plans[0].with_gates and are_printed(plans[0], plans[0].bands[0])
    unnumbered_units = {*plans[0].units} - noted_units if is_all and not printed else ()
    return [
        FormNotes(
            {key: board.placed for key, board in boards.items()},
            inhibition,
            printed,
            frozenset(unnumbered_units),
        )
        for boards in forms
    ]


def _kinds(plan: Plan, unit: int, own_inhibition: Inhibition | None) -> Iterator[list[Note]]:
    """Yield the candidate notes on a unit, one list for each kind."""
    if plan.focus != "all":
        yield from _focused_kinds(plan, unit, own_inhibition)
        return
    if own_inhibition or plan.counts(unit):
        yield shut_notes(plan, unit, own_inhibition.steps if own_inhibition else ())
    yield slip_notes(plan, unit)
    yield from move_notes(plan, unit)


def _focused_kinds(
    plan: Plan, unit: int, own_inhibition: Inhibition | None
) -> Iterator[list[Note]]:
    """Yield the candidate notes of a focus on a unit, one list for each kind."""
    is_first = unit == plan.units[0]
    match plan.focus:
        case "task" if is_first:
            yield depth_notes(plan, unit)
        case "keep" if is_first:
            yield keep_notes(plan, unit)
        case "write" if is_first:
            yield slip_notes(plan, unit)
            # Without the last kind, notes on what is forgotten.
            yield from move_notes(plan, unit)[:2]
        case "show" if is_first:
            yield from show_notes(plan, unit)
        case "steer" if not is_first:
            yield from move_notes(plan, unit)
        case "weight" if own_inhibition:
            yield shut_notes(plan, unit, own_inhibition.steps)
        case "weight" if is_first:
            yield counted_notes(plan, unit)
        case "gradient" if is_first:
            yield remaining_notes(plan, unit)


def _place_first_fitting(
    kind: Sequence[Note], unit: int, plans: Sequence[Plan], forms: Sequence[dict[Key, Board]]
) -> Note | None:
    """Place the first note of a kind that fits; return it, or None if no note fits.

    Args:
        kind: The notes, the most important first.
        unit: The index of the unit.
        plans: The layout of each form: the wide one, that of a phone, and this one.
        forms: The boards of each form.
    """
    best: list[Placed | None] = []
    for note in kind:
        candidates = [
            boards[band.first, unit].find(note)
            if (band := plan.band(note.t)) and plan.has_arrow(note.move)
            else None
            for plan, boards in zip(plans, forms, strict=True)
        ]
        in_wide, on_phone, *_ = candidates
        if best and best[0] and note.size < best[0].note.size - SIZE_TOLERANCE:
            # A note that fits in both forms is not worth one that says much less.
            break
        if in_wide and (on_phone or not best):
            best = candidates
        if in_wide and on_phone:
            break
    for plan, boards, place in zip(plans, forms, best, strict=False):
        if place and (band := plan.band(place.note.t)):
            boards[band.first, unit].put(place)
    return best[0].note if best and best[0] else None


def _reserve_line(plan: Plan, boards: dict[Key, Board], inhibition: Inhibition) -> None:
    """Keep notes away from the dotted line of an inhibition."""
    band = plan.band(inhibition.t)
    if band is None:
        return
    board = boards[band.first, inhibition.source]
    c = plan.subject.steps[inhibition.t].c_prev[0, inhibition.source]
    x, y = band.edge(inhibition.t), board.scale(float(c))
    # The line comes from the gates above the plot.
    top = board.frame.top - LINE_HEIGHT
    board.taken.append(
        Bounds(x - INHIBITION_REACH, top, x + INHIBITION_REACH, y + INHIBITION_REACH)
    )


def _boards(plan: Plan) -> dict[Key, Board]:
    """Return an empty board for each band and unit."""
    return {
        (steps.first, unit): _board(plan, steps, unit)
        for steps in plan.bands
        for unit in plan.units
    }


def scale_of(plan: Plan, unit: int) -> Scale:
    """Return the vertical scale of a unit, relative to the top of its plot."""
    low, high = plan.value_range(unit)
    return Scale(low, high, (high - low) * plan.pixels, 0)


def _board(plan: Plan, steps: Steps, unit: int) -> Board:
    """Return the board of a unit in a band, without notes."""
    scale, c = scale_of(plan, unit), plan.subject.series("c", unit, steps.as_slice)
    line, id = c, f"c-{steps.first}-{unit}"
    if plan.focus == "task" and plan.reader and plan.counts(unit):
        line, id = plan.reader.depth(steps.as_slice), f"depth-{steps.first}"
    if plan.focus == "show":
        line, id = plan.subject.series("h", unit, steps.as_slice), f"h-{steps.first}-{unit}"
    zero = scale(0)
    taken = [
        *_riser_areas(plan, steps, scale, unit),
        *_level_areas(steps, scale, line, LEVEL_REACH),
    ]
    crossed = [Bounds(steps.left, zero - 1, steps.right, zero + 1)]
    if plan.focus == "show" and plan.reader:
        threshold_line = threshold.over_steps(plan, plan.reader, steps)
        crossed += _level_areas(steps, scale, threshold_line, THIN_LEVEL_REACH)
    if line is not c:
        crossed += _level_areas(steps, scale, c, LEVEL_REACH)
    if plan.counts(unit) and plan.reader:
        crossed += _level_areas(steps, scale, plan.reader.depth(steps.as_slice), THIN_LEVEL_REACH)
    if plan.trained_run and unit in plan.trained_run.units:
        trained_c = plan.trained_run.over(unit, steps.as_slice)
        crossed += _line_areas(steps, scale, trained_c, TRAINED_REACH)
    top, bottom = -PLOT_OVERHANG, scale.start + PLOT_OVERHANG
    frame = Bounds(steps.left + 2, top, inner_width(plan.width), bottom)
    return Board(
        steps=steps,
        scale=scale,
        c=line,
        id=id,
        frame=frame,
        taken=taken,
        crossed=crossed,
        placed=[],
    )


def _level_areas(steps: Steps, scale: Scale, values: Vector, reach: float) -> list[Bounds]:
    """Return the area of each level of a step line, up to `reach` above and below it."""
    return [
        Bounds(steps.edge(t), y - reach, steps.edge(t) + steps.width, y + reach)
        for t, value in zip(steps.ts, values.values.tolist(), strict=True)
        if math.isfinite(value)
        for y in [scale(value)]
    ]


def _line_areas(steps: Steps, scale: Scale, values: Vector, reach: float) -> list[Bounds]:
    """Return the areas of a step line, its risers included."""
    levels = _level_areas(steps, scale, values, reach)
    risers = [
        Bounds(
            after.left - reach,
            min(before.top, after.top),
            after.left + reach,
            max(before.bottom, after.bottom),
        )
        for before, after in pairwise(levels)
    ]
    return [*levels, *risers]


def _riser_areas(plan: Plan, steps: Steps, scale: Scale, unit: int) -> list[Bounds]:
    """Return the areas of the risers of c and of its arrows."""
    before, after = (
        plan.subject.series(name, unit, steps.as_slice).values.tolist() for name in ("c_prev", "c")
    )
    # The x, the reach to both sides, and the values at both ends.
    verticals: list[tuple[float, float, float, float]] = [
        (steps.edge(t), RISER_REACH, start, stop)
        for t, start, stop in zip(steps.ts, before, after, strict=True)
        if t > steps.first and math.isfinite(start) and math.isfinite(stop)
    ]
    verticals += [
        (move.x(steps), HEAD_WIDTH / 2 - 1, move.start, move.stop)
        for move in plan.arrows(steps, unit)
    ]
    areas = []
    for x, reach, start, stop in verticals:
        top, bottom = sorted((scale(start), scale(stop)))
        areas.append(Bounds(x - reach, top, x + reach, bottom))
    return areas
