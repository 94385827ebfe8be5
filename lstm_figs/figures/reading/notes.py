"""Notes beside what happens: two lines, what a token does and its number.

Each stands at the first place that has room, or nowhere.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import product
from typing import NamedTuple

from ...layout import words
from ...layout.motifs.over_time import Steps, printable
from ...proof.bindings import Flow, Says, Scale
from ...proof.reference import Number
from ...scene.marks import Bounds, Mark, Path, Text
from .moves import Move, kept, written
from .plan import Plan

SHUT = 0.1
"""A gate that is open by no more is shut."""
OFFERED = 0.5
"""From which g on something was to be written."""
SLIPPED = 0.1
"""From which write on a count is seen to be off."""
LONGEST = 12
"""The most letters of a token in a note."""

LEADERS = (14.0, 24.0, 40.0)
"""How long the line from a note to its arrow is."""
DROPS = (12.0, 24.0, 38.0)
"""The same where it is upright."""
CLEAR = 3.0
"""How far a note is from what it must not touch."""
HIGH, LOW = 8.0, 24.0
"""From the middle of its first line to its top, and to its bottom."""
OVER = 10.0
"""How far notes may reach over a plot."""
HAIR = 1.2


class Note(NamedTuple):
    """What is told at a step of a unit.

    Attributes:
        id: Of its first line.
        t: The step, counted from 0 in the order of processing.
        step: What it is called.
        said: What is told.
        says: The expressions behind it.
        symbol: What its number is.
        names: The same, as `words.label` has it.
        value: The number.
        paint: Of its first line.
        move: The move at whose arrow it stands; None at the line of c.
    """

    id: str
    t: int
    step: int
    said: str
    says: Says
    symbol: str
    names: dict[str, object]
    value: Number
    paint: str
    move: Move | None = None


class Placed(NamedTuple):
    """A note that has a place.

    Attributes:
        note: The note.
        box: What it covers.
        marks: What is drawn.
    """

    note: Note
    box: Bounds
    marks: tuple[Mark, ...]


def shut(plan: Plan, unit: int, among: Iterable[int] = ()) -> list[Note]:
    """What a shut gate keeps out, what it keeps out most of first.

    Args:
        plan: How the figure is laid out.
        unit: The unit.
        among: Steps that are told before others.
    """
    i, g = (plan.subject.series(name, unit) for name in "ig")
    kept_out = [
        (t not in among, -round(4 * (1 - open_) * abs(new)), t)
        for t, (open_, new) in enumerate(
            zip(i.values.tolist(), g.values.tolist(), strict=True)
        )
        if open_ <= SHUT and abs(new) >= OFFERED
    ]
    return [_shut(plan, unit, t, i[t], g[t]) for *_, t in sorted(kept_out)]


def _shut(plan: Plan, unit: int, t: int, i: Number, g: Number) -> Note:
    claims = [f"{i.expr} < {SHUT} + 1e-6", f"abs({g.expr}) > {OFFERED} - 1e-6"]
    does = "hardly writes"
    told = plan.reader.told if plan.reader else None
    if told and plan.counts(unit) and plan.read[t] in "()" and told.inside[t]:
        claims += [f"bool(inside[{t}])", f"text[{t}] in '()'"]
        does = "is not counted"
    said, values = _token(plan, t)
    names: dict[str, object] = {"gate": "i", "unit": unit}
    claim = " and ".join(f"bool({one})" for one in claims)
    return Note(
        f"shut-{t}-{unit}", t, plan.subject.label(t), f"{said} {does}", Says(values, claim),
        "i write", names, i, "neg",
    )  # fmt: skip


def slipped(plan: Plan, unit: int) -> list[Note]:
    """What is written into a count where nothing is to be counted."""
    told = plan.reader.told if plan.reader else None
    if told is None or not plan.counts(unit):
        return []
    depth = (0, *told.depth)
    ig = written(plan.subject, unit)
    steady = [t for t in range(len(ig)) if depth[t] == depth[t + 1]]
    sizes = {t: abs(float(ig.values[t])) for t in steady}
    found = max(sizes, key=lambda t: sizes[t], default=None)
    if found is None or not sizes[found] >= SLIPPED:
        return []
    said, values = _token(plan, found)
    claim = f"bool(abs({ig[found].expr}) > {SLIPPED} - 1e-6)"
    if found:
        claim += f" and bool(depth[{found}] == depth[{found - 1}])"
    return [
        Note(
            f"slip-{found}-{unit}", found, plan.subject.label(found), f"{said} slips in",
            Says(values, claim), "i·g", {"tensor": "i*g", "unit": unit},
            ig[found], "gate-i",
        )
    ]  # fmt: skip


def moved(plan: Plan, unit: int) -> list[list[Note]]:
    """What arrows are told of: writes up, writes down, what is forgotten."""
    moves = plan.moves[unit]
    kinds = (
        [m for m in moves if m.kind == "write" and m.size > 0],
        [m for m in moves if m.kind == "write" and m.size < 0],
        [m for m in moves if m.kind == "forget" and plan.with_gates],
    )
    return [
        [
            _moved(plan, move)
            for move in sorted(
                kind, key=lambda m: (-round(abs(m.size), 1), m.t)
            )
        ]
        for kind in kinds
    ]


def _moved(plan: Plan, move: Move) -> Note:
    subject, t, unit = plan.subject, move.t, move.unit
    said, values = _token(plan, t)
    if move.kind == "forget":
        f = subject.series("f", unit)[t]
        clears = float(f.value) <= SHUT
        claim = f"{f.expr} {'<' if clears else '>'} {SHUT}"
        claim += " + 1e-6" if clears else " - 1e-6"
        return Note(
            f"{move.id}-note", t, subject.label(t),
            f"{said} {'clears' if clears else 'forgets'}",
            Says(values, f"bool({claim})"), "f keep",
            {"gate": "f", "unit": unit}, f, move.paint, move,
        )  # fmt: skip
    ig, left = written(subject, unit)[t], kept(subject, unit)[t]
    size, before = float(ig.value), float(left.value)
    takes = size * before < 0 and abs(before) >= abs(size) / 2
    claim = (
        f"bool({ig.expr} * {left.expr} < 0)" if takes
        else f"bool({ig.expr} {'>' if size > 0 else '<'} 0)"
    )  # fmt: skip
    return Note(
        f"{move.id}-note", t, subject.label(t), f"{said} {'takes' if takes else 'writes'}",
        Says(values, claim), "i·g", {"tensor": "i*g", "unit": unit}, ig,
        move.paint, move,
    )  # fmt: skip


def _token(plan: Plan, t: int) -> tuple[str, tuple[tuple[str, str], ...]]:
    """What is read at a step, and its expression; its number without tokens."""
    label = plan.subject.label(t)
    if not plan.named:
        return f"step {label}", ((str(label), str(label)),)
    whole = printable(plan.read[t])
    expr = f"tokens[{label - 1}]"
    if len(whole) <= LONGEST:
        return whole, ((whole, expr),)
    cut = f"{whole[:LONGEST]}…"
    return cut, ((cut, f'{expr}[:{LONGEST}] + "…"'),)


class Board:
    """A plot on which notes are placed.

    Attributes:
        frame: Within which notes stand.
        taken: What they must not touch.
        placed: The notes that have a place.
    """

    def __init__(self, frame: Bounds, taken: Sequence[Bounds]):
        self.frame = frame
        self.taken = list(taken)
        self.placed: list[Placed] = []

    def place(
        self, note: Note, steps: Steps, scale: Scale, c: float, of: str
    ) -> bool:
        """Place a note, if it has room.

        Args:
            note: What is told.
            steps: The steps.
            scale: Where values are.
            c: Where the line of c is at its step.
            of: The id of that line.
        """
        places = (
            _beside(note, note.move, steps, scale)
            if note.move
            else _upright(note, steps, scale(c), of)
        )
        for placed, leader in places:
            if self._is_free(placed.box, leader):
                self.placed.append(placed)
                self.taken.append(placed.box)
                return True
        return False

    def _is_free(self, box: Bounds, leader: Bounds) -> bool:
        inside = (
            self.frame.left <= box.left and box.right <= self.frame.right
            and self.frame.top <= box.top and box.bottom <= self.frame.bottom
        )  # fmt: skip
        return inside and not any(
            _meet(_grown(box), other) or _meet(leader, other)
            for other in self.taken
        )


def _grown(box: Bounds) -> Bounds:
    left, top, right, bottom = box
    return Bounds(left - CLEAR, top - CLEAR, right + CLEAR, bottom + CLEAR)


def _meet(one: Bounds, other: Bounds) -> bool:
    return (
        one.left < other.right and other.left < one.right
        and one.top < other.bottom and other.top < one.bottom
    )  # fmt: skip


Place = tuple[Placed, Bounds]


def _beside(
    note: Note, move: Move, steps: Steps, scale: Scale
) -> Iterator[Place]:
    """Places right and left of an arrow, and the line that leads there."""
    x, start, stop = move.x(steps), scale(move.start), scale(move.stop)
    wide = _width(note)
    for side, share, away in product((1, -1), (0.5, 0.75, 0.25), LEADERS):
        y = start + share * (stop - start)
        near, far = x + 6 * side, x + (away - 3) * side
        left = x + away if side > 0 else x - away - wide
        box = Bounds(left, y - HIGH, left + wide, y + LOW)
        leader = _leader((far, y), (x + 3 * side, y), note, move.id)
        ends = sorted((near, far))
        yield (
            Placed(note, box, (*_lines(note, box, side < 0, move.id), leader)),
            Bounds(ends[0], y - 1, ends[1], y + 1),
        )


def _upright(
    note: Note, steps: Steps, y: float, of: str
) -> Iterator[Place]:
    """Places above and below the line of c, and the line that leads there."""
    x, wide = steps.middle(note.t), _width(note)
    high = HIGH + LOW
    for away, side, share in product(DROPS, (-1, 1), (0.5, 0.85, 0.15)):
        top = y - away - high if side < 0 else y + away
        left = x - share * wide
        box = Bounds(left, top, left + wide, top + high)
        end = top + high + 1 if side < 0 else top
        leader = _leader((x, end), (x, y), note, of)
        ends = sorted((end, y + 4 * side))
        yield (
            Placed(note, box, (*_lines(note, box, share > 0.5, of), leader)),
            Bounds(x - 1, ends[0], x + 1, ends[1]),
        )


def _leader(
    start: tuple[float, float], stop: tuple[float, float], note: Note, to: str
) -> Path:
    return Path(
        (("M", start), ("L", stop)), stroke=note.paint, stroke_width=HAIR,
        bound=(Flow("points", note.id, to),),
    )  # fmt: skip


def _number(note: Note) -> Text:
    return words.number(
        0, 0, note.value, size=words.SMALL, anchor="start", fill="muted",
        id=f"{note.id}-value",
    )  # fmt: skip


EQUALS = 20.0
"""The room of an equals sign."""


def _second(note: Note) -> float:
    """The width of the second line."""
    return words.width(note.symbol, words.SMALL) + EQUALS + _number(note).width


def _width(note: Note) -> float:
    return max(words.width(note.said, bold=True), _second(note))


def _lines(note: Note, box: Bounds, ends: bool, of: str) -> list[Mark]:
    """The words of a note, which end at the right of its box or begin at it."""
    y = box.top + HIGH
    x = box.right - _second(note) if ends else box.left
    equals = x + words.width(note.symbol, words.SMALL) + EQUALS / 2
    value = f"{note.id}-value"
    number = words.number(
        equals + EQUALS / 2, y + 16, note.value, size=words.SMALL,
        anchor="start", fill="muted", id=value,
        term="f" if note.symbol[0] == "f" else "i",
    )  # fmt: skip
    return [
        words.label(
            box.right if ends else box.left, y, note.said,
            {"step": note.step}, [of, value], "block",
            style=words.STRONG, fill=note.paint, says=note.says, id=note.id,
            anchor="end" if ends else "start",
        ),
        words.label(
            x, y + 16, note.symbol, note.names, [value], "row",
            style=words.FINE,
        ),
        words.operator(equals, y + 16, "="),
        number,
    ]  # fmt: skip
