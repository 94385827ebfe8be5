"""The figure `weight-map`: every parameter of a layer, as numbers or as a heat map."""

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
COLUMN_GAP, NUMBERS_WIDTH = 24.0, 46.0
"""The gap between two columns of lanes, and the width of their numbers."""
STACKED_LANES_GAP = 12.0
"""The gap between two columns of lanes, one below the other, in a narrow figure."""
LANES_TOP, LANES_BOTTOM = 44.0, 24.0
"""The heights above and below the lanes of a column."""
LANES_HEIGHT = LANES_TOP + (len(GATES) - 1) * LANE_PITCH + LANE_HEIGHT + LANES_BOTTOM
"""The height of a column of lanes, one for each gate."""
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
        body = _draw_lanes(subject, width) if is_large else _draw_cells(subject, width)
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
        both = subject.ref("bias_ih") + subject.ref("bias_hh")
        spreads["bias"] = [_spread(both, subject.weights.bias, band) for band in range(len(GATES))]
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
        lanes = _Lanes(id, by_gate, scale, right=x + column, top=y + LANES_TOP)
        marks += [*lanes.axis(), *lanes.named(y, tensors)]
        # Columns that are beside each other share the letters of the first.
        if not is_wide or k == 0:
            named = list(spreads) if is_wide else [id]
            marks += lanes.letters([f"{name}-{{gate}}" for name in named])
        if not is_wide:
            y += LANES_HEIGHT + STACKED_LANES_GAP
    height = LANES_HEIGHT if is_wide else y - STACKED_LANES_GAP
    notes = [
        sentence(
            "Thick: the middle half. Thin: all but a hundredth at each end. Notch: the median. "
            "Number: the largest."
        ),
        *matrix.nonfinite_notes(subject),
    ]
    return Body(marks, height, _gate_sizes(subject), notes)


def _axis_limits(spreads: Iterable["Spread"]) -> tuple[float, float]:
    """The ends of an axis that covers 0 and all thin bars, with some space beyond them."""
    ends = [float(end.value) for spread in spreads for end in spread.ends]
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
    """

    id: str
    spreads: Sequence[Spread]
    scale: Scale
    right: float
    top: float

    def middle(self, k: int) -> float:
        """The middle of a lane."""
        return self.top + k * LANE_PITCH + LANE_HEIGHT / 2

    def marks(self) -> list[Mark]:
        """All lanes."""
        return [mark for k in range(len(GATES)) for mark in self.lane(k)]

    def named(self, y: float, tensors: Sequence[matrix.Tensor]) -> list[Mark]:
        """All lanes, with the name and the shape of their tensor above them."""
        own = self.marks()
        span = bounds(own)
        middle = (span.left + span.right) / 2
        for tensor in tensors:
            if tensor.id == self.id:
                group = Group(tuple(own), id=self.id, bound=(Node(tensor.of),))
                return [group, *matrix.tensor_head(tensor, self.id, middle, y, group)]
        # The sum of both biases is no parameter, so it has no tensor and no shape.
        name = words.label(
            middle,
            y + 8,
            "biases",
            names={"tensor": "bias"},
            of=["bias-*", "bias-*-*"],
            along="block",
            anchor="middle",
            style=words.STRONG,
            term="bias",
        )
        return [*own, name]

    def axis(self) -> list[Mark]:
        """Lines at round values, with their ticks."""
        top, bottom = self.top, self.middle(len(GATES) - 1) + LANE_HEIGHT / 2
        marks: list[Mark] = []
        for value in ticks_across(self.scale, 4, self.scale.start - 10, self.scale.stop + 10):
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
            top = self.middle(k) - LANE_HEIGHT / 2
            marks += [
                weight_rows.gate_letter(gate, self.middle(k), of),
                weight_rows.gate_bar(gate, 14, top, LANE_HEIGHT),
            ]
        return marks

    def lane(self, k: int) -> list[Mark]:
        """A thin bar, a thick bar, the median as a notch, and the largest number."""
        gate, y, spread = GATES[k], self.middle(k), self.spreads[k]
        paint = TERMS[gate].role
        marks: list[Mark] = []
        if np.isfinite(spread.middle.value):
            for id, (start, stop), height in (
                (f"{self.id}-{gate}", spread.ends, 2.0),
                (f"{self.id}-{gate}-half", spread.half, BAR_HEIGHT),
            ):
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
