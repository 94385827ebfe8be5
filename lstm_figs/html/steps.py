"""A figure at each step of its sequence, for pages that go through them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import zip_longest
from typing import Any

from ..command.request import Request
from ..figure import Figure
from ..figures import CATALOG
from ..html.proving import proof_script
from ..model.lstm import Trace
from ..options import figure_options

MOST = 12
"""The most steps that a page goes through, around the one that it shows."""


@dataclass(frozen=True)
class Steps:
    """The steps of a figure.

    Attributes:
        labels: Those that a page goes through, counted from 1.
        read: What each of them reads, if that has a name of one character.
        shown: The one that the figure shows.
        of: How many steps the sequence has.
    """

    labels: tuple[int, ...]
    shown: int
    of: int
    read: tuple[str, ...] = ()


def steps_of(request: Request, trace: Trace) -> Steps | None:
    """The steps of a figure that shows one of several, else None.

    >>> from lstm_figs.sources import Source
    >>> trace = Source().trace()
    >>> steps_of(Request("cell"), trace)
    Steps(labels=(1, 2, 3, 4), shown=2, of=4, read=())
    >>> steps_of(Request("unrolled"), trace) is None
    True
    """
    options = figure_options(CATALOG[request.name])
    default = next((o.default for o in options if o.name == "step"), None)
    count = len(trace.x)
    # One without a default shows all steps, and says more of one.
    if not isinstance(default, int) or count < 2:
        return None
    shown = dict(request.options).get("step", default)
    assert isinstance(shown, int)
    first = max(1, min(shown - MOST // 2, count - MOST + 1))
    last = min(count, first + MOST - 1)
    read = tuple((trace.tokens or ())[first - 1 : last])
    are_letters = all(len(one) == 1 for one in read)
    labels = tuple(range(first, last + 1))
    return Steps(labels, shown, count, read if are_letters else ())


def drawn_steps(
    request: Request, trace: Trace, steps: Steps, shown: Sequence[Figure]
) -> dict[str, Any]:
    """What a page shows of each step, as JSON.

    Most lines are the same at all steps, so a text is a list of lines, and
    each line a list of what it is at each step, or null where a text is
    shorter: side by side they compress well.

    Args:
        request: What draws the figure.
        trace: What it is drawn from.
        steps: Its steps.
        shown: Its forms at the step that it shows.

    Returns:
        `forms`, a text for each form of the figure; `proof`, `command`, and
        how many `numbers` the figure has at each step.
    """
    each = [
        shown
        if label == steps.shown
        else replace(request, options=(*{**dict(request.options), "step": label}.items(),)).forms(
            trace
        )
        for label in steps.labels
    ]
    wide = [forms[0] for forms in each]
    return {
        "forms": [
            _beside([form.render("svg", "page").decode() for form in same])
            for same in zip(*each, strict=True)
        ],
        "proof": _beside([*map(proof_script, wide)]),
        "command": _beside([str(figure.metadata["command"]) for figure in wide]),
        "numbers": [len(figure.numbers()) for figure in wide],
    }


def _beside(texts: list[str]) -> list[list[str | None]]:
    """The lines of texts side by side."""
    lines = [text.split("\n") for text in texts]
    return [list(line) for line in zip_longest(*lines)]
