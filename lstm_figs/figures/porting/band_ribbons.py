"""The bands of both libraries, joined by ribbons."""

from collections.abc import Mapping, Sequence

from ...layout import styles, words
from ...layout.blocks import Block
from ...layout.motifs import gauges
from ...proof.bindings import Flow, Node
from ...scene.marks import Anchor, Box, Group, Mark, Path
from ...scene.terms import TERMS
from .sides import TRACED_GATE, Band, Element, Side, Tensor

Places = Mapping[str, Box]
"""The box of each gate's band."""

HEADING_HEIGHT, BAND_GAP = 42.0, 5.0
"""The height of the headings above bands, and the gap between two bands."""
ROW_HEIGHT, TRACED_HEIGHT, STACKED_HEIGHT = 30.0, 48.0, 68.0
"""The heights of a band, of the traced weight's band, and of that band with two lines."""
COLUMN_HEIGHT = 92.0
"""The height of a band of columns."""
ROWS_WIDTH, RIGHT_WIDTH = 200.0, 56.0
"""The width of rows that become columns, and the space right of them."""


def moved(torch_side: Side, library_side: Side, space: float, is_narrow: bool) -> Block:
    """Draw rows that remain rows: two stacks, joined by ribbons."""
    band_width = 142.0 if is_narrow else 236.0
    left = _rows(torch_side.bands, 0, HEADING_HEIGHT, band_width, TRACED_HEIGHT)
    right = _rows(library_side.bands, space - band_width, HEADING_HEIGHT, band_width, TRACED_HEIGHT)
    marks: list[Mark] = []
    for gate, box in left.items():
        other = right[gate]
        wide_one, thin = gauges.ribbon(
            (box.x + box.width, box.y + box.height / 2),
            (other.x, other.y + other.height / 2),
            TERMS[gate].role,
            f"from-{gate}",
            f"to-{gate}",
        )
        marks += [wide_one, thin]
    marks += _side("from", torch_side, left)
    marks += _side("to", library_side, right)
    return Block(space, max(_bottom(left), _bottom(right)), tuple(marks))


def turned(
    torch_side: Side, library_side: Side, space: float, is_narrow: bool, by_gate: bool
) -> Block:
    """Draw rows that become columns: ribbons turn upwards."""
    band_width = 88.0 if is_narrow else ROWS_WIDTH
    traced_height = STACKED_HEIGHT if is_narrow else TRACED_HEIGHT
    if is_narrow:
        between = 4.0
    else:
        between = 16.0 if by_gate else BAND_GAP
    gap = 6.0 if is_narrow else RIGHT_WIDTH
    # In the narrow form, the column of the traced weight is wider.
    extra = 8.0 if is_narrow else 0.0
    column_width = (space - band_width - gap - 3 * between - extra) / 4
    columns: dict[str, Box] = {}
    x = band_width + gap
    for band in library_side.bands:
        own_width = column_width + extra if band.gate == TRACED_GATE else column_width
        columns[band.gate] = Box(x, HEADING_HEIGHT, own_width, COLUMN_HEIGHT)
        x += own_width + between
    left = _rows(
        torch_side.bands, 0, HEADING_HEIGHT + COLUMN_HEIGHT + 14, band_width, traced_height
    )
    marks: list[Mark] = []
    for gate, box in left.items():
        marks += _turn(box, columns[gate], gate)
    marks += _side("from", torch_side, left)
    marks += _side("to", library_side, columns, by_gate=by_gate)
    return Block(space, _bottom(left), tuple(marks))


def _rows(
    bands: Sequence[Band], x: float, y: float, width: float, traced_height: float
) -> dict[str, Box]:
    """Return the boxes of stacked bands; the band of the traced weight is higher."""
    boxes = {}
    for band in bands:
        height = traced_height if band.gate == TRACED_GATE else ROW_HEIGHT
        boxes[band.gate] = Box(x, y, width, height)
        y += height + BAND_GAP
    return boxes


def _bottom(places: Places) -> float:
    return max(box.y + box.height for box in places.values())


