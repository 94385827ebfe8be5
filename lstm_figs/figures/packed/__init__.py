"""The figure `packed`."""

from collections.abc import Sequence

from ...layout.cells import CHARACTER, Grid, largest, number, spoken
from ...layout.fold import WHOLE
from ...layout.heading import inner
from ...layout.panels import Panel, arrow, code, stack
from ...proof import digits
from ...proof.digits import counted
from ...proof.subject import Number, Subject
from ...scene.marks import Box, Mark, Path, Text
from ...scene.scenes import Diagram, Heading
from .packed_sequence import cell, fields, narrowest
from .packing import Packing, packing_of

INDEX, WIDE = 16.0, 48.0
"""What indices of rows take, and the most of a cell."""
ACROSS, LEAST = 64.0, 30.0
"""What the arrows between rows take, and the least of it."""
TOP, HEIGHT = 44.0, 150.0
"""Where rows begin, and the height of rows without numbers."""


def packed(
    subject: Subject, room: float, *, lengths: tuple[int, ...] = ()
) -> Diagram:
    """A padded batch, sorted by length and packed step by step.

    Args:
        subject: What is drawn.
        room: The width that the figure may use.
        lengths: Steps of each sequence, as in `5,2,3`; mixed by default.
    """
    shown = packing_of(subject, lengths)
    printed = max(shown.count, shown.steps) <= WHOLE
    space = inner(room) if room >= 480 else room - 24
    drawn = _grids(shown, space) if printed else _bars(shown, space)
    body = stack([drawn, fields(shown, space, printed=printed)], space, gap=24)
    padded, packed = shown.updates
    return Diagram(
        Heading(
            "Packing leaves the padding out",
            f"pack_padded_sequence of {counted(shown.count, 'sequence')} of "
            f"{_listed(shown.lengths)}: the cell is updated "
            f"{digits.text(packed.value, 0)} times, not "
            f"{digits.text(padded.value, 0)}",
            (
                *["Values are those of feature 0."] * (shown.size > 1),
                "Above each value of data stands the row of the batch it "
                "comes from, below each step its batch size."
                if printed
                else "A row is a sequence, its dark part the steps that it "
                "has.",
                *[shown.batch.note] * bool(shown.batch.note),
            ),
            subject.origin,
        ),
        _said(shown, printed),
        body.width,
        body.height,
        body.marks,
        room,
        shown.setup,
    )


def _listed(lengths: Sequence[int]) -> str:
    """Lengths in a sentence; of many, the least and the most."""
    if len(lengths) > WHOLE:
        return f"{min(lengths)} to {max(lengths)} steps"
    *head, last = map(str, lengths)
    unit = "step" if {*lengths} == {1} else "steps"
    return f"{', '.join(head)} and {last} {unit}" if head else f"{last} {unit}"


def _said(shown: Packing, printed: bool) -> str:
    padded, packed = shown.updates
    data = [shown.data(j) for j in range(shown.data_shape[0])]
    rows = (
        f"Sequence {n}, {counted(length, 'step')}: "
        + spoken(shown.padded(t, n) for t in range(shown.steps))
        for n, length in enumerate(shown.lengths)
    )
    words = [
        *(rows if printed else [f"lengths {spoken(shown.field('lengths'))}"]),
        f"data {', '.join(spoken([n]) for n in data)}"
        if printed
        else f"data {spoken(data)}",
        *(
            f"{name} {spoken(shown.field(name))}"
            for name in ("batch_sizes", "sorted_indices", "unsorted_indices")
        ),
        f"{spoken([packed])} cell updates instead of {spoken([padded])}",
    ]
    return f"{counted(shown.count, 'sequence')}. " + ". ".join(words) + "."


