"""The figure `weight-map`."""

from ..layout import maps
from ..layout.cells import largest, spoken
from ..layout.heading import inner
from ..layout.maps import NOTES, lines, spoken_scales, statistics
from ..layout.panels import Panel, stack
from ..layout.parameter_blocks import (
    Columns,
    can_print,
    fit,
    parameter_columns,
    projection,
)
from ..layout.tables import said, table
from ..model.lstm import GATES
from ..proof.digits import counted
from ..proof.subject import Subject
from ..scene.scenes import Diagram, Heading
from ..scene.terms import GATE_NAMES


def weight_map(subject: Subject, room: float) -> Diagram:
    """Every parameter of the module as one block of aligned rows.

    Args:
        subject: What is drawn.
        room: The width that the figure may use.
    """
    printed = _printed(subject, room)
    body, description = printed or _folded(subject, room)
    sizes = subject.weights
    parameters = sizes.parameters().values()
    count = sum(array.size for array in parameters)
    if sizes.weight_hr is not None:
        count -= sizes.weight_hr.size
    bias = sizes.bias_ih is not None
    return Diagram(
        Heading(
            "Every weight, in PyTorch's order",
            f"{subject.module}: {count} numbers in {4 * sizes.hidden_size} "
            f"rows, four bands of {counted(sizes.hidden_size, 'row')}; "
            "unit k owns row k of each band",
            (
                *(
                    ("Blue is positive, red is negative; one scale for all.",)
                    if printed
                    else (*NOTES, "Typical is the median magnitude.")
                ),
                "The sum of the biases is not stored."
                if bias
                else "The module has no bias.",
                *(
                    "weight_hr is beside the bands, with a row for each "
                    "element of h.",
                )
                * (sizes.proj_size > 0),
            ),
            subject.origin,
        ),
        f"{4 * sizes.hidden_size} rows in the order input, forget, cell, "
        f"output. {description}",
        body.width,
        body.height,
        body.marks,
        room,
    )


def _printed(subject: Subject, room: float) -> tuple[Panel, str] | None:
    """Every number, where all can be read."""
    sizes = subject.weights
    if not can_print(sizes):
        return None
    rows = range(4 * sizes.hidden_size)
    weight_ih, weight_hh, *others = parameter_columns(subject)
    if others:
        sums = [[subject.bias(row)] for row in rows]
        others.append(Columns("sum", "bias", sums))
    tensors = [weight_ih, weight_hh, *others]
    top = largest(n for tensor in tensors for row in tensor.rows for n in row)
    body = fit([weight_ih, weight_hh], others, sizes.hidden_size, room, top)
    said = ""
    if sizes.proj_size:
        body = stack([body, projection(subject, room, top)], 0)
        said = _projected(subject)
    return body, said + " ".join(
        f"Row {row}, {GATE_NAMES[GATES[row // sizes.hidden_size]].name} gate: "
        + "; ".join(f"{t.name} {spoken(t.rows[row])}" for t in tensors)
        + "."
        for row in rows
    )


def _projected(subject: Subject) -> str:
    """The numbers of weight_hr in words."""
    name = subject.parameter_name("weight_hr")
    return "".join(
        f"{name}, row {k}: {spoken(subject.row('weight_hr', k))}. "
        for k in range(subject.weights.proj_size)
    )


def _folded(subject: Subject, room: float) -> tuple[Panel, str]:
    """Heat maps, and what there is to say of each band."""
    space = inner(room)
    drawn = lines(subject, space, 440)
    parts = statistics(subject)
    tables = [table(some, space) for some in (parts[:2], parts[2:]) if some]
    panels = [*(one.panel for one in drawn), *tables]
    scales = spoken_scales(drawn)
    if subject.weights.proj_size:
        more, sentence = maps.projection(subject, space)
        panels.insert(len(drawn), more)
        scales.append(sentence)
    body = stack(panels, space)
    sentences = [sentence for one in parts for sentence in said(one)]
    return body, " ".join([*scales, *sentences])
