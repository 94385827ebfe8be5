"""The calls of each operator: a row for each operator, a column for each step."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from ...layout import words
from ...layout.blocks import Block, code_block, text_block
from ...model.calls import Called, Row
from ...model.reference import Number
from ...proof.bindings import Node, sentence
from ...scene.marks import Box, Group, Mark, Path, shift
from ...scene.theme import Paint

ROW_HEIGHT = 26.0
"""The height of a row with one line of calls."""
HEADING_HEIGHT = 48.0
"""The height of the names of the columns."""
BAR_PITCH, LINE_PITCH = 12.0, 10.0
"""The height of a bar, a call for all steps, and of a line of squares."""


class Operator(NamedTuple):
    """An operator that an LSTM calls.

    Attributes:
        purpose: Its purpose, in a few words.
        term: The terms that it is about.
        paints: The paints of its calls in one step, in order.
    """

    purpose: str
    term: str
    paints: tuple[Paint, ...] = ()


OPERATORS = {
    "cudnn_is_acceptable": Operator("is it one for cuDNN?", "x"),
    "reshape": Operator("lay steps side by side", "x"),
    "unbind": Operator("separate steps and states", "x"),
    "select": Operator("the first state of a layer", "h_prev c_prev"),
    "narrow": Operator("sequences that go on", "h_prev c_prev"),
    "zeros": Operator("stand in for the biases", "bias_ih bias_hh"),
    "mkldnn_rnn_layer": Operator("all steps of a layer", "output", ("ink",)),
    "linear": Operator("weights by x, weights by h", "weight_ih weight_hh"),
    "add_": Operator("add these; add to c", "ih hh"),
    "unsafe_chunk": Operator("split z into four", "z_i z_f z_g z_o"),
    "sigmoid_": Operator("i, f and o", "i f o", ("gate-i", "gate-f", "gate-o")),
    "tanh_": Operator("g", "g", ("gate-g",)),
    "mul": Operator("f·c, i·g and o·tanh c", "c h", ("c", "c", "h")),
    "tanh": Operator("tanh c", "tanh_c", ("c",)),
    "t": Operator("transpose weight_hr", "h"),
    "matmul": Operator("project h", "h"),
    "cat": Operator("join the results", "output"),
    "stack": Operator("join the results", "output"),
}
"""Known operators, in the order of a step; torch may come to call others."""


def operator(name: str) -> Operator:
    """A known operator, or an empty one."""
    return OPERATORS.get(name, Operator("", "output"))


def ordered(names: set[str]) -> list[str]:
    """Names of operators in the order of a step, with unknown ones at the end."""
    known = [name for name in OPERATORS if name in names]
    return known + sorted(names - set(known))


class Columns(NamedTuple):
    """Horizontal positions in a row, from left to right.

    Attributes:
        purpose: The left of the operator's purpose; None in a narrow figure.
        before: The middle of the calls before the first step.
        first: The left of the first step.
        step: The width of a step.
        after: The middle of the calls after the last step.
        calls: The right of the number of calls.
        side: The side of the square of a call.
        gap: The gap between two squares.
    """

    purpose: float | None
    before: float
    first: float
    step: float
    after: float
    calls: float
    side: float
    gap: float

    def middle(self, step: int) -> float:
        """The middle of a step."""
        return self.first + (step + 0.5) * self.step


def _columns(steps: int, width: float) -> Columns:
    if width < 660:
        pitch = 110 / steps
        side = 5 if pitch > 20 else 3
        return Columns(None, 153, 171, pitch, 294, width, side, 1)
    pitch = 212 / steps
    side = 7 if pitch > 30 else 5
    return Columns(160, 368, 394, pitch, 630, width, side, 2)


def grid(
    call: str, called: Called, table: list[tuple[str, Row]], steps: int, width: float
) -> Block:
    """A row for each operator, a column for each step.

    Args:
        call: The way in which the module is called.
        called: The operators that it calls.
        table: Each operator with its calls.
        steps: The number of steps.
        width: The width of all columns.
    """
    columns = _columns(steps, width)
    small = words.SMALL if columns.purpose is None else words.LABEL
    marks = _head(call, called, table, columns, steps)
    marks.append(Path((("M", (0, 0)), ("L", (width, 0))), stroke="rule"))
    y = HEADING_HEIGHT
    for name, row in table:
        squares, height = _call_squares(call, name, row, columns, steps)
        middle = y + height / 2
        count = Number(
            np.int64(called.operators.count(name)),
            f'torch.tensor(called["{call}"].count("{name}"))',
        )
        marks += [
            Path((("M", (0, y)), ("L", (width, y))), stroke="rule"),
            words.label(
                0,
                middle,
                name,
                {"operator": name},
                [f"{call}-{name}", *_ids(name, row.all_calls)],
                "band",
                style=words.CODE._replace(size=small),
                fill="ink",
                term=operator(name).term,
            ),
            *(shift(mark, 0, y) for mark in squares),
            words.number(
                columns.calls,
                middle,
                count,
                places=0,
                anchor="end",
                id=f"{call}-{name}",
                term=operator(name).term,
            ),
        ]
        purpose = operator(name).purpose
        if columns.purpose is not None and purpose:
            description = text_block(sentence(purpose), columns.before - columns.purpose)
            marks += [
                shift(mark, columns.purpose, middle - description.height / 2)
                for mark in description.marks
            ]
        y += height
    group = Group(tuple(marks), id="calls", bound=(Node(f'called["{call}"]'),))
    return Block(width, y, (group,))


def _ids(name: str, calls: Sequence[int]) -> list[str]:
    return [f"{name}-{k}" for k in calls]


def _head(
    call: str, called: Called, table: list[tuple[str, Row]], columns: Columns, steps: int
) -> list[Mark]:
    """The operator that makes these calls, and the headings of the columns."""
    before = [id for n, row in table for id in _ids(n, row.before)]
    after = [id for n, row in table for id in _ids(n, row.after)]
    all_step_ids = [id for n, row in table for id in _ids(n, row.all_steps)]
    step_ids = [id for n, row in table for calls in row.steps for id in _ids(n, calls)]
    middle = columns.first + steps * columns.step / 2
    columns_named = (
        (columns.before, "before", "before", before),
        (middle, "in step", "step", step_ids or all_step_ids),
        (columns.after, "after", "after", after),
    )
    marks: list[Mark] = [
        words.label(x, 14, text, {"when": when}, ids, "column", style=words.FINE, anchor="middle")
        for x, text, when, ids in columns_named
        if ids
    ]
    for step in range(steps if step_ids or all_step_ids else 0):
        own_ids = [
            id
            for name, row in table
            for id in _ids(name, row.steps[step] if row.steps else row.all_steps)
        ]
        marks.append(
            words.label(
                columns.middle(step),
                HEADING_HEIGHT - 14,
                str(step + 1),
                {"step": step + 1},
                own_ids,
                "column",
                style=words.FINE,
                anchor="middle",
            )
        )
    title = sentence(f"aten::{called.operator}")
    marks += [
        shift(mark, 0, HEADING_HEIGHT - 23) for mark in code_block(title, columns.before).marks
    ]
    marks.append(
        words.label(
            columns.calls,
            HEADING_HEIGHT - 14,
            "calls",
            {"tensor": "called"},
            [f"{call}-*"],
            "column",
            style=words.FINE,
            anchor="end",
        )
    )
    return marks


def _call_squares(
    call: str, name: str, row: Row, columns: Columns, steps: int
) -> tuple[list[Mark], float]:
    """The calls of an operator, and the height of their row."""
    groups = [
        (columns.before, row.before, 4),
        *((columns.middle(t), calls, 3) for t, calls in enumerate(row.steps)),
        (columns.after, row.after, 3),
    ]
    lines = max(-(-len(calls) // max_in_line) for _, calls, max_in_line in groups)
    needed = LINE_PITCH * lines + BAR_PITCH * len(row.all_steps)
    height = max(ROW_HEIGHT, needed + 10)
    top = (height - needed) / 2

    def call_box(k: int, x: float, y: float, width: float, side: float, paint: Paint) -> Box:
        return Box(
            x,
            y,
            width,
            side,
            radius=1 if width == side else 3,
            fill=paint,
            id=f"{name}-{k}",
            term=operator(name).term,
            bound=(Node(f'called["{call}"][{k}]'),),
        )

    marks: list[Mark] = [
        call_box(
            k,
            columns.first,
            top + BAR_PITCH * line + 2,
            steps * columns.step,
            8,
            (*operator(name).paints, "muted")[0],
        )
        for line, k in enumerate(row.all_steps)
    ]
    side, pitch = columns.side, columns.side + columns.gap
    for x, calls, max_in_line in groups:
        paints = operator(name).paints
        known = paints if len(paints) == len(calls) else ("muted",) * len(calls)
        line_count = -(-len(calls) // max_in_line)
        first_line = (
            top + BAR_PITCH * len(row.all_steps) + LINE_PITCH * (lines - line_count + 1) / 2
        )
        for place, (k, paint) in enumerate(zip(calls, known, strict=True)):
            line, column = divmod(place, max_in_line)
            line_calls = min(max_in_line, len(calls) - line * max_in_line)
            left = x + (column - line_calls / 2) * pitch + columns.gap / 2
            y = first_line + LINE_PITCH * line - side / 2
            marks.append(call_box(k, left, y, side, side, paint))
    return marks, height
