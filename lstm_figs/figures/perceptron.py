"""The figure `perceptron`."""

import numpy as np

from ..layout.cells import Grid, cells, largest, number, spoken
from ..layout.heading import inner
from ..layout.maps import expression
from ..layout.nodes import input_node, spread, weight_line
from ..layout.panels import Panel, arrow, circle, code, flow, stack
from ..layout.selection import (
    REST,
    chosen,
    rest,
    rest_line,
    rest_node,
    rest_number,
    shown_inputs,
    strips,
)
from ..proof import digits
from ..proof.digits import counted
from ..proof.subject import Number, Subject
from ..scene import metrics
from ..scene.marks import Box, Mark, Text, shift
from ..scene.scenes import Diagram, Heading

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
    size = subject.weights.input_size
    shown = shown_inputs(subject, [ROW])
    weights = [subject.parameter("weight_ih", ROW, j) for j in shown]
    inputs = [subject.result("x", t, 0, j) for j in shown]
    more = rest(subject, t, ROW, shown) if len(shown) < size else None
    name = subject.parameter_name("weight_ih")
    y = Number(
        subject.steps[t].ih[0, ROW],
        f"(x @ {subject.variable}.{name}[:1].T)[{t}, 0, 0]",
        sum(
            abs(float(w) * float(x))
            for w, x in zip(
                subject.weights.weight_ih[ROW], subject.steps[t].x[0],
                strict=True,
            )
        ),
    )  # fmt: skip
    nodes = _nodes(inputs, weights, y, shown, more, size - len(shown))
    space = inner(room)
    if more is None:
        body = flow([nodes, _product(inputs, weights, y, space)], space)
    else:
        products = _products(subject, t, inputs, weights, shown, more, y)
        half = (space - 32) // 2 if space >= 480 else space
        whole = strips(subject, t, [ROW], shown, half, "weight")
        body = stack(
            [flow([nodes, products], space, gap=72), flow(whole, space, 32)],
            space,
        )
    addends = (
        f"{spoken(inputs)}, times {counted(len(shown), 'weight')}, "
        f"{spoken(weights)}, "
    )
    if more is not None:
        addends += f"and {size - len(shown)} more, together {spoken([more])}, "
    return Diagram(
        Heading(
            "A perceptron is a weighted sum",
            f"nn.Linear({size}, 1, bias=False), with row {ROW} of {name} as "
            f"its weight and the input of step {step}",
            (
                "Line width is |weight|.",
                "Blue is positive, red is negative.",
                *([chosen(size, shown)] if more else ()),
            ),
            subject.source,
        ),
        f"{counted(size, 'input')}, {addends}added up: "
        f"{spoken([y])}. "
        + (
            f"Beside it the same as x @ W.T, a row of {size} times a column "
            f"of {size}."
            if more is None
            else "Beside it the products, below it the whole tensors."
        ),
        body.width,
        body.height,
        body.marks,
        room,
    )


