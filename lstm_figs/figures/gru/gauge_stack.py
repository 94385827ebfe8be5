"""The gauges of one unit in one step, stacked, with the results."""

from typing import NamedTuple

import numpy as np

from ...layout import styles, words
from ...layout.motifs import gauges, over_time
from ...model.reference import Number
from ...proof.bindings import Scale
from ...scene.marks import Anchor, Mark, Path, Text, shift
from ...scene.theme import Paint

GAUGE_TOPS = 45.0, 83.0, 133.0
"""The tops of the gauges: two consecutive ones, and a separate third."""
SIDE_MARGINS = 68.0, 76.0
"""The margins left and right of the axis, for the names and numbers of gates and of what
they act on."""
PADDING = 10.0
"""Between the edges of the panel and the texts in it."""
TICKS_MIDDLE = 30.0
"""The middle of the tick labels, above the gauges."""
NAME_GAP, RESULT_GAP = 4.0, 5.0
"""From a name to its number, and from the end of a gauge to the result beside it."""
MAX_TICKS = 5
"""The most ticks of the axis."""
MAX_CHARS = 5
"""The most characters of the number of a gate or of its operand."""
PANEL_HEIGHT = 178.0
"""The height of a panel with three gauges."""


class NamedNumber(NamedTuple):
    """A number with its label.

    Attributes:
        text: The printed label.
        names: The properties that the label states, see `bindings.Names`.
        number: The number.
        id: The id of the number.
        term: The terms of the number.
        paint: The paint of the label.
    """

    text: str
    names: dict[str, object]
    number: Number
    id: str
    term: str
    paint: Paint

    @property
    def value(self) -> float:
        """The printed value."""
        return float(self.number.value)


class GateUse(NamedTuple):
    """A gate that acts on a quantity: a gauge, and its labels.

    Attributes:
        verb: What the gate does, such as "keep".
        gate: The gate's value, with its name.
        operand: The quantity that it gates.
        gauge: How much of the quantity the gate passes, as a bar.
    """

    verb: str
    gate: NamedNumber
    operand: NamedNumber
    gauge: gauges.Gauge


def axis(scale: Scale, *, has_third_gauge: bool) -> list[Mark]:
    """Vertical lines behind the gauges at 0 and other whole numbers.

    Args:
        scale: The scale of the values.
        has_third_gauge: Whether there is a third gauge.
    """
    marks: list[Mark] = []
    keep_top, write_top, show_top = GAUGE_TOPS
    spans = [(keep_top - 8, write_top + gauges.GAUGE_HEIGHT + 4)]  # Of keep and write together.
    if has_third_gauge:
        # Leave out the texts between the gauges.
        spans.append((show_top - 4, show_top + gauges.GAUGE_HEIGHT + 4))
    left, right = scale.start - SIDE_MARGINS[0], scale.stop + SIDE_MARGINS[1]
    for value in over_time.ticks_across(scale, MAX_TICKS, left + 2, right - 2):
        x = scale(value)
        marks += [
            Path(
                tuple(
                    piece
                    for top, bottom in spans
                    for piece in (("M", (x, top)), ("L", (x, bottom)))
                ),
                stroke="muted" if value == 0 else "rule",
                stroke_width=styles.LINE.muted.weight,
            ),
            words.tick(x, TICKS_MIDDLE, over_time.tick_text(value), "middle"),
        ]
    return marks


def use_labels(use: GateUse, top: float, right: float) -> list[Mark]:
    """The labels of a gauge: the gate at the left, its operand at the right."""
    # The verb is above the middle of the gauge, names with numbers below.
    above, below = (top + gauges.GAUGE_HEIGHT / 2 + offset for offset in (-7, 8))
    gate, operand = use.gate, use.operand
    number_left = PADDING + words.width(gate.text, words.SMALL, bold=True) + NAME_GAP
    opened = _number_text(number_left, below, gate)
    gated = _number_text(right, below, operand, "end")
    return [
        words.label(
            PADDING,
            above,
            use.verb,
            names=gate.names,
            of=[opened],
            along="block",
            style=words.STRONG,
            fill=gate.paint,
            term=gate.term,
        ),
        words.label(
            PADDING,
            below,
            gate.text,
            names=gate.names,
            of=[opened],
            style=words.FINE_STRONG,
            fill=gate.paint,
            term=gate.term,
        ),
        opened,
        words.label(
            right,
            above,
            f"of {operand.text}",
            names=operand.names,
            of=[gated],
            along="block",
            style=words.FINE if operand.paint == "muted" else words.FINE_STRONG,
            fill=operand.paint,
            anchor="end",
            term=operand.term,
        ),
        gated,
    ]


def _number_text(x: float, y: float, named: NamedNumber, anchor: Anchor = "start") -> Text:
    """A number beside its name."""
    return words.number(
        x,
        y,
        named.number,
        size=words.SMALL,
        max_chars=MAX_CHARS,
        anchor=anchor,
        id=named.id,
        term=named.term,
    )


def result(named: NamedNumber, top: float, scale: Scale, width: float) -> list[Mark]:
    """The value at the end of a gauge, below that end, on the side away from 0.

    Args:
        named: The value and its label.
        top: The top of the gauge.
        scale: The scale of the values.
        width: The width of the panel.
    """
    y = top + gauges.GAUGE_HEIGHT + 14
    number = words.number(
        words.width(named.text, bold=True) + NAME_GAP,
        y,
        named.number,
        size=words.LABEL,
        max_chars=6,
        anchor="start",
        bold=True,
        id=named.id,
        term=named.term,
    )
    label = words.label(
        0, y, named.text, names=named.names, of=[number], style=words.STRONG, term=named.term
    )
    length = number.x + number.width
    end = scale(named.value) if np.isfinite(named.value) else width / 2
    beside_right, beside_left = end + RESULT_GAP, end - RESULT_GAP - length
    # Avoid the numbers of the gate at the left and of its operand at the right.
    first, last = SIDE_MARGINS[0] - 6, width - 48 - length
    x = beside_left if named.value < 0 else beside_right
    if not first <= x <= last:
        # There is no space on the side away from 0, so use the other one.
        x = beside_right if x == beside_left else beside_left
    x = min(max(first, x), last)
    return [shift(label, x, 0), shift(number, x, 0)]
