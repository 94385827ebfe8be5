"""The bands of both sides, with ribbons between them."""

from collections.abc import Mapping, Sequence

from ...layout import styles, words
from ...layout.blocks import Block
from ...layout.motifs import gauges
from ...proof.bindings import Flow, Node
from ...scene.marks import Anchor, Box, Group, Mark, Path
from ...scene.terms import TERMS
from .sides import TRACED, Band, Element, Side, Tensor

Places = Mapping[str, Box]
"""Where the band of each gate is."""

HEAD, GAP = 42.0, 5.0
"""The height of the headings above bands, and the space between two bands."""
ROW, OPEN, STACKED = 30.0, 48.0, 68.0
"""The height of a row of bands, of that of the traced weight, and where its
number stands below the name of the band."""
COLUMN = 92.0
"""The height of a band that is columns."""
WIDE, AFTER = 200.0, 56.0
"""The width of rows that become columns, and what is right of them."""


def moved(ours: Side, theirs: Side, space: float, close: bool) -> Block:
    """Rows that stay rows: two stacks, joined by ribbons."""
    wide = 142.0 if close else 236.0
    left = _rows(ours.bands, 0, HEAD, wide, OPEN)
    right = _rows(theirs.bands, space - wide, HEAD, wide, OPEN)
    marks: list[Mark] = []
    for gate, one in left.items():
        other = right[gate]
        wide_one, thin = gauges.ribbon(
            (one.x + one.width, one.y + one.height / 2),
            (other.x, other.y + other.height / 2),
            TERMS[gate].role,
            f"from-{gate}",
            f"to-{gate}",
        )
        marks += [wide_one, thin]
    marks += _side("from", ours, left)
    marks += _side("to", theirs, right)
    return Block(space, max(_bottom(left), _bottom(right)), tuple(marks))


def turned(ours: Side, theirs: Side, space: float, close: bool, by_gate: bool) -> Block:
    """Rows that become columns: ribbons turn upwards."""
    wide = 88.0 if close else WIDE
    open_one = STACKED if close else OPEN
    between = 4.0 if close else 16.0 if by_gate else GAP
    after = 6.0 if close else AFTER
    each = (space - wide - after - 3 * between - 8 * close) / 4
    columns: dict[str, Box] = {}
    x = wide + after
    for band in theirs.bands:
        across = each + 8 * close * (band.gate == TRACED)
        columns[band.gate] = Box(x, HEAD, across, COLUMN)
        x += across + between
    left = _rows(ours.bands, 0, HEAD + COLUMN + 14, wide, open_one)
    marks: list[Mark] = []
    for gate, one in left.items():
        marks += _turn(one, columns[gate], gate)
    marks += _side("from", ours, left)
    marks += _side("to", theirs, columns, by_gate=by_gate)
    return Block(space, _bottom(left), tuple(marks))


def _rows(bands: Sequence[Band], x: float, y: float, width: float, tall: float) -> dict[str, Box]:
    """Bands below each other; that of the traced weight is higher."""
    found = {}
    for band in bands:
        height = tall if band.gate == TRACED else ROW
        found[band.gate] = Box(x, y, width, height)
        y += height + GAP
    return found


def _bottom(places: Places) -> float:
    return max(box.y + box.height for box in places.values())


def _turn(row: Box, column: Box, gate: str) -> list[Mark]:
    """From the end of a row to the lower end of a column."""
    x, y = row.x + row.width, row.y + row.height / 2
    to, end = column.x + column.width / 2, column.y + column.height
    r = min(18.0, to - x, y - end)
    d = (
        ("M", (x, y)),
        ("L", (to - r, y)),
        ("C", (to - r / 2, y), (to, y - r / 2), (to, y - r)),
        ("L", (to, end)),
    )
    paint, below = TERMS[gate].role, styles.RIBBON.plain
    return [
        Path(d, stroke=paint, stroke_width=below.weight, opacity=below.opacity),
        Path(
            d,
            stroke=paint,
            stroke_width=styles.THREAD.plain.weight,
            bound=(Flow("copies", f"from-{gate}", f"to-{gate}"),),
        ),
    ]


