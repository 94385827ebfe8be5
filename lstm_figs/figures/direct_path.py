"""The figure `direct-path`."""

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from ..layout import over_time, words
from ..layout.panels import circle
from ..layout.provenance import provenance, source
from ..layout.room import inner
from ..layout.wires import HEAVY, THIN, wire
from ..model.gradients.rounding import CERTAIN, spreads
from ..model.gradients.through_time import through_time
from ..model.tensors import Array
from ..proof.bindings import Length, Node, Scale, sentence
from ..proof.digits import text
from ..proof.subject import SUMMED, Number, Subject
from ..scene.marks import Box, Mark, Path
from ..scene.scenes import Diagram, Head
from ..scene.theme import tint

RADIUS, CELL, HIDDEN = 13.0, 36.0, 92.0
"""The radius of a state, and where c and h stand."""
FIRST, BARS, ROW = 128.0, 54.0, 18.0
"""Where the numbers begin, the height of bars, and of a row."""
MOST, NARROW = 4, 2
"""The most units that are drawn, and those of a narrow form."""
WIDEST = 118.0
"""The widest column of a state."""
BAR = 14.0


class Unit(NamedTuple):
    """How the last c of a unit, or of all, changes with each c before it.

    Attributes:
        unit: Which one.
        f: The forget gate of each step.
        direct: Along c alone: the product of f over the steps that follow.
        total: Along all paths, of the sum of the last c of every unit.
    """

    unit: int
    f: list[Number]
    direct: list[Number]
    total: list[Number]


def direct_path(subject: Subject, room: float) -> Diagram:
    """The gradient of the last c along c alone, and through h as well."""
    last = min(len(subject.steps), SUMMED)
    wide = room >= 480
    units = _units(subject, last, MOST if wide else NARROW)
    left = 92.0 if wide else 54.0
    column = min(WIDEST, (inner(room) - left) / (last + 1))
    places = [left + (t + 0.5) * column for t in range(last + 1)]
    marks = _states(subject, places, last)
    y = FIRST
    for one in units:
        drawn, y = _numbers(one, places, column, y, wide)
        marks += drawn
    return Diagram(
        _head(subject, last, len(units)),
        _description(subject, units),
        inner(room),
        y - 10,
        tuple(marks),
        room,
    )


def _units(subject: Subject, last: int, most: int) -> list[Unit]:
    """The units that keep most, in their order."""
    steps = subject.steps[:last]
    ends = np.zeros(last)
    ends[-1] = 1
    flow = through_time(subject.weights, steps, np.zeros(last), ends)
    value, scale = flow.c_prev
    products, errors = _products(subject, last)
    ranked = np.argsort(-np.nan_to_num(products[0]), kind="stable")[:most]
    return [
        Unit(
            unit,
            [subject.result("f", t, 0, unit) for t in range(last)],
            [
                Number(
                    products[t, unit], f"f[{t}:{last}, 0, {unit}].prod()",
                    float(errors[t, unit]),
                )
                for t in range(last)
            ],
            [
                Number(
                    value[t, 0, unit], f"total[{t}, 0, {unit}]",
                    float(scale[t, 0, unit]),
                )
                for t in range(last)
            ],
        )
        for unit in sorted(map(int, ranked))
    ]  # fmt: skip


@np.errstate(all="ignore")
def _products(subject: Subject, last: int) -> tuple[Array, Array]:
    """The products of f from each step on, and how far rounding moves them."""
    steps = subject.steps[:last]
    f = np.stack([step.f[0] for step in steps])
    products = f[::-1].cumprod(0)[::-1]
    varied = [s.f[0] for s in spreads(subject.weights, steps)]
    shares = (np.array(varied) / np.square(f))[::-1].cumsum(0)[::-1]
    return products, CERTAIN * products * np.sqrt(shares)


