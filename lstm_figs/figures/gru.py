"""The figure `gru`."""

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np

from ..errors import BeyondLimit
from ..layout import styles, words
from ..layout.margins import inner_width
from ..layout.motifs import curves, gauges, waterfall
from ..layout.motifs.waterfall import GateUse, NamedNumber
from ..layout.number_lists import number_list
from ..layout.panels import round_arrow
from ..layout.provenance import provenance, source, step_items
from ..model.layer_run import Subject
from ..model.lstm import GATES
from ..model.reference import Number
from ..proof.bindings import Flow, Scale, sentence
from ..proof.preamble.gru import BANDS, Mixed, mixed, setup
from ..scene import metrics
from ..scene.marks import Box, Mark, shift
from ..scene.scenes import Diagram, Head
from ..scene.terms import TERMS
from ..scene.theme import Paint, tint

PANEL_GAP, MIN_PANEL_WIDTH = 20.0, 300.0
"""Between both halves, and the least width of a half beside the other."""
HEADING_HEIGHT, ROW_PITCH, BAND_HEIGHT = 16.0, 34.0, 28.0
"""The height of the column headings, from one band to the next, and the height of
a band."""
RESET_HEIGHT = 20.0
"""The additional height of the band of n, for its product with r."""
RIGHT_PADDING, WIRE_GAP = 8.0, 12.0
"""Right of the last numbers, and between them and the curves for the wire of r."""
MAX_OVERLAP = 6.0
"""The other columns may move this much closer to the numbers of rows."""
LABEL_MARGIN = 8.0
"""How much longer 1 − z is than the name of a gate."""
PANEL_HEIGHT = waterfall.GAUGE_TOPS[2] - 6
"""The height of a panel with two gauges."""

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
"""A band of the GRU has the hue of the LSTM gate with the same purpose."""


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
    """The horizontal positions of the columns of a half."""

    row: float
    x: float
    h: float
    sum: float
    curve: float

    @classmethod
    def of(cls, width: float, bands: Iterable[Band]) -> "Places":
        """Positions at shares of the width, or further left for long numbers."""
        longest = max(
            metrics.width(words.number_text(b.opened, max_chars=5), words.LABEL, mono=True)
            for b in bands
        )
        curve = width - RIGHT_PADDING - longest - WIRE_GAP - curves.WIDTH
        row, *others = (share * width for share in (0.275, 0.43, 0.575, 0.725, 0.75))
        overlap = max(0.0, others[-1] - curve)
        # A name is left of the column of rows, so this one moves least.
        return cls(row - max(0.0, overlap - MAX_OVERLAP), *(x - overlap for x in others))


def gru(subject: Subject, width: float, *, step: int = 2, unit: int = 0) -> Diagram:
    """One step of a GRU beside one of an LSTM, of the same rows and state.

    Args:
        subject: What is drawn.
        width: The width that the figure may use.
        step: The time step, counted from 1.
        unit: The hidden unit, counted from 0.
    """
    t = subject.step_index(step)
    subject.check("unit", unit, subject.weights.hidden_size)
    if subject.weights.proj_size:
        raise BeyondLimit(
            f"got proj_size={subject.weights.proj_size}, expected a module "
            "without a projection, which nn.GRU has not; draw another figure "
            "of it"
        )
    other = mixed(subject, t, unit)
    space = inner_width(width)
    is_side_by_side = (space - PANEL_GAP) / 2 >= MIN_PANEL_WIDTH
    panel_width = (space - PANEL_GAP) / 2 if is_side_by_side else space
    gates, bands = _gates(subject, t, unit), _bands(subject, unit, other)
    places = Places.of(panel_width, [*gates, *bands])
    scale = _scale(subject, t, unit, other, panel_width)
    left, left_bottom = _lstm(subject, t, unit, gates, places, panel_width, scale)
    right, right_bottom = _gru(subject, t, unit, bands, other, places, panel_width, scale)
    across, top = (panel_width + PANEL_GAP, 0.0) if is_side_by_side else (0.0, left_bottom + 26)
    marks = [*left, *(shift(mark, across, top) for mark in right)]
    return Diagram(
        _head(subject, t, unit),
        _description(subject, t, unit, {"LSTM": gates, "GRU": bands}, other),
        space,
        max(left_bottom, top + right_bottom),
        tuple(marks),
        width,
        setup(subject),
    )


