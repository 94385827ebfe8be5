"""Texts of one kind have one style and are aligned, and nothing covers them.

Labels of one kind have one size, elements of tensors have one font, and indices
are subscripts. Numbers of one kind have the same number of digits. Texts of a
row are on one line, and no line runs through them.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator
from itertools import pairwise

import numpy as np

from lstm_figs.figures import SHEETS
from lstm_figs.scene import metrics
from tests.binding.drawing import Box, Drawing, Mark, text_runs
from tests.binding.kinds import kinds_of
from tests.binding.orders import number_lines
from tests.binding.overlaps import is_filled, points_on_line
from tests.binding.sentences import HEAD, Sentence, sentences
from tests.binding.shape_index import footer_line, is_arrow, leaves, tag
from tests.proof import SVG

INDEXED = {
    **{f"{state}t−1": "t−1" for state in "hc"},
    **dict.fromkeys(("Wih", "bih"), "ih"),
    **dict.fromkeys(("Whh", "bhh"), "hh"),
    "Whr": "hr",
    **{f"z{gate}": gate for gate in "ifgo"},
}
"""Symbol -> its subscript."""

ELEMENT = re.compile(r"\w*\[\d+\]")
"""Matches the name of an element, such as `h[0]`."""

LEVEL = 1.5
"""Tolerance between the middles of two texts in one row."""

TOLERANCE = 0.5
"""Tolerance between the middles of two numbers of a vector."""

INSIDE = 2.0
"""How far inside of a text a line must be to count as running through it."""


def faults(drawing: Drawing) -> Iterator[str]:
    """Texts that differ in style from similar ones, or that something covers."""
    yield from indices(drawing)
    yield from uneven_styles(drawing)
    yield from digits(drawing)
    yield from misaligned_texts(drawing)
    yield from crossed_texts(drawing)
    yield from overlapping_texts(drawing)
    yield from margins(drawing)


def indices(drawing: Drawing) -> Iterator[str]:
    """Symbols whose index is not a subscript."""
    for text in drawing.texts:
        below = [
            piece
            for element, piece in text_runs(text.element)
            if element is not text.element and element.get("font-size")
        ]
        for word in re.findall(r"[\w−]+", text.text):
            if word in INDEXED and INDEXED[word] not in below:
                yield f"{text} has {word} without an index"


def uneven_styles(drawing: Drawing) -> Iterator[str]:
    """Labels of one kind with different sizes, and elements with different fonts."""
    kinds: dict[Hashable, list[Mark]] = defaultdict(list)
    elements: dict[Hashable, list[Mark]] = defaultdict(list)
    for label in drawing.labels:
        drawer, named = drawing.drawing_figure(label), drawing.targets_of(label)
        stems = (re.sub(r"\d+", "#", mark.name) for mark in named)
        looks = label.has("font-weight"), label.has("data-says")
        kind = drawer, label.along, *looks, *sorted(label.names)
        kinds[(*kind, min(stems, default=""))].append(label)
        if label.along == "column":
            # Column labels are of one kind if they are on one line.
            kinds[(*kind, round(label.middle))].append(label)
        if ELEMENT.fullmatch(label.text):
            elements[drawer, *label.names].append(label)
    yield from unusual_labels(kinds, "size", lambda label: label.get("font-size"))
    yield from unusual_labels(elements, "type", lambda label: label.get("font-family"))


def unusual_labels(
    kinds: dict[Hashable, list[Mark]], name: str, property_of: Callable[[Mark], str]
) -> Iterator[str]:
    """The labels of each kind that differ from the majority."""
    for labels in kinds.values():
        (usual, _), *rest = Counter(map(property_of, labels)).most_common()
        yield from (
            f"{label} has a different {name} than others of its kind"
            for label in labels
            if rest and property_of(label) != usual
        )


def digits(drawing: Drawing) -> Iterator[str]:
    """Numbers with more decimals than shorter numbers of their kind.

    A small number may have more decimals if only its last digit is not zero.
    """
    kinds: dict[Hashable, list[Mark]] = defaultdict(list)
    for number in drawing.numbers:
        _, point, after = number.text.partition(".")
        if point and "e" not in after:
            drawer = drawing.drawing_figure(number)
            for key in (number.name, number.expression):
                kinds[drawer, re.sub(r"\d+", "#", key)].append(number)
    for numbers in kinds.values():
        for number in numbers:
            # A number of the same length has no space for more decimals.
            others = [other for other in numbers if len(other.text) < len(number.text)]
            least = min(map(places, others), default=places(number))
            # 0.0010 may be rounded up from a smaller number.
            is_small = number.text.lstrip("−0.") in (*"123456789", "10", "")
            if places(number) > least and not is_small:
                yield f"{number} has more digits after the point than others"


def places(number: Mark) -> int:
    """The number of decimals."""
    return len(number.text.partition(".")[2])


def misaligned_texts(drawing: Drawing) -> Iterator[str]:
    """Numbers of a vector, and labels of rows, that are not on one line."""
    # A number with its own row label is aligned with that, as in a separate panel.
    rows = (label for label in drawing.labels if label.along == "row")
    labelled_names = {row.get("data-for") for row in rows}
    for _, line, is_over_time in number_lines(drawing):
        for (_, number), (_, other) in pairwise(() if is_over_time else line):
            distance = abs(number.middle - other.middle)
            if {number.name, other.name} <= labelled_names:
                continue
            if TOLERANCE < distance < float(number.get("font-size")) / 2:
                yield f"{other} is {distance:.1f} off the line of {number}"
    for label in drawing.labels:
        if label.along != "row":
            continue
        for mark in drawing.targets_of(label):
            distance = abs(mark.middle - label.middle)
            if mark.is_text and distance > LEVEL:
                yield f"{label} is {distance:.1f} off the line of {mark}"


def crossed_texts(drawing: Drawing) -> Iterator[str]:
    """Texts with a curve or line through them.

    Other checks cover arrows. A line may be hidden by a background painted behind
    the text.
    """
    texts = [text for text in drawing.texts if kinds_of(text) != ["operator"]]
    if not texts:
        return
    boxes = np.array([text.letters for text in texts])
    orders = {mark.element: k for k, mark in enumerate(drawing.marks)}
    fills = [mark for mark in drawing.marks[2:] if is_filled(mark)]
    for line in leaves(drawing).marks:
        if not is_line(line):
            continue
        points = [
            point
            for chain in line.chains
            for point in points_on_line([(x, y) for x, y in chain.tolist()])
        ]
        for k in boxes_with_points(boxes, points):
            box = texts[k].letters
            if not any(
                orders[fill.element] > orders[line.element] and fill.box.contains(box.x, box.y)
                for fill in fills
            ):
                yield f"{line} runs through {texts[k]}"


def is_line(mark: Mark) -> bool:
    """Whether a mark is a line that is neither an arrow nor a cell of a map."""
    keys = ("data-for", "data-names")
    return (
        tag(mark) == "path"
        and not mark.has("fill")
        and not is_arrow(mark)
        and not any(e.get("data-draws") == "fill" or any(map(e.get, keys)) for e in mark.ancestors)
    )


def boxes_with_points(boxes: np.ndarray, points: list[tuple[float, float]]) -> Iterable[int]:
    """The boxes that contain one of the points."""
    if not points:
        return ()
    left, top = boxes[:, :2].T + INSIDE
    right, bottom = boxes[:, 2:].T - INSIDE
    x, y = np.array(points).T[:, :, None]
    inside = (left < x) & (x < right) & (top < y) & (y < bottom)
    result: list[int] = np.flatnonzero(inside.any(axis=0)).tolist()
    return result


def overlapping_texts(drawing: Drawing) -> Iterator[str]:
    """Texts on a bar, on colours or over the edge of one, and ticks on areas."""
    bars = [
        mark
        for mark in drawing.data_marks
        if mark.get("data-draws") in ("width", "height") and is_filled(mark)
    ]
    bars += [
        mark for mark in drawing.marks if mark.element.tag == f"{SVG}g" and mark.has("data-for")
    ]
    areas = [
        mark for mark in drawing.data_marks if mark.get("data-draws") == "area" and is_filled(mark)
    ]
    boxes = np.array([mark.box for mark in bars]).reshape(-1, 4)
    left, top, right, bottom = boxes.T
    for text in drawing.texts:
        box = text.letters
        on = (left + 1 < box.right) & (box.left + 1 < right)
        on &= (top + 1 < box.bottom) & (box.top + 1 < bottom)
        yield from (
            f"{text} overlaps {bars[k].name or bars[k].get('data-for')}" for k in np.flatnonzero(on)
        )
        # Notes may be on a pale area, but axis numbers may not.
        yield from (
            f"{text} overlaps {area.name or area.expression}"
            for area in areas
            if text.get("class") == "lf-tick" and is_over(area, box)
        )


def is_over(area: Mark, box: Box) -> bool:
    """Whether an area extends into a box."""
    middle = (box.top + box.bottom) / 2
    # The offset avoids the exact edge of a column.
    across = np.linspace(box.left + INSIDE, box.right - INSIDE, 5) + 0.0123
    return any(len([y for y in area.crossings(x) if y <= middle]) % 2 for x in across)


def margins(drawing: Drawing) -> Iterator[str]:
    """Words around a figure that are misaligned with the title or broken too early.

    Text to the right of the title is right-aligned. All other text is aligned
    with the title and has as few lines as possible.
    """
    rule = footer_line(drawing)
    all_sentences = [sentence for sentence in sentences(drawing) if not sentence.is_label]
    title = [*lines_of(all_sentences[0])] if all_sentences else []
    if drawing.figure in SHEETS or not title:
        return
    total_width = leaves(drawing).marks[0].box.right
    left = title[0].letters.left
    for sentence in all_sentences:
        if not (lines := lines_of(sentence)):
            continue
        is_around = sentence.place in HEAD or sentence.is_footer or is_below(lines, rule)
        if not is_around or lines[0].get("text-anchor") == "end":
            continue
        yield from (
            f"{line} begins at {line.letters.left:g}, but the title at {left:g}"
            for line in lines
            if abs(line.letters.left - left) > TOLERANCE
        )
        if len(lines) > min_line_count(lines, total_width - 2 * left - LEVEL):
            yield f"{lines[0]} has more lines than it needs"


def lines_of(sentence: Sentence) -> list[Mark]:
    """The lines of a sentence."""
    mark = sentence.mark
    assert mark is not None
    ancestors = (*mark.ancestors, mark.element)
    texts = [e for e in mark.element.iter() if e.tag == f"{SVG}text"]
    return [Mark(text, ancestors, "") for text in texts]


def is_below(lines: list[Mark], rule: Mark | None) -> bool:
    """Whether a sentence is below the line above the footer."""
    return rule is not None and lines[0].middle > rule.box.bottom


def min_line_count(lines: list[Mark], width: float) -> int:
    """The smallest number of lines for a text."""
    size, bold = float(lines[0].get("font-size")), lines[0].has("font-weight")
    count, line = 1, ""
    for word in " ".join(line.text for line in lines).split(" "):
        longer = f"{line} {word}".strip()
        if line and metrics.width(longer, size, bold=bold) > width:
            count, longer = count + 1, word
        line = longer
    return count
