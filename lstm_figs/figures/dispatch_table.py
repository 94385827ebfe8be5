"""The figure `dispatch-table`."""

from itertools import groupby
from typing import get_args

from ..layout.backends import Rung, ladder
from ..layout.cells import NUMBER
from ..layout.heading import inner
from ..layout.operators import count, ordered
from ..layout.panels import Panel, code, stack
from ..model.calls import WORDS, Call, Called, smaller
from ..proof.digits import counted
from ..proof.subject import SUMMED, Subject
from ..scene.marks import Box, Mark, Path, Text
from ..scene.scenes import Diagram, Heading

LINE = 22.0
"""The height of a row."""
HEAD = 62.0
"""The height of the names of the columns, and of who runs them."""

Calls = dict[str, Called]


def dispatch_table(subject: Subject, room: float) -> Diagram:
    """Eight ways to call an LSTM, and the operators that each comes down to.

    Args:
        subject: What is drawn.
        room: The width that the figure may use.
    """
    assert subject.record is not None
    called: Calls = subject.record.values["called"]
    width, steps = inner(room), min(SUMMED, len(subject.steps))
    names = ordered({n for found in called.values() for n in found.operators})
    each = 8 if width >= 480 else 4
    every = get_args(Call)
    body = stack(
        [
            ladder(_rungs(called), width),
            *(
                _table(
                    {call: called[call] for call in every[k : k + each]},
                    names,
                    width,
                )
                for k in range(0, len(every), each)
            ),
        ],
        width,
    )
    sizes = subject.weights.input_size, subject.weights.hidden_size
    return Diagram(
        Heading(
            "Eight calls, two ways through the library",
            f"nn.LSTM{sizes} over {counted(steps, 'step')}, nn.LSTMCell"
            f"{sizes} for one: how often each operator is called",
            (
                "These are the operators that aten::lstm and aten::lstm_cell "
                "call themselves; a dot stands for none.",
                f"Recorded on a CPU by the profiler of torch "
                f"{subject.record.torch}; another version, build or CPU may "
                "call others.",
                *_notes(subject, called, steps),
            ),
            subject.origin,
        ),
        " ".join(_said(call, found) for call, found in called.items()),
        body.width,
        body.height,
        body.marks,
        room,
    )


def _notes(subject: Subject, called: Calls, steps: int) -> list[str]:
    """What differs from the module that is drawn."""
    notes = []
    if subject.weights.hidden_size == 1:
        notes.append(
            "A projection is smaller than hidden_size, so that call has two "
            "units."
        )
    if called["packed"].backend == "oneDNN":
        notes.append("Packed sequences of equal lengths run as a tensor does.")
    notes += smaller(subject.weights.input_size, subject.weights.hidden_size)
    if len(subject.steps) > steps:
        notes.append(f"Later steps, to {len(subject.steps)}, are left out.")
    return notes


def _said(call: str, found: Called) -> str:
    """Every count of a call."""
    names = dict.fromkeys(found.operators)
    counts = ", ".join(f"{n} {found.operators.count(n)}" for n in names)
    return f"{found.module}{WORDS[call].how}, {found.backend}: {counts}."


def _rungs(called: Calls) -> list[Rung]:
    """Who is asked, and how many of the calls each runs."""
    backends = [found.backend for found in called.values()]
    return [
        *(Rung(name, "not run here", False)
          for name in ("cuDNN", "MPS", "MIOpen")),
        *(Rung(name, f"runs {backends.count(name)} of {len(backends)}", True)
          for name in ("oneDNN", "native")),
    ]  # fmt: skip


def _table(called: Calls, names: list[str], width: float) -> Panel:
    """Some of the calls: a column for each."""
    left = 136.0 if width >= 480 else 128.0
    column = (width - left) / len(called)
    marks = _head(called, left, column)
    here = [n for n in names if any(n in c.operators for c in called.values())]
    y = HEAD
    for name in here:
        marks += [
            Path(d=(("M", (0, y)), ("L", (width, y))), stroke="rule"),
            code(0, y + 15, name, "start"),
        ]
        for k, (call, found) in enumerate(called.items()):
            x = left + (k + 0.5) * column
            if name in found.operators:
                marks.append(count(x + 7, y + 15, call, name, found.operators))
            else:
                marks.append(
                    Box(x=x - 1, y=y + 10, width=2, height=2, radius=1,
                        fill="muted")
                )  # fmt: skip
        y += LINE
    return Panel(width, y, tuple(marks))


def _head(called: Calls, left: float, column: float) -> list[Mark]:
    """Who runs neighbouring calls, and what each call is named."""
    marks: list[Mark] = []
    k = 0
    for backend, run in groupby(found.backend for found in called.values()):
        n = len(list(run))
        first, last = left + k * column, left + (k + n) * column
        marks += [
            Text(x=(first + last) / 2, y=11, content=backend, bold=True,
                 anchor="middle"),
            Path(d=(("M", (first + 4, 18)), ("L", (last - 4, 18))),
                 stroke="muted"),
        ]  # fmt: skip
        k += n
    for k, call in enumerate(called):
        x, lines = left + (k + 0.5) * column, WORDS[call].lines
        marks += [
            Text(
                x=x, y=HEAD - 10 - 14 * (len(lines) - 1 - line),
                content=content, size=NUMBER, fill="muted", anchor="middle",
            )
            for line, content in enumerate(lines)
        ]  # fmt: skip
    return marks
