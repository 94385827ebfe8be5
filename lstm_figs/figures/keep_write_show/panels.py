"""One unit: what it keeps, writes and shows, and where c and h go."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from ...layout import styles, words
from ...layout.motifs import gauges, over_time, waterfall
from ...layout.panels import round_arrow
from ...model.layer_run import Subject
from ...model.reference import Number
from ...proof.bindings import Flow, Scale, sentence
from ...scene.marks import Mark, Path
from ...scene.terms import TERMS
from .pieces import Piece, Use

NAME_Y, TICKS_Y = 14.0, 30.0
"""The lines of the unit's name and of the numbers of the axis."""
WORDS_Y: dict[str, float] = {"keep": 46.0, "write": 82.0, "show": 140.0}
"""The lines of words; below each is its gauge."""
GAUGE_HEIGHT, GAUGE_OFFSET = 13.0, 8.0
"""The height of a gauge, and how far below the middle of its words it is."""
STATE_OFFSET, RUN_OFFSET = 12.0, 22.0
"""The lines of c and of h below their gauge, and of what leads on from them."""
LOW_STATE_OFFSET, LOW_RUN_OFFSET = 17.0, 6.0
"""The same, where the words stand below that line."""
PADDING, LOOP_OFFSET = 8.0, 7.0
"""What is left and right of the words, and where c goes round, beside it."""
HEIGHT = 188.0

GATE_OF: dict[Use, str] = {"keep": "f", "write": "i", "show": "o"}
"""The gate that fills each gauge."""
PART_OF = {"keep": "c_prev", "write": "g", "show": "tanh c"}
"""What it is a part of."""
PHRASINGS = (("{gate} {use}", "of {part}"), ("{use}", "of {part}"), ("{use}", "{part}"))
"""How both are said, the longest way first."""
NEXT_WORDS, SHORT_NEXT_WORDS = "c_prev of step ", "to step "
"""What is said where c goes, and what where there is little room."""
NUMBER_WIDTH, WORD_GAP = 42.0, 5.0
"""The room of a number with the space before it, and what is between words."""


class Values(NamedTuple):
    """The numbers of a unit at one step.

    Attributes:
        c_prev: Its cell state before the step.
        retained: What f leaves of it.
        g: What could be written.
        full_write: What c would be if all of it were.
        c: Its cell state.
        tanh_c: What of it could be shown.
        h: What is shown.
    """

    c_prev: Number
    retained: Number
    g: Number
    full_write: Number
    c: Number
    tanh_c: Number
    h: Number

    @property
    def is_finite(self) -> bool:
        """Whether all of them are."""
        return bool(np.isfinite([float(n.value) for n in self]).all())


def values(subject: Subject, t: int, unit: int) -> Values:
    """The numbers of a unit; with a projection h is what goes into that."""
    h = subject.product("o", "tanh_c", t) if subject.weights.proj_size else subject.vector("h", t)
    retained = subject.product("f", "c_prev", t)
    g = subject.vector("g", t)
    c_prev, c, tanh_c = (subject.vector(name, t)[unit] for name in ("c_prev", "c", "tanh_c"))
    return Values(c_prev, retained[unit], g[unit], (retained + g)[unit], c, tanh_c, h[unit])


def handover_claim(subject: Subject, t: int, name: str) -> str:
    """The claim that the next step reads of a state what this one made."""
    next_expression, expression = (
        subject.vector(tensor, at).of for tensor, at in ((f"{name}_prev", t + 1), (name, t))
    )
    return f"torch.allclose({next_expression}, {expression}, equal_nan=True)"


def words_id(t: int, gate: str, unit: int) -> str:
    """The id of the words at which a gate's ribbon arrives."""
    return f"said-{t}-{gate}-{unit}"


def _phrases(phrasing: tuple[str, str], use: Use) -> list[str]:
    """What a gate does, and to what, in words."""
    return [w.format(gate=GATE_OF[use], use=use, part=PART_OF[use]) for w in phrasing]


def _widths(phrasing: tuple[str, str], use: Use) -> tuple[float, float, float]:
    """The widths of these words, and of what is between them."""
    first, second = _phrases(phrasing, use)
    return (
        words.width(first, words.SMALL, bold=True),
        WORD_GAP,
        words.width(second, words.SMALL, bold=use == "write"),
    )


