"""Count the parts of each figure, and record where its shapes are.

Other checks verify each label, number and line that is drawn, but cannot notice
a missing one. A shape that no value draws, such as a frame, also has no number
that fixes its place or size. So `parts.txt` has digests of all parts at each
width: for the example, for each option, for tensors that are folded, and last
for the number of cases with a shape of each look. `tests.binding.write` shows
what differs from the last commit, and writes the digests.

The size of a shape that no value draws is a part too, and so is the offset of its
top left corner from the text or bar that the shape is drawn with. A sentence is a
part with its place, and with the expressions of its values and its claim.
"""

import hashlib
import re
from collections import Counter, defaultdict
from functools import cache, lru_cache
from itertools import chain
from typing import NamedTuple

from lstm_figs.scene.theme import COLOURS_BY_ROLE, colour
from tests.binding import specs
from tests.binding.cases import DEFAULT, options, widths_of
from tests.binding.drawing import without_numbers
from tests.binding.kinds import kinds_of
from tests.binding.places import places
from tests.binding.sentences import sentences
from tests.binding.shape_index import GROUP_BOUND, footer_line, leaves, line_of, scale_extent

EXAMPLE = "example"
"""The section of the figure as it is drawn without options."""

FOLDED = "65 inputs, 65 units", "60 steps"
"""Cases in which some elements are left out."""

ALL_CASES = "cases"
"""The section that counts looks over all `COUNTED` cases."""

COUNTED = {
    *FOLDED,
    *("one step of the example", "a batch of the example", "400 steps"),
    *("nine steps and sequences", "the bracket network", "1 input, 1 unit"),
    *("9 inputs, 8 units", "float64", "no bias", "two directions"),
    *("two layers, the second reversed", "a projection", "a packed input"),
    *("a cell of a .safetensors file", "a weight that is not a number"),
}
"""The cases in that section, in addition to those of the example: one for each kind of source."""

MAX_POINTS = 8
"""The points of longer paths are not a part, because longer paths are curves."""

Parts = Counter[str]
"""Part -> how often it occurs."""


class Counted(NamedTuple):
    """What `parts.txt` needs from one drawing.

    Attributes:
        parts: Its parts.
        kinds: The kinds of its shapes that no value draws.
    """

    parts: Parts
    kinds: set[str]


def section_of(version, case):
    """The section of a case in `parts.txt`; None for most.

    >>> section_of("packed", "--lengths 1"), section_of("packed", "60 steps")
    ('--lengths 1', '60 steps')
    >>> section_of("packed", DEFAULT), section_of("cell unit=0", DEFAULT)
    ('example', '--unit 0')
    >>> section_of("packed", "1 input, 1 unit") is None
    True
    """
    if case == DEFAULT or case.startswith("--"):
        return options(version, case) or EXAMPLE
    # A version with a space has options.
    return case if case in FOLDED and " " not in version else None


def is_counted(case):
    return case == DEFAULT or case.startswith("--") or case in COUNTED


def parts(drawing):
    """How often each part occurs in a drawing."""
    counts = Counter(filter(None, map(_part, drawing.marks)))
    counts += Counter(chain.from_iterable(map(_phrases, sentences(drawing))))
    return counts + shapes(drawing) + places(drawing)


UNBOUND = "words by "
"""Start of the part for a phrase that no check can verify, because it has no value and no claim."""


def _phrases(sentence):
    """The place of a sentence and each of its phrases, with all expressions."""
    start = UNBOUND if sentence.is_unbound else "sentence by "
    # Numbers in claims, such as the largest value, may depend on the machine.
    claim = re.sub(r"\d+(\.\d+)?", "#", sentence.claim)
    for phrase, expressions in sentence.pieces:
        rest = iter(expressions)
        # Put the expressions into the placeholders {} of the phrase, and any further ones after it.
        filled = re.sub(r"\{\}", lambda _, rest=rest: f"{{{next(rest, '')}}}", phrase)
        yield " ".join([f"{start}{sentence.row}: {filled}", *rest]) + f" ? {claim}" * bool(claim)


