"""The figure `weight-map`."""

from ..blocks import Columns, fit, parameter_columns
from ..cells import counted, largest, spoken
from ..lstm import GATES
from ..proof import Subject
from ..scene import Diagram, Heading
from ..terms import GATE_NAMES


def weight_map(subject: Subject, room: float) -> Diagram:
    """Every parameter of the module as one block of aligned rows.

    Args:
        subject: What is drawn.
        room: The width that the figure may use.
    """
    sizes = subject.weights
    rows = range(4 * sizes.hidden_size)
    weight_ih, weight_hh, *biases = parameter_columns(subject)
    if biases:
        sums = [[subject.bias(row)] for row in rows]
        biases.append(Columns("sum", "bias", sums))
    tensors = [weight_ih, weight_hh, *biases]
    body = fit(
        (
            [tensors],
            [[weight_ih, weight_hh], biases],
            [[weight_ih], [weight_hh], biases],
        ),
        sizes.hidden_size,
        room,
        largest(n for tensor in tensors for row in tensor.rows for n in row),
    )
    count = sum(array.size for array in sizes.parameters().values())
    band = counted(sizes.hidden_size, "row")
    said = " ".join(
        f"Row {row}, {GATE_NAMES[GATES[row // sizes.hidden_size]].name} gate: "
        + "; ".join(f"{t.name} {spoken(t.rows[row])}" for t in tensors)
        + "."
        for row in rows
    )
    return Diagram(
        Heading(
            "Every weight, in PyTorch's order",
            f"{subject.module}: {count} numbers in {len(rows)} rows, four "
            f"bands of {band}; unit k owns row k of each band",
            (
                "Blue is positive, red is negative; one scale for all.",
                "The sum of the biases is not stored."
                if biases
                else "The module has no bias.",
            ),
            subject.origin,
        ),
        f"{len(rows)} rows in the order input, forget, cell, output. {said}",
        body.width,
        body.height,
        body.marks,
        room,
    )
