"""The figure `direct-path`: the gradient of the last c along c alone, and through h as well."""

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from ..layout import styles, words
from ..layout.margins import inner_width
from ..layout.motifs.weight_rows import DIGIT_WIDTH
from ..layout.motifs.wires import CELL_WIRE_WIDTH, WIRE_WIDTH, wire
from ..layout.panels import circle
from ..layout.provenance import provenance, source
from ..layout.unit_choice import largest_claim
from ..model.gradients.rounding import CERTAIN, spreads
from ..model.gradients.through_time import through_time
from ..model.layer_run import MAX_SUMMED_STEPS, LayerRun
from ..model.reference import Number, Ref
from ..model.tensors import Array
from ..proof.bindings import Length, Node, Sample, Scale, sentence
from ..proof.digits import count_phrase, text
from ..scene import metrics
from ..scene.marks import Box, Mark, Path
from ..scene.scenes import Diagram, Head
from ..scene.theme import Paint, tint

RADIUS, CELL_Y, HIDDEN_Y = 13.0, 36.0, 92.0
"""The radius of a state, and the heights of c and h."""
UNITS_TOP, BARS_HEIGHT, ROW_HEIGHT, UNIT_GAP = 136.0, 48.0, 18.0, 34.0
"""The top of the units, the height of the bars and of a row, and the gap between
units."""
MAX_UNITS, MAX_UNITS_NARROW = 4, 2
"""The most units that are drawn, in a wide and in a narrow form."""
MIN_COLUMN_WIDTH, MAX_COLUMN_WIDTH = 50.0, 118.0
"""The least and the largest width of the column of a state."""
BAR_WIDTH = 14.0
ROUNDED, MAX_MARGIN = 1e-6, 0.01
"""The rounding error of autograd, as a share of a gradient's scale, and the
largest share of an axis that is added for it at each end."""
PLACES = 3
"""Digits after the point. With two, products look wrong and both routes equal."""
LINE_OFFSET, MIN_THICKNESS, MAX_THICKNESS = 17.0, 0.75, 6.0
"""From the factors of a unit down to its line, and the thickness of the line if f
is 0 and if f is 1."""

Places = Mapping[int, float]
"""Step -> the horizontal position of its state, from left to right."""


class Unit(NamedTuple):
    """The gradients of the last c with respect to each earlier c of a unit.

    Attributes:
        unit: The index of the unit.
        f: The forget gate at each step.
        direct: The gradient along c alone: the product of f over the later steps.
        total: The gradient of the sum of the last c of all units, along all paths.
    """

    unit: int
    f: list[Number]
    direct: list[Number]
    total: list[Number]


class Route(NamedTuple):
    """The paths that a gradient may take, and the look of its values.

    Attributes:
        id: The field of `Unit`, and the prefix of the ids.
        label: The label of its numbers.
        tensor: The tensor that the label is bound to.
        term: The term of its numbers.
        ink: The paint of its numbers and its label.
        paint: The paint of its bars.
        offset: From a state to the left of its bar.
        is_bold: Whether its numbers are bold.
    """

    id: str
    label: str
    tensor: str
    term: str
    ink: Paint
    paint: Paint
    offset: float
    is_bold: bool = False


ROUTES = (
    Route("direct", "along c", "f.prod", "c", "gate-f", "gate-f", -BAR_WIDTH - 1, True),
    Route("total", "all paths", "total", "c c_prev", "ink", "ink:70", 1),
)


def direct_path(subject: LayerRun, width: float) -> Diagram:
    """The gradient of the last c along c alone, and through h as well."""
    last = min(len(subject.steps), MAX_SUMMED_STEPS)
    is_wide = width >= 480
    units = _units(subject, last, MAX_UNITS if is_wide else MAX_UNITS_NARROW)
    left = 104.0 if is_wide else 70.0
    space = inner_width(width) - left
    first = max(0, last + 1 - int(space / MIN_COLUMN_WIDTH))
    column = min(MAX_COLUMN_WIDTH, space / (last - first + 1))
    places = {t: left + (t - first + 0.5) * column for t in range(first, last + 1)}
    marks = _states(subject, places, last)
    y = UNITS_TOP
    for unit in units:
        unit_marks, bottom = _unit(unit, places, y, int((column - 4) / DIGIT_WIDTH))
        marks += unit_marks
        y = bottom + UNIT_GAP
    return Diagram(
        _head(subject, first, last, [unit.unit for unit in units]),
        _description(subject, units),
        inner_width(width),
        bottom + 4,
        tuple(marks),
        width,
    )


