"""A sentence about a selection must claim it for the elements shown.

A claim is evaluated for the elements that it lists. Here these elements are
compared with the ones drawn, and steps said to be left out with the steps
drawn.
"""

import ast
import re
from collections.abc import Iterator

from tests.binding.axes import is_flipped
from tests.binding.drawing import Drawing
from tests.binding.sentences import Sentence, sentences, views, visible_indices

CHOICE_WORDS = re.compile(r"\b(largest|most)\b")
"""Words that announce a selection."""

_CLAIMED_ELEMENTS = re.compile(r"\.max\(\) \* 0\.99999\)\(.*?, (\[[\d, ]*\])\)")
"""The elements that a claim says are the largest."""

_INPUT = re.compile(r"x\[\d+, \d+, (\d+)\]")


def _inputs(drawing: Drawing) -> set[object]:
    """The inputs that are drawn individually."""
    matches = (_INPUT.fullmatch(mark.expression) for mark in drawing.marks)
    return {int(match[1]) for match in matches if match}


def _units(drawing: Drawing) -> set[object]:
    return visible_indices(drawing, "unit")


VISIBLE_BY_WORDS = {
    "inputs of largest": _inputs,
    "units that keep most": _units,
    "rows of unit": _units,
}
"""Words -> function for the elements that they refer to."""


def _steps(drawing: Drawing) -> list[int]:
    """The steps that are drawn; the end of a scale may come from any step."""
    plotted_steps = [
        value
        for mark in drawing.data_marks
        if not mark.expression.endswith(".max()")
        for _, keys in views(drawing, mark.expression)
        for value in keys.get("step", ())
    ]
    steps = plotted_steps or visible_indices(drawing, "step")
    return sorted(n for n in steps if isinstance(n, int) and n > 0)


def faults(drawing: Drawing) -> Iterator[str]:
    """Selections without a claim, or about elements that are not drawn."""
    for sentence in sentences(drawing):
        if sentence.is_label or sentence.is_footer:
            continue
        template = sentence.template
        if CHOICE_WORDS.search(template) and sentence.values and not sentence.claim:
            yield f"{sentence.text!r} says how it selects, but has no claim"
        yield from _listed(drawing, sentence)
        yield from _left_out(drawing, sentence)


def _listed(drawing: Drawing, sentence: Sentence) -> Iterator[str]:
    for words, visible_elements in VISIBLE_BY_WORDS.items():
        if words not in sentence.template:
            continue
        visible = visible_elements(drawing)
        for claimed in _CLAIMED_ELEMENTS.findall(sentence.claim):
            if {*ast.literal_eval(claimed)} != visible:
                yield (
                    f"{sentence.text!r} makes its claim for {claimed}, but the figure shows "
                    f"{sorted(map(str, visible))}"
                )


def _left_out(drawing: Drawing, sentence: Sentence) -> Iterator[str]:
    """Sentences that name the wrong steps as left out."""
    template = sentence.template
    match = re.match(r"The (first|last) {} steps are left out", template)
    # In `dispatch`, which counts calls, a single call may cover all steps.
    later = template.startswith("Later steps, to {},") and drawing.figure != "dispatch"
    before = template.startswith("Left out before these:")
    if not match and not later and not before:
        return
    count = int(sentence.values[0][0].replace(",", ""))
    steps = _steps(drawing)
    last = len(drawing.namespace["x"])
    if before:
        # The first column has no line from before.
        steps = sorted(n for n in visible_indices(drawing, "step") if n > 0)
        ends = steps[0] - 1, last - steps[-1]
        right = count == ends[is_flipped(drawing)]
    elif later:
        right = steps[-1] < count == last
    elif match and match[1] == "first":
        right = steps[0] == count + 1
    else:
        right = steps[-1] == last - count
    if not right:
        yield (f"{sentence.text!r}, but the figure shows steps {steps[0]} to {steps[-1]} of {last}")
