"""What is alike is set alike.

Labels of one kind have one size, names of elements one type, symbols their index
below the line, and numbers of one kind the same digits after the point. A label of a
row is level with its numbers, areas grow with their counts, ribbons have the hue of
their line, and the words around a figure begin where its title does.
"""

import math
import re
from collections import Counter, defaultdict

from lstm_figs.figures import SHEETS
from tests.binding.drawing import text_runs, without_numbers
from tests.binding.sentences import HEAD, sentences
from tests.binding.shape_index import footer_line, leaves
from tests.proof import SVG

INDEXED = re.compile(r"\b(?:[hc](?=t−1\b)|[Wb](?=[ih]h\b)|W(?=hr\b)|z(?=[ifgo]\b))([\w−]+)")
"""Matches a symbol and its index, written as `ht−1`, `Wih` or `zi`."""

ELEMENT = re.compile(r"\w*\[\d+\]")
"""Matches the name of an element, such as `h[0]`."""

LEVEL = 1.5
"""Tolerance between the middles of what is in one row, in pixels."""


def faults(drawing):
    """Marks that differ from others of their kind."""
    yield from odd_labels(drawing)
    yield from indices(drawing)
    yield from digits(drawing)
    yield from unlevel_rows(drawing)
    yield from uneven_areas(drawing)
    yield from indented_words(drawing)
    yield from ribbons(drawing)


def odd_labels(drawing):
    """Labels in a different size or type than most of their kind."""
    kinds = defaultdict(list)
    elements = defaultdict(list)
    for label in drawing.labels:
        drawer = drawing.drawing_figure(label)
        stems = (without_numbers(mark.name) for mark in drawing.targets_of(label))
        # Bold labels and those whose words come from expressions are kinds of their own.
        looks = label.has("font-weight"), label.has("data-says")
        kind = drawer, label.along, *looks, *sorted(label.names)
        kinds[(*kind, min(stems, default=""))].append(label)
        if label.along == "column":
            # Labels of columns are of one kind if they are on one line.
            kinds[(*kind, round(label.middle))].append(label)
        if ELEMENT.fullmatch(label.text):
            elements[drawer, *label.names].append(label)
    yield from odd_ones(kinds, "size", lambda label: label.get("font-size"))
    yield from odd_ones(elements, "type", lambda label: label.get("font-family"))


def odd_ones(kinds, name, look):
    """The marks of each kind for which the function `look` gives a rare result."""
    for marks in kinds.values():
        usual = Counter(map(look, marks)).most_common(1)[0][0]
        yield from (
            f"{mark} has a different {name} than others of its kind"
            for mark in marks
            if look(mark) != usual
        )


def indices(drawing):
    """Symbols whose index is not below the line."""
    for text in drawing.texts:
        below = {piece for element, piece in text_runs(text.element) if element is not text.element}
        for match in INDEXED.finditer(text.text):
            if match[1] not in below:
                yield f"{text} has {match[0]} without an index"


def digits(drawing):
    """Numbers with more decimals than shorter ones of their kind, unless they are small."""
    kinds = defaultdict(list)
    for number in drawing.numbers:
        if "." in number.text and "e" not in number.text:
            # Numbers are of one kind if their ids or their expressions are alike.
            for key in (number.name, number.expression):
                kinds[drawing.drawing_figure(number), without_numbers(key)].append(number)
    for numbers in kinds.values():
        for number in numbers:
            # A number of the same length has no space for more decimals.
            shorter_numbers = [
                shorter for shorter in numbers if len(shorter.text) < len(number.text)
            ]
            # One significant digit, or 0.0010, which may be rounded up from a smaller number.
            is_small = number.text.lstrip("−0.") in (*"123456789", "10", "")
            if not is_small and any(
                places(number) > places(shorter) for shorter in shorter_numbers
            ):
                yield f"{number} has more digits after the point than others"


def places(number):
    """The number of decimals."""
    return len(number.text.partition(".")[2])


def unlevel_rows(drawing):
    """Numbers that are not level with the label of their row."""
    for label in drawing.labels:
        for mark in drawing.targets_of(label) if label.along == "row" else ():
            if mark.is_text and abs(mark.middle - label.middle) > LEVEL:
                yield f"{label} is {abs(mark.middle - label.middle):.1f} off the line of {mark}"


def uneven_areas(drawing):
    """Areas that are not proportional to their counts."""
    areas = {
        mark: mark.box.width * mark.box.height / count
        for mark in drawing.data_marks
        if mark.expression.endswith(".numel()") and (count := drawing.value(mark.expression))
    }
    for mark, area in areas.items():
        # Areas consist of whole cells, so they are rounded.
        if not math.isclose(area, max(areas.values()), rel_tol=0.06):
            yield f"{mark} has an area of {area:g} for each number, another has more"


def indented_words(drawing):
    """Words around a figure that do not begin where its title does, or its line off the middle."""
    around = [s for s in sentences(drawing) if not s.is_label and (s.place in HEAD or s.is_footer)]
    lines = [e for s in around if s.mark for e in s.mark.element.iter(f"{SVG}text")]
    lefts = {float(line.get("x", "0")) for line in lines if line.get("text-anchor") != "end"}
    if drawing.figure not in SHEETS and len(lefts) > 1:
        yield f"the words around the figure begin at {sorted(lefts)}"
    # The first mark without children is the paper.
    rule, (paper, *_) = footer_line(drawing), leaves(drawing).marks
    if rule and abs(rule.box.x - paper.box.x) > LEVEL:
        yield "the line above the footer is not in the middle of the figure"


def ribbons(drawing):
    """Ribbons, which are wide and translucent, without a line of their hue along their middle."""
    paths = [mark for mark in drawing.marks if mark.has("d") and not mark.has("fill")]
    lines = {(m.get("d"), m.get("stroke")) for m in paths if m.has("data-flow")}
    for mark in paths:
        is_ribbon = mark.has("opacity") and not mark.has("data-flow")
        if is_ribbon and (mark.get("d"), mark.get("stroke")) not in lines:
            yield f"the ribbon {mark.get('d')} has no line of its hue"
