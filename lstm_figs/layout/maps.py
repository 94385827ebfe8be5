"""The parameters of a module as heat maps whose rows are aligned."""

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from ..proof.subject import Subject
from ..scene.marks import Mark, shift
from .heatmap import HEAD, band_names, labelled
from .panels import Panel, code
from .tiles import LEAST, MOST, Matrix, Tiles, fold, gate_terms, tile

GUTTER, BETWEEN = 62, 22
"""Left of the rows, and between two tensors."""
BIASES = 96
"""What the biases take across."""

NOTES = (
    "Blue is positive, red is negative; each tensor has its own scale, and "
    "weights beyond its ends have the colour of the end.",
    "A cell of several weights shows the one of largest magnitude.",
)
"""How maps are read."""


class Named(NamedTuple):
    """A matrix with what a figure calls it.

    Attributes:
        id: What its ids begin with.
        shape: The shape of the tensor.
        columns: The names of its columns, where they have names.
        width: What it takes across, where that is no share of the room.
        lead: More space left of it.
    """

    matrix: Matrix
    name: str
    id: str
    shape: tuple[int, ...]
    columns: tuple[str, ...] = ()
    width: int = 0
    lead: int = 0


class Line(NamedTuple):
    """Maps side by side.

    Attributes:
        starts: Where what stands above and below each matrix begins.
        lefts: Where the cells of each matrix begin.
        widths: What each takes across.
    """

    panel: Panel
    shown: tuple[Named, ...]
    tiles: tuple[Tiles, ...]
    starts: tuple[int, ...]
    lefts: tuple[int, ...]
    widths: tuple[int, ...]

    @property
    def right(self) -> int:
        """Where the cells of the last matrix end."""
        return self.lefts[-1] + self.tiles[-1].width


def weight(subject: Subject, name: str) -> Named:
    """`weight_ih` or `weight_hh` as a matrix."""
    array = subject.weights.parameters()[name]
    matrix = Matrix(array, expression(subject, name), gate_terms(name))
    return Named(matrix, subject.parameter_name(name), name, array.shape)


def biases(subject: Subject) -> Named | None:
    """Both biases and their sum as the columns of a matrix."""
    sizes = subject.weights
    if sizes.bias_ih is None or sizes.bias_hh is None:
        return None
    first, second = (expression(subject, f"bias_{n}") for n in ("ih", "hh"))
    matrix = Matrix(
        np.stack([sizes.bias_ih, sizes.bias_hh, sizes.bias], 1),
        f"torch.stack([{first}, {second}, {first} + {second}], 1)",
        gate_terms("bias"),
    )
    shape = sizes.bias_ih.shape
    return Named(matrix, "biases", "bias", shape, ("ih", "hh", "sum"), BIASES)


def expression(subject: Subject, name: str) -> str:
    """The Python that yields a parameter."""
    return f"{subject.variable}.{subject.parameter_name(name)}"


def lines(
    subject: Subject, room: float, height: float, *, beside: int = 0
) -> list[Line]:
    """Every parameter: side by side where there is room, else in two lines.

    Args:
        subject: What is drawn.
        room: What they may take across.
        height: What the rows may take in one line.
        beside: What else stands right of them.
    """
    weight_ih, weight_hh = (
        weight(subject, name) for name in ("weight_ih", "weight_hh")
    )
    bias = biases(subject)
    added = [bias] if bias else []
    if room >= 480:
        return [line([weight_ih, weight_hh, *added], room - beside, height)]
    return [
        line([weight_ih, *added], room - beside, height * 0.56),
        line([weight_hh], room - beside, height * 0.56),
    ]


def line(shown: Sequence[Named], room: float, height: float) -> Line:
    """Maps side by side, gates and row indices left of them.

    Args:
        shown: Matrices with the same four bands.
        room: What they may take across.
        height: What their rows may take, without what is above and below.
    """
    between = BETWEEN * (len(shown) - 1) + sum(one.lead for one in shown)
    rows, columns = fold(
        [one.matrix for one in shown],
        _widths(shown, room - GUTTER - between),
        height,
    )
    x, bottom = GUTTER, 0.0
    marks: list[Mark] = band_names(rows, x, HEAD)
    starts, lefts, widths = [], [], []
    every = [
        tile(one.matrix, rows, cols)
        for one, cols in zip(shown, columns, strict=True)
    ]
    for one, tiles in zip(shown, every, strict=True):
        panel = labelled(
            tiles, one.name, id=one.id, shape=one.shape, columns=one.columns
        )
        x += one.lead
        marks += [shift(mark, x, 0) for mark in panel.marks]
        starts.append(x)
        widths.append(int(panel.width))
        lefts.append(x + (widths[-1] - tiles.width) // 2)
        x += widths[-1] + BETWEEN
        bottom = max(bottom, panel.height)
    panel = Panel(x - BETWEEN, bottom, tuple(marks))
    return Line(
        panel, tuple(shown), tuple(every), tuple(starts), tuple(lefts),
        tuple(widths),
    )  # fmt: skip


def spoken_scales(drawn: Sequence[Line]) -> list[str]:
    """A sentence on the colours of every map."""
    return [
        f"{one.name}: {tiles.spoken()}."
        for each in drawn
        for one, tiles in zip(each.shown, each.tiles, strict=True)
    ]


def _widths(shown: Sequence[Named], room: float) -> list[float]:
    """Shares by the square root of columns, no less than a name needs."""
    least = {one.name: _least(one) for one in shown}
    free = [one for one in shown if not one.width]
    room -= sum(least[one.name] for one in shown if one.width)
    widths = dict(least)
    while free:
        total = sum(math.sqrt(_columns(one)) for one in free)
        # Whoever has enough first, so that the others share the rest.
        one = min(free, key=lambda one: _columns(one))
        share = room * math.sqrt(_columns(one)) / total
        others = sum(least[o.name] for o in free if o is not one)
        # An input that can have a column of its own shall have one.
        share = max(share, min(_columns(one) * LEAST, 0.4 * room))
        width = min(share, _columns(one) * MOST, room - others)
        widths[one.name] = max(int(width), least[one.name])
        room -= widths[one.name]
        free.remove(one)
    return [widths[one.name] for one in shown]


def _least(one: Named) -> int:
    return one.width or math.ceil(code(0, 0, one.name).width)


def _columns(one: Named) -> int:
    return int(one.matrix.array.shape[1])
