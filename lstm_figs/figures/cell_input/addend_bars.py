"""The sums of all units: the addends of each row, as numbers and as bars."""

from itertools import accumulate
from typing import NamedTuple

import numpy as np

from ...layout import styles, words
from ...layout.motifs import over_time, weight_rows
from ...layout.number_lists import number_list
from ...layout.panels import round_arrow
from ...model.layer_run import Subject
from ...model.lstm import GATES
from ...model.reference import Number, Ref
from ...proof.bindings import Flow, Length, Node, Scale, Sentence, sentence
from ...proof.digits import text
from ...scene.marks import Box, Mark, Path
from ...scene.terms import TERMS
from ...scene.theme import tint
from .parts import VECTOR_HEIGHT, Body, vector

MAX_UNITS, MAX_UNITS_NARROW = 4, 2
"""With more units, three of them are drawn; in a wide and in a narrow figure."""


class Sizes(NamedTuple):
    """Sizes of the parts of a row.

    Attributes:
        number: The font size of numbers.
        cell: The width of a column.
        sign: The width of a sign between columns.
        bus: The width left of a column for the arrows from its vector; 0 without
            arrows, in a narrow figure.
        row: The height of a row.
        bar: The height of the bar of an addend; the bar of the sum is higher.
        bar_offset: From the middle of a row down to its bars; 0 if the bars are
            beside the numbers.
        number_offset: From the middle of a row up to its numbers.
    """

    number: float
    cell: float
    sign: float
    bus: float
    row: float
    bar: float
    bar_offset: float = 0
    number_offset: float = 0


WIDE = Sizes(words.NUMBER, 52, 18, 20, 36, 4)
CLOSE = Sizes(words.SMALL, 41, 17, 0, 54, 3, 10, 15)
MAX_OVERHANG = 24.0
"""Tick labels may reach this far beyond their axis."""
SYMBOLS = {"ih": "W_{ih}·x", "hh": "W_{hh}·h", "bias_ih": "b_{ih}", "bias_hh": "b_{hh}"}


def body(subject: Subject, t: int, space: float, *, close: bool) -> Body:
    """The rows of all units, or of some if there are many."""
    size = subject.weights.hidden_size
    units = tuple(range(size))
    if size > (MAX_UNITS_NARROW if close else MAX_UNITS):
        units = (0, 1, size - 1)
    sizes = CLOSE if close else WIDE
    if len(units) > MAX_UNITS_NARROW and not close:
        sizes = sizes._replace(row=29.0, bar=3.0)
    head = 2 * VECTOR_HEIGHT + 46
    rows = weight_rows.Rows(units, size, top=head, height=sizes.row, gap=6, close=close)
    names = [n for n in SYMBOLS if n[:4] != "bias" or _has_bias(subject)]
    values = {name: _values(subject, name, t, rows) for name in names}
    z = {(gate, unit): subject.vector(f"z_{gate}", t)[unit] for gate, unit in rows.gate_unit_pairs}
    sums = _finite_sums(values, z)
    if close and len(sums) < len(rows.gate_unit_pairs):
        sums = {}
    if close and _scale(sums, rows.left, space - 2) is None:
        # Without bars, numbers are in the middle of their row.
        sizes = sizes._replace(bar_offset=0, number_offset=0)
    ids = [f"{name}-{t}-{{row}}" for name in (*names, "z")]
    marks: list[Mark] = []
    x, lefts = rows.left, {}
    for k, name in enumerate(names):
        if k:
            marks += [
                words.operator(x + sizes.sign / 2, rows.y(*pair) - sizes.number_offset, "+")
                for pair in rows.gate_unit_pairs
            ]
            x += sizes.sign
        if name in ("ih", "hh"):
            x += sizes.bus
        lefts[name] = x
        marks += _column(rows, name, values[name], x, t, sizes)
        x += sizes.cell
    marks += [
        words.operator(x + sizes.sign / 2, rows.y(*pair) - sizes.number_offset, "=")
        for pair in rows.gate_unit_pairs
    ]
    x += sizes.sign
    marks += _sums(rows, z, x, t, sizes)
    start = rows.left if close else x + sizes.cell + 26
    scale = _scale(sums, start, space - 2)
    bars = [f"z-{t}-{{row}}-bar"] if sizes.bar_offset and scale else []
    below_numbers: list[Mark] = weight_rows.gutter_marks(
        rows, ids, up=sizes.number_offset, also=bars
    )
    for k, (name, column) in enumerate((("x", "ih"), ("h_prev", "hh"))):
        left, y = lefts[column] - sizes.bus, k * (VECTOR_HEIGHT + 8)
        at = 54.0 if close else left
        below_numbers += vector(subject, name, t, at, y, space - at)
        below_numbers += _arrows(rows, name, column, t, left, y, sizes)
    if scale is not None:
        marks += _axis(rows, scale, sizes)
        for pair, after in sums.items():
            marks += _bars(rows, pair, values, after, z[pair], scale, t, sizes)
    return Body(
        [*below_numbers, *marks],
        rows.bottom + 24,
        _sentences(subject, t, rows, values, z),
        _notes(subject, units, has_bars=scale is not None),
        has_bars=scale is not None,
    )


