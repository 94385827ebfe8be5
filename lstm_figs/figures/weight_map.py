"""The figure `weight-map`: every parameter of a layer, as numbers or as a heat map."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np

from ..layout import styles, words
from ..layout.margins import inner_width
from ..layout.motifs import heat, matrix, weight_rows
from ..layout.motifs.over_time import tick_text, ticks_across
from ..layout.number_lists import number_list
from ..layout.provenance import origin, provenance
from ..model.layer_run import LayerRun
from ..model.lstm import GATES
from ..model.reference import Number, Ref
from ..model.tensors import Array
from ..proof.bindings import Length, Node, Scale, Sentence, Shade, sentence
from ..proof.digits import text
from ..scene.marks import Anchor, Box, Group, Mark, Path, Text
from ..scene.scenes import Diagram, Head
from ..scene.terms import TERMS

NARROWEST_WIDE = 480
"""Figures narrower than this have smaller gaps."""
BIASES_WIDTH = 168.0
"""The width of the biases beside heat maps."""
LANE_HEIGHT = 26.0
"""The height of a gate's lane of biases below heat maps."""
BIAS_IDS = ("bias-{gate}", "bias-{gate}-half", "bias-{gate}-middle")
"""The ids in a lane of biases."""
PROJECTION_LEFT, PROJECTION_ROW_HEIGHT = 46.0, 26.0
"""The width left of the cells of weight_hr, and the height of a cell."""


class Body(NamedTuple):
    """The drawing, with its alternative text and its notes."""

    marks: list[Mark]
    height: float
    sentences: list[str]
    notes: list[Sentence]


def weight_map(subject: LayerRun, width: float) -> Diagram:
    """Every parameter of the module, row by row."""
    body = _draw_numbers(subject, width) or _draw_cells(subject, width)
    if subject.weights.proj_size:
        projection = _Projection(subject, inner_width(width), body.height + 26)
        marks, height = projection.printed() if projection.is_printed else projection.map()
        sentences = [*body.sentences, *projection.sentences()]
        body = Body([*body.marks, *marks], height, sentences, body.notes)
    return Diagram(
        heading=_head(subject, body.notes),
        description=". ".join(
            ["The rows are in the order input, forget, cell, output", *body.sentences]
        )
        + ".",
        width=inner_width(width),
        height=body.height,
        marks=tuple(body.marks),
        figure_width=width,
        setup=heat.RMS,
    )


def _draw_numbers(subject: LayerRun, width: float) -> Body | None:
    """Every number; None if they do not fit."""
    size, is_narrow = subject.weights.hidden_size, width < NARROWEST_WIDE
    if size > matrix.MAX_UNITS:
        return None
    layout = weight_rows.Rows(
        units=tuple(range(size)),
        hidden_size=size,
        top=matrix.HEAD_HEIGHT,
        height=30 if size <= 2 else 25,
        narrow=is_narrow,
    )
    # On a phone, there is only space for the stored numbers.
    tensors = matrix.parameters(subject, summed=not is_narrow)
    fit = matrix.column_fit(
        tensors, layout.units, inner_width(width) - layout.left, narrow=is_narrow
    )
    if fit is None:
        return None
    all_tensors = matrix.parameters(subject, summed=True)
    end = matrix.largest_magnitude(tensors)
    sentences = [
        f"Gate {gate}, row {layout.row(gate, unit)}: "
        + "; ".join(
            f"{tensor.name if not tensor.is_stored else tensor.id} "
            + number_list(tensor.values[gate, unit, k] for k in range(tensor.columns))
            for tensor in all_tensors
        )
        for gate, unit in layout.gate_unit_pairs
    ]
    return Body(
        matrix.printed_tensors(layout, tensors, fit, end),
        layout.bottom,
        sentences,
        [sentence("Blue is positive, red is negative.")],
    )


