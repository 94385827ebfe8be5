"""The figure `four-weights`."""

from ..layout.cells import spoken
from ..layout.provenance import provenance, source
from ..layout.room import inner
from ..layout.sums import Inputs, Picture, Sum, chosen, inputs, rest, zeros
from ..model.lstm import GATES
from ..proof.bindings import sentence
from ..proof.digits import text
from ..proof.subject import Subject
from ..scene.scenes import Diagram, Head
from ..scene.terms import TERMS


def four_weights(
    subject: Subject, room: float, *, unit: int = 0, step: int = 1
) -> Diagram:
    """Every input goes to the four gates of one unit.

    Args:
        subject: What is drawn.
        room: The width that the figure may use.
        unit: The unit whose gates are shown, counted from 0.
        step: The time step whose input is shown, counted from 1.
    """
    sizes = subject.weights
    subject.check("unit", unit, sizes.hidden_size)
    t = subject.at(step)
    rows = {gate: sizes.row(gate, unit) for gate in GATES}
    given = inputs(subject, t, list(rows.values()))
    sums = [
        Sum(
            row, gate, subject.result("ih", t, 0, row),
            tuple(subject.parameter("weight_ih", row, j) for j in given.shown),
            rest(subject, row, given) if given.left_out else None,
            f"ih-{gate}", f"weight_ih-{row}-{{}}",
        )
        for gate, row in rows.items()
    ]  # fmt: skip
    picture = Picture(subject, given, sums, room, TERMS["ih"].symbol)
    marks, height = picture.marks()
    return Diagram(
        _head(subject, given, unit),
        _description(subject, given, sums, unit),
        inner(room),
        height,
        tuple(marks),
        room,
    )


def _head(subject: Subject, given: Inputs, unit: int) -> Head:
    label = subject.label(given.t)
    return Head(
        sentence("Four weights for each input"),
        sentence(
            "Unit {} reads every input four times, once for each gate, with "
            "a row of weight_ih for each.",
            (unit, str(unit)),
        ),
        provenance(subject, ("step {}", label, str(label))),
        (
            sentence(
                "A line is as thick as its weight is large, and dashed where "
                "that is negative. Cells: blue is positive, red is negative."
            ),
            *zeros(given),
            *chosen(given),
        ),
        source(subject),
    )


def _description(
    subject: Subject, given: Inputs, sums: list[Sum], unit: int
) -> str:
    told = [
        f"Step {subject.label(given.t)}, unit {unit}",
        f"x is {spoken(subject.vector('x', given.t))}",
    ]
    told += [
        f"Gate {one.gate}, row {one.row}: the weights are "
        f"{spoken(subject.row('weight_ih', one.row))}; "
        f"the sum is {text(one.value.value)}"
        for one in sums
    ]
    return ". ".join(told) + "."
