"""The figure `weight-map`: every parameter of a layer, as numbers, as cells or as a spread."""

from collections.abc import Iterable, Sequence
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
from ..scene.marks import Box, Group, Mark, Path, bounds
from ..scene.scenes import Diagram, Head
from ..scene.terms import TERMS

NARROWEST_WIDE = 480
"""Figures narrower than this have smaller gaps."""
LANE_HEIGHT, LANE_PITCH, BAR_HEIGHT = 44.0, 56.0, 20.0
"""The height of a lane, the distance between two, and the height of its thick bar."""
NARROW_LANE_HEIGHT, NARROW_LANE_PITCH = 28.0, 36.0
"""The first two in a narrow figure, in which columns of lanes are below each other."""
NARROWEST, NARROWEST_ROW = 360, 720
"""The narrowest form, and the least width of one whose heat maps are beside each other."""
MAP_GAP, STACKED_CELL_HEIGHT = 28.0, 4
"""The gap between maps beside each other, and the height of a cell in those below each other."""
COLUMN_GAP, NUMBERS_WIDTH = 24.0, 46.0
"""The gap between two columns of lanes, and the width of their numbers."""
BIASES_WIDTH, MAX_BIASES_WIDTH, BIASES_GAP = 100.0, 180.0, 44.0
"""The least and the largest width of biases right of heat maps, and the largest gap
between them."""
STACKED_LANES_GAP = 12.0
"""The gap between two columns of lanes, one below the other, in a narrow figure."""
LANES_TOP, LANES_BOTTOM = 44.0, 24.0
"""The heights above and below the lanes of a column."""
MAX_OVERHANG = 20.0
"""How far a group of lanes may extend beyond the left edge of the drawing, unseen."""
MAX_TICKS = 6
"""The most ticks of an axis; with fewer, some axes would have no tick but 0."""
ENDS = (0.01, 0.99)
"""The shares of numbers between which there is a thin bar."""
PROJECTION_LEFT, PROJECTION_ROW_HEIGHT = 46.0, 26.0
"""The width left of the cells of weight_hr, and the height of a cell."""
PROJECTION_GAP = 26.0
"""The gap between the bands and weight_hr below them."""
MAX_PRINTED_ROWS, MAX_PRINTED_COLUMNS = 8, 40
"""The most rows and columns of weight_hr whose numbers can fit on the page."""


class Body(NamedTuple):
    """The drawing, with its alternative text and its notes."""

    marks: list[Mark]
    height: float
    sentences: list[str]
    notes: list[Sentence]


def weight_map(subject: LayerRun, width: float) -> Diagram:
    """Every parameter of the module, row by row."""
    body = _draw_numbers(subject, width)
    if body is None:
        is_large = subject.weights.hidden_size > matrix.MAX_ROWS
        body = _draw_large(subject, width) if is_large else _draw_cells(subject, width)
    if subject.weights.proj_size:
        projection = _Projection(subject, inner_width(width), body.height + PROJECTION_GAP)
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
        is_narrow=is_narrow,
    )
    # On a phone, there is only space for the stored numbers.
    tensors = matrix.parameters(subject, summed=not is_narrow)
    fit = matrix.column_fit(
        tensors, layout.units, inner_width(width) - layout.left, is_narrow=is_narrow
    )
    if fit is None:
        return None
    described_tensors = matrix.parameters(subject, summed=True)
    sentences = [
        f"Gate {gate}, row {layout.row(gate, unit)}: "
        + "; ".join(
            f"{tensor.id if tensor.is_stored else tensor.name} "
            + number_list(tensor.values[gate, unit, k] for k in range(tensor.columns))
            for tensor in described_tensors
        )
        for gate, unit in layout.gate_unit_pairs
    ]
    max_weight = matrix.largest_magnitude(tensors)
    marks = matrix.printed_tensors(layout, tensors, fit, max_weight)
    return Body(marks, layout.bottom, sentences, notes=[])


def _draw_cells(subject: LayerRun, width: float) -> Body:
    """A cell for each element, or for a block of inputs."""
    size, is_wide = subject.weights.hidden_size, width >= NARROWEST_WIDE
    tensors = matrix.parameters(subject)
    left = matrix.Bands.gutter_width(size)
    maps = matrix.tensor_maps(
        tensors, inner_width(width) - left, left, matrix_gap=28 if is_wide else 16
    )
    rows = maps[0].cells.rows
    bands = matrix.Bands(rows, _cell_height(rows), matrix.HEIGHT_ABOVE_MAP, left)
    marks = bands.labels([f"{tensor.id}-{{gate}}" for tensor in tensors], ())
    marks += matrix.map_marks(bands, maps)
    height = bands.bottom + matrix.height_below(maps, marks)
    sentences = [*_gate_sizes(subject), *matrix.scale_descriptions(maps)]
    return Body(marks, height, sentences, _notes(subject, maps))


