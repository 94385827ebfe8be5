"""When a sentence names a look, the drawing must have marks with that look.

A sentence may mention red only if something is red, and dashed only if an
outline, line or cell is dashed. If cells of zeros are blank, the sentence that
explains the colours must say so.
"""

import re
from collections.abc import Callable

import numpy as np

from lstm_figs.scene import metrics
from tests.binding.drawing import Mark, joined
from tests.binding.lengths import BLOCK, channels, sign_of
from tests.binding.sentences import sentences
from tests.binding.shape_index import leaves

WRONG = "#a8223a"
"""The colour of what is wrong."""

EDGE = 1.0
"""Tolerance between words and the frame below them."""

NEAR = 24.0
"""Largest distance between words and the frame below them."""


def _is_signed(mark):
    """Whether a mark has the blue or red of a sign."""
    paints = (channels(mark.get(key)) for key in ("fill", "stroke"))
    return any(map(sign_of, paints))


def are_zeros(drawing, mark):
    """Whether a mark is in a map of zeros, which would have hues of a sign."""
    return mark.draws == "fill" and not np.any(drawing.value(mark.of))


def _is_dashed(*tags):
    def holds(mark):
        return mark.tag in tags and mark.has("stroke-dasharray")

    return holds


def _is_peephole(mark):
    """Whether a mark is the line of a peephole."""
    flows = {element.get("data-flow") for element in mark.ancestors}
    return mark.has("stroke-dasharray") and "sees" in flows


def _draws(*kinds):
    return lambda mark: mark.draws in kinds


def _has_text(*texts):
    return lambda mark: mark.is_text and mark.text in texts


def _is_block(mark):
    return bool(BLOCK.fullmatch(mark.of))


def _is_funnel(mark):
    """Whether a mark of weight_hr narrows downwards, where its wire leads."""
    if mark.get("data-term") != "weight_hr" or len(mark.chains) != 1:
        return False
    xs, ys = mark.chains[0].T
    above, below = (ys == y for y in (mark.box.top, mark.box.bottom))
    return bool(np.ptp(xs[above]) > np.ptp(xs[below]))


def _is_thin(mark):
    return mark.flow in ("makes", "order")


WORDS: dict[str, Callable[[Mark], bool]] = {
    r"\b[Bb]lue\b|\b[Rr]ed\b": _is_signed,
    r"[Dd]ashed outline|[Dd]ashed is what": _is_dashed("rect"),
    r"[Dd]ashed cells": _is_dashed("rect"),
    r"[Dd]ashed lines are peepholes": _is_peephole,
    r"\b[Dd]ots stand": lambda mark: mark.is_ellipsis,
    r"× and \+": _has_text("×", "+"),
    r"@ is a matrix product": lambda mark: "@" in mark.text,
    r"block of (weights|elements)": _is_block,
    r"[Ee]ach stripe": _draws("area"),
    r"as thick as": _draws("stroke-width"),
    r"column is as full": _draws("height", "fill", "area"),
    r"[Bb]ars? (is(?! one call)|are|of|begins)\b": _draws("width", "height"),
    r"histograms": _draws("area", "path"),
    r"[Ee]ach tick is": lambda mark: mark.name.endswith("-tick"),
    r"[Aa]n arrow (is|leads)": lambda mark: mark.has("data-flow"),
    r"lines are thin and grey": _is_thin,
    r"[Aa] square is a call": lambda mark: "called[" in mark.of,
    r"min, mean and max": lambda mark: mark.name.endswith("-mean"),
    r"funnel is weight_hr": _is_funnel,
}
"""Pattern of words in a sentence -> the condition that one of the marks must meet."""


def faults(drawing):
    """Sentences about marks that are not drawn.

    If a value is NaN, the marks that would show it are left out.
    """
    values = {number.get("data-value") for number in drawing.numbers}
    if values & {"nan", "inf", "-inf"}:
        return
    for sentence in sentences(drawing):
        if sentence.is_label or sentence.is_footer:
            continue
        for words, condition in WORDS.items():
            match = re.search(words, sentence.text)
            if match and not any(
                condition(mark) or (condition is _is_signed and are_zeros(drawing, mark))
                for mark in drawing.marks
            ):
                yield (f"{sentence.text!r} says {match[0]!r}, but no mark has that look")
    yield from misplaced_red_words(drawing)
    yield from unexplained_hues(drawing)


def unexplained_hues(drawing):
    """Hues of signs that no sentence, no end of a scale and no number in the mark explains."""
    if any(number.get("id").endswith("-opposite") for number in drawing.numbers) or any(
        re.search(r"\b[Bb]lue\b", sentence.text) for sentence in sentences(drawing)
    ):
        return
    for mark in drawing.marks:
        draws = {element.get("data-draws") for element in (mark.element, *mark.ancestors)}
        is_printed = drawing.by_name.get(mark.name.removesuffix("-cell")) in drawing.numbers
        if "fill" in draws and _is_signed(mark) and not is_printed:
            yield f"{mark} has the hue of a sign, but no sentence says which sign"
            return


def misplaced_red_words(drawing):
    """Red words that are not below the red mark that they explain.

    They are below its middle, or as near to it as the row allows. Words with a
    leader may be anywhere.
    """
    boxes = [mark for mark in leaves(drawing).marks if mark.tag == "rect"]
    for words in drawing.texts:
        has_leader = bool(words.name) and any(words.name in ends for ends in drawing.leaders)
        if words.get("fill") != WRONG or words.is_bound or has_leader:
            continue
        row = [
            frame
            for frame in boxes
            if 0 <= words.box.top - frame.box.bottom < NEAR
            and (frame.has("stroke") or frame.has("fill"))
        ]
        red = [frame.box for frame in row if frame.get("stroke") == WRONG]
        if not red:
            yield f"{words} is not below a red mark"
            continue
        span, ends = joined(red), joined([frame.box for frame in row])
        left, size = words.box.left, float(words.get("font-size"))
        wide = metrics.width(words.text, size, bold=words.has("font-weight"))
        if not (
            abs(left + wide / 2 - span.x) <= EDGE
            or abs(left - ends.left) <= EDGE
            or abs(left + wide - ends.right) <= EDGE
        ):
            yield f"{words} is not below the middle of the red mark"
