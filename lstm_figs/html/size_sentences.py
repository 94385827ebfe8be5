"""The sentences of a page about an LSTM, from its sizes."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from html import escape

from ..figures import CATALOG
from ..model.layer_run import LayerRun
from ..model.origin import joined_statements
from ..model.tensors import GATES
from ..scene.terms import GATE_NAMES, TERMS
from .words import bullets, count, lower, paragraphs, shape, span


@dataclass(frozen=True)
class Section:
    """A section of a page.

    Attributes:
        id: The suffix of its anchor.
        title: Its heading.
        to_html: The function that returns its text as HTML.
        figures: The names of its figures.
        is_same: Whether its text is the same for every LSTM.
    """

    id: str
    title: str
    to_html: Callable[[LayerRun], str]
    figures: tuple[str, ...] = ()
    is_same: bool = True


def lead(subject: LayerRun) -> str:
    """The LSTM in two sentences, as plain text."""
    trace = subject.trace
    batch = trace.x.shape[1]
    tensors = [a for weights in trace.weights for a in weights.parameters().values()]
    input_size = trace.weights[0].input_size
    return (
        f"It reads {count(input_size, 'number')} a step and has "
        f"{count(subject.weights.hidden_size, 'unit')}{_depth(subject)}: "
        f"{count(sum(a.size for a in tensors), 'parameter')} in "
        f"{count(len(tensors), 'tensor')}. Here it ran over "
        f"{count(len(subject.steps), 'step')} of "
        f"{count(batch, 'sequence')}."
    )


def _depth(subject: LayerRun) -> str:
    """How many layers and directions there are, after the number of units."""
    trace = subject.trace
    if len(trace.weights) == 1:
        return ""
    directions = ", in two directions" if trace.bidirectional else ""
    return f" in each of {count(trace.num_layers, 'layer')}{directions}"


def _state(subject: LayerRun) -> str:
    """The shapes of what goes in and what comes out."""
    trace = subject.trace
    h_n, c_n = shape(trace.h_n), shape(trace.c_n)
    shape_text = f"each of shape {h_n}"
    if h_n != c_n:
        shape_text = f"of shapes {h_n} and {c_n}"
    returned = (
        f"<code>output</code> of shape {shape(trace.output)}, the hidden "
        "state of every step, and <code>h_n</code> and <code>c_n</code>, "
        f"{shape_text}, the states after the last step"
    )
    if trace.kind == "LSTMCell":
        returned = f"<code>h</code> and <code>c</code>, {shape_text}"
    return paragraphs(
        "The module keeps nothing between two calls. The hidden state "
        "<code>h</code> and the cell state <code>c</code> go in as arguments "
        "and come out as results.",
        f"It was given <code>x</code> of shape {shape(trace.x)}. It returned {returned}.",
    )


def _weights(subject: LayerRun) -> str:
    """How many rows and numbers the weights have, and whose each row is."""
    weights = subject.weights
    units, inputs = weights.hidden_size, weights.input_size
    rows = len(weights.weight_ih)
    biases = 2 if weights.bias_ih is not None else 0
    # With a projection, fewer than units.
    states = weights.weight_hh.shape[1]
    columns = f"{inputs} + {states} + {biases}" if biases else f"{inputs} + {states}"
    total = rows * (inputs + states + biases)
    terms = (
        f"{count(inputs, 'weight')} for the input, {states} for the hidden state"
        f"{f' and {biases} biases' if biases else ', and no bias'}"
    )
    bands = [
        f"<code>{gate}</code>, {span(k * units, (k + 1) * units - 1)}: "
        f"the {GATE_NAMES[gate].name} gate"
        for k, gate in enumerate(GATES)
    ]
    return paragraphs(
        f"Each unit has {len(GATES)} gates, and each gate of each unit is a "
        f"row: {len(GATES)} × {units} = {rows} rows. A row has {terms}: "
        f"{rows} × ({columns}) = {total} numbers"
        f"{' in the layer that is shown' if len(subject.trace.weights) > 1 else ''}.",
        "PyTorch stores the rows gate by gate, and unit k owns row k of each band:",
    ) + bullets(bands)


def _step(subject: LayerRun) -> str:
    """What a step computes, and what each gate is for."""
    meanings = [
        f"<code>{gate}</code>, the {GATE_NAMES[gate].name} gate, through "
        f"{GATE_NAMES[gate].function}: {lower(TERMS[gate].sentence)}"
        for gate in GATES
    ]
    return paragraphs(
        "One step turns <code>x</code>, <code>h_prev</code> and "
        "<code>c_prev</code> into a new <code>h</code> and <code>c</code>. "
        "Each unit does so with four gates:"
    ) + bullets(meanings)


def _particular(subject: LayerRun) -> str:
    """What the figures of this network show."""
    return paragraphs(
        "What its units keep, write and show while they read this input, how "
        "long that lasts in each of them, and its weights." + _layer_note(subject)
    )


def _layer_note(subject: LayerRun) -> str:
    """A sentence about the layer and direction that is drawn, if there are several."""
    trace = subject.trace
    if len(trace.weights) == 1:
        return ""
    layer = f"layer {subject.layer}"
    if trace.bidirectional:
        layer += f", {subject.direction}"
    flags = []
    if trace.num_layers > 1:
        flags.append(f"<code>--layer</code> 0 to {trace.num_layers - 1}")
    if trace.bidirectional:
        flags.append("<code>--reverse</code>")
    return (
        f" Figures of one layer show {layer}; a page of another has "
        f"{' and '.join(flags)} in its command."
    )


def _time(subject: LayerRun) -> str:
    """The weights do not depend on the number of steps and sequences."""
    batch = subject.trace.x.shape[1]
    return paragraphs(
        f"The same weights served {count(len(subject.steps), 'step')} of "
        f"{count(batch, 'sequence')}: neither a longer run nor a larger "
        "batch has more parameters."
    )


def _all_layers(subject: LayerRun) -> str:
    """What the results of a call contain."""
    trace = subject.trace
    if trace.kind == "LSTMCell":
        return paragraphs("A cell has one layer and one direction.")
    return paragraphs(
        "These figures show all layers and directions at once. "
        "<code>output</code> is the last layer at every step; "
        "<code>h_n</code> and <code>c_n</code> are every layer and direction "
        "at its last step."
    )


def _gradients(subject: LayerRun) -> str:
    """How a gradient reaches the weights."""
    return paragraphs(
        "<code>backward</code> follows what autograd recorded from the result "
        "back to the weights, through every step. Each weight receives one "
        "gradient, the sum over steps and sequences."
    )


def _runs(_: LayerRun) -> str:
    """Why different code computes the same."""
    return paragraphs(
        "The same numbers come from different code: one operator for all "
        "steps, or a product and some functions for each. Which one runs is "
        "decided by the type, the device and the form of the module."
    )


def _elsewhere(_: LayerRun) -> str:
    """How other libraries store the same weights."""
    return paragraphs(
        "Other libraries compute the same, and store the rows in another "
        "order, transposed, or with one bias."
    )


def _mistakes(_: LayerRun) -> str:
    """Mistakes that raise no error."""
    return paragraphs(
        "Some mistakes raise no error, because every shape fits. One of them "
        "is here; <code>lstm-figs draw wrong-way --mistake</code> draws others."
    )


def _errors(_: LayerRun) -> str:
    """Mistakes that raise an error."""
    return paragraphs(
        "Other mistakes raise an error. One of them is here, with these "
        "sizes; <code>lstm-figs draw error --message</code> draws others."
    )


def _left_out(subject: LayerRun) -> str:
    """A sentence about what figures leave out, and how to see it."""
    trace = subject.trace
    units, steps = subject.weights.hidden_size, len(subject.steps)
    lines = ["Numbers are rounded where they are printed, and nowhere else."]
    if steps > 1:
        lines.append(
            f"A figure of one step shows step 2 of {steps}, and where only "
            "the input matters step 1; <code>--step</code> draws another."
        )
    if units > 1:
        lines.append(
            f"A figure of one unit shows unit 0 of 0 to {units - 1}; "
            "<code>--unit</code> draws another."
        )
    if trace.x.shape[1] > 1:
        lines.append(f"A figure of one sequence shows sequence 1 of {trace.x.shape[1]}.")
    if len(trace.weights) > 1:
        last = trace.num_layers - 1
        lines.append(
            f"Figures of one layer show layer {subject.layer}"
            f"{f' of 0 to {last}' if last else ''}, {subject.direction}."
        )
    lines.append(
        "<code>lstm-figs trace --json</code> prints every number of every "
        "step, layer and direction."
    )
    return bullets(lines)


def _check(subject: LayerRun) -> str:
    """How to run a proof."""
    run = "copy what is there and run it in Python with torch. It builds the module, calls it,"
    if not subject.trace.origin.is_complete:
        run = (
            "copy what is there, define the names that its first comment leaves to you, and run "
            "it in Python with torch. It calls the module"
        )
    return paragraphs(
        "Each number in a figure is the value of a PyTorch expression. Open "
        f"<em>Proof</em> below the figure, {run} and prints each expression with the number as "
        "printed and its exact value.",
        "For one number, look at it in the inspector of your browser: "
        "<code>data-expr</code> is its expression, <code>data-value</code> "
        "its value.",
        f"Source: {escape(str(joined_statements(subject.source)))}",
    )


_SECTIONS = (
    Section(
        "particular",
        "What is particular to it",
        _particular,
        figures=(
            *("reading", "writes", "units", "unit-map"),
            *("gates-over-time", "keep-write-show", "weight-map"),
        ),
        is_same=False,
    ),
    Section("state", "What goes in, what comes out", _state, figures=("unrolled",)),
    Section(
        "weights", "Its weights", _weights, figures=("perceptron", "four-weights", "hidden-size")
    ),
    Section(
        "step",
        "One step",
        _step,
        figures=(
            *("cell", "cell-input", "cell-output"),
            *("data-flow", "gate-functions", "independence"),
        ),
    ),
    Section("time", "Over time, and in a batch", _time, figures=("batch", "packed", "padding")),
    Section(
        "whole",
        "The module as a whole",
        _all_layers,
        figures=(*("shapes", "batch-first", "layers"), *("directions", "projection")),
    ),
    Section(
        "gradients",
        "How it learns",
        _gradients,
        figures=(
            *("autograd", "gradient-distance", "forget-bias"),
            *("direct-path", "bias-gradients", "chunks"),
        ),
    ),
    Section("runs", "What runs it", _runs, figures=("dispatch", "custom-cell")),
    Section(
        "elsewhere",
        "In other libraries",
        _elsewhere,
        figures=("porting", "gate-order", "parameter-count"),
    ),
    Section("mistakes", "What goes wrong unsaid", _mistakes, figures=("wrong-way",)),
    Section("errors", "What goes wrong aloud", _errors, figures=("error",)),
    Section("left-out", "What is left out", _left_out, is_same=False),
    Section("check", "How to check a number", _check, is_same=False),
)
"""The sections in order, with the figures that were placed by hand."""


def _sections_with_figures() -> tuple[Section, ...]:
    """The sections with all figures.

    A figure that was not placed by hand follows its predecessor in the
    catalogue.
    """
    figures_by_id = {section.id: [*section.figures] for section in _SECTIONS}
    id_by_figure = {name: id for id, names in figures_by_id.items() for name in names}
    id = _SECTIONS[0].id
    before = ""
    for name in CATALOG:
        id = id_by_figure.get(name, id)
        if name not in id_by_figure:
            figures = figures_by_id[id]
            # The first figure of the catalogue has no predecessor.
            figures.insert(figures.index(before) + 1 if before else 0, name)
        before = name
    return tuple(
        replace(section, figures=tuple(figures_by_id[section.id])) for section in _SECTIONS
    )


SECTIONS = _sections_with_figures()
"""The sections in order, with every figure of the catalogue."""
