"""The footer must give the source of the tensors, and the title what is shown.

A step or unit that the command requests must be beside the title. Footer values
without an expression are checked against the figure: the layer and direction
against the parameters in the preamble and in the numbers, the sequence against
the numbers, the seed against the preamble, and the torch version and file name
against the metadata.
"""

import re
from functools import cache
from itertools import pairwise
from pathlib import Path

from lstm_figs.figures import WHOLE_MODULE, composer
from lstm_figs.model.layer_run import sha256
from lstm_figs.options import figure_options
from lstm_figs.sources import Source
from lstm_figs.sources.networks import moment
from tests.binding.axes import LAYER_PARAMETER
from tests.binding.clauses import variants
from tests.binding.sentences import sentences, visible_indices
from tests.proof import is_recorded, metadata

FOOTER_SENTENCES = Path(__file__).with_name("statements") / "footers.txt"
"""The sentences that a footer may have."""

_SPLIT = re.compile(r"(?<=\.) (?=[A-Z])")
"""Separates the sentences of a template, in which values are already replaced."""

_LAYER_SUFFIXES = re.compile(r'for new, old in \(\("_l0", "_l(\d+)(_reverse)?"\)')
"""Matches the layer shown in a preamble that builds a bidirectional module from it."""

_NAMED_PARAMETER = re.compile(r"\blstm\.(?:weight|bias)_[ih][hr]_l(\d+)(_reverse)?\b(?!\.dtype)")
"""Matches a parameter with its layer and direction, unless only its type is read."""

_BOUND = ("data-expr", "data-of", "data-says", "data-claim")
"""Attributes with expressions, which may name such a parameter."""

WITHOUT_LAYER = {"gate-order"}
"""Figures of a module of zeros, which show no layer of any other module."""


def faults(drawing):
    footer = next((s for s in sentences(drawing) if s.is_footer), None)
    statements = list(_split_sentences(footer)) if footer else []
    for template, _ in statements:
        if template not in known_sentences():
            yield f"{template!r} is not in {FOOTER_SENTENCES.name}"
    yield from _part_faults(drawing, statements)
    yield from _sequence_faults(drawing, statements)
    for template, values in statements:
        yield from (
            f"the footer says {template.format(*values)!r}, {fault}"
            for fault in _source_faults(drawing, template, values, drawing.command)
        )
    yield from _network_faults(drawing)
    yield from _request_faults(drawing)


@cache
def known_sentences():
    lines = FOOTER_SENTENCES.read_text("utf-8").splitlines()
    return frozenset(text for line in lines if line and line[0] != "#" for text in variants(line))


def _split_sentences(footer):
    """The sentences of a footer, each with its values."""
    values = [printed for printed, _ in footer.values]
    for template in _SPLIT.split(footer.template):
        count = template.count("{}")
        yield template, values[:count]
        values = values[count:]


def parts_of(drawing):
    """The layers and directions that the figure takes its numbers from."""
    preamble = drawing.preamble
    matches = LAYER_PARAMETER.findall(preamble) or _LAYER_SUFFIXES.findall(preamble)
    if "stack" not in drawing.namespace:
        # Otherwise, the module in the expressions is made from the layer shown.
        for mark in drawing.marks:
            for key in _BOUND:
                matches += _NAMED_PARAMETER.findall(mark.get(key))
    return {(int(layer), "reverse" if reverse else "forward") for layer, reverse in matches}


def _part_faults(drawing, statements):
    """Footers that name a different layer or direction than the numbers use."""
    layer_statements = [(t, v) for t, v in statements if t.startswith("Layer ")]
    if drawing.figure in WHOLE_MODULE:
        if any("is shown" not in template for template, _ in layer_statements):
            yield "the footer names a layer, but the figure shows all"
        return
    visible = parts_of(drawing)
    module = drawing.namespace.get("stack") or drawing.namespace.get("lstm")
    several = getattr(module, "num_layers", 1) > 1 or getattr(module, "bidirectional", False)
    if not layer_statements:
        if several and drawing.figure not in WITHOUT_LAYER:
            yield f"the footer does not say that {sorted(visible)} is shown"
        return
    ((template, values),) = layer_statements
    # The layer, the number of layers, and the direction if there are two.
    named = (int(values[0]), values[2] if len(values) > 2 else "forward")
    # A figure that counts calls uses no parameters of a layer.
    if visible and visible != {named}:
        yield f"the footer says {named}, but the numbers are of {sorted(visible)}"
    if bool(module.bidirectional) != (len(values) > 2):
        yield "the footer must name the direction if there are two, and only then"
    if ("last step" in template) != (named[1] == "reverse"):
        yield f"the footer says that {named[1]} begins at the wrong end"
    if drawing.command:
        options = dict(pairwise(drawing.command))
        requested = (
            int(options.get("--layer", 0)),
            "reverse" if "--reverse" in drawing.command else "forward",
        )
        if requested != named:
            yield f"the footer says {named}, but the command requests {requested}"


