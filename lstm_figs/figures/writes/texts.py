"""The texts of the figure: title, lead, notes, and alternative text."""

import math
from collections.abc import Iterator
from itertools import pairwise

import numpy as np

from ...layout import unit_choice
from ...layout.provenance import count_item, provenance, source
from ...model.units import MIN_SHARE_LEFT
from ...model.units import lifetimes as lives_of
from ...proof.bindings import Sentence, joined, sentence
from ...proof.digits import DECIMALS, MINUS, count_phrase, text
from ...proof.preamble.truth import BRACKETS, truth
from ...scene.scenes import Head
from . import side_plots, total
from .memory import MAX_ERASED, Memory

MAX_TITLE_UNITS = 2
"""With more units than this, the title gives a range of lifetimes."""
ROUNDING_SLACK = 1.02
"""How much more than half of the last digit a sum must be off to count as another sum."""
MIN_WRITE = 0.5
"""The least |i·g| of a written bracket."""


def head(memory: Memory) -> Head:
    """Return the texts above and below the drawing."""
    subject = memory.subject
    notes = [*_unit_notes(memory), *_column_notes(memory), *_tick_notes(memory)]
    return Head(
        title(memory),
        _lead(memory),
        provenance(subject, count_item("step", len(subject.steps), "len(x)")),
        (joined(notes),) if notes else (),
        source(subject),
    )


def title(memory: Memory) -> Sentence:
    """Return the title: what brackets and quotes do, or how long a write lasts."""
    if not memory.is_finite:
        return sentence("What was written, and what is left of it")
    first_units = [
        next((unit for unit in memory.units if is_so(memory, unit)), None)
        for is_so in (_cancels, _erases)
    ]
    claims = [
        claim(unit)
        for claim, unit in zip((_claim_cancels, _claim_erases), first_units, strict=True)
        if unit is not None
    ]
    claim = " and ".join(claims)
    match first_units:
        case [None, None]:
            return _lasting(memory)
        case [_, None]:
            return sentence("Brackets cancel", claim=claim)
        case [None, _]:
            return sentence("Quotes erase", claim=claim)
    return sentence("Brackets cancel, quotes erase", claim=claim)


def _claim_cancels(unit: int) -> str:
    """Return the claim that a unit writes up at each ( and down at each ) outside quotes."""
    return (
        "(lambda signs: bool((depth[1:] < depth[:-1]).any()) and all("
        f"(i * g)[t, 0, {unit}] * sign > {MIN_WRITE} "
        "for t, sign in signs.items()))({t: 1 if ch == '(' else -1 "
        "for t, ch in enumerate(text) if ch in '()' and not inside[t]})"
    )


def _claim_erases(unit: int) -> str:
    """Return the claim that a unit forgets at each quotation mark."""
    return (
        "(lambda quotes: len(quotes) > 1 and all("
        f"f[t, 0, {unit}] < {MAX_ERASED} for t in quotes))"
        "([t for t, ch in enumerate(text) if ch == '\"'])"
    )


def _bracket_text(memory: Memory) -> str:
    """Return the text if the meaning of its brackets and quotes is known; else ""."""
    subject, readout = memory.subject, memory.subject.trace.origin.readout
    has_truth = readout is not None and readout.truth == BRACKETS
    is_read_forward = subject.direction == "forward" and subject.layer == 0
    return subject.trace.origin.text or "" if has_truth and is_read_forward else ""


def _cancels(memory: Memory, unit: int) -> bool:
    """Return whether `(` adds to c and `)` subtracts from it, outside quotes."""
    read = _bracket_text(memory)
    depth, inside = truth(read)
    signs = {
        t: 1 if character == "(" else -1
        for t, character in enumerate(read)
        if character in "()" and not inside[t]
    }
    steps = memory.subject.steps
    # Without a bracket that closes, nothing shows that brackets cancel.
    closes = any(after < before for before, after in pairwise(depth))
    return closes and all(
        steps[t].i[0, unit] * steps[t].g[0, unit] * sign > MIN_WRITE for t, sign in signs.items()
    )