def _grids(shown: Packing, space: float) -> Panel:
    """The padded batch, and its rows in order of length."""
    steps, count = shown.steps, shown.count
    least = narrowest(shown)
    wide = (space - INDEX - ACROSS) / 2 / steps >= least + 1
    free = space - INDEX - steps * (WIDE + 2)
    across = ACROSS if wide else max(LEAST, min(ACROSS, free))
    each = (space - INDEX - across) / (2 if wide else 1) / steps
    grid = Grid(max(least, min(WIDE, each - 2)), 24, 2 if each > 37 else 1)
    width = grid.x(steps) - grid.gap
    top = largest(shown.ordered(t, k) for t, k in shown.places)
    places = digits.decimals(shown.ordered(t, k).value for t, k in shown.places)
    high = TOP + grid.y(count) - grid.gap
    left, right = (
        (INDEX, INDEX + width + across) if wide
        else (INDEX + across, INDEX + across)
    )  # fmt: skip
    second = 0.0 if wide else high + 44
    padded, packed = shown.updates
    marks: list[Mark] = [
        *_title(left, width, 0, "padded", steps, grid),
        *_indices(count, 0, grid),
        *_title(right, width, second, "sorted by length", steps, grid),
        *([] if wide else _indices(count, second, grid)),
        *_updates(left, high, padded, "padded"),
        *_updates(right, second + high, packed, "packed"),
    ]
    for n, length in enumerate(shown.lengths):
        for t in range(steps):
            marks += cell(
                left + grid.x(t), TOP + grid.y(n), grid, shown.padded(t, n),
                f"padded-{t}-{n}", top, places, ghost=t >= length,
            )  # fmt: skip
    for t, k in shown.places:
        marks += cell(
            right + grid.x(t), second + TOP + grid.y(k), grid,
            shown.ordered(t, k), f"ordered-{t}-{k}", top, places,
        )  # fmt: skip
    start = left + width + 8 if wide else INDEX
    marks += _arrows(
        shown, start, right - 6, second + TOP, grid.height + grid.gap,
        grid.height / 2,
    )  # fmt: skip
    return Panel(right + width, second + high + 24, tuple(marks))


def _arrows(
    shown: Packing,
    start: float,
    end: float,
    top: float,
    pitch: float,
    half: float,
) -> list[Mark]:
    """From each row to its place in order of length."""
    bend = (end - start) * 0.45
    marks: list[Mark] = []
    for k, n in enumerate(shown.order):
        y, after = (top + place * pitch + half for place in (n, k))
        marks.append(
            arrow(
                (start, y), (start + bend, y), (end - bend - 6, after),
                (end, after), curve=True,
            )
        )  # fmt: skip
    return marks


def _title(
    x: float, width: float, y: float, label: str, steps: int, grid: Grid
) -> list[Mark]:
    """What stands above a grid: its name and the steps."""
    return [
        Text(
            x=x, y=y + 10, content=label, bold=True, fill="muted"
        ),
        *(
            code(
                x + grid.x(t) + grid.width / 2, y + TOP - 9, str(t + 1),
                fill="muted",
            )
            for t in range(steps)
        ),
    ]  # fmt: skip


def _indices(count: int, y: float, grid: Grid) -> list[Mark]:
    """The rows of the batch."""
    return [
        code(
            INDEX - 6, y + TOP + grid.y(n) + grid.height / 2 + 4, str(n),
            "end", fill="muted",
        )
        for n in range(count)
    ]  # fmt: skip


def _updates(x: float, y: float, count: Number, id: str) -> list[Mark]:
    """How often the cell is run."""
    printed = digits.text(count.value, 0)
    width = len(printed) * CHARACTER
    return [
        number(
            x + width / 2, y + 19, count, places=0, id=f"updates-{id}",
            term="x", aligned=False,
        ),
        Text(
            x=x + width + 6, y=y + 19, size=11, fill="muted",
            content="cell update" if count.value == 1 else "cell updates",
        ),
    ]  # fmt: skip


def _bars(shown: Packing, space: float) -> Panel:
    """Rows as bars where they are too many or too long for numbers."""
    wide = space >= 480
    across = ACROSS
    width = (space - across) / 2 if wide else space
    padded, packed = shown.updates
    pitch = HEIGHT / shown.count
    second = 0.0 if wide else TOP + HEIGHT + 34
    right = width + across if wide else 0.0
    top = 22.0
    marks: list[Mark] = []
    for x, y, label, lengths, count in (
        (0.0, 0.0, "padded", shown.lengths, padded),
        (right, second, "sorted by length",
         [shown.lengths[n] for n in shown.order], packed),
    ):  # fmt: skip
        marks.append(
            Text(x=x, y=y + 10, content=label, bold=True, fill="muted")
        )
        if label == "padded":
            marks.append(
                Box(
                    x=x, y=y + top, width=width, height=HEIGHT, fill="panel",
                    stroke="rule", dash="2 2",
                )
            )  # fmt: skip
        d: list[tuple[str, tuple[float, float]]] = []
        for row, length in enumerate(lengths):
            middle = y + top + (row + 0.5) * pitch
            d += [
                ("M", (x, middle)),
                ("L", (x + width * length / shown.steps, middle)),
            ]
        marks.append(Path(d=tuple(d), stroke="h:60", stroke_width=pitch * 0.8))
        marks += _updates(x, y + top + HEIGHT, count, label.split()[0])
    if wide:
        y = top + HEIGHT / 2
        marks.append(arrow((width + 14, y), (width + across - 14, y)))
    return Panel(space, second + top + HEIGHT + 24, tuple(marks))
