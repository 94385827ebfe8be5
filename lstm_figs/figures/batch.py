"""The figure `batch`: the tensors with a row for each sequence, and those that all share."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import combinations, pairwise

import numpy as np

from ..layout import styles, words
from ..layout.blocks import Block, block_column, block_row, framed_block, titled_block
from ..layout.excerpts import Excerpt, Gap, excerpt
from ..layout.margins import inner_width
from ..layout.motifs import heat, matrix
from ..layout.number_lists import number_list
from ..layout.provenance import origin, provenance
from ..layout.shapes import Point, round_arrow
from ..model.layer_run import LayerRun
from ..model.reference import Matrix, Number
from ..options import Value
from ..proof import digits
from ..proof.bindings import Flow, Node, Sentence, sentence
from ..proof.digits import count_phrase
from ..proof.runs.variants import LARGE, sequences
from ..scene import metrics
from ..scene.marks import Box, Group, Mark, Text, shift
from ..scene.scenes import Diagram, Head
from ..scene.terms import TERMS

SEQUENCES = 3
"""The batch has this many sequences, made from the one of the subject."""
PARTS = ("x", "c", "h")
"""The tensors with a row for each sequence, in the order of computing."""
HEADING_HEIGHT, ROW_HEIGHT = 40.0, 30.0
"""The height above the rows of a table, and the height of a row."""
NAME_MIDDLE, SHAPE_MIDDLE = 8.0, 26.0
"""The middles of the name and of the shape of a tensor above its rows."""
ROW_GAP, INDEX_GAP = 4.0, 6.0
"""Between two rows, and between a row and the index of its sequence."""
INDEX_WIDTH = 30.0
"""The width of the index of a sequence."""
MAX_COLUMNS, DOTS_WIDTH = 4, 16.0
"""A table shows at most this many columns of numbers; dots of this width replace the
rest."""
MAX_STRIP_UNITS, STRIP_WIDTH, STRIP_HEIGHT = 32, 96.0, 22
"""States of more units than `MAX_COLUMNS` are strips of colours, up to this many units;
the width of a strip, and its height."""
SCALE_GAP, SCALE_HEIGHT = 6.0, 30.0
"""The gap between strips and their colour scale, and its height."""
MIN_COLUMN_WIDTH, MIN_INTEGER_WIDTH = 34.0, 28.0
"""The least width of a column: with digits after the point, and without."""
MAX_CHARS = 5
"""The most characters of a number."""
MAX_WEIGHTS_WIDTH, MAX_STACKED_WEIGHTS_WIDTH, PADDING = 300.0, 360.0, 10.0
"""The largest width of the weights on their panel, beside the tables and between them, and
the padding around them."""
MAX_ROW_HEIGHT, MIN_ROW_HEIGHT, BAND_HEIGHT = 12, 4, 24
"""The largest and the least height of a row of the weights, and the height that the rows
of a gate have together between these limits."""
GAP, STACKED_GAP, MIN_ARROW_LENGTH, LANE = 8.0, 26.0, 12.0, 10.0
"""Between the tables of c and h, between tables one below the other, the length of an
arrow, and the distance between arrows."""
ARROW_GAP = 2.0
"""Between an arrow and a row."""
NARROWEST_WIDE = 400.0
"""A drawing of less width has small numbers."""


def variant(subject: LayerRun, options: Mapping[str, Value]) -> LayerRun:
    """The subject with several sequences; a large module keeps its one."""
    if subject.weights.hidden_size > LARGE:
        return subject
    return replace(subject, trace=sequences(subject.trace, SEQUENCES))


@dataclass(frozen=True)
class Table:
    """The rows of one tensor at the first step, as numbers or as strips of colours.

    Attributes:
        name: The name of the tensor in expressions.
        rows: The elements of each sequence.
        visible: The sequences that are shown.
        columns: The columns that are shown.
        font_size: The font size of numbers.
        left: The left of the rows.
        has_index: Whether the index of its sequence is left of each row.
        is_strip: Whether rows are strips of colours.
    """

    name: str
    rows: Matrix
    visible: Excerpt
    columns: Excerpt
    font_size: float = words.NUMBER
    left: float = INDEX_WIDTH
    has_index: bool = True
    is_strip: bool = False

    @classmethod
    def of(cls, subject: LayerRun, name: str) -> "Table":
        """The table of a tensor."""
        rows = subject.samples(name, 0)
        count, width = rows.values.shape
        columns = excerpt(width) if width <= MAX_COLUMNS else Excerpt(width, (0, width - 1))
        table = cls(name, rows, excerpt(count), columns)
        is_strip = name != "x" and MAX_COLUMNS < width <= MAX_STRIP_UNITS
        if is_strip and table.cells.scale_end is not None:
            return replace(table, columns=Excerpt(width, tuple(range(width))), is_strip=True)
        return table

    @property
    def id(self) -> str:
        """The id of the table, and the prefix of the ids of its numbers."""
        return f"{self.name}-0"

    @property
    def numbers(self) -> list[Number]:
        """All numbers that are shown, unless rows are strips."""
        return [
            self.rows[sequence, column]
            for sequence in self.visible.indices
            for column in self.columns.indices
        ]

    @cached_property
    def cells(self) -> heat.Cells:
        """The colours of the strips, a band for each sequence.

        Their scale ends at the largest number of the sequences that are drawn.
        """
        count, width = self.rows.values.shape
        paints = [TERMS[self.name].role] * count
        one_row = heat.axis_in_cells(1, 1)
        cells = heat.cells(self.rows, paints, one_row, heat.axis_in_cells(width, width))
        visible_values, indices = np.zeros_like(self.rows.values), list(self.visible.indices)
        visible_values[indices] = self.rows.values[indices]
        return cells._replace(scale_end=replace(self.rows, values=visible_values).largest())

    @property
    def shape(self) -> tuple[int, int]:
        """The shape of the tensor at one step."""
        return self.visible.count, self.columns.count

    @cached_property
    def point(self) -> words.NumberAlignment:
        """The alignment of the numbers."""
        return words.NumberAlignment.of(self.numbers, MAX_CHARS)

    @cached_property
    def has_decimals(self) -> bool:
        """Whether any number has digits after its point."""
        return digits.decimals(number.value for number in self.numbers) > 0

    @cached_property
    def edges(self) -> list[float]:
        """The left of the first column, then the right of each."""
        if self.is_strip:
            width = STRIP_WIDTH / self.columns.count
            return [self.left + k * width for k in range(self.columns.count + 1)]
        width = MIN_INTEGER_WIDTH
        if self.has_decimals:
            # A tiny number may need more characters than the alignment reserves.
            printed = (words.number_text(number, max_chars=MAX_CHARS) for number in self.numbers)
            longest = metrics.width("0" * max(map(len, printed)), self.font_size, mono=True)
            aligned = self.point.width(self.font_size) + 6
            width = max(MIN_COLUMN_WIDTH, aligned, longest + 3)
        # The shape is printed above the columns, so they are as wide as it.
        shape_width = Text(0, 0, str(self.shape), words.SMALL, mono=True).width + 4
        width = max(width, shape_width / len(self.columns.indices))
        edges = [self.left]
        for j in self.columns.lines:
            edges.append(edges[-1] + (DOTS_WIDTH if isinstance(j, Gap) else width))
        return edges

    @property
    def middle(self) -> float:
        """The middle of the rows."""
        return (self.left + self.edges[-1]) / 2

    def block(self) -> Block:
        """The name of the tensor, its shape, and a row for each sequence."""
        marks: list[Mark] = []
        for line, sequence in enumerate(self.visible.lines):
            y = HEADING_HEIGHT + (line + 0.5) * ROW_HEIGHT
            if isinstance(sequence, Gap):
                marks.append(words.operator(self.middle, y, "…"))
            else:
                marks += self.strip(sequence, y) if self.is_strip else self.row(sequence, y)
        group = Group(tuple(marks), id=self.id, bound=(Node(self.rows.of),))
        height = HEADING_HEIGHT + ROW_HEIGHT * len(self.visible.lines)
        scale: list[Mark] = []
        if self.is_strip:
            scale = self.colour_scale(height + SCALE_GAP)
            height += SCALE_GAP + SCALE_HEIGHT
        return Block(self.edges[-1], height, (*self.heading(group), group, *scale))

    def strip_id(self, sequence: int) -> str:
        """The id of the strip of a sequence."""
        return f"{self.id}-{sequence}"

    def strip(self, sequence: int, y: float) -> list[Mark]:
        """The elements of a sequence as colours, with their middle at the height `y`."""
        width = STRIP_WIDTH / self.columns.count
        colours = heat.heat_map(
            self.cells,
            sequence,
            self.left,
            y - STRIP_HEIGHT / 2,
            width,
            STRIP_HEIGHT,
            id=self.strip_id(sequence),
            term=self.name,
        )
        return [self.background(sequence, y), colours]

    def colour_scale(self, y: float) -> list[Mark]:
        """The colours of the strips, with their ends."""
        return heat.colour_bar(
            self.cells,
            self.left,
            y,
            STRIP_WIDTH,
            id=f"{self.name}-scale",
            term=self.name,
            symbol=self.name,
            of=[self.strip_id(sequence) for sequence in self.visible.indices],
        )

    def background(self, sequence: int, y: float) -> Box:
        """The background of the row of a sequence, where its arrow ends."""
        return Box(
            self.left,
            y - (ROW_HEIGHT - ROW_GAP) / 2,
            self.edges[-1] - self.left,
            ROW_HEIGHT - ROW_GAP,
            radius=5,
            fill="panel",
            term=self.name,
            id=f"row-{self.name}-{sequence}",
            bound=(Node(self.rows[sequence].of),),
        )

    def row(self, sequence: int, y: float) -> list[Mark]:
        """The numbers of a sequence, at the height `y`."""
        background = self.background(sequence, y)
        numbers: list[Mark] = []
        for (left, right), column in zip(pairwise(self.edges), self.columns.lines, strict=True):
            x = (left + right) / 2
            numbers.append(
                words.operator(x, y, "…")
                if isinstance(column, Gap)
                else self.number(x, y, sequence, column)
            )
        if not self.has_index:
            return [background, *numbers]
        index = words.label(
            self.left - INDEX_GAP,
            y,
            f"[{sequence}]",
            names={"sample": sequence},
            of=numbers,
            style=words.FINE_CODE,
            anchor="end",
        )
        return [background, index, *numbers]

    def number(self, x: float, y: float, sequence: int, column: int) -> Text:
        """An element of a sequence."""
        value, id = self.rows[sequence, column], f"{self.id}-{sequence}-{column}"
        if self.has_decimals:
            return self.point.number(
                x, y, value, size=self.font_size, max_chars=MAX_CHARS, id=id, term=self.name
            )
        return words.number(
            x, y, value, size=self.font_size, decimals=0, max_chars=3, id=id, term=self.name
        )

    def heading(self, group: Group) -> list[Mark]:
        """The name and the shape of the tensor."""
        return [
            words.label(
                self.middle,
                NAME_MIDDLE,
                self.name,
                names={"tensor": self.name},
                of=[f"{self.id}-*" if self.is_strip else f"{self.id}-*-*"],
                along="block",
                anchor="middle",
                style=words.STRONG,
                fill=TERMS[self.name].role,
                term=self.name,
            ),
            words.label(
                self.middle,
                SHAPE_MIDDLE,
                str(self.shape),
                names={"shape": ",".join(map(str, self.shape))},
                of=[group],
                along="block",
                style=words.FINE_CODE,
                anchor="middle",
            ),
        ]


def batch(subject: LayerRun, width: float) -> Diagram:
    """What has a row for each sequence of a batch, and what all share."""
    space = inner_width(width)
    tables = [Table.of(subject, name) for name in PARTS]
    body, maps = _left_to_right(subject, tables, space) or _top_to_bottom(subject, tables, space)
    return Diagram(
        heading=_head(subject, tables, _colour_notes(maps)),
        description=_description(tables, maps),
        width=space,
        height=body.height,
        marks=body.marks,
        figure_width=width,
        setup=heat.RMS,
    )


def _left_to_right(
    subject: LayerRun, tables: Sequence[Table], space: float
) -> tuple[Block, list[matrix.Map]] | None:
    """Tables side by side: x, the weights and the states; None if they do not fit."""
    for font_size in (words.NUMBER, words.SMALL):
        x = replace(tables[0], font_size=font_size).block()
        c, h = (
            replace(table, font_size=font_size, left=0, has_index=False).block()
            for table in tables[1:]
        )
        states = block_row([c, h], GAP)
        left = space - x.width - states.width - 2 * MIN_ARROW_LENGTH
        shared, maps = _weights(subject, min(MAX_WEIGHTS_WIDTH, left) - 2 * PADDING)
        weights = _frame_weights(shared)
        if weights.width <= left:
            return _connect_tables(tables, [x, weights, states], space), maps
    return None


def _connect_tables(tables: Sequence[Table], parts: Sequence[Block], space: float) -> Block:
    """The tables side by side, with an arrow for each sequence through the weights."""
    x, weights, states = parts
    gap = (space - x.width - weights.width - states.width) / 2
    left = space - states.width
    # The rows of all tables are at one height, whatever is below them.
    shift_up = (states.height - x.height) / 2
    x = x._replace(marks=tuple(shift(mark, 0, -shift_up) for mark in x.marks))
    body = block_row([x, weights, states], gap, align="middle")
    top = (body.height - states.height) / 2
    x_table, *state_tables = tables
    rows = [(top + y, sequence) for y, sequence in _rows(x_table)]
    ends = [_arrow_end(state_tables, sequence, left, y, states.width) for y, sequence in rows]
    arrows = [
        _row_arrow((x.width + ARROW_GAP, y), (left - ARROW_GAP, y), of=sequence)
        for y, sequence in rows
    ]
    return Block(space, body.height, (*arrows, *body.marks, *ends))


def _top_to_bottom(
    subject: LayerRun, tables: Sequence[Table], space: float
) -> tuple[Block, list[matrix.Map]]:
    """Tables below each other: x at the left, the weights, and the states at the right.

    The arrows enter and leave the weights near their middle. If c and h do not fit
    side by side, the arrows lead to c.
    """
    font_size = words.NUMBER if space > NARROWEST_WIDE else words.SMALL
    tables = [replace(table, font_size=font_size) for table in tables]
    x, rows = tables[0].block(), _rows(tables[0])
    shared, maps = _weights(subject, min(MAX_STACKED_WEIGHTS_WIDTH, space) - 2 * PADDING)
    weights = _frame_weights(shared)
    c, h = (replace(table, left=0, has_index=False).block() for table in tables[1:])
    states, targets = block_row([c, h], GAP), tables[1:]
    if states.width + LANE * len(rows) > space:
        states, targets = block_column([c, h], STACKED_GAP), tables[1:2]
    left = space - states.width
    margin = (space - weights.width) / 2
    body = block_column([x, _indent(weights, margin), _indent(states, left)], STACKED_GAP)
    bottom = body.height - states.height
    lanes_width = LANE * (len(rows) - 1)
    middle = (space - lanes_width) / 2
    # Where the first lane enters the weights and leaves them: in the middle, unless a
    # table is in the way. The turn between both is hidden behind the weights.
    enter = max(middle, x.width + 12)
    leave = min(middle, left - 14 - lanes_width)
    turn = x.height + STACKED_GAP + 14
    marks: list[Mark] = []
    for place, (y, sequence) in enumerate(rows):
        # The first row has the last lane, so that arrows do not cross.
        lane = lanes_width - LANE * place
        corners = [(x.width + ARROW_GAP, y), (enter + lane, y)]
        if enter > leave:
            corners += [(enter + lane, turn + lane), (leave + lane, turn + lane)]
        corners += [(leave + lane, bottom + y), (left - ARROW_GAP, bottom + y)]
        marks.append(_row_arrow(*corners, of=sequence))
    width = states.width if len(targets) > 1 else c.width
    ends = [_arrow_end(targets, sequence, left, bottom + y, width) for y, sequence in rows]
    return Block(space, body.height, (*marks, *body.marks, *ends)), maps


def _indent(block: Block, left: float) -> Block:
    """The block with space at its left."""
    return block_row([Block(left, 0, ()), block], 0)


def _frame_weights(shared: Block, width: float = 0) -> Block:
    """The weights on a sheet, which hides the arrows that pass behind it."""
    return framed_block(shared, PADDING, fill="paper", stroke="muted", width=width)


def _rows(table: Table) -> list[tuple[float, int]]:
    """The height of the middle of each row, and the index of its sequence."""
    return [
        (HEADING_HEIGHT + (line + 0.5) * ROW_HEIGHT, sequence)
        for line, sequence in enumerate(table.visible.lines)
        if not isinstance(sequence, Gap)
    ]


def _row_arrow(*corners: Point, of: int) -> Mark:
    """An arrow from the row of a sequence in x to the row of its states.

    It is strong because the figure is about rows, not about weights.
    """
    arrow = round_arrow(*corners, paint="ink", radius=5, width=styles.LINE.strong.weight)
    return arrow._replace(bound=(Flow("order", f"row-x-{of}", f"made-{of}"),))


def _arrow_end(tables: Sequence[Table], sequence: int, x: float, y: float, width: float) -> Mark:
    """The target of an arrow: the row of a sequence in one table or in two."""
    row_expr = ", ".join(str(table.rows[sequence].of) for table in tables)
    node = Node(f"({row_expr})" if len(tables) > 1 else row_expr)
    return Box(x, y - ROW_HEIGHT / 2, width, ROW_HEIGHT, id=f"made-{sequence}", bound=(node,))


def _weights(subject: LayerRun, width: float) -> tuple[Block, list[matrix.Map]]:
    """The weights as colours, fitted to `width`."""
    tensors = [tensor for tensor in matrix.parameters(subject) if tensor.operand]
    left = matrix.Bands.gutter_width(subject.weights.hidden_size)
    # 5 px separate the index of the first column from the one of the last row.
    maps = matrix.tensor_maps(tensors, width - left - 5, left + 5, matrix_gap=16)
    row_axis = maps[0].cells.rows
    row_height = BAND_HEIGHT // row_axis.cell_count
    bands = matrix.Bands(
        row_axis,
        max(MIN_ROW_HEIGHT, min(MAX_ROW_HEIGHT, row_height)),
        matrix.HEIGHT_ABOVE_MAP,
        left,
    )
    marks = [
        *bands.labels([f"{tensor.id}-{{gate}}" for tensor in tensors], ()),
        *matrix.map_marks(bands, maps, max_scale_length=width),
    ]
    last_map = maps[-1]
    end = last_map.left + last_map.width
    index_width = words.width(f"h[{tensors[-1].columns - 1}]", words.SMALL)
    body = Block(
        # The index of the last column may be wider than it, and the name than its map.
        max(
            end,
            end + (index_width - last_map.cell_width) / 2 - PADDING + 2,
            last_map.middle + matrix.MIN_MAP_WIDTH / 2,
        ),
        bands.bottom + matrix.height_below(maps, marks),
        tuple(marks),
    )
    shared = sentence("the same weights for every row")
    return titled_block(shared, body, width=body.width, gap=10), maps


def _colour_notes(maps: Sequence[matrix.Map]) -> list[Sentence]:
    """How to read the colours of the weights."""
    notes = [*matrix.alike_notes(maps)]
    if any(weight_map.cells.is_folded and not weight_map.alike_blocks for weight_map in maps):
        notes.append(
            sentence(
                "Where a cell is a block of weights, it is as strong as their root mean square."
            )
        )
    return notes


def _head(subject: LayerRun, tables: Sequence[Table], notes: list[Sentence]) -> Head:
    count = tables[0].visible.count
    if count == 1:
        notes = [
            *notes,
            sentence("A large module is shown with its one sequence.", claim="x.shape[1] == 1"),
        ]
    has_dots = any(table.columns.is_folded or table.visible.is_folded for table in tables)
    if has_dots:
        notes = [*notes, sentence("Dots stand for what is left out.")]
    label = subject.step_number(0)
    return Head(
        sentence("A batch adds rows, not weights"),
        _lead(tables),
        provenance(
            subject,
            ("{} sequences" if count > 1 else "{} sequence", count, "x.shape[1]"),
            ("step {}", label, str(label)),
        ),
        tuple(notes),
        origin(subject),
    )


def _lead(tables: Sequence[Table]) -> Sentence:
    """That sequences are separate; if two have the same input, that their states show it."""
    pairs = combinations(tables[0].visible.indices, 2)
    same = next((pair for pair in pairs if _are_same(tables, *pair)), None)
    if same is None:
        return sentence(
            "Every sequence has a row in x, in c and in h, and is computed as if it were alone."
        )
    first, second = same
    return sentence(
        "Every sequence is computed as if it were alone: equal rows of x have equal states.",
        claim=" and ".join(
            f"torch.allclose({table.rows[first].of}, {table.rows[second].of})" for table in tables
        ),
    )


def _are_same(tables: Sequence[Table], first: int, second: int) -> bool:
    """Whether two sequences have the same row in each table."""
    return all(np.allclose(*table.rows.values[[first, second]]) for table in tables)


def _description(tables: Sequence[Table], maps: Sequence[matrix.Map]) -> str:
    visible = tables[0].visible
    sentences = " ".join(
        f"Sequence {sequence}: "
        + "; ".join(f"{table.name} is {number_list(table.rows[sequence])}" for table in tables)
        + "."
        for sequence in visible.indices
    )
    colours = "".join(f" {scale}." for scale in matrix.scale_descriptions(maps))
    return f"{count_phrase(visible.count, 'sequence')} at the first step. {sentences}{colours}"
