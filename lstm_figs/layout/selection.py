"""The inputs that weigh most, and all others as one addend."""

from collections.abc import Sequence

import numpy as np

from ..model.lstm import GATES, Array
from ..proof import digits
from ..proof.digits import counted
from ..proof.subject import Number, Subject
from ..scene.marks import Box, Group, Mark, Path, Text, shift
from ..scene.theme import Paint
from .cells import number
from .heatmap import HEAD, labelled, row_names, ticks
from .maps import GUTTER, expression
from .panels import Panel, Point
from .tiles import Cut, Matrix, cut, tile

SHOWN = 8
"""How many inputs are drawn one by one."""
REST = 76.0
"""The width of the node of all others."""
ROW = 14


def strongest(magnitudes: Array) -> list[int]:
    """The places of the largest magnitudes, in order; NaN counts as largest.

    >>> strongest(np.array([5, 1, 9, 2, 3, 4, 8, 7, 6, np.nan]))
    [0, 2, 4, 5, 6, 7, 8, 9]
    """
    sizes = np.where(np.isnan(magnitudes), np.inf, magnitudes)
    return sorted(np.argsort(-sizes, kind="stable")[:SHOWN].tolist())


def shown_inputs(subject: Subject, rows: Sequence[int]) -> list[int]:
    """The inputs that are drawn one by one, for some rows of weight_ih."""
    if subject.weights.input_size <= SHOWN:
        return list(range(subject.weights.input_size))
    return strongest(abs(subject.weights.weight_ih[list(rows)]).max(axis=0))


@np.errstate(invalid="ignore", over="ignore")
def rest(subject: Subject, t: int, row: int, shown: Sequence[int]) -> Number:
    """What all other inputs add to a row of `weight_ih @ x`."""
    products = subject.steps[t].x[0] * subject.weights.weight_ih[row]
    products[list(shown)] = 0
    name = expression(subject, "weight_ih")
    return Number(
        products.sum(),
        f"(x[{t}, 0] * {name}[{row}])"
        f".index_fill(0, torch.tensor({list(shown)}), 0).sum()",
        float(abs(products).sum()),
    )


def rest_node(y: float, count: int) -> Group:
    """The node of all inputs that are not drawn; it begins at 0."""
    return Group(
        marks=(
            Box(
                x=0, y=y - 16, width=REST, height=32, radius=16, fill="paper",
                stroke="ink", stroke_width=1.5, dash="4 3",
            ),
            Text(
                x=REST / 2, y=y + 4, content=f"{count} more", anchor="middle",
                size=11.5,
            ),
        ),
        term="x",
    )  # fmt: skip


def rest_line(start: Point, end: Point, paint: Paint) -> Path:
    """A line that has no width of its own, because it is a sum."""
    return Path(
        d=(("M", start), ("L", end)), stroke=paint, stroke_width=1.25,
        dash="4 3",
    )  # fmt: skip


def strips(
    subject: Subject,
    t: int,
    rows: Sequence[int],
    shown: Sequence[int],
    room: float,
    term: str,
) -> list[Panel]:
    """The whole input, and whole rows of weight_ih, as heat maps.

    Args:
        subject: What is drawn.
        t: The step, counted from 0.
        rows: One row, or those of the four gates.
        shown: Inputs with a mark above them.
        room: What each may take across.
        term: What the weights are.
    """
    left = GUTTER if len(rows) > 1 else 0
    cols = cut(subject.weights.input_size, room - left)
    x = Matrix(subject.steps[t].x[:1], f"x[{t}, :1]", ("x",))
    lines = f"{rows[0]}:{rows[0] + 1}" if len(rows) == 1 else f"{list(rows)}"
    weights = Matrix(
        subject.weights.weight_ih[list(rows)],
        f"{expression(subject, 'weight_ih')}[{lines}]",
        (term,) if len(rows) == 1 else tuple(f"{term} {g}" for g in GATES),
    )
    name = subject.parameter_name("weight_ih")
    shape = weights.array.shape[len(rows) == 1 :]
    panels = []
    for matrix, said, id, own in (
        (x, f"x[{t}, 0]", "x", x.array.shape[1:]),
        (weights, f"{name}[{_short(rows)}]", term, shape),
    ):
        tiles = tile(matrix, Cut(1, 1, 1, ROW), cols)
        panel = labelled(tiles, said, id=id, shape=own)
        aside = left + (panel.width - tiles.width) // 2
        marks = [shift(mark, left, 0) for mark in panel.marks]
        marks.append(shift(ticks(tiles, shown), aside, HEAD))
        if len(matrix.terms) > 1:
            marks += row_names(rows, aside, HEAD, ROW)
        width = left + panel.width
        panels.append(Panel(width, panel.height, tuple(marks)))
    return panels


def _short(rows: Sequence[int]) -> str:
    return ", ".join(map(str, rows)) if len(rows) == 1 else f"{list(rows)}"


def chosen(size: int, shown: Sequence[int]) -> str:
    """Which inputs are drawn, for a note and for a description."""
    more = size - len(shown)
    return (
        f"The {len(shown)} inputs of largest |weight| are drawn; the other "
        f"{counted(more, 'input')} {'are' if more > 1 else 'is'} one addend."
    )


def rest_number(
    start: Point, end: Point, value: Number, *, id: str, term: str
) -> list[Mark]:
    """What the others add, on their line."""
    x = start[0] + 0.36 * (end[0] - start[0])
    y = start[1] + 0.36 * (end[1] - start[1])
    return [
        Box(x=x - 20, y=y - 8, width=40, height=16, radius=4, fill="paper"),
        number(
            x, y + 4, value, places=digits.DECIMALS, room=5, id=id,
            term=term, aligned=False,
        ),
    ]  # fmt: skip
