"""Heat maps of matrices: bands, indices, and a scale that is proven.

To draw tensors whose rows are aligned::

    matrices = [Matrix(array, "lstm.weight_ih_l0", gate_terms("weight_ih")), …]
    rows, columns = fold(matrices, [80, 260], height=420)
    for matrix, cols in zip(matrices, columns, strict=True):
        tiles = tile(matrix, rows, cols)
        panel = labelled(tiles, "weight_ih_l0", id="weight_ih")

`labelled` puts name and shape above, `HEAD` pixels high, and indices and scale
below; `band_names` stands left of it; `heat_map` is the cells alone. A vector
is a matrix with one row or one column. Places are whole pixels: put panels at
whole pixels, so that cells stay sharp and files small.
"""

import math
from collections.abc import Sequence

from ..model.lstm import GATES, Array
from ..proof import digits
from ..proof.subject import Number
from ..scene import metrics
from ..scene.marks import Anchor, Box, Group, Mark, Path, Text, shift
from ..scene.terms import TERMS
from ..scene.theme import STRONGEST, Paint
from .cells import CHARACTER, NUMBER, heat
from .panels import Panel, code
from .summaries import Census
from .tiles import APART, Cut, Tiles

HEAD, FOOT = 60, 68
"""What `labelled` has above its cells and below them."""
SPECIAL = {"NaN": "ink", "∞": "pos", "−∞": "neg"}
"""The paints of what is no finite number; weights are never so dark."""


def paint(value: float, end: float) -> Paint:
    """The paint of a cell in a scale that ends at `end`."""
    if not math.isfinite(value):
        return SPECIAL[digits.text(value)]
    return heat(value, end)


def heat_map(tiles: Tiles) -> Panel:
    """The cells, a group for each band."""
    size = tiles.rows.cells
    groups = tuple(
        Group(
            marks=tuple(
                _lines(
                    tiles,
                    tiles.cells[k * size : (k + 1) * size],
                    k * (tiles.rows.length + APART),
                )
            ),
            term=term,
        )
        for k, term in enumerate(tiles.matrix.terms)
    )
    return Panel(tiles.width, tiles.height, groups)


def _lines(tiles: Tiles, cells: Array, top: float) -> list[Path]:
    """One path for each paint: a thick line for each run of cells."""
    wide, high = tiles.cols.pixels, tiles.rows.pixels
    gap = 1 if min(wide, high) >= 6 else 0
    end = float(tiles.end.value) if tiles.end else 1.0
    drawn: dict[Paint, list[tuple[str, tuple[float, float]]]] = {}
    for row, line in enumerate(cells.tolist()):
        y = top + row * high + (high - gap) / 2
        paints = [paint(value, end) for value in line]
        first = 0
        for col, own in enumerate(paints):
            if gap or paints[col + 1 : col + 2] != [own]:
                right = (col + 1) * wide - gap
                drawn.setdefault(own, []).extend(
                    (("M", (first * wide, y)), ("L", (right, y)))
                )
                first = col + 1
    return [
        Path(d=tuple(d), stroke=own, stroke_width=high - gap, crisp=True)
        for own, d in sorted(drawn.items())
    ]


def labelled(
    tiles: Tiles,
    name: str,
    *,
    id: str,
    shape: tuple[int, ...] = (),
    columns: Sequence[str] = (),
    width: float = 0,
) -> Panel:
    """Cells with name and shape above, and indices and scale below.

    Args:
        tiles: The cells.
        name: What code calls the matrix.
        id: What ids begin with.
        shape: The shape that is said; that of the matrix by default.
        columns: What stands below each column; else its indices.
        width: The least width; names and scales can make it wider.
    """
    above = [
        code(0, 16, name),
        _small(0, 33, str(shape or tiles.matrix.array.shape)),
        _small(0, 49, tiles.folded, mono=False),
    ]
    least = 2 * 6 * CHARACTER + 4
    wide = math.ceil(max(width, tiles.width, least, *(t.width for t in above)))
    aside = (wide - tiles.width) // 2
    marks: list[Mark] = [
        shift(text, wide / 2, 0) for text in above if text.content
    ]
    marks += [shift(m, aside, HEAD) for m in heat_map(tiles).marks]
    y = HEAD + tiles.height
    marks += [shift(m, aside, y) for m in _below(tiles, columns)]
    marks += [shift(m, 0, y + 24) for m in scale(tiles, wide, id=id).marks]
    return Panel(wide, y + FOOT + 16 * _lines_of(tiles.census), tuple(marks))


def _below(tiles: Tiles, columns: Sequence[str]) -> list[Text]:
    """The names of the columns, or the first and the last index."""
    if columns:
        pixels = tiles.cols.pixels
        return [
            _small((k + 0.5) * pixels, 13, name)
            for k, name in enumerate(columns)
        ]
    last, width = tiles.cols.size - 1, tiles.width
    first = _small(0, 13, "0", anchor="start")
    end = _small(width, 13, str(last), anchor="end")
    if not last or first.width + end.width + 6 > width:
        middle = f"0–{last}" if last else "0"
        return [_small(width / 2, 13, middle)]
    return [first, end]


