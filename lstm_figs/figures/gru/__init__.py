"""The figure `gru`: one step of a GRU beside one of an LSTM, of the same rows and state."""

from abc import ABC, abstractmethod
from collections.abc import Iterable
from typing import NamedTuple

import numpy as np

from ...errors import BeyondLimit
from ...layout import styles, words
from ...layout.margins import inner_width
from ...layout.motifs import curves, gauges
from ...layout.number_lists import number_list
from ...layout.provenance import provenance, source, step_items
from ...layout.shapes import round_arrow
from ...model.layer_run import LayerRun
from ...model.lstm import GATES
from ...model.reference import Number
from ...proof.bindings import Flow, Scale, sentence
from ...proof.preamble.gru import BANDS, gru_step, setup
from ...scene import metrics
from ...scene.marks import Box, Mark, Text, shift
from ...scene.scenes import Diagram, Head
from ...scene.terms import TERMS
from ...scene.theme import Paint, tint
from . import gauge_stack
from .gauge_stack import GateUse, NamedNumber

PANEL_GAP, MIN_PANEL_WIDTH = 20.0, 300.0
"""Between both halves, and the least width of a half beside the other."""
STACKED_GAP = 26.0
"""Between both halves if one is below the other."""
HEADING_HEIGHT, ROW_PITCH, BAND_HEIGHT = 16.0, 34.0, 28.0
"""The height of the column headings, from one band to the next, and the height of
a band."""
FIRST_ROW = 22.0
"""From the top of the column headings to the middle of the first band."""
SECOND_LINE, SECOND_LINE_HEIGHT = 17.0, 20.0
"""From the middle of the first line of the bands of g and n down to that of the second,
and the height that this line adds."""
PADDING, WIRE_GAP = 8.0, 12.0
"""Left of names and right of the last numbers, and between these and the curves for
the wire of r."""
COLUMN_SHARES = (0.275, 0.43, 0.575, 0.725, 0.75)
"""The right ends of the columns row, x, h and sum, and the left of the curves, as shares
of the width of a half. The last two are the ends of one gap."""
MAX_CHARS = 5
"""The most characters of a number."""
MAX_OVERLAP = 6.0
"""The other columns may move this much closer to the numbers of rows."""
LABEL_MARGIN = 8.0
"""How much longer 1 − z is than the name of a gate."""
PANEL_DISTANCE = 4.0
"""How much further the panel is from the last band than two bands are from each other."""
PANEL_HEIGHT = gauge_stack.GAUGE_TOPS[2] - 6
"""The height of a panel with two gauges; it ends above the top of a third one."""

TANH_BANDS = ("g", "n")
"""The bands whose function is tanh; the others are gates, with σ."""
BAND_LABELS = {
    "i": "i write",
    "f": "f keep",
    "g": "g new",
    "o": "o show",
    "r": "r reset",
    "z": "z keep",
    "n": "n new",
}
"""Band -> its label."""
GRU_TERMS = {"z": "gru_z", "gru_write": "gru_z", "n": "gru_n", "gru_h": "h"}
"""Tensor of the GRU -> its term."""
PAINTS: dict[str, Paint] = {
    **{gate: f"gate-{gate}" for gate in GATES},
    "r": "ink",
    "z": "gate-f",
    "n": "gate-g",
}
"""A band of the GRU has the hue of the LSTM gate with the same purpose; r has none."""


class Band(NamedTuple):
    """A gate of one unit, or the n of a GRU, from its row of the weights.

    Attributes:
        name: The gate of the LSTM, or the band of the GRU.
        row: The row of the weights.
        from_x: The product with x, plus bias_ih.
        from_h: The product with h, plus bias_hh.
        sum: Their sum; for n, `from_h` is first multiplied by r.
        opened: The value after the activation function.
    """

    name: str
    row: int
    from_x: Number
    from_h: Number
    sum: Number
    opened: Number

    @property
    def is_gate(self) -> bool:
        """Whether it is a gate of an LSTM."""
        return self.name in GATES

    @property
    def term(self) -> str:
        """Its term."""
        return self.name if self.is_gate else f"gru_{self.name}"

    @property
    def key(self) -> dict[str, object]:
        """The key of its labels."""
        return {"gate" if self.is_gate else "tensor": self.name}


