"""The figure `padding`."""

from collections.abc import Sequence
from typing import NamedTuple

from ...layout.cells import CHARACTER, number, spoken
from ...layout.fold import Gap, excerpt, notes
from ...layout.heading import inner
from ...layout.panels import Panel, arrow, code, flow
from ...layout.vectors import gap
from ...layout.verdicts import sign
from ...proof import digits
from ...proof.digits import counted
from ...proof.runs.batches import both_ways, state_note
from ...proof.subject import Number, Subject
from ...scene.marks import Box, Mark, Path, Text
from ...scene.scenes import Diagram, Heading
from .runs import Run, runs_of, setup_of

SHOWN = 7
"""The most steps, with padding."""
WIDE, NARROW, SLIM = 42.0, 36.5, 16.0
"""The width of a number, where there is little room, and of one that is not
printed."""
INDEX, APART = 20.0, 14.0
"""What the indices of units take, and the space left of h_n."""
HEAD, FOOT = 62.0, 44.0
"""What is above the first row of a matrix, and below the last one."""


def padding(subject: Subject, room: float, *, padding: int = 3) -> Diagram:
    """What a run over padding does to the hidden state.

    Args:
        subject: What is drawn.
        room: The width that the figure may use.
        padding: How many steps of padding follow the sequence, 1 to 6.
    """
    subject.check("padding", padding, SHOWN - 1, 1)
    length = min(len(subject.steps), SHOWN - padding)
    both = both_ways(subject)
    runs = runs_of(subject, both, length, padding)
    forward, reverse = runs[:2], runs[2:]
    grid = _columns(runs, length, room)
    units = excerpt(len(forward[0].h_n))
    body = flow(
        [
            _block(forward, length, grid, reverse=False, label="forward"),
            _block(reverse, length, grid, reverse=True, label="reverse"),
        ],
        inner(room),
        gap=32,
    )
    left_out = len(subject.steps) - length
    return Diagram(
        Heading(
            "Padding is read like any other step",
            f"{both.signature}: h of {counted(length, 'step')} and {padding} "
            "of padding, run as they are and packed",
            (
                f"Outlined: output[{length - 1}], the last step of the "
                "sequence. It is right forward, packed or not.",
                "Packed, the zeros are no steps; pad_packed_sequence puts "
                "zeros in their place.",
                *[
                    "Without biases zeros leave a state of zeros as it is, so "
                    "the reverse direction is right here."
                ]
                * (subject.weights.bias_ih is None and reverse[0].valid),
                *filter(None, [both.note, state_note(subject)]),
                *[f"The sequence is cut after step {length}."] * bool(left_out),
                *notes(("unit", units)),
            ),
            subject.source,
        ),
        f"A sequence of {counted(length, 'step')} and "
        f"{counted(padding, 'step')} of padding. "
        + " ".join(_said(one) for one in runs),
        body.width,
        body.height,
        body.marks,
        room,
        setup_of(both, length, padding, len(subject.weights.weight_ih[0])),
    )


class Columns(NamedTuple):
    """The columns of steps.

    Attributes:
        width: Of a column with numbers.
        slim: Of a step of padding, less where its numbers are not printed.
        length: The steps before the padding.
    """

    width: float
    slim: float
    length: int
    height: float = 19
    gap: float = 1

    def across(self, t: int) -> float:
        """The width of a step."""
        return self.width if t < self.length else self.slim

    def x(self, t: int) -> float:
        """The left of a step."""
        return sum(self.across(before) + self.gap for before in range(t))

    def y(self, row: int) -> float:
        """The top of a row."""
        return row * (self.height + self.gap)

    @property
    def room(self) -> int:
        """How many characters fit into a column."""
        return int((self.width + 0.2) / CHARACTER)


def _columns(runs: list[Run], length: int, room: float) -> Columns:
    """Columns that fit; those of padding are blank if numbers are too long."""
    if room >= 480:
        return Columns(WIDE, WIDE, length)
    longest = max(
        len(digits.text(value.value, room=5))
        for one in runs
        for column in [*one.h, one.h_n]
        for value in excerpt(len(column)).of(column)
    )
    if longest <= 5:
        return Columns(NARROW, NARROW, length)
    return Columns(longest * CHARACTER, SLIM, length)


def _said(one: Run) -> str:
    """A run for a description."""
    way = "Reverse" if one.key.startswith("reverse") else "Forward"
    steps = "; ".join(
        f"step {t + 1} h {spoken(h)}" for t, h in enumerate(one.h)
    )
    return (
        f"{way}, {one.code}: {steps}; "
        f"h_n {spoken(one.h_n)}, {'right' if one.right else 'wrong'}."
    )


def _block(
    runs: list[Run], length: int, grid: Columns, *, reverse: bool, label: str
) -> Panel:
    """One direction: the run over the padding above the packed one."""
    steps = len(runs[0].h)
    right = INDEX + grid.x(steps) - grid.gap + APART + grid.width
    marks: list[Mark] = []
    y = 0.0
    for one in runs:
        drawn, height = _matrix(one, length, grid, y, reverse)
        marks += drawn
        y += height + 20
    return Panel(right, y - 20, tuple(marks), label)


