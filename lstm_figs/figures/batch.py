"""The figure `batch`: the tensors with a row for each sequence, and those that all share."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise

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
from ..scene.marks import Box, Group, Mark, Text
from ..scene.scenes import Diagram, Head
from ..scene.terms import TERMS

SEQUENCES = 3
"""The batch has this many sequences, made from the one of the subject."""
PARTS = ("x", "c", "h")
"""The tensors with a row for each sequence, in the order of computing."""
HEADING_HEIGHT, ROW_HEIGHT = 40.0, 30.0
"""The height above the rows of a table, and the height of a row."""
INDEX_WIDTH = 30.0
"""The width of the index of a sequence."""
MAX_COLUMNS, DOTS_WIDTH = 4, 16.0
"""A table shows at most this many columns; dots of this width replace the rest."""
MAX_WEIGHTS_WIDTH, PADDING = 300.0, 10.0
"""The weights on their panel, and the padding around them."""
GAP, MIN_ARROW_LENGTH, LANE = 8.0, 12.0, 10.0
"""Between the tables of c and h, the length of an arrow, and the distance between
arrows."""


def variant(subject: LayerRun, options: Mapping[str, Value]) -> LayerRun:
    """The subject with several sequences; a large module keeps its one."""
    if subject.weights.hidden_size > LARGE:
        return subject
    return replace(subject, trace=sequences(subject.trace, SEQUENCES))


@dataclass(frozen=True)
class Table:
    """The rows of one tensor at the first step.

    Attributes:
        name: The name of the tensor in expressions.
        rows: A row of numbers for each sequence.
        visible: The sequences that are shown.
        columns: The columns that are shown.
        font_size: The font size of numbers.
        left: The left of the rows.
        has_index: Whether the index of its sequence is left of each row.
    """

    name: str
    rows: Matrix
    visible: Excerpt
    columns: Excerpt
    font_size: float = words.NUMBER
    left: float = INDEX_WIDTH
    has_index: bool = True

    @classmethod
    def of(cls, subject: LayerRun, name: str) -> "Table":
        """The table of a tensor."""
        rows = subject.samples(name, 0)
        count, width = rows.values.shape
        columns = excerpt(width) if width <= MAX_COLUMNS else Excerpt(width, (0, width - 1))
        return cls(name, rows, excerpt(count), columns)

    @property
    def id(self) -> str:
        """The id of the table, and the prefix of the ids of its numbers."""
        return f"{self.name}-0"

    @property
    def numbers(self) -> list[Number]:
        """All numbers that are shown."""
        return [self.rows[n, j] for n in self.visible.indices for j in self.columns.indices]

    @property
    def shape(self) -> tuple[int, int]:
        """The shape of the tensor at one step."""
        return self.visible.count, self.columns.count

    @cached_property
    def point(self) -> words.NumberAlignment:
        """The alignment of the numbers."""
        return words.NumberAlignment.of(self.numbers, 5)

    @cached_property
    def has_decimals(self) -> bool:
        """Whether any number has digits after its point."""
        return digits.decimals(number.value for number in self.numbers) > 0

    @cached_property
    def edges(self) -> list[float]:
        """The left of the first column, then the right of each."""
        width = 28.0
        if self.has_decimals:
            width = max(34.0, self.point.width(self.font_size) + 6)
        # A tiny number may need more characters than its column is wide.
        printed = (words.number_text(number, max_chars=5) for number in self.numbers)
        longest = metrics.width("0" * max(map(len, printed)), self.font_size, mono=True)
        # The shape is printed above the columns, so they are as wide as it.
        shape_width = Text(0, 0, str(self.shape), words.SMALL, mono=True).width + 4
        width = max(width, longest + 3, shape_width / len(self.columns.indices))
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
        for line, n in enumerate(self.visible.lines):
            y = HEADING_HEIGHT + (line + 0.5) * ROW_HEIGHT
            if isinstance(n, Gap):
                marks.append(words.operator(self.middle, y, "…"))
            else:
                marks += self.row(n, y)
        group = Group(tuple(marks), id=self.id, bound=(Node(self.rows.of),))
        height = HEADING_HEIGHT + ROW_HEIGHT * len(self.visible.lines)
        return Block(self.edges[-1], height, (*self.heading(group), group))

    def row(self, n: int, y: float) -> list[Mark]:
        """The numbers of a sequence, at the height `y`."""
        background = Box(
            self.left,
            y - ROW_HEIGHT / 2 + 2,
            self.edges[-1] - self.left,
            ROW_HEIGHT - 4,
            radius=5,
            fill="panel",
            term=self.name,
            id=f"row-{self.name}-{n}",
            bound=(Node(self.rows[n].of),),
        )
        numbers: list[Mark] = []
        for (start, stop), j in zip(pairwise(self.edges), self.columns.lines, strict=True):
            x = (start + stop) / 2
            numbers.append(
                words.operator(x, y, "…") if isinstance(j, Gap) else self.number(x, y, n, j)
            )
        if not self.has_index:
            return [background, *numbers]
        index = words.label(
            self.left - 6,
            y,
            f"[{n}]",
            names={"sample": n},
            of=numbers,
            style=words.FINE_CODE,
            anchor="end",
        )
        return [background, index, *numbers]

    def number(self, x: float, y: float, n: int, j: int) -> Text:
        """The number in column `j` of a sequence."""
        value, id = self.rows[n, j], f"{self.id}-{n}-{j}"
        if self.has_decimals:
            return self.point.number(
                x, y, value, size=self.font_size, max_chars=5, id=id, term=self.name
            )
        return words.number(
            x, y, value, size=self.font_size, decimals=0, max_chars=3, id=id, term=self.name
        )

    def heading(self, group: Group) -> list[Mark]:
        """The name and the shape of the tensor."""
        return [
            words.label(
                self.middle,
                8,
                self.name,
                names={"tensor": self.name},
                of=[f"{self.id}-*-*"],
                along="block",
                anchor="middle",
                style=words.STRONG,
                fill=TERMS[self.name].role,
                term=self.name,
            ),
            words.label(
                self.middle,
                26,
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
    body = block_row([x, weights, states], gap, align="middle")
    top, left = (body.height - x.height) / 2, space - states.width
    rows = [(top + y, n) for y, n in _rows(tables[0])]
    ends = [_arrow_end(tables[1:], n, left, y, states.width) for y, n in rows]
    arrows = [_row_arrow((x.width + 2, y), (left - 2, y), of=n) for y, n in rows]
    return Block(space, body.height, (*arrows, *body.marks, *ends))


def _top_to_bottom(
    subject: LayerRun, tables: Sequence[Table], space: float
) -> tuple[Block, list[matrix.Map]]:
    """Tables below each other: x at the left, the weights, and the states at the right.

    The arrows enter and leave the weights near their middle. If c and h do not fit
    side by side, the arrows lead to c.
    """
    font_size = words.NUMBER if space > 400 else words.SMALL
    tables = [replace(table, font_size=font_size) for table in tables]
    x, rows = tables[0].block(), _rows(tables[0])
    shared, maps = _weights(subject, min(360.0, space) - 2 * PADDING)
    weights = _frame_weights(shared)
    c, h = (replace(table, left=0, has_index=False).block() for table in tables[1:])
    states, targets = block_row([c, h], GAP), tables[1:]
    if states.width + LANE * len(rows) > space:
        states, targets = block_column([c, h], 26), tables[1:2]
    left = space - states.width
    margin = (space - weights.width) / 2
    body = block_column([x, _indent(weights, margin), _indent(states, left)], 26)
    bottom = body.height - states.height
    first = (space - LANE * (len(rows) - 1)) / 2
    enter = max(first, x.width + 12)
    leave = min(first, left - 14 - LANE * (len(rows) - 1))
    inside = x.height + 40
    marks: list[Mark] = []
    for place, (y, n) in enumerate(rows):
        lane = LANE * (len(rows) - 1 - place)
        corners = [(x.width + 2, y), (enter + lane, y)]
        if enter > leave:
            corners += [(enter + lane, inside + lane), (leave + lane, inside + lane)]
        corners += [(leave + lane, bottom + y), (left - 2, bottom + y)]
        marks.append(_row_arrow(*corners, of=n))
    width = states.width if len(targets) > 1 else c.width
    ends = [_arrow_end(targets, n, left, bottom + y, width) for y, n in rows]
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
        (HEADING_HEIGHT + (line + 0.5) * ROW_HEIGHT, n)
        for line, n in enumerate(table.visible.lines)
        if not isinstance(n, Gap)
    ]


def _row_arrow(*corners: Point, of: int) -> Mark:
    """An arrow from the row of a sequence in x to the row of its states.

    It is strong because the figure is about rows, not about weights.
    """
    arrow = round_arrow(*corners, paint="ink", radius=5, width=styles.LINE.strong.weight)
    return arrow._replace(bound=(Flow("order", f"row-x-{of}", f"made-{of}"),))


def _arrow_end(tables: Sequence[Table], n: int, x: float, y: float, width: float) -> Mark:
    """The target of an arrow: the row of a sequence in one table or in two."""
    row_expr = ", ".join(str(table.rows[n].of) for table in tables)
    node = Node(f"({row_expr})" if len(tables) > 1 else row_expr)
    return Box(x, y - ROW_HEIGHT / 2, width, ROW_HEIGHT, id=f"made-{n}", bound=(node,))


def _weights(subject: LayerRun, width: float) -> tuple[Block, list[matrix.Map]]:
    """The weights as colours, fitted to `width`."""
    tensors = [tensor for tensor in matrix.parameters(subject) if tensor.operand]
    left = matrix.Bands.gutter_width(subject.weights.hidden_size)
    # 5 px separate the index of the first column from the one of the last row.
    maps = matrix.tensor_maps(tensors, width - left - 5, left + 5, matrix_gap=16)
    row_axis = maps[0].cells.rows
    bands = matrix.Bands(
        row_axis, max(4, min(12, 24 // row_axis.cell_count)), matrix.HEIGHT_ABOVE_MAP, left
    )
    marks = [
        *bands.labels([f"{tensor.id}-{{gate}}" for tensor in tensors], ()),
        *matrix.map_marks(bands, maps, max_scale_length=width),
    ]
    end = maps[-1].left + maps[-1].width
    index = words.width(f"h[{tensors[-1].columns - 1}]", words.SMALL)
    body = Block(
        max(
            end,
            end + (index - maps[-1].cell_width) / 2 - PADDING + 2,
            maps[-1].middle + matrix.MIN_MAP_WIDTH / 2,
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
    folded = [table for table in tables if table.columns.is_folded or table.visible.is_folded]
    if folded:
        notes = [*notes, sentence("Dots stand for what is left out.")]
    label = subject.step_number(0)
    return Head(
        sentence("A batch adds rows, not weights"),
        sentence(
            "Every sequence has a row in x, in c and in h, and is computed as if it were alone."
        ),
        provenance(
            subject,
            ("{} sequences" if count > 1 else "{} sequence", count, "x.shape[1]"),
            ("step {}", label, str(label)),
        ),
        tuple(notes),
        origin(subject),
    )


def _description(tables: Sequence[Table], maps: Sequence[matrix.Map]) -> str:
    visible = tables[0].visible
    sentences = " ".join(
        f"Sequence {n}: "
        + "; ".join(f"{table.name} is {number_list(table.rows[n])}" for table in tables)
        + "."
        for n in visible.indices
    )
    colours = "".join(f" {scale}." for scale in matrix.scale_descriptions(maps))
    return f"{count_phrase(visible.count, 'sequence')} at the first step. {sentences}{colours}"
