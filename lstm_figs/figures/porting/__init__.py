"""The figure `porting`."""

from collections.abc import Sequence
from typing import Literal

from ...layout.cells import Grid, largest, spoken
from ...layout.fold import few, notes
from ...layout.panels import Panel, arrow, stack
from ...model.lstm import GATES
from ...porting import TARGETS, Target
from ...proof.subject import Subject
from ...scene.marks import shift
from ...scene.scenes import Diagram, Heading
from ...scene.terms import GATE_NAMES, TERMS
from .bands import Banded, Bands, middles, upright, upright_width
from .sides import Sides, ported, stored
from .transposing import below, grid_of, sizes, transposed

Library = Literal["keras", "onnx", "flax", "openvino"]

Half = tuple[list[Banded], Bands, Grid]
"""The tensors of one side, its bands, and cells for them."""

LINK = 40.0
"""What lies between PyTorch's rows and those of the library."""


def porting(subject: Subject, room: float, *, to: Library = "keras") -> Diagram:
    """How the tensors of another library are made of PyTorch's.

    Args:
        subject: What is drawn.
        room: The width that the figure may use.
        to: The library; keras by default.
    """
    target, units = TARGETS[to], subject.weights.hidden_size
    left, right = stored(subject), ported(subject, target)
    top = largest(n for one in (*left, *right) for n in one.shown(units))
    sides = Sides(
        target,
        left,
        right,
        Bands(units, GATES, GATES, True, top),
        Bands(units, target.order, target.letters, not target.by_gate, top),
    )
    body = transposed(sides, room) if target.transposed else _down(sides, room)
    return Diagram(
        Heading(
            _title(target),
            f"{subject.module} and {target.module}: the gates i, f, g, o "
            f"become {', '.join(target.letters)}",
            (*_rules(subject, target), *notes(
                ("input", few(subject.weights.input_size)),
                ("unit", few(units)),
            )),
            subject.origin,
        ),
        f"{subject.module} in the order i, f, g, o, and {target.label} in the "
        f"order {', '.join(target.letters)}. {' '.join(_said(sides))}",
        body.width,
        body.height,
        body.marks,
        room,
    )  # fmt: skip


def _title(target: Target) -> str:
    if target.by_gate:
        return f"To {target.label}: a matrix for each gate"
    if target.transposed:
        return f"To {target.label}: transpose, and add the biases"
    more = ", the biases are added" if target.summed else ""
    return f"To {target.label}: bands change places{more}"


def _rules(subject: Subject, target: Target) -> list[str]:
    """What the port does, and what it cannot undo."""
    said = []
    if target.by_gate:
        said.append("The dot in a name is the letter of a gate.")
    if target.transposed:
        said.append("Matrices are transposed: rows become columns.")
    if "c" in target.letters:
        said.append(f"What {target.label} calls c is PyTorch's g.")
    biased = subject.weights.bias_ih is not None
    if biased and target.summed:
        said.append("The sum of the biases cannot be split again.")
    elif biased:
        said.append("Both biases stand one after the other in B.")
    else:
        said.append("The module has no bias.")
    if subject.weights.proj_size:
        said.append(
            f"{target.label} has no projection, so weight_hr is left out."
        )
    if not target.transposed:
        said.append("The first axis of W, R and B counts directions.")
    return [*said, "Blue is positive, red is negative; one scale for all."]


def _said(sides: Sides) -> list[str]:
    """A sentence for each row that is shown."""
    units, found = sides.ours.units, []
    for gate in GATES:
        for unit in few(units).indices:
            row = GATES.index(gate) * units + unit
            added = [one for one in sides.right if one.id == "to-bias"]
            parts = "; ".join(
                f"{one.name} "
                + spoken(one.value(gate, unit, column)
                         for column in few(one.columns).indices)
                for one in (*sides.left, *added)
            )  # fmt: skip
            found.append(f"Row {row}, {GATE_NAMES[gate].name} gate: {parts}.")
    return found


def _down(sides: Sides, room: float) -> Panel:
    """Rows that change places, beside each other where there is room."""
    every = list(range(len(sides.left)))
    apart = [[0], [1], *([every[2:]] if every[2:] else [])]
    for parts in ([every], apart):
        for space, width in sizes(room):
            halves = [_halves(sides, part, width) for part in parts]
            turn = max(upright_width(*left) for left, _ in halves)
            if all(
                turn + LINK + upright_width(*right) <= space
                for _, right in halves
            ):
                return stack(
                    [
                        _moved(
                            sides, upright(*left), upright(*right), turn, width
                        )
                        for left, right in halves
                    ],
                    0,
                )
    for parts in ([every], apart):
        each = [half for part in parts for half in _halves(sides, part, 35)]
        if all(upright_width(*half) <= room - 24 for half in each):
            break
    return below([upright(*half) for half in each])


def _halves(
    sides: Sides, part: Sequence[int], width: float
) -> tuple[Half, Half]:
    """PyTorch's tensors and those of the library, as `upright` takes them."""
    ours = [sides.left[k] for k in part]
    theirs = [sides.right[k] for k in part if k < len(sides.right)]
    grid = grid_of(width)
    return (ours, sides.ours, grid), (theirs, sides.theirs, grid)


def _moved(
    sides: Sides, left: Panel, right: Panel, turn: float, width: float
) -> Panel:
    """PyTorch's rows, the library's, and the way of each band."""
    grid, start, end = grid_of(width), left.width + 5, turn + LINK - 3
    starts, ends = middles(sides.ours, grid), middles(sides.theirs, grid)
    bend = (end - start) / 2
    ways = [
        arrow(
            (start, starts[gate]),
            (start + bend, starts[gate]),
            (end - bend, ends[gate]),
            (end, ends[gate]),
            paint=TERMS[gate].role,
            curve=True,
            term=gate,
        )
        for gate in GATES
    ]
    moved = [shift(mark, turn + LINK, 0) for mark in right.marks]
    return Panel(
        turn + LINK + right.width, left.height, (*left.marks, *ways, *moved)
    )
