"""The weight by which one unit shuts the input gate of another.

The figure shows what the gate would be without this weight, and only where the
difference matters.
"""

from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from ...layout import styles, words
from ...layout.motifs.over_time import Steps
from ...model.layer_run import LayerRun
from ...model.lstm import run, sigmoid
from ...model.reference import Number, Ref
from ...model.tensors import Array
from ...proof.bindings import Along, Flow, Node, Place, Says, Scale
from ...scene.marks import Box, Group, Mark, Path, Text
from .moves import MIN_OFFER, ROUNDING, SHUT

MIN_OPEN = 0.25
"""The gate would have been open if it were at least this without the weight."""
GATE_WITHOUT = "i_without"
"""The name of the gate without the weight in the preamble."""
PAINT = "neg"
"""The colour of the bar and the dotted line."""
BAR_HEIGHT = 3.0
"""The thickness of the bar under a shut gate."""
DOT_RADIUS = 2.5
"""The radius of the dot where the dotted line begins."""
TIP_HEIGHT, TIP_HALF_WIDTH = 7.0, 4.0
"""The size of the arrowhead at the end of the dotted line."""
CROSS_REACH = 7.0
"""How far the cross on a line whose weight is 0 reaches from its middle."""
WORDS_GAP, LINE_HEIGHT = 12.0, 17.0
"""The gaps from the dotted line to words, and between two lines of words."""
PHRASE_SPACE, WORD_SPACE = 12.0, 5.0
"""The spaces between two statements on one line, and between their words."""


class Inhibition(NamedTuple):
    """The fact that one unit shuts the input gate of another.

    Attributes:
        target: The unit whose input gate is shut.
        source: The unit that shuts it.
        gate_without: The gate of the target at each step without the weight.
        steps: The steps at which the gate is shut, but would be open without
            the weight.
        t: The step that the figure explains, counted from 0.
    """

    target: int
    source: int
    gate_without: Array
    steps: tuple[int, ...]
    t: int

    def setup(self, subject: LayerRun) -> str:
        """Return the Python code that computes the gate without the weight."""
        weight = subject.parameter("weight_hh", self.target, self.source).expr
        return (
            f"# The input gate of unit {self.target}, were {weight} zero.\n"
            f"{GATE_WITHOUT} = torch.sigmoid(\n"
            f"    z_i[:, :, {self.target}] - {weight} * h_prev[:, :, {self.source}]\n"
            ")"
        )

    def gate(self, subject: LayerRun) -> Number:
        """Return the gate at step `t`."""
        return subject.series("i", self.target)[self.t]

    def number_without(self, subject: LayerRun) -> Number:
        """Return the gate at step `t` without the weight."""
        t = self.t
        scale = subject.steps[t].scale
        return Number(self.gate_without[t], Ref(GATE_WITHOUT)[t, 0], scale)

    def runs(self, steps: Steps) -> Iterator[tuple[int, int]]:
        """Yield the first and the last step of each run of `self.steps` within a band."""
        within = [t for t in self.steps if t in steps.ts]
        firsts = [t for t in within if t - 1 not in within]
        lasts = [t for t in within if t + 1 not in within]
        yield from zip(firsts, lasts, strict=True)


def inhibition_of(subject: LayerRun, units: tuple[int, ...]) -> Inhibition | None:
    """Return the inhibition with the most steps, if there is one.

    Args:
        subject: The run, layer and direction to draw.
        units: The drawn units; each may be shut by the next one.
    """
    if subject.weights.proj_size:
        # With a projection, h has no element for each unit.
        return None
    inhibitions = filter(None, (_inhibition(subject, *two) for two in pairwise(units)))
    return max(inhibitions, key=lambda inhibition: len(inhibition.steps), default=None)


def _inhibition(subject: LayerRun, target: int, source: int) -> Inhibition | None:
    """Return how `source` shuts the input gate of `target`; None if it does not."""
    weight = subject.parameter("weight_hh", target, source).value
    i, g, z, h = (
        np.array([getattr(step, name)[0, unit] for step in subject.steps])
        for name, unit in (("i", target), ("g", target), ("z_i", target), ("h_prev", source))
    )
    with np.errstate(all="ignore"):
        gate_without = sigmoid(z - weight * h)
        steps = np.flatnonzero((i <= SHUT) & (gate_without >= MIN_OPEN))
        # Rounded, so that the first of several similar steps is chosen.
        quarters_gained = np.round(4 * (gate_without - i))
    # The line of an inhibition begins at the step before, which step 0 does not have.
    candidates = [t for t in steps.tolist() if t and abs(g[t]) >= MIN_OFFER]
    if not candidates:
        return None
    best = min(candidates, key=lambda t: (-quarters_gained[t], t))
    return Inhibition(target, source, gate_without, tuple(steps.tolist()), best)


