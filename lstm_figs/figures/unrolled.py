"""The figure `unrolled`."""

from ..layout.cells import spoken
from ..layout.chain import SHOWN, cell, chain
from ..layout.heading import inner
from ..layout.panels import Panel, arrow, flow, round_arrow
from ..layout.vectors import size_notes
from ..proof.digits import counted
from ..proof.subject import Subject
from ..scene.marks import Box, Mark, Text
from ..scene.scenes import Diagram, Heading


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
            "The state goes in and comes out at every step",
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
        cell(left, top, right - left, bottom - top),
        arrow((middle, 182), (middle, bottom), paint="ink", term="x"),
        Text(
            x=middle, y=198, content="x_{t}", size=14, bold=True,
            anchor="middle", term="x",
        ),
    ]  # fmt: skip
    return Panel(128, 204, tuple(marks), "as a function")
