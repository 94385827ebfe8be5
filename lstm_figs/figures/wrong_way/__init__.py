"""The figure `wrong-way`."""

from collections.abc import Sequence

from ...layout.cells import Grid, number, spoken
from ...layout.fold import Excerpt, Gap, excerpt, notes
from ...layout.heading import inner
from ...layout.panels import Panel, arrow, code, flow
from ...layout.vectors import gap
from ...layout.verdicts import cross, sign, verdict
from ...proof import digits
from ...proof.subject import Number, Subject
from ...scene.marks import Box, Mark, Text, shift
from ...scene.scenes import Diagram, Heading
from ...scene.terms import TERMS
from .mistake import Block, Side
from .mistakes import MISTAKES, Name

WIDTH, BETWEEN = 312.0, 48.0
"""The width of a side, and the space between both."""
INDEX, APART = 26.0, 8.0
"""What indices of units take, and the space between two columns."""
LINE, CAPTION = 17.0, 24.0
"""The height of a line of code and of a caption."""


def wrong_way(
    subject: Subject, room: float, *, mistake: Name = "h-n-view"
) -> Diagram:
    """A classic mistake, its numbers beside the right ones.

    Args:
        subject: What is drawn.
        room: The width that the figure may use.
        mistake: Which mistake.
    """
    found = MISTAKES[mistake](subject)
    units = excerpt(_units(found.right))
    lines = max(len(side.code) for side in (found.wrong, found.right))
    sides = [
        _side(side, name, lines)
        for name, side in (("wrong", found.wrong), ("right", found.right))
    ]
    body = flow(sides, inner(room), gap=BETWEEN)
    return Diagram(
        Heading(
            found.title,
            found.subtitle,
            (*found.notes, *notes(("unit", units))),
            subject.origin,
        ),
        f"{found.title}. "
        + " ".join(
            _said(name, side)
            for name, side in (("Wrong", found.wrong), ("Right", found.right))
        ),
        body.width,
        body.height,
        body.marks,
        room,
        found.setup,
    )


def _units(side: Side) -> int:
    """How many units each block has."""
    return max(len(block.values or ()) for block in side.rows[-1])


def _said(name: str, side: Side) -> str:
    """A side for a description."""
    blocks = (
        f"{' '.join(filter(None, (column, block.caption)))}: "
        + ("missing" if block.values is None else spoken(block.values))
        + ", wrong" * block.wrong
        for row in side.rows
        for column, block in zip(side.columns, row, strict=True)
    )
    return f"{name}: {'; '.join([*side.code, *blocks])}."


def _side(side: Side, name: str, lines: int) -> Panel:
    """The code, and the numbers that it gives."""
    marks: list[Mark] = verdict(0, 12, right=name == "right")
    y = 24.0
    height = lines * LINE + 11
    marks.append(
        Box(x=0, y=y, width=WIDTH, height=height, radius=6, fill="panel")
    )
    marks += [
        code(10, y + 18 + LINE * k, line, "start")
        for k, line in enumerate(side.code)
    ]
    y += height + 16
    if side.bands[0]:
        marks += [shift(mark, 0, y) for mark in _bands(*side.bands)]
        y += 68
    if side.steps:
        marks += [shift(mark, 0, y) for mark in _flow(side.steps, side.along)]
        y += 104
    count = len(side.columns)
    pitch = (WIDTH - INDEX + APART) / count
    width = pitch - APART
    middles = [INDEX + k * pitch + width / 2 for k in range(count)]
    marks += [
        Text(
            x=x, y=y + 10, content=label, size=11, bold=True, fill="muted",
            anchor="middle",
        )
        for x, label in zip(middles, side.columns, strict=True)
    ]  # fmt: skip
    y += 20
    for row, blocks in enumerate(side.rows):
        grid = Grid(width, 22, 2)
        marks += _captions(blocks, middles, y)
        y += CAPTION
        shown = excerpt(_units(side))
        marks += _rows(blocks, middles, grid, y, f"{name}-{row}", shown)
        marks += _indices(shown, grid, y, (middles[0] + middles[-1]) / 2)
        y += grid.y(len(shown.lines)) + 10
    return Panel(WIDTH, y - 12, tuple(marks))