def c_without(inhibition: Inhibition, subject: LayerRun) -> Array:
    """Return c of every step with the weight set to 0, shape `(seq_len, hidden_size)`."""
    weights, trace = subject.weights, subject.trace
    changed = weights.weight_hh.copy()
    changed[inhibition.target, inhibition.source] = 0
    rerun = run((replace(weights, weight_hh=changed),), trace.x, trace.h_0, trace.c_0)
    return np.array([step.c[0] for step in rerun.steps])


def bars(inhibition: Inhibition, steps: Steps, y: float) -> list[Mark]:
    """Draw a bar under the gate wherever the weight shuts it."""
    marks: list[Mark] = []
    for first, last in inhibition.runs(steps):
        x = steps.edge(first) + 1
        part = f"i[{first}:{last + 1}, 0, {inhibition.target}]"
        without = f"{GATE_WITHOUT}[{first}:{last + 1}, 0]"
        claim = (
            f"bool(({part} < {SHUT} + {ROUNDING}).all() "
            f"and ({without} > {MIN_OPEN} - {ROUNDING}).all())"
        )
        marks.append(
            Box(
                x,
                y,
                steps.width * (last + 1 - first) - 2,
                BAR_HEIGHT,
                radius=BAR_HEIGHT / 2,
                fill=PAINT,
                id=f"brake-{first}",
                bound=(Node(part), Says(claim=claim)),
            )
        )
    return marks


def line(inhibition: Inhibition, steps: Steps, scale: Scale, c: float, y: float) -> list[Mark]:
    """Draw the dotted line from c of the source, one step earlier, to the bar.

    Args:
        inhibition: The inhibition.
        steps: The steps of the band that holds `inhibition.t`.
        scale: The vertical scale of the source's plot.
        c: c of the source at the step before.
        y: Where the bar ends.
    """
    t = inhibition.t
    x, start = steps.edge(t), scale(c)
    bar_start = next(first for first, last in inhibition.runs(steps) if first <= t <= last)
    # `steps.scale` gives the middle of a step; its left edge is half a step before.
    edge = t - steps.first - 0.5
    dot = Box(
        x - DOT_RADIUS,
        start - DOT_RADIUS,
        2 * DOT_RADIUS,
        2 * DOT_RADIUS,
        radius=DOT_RADIUS,
        fill=PAINT,
        id="brake-from",
        bound=(Place(f"{edge}, c[{t - 1}, 0, {inhibition.source}]", steps.scale, scale),),
    )
    dotted = Path(
        (("M", (x, start - 3)), ("L", (x, y + TIP_HEIGHT))),
        stroke=PAINT,
        stroke_width=styles.THREAD.plain.weight,
        dash=styles.GUIDE.dash,
    )
    tip_base = y + TIP_HEIGHT
    tip = Path(
        (
            ("M", (x, y)),
            ("L", (x - TIP_HALF_WIDTH, tip_base)),
            ("L", (x + TIP_HALF_WIDTH, tip_base)),
            ("Z",),
        ),
        fill=PAINT,
    )
    flow = Flow("order", dot.id, f"brake-{bar_start}")
    return [dot, Group((dotted, tip), bound=(flow,))]


def cut_line(
    inhibition: Inhibition, subject: LayerRun, steps: Steps, scale: Scale, c: float, y: float
) -> list[Mark]:
    """Draw the line of a weight that no longer shuts the gate, crossed out if it is 0.

    Args:
        inhibition: The inhibition in the original network.
        subject: The run, layer and direction to draw.
        steps: The steps of the band that holds `inhibition.t`.
        scale: The vertical scale of the source's plot.
        c: c of the source at the step before.
        y: Where the line ends.
    """
    x, start = steps.edge(inhibition.t), scale(c)
    weight = subject.parameter("weight_hh", inhibition.target, inhibition.source)
    marks: list[Mark] = [
        Path(
            (("M", (x, start - 3)), ("L", (x, y + TIP_HEIGHT))),
            stroke="muted",
            stroke_width=styles.THREAD.plain.weight,
            id="cut-line",
            bound=(Node(weight.expr),),
        )
    ]
    if weight.value == 0:
        middle = (start + y) / 2
        marks.append(
            Path(
                (
                    ("M", (x - CROSS_REACH, middle - CROSS_REACH)),
                    ("L", (x + CROSS_REACH, middle + CROSS_REACH)),
                    ("M", (x - CROSS_REACH, middle + CROSS_REACH)),
                    ("L", (x + CROSS_REACH, middle - CROSS_REACH)),
                ),
                stroke=PAINT,
                stroke_width=styles.LINE.strong.weight,
                id="cut",
                bound=(Node(weight.expr),),
            )
        )
    return marks


def text_x(line_x: float, text_width: float, width: float, gap: float) -> float | None:
    """Return the left edge of text beside a vertical line; None if it fits on neither side."""
    if line_x + gap + text_width <= width:
        return line_x + gap
    left_x = line_x - gap - text_width
    return left_x if left_x >= 0 else None


