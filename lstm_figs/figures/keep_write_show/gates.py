"""The gates: from the sum of a row to its gate, and a ribbon from the gate to its use."""

from typing import NamedTuple

from ...layout import words
from ...layout.motifs import curves, gauges
from ...model.layer_run import LayerRun
from ...model.reference import Number
from ...proof.bindings import Node, sentence
from ...scene.marks import Anchor, Box, Mark
from ...scene.terms import TERMS
from ...scene.theme import Paint, wash
from . import panels
from .pieces import USE_OF, Piece

SUM_GAP, CURVE_GAP = 6.0, 4.0
"""The gaps between a sum and its curve, and between the curve and the gate."""
MAX_CHARS = 5
"""The most characters of a sum or a gate."""
CELL_HEIGHT = 24.0
"""The height of the cell of a gate."""
HEADING_WIDTH = 90.0
"""The width of a heading, enough for one line."""


class GateWidths(NamedTuple):
    """The widths of a sum, its curve, and a gate; 0 for a part that is left out."""

    sum: float = 46.0
    curve: float = 28.0
    gate: float = 42.0

    @property
    def total(self) -> float:
        """The sum of the widths."""
        return sum(self)


def headings(x: float, y: float, widths: GateWidths) -> list[Mark]:
    """Return the headings of the columns, with their top at `y`."""
    places: tuple[tuple[str, float, Anchor], ...] = (
        ("sum", x + widths.sum - SUM_GAP, "end"),
        ("i, f, g, o", x + widths.total - widths.gate / 2, "middle"),
    )
    return [
        words.paragraph(
            heading_x, y, sentence(heading), HEADING_WIDTH, size=words.SMALL, anchor=anchor
        )[0]
        for heading, heading_x, anchor in places
    ]


def row(
    subject: LayerRun, t: int, gate: str, unit: int, x: float, y: float, widths: GateWidths
) -> Piece:
    """Draw the sum of a row, the activation function with the point of this step, and the gate.

    Args:
        subject: The run, layer and direction to draw.
        t: The step, counted from 0.
        gate: The letter of the gate.
        unit: The index of the unit.
        x: The left edge of the sum.
        y: The middle of the row.
        widths: The widths of the parts.
    """
    paint, id = TERMS[gate].role, f"{gate}-{t}-{unit}"
    z = subject.vector(f"z_{gate}", t)[unit]
    value = subject.vector(gate, t)[unit]
    curve_left = x + widths.sum
    marks: list[Mark] = []
    if widths.sum:
        marks.append(
            words.number(
                curve_left - SUM_GAP,
                y,
                z,
                size=words.SMALL,
                max_chars=MAX_CHARS,
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
            value,
            paint,
            tanh=gate == "g",
            id=f"{id}-point",
            term=gate,
            width=widths.curve - CURVE_GAP,
        )
    marks += _cell(value, gate, id, curve_left + widths.curve, y, widths.gate)
    return Piece(USE_OF[gate], marks)


def _cell(value: Number, gate: str, id: str, left: float, y: float, width: float) -> list[Mark]:
    """Draw a gate: its value on a tinted cell; `y` is its middle."""
    return [
        Box(
            left,
            y - CELL_HEIGHT / 2,
            width,
            CELL_HEIGHT,
            radius=4,
            fill=wash(TERMS[gate].role),
            id=f"{id}-cell",
            term=gate,
            bound=(Node(value.expr),),
        ),
        words.number(
            left + width / 2,
            y,
            value,
            size=words.SMALL,
            max_chars=MAX_CHARS,
            bold=True,
            id=id,
            term=gate,
        ),
    ]


def ribbon(
    t: int,
    gate: str,
    unit: int,
    start: tuple[float, float],
    panel_corner: tuple[float, float],
    ground: Paint,
) -> Piece:
    """Draw a ribbon from a gate to the words for its use.

    Args:
        t: The step, counted from 0.
        gate: The letter of the gate.
        unit: The index of the unit.
        start: The right end of the gate, at its middle.
        panel_corner: The top left corner of the panel of the unit.
        ground: The paint below the ribbon.
    """
    left, top = panel_corner
    y = top + panels.WORDS_Y[USE_OF[gate]]
    # The ribbons of i and g end at the same line, so keep them apart.
    y += {"i": -4, "g": 4}.get(gate, 0)
    marks = gauges.ribbon(
        start,
        (left, y),
        TERMS[gate].role,
        f"{gate}-{t}-{unit}-cell",
        panels.words_id(t, gate, unit),
        flow="points",
        ground=ground,
    )
    return Piece(USE_OF[gate], marks)
