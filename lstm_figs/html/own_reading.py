"""The live figure `reading` of a network of anybody's, in a page that is a single file.

A reader changes a weight, and the script in `browser/own` lays the figure out again. It
is the twin of the figure for the bracket network, in which the modules about its answers
are replaced. The page has the weights and the input.
"""

import re
from base64 import b64encode
from collections.abc import Sequence
from dataclasses import replace
from html import escape
from typing import Any

import numpy as np

from ..command.request import Request
from ..figures.reading import drawn_units
from ..figures.reading.inhibitions import inhibition_of
from ..layout.motifs import label_rows, ranked_labels
from ..layout.motifs.population import unit_choice
from ..layout.provenance import module_words, source
from ..model.influence import Answer, influence
from ..model.layer_run import LayerRun
from ..model.lstm import Trace
from ..model.tensors import GATES, Array
from ..names import visible_token
from ..proof.digits import MINUS, exact
from ..sources.edits import Edit, read_edits
from .live_controls import fixed_tables, script_json

MAX_NUMBERS = 200_000
"""The most weights and inputs; base64 takes about 1 MB for them, half of the page."""
MAX_STEPS = 1000
"""The most steps that are run again fast enough for a slider."""
TEXT_MARK = "\ue000"
"""A mark, used in no code. The script takes out what is between two of these, where the
preamble of the bracket network has its text; this network reads none."""

_ZERO_STATE = re.compile(r"^h_0(,| =) c_0 = torch\.zeros\(.*\)$\n?", re.MULTILINE)
"""The line of a preamble that makes a first state of zeros; edits follow it."""


def drawn_run(request: Request, trace: Trace) -> LayerRun:
    """The layer and direction that a figure draws."""
    source = request.source
    return LayerRun(trace, source.layer or 0, source.direction)


def _edits(request: Request) -> list[Edit]:
    """The edits that a figure is drawn with."""
    return [*read_edits(request.source.set)]


def _unedited(request: Request, trace: Trace) -> tuple[Request, Trace]:
    """The same figure without edits, which the script makes."""
    if not request.source.set:
        return request, trace
    source = replace(request.source, set=())
    return replace(request, source=source), source.trace()


def why_not_live(subject: LayerRun, edits: Sequence[Edit] = ()) -> str:
    """Why a run cannot be laid out again in a page; empty if it can.

    Args:
        subject: The layer and direction that the figure draws.
        edits: The edits that it is drawn with.
    """
    trace, origin = subject.trace, subject.trace.origin
    own = subject.weights.parameters()
    numbers = sum(array.size for array in _arrays(subject).values())
    checks = (
        (not trace.tokens, "its steps have no tokens"),
        (subject.direction == "reverse", "it reads the sequence backwards"),
        (subject.weights.weight_ih.dtype != np.float32, "it is not float32"),
        (trace.x.shape[1] > 1, "it reads a batch"),
        (bool(origin.readout and origin.readout.truth), "its right answers are known"),
        (
            not {edit.name for edit in edits} <= {str(subject.ref(base)) for base in own},
            "--set changes more than the weights of the layer that is drawn",
        ),
        (
            not _ZERO_STATE.search(origin.setup) or trace.h_0.any() or trace.c_0.any(),
            "it has a first state of its own",
        ),
        (origin.command is None, "no command line draws it"),
        (len(trace.x) > MAX_STEPS, f"it has more than {MAX_STEPS:,} steps"),
        (
            not all(np.isfinite(step.c).all() for step in subject.steps),
            "some of its numbers are not finite",
        ),
        (numbers > MAX_NUMBERS, f"its {numbers:,} numbers leave too little room in a file of 2 MB"),
    )
    return next((reason for is_so, reason in checks if is_so), "")


def is_own_live(request: Request, trace: Trace) -> bool:
    """Whether a figure is `reading` of such a network, with the units that it keeps."""
    return (
        request.name == "reading"
        and bool(dict(request.options).get("units"))
        and not trace.origin.network
        and not why_not_live(drawn_run(request, trace), _edits(request))
    )


