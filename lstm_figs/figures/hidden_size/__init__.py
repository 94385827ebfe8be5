"""The figure `hidden-size`."""

from ...layout.cells import Grid, cells, largest, spoken
from ...layout.heading import inner
from ...layout.maps import NOTES
from ...layout.panels import LABEL, Panel, code, flow
from ...layout.parameter_blocks import (
    CLOSE,
    Columns,
    block,
    can_print,
    fit,
    parameter_columns,
)
from ...model.lstm import GATES
from ...proof import digits
from ...proof.digits import counted
from ...proof.subject import Subject
from ...scene.marks import Box, Mark, Path, Text, shift
from ...scene.scenes import Diagram, Heading
from ...scene.terms import GATE_NAMES, TERMS
from .units import unit_maps

SIDE, HEAD, BETWEEN = 10.0, 36.0, 40.0
"""Inside a unit's frame, above its rows, and between the two halves."""
CELL = 36.5
"""The width of a number."""


def hidden_size(subject: Subject, room: float) -> Diagram:
    """What grows with hidden_size: all rows as stored, and those of each unit.

    Args:
        subject: What is drawn.
        room: The width that the figure may use.
    """
    sizes = subject.weights
    printed = _printed(subject, room)
    body, said = printed or unit_maps(subject, inner(room))
    units, projected = sizes.hidden_size, sizes.proj_size > 0
    columns = sizes.input_size + sizes.size
    biases = 2 if sizes.bias_ih is not None else 0
    count = units * (4 * (columns + biases) + sizes.proj_size)
    wider = columns + (not projected)
    more = (units + 1) * (4 * (wider + biases) + sizes.proj_size)
    gains = "weight_hr" if projected else "weight_hh"
    return Diagram(
        Heading(
            f"hidden_size = {units}: {counted(units, 'unit')}, "
            f"{4 * units} rows",
            f"{subject.module}: rows are stacked gate by gate, so those of "
            "one unit lie hidden_size apart",
            (
                f"These are {count} numbers; with one unit more there would "
                f"be {more}, because {gains} also gains a column.",
                *("weight_hr has no bands and is not drawn.",) * projected,
                *(
                    ("Blue is positive, red is negative; one scale for all.",)
                    if printed
                    else NOTES
                ),
            ),
            subject.origin,
        ),
        said,
        body.width,
        body.height,
        body.marks,
        room,
    )


def _printed(subject: Subject, room: float) -> tuple[Panel, str] | None:
    """Every number, where all can be read."""
    sizes = subject.weights
    if not can_print(sizes):
        return None
    units = range(sizes.hidden_size)
    tensors = [
        Columns(tensor.term, tensor.term, tensor.rows)
        for tensor in parameter_columns(subject)
    ]
    top = largest(n for t in tensors for row in t.rows for n in row)
    grid = Grid(CELL, 24, 1, 8)
    owned = [
        _unit(subject, tensors, grid, top, unit, room - 24) for unit in units
    ]
    stored = block(tensors, grid, sizes.hidden_size, CLOSE, top)
    if stored.width + BETWEEN + owned[0].width <= room - 24:
        body = _beside(stored, owned, sizes.hidden_size, grid)
    else:
        body = _below(tensors, owned, sizes.hidden_size, room, top)
    return body, " ".join(
        f"Unit {unit} owns rows "
        f"{', '.join(str(sizes.row(gate, unit)) for gate in GATES)}: "
        + "; ".join(
            f"{GATE_NAMES[gate].name} gate "
            + ", ".join(
                f"{t.name} {spoken(t.rows[sizes.row(gate, unit)])}"
                for t in tensors
            )
            for gate in GATES
        )
        + "."
        for unit in units
    )


