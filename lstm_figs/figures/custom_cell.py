"""The figure `custom-cell`."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from ..layout import styles, words
from ..layout.cells import spoken
from ..layout.motifs import wires
from ..layout.motifs.wires import Bars
from ..layout.panels import Point, circle
from ..layout.provenance import provenance, source
from ..layout.room import inner
from ..model.lstm import Array
from ..proof.bindings import Flow, Node, sentence
from ..proof.preamble.peepholes import PEEPHOLES, run_own
from ..proof.reference import Number, Ref
from ..proof.subject import SUMMED, Subject
from ..scene.marks import Group, Mark, Path
from ..scene.scenes import Diagram, Head
from ..scene.terms import TERMS
from ..scene.theme import tint

TOP, PRODUCT, GATE, WEIGHT, LANE = 24.0, 68.0, 116.0, 145.0, 178.0
"""Where c, i·g, the gates, their peephole weights and the peepholes are."""
LOWER, ASIDE = 12.0, 5.0
"""How far two peepholes that begin at one state are apart."""
RADIUS = 15.0
"""Of a gate."""
PLACES = {"c_prev": 0.045, "f": 0.23, "i": 0.34, "g": 0.485, "c": 0.565, "o": 0.835, "h": 0.975}
"""Where things stand, in shares of the width."""
SEES = {"i": "c_prev", "f": "c_prev", "o": "c"}
"""What each peephole lets a gate see."""
FEW, WIDE = 4, 480.0
"""The most steps of a narrow form, and how wide one with larger numbers is."""
GUTTER = 138.0
"""Left of the steps in a wide form: what each row is."""


class Line(NamedTuple):
    """The numbers of each step.

    Attributes:
        said: What they are.
        tensor: Its name in expressions.
        id: Ids are this and the step.
        numbers: They themselves.
    """

    said: str
    tensor: str
    id: str
    numbers: list[Number]


EQUAL = 1e-12
"""Below that, two h in float64 differ by rounding alone."""


def custom_cell(subject: Subject, room: float, *, unit: int = 0) -> Diagram:
    """A cell of one's own beside the module, and one with peepholes.

    Args:
        subject: What is drawn.
        room: The width that the figure may use.
        unit: The hidden unit, counted from 0.
    """
    subject.check("unit", unit, subject.weights.size)
    width, close = inner(room), room < 640
    lines = _lines(subject, unit, FEW if close else SUMMED)
    peepholes = {
        gate: Number(np.float64(p), Ref("peephole")[k, unit])
        for k, (gate, p) in enumerate(zip("ifo", PEEPHOLES, strict=True))
    }
    table, height = _table(subject, lines, width, LANE + 46, close=close)
    return Diagram(
        _head(subject, unit, lines[-1].numbers),
        _description(subject, unit, lines, peepholes),
        width,
        height,
        (*_cell(subject, unit, peepholes, width), *table),
        room,
    )


def _lines(subject: Subject, unit: int, most: int) -> list[Line]:
    """What the module yields, and peepholes."""
    steps = subject.steps[:most]
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
    """The cell of a unit, from c before at the left to h at the right."""
    t = min(1, len(subject.steps) - 1)
    x = {name: max(26.0, share * width) for name, share in PLACES.items()}
    plus = (x["i"] + x["g"]) / 2
    radius = wires.RADIUS
    f, c_prev, i, g = map(subject.ref, ("f", "c_prev", "i", "g"))

    def state(name: str, said: str) -> list[Mark]:
        id = f"{name}-state"
        label = wires.name((x[name], TOP), said, name, id, "row")
        of = subject.ref(name)[t, 0, unit]
        return [Group((label,), id=id, bound=(Node(of),))]

    def sign(place: Point, text: str, of: Ref, id: str) -> Group:
        bound = (Node(of[t, 0, unit]),)
        return Group(tuple(wires.operator(*place, text)), id=id, bound=bound)

    ends: dict[str, tuple[str, tuple[Point, ...]]] = {
        "f": ("kept", ((x["f"], GATE - RADIUS), (x["f"], TOP + radius))),
        "i": ("written", ((x["i"], GATE - RADIUS), (x["i"], PRODUCT), (plus - radius, PRODUCT))),
        "g": ("written", ((x["g"], GATE - RADIUS), (x["g"], PRODUCT), (plus + radius, PRODUCT))),
        "o": ("h-state", ((x["o"], GATE - RADIUS), (x["o"], TOP + radius))),
    }
    marks: list[Mark] = [
        wires.wire(*corners, tail=gate, head=head, paint="muted")
        for gate, (head, corners) in ends.items()
    ]
    half = {"c_prev": 26.0, "c": 10.0, "h": 10.0}
    tanh = (x["c"] + half["c"] + x["o"] - radius) / 2
    aside = wires.half("tanh")
    marks += [
        wires.wire(
            (x["c_prev"] + half["c_prev"], TOP),
            (x["f"] - radius, TOP),
            tail="c_prev-state",
            head="kept",
            paint="muted",
            width=wires.HEAVY,
        ),
        wires.wire(
            (x["f"] + radius, TOP),
            (plus - radius, TOP),
            tail="kept",
            head="c-state",
            paint="muted",
            width=wires.HEAVY,
        ),
        wires.wire(
            (plus, PRODUCT - radius),
            (plus, TOP + radius),
            tail="written",
            head="c-state",
            paint="muted",
        ),
        wires.wire(
            (x["c"] + half["c"], TOP),
            (tanh - aside, TOP),
            tail="c-state",
            head="tanh",
            paint="muted",
        ),
        wires.wire(
            (tanh + aside, TOP), (x["o"] - radius, TOP), tail="tanh", head="h-state", paint="muted"
        ),
        sign((x["f"], TOP), "×", f * c_prev, "kept"),
        sign((plus, PRODUCT), "×", i * g, "written"),
        sign((tanh, TOP), "tanh", subject.ref("tanh_c"), "tanh"),
        *state("c_prev", "c_prev"),
    ]
    for name, before, text in (("c", plus, "+"), ("h", x["o"], "×")):
        out = wires.line(
            (before, TOP),
            (x[name] - half[name], TOP),
            paint="muted",
            width=wires.HEAVY if name == "c" else wires.THIN,
        )
        (group,) = state(name, name)
        assert isinstance(group, Group)
        inside = (out, *wires.operator(before, TOP, text), *group.marks)
        marks.append(group._replace(marks=inside))
    for gate, number in peepholes.items():
        # That of i passes below that of f.
        lower = LOWER * (gate == "i")
        side = {"i": -ASIDE, "f": ASIDE, "o": 0.0}[gate]
        state_x, tip = x[SEES[gate]] + side, (x[gate], WEIGHT + 10)
        paint = f"gate-{gate}"
        sight = Path(
            (
                ("M", (state_x, TOP + 12)),
                ("L", (state_x, LANE + lower)),
                ("L", (x[gate], LANE + lower)),
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
        seen = Flow("sees", f"{SEES[gate]}-state", f"peephole-{gate}")
        marks.append(Group((sight, head), bound=(seen,)))
        marks.append(
            words.number(
                x[gate],
                WEIGHT,
                number,
                bold=True,
                size=size,
                id=f"peephole-{gate}",
                term=f"{gate} {SEES[gate]}",
            )._replace(bound=(Node(number.expr),))
        )
    for gate in "ifgo":
        ids = [gate, *([f"peephole-{gate}"] if gate in peepholes else [])]
        marks += [
            circle(
                x[gate],
                GATE,
                RADIUS,
                fill=tint(f"gate-{gate}"),
                stroke=f"gate-{gate}",
                id=gate,
                term=gate,
            )._replace(bound=(Node(subject.ref(gate)[t, 0, unit]),)),
            words.label(
                x[gate],
                GATE,
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
    style = wires.look(1, close=close or pitch < 56)._replace(width=pitch)
    reach = wires.reach(*(line.numbers for line in lines))
    columns: dict[int | str, wires.Aligned] = {
        t: wires.printed([line.numbers[t] for line in lines], style) for t in range(count)
    }
    marks: list[Mark] = [
        words.label(
            left + (t + 0.5) * pitch,
            top,
            f"step {subject.label(t)}" if pitch > 52 else str(subject.label(t)),
            {"step": subject.label(t)},
            [f"{line.id}-{t}" for line in lines],
            "column",
            style=words.FINE,
            anchor="middle",
        )
        for t in range(count)
    ]
    y = top + 16
    for line in lines:
        y += 18 * close
        paint = "ink" if line.id == "moved" else "h"
        marks += wires.row(
            (left + count * pitch / 2, y + 19),
            line.numbers,
            style,
            Bars(paint, reach),
            columns=columns,
            id=line.id,
            term="h",
            paint=paint if line.id == "moved" else None,
        )
        marks.append(
            words.label(
                4 if close else left - 10,
                y - 9 if close else y + 14,
                line.said,
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
    shown = len(moved)
    still = all(abs(float(one.value)) <= EQUAL for one in moved)
    changes = f"(seeing_h - own_h)[:{shown}, {unit}].abs() <= {EQUAL}"
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
    more = len(subject.steps) - shown
    if more:
        template = "{} later step is" if more == 1 else "{} later steps are"
        notes.append(sentence(f"{template} left out.", (more, f"len(x) - {shown}")))
    return Head(
        sentence("Peepholes let gates see the cell state"),
        sentence(
            "In a cell of your own, f and i can see c_prev, and o the new c: "
            f"h is then {'the same here' if still else 'different'}.",
            claim=f"{'' if still else 'not '}bool(({changes}).all())",
        ),
        provenance(subject, ("unit {}", unit, str(unit))),
        tuple(notes),
        source(subject),
    )


def _description(
    subject: Subject, unit: int, lines: Sequence[Line], peepholes: dict[str, Number]
) -> str:
    told = [
        f"Unit {unit}",
        f"The peephole weights of i, f and o are {spoken(list(peepholes.values()))}",
    ]
    for t in range(len(lines[0].numbers)):
        said = "; ".join(f"{line.said} {spoken([line.numbers[t]])}" for line in lines)
        told.append(f"Step {subject.label(t)}: {said}")
    return ". ".join(told) + "."
