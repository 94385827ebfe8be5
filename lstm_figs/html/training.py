"""The slider over the training of the bracket network."""

from dataclasses import replace
from math import ceil

from ..command.request import Request
from ..sources.networks import BATCHES, moment, moments
from .training_moments import RIGHT_COUNTS

TICKS = (0, 100, 450, 600, 1065, BATCHES)
"""The batches with a label on the axis."""

AXIS = "Not linear: from one notch to the next the weights change by about 1."
"""The hint on the scale of the slider."""


def slider(request: Request) -> str:
    """The slider above a figure of a moment, which a script shows.

    Args:
        request: The request for the figure.
    """
    id, after = request.id or request.name, request.source.after
    networks = moments()
    batches = [network.after for network in networks]
    current = batches.index(moment(after or 0).after)
    end = len(networks) - 1
    description = (
        f"batch {batches[current]:,} of {BATCHES:,} · {RIGHT_COUNTS[current]:,} of "
        "1,000 fresh strings right"
    )
    # In an SVG, y is downwards.
    line = " ".join(f"{k} {1000 - right}" for k, right in enumerate(RIGHT_COUNTS))
    ticks = "".join(
        f'<span style="left:{100 * batches.index(tick) / end:.4g}%">{tick:,}</span>'
        for tick in TICKS
    )
    return f"""\
<div class="lf-above"><div class="lf-bar">
<div class="lf-live lf-training" role="group" aria-label="Training of the \
figure {id}" hidden
data-tallest="{max_heights(request)}">
<label for="{id}-after">Training</label>
<span class="lf-when" aria-hidden="true">{description}</span>
<button type="button" data-do="play">Play</button>
<span class="lf-track" aria-hidden="true">
<svg viewBox="0 0 {end} 1000" preserveAspectRatio="none"><path
d="M0 1000L{line} {end} 1000Z"/></svg>
<i style="left:{100 * current / end:.4g}%"></i></span>
<input type="range" id="{id}-after" max="{end}" value="{current}"
aria-valuetext="{description}" aria-describedby="{id}-axis">
<span class="lf-ticks" aria-hidden="true">{ticks}</span>
<span class="lf-axis" id="{id}-axis">{AXIS}</span>
</div></div></div>
"""


def max_heights(request: Request) -> list[int]:
    """The height of the tallest moment, for each form of a figure.

    Args:
        request: The request for the figure.
    """
    requests = (
        replace(request, source=replace(request.source, after=network.after))
        for network in moments()
    )
    forms = ([form.sheet.height for form in moment_request.forms()] for moment_request in requests)
    return [ceil(max(heights)) for heights in zip(*forms, strict=True)]
