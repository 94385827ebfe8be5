"""How texts are set and stand: in rows and columns, and beside lines and bars.

What is alike is set alike: names of one kind in one size, elements of tensors
in one type, indices below the line, numbers of a kind with one number of
digits. What stands in a row is on one line, and nothing runs through it.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator
from itertools import pairwise

import numpy as np

from lstm_figs.figures import SHEETS
from lstm_figs.scene import metrics
from tests.binding.drawing import Box, Drawing, Mark, runs
from tests.binding.kinds import kinds_of
from tests.binding.leaves import foot, is_arrow, leaves, tag
from tests.binding.orders import in_lines
from tests.binding.painting import between, is_filled
from tests.binding.sentences import HEAD, Sentence, sentences
from tests.proving import SVG

INDEXED = {
    **{f"{state}t−1": "t−1" for state in "hc"},
    **dict.fromkeys(("Wih", "bih"), "ih"),
    **dict.fromkeys(("Whh", "bhh"), "hh"),
    "Whr": "hr",
    **{f"z{gate}": gate for gate in "ifgo"},
}
"""Symbols, and what of them is set below the line."""

ELEMENT = re.compile(r"\w*\[\d+\]")
"""The name of an element, such as `h[0]`."""

LEVEL = 1.5
"""How far the middles of two texts may be from each other in one row."""

HAIR = 0.5
"""How far those of two numbers of a vector may be."""

INSIDE = 2.0
"""How far a line must lie in a text that it runs through."""


def faults(drawing: Drawing) -> Iterator[str]:
    """Texts that are set otherwise than what is like them, or run through."""
    yield from indices(drawing)
    yield from alike(drawing)
    yield from digits(drawing)
    yield from levels(drawing)
    yield from struck(drawing)
    yield from covering(drawing)
    yield from margins(drawing)


def indices(drawing: Drawing) -> Iterator[str]:
    """Symbols whose index is not set below the line."""
    for text in drawing.texts:
        below = [
            piece
            for element, piece in runs(text.element)
            if element is not text.element and element.get("font-size")
        ]
        for word in re.findall(r"[\w−]+", text.text):
            if word in INDEXED and INDEXED[word] not in below:
                yield f"{text} has {word} without an index"


def alike(drawing: Drawing) -> Iterator[str]:
    """Labels of one kind in two sizes, and elements in two types."""
    kinds: dict[Hashable, list[Mark]] = defaultdict(list)
    elements: dict[Hashable, list[Mark]] = defaultdict(list)
    for label in drawing.labels:
        drawer, named = drawing.drawer(label), drawing.named(label)
        stems = (re.sub(r"\d+", "#", mark.name) for mark in named)
        looks = label.has("font-weight"), label.has("data-says")
        kind = drawer, label.along, *looks, *sorted(label.names)
        kinds[(*kind, min(stems, default=""))].append(label)
        if label.along == "column":
            # Names of columns on one line are of one kind.
            kinds[(*kind, round(label.middle))].append(label)
        if ELEMENT.fullmatch(label.text):
            elements[drawer, *label.names].append(label)
    yield from others(kinds, "size", lambda one: one.get("font-size"))
    yield from others(elements, "type", lambda one: one.get("font-family"))


def others(
    kinds: dict[Hashable, list[Mark]], what: str, of: Callable[[Mark], str]
) -> Iterator[str]:
    """Which of each kind are otherwise than most."""
    for labels in kinds.values():
        (usual, _), *rest = Counter(map(of, labels)).most_common()
        yield from (
            f"{label} has another {what} than others of its kind"
            for label in labels
            if rest and of(label) != usual
        )


def digits(drawing: Drawing) -> Iterator[str]:
    """Numbers with more digits after the point than shorter ones of their kind.

    A small one may have more, of which the last alone is no zero.
    """
    kinds: dict[Hashable, list[Mark]] = defaultdict(list)
    for number in drawing.numbers:
        _, point, after = number.text.partition(".")
        if point and "e" not in after:
            drawer = drawing.drawer(number)
            for said in (number.name, number.expression):
                kinds[drawer, re.sub(r"\d+", "#", said)].append(number)
    for numbers in kinds.values():
        for number in numbers:
            # Those that are as long have no room for more.
            others = [one for one in numbers if len(one.text) < len(number.text)]
            least = min(map(places, others), default=places(number))
            # What rounds up to 0.0010 was smaller.
            is_small = number.text.lstrip("−0.") in (*"123456789", "10", "")
            if places(number) > least and not is_small:
                yield f"{number} has more digits after the point than others"


def places(number: Mark) -> int:
    """How many digits a number has after its point."""
    return len(number.text.partition(".")[2])


def levels(drawing: Drawing) -> Iterator[str]:
    """Numbers of a vector, and names of rows, that are not on one line."""
    # What has a name before it stands with that, as in a panel of its own.
    rows = (one for one in drawing.labels if one.along == "row")
    own = {one.get("data-for") for one in rows}
    for _, line, is_over_time in in_lines(drawing):
        for (_, one), (_, other) in pairwise(() if is_over_time else line):
            far = abs(one.middle - other.middle)
            if {one.name, other.name} <= own:
                continue
            if HAIR < far < float(one.get("font-size")) / 2:
                yield f"{other} stands {far:.1f} beside the line of {one}"
    for label in drawing.labels:
        if label.along != "row":
            continue
        for mark in drawing.named(label):
            far = abs(mark.middle - label.middle)
            if mark.is_text and far > LEVEL:
                yield f"{label} stands {far:.1f} beside the line of {mark}"


def struck(drawing: Drawing) -> Iterator[str]:
    """Texts through which a curve or a line runs.

    Arrows are held elsewhere. What is painted on a line hides it there.
    """
    texts = [one for one in drawing.texts if kinds_of(one) != ["operator"]]
    if not texts:
        return
    boxes = np.array([text.letters for text in texts])
    orders = {mark.element: k for k, mark in enumerate(drawing.marks)}
    fills = [mark for mark in drawing.marks[2:] if is_filled(mark)]
    for line in leaves(drawing).marks:
        if not is_line(line):
            continue
        points = [
            point for chain in line.chains for point in between([(x, y) for x, y in chain.tolist()])
        ]
        for k in met(boxes, points):
            box = texts[k].letters
            if not any(
                orders[fill.element] > orders[line.element] and fill.box.holds(box.x, box.y)
                for fill in fills
            ):
                yield f"{line} runs through {texts[k]}"


def is_line(mark: Mark) -> bool:
    """Whether a mark is a line that leads nowhere, and no cell of a map."""
    held = ("data-for", "data-names")
    return (
        tag(mark) == "path"
        and not mark.has("fill")
        and not is_arrow(mark)
        and not any(e.get("data-draws") == "fill" or any(map(e.get, held)) for e in mark.around)
    )


def met(boxes: np.ndarray, points: list[tuple[float, float]]) -> Iterable[int]:
    """In which boxes a point lies."""
    if not points:
        return ()
    left, top = boxes[:, :2].T + INSIDE
    right, bottom = boxes[:, 2:].T - INSIDE
    x, y = np.array(points).T[:, :, None]
    inside = (left < x) & (x < right) & (top < y) & (y < bottom)
    found: list[int] = np.flatnonzero(inside.any(axis=0)).tolist()
    return found


def covering(drawing: Drawing) -> Iterator[str]:
    """Texts on a bar or on colours, or over an edge of one; ticks on areas."""
    drawn = [
        mark
        for mark in drawing.drawn
        if mark.get("data-draws") in ("width", "height") and is_filled(mark)
    ]
    drawn += [
        mark for mark in drawing.marks if mark.element.tag == f"{SVG}g" and mark.has("data-for")
    ]
    areas = [mark for mark in drawing.drawn if mark.get("data-draws") == "area" and is_filled(mark)]
    boxes = np.array([mark.box for mark in drawn]).reshape(-1, 4)
    left, top, right, bottom = boxes.T
    for text in drawing.texts:
        box = text.letters
        on = (left + 1 < box.right) & (box.left + 1 < right)
        on &= (top + 1 < box.bottom) & (box.top + 1 < bottom)
        yield from (
            f"{text} stands on {drawn[k].name or drawn[k].get('data-for')}"
            for k in np.flatnonzero(on)
        )
        # Notes may stand on an area that is pale, the numbers of its axis not.
        yield from (
            f"{text} stands on {area.name or area.expression}"
            for area in areas
            if text.get("class") == "lf-tick" and is_over(area, box)
        )


def is_over(area: Mark, box: Box) -> bool:
    """Whether an area reaches into a box."""
    middle = (box.top + box.bottom) / 2
    # No edge of a column is there.
    across = np.linspace(box.left + INSIDE, box.right - INSIDE, 5) + 0.0123
    return any(len([y for y in area.crossings(x) if y <= middle]) % 2 for x in across)


def margins(drawing: Drawing) -> Iterator[str]:
    """Words around a figure that begin right of its title, or are broken early.

    What stands at the right of the title ends there. Other words begin where
    that does, and have as few lines as they need.
    """
    rule = foot(drawing)
    every = [one for one in sentences(drawing) if not one.label]
    title = [*lines_of(every[0])] if every else []
    if drawing.figure in SHEETS or not title:
        return
    wide = leaves(drawing).marks[0].box.right
    left = title[0].letters.left
    for one in every:
        if not (lines := lines_of(one)):
            continue
        around = one.place in HEAD or one.foot or is_below(lines, rule)
        if not around or lines[0].get("text-anchor") == "end":
            continue
        yield from (
            f"{line} begins at {line.letters.left:g}, and the title at {left:g}"
            for line in lines
            if abs(line.letters.left - left) > HAIR
        )
        if len(lines) > fewest(lines, wide - 2 * left - LEVEL):
            yield f"{lines[0]} is broken where there is room for more"


def lines_of(sentence: Sentence) -> list[Mark]:
    """The lines of a sentence."""
    mark = sentence.mark
    assert mark is not None
    around = (*mark.around, mark.element)
    texts = [e for e in mark.element.iter() if e.tag == f"{SVG}text"]
    return [Mark(text, around, "") for text in texts]


def is_below(lines: list[Mark], rule: Mark | None) -> bool:
    """Whether a sentence stands below the line above the foot."""
    return rule is not None and lines[0].middle > rule.box.bottom


def fewest(lines: list[Mark], room: float) -> int:
    """How many lines a text needs."""
    size, bold = float(lines[0].get("font-size")), lines[0].has("font-weight")
    count, line = 1, ""
    for word in " ".join(one.text for one in lines).split(" "):
        longer = f"{line} {word}".strip()
        if line and metrics.width(longer, size, bold=bold) > room:
            count, longer = count + 1, word
        line = longer
    return count
