"""A batch of many sequences, or of long vectors, and the gradient of all."""

import math
from typing import NamedTuple

import numpy as np

from ...layout import cells
from ...layout.cells import CHARACTER, Grid, number
from ...layout.fold import few
from ...layout.heatmap import HEAD as MAP_HEAD
from ...layout.heatmap import labelled
from ...layout.maps import Named, line, weight
from ...layout.panels import Panel, code, flow
from ...layout.tiles import APART, CELLS, Matrix, Tiles, cut, gate_terms, tile
from ...model.gradients.derivatives import weight_gradient
from ...model.gradients.through_time import z_gradients
from ...model.lstm import GATES
from ...model.tensors import Array
from ...proof import digits
from ...proof.subject import SUMMED, Number, Subject
from ...scene.marks import Box, Mark, Path, shift

ROWS, BARS = 8, 128
"""The most sequences that are printed, and whose shares are drawn."""
HEAD = 42.0
"""The height of a name and a shape above a matrix."""
LEFT, WIDE, HIGH = 30, 180, 96
"""What indices of sequences take, and the room of a map."""
MAPS, TALL = 420, 224
"""The room of the weights and their gradient."""


class Chosen(NamedTuple):
    """The largest gradient of a weight, and how it comes about.

    Attributes:
        row: With `col`, its place.
        shares: What the sequences that are printed add to it.
    """

    row: int
    col: int
    total: Number
    shares: list[Number]

    @property
    def finite(self) -> bool:
        """Whether it is a number that can be the largest."""
        return bool(np.isfinite(self.total.value))


def strongest(gradient: Array) -> tuple[int, int]:
    """The place of the largest finite magnitude; the first if none is."""
    sizes = np.where(np.isfinite(gradient), abs(gradient), -1)
    row, col = divmod(int(sizes.argmax()), gradient.shape[1])
    return row, col