def _scale(subject: Subject, t: int, unit: int, other: Mixed, width: float) -> Scale:
    """The scale that both panels share, so that their lengths compare."""
    product = subject.product("f", "c_prev", t)
    edge = (product + subject.vector("g", t))[unit]
    states = [subject.vector(name, t)[unit] for name in ("c_prev", "c", "h_prev")]
    numbers = [*states, edge, other.h, other.edge]
    low, high = waterfall.whole_range([float(number.value) for number in numbers])
    left, right = waterfall.SIDE_MARGINS
    return Scale(low, high, left + LABEL_MARGIN, width - right)


def _gates(subject: Subject, t: int, unit: int) -> list[Band]:
    """The four bands of an LSTM."""
    weights = subject.weights

    def part(product: str, bias: str, row: int) -> Number:
        number = subject.result(product, t, 0, row)
        if bias not in weights.parameters():
            return number
        return number + subject.parameter(bias, row)

    return [
        Band(
            gate,
            row,
            part("ih", "bias_ih", row),
            part("hh", "bias_hh", row),
            subject.vector(f"z_{gate}", t)[unit],
            subject.vector(gate, t)[unit],
        )
        for k, gate in enumerate(GATES)
        for row in (k * weights.hidden_size + unit,)
    ]


def _bands(subject: Subject, unit: int, other: Mixed) -> list[Band]:
    """The three bands of the GRU."""
    return [
        Band(
            band,
            k * subject.weights.hidden_size + unit,
            other.from_x[band],
            other.from_h[band],
            other.sums[band],
            other.opened[band],
        )
        for k, band in enumerate(BANDS)
    ]


def _lstm(
    subject: Subject,
    t: int,
    unit: int,
    bands: list[Band],
    places: Places,
    width: float,
    scale: Scale,
) -> tuple[list[Mark], float]:
    """The half of the LSTM: its bands, and how they change c and h."""
    marks, y = _heading("nn.LSTM", subject, "i, f, g, o", width)
    row_marks, y = _rows(bands, t, unit, places, width, y + HEADING_HEIGHT)
    value = {name: subject.vector(name, t)[unit] for name in (*GATES, "c_prev", "c", "tanh_c", "h")}
    product = subject.product("f", "c_prev", t)
    keep, edge = product[unit], (product + subject.vector("g", t))[unit]
    at = f"{t}-{unit}"

    def named(name: str, text: str = "") -> NamedNumber:
        is_gate = name in GATES
        return NamedNumber(
            text or name,
            {"gate" if is_gate else "tensor": name, "unit": unit},
            value[name],
            f"{name}-{at}-again",
            name,
            TERMS[name].role if is_gate else "muted",
        )

    uses = (
        GateUse(
            "keep",
            named("f"),
            named("c_prev"),
            _gauge("keep", value["c_prev"], keep, "gate-f", at, "f c_prev"),
        ),
        GateUse("write", named("i"), named("g"), _write_gauge(keep, edge, value["c"], at, "i g")),
        GateUse(
            "show",
            named("o"),
            named("tanh_c", "tanh c"),
            _gauge("show", value["tanh_c"], value["h"], "gate-o", at, "o tanh_c"),
        ),
    )
    ends = [
        NamedNumber(name, {"tensor": name, "unit": unit}, value[name], f"{name}-{at}", name, "ink")
        for name in "ch"
    ]
    panel = _panel(
        uses,
        scale,
        ends,
        keep,
        value["tanh_c"],
        width,
        waterfall.PANEL_HEIGHT,
        f"lstm-{unit}",
        unit,
    )
    marks += row_marks
    marks += [shift(mark, 0, y) for mark in panel]
    return marks, y + waterfall.PANEL_HEIGHT


