"""The figure `classifier`."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from ...errors import BeyondLimit
from ...layout.cells import spoken
from ...layout.fold import excerpt, notes
from ...layout.heading import inner
from ...layout.panels import Panel, code
from ...layout.vectors import chip, chip_height
from ...layout.verdicts import RADIUS, cross, verdict
from ...options import Value
from ...proof.digits import counted
from ...proof.runs.variants import beginning, sequences, two_directions
from ...proof.subject import Subject
from ...scene.marks import Box, Mark, Text, shift
from ...scene.scenes import Diagram, Heading
from .vectors import Block, Pick, picks

SHOWN = 2
"""The most sequences, and the most blocks of each, that are shown."""
APART, SIDE, CHIP = 20.0, 12.0, 46.0
"""Between cards, inside them, and the width of a state."""
HEAD, LEAST = 62.0, 30.0
"""The height of the words of a card, and the least of a block."""


def made(subject: Subject, options: Mapping[str, Value]) -> Subject:
    """The module over its first steps, with two sequences at least.

    Raises:
        BeyondLimit: If it has more directions than are asked for.
    """
    trace, asked = subject.trace, options["directions"]
    assert isinstance(asked, int)
    subject.check("directions", asked, 3)
    if asked == 1 and trace.bidirectional:
        raise BeyondLimit(
            f"got --directions 1 for {subject.module}, expected its own 2; "
            "leave --directions out",
            "directions",
        )
    trace = beginning(trace)
    if asked == 2 or (not asked and trace.origin.example):
        trace = two_directions(trace)
    return replace(subject, trace=sequences(trace, SHOWN))


def classifier(
    subject: Subject, room: float, *, directions: int = 0
) -> Diagram:
    """Which vector goes to a classifier: right picks and wrong ones.

    Args:
        subject: What is drawn.
        room: The width that the figure may use.
        directions: 1, or 2, of which one is made if need be; 0 for those of
            the module, of the example 2.
    """
    found = picks(subject, SHOWN)
    body = _cards(found, subject.weights.size, inner(room))
    count = subject.trace.x.shape[1]
    more = count - SHOWN
    wrong = sum(not pick.right for pick in found)
    return Diagram(
        Heading(
            "A classifier wants what has read the whole sequence",
            f"{subject.module} over {counted(len(subject.steps), 'step')}, "
            f"{counted(count, 'sequence')}: one vector for each is wanted",
            (
                "All run without an error, the wrong ones too."
                if wrong
                else "All run without an error.",
                *notes(("unit", excerpt(subject.weights.size))),
                *[f"{counted(more, 'more sequence')} of the batch "
                  f"{'is' if more == 1 else 'are'} left out."] * (more > 0),
            ),
            subject.origin,
        ),
        " ".join(map(_said, found)),
        body.width,
        body.height,
        body.marks,
        room,
    )  # fmt: skip


def _said(pick: Pick) -> str:
    """A pick in words."""
    rows = "; ".join(
        f"[{row}] "
        + ", ".join(
            f"{' '.join(block.words)}"
            + f"{' (wrong)' * (not block.right)} {spoken(block.values)}"
            for block in blocks
        )
        for row, blocks in enumerate(pick.rows)
    )
    word = "right" if pick.right else "wrong"
    return f"{pick.code} is {word}, {pick.reason}: {rows}."


def _cards(found: Sequence[Pick], size: int, space: float) -> Panel:
    """A card for each pick, two side by side where there is room."""
    beside = 2 if space >= 480 else 1
    width = (space - APART * (beside - 1)) / beside
    marks: list[Mark] = []
    y = 0.0
    for first in range(0, len(found), beside):
        cards = found[first : first + beside]
        height = max(_height(pick, size) for pick in cards)
        for k, pick in enumerate(cards):
            made = _card(pick, first + k, size, width, height)
            marks += [shift(mark, k * (width + APART), y) for mark in made]
        y += height + APART
    return Panel(space, y - APART, tuple(marks))


def _pitch(size: int) -> float:
    """From one block to the next below it."""
    return max(LEAST, chip_height(size)) + 6


def _height(pick: Pick, size: int) -> float:
    blocks = max(len(blocks) for blocks in pick.rows)
    below = 20 * (pick.left_out > 0)
    return HEAD + blocks * _pitch(size) - 6 + below + SIDE


def _card(
    pick: Pick, number: int, size: int, width: float, height: float
) -> list[Mark]:
    """The verdict, the code, the reason, and the vector of each sequence."""
    marks: list[Mark] = [
        Box(
            x=0, y=0, width=width, height=height, radius=10,
            stroke="rule" if pick.right else "neg:45",
        ),
        *verdict(SIDE, 23, right=pick.right),
        code(SIDE + 68, 23, pick.code, "start", bold=True),
        Text(x=SIDE, y=44, content=pick.reason, fill="muted"),
    ]  # fmt: skip
    column = (width - 2 * SIDE) / SHOWN
    for row, blocks in enumerate(pick.rows):
        left = SIDE + row * column
        middle = HEAD + _pitch(size) / 2 - 3
        marks.append(code(left, middle + 4, f"[{row}]", "start", fill="muted"))
        for k, block in enumerate(blocks):
            id = f"pick-{number}-{row}-{k}"
            marks += [
                shift(mark, left + 26, middle + k * _pitch(size))
                for mark in _block(block, size, id)
            ]
    if pick.left_out:
        y = height - SIDE
        more = f"… {counted(pick.left_out, 'more block')}"
        marks.append(Text(x=SIDE, y=y, content=more, size=11, fill="muted"))
    return marks


def _block(block: Block, size: int, id: str) -> list[Mark]:
    """A state with what it is beside it; the middle of its left is at 0, 0."""
    marks: list[Mark] = []
    high = chip_height(size)
    if block.values:
        marks.append(
            chip(
                CHIP / 2, 0, block.values, id=id, term="h", width=CHIP,
                paint="h" if block.right else "neg",
            )
        )  # fmt: skip
    else:
        marks.append(
            Box(
                x=0, y=-high / 2, width=CHIP, height=high, radius=5,
                stroke="neg", dash="3 3",
            )
        )  # fmt: skip
    x = CHIP + 8
    if not block.right:
        marks.append(cross(x + RADIUS, 0))
        x += 2 * RADIUS + 5
    marks += [
        Text(x=x, y=-3 + 14 * k, content=word, size=11, fill="muted")
        for k, word in enumerate(block.words)
    ]
    return marks