def _unit(
    subject: Subject,
    tensors: list[Columns],
    grid: Grid,
    top: float,
    unit: int,
    space: float,
) -> Panel:
    """The four rows of one unit in a frame, in lines that fit."""
    rows = [subject.weights.row(gate, unit) for gate in GATES]
    first = SIDE + 36.0
    x, y, width = first, HEAD, 0.0
    marks: list[Mark] = _names(rows, grid, y)
    for tensor in tensors:
        terms = [f"{tensor.term} {gate}" for gate in GATES]
        matrix = cells(
            [tensor.rows[row] for row in rows],
            grid,
            top=top,
            id=f"{tensor.term}-unit",
            term=lambda row, terms=terms: terms[row],  # type: ignore[misc]
            places=digits.decimals(n.value for r in tensor.rows for n in r),
            rows=rows,
        )
        if x > first and x + matrix.width + SIDE > space:
            x, y = first, y + matrix.height + 12
            marks += _names(rows, grid, y)
        marks += [shift(mark, x, y) for mark in matrix.marks]
        width = max(width, x + matrix.width + SIDE)
        x += matrix.width + 4
    height = y + matrix.height + SIDE
    frame = Box(
        x=0, y=0, width=width, height=height, radius=10, fill="panel",
        stroke="rule",
    )  # fmt: skip
    name = Text(x=SIDE, y=22, content=f"unit {unit}", bold=True, size=12.5)
    picked = code(
        width - SIDE, 22, f"[{', '.join(map(str, rows))}]", "end", fill="muted"
    )
    wide = name.width + picked.width + 2 * SIDE + 8 <= width
    return Panel(
        width, height, (frame, name, *([picked] if wide else []), *marks)
    )


def _names(rows: list[int], grid: Grid, top: float) -> list[Mark]:
    """The gates and the row indices left of a unit's rows."""
    marks: list[Mark] = []
    for k, (gate, row) in enumerate(zip(GATES, rows, strict=True)):
        y = top + grid.y(k) + grid.height / 2 + 4
        marks += [
            Text(
                x=SIDE + 8, y=y + 1, content=gate, size=14, bold=True,
                fill=TERMS[gate].role, anchor="middle", term=gate,
            ),
            Text(
                x=SIDE + 31, y=y, content=str(row), size=11, mono=True,
                fill="muted", anchor="end",
            ),
        ]  # fmt: skip
    return marks


def _beside(
    stored: Panel, owned: list[Panel], hidden_size: int, grid: Grid
) -> Panel:
    """Both halves, with a line from each stored row to its unit."""
    gap = 16.0
    tall = sum(panel.height + gap for panel in owned) - gap
    height = max(stored.height, tall)
    x = stored.width + BETWEEN
    down = (height - stored.height) / 2
    lines: list[Mark] = []
    marks: list[Mark] = [shift(m, 0, LABEL + down) for m in stored.marks]
    y = LABEL + (height - tall) / 2
    for unit, panel in enumerate(owned):
        for k, gate in enumerate(GATES):
            row = k * hidden_size + unit
            start = LABEL + down + 44 + grid.y(row, hidden_size) + 12
            lines.append(
                _line(
                    (stored.width + 5, start),
                    (x + SIDE - 2, y + HEAD + grid.y(k) + 12),
                    gate,
                )
            )
        marks += [shift(mark, x, y) for mark in panel.marks]
        y += panel.height + gap
    labels = [
        Text(
            x=middle, y=10, content=text, bold=True, fill="muted",
            anchor="middle",
        )
        for middle, text in (
            (stored.width / 2, "as stored, gate by gate"),
            (x + owned[0].width / 2, "by unit"),
        )
    ]  # fmt: skip
    return Panel(x + owned[0].width, LABEL + height, (*labels, *marks, *lines))


def _line(
    start: tuple[float, float], end: tuple[float, float], gate: str
) -> Path:
    middle = (start[0] + end[0]) / 2
    return Path(
        d=(
            ("M", start),
            ("C", (middle, start[1]), (middle, end[1]), end),
        ),
        stroke=TERMS[gate].role,
        stroke_width=1.5,
        opacity=0.8,
        term=gate,
    )


def _below(
    tensors: list[Columns],
    owned: list[Panel],
    hidden_size: int,
    room: float,
    top: float,
) -> Panel:
    """The rows as stored above, the units below them."""
    weight_ih, weight_hh, *biases = tensors
    stored = fit([weight_ih, weight_hh], biases, hidden_size, room, top)
    per_row = max(1, int((inner(room) + 16) // (owned[0].width + 16)))
    marks: list[Mark] = []
    for unit, panel in enumerate(owned):
        x = unit % per_row * (panel.width + 16)
        y = unit // per_row * (panel.height + 16)
        marks += [shift(mark, x, y) for mark in panel.marks]
    columns = min(per_row, len(owned))
    rows = -(-len(owned) // per_row)
    units = Panel(
        columns * (owned[0].width + 16) - 16,
        rows * (owned[0].height + 16) - 16,
        tuple(marks),
        "by unit",
    )
    return flow([stored._replace(label="as stored, gate by gate"), units], 0)
