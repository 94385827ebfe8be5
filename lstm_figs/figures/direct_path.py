"""The figure `direct-path`."""

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from ..layout import styles, words
from ..layout.choice import largest
from ..layout.motifs.rows import CHARACTER
from ..layout.motifs.wires import HEAVY, THIN, wire
from ..layout.panels import circle
from ..layout.provenance import provenance, source
from ..layout.room import inner
from ..model.gradients.rounding import CERTAIN, spreads
from ..model.gradients.through_time import through_time
from ..model.tensors import Array
from ..proof.bindings import Length, Node, Sample, Scale, sentence
from ..proof.digits import counted, text
from ..proof.reference import Number, Ref
from ..proof.subject import SUMMED, Subject
from ..scene import metrics
from ..scene.marks import Box, Mark, Path
from ..scene.scenes import Diagram, Head
from ..scene.theme import Paint, tint

RADIUS, CELL, HIDDEN = 13.0, 36.0, 92.0
"""The radius of a state, and where c and h stand."""
FIRST, BARS, ROW, APART = 136.0, 48.0, 18.0, 34.0
"""Where units begin, the height of bars and of a row, and what is between
units."""
MOST, NARROW = 4, 2
"""The most units that are drawn, and those of a narrow form."""
NARROWEST, WIDEST = 50.0, 118.0
"""How wide the column of a state may be."""
BAR = 14.0
ROUNDED, EDGE = 1e-6, 0.01
"""How far autograd may round otherwise, as a share of what a gradient is
computed from, and which share of a scale that may add at its ends."""
PLACES = 3
"""Digits after the point: with two, products look wrong and both ways equal."""
LINE, THREAD, OPEN = 17.0, 0.75, 6.0
"""How far the line of a unit lies below its factors, and how thick it is where
f is 0, and where it is 1."""

Places = Mapping[int, float]
"""Where each state stands, from left to right."""


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


class Way(NamedTuple):
    """Which ways a gradient may go, and how what it is then is drawn.

    Attributes:
        id: The field of `Unit`, with which ids begin.
        said: What it is called.
        tensor: What its label names.
        term: Of its numbers.
        ink: Of its numbers and of what it is called.
        paint: Of its bars.
        aside: Where its bars begin, from their state.
        is_bold: Whether its numbers are.
    """

    id: str
    said: str
    tensor: str
    term: str
    ink: Paint
    paint: Paint
    aside: float
    is_bold: bool = False


WAYS = (
    Way("direct", "along c", "f.prod", "c", "gate-f", "gate-f", -BAR - 1, True),
    Way("total", "all paths", "total", "c c_prev", "ink", "ink:70", 1),
)


def direct_path(subject: Subject, room: float) -> Diagram:
    """The gradient of the last c along c alone, and through h as well."""
    last = min(len(subject.steps), SUMMED)
    wide = room >= 480
    units = _units(subject, last, MOST if wide else NARROW)
    left = 104.0 if wide else 70.0
    space = inner(room) - left
    first = max(0, last + 1 - int(space / NARROWEST))
    column = min(WIDEST, space / (last - first + 1))
    places = {t: left + (t - first + 0.5) * column for t in range(first, last + 1)}
    marks = _states(subject, places, last)
    y = FIRST
    for one in units:
        drawn, bottom = _unit(one, places, y, int((column - 4) / CHARACTER))
        marks += drawn
        y = bottom + APART
    return Diagram(
        _head(subject, first, last, [one.unit for one in units]),
        _description(subject, units),
        inner(room),
        bottom + 4,
        tuple(marks),
        room,
    )


