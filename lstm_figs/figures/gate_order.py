"""The figure `gate-order`: how to find the order of the gates, and which library has which."""

from collections.abc import Sequence
from typing import NamedTuple

from ..layout import styles, words
from ..layout.blocks import Block, block_column, text_block, titled_block
from ..layout.margins import inner_width
from ..layout.number_lists import number_list
from ..layout.provenance import provenance
from ..model.layer_run import LayerRun
from ..model.lstm import GATES
from ..model.reference import Number
from ..porting import ORDERS, Order
from ..proof.bindings import Says, sentence
from ..proof.preamble.probe import PROBE_BIAS, PROBE_START_C, RESULTS, biases, probes
from ..scene.marks import Box, Group, Mark, Text, shift
from ..scene.scenes import Diagram, Head
from ..scene.terms import TERMS
from ..scene.theme import tint, wash

CHIP_SIZE, CHIP_GAP, CHIP_LETTER = 30.0, 4.0, 16.0
"""The size of the box of a letter, the gap between two, and the font size of the letter."""
HEADING_HEIGHT, HEADING_HEIGHT_NARROW, ROW_HEIGHT = 46.0, 26.0, 34.0
"""The height of the headings above the runs, wide and narrow, and of one run."""
LETTER_MIDDLE, ROWS_MIDDLE = 10.0, 30.0
"""The middles of both lines of a heading: a letter, and the rows of a band."""
BOX_HEIGHT, BOX_GAP = ROW_HEIGHT - 6, 2.0
"""The height of the box of a number in a run, and the gap between two boxes."""
NARROWEST_WIDE = 640.0
"""A drawing of less width has the narrow form."""
OPENED_GATES = "[[k for k in range(4) if gates[k] > 0.9] for gates in opened]"
"""The expression for the gates of PyTorch that are open, for each band that is lit."""


IS_LIT = 'gate == "ifgo"[probe]'
"""The condition for marks to stand out: their gate is the one whose band is lit in the run."""


class Widths(NamedTuple):
    """The width of a band of the bias, of a result, and of the gap between groups."""

    band: float
    cell: float
    gap: float


WIDE, NARROW = Widths(56, 66, 26), Widths(21, 37, 10)
"""The widths in the wide and in the narrow form."""


def gate_order(subject: LayerRun, width: float) -> Diagram:
    """How to find the order of the gates, and who has which."""
    space = inner_width(width)
    runs = probes(subject)
    body = block_column(
        [
            titled_block(sentence("Who stacks them how"), _orders(space)),
            titled_block(
                sentence("How to find out: light one band of the bias"),
                _Runs(subject, runs, narrow=space < NARROWEST_WIDE).block(),
                width=space,
            ),
        ],
        gap=28,
    )
    description = " ".join(
        f"With the band of gate {lit} at {PROBE_BIAS}: "
        + ", ".join(f"{name} {number_list([value])}" for name, value in results.items())
        + "."
        for lit, results in runs.items()
    )
    stacked = " ".join(
        f"{', '.join(order.order)}: {', '.join((*order.tested, *order.documented))}."
        for order in ORDERS
    )
    return Diagram(
        heading=_head(subject),
        description=f"{description} {stacked}",
        width=space,
        height=body.height,
        marks=body.marks,
        figure_width=width,
        setup=_SETUP,
    )


_SETUP = """\
# i, f, g and o of unit 0, for each band that is lit.
opened = torch.stack([lit_i, lit_f, lit_g, lit_o], dim=1)[:, :, 0].tolist()"""
"""Python that reads off how far each gate opens for each band."""


def _head(subject: LayerRun) -> Head:
    return Head(
        sentence(
            "Light one band, and see which gate opens",
            claim=f"{OPENED_GATES} == [[0], [1], [2], [3]]",
        ),
        sentence(
            "Libraries stack the rows of the four gates in different orders, "
            "and a wrong order raises no error."
        ),
        provenance(subject),
        (
            sentence(
                "All weights are zero, c_0 is {}, one band is {}. One unit is shown; every unit "
                "gives the same.",
                (PROBE_START_C, "start"),
                (PROBE_BIAS, "int(lit.max())"),
                claim="bool((lit_h == lit_h[:, :1]).all())",
            ),
        ),
    )


