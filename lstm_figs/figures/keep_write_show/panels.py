"""The panel of a unit: what it keeps, writes and shows, and where c and h go."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from ...layout import styles, words
from ...layout.motifs import gauges, over_time
from ...layout.panels import round_arrow
from ...model.layer_run import LayerRun
from ...model.reference import Number
from ...proof.bindings import Flow, Scale, sentence
from ...scene.marks import Box, Mark, Path
from ...scene.terms import TERMS
from .pieces import Piece, Use

NAME_Y, TICKS_Y = 14.0, 30.0
"""The heights of the unit's name and of the tick labels."""
WORDS_Y: dict[str, float] = {"keep": 46.0, "write": 82.0, "show": 140.0}
"""The heights of the lines of words; each has its gauge below."""
GAUGE_HEIGHT, GAUGE_OFFSET = 13.0, 8.0
"""The height of a gauge, and its distance from the middle of its words."""
STATE_OFFSET, LINE_OFFSET = 12.0, 22.0
"""The distances from a gauge down to the words of c or h, and to the line that leads on."""
LOW_STATE_OFFSET, LOW_LINE_OFFSET = 17.0, 6.0
"""The same distances if the words are below that line."""
PADDING, LOOP_OFFSET = 8.0, 7.0
"""The space beside the words, and the distance of the loop of c from the panel."""
HEIGHT = 188.0
"""The height of a panel."""

GATE_OF: dict[Use, str] = {"keep": "f", "write": "i", "show": "o"}
"""The gate that fills each gauge."""
PART_OF = {"keep": "c_prev", "write": "g", "show": "tanh c"}
"""The value that the gauge shows a part of."""
PHRASINGS = (("{gate} {use}", "of {part}"), ("{use}", "of {part}"), ("{use}", "{part}"))
"""The wordings for gate and value; the longest that fits is used."""
NEXT_WORDS, SHORT_NEXT_WORDS = "c_prev of step ", "to step "
"""The words at the loop of c, and shorter words for narrow panels."""
NUMBER_WIDTH, WORD_GAP = 42.0, 5.0
"""The space for a number, and the gap between words."""


class Values(NamedTuple):
    """The values of a unit at one step.

    Attributes:
        c_prev: The cell state before the step.
        retained: f·c_prev, the part that is kept.
        g: The new value.
        full_write: c if all of g were written.
        c: The cell state after the step.
        tanh_c: tanh of c.
        h: The part of `tanh_c` that is shown.
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
        """Whether all values are finite."""
        return bool(np.isfinite([float(n.value) for n in self]).all())


def values(subject: LayerRun, t: int, unit: int) -> Values:
    """Return the values of a unit; with a projection, h is the value before it."""
    h = subject.product("o", "tanh_c", t) if subject.weights.proj_size else subject.vector("h", t)
    retained = subject.product("f", "c_prev", t)
    g = subject.vector("g", t)
    c_prev, c, tanh_c = (subject.vector(name, t)[unit] for name in ("c_prev", "c", "tanh_c"))
    return Values(
        c_prev=c_prev,
        retained=retained[unit],
        g=g[unit],
        full_write=(retained + g)[unit],
        c=c,
        tanh_c=tanh_c,
        h=h[unit],
    )


def handover_claim(subject: LayerRun, t: int, name: str) -> str:
    """Return the claim that this step's state is the previous state of the next step."""
    next_expression, expression = (
        subject.vector(tensor, at).of for tensor, at in ((f"{name}_prev", t + 1), (name, t))
    )
    return f"torch.allclose({next_expression}, {expression}, equal_nan=True)"


def words_id(t: int, gate: str, unit: int) -> str:
    """Return the id of the words at which the ribbon of a gate ends."""
    return f"said-{t}-{gate}-{unit}"


def _phrases(phrasing: tuple[str, str], use: Use) -> list[str]:
    """Return the words for a gate and for the value that it is applied to."""
    return [w.format(gate=GATE_OF[use], use=use, part=PART_OF[use]) for w in phrasing]


def _widths(phrasing: tuple[str, str], use: Use) -> tuple[float, float, float]:
    """Return the widths of these words, and of the gap between them."""
    action_text, operand_text = _phrases(phrasing, use)
    return (
        words.width(action_text, words.SMALL, bold=True),
        WORD_GAP,
        words.width(operand_text, words.SMALL, bold=use == "write"),
    )