def state(subject: Subject, name: str) -> tuple[Panel, str]:
    """x, h or c of all sequences, some numbers below, and a description."""
    step = subject.steps[0]
    array: Array = getattr(step, name)
    tensor = "output" if name == "h" else name
    scale = 0.0 if name == "x" else step.scale
    rows = cut(len(array), HIGH)
    tiles = tile(
        Matrix(array, f"{tensor}[0]", (name,), scale),
        rows,
        cut(array.shape[1], WIDE, CELLS // rows.cells),
    )
    picture = labelled(tiles, name, id=f"{name}-0", width=WIDE)
    aside = (int(picture.width) - tiles.width) // 2
    marks: list[Mark] = [shift(m, LEFT, 0) for m in picture.marks]
    last = len(array) - 1
    ends = [(0, 9)] if tiles.height < 26 else [(0, 9), (last, tiles.height)]
    marks += [
        code(LEFT + aside - 6, MAP_HEAD + y, f"[{n}]", "end", fill="muted")
        for n, y in ends
    ]
    y = picture.height + 12
    below = _printed(subject, name)
    marks += [shift(m, 0, y) for m in below.marks]
    width = max(LEFT + picture.width, below.width)
    return (
        Panel(width, y + below.height, tuple(marks)),
        f"{name}, {array.shape[0]} by {array.shape[1]}: {tiles.spoken()}.",
    )


def _printed(subject: Subject, name: str) -> Panel:
    """The numbers of some units of the first sequences."""
    array: Array = getattr(subject.steps[0], name)
    units, rows = few(array.shape[1]).indices, min(len(array), ROWS)
    grid = Grid(min(44, (WIDE + 1) // len(units) - 1), 20, 1)
    places = digits.decimals(array[:rows, list(units)].ravel().tolist())
    marks: list[Mark] = [
        code(LEFT + grid.x(k) + grid.width / 2, 10, str(unit), fill="muted")
        for k, unit in enumerate(units)
    ]
    for n in range(rows):
        y = 18 + grid.y(n)
        marks.append(code(LEFT - 6, y + 14, f"[{n}]", "end", fill="muted"))
        for k, unit in enumerate(units):
            x = LEFT + grid.x(k)
            marks += [
                Box(
                    x=x, y=y, width=grid.width, height=grid.height, radius=3,
                    fill="panel",
                ),
                number(
                    x + grid.width / 2, y + 14,
                    subject.result(name, 0, n, unit), places=places,
                    room=int((grid.width + 0.2) / CHARACTER),
                    id=f"{name}-0-{n}-{unit}", term=name,
                ),
            ]  # fmt: skip
    height = 18 + grid.y(rows)
    if rows < len(array):
        more = f"… {len(array) - rows} more"
        marks.append(
            code(LEFT + grid.x(len(units)) / 2, height + 13, more, fill="muted")
        )
        height += 18
    return Panel(LEFT + grid.x(len(units)), height, tuple(marks))


def shared(subject: Subject, space: float) -> tuple[Panel, Chosen, str]:
    """The weights, their gradient, and how one number of it comes about."""
    steps = subject.steps[:SUMMED]
    x = np.stack([step.x for step in steps])
    z = z_gradients(subject.weights, steps)
    found = weight_gradient(z, x)
    least = max(step.scale for step in steps)
    row, col = strongest(found.value)
    with np.errstate(all="ignore"):
        each = (z.value[:, :, row] * x[:, :, col]).sum(axis=0)
        spread = np.square(z.scale[:, :, row] * x[:, :, col]).sum(axis=0)
    share = (
        f"gradient({subject.summed}[:, {{}}].sum())"
        if np.isfinite(found.value[row, col])
        else "alone({})"
    )
    chosen = Chosen(
        row,
        col,
        Number(
            found.value[row, col],
            f"grad_ih[{row}, {col}]",
            float(max(least, found.scale[row, col])),
        ),
        [
            Number(
                each[n],
                f"{share}[{row}, {col}]".format(n),
                float(max(least, np.sqrt(spread[n]))),
            )
            for n in range(min(len(each), ROWS))
        ],
    )
    name = subject.parameter_name("weight_ih")
    scale = float(max(least, np.nan_to_num(found.scale).max()))
    slopes = Matrix(found.value, "grad_ih", gate_terms("weight_ih"), scale)
    pair = line(
        [
            weight(subject, "weight_ih"),
            Named(slopes, f"{name}.grad", "weight_ih-grad", found.value.shape),
        ],
        min(MAPS, space),
        TALL,
    )
    marks = pair.panel.marks
    if chosen.finite:
        marks = (*marks, _outline(pair.tiles[1], pair.lefts[1], row, col))
    panels = [addition(subject, chosen)]
    if 1 < len(each) <= BARS:
        panels.append(_bars(each))
    beside = flow(panels, 0) if len(panels) > 1 else panels[0]
    said = "; ".join(
        f"{named.name}: {tiles.spoken()}"
        for named, tiles in zip(pair.shown, pair.tiles, strict=True)
    )
    return (
        flow([pair.panel._replace(marks=marks), beside], space, gap=34),
        chosen,
        f"{said}.",
    )


def _outline(tiles: Tiles, left: int, row: int, col: int) -> Box:
    """A frame around the cell of one element."""
    band, inside = divmod(row, tiles.matrix.band)
    rows, cols = tiles.rows, tiles.cols
    top = MAP_HEAD + band * (rows.length + APART)
    return Box(
        x=left + col // cols.block * cols.pixels - 2,
        y=top + inside // rows.block * rows.pixels - 2,
        width=cols.pixels + 4,
        height=rows.pixels + 4,
        radius=2,
        stroke="ink",
        stroke_width=2,
    )


def _bars(each: Array) -> Panel:
    """The share of every sequence as a bar, up or down."""
    width, half = max(2.0, min(24.0, 170 // len(each))), 34.0
    top = max(abs(each[np.isfinite(each)]), default=0) or 1
    total = width * len(each)
    marks: list[Mark] = [
        code(total / 2, 10, "each sequence", fill="muted"),
        Path(
            d=(("M", (0, 20 + half)), ("L", (total, 20 + half))),
            stroke="rule",
        ),
    ]  # fmt: skip
    for n, share in enumerate(each.tolist()):
        if math.isfinite(share):
            high = abs(share) / float(top) * half
            marks.append(
                Box(
                    x=n * width, y=20 + half - (high if share > 0 else 0),
                    width=width - 1, height=high,
                    fill="pos" if share > 0 else "neg",
                )
            )  # fmt: skip
    y = 20 + 2 * half + 14
    marks += [
        code(0, y, "[0]", "start", fill="muted"),
        code(total, y, f"[{len(each) - 1}]", "end", fill="muted"),
    ]
    return Panel(total, y + 4, tuple(marks))


def addition(subject: Subject, chosen: Chosen) -> Panel:
    """One number of the gradient, with the addend of each sequence."""
    row, col, total, shares = chosen
    one = subject.trace.kind == "LSTMCell" and len(subject.steps) == 1
    result = "h" if one else subject.summed
    term = f"weight_ih {GATES[row // subject.weights.hidden_size]}"
    name = f"{subject.parameter_name('weight_ih')}.grad[{row}, {col}]"
    title = code(0, 12, name, bold=True)
    width = max(title.width, 150)
    middle = width / 2
    left_out = len(subject.steps[0].x) - len(shares)
    lines = [
        *((f"[{n}]", f"share-{n}", value) for n, value in enumerate(shares)),
        *([(f"… {left_out} more", "", None)] if left_out else []),
        ("sum", "sum", total),
    ]
    # Three digits of the largest number, so that one can add up.
    most = math.log10(cells.largest([total, *shares]))
    places = min(5, max(2, 2 - math.floor(most)))
    marks: list[Mark] = [
        title._replace(x=middle, term=term),
        code(middle, 29, f"of {result}.sum()", fill="muted"),
    ]
    for k, (label, word, value) in enumerate(lines):
        y = HEAD + 12 + (cells.LINE + 2) * k + (8 if word == "sum" else 0)
        marks.append(code(middle - 62, y, label, "start", fill="muted"))
        if value is not None:
            marks.append(
                cells.number(
                    middle + 24, y, value, places=places, room=9,
                    id=f"weight_ih-{word}-{row}-{col}", term=term,
                )
            )  # fmt: skip
    ends = ((middle - 66, y - 16), (middle + 62, y - 16))
    marks.append(Path(d=(("M", ends[0]), ("L", ends[1])), stroke="muted"))
    return Panel(width, y + 4, tuple(marks))
