"""The figure `independence`: the Jacobians of h and c over one step."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from ..layout import styles, words
from ..layout.excerpts import MAX_UNFOLDED
from ..layout.margins import inner_width
from ..layout.motifs import heat, weight_rows
from ..layout.number_lists import number_list
from ..layout.provenance import provenance, source, step_items
from ..model.gradients.derivatives import blocks, dc_dc_prev, dh_dh_prev
from ..model.layer_run import LayerRun
from ..model.reference import Matrix, Number, Ref
from ..model.tensors import Array
from ..proof.bindings import Sentence, Shade, sentence
from ..proof.digits import text
from ..scene.marks import Box, Mark, shift
from ..scene.scenes import Diagram, Head

GAP, ROW_NAMES_WIDTH, HEADER_HEIGHT = 32.0, 44.0, 66.0
"""The gap between the matrices, the width of row names, and the height of the header."""
MAX_COLUMN_WIDTH, MIN_TALL_CELL_WIDTH = 138.0, 80.0
"""The largest width of a column, and the least width of a column with tall cells."""
TALL_ROW_HEIGHT, ROW_HEIGHT = 44.0, 34.0
"""The heights of rows with tall cells, and of other rows."""
CELL_GAP = 4.0
"""The gap between two cells."""
MIN_WIDTH = 300.0
"""The least width for the words and a heat map."""
MAX_UNITS, MAX_CELLS, MAP_WIDTH = 256, 64, 256
"""The most units of a heat map, its most cells, and its width."""


class Jacobian(NamedTuple):
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
        """Return one element."""
        return self.matrix[row, column]

    @property
    def of(self) -> Ref:
        """The expression of the matrix."""
        return self.matrix.of

    @property
    def values(self) -> Array:
        """The values, with two axes."""
        return self.matrix.values

    @property
    def largest(self) -> Number | None:
        """The finite element of largest magnitude; None if all are 0."""
        return self.matrix.largest()

    @property
    def size(self) -> int:
        """The number of units."""
        return len(self.values)

    @property
    def id(self) -> str:
        """The id prefix of its marks."""
        return f"{self.state}-{self.state}_prev-{self.t}"

    @property
    def terms(self) -> str:
        """Its terms."""
        return f"{self.state} {self.state}_prev"


def independence(subject: LayerRun, width: float, *, step: int = 2) -> Diagram:
    """How a unit depends on the others: through h on all, through c only on itself.

    Args:
        subject: The run, layer and direction to draw.
        width: The width that the figure may use.
        step: The time step, counted from 1; the first if there is no other.
    """
    t = subject.step_index(step)
    jacobians = _matrices(subject, t)
    space = inner_width(width)
    min_width = max(_min_width(jacobian) for jacobian in jacobians)
    half = (space - GAP) / 2
    is_side_by_side = max(min_width, MIN_WIDTH) <= half
    matrix_width = half if is_side_by_side else space
    marks: list[Mark] = []
    x = y = height = 0.0
    for jacobian in jacobians:
        matrix_marks, bottom = (
            _printed(jacobian, matrix_width)
            if jacobian.size <= MAX_UNFOLDED and min_width <= matrix_width
            else _mapped(jacobian)
        )
        marks += [shift(mark, x, y) for mark in matrix_marks]
        height = max(height, y + bottom)
        x, y = (half + GAP, 0.0) if is_side_by_side else (0.0, height + 22)
    folded = any(_cut(jacobian).block > 1 for jacobian in jacobians)
    return Diagram(
        _head(subject, t, jacobians),
        _description(subject, jacobians),
        space,
        height,
        tuple(marks),
        width,
        heat.RMS if folded else "",
    )


def _matrices(subject: LayerRun, t: int) -> list[Jacobian]:
    """Return both Jacobians, of all units or of the first ones."""
    weights, current = subject.weights, subject.steps[t]
    size = weights.hidden_size
    if size > MAX_UNFOLDED:
        count = min(size, MAX_UNITS)
        blocks_expression = Ref(f"blocks({t}, {count})")
        parts = [
            (state, blocks_expression.item(k), derivative.value, derivative.scale)
            for k, (state, derivative) in enumerate(
                zip("hc", blocks(weights, current, count), strict=True)
            )
        ]
    else:
        parts = [
            (state, Ref(f"d{state}_d{state}_prev")[t, 0], *pair)
            for state, derivative in (
                ("h", dh_dh_prev(weights, current)),
                ("c", dc_dc_prev(weights, current)),
            )
            for pair in [(derivative.value[0], derivative.scale[0])]
        ]
    return [
        Jacobian(state, Matrix(values, ref, np.maximum(scales, current.scale)), t)
        for state, ref, values, scales in parts
    ]


def _min_width(jacobian: Jacobian) -> float:
    """Return the least width in which all numbers of a matrix fit."""
    if jacobian.size > MAX_UNFOLDED:
        return 0
    numbers = [jacobian.number(r, c) for r, c in np.ndindex(jacobian.values.shape)]
    return ROW_NAMES_WIDTH + jacobian.size * weight_rows.cell_width(numbers)


def _names(jacobian: Jacobian, of: Sequence[str]) -> list[Mark]:
    """Draw the heading and the name of a matrix."""
    zeros, one_of = "== 0", f"{jacobian.of}[~torch.eye({jacobian.size}).bool()]"
    if jacobian.size == 1:
        heading = sentence(f"How {jacobian.state} depends on its own past")
    elif not np.isfinite(jacobian.values).all():
        heading = sentence(f"How {jacobian.state} depends on {jacobian.state}_prev")
    elif jacobian.state == "c":
        heading = sentence(
            "Of c_prev, a unit reads only its own", claim=f"bool(({one_of} {zeros}).all())"
        )
    elif np.all(jacobian.values != 0):
        heading = sentence(
            "Each h depends on h_prev of every unit", claim=f"bool(({jacobian.of} != 0).all())"
        )
    else:
        heading = sentence("How each h depends on h_prev of each unit")
    point, _ = words.paragraph(0, 0, heading, 328, fill="ink", bold=True)
    label = words.label(
        0,
        30,
        f"∂{jacobian.state}/∂{jacobian.state}_prev",
        {"tensor": jacobian.state},
        of,
        "block",
        style=words.FINE_CODE,
        fill=jacobian.state,
        term=jacobian.terms,
    )
    return [point, label, _count(jacobian, label.width + 14, 30)]


def _count(jacobian: Jacobian, x: float, y: float) -> Mark:
    """Print how many elements are not zero; `y` is the middle."""
    count, all_of = int(np.count_nonzero(jacobian.values)), jacobian.values.size
    statement = sentence(
        f"{{}} of {{}} {_verb(count)} not zero",
        (f"{count:,}", f"int({jacobian.of}.count_nonzero())"),
        (f"{all_of:,}", f"{jacobian.of}.numel()"),
    )
    size = words.SMALL
    top = y - words.LINE * size / words.NOTE / 2
    return words.paragraph(x, top, statement, 240, size=size)[0]


def _verb(count: int) -> str:
    return "is" if count == 1 else "are"


def _printed(jacobian: Jacobian, width: float) -> tuple[list[Mark], float]:
    """Draw a matrix as numbers on cells; return the marks and their bottom."""
    cell_width = min(MAX_COLUMN_WIDTH, (width - ROW_NAMES_WIDTH) / jacobian.size)
    cell_height, size = (
        (TALL_ROW_HEIGHT, words.NUMBER)
        if cell_width >= MIN_TALL_CELL_WIDTH
        else (ROW_HEIGHT, words.SMALL)
    )
    max_chars = max(5, int((cell_width - 10) / weight_rows.DIGIT_WIDTH))
    end = abs(float(jacobian.largest.value)) if jacobian.largest else 1.0
    columns = [
        words.Decimals.of((jacobian.number(row, k) for row in range(jacobian.size)), max_chars)
        for k in range(jacobian.size)
    ]
    marks = _names(jacobian, [f"{jacobian.id}-*-*"])
    half = CELL_GAP / 2
    for row, column in np.ndindex(jacobian.values.shape):
        number = jacobian.number(row, column)
        x, y = ROW_NAMES_WIDTH + column * cell_width, HEADER_HEIGHT + row * cell_height
        id = f"{jacobian.id}-{row}-{column}"
        middle = x + cell_width / 2 - half, y + cell_height / 2 - half
        cell = Box(
            x,
            y,
            cell_width - CELL_GAP,
            cell_height - CELL_GAP,
            radius=3,
            fill="paper",
            id=f"{id}-cell",
            term=jacobian.terms,
            bound=(Shade(number.expr, end),),
        )
        if number.value:
            fill = weight_rows.shade(float(number.value), end)
            weight = styles.CELL.strong.weight
            highlighted = cell._replace(fill=fill, stroke="ink", stroke_width=weight)
            text = columns[column].number(
                *middle,
                number,
                size=size,
                max_chars=max_chars,
                bold=True,
                id=id,
                term=jacobian.terms,
            )
            marks += [styles.strong(highlighted, "it != 0"), styles.strong(text, "it != 0")]
        else:
            marks += [
                cell,
                words.number(
                    *middle, number, size=size, places=0, fill="muted", id=id, term=jacobian.terms
                ),
            ]
    for k in range(jacobian.size):
        marks += [
            _column_label(jacobian, k, ROW_NAMES_WIDTH + (k + 0.5) * cell_width - half, cell_width),
            words.label(
                ROW_NAMES_WIDTH - 8,
                HEADER_HEIGHT + (k + 0.5) * cell_height - half,
                f"{jacobian.state}[{k}]",
                {"unit": k},
                [f"{jacobian.id}-{k}-*"],
                "row",
                style=words.FINE_CODE,
                anchor="end",
            ),
        ]
    return marks, HEADER_HEIGHT + jacobian.size * cell_height - CELL_GAP


def _column_label(jacobian: Jacobian, k: int, x: float, column_width: float) -> Mark:
    """Draw the unit of a column, with its state if that fits."""
    name = f"{jacobian.state}_prev[{k}]"
    if len(name) * weight_rows.DIGIT_WIDTH > column_width - 2:
        name = f"[{k}]"
    return words.label(
        x,
        HEADER_HEIGHT - 11,
        name,
        {"unit": k},
        [f"{jacobian.id}-*-{k}"],
        "column",
        style=words.FINE_CODE,
        anchor="middle",
    )


def _cut(jacobian: Jacobian) -> heat.Cut:
    return heat.axis_in_cells(jacobian.size, MAX_CELLS)


def _mapped(jacobian: Jacobian) -> tuple[list[Mark], float]:
    """Draw a matrix as a heat map; return the marks and its bottom."""
    cut = _cut(jacobian)
    cells = heat.cells(jacobian.matrix, ("ink",), cut, cut)
    cell = max(4, MAP_WIDTH // cut.cells)
    top = HEADER_HEIGHT - 18
    names = {k: f"{jacobian.state}[{k}]" for k in (0, jacobian.size - 1)}
    left = 8 + max(map(len, names.values())) * weight_rows.DIGIT_WIDTH
    marks = _names(jacobian, [jacobian.id])
    marks.append(
        heat.heat_map(cells, 0, left, top, cell, cell, id=jacobian.id, term=jacobian.terms)
    )
    bottom = top + cell * cut.cells
    for k, y in ((0, top + cell / 2), (jacobian.size - 1, bottom - cell / 2)):
        marks.append(
            words.label(
                left - 8,
                y,
                names[k],
                {"unit": k},
                [jacobian.id],
                "band",
                style=words.FINE_CODE,
                anchor="end",
            )
        )
    marks += heat.colour_bar(
        cells,
        left,
        bottom + 10,
        cell * cut.cells,
        id=f"{jacobian.id}-scale",
        term=jacobian.terms,
        symbol=f"∂{jacobian.state}",
        of=[jacobian.id],
    )
    return marks, bottom + 38


def _head(subject: LayerRun, t: int, jacobians: list[Jacobian]) -> Head:
    folded = [_cut(jacobian).block > 1 for jacobian in jacobians]
    label, size = subject.step_number(t), subject.weights.hidden_size
    notes = [
        sentence(
            "A row is a unit after the step, a column a unit before it. "
            "∂c/∂c_prev holds h_prev fixed, which leaves f."
        )
    ]
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
    if not all(folded):
        notes.append(sentence("Blue is positive, red is negative; each matrix has its own scale."))
    if size == 1:
        notes.append(
            sentence(
                "With one unit each matrix is a single element: full and diagonal at once.",
                claim="c.shape[-1] == 1",
            )
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
    off_diagonal = "({0}.triu(1).any() or {0}.tril(-1).any())"
    c_is_diagonal = f"not {off_diagonal.format(f'({c.of}).nan_to_num()')}"
    h_is_coupled = off_diagonal.format(f"({h.of})")
    # NaN counts as a dependence in h, because its cause is unknown.
    if np.triu(h.values, 1).any() or np.tril(h.values, -1).any():
        return sentence(
            "Units meet through h, never through c",
            claim=f"bool({h_is_coupled} and {c_is_diagonal})",
        )
    return sentence(
        "No unit depends on another here", claim=f"bool({c_is_diagonal} and not {h_is_coupled})"
    )


def _description(subject: LayerRun, jacobians: list[Jacobian]) -> str:
    """Describe every element of small matrices, and the counts of large ones."""
    sentences = [f"Step {subject.step_number(jacobians[0].t)}."]
    for jacobian in jacobians:
        name = f"∂{jacobian.state}/∂{jacobian.state}_prev"
        count = int(np.count_nonzero(jacobian.values))
        sentences.append(f"Of {name} {count} of {jacobian.values.size} {_verb(count)} not zero.")
        if jacobian.size <= MAX_UNFOLDED:
            sentences += [
                f"{name} row {row}: "
                + number_list([jacobian.number(row, k) for k in range(jacobian.size)])
                + "."
                for row in range(jacobian.size)
            ]
        elif jacobian.largest is not None:
            largest = text(jacobian.largest.value)
            sentences.append(f"The largest of {name} is {largest}.")
    return " ".join(sentences)
