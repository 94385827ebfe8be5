"""The figure `independence`."""

from collections.abc import Sequence

import numpy as np

from ..layout.cells import Grid, fitted, heat, largest, number, spoken
from ..layout.fold import WHOLE, excerpt
from ..layout.heading import inner
from ..layout.heatmap import labelled
from ..layout.panels import Panel, code, flow
from ..layout.summaries import summary
from ..layout.tiles import Matrix, cut, tile
from ..model.gradients.derivatives import (
    Derivative,
    blocks,
    dc_dc_prev,
    dh_dh_prev,
)
from ..model.lstm import Step
from ..model.tensors import Array
from ..proof import digits
from ..proof.subject import Number, Subject
from ..scene.marks import Box, Mark, Text, shift
from ..scene.scenes import Diagram, Heading
from ..scene.terms import TERMS

LEFT, TOP = 36.0, 94.0
"""What the labels of rows and of columns take."""
SHORT = 14.0
"""What labels of rows take that are a digit."""
SIDE = 56
"""What labels of rows take beside a map."""
BLOCK = 256
"""The most units of a map."""
GAP = 26.0
"""Between the two matrices."""

Rows = list[list[Number]]


def independence(subject: Subject, room: float, *, step: int = 2) -> Diagram:
    """How a unit depends on the others: by h on all, by c on itself alone.

    Args:
        subject: What is drawn.
        room: The width that the figure may use.
        step: The time step, counted from 1; the first if there is no other.
    """
    t = subject.at(step)
    if subject.weights.hidden_size > WHOLE:
        return _many(subject, room, t)
    current, size = subject.steps[t], subject.weights.hidden_size
    by_hr = subject.weights.weight_hr is not None
    by_h = _numbers(dh_dh_prev(subject.weights, current), "dh_dh_prev", current)
    by_c = _numbers(dc_dc_prev(subject.weights, current), "dc_dc_prev", current)
    one = size == 1
    body = flow(
        [
            _panel(
                by_h, inner(room), t, "h",
                "h of the one unit" if one else "h depends on every unit",
                f"∂h/∂h_{{t−1}} = {'W_{hr}(' * by_hr}D_{{i}}W_{{hi}} + "
                "D_{f}W_{hf} + D_{g}W_{hg} + D_{o}W_{ho}" + ")" * by_hr,
            ),
            _panel(
                by_c, inner(room), t, "c",
                "c of the one unit" if one else "c depends on its own unit",
                "∂c/∂c_{t−1} = diag(f)",
            ),
        ],
        inner(room),
        gap=GAP,
    )  # fmt: skip
    notes = [
        "D_{i} is ∂h/∂z_{i}, a diagonal matrix; so are the others.",
        "∂c/∂c_{t−1} holds h_{t−1} fixed.",
        "Blue is positive, red is negative; each matrix has its own scale.",
    ]
    if one:
        notes.append("With one unit both are 1×1: full and diagonal at once.")
    return Diagram(
        Heading(
            "One unit depends on itself alone"
            if one
            else "Units meet in h, never in c",
            f"{subject.module}, step {step}: how the new state of each unit "
            "changes with the old state of each",
            tuple(notes),
            subject.source,
        ),
        f"Two matrices, {len(by_h)} by {len(by_h)} and {size} by {size} "
        "numbers. "
        f"{_said('∂h/∂h_prev', by_h)} {_said('∂c/∂c_prev', by_c)}",
        body.width,
        body.height,
        body.marks,
        room,
    )


def _many(subject: Subject, room: float, t: int) -> Diagram:
    """Both matrices as heat maps, with the numbers of some units."""
    size, step = subject.weights.hidden_size, subject.label(t)
    count = min(size, BLOCK)
    found = blocks(subject.weights, subject.steps[t], count)
    panels, said = [], []
    for k, (state, label) in enumerate(
        (("h", "h depends on every unit"), ("c", "c depends on its own unit"))
    ):
        panel, words = _mapped(subject, found[k], t, state, label)
        panels.append(panel)
        said.append(words)
    body = flow(panels, inner(room), gap=GAP)
    shown = excerpt(count)
    of = f" of {size}" if count < size else ""
    notes = [
        f"Numbers are of {shown.said('unit')}; all maps have the same scale "
        "on both sides of 0, blue is positive, red is negative.",
        f"Maps, counts and the lines below are of units 0 to {count - 1}{of}.",
        "∂c/∂c_{t−1} holds h_{t−1} fixed.",
    ]
    return Diagram(
        Heading(
            "Units meet in h, never in c",
            f"{subject.module}, step {step}: how the new state of each unit "
            "changes with the old state of each",
            tuple(notes),
            subject.source,
        ),
        "Two matrices as heat maps, "
        + " and ".join("{} by {}".format(*one.value.shape) for one in found)
        + " numbers. "
        + " ".join(said),
        body.width,
        body.height,
        body.marks,
        room,
    )


