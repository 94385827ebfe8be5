"""The figure `batch`."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from ..layout import styles, words
from ..layout.blocks import Block, below, beside, framed, titled
from ..layout.cells import spoken
from ..layout.fold import Excerpt, Gap, excerpt
from ..layout.motifs import heat, matrix
from ..layout.panels import Point, round_arrow
from ..layout.provenance import origin, provenance
from ..layout.room import inner
from ..options import Value
from ..proof import digits
from ..proof.bindings import Flow, Node, Sentence, sentence
from ..proof.digits import counted
from ..proof.reference import Matrix, Number
from ..proof.runs.variants import LARGE, sequences
from ..proof.subject import Subject
from ..scene import metrics
from ..scene.marks import Box, Group, Mark, Text
from ..scene.scenes import Diagram, Head
from ..scene.terms import TERMS

MADE = 3
"""How many sequences are made of one."""
PARTS = ("x", "c", "h")
"""What has a row for each sequence, in the order of computing."""
HEAD, ROW = 40.0, 30.0
"""What stands above rows, and the height of one."""
INDEX = 30.0
"""The width of the index of a sequence."""
WHOLE, DOTS = 4, 16.0
"""The most columns that are all shown, and what the dots for others take."""
WEIGHTS, PAD = 300.0, 10.0
"""The most that weights take across, and what is free around them."""
GAP, REACH = 8.0, 12.0
"""Between the rows of c and h, and the least that arrows take."""


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
    rows: Matrix
    shown: Excerpt
    columns: Excerpt

    @property
    def numbers(self) -> list[Number]:
        """Those that are shown."""
        return [self.rows[n, j] for n in self.shown.indices for j in self.columns.indices]


def batch(subject: Subject, room: float) -> Diagram:
    """What has a row for each sequence of a batch, and what all share."""
    space = inner(room)
    tables = [_table(subject, name) for name in PARTS]
    body, maps = _across(subject, tables, space) or _down(subject, tables, space)
    return Diagram(
        _head(subject, tables, _colours(maps)),
        _description(tables, maps),
        space,
        body.height,
        body.marks,
        room,
        heat.RMS,
    )


def _across(
    subject: Subject, tables: Sequence[Table], space: float
) -> tuple[Block, list[matrix.Map]] | None:
    """Rows go from the left through the weights; None without room for it."""
    for size in (words.NUMBER, words.SMALL):
        x = _drawn(tables[0], size)
        c, h = (_drawn(one, size, left=0, indexed=False) for one in tables[1:])
        made = beside([c, h], GAP)
        left = space - x.width - made.width - 2 * REACH
        shared, maps = _weights(subject, min(WEIGHTS, left) - 2 * PAD)
        weights = _plane(shared)
        if weights.width <= left:
            return _joined(tables, [x, weights, made], space), maps
    return None


def _joined(tables: Sequence[Table], parts: Sequence[Block], space: float) -> Block:
    """The rows of x, the weights, and the rows that come out of them."""
    x, weights, made = parts
    gap = (space - x.width - weights.width - made.width) / 2
    body = beside([x, weights, made], gap, align="middle")
    down, left = (body.height - x.height) / 2, space - made.width
    ends = [_end(tables[1:], n, left, down + y, made.width) for y, n in _rows(tables[0])]
    arrows = [
        _through((x.width + 2, down + y), (left - 2, down + y), of=n) for y, n in _rows(tables[0])
    ]
    return Block(space, body.height, (*arrows, *body.marks, *ends))


def _down(
    subject: Subject, tables: Sequence[Table], space: float
) -> tuple[Block, list[matrix.Map]]:
    """Rows go from above through the weights.

    Where c and h do not fit beside each other, it is c that they go to.
    """
    size = words.NUMBER if space > 400 else words.SMALL
    x, rows = _drawn(tables[0], size), _rows(tables[0])
    shared, maps = _weights(subject, min(360.0, space) - 2 * PAD)
    apart = min(10, (space - x.width - 14) / len(rows))
    weights = _plane(shared, x.width + 16 + apart * len(rows))
    c, h = (
        _drawn(one, size, left=left, indexed=False)
        for one, left in zip(tables[1:], (INDEX, 0), strict=True)
    )
    made, reached = beside([c, h], GAP), tables[1:]
    if made.width > space:
        made, reached = below([c, _drawn(tables[2], size)], 26), tables[1:2]
    body = below([x, weights, made], 26)
    top, bottom = x.height + 26, body.height - made.height
    close = min(8, (INDEX - 14) / len(rows))
    marks: list[Mark] = []
    for place, (y, n) in enumerate(rows):
        out = x.width + 12 + apart * (len(rows) - 1 - place)
        back = INDEX - 14 - close * place
        marks.append(
            _through(
                (x.width + 2, y),
                (out, y),
                (out, top + 14),
                (back, bottom - 40),
                (back, bottom + y),
                (INDEX - 1, bottom + y),
                of=n,
            )
        )
    ends = [_end(reached, n, INDEX, bottom + y, c.width - INDEX) for y, n in rows]
    return Block(space, body.height, (*marks, *body.marks, *ends)), maps


def _plane(shared: Block, width: float = 0) -> Block:
    """The weights on a plane, which hides what goes through them."""
    return framed(shared, PAD, fill="paper", stroke="muted", width=width)


def _rows(one: Table) -> list[tuple[float, int]]:
    """The middle of each row, and its sequence."""
    return [
        (HEAD + (line + 0.5) * ROW, n)
        for line, n in enumerate(one.shown.lines)
        if not isinstance(n, Gap)
    ]


def _through(*corners: Point, of: int) -> Mark:
    """From the row of a sequence in x to that of its states.

    It is what is looked at, not the weights.
    """
    drawn = round_arrow(*corners, paint="ink", radius=5, width=styles.LINE.strong.weight)
    return drawn._replace(bound=(Flow("order", f"row-x-{of}", f"made-{of}"),))


def _end(tables: Sequence[Table], n: int, x: float, y: float, width: float) -> Mark:
    """What an arrow reaches: the row of a sequence in one table or in two."""
    of = ", ".join(str(one.rows[n].of) for one in tables)
    node = Node(f"({of})" if len(tables) > 1 else of)
    return Box(x, y - ROW / 2, width, ROW, id=f"made-{n}", bound=(node,))


def _table(subject: Subject, name: str) -> Table:
    rows = subject.samples(name, 0)
    count, width = rows.values.shape
    return Table(
        name,
        rows,
        excerpt(count),
        excerpt(width) if width <= WHOLE else Excerpt(width, (0, width - 1)),
    )


def _drawn(one: Table, size: float, *, left: float = INDEX, indexed: bool = True) -> Block:
    """The name, the shape, and a row for each sequence.

    Args:
        one: What is drawn.
        size: The font size of numbers.
        left: Where rows begin.
        indexed: Whether rows have the index of their sequence before them.
    """
    point = words.Decimals.of(one.numbers, 5)
    places = digits.decimals(number.value for number in one.numbers)
    each = max(34.0, point.width(size) + 6) if places else 28.0
    # The shortest form of a tiny number may be longer than its room.
    printed = (words.printed(number, room=5) for number in one.numbers)
    longest = metrics.width("0" * max(map(len, printed)), size, mono=True)
    each = max(each, longest + 3)
    shape = (one.shown.count, one.columns.count)
    # The name of the shape stands over them.
    least = Text(0, 0, str(shape), words.SMALL, mono=True).width + 4
    each = max(each, least / len(one.columns.indices))
    ends = [left]
    for j in one.columns.lines:
        ends.append(ends[-1] + (DOTS if isinstance(j, Gap) else each))
    width = ends[-1]
    id, term = f"{one.name}-0", one.name
    marks: list[Mark] = []
    for line, n in enumerate(one.shown.lines):
        y = HEAD + (line + 0.5) * ROW
        if isinstance(n, Gap):
            marks.append(words.operator((left + width) / 2, y, "…"))
            continue
        marks.append(
            Box(
                left,
                y - ROW / 2 + 2,
                width - left,
                ROW - 4,
                radius=5,
                fill="panel",
                term=term,
                id=f"row-{one.name}-{n}",
                bound=(Node(one.rows[n].of),),
            )
        )
        if indexed:
            marks.append(
                words.label(
                    left - 6,
                    y,
                    f"[{n}]",
                    {"sample": n},
                    [f"{id}-{n}-*"],
                    "row",
                    style=words.FINE_CODE,
                    anchor="end",
                )
            )
        for column, j in enumerate(one.columns.lines):
            x = (ends[column] + ends[column + 1]) / 2
            if isinstance(j, Gap):
                marks.append(words.operator(x, y, "…"))
            elif not places:
                marks.append(
                    words.number(
                        x,
                        y,
                        one.rows[n, j],
                        size=size,
                        places=0,
                        room=3,
                        id=f"{id}-{n}-{j}",
                        term=term,
                    )
                )
            else:
                marks.append(
                    point.number(
                        x, y, one.rows[n, j], size=size, room=5, id=f"{id}-{n}-{j}", term=term
                    )
                )
    whole = Group(tuple(marks), id=id, bound=(Node(one.rows.of),))
    middle = (left + width) / 2
    head = [
        words.label(
            middle,
            8,
            one.name,
            {"tensor": one.name},
            [f"{id}-*-*"],
            "block",
            anchor="middle",
            style=words.STRONG,
            fill=TERMS[one.name].role,
            term=term,
        ),
        words.label(
            middle,
            26,
            str(shape),
            {"shape": ",".join(map(str, shape))},
            [id],
            "block",
            style=words.FINE_CODE,
            anchor="middle",
        ),
    ]
    return Block(width, HEAD + ROW * len(one.shown.lines), (*head, whole))


def _weights(subject: Subject, room: float) -> tuple[Block, list[matrix.Map]]:
    """The weights as colours, which all sequences share, as wide as a room."""
    tensors = [one for one in matrix.parameters(subject) if one.meets]
    left = matrix.Bands.gutter(subject.weights.hidden_size)
    # The index of the first column stands clear of that of the last row.
    maps = matrix.mapped(tensors, room - left - 5, left + 5, apart=16)
    cut = maps[0].cells.rows
    bands = matrix.Bands(cut, max(4, min(16, 24 // cut.cells)), matrix.TOP, left)
    marks = [
        *bands.names([f"{one.id}-{{gate}}" for one in tensors], ()),
        *matrix.drawn(bands, maps, longest=room),
    ]
    end = maps[-1].left + maps[-1].width
    index = words.width(f"h[{tensors[-1].columns - 1}]", words.SMALL)
    body = Block(
        max(
            end, end + (index - maps[-1].wide) / 2 - PAD + 2, maps[-1].middle + matrix.NARROWEST / 2
        ),
        bands.bottom + matrix.below(maps),
        tuple(marks),
    )
    shared = sentence("the same weights for every row")
    return titled(shared, body, room=body.width, gap=10), maps


def _colours(maps: Sequence[matrix.Map]) -> list[Sentence]:
    """What the colours of the weights are."""
    notes = []
    if any(not one.cells.is_folded for one in maps):
        notes.append(sentence("Blue weights are positive, red ones negative."))
    notes += matrix.alike_notes(maps)
    if any(one.cells.is_folded and not one.alike for one in maps):
        notes.append(
            sentence(
                "Where a cell is a block of weights, it is as strong as their root mean square."
            )
        )
    return notes


def _head(subject: Subject, tables: Sequence[Table], notes: list[Sentence]) -> Head:
    count = tables[0].shown.count
    if count == 1:
        notes = [
            *notes,
            sentence("A large module is shown with its one sequence.", claim="x.shape[1] == 1"),
        ]
    folded = [one for one in tables if one.columns.folded or one.shown.folded]
    if folded:
        notes = [*notes, sentence("Dots stand for what is left out.")]
    label = subject.label(0)
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
    shown = tables[0].shown
    told = " ".join(
        f"Sequence {n}: "
        + "; ".join(f"{one.name} is {spoken(one.rows[n])}" for one in tables)
        + "."
        for n in shown.indices
    )
    colours = "".join(f" {one}." for one in matrix.spoken_scales(maps))
    return f"{counted(shown.count, 'sequence')} at the first step. {told}{colours}"