class Places(NamedTuple):
    """The horizontal positions of the columns of a half, and its width.

    Numbers end at their position; a curve begins at its own.
    """

    row: float
    x: float
    h: float
    sum: float
    curve: float
    width: float

    @classmethod
    def of(cls, width: float, bands: Iterable[Band]) -> "Places":
        """Positions at shares of the width, or further left for long numbers."""
        longest = max(
            metrics.width(
                words.number_text(band.opened, max_chars=MAX_CHARS), words.LABEL, mono=True
            )
            for band in bands
        )
        max_curve = width - PADDING - longest - WIRE_GAP - curves.WIDTH
        row, x, h, total, curve = (share * width for share in COLUMN_SHARES)
        overlap = max(0.0, curve - max_curve)
        return cls(
            # A name is left of the column of rows, so this one moves least.
            row=row - max(0.0, overlap - MAX_OVERLAP),
            x=x - overlap,
            h=h - overlap,
            sum=total - overlap,
            curve=curve - overlap,
            width=width,
        )


class PanelContent(NamedTuple):
    """The gauges of a half, and the states they lead to.

    Attributes:
        uses: What each gate does, from top to bottom.
        ends: The states that the gauges lead to.
        keep: The end of the first gauge.
        shown_of: The vector that an output gate lets through; None without one.
    """

    uses: tuple[GateUse, ...]
    ends: list[NamedNumber]
    keep: Number
    shown_of: Number | None


def gru(subject: LayerRun, width: float, *, step: int = 2, unit: int = 1) -> Diagram:
    """One step of a GRU beside one of an LSTM, of the same rows and state.

    Args:
        subject: The layer run to draw.
        width: The width that the figure may use.
        step: The time step, counted from 1.
        unit: The hidden unit, counted from 0; the first if there is no other.
    """
    t = subject.step_index(step)
    subject.check("unit", unit, subject.weights.hidden_size)
    if subject.weights.proj_size:
        raise BeyondLimit(
            f"got proj_size={subject.weights.proj_size}, expected a module "
            "without a projection, because nn.GRU has none; draw a different "
            "figure of it"
        )
    return _Comparison(subject, t, unit, width).diagram()


