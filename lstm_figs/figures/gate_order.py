"""The figure `gate-order`."""

from typing import NamedTuple

from ..layout import styles, words
from ..layout.blocks import Block, below, said, titled
from ..layout.cells import spoken
from ..layout.motifs.wires import Bars, VectorLook, bar
from ..layout.provenance import provenance
from ..layout.room import inner
from ..model.lstm import GATES
from ..porting import ORDERS, Order
from ..proof.bindings import Says, sentence
from ..proof.preamble.probe import LIT, RESULTS, START, biases, probes
from ..proof.reference import Number
from ..proof.subject import Subject
from ..scene.marks import Box, Group, Mark, Text, shift
from ..scene.scenes import Diagram, Head
from ..scene.terms import TERMS
from ..scene.theme import tint, wash

CHIP, BETWEEN = 30.0, 4.0
"""The size of the box of a letter, and what is between two of them."""
HEAD, CLOSE, ROW = 46.0, 26.0, 34.0
"""The height of the headings above the runs, and of one run."""
PYTORCH = "[[k for k in range(4) if gates[k] > 0.9] for gates in opened]"
"""Which gates are open, for each band that is lit."""


class Widths(NamedTuple):
    """Of a band of the bias and of a result, and what is between groups."""

    band: float
    cell: float
    between: float

    def places(self) -> tuple[list[float], dict[str, float]]:
        """The left of each band, and of each result."""
        bands = [k * self.band for k in range(len(GATES))]
        gates = len(GATES) * self.band + self.between
        state = gates + len(GATES) * self.cell + self.between
        return bands, {
            name: (gates if name in GATES else state) + (k % 4) * self.cell
            for k, name in enumerate(RESULTS)
        }


WIDE, NARROW = Widths(56, 66, 26), Widths(21, 37, 10)


def gate_order(subject: Subject, room: float) -> Diagram:
    """How to find the order of the gates, and who has which."""
    space = inner(room)
    close = space < 640
    runs = probes(subject)
    body = below(
        [
            titled(sentence("Who stacks them how"), _orders(space)),
            titled(
                sentence("How to find out: light one band of the bias"),
                _runs(subject, runs, NARROW if close else WIDE, close),
                room=space,
            ),
        ],
        28,
    )
    told = " ".join(
        f"With the band of gate {lit} at {LIT}: "
        + ", ".join(f"{n} {spoken([v])}" for n, v in results.items())
        + "."
        for lit, results in runs.items()
    )
    stacked = " ".join(
        f"{', '.join(one.order)}: {', '.join((*one.ran, *one.read))}." for one in ORDERS
    )
    return Diagram(
        _head(subject), f"{told} {stacked}", space, body.height, body.marks, room, _SETUP
    )


_SETUP = """\
# i, f, g and o of unit 0, for each band that is lit.
opened = torch.stack([lit_i, lit_f, lit_g, lit_o], dim=1)[:, :, 0].tolist()"""


def _head(subject: Subject) -> Head:
    return Head(
        sentence(
            "Light one band, and see which gate opens", claim=f"{PYTORCH} == [[0], [1], [2], [3]]"
        ),
        sentence(
            "Libraries stack the rows of the four gates in different orders, "
            "and a wrong order raises no error."
        ),
        provenance(subject),
        (
            sentence(
                "All weights are zero, c_0 is {}, and one band of a bias is "
                "{}. A bar is as full as its gate is open. One unit is shown; "
                "every unit gives the same.",
                (START, "start"),
                (LIT, "int(lit.max())"),
                claim="bool((lit_h == lit_h[:, :1]).all())",
            ),
            sentence(
                "Run: a test of this figure runs the library. Read: known from "
                "its source or documentation."
            ),
        ),
    )


def _runs(
    subject: Subject, runs: dict[str, dict[str, Number]], widths: Widths, close: bool
) -> Block:
    """A row for each run: the bias, the gates, and the state after it."""
    bands, places = widths.places()
    lights, head = biases(subject), CLOSE if close else HEAD
    marks: list[Mark] = []
    for band, gate in enumerate(GATES):
        marks += _column(bands[band], widths.band, gate, "bias")
        marks += _rows(subject, band, bands[band], widths.band, close)
    for name in RESULTS:
        marks += _column(places[name], widths.cell, name, name)
    for k, (lit, results) in enumerate(runs.items()):
        y = head + k * ROW
        for band, gate in enumerate(GATES):
            value = lights[lit][gate]
            marks += _light(bands[band], y, widths.band, value, gate, lit)
        for name, value in results.items():
            marks += _result(places[name], y, widths, value, name, lit, close)
    return Block(places["h"] + widths.cell, head + len(GATES) * ROW - 4, tuple(marks))


