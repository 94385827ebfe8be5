"""Who can run an LSTM, in the order in which torch asks."""

from typing import NamedTuple

from ...layout.panels import Panel, arrow
from ...model.calls import Called
from ...scene.marks import Box, Mark, Text
from ...scene.theme import Paint

ORDERS = {
    "lstm": ("cuDNN", "MPS", "MIOpen", "oneDNN", "native"),
    "lstm_cell": ("CUDA kernel", "native"),
    "packed": ("cuDNN", "MIOpen", "oneDNN", "native"),
}
"""Operator, or packed -> who is asked; from PyTorch's source."""

GAP = 24.0
"""Between two of them, for an arrow."""


class Rung(NamedTuple):
    """One that is asked.

    Attributes:
        state: What comes of it, in a few words.
        lit: Whether it runs.
    """

    name: str
    state: str
    lit: bool


REASONS = {
    "float64": "no, float64",
    "no-onednn": "no, switched off",
    "packed": "no, lengths differ",
    "projection": "no, projection",
}
"""Why oneDNN does not run a call."""


def rungs(called: Called, call: str) -> list[Rung]:
    """Who is asked for a call, and what comes of it."""
    found = []
    runs = False
    for name in ORDERS.get(call, ORDERS[called.operator]):
        lit = name == called.backend
        if lit:
            state = "runs this call"
        elif runs:
            state = "not reached"
        elif name == "oneDNN":
            state = REASONS.get(call, "no, not built in")
        else:
            state = "no, on a CPU"
        found.append(Rung(name, state, lit))
        runs = runs or lit
    return found


def ladder(found: list[Rung], room: float) -> Panel:
    """Those who are asked, side by side or one below the other."""
    if room < 480:
        return _stacked(found, room)
    width = (room - 4 * GAP) / 5
    marks: list[Mark] = []
    for k, (rung, paint) in enumerate(zip(found, _ways(found), strict=True)):
        x = k * (width + GAP)
        if k:
            marks.append(arrow((x - GAP + 3, 24), (x - 3, 24), paint=paint))
        marks += [
            _box(rung, x, 0, width, 48),
            Text(x=x + width / 2, y=20, content=rung.name, bold=True,
                 fill=_ink(rung), anchor="middle", size=13),
            Text(x=x + width / 2, y=37, content=rung.state, size=11,
                 fill=_ink(rung), anchor="middle"),
        ]  # fmt: skip
    return Panel(room, 48, tuple(marks))


def _stacked(found: list[Rung], room: float) -> Panel:
    marks: list[Mark] = []
    y = 0.0
    for k, (rung, paint) in enumerate(zip(found, _ways(found), strict=True)):
        if k:
            marks.append(arrow((24, y - 15), (24, y - 2), paint=paint))
        marks += [
            _box(rung, 0, y, room, 28),
            Text(x=12, y=y + 18, content=rung.name, bold=True,
                 fill=_ink(rung), size=13),
            Text(x=room - 12, y=y + 18, content=rung.state, size=11,
                 fill=_ink(rung), anchor="end"),
        ]  # fmt: skip
        y += 45
    return Panel(room, y - 17, tuple(marks))


def _ways(found: list[Rung]) -> list[Paint]:
    """The paint of the arrow to each, faint where nothing goes that way."""
    last = max(k for k, rung in enumerate(found) if rung.lit)
    return ["muted" if k <= last else "rule" for k in range(len(found))]


def _ink(rung: Rung) -> Paint:
    return "ink" if rung.lit else "muted"


def _box(rung: Rung, x: float, y: float, width: float, height: float) -> Box:
    return Box(
        x=x, y=y, width=width, height=height, radius=6,
        fill="panel" if rung.lit else "paper",
        stroke="ink" if rung.lit else "rule",
        stroke_width=2 if rung.lit else 1.25,
        dash="" if rung.lit else "4 3",
    )  # fmt: skip
