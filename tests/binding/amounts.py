"""What is not shown of a vector or a sequence is said, where it is not shown.

Of each tensor that a figure shows a part of, the part is compared with what the
preamble leaves of it. A sentence of the figure has to say how many elements
there are, how many are left out or which ones are shown, and what they are:
units, inputs, steps, sequences or layers. Where one is shown of several, it is
enough that its place is said.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any

import torch

from tests.binding.axes import UnknownNameError, View, meaning_of
from tests.binding.drawing import Drawing
from tests.binding.sentences import sentences

NOUNS = {
    "unit": r"units?|hidden_size|answers?|more|dots",
    "input": r"inputs?|more|dots",
    "step": r"steps?|parts of the sequence|dots",
    "sample": r"sequences?|batch|dots",
    "layer": r"layers?",
}
"""Axes of which something may be left out, and how a sentence calls them."""

PLACES = "unit ", "input ", "step ", "sequence ", "layer "
"""What stands before the place of one."""

WITHOUT_COUNT = "without a count"
"""What a sentence has that says without a value that something is left out:
it claims when it is, or there are dots."""

AXIS_NAMES = {"column": "unit"}
"""What else an axis is called: a column of a weight meets a unit."""

REPRESENTED_BY_FIRST = {("packed.data", "input")}
"""Of what one element stands for all: a row is told by its first one."""


def faults(drawing: Drawing) -> Iterator[str]:
    """Of what something is left out without a word."""
    for axis, parts in missing(drawing).items():
        largest = max((visible for visible, _ in parts.values()), key=len)
        stated_values = list(_stated_values(drawing, axis, largest))
        # What is said of one vector is said of those beside it, which may be
        # longer or shorter where h is projected.
        if (WITHOUT_COUNT, False) in stated_values or any(
            _is_enough(*value, visible, count)
            for value in stated_values
            for visible, count in parts.values()
        ):
            continue
        # What is no number is not drawn.
        parts = {
            tensor: part
            for tensor, part in parts.items()
            if _is_finite(drawing.namespace.get(tensor))
        }
        if not parts:
            continue
        tensor, (visible, count) = next(iter(parts.items()))
        yield (f"{tensor} has {len(visible)} of {count} along {axis}, and no sentence says so")


def _is_finite(value: object) -> bool:
    """Whether all elements of a tensor are numbers."""
    return not isinstance(value, torch.Tensor) or bool(value.isfinite().all())


def _is_enough(value: object, is_place: bool, visible: set[int], count: int) -> bool:
    """Whether a value in a sentence says how much is shown.

    That of one place, as in "step 6", says so of one alone.
    """
    remaining = count - len(visible)
    accepted: list[object] = [] if is_place else [count, remaining]
    accepted.append(tuple(sorted(visible)))
    if len(visible) == 1:
        (index,) = visible
        accepted += [index, index + 1, count - index]
    return value in accepted


def missing(drawing: Drawing) -> dict[str, dict[str, tuple[set[int], int]]]:
    """Of each axis, the tensors that are shown in part, and of how many."""
    visible: dict[tuple[str, str], set[int]] = defaultdict(set)
    counts: dict[tuple[str, str], int] = {}
    # What sums up all of them, or sorts them, leaves none out.
    for mark in (*drawing.numbers, *drawing.data_marks) or drawing.nodes:
        if re.search(r"\.(sort|histc|sum|min|mean|max)\(|@", mark.expression):
            continue
        try:
            meaning = meaning_of(drawing, mark.expression)
        except UnknownNameError:
            continue
        for view in meaning.views:
            for axis, chosen in _axes(view):
                if axis in NOUNS and all(isinstance(k, int) for k in chosen):
                    visible[view.tensor, axis] |= {*chosen}
    for (figure, _), view in drawing.run.views.items():
        if figure != drawing.figure:
            continue
        for axis, indices in _axes(view):
            key = view.tensor, axis
            counts[key] = max(counts.get(key, 0), len({*indices}))
    partial: dict[str, dict[str, tuple[set[int], int]]] = defaultdict(dict)
    # Over all steps of a curve a few numbers may be printed.
    has_all_steps = any(
        axis == "step" and 1 < len(part) == counts.get((tensor, axis))
        for (tensor, axis), part in visible.items()
    )
    for (tensor, axis), part in visible.items():
        if axis == "step" and has_all_steps:
            continue
        count = counts.get((tensor, axis), 0)
        if 0 < len(part) < count and (tensor, axis) not in REPRESENTED_BY_FIRST:
            partial[axis][tensor] = part, count
    return partial


def _axes(view: View) -> Iterator[tuple[str, Sequence[Any]]]:
    """The axes of a tensor, and which of their elements are left.

    The parts of a stack are told by their layers. Of outputs the last layer's
    has a name of its own.
    """
    for axis, chosen in view.indices.items():
        if axis == "part" and view.directions:
            yield "layer", [part // view.directions for part in chosen]
        elif axis != "layer":
            yield AXIS_NAMES.get(axis, axis), chosen


def _stated_values(drawing: Drawing, axis: str, largest: set[int]) -> Iterator[tuple[object, bool]]:
    """The values of sentences that speak of an axis, and of labels of one.

    Each with whether it is said as the place of one.

    Args:
        drawing: The figure.
        axis: The axis.
        largest: The most elements that are shown of a tensor.
    """
    noun = rf"\b({NOUNS[axis]})\b"
    dots = any(text.is_ellipsis for text in drawing.texts)
    for sentence in sentences(drawing):
        if not re.search(noun, sentence.text, re.IGNORECASE):
            continue
        if sentence.place == "provenance" and len(largest) > 1:
            # How many there are it says whatever is shown.
            continue
        claimed = sentence.claim and re.search(
            r"left out|\bshown\b|\bShown (and|is) |parts of the sequence", sentence.text
        )
        if claimed or (dots and re.search("[Dd]ots stand", sentence.text)):
            yield WITHOUT_COUNT, False
        pieces = sentence.template.lower().split("{}")
        for (printed, expression), before in zip(sentence.values, pieces, strict=False):
            is_place = before.endswith(PLACES)
            if expression:
                yield drawing.value(expression), is_place
            elif printed.isdecimal():
                yield int(printed), is_place
    for label in drawing.labels:
        if "input" in label.names and len(label.names) > 1:
            # One element of a matrix, with its place in it.
            yield int(label.names["input"]), True
