"""The figure `custom-cell`."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from ..layout import styles, words
from ..layout.margins import inner_width
from ..layout.motifs import wires
from ..layout.motifs.wires import Bars
from ..layout.number_lists import number_list
from ..layout.panels import Point, circle
from ..layout.provenance import provenance, source
from ..model.layer_run import MAX_SUMMED_STEPS, Subject
from ..model.lstm import Array
from ..model.reference import Number, Ref
from ..proof.bindings import Flow, Node, sentence
from ..proof.preamble.peepholes import PEEPHOLES, run_own
from ..scene.marks import Group, Mark, Path
from ..scene.scenes import Diagram, Head
from ..scene.terms import TERMS
from ..scene.theme import tint

STATES_Y, PRODUCT_Y, GATES_Y, WEIGHTS_Y, PEEPHOLES_Y = 24.0, 68.0, 116.0, 145.0, 178.0
"""The heights of c, i·g, the gates, the peephole weights and the peepholes."""
LOWER_GAP, SIDE_GAP = 12.0, 5.0
"""Vertical and horizontal distance between the peepholes of i and f."""
RADIUS = 15.0
"""The radius of a gate."""
POSITIONS = {"c_prev": 0.045, "f": 0.23, "i": 0.34, "g": 0.485, "c": 0.565, "o": 0.835, "h": 0.975}
"""Horizontal positions, as shares of the width."""
SEEN_STATE = {"i": "c_prev", "f": "c_prev", "o": "c"}
"""Gate -> the state that it sees through its peephole."""
MAX_STEPS_NARROW, WIDE = 4, 480.0
"""A narrow form has at most this many steps; peephole weights are larger above
this width."""
GUTTER = 138.0
"""The width of the row labels in a wide form."""


class Line(NamedTuple):
    """A row with a number for each step.

    Attributes:
        label: Its label.
        tensor: Its name in expressions.
        id: The prefix of the ids of its numbers.
        numbers: One for each step.
    """

    label: str
    tensor: str
    id: str
    numbers: list[Number]


EQUAL = 1e-12
"""Two h in float64 that differ by less differ by rounding alone."""


def custom_cell(subject: Subject, width: float, *, unit: int = 0) -> Diagram:
    """A cell of one's own beside the module, and one with peepholes.

    Args:
        subject: What is drawn.
        width: The width that the figure may use.
        unit: The hidden unit, counted from 0.
    """
    subject.check("unit", unit, subject.weights.size)
    space, close = inner_width(width), width < 640
    lines = _lines(subject, unit, MAX_STEPS_NARROW if close else MAX_SUMMED_STEPS)
    peepholes = {
        gate: Number(np.float64(p), Ref("peephole")[k, unit])
        for k, (gate, p) in enumerate(zip("ifo", PEEPHOLES, strict=True))
    }
    table, height = _table(subject, lines, space, PEEPHOLES_Y + 46, close=close)
    return Diagram(
        _head(subject, unit, lines[-1].numbers),
        _description(subject, unit, lines, peepholes),
        space,
        height,
        (*_cell(subject, unit, peepholes, space), *table),
        width,
    )


def _lines(subject: Subject, unit: int, max_steps: int) -> list[Line]:
    """The rows of the table: h of the module, h with peepholes, the difference."""
    steps = subject.steps[:max_steps]
    own, seeing = run_own(subject.weights, steps, (0, 0, 0), PEEPHOLES)[..., unit]
    scale = max(step.scale for step in steps)

    def numbers(values: Array, of: Ref) -> list[Number]:
        return [Number(value, of[t, unit], scale) for t, value in enumerate(values)]

    with np.errstate(invalid="ignore"):
        moved = seeing - own
    return [
        Line(
            "h of the module",
            "output",
            "module",
            [subject.result("h", t, 0, unit) for t in range(len(steps))],
        ),
        Line("h with peepholes", "seeing_h", "seeing", numbers(seeing, Ref("seeing_h"))),
        Line("they move h by", "moved", "moved", numbers(moved, Ref("seeing_h") - Ref("own_h"))),
    ]


def _cell(subject: Subject, unit: int, peepholes: dict[str, Number], width: float) -> list[Mark]:
    """The cell of a unit, from c_prev at the left to h at the right."""
    t = min(1, len(subject.steps) - 1)
    x = {name: max(26.0, share * width) for name, share in POSITIONS.items()}
    plus = (x["i"] + x["g"]) / 2
    radius = wires.OPERATOR_RADIUS
    f, c_prev, i, g = map(subject.ref, ("f", "c_prev", "i", "g"))

    def state(name: str, content: str) -> list[Mark]:
        id = f"{name}-state"
        label = wires.vector_name((x[name], STATES_Y), content, name, id, "row")
        of = subject.ref(name)[t, 0, unit]
        return [Group((label,), id=id, bound=(Node(of),))]

    def sign(place: Point, text: str, of: Ref, id: str) -> Group:
        bound = (Node(of[t, 0, unit]),)
        return Group(tuple(wires.operator_marks(*place, text)), id=id, bound=bound)

    ends: dict[str, tuple[str, tuple[Point, ...]]] = {
        "f": ("kept", ((x["f"], GATES_Y - RADIUS), (x["f"], STATES_Y + radius))),
        "i": (
            "written",
            ((x["i"], GATES_Y - RADIUS), (x["i"], PRODUCT_Y), (plus - radius, PRODUCT_Y)),
        ),
        "g": (
            "written",
            ((x["g"], GATES_Y - RADIUS), (x["g"], PRODUCT_Y), (plus + radius, PRODUCT_Y)),
        ),
        "o": ("h-state", ((x["o"], GATES_Y - RADIUS), (x["o"], STATES_Y + radius))),
    }
    marks: list[Mark] = [
        wires.wire(*corners, tail=gate, head=head, paint="muted")
        for gate, (head, corners) in ends.items()
    ]
    half = {"c_prev": 26.0, "c": 10.0, "h": 10.0}
    tanh = (x["c"] + half["c"] + x["o"] - radius) / 2
    half_tanh = wires.operator_half_width("tanh")
    marks += [
        wires.wire(
            (x["c_prev"] + half["c_prev"], STATES_Y),
            (x["f"] - radius, STATES_Y),
            tail="c_prev-state",
            head="kept",
            paint="muted",
            width=wires.CELL_WIRE_WIDTH,
        ),
        wires.wire(
            (x["f"] + radius, STATES_Y),
            (plus - radius, STATES_Y),
            tail="kept",
            head="c-state",
            paint="muted",
            width=wires.CELL_WIRE_WIDTH,
        ),
        wires.wire(
            (plus, PRODUCT_Y - radius),
            (plus, STATES_Y + radius),
            tail="written",
            head="c-state",
            paint="muted",
        ),
        wires.wire(
            (x["c"] + half["c"], STATES_Y),
            (tanh - half_tanh, STATES_Y),
            tail="c-state",
            head="tanh",
            paint="muted",
        ),
        wires.wire(
            (tanh + half_tanh, STATES_Y),
            (x["o"] - radius, STATES_Y),
            tail="tanh",
            head="h-state",
            paint="muted",
        ),
        sign((x["f"], STATES_Y), "×", f * c_prev, "kept"),
        sign((plus, PRODUCT_Y), "×", i * g, "written"),
        sign((tanh, STATES_Y), "tanh", subject.ref("tanh_c"), "tanh"),
        *state("c_prev", "c_prev"),
    ]
    for name, before, text in (("c", plus, "+"), ("h", x["o"], "×")):
        out = wires.inner_wire(
            (before, STATES_Y),
            (x[name] - half[name], STATES_Y),
            paint="muted",
            width=wires.CELL_WIRE_WIDTH if name == "c" else wires.WIRE_WIDTH,
        )
        (group,) = state(name, name)
        assert isinstance(group, Group)
        inside = (out, *wires.operator_marks(before, STATES_Y, text), *group.marks)
        marks.append(group._replace(marks=inside))
    for gate, number in peepholes.items():
        # The peephole of i passes below the one of f.
        lower = LOWER_GAP if gate == "i" else 0
        side = {"i": -SIDE_GAP, "f": SIDE_GAP, "o": 0.0}[gate]
        state_x, tip = x[SEEN_STATE[gate]] + side, (x[gate], WEIGHTS_Y + 10)
        paint = f"gate-{gate}"
        sight = Path(
            (
                ("M", (state_x, STATES_Y + 12)),
                ("L", (state_x, PEEPHOLES_Y + lower)),
                ("L", (x[gate], PEEPHOLES_Y + lower)),
                ("L", (x[gate], tip[1] + 7)),
            ),
            stroke=paint,
            stroke_width=styles.LINE.strong.weight,
            dash=styles.OTHER,
        )
        size = words.NUMBER if width > WIDE else words.SMALL
        head = Path(
            (
                ("M", tip),
                ("L", (x[gate] - 3.6, tip[1] + 8)),
                ("L", (x[gate] + 3.6, tip[1] + 8)),
                ("Z",),
            ),
            fill=paint,
        )
        seen = Flow("sees", f"{SEEN_STATE[gate]}-state", f"peephole-{gate}")
        marks.append(Group((sight, head), bound=(seen,)))
        marks.append(
            words.number(
                x[gate],
                WEIGHTS_Y,
                number,
                bold=True,
                size=size,
                id=f"peephole-{gate}",
                term=f"{gate} {SEEN_STATE[gate]}",
            )._replace(bound=(Node(number.expr),))
        )
    for gate in "ifgo":
        ids = [gate, *([f"peephole-{gate}"] if gate in peepholes else [])]
        marks += [
            circle(
                x[gate],
                GATES_Y,
                RADIUS,
                fill=tint(f"gate-{gate}"),
                stroke=f"gate-{gate}",
                id=gate,
                term=gate,
            )._replace(bound=(Node(subject.ref(gate)[t, 0, unit]),)),
            words.label(
                x[gate],
                GATES_Y,
                gate,
                {"gate": gate},
                ids,
                "column",
                style=words.SUM,
                fill=TERMS[gate].role,
                anchor="middle",
                term=gate,
            ),
        ]
    return marks


def _table(
    subject: Subject, lines: list[Line], width: float, top: float, *, close: bool
) -> tuple[list[Mark], float]:
    """A row for each cell, a column for each step."""
    left = 0.0 if close else GUTTER
    count = len(lines[0].numbers)
    pitch = min(136.0, (width - left) / count)
    style = wires.vector_look(1, close=close or pitch < 56)._replace(width=pitch)
    scale_max = wires.largest_visible(*(line.numbers for line in lines))
    columns: dict[int | str, wires.NumberColumn] = {
        t: wires.number_column([line.numbers[t] for line in lines], style) for t in range(count)
    }
    marks: list[Mark] = [
        words.label(
            left + (t + 0.5) * pitch,
            top,
            f"step {subject.step_number(t)}" if pitch > 52 else str(subject.step_number(t)),
            {"step": subject.step_number(t)},
            [f"{line.id}-{t}" for line in lines],
            "column",
            style=words.FINE,
            anchor="middle",
        )
        for t in range(count)
    ]
    y = top + 16
    for line in lines:
        y += 18 if close else 0
        paint = "ink" if line.id == "moved" else "h"
        marks += wires.vector_row(
            (left + count * pitch / 2, y + 19),
            line.numbers,
            style,
            Bars(paint, scale_max),
            columns=columns,
            id=line.id,
            term="h",
            paint=paint if line.id == "moved" else None,
        )
        marks.append(
            words.label(
                4 if close else left - 10,
                y - 9 if close else y + 14,
                line.label,
                {"tensor": line.tensor},
                [f"{line.id}-*"],
                "block" if close else "row",
                anchor="start" if close else "end",
                style=words.STRONG,
            )
        )
        y += 44
    return marks, y - 6


def _head(subject: Subject, unit: int, moved: Sequence[Number]) -> Head:
    step_count = len(moved)
    is_same = all(abs(float(number.value)) <= EQUAL for number in moved)
    changes = f"(seeing_h - own_h)[:{step_count}, {unit}].abs() <= {EQUAL}"
    notes = [
        sentence(
            "Dashed lines are peepholes; above each is its weight, the same "
            "for all units. nn.LSTM has none."
        ),
        sentence(
            "Both cells of your own run in float64.",
            claim="own_h.dtype == seeing_h.dtype == torch.float64",
        ),
    ]
    later_steps = len(subject.steps) - step_count
    if later_steps:
        template = "{} later step is" if later_steps == 1 else "{} later steps are"
        notes.append(sentence(f"{template} left out.", (later_steps, f"len(x) - {step_count}")))
    return Head(
        sentence("Peepholes let gates see the cell state"),
        sentence(
            "In a cell of your own, f and i can see c_prev, and o the new c: "
            f"h is then {'the same here' if is_same else 'different'}.",
            claim=f"{'' if is_same else 'not '}bool(({changes}).all())",
        ),
        provenance(subject, ("unit {}", unit, str(unit))),
        tuple(notes),
        source(subject),
    )


def _description(
    subject: Subject, unit: int, lines: Sequence[Line], peepholes: dict[str, Number]
) -> str:
    sentences = [
        f"Unit {unit}",
        f"The peephole weights of i, f and o are {number_list(list(peepholes.values()))}",
    ]
    for t in range(len(lines[0].numbers)):
        line_texts = "; ".join(f"{line.label} {number_list([line.numbers[t]])}" for line in lines)
        sentences.append(f"Step {subject.step_number(t)}: {line_texts}")
    return ". ".join(sentences) + "."