def with_units(request: Request, trace: Trace) -> Request:
    """The request with the units that it draws, which then stay; by default two."""
    if dict(request.options).get("units"):
        return request
    subject = drawn_run(request, trace)
    units = drawn_units(subject, (), unit_choice(subject, (), 2))
    return replace(request, options=(("units", units),))


def _arrays(subject: LayerRun) -> dict[str, Array]:
    """All numbers that the script needs, by their names in preambles.

    These are the parameters of each layer, for their digest, those of the read-out, and
    what the layer that is drawn receives.
    """
    trace, readout = subject.trace, subject.trace.origin.readout
    arrays = {
        str(run.ref(base)): array
        for weights in trace.weights
        for run in [LayerRun(trace, weights.layer, weights.direction)]
        for base, array in weights.parameters().items()
    }
    if readout:
        arrays |= {f"readout.{base}": array for base, array in readout.parameters().items()}
    return {**arrays, "x": np.array([step.x for step in subject.steps])}


def tables(request: Request, trace: Trace) -> dict[str, Any]:
    """The network and the tables of Python that the script needs.

    Args:
        request: The request, with units.
        trace: The trace of its source.
    """
    request, trace = _unedited(request, trace)
    subject, origin = drawn_run(request, trace), trace.origin
    arrays = _arrays(subject)
    source_sentence = source(subject)
    visible = [visible_token(token) for token in trace.tokens]
    ranked = ranked_labels.drawn_before_edits(subject)
    units = dict(request.options)["units"]
    assert isinstance(units, tuple)
    bases = dict.fromkeys((*subject.weights.parameters(), "bias_ih", "bias_hh"))
    return {
        **fixed_tables(),
        "network": {
            "tensors": {},
            "names": {base: f"{subject.variable}.{subject.parameter_name(base)}" for base in bases},
            "parameters": [name for name in arrays if name.startswith(f"{subject.variable}.")],
            "arrays": {name: [_base64(array), array.shape] for name, array in arrays.items()},
            "alphabet": "",
            "other": 0,
            "outputs": origin.readout.outputs if origin.readout else [],
            "text": "",
            # A space stays one, because it is not printed between letters.
            "tokens": [
                token if token == " " else sign
                for token, sign in zip(trace.tokens, visible, strict=True)
            ],
            "labels": [
                {"name": label_rows.label_name(name), "values": list(map(int, values))}
                for name, values in trace.labels
            ],
            "shadedLabel": ranked[0].place if ranked else 0,
            "unitLabels": [label.place for label in ranked if label.unit in units],
            "description": " ".join(visible),
            "source": origin.command,
            "torch": origin.torch,
            "words": {
                "module": module_words(subject),
                "hidden": subject.weights.hidden_size,
                "source": {
                    "text": source_sentence.text,
                    "says": {
                        "values": source_sentence.says.values,
                        "claim": source_sentence.says.claim,
                    },
                },
            },
        },
        "preambles": {"reading": _preamble(request, trace)},
    }


def _base64(array: Array) -> str:
    return b64encode(np.ascontiguousarray(array, "<f4").tobytes()).decode()


def _preamble(request: Request, trace: Trace) -> list[str]:
    """The preamble, cut where the script inserts edits."""
    code = str(request.draw(trace).metadata["preamble"])
    units = dict(request.options)["units"]
    assert isinstance(units, tuple)
    subject = drawn_run(request, trace)
    inhibition = inhibition_of(subject, units)
    if inhibition:
        # The script writes it for the weights at hand.
        code = code.removesuffix(f"{inhibition.setup(subject)}\n")
    state = _ZERO_STATE.search(code)
    assert state
    return [f"{code[: state.end()]}{TEXT_MARK}", TEXT_MARK, code[state.end() :]]