class _Runs:
    """A row for each run: its bias, and the gates and the state that result.

    Attributes:
        runs: The lit gate of each run -> its results.
        bands: The left of each band of the bias.
        places: Result -> the left of its column.
        top: The top of the first run.
    """

    def __init__(self, subject: LayerRun, runs: dict[str, dict[str, Number]], *, narrow: bool):
        self.subject, self.runs, self.narrow = subject, runs, narrow
        self.widths = widths = NARROW if narrow else WIDE
        self.top = HEADING_HEIGHT_NARROW if narrow else HEADING_HEIGHT
        self.bands = {gate: k * widths.band for k, gate in enumerate(GATES)}
        # From left to right: the bands, a gap, the gates, a gap, and the states.
        x = len(GATES) * widths.band + widths.gap
        self.places = {}
        for name in RESULTS:
            if name == "c":
                x += widths.gap
            self.places[name] = x
            x += widths.cell

    def block(self) -> Block:
        lights, widths = biases(self.subject), self.widths
        numbers_by_gate: dict[str, list[Mark]] = {gate: [] for gate in GATES}
        numbers_by_result: dict[str, list[Mark]] = {name: [] for name in RESULTS}
        marks: list[Mark] = []
        for k, (lit, results) in enumerate(self.runs.items()):
            y = self.top + k * ROW_HEIGHT
            for gate, numbers in numbers_by_gate.items():
                box, number = self.band(gate, lit, y, lights[lit][gate])
                marks += [box, number]
                numbers.append(number)
            for name, value in results.items():
                number, *other_marks = self.result(name, lit, y, value)
                marks += [*other_marks, number]
                numbers_by_result[name].append(number)
        headings: list[Mark] = []
        for gate, numbers in numbers_by_gate.items():
            x = self.bands[gate] + widths.band / 2
            headings += [_letter(x, gate, numbers), *self.rows(x, gate, numbers)]
        for name, numbers in numbers_by_result.items():
            headings.append(_letter(self.places[name] + widths.cell / 2, name, numbers))
        height = self.top + len(self.runs) * ROW_HEIGHT - 4
        return Block(self.places["h"] + widths.cell, height, (*headings, *marks))

    def rows(self, x: float, gate: str, of: Sequence[Mark]) -> list[Mark]:
        """The rows of the bias in a band, if the labels of all bands fit."""
        size, band = self.subject.weights.hidden_size, GATES.index(gate)
        first, last = band * size, (band + 1) * size - 1
        text = str(first) if size == 1 else f"{first}–{last}"
        # The last band has the rows with the most digits.
        widest = words.width(f"{3 * size}–{4 * size - 1}", words.SMALL)
        if self.narrow or widest > self.widths.band - 4:
            return []
        names = {"row": first if size == 1 else f"{first}..{last}"}
        return [
            words.label(x, ROWS_MIDDLE, text, names=names, of=of, style=words.FINE, anchor="middle")
        ]

    def band(self, gate: str, lit: str, y: float, value: Number) -> tuple[Mark, Mark]:
        """A band of the bias, lit or zero: its box and its number."""
        role, is_lit = TERMS[gate].role, gate == lit
        x, width = self.bands[gate], self.widths.band
        box = Box(
            x + BOX_GAP / 2,
            y,
            width - BOX_GAP,
            BOX_HEIGHT,
            radius=4,
            term=gate,
            fill=wash(role) if is_lit else "panel",
            stroke=role if is_lit else None,
            stroke_width=styles.CELL.strong.weight,
        )
        number = words.number(
            x + width / 2,
            y + BOX_HEIGHT / 2,
            value,
            size=words.SMALL,
            decimals=0,
            bold=is_lit,
            fill="ink" if is_lit else "muted",
            id=f"{lit}-bias-{gate}",
            term=gate,
        )
        condition = IS_LIT if is_lit else ""
        return styles.emphasized(box, condition), styles.emphasized(number, condition)

    def result(self, name: str, lit: str, y: float, value: Number) -> list[Mark]:
        """A gate or a state after a run: its number, on a box if it is the gate that opens."""
        role, opens = TERMS[name].role, name == lit
        number = words.number(
            self.places[name] + self.widths.cell / 2,
            y + BOX_HEIGHT / 2,
            value,
            size=words.SMALL if self.narrow else words.NUMBER,
            decimals=2,
            max_chars=5,
            bold=opens,
            fill="ink" if opens else "muted",
            id=f"{lit}-{name}",
            term=name,
        )
        if not opens:
            return [number]
        box = Box(
            self.places[name] + BOX_GAP / 2,
            y,
            self.widths.cell - BOX_GAP,
            BOX_HEIGHT,
            radius=4,
            term=name,
            fill=wash(role),
            stroke=role,
            stroke_width=styles.CELL.strong.weight,
        )
        return [number, styles.emphasized(box, IS_LIT)]


def _letter(x: float, name: str, of: Sequence[Mark]) -> Mark:
    """The heading of a column: a gate or a state."""
    names: dict[str, object] = {"gate": name} if name in GATES else {"tensor": f"lit_{name}"}
    return words.label(
        x,
        LETTER_MIDDLE,
        name,
        names=names,
        of=of,
        style=words.GATE,
        fill=TERMS[name].role,
        anchor="middle",
        term=name,
    )


def _orders(space: float) -> Block:
    """The letters of each order, and the libraries that use it."""
    left = len(GATES) * (CHIP_SIZE + CHIP_GAP) + 12
    lines = []
    for order in ORDERS:
        libraries = block_column(
            [
                text_block(sentence(f"{label}: {', '.join(names)}"), space - left, fill=fill)
                for label, names, fill in (
                    ("Tested", order.tested, "ink"),
                    ("Documented", order.documented, "muted"),
                )
                if names
            ],
            gap=0,
        )
        height = max(CHIP_SIZE, libraries.height)
        side_marks = (
            shift(mark, left, (height - libraries.height) / 2) for mark in libraries.marks
        )
        chips = shift(_chips(order), 0, (height - CHIP_SIZE) / 2)
        lines.append(Block(left + libraries.width, height, (chips, *side_marks)))
    return block_column(lines, gap=8)


def _chips(order: Order) -> Group:
    """The letters of an order; the runs prove the one of PyTorch."""
    marks: list[Mark] = []
    for k, gate in enumerate(order.order):
        x, role = k * (CHIP_SIZE + CHIP_GAP), TERMS[gate].role
        marks += [
            Box(x, 0, CHIP_SIZE, CHIP_SIZE, radius=5, fill=tint(role), stroke=role),
            Text(
                x + CHIP_SIZE / 2,
                CHIP_SIZE / 2 + words.middle_to_baseline(CHIP_LETTER),
                gate,
                CHIP_LETTER,
                "middle",
                role,
                bold=True,
                term=gate,
            ),
        ]
    claim = ""
    if "PyTorch" in order.tested:
        places = [[GATES.index(gate)] for gate in order.order]
        claim = f"{OPENED_GATES} == {places}"
    return Group(tuple(marks), bound=(Says(claim=claim),))
