"""The figure `dispatch`."""

from collections.abc import Sequence
from typing import NamedTuple

from ...layout.cells import NUMBER
from ...layout.heading import inner
from ...layout.panels import Panel, arrow, code
from ...model.calls import WORDS, Call, Called, Row, rows, smaller
from ...proof.digits import counted
from ...proof.subject import SUMMED, Subject
from ...scene.marks import Box, Mark, Path, Text, shift
from ...scene.scenes import Diagram, Heading
from .backends import GAP, ladder, rungs
from .operators import count, operator, ordered

LINE = 24.0
"""The height of a row of one call a step."""
HEAD = 46.0
"""The height of the names of the columns."""


class Columns(NamedTuple):
    """Where things stand in a row, from the left.

    Attributes:
        does: What the operator is for; None where there is no room.
        before: The middle of the calls before the steps.
        first: The left of the first step.
        step: The width of a step.
        after: The middle of the calls after the steps.
        calls: The right of the number of calls.
        side: The length of the square of a call.
        gap: Between two squares.
    """

    does: float | None
    before: float
    first: float
    step: float
    after: float
    calls: float
    side: float
    gap: float


RUNNERS = {"oneDNN": "oneDNN", "native": "PyTorch's own operators"}


def dispatch(
    subject: Subject, room: float, *, call: Call = "float32"
) -> Diagram:
    """Which operators torch calls, and who runs them.

    Args:
        subject: What is drawn.
        room: The width that the figure may use.
        call: The way in which the module is called.
    """
    assert subject.record is not None
    called: Called = subject.record.values["called"][call]
    steps = 1 if call == "cell" else min(SUMMED, len(subject.steps))
    table = rows(called, steps)
    names = ordered(set(table))
    width = inner(room)
    asked = rungs(called, call)
    above = ladder(asked, width)
    below = _grid(call, called, [(n, table[n]) for n in names], steps, width)
    top = above.height + 26
    lit = next(k for k, rung in enumerate(asked) if rung.lit)
    said = "; ".join(f"{n} {called.operators.count(n)}" for n in names)
    more = len(subject.steps) - steps
    return Diagram(
        Heading(
            f"Run by {RUNNERS[called.backend]}",
            f"{called.module}{WORDS[call].how}, "
            f"{counted(steps, 'step')}: who is asked, and what "
            f"aten::{called.operator} calls",
            (
                "A square is a call; a bar is one call for all steps.",
                f"Recorded on a CPU by the profiler of torch "
                f"{subject.record.torch}; another version, build or CPU may "
                "call others.",
                "Nothing was run on a graphics card: that order is from the "
                "source.",
                *["Each sequence is a step shorter than the last, or one."]
                * (call == "packed" and steps > 1),
                *[f"Later steps, to {len(subject.steps)}, are left out."]
                * (more > 0 and call != "cell"),
                *smaller(
                    subject.weights.input_size, subject.weights.hidden_size
                ),
            ),
            subject.origin,
        ),
        f"{called.module}{WORDS[call].how}, {counted(steps, 'step')}. Asked "
        f"in order: {'; '.join(f'{r.name}: {r.state}' for r in asked)}. "
        f"aten::{called.operator} calls: {said}.",
        width,
        top + below.height,
        (
            *above.marks,
            *_way(lit, width, above.height),
            *(shift(mark, 0, top) for mark in below.marks),
        ),
        room,
    )


def _way(lit: int, width: float, top: float) -> list[Mark]:
    """From the one that runs to what it calls."""
    if width < 480:
        return []
    x = (lit + 0.5) * (width + GAP) / 5 - GAP / 2
    return [arrow((x, top + 4), (x, top + 28), paint="ink")]


def _columns(steps: int, width: float) -> Columns:
    if width < 480:
        pitch = 112 / steps
        side = 5 if pitch > 20 else 3
        return Columns(None, 146, 164, pitch, 292, width, side, 1)
    pitch = 216 / steps
    side = 7 if pitch > 30 else 5
    return Columns(144, 356, 382, pitch, 622, width - 4, side, 2)