class _Comparison:
    """A step of one unit in both modules.

    Attributes:
        gru_step: The step of the GRU.
        gates: The four bands of the LSTM.
        bands: The three bands of the GRU.
        half_width: The width of each half.
        places: The positions of the columns, the same in both halves.
        scale: The axis of both panels, shared so that their lengths compare.
    """

    def __init__(self, subject: LayerRun, t: int, unit: int, width: float):
        self.subject, self.t, self.unit, self.width = subject, t, unit, width
        self.gru_step = gru_step(subject, t, unit)
        self.gates, self.bands = self.lstm_bands(), self.gru_bands()
        space = inner_width(width)
        half = (space - PANEL_GAP) / 2
        self.is_side_by_side = half >= MIN_PANEL_WIDTH
        self.half_width = half if self.is_side_by_side else space
        self.places = Places.of(self.half_width, [*self.gates, *self.bands])
        self.scale = self.shared_scale()

    def lstm_bands(self) -> list[Band]:
        """The gates of the LSTM, one band each."""
        return [self.lstm_band(gate, self.subject.weights.row(gate, self.unit)) for gate in GATES]

    def lstm_band(self, gate: str, row: int) -> Band:
        """A gate of the LSTM, from a row of the weights."""
        subject, t, unit = self.subject, self.t, self.unit
        return Band(
            name=gate,
            row=row,
            from_x=self.biased("ih", "bias_ih", row),
            from_h=self.biased("hh", "bias_hh", row),
            sum=subject.vector(f"z_{gate}", t)[unit],
            opened=subject.vector(gate, t)[unit],
        )

    def biased(self, product: str, bias: str, row: int) -> Number:
        """An element of a product, with its bias if there is one."""
        number = self.subject.result(product, self.t, 0, row)
        if bias not in self.subject.weights.parameters():
            return number
        return number + self.subject.parameter(bias, row)

    def gru_bands(self) -> list[Band]:
        """The gates of the GRU, one band each."""
        return [
            Band(
                name=band,
                row=k * self.subject.weights.hidden_size + self.unit,
                from_x=self.gru_step.from_x[band],
                from_h=self.gru_step.from_h[band],
                sum=self.gru_step.sums[band],
                opened=self.gru_step.opened[band],
            )
            for k, band in enumerate(BANDS)
        ]

    def shared_scale(self) -> Scale:
        """The scale of all gauges."""
        subject, t, unit = self.subject, self.t, self.unit
        # Where the outlines of both writes end.
        edges = [
            (subject.product("f", "c_prev", t) + subject.vector("g", t))[unit],
            self.gru_step.edge,
        ]
        states = [subject.vector(name, t)[unit] for name in ("c_prev", "c", "h_prev")]
        numbers = [*states, self.gru_step.h, *edges]
        low, high = gauges.whole_range([float(number.value) for number in numbers])
        left_margin, right_margin = gauge_stack.SIDE_MARGINS
        return Scale(low, high, left_margin + LABEL_MARGIN, self.half_width - right_margin)

    def diagram(self) -> Diagram:
        left, left_bottom = _LstmHalf(self, self.gates).marks()
        right, right_bottom = _GruHalf(self, self.bands).marks()
        x, y = 0.0, left_bottom + STACKED_GAP
        if self.is_side_by_side:
            x, y = self.half_width + PANEL_GAP, 0.0
        return Diagram(
            heading=self.head(),
            description=self.description(),
            width=inner_width(self.width),
            height=max(left_bottom, y + right_bottom),
            marks=(*left, *(shift(mark, x, y) for mark in right)),
            figure_width=self.width,
            setup=setup(self.subject),
        )

    def head(self) -> Head:
        subject, unit, label = self.subject, self.unit, self.subject.step_number(self.t)
        return Head(
            sentence("A GRU keeps and writes with one gate"),
            sentence(
                "Same state, same rows: r, z and n have those of i, f and g. What "
                "differs is what is done with them."
            ),
            provenance(subject, *step_items(subject, label), ("unit {}", unit, str(unit))),
            (
                sentence(
                    "Dashed is what there is, filled what the gate lets through; a "
                    "write begins where the keep ended."
                ),
            ),
            source(subject),
        )

    def description(self) -> str:
        """Both steps band by band, then the changes of the states."""
        subject, t, unit = self.subject, self.t, self.unit
        sentences = [f"Step {subject.step_number(t)}, unit {unit}"]
        for module, bands in (("LSTM", self.gates), ("GRU", self.bands)):
            sentences += [
                f"{module}, {band.name} of row {band.row}: "
                f"{number_list([band.from_x])} from x and {number_list([band.from_h])} from "
                f"h, the sum is {number_list([band.sum])}, {band.name} is "
                f"{number_list([band.opened])}"
                for band in bands
            ]
        value = {
            name: number_list([subject.vector(name, t)[unit]])
            for name in (*GATES, "c_prev", "c", "tanh_c", "h", "h_prev")
        }
        z, n = (number_list([self.gru_step.opened[band]]) for band in "zn")
        write, h = (number_list([number]) for number in (self.gru_step.write, self.gru_step.h))
        sentences += [
            f"The LSTM keeps {value['f']} of c_prev, {value['c_prev']}, and writes "
            f"{value['i']} of g, {value['g']}: c is {value['c']}",
            f"It shows {value['o']} of tanh c, {value['tanh_c']}: h is {value['h']}",
            f"The GRU keeps {z} of h_prev, {value['h_prev']}, and writes "
            f"{write} of n, {n}: h is {h}",
        ]
        return ". ".join(sentences) + "."