def scale(tiles: Tiles, width: float, *, id: str) -> Panel:
    """The colours with the numbers at their ends, and what is beyond."""
    first = (terms.split()[0] for terms in tiles.matrix.terms)
    term = " ".join(dict.fromkeys(first))
    marks: list[Mark] = []
    if tiles.end is None:
        marks.append(_small(width / 2, 22, "all are 0", mono=False))
    else:
        shares = [
            *(f"neg:{s}" for s in range(STRONGEST, 0, -5)),
            *(f"pos:{s}" for s in range(5, STRONGEST + 1, 5)),
        ]
        step = width // len(shares)
        left = (width - step * len(shares)) // 2
        for x, paint in enumerate(shares):
            start, stop = left + x * step, left + (x + 1) * step
            d = (("M", (start, 4)), ("L", (stop, 4)))
            marks.append(Path(d=d, stroke=paint, stroke_width=8, crisp=True))
        end = tiles.end
        minus = Number(-end.value, f"-{end.expr}", end.scale)
        ends: tuple[tuple[float, Number, Anchor, str], ...] = (
            (0, minus, "start", "least"),
            (width, end, "end", "most"),
        )
        marks += [
            Text(
                x=x, y=22, content=digits.text(value.value, room=6),
                size=NUMBER, anchor=anchor, mono=True, number=value,
                id=f"{id}-scale-{name}", term=term,
            )
            for x, value, anchor, name in ends
        ]  # fmt: skip
        beyond = f"{tiles.census.beyond} beyond"
        marks.append(_small(width / 2, 39, beyond, mono=False))
    y = 55.0
    for (name, paint), count in zip(
        SPECIAL.items(), tiles.census[1:], strict=True
    ):
        if count:
            said = _small(width / 2 + 7, y, f"{name}: {count}", mono=False)
            marks += [
                Box(x=said.left - 14, y=y - 9, width=10, height=10, fill=paint),
                said,
            ]
            y += 16
    return Panel(width, y - 10, tuple(marks))


def _lines_of(counts: Census) -> int:
    return sum(count > 0 for count in counts[1:])


def band_names(rows: Cut, right: float, top: float) -> list[Mark]:
    """Letters, bars, and the first and last row of each of the four bands.

    Args:
        rows: The cut of a band.
        right: Where the matrix begins.
        top: The top of its cells.
    """
    marks: list[Mark] = []
    widest = metrics.width(str(4 * rows.size - 1), NUMBER, mono=True)
    bar = right - widest - 15
    for k, gate in enumerate(GATES):
        y = top + k * (rows.length + APART)
        first, last = k * rows.size, (k + 1) * rows.size - 1
        inside: list[Mark] = [
            Text(
                x=bar - 10, y=y + rows.length / 2 + 5, content=gate, size=14,
                bold=True, fill=TERMS[gate].role, anchor="middle",
            ),
            Box(
                x=bar, y=y, width=3, height=rows.length, radius=1.5,
                fill=TERMS[gate].role,
            ),
        ]  # fmt: skip
        places = (
            [(y + rows.length / 2 + 4, first)]
            if first == last or rows.length < 26
            else [(y + 9, first), (y + rows.length - 1, last)]
        )
        inside += [
            _small(right - 6, at, str(row), anchor="end") for at, row in places
        ]
        marks.append(Group(marks=tuple(inside), term=gate))
    return marks


def row_names(
    rows: Sequence[int],
    right: float,
    top: float,
    height: float,
    gap: float = APART,
) -> list[Mark]:
    """The gate and the index of single rows, one for each gate.

    Args:
        rows: Indices of rows, in the order of the gates.
        right: Where the rows begin.
        top: The top of the first row.
        height: The height of a row.
        gap: The space between two rows.
    """
    marks: list[Mark] = []
    for k, (gate, row) in enumerate(zip(GATES, rows, strict=True)):
        y = top + k * (height + gap) + height / 2
        letter = Text(
            x=right - 46, y=y + 5, content=gate, size=14, bold=True,
            fill=TERMS[gate].role, anchor="middle", term=gate,
        )  # fmt: skip
        marks += [letter, _small(right - 6, y + 4, str(row), anchor="end")]
    return marks


def ticks(tiles: Tiles, columns: Sequence[int]) -> Path:
    """Marks above the cells of some columns."""
    d: list[tuple[str, tuple[float, float]]] = []
    for column in columns:
        x = (column // tiles.cols.block + 0.5) * tiles.cols.pixels
        d += [("M", (x, -5)), ("L", (x, -1))]
    return Path(d=tuple(d), stroke="ink", stroke_width=1.5)


def _small(
    x: float,
    y: float,
    said: str,
    *,
    anchor: Anchor = "middle",
    mono: bool = True,
) -> Text:
    return Text(
        x=x, y=y, content=said, size=NUMBER, mono=mono, fill="muted",
        anchor=anchor,
    )  # fmt: skip
