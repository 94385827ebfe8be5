"""The controls of live figures, which a script lays out again.

In `reading` the reader types a text. In `keep-write-show` the reader chooses a
step and enters numbers. The script is a twin of the figure's Python code, in a
folder of the same name in `browser/`. The page has the tables of Python that
the twin needs.
"""

import json
from collections.abc import Callable
from html import escape
from typing import Any

from ..command.request import Request, parse_header
from ..errors import UsageError
from ..figure import WIDTH
from ..model.layer_run import LayerRun
from ..model.tensors import GATES, Step
from ..proof.digits import MINUS, exact
from ..proof.digits import text as number
from ..proof.literals import first_state, literal, text
from ..render.svg import MONO, SANS
from ..scene import metrics
from ..scene.theme import COLOURS_BY_ROLE
from ..sources import Source
from ..sources.edits import read_edits
from ..sources.networks import brackets
from ..sources.trained import TEXT
from ..version import VERSION
from . import region, training
from .buttons import stepper

MAX_CHARS = 130
"""The most characters of the text that a reader enters."""

FIRST_WEIGHT = "lstm.weight_hh_l0:0,1"
"""The weight that is selected first: with it unit 1 shuts the gate of unit 0."""

TRAINING_WEIGHT = "lstm.weight_hh_l0:1,0"
"""The weight that is selected first at a moment of the training, where unit 0
steadies unit 1 with it."""

FIRST_NUMBER = "lstm.weight_ih_l0:3,3"
"""The number that is selected first: with it a quote shuts a forget gate."""

STEP = 2
"""The step that `keep-write-show` shows by default."""

Groups = dict[str, list[tuple[str, str]]]
"""Options by heading, each with its value for the script and its label."""

EXAMPLE_TEXTS = {
    "its own text": TEXT,
    "a smile in quotes": 'print("no smile :)")',
    "twenty deep": "(" * 20 + ")" * 20,
    "open for long": "(" + "x" * 60,
    "three that fool it": "))(",
}
"""Examples that a reader can start with."""


def is_live(request: Request) -> bool:
    """Whether a figure has a twin that can lay it out in a page.

    >>> is_live(parse_header("reading --text f(a)"))
    True
    >>> is_live(parse_header("keep-write-show")), is_live(Request("cell"))
    (False, False)
    >>> after = "--network brackets --after 454"
    >>> is_live(parse_header(f"reading {after}"))
    True
    >>> is_live(parse_header(f"keep-write-show {after}"))
    False
    """
    source = request.source
    plain = Source(
        network="brackets",
        after=source.after if request.name == "reading" else None,
        text=source.text,
        set=source.set,
    )
    return (
        request.name in _CONTROLS
        and source == plain
        and dict(request.options).keys() <= _OPTIONS[request.name]
        and request.width == WIDTH
        and request.title is None
        and request.note is None
        and not (request.no_heading or request.no_notes)
        and len(source.text or "") <= MAX_CHARS
    )


def controls(request: Request) -> dict[str, str]:
    """The controls around a live figure and in its bar, which a script shows.

    Returns:
        The HTML `above` and `below` the figure, the `rows` of its bar, the
        controls `before` the tools in the bar, and the name of the `script`.

    Raises:
        UsageError: If it is not a figure of the bracket network with a twin.
    """
    if not is_live(request):
        raise UsageError(
            f"got {request.command()!r} as a live figure, expected reading "
            "or keep-write-show with --network brackets, and no options but "
            f"--text of at most {MAX_CHARS} characters, --set, --step and --id, "
            "and --after for reading; take lstm-figure for others"
        )
    name = request.name
    tables = script_json(twin_tables(name))
    below, rows, before = _CONTROLS[name](request)
    has_slider = request.source.after is not None
    return {
        "above": training.slider(request) if has_slider else "",
        "below": f'<script type="application/json" class="lf-known">{tables}</script>\n{below}',
        "rows": rows,
        "before": before,
        "script": "reading/training" if has_slider else f"{name.replace('-', '_')}/live",
    }


def _opening_tag(request: Request, label: str, keys: str) -> str:
    """The start tag that the script looks for, with the settings of the figure."""
    edits = list(map(list, read_edits(request.source.set)))
    state = {"text": request.source.text, "edits": edits, **_view(request)}
    id, kind = request.id or request.name, request.name
    if request.source.after is not None:
        state["after"], kind = request.source.after, "training"
    return (
        f'<div class="lf-live" role="group" aria-label="{label} {id}" hidden\n'
        f'data-figure="{kind}" data-keys="{keys}"\n'
        f'data-shown="{escape(script_json(state))}">'
    )


def _view(request: Request) -> dict[str, Any]:
    """The settings of the figure: the units of `reading`, or the step."""
    if request.name == "reading":
        return {"view": dict(request.options)}
    return {"step": _step(request)}


def _step(request: Request) -> int:
    return int(str(dict(request.options).get("step", STEP)))


