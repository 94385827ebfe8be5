"""What goes through the steps of a figure, which a script shows."""

from typing import Any


def buttons(id: str, steps: dict[str, Any], address: str) -> str:
    """Buttons that go through the steps of a figure, which a script shows.

    Args:
        id: The figure's id.
        steps: Its steps, see `steps.Steps`.
        address: Of the file that has their drawings.
    """
    first, last = steps["labels"][0], steps["labels"][-1]
    few = last - first + 1 < steps["of"]
    return f"""\
<div class="lf-steps" role="group" aria-label="Steps of {id}" hidden
data-address="{address}" data-first="{first}" data-last="{last}"
data-shown="{steps["shown"]}">
<button type="button" aria-label="The step before">←</button>
<output>step {steps["shown"]}</output>
<span>of {steps["of"]}{f", {first} to {last} here" * few}</span>
<button type="button" aria-label="The next step">→</button>
<button type="button" hidden>Back to step {steps["shown"]}, of which the text
speaks</button></div>
"""
