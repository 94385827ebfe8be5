"""The notes in a plot: what a token does there, with a number."""

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np

from ...layout.motifs import over_time
from ...model.reference import Number
from ...names import visible_token
from ...proof.bindings import Says
from . import gradient
from .moves import MIN_OFFER, OPEN, ROUNDING, SHUT, Move, retained, shares, written
from .plan import Plan

MIN_SLIP = 0.1
"""From this |i·g| on, a write where no bracket is counted visibly spoils the count."""
SIZE_STEP = 0.25
"""Blocked writes are rounded to this, so that the first of several similar ones wins."""
I_G, I_WRITE, F_KEEP = "i·g", "i gate", "f gate"
"""Names of the number in a note: the written part, the input gate, the forget gate."""
H, REMAINS, DEPTH = "h", "remains", "open"
"""More of them: h, what remains of a gradient, and the number of open brackets."""
LABEL_NAMES: dict[str, dict[str, object]] = {
    I_G: {"tensor": "i*g"},
    I_WRITE: {"gate": "i"},
    F_KEEP: {"gate": "f"},
    H: {"tensor": "h"},
    REMAINS: {"tensor": "along_c"},
    DEPTH: {"tensor": "depth"},
}
"""What each symbol in a note names, as in `words.label`."""
TERMS = {I_G: "i", I_WRITE: "i", F_KEEP: "f", H: "h", REMAINS: "f", DEPTH: "c"}
"""The term of each number."""
SIGNED = "g lies between −1 and 1"
"""Why an arrow of a write can point down."""
BOUNDS = tuple(
    (value, f"torch.tanh(torch.tensor({sign}torch.inf))")
    for value, sign in (("−1", "-"), ("1", ""))
)
"""The numbers in `SIGNED` with their expressions: the limits of tanh."""
SAYS_SIGNED = Says(BOUNDS, "bool((g.abs() <= 1).all())")
"""The bindings of `SIGNED`, which explains why an arrow can point down."""
MAX_TOKEN_LENGTH = 12
"""Longer tokens are cut to this many characters in a note."""


class Note(NamedTuple):
    """A note on one step of a unit.

    Attributes:
        id: The id of its first line.
        t: The step, counted from 0 in the order of processing.
        step: The step number that the figure prints.
        text: The first line.
        says: The expressions behind the text.
        symbol: The symbol before the number, one of `LABEL_NAMES`.
        value: The number.
        paint: The colour of the leader and of the first line.
        move: The move whose arrow the note explains; None for a note on the
            line.
        size: How important the note is, in units of c.
        is_one_line: Whether text and number share a line.
        remark: A last line about a gate that is not drawn; empty for none.
    """

    id: str
    t: int
    step: int
    text: str
    says: Says
    symbol: str
    value: Number
    paint: str
    move: Move | None = None
    size: float = 0.0
    is_one_line: bool = False
    remark: str = ""

    @property
    def fill(self) -> str:
        """The colour of the words; not red, which is unreadable on some backgrounds."""
        return "ink" if self.paint == "neg" else self.paint


def shut_notes(plan: Plan, unit: int, among: Iterable[int] = ()) -> list[Note]:
    """Return notes on writes that a shut input gate blocks, the largest first.

    Args:
        plan: The layout of the figure.
        unit: The index of the unit.
        among: Steps to prefer.
    """
    i, g = (plan.subject.series(name, unit) for name in "ig")
    blocked = [
        (t not in among, -round((1 - opening) * abs(offer) / SIZE_STEP), t)
        for t, (opening, offer) in enumerate(zip(i.values.tolist(), g.values.tolist(), strict=True))
        if opening <= SHUT and abs(offer) >= MIN_OFFER
    ]
    return [_shut_note(plan, unit, t, i[t], g[t]) for *_, t in sorted(blocked)]


def _shut_note(plan: Plan, unit: int, t: int, i: Number, g: Number) -> Note:
    """A note on the shut input gate at a step."""
    claim = f"bool({i.expr} < {SHUT} + {ROUNDING} and abs({g.expr}) > {MIN_OFFER} - {ROUNDING})"
    effect = "hardly writes"
    truth = plan.truth
    if plan.counts(unit) and truth and truth.inside[t] and is_bracket(plan, t):
        claim = f"{claim} and bool(inside[{t}])"
        effect = "is not counted"
    size = SIZE_STEP * round((1 - float(i.value)) * abs(float(g.value)) / SIZE_STEP)
    return _note(plan, f"shut-{t}-{unit}", t, effect, claim, I_WRITE, i)._replace(
        paint="neg" if plan.with_gates else "ink", size=size
    )


