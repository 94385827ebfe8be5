"""What is true at each step, a row for each label."""

from typing import NamedTuple

import numpy as np

from ...errors import BeyondLimit
from ...names import plain
from ...proof.bindings import sentence
from ...proof.literals import text
from ...proof.reference import Ref, Vector
from ...proof.subject import Subject
from ...scene.marks import Mark
from .. import words
from . import over_time
from .over_time import Steps

MOST, LONGEST = 8, 40
"""The most labels of a figure, and the most letters of a label."""
NAME, HIGH, APART = 18.0, 8.0, 10.0
"""The height of a name and of a row, and what is left below."""


class Rows(NamedTuple):
    """What labels are drawn with, and the height of all."""

    marks: list[Mark]
    height: float


def rows(subject: Subject, steps: Steps, top: float) -> Rows:
    """A row for each label: full where it is true, empty where it is not.

    Args:
        subject: What is drawn.
        steps: The steps.
        top: The top of the first name.

    Raises:
        BeyondLimit: If there are more than a figure has room for.
    """
    labels = subject.trace.labels
    if len(labels) > MOST:
        raise BeyondLimit(
            f"got {len(labels)} labels, expected at most {MOST} in a figure; "
            "choose some, or let `lstm-figs units` rank all of them",
            "labels",
        )
    marks: list[Mark] = []
    y, width = top, steps.right - steps.left
    for k, (name, values) in enumerate(labels):
        own = values[::-1] if subject.direction == "reverse" else values
        said, _ = words.paragraph(
            steps.left, y,
            sentence(
                "{}: true at {} of {} steps",
                (plain(name, LONGEST), f"names[{k}]"),
                (sum(values), f"int(labels[{k}].sum())"),
                (len(values), "len(x)"),
            ),
            max(width, 280), size=words.SMALL,
        )  # fmt: skip
        true = np.array(own[steps.part], np.float32)
        marks += [
            said,
            *over_time.columns(
                steps, y + NAME, HIGH,
                Vector(true, Ref("labels")[k], first=steps.first),
                "muted", id=f"label{k}-{{t}}", term="",
            ),
        ]  # fmt: skip
        y += NAME + HIGH + APART
    return Rows(marks, y - top)


def setup(subject: Subject) -> list[str]:
    """Python that makes `labels` and their `names`, if there are any."""
    trace = subject.trace
    if not trace.labels:
        return []
    names = ", ".join(text(plain(name, LONGEST)) for name, _ in trace.labels)
    own = ", ".join(
        f"[{', '.join(str(int(one)) for one in values)}]"
        for _, values in trace.labels
    )
    flip = ".flip(1)" * (subject.direction == "reverse")
    return [
        f"names = [{names}]",
        f"labels = torch.tensor([{own}], dtype=torch.float){flip}",
    ]
