"""A figure at each step of its sequence, for pages that go through them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import zip_longest
from typing import Any

from ..command.request import Request
from ..figure import Figure
from ..figures import CATALOG
from ..html.proof_script import proof_script
from ..model.lstm import Trace
from ..options import figure_options

MAX_STEPS = 12
"""The most steps that a page goes through, around the one that it shows."""


@dataclass(frozen=True)
class Steps:
    """The steps of a figure.

    Attributes:
        labels: Those that a page goes through, counted from 1.
        read: What each of them reads, if that has a name of one character.
        current: The one that the figure shows.
        of: How many steps the sequence has.
    """

    labels: tuple[int, ...]
    current: int
    of: int
    read: tuple[str, ...] = ()


def steps_of(request: Request, trace: Trace) -> Steps | None:
    """The steps of a figure that shows one of several, else None.

    >>> from lstm_figs.sources import Source
    >>> trace = Source().trace()
    >>> steps_of(Request("cell"), trace)
    Steps(labels=(1, 2, 3, 4), current=2, of=4, read=())
    >>> steps_of(Request("unrolled"), trace) is None
    True
    """
    options = figure_options(CATALOG[request.name])
    default = next((o.default for o in options if o.name == "step"), None)
    count = len(trace.x)
    # One without a default shows all steps, and says more of one.
    if not isinstance(default, int) or count < 2:
        return None
    current = dict(request.options).get("step", default)
    assert isinstance(current, int)
    first = max(1, min(current - MAX_STEPS // 2, count - MAX_STEPS + 1))
    last = min(count, first + MAX_STEPS - 1)
    read = tuple((trace.tokens or ())[first - 1 : last])
    are_letters = all(len(token) == 1 for token in read)
    labels = tuple(range(first, last + 1))
    return Steps(labels, current, count, read if are_letters else ())


def step_drawings(
    request: Request, trace: Trace, steps: Steps, current_forms: Sequence[Figure]
) -> dict[str, Any]:
    """What a page shows of each step, as JSON.

    Most lines are the same at all steps, so a text is a list of lines, and
    each line a list of what it is at each step, or null where a text is
    shorter: side by side they compress well.

    Args:
        request: What draws the figure.
        trace: What it is drawn from.
        steps: Its steps.
        current_forms: Its forms at the step that it shows.

    Returns:
        `forms`, a text for each form of the figure; `proof`, `command`, and
        how many `numbers` the figure has at each step.
    """
    forms_by_step = [
        current_forms
        if label == steps.current
        else replace(request, options=(*{**dict(request.options), "step": label}.items(),)).forms(
            trace
        )
        for label in steps.labels
    ]
    wide = [forms[0] for forms in forms_by_step]
    return {
        "forms": [
            _aligned_lines([form.render("svg", "page").decode() for form in same])
            for same in zip(*forms_by_step, strict=True)
        ],
        "proof": _aligned_lines([*map(proof_script, wide)]),
        "command": _aligned_lines([str(figure.metadata["command"]) for figure in wide]),
        "numbers": [len(figure.numbers()) for figure in wide],
    }


def _aligned_lines(texts: list[str]) -> list[list[str | None]]:
    """The lines of texts side by side."""
    lines = [text.split("\n") for text in texts]
    return [list(line) for line in zip_longest(*lines)]
