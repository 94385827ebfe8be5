"""All weights of a small module, as numbers and as they are heard."""

from typing import NamedTuple

from ..layout.motifs import matrix, weight_rows
from ..layout.number_lists import number_list
from ..model.layer_run import LayerRun
from ..scene.marks import Mark


class WeightTable(NamedTuple):
    """The weights of a module.

    Attributes:
        marks: What is drawn, from 0, 0 on.
        height: Of it.
        alt_text: What is said of it to who hears it.
    """

    marks: list[Mark]
    height: float
    alt_text: str


def weight_table(subject: LayerRun, width: float, row: float) -> WeightTable | None:
    """Every weight where all have room as numbers, else None.

    Args:
        subject: What is drawn.
        width: The width that there is.
        row: The height of a row.
    """
    size = subject.weights.hidden_size
    where = weight_rows.Rows(
        tuple(range(size)), size, top=matrix.HEAD_HEIGHT, height=row, close=True
    )
    tensors = matrix.parameters(subject)
    fit = matrix.column_fit(tensors, where.units, width - where.left, close=True)
    if fit is None:
        return None
    alt_text = (
        f"Gate {gate}, row {where.row(gate, unit)}: "
        + "; ".join(
            f"{tensor.id} "
            + number_list(tensor.values[gate, unit, k] for k in range(tensor.columns))
            for tensor in tensors
        )
        for gate, unit in where.gate_unit_pairs
    )
    return WeightTable(
        matrix.printed_tensors(where, tensors, fit, matrix.largest_magnitude(tensors)),
        where.bottom,
        f"{'. '.join(alt_text)}.",
    )
