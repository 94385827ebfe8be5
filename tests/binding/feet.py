"""The foot says whose tensors the figure is of, and the title what is shown.

Beside the title stand the step and the unit that somebody asked for.

What no expression yields is held to what the figure is made of: a layer and a
direction to the parameters that its preamble takes and its numbers name, a
sequence to what its numbers are of, a seed to the preamble, the version of
torch and the name of a file to the metadata.
"""

import re
import shlex
from collections.abc import Iterator
from functools import cache
from itertools import pairwise
from pathlib import Path

from lstm_figs.figures import WHOLE, composer
from lstm_figs.options import figure_options
from lstm_figs.proof.subject import sha256
from lstm_figs.sources import Source
from lstm_figs.sources.networks import moment
from tests.binding.drawing import Drawing
from tests.binding.sentences import Sentence, sentences, shown_of
from tests.proving import is_recorded, metadata

FEET = Path(__file__).with_name("sayings") / "feet.txt"

_SPLIT = re.compile(r"(?<=\.) (?=[A-Z])")
"""Between two sentences of a template: values have no part in it."""

_TAKEN = re.compile(r'getattr\(lstm, f"\{name\}_l(\d+)(_reverse)?"\)')
"""The parameters that a preamble takes for the layer that is shown."""

_PAIRED = re.compile(r'for new, old in \(\("_l0", "_l(\d+)(_reverse)?"\)')
"""The same where the preamble builds a module of two directions."""

_NAMED = re.compile(r"\blstm\.(?:weight|bias)_[ih][hr]_l(\d+)(_reverse)?\b(?!\.dtype)")
_BOUND = ("data-expr", "data-of", "data-says", "data-claim")

BLANK = {"gate-order"}
"""Figures of a module of zeros, of which no layer of another is shown."""

Part = tuple[int, str]


def faults(drawing: Drawing) -> list[str]:
    """What is wrong with the foot, and with what stands beside the title."""
    found = []
    about = metadata(drawing.root)
    foot = next((s for s in sentences(drawing) if s.foot), None)
    said = list(_parted(foot)) if foot else []
    for template, _ in said:
        if template not in known():
            found.append(f"{template!r} is not in {FEET.name}")
    found += _part_faults(drawing, said)
    found += _sequence_faults(drawing, said)
    command = shlex.split(about["command"] or "")
    for template, values in said:
        found += [
            f"the foot says {template.format(*values)!r}, {fault}"
            for fault in _source_faults(drawing, template, values, command)
        ]
    found += _named_faults(drawing)
    found += _asked_faults(drawing)
    return found


@cache
def known() -> frozenset[str]:
    """The sentences of which feet are made."""
    lines = FEET.read_text(encoding="utf-8").splitlines()
    return frozenset(line for line in lines if line and line[0] != "#")


def _parted(foot: Sentence) -> Iterator[tuple[str, list[str]]]:
    """The sentences of a foot, each with its values."""
    values = [shown for shown, _ in foot.said]
    for template in _SPLIT.split(foot.template):
        count = template.count("{}")
        yield template, values[:count]
        values = values[count:]


def parts_of(drawing: Drawing) -> set[Part]:
    """The layers and directions that the figure takes its numbers from."""
    preamble = drawing.preamble
    found = _TAKEN.findall(preamble) or _PAIRED.findall(preamble)
    if "stack" not in drawing.namespace:
        # Else the module that numbers name is made of the one that is shown.
        for mark in drawing.marks:
            for key in _BOUND:
                found += _NAMED.findall(mark.get(key))
    return {(int(layer), "reverse" if reverse else "forward") for layer, reverse in found}


