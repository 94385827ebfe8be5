"""The figure `directions`."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from ...layout.cells import CHARACTER, number, spoken
from ...layout.fold import Excerpt, Gap, excerpt, notes
from ...layout.heading import inner
from ...layout.panels import Panel, code, stack
from ...layout.vectors import gap
from ...model.lstm import Step
from ...options import Value
from ...proof import digits
from ...proof.digits import counted
from ...proof.runs.variants import beginning, two_directions
from ...proof.subject import Number, Subject
from ...scene.marks import Box, Mark, Text
from ...scene.scenes import Diagram, Heading
from .ways import Way, strips

NARROW, WIDE, ROW, LABELS = 39.0, 44.0, 24.0, 262.0
"""Sizes of h_n: of a number across, of a line, of what stands left of it."""
MOST, FOLDED = 8, 4
"""The most lines of h_n, and else how many of the first ones."""


def made(subject: Subject, options: Mapping[str, Value]) -> Subject:
    """The module over its first steps, with a second direction if need be."""
    return replace(subject, trace=two_directions(beginning(subject.trace)))


class Row(NamedTuple):
    """A row of h_n.

    Attributes:
        place: Where it stands in h_n.
        whose: Its layer and direction.
        step: The step that it is the state after, counted from 1.
    """

    place: int
    whose: str
    step: int
    values: list[Number]

    @property
    def name(self) -> str:
        """The code that yields it."""
        return f"h_n[{self.place}]"


def directions(subject: Subject, room: float) -> Diagram:
    """Both directions over time, and where h_n is taken from.

    Args:
        subject: What is drawn.
        room: The width that the figure may use.
    """
    size, layers = subject.weights.size, subject.trace.num_layers
    ways = [_way(subject, 0), _way(subject, 1)]
    drawn = strips(ways, inner(room), inputs=layers == 1)
    rows = _rows(subject)
    table = _table(rows, drawn.width, room >= 480)
    body = stack([drawn, table._replace(label="h_n, in its order")], 0, 26)
    count = counted(len(subject.steps), "step")
    said = " ".join(
        f"{way.name.capitalize()}: "
        + "; ".join(
            f"step {t + 1} {spoken(values)}"
            for t, values in enumerate(way.values)
        )
        + "."
        for way in ways
    )
    listed = "; ".join(
        f"{row.name}, {row.whose} after step {row.step}: {spoken(row.values)}"
        for row in rows
    )
    top = (
        f"Drawn is layer {layers - 1}; it receives the output of layer "
        f"{layers - 2}, both halves of it.",
    )
    return Diagram(
        Heading(
            "Two directions, each with weights of its own",
            f"{subject.module} over {count}: output holds both halves of a "
            "step, h_n the last state of each direction",
            (
                f"In output a step has {2 * size} features, the forward ones "
                "first.",
                "The reverse direction ends at step 1.",
                *top * (layers > 1),
                *notes(("unit", excerpt(size))),
            ),
            subject.source,
        ),
        f"Cells over {count}, one row from left to right and one from right "
        f"to left. {said} h_n holds: {listed}.",
        body.width,
        body.height,
        body.marks,
        room,
    )


def _way(subject: Subject, side: int) -> Way:
    """A direction of the top layer: forward is side 0."""
    trace, size = subject.trace, subject.weights.size
    index = len(trace.weights) - 2 + side
    one = trace.weights[index]
    return Way(
        one.direction,
        one.suffix,
        [
            _numbers(step, f"output[{step.t}, 0, {{}}]", side * size)
            for step in sorted(trace.part(index), key=lambda step: step.t)
        ],
        1 - 2 * side,
        f"h_n[{side - 2}]",
    )


def _numbers(step: Step, expr: str, first: int = 0) -> list[Number]:
    """What is in h for the first sequence, from a feature on."""
    return [
        Number(value, expr.format(first + k), step.scale)
        for k, value in enumerate(step.h[0])
    ]


def _rows(subject: Subject) -> list[Row]:
    """Every row of h_n, or the first and the last ones."""
    trace = subject.trace
    rows = []
    for index, one in enumerate(trace.weights):
        last = trace.part(index)[-1]
        values = _numbers(last, f"h_n[{index}, 0, {{}}]")
        whose = f"layer {one.layer} {one.direction}"
        rows.append(Row(index, whose, last.t + 1, values))
    return rows if len(rows) <= MOST else [*rows[:FOLDED], *rows[-2:]]


def _table(rows: Sequence[Row], width: float, wide: bool) -> Panel:
    """A line for each row: which state it is, and its numbers."""
    shown = excerpt(len(rows[0].values))
    left, height, value = (
        (LABELS, ROW, WIDE) if wide else (8.0, 2 * ROW - 4, NARROW)
    )
    width = max(width, LABELS, left + value * len(shown.lines) + 8)
    places = digits.decimals(
        n.value for row in rows for n in shown.of(row.values)
    )
    marks: list[Mark] = []
    y, before = 0.0, -1
    for row in rows:
        if row.place > before + 1:
            marks += gap(24, y + 12, row.place - before - 1)
            y += 22
        before = row.place
        name = code(10, y + 16, row.name, "start", bold=True, fill="h")
        marks += [
            Box(x=0, y=y, width=width, height=height, radius=6, fill="panel"),
            name._replace(term="h_n"),
            Text(x=76, y=y + 16, content=row.whose),
            Text(
                x=184, y=y + 16, content=f"after step {row.step}", size=11,
                fill="muted",
            ),
            *_values(
                row, shown, left, y + (16 if wide else 36), value, places
            ),
        ]  # fmt: skip
        y += height + 4
    return Panel(width, y - 4, tuple(marks))


def _values(
    row: Row,
    shown: Excerpt,
    left: float,
    y: float,
    width: float,
    places: int,
) -> list[Mark]:
    """Numbers in a line; what is left out of a long one is counted."""
    marks: list[Mark] = []
    for k, unit in enumerate(shown.lines):
        x = left + (k + 0.5) * width
        if isinstance(unit, Gap):
            marks += gap(x, y, unit.count)
            continue
        marks.append(
            number(
                x, y, row.values[unit], places=places,
                room=int(width / CHARACTER), id=f"h_n-{row.place}-{unit}",
                term="h_n",
            )
        )  # fmt: skip
    return marks