def _has_bias(subject: Subject) -> bool:
    return subject.weights.bias_ih is not None


Values = dict[tuple[str, int], Number]


def _values(subject: Subject, name: str, t: int, rows: weight_rows.Rows) -> Values:
    return {
        (gate, unit): subject.parameter(name, row)
        if name.startswith("bias")
        else subject.result(name, t, 0, row)
        for gate, unit in rows.gate_unit_pairs
        for row in [rows.row(gate, unit)]
    }


def _column(
    rows: weight_rows.Rows, name: str, values: Values, x: float, t: int, sizes: Sizes
) -> list[Mark]:
    point = words.Decimals.of(values.values(), 6 if sizes.bus else 5)
    middle = x + sizes.cell / 2
    marks: list[Mark] = [
        words.label(
            middle,
            rows.top - 12,
            SYMBOLS[name],
            {"tensor": name},
            [f"{name}-{t}-*"],
            "column",
            anchor="middle",
            term=name,
            style=words.PLAIN if sizes.bus else words.FINE,
        )
    ]
    for (gate, unit), value in values.items():
        marks.append(
            point.number(
                middle,
                rows.y(gate, unit) - sizes.number_offset,
                value,
                size=sizes.number,
                max_chars=6 if sizes.bus else 5,
                id=f"{name}-{t}-{rows.row(gate, unit)}",
                term=f"{name} {gate}",
            )
        )
    return marks


def _sums(rows: weight_rows.Rows, z: Values, x: float, t: int, sizes: Sizes) -> list[Mark]:
    """The column of sums."""
    max_chars = 6 if sizes.bus else 5
    point = words.Decimals.of(z.values(), max_chars)
    middle = x + sizes.cell / 2
    head, _ = words.paragraph(
        middle,
        rows.top - 12 - words.LINE / 2,
        sentence("z"),
        40,
        size=words.LABEL,
        anchor="middle",
        fill="ink",
        bold=True,
    )
    numbers = [
        point.number(
            middle,
            rows.y(gate, unit) - sizes.number_offset,
            value,
            max_chars=max_chars,
            size=sizes.number,
            bold=not sizes.bus,
            id=f"z-{t}-{rows.row(gate, unit)}",
            term=f"z_{gate}",
        )
        for (gate, unit), value in z.items()
    ]
    return [*_chunks(rows, x, t, sizes), head, *numbers]


def _chunks(rows: weight_rows.Rows, x: float, t: int, sizes: Sizes) -> list[Mark]:
    """A frame around all sums as one tensor, and the name of each quarter."""
    if not sizes.bus:
        return []
    marks: list[Mark] = []
    half = sizes.row / 2
    for gate in GATES:
        first, last = (rows.y(gate, rows.units[k]) for k in (0, -1))
        of = [f"z-{t}-{rows.row(gate, u)}" for u in rows.units]
        paint = TERMS[gate].role
        marks += [
            Box(
                x,
                first - half + 2,
                sizes.cell,
                last - first + sizes.row - 4,
                radius=4,
                fill=tint(paint),
            ),
            words.label(
                x + sizes.cell + 5,
                (first + last) / 2,
                f"z_{{{gate}}}",
                {"tensor": f"z_{gate}", "gate": gate},
                of,
                "band",
                fill=paint,
                style=words.GATE._replace(size=16),
                term=f"z_{gate}",
            ),
        ]
    frame_height = rows.bottom - rows.top + 4
    frame = Box(x - 2, rows.top - 2, sizes.cell + 4, frame_height, radius=6, stroke="ink")
    return [*marks, frame]


def _arrows(
    rows: weight_rows.Rows, name: str, column: str, t: int, x: float, y: float, sizes: Sizes
) -> list[Mark]:
    """Arrows from a vector to its products in the bands of all four gates."""
    marks: list[Mark] = []
    if not sizes.bus:
        return marks
    for gate in GATES:
        first, last = (rows.y(gate, rows.units[k]) for k in (0, -1))
        size = rows.hidden_size
        start = GATES.index(gate) * size
        id = f"{column}-{t}-{gate}"
        marks.append(
            Box(
                x + sizes.bus - 1,
                first - sizes.row / 2 + 2,
                sizes.cell + 2,
                last - first + sizes.row - 4,
                radius=4,
                fill="panel",
                id=id,
                term=f"{column} {gate}",
                bound=(Node(Ref(column)[t, 0, start : start + size]),),
            )
        )
        level = (first + last) / 2
        bend_x = x + 7
        arrow = round_arrow(
            (bend_x, y + VECTOR_HEIGHT),
            (bend_x, level),
            (x + sizes.bus - 2, level),
            paint=TERMS[name].role,
            term=f"{name} {gate}",
        )
        flow = Flow("makes", f"{name}-{t}", id)
        marks.append(arrow._replace(bound=(flow,)))
    return marks