def _grid(
    call: str,
    called: Called,
    table: list[tuple[str, Row]],
    steps: int,
    width: float,
) -> Panel:
    """A row for each operator, a column for each step."""
    columns = _columns(steps, width)
    marks = _head(called, columns, steps, [row for _, row in table])
    y = HEAD
    for name, row in table:
        calls, height = _calls(name, row, columns, steps)
        middle = y + height / 2
        marks += [
            Path(d=(("M", (0, y)), ("L", (width, y))), stroke="rule"),
            code(0, middle + 4, name, "start"),
            *(shift(mark, 0, y) for mark in calls),
            count(columns.calls, middle + 4, call, name, called.operators),
        ]
        does = operator(name).does
        if columns.does is not None and does:
            marks.append(
                Text(
                    x=columns.does, y=middle + 4, content=does,
                    size=NUMBER, fill="muted",
                )
            )  # fmt: skip
        y += height
    return Panel(width, y, tuple(marks))


def _head(
    called: Called, columns: Columns, steps: int, table: list[Row]
) -> list[Mark]:
    """The operator that calls them, and the names of the columns."""
    middle = columns.first + steps * columns.step / 2
    named: list[Mark] = [
        Text(
            x=x, y=HEAD - 26, content=content, size=NUMBER, fill="muted",
            anchor="middle",
        )
        for x, content, there in (
            (columns.before, "before", any(row.before for row in table)),
            (middle, "in step" if steps > 1 else "step", True),
            (columns.after, "after", any(row.after for row in table)),
        )
        if there
    ]  # fmt: skip
    named.append(
        Text(
            x=columns.calls, y=HEAD - 10, content="calls", size=NUMBER,
            fill="muted", anchor="end",
        )
    )  # fmt: skip
    named += [
        Text(
            x=columns.first + (step + 0.5) * columns.step, y=HEAD - 10,
            content=str(step + 1), size=NUMBER, mono=True, fill="muted",
            anchor="middle",
        )
        for step in range(steps)
    ]  # fmt: skip
    return [
        code(0, HEAD - 10, f"aten::{called.operator}", "start", bold=True),
        *named,
    ]


def _calls(
    name: str, row: Row, columns: Columns, steps: int
) -> tuple[list[Mark], float]:
    """The calls of an operator, and the height that they need."""
    paints = operator(name).paints
    own = [
        (columns.first + (step + 0.5) * columns.step, calls, 3)
        for step, calls in enumerate(row.steps)
    ]
    beside = [(columns.before, row.before, 4), (columns.after, row.after, 4)]
    lines = max(-(-calls // most) for _, calls, most in own + beside)
    height = max(LINE, 10 * lines + 12 * row.whole + 8)
    top = (height - 10 * lines - 12 * row.whole) / 2
    marks: list[Mark] = [
        Box(
            x=columns.first + 2, y=top + 12 * k + 2, height=8, radius=3,
            width=steps * columns.step - 4, fill="muted",
            term=operator(name).term,
        )
        for k in range(row.whole)
    ]  # fmt: skip
    middle = top + 12 * row.whole + 5 * lines
    for x, calls, most in own + beside:
        known = paints if len(paints) == calls else ("muted",) * calls
        rest = [known[k : k + most] for k in range(0, calls, most)]
        for line, some in enumerate(rest):
            y = middle + 10 * (line - (len(rest) - 1) / 2)
            marks += _squares(x, y, some, columns)
    return marks, height


def _squares(
    x: float, y: float, paints: Sequence[str], columns: Columns
) -> list[Mark]:
    """Squares side by side, centred."""
    side, pitch = columns.side, columns.side + columns.gap
    left = x - (len(paints) * pitch - columns.gap) / 2
    return [
        Box(x=left + k * pitch, y=y - side / 2, width=side, height=side,
            radius=1, fill=paint)
        for k, paint in enumerate(paints)
    ]  # fmt: skip
