"""The figure `perceptron`."""

from .. import digits, metrics
from ..cells import Grid, cells, counted, largest, number, spoken
from ..frame import inner
from ..marks import Box, Mark, Text, shift
from ..nodes import input_node, spread, weight_line
from ..proof import Number, Subject
from ..scene import Diagram, Heading
from ..shapes import Panel, arrow, circle, code, flow

ROW = 0
"""The row of weight_ih that serves as the weight of a linear layer."""


def perceptron(subject: Subject, room: float, *, step: int = 1) -> Diagram:
    """A weighted sum of the inputs, as nodes and lines and as a product.

    Args:
        subject: What is drawn; row 0 of its `weight_ih` is the weight.
        room: The width that the figure may use.
        step: The time step whose input is shown, counted from 1.
    """
    t = subject.check("step", step, len(subject.steps), 1) - 1
    size = subject.weights.input_size
    weights = [subject.parameter("weight_ih", ROW, j) for j in range(size)]
    inputs = subject.vector("x", t)
    name = subject.parameter_name("weight_ih")
    y = Number(
        subject.steps[t].ih[0, ROW],
        f"(x @ {subject.variable}.{name}[:1].T)[{t}, 0, 0]",
        sum(
            abs(float(w.value) * float(x.value))
            for w, x in zip(weights, inputs, strict=True)
        ),
    )
    body = flow(
        [_nodes(inputs, weights, y), _product(inputs, weights, y)],
        inner(room),
    )
    return Diagram(
        Heading(
            "A perceptron is a weighted sum",
            f"nn.Linear({size}, 1, bias=False), with row {ROW} of {name} as "
            f"its weight and the input of step {step}",
            (
                "Line width is |weight|.",
                "Blue is positive, red is negative.",
            ),
            subject.source,
        ),
        f"{counted(size, 'input')}, {spoken(inputs)}, times "
        f"{counted(size, 'weight')}, {spoken(weights)}, added up: "
        f"{spoken([y])}. Beside it the same as x @ W.T, a row of {size} times "
        f"a column of {size}.",
        body.width,
        body.height,
        body.marks,
        room,
    )


def _nodes(inputs: list[Number], weights: list[Number], y: Number) -> Panel:
    top = largest(weights)
    places = digits.decimals(w.value for w in weights)
    height = max(110, 56 * len(inputs) - 8)
    ys = spread(len(inputs), 56, height)
    middle = height / 2
    lines: list[Mark] = []
    labels: list[Mark] = []
    for j, (weight, place) in enumerate(zip(weights, ys, strict=True)):
        start, end = (48.0, place), (196.0, middle)
        paint = "neg" if weight.value < 0 else "pos"
        lines.append(weight_line(start, end, weight, top, paint))
        at = (100.0, place + 0.36 * (middle - place))
        labels += [
            Box(
                x=at[0] - 20, y=at[1] - 8, width=40, height=16, radius=4,
                fill="paper",
            ),
            number(
                at[0], at[1] + 4, weight, places=places, room=5,
                id=f"weight-{j}-line", term="weight", aligned=False,
            ),
        ]  # fmt: skip
    return Panel(
        302,
        height,
        (
            *lines,
            *labels,
            *(
                input_node(24, place, j, value, f"x-{j}-node")
                for j, (value, place) in enumerate(zip(inputs, ys, strict=True))
            ),
            circle(216, middle, 20, fill="panel", stroke="ink"),
            Text(
                x=216, y=middle + 6, content="+", size=18, bold=True,
                anchor="middle",
            ),
            arrow((236, middle), (254, middle), paint="ink"),
            number(
                276, middle + 4, y, places=digits.DECIMALS, room=6,
                id="y-node", term="y",
            ),
            Text(
                x=274, y=middle - 12, content="y", size=13, bold=True,
                anchor="middle",
            ),
        ),
        "as nodes and lines",
    )  # fmt: skip


def _product(inputs: list[Number], weights: list[Number], y: Number) -> Panel:
    size = len(inputs)
    grid = Grid(46 if size <= 4 else 34)
    top = largest(weights)
    row = cells(
        [inputs], grid, top=1, id="x", term="x", coloured=False,
        places=digits.decimals(v.value for v in inputs),
    )  # fmt: skip
    col = cells(
        [[w] for w in weights], grid, top=top, id="weight", term="weight",
        places=digits.decimals(w.value for w in weights),
    )  # fmt: skip
    out = cells(
        [[y]], Grid(46), top=1, id="y", term="y", coloured=False,
        places=digits.DECIMALS,
    )  # fmt: skip
    first = max(row.width, metrics.width("x", 12, mono=True))
    spots = (first / 2, first + 28 + 29, first + 28 + 58 + 28 + 23)
    height = 2 * 40 + col.height
    middle = height / 2
    marks: list[Mark] = []
    for x, panel, label, shape in zip(
        spots,
        (row, col, out),
        ("x", "W.T", "y"),
        (f"(1, {size})", f"({size}, 1)", "(1, 1)"),
        strict=True,
    ):
        marks += [
            code(x, 12, label),
            Text(
                x=x, y=27, content=shape, size=11, fill="muted",
                anchor="middle", mono=True,
            ),
            *(
                shift(m, x - panel.width / 2, middle - panel.height / 2)
                for m in panel.marks
            ),
        ]  # fmt: skip
    for x, sign in ((first + 14, "@"), (first + 28 + 58 + 14, "=")):
        marks.append(code(x, middle + 4, sign))
    return Panel(spots[2] + 23, height, tuple(marks), "as y = x @ W.T")