def scale(all_values: Sequence[Values], left: float, width: float) -> Scale:
    """Return the horizontal scale of all panels; its ends are whole numbers."""
    reached_values = [
        float(n.value) for v in all_values for n in (v.c_prev, v.retained, v.full_write, v.c)
    ]
    return Scale(*gauges.whole_range(reached_values), left + PADDING + 1, width - PADDING - 1)


class Place(NamedTuple):
    """The position of the words of c or h.

    Attributes:
        name: The name to print.
        left: The left edge of the words.
        width: The width of the words.
        is_below: Whether the words are below the line that leads on, because
            they do not fit beside it.
    """

    name: str
    left: float
    width: float
    is_below: bool = False


class Panel(NamedTuple):
    """The panel of a unit.

    Attributes:
        subject: The run, layer and direction to draw.
        t: The step, counted from 0.
        unit: The index of the unit.
        value: The values of the unit.
        width: The width of the panel.
        scale: The horizontal scale of the gauges.
        inset: The width of the area left of the words.
    """

    subject: LayerRun
    t: int
    unit: int
    value: Values
    width: float
    scale: Scale
    inset: float = 0.0

    @property
    def words(self) -> tuple[str, str]:
        """The longest wording that fits."""
        width = self.right - self.left - NUMBER_WIDTH
        for phrasing in PHRASINGS:
            if max(sum(_widths(phrasing, use)) for use in GATE_OF) <= width:
                break
        return phrasing

    @property
    def name(self) -> str:
        """The printed name of the unit."""
        return f"unit {self.unit}"

    @property
    def id_suffix(self) -> str:
        """How the ids of its marks end."""
        return f"{self.t}-{self.unit}"

    @property
    def left(self) -> float:
        """The left edge of the words."""
        return self.inset + PADDING

    @property
    def right(self) -> float:
        """The right edge of the numbers."""
        return self.width - PADDING

    def pieces(self) -> list[Piece]:
        """Draw the panel at the origin, without the arrows of c and h."""
        value, at = self.value, self.id_suffix
        common: list[Mark] = [
            Box(0, 0, self.width, HEIGHT, radius=6, fill="panel", id=f"unit-{self.unit}"),
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
        """Draw the arrow of c back into the unit, and the arrow of h out of it.

        Args:
            bus: The corners of the way of h, the first beside the panel; empty
                if the figure shows nothing that reads h.
        """
        pieces = [Piece("keep", [self._c_arrow(), self._destination()])]
        if bus:
            pieces.append(Piece("show", [self._h_arrow(bus)]))
        return pieces

    def _c_arrow(self) -> Mark:
        """Draw the arrow of c back into the unit."""
        out = self.width + LOOP_OFFSET
        x, y, line_y = self._exit("c", self.value.c, "write")
        arrow = round_arrow(
            (x, y),
            (x, line_y),
            (out, line_y),
            (out, WORDS_Y["keep"]),
            (self.right + 2, WORDS_Y["keep"]),
            paint="c",
            radius=5,
            width=styles.LINE.strong.weight,
            term="c c_prev",
        )
        flow = Flow("returns", f"c-{self.id_suffix}", f"of-c_prev-{self.id_suffix}")
        return arrow._replace(bound=(flow,))

    def _destination(self) -> Mark:
        """Print at which step c is c_prev."""
        next_label = self.subject.step_number(self.t + 1)
        width = self.right - PADDING - WORD_GAP
        width -= words.width(self.name, words.LABEL, bold=True)
        is_full = words.width(f"{NEXT_WORDS}{next_label}", words.SMALL) <= width
        lines, _ = words.paragraph(
            self.right,
            NAME_Y - 8,
            sentence(
                f"{NEXT_WORDS if is_full else SHORT_NEXT_WORDS}{{}}",
                (next_label, str(next_label)),
                claim=handover_claim(self.subject, self.t, "c"),
            ),
            width,
            size=words.SMALL,
            anchor="end",
        )
        return lines

    def _h_arrow(self, bus: Sequence[tuple[float, float]]) -> Mark:
        """Draw the arrow of h out of the unit."""
        x, y, line_y = self._exit("h", self.value.h, "show")
        arrow = round_arrow(
            (x, y), (x, line_y), (bus[0][0], line_y), *bus, paint="h", radius=5, term="h h_prev"
        )
        return arrow._replace(bound=(Flow("returns", f"h-{self.id_suffix}", f"h_prev-{self.t}"),))

    def _gauges(self) -> dict[Use, gauges.Gauge]:
        """Return the gauges; the gauge of a write begins where the kept part ends."""
        value, at = self.value, self.id_suffix
        c_prev, retained, _, full_write, c, tanh_c, h = (float(n.value) for n in value)
        retained_expr = value.retained.expr
        return {
            "keep": gauges.Gauge(
                start=0,
                available=c_prev,
                passed=retained,
                available_expr=value.c_prev.expr,
                passed_expr=retained_expr,
                outline="muted",
                paint="gate-f",
                id=f"keep-{at}",
                term="f c_prev",
            ),
            "write": gauges.Gauge(
                start=retained,
                available=full_write,
                passed=c,
                available_expr=f"torch.stack([{retained_expr}, {value.full_write.expr}])",
                passed_expr=f"torch.stack([{retained_expr}, {value.c.expr}])",
                outline="gate-g",
                paint="gate-i",
                id=f"write-{at}",
                term="i g",
            ),
            "show": gauges.Gauge(
                start=0,
                available=tanh_c,
                passed=h,
                available_expr=value.tanh_c.expr,
                passed_expr=value.h.expr,
                outline="muted",
                paint="gate-o",
                id=f"show-{at}",
                term="o tanh_c",
            ),
        }

    def _axis(self) -> list[Mark]:
        """Draw lines behind the gauges at whole numbers."""
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
        """Print what a gate does, and the value that it is applied to."""
        gate, y, at = GATE_OF[use], WORDS_Y[use], self.id_suffix
        action_text, operand_text = _phrases(self.words, use)
        action = words.label(
            self.left,
            y,
            action_text,
            {"gate": gate, "unit": self.unit},
            [f"{gate}-{at}-cell"],
            "row",
            style=words.FINE_STRONG,
            fill=TERMS[gate].role,
            term=gate,
            id=words_id(self.t, gate, self.unit),
        )
        printed = words.number(
            self.right,
            y,
            number,
            size=words.SMALL,
            max_chars=5,
            anchor="end",
            id=f"of-{name}-{at}",
            term=name,
        )
        is_new = name == "g"
        operand = words.label(
            action.left + action.width + WORD_GAP,
            y,
            operand_text,
            {"tensor": name, "unit": self.unit},
            [printed, f"g-{at}-cell"] if is_new else [printed],
            style=words.FINE_STRONG if is_new else words.FINE,
            fill=TERMS["g"].role if is_new else "muted",
            term=name,
            id=words_id(self.t, "g", self.unit) if is_new else "",
        )
        return [action, operand, printed]

    def _state(self, name: str, number: Number, use: Use) -> list[Mark]:
        """Print the value at which a gauge ends, beside the line that leads on."""
        at = self._place(name, number)
        y = (
            WORDS_Y[use]
            + GAUGE_OFFSET
            + GAUGE_HEIGHT
            + (LOW_STATE_OFFSET if at.is_below else STATE_OFFSET)
        )
        printed = words.number(
            at.left + words.width(at.name, words.LABEL, bold=True) + 4,
            y,
            number,
            size=words.LABEL,
            max_chars=6,
            anchor="start",
            bold=True,
            id=f"{name}-{self.id_suffix}",
            term=name,
        )
        names = {"tensor": "o*tanh_c" if at.name != name else name, "unit": self.unit}
        label = words.label(at.left, y, at.name, names, [printed], style=words.STRONG, term=name)
        return [label, printed]

    def _place(self, name: str, number: Number) -> Place:
        """Return the position of the words of a state."""
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
        """Return where the line of a state begins (x, y), and the height at which it leads on."""
        bottom, at = WORDS_Y[use] + GAUGE_OFFSET + GAUGE_HEIGHT, self._place(name, number)
        if not np.isfinite(number.value):
            return at.left + at.width + 6, bottom + STATE_OFFSET - 6, bottom + LINE_OFFSET
        line_y = bottom + (LINE_OFFSET if not at.is_below else LOW_LINE_OFFSET)
        return self.scale(float(number.value)), bottom, line_y
