"""The figure `four-weights`."""

from ..layout.cells import Grid, cells, largest, number, push, spoken
from ..layout.heading import inner
from ..layout.nodes import gate_node, input_node, spread, weight_line
from ..layout.panels import Panel, code, flow, stack
from ..layout.selection import (
    REST,
    chosen,
    rest,
    rest_line,
    rest_node,
    shown_inputs,
    strips,
)
from ..model.lstm import GATES
from ..proof import digits
from ..proof.digits import counted
from ..proof.subject import Number, Subject
from ..scene.marks import Box, Mark, Text, bounds, shift
from ..scene.scenes import Diagram, Heading
from ..scene.terms import GATE_NAMES, TERMS


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
    shown = shown_inputs(subject, list(rows.values()))
    left_out = sizes.input_size - len(shown)
    weights = {
        gate: [subject.parameter("weight_ih", row, j) for j in shown]
        for gate, row in rows.items()
    }
    inputs = [subject.result("x", t, 0, j) for j in shown]
    products = {g: subject.result("ih", t, 0, row) for g, row in rows.items()}
    more = {
        gate: rest(subject, t, row, shown)
        for gate, row in rows.items()
        if left_out
    }
    space = inner(room)
    nodes = _nodes(
        dict(zip(shown, inputs, strict=True)), weights, products, unit,
        224 if room >= 480 else 202, left_out,
    )  # fmt: skip
    if left_out:
        half = (space - 32) // 2 if space >= 480 else space
        whole = strips(
            subject, t, list(rows.values()), shown, half, "weight_ih"
        )
        table = _columns(subject, weights, rows, shown, more, products)
        body = stack(
            [flow([nodes, table], space, 32), flow(whole, space, 32)], space
        )
    else:
        body = flow([nodes, _rows(subject, weights, rows)], space, gap=32)
    said = "; ".join(
        f"{GATE_NAMES[gate].name} gate: weights {spoken(weights[gate])}, "
        + (
            f"{left_out} more together {spoken([more[gate]])}, "
            if left_out
            else ""
        )
        + f"sum {spoken([products[gate]])}"
        for gate in GATES
    )
    return Diagram(
        Heading(
            "Four weights for each input",
            f"{subject.module}, unit {unit}, step {step}: one unit reads every "
            "input four times, once a gate",
            (
                "Line width is |weight|, the colour and letter are the gate.",
                "Cells: blue is positive, red is negative.",
                *([chosen(sizes.input_size, shown)] if left_out else ()),
            ),
            subject.source,
        ),
        f"{counted(sizes.input_size, 'input')}, {spoken(inputs)}, to the four "
        f"gates of unit {unit}. {said}.",
        body.width,
        body.height,
        body.marks,
        room,
    )


def _nodes(
    inputs: dict[int, Number],
    weights: dict[str, list[Number]],
    products: dict[str, Number],
    unit: int,
    gate_x: float,
    left_out: int,
) -> Panel:
    top = largest(w for row in weights.values() for w in row)
    count = len(inputs) + (left_out > 0)
    height = max(264, 54 * count)
    ys = spread(count, 54, height)
    gate_ys = [6 + place for place in spread(4, 60, height)]
    frame = (gate_ys[0] - 42, gate_ys[3] + 30)
    marks: list[Mark] = [
        Box(
            x=gate_x - 28, y=frame[0], width=162, height=frame[1] - frame[0],
            radius=12, fill="panel", stroke="rule",
        ),
        Text(
            x=gate_x + 122, y=frame[0] + 17, content=f"unit {unit}",
            fill="muted", anchor="end",
        ),
    ]  # fmt: skip
    places = digits.decimals(p.value for p in products.values())
    for gate, gate_y in zip(GATES, gate_ys, strict=True):
        marks += [
            weight_line(
                (48, y), (gate_x - 16, gate_y), weight, top, TERMS[gate].role
            )
            for y, weight in zip(ys, weights[gate], strict=False)
        ]
        if left_out:
            end = (gate_x - 16, gate_y)
            marks.append(rest_line((REST, ys[-1]), end, TERMS[gate].role))
    for gate, gate_y in zip(GATES, gate_ys, strict=True):
        marks += [
            gate_node(gate_x, gate_y, gate),
            Text(
                x=gate_x + 24, y=gate_y - 4,
                content=f"{GATE_NAMES[gate].name} gate", bold=True, term=gate,
            ),
            Text(
                x=gate_x + 24, y=gate_y + 13, content=f"W_{{i{gate}}}·x =",
                size=12, fill="muted", term=f"weight_ih {gate}",
            ),
            number(
                gate_x + 96, gate_y + 13, products[gate], places=places, room=6,
                id=f"ih-{gate}", term=f"ih {gate}",
            ),
        ]  # fmt: skip
    marks += [
        input_node(24, y, j, value, f"x-{j}")
        for y, (j, value) in zip(ys, inputs.items(), strict=False)
    ]
    if left_out:
        marks.append(rest_node(ys[-1], left_out))
    return Panel(gate_x + 134, height, tuple(marks), "as nodes and lines")