def _units(subject: LayerRun, last: int, max_units: int) -> list[Unit]:
    """The units that keep most, ordered by their index."""
    steps = subject.steps[:last]
    ends = np.zeros(last)
    ends[-1] = 1
    flow = through_time(subject.weights, steps, np.zeros(last), ends)
    # The first row is the initial c; the others are the c of each step, whose
    # gradient includes the path through the h of that step.
    value, scale = (
        np.concatenate([first[:1], others[:-1]])
        for first, others in zip(flow.c_prev, flow.c, strict=True)
    )
    products, errors = _products(subject, last)
    ranked = np.argsort(-np.nan_to_num(products[0]), kind="stable")[:max_units]
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
def _products(subject: LayerRun, last: int) -> tuple[Array, Array]:
    """The products of f from each step to the last, and their rounding errors."""
    steps = subject.steps[:last]
    f = np.stack([step.f[0] for step in steps])
    products = f[::-1].cumprod(0)[::-1]
    varied = [s.f[0] for s in spreads(subject.weights, steps)]
    shares = (np.array(varied) / np.square(f))[::-1].cumsum(0)[::-1]
    return products, CERTAIN * products * np.sqrt(shares)


def _states(subject: LayerRun, places: Places, last: int) -> list[Mark]:
    """The states as nodes, with arrows from the states that each depends on."""
    marks: list[Mark] = []
    for (t, x), (_, after) in pairwise(places.items()):
        marks += [
            _arrow((x, CELL_Y), (after, CELL_Y), f"c-{t}", f"c-{t + 1}", "f"),
            _arrow((x, HIDDEN_Y), (after, CELL_Y), f"h-{t}", f"c-{t + 1}"),
        ]
        if t:
            marks.append(_arrow((x, CELL_Y), (x, HIDDEN_Y), f"c-{t}", f"h-{t}"))
        if t + 1 < last:
            marks.append(_arrow((x, HIDDEN_Y), (after, HIDDEN_Y), f"h-{t}", f"h-{t + 1}"))
    for t, x in places.items():
        step = subject.step_number(t - 1) if t else 0
        names = ["c", "h"] if t < last else ["c"]
        for name in names:
            marks += _state(name, t, x, CELL_Y if name == "c" else HIDDEN_Y)
        marks.append(
            words.label(
                x,
                8,
                str(step),
                {"step": step},
                [f"{name}-{t}" for name in names],
                "column",
                style=words.FINE,
                anchor="middle",
            )
        )
    start = min(places.values()) - RADIUS - 8
    for label, y, paint in (
        ("step", 8.0, "muted"),
        ("along c", CELL_Y, "gate-f"),
        ("through h", HIDDEN_Y, "muted"),
    ):
        marks.append(
            words.paragraph(
                start,
                y - 9,
                sentence(label),
                80,
                size=words.SMALL,
                anchor="end",
                fill=paint,
                bold=paint != "muted",
            )[0]
        )
    return marks


