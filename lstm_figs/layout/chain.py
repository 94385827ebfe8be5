"""The calls of a cell, written out over time."""

from ..model.lstm import Step
from ..proof.subject import Subject
from ..scene.marks import Box, Group, Mark, Text
from .heading import inner
from .panels import Panel, arrow, code
from .vectors import chip, chip_height

SHOWN = 8
"""The most steps that are written out."""
BOX, CHIP, IN, OUT = 58.0, 46.0, 10.0, 4.0
"""Widths: of a cell, of a state, of the line into and out of a cell."""
STEP = BOX + OUT + CHIP + IN
"""From one cell to the next."""


def chain(subject: Subject, steps: tuple[Step, ...], room: float) -> Panel:
    """The calls in rows of equal length, read as lines of text."""
    most = max(1, int((inner(room) - CHIP - IN + 12) // STEP))
    if room >= 480:
        most = min(most, 4)
    rows = -(-len(steps) // most)
    per_row = -(-len(steps) // rows)
    sizes = subject.weights
    # A short vector is written out, and can be higher than a long one.
    state = max(map(chip_height, (sizes.hidden_size, sizes.size)))
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
            # A state that stands in the row above is the same number here.
            shown = (term, step.t - 1) if repeated else (name, step.t)
            marks.append(
                chip(
                    x,
                    y,
                    subject.vector(*shown),
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
        marks.append(cell(box, box_top, BOX, box_bottom - box_top))
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


def cell(x: float, y: float, width: float, height: float) -> Mark:
    """The cell, as a function that is called."""
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