def _erases(memory: Memory, unit: int) -> bool:
    """Return whether each quotation mark erases c."""
    quotes = [t for t, character in enumerate(_bracket_text(memory)) if character == '"']
    steps = memory.subject.steps
    # A single quote may erase by chance.
    return len(quotes) > 1 and all(steps[t].f[0, unit] < MAX_ERASED for t in quotes)


def _lasting(memory: Memory) -> Sentence:
    """Return the title on how long a write lasts in each unit."""
    f = np.array([step.f[0] for step in memory.subject.steps])
    all_lives = lives_of(f).tolist()
    lives = {unit: all_lives[unit] for unit in memory.units}
    if len(lives) > MAX_TITLE_UNITS:
        return _lives_range(lives)
    phrases: list[str] = []
    values: list[tuple[object, str]] = []
    for life in dict.fromkeys(lives.values()):
        same_life = tuple(unit for unit in lives if lives[unit] == life)
        if math.isinf(life):
            how_long = "to the end"
        else:
            how_long = "{} step" if life == 1 else "{} steps"
            values.append((int(life), f"life[{same_life[0]}]"))
        if len(same_life) == 1:
            phrases.append(f"{how_long} in unit {{}}")
            values.append((same_life[0], str(same_life[0])))
        else:
            phrases.append(f"{how_long} in units {{}}")
            values.append((" and ".join(map(str, same_life)), str(same_life)))
    return sentence(
        f"A write lasts {', '.join(phrases)}",
        *values,
        claim=f"life[{[*lives]}].tolist() == {[*lives.values()]}".replace("inf", "torch.inf"),
    )


def _lives_range(lives: dict[int, float]) -> Sentence:
    """Return the title on the shortest and longest lifetimes of many units."""
    low, high = min(lives.values()), max(lives.values())
    lives_expr = f"life[{[*lives]}]"
    count = len(lives), str(len(lives))
    if low == high:
        return sentence("What was written, and what is left of it")
    if math.isinf(high):
        return sentence(
            "A write lasts {} steps or longer in these {} units",
            (int(low), f"int({lives_expr}.min())"),
            count,
        )
    return sentence(
        "A write lasts {} to {} steps in these {} units",
        (int(low), f"int({lives_expr}.min())"),
        (int(high), f"int({lives_expr}.max())"),
        count,
    )


def has_life(memory: Memory) -> bool:
    """Return whether the title says how long a write lasts."""
    return title(memory).text.startswith("A write lasts")


def _lead(memory: Memory) -> Sentence:
    """Return what columns and rows are."""
    ends, units = [column.last for column in memory.columns], [*memory.units]
    column_words = "A column starts with a write; the gate f then keeps a part of it."
    if not memory.is_finite:
        return sentence(
            f"{column_words} What is not finite is black.",
            claim=f"not cells[:, :, {units}].isfinite().all()",
        )
    return sentence(
        f"{column_words} A row adds up to the cell state c.",
        claim=(
            f"all((one.sum(1) - c[{ends}, 0, unit]).abs().max() <= "
            "1e-5 * one.abs().sum(1).max() for unit, one in "
            f"[(unit, cells[:, :, unit]) for unit in {units}])"
        ),
    )


def _unit_notes(memory: Memory) -> Iterator[Sentence]:
    """Yield which units are drawn, if not all are."""
    units = memory.units
    count = memory.subject.weights.hidden_size
    if len(units) == count:
        return
    counts = (*((unit, str(unit)) for unit in units), (count, "c.shape[-1]"))
    if not memory.has_requested_units and not memory.representatives:
        yield sentence(
            "Unit {} of {}: its c goes farthest from zero.",
            *counts,
            claim=unit_choice.largest_claim("c[:, 0].abs().amax(0)", units),
        )
        return
    template = "Units {} and {} of {}." if len(units) > 1 else "Unit {} of {}."
    if len(units) > MAX_TITLE_UNITS:
        template = "{} of {} units are drawn."
        counts = (len(units), str(len(units))), counts[-1]
    yield sentence(template, *counts)
    if memory.representatives:
        yield memory.representatives.note


