"""The figure `porting`: where each weight goes in a different library."""

from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from ...layout import styles, words
from ...layout.blocks import Block, block_column, titled_block
from ...layout.margins import inner_width
from ...layout.motifs import gauges
from ...layout.provenance import origin, provenance
from ...model.layer_run import LayerRun
from ...model.lstm import GATES
from ...porting import TARGETS, Target
from ...proof.bindings import Flow, Node, Sentence, sentence
from ...proof.digits import text
from ...scene.marks import Box, Mark, Path, Text
from ...scene.scenes import Diagram, Head
from ...scene.terms import TERMS
from ...scene.theme import Paint, tint
from .bands import BAND_GAP, COLUMN_HEIGHT, HEADING_HEIGHT, STACKED_HEIGHT, TRACED_HEIGHT, Bands
from .sides import BIASES, TRACED_GATE, Element, Library, Side, torch_side

NARROWEST_WIDE = 560
"""In figures narrower than this, numbers are below the names of their bands."""
ROWS_WIDTH, COLUMNS_GAP = 200.0, 56.0
"""The width of rows that become columns, and the gap between both."""
ROW_PITCH, LINE_PITCH = 44.0, 19.0
"""The distances between two other tensors, and from a name to its number."""
NUMBER_WIDTH = 54.0
"""The width of a number of another tensor."""
CELL_HEIGHT, CELL_PADDING, INDEX_GAP = 20.0, 6.0, 12.0
"""The height of the coloured cell of such a number, its padding at both sides, and the
gap before the index right of it."""
NAME_MIDDLE = 9.0
"""From the top of another tensor to the middle of its name."""
MAX_CHARS = 6
"""The most characters of a number."""
GROUND: Paint = tint(TERMS[TRACED_GATE].role)
"""The paint behind these numbers."""
BANDS_WIDTH, BANDS_WIDTH_NARROW = 236.0, 142.0
"""The width of rows that remain rows."""
ROWS_WIDTH_NARROW = 88.0
"""The width of rows that become columns, in the narrow form."""
TURN_RADIUS = 18.0
"""The radius of the turn of a ribbon from a row to a column."""


def porting(
    subject: LayerRun, width: float, *, to: Literal["keras", "onnx", "flax", "openvino"] = "keras"
) -> Diagram:
    """How the tensors of another library are made of PyTorch's.

    Args:
        subject: The run, layer and direction to draw.
        width: The width that the figure may use.
        to: The library; keras by default.
    """
    return _Porting(Library(subject, TARGETS[to], to), width).diagram()


