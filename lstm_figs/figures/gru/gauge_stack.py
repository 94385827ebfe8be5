"""One unit in one step: gauges below each other, and what they end at."""

from typing import NamedTuple

import numpy as np

from ...layout import words
from ...layout.motifs import gauges, over_time
from ...model.reference import Number
from ...proof.bindings import Scale
from ...scene.marks import Anchor, Mark, Path, Text, shift
from ...scene.theme import Paint

GAUGE_TOPS = 45.0, 83.0, 133.0
"""Of the gauges: two that follow each other, and one apart."""
SIDE_MARGINS = 68.0, 76.0
"""What is left and right of the axis."""
PANEL_HEIGHT = 178.0
"""Of a panel with three gauges."""


class NamedNumber(NamedTuple):
    """A number with its name.

    Attributes:
        text: The name, as it is printed.
        names: What a label says of the number, see `bindings.Names`.
        number: The number.
        id: Of the number.
        term: Its terms.
        paint: Of the name.
    """

    text: str
    names: dict[str, object]
    number: Number
    id: str
    term: str
    paint: Paint

    @property
    def value(self) -> float:
        """What is printed."""
        return float(self.number.value)


class GateUse(NamedTuple):
    """A gauge, and what is said beside it.

    Attributes:
        verb: What the gate does.
        gate: How far it is open.
        operand: What it lets a part of through.
        gauge: The gauge.
    """

    verb: str
    gate: NamedNumber
    operand: NamedNumber
    gauge: gauges.Gauge


def axis(scale: Scale, *, has_third_gauge: bool) -> list[Mark]:
    """Lines behind the gauges, at 0 and at other whole numbers.

    Args:
        scale: Where values are.
        has_third_gauge: Whether there is a third gauge.
    """
    marks: list[Mark] = []
    first, second, third = GAUGE_TOPS
    spans = [(first - 8, second + gauges.GAUGE_HEIGHT + 4)]
    if has_third_gauge:
        # Not behind the words that stand between the gauges.
        spans.append((third - 4, third + gauges.GAUGE_HEIGHT + 4))
    left, right = scale.start - SIDE_MARGINS[0], scale.stop + SIDE_MARGINS[1]
    for value in over_time.ticks_across(scale, 5, left + 2, right - 2):
        place = scale(value)
        marks += [
            Path(
                tuple(
                    piece
                    for top, bottom in spans
                    for piece in (("M", (place, top)), ("L", (place, bottom)))
                ),
                stroke="muted" if value == 0 else "rule",
                stroke_width=0.75,
            ),
            words.tick(place, 30, over_time.tick_text(value), "middle"),
        ]
    return marks


def use_labels(use: GateUse, top: float, right: float) -> list[Mark]:
    """What a gauge does, left of it, and to what, right of it."""
    above, below = (top + gauges.GAUGE_HEIGHT / 2 + side for side in (-7, 8))
    gate, operand = use.gate, use.operand
    new = operand.paint != "muted"
    first = words.label(
        10,
        below,
        gate.text,
        gate.names,
        [gate.id],
        "row",
        style=words.FINE_STRONG,
        fill=gate.paint,
        term=gate.term,
    )
    return [
        words.label(
            10,
            above,
            use.verb,
            gate.names,
            [gate.id],
            "block",
            style=words.STRONG,
            fill=gate.paint,
            term=gate.term,
        ),
        first,
        _printed(first.left + first.width + 4, below, gate),
        words.label(
            right,
            above,
            f"of {operand.text}",
            operand.names,
            [operand.id],
            "block",
            style=words.FINE_STRONG if new else words.FINE,
            fill=operand.paint,
            anchor="end",
            term=operand.term,
        ),
        _printed(right, below, operand, "end"),
    ]


def _printed(x: float, y: float, named: NamedNumber, anchor: Anchor = "start") -> Text:
    return words.number(
        x,
        y,
        named.number,
        size=words.SMALL,
        max_chars=5,
        anchor=anchor,
        id=named.id,
        term=named.term,
    )


def result(named: NamedNumber, top: float, scale: Scale, width: float) -> list[Mark]:
    """What a gauge ends at, below that end, on the side away from 0.

    Args:
        named: What it is.
        top: Of the gauge.
        scale: Where values are.
        width: Of the panel.
    """
    y = top + gauges.GAUGE_HEIGHT + 14
    label = words.label(
        0, y, named.text, named.names, [named.id], "row", style=words.STRONG, term=named.term
    )
    number = words.number(
        label.width + 4,
        y,
        named.number,
        size=words.LABEL,
        max_chars=6,
        anchor="start",
        bold=True,
        id=named.id,
        term=named.term,
    )
    length = label.width + 4 + number.width
    end = scale(named.value) if np.isfinite(named.value) else width / 2
    right, left = end + 5, end - 5 - length
    x = left if named.value < 0 else right
    # Not under the numbers at either side.
    first, last = SIDE_MARGINS[0] - 6, width - 48 - length
    if not first <= x <= last:
        x = right if x == left else left
    x = min(max(first, x), last)
    return [shift(label, x, 0), shift(number, x, 0)]
