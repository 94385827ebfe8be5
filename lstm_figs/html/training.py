"""The moments of the training of the bracket network, as a page has them."""

import json
from collections.abc import Iterator

import numpy as np

from ..command.request import Request
from ..sources.networks import BATCHES, Network, moment, moments

CHARACTERS = "".join(chr(k) for k in range(35, 127) if chr(k) not in "<\\`")
"""What numbers are written in; none of them ends a text or an element."""

ENDS = 44
"""How many of them end a number."""


RIGHT = (
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
    0, 0, 0, 0, 0, 0, 0, 2, 2, 20, 24, 63, 92, 136,
    204, 340, 434, 428, 573, 596, 766, 720, 780, 838, 727, 803, 889, 922,
    894, 873, 932, 963, 958, 973, 950, 988, 987, 993, 964, 993, 937, 992,
    997, 999,
)  # fmt: skip
"""On how many of 1,000 fresh strings of 60 characters each moment is right."""


TICKS = (0, 100, 450, 600, 1065, BATCHES)
"""The batches that the axis names."""

TALLEST = (871.3, 1389.1)
"""The height of the tallest of all moments in each form, where the network
reads its own text. Of a text that it is given the tallest so far has room."""

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
        f"batch {batches[shown]:,} of {BATCHES:,} · {RIGHT[shown]:,} of 1,000 "
        "fresh strings right"
    )
    line = " ".join(f"{k} {1000 - right}" for k, right in enumerate(RIGHT))
    ticks = "".join(
        f'<span style="left:{100 * batches.index(one) / end:.4g}%">{one:,}'
        "</span>"
        for one in TICKS
    )
    return f"""\
<div class="lf-above"><div class="lf-bar">
<div class="lf-live lf-training" role="group" aria-label="Training of the \
figure {id}" hidden
data-tallest="{list(TALLEST)}">
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


def written() -> str:
    """The script that has the moments.

    It has one text, of what changes from moment to moment: the batches, how
    many strings are right, and each weight in thousandths, to which all are
    rounded. Of each of them the first value is written, and then by how much
    each change differs from the one before. The last moment is left out,
    because its weights are in a page already.
    """
    *kept, _ = moments()
    rows = [
        [one.after, right, *_thousandths(one)]
        for one, right in zip(kept, RIGHT, strict=False)
    ]
    changes = np.diff(rows, axis=0)
    told = np.vstack([rows[:1], changes[:1], np.diff(changes, axis=0)])
    text = "".join(_number(one) for one in told.T.ravel().tolist())
    return (
        f"export const written = {json.dumps(text)};\n"
        f"export const [count, last] = [{len(kept)}, {RIGHT[-1]}];\n"
    )


def _thousandths(network: Network) -> list[int]:
    """All numbers of a network, in the order of `live.known`."""
    parameters = [
        *network.weights.parameters().values(),
        *network.readout.parameters().values(),
    ]
    return [
        round(1000 * one)
        for array in parameters
        for one in array.ravel().tolist()
    ]


def _number(value: int) -> str:
    """A whole number, the last character of which ends it.

    >>> [_number(one) for one in (0, -1, 1, 21, 22)]
    ['#', '$', '%', 'N', 'P#']
    """
    return "".join(_digits(2 * value if value >= 0 else -2 * value - 1))[::-1]


def _digits(left: int) -> Iterator[str]:
    more = len(CHARACTERS) - ENDS
    yield CHARACTERS[left % ENDS]
    left //= ENDS
    while left:
        yield CHARACTERS[ENDS + (left - 1) % more]
        left = (left - 1) // more
