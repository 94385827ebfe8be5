"""Weighted sums: inputs as nodes, weights as lines, the remaining inputs as one addend."""

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from ...model.layer_run import LayerRun
from ...model.reference import Number
from ...model.tensors import Array
from ...proof import digits
from ...proof.bindings import Flow, FlowKind, Length, Scale, Sentence, sentence
from ...scene.marks import Mark, Path
from ...scene.theme import Paint
from .. import styles, words
from ..shapes import Point, circle
from ..unit_choice import largest_claim
from .vectors import VectorLook

INPUT_RADIUS = 24.0
"""The radius of an input node."""
SUM_RADIUS = 16.0
"""The radius of a sum node."""
NODE_PITCH = 2 * INPUT_RADIUS + 6
"""The minimum distance between the centres of two inputs."""
MIN_LINE_WIDTH, MAX_LINE_WIDTH = 0.5, 6.0
"""The stroke width for the value 0, and for the largest magnitude."""
IDLE_PAINT: Paint = "muted"
"""The paint of addends that are zero."""
MAX_IDLE_WIDTH = 1.0
"""The maximum stroke width of the line of an addend that is zero."""
FAN_GAP = 4.0
"""The distance between the starting points of a node's lines."""
DASH = "5 3"
"""The dash pattern of negative values."""
SUM_LOOK = VectorLook(width=72, font_size=words.NUMBER, line_height=25, bar_height=5)
"""The look of sums."""


class Inputs(NamedTuple):
    """The inputs that are drawn at one step.

    Attributes:
        t: The step, counted from 0.
        visible: The indices of the inputs that have a node.
        values: The values of these inputs.
        hidden_count: The number of other inputs.
    """

    t: int
    visible: tuple[int, ...]
    values: tuple[Number, ...]
    hidden_count: int

    @property
    def node_count(self) -> int:
        """The number of nodes, including one for the other inputs."""
        return len(self.visible) + (self.hidden_count > 0)

    def is_nonzero(self, k: int) -> bool:
        """Whether an input contributes to the sum, that is, whether it is nonzero."""
        return float(self.values[k].value) != 0


def strongest_inputs(subject: LayerRun, t: int, rows: Sequence[int], max_nodes: int) -> Inputs:
    """All inputs, or those that contribute most to some rows of `weight_ih @ x`.

    Args:
        subject: The layer run to draw.
        t: The step, counted from 0.
        rows: The rows.
        max_nodes: The most nodes, including one for the other inputs.
    """
    size = subject.weights.input_size
    visible = list(range(size))
    if size > max_nodes:
        with np.errstate(all="ignore"):
            added = abs(subject.weights.weight_ih[list(rows)] * subject.steps[t].x[0])
        visible = sorted(strongest(added.max(0), max_nodes - 1))
    values = tuple(subject.result("x", t, 0, j) for j in visible)
    return Inputs(t, tuple(visible), values, size - len(visible))


def strongest(magnitudes: Array, count: int) -> list[int]:
    """The indices of the largest magnitudes; NaN counts as largest.

    >>> strongest(np.array([5, 1, 9, 2, np.nan]), 3)
    [4, 2, 0]
    """
    sizes = np.where(np.isnan(magnitudes), np.inf, magnitudes)
    return [int(k) for k in np.argsort(-sizes, kind="stable")[:count]]


@np.errstate(invalid="ignore", over="ignore")
def rest_sum(subject: LayerRun, row: int, inputs: Inputs) -> Number:
    """The contribution of the other inputs to a row of `weight_ih @ x`."""
    products = subject.steps[inputs.t].x[0] * subject.weights.weight_ih[row]
    products[list(inputs.visible)] = 0
    return Number(
        products.sum(),
        f"({subject.ref('x')[inputs.t, 0] * subject.ref('weight_ih')[row]})"
        f".index_fill(0, torch.tensor({list(inputs.visible)}), 0).sum()",
        float(abs(products).sum()),
    )


def input_node(at: Point, feature: int, value: Number, paint: Paint = "ink") -> list[Mark]:
    """An input node: a circle with the name and the value."""
    x, y = at
    name, bold = _name(feature)
    number = words.number(
        x,
        y + 7,
        value,
        size=words.SMALL,
        max_chars=5,
        decimals=digits.decimals([value.value]),
        id=f"x-{feature}",
        term="x",
    )
    label = words.label(
        x,
        y - 8,
        name,
        names={"input": feature},
        of=[number],
        style=words.FINE_STRONG if bold else words.FINE,
        fill="ink",
        anchor="middle",
        term="x",
    )
    return [circle(x, y, INPUT_RADIUS, fill="paper", stroke=paint), label, number]


