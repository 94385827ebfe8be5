"""From a row's sum to its gate, and the ribbon to what the gate is for."""

from typing import NamedTuple

from ...layout import words
from ...layout.motifs import curves, gauges
from ...model.layer_run import Subject
from ...proof.bindings import Node, sentence
from ...scene.marks import Anchor, Box, Mark
from ...scene.terms import TERMS
from ...scene.theme import wash
from . import panels
from .pieces import USE_OF, Piece


class GateWidths(NamedTuple):
    """The widths of a sum, of its curve and of a gate; 0 where one is not."""

    sum: float = 46.0
    curve: float = 28.0
    gate: float = 42.0

    @property
    def total(self) -> float:
        """Of all."""
        return sum(self)


def headings(x: float, y: float, widths: GateWidths) -> list[Mark]:
    """The headings of the columns; `y` is their top."""
    places: tuple[tuple[str, float, Anchor], ...] = (
        ("sum", x + widths.sum - 6, "end"),
        ("i, f, g, o", x + widths.total - widths.gate / 2, "middle"),
    )
    return [
        words.paragraph(place, y, sentence(heading), 90, size=words.SMALL, anchor=anchor)[0]
        for heading, place, anchor in places
    ]


def row(
    subject: Subject, t: int, gate: str, unit: int, x: float, y: float, widths: GateWidths
) -> Piece:
    """A row's sum, its function with this step's point, and its gate.

    Args:
        subject: What is drawn.
        t: The step, counted from 0.
        gate: The gate.
        unit: The unit.
        x: The left of the sum.
        y: The middle of the row.
        widths: The widths.
    """
    paint, id = TERMS[gate].role, f"{gate}-{t}-{unit}"
    z = subject.vector(f"z_{gate}", t)[unit]
    gate_value = subject.vector(gate, t)[unit]
    curve_left = x + widths.sum
    left = curve_left + widths.curve
    marks: list[Mark] = []
    if widths.sum:
        marks.append(
            words.number(
                curve_left - 6,
                y,
                z,
                size=words.SMALL,
                max_chars=5,
                anchor="end",
                id=f"z-{t}-{gate}-{unit}",
                term=f"z_{gate}",
            )
        )
    if widths.curve:
        marks += curves.activation_curve(
            curve_left,
            y,
            z,
            gate_value,
            paint,
            tanh=gate == "g",
            id=f"{id}-point",
            term=gate,
            width=widths.curve - 4,
        )
    marks += [
        Box(
            left,
            y - 12,
            widths.gate,
            24,
            radius=4,
            fill=wash(paint),
            id=f"{id}-cell",
            term=gate,
            bound=(Node(gate_value.expr),),
        ),
        words.number(
            left + widths.gate / 2,
            y,
            gate_value,
            size=words.SMALL,
            max_chars=5,
            bold=True,
            id=id,
            term=gate,
        ),
    ]
    return Piece(USE_OF[gate], marks)


def ribbon(
    t: int, gate: str, unit: int, start: tuple[float, float], panel: tuple[float, float]
) -> Piece:
    """From a gate to the words of what it is for.

    Args:
        t: The step, counted from 0.
        gate: The gate.
        unit: The unit.
        start: The right of the gate, on its line.
        panel: The left top of the unit.
    """
    left, top = panel
    y = top + panels.WORDS_Y[USE_OF[gate]]
    # Both of a write arrive at its line, one above the other.
    y += {"i": -4, "g": 4}.get(gate, 0)
    marks = gauges.ribbon(
        start,
        (left, y),
        TERMS[gate].role,
        f"{gate}-{t}-{unit}-cell",
        panels.words_id(t, gate, unit),
        flow="points",
    )
    return Piece(USE_OF[gate], marks)
