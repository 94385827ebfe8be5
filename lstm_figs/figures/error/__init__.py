"""The figure `error`."""

import re
import textwrap
from collections.abc import Iterator, Mapping

import numpy as np

from ...layout.heading import SUBTITLE, inner
from ...layout.panels import Panel, Point, arrow, code, stack
from ...proof import digits
from ...proof.subject import Number, Subject
from ...scene.marks import Box, Mark, Path, Text, shift
from ...scene.metrics import width
from ...scene.scenes import Diagram, Heading
from ...scene.theme import wash
from .message import Message, Row, sizes_of
from .messages import MESSAGES, Name

MOST, GAP, HEIGHT = 92.0, 6.0, 32.0
"""The most of a tile's width, the space beside it, and its height."""
TOP = 17.0
"""What the name of an axis takes above its tile."""
LABELS = ((132.0, MOST), (92.0, 73.0))
"""Widths of the names of rows, and of tiles that leave room for them."""
BOX = 430.0
"""The most of a message's width."""
LONGEST = 230
"""The most characters of a message that are shown."""
PAINTS = {"given": "rule", "expected": "pos", "got": "neg"}


def error(
    subject: Subject, room: float, *, message: Name = "hidden-size"
) -> Diagram:
    """What PyTorch says of a mistake, and the axis that does not fit.

    Args:
        subject: What is drawn.
        room: The width that the figure may use.
        message: Which message, hidden-size by default.
    """
    sizes = sizes_of(subject)
    found = MESSAGES[message](sizes)
    names = {
        "parts": "D·num_layers",
        "size": "proj_size" if sizes.projected else "hidden_size",
        "one": "one more",
    }
    space = inner(room)
    subtitle = f"{found.typed}, with the sizes of {subject.module}"
    rows = _rows(found.rows, names, space)
    wanted = max(BOX, width(subtitle, SUBTITLE), rows.width)
    box = _said(found, min(wanted, space))
    body = stack([box, rows], 0, 24)
    return Diagram(
        Heading(
            found.title,
            subtitle,
            (found.fix, *[found.where] * bool(found.where)),
            subject.origin,
        ),
        f"{found.kind}: {' '.join(found.text.split())} "
        + " ".join(_sentence(row, names) for row in found.rows),
        body.width,
        body.height,
        body.marks,
        room,
        setup=found.python(sizes),
    )


def _numbers(row: Row) -> Iterator[tuple[str, Number | str | None]]:
    """Each axis with its size, a word, or None where it is missing."""
    k = 0
    for axis, size in row.axes.items():
        if not isinstance(size, int):
            yield axis, size
            continue
        yield axis, Number(np.int64(size), row.expr.format(k=k))
        k += 1


def _sentence(row: Row, names: Mapping[str, str]) -> str:
    """A row in words, with what is wrong with it."""
    axes = [
        f"{names.get(axis, axis)} "
        + (
            digits.text(size.value, 0)
            if isinstance(size, Number)
            else size or "missing"
        )
        for axis, size in _numbers(row)
        if size != ""
    ]
    marked = " and ".join(names.get(axis, axis) for axis in row.mark)
    about = f"; {marked}: {row.word}" if row.word else ""
    role = row.role.capitalize()
    return f"{role} {row.name.strip()}: {', '.join(axes)}{about}."


def _said(found: Message, wide: float) -> Panel:
    """The message as PyTorch prints it, with its kind."""
    text = " ".join(found.text.split())
    # A point before a digit is that of a number, which has a place below.
    text, cut, _ = text.partition(", but got dropout")
    text = re.sub(r"\d+\.\d+", "…", text) + ", …" * bool(cut)
    if len(text) > LONGEST:
        text = text[:LONGEST].rpartition(" ")[0] + " …"
    each = int((wide - 30) / width("0", 11.5, mono=True))
    lines = textwrap.wrap(text, each)
    height = 38 + 16 * len(lines)
    marks: list[Mark] = [
        Box(x=0, y=0, width=wide, height=height, radius=4, fill="panel"),
        Box(x=0, y=0, width=4, height=height, radius=2, fill="neg"),
        Text(x=18, y=20, content=found.kind, bold=True, fill="muted"),
        *(code(18, 40 + 16 * k, line, "start") for k, line in enumerate(lines)),
    ]
    return Panel(wide, height, tuple(marks))


def _rows(
    rows: tuple[Row, ...], names: Mapping[str, str], space: float
) -> Panel:
    """The tensors below each other, their axes in columns."""
    columns = max(len(row.axes) for row in rows)
    label = next(
        (
            left
            for left, wide in LABELS
            if space >= left + columns * (wide + GAP) - GAP
        ),
        0.0,
    )
    tile = min(MOST, (space - label + GAP) / columns - GAP)
    marks: list[Mark] = []
    ends: list[tuple[Row, dict[str, Point]]] = []
    y = right = 0.0
    for number, row in enumerate(rows):
        y += 0 if label else 26
        marks += _name(row, y, bool(label))
        places = {
            axis: (label + k * (tile + GAP), y + TOP)
            for k, axis in enumerate(row.axes)
        }
        if ends and label and not row.word:
            marks += _same(*ends[-1], row, places, tile)
        marks += _tiles(row, number, names, places, tile)
        ends.append((row, places))
        y += TOP + HEIGHT
        if row.word:
            lefts = [places[axis][0] for axis in row.mark]
            most = label + columns * (tile + GAP) - GAP
            marks += _word(row, lefts, tile, (label, most), y)
            y += 20
        y += 16
        right = max(right, label + len(row.axes) * (tile + GAP) - GAP)
    return Panel(max(right, _right(marks)), y - 16, tuple(marks))


