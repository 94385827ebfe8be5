"""Rows that show at which steps each label is true."""

from typing import NamedTuple

import numpy as np

from ...errors import BeyondLimit
from ...model.layer_run import LayerRun
from ...model.reference import Ref, Vector
from ...names import printable
from ...proof.bindings import Says, sentence
from ...proof.literals import text
from ...scene.marks import Mark
from .. import words
from . import over_time
from .over_time import Steps

MAX_LABELS, MAX_LABEL_LENGTH = 8, 40
"""The most labels in a figure, and the longest label in characters."""
MAX_WORD_WIDTH = 290.0
"""The widest word that fits in the title of a narrow form."""
NAME_GAP, ROW_HEIGHT, ROW_GAP = 2.0, 8.0, 10.0
"""The space below a name, the height of a row, and the space below it."""


def label_name(label: str) -> str:
    """A label as shown in figures, shortened so that each word fits on a line.

    >>> label_name("first ten of a line"), label_name("M" * 40)
    ('first ten of a line', 'MMMMMMMM…MMMMMMM')
    """
    name = printable(label, MAX_LABEL_LENGTH)
    return " ".join(_shorten(word) for word in name.split(" "))


def _shorten(word: str) -> str:
    """The word with as many characters as fit."""
    max_chars = len(word)
    while words.width(printable(word, max_chars), words.TITLE, bold=True) > MAX_WORD_WIDTH:
        max_chars -= 1
    return printable(word, max_chars)


class LabelRows(NamedTuple):
    """The rows of all labels, and their total height."""

    marks: list[Mark]
    height: float


def label_rows(subject: LayerRun, steps: Steps, top: float) -> LabelRows:
    """A row for each label, filled at the steps where it is true.

    Args:
        subject: The layer run to draw.
        steps: The columns of the steps.
        top: The top of the first name.

    Raises:
        BeyondLimit: If there are more than `MAX_LABELS` labels.
    """
    labels = subject.trace.labels
    if len(labels) > MAX_LABELS:
        raise BeyondLimit(
            f"got {len(labels)} labels, expected at most {MAX_LABELS} in a figure; "
            "choose some, or let `lstm-figs units` rank all of them",
            option="labels",
        )
    marks: list[Mark] = []
    y = top
    for place in range(len(labels)):
        row, bottom = _label_row(subject, place, steps, y)
        marks += row
        y = bottom + ROW_GAP
    return LabelRows(marks, y - top)


def _label_row(subject: LayerRun, place: int, steps: Steps, top: float) -> tuple[list[Mark], float]:
    """The name of a label above its row, and the bottom of the row."""
    name, values = subject.trace.labels[place]
    caption, bottom = words.paragraph(
        steps.left,
        top,
        sentence(
            "{}: true at {} of {} steps",
            (label_name(name), f"names[{place}]"),
            (sum(values), f"int(labels[{place}].sum())"),
            (len(values), "len(x)"),
        ),
        max(steps.right - steps.left, 240),
        size=words.SMALL,
    )
    true = np.array(subject.in_processing_order(values)[steps.as_slice], np.float32)
    columns = over_time.columns(
        steps,
        bottom + NAME_GAP,
        ROW_HEIGHT,
        Vector(true, Ref("labels")[place], first=steps.first),
        "muted",
        id=f"label{place}-{{t}}",
        term="",
    )
    return [caption, *columns], bottom + NAME_GAP + ROW_HEIGHT


def label_shades(
    subject: LayerRun, place: int, steps: Steps, top: float, bottom: float
) -> list[Mark]:
    """A background behind each run of steps at which a label is true.

    Args:
        subject: The layer run to draw.
        place: The index of the label.
        steps: The columns of the steps.
        top: The top of the background.
        bottom: The bottom of the background.
    """
    _, values = subject.trace.labels[place]
    marks: list[Mark] = []
    for first, last in over_time.runs(subject.in_processing_order(values), steps):
        claim = f"bool(labels[{place}, {first}:{last}].all())"
        plane = over_time.shade(steps, first, last, top, bottom)
        binding = Says(claim=claim)
        marks.append(plane._replace(id=f"true-{first}", bound=(binding,)))
    return marks


def setup(subject: LayerRun) -> list[str]:
    """Python that defines `labels` and their `names`; empty if there are none."""
    trace = subject.trace
    if not trace.labels:
        return []
    names = ", ".join(text(label_name(name)) for name, _ in trace.labels)
    rows = ", ".join(
        f"[{', '.join(str(int(value)) for value in values)}]" for _, values in trace.labels
    )
    flip = ".flip(1)" if subject.direction == "reverse" else ""
    return [f"names = [{names}]", f"labels = torch.tensor([{rows}], dtype=torch.float){flip}"]
