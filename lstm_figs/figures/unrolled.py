"""The figure `unrolled`."""

from ..digits import counted
from ..lstm import Step
from ..marks import Box, Group, Mark, Text
from ..parts.cells import spoken
from ..parts.frame import inner
from ..parts.shapes import Panel, arrow, code, flow, round_arrow
from ..parts.vectors import chip, chip_height, size_notes
from ..proof import Subject
from ..scene import Diagram, Heading

SHOWN = 8
"""The most steps that are written out."""
BOX, CHIP, IN, OUT = 58.0, 46.0, 10.0, 4.0
"""Widths: of a cell, of a state, of the line into and out of a cell."""
STEP = BOX + OUT + CHIP + IN
"""From one cell to the next."""


def unrolled(subject: Subject, room: float) -> Diagram:
    """The cell as a function of its state, and its calls over time.

    Args:
        subject: What is drawn.
        room: The width that the figure may use.
    """
    steps = subject.steps[:SHOWN]
    body = flow([_rolled(), chain(subject, steps, room)], inner(room), gap=26)
    left_out = len(subject.steps) - len(steps)
    last = subject.label(len(subject.steps) - 1)
    more = (
        (
            f"{counted(left_out, 'more step')}, to step {last}, "
            f"{'is' if left_out == 1 else 'are'} left out.",
        )
        if left_out
        else (_last(subject),)
    )
    said = " ".join(
        f"Step {subject.label(step.t)}: "
        f"x {spoken(subject.vector('x', step.t))}; "
        f"c {spoken(subject.vector('c', step.t))}; "
        f"h {spoken(subject.vector('h', step.t))}."
        for step in steps
    )
    first = steps[0]
    return Diagram(
        Heading(
            "State in, state out",
            f"{subject.module} over {counted(len(subject.steps), 'step')}: "
            "the cell keeps nothing; h and c go in as arguments and come out "
            "as results",
            (
                _output(subject),
                *more,
                *size_notes(subject),
            ),
            subject.source,
        ),
        "A cell whose results h and c go back in as arguments, and the same "
        "calls written out over time. At the start "
        f"c is {spoken(subject.vector('c_prev', first.t))} and "
        f"h is {spoken(subject.vector('h_prev', first.t))}. {said}",
        body.width,
        body.height,
        body.marks,
        room,
    )


def _output(subject: Subject) -> str:
    """What becomes of each h, in a stack of layers and directions."""
    part = "half of " if subject.trace.bidirectional else ""
    if subject.weights.layer + 1 < subject.trace.num_layers:
        return f"Each h is {part}what the layer above receives."
    return f"Each h is {part or 'also '}the output of its step."


def _last(subject: Subject) -> str:
    """Where the module returns the last state."""
    alone = len(subject.trace.weights) == 1
    index = "" if alone else f"[{subject.index}]"
    return f"The last h and c are h_n{index} and c_n{index}."


def _rolled() -> Panel:
    """The cell with its loops; the cell state takes the inner one."""
    left, right, top, bottom = 35.0, 93.0, 66.0, 150.0
    middle = (left + right) / 2
    marks: list[Mark] = []
    for name, y, out, over in (
        ("c", top + 24, 13.0, 34.0),
        ("h", bottom - 24, 29.0, 8.0),
    ):
        outside = [
            (right, y),
            (right + out, y),
            (right + out, over),
            (left - out, over),
            (left - out, y),
            (left, y),
        ]
        marks += [
            round_arrow(*outside, paint=name, term=name),
            Box(x=middle - 12, y=over - 9, width=24, height=18, fill="paper"),
            Text(
                x=middle, y=over + 5, content=name, size=14, bold=True,
                fill=name, anchor="middle", term=name,
            ),
        ]  # fmt: skip
    marks += [
        _cell(left, top, right - left, bottom - top),
        arrow((middle, 182), (middle, bottom), paint="ink", term="x"),
        Text(
            x=middle, y=198, content="x_{t}", size=14, bold=True,
            anchor="middle", term="x",
        ),
    ]  # fmt: skip
    return Panel(128, 204, tuple(marks), "as a function")