def _state(name: str, t: int, x: float, y: float) -> list[Mark]:
    tensor = {"c": "c", "h": "output"}[name]
    at = Ref(tensor)[t - 1, 0] if t else Ref(f"{name}_0")[0, 0]
    node = circle(x, y, RADIUS, fill=tint(name), stroke=name, term=name)
    return [
        node._replace(id=f"{name}-{t}", bound=(Node(at),)),
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
    """An arrow between states; heavy and in the hue of f on the direct path."""
    (x, y), (x_to, y_to) = start, end
    length = float(np.hypot(x_to - x, y_to - y))
    dx, dy = (x_to - x) / length, (y_to - y) / length
    start_gap, end_gap = RADIUS + 1, RADIUS + 3
    return wire(
        (x + start_gap * dx, y + start_gap * dy),
        (x_to - end_gap * dx, y_to - end_gap * dy),
        tail=tail,
        head=head,
        width=CELL_WIRE_WIDTH if gate else WIRE_WIDTH,
        paint="gate-f" if gate else "muted",
        term=gate,
    )


def _unit(unit: Unit, places: Places, y: float, max_chars: int) -> tuple[list[Mark], float]:
    """A unit: f along c, and below each state its gradients on both routes.

    Args:
        unit: The unit.
        places: The position of each state.
        y: The middle of the numbers above the line.
        max_chars: The most characters of a number.

    Returns:
        The marks, and their bottom.
    """
    ids: dict[str, list[str]] = {"f": [], "direct": [], "total": []}
    marks = _line(unit, places, y, max_chars - 1, ids)
    level = y + LINE_OFFSET + 1
    for route in ROUTES:
        level += ROW_HEIGHT
        values = getattr(unit, route.id)
        for t in [*places][:-1]:
            ids[route.id].append(f"{route.id}-{t}-{unit.unit}")
            marks.append(
                words.number(
                    places[t],
                    level,
                    values[t],
                    size=words.SMALL,
                    places=PLACES,
                    max_chars=max_chars,
                    fill=route.ink,
                    bold=route.is_bold,
                    id=ids[route.id][-1],
                    term=route.term,
                )
            )
        marks += [
            Box(
                0,
                level - 5,
                8,
                10,
                fill=route.paint,
                bound=(Sample((f"{route.id}-*-{unit.unit}-bar",)),),
            ),
            words.label(
                13,
                level,
                route.label,
                {"tensor": route.tensor, "unit": unit.unit},
                [*ids[route.id]],
                "row",
                style=words.FINE_STRONG if route.is_bold else words.FINE,
                fill=route.ink,
            ),
        ]
    top = level + ROW_HEIGHT / 2 + 4
    marks += _bars(unit, places, top, ids)
    marks.append(
        words.label(
            0,
            y + LINE_OFFSET / 2,
            f"unit {unit.unit}",
            {"unit": unit.unit},
            [i for each in ids.values() for i in each],
            "band",
            style=words.STRONG,
        )
    )
    return marks, top + BARS_HEIGHT


def _line(
    unit: Unit, places: Places, y: float, max_chars: int, ids: dict[str, list[str]]
) -> list[Mark]:
    """The line along c from state to state, as thick as f, with f above it."""
    marks: list[Mark] = []
    scale = Scale(0, 1, MIN_THICKNESS, MAX_THICKNESS)
    for (t, x), (after, end) in pairwise(places.items()):
        f, id = unit.f[t], f"f-{after}-{unit.unit}"
        printed = text(f.value, PLACES, max_chars)
        half = metrics.width(printed, words.SMALL, mono=True) / 2
        middle = (x + end) / 2
        # If states are close, one × at the left is enough.
        offset = 5 if end - x >= 2 * half + 20 else 0
        if offset:
            marks.append(words.operator(middle - half - 1, y, "×", fill="gate-f"))
        elif not ids["f"]:
            marks.append(words.operator(x - 26, y, "×", fill="gate-f"))
        marks.append(
            words.number(
                middle + offset,
                y,
                f,
                size=words.SMALL,
                places=PLACES,
                max_chars=max_chars,
                fill="gate-f",
                id=id,
                term="f",
            )
        )
        ids["f"].append(id)
        if np.isfinite(f.value):
            marks.append(
                Path(
                    (("M", (x, y + LINE_OFFSET)), ("L", (end, y + LINE_OFFSET))),
                    stroke="gate-f",
                    stroke_width=scale(float(f.value)),
                    term="f",
                    bound=(Length(f.expr, "stroke-width", scale),),
                )
            )
    marks += [
        circle(x, y + LINE_OFFSET, 4, fill=tint("c"), stroke="c", term="c") for x in places.values()
    ]
    start = min(places.values()) - 10
    marks.append(
        words.label(
            start,
            y,
            "f",
            {"tensor": "f", "unit": unit.unit},
            ids["f"],
            "row",
            style=words.FINE,
            fill="gate-f",
            anchor="end",
            term="f",
        )
    )
    return marks


def _bars(unit: Unit, places: Places, top: float, ids: dict[str, list[str]]) -> list[Mark]:
    """Two bars at each state: its gradient along c alone, and on all paths."""
    entries = [
        (route, t, getattr(unit, route.id)[t])
        for route in ROUTES
        for t in [*places][:-1]
        if np.isfinite(getattr(unit, route.id)[t].value)
    ]
    values = [float(number.value) for _, _, number in entries]
    low, high = min(0.0, *values, 0.0), max(0.0, *values, 0.0)
    margin = ROUNDED * max([1.0, *(number.scale for _, _, number in entries)])
    margin = min(margin, MAX_MARGIN * (high - low))
    high = high + margin if high > low else 1.0
    scale = Scale(low - margin, high, top + BARS_HEIGHT, top)
    zero = scale(0)
    *before, _ = places.values()
    ends = (("M", (before[0] - 24, zero)), ("L", (before[-1] + 24, zero)))
    line_width = styles.LINE.back.weight
    marks: list[Mark] = [Path(ends, stroke="rule", stroke_width=line_width)]
    for route, t, number in entries:
        end = scale(float(number.value))
        id = f"{route.id}-{t}-{unit.unit}-bar"
        ids[route.id].append(id)
        marks.append(
            Box(
                places[t] + route.offset,
                min(zero, end),
                BAR_WIDTH,
                abs(end - zero),
                fill=route.paint,
                id=id,
                term="c",
                bound=(Length(number.expr, "height", scale),),
            )
        )
    return marks


def _head(subject: LayerRun, first: int, last: int, units: Sequence[int]) -> Head:
    count, size = len(subject.steps), subject.weights.hidden_size
    step = subject.step_number(last - 1), f"min(len(x), {MAX_SUMMED_STEPS})"
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
                claim=largest_claim(f"f[:{last}, 0].prod(0).nan_to_num()", units),
            )
        )
    # The first place is the initial state, so with first == 1 no step is left out.
    if first > 1:
        notes.append(
            sentence(
                "Left out before these: {} of {} steps.",
                (first - 1, f"min(len(x), {MAX_SUMMED_STEPS}) - {last - first + 1}"),
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


def _description(subject: LayerRun, units: Sequence[Unit]) -> str:
    """The gradients from each state to the last, for every unit."""
    sentences = [f"{count_phrase(len(units[0].f), 'step')}."]
    for unit in units:
        sentences.append(f"Unit {unit.unit}.")
        for t, numbers in enumerate(zip(unit.f, unit.direct, unit.total, strict=True)):
            f, direct, total = (text(n.value, PLACES) for n in numbers)
            sentences.append(
                f"At step {subject.step_number(t)} f is {f}; from the c before it "
                f"to the last, directly {direct}, on all paths {total}."
            )
    return " ".join(sentences)