def _name(feature: int) -> tuple[str, bool]:
    """The name of an input that fits in its circle, and whether it is bold."""
    # The width of the circle inside its outline, 8 pixels above its middle.
    width = 2 * math.sqrt((INPUT_RADIUS - 1) ** 2 - 8**2) - 1
    for name in (f"x[{feature}]", f"[{feature}]"):
        if words.width(name, words.SMALL, bold=True) <= width:
            return name, True
    return name, False


def rest_node(at: Point, inputs: Inputs) -> list[Mark]:
    """The node of the other inputs."""
    x, y = at
    height = 2 * words.line_height(words.SMALL)
    text, _ = words.paragraph(
        x,
        y - height / 2,
        more_inputs(inputs),
        2 * INPUT_RADIUS - 6,
        anchor="middle",
        size=words.SMALL,
    )
    around = circle(x, y, INPUT_RADIUS, fill="paper", stroke="muted", term="x")
    return [around._replace(dash=DASH), text]


def more_inputs(inputs: Inputs) -> Sentence:
    """The label of the node of the other inputs."""
    return sentence("{} more", (inputs.hidden_count, f"x.shape[-1] - {len(inputs.visible)}"))


def rest_line(start: Point, stop: Point) -> Path:
    """The dotted line from the node of the other inputs."""
    return Path((("M", start), ("L", stop)), stroke="muted", dash="1.5 3")


def weight_line(
    start: Point,
    stop: Point,
    value: Number,
    max_magnitude: float,
    paint: Paint,
    flow: Flow,
    id: str,
    idle: str,
) -> Path:
    """A line whose width is the magnitude of a number; dashed if negative.

    Args:
        start: The first point.
        stop: The last point.
        value: The number: a weight, or its contribution to the sum.
        max_magnitude: The magnitude of the thickest line.
        paint: The paint; `IDLE_PAINT` for a muted line.
        flow: The nodes that it joins.
        id: The id of the line.
        idle: An expression that is true for muted lines.
    """
    number, is_idle = float(value.value), paint == IDLE_PAINT
    scale = Scale(0, max_magnitude, MIN_LINE_WIDTH, MAX_IDLE_WIDTH if is_idle else MAX_LINE_WIDTH)
    is_finite = bool(np.isfinite(number))
    bindings = (Length(value.expr, "stroke-width", scale),) if is_finite else ()
    path = Path(
        (("M", start), ("L", stop)),
        stroke=paint,
        stroke_width=scale(min(max_magnitude, abs(number))) if is_finite else MIN_LINE_WIDTH,
        dash=dash_of(number),
        id=id,
        bound=(*bindings, flow),
    )
    return styles.muted(path, idle if is_idle else "")


def flow(inputs: Inputs, k: int, head: str) -> Flow:
    """The binding of an input's line; only `order` if some inputs are left out."""
    kind: FlowKind = "order" if inputs.hidden_count else "makes"
    return Flow(kind, f"x-{inputs.visible[k]}-node", head)


def idle_claim(t: int) -> str:
    """An expression that is true for an input of zero."""
    return f"x[{t}, 0, input] == 0"


def centred_positions(count: int, gap: float, height: float) -> list[float]:
    """Positions that are `gap` apart, centred in a height.

    >>> centred_positions(3, 10, 40)
    [10.0, 20.0, 30.0]
    """
    first = (height - gap * (count - 1)) / 2
    return [first + gap * k for k in range(count)]


def fan_offset(k: int, count: int) -> float:
    """The offset of a line's starting point from the middle of its node.

    >>> [fan_offset(k, 3) for k in range(3)]
    [-4.0, 0.0, 4.0]
    """
    return (k - (count - 1) / 2) * FAN_GAP


def dash_of(value: float) -> str:
    """The dash pattern of a line for a value: dashed if it is negative."""
    return DASH if value < 0 else ""


def zero_notes(inputs: Inputs) -> list[Sentence]:
    """A note on inputs of zero, if there are any."""
    if all(map(inputs.is_nonzero, range(len(inputs.visible)))):
        return []
    return [
        sentence(
            "Thin grey lines: an input of zero, which adds nothing.",
            claim=f"not x[{inputs.t}, 0].all()",
        )
    ]


def choice_notes(subject: LayerRun, inputs: Inputs, rows: Sequence[int]) -> list[Sentence]:
    """A note on which inputs are drawn, if not all are.

    Args:
        subject: The layer run to draw.
        inputs: The inputs.
        rows: The rows of `weight_ih @ x` by which inputs were chosen.
    """
    if not inputs.hidden_count:
        return []
    visible_count = str(len(inputs.visible))
    return [
        sentence(
            "The {} inputs of largest |weight·x| are drawn; the other {} inputs are one addend.",
            (visible_count, f"x.shape[-1] - {inputs.hidden_count}"),
            (inputs.hidden_count, f"x.shape[-1] - {visible_count}"),
            claim=largest_claim(
                f"(x[{inputs.t}, 0] * {subject.ref('weight_ih')}[{list(rows)}]).abs().amax(0)",
                inputs.visible,
            ),
        )
    ]
