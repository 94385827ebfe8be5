"""Frames around what the module returns."""

from ...layout import words
from ...layout.motifs.over_time import Steps
from ...model.layer_run import Subject
from ...proof.bindings import Node, Says
from ...scene.marks import Box, Mark
from ...scene.terms import TERMS

STATES = {"c": "c_n", "h": "h_n"}
"""What the module calls the last of each state."""
PADDING, INSET = 5.0, 4.0
"""Around what stays inside, and around `h_n` within `output`."""
MIN_STEP_WIDTH = 3.5
"""The least width of a step that has a frame."""


def is_framed(subject: Subject, steps: Steps) -> bool:
    """Whether frames are drawn: a cell returns each state on its own."""
    is_complete = len(steps.labels) == len(subject.steps)
    return is_complete and subject.trace.kind != "LSTMCell"


def is_inside(subject: Subject, name: str) -> bool:
    """Whether a module keeps a state to itself, but for the last."""
    return name == "c" and subject.trace.kind != "LSTMCell"


def plane(steps: Steps, top: float, bottom: float) -> Box:
    """What is behind all that stays inside."""
    return Box(
        steps.left - PADDING,
        top - PADDING,
        steps.right - steps.left + 2 * PADDING,
        bottom - top + 2 * PADDING,
        radius=4,
        fill="panel",
    )


def frames(subject: Subject, steps: Steps, name: str, top: float, bottom: float) -> list[Mark]:
    """What the module returns of a state, and what it calls that.

    Args:
        subject: What is drawn.
        steps: All steps.
        name: `c` or `h`.
        top: Where the state begins.
        bottom: Where it ends; names stand below.
    """
    if not is_framed(subject, steps):
        return []
    last = len(subject.steps) - 1
    state, sequence = STATES[name], "output" if name == "h" else "c"
    marks: list[Mark] = []
    if steps.width >= MIN_STEP_WIDTH:
        claim = f"torch.allclose({state}[0], {sequence}[-1], atol=1e-6, equal_nan=True)"
        marks += _frame(steps, last, state, f"{state}[0, 0]", claim, (top, bottom), 2)
    if name == "h" and last:
        marks += _frame(
            steps,
            0,
            "output",
            "output[:, 0]",
            "len(output) == len(x)",
            (top - INSET, bottom + INSET),
            1,
            margin=PADDING,
        )
    return marks


def _frame(
    steps: Steps,
    first: int,
    name: str,
    of: str,
    claim: str,
    span: tuple[float, float],
    width: float,
    margin: float = PADDING - INSET,
) -> list[Mark]:
    """A frame from a step to the last one, and its name below it."""
    top, bottom = span
    left, right = steps.edge(first) - margin, steps.right + margin
    paint = TERMS[name].role
    return [
        Box(
            left,
            top,
            right - left,
            bottom - top,
            radius=4,
            stroke=paint,
            stroke_width=width,
            id=name,
            term=name,
            bound=(Node(of), Says(claim=claim)),
        ),
        words.label(
            (left + right) / 2,
            bottom + 9 + (margin < PADDING) * INSET,
            name,
            {"tensor": name},
            [name],
            "column",
            style=words.FINE_STRONG_CODE,
            fill=paint,
            anchor="middle",
            term=name,
        ),
    ]