def _column(x: float, width: float, name: str, kind: str) -> list[Mark]:
    """The heading of a column: a band of the bias, a gate or a state."""
    is_gate = name in GATES
    names: dict[str, object] = {"tensor": f"lit_{name}"}
    if is_gate:
        names = {"gate": name}
    of = f"*-bias-{name}" if kind == "bias" else f"*-{name}"
    return [
        words.label(
            x + width / 2,
            10,
            name,
            names,
            [of],
            "column",
            style=words.GATE,
            fill=TERMS[name].role,
            anchor="middle",
            term=name,
        )
    ]


def _rows(subject: Subject, band: int, x: float, width: float, close: bool) -> list[Mark]:
    """Which rows of the bias a band has, where there is room."""
    size = subject.weights.hidden_size
    first, last = band * size, (band + 1) * size - 1
    text = str(first) if size == 1 else f"{first}–{last}"
    widest = words.width(f"{3 * size}–{4 * size - 1}", words.SMALL)
    if close or widest > width - 4:
        return []
    named = first if size == 1 else f"{first}..{last}"
    return [
        words.label(
            x + width / 2,
            30,
            text,
            {"row": named},
            [f"*-bias-{GATES[band]}"],
            "column",
            style=words.FINE,
            anchor="middle",
        )
    ]


def _light(x: float, y: float, width: float, value: Number, gate: str, lit: str) -> list[Mark]:
    """A band of the bias, which is lit or zero."""
    role, own = TERMS[gate].role, gate == lit
    band = Box(
        x + 1,
        y,
        width - 2,
        ROW - 6,
        radius=4,
        term=gate,
        fill=wash(role) if own else "panel",
        stroke=role if own else None,
        stroke_width=styles.CELL.strong.weight,
    )
    number = words.number(
        x + width / 2,
        y + (ROW - 6) / 2,
        value,
        size=words.SMALL,
        places=0,
        bold=own,
        fill="ink" if own else "muted",
        id=f"{lit}-bias-{gate}",
        term=gate,
    )
    where = 'gate == "ifgo"[probe]' if own else ""
    return [styles.strong(band, where), styles.strong(number, where)]


def _result(
    x: float, y: float, widths: Widths, value: Number, name: str, lit: str, close: bool
) -> list[Mark]:
    """A gate or a part of the state after the run, with its bar."""
    middle, role, own = x + widths.cell / 2, TERMS[name].role, name == lit
    look = VectorLook(widths.cell - 2, words.SMALL, ROW, 5)
    gate = name in GATES
    bars = Bars(role if own or not gate else f"{role}:76", float(START), gate=gate)
    return [
        words.number(
            middle,
            y + 7,
            value,
            size=words.SMALL if close else words.NUMBER,
            places=2,
            room=5,
            bold=own,
            fill="ink" if own else "muted",
            id=f"{lit}-{name}",
            term=name,
        ),
        *bar(value, bars, 0, (middle, y + 18), look, f"{lit}-{name}-bar"),
    ]


def _orders(space: float) -> Block:
    """The letters of each order, and who has it."""
    left = 4 * (CHIP + BETWEEN) + 12
    lines = []
    for order in ORDERS:
        who = below(
            [
                said(sentence(f"{way}: {', '.join(names)}"), space - left, fill=fill)
                for way, names, fill in (("Run", order.ran, "ink"), ("Read", order.read, "muted"))
                if names
            ],
            0,
        )
        height = max(CHIP, who.height)
        aside = (shift(mark, left, (height - who.height) / 2) for mark in who.marks)
        chips = shift(_chips(order), 0, (height - CHIP) / 2)
        lines.append(Block(left + who.width, height, (chips, *aside)))
    return below(lines, 8)


def _chips(order: Order) -> Group:
    """The letters of an order; that of PyTorch is what the runs show."""
    marks: list[Mark] = []
    for k, gate in enumerate(order.order):
        x, role = k * (CHIP + BETWEEN), TERMS[gate].role
        marks += [
            Box(x, 0, CHIP, CHIP, radius=5, fill=tint(role), stroke=role),
            Text(
                x + CHIP / 2,
                CHIP / 2 + words.middle(16),
                gate,
                16,
                "middle",
                role,
                bold=True,
                term=gate,
            ),
        ]
    claim = ""
    if "PyTorch" in order.ran:
        places = [[GATES.index(gate)] for gate in order.order]
        claim = f"{PYTORCH} == {places}"
    return Group(tuple(marks), bound=(Says(claim=claim),))
