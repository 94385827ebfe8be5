"""The drawings of a figure at each step, for pages with step buttons."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from html import escape
from itertools import zip_longest
from typing import Any

from ..command.request import Request
from ..figure import Figure
from ..figures import CATALOG
from ..html.proof_code import proof_code
from ..model.lstm import Trace
from ..options import figure_options
from .commands import keep_options_whole

MAX_STEPS = 12
"""The most steps that a page has drawings of, around the current one."""


@dataclass(frozen=True)
class Steps:
    """The steps of a figure.

    Attributes:
        labels: The numbers of the drawn steps, counted from 1.
        read: The token at each of them, if all are single characters.
        current: The step that the figure shows.
        of: The number of steps in the sequence.
    """

    labels: tuple[int, ...]
    current: int
    of: int
    read: tuple[str, ...] = ()


def steps_of(request: Request, trace: Trace) -> Steps | None:
    """The steps of a figure that shows one of several steps; None for others.

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
    # Without a default, the figure shows all steps and emphasises one.
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
    """The drawings and proofs of each step, as JSON.

    A text is a list of lines. Each line is a list of its versions at all steps,
    with null where a text is shorter. Most lines are similar at all steps, so
    this compresses well.

    Args:
        request: The request for the figure.
        trace: The trace of its source.
        steps: Its steps.
        current_forms: Its forms at the current step.

    Returns:
        `forms`, a text for each form of the figure; `proof`; `command`; and
        `numbers`, the count of numbers at each step.
    """
    forms_by_step = [
        current_forms
        if label == steps.current
        else replace(request, options=(*{**dict(request.options), "step": label}.items(),)).forms(
            trace
        )
        for label in steps.labels
    ]
    wide_forms = [forms[0] for forms in forms_by_step]
    return {
        "forms": [
            _aligned_lines([form.render("svg", "page").decode() for form in form_at_each_step])
            for form_at_each_step in zip(*forms_by_step, strict=True)
        ],
        "proof": _aligned_lines([*map(proof_code, wide_forms)]),
        "command": _aligned_lines(
            [keep_options_whole(escape(str(figure.metadata["command"]))) for figure in wide_forms]
        ),
        "numbers": [len(figure.numbers()) for figure in wide_forms],
    }


def _aligned_lines(texts: list[str]) -> list[list[str | None]]:
    """For each line number, the lines of all texts."""
    lines = [text.split("\n") for text in texts]
    return [list(line) for line in zip_longest(*lines)]
