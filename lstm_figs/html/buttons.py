"""The bar below a figure: what goes through steps, and what is done with it."""

from collections.abc import Sequence
from html import escape
from typing import Any


def bar(tools: str, *, rows: str = "", before: str = "") -> str:
    """All controls of a figure, in one order.

    Args:
        tools: Its proof, and what shares it.
        rows: What a script shows above them.
        before: What it shows on their line.
    """
    return f'<div class="lf-bar">\n{rows}{before}{tools}\n</div>'


def stepper(labels: Sequence[object], current: int, first: int = 1) -> str:
    """What is read as a strip, one step of which is marked.

    For the keyboard it is a slider, and for a finger it has buttons.

    Args:
        labels: What stands for each step.
        current: The step that is marked.
        first: The first step.
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
    """What goes through the steps of a figure, which a script shows.

    Args:
        id: The figure's id.
        steps: Its steps, see `steps.Steps`.
        address: Of the file that has their drawings.
    """
    labels, current = steps["labels"], steps["current"]
    first, last = labels[0], labels[-1]
    range_note = f", {first} to {last} here" * (last - first + 1 < steps["of"])
    return f"""\
<div class="lf-steps" role="group" aria-label="Steps of {id}" hidden
data-address="{address}" data-first="{first}" data-last="{last}"
data-shown="{current}">
<span><output>step {current}</output> of {steps["of"]}{range_note}</span>
{stepper(steps["read"] or labels, current, first)}
<button type="button" hidden>Back to step {current}, of which the text
speaks</button></div>
"""