def _gru(
    subject: Subject,
    t: int,
    unit: int,
    bands: list[Band],
    other: Mixed,
    places: Places,
    width: float,
    scale: Scale,
) -> tuple[list[Mark], float]:
    """The half of the GRU: its bands, and how they change h."""
    marks, y = _heading("nn.GRU", subject, "r, z, n", width)
    row_marks, y = _rows(bands, t, unit, places, width, y + HEADING_HEIGHT)
    h_prev = subject.vector("h_prev", t)[unit]
    z, n = other.opened["z"], other.opened["n"]
    at = f"gru-{t}-{unit}"

    def named(text: str, tensor: str, number: Number, id: str, paint: Paint) -> NamedNumber:
        return NamedNumber(
            text,
            {"tensor": tensor, "unit": unit},
            number,
            f"{id}-{t}-{unit}",
            GRU_TERMS.get(tensor, tensor),
            paint,
        )

    uses = (
        GateUse(
            "keep",
            named("z", "z", z, "z-again", "gate-f"),
            named("h_prev", "h_prev", h_prev, "h_prev-again", "muted"),
            _gauge("keep", h_prev, other.keep, "gate-f", at, ""),
        ),
        GateUse(
            "write",
            named("1−z", "gru_write", other.write, "rest-again", "gate-i"),
            named("n", "n", n, "n-again", "gate-g"),
            _write_gauge(other.keep, other.edge, other.h, at, ""),
        ),
    )
    panel = _panel(
        uses,
        scale,
        [named("h", "gru_h", other.h, "gru_h", "ink")],
        other.keep,
        None,
        width,
        PANEL_HEIGHT,
        f"gru-{unit}",
        unit,
    )
    marks += row_marks
    marks += [shift(mark, 0, y) for mark in panel]
    return marks, y + PANEL_HEIGHT


def _heading(kind: str, subject: Subject, bands: str, width: float) -> tuple[list[Mark], float]:
    """The heading of a half: its module and its size; and its bottom."""
    is_gru = kind == "nn.GRU"
    name = "gru" if is_gru else subject.module_name
    states = "state h" if is_gru else "states h and c"
    parameters = subject.weights.parameters().values()
    count = sum(parameter.size for parameter in parameters)
    if is_gru:
        count = count // len(GATES) * len(BANDS)
    of = f"{{sum(map(torch.numel, {name}.parameters())):,}}"
    title, y = words.paragraph(
        0, 0, sentence(kind), width, size=words.LETTER, fill="ink", bold=True
    )
    counts, y = words.paragraph(
        0,
        y,
        sentence(f"{bands} · {states} · {{}} parameters", (f"{count:,}", f'f"{of}"')),
        width,
        size=words.SMALL,
    )
    return [title, counts], y