def _mapped(
    subject: Subject, found: Derivative, t: int, state: str, label: str
) -> tuple[Panel, str]:
    """The numbers of some units above the map of all, and a description."""
    array, count = found.value, len(found.value)
    before, terms = f"{state}_prev", f"{state} {state}_prev"
    expr = f"blocks({t}, {count})[{0 if state == 'h' else 1}]"
    step_scale = subject.steps[t].scale
    scale = float(max(np.nanmax(found.scale, initial=0), step_scale))
    units = excerpt(count).indices
    matrix = [
        [
            Number(
                array[row, col],
                f"{expr}[{row}, {col}]",
                float(max(found.scale[row, col], step_scale)),
            )
            for col in units
        ]
        for row in units
    ]
    grid = Grid(44, 28)
    side = grid.x(len(units)) - grid.gap
    symbol = f"∂{state}/∂{TERMS[before].symbol}"
    left = SIDE
    marks: list[Mark] = [
        Text(x=left, y=10, content=label, bold=True, fill="muted"),
        Text(
            x=left, y=36, content=symbol, size=15, bold=True,
            fill=TERMS[state].role, term=terms,
        ),
    ]  # fmt: skip
    top = 72.0
    for k, unit in enumerate(units):
        middle = (grid.width / 2, grid.height / 2 + 4)
        marks += [
            code(left + grid.x(k) + middle[0], top - 8, f"[{unit}]",
                 fill="muted"),
            code(left - 8, top + grid.y(k) + middle[1], f"{state}[{unit}]",
                 "end", fill="muted"),
        ]  # fmt: skip
    tiles_axis = cut(count, 256, 64)
    tiles = tile(Matrix(array, expr, (terms,), scale), tiles_axis, tiles_axis)
    end = float(tiles.end.value) if tiles.end else 1.0
    marks += [
        shift(mark, left, top)
        for mark in _cells(matrix, grid, t, state, units, end)
    ]
    y = top + side * 28 / 44 + 30
    picture = labelled(
        tiles, f"{state} by {before}", id=f"{state}-{before}", width=256
    )
    marks += [shift(mark, left, y) for mark in picture.marks]
    y += picture.height + 22
    lines, words = _lines(array, expr, state, scale, left, y, t)
    return (
        Panel(
            left + max(picture.width, side, 256),
            lines.height,
            (
                *marks,
                *lines.marks,
            ),
        ),
        f"{symbol}: {words}; {tiles.spoken()}.",
    )


def _lines(
    array: Array,
    expr: str,
    state: str,
    scale: float,
    left: float,
    y: float,
    t: int,
) -> tuple[Panel, str]:
    """Counts and ranks below a map: of all elements, or of the diagonal."""
    diagonal = state == "c"
    of, said = (
        (np.diagonal(array), f"{expr}.diagonal()")
        if diagonal
        else (array, expr)
    )
    count = int(np.count_nonzero(array))
    found = summary(np.ascontiguousarray(of), said, scale)
    names = ("least", "median size", "most")
    marks: list[Mark] = [
        Text(
            x=left, y=y, content=f"not zero: {count} of {array.size}",
            fill="muted",
        ),
        Text(
            x=left, y=y + 18, size=11, fill="muted",
            content="of the diagonal, f:" if diagonal else "of all:",
        ),
    ]  # fmt: skip
    for k, (name, value) in enumerate(zip(names, found, strict=True)):
        line = y + 18 + 16 * k
        marks += [
            Text(x=left + 124, y=line, content=name, size=11, fill="muted"),
            number(
                left + 224, line, value, places=digits.DECIMALS, room=8,
                id=f"{state}-{state}_prev-{t}-summary-{k}",
                term=f"{state} {state}_prev",
            ),
        ]  # fmt: skip
    words = f"{count} of {array.size} are not zero, " + ", ".join(
        f"{n} {spoken([v])}" for n, v in zip(names, found, strict=True)
    )
    return Panel(0, y + 56, tuple(marks)), words


