"""One unit: what it keeps, writes and shows, and where c and h go."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from ...layout import styles, words
from ...layout.motifs import gauges, over_time, waterfall
from ...layout.panels import round_arrow
from ...proof.bindings import Flow, Scale, sentence
from ...proof.reference import Number
from ...proof.subject import Subject
from ...scene.marks import Mark, Path
from ...scene.terms import TERMS
from .pieces import Piece, Use

NAME, TICKS = 14.0, 30.0
"""The lines of the unit's name and of the numbers of the axis."""
LINES: dict[str, float] = {"keep": 46.0, "write": 82.0, "show": 140.0}
"""The lines of words; below each is its gauge."""
BAR, BELOW = 13.0, 8.0
"""The height of a gauge, and how far below the middle of its words it is."""
STATE, RUN = 12.0, 22.0
"""The lines of c and of h below their gauge, and of what leads on from them."""
UNDER, NEAR = 17.0, 6.0
"""The same, where the words stand below that line."""
SIDE, LOOP = 8.0, 7.0
"""What is left and right of the words, and where c goes round, beside it."""
HEIGHT = 188.0

GATE: dict[Use, str] = {"keep": "f", "write": "i", "show": "o"}
"""The gate that fills each gauge."""
PART = {"keep": "c_prev", "write": "g", "show": "tanh c"}
"""What it is a part of."""
WAYS = (("{gate} {use}", "of {part}"), ("{use}", "of {part}"), ("{use}", "{part}"))
"""How both are said, the longest way first."""
NEXT, SHORT = "c_prev of step ", "to step "
"""What is said where c goes, and what where there is little room."""
NUMBER, SPACE = 42.0, 5.0
"""The room of a number with the space before it, and what is between words."""


class Values(NamedTuple):
    """The numbers of a unit at one step.

    Attributes:
        c_prev: Its cell state before the step.
        kept: What f leaves of it.
        g: What could be written.
        edge: What c would be if all of it were.
        c: Its cell state.
        tanh_c: What of it could be shown.
        h: What is shown.
    """

    c_prev: Number
    kept: Number
    g: Number
    edge: Number
    c: Number
    tanh_c: Number
    h: Number

    @property
    def is_finite(self) -> bool:
        """Whether all of them are."""
        return bool(np.isfinite([float(n.value) for n in self]).all())


def values(subject: Subject, t: int, unit: int) -> Values:
    """The numbers of a unit; with a projection h is what goes into that."""
    shown = (
        subject.product("o", "tanh_c", t) if subject.weights.proj_size else subject.vector("h", t)
    )
    kept = subject.product("f", "c_prev", t)
    g = subject.vector("g", t)
    c_prev, c, tanh_c = (subject.vector(name, t)[unit] for name in ("c_prev", "c", "tanh_c"))
    return Values(c_prev, kept[unit], g[unit], (kept + g)[unit], c, tanh_c, shown[unit])


def same(subject: Subject, t: int, name: str) -> str:
    """The claim that the next step reads of a state what this one made."""
    after, now = (
        subject.vector(tensor, at).of for tensor, at in ((f"{name}_prev", t + 1), (name, t))
    )
    return f"torch.allclose({after}, {now}, equal_nan=True)"


def said(t: int, gate: str, unit: int) -> str:
    """The id of the words at which a gate's ribbon arrives."""
    return f"said-{t}-{gate}-{unit}"


def _ways(ways: tuple[str, str], use: Use) -> list[str]:
    """What a gate does, and to what, in words."""
    return [w.format(gate=GATE[use], use=use, part=PART[use]) for w in ways]


def _widths(ways: tuple[str, str], use: Use) -> tuple[float, float, float]:
    """The widths of these words, and of what is between them."""
    first, second = _ways(ways, use)
    return (
        words.width(first, words.SMALL, bold=True),
        SPACE,
        words.width(second, words.SMALL, bold=use == "write"),
    )


def scale(every: Sequence[Values], left: float, width: float) -> Scale:
    """Where values are in panels: one scale for all, from whole numbers."""
    reached = [float(n.value) for v in every for n in (v.c_prev, v.kept, v.edge, v.c)]
    return Scale(*waterfall.reach(reached), left + SIDE + 1, width - SIDE - 1)


class Place(NamedTuple):
    """Where the words of c or of h stand.

    Attributes:
        called: The name.
        left: Their left.
        width: Their width.
        is_under: Whether they are below the line that leads on, as there is no
            room beside it.
    """

    called: str
    left: float
    width: float
    is_under: bool = False


