"""The figure `gate-functions`."""

from collections.abc import Sequence

import numpy as np

from ...layout import styles, words
from ...layout.cells import spoken
from ...layout.fold import WHOLE
from ...layout.provenance import provenance, source, step_of
from ...layout.room import inner
from ...proof.bindings import Sentence, sentence
from ...proof.digits import text
from ...proof.reference import Number
from ...proof.subject import Subject
from ...scene.marks import Anchor, Mark, Path, shift
from ...scene.scenes import Diagram, Head
from ...scene.terms import TERMS
from . import many, plane
from .plane import ARGUMENTS, LANE, LANES, SQUASHES, Squash
from .ranks import PRINTED

APART = 32.0
"""Between two planes."""
ROW = 19.0
"""The height of a row of numbers."""

Rows = list[tuple[str, dict[str, object], dict[str, Number]]]
"""Rows of numbers: what each is called, what that says, and its numbers by the
result that they are of."""


def gate_functions(subject: Subject, room: float, *, step: int = 2) -> Diagram:
    """The curves of σ and tanh, with the points that one step takes on them.

    Args:
        subject: What is drawn.
        room: The width that the figure may use.
        step: The time step, counted from 1; the first if there is no other.
    """
    t = subject.at(step)
    space = inner(room)
    beside = space >= 560
    width = (space - APART) / 2 if beside else space
    is_many = subject.weights.hidden_size > WHOLE
    reach = plane.reach(_sizes(subject, t, is_many))
    marks: list[Mark] = []
    x = y = height = 0.0
    for squash in SQUASHES:
        panel, bottom = _panel(subject, t, squash, width, reach, beside=beside, is_many=is_many)
        marks += [shift(mark, x, y) for mark in panel]
        height = y + bottom
        x, y = (width + APART, 0.0) if beside else (0.0, height + 26)
    return Diagram(
        _head(subject, t, reach, is_many),
        _description(subject, t, is_many),
        space,
        height,
        tuple(marks),
        room,
    )


def _sizes(subject: Subject, t: int, is_many: bool) -> list[float]:
    """Magnitudes that the axis reaches."""
    if is_many:
        return many.reached(subject, t, ARGUMENTS)
    return [
        abs(float(number.value))
        for name in ARGUMENTS
        for number in subject.vector(name, t)
        if np.isfinite(number.value)
    ]


def _panel(
    subject: Subject,
    t: int,
    squash: Squash,
    width: float,
    reach: int,
    *,
    beside: bool,
    is_many: bool,
) -> tuple[list[Mark], float]:
    """A curve, what goes in below it, then the numbers; and where it ends."""
    plot = plane.axes(squash, width, reach, high=150 if beside else 116)
    marks = plane.curve(squash, plot)
    y = plot.bottom + 8
    high = many.HIGH + 6 if is_many else LANE
    passing: list[float] = []
    # From below, for lines to the lower lanes pass the upper ones.
    for k, (name, result) in reversed([*enumerate(squash.pairs)]):
        if is_many:
            marks += many.median(subject, t, name, result, plot)
            marks += many.histogram(subject, t, name, plot, y + (k + 1) * high - 2)
        else:
            pairs = dict(
                enumerate(zip(subject.vector(name, t), subject.vector(result, t), strict=True))
            )
            level = y + (k + 0.5) * high
            marks += plane.lane(plot, name, result, pairs, level, t, passing)
            passing += plane.outer(plane.places(plot, pairs)).values()
    # Beside each other, both have the ticks at one height.
    y += (LANES if beside else len(squash.pairs)) * high + 10
    if any(m.id.endswith("-point") for m in marks):
        marks += plane.ticks(plot, y)
    table, y = _table(subject, t, squash, width, y + 28, is_many)
    return [*marks, *table], y


def _rows(subject: Subject, t: int, squash: Squash, is_many: bool) -> Rows:
    """Each unit, or ranks and counts of many."""
    names = [name for pair in squash.pairs for name in pair]
    if not is_many:
        return [
            (str(unit), {"unit": unit}, {name: subject.vector(name, t)[unit] for name in names})
            for unit in range(subject.weights.hidden_size)
        ]
    found = {name: many.statistics(subject, t, name) for name in names}
    rows: dict[str, dict[str, Number]] = {}
    for name, each in found.items():
        for label, number in each.items():
            rows.setdefault(label, {})[name] = number
    return [
        (
            label,
            {"rank": label} if label in PRINTED else {"near": label.removeprefix("near ")},
            numbers,
        )
        for label, numbers in rows.items()
    ]


