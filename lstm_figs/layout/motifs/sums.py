"""Weighted sums: inputs as nodes, weights as lines, the rest as one addend."""

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from ...model.layer_run import LayerRun
from ...model.reference import Number
from ...model.tensors import Array
from ...proof import digits
from ...proof.bindings import Flow, Kind, Length, Scale, Sentence, sentence
from ...scene.marks import Mark, Path
from ...scene.theme import Paint
from .. import styles, words
from ..panels import Point, circle
from ..unit_choice import largest_claim
from .wires import VectorLook

INPUT_RADIUS = 24.0
"""Of an input."""
SUM_RADIUS = 16.0
"""Of a sum."""
NODE_PITCH = 2 * INPUT_RADIUS + 6
"""From one input to the next."""
MIN_LINE_WIDTH, MAX_LINE_WIDTH = 0.5, 6.0
"""Of a line: that of 0, and of the largest."""
IDLE_PAINT: Paint = "muted"
MAX_IDLE_WIDTH = 1.0
"""The paint of a line that steps back, and the thickest of these."""
FAN_GAP = 4.0
"""How far the lines of a node begin apart."""
DASH = "5 3"
"""Of what is negative."""
SUM_LOOK = VectorLook(72, words.NUMBER, 25, 5)
"""How sums look."""


class Inputs(NamedTuple):
    """The inputs of one step that are drawn.

    Attributes:
        t: The step, counted from 0.
        visible: Which are drawn one by one.
        values: Their values.
        left_out: How many are not.
    """

    t: int
    visible: tuple[int, ...]
    values: tuple[Number, ...]
    left_out: int

    @property
    def lines(self) -> int:
        """How many nodes there are, with that of the rest."""
        return len(self.visible) + (self.left_out > 0)

    def is_nonzero(self, k: int) -> bool:
        """Whether an input adds something: all but 0 do."""
        return float(self.values[k].value) != 0


