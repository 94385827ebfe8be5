"""Parameters in aligned rows: as numbers, as one cell per element, or as blocks.

Rows are in PyTorch's order, in four bands. The gate's letter and the row
indices are at the left. Above the columns of a tensor are its name, its shape
and its operand. A tensor is printed if its rows fit. Up to 16 units and 24
inputs, each element has a coloured cell; beyond that, each block has one, see
`heat_map`.
"""

from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from ...model.layer_run import LayerRun
from ...model.lstm import GATES
from ...model.reference import Matrix, Number, Ref
from ...model.tensors import Array
from ...proof.bindings import Node, Sentence, sentence
from ...proof.digits import text
from ...scene import metrics
from ...scene.marks import Box, Group, Mark, Text, walk
from ...scene.terms import TERMS
from .. import words
from . import heat, weight_rows

HEAD_HEIGHT = 58.0
"""The height above the rows: name, shape and column indices."""
HEIGHT_ABOVE_MAP, HEIGHT_BELOW_MAP, HEIGHT_BELOW_BARE_MAP = 42.0, 46.0, 19.0
"""The height above a map; below it with a colour scale, and without one."""
SCALE_ID = "scale-"
"""What the ids of the numbers of colour scales start with."""
INDEX_OVERHANG = 5.0
"""How far the index of a narrow column may reach beyond the map."""
OPERAND_KEYS = {"x": "input", "h": "unit"}
"""What an index of each operand counts."""
MAX_UNITS, MAX_NUMBERS = 8, 560
"""The most units whose rows are printed, and the most numbers printed in all."""
MIN_COLUMN_WIDTH, MIN_SUM_WIDTH = 26.0, 58.0
"""The minimum width of a column of numbers, and of one with "not stored" above it."""
MIN_LABELLED_WIDTH = 30.0
"""The minimum width of a column with the operand above it."""
MIN_TWO_INDICES_HEIGHT = 30.0
"""The minimum height of a band with its first and its last row index."""


