"""What the figure says: its finding, how it is read, and all in words."""

import math
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

import numpy as np

from ...layout import choice
from ...layout.provenance import count_of, provenance, source
from ...model.units import LEFT
from ...model.units import lives as lives_of
from ...proof.bindings import Sentence, sentence
from ...proof.digits import DECIMALS, MINUS, counted, text
from ...proof.preamble.truth import BRACKETS, truth
from ...scene.marks import Mark, Text, walk
from ...scene.scenes import Head
from . import aside, cells, total
from .memory import Memory

TOLD = 2
"""The most units of each of which the title says how long a write lasts."""
WRITES, GONE = 0.5, 0.1
"""From which i·g on a bracket is written, and below which f all is erased."""


def head(memory: Memory, marks: Sequence[Mark], *, is_map: bool) -> Head:
    """The words around the body.

    Args:
        memory: What is drawn.
        marks: What it is drawn with.
        is_map: Whether there is a row for each moment, and not one alone.
    """
    subject = memory.subject
    return Head(
        title(memory),
        sentence(
            "Each row splits the cell state into what was written at each "
            "step before, after forgetting."
        )
        if is_map
        else sentence(
            "The cell state after one step, split into what was written at "
            "each step before, after forgetting."
        ),
        provenance(subject, count_of("step", len(subject.steps), "len(x)")),
        tuple(notes(memory, marks, is_map)),
        source(subject),
    )


def title(memory: Memory) -> Sentence:
    """What it shows: of brackets and quotes, or how long a write lasts."""
    if not memory.is_finite:
        return sentence("What was written, and what is left of it")
    found = [
        next((unit for unit in memory.units if is_so(memory, unit)), None)
        for is_so in (_cancels, _erases)
    ]
    claims = [
        claim(unit)
        for claim, unit in zip((_claim_cancels, _claim_erases), found, strict=True)
        if unit is not None
    ]
    claim = " and ".join(claims)
    match found:
        case [None, None]:
            return _lasting(memory)
        case [_, None]:
            return sentence("Brackets are cancelled", claim=claim)
        case [None, _]:
            return sentence("Quotes are erased", claim=claim)
    return sentence("Brackets are cancelled, quotes are erased", claim=claim)


def _claim_cancels(unit: int) -> str:
    return (
        "(lambda signs: bool((depth[1:] < depth[:-1]).any()) and all("
        f"(i * g)[t, 0, {unit}] * sign > {WRITES} "
        "for t, sign in signs.items()))({t: 1 if ch == '(' else -1 "
        "for t, ch in enumerate(text) if ch in '()' and not inside[t]})"
    )


def _claim_erases(unit: int) -> str:
    return (
        "(lambda quotes: len(quotes) > 1 and all("
        f"f[t, 0, {unit}] < {GONE} for t in quotes))"
        "([t for t, ch in enumerate(text) if ch == '\"'])"
    )


def _read(memory: Memory) -> str:
    """The text, if it is known what its brackets and quotes mean."""
    subject, readout = memory.subject, memory.subject.trace.origin.readout
    told = readout is not None and readout.truth == BRACKETS
    forward = subject.direction == "forward" and subject.layer == 0
    return subject.trace.origin.text or "" if told and forward else ""


def _cancels(memory: Memory, unit: int) -> bool:
    """Whether `(` writes one way and `)` the other, outside quotes."""
    read = _read(memory)
    depth, inside = truth(read)
    signs = {t: 1 if c == "(" else -1 for t, c in enumerate(read) if c in "()" and not inside[t]}
    steps = memory.subject.steps
    closed = any(b < a for a, b in pairwise(depth))
    return closed and all(
        steps[t].i[0, unit] * steps[t].g[0, unit] * sign > WRITES for t, sign in signs.items()
    )


def _erases(memory: Memory, unit: int) -> bool:
    """Whether all that was there is forgotten at each quote."""
    quotes = [t for t, c in enumerate(_read(memory)) if c == '"']
    steps = memory.subject.steps
    return len(quotes) > 1 and all(steps[t].f[0, unit] < GONE for t in quotes)