def _reading(request: Request) -> tuple[str, str, str]:
    """The text below `reading`, and the steps, text field and weights in its bar.

    If the caption links to a live figure `keep-write-show`, the script makes
    that link point to the step under the pointer.
    """
    id, source_text = request.id or request.name, request.source.text
    has_slider = request.source.after is not None
    weight_id, index = (TRAINING_WEIGHT, (1, 0)) if has_slider else (FIRST_WEIGHT, (0, 1))
    value = request.source.trace().weights[0].weight_hh[index]
    weight = exact(value).replace("-", MINUS)
    texts = "".join(
        f'<option value="{escape(example)}">{name}</option>'
        for name, example in EXAMPLE_TEXTS.items()
    )
    opening_tag = _opening_tag(
        request, "Description of the figure", "Arrow keys go from character to character."
    )
    below = f"""\
{opening_tag}
<p class="lf-said" role="status"></p>
</div>
"""
    rows = f"""\
<div class="lf-live lf-groups" role="group" aria-label="Controls of the figure \
{id}" hidden>
<span class="lf-group"><span>Step through it</span>
<span><button type="button" data-go="-1" aria-label="The step before">←</button>
<span class="lf-at">{len(source_text or TEXT)} steps</span>
<button type="button" data-go="1" aria-label="The next step">→</button></span>
</span>
<span class="lf-group lf-typed">
<label for="{id}-text">Type your own text</label>
<span><input type="text" id="{id}-text" value="{escape(source_text or TEXT)}"
maxlength="{MAX_CHARS}"
spellcheck="false" autocomplete="off" autocapitalize="off">
<select class="lf-texts" aria-label="Texts to try">
<option value="">Try…</option>
{texts}</select></span></span>
<span class="lf-group lf-weighed">
<label for="{id}-weight">Change a weight</label>
<span><select id="{id}-weight">
{_option_groups(_parameters(4, 2), weight_id)}
</select> <input type="range" min="-20" max="10" step="0.1"
value="{value:.1f}" aria-label="The weight"> <output>{weight}</output>
<button type="button" data-weight="0">cut</button>
<button type="button" data-weight="">{"as it was" if has_slider else "as trained"}\
</button></span>
<span class="lf-verdict" aria-hidden="true"></span></span>
<span class="lf-group"><button type="button" data-do="reset" disabled>Reset\
</button></span>
</div>
"""
    # Only figures that show the gates have the weights that determine them.
    if dict(request.options).get("only", "all") == "all":
        rows += f"""\
<div class="lf-live lf-map" role="group" aria-label="Weights of the figure {id}"
hidden>
<details><summary>Choose it in the weight map</summary>
<p>These are the weights as trained; one that you choose is on the slider.</p>
{_weights(f"{id}-weights")}</details>
</div>
"""
    return below, rows, _state_buttons(id)


def _state_buttons(id: str) -> str:
    """Buttons for the current state of a figure, beside its proof."""
    return f"""\
<div class="lf-live" role="group" aria-label="State of the figure {id}" hidden>
<button type="button" data-do="copy">Copy as PyTorch</button>
<button type="button" data-do="save">Save the weights</button>
<span role="status"></span></div>
"""


def _weights(id: str) -> str:
    """The weight map, in which a reader selects a weight."""
    forms = Request("weight-map", Source(network="brackets"), id).forms()
    svgs = [(form.sheet.width, form.render("svg", "page").decode()) for form in forms]
    return region(id, forms[0].title, svgs)


def _keep_write_show(request: Request) -> tuple[str, str, str]:
    """The controls of `keep-write-show`: steps and numbers, both in its bar."""
    id, step = request.id or request.name, _step(request)
    trace = request.source.trace()
    current_step = trace.steps[LayerRun(trace).step_index(step)]
    source_text = request.source.text or TEXT
    value = exact(trace.weights[0].weight_ih[3, 3])
    opening_tag = _opening_tag(
        request,
        "Description of the figure",
        "Arrow keys go from step to step; type on a number of its input, states or weights to "
        "change it.",
    )
    below = f"""\
{opening_tag}
<p class="lf-told" role="status">{_step_description(current_step)}</p>
</div>
"""
    rows = f"""\
<div class="lf-live" role="group" aria-label="Controls of the figure {id}"
hidden>
<p><span>step <output>{step}</output> of
<span class="lf-count">{len(source_text)}</span></span>
{stepper(source_text, step)}</p>
<p><label>Change <select>
{_number_choices(trace.weights[0].input_size, trace.weights[0].hidden_size)}
</select></label>
<label>to <input type="text" inputmode="decimal" size="9" value="{value}"
autocomplete="off"></label>
<button type="button" data-by="-0.1" aria-label="Less by 0.1">−</button>
<button type="button" data-by="0.1" aria-label="More by 0.1">+</button>
<button type="button" data-to="0">zero</button>
<button type="button" data-do="revert" aria-disabled="true">as it was</button>
<button type="button" data-do="undo" aria-disabled="true">Undo</button>
<button type="button" data-do="reset" aria-disabled="true">Reset</button>
</p>
</div>
"""
    return below, rows, _state_buttons(id)


