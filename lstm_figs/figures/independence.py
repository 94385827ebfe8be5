"""The figure `independence`."""

from ..gradients.derivatives import Derivative, blocks, dc_dc_prev, dh_dh_prev
from ..lstm import Step
from ..marks import Mark, Text, shift
from ..parts.cells import fitted, largest, spoken
from ..parts.dependence import Rows, cells, dependence
from ..parts.fold import WHOLE, excerpt
from ..parts.frame import inner
from ..parts.shapes import Panel, code, flow
from ..proof import Number, Subject
from ..scene import Diagram, Heading
from ..terms import TERMS

LEFT, TOP = 36.0, 94.0
"""What the labels of rows and of columns take."""
SHORT = 14.0
"""What labels of rows take that are a digit."""
BLOCK = 256
"""The most units of a map."""
GAP = 26.0
"""Between the two matrices."""


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
        panel, words = dependence(subject, found[k], t, state, label)
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
        for mark in cells(matrix, grid, t, state, range(size), top)
    ]
    return Panel(middle + half, TOP + high + 50, tuple(marks))
