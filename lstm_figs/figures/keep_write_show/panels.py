"""The panel of a unit: what it keeps, writes and shows, and where c and h go."""

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from ...layout import styles, words
from ...layout.motifs import gauges
from ...layout.shapes import round_arrow
from ...model.layer_run import LayerRun
from ...model.reference import Number
from ...proof.bindings import Flow, Scale, sentence
from ...scene.marks import Box, Mark, Path, Text
from ...scene.terms import TERMS
from .pieces import Piece, Use

NAME_Y = 15.0
"""The height of the unit's name."""
WORDS_Y: dict[str, float] = {"keep": 36.0, "write": 75.0, "show": 141.0}
"""The heights of the lines of words; each has its gauge below."""
SPLIT_Y, SPLIT_WIDTH = 128.0, 3.0
"""The height and the width of the line between what makes c and what makes h."""
GAUGE_HEIGHT, GAUGE_OFFSET = 15.0, 11.0
"""The height of a gauge, and its distance from the middle of its words."""
LINK_GAP = (7.0, 9.0)
"""How far above and below the middle of the words of a write its link is interrupted."""
DESTINATION_RISE = 8.0
"""The distance from the middle of the unit's name up to the words above the arrow of c."""
ZERO_OVERHANG = 2.0
"""How far the line at zero extends above and below a gauge."""
MAX_CHARS, MAX_STATE_CHARS = 5, 6
"""The most characters of a number, and of the value of c or h."""
STATE_NAME_GAP = 4.0
"""The gap between the name of c or h and its value."""
ARROW_RADIUS, ARROW_GAP = 5.0, 3.0
"""The radius of the corners of an arrow, and its gap to the number that it points to."""
STATE_OFFSET, LINE_OFFSET = 12.0, 22.0
"""The distances from a gauge down to the words of c or h, and to the line that leads on."""
LOW_STATE_OFFSET, LOW_LINE_OFFSET = 17.0, 6.0
"""The same distances if the words are below that line."""
PADDING, LOOP_OFFSET = 8.0, 7.0
"""The space beside the words, and the distance of the loop of c from the panel."""
HEIGHT = 194.0
"""The height of a panel."""

GATE_OF: dict[Use, str] = {"keep": "f", "write": "i", "show": "o"}
"""The gate that fills each gauge."""
PART_OF = {"keep": "c_prev", "write": "g", "show": "tanh c"}
"""The value that the gauge shows a part of."""
OPERAND_OF = {"keep": "c_prev", "write": "g", "show": "tanh_c"}
"""The tensor of that value."""
PHRASINGS = (("{gate} {use}", "of {part}"), ("{use}", "of {part}"), ("{use}", "{part}"))
"""The wordings for gate and value; the longest that fits is used."""
NEXT_WORDS = ("c goes to step {}", "to step {}")
"""The words above the arrow of c; the longest that fits is used."""
NUMBER_WIDTH, WORD_GAP = 42.0, 5.0
"""The space for a number, and the gap between words."""
REST_NAME = "left out"
"""The name of a dashed part."""
STATE_GAP = 6.0
"""The gap between the line from a gauge and the words beside it."""
MIN_REST, REST_PADDING = 6.0, 3.0
"""The least width of the part of an outline that is named, and the space beside a name in it."""


class Values(NamedTuple):
    """The values of a unit at one step.

    Attributes:
        c_prev: The cell state before the step.
        retained: f·c_prev, the part that is kept.
        g: The new value.
        addition: i·g, the part that is written.
        full_write: c if all of g were written.
        c: The cell state after the step.
        tanh_c: tanh of c.
        h: The part of `tanh_c` that is shown.
    """

    c_prev: Number
    retained: Number
    g: Number
    addition: Number
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
        addition=subject.product("i", "g", t)[unit],
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
    return [template.format(gate=GATE_OF[use], use=use, part=PART_OF[use]) for template in phrasing]


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
        float(number.value)
        for unit_values in all_values
        for number in (
            unit_values.c_prev,
            unit_values.retained,
            unit_values.full_write,
            unit_values.c,
        )
    ]
    # An outline reaches half a pixel beyond its value; with one pixel it stays inside.
    right = width - PADDING - NUMBER_WIDTH - 1
    return Scale(*gauges.whole_range(reached_values), left + PADDING + 1, right)


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


