"""The figure `weight-map`."""

from collections.abc import Sequence

from .. import digits
from ..cells import Grid, bands, cells, counted, largest, spoken
from ..frame import inner
from ..lstm import GATES
from ..proof import Number, Subject
from ..scene import Diagram, Heading, Mark, Text, shift
from ..shapes import Panel, code, flow
from ..terms import GATE_NAMES

LEFT = 62.0
"""The space that gate letters, bars and row indices take."""
NARROW, WIDE = 33.5, 52.0
"""The least and the most that a cell takes across."""

Columns = tuple[str, str, list[list[Number]]]
"""A code name, its term and its rows."""


def weight_map(subject: Subject, room: float) -> Diagram:
    """Every parameter of the module as one block of aligned rows.

    Args:
        subject: What is drawn.
        room: The width that the figure may use.
    """
    sizes = subject.weights
    rows = range(4 * sizes.hidden_size)
    blocks: list[Columns] = [
        (
            subject.parameter_name(name),
            name,
            [
                [subject.parameter(name, row, j) for j in range(columns)]
                for row in rows
            ],
        )
        for name, columns in (
            ("weight_ih", sizes.input_size),
            ("weight_hh", sizes.hidden_size),
        )
    ]
    biases: list[Columns] = []
    if sizes.bias_ih is not None:
        biases = [
            *(
                (
                    subject.parameter_name(name),
                    name,
                    [[subject.parameter(name, row)] for row in rows],
                )
                for name in ("bias_ih", "bias_hh")
            ),
            ("sum", "bias", [[subject.bias(row)] for row in rows]),
        ]
    body = _fit(blocks, biases, sizes.hidden_size, room)
    count = sum(array.size for array in sizes.parameters().values())
    band = counted(sizes.hidden_size, "row")
    said = " ".join(
        f"Row {row}, {GATE_NAMES[GATES[row // sizes.hidden_size]].name} gate: "
        + "; ".join(
            f"{name} {spoken(block[row])}" for name, _, block in blocks + biases
        )
        + "."
        for row in rows
    )
    return Diagram(
        Heading(
            "Every weight, in PyTorch's order",
            f"{subject.module}: {count} numbers in {len(rows)} rows, four "
            f"bands of {band}; unit k owns row k of each band",
            (
                "Blue is positive, red is negative; one scale for all.",
                *(
                    ("The sum of the biases is not stored.",)
                    if biases
                    else ("The module has no bias.",)
                ),
            ),
            subject.trace.origin.label,
        ),
        f"{len(rows)} rows in the order input, forget, cell, output. {said}",
        body.width,
        body.height,
        body.marks,
        room,
    )


def _fit(
    blocks: list[Columns],
    biases: list[Columns],
    hidden_size: int,
    room: float,
) -> Panel:
    """One block if its numbers can be read in it, else one for each tensor."""
    parts = [blocks[0], blocks[1], *biases]
    columns = sum(len(rows[0]) for _, _, rows in parts)
    for space, gap, left in ((inner(room), 2.0, LEFT), (room - 24, 0.4, 38.0)):
        apart = _apart(gap) * (len(parts) - 1)
        width = (space - left - apart) / columns - gap
        if width >= NARROW - 0.1:
            grid = Grid(min(width, WIDE), 24, gap, 8)
            return _block(parts, grid, hidden_size, left)
    stacked = [[blocks[0]], [blocks[1]], *([biases] if biases else [])]
    space = room - 24
    return flow(
        [
            _block(
                part,
                Grid(
                    min(
                        WIDE,
                        (space - 38 - _apart(1) * (len(part) - 1))
                        / sum(len(rows[0]) for _, _, rows in part)
                        - 1,
                    ),
                    24,
                    1,
                    8,
                ),
                hidden_size,
                38.0,
            )
            for part in stacked
        ],
        space,
        gap=32,
    )


def _apart(gap: float) -> float:
    """The space between two tensors."""
    return 7.5 * gap


def _block(
    parts: Sequence[Columns], grid: Grid, hidden_size: int, left: float
) -> Panel:
    top = largest(n for _, _, rows in parts for row in rows for n in row)
    head = 44.0
    x = left
    marks: list[Mark] = bands(grid, hidden_size, left, head, close=left < LEFT)
    for name, term, rows in parts:
        matrix = cells(
            rows,
            grid,
            top=top,
            id=term,
            term=lambda row, term=term: (  # type: ignore[misc]
                f"{term} {GATES[row // hidden_size]}"
            ),
            places=digits.decimals(n.value for row in rows for n in row),
            rows_per_band=hidden_size,
        )
        marks += _header(name, rows, x, matrix.width, grid)
        marks += [shift(mark, x, head) for mark in matrix.marks]
        x += matrix.width + _apart(grid.gap)
        height = head + matrix.height
    return Panel(x - _apart(grid.gap), height, tuple(marks))


def _header(
    name: str, rows: list[list[Number]], x: float, width: float, grid: Grid
) -> list[Mark]:
    """The name of a tensor and its shape; narrow ones take two lines."""
    count, columns = len(rows), len(rows[0])
    shape = f"({count}, {columns})" if "weight" in name else f"({count},)"
    middle = x + width / 2
    if name == "sum":
        return [code(middle, 34, "sum")]
    if columns == 1 and "bias" in name:
        stem, _, rest = name.partition("_")
        return [code(middle, 19, stem), code(middle, 34, rest)]
    return [
        code(middle, 16, name),
        Text(
            x=middle, y=33, content=shape, size=11, mono=True, fill="muted",
            anchor="middle",
        ),
    ]  # fmt: skip
