"""The figure `directions`."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import NamedTuple

from ..layout import styles, words
from ..layout.blocks import Block, Chip, below, beside, code, proven, said, verdict
from ..layout.cells import spoken
from ..layout.fold import Excerpt, Gap
from ..layout.motifs.states import CLOSE, ENDS, ends, flowing, outer, shown
from ..layout.provenance import count_of, provenance, source
from ..layout.room import inner
from ..options import Value
from ..proof.bindings import Flow, Node, sentence
from ..proof.digits import counted
from ..proof.reference import Ref, Vector
from ..proof.runs.variants import beginning, two_directions
from ..proof.subject import Subject
from ..scene.marks import Box, Mark
from ..scene.scenes import Diagram, Head

MOST = 8
"""The most steps that the wide form draws."""
PAD, EDGE, ENTER, ROUND = 14.0, 10.0, 22.0, 24.0
"""Around the states, the length of an arrow to them, and the height of x."""

PICKED = "torch.cat([h_n[-2], h_n[-1]], dim=1)"
"""What has read the whole sequence from both sides."""


class Way(NamedTuple):
    """One direction of the last layer.

    Attributes:
        name: `forward` or `reverse`.
        place: Its row of `h_n`.
        last: The step, counted from 0, at which it ends.
        values: h of every step, in the order of the sequence.
        state: What stands in that row.
    """

    name: str
    place: int
    last: int
    values: list[Vector]
    state: Vector


def made(subject: Subject, options: Mapping[str, Value]) -> Subject:
    """The module over its first steps, with a second direction if need be."""
    return replace(subject, trace=two_directions(beginning(subject.trace)))


def directions(subject: Subject, room: float) -> Diagram:
    """Both directions over time, and where h_n is taken from."""
    space, count = inner(room), len(subject.trace.x)
    ways = _way(subject, 0), _way(subject, 1)
    wide = space > 400
    steps = ends(count, MOST) if wide else outer(count)
    chip = Chip() if count <= 4 else Chip(52, 12, 17)
    drawn = _Drawn(subject, ways, steps, chip if wide else CLOSE.chip, space)
    body = below([Block(space, drawn.height, tuple(drawn.marks())), _picked(space)], 24)
    told = " ".join(
        f"{way.name.capitalize()}: "
        + "; ".join(f"step {t + 1} {spoken(values)}" for t, values in enumerate(way.values))
        + "."
        for way in ways
    )
    kept = " ".join(
        f"After step {way.last + 1} {way.name}: h_n[{way.place}] is {spoken(way.state)}."
        for way in ways
    )
    return Diagram(
        _head(subject, steps),
        f"{counted(count, 'step')}. {told} {kept}",
        space,
        body.height,
        body.marks,
        room,
    )


def _head(subject: Subject, steps: Excerpt) -> Head:
    trace, size = subject.trace, subject.weights.size
    notes = []
    if trace.num_layers > 1:
        notes.append(
            sentence(
                "This is layer {}, which reads both directions of the layer below it.",
                (trace.num_layers - 1, "lstm.num_layers - 1"),
            )
        )
    notes += shown(steps, size)
    return Head(
        sentence("Two directions, opposite ends"),
        sentence(
            "Each direction has its own weights; the names of the second's end "
            "in _reverse. At each step output holds both, forward first."
        ),
        provenance(subject, count_of("step", steps.count, "len(x)")),
        tuple(notes),
        source(subject),
    )


def _picked(space: float) -> Block:
    """What to give to a classifier."""
    halves = "[output[-1, :, :h_n.shape[-1]], output[0, :, h_n.shape[-1]:]]"
    claim = f"torch.allclose({PICKED}, torch.cat({halves}, dim=1), equal_nan=True)"
    right = verdict("for a classifier", claim, right=True)
    line = code(proven(PICKED, claim), space)
    why = said(sentence("Both halves have read every step."), space)
    if right.width + line.width + why.width + 36 <= space:
        return beside([right, line, why], 18)
    return below([right, line, why], 4)


def _way(subject: Subject, side: int) -> Way:
    """A direction of the top layer: forward is side 0."""
    trace, size = subject.trace, subject.weights.size
    index = len(trace.weights) - 2 + side
    run = sorted(trace.part(index), key=lambda step: step.t)
    last = trace.part(index)[-1]
    values = [
        Vector(step.h[0], Ref("output")[t, 0], step.scale, side * size)
        for t, step in enumerate(run)
    ]
    state = Vector(last.h[0], Ref("h_n")[index, 0], last.scale)
    name = trace.weights[index].direction
    return Way(name, index, last.t, values, state)


@dataclass(frozen=True)
class _Drawn:
    """Forward states above, reverse states below, what h_n keeps at the ends.

    Attributes:
        subject: What is drawn.
        ways: Forward and reverse.
        steps: The steps that are shown.
        chip: How states are drawn.
        space: The width of all.
    """

    subject: Subject
    ways: tuple[Way, Way]
    steps: Excerpt
    chip: Chip
    space: float

    @property
    def wide(self) -> bool:
        return self.space > 400

    @property
    def tall(self) -> float:
        """The height of a state."""
        return self.chip.height(len(self.ways[0].state))

    @property
    def top(self) -> float:
        """The top of the frame of output."""
        return 20 + ROUND + ENTER

    @property
    def side(self) -> float:
        """What is left and right of the frame: a state and a line to it."""
        return self.chip.width + (30 if self.wide else 12)

    @property
    def height(self) -> float:
        """The height of all."""
        return self.top + 2 * self.tall + 3 * PAD + ENTER + ROUND

    def y(self, side: int) -> float:
        """The top of the states of a direction."""
        return self.top + PAD + side * (self.tall + PAD)

    def lefts(self) -> dict[int, float]:
        """The left of each step that is shown."""
        width = self.chip.width
        skipped = 18.0 if self.steps.folded else 0.0
        count = len(self.steps.indices)
        across = self.space - 2 * self.side - 2 * EDGE - skipped
        pitch = min((across - width) / max(1, count - 1), width + 80)
        x = self.side + EDGE
        places = {}
        for line in self.steps.lines:
            if isinstance(line, Gap):
                x += skipped
            else:
                places[line] = x
                x += pitch
        return places

    def marks(self) -> list[Mark]:
        """All of it."""
        lefts = self.lefts()
        right = max(lefts.values()) + self.chip.width + EDGE
        marks: list[Mark] = [
            Box(
                self.side,
                self.top,
                right - self.side,
                2 * self.tall + 3 * PAD,
                radius=12,
                fill="panel",
                stroke="ink",
                stroke_width=styles.BOX.strong.weight,
                term="output",
            ),
            self._label("output", {"tensor": "output"}, self.y(0) + 3, ["forward-*", "reverse-*"]),
        ]
        for side, way in enumerate(self.ways):
            marks.append(self._named(way, side, right))
            marks += self._row(way, side)
            marks += self._kept(way, side, right)
        for t, x in lefts.items():
            marks += self._received(t, x + self.chip.width / 2)
        return marks

    def _label(
        self, content: str, names: dict[str, object], y: float, of: list[str], right: float = 0
    ) -> Mark:
        """A name beside the frame, at its left or right of `right`."""
        x, anchor = right + (12 if self.wide else 6), "start"
        if not right:
            x, anchor = (self.side - 12, "end") if self.wide else (0, "start")
        return words.label(
            x,
            y,
            content,
            names,
            of,
            "band",
            style=words.Style(words.LABEL if self.wide else words.SMALL, bold="tensor" in names),
            fill="ink",
            anchor="end" if anchor == "end" else "start",
        )

    def _named(self, way: Way, side: int, right: float) -> Mark:
        """The name of a direction, where it begins."""
        y = self.y(side) + self.tall / 2 + (0 if side else 4)
        names: dict[str, object] = {"direction": way.name}
        return self._label(way.name, names, y, [f"{way.name}-*"], right if side else 0)

    def _row(self, way: Way, side: int) -> list[Mark]:
        """The states of a direction, and arrows from step to step."""
        lefts, y = self.lefts(), self.y(side)
        middle, width = y + self.tall / 2, self.chip.width
        start, end = (-2, width + 2) if side else (width + 2, -2)
        marks: list[Mark] = []
        for before, after in pairwise([*lefts][:: -1 if side else 1]):
            points = ((lefts[before] + start, middle), (lefts[after] + end, middle))
            marks.append(
                flowing(
                    *points,
                    tail=f"{way.name}-{before}",
                    head=f"{way.name}-{after}",
                    paint="h",
                    width=styles.LINE.strong.weight,
                    term="h_prev",
                )
            )
            if abs(after - before) > 1:
                x = (points[0][0] + points[1][0]) / 2
                marks += [
                    Box(x - 8, middle - 9, 16, 18, fill="panel"),
                    words.operator(x, middle, "…"),
                ]
        for t, x in lefts.items():
            marks.append(
                self.chip.draw(
                    x,
                    y,
                    way.values[t],
                    way.values[t].part,
                    id=f"{way.name}-{t}",
                    term="output",
                    strong=ENDS if t == way.last else "",
                )
            )
        return marks

    def _kept(self, way: Way, side: int, right: float) -> list[Mark]:
        """The last state of a direction, outside at its end."""
        y, width = self.y(side), self.chip.width
        x = 0.0 if side else right + self.side - width
        left = self.lefts()[way.last]
        ends = (left - 1, width + 1) if side else (left + width + 1, x - 1)
        middle = y + self.tall / 2
        below = y + self.tall + 12
        return [
            flowing(
                (ends[0], middle),
                (ends[1], middle),
                tail=f"{way.name}-{way.last}",
                head=f"h_n-{way.place}",
                paint="h",
                width=styles.LINE.strong.weight,
                term="h_n",
            )._replace(bound=(Flow("copies", f"{way.name}-{way.last}", f"h_n-{way.place}"),)),
            self.chip.draw(
                x,
                y,
                way.state,
                way.state.of,
                id=f"h_n-{way.place}",
                term="h_n",
                strong='tensor == "h_n"',
            ),
            self._told(way, side, x + width / 2),
            words.label(
                x + width / 2,
                below if side else y - 11,
                f"h_n[{way.place}]",
                {"tensor": "h_n", "row": way.place},
                [f"h_n-{way.place}"],
                "column",
                style=words.STRONG if self.wide else words.FINE_STRONG,
                anchor="middle",
                term="h_n",
            ),
        ]

    def _told(self, way: Way, side: int, x: float) -> Mark:
        """At which step a direction ends, beside what h_n keeps of it."""
        step = (way.last + 1, "1" if side else "len(x)")
        said = sentence("ends at step {}", step)
        room = words.width("ends at", words.SMALL) + 4
        height = words.LINE * words.SMALL / words.NOTE
        under = self.y(1) + self.tall + 23
        over = self.y(0) - 21 - 2 * height
        return words.paragraph(
            x, under if side else over, said, room, size=words.SMALL, anchor="middle", fill="ink"
        )[0]

    def _received(self, t: int, x: float) -> list[Mark]:
        """What both directions read at a step, and its number above."""
        below = self.subject.trace.num_layers - 2
        read = Ref("x") if below < 0 else Ref("outputs").item(below)
        tensor, term = ("x", "x") if below < 0 else ("outputs", "h")
        bottom = self.height - ROUND
        marks: list[Mark] = [
            words.label(
                x,
                9,
                f"step {t + 1}",
                {"step": t + 1},
                [f"forward-{t}", f"reverse-{t}"],
                "column",
                style=words.FINE,
                anchor="middle",
            )
        ]
        for side, y in enumerate((20.0, bottom)):
            name = self.ways[side].name
            start, end = (y + ROUND + 1, self.y(0) - 1)
            if side:
                start, end = y - 1, self.y(1) + self.tall + 1
            id = f"read-{t}-{name}"
            marks += [
                Box(
                    x - 15,
                    y,
                    30,
                    ROUND,
                    radius=ROUND / 2,
                    fill="paper",
                    stroke="rule",
                    id=id,
                    bound=(Node(read[t, 0]),),
                ),
                words.label(
                    x,
                    y + ROUND / 2,
                    term,
                    {"tensor": tensor},
                    [id],
                    "column",
                    anchor="middle",
                    style=words.FINE,
                    term=term,
                ),
                flowing((x, start), (x, end), tail=id, head=f"{name}-{t}", term=term),
            ]
        return marks