def controls(request: Request, trace: Trace) -> dict[str, str]:
    """The controls around the figure and in its bar, which the script shows.

    Returns:
        See `live_controls.controls`.
    """
    id, steps = request.id or request.name, len(trace.x)
    units = dict(request.options)["units"]
    assert isinstance(units, tuple)
    data = script_json(tables(request, trace))
    edits = [list(edit) for edit in _edits(request)]
    view_data = escape(script_json({"view": {"units": units}, "edits": edits}))
    below = f"""\
<script type="application/json" class="lf-known">{data}</script>
<div class="lf-live" role="group" aria-label="What is said of the figure {id}" hidden
data-figure="own" data-keys="Arrow keys go from step to step."
data-shown="{view_data}">
<p class="lf-said" role="status">Change a weight, and see what c does.</p>
</div>
"""
    rows = f"""\
<div class="lf-live lf-groups" role="group" aria-label="Controls of the figure {id}" hidden>
<span class="lf-group"><span>Step through it</span>
<span><button type="button" data-go="-1" aria-label="The step before">←</button>
<span class="lf-at">{steps} steps</span>
<button type="button" data-go="1" aria-label="The next step">→</button></span></span>
{_weight(drawn_run(request, trace), units)}
<span class="lf-group"><button type="button" data-own="reset" disabled>Reset</button></span>
</div>
"""
    before = f"""\
<div class="lf-live" role="group" aria-label="State of the figure {id}" hidden>
<button type="button" data-do="copy">Copy as PyTorch</button>
<span role="status"></span></div>
"""
    return {"above": "", "below": below, "rows": rows, "before": before, "script": "own/live"}


def caption(request: Request, trace: Trace) -> str:
    """What the units tell of the labels, which a figure of requested units does not say."""
    subject = drawn_run(request, trace)
    sentences = [note.text for note in ranked_labels.refusal_notes(subject)]
    if ranked_labels.drawn_labels(subject):
        sentences = [f"{ranked_labels.title(subject).text}.", *sentences]
    return "".join(f"<p>{escape(sentence)}</p>\n" for sentence in sentences)


def _weight(subject: LayerRun, units: tuple[int, ...]) -> str:
    """The choice of a weight: first the one that matters most for c of the first unit."""
    weights = subject.weights
    size, parameters = weights.hidden_size, weights.parameters()
    # As if the read-out were c of the first unit after the last step.
    c_of_first_unit = np.eye(size)[units[0]]
    last = len(subject.steps) - 1
    answer = Answer(
        entry=subject.index, t=last, of_h=np.zeros(weights.size), of_c=c_of_first_unit, offset=0.0
    )
    matrices = ("weight_ih", "weight_hh")
    cuts = influence(subject.trace, answer).cuts
    name, at = next(
        ((cut.name, cut.at) for cut in cuts if cut.name in matrices and cut.entry == subject.index),
        (matrices[1], (0, 0)),
    )
    value = parameters[name][at]
    # The slider reaches to twice the largest weight, in 400 steps.
    max_value = float(2 * max(abs(array).max() for array in parameters.values()))
    tensors = "".join(
        f'<option value="{subject.variable}.{full}"{" selected" if base == name else ""}>'
        f"{full}</option>"
        for base in parameters
        for full in [subject.parameter_name(base)]
    )
    gates = "".join(
        f"<option{' selected' if k == at[0] // size else ''}>{gate}</option>"
        for k, gate in enumerate(GATES)
    )
    return f"""\
<span class="lf-group lf-weighed"><span>Change a weight</span>
<span><select data-own="tensor" aria-label="Tensor">{tensors}</select>
<label>gate <select data-own="gate">{gates}</select></label>
<label>unit <input type="number" data-own="unit" min="0" max="{size - 1}"
value="{at[0] % size}"></label>
<label>column <input type="number" data-own="column" min="0"
max="{max(size, weights.input_size) - 1}" value="{at[1]}"></label></span>
<span><code data-own="name"></code>
<input type="range" data-own="value" min="{-max_value:.3g}" max="{max_value:.3g}"
step="{max_value / 200:.3g}" value="{float(value):.6g}" aria-label="The weight">
<output data-own="number">{exact(value).replace("-", MINUS)}</output>
<button type="button" data-weight="0">cut</button>
<button type="button" data-weight="">as it was</button></span></span>"""
