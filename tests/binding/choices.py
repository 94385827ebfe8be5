"""What says how it was chosen claims it of what is drawn.

A claim is true of the elements that it lists; here these are held to what the
figure shows, and what is left out of a sequence to the steps that are there.
"""

import ast
import re
from collections.abc import Iterator

from tests.binding.axes import is_flipped
from tests.binding.drawing import Drawing
from tests.binding.sentences import Sentence, sentences, shown_of, views

CHOSEN = re.compile(r"\b(largest|most)\b")
"""Words of a choice."""

_OWN = re.compile(r"\.max\(\) \* 0\.99999\)\(.*?, (\[[\d, ]*\])\)")
"""The elements of which a claim says that none is larger."""

_INPUT = re.compile(r"x\[\d+, \d+, (\d+)\]")


def _inputs(drawing: Drawing) -> set[object]:
    """The inputs that stand there one by one."""
    found = (_INPUT.fullmatch(mark.expression) for mark in drawing.marks)
    return {int(one[1]) for one in found if one}


def _units(drawing: Drawing) -> set[object]:
    return shown_of(drawing, "unit")


SHOWN = {"inputs of largest": _inputs, "units that keep most": _units, "rows of unit": _units}
"""Words -> the elements that are then listed."""


def _steps(drawing: Drawing) -> list[int]:
    """The steps that are drawn; the end of a scale may be of any."""
    drawn = [
        value
        for mark in drawing.drawn
        if not mark.expression.endswith(".max()")
        for _, keys in views(drawing, mark.expression)
        for value in keys.get("step", ())
    ]
    steps = drawn or shown_of(drawing, "step")
    return sorted(n for n in steps if isinstance(n, int) and n > 0)


def faults(drawing: Drawing) -> Iterator[str]:
    """Choices that are prose alone, or of other elements than are drawn."""
    for sentence in sentences(drawing):
        if sentence.label or sentence.foot:
            continue
        template = sentence.template
        if CHOSEN.search(template) and sentence.said and not sentence.claim:
            yield f"{sentence.text!r} says how it chose, and claims nothing"
        yield from _listed(drawing, sentence)
        yield from _left_out(drawing, sentence)


def _listed(drawing: Drawing, sentence: Sentence) -> Iterator[str]:
    for words, shown_in in SHOWN.items():
        if words not in sentence.template:
            continue
        shown = shown_in(drawing)
        for own in _OWN.findall(sentence.claim):
            if {*ast.literal_eval(own)} != shown:
                yield (
                    f"{sentence.text!r} claims it of {own}, and shown are {sorted(map(str, shown))}"
                )


def _left_out(drawing: Drawing, sentence: Sentence) -> Iterator[str]:
    """Whether the steps that are not there are those that it names."""
    template = sentence.template
    found = re.match(r"The (first|last) {} steps are left out", template)
    # Where calls are counted, one may be of all steps.
    later = template.startswith("Later steps, to {},") and drawing.figure != "dispatch"
    before = template.startswith("Left out before these:")
    if not found and not later and not before:
        return
    count = int(sentence.said[0][0].replace(",", ""))
    steps = _steps(drawing)
    last = len(drawing.namespace["x"])
    if before:
        # Of the first column no line comes from before.
        steps = sorted(n for n in shown_of(drawing, "step") if n > 0)
        ends = steps[0] - 1, last - steps[-1]
        right = count == ends[is_flipped(drawing)]
    elif later:
        right = steps[-1] < count == last
    elif found and found[1] == "first":
        right = steps[0] == count + 1
    else:
        right = steps[-1] == last - count
    if not right:
        yield (f"{sentence.text!r}, and shown are steps {steps[0]} to {steps[-1]} of {last}")