def _units(subject: Subject, last: int, most: int) -> list[Unit]:
    """The units that keep most, in their order."""
    steps = subject.steps[:last]
    ends = np.zeros(last)
    ends[-1] = 1
    flow = through_time(subject.weights, steps, np.zeros(last), ends)
    # What comes in is no c that a drawn h shows; all others are.
    value, scale = (
        np.concatenate([first[:1], others[:-1]])
        for first, others in zip(flow.c_prev, flow.c, strict=True)
    )
    products, errors = _products(subject, last)
    ranked = np.argsort(-np.nan_to_num(products[0]), kind="stable")[:most]
    return [
        Unit(
            unit,
            [subject.result("f", t, 0, unit) for t in range(last)],
            [
                Number(
                    products[t, unit],
                    subject.ref("f")[t:last, 0, unit].call("prod"),
                    float(errors[t, unit]),
                )
                for t in range(last)
            ],
            [
                Number(value[t, 0, unit], Ref("total")[t, 0, unit], float(scale[t, 0, unit]))
                for t in range(last)
            ],
        )
        for unit in sorted(map(int, ranked))
    ]


@np.errstate(all="ignore")
def _products(subject: Subject, last: int) -> tuple[Array, Array]:
    """The products of f from each step on, and how far rounding moves them."""
    steps = subject.steps[:last]
    f = np.stack([step.f[0] for step in steps])
    products = f[::-1].cumprod(0)[::-1]
    varied = [s.f[0] for s in spreads(subject.weights, steps)]
    shares = (np.array(varied) / np.square(f))[::-1].cumsum(0)[::-1]
    return products, CERTAIN * products * np.sqrt(shares)


def _states(subject: Subject, places: Places, last: int) -> list[Mark]:
    """The states as nodes, and what each depends on with none between."""
    marks: list[Mark] = []
    for (t, x), (_, after) in pairwise(places.items()):
        marks += [
            _arrow((x, CELL), (after, CELL), f"c-{t}", f"c-{t + 1}", "f"),
            _arrow((x, HIDDEN), (after, CELL), f"h-{t}", f"c-{t + 1}"),
        ]
        if t:
            marks.append(_arrow((x, CELL), (x, HIDDEN), f"c-{t}", f"h-{t}"))
        if t + 1 < last:
            marks.append(_arrow((x, HIDDEN), (after, HIDDEN), f"h-{t}", f"h-{t + 1}"))
    for t, x in places.items():
        called = subject.label(t - 1) if t else 0
        shown = ["c", "h"] if t < last else ["c"]
        for name in shown:
            marks += _state(name, t, x, CELL if name == "c" else HIDDEN)
        marks.append(
            words.label(
                x,
                8,
                str(called),
                {"step": called},
                [f"{name}-{t}" for name in shown],
                "column",
                style=words.FINE,
                anchor="middle",
            )
        )
    start = min(places.values()) - RADIUS - 8
    for said, y, paint in (
        ("step", 8.0, "muted"),
        ("along c", CELL, "gate-f"),
        ("through h", HIDDEN, "muted"),
    ):
        marks.append(
            words.paragraph(
                start,
                y - 9,
                sentence(said),
                80,
                size=words.SMALL,
                anchor="end",
                fill=paint,
                bold=paint != "muted",
            )[0]
        )
    return marks


def _state(name: str, t: int, x: float, y: float) -> list[Mark]:
    of = {"c": "c", "h": "output"}[name]
    at = Ref(of)[t - 1, 0] if t else Ref(f"{name}_0")[0, 0]
    around = circle(x, y, RADIUS, fill=tint(name), stroke=name, term=name)
    return [
        around._replace(id=f"{name}-{t}", bound=(Node(at),)),
        words.label(
            x,
            y,
            name,
            {"tensor": name if t else f"{name}_0"},
            [f"{name}-{t}"],
            "column",
            anchor="middle",
            style=words.STRONG,
            fill=name,
            term=name,
        ),
    ]


def _arrow(
    start: tuple[float, float], end: tuple[float, float], tail: str, head: str, gate: str = ""
) -> Mark:
    """The direct path is heavy and has the hue of the gate on it."""
    (x, y), (x_to, y_to) = start, end
    length = float(np.hypot(x_to - x, y_to - y))
    dx, dy = (x_to - x) / length, (y_to - y) / length
    near, far = RADIUS + 1, RADIUS + 3
    return wire(
        (x + near * dx, y + near * dy),
        (x_to - far * dx, y_to - far * dy),
        tail=tail,
        head=head,
        width=HEAVY if gate else THIN,
        paint="gate-f" if gate else "muted",
        term=gate,
    )


