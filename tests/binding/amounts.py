"""When a figure shows only part of a tensor, a sentence must say so.

For each tensor drawn, the visible indices are compared with the full tensor in
the preamble. A sentence has to give the total, the number left out, or the
indices shown, and name the axis: units, inputs, steps, sequences or layers. If
a single element is shown, its position is enough.
"""

import re
from collections import defaultdict

import torch

from tests.binding.axes import UnknownNameError, meaning_of
from tests.binding.lengths import is_move
from tests.binding.sentences import sentences

NOUNS = {
    "unit": r"units?|hidden_size|answers?|more|dots",
    "input": r"inputs?|more|dots",
    "step": r"steps?|parts of the sequence|dots",
    "sample": r"sequences?|batch|dots",
    "layer": r"layers?",
}
"""Axes that may be shown in part -> how a sentence names them."""

PLACES = "unit ", "input ", "step ", "sequence ", "layer "
"""Words before the position of a single element."""

WITHOUT_COUNT = "without a count"
"""Marks a sentence that announces an omission without giving a count.

Such a sentence has a claim that says when it applies, or the figure has dots.
"""

AXIS_NAMES = {"column": "unit"}
"""Alternative axis names: each column of a weight multiplies one unit."""

REPRESENTED_BY_FIRST = {("packed.data", "input")}
"""Tensors of which one element represents all: a row is labelled by its first."""


def faults(drawing):
    """Tensors that are shown in part although no sentence says so."""
    for axis, parts in missing(drawing).items():
        largest = max((visible for visible, _ in parts.values()), key=len)
        stated_values = list(_stated_values(drawing, axis, largest))
        # A sentence about one vector also covers its neighbours, which differ in length if h
        # is projected.
        if (WITHOUT_COUNT, False) in stated_values or any(
            _is_enough(value, is_place, visible, count)
            for value, is_place in stated_values
            for visible, count in parts.values()
        ):
            continue
        # Non-finite values are not drawn, so ignore tensors that contain them.
        parts = {
            tensor: part
            for tensor, part in parts.items()
            if _is_finite(drawing.namespace.get(tensor))
        }
        if not parts:
            continue
        tensor, (visible, count) = next(iter(parts.items()))
        yield (
            f"the figure shows {len(visible)} of {count} elements of {tensor} along {axis}, "
            "and no sentence says so"
        )


def _is_finite(value):
    return not isinstance(value, torch.Tensor) or bool(value.isfinite().all())


def _is_enough(value, is_place, visible, count):
    """Whether a value in a sentence says how much is shown.

    A position, as in "step 6", is enough only for a single element.
    """
    remaining = count - len(visible)
    accepted = [] if is_place else [count, remaining]
    accepted.append(tuple(sorted(visible)))
    if len(visible) == 1:
        (index,) = visible
        accepted += [index, index + 1, count - index]
    return value in accepted


def missing(drawing):
    """Axis -> tensors shown in part, with the visible indices and the full size."""
    visible = defaultdict(set)
    counts = defaultdict(int)
    # Changes too small to be drawn are not left out, and the end of a scale may belong to
    # a step that is.
    values = [
        mark
        for mark in (*drawing.numbers, *drawing.data_marks)
        if not (is_move(mark) or mark.name.startswith("scale"))
    ]
    # Only a figure without numbers and values shows its tensors as nodes.
    for mark in values or drawing.nodes:
        # Reductions, sorts and matrix products use every element, so they leave none out.
        if re.search(r"\.(sort|histc|sum|min|mean|max)\(|@", mark.expression):
            continue
        try:
            meaning = meaning_of(drawing, mark.expression)
        except UnknownNameError:
            continue
        for view in meaning.views:
            for axis, chosen in _axes(view):
                # Where several units share a column, its index is a tuple.
                if axis in NOUNS and all(isinstance(k, int) for k in chosen):
                    visible[view.tensor, axis] |= {*chosen}
    for (figure, _), view in drawing.run.views.items():
        if figure != drawing.figure:
            continue
        for axis, indices in _axes(view):
            counts[view.tensor, axis] = max(counts[view.tensor, axis], len({*indices}))
    partial = defaultdict(dict)
    # If a curve shows all steps, printing only a few numbers leaves none out.
    has_all_steps = any(
        axis == "step" and 1 < len(part) == counts.get((tensor, axis))
        for (tensor, axis), part in visible.items()
    )
    for (tensor, axis), part in visible.items():
        if axis == "step" and has_all_steps:
            continue
        count = counts[tensor, axis]
        if 0 < len(part) < count and (tensor, axis) not in REPRESENTED_BY_FIRST:
            partial[axis][tensor] = part, count
    return partial


def _axes(view):
    """The axes of a tensor, with the selected indices.

    Parts of a stack count as layers. Outputs of the last layer are skipped
    because they have a name of their own.
    """
    for axis, chosen in view.indices.items():
        if axis == "part" and view.directions:
            yield "layer", [part // view.directions for part in chosen]
        elif axis != "layer":
            yield AXIS_NAMES.get(axis, axis), chosen


def _stated_values(drawing, axis, largest):
    """The values about an axis in sentences and labels.

    Yields each value and whether it is the position of a single element.

    Args:
        largest: The largest set of visible indices of a tensor.
    """
    noun = rf"\b({NOUNS[axis]})\b"
    dots = any(text.is_ellipsis for text in drawing.texts)
    for sentence in sentences(drawing):
        if not re.search(noun, sentence.text, re.IGNORECASE):
            continue
        if sentence.place == "provenance" and len(largest) > 1:
            # The total is stated regardless of how much is shown.
            continue
        claimed = sentence.claim and re.search(
            r"left out|\bshown\b|\bShown (and|is) |parts of the sequence", sentence.text
        )
        if claimed or (dots and re.search("[Dd]ots stand", sentence.text)):
            yield WITHOUT_COUNT, False
        # One piece of text more than values; the last one precedes none.
        pieces = sentence.template.lower().split("{}")
        for (printed, expression), before in zip(sentence.values, pieces, strict=False):
            is_place = before.endswith(PLACES)
            if expression:
                yield drawing.value(expression), is_place
            elif printed.isdecimal():
                yield int(printed), is_place
    for label in drawing.labels:
        if "input" in label.names and len(label.names) > 1:
            # The label names a single matrix element and its position.
            yield int(label.names["input"]), True