class _Half(ABC):
    """One module: its heading, a row for each band, and its gauges in a panel.

    Attributes:
        kind: The class of the module.
        side: The part of the ids for this half.
        letters: The names of its bands, for the heading.
        states: The names of its states, for the heading.
        panel_height: The height of the panel.
        gru_step: The step of the GRU.
        bands: Its bands from top to bottom.
        places: The positions of the columns.
        scale: The axis of the panel.
        width: The width of the half.
    """

    kind: str
    side: str
    letters: str
    states: str
    panel_height: float

    def __init__(self, step: _Comparison, bands: list[Band]):
        self.subject, self.t, self.unit = step.subject, step.t, step.unit
        self.gru_step, self.bands = step.gru_step, bands
        self.places, self.scale, self.width = step.places, step.scale, step.half_width

    @abstractmethod
    def parameter_count(self) -> tuple[int, str]:
        """The number of parameters, and the name of the module."""

    @abstractmethod
    def part_tensor(self, product: str) -> str:
        """The name in the preamble of the products with x, `ih`, or with h, `hh`."""

    @abstractmethod
    def below_band(self, band: Band, y: float) -> list[Mark]:
        """Marks below the numbers of a band."""

    @abstractmethod
    def panel_content(self) -> PanelContent:
        """The gauges of the panel and their results."""

    def marks(self) -> tuple[list[Mark], float]:
        """All marks, and their bottom."""
        heading, y = self.heading()
        rows, y = self.rows(y + HEADING_HEIGHT)
        panel = (shift(mark, 0, y) for mark in self.panel(self.panel_content()))
        return [*heading, *rows, *panel], y + self.panel_height

    def heading(self) -> tuple[list[Mark], float]:
        """The name of the module, its bands, states and size, and the bottom."""
        count, name = self.parameter_count()
        # An f-string, so that its value has the same separators as the printed count.
        expr = f'f"{{sum(map(torch.numel, {name}.parameters())):,}}"'
        title, y = words.paragraph(
            0, 0, sentence(self.kind), self.width, size=words.LETTER, fill="ink", bold=True
        )
        counts, y = words.paragraph(
            0,
            y,
            sentence(f"{self.letters} · {self.states} · {{}} parameters", (f"{count:,}", expr)),
            self.width,
            size=words.SMALL,
        )
        return [title, counts], y

    def rows(self, top: float) -> tuple[list[Mark], float]:
        """The column headings and the rows of all bands, and their bottom."""
        marks = self.column_headings(top)
        y = top + FIRST_ROW
        for band in self.bands:
            marks += self.row(band, y)
            y += _band_height(band) + ROW_PITCH - BAND_HEIGHT
        return marks, y - BAND_HEIGHT / 2 + PANEL_DISTANCE

    def column_headings(self, top: float) -> list[Mark]:
        """The headings of the columns of numbers."""
        places = self.places
        # The headings are in the height above the bands, with their middle above `top`.
        middle = top - 2
        marks: list[Mark] = []
        for part, x, product in (("x", places.x, "ih"), ("h", places.h, "hh")):
            marks.append(
                words.label(
                    x,
                    middle,
                    f"from {part}",
                    names={"tensor": self.part_tensor(product)},
                    of=[f"{self.side}-{self.t}-*-{part}-{self.unit}"],
                    along="column",
                    anchor="end",
                    style=words.FINE,
                )
            )
        for text, x in (("row", places.row), ("sum", places.sum)):
            lines, _ = words.paragraph(
                x, middle - 8, sentence(text), 60, size=words.SMALL, anchor="end"
            )
            marks.append(lines)
        return marks

    def id(self, band: str, part: str) -> str:
        """The id of a number of a band; `part` is x, h, sum or value."""
        return f"{self.side}-{self.t}-{band}-{part}-{self.unit}"

    def row(self, band: Band, y: float) -> list[Mark]:
        """A band: its name, its row of the weights, its sum, curve and value."""
        paint, numbers, value = PAINTS[band.name], self.numbers(band, y), self.value(band, y)
        curve = curves.activation_curve(
            self.places.curve,
            y,
            band.sum,
            band.opened,
            paint,
            tanh=band.name in TANH_BANDS,
            id=self.id(band.name, "point"),
            term="",
        )
        return [
            Box(0, y - BAND_HEIGHT / 2, self.width, _band_height(band), radius=5, fill=tint(paint)),
            words.label(
                PADDING,
                y,
                BAND_LABELS[band.name],
                names={**band.key, "unit": self.unit},
                of=[value],
                style=words.STRONG,
                fill=paint,
                term=band.term,
            ),
            words.label(
                self.places.row,
                y,
                str(band.row),
                names={"row": band.row},
                of=numbers,
                anchor="end",
                style=words.FINE,
            ),
            *numbers,
            *curve,
            value,
            *self.below_band(band, y),
        ]

    def numbers(self, band: Band, y: float) -> list[Text]:
        """Both parts of the sum of a band, and the sum."""
        sum_term = f"z_{band.name}" if band.is_gate else band.term
        return [
            words.number(
                x,
                y,
                number,
                size=words.SMALL,
                max_chars=MAX_CHARS,
                anchor="end",
                id=self.id(band.name, part),
                term=term,
            )
            for part, x, number, term in (
                ("x", self.places.x, band.from_x, "ih"),
                ("h", self.places.h, band.from_h, "hh"),
                ("sum", self.places.sum, band.sum, sum_term),
            )
        ]

    def value(self, band: Band, y: float) -> Text:
        """The value of a band, at the right end of its row."""
        return words.number(
            self.width - PADDING,
            y,
            band.opened,
            size=words.LABEL,
            max_chars=MAX_CHARS,
            anchor="end",
            bold=True,
            id=self.id(band.name, "value"),
            term=band.term,
        )

    def panel(self, content: PanelContent) -> list[Mark]:
        """The gauges from top to bottom, and the states they lead to."""
        uses, scale = content.uses, self.scale
        marks: list[Mark] = [
            Box(
                0,
                0,
                self.width,
                self.panel_height,
                radius=6,
                fill="panel",
                id=f"{self.side}-{self.unit}",
            ),
            words.label(
                10,
                17,
                f"unit {self.unit}",
                names={"unit": self.unit},
                of=[named.id for use in uses for named in (use.gate, use.operand)],
                along="block",
                style=words.STRONG,
            ),
        ]
        ends = [(use.gauge.start, use.gauge.available, use.gauge.passed) for use in uses]
        is_finite = np.isfinite(ends).all()
        if is_finite:
            marks += gauge_stack.axis(scale, has_third_gauge=content.shown_of is not None)
        for use, top in zip(uses, gauge_stack.GAUGE_TOPS, strict=False):
            marks += gauge_stack.use_labels(use, top, self.width - 10)
            marks += gauges.gauge_marks(use.gauge, top, scale)
        if is_finite:
            marks += self.links(content)
        # A result is below the gauge that ends at it, and the first gauge has none.
        for state, top in zip(content.ends, gauge_stack.GAUGE_TOPS[1:], strict=False):
            marks += gauge_stack.result(state, top, scale, self.width)
        return marks

    def links(self, content: PanelContent) -> list[Mark]:
        """Lines from the end of each gauge to the start of the next one."""
        uses, scale = content.uses, self.scale
        keep_top, write_top, show_top = gauge_stack.GAUGE_TOPS
        x = scale(float(content.keep.value))
        keep, write = uses[0].gauge.id, uses[1].gauge.id
        marks: list[Mark] = [
            gauges.link((x, keep_top + gauges.GAUGE_HEIGHT), (x, write_top), keep, write)
        ]
        if content.shown_of is not None:
            x = scale(content.ends[0].value)
            marks.append(
                gauges.link(
                    (x, write_top + gauges.GAUGE_HEIGHT),
                    (scale(float(content.shown_of.value)), show_top),
                    write,
                    f"{uses[2].gauge.id}-there",
                    # Straight down first, past the number of c.
                    by=(x, show_top - 5),
                )
            )
        return marks