def is_bracket(plan: Plan, t: int) -> bool:
    """Return whether the token at a step is a bracket."""
    return plan.tokens[t] in ("(", ")")


def slip_notes(plan: Plan, unit: int) -> list[Note]:
    """Return a note on the largest write to a count at a step without a counted bracket."""
    truth = plan.truth
    if truth is None or not plan.counts(unit):
        return []
    depth = (0, *truth.depth)
    ig = written(plan.subject, unit)
    steady = [t for t in range(len(ig)) if depth[t] == depth[t + 1]]
    sizes = {t: abs(float(ig.values[t])) for t in steady}
    # `max` returns the first of several equal sizes.
    largest = max(sizes, key=lambda t: round(sizes[t], 2), default=None)
    # Not `<`, so that NaN is no slip.
    if largest is None or not sizes[largest] >= MIN_SLIP:
        return []
    claim = f"bool(abs({ig[largest].expr}) > {MIN_SLIP} - {ROUNDING})"
    # Before step 0 no bracket is open, which needs no claim.
    if largest:
        claim += f" and bool(depth[{largest}] == depth[{largest - 1}])"
    id = f"slip-{largest}-{unit}"
    note = _note(plan, id, largest, "slips in", claim, I_G, ig[largest])
    return [note._replace(is_one_line=True)]


def move_notes(plan: Plan, unit: int) -> list[list[Note]]:
    """Return notes on arrows: on writes up, on writes down, and on what is forgotten."""
    moves = plan.moves[unit]
    kinds = (
        [m for m in moves if m.kind == "write" and m.size > 0],
        [m for m in moves if m.kind == "write" and m.size < 0],
        [m for m in moves if m.kind == "forget" and plan.with_gates],
    )
    return [
        [
            note
            # Rounded, so that the first of several similar moves comes first.
            for move in sorted(kind, key=lambda m: (-round(abs(m.size), 1), m.t))
            for note in _move_note(plan, move)
        ]
        for kind in kinds
    ]


def _move_note(plan: Plan, move: Move) -> list[Note]:
    """Return a note on a move; if gates are hidden, first a variant on why c can fall."""
    subject, t, unit = plan.subject, move.t, move.unit
    if move.kind == "forget":
        f = subject.series("f", unit)[t]
        is_cleared = float(f.value) <= SHUT
        effect = "clears" if is_cleared else "forgets"
        limit = f"< {SHUT} + {ROUNDING}" if is_cleared else f"> {SHUT} - {ROUNDING}"
        claim, symbol, value = f"bool({f.expr} {limit})", F_KEEP, f
    else:
        value, remaining = written(subject, unit)[t], retained(subject, unit)[t]
        size, before = float(value.value), float(remaining.value)
        # It takes from what is there, rather than writing a value of the other sign.
        is_taken_away = size * before < 0 and abs(before) >= abs(size) / 2
        effect, symbol = "takes" if is_taken_away else "writes", I_G
        claim = f"bool({value.expr} {'>' if size > 0 else '<'} 0)"
        if is_taken_away:
            claim = f"bool({value.expr} * {remaining.expr} < 0)"
    note = _note(plan, f"{move.id}-note", t, effect, claim, symbol, value)
    size = round(abs(move.size), 1)
    note = note._replace(paint=move.paint, move=move, size=size)
    falls = move.kind == "write" and move.size < 0 and not plan.with_gates
    return [note._replace(remark=SIGNED), note] if falls else [note]


def _note(plan: Plan, id: str, t: int, effect: str, claim: str, symbol: str, value: Number) -> Note:
    """Return a note that says what the token at a step does."""
    token_text, values = _token_text(plan, t)
    return Note(
        id=id,
        t=t,
        step=plan.subject.step_number(t),
        text=f"{token_text} {effect}",
        says=Says(values, claim),
        symbol=symbol,
        value=value,
        paint="gate-i",
    )


