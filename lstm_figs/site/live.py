"""The figure `reading` of a page that reads what one types.

What is typed is laid out by `browser/reading`, a twin of `figures/reading`;
what that needs of Python's own tables stands in the page.
"""

import json
from html import escape
from typing import Any

from ..command.request import Request, parse_header
from ..errors import UsageError
from ..figure import WIDTH
from ..proof.digits import MINUS, exact
from ..proof.literals import first_state, literal, text
from ..render.svg import MONO, SANS
from ..scene import metrics
from ..scene.theme import TOKENS
from ..sources import Source
from ..sources.edits import read_edits
from ..sources.networks import brackets
from ..sources.trained import TEXT
from ..version import VERSION

LONGEST = 130
"""The most characters that a page reads."""

WEIGHT = "weight_hh_l0[0, 1]"
"""The weight that has a slider: by it unit 1 shuts the input gate of unit 0."""

TEXTS = {
    "its own text": TEXT,
    "a smile in quotes": 'print("no smile :)")',
    "twenty deep": "(" * 20 + ")" * 20,
    "open for long": "(" + "x" * 60,
    "three that fool it": "))(",
}
"""What a reader may begin with."""


def controls(header: str) -> dict[str, str]:
    """What stands above the figure and below it, which a script shows.

    Args:
        header: What follows `lstm-figs draw`.

    Raises:
        UsageError: If it is not the reading of the bracket network.
    """
    request = parse_header(header)
    id = request.id or request.name
    edits = read_edits(_checked(request))
    read = request.source.text
    shown = {"text": read, "edits": list(map(list, edits))}
    held = request.source.trace().weights[0].weight_hh[0, 1]
    weight = exact(held).replace("-", MINUS)
    texts = "\n".join(
        f'<button type="button" data-text="{escape(one)}">{name}</button>'
        for name, one in TEXTS.items()
    )
    tables = _json(known("reading"))
    above = f"""\
<div class="lf-live" role="group" aria-label="Text for the figure {id}" hidden
data-shown="{escape(_json(shown))}">
<label>Let it read <input type="text" value="{escape(read or TEXT)}"
maxlength="{LONGEST}"
spellcheck="false" autocomplete="off" autocapitalize="off"></label>
<p class="lf-texts">or {texts}</p>
<p role="status"></p>
</div>
<script type="application/json" class="lf-known">{tables}</script>
"""
    below = f"""\
<div class="lf-live" role="group" aria-label="Weight of the figure {id}" hidden>
<p><label><code>{WEIGHT}</code> <input type="range" min="-20" max="10"
step="0.1" value="{held:.1f}"></label> <output>{weight}</output>
<button type="button" data-weight="">as trained</button>
<button type="button" data-weight="0">cut</button></p>
<p><button type="button" data-do="copy">Copy as PyTorch</button>
<button type="button" data-do="reset" disabled>Reset</button>
<span role="status"></span></p>
</div>
"""
    return {"above": above, "below": below}


def _json(told: object) -> str:
    """JSON that ends no element."""
    short = json.dumps(told, ensure_ascii=False, separators=(",", ":"))
    return short.replace("<", "\\u003c")


def _checked(request: Request) -> tuple[str, ...]:
    """The edits of a request that the twin can lay out."""
    source = request.source
    plain = Source(network="brackets", text=source.text, set=source.set)
    fits = len(source.text or "") <= LONGEST
    if (
        request.name != "reading"
        or source != plain
        or request.options
        or request.width != WIDTH
        or request.title is not None
        or request.note is not None
        or not fits
    ):
        raise UsageError(
            f"got {request.command()!r} as a live figure, expected reading "
            "--network brackets, and no options but --text of at most "
            f"{LONGEST} characters, --set and --id; take lstm-figure for others"
        )
    return source.set


def known(name: str) -> dict[str, Any]:
    """What a twin is given of the network and of Python's tables.

    Args:
        name: The figure that it lays out.
    """
    network = brackets()
    tensors = {
        **{f"lstm.{k}_l0": v for k, v in network.weights.parameters().items()},
        **{f"readout.{k}": v for k, v in network.readout.parameters().items()},
    }
    return {
        "network": {
            # Each number is the shortest that reads back as the same float32.
            "tensors": {
                name: json.loads(literal(array))
                for name, array in tensors.items()
            },
            "alphabet": network.alphabet,
            "other": network.other,
            "outputs": network.readout.outputs,
            "text": TEXT,
        },
        "weight": WEIGHT,
        "longest": LONGEST,
        "preamble": _preamble(name),
        "regular": metrics.ADVANCES[False],
        "bold": metrics.ADVANCES[True],
        "mono": metrics.MONO,
        "single": metrics.SINGLE,
        "colours": TOKENS,
        "sans": SANS,
        "monospace": MONO,
        "version": VERSION,
    }


def _preamble(name: str) -> list[str]:
    """Python that a proof begins with, cut where texts and edits stand.

    The pieces are those before the text, before an edit of what the LSTM is
    made of and given, in a figure that asks for answers before one of the
    read-out, and the rest.
    """
    # A figure may show the second step.
    read = "xx"
    request = parse_header(f"{name} --network brackets --text {read}")
    trace = request.source.trace()
    whole = str(request.draw(trace).metadata["preamble"])
    before, rest = whole.split(f"text = {text(read)}")
    state = f"{first_state(trace.h_0, trace.c_0)}\n"
    run, rest = rest.split(state)
    answering = f"{trace.origin.answering}\n"
    middle, found, end = rest.partition(answering)
    pieces = [middle + answering, end] if found else [rest]
    return [f"{before}text = ", run + state, *pieces]
