"""The bar below a figure: step buttons and tools."""

from collections.abc import Sequence
from html import escape
from typing import Any


def bar(*parts: str) -> str:
    """A bar below a figure, if it has parts: controls above its words, or tools below."""
    return f'<div class="lf-bar">\n{"".join(parts)}\n</div>' if any(parts) else ""


def stepper(labels: Sequence[object], current: int, first: int = 1) -> str:
    """A strip of steps, with the current one marked.

    It is a slider for the keyboard, and has buttons for touch.

    Args:
        labels: The label of each step.
        current: The number of the current step.
        first: The number of the first step.
    """
    marks = "".join(
        f"<b>{escape(str(label))}</b>" if k == current else f"<i>{escape(str(label))}</i>"
        for k, label in enumerate(labels, first)
    )
    last = first + len(labels) - 1
    return f"""\
<span class="lf-stepper"><button type="button" data-go="-1"
aria-label="The step before">←</button>
<span class="lf-strip" role="slider" tabindex="0" aria-label="Step"
aria-valuemin="{first}" aria-valuemax="{last}" aria-valuenow="{current}"
>{marks}</span>
<button type="button" data-go="1" aria-label="The next step">→</button>
</span>"""


def step_buttons(id: str, steps: dict[str, Any], address: str) -> str:
    """The buttons that step through a figure; a script shows them.

    Args:
        id: The figure's id.
        steps: Its steps, see `steps.Steps`.
        address: The address of the file with their drawings.
    """
    labels, current = steps["labels"], steps["current"]
    first, last = labels[0], labels[-1]
    has_all = last - first + 1 >= steps["of"]
    range_note = "" if has_all else f", {first} to {last} here"
    return f"""\
<div class="lf-steps" role="group" aria-label="Steps of {id}" hidden
data-address="{address}" data-first="{first}" data-last="{last}"
data-shown="{current}">
<span><output>step {current}</output> of {steps["of"]}{range_note}</span>
{stepper(steps["read"] or labels, current, first)}
<button type="button" hidden>Back to step {current}, as in the
text</button></div>
"""