def _turn(row: Box, column: Box, gate: str) -> list[Mark]:
    """Draw a ribbon from the end of a row up to a column."""
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
    """Draw all bands of a side, and the names of their tensors."""
    marks: list[Mark] = []
    ranges = _ranges(side, places)
    chips = {
        band.gate: _chip(id, band, places[band.gate], ranges[band.gate], side.traced)
        for band in side.bands
    }
    if by_gate:
        width = min(box.width for box in places.values())
        for band in side.bands:
            box, matrix_id = places[band.gate], f"{id}-{band.gate}-whole"
            marks.append(
                Group(tuple(chips[band.gate]), id=matrix_id, bound=(Node(band.matrix.of),))
            )
            marks += _head(band.matrix, matrix_id, box, words.SMALL, width)
        return marks
    boxes = [places[band.gate] for band in side.bands]
    left, right = boxes[0].x, max(box.x + box.width for box in boxes)
    full_box = boxes[0]._replace(width=right - left)
    inside = [mark for chip in chips.values() for mark in chip]
    tensor = side.traced.tensor
    marks.append(Group(tuple(inside), id=id, bound=(Node(tensor.of),)))
    return [*marks, *_head(tensor, id, full_box, words.LABEL, full_box.width)]


def _head(tensor: Tensor, id: str, box: Box, size: float, width: float) -> list[Mark]:
    """Draw the name and the shape of a tensor; omit the shape if it does not fit."""
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
    return [name, shape] if shape.width <= width - 2 else [name]


def _chip(id: str, band: Band, box: Box, row_range: tuple[str, str], traced: Element) -> list[Mark]:
    """Draw a band with its letter, its range, and the traced weight if it has it."""
    printed, span = row_range
    band_id, strong = f"{id}-{band.gate}", band.gate == TRACED_GATE
    is_column = box.height == COLUMN_HEIGHT
    paint = TERMS[band.gate].role
    level, middle = box.y + 15, box.x + box.width / 2
    lower = level + 18 if is_column else level
    look = styles.BAND.strong if strong else styles.BAND.plain
    chip = box._replace(
        radius=4, fill=f"{paint}:{look.tint}", id=band_id, term=band.gate, bound=(Node(band.of),)
    )
    marks: list[Mark] = [
        styles.strong(chip, f'gate == "{TRACED_GATE}"' if strong else ""),
        words.label(
            middle if is_column else box.x + 13,
            level,
            band.letter,
            {"gate": band.gate},
            [band_id],
            "row",
            style=words.GATE,
            anchor="middle",
            term=band.gate,
        ),
        words.label(
            middle if is_column else box.x + 24,
            lower,
            printed,
            {band.key: span},
            [band_id],
            "row",
            style=words.FINE,
            fill="ink",
            anchor="middle" if is_column else "start",
        ),
    ]
    return [*marks, *_weight(traced, box, lower + 20)] if strong else marks


def _weight(traced: Element, box: Box, y: float) -> list[Mark]:
    """Draw the index of the traced weight, and the weight beside or below it."""
    below = box.height in (STACKED_HEIGHT, COLUMN_HEIGHT)
    anchor: Anchor = "middle" if below else "start"
    x = box.x + (box.width / 2 if below else 9)
    index = words.label(
        x,
        y,
        traced.index_text,
        traced.names,
        [traced.id],
        "column" if below else "row",
        style=words.FINE,
        fill="ink",
        anchor=anchor,
    )
    number = words.number(
        x if below else x + index.width + 10,
        y + 18 if below else y,
        traced.number,
        max_chars=6,
        anchor=anchor,
        bold=True,
        id=traced.id,
        term=traced.term,
    )
    return [index, number]


def _ranges(side: Side, places: Places) -> dict[str, tuple[str, str]]:
    """Return the range of each band: as printed, and as labels name it.

    A range is the first and the last row, or only the first if both do not fit
    in every band.
    """
    first = {band.gate: (str(band.first),) * 2 for band in side.bands}
    full_ranges = {
        band.gate: (f"{band.first}–{band.last}", f"{band.first}..{band.last}")
        for band in side.bands
        if band.first < band.last
    }
    fits = all(
        words.width(printed, words.SMALL) <= _label_width(places[gate])
        for gate, (printed, _) in full_ranges.items()
    )
    return {**first, **full_ranges} if fits else first


def _label_width(box: Box) -> float:
    return box.width - (4 if box.height == COLUMN_HEIGHT else 26)
