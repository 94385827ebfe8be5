"""The figure `weight-map`: every parameter of a layer, as numbers or as a heat map."""

from collections.abc import Sequence
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
LANES_TOP, LANES_BOTTOM = 44.0, 24.0
"""The heights above and below the lanes of a column."""
ENDS = (0.01, 0.99)
"""The shares of numbers between which there is a thin bar."""
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
    body = _draw_numbers(subject, width)
    if body is None:
        is_large = subject.weights.hidden_size > matrix.MAX_ROWS
        body = _draw_lanes(subject, width) if is_large else _draw_cells(subject, width)
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
        is_narrow=is_narrow,
    )
    # On a phone, there is only space for the stored numbers.
    tensors = matrix.parameters(subject, summed=not is_narrow)
    fit = matrix.column_fit(
        tensors, layout.units, inner_width(width) - layout.left, is_narrow=is_narrow
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
    return Body(matrix.printed_tensors(layout, tensors, fit, end), layout.bottom, sentences, [])


def _draw_cells(subject: LayerRun, width: float) -> Body:
    """A cell for each element, or for a block of inputs."""
    size, is_wide = subject.weights.hidden_size, width >= NARROWEST_WIDE
    tensors = matrix.parameters(subject)
    left = matrix.Bands.gutter_width(size)
    maps = matrix.tensor_maps(
        tensors, inner_width(width) - left, left, matrix_gap=28 if is_wide else 16
    )
    row_axis = maps[0].cells.rows
    cell_height = max(6, min(24, 96 // row_axis.cell_count))
    bands = matrix.Bands(row_axis, cell_height, matrix.HEIGHT_ABOVE_MAP, left)
    marks = bands.labels([f"{tensor.id}-{{gate}}" for tensor in tensors], ())
    marks += matrix.map_marks(bands, maps)
    height = bands.bottom + matrix.height_below(maps, marks)
    sentences = [*_gate_sizes(subject), *matrix.scale_descriptions(maps)]
    return Body(marks, height, sentences, _notes(subject, maps))


def _draw_lanes(subject: LayerRun, width: float) -> Body:
    """How the numbers of each gate are spread, for layers whose units have no order of their own.

    Neighbouring units are no more alike than others, so blocks of them would be noise.
    """
    is_wide, space = width >= NARROWEST_WIDE, inner_width(width)
    tensors = [tensor for tensor in matrix.parameters(subject) if tensor.operand]
    spreads = [[_spread(tensor.of, tensor.array, k) for k in range(4)] for tensor in tensors]
    if subject.weights.bias_ih is not None:
        both = subject.ref("bias_ih") + subject.ref("bias_hh")
        spreads.append([_spread(both, subject.weights.bias, k) for k in range(4)])
    ids = [*(tensor.id for tensor in tensors), "bias"][: len(spreads)]
    ends = [float(n.value) for spread in spreads for gate in spread for n in gate.ends]
    finite = [0.0, *filter(np.isfinite, ends)]
    spare = 0.06 * (max(finite) - min(finite)) or 1.0
    low, high = min(finite) - spare, max(finite) + spare
    left, count = 24.0 if not is_wide else 30.0, len(spreads)
    column = space - left
    if is_wide:
        column = (column - COLUMN_GAP * (count - 1)) / count
    marks: list[Mark] = []
    y = 0.0
    for k, (id, spread) in enumerate(zip(ids, spreads, strict=True)):
        x = left + k * (column + COLUMN_GAP) if is_wide else left
        scale = Scale(low, high, x, x + column - NUMBERS_WIDTH)
        lanes = _Lanes(id, spread, scale, x + column, y + LANES_TOP)
        marks += [*lanes.axis(), *lanes.named(y, tensors)]
        if not is_wide or k == 0:
            named = ids if is_wide else [id]
            marks += lanes.letters([f"{name}-{{gate}}" for name in named])
        if not is_wide:
            y += LANES_TOP + 3 * LANE_PITCH + LANE_HEIGHT + LANES_BOTTOM + 12
    height = LANES_TOP + 3 * LANE_PITCH + LANE_HEIGHT + LANES_BOTTOM if is_wide else y - 12
    notes = [
        sentence(
            "Thick: the middle half. Thin: all but a hundredth at each end. Notch: the median. "
            "Number: the largest."
        ),
        *matrix.nonfinite_notes(subject),
    ]
    return Body(marks, height, _gate_sizes(subject), notes)


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
    """The spread of one gate; if no number is finite, all are their sum."""
    size = len(array) // len(GATES)
    rows = slice(band * size, (band + 1) * size)
    ref, values = of[rows], array[rows].ravel()
    finite = values[np.isfinite(values)]
    if not finite.size:
        with np.errstate(invalid="ignore"):
            total = Number(values.sum(), f"{ref}.sum()")
        return Spread((total, total), (total, total), total, total)
    # Weights are flat before they are ranked; biases are ranked along their rows.
    is_flat = array.ndim == 1
    flat = str(ref) if is_flat else f"{ref}.flatten()"
    if finite.size < values.size:
        flat = f"{flat}[{flat}.isfinite()]"
    last_rank = finite.size - 1
    ranks = [int(share * last_rank) for share in (*ENDS, 0.25, 0.75, 0.5)]
    ranks.append(0 if -finite.min() > finite.max() else last_rank)
    placed = np.partition(finite, sorted(set(ranks)))
    low, high, first, last, middle, largest = (
        Number(
            placed[rank],
            f"{flat}.sort().values[{rank}]" if is_flat else f"{flat}.kthvalue({rank + 1}).values",
        )
        for rank in ranks
    )
    return Spread((low, high), (first, last), middle, largest)


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
        return [mark for k in range(4) for mark in self.lane(k)]

    def named(self, y: float, tensors: Sequence[matrix.Tensor]) -> list[Mark]:
        """All lanes, with the name and the shape of their tensor above them."""
        own = self.marks()
        span = bounds(own)
        middle = (span.left + span.right) / 2
        for tensor in tensors:
            if tensor.id == self.id:
                group = Group(tuple(own), id=self.id, bound=(Node(tensor.of),))
                return [group, *matrix.tensor_head(tensor, self.id, middle, y, group)]
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
        top, bottom = self.top, self.middle(3) + LANE_HEIGHT / 2
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
                        term=f"{self.id} {gate}",
                        bound=(Length(expr, "width", self.scale),),
                    )
                )
            at, half = self.scale(float(spread.middle.value)), BAR_HEIGHT / 2
            notch = (("M", (at, y - half)), ("L", (at, y + half)))
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
        self.decimals = words.NumberAlignment.of((n for row in self.rows for n in row[:40]), 5)
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
        cell_height = max(6, min(24, 96 // rows.cell_count))
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
        return heat.cells(self.tensor.matrix, ["ink"], *_projection_axes(self.array))

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
        size = weights.hidden_size
        band = slice(k * size, (k + 1) * size)
        sizes = [
            f"{name} {text(heat.rms(array[band], size, array.shape[1])[0, 0])}"
            for name, array in weights.parameters().items()
            if name.startswith("weight") and name != "weight_hr"
        ]
        line = f"Gate {gate}, root mean square: {', '.join(sizes)}"
        if weights.bias_ih is not None:
            both = subject.ref("bias_ih") + subject.ref("bias_hh")
            middle = text(_spread(both, weights.bias, k).middle.value)
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
    title = sentence("Four bands of rows, in the order i, f, g, o")
    # PyTorch draws all parameters of a new module from this range.
    bound = sizes.hidden_size**-0.5
    if all(np.abs(array).max(initial=0) <= bound for array in sizes.parameters().values()):
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
            if sizes.bias_ih is not None
            else "A row weighs x and the previous h; a band has one row for each unit, in order."
        ),
        provenance(
            subject, ("{} weights", f"{count:,}", f"sum(p.numel() for p in {module}.parameters())")
        ),
        tuple(notes),
        origin(subject),
    )