def _states(subject: Subject, places: Sequence[float], last: int) -> list[Mark]:
    """The states as nodes, and what each depends on with none between."""
    marks: list[Mark] = []
    for t, x in enumerate(places[:-1]):
        after = places[t + 1]
        marks += [
            _arrow((x, CELL), (after, CELL), f"c-{t}", f"c-{t + 1}", "f"),
            _arrow((x, HIDDEN), (after, CELL), f"h-{t}", f"c-{t + 1}"),
        ]
        if t + 1 < last:
            marks += [
                _arrow((x, HIDDEN), (after, HIDDEN), f"h-{t}", f"h-{t + 1}"),
                _arrow((after, CELL), (after, HIDDEN), f"c-{t + 1}",
                       f"h-{t + 1}"),
            ]  # fmt: skip
    for t, x in enumerate(places):
        called = subject.label(t - 1) if t else 0
        shown = ["c", "h"] if t < last else ["c"]
        for name in shown:
            marks += _state(name, t, x, CELL if name == "c" else HIDDEN)
        marks.append(
            words.label(
                x, 8, str(called), {"step": called},
                [f"{name}-{t}" for name in shown], "column",
                size=words.SMALL, anchor="middle",
            )
        )  # fmt: skip
    step, _ = words.paragraph(
        places[0] - 24, -1, sentence("step"), 60, size=words.SMALL,
        anchor="end",
    )  # fmt: skip
    return [*marks, step]


def _state(name: str, t: int, x: float, y: float) -> list[Mark]:
    of = {"c": "c", "h": "output"}[name]
    at = f"{of}[{t - 1}, 0]" if t else f"{name}_0[0, 0]"
    around = circle(x, y, RADIUS, fill=tint(name), stroke=name, term=name)
    return [
        around._replace(id=f"{name}-{t}", bound=(Node(at),)),
        words.label(
            x, y, name, {"tensor": name if t else f"{name}_0"},
            [f"{name}-{t}"], "column", anchor="middle", fill=name, bold=True,
            term=name,
        ),
    ]  # fmt: skip


def _arrow(
    start: tuple[float, float],
    end: tuple[float, float],
    tail: str,
    head: str,
    gate: str = "",
) -> Mark:
    """The direct path is heavy and has the hue of the gate on it."""
    (x, y), (x_to, y_to) = start, end
    length = float(np.hypot(x_to - x, y_to - y))
    dx, dy = (x_to - x) / length, (y_to - y) / length
    near, far = RADIUS + 1, RADIUS + 3
    return wire(
        (x + near * dx, y + near * dy), (x_to - far * dx, y_to - far * dy),
        tail=tail, head=head, width=HEAVY if gate else THIN,
        paint="gate-f" if gate else "muted", term=gate,
    )  # fmt: skip


