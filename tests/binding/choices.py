"""What says how it was chosen claims it of what is drawn.

A claim is true of the elements that it lists; here these are held to what the
figure shows, and what is left out of a sequence to the steps that are there.
"""

import ast
import re
from collections.abc import Iterator

from tests.binding.drawing import Drawing
from tests.binding.sentences import Sentence, sentences, shown_of

CHOSEN = re.compile(r"\b(largest|most)\b")
"""Words of a choice."""

_OWN = re.compile(r"\.max\(\) \* 0\.99999\)\(.*?, (\[[\d, ]*\])\)")
"""The elements of which a claim says that none is larger."""

SHOWN = {
    "inputs of largest": ("input", "x"),
    "units that keep most": ("unit", "c"),
    "rows of unit": ("unit", "c"),
}
"""Words -> which elements are listed, as `shown_of` is asked for them."""


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
    for words, (key, tensor) in SHOWN.items():
        if words not in sentence.text:
            continue
        shown = shown_of(drawing, key, tensor)
        for own in _OWN.findall(sentence.claim):
            if {*ast.literal_eval(own)} != shown:
                yield (
                    f"{sentence.text!r} claims it of {own}, and shown are "
                    f"{sorted(map(str, shown))}"
                )


def _left_out(drawing: Drawing, sentence: Sentence) -> Iterator[str]:
    """Whether the steps that are not there are those that it names."""
    template = sentence.template
    found = re.match(r"The (first|last) {} steps are left out", template)
    later = template.startswith("Later steps, to {},")
    if not found and not later:
        return
    count = int(sentence.said[0][0].replace(",", ""))
    steps = sorted(n for n in shown_of(drawing, "step") if isinstance(n, int))
    steps = [n for n in steps if n > 0]
    last = len(drawing.namespace["x"])
    if later:
        right = steps[-1] < count == last
    elif found and found[1] == "first":
        right = steps[0] == count + 1
    else:
        right = steps[-1] == last - count
    if not right:
        yield (
            f"{sentence.text!r}, and shown are steps {steps[0]} to "
            f"{steps[-1]} of {last}"
        )
