"""The figure `independence`: the Jacobians of h and c over one step."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from ..layout import styles, words
from ..layout.excerpts import MAX_UNFOLDED
from ..layout.margins import inner_width
from ..layout.motifs import heat, sums, weight_rows
from ..layout.number_lists import number_list
from ..layout.provenance import provenance, source, step_items
from ..layout.shapes import Point
from ..layout.unit_choice import largest_claim
from ..model.gradients.derivatives import blocks, dc_dc_prev, dh_dh_prev
from ..model.layer_run import LayerRun
from ..model.reference import Matrix, Number, Ref
from ..model.tensors import Array
from ..proof.bindings import Along, Length, Scale, Sentence, Shade, sentence
from ..proof.digits import text
from ..scene.marks import Anchor, Box, Mark, Path, Text, shift
from ..scene.scenes import Diagram, Head

GAP, STACKED_GAP, ROW_NAMES_WIDTH, HEADER_HEIGHT = 32.0, 22.0, 44.0, 72.0
"""The gap between the matrices side by side and one below the other, the width of row
names, and the height of the header."""
NAME_MIDDLE, COUNT_GAP, COLUMN_NAME_OFFSET = 30.0, 14.0, 11.0
"""The middle of the name of a matrix in the header, the gap before the count beside it,
and from the matrix up to the middle of the names of its columns."""
MAP_HEADER_HEIGHT = 54.0
"""The height of the header where columns have no names."""
MAX_PRINTED, MAX_MAPPED, MAX_LINES = 4, MAX_UNFOLDED, 16
"""The most units whose derivatives are printed beside lines, drawn as a heat map beside
lines, and drawn as lines alone; those of more units are a heat map without lines."""
MAX_COLUMN_WIDTH, ROW_HEIGHT, CELL_GAP = 60.0, 48.0, 4.0
"""The largest width of a column, the height of a row, and the gap between two cells."""
MAP_CELL, LINES_PITCH = 18, 15
"""The size of a cell of a heat map that lines lead to, and the distance between two units
where there are lines alone."""
MIN_LINES_WIDTH = 44.0
"""The least width of the lines between the units before and after the step."""
MIN_LINE_WIDTH, MAX_LINE_WIDTH, ALL_LINES_WIDTH = 0.5, 6.0, 22.0
"""The stroke width for the value 0, and for the largest magnitude. All lines that may meet
at a unit are at most as wide as the third together."""
MAX_WEB_WIDTH, MIN_WEB_WIDTH = 4.0, 0.25
"""The stroke widths where there are lines alone: for the largest magnitude, and for 0."""
NAME_GAP = 8.0
"""Between the names of units and what they name."""
MIN_WIDTH = 300.0
"""The least width for the words and a heat map."""
MAX_UNITS, MAX_CELLS, MAP_WIDTH, MIN_MAP_CELL = 256, 64, 256, 4
"""The most units of a heat map, its most cells, its width, and the least size of a cell."""
SCALE_GAP, SCALE_HEIGHT = 10.0, 28.0
"""The gap above the colour scale of a heat map, and its height."""


def independence(subject: LayerRun, width: float, *, step: int = 2) -> Diagram:
    """How a unit depends on the others: through h on all, through c only on itself.

    Args:
        subject: The run, layer and direction to draw.
        width: The width that the figure may use.
        step: The time step, counted from 1; the first if there is no other.
    """
    t = subject.step_index(step)
    jacobians = _jacobians(subject, t)
    space = inner_width(width)
    min_width = max(jacobian.min_width for jacobian in jacobians)
    half = (space - GAP) / 2
    is_side_by_side = max(min_width, MIN_WIDTH) <= half
    matrix_width = half if is_side_by_side else space
    marks: list[Mark] = []
    x = y = height = 0.0
    for jacobian in jacobians:
        if jacobian.size <= MAX_PRINTED and min_width <= matrix_width:
            matrix_marks, bottom = jacobian.printed(matrix_width)
        elif MAX_MAPPED < jacobian.size <= MAX_LINES and jacobian.has_lines:
            matrix_marks, bottom = jacobian.web(matrix_width)
        else:
            matrix_marks, bottom = jacobian.map(min(half, matrix_width))
        marks += [shift(mark, x, y) for mark in matrix_marks]
        height = max(height, y + bottom)
        x, y = (half + GAP, 0.0) if is_side_by_side else (0.0, height + STACKED_GAP)
    return Diagram(
        heading=_head(subject, t, jacobians),
        description=" ".join(
            [f"Step {subject.step_number(t)}.", *(j.description() for j in jacobians)]
        ),
        width=space,
        height=height,
        marks=tuple(marks),
        figure_width=width,
        setup=heat.RMS if any(jacobian.unit_axis.block_size > 1 for jacobian in jacobians) else "",
    )


@dataclass(frozen=True)
class Jacobian:
    """The derivative of a state of each unit by its previous value in each unit.

    Attributes:
        state: `h` or `c`.
        matrix: The derivatives; rows are units after the step, columns units
            before it.
        t: The step, counted from 0.
    """

    state: str
    matrix: Matrix
    t: int

    def number(self, row: int, column: int) -> Number:
        """One element."""
        return self.matrix[row, column]

    @property
    def of(self) -> Ref:
        """The expression of the matrix."""
        return self.matrix.of

    @property
    def values(self) -> Array:
        """The values, with two axes."""
        return self.matrix.values

    @cached_property
    def largest(self) -> Number | None:
        """The finite element of largest magnitude; None if all are 0."""
        return self.matrix.largest()

    @property
    def size(self) -> int:
        """The number of units."""
        return len(self.values)

    @property
    def unit_axis(self) -> heat.CellAxis:
        """How a heat map divides its axes into cells."""
        return heat.axis_in_cells(self.size, MAX_CELLS)

    @property
    def min_width(self) -> float:
        """The least width in which all numbers fit; 0 if there are too many to print."""
        if self.size > MAX_PRINTED:
            return 0
        short_names_width = words.width("[0]", words.SMALL) + 6
        cells_width = self.size * self.min_cell_width
        return short_names_width + MIN_LINES_WIDTH + ROW_NAMES_WIDTH + cells_width

    @cached_property
    def min_cell_width(self) -> float:
        """The least width of a cell in which each number fits."""
        numbers = [self.number(row, column) for row, column in np.ndindex(self.values.shape)]
        return weight_rows.cell_width(numbers) + CELL_GAP

    @property
    def id(self) -> str:
        """The id prefix of its marks."""
        return f"{self.state}-{self.state}_prev-{self.t}"

    @property
    def term(self) -> str:
        """Its terms."""
        return f"{self.state} {self.state}_prev"

    @property
    def name(self) -> str:
        """Its name above the matrix."""
        return f"∂{self.state}/∂{self.state}_prev"

    def printed(self, width: float) -> tuple[list[Mark], float]:
        """Lines that lead to numbers on cells, and their bottom."""
        cell_width = max(self.min_cell_width, min(MAX_COLUMN_WIDTH, width / 2 / self.size))
        left = width - self.size * cell_width + CELL_GAP if self.has_lines else ROW_NAMES_WIDTH
        middles = [HEADER_HEIGHT + (k + 0.5) * ROW_HEIGHT - CELL_GAP / 2 for k in range(self.size)]
        marks = [*self.header([f"{self.id}-*-*"]), *self.lines(left - ROW_NAMES_WIDTH, middles)]
        columns = [self.column(k, cell_width) for k in range(self.size)]
        numbers: dict[tuple[int, int], Text] = {}
        for row, column in np.ndindex(self.values.shape):
            x, y = left + column * cell_width, HEADER_HEIGHT + row * ROW_HEIGHT
            cell = Box(x, y, cell_width - CELL_GAP, ROW_HEIGHT - CELL_GAP)
            cell, number = self.element(row, column, cell, columns[column])
            numbers[row, column] = number
            marks += [cell, number]
        for k, middle in enumerate(middles):
            of_row = [number for (row, _), number in numbers.items() if row == k]
            of_column = [number for (_, column), number in numbers.items() if column == k]
            x = left + (k + 0.5) * cell_width - CELL_GAP / 2
            marks += [
                self.column_label(k, x, cell_width, of_column),
                self.row_label(k, left - NAME_GAP, middle, of_row),
            ]
        return marks, HEADER_HEIGHT + self.size * ROW_HEIGHT - CELL_GAP

    @property
    def name_width(self) -> float:
        """The width of the name of the last unit."""
        return len(f"{self.state}[{self.size - 1}]") * weight_rows.DIGIT_WIDTH

    def row_label(
        self,
        k: int,
        x: float,
        y: float,
        of: Sequence[Mark | str],
        along: Along | None = None,
        *,
        anchor: Anchor = "end",
    ) -> Text:
        """A unit after the step, the name of a row."""
        return words.label(
            x,
            y,
            f"{self.state}[{k}]",
            names={"unit": k},
            of=of,
            along=along,
            style=words.FINE_CODE,
            anchor=anchor,
        )

    def lines(self, right: float, middles: Sequence[float]) -> list[Mark]:
        """A line from each unit before the step to each that depends on it, and their names.

        Args:
            right: Where they end.
            middles: The vertical middle of each unit.
        """
        names = [f"{self.state}_prev[{k}]" for k in range(self.size)]
        left = max(map(len, names)) * weight_rows.DIGIT_WIDTH + 6
        # Many lines need some length, or they cannot be told apart.
        if right - left < MIN_LINES_WIDTH + 8 * self.size:
            names = [f"[{k}]" for k in range(self.size)]
            left = max(map(len, names)) * weight_rows.DIGIT_WIDTH + 6
        marks: list[Mark] = []
        for column, start in enumerate(middles):
            lines = [
                self.line(row, column, (left, start), (right, stop))
                for row, stop in enumerate(middles)
                if self.has_line(row, column)
            ]
            marks += lines
            if lines:
                label = words.label(
                    left - 6,
                    start,
                    names[column],
                    names={"unit": column},
                    of=lines,
                    along="band",
                    style=words.FINE_CODE,
                    anchor="end",
                )
                marks.append(label)
        return marks

    def has_line(self, row: int, column: int) -> bool:
        """Whether an element is drawn as a line: if it is finite, and not 0."""
        value = float(self.number(row, column).value)
        return bool(value) and bool(np.isfinite(value))

    @cached_property
    def line_scale(self) -> Scale:
        """The scale of the widths of lines."""
        end = abs(float(self.largest.value)) if self.largest else 1.0
        if self.size > MAX_MAPPED:
            return Scale(0, end, MIN_WEB_WIDTH, MAX_WEB_WIDTH)
        return Scale(0, end, MIN_LINE_WIDTH, min(MAX_LINE_WIDTH, ALL_LINES_WIDTH / self.size))

    def line(self, row: int, column: int, start: Point, stop: Point) -> Path:
        """A line as wide as an element is large."""
        number = self.number(row, column)
        value = float(number.value)
        return Path(
            (("M", start), ("L", stop)),
            stroke="pos" if value > 0 else "neg",
            stroke_width=self.line_scale(abs(value)),
            dash=sums.dash_of(value),
            id=f"{self.id}-{row}-{column}-line",
            term=self.term,
            bound=(Length(number.expr, "stroke-width", self.line_scale),),
        )

    def web(self, width: float) -> tuple[list[Mark], float]:
        """Lines between all units before and after the step, and their bottom."""
        bottom = MAP_HEADER_HEIGHT + self.size * LINES_PITCH
        middles = [MAP_HEADER_HEIGHT + (k + 0.5) * LINES_PITCH for k in range(self.size)]
        right = width - self.name_width - NAME_GAP
        marks = [*self.header([f"{self.id}-*-*-line"]), *self.lines(right, middles)]
        for row, middle in enumerate(middles):
            to_unit = [
                f"{self.id}-{row}-{column}-line"
                for column in range(self.size)
                if self.has_line(row, column)
            ]
            if to_unit:
                marks.append(
                    self.row_label(row, right + NAME_GAP, middle, to_unit, "band", anchor="start")
                )
        return [*marks, *self.widest_line(bottom + 13)], bottom + 21

    def widest_line(self, y: float) -> list[Mark]:
        """The largest element, and the unit after the step that it belongs to."""
        assert self.largest is not None
        sizes = np.abs(np.nan_to_num(self.values, nan=0, posinf=0, neginf=0))
        row, column = map(int, np.unravel_index(int(sizes.argmax()), sizes.shape))
        claim = largest_claim(f"{self.of}.abs().flatten()", (row * self.size + column,))
        start = sentence("widest line, to", claim=claim)
        top = y - words.line_height(words.SMALL) / 2
        text, _ = words.paragraph(0, top, start, 200, size=words.SMALL)
        x = words.width(start.text, words.SMALL) + 5
        number = words.number(
            x + self.name_width + NAME_GAP,
            y,
            self.largest,
            size=words.SMALL,
            max_chars=6,
            anchor="start",
            id=f"{self.id}-largest",
            term=self.term,
        )
        name = self.row_label(row, x, y, [number], anchor="start")
        return [text, name, number]

    def column(self, k: int, width: float) -> words.NumberAlignment:
        """The alignment of a column of numbers."""
        max_chars = max(5, int((width - 10) / weight_rows.DIGIT_WIDTH))
        return words.NumberAlignment.of(
            (self.number(row, k) for row in range(self.size)), max_chars
        )

    def element(
        self, row: int, column: int, cell: Box, decimals: words.NumberAlignment
    ) -> tuple[Box, Text]:
        """The cell and the number of an element, strong if it is not zero."""
        number, id = self.number(row, column), f"{self.id}-{row}-{column}"
        end = abs(float(self.largest.value)) if self.largest else 1.0
        size = words.SMALL
        middle = cell.x + cell.width / 2, cell.y + cell.height / 2
        cell = cell._replace(
            radius=3,
            fill="paper",
            id=f"{id}-cell",
            term=self.term,
            bound=(Shade(number.expr, end),),
        )
        if not number.value:
            zero = words.number(
                *middle, number, size=size, decimals=0, fill="muted", id=id, term=self.term
            )
            return cell, zero
        fill, weight = weight_rows.shade(float(number.value), end), styles.CELL.strong.weight
        cell = cell._replace(fill=fill, stroke="ink", stroke_width=weight)
        printed = decimals.number(
            *middle,
            number,
            size=size,
            max_chars=decimals.max_chars,
            bold=True,
            id=id,
            term=self.term,
        )
        return styles.emphasized(cell, "it != 0"), styles.emphasized(printed, "it != 0")

    def column_label(self, k: int, x: float, width: float, numbers: Sequence[Text]) -> Mark:
        """The unit of a column, with its state if that fits."""
        name = f"{self.state}_prev[{k}]"
        if len(name) * weight_rows.DIGIT_WIDTH > width - 2:
            name = f"[{k}]"
        return words.label(
            x,
            HEADER_HEIGHT - COLUMN_NAME_OFFSET,
            name,
            names={"unit": k},
            of=numbers,
            style=words.FINE_CODE,
            anchor="middle",
        )

    def map(self, width: float) -> tuple[list[Mark], float]:
        """A heat map, with lines that lead to it where there are few units, and its bottom."""
        axis = self.unit_axis
        cells = heat.cells(self.matrix, ("ink",), axis, axis)
        has_lines = self.size <= MAX_MAPPED
        cell = MAP_CELL if has_lines else max(MIN_MAP_CELL, MAP_WIDTH // axis.cell_count)
        top, map_width = MAP_HEADER_HEIGHT, cell * axis.cell_count
        bottom = top + map_width
        left = NAME_GAP + self.name_width
        lines: list[Mark] = []
        if has_lines:
            middles = {k: top + (k + 0.5) * cell for k in range(self.size)}
            right = max(width, MIN_WIDTH) - map_width - left
            lines = self.lines(right - 6, [*middles.values()])
            left += right
        else:
            # Only the first and the last unit have names.
            middles = {0: top + cell / 2, self.size - 1: bottom - cell / 2}
        heat_map = heat.heat_map(cells, 0, left, top, cell, cell, id=self.id, term=self.term)
        marks = [*self.header([self.id]), *lines, heat_map]
        for k, middle in middles.items():
            marks.append(self.row_label(k, left - NAME_GAP, middle, [heat_map], "band"))
        marks += heat.colour_bar(
            cells,
            left,
            bottom + SCALE_GAP,
            map_width,
            id=f"{self.id}-scale",
            term=self.term,
            symbol=f"∂{self.state}",
            of=[self.id],
        )
        return marks, bottom + SCALE_GAP + SCALE_HEIGHT

    def header(self, of: Sequence[str]) -> list[Mark]:
        """What the matrix shows, its name, and how many elements are not zero."""
        point, _ = words.paragraph(0, 0, self.heading(), 328, fill="ink", bold=True)
        label = words.label(
            0,
            NAME_MIDDLE,
            self.name,
            names={"tensor": self.state},
            of=of,
            along="block",
            style=words.FINE_CODE,
            fill=self.state,
            term=self.term,
        )
        count = sentence(
            f"{{}} of {{}} {_verb(self.nonzero)} not zero",
            (f"{self.nonzero:,}", f"int({self.of}.count_nonzero())"),
            (f"{self.values.size:,}", f"{self.of}.numel()"),
        )
        top = NAME_MIDDLE - words.line_height(words.SMALL) / 2
        counted, _ = words.paragraph(label.width + COUNT_GAP, top, count, 240, size=words.SMALL)
        return [point, label, counted]

    @property
    def nonzero(self) -> int:
        """The number of elements that are not zero."""
        return int(np.count_nonzero(self.values))

    @property
    def has_lines(self) -> bool:
        """Whether a line is drawn for some element."""
        return self.size <= MAX_LINES and bool(np.nan_to_num(self.values, posinf=0, neginf=0).any())

    def heading(self) -> Sentence:
        """The strongest statement on the matrix that is true."""
        if self.size == 1:
            return sentence(f"How {self.state} depends on its own past")
        if not np.isfinite(self.values).all():
            return sentence(f"How {self.state} depends on {self.state}_prev")
        if self.state == "c":
            others = f"{self.of}[~torch.eye({self.size}).bool()]"
            return sentence(
                "Of c_prev, a unit reads only its own", claim=f"bool(({others} == 0).all())"
            )
        if np.all(self.values != 0):
            return sentence(
                "Each h depends on h_prev of every unit", claim=f"bool(({self.of} != 0).all())"
            )
        return sentence("How each h depends on h_prev of each unit")

    def description(self) -> str:
        """Every element of a small matrix, and the largest of another."""
        count, name = self.nonzero, self.name
        sentences = [f"Of {name} {count} of {self.values.size} {_verb(count)} not zero."]
        if self.size <= MAX_MAPPED:
            for row in range(self.size):
                numbers = number_list([self.number(row, k) for k in range(self.size)])
                sentences.append(f"{name} row {row}: {numbers}.")
        elif self.largest is not None:
            sentences.append(f"The largest of {name} is {text(self.largest.value)}.")
        return " ".join(sentences)


def _verb(count: int) -> str:
    return "is" if count == 1 else "are"


def _jacobians(subject: LayerRun, t: int) -> list[Jacobian]:
    """Both Jacobians, of all units or of the first ones."""
    weights, current = subject.weights, subject.steps[t]
    size = weights.hidden_size
    if size > MAX_LINES:
        count = min(size, MAX_UNITS)
        derivatives = [
            (derivative.value, derivative.scale) for derivative in blocks(weights, current, count)
        ]
        refs = [Ref(f"blocks({t}, {count})").list_item(k) for k in range(2)]
    else:
        # The first sequence is drawn.
        derivatives = [
            (derivative.value[0], derivative.scale[0])
            for derivative in (dh_dh_prev(weights, current), dc_dc_prev(weights, current))
        ]
        refs = [Ref(f"d{state}_d{state}_prev")[t, 0] for state in "hc"]
    return [
        Jacobian(state, Matrix(values, ref, np.maximum(scales, current.scale)), t)
        for state, ref, (values, scales) in zip("hc", refs, derivatives, strict=True)
    ]


def _head(subject: LayerRun, t: int, jacobians: list[Jacobian]) -> Head:
    folded = [jacobian.unit_axis.block_size > 1 for jacobian in jacobians]
    label, size = subject.step_number(t), subject.weights.hidden_size
    has_lines = any(jacobian.has_lines for jacobian in jacobians)
    are_small = all(jacobian.size <= MAX_LINES for jacobian in jacobians)
    constant_note = "∂c/∂c_prev holds h_prev fixed, which leaves f."
    notes = []
    if has_lines:
        lines = "Wide lines are large, blue is positive, red is negative."
        notes.append(sentence(f"{lines} {constant_note}" if are_small else lines))
    if not (has_lines and are_small):
        notes.append(
            sentence(f"A row is a unit after the step, a column a unit before it. {constant_note}")
        )
    if any(folded):
        notes.append(
            sentence(
                "A cell is a block of elements, as strong as their root mean "
                "square; signs are not drawn."
                if all(folded)
                else "A cell that is grey is a block of elements, as strong "
                "as their root mean square, without a sign."
            )
        )
    if not all(folded) and not has_lines:
        notes.append(sentence("Blue is positive, red is negative; each matrix has its own scale."))
    if size == 1:
        notes.append(
            sentence("One element is full and diagonal at once.", claim="c.shape[-1] == 1")
        )
    # With a projection, h has fewer elements than there are units.
    _, c = jacobians
    if c.size < size:
        notes.append(
            sentence(
                "Units up to {} of {} are drawn.",
                (c.size - 1, f"len({c.of}) - 1"),
                (size, "c.shape[-1]"),
            )
        )
    return Head(
        _title(size, *jacobians),
        sentence("How the new state of each unit changes with the old state of every unit."),
        provenance(subject, *step_items(subject, label)),
        tuple(notes),
        source(subject),
    )


def _title(size: int, h: Jacobian, c: Jacobian) -> Sentence:
    if size == 1:
        return sentence("One unit depends only on itself", claim="c.shape[-1] == 1")
    # Whether a matrix has an element other than 0 above or below its diagonal.
    is_coupled = "({0}.triu(1).any() or {0}.tril(-1).any())"
    # NaN counts as a dependence in h, because its cause is unknown.
    c_is_diagonal = "not " + is_coupled.format(f"({c.of}).nan_to_num()")
    h_is_coupled = is_coupled.format(f"({h.of})")
    if np.triu(h.values, 1).any() or np.tril(h.values, -1).any():
        return sentence(
            "Units meet through h, never through c",
            claim=f"bool({h_is_coupled} and {c_is_diagonal})",
        )
    return sentence(
        "No unit depends on another here", claim=f"bool({c_is_diagonal} and not {h_is_coupled})"
    )