def _side(id: str, side: Side, places: Places, *, by_gate: bool = False) -> list[Mark]:
    """All bands of a side, and the names of what they are in."""
    marks: list[Mark] = []
    ranges = _ranges(side, places)
    chips = {
        band.gate: _chip(id, band, places[band.gate], ranges[band.gate], side.traced)
        for band in side.bands
    }
    if by_gate:
        room = min(box.width for box in places.values())
        for band in side.bands:
            box, own = places[band.gate], f"{id}-{band.gate}-whole"
            marks.append(Group(tuple(chips[band.gate]), id=own, bound=(Node(band.whole.of),)))
            marks += _head(band.whole, own, box, words.SMALL, room)
        return marks
    boxes = [places[band.gate] for band in side.bands]
    left, right = boxes[0].x, max(box.x + box.width for box in boxes)
    whole = boxes[0]._replace(width=right - left)
    inside = [mark for chip in chips.values() for mark in chip]
    tensor = side.traced.tensor
    marks.append(Group(tuple(inside), id=id, bound=(Node(tensor.of),)))
    return [*marks, *_head(tensor, id, whole, words.LABEL, whole.width)]


def _head(tensor: Tensor, id: str, box: Box, size: float, room: float) -> list[Mark]:
    """The name and the shape of a tensor; no shape where it has no room."""
    middle = box.x + box.width / 2
    style = words.STRONG if size == words.LABEL else words.FINE
    fits = words.width(tensor.name, size, bold=style.bold) <= box.width + 6
    name = words.label(
        middle,
        box.y - 31,
        tensor.name if fits else tensor.short,
        {"tensor": tensor.short},
        [id],
        "column",
        style=style,
        anchor="middle",
        fill="ink",
    )
    shape = words.label(
        middle,
        box.y - 13,
        str(tensor.shape),
        {"shape": ",".join(map(str, tensor.shape))},
        [id],
        "column",
        style=words.FINE,
        anchor="middle",
    )
    return [name, shape] if shape.width <= room - 2 else [name]


def _chip(id: str, band: Band, box: Box, range: tuple[str, str], traced: Element) -> list[Mark]:
    """A band: its letter, what it has, and the traced weight in it."""
    printed, meant = range
    own, strong = f"{id}-{band.gate}", band.gate == TRACED
    is_column = box.height == COLUMN
    paint = TERMS[band.gate].role
    level, middle = box.y + 15, box.x + box.width / 2
    lower = level + 18 if is_column else level
    look = styles.BAND.strong if strong else styles.BAND.plain
    chip = box._replace(
        radius=4, fill=f"{paint}:{look.tint}", id=own, term=band.gate, bound=(Node(band.of),)
    )
    marks: list[Mark] = [
        styles.strong(chip, f'gate == "{TRACED}"' if strong else ""),
        words.label(
            middle if is_column else box.x + 13,
            level,
            band.letter,
            {"gate": band.gate},
            [own],
            "row",
            style=words.GATE,
            anchor="middle",
            term=band.gate,
        ),
        words.label(
            middle if is_column else box.x + 24,
            lower,
            printed,
            {band.key: meant},
            [own],
            "row",
            style=words.FINE,
            fill="ink",
            anchor="middle" if is_column else "start",
        ),
    ]
    return [*marks, *_weight(traced, box, lower + 20)] if strong else marks


def _weight(traced: Element, box: Box, y: float) -> list[Mark]:
    """The index of the traced weight, and the weight beside or below it."""
    below = box.height in (STACKED, COLUMN)
    anchor: Anchor = "middle" if below else "start"
    x = box.x + (box.width / 2 if below else 9)
    index = words.label(
        x,
        y,
        traced.written,
        traced.names,
        [traced.id],
        "column" if below else "row",
        style=words.FINE,
        fill="ink",
        anchor=anchor,
    )
    number = words.number(
        x if below else x + index.width + 10,
        y + 18 * below,
        traced.number,
        room=6,
        anchor=anchor,
        bold=True,
        id=traced.id,
        term=traced.term,
    )
    return [index, number]


def _ranges(side: Side, places: Places) -> dict[str, tuple[str, str]]:
    """What a band has, as it is printed and as it is meant.

    That is its first and its last row, or the first alone, where one of the
    bands has no room for both.
    """
    first = {band.gate: (str(band.first),) * 2 for band in side.bands}
    found = {
        band.gate: (f"{band.first}–{band.last}", f"{band.first}..{band.last}")
        for band in side.bands
        if band.first < band.last
    }
    fits = all(
        words.width(printed, words.SMALL) <= _room(places[gate])
        for gate, (printed, _) in found.items()
    )
    return {**first, **found} if fits else first


def _room(box: Box) -> float:
    return box.width - (4 if box.height == COLUMN else 26)