def _lasting(memory: Memory) -> Sentence:
    """How long a write lasts in each unit."""
    f = np.array([step.f[0] for step in memory.subject.steps])
    every = lives_of(f).tolist()
    lives = {unit: every[unit] for unit in memory.units}
    if len(lives) > TOLD:
        return _between(lives)
    said: list[str] = []
    values: list[tuple[object, str]] = []
    for one in dict.fromkeys(lives.values()):
        own = tuple(unit for unit in lives if lives[unit] == one)
        if math.isinf(one):
            how_long = "to the end"
        else:
            how_long = f"{{}} step{'s' * (one != 1)}"
            values.append((int(one), f"life[{own[0]}]"))
        if len(own) == 1:
            said.append(f"{how_long} in unit {{}}")
            values.append((own[0], str(own[0])))
        else:
            said.append(f"{how_long} in units {{}}")
            values.append((" and ".join(map(str, own)), str(own)))
    return sentence(
        f"A write lasts {', '.join(said)}",
        *values,
        claim=f"life[{[*lives]}].tolist() == {[*lives.values()]}".replace("inf", "torch.inf"),
    )


def _between(lives: dict[int, float]) -> Sentence:
    """The shortest and the longest time that a write lasts in many units."""
    low, high = min(lives.values()), max(lives.values())
    of = f"life[{[*lives]}]"
    count = len(lives), str(len(lives))
    if low == high:
        return sentence("What was written, and what is left of it")
    if math.isinf(high):
        return sentence(
            "A write lasts {} steps or longer in these {} units",
            (int(low), f"int({of}.min())"),
            count,
        )
    return sentence(
        "A write lasts {} to {} steps in these {} units",
        (int(low), f"int({of}.min())"),
        (int(high), f"int({of}.max())"),
        count,
    )


def has_life(memory: Memory) -> bool:
    """Whether the title says how long a write lasts."""
    return title(memory).text.startswith("A write lasts")


Part = tuple[str, tuple[tuple[object, str], ...], str]
"""A sentence before it is joined with others: template, values, claim."""


def notes(memory: Memory, marks: Sequence[Mark], is_map: bool) -> Iterator[Sentence]:
    """How it is read, and how what it shows was chosen."""
    yield _joined(_read_as(memory, is_map))
    yield _joined([*_chosen(memory, is_map), *_marked(memory, marks, is_map)])


def _joined(parts: Iterable[Part]) -> Sentence:
    """Several sentences as one."""
    templates, values, claims = zip(*parts, strict=True)
    return sentence(
        " ".join(templates),
        *(pair for each in values for pair in each),
        claim=" and ".join(filter(None, claims)),
    )


def _read_as(memory: Memory, is_map: bool) -> Iterator[Part]:
    """What rows, columns, cells and colours are."""
    if is_map:
        yield (
            "Row: c after this step. Column: the step at which it was written. "
            "Cell: i·g, what was added to c then, times every f since.",
            (),
            "",
        )
    else:
        yield (
            "A colour is what is left of i·g, which was added to c at a step: "
            "it is multiplied by every f since.",
            (),
            "",
        )
    ends, units = [one.last for one in memory.columns], [*memory.units]
    if memory.is_finite:
        yield (
            "The cells of a row add up to c.",
            (),
            f"all((one.sum(1) - c[{ends}, 0, unit]).abs().max() <= "
            "1e-5 * one.abs().sum(1).max() for unit, one in "
            f"[(unit, cells[:, :, unit]) for unit in {units}])",
        )
    else:
        yield ("What is not finite is black.", (), f"not cells[:, :, {units}].isfinite().all()")
    left = memory.left[np.isfinite(memory.left)]
    still = ", grey is still to come" if is_map and len(ends) > 1 else ""
    if left.any():
        yield f"Blue pushes c up, red pushes it down{still}.", (), ""
    yield ("A step writes from what it reads and from h; this follows c alone.", (), "")


