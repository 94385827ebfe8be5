"""The figure `shapes`."""

from collections.abc import Mapping
from dataclasses import replace
from typing import NamedTuple

from ..layout.cells import NUMBER, Grid, fitted, number, spoken
from ..layout.fold import Gap, excerpt, notes
from ..layout.heading import inner
from ..layout.layer_grid import CHIP, LEFT, LayerGrid, direction
from ..layout.panels import Panel, arrow, code, flow, stack
from ..options import Value
from ..proof import digits
from ..proof.digits import counted
from ..proof.runs.variants import two_directions, two_layers
from ..proof.subject import Number, Subject
from ..scene.marks import Box, Mark, Text, bounds
from ..scene.scenes import Diagram, Heading

INDEX, DOTS, WHERE = 34.0, 30.0, 104.0
"""Widths: of the index of a row, of elements left out, of a row's words."""
OUTLINE = 5.0
"""How far the outline of output is from its layer."""


class Returned(NamedTuple):
    """A state that the module returns.

    Attributes:
        name: What it is called.
        term: Its term.
        shape: Its shape.
        rows: The first sequence, by the index of the first axis.
    """

    name: str
    term: str
    shape: tuple[int, ...]
    rows: dict[int, list[Number]]


def made(subject: Subject, options: Mapping[str, Value]) -> Subject:
    """The module as it is; the example with two layers in two directions."""
    if not subject.trace.origin.example:
        return subject
    return replace(subject, trace=two_layers(two_directions(subject.trace)))


def shapes(subject: Subject, room: float) -> Diagram:
    """Where output, h_n and c_n stand among layers, steps and directions.

    Args:
        subject: What is drawn.
        room: The width that the figure may use.
    """
    trace, space = subject.trace, inner(room)
    grid = LayerGrid(
        subject=subject, pitch=76 if space > 400 else 62, top=46, between=26,
        tag=18,
    )  # fmt: skip
    cell = trace.kind == "LSTMCell"
    states = [_returned(subject, grid, name) for name in ("h", "c")]
    table = stack([_table(subject, found, space) for found in states], 0)
    body = flow([_grid(grid, states[0]), table], space, gap=32)
    steps, size = len(trace.x), states[0].shape[-1]
    output = (steps, trace.x.shape[1], grid.directions * size)
    return Diagram(
        Heading(
            "A cell returns the state of one step"
            if cell
            else "output is the top layer, h_n the end of every layer",
            f"{subject.module} over {counted(steps, 'step')}: "
            + (
                "a cell returns the h and c of one call, here of the last"
                if cell
                else "output is the last layer's h, h_n and c_n are every "
                "layer's last h and c"
            ),
            _notes(subject, grid),
            subject.source,
        ),
        f"{_layers(grid)}, {counted(steps, 'step')}. "
        f"{'' if cell else f'output has the shape {output}: the last layer. '}"
        f"{grid.said()} " + " ".join(map(_said, states)),
        body.width,
        body.height,
        body.marks,
        room,
    )


def _layers(grid: LayerGrid) -> str:
    both = " in two directions" * (grid.directions == 2)
    return f"{counted(grid.subject.trace.num_layers, 'layer')}{both}"


def _notes(subject: Subject, grid: LayerGrid) -> tuple[str, ...]:
    found = ["Boxes are h; the arrows between them also carry c."]
    if subject.trace.bidirectional:
        found.append(
            "The last step of the reverse direction is the first of the "
            "sequence. In output its features follow those of the forward one."
        )
    units = excerpt(subject.trace.steps[0].h.shape[1])
    return (*found, *grid.notes(), *notes(("unit", units)))


def _said(found: Returned) -> str:
    rows = "; ".join(
        f"index {index} {spoken(values)}"
        for index, values in found.rows.items()
    )
    return f"{found.name} has the shape {found.shape}: {rows}."


def _returned(subject: Subject, grid: LayerGrid, name: str) -> Returned:
    """The last h or c of every layer and direction that is shown."""
    trace, batch = subject.trace, subject.trace.x.shape[1]
    cell = trace.kind == "LSTMCell"
    rows = {}
    for index in grid.indices():
        last = trace.part(index)[-1]
        values = getattr(last, name)[0]
        at = "0" if cell else f"{index}, 0"
        rows[index] = [
            Number(value, f"{name}_n[{at}, {k}]", last.scale)
            for k, value in enumerate(values)
        ]
    size = len(rows[0])
    if cell:
        return Returned(name, f"{name}_n", (batch, size), rows)
    shape = len(trace.weights), batch, size
    return Returned(f"{name}_n", f"{name}_n", shape, rows)