def strongest_inputs(subject: LayerRun, t: int, rows: Sequence[int], max_nodes: int) -> Inputs:
    """All inputs, or those that add most to some rows of `weight_ih @ x`.

    Args:
        subject: What is drawn.
        t: The step, counted from 0.
        rows: The rows.
        max_nodes: How many nodes there may be, with one for all others.
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
    """The places of the largest magnitudes; NaN counts as largest.

    >>> strongest(np.array([5, 1, 9, 2, np.nan]), 3)
    [4, 2, 0]
    """
    sizes = np.where(np.isnan(magnitudes), np.inf, magnitudes)
    return [int(k) for k in np.argsort(-sizes, kind="stable")[:count]]


@np.errstate(invalid="ignore", over="ignore")
def rest_sum(subject: LayerRun, row: int, inputs: Inputs) -> Number:
    """What all other inputs add to a row of `weight_ih @ x`."""
    products = subject.steps[inputs.t].x[0] * subject.weights.weight_ih[row]
    products[list(inputs.visible)] = 0
    return Number(
        products.sum(),
        f"({subject.ref('x')[inputs.t, 0] * subject.ref('weight_ih')[row]})"
        f".index_fill(0, torch.tensor({list(inputs.visible)}), 0).sum()",
        float(abs(products).sum()),
    )


def input_node(at: Point, feature: int, value: Number, paint: Paint = "ink") -> list[Mark]:
    """One input in a circle: its name and its value."""
    x, y = at
    id = f"x-{feature}"
    name, bold = _name(feature)
    return [
        circle(x, y, INPUT_RADIUS, fill="paper", stroke=paint),
        words.label(
            x,
            y - 8,
            name,
            {"input": feature},
            [id],
            "column",
            style=words.FINE_STRONG if bold else words.FINE,
            fill="ink",
            anchor="middle",
            term="x",
        ),
        words.number(
            x,
            y + 7,
            value,
            size=words.SMALL,
            max_chars=5,
            places=digits.decimals([value.value]),
            id=id,
            term="x",
        ),
    ]


def _name(feature: int) -> tuple[str, bool]:
    """What an input is called as it fits in a circle, and whether bold."""
    width = 2 * math.sqrt((INPUT_RADIUS - 1) ** 2 - 8**2) - 1
    for name in (f"x[{feature}]", f"[{feature}]"):
        if words.width(name, words.SMALL, bold=True) <= width:
            return name, True
    return name, False


def rest_node(at: Point, inputs: Inputs) -> list[Mark]:
    """All inputs that are not drawn."""
    x, y = at
    height = 2 * words.LINE * words.SMALL / words.NOTE
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
    """How many inputs are not drawn one by one."""
    return sentence("{} more", (inputs.left_out, f"x.shape[-1] - {len(inputs.visible)}"))


def rest_line(start: Point, stop: Point) -> Path:
    """A line of no weight of its own, for what is a sum."""
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
    """A line as thick as a number is large; dashed where it is negative.

    Args:
        start: Where it begins.
        stop: Where it ends.
        value: The number: a weight, or what it adds.
        max_magnitude: The magnitude that has the thickest line.
        paint: Its paint.
        flow: What it joins.
        id: Its id.
        idle: What is true of lines that are `IDLE_PAINT`.
    """
    size = float(value.value)
    scale = Scale(
        0, max_magnitude, MIN_LINE_WIDTH, MAX_IDLE_WIDTH if paint == IDLE_PAINT else MAX_LINE_WIDTH
    )
    finite = bool(np.isfinite(size))
    bindings = (Length(value.expr, "stroke-width", scale),) if finite else ()
    path = Path(
        (("M", start), ("L", stop)),
        stroke=paint,
        stroke_width=scale(min(max_magnitude, abs(size))) if finite else MIN_LINE_WIDTH,
        dash=DASH if size < 0 else "",
        id=id,
        bound=(*bindings, flow),
    )
    return styles.back(path, idle if paint == IDLE_PAINT else "")


def flow(inputs: Inputs, k: int, head: str) -> Flow:
    """What the line of an input says; where some are left out, only order."""
    kind: Kind = "order" if inputs.left_out else "makes"
    return Flow(kind, f"x-{inputs.visible[k]}-node", head)


def idle_claim(t: int) -> str:
    """What is true of an input that adds nothing."""
    return f"x[{t}, 0, input] == 0"


def centred_positions(count: int, gap: float, height: float) -> list[float]:
    """Places that are `gap` apart, centred in a height.

    >>> centred_positions(3, 10, 40)
    [10.0, 20.0, 30.0]
    """
    first = (height - gap * (count - 1)) / 2
    return [first + gap * k for k in range(count)]


def fan_offset(k: int, count: int) -> float:
    """How far one of several lines begins from the middle of a node.

    >>> [fan_offset(k, 3) for k in range(3)]
    [-4.0, 0.0, 4.0]
    """
    return (k - (count - 1) / 2) * FAN_GAP


def zero_notes(inputs: Inputs, faint: str = "") -> list[Sentence]:
    """A note on inputs that add nothing, where there are some.

    Args:
        inputs: The inputs.
        faint: What else steps back with their lines.
    """
    if all(map(inputs.is_nonzero, range(len(inputs.visible)))):
        return []
    return [
        sentence(
            f"An input of zero adds nothing: its lines are thin and grey{faint}.",
            claim=f"not x[{inputs.t}, 0].all()",
        )
    ]


def choice_notes(subject: LayerRun, inputs: Inputs, rows: Sequence[int]) -> list[Sentence]:
    """A note on which inputs are drawn, where not all are.

    Args:
        subject: What is drawn.
        inputs: The inputs.
        rows: The rows of `weight_ih @ x` to which they add most.
    """
    if not inputs.left_out:
        return []
    visible_count = str(len(inputs.visible))
    return [
        sentence(
            "The {} inputs of largest |weight·x| are drawn; the other {} inputs are one addend.",
            (visible_count, f"x.shape[-1] - {inputs.left_out}"),
            (inputs.left_out, f"x.shape[-1] - {visible_count}"),
            claim=largest_claim(
                f"(x[{inputs.t}, 0] * {subject.ref('weight_ih')}[{list(rows)}]).abs().amax(0)",
                inputs.visible,
            ),
        )
    ]
