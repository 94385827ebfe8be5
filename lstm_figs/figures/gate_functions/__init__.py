"""The figure `gate-functions`."""

from collections.abc import Sequence

import numpy as np

from ...layout import styles, words
from ...layout.excerpts import MAX_UNFOLDED
from ...layout.margins import inner_width
from ...layout.number_lists import number_list
from ...layout.provenance import provenance, source, step_items
from ...model.layer_run import Subject
from ...model.reference import Number
from ...proof.bindings import Sentence, sentence
from ...proof.digits import text
from ...scene.marks import Anchor, Mark, Path, shift
from ...scene.scenes import Diagram, Head
from ...scene.terms import TERMS
from . import curve_plots, distributions
from .curve_plots import ARGUMENTS, LANE_HEIGHT, MAX_LANES, SQUASHES, Squash
from .percentiles import PRINTED

PANEL_GAP = 32.0
"""Between two planes."""
ROW_HEIGHT = 19.0
"""The height of a row of numbers."""

Rows = list[tuple[str, dict[str, object], dict[str, Number]]]
"""Rows of numbers: what each is called, what that says, and its numbers by the
result that they are of."""


def gate_functions(subject: Subject, width: float, *, step: int = 2) -> Diagram:
    """The curves of σ and tanh, with the points that one step takes on them.

    Args:
        subject: What is drawn.
        width: The width that the figure may use.
        step: The time step, counted from 1; the first if there is no other.
    """
    t = subject.step_index(step)
    space = inner_width(width)
    is_side_by_side = space >= 560
    panel_width = (space - PANEL_GAP) / 2 if is_side_by_side else space
    is_many = subject.weights.hidden_size > MAX_UNFOLDED
    axis_end = curve_plots.axis_end(_sizes(subject, t, is_many))
    marks: list[Mark] = []
    x = y = height = 0.0
    for squash in SQUASHES:
        panel, bottom = _panel(
            subject,
            t,
            squash,
            panel_width,
            axis_end,
            is_side_by_side=is_side_by_side,
            is_many=is_many,
        )
        marks += [shift(mark, x, y) for mark in panel]
        height = y + bottom
        x, y = (panel_width + PANEL_GAP, 0.0) if is_side_by_side else (0.0, height + 26)
    return Diagram(
        _head(subject, t, axis_end, is_many),
        _description(subject, t, is_many),
        space,
        height,
        tuple(marks),
        width,
    )


def _sizes(subject: Subject, t: int, is_many: bool) -> list[float]:
    """Magnitudes that the axis reaches."""
    if is_many:
        return distributions.axis_magnitudes(subject, t, ARGUMENTS)
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
    axis_end: int,
    *,
    is_side_by_side: bool,
    is_many: bool,
) -> tuple[list[Mark], float]:
    """A curve, what goes in below it, then the numbers; and where it ends."""
    plot = curve_plots.axes(squash, width, axis_end, height=150 if is_side_by_side else 116)
    marks = curve_plots.curve(squash, plot)
    y = plot.bottom + 8
    lane_height = distributions.HISTOGRAM_HEIGHT + 6 if is_many else LANE_HEIGHT
    passing: list[float] = []
    # From below, for lines to the lower lanes pass the upper ones.
    for k, (name, result) in reversed([*enumerate(squash.pairs)]):
        if is_many:
            marks += distributions.median(subject, t, name, result, plot)
            marks += distributions.histogram(subject, t, name, plot, y + (k + 1) * lane_height - 2)
        else:
            pairs = dict(
                enumerate(zip(subject.vector(name, t), subject.vector(result, t), strict=True))
            )
            level = y + (k + 0.5) * lane_height
            marks += curve_plots.lane(plot, name, result, pairs, level, t, passing)
            passing += curve_plots.outer(curve_plots.places(plot, pairs)).values()
    # Beside each other, both have the ticks at one height.
    y += (MAX_LANES if is_side_by_side else len(squash.pairs)) * lane_height + 10
    if any(m.id.endswith("-point") for m in marks):
        marks += curve_plots.ticks(plot, y)
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
    statistics = {name: distributions.statistics(subject, t, name) for name in names}
    rows: dict[str, dict[str, Number]] = {}
    for name, by_label in statistics.items():
        for label, number in by_label.items():
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
        level, of = y + 22 + ROW_HEIGHT * k, []
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
                    max_chars=6,
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
    line_width = styles.LINE.back.weight
    marks.append(Path(rule, stroke="rule", stroke_width=line_width))
    return marks, y + 22 + ROW_HEIGHT * (len(rows) - 1) + 8


def _head(subject: Subject, t: int, axis_end: int, is_many: bool) -> Head:
    label = subject.step_number(t)
    return Head(
        sentence("σ gives a share, tanh a signed value"),
        sentence(
            "What goes into the two functions, and what comes out: i, f and o "
            "lie between zero and one, g and tanh c between minus one and one."
        ),
        provenance(subject, *step_items(subject, label)),
        (_how(is_many), *_beyond(subject, t, axis_end)),
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


def _beyond(subject: Subject, t: int, axis_end: int) -> list[Sentence]:
    """How many arguments lie beyond the ends of the axis."""
    vectors = [subject.vector(name, t) for name in ARGUMENTS]
    count = sum(
        int(np.count_nonzero(np.isfinite(a) & (abs(a) > axis_end)))
        for a in [vector.values for vector in vectors]
    )
    if not count:
        return []
    sums = " + ".join(
        f"({vector.of}.isfinite() & ({vector.of}.abs() > {axis_end})).sum()" for vector in vectors
    )
    template = "{} argument lies" if count == 1 else "{} arguments lie"
    return [sentence(f"{template} beyond the axis.", (count, f"({sums}).item()"))]


def _description(subject: Subject, t: int, is_many: bool) -> str:
    """What goes in and what comes out."""
    sentences = [f"Step {subject.step_number(t)}."]
    for squash in SQUASHES:
        for name, result in squash.pairs:
            if is_many:
                sentences += [
                    _ranks(of, distributions.statistics(subject, t, of)) for of in (name, result)
                ]
                continue
            ins, outs = (number_list(subject.vector(n, t)) for n in (name, result))
            sentences.append(f"{squash.name} of {name} {ins} is {result} {outs}.")
    return " ".join(sentences)


def _ranks(name: str, numbers: dict[str, Number]) -> str:
    values: Sequence[str] = [
        f"{label} {text(number.value, 2 if label in PRINTED else 0)}"
        for label, number in numbers.items()
    ]
    return f"{name}: {'; '.join(values)}."
