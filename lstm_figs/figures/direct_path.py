"""The figure `direct-path`: the gradient of the last c along c alone, and through h as well."""

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from ..layout import styles, words
from ..layout.margins import inner_width
from ..layout.motifs.weight_rows import DIGIT_WIDTH
from ..layout.motifs.wires import CELL_WIRE_WIDTH, WIRE_WIDTH, wire
from ..layout.provenance import provenance, source
from ..layout.shapes import Point, circle
from ..layout.unit_choice import largest_claim
from ..model.gradients.rounding import CERTAIN, spreads
from ..model.gradients.through_time import through_time
from ..model.layer_run import MAX_SUMMED_STEPS, LayerRun
from ..model.reference import Number, Ref
from ..model.tensors import Array
from ..proof.bindings import Length, Node, Sample, Scale, Sentence, sentence
from ..proof.digits import count_phrase, text
from ..scene import metrics
from ..scene.marks import Box, Mark, Path
from ..scene.scenes import Diagram, Head
from ..scene.theme import Paint, tint

RADIUS = 13.0
"""The radius of a state."""
STEPS_Y, CELL_Y, HIDDEN_Y = 8.0, 36.0, 92.0
"""The heights of the numbers of steps, of c, and of h."""
UNITS_TOP, BARS_HEIGHT, ROW_HEIGHT, UNIT_GAP = 136.0, 48.0, 18.0, 34.0
"""The top of the units, the height of the bars and of a row, and the gap between
units."""
MAX_UNITS, MAX_UNITS_NARROW = 4, 2
"""The most units that are drawn, in a wide and in a narrow form."""
MIN_COLUMN_WIDTH, MAX_COLUMN_WIDTH = 50.0, 118.0
"""The least and the largest width of the column of a state."""
BAR_WIDTH = 14.0
"""The width of a bar."""
ROUNDING_ERROR, MAX_MARGIN = 1e-6, 0.01
"""The rounding error of autograd, as a share of a gradient's scale, and the
largest share of an axis that is added for it at each end."""
MAX_DIFFERENCE = 0.05
"""The largest difference between the routes, as a share of the largest gradient,
of a unit whose gradient c alone explains."""
DECIMALS = 3
"""Digits after the point. With two, products look wrong and both routes equal."""
LINE_OFFSET, MIN_THICKNESS, MAX_THICKNESS = 17.0, 0.75, 6.0
"""From the factors of a unit down to its line, and the thickness of the line if f
is 0 and if f is 1."""


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

    @property
    def finding(self) -> Sentence | None:
        """What a comparison of its two routes shows, if it shows something."""
        last, unit = len(self.f), self.unit
        direct, total = (
            np.array([float(gradient.value) for gradient in gradients])
            for gradients in (self.direct, self.total)
        )
        total_expr = f"total[:{last}, 0, {unit}]"
        if (np.abs(direct - total) <= MAX_DIFFERENCE * np.abs(total).max()).all():
            products = f"torch.stack([f[t:{last}, 0, {unit}].prod() for t in range({last})])"
            claim = (
                f"bool((({products} - {total_expr}).abs() "
                f"<= {MAX_DIFFERENCE} * {total_expr}.abs().max()).all())"
            )
            return sentence("c alone explains it", claim=claim)
        # Along c a gradient is a product of gates, so it is never negative.
        if (total < 0).all():
            return sentence("h reverses its sign", claim=f"bool(({total_expr} < 0).all())")
        return None


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
    Route(
        id="direct",
        label="along c",
        tensor="f.prod",
        term="c",
        ink="gate-f",
        paint="gate-f",
        offset=-BAR_WIDTH - 1,
        is_bold=True,
    ),
    Route(
        id="total",
        label="all paths",
        tensor="total",
        term="c c_prev",
        ink="ink",
        paint="ink:70",
        offset=1,
    ),
)
"""The paths of a gradient that are compared."""


def direct_path(subject: LayerRun, width: float) -> Diagram:
    """The gradient of the last c along c alone, and through h as well."""
    drawing = _Drawing(subject, width)
    marks, bottom = drawing.marks()
    return Diagram(
        heading=drawing.head(),
        description=drawing.description(),
        width=inner_width(width),
        height=bottom + 4,
        marks=tuple(marks),
        figure_width=width,
    )


