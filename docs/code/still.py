"""The figure `still`."""

import numpy as np

from ..layout import words
from ..layout.margins import inner_width
from ..layout.motifs import over_time
from ..layout.number_lists import number_list
from ..layout.provenance import count_item, provenance, source
from ..model.layer_run import LayerRun
from ..model.reference import Ref, Vector
from ..proof.bindings import sentence
from ..scene.scenes import Diagram, Head

MAX_STEPS = 6
"""The most numbers that fit on a phone."""

SETUP = """\
# What is still left of c_0 after each step: the product of f so far.
still = f.cumprod(0)"""


def still(subject: LayerRun, width: float) -> Diagram:
    """What the forget gates of unit 0 leave of its first cell state."""
    steps = subject.steps[:MAX_STEPS]
    values = np.cumprod(
        [step.f[0, 0] for step in steps], dtype=steps[0].f.dtype
    )
    scales = np.cumsum([step.scale for step in steps])
    numbers = Vector(values, Ref("still"), scales, after=(0, 0))
    labels = tuple(subject.step_number(step.t) for step in steps)
    left = over_time.gutter_width(width)
    step_width = (inner_width(width) - left) / len(steps)
    lane = over_time.Steps(0, labels, left, step_width)
    marks = [
        *over_time.step_labels(lane, 8, ["still-{t}"]),
        *over_time.columns(
            lane,
            24,
            40,
            numbers,
            "gate-f",
            id="still-{t}",
            term="f",
        ),
        words.label(
            left - 8,
            76,
            "unit 0",
            names={"unit": 0},
            of=["value-*"],
            along="row",
            style=words.FINE,
            anchor="end",
        ),
    ]
    marks += [
        words.number(
            lane.middle(t),
            76,
            number,
            size=words.SMALL,
            max_chars=4,
            id=f"value-{t}",
            term="f",
        )
        for t, number in enumerate(numbers)
    ]
    notes = [sentence("What the steps write is not in it.")]
    if rest := len(subject.steps) - len(steps):
        notes.append(over_time.left_out_note(subject, rest))
    head = Head(
        sentence("What the forget gates leave of a cell state"),
        sentence("A column is the product of f up to its step."),
        provenance(
            subject,
            ("unit {}", 0, "0"),
            count_item("step", len(subject.steps), "len(x)"),
        ),
        tuple(notes),
        source(subject),
    )
    description = (
        "At each step the forget gate of unit 0 keeps a part of its cell state."
        f" Left after each step: {number_list(numbers)}."
    )
    return Diagram(
        head, description, inner_width(width), 88, tuple(marks), width, SETUP
    )