def _unit(one: Unit, places: Places, y: float, room: int) -> tuple[list[Mark], float]:
    """A unit: f on the line along c, and below each state what gets through.

    Args:
        one: The unit.
        places: Where each state stands.
        y: The middle of what is written above the line.
        room: The most characters of a number.

    Returns:
        What is drawn, and its bottom.
    """
    ids: dict[str, list[str]] = {"f": [], "direct": [], "total": []}
    marks = _line(one, places, y, room - 1, ids)
    level = y + LINE + 1
    for way in WAYS:
        level += ROW
        values = getattr(one, way.id)
        for t in [*places][:-1]:
            ids[way.id].append(f"{way.id}-{t}-{one.unit}")
            marks.append(
                words.number(
                    places[t],
                    level,
                    values[t],
                    size=words.SMALL,
                    places=PLACES,
                    room=room,
                    fill=way.ink,
                    bold=way.is_bold,
                    id=ids[way.id][-1],
                    term=way.term,
                )
            )
        marks += [
            Box(
                0,
                level - 5,
                8,
                10,
                fill=way.paint,
                bound=(Sample((f"{way.id}-*-{one.unit}-bar",)),),
            ),
            words.label(
                13,
                level,
                way.said,
                {"tensor": way.tensor, "unit": one.unit},
                [*ids[way.id]],
                "row",
                style=words.FINE_STRONG if way.is_bold else words.FINE,
                fill=way.ink,
            ),
        ]
    top = level + ROW / 2 + 4
    marks += _bars(one, places, top, ids)
    marks.append(
        words.label(
            0,
            y + LINE / 2,
            f"unit {one.unit}",
            {"unit": one.unit},
            [i for each in ids.values() for i in each],
            "band",
            style=words.STRONG,
        )
    )
    return marks, top + BARS


def _line(one: Unit, places: Places, y: float, room: int, ids: dict[str, list[str]]) -> list[Mark]:
    """The line along c from state to state, as thick as f, with its factors."""
    marks: list[Mark] = []
    scale = Scale(0, 1, THREAD, OPEN)
    for (t, x), (after, end) in pairwise(places.items()):
        f, id = one.f[t], f"f-{after}-{one.unit}"
        printed = text(f.value, PLACES, room)
        half = metrics.width(printed, words.SMALL, mono=True) / 2
        middle = (x + end) / 2
        # Where states are close, one sign at the left stands for all.
        aside = 5 if end - x >= 2 * half + 20 else 0
        if aside:
            marks.append(words.operator(middle - half - 1, y, "×", fill="gate-f"))
        elif not ids["f"]:
            marks.append(words.operator(x - 26, y, "×", fill="gate-f"))
        marks.append(
            words.number(
                middle + aside,
                y,
                f,
                size=words.SMALL,
                places=PLACES,
                room=room,
                fill="gate-f",
                id=id,
                term="f",
            )
        )
        ids["f"].append(id)
        if np.isfinite(f.value):
            marks.append(
                Path(
                    (("M", (x, y + LINE)), ("L", (end, y + LINE))),
                    stroke="gate-f",
                    stroke_width=scale(float(f.value)),
                    term="f",
                    bound=(Length(f.expr, "stroke-width", scale),),
                )
            )
    marks += [circle(x, y + LINE, 4, fill=tint("c"), stroke="c", term="c") for x in places.values()]
    start = min(places.values()) - 10
    marks.append(
        words.label(
            start,
            y,
            "f",
            {"tensor": "f", "unit": one.unit},
            ids["f"],
            "row",
            style=words.FINE,
            fill="gate-f",
            anchor="end",
            term="f",
        )
    )
    return marks