def _numbers(found: Derivative, name: str, step: Step) -> Rows:
    """The Jacobian of the first sequence."""
    size = range(found.value.shape[-1])
    return [
        [
            Number(
                found.value[0, row, col],
                f"{name}[{step.t}, 0, {row}, {col}]",
                float(max(found.scale[0, row, col], step.scale)),
            )
            for col in size
        ]
        for row in size
    ]


def _said(name: str, matrix: Rows) -> str:
    rows = (f"row {k}: {spoken(numbers)}" for k, numbers in enumerate(matrix))
    return f"{name}, {'; '.join(rows)}."


def _panel(
    matrix: Rows, room: float, t: int, state: str, label: str, formula: str
) -> Panel:
    """A matrix with the names of its rows and columns, and its formula."""
    size = len(matrix)
    grid = fitted((n for row in matrix for n in row), size, 30)
    beside, name = LEFT, state
    if LEFT + grid.x(size) - grid.gap > room:
        # On a phone, eight numbers with exponents leave room for a digit.
        beside, name = SHORT, ""
        grid = grid._replace(width=(room - SHORT) / size, gap=0)
    wide, high = grid.x(size) - grid.gap, grid.y(size) - grid.gap
    before, terms = f"{state}_prev", f"{state} {state}_prev"
    symbol = f"∂{state}/∂{TERMS[before].symbol}"
    count = sum(bool(n.value != 0) for row in matrix for n in row)
    words = [
        Text(x=0, y=10, content=label, bold=True, fill="muted"),
        Text(
            x=0, y=42, content=symbol, size=15, bold=True,
            fill=TERMS[state].role, term=terms,
        ),
        code(0, TOP - 26, before, fill="muted"),
        Text(x=0, y=TOP + high + 26, content=formula, size=12.5, term=terms),
        Text(
            x=0, y=TOP + high + 46, content=f"not zero: {count} of {size**2}",
            fill="muted",
        ),
    ]  # fmt: skip
    half = max(wide, *(text.width for text in words)) / 2
    middle = max(half, beside + wide / 2)
    left = middle - wide / 2
    marks: list[Mark] = [
        text._replace(x=middle, anchor="middle") for text in words
    ]
    for k in range(size):
        x, y = grid.x(k) + grid.width / 2, grid.y(k) + grid.height / 2 + 4
        marks += [
            code(left + x, TOP - 9, f"[{k}]", fill="muted"),
            code(
                left - 6,
                TOP + y,
                f"{name}[{k}]" if name else str(k),
                "end",
                fill="muted",
            ),
        ]
    top = largest(n for row in matrix for n in row)
    marks += [
        shift(mark, left, TOP)
        for mark in _cells(matrix, grid, t, state, range(size), top)
    ]
    return Panel(middle + half, TOP + high + 50, tuple(marks))


def _cells(
    matrix: Rows,
    grid: Grid,
    t: int,
    state: str,
    units: Sequence[int],
    top: float,
) -> list[Mark]:
    """The numbers on their colours; exact zeros are quiet."""
    places = digits.decimals(n.value for row in matrix for n in row)
    marks: list[Mark] = []
    for row, numbers in enumerate(matrix):
        for col, value in enumerate(numbers):
            x, y = grid.x(col), grid.y(row)
            zero = value.value == 0
            kept = " f" if state == "c" and row == col else ""
            marks += [
                Box(
                    x=x, y=y, width=grid.width, height=grid.height, radius=3,
                    fill=heat(value.value, top),
                ),
                number(
                    x + grid.width / 2, y + grid.height / 2 + 4, value,
                    places=0 if zero else places, room=grid.room,
                    id=f"{state}-{state}_prev-{t}-{units[row]}-{units[col]}",
                    term=f"{state} {state}_prev{kept}",
                    fill="muted" if zero else "ink", aligned=not zero,
                ),
            ]  # fmt: skip
    return marks
