"""The figure `perceptron`."""

from ..layout.cells import spoken
from ..layout.provenance import provenance, source
from ..layout.room import inner
from ..layout.sums import (
    Inputs,
    Picture,
    Sum,
    chosen,
    inputs,
    parameter,
    rest,
    zeros,
)
from ..proof.bindings import sentence
from ..proof.digits import text
from ..proof.subject import Number, Subject
from ..scene.scenes import Diagram, Head

ROW = 0
"""The row of weight_ih that serves as the weight of a linear layer."""


def perceptron(subject: Subject, room: float, *, step: int = 1) -> Diagram:
    """A weighted sum of the inputs, as nodes and lines and as a product.

    Args:
        subject: What is drawn; row 0 of its `weight_ih` is the weight.
        room: The width that the figure may use.
        step: The time step whose input is shown, counted from 1.
    """
    t = subject.at(step)
    given = inputs(subject, t, [ROW])
    weights, x = subject.weights.weight_ih[ROW], subject.steps[t].x[0]
    y = Number(
        subject.steps[t].ih[0, ROW],
        f"(x @ {parameter(subject)}[:1].T)[{t}, 0, 0]",
        sum(abs(float(w) * float(v)) for w, v in zip(weights, x, strict=True)),
    )
    one = Sum(
        ROW, "", y,
        tuple(subject.parameter("weight_ih", ROW, j) for j in given.shown),
        rest(subject, ROW, given) if given.left_out else None,
        "y", "weight-{}-line", f"ih[{t}, 0, {ROW}]",
    )  # fmt: skip
    marks, height = Picture(subject, given, [one], room, "y").marks()
    return Diagram(
        _head(subject, given),
        _description(subject, given, y),
        inner(room),
        height,
        tuple(marks),
        room,
    )


def _head(subject: Subject, given: Inputs) -> Head:
    label = subject.label(given.t)
    return Head(
        sentence("A perceptron is a weighted sum"),
        sentence(
            "{} computes y = x @ W.T. Here its weight W is the first row of "
            "weight_ih.",
            (
                f"nn.Linear({subject.weights.input_size}, 1, bias=False)",
                'f"nn.Linear({x.shape[-1]}, 1, bias=False)"',
            ),
        ),
        provenance(subject, ("step {}", label, str(label))),
        (
            sentence(
                "A line is as thick as its weight is large, blue where that "
                "is positive, red and dashed where it is negative."
            ),
            *zeros(given),
            *chosen(given),
        ),
        source(subject),
    )


def _description(subject: Subject, given: Inputs, y: Number) -> str:
    return (
        f"Step {subject.label(given.t)}. Each input is multiplied by a "
        "weight, and the products are added up. "
        f"x is {spoken(subject.vector('x', given.t))}. "
        f"The weights are {spoken(subject.row('weight_ih', ROW))}; "
        f"the sum is {text(y.value)}."
    )