def _cell(x: float, y: float, width: float, height: float) -> Mark:
    return Group(
        marks=(
            Box(
                x=x, y=y, width=width, height=height, radius=8, fill="panel",
                stroke="ink", stroke_width=1.5,
            ),
            code(x + width / 2, y + height / 2 - 3, "LSTM", bold=True),
            code(x + width / 2, y + height / 2 + 12, "Cell", bold=True),
        )
    )  # fmt: skip


def chain(subject: Subject, steps: tuple[Step, ...], room: float) -> Panel:
    """The calls in rows of equal length, read as lines of text."""
    most = max(1, int((inner(room) - CHIP - IN + 12) // STEP))
    if room >= 480:
        most = min(most, 4)
    rows = -(-len(steps) // most)
    per_row = -(-len(steps) // rows)
    state = chip_height(subject.weights.hidden_size)
    inputs = chip_height(subject.weights.input_size)
    height = 22 + 2 * state + 16 + 20 + 26 + inputs + 22
    marks: list[Mark] = []
    for row in range(rows):
        chosen = steps[row * per_row : (row + 1) * per_row]
        marks += _row(subject, chosen, row * (height + 22), state, row > 0)
    width = CHIP + IN + per_row * STEP - IN
    return Panel(
        width,
        rows * (height + 22) - 22,
        tuple(marks),
        "the same calls, written out over time",
    )


def _row(
    subject: Subject,
    steps: tuple[Step, ...],
    top: float,
    state: float,
    again: bool,
) -> list[Mark]:
    c_y = top + 22 + state / 2
    h_y = c_y + state + 16
    box_top, box_bottom = top + 14, h_y + state / 2 + 8
    marks: list[Mark] = []

    def states(
        x: float, step: Step, names: tuple[str, str], label: str
    ) -> None:
        for name, term, y, text_y in (
            (names[0], "c", c_y, top + 14),
            (names[1], "h", h_y, h_y + state / 2 + 17),
        ):
            repeated = "-again" if names[0] == "c_prev" and again else ""
            marks.append(
                chip(
                    x,
                    y,
                    subject.vector(name, step.t),
                    id=f"{name}{repeated}-{step.t}",
                    term=term,
                    paint=term,
                    width=CHIP,
                )
            )
            marks.append(
                Text(
                    x=x, y=text_y, content=f"{term}_{{{label}}}", size=13,
                    bold=True, fill=term, anchor="middle", term=term,
                )
            )  # fmt: skip

    x = CHIP / 2
    states(x, steps[0], ("c_prev", "h_prev"), str(subject.before(steps[0].t)))
    x = CHIP
    for step in steps:
        box = x + IN
        middle = box + BOX / 2
        for y, term in ((c_y, "c"), (h_y, "h")):
            marks += [
                arrow((x, y), (box, y), paint=term, term=term),
                arrow(
                    (box + BOX, y), (box + BOX + OUT, y), paint=term,
                    head=False, term=term,
                ),
            ]  # fmt: skip
        marks.append(_cell(box, box_top, BOX, box_bottom - box_top))
        states(
            box + BOX + OUT + CHIP / 2,
            step,
            ("c", "h"),
            str(subject.label(step.t)),
        )
        values = subject.vector("x", step.t)
        x_top = box_bottom + 26
        tall = chip_height(len(values))
        marks += [
            arrow((middle, x_top), (middle, box_bottom), paint="ink", term="x"),
            chip(
                middle, x_top + tall / 2, values, id=f"x-{step.t}", term="x",
                paint="muted", width=CHIP,
            ),
            Text(
                x=middle, y=x_top + tall + 17,
                content=f"x_{{{subject.label(step.t)}}}", size=13, bold=True,
                anchor="middle", term="x",
            ),
        ]  # fmt: skip
        x = box + BOX + OUT + CHIP
    return marks
