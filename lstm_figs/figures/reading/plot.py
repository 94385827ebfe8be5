"""The plot of c of a unit over one band, with arrows and notes."""

import math
from collections.abc import Sequence
from typing import Literal

from ...layout import styles, words
from ...layout.motifs import over_time
from ...layout.motifs.over_time import Steps
from ...model.reference import Vector
from ...proof.bindings import Course, Scale
from ...scene.marks import Bounds, Mark, Path, shift
from .moves import arrow
from .note_places import Placed, scale_of
from .plan import Plan, ticks
from .reader import Reader
from .trained_runs import TrainedRun

AREA_PAINT = "pos:6"
"""The colour of the area between c and zero."""
TRAINED_PAINT = "ink:40"
"""The colour of c of the network as it was trained, which is behind c as edited."""
STUB_LENGTH = 2.0
"""The length of an axis line that remains at its ends beside a note."""
NOTE_GAP, TICK_GAP = 4.0, 7.0
"""The gaps between an axis line and a note, and between it and its tick label."""

Part = Literal["axis", "c", "truth", "trained", "arrows", "notes"]
"""A part of the plot, for `focus`. `truth`: the true bracket depth; `trained`: c of
the network as it was trained; `arrows`: what each step writes and forgets."""


def plot(
    plan: Plan, steps: Steps, y: float, unit: int, placed: Sequence[Placed]
) -> tuple[list[tuple[Part, list[Mark]]], Scale]:
    """Draw c of a unit with its arrows and notes.

    Args:
        plan: The layout of the figure.
        steps: The steps of the band.
        y: The top edge.
        unit: The index of the unit.
        placed: The notes on the unit in this band.

    Returns:
        The parts from back to front, and the vertical scale.
    """
    scale = scale_of(plan, unit).moved(y)
    c = plan.subject.series("c", unit, steps.as_slice)
    id = f"c-{steps.first}-{unit}"
    boxes = [
        box._replace(top=box.top + y, bottom=box.bottom + y)
        for box in (placed_note.box for placed_note in placed)
    ]
    parts: list[tuple[Part, list[Mark]]] = [
        ("c", _area(steps, scale, c, f"area-{steps.first}-{unit}")),
        ("axis", _axis(plan, steps, scale, boxes)),
    ]
    if plan.counts(unit) and plan.reader:
        parts.append(("truth", _depth(plan.reader, steps, scale)))
    if plan.trained_run and unit in plan.trained_run.units:
        parts.append(("trained", _draw_trained_c(plan.trained_run, steps, unit, scale)))
    line = over_time.step_line(
        steps, scale, c, "ink", width=styles.LINE.strong.weight, id=id, term="c"
    )
    arrows: list[Mark] = [
        arrow(move, plan.subject, steps, scale, plan.has_thin_arrows)
        for move in plan.arrows(steps, unit)
    ]
    notes = [shift(mark, 0, y) for placed_note in placed for mark in placed_note.marks()]
    parts += [("c", line), ("arrows", arrows), ("notes", notes)]
    return parts, scale


def _depth(reader: Reader, steps: Steps, scale: Scale) -> list[Mark]:
    """Draw the number of open brackets."""
    return over_time.step_line(
        steps,
        scale,
        reader.depth(steps.as_slice),
        "muted",
        width=styles.LINE.plain.weight,
        dash=styles.OTHER_DASH,
        id=f"depth-{steps.first}",
    )


def _draw_trained_c(trained_run: TrainedRun, steps: Steps, unit: int, scale: Scale) -> list[Mark]:
    """Draw c of a unit as it was trained."""
    return over_time.step_line(
        steps,
        scale,
        trained_run.over(unit, steps.as_slice),
        TRAINED_PAINT,
        width=styles.LINE.strong.weight,
        id=f"trained-{steps.first}-{unit}",
    )


def _area(steps: Steps, scale: Scale, c: Vector, id: str) -> list[Mark]:
    """Draw the area between c and zero, interrupted where c is not finite."""
    pieces: list[tuple[str, *tuple[tuple[float, float], ...]]] = []
    zero = scale(0)
    run: list[tuple[float, float]] = []
    for t, value in zip(steps.ts, c.values.tolist(), strict=True):
        if not math.isfinite(value):
            pieces += _close_area(run, zero)
            run = []
            continue
        y = scale(value)
        run += [(steps.edge(t), y), (steps.edge(t) + steps.width, y)]
    pieces += _close_area(run, zero)
    if not pieces:
        return []
    edges = f"torch.stack([torch.zeros({len(c)}), {c.part}])"
    return [
        Path(
            tuple(pieces),
            fill=AREA_PAINT,
            compact=True,
            id=id,
            bound=(Course(edges, "area", steps.scale, scale),),
        )
    ]


def _close_area(
    run: list[tuple[float, float]], zero: float
) -> list[tuple[str, *tuple[tuple[float, float], ...]]]:
    """Return the outline of an area: along the line of c, and back along zero."""
    if not run:
        return []
    first, *others = run
    last_x, _ = run[-1]
    first_x, _ = first
    corners = [*others, (last_x, zero), (first_x, zero)]
    return [("M", first), *(("L", point) for point in corners), ("Z",)]


def _axis(plan: Plan, steps: Steps, scale: Scale, boxes: Sequence[Bounds]) -> list[Mark]:
    """Draw the axis lines, with gaps at notes, and their tick labels."""
    marks: list[Mark] = []
    for value in ticks(scale.low, scale.high, plan.pixels):
        y = scale(value)
        # Keep a stub at both ends, so that all axis lines begin and end at the same x.
        min_x, max_x = steps.left + STUB_LENGTH, steps.right - STUB_LENGTH
        cuts = sorted(
            (max(box.left - NOTE_GAP, min_x), min(box.right + NOTE_GAP, max_x))
            for box in boxes
            if box.top - 1 < y < box.bottom + 1
        )
        pieces: list[tuple[str, *tuple[tuple[float, float], ...]]] = []
        x = steps.left
        # The end of the axis is a last cut, before which a piece ends.
        for left, right in [*cuts, (steps.right, steps.right)]:
            if left > x:
                pieces += [("M", (x, y)), ("L", (left, y))]
            x = max(x, right)
        marks.append(
            Path(
                tuple(pieces),
                stroke="muted" if value == 0 else "rule",
                stroke_width=styles.LINE.muted.weight,
            )
        )
        marks.append(words.tick(steps.left - TICK_GAP, y, over_time.tick_text(value)))
    return marks
