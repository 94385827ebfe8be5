"""The figure `chunks`."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from ..layout import styles, words
from ..layout.cells import largest, spoken
from ..layout.motifs import over_time
from ..layout.motifs.states import flowing
from ..layout.panels import arrow
from ..layout.provenance import count_of, provenance, source
from ..layout.room import inner
from ..model.gradients.through_time import Received, through_time
from ..model.lstm import Array
from ..proof import digits
from ..proof.bindings import Flow, Length, Node, Scale, sentence
from ..proof.preamble.gradients import split
from ..proof.reference import Number, Ref
from ..proof.subject import SUMMED, Subject
from ..scene.marks import Box, Mark, Path, Text
from ..scene.metrics import width as width_of
from ..scene.scenes import Diagram, Head

CELLS, CELL = 30.0, 52.0
"""Where cells begin, and their height."""
FRAME = 94.0
"""The height of the frame of a chunk."""
BAR, LANE = 60.0, 136.0
"""The height of the largest norm, and of a lane with its words."""
BASE = 106.0
"""How far the foot of the bars lies below the top of a lane."""
FIRST = "h_0, c_0"
"""What the first bar is by."""
CLEAR = 7.0
"""What the wall keeps free on either side."""
UNCUT = (
    "all(bool(a.isnan().any() | torch.isclose(a, b).all()) for a, b in zip("
    "*([*way[0][:, 0], torch.cat(way[1:], dim=2)[0, 0]] "
    "for way in (handed, detached))))"
)
"""That detach takes nothing from a bar, as nothing goes back or it is NaN."""


class Way(NamedTuple):
    """One way to hand on the state, and the gradient that goes back.

    Attributes:
        id: What expressions call it.
        label: What it is, in words.
        reached: The norm that reaches the first state, then each step.
    """

    id: str
    label: str
    reached: list[Number]


def chunks(subject: Subject, room: float) -> Diagram:
    """A sequence in two chunks, and where detach cuts the gradient."""
    steps, space = subject.steps[:SUMMED], inner(room)
    first = split(len(steps))
    seeds = np.array([float(t >= first) for t in range(len(steps))])
    flow = through_time(subject.weights, steps, seeds, np.zeros(len(steps)))
    ways = [
        _way(flow, "handed", "handed on as it is", 0),
        _way(flow, "detached", "detached before it is handed on", first),
    ]
    drawn = _Drawn(subject, ways, first, space)
    names = ["the first state", *(f"step {subject.label(t)}" for t in range(len(steps)))]
    told = " ".join(
        f"When the state is {way.id}{' on' * (way.id == 'handed')}: "
        + "; ".join(
            f"{name} {spoken([value])}" for name, value in zip(names, way.reached, strict=True)
        )
        + "."
        for way in ways
    )
    return Diagram(
        _head(subject, first, len(steps), is_cut=drawn.is_cut),
        f"The second chunk begins at step {subject.label(first)}. {told}",
        space,
        drawn.height,
        tuple(drawn.marks()),
        room,
    )


def _head(subject: Subject, first: int, count: int, *, is_cut: bool) -> Head:
    outline = "; a dashed outline is what there is without detach" * is_cut
    notes = [
        sentence(
            "Bars are norms of the gradient of the second chunk's "
            "output.sum() by x of each step, at the left by h_0 and c_0"
            f"{outline}.",
            claim="" if is_cut else UNCUT,
        ),
        sentence("Either way the module returns the same output and the same state."),
    ]
    if count < len(subject.steps):
        notes.append(over_time.left_out(subject, len(subject.steps) - count))
    return Head(
        sentence(
            "detach stops the gradient, not the state",
            claim=f"not any(part.any() for part in (detached[0][:{first}], *detached[1:]))",
        ),
        sentence(
            "A sequence is run in two chunks. The second starts from the state "
            "that the first returns, handed on as it is or detached."
        ),
        provenance(subject, count_of("step", count, f"len(x[:{SUMMED}])")),
        tuple(notes),
        source(subject),
    )


def _way(flow: Received, id: str, label: str, cut: int) -> Way:
    """What goes back from the second chunk, to the first state or the cut."""
    stopped = id == "detached"
    states = Ref(f"torch.cat({id}[1:], dim=2)")[0, 0]
    found = [_norm(_states(flow), states, stopped)]
    for t in range(len(flow.x.value)):
        both = flow.x.value[t, 0], flow.x.scale[t, 0]
        found.append(_norm(both, Ref(id).item(0)[t, 0], stopped and t < cut))
    return Way(id, label, found)


def _states(flow: Received) -> tuple[Array, Array]:
    """The gradient by h_0 and c_0, and how far rounding may move it."""
    by_h, by_c = flow.h_prev, flow.c_prev
    value, scale = (np.concatenate([h[0, 0], c[0, 0]]) for h, c in zip(by_h, by_c, strict=True))
    return value, scale


def _norm(both: tuple[Array, Array], of: Ref, stopped: bool) -> Number:
    """In float64, so that squares do not overflow."""
    value, scale = (0.0 if stopped else float(np.linalg.norm(a.astype(np.float64))) for a in both)
    return Number(np.float64(value), f"{of}.double().norm()", scale)


@dataclass(frozen=True)
class _Drawn:
    """Cells in a line, and below them a lane of bars for each way.

    Attributes:
        subject: What is drawn.
        ways: As it is, and detached.
        first: How many steps the first chunk has.
        space: The width of all.
    """

    subject: Subject
    ways: Sequence[Way]
    first: int
    space: float

    @property
    def wide(self) -> bool:
        return self.space > 400

    @property
    def count(self) -> int:
        """How many steps there are."""
        return len(self.ways[0].reached) - 1

    @property
    def joint(self) -> float:
        """What is between the two chunks."""
        return 34.0 if self.wide else 16.0

    @property
    def column(self) -> float:
        """The width of a step."""
        return min(150.0, (self.space - self.joint) / (self.count + 1))

    @property
    def half(self) -> float:
        """Half the width of a cell and of a bar."""
        return min(22.0, self.column / 2 - (6 if self.wide else 5))

    @property
    def height(self) -> float:
        """The height of all."""
        return self.top(1) + BASE + (20 if self.roomy else 34)

    @property
    def roomy(self) -> bool:
        """Whether the name of the first state fits below its bar."""
        return self.column >= width_of(FIRST, words.SMALL, mono=True)

    def top(self, line: int) -> float:
        """The top of a lane."""
        return FRAME + 26 + line * LANE

    def x(self, k: int) -> float:
        """The middle of the first state, which is 0, or of a step."""
        return (k + 0.5) * self.column + (self.joint if k > self.first else 0)

    @property
    def size(self) -> float:
        """The font size of the name of a chunk."""
        return words.LABEL if self.wide else words.SMALL

    @property
    def edge(self) -> float:
        """What a frame keeps free within it."""
        return 13.0 if self.wide else 6.0

    @property
    def frames(self) -> dict[str, tuple[float, float]]:
        """Where the frame of each chunk that has steps begins and ends."""
        found = {}
        for name, first, last in (
            ("first chunk", 1, self.first),
            ("second chunk", self.first + 1, self.count),
        ):
            if first > last:
                continue
            steps = self.x(last) - self.x(first) + 2 * self.half
            least = words.width(name, self.size, bold=True)
            width = max(steps, least) + 2 * self.edge
            middle = (self.x(first) + self.x(last)) / 2
            left = min(middle, self.space - width / 2) - width / 2
            found[name] = left, left + width
        return found

    @property
    def cut(self) -> float:
        """The middle between the two chunks, or the state and the second."""
        _, end = self.frames.get("first chunk", (0, self.x(0) + self.half))
        return (end + self.frames["second chunk"][0]) / 2

    def marks(self) -> list[Mark]:
        """All of it."""
        marks = [
            *self._frames(),
            self._wall(0, FRAME),
            *self._states(),
            *(self._step(k) for k in range(1, self.count + 1)),
        ]
        for line, way in enumerate(self.ways):
            marks += self._lane(way, self.top(line))
        top = self.top(1)
        return [
            *marks,
            self._axis(self.top(0)),
            *self._first(top + BASE),
            self._detach(top + 18),
            self._wall(top + 12, top + BASE + CLEAR),
        ]

    def _wall(self, top: float, bottom: float) -> Mark:
        """Where detach cuts, between the two chunks."""
        ends = (self.cut, top), (self.cut, bottom)
        return Path(
            (("M", ends[0]), ("L", ends[1])), stroke="neg", stroke_width=styles.LINE.strong.weight
        )

    def _detach(self, y: float) -> Mark:
        """What the wall is, beside it."""
        said = sentence(
            "detach()",
            claim=f"not any(part.any() for part in (detached[0][:{self.first}], *detached[1:]))",
        )
        size = words.SMALL
        name, _ = words.paragraph(
            self.cut - CLEAR,
            y - words.LINE * size / words.NOTE / 2,
            said,
            100,
            size=size,
            anchor="end",
            fill="ink",
            bold=True,
        )
        return name

    def _axis(self, top: float) -> Mark:
        """What the bars are, at the right of the first lane's name."""
        size = words.SMALL
        said = sentence("norm of the gradient by x")
        least = words.width(self.ways[0].label, bold=True) + 12
        right = max(self.x(self.count) + self.half, least + words.width(said.text, size))
        drawn, _ = words.paragraph(
            right,
            top - words.LINE * size / words.NOTE / 2,
            said,
            self.space,
            size=size,
            anchor="end",
        )
        return drawn

    def _frames(self) -> list[Mark]:
        """A frame around the steps of each chunk, with its name."""
        marks: list[Mark] = []
        for name, (left, right) in self.frames.items():
            said, _ = words.paragraph(
                left + self.edge,
                5,
                sentence(name),
                self.space,
                size=self.size,
                fill="ink",
                bold=True,
            )
            frame = Box(left, 0, right - left, FRAME, radius=8, stroke="muted")
            marks += [frame, said]
        return marks

    def _states(self) -> list[Mark]:
        """C and h from step to step, and at the left those before all."""
        marks: list[Mark] = []
        for name, of, y, width in (
            ("c", "c", CELLS + 15, 2.75),
            ("h", "output", CELLS + CELL - 15, 1.5),
        ):
            for k in range(self.count + 1):
                x, id = self.x(k), f"{name}-{k}"
                node = Node(Ref(of)[k - 1, 0] if k else Ref(f"{name}_0")[0, 0])
                if k == 0:
                    marks.append(
                        words.label(
                            x,
                            y,
                            f"{name}_0",
                            {"tensor": f"{name}_0"},
                            [id],
                            "column",
                            style=words.FINE_CODE,
                            fill="ink",
                            anchor="middle",
                        )
                    )
                wide = 2 * self.half if k else 30.0
                marks.append(Box(x - wide / 2, y - 9, wide, 18, id=id, bound=(node,)))
                if k:
                    start = self.x(k - 1) + (self.half if k > 1 else 15)
                    line = flowing(
                        (start, y),
                        (x - self.half, y),
                        tail=f"{name}-{k - 1}",
                        head=id,
                        paint="c" if name == "c" else "h",
                        width=width,
                        term=name,
                    )
                    marks.append(line)
        cells: list[Mark] = [
            Box(
                self.x(k) - self.half,
                CELLS,
                2 * self.half,
                CELL,
                radius=7,
                fill="panel",
                stroke="rule",
            )
            for k in range(1, self.count + 1)
        ]
        return [*cells, *marks]

    def _step(self, k: int) -> Mark:
        """The number of a step, in its cell."""
        step = self.subject.label(k - 1)
        return words.label(
            self.x(k),
            CELLS + CELL / 2,
            str(step),
            {"step": step},
            self._bars(k),
            "column",
            anchor="middle",
            style=words.STRONG,
        )

    def _bars(self, k: int) -> list[str]:
        """The ids of the bars of a step, or of the first state."""
        lost = [f"detached-{k}-was"] if self._lost(k) else []
        return [*(f"{way.id}-{k}-bar" for way in self.ways), *lost]

    @property
    def is_cut(self) -> bool:
        """Whether detach takes anything from a bar."""
        return any(map(self._lost, range(len(self.ways[0].reached))))

    def _lost(self, k: int) -> float:
        """What detach takes from the bar of a step, 0 where it takes none."""
        handed, detached = (float(way.reached[k].value) for way in self.ways)
        return 0.0 if detached or np.isnan(handed) else handed

    def _lane(self, way: Way, top: float) -> list[Mark]:
        """The norms of one way as bars, with their numbers above them."""
        most = largest(n for each in self.ways for n in each.reached)
        base = top + BASE
        scale = Scale(0, most, base, base - BAR)
        places = digits.decimals(n.value for n in way.reached)
        room = int((self.column - 2) / width_of("0", words.SMALL, mono=True))
        bars: list[Mark] = []
        numbers: list[Text] = []
        for k, value in enumerate(way.reached):
            x, number = self.x(k), float(value.value)
            drawn = 0.0 if np.isnan(number) else min(number, most)
            zero, tall = number == 0, drawn
            bars.append(self._bar(k, value.expr, scale, drawn, f"{way.id}-{k}-bar"))
            if way.id == "detached" and self._lost(k):
                was, tall = self.ways[0].reached[k], min(self._lost(k), most)
                # From what is left to what there was.
                gone = self._bar(k, f"({value.expr}, {was.expr})", scale, tall, f"{way.id}-{k}-was")
                bars.append(gone._replace(fill=None, stroke="ink", dash=styles.CELL.back.dash))
            printed = words.number(
                x,
                scale(tall) - 9,
                value,
                size=words.SMALL,
                places=0 if zero else places,
                room=min(6, room),
                fill="muted" if zero else "ink",
                id=f"{way.id}-{k}",
                term="x" if k else "h_prev c_prev",
            )
            printed = styles.back(printed, "it == 0" if zero else "")
            if printed.width <= self.column - 2:
                numbers.append(printed)
        name = words.label(
            0,
            top,
            way.label,
            {"tensor": way.id},
            [*(bar.id for bar in bars), *(number.id for number in numbers)],
            "block",
            style=words.STRONG,
        )
        ends = [self.x(0) - self.half, self.x(self.count) + self.half]
        if way.id == "detached":
            ends[1:1] = self.cut - CLEAR, self.cut + CLEAR
        lines = [
            Path((("M", (start, base)), ("L", (stop, base))), stroke="rule")
            for start, stop in zip(ends[::2], ends[1::2], strict=True)
        ]
        return [name, *lines, *bars, *numbers, *self._back(way, top)]

    def _bar(self, k: int, of: str, scale: Scale, tall: float, id: str) -> Box:
        """One norm as a bar."""
        left, top = self.x(k) - self.half, scale(tall)
        return Box(
            left,
            top,
            2 * self.half,
            scale(0) - top,
            fill="ink:60",
            id=id,
            bound=(Length(of, "height", scale),),
        )

    def _first(self, base: float) -> list[Mark]:
        """What the first bars are by: h_0 and c_0, below the last of them."""
        parts = [FIRST] if self.roomy else FIRST.split(", ")
        return [
            words.label(
                self.x(0),
                base + 13 + 14 * line,
                part,
                {"tensor": part.replace(" ", "")},
                self._bars(0),
                "column",
                style=words.FINE_CODE,
                fill="ink",
                anchor="middle",
            )
            for line, part in enumerate(parts)
        ]

    def _back(self, way: Way, top: float) -> list[Mark]:
        """How far the gradient goes back."""
        y = top + 18
        start = self.x(self.count) + self.half
        handed = way.id == "handed"
        stop = self.x(0) - self.half if handed else self.cut + CLEAR
        width = styles.LINE.plain.weight
        drawn = arrow((start, y), (stop, y), paint="muted", width=width)
        last = 0 if handed else self.first + 1
        ends = (f"{way.id}-{k}-bar" for k in (self.count, last))
        return [drawn._replace(bound=(Flow("reaches", *ends),))]
