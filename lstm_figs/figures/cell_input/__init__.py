"""The figure `cell-input`."""

from ...layout.cells import spoken
from ...layout.heading import inner
from ...layout.maps import NOTES, spoken_scales
from ...layout.panels import stack
from ...layout.parameter_blocks import SMALL
from ...model.lstm import GATES
from ...proof.digits import counted
from ...proof.subject import Subject
from ...scene.scenes import Diagram, Heading
from ...scene.terms import GATE_NAMES
from .maps import sum_maps
from .rows import NARROW, WIDE, Column, Maker, added, addends


def cell_input(subject: Subject, room: float, *, step: int = 2) -> Diagram:
    """The inputs of a cell up to the sums before its gates.

    Args:
        subject: What is drawn.
        room: The width that the figure may use.
        step: The time step, counted from 1; the first if there is no other.
    """
    t = subject.at(step)
    sizes = subject.weights
    folded = max(sizes.input_size, sizes.hidden_size) > SMALL
    units = _units(sizes.hidden_size)
    maker = Maker(subject, t, WIDE if room >= 480 else NARROW, units)
    columns = addends(subject, t, maker.named)
    body = added(maker, columns)
    told = [spoken(v) for v in maker.sources.values() if len(v) <= SMALL]
    said = (
        f"x = {told[0]} and h_prev = {told[1]} go to all four gates."
        if not folded
        else f"x, {counted(sizes.input_size, 'number')}, and h_prev, "
        f"{sizes.hidden_size}, go to all four gates."
    )
    notes = ["chunk(4) splits z, the sums; x and h_prev stay whole."]
    if sizes.bias_ih is None:
        notes.append("The module has no bias.")
    if folded:
        panel, drawn = sum_maps(subject, t, inner(room))
        body = stack(
            [
                panel._replace(label="as whole tensors"),
                body._replace(label=_label(units, sizes.hidden_size)),
            ],
            inner(room),
        )
        said = " ".join([said, *told, *spoken_scales(drawn)])
        notes += NOTES
    return Diagram(
        Heading(
            "Every gate reads all of x and h_prev",
            f"{subject.module}, step {step}: both vectors enter all four "
            "bands, and each row is one sum",
            tuple(notes),
            subject.source,
        ),
        f"{said} "
        + " ".join(_said(columns, k, row) for k, row in enumerate(maker.named)),
        body.width,
        body.height,
        body.marks,
        room,
    )


def _units(hidden_size: int) -> list[int]:
    """Units whose sums are printed: all, or the first two and the last."""
    if hidden_size <= SMALL:
        return list(range(hidden_size))
    return [0, 1, hidden_size - 1]


def _label(units: list[int], hidden_size: int) -> str:
    *first, last = map(str, units)
    left_out = hidden_size - len(units)
    more = f"; {left_out} left out" if left_out else ", row by row"
    if not first:
        return f"unit {last}{more}"
    return f"units {', '.join(first)} and {last}{more}"


def _said(columns: list[Column], place: int, row: int) -> str:
    *addends, z = (spoken([column.values[place]]) for column in columns)
    gate = GATES[4 * place // len(columns[0].values)]
    return (
        f"Row {row}, {GATE_NAMES[gate].name} gate: {' + '.join(addends)} = {z}."
    )
