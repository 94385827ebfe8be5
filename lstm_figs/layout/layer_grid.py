"""Layers over time: depth upwards, time to the right, a row a direction."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from ..proof.subject import Number, Subject
from ..scene.marks import Box, Mark, Text
from .cells import spoken
from .fold import Excerpt, Gap
from .panels import arrow, code
from .vectors import chip, chip_height

SHOWN = 4
"""The most steps, and the most layers, that are all shown."""
LEFT, CHIP, PAD, GAP = 68.0, 46.0, 8.0, 44.0
"""Widths: of the labels, of a state, around states, of steps left out."""
FOLDED, NEAR = 24.0, 26.0
"""Heights: of layers that are left out, and from what is below a layer."""


def few(count: int) -> Excerpt:
    """The first two and the last, or all where they are few.

    >>> few(4).indices, few(9).lines
    ((0, 1, 2, 3), (0, 1, Gap(first=2, count=6), 8))
    """
    if count <= SHOWN:
        return Excerpt(count, tuple(range(count)))
    return Excerpt(count, (0, 1, count - 1))


def state(subject: Subject, index: int, t: int) -> list[Number]:
    """The h of the first sequence, of one layer and direction at one step."""
    trace, one = subject.trace, subject.trace.weights[index]
    count = len(trace.x)
    step = trace.steps[index * count + t]
    size = step.h.shape[1]
    first = size * (one.direction == "reverse")
    top = one.layer == trace.num_layers - 1
    of = "output" if top else f"outputs[{one.layer}]"
    return [
        Number(step.h[0, k], f"{of}[{t}, 0, {first + k}]", step.scale)
        for k in range(size)
    ]


def direction(subject: Subject, index: int) -> str:
    """The direction of a row, where there are two."""
    both = subject.trace.bidirectional
    return f" {subject.trace.weights[index].direction}" * both


@dataclass(frozen=True, kw_only=True)
class LayerGrid:
    """Where everything stands, and the marks that figures share.

    Attributes:
        subject: What is drawn.
        pitch: From one step to the next.
        top: What a figure needs above the last layer.
        between: From one layer to the next.
        tag: What a figure needs below each state.
        inputs: Whether the numbers of the input are shown.
    """

    subject: Subject
    pitch: float
    top: float
    between: float
    tag: float = 0
    inputs: bool = False

    @property
    def steps(self) -> Excerpt:
        """The steps that are shown."""
        return few(len(self.subject.trace.x))

    @property
    def layers(self) -> Excerpt:
        """The layers that are shown."""
        return few(self.subject.trace.num_layers)

    @property
    def directions(self) -> int:
        """How many directions there are."""
        return 1 + self.subject.trace.bidirectional

    @property
    def row(self) -> float:
        """The height of a row of states."""
        return chip_height(self.subject.trace.steps[0].h.shape[1])

    @property
    def block(self) -> float:
        """The height of a layer."""
        return self.directions * (self.row + self.tag + PAD) + PAD

    def columns(self) -> dict[int, float]:
        """The middle of every step that is shown."""
        places, x = {}, LEFT + PAD + CHIP / 2
        for line in self.steps.lines:
            if isinstance(line, Gap):
                x += GAP
            else:
                places[line] = x
                x += self.pitch
        return places

    @property
    def right(self) -> float:
        """The right of the blocks."""
        return max(self.columns().values()) + CHIP / 2 + PAD

    def tops(self) -> dict[int, float]:
        """The top of every layer that is shown, the last layer first."""
        places, y = {}, self.top
        for line in self.layers.lines[::-1]:
            if isinstance(line, Gap):
                y += FOLDED + NEAR
            else:
                places[line] = y
                y += self.block + self.between
        return places

    def middle(self, index: int) -> float:
        """The middle of the row of a layer and direction."""
        layer, second = divmod(index, self.directions)
        down = second * (self.row + self.tag + PAD)
        return self.tops()[layer] + PAD + down + self.row / 2

    @property
    def bottom(self) -> float:
        """The bottom of the first layer."""
        return self.tops()[0] + self.block

    @property
    def input(self) -> float:
        """The height of the input, with its names."""
        size = self.subject.trace.weights[0].input_size
        return chip_height(size) + 20 if self.inputs else 22

    @property
    def height(self) -> float:
        """The height of all."""
        return self.bottom + NEAR + self.input

    def indices(self) -> Iterator[int]:
        """Every row that is shown, in the order of `h_n`."""
        for layer in self.layers.indices:
            for second in range(self.directions):
                yield layer * self.directions + second

    def marks(self) -> list[Mark]:
        """Layers with their states, and the input below them."""
        marks: list[Mark] = []
        for layer, top in self.tops().items():
            marks += [
                Box(
                    x=LEFT, y=top, width=self.right - LEFT, height=self.block,
                    radius=8, fill="panel", stroke="rule",
                ),
                *self._named(layer, top),
            ]  # fmt: skip
            for second in range(self.directions):
                marks += self._row(layer * self.directions + second)
        if self.layers.folded:
            marks += self._left_out()
        return [*marks, *self._input()]

    def _named(self, layer: int, top: float) -> list[Mark]:
        """The name of a layer, and of its directions."""
        middle = self.middle(layer * self.directions) + 4
        if self.directions == 1:
            return [Text(x=0, y=middle, content=f"layer {layer}", bold=True)]
        # The name stands apart from the first direction where rows are low.
        return [
            Text(x=0, y=min(top + 11, middle - 15), content=f"layer {layer}",
                 bold=True),
            *(
                Text(
                    x=0, y=self.middle(layer * 2 + second) + 4, size=11.5,
                    content=("forward", "reverse")[second], fill="muted",
                )
                for second in range(2)
            ),
        ]  # fmt: skip

    def _row(self, index: int) -> list[Mark]:
        """The states of one direction, from step to step."""
        y, places = self.middle(index), self.columns()
        reverse = self.subject.trace.weights[index].direction == "reverse"
        marks: list[Mark] = []
        order = list(places)[:: -1 if reverse else 1]
        half = CHIP / 2 if not reverse else -CHIP / 2
        for before, after in pairwise(order):
            start, end = places[before] + half, places[after] - half
            marks.append(arrow((start, y), (end, y), paint="h", term="h"))
            if abs(after - before) > 1:
                middle = (start + end) / 2
                marks += [
                    Box(x=middle - 11, y=y - 9, width=22, height=18,
                        fill="panel"),
                    code(middle, y + 3, "…", fill="muted"),
                ]  # fmt: skip
        marks += [
            chip(
                x, y, state(self.subject, index, t), id=f"h-{index}-{t}",
                term="h", paint="h", width=CHIP,
            )
            for t, x in places.items()
        ]  # fmt: skip
        return marks

    def _left_out(self) -> list[Mark]:
        """How many layers are not shown."""
        tops = self.tops()
        first, count = self.layers.indices[-2], self.layers.left_out
        y = tops[first] - NEAR - FOLDED
        return [
            Text(
                x=(LEFT + self.right) / 2, y=y + FOLDED / 2 + 4,
                content=f"… {count} more layers", fill="muted",
                anchor="middle",
            )
        ]  # fmt: skip

    def received(self, t: int) -> list[Number]:
        """The input of one step, of the first sequence."""
        return [
            Number(value, f"x[{t}, 0, {k}]")
            for k, value in enumerate(self.subject.trace.x[t, 0])
        ]

    def _input(self) -> list[Mark]:
        """The input of every step that is shown."""
        y = self.bottom + NEAR
        marks: list[Mark] = []
        for t, x in self.columns().items():
            below = y + 15
            if self.inputs:
                values = self.received(t)
                tall = chip_height(len(values))
                marks.append(
                    chip(x, y + tall / 2, values, id=f"x-{t}", term="x",
                         paint="muted", width=CHIP)
                )  # fmt: skip
                below = y + tall + 17
            marks.append(
                Text(
                    x=x, y=below, content=f"x_{{{t + 1}}}", bold=True,
                    anchor="middle", term="x",
                )
            )  # fmt: skip
        return marks

    def upwards(self) -> Iterator[tuple[int, float, float]]:
        """Where arrows go up: into which layer, from where, to where."""
        tops, y = self.tops(), self.bottom + NEAR
        for layer in self.layers.indices:
            yield layer, y, tops[layer] + self.block
            y = tops[layer]
            if self.layers.folded and layer == self.layers.indices[-2]:
                y -= NEAR + FOLDED

    def notes(self) -> tuple[str, ...]:
        """Which steps are shown, where not all of them are."""
        if not self.steps.folded:
            return ()
        first, second, last = (t + 1 for t in self.steps.indices)
        return (
            f"Steps {first}, {second} and {last} of {self.steps.count} are "
            "shown.",
        )

    def said(self) -> str:
        """Every state that is shown, in words."""
        lines = []
        for index in self.indices():
            layer = index // self.directions
            states = "; ".join(
                f"step {t + 1} {spoken(state(self.subject, index, t))}"
                for t in self.steps.indices
            )
            lines.append(
                f"Layer {layer}{direction(self.subject, index)}: {states}."
            )
        return " ".join(lines)