class Panel(NamedTuple):
    """A unit that is drawn.

    Attributes:
        subject: What is drawn.
        t: The step, counted from 0.
        unit: The unit.
        value: Its numbers.
        width: Of the panel.
        scale: Where values are.
        inset: How much of the panel is left of the words.
    """

    subject: Subject
    t: int
    unit: int
    value: Values
    width: float
    scale: Scale
    inset: float = 0.0

    @property
    def words(self) -> tuple[str, str]:
        """How it is said what a gate does and to what, as there is room."""
        room = self.right - self.left - NUMBER
        for ways in WAYS:
            if max(sum(_widths(ways, use)) for use in GATE) <= room:
                break
        return ways

    @property
    def name(self) -> str:
        """What it is called."""
        return f"unit {self.unit}"

    @property
    def at(self) -> str:
        """How ids end."""
        return f"{self.t}-{self.unit}"

    @property
    def left(self) -> float:
        """Where its words begin."""
        return self.inset + SIDE

    @property
    def right(self) -> float:
        """Where its numbers end."""
        return self.width - SIDE

    def drawn(self) -> list[Piece]:
        """All of it, from 0, 0, but for the ways of c and h."""
        value, at = self.value, self.at
        common: list[Mark] = [
            waterfall.ground(self.width, HEIGHT, f"unit-{self.unit}"),
            words.label(
                SIDE,
                NAME,
                self.name,
                {"unit": self.unit},
                [f"of-*-{at}", f"c-{at}", f"h-{at}"],
                "block",
                style=words.STRONG,
            ),
        ]
        if value.is_finite:
            common += self._axis()
        pieces = [Piece("", common)]
        operands = {
            "keep": ("c_prev", value.c_prev),
            "write": ("g", value.g),
            "show": ("tanh_c", value.tanh_c),
        }
        for use, one in self._gauges().items():
            y = LINES[use]
            marks = [
                *self._said(use, *operands[use]),
                *gauges.gauge(one, y + BELOW, self.scale, height=BAR),
            ]
            pieces.append(Piece(use, marks))
        if value.is_finite:
            kept = self.scale(float(value.kept.value))
            link = gauges.link(
                (kept, LINES["keep"] + BELOW + BAR),
                (kept, LINES["write"] + BELOW),
                f"keep-{at}",
                f"write-{at}",
                gap=(LINES["write"] - 6, LINES["write"] + 5),
            )
            pieces.append(Piece("write", [link]))
        pieces.append(Piece("write", self._state("c", value.c, "write")))
        pieces.append(Piece("show", self._state("h", value.h, "show")))
        return pieces

    def leads_on(self, bus: Sequence[tuple[float, float]]) -> list[Piece]:
        """The ways of c, back into the unit, and of h, out of it.

        Args:
            bus: Where h turns and arrives, the first beside the panel; none
                where nothing of the figure reads it.
        """
        t, at = self.t, self.at
        after = self.subject.label(t + 1)
        out = self.width + LOOP
        x, y, run = self._leaves("c", self.value.c, "write")
        back = round_arrow(
            (x, y),
            (x, run),
            (out, run),
            (out, LINES["keep"]),
            (self.right + 2, LINES["keep"]),
            paint="c",
            radius=5,
            width=styles.LINE.strong.weight,
            term="c c_prev",
        )
        room = self.right - SIDE - SPACE
        room -= words.width(self.name, words.LABEL, bold=True)
        whole = words.width(f"{NEXT}{after}", words.SMALL) <= room
        told, _ = words.paragraph(
            self.right,
            NAME - 8,
            sentence(
                f"{NEXT if whole else SHORT}{{}}",
                (after, str(after)),
                claim=same(self.subject, t, "c"),
            ),
            room,
            size=words.SMALL,
            anchor="end",
        )
        back = back._replace(bound=(Flow("returns", f"c-{at}", f"of-c_prev-{at}"),))
        pieces = [Piece("keep", [back, told])]
        if bus:
            x, y, run = self._leaves("h", self.value.h, "show")
            on = round_arrow(
                (x, y), (x, run), (bus[0][0], run), *bus, paint="h", radius=5, term="h h_prev"
            )
            on = on._replace(bound=(Flow("returns", f"h-{at}", f"h_prev-{t}"),))
            pieces.append(Piece("show", [on]))
        return pieces

    def _gauges(self) -> dict[Use, gauges.Gauge]:
        """The gauges, each of which begins where c stands."""
        value, at = self.value, self.at
        c_prev, kept, _, edge, c, tanh_c, h = (float(n.value) for n in value)
        of = value.kept.expr
        return {
            "keep": gauges.Gauge(
                0, c_prev, kept, value.c_prev.expr, of, "muted", "gate-f", f"keep-{at}", "f c_prev"
            ),
            "write": gauges.Gauge(
                kept,
                edge,
                c,
                f"torch.stack([{of}, {value.edge.expr}])",
                f"torch.stack([{of}, {value.c.expr}])",
                "gate-g",
                "gate-i",
                f"write-{at}",
                "i g",
            ),
            "show": gauges.Gauge(
                0,
                tanh_c,
                h,
                value.tanh_c.expr,
                value.h.expr,
                "muted",
                "gate-o",
                f"show-{at}",
                "o tanh_c",
            ),
        }

    def _axis(self) -> list[Mark]:
        """Lines behind the gauges, at 0 and at other whole numbers."""
        marks: list[Mark] = []
        for value in over_time.ticks_across(self.scale, 5, 0, self.width):
            x = self.scale(value)
            spans = [(y + BELOW - 3, y + BELOW + BAR + 3) for y in LINES.values()]
            marks += [
                Path(
                    tuple(
                        piece
                        for top, bottom in spans
                        for piece in (("M", (x, top)), ("L", (x, bottom)))
                    ),
                    stroke="muted" if value == 0 else "rule",
                    stroke_width=styles.LINE.back.weight,
                ),
                words.tick(x, TICKS, over_time.said(value), "middle"),
            ]
        return marks

    def _said(self, use: Use, name: str, number: Number) -> list[Mark]:
        """What a gate does, and to what."""
        gate, y, at = GATE[use], LINES[use], self.at
        first, second = _ways(self.words, use)
        does = words.label(
            self.left,
            y,
            first,
            {"gate": gate, "unit": self.unit},
            [f"{gate}-{at}-cell"],
            "row",
            style=words.FINE_STRONG,
            fill=TERMS[gate].role,
            term=gate,
            id=said(self.t, gate, self.unit),
        )
        again = f"of-{name}-{at}"
        ids = [again, *([f"g-{at}-cell"] if name == "g" else [])]
        of = words.label(
            does.left + does.width + SPACE,
            y,
            second,
            {"tensor": name, "unit": self.unit},
            ids,
            "row",
            style=words.FINE_STRONG if name == "g" else words.FINE,
            fill=TERMS["g"].role if name == "g" else "muted",
            term=name,
            id=said(self.t, "g", self.unit) if name == "g" else "",
        )
        printed = words.number(
            self.right, y, number, size=words.SMALL, room=5, anchor="end", id=again, term=name
        )
        return [does, of, printed]

    def _state(self, name: str, number: Number, use: Use) -> list[Mark]:
        """What a gauge ends at, beside the line that leads on from there."""
        at, end = self._place(name, number), f"{name}-{self.at}"
        y = LINES[use] + BELOW + BAR + (UNDER if at.is_under else STATE)
        tensor = "o*tanh_c" if at.called != name else name
        label = words.label(
            at.left,
            y,
            at.called,
            {"tensor": tensor, "unit": self.unit},
            [end],
            "row",
            style=words.STRONG,
            term=name,
        )
        printed = words.number(
            at.left + label.width + 4,
            y,
            number,
            size=words.LABEL,
            room=6,
            anchor="start",
            bold=True,
            id=end,
            term=name,
        )
        return [label, printed]

    def _place(self, name: str, number: Number) -> Place:
        """Where the words of a state stand."""
        projected = self.subject.weights.proj_size > 0
        called = "o·tanh c" if projected and name == "h" else name
        printed = words.number(0, 0, number, size=words.LABEL, room=6, bold=True, id="")
        wide = words.width(called, words.LABEL, bold=True) + 4 + printed.width
        if not np.isfinite(number.value):
            return Place(called, self.left, wide)
        end = self.scale(float(number.value))
        for left in (end - 6 - wide, end + 6):
            if self.left <= left <= self.right - wide:
                return Place(called, left, wide)
        left = min(max(self.left, end), self.right - wide)
        return Place(called, left, wide, is_under=True)

    def _leaves(self, name: str, number: Number, use: Use) -> tuple[float, float, float]:
        """Where the line of a state begins, and the line that it runs on."""
        bottom, at = LINES[use] + BELOW + BAR, self._place(name, number)
        if not np.isfinite(number.value):
            return at.left + at.width + 6, bottom + STATE - 6, bottom + RUN
        run = bottom + (RUN if not at.is_under else NEAR)
        return self.scale(float(number.value)), bottom, run