class Rest(NamedTuple):
    """The part of an outline that a gate does not let through.

    Attributes:
        unit: The unit.
        use: The use of the gate.
        start: The x where the filled part ends.
        stop: The x where the outline ends.
        claim: That something is not let through.
    """

    unit: int
    use: Use
    start: float
    stop: float
    claim: str

    @property
    def length(self) -> float:
        """Its length, negative to the left."""
        return self.stop - self.start

    @property
    def name_x(self) -> float:
        """Where its name begins: inside it, or beside the outline."""
        width = words.width(REST_NAME, words.SMALL)
        if abs(self.length) > width + REST_PADDING:
            return (self.start + self.stop - math.copysign(width, self.length)) / 2
        return self.stop + math.copysign(STATE_GAP, self.length)


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
        """The longest wording that fits, or else the shortest."""
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
        value, suffix = self.value, self.id_suffix
        common: list[Mark] = [
            Box(0, 0, self.width, HEIGHT, radius=6, fill="panel", id=f"unit-{self.unit}"),
            words.label(
                PADDING,
                NAME_Y,
                self.name,
                names={"unit": self.unit},
                of=[
                    f"of-*-{suffix}",
                    f"kept-{suffix}",
                    f"written-{suffix}",
                    f"c-{suffix}",
                    f"h-{suffix}",
                ],
                along="block",
                style=words.STRONG,
            ),
        ]
        if value.is_finite:
            common.append(self._zero_lines())
        common.append(self._split())
        pieces = [Piece("", common)]
        results = {"keep": ("kept", value.retained), "write": ("written", value.addition)}
        for use, gauge in self._gauges().items():
            y = WORDS_Y[use] + GAUGE_OFFSET
            marks = [
                *self._action_words(use),
                *gauges.gauge_marks(gauge, y, self.scale, height=GAUGE_HEIGHT),
            ]
            if use in results:
                marks.append(self._result(use, *results[use]))
            pieces.append(Piece(use, marks))
        if value.is_finite:
            retained_x = self.scale(float(value.retained.value))
            link = gauges.link(
                (retained_x, WORDS_Y["keep"] + GAUGE_OFFSET + GAUGE_HEIGHT),
                (retained_x, WORDS_Y["write"] + GAUGE_OFFSET),
                f"keep-{suffix}",
                f"write-{suffix}",
                gap=(WORDS_Y["write"] - LINK_GAP[0], WORDS_Y["write"] + LINK_GAP[1]),
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
        operand = self._operand_number("keep")
        arrow = round_arrow(
            (x, y),
            (x, line_y),
            (out, line_y),
            (out, WORDS_Y["keep"]),
            (operand.left + operand.width + ARROW_GAP, WORDS_Y["keep"]),
            paint="c",
            radius=ARROW_RADIUS,
            width=styles.LINE.strong.weight,
            term="c c_prev",
        )
        flow = Flow("returns", f"c-{self.id_suffix}", f"of-c_prev-{self.id_suffix}")
        return arrow._replace(bound=(flow,))

    def _destination(self) -> Mark:
        """Print above the arrow of c which step it leads to."""
        next_label = self.subject.step_number(self.t + 1)
        width = self.right - PADDING - words.width(self.name, words.LABEL, bold=True) - WORD_GAP
        # Where none fits, this leaves the shortest.
        for phrasing in NEXT_WORDS:
            if words.width(phrasing.format(next_label), words.SMALL) <= width:
                break
        lines, _ = words.paragraph(
            self.right,
            NAME_Y - DESTINATION_RISE,
            sentence(
                phrasing,
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
        bus_x, _ = bus[0]
        arrow = round_arrow(
            (x, y),
            (x, line_y),
            (bus_x, line_y),
            *bus,
            paint="h",
            radius=ARROW_RADIUS,
            term="h h_prev",
        )
        return arrow._replace(bound=(Flow("returns", f"h-{self.id_suffix}", f"h_prev-{self.t}"),))

    def _gauges(self) -> dict[Use, gauges.Gauge]:
        """Return the gauges; the gauge of a write begins where the kept part ends."""
        value, suffix = self.value, self.id_suffix
        c_prev, retained, _, _, full_write, c, tanh_c, h = (float(n.value) for n in value)
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
                id=f"keep-{suffix}",
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
                id=f"write-{suffix}",
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
                id=f"show-{suffix}",
                term="o tanh_c",
            ),
        }

    def _zero_lines(self) -> Mark:
        """Draw a line behind each gauge at zero."""
        x = self.scale(0)
        line: list[tuple[str, tuple[float, float]]] = []
        for y in WORDS_Y.values():
            line += [
                ("M", (x, y + GAUGE_OFFSET - ZERO_OVERHANG)),
                ("L", (x, y + GAUGE_OFFSET + GAUGE_HEIGHT + ZERO_OVERHANG)),
            ]
        return Path(tuple(line), stroke="muted", stroke_width=styles.LINE.muted.weight)

    def _operand_number(self, use: Use) -> Text:
        """Print the value that a gate is applied to, after its words."""
        name = OPERAND_OF[use]
        return words.number(
            self.left + sum(_widths(self.words, use)) + WORD_GAP,
            WORDS_Y[use],
            getattr(self.value, name),
            size=words.SMALL,
            max_chars=MAX_CHARS,
            anchor="start",
            fill="muted",
            id=f"of-{name}-{self.id_suffix}",
            term=name,
        )

    def _action_words(self, use: Use) -> list[Mark]:
        """Print what a gate does, and the value that it is applied to."""
        name, gate, y, suffix = OPERAND_OF[use], GATE_OF[use], WORDS_Y[use], self.id_suffix
        action_text, operand_text = _phrases(self.words, use)
        action = words.label(
            self.left,
            y,
            action_text,
            names={"gate": gate, "unit": self.unit},
            of=[f"{gate}-{suffix}-cell"],
            along="row",
            style=words.FINE_STRONG,
            fill=TERMS[gate].role,
            term=gate,
            id=words_id(self.t, gate, self.unit),
        )
        printed, is_new = self._operand_number(use), name == "g"
        operand = words.label(
            action.left + action.width + WORD_GAP,
            y,
            operand_text,
            names={"tensor": name, "unit": self.unit},
            of=[printed, f"g-{suffix}-cell"] if is_new else [printed],
            style=words.FINE_STRONG if is_new else words.FINE,
            fill=TERMS["g"].role if is_new else "",
            term=name,
            id=words_id(self.t, "g", self.unit) if is_new else "",
        )
        return [action, operand, printed]

    def _result(self, use: Use, id: str, number: Number) -> Mark:
        """Print how much a gate lets through, beside its gauge."""
        gate = GATE_OF[use]
        return words.number(
            self.right,
            WORDS_Y[use] + GAUGE_OFFSET + GAUGE_HEIGHT / 2,
            number,
            size=words.SMALL,
            max_chars=MAX_CHARS,
            anchor="end",
            fill=TERMS[gate].role,
            bold=True,
            id=f"{id}-{self.id_suffix}",
            term=f"{gate} {OPERAND_OF[use]}",
        )

    def _split(self) -> Mark:
        """Draw a line of paper between what makes c and what makes h."""
        line = (("M", (0.0, SPLIT_Y)), ("L", (self.width, SPLIT_Y)))
        return Path(line, stroke="paper", stroke_width=SPLIT_WIDTH)

    def _state(self, name: str, number: Number, use: Use) -> list[Mark]:
        """Print the value at which a gauge ends, beside the line that leads on."""
        place = self._place(name, number)
        y = (
            WORDS_Y[use]
            + GAUGE_OFFSET
            + GAUGE_HEIGHT
            + (LOW_STATE_OFFSET if place.is_below else STATE_OFFSET)
        )
        printed = words.number(
            place.left + words.width(place.name, words.LABEL, bold=True) + STATE_NAME_GAP,
            y,
            number,
            size=words.LABEL,
            max_chars=MAX_STATE_CHARS,
            anchor="start",
            bold=True,
            id=f"{name}-{self.id_suffix}",
            term=name,
        )
        names = {"tensor": "o*tanh_c" if place.name != name else name, "unit": self.unit}
        label = words.label(
            place.left, y, place.name, names=names, of=[printed], style=words.STRONG, term=name
        )
        return [label, printed]

    def rests(self) -> list[Rest]:
        """Return what each gate does not let through, if it is wide enough to see."""
        if not self.value.is_finite:
            return []
        value = self.value
        ends: list[tuple[Use, Number, Number]] = [
            ("keep", value.retained, value.c_prev),
            ("write", value.c, value.full_write),
            ("show", value.h, value.tanh_c),
        ]
        rests = [
            Rest(
                unit=self.unit,
                use=use,
                start=self.scale(float(passed.value)),
                stop=self.scale(float(available.value)),
                claim=f"bool({passed.expr} != {available.expr})",
            )
            for use, passed, available in ends
        ]
        return [rest for rest in rests if abs(rest.length) >= MIN_REST]

    def has_space(self, rest: Rest) -> bool:
        """Return whether the name of a rest fits inside or beside it.

        Beside a write it could be on the line at zero.
        """
        if rest.use == "write":
            return False
        end = rest.name_x + math.copysign(words.width(REST_NAME, words.SMALL), rest.length)
        number_width = NUMBER_WIDTH if rest.use == "keep" else 0
        return self.left <= end <= self.right - number_width

    def rest_name(self, rest: Rest) -> Piece:
        """Name the dashed part of a gauge, inside the outline or beside it."""
        y = WORDS_Y[rest.use] + GAUGE_OFFSET + GAUGE_HEIGHT / 2
        lines, _ = words.paragraph(
            rest.name_x,
            y - words.line_height(words.SMALL) / 2,
            sentence(REST_NAME, claim=rest.claim),
            self.width,
            size=words.SMALL,
            anchor="start" if rest.length > 0 else "end",
        )
        return Piece(rest.use, [lines])

    def _place(self, name: str, number: Number) -> Place:
        """Return the position of the words of a state."""
        projected = self.subject.weights.proj_size > 0
        label = "o·tanh c" if projected and name == "h" else name
        printed = words.number(
            0, 0, number, size=words.LABEL, max_chars=MAX_STATE_CHARS, bold=True, id=""
        )
        width = words.width(label, words.LABEL, bold=True) + STATE_NAME_GAP + printed.width
        if not np.isfinite(number.value):
            return Place(label, self.left, width)
        end = self.scale(float(number.value))
        for left in (end - STATE_GAP - width, end + STATE_GAP):
            if self.left <= left <= self.right - width:
                return Place(label, left, width)
        left = min(max(self.left, end), self.right - width)
        return Place(label, left, width, is_below=True)

    def _exit(self, name: str, number: Number, use: Use) -> tuple[float, float, float]:
        """Return where the line of a state begins (x, y), and the height at which it leads on."""
        bottom, place = WORDS_Y[use] + GAUGE_OFFSET + GAUGE_HEIGHT, self._place(name, number)
        if not np.isfinite(number.value):
            # There is no bar, so the line begins beside the words.
            x, y = place.left + place.width + STATE_GAP, bottom + STATE_OFFSET - STATE_GAP
            return x, y, bottom + LINE_OFFSET
        line_y = bottom + (LINE_OFFSET if not place.is_below else LOW_LINE_OFFSET)
        return self.scale(float(number.value)), bottom, line_y