def _matrix(
    one: Run, length: int, grid: Columns, top: float, reverse: bool
) -> tuple[list[Mark], float]:
    """A matrix of units and steps, h_n beside it, and what is right."""
    steps, end = len(one.h), INDEX + grid.x(len(one.h)) - grid.gap
    beside = end + APART
    shown = excerpt(len(one.h_n))
    bottom = top + HEAD + grid.y(len(shown.lines)) - grid.gap
    packed = one.key.endswith("packed")
    first, last = (0, length if packed else steps)
    ends = (INDEX + grid.x(first) + 4, INDEX + grid.x(last) - grid.gap - 4)
    marks: list[Mark] = [
        code(0, top + 11, one.code, "start", bold=True),
        arrow(
            *((x, top + 28) for x in (reversed(ends) if reverse else ends)),
            paint="h", term="h",
        ),
        *(
            Text(
                x=INDEX + grid.x(t) + grid.across(t) / 2, y=top + HEAD - 10,
                content=str(t + 1), size=11, mono=True, fill="muted",
                anchor="middle",
            )
            for t in range(steps)
        ),
        code(beside + grid.width / 2, top + HEAD - 10, "h_n", bold=True),
    ]  # fmt: skip
    for t, column in enumerate([*one.h, one.h_n]):
        x = INDEX + grid.x(t) if t < steps else beside
        ghost = length <= t < steps
        wrong = not one.right if t == steps else not (ghost or one.valid)
        name = f"{one.key}-{t}" if t < steps else f"{one.key}-h_n"
        marks += _column(
            grid,
            x, top + HEAD, column, name, "h" if t < steps else "h_n",
            ghost=ghost, wrong=wrong,
        )  # fmt: skip
    for line, k in enumerate(shown.lines):
        y = top + HEAD + grid.y(line) + grid.height / 2 + 4
        if isinstance(k, Gap):
            marks += gap((INDEX + end) / 2, y, k.count)
        else:
            marks.append(
                Text(
                    x=INDEX - 6, y=y, content=str(k), size=11, mono=True,
                    fill="muted", anchor="end",
                )
            )  # fmt: skip
    if one.valid and not reverse:
        marks.append(
            Box(
                x=INDEX + grid.x(length - 1) - 1, y=top + HEAD - 1, radius=3,
                width=grid.width + 2, height=bottom - top - HEAD + 2,
                stroke="ink", stroke_width=2,
            )
        )  # fmt: skip
    rest = "zeros" if packed else "padding"
    after = INDEX + grid.x(length)
    marks += _below(INDEX, after - grid.gap, bottom, one.valid)
    marks += _below(after, end, bottom, None, rest)
    marks += _below(beside, beside + grid.width, bottom, one.right)
    return marks, bottom + FOOT - top


def _column(
    grid: Columns,
    x: float,
    top: float,
    values: Sequence[Number],
    id: str,
    term: str,
    *,
    ghost: bool,
    wrong: bool,
) -> list[Mark]:
    """The units of one step."""
    shown = excerpt(len(values))
    zeros = all(value.value == 0 for value in values)
    places = 0 if zeros else digits.decimals(v.value for v in values)
    marks: list[Mark] = []
    for line, k in enumerate(shown.lines):
        if isinstance(k, Gap):
            continue
        y = top + grid.y(line)
        marks.append(
            Box(
                x=x, y=y, width=grid.slim if ghost else grid.width,
                height=grid.height, radius=3,
                fill="neg:18" if wrong else "paper" if ghost else "panel",
                stroke="rule" if ghost else None, dash="2 2" if ghost else "",
            )
        )  # fmt: skip
        if ghost and grid.slim < grid.width:
            continue
        marks.append(
            number(
                x + grid.width / 2, y + grid.height / 2 + 4, values[k],
                places=places, room=grid.room, id=f"{id}-{k}", term=term,
                fill="muted" if ghost else "ink", aligned=not zeros,
            )
        )  # fmt: skip
    return marks


def _below(
    left: float, right: float, y: float, verdict: bool | None, word: str = ""
) -> list[Mark]:
    """A bracket below columns, and what they are."""
    middle = (left + right) / 2
    said = word or ("right" if verdict else "wrong")
    marks: list[Mark] = [
        Path(
            d=(
                ("M", (left + 2, y + 5)),
                ("L", (left + 2, y + 9)),
                ("L", (right - 2, y + 9)),
                ("L", (right - 2, y + 5)),
            ),
            stroke="muted",
        ),
        Text(
            x=middle, y=y + 40 if not word else y + 24, content=said, size=11,
            bold=not word, fill="muted" if word else "ink", anchor="middle",
        ),
    ]  # fmt: skip
    if verdict is not None:
        marks.append(sign(middle, y + 20, right=verdict))
    return marks