def _grid(grid: LayerGrid, last: Returned) -> Panel:
    """The grid, and on it what is returned."""
    columns, tops = grid.columns(), grid.tops()
    trace, top = grid.subject.trace, min(tops.values())
    cell = trace.kind == "LSTMCell"
    marks: list[Mark] = []
    for layer, start, end in grid.upwards():
        paint, term = ("h", "h") if layer else ("ink", "x")
        edge = OUTLINE * (layer == trace.num_layers - 1 and not cell)
        marks += [
            arrow((x, start), (x, end + edge), paint=paint, term=term)
            for x in columns.values()
        ]
    marks += grid.marks()
    shape = len(trace.x), last.shape[-2], grid.directions * last.shape[-1]
    right = grid.right + OUTLINE
    if not cell:
        shown = code(LEFT + 52, 11, str(shape), "start", fill="muted")
        right = max(right, shown.left + shown.width)
        marks += [
            Text(x=LEFT, y=11, content="output", bold=True, fill="h",
                 term="output"),
            shown,
            Box(
                x=LEFT - OUTLINE, y=18, width=grid.right - LEFT + 2 * OUTLINE,
                height=top + grid.block + OUTLINE - 18, radius=12, stroke="h",
                stroke_width=2, term="output",
            ),
        ]  # fmt: skip
    marks += [
        code(x, 34, f"[{t}]", fill="muted", bold=not cell)
        for t, x in columns.items()
    ]
    return Panel(
        right, grid.height,
        (*marks, *(m for index in last.rows for m in _tag(grid, index, cell))),
    )  # fmt: skip


def _tag(grid: LayerGrid, index: int, cell: bool) -> list[Mark]:
    """An outline and a name for the last state of a direction."""
    reverse = grid.subject.trace.weights[index].direction == "reverse"
    columns = grid.columns()
    x = columns[min(columns) if reverse else max(columns)]
    y = grid.middle(index)
    return [
        Box(
            x=x - CHIP / 2, y=y - grid.row / 2, width=CHIP, height=grid.row,
            radius=5, stroke="h", stroke_width=3, term="h_n",
        ),
        code(
            # Long names grow to the left, where there is room.
            x + CHIP / 2 + 1, y + grid.row / 2 + 15,
            "h" if cell else f"h_n[{index}]", "end", fill="h", bold=True,
        ),
    ]  # fmt: skip


def _table(subject: Subject, found: Returned, space: float) -> Panel:
    """A returned state, a row for each layer and direction."""
    every = [value for row in found.rows.values() for value in row]
    shown = excerpt(found.shape[-1])
    grid = fitted(every, len(shown.indices))
    places = digits.decimals(v.value for v in every)
    role = found.term[0]
    name = Text(
        x=0, y=11, content=found.name, bold=True, fill=role, term=found.term
    )
    marks: list[Mark] = [
        name,
        code(name.width + 8, 11, str(found.shape), "start", fill="muted"),
    ]
    across = len(shown.indices) * (grid.width + grid.gap) + DOTS * shown.folded
    # Where a row has no room for its words, they stand above it.
    apart = INDEX + across + WHERE > space
    left = 0.0 if apart else INDEX
    y, before = 22.0, -1
    for index, values in found.rows.items():
        if index > before + 1:
            said = f"… {index - before - 1} more"
            marks.append(code(INDEX, y + 11, said, "start", fill="muted"))
            y += 20
        before = index
        named = code(
            0 if apart else INDEX - 6, y + 16, f"[{index}]",
            "start" if apart else "end", fill=role, bold=True,
        )  # fmt: skip
        where = named.width if apart else INDEX + across
        marks += [
            named,
            Text(
                x=where + 6, y=y + 16, size=NUMBER, fill="muted",
                content=_where(subject, index),
            ),
        ]  # fmt: skip
        y += 22 * apart
        x = left
        for line in shown.lines:
            if isinstance(line, Gap):
                marks.append(code(x + DOTS / 2 - 1, y + 15, "…", fill="muted"))
                x += DOTS
                continue
            id = f"{found.term}-{index}-{line}"
            marks += _cell(grid, x, y, values[line], places, id, found.term)
            x += grid.width + grid.gap
        y += grid.height + grid.gap + 4 * apart
    return Panel(bounds(marks).right, y - grid.gap, tuple(marks))


def _where(subject: Subject, index: int) -> str:
    """What a row of a state belongs to."""
    if subject.trace.kind == "LSTMCell":
        return "the first row"
    layer = subject.trace.weights[index].layer
    return f"layer {layer}{direction(subject, index)}"


def _cell(
    grid: Grid,
    x: float,
    y: float,
    value: Number,
    places: int,
    id: str,
    term: str,
) -> list[Mark]:
    return [
        Box(
            x=x, y=y, width=grid.width, height=grid.height, radius=3,
            fill="panel",
        ),
        number(
            x + grid.width / 2, y + grid.height / 2 + 4, value,
            places=places, room=grid.room, id=id, term=term,
        ),
    ]  # fmt: skip