def _rows(
    bands: list[Band], t: int, unit: int, places: Places, width: float, top: float
) -> tuple[list[Mark], float]:
    """The rows of all bands, and their bottom."""
    is_gru = bands[-1].name == "n"
    marks: list[Mark] = []
    lefts: dict[str, float] = {}
    side = "gru" if is_gru else "lstm"
    y = top + 22
    for part, x in (("x", places.x), ("h", places.h)):
        product = "ih" if part == "x" else "hh"
        marks.append(
            words.label(
                x,
                top - 2,
                f"from {part}",
                {"tensor": f"gru_{product}" if is_gru else product},
                [f"{side}-{t}-*-{part}-{unit}"],
                "column",
                anchor="end",
                style=words.FINE,
            )
        )
    for text, x in (("row", places.row), ("sum", places.sum)):
        lines, _ = words.paragraph(x, top - 10, sentence(text), 60, size=words.SMALL, anchor="end")
        marks.append(lines)
    for band in bands:
        paint = PAINTS[band.name]
        at = f"{side}-{t}-{band.name}"
        height = BAND_HEIGHT + (RESET_HEIGHT if band.name in ("g", "n") else 0)
        marks += [
            Box(0, y - BAND_HEIGHT / 2, width, height, radius=5, fill=tint(paint)),
            words.label(
                8,
                y,
                BAND_LABELS[band.name],
                {**band.key, "unit": unit},
                [f"{at}-value-{unit}"],
                "row",
                style=words.STRONG,
                fill=paint,
                term=band.term,
            ),
        ]
        marks.append(
            words.label(
                places.row,
                y,
                str(band.row),
                {"row": band.row},
                [f"{at}-{part}-{unit}" for part in ("x", "h", "sum")],
                "row",
                anchor="end",
                style=words.FINE,
            )
        )
        for part, x, number in (
            ("x", places.x, band.from_x),
            ("h", places.h, band.from_h),
            ("sum", places.sum, band.sum),
        ):
            marks.append(
                words.number(
                    x,
                    y,
                    number,
                    size=words.SMALL,
                    max_chars=5,
                    anchor="end",
                    id=f"{at}-{part}-{unit}",
                    term={
                        "x": "ih",
                        "h": "hh",
                        "sum": f"z_{band.name}" if band.is_gate else band.term,
                    }[part],
                )
            )
        marks += curves.activation_curve(
            places.curve,
            y,
            band.sum,
            band.opened,
            paint,
            tanh=band.name in ("g", "n"),
            id=f"{at}-point-{unit}",
            term="",
        )
        opened = words.number(
            width - RIGHT_PADDING,
            y,
            band.opened,
            size=words.LABEL,
            max_chars=5,
            anchor="end",
            bold=True,
            id=f"{at}-value-{unit}",
            term=band.term,
        )
        lefts[band.name] = opened.left
        marks.append(opened)
        if band.name == "g":
            all_of_it, _ = words.paragraph(
                places.h, y + 8, sentence("all of it"), 90, size=words.SMALL, anchor="end"
            )
            marks.append(all_of_it)
        if band.name == "n":
            marks += _reset(bands[0].opened, places, y, t, unit, lefts["r"])
        y += height + ROW_PITCH - BAND_HEIGHT
    if not is_gru:
        return marks, y - BAND_HEIGHT / 2 + 4
    none, _ = words.paragraph(
        8, y - 9, sentence("no output gate: all of h is shown"), width - 16, size=words.SMALL
    )
    marks += [
        Box(
            0,
            y - BAND_HEIGHT / 2,
            width,
            BAND_HEIGHT,
            radius=5,
            stroke="muted",
            dash=styles.BOX.back.dash,
        ),
        none,
    ]
    return marks, y + ROW_PITCH - BAND_HEIGHT / 2 + 4


def _reset(r: Number, places: Places, y: float, t: int, unit: int, left: float) -> list[Mark]:
    """The factor r below the part of n from h, with a wire from r."""
    id, below, above = f"r-{t}-{unit}-again", y + 17, y - 2 * ROW_PITCH
    again = words.number(
        places.h, below, r, size=words.SMALL, max_chars=5, anchor="end", id=id, term="gru_r"
    )
    turn_x = places.curve + curves.WIDTH + WIRE_GAP / 2
    wire = round_arrow(
        (left - 4, above),
        (turn_x, above),
        (turn_x, below),
        (places.h + 4, below),
        paint="ink",
        width=styles.LINE.plain.weight,
    )
    return [
        words.label(
            again.left - 4,
            below,
            "× r",
            {"tensor": "r", "unit": unit},
            [id],
            "row",
            anchor="end",
            style=words.FINE_STRONG,
        ),
        again,
        wire._replace(bound=(Flow("copies", f"gru-{t}-r-value-{unit}", id),)),
    ]