def _sequence_faults(drawing, statements):
    """Footers that name a different sequence than the numbers use."""
    for template, values in statements:
        if template == "Sequence {} of {}.":
            visible = visible_indices(drawing, "sample")
            # Without an index in the expressions, the preamble may select the first one.
            if not visible and (", :1]" in drawing.preamble or "c[:, 0]" in drawing.preamble):
                visible = {0}
            if visible != {int(values[0]) - 1}:
                yield (
                    f"the footer says sequence {values[0]}, but the numbers are of "
                    f"{sorted(n + 1 for n in visible)}"
                )


def _source_faults(drawing, template, values, command):
    """Footer sentences that give the wrong source of the tensors."""
    for words, flag in (
        ("Seed {}", "--input-size"),
        ("Weights of ", "--weights"),
        ("input from a file", "--input"),
    ):
        if (words in template) and not any(
            word == flag or word.startswith(f"{flag}=") for word in command
        ):
            yield f"but the command has no {flag}"
    if template.startswith(("A live module", "Tensors of")) and command:
        yield f"but there is a command: {command}"
    about = metadata(drawing.root)
    for before, value in zip(template.split("{}")[:-1], values, strict=False):
        if before.endswith("eed "):
            call = "Random" if before.endswith("from seed ") else "manual_seed"
            if f"{call}({value})" not in drawing.preamble:
                yield f"but the preamble has no {call}({value})"
        elif before.endswith("torch "):
            if value != about["torch"]:
                yield f"but the metadata say torch {about['torch']}"
        elif before.endswith(("Weights of ", " in ")) and not is_recorded(value, about):
            yield f"but neither command nor preamble name {value}"


@cache
def _known_weights():
    """Digest of the weights of each shipped network -> its name."""
    return {
        sha256(Source(network=name).trace().weights): name.removesuffix("-16")
        for name in ("example", "brackets", "brackets-16")
    }


def _network_faults(drawing):
    """Network names beside the title that do not match the weights."""
    sha = metadata(drawing.root)["weights_sha256"]
    for sentence in sentences(drawing):
        if sentence.place != "provenance":
            continue
        is_edited = sentence.text.endswith(" · edited")
        if drawing.command and is_edited != ("--set" in drawing.command):
            yield "the title must say 'edited' if the command has --set, and only then"
        for name in ("example", "brackets"):
            says = sentence.text.split(" · ")[-1] == name
            if says and _known_weights().get(sha) != name:
                yield f"the title names the network {name}, but its weights are different"


def _request_faults(drawing):
    """Figures that do not show what the command requests, or the default."""
    if not drawing.command:
        return
    typed_options = dict(pairwise(drawing.command))
    usual = {o.name: o.default for o in figure_options(composer(drawing.figure))}
    for sentence in sentences(drawing):
        if sentence.place != "provenance":
            continue
        pieces = sentence.template.split("{}")
        for (printed, _), before in zip(sentence.values, pieces, strict=False):
            name = before.rpartition(" · ")[2].strip()
            requested = typed_options.get(f"--{name}", usual.get(name))
            if requested is None:
                continue
            expected = int(str(requested))
            if name == "step":
                # A sequence with one step has no second step.
                expected = min(expected, len(drawing.namespace["x"]))
            if name == "unit":
                # A layer with one unit has no second unit.
                expected = min(expected, drawing.namespace["c"].shape[-1] - 1)
            if name == "after":
                # Only some moments of training are stored.
                expected = moment(expected).after
            if int(printed.replace(",", "")) != expected:
                yield f"{name} {printed} is shown, but the command requests {expected}"
