"""The title: what units do with their c at this step, or in a focus with one part of it."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np

from ...model.layer_run import LayerRun
from ...proof.bindings import Sentence, sentence
from .pieces import Focus

OPEN, SHUT = 0.9, 0.1
"""A gate above the first limit is open; one below the second is shut."""
MIN_WRITE, MIN_STATE = 0.5, 0.1
"""A write is at least the first; a cell state below the second is nearly empty."""
HALF_OPEN = 0.25
"""A gate at most this far from one half is about half open."""

OTHER_TITLES: dict[Focus, str] = {
    "all": "An LSTM keeps, writes and shows",
    "keep": "The forget gate keeps a part of c_prev",
    "write": "The input gate writes a part of g",
    "show": "The output gate shows a part of tanh c",
}
"""The titles of steps at which no unit does anything clearly."""


class Act(NamedTuple):
    """What a unit does at a step.

    Attributes:
        singular: What one unit does.
        plural: What two units do.
        claim: What is true of the unit, with its place as {}.
    """

    singular: str
    plural: str
    claim: str


# A value at a limit may be rounded differently in torch.
_KEEPS, _DROPS = f"f{{0}} > {OPEN} - 1e-6", f"f{{0}} < {SHUT} + 1e-6"
_IS_FULL = f"abs(c_prev{{0}}) > {MIN_STATE} - 1e-6"
_IS_EMPTY = f"abs(c_prev{{0}}) < {MIN_STATE} + 1e-6"
_WRITES = f"abs((i * g){{0}}) > {MIN_WRITE} - 1e-6"
_IS_IDLE = f"abs((i * g){{0}}) < {SHUT} + 1e-6"

REPLACES = Act("replaces its c", "replace their c", f"{_DROPS} and {_IS_FULL} and {_WRITES}")
ADDS = Act("adds to its c", "add to their c", f"{_KEEPS} and {_IS_FULL} and {_WRITES}")
CLEARS = Act("clears its c", "clear their c", f"{_DROPS} and {_IS_FULL} and {_IS_IDLE}")
FILLS = Act("fills its empty c", "fill their empty c", f"{_IS_EMPTY} and {_WRITES}")
KEEPS = Act("keeps its c", "keep their c", f"{_KEEPS} and {_IS_FULL}")
DROPS = Act("drops its c", "drop their c", f"{_DROPS} and {_IS_FULL}")
WRITES = Act("writes", "write", _WRITES)
IS_IDLE = Act("hardly writes", "hardly write", _IS_IDLE)
SHOWS = Act("shows its tanh c", "show their tanh c", f"o{{0}} > {OPEN} - 1e-6")
HIDES = Act("hides its tanh c", "hide their tanh c", f"o{{0}} < {SHUT} + 1e-6")


def title(subject: LayerRun, t: int, units: Sequence[int], focus: Focus) -> Sentence:
    """Return the title of a step of some units."""
    acts = [(unit, act) for unit in units if (act := _ACTS[focus](subject, t, unit))]
    if not acts:
        return _other_title(subject, t, focus)
    (unit, act), *more = acts
    # A second unit that does something else says more than one that does the same.
    second = next((pair for pair in more if pair[1] != act), more[0] if more else None)
    value = (unit, str(unit))
    claim = act.claim.format(f"[{t}, 0, {unit}]")
    if not second:
        return sentence(f"Unit {{}} {act.singular}", value, claim=f"bool({claim})")
    second_unit, second_act = second
    values = value, (second_unit, str(second_unit))
    claim = f"bool({claim} and {second_act.claim.format(f'[{t}, 0, {second_unit}]')})"
    if second_act == act:
        return sentence(f"Units {{}} and {{}} {act.plural}", *values, claim=claim)
    return sentence(
        f"Unit {{}} {act.singular}, unit {{}} {second_act.singular}", *values, claim=claim
    )


def _other_title(subject: LayerRun, t: int, focus: Focus) -> Sentence:
    """Return the title of a step at which no unit does anything clearly."""
    step = subject.steps[t]
    gates = np.array([step.i[0], step.f[0], step.o[0]])
    if focus == "all" and (abs(gates - 0.5) < HALF_OPEN).all():
        return sentence(
            "Gates are about half open, as before training",
            claim=(
                f"bool((abs(torch.stack([i, f, o])[:, {t}, 0] - 0.5) < {HALF_OPEN} + 1e-6).all())"
            ),
        )
    return sentence(OTHER_TITLES[focus])


class _Values(NamedTuple):
    """The values of a unit that decide what it does.

    Attributes:
        f: The forget gate.
        c_prev: The magnitude of the cell state before the step.
        written: The magnitude of i·g.
        o: The output gate.
    """

    f: float
    c_prev: float
    written: float
    o: float

    @classmethod
    def of(cls, subject: LayerRun, t: int, unit: int) -> "_Values":
        """Read the values of a unit at a step."""
        step = subject.steps[t]
        i, f, g, o, c_prev = (
            float(vector[0][unit]) for vector in (step.i, step.f, step.g, step.o, step.c_prev)
        )
        return cls(f, abs(c_prev), abs(i * g), o)


def _act_of_all(subject: LayerRun, t: int, unit: int) -> Act | None:
    """Return what a unit does with its c."""
    f, c_prev, written, _ = _Values.of(subject, t, unit)
    if c_prev < MIN_STATE:
        return FILLS if written > MIN_WRITE else None
    if written > MIN_WRITE:
        return _if_clear(f, ADDS, REPLACES)
    if f > OPEN:
        return KEEPS
    return CLEARS if f < SHUT and written < SHUT else None


def _if_clear(gate: float, if_open: Act, if_shut: Act) -> Act | None:
    """Return what an open or a shut gate does; None for a gate in between."""
    if gate > OPEN:
        return if_open
    return if_shut if gate < SHUT else None


def _act_of_keep(subject: LayerRun, t: int, unit: int) -> Act | None:
    """Return what the forget gate of a unit does."""
    f, c_prev, _, _ = _Values.of(subject, t, unit)
    if c_prev < MIN_STATE:
        return None
    return _if_clear(f, KEEPS, DROPS)


def _act_of_write(subject: LayerRun, t: int, unit: int) -> Act | None:
    """Return what the input gate of a unit does."""
    written = _Values.of(subject, t, unit).written
    if written > MIN_WRITE:
        return WRITES
    return IS_IDLE if written < SHUT else None


def _act_of_show(subject: LayerRun, t: int, unit: int) -> Act | None:
    """Return what the output gate of a unit does."""
    o = _Values.of(subject, t, unit).o
    return _if_clear(o, SHOWS, HIDES)


_ACTS: dict[Focus, Callable[[LayerRun, int, int], Act | None]] = {
    "all": _act_of_all,
    "keep": _act_of_keep,
    "write": _act_of_write,
    "show": _act_of_show,
}