def _captions(
    blocks: Sequence[Block], middles: Sequence[float], y: float
) -> list[Mark]:
    """What the numbers of each block are, or whether they are right."""
    marks: list[Mark] = []
    for block, x in zip(blocks, middles, strict=True):
        if not block.caption:
            marks.append(sign(x, y + 10, right=not block.wrong))
            continue
        aside = 7 if block.wrong else 0
        marks.append(code(x + aside, y + 16, block.caption, fill="muted"))
        if block.wrong:
            half = code(0, 0, block.caption).width / 2
            marks.append(cross(x - half - 2, y + 12))
    return marks


def _rows(
    blocks: Sequence[Block],
    middles: Sequence[float],
    grid: Grid,
    top: float,
    id: str,
    shown: Excerpt,
) -> list[Mark]:
    """The units of all blocks, one below the other."""
    marks: list[Mark] = []
    for column, (block, middle) in enumerate(zip(blocks, middles, strict=True)):
        left = middle - grid.width / 2
        values: list[Number] = block.values or []
        places = digits.decimals(n.value for n in values)
        for line, k in enumerate(shown.lines):
            if isinstance(k, Gap):
                continue
            y = top + grid.y(line)
            marks.append(
                Box(
                    x=left, y=y, width=grid.width, height=grid.height,
                    radius=3, stroke="rule" if block.values is None else None,
                    dash="2 2" if block.values is None else "",
                    fill="paper" if block.values is None
                    else "neg:18" if block.wrong else "panel",
                )
            )  # fmt: skip
            if not values:
                marks.append(
                    Text(
                        x=middle, y=y + 15, content="missing", size=11,
                        fill="muted", anchor="middle",
                    )
                )  # fmt: skip
                continue
            marks.append(
                number(
                    middle, y + grid.height / 2 + 4, values[k],
                    places=places, room=min(8, grid.room),
                    id=f"{id}-{column}-{k}", term=block.term,
                )
            )  # fmt: skip
    return marks


def _indices(
    shown: Excerpt, grid: Grid, top: float, middle: float
) -> list[Mark]:
    """The units, left of their numbers."""
    marks: list[Mark] = []
    for line, k in enumerate(shown.lines):
        y = top + grid.y(line) + grid.height / 2 + 4
        if isinstance(k, Gap):
            marks += gap(middle, y, k.count)
        else:
            marks.append(code(INDEX - 8, y, str(k), "end", fill="muted"))
    return marks


def _bands(stored: str, read: str) -> list[Mark]:
    """What the bands of a file are, and what the module takes them for."""
    marks: list[Mark] = []
    for line, (label, gates) in enumerate(
        (("the bands are", stored), ("read as", read))
    ):
        y = 30.0 * line
        marks.append(Text(x=0, y=y + 16, content=label, size=11, fill="muted"))
        for k, gate in enumerate(gates):
            paint = TERMS[gate].role
            x = 96.0 + 44 * k
            marks += [
                Box(
                    x=x, y=y, width=38, height=24, radius=4, fill=f"{paint}:18"
                ),
                Text(
                    x=x + 19, y=y + 16, content=gate, bold=True, fill=paint,
                    anchor="middle", term=gate,
                ),
            ]  # fmt: skip
            if line and gate != stored[k]:
                marks.append(cross(x + 31, y + 7, 3))
    return marks


def _flow(steps: int, along: bool) -> list[Mark]:
    """Two sequences, and the way that the state goes through them."""
    marks: list[Mark] = [
        Text(
            x=0, y=10, content="the way of the state", size=11, fill="muted"
        )
    ]  # fmt: skip
    pitch, width, height = 36.0, 22.0, 18.0
    tops = 34.0, 70.0
    for t in range(steps):
        x = INDEX + t * pitch
        middle = x + width / 2
        marks.append(code(middle, 27, str(t + 1), fill="muted"))
        for n, top in enumerate(tops):
            y = top + height / 2
            marks.append(
                Box(
                    x=x, y=top, width=width, height=height, radius=4,
                    fill="panel", stroke="ink",
                    stroke_width=2 if t == steps - 1 else 1,
                )
            )  # fmt: skip
            if t == 0:
                marks.append(
                    code(INDEX - 8, y + 4, str(n), "end", fill="muted")
                )
            if along and t:
                start = (x - pitch + width, y)
                marks.append(arrow(start, (x, y), paint="h", term="h"))
        if not along:
            ends = (middle, tops[0] + height), (middle, tops[1])
            marks.append(arrow(*ends, paint="h", term="h"))
    return marks