def _token_text(plan: Plan, t: int) -> tuple[str, tuple[tuple[str, str], ...]]:
    """Return the token at a step, or else the step number, with its expression."""
    label = plan.subject.step_number(t)
    if not plan.has_tokens:
        return f"step {label}", ((str(label), str(label)),)
    token = visible_token(plan.tokens[t])
    expr = f"tokens[{label - 1}]"
    if len(token) <= MAX_TOKEN_LENGTH:
        return token, ((token, expr),)
    cut = f"{token[:MAX_TOKEN_LENGTH]}…"
    return cut, ((cut, f'{expr}[:{MAX_TOKEN_LENGTH}] + "…"'),)


def keep_notes(plan: Plan, unit: int) -> list[Note]:
    """Return notes on stretches in which a unit keeps its memory, the longest first."""
    subject = plan.subject
    f, c, before = (subject.series(name, unit) for name in ("f", "c", "c_prev"))
    max_change = MIN_SLIP * abs(before.values).max()
    steady = (f.values >= OPEN) & (abs(c.values - before.values) <= max_change)
    runs = [
        (first, last)
        for steps in plan.bands
        for first, last in over_time.runs(steady.tolist(), steps)
    ]
    notes: list[Note] = []
    for first, last in sorted(runs, key=lambda run: run[0] - run[1]):
        t = (first + last) // 2
        part = subject.series("f", unit, slice(first, last)).part
        claim = f"bool(({part} > {OPEN} - {ROUNDING}).all())"
        note = _note(plan, f"kept-{t}-{unit}", t, "", claim, F_KEEP, f[t])
        notes.append(
            note._replace(text="kept", says=Says(claim=claim), paint="gate-f", is_one_line=True)
        )
    return notes


def show_notes(plan: Plan, unit: int) -> list[list[Note]]:
    """Return notes on h at the first move and where |c| is largest."""
    subject = plan.subject
    h, c = (subject.series(name, unit) for name in "hc")
    first = next((move.t for move in plan.moves[unit]), None)
    largest = int(np.argmax(shares(abs(c.values))))
    return [
        [_show_note(plan, unit, t, h[t])]
        for t in dict.fromkeys(t for t in (first, largest) if t is not None)
        # NaN is left out.
        if abs(h.values[t]) < 1
    ]


def _show_note(plan: Plan, unit: int, t: int, h: Number) -> Note:
    """A note on h at a step."""
    claim = f"bool({h.expr}.abs() < 1)"
    note = _note(plan, f"shown-{t}-{unit}", t, "", claim, H, h)
    return note._replace(text="shown", says=Says(claim=claim), paint="gate-o", is_one_line=True)


def remaining_notes(plan: Plan, unit: int) -> list[Note]:
    """Return a note on how much of the gradient remains at the first move."""
    first = next((move.t for move in plan.moves[unit]), 0)
    share = gradient.remaining_shares(plan.subject, unit)[first]
    if not share.value > 0:
        return []
    claim = f"bool({share.expr} > 0)"
    note = _note(plan, f"left-{first}-{unit}", first, "", claim, REMAINS, share)
    return [
        note._replace(text="back along c", says=Says(claim=claim), paint="gate-f", is_one_line=True)
    ]


def counted_notes(plan: Plan, unit: int) -> list[Note]:
    """Return notes on brackets in quotes that are counted nevertheless."""
    truth = plan.truth
    if truth is None:
        return []
    ig = written(plan.subject, unit)
    i = plan.subject.series("i", unit)
    notes: list[Note] = []
    for t, inside in enumerate(truth.inside):
        if not (inside and is_bracket(plan, t)) or abs(ig.values[t]) < MIN_OFFER:
            continue
        claim = f"bool({ig[t].expr}.abs() > {MIN_OFFER} - {ROUNDING}) and bool(inside[{t}])"
        id = f"counted-{t}-{unit}"
        note = _note(plan, id, t, "is counted", claim, I_WRITE, i[t])
        notes.append(note._replace(paint="neg"))
    return notes


def depth_notes(plan: Plan, unit: int) -> list[Note]:
    """Return a note on the largest number of open brackets, if that is known."""
    reader = plan.reader
    if not (reader and reader.truth and plan.counts(unit)):
        return []
    depth = reader.depth(slice(0, len(plan.subject.steps)))
    t = int(np.argmax(depth.values))
    claim = f"bool({depth[t].expr} == depth.max())"
    note = _note(plan, f"deepest-{t}", t, "", claim, DEPTH, depth[t])
    return [note._replace(text="at most", says=Says(claim=claim), paint="muted", is_one_line=True)]
