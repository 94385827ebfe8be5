"""What is told where it happens: what a token does, and the number of that."""

from collections.abc import Iterable
from typing import NamedTuple

from ...names import visible
from ...proof.bindings import Says
from ...proof.reference import Number
from .moves import Move, kept, written
from .plan import Plan

SHUT = 0.1
"""A gate that is open by no more is shut."""
OFFERED = 0.5
"""From which g on something was to be written."""
SLIPPED = 0.1
"""From which write on a count is seen to be off."""
QUARTERS = 0.25
"""What is kept out is compared in these, so that an early step comes first."""
I_G, I_WRITE, F_KEEP = "i·g", "i gate", "f gate"
NAMES: dict[str, dict[str, object]] = {
    I_G: {"tensor": "i*g"},
    I_WRITE: {"gate": "i"},
    F_KEEP: {"gate": "f"},
}
"""What numbers of notes are, as `words.label` has it."""
LONGEST = 12
"""The most letters of a token in a note."""


class Note(NamedTuple):
    """What is told at a step of a unit.

    Attributes:
        id: Of its first line.
        t: The step, counted from 0 in the order of processing.
        step: What it is called.
        said: What is told.
        says: The expressions behind it.
        symbol: What its number is, one of `NAMES`.
        value: The number.
        paint: Of the line that leads from it, and of its first words.
        move: The move at whose arrow it stands; None at the line of c.
        size: How much it matters, in units of c.
        flat: Whether it is one line.
    """

    id: str
    t: int
    step: int
    said: str
    says: Says
    symbol: str
    value: Number
    paint: str
    move: Move | None = None
    size: float = 0.0
    flat: bool = False

    @property
    def fill(self) -> str:
        """The paint of its words: red ones could not be read on all grounds."""
        return "ink" if self.paint == "neg" else self.paint


def shut(plan: Plan, unit: int, among: Iterable[int] = ()) -> list[Note]:
    """What a shut gate keeps out, what it keeps out most of first.

    Args:
        plan: How the figure is laid out.
        unit: The unit.
        among: Steps that are told before others.
    """
    i, g = (plan.subject.series(name, unit) for name in "ig")
    kept_out = [
        (t not in among, -round((1 - open_) * abs(new) / QUARTERS), t)
        for t, (open_, new) in enumerate(
            zip(i.values.tolist(), g.values.tolist(), strict=True)
        )
        if open_ <= SHUT and abs(new) >= OFFERED
    ]
    return [_shut(plan, unit, t, i[t], g[t]) for *_, t in sorted(kept_out)]


def _shut(plan: Plan, unit: int, t: int, i: Number, g: Number) -> Note:
    claim = (
        f"bool({i.expr} < {SHUT} + 1e-6 and abs({g.expr}) > {OFFERED} - 1e-6)"
    )
    does = "hardly writes"
    told = plan.reader.told if plan.reader else None
    if plan.counts(unit) and told and told.inside[t] and is_bracket(plan, t):
        claim = f"{claim} and bool(inside[{t}])"
        does = "is not counted"
    size = QUARTERS * round(
        (1 - float(i.value)) * abs(float(g.value)) / QUARTERS
    )
    return _note(plan, f"shut-{t}-{unit}", t, does, claim, I_WRITE, i)._replace(
        paint="neg", size=size
    )


def is_bracket(plan: Plan, t: int) -> bool:
    """Whether a bracket is read at a step."""
    return plan.read[t] in ("(", ")")


def slipped(plan: Plan, unit: int) -> list[Note]:
    """What is written into a count where nothing is to be counted."""
    told = plan.reader.told if plan.reader else None
    if told is None or not plan.counts(unit):
        return []
    depth = (0, *told.depth)
    ig = written(plan.subject, unit)
    steady = [t for t in range(len(ig)) if depth[t] == depth[t + 1]]
    sizes = {t: abs(float(ig.values[t])) for t in steady}
    # Of those that are alike the first.
    found = max(sizes, key=lambda t: round(sizes[t], 2), default=None)
    if found is None or not sizes[found] >= SLIPPED:
        return []
    claim = f"bool(abs({ig[found].expr}) > {SLIPPED} - 1e-6)"
    if found:
        claim += f" and bool(depth[{found}] == depth[{found - 1}])"
    id = f"slip-{found}-{unit}"
    note = _note(plan, id, found, "slips in", claim, I_G, ig[found])
    return [note._replace(flat=True)]


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
    if move.kind == "forget":
        f = subject.series("f", unit)[t]
        clears = float(f.value) <= SHUT
        does = "clears" if clears else "forgets"
        limit = f"< {SHUT} + 1e-6" if clears else f"> {SHUT} - 1e-6"
        claim, symbol, value = f"bool({f.expr} {limit})", F_KEEP, f
    else:
        value, left = written(subject, unit)[t], kept(subject, unit)[t]
        size, before = float(value.value), float(left.value)
        takes = size * before < 0 and abs(before) >= abs(size) / 2
        does, symbol = "takes" if takes else "writes", I_G
        claim = f"bool({value.expr} {'>' if size > 0 else '<'} 0)"
        if takes:
            claim = f"bool({value.expr} * {left.expr} < 0)"
    note = _note(plan, f"{move.id}-note", t, does, claim, symbol, value)
    size = round(abs(move.size), 1)
    return note._replace(paint=move.paint, move=move, size=size)


def _note(
    plan: Plan,
    id: str,
    t: int,
    does: str,
    claim: str,
    symbol: str,
    value: Number,
) -> Note:
    """A note on a write: what is read at a step, and what that does."""
    said, values = _token(plan, t)
    return Note(
        id,
        t,
        plan.subject.label(t),
        f"{said} {does}",
        Says(values, claim),
        symbol,
        value,
        "gate-i",
    )


def _token(plan: Plan, t: int) -> tuple[str, tuple[tuple[str, str], ...]]:
    """What is read at a step, and its expression; its number without tokens."""
    label = plan.subject.label(t)
    if not plan.named:
        return f"step {label}", ((str(label), str(label)),)
    whole = visible(plan.read[t])
    expr = f"tokens[{label - 1}]"
    if len(whole) <= LONGEST:
        return whole, ((whole, expr),)
    cut = f"{whole[:LONGEST]}…"
    return cut, ((cut, f'{expr}[:{LONGEST}] + "…"'),)
