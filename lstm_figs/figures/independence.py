"""The figure `independence`."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from ..layout import styles, words
from ..layout.cells import spoken
from ..layout.fold import WHOLE
from ..layout.motifs import heat, rows
from ..layout.provenance import provenance, source, step_of
from ..layout.room import inner
from ..model.gradients.derivatives import blocks, dc_dc_prev, dh_dh_prev
from ..model.tensors import Array
from ..proof.bindings import Sentence, Shade, sentence
from ..proof.digits import text
from ..proof.reference import Matrix, Number, Ref
from ..proof.subject import Subject
from ..scene.marks import Box, Mark, shift
from ..scene.scenes import Diagram, Head

APART, LEFT, HEAD = 32.0, 44.0, 66.0
"""Between the matrices; what names of rows and of columns take."""
WIDEST, ROOMY = 138.0, 80.0
"""The widest column that is printed, and the least whose cells are tall."""
TALL, LOW = 44.0, 34.0
"""The height of a row of tall cells, and of others."""
BETWEEN = 4.0
"""What is between two cells."""
ROOM = 300.0
"""The width that words and a map need."""
BLOCK, CELLS, MAP = 256, 64, 256
"""The most units of a map, the most cells, and how wide it is."""


class Jacobian(NamedTuple):
    """How a state of each unit changes with the one before of each.

    Attributes:
        state: `h` or `c`.
        matrix: A row for each unit after the step, a column for one before.
        t: The step.
    """

    state: str
    matrix: Matrix
    t: int

    def number(self, row: int, column: int) -> Number:
        """One element."""
        return self.matrix[row, column]

    @property
    def of(self) -> Ref:
        """What yields it."""
        return self.matrix.of

    @property
    def values(self) -> Array:
        """Two axes."""
        return self.matrix.values

    @property
    def largest(self) -> Number | None:
        """The finite element of largest magnitude, None where all are 0."""
        return self.matrix.largest()

    @property
    def size(self) -> int:
        """How many units."""
        return len(self.values)

    @property
    def id(self) -> str:
        """What ids begin with."""
        return f"{self.state}-{self.state}_prev-{self.t}"

    @property
    def terms(self) -> str:
        """Its terms."""
        return f"{self.state} {self.state}_prev"


def independence(subject: Subject, room: float, *, step: int = 2) -> Diagram:
    """How a unit depends on the others: by h on all, by c on itself alone.

    Args:
        subject: What is drawn.
        room: The width that the figure may use.
        step: The time step, counted from 1; the first if there is no other.
    """
    t = subject.at(step)
    both = _matrices(subject, t)
    space = inner(room)
    least = max(_least(one) for one in both)
    half = (space - APART) / 2
    beside = max(least, ROOM) <= half
    width = half if beside else space
    marks: list[Mark] = []
    x = y = height = 0.0
    for one in both:
        drawn, bottom = (
            _printed(one, width) if one.size <= WHOLE and least <= width else _mapped(one)
        )
        marks += [shift(mark, x, y) for mark in drawn]
        height = max(height, y + bottom)
        x, y = (half + APART, 0.0) if beside else (0.0, height + 22)
    folded = any(_cut(one).block > 1 for one in both)
    return Diagram(
        _head(subject, t, both),
        _description(subject, both),
        space,
        height,
        tuple(marks),
        room,
        heat.RMS if folded else "",
    )


def _matrices(subject: Subject, t: int) -> list[Jacobian]:
    """Both, of all units or of the first ones."""
    weights, current = subject.weights, subject.steps[t]
    size = weights.hidden_size
    if size > WHOLE:
        count = min(size, BLOCK)
        both = Ref(f"blocks({t}, {count})")
        found = [
            (state, both.item(k), one.value, one.scale)
            for k, (state, one) in enumerate(
                zip("hc", blocks(weights, current, count), strict=True)
            )
        ]
    else:
        found = [
            (state, Ref(f"d{state}_d{state}_prev")[t, 0], *pair)
            for state, one in (
                ("h", dh_dh_prev(weights, current)),
                ("c", dc_dc_prev(weights, current)),
            )
            for pair in [(one.value[0], one.scale[0])]
        ]
    return [
        Jacobian(state, Matrix(values, of, np.maximum(scales, current.scale)), t)
        for state, of, values, scales in found
    ]


def _least(one: Jacobian) -> float:
    """The least width in which the numbers of a matrix have room."""
    if one.size > WHOLE:
        return 0
    numbers = [one.number(r, c) for r, c in np.ndindex(one.values.shape)]
    return LEFT + one.size * rows.cell_width(numbers)


def _names(one: Jacobian, of: Sequence[str]) -> list[Mark]:
    """What depends on what, and what the matrix is called."""
    zeros, one_of = "== 0", f"{one.of}[~torch.eye({one.size}).bool()]"
    if one.size == 1:
        said = sentence(f"How {one.state} depends on its own past")
    elif not np.isfinite(one.values).all():
        said = sentence(f"How {one.state} depends on {one.state}_prev")
    elif one.state == "c":
        said = sentence(
            "Of c_prev, a unit reads only its own", claim=f"bool(({one_of} {zeros}).all())"
        )
    elif np.all(one.values != 0):
        said = sentence(
            "Each h depends on h_prev of every unit", claim=f"bool(({one.of} != 0).all())"
        )
    else:
        said = sentence("How each h depends on h_prev of each unit")
    point, _ = words.paragraph(0, 0, said, 328, fill="ink", bold=True)
    label = words.label(
        0,
        30,
        f"∂{one.state}/∂{one.state}_prev",
        {"tensor": one.state},
        of,
        "block",
        style=words.FINE_CODE,
        fill=one.state,
        term=one.terms,
    )
    return [point, label, _count(one, label.width + 14, 30)]


def _count(one: Jacobian, x: float, y: float) -> Mark:
    """How many elements are not zero; `y` is the middle of it."""
    count, all_of = int(np.count_nonzero(one.values)), one.values.size
    said = sentence(
        f"{{}} of {{}} {_verb(count)} not zero",
        (f"{count:,}", f"int({one.of}.count_nonzero())"),
        (f"{all_of:,}", f"{one.of}.numel()"),
    )
    size = words.SMALL
    top = y - words.LINE * size / words.NOTE / 2
    return words.paragraph(x, top, said, 240, size=size)[0]


def _verb(count: int) -> str:
    return "is" if count == 1 else "are"


def _printed(one: Jacobian, width: float) -> tuple[list[Mark], float]:
    """A matrix as numbers on cells, and where it ends."""
    wide = min(WIDEST, (width - LEFT) / one.size)
    high, size = (TALL, words.NUMBER) if wide >= ROOMY else (LOW, words.SMALL)
    room = max(5, int((wide - 10) / rows.CHARACTER))
    end = abs(float(one.largest.value)) if one.largest else 1.0
    columns = [
        words.Decimals.of((one.number(row, k) for row in range(one.size)), room)
        for k in range(one.size)
    ]
    marks = _names(one, [f"{one.id}-*-*"])
    half = BETWEEN / 2
    for row, column in np.ndindex(one.values.shape):
        number = one.number(row, column)
        x, y = LEFT + column * wide, HEAD + row * high
        id = f"{one.id}-{row}-{column}"
        middle = x + wide / 2 - half, y + high / 2 - half
        cell = Box(
            x,
            y,
            wide - BETWEEN,
            high - BETWEEN,
            radius=3,
            fill="paper",
            id=f"{id}-cell",
            term=one.terms,
            bound=(Shade(number.expr, end),),
        )
        if number.value:
            fill = rows.shade(float(number.value), end)
            weight = styles.CELL.strong.weight
            lit = cell._replace(fill=fill, stroke="ink", stroke_width=weight)
            text = columns[column].number(
                *middle, number, size=size, room=room, bold=True, id=id, term=one.terms
            )
            marks += [styles.strong(lit, "it != 0"), styles.strong(text, "it != 0")]
        else:
            marks += [
                cell,
                words.number(
                    *middle, number, size=size, places=0, fill="muted", id=id, term=one.terms
                ),
            ]
    for k in range(one.size):
        marks += [
            _head_of(one, k, LEFT + (k + 0.5) * wide - half, wide),
            words.label(
                LEFT - 8,
                HEAD + (k + 0.5) * high - half,
                f"{one.state}[{k}]",
                {"unit": k},
                [f"{one.id}-{k}-*"],
                "row",
                style=words.FINE_CODE,
                anchor="end",
            ),
        ]
    return marks, HEAD + one.size * high - BETWEEN


def _head_of(one: Jacobian, k: int, x: float, wide: float) -> Mark:
    """The unit of a column, with its state where there is room for it."""
    name = f"{one.state}_prev[{k}]"
    if len(name) * rows.CHARACTER > wide - 2:
        name = f"[{k}]"
    return words.label(
        x,
        HEAD - 11,
        name,
        {"unit": k},
        [f"{one.id}-*-{k}"],
        "column",
        style=words.FINE_CODE,
        anchor="middle",
    )


def _cut(one: Jacobian) -> heat.Cut:
    return heat.cut(one.size, CELLS)


def _mapped(one: Jacobian) -> tuple[list[Mark], float]:
    """A matrix as a map, and where it ends."""
    cut = _cut(one)
    found = heat.cells(one.matrix, ("ink",), cut, cut)
    cell = max(4, MAP // cut.cells)
    top = HEAD - 18
    names = {k: f"{one.state}[{k}]" for k in (0, one.size - 1)}
    left = 8 + max(map(len, names.values())) * rows.CHARACTER
    marks = _names(one, [one.id])
    marks.append(heat.heat(found, 0, left, top, cell, cell, id=one.id, term=one.terms))
    bottom = top + cell * cut.cells
    for k, y in ((0, top + cell / 2), (one.size - 1, bottom - cell / 2)):
        marks.append(
            words.label(
                left - 8,
                y,
                names[k],
                {"unit": k},
                [one.id],
                "band",
                style=words.FINE_CODE,
                anchor="end",
            )
        )
    marks += heat.bar(
        found,
        left,
        bottom + 10,
        cell * cut.cells,
        id=f"{one.id}-scale",
        term=one.terms,
        symbol=f"∂{one.state}",
        of=[one.id],
    )
    return marks, bottom + 38


def _head(subject: Subject, t: int, both: list[Jacobian]) -> Head:
    folded = [_cut(one).block > 1 for one in both]
    label, size = subject.label(t), subject.weights.hidden_size
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
    # With a projection h has fewer numbers than there are units.
    _, c = both
    if c.size < size:
        notes.append(
            sentence(
                "Units up to {} of {} are drawn.",
                (c.size - 1, f"len({c.of}) - 1"),
                (size, "c.shape[-1]"),
            )
        )
    return Head(
        _title(size, *both),
        sentence("How the new state of each unit changes with the old state of every unit."),
        provenance(subject, *step_of(subject, label)),
        tuple(notes),
        source(subject),
    )


def _title(size: int, h: Jacobian, c: Jacobian) -> Sentence:
    if size == 1:
        return sentence("One unit depends only on itself", claim="c.shape[-1] == 1")
    meets = "({0}.triu(1).any() or {0}.tril(-1).any())"
    apart = f"not {meets.format(f'({c.of}).nan_to_num()')}"
    through_h = meets.format(f"({h.of})")
    # What is not a number may depend on anything.
    if np.triu(h.values, 1).any() or np.tril(h.values, -1).any():
        return sentence(
            "Units meet through h, never through c", claim=f"bool({through_h} and {apart})"
        )
    return sentence("No unit depends on another here", claim=f"bool({apart} and not {through_h})")


def _description(subject: Subject, both: list[Jacobian]) -> str:
    """Every element of small matrices, and how many are zero of large ones."""
    told = [f"Step {subject.label(both[0].t)}."]
    for one in both:
        name = f"∂{one.state}/∂{one.state}_prev"
        count = int(np.count_nonzero(one.values))
        told.append(f"Of {name} {count} of {one.values.size} {_verb(count)} not zero.")
        if one.size <= WHOLE:
            told += [
                f"{name} row {row}: " + spoken([one.number(row, k) for k in range(one.size)]) + "."
                for row in range(one.size)
            ]
        elif one.largest is not None:
            largest = text(one.largest.value)
            told.append(f"The largest of {name} is {largest}.")
    return " ".join(told)