def _step_description(step: Step) -> str:
    """A sentence about a step, in the same words as the script's."""
    values = {
        name: [number(value) for value in getattr(step, name)[0]]
        for name in ("f", "c_prev", "i", "g", "c", "h")
    }
    return " ".join(
        f"Unit {unit} keeps {f} of {before} and writes {i} of {g}: c is {c}, h is {h}."
        for unit, (f, before, i, g, c, h) in enumerate(zip(*values.values(), strict=True))
    )


def _number_choices(input_size: int, hidden_size: int) -> str:
    """The numbers of a step that a reader can change."""
    groups: Groups = {
        name: [(f"{name}:{k}", f"{name}{separator} {k}") for k in range(count)]
        for name, separator, count in (
            ("x", ", input", input_size),
            ("h_prev", " of unit", hidden_size),
            ("c_prev", " of unit", hidden_size),
        )
    }
    return _option_groups({**groups, **_parameters(input_size, hidden_size)}, FIRST_NUMBER)


def _parameters(input_size: int, hidden_size: int) -> Groups:
    """Every weight and every bias, by the name of its tensor."""
    groups: Groups = {}
    for base, columns in (
        ("weight_ih", input_size),
        ("weight_hh", hidden_size),
        ("bias_ih", 0),
        ("bias_hh", 0),
    ):
        name = f"{base}_l0"
        groups[name] = []
        for row in range(4 * hidden_size):
            gate, unit = GATES[row // hidden_size], row % hidden_size
            for k in range(columns) if columns else [None]:
                at = [row] if k is None else [row, k]
                groups[name].append(
                    (f"lstm.{name}:{','.join(map(str, at))}", f"{name}{at}, {gate} of unit {unit}")
                )
    return groups


def _option_groups(groups: Groups, chosen: str) -> str:
    """The options of a `select` element."""
    return "\n".join(
        f'<optgroup label="{name}">'
        + "".join(
            f'<option value="{value}"{" selected" if value == chosen else ""}>{label}</option>'
            for value, label in options
        )
        + "</optgroup>"
        for name, options in groups.items()
    )


_OPTIONS = {"reading": {"units", "only"}, "keep-write-show": {"step"}}
"""The options of a figure that its twin supports."""

_CONTROLS: dict[str, Callable[[Request], tuple[str, str, str]]] = {
    "reading": _reading,
    "keep-write-show": _keep_write_show,
}
"""Figure -> the function that makes its controls."""


def script_json(data: object) -> str:
    """JSON that cannot end a `script` element."""
    short = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    return short.replace("<", "\\u003c")


def twin_tables(name: str) -> dict[str, Any]:
    """The network and the tables of Python that a twin, the script of a figure, needs.

    Args:
        name: The figure that the twin lays out.
    """
    network = brackets()
    tensors = {
        **{f"lstm.{k}_l0": v for k, v in network.weights.parameters().items()},
        **{f"readout.{k}": v for k, v in network.readout.parameters().items()},
    }
    return {
        "network": {
            # Each number is the shortest text that parses to the same float32.
            "tensors": {name: json.loads(literal(array)) for name, array in tensors.items()},
            "alphabet": network.alphabet,
            "other": network.other,
            "outputs": network.readout.outputs,
            "truth": network.readout.truth,
            "text": TEXT,
            "source": ["--network", "brackets"],
        },
        "preambles": {name: _preamble(name)},
        **fixed_tables(),
    }


def fixed_tables() -> dict[str, Any]:
    """The tables of Python that a twin needs for any network."""
    return {
        "longest": MAX_CHARS,
        "regular": metrics.ADVANCES[False],
        "bold": metrics.ADVANCES[True],
        "mono": metrics.MONO_ADVANCE,
        "single": metrics.SINGLE,
        "colours": COLOURS_BY_ROLE,
        "sans": SANS,
        "monospace": MONO,
        "version": VERSION,
    }


def _preamble(name: str) -> list[str]:
    """The preamble of a proof, cut where the script inserts text and edits.

    The cuts are at the text, at edits of parameters and inputs, and, if the
    figure shows answers, at edits of the read-out.
    """
    # Two steps, because the figure may show the second.
    read = "xx"
    request = parse_header(f"{name} --network brackets --text {read}")
    trace = request.source.trace()
    preamble = str(request.draw(trace).metadata["preamble"])
    before, rest = preamble.split(f"text = {text(read)}")
    state = f"{first_state(trace.h_0, trace.c_0)}\n"
    run, rest = rest.split(state)
    answering = f"{trace.origin.readout_setup}\n"
    middle, separator, end = rest.partition(answering)
    pieces = [middle + answering, end] if separator else [rest]
    return [f"{before}text = ", run + state, *pieces]