def words_of(
    inhibition: Inhibition,
    subject: LayerRun,
    steps: Steps,
    y: float,
    width: float,
    *,
    token: str = "",
    shuts: bool = True,
) -> tuple[list[Mark], float]:
    """Print the weight, and the gate with and without it, beside the line.

    Args:
        inhibition: The inhibition.
        subject: The run, layer and direction to draw.
        steps: The steps of the band that holds `inhibition.t`.
        y: The middle of the first line of words.
        width: The width of the figure's body.
        token: The token at `inhibition.t`; empty to print the step number
            instead.
        shuts: Whether the weight still shuts the gate.

    Returns:
        The marks, and the middle of the last line; no marks if even the name of
        the weight fits on neither side.
    """
    line_x = steps.edge(inhibition.t)
    for lines in _line_breaks(inhibition, subject, token, shuts):
        left = text_x(line_x, _widest(lines), width, WORDS_GAP)
        if left is not None:
            break
    else:
        return [], y
    marks: list[Mark] = []
    for k, line in enumerate(lines):
        marks += _typeset(line, left, y + LINE_HEIGHT * k)
    return marks, y + LINE_HEIGHT * (len(lines) - 1)


class _Piece(NamedTuple):
    """A text and the space after it."""

    text: Text
    space: float

    @property
    def width(self) -> float:
        return self.text.width + self.space


Line = list[_Piece]
"""The texts of a line."""


def _weight_line(inhibition: Inhibition, subject: LayerRun, along: Along) -> Line:
    """Return the weight; `along` is where its name is relative to its value."""
    row, column = inhibition.target, inhibition.source
    value = words.number(
        0,
        0,
        subject.parameter("weight_hh", row, column),
        size=words.LABEL,
        decimals=1,
        anchor="start",
        fill="ink",
        bold=True,
        id="weight",
        term="weight_hh i",
    )
    name = words.label(
        0,
        0,
        f"{subject.parameter_name('weight_hh')}[{row}, {column}]",
        names={"tensor": "weight_hh", "row": row, "input": column},
        of=[value],
        along=along,
        style=words.STRONG_CODE,
        fill="ink",
    )
    return [_Piece(name, 6), _Piece(words.operator(0, 0, "=", fill="ink"), 6), _Piece(value, 0)]


def _gate_lines(
    inhibition: Inhibition, subject: LayerRun, token: str, shuts: bool
) -> tuple[Line, Line]:
    """Return the gate at its step, and the gate without the weight.

    Args:
        inhibition: The inhibition.
        subject: The run, layer and direction to draw.
        token: The token at `inhibition.t`; empty to print the step number
            instead.
        shuts: Whether the weight still shuts the gate.
    """
    gate, without = (
        words.number(0, 0, number, size=words.SMALL, anchor="start", fill="muted", id=id, term="i")
        for number, id in (
            (inhibition.gate(subject), "braked"),
            (inhibition.number_without(subject), "unbraked"),
        )
    )
    step = subject.step_number(inhibition.t)
    when = words.label(
        0,
        0,
        f"at {token}" if token else f"step {step}",
        names={"step": step},
        of=[gate, without] if shuts else [gate],
        along="block",
        style=words.FINE,
        says=Says(((token, f"tokens[{step - 1}]"),)) if token else None,
    )
    names: dict[str, object] = {"gate": "i", "unit": inhibition.target}
    name = words.label(0, 0, "i gate", names=names, of=[gate], style=words.FINE)
    names = {"tensor": GATE_WITHOUT}
    name_without = words.label(0, 0, "without it", names=names, of=[without], style=words.FINE)
    equals = _Piece(words.operator(0, 0, "="), WORD_SPACE)
    return (
        [_Piece(when, PHRASE_SPACE), _Piece(name, WORD_SPACE), equals, _Piece(gate, 0)],
        [_Piece(name_without, WORD_SPACE), equals, _Piece(without, 0)],
    )


def _line_breaks(
    inhibition: Inhibition, subject: LayerRun, token: str, shuts: bool
) -> Iterator[list[Line]]:
    """Yield the ways to break the words into lines, the fewest lines first."""
    weight = _weight_line(inhibition, subject, "row")
    # Without the equals sign, for a name and a value on lines of their own.
    name, _, value = _weight_line(inhibition, subject, "block")
    gate, without = _gate_lines(inhibition, subject, token, shuts)
    if not shuts:
        yield [weight, gate]
        yield [[name], [value], gate]
        return
    yield [weight, [*_add_space(gate), *without]]
    yield [weight, gate, without]
    step, *alone = gate
    yield [[name], [*_add_space([value]), step], alone, without]


def _add_space(line: Line) -> Line:
    """Add the space that a line needs before another one on the same row."""
    return [*line[:-1], line[-1]._replace(space=PHRASE_SPACE)]


def _widest(lines: list[Line]) -> float:
    return max(sum(piece.width for piece in line) for line in lines)


def _typeset(line: list[_Piece], x: float, y: float) -> Iterator[Mark]:
    """Place the texts of a line from the left; `y` is their middle."""
    for text, space in line:
        half = text.width / 2 if text.anchor == "middle" else 0.0
        yield text._replace(x=x + half, y=y + words.middle_to_baseline(text.size))
        x += text.width + space