def _part(mark):
    """The line of `parts.txt` that counts a mark; empty if none does."""
    kind = mark.tag
    if mark.is_text:
        (kind, *_) = kinds_of(mark) or ("nothing",)
        if kind == "sentence":
            # The lines of this sentence are one part, counted above.
            return ""
        name = mark.name if kind == "number" else mark.text
        if kind == "label" and mark.has("data-says"):
            # The tokens read depend on the text.
            name = "…"
    elif mark.has("data-flow"):
        kind = "line"
        name = " ".join(map(mark.get, ("data-flow", "data-from", "data-to")))
    elif mark.has("data-draws"):
        name = f"{mark.draws} {mark.name}"
    elif kind in ("rect", "path") and is_drawn(mark):
        name = mark.name
    else:
        return ""
    return f"{kind} {without_numbers(name)} ({look(mark)})"


def is_drawn(mark):
    """Whether a value or the ends of an arrow determine where a shape is."""
    if mark.has("data-draws") or mark.has("data-flow"):
        return True
    return any(e.get(key) for e in mark.ancestors for key in GROUP_BOUND)


def look(mark):
    """A mark's keys and its look, without what its value determines."""
    draws = {e.get("data-draws") for e in (*mark.ancestors, mark.element)}
    fill, stroke = (_paint(mark.get(key)) for key in ("fill", "stroke"))
    words = [mark.get("data-term"), *([] if "fill" in draws else [fill, stroke])]
    if mark.has("stroke") and "stroke-width" not in draws:
        weight = mark.get("stroke-width")
        words.append(f"{weight} thick" if weight not in ("", "1") else "")
        words.append("dashed" if mark.has("stroke-dasharray") else "")
    words.append("faint" if mark.has("opacity") else "")
    words.append("round" if mark.has("rx") else "")
    words.append("bold" if mark.has("font-weight") else "")
    return ", ".join(filter(None, words))


@cache
def _paints():
    """Colour in the light scheme -> its role, with its share over paper."""
    role_by_paint = {light: role for role, (light, _) in COLOURS_BY_ROLE.items()}
    for role in COLOURS_BY_ROLE:
        for share in range(1, 100):
            role_by_paint.setdefault(colour(f"{role}:{share}", "light"), f"{role}:{share}")
    return role_by_paint


def _paint(value):
    return _paints().get(value, value)


def shapes(drawing):
    """The shapes that no value draws: looks, sizes and places."""
    counts = Counter()
    for mark in _unbound_shapes(drawing):
        # `alike.indented_words` checks where the line above the footer is.
        anchor = None if mark is footer_line(drawing) else anchor_of(drawing, mark)
        location = ""
        if anchor is not None:
            x, y = _anchor_place(drawing, anchor)
            away = f"{round(mark.box.left - x)}, {round(mark.box.top - y)}"
            location = f" at {away} of {anchors(drawing)[anchor.element]}"
        counts[f"{_kind(mark)} {extent(mark)}{location}"] += 1
    return counts


def kinds(drawing):
    return {*map(_kind, _unbound_shapes(drawing))}


def _unbound_shapes(drawing):
    """The shapes that no value draws."""
    return [
        mark
        # The first leaf is the background.
        for mark in leaves(drawing).marks[1:]
        if not (mark.is_text or is_drawn(mark)) and look(mark)
    ]


def _kind(mark):
    return f"{mark.tag} {without_numbers(mark.name)} ({look(mark)})"


def extent(mark):
    """The size of a shape; for a path also its points."""
    left, top, right, bottom = mark.box
    size = f"{right - left:.0f} × {bottom - top:.0f}"
    if mark.tag == "rect" or line_of(mark):
        return size
    points = [*chain.from_iterable(mark.chains)]
    if len(points) > MAX_POINTS:
        return f"{size} of {len(mark.chains)}"
    return f"{size} through " + ", ".join(f"{round(x - left)} {round(y - top)}" for x, y in points)


@lru_cache(maxsize=2)
def anchors(drawing):
    """The marks that shapes can be anchored to, with their names."""
    names = {}
    for mark in leaves(drawing).marks:
        if mark.is_text:
            (kind, *_) = kinds_of(mark) or ("nothing",)
            name = mark.name if kind == "number" else mark.text
            # Sentences have values, which differ from case to case.
            names[mark.element] = "words" if kind == "sentence" else name
        elif mark.has("data-draws"):
            names[mark.element] = mark.name or mark.expression
    return names


