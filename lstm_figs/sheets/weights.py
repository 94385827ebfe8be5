"""All weights of a small module, as numbers and as they are heard."""

from typing import NamedTuple

from ..layout.cells import spoken
from ..layout.motifs import matrix, rows
from ..proof.subject import Subject
from ..scene.marks import Mark


class Weights(NamedTuple):
    """The weights of a module.

    Attributes:
        marks: What is drawn, from 0, 0 on.
        height: Of it.
        heard: What is said of it to who hears it.
    """

    marks: list[Mark]
    height: float
    heard: str


def weights(subject: Subject, room: float, row: float) -> Weights | None:
    """Every weight where all have room as numbers, else None.

    Args:
        subject: What is drawn.
        room: The width that there is.
        row: The height of a row.
    """
    size = subject.weights.hidden_size
    where = rows.Rows(tuple(range(size)), size, top=matrix.HEAD, height=row, close=True)
    tensors = matrix.parameters(subject)
    fit = matrix.fitted(tensors, where.units, room - where.left, close=True)
    if fit is None:
        return None
    heard = (
        f"Gate {gate}, row {where.row(gate, unit)}: "
        + "; ".join(
            f"{one.id} " + spoken(one.values[gate, unit, k] for k in range(one.columns))
            for one in tensors
        )
        for gate, unit in where.each
    )
    return Weights(
        matrix.printed(where, tensors, fit, matrix.end_of(tensors)),
        where.bottom,
        f"{'. '.join(heard)}.",
    )