def _part_faults(drawing: Drawing, said: list[tuple[str, list[str]]]) -> Iterator[str]:
    """Whether the layer and the direction are those of the numbers."""
    told = [(t, v) for t, v in said if t.startswith("Layer ")]
    command = shlex.split(metadata(drawing.root)["command"] or "")
    if drawing.figure in WHOLE:
        if any("is shown" not in template for template, _ in told):
            yield "the foot names a layer, and the figure shows all"
        return
    shown = parts_of(drawing)
    module = drawing.namespace.get("stack") or drawing.namespace.get("lstm")
    several = getattr(module, "num_layers", 1) > 1 or getattr(module, "bidirectional", False)
    if not told:
        if several and drawing.figure not in BLANK:
            yield f"the foot does not say that {sorted(shown)} is shown"
        return
    ((template, values),) = told
    named = (int(values[0]), values[2] if len(values) > 2 else "forward")
    # Where calls are counted, nothing of a layer is taken.
    if shown and shown != {named}:
        yield f"the foot says {named}, and numbers are of {sorted(shown)}"
    if bool(module.bidirectional) != (len(values) > 2):
        yield "the foot names a direction where there is one, or none of two"
    if ("last step" in template) != (named[1] == "reverse"):
        yield f"the foot says that {named[1]} begins at the other end"
    if command:
        options = dict(pairwise(command))
        typed = (int(options.get("--layer", 0)), "reverse" if "--reverse" in command else "forward")
        if typed != named:
            yield f"the foot says {named}, and the command {typed}"


def _sequence_faults(drawing: Drawing, said: list[tuple[str, list[str]]]) -> Iterator[str]:
    """Whether the sequence is the one that numbers are of."""
    for template, values in said:
        if template == "Sequence {} of {}.":
            shown = shown_of(drawing, "sample")
            if not shown and ", :1]" in drawing.preamble:
                shown = {0}
            if shown != {int(values[0]) - 1}:
                yield (
                    f"the foot says sequence {values[0]}, and numbers are of "
                    f"{sorted(n + 1 for n in shown)}"
                )


def _source_faults(
    drawing: Drawing, template: str, values: list[str], command: list[str]
) -> Iterator[str]:
    """Whether tensors come from where a sentence says."""
    for words, flag in (
        ("Seed {}", "--input-size"),
        ("Weights of ", "--weights"),
        ("input from a file", "--input"),
    ):
        if (words in template) and not any(
            word == flag or word.startswith(f"{flag}=") for word in command
        ):
            yield f"and the command has no {flag}"
    if template.startswith(("A live module", "Tensors of")) and command:
        yield f"and there is a command: {command}"
    about = metadata(drawing.root)
    left = list(values)
    for before in template.split("{}")[:-1]:
        value = left.pop(0)
        if before.endswith("eed "):
            call = "Random" if before.endswith("from seed ") else "manual_seed"
            if f"{call}({value})" not in drawing.preamble:
                yield f"and the preamble has no {call}({value})"
        elif before.endswith("torch "):
            if value != about["torch"]:
                yield f"and the metadata torch {about['torch']}"
        elif before.endswith(("Weights of ", " in ")) and not is_recorded(value, about):
            yield f"and neither command nor preamble name {value}"


@cache
def _known_weights() -> dict[str, str]:
    """The digest of the weights of what ships with the package -> its name."""
    return {sha256(Source(network=name).trace().weights): name for name in ("example", "brackets")}


def _named_faults(drawing: Drawing) -> Iterator[str]:
    """Whether the network's name beside the title is that of its weights."""
    title = [s for s in sentences(drawing) if s.place == "provenance"]
    about = metadata(drawing.root)
    sha, command = about["weights_sha256"], about["command"]
    for sentence in title:
        is_edited = sentence.text.endswith(" · edited")
        if command is not None and is_edited != (" --set " in command):
            yield "it is edited without saying so, or says so and is not"
        for name in ("example", "brackets"):
            says = sentence.text.split(" · ")[-1] == name
            if says and _known_weights().get(sha) != name:
                yield f"it is called {name}, and its weights are others"


def _asked_faults(drawing: Drawing) -> Iterator[str]:
    """Whether what is shown is what the command asks for, or the default."""
    command = shlex.split(metadata(drawing.root)["command"] or "")
    if not command:
        return
    typed = dict(pairwise(command))
    usual = {o.name: o.default for o in figure_options(composer(drawing.figure))}
    for sentence in sentences(drawing):
        if sentence.place != "provenance":
            continue
        for (shown, _), before in zip(sentence.said, sentence.template.split("{}"), strict=False):
            name = before.rpartition(" · ")[2].strip()
            asked = typed.get(f"--{name}", usual.get(name))
            if asked is None:
                continue
            wanted = int(str(asked))
            if name == "step":
                # A sequence of one step has no second one.
                wanted = min(wanted, len(drawing.namespace["x"]))
            if name == "after":
                wanted = moment(wanted).after
            if int(shown.replace(",", "")) != wanted:
                yield f"{name} {shown} is shown, and {wanted} is asked for"