def _column_notes(memory: Memory) -> Iterator[Sentence]:
    """Yield what a column is if it pools steps, and how rows are added up."""
    if any(map(_is_rounded_off, total.totals(memory))):
        yield sentence("Sums are of unrounded numbers.")
    if memory.is_pooled:
        yield sentence(
            "A column adds up what neighbouring steps wrote.", claim="len(ends) < len(x)"
        )
    if memory.first_column == 0:
        yield sentence(
            "Before: the cell state at the start.",
            claim=f"bool((c_prev[0, 0, {[*memory.units]}] != 0).any())",
        )
    if has_life(memory):
        yield sentence("A write lasts until half of it is gone (median).")


def _is_rounded_off(row_total: total.Total) -> bool:
    """Return whether the printed numbers of a total do not add up, because they are rounded."""
    values = [line.number.value for line in row_total.lines]
    if not np.isfinite(values).all():
        return False
    *parts, printed_total = (float(text(v).replace(MINUS, "-")) for v in values)
    half_of_last_digit: float = 10**-DECIMALS / 2
    return abs(sum(parts) - printed_total) > ROUNDING_SLACK * half_of_last_digit


def _tick_notes(memory: Memory) -> Iterator[Sentence]:
    """Yield what the orange ticks mean, if there are any."""
    values = "kept[:, {}]" if memory.is_pooled else "f[:, 0, {}]"
    claims = [
        f"bool(({values.format(unit)} < {MIN_SHARE_LEFT}).any())"
        for unit_index, unit in enumerate(memory.units)
        if side_plots.low_rows(memory, unit_index)
    ]
    if claims:
        yield sentence("Orange tick: less than half is kept.", claim=" and ".join(claims))


def description(memory: Memory) -> str:
    """Return the alternative text: the total of each unit, and where it forgets most."""
    count = len(memory.subject.steps)
    return " ".join(
        _unit_description(memory, unit_index, count) for unit_index in range(len(memory.units))
    )


def _unit_description(memory: Memory, unit_index: int, count: int) -> str:
    """Return the description of one unit."""
    subject, unit = memory.subject, memory.units[unit_index]
    row_total = total.total(memory, unit_index)
    phrases = [
        f"{_column_words(memory, line.columns[0])} {text(line.number.value)} is left"
        for line in row_total.addends
    ]
    if row_total.others:
        phrases.append(f"of all others together {text(row_total.others.number.value)}")
    intro = (
        f"The cell state of unit {unit} over {count_phrase(count, 'step')}, split into what was "
        "written"
    )
    parts = [
        f"after step {memory.step(row_total.row)} c is {text(row_total.sum.number.value)}",
        *phrases,
    ]
    for row in side_plots.lowest_rows(memory, unit_index):
        value = text(memory.retained[row, unit_index])
        step = memory.step(row)
        parts.append(
            f"up to step {step} {value} is kept"
            if memory.is_pooled
            else f"at step {step} f is {value}"
        )
    last = subject.steps[-1].c[0, unit]
    parts.append(f"in the end c is {text(last)}")
    listing = "; ".join(parts)
    return f"{intro}. {listing[0].upper()}{listing[1:]}."


def _column_words(memory: Memory, column: int) -> str:
    """Return a column in words, for the alternative text."""
    if not column:
        return "of the state at the start"
    steps = memory.columns[column - 1]
    first, last = map(memory.subject.step_number, (steps.first, steps.last))
    return f"of step {first}" if first == last else f"of steps {first} to {last}"