def _numbers(
    one: Unit, places: Sequence[float], column: float, y: float, wide: bool
) -> tuple[list[Mark], float]:
    """A unit: f between the states, and below each what passes from there."""
    between = [(a + b) / 2 for a, b in pairwise(places)]
    every = max(1, -(-46 // int(column)))
    marks: list[Mark] = []
    ids: dict[str, list[str]] = {"f": [], "direct": [], "total": []}
    marks += _bars(one, places, y + ROW + 6, ids)
    bottom = y + ROW + BARS + 18
    rows = (
        ("f", one.f, between, y + 4, "gate-f"),
        ("direct", one.direct, places, bottom, "gate-f"),
        ("total", one.total, places, bottom + ROW, "ink"),
    )
    for name, values, xs, level, paint in rows:
        for t, (value, x) in enumerate(zip(values, xs, strict=False)):
            if t % every:
                continue
            id = f"{name}-{t + 1 if name == 'f' else t}-{one.unit}"
            ids[name].append(id)
            marks.append(
                words.number(
                    x, level, value, size=words.SMALL,
                    room=max(5, int((every * column - 6) / 7.3)), fill=paint,
                    bold=name == "direct", id=id,
                    term={"f": "f", "direct": "c", "total": "c c_prev"}[name],
                )
            )  # fmt: skip
    said = {"f": "f", "direct": "direct path", "total": "all paths"}
    for name, _, _, level, paint in rows:
        tensor = {"f": "f", "direct": "f.prod", "total": "total"}[name]
        names: dict[str, object] = {"tensor": tensor, "unit": one.unit}
        marks.append(
            words.label(
                0, level, said[name] if wide else said[name].split()[0], names,
                [i for i in ids[name] if not i.endswith("bar")], "row",
                size=words.SMALL, fill=paint, bold=name == "direct",
            )
        )  # fmt: skip
    marks.append(
        words.label(
            0, y + ROW + 6 + BARS / 2,
            f"unit {one.unit}" if wide else str(one.unit),
            {"unit": one.unit}, [i for each in ids.values() for i in each],
            "band", fill="ink", bold=True,
        )
    )  # fmt: skip
    return marks, bottom + 2 * ROW + 14


def _bars(
    one: Unit, places: Sequence[float], top: float, ids: dict[str, list[str]]
) -> list[Mark]:
    """Two bars at each state, from 0: the direct path, and all paths."""
    values = [float(n.value) for n in (*one.direct, *one.total)]
    low, high = _span(values)
    scale = Scale(low, high, top + BARS, top)
    zero = scale(0)
    ends = (("M", (places[0] - 24, zero)), ("L", (places[-2] + 24, zero)))
    marks: list[Mark] = [Path(ends, stroke="rule", stroke_width=0.75)]
    for name, numbers, aside, paint in (
        ("direct", one.direct, -BAR - 1, "gate-f"),
        ("total", one.total, 1.0, "ink:70"),
    ):
        for t, number in enumerate(numbers):
            if not np.isfinite(number.value):
                continue
            end = scale(float(number.value))
            id = f"{name}-{t}-{one.unit}-bar"
            ids[name].append(id)
            marks.append(
                Box(
                    places[t] + aside, min(zero, end), BAR, abs(end - zero),
                    fill=paint, id=id, term="c",
                    bound=(Length(number.expr, "height", scale),),
                )
            )  # fmt: skip
    return marks


def _span(values: Sequence[float]) -> tuple[float, float]:
    """From the least to the largest value, with 0 and at least one more."""
    low, high = over_time.span(values)
    finite = [v for v in values if np.isfinite(v)]
    return min(0.0, *finite, 0.0), max(1.0, high if low < -1 else 1.0, *finite)


def _head(subject: Subject, last: int, units: int) -> Head:
    count, size = len(subject.steps), subject.weights.hidden_size
    step = subject.label(last - 1)
    notes = [
        sentence(
            "Left bar: the direct path, on which the gates are held; it is "
            "the product of f over the steps that follow. Right bar: all "
            "paths, the gradient of the sum of the last c, which also goes "
            "through h and the gates of every unit."
        )
    ]
    if units < size:
        said = "unit is" if units == 1 else "units are"
        notes.append(
            sentence(
                f"The {{}} of {{}} {said} drawn that keep most.",
                (units, f"min({units}, c.shape[-1])"), (size, "c.shape[-1]"),
            )
        )  # fmt: skip
    if count > last:
        notes.append(
            sentence("Later steps, to {}, are left out.", (count, "len(x)"))
            if subject.direction == "forward"
            else sentence("Steps after that are left out.")
        )
    return Head(
        sentence("A gradient goes straight along c, and around through h"),
        sentence(
            "How c after step {} changes with each c before it.",
            (step, str(step)),
        ),
        provenance(subject),
        tuple(notes),
        source(subject),
    )


def _description(subject: Subject, units: Sequence[Unit]) -> str:
    """Of each unit, what passes from each state to the last."""
    told = [f"{len(units[0].f)} steps."]
    for one in units:
        told.append(f"Unit {one.unit}.")
        for t, (f, direct, total) in enumerate(
            zip(one.f, one.direct, one.total, strict=True)
        ):
            told.append(
                f"At step {subject.label(t)} f is {text(f.value)}; from the c "
                f"before it to the last, directly {text(direct.value)}, on "
                f"all paths {text(total.value)}."
            )
    return " ".join(told)