class Tensor(NamedTuple):
    """A parameter, or a sum of parameters, whose rows form one band per gate.

    Attributes:
        id: The prefix of ids, and the term.
        name: The name in the module.
        symbol: The symbol in equations, used if the name does not fit.
        array: The values, with two axes.
        of: The parameter in expressions.
        values: The numbers by gate, unit and column.
        operand: What its columns are multiplied by: `x`, `h` or nothing.
        is_stored: Whether the module stores it.
        scale: The sum of the absolute addends of its elements.
    """

    id: str
    name: str
    symbol: str
    array: Array
    of: Ref
    values: Mapping[tuple[str, int, int], Number]
    operand: str = ""
    is_stored: bool = True
    scale: float = 0

    @property
    def columns(self) -> int:
        """The number of columns."""
        return int(self.array.shape[1])

    @property
    def matrix(self) -> Matrix:
        """The tensor as a matrix; a bias has one column."""
        ref = self.of if self.operand else Ref(f"({self.of})[:, None]")
        return Matrix(self.array, ref, self.scale)

    def largest(self) -> Number:
        """The finite element of largest magnitude."""
        sizes = np.where(np.isfinite(self.array), abs(self.array), 0)
        row, column = divmod(int(np.argmax(sizes)), self.columns)
        size = len(self.array) // 4
        return self.values[GATES[row // size], row % size, column]


class Elements(Mapping[tuple[str, int, int], Number]):
    """The numbers of a parameter by gate, unit and column, created on access."""

    def __init__(self, subject: LayerRun, name: str):
        self.subject, self.name = subject, name
        array = subject.weights.parameters()[name]
        self.columns = array.shape[1] if array.ndim == 2 else 1
        self.is_matrix = array.ndim == 2

    def __getitem__(self, place: tuple[str, int, int]) -> Number:
        gate, unit, column = place
        row = self.subject.weights.row(gate, unit)
        index = (row, column) if self.is_matrix else (row,)
        return self.subject.parameter(self.name, *index)

    def __iter__(self) -> Iterable[tuple[str, int, int]]:  # type: ignore[override]
        units = range(self.subject.weights.hidden_size)
        return (
            (gate, unit, column)
            for gate in GATES
            for unit in units
            for column in range(self.columns)
        )

    def __len__(self) -> int:
        return 4 * self.subject.weights.hidden_size * self.columns


def parameters(subject: LayerRun, *, summed: bool = False) -> list[Tensor]:
    """The parameters with four bands, in PyTorch's order.

    Args:
        subject: The layer run to draw.
        summed: Whether to append the sum of the biases.
    """
    tensors = []
    for name, array in subject.weights.parameters().items():
        if name == "weight_hr":
            continue
        full = subject.parameter_name(name)
        operand = {"weight_ih": "x", "weight_hh": "h"}.get(name, "")
        tensors.append(
            Tensor(
                id=name,
                name=full,
                symbol=TERMS[name].symbol,
                array=array if operand else array[:, None],
                of=subject.ref(name),
                values=Elements(subject, name),
                operand=operand,
            )
        )
    if summed and subject.weights.bias_ih is not None:
        values = {
            (gate, unit, 0): subject.bias(subject.weights.row(gate, unit))
            for gate in GATES
            for unit in range(min(MAX_UNITS, subject.weights.hidden_size))
        }
        bias_sum = subject.ref("bias_ih") + subject.ref("bias_hh")
        tensors.append(
            Tensor(
                id="bias",
                name="bias sum",
                symbol="biases",
                array=subject.weights.bias[:, None],
                of=bias_sum,
                values=values,
                is_stored=False,
            )
        )
    return tensors


class ColumnFit(NamedTuple):
    """The widths of columns in which all numbers fit.

    Attributes:
        size: The font size.
        max_chars: The most characters of a number.
        widths: The width of a column of each tensor.
        gaps: The gap after each tensor.
    """

    size: float
    max_chars: int
    widths: tuple[float, ...]
    gaps: tuple[float, ...]

    @property
    def total(self) -> float:
        """The width of one column of each tensor, with the gaps."""
        return sum(self.widths) + sum(self.gaps)


def column_fit(
    tensors: Sequence[Tensor],
    units: Sequence[int],
    width: float,
    *,
    is_narrow: bool,
    max_column_width: float = 96,
) -> ColumnFit | None:
    """The columns of tensors side by side; None if they do not fit.

    Args:
        tensors: The tensors to print.
        units: The units whose rows are printed.
        width: The available width.
        is_narrow: Whether to use the gaps of the narrow form.
        max_column_width: The maximum width of a column.
    """
    counts = [t.columns for t in tensors]
    rows = 4 * len(units)
    if sum(counts) * MIN_COLUMN_WIDTH > width or sum(counts) * rows > MAX_NUMBERS:
        return None
    gaps = tuple(_gap(*pair, is_narrow=is_narrow) for pair in pairwise(tensors))
    gaps = (*gaps, 0.0)
    padding = 4.5 if is_narrow else 6.5
    for size, max_chars in ((words.NUMBER, 6), (words.SMALL, 6), (words.SMALL, 5)):
        min_widths = [
            max(
                words.NumberAlignment.of(_visible_numbers(tensor, units), max_chars).width(size)
                + padding,
                0.0 if tensor.is_stored else MIN_SUM_WIDTH,
            )
            for tensor in tensors
        ]
        min_width = sum(w * n for w, n in zip(min_widths, counts, strict=True))
        spare = width - min_width - sum(gaps)
        if spare >= 0:
            spare_per_column = spare / sum(counts)
            widths = (min(max(max_column_width, w), w + spare_per_column) for w in min_widths)
            return ColumnFit(size, max_chars, tuple(widths), gaps)
    return None


def _visible_numbers(tensor: Tensor, units: Sequence[int]) -> list[Number]:
    """The numbers of the units that are drawn."""
    return [
        tensor.values[gate, unit, k]
        for gate in GATES
        for unit in units
        for k in range(tensor.columns)
    ]


def _gap(left: Tensor, right: Tensor, *, is_narrow: bool) -> float:
    """The gap between two tensors; it depends on what the second one is."""
    if not right.is_stored:
        return 24.0
    if left.operand:
        return 4.0 if is_narrow else 16.0
    return 1.0 if is_narrow else 12.0


def largest_magnitude(tensors: Iterable[Tensor]) -> float:
    """The largest finite magnitude; 1 if all elements are 0."""
    largest = 0.0
    for tensor in tensors:
        finite = abs(tensor.array[np.isfinite(tensor.array)])
        largest = max(largest, float(finite.max())) if finite.size else largest
    return largest or 1.0


def printed_tensors(
    where: weight_rows.Rows, tensors: Sequence[Tensor], fit: ColumnFit, end: float
) -> list[Mark]:
    """Tensors printed as numbers on cells shaded by value.

    Args:
        where: The rows; there are `HEAD_HEIGHT` pixels above them.
        tensors: The tensors, side by side.
        fit: The columns, see `column_fit`.
        end: The magnitude with the strongest colour.
    """
    ids = [f"{tensor.id}-{{row}}-*" for tensor in tensors]
    marks: list[Mark] = weight_rows.gutter_marks(where, ids)
    names = _names(tensors, fit)
    x = where.left
    for tensor, width, gap, name in zip(tensors, fit.widths, fit.gaps, names, strict=True):
        cells = weight_rows.cells(
            where,
            x,
            width,
            tensor.columns,
            tensor.values,
            end=end,
            id=tensor.id,
            term=tensor.id,
            size=fit.size,
            max_chars=fit.max_chars,
        )
        if not tensor.is_stored:
            cells = [_dash(mark) for mark in cells]
        group = Group(tuple(cells), id=tensor.id, bound=(Node(tensor.of),))
        middle = x + (tensor.columns * width - 2) / 2
        marks += [group, *tensor_head(tensor, name, middle, where.top - HEAD_HEIGHT, group)]
        marks += _column_labels(tensor, x, width, where.top - 10)
        x += tensor.columns * width + gap
    return marks


def _dash(mark: Mark) -> Mark:
    """A dashed cell, for a number that the module does not store."""
    if not isinstance(mark, Box):
        return mark
    return mark._replace(stroke="muted", stroke_width=0.75, dash="2.5 2")


def _names(tensors: Sequence[Tensor], fit: ColumnFit) -> list[str]:
    """The names of the tensors, shortened in the same way until all fit."""
    # A name may reach into the gap after its tensor.
    widths = [
        tensor.columns * width + min(14.0, gap) - 6
        for tensor, width, gap in zip(tensors, fit.widths, fit.gaps, strict=True)
    ]
    variants = (
        [tensor.name for tensor in tensors],
        [tensor.id if tensor.is_stored else tensor.name for tensor in tensors],
        [tensor.id if tensor.operand else tensor.symbol for tensor in tensors],
        [tensor.symbol for tensor in tensors],
    )
    return next(
        (
            names
            for names in variants
            if all(
                Text(0, 0, name, words.LABEL, bold=True).width <= space
                for name, space in zip(names, widths, strict=True)
            )
        ),
        variants[-1],
    )


def tensor_head(tensor: Tensor, name: str, x: float, y: float, group: Group) -> list[Mark]:
    """The name and the shape of a tensor; `y` is the top.

    Args:
        tensor: The tensor.
        name: The printed name.
        x: The horizontal middle of its columns.
        y: The top of the name.
        group: What is drawn of the tensor, below the name.
    """
    label = words.label(
        x,
        y + 8,
        name,
        names={"tensor": tensor.id},
        of=[group],
        anchor="middle",
        style=words.STRONG,
        term=tensor.id,
    )
    if tensor.is_stored:
        shape = tuple(tensor.array.shape if tensor.operand else tensor.array.shape[:1])
        named = {"shape": ",".join(map(str, shape))}
        below = words.label(
            x, y + 26, str(shape), names=named, of=[group], style=words.FINE, anchor="middle"
        )
        return [label, below]
    top = y + 26 - words.line_height(words.SMALL) / 2
    not_stored, _ = words.paragraph(
        x, top, sentence("not stored"), 90, size=words.SMALL, anchor="middle"
    )
    return [label, not_stored]


def _column_labels(tensor: Tensor, x: float, width: float, y: float) -> list[Mark]:
    """The operand of each column, such as `x[0]`."""
    key = OPERAND_KEYS.get(tensor.operand)
    if key is None or width < MIN_LABELLED_WIDTH:
        return []
    return [
        words.label(
            x + (k + 0.5) * width - 1,
            y,
            f"{tensor.operand}[{k}]",
            names={key: k},
            of=[f"{tensor.id}-*-{k}"],
            along="column",
            style=words.FINE_CODE,
            anchor="middle",
        )
        for k in range(tensor.columns)
    ]


class Bands(NamedTuple):
    """The geometry of four bands of cells.

    Attributes:
        rows: How the rows of a band are divided into cells.
        cell_height: The height of a cell.
        top: The top of the first band.
        left: The left edge of the cells.
        gap: The gap between two bands.
    """

    rows: heat.CellAxis
    cell_height: int
    top: float
    left: float
    gap: float = 12

    @property
    def height(self) -> float:
        """The height of a band."""
        return self.rows.cell_count * self.cell_height

    @property
    def bottom(self) -> float:
        """The bottom of the last band."""
        return self.top + 4 * self.height + 3 * self.gap

    def y(self, band: int) -> float:
        """The top of a band."""
        return self.top + band * (self.height + self.gap)

    @staticmethod
    def gutter_width(hidden_size: int) -> float:
        """The width of the gate letters, bars and row indices."""
        last = str(4 * hidden_size - 1)
        return 25 + metrics.width(last, words.SMALL) + 6

    def labels(self, ids: Sequence[str], other_ids: Sequence[str]) -> list[Mark]:
        """Gate letters, bars, and the first and last row index of each band.

        Args:
            ids: The ids of the heat maps, with `{gate}`.
            other_ids: The ids of other marks that belong to a gate, with
                `{gate}`.
        """
        marks: list[Mark] = []
        size = self.rows.size
        for k, gate in enumerate(GATES):
            top, gate_ids = self.y(k), [id.format(gate=gate) for id in ids]
            first, last = k * size, (k + 1) * size - 1
            other_gate_ids = [id.format(gate=gate) for id in other_ids]
            marks += [
                weight_rows.gate_letter(gate, top + self.height / 2, [*gate_ids, *other_gate_ids]),
                weight_rows.gate_bar(gate, 14, top, self.height),
            ]
            half_cell = self.cell_height / 2
            indices = [(top + half_cell, first), (top + self.height - half_cell, last)]
            if self.height < MIN_TWO_INDICES_HEIGHT:
                indices = [(top + self.height / 2, first)] if first == last else []
            marks += [
                words.label(
                    self.left - 6,
                    y,
                    str(row),
                    names={"row": row},
                    of=gate_ids,
                    along="row",
                    style=words.FINE,
                    anchor="end",
                )
                for y, row in indices
            ]
        return marks


class Map(NamedTuple):
    """A tensor as a heat map, and its position.

    Attributes:
        tensor: The tensor.
        cells: Its cells.
        left: The left edge.
        cell_width: The width of a cell.
        scale_of: The tensor whose element is the end of the scale.
        alike_blocks: The original blocks, if they differ no more than by chance
            and each band has one colour instead.
    """

    tensor: Tensor
    cells: heat.Cells
    left: float
    cell_width: int
    scale_of: Tensor
    alike_blocks: heat.Cells | None = None

    @property
    def width(self) -> float:
        """The width of the map."""
        return self.cells.columns.cell_count * self.cell_width

    @property
    def middle(self) -> float:
        """The horizontal middle of the map."""
        return self.left + self.width / 2


MAX_ROWS, MAX_INPUTS, MAX_COLUMNS = 16, 24, 32
"""The most rows of a band, columns of `x` and columns of `h`; the same in both
forms of a figure."""
MAX_COLUMNS_BY_OPERAND = {"x": MAX_INPUTS, "h": MAX_COLUMNS}
"""The same, for the operand of a tensor."""
MIN_CELL_WIDTH = 3
"""The minimum width of a cell."""
MAX_OVERHANG = 14.0
"""How far an index may reach beyond the last map."""
MIN_MAP_WIDTH, MIN_BIAS_WIDTH, MAX_CELL_WIDTH = 84.0, 32.0, 36
"""The minimum width of a weight's map, for its name and colour scale; the same
of a bias; the maximum width of a cell."""


def tensor_maps(
    tensors: Sequence[Tensor],
    width: float,
    left: float,
    *,
    matrix_gap: float = 24,
    max_columns: Mapping[str, int] = MAX_COLUMNS_BY_OPERAND,
) -> list[Map]:
    """Heat maps of tensors with four bands, side by side.

    Maps with one cell per element share one scale.

    Args:
        tensors: The tensors to draw.
        width: The available width.
        left: The left edge of the first map.
        matrix_gap: The gap between two weights; biases are closer.
        max_columns: Operand of a tensor -> the most columns of cells.
    """
    all_cells, owner = _all_cells(tensors, max_columns)
    gaps = [*_map_gaps(tensors, matrix_gap), 0.0]
    # The last index is centred below the last column and may overhang.
    overhang = 0.0
    if tensors[-1].operand:
        last = f"{tensors[-1].operand}[{tensors[-1].columns - 1}]"
        overhang = max(0.0, metrics.width(last, words.SMALL) / 2 - MAX_OVERHANG)
    cell_widths = _cell_widths(tensors, all_cells, width - sum(gaps) - overhang)
    maps, x = [], left
    for tensor, cells, cell_width, gap in zip(tensors, all_cells, cell_widths, gaps, strict=True):
        map_width = cell_width * cells.columns.cell_count
        # A narrow map is centred in the width of its name.
        taken_width = max(map_width, MIN_MAP_WIDTH if tensor.operand else MIN_BIAS_WIDTH)
        scale_tensor = tensor if cells.is_folded else owner or tensor
        alike = cells if cells.are_alike else None
        if alike:
            cells = cells.averaged_by_band(tensor.matrix)
        maps.append(
            Map(
                tensor=tensor,
                cells=cells,
                left=x + (taken_width - map_width) // 2,
                cell_width=cell_width,
                scale_of=scale_tensor,
                alike_blocks=alike,
            )
        )
        x += taken_width + gap
    return maps


def _all_cells(
    tensors: Sequence[Tensor], max_columns: Mapping[str, int]
) -> tuple[list[heat.Cells], Tensor | None]:
    """The cells of each tensor, and the tensor whose largest element ends their scale."""
    gates = [TERMS[gate].role for gate in GATES]
    rows = heat.axis_in_cells(len(tensors[0].array) // 4, MAX_ROWS)
    all_cells = [
        heat.cells(
            tensor.matrix,
            gates,
            rows,
            heat.axis_in_cells(tensor.columns, max_columns.get(tensor.operand, 1)),
        )
        for tensor in tensors
    ]
    owner = _owner(tensors, all_cells)
    shared_end = owner.largest() if owner else None
    all_cells = [
        cells if cells.is_folded else cells._replace(scale_end=shared_end) for cells in all_cells
    ]
    return all_cells, owner


def _map_gaps(tensors: Sequence[Tensor], matrix_gap: float) -> list[float]:
    """The gap after each map but the last."""
    adjacent_indices = f"{tensors[0].operand}[{tensors[0].columns - 1}]h[0]"
    # The last index of the input and the first of the state are neighbours.
    index_gap = max(matrix_gap, metrics.width(adjacent_indices, words.SMALL) / 2 + 3)
    gaps = []
    for before, after in pairwise(tensors):
        if after.operand:
            gaps.append(index_gap)
        else:
            gaps.append(matrix_gap if before.operand else 10.0)
    return gaps


def _owner(tensors: Sequence[Tensor], all_cells: Sequence[heat.Cells]) -> Tensor | None:
    """The tensor with the largest element of all that share a scale."""
    sizes = {
        k: cells.limit
        for k, cells in enumerate(all_cells)
        if cells.scale_end and not cells.is_folded
    }
    return tensors[max(sizes, key=lambda k: sizes[k])] if sizes else None


def _cell_widths(
    tensors: Sequence[Tensor], all_cells: Sequence[heat.Cells], space: float
) -> list[int]:
    """The cell width of each map; equal, except for maps of few columns."""
    counts = [cells.columns.cell_count for cells in all_cells]
    min_widths = [MIN_MAP_WIDTH if tensor.operand else MIN_BIAS_WIDTH for tensor in tensors]
    # The widest cells with which all maps fit.
    for cell_width in range(MAX_CELL_WIDTH, MIN_CELL_WIDTH - 1, -1):
        widths = (
            max(cell_width * count, minimum)
            for count, minimum in zip(counts, min_widths, strict=True)
        )
        if sum(widths) <= space:
            break
    return [
        min(MAX_CELL_WIDTH, max(cell_width, int(minimum / count)))
        for count, minimum in zip(counts, min_widths, strict=True)
    ]


def map_marks(bands: Bands, maps: Sequence[Map], *, max_scale_length: float = 150) -> list[Mark]:
    """The maps, with names and shapes above, indices and colour scales below.

    Args:
        bands: The geometry of the bands.
        maps: The maps.
        max_scale_length: The maximum length of the shared scale.
    """
    marks: list[Mark] = []
    shared = next((tensor_map for tensor_map in maps if not tensor_map.cells.is_folded), None)
    for tensor_map in maps:
        tensor, id = tensor_map.tensor, tensor_map.tensor.id
        bands_of_map = [
            heat.heat_map(
                tensor_map.cells,
                k,
                tensor_map.left,
                bands.y(k),
                tensor_map.cell_width,
                bands.cell_height,
                id=f"{id}-{gate}",
                term=f"{id} {gate}",
            )
            for k, gate in enumerate(GATES)
        ]
        group = Group(tuple(bands_of_map), id=id, bound=(Node(tensor.of),))
        name = id if tensor.operand else tensor.symbol
        top = bands.top - HEIGHT_ABOVE_MAP
        marks += [
            group,
            *tensor_head(tensor, name, tensor_map.middle, top, group),
            *_index_labels(tensor_map, bands.bottom + 10, bands_of_map),
        ]
        if tensor_map.cells.is_folded or tensor_map is shared:
            end = maps[-1].left + maps[-1].width
            marks += _bar(bands, tensor_map, min(tensor_map.left + max_scale_length, end))
    return marks


def height_below(maps: Sequence[Map], marks: Sequence[Mark]) -> float:
    """The height below maps, with their colour scales if they have some.

    Args:
        maps: The maps.
        marks: What `map_marks` made of them.
    """
    if not any(tensor_map.cells.scale_end for tensor_map in maps):
        # Elements that are all 0 need no scale.
        return HEIGHT_BELOW_BARE_MAP
    texts = [mark for mark in walk(marks) if isinstance(mark, Text)]
    numbers = [text.y for text in texts if text.id.startswith(SCALE_ID)]
    # The name of a short scale is below its numbers.
    return HEIGHT_BELOW_MAP + max(text.y for text in texts) - max(numbers)


def _bar(bands: Bands, tensor_map: Map, right: float) -> list[Mark]:
    """The colour scale of a map, or of all maps that share it, up to `right`."""
    length = max(tensor_map.width, MIN_MAP_WIDTH)
    if not tensor_map.cells.is_folded:
        length = max(MIN_MAP_WIDTH, right - tensor_map.left)
    x = (
        tensor_map.left
        if tensor_map.width >= MIN_MAP_WIDTH
        else tensor_map.middle - MIN_MAP_WIDTH / 2
    )
    return heat.colour_bar(
        tensor_map.cells,
        x,
        bands.bottom + 24,
        length,
        id=f"{SCALE_ID}{tensor_map.tensor.id}",
        term=tensor_map.scale_of.id,
        symbol=tensor_map.scale_of.symbol,
        of=[f"{tensor_map.tensor.id}-{gate}" for gate in GATES],
    )


def _index_labels(tensor_map: Map, y: float, bands: Sequence[Group]) -> list[Mark]:
    """The first and last column index of a map, below its bands."""
    operand, last = tensor_map.tensor.operand, tensor_map.tensor.columns - 1
    key = OPERAND_KEYS.get(operand)
    if key is None:
        return []
    visible = sorted({0, last})
    widths = [metrics.width(f"{operand}[{k}]", words.SMALL, mono=True) for k in visible]
    # Both are centred on their columns; if they would touch, only the first is drawn.
    if last and sum(widths) / 2 + 6 > tensor_map.width - tensor_map.cell_width:
        visible = visible[:1]
    marks: list[Mark] = []
    for k, width in zip(visible, widths, strict=False):
        # An index wider than its column is shifted inwards.
        inward = max(tensor_map.cell_width / 2, width / 2 - INDEX_OVERHANG)
        x = tensor_map.left + (inward if k == 0 else tensor_map.width - inward)
        name = f"{operand}[{k}]"
        marks.append(
            words.label(
                x, y, name, names={key: k}, of=bands, style=words.FINE_CODE, anchor="middle"
            )
        )
    return marks


def scale_descriptions(maps: Sequence[Map]) -> list[str]:
    """The ends of the colour scales as text."""
    shared = next((tensor_map for tensor_map in maps if not tensor_map.cells.is_folded), None)
    return [
        f"The colours of {tensor_map.tensor.id}"
        f"{'' if tensor_map.cells.is_folded else ' and what shares its scale'} end "
        f"at {text(tensor_map.cells.scale_end.value)}"
        for tensor_map in maps
        if tensor_map.cells.scale_end and (tensor_map.cells.is_folded or tensor_map is shared)
    ]


def block_values(tensor_map: Map) -> tuple[tuple[object, str], ...]:
    """The rows and columns of a block, the number clipped, and the number of blocks."""
    cells, ref = tensor_map.cells, tensor_map.tensor.of
    end = heat.above_rounding(cells.limit)
    across = cells.columns.cell_count
    blocks = f"torch.cat([{', '.join(cells.exprs)}])"
    return (
        (cells.rows.block_size, f"-(-len({ref}) // {4 * cells.rows.cell_count})"),
        (cells.columns.block_size, f"-(-{ref}.shape[1] // {across})"),
        (f"{cells.clipped_count:,}", f"({blocks} > {end}).sum().item()"),
        (f"{sum(b.size for b in cells.bands):,}", f"{blocks}.numel()"),
    )


def alike_notes(maps: Sequence[Map]) -> list[Sentence]:
    """A note on maps whose blocks differ no more than by chance, if there are any.

    For uniform or normal weights, the root mean squares of n weights have a
    relative standard deviation below 1/√n.
    """
    templates, values, claims = [], [], []
    for tensor_map in maps:
        if tensor_map.alike_blocks is None:
            continue
        cells, ref = tensor_map.alike_blocks, tensor_map.tensor.of
        block_rows, block_columns = cells.rows.block_size, cells.columns.block_size
        blocks = f"torch.cat([{', '.join(cells.exprs)}])"
        templates.append(f"of {{}} × {{}} weights of {tensor_map.tensor.id}")
        values += [
            (block_rows, f"-(-len({ref}) // {4 * cells.rows.cell_count})"),
            (block_columns, f"-(-{ref}.shape[1] // {cells.columns.cell_count})"),
        ]
        weights = block_rows * block_columns
        claims.append(f"{blocks}.std() <= {blocks}.mean() * {weights} ** -0.5")
    if not templates:
        return []
    bands = "each band" if len(templates) > 1 else "each of its bands"
    return [
        sentence(
            f"Blocks {' and '.join(templates)} differ no more than by chance: "
            f"{bands} has one colour, as strong as its root mean square.",
            *values,
            claim=f"bool({' and '.join(claims)})",
        )
    ]


def nonfinite_notes(subject: LayerRun) -> list[Sentence]:
    """How many elements are NaN, ∞ and −∞, one sentence each."""
    arrays = subject.weights.parameters().values()
    counts = np.sum([heat.nonfinite_counts(array) for array in arrays], axis=0)
    tests = ("p.isnan()", "p == float('inf')", "p == -float('inf')")
    return [
        sentence(
            f"{name}: {{}}",
            (count, f"sum(({test}).sum().item() for p in {subject.module_variable}.parameters())"),
        )
        for name, count, test in zip(("NaN", "∞", "−∞"), counts.tolist(), tests, strict=True)
        if count
    ]
