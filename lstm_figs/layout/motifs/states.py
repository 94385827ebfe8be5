"""Hidden states of layers over time: depth upwards, time to the right."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

from ...proof.bindings import Flow, Node, Sentence, sentence
from ...proof.digits import counted
from ...proof.reference import Ref, Vector
from ...proof.subject import Subject
from ...scene.marks import Box, Mark
from ...scene.theme import Paint
from .. import words
from ..blocks import Chip
from ..cells import spoken
from ..fold import Excerpt, Gap, excerpt
from ..panels import Point, arrow

NEAR, FOLDED = 26.0, 34.0
"""Heights: of an arrow into the first layer, and of layers left out."""
SKIPPED = 18.0
"""The width of steps that are left out."""


class StackLook(NamedTuple):
    """Sizes in a form of a figure.

    Attributes:
        left: The width of the names at the left; 0 where they stand above.
        chip: How states are drawn.
        apart: From a state to the next.
        pad: From the edge of a layer to its states.
        most: How many steps are drawn at most.
    """

    left: float = 78
    chip: Chip = Chip()
    apart: float = 38
    pad: float = 10
    most: int = 4


CLOSE = StackLook(0, Chip(50, 12, 16), 9, 10, 3)
"""For a phone."""

ENDS = 'step == {"forward": len(x), "reverse": 1}[direction]'
"""What is true of the last state of each of two directions."""


def ends(count: int, most: int = 4) -> Excerpt:
    """The first ones and the last, or all where they are few.

    >>> ends(4).indices, ends(9).indices, ends(4, 3).indices
    ((0, 1, 2, 3), (0, 1, 8), (0, 1, 3))
    """
    if count <= most:
        return Excerpt(count, tuple(range(count)))
    return Excerpt(count, (0, 1, count - 1))


def outer(count: int) -> Excerpt:
    """The first one and the last.

    >>> outer(1).indices, outer(2).indices, outer(9).indices
    ((0,), (0, 1), (0, 8))
    """
    return Excerpt(count, tuple(sorted({0, count - 1})))


def shown(steps: Excerpt, size: int) -> list[Sentence]:
    """Which steps and units a figure shows, where it does not show all.

    Args:
        steps: The steps.
        size: The length of a state.
    """
    found = []
    if steps.folded:
        *first, last = (t + 1 for t in steps.indices)
        listed = ", ".join("{}" for _ in first)
        found.append(
            sentence(
                f"Only steps {listed} and {{}} are drawn.",
                *((step, str(step)) for step in first),
                (last, "len(x)"),
            )
        )
    units = excerpt(size)
    if units.folded:
        found.append(
            sentence(
                "{} of {} units are drawn; dots stand for the others.",
                (len(units.indices), str(len(units.indices))),
                (size, "h_n.shape[-1]"),
            )
        )
    return found


def state(subject: Subject, index: int, t: int) -> Vector:
    """The h of the first sequence, of one layer and direction at one step."""
    trace, one = subject.trace, subject.trace.weights[index]
    step = trace.steps[index * len(trace.x) + t]
    first = step.h.shape[1] * (one.direction == "reverse")
    return Vector(step.h[0], received(subject, index, t), step.scale, first)


def received(subject: Subject, index: int, t: int) -> Ref:
    """What a layer makes at a step, in all its directions."""
    layer = subject.trace.weights[index].layer
    top = layer == subject.trace.num_layers - 1
    made = Ref("output") if top else Ref("outputs").item(layer)
    return made[t, 0]


def direction(subject: Subject, index: int) -> str:
    """The direction of a row, where there are two."""
    both = subject.trace.bidirectional
    return f" {subject.trace.weights[index].direction}" * both


def flowing(
    *points: Point, tail: str, head: str, paint: Paint = "muted", width: float = 1.5, term: str = ""
) -> Mark:
    """An arrow from what is computed first to what is computed after it."""
    drawn = arrow(*points, paint=paint, width=width, term=term)
    return drawn._replace(bound=(Flow("order", tail, head),))


@dataclass(frozen=True, kw_only=True)
class Stack:
    """Where everything stands, and the marks that figures share.

    Attributes:
        subject: What is drawn.
        look: Its sizes.
        top: What a figure needs above the last layer.
        between: From one layer to the next.
        under: What a figure needs between two directions.
        edge: What a figure draws around the last layer.
        inputs: Whether the numbers of the input are shown.
        beside: The length of what a figure draws beside each state.
        rises: How thick arrows from layer to layer are.
    """

    subject: Subject
    look: StackLook
    top: float
    between: float
    under: float = 0
    edge: float = 0
    inputs: bool = False
    beside: int = 0
    rises: float = 1.5

    @property
    def steps(self) -> Excerpt:
        """The steps that are shown."""
        return ends(len(self.subject.trace.x), self.look.most)

    @property
    def layers(self) -> Excerpt:
        """The layers that are shown."""
        return ends(self.subject.trace.num_layers)

    @property
    def ways(self) -> int:
        """How many directions there are."""
        return 1 + self.subject.trace.bidirectional

    @property
    def size(self) -> int:
        """The length of a state."""
        return len(self.subject.trace.steps[0].h[0])

    @property
    def tall(self) -> float:
        """The height of a state."""
        return self.look.chip.height(self.size)

    @property
    def above(self) -> float:
        """The height of the name above a row that has no room beside it."""
        return 0 if self.look.left else 19.0

    @property
    def block(self) -> float:
        """The height of a layer."""
        return self.ways * self.row - self.under + self.look.pad

    @property
    def row(self) -> float:
        """From one direction to the next."""
        tall = max(self.tall, self.look.chip.height(self.beside))
        return self.above + tall + self.look.pad + self.under

    def lefts(self) -> dict[int, float]:
        """The left of the states of every step that is shown."""
        places, x = {}, self.look.left + self.look.pad
        for line in self.steps.lines:
            if isinstance(line, Gap):
                x += SKIPPED
            else:
                places[line] = x
                x += self.look.chip.width + self.look.apart
        return places

    def middles(self) -> dict[int, float]:
        """The middle of the states of every step that is shown."""
        half = self.look.chip.width / 2
        return {t: x + half for t, x in self.lefts().items()}

    @property
    def right(self) -> float:
        """The right of the layers: of states, or of the names above them."""
        right = max(self.lefts().values()) + self.look.chip.width
        if self.look.left:
            return right + self.look.pad
        named = (words.width(self._said(i), words.SMALL) for i in self.indices())
        return max(right, self.look.pad + max(named)) + self.look.pad

    def tops(self) -> dict[int, float]:
        """The top of every layer that is shown, the last layer first."""
        places, y = {}, self.top
        for line in self.layers.lines[::-1]:
            if isinstance(line, Gap):
                y += FOLDED + self.between
            else:
                places[line] = y
                y += self.block + self.between
        return places

    def y(self, index: int) -> float:
        """The top of the states of a layer and direction."""
        layer, second = divmod(index, self.ways)
        return self.tops()[layer] + self.look.pad + self.above + second * self.row

    def middle(self, index: int) -> float:
        """The middle of the states of a layer and direction."""
        return self.y(index) + self.tall / 2

    @property
    def bottom(self) -> float:
        """The bottom of the first layer."""
        return self.tops()[0] + self.block

    @property
    def height(self) -> float:
        """The height of all."""
        size = self.subject.trace.weights[0].input_size
        tall = self.look.chip.height(size) if self.inputs else 24
        return self.bottom + NEAR + tall + 22

    def indices(self) -> Iterator[int]:
        """Every row that is shown, in the order of `h_n`."""
        for layer in self.layers.indices:
            for second in range(self.ways):
                yield layer * self.ways + second

    def last(self, index: int) -> int:
        """The step, counted from 0, at which a layer and direction ends."""
        reverse = self.subject.trace.weights[index].direction == "reverse"
        return 0 if reverse else self.steps.count - 1

    @property
    def ends(self) -> str:
        """What is true of the last state of each direction."""
        if self.ways == 2:
            return ENDS
        last = self.last(0)
        return f"step == {'len(x)' if last else last + 1}"

    def marks(self, strong: bool = False) -> list[Mark]:
        """Layers with their states, and the input below them.

        Args:
            strong: Whether the last state of each direction stands out.
        """
        marks: list[Mark] = []
        for layer, top in self.tops().items():
            marks.append(
                Box(
                    self.look.left,
                    top,
                    self.right - self.look.left,
                    self.block,
                    radius=10,
                    fill="panel",
                )
            )
            for second in range(self.ways):
                index = layer * self.ways + second
                marks += self._named(index)
                marks += self._row(index, strong)
            marks += self._nodes(layer)
        marks += self._upwards()
        if self.layers.folded:
            marks += self._left_out()
        return [*marks, *self._input(), *self._named_steps()]

    def _nodes(self, layer: int) -> list[Mark]:
        """What a layer hands up at each step: the states of its directions."""
        first, y = layer * self.ways, self.tops()[layer]
        return [
            Box(
                x,
                y,
                self.look.chip.width,
                self.block,
                id=f"layer-{layer}-{t}",
                bound=(Node(received(self.subject, first, t)),),
            )
            for t, x in self.lefts().items()
        ]

    def _said(self, index: int) -> str:
        """The name above a row, where there is no room beside it."""
        layer, second = divmod(index, self.ways)
        way = ("forward", "reverse")[second]
        return f"layer {layer}" + f", {way}" * (self.ways == 2)

    def _named(self, index: int) -> list[Mark]:
        """The name of a layer, and of one of its directions."""
        layer, second = divmod(index, self.ways)
        y, ids = self.middle(index), [f"h-{index}-*"]
        both = [f"h-{layer * self.ways + k}-*" for k in range(self.ways)]
        way = ("forward", "reverse")[second]
        whole: dict[str, object] = {"layer": layer}
        own: dict[str, object] = {**whole, "direction": way}
        if not self.look.left:
            said = self._said(index)
            names = own if self.ways == 2 else whole
            return [
                words.label(
                    self.look.pad, self.y(index) - 10, said, names, ids, "block", style=words.FINE
                )
            ]
        if self.ways == 1:
            return [words.label(0, y, f"layer {layer}", whole, ids, "band", style=words.STRONG)]
        name = words.label(
            0,
            min(self.tops()[layer] + 16, y - 18),
            f"layer {layer}",
            whole,
            both,
            "block",
            style=words.STRONG,
        )
        named = words.label(0, y, way, own, ids, "band")
        return [named] if second else [name, named]

    def _row(self, index: int, strong: bool) -> list[Mark]:
        """The states of one direction, and arrows from step to step."""
        y, lefts = self.middle(index), self.lefts()
        reverse = self.subject.trace.weights[index].direction == "reverse"
        width = self.look.chip.width
        start, end = (-2, width + 2) if reverse else (width + 2, -2)
        marks: list[Mark] = []
        for before, after in pairwise([*lefts][:: -1 if reverse else 1]):
            points = (lefts[before] + start, y), (lefts[after] + end, y)
            marks.append(
                flowing(
                    *points,
                    tail=f"h-{index}-{before}",
                    head=f"h-{index}-{after}",
                    paint="h",
                    term="h",
                )
            )
            if abs(after - before) > 1:
                middle = (points[0][0] + points[1][0]) / 2
                marks += [
                    Box(middle - 8, y - 9, 16, 18, fill="panel"),
                    words.operator(middle, y, "…"),
                ]
        for t, x in lefts.items():
            values = state(self.subject, index, t)
            marks.append(
                self.look.chip.draw(
                    x,
                    self.y(index),
                    values,
                    values.part,
                    id=f"h-{index}-{t}",
                    term="h",
                    strong=self.ends if strong and t == self.last(index) else "",
                )
            )
        return marks

    def _upwards(self) -> list[Mark]:
        """What each layer receives from the one below it."""
        tops, count = self.tops(), self.subject.trace.num_layers
        marks: list[Mark] = []
        for t, x in self.middles().items():
            start, tail = self.bottom + NEAR - 1, f"x-{t}"
            for layer in self.layers.indices:
                edge = self.edge if layer == count - 1 else 1
                end = tops[layer] + self.block + edge
                marks.append(
                    flowing(
                        (x, start),
                        (x, end),
                        tail=tail,
                        head=f"layer-{layer}-{t}",
                        paint="muted",
                        width=self.rises,
                        term="h" if layer else "x",
                    )
                )
                start, tail = tops[layer] - 1, f"layer-{layer}-{t}"
        return marks

    def _left_out(self) -> list[Mark]:
        """How many layers are not shown."""
        first, count = self.layers.indices[-2], self.layers.left_out
        y = self.tops()[first] - self.between / 2 - FOLDED / 2
        said = sentence(
            "… {} more layers",
            (count, f"{self.subject.variable}.num_layers - {len(self.layers.indices)}"),
        )
        left = self.look.left + self.look.pad
        lines, _ = words.paragraph(left + 4, y - 9, said, 200)
        wide = words.width(said.text) + 8
        return [Box(left, y - 10, wide, 20, fill="paper"), lines]

    def inputs_of(self, t: int) -> Vector:
        """The input of one step, of the first sequence."""
        return Vector(self.subject.trace.x[t, 0], Ref("x")[t, 0])

    def _input(self) -> list[Mark]:
        """The input of every step that is shown."""
        y = self.bottom + NEAR
        marks: list[Mark] = []
        for t, x in self.lefts().items():
            values = self.inputs_of(t)
            if self.inputs:
                marks.append(self.look.chip.draw(x, y, values, values.of, id=f"x-{t}", term="x"))
                continue
            middle = x + self.look.chip.width / 2
            marks += [
                Box(
                    middle - 15,
                    y,
                    30,
                    24,
                    radius=12,
                    fill="paper",
                    stroke="rule",
                    id=f"x-{t}",
                    bound=(Node(values.of),),
                ),
                words.label(
                    middle,
                    y + 12,
                    "x",
                    {"tensor": "x"},
                    [f"x-{t}"],
                    "column",
                    anchor="middle",
                    style=words.STRONG,
                    term="x",
                ),
            ]
        if self.inputs and self.look.left:
            size = self.subject.trace.weights[0].input_size
            marks.append(
                words.label(
                    0,
                    y + self.look.chip.height(size) / 2,
                    "x",
                    {"tensor": "x"},
                    ["x-*"],
                    "band",
                    style=words.STRONG,
                    term="x",
                )
            )
        return marks

    def _named_steps(self) -> list[Mark]:
        """The numbers of the steps, below all."""
        y = self.height - 9
        marks: list[Mark] = [
            words.label(
                x,
                y,
                f"step {t + 1}",
                {"step": t + 1},
                [f"h-*-{t}", f"x-{t}"],
                "column",
                style=words.FINE,
                anchor="middle",
            )
            for t, x in self.middles().items()
        ]
        return marks

    def notes(self) -> list[Sentence]:
        """Which steps and units are shown, where not all of them are."""
        return shown(self.steps, self.size)

    def said(self) -> str:
        """Every state that is shown, in words."""
        lines = []
        for index in self.indices():
            layer = index // self.ways
            states = "; ".join(
                f"step {t + 1} {spoken(state(self.subject, index, t))}" for t in self.steps.indices
            )
            lines.append(f"Layer {layer}{direction(self.subject, index)}: {states}.")
        return " ".join(lines)


def layers_of(subject: Subject) -> str:
    """How many layers and directions there are, in words."""
    both = " in two directions" * subject.trace.bidirectional
    return f"{counted(subject.trace.num_layers, 'layer')}{both}"


def outlined(stack: Stack) -> list[Mark]:
    """The outline of output, and its name above it."""
    top, edge = min(stack.tops().values()), stack.edge
    left = max(1.0, stack.look.left - edge)
    last = stack.subject.trace.num_layers - 1
    ids = [f"h-{last * stack.ways + k}-*" for k in range(stack.ways)]
    return [
        Box(
            left,
            top - edge,
            stack.right + edge - left,
            stack.block + 2 * edge,
            radius=14,
            stroke="ink",
            stroke_width=2,
            term="output",
        ),
        words.label(
            left + 6,
            top - 18,
            "output",
            {"tensor": "output"},
            ids,
            "block",
            style=words.STRONG,
            term="output",
        ),
    ]
