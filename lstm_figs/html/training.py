"""The slider over the training of the bracket network."""

from dataclasses import replace
from math import ceil

from ..command.request import Request
from ..sources.networks import BATCHES, moment, moments
from .moments import RIGHT

TICKS = (0, 100, 450, 600, 1065, BATCHES)
"""The batches that the axis names."""

AXIS = "Not linear: from one notch to the next the weights change by about 1."


def slider(request: Request) -> str:
    """What a script shows above a figure of a moment, to go to the others.

    Args:
        request: What draws the figure.
    """
    id, after = request.id or request.name, request.source.after
    kept = moments()
    batches = [one.after for one in kept]
    shown = batches.index(moment(after or 0).after)
    end = len(kept) - 1
    said = (
        f"batch {batches[shown]:,} of {BATCHES:,} · {RIGHT[shown]:,} of 1,000 fresh strings right"
    )
    line = " ".join(f"{k} {1000 - right}" for k, right in enumerate(RIGHT))
    ticks = "".join(
        f'<span style="left:{100 * batches.index(one) / end:.4g}%">{one:,}</span>' for one in TICKS
    )
    return f"""\
<div class="lf-above"><div class="lf-bar">
<div class="lf-live lf-training" role="group" aria-label="Training of the \
figure {id}" hidden
data-tallest="{tallest(request)}">
<label for="{id}-after">Training</label>
<span class="lf-when" aria-hidden="true">{said}</span>
<button type="button" data-do="play">Play</button>
<span class="lf-track" aria-hidden="true">
<svg viewBox="0 0 {end} 1000" preserveAspectRatio="none"><path
d="M0 1000L{line} {end} 1000Z"/></svg>
<i style="left:{100 * shown / end:.4g}%"></i></span>
<input type="range" id="{id}-after" max="{end}" value="{shown}"
aria-valuetext="{said}" aria-describedby="{id}-axis">
<span class="lf-ticks" aria-hidden="true">{ticks}</span>
<span class="lf-axis" id="{id}-axis">{AXIS}</span>
</div></div></div>
"""


def tallest(request: Request) -> list[int]:
    """What the tallest of all moments takes, in each form of a figure.

    Args:
        request: What draws the figure.
    """
    drawn = (replace(request, source=replace(request.source, after=one.after)) for one in moments())
    forms = ([form.sheet.height for form in one.forms()] for one in drawn)
    return [ceil(max(each)) for each in zip(*forms, strict=True)]
