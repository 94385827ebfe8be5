"""Gates and states of many units: a strip of cells for each result.

A row is one unit, from the one that keeps most to the one that forgets most,
the same in all strips.
"""

from collections.abc import Sequence

import numpy as np

from ...layout import words
from ...layout.motifs import heat, label_lanes, over_time
from ...layout.motifs.over_time import Steps
from ...layout.motifs.token_rows import tokens_by_step
from ...model.layer_run import Subject
from ...model.reference import Matrix, Number
from ...proof.bindings import Length, Scale, Sentence, sentence
from ...scene.marks import Box, Mark
from ...scene.terms import TERMS
from . import return_frames
from .row_labels import letters

MAX_ROWS, MAX_CELLS = 12, 1800
"""The most rows of a strip, and the most cells."""
STRIP_HEIGHT, MAX_ROW_HEIGHT, STRIP_GAP = 72, 14, 14
"""How high a strip is, a row at most, and what is between two strips."""
RESULTS = ("i", "f", "g", "o", "c", "h")
SHARES = ("i", "f", "o")
"""What σ makes is never negative; its hue is that of the gate."""


def gutter(width: float) -> float:
    """The width left of the steps."""
    return 104 if width >= 480 else 46


RIGHT_MARGIN = 92.0
"""The width right of the steps, for the scale of a strip."""

SCALE_WIDTH = 64.0
"""The width of the scale itself."""


def _chosen(subject: Subject, steps: int) -> list[int]:
    """The units that have a row, from the one that keeps most.

    Of many units they are as far apart in this order as they can be.
    """
    f = np.array([step.f[0] for step in subject.steps], np.float64)
    order = np.argsort(-np.nan_to_num(f.mean(axis=0)), kind="stable")
    return [int(order[k]) for k in _spread(len(order), steps)]