def _draw_large(subject: LayerRun, width: float) -> Body:
    """A cell for each block of weights, if blocks differ by more than chance; else lanes."""
    is_row = width >= NARROWEST_ROW
    has_bias = subject.weights.bias_ih is not None
    left = matrix.Bands.gutter_width(subject.weights.hidden_size)
    space = inner_width(width) - left
    if is_row and has_bias:
        space -= COLUMN_GAP + BIASES_WIDTH
    tensors = [tensor for tensor in matrix.parameters(subject) if tensor.operand]
    max_columns = _max_columns(tensors, left)
    rows_of_maps = [
        matrix.tensor_maps(row, space, left, matrix_gap=MAP_GAP, max_columns=max_columns)
        for row in ([tensors] if is_row else [[tensor] for tensor in tensors])
    ]
    maps = [tensor_map for row in rows_of_maps for tensor_map in row]
    if all(tensor_map.alike_blocks for tensor_map in maps):
        return _draw_lanes(subject, width)
    marks: list[Mark] = []
    y = 0.0
    for row in rows_of_maps:
        axis = row[0].cells.rows
        cell_height = _cell_height(axis) if is_row else STACKED_CELL_HEIGHT
        bands = matrix.Bands(axis, cell_height, y + matrix.HEIGHT_ABOVE_MAP, left)
        ids = [f"{tensor_map.tensor.id}-{{gate}}" for tensor_map in row]
        row_marks = bands.labels(ids, ["bias-{gate}-half"] if is_row and has_bias else ())
        row_marks += matrix.map_marks(bands, row)
        marks += row_marks
        y = bands.bottom + matrix.height_below(row, row_marks) + STACKED_LANES_GAP
    height = y - STACKED_LANES_GAP
    if has_bias:
        if is_row:
            maps_right = maps[-1].left + maps[-1].width
            lanes = _biases_at_right(subject, inner_width(width), bands, maps_right)
        else:
            lanes = _biases_below(subject, inner_width(width), y)
            marks += lanes.letters(["bias-{gate}-half"])
        marks += _biases(lanes)
        height = max(height, lanes.bottom + LANES_BOTTOM)
    sentences = [*_gate_sizes(subject), *matrix.scale_descriptions(maps)]
    return Body(marks, height, sentences, _notes(subject, maps))