class _LstmHalf(_Half):
    """The half of the LSTM."""

    kind, side = "nn.LSTM", "lstm"
    letters, states = "i, f, g, o", "states h and c"
    panel_height = gauge_stack.PANEL_HEIGHT

    def parameter_count(self) -> tuple[int, str]:
        parameters = self.subject.weights.parameters().values()
        return sum(parameter.size for parameter in parameters), self.subject.module_variable

    def part_tensor(self, product: str) -> str:
        return product

    def below_band(self, band: Band, y: float) -> list[Mark]:
        if band.name != "g":
            return []
        all_of_it, _ = words.paragraph(
            self.places.h,
            # The text is on the second line, where the band n of the GRU has its factor r.
            y + SECOND_LINE - 9,
            sentence("all of it"),
            90,
            size=words.SMALL,
            anchor="end",
        )
        return [all_of_it]

    def panel_content(self) -> PanelContent:
        subject, t, unit = self.subject, self.t, self.unit
        value = {
            name: subject.vector(name, t)[unit] for name in (*GATES, "c_prev", "c", "tanh_c", "h")
        }
        product = subject.product("f", "c_prev", t)
        keep, edge = product[unit], (product + subject.vector("g", t))[unit]
        at = f"{t}-{unit}"

        def named(name: str, text: str = "") -> NamedNumber:
            is_gate = name in GATES
            return NamedNumber(
                text=text or name,
                names={"gate" if is_gate else "tensor": name, "unit": unit},
                number=value[name],
                # The number is also in the row of its gate.
                id=f"{name}-{at}-again",
                term=name,
                paint=TERMS[name].role if is_gate else "muted",
            )

        uses = (
            GateUse(
                verb="keep",
                gate=named("f"),
                operand=named("c_prev"),
                gauge=_gauge(f"keep-{at}", value["c_prev"], keep, "gate-f", "f c_prev"),
            ),
            GateUse(
                verb="write",
                gate=named("i"),
                operand=named("g"),
                gauge=_write_gauge(f"write-{at}", keep, edge, value["c"], "i g"),
            ),
            GateUse(
                verb="show",
                gate=named("o"),
                operand=named("tanh_c", "tanh c"),
                gauge=_gauge(f"show-{at}", value["tanh_c"], value["h"], "gate-o", "o tanh_c"),
            ),
        )
        ends = [
            NamedNumber(
                text=name,
                names={"tensor": name, "unit": unit},
                number=value[name],
                id=f"{name}-{at}",
                term=name,
                paint="ink",
            )
            for name in ("c", "h")
        ]
        return PanelContent(uses, ends, keep, shown_of=value["tanh_c"])