def _spread(size: int, steps: int) -> list[int]:
    count = min(size, MAX_ROWS, max(6, MAX_CELLS // steps))
    places = np.linspace(0, size - 1, count).round()
    return [int(place) for place in places]


def draw(
    subject: Subject, steps: Steps, wide_steps: Steps, width: float
) -> tuple[list[Mark], float, list[Sentence]]:
    """All strips, where they end, and what is to be said of them.

    Args:
        subject: What is drawn.
        steps: The steps that are drawn.
        wide_steps: Those of the wide form, which decide on units and colours.
        width: The width that the figure may use.
    """
    units = _chosen(subject, len(wide_steps.labels))
    of = [f"{name}-strip" for name in RESULTS]
    label_rows = label_lanes.label_rows(subject, steps, 0)
    read = tokens_by_step(subject, steps, label_rows.height, of, overhang=RIGHT_MARGIN)
    y = label_rows.height + read.height
    marks = [*label_rows.marks, *read.marks, *over_time.step_labels(steps, y + 8, of)]
    y = top = bottom = y + 26.0
    strips: list[Mark] = []
    for name in RESULTS:
        strip, y = _strip(subject, steps, wide_steps, name, y, units)
        strips += strip
        if name in "ifgo":
            bottom = y
        elif return_frames.is_inside(subject, name):
            bottom = y
            y += 2 * return_frames.PADDING
        y += STRIP_GAP
    plane = return_frames.plane(steps, top, bottom)
    notes = [*read.notes, *_notes(subject, units)]
    return [*marks, plane, *strips], y - STRIP_GAP, notes


def _strip(
    subject: Subject, steps: Steps, wide_steps: Steps, name: str, y: float, units: Sequence[int]
) -> tuple[list[Mark], float]:
    """One result: a row for each unit, a column for each step."""
    if name == "h" and subject.weights.proj_size:
        units = _spread(subject.weights.size, len(wide_steps.labels))
    array = np.array([getattr(subject.steps[t], name)[0] for t in steps.ts])
    gate, of = name in "ifgo", subject.ref(name)[steps.part, 0, list(units)]
    end = None if gate else _largest(subject, wide_steps, name, units)
    cells = heat.cells(
        Matrix(array[:, list(units)].T, of.transposed()),
        (TERMS[name].role,),
        heat.Cut(len(units), 1),
        heat.Cut(len(steps.labels), 1),
        signed=name not in SHARES,
    )._replace(scale_end=end)
    row_height = min(MAX_ROW_HEIGHT, STRIP_HEIGHT // len(units))
    id, bottom = f"{name}-strip", y + row_height * len(units)
    strip = heat.heat_map(cells, 0, steps.left, y, steps.width, row_height, id=id, term=name)
    # Its outline holds together what is near zero, hence near the ground.
    ground = Box(
        steps.left - 0.5,
        y - 0.5,
        steps.right - steps.left + 1,
        bottom - y + 1,
        fill="paper",
        stroke="muted:55",
    )
    marks: list[Mark] = [ground, strip, *letters(steps, (y + bottom) / 2, name, [id])]
    if name == "i" or (name == "h" and subject.weights.proj_size):
        marks += _names(steps, name, y, row_height, units, id)
    corner = (steps.right + 20, (y + bottom) / 2 - 14)
    marks += (
        _share_scale(cells, *corner, SCALE_WIDTH, name)
        if gate
        else heat.colour_bar(
            cells, *corner, SCALE_WIDTH, id=f"{name}-scale", term=name, symbol=name, of=[id]
        )
    )
    if name in return_frames.STATES:
        framed = return_frames.frames(subject, steps, name, y - 1, bottom + 1)
        marks += framed
        bottom += 16 * bool(framed)
    return marks, bottom


def _share_scale(cells: heat.Cells, x: float, y: float, width: float, gate: str) -> list[Mark]:
    """All that a gate can be, from closed to open, whatever it is here."""
    low = 0 if gate in SHARES else -1
    scale = Scale(low, 1, x, x + width)
    bar = Box(
        scale(0),
        y,
        scale(1) - scale(0),
        heat.BAR_HEIGHT,
        id=f"{gate}-scale",
        bound=(Length(f"torch.ones_like({gate}).max()", "width", scale),),
    )
    return [
        heat.colour_ramp(cells, x, y, width, [f"{gate}-strip"]),
        bar,
        *(
            words.tick(scale(end), y + heat.BAR_HEIGHT + 10, over_time.tick_text(end), "middle")
            for end in (low, 1)
        ),
    ]


def _largest(subject: Subject, wide_steps: Steps, name: str, units: Sequence[int]) -> Number | None:
    """The finite element of largest magnitude; None where all are 0."""
    position, maximum = None, 0.0
    for t in wide_steps.ts:
        for unit, value in enumerate(getattr(subject.steps[t], name)[0]):
            if unit in units and np.isfinite(value) and abs(value) > maximum:
                position, maximum = (t, unit), float(abs(value))
    return position and subject.result(name, position[0], 0, position[1])


def _names(
    steps: Steps, name: str, y: float, row_height: float, units: Sequence[int], id: str
) -> list[Mark]:
    """The units of the rows that have room; other strips have the same."""
    is_wide = steps.left > over_time.MAX_NARROW_GUTTER
    visible = range(len(units)) if row_height >= MAX_ROW_HEIGHT else (0, len(units) - 1)
    return [
        words.label(
            steps.left - 8,
            y + (k + 0.5) * row_height,
            f"unit {units[k]}" if is_wide else str(units[k]),
            {"unit": units[k]},
            [id],
            "band",
            style=words.FINE,
            anchor="end",
        )
        for k in visible
    ]


def _notes(subject: Subject, units: Sequence[int]) -> list[Sentence]:
    """How rows are chosen and ordered."""
    size, count = subject.weights.hidden_size, len(units)
    f = np.array([step.f[0] for step in subject.steps])
    notes = [sentence("In g, c and h blue is positive, red is negative.")]
    if count < size:
        notes.append(
            sentence("{} of {} units are drawn.", (count, str(count)), (size, "c.shape[-1]"))
        )
    if np.isfinite(f).all():
        notes.append(
            sentence(
                "Rows go from the unit that keeps most to the one that forgets most.",
                claim=f"bool((f[:, 0, {list(units)}].double().mean(0).diff() < 1e-5).all())",
            )
        )
    return notes