def scale(all_values: Sequence[Values], left: float, width: float) -> Scale:
    """Where values are in panels: one scale for all, from whole numbers."""
    reached_values = [
        float(n.value) for v in all_values for n in (v.c_prev, v.retained, v.full_write, v.c)
    ]
    return Scale(*waterfall.whole_range(reached_values), left + PADDING + 1, width - PADDING - 1)


class Place(NamedTuple):
    """Where the words of c or of h stand.

    Attributes:
        name: The name.
        left: Their left.
        width: Their width.
        is_below: Whether they are below the line that leads on, as there is no
            room beside it.
    """

    name: str
    left: float
    width: float
    is_below: bool = False


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
        width = self.right - self.left - NUMBER_WIDTH
        for phrasing in PHRASINGS:
            if max(sum(_widths(phrasing, use)) for use in GATE_OF) <= width:
                break
        return phrasing

    @property
    def name(self) -> str:
        """What it is called."""
        return f"unit {self.unit}"

    @property
    def id_suffix(self) -> str:
        """How ids end."""
        return f"{self.t}-{self.unit}"

    @property
    def left(self) -> float:
        """Where its words begin."""
        return self.inset + PADDING

    @property
    def right(self) -> float:
        """Where its numbers end."""
        return self.width - PADDING

    def pieces(self) -> list[Piece]:
        """All of it, from 0, 0, but for the ways of c and h."""
        value, at = self.value, self.id_suffix
        common: list[Mark] = [
            waterfall.panel(self.width, HEIGHT, f"unit-{self.unit}"),
            words.label(
                PADDING,
                NAME_Y,
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
        for use, gauge in self._gauges().items():
            y = WORDS_Y[use]
            marks = [
                *self._action_words(use, *operands[use]),
                *gauges.gauge_marks(gauge, y + GAUGE_OFFSET, self.scale, height=GAUGE_HEIGHT),
            ]
            pieces.append(Piece(use, marks))
        if value.is_finite:
            retained_x = self.scale(float(value.retained.value))
            link = gauges.link(
                (retained_x, WORDS_Y["keep"] + GAUGE_OFFSET + GAUGE_HEIGHT),
                (retained_x, WORDS_Y["write"] + GAUGE_OFFSET),
                f"keep-{at}",
                f"write-{at}",
                gap=(WORDS_Y["write"] - 6, WORDS_Y["write"] + 5),
            )
            pieces.append(Piece("write", [link]))
        pieces.append(Piece("write", self._state("c", value.c, "write")))
        pieces.append(Piece("show", self._state("h", value.h, "show")))
        return pieces

    def handover(self, bus: Sequence[tuple[float, float]]) -> list[Piece]:
        """The ways of c, back into the unit, and of h, out of it.

        Args:
            bus: Where h turns and arrives, the first beside the panel; none
                where nothing of the figure reads it.
        """
        t, at = self.t, self.id_suffix
        next_label = self.subject.step_number(t + 1)
        out = self.width + LOOP_OFFSET
        x, y, run = self._exit("c", self.value.c, "write")
        c_arrow = round_arrow(
            (x, y),
            (x, run),
            (out, run),
            (out, WORDS_Y["keep"]),
            (self.right + 2, WORDS_Y["keep"]),
            paint="c",
            radius=5,
            width=styles.LINE.strong.weight,
            term="c c_prev",
        )
        width = self.right - PADDING - WORD_GAP
        width -= words.width(self.name, words.LABEL, bold=True)
        is_full = words.width(f"{NEXT_WORDS}{next_label}", words.SMALL) <= width
        destination, _ = words.paragraph(
            self.right,
            NAME_Y - 8,
            sentence(
                f"{NEXT_WORDS if is_full else SHORT_NEXT_WORDS}{{}}",
                (next_label, str(next_label)),
                claim=handover_claim(self.subject, t, "c"),
            ),
            width,
            size=words.SMALL,
            anchor="end",
        )
        c_arrow = c_arrow._replace(bound=(Flow("returns", f"c-{at}", f"of-c_prev-{at}"),))
        pieces = [Piece("keep", [c_arrow, destination])]
        if bus:
            x, y, run = self._exit("h", self.value.h, "show")
            h_arrow = round_arrow(
                (x, y), (x, run), (bus[0][0], run), *bus, paint="h", radius=5, term="h h_prev"
            )
            h_arrow = h_arrow._replace(bound=(Flow("returns", f"h-{at}", f"h_prev-{t}"),))
            pieces.append(Piece("show", [h_arrow]))
        return pieces

    def _gauges(self) -> dict[Use, gauges.Gauge]:
        """The gauges, each of which begins where c stands."""
        value, at = self.value, self.id_suffix
        c_prev, retained, _, full_write, c, tanh_c, h = (float(n.value) for n in value)
        of = value.retained.expr
        return {
            "keep": gauges.Gauge(
                0,
                c_prev,
                retained,
                value.c_prev.expr,
                of,
                "muted",
                "gate-f",
                f"keep-{at}",
                "f c_prev",
            ),
            "write": gauges.Gauge(
                retained,
                full_write,
                c,
                f"torch.stack([{of}, {value.full_write.expr}])",
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
            spans = [
                (y + GAUGE_OFFSET - 3, y + GAUGE_OFFSET + GAUGE_HEIGHT + 3)
                for y in WORDS_Y.values()
            ]
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
                words.tick(x, TICKS_Y, over_time.tick_text(value), "middle"),
            ]
        return marks

    def _action_words(self, use: Use, name: str, number: Number) -> list[Mark]:
        """What a gate does, and to what."""
        gate, y, at = GATE_OF[use], WORDS_Y[use], self.id_suffix
        first, second = _phrases(self.words, use)
        action = words.label(
            self.left,
            y,
            first,
            {"gate": gate, "unit": self.unit},
            [f"{gate}-{at}-cell"],
            "row",
            style=words.FINE_STRONG,
            fill=TERMS[gate].role,
            term=gate,
            id=words_id(self.t, gate, self.unit),
        )
        number_id = f"of-{name}-{at}"
        ids = [number_id, *([f"g-{at}-cell"] if name == "g" else [])]
        of = words.label(
            action.left + action.width + WORD_GAP,
            y,
            second,
            {"tensor": name, "unit": self.unit},
            ids,
            "row",
            style=words.FINE_STRONG if name == "g" else words.FINE,
            fill=TERMS["g"].role if name == "g" else "muted",
            term=name,
            id=words_id(self.t, "g", self.unit) if name == "g" else "",
        )
        printed = words.number(
            self.right,
            y,
            number,
            size=words.SMALL,
            max_chars=5,
            anchor="end",
            id=number_id,
            term=name,
        )
        return [action, of, printed]

    def _state(self, name: str, number: Number, use: Use) -> list[Mark]:
        """What a gauge ends at, beside the line that leads on from there."""
        at, end = self._place(name, number), f"{name}-{self.id_suffix}"
        y = (
            WORDS_Y[use]
            + GAUGE_OFFSET
            + GAUGE_HEIGHT
            + (LOW_STATE_OFFSET if at.is_below else STATE_OFFSET)
        )
        tensor = "o*tanh_c" if at.name != name else name
        label = words.label(
            at.left,
            y,
            at.name,
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
            max_chars=6,
            anchor="start",
            bold=True,
            id=end,
            term=name,
        )
        return [label, printed]

    def _place(self, name: str, number: Number) -> Place:
        """Where the words of a state stand."""
        projected = self.subject.weights.proj_size > 0
        label = "o·tanh c" if projected and name == "h" else name
        printed = words.number(0, 0, number, size=words.LABEL, max_chars=6, bold=True, id="")
        width = words.width(label, words.LABEL, bold=True) + 4 + printed.width
        if not np.isfinite(number.value):
            return Place(label, self.left, width)
        end = self.scale(float(number.value))
        for left in (end - 6 - width, end + 6):
            if self.left <= left <= self.right - width:
                return Place(label, left, width)
        left = min(max(self.left, end), self.right - width)
        return Place(label, left, width, is_below=True)

    def _exit(self, name: str, number: Number, use: Use) -> tuple[float, float, float]:
        """Where the line of a state begins, and the line that it runs on."""
        bottom, at = WORDS_Y[use] + GAUGE_OFFSET + GAUGE_HEIGHT, self._place(name, number)
        if not np.isfinite(number.value):
            return at.left + at.width + 6, bottom + STATE_OFFSET - 6, bottom + RUN_OFFSET
        run = bottom + (RUN_OFFSET if not at.is_below else LOW_RUN_OFFSET)
        return self.scale(float(number.value)), bottom, run