def _nodes(
    inputs: list[Number],
    weights: list[Number],
    y: Number,
    shown: list[int],
    more: Number | None,
    left_out: int,
) -> Panel:
    top = largest(weights)
    places = digits.decimals(w.value for w in weights)
    count = len(inputs) + (more is not None)
    height = max(110, 56 * count - 8)
    ys = spread(count, 56, height)
    middle = height / 2
    lines: list[Mark] = []
    labels: list[Mark] = []
    for j, weight, place in zip(shown, weights, ys, strict=False):
        start, end = (48.0, place), (196.0, middle)
        paint = "neg" if weight.value < 0 else "pos"
        lines.append(weight_line(start, end, weight, top, paint))
        at = (100.0, place + 0.36 * (middle - place))
        labels += [
            Box(
                x=at[0] - 22, y=at[1] - 8, width=44, height=16, radius=4,
                fill="paper",
            ),
            number(
                at[0], at[1] + 4, weight, places=places, room=6,
                id=f"weight-{j}-line", term="weight", aligned=False,
            ),
        ]  # fmt: skip
    if more is not None:
        end = (196.0, middle)
        lines.append(rest_line((REST, ys[-1]), end, "ink"))
        labels += [
            *rest_number((REST, ys[-1]), end, more, id="more", term="x weight"),
            rest_node(ys[-1], left_out),
        ]
    return Panel(
        302,
        height,
        (
            *lines,
            *labels,
            *(
                input_node(24, place, j, value, f"x-{j}-node")
                for j, value, place in zip(shown, inputs, ys, strict=False)
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


def _product(
    inputs: list[Number], weights: list[Number], y: Number, space: float
) -> Panel:
    """The row, the column and the result, in one line if there is room."""
    size = len(inputs)
    grid = Grid(46 if size <= 4 else 36)
    top = largest(weights)
    row = cells(
        [inputs], grid, top=1, id="x", term="x", coloured=False,
        places=digits.decimals(v.value for v in inputs),
    )  # fmt: skip
    col = cells(
        [[w] for w in weights], Grid(46), top=top, id="weight", term="weight",
        places=digits.decimals(w.value for w in weights),
    )  # fmt: skip
    out = cells(
        [[y]], Grid(46), top=1, id="y", term="y", coloured=False,
        places=digits.DECIMALS,
    )  # fmt: skip
    first = max(row.width, metrics.width("x", 12, mono=True))
    beside = first + 28 + 58 + 28 + 46 <= space
    # Else the column and the result stand below the row.
    start, below = (first, 0.0) if beside else (0.0, 40 + row.height + 24)
    spots = (first / 2, start + 28 + 29, start + 28 + 58 + 28 + 23)
    middle = below + 40 + col.height / 2
    marks: list[Mark] = []
    for x, top, panel, label, shape in zip(
        spots,
        (0.0, below, below),
        (row, col, out),
        ("x", "W.T", "y"),
        (f"(1, {size})", f"({size}, 1)", "(1, 1)"),
        strict=True,
    ):
        line = middle if beside or panel is not row else 40 + row.height / 2
        marks += [
            code(x, top + 12, label),
            Text(
                x=x, y=top + 27, content=shape, size=11, fill="muted",
                anchor="middle", mono=True,
            ),
            *(
                shift(m, x - panel.width / 2, line - panel.height / 2)
                for m in panel.marks
            ),
        ]  # fmt: skip
    for x, sign in ((start + 14, "@"), (start + 28 + 58 + 14, "=")):
        marks.append(code(x, middle + 4, sign))
    width, height = max(first, spots[2] + 23), below + 2 * 40 + col.height
    return Panel(width, height, tuple(marks), "as y = x @ W.T")


NAME, CELL, SIGN = 58.0, 52.0, 20.0
"""Widths in a table of products."""


def _products(
    subject: Subject,
    t: int,
    inputs: list[Number],
    weights: list[Number],
    shown: list[int],
    more: Number,
    y: Number,
) -> Panel:
    """The addends that are drawn, one a row, then the others and the sum."""
    name = expression(subject, "weight_ih")
    left_out = subject.weights.input_size - len(shown)
    grid, top, head = Grid(CELL), largest(weights), 34.0
    spots = (NAME, NAME + CELL + SIGN, NAME + 2 * (CELL + SIGN))
    with np.errstate(invalid="ignore", over="ignore"):
        products = [
            Number(x.value * w.value, f"(x[{t}, 0] * {name}[{ROW}])[{j}]")
            for j, x, w in zip(shown, inputs, weights, strict=True)
        ]
    columns = (
        (inputs, "x", "x", "x", False),
        (weights, "weight", "weight", "W", True),
        ([*products, more, y], "product", "x weight", "x * W", False),
    )
    marks: list[Mark] = []
    for left, (values, id, term, label, coloured) in zip(
        spots, columns, strict=True
    ):
        marks.append(code(left + CELL / 2, 12, label))
        column = cells(
            [[value] for value in values], grid, top=top, id=id, term=term,
            places=digits.decimals(v.value for v in values),
            coloured=coloured, rows=[*shown, "more", "sum"],
        )  # fmt: skip
        marks += [shift(mark, left, head) for mark in column.marks]
    for k, j in enumerate([*shown, None, None]):
        middle = head + grid.y(k) + grid.height / 2 + 4
        if j is not None:
            marks += [
                Text(
                    x=NAME - 10, y=middle, content=f"x[{j}]", size=12,
                    fill="muted", anchor="end", term="x",
                ),
                *(
                    Text(
                        x=left - SIGN / 2, y=middle, content=sign,
                        fill="muted", anchor="middle",
                    )
                    for left, sign in zip(spots[1:], "×=", strict=True)
                ),
            ]  # fmt: skip
    said = (f"{left_out} more", "sum, y")
    for k, words in enumerate(said, len(shown)):
        middle = head + grid.y(k) + grid.height / 2 + 4
        marks.append(
            Text(
                x=spots[2] - 10, y=middle, content=words, size=11.5,
                fill="muted", anchor="end",
            )
        )  # fmt: skip
    return Panel(
        spots[2] + CELL, head + grid.y(len(shown) + 2) - grid.gap,
        tuple(marks), "as products",
    )  # fmt: skip