class _GruHalf(_Half):
    """The half of the GRU."""

    kind, side = "nn.GRU", "gru"
    letters, states = "r, z, n", "state h"
    panel_height = PANEL_HEIGHT

    def parameter_count(self) -> tuple[int, str]:
        parameters = self.subject.weights.parameters().values()
        count = sum(parameter.size for parameter in parameters)
        return count // len(GATES) * len(BANDS), "gru"

    def part_tensor(self, product: str) -> str:
        return f"gru_{product}"

    def rows(self, top: float) -> tuple[list[Mark], float]:
        """The rows of all bands, and an empty row in place of an output gate."""
        marks, bottom = super().rows(top)
        y = bottom - PANEL_DISTANCE + BAND_HEIGHT / 2
        none, _ = words.paragraph(
            PADDING,
            y - 9,
            sentence("no output gate: all of h is shown"),
            self.width - 2 * PADDING,
            size=words.SMALL,
        )
        frame = Box(
            0,
            y - BAND_HEIGHT / 2,
            self.width,
            BAND_HEIGHT,
            radius=5,
            stroke="muted",
            dash=styles.BOX.muted.dash,
        )
        return [*marks, frame, none], bottom + ROW_PITCH

    def below_band(self, band: Band, y: float) -> list[Mark]:
        return self.reset(self.places.h, y) if band.name == "n" else []

    def reset(self, right: float, y: float) -> list[Mark]:
        """The factor r below the part of n from h, with a wire from r.

        Args:
            right: The right end of the factor.
            y: The middle of the row of n.
        """
        reset_band = self.bands[0]
        # The bands are r, z and n.
        below, above = y + SECOND_LINE, y - 2 * ROW_PITCH
        id = f"r-{self.t}-{self.unit}-again"
        again = words.number(
            right,
            below,
            reset_band.opened,
            size=words.SMALL,
            max_chars=MAX_CHARS,
            anchor="end",
            id=id,
            term="gru_r",
        )
        turn_x = self.places.curve + curves.WIDTH + WIRE_GAP / 2
        wire = round_arrow(
            (self.value(reset_band, above).left - 4, above),
            (turn_x, above),
            (turn_x, below),
            (right + 4, below),
            paint="ink",
            width=styles.LINE.plain.weight,
        )
        return [
            words.label(
                again.left - 4,
                below,
                "× r",
                names={"tensor": "r", "unit": self.unit},
                of=[again],
                anchor="end",
                style=words.FINE_STRONG,
            ),
            again,
            wire._replace(bound=(Flow("copies", self.id("r", "value"), id),)),
        ]

    def panel_content(self) -> PanelContent:
        t, unit, gru_step = self.t, self.unit, self.gru_step
        h_prev = self.subject.vector("h_prev", t)[unit]
        at = f"gru-{t}-{unit}"

        def named(text: str, tensor: str, number: Number, id: str, paint: Paint) -> NamedNumber:
            return NamedNumber(
                text=text,
                names={"tensor": tensor, "unit": unit},
                number=number,
                id=f"{id}-{t}-{unit}",
                term=GRU_TERMS.get(tensor, tensor),
                paint=paint,
            )

        uses = (
            GateUse(
                "keep",
                named("z", "z", gru_step.opened["z"], "z-again", "gate-f"),
                named("h_prev", "h_prev", h_prev, "h_prev-again", "muted"),
                _gauge(f"keep-{at}", h_prev, gru_step.keep, "gate-f", ""),
            ),
            GateUse(
                "write",
                named("1−z", "gru_write", gru_step.write, "rest-again", "gate-i"),
                named("n", "n", gru_step.opened["n"], "n-again", "gate-g"),
                _write_gauge(f"write-{at}", gru_step.keep, gru_step.edge, gru_step.h, ""),
            ),
        )
        h = named("h", "gru_h", gru_step.h, "gru_h", "ink")
        return PanelContent(uses, [h], gru_step.keep, shown_of=None)


def _band_height(band: Band) -> float:
    """The height of a band; g and n have a second line of numbers."""
    return BAND_HEIGHT + (SECOND_LINE_HEIGHT if band.name in TANH_BANDS else 0)


def _gauge(id: str, available: Number, passing: Number, paint: Paint, term: str) -> gauges.Gauge:
    """A gauge that begins at 0, of what is available and the part that a gate passes."""
    return gauges.Gauge(
        start=0,
        available=float(available.value),
        passed=float(passing.value),
        available_expr=available.expr,
        passed_expr=passing.expr,
        outline="muted",
        paint=paint,
        id=id,
        term=term,
    )


def _write_gauge(
    id: str, start: Number, available: Number, passing: Number, term: str
) -> gauges.Gauge:
    """The gauge of a write, which starts at the end of the keep."""
    return gauges.Gauge(
        start=float(start.value),
        available=float(available.value),
        passed=float(passing.value),
        available_expr=f"torch.stack([{start.expr}, {available.expr}])",
        passed_expr=f"torch.stack([{start.expr}, {passing.expr}])",
        outline="gate-g",
        paint="gate-i",
        id=id,
        term=term,
    )