def _gauge(
    verb: str, available: Number, passing: Number, paint: Paint, at: str, term: str
) -> gauges.Gauge:
    return gauges.Gauge(
        0,
        float(available.value),
        float(passing.value),
        available.expr,
        passing.expr,
        "muted",
        paint,
        f"{verb}-{at}",
        term,
    )


def _write_gauge(
    start: Number, available: Number, passing: Number, at: str, term: str
) -> gauges.Gauge:
    """The gauge of a write, which starts at the end of the keep."""
    return gauges.Gauge(
        float(start.value),
        float(available.value),
        float(passing.value),
        f"torch.stack([{start.expr}, {available.expr}])",
        f"torch.stack([{start.expr}, {passing.expr}])",
        "gate-g",
        "gate-i",
        f"write-{at}",
        term,
    )


def _panel(
    uses: tuple[GateUse, ...],
    scale: Scale,
    ends: list[NamedNumber],
    keep: Number,
    show: Number | None,
    width: float,
    height: float,
    id: str,
    unit: int,
) -> list[Mark]:
    """The gauges of a half from top to bottom, and the states they lead to."""
    marks: list[Mark] = [
        waterfall.panel(width, height, id),
        words.label(
            10,
            17,
            f"unit {unit}",
            {"unit": unit},
            [named.id for use in uses for named in (use.gate, use.operand)],
            "block",
            style=words.STRONG,
        ),
    ]
    edges = [edge for use in uses for edge in use.gauge[:3]]
    if np.isfinite(edges).all():
        marks += waterfall.axis(scale, has_third_gauge=show is not None)
    for use, top in zip(uses, waterfall.GAUGE_TOPS, strict=False):
        marks += waterfall.use_labels(use, top, width - 10)
        marks += gauges.gauge_marks(use.gauge, top, scale)
    if np.isfinite(edges).all():
        first, second, third = waterfall.GAUGE_TOPS
        place = scale(float(keep.value))
        marks.append(
            gauges.link(
                (place, first + gauges.GAUGE_HEIGHT),
                (place, second),
                uses[0].gauge.id,
                uses[1].gauge.id,
            )
        )
        if show is not None:
            place = scale(ends[0].value)
            marks.append(
                gauges.link(
                    (place, second + gauges.GAUGE_HEIGHT),
                    (scale(float(show.value)), third),
                    uses[1].gauge.id,
                    f"{uses[2].gauge.id}-there",
                    by=(place, third - 5),
                )
            )
    for end, top in zip(ends, waterfall.GAUGE_TOPS[1:], strict=False):
        marks += waterfall.result(end, top, scale, width)
    return marks


def _head(subject: Subject, t: int, unit: int) -> Head:
    label = subject.step_number(t)
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


def _description(
    subject: Subject, t: int, unit: int, halves: dict[str, list[Band]], other: Mixed
) -> str:
    """Both steps band by band, then the changes of the states."""
    sentences = [f"Step {subject.step_number(t)}, unit {unit}"]
    for side, bands in halves.items():
        sentences += [
            f"{side}, {band.name} of row {band.row}: "
            f"{number_list([band.from_x])} from x and {number_list([band.from_h])} from "
            f"h, the sum is {number_list([band.sum])}, {band.name} is "
            f"{number_list([band.opened])}"
            for band in bands
        ]
    value = {
        name: number_list([subject.vector(name, t)[unit]])
        for name in (*GATES, "c_prev", "c", "tanh_c", "h", "h_prev")
    }
    z, n = (number_list([other.opened[band]]) for band in "zn")
    sentences += [
        f"The LSTM keeps {value['f']} of c_prev, {value['c_prev']}, and writes "
        f"{value['i']} of g, {value['g']}: c is {value['c']}",
        f"It shows {value['o']} of tanh c, {value['tanh_c']}: h is {value['h']}",
        f"The GRU keeps {z} of h_prev, {value['h_prev']}, and writes "
        f"{number_list([other.write])} of n, {n}: h is {number_list([other.h])}",
    ]
    return ". ".join(sentences) + "."
