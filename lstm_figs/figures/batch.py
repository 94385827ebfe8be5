"""The figure `batch`."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from ..layout import heat, matrix, words
from ..layout.blocks import Block, below, flow, said
from ..layout.cells import spoken
from ..layout.fold import Excerpt, Gap, excerpt, few
from ..layout.provenance import provenance
from ..layout.room import inner
from ..options import Value
from ..proof import digits
from ..proof.bindings import Node, Sentence, sentence
from ..proof.digits import counted
from ..proof.runs.variants import LARGE, sequences
from ..proof.subject import Number, Subject
from ..scene.marks import Box, Group, Mark, shift
from ..scene.scenes import Diagram, Head
from ..scene.terms import TERMS

MADE = 3
"""How many sequences are made of one."""
PARTS = ("x", "c", "h")
"""What has a row for each sequence, in the order of computing."""
HEAD, ROW = 40.0, 30.0
"""What stands above rows, and the height of one."""
INDEX = 35.0
"""The width of the index of a sequence."""
WEIGHTS = 180.0
"""What weights take across."""
GAP = 14.0
"""Between what stands beside each other."""


def made(subject: Subject, options: Mapping[str, Value]) -> Subject:
    """The module with several sequences, if it is not large."""
    if subject.weights.hidden_size > LARGE:
        return subject
    return replace(subject, trace=sequences(subject.trace, MADE))


class Table(NamedTuple):
    """The rows of one tensor at the first step.

    Attributes:
        name: What expressions call it.
        rows: A row of numbers for each sequence.
        shown: Which sequences.
        columns: Which numbers of a row.
    """

    name: str
    rows: Sequence[Sequence[Number]]
    shown: Excerpt
    columns: Excerpt

    @property
    def numbers(self) -> list[Number]:
        """Those that are shown."""
        return [
            number
            for row in self.shown.of(self.rows)
            for number in self.columns.of(row)
        ]


def batch(subject: Subject, room: float) -> Diagram:
    """What has a row for each sequence of a batch, and what all share."""
    space = inner(room)
    tables = [_table(subject, name) for name in PARTS]
    shared, maps = _weights(subject)
    drawn = {one.name: _drawn(one, space) for one in tables}
    blocks = [drawn["x"], shared, drawn["c"], drawn["h"]]
    wide = sum(block.width for block in blocks) + 3 * GAP <= space
    if wide:
        body = flow([_level(one, blocks) for one in blocks], space, GAP)
    else:
        body = below(
            [
                flow([drawn["x"], shared], space, 24),
                flow([drawn["c"], drawn["h"]], space, 24),
            ],
            26,
        )
    return Diagram(
        _head(subject, tables, _colours([one.cells for one in maps])),
        _description(tables, maps),
        space,
        body.height,
        body.marks,
        room,
        heat.RMS,
    )


def _level(one: Block, blocks: Sequence[Block]) -> Block:
    """A block whose middle is level with that of the highest."""
    height = max(block.height for block in blocks)
    down = (height - one.height) / 2
    marks = tuple(shift(mark, 0, down) for mark in one.marks)
    return Block(one.width, height, marks)


def _table(subject: Subject, name: str) -> Table:
    step = subject.steps[0]
    count, width = getattr(step, name).shape
    return Table(
        name,
        [
            [subject.result(name, 0, n, j) for j in range(width)]
            for n in range(count)
        ],
        excerpt(count),
        excerpt(width) if width <= 4 else few(width),
    )


def _drawn(one: Table, space: float) -> Block:
    """The name, the shape, and a row for each sequence."""
    size = words.NUMBER if space > 400 else words.SMALL
    point = words.Point.of(one.numbers, 5)
    places = digits.decimals(number.value for number in one.numbers)
    each = max(34.0, point.width(size) + 9) if places else 28.0
    lines = len(one.columns.lines)
    width = INDEX + each * lines
    id, term = f"{one.name}-0", one.name
    marks: list[Mark] = []
    for line, n in enumerate(one.shown.lines):
        y = HEAD + (line + 0.5) * ROW
        if isinstance(n, Gap):
            marks.append(words.operator(INDEX + each * lines / 2, y, "…"))
            continue
        marks += [
            Box(
                INDEX, y - ROW / 2 + 2, width - INDEX, ROW - 4, radius=5,
                fill="panel", term=term,
            ),
            words.label(
                INDEX - 6, y, f"[{n}]", {"sample": n}, [f"{id}-{n}-*"], "row",
                size=words.SMALL, anchor="end", mono=True,
            ),
        ]  # fmt: skip
        for column, j in enumerate(one.columns.lines):
            x = INDEX + (column + 0.5) * each
            if isinstance(j, Gap):
                marks.append(words.operator(x, y, "…"))
            elif not places:
                marks.append(
                    words.number(
                        x, y, one.rows[n][j], size=size, places=0, room=3,
                        id=f"{id}-{n}-{j}", term=term,
                    )
                )  # fmt: skip
            else:
                marks.append(
                    point.number(
                        x, y, one.rows[n][j], size=size, room=5,
                        id=f"{id}-{n}-{j}", term=term,
                    )
                )  # fmt: skip
    whole = Group(
        tuple(marks), id=id, bound=(Node(f"{_expr(one)}[0]"),)
    )  # fmt: skip
    middle = INDEX + each * lines / 2
    shape = (one.shown.count, one.columns.count)
    head = [
        words.label(
            middle, 8, one.name, {"tensor": one.name}, [f"{id}-*-*"],
            "block", anchor="middle", fill=TERMS[one.name].role, bold=True,
            term=term,
        ),
        words.label(
            middle, 26, str(shape), {"shape": ",".join(map(str, shape))},
            [id], "block", size=words.SMALL, anchor="middle", mono=True,
        ),
    ]  # fmt: skip
    return Block(width, HEAD + ROW * len(one.shown.lines), (*head, whole))


def _expr(one: Table) -> str:
    """The tensor of all steps."""
    return one.rows[0][0].expr.partition("[")[0]


def _weights(subject: Subject) -> tuple[Block, list[matrix.Map]]:
    """The weights as colours, which all sequences share."""
    tensors = [one for one in matrix.parameters(subject) if one.meets]
    left = matrix.Bands.gutter(subject.weights.hidden_size)
    # The index of the first column stands clear of that of the last row.
    maps = matrix.mapped(tensors, WEIGHTS, left + 10, apart=16)
    cut = maps[0].cells.rows
    bands = matrix.Bands(
        cut, max(4, min(16, 24 // cut.cells)), matrix.TOP, left
    )
    marks = [
        *bands.names([f"{one.id}-{{gate}}" for one in tensors], ()),
        *matrix.drawn(bands, maps),
    ]
    body = Block(
        maps[-1].left + maps[-1].width,
        bands.bottom + matrix.BELOW,
        tuple(marks),
    )
    title = said(sentence("the same weights for every row"), body.width)
    return below([title, body], 8), maps


def _colours(maps: Sequence[heat.Cells]) -> list[Sentence]:
    """What the colours of the weights are."""
    notes = []
    if any(not one.is_folded for one in maps):
        notes.append(sentence("Blue weights are positive, red ones negative."))
    if any(one.is_folded for one in maps):
        notes.append(
            sentence(
                "Where a cell is a block of weights, it is as dark as their "
                "root mean square."
            )
        )
    return notes


def _head(
    subject: Subject, tables: Sequence[Table], notes: list[Sentence]
) -> Head:
    count = tables[0].shown.count
    if count == 1:
        notes = [
            *notes,
            sentence("A large module is shown with its one sequence."),
        ]
    folded = [one for one in tables if one.columns.folded or one.shown.folded]
    if folded:
        notes = [*notes, sentence("Dots stand for what is left out.")]
    label = subject.label(0)
    return Head(
        sentence("A batch adds rows, not weights"),
        sentence(
            "Every sequence has a row in x, in c and in h, and is computed as "
            "if it were alone."
        ),
        provenance(
            subject,
            ("{} sequences" if count > 1 else "{} sequence", count,
             "x.shape[1]"),
            ("step {}", label, str(label)),
        ),
        tuple(notes),
        "" if subject.trace.origin.network and count == 1 else subject.origin,
    )  # fmt: skip


def _description(tables: Sequence[Table], maps: Sequence[matrix.Map]) -> str:
    shown = tables[0].shown
    told = " ".join(
        f"Sequence {n}: "
        + "; ".join(f"{one.name} is {spoken(one.rows[n])}" for one in tables)
        + "."
        for n in shown.indices
    )
    colours = "".join(f" {one}." for one in matrix.spoken_scales(maps))
    return (
        f"{counted(shown.count, 'sequence')} at the first step. {told}{colours}"
    )