@lru_cache(maxsize=2)
def _order(drawing):
    """The last anchor painted before each mark, and the first painted after it.

    Both are found by the same loop, over the marks and over the reversed marks.
    """
    marks, anchored = leaves(drawing).marks, anchors(drawing)
    sides = []
    for ordered_marks in (marks, marks[::-1]):
        last = None
        before = []
        for mark in ordered_marks:
            before.append(last)
            last = mark if mark.element in anchored else last
        sides.append(before)
    sides[1].reverse()
    return {
        mark.element: neighbours
        for mark, neighbours in zip(marks, zip(*sides, strict=True), strict=True)
    }


def anchor_of(drawing, mark):
    """The mark that a shape is drawn with.

    This is the first anchor inside the shape that is painted after it. Without
    one, it is the anchor painted after or before it, preferably in the same
    group.
    """
    before, after = _order(drawing)[mark.element]
    all_leaves = leaves(drawing)
    first = all_leaves.marks.index(mark)
    inside = all_leaves.centred_in(mark.box)
    # Only what is painted after the shape is drawn inside it.
    inside[: first + 1] = False
    within = (leaf for leaf in all_leaves.selected(inside) if leaf.element in anchors(drawing))
    siblings = (
        neighbour
        for neighbour in (after, before)
        if neighbour and neighbour.ancestors == mark.ancestors
    )
    return next(chain(within, siblings), after or before)


def _anchor_place(drawing, mark):
    """The place of a text; for other marks, the corner of their whole scale."""
    if mark.is_text:
        return float(mark.get("x")), float(mark.get("y"))
    box = scale_extent(drawing, mark)
    return box.left, box.top


def counted(drawing):
    return Counted(parts(drawing), kinds(drawing))


def place_of(version, case, width):
    """The section of `parts.txt` and the width."""
    return section_of(version, case) or ALL_CASES, width


def by_place(drawings):
    """The parts of each section at each width, last the kinds in all cases."""
    parts_by_place = {}
    kinds_by_place = {}
    for (version, case, width), counts in drawings.items():
        kinds_by_place.setdefault((ALL_CASES, width), Counter()).update(counts.kinds)
        if section_of(version, case) is not None:
            parts_by_place[place_of(version, case, width)] = counts.parts
    return parts_by_place | kinds_by_place


def lines(counts):
    """The sorted lines behind a digest."""
    return sorted(f"{count} {part}" for part, count in counts.items())


def digest(counts):
    return hashlib.sha256("\n".join(lines(counts)).encode()).hexdigest()[:8]


def written(parts_by_place):
    """The text of `parts.txt`: each section, and its digest at each of `widths_of`."""
    digests_by_section = defaultdict(list)
    for (section, _), counts in parts_by_place.items():
        digests_by_section[section].append(digest(counts))
    return "".join(
        f"{section}: {' '.join(digests)}\n" for section, digests in digests_by_section.items()
    )


def read_digests(figure):
    """The digests in `parts.txt`, by section and width."""
    digests = {}
    for line in specs.digests(figure):
        section, _, values = line.rpartition(": ")
        for width, value in zip(widths_of(figure), values.split(), strict=False):
            digests[section, width] = value
    return digests


def faults(drawing, width, section=EXAMPLE):
    """A sentence if a drawing has different parts than recorded."""
    return _faults(drawing.figure, (section, width), parts(drawing))


def missing(figure, counts_by_width):
    """A sentence for each width where shapes occur in more or fewer cases than recorded.

    Args:
        counts_by_width: Width -> the number of cases with each of `kinds`.
    """
    return [
        fault
        for width, counts in counts_by_width.items()
        for fault in _faults(figure, (ALL_CASES, width), counts)
    ]


def _faults(figure, place, counts):
    """A sentence if the digest of a place is not the recorded one."""
    section, width = place
    if read_digests(figure).get(place) == digest(counts):
        return []
    return [
        f"the parts of {figure} in `{section}`, {width} wide, are not those in parts.txt: is it "
        f"true? python -m tests.binding.write {figure} shows what differs"
    ]