def _chosen(memory: Memory, is_map: bool) -> Iterator[Part]:
    """Which unit and which row are shown, and what a column is."""
    ends, units = [one.last for one in memory.columns], memory.units
    count = memory.subject.weights.hidden_size
    said = (*((unit, str(unit)) for unit in units), (count, "c.shape[-1]"))
    of = "Units {} and {} of {}." if len(units) > 1 else "Unit {} of {}."
    if len(units) > TOLD:
        of = "{} of {} units are drawn."
        said = (len(units), str(len(units))), said[-1]
    if memory.are_asked and len(units) < count:
        yield of, said, ""
    elif memory.choice:
        yield of, said, ""
        yield memory.choice.part
    elif len(units) < count:
        yield (
            "Unit {} of {} is the one whose c goes farthest from zero.",
            said,
            choice.largest("c[:, 0].abs().amax(0)", units),
        )
    what, row_of = ("Framed", "row") if is_map else ("Shown", "step")
    rows = [*zip(units, memory.chosen, strict=True)]
    if memory.is_asked or not np.isfinite(memory.c).all():
        yield (
            f"{what} is the {row_of} that is written out.",
            (),
            " and ".join(f"({cells.adds_up(memory, row, unit)})" for unit, row in rows),
        )
    else:
        yield (
            f"{what} and written out is the {row_of} with the largest |c|.",
            (),
            " and ".join(
                choice.largest(f"c[{ends}, 0, {unit}].abs()", (row,)) for unit, row in rows
            ),
        )
    if any(map(_is_off, total.totals(memory))):
        yield "It is added up unrounded.", (), ""
    if memory.is_pooled:
        yield (
            "What neighbouring steps wrote is added up in one column; a row is "
            "after the last of them.",
            (),
            "len(ends) < len(x)",
        )
    if memory.first == 0:
        yield (
            "Before: the cell state at the start.",
            (),
            f"bool((c_prev[0, 0, {[*units]}] != 0).any())",
        )
    if has_life(memory):
        yield ("A write lasts until half of it is gone; the title has the median.", (), "")


def _is_off(one: total.Total) -> bool:
    """Whether the numbers of a row, as printed, make another one than c."""
    values = [line.number.value for line in one.lines]
    if not np.isfinite(values).all():
        return False
    *parts, whole = (float(text(v).replace(MINUS, "-")) for v in values)
    half: float = 10**-DECIMALS / 2
    return abs(sum(parts) - whole) > 1.02 * half


def _marked(memory: Memory, marks: Sequence[Mark], is_map: bool) -> Iterator[Part]:
    """What the marks beside the cells mean, where there are some."""
    if not is_map:
        return
    values = "kept[:, {}]" if memory.is_pooled else "f[:, 0, {}]"
    claims = [
        f"bool(({values.format(unit)} < {LEFT}).any())"
        for place, unit in enumerate(memory.units)
        if aside.ticked(memory, place)
    ]
    if memory.is_pooled:
        yield "Kept is what is left from a row to the next.", (), ""
    if claims:
        yield "A tick: less than half is kept.", (), " and ".join(claims)
    if any(m.content == cells.CANCELLED for m in walk(marks) if isinstance(m, Text)):
        yield ("Cancelled: blue and red leave less than a quarter of their sizes in c.", (), "")


def description(memory: Memory) -> str:
    """The row that is written out, and where most is forgotten."""
    count = len(memory.subject.steps)
    return " ".join(_told(memory, place, count) for place in range(len(memory.units)))


def _told(memory: Memory, place: int, count: int) -> str:
    subject, unit = memory.subject, memory.units[place]
    one = total.total(memory, place)
    said = [
        f"{_named(memory, line.columns[0])} {text(line.number.value)} is left"
        for line in one.addends
    ]
    if one.others:
        said.append(f"of all others together {text(one.others.number.value)}")
    parts = [
        f"The cell state of unit {unit} over {counted(count, 'step')}, split into what was written",
        f"after step {memory.step(one.row)} c is {text(one.sum.number.value)}",
        *said,
    ]
    for row in aside.low(memory, place):
        value = text(memory.kept[row, place])
        step = memory.step(row)
        parts.append(
            f"up to step {step} {value} is kept"
            if memory.is_pooled
            else f"at step {step} f is {value}"
        )
    last = subject.steps[-1].c[0, unit]
    parts.append(f"in the end c is {text(last)}")
    told = "; ".join(parts[1:])
    return f"{parts[0]}. {told[0].upper()}{told[1:]}."


def _named(memory: Memory, column: int) -> str:
    """A column, as who hears it is told."""
    if not column:
        return "of the state at the start"
    one = memory.columns[column - 1]
    ends = [memory.subject.label(t) for t in (one.first, one.last)]
    if one.first == one.last:
        return f"of step {ends[0]}"
    return f"of steps {ends[0]} to {ends[1]}"
