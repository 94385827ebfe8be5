"""The figure `gate-order`."""

from typing import NamedTuple

from ..layout.cells import Grid, number, spoken
from ..layout.heading import inner, wrap
from ..layout.panels import Panel, arrow, stack
from ..model.lstm import GATES
from ..porting import ORDERS, Order
from ..proof.digits import counted
from ..proof.preamble.probe import LIT, RESULTS, START, built, probes
from ..proof.subject import Number, Subject
from ..scene.marks import Box, Group, Mark, Text
from ..scene.scenes import Diagram, Heading
from ..scene.terms import GATE_NAMES, TERMS
from ..scene.theme import tint, wash

ROW, HEAD, GAP = 28.0, 40.0, 2.0
"""The height of a run, what is above the runs, and what is between cells."""
CHIP = 22.0
"""The size of a letter's box."""


class Widths(NamedTuple):
    """Of a band of the bias, of a result, and what is between groups."""

    band: float
    cell: float
    between: float


def gate_order(subject: Subject, room: float) -> Diagram:
    """How to find the order of the gates, and who has which.

    Args:
        subject: What is drawn.
        room: The width that the figure may use.
    """
    runs = probes(subject)
    widths = Widths(46, 52, 34) if room >= 480 else Widths(20, 31, 13)
    size = subject.weights.hidden_size
    runs_panel = _runs(runs, widths, size)
    body = stack(
        [
            runs_panel._replace(label="one band of the bias is lit"),
            _orders(inner(room))._replace(label="who has which order"),
        ],
        runs_panel.width,
    )
    said = " ".join(
        f"With the band of the {GATE_NAMES[lit].name} gate at {LIT}: "
        + ", ".join(f"{n} {spoken([v])}" for n, v in results.items())
        + "."
        for lit, results in runs.items()
    )
    stacked = " ".join(f"{', '.join(o.order)}: {_names(o)}." for o in ORDERS)
    return Diagram(
        Heading(
            "Four probes, four results",
            f"nn.{built(subject)} with weights of zero, one band of "
            f"{subject.parameter_name('bias_ih')} at {LIT}, and c_{{0}} = "
            f"{START}",
            (
                f"A band has {counted(size, 'row')}.",
                "Every unit gives the same; this is unit 0.",
                "Run: the tests of this figure run it. "
                "Read: known from its source or documentation, not run.",
            ),
            subject.origin,
        ),
        f"Rows of {size} for each gate. {said} {stacked}",
        body.width,
        body.height,
        body.marks,
        room,
    )


def _runs(
    runs: dict[str, dict[str, Number]], widths: Widths, size: int
) -> Panel:
    """A row for each run: the bias, the gates, the state, and the gate."""
    bias = 4 * (widths.band + GAP) - GAP
    gates = bias + widths.between
    state = gates + 4 * (widths.cell + GAP) - GAP + widths.between
    end = state + 2 * (widths.cell + GAP) - GAP
    marks: list[Mark] = []
    places = {
        name: (gates if name in GATES else state)
        + (k % 4) * (widths.cell + GAP)
        for k, name in enumerate(RESULTS)
    }
    for band, gate in enumerate(GATES):
        x = band * (widths.band + GAP) + widths.band / 2
        marks.append(_letter(x, 10, gate, gate))
    marks += _rows(size, widths)
    for name, x in places.items():
        symbol = name if name in GATES else f"{name}_{{1}}"
        marks.append(_letter(x + widths.cell / 2, 10, symbol, name))
    for line, (lit, results) in enumerate(runs.items()):
        y = HEAD + line * (ROW + 6)
        for band, gate in enumerate(GATES):
            marks += _band(band * (widths.band + GAP), y, gate, lit, widths)
        for name, value in results.items():
            marks += _result(places[name], y, name, value, lit, widths)
        for x in (bias, state - widths.between, end):
            marks.append(
                arrow((x + 2, y + ROW / 2),
                      (x + widths.between - 2, y + ROW / 2))
            )  # fmt: skip
        marks.append(_letter(end + widths.between + 5, y + 19, lit, lit))
    return Panel(
        end + widths.between + 12, HEAD + 4 * (ROW + 6) - 6, tuple(marks)
    )


def _rows(size: int, widths: Widths) -> list[Text]:
    """The first and the last row of each band, where there is room."""
    rows = [
        Text(
            x=band * (widths.band + GAP) + widths.band / 2, y=28,
            content=f"{band * size}–{(band + 1) * size - 1}"
            if size > 1 else str(band),
            size=11, mono=True, fill="muted", anchor="middle",
        )
        for band in range(len(GATES))
    ]  # fmt: skip
    return rows if max(r.width for r in rows) <= widths.band - 4 else []


def _letter(x: float, y: float, said: str, term: str) -> Text:
    return Text(
        x=x, y=y, content=said, size=14, bold=True, fill=TERMS[term].role,
        anchor="middle", term=term,
    )  # fmt: skip


def _band(
    x: float, y: float, gate: str, lit: str, widths: Widths
) -> list[Mark]:
    """A band of the bias, which is lit or zero."""
    role, own = TERMS[gate].role, gate == lit
    return [
        Box(
            x=x, y=y, width=widths.band, height=ROW, radius=3,
            fill=wash(role) if own else "panel", stroke=role if own else None,
            stroke_width=1.5,
        ),
        Text(
            x=x + widths.band / 2, y=y + 18, content=str(LIT if own else 0),
            size=11, mono=True, bold=own, fill="ink" if own else "muted",
            anchor="middle",
        ),
    ]  # fmt: skip


def _result(
    x: float, y: float, name: str, value: Number, lit: str, widths: Widths
) -> list[Mark]:
    """A gate or a part of the state after the run."""
    role = TERMS[name].role
    grid = Grid(widths.cell)
    return [
        Box(
            x=x, y=y, width=widths.cell, height=ROW, radius=3,
            fill=wash(role) if name == lit else "panel",
            stroke=None if name in GATES else role,
        ),
        number(
            x + widths.cell / 2, y + 18, value, places=2, room=grid.room,
            id=f"{lit}-{name}", term=name, aligned=False,
        ),
    ]  # fmt: skip


def _orders(space: float) -> Panel:
    """The letters of each order, and who has it."""
    left = 4 * (CHIP + GAP) + 14
    marks: list[Mark] = []
    y = 0.0
    for order in ORDERS:
        chips: list[Mark] = []
        for k, gate in enumerate(order.order):
            x, role = k * (CHIP + GAP), TERMS[gate].role
            chips += [
                Box(x=x, y=y, width=CHIP, height=CHIP, radius=3,
                    fill=tint(role), stroke=role),
                _letter(x + CHIP / 2, y + 15.5, gate, gate),
            ]  # fmt: skip
        marks.append(Group(marks=tuple(chips)))
        line = y + 15.5
        for said, fill in ((_ran(order), "ink"), (_read(order), "muted")):
            for text in wrap(said, 12, space - left) if said else ():
                marks.append(Text(x=left, y=line, content=text, fill=fill))
                line += 17
        y = max(y + CHIP, line - 10) + 12
    width = max(m.left + m.width for m in marks if isinstance(m, Text))
    return Panel(width, y - 12, tuple(marks))


def _ran(order: Order) -> str:
    return f"Run: {', '.join(order.ran)}" if order.ran else ""


def _read(order: Order) -> str:
    return f"Read: {', '.join(order.read)}" if order.read else ""


def _names(order: Order) -> str:
    return ", ".join((*order.ran, *order.read))