def _table(
    subject: Subject, t: int, squash: Squash, width: float, y: float, is_many: bool
) -> tuple[list[Mark], float]:
    """Arguments beside results; `y` is the middle of their names."""
    rows = _rows(subject, t, squash, is_many)
    left = 48.0 if is_many else 18.0
    part = (width - left) / len(squash.pairs)
    places: dict[str, float] = {}
    for k, pair in enumerate(squash.pairs):
        right = left + part * (k + 1)
        places |= dict(zip(pair, (right - part / 2, right), strict=True))
    marks: list[Mark] = []
    ids: dict[str, list[str]] = {name: [] for name in places}
    for k, (label, names, numbers) in enumerate(rows):
        level, of = y + 22 + ROW * k, []
        for name, number in numbers.items():
            id = f"{name}-{t}-rank-{k}" if is_many else f"{name}-{t}-{k}"
            exact = "near" in names
            of.append(id)
            ids[name].append(id)
            marks.append(
                words.number(
                    places[name],
                    level,
                    number,
                    size=words.SMALL,
                    places=0 if exact else 2,
                    room=6,
                    anchor="end",
                    bold=name in ("i", "f", "g", "o"),
                    id=id,
                    term=name,
                )
            )
        marks.append(words.label(0, level, label, names, of, "row", style=words.FINE))
    for name, x in places.items():
        anchor: Anchor = "end"
        marks.append(
            words.label(
                x,
                y,
                TERMS[name].symbol,
                {"tensor": name},
                ids[name],
                "column",
                anchor=anchor,
                style=words.STRONG,
                fill=TERMS[name].role,
                term=name,
            )
        )
    if not is_many:
        unit, _ = words.paragraph(0, y - 9, sentence("unit"), 40, size=words.SMALL)
        marks.append(unit)
    rule = (("M", (0, y + 10)), ("L", (width, y + 10)))
    thin = styles.LINE.back.weight
    marks.append(Path(rule, stroke="rule", stroke_width=thin))
    return marks, y + 22 + ROW * (len(rows) - 1) + 8


def _head(subject: Subject, t: int, reach: int, is_many: bool) -> Head:
    label = subject.label(t)
    return Head(
        sentence("σ gives a share, tanh a signed value"),
        sentence(
            "What goes into the two functions, and what comes out: i, f and o "
            "lie between zero and one, g and tanh c between minus one and one."
        ),
        provenance(subject, *step_of(subject, label)),
        (_how(is_many), *_beyond(subject, t, reach)),
        source(subject),
    )


def _how(is_many: bool) -> Sentence:
    if is_many:
        return sentence(
            "Below each curve are histograms of its arguments over the units, "
            "each scaled to its own height; points on the curve are medians. "
            "Nine tenths of the units are at or below p90, one tenth at or "
            "below p10; near means within a tenth."
        )
    return sentence("Each tick is the argument of one unit; the table names them.")


def _beyond(subject: Subject, t: int, reach: int) -> list[Sentence]:
    """How many arguments lie beyond the ends of the axis."""
    vectors = [subject.vector(name, t) for name in ARGUMENTS]
    count = sum(
        int(np.count_nonzero(np.isfinite(a) & (abs(a) > reach)))
        for a in [one.values for one in vectors]
    )
    if not count:
        return []
    sums = " + ".join(
        f"({one.of}.isfinite() & ({one.of}.abs() > {reach})).sum()" for one in vectors
    )
    said = "{} argument lies" if count == 1 else "{} arguments lie"
    return [sentence(f"{said} beyond the axis.", (count, f"({sums}).item()"))]


def _description(subject: Subject, t: int, is_many: bool) -> str:
    """What goes in and what comes out."""
    told = [f"Step {subject.label(t)}."]
    for squash in SQUASHES:
        for name, result in squash.pairs:
            if is_many:
                told += [_ranks(of, many.statistics(subject, t, of)) for of in (name, result)]
                continue
            ins, outs = (spoken(subject.vector(n, t)) for n in (name, result))
            told.append(f"{squash.name} of {name} {ins} is {result} {outs}.")
    return " ".join(told)


def _ranks(name: str, each: dict[str, Number]) -> str:
    values: Sequence[str] = [
        f"{label} {text(number.value, 2 if label in PRINTED else 0)}"
        for label, number in each.items()
    ]
    return f"{name}: {'; '.join(values)}."
