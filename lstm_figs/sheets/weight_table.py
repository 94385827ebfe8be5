"""A table of all weights of a small module, with its text alternative."""

from typing import NamedTuple

from ..layout.motifs import matrix, weight_rows
from ..layout.number_lists import number_list
from ..model.layer_run import LayerRun
from ..scene.marks import Mark


class WeightTable(NamedTuple):
    """The table of a module's weights.

    Attributes:
        marks: The marks, from 0, 0.
        height: In pixels.
        alt_text: The text alternative.
    """

    marks: list[Mark]
    height: float
    alt_text: str


def weight_table(subject: LayerRun, width: float, row_height: float) -> WeightTable | None:
    """The table of all weights, or None if the numbers do not fit.

    Args:
        subject: The layer run to draw.
        width: The available width.
        row_height: The height of a row.
    """
    size = subject.weights.hidden_size
    rows = weight_rows.Rows(
        units=tuple(range(size)),
        hidden_size=size,
        top=matrix.HEAD_HEIGHT,
        height=row_height,
        is_narrow=True,
    )
    tensors = matrix.parameters(subject)
    fit = matrix.column_fit(tensors, rows.units, width - rows.left, is_narrow=True)
    if fit is None:
        return None
    sentences = (
        f"Gate {gate}, row {rows.row(gate, unit)}: "
        + "; ".join(
            f"{tensor.id} "
            + number_list(tensor.values[gate, unit, k] for k in range(tensor.columns))
            for tensor in tensors
        )
        for gate, unit in rows.gate_unit_pairs
    )
    return WeightTable(
        marks=matrix.printed_tensors(rows, tensors, fit, matrix.largest_magnitude(tensors)),
        height=rows.bottom,
        alt_text=f"{'. '.join(sentences)}.",
    )
