"""The figure `custom-cell`."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from ..layout.cells import CHARACTER, NUMBER, heat, largest, number, spoken
from ..layout.heading import inner
from ..layout.nodes import gate_node, operator
from ..layout.panels import Panel, Point, arrow, code, stack
from ..model.lstm import Array
from ..proof import digits
from ..proof.preamble.peepholes import PEEPHOLES, run_own
from ..proof.subject import SUMMED, Number, Subject
from ..scene.marks import Box, Mark, Path, Text, shift
from ..scene.scenes import Diagram, Heading
from ..scene.terms import TERMS

LINE, TOP, GATE, LANE, BAR = 26.0, 22.0, 86.0, 130.0, 150.0
"""The height of a row; where c, the gates, the peepholes and z are."""

PLACES = {
    "c_prev": 0.05, "f": 0.2, "i": 0.38, "g": 0.54,
    "c": 0.65, "o": 0.82, "h": 0.965,
}  # fmt: skip
"""Where things stand, in shares of the width."""


class Column(NamedTuple):
    """h of each step as one of the cells yields it."""

    lines: tuple[str, str]
    id: str
    numbers: list[Number]


def custom_cell(subject: Subject, room: float, *, unit: int = 0) -> Diagram:
    """A cell of one's own beside the module, and one with peepholes.

    Args:
        subject: What is drawn.
        room: The width that the figure may use.
        unit: The hidden unit, counted from 0.
    """
    subject.check("unit", unit, subject.weights.size)
    columns = _columns(subject, unit)
    peepholes = [
        Number(np.float64(p), f"peephole[{k}, {unit}]")
        for k, p in enumerate(PEEPHOLES)
    ]
    width = inner(room)
    steps = min(SUMMED, len(subject.steps))
    labels = [subject.label(t) for t in range(steps)]
    body = stack(
        [_cell(peepholes, width), _table(columns, labels, width)], width
    )
    said = "; ".join(
        f"step {label}: "
        + ", ".join(
            f"{' '.join(column.lines)} {spoken([column.numbers[t]])}"
            for column in columns
        )
        for t, label in enumerate(labels)
    )
    left_out = len(subject.steps) - steps
    return Diagram(
        Heading(
            "A cell of your own, and one that PyTorch does not have",
            f"{subject.module}, unit {unit}: h of the module, of its "
            "equations written out, and with peepholes",
            (
                "Dashed: peepholes, by which gates also see c. They are an "
                "extension; nn.LSTM has none.",
                "Below each gate its peephole weight, the same for all units.",
                "The cells of your own run in float64.",
                *[f"{left_out} later steps are left out."] * bool(left_out),
            ),
            subject.source,
        ),
        "A cell whose input and forget gates see the cell state before, and "
        "whose output gate sees the one after. Peephole weights of i, f and "
        f"o: {spoken(peepholes)}. h of unit {unit}: {said}.",
        body.width,
        body.height,
        body.marks,
        room,
    )


def _columns(subject: Subject, unit: int) -> list[Column]:
    """What the module yields, the equations, and peepholes."""
    steps = subject.steps[:SUMMED]
    own, seeing = run_own(subject.weights, steps, (0, 0, 0), PEEPHOLES)[
        ..., unit
    ]
    scale = max(step.scale for step in steps)

    def numbers(values: Array, expr: str) -> list[Number]:
        return [
            Number(value, expr.format(t), scale)
            for t, value in enumerate(values)
        ]

    with np.errstate(invalid="ignore"):
        moved = seeing - own
    return [
        Column(
            (subject.module.partition("(")[0], "output"),
            "module",
            [subject.result("h", t, 0, unit) for t in range(len(steps))],
        ),
        Column(
            ("your own", "cell"), "own", numbers(own, f"own_h[{{}}, {unit}]")
        ),
        Column(
            ("with", "peepholes"),
            "seeing",
            numbers(seeing, f"seeing_h[{{}}, {unit}]"),
        ),
        Column(
            ("peepholes", "move h by"),
            "moved",
            numbers(moved, f"(seeing_h - own_h)[{{}}, {unit}]"),
        ),
    ]


def _cell(peepholes: list[Number], width: float) -> Panel:
    """The cell, from c before it at the left to h at the right."""
    x = {name: share * width for name, share in PLACES.items()}
    plus = (x["i"] + x["g"]) / 2
    marks: list[Mark] = [
        *_see("c_prev", ("f", "i"), x),
        *_see("c", ("o",), x),
        _state("c_{t−1}", x["c_prev"], "c_prev"),
        _state("c_{t}", x["c"], "c"),
        _state("h_{t}", x["h"], "h"),
    ]
    along = (
        ("c_prev", x["c_prev"] + 20, x["f"] - 11, "c"),
        ("c", x["f"] + 11, plus - 11, "c"),
        ("c", plus + 11, x["c"] - 15, "c"),
        ("tanh_c", x["c"] + 14, x["o"] - 11, "c"),
        ("h", x["o"] + 11, x["h"] - 14, "h"),
    )
    marks += [
        arrow((start, TOP), (end, TOP), paint=paint, term=term)
        for term, start, end, paint in along
    ]
    marks.append(
        Text(
            x=(x["c"] + x["o"]) / 2, y=TOP - 8, content="tanh", size=NUMBER,
            fill="muted", anchor="middle",
        )
    )  # fmt: skip
    for gate in "figo":
        paint = TERMS[gate].role
        ends = {"i": (plus - 6, TOP + 12), "g": (plus + 6, TOP + 12)}
        end = ends.get(gate, (x[gate], TOP + 11))
        marks += [
            arrow((x[gate], GATE - 16), end, paint=paint, term=gate),
            arrow((x[gate] - 6, BAR), (x[gate] - 6, GATE + 15), paint="ink"),
            gate_node(x[gate], GATE, gate),
        ]
    marks += [
        operator(x["f"], TOP, "×"),
        operator(plus, TOP, "+"),
        operator(x["o"], TOP, "×"),
        Text(
            x=plus, y=TOP + 34, content="i·g", size=NUMBER, fill="muted",
            anchor="middle",
        ),
        *_sums(x, width),
    ]  # fmt: skip
    for k, gate in enumerate("ifo"):
        marks.append(
            number(
                x[gate] + 31, GATE + 33, peepholes[k], places=digits.DECIMALS,
                id=f"peephole-{gate}", term=f"{gate} c", aligned=False,
            )
        )  # fmt: skip
    return Panel(width, BAR + 26, tuple(marks))


def _state(symbol: str, x: float, term: str) -> Text:
    return Text(
        x=x, y=TOP + 5, content=symbol, size=14, bold=True,
        fill=TERMS[term].role, anchor="middle", term=term,
    )  # fmt: skip


def _see(state: str, gates: Sequence[str], x: dict[str, float]) -> list[Mark]:
    """The peepholes: from a state, below the gates, and into them."""
    start, last = x[state], x[gates[-1]] + 8
    marks: list[Mark] = [
        Path(
            d=(("M", (start, TOP + 16)), ("L", (start, LANE)),
               ("L", (last, LANE)), ("L", (last, GATE + 22))),
            stroke="c", stroke_width=1.5, dash="4 3", term="c",
        )
    ]  # fmt: skip
    marks += [
        Path(
            d=(("M", (x[gate] + 8, LANE)), ("L", (x[gate] + 8, GATE + 22))),
            stroke="c", stroke_width=1.5, dash="4 3", term="c",
        )
        for gate in gates[:-1]
    ]  # fmt: skip
    return marks + [_tip((x[gate] + 8, GATE + 14)) for gate in gates]


def _tip(at: Point) -> Path:
    """The head of an arrow that points up."""
    x, y = at
    return Path(
        d=(("M", (x, y)), ("L", (x - 3.6, y + 8)), ("L", (x + 3.6, y + 8)),
           ("Z",)),
        fill="c",
    )  # fmt: skip


def _sums(x: dict[str, float], width: float) -> list[Mark]:
    """What all gates see: the sums of input and hidden state."""
    left, right = x["f"] - 26, x["o"] + 26
    return [
        Box(
            x=left, y=BAR, width=right - left, height=26, radius=6,
            fill="panel", stroke="ink", term="z_i z_f z_g z_o",
        ),
        Text(
            x=(left + right) / 2, y=BAR + 17, size=NUMBER, anchor="middle",
            content="z, the sums of x and h" if width < 480
            else "z: weight_ih by x, weight_hh by h, and the biases",
        ),
    ]  # fmt: skip


def _table(columns: list[Column], labels: list[int], width: float) -> Panel:
    """A row for each step, a column for each cell."""
    left = 52.0
    each = min(104.0, (width - left) / len(columns))
    marks: list[Mark] = [code(0, 31, "step", "start", fill="muted")]
    for k, column in enumerate(columns):
        x = left + (k + 0.5) * each
        marks += [
            Text(
                x=x, y=17 + 14 * line, content=content, size=NUMBER,
                bold=k < len(columns) - 1, fill="muted", anchor="middle",
            )
            for line, content in enumerate(column.lines)
        ]  # fmt: skip
        marks += _numbers(column, x, each - 6)
    marks += [
        Text(
            x=28, y=58 + LINE * t, content=str(label), size=NUMBER, mono=True,
            fill="muted", anchor="end",
        )
        for t, label in enumerate(labels)
    ]  # fmt: skip
    aside = (width - left - each * len(columns)) / 2
    return Panel(
        width,
        40 + LINE * len(labels),
        tuple(shift(mark, aside, 0) for mark in marks),
    )


def _numbers(column: Column, x: float, width: float) -> list[Mark]:
    places = digits.decimals(n.value for n in column.numbers)
    top = largest(column.numbers)
    marks: list[Mark] = []
    for t, value in enumerate(column.numbers):
        y = 42 + LINE * t
        marks += [
            Box(
                x=x - width / 2, y=y, width=width, height=LINE - 4, radius=3,
                fill=heat(value.value, top),
            ),
            number(
                x, y + 15, value, places=places, room=int(width / CHARACTER),
                id=f"{column.id}-{t}", term="h",
            ),
        ]  # fmt: skip
    return marks