def _max_columns(tensors: Sequence[matrix.Tensor], left: float) -> dict[str, int]:
    """The most columns of cells for each operand, the same in all forms of the figure.

    As many columns as possible have cells of their own, beside each other in a wide form
    and below each other in a narrow one.
    """
    space = inner_width(NARROWEST_ROW) - left - MAP_GAP - COLUMN_GAP - BIASES_WIDTH
    most = int((inner_width(NARROWEST) - left) // matrix.MIN_CELL_WIDTH)
    few, many = sorted(tensors, key=lambda tensor: tensor.columns)
    few_max = min(few.columns, int(space / 2 // matrix.MIN_CELL_WIDTH))
    few_width = max(few_max * matrix.MIN_CELL_WIDTH, matrix.MIN_MAP_WIDTH)
    many_max = int((space - few_width) // matrix.MIN_CELL_WIDTH)
    return {few.operand: min(few_max, most), many.operand: min(many_max, most)}


def _biases_at_right(
    subject: LayerRun, right: float, bands: matrix.Bands, maps_right: float
) -> "_Lanes":
    """The lanes of the biases, each at the height of its band."""
    left = min(right - BIASES_WIDTH, maps_right + BIASES_GAP)
    right = min(right, left + MAX_BIASES_WIDTH)
    return _bias_lanes(subject, left, right, bands.top, bands.height, bands.height + bands.gap)


def _biases_below(subject: LayerRun, right: float, y: float) -> "_Lanes":
    """The lanes of the biases below the maps, as close as in other narrow forms."""
    top = y + matrix.HEIGHT_ABOVE_MAP
    return _bias_lanes(subject, 30, right, top, NARROW_LANE_HEIGHT, NARROW_LANE_PITCH)


def _bias_lanes(
    subject: LayerRun, left: float, right: float, top: float, lane_height: float, pitch: float
) -> "_Lanes":
    """Lanes with the middle half of the biases of each gate."""
    spreads = _bias_spreads(subject)
    low, high = _axis_limits(spreads, thin=False)
    scale = Scale(low, high, left, right)
    return _Lanes("bias", spreads, scale, right, top, lane_height, pitch, is_plain=True)


def _biases(lanes: "_Lanes") -> list[Mark]:
    """The lanes of the biases, with their name and what their bars are."""
    head_y = lanes.top - matrix.HEIGHT_ABOVE_MAP
    explanation, _ = words.paragraph(
        lanes.axis_middle,
        head_y + 26 - words.line_height(words.SMALL) / 2,
        sentence("the middle half"),
        BIASES_WIDTH,
        size=words.SMALL,
        anchor="middle",
    )
    return [*lanes.axis(), *lanes.named(head_y, []), explanation]


def _bias_spreads(subject: LayerRun) -> list["Spread"]:
    """The spread of the sums of both biases, for each gate."""
    both = subject.ref("bias_ih") + subject.ref("bias_hh")
    return [_spread(both, subject.weights.bias, band) for band in range(len(GATES))]


def _cell_height(rows: heat.CellAxis) -> int:
    """The height of a cell of a heat map: the more rows, the less."""
    return max(6, min(24, 96 // rows.cell_count))


def _draw_lanes(subject: LayerRun, width: float) -> Body:
    """How the numbers of each gate are spread, for layers whose units have no order of their own.

    Neighbouring units are no more alike than others, so blocks of them would be noise.
    """
    is_wide, space = width >= NARROWEST_WIDE, inner_width(width)
    tensors = [tensor for tensor in matrix.parameters(subject) if tensor.operand]
    # Id of a tensor -> the spread of each gate.
    spreads = {
        tensor.id: [_spread(tensor.of, tensor.array, band) for band in range(len(GATES))]
        for tensor in tensors
    }
    if subject.weights.bias_ih is not None:
        spreads["bias"] = _bias_spreads(subject)
    low, high = _axis_limits(spread for by_gate in spreads.values() for spread in by_gate)
    left, count = 30.0 if is_wide else 24.0, len(spreads)
    column = space - left
    if is_wide:
        column = (column - COLUMN_GAP * (count - 1)) / count
    marks: list[Mark] = []
    y = 0.0
    for k, (id, by_gate) in enumerate(spreads.items()):
        x = left + k * (column + COLUMN_GAP) if is_wide else left
        scale = Scale(low, high, x, x + column - NUMBERS_WIDTH)
        lanes = _Lanes(
            id,
            by_gate,
            scale,
            right=x + column,
            top=y + LANES_TOP,
            lane_height=LANE_HEIGHT if is_wide else NARROW_LANE_HEIGHT,
            pitch=LANE_PITCH if is_wide else NARROW_LANE_PITCH,
        )
        marks += [*lanes.axis(), *lanes.named(y, tensors)]
        # Columns that are beside each other share the letters of the first.
        if not is_wide or k == 0:
            named = list(spreads) if is_wide else [id]
            marks += lanes.letters([f"{name}-{{gate}}" for name in named])
        height = lanes.bottom + LANES_BOTTOM
        if not is_wide:
            y = height + STACKED_LANES_GAP
    notes = [
        sentence(
            "Thick: the middle half. Thin: all but a hundredth at each end. Notch: the median. "
            "Number: the largest."
        ),
        *matrix.nonfinite_notes(subject),
    ]
    return Body(marks, height, _gate_sizes(subject), notes)


def _axis_limits(spreads: Iterable["Spread"], *, thin: bool = True) -> tuple[float, float]:
    """The ends of an axis that covers 0 and all thin or thick bars, with some space beyond."""
    ends = [
        float(end.value) for spread in spreads for end in (spread.ends if thin else spread.half)
    ]
    finite = [0.0, *filter(np.isfinite, ends)]
    low, high = min(finite), max(finite)
    spare = 0.06 * (high - low) or 1.0
    return low - spare, high + spare


class Spread(NamedTuple):
    """How the numbers of a gate are spread.

    Attributes:
        ends: The ends of the thin bar.
        half: The ends of the thick bar.
        middle: The median.
        largest: The number of largest magnitude.
    """

    ends: tuple[Number, Number]
    half: tuple[Number, Number]
    middle: Number
    largest: Number


def _spread(of: Ref, array: Array, band: int) -> Spread:
    """The spread of one gate in a tensor whose bands of rows belong to the gates.

    If no number is finite, the sum, which is not finite either, is in place of all.
    """
    size = len(array) // len(GATES)
    rows = slice(band * size, (band + 1) * size)
    ref, values = of[rows], array[rows].ravel()
    finite = values[np.isfinite(values)]
    if not finite.size:
        with np.errstate(invalid="ignore"):
            total = Number(values.sum(), f"{ref}.sum()")
        return Spread((total, total), (total, total), total, total)
    is_vector = array.ndim == 1
    flat = str(ref) if is_vector else f"{ref}.flatten()"
    if finite.size < values.size:
        flat = f"{flat}[{flat}.isfinite()]"
    last_rank = finite.size - 1
    ranks = [int(share * last_rank) for share in (*ENDS, 0.25, 0.75, 0.5)]
    is_lowest_largest = -finite.min() > finite.max()
    ranks.append(0 if is_lowest_largest else last_rank)
    # Only the numbers at these ranks are in order, which is faster than sorting all.
    partitioned = np.partition(finite, sorted(set(ranks)))
    low, high, first, last, middle, largest = (
        Number(
            partitioned[rank],
            # `kthvalue` finds one rank without sorting all weights; biases are few.
            f"{flat}.sort().values[{rank}]" if is_vector else f"{flat}.kthvalue({rank + 1}).values",
        )
        for rank in ranks
    )
    return Spread(ends=(low, high), half=(first, last), middle=middle, largest=largest)


class _Lanes(NamedTuple):
    """The spread of each gate, a lane each on one axis.

    Attributes:
        id: The tensor.
        spreads: The spread of each gate.
        scale: The axis.
        right: The right edge of the numbers.
        top: The top of the first lane.
        lane_height, pitch: The height of a lane, and from one to the next.
        is_plain: Whether a lane has only a thick bar.
    """

    id: str
    spreads: Sequence[Spread]
    scale: Scale
    right: float
    top: float
    lane_height: float
    pitch: float
    is_plain: bool = False

    def middle(self, k: int) -> float:
        """The middle of a lane."""
        return self.top + k * self.pitch + self.lane_height / 2

    @property
    def axis_middle(self) -> float:
        """The middle of the axis."""
        return (self.scale.start + self.scale.stop) / 2

    @property
    def bottom(self) -> float:
        """The bottom of the last lane."""
        return self.middle(len(GATES) - 1) + self.lane_height / 2

    def marks(self) -> list[Mark]:
        """All lanes."""
        return [mark for k in range(len(GATES)) for mark in self.lane(k)]

    def named(self, y: float, tensors: Sequence[matrix.Tensor]) -> list[Mark]:
        """All lanes, with the name and the shape of their tensor above their axis."""
        own = self.marks()
        for tensor in tensors:
            if tensor.id == self.id:
                # An invisible box puts the middle of the group on that of the axis, if
                # there is as much space at its left as the numbers take at its right.
                left = 2 * self.axis_middle - self.right
                if left >= -MAX_OVERHANG:
                    width, height = self.right - left, self.bottom - self.top
                    own.append(Box(left, self.top, width, height))
                span = bounds(own)
                middle = (span.left + span.right) / 2
                group = Group(tuple(own), id=self.id, bound=(Node(tensor.of),))
                return [group, *matrix.tensor_head(tensor, self.id, middle, y, group)]
        # The sum of both biases is no parameter, so it has no tensor and no shape.
        name = words.label(
            self.axis_middle,
            y + 8,
            "biases",
            names={"tensor": "bias"},
            of=["bias-*-half"] if self.is_plain else ["bias-*", "bias-*-*"],
            along="block",
            anchor="middle",
            style=words.STRONG,
            term="bias",
        )
        return [*own, name]

    def axis(self) -> list[Mark]:
        """Lines at round values, with their ticks."""
        top, bottom = self.top, self.bottom
        marks: list[Mark] = []
        for value in ticks_across(
            self.scale, MAX_TICKS, self.scale.start - 10, self.scale.stop + 10
        ):
            x = self.scale(value)
            line = (("M", (x, top)), ("L", (x, bottom)))
            paint = "muted" if value == 0 else "rule"
            marks += [
                Path(line, stroke=paint, stroke_width=styles.LINE.muted.weight),
                words.tick(x, bottom + 10, tick_text(value), "middle"),
            ]
        return marks

    def letters(self, ids: Sequence[str]) -> list[Mark]:
        """The letter and the bar of each gate; `ids` have `{gate}`."""
        marks: list[Mark] = []
        for k, gate in enumerate(GATES):
            of = [id.format(gate=gate) for id in ids]
            top = self.middle(k) - self.lane_height / 2
            marks += [
                weight_rows.gate_letter(gate, self.middle(k), of),
                weight_rows.gate_bar(gate, 14, top, self.lane_height),
            ]
        return marks

    def lane(self, k: int) -> list[Mark]:
        """A thin bar, a thick bar, the median as a notch, and the largest number.

        A plain lane has the thick bar alone.
        """
        gate, y, spread = GATES[k], self.middle(k), self.spreads[k]
        paint = TERMS[gate].role
        marks: list[Mark] = []
        if np.isfinite(spread.middle.value):
            thin = (f"{self.id}-{gate}", spread.ends, 2.0)
            thick = (f"{self.id}-{gate}-half", spread.half, BAR_HEIGHT)
            for id, (start, stop), height in [thick] if self.is_plain else [thin, thick]:
                left, right = (self.scale(float(end.value)) for end in (start, stop))
                expr = f"torch.stack([{start.expr}, {stop.expr}])"
                marks.append(
                    Box(
                        left,
                        y - height / 2,
                        max(right - left, 0),
                        height,
                        fill=paint,
                        id=id,
                        term=f"{self.id} {gate}",
                        bound=(Length(expr, "width", self.scale),),
                    )
                )
            if self.is_plain:
                return marks
            x, half = self.scale(float(spread.middle.value)), BAR_HEIGHT / 2
            notch = (("M", (x, y - half)), ("L", (x, y + half)))
            marks.append(Path(notch, stroke="paper", stroke_width=styles.BOX.strong.weight))
        number = words.number(
            self.right,
            y,
            spread.largest,
            size=words.SMALL,
            max_chars=6,
            anchor="end",
            fill=paint,
            id=f"{self.id}-{gate}-largest",
            term=f"{self.id} {gate}",
        )
        return [*marks, number]


class _Projection:
    """`weight_hr` below the bands, with a row for each element of h.

    Attributes:
        space: The width of the drawing.
        top: The top of its name.
        array: The weights.
        tensor: The weights with their name and their expression.
        max_weight: The weight that has the strongest colour.
        rows: The rows whose numbers may be printed.
        decimals: How those numbers align.
        is_printed: Whether all numbers fit; otherwise there is a heat map.
    """

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
        row_count = min(len(array), MAX_PRINTED_ROWS)
        self.rows = [subject.row("weight_hr", k) for k in range(row_count)]
        numbers = (number for row in self.rows for number in row[:MAX_PRINTED_COLUMNS])
        self.decimals = words.NumberAlignment.of(numbers, 5)
        min_cell_width = self.decimals.width(words.SMALL) + 6
        self.is_printed = (
            len(array) <= MAX_PRINTED_ROWS
            and array.shape[1] * min_cell_width <= space - PROJECTION_LEFT
        )

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
                    names={"unit": k},
                    of=[f"weight_hr-{k}-*"],
                    along="row",
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
        rows, columns = _projection_axes(self.array)
        cell_width = max(3, min(24, int((self.space - PROJECTION_LEFT) / columns.cell_count)))
        cell_height = _cell_height(rows)
        top, width = self.top + matrix.HEIGHT_ABOVE_MAP, columns.cell_count * cell_width
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
        bottom = top + rows.cell_count * cell_height
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
        """The cells of the heat map."""
        return heat.cells(self.tensor.matrix, ["ink"], *_projection_axes(self.array))

    def group(self, marks: Sequence[Mark]) -> Group:
        """Marks as those of the whole matrix."""
        return Group(tuple(marks), id="weight_hr", bound=(Node(self.tensor.of),))

    def head(self, middle: float, group: Group) -> list[Mark]:
        """The name and the shape of the weights, above their middle."""
        return matrix.tensor_head(self.tensor, self.tensor.name, middle, self.top, group)

    def sentences(self) -> list[str]:
        """The rows, or the end of the colour scale."""
        if self.is_printed:
            return [f"weight_hr, row {k}: {number_list(row)}" for k, row in enumerate(self.rows)]
        if self.cells.scale_end:
            return [f"The colours of weight_hr end at {text(self.cells.scale_end.value)}"]
        return []


def _projection_axes(array: Array) -> tuple[heat.CellAxis, heat.CellAxis]:
    """How many rows, and how many columns, share a cell of the map of weight_hr."""
    rows, columns = array.shape
    return (
        heat.axis_in_cells(rows, matrix.MAX_ROWS),
        heat.axis_in_cells(columns, matrix.MAX_COLUMNS),
    )


def _has_signed_projection(subject: LayerRun) -> bool:
    """Whether `weight_hr` exists and has signed colours, one cell per element."""
    array = subject.weights.parameters().get("weight_hr")
    return array is not None and all(axis.block_size == 1 for axis in _projection_axes(array))


def _notes(subject: LayerRun, maps: list[matrix.Map]) -> list[Sentence]:
    """How to read heat maps of elements and of blocks."""
    folded = [tensor_map for tensor_map in maps if tensor_map.cells.is_folded]
    notes = matrix.alike_notes(maps)
    in_blocks = [tensor_map for tensor_map in folded if not tensor_map.alike_blocks]
    block_sizes = {
        (tensor_map.cells.rows.block_size, tensor_map.cells.columns.block_size)
        for tensor_map in in_blocks
    }
    if len(in_blocks) > 1 and len(block_sizes) == 1:
        first, *_ = in_blocks
        rows, columns, _, _ = matrix.block_values(first)
        notes.append(
            sentence(
                "A cell is a block of {} × {} weights, as strong as their root mean square.",
                rows,
                columns,
            )
        )
    else:
        notes += [
            sentence(
                f"A cell of {tensor_map.tensor.id} is a block of {{}} × {{}} weights, as "
                "strong as their root mean square; {} of {} blocks are beyond the "
                "strongest colour.",
                *matrix.block_values(tensor_map),
            )
            for tensor_map in in_blocks
        ]
    if len(folded) < len(maps) or _has_signed_projection(subject):
        notes.append(
            sentence("Blue is positive, red is negative; colours end at the largest magnitude.")
        )
    return [*notes, *matrix.nonfinite_notes(subject)]


def _gate_sizes(subject: LayerRun) -> list[str]:
    """The size of each gate's weights."""
    weights = subject.weights
    sentences = []
    for k, gate in enumerate(GATES):
        unit_count = weights.hidden_size
        rows = slice(k * unit_count, (k + 1) * unit_count)
        sizes = [
            f"{name} {text(heat.rms(array[rows], unit_count, array.shape[1])[0, 0])}"
            for name, array in weights.parameters().items()
            if name in ("weight_ih", "weight_hh")
        ]
        line = f"Gate {gate}, root mean square: {', '.join(sizes)}"
        if weights.bias_ih is not None:
            both = subject.ref("bias_ih") + subject.ref("bias_hh")
            median = text(_spread(both, weights.bias, k).middle.value)
            line += f", median of the biases {median}"
        sentences.append(line)
    counts = np.sum(
        [heat.nonfinite_counts(array) for array in weights.parameters().values()], axis=0
    )
    if counts.any():
        nan, infinities, negative_infinities = counts
        sentences.append(f"{nan} NaN, {infinities} ∞, {negative_infinities} −∞")
    return sentences


def _head(subject: LayerRun, notes: list[Sentence]) -> Head:
    weights = subject.weights
    count = sum(array.size for array in weights.parameters().values())
    module = subject.module_variable
    if weights.bias_ih is None:
        notes = [*notes, sentence("The module has no bias.", claim=f"not {module}.bias")]
    if weights.proj_size:
        notes = [
            *notes,
            sentence(
                "weight_hr has no bands: it makes h of what the units show.",
                claim=f"{module}.proj_size > 0",
            ),
        ]
    title = sentence("Four bands of rows, in the order i, f, g, o")
    # PyTorch draws all parameters of a new module from this range.
    bound = weights.hidden_size**-0.5
    if all(np.abs(array).max(initial=0) <= bound for array in weights.parameters().values()):
        parameters = f"torch.cat([p.detach().flatten() for p in {module}.parameters()])"
        title = sentence(
            "Four bands of rows, as before training",
            claim=f"bool({parameters}.abs().max() <= {module}.hidden_size ** -0.5)",
        )
    return Head(
        title,
        sentence(
            "A row weighs x and the previous h, and adds biases; "
            "a band has one row for each unit, in order."
            if weights.bias_ih is not None
            else "A row weighs x and the previous h; a band has one row for each unit, in order."
        ),
        provenance(
            subject, ("{} weights", f"{count:,}", f"sum(p.numel() for p in {module}.parameters())")
        ),
        tuple(notes),
        origin(subject),
    )
