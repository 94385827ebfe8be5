"""The figure `weight-map`."""

from collections.abc import Sequence
from dataclasses import replace

from .. import digits
from ..cells import Grid, bands, cells, counted, largest, spoken
from ..frame import inner
from ..lstm import GATES
from ..marks import Mark, Text, shift
from ..proof import Number, Subject
from ..scene import Diagram, Heading
from ..shapes import Panel, code, flow
from ..terms import GATE_NAMES

LEFT, CLOSE = 62.0, 38.0
"""What gate letters, bars and row indices take, and what they can do with."""
NARROW, WIDE = 35.0, 52.0
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
    """One block if its numbers can be read in it, else two or three."""
    ways = [
        [[*blocks, *biases]],
        [blocks, biases],
        [[blocks[0]], [blocks[1]], biases],
    ]
    for way in ways:
        groups = [group for group in way if group]
        for space, gap, left in (
            (inner(room), 2.0, LEFT),
            (room - 24, 1.0, CLOSE),
        ):
            made = [
                _block(
                    group, _grid(group, space - left, gap), hidden_size, left
                )
                for group in groups
            ]
            if all(panel.width <= space for panel in made):
                return flow(made, 0 if len(made) > 1 else space)
    raise AssertionError("a tensor of eight columns fits into 360 pixels")


def _grid(group: Sequence[Columns], space: float, gap: float) -> Grid:
    """Cells as wide as there is room for, within what can be read."""
    columns = sum(len(rows[0]) for _, _, rows in group)
    width = (space - _apart(gap) * (len(group) - 1)) / columns - gap
    return Grid(min(max(width, NARROW), WIDE), 24, gap, 8)


def _apart(gap: float) -> float:
    """The space between two tensors."""
    return 7.5 * gap


def _block(
    parts: Sequence[Columns], grid: Grid, hidden_size: int, left: float
) -> Panel:
    top = largest(n for _, _, rows in parts for row in rows for n in row)
    head = 44.0
    x = left
    marks: list[Mark] = bands(
        grid, hidden_size, left, head, close=left == CLOSE
    )
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
        header = _header(name, rows)
        width = max(matrix.width, *(text.width for text in header))
        aside = (width - matrix.width) / 2
        marks += [replace(text, x=x + width / 2) for text in header]
        marks += [shift(mark, x + aside, head) for mark in matrix.marks]
        x += width + _apart(grid.gap)
        height = head + matrix.height
    return Panel(x - _apart(grid.gap), height, tuple(marks))


def _header(name: str, rows: list[list[Number]]) -> list[Text]:
    """The name of a tensor and its shape; narrow ones take two lines."""
    count, columns = len(rows), len(rows[0])
    if name == "sum":
        return [code(0, 34, "sum")]
    if name.startswith("bias"):
        stem, _, rest = name.partition("_")
        return [code(0, 19, stem), code(0, 34, rest)]
    return [
        code(0, 16, name),
        Text(
            x=0, y=33, content=f"({count}, {columns})", size=11, mono=True,
            fill="muted", anchor="middle",
        ),
    ]  # fmt: skip