def _draw_cells(subject: LayerRun, width: float) -> Body:
    """A cell for each element or block, and the biases of each gate."""
    size, is_wide = subject.weights.hidden_size, width >= NARROWEST_WIDE
    tensors = matrix.parameters(subject)
    left = matrix.Bands.gutter_width(size)
    has_bias_ranges = size > matrix.MAX_ROWS and subject.weights.bias_ih is not None
    if has_bias_ranges:
        tensors = [tensor for tensor in tensors if tensor.operand]
    biases_width = BIASES_WIDTH + 24 if has_bias_ranges and is_wide else 0
    maps = matrix.tensor_maps(
        tensors, inner_width(width) - left - biases_width, left, matrix_gap=28 if is_wide else 16
    )
    cut = maps[0].cells.rows
    cell_height = max(6, min(24, 96 // cut.cells))
    bands = matrix.Bands(cut, cell_height, matrix.HEIGHT_ABOVE_MAP, left)
    ids = [f"{tensor.id}-{{gate}}" for tensor in tensors]
    marks = bands.labels(ids, BIAS_IDS if has_bias_ranges and is_wide else ())
    marks += matrix.map_marks(bands, maps)
    height = bands.bottom + matrix.height_below(maps, marks)
    if has_bias_ranges and is_wide:
        marks += _biases_right_of(bands, subject, inner_width(width))
    elif has_bias_ranges:
        biases, height = _biases_below(height + 20, subject, inner_width(width))
        marks += biases
    sentences = [*_gate_sizes(subject), *matrix.scale_descriptions(maps)]
    return Body(marks, height, sentences, _notes(subject, maps, has_bias_ranges))


class Percentiles(NamedTuple):
    """Percentiles of the sums of both biases.

    Attributes:
        ends: The ends of the thin bar.
        half: The ends of the thick bar.
        middle: The median.
    """

    ends: tuple[Number, Number]
    half: tuple[Number, Number]
    middle: Number


def _percentiles(subject: LayerRun, band: int) -> Percentiles:
    """The percentiles of one gate; if no sum is finite, all are the sum of all."""
    size = subject.weights.hidden_size
    rows = slice(band * size, (band + 1) * size)
    ref = (subject.ref("bias_ih") + subject.ref("bias_hh"))[rows]
    values = subject.weights.bias[rows]
    finite = np.sort(values[np.isfinite(values)])
    if not finite.size:
        with np.errstate(invalid="ignore"):
            total = Number(values.sum(), f"{ref}.sum()")
        return Percentiles((total, total), (total, total), total)
    if finite.size < size:
        ref = Ref(f"{ref}[{ref}.isfinite()]")

    def at(share: float) -> Number:
        k = int(share * (finite.size - 1))
        return Number(finite[k], Ref(f"{ref}.sort().values")[k])

    return Percentiles((at(0.01), at(0.99)), (at(0.25), at(0.75)), at(0.5))


@dataclass(frozen=True)
class _Biases:
    """The distribution of the biases of each gate, a lane for each on one axis.

    Attributes:
        subject: The layer run to draw.
        left: The left edge.
        right: The right edge.
        middles: The middle of each lane.
        lane_height: The height of a lane.
        bar_height: The height of a thick bar.
    """

    subject: LayerRun
    left: float
    right: float
    middles: Sequence[float]
    lane_height: float
    bar_height: float

    @cached_property
    def percentiles(self) -> list[Percentiles]:
        """The percentiles of each gate."""
        return [_percentiles(self.subject, k) for k in range(4)]

    @cached_property
    def scale(self) -> Scale:
        """The axis: all values and 0, with a little space."""
        values = [float(n.value) for percentiles in self.percentiles for n in percentiles.ends]
        finite = [0.0, *filter(np.isfinite, values)]
        low, high = min(finite), max(finite)
        space, numbers_width = 0.06 * (high - low) or 1.0, 48.0
        return Scale(low - space, high + space, self.left, self.right - numbers_width)

    def marks(self) -> list[Mark]:
        """The axis and all lanes."""
        return [*self.axis(), *(mark for k in range(4) for mark in self.lane(k))]

    def axis(self) -> list[Mark]:
        top = self.middles[0] - self.lane_height / 2
        bottom = self.middles[-1] + self.lane_height / 2
        marks: list[Mark] = []
        for value in ticks_across(self.scale, 4, self.left - 20, self.right):
            x = self.scale(value)
            line = (("M", (x, top)), ("L", (x, bottom)))
            paint = "muted" if value == 0 else "rule"
            marks += [
                Path(line, stroke=paint, stroke_width=styles.LINE.back.weight),
                words.tick(x, bottom + 10, tick_text(value), "middle"),
            ]
        return marks

    def lane(self, k: int) -> list[Mark]:
        """A thin bar, a thick bar, the median as a notch, and its number."""
        gate, y, percentiles = GATES[k], self.middles[k], self.percentiles[k]
        paint = TERMS[gate].role
        marks: list[Mark] = []
        if np.isfinite(percentiles.middle.value):
            for id, (start, stop), height in (
                (f"bias-{gate}", percentiles.ends, 2.0),
                (f"bias-{gate}-half", percentiles.half, self.bar_height),
            ):
                first, last = (self.scale(float(n.value)) for n in (start, stop))
                expr = f"torch.stack([{start.expr}, {stop.expr}])"
                marks.append(
                    Box(
                        first,
                        y - height / 2,
                        max(last - first, 0),
                        height,
                        fill=paint,
                        id=id,
                        term=f"bias {gate}",
                        bound=(Length(expr, "width", self.scale),),
                    )
                )
            at, half = self.scale(float(percentiles.middle.value)), self.bar_height / 2
            notch = (("M", (at, y - half)), ("L", (at, y + half)))
            marks.append(Path(notch, stroke="paper", stroke_width=styles.BOX.strong.weight))
        number = words.number(
            self.right,
            y,
            percentiles.middle,
            size=words.SMALL,
            max_chars=6,
            anchor="end",
            fill=paint,
            id=f"bias-{gate}-middle",
            term=f"bias {gate}",
        )
        return [*marks, number]


def _biases_right_of(bands: matrix.Bands, subject: LayerRun, space: float) -> list[Mark]:
    """The biases at the right of the bands, below their name."""
    middles = [bands.y(k) + bands.height / 2 for k in range(4)]
    height, left = min(bands.height, 2 * LANE_HEIGHT), space - BIASES_WIDTH
    biases = _Biases(
        subject=subject,
        left=left,
        right=left + BIASES_WIDTH,
        middles=middles,
        lane_height=height,
        bar_height=20.0,
    )
    name = _biases_name(left + BIASES_WIDTH / 2, bands.top - 40 + 8, "middle")
    return [*biases.marks(), name]


def _biases_below(y: float, subject: LayerRun, space: float) -> tuple[list[Mark], float]:
    """The biases below the maps, with their name and letters, and their bottom."""
    middles = [y + 34 + k * LANE_HEIGHT for k in range(4)]
    biases = _Biases(
        subject=subject,
        left=24,
        right=space,
        middles=middles,
        lane_height=LANE_HEIGHT,
        bar_height=12.0,
    )
    letters = [
        weight_rows.gate_letter(gate, middle, [mark.id for mark in biases.lane(k) if mark.id])
        for k, (gate, middle) in enumerate(zip(GATES, middles, strict=True))
    ]
    marks = [_biases_name(0, y + 8, "start"), *letters, *biases.marks()]
    return marks, middles[-1] + LANE_HEIGHT / 2 + 18


def _biases_name(x: float, y: float, anchor: Anchor) -> Text:
    """The name of both biases above their columns."""
    return words.label(
        x,
        y,
        "biases",
        {"tensor": "bias"},
        ["bias-*", "bias-*-*"],
        "block",
        anchor=anchor,
        style=words.STRONG,
        term="bias",
    )


class _Projection:
    """`weight_hr` below the bands, with a row for each element of h."""

    def __init__(self, subject: LayerRun, space: float, top: float):
        self.space, self.top = space, top
        array, ref = subject.weights.parameters()["weight_hr"], subject.ref("weight_hr")
        self.array = array
        self.tensor = matrix.Tensor(
            id="weight_hr",
            name=subject.parameter_name("weight_hr"),
            symbol="W_{hr}",
            array=array,
            of=ref,
            values={},
            operand="shown",
        )
        self.max_weight = matrix.largest_magnitude([self.tensor])
        self.rows = [subject.row("weight_hr", k) for k in range(min(len(array), 8))]
        self.decimals = words.Decimals.of((n for row in self.rows for n in row[:40]), 5)
        min_width = self.decimals.width(words.SMALL) + 6
        space -= PROJECTION_LEFT
        self.is_printed = len(array) <= 8 and array.shape[1] * min_width <= space

    def printed(self) -> tuple[list[Mark], float]:
        """Numbers on cells, and their bottom."""
        columns = self.array.shape[1]
        cell_width = min(72.0, (self.space - PROJECTION_LEFT) / columns)
        top = self.top + matrix.HEAD_HEIGHT - 14
        names: list[Mark] = []
        cells: list[Mark] = []
        for k, row in enumerate(self.rows):
            y = top + (k + 0.5) * PROJECTION_ROW_HEIGHT
            names.append(
                words.label(
                    PROJECTION_LEFT - 6,
                    y,
                    f"h[{k}]",
                    {"unit": k},
                    [f"weight_hr-{k}-*"],
                    "row",
                    style=words.FINE_CODE,
                    anchor="end",
                )
            )
            for column, number in enumerate(row):
                x, id = PROJECTION_LEFT + column * cell_width, f"weight_hr-{k}-{column}"
                top_left = x, y - PROJECTION_ROW_HEIGHT / 2 + 1
                cell = Box(*top_left, cell_width - 2, PROJECTION_ROW_HEIGHT - 2, radius=3)
                cells += self.element(number, cell, id)
        middle = PROJECTION_LEFT + (columns * cell_width - 2) / 2
        bottom = top + len(self.array) * PROJECTION_ROW_HEIGHT
        group = self.group(cells)
        return [*names, group, *self.head(middle, group)], bottom

    def element(self, number: Number, cell: Box, id: str) -> list[Mark]:
        """The cell of an element, and its number."""
        return [
            cell._replace(
                fill=weight_rows.shade(float(number.value), self.max_weight),
                id=f"{id}-cell",
                term="weight_hr",
                bound=(Shade(number.expr, self.max_weight),),
            ),
            self.decimals.number(
                cell.x + cell.width / 2,
                cell.y + cell.height / 2,
                number,
                size=words.SMALL,
                max_chars=5,
                id=id,
                term="weight_hr",
            ),
        ]

    def map(self) -> tuple[list[Mark], float]:
        """A heat map with its colour scale, and their bottom."""
        rows, columns = _projection_cuts(self.array)
        cell_width = max(3, min(24, int((self.space - PROJECTION_LEFT) / columns.cells)))
        cell_height = max(6, min(24, 96 // rows.cells))
        top, width = self.top + matrix.HEIGHT_ABOVE_MAP, columns.cells * cell_width
        heat_map = heat.heat_map(
            self.cells,
            0,
            PROJECTION_LEFT,
            top,
            cell_width,
            cell_height,
            id="weight_hr-all",
            term="weight_hr",
        )
        bottom = top + rows.cells * cell_height
        bar = heat.colour_bar(
            self.cells,
            PROJECTION_LEFT,
            bottom + 10,
            max(width, matrix.MIN_MAP_WIDTH),
            id="scale-weight_hr",
            term="weight_hr",
            symbol="W_{hr}",
            of=[heat_map.id],
        )
        group = self.group([heat_map])
        return [group, *self.head(PROJECTION_LEFT + width / 2, group), *bar], bottom + 34

    @cached_property
    def cells(self) -> heat.Cells:
        return heat.cells(self.tensor.matrix, ["ink"], *_projection_cuts(self.array))

    def group(self, marks: Sequence[Mark]) -> Group:
        """Marks as those of the whole matrix."""
        return Group(tuple(marks), id="weight_hr", bound=(Node(self.tensor.of),))

    def head(self, middle: float, group: Group) -> list[Mark]:
        return matrix.tensor_head(self.tensor, self.tensor.name, middle, self.top, group)

    def sentences(self) -> list[str]:
        """The rows, or the end of the colour scale."""
        if self.is_printed:
            return [f"weight_hr, row {k}: {number_list(row)}" for k, row in enumerate(self.rows)]
        if self.cells.scale_end:
            return [f"The colours of weight_hr end at {text(self.cells.scale_end.value)}"]
        return []


def _projection_cuts(array: Array) -> tuple[heat.Cut, heat.Cut]:
    """How many rows, and how many columns, share a cell of the map of weight_hr."""
    rows, columns = array.shape
    return (
        heat.axis_in_cells(rows, matrix.MAX_ROWS),
        heat.axis_in_cells(columns, matrix.MAX_COLUMNS),
    )


def _has_signed_projection(subject: LayerRun) -> bool:
    """Whether `weight_hr` exists and has signed colours, one cell per element."""
    array = subject.weights.parameters().get("weight_hr")
    return array is not None and all(cut.block == 1 for cut in _projection_cuts(array))


def _notes(subject: LayerRun, maps: list[matrix.Map], has_bias_ranges: bool) -> list[Sentence]:
    folded = [tensor_map for tensor_map in maps if tensor_map.cells.is_folded]
    notes = matrix.alike_notes(maps)
    notes += [
        sentence(
            f"A cell of {tensor_map.tensor.id} is a block of {{}} × {{}} weights, as "
            "strong as their root mean square; {} of {} blocks are beyond the "
            "strongest colour.",
            *matrix.block_values(tensor_map),
        )
        for tensor_map in folded
        if not tensor_map.alike_blocks
    ]
    if len(folded) < len(maps) or _has_signed_projection(subject):
        notes.append(
            sentence("Blue is positive, red is negative; colours end at the largest magnitude.")
        )
    if has_bias_ranges:
        notes.append(
            sentence(
                "Of the sums of both biases, the thick bar has the middle "
                "half, the thin one all but a hundredth at each end, and the "
                "notch is the median."
            )
        )
    return [*notes, *matrix.nonfinite_notes(subject)]


def _gate_sizes(subject: LayerRun) -> list[str]:
    """The size of each gate's weights."""
    weights = subject.weights
    sentences = []
    for k, gate in enumerate(GATES):
        size = weights.hidden_size
        band = slice(k * size, (k + 1) * size)
        sizes = [
            f"{name} {text(heat.rms(array[band], size, array.shape[1])[0, 0])}"
            for name, array in weights.parameters().items()
            if name.startswith("weight") and name != "weight_hr"
        ]
        line = f"Gate {gate}, root mean square: {', '.join(sizes)}"
        if weights.bias_ih is not None:
            middle = text(_percentiles(subject, k).middle.value)
            line += f", median of the biases {middle}"
        sentences.append(line)
    counts = np.sum(
        [heat.nonfinite_counts(array) for array in weights.parameters().values()], axis=0
    )
    if counts.any():
        nan, infinities, negative_infinities = counts
        sentences.append(f"{nan} NaN, {infinities} ∞, {negative_infinities} −∞")
    return sentences


def _head(subject: LayerRun, notes: list[Sentence]) -> Head:
    sizes = subject.weights
    count = sum(array.size for array in sizes.parameters().values())
    module = subject.module_variable
    if sizes.bias_ih is None:
        notes = [*notes, sentence("The module has no bias.", claim=f"not {module}.bias")]
    if sizes.proj_size:
        notes = [
            *notes,
            sentence(
                "weight_hr has no bands: it makes h of what the units show.",
                claim=f"{module}.proj_size > 0",
            ),
        ]
    return Head(
        sentence("Four bands of rows, in the order i, f, g, o"),
        sentence(
            "A row is one sum: its weights times x, its weights times h, and "
            "its biases. Row k of each band belongs to unit k."
            if sizes.bias_ih is not None
            else "A row is one sum: its weights times x and its weights times "
            "h. Row k of each band belongs to unit k."
        ),
        provenance(
            subject, ("{} weights", f"{count:,}", f"sum(p.numel() for p in {module}.parameters())")
        ),
        tuple(notes),
        origin(subject),
    )