Sums = dict[tuple[str, int], list[float]]


def _finite_sums(values: dict[str, Values], z: Values) -> Sums:
    """The partial sums of each row after each addend; only rows that are finite."""
    all_sums = {pair: [*accumulate(float(v[pair].value) for v in values.values())] for pair in z}
    return {
        pair: sums for pair, sums in all_sums.items() if np.isfinite([*sums, z[pair].value]).all()
    }


def _scale(sums: Sums, left: float, right: float) -> Scale | None:
    """A scale for all partial sums; None without sums or without space."""
    if right - left < 40 or not sums:
        return None
    ends = [value for row_sums in sums.values() for value in row_sums]
    low, high = min(0.0, *ends), max(0.0, *ends)
    if low == high:
        low, high = -1.0, 1.0
    margin = 0.04 * (high - low)
    return Scale(low - margin, high + margin, left, right)


def _axis(rows: weight_rows.Rows, scale: Scale, sizes: Sizes) -> list[Mark]:
    """Lines at round values; behind the bars alone if these are below numbers."""
    spans = [(rows.top, rows.bottom)]
    if sizes.bar_offset:
        half = sizes.row / 2 - sizes.bar_offset
        middles = [rows.y(*pair) + sizes.bar_offset for pair in rows.gate_unit_pairs]
        spans = [(y - half, y + half) for y in middles]
    marks: list[Mark] = []
    for value in over_time.ticks_across(
        scale, 6, scale.start - MAX_OVERHANG, scale.stop + MAX_OVERHANG
    ):
        at = scale(value)
        lines = [
            piece for top, bottom in spans for piece in (("M", (at, top)), ("L", (at, bottom)))
        ]
        paint = "muted" if value == 0 else "rule"
        marks += [
            Path(tuple(lines), stroke=paint, stroke_width=styles.LINE.back.weight),
            words.tick(at, rows.bottom + 11, over_time.tick_text(value), "middle"),
        ]
    return marks


def _bars(
    rows: weight_rows.Rows,
    pair: tuple[str, int],
    values: dict[str, Values],
    sums: list[float],
    z: Number,
    scale: Scale,
    t: int,
    sizes: Sizes,
) -> list[Mark]:
    """The bars of a row: each addend starts where the one before ended."""
    gate, unit = pair
    row = rows.row(gate, unit)
    exprs = [
        str(Ref(name)[t, 0, row]) if name in ("ih", "hh") else numbers[pair].expr
        for name, numbers in values.items()
    ]
    sum_height = sizes.bar + 4
    bars_height = len(values) * (sizes.bar + 1) + sum_height
    y = rows.y(gate, unit) + sizes.bar_offset - bars_height / 2
    marks: list[Mark] = []
    before = 0.0
    for k, (name, after) in enumerate(zip(values, sums, strict=True)):
        left, right = sorted((scale(before), scale(after)))
        of = " + ".join(exprs[: k + 1])
        if k:
            of = f"torch.stack([{' + '.join(exprs[:k])}, {of}])"
        marks.append(
            Box(
                left,
                y,
                right - left,
                sizes.bar,
                fill="pos" if after >= before else "neg",
                id=f"{name}-{t}-{row}-bar",
                term=f"{name} {gate}",
                bound=(Length(of, "width", scale),),
            )
        )
        before, y = after, y + sizes.bar + 1
    left, right = sorted((scale(0), scale(float(z.value))))
    marks.append(
        Box(
            left,
            y,
            right - left,
            sum_height,
            fill=TERMS[gate].role,
            id=f"z-{t}-{row}-bar",
            term=f"z_{gate}",
            bound=(Length(z.expr, "width", scale),),
        )
    )
    return marks


def _sentences(
    subject: Subject, t: int, rows: weight_rows.Rows, values: dict[str, Values], z: Values
) -> list[str]:
    sentences = [f"Step {subject.step_number(t)}"]
    sentences += [f"{name} is {number_list(subject.vector(name, t))}" for name in ("x", "h_prev")]
    for gate, unit in rows.gate_unit_pairs:
        added = " + ".join(text(numbers[gate, unit].value) for numbers in values.values())
        sentences.append(
            f"Gate {gate}, row {rows.row(gate, unit)}: {added} = {text(z[gate, unit].value)}"
        )
    return sentences


def _notes(subject: Subject, units: tuple[int, ...], *, has_bars: bool) -> list[Sentence]:
    size = subject.weights.hidden_size
    first = subject.ref("weight_ih")
    notes = [
        sentence(
            ("Thin bars: blue adds, red takes away. " if has_bars else "")
            + "z is one tensor, which z.chunk({}) cuts into four; x and h_prev "
            "stay whole.",
            (4, f"len({first}) // c.shape[-1]"),
        )
    ]
    if len(units) < size:
        *some, last = map(str, units)
        notes.append(
            sentence(
                "The rows of units {}, of {}, are drawn.",
                (f"{', '.join(some)} and {last}", str(units)),
                (size, "c.shape[-1]"),
            )
        )
    return notes