def _rows(
    subject: Subject, weights: dict[str, list[Number]], rows: dict[str, int]
) -> Panel:
    size, hidden_size = (
        subject.weights.input_size, subject.weights.hidden_size
    )  # fmt: skip
    grid = Grid(min(56, max(34, 240 / size)), height=32)
    every = [w for row in weights.values() for w in row]
    matrix = cells(
        list(weights.values()),
        grid,
        top=largest(every),
        id="weight_ih",
        term=lambda k: f"weight_ih {GATES[k]}",
        places=digits.decimals(w.value for w in every),
        rows=list(rows.values()),
    )
    left, top = 46.0 + push(list(rows.values()), close=False), 46.0
    name = subject.parameter_name("weight_ih")
    marks: list[Mark] = [
        code(left + matrix.width / 2, 10, name, bold=True),
        code(
            left + matrix.width / 2, 28,
            f"[[{', '.join(map(str, rows.values()))}]]", fill="muted",
        ),
        *(shift(m, left, top) for m in matrix.marks),
    ]  # fmt: skip
    for k, (gate, row) in enumerate(rows.items()):
        y = top + grid.y(k) + grid.height / 2 + 4
        marks += [
            Text(
                x=8, y=y + 1, content=gate, size=14, bold=True,
                fill=TERMS[gate].role, anchor="middle", term=gate,
            ),
            Text(
                x=left - 10, y=y, content=str(row), size=11, mono=True,
                fill="muted", anchor="end",
            ),
        ]  # fmt: skip
    marks += [
        Text(
            x=left + grid.x(j) + grid.width / 2,
            y=top + matrix.height + 18,
            content=f"x[{j}]",
            size=13,
            fill="muted",
            anchor="middle",
            term="x",
        )
        for j in range(size)
    ]
    return Panel(
        max(left + matrix.width, bounds(marks).right),
        top + matrix.height + 24,
        tuple(marks),
        f"as {len(rows)} of {len(rows) * hidden_size} rows"
        if hidden_size > 1
        else f"as all {len(rows)} rows",
    )


NAME, CELL, HEAD = 70.0, 44.0, 86.0
"""Left of the columns, across one of them, and above their cells."""


def _columns(
    subject: Subject,
    weights: dict[str, list[Number]],
    rows: dict[str, int],
    shown: list[int],
    more: dict[str, Number],
    products: dict[str, Number],
) -> Panel:
    """The weights that are drawn, a column a gate, and what sums they are of.

    The others and the sum stand apart, because they are products with x.
    """
    grid = Grid(CELL)
    every = [w for row in weights.values() for w in row]
    last = HEAD + grid.y(len(shown)) + 30
    sums = [*more.values(), *products.values()]
    width = NAME + grid.x(4) - grid.gap
    middle = (width - NAME) / 2
    name = subject.parameter_name("weight_ih")
    marks: list[Mark] = [
        code(NAME + middle, 10, name, bold=True),
        code(NAME + middle, 27, f"[{list(rows.values())}].T", fill="muted"),
        Text(
            x=width, y=last - 8, content="times x, added up", size=11.5,
            fill="muted", anchor="end",
        ),
    ]  # fmt: skip
    for k, (gate, row) in enumerate(rows.items()):
        left = NAME + grid.x(k)
        marks += [
            Text(
                x=left + CELL / 2, y=HEAD - 28, content=gate, size=14,
                bold=True, fill=TERMS[gate].role, anchor="middle", term=gate,
            ),
            Text(
                x=left + CELL / 2, y=HEAD - 10, content=str(row), size=11,
                mono=True, fill="muted", anchor="middle",
            ),
        ]  # fmt: skip
        for values, id, term, top, names, coloured, group in (
            (weights[gate], f"weight_ih-{row}", f"weight_ih {gate}", HEAD,
             shown, True, every),
            ([more[gate], products[gate]], f"ih-{gate}", f"ih {gate}", last,
             ["more", "sum"], False, sums),
        ):  # fmt: skip
            column = cells(
                [[value] for value in values], grid, top=largest(every),
                id=id, term=term, coloured=coloured, rows=names,
                places=digits.decimals(v.value for v in group),
            )  # fmt: skip
            marks += [shift(mark, left, top) for mark in column.marks]
    count = subject.weights.input_size - len(shown)
    named = [
        *((HEAD + grid.y(k), f"x[{j}]") for k, j in enumerate(shown)),
        (last, f"{count} more"),
        (last + grid.y(1), "all"),
    ]
    marks += [
        Text(
            x=NAME - 10, y=y + grid.height / 2 + 4, content=words, size=11.5,
            fill="muted", anchor="end",
        )
        for y, words in named
    ]  # fmt: skip
    return Panel(
        width, last + grid.y(2) - grid.gap, tuple(marks),
        f"as {len(rows)} of {len(rows) * subject.weights.hidden_size} rows"
        if subject.weights.hidden_size > 1
        else f"as all {len(rows)} rows",
    )  # fmt: skip
