"""Count the parts of each figure, and record where its shapes are.

Other checks verify each label, number and line that is drawn, but cannot notice
a missing one. A shape that no value draws, such as a frame, also has no number
that fixes its place or size. `parts.txt` therefore records the parts of each
figure: for the example, then the differences with each option and for tensors
that are folded, and last how many of several cases have a shape of each look.
`tests.binding.write` writes it, and a person reviews each change.

For a shape that no value draws it records the size, and the offset of the top
left corner from the text or bar that the shape is drawn with.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from functools import cache, lru_cache
from itertools import chain

from lstm_figs.scene.theme import TOKENS, colour
from tests.binding import specs
from tests.binding.cases import DEFAULT, options
from tests.binding.drawing import Drawing, Mark
from tests.binding.kinds import kinds_of
from tests.binding.places import places
from tests.binding.sentences import sentences
from tests.binding.shape_index import GROUP_BOUND, footer_line, leaves, line_of, scale_extent, tag
from tests.binding.values import words
from tests.proof import SVG, Element

HEAD = """\
# The parts of the figure of the example, in both widths: how many, of what
# kind, of which terms and looks, and of shapes how large and where; then what
# is otherwise in other cases, and in how many of several there is a shape. #
# stands for any number; read on change.
# Written by: python -m tests.binding.write {}
"""

FOLDED = "65 inputs, 65 units", "60 steps"
"""Cases in which some elements are left out."""

ALL_CASES = "cases"
"""Heading of the section that counts looks over all `COUNTED` cases."""

COUNTED = {
    *FOLDED,
    *("one step of the example", "a batch of the example", "400 steps"),
    *("nine steps and sequences", "the bracket network", "1 input, 1 unit"),
    *("9 inputs, 8 units", "float64", "no bias", "two directions"),
    *("two layers, the second reversed", "a projection", "a packed input"),
    *("a cell of a .safetensors file", "a weight that is not a number"),
}
"""The cases in that section, in addition to those of the example."""

MAX_POINTS = 8
"""Paths with more points than this are recorded without their points."""

MAX_PLACES = 6
"""Longer lists of places are shortened to the first and last."""

Parts = Counter[str]
Place = tuple[str, int]
"""A section of `parts.txt`, as `section_of` names it, and a width."""


def section_of(form: str, case: str) -> str | None:
    """The section of a case in `parts.txt`: empty for the example, None for most.

    >>> section_of("packed", "--lengths 1"), section_of("packed", "60 steps")
    ('--lengths 1', '60 steps')
    >>> section_of("packed", "1 input, 1 unit") is None
    True
    """
    if case == DEFAULT or case.startswith("--"):
        return options(form, case)
    return case if case in FOLDED and " " not in form else None


def is_counted(case: str) -> bool:
    """Whether the looks of shapes are counted for a case."""
    return case == DEFAULT or case.startswith("--") or case in COUNTED


def parts(drawing: Drawing) -> Parts:
    """Each kind of part, and its count."""
    counts = Counter(filter(None, map(_part, drawing.marks)))
    counts += Counter(
        f"sentence by {sentence.place}: {words(sentence)}"
        for sentence in sentences(drawing)
        if not sentence.is_label
    )
    return counts + shapes(drawing) + places(drawing)


def _part(mark: Mark) -> str:
    kind = mark.element.tag.removeprefix(SVG)
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
        name = f"{mark.get('data-draws')} {mark.name}"
    elif kind in ("rect", "path") and is_drawn(mark):
        name = mark.name
    else:
        return ""
    return f"{kind} {_numberless(name)} ({look(mark)})"


def is_drawn(mark: Mark) -> bool:
    """Whether a value or the ends of an arrow determine where a shape is."""
    if mark.has("data-draws") or mark.has("data-flow"):
        return True
    return any(e.get(key) for e in mark.ancestors for key in GROUP_BOUND)


def look(mark: Mark) -> str:
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
def _paints() -> dict[str, str]:
    """Colour in the light scheme -> its role, with its share over paper."""
    role_by_paint: dict[str, str] = {light: role for role, (light, _) in TOKENS.items()}
    for role in TOKENS:
        for share in range(1, 100):
            role_by_paint.setdefault(colour(f"{role}:{share}", "light"), f"{role}:{share}")
    return role_by_paint


def _paint(value: str) -> str:
    return _paints().get(value, value)


def _numberless(text: str) -> str:
    return re.sub(r"\d+", "#", text)


def shapes(drawing: Drawing) -> Parts:
    """The shapes that no value draws: looks, sizes and places.

    The anchor keeps its numbers, unless every anchor of its kind has such a
    shape.
    """
    anchors_by_shape: dict[tuple[str, str, str], list[str]] = defaultdict(list)
    anchor_counts = Counter(_numberless(name) for name in anchors(drawing).values())
    for mark in _unbound_shapes(drawing):
        # `loose_lines.footer_faults` checks where the line above the footer is.
        anchor = None if mark is footer_line(drawing) else anchor_of(drawing, mark)
        kind = f"{_kind(mark)} {form(mark)}"
        if anchor is None:
            anchors_by_shape[kind, "", ""].append("")
            continue
        by = anchors(drawing)[anchor.element]
        x, y = _anchor_place(drawing, anchor)
        away = f"{round(mark.box.left - x)}, {round(mark.box.top - y)}"
        anchors_by_shape[kind, away, _numberless(by)].append(by)
    placed: dict[tuple[str, str], dict[str, int]] = defaultdict(dict)
    for (kind, away, stem), by in anchors_by_shape.items():
        anchor_names = [stem] if len(by) == anchor_counts[stem] else [*dict.fromkeys(by)]
        placed[kind, "; ".join(brief(anchor_names))][away] = len(by)
    counted: Parts = Counter()
    for (kind, names), counts_by_place in placed.items():
        location = f"at {'; '.join(brief([*counts_by_place]))} of {names}" if names else ""
        counted[f"{kind} {location}".rstrip()] += sum(counts_by_place.values())
    return counted


def kinds(drawing: Drawing) -> set[str]:
    """The kinds of shapes that no value draws, by name and look."""
    return {*map(_kind, _unbound_shapes(drawing))}


def _unbound_shapes(drawing: Drawing) -> list[Mark]:
    """The shapes that no value draws."""
    return [
        mark
        for mark in leaves(drawing).marks[1:]
        if not (mark.is_text or is_drawn(mark)) and look(mark)
    ]


def _kind(mark: Mark) -> str:
    """The kind of a shape: its name and look."""
    return f"{tag(mark)} {_numberless(mark.name)} ({look(mark)})"


def brief(places: list[str]) -> list[str]:
    """The list itself, or only the first and last place of a long one.

    >>> brief([*"abcdefgh"])
    ['a', '…', 'h']
    """
    return places if len(places) <= MAX_PLACES else [places[0], "…", places[-1]]


def form(mark: Mark) -> str:
    """The size of a shape; for a path also its points."""
    left, top, right, bottom = mark.box
    size = f"{right - left:.0f} × {bottom - top:.0f}"
    if tag(mark) == "rect" or line_of(mark):
        return size
    points = [*chain.from_iterable(mark.chains)]
    if len(points) > MAX_POINTS:
        return f"{size} of {len(mark.chains)}"
    return f"{size} through " + ", ".join(f"{round(x - left)} {round(y - top)}" for x, y in points)


@lru_cache(maxsize=2)
def anchors(drawing: Drawing) -> dict[Element, str]:
    """The marks that shapes can be anchored to, with their names."""
    names = {}
    for mark in leaves(drawing).marks:
        if mark.is_text:
            (kind, *_) = kinds_of(mark) or ("nothing",)
            name = mark.name if kind == "number" else mark.text
            names[mark.element] = "words" if kind == "sentence" else name
        elif mark.has("data-draws"):
            names[mark.element] = mark.name or mark.expression
    return names


@lru_cache(maxsize=2)
def _order(drawing: Drawing) -> dict[Element, tuple[Mark | None, Mark | None]]:
    """The last anchor painted before each mark, and the first painted after it."""
    marks, anchored = leaves(drawing).marks, anchors(drawing)
    sides: list[list[Mark | None]] = []
    for ordered_marks in (marks, marks[::-1]):
        last: Mark | None = None
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


def anchor_of(drawing: Drawing, mark: Mark) -> Mark | None:
    """The mark that a shape is drawn with.

    This is the first anchor inside the shape that is painted after it. Without
    one, it is the anchor painted after or before it, preferably in the same
    group.
    """
    before, after = _order(drawing)[mark.element]
    all_leaves = leaves(drawing)
    first = all_leaves.marks.index(mark)
    inside = all_leaves.centred_in(mark.box)
    inside[: first + 1] = False
    within = (leaf for leaf in all_leaves.selected(inside) if leaf.element in anchors(drawing))
    siblings = (
        neighbour
        for neighbour in (after, before)
        if neighbour and neighbour.ancestors == mark.ancestors
    )
    return next(chain(within, siblings), after or before)


def _anchor_place(drawing: Drawing, mark: Mark) -> tuple[float, float]:
    """The place of a text; for other marks, the corner of their whole scale."""
    if mark.is_text:
        return float(mark.get("x")), float(mark.get("y"))
    box = scale_extent(drawing, mark)
    return box.left, box.top


def written(figure: str, parts_by_place: Mapping[Place, Parts]) -> str:
    """The content of `parts.txt` for a figure.

    Sections other than the example list only the kinds that differ from it.
    """
    lines = []
    for case in dict.fromkeys(case for case, _ in parts_by_place):
        lines += [f"\n[{case}]\n"] if case else []
        for (of, width), counts in parts_by_place.items():
            if of != case:
                continue
            own_counts = _by_kind(counts)
            differs = case not in ("", ALL_CASES)
            usual = _by_kind(parts_by_place["", width]) if differs else {}
            for kind in sorted({*own_counts, *usual}):
                parts = own_counts.get(kind, {})
                if parts == usual.get(kind, {}):
                    continue
                if differs and is_sentence(kind):
                    continue
                lines += [
                    f"{width}: {count} {part}\n"
                    for part, count in sorted((parts or {kind: 0}).items())
                ]
    return HEAD.format(figure) + "".join(lines)


def is_sentence(part: str) -> bool:
    """Whether a part is a sentence; `templates.txt` lists sentences by options."""
    return part.startswith("sentence")


def _by_kind(counts: Mapping[str, int]) -> dict[str, dict[str, int]]:
    """Parts grouped by kind, ignoring their places."""
    kinds: dict[str, dict[str, int]] = {}
    for part, count in counts.items():
        kind, end, _ = part.partition(") ")
        kinds.setdefault(kind + end.rstrip(), {})[part] = count
    return kinds


@cache
def read_parts(figure: str) -> dict[Place, Parts]:
    """Read `parts.txt`; empty if it is missing."""
    parts_by_place: dict[Place, Parts] = {}
    case = ""
    for line in specs.lines(figure, "parts.txt"):
        if line.startswith("["):
            case = line[1:-1]
        elif line:
            width, _, rest = line.partition(": ")
            count, _, part = rest.partition(" ")
            counts = parts_by_place.setdefault((case, int(width)), Counter())
            counts[part] = int(count)
    for (case, width), counts in parts_by_place.items():
        if case not in ("", ALL_CASES):
            usual = _by_kind(parts_by_place["", width])
            for kind in usual.keys() - _by_kind(counts):
                counts.update(usual[kind])
    return parts_by_place


def faults(drawing: Drawing, width: int, case: str = "") -> list[str]:
    """Parts of which a drawing has more or fewer than recorded.

    Args:
        drawing: The figure.
        width: Its width.
        case: Its section in `parts.txt`; empty for the example.
    """
    return [
        fault
        for part, fault in _differing(drawing.figure, (case, width), parts(drawing))
        if not (case and is_sentence(part))
    ]


def missing(figure: str, counts_by_width: Mapping[int, Parts]) -> list[str]:
    """Shapes that occur in more or fewer cases than recorded.

    Args:
        figure: The figure.
        counts_by_width: Width -> the number of cases with each of `kinds`.
    """
    return [
        f"{fault}, at {width}"
        for width, counts in counts_by_width.items()
        for _, fault in _differing(figure, (ALL_CASES, width), counts)
    ]


def _differing(figure: str, place: Place, counts: Parts) -> Iterator[tuple[str, str]]:
    """Parts with a different count than recorded."""
    recorded = read_parts(figure)
    question = specs.review_question(figure, "parts.txt")
    recorded_counts = recorded.get(place, recorded.get(("", place[1]), Counter()))
    for part in sorted({*counts, *recorded_counts}):
        if counts[part] != recorded_counts[part]:
            yield (
                part,
                f"has {counts[part]} and not {recorded_counts[part]} of {part!r}: {question}",
            )
