"""Faults of footers, of selections, and of words without a value."""

from dataclasses import replace

from lstm_figs.command import request
from lstm_figs.figures import WHOLE_MODULE
from lstm_figs.layout.motifs import over_time, sums
from lstm_figs.model.layer_run import LayerRun
from lstm_figs.model.origin import Statement
from lstm_figs.proof.runs import batches, variants
from lstm_figs.sources import Source, source
from tests.binding.breaking import Change, Fault, patched_sentences, wrapped
from tests.sources import UNTRAINED_FIGURES

LAYERS = Source(3, 2, num_layers=2, layer=1)
REVERSE = Source(3, 2, num_layers=2, bidirectional=True, layer=1, reverse=True)
BATCH = Source(batch_size=3)
SEEDED = Source(3, 2)
MANY = Source(20, 3)
LONG = Source(2, 3, seq_len=400)

SIZES = {"dispatch", "gate-order"}
"""Figures that use only the sizes of a layer."""

PARTS = tuple(name for name in UNTRAINED_FIGURES if name not in WHOLE_MODULE | SIZES)
"""Figures of one layer in one direction, which name it in the footer."""

OTHERS = {
    *("batch", "batch-first", "dispatch", "error", "packed", "wrong-way"),
    *("weight-map", "hidden-size", "forget-bias", "bias-gradients"),
    *("porting", "parameter-count", "gate-order"),
}
"""Figures of all sequences or of none."""

SEQUENCES = tuple(name for name in UNTRAINED_FIGURES if name not in OTHERS)


def wrong_layer(part, subject, variable):
    """Name the layer below the one shown, in the text and in its value."""
    return tuple(
        statement._replace(values=((layer - 1, str(layer - 1)), *rest))
        for statement in part(subject, variable)
        for (layer, _), *rest in [statement.values]
    )


def other_direction(part, subject, variable):
    return tuple(
        Statement(
            statement.template.replace(": it begins at the last step", ""),
            (*statement.values[:2], ("forward", '"forward"')),
        )
        for statement in part(subject, variable)
    )


def last_sequence(monkeypatch):
    """Name the last sequence, but show the first."""
    right = LayerRun.source.fget

    def wrong(self):
        *before, statement = right(self)
        if not statement.template.startswith("Sequence"):
            return right(self)
        _, count = statement.values
        last = (count[0], str(count[0]))
        return (*before, statement._replace(values=(last, count)))

    monkeypatch.setattr(LayerRun, "source", property(wrong))


def drawing_lower_layer(monkeypatch):
    """Show a different layer than the one named."""
    monkeypatch.setattr(LayerRun, "index", property(lambda self: 0))


def without_layer(draw_figure, *arguments, layer, **more):
    """Draw layer 0, whatever layer the command requests."""
    return draw_figure(*arguments, layer=0, **more)


def wrong_weight_negated(monkeypatch):
    """Negate weight_hh in the tensors and preamble, but name weight_ih in the footer."""

    def negated(weights):
        return replace(weights, direction="reverse", weight_hh=-weights.weight_hh)

    setup = batches.NEGATED.replace("weight_ih", "weight_hh")
    for module in (batches, variants):
        monkeypatch.setattr(module, "negated", negated)
        monkeypatch.setattr(module, "NEGATED", setup)


def value_of_source(index, value, expression):
    """Change one value in the source of the tensors."""

    def changed(joined, *arguments):
        statement = joined(*arguments)
        values = list(statement.values)
        values[index] = (value, expression)
        return statement._replace(values=tuple(values))

    return wrapped(source, "joined_statements", changed)


def largest_weights(inputs, subject, t, rows, most):
    """Select the inputs by their weights alone, ignoring the inputs' values."""
    original = inputs(subject, t, rows, most)
    sizes = abs(subject.weights.weight_ih[list(rows)]).max(0)
    visible = tuple(sorted(sums.strongest(sizes, most - 1)))
    values = tuple(subject.result("x", t, 0, j) for j in visible)
    return original._replace(visible=visible, values=values)


def smallest_one(strongest, magnitudes, most):
    """Select the smallest value where a single one is selected."""
    return strongest(-magnitudes if most == 1 else magnitudes, most)


def without_claim(sentence, template, *values, claim=""):
    return sentence(template, *values)


FAULTS = {
    "another layer in the footer": Fault(
        PARTS,
        wrapped(LayerRun, "part", wrong_layer),
        r"the footer says \(0, 'forward'\), but the numbers are of \[\(1",
        widths=(720,),
        source=LAYERS,
    ),
    "the other direction in the footer": Fault(
        PARTS,
        wrapped(LayerRun, "part", other_direction),
        r"the footer says \(1, 'forward'\), but the numbers are of \[\(1, 'rev",
        widths=(720,),
        source=REVERSE,
    ),
    "another layer is drawn": Fault(
        PARTS,
        drawing_lower_layer,
        r"the footer says \(1, .* of \[\(0",
        widths=(720,),
        source=LAYERS,
    ),
    "another layer in the command": Fault(
        PARTS,
        wrapped(request, "draw_figure", without_layer),
        r"the footer says \(0, 'forward'\), but the command requests \(1",
        widths=(720,),
        source=LAYERS,
    ),
    "another sequence in the footer": Fault(
        SEQUENCES,
        last_sequence,
        "the footer says sequence 3, but the numbers",
        widths=(720,),
        source=BATCH,
    ),
    "another weight is negated": Fault(
        ("directions", "padding"),
        wrong_weight_negated,
        "claims all",
        widths=(720, 360),
        source=SEEDED,
    ),
    "another seed": Fault(
        ("cell",), value_of_source(0, 7, "7"), r"no manual_seed\(7\)", widths=(720,), source=SEEDED
    ),
    "another version of torch": Fault(
        ("cell",),
        value_of_source(-1, "2.0.1", ""),
        "the metadata say torch",
        widths=(720,),
        source=SEEDED,
    ),
    "the inputs of largest weights": Fault(
        ("four-weights", "perceptron"),
        wrapped(sums, "strongest_inputs", largest_weights),
        "claims ",
        widths=(720, 360),
        source=MANY,
    ),
    "the smallest lines are coloured": Fault(
        ("four-weights",),
        wrapped(sums, "strongest", smallest_one),
        "adds most.* claims ",
        widths=(720, 360),
        source=MANY,
    ),
    "one step more is left out": Fault(
        ("gates-over-time",),
        wrapped(over_time, "left_out_note", lambda right, s, n: right(s, n + 1)),
        "and no sentence says so",
        widths=(720, 360),
        source=LONG,
    ),
    "what is true of some tensors only": Fault(
        ("independence", "hidden-size"),
        patched_sentences(without_claim),
        "must satisfy .*claim",
        widths=(720,),
        source=Source(3, 4, proj_size=2),
    ),
}

CHANGES = {
    "a network that is not the example": Change(
        "cell", r"(step 2)<", r"\1 · example<", "the title names the network example", source=SEEDED
    ),
    "the example, called by another name": Change(
        "cell", "example<", "brackets<", "the title names the network brackets"
    ),
    "an edit that was not made": Change(
        "cell", "example<", "example · edited<", "the title must say 'edited'"
    ),
    "a footer that is not bound": Change(
        "cell",
        r"<g data-says=\"[^\"]*\">(?=<text[^>]*lf-foot)",
        "<g>",
        "is of no kind",
        source=SEEDED,
    ),
    "a footer that is left out": Change(
        "cell",
        r"<g data-says=[^>]*><text[^>]*lf-foot.*?</g>",
        "",
        "the footer does not say",
        source=LAYERS,
    ),
}
