"""The fields of a `PackedSequence`, with their numbers."""

from ...layout.cells import CHARACTER, Grid, heat, largest, number
from ...layout.fold import Gap, excerpt
from ...layout.panels import Panel, code
from ...layout.vectors import gap
from ...proof import digits
from ...proof.subject import Number
from ...scene.marks import Box, Mark, Path, Text, shift
from .packing import Packing

NARROW, WIDE = 35.0, 44.0
"""The least and the usual of a value's cell."""
LABELS = 140.0
"""What the names of fields take, left of their numbers."""
SMALL = Grid(26, 20, 1)
"""The cells of indices and sizes."""


def narrowest(shown: Packing) -> float:
    """What the longest value takes."""
    longest = max(
        len(digits.text(shown.ordered(t, k).value, room=5))
        for t, k in shown.places
    )
    return max(NARROW, longest * CHARACTER + 1.5)


def cell(
    x: float,
    y: float,
    grid: Grid,
    value: Number,
    id: str,
    top: float,
    places: int,
    *,
    ghost: bool = False,
) -> list[Mark]:
    """A value; of padding, a dashed zero."""
    return [
        Box(
            x=x, y=y, width=grid.width, height=grid.height, radius=3,
            fill="paper" if ghost else heat(value.value, top),
            stroke="rule" if ghost else None, dash="2 2" if ghost else "",
        ),
        number(
            x + grid.width / 2, y + grid.height / 2 + 4, value,
            places=0 if ghost else places, room=grid.room, id=id, term="x",
            fill="muted" if ghost else "ink", aligned=not ghost,
        ),
    ]  # fmt: skip


def fields(shown: Packing, space: float, *, printed: bool) -> Panel:
    """The four fields, in a frame.

    Args:
        shown: What is packed.
        space: The width of the frame, unless one step needs more.
        printed: Whether every value is shown, in the groups of the steps.
    """
    pad = 14.0 if space >= 480 else 8.0
    if printed:
        longest = max(shown.batch_sizes) * (narrowest(shown) + 1)
        space = max(space, longest + 2 * pad)
    marks: list[Mark] = [
        code(pad, 24, "PackedSequence", "start", bold=True),
        Text(
            x=space - pad, y=24, content=f"data of {shown.data_shape}", size=11,
            mono=True, fill="muted", anchor="end",
        ),
    ]  # fmt: skip
    y = 40.0
    if printed:
        left, above = (LABELS, 0.0) if space >= 480 else (0.0, 22.0)
        drawn, height = _data(shown, space - 2 * pad - left)
        marks += [shift(mark, pad + left, y + above) for mark in drawn]
        marks.append(
            code(pad, y + (34 if left else 14), "data", "start", fill="muted")
        )
        if left:
            marks.append(
                code(pad, y + 65, "batch_sizes", "start", fill="muted")
            )
        height += above
        y += height + 12
        names = ["sorted_indices", "unsorted_indices"]
    else:
        names = ["data", "batch_sizes", "sorted_indices", "unsorted_indices"]
    for name in names:
        values = (
            [shown.data(j) for j in range(shown.data_shape[0])]
            if name == "data"
            else shown.field(name)
        )
        line, height = _line(name, values, space - 2 * pad)
        marks += [shift(mark, pad, y) for mark in line]
        y += height
    y += pad - 4
    frame = Box(x=0, y=0, width=space, height=y, radius=10, stroke="rule")
    return Panel(space, y, (frame, *marks))


def _data(shown: Packing, space: float) -> tuple[list[Mark], float]:
    """The rows of data in lines, a group for each step."""
    share = min(WIDE, space / max(shown.batch_sizes) - 1)
    grid = Grid(max(narrowest(shown), share), 24, 1)
    values = [shown.data(j) for j in range(shown.data_shape[0])]
    top = largest(values)
    places = digits.decimals(n.value for n in values)
    sizes = shown.field("batch_sizes")
    marks: list[Mark] = []
    x = y = 0.0
    j = 0
    for t, size in enumerate(shown.batch_sizes):
        width = grid.x(size) - grid.gap
        if x and x + width > space:
            x, y = 0.0, y + 76
        for k in range(size):
            left = x + grid.x(k)
            marks += [
                code(
                    left + grid.width / 2, y + 11, str(shown.order[k]),
                    fill="muted",
                ),
                *cell(left, y + 18, grid, values[j], f"data-{j}", top, places),
            ]  # fmt: skip
            j += 1
        marks += [
            Path(
                d=(
                    ("M", (x + 2, y + 46)), ("L", (x + 2, y + 50)),
                    ("L", (x + width - 2, y + 50)),
                    ("L", (x + width - 2, y + 46)),
                ),
                stroke="muted",
            ),
            number(
                x + width / 2, y + 65, sizes[t], places=0, aligned=False,
                id=f"batch_sizes-{t}", term="x",
            ),
        ]  # fmt: skip
        x += width + 12
    return marks, y + 72


def _line(
    name: str, values: list[Number], space: float
) -> tuple[list[Mark], float]:
    """A field with its numbers; of many, an excerpt."""
    shown = excerpt(len(values))
    chosen = shown.of(values)
    places = digits.decimals(n.value for n in chosen)
    longest = max(len(digits.text(n.value, places, 6)) for n in chosen)
    grid = Grid(max(SMALL.width, longest * CHARACTER + 4), SMALL.height, 1)
    label = code(0, 14, name, "start", fill="muted")
    beside = space >= 480
    x, y = (LABELS, 0.0) if beside else (0.0, 20.0)
    marks: list[Mark] = [label]
    for k in shown.lines:
        if isinstance(k, Gap):
            marks += gap(x + 26, y + 14, k.count)
            x += 52
            continue
        marks += [
            Box(
                x=x, y=y, width=grid.width, height=grid.height, radius=3,
                fill="panel",
            ),
            number(
                x + grid.width / 2, y + 14, values[k], places=places,
                room=grid.room, aligned=False, id=f"{name}-{k}", term="x",
            ),
        ]  # fmt: skip
        x += grid.width + grid.gap
    return marks, y + 26
