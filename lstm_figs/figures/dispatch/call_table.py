"""The calls of each operator: a row for each operator, a column for each step."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
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
BAR_HEIGHT, BAR_PITCH, LINE_PITCH = 15.0, 20.0, 10.0
"""The height of a bar, a call for all steps; from one bar to the next; and from one line of
squares to the next."""
BAR_TEXTS = ("one call for all steps", "one call")
"""What is written in a bar: the first of these that fits."""
ROW_PADDING = 10.0
"""The height of a row beyond that of its bars and lines of squares."""
WHEN_MIDDLE, COLUMN_NAME_HEIGHT = 14.0, 14.0
"""The middle of the first line of headings, and from the bottom of the headings up to that
of the second one."""
NARROWEST_WIDE = 660.0
"""A table of less width has the narrow columns."""
STEPS_WIDTH, STEPS_WIDTH_NARROW = 212.0, 110.0
"""The width of all steps together."""
MAX_BEFORE_IN_LINE, MAX_IN_LINE = 4, 3
"""The most squares in a line: of the calls before the first step, and of others."""


class Operator(NamedTuple):
    """An operator of PyTorch that an LSTM calls.

    Attributes:
        purpose: What an LSTM calls it for, in a few words.
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


@dataclass(frozen=True)
class CallTable:
    """A row for each operator, a column for each step.

    Attributes:
        call: The way in which the module is called.
        called: The operators that it calls.
        table: The operators with their calls, from top to bottom.
        steps: The number of steps.
        width: The width of all columns.
    """

    call: str
    called: Called
    table: Mapping[str, Row]
    steps: int
    width: float

    @cached_property
    def columns(self) -> Columns:
        """The positions of the columns."""
        if self.width < NARROWEST_WIDE:
            pitch = STEPS_WIDTH_NARROW / self.steps
            # Narrow steps have small squares.
            side = 5 if pitch > 20 else 3
            return Columns(
                purpose=None,
                before=153,
                first=171,
                step=pitch,
                after=294,
                calls=self.width,
                side=side,
                gap=1,
            )
        pitch = STEPS_WIDTH / self.steps
        side = 7 if pitch > 30 else 5
        return Columns(
            purpose=160,
            before=368,
            first=394,
            step=pitch,
            after=630,
            calls=self.width,
            side=side,
            gap=2,
        )

    def block(self) -> Block:
        """All rows below the headings."""
        marks = [*self.headings(), self.rule(0)]
        y = HEADING_HEIGHT
        for name, row in self.table.items():
            row_marks, height = self.row(name, row)
            marks += [self.rule(y), *(shift(mark, 0, y) for mark in row_marks)]
            y += height
        group = Group(tuple(marks), id="calls", bound=(Node(f'called["{self.call}"]'),))
        return Block(self.width, y, (group,))

    def rule(self, y: float) -> Path:
        """A line across all columns."""
        return Path((("M", (0, y)), ("L", (self.width, y))), stroke="rule")

    def headings(self) -> list[Mark]:
        """The operator that makes these calls, and the headings of the columns."""
        columns, rows = self.columns, self.table.items()
        before = [id for name, row in rows for id in _ids(name, row.before)]
        after = [id for name, row in rows for id in _ids(name, row.after)]
        of_steps = [id for name, row in rows for step in row.steps for id in _ids(name, step)]
        of_steps = of_steps or [id for name, row in rows for id in _ids(name, row.all_steps)]
        middle = columns.first + self.steps * columns.step / 2
        marks: list[Mark] = [
            words.label(
                x,
                WHEN_MIDDLE,
                text,
                names={"when": when},
                of=ids,
                along="column",
                style=words.FINE,
                anchor="middle",
            )
            for x, text, when, ids in (
                (columns.before, "before", "before", before),
                (middle, "in step", "step", of_steps),
                (columns.after, "after", "after", after),
            )
            if ids
        ]
        marks += [
            words.label(
                columns.middle(step),
                HEADING_HEIGHT - COLUMN_NAME_HEIGHT,
                str(step + 1),
                names={"step": step + 1},
                of=self.step_ids(step),
                along="column",
                style=words.FINE,
                anchor="middle",
            )
            for step in range(self.steps if of_steps else 0)
        ]
        operator = code_block(sentence(f"aten::{self.called.operator}"), columns.before)
        operator_top = HEADING_HEIGHT - COLUMN_NAME_HEIGHT - words.LINE_HEIGHT / 2
        marks += [shift(mark, 0, operator_top) for mark in operator.marks]
        calls = words.label(
            columns.calls,
            HEADING_HEIGHT - COLUMN_NAME_HEIGHT,
            "calls",
            names={"tensor": "called"},
            of=[f"{self.call}-*"],
            along="column",
            style=words.FINE,
            anchor="end",
        )
        return [*marks, calls]

    def step_ids(self, step: int) -> list[str]:
        """The ids of the calls of a step, with those for all steps."""
        return [
            id
            for name, row in self.table.items()
            for id in _ids(name, row.steps[step] if row.steps else row.all_steps)
        ]

    def row(self, name: str, row: Row) -> tuple[list[Mark], float]:
        """The name, the calls and the purpose of an operator, and the height of its row."""
        columns, known = self.columns, operator(name)
        squares, height = self.squares(name, row)
        middle = height / 2
        count = words.number(
            columns.calls,
            middle,
            Number(
                np.int64(self.called.operators.count(name)),
                f'torch.tensor(called["{self.call}"].count("{name}"))',
            ),
            decimals=0,
            anchor="end",
            id=f"{self.call}-{name}",
            term=known.term,
        )
        size = words.SMALL if columns.purpose is None else words.LABEL
        label = words.label(
            0,
            middle,
            name,
            names={"operator": name},
            of=[count, *squares],
            along="band",
            style=words.CODE._replace(size=size),
            fill="ink",
            term=known.term,
        )
        marks = [label, *squares, count]
        if columns.purpose is not None and known.purpose:
            purpose = text_block(sentence(known.purpose), columns.before - columns.purpose)
            marks += [
                shift(mark, columns.purpose, middle - purpose.height / 2) for mark in purpose.marks
            ]
        return marks, height

    def squares(self, name: str, row: Row) -> tuple[list[Mark], float]:
        """The calls of an operator, and the height of their row."""
        columns, paints = self.columns, operator(name).paints
        # The calls at the same time: their middle, the calls, and the most in a line.
        groups = [
            (columns.before, row.before, MAX_BEFORE_IN_LINE),
            *((columns.middle(t), calls, MAX_IN_LINE) for t, calls in enumerate(row.steps)),
            (columns.after, row.after, MAX_IN_LINE),
        ]
        max_lines = max(math.ceil(len(calls) / max_in_line) for _, calls, max_in_line in groups)
        content_height = LINE_PITCH * max_lines + BAR_PITCH * len(row.all_steps)
        height = max(ROW_HEIGHT, content_height + ROW_PADDING)
        top = (height - content_height) / 2
        marks: list[Mark] = []
        for k in row.all_steps:
            marks += self.bar(name, k, top, paints[0] if paints else "muted")
            top += BAR_PITCH
        side, pitch = columns.side, columns.side + columns.gap
        for x, calls, max_in_line in groups:
            # Only if each call of a step has a known result, these have its paints.
            call_paints = paints if len(paints) == len(calls) else ("muted",) * len(calls)
            line_count = math.ceil(len(calls) / max_in_line)
            first_line = top + LINE_PITCH * (max_lines - line_count + 1) / 2
            for place, (k, paint) in enumerate(zip(calls, call_paints, strict=True)):
                line, column = divmod(place, max_in_line)
                line_calls = min(max_in_line, len(calls) - line * max_in_line)
                left = x + (column - line_calls / 2) * pitch + columns.gap / 2
                y = first_line + LINE_PITCH * line - side / 2
                marks.append(self.call_box(name, k, left, y, side, side, paint))
        return marks, height

    def bar(self, name: str, k: int, top: float, paint: Paint) -> list[Mark]:
        """Call `k` of all, which is for all steps, with what a bar means written in it."""
        columns = self.columns
        width, y = self.steps * columns.step, top + (BAR_PITCH - BAR_HEIGHT) / 2
        box = self.call_box(name, k, columns.first, y, width, BAR_HEIGHT, paint)
        content = next(text for text in BAR_TEXTS if words.width(text, words.SMALL) + 8 <= width)
        text, _ = words.paragraph(
            columns.first + width / 2,
            y + (BAR_HEIGHT - words.line_height(words.SMALL)) / 2,
            sentence(content),
            width,
            size=words.SMALL,
            anchor="middle",
            fill="paper",
        )
        return [box, text]

    def call_box(
        self, name: str, k: int, x: float, y: float, width: float, height: float, paint: Paint
    ) -> Box:
        """Call `k` of all: a square, or a bar if it is for all steps."""
        return Box(
            x,
            y,
            width,
            height,
            radius=1 if width == height else 3,
            fill=paint,
            id=f"{name}-{k}",
            term=operator(name).term,
            bound=(Node(f'called["{self.call}"][{k}]'),),
        )


def _ids(name: str, calls: Sequence[int]) -> list[str]:
    """The ids of the calls of an operator; each has its place among all calls."""
    return [f"{name}-{k}" for k in calls]