def _units(subject: LayerRun, last: int, max_units: int) -> list[Unit]:
    """The units that keep most, ordered by their index."""
    steps = subject.steps[:last]
    # The gradient of the last c alone, and of no h.
    seeds_of_h, seeds_of_c = np.zeros(last), np.zeros(last)
    seeds_of_c[-1] = 1
    flow = through_time(subject.weights, steps, seeds_of_h, seeds_of_c)
    # The first row is the initial c; the others are the c of each step, whose
    # gradient includes the path through the h of that step.
    value, scale = (
        np.concatenate([by_c_prev[:1], by_c[:-1]])
        for by_c_prev, by_c in zip(flow.c_prev, flow.c, strict=True)
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
                    subject.ref("f")[t:last, 0, unit].method_call("prod"),
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
    # The relative variance of a product is the sum of those of its factors.
    f_variances = np.array([step_spread.f[0] for step_spread in spreads(subject.weights, steps)])
    relative_variances = (f_variances / np.square(f))[::-1].cumsum(0)[::-1]
    return products, CERTAIN * products * np.sqrt(relative_variances)


class _Drawing:
    """The states over the steps, and below them each unit with its gradients.

    A state is counted from 0, the initial one.

    Attributes:
        last: The last state, whose gradient is drawn.
        units: The units.
        first: The first state that fits.
        places: State -> its horizontal position, from left to right.
        max_chars: The most characters of a number.
    """

    def __init__(self, subject: LayerRun, width: float):
        self.subject = subject
        self.last = min(len(subject.steps), MAX_SUMMED_STEPS)
        is_wide = width >= 480
        self.units = _units(subject, self.last, MAX_UNITS if is_wide else MAX_UNITS_NARROW)
        left = 104.0 if is_wide else 70.0
        space = inner_width(width) - left
        self.first = max(0, self.last + 1 - int(space / MIN_COLUMN_WIDTH))
        states = range(self.first, self.last + 1)
        column = min(MAX_COLUMN_WIDTH, space / len(states))
        self.places = {t: left + (k + 0.5) * column for k, t in enumerate(states)}
        self.max_chars = int((column - 4) / DIGIT_WIDTH)

    def marks(self) -> tuple[list[Mark], float]:
        """All marks, and their bottom."""
        marks, y = self.states(), UNITS_TOP
        for unit in self.units:
            unit_marks, bottom = self.unit(unit, y)
            marks += unit_marks
            y = bottom + UNIT_GAP
        return marks, bottom

    def states(self) -> list[Mark]:
        """The states as nodes, with arrows from the states that each depends on."""
        marks = self.arrows()
        for t, x in self.places.items():
            step = self.subject.step_number(t - 1) if t else 0
            # The last c does not depend on the last h.
            names = ("c",) if t == self.last else ("c", "h")
            states = [self.state(name, t) for name in names]
            marks += [mark for node, label in states for mark in (node, label)]
            marks.append(
                words.label(
                    x,
                    STEPS_Y,
                    str(step),
                    names={"step": step},
                    of=[node for node, _ in states],
                    style=words.FINE,
                    anchor="middle",
                )
            )
        return [*marks, *self.row_names()]

    def point(self, name: str, t: int) -> Point:
        """The middle of a state."""
        return self.places[t], CELL_Y if name == "c" else HIDDEN_Y

    def state(self, name: str, t: int) -> tuple[Mark, Mark]:
        """The circle of a state, and its letter."""
        x, y = self.point(name, t)
        tensor = {"c": "c", "h": "output"}[name]
        at = Ref(tensor)[t - 1, 0] if t else Ref(f"{name}_0")[0, 0]
        node = circle(
            x, y, RADIUS, fill=tint(name), stroke=name, id=f"{name}-{t}", term=name
        )._replace(bound=(Node(at),))
        letter = words.label(
            x,
            y,
            name,
            names={"tensor": name if t else f"{name}_0"},
            of=[node],
            along="column",
            anchor="middle",
            style=words.STRONG,
            fill=name,
            term=name,
        )
        return node, letter

    def arrows(self) -> list[Mark]:
        """An arrow to each state from each that it depends on."""
        marks: list[Mark] = []
        for t, after in pairwise(self.places):
            marks += [self.arrow("c", t, "c", after, "f"), self.arrow("h", t, "c", after)]
            if t:
                marks.append(self.arrow("c", t, "h", t))
            if after < self.last:
                marks.append(self.arrow("h", t, "h", after))
        return marks

    def arrow(self, tail: str, tail_t: int, head: str, head_t: int, gate: str = "") -> Mark:
        """An arrow between states; heavy and in the hue of f on the direct path."""
        (x, y), (x_to, y_to) = self.point(tail, tail_t), self.point(head, head_t)
        length = float(np.hypot(x_to - x, y_to - y))
        dx, dy = (x_to - x) / length, (y_to - y) / length
        start_gap, end_gap = RADIUS + 1, RADIUS + 3
        return wire(
            (x + start_gap * dx, y + start_gap * dy),
            (x_to - end_gap * dx, y_to - end_gap * dy),
            tail=f"{tail}-{tail_t}",
            head=f"{head}-{head_t}",
            width=CELL_WIRE_WIDTH if gate else WIRE_WIDTH,
            paint="gate-f" if gate else "muted",
            term=gate,
        )

    def row_names(self) -> list[Mark]:
        """The names of the rows of states, left of them."""
        right = self.places[self.first] - RADIUS - 8
        rows: tuple[tuple[str, float, Paint], ...] = (
            ("step", STEPS_Y, "muted"),
            ("along c", CELL_Y, "gate-f"),
            ("through h", HIDDEN_Y, "muted"),
        )
        marks: list[Mark] = []
        for content, y, paint in rows:
            name, _ = words.paragraph(
                right,
                y - words.LINE_HEIGHT / 2,
                sentence(content),
                right,
                size=words.SMALL,
                anchor="end",
                fill=paint,
                bold=paint == "gate-f",
            )
            marks.append(name)
        return marks

    def unit(self, unit: Unit, y: float) -> tuple[list[Mark], float]:
        """A unit, and its bottom.

        Its line along c has f above it, with the middle of the digits at `y`.
        Below each state are its gradients on both routes.
        """
        marks = self.line(unit, y)
        level = y + LINE_OFFSET + 1
        for route in ROUTES:
            level += ROW_HEIGHT
            marks += self.gradients(unit, route, level)
        top = level + ROW_HEIGHT / 2 + 4
        marks += self.bars(unit, top)
        name = words.label(
            0,
            y + LINE_OFFSET / 2,
            f"unit {unit.unit}",
            names={"unit": unit.unit},
            of=marks,
            along="band",
            style=words.STRONG,
        )
        return [*marks, name, *self.finding(unit, top + 8)], top + BARS_HEIGHT

    def finding(self, unit: Unit, top: float) -> list[Mark]:
        """What the bars of a unit show, left of them."""
        if unit.finding is None:
            return []
        width = self.places[self.first] - BAR_WIDTH - 10
        lines, _ = words.paragraph(0, top, unit.finding, width, size=words.SMALL, fill="ink")
        return [lines]

    def line(self, unit: Unit, y: float) -> list[Mark]:
        """The line along c from state to state, as thick as f, with f above it."""
        line_y = y + LINE_OFFSET
        marks: list[Mark] = []
        for t, after in pairwise(self.places):
            marks += self.factor(unit, t, y)
            f, scale = unit.f[t], Scale(0, 1, MIN_THICKNESS, MAX_THICKNESS)
            if np.isfinite(f.value):
                marks.append(
                    Path(
                        (("M", (self.places[t], line_y)), ("L", (self.places[after], line_y))),
                        stroke="gate-f",
                        stroke_width=scale(float(f.value)),
                        term="f",
                        bound=(Length(f.expr, "stroke-width", scale),),
                    )
                )
        marks += [
            circle(x, line_y, 4, fill=tint("c"), stroke="c", term="c") for x in self.places.values()
        ]
        name = words.label(
            self.places[self.first] - 10,
            y,
            "f",
            names={"tensor": "f", "unit": unit.unit},
            of=marks,
            style=words.FINE,
            fill="gate-f",
            anchor="end",
            term="f",
        )
        return [*marks, name]

    def factor(self, unit: Unit, t: int, y: float) -> list[Mark]:
        """The factor between a state and the next, with the sign × before it."""
        f, x, end = unit.f[t], self.places[t], self.places[t + 1]
        # The sign × takes the space of a digit.
        max_chars = self.max_chars - 1
        printed = text(f.value, DECIMALS, max_chars)
        half = metrics.width(printed, words.SMALL, mono=True) / 2
        middle = (x + end) / 2
        # If states are close, there is one × left of the first factor, for all.
        has_own_sign = end - x >= 2 * half + 20
        marks: list[Mark] = []
        if has_own_sign:
            marks.append(words.operator(middle - half - 1, y, "×", fill="gate-f"))
        elif t == self.first:
            marks.append(words.operator(x - 26, y, "×", fill="gate-f"))
        number = words.number(
            middle + (5 if has_own_sign else 0),
            y,
            f,
            size=words.SMALL,
            decimals=DECIMALS,
            max_chars=max_chars,
            fill="gate-f",
            id=f"f-{t + 1}-{unit.unit}",
            term="f",
        )
        return [*marks, number]

    def gradients(self, unit: Unit, route: Route, y: float) -> list[Mark]:
        """The gradients of a unit on a route as numbers, with their name."""
        values = getattr(unit, route.id)
        numbers = [
            words.number(
                self.places[t],
                y,
                values[t],
                size=words.SMALL,
                decimals=DECIMALS,
                max_chars=self.max_chars,
                fill=route.ink,
                bold=route.is_bold,
                id=f"{route.id}-{t}-{unit.unit}",
                term=route.term,
            )
            for t in range(self.first, self.last)
        ]
        sample = Sample((f"{route.id}-*-{unit.unit}-bar",))
        return [
            *numbers,
            Box(0, y - 5, 8, 10, fill=route.paint, bound=(sample,)),
            words.label(
                13,
                y,
                route.label,
                names={"tensor": route.tensor, "unit": unit.unit},
                of=numbers,
                style=words.FINE_STRONG if route.is_bold else words.FINE,
                fill=route.ink,
            ),
        ]

    def bars(self, unit: Unit, top: float) -> list[Mark]:
        """Two bars at each state: its gradient along c alone, and on all paths."""
        entries = [
            (route, t, getattr(unit, route.id)[t])
            for route in ROUTES
            for t in range(self.first, self.last)
            if np.isfinite(getattr(unit, route.id)[t].value)
        ]
        scale = _bar_scale([number for _, _, number in entries], top)
        zero = scale(0)
        left, right = self.places[self.first] - 24, self.places[self.last - 1] + 24
        line_width = styles.LINE.muted.weight
        marks: list[Mark] = [
            Path(
                (("M", (left, zero)), ("L", (right, zero))), stroke="rule", stroke_width=line_width
            )
        ]
        for route, t, number in entries:
            end = scale(float(number.value))
            marks.append(
                Box(
                    self.places[t] + route.offset,
                    min(zero, end),
                    BAR_WIDTH,
                    abs(end - zero),
                    fill=route.paint,
                    id=f"{route.id}-{t}-{unit.unit}-bar",
                    term="c",
                    bound=(Length(number.expr, "height", scale),),
                )
            )
        return marks

    def head(self) -> Head:
        subject, last = self.subject, self.last
        last_step = f"min(len(x), {MAX_SUMMED_STEPS})"
        if subject.direction == "reverse":
            last_step = f"len(x) + 1 - {last_step}"
        return Head(
            sentence("A gradient goes straight along c, and around through h"),
            sentence(
                "How c after step {} changes with each c before it: along c alone "
                "it is multiplied by f at every step.",
                (subject.step_number(last - 1), last_step),
            ),
            provenance(subject),
            (
                sentence(
                    "Along c every gate is held. A line is as thick as its f. The bars of a unit "
                    "have their own scale."
                ),
                *self.unit_notes(),
                *self.step_notes(),
            ),
            source(subject),
        )

    def unit_notes(self) -> list[Sentence]:
        """Which units are drawn, if not all are."""
        units, size = [unit.unit for unit in self.units], self.subject.weights.hidden_size
        if len(units) == size:
            return []
        return [
            sentence(
                "The {} of {} units that keep most are drawn.",
                (len(units), f"min({len(units)}, c.shape[-1])"),
                (size, "c.shape[-1]"),
                claim=largest_claim(f"f[:{self.last}, 0].prod(0).nan_to_num()", units),
            )
        ]

    def step_notes(self) -> list[Sentence]:
        """Which steps are left out, before and after those drawn."""
        first, last, count = self.first, self.last, len(self.subject.steps)
        notes = []
        # State 0 is the initial one, so if state 1 is the first, no step is left out.
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
                if self.subject.direction == "forward"
                else sentence("Steps after that are left out.", claim=f"len(x) > {last}")
            )
        return notes

    def description(self) -> str:
        """The gradients from each state to the last, for every unit."""
        sentences = [f"{count_phrase(self.last, 'step')}."]
        for unit in self.units:
            sentences.append(f"Unit {unit.unit}.")
            for t, numbers in enumerate(zip(unit.f, unit.direct, unit.total, strict=True)):
                f, direct, total = (text(number.value, DECIMALS) for number in numbers)
                sentences.append(
                    f"At step {self.subject.step_number(t)} f is {f}; from the c before it "
                    f"to the last, directly {direct}, on all paths {total}."
                )
        return " ".join(sentences)


def _bar_scale(numbers: Sequence[Number], top: float) -> Scale:
    """The scale of the bars of a unit, with 0 and a margin for rounding errors."""
    values = [float(number.value) for number in numbers]
    low, high = min([0.0, *values]), max([0.0, *values])
    margin = ROUNDING_ERROR * max([1.0, *(number.scale for number in numbers)])
    margin = min(margin, MAX_MARGIN * (high - low))
    # A scale needs a length even if no bar has one.
    high = high + margin if high > low else 1.0
    return Scale(low - margin, high, top + BARS_HEIGHT, top)