def _bars(one: Unit, places: Places, top: float, ids: dict[str, list[str]]) -> list[Mark]:
    """Two bars at each state, from 0: along c alone, and on all paths."""
    shown = [
        (way, t, getattr(one, way.id)[t])
        for way in WAYS
        for t in [*places][:-1]
        if np.isfinite(getattr(one, way.id)[t].value)
    ]
    values = [float(number.value) for _, _, number in shown]
    low, high = min(0.0, *values, 0.0), max(0.0, *values, 0.0)
    far = ROUNDED * max([1.0, *(number.scale for _, _, number in shown)])
    far = min(far, EDGE * (high - low))
    high = high + far if high > low else 1.0
    scale = Scale(low - far, high, top + BARS, top)
    zero = scale(0)
    *before, _ = places.values()
    ends = (("M", (before[0] - 24, zero)), ("L", (before[-1] + 24, zero)))
    thin = styles.LINE.back.weight
    marks: list[Mark] = [Path(ends, stroke="rule", stroke_width=thin)]
    for way, t, number in shown:
        end = scale(float(number.value))
        id = f"{way.id}-{t}-{one.unit}-bar"
        ids[way.id].append(id)
        marks.append(
            Box(
                places[t] + way.aside,
                min(zero, end),
                BAR,
                abs(end - zero),
                fill=way.paint,
                id=id,
                term="c",
                bound=(Length(number.expr, "height", scale),),
            )
        )
    return marks


def _head(subject: Subject, first: int, last: int, units: Sequence[int]) -> Head:
    count, size = len(subject.steps), subject.weights.hidden_size
    step = subject.label(last - 1), f"min(len(x), {SUMMED})"
    if subject.direction == "reverse":
        step = step[0], f"len(x) + 1 - {step[1]}"
    notes = [
        sentence(
            "Along c, with every gate held, what is left is the product of f "
            "over the steps that follow. On all paths it is the gradient of "
            "the sum of the last c, which also goes through h and the gates "
            "of every unit."
        ),
        sentence(
            "A line is as thick as its f is large. The bars of a unit have a scale of their own."
        ),
    ]
    if len(units) < size:
        notes.append(
            sentence(
                "The {} of {} units that keep most are drawn.",
                (len(units), f"min({len(units)}, c.shape[-1])"),
                (size, "c.shape[-1]"),
                claim=largest(f"f[:{last}, 0].prod(0).nan_to_num()", units),
            )
        )
    # Before the first step stands a state, which is none.
    if first > 1:
        notes.append(
            sentence(
                "Left out before these: {} of {} steps.",
                (first - 1, f"min(len(x), {SUMMED}) - {last - first + 1}"),
                (count, "len(x)"),
            )
        )
    if first == 1:
        notes.append(
            sentence(
                "The state at the start is left out, and the step from it.",
                claim=f"len(x) >= {last}",
            )
        )
    if count > last:
        notes.append(
            sentence("Later steps, to {}, are left out.", (count, "len(x)"))
            if subject.direction == "forward"
            else sentence("Steps after that are left out.", claim=f"len(x) > {last}")
        )
    return Head(
        sentence("A gradient goes straight along c, and around through h"),
        sentence(
            "How c after step {} changes with each c before it: along c alone "
            "it is multiplied by f at every step.",
            step,
        ),
        provenance(subject),
        tuple(notes),
        source(subject),
    )


def _description(subject: Subject, units: Sequence[Unit]) -> str:
    """Of each unit, what passes from each state to the last."""
    told = [f"{counted(len(units[0].f), 'step')}."]
    for one in units:
        told.append(f"Unit {one.unit}.")
        for t, numbers in enumerate(zip(one.f, one.direct, one.total, strict=True)):
            f, direct, total = (text(n.value, PLACES) for n in numbers)
            told.append(
                f"At step {subject.label(t)} f is {f}; from the c before it "
                f"to the last, directly {direct}, on all paths {total}."
            )
    return " ".join(told)