def _right(marks: list[Mark]) -> float:
    """Where the texts end."""
    return max(m.left + m.width for m in marks if isinstance(m, Text))


def _name(row: Row, y: float, beside: bool) -> list[Mark]:
    """What a row is, and what code calls it."""
    if beside:
        middle = y + TOP + HEIGHT / 2
        role, name, start = (10.0, middle - 4), (0.0, middle + 13), 14.0
    else:
        after = width(row.role, 12, bold=True) + 26 - 14 * (row.role == "given")
        role, name, start = (10.0, y - 8), (after, y - 8), 14.0
    icon = {"given": [], "expected": _check, "got": _cross}[row.role]
    drawn = icon(5, role[1] - 4) if callable(icon) else []
    return [
        *drawn,
        Text(
            x=start if drawn else 0, y=role[1], content=row.role, bold=True,
            fill="muted",
        ),
        code(name[0], name[1], row.name, "start"),
    ]  # fmt: skip


def _tiles(
    row: Row,
    number: int,
    names: Mapping[str, str],
    places: Mapping[str, Point],
    tile: float,
) -> list[Mark]:
    """The axes of a row."""
    marks: list[Mark] = []
    for k, (axis, size) in enumerate(_numbers(row)):
        if size == "":
            continue
        x, y = places[axis]
        middle = x + tile / 2
        marked = axis in row.mark
        paint = PAINTS[row.role] if marked else "rule"
        marks.append(
            Text(
                x=middle, y=y - 6, content=names.get(axis, axis), size=11,
                fill="muted", anchor="middle",
            )
        )  # fmt: skip
        wide = tile + GAP if row.joined else tile
        fill = "panel"
        if marked and row.role != "given":
            fill = wash(paint)
        marks.append(
            Box(
                x=x, y=y, width=wide, height=HEIGHT,
                radius=0 if row.joined else 4,
                fill=None if size is None else fill,
                stroke="muted" if paint == "rule" and marked else paint,
                stroke_width=1.5 if marked else 1,
                dash="4 3" if size is None else "",
            )
        )  # fmt: skip
        if isinstance(size, Number):
            marks.append(
                Text(
                    x=middle, y=y + HEIGHT / 2 + 5, anchor="middle", size=14,
                    content=digits.text(size.value, 0), mono=True,
                    bold=marked, number=size, id=f"{row.role}-{number}-{k}",
                    term=row.term,
                )
            )  # fmt: skip
        elif size is not None:
            marks.append(code(middle, y + HEIGHT / 2 + 4, size, bold=marked))
    return marks


def _same(
    above: Row,
    from_places: Mapping[str, Point],
    row: Row,
    places: Mapping[str, Point],
    tile: float,
) -> list[Mark]:
    """An arrow from the size that decides to the one that follows from it."""
    if above.role != "given" or not (above.mark and row.mark):
        return []
    (x, y), (to, down) = from_places[above.mark[0]], places[row.mark[0]]
    start, end = (x + tile / 2, y + HEIGHT), (to + tile / 2, down - TOP)
    if x == to:
        return [arrow(start, end, paint="pos")]
    bend = (end[1] - start[1]) / 2
    return [
        arrow(
            start, (start[0], start[1] + bend), (end[0], end[1] - bend), end,
            paint="pos", curve=True,
        )
    ]  # fmt: skip


def _word(
    row: Row,
    lefts: list[float],
    tile: float,
    ends: tuple[float, float],
    y: float,
) -> list[Mark]:
    """What is wrong, below the marked axes and within the ends of all."""
    drawn = row.role == "got"
    text = Text(x=0, y=y + 15, content=row.word, size=11.5, bold=drawn)
    wide = text.width + 16 * drawn
    middle = (min(lefts) + max(lefts) + tile) / 2
    left = max(ends[0], min(middle - wide / 2, ends[1] - wide))
    return [
        *(_cross(left + 5, y + 11) if drawn else []),
        shift(text, left + 16 * drawn, 0),
    ]


def _cross(x: float, y: float) -> list[Mark]:
    """A cross for what does not fit."""
    return [
        Path(
            d=(
                ("M", (x - 4, y - 4)), ("L", (x + 4, y + 4)),
                ("M", (x - 4, y + 4)), ("L", (x + 4, y - 4)),
            ),
            stroke="neg", stroke_width=2.2,
        )
    ]  # fmt: skip


def _check(x: float, y: float) -> list[Mark]:
    """A tick for what fits."""
    return [
        Path(
            d=(("M", (x - 5, y)), ("L", (x - 1.5, y + 4)),
               ("L", (x + 5, y - 4))),
            stroke="pos", stroke_width=2.2,
        )
    ]  # fmt: skip