@dataclass(frozen=True)
class _Porting:
    """The bands of both libraries, joined by ribbons, above their other tensors.

    Attributes:
        library: The tensors of the other library.
        width: The width of the figure.
    """

    library: Library
    width: float

    @property
    def target(self) -> Target:
        return self.library.target

    @cached_property
    def left(self) -> Side:
        """The tensors of PyTorch."""
        return torch_side(self.library.subject)

    @cached_property
    def right(self) -> Side:
        """The tensors of the other library."""
        return self.library.side()

    @property
    def is_narrow(self) -> bool:
        return self.width < NARROWEST_WIDE

    @property
    def space(self) -> float:
        """The width of the drawing."""
        return inner_width(self.width)

    def diagram(self) -> Diagram:
        others = titled_block(
            sentence("The same row in the other tensors"), self.other_tensors(), width=self.space
        )
        bands = self.rows_to_columns() if self.target.transposed else self.rows_to_rows()
        body = block_column([bands, others], gap=22)
        return Diagram(
            heading=self.head(),
            description=self.description(),
            width=self.space,
            height=body.height,
            marks=body.marks,
            figure_width=self.width,
            setup=self.library.setup(),
        )

    def rows_to_rows(self) -> Block:
        """Rows that remain rows: two stacks, joined by ribbons."""
        width = BANDS_WIDTH_NARROW if self.is_narrow else BANDS_WIDTH
        left, right = (
            Bands.of_rows(id, side, x, HEADING_HEIGHT, width, TRACED_HEIGHT)
            for id, side, x in (("from", self.left, 0), ("to", self.right, self.space - width))
        )
        marks: list[Mark] = []
        for gate, box in left.boxes.items():
            end = right.boxes[gate]
            marks += gauges.ribbon(
                (box.x + box.width, box.y + box.height / 2),
                (end.x, end.y + end.height / 2),
                TERMS[gate].role,
                f"from-{gate}",
                f"to-{gate}",
            )
        marks += [*left.marks(), *right.marks()]
        return Block(self.space, max(left.bottom, right.bottom), tuple(marks))

    def rows_to_columns(self) -> Block:
        """Rows that become columns: ribbons turn upwards."""
        # The rows begin below the columns, so that their ribbons turn upwards.
        top = HEADING_HEIGHT + COLUMN_HEIGHT + 14
        width, traced_height = ROWS_WIDTH, TRACED_HEIGHT
        if self.is_narrow:
            width, traced_height = ROWS_WIDTH_NARROW, STACKED_HEIGHT
        left = Bands.of_rows("from", self.left, 0, top, width, traced_height)
        right = Bands("to", self.right, self.columns(width), by_gate=self.target.by_gate)
        marks: list[Mark] = []
        for gate, box in left.boxes.items():
            marks += _turned_ribbon(box, right.boxes[gate], gate)
        marks += [*left.marks(), *right.marks()]
        return Block(self.space, left.bottom, tuple(marks))

    def columns(self, rows_width: float) -> dict[str, Box]:
        """The boxes of bands of columns, right of the rows."""
        if self.is_narrow:
            # The column of the traced weight is wider by `extra`.
            rows_gap, column_gap, extra = 6.0, 4.0, 8.0
        else:
            # Columns of different matrices are further apart.
            column_gap = 16.0 if self.target.by_gate else BAND_GAP
            rows_gap, extra = COLUMNS_GAP, 0.0
        count = len(self.right.bands)
        gaps = rows_gap + (count - 1) * column_gap
        column_width = (self.space - rows_width - gaps - extra) / count
        boxes: dict[str, Box] = {}
        x = rows_width + rows_gap
        for band in self.right.bands:
            width = column_width + extra if band.gate == TRACED_GATE else column_width
            boxes[band.gate] = Box(x, HEADING_HEIGHT, width, COLUMN_HEIGHT)
            x += width + column_gap
        return boxes

    @property
    def other_width(self) -> float:
        """The width of PyTorch's other tensors."""
        if self.is_narrow:
            return 146.0
        return ROWS_WIDTH if self.target.transposed else BANDS_WIDTH

    @property
    def other_right(self) -> float:
        """The left of the library's other tensors: aligned with the bands, if they fit."""
        if self.target.transposed and not self.is_narrow:
            return ROWS_WIDTH + COLUMNS_GAP
        return self.space - self.other_width

    @cached_property
    def decimals(self) -> words.NumberAlignment:
        """The alignment of the numbers of all other tensors."""
        elements = [*self.left.others, *self.right.others]
        return words.NumberAlignment.of((element.number for element in elements), MAX_CHARS)

    def other_tensors(self) -> Block:
        """The other tensors of PyTorch, and their counterparts."""
        right, count = self.other_right, len(self.left.others)
        rows: dict[tuple[str, ...], float] = {
            element.parameters: k for k, element in enumerate(self.left.others)
        }
        has_sum = BIASES in (end.parameters for end in self.right.others)
        if has_sum:
            # The sum of the last two is half-way between them.
            rows[BIASES] = count - 1.5
        marks: list[Mark] = []
        cells: dict[tuple[str, ...], Box] = {}
        for end in self.right.others:
            y = rows[end.parameters] * ROW_PITCH
            number, end_words = self.element(end, y, is_library=True)
            # The width of a printed number varies, so the ribbon ends at a fixed cell.
            cell = Box(
                right,
                y + LINE_PITCH + NAME_MIDDLE - CELL_HEIGHT / 2,
                NUMBER_WIDTH + CELL_PADDING,
                CELL_HEIGHT,
                radius=4,
                fill=GROUND,
                id=f"{end.id}-cell",
                bound=(Node(end.number.expr),),
            )
            cells |= dict.fromkeys([(name,) for name in end.parameters], cell)
            marks += [cell, number, *end_words]
        for k, element in enumerate(self.left.others):
            level = k * ROW_PITCH + LINE_PITCH + NAME_MIDDLE
            start, start_words = self.element(element, k * ROW_PITCH)
            ground = Box(
                start.left - CELL_PADDING,
                level - CELL_HEIGHT / 2,
                start.width + 2 * CELL_PADDING,
                CELL_HEIGHT,
                radius=4,
                fill=GROUND,
            )
            marks += [ground, start, *start_words]
            target_cell = cells.get(element.parameters)
            if target_cell:
                points = (
                    (start.left + start.width + CELL_PADDING, level),
                    (right, target_cell.y + CELL_HEIGHT / 2),
                )
                lines = gauges.ribbon(*points, TERMS[TRACED_GATE].role, element.id, target_cell.id)
                if has_sum and element.parameters[0] in BIASES:
                    # Neither bias is equal to their sum, so this is no copy, and its line
                    # says nothing that could be checked.
                    *_, thread = lines
                    assert isinstance(thread, Path)
                    lines = [thread._replace(bound=())]
                marks += lines
        # Nothing is below the number of the last one.
        return Block(self.space, count * ROW_PITCH - 8, tuple(marks))

    def element(
        self, element: Element, y: float, *, is_library: bool = False
    ) -> tuple[Text, list[Mark]]:
        """The number of an element, and its index with the name and shape of the tensor.

        PyTorch's numbers are right of their indices, the library's left of them.
        """
        x, width = 0.0, self.other_width
        number_x, index_x = width - NUMBER_WIDTH / 2, x
        if is_library:
            x, width = self.other_right, self.space - self.other_right
            number_x, index_x = x + NUMBER_WIDTH / 2, x + NUMBER_WIDTH + INDEX_GAP
        level, tensor = y + LINE_PITCH + NAME_MIDDLE, element.tensor
        number = self.decimals.number(
            number_x, level, element.number, max_chars=MAX_CHARS, id=element.id, term=element.term
        )
        name = words.label(
            x,
            y + NAME_MIDDLE,
            tensor.name if words.width(tensor.name) <= width else tensor.short,
            names={"tensor": tensor.short},
            of=[number],
            along="block",
            fill="ink",
        )
        index = words.label(
            index_x, level, element.index_text, names=element.names, of=[number], style=words.FINE
        )
        shape, anchor = self.shape(element, x + name.width + 10, y + NAME_MIDDLE)
        if shape.left + shape.width > x + width:
            return number, [name, index]
        return number, [name, index, shape, anchor]

    def shape(self, element: Element, x: float, y: float) -> tuple[Text, Path]:
        """The shape of a tensor.

        An invisible path carries its proof, because the shape belongs to the tensor
        and not to the element below.
        """
        tensor, at = element.tensor, (x, y)
        anchor = Path((("M", at), ("L", at)), id=f"{element.id}-shape", bound=(Node(tensor.of),))
        names = {"shape": ",".join(map(str, tensor.shape))}
        return words.label(
            *at, str(tensor.shape), names=names, of=[anchor], style=words.FINE
        ), anchor

    def head(self) -> Head:
        subject, target = self.library.subject, self.target
        adds = ", biases add up" if target.has_one_bias and self.library.has_bias else ""
        if target.by_gate:
            title = f"To {target.label}: one transposed matrix per gate"
        elif target.transposed:
            title = f"To {target.label}: rows become columns{adds}"
        else:
            title = f"To {target.label}: bands of rows change places{adds}"
        return Head(
            sentence(title),
            sentence(self.lead()),
            provenance(subject),
            tuple(self.notes()),
            origin(subject),
        )

    def lead(self) -> str:
        """The gates of the library, their order and their letters."""
        target = self.target
        torch_order, library_order = ", ".join(GATES), ", ".join(target.letters)
        if target.by_gate:
            return (
                f"PyTorch stacks the gates {torch_order} in one tensor; {target.label} "
                "has one tensor for each."
            )
        return (
            f"PyTorch stacks the gates as {torch_order}, {target.label} as {library_order}: its "
            "c is PyTorch's g."
        )

    def notes(self) -> list[Sentence]:
        target, subject = self.target, self.library.subject
        module = subject.variable
        notes = []
        if not self.library.has_bias:
            notes.append(sentence("The module has no bias.", claim=f"not {module}.bias"))
        elif target.has_one_bias:
            notes.append(sentence("Once they are added, the biases cannot be told apart."))
        else:
            notes.append(sentence("B holds both biases, one after the other."))
        if subject.weights.proj_size:
            notes.append(
                sentence(
                    f"{target.label} has no projection, so weight_hr is left out.",
                    claim=f"{module}.proj_size > 0",
                )
            )
        if not target.transposed:
            notes.append(
                sentence(f"In {target.label} the first axis of every tensor counts directions.")
            )
        return notes

    def description(self) -> str:
        """Where each band goes, and what each traced element becomes."""
        target, ends = self.target, {band.gate: band for band in self.right.bands}
        axis = "columns" if target.transposed else "rows"
        sentences = []
        for band in self.left.bands:
            end = ends[band.gate]
            destination = f"{axis} {end.first} to {end.last} of {end.matrix.name}"
            if target.by_gate:
                destination = f"all of {end.matrix.name}"
            sentences.append(
                f"Gate {band.gate}, rows {band.first} to {band.last}: "
                f"in {target.label} {destination}"
            )
        elements = {
            element.parameters: element for element in (self.left.traced, *self.left.others)
        }
        for element in (self.right.traced, *self.right.others):
            sources = " + ".join(
                f"{name}{elements[(name,)].index_text}" for name in element.parameters
            )
            value = text(element.number.value, max_chars=MAX_CHARS)
            if len(element.parameters) > 1:
                addends = (elements[(name,)].number.value for name in element.parameters)
                value = f"{' + '.join(map(text, addends))} = {value}"
            sentences.append(
                f"{sources} becomes {element.tensor.name}{element.index_text}: {value}"
            )
        return ". ".join(sentences) + "."


def _turned_ribbon(row: Box, column: Box, gate: str) -> list[Mark]:
    """A ribbon from the end of a row up to a column."""
    x, y = row.x + row.width, row.y + row.height / 2
    to, end = column.x + column.width / 2, column.y + column.height
    radius = min(TURN_RADIUS, to - x, y - end)
    course = (
        ("M", (x, y)),
        ("L", (to - radius, y)),
        ("C", (to - radius / 2, y), (to, y - radius / 2), (to, y - radius)),
        ("L", (to, end)),
    )
    paint, ribbon = TERMS[gate].role, styles.RIBBON.plain
    return [
        Path(course, stroke=paint, stroke_width=ribbon.weight, opacity=ribbon.opacity),
        Path(
            course,
            stroke=paint,
            stroke_width=styles.THREAD.plain.weight,
            bound=(Flow("copies", f"from-{gate}", f"to-{gate}"),),
        ),
    ]
